/* play: see play.h. */
#include "play.h"

#include "inputs.h"
#include "replay.h"

struct run
play(struct prog *p, const struct part *s, const struct prog *from, const struct part *from_part, uint32_t k,
     int64_t *unit, bool measure)
{
	struct arena a;
	struct inputs in;
	struct trace t;
	struct replay r = {.digest = 0};

	arena_init(&a, NULL);
	inputs_find(&in, &a, &from->ir, from_part->func);
	int64_t *arg = ARENA_ARRAY(&a, int64_t, in.narg + 1);
	inputs_pick(&in, k, PLAY_INPUTS, 1, arg);
	struct trace_input ti = {.arg = arg, .narg = in.narg, .load_seed = 16, .max_inst = 400, .max_trips = 9,
				  .exact = p->opt.exact};
	trace_run(&t, &a, &p->ir, p->ac, s->func, s->core, &ti);
	struct run res = {.ok = t.stop == TS_OK};
	if (res.ok && measure) {
		*unit = replay_unit(&t, *unit);
	} else if (res.ok) {
		replay_run(&r, &a, &t, *unit);
		res.unwritten = r.unwritten;
		res.digest = r.digest;
	}
	arena_free(&a);
	return res;
}
