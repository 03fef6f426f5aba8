/*
 * fixed: macros that use the fixed scratch at the end of UB (capacities.json isa_hidden_scratch).
 */
#include "mem/mem.h"

static const struct tile_shape *
shape(const struct ir *ir, struct op o, uint32_t slot)
{
	return &type_data(&ir->types, val_type(ir, op_slot(ir, o, slot)))->tile;
}

/* src0, src1, tmp: a column that is to be expanded is broadcast there when there is no tmp. */
static bool
row_expand(const struct ir *ir, struct op o)
{
	if (op_slot(ir, o, 2).i)
		return false;
	return shape(ir, o, 0)->blayout == BL_COL_MAJOR || shape(ir, o, 1)->blayout == BL_COL_MAJOR;
}

/* src, row, column, dst: bytes from rows to boxes with an odd number of columns. */
static bool
textract(const struct ir *ir, struct op o)
{
	const struct tile_shape *s = shape(ir, o, 0), *d = shape(ir, o, 3);
	uint32_t es = type_bytes(&ir->types, type_elem(&ir->types, val_type(ir, op_slot(ir, o, 3))));

	return es == 1 && s->space == SP_VEC && d->space == SP_VEC && s->slayout == SL_NONE_BOX &&
	       d->slayout != SL_NONE_BOX && (d->vcol == DIM_DYN || d->vcol % 2);
}

static const struct {
	enum op_id id;
	bool (*fn)(const struct ir *, struct op);
} rule[] = {
	{OP_TROWEXPANDADD, row_expand},
	{OP_TROWEXPANDSUB, row_expand},
	{OP_TROWEXPANDMUL, row_expand},
	{OP_TROWEXPANDDIV, row_expand},
	{OP_TROWEXPANDMAX, row_expand},
	{OP_TROWEXPANDMIN, row_expand},
	{OP_TROWEXPANDEXPDIF, row_expand},
	{OP_TEXTRACT, textract},
};

bool
mem_uses_fixed_scratch(const struct ir *ir, struct op o)
{
	for (uint32_t i = 0; i < sizeof rule / sizeof rule[0]; i++)
		if (rule[i].id == op_id(ir, o))
			return rule[i].fn(ir, o);
	return false;
}
