/* trial: see trial.h. */
#include "driver/trial.h"

#include "cost/cost.h"

struct trial {
	struct arena a;
	struct pipeline pipe;
	bool open;
};

void
trial_free(struct pipeline *p)
{
	struct trial *t = p->trial;

	if (!t || !t->open)
		return;
	t->open = false;
	pipeline_free(&t->pipe);
	arena_free(&t->a);
}

static int64_t
time_of(struct pipeline *p)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < p->unit.n; i++) {
		const struct unit *u = &p->unit.at[i];
		struct cost_opt co = {
			.model = &p->cost,
			.same_pipe = {.v_prune = p->opt->v_prune != 0, .mte2_waw = true},
			.trips = (uint32_t)p->opt->assume_trips,
		};
		struct cost_result r;
		if (u->conservative || (u->checked && u->check.verdict != CHECK_PROVED))
			return -1;
		cost_section(p->a, &p->ir, p->ac, u->func, u->core, &co, &r);
		if (!r.refused)
			sum += r.makespan;
	}
	return sum;
}

int64_t
trial_run(struct pipeline *p, const struct slot_tile *tile, uint32_t n, enum moves moves)
{
	struct trial *t = p->trial ? p->trial : ARENA_NEW(p->a, struct trial);
	struct ptoc_options opt = *p->opt;

	p->trial = t;
	opt.emit = PTOC_EMIT_NOTHING;
	opt.stats = PTOC_STATS_NONE;
	opt.timeline = opt.explain = 0;
	opt.dump = NULL;
	arena_init_within(&t->a, p->a);
	t->open = true;
	pipeline_init(&t->pipe, &t->a, &opt, (struct strv){(const char *)p->src.text, p->src.n}, true);
	t->pipe.slots = tile;
	t->pipe.nslots = n;
	t->pipe.moves = moves;
	t->pipe.on_trial = true;
	int64_t time = pipeline_run(&t->pipe) ? time_of(&t->pipe) : -1;
	trial_free(p);
	return time;
}
