/*
 * cross: sections, arrays of event ids, cross-core flags and the barrier of all cores. Spec: emission.md §3, §9.3 and
 * the `emits` fields of ops-sync-comm.json.
 */
#include "emit/emit.h"

/* ---- sections ---- */

/* A section of nothing but inserted synchronisation needs no vector mask. */
static void
section_stmt(struct cxx *x, struct op o)
{
	enum core core = section_core(x->ir, o), outer = x->core;
	struct blk b = op_body(x->ir, o, 0);

	if (!b.i || !ir_blk(x->ir, b)->first.i)
		return;
	x->core = core;
	if (ir_op(x->ir, o)->flags & OPD_SYNC) {
		x_line(x);
		x_f(x, "#if defined(%s)\n", core == CORE_CUBE ? "__DAV_CUBE__" : "__DAV_VEC__");
	} else {
		x_guard_open(x, core);
	}
	x_block(x, b);
	x_guard_close(x, core);
	x->core = outer;
}

const struct family fam_section = {.stmt = section_stmt};

/* ---- arrays of event ids ---- */

static void
array_stmt(struct cxx *x, struct op o)
{
	x_declare(x, op_res(x->ir, o, 0));
}

const struct family fam_declare_array = {.stmt = array_stmt, .drop = true};

/* The element is read where it is used, so every use prints the subscript. */
static void
get_prepare(struct cxx *x, struct op o)
{
	struct cval *c = x_val(x, op_res(x->ir, o, 0));

	c->flags |= CV_INLINE;
	c->depth = 1;
}

static void
get_uses(struct cxx *x, struct op o)
{
	x_use_all(x, o, false);
}

static void
get_stmt(struct cxx *x, struct op o)
{
	(void)x;
	(void)o;
}

static enum prec
get_expr(struct cxx *x, struct op o)
{
	x_name(x, op_opnd(x->ir, o, 0));
	x_str(x, "[");
	x_name(x, op_opnd(x->ir, o, 1));
	x_str(x, "]");
	return PREC_POSTFIX;
}

const struct family fam_eventid_get = {
	.prepare = get_prepare, .uses = get_uses, .stmt = get_stmt, .expr = get_expr, .drop = true};

static void
set_stmt(struct cxx *x, struct op o)
{
	x_line(x);
	get_expr(x, o);
	x_str(x, " = ");
	x_operand(x, op_opnd(x->ir, o, 2), PREC_COND);
	x_end(x);
}

const struct family fam_eventid_set = {.uses = get_uses, .stmt = set_stmt};

/* ---- cross-core flags ---- */

static void
id_uses(struct cxx *x, struct op o)
{
	x_use_all(x, o, true);
}

static int64_t
static_id(const struct cxx *x, struct op o)
{
	return attr_data(&x->ir->attrs, op_attr(x->ir, o, x->ir->name.event_id))->i;
}

/* The message carries the mode and the id; the named ops fix the mode. */
static void
cross_set_stmt(struct cxx *x, struct op o)
{
	const struct attr_data *m = attr_data(&x->ir->attrs, op_attr(x->ir, o, x->ir->name.ffts_mode));
	enum op_id id = op_id(x->ir, o);
	int64_t mode = id == OP_SET_CROSS_BLOCK ? 0 : id == OP_SYNC_SET && m->kind == AT_INT ? m->i : 2;
	const char *pipe = enum_case_name(EN_PIPE, op_enum(x->ir, o, x->ir->name.pipe, EN_PIPE, 0));
	struct val dyn = op_slot(x->ir, o, 0);
	uint32_t no = x_temp(x, "uint16_t");

	x_str(x, "getFFTSMsg(");
	if (mode == 2)
		x_str(x, "FFTS_MODE_VAL, ");
	else
		x_f(x, "%lld, ", (long long)mode);
	if (dyn.i)
		x_operand(x, dyn, PREC_COND);
	else
		x_f(x, "%lld", (long long)static_id(x, o));
	x_str(x, ");\n");
	x_line(x);
	x_f(x, "__builtin_cce_ffts_cross_core_sync(%s, v%u);\n", pipe, no);
}

const struct family fam_cross_set = {.uses = id_uses, .stmt = cross_set_stmt};

static void
cross_wait_stmt(struct cxx *x, struct op o)
{
	struct val dyn = op_slot(x->ir, o, 0);

	if (!dyn.i) {
		x_line(x);
		x_f(x, "__builtin_cce_wait_flag_dev(%lld);\n", (long long)static_id(x, o));
		return;
	}
	uint32_t no = x_temp(x, "int32_t");
	x_str(x, "(int32_t) ");
	x_operand(x, dyn, PREC_UNARY);
	x_end(x);
	x_line(x);
	x_f(x, "__builtin_cce_wait_flag_dev(v%u);\n", no);
}

const struct family fam_cross_wait = {.uses = id_uses, .stmt = cross_wait_stmt};

/* ---- all cores ---- */

static const char *const core_token[] = {"AIVOnly", "AICOnly", "Mix"};

/* A pointer becomes a view of the words that the library counts in. */
static uint32_t
workspace(struct cxx *x, struct val ws)
{
	static const char type[] = "GlobalTensor<int32_t, pto::Shape<1, 1, 1, 1, 16>, pto::Stride<16, 16, 16, 16, 1>, "
				   "pto::Layout::ND>";

	if (x_is_view(x, ws))
		return x_val(x, ws)->no;
	uint32_t no = x_temp(x, type);
	x_f(x, "%s(", type);
	x_operand(x, ws, PREC_COND);
	x_str(x, ");\n");
	return no;
}

static void
syncall_stmt(struct cxx *x, struct op o)
{
	int32_t core = op_enum(x->ir, o, x->ir->name.core_type, EN_SYNC_CORE_TYPE, 0);
	struct val ws = op_slot(x->ir, o, 0), used = op_slot(x->ir, o, 1);

	if (!ws.i) {
		x_line(x);
		x_f(x, "SYNCALL<SyncCoreType::%s>();\n", core_token[core]);
		return;
	}
	uint32_t no = workspace(x, ws);
	x_line(x);
	x_f(x, "SYNCALL<SyncAllMode::Soft, SyncCoreType::%s>(v%u, ", core_token[core], no);
	if (used.i)
		x_operand(x, used, PREC_COND);
	else
		x_str(x, "int32_t{0}");
	x_str(x, ");\n");
}

static void
syncall_uses(struct cxx *x, struct op o)
{
	struct val ws = op_slot(x->ir, o, 0);

	x_use(x, o, ws, ws.i && !x_is_view(x, ws));
	x_use(x, o, op_slot(x->ir, o, 1), true);
}

const struct family fam_syncall = {.uses = syncall_uses, .stmt = syncall_stmt};
