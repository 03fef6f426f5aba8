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

int64_t
cost_at_rate(uint64_t n, int64_t rate)
{
	const uint64_t most = (uint64_t)1 << 40;	/* operands are smaller; also the product stays in 64 bits */

	if (rate <= 0)
		return 0;
	uint64_t t = ((n < most ? n : most) * COST_UNIT * COST_UNIT + (uint64_t)rate - 1) / (uint64_t)rate;
	return t < COST_MAX ? (int64_t)t : COST_MAX;
}

int64_t
cost_dcci_line(const struct cost_model *m)
{
	int64_t t = cost_at_rate(CACHE_LINE_BYTES, m->pipe[P_S].bytes_per_cycle);

	return t < m->dcci ? t : m->dcci;
}
