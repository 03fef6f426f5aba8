/*
 * event: record_event, wait_event and barrier_sync name kinds of ops; here they become flags and barriers of the pipes
 * those kinds run on (language.md §8, pipe_event_type). The result counts as written by hand.
 */
#include "shape/shape.h"

#include <assert.h>

/* By value of pipe_event_type and sync_op_type, which have the same cases. */
static const uint8_t pipe_of_kind[] = {
	P_MTE2, P_FIX, P_MTE3, P_MTE1, P_FIX, P_MTE1, P_V, P_FIX, P_M, P_V, P_V,
};

/* verify has seen that the attribute is one of the two enums. */
static struct attr
kind_pipe(struct ir *ir, struct op o, struct sym key)
{
	const struct attr_data *d = attr_data(&ir->attrs, op_attr(ir, o, key));

	assert(d->kind == AT_ENUM && d->i >= 0 && (size_t)d->i < sizeof pipe_of_kind);
	return attr_enum(&ir->attrs, EN_PIPE, pipe_to_value((enum pipe)pipe_of_kind[d->i]));
}

static void
lower_pair(struct ir *ir, struct op o, enum op_id to)
{
	struct attr src = kind_pipe(ir, o, ir->name.src_op), dst = kind_pipe(ir, o, ir->name.dst_op);

	ir_op(ir, o)->id = (uint16_t)to;
	op_attr_set(ir, o, ir->name.src_op, (struct attr){0});
	op_attr_set(ir, o, ir->name.dst_op, (struct attr){0});
	op_attr_set(ir, o, ir->name.src_pipe, src);
	op_attr_set(ir, o, ir->name.dst_pipe, dst);
}

static void
lower_barrier(struct ir *ir, struct op o)
{
	struct attr pipe = kind_pipe(ir, o, ir->name.op_type);

	ir_op(ir, o)->id = OP_BARRIER;
	op_attr_set(ir, o, ir->name.op_type, (struct attr){0});
	op_attr_set(ir, o, ir->name.pipe, pipe);
}

void
shape_events(struct ir *ir)
{
	for (uint32_t i = 1; i < ir->op.n; i++) {
		struct op o = {i};
		if (ir_op(ir, o)->flags & OPD_DEAD)
			continue;
		if (op_id(ir, o) == OP_RECORD_EVENT)
			lower_pair(ir, o, OP_SET_FLAG);
		else if (op_id(ir, o) == OP_WAIT_EVENT)
			lower_pair(ir, o, OP_WAIT_FLAG);
		else if (op_id(ir, o) == OP_BARRIER_SYNC)
			lower_barrier(ir, o);
	}
}
