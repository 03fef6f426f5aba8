/*
 * sched: a trace executed with values on one adversarial schedule of the machine. Memory holds hash tokens; every read
 * must return what it returns in program order with each instruction completing at once.
 */
#ifndef PTOC_TESTS_PROP_SCHED_H
#define PTOC_TESTS_PROP_SCHED_H

#include "hb.h"

struct sched_result {
	bool ok;
	const char *what;	/* "stale read", "double set", ... */
	uint32_t inst;
};

/* Strategies below 2 * PIPE_COUNT favour one pipe or starve it; all above are random with that seed. */
enum { SCHED_FIXED = 2 * PIPE_COUNT };

void sched_run(struct sched_result *r, struct arena *a, const struct trace *t, const struct hb *h, uint32_t strategy);

#endif
