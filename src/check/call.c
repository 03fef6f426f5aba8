/*
 * call: flags that a called function sets and waits for itself. None of them may be pending around the call, and after
 * it the function's last wait for one may still be queued. A function that has no synchronisation yet may get any.
 */
#include "check/walk.h"

enum { CALLS_MAX = 20 };

struct callee_keys {
	const struct ck_checker *c;
	uint8_t *ids;		/* [src * PIPE_COUNT + dst]: mask */
	bool any_sync;
	uint32_t depth;
};

static void keys_inside(struct callee_keys *k, struct op root);

static void
keys_of(struct callee_keys *k, struct op o)
{
	const struct ir *ir = k->c->ir;
	enum op_id id = op_id(ir, o);
	enum pipe p, q;
	uint32_t eid, n;

	if (id == OP_CALL && k->depth < CALLS_MAX) {
		k->depth++;
		struct op f = access_callee(k->c->ac, o);
		if (f.i)
			keys_inside(k, f);
		k->depth--;
	}
	const struct hidden_key *h = access_hidden(k->c->ac, o, &n);
	for (uint32_t i = 0; i < n; i++)
		k->ids[h[i].src * PIPE_COUNT + h[i].dst] |= h[i].ids;
	if (!(op_row(ir, o)->flags & OPF_SYNC))
		return;
	k->any_sync = true;
	bool dynamic = id == OP_SET_FLAG_DYN || id == OP_WAIT_FLAG_DYN;
	if ((id == OP_SET_FLAG || dynamic) && op_flag(ir, o, &p, &q, &eid) && p < PIPE_COUNT && q < PIPE_COUNT)
		k->ids[p * PIPE_COUNT + q] |= dynamic ? 0xff : (uint8_t)(1u << (eid % EVENT_ID_COUNT));
}

/* Recursion depth: nesting of regions and of calls. */
static void
keys_inside(struct callee_keys *k, struct op root)
{
	const struct ir *ir = k->c->ir;

	for (uint32_t r = 0; r < ir_op(ir, root)->nreg; r++) {
		for (struct blk b = op_body(ir, root, r); b.i; b = ir_blk(ir, b)->next) {
			for (struct op o = ir_blk(ir, b)->first; o.i; o = ir_op(ir, o)->next) {
				keys_of(k, o);
				keys_inside(k, o);
			}
		}
	}
}

/* PIPE_ALL, or the kernel tail, with nothing but synchronisation behind it, in front of the only return. */
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
		if (!(op_row(ir, o)->flags & OPF_SYNC))
			return false;
		if (op_id(ir, o) == OP_BARRIER && op_flag(ir, o, &p, &q, &eid) && p == P_ALL)
			return true;
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
	struct callee_keys k = {.c = c, .ids = now.ids};
	if (f.i)
		keys_inside(&k, f);
	for (unsigned i = 0; i < PIPE_COUNT * PIPE_COUNT; i++)
		if (!chan_legal((enum pipe)(i / PIPE_COUNT), (enum pipe)(i % PIPE_COUNT), c->core))
			now.ids[i] = 0;
		else if (!k.any_sync)
			now.ids[i] = 0xff;
	VEC_PUSH(c->a, &c->called, now);
	return &c->called.at[c->called.n - 1];
}
