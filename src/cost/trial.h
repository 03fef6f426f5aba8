/*
 * trial: what a change of the synchronisation would cost, see trial.c. For passes that choose between plans.
 */
#ifndef PTOC_COST_TRIAL_H
#define PTOC_COST_TRIAL_H

#include "cost/cost.h"

/* A wait or barrier, the last time it ran: when its pipe came to it, and when what it waits for was there. */
struct cost_seen {
	int64_t at, ready;
	bool ran;
};

struct cost_trial;

/* NULL when the section cannot be simulated. */
struct cost_trial *cost_trial_new(struct arena *a, const struct ir *ir, struct access *ac, struct op func,
				  enum core core, const struct cost_opt *opt);
/* Its `order` may be permuted within the slice of a block. */
struct section *cost_trial_section(struct cost_trial *t);
/* Makespan; larger than any other when a wait would hang. */
int64_t cost_trial_run(struct cost_trial *t);
/* Statements executed in all runs so far: what they have cost. */
uint64_t cost_trial_steps(const struct cost_trial *t);
const struct cost_seen *cost_trial_seen(const struct cost_trial *t, uint32_t stmt);
/* Makespan of the section as it is; larger than any other when it cannot be simulated. */
int64_t cost_makespan(struct arena *a, const struct ir *ir, struct access *ac, struct op func, enum core core,
		      const struct cost_opt *opt);
/* Leaves a statement out of the next runs, or takes it in again. */
void cost_trial_drop(struct cost_trial *t, uint32_t stmt, bool gone);
/* The flag of a set or wait, a number; a new one when it is not 0. Returns the old one. */
uint32_t cost_trial_flag(struct cost_trial *t, uint32_t stmt, uint32_t flag);

#endif
