/*
 * fifo: fifos between cube and vector cores: the TPipe object and the transfers, which repeat its type. Spec:
 * ops-sync-comm.md §a, ops-sync-comm.json pto.initialize_l2g2l_pipe to pto.tfree.
 */
#include "emit/emit.h"

#include "isa/fixpipe.h"

#include <assert.h>

static int64_t
attr_of(const struct cxx *x, struct op o, struct sym key, int64_t absent)
{
	const struct attr_data *d = attr_data(&x->ir->attrs, op_attr(x->ir, o, key));

	return d->kind == AT_INT || d->kind == AT_BOOL ? d->i : absent;
}

/* "TPipe<0, Direction::DIR_C2V, 1024, 8, 8, true>" */
static const char *
fifo_type(struct cxx *x, struct op init)
{
	static const char *const dir[] = {"", "C2V", "V2C", "BOTH"};
	const struct ir_names *n = &x->ir->name;
	int64_t mask = attr_of(x, init, n->dir_mask, 1), slots = attr_of(x, init, n->slot_num, 8);
	int64_t base = attr_of(x, init, n->flag_base, -1);
	struct out o;

	assert(base >= 0);	/* written, or given by shape_fifo_addresses */
	out_init(&o, x->a);
	out_f(&o, "TPipe<%lld, Direction::DIR_%s, %lld, %lld, %lld, %s>", (long long)base, dir[mask & 3],
	      (long long)attr_of(x, init, n->slot_size, 0), (long long)slots,
	      (long long)attr_of(x, init, n->local_slot_num, slots),
	      attr_of(x, init, n->nosplit, 0) ? "true" : "false");
	return out_text(&o).p;
}

/* ---- the object ---- */

static void
object_uses(struct cxx *x, struct op o)
{
	x_use_all(x, o, false);
}

/* Constructor arguments: GM ring, ring in UB, ring in L1; a ring that is not there is an int32 zero. */
static void
object_stmt(struct cxx *x, struct op o)
{
	struct val gm = op_slot(x->ir, o, 0), local = op_slot(x->ir, o, 1), peer = op_slot(x->ir, o, 2);
	bool v2c = attr_of(x, o, x->ir->name.dir_mask, 1) == 2;
	struct val ub = !v2c ? local : (struct val){0}, l1 = v2c ? local : peer;
	const char *type = fifo_type(x, o);
	uint32_t data = 0, zero = 0;

	if (x_is_view(x, gm)) {
		struct out t;
		out_init(&t, x->a);
		out_f(&t, "__gm__ %s*", x_type(x, type_elem(&x->ir->types, val_type(x->ir, gm))));
		data = x_temp(x, out_text(&t).p);
		x_str(x, "PTOAS__GLOBAL_TENSOR_DATA(");
		x_name(x, gm);
		x_str(x, ");\n");
	}
	if (!ub.i || !l1.i) {
		zero = x_temp(x, "const int32_t");
		x_str(x, "0;\n");
	}
	x_val(x, op_res(x->ir, o, 0))->type = "auto";
	x_def(x, op_res(x->ir, o, 0));
	x_f(x, "%s(", type);
	if (data)
		x_no(x, data);
	else
		x_name(x, gm);
	for (uint32_t k = 0; k < 2; k++) {
		struct val ring = k ? l1 : ub;
		x_str(x, ", ");
		if (ring.i)
			x_name(x, ring);
		else
			x_no(x, zero);
	}
	x_str(x, ");\n");
}

const struct family fam_fifo_object = {.uses = object_uses, .stmt = object_stmt};

/* ---- transfers ---- */

static const char *const split_token[] = {
	"TILE_NO_SPLIT", "TILE_UP_DOWN", "TILE_LEFT_RIGHT", "TILE_UP_DOWN_ODD", "TILE_LEFT_RIGHT_ODD",
};

static struct val
sub_block(const struct cxx *x, struct op o)
{
	enum op_id id = op_id(x->ir, o);

	return id == OP_TPUSH || id == OP_TPOP ? op_slot(x->ir, o, 2) : (struct val){0};
}

static void
move_uses(struct cxx *x, struct op o)
{
	x_use(x, o, op_slot(x->ir, o, 0), false);
	x_use(x, o, op_slot(x->ir, o, 1), false);
	x_use(x, o, sub_block(x, o), true);
}

static void
move_stmt(struct cxx *x, struct op o)
{
	struct val entry = op_slot(x->ir, o, 0), pipe = op_slot(x->ir, o, 1), sub = sub_block(x, o);
	struct op init = ir_val(x->ir, pipe)->def;
	int64_t split = attr_of(x, o, x->ir->name.split, 0);
	bool fix = op_id(x->ir, o) == OP_TPUSH && op_attr(x->ir, init, x->ir->name.acc_push_epilogue).i;
	uint32_t no = 0;

	if (sub.i) {
		no = x_temp(x, "int32_t");
		x_str(x, "(int32_t) ");
		x_operand(x, sub, PREC_UNARY);
		x_end(x);
	}
	x_line(x);
	x_f(x, "%s<%s, ", op_row(x->ir, o)->callee, fifo_type(x, init));
	if (entry.i)
		x_f(x, "%s, ", x_val_type(x, entry));
	if (fix)
		x_f(x, "Pipe%lldFixpipeConfig", (long long)attr_of(x, init, x->ir->name.frontend_id, 0));
	else
		x_f(x, "TileSplitAxis::%s", split_token[split >= 0 && split <= 4 ? split : 0]);
	x_str(x, ">(");
	x_name(x, pipe);
	if (entry.i) {
		x_str(x, ", ");
		x_name(x, entry);
	}
	if (no)
		x_f(x, ", v%u", no);
	x_str(x, ");\n");
}

const struct family fam_fifo_move = {.uses = move_uses, .stmt = move_stmt};

/* ---- fixpipe ---- */

void
x_fixpipe_types(struct cxx *x)
{
	for (uint32_t k = 0; k < x->order.n; k++) {
		struct op o = x->order.at[k];
		struct attr a = op_attr(x->ir, o, x->ir->name.acc_push_epilogue);
		struct fixpipe f;
		if (!a.i || op_id(x->ir, o) != OP_INITIALIZE_L2G2L_PIPE || func_core(x->ir, o) != CORE_CUBE ||
		    !fixpipe_parse(sym_text(&x->ir->in, attr_data(&x->ir->attrs, a)->text), &f))
			continue;
		x_line(x);
		x_f(x, "using Pipe%lldFixpipeConfig = FixpipeParams<LayoutMode_t::%s, QuantMode_t::%s, ",
		    (long long)attr_of(x, o, x->ir->name.frontend_id, 0), fixpipe_layout_cxx(f.layout),
		    isa_quant[f.quant].cxx);
		x_f(x, "ReluPreMode::%s>;\n", fixpipe_relu_cxx(f.relu));
	}
}

/* A scalar state is set for the element type of the entries that the consumer pops. */
static void
quant_stmt(struct cxx *x, struct op o)
{
	const struct attr_data *d = attr_data(&x->ir->attrs, op_attr(x->ir, o, x->ir->name.quant_elem));

	x_line(x);
	x_str(x, op_row(x->ir, o)->callee);
	if (d->kind == AT_TYPE)
		x_f(x, "<%s>", x_type(x, d->type));
	x_str(x, "(");
	x_name(x, op_opnd(x->ir, o, 0));
	x_str(x, ");\n");
}

const struct family fam_set_quant = {.stmt = quant_stmt};
