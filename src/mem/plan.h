/*
 * plan: offsets for the buffers of one space of one function. Internal to the folder.
 */
#ifndef PTOC_MEM_PLAN_H
#define PTOC_MEM_PLAN_H

#include "mem/live.h"

struct item {
	uint32_t root;		/* index into live.root; tie break */
	uint32_t lo, hi;	/* closed range of positions */
	uint64_t bytes;		/* unrounded */
	uint64_t at;		/* result */
};

struct space_plan {
	struct item *item;	/* sorted by (lo, root) */
	uint32_t n;
	uint64_t base, cap;	/* usable bytes are [base, cap) */
	uint64_t end;		/* result: behind the last buffer */
	uint64_t need;		/* when it does not fit: cap that first fit would need */
	uint32_t align;
};

/* One behind the other in order of first use. */
bool plan_bump(struct space_plan *p);
/* Shares bytes between buffers that are never live together. */
bool plan_reuse(struct arena *a, struct space_plan *p);
/* Bytes of a reserve_buffer, rounded up to its alignment, and its space. */
uint64_t reserve_bytes(const struct ir *ir, struct op o, enum space *sp);
/*
 * Base of every reserve_buffer of a function whose tiles have their places: the lowest hole from base[space] on that no
 * tile ever uses. Raises end[space]. False after an error.
 */
bool place_reserves(struct ir *ir, struct op func, const uint64_t base[SPACE_COUNT], uint64_t end[SPACE_COUNT]);
/* Most bytes live at one time and the first such position. */
uint64_t plan_peak(struct arena *a, const struct space_plan *p, uint32_t *at);

#endif
