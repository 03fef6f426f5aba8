/*
 * places: what the checker says about where local tiles live. It shares the addresses in the IR and the access tables
 * with the rest and works out for itself when a tile holds data.
 */
#ifndef PTOC_CHECK_PLACES_H
#define PTOC_CHECK_PLACES_H

#include "access/access.h"
#include "mem/mem.h"

/*
 * Proof of a placement (levels 1 and 2): no two buffers of a function that hold data at the same time share bytes, but
 * a source that dies in an op that works in place; and what a caller keeps over a call shares none with what the called
 * function and its callees use. False after an error for the first pair of a function that does. tie: what is one piece
 * of memory shares what it shares.
 */
bool check_placement(struct arena *a, struct ir *ir, const struct access *ac, const struct op *func, uint32_t nfunc,
		     const struct mem_tie *tie, uint32_t ntie);

/*
 * Warnings about tiles. Data that is overwritten through another tile before it is read (level 3: given addresses
 * are legal aliases, but this is usually a mistake); data that no way has written before it is read. given: the input
 * says where tiles are, so a called function may take bytes of its caller.
 */
void check_tiles(struct arena *a, struct ir *ir, struct access *ac, const struct op *func, uint32_t nfunc, bool given);

/* Warnings about partitions with constant offsets and sizes that leave a tensor of constant shape. */
void check_partitions(struct ir *ir);

#endif
