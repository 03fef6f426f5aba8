/*
 * reduce: reductions of rows (family RowRed) and columns (ColRed), values and positions.
 */
#include "verify/rule.h"

static bool
row_red_dst(struct verify *v, struct op o, const struct opnd *dst)
{
	if (!tile_vec(v, o, dst) || !tile_none_box(v, o, dst))
		return false;
	/* The two layouts are all there are; a col-major result is a single column. */
	if (dst->s->blayout == BL_COL_MAJOR && dst->s->cols != 1)
		return FAIL(v, o, "expects DN-style dst to have shape[1] == 1") || blame(v, dst, NULL);
	return true;
}

static bool
row_red(struct verify *v, struct op o, const struct opnd *src, const struct opnd *dst)
{
	if (!tile_nd(v, o, src) || !row_red_dst(v, o, dst))
		return false;
	if (opnd_empty(dst))
		return true;
	for (uint32_t i = 0; i < 2; i++)
		if (opnd_valid(src, i) == 0)
			return FAIL(v, o, "expects src valid_shape[%u] to be non-zero", i) || blame(v, src, NULL);
	if (!same_valid_dim(v, o, src, dst, 0))
		return false;
	if (dim_differ(dst->s->vcol, 1))
		return FAIL(v, o, "expects dst valid_shape[1] to be 1") || blame(v, dst, NULL);
	return true;
}

bool
verify_row_reduce(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), tmp, dst = opnd_of(v, o, 2);
	bool has_tmp = opnd_get(v, o, 1, &tmp);

	if (!row_red(v, o, &src, &dst) || !same_elem(v, o, &src, &dst) || !rule_elem(v, o, &src))
		return false;
	if (!has_tmp) {
		if (v->opt->level < 3)
			return true;
		op_error(v->ir, o, DIAG_LEVEL, "requires explicit tmp when PlanMemory is skipped");
		diag_hint(v->ir->diags, "pass a vec tile of the type of src as second operand of ins(...)");
		return false;
	}
	if (!tile_vec(v, o, &tmp))
		return false;
	if (tmp.elem.i != src.elem.i)
		return FAIL(v, o, "expects A2/A3 tmp to have the same element type as src and dst") ||
		       blame(v, &tmp, &src);
	return tmp_capacity(v, o, &tmp, 32);
}

/* ---- columns: family ColRed ---- */

static bool
col_red_valid(struct verify *v, struct op o, const struct opnd *src, const struct opnd *dst)
{
	return opnd_empty(dst) || same_valid_dim(v, o, src, dst, 1);
}

bool
verify_col_reduce(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), dst = opnd_of(v, o, 1);

	return tile_nd(v, o, &src) && tile_nd(v, o, &dst) && same_elem(v, o, &src, &dst) &&
	       col_red_valid(v, o, &src, &dst) && rule_elem(v, o, &src);
}

/* Pairwise tree: half of the rows, packed. */
static bool
colsum_tmp(struct verify *v, struct op o, const struct opnd *src, const struct opnd *tmp)
{
	if (!dim_known(src->s->vrow) || !dim_known(src->s->vcol))
		return FAIL(v, o, "expects static src valid_shape and element size to verify tcolsum tmp") ||
		       blame(v, src, NULL);
	if (tmp->s->cols < src->s->vcol)
		return FAIL(v, o,
			    "expects tmp shape[1] to be at least src valid_shape[1] when isBinary is true; got %lld "
			    "vs %lld",
			    (long long)tmp->s->cols, (long long)src->s->vcol) ||
		       blame(v, tmp, src);
	return tmp_capacity(v, o, tmp, (uint64_t)((src->s->vrow + 1) / 2 * src->s->vcol) * src->es);
}

bool
verify_tcolsum(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), tmp, dst = opnd_of(v, o, 2);
	bool has_tmp = opnd_get(v, o, 1, &tmp);
	struct attr a = op_attr(v->ir, o, v->ir->name.is_binary);
	bool binary = a.i && attr_data(&v->ir->attrs, a)->i != 0;

	if (!tile_nd(v, o, &src) || (has_tmp && !tile_nd(v, o, &tmp)) || !tile_nd(v, o, &dst))
		return false;
	if (has_tmp && !a.i)
		return FAIL(v, o, "tmp operand requires isBinary attribute");
	if (src.elem.i != dst.elem.i || (has_tmp && tmp.elem.i != src.elem.i))
		return FAIL(v, o, has_tmp ? "expects src/tmp/dst element types to match" :
			    "expects src/dst element types to match") || blame3(v, &src, &dst, has_tmp ? &tmp : &src);
	if (binary && has_tmp && !colsum_tmp(v, o, &src, &tmp))
		return false;
	if (!col_red_valid(v, o, &src, &dst) || !rule_elem(v, o, &src))
		return false;
	return !binary || has_tmp || tmp_missing(v, o, "binary tcolsum");
}

/* ---- positions of extremes ---- */

static bool
arg_index(struct verify *v, struct op o, const struct opnd *dst)
{
	if (elem_bit(v, dst->elem) & E_B32)
		return true;
	return FAIL(v, o, "expects dst element type to be i32 or ui32") || blame(v, dst, NULL);
}

/* Columns of scratch per row: values and indices of every repeat of 256 bytes, both in whole blocks. */
static int64_t
arg_tmp_cols(const struct opnd *src)
{
	int64_t cols = dim_known(src->s->vcol) ? src->s->vcol : src->s->cols, es = (int64_t)src->es;
	int64_t repeats = (cols * es + 255) / 256, block = 32 / es;

	return ((2 * repeats + block - 1) / block + (repeats + block - 1) / block) * block;
}

static bool
src_nonzero(struct verify *v, struct op o, const struct opnd *src)
{
	for (uint32_t i = 0; i < 2; i++)
		if (opnd_valid(src, i) == 0)
			return FAIL(v, o, "expects src valid_shape[%u] to be non-zero", i) || blame(v, src, NULL);
	return true;
}

static bool
arg_tmp(struct verify *v, struct op o, const struct opnd *src, const struct opnd *tmp)
{
	if (!tile_vec_rows(v, o, tmp))
		return false;
	if (tmp->elem.i != src->elem.i)
		return FAIL(v, o, "expects A2/A3 tmp to have the same element type as src") || blame(v, tmp, src);
	return tmp_capacity(v, o, tmp, 32);
}

bool
verify_col_arg(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), tmp, dst = opnd_of(v, o, 2);
	bool has_tmp = opnd_get(v, o, 1, &tmp);

	if (!tile_nd(v, o, &src) || !tile_nd(v, o, &dst))
		return false;
	if (dim_differ(dst.s->vrow, 1))
		return FAIL(v, o, "expects dst valid_shape[0] to be 1") || blame(v, &dst, NULL);
	if (!src_nonzero(v, o, &src) || !col_red_valid(v, o, &src, &dst))
		return false;
	if (src.es != 1 && src.es != 2 && src.es != 4)
		return FAIL(v, o, "expects %s element type to be 1, 2, or 4 bytes wide", has_tmp ? "src/tmp" : "src") ||
		       blame(v, &src, NULL);
	if (!arg_index(v, o, &dst) || !rule_elem(v, o, &src))
		return false;
	if (!has_tmp)
		return tmp_missing(v, o, NULL);
	if (!arg_tmp(v, o, &src, &tmp))
		return false;
	if (tmp.s->vrow == src.s->vrow && tmp.s->vcol == src.s->vcol)
		return true;
	if (dim_known(tmp.s->vrow) && tmp.s->vrow < 1)
		return FAIL(v, o, "expects A2/A3 tmp valid_shape[0] to be at least 1") || blame(v, &tmp, NULL);
	if (dim_known(tmp.s->vcol) && tmp.s->vcol < arg_tmp_cols(&src))
		return FAIL(v, o, "expects A2/A3 tmp valid_shape[1] to be at least %lld",
			    (long long)arg_tmp_cols(&src)) ||
		       blame(v, &tmp, &src);
	return true;
}

/* Rows of up to one repeat need two values each, longer ones a block list. */
static bool
row_arg_tmp_shape(struct verify *v, struct op o, const struct opnd *src, const struct opnd *tmp)
{
	int64_t need = arg_tmp_cols(src), rows = dim_known(src->s->vrow) ? src->s->vrow : src->s->rows;
	bool one = dim_known(src->s->vcol) && src->s->vcol <= 256 / (int64_t)src->es;
	int64_t trow = dim_known(tmp->s->vrow) ? tmp->s->vrow : tmp->s->rows;
	int64_t tcol = dim_known(tmp->s->vcol) ? tmp->s->vcol : tmp->s->cols;

	if (one) {
		if (tmp->s->blayout == BL_COL_MAJOR ? tcol == 1 && trow >= 2 * rows : tcol >= 2 && trow >= rows)
			return true;
		return FAIL(v, o, "expects A2/A3 tmp to hold two elements for each of the %lld rows of src",
			    (long long)rows) || blame(v, tmp, src);
	}
	if (tmp->s->rows != src->s->rows)
		return FAIL(v, o, "expects A2/A3 tmp shape[0] to equal src shape[0]") || blame(v, tmp, src);
	if (tcol < need)
		return FAIL(v, o, "expects A2/A3 tmp valid_shape[1] to be at least %lld", (long long)need) ||
		       blame(v, tmp, src);
	return true;
}

bool
verify_row_arg(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), tmp, dst = opnd_of(v, o, 2);

	if (!tile_nd(v, o, &src) || !row_red_dst(v, o, &dst) || !src_nonzero(v, o, &src) ||
	    !same_valid_dim(v, o, &src, &dst, 0))
		return false;
	if (dim_differ(dst.s->vcol, 1))
		return FAIL(v, o, "expects dst valid_shape[1] to be 1") || blame(v, &dst, NULL);
	if (!rule_elem(v, o, &src) || !arg_index(v, o, &dst))
		return false;
	if (!opnd_get(v, o, 1, &tmp))
		return tmp_missing(v, o, NULL);
	if (!tile_vec(v, o, &tmp))
		return false;
	if (tmp.elem.i != src.elem.i)
		return FAIL(v, o, "expects A2/A3 tmp to have the same element type as src") || blame(v, &tmp, &src);
	if (!tmp_capacity(v, o, &tmp, 32))
		return false;
	if (tmp.s->vrow == src.s->vrow && tmp.s->vcol == src.s->vcol)
		return true;
	return row_arg_tmp_shape(v, o, &src, &tmp);
}
