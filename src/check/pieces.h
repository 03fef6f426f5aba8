/*
 * pieces: when a buffer of a function holds data that anything still reads. Internal to the folder; derived from the
 * access tables, independent of what placement thinks about it.
 */
#ifndef PTOC_CHECK_PIECES_H
#define PTOC_CHECK_PIECES_H

#include "access/access.h"
#include "check/family.h"

struct ck_piece {
	uint32_t lo, hi;	/* positions, both included */
};

struct ck_pieces {
	uint32_t *first;	/* by index of families.alloc: pieces [first[k], first[k + 1]); none: the whole range */
	VEC(struct ck_piece) at;
};

/* lo: by family - val0, the first position of its range. */
void ck_pieces_build(struct ck_pieces *p, struct ck_families *f, const struct access *ac, const uint32_t *lo);

/* Bytes that a tload brings, which may be fewer than its tile has; 0 when that is not known. */
uint64_t ck_loaded(const struct ir *ir, struct op o);

#endif
