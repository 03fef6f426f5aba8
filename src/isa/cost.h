/*
 * cost: the numbers of the cost model (isa/cost.def) as data. Values are thousandths of a cycle (and of a byte or a
 * multiply-add per cycle), so that a model measured on silicon can have fractions and every sum stays exact.
 */
#ifndef PTOC_ISA_COST_H
#define PTOC_ISA_COST_H

#include "isa/isa.h"

enum { COST_UNIT = 1000 };	/* of a struct cost_model field per cycle */
/* Largest field and largest time of one op: sums of many millions of them fit 64 bits. */
#define COST_MAX INT64_C(10000000000)

struct cost_pipe {
	int64_t issue, latency;
	int64_t bytes_per_cycle;	/* 0: the pipe does not move bytes */
};

struct cost_model {
	struct cost_pipe pipe[PIPE_COUNT];
#define COST_PIPE(id, issue, latency, rate)
#define COST(name, value) int64_t name;
#include "isa/cost.def"
#undef COST_PIPE
#undef COST
};

extern const struct cost_model isa_cost;

/* n things at `rate` thousandths per cycle, in thousandths of a cycle, rounded up; saturates. */
int64_t cost_at_rate(uint64_t n, int64_t rate);
/* A dcci of one line, beyond its issue: S moves one line; that it arrives is the business of the dsb behind it.
 * model.dcci is that of the whole cache. */
int64_t cost_dcci_line(const struct cost_model *m);

#endif
