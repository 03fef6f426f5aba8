/* synced: see synced.h. */
#include "synced.h"

#include "driver/prune.h"

void
parts_find(struct parts *l, struct prog *p)
{
	for (uint32_t i = 0; i < p->func.n; i++) {
		enum core core[2] = {CORE_NONE, CORE_NONE};
		uint32_t n = section_count(&p->ir, p->func.at[i], core);
		for (uint32_t k = 0; k < n; k++) {
			struct section *s = section_build(&p->a, &p->ir, p->ac, p->func.at[i], core[k]);
			VEC_PUSH(&p->a, &l->all, ((struct part){p->func.at[i], core[k], s->manual}));
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
}

void
part_prune(struct prog *p, const struct part *s, struct sync_result *res)
{
	struct check_opt co = check_options(p, s);

	prune_section(&p->a, &p->ir, p->ac, s->func, s->core, &co, res);
}

enum verdict
part_check(struct prog *p, struct arena *scratch, const struct part *s, struct out *why)
{
	struct check_opt co = check_options(p, s);
	struct check_result r = {0};

	check_section(scratch, &p->ir, p->ac, s->func, s->core, &co, &r);
	if (why && r.finding.n)
		finding_print(&p->ir, p->ac, &r.finding.at[0], why);
	return r.verdict;
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
