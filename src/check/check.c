/* check: entry of the checker; see walk.h for how it works and know.h for what it knows. */
#include "check/expand.h"

enum {
	STEPS_PER_NODE = 256,
	EXPAND_STEPS_MIN = 20000,
	EXPAND_STEPS_PER_STMT = 64,
	TRIAL_STEPS_MIN = 4000,	/* a proof on trial is one of many */
	TRIAL_STEPS_PER_STMT = 16
};

struct ck_checker *
ck_again(const struct ck_checker *c, enum ck_mode mode, struct check_result *res)
{
	struct ck_checker *n = ARENA_NEW(c->a, struct ck_checker);

	n->a = c->a;
	n->ir = c->ir;
	n->ac = c->ac;
	n->opt = c->opt;
	n->res = res;
	n->func = c->func;
	n->sec = c->sec;
	n->core = c->core;
	n->stores = c->stores;
	n->mode = mode;
	n->steps_max = EXPAND_STEPS_MIN + EXPAND_STEPS_PER_STMT * (uint64_t)c->sec->stmt.n;
	return n;
}

/* Does S write anything that it may read again? */
static bool
scalar_stores(const struct ck_checker *c)
{
	uint32_t n;

	for (uint32_t i = 1; i < c->sec->node.n; i++) {
		const struct phase *ph = c->sec->node.at[i].ph;
		const struct acc *x = access_accs(c->ac, ph, &n);
		for (uint32_t k = 0; k < n && ph->pipe == P_S; k++)
			if (x[k].rw & ACC_WRITE)
				return true;
	}
	return false;
}

void
ck_run(struct ck_checker *c)
{
	c->res->verdict = CHECK_PROVED;
	c->res->finding.n = 0;
	ck_isles_init(&c->isles, c->a);
	ck_env_init(&c->env, c->a, c->ir);
	c->env.concrete = c->mode == MODE_REPLAY;
	c->env.seed = c->seed;
	c->budget = STEPS_PER_NODE * (uint64_t)c->sec->node.n;
	for (unsigned r = 0; r < ROW_COUNT; r++)
		for (unsigned p = 0; p < COL_COUNT; p++)
			c->k.r[r].c[p].mask = CK_ALL;	/* no loop, no earlier iteration */
	ck_src_init(c);
	if (c->mode == MODE_PLAIN)
		ck_reach_init(c);
	ck_walk_free(c, 0);
	if (!c->halt && !c->exit_seen && c->sec->node.n > 1)
		ck_walk_exit(c, c->func);
}

static bool
deep(const struct section *s)
{
	for (uint32_t b = 1; b < s->blk.n; b++) {
		uint32_t n = 0;
		for (uint32_t k = b; k && n <= NEST_EXPAND_MAX; n++)
			k = s->blk.at[k].parent ? s->stmt.at[s->blk.at[k].parent].blk : 0;
		if (n > NEST_EXPAND_MAX)
			return true;
	}
	return false;
}

void
check_section(struct arena *a, const struct ir *ir, struct access *ac, struct op func, enum core core,
	      const struct check_opt *opt, struct check_result *res)
{
	struct ck_checker first = {.a = a, .ir = ir, .ac = ac, .opt = opt, .res = res, .func = func}, *c;

	first.sec = section_build(a, ir, ac, func, core);
	first.core = first.sec->core;
	first.steps_max = UINT64_MAX;
	memset(res, 0, sizeof *res);
	c = ck_again(&first, MODE_PLAIN, res);
	ck_run(c);
	if (res->verdict == CHECK_PROVED)
		return;
	if (!opt->plain_only && !c->sec->unstructured && !deep(c->sec)) {
		first.stores = scalar_stores(c);
		c = ck_again(&first, MODE_EXPAND, res);
		if (opt->first_only)
			c->steps_max = TRIAL_STEPS_MIN + TRIAL_STEPS_PER_STMT * (uint64_t)c->sec->stmt.n;
		if (ck_guard_scan(c))
			ck_run(c);
		if (res->verdict != CHECK_PROVED && !opt->first_only)
			ck_replay(c);
	}
	for (uint32_t i = 0; i < res->finding.n; i++)
		ck_explain(c, &res->finding.at[i]);
}
