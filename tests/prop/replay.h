/*
 * replay: what a kernel leaves in GM when every instruction completes at once, for kernels whose tiles are somewhere
 * else. Two programs that differ in nothing but the places of tiles give the same digest.
 */
#ifndef PTOC_TESTS_PROP_REPLAY_H
#define PTOC_TESTS_PROP_REPLAY_H

#include "trace.h"

struct replay {
	uint64_t digest;	/* of all GM */
	bool unwritten;		/* something read local memory that nothing had written */
};

/* Values are per `unit` bytes: every range of both traces begins and ends at a multiple of it. */
void replay_run(struct replay *r, struct arena *a, const struct trace *t, int64_t unit);
/* Largest unit for a trace, at most `unit`. */
int64_t replay_unit(const struct trace *t, int64_t unit);

#endif
