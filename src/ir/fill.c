/* fill: ops after which nothing is left of what a tile held. In doubt there is something left. */
#include "ir/ir.h"

/* The whole shape is valid, in the type or by constant operands of the alloc_tile. */
static bool
all_valid(const struct ir *ir, struct val tile)
{
	const struct tile_shape *s = &type_data(&ir->types, val_type(ir, tile))->tile;
	struct op alloc = ir_val(ir, tile)->def;
	int64_t rows = s->vrow, cols = s->vcol;

	if (rows == DIM_DYN && !val_const_int(ir, op_slot(ir, alloc, 1), &rows))
		return false;
	if (cols == DIM_DYN && !val_const_int(ir, op_slot(ir, alloc, 2), &cols))
		return false;
	return rows == s->rows && cols == s->cols && s->compact != COMPACT_ROW_PLUS_ONE;
}

/* Is it a partition of n elements? */
static bool
has_elements(const struct ir *ir, struct val view, int64_t n)
{
	return type_kind(&ir->types, val_type(ir, view)) == TY_PVIEW && type_elems(&ir->types, val_type(ir, view)) == n;
}

/* May the value be the tile, or part of it? */
static bool
may_be(const struct ir *ir, struct val v, struct val tile)
{
	while (v.i && v.i != tile.i) {
		enum type_kind k = type_kind(&ir->types, val_type(ir, v));
		struct op def = ir_val(ir, v)->def;
		if (k != TY_TILE && k != TY_MULTI_TILE)
			return false;
		if (!def.i || ir_op(ir, def)->nreg || op_id(ir, def) == OP_ARITH_SELECT || op_id(ir, def) == OP_CALL)
			return true;
		if (!(op_row(ir, def)->flags & OPF_VIEW))
			return false;
		v = op_opnd(ir, def, 0);
	}
	return v.i != 0;
}

bool
op_fills_tile(const struct ir *ir, struct op o, struct val tile)
{
	struct op_slot slot[OP_MAX_SLOT];
	uint32_t n = op_slots(op_id(ir, o), slot), have;
	bool fills = false;

	if (!(op_row(ir, o)->flags & OPF_FILLS) || !all_valid(ir, tile))
		return false;
	for (uint32_t s = 0; s < n; s++) {
		const struct val *v = op_group(ir, o, s, &have);
		for (uint32_t k = 0; k < have; k++) {
			bool written = slot[s].rw == 'w' && v[k].i == tile.i;
			if (!written && may_be(ir, v[k], tile))
				return false;
			fills |= written;
		}
	}
	const struct tile_shape *t = &type_data(&ir->types, val_type(ir, tile))->tile;
	return fills && (op_id(ir, o) != OP_TLOAD || has_elements(ir, op_slot(ir, o, 0), t->rows * t->cols));
}
