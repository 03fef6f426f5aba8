/*
 * ctx: where in the expanded program the checker is, and what integers are there.
 *
 * A *context* is one trip of an expanded loop, or an assumption about a condition; 0 is the function. Loops that are
 * not expanded have none: what is said of their values holds in each trip of its own. A context of a loop stands for
 * trip k exactly, or for all trips k, k + period, k + 2 * period, ...
 *
 * A *number* is sym + x where x = c (mod m), lo <= x <= hi; m == 0: x is c. Symbols name values nothing is known of, as
 * they are in one context; two different symbols may be equal. Arithmetic is exact, as in src/access.
 */
#ifndef PTOC_CHECK_CTX_H
#define PTOC_CHECK_CTX_H

#include "access/access.h"
#include "base/vec.h"

#define CK_INF (INT64_MAX / 4)

struct ck_num {
	uint32_t sym;		/* 0: none */
	int64_t c, m, lo, hi;
};

struct ck_ctx {
	uint32_t parent;
	struct op loop;		/* a trip of this loop; 0: an assumption */
	int64_t k, period;	/* trips before this one: k, or k + period * n with n >= 0 */
	int64_t left;		/* trips after it: exactly, or at least when left_open */
	bool left_open;
	struct val cond;	/* assumption: its value is `truth` */
	bool truth;
	struct ck_num x, y;	/* and so is that lo <= x - y <= hi, when has_fact */
	int64_t lo, hi;
	bool has_fact, outside;	/* outside: not within lo..hi */
};

struct ck_bind {
	uint32_t ctx, val;
	bool rel;
	struct ck_num n;
};

struct ck_input {
	uint32_t val;		/* value whose content is chosen; 0: of an op without one */
	uint32_t op;
	int64_t x;
};

struct ck_env {
	struct arena *a;
	const struct ir *ir;
	VEC(struct ck_ctx) ctx;		/* [0] the function */
	VEC(struct ck_bind) bind;	/* [0] unused; what values are in their contexts */
	uint32_t *slot, nslot;
	VEC(struct val) sym_val;	/* [0] unused */
	VEC(uint32_t) sym_ctx;
	uint32_t deep;			/* depth of the evaluation */
	bool concrete;			/* inputs have values: chosen by the seed when they are first asked for */
	bool doubt;			/* concrete: something could not be evaluated */
	bool loaded;			/* concrete: a choice stands for what memory holds */
	uint32_t seed;
	VEC(struct ck_input) input;
};

void ck_env_init(struct ck_env *e, struct arena *a, const struct ir *ir);
uint32_t ck_ctx_trip(struct ck_env *e, uint32_t parent, struct op loop, int64_t k, int64_t period, int64_t left,
		     bool left_open);
uint32_t ck_ctx_assume(struct ck_env *e, uint32_t parent, struct val cond, bool truth);
/* Is `in` the context `out` or one inside it? */
bool ck_ctx_within(const struct ck_env *e, uint32_t in, uint32_t out);

struct ck_num ck_num_int(int64_t x);
static inline bool
ck_num_exact(const struct ck_num *n, int64_t *x)
{
	*x = n->c;
	return !n->sym && n->m == 0;
}

struct ck_num ck_num_add(struct ck_env *e, struct ck_num a, struct ck_num b, int64_t sign);
struct ck_num ck_num_step(int64_t c, int64_t step, int64_t period);	/* c + step * period * n, n >= 0 */
struct ck_num ck_num_unknown(struct ck_env *e, uint32_t ctx, struct val v);
/* Gives v a value in the context it belongs to. */
void ck_bind(struct ck_env *e, uint32_t ctx, struct val v, struct ck_num n);
struct ck_num ck_eval(struct ck_env *e, uint32_t ctx, struct val v);
/* A constant so small that products of two and sums of a few are in range. */
bool ck_small_const(const struct ir *ir, struct val v, int64_t *x);
bool ck_eval_int(struct ck_env *e, uint32_t ctx, struct val v, int64_t *x);
/* 1, 0: certainly true, false; -1: not known. */
int ck_eval_bool(struct ck_env *e, uint32_t ctx, struct val v);
/* Bounds of x - y. */
void ck_eval_distance(struct ck_env *e, uint32_t ctx, struct val x, struct val y, int64_t *lo, int64_t *hi);
/* A value of the run's choice for something the program does not determine. */
int64_t ck_choose(struct ck_env *e, struct val v, struct op o);

#endif
