/* cost: the table of isa/cost.def. */
#include "isa/cost.h"

const struct cost_model isa_cost = {
	.pipe = {
#define COST_PIPE(id, issue, latency, rate) \
	[P_##id] = {(issue) * COST_UNIT, (latency) * COST_UNIT, (rate) * COST_UNIT},
#define COST(name, value)
#include "isa/cost.def"
#undef COST_PIPE
#undef COST
	},
#define COST_PIPE(id, issue, latency, rate)
#define COST(name, value) .name = (value) * COST_UNIT,
#include "isa/cost.def"
#undef COST_PIPE
#undef COST
};
