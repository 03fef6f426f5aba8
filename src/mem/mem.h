/*
 * mem: where local buffers live. At levels 1 and 2 mem places them, at level 3 the input says where they are and mem
 * checks it.
 */
#ifndef PTOC_MEM_MEM_H
#define PTOC_MEM_MEM_H

#include "ir/ir.h"

struct buf_place {
	enum space space;
	bool known;		/* address is a compile-time constant */
	uint64_t addr_bytes, size_bytes;
};

/* Bytes of UB that some library macros use without an operand (pto-isa: include/pto/common/constants.hpp): as many
 * units of 32 bytes from the first as they have rows. */
enum { FIXED_SCRATCH_LO = 188416, FIXED_SCRATCH_BYTES = 8192, FIXED_SCRATCH_SURE_BYTES = 32 };

/*
 * Place of the result of an alloc_tile, or of all slots of an alloc_multi_tile; known = false when the address is a
 * run-time value or absent.
 */
struct buf_place mem_place(const struct ir *ir, struct op alloc);
/* Bytes from one slot of an alloc_multi_tile to the next: the slot rounded up to the alignment of its space. */
uint64_t mem_slot_stride(const struct ir *ir, struct op alloc);
/* Level-3 address rules: present, aligned, inside the space. Errors per op. */
bool mem_check_addresses(struct ir *ir, struct op func);
/*
 * Tiles that are one piece of memory under several names: their distances are kept. Or a tile alone whose data outlives
 * the block of its alloc.
 */
struct mem_tie {
	struct op alloc;
	struct op loop;			/* outermost loop that data of the tile outlives a trip of; 0: none */
	uint32_t group;			/* index of the first tie of the group */
	uint64_t off_bytes, all_bytes;	/* place in the group, bytes of the group */
};

struct mem_opt {
	const struct mem_tie *tie;	/* by group */
	uint32_t ntie;
	bool big_tables;	/* warn only when bias or scaling exceed the hardware: ptoas takes 64 and 192 KiB */
	bool fill_in_place;	/* tfillpad shares the bytes of a source that dies there */
	bool first_fit;		/* the lowest gap before any cheaper one, as the reference's planner */
	uint64_t capacity[SPACE_COUNT];	/* bytes of a space; 0 = what the hardware has */
};

/*
 * Gives every used alloc_tile and alloc_multi_tile of the functions an `addr` operand and every reserve_buffer its base
 * (levels 1 and 2). An error when a space is full.
 */
bool mem_plan(struct arena *a, struct ir *ir, const struct op *func, uint32_t nfunc, struct mem_opt opt);
/* Does the macro behind this op use the fixed scratch? */
bool mem_uses_fixed_scratch(const struct ir *ir, struct op o);

#endif
