/*
 * expand: walking a section with its loops taken apart where guards or dynamic ids need it (MODE_EXPAND), or along one
 * path with all values known (MODE_REPLAY). Private to check.
 *
 * A loop of T trips with F special first trips, L special last ones and period N is walked as one of
 *   T trips, for each T < F + L;
 *   F trips, a loop of N trips at a time, 0..N-1 trips more, L trips.
 * Every trip has a context of its own, in which guards and ids can be evaluated.
 */
#ifndef PTOC_CHECK_EXPAND_H
#define PTOC_CHECK_EXPAND_H

#include "check/walk.h"

enum {
	SPLIT_MAX = 32,
	GUARDS_MAX = 512,	/* loops and branches of a section that is looked at */
	TRIPS_MAX = 24,		/* of one loop, one by one */
	RUN_TRIPS_MAX = 1000,	/* the same on a single path; its steps are counted, too */
	PEELS_MAX = 40,
	NEST_EXPAND_MAX = 24
};

struct ck_plan {
	uint8_t first, last, period;
	bool expand, args, direct;	/* args: loop-carried integers matter; direct: the counter itself does */
};

/* Statements first..last of a block are walked once with the condition true and once with it false. */
struct ck_split {
	uint32_t blk, first, last;
	struct val cond;
};

struct ck_expand {
	uint32_t *loop, nloop;
	struct ck_plan *plan;	/* by index of loop[] */
	VEC(struct ck_split) split;
};

/* guard.c */
struct ck_plan *ck_plan_find(const struct ck_checker *c, uint32_t stmt);

/* trips.c */
struct ck_trips {
	struct op op;
	struct val lb, ub;
	struct blk body;
	int64_t step;
	uint32_t outer;		/* context around the loop */
	uint32_t tail, len;	/* loop-carried integers repeat after len trips, from trip `tail` on */
	int64_t *state;		/* [trip * narg + arg] */
	bool *on;		/* they do, and `state` holds them */
	uint32_t narg;
};
void ck_trips_init(struct ck_checker *c, struct ck_trips *t, struct op loop);
/* The context of one more trip; prev: that of the one before, 0 = not known (or the trip is the first one). */
uint32_t ck_trips_enter(struct ck_checker *c, const struct ck_trips *t, uint32_t prev, int64_t k, int64_t period,
			int64_t left, bool left_open);
/* What the results of the loop are after its last trip; last 0: after none. */
void ck_trips_results(struct ck_checker *c, const struct ck_trips *t, uint32_t last);
/* Integer results of a region of `op` that ends in context ctx. */
void ck_yield_results(struct ck_checker *c, struct op op, struct blk b, uint32_t ctx);

/* expand.c */
/* Is it certain that the loop has a trip, or that it has none? */
void ck_loop_runs(struct ck_checker *c, struct op loop, bool *sure, bool *never);
bool ck_expand_loop(struct ck_checker *c, uint32_t stmt);	/* false: walk it as a loop */
void ck_replay_loop(struct ck_checker *c, uint32_t stmt);
void ck_replay_while(struct ck_checker *c, uint32_t stmt);
bool ck_known_branch(struct ck_checker *c, uint32_t stmt);	/* walks the side that is taken, if that is known */
void ck_expand_branch(struct ck_checker *c, uint32_t stmt);
uint32_t ck_walk_split(struct ck_checker *c, uint32_t blk, uint32_t at, uint32_t end, uint32_t from);

#endif
