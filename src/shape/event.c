/*
 * event: record_event, wait_event and barrier_sync name kinds of ops; here they become flags and barriers of the pipes
 * those kinds run on (language.md §8, pipe_event_type). The result counts as written by hand.
 */
#include "shape/shape.h"

/* By value of pipe_event_type and sync_op_type, which have the same cases. */
static const uint8_t pipe_of_kind[] = {
	P_MTE2, P_FIX, P_MTE3, P_MTE1, P_FIX, P_MTE1, P_V, P_FIX, P_M, P_V, P_V,
};

static bool
kind_pipe(const struct ir *ir, struct op o, struct sym key, struct attr *pipe, struct attrs *t)
{
	const struct attr_data *d = attr_data(&ir->attrs, op_attr(ir, o, key));

	if (d->kind != AT_ENUM || d->i < 0 || (size_t)d->i >= sizeof pipe_of_kind)
		return false;
	*pipe = attr_enum(t, EN_PIPE, pipe_to_value((enum pipe)pipe_of_kind[d->i]));
	return true;
}

static bool
lower_pair(struct ir *ir, struct op o, enum op_id to)
{
	struct attr src, dst;

	if (!kind_pipe(ir, o, ir->name.src_op, &src, &ir->attrs) ||
	    !kind_pipe(ir, o, ir->name.dst_op, &dst, &ir->attrs)) {
		op_error(ir, o, DIAG_VERIFY, "Failed to map SyncOpType to hardware pipe during lowering.");
		return false;
	}
	ir_op(ir, o)->id = (uint16_t)to;
	op_attr_set(ir, o, ir->name.src_op, (struct attr){0});
	op_attr_set(ir, o, ir->name.dst_op, (struct attr){0});
	op_attr_set(ir, o, ir->name.src_pipe, src);
	op_attr_set(ir, o, ir->name.dst_pipe, dst);
	return true;
}

static bool
lower_barrier(struct ir *ir, struct op o)
{
	struct attr pipe;

	if (!kind_pipe(ir, o, ir->name.op_type, &pipe, &ir->attrs)) {
		op_error(ir, o, DIAG_VERIFY, "barrier_sync failed to map SyncOpType to hardware pipe during lowering");
		return false;
	}
	ir_op(ir, o)->id = OP_BARRIER;
	op_attr_set(ir, o, ir->name.op_type, (struct attr){0});
	op_attr_set(ir, o, ir->name.pipe, pipe);
	return true;
}

bool
shape_events(struct ir *ir)
{
	bool ok = true;

	for (uint32_t i = 1; i < ir->op.n; i++) {
		struct op o = {i};
		if (ir_op(ir, o)->flags & OPD_DEAD)
			continue;
		if (op_id(ir, o) == OP_RECORD_EVENT)
			ok = lower_pair(ir, o, OP_SET_FLAG) && ok;
		else if (op_id(ir, o) == OP_WAIT_EVENT)
			ok = lower_pair(ir, o, OP_WAIT_FLAG) && ok;
		else if (op_id(ir, o) == OP_BARRIER_SYNC)
			ok = lower_barrier(ir, o) && ok;
	}
	return ok;
}
