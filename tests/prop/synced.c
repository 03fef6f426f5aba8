/* synced: see synced.h. */
#include "synced.h"

#include "driver/improve.h"
#include "sched.h"
#include "shape/shape.h"

void
parts_find(struct parts *l, struct prog *p)
{
	for (uint32_t i = 0; i < p->func.n; i++) {
		enum core core[2] = {CORE_NONE, CORE_NONE};
		uint32_t n = section_count(&p->ir, p->func.at[i], core);
		for (uint32_t k = 0; k < n; k++) {
			struct section *s = section_build(&p->a, &p->ir, p->ac, p->func.at[i], core[k]);
			/* a kernel in C++ has its tail, whatever else was written */
			VEC_PUSH(&p->a, &l->all, ((struct part){p->func.at[i], core[k], s->manual && !p->cxx}));
		}
	}
}

struct same_pipe_opt
part_same_pipe(const struct prog *p)
{
	return (struct same_pipe_opt){.v_prune = !p->opt.v_never, .m_always = p->opt.m_always,
				      .mte2_waw = !p->opt.load_waw_none};
}

static struct check_opt
check_options(const struct prog *p, const struct part *s)
{
	return (struct check_opt){.same_pipe = part_same_pipe(p), .visibility = !p->opt.flags_only,
				  .need_tail = !s->manual};
}

void
part_plan(struct prog *p, const struct part *s, struct sync_result *res)
{
	struct sync_opt so = {.same_pipe = part_same_pipe(p), .max_ids = EVENT_ID_COUNT,
			      .gm_visibility = p->opt.flags_only ? GMV_FLAGS_ONLY : GMV_FENCE,
			      .gm_fence = p->opt.gm_dcci ? GMF_DCCI_DSB : GMF_DSB};

	memset(res, 0, sizeof *res);
	sync_insert(&p->a, &p->ir, p->ac, s->func, s->core, &so, res);
	part_prune(p, s, res);
	shape_guard_sync(&p->ir, s->func, s->core);
}

void
part_prune(struct prog *p, const struct part *s, struct sync_result *res)
{
	struct check_opt co = check_options(p, s);
	struct proving by = {.a = &p->a, .ir = &p->ir, .ac = p->ac, .func = s->func, .core = s->core, .opt = &co};
	struct improve_opt io = {
		.cost = {.model = &isa_cost, .same_pipe = co.same_pipe, .trips = 16},
		.max_ids = EVENT_ID_COUNT,
		.min_slots = p->opt.fixed_ids ? 0 : 2,
		.fence_lines = !p->opt.gm_dcci,
		.end_lines = true,
	};

	proving_init(&by);
	improve_section(&by, &io, res);
}

enum verdict
part_check_all(struct prog *p, struct arena *scratch, const struct part *s, struct check_result *r, struct out *why)
{
	struct check_opt co = check_options(p, s);

	memset(r, 0, sizeof *r);
	check_section(scratch, &p->ir, p->ac, s->func, s->core, &co, r);
	if (why && r->finding.n)
		finding_print(&p->ir, p->ac, &r->finding.at[0], why);
	for (uint32_t i = 0; why && i < r->finding.n; i++) {
		if (r->finding.at[i].verdict != CHECK_VIOLATED)
			continue;
		out_str(why, "; ");
		finding_print_path(&p->ir, p->ac, r, &r->finding.at[i], why);
		break;
	}
	return r->verdict;
}

enum verdict
part_check(struct prog *p, struct arena *scratch, const struct part *s, struct out *why)
{
	struct check_result r;

	return part_check_all(p, scratch, s, &r, why);
}

/* What a counter-example chooses: arguments, and values that nothing in the text computes. */
static struct trace_choice *
path_choices(const struct prog *p, struct arena *a, const struct part *s, const struct check_result *r,
	     const struct check_path *path, int64_t *arg)
{
	struct blk entry = ir_reg(&p->ir, op_reg(&p->ir, s->func, 0))->first;
	struct trace_choice *c = ARENA_ARRAY(a, struct trace_choice, path->ninput + 1);

	for (uint32_t i = 0; i < path->ninput; i++) {
		const struct check_input *in = &r->input.at[path->input0 + i];
		c[i] = (struct trace_choice){in->v, in->x};
		if (in->v.i && !ir_val(&p->ir, in->v)->def.i && ir_val(&p->ir, in->v)->blk.i == entry.i)
			arg[ir_val(&p->ir, in->v)->index] = in->x;
	}
	return c;
}

static enum replay_kind
replay(struct prog *p, struct arena *a, const struct part *s, const struct trace_input *choice)
{
	enum { SCHEDULES = 48 };
	struct interp_opt opt = interp_defaults();
	struct trace_input in = *choice;
	struct sched_result r;
	struct trace t;
	struct hb h;

	opt.hb.need_tail = !s->manual;
	opt.hb.same_pipe = part_same_pipe(p);
	opt.hb.visibility = !p->opt.flags_only;
	trace_run(&t, a, &p->ir, p->ac, s->func, s->core, &in);
	if (t.stop != TS_OK)
		return REPLAY_UNABLE;
	hb_run(&h, a, &p->ir, p->ac, &t, s->core, &opt.hb);
	if (!h.fail.n)
		return REPLAY_REFUTED;
	for (uint32_t k = 0; k < SCHEDULES && t.inst.n < 200; k++) {
		sched_run(&r, a, &t, &h, k < SCHED_FIXED ? k : hash_u32(k, 1) | 64);
		if (!r.ok)
			return REPLAY_SHOWN;
	}
	return REPLAY_CLOCKS;
}

void
part_replay(struct prog *p, struct arena *scratch, const struct part *s, const struct check_result *r,
	    uint32_t n[REPLAY_KIND_COUNT])
{
	uint32_t narg = ir_blk(&p->ir, ir_reg(&p->ir, op_reg(&p->ir, s->func, 0))->first)->narg;

	for (uint32_t i = 0; i < r->finding.n; i++) {
		const struct finding *f = &r->finding.at[i];
		int64_t *arg = ARENA_ARRAY(scratch, int64_t, narg + 1);
		if (f->verdict != CHECK_VIOLATED)
			continue;
		const struct check_path *path = &r->path.at[f->path];
		struct trace_input in = {.arg = arg, .narg = narg, .load_seed = 16, .max_inst = 20000, .max_trips = 128,
					 .nchoice = path->ninput};
		in.choice = path_choices(p, scratch, s, r, path, arg);
		n[replay(p, scratch, s, &in)]++;
	}
}

void
part_interp(struct prog *p, struct arena *scratch, const struct part *s, uint32_t schedules, uint32_t inputs,
	    struct interp_verdict *v)
{
	struct interp_opt opt = interp_defaults();

	opt.schedules = schedules;
	opt.max_inputs = inputs;
	opt.hb.need_tail = !s->manual;
	opt.hb.same_pipe = part_same_pipe(p);
	opt.hb.visibility = !p->opt.flags_only;
	interp_run(v, scratch, &p->ir, p->ac, s->func, s->core, &opt, NULL);
}
