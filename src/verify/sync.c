/*
 * sync: hand-written flags, barriers, fences and cache maintenance. Whether they order anything is the checker's
 * question; here only whether the core at hand knows the pipes.
 */
#include "verify/rule.h"

static const char *
core_name(enum core c)
{
	return c == CORE_CUBE ? "cube" : "vector";
}

static bool
pipe_here(struct verify *v, struct op o, enum pipe p, enum core c)
{
	if (c == CORE_NONE || pipe_on_core(p, c))
		return true;
	return FAIL(v, o, "%s does not exist on the %s core", pipe_name(p), core_name(c));
}

bool
verify_flag(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	enum core c = func_core(ir, o);
	enum pipe src, dst;
	uint32_t eid;

	if (!op_flag(ir, o, &src, &dst, &eid)) {
		op_error(ir, o, DIAG_VERIFY, "expects a source and a destination pipe of a2/a3");
		diag_hint(ir->diags, "the pipes are PIPE_S, PIPE_V, PIPE_M, PIPE_MTE1, PIPE_MTE2, PIPE_MTE3, PIPE_FIX");
		return false;
	}
	if (!ir_op(ir, o)->nopnd && op_enum(ir, o, ir->name.event_id, EN_EVENT, -1) < 0)
		return FAIL(v, o, "expects event_id to be EVENT_ID0 to EVENT_ID7");
	if (src == dst) {
		op_error(ir, o, DIAG_VERIFY, "source and destination are both %s", pipe_name(src));
		diag_hint(ir->diags, "inside one pipe order is made with pto.barrier");
		return false;
	}
	if (!pipe_here(v, o, src, c) || !pipe_here(v, o, dst, c))
		return false;
	if (c == CORE_NONE ? !chan_legal(src, dst, CORE_CUBE) && !chan_legal(src, dst, CORE_VECTOR) :
			     !chan_legal(src, dst, c))
		return FAIL(v, o, "the hardware has no flag from %s to %s", pipe_name(src), pipe_name(dst));
	return true;
}

bool
verify_barrier(struct verify *v, struct op o)
{
	enum pipe p, none;
	uint32_t eid;

	if (!op_flag(v->ir, o, &p, &none, &eid))
		return FAIL(v, o, "expects a pipe of a2/a3");
	if (p == P_S)
		return FAIL(v, o, "the scalar pipe has no barrier: its instructions are always in order");
	return pipe_here(v, o, p, func_core(v->ir, o));
}

bool
verify_fence(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	int32_t scope = op_enum(ir, o, ir->name.scope, EN_FENCE_SCOPE, -1);
	const char *name = enum_case_name(EN_FENCE_SCOPE, scope);

	if (!name)
		return FAIL(v, o, "expects scope to be a #pto.fence_scope attribute");
	if (!strcmp(name, "local_memory"))
		return FAIL(v, o, "scope local_memory is not available on A2/A3");
	return true;
}

bool
verify_cmo(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	struct opnd addr;
	int32_t space = op_enum(ir, o, ir->name.space, EN_ADDRESS_SPACE, 1);

	if (space > 1)
		return FAIL(v, o, "only supports GM cache maintenance");
	if (!opnd_get(v, o, 0, &addr))
		return true;
	const struct type_data *d = type_data(&ir->types, addr.type);
	if ((d->kind == TY_PTR && d->space <= SP_GM) || d->kind == TY_TVIEW || d->kind == TY_PVIEW)
		return true;
	return FAIL(v, o, "single_cache_line address expects a GM pointer or GM tensor view") || blame(v, &addr, NULL);
}

bool
verify_ptoc_sync(struct verify *v, struct op o)
{
	struct opnd addr;

	if (op_row(v->ir, o)->sig[0] && opnd_get(v, o, 0, &addr) &&
	    type_data(&v->ir->types, addr.type)->space > SP_GM)
		return FAIL(v, o, "expects a GM pointer") || blame(v, &addr, NULL);
	return true;
}
