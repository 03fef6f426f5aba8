/*
 * exit: the flush of scalar stores alone, for functions that get no other synchronisation from us. The reference adds
 * it to every function in every mode (sync-model.md §7.5): run as ptoas we do the same.
 */
#include "sync/sync.h"

static bool
stores_scalar(const struct ir *ir, struct op o)
{
	const struct type_data *d;

	if (op_id(ir, o) != OP_STORE_SCALAR)
		return false;
	d = type_data(&ir->types, val_type(ir, op_slot(ir, o, 1)));
	return d->kind == TY_PTR && (d->space == SP_GM || d->space == SP_ZERO);
}

/* Recursion over nesting only. */
static bool
region_stores(const struct ir *ir, struct reg r)
{
	for (struct blk b = ir_reg(ir, r)->first; b.i; b = ir_blk(ir, b)->next)
		for (struct op o = ir_blk(ir, b)->first; o.i; o = ir_op(ir, o)->next) {
			if (stores_scalar(ir, o))
				return true;
			for (uint32_t k = 0; k < ir_op(ir, o)->nreg; k++)
				if (region_stores(ir, op_reg(ir, o, k)))
					return true;
		}
	return false;
}

static void
put(struct ir *ir, struct op at, struct op o)
{
	ir_op(ir, o)->flags |= OPD_SYNC;
	ir_insert_before(ir, at, o);
}

void
sync_flush_exits(struct ir *ir, struct op func)
{
	struct reg body = op_reg(ir, func, 0);

	if (!region_stores(ir, body))
		return;
	for (struct blk b = ir_reg(ir, body)->first; b.i; b = ir_blk(ir, b)->next) {
		struct op ret = ir_blk(ir, b)->last;
		if (!ret.i || op_id(ir, ret) != OP_RETURN)
			continue;
		put(ir, ret, ir_barrier(ir, P_ALL));
		put(ir, ret, ir_op_new(ir, OP_PTOC_DCCI, (struct span){0, 0}));
		struct op d = ir_op_new(ir, OP_PTOC_DSB, (struct span){0, 0});
		op_attr_set(ir, d, intern_str(&ir->in, "end"), attr_unit(&ir->attrs));
		put(ir, ret, d);
	}
}
