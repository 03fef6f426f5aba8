/*
 * quant: conversion to and from 8-bit integers by row, and operations that stand alone: triangular masks and printing.
 */
#include "verify/rule.h"

enum { INT8_SYM, INT8_ASYM };	/* values of #pto<quant_type ...> */

/* ---- tquant: src, fp, offset, tmp, dst ---- */

static bool
quant_operands(struct verify *v, struct op o, int32_t type)
{
	static const char *const name[] = {"INT8_SYM", "INT8_ASYM"};
	struct opnd dst = opnd_of(v, o, 4);
	bool offset = op_slot(v->ir, o, 2).i != 0;

	if (type > INT8_ASYM)
		return FAIL(v, o, "expects plain tquant quant_type to be INT8_SYM or INT8_ASYM; use tquant.mx for MX "
			    "quantization");
	if (type == INT8_SYM && offset)
		return FAIL(v, o, "INT8_SYM quantization must not have an offset operand");
	if (type == INT8_ASYM && !offset)
		return FAIL(v, o, "INT8_ASYM quantization requires an offset operand");
	if (!(elem_bit(v, dst.elem) & E_B8))
		return FAIL(v, o, "expects dst element type i8/ui8 for %s quantization", name[type]) ||
		       blame(v, &dst, NULL);
	return true;
}

/* One value per row, as a column. */
static bool
row_values(struct verify *v, struct op o, const struct opnd *x, const struct opnd *dst)
{
	if (x->s->blayout == BL_ROW_MAJOR)
		return FAIL(v, o, "expects A2/A3 %s to use non-row-major layout", x->name) || blame(v, x, NULL);
	if (dim_differ(x->s->vrow, dst->s->vrow))
		return FAIL(v, o, "expects A2/A3 %s valid_shape[0] to equal dst valid_shape[0]", x->name) ||
		       blame(v, x, dst);
	if (dim_differ(x->s->vcol, 1))
		return FAIL(v, o, "expects A2/A3 %s valid_shape[1] to be 1", x->name) || blame(v, x, NULL);
	return tile_vec(v, o, x);
}

static bool
quant_tmp(struct verify *v, struct op o, const struct opnd *src)
{
	struct opnd tmp;

	if (!opnd_get(v, o, 3, &tmp))
		return tmp_missing(v, o, NULL);
	if (!tile_common(v, o, &tmp))
		return false;
	if (elem_bit(v, tmp.elem) != E_F32)
		return FAIL(v, o, "expects tmp to have element type f32") || blame(v, &tmp, NULL);
	if (tmp.s->blayout != BL_ROW_MAJOR)
		return FAIL(v, o, "expects A2/A3 tmp to use row-major layout") || blame(v, &tmp, NULL);
	if (tmp.s->rows != src->s->rows || tmp.s->cols != src->s->cols)
		return FAIL(v, o, "expects A2/A3 tmp to have the same shape as src") || blame(v, &tmp, src);
	return same_valid(v, o, src, &tmp) && tmp_capacity(v, o, &tmp, tile_bytes(src->s, src->es)) &&
	       tile_vec(v, o, &tmp);
}

bool
verify_tquant(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), fp = opnd_of(v, o, 1), offset, dst = opnd_of(v, o, 4);
	bool has_offset = opnd_get(v, o, 2, &offset);
	int32_t type = op_enum(v->ir, o, v->ir->name.quant_type, EN_QUANT_TYPE, -1);

	if (type < 0)
		return FAIL(v, o, "requires attribute 'quant_type'");
	if (!tile_common(v, o, &src) || !tile_common(v, o, &fp) || (has_offset && !tile_common(v, o, &offset)) ||
	    !tile_common(v, o, &dst) || !quant_operands(v, o, type))
		return false;
	if (elem_bit(v, src.elem) != E_F32)
		return FAIL(v, o, "expects src to have element type f32") || blame(v, &src, NULL);
	if (has_offset && elem_bit(v, offset.elem) != E_F32)
		return FAIL(v, o, "expects offset to have element type f32") || blame(v, &offset, NULL);
	if (elem_bit(v, fp.elem) != E_F32)
		return FAIL(v, o, "expects fp to have element type f32") || blame(v, &fp, NULL);
	if (!same_valid(v, o, &src, &dst))
		return false;
	if (src.s->blayout || dst.s->blayout)
		return FAIL(v, o, "expects A2/A3 src and dst to use row-major layout") || blame(v, &src, &dst);
	if (!row_values(v, o, &fp, &dst) || (has_offset && !row_values(v, o, &offset, &dst)))
		return false;
	if (has_offset && offset.type.i != fp.type.i)
		return FAIL(v, o, "expects fp and offset to have the same type") || blame(v, &fp, &offset);
	return quant_tmp(v, o, &src) && tile_vec(v, o, &src) && tile_vec(v, o, &dst);
}

bool
verify_tdequant(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), scale = opnd_of(v, o, 1), off = opnd_of(v, o, 2), dst = opnd_of(v, o, 3);

	if (!tile_common(v, o, &src) || !tile_common(v, o, &scale) || !tile_common(v, o, &off) ||
	    !tile_common(v, o, &dst) || !rule_elem(v, o, &src))
		return false;
	if (elem_bit(v, dst.elem) != E_F32)
		return FAIL(v, o, "expects dst element type f32") || blame(v, &dst, NULL);
	if (elem_bit(v, scale.elem) != E_F32)
		return FAIL(v, o, "expects scale element type f32") || blame(v, &scale, NULL);
	if (elem_bit(v, off.elem) != E_F32)
		return FAIL(v, o, "expects offset element type f32") || blame(v, &off, NULL);
	if (src.s->blayout || dst.s->blayout)
		return FAIL(v, o, "expects A2/A3 src and dst to use row-major layout") || blame(v, &src, &dst);
	if (scale.type.i != off.type.i) {
		op_error(v->ir, o, DIAG_VERIFY, "expects scale and offset to have the same type");
		blame(v, &scale, &off);
		diag_hint(v->ir->diags, "the library takes one tile type for both");
		return false;
	}
	return same_valid(v, o, &src, &dst) && tile_vec(v, o, &src) && tile_vec(v, o, &scale) &&
	       tile_vec(v, o, &off) && tile_vec(v, o, &dst);
}

/* ---- ttri ---- */

bool
verify_ttri(struct verify *v, struct op o)
{
	struct opnd k = opnd_of(v, o, 0), dst = opnd_of(v, o, 1);
	struct attr a = op_attr(v->ir, o, v->ir->name.upper_or_lower);
	const struct attr_data *d = attr_data(&v->ir->attrs, a);

	if (!tile_vec_rows(v, o, &dst))
		return false;
	if (!type_is_int(&v->ir->types, k.type))
		return FAIL(v, o, "expects diagonal to be an integer operand") || blame(v, &k, NULL);
	if (a.i && (d->kind != AT_INT || d->i < 0 || d->i > 1))
		return FAIL(v, o, "expects upperOrLower to be 0 (lower) or 1 (upper)");
	return rule_elem(v, o, &dst);
}

/* ---- tprint ---- */

bool
verify_tprint(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), tmp;
	bool has_tmp = opnd_get(v, o, 1, &tmp);

	if (!src.s && type_kind(&v->ir->types, src.type) != TY_PVIEW)
		return FAIL(v, o, "expects tile_buf or partition_tensor_view for src") || blame(v, &src, NULL);
	if (has_tmp && !src.s)
		return FAIL(v, o, "expects tmp only when src is a tile_buf") || blame(v, &src, &tmp);
	if (!rule_elem(v, o, &src))
		return false;
	if (!src.s)
		return true;
	if (!has_tmp && src.s->space != SP_VEC)
		return FAIL(v, o, "expects printable tile_buf without tmp to be in vec address space") ||
		       blame(v, &src, NULL);
	if (src.s->space != SP_VEC && src.s->space != SP_MAT && src.s->space != SP_ACC)
		return FAIL(v, o, "expects printable tile_buf with tmp to be in vec/mat/acc address space") ||
		       blame(v, &src, NULL);
	return true;
}
