/*
 * call: flags that a called function sets and waits for itself. None of them may be pending around the call, and after
 * it the function's last wait for one may still be queued. A function that has no synchronisation yet may get any.
 */
#include "check/walk.h"

/* PIPE_ALL, or the kernel tail, with nothing but fences behind it, in front of the only return. */
static bool
ends_drained(const struct ir *ir, struct op func)
{
	struct blk b = op_body(ir, func, 0);
	enum pipe p, q;
	uint32_t eid;

	if (!b.i || ir_blk(ir, b)->next.i)
		return false;
	for (struct op o = ir_op(ir, ir_blk(ir, b)->last)->prev; o.i; o = ir_op(ir, o)->prev) {
		if (op_id(ir, o) == OP_PTOC_TAIL)
			return !ir_op(ir, o)->attrs.i;
		if (op_id(ir, o) == OP_BARRIER && op_flag(ir, o, &p, &q, &eid) && p == P_ALL)
			return true;
		if (op_id(ir, o) != OP_PTOC_DSB && op_id(ir, o) != OP_PTOC_DCCI)
			return false;
	}
	return false;
}

const struct ck_called *
ck_call_keys(struct ck_checker *c, struct op call)
{
	struct op f = access_callee(c->ac, call);

	for (uint32_t i = 0; i < c->called.n; i++)
		if (c->called.at[i].func.i == f.i)
			return &c->called.at[i];
	struct ck_called now = {.func = f, .drained = f.i && ends_drained(c->ir, f)};
	bool any_sync = access_call_ids(c->ac, call, now.ids);
	for (unsigned i = 0; i < PIPE_COUNT * PIPE_COUNT; i++)
		if (!chan_legal((enum pipe)(i / PIPE_COUNT), (enum pipe)(i % PIPE_COUNT), c->core))
			now.ids[i] = 0;
		else if (!any_sync)
			now.ids[i] = 0xff;
	VEC_PUSH(c->a, &c->called, now);
	return &c->called.at[c->called.n - 1];
}
