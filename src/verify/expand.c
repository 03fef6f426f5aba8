/*
 * expand: broadcasts of a row or a column, alone or joined with an elementwise operation.
 */
#include "verify/rule.h"

/* ---- a row against every row ---- */

bool
verify_col_expand_binary(struct verify *v, struct op o)
{
	struct opnd x[3] = {opnd_of(v, o, 0), opnd_of(v, o, 1), opnd_of(v, o, 2)};
	const struct opnd *src0 = &x[0], *src1 = &x[1], *dst = &x[2];

	for (uint32_t i = 0; i < 3; i++)
		if (!tile_common(v, o, &x[i]) || !rule_elem(v, o, &x[i]))
			return false;
	if (!same_elem(v, o, src0, src1) || !same_elem(v, o, src0, dst))
		return false;
	if (src0->s->rows != dst->s->rows || src0->s->cols != dst->s->cols)
		return FAIL(v, o, "expects src0/dst to have same shape") || blame(v, src0, dst);
	if (!same_valid(v, o, src0, dst))
		return false;
	for (uint32_t i = 0; i < 3; i++)
		if (x[i].s->blayout != BL_ROW_MAJOR)
			return FAIL(v, o, "expects %s to use row-major layout", x[i].name) || blame(v, &x[i], NULL);
	if (dim_differ(src1->s->vcol, dst->s->vcol))
		return FAIL(v, o, "expects src1 valid_shape[1] to equal dst valid_shape[1]") || blame(v, src1, dst);
	for (uint32_t i = 0; i < 3; i++)
		if (!tile_vec(v, o, &x[i]))
			return false;
	return true;
}

/* ---- a column into every column ---- */

static bool
valid_nonzero(struct verify *v, struct op o, const struct opnd *x)
{
	for (uint32_t i = 0; i < 2; i++)
		if (opnd_valid(x, i) == 0)
			return FAIL(v, o, "expects %s valid_shape[%u] to be non-zero", x->name, i) ||
			       blame(v, x, NULL);
	return true;
}

bool
verify_row_expand(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), dst = opnd_of(v, o, 1);

	if (!tile_vec(v, o, &src) || !tile_none_box(v, o, &src) || !tile_nd(v, o, &dst) ||
	    !same_elem(v, o, &src, &dst) || !rule_elem(v, o, &src))
		return false;
	if (opnd_empty(&dst))
		return true;
	return same_valid_dim(v, o, &src, &dst, 0) && valid_nonzero(v, o, &src) && valid_nonzero(v, o, &dst);
}

/* ---- a column against every column ---- */

/* Mode 1: one scalar per row in a col-major tile; mode 2: one block of 32 bytes per row in a row-major tile. */
static bool
expand_mode1(const struct opnd *x)
{
	return x->s->blayout == BL_COL_MAJOR && (x->s->vcol == 1 || !dim_known(x->s->vcol));
}

/* The operand that is broadcast: the one that does not look like dst. */
static const struct opnd *
expand_operand(const struct opnd *src0, const struct opnd *src1, const struct opnd *dst)
{
	bool like0 = src0->s->blayout == BL_ROW_MAJOR && !dim_differ(src0->s->vcol, dst->s->vcol);
	bool like1 = src1->s->blayout == BL_ROW_MAJOR && !dim_differ(src1->s->vcol, dst->s->vcol);

	return !like0 && like1 ? src0 : src1;
}

/* RowExpandTmp: room for one 32-byte block per row, in steps of 8 rows. */
static bool
expand_tmp(struct verify *v, struct op o, const struct opnd *tmp, const struct opnd *expanded, const struct opnd *dst)
{
	uint64_t need, have;

	if (!expand_mode1(expanded))
		return FAIL(v, o, "expects A2/A3 tmp-form trowexpand to use mode 1 (ColMajor per-row scalar expanded "
			    "operand)") || blame(v, expanded, dst);
	if (!tile_vec(v, o, tmp) || !same_elem(v, o, tmp, dst))
		return false;
	if (!dim_known(dst->s->vrow))
		need = 8192;
	else
		need = dst->s->vrow < 256 ? 256 * (((uint64_t)dst->s->vrow + 7) / 8) : 7680;
	have = tile_bytes(tmp->s, tmp->es);
	if (have < need)
		return FAIL(v, o, "expects A2/A3 trowexpand tmp capacity to be at least %llu bytes, but got %llu bytes",
			    (unsigned long long)need, (unsigned long long)have) || blame(v, tmp, dst);
	return true;
}

static bool
expand_shape(struct verify *v, struct op o, const struct opnd *expanded, const struct opnd *dst)
{
	int64_t block = 32 / (int64_t)expanded->es;

	if (dim_differ(expanded->s->vrow, dst->s->vrow))
		return FAIL(v, o, "expects %s valid_shape[0] to equal dst valid_shape[0]", expanded->name) ||
		       blame(v, expanded, dst);
	if (expanded->s->blayout == BL_COL_MAJOR && dim_differ(expanded->s->vcol, 1))
		return FAIL(v, o, "expects column-major %s valid_shape[1] to be 1", expanded->name) ||
		       blame(v, expanded, dst);
	if (expanded->s->blayout == BL_ROW_MAJOR && dim_differ(expanded->s->vcol, block) &&
	    dim_differ(expanded->s->vcol, dst->s->vcol))
		return FAIL(v, o, "expects row-major %s valid_shape[1] to be 32/sizeof(dtype) = %lld", expanded->name,
			    (long long)block) || blame(v, expanded, dst);
	return true;
}

bool
verify_row_expand_binary(struct verify *v, struct op o)
{
	struct opnd a = opnd_of(v, o, 0), b = opnd_of(v, o, 1), tmp, d = opnd_of(v, o, 3);
	bool has_tmp = opnd_get(v, o, 2, &tmp);

	if (!tile_common(v, o, &a) || !tile_common(v, o, &b) || !tile_common(v, o, &d) ||
	    (has_tmp && !tile_common(v, o, &tmp)) || !same_elem(v, o, &a, &d) || !same_elem(v, o, &a, &b))
		return false;
	if (d.s->blayout != BL_ROW_MAJOR)
		return FAIL(v, o, "expects dst to use row-major layout") || blame(v, &d, NULL);
	if (!rule_elem(v, o, &a))
		return false;
	if (!has_tmp && op_enum(v->ir, o, v->ir->name.precision_type, EN_DIV_PRECISION, 0) == 1)
		return FAIL(v, o, "expects tmp when precisionType is high_precision");
	const struct opnd *expanded = expand_operand(&a, &b, &d);
	if (has_tmp && !expand_tmp(v, o, &tmp, expanded, &d))
		return false;
	return tile_vec(v, o, &a) && tile_vec(v, o, &b) && tile_vec(v, o, &d) && expand_shape(v, o, expanded, &d);
}

/* tcolexpand: the first row of src into every row. */
bool
verify_col_expand(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), dst = opnd_of(v, o, 1);

	if (!tile_nd(v, o, &src) || !tile_nd(v, o, &dst) || !same_elem(v, o, &src, &dst) || !rule_elem(v, o, &src) ||
	    !same_valid_dim(v, o, &src, &dst, 1))
		return false;
	if (src.val.i != dst.val.i)
		return true;
	return FAIL(v, o, "expects src and dst to use different storage");
}
