/*
 * reduce: row reductions (family RowRed).
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
