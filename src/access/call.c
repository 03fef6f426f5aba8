/*
 * call: flags that called functions set, as their bodies stand now. What a function that is done uses is kept, with
 * what it calls. Of others every function is looked at once; beyond FUNCS_MAX of them everything counts as used, so
 * that no chain or fan of calls costs more than a section of its size.
 */
#include "access/model.h"

enum { FUNCS_MAX = 64 };

struct called {
	const struct access *ac;
	struct op func[FUNCS_MAX];
	uint32_t n;
	bool more;		/* there were others */
	bool any_sync;
	uint8_t *ids;
};

static const struct call_sum *
sum_of(const struct access *ac, struct op func)
{
	uint32_t i = ac->sum_of_name && func.i ? ac->sum_of_name[func_name(ac->ir, func).i] : 0;

	return i ? &ac->sum.at[i] : NULL;
}

static void
called_add(struct called *k, struct op func)
{
	const struct call_sum *done = sum_of(k->ac, func);

	for (uint32_t i = 0; done && i < PIPE_COUNT * PIPE_COUNT; i++)
		k->ids[i] |= done->ids[i];
	if (done) {
		k->any_sync |= done->any_sync;
		return;
	}
	for (uint32_t i = 0; i < k->n; i++)
		if (k->func[i].i == func.i)
			return;
	if (k->n == FUNCS_MAX)
		k->more = true;
	else if (func.i)
		k->func[k->n++] = func;
}

static void
op_ids(struct called *k, struct op o)
{
	const struct ir *ir = k->ac->ir;
	enum op_id id = op_id(ir, o);
	enum pipe p, q;
	uint32_t eid, n;

	if (id == OP_CALL)
		called_add(k, access_callee(k->ac, o));
	const struct hidden_key *h = access_hidden(k->ac, o, &n);
	for (uint32_t i = 0; i < n; i++)
		k->ids[h[i].src * PIPE_COUNT + h[i].dst] |= h[i].ids;
	if (!(op_row(ir, o)->flags & OPF_SYNC))
		return;
	k->any_sync = true;
	bool dynamic = id == OP_SET_FLAG_DYN || id == OP_WAIT_FLAG_DYN;
	if ((id == OP_SET_FLAG || dynamic) && op_flag(ir, o, &p, &q, &eid) && p < PIPE_COUNT && q < PIPE_COUNT)
		k->ids[p * PIPE_COUNT + q] |= dynamic ? 0xff : (uint8_t)(1u << (eid % EVENT_ID_COUNT));
}

/* Recursion depth: nesting of regions. */
static void
body_ids(struct called *k, struct op root)
{
	const struct ir *ir = k->ac->ir;

	for (uint32_t r = 0; r < ir_op(ir, root)->nreg; r++) {
		for (struct blk b = op_body(ir, root, r); b.i; b = ir_blk(ir, b)->next) {
			for (struct op o = ir_blk(ir, b)->first; o.i; o = ir_op(ir, o)->next) {
				op_ids(k, o);
				body_ids(k, o);
			}
		}
	}
}

static bool
called_ids(const struct access *ac, struct op func, uint8_t ids[PIPE_COUNT * PIPE_COUNT])
{
	struct called k = {.ac = ac, .ids = ids};

	memset(ids, 0, PIPE_COUNT * PIPE_COUNT);
	called_add(&k, func);
	for (uint32_t i = 0; i < k.n && !k.more; i++)
		body_ids(&k, k.func[i]);
	if (k.more)
		memset(ids, 0xff, PIPE_COUNT * PIPE_COUNT);
	return k.any_sync || k.more;
}

bool
access_call_ids(const struct access *ac, struct op call, uint8_t ids[PIPE_COUNT * PIPE_COUNT])
{
	return called_ids(ac, access_callee(ac, call), ids);
}

void
access_func_done(struct access *ac, struct op func)
{
	struct sym name = func_name(ac->ir, func);

	if (!ac->sum_of_name || name.i >= ac->nsym || ac->func_of_name[name.i].i != func.i)
		return;
	uint32_t *i = &ac->sum_of_name[name.i];
	struct call_sum done = {.any_sync = false};
	*i = 0;
	done.any_sync = called_ids(ac, func, done.ids);
	*i = ac->sum.n;
	VEC_PUSH(ac->a, &ac->sum, done);
}
