/*
 * reshape: the same elements in another place or under another type: transposition, padding, block gather, scatter, and
 * the views that retype a tile.
 */
#include "verify/rule.h"

/* ---- views ---- */

static bool
two_tiles(struct verify *v, struct op o, struct opnd *src, struct opnd *res, const char *text)
{
	*src = opnd_of(v, o, 0);
	*res = opnd_result(v, o, 0);
	if (src->s && res->s)
		return true;
	return FAIL(v, o, "%s", text) || blame(v, src, res);
}

bool
verify_treshape(struct verify *v, struct op o)
{
	struct opnd src, res;

	if (!two_tiles(v, o, &src, &res, "expects src/result to be !pto.tile_buf types"))
		return false;
	if (src.s->space != res.s->space)
		return FAIL(v, o, "expects src and dst to use the same loc") || blame(v, &src, &res);
	if (!src.es || !res.es || tile_bytes(src.s, src.es) != tile_bytes(res.s, res.es))
		return FAIL(v, o, "expects src and dst to have the same total byte size") || blame(v, &src, &res);
	if ((src.s->slayout == SL_NONE_BOX) != (res.s->slayout == SL_NONE_BOX))
		return FAIL(v, o, "cannot reshape between boxed and non-boxed tile layouts") || blame(v, &src, &res);
	return true;
}

static bool
bitcast_like(struct verify *v, struct op o, const struct opnd *src, const struct opnd *res)
{
	const struct tile_shape *a = src->s, *b = res->s;

	if (a->rows != b->rows || a->cols != b->cols)
		return FAIL(v, o, "expects src/result to have the same shape") || blame(v, src, res);
	if (a->vrow != b->vrow || a->vcol != b->vcol)
		return FAIL(v, o, "expects src/result to have the same valid shape") || blame(v, src, res);
	if (a->blayout != b->blayout || a->slayout != b->slayout || a->fractal != b->fractal || a->pad != b->pad ||
	    a->compact != b->compact)
		return FAIL(v, o, "expects src/result to have the same tile config") || blame(v, src, res);
	return true;
}

bool
verify_tile_bitcast(struct verify *v, struct op o)
{
	struct opnd src, res;

	if (!two_tiles(v, o, &src, &res, "expects tile_buf src and tile_buf result"))
		return false;
	if (src.s->space != res.s->space)
		return FAIL(v, o, "expects src/result to have the same memorySpace") || blame(v, &src, &res);
	if (src.elem.i == res.elem.i)
		return FAIL(v, o,
			    "expects src/result to have different element types; use pto.treshape for shape/config "
			    "changes") ||
		       blame(v, &src, &res);
	if (!bitcast_like(v, o, &src, &res))
		return false;
	if (res.es > src.es || !res.es)
		return FAIL(v, o, "bitcast result requires more bytes than source storage") || blame(v, &src, &res);
	return true;
}

/* ---- ttrans ---- */

/* Whole blocks go through tmp on the vector unit; everything else is copied by the scalar unit. */
static bool
trans_uses_tmp(const struct opnd *src, const struct opnd *dst)
{
	int64_t block = 32 / (int64_t)src->es, tall = src->es == 1 ? 32 : 16;

	return dst->s->cols % tall == 0 && src->s->cols % block == 0 && src->s->cols / block <= 255;
}

bool
verify_ttrans(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), tmp, dst = opnd_of(v, o, 2);

	if (!tile_common(v, o, &src) || !tile_common(v, o, &dst) || !same_elem(v, o, &src, &dst))
		return false;
	if (src.s->blayout != BL_ROW_MAJOR)
		return FAIL(v, o, "expects A2/A3 transpose src to use the row_major blayout") || blame(v, &src, NULL);
	if (src.es != 1 && src.es != 2 && src.es != 4)
		return FAIL(v, o, "expects transpose element size to be 1, 2, or 4 bytes") || blame(v, &src, NULL);
	if (!rule_elem(v, o, &src))
		return false;
	if (!opnd_get(v, o, 1, &tmp))
		return tmp_missing(v, o, NULL);
	if (!tile_common(v, o, &tmp))
		return false;
	if (tmp.elem.i != src.elem.i)
		return FAIL(v, o, "expects src, tmp, and dst to have the same element type") ||
		       blame3(v, &src, &tmp, &dst);
	uint64_t need = trans_uses_tmp(&src, &dst) ? tile_bytes(src.s, src.es) : 32;
	return tmp_capacity(v, o, &tmp, need) && tile_vec(v, o, &src) && tile_vec(v, o, &tmp) && tile_vec(v, o, &dst);
}

/* ---- tfillpad ---- */

static bool
pad_shapes(struct verify *v, struct op o, const struct opnd *src, const struct opnd *dst)
{
	if (src->es != dst->es)
		return FAIL(v, o, "expects sizeof(src element) == sizeof(dst element)") || blame(v, src, dst);
	if (src->es != 1 && src->es != 2 && src->es != 4)
		return FAIL(v, o, "expects element size to be 1, 2, or 4 bytes") || blame(v, src, NULL);
	if (dst->s->rows < src->s->rows || dst->s->cols < src->s->cols)
		return FAIL(v, o, "expects each dst physical shape dimension to be >= src") || blame(v, src, dst);
	if ((dst->s->rows > src->s->rows || dst->s->cols > src->s->cols) && dst->s->space != SP_VEC)
		return FAIL(v, o, "expects expanded TFILLPAD only for loc=vec") || blame(v, src, dst);
	return true;
}

static void
mismatch(struct out *t, const char *field, int64_t a, int64_t b)
{
	if (a == b)
		return;
	out_f(t, "%s%s (", t->n ? ", " : "", field);
	if (a == DIM_DYN)
		out_char(t, '?');
	else
		out_f(t, "%lld", (long long)a);
	out_str(t, " vs ");
	if (b == DIM_DYN)
		out_char(t, '?');
	else
		out_f(t, "%lld", (long long)b);
	out_char(t, ')');
}

/* The text carries no op name: other tools look for it so. */
static bool
pad_mat_mismatch(struct verify *v, struct op o, const struct opnd *src, const struct opnd *dst)
{
	const struct tile_shape *a = src->s, *b = dst->s;
	struct out t;

	out_init(&t, v->ir->a);
	if (src->elem.i != dst->elem.i)
		out_f(&t, "dtype (%s vs %s)", ty_str(v, src->elem), ty_str(v, dst->elem));
	mismatch(&t, "rows", a->rows, b->rows);
	mismatch(&t, "cols", a->cols, b->cols);
	mismatch(&t, "v_row", a->vrow, b->vrow);
	mismatch(&t, "v_col", a->vcol, b->vcol);
	mismatch(&t, "blayout", a->blayout, b->blayout);
	mismatch(&t, "slayout", a->slayout, b->slayout);
	mismatch(&t, "fractal", a->fractal, b->fractal);
	mismatch(&t, "pad", a->pad, b->pad);
	mismatch(&t, "compact", a->compact, b->compact);
	diag_report(v->ir->diags, DIAG_VERIFY, ir_op(v->ir, o)->span,
		    "expects src/dst tile types to be lowerable to TFILLPAD for loc=mat; mismatching fields: %s",
		    out_text(&t).p);
	diag_note(v->ir->diags, ir_op(v->ir, o)->span, "heterogeneous TFILLPAD overload is only available for loc=vec");
	return blame(v, src, dst);
}

/* L1: only the padding of dst is written, nothing is copied (TFillPad.hpp): it must be one and the same storage. */
static bool
pad_mat(struct verify *v, struct op o, const struct opnd *src, const struct opnd *dst)
{
	int32_t pad = op_enum(v->ir, o, v->ir->name.pad_value, EN_PAD_VALUE, dst->s->pad);

	if (src->type.i != dst->type.i)
		return pad_mat_mismatch(v, o, src, dst);
	if (pad != dst->s->pad)
		return FAIL(v, o, "expects padValue attribute to match dst tile pad configuration") ||
		       blame(v, dst, NULL);
	if (pad != PAD_ZERO && pad != PAD_NULL)
		return FAIL(v, o, "expects A2/A3 mat padding to be zero or null") || blame(v, dst, NULL);
	if (dst->s->blayout != BL_COL_MAJOR || dst->s->slayout != SL_ROW_MAJOR)
		return FAIL(v, o, "expects A2/A3 mat dst to use the NZ layout (col_major, row_major boxes)") ||
		       blame(v, dst, NULL);
	return true;
}

bool
verify_tfillpad(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), dst = opnd_of(v, o, 1);

	if (op_attr(v->ir, o, v->ir->name.mode).i)
		return FAIL(v, o,
			    "does not accept 'mode'; PTOAS infers TFILLPAD lowering from physical shape and planned "
			    "addresses");
	if (!tile_common(v, o, &src) || !tile_common(v, o, &dst) || !pad_shapes(v, o, &src, &dst))
		return false;
	if (src.s->space != dst.s->space || (dst.s->space != SP_VEC && dst.s->space != SP_MAT))
		return FAIL(v, o, "expects src and dst to use loc=vec or loc=mat") || blame(v, &src, &dst);
	if (dst.s->space == SP_MAT)
		return pad_mat(v, o, &src, &dst);
	if (op_attr(v->ir, o, v->ir->name.pad_value).i)
		return FAIL(v, o, "expects padValue attribute only for loc=mat tfillpad");
	if (dst.s->pad == PAD_NULL)
		return FAIL(v, o, "expects dst PadVal != Null for tfillpad") || blame(v, &dst, NULL);
	return true;
}

/* ---- tgatherb ---- */

bool
verify_tgatherb(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), off = opnd_of(v, o, 1), dst = opnd_of(v, o, 2);

	if (!tile_common(v, o, &src) || !tile_common(v, o, &off) || !tile_common(v, o, &dst))
		return false;
	if (dst.s->blayout != BL_ROW_MAJOR)
		return FAIL(v, o, "expects dst to use row-major layout") || blame(v, &dst, NULL);
	if (dst.es != 1 && dst.es != 2 && dst.es != 4)
		return FAIL(v, o, "expects dst element size to be 1, 2, or 4 bytes") || blame(v, &dst, NULL);
	if (off.es != 4)
		return FAIL(v, o, "expects offsets element size to be 4 bytes") || blame(v, &off, NULL);
	return tile_vec(v, o, &src) && tile_vec(v, o, &off) && tile_vec(v, o, &dst);
}

/* ---- tscatter: src, dst, indexes ---- */

static bool
scatter_not_in_place(struct verify *v, struct op o, const struct opnd *x, const struct opnd *dst)
{
	if (x->val.i != dst->val.i)
		return true;
	op_error(v->ir, o, DIAG_VERIFY, "expects %s and dst to use different storage", x->name);
	diag_hint(v->ir->diags, "the library fills dst with zeros first");
	return false;
}

static bool
scatter_index(struct verify *v, struct op o, const struct opnd *src, const struct opnd *dst, const struct opnd *idx)
{
	if (!tile_vec_rows(v, o, src) || !tile_vec_rows(v, o, dst) || !tile_vec_rows(v, o, idx) ||
	    !same_elem(v, o, src, dst))
		return false;
	if (!rule_elem(v, o, src))
		return false;
	if (!(elem_bit(v, idx->elem) & (E_B16 | E_B32)))
		return FAIL(v, o, "expects indexes element type to be i16/i32") || blame(v, idx, NULL);
	if (idx->es != (src->es > 2 ? src->es : 2))
		return FAIL(v, o, "expects indexes element size to match the documented scatter rule") ||
		       blame(v, idx, src);
	if (!same_valid(v, o, src, idx))
		return false;
	for (uint32_t i = 0; i < 2; i++)
		if (dim_known(opnd_valid(src, i)) && dim_known(opnd_valid(dst, i)) &&
		    opnd_valid(dst, i) < opnd_valid(src, i))
			return FAIL(v, o, "expects dst valid_shape to be >= src valid_shape") || blame(v, src, dst);
	return scatter_not_in_place(v, o, src, dst) && scatter_not_in_place(v, o, idx, dst);
}

static bool
scatter_mask(struct verify *v, struct op o, const struct opnd *src, const struct opnd *dst, int32_t pattern)
{
	static const uint8_t stride[] = {0, 2, 2, 4, 4, 4, 4, 1};	/* by #pto.mask_pattern value */
	struct attr a = op_attr(v->ir, o, v->ir->name.axis);
	uint32_t ax;

	if (pattern < 1 || pattern > 7)
		return FAIL(v, o, "expects maskPattern to be a #pto.mask_pattern attribute");
	if (!a.i)
		return FAIL(v, o, "expects mask-pattern tscatter to provide axis attribute");
	struct strv axis = sym_text(&v->ir->in, attr_data(&v->ir->attrs, a)->text);
	if (!strv_is(axis, "row") && !strv_is(axis, "col"))
		return FAIL(v, o, "Invalid axis value, expected \"row\" or \"col\"");
	ax = strv_is(axis, "row") ? 1 : 0;
	if (!tile_common(v, o, src) || !tile_common(v, o, dst) || !same_elem(v, o, src, dst) || !rule_elem(v, o, src))
		return false;
	if (src->s->blayout || dst->s->blayout)
		return FAIL(v, o, "expects mask-pattern tscatter to use row_major blayout") || blame(v, src, dst);
	if (opnd_dim(src, 1 - ax) != opnd_dim(dst, 1 - ax))
		return FAIL(v, o, "expects mask-pattern tscatter src and dst to have the same number of %s",
			    ax ? "rows" : "columns") || blame(v, src, dst);
	if (opnd_dim(dst, ax) != stride[pattern] * opnd_dim(src, ax))
		return FAIL(v, o, "expects mask-pattern tscatter dst %s to be %d times src %s", ax ? "columns" : "rows",
			    stride[pattern], ax ? "columns" : "rows") || blame(v, src, dst);
	return tile_vec(v, o, src) && tile_vec(v, o, dst) && scatter_not_in_place(v, o, src, dst);
}

bool
verify_tscatter(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	struct opnd src = opnd_of(v, o, 0), dst = opnd_of(v, o, 1), idx;
	bool indexes = opnd_get(v, o, 2, &idx), mask = op_attr(ir, o, ir->name.mask_pattern).i != 0;

	if (indexes == mask)
		return FAIL(v, o, "expects exactly one of indexes operand or maskPattern attribute");
	if (indexes && op_attr(ir, o, ir->name.axis).i)
		return FAIL(v, o, "axis attribute must not be provided with indexes operand");
	if (indexes)
		return scatter_index(v, o, &src, &dst, &idx);
	return scatter_mask(v, o, &src, &dst, op_enum(ir, o, ir->name.mask_pattern, EN_MASK_PATTERN, 0));
}
