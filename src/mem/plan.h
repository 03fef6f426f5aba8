/*
 * plan: offsets for the buffers of one space of one function. Internal to the folder.
 */
#ifndef PTOC_MEM_PLAN_H
#define PTOC_MEM_PLAN_H

#include "mem/order.h"

struct item {
	uint32_t root;		/* index into live.root; tie break */
	uint32_t lo, hi;	/* closed range of positions */
	const struct piece *piece;	/* parts of it at which there is data; npiece == 0: all of it */
	uint32_t npiece;
	const struct history *hist;	/* what reuse costs; NULL: the same everywhere */
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
	bool first_fit;		/* see struct mem_opt */
	bool pieces;		/* some item has pieces */
	uint64_t cost;		/* result of plan_reuse: cycles that the reuses add, as far as known */
};

/* One behind the other in order of first use. */
bool plan_bump(struct space_plan *p);
/* Shares bytes between buffers that are never live together. */
bool plan_reuse(struct arena *a, struct space_plan *p);

/* How a buffer chooses among the gaps between the live ones. */
enum gap_rule {
	GAP_CHEAP,	/* where taking over the bytes costs least */
	GAP_TIGHT,	/* the smallest gap */
	GAP_ENDS,	/* long lives from below, short ones from above */
	GAP_FIRST,	/* the lowest */
	GAP_RULES
};
/* Places all buffers in time order; *cost is what the reuses cost. False when one does not fit. */
bool plan_in_time(struct arena *a, struct space_plan *p, enum gap_rule rule, uint64_t *cost);
/* What the reuses among the items [from, to) of an arrangement cost. */
uint64_t plan_cost(struct arena *a, const struct space_plan *p, uint32_t from, uint32_t to);
/* Moves single buffers of an arrangement that fits to where the reuses cost less. */
void plan_relax(struct arena *a, struct space_plan *p);
/* Bytes of a reserve_buffer, rounded up to its alignment, and its space. */
uint64_t reserve_bytes(const struct ir *ir, struct op o, enum space *sp);
/*
 * Base of every reserve_buffer of a function whose tiles have their places: the lowest hole from base[space] on that no
 * tile ever uses. Raises end[space]. False after an error. capacity: see struct mem_opt.
 */
bool place_reserves(struct ir *ir, struct op func, const uint64_t base[SPACE_COUNT], uint64_t end[SPACE_COUNT],
		    const uint64_t capacity[SPACE_COUNT]);
/* The error for a space that is too small: the moment of the peak, what is live then, what would help. */
void report_overflow(struct arena *a, struct ir *ir, const struct live *l, struct op func, enum space sp,
		     const struct space_plan *p);
/* Do both hold data at one position? */
bool items_meet(const struct item *x, const struct item *y);
/* Does the buffer hold data there? */
bool item_live_at(const struct item *it, uint32_t pos);
/* Most bytes live at one time and the first such position. */
uint64_t plan_peak(struct arena *a, const struct space_plan *p, uint32_t *at);

#endif
