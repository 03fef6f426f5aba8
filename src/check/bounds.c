/* bounds: partitions with constant offsets and sizes against the constant shape of the tensor they are cut from. */
#include "check/places.h"

#include "base/num.h"

static void
check_dim(struct ir *ir, struct op o, struct op tensor, uint32_t k, struct val off, struct val size, struct val shape)
{
	int64_t at, n, have, end;

	if (!val_const_int(ir, off, &at) || !val_const_int(ir, size, &n) || !val_const_int(ir, shape, &have) ||
	    !num_add(at, n, &end) || (at >= 0 && end <= have))
		return;
	diag_report(ir->diags, DIAG_OUTSIDE_TENSOR, ir_op(ir, o)->span,
		    "partition [%lld, %lld) of dim %u leaves the tensor, which has %lld", (long long)at, (long long)end,
		    k, (long long)have);
	diag_note(ir->diags, ir_op(ir, tensor)->span, "the shape is given here");
}

static void
check_partition(struct ir *ir, struct op o)
{
	struct op tensor = ir_val(ir, op_slot(ir, o, 0))->def;
	uint32_t noff, nsize, nshape;

	if (!tensor.i || op_id(ir, tensor) != OP_MAKE_TENSOR_VIEW)
		return;
	const struct val *off = op_group(ir, o, 1, &noff), *size = op_group(ir, o, 2, &nsize);
	const struct val *shape = op_group(ir, tensor, 1, &nshape);
	for (uint32_t k = 0; k < noff && k < nsize && k < nshape; k++)
		check_dim(ir, o, tensor, k, off[k], size[k], shape[k]);
}

void
check_partitions(struct ir *ir)
{
	for (uint32_t i = 1; i < ir->op.n; i++)
		if (ir->op.at[i].id == OP_PARTITION_VIEW && !(ir->op.at[i].flags & OPD_DEAD))
			check_partition(ir, (struct op){i});
}
