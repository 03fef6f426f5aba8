/*
 * inputs: argument values worth trying: trip counts 0, 1, 2 and 9 of every loop, both sides of compares, equal and
 * unequal offsets.
 */
#ifndef PTOC_TESTS_PROP_INPUTS_H
#define PTOC_TESTS_PROP_INPUTS_H

#include "ir/ir.h"

struct arg_values {
	VEC(int64_t) v;
};

struct inputs {
	struct arg_values *arg;
	uint32_t narg;
	uint64_t ncombination;	/* saturates at UINT32_MAX */
	bool loads;		/* scalar loads or block queries: their values vary too */
};

void inputs_find(struct inputs *in, struct arena *a, const struct ir *ir, struct op func);
/* The k-th combination of at most `max`: all when there are few, else corners and a fixed sample. */
void inputs_pick(const struct inputs *in, uint32_t k, uint32_t max, uint32_t seed, int64_t *arg);

#endif
