/*
 * affine: integer SSA values as affine expressions over symbols, hash-consed: constant + sum(coefficient * symbol).
 *
 * A *symbol* is a value the analysis does not look into: a function argument, the trip number of a loop, an opaque pure
 * expression (value-numbered: equal expressions are one symbol), the result of anything impure. Every symbol has a
 * range (possibly open) and a *scope*: the innermost loop whose iterations may change it. An induction variable becomes
 * lower + step * trip, so its symbol counts iterations from 0.
 *
 * Arithmetic is taken as exact (no wrap-around) for index and integers of 32 bits and more, as in the printed C++,
 * where signed overflow is undefined. Ids: 0 is "none" everywhere.
 */
#ifndef PTOC_ACCESS_AFFINE_H
#define PTOC_ACCESS_AFFINE_H

#include "ir/ir.h"

/* "No bound". Ranges and sums saturate here; |AFF_INF| is small enough for two of them to be added. */
#define AFF_INF (INT64_MAX / 4)

enum { AFF_MAX_TERM = 8 };

struct term {
	uint32_t sym;
	int64_t coef; /* never 0 */
};

struct aff {
	int64_t c;
	uint32_t term0, nterm; /* slice of affines.term, sorted by symbol */
};

struct asym {
	struct val val; /* for printing; 0 for a trip number */
	struct op loop; /* trip number of this loop, else 0 */
	uint32_t scope; /* index of affines.scope */
	int64_t lo, hi; /* inclusive; -AFF_INF / AFF_INF: open */
	bool loose;     /* may change between any two uses (blocks that branches repeat): never cancels */
};

/* One scf.for or scf.while; [0] unused, [1] stands for the functions themselves. */
struct scope {
	struct op loop;
	uint32_t parent;
	uint32_t in, out; /* pre-order interval: a contains b <=> a.in <= b.in < a.out */
	uint32_t trip;    /* aff of the trip number, 0 when there is none */
};

struct number { /* one value number: (op, attributes, operands) -> aff */
	uint32_t hash;
	uint32_t word0, nword; /* slice of affines.word */
	uint32_t aff;
};

struct affines {
	struct arena *a;
	const struct ir *ir;
	VEC(struct term) term;
	VEC(struct aff) aff;
	VEC(struct asym) sym;
	VEC(struct scope) scope;
	VEC(struct number) number;
	VEC(uint32_t) word;
	uint32_t *aff_slot, naff_slot; /* open addressing, powers of two, 0 = free */
	uint32_t *number_slot, nnumber_slot;
	uint32_t *of_val, nof_val; /* aff by value id */
	uint32_t clock;            /* pre-order numbers of scopes */
	uint32_t cur;              /* scope being walked */
	bool loose;                /* walking blocks that branches may repeat */
};

void affines_init(struct affines *t, struct arena *a, const struct ir *ir);

uint32_t aff_const(struct affines *t, int64_t c);
uint32_t aff_add(struct affines *t, uint32_t a, uint32_t b);
uint32_t aff_scale(struct affines *t, uint32_t a, int64_t k);
uint32_t aff_mul(struct affines *t, uint32_t a, uint32_t b);
uint32_t aff_symbol(struct affines *t, uint32_t sym, int64_t coef);
/* A new symbol in the current scope. */
uint32_t aff_fresh(struct affines *t, struct val v, int64_t lo, int64_t hi);
/* The expression of an integer value; one the walk has not reached yet becomes a loose symbol: its scope is unknown. */
uint32_t aff_of(struct affines *t, struct val v);
bool aff_is_const(const struct affines *t, uint32_t a, int64_t *c);
void aff_range(const struct affines *t, uint32_t a, int64_t *lo, int64_t *hi);
/* Does the expression mean the same value in every iteration of the loop with that scope? */
bool aff_invariant(const struct affines *t, uint32_t a, uint32_t scope);
void aff_print(const struct affines *t, uint32_t a, struct out *o);

/* Called by the walk in program order. */
void aff_define(struct affines *t, struct op o);            /* integer results */
void aff_define_args(struct affines *t, struct blk b);      /* integer arguments that have no expression yet */
uint32_t aff_loop_enter(struct affines *t, struct op loop); /* also defines the block arguments; returns the scope */
void aff_loop_leave(struct affines *t);
bool scope_contains(const struct affines *t, uint32_t outer, uint32_t inner);

/* Saturating arithmetic on [-AFF_INF, AFF_INF]. */
int64_t sat_add(int64_t a, int64_t b);
int64_t sat_mul(int64_t a, int64_t b);

#endif
