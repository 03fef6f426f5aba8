/*
 * gather: calls of indexed transfers, of element access, and of insertions into windows. Spec: the `emits` fields of
 * ops-move.json.
 */
#include "emit/call.h"

static struct val
gslot(const struct cxx *x, struct op o, uint32_t k)
{
	return op_slot(x->ir, o, k);
}

/* ---- indexed transfers ---- */

static const char *const coalesce_token[] = {"pto::Coalesce::Row", "pto::Coalesce::Elem"};
static const char *const gather_oob_token[] = {"Undefined", "Clamp", "Wrap", "Zero"};
static const char *const scatter_oob_token[] = {"Undefined", "Skip", "Clamp", "Wrap"};
static const char *const atomic_token[] = {"None", "Add", "Max", "Min"};

static void
mgather_stmt(struct cxx *x, struct op o)
{
	int32_t mode = op_enum(x->ir, o, x->ir->name.coalesce, EN_COALESCE, 0);
	int32_t oob = op_enum(x->ir, o, x->ir->name.gather_oob, EN_GATHER_OOB, 0);
	struct out t;

	out_init(&t, x->a);
	call_targ(&t, coalesce_token[mode]);
	if (oob)
		out_f(&t, ", pto::GatherOOB::%s", gather_oob_token[oob]);
	const struct val arg[] = {gslot(x, o, 3), gslot(x, o, 0), gslot(x, o, 1), gslot(x, o, 2)};
	call_list(x, o, out_text(&t).p, arg, 4);
}

const struct family fam_mgather = {.stmt = mgather_stmt};

static void
mscatter_stmt(struct cxx *x, struct op o)
{
	int32_t mode = op_enum(x->ir, o, x->ir->name.coalesce, EN_COALESCE, -1);
	int32_t atomic = op_enum(x->ir, o, x->ir->name.scatter_atomic_op, EN_SCATTER_ATOMIC_OP, 0);
	int32_t oob = op_enum(x->ir, o, x->ir->name.scatter_oob, EN_SCATTER_OOB, 0);
	struct out t;

	out_init(&t, x->a);
	if (mode >= 0)
		call_targ(&t, coalesce_token[mode]);
	if (atomic || oob)
		out_f(&t, ", pto::ScatterAtomicOp::%s", atomic_token[atomic]);
	if (oob)
		out_f(&t, ", pto::ScatterOOB::%s", scatter_oob_token[oob]);
	call_list(x, o, t.n ? out_text(&t).p : "", (struct val[]){gslot(x, o, 2), gslot(x, o, 0), gslot(x, o, 1)}, 3);
}

const struct family fam_mscatter = {.stmt = mscatter_stmt};

/* ---- elements ---- */

static void
tgetval_uses(struct cxx *x, struct op o)
{
	x_use(x, o, gslot(x, o, 0), false);
	x_use(x, o, gslot(x, o, 1), true);
}

static void
tgetval_stmt(struct cxx *x, struct op o)
{
	x_def(x, op_res(x->ir, o, 0));
	x_name(x, gslot(x, o, 0));
	x_str(x, ".GetValue(");
	x_operand(x, gslot(x, o, 1), PREC_COND);
	x_str(x, ");\n");
}

/* Memory is read where the op stands; an unused value needs no read. */
const struct family fam_tgetval = {.uses = tgetval_uses, .stmt = tgetval_stmt, .drop = true};

static void
tsetval_uses(struct cxx *x, struct op o)
{
	x_use(x, o, gslot(x, o, 0), true);
	x_use(x, o, gslot(x, o, 1), true);
	x_use(x, o, gslot(x, o, 2), false);
}

static void
tsetval_stmt(struct cxx *x, struct op o)
{
	x_line(x);
	x_name(x, gslot(x, o, 2));
	x_str(x, ".SetValue(");
	x_operand(x, gslot(x, o, 0), PREC_COND);
	x_str(x, ", ");
	x_operand(x, gslot(x, o, 1), PREC_COND);
	x_str(x, ");\n");
}

const struct family fam_tsetval = {.uses = tsetval_uses, .stmt = tsetval_stmt};

/* ---- insertion ---- */

/* src, row, col, dst, fp, preQuant */
static void
tinsert_stmt(struct cxx *x, struct op o)
{
	static const char *const relu_token[] = {"NoRelu", "NormalRelu"};
	struct val src = gslot(x, o, 0), dst = gslot(x, o, 3), fp = gslot(x, o, 4), q = gslot(x, o, 5);
	int32_t relu = op_enum(x->ir, o, x->ir->name.relu_pre_mode, EN_RELU_PRE_MODE, 0);
	struct out t;

	if (relu > 1) {
		x_fail(x, o, "asks for a relu the library does not have on a2/a3");
		return;
	}
	out_init(&t, x->a);
	if (q.i || relu) {
		call_targ(&t, x_val_type(x, dst));
		call_targ(&t, x_val_type(x, src));
		if (fp.i)
			call_targ(&t, x_val_type(x, fp));
		out_f(&t, ", ReluPreMode::%s", relu_token[relu]);
	}
	x_line(x);
	x_f(x, "%s%s", op_row(x->ir, o)->callee, fp.i ? "_FP" : "");
	if (t.n)
		x_f(x, "<%s>", out_text(&t).p);
	x_f(x, "(v%u, v%u, ", x_val(x, dst)->no, x_val(x, src)->no);
	if (fp.i || q.i)
		x_f(x, "v%u, ", x_val(x, fp.i ? fp : q)->no);
	call_corner(x, gslot(x, o, 1), true);
	x_str(x, ", ");
	call_corner(x, gslot(x, o, 2), true);
	x_str(x, ");\n");
}

const struct family fam_tinsert = {.stmt = tinsert_stmt};
