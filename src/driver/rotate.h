/*
 * rotate: event ids that turn with the slots of a multi-buffer. With one id per pair the iteration that wants a slot
 * again waits for the iteration before it, whatever slot that one used. With the slot's number as the id it waits for
 * the slot's own last user: a ring of N slots then lets N iterations overlap. The pairs around a ring in one loop,
 * those inside an iteration and those between two, are turned together; a pair between iterations is primed and
 * drained for every slot, so it balances whatever the trip count. Taken when the checker proves it and the cost model
 * says it is faster; a pair for which that makes no difference keeps its one id.
 */
#ifndef PTOC_DRIVER_ROTATE_H
#define PTOC_DRIVER_ROTATE_H

#include "cost/cost.h"
#include "driver/proving.h"
#include "sync/sync.h"

struct rotate_opt {
	const struct cost_opt *cost;
	uint32_t max_ids;	/* per channel */
	uint32_t min_slots;	/* buffers with fewer keep their ids */
};

/* Rewrites the IR and the entries of *res. The section is proved before and after. */
void rotate_section(const struct proving *by, const struct rotate_opt *opt, struct sync_result *res);

#endif
