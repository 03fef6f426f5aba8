/*
 * mem: where local buffers live. At level 3 the input says so; mem collects and checks it.
 */
#ifndef PTOC_MEM_MEM_H
#define PTOC_MEM_MEM_H

#include "ir/ir.h"

struct buf_place {
	enum space space;
	bool known;		/* address is a compile-time constant */
	uint64_t addr_bytes, size_bytes;
};

/* Place of an alloc_tile result; known = false when the address is a run-time value or absent. */
struct buf_place mem_place(const struct ir *ir, struct op alloc);
/* Level-3 address rules: present, aligned, inside the space. Errors per op. */
bool mem_check_addresses(struct ir *ir, struct op func);

#endif
