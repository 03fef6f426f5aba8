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

static struct op
ck_callee(const struct ir *ir, struct op call)
{
	struct sym name = attr_data(&ir->attrs, op_attr(ir, call, ir->name.callee))->text;
	struct blk b = op_body(ir, ir->module, 0);

	for (struct op o = b.i ? ir_blk(ir, b)->first : (struct op){0}; o.i; o = ir_op(ir, o)->next)
		if (op_id(ir, o) == OP_FUNC && func_name(ir, o).i == name.i)
			return o;
	return (struct op){0};
}

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
		struct op f = ck_callee(ir, o);
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

void
ck_call_keys(const struct ck_checker *c, struct op call, uint8_t ids[PIPE_COUNT * PIPE_COUNT])
{
	struct callee_keys k = {.c = c, .ids = ids};
	struct op f = ck_callee(c->ir, call);

	memset(ids, 0, PIPE_COUNT * PIPE_COUNT);
	if (f.i)
		keys_inside(&k, f);
	for (unsigned i = 0; i < PIPE_COUNT * PIPE_COUNT; i++)
		if (!chan_legal((enum pipe)(i / PIPE_COUNT), (enum pipe)(i % PIPE_COUNT), c->core))
			ids[i] = 0;
		else if (!k.any_sync)
			ids[i] = 0xff;
}
