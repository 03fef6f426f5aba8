/* interp: see interp.h. */
#include "interp.h"

#include "inputs.h"
#include "sched.h"

struct interp_opt
interp_defaults(void)
{
	return (struct interp_opt){
		.hb = {.same_pipe = {.v_prune = true, .mte2_waw = true}, .visibility = true, .need_tail = true},
		.schedules = 4, .max_inputs = 48, .max_inst = 4000, .max_trips = 16, .seed = 1,
	};
}

struct job {
	struct interp_verdict *v;
	struct arena *a;
	const struct ir *ir;
	struct access *ac;
	struct op func;
	enum core core;
	const struct interp_opt *opt;
	struct interp_visitor *visit;
	int64_t *arg;
	uint32_t narg;
};

static void
describe(struct job *j, const struct trace *t, const struct hb_fail *f)
{
	struct out *o = &j->v->text;

	hb_print(j->ir, t, f, o);
	out_str(o, " with");
	for (uint32_t i = 0; i < j->narg; i++)
		out_f(o, " %lld", (long long)j->arg[i]);
}

/* Do values and clocks agree? A race must not be seen on a path that has none. */
static void
confirm(struct job *j, const struct trace *t, const struct hb *h)
{
	for (uint32_t k = 0; k < j->opt->schedules; k++) {
		struct sched_result r;
		uint32_t strategy = hash_u32(j->opt->seed, j->v->ninput * 64 + k);
		sched_run(&r, j->a, t, h, k % 2 ? strategy | 64 : strategy % SCHED_FIXED);
		j->v->nsched++;
		if (r.ok)
			continue;
		j->v->oracle = r.what;
		out_f(&j->v->text, "oracle: schedule %u reports %s at #%u on a path without races", strategy, r.what,
		      r.inst);
		return;
	}
}

/* One input; false to stop. */
static bool
run_input(struct job *j, uint32_t load_seed)
{
	struct trace t;
	struct hb h;
	struct trace_input in = {.arg = j->arg, .narg = j->narg, .load_seed = load_seed,
				 .max_inst = j->opt->max_inst, .max_trips = j->opt->max_trips};

	trace_run(&t, j->a, j->ir, j->ac, j->func, j->core, &in);
	if (t.stop != TS_OK) {
		if (j->v->kind == INTERP_RIGHT && t.stop == TS_UNSUPPORTED) {
			j->v->kind = INTERP_UNKNOWN;
			out_f(&j->v->text, "cannot run %s: %s", op_row(j->ir, t.why_op)->name, t.why);
		}
		return t.stop == TS_LIMIT;
	}
	j->v->ninput++;
	j->v->ninst += t.inst.n;
	hb_run(&h, j->a, j->ir, j->ac, &t, j->core, &j->opt->hb);
	if (h.fail.n && j->v->kind != INTERP_WRONG) {
		j->v->kind = INTERP_WRONG;
		j->v->fail = h.fail.at[0];
		describe(j, &t, &h.fail.at[0]);
	}
	if (!h.fail.n && !j->v->oracle)
		confirm(j, &t, &h);
	if (j->visit)
		return j->visit->path(j->visit, &t, &h);
	return !h.fail.n;
}

void
interp_run(struct interp_verdict *v, struct arena *a, const struct ir *ir, struct access *ac, struct op func,
	   enum core core, const struct interp_opt *opt, struct interp_visitor *visit)
{
	struct inputs in;
	struct job j = {v, a, ir, ac, func, core, opt, visit, NULL, 0};

	*v = (struct interp_verdict){.kind = INTERP_RIGHT};
	out_init(&v->text, a);
	inputs_find(&in, a, ir, func);
	j.narg = in.narg;
	j.arg = ARENA_ARRAY(a, int64_t, in.narg + 1);
	uint32_t loads = in.loads ? 4 : 1;
	uint64_t all = in.ncombination * loads;
	uint32_t n = all < opt->max_inputs ? (uint32_t)all : opt->max_inputs;
	for (uint32_t k = 0; k < n; k++) {
		inputs_pick(&in, k / loads, opt->max_inputs / loads + 1, opt->seed, j.arg);
		struct arena_mark m = arena_mark(a);
		uint32_t before = v->text.n;
		bool go = run_input(&j, opt->seed * 16 + k % loads);
		if (v->text.n == before && !visit)
			arena_rewind(a, m);
		if (!go)
			return;
	}
}
