/*
 * family: which tile values are the same memory, and where ops stand. Internal to the folder; independent of what
 * placement thinks about it.
 *
 * Values that may be one tile (views, selections, what structured ops carry and yield, arguments of blocks) form a
 * family, named by its smallest value id.
 */
#ifndef PTOC_CHECK_FAMILY_H
#define PTOC_CHECK_FAMILY_H

#include "mem/mem.h"

struct ck_families {
	struct arena *a;
	const struct ir *ir;
	struct op func;
	uint32_t val0, nval, op0, nop;	/* ids of the function lie in [val0, val0 + nval), [op0, op0 + nop) */
	uint32_t *up;			/* by value - val0: union-find */
	uint32_t *pos, *end;		/* by op - op0: position in program order, last position inside */
	VEC(struct op) order;		/* by position - that of the function */
	VEC(struct op) alloc;
	bool moves;			/* has tassign: tiles change their address */
	const struct mem_tie *tie;	/* see ck_families_tie */
	uint32_t *tie_of;		/* by op - op0: index + 1 of the tie of an alloc; NULL without ties */
};

void ck_families_build(struct ck_families *f, struct arena *a, const struct ir *ir, struct op func);
/* Tiles that are names for one piece of memory become one family; of the ties those of the function count. */
void ck_families_tie(struct ck_families *f, const struct mem_tie *tie, uint32_t n);
/* The tie of an alloc, or NULL. */
static inline const struct mem_tie *
ck_tie(const struct ck_families *f, struct op alloc)
{
	uint32_t k = f->tie_of ? f->tie_of[alloc.i - f->op0] : 0;

	return k ? &f->tie[k - 1] : NULL;
}
bool ck_is_tile(const struct ir *ir, struct val v);
/* Family of a tile value of the function. */
uint32_t ck_family(struct ck_families *f, struct val v);
/* Family of the tile in an operand slot of an op; 0: none, or the slot takes several. */
uint32_t ck_family_at(struct ck_families *f, struct op o, uint32_t slot);
static inline uint32_t
ck_pos(const struct ck_families *f, struct op o)
{
	return f->pos[o.i - f->op0];
}
static inline uint32_t
ck_end(const struct ck_families *f, struct op o)
{
	return f->end[o.i - f->op0];
}
/* May control come back to a block of the op's region r before the op ends? */
bool ck_comes_back(const struct ir *ir, struct op o, struct blk b);

#endif
