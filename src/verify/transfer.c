/*
 * transfer: data between cards: copies, groups, asynchronous transfers. Texts: ops-sync-comm.json, pto.comm.*.
 */
#include "verify/rule.h"

#include <stdio.h>

/* A view of GM with a shape; dyn: dimensions may be known at run time only. */
static bool
global_view(struct verify *v, struct op o, const struct opnd *x, bool dyn)
{
	const struct type_data *d = type_data(&v->ir->types, x->type);

	if (d->kind != TY_TVIEW && d->kind != TY_PVIEW)
		return FAIL(v, o, "expects %s to be a tensor_view or partition_view", x->name) || blame(v, x, NULL);
	if (d->rank < 1)
		return FAIL(v, o, "expects %s to have rank >= 1", x->name) || blame(v, x, NULL);
	for (uint32_t k = 0; k < d->rank; k++) {
		if (d->dim[k] == 0)
			return FAIL(v, o, "expects every static dimension of %s to be positive", x->name) ||
			       blame(v, x, NULL);
		if (d->dim[k] == DIM_DYN && !dyn)
			return FAIL(v, o, "does not support dynamic dimensions on %s", x->name) || blame(v, x, NULL);
		if (d->dim[k] == DIM_DYN && d->kind != TY_PVIEW)
			return FAIL(v, o, "allows dynamic dimensions on %s only for partition_tensor_view", x->name) ||
			       blame(v, x, NULL);
	}
	return true;
}

static bool
staging(struct verify *v, struct op o, const struct opnd *x)
{
	if (!x->s)
		return FAIL(v, o, "expects %s to be a tile_buf", x->name) || blame(v, x, NULL);
	if (x->s->space != SP_VEC)
		return FAIL(v, o, "expects %s to be in vec address space", x->name) || blame(v, x, NULL);
	if (x->s->rows <= 0 || x->s->cols <= 0)
		return FAIL(v, o, "expects %s to have a positive static shape", x->name) || blame(v, x, NULL);
	return true;
}

/* The staging tile in `slot` and, behind it, the second one if there is one. */
static bool
staging_pair(struct verify *v, struct op o, uint32_t slot, const struct opnd *ping)
{
	uint32_t n;
	const struct val *p = op_group(v->ir, o, slot + 1, &n);

	if (!staging(v, o, ping))
		return false;
	if (!n || !p[0].i)
		return true;
	struct opnd pong = opnd_named(v, p[0], "pong");
	if (!staging(v, o, &pong))
		return false;
	if (pong.type.i != ping->type.i)
		return FAIL(v, o, "expects ping and pong to have identical types") || blame(v, ping, &pong);
	return true;
}

static struct opnd
group_opnd(struct verify *v, struct op o, uint32_t slot, const char *name)
{
	uint32_t n;
	const struct val *x = op_group(v->ir, o, slot, &n);

	return opnd_named(v, x[0], name);
}

/* tput, tget: dst, src, ping, pong */
bool
verify_comm_copy(struct verify *v, struct op o)
{
	struct opnd dst = opnd_of(v, o, 0), src = opnd_of(v, o, 1), ping = opnd_of(v, o, 2);
	const struct type_data *d = type_data(&v->ir->types, dst.type), *s = type_data(&v->ir->types, src.type);

	if (!global_view(v, o, &dst, true) || !global_view(v, o, &src, true) || !staging_pair(v, o, 2, &ping))
		return false;
	if (dst.elem.i != src.elem.i)
		return FAIL(v, o, "expects src and dst to have the same element type") || blame(v, &src, &dst);
	bool same = d->rank == s->rank;
	for (uint32_t k = 0; same && k < d->rank; k++)
		same = d->dim[k] == s->dim[k];
	if (!same)
		return FAIL(v, o, "expects src and dst to have the same static/dynamic shape signature") ||
		       blame(v, &src, &dst);
	if (ping.elem.i != src.elem.i)
		return FAIL(v, o, "expects staging tile element type to match src/dst") || blame(v, &ping, &src);
	return true;
}

static bool
group_has(struct verify *v, struct op o, int64_t root, uint32_t n)
{
	diag_note(v->ir->diags, ir_op(v->ir, o)->span, "root is %lld, the group has %u members", (long long)root, n);
	return false;
}

/* Members: views of one type. *first is the first one. */
static bool
members(struct verify *v, struct op o, uint32_t slot, struct opnd *first)
{
	uint32_t n;
	char name[24];
	const struct val *g = op_group(v->ir, o, slot, &n);

	if (!n)
		return FAIL(v, o, "expects at least one group operand");
	for (uint32_t k = 0; k < n; k++) {
		snprintf(name, sizeof name, "group[%u]", k);
		struct opnd x = opnd_named(v, op_group(v->ir, o, slot, &n)[k], name);
		if (!global_view(v, o, &x, false))
			return false;
		if (k == 0)
			*first = x;
		else if (x.type.i != first->type.i)
			return FAIL(v, o, "expects all group operands to have identical types") || blame(v, first, &x);
	}
	(void)g;
	const struct attr_data *root = attr_data(&v->ir->attrs, op_attr(v->ir, o, v->ir->name.root));
	if (root->kind != AT_INT)
		return FAIL(v, o, "expected 'root' attribute");
	if (root->i < 0 || root->i >= (int64_t)n)
		return FAIL(v, o, "expects root to index into group operands") || group_has(v, o, root->i, n);
	return true;
}

/* tbroadcast, tgather, tscatter; treduce has the accumulator in slot 1. */
bool
verify_comm_group(struct verify *v, struct op o)
{
	enum op_id id = op_id(v->ir, o);
	bool reduce = id == OP_COMM_TREDUCE, to = id == OP_COMM_TGATHER || reduce;
	uint32_t stage = reduce ? 2 : 1;
	struct opnd x = group_opnd(v, o, 0, to ? "dst" : "src"), member;
	struct opnd ping = group_opnd(v, o, stage, reduce ? "recv_ping" : "ping");

	if (!global_view(v, o, &x, false) || !staging_pair(v, o, stage, &ping) || !members(v, o, stage + 2, &member))
		return false;
	if (id == OP_COMM_TBROADCAST && x.type.i != member.type.i)
		return FAIL(v, o, "expects src type to match group member type") || blame(v, &x, &member);
	if (x.elem.i != member.elem.i)
		return FAIL(v, o, "expects %s element type to match group member type", x.name) ||
		       blame(v, &x, &member);
	if (reduce) {
		struct opnd acc = group_opnd(v, o, 1, "acc");
		if (!staging(v, o, &acc))
			return false;
		if (acc.type.i != ping.type.i)
			return FAIL(v, o, "expects acc and recv_ping to have identical types") || blame(v, &acc, &ping);
		if (acc.elem.i != x.elem.i)
			return FAIL(v, o, "expects accumulator/receive tiles to match dst element type") ||
			       blame(v, &acc, &x);
		if (op_enum(v->ir, o, v->ir->name.reduce_op, EN_REDUCE_OP, -1) < 0)
			return FAIL(v, o, "expected 'reduceOp' attribute");
	} else if (ping.elem.i != x.elem.i) {
		return FAIL(v, o, "expects staging tile element type to match %s", x.name) || blame(v, &ping, &x);
	}
	return true;
}

/* ---- asynchronous transfers ---- */

static int64_t
int_of(struct verify *v, struct op o, struct sym key, int64_t absent)
{
	const struct attr_data *d = attr_data(&v->ir->attrs, op_attr(v->ir, o, key));

	return d->kind == AT_INT ? d->i : absent;
}

static bool
session_numbers(struct verify *v, struct op o)
{
	const struct ir_names *n = &v->ir->name;
	int64_t id = int_of(v, o, n->sync_id, 0), chan = int_of(v, o, n->channel_group_idx, 0);

	if (id < 0 || id > 7)
		return FAIL(v, o, "expects sync_id in range [0, 7]");
	if (int_of(v, o, n->block_bytes, 1) <= 0)
		return FAIL(v, o, "expects block_bytes to be greater than 0");
	if (int_of(v, o, n->comm_block_offset, 0) < 0)
		return FAIL(v, o, "expects comm_block_offset to be non-negative");
	if (int_of(v, o, n->queue_num, 1) <= 0)
		return FAIL(v, o, "expects queue_num to be greater than 0");
	if (chan < 0)
		return FAIL(v, o, "expects channel_group_idx to be non-negative");
	if (chan > (int64_t)UINT32_MAX)
		return FAIL(v, o, "expects channel_group_idx to fit in uint32");
	return true;
}

bool
verify_async_session(struct verify *v, struct op o)
{
	struct opnd s = opnd_of(v, o, 0), ws = opnd_of(v, o, 1), r = opnd_result(v, o, 0);
	const struct type_data *w = type_data(&v->ir->types, ws.type);

	if (!s.s)
		return FAIL(v, o, "expects scratch to be tile_buf type") || blame(v, &s, NULL);
	if (s.s->space != SP_VEC)
		return FAIL(v, o, "expects scratch to be in vec address space") || blame(v, &s, NULL);
	if (s.s->rows * s.s->cols * s.es < 8)
		return FAIL(v, o, "expects scratch to provide at least 8 bytes") || blame(v, &s, NULL);
	if (w->kind != TY_PTR)
		return FAIL(v, o, "expects workspace to be !pto.ptr type") || blame(v, &ws, NULL);
	if (!(elem_bit(v, ws.elem) & E_B8))
		return FAIL(v, o, "expects workspace element type to be an 8-bit integer") || blame(v, &ws, NULL);
	if (type_kind(&v->ir->types, r.type) != TY_ASYNC_SESSION)
		return FAIL(v, o, "expects result to be !pto.async_session") || blame(v, &r, NULL);
	return session_numbers(v, o);
}

/* Is the innermost stride of a view known not to be 1? */
static bool
strided(const struct ir *ir, struct val view)
{
	struct op def = ir_val(ir, view)->def;
	int64_t stride;
	uint32_t n;

	while (def.i && op_id(ir, def) == OP_PARTITION_VIEW)
		def = ir_val(ir, op_slot(ir, def, 0))->def;
	if (!def.i || op_id(ir, def) != OP_MAKE_TENSOR_VIEW)
		return false;
	const struct val *s = op_group(ir, def, 2, &n);
	return n && val_const_int(ir, s[n - 1], &stride) && stride != 1;
}

static bool
flat_view(struct verify *v, struct op o, const struct opnd *x)
{
	const struct type_data *d = type_data(&v->ir->types, x->type);
	bool flat = !strided(v->ir, x->val);

	for (uint32_t k = 0; k < d->rank; k++)
		if (d->dim[k] == DIM_DYN)
			return FAIL(v, o, "expects %s to have a static shape", x->name) || blame(v, x, NULL);
	for (uint32_t k = 0; k + 1 < d->rank; k++)
		flat &= d->dim[k] == 1;
	return flat || FAIL(v, o, "expects %s to be a static flat contiguous logical 1D GM view", x->name) ||
	       blame(v, x, NULL);
}

/* dst, src, session */
bool
verify_async_copy(struct verify *v, struct op o)
{
	struct opnd dst = opnd_of(v, o, 0), src = opnd_of(v, o, 1), s = opnd_of(v, o, 2), r = opnd_result(v, o, 0);
	const struct type_data *d = type_data(&v->ir->types, dst.type), *e = type_data(&v->ir->types, src.type);

	if (type_kind(&v->ir->types, s.type) != TY_ASYNC_SESSION)
		return FAIL(v, o, "expects session to be !pto.async_session") || blame(v, &s, NULL);
	if (type_kind(&v->ir->types, r.type) != TY_ASYNC_EVENT)
		return FAIL(v, o, "expects result to be !pto.async_event") || blame(v, &r, NULL);
	if (!flat_view(v, o, &dst) || !flat_view(v, o, &src))
		return false;
	if (dst.elem.i != src.elem.i)
		return FAIL(v, o, "expects src and dst to have the same element type") || blame(v, &src, &dst);
	if (!d->rank || !e->rank || d->dim[d->rank - 1] != e->dim[e->rank - 1])
		return FAIL(v, o, "expects src and dst to have the same static shape") || blame(v, &src, &dst);
	return true;
}

/* event, session */
bool
verify_async_event(struct verify *v, struct op o)
{
	struct opnd e = opnd_of(v, o, 0), s = opnd_of(v, o, 1), r = opnd_result(v, o, 0);

	if (type_kind(&v->ir->types, e.type) != TY_ASYNC_EVENT)
		return FAIL(v, o, "expects event to be !pto.async_event") || blame(v, &e, NULL);
	if (type_kind(&v->ir->types, s.type) != TY_ASYNC_SESSION)
		return FAIL(v, o, "expects session to be !pto.async_session") || blame(v, &s, NULL);
	return type_is_bool(&v->ir->types, r.type) || FAIL(v, o, "expects result to be i1") || blame(v, &r, NULL);
}
