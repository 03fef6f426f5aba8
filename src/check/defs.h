/*
 * defs: reaching definitions of local memory. For every read of a tile, the writes whose bytes it may find, as the
 * addresses in the IR say, whatever names the tiles have.
 *
 * Two placements of one function with equal definitions give equal values: the write that a byte read was last written
 * by is among its definitions, and so is every later one that could take its place. Upper bounds on both sides do,
 * since what an access touches counts from the first byte of its tile.
 */
#ifndef PTOC_CHECK_DEFS_H
#define PTOC_CHECK_DEFS_H

#include "access/access.h"

/* An access: the nth of its op, over all phases in order. */
struct ck_point {
	struct op op;
	uint32_t nth;
	struct op alloc;	/* of the tile */
};

struct ck_def {
	struct ck_point read, write;
	int64_t lo, hi;		/* bytes that both touch, from the first byte of what is read */
	int64_t delta_bytes;	/* from there to the first byte of what is written */
	struct op loop;		/* outermost loop whose back edge the bytes pass; 0: none */
};

struct ck_defs {
	VEC(struct ck_def) at;	/* sorted; of one read and one write the ranges are apart */
	/* reads whose op writes some of their bytes through another tile, each followed by that write */
	VEC(struct ck_point) over;
	const char *why;	/* not NULL: nothing is known, and why ("has calls") */
};

/* Of one function. The time is bounded: ops times live ranges of bytes, else `why` says so. */
void ck_defs_build(struct ck_defs *d, struct arena *a, const struct ir *ir, const struct access *ac, struct op func);
bool ck_defs_equal(const struct ck_defs *x, const struct ck_defs *y);

#endif
