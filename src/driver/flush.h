/*
 * flush: a dcci of the whole data cache becomes a dcci of each 64-byte line that matters, when those are few, their
 * addresses are known at that place, and the cost model says it is cheaper. What matters is what the checker needs: all
 * lines that scalar stores before or scalar loads behind may use are tried first, then each is left out once.
 */
#ifndef PTOC_DRIVER_FLUSH_H
#define PTOC_DRIVER_FLUSH_H

#include "driver/proving.h"
#include "isa/cost.h"
#include "sync/sync.h"

struct flush_opt {
	const struct cost_model *model;
	bool fences;		/* those of fences */
	bool end;		/* those at the end of the kernel */
};

/* Rewrites the IR and the entries of *res. The section is proved before and after. */
void flush_section(const struct proving *by, const struct flush_opt *opt, struct sync_result *res);

#endif
