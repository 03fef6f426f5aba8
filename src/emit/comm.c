/* comm: signals between cores and cards. Spec: ops-sync-comm.json. */
#include "emit/emit.h"

static const char *const notify_token[] = {"AtomicAdd", "Set"};
static const char *const wait_token[] = {"EQ", "NE", "GT", "GE", "LT", "LE"};

/* signal view, value; the mode is an enum local */
static void
signal_stmt(struct cxx *x, struct op o)
{
	struct attr wait = op_attr(x->ir, o, x->ir->name.cmp);
	int32_t n = op_enum(x->ir, o, x->ir->name.notify_op, EN_NOTIFY_OP, 0);
	int32_t w = op_enum(x->ir, o, x->ir->name.cmp, EN_WAIT_CMP, 0);
	bool result = ir_op(x->ir, o)->nres > 0;
	uint32_t no = x_temp(x, wait.i ? "pto::comm::WaitCmp" : "pto::comm::NotifyOp");

	if (wait.i)
		x_f(x, "pto::comm::WaitCmp::%s;\n", wait_token[w]);
	else
		x_f(x, "pto::comm::NotifyOp::%s;\n", notify_token[n]);
	if (result)
		x_def(x, op_res(x->ir, o, 0));
	else
		x_line(x);
	x_f(x, "%s(", op_row(x->ir, o)->callee);
	x_name(x, op_slot(x->ir, o, 0));
	x_str(x, ", ");
	x_name(x, op_slot(x->ir, o, 1));
	x_f(x, ", v%u);\n", no);
}

const struct family fam_comm_signal = {.stmt = signal_stmt};

/* ---- copies ---- */

/* Present operands of the slots [from, to), each after ", ". */
static void
more_args(struct cxx *x, struct op o, uint32_t from, uint32_t to)
{
	for (uint32_t k = from; k < to; k++) {
		uint32_t n;
		const struct val *v = op_group(x->ir, o, k, &n);
		if (!n || !v[0].i)
			continue;
		x_str(x, ", ");
		x_name(x, v[0]);
	}
}

/* dst, src, ping, pong */
static void
copy_stmt(struct cxx *x, struct op o)
{
	bool add = op_enum(x->ir, o, x->ir->name.atomic_type, EN_ATOMIC_TYPE, 0) != 0;

	x_line(x);
	x_f(x, "%s%s(", op_row(x->ir, o)->callee, add ? "<pto::AtomicType::AtomicAdd>" : "");
	x_name(x, op_slot(x->ir, o, 0));
	more_args(x, o, 1, 4);
	x_str(x, ");\n");
}

const struct family fam_comm_copy = {.stmt = copy_stmt};

/* ---- groups ---- */

static const char *const reduce_token[] = {"Sum", "Max", "Min"};

/* Members stand in one array, so they must have one C++ type. */
static void
group_prepare(struct cxx *x, struct op o)
{
	bool reduce = op_id(x->ir, o) == OP_COMM_TREDUCE;
	uint32_t n;

	op_group(x->ir, o, reduce ? 4 : 3, &n);
	x_same_views(x, op_group(x->ir, o, reduce ? 4 : 3, &n), n);
}

/* treduce has the accumulator in slot 1 and the reduction as an enum local. */
static void
group_stmt(struct cxx *x, struct op o)
{
	bool reduce = op_id(x->ir, o) == OP_COMM_TREDUCE;
	const struct attr_data *root = attr_data(&x->ir->attrs, op_attr(x->ir, o, x->ir->name.root));
	uint32_t n, slot = reduce ? 4 : 3, op = 0;
	const struct val *g = op_group(x->ir, o, slot, &n);
	const char *type = x_val_type(x, g[0]);
	uint32_t array = x_fresh(x);

	x_line(x);
	x_f(x, "%s v%u[%u] = {", type, array, n);
	for (uint32_t k = 0; k < n; k++) {
		g = op_group(x->ir, o, slot, &n);
		if (strcmp(x_val_type(x, g[k]), type) != 0)
			x_fail(x, o, "has group members of different layouts");
		x_f(x, "%sv%u", k ? ", " : "", x_val(x, g[k])->no);
	}
	x_str(x, "};\n");
	uint32_t group = x_fresh(x);
	x_line(x);
	x_f(x, "pto::comm::ParallelGroup<%s> v%u = pto::comm::ParallelGroup<%s>::Create(v%u, %u, %lld);\n", type, group,
	    type, array, n, (long long)root->i);
	if (reduce) {
		op = x_temp(x, "pto::comm::ReduceOp");
		x_f(x, "pto::comm::ReduceOp::%s;\n",
		    reduce_token[op_enum(x->ir, o, x->ir->name.reduce_op, EN_REDUCE_OP, 0)]);
	}
	x_line(x);
	x_f(x, "%s(v%u", op_row(x->ir, o)->callee, group);
	more_args(x, o, 0, slot);
	if (reduce)
		x_f(x, ", v%u", op);
	x_str(x, ");\n");
}

const struct family fam_comm_group = {.prepare = group_prepare, .stmt = group_stmt};

/* ---- asynchronous transfers ---- */

static int64_t
number(const struct cxx *x, struct op o, struct sym key, int64_t absent)
{
	const struct attr_data *d = attr_data(&x->ir->attrs, op_attr(x->ir, o, key));

	return d->kind == AT_INT ? d->i : absent;
}

/* scratch, workspace */
static void
session_stmt(struct cxx *x, struct op o)
{
	const struct ir_names *n = &x->ir->name;
	struct val ws = op_slot(x->ir, o, 1), r = op_res(x->ir, o, 0);
	int64_t chan = number(x, o, n->channel_group_idx, -1);
	uint32_t cast = 0;

	x_declare(x, r);
	if (strcmp(x_val_type(x, ws), "__gm__ uint8_t*") != 0) {
		cast = x_temp(x, "__gm__ uint8_t*");
		x_str(x, "reinterpret_cast<__gm__ uint8_t*>(");
		x_name(x, ws);
		x_str(x, ");\n");
	}
	uint32_t config = x_temp(x, "pto::comm::sdma::SdmaBaseConfig");
	x_f(x, "{%lldULL, %lldULL, %lldu};\n", (long long)number(x, o, n->block_bytes, 32768),
	    (long long)number(x, o, n->comm_block_offset, 0), (long long)number(x, o, n->queue_num, 1));
	x_line(x);
	x_f(x, "%s<pto::comm::DmaEngine::SDMA>(", op_row(x->ir, o)->callee);
	x_name(x, op_slot(x->ir, o, 0));
	x_str(x, ", ");
	if (cast)
		x_no(x, cast);
	else
		x_name(x, ws);
	x_str(x, ", ");
	x_name(x, r);
	x_f(x, ", %lldu, v%u, ", (long long)number(x, o, n->sync_id, 0), config);
	if (chan < 0)
		x_str(x, "UINT32_MAX);\n");
	else
		x_f(x, "%lldu);\n", (long long)chan);
}

const struct family fam_async_session = {.stmt = session_stmt};

/* dst, src, session */
static void
async_copy_stmt(struct cxx *x, struct op o)
{
	x_def(x, op_res(x->ir, o, 0));
	x_f(x, "%s<pto::comm::DmaEngine::SDMA>(", op_row(x->ir, o)->callee);
	x_name(x, op_slot(x->ir, o, 0));
	more_args(x, o, 1, 3);
	x_str(x, ");\n");
}

const struct family fam_async_copy = {.stmt = async_copy_stmt};

/* event, session */
static void
async_done_stmt(struct cxx *x, struct op o)
{
	x_def(x, op_res(x->ir, o, 0));
	x_name(x, op_slot(x->ir, o, 0));
	x_f(x, ".%s(", op_row(x->ir, o)->callee);
	x_name(x, op_slot(x->ir, o, 1));
	x_str(x, ");\n");
}

const struct family fam_async_done = {.stmt = async_done_stmt};
