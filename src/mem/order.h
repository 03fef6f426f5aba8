/*
 * order: what synchronisation a reuse of bytes would add. Internal to the folder.
 *
 * A buffer B that takes the bytes of a dead buffer A must wait for A's last accesses. That is free when they run on the
 * pipe of B's first access, or when the data flow orders them before it anyway. What is left is priced with the cost
 * model: a flag, and the latency of the pipe that is waited for as far as no work lies between. Only the choice between
 * places depends on this, never their correctness: loops are looked at once, macros count as their main pipe.
 */
#ifndef PTOC_MEM_ORDER_H
#define PTOC_MEM_ORDER_H

#include "mem/live.h"

/* Accesses of one family. Positions as in live.h, 0 = none. */
struct history {
	uint8_t first_pipe;		/* of the first access */
	uint8_t depth;			/* loops around it */
	uint32_t loop;			/* op id of the innermost of them */
	uint32_t first;			/* position */
	uint32_t known[PIPE_COUNT];	/* by pipe: what is complete by then through data flow alone */
	uint32_t last[PIPE_COUNT];	/* by pipe: last access */
};

/* Histories of the families of the function that live_function saw last, by family (root.family). To be freed before
 * the next function. */
struct order *order_build(struct arena *a, struct ir *ir, struct live *l, struct op func);
void order_free(struct order *d);
const struct history *order_history(const struct order *d, uint32_t family);
/* Cycles that giving the bytes of `old` to `new` costs, weighted by loop depth. */
uint64_t order_cost(const struct history *old, const struct history *new);

#endif
