/*
 * sort: gathers by pattern, index or comparison, and the sorting operations.
 */
#include "verify/rule.h"

/* ---- tgather: the operands present tell the form ---- */

static bool
gather_mask_shape(struct verify *v, struct op o, const struct opnd *src, const struct opnd *dst, int32_t pattern,
		  uint32_t axis)
{
	static const uint8_t stride[] = {0, 2, 2, 4, 4, 4, 4, 1};	/* by #pto.mask_pattern value */
	int64_t k = stride[pattern];

	if (opnd_dim(src, 1 - axis) != opnd_dim(dst, 1 - axis))
		return FAIL(v, o, "expects mask-pattern tgather src and dst to have the same number of %s",
			    axis ? "rows" : "columns") || blame(v, src, dst);
	if (opnd_dim(src, axis) != k * opnd_dim(dst, axis))
		return FAIL(v, o, "expects mask-pattern tgather src %s to be %lld times dst %s",
			    axis ? "columns" : "rows", (long long)k, axis ? "columns" : "rows") || blame(v, src, dst);
	return true;
}

static bool
gather_mask(struct verify *v, struct op o, const struct opnd *src, const struct opnd *dst)
{
	struct ir *ir = v->ir;
	int32_t pattern = op_enum(ir, o, ir->name.mask_pattern, EN_MASK_PATTERN, 0);
	const struct attr_data *axis = attr_data(&ir->attrs, op_attr(ir, o, ir->name.axis));
	bool col = axis->kind == AT_STRING && strv_is(sym_text(&ir->in, axis->text), "col");

	if (pattern < 1 || pattern > 7)
		return FAIL(v, o, "expects maskPattern to be a #pto.mask_pattern attribute");
	if (axis->kind != AT_NONE && !col &&
	    !(axis->kind == AT_STRING && strv_is(sym_text(&ir->in, axis->text), "row")))
		return FAIL(v, o, "Invalid axis value, expected \"row\" or \"col\"");
	if (!tile_vec_rows(v, o, src) || !tile_vec_rows(v, o, dst))
		return false;
	if (src->es != dst->es)
		return FAIL(v, o, "expects src and dst element sizes to match") || blame(v, src, dst);
	if (src->es != 2 && src->es != 4)
		return FAIL(v, o, "expects A2/A3 mask-pattern gather element size to be 2 or 4 bytes") ||
		       blame(v, src, NULL);
	if (dim_differ(dst->s->vcol, dst->s->cols))
		return FAIL(v, o, "expects dst valid_shape[1] to equal dst cols") || blame(v, dst, NULL);
	return gather_mask_shape(v, o, src, dst, pattern, col ? 0 : 1);
}

static bool
gather_index(struct verify *v, struct op o, const struct opnd *src, const struct opnd *dst, const struct opnd *idx,
	     const struct opnd *tmp)
{
	if (!tile_vec_rows(v, o, src) || !tile_vec_rows(v, o, dst) || !tile_vec_rows(v, o, idx))
		return false;
	if (!same_elem(v, o, src, dst))
		return false;
	if (!(elem_bit(v, src->elem) & (E_B16 | E_B32 | E_FLOAT)))
		return FAIL(v, o, "expects gather src/dst element type to be i16/i32/f16/f32") || blame(v, src, NULL);
	if (!(elem_bit(v, idx->elem) & E_B32))
		return FAIL(v, o, "expects indices element type to be i32") || blame(v, idx, NULL);
	if (dim_differ(dst->s->vcol, dst->s->cols))
		return FAIL(v, o, "expects dst valid_shape[1] to equal dst cols") || blame(v, dst, NULL);
	if (dim_differ(idx->s->vcol, idx->s->cols))
		return FAIL(v, o, "expects indices valid_shape[1] to equal indices cols") || blame(v, idx, NULL);
	/* No form of the library lacks tmp; it touches tmp for 2-byte elements only. Below level 3 we give it one. */
	if (!tmp->val.i && src->es == 2 && v->opt->level >= 3)
		return FAIL(v, o, "index-form tgather expects both indices and tmp") || blame(v, src, idx);
	if (!tmp->val.i)
		return true;
	return tile_vec_rows(v, o, tmp) && same_elem(v, o, tmp, idx) && same_valid(v, o, idx, tmp);
}

static bool
gather_compare(struct verify *v, struct op o, const struct opnd x[6])
{
	const struct opnd *src = &x[0], *dst = &x[1], *cdst = &x[2], *tmp = &x[4], *k = &x[5];
	int32_t cmp = op_enum(v->ir, o, v->ir->name.cmp_mode, EN_CMP, 0);
	uint32_t bit;

	if (!tile_vec_rows(v, o, src) || !tile_vec_rows(v, o, dst) || !tile_vec_rows(v, o, cdst) ||
	    !tile_vec_rows(v, o, tmp))
		return false;
	if (!(elem_bit(v, dst->elem) & E_B32))
		return FAIL(v, o, "expects dst element type to be i32") || blame(v, dst, NULL);
	if (cdst->elem.i != dst->elem.i)
		return FAIL(v, o, "expects cdst to have the same element type as dst") || blame(v, cdst, dst);
	if (k->type.i != src->elem.i)
		return FAIL(v, o, "expects kValue to have the same type as src element type") || blame(v, k, src);
	if (cmp != 0 && cmp != 4)
		return FAIL(v, o, "expects compare-form tgather cmpMode to be eq or gt");
	bit = elem_bit(v, src->elem);
	if (!(bit & E_FLOAT) && !(bit == E_I32 && cmp == 0))
		return FAIL(v, o, "expects A2/A3 compare-form tgather src element type to be f16/f32, or i32 when "
			    "cmpMode=eq") || blame(v, src, NULL);
	return true;
}

bool
verify_tgather(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	struct opnd x[6];

	for (uint32_t i = 0; i < 6; i++)
		opnd_get(v, o, i, &x[i]);
	if (op_attr(ir, o, ir->name.mask_pattern).i) {
		if (x[2].val.i || x[3].val.i || x[4].val.i || x[5].val.i)
			return FAIL(v, o, "mask-pattern tgather only allows src and dst operands");
		return gather_mask(v, o, &x[0], &x[1]);
	}
	if (op_attr(ir, o, ir->name.axis).i)
		return FAIL(v, o, "axis attribute must not be provided without maskPattern");
	if (x[2].val.i || x[5].val.i) {
		if (x[3].val.i)
			return FAIL(v, o, "compare-form tgather does not take indices");
		if (!x[2].val.i || !x[5].val.i || !x[4].val.i)
			return FAIL(v, o, "compare-form tgather expects dst, cdst, kValue, and tmp");
		return gather_compare(v, o, x);
	}
	if (!x[3].val.i)
		return FAIL(v, o, "index-form tgather expects indices");
	return gather_index(v, o, &x[0], &x[1], &x[3], &x[4]);
}

/* ---- sorting ---- */

bool
verify_tsort32(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), idx = opnd_of(v, o, 1), tmp, dst = opnd_of(v, o, 3);
	bool has_tmp = opnd_get(v, o, 2, &tmp);

	if (!tile_vec_rows(v, o, &src) || !tile_vec_rows(v, o, &idx) || !tile_vec_rows(v, o, &dst) ||
	    (has_tmp && !tile_vec_rows(v, o, &tmp)) || !same_elem(v, o, &src, &dst) || !rule_elem(v, o, &src))
		return false;
	if (!(elem_bit(v, idx.elem) & E_B32))
		return FAIL(v, o, "expects idx element type to be i32/u32") || blame(v, &idx, NULL);
	if (has_tmp)
		return tmp_capacity(v, o, &tmp, tile_bytes(src.s, src.es));
	if (v->opt->level >= 3 && !tile_valid_multiple(v, &src, 1, 32)) {
		op_error(v->ir, o, DIAG_LEVEL, "requires explicit tmp for tsort32 with dynamic or non-32-aligned width "
			 "when PlanMemory is skipped");
		blame(v, &src, NULL);
		return false;
	}
	return true;
}

static bool
one_row(struct verify *v, struct op o, const struct opnd *x)
{
	if (x->s->rows != 1)
		return FAIL(v, o, "expects %s rows == 1", x->name) || blame(v, x, NULL);
	return true;
}

/* Format 1: one list of sorted blocks, merged four at a time. */
static bool
sort_blocks(struct verify *v, struct op o, const struct opnd *src, const struct opnd *dst)
{
	struct opnd len = opnd_of(v, o, 1);
	int64_t n;

	if (src->elem.i != dst->elem.i)
		return FAIL(v, o, "expects src/dst to have the same element type") || blame(v, src, dst);
	if (!rule_elem(v, o, src) || !one_row(v, o, src) || !one_row(v, o, dst))
		return false;
	if (src->s->cols != dst->s->cols)
		return FAIL(v, o, "expects src/dst cols to match") || blame(v, src, dst);
	if (!type_is_int_or_index(&v->ir->types, len.type))
		return FAIL(v, o, "expects blockLen to be an integer") || blame(v, &len, NULL);
	if (val_const_int(v->ir, len.val, &n) && (n <= 0 || n % 64))
		return FAIL(v, o, "expects blockLen > 0 and multiple of 64") || blame(v, &len, NULL);
	return true;
}

/* Format 2: two to four sorted lists into one. */
static bool
sort_lists(struct verify *v, struct op o, const struct val *srcs, uint32_t n, const struct opnd *dst)
{
	struct opnd tmp, done;
	bool has_tmp = opnd_get(v, o, 3, &tmp);
	int64_t sum = 0;

	if (n < 2 || n > 4)
		return FAIL(v, o, "format2 expects 2 to 4 srcs");
	if (opnd_get(v, o, 4, &done) && type_kind(&v->ir->types, done.type) != TY_VECTOR)
		return FAIL(v, o, "format2 excuted must be vector<4xi16>") || blame(v, &done, NULL);
	for (uint32_t i = 0; i < n; i++) {
		struct opnd src = opnd_named(v, srcs[i], "src");
		if (!tile_vec_rows(v, o, &src))
			return false;
		if (src.elem.i != dst->elem.i || (has_tmp && tmp.elem.i != dst->elem.i))
			return FAIL(v, o, "format2 expects src/dst/tmp element types to match") || blame(v, &src, dst);
		if (!one_row(v, o, &src))
			return false;
		sum += src.s->cols;
	}
	if (!rule_elem(v, o, dst) || !one_row(v, o, dst))
		return false;
	if (!has_tmp) {
		if (v->opt->level < 3)
			return true;
		op_error(v->ir, o, DIAG_LEVEL, "requires explicit tmp for tmrgsort format2 when PlanMemory is skipped");
		return false;
	}
	if (!tile_vec_rows(v, o, &tmp) || !one_row(v, o, &tmp))
		return false;
	if (tmp.s->cols < dst->s->cols)
		return FAIL(v, o, "format2 expects tmp.cols >= dst.cols") || blame(v, &tmp, dst);
	if (tmp.s->cols < sum)
		return FAIL(v, o, "format2 expects tmp.cols >= sum(src.cols) = %lld", (long long)sum) ||
		       blame(v, &tmp, NULL);
	return true;
}

bool
verify_tmrgsort(struct verify *v, struct op o)
{
	uint32_t n;
	const struct val *srcs = op_group(v->ir, o, 0, &n);
	struct opnd dst = opnd_of(v, o, 2);

	if (!tile_vec_rows(v, o, &dst))
		return false;
	if (!op_slot(v->ir, o, 1).i)
		return sort_lists(v, o, srcs, n, &dst);
	if (n != 1 || op_slot(v->ir, o, 3).i || op_slot(v->ir, o, 4).i)
		return FAIL(v, o, "expects one src, blockLen and one dst in format1");
	struct opnd src = opnd_named(v, srcs[0], "src");
	return tile_vec_rows(v, o, &src) && sort_blocks(v, o, &src, &dst);
}
