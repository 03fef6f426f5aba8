/* improve: see improve.h. */
#include "driver/improve.h"

#include "driver/arms.h"
#include "driver/carry.h"
#include "driver/flush.h"
#include "driver/prune.h"
#include "driver/rotate.h"
#include "driver/tune.h"

void
improve_section(const struct proving *by, const struct improve_opt *opt, struct sync_result *res)
{
	struct rotate_opt ro = {.cost = &opt->cost, .max_ids = opt->max_ids, .min_slots = opt->min_slots};
	struct flush_opt fo = {.model = opt->cost.model, .fences = opt->fence_lines, .end = opt->end_lines};

	prune_section(by, res);
	if (opt->min_slots)
		rotate_section(by, &ro, res);
	carry_section(by, &opt->cost, res);
	arms_section(by, &opt->cost, res);
	tune_section(by, &opt->cost, res);
	flush_section(by, &fo, res);
}
