/*
 * identity: a tmov of a tile onto itself, or onto another tile of the same type at the same address that nobody else
 * uses, is taken out before synchronisation sees it. Source: memory.md §5.6. Runs after placement.
 */
#include "shape/shape.h"

static void
count_uses(const struct ir *ir, uint32_t *nuse)
{
	for (uint32_t i = 1; i < ir->op.n; i++) {
		struct op o = {i};
		const struct op_data *d = ir_op(ir, o);
		if (d->flags & OPD_DEAD)
			continue;
		for (uint32_t k = 0; k < d->nopnd; k++)
			nuse[op_opnd(ir, o, k).i]++;
		for (uint32_t s = 0; s < d->nsucc; s++) {
			struct succ e = ir->succ.at[d->succ0 + s];
			for (uint32_t k = 0; k < e.narg; k++)
				nuse[ir->opnd.at[e.arg0 + k].i]++;
		}
	}
}

/* Constant address of an allocation; sign extension leaves addresses below 2^31 as they are. */
static bool
address(const struct ir *ir, struct val v, int64_t *at)
{
	struct op def = ir_val(ir, v)->def;

	if (!def.i || op_id(ir, def) != OP_ALLOC_TILE || !op_slot(ir, def, 0).i)
		return false;
	struct val a = op_slot(ir, def, 0);
	struct op cast = ir_val(ir, a)->def;
	if (!cast.i || op_id(ir, cast) != OP_ARITH_EXTSI)
		return val_const_int(ir, a, at);
	a = op_opnd(ir, cast, 0);
	return type_data(&ir->types, val_type(ir, a))->width == 32 && val_const_int(ir, a, at) && *at >= 0 &&
	       *at <= INT32_MAX;
}

/* src, dst, fp, scalar: nothing is converted on the way when the types are equal and there is no attribute. */
static bool
is_identity(const struct ir *ir, struct op o, const uint32_t *nuse)
{
	struct val src = op_slot(ir, o, 0), dst = op_slot(ir, o, 1);
	int64_t a, b;

	if (val_type(ir, src).i != val_type(ir, dst).i || op_slot(ir, o, 2).i || op_slot(ir, o, 3).i ||
	    ir_op(ir, o)->attrs.i)
		return false;
	if (src.i == dst.i)
		return true;
	return nuse[dst.i] == 1 && address(ir, src, &a) && address(ir, dst, &b) && a == b;
}

void
shape_identity(struct ir *ir)
{
	uint32_t *nuse = NULL;

	for (uint32_t i = 1; i < ir->op.n; i++) {
		struct op o = {i};
		if (op_id(ir, o) != OP_TMOV || ir_op(ir, o)->flags & OPD_DEAD)
			continue;
		if (!nuse) {
			nuse = ARENA_ARRAY(ir->a, uint32_t, ir->val.n);
			count_uses(ir, nuse);
		}
		if (is_identity(ir, o, nuse))
			ir_erase(ir, o);
	}
}
