/*
 * know: what is certainly complete at a point of the program, for check.
 *
 * Every node and sync op gets a *tick*, increasing in program order (each body is walked once). A *cell* says, for one
 * source pipe, which ticks are known complete: all up to `base`, and besides the island (lo, up]. Inside a loop whose
 * head has tick h, base < h speaks of the time before the loop only; base >= h says that all earlier iterations are
 * complete as well. Island (lo, up]: whatever was executed with such a tick is complete ("not executed" counts).
 *
 * A *row* has a cell per source: row Q holds what is complete before the next instruction of pipe Q starts. `mask`
 * names symbols of the innermost loop: what that row or flag knew at the end of the previous iteration is known too.
 * Knowledge never expires: a later instance of a tick merely is not covered yet, which the loop frames care for.
 */
#ifndef PTOC_CHECK_KNOW_H
#define PTOC_CHECK_KNOW_H

#include "isa/isa.h"

enum ck_row_index {
	R_FEN = PIPE_COUNT,	/* complete, then a dsb: readable for all issued from now on (not column S) */
	R_FENS,			/* column S: scalar stores cleaned, then dsb; column C_EXT: tick of the last dsb */
	R_CLN,			/* column S: scalar stores before the last clean of the whole cache */
	R_INV,			/* complete before the last invalidate of the whole cache; C_EXT: its tick */
	ROW_COUNT
};

enum {
	C_EXT = PIPE_COUNT,	/* column of other agents: PH_ACQUIRE */
	COL_COUNT,
	SYM_MAX = 64,		/* bits of row.mask: ROW_COUNT rows, then flags that are set at the loop head */
	KEY_COUNT = PIPE_COUNT * PIPE_COUNT * EVENT_ID_COUNT
};

struct ck_cell {
	uint32_t base;
	uint32_t lo, up;	/* up == 0: no island; else base < lo < up */
};

struct ck_row {
	struct ck_cell c[COL_COUNT];
	uint64_t mask;
};

/* A flag that is set: what its wait will learn. */
struct ck_token {
	uint32_t key, tick, set;	/* set: op index of the set_flag */
	struct ck_row row;
};

struct ck_know {
	struct ck_row r[ROW_COUNT];
	VEC(struct ck_token) tok;
};

/* A place where two ways meet: (a0, a1] ran on the first way only, (a1, b1] on the second only. */
struct ck_meet {
	uint32_t a0, a1, b1;
	uint32_t head;			/* tick of the innermost enclosing loop head, 0 = none */
	const uint32_t *last0, *last1, *last2;	/* per column: last tick of a source up to a0, a1, b1 */
};

static inline uint32_t
ck_key_index(unsigned src, unsigned dst, unsigned eid)
{
	return (src * PIPE_COUNT + dst) * EVENT_ID_COUNT + eid;
}

static inline bool
ck_cell_has(const struct ck_cell *c, uint32_t tick)
{
	return tick <= c->base || (tick > c->lo && tick <= c->up);
}

void ck_cell_raise(struct ck_cell *c, uint32_t tick);			/* everything up to tick is complete */
void ck_cell_join(struct ck_cell *to, const struct ck_cell *from);	/* both are known */
void ck_row_join(struct ck_row *to, const struct ck_row *from);
/* What holds whichever way was taken; t knows the end of the first way, e becomes the result. */
void ck_row_meet(struct ck_row *e, const struct ck_row *t, const struct ck_meet *m);

/* Leaving a while: its second region, ticks (lo, up], ran in earlier iterations only; `last`: newest tick up to lo. */
void ck_row_lift(struct ck_row *r, uint32_t head, const uint32_t *last, uint32_t lo, uint32_t up);

struct ck_token *ck_know_token(const struct ck_know *k, uint32_t key);	/* NULL when the flag is clear */
void ck_know_drop(struct ck_know *k, struct ck_token *t);
void ck_know_copy(struct arena *a, struct ck_know *to, const struct ck_know *from);
void ck_know_barrier_all(struct ck_know *k, uint32_t tick);

#endif
