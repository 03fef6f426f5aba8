/*
 * know: what is certainly complete at a point of the program, for check.
 *
 * Everything that runs on a pipe or waits there is an *event* of that pipe's column and has an *ordinal*: 1, 2, ... in
 * program order (each body is walked once). A *cell* says, for one column, which events are complete: all up to `base`
 * and the ordinals of `set`. It speaks of what has run since the current iteration of the innermost loop around the
 * event and this point began; what did not run counts as complete. Completeness never ends, so an event that is known
 * at the end of every iteration is known for all of them when the loop is left.
 *
 * Earlier iterations are the business of `mask`: symbols of the innermost loop. Symbol r stands for what row (or flag)
 * r knew when the previous iteration ended; CK_ALL for everything before the current iteration. A pipe ends its work
 * in order, so whoever waits for it knows all that came before as well.
 *
 * A *row* has a cell per column: row Q holds what is complete before the next instruction of pipe Q starts.
 */
#ifndef PTOC_CHECK_KNOW_H
#define PTOC_CHECK_KNOW_H

#include "check/isle.h"
#include "isa/isa.h"

enum ck_row_index {
	R_FEN = PIPE_COUNT,	/* complete, then a dsb: readable for all issued from now on (not column S) */
	R_FENS,			/* column S: scalar stores cleaned, then dsb; column C_EXT: up to the last dsb */
	R_CLN,			/* column S: scalar stores before the last clean of the whole cache */
	R_BAR,			/* of MTE2, MTE3, FIX: before its last barrier; the next dsb makes S wait for it */
	R_INV,			/* complete before the last invalidate of the whole cache; C_EXT: up to it */
	ROW_COUNT
};

enum {
	C_EXT = PIPE_COUNT,	/* column of other observers and the cache: PH_ACQUIRE, dcci of a line */
	COL_COUNT,
	SYM_MAX = 59,		/* bits of a mask: ROW_COUNT rows, then flags that are set at the loop head, then: */
	OLD_MAX = 4,		/* bit SYM_MAX + n - 1: all before the current iteration of the loop n levels out */
	KEY_COUNT = PIPE_COUNT * PIPE_COUNT * EVENT_ID_COUNT
};
#define CK_ALL ((uint64_t)1 << 63)

struct ck_cell {
	uint32_t base, set;	/* set: list of isles, what lies at or below base does not matter */
	uint64_t mask;		/* CK_ALL alone, or symbols */
};

struct ck_row {
	struct ck_cell c[COL_COUNT];
};

/* A flag that is set: what its wait will learn. */
struct ck_token {
	uint32_t key, set;	/* set: op index of the set_flag */
	struct ck_row row;
};

struct ck_know {
	struct ck_row r[ROW_COUNT];
	VEC(struct ck_token) tok;
};

/* A place where two ways meet, per column: (a0, a1] ran on the first way only, (a1, b1] on the second only. */
struct ck_meet {
	const uint32_t *a0, *a1, *b1;
};

static inline uint32_t
ck_key_index(unsigned src, unsigned dst, unsigned eid)
{
	return (src * PIPE_COUNT + dst) * EVENT_ID_COUNT + eid;
}

static inline bool
ck_cell_has(const struct ck_isles *s, const struct ck_cell *c, uint32_t ord)
{
	return ord <= c->base || ck_isle_has(s, c->set, ord);
}

void ck_cell_raise(const struct ck_isles *s, struct ck_cell *c, uint32_t ord);	/* all up to ord, all before */
void ck_cell_add(struct ck_isles *s, struct ck_cell *c, uint32_t lo, uint32_t up);
void ck_cell_join(struct ck_isles *s, struct ck_cell *to, const struct ck_cell *from);	/* both are known */
void ck_cell_meet(struct ck_isles *s, struct ck_cell *to, const struct ck_cell *from);	/* one of them is known */
void ck_row_join(struct ck_isles *s, struct ck_row *to, const struct ck_row *from);
/* What holds whichever way was taken; t knows the end of the first way, e becomes the result. */
void ck_row_meet(struct ck_isles *s, struct ck_row *e, const struct ck_row *t, const struct ck_meet *m);

/* What is known either way of earlier iterations. */
static inline uint64_t
ck_mask_meet(uint64_t a, uint64_t b)
{
	return a & CK_ALL ? b : b & CK_ALL ? a : a & b;
}

struct ck_token *ck_know_token(const struct ck_know *k, uint32_t key);	/* NULL when the flag is clear */
void ck_know_drop(struct ck_know *k, struct ck_token *t);
void ck_know_copy(struct arena *a, struct ck_know *to, const struct ck_know *from);
void ck_know_barrier_all(const struct ck_isles *s, struct ck_know *k, const uint32_t ord[COL_COUNT]);

#endif
