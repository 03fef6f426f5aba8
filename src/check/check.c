/* check: entry of the checker; see walk.h for how it works and know.h for what it knows. */
#include "check/walk.h"

enum { STEPS_PER_NODE = 256 };

void
check_section(struct arena *a, const struct ir *ir, struct access *ac, struct op func, enum core core,
	      const struct check_opt *opt, struct check_result *res)
{
	struct ck_checker *c = ARENA_NEW(a, struct ck_checker);

	c->a = a;
	c->ir = ir;
	c->ac = ac;
	c->opt = opt;
	c->res = res;
	c->func = func;
	c->sec = section_build(a, ir, ac, func, core);
	c->core = c->sec->core;
	res->verdict = CHECK_PROVED;
	res->finding.n = 0;
	for (uint32_t s = 1; s < c->sec->stmt.n; s++) {
		enum op_id id = op_id(ir, c->sec->stmt.at[s].op);
		c->dynamic |= id == OP_SET_FLAG_DYN || id == OP_WAIT_FLAG_DYN;
	}
	ck_isles_init(&c->isles, a);
	c->budget = STEPS_PER_NODE * (uint64_t)c->sec->node.n;
	for (unsigned r = 0; r < ROW_COUNT; r++)
		for (unsigned p = 0; p < COL_COUNT; p++)
			c->k.r[r].c[p].mask = CK_ALL;	/* no loop, no earlier iteration */
	ck_src_init(c);
	ck_reach_init(c);
	ck_walk_free(c, 0);
	if (!c->exit_seen && c->sec->node.n > 1)
		ck_walk_exit(c, func);
}
