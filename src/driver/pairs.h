/*
 * pairs: the flags of a plan, put together again from the reasons of its ops: which set and wait are one decision,
 * and what primes and drains it.
 */
#ifndef PTOC_DRIVER_PAIRS_H
#define PTOC_DRIVER_PAIRS_H

#include "sync/sync.h"

enum { ARMS = 2 };

/* Ops that are not there are 0. A set or wait stands once, or once in each of two arms of a branch. */
struct sync_pair {
	uint32_t group;		/* of its reasons */
	struct op set[ARMS], wait[ARMS];
	struct op prime, drain;	/* both or none; in one block */
	enum pipe src, dst;
	uint32_t eid;
	uint32_t region;	/* of a source */
};

struct sync_pairs {
	VEC(struct sync_pair) all;
};

/* Those of *res that have this form, in the order of their groups, are put behind what *p has. */
void pairs_find(struct arena *a, const struct ir *ir, const struct sync_result *res, struct sync_pairs *p);

#endif
