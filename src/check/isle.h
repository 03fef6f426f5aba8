/*
 * isle: immutable sets of ordinals, for check: lists of intervals (lo, up], newest first, apart from each other.
 *
 * Lists are hash-consed: equal lists have equal numbers, tails are shared, 0 is the empty list. Unions stop at a common
 * tail and remember their results, so a chain of states that differ a little costs little. `jump` leads far down the
 * list (Myers' applicative stack): looking an ordinal up takes a logarithmic number of steps.
 */
#ifndef PTOC_CHECK_ISLE_H
#define PTOC_CHECK_ISLE_H

#include "base/vec.h"

#include <stdbool.h>
#include <string.h>

struct ck_isle {
	uint32_t lo, up;	/* (lo, up], lo < up; lo > up of the next one */
	uint32_t next, jump;
	uint32_t depth;		/* length of the list */
};

struct ck_isle_memo {
	uint32_t a, b, floor, result;
};

struct ck_isles {
	struct arena *a;
	VEC(struct ck_isle) at;		/* [0] unused */
	uint32_t *slot, nslot;
	VEC(struct ck_isle) piece;	/* scratch: result from the newest on, lo and up only */
	struct ck_isle_memo memo[256];
};

void ck_isles_init(struct ck_isles *s, struct arena *a);
uint32_t ck_isle_one(struct ck_isles *s, uint32_t lo, uint32_t up);
/* First interval with lo < ord, 0 = none: it holds ord or lies below. */
uint32_t ck_isle_find(const struct ck_isles *s, uint32_t list, uint32_t ord);

static inline bool
ck_isle_has(const struct ck_isles *s, uint32_t list, uint32_t ord)
{
	uint32_t i = list ? ck_isle_find(s, list, ord) : 0;

	return i && s->at.at[i].up >= ord;
}

/* What lies at or below `floor` is not looked at and may be missing or present in the result. */
uint32_t ck_isle_union(struct ck_isles *s, uint32_t a, uint32_t b, uint32_t floor);
/* a with (0, below] added, intersected with b; the same freedom at or below `floor`. */
uint32_t ck_isle_cut(struct ck_isles *s, uint32_t a, uint32_t below, uint32_t b, uint32_t floor);

#endif
