/*
 * select: bit masks made by comparisons, and what is chosen by them.
 */
#include "verify/rule.h"

/* ---- comparisons ---- */

static bool
same_extent(struct verify *v, struct op o, const struct opnd *a, const struct opnd *b, uint32_t i)
{
	if (!dim_differ(opnd_valid(a, i), opnd_valid(b, i)))
		return true;
	return FAIL(v, o, "expects %s and %s to have the same valid %s", a->name, b->name, i ? "column" : "row") ||
	       blame(v, a, b);
}

bool
verify_tcmp(struct verify *v, struct op o)
{
	struct opnd a = opnd_of(v, o, 0), b = opnd_of(v, o, 1), dst = opnd_of(v, o, 2);

	if (!tile_vec(v, o, &a) || !tile_vec(v, o, &b) || !tile_vec(v, o, &dst) || !same_elem(v, o, &a, &b) ||
	    !rule_elem(v, o, &a))
		return false;
	if (!(elem_bit(v, dst.elem) & E_B8))
		return FAIL(v, o, "expects dst element type to be i8") || blame(v, &dst, NULL);
	if (!same_extent(v, o, &a, &b, 0) || !same_extent(v, o, &a, &b, 1))
		return false;
	if (dim_differ(a.s->vrow, dst.s->vrow))
		return FAIL(v, o, "expects src0 valid row to equal dst valid row") || blame(v, &a, &dst);
	return true;
}

bool
verify_tcmps(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), k = opnd_of(v, o, 1), dst = opnd_of(v, o, 2);

	if (!tile_vec(v, o, &src) || !tile_vec(v, o, &dst) || !rule_elem(v, o, &src))
		return false;
	if (!is_scalar(v, k.type) && type_kind(&v->ir->types, k.type) != TY_INDEX)
		return FAIL(v, o, "expects scalar to be integer, index, or float") || blame(v, &k, NULL);
	return same_valid_dim(v, o, &src, &dst, 0);
}

/* ---- selections ---- */

/* The C++ function has one type for dst and both sources. */
static bool
sel_one_type(struct verify *v, struct op o, const struct opnd *a, const struct opnd *b, const struct opnd *d)
{
	if (a->type.i == d->type.i && b->type.i == d->type.i)
		return true;
	op_error(v->ir, o, DIAG_VERIFY, "expects src0, src1, and dst to have the same type");
	blame3(v, a, b, d);
	diag_hint(v->ir->diags, "the library takes one tile type for all three");
	return false;
}

static bool
sel_tmp(struct verify *v, struct op o, const struct opnd *dst)
{
	struct opnd tmp;

	if (!opnd_get(v, o, 3, &tmp))
		return tmp_missing(v, o, NULL);
	/* The library takes the bytes as words whatever the element type; front ends give ui8. */
	if (!tile_vec_rows(v, o, &tmp))
		return false;
	return tmp_capacity(v, o, &tmp, dst->es == 2 ? 16 : 8);
}

bool
verify_tsel(struct verify *v, struct op o)
{
	struct opnd mask = opnd_of(v, o, 0), a = opnd_of(v, o, 1), b = opnd_of(v, o, 2), d = opnd_of(v, o, 4);

	if (!tile_common(v, o, &a) || !tile_common(v, o, &b) || !tile_common(v, o, &d))
		return false;
	if (a.elem.i != d.elem.i || b.elem.i != d.elem.i)
		return FAIL(v, o, "expects src0, src1, and dst to have the same element type") || blame3(v, &a, &b, &d);
	if (a.s->blayout || b.s->blayout || d.s->blayout)
		return FAIL(v, o, "expects src0, src1, and dst to use row-major layout") || blame3(v, &a, &b, &d);
	if (!rule_elem(v, o, &a) || !sel_tmp(v, o, &d) || !tile_vec(v, o, &mask) || !tile_vec(v, o, &a) ||
	    !tile_vec(v, o, &b) || !tile_vec(v, o, &d))
		return false;
	return sel_one_type(v, o, &a, &b, &d);
}

static bool
sels_tmp(struct verify *v, struct op o, const struct opnd *src)
{
	struct opnd tmp;

	if (!opnd_get(v, o, 2, &tmp))
		return tmp_missing(v, o, NULL);
	if (!tile_common(v, o, &tmp))
		return false;
	if (tmp.elem.i != src->elem.i)
		return FAIL(v, o, "expects A2/A3 tsels tmp to have the same element type as src and dst") ||
		       blame(v, &tmp, src);
	if (tmp.s->blayout != BL_ROW_MAJOR)
		return FAIL(v, o, "expects A2/A3 tsels tmp to use row-major layout") || blame(v, &tmp, NULL);
	return tmp_capacity(v, o, &tmp, (uint64_t)src->s->cols * src->es) && tile_vec(v, o, &tmp);
}

bool
verify_tsels(struct verify *v, struct op o)
{
	struct opnd mask = opnd_of(v, o, 0), src = opnd_of(v, o, 1), k = opnd_of(v, o, 3), dst = opnd_of(v, o, 4);

	if (!tile_common(v, o, &mask) || !tile_common(v, o, &src) || !tile_common(v, o, &dst) ||
	    !same_elem(v, o, &src, &dst) || !same_valid(v, o, &src, &dst))
		return false;
	if (src.s->blayout || dst.s->blayout)
		return FAIL(v, o, "expects src and dst to use row-major layout") || blame(v, &src, &dst);
	if (!rule_elem(v, o, &src) || !sels_tmp(v, o, &src))
		return false;
	if (!is_scalar(v, k.type))
		return FAIL(v, o, "expects scalar to be an integer or float") || blame(v, &k, NULL);
	return tile_vec(v, o, &mask) && tile_vec(v, o, &src) && tile_vec(v, o, &dst);
}

/* ---- tprelu ---- */

/* A mask row per row of dst, and one row more as scratch of the selection. */
static bool
prelu_tmp(struct verify *v, struct op o, const struct opnd *dst)
{
	struct opnd tmp;
	int64_t vrow = dst->s->vrow, vcol = dst->s->vcol, bytes;

	if (!opnd_get(v, o, 2, &tmp))
		return tmp_missing(v, o, NULL);
	if (!tile_vec_rows(v, o, &tmp))
		return false;
	if (!(elem_bit(v, tmp.elem) & E_B8))
		return FAIL(v, o, "expects A2/A3 tmp element type to be u8") || blame(v, &tmp, NULL);
	vrow = dim_known(vrow) ? vrow : dst->s->rows;
	vcol = dim_known(vcol) ? vcol : dst->s->cols;
	bytes = (vcol + 7) / 8;
	if (tmp.s->rows < vrow + 1)
		return FAIL(v, o, "expects A2/A3 tmp shape[0] to be at least dst valid_shape[0] + 1 = %lld",
			    (long long)vrow + 1) || blame(v, &tmp, dst);
	if (dim_known(tmp.s->vcol) && tmp.s->vcol < bytes)
		return FAIL(v, o, "expects A2/A3 tmp valid_shape[1] to be at least %lld", (long long)bytes) ||
		       blame(v, &tmp, dst);
	bytes = (bytes + 31) / 32 * 32;
	return tmp_capacity(v, o, &tmp, (uint64_t)((vrow + 1) * bytes));
}

bool
verify_tprelu(struct verify *v, struct op o)
{
	struct opnd x[4];

	for (uint32_t i = 0; i < 4; i++) {
		x[i] = opnd_of(v, o, i);
		if (i != 2 && !tile_common(v, o, &x[i]))
			return false;
	}
	const struct opnd *a = &x[0], *b = &x[1], *d = &x[3];
	if (a->elem.i != d->elem.i || b->elem.i != d->elem.i)
		return FAIL(v, o, "expects dst/src0/src1 to have the same element type") || blame3(v, a, b, d);
	if (!rule_elem(v, o, a))
		return false;
	if (a->s->blayout || b->s->blayout || d->s->blayout)
		return FAIL(v, o, "expects src0, src1, and dst to use row-major layout") || blame3(v, a, b, d);
	if (!same_valid(v, o, a, d) || !same_valid(v, o, b, d))
		return false;
	for (uint32_t i = 0; i < 2; i++)
		if (opnd_dim(a, i) != opnd_dim(d, i) || opnd_dim(b, i) != opnd_dim(d, i))
			return FAIL(v, o, "expects src0/src1/dst to have the same shape") || blame3(v, a, b, d);
	if (!prelu_tmp(v, o, d))
		return false;
	for (uint32_t i = 0; i < 4; i++)
		for (uint32_t k = 0; k < i; k++)
			if (x[i].val.i && x[i].val.i == x[k].val.i)
				return FAIL(v, o, "expects A3 src0, src1, tmp, and dst to use different storage") ||
				       blame(v, &x[i], NULL);
	return tile_vec(v, o, a) && tile_vec(v, o, b) && tile_vec(v, o, d);
}
