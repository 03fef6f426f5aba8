/*
 * trial: a section simulated again and again while its synchronisation is moved, without preparing it anew. Statements
 * change places in sec->order, inside their block; flags of others can be taken over; single ones can be left out.
 */
#include "cost/trial.h"

#include "cost/sim.h"

struct cost_trial {
	struct sim sim;
	struct cost_result res;
	uint64_t ran;		/* steps of all runs */
};

struct cost_trial *
cost_trial_new(struct arena *a, const struct ir *ir, struct access *ac, struct op func, enum core core,
	       const struct cost_opt *opt)
{
	struct cost_trial *t = ARENA_NEW(a, struct cost_trial);
	struct sim *s = &t->sim;

	if (!cost_prepare(s, a, ir, ac, func, core, opt, &t->res))
		return NULL;
	s->seen = ARENA_ARRAY(a, struct cost_seen, s->sec->stmt.n);
	s->gone = ARENA_ARRAY(a, bool, s->sec->stmt.n);
	return t;
}

struct section *
cost_trial_section(struct cost_trial *t)
{
	return t->sim.sec;
}

int64_t
cost_trial_run(struct cost_trial *t)
{
	struct sim *s = &t->sim;
	struct arena_mark m = arena_mark(s->a);
	uint32_t nt = s->nt;

	memset(s->seen, 0, s->sec->stmt.n * sizeof *s->seen);
	t->res.unset = false;
	s->open.at = NULL;
	s->open.n = s->open.cap = 0;
	int64_t makespan = cost_simulate(s, false);
	t->ran += s->steps;
	s->nt = nt;
	arena_rewind(s->a, m);
	return t->res.unset ? TIME_MAX : makespan;
}

uint64_t
cost_trial_steps(const struct cost_trial *t)
{
	return t->ran;
}

const struct cost_seen *
cost_trial_seen(const struct cost_trial *t, uint32_t stmt)
{
	return &t->sim.seen[stmt];
}

void
cost_trial_drop(struct cost_trial *t, uint32_t stmt, bool gone)
{
	t->sim.gone[stmt] = gone;
}

uint32_t
cost_trial_flag(struct cost_trial *t, uint32_t stmt, uint32_t flag)
{
	struct act *a = &t->sim.act[t->sim.act0[stmt]];
	uint32_t old = a->flag;

	if (flag)
		a->flag = flag;
	return old;
}

int64_t
cost_makespan(struct arena *a, const struct ir *ir, struct access *ac, struct op func, enum core core,
	      const struct cost_opt *opt)
{
	struct arena_mark m = arena_mark(a);
	struct cost_trial *t = cost_trial_new(a, ir, ac, func, core, opt);
	int64_t makespan = t ? cost_trial_run(t) : TIME_MAX;

	arena_rewind(a, m);
	return makespan;
}
