/*
 * solve: may sum(coef * x) + t be 0 for integers lo <= x <= hi and some t in [t0, t1]?
 *
 * The question behind every overlap test: t is the difference of two byte runs, each x a dimension counter, a trip
 * number or a symbol. "No" is a proof; "yes" may be wrong when the numbers are hard (the search has a budget).
 */
#ifndef PTOC_ACCESS_SOLVE_H
#define PTOC_ACCESS_SOLVE_H

#include "access/affine.h"

enum { SOLVE_MAX_VAR = 32 };

struct solve_var {
	int64_t coef, lo, hi; /* coef > 0 after solve_add; lo <= hi; -AFF_INF / AFF_INF: open */
};

struct solve {
	struct solve_var var[SOLVE_MAX_VAR];
	uint32_t n, budget;
	int64_t t0, t1;
	bool over;  /* too many variables: the answer is yes */
	bool guess; /* the answer is yes for want of a better one */
};

void solve_init(struct solve *s, int64_t t0, int64_t t1);
void solve_add(struct solve *s, int64_t coef, int64_t lo, int64_t hi);
bool solve_possible(struct solve *s);

#endif
