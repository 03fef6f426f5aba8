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
