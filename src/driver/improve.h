/*
 * improve: makes a plan that is proved cheaper: takes out what it has too much (prune), turns event ids with the slots
 * of a buffer (rotate), lets pairs of loops follow each other on one flag (carry), moves barriers into the arms that
 * need them (arms), orders, merges and moves what costs time (tune), and cleans lines of the cache instead of all of it
 * (flush). Each step leaves the section proved.
 */
#ifndef PTOC_DRIVER_IMPROVE_H
#define PTOC_DRIVER_IMPROVE_H

#include "cost/cost.h"
#include "driver/proving.h"
#include "sync/sync.h"

struct improve_opt {
	struct cost_opt cost;
	uint32_t max_ids;	/* per channel */
	uint32_t min_slots;	/* buffers with fewer keep their ids; 0: no ids that are chosen at run time */
	bool fence_lines;	/* a dcci of a fence may become one of each line */
	bool end_lines;		/* one at the end of the kernel */
};

/* Rewrites the IR and the entries of *res. proving_init has been called. */
void improve_section(const struct proving *by, const struct improve_opt *opt, struct sync_result *res);

#endif
