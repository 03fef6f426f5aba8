/*
 * live: when local buffers hold data. Internal to the folder.
 *
 * Time is the position of ops in program order. A compound op (loop, if) covers [its own position, its end]. The live
 * range of a buffer is one closed interval from its first to its last use; two buffers whose ranges share a position
 * must not share bytes, so the operands of one op never do.
 *
 * A *family* is a set of buffers that one value may denote (select, results and carried values of scf ops) with all
 * their views; it has one range. A range that enters a loop from outside covers the whole loop.
 *
 * In a function that is synchronised by hand nobody orders what reuse adds, so a buffer there has a second, *wide*
 * range: until every access of it is complete, which only a barrier on all pipes behind it says for certain.
 */
#ifndef PTOC_MEM_LIVE_H
#define PTOC_MEM_LIVE_H

#include "mem/mem.h"

/* Positions [lo, hi] at which a buffer holds data. */
struct piece {
	uint32_t lo, hi;
};

struct root {
	struct op alloc;
	enum space space;
	uint64_t size_bytes;
	uint32_t lo, hi;	/* positions; lo == 0: never used */
	uint32_t wide_lo, wide_hi;	/* with accesses in flight; the same when the compiler synchronises */
	uint32_t twin;		/* index + 1 of the root whose bytes it shares, 0 = none */
	uint64_t off_bytes;	/* from the start of a group of ties */
	uint32_t family;
	uint32_t piece0, npiece;	/* slice of live.piece: when it holds data; npiece == 0: all the time */
};

struct live {
	struct arena *a;
	struct ir *ir;
	uint32_t now;			/* position of the last op seen */
	uint32_t *pos, *end;		/* by op: position, position of the last op inside */
	uint32_t *depth;		/* by block: nesting, 1 = body of the function */
	uint32_t *family;		/* by value: union-find */
	uint32_t *home;			/* by family: innermost block around all definitions */
	uint32_t *lo, *hi;		/* by family */
	uint32_t *wide_lo, *wide_hi;	/* by family; NULL when no function is synchronised by hand */
	uint32_t *drain;		/* by op: position of the next barrier on all pipes in its block, 0 = none */
	uint32_t *only;			/* by family: index + 1 of its root, UINT32_MAX when it has several */
	VEC(uint32_t) loop;		/* depths of the loop blocks around the op being visited */
	VEC(struct blk) path;		/* by depth: the blocks around the op being visited */
	/* results, for the function analysed last */
	VEC(struct root) root;		/* in program order */
	VEC(struct piece) piece;	/* of live_holes */
	VEC(struct op) fill;		/* tfillpad ops */
	VEC(struct op) in_place;	/* ops whose destination may be exactly a source */
	bool manual;			/* synchronised by hand */
	uint32_t nval, nop;		/* ids below these were there before placement */
	uint32_t *table;		/* by value, all 0: room for order.c */
	uint64_t reserve_bytes[SPACE_COUNT];	/* of all reserve_buffer ops */
	bool fixed_scratch;
	bool fill_in_place;		/* option: see mem_opt */
	const struct mem_tie *tie;	/* option: see mem_opt */
	uint32_t *tie_of;		/* by op: index + 1; NULL without ties */
	uint32_t *tied;			/* by tie: index + 1 of the root that stands for its group */
};

void live_init(struct live *l, struct arena *a, struct ir *ir);
void live_ties(struct live *l, const struct mem_tie *tie, uint32_t n);
void live_function(struct live *l, struct op func);
bool live_is_tile(const struct live *l, struct val v);
uint32_t live_family(struct live *l, struct val v);
/*
 * Lets destinations in one space have the bytes of a source that dies there (ops with OPF_INPLACE, tiles of one form):
 * the destination becomes a twin, the source lives as long as both. False when there is none.
 */
bool live_in_place(struct live *l, enum space sp);
/* Finds out when buffers hold nothing (holes.c). False when all of them hold data over their whole range. */
bool live_holes(struct live *l, struct op func);

#endif
