/*
 * move: transfers between global memory and tiles, and between tiles.
 */
#include "base/num.h"
#include "verify/rule.h"

/* ---- global memory ---- */

static bool
pair_kinds(struct verify *v, struct op o, const struct opnd *tile, const struct opnd *view, const char *want)
{
	if (tile->s && type_kind(&v->ir->types, view->type) == TY_PVIEW)
		return true;
	return FAIL(v, o, "%s", want) || blame(v, tile, view);
}

static bool
view_positive(struct verify *v, struct op o, const struct opnd *view)
{
	const struct type_data *d = type_data(&v->ir->types, view->type);

	for (uint32_t i = 0; i < d->rank; i++)
		if (d->dim[i] == 0)
			return FAIL(v, o, "expects %s shape[%u] to be positive", view->name, i) || blame(v, view, NULL);
	return true;
}

static bool
transfer_elems(struct verify *v, struct op o, const struct opnd *src, const struct opnd *dst)
{
	if (src->es == dst->es && src->es)
		return true;
	return FAIL(v, o, "expects src and dst element types to have the same bitwidth") || blame(v, src, dst);
}

bool
verify_tload(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), dst = opnd_of(v, o, 1);
	const char *name = rule_text(v, o, "$");

	if (!pair_kinds(v, o, &dst, &src, "expects src to be !pto.partition_tensor_view and dst to be !pto.tile_buf"))
		return false;
	if (opnd_low(v, &src) || opnd_low(v, &dst))
		return FAIL(v, o, "expects A2/A3 %s low-precision element types to be unsupported", name) ||
		       blame(v, &src, &dst);
	if (!view_positive(v, o, &src) || !tile_common(v, o, &dst) || !rule_elem(v, o, &dst))
		return false;
	if (dst.s->space != SP_VEC && dst.s->space != SP_MAT)
		return FAIL(v, o, "expects A2/A3 %s dst to use loc=vec or loc=mat", name) || blame(v, &dst, NULL);
	return transfer_elems(v, o, &src, &dst);
}

static bool
store_count(struct verify *v, struct op o, const struct opnd *src, const struct opnd *dst)
{
	int64_t view = type_elems(&v->ir->types, dst->type), tile = 0;

	if (dim_known(src->s->vrow) && dim_known(src->s->vcol) && !num_mul(src->s->vrow, src->s->vcol, &tile))
		tile = 0;
	if (view <= 0 || !tile || view == tile)
		return true;
	return FAIL(v, o, "expects dst static element count (%lld) to match src valid_shape static element count "
		    "(%lld)", (long long)view, (long long)tile) || blame(v, dst, src);
}

/* L0C through the fixpipe: cast on the way, quantised with a scalar or with the table of `fp`. */
static bool
store_acc(struct verify *v, struct op o, const struct opnd *src, const struct opnd *dst, bool fp, bool quant)
{
	uint32_t from = elem_bit(v, src->elem), to = elem_bit(v, dst->elem);

	if (!(from & (E_I32 | E_F32)))
		return FAIL(v, o, "expects A2/A3 acc tstore src element type to be i32 or f32") || blame(v, src, NULL);
	if (quant && !(to & E_B8) && !(to == E_F16 && from == E_I32))
		return FAIL(v, o, "expects A2/A3 acc preQuantScalar tstore dst type to be %s",
			    from == E_I32 ? "i8/ui8/f16" : "i8/ui8") || blame(v, src, dst);
	if (!quant && !fp && !(to & (E_I32 | E_F32 | E_F16 | E_BF16)))
		return FAIL(v, o, "expects A2/A3 acc tstore dst element type to be i32/f32/f16/bf16") ||
		       blame(v, dst, NULL);
	if (src->s->cols > 4095)
		return FAIL(v, o, "expects A2/A3 acc tstore src cols to be in [1, 4095]") || blame(v, src, NULL);
	return true;
}

bool
verify_tstore(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	struct opnd src = opnd_of(v, o, 0), dst = opnd_of(v, o, 1), fp, quant;
	bool has_fp = opnd_get(v, o, 2, &fp), has_quant = opnd_get(v, o, 3, &quant);

	if (has_fp && has_quant)
		return FAIL(v, o, "expects fp and preQuantScalar to be mutually exclusive");
	if (has_fp && op_enum(ir, o, ir->name.st_phase, EN_ST_PHASE, 0))
		return FAIL(v, o, "expects fp form to use the default stPhase");
	if (!pair_kinds(v, o, &src, &dst, "expects src to be !pto.tile_buf and dst to be !pto.partition_tensor_view"))
		return false;
	if (has_fp && fp.s->space != SP_SCALING)
		return FAIL(v, o, "expects fp to use loc=scaling") || blame(v, &fp, NULL);
	if (!view_positive(v, o, &dst) || !tile_common(v, o, &src) || (!has_fp && !store_count(v, o, &src, &dst)))
		return false;
	if (src.s->space != SP_VEC && src.s->space != SP_MAT && src.s->space != SP_ACC)
		return FAIL(v, o, "expects A2/A3 tstore src to use loc=vec, loc=mat, or loc=acc") ||
		       blame(v, &src, NULL);
	if (src.s->space == SP_ACC)
		return store_acc(v, o, &src, &dst, has_fp, has_quant);
	if (has_fp || has_quant)
		return FAIL(v, o, "expects fp/preQuantScalar form to use loc=acc src") || blame(v, &src, NULL);
	if (op_enum(ir, o, ir->name.relu_pre_mode, EN_RELU_PRE_MODE, 0))
		return FAIL(v, o, "expects reluPreMode form to use loc=acc src") || blame(v, &src, NULL);
	if (opnd_low(v, &dst))
		return FAIL(v, o, "expects A2/A3 vec/mat tstore low-precision dst element types to be unsupported") ||
		       blame(v, &dst, NULL);
	return rule_elem(v, o, &src) && transfer_elems(v, o, &src, &dst);
}

/* ---- tile to tile ---- */

/* What each pair of spaces can move on a2/a3: source and destination element types. */
static const struct move_row {
	uint8_t from, to;	/* enum space */
	uint32_t src, dst;	/* E_* */
	bool same;		/* element types must be equal */
} move_table[] = {
	{SP_MAT, SP_LEFT, E_B8 | E_FLOAT | E_BF16, E_B8 | E_FLOAT | E_BF16, true},
	{SP_MAT, SP_RIGHT, E_B8 | E_FLOAT | E_BF16, E_B8 | E_FLOAT | E_BF16, true},
	{SP_MAT, SP_BIAS, E_I32 | E_FLOAT, E_I32 | E_F32, false},
	{SP_MAT, SP_SCALING, E_B64, E_B64, true},
	{SP_VEC, SP_VEC, ~0u, ~0u, false},
	{SP_ACC, SP_MAT, E_I32 | E_F32, E_B8 | E_I16 | E_F16 | E_BF16, false},
};

static const struct move_row *
move_find(enum space from, enum space to)
{
	for (uint32_t i = 0; i < sizeof move_table / sizeof move_table[0]; i++)
		if (move_table[i].from == from && move_table[i].to == to)
			return &move_table[i];
	return NULL;
}

static bool
move_elems(struct verify *v, struct op o, const struct move_row *r, const struct opnd *src, const struct opnd *dst)
{
	uint32_t s = elem_bit(v, src->elem), d = elem_bit(v, dst->elem);
	bool ok = (s & r->src) && (d & r->dst) && (!r->same || src->elem.i == dst->elem.i);

	if (r->from == SP_VEC)
		ok = src->es == dst->es;
	if (r->to == SP_BIAS)
		ok = ok && (s == E_I32) == (d == E_I32);
	if (ok)
		return true;
	return FAIL(v, o, "cannot move element type %s from %s to %s as %s", ty_str(v, src->elem),
		    isa_space[r->from].tile, isa_space[r->to].tile, ty_str(v, dst->elem)) || blame(v, src, dst);
}

static bool
nz_layout(const struct opnd *x)
{
	return x->s->blayout == BL_COL_MAJOR && x->s->slayout == SL_ROW_MAJOR;
}

/* The forms that work on the way out of L0C. */
static bool
move_fixpipe(struct verify *v, struct op o, const struct opnd *src, const struct opnd *dst, bool fp, bool quant)
{
	struct ir *ir = v->ir;
	bool relu = op_enum(ir, o, ir->name.relu_pre_mode, EN_RELU_PRE_MODE, 0);

	if (src->s->space != SP_ACC) {
		const char *form = relu ? "reluPreMode" : quant ? "preQuantScalar" : "fp";
		if (!relu && !quant && !fp)
			return true;
		return FAIL(v, o, "expects %s form to use loc=acc src", form) || blame(v, src, NULL);
	}
	if (fp && !(elem_bit(v, src->elem) & (E_F32 | E_I32)))
		return FAIL(v, o, "expects fp form src to have element type f32, i32") || blame(v, src, NULL);
	if ((fp || relu) && !nz_layout(src))
		return FAIL(v, o, "expects acc-source fp/relu tmov src to use blayout=col_major and "
			    "slayout=row_major") ||
		       blame(v, src, NULL);
	if (fp && !nz_layout(dst))
		return FAIL(v, o, "expects fp tmov dst to use blayout=col_major and slayout=row_major") ||
		       blame(v, dst, NULL);
	if (dst->s->fractal != 512)
		return FAIL(v, o, "expects A2/A3 acc-to-mat tmov destination fractal to be 512") || blame(v, dst, NULL);
	return true;
}

bool
verify_tmov(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), dst = opnd_of(v, o, 1), fp, quant;
	bool has_fp = opnd_get(v, o, 2, &fp), has_quant = opnd_get(v, o, 3, &quant);

	if (!tile_common(v, o, &src) || !tile_common(v, o, &dst))
		return false;
	const struct move_row *r = move_find(src.s->space, dst.s->space);
	if (!r) {
		op_error(v->ir, o, DIAG_VERIFY, "expects a supported tmov address-space pair for this target");
		blame(v, &src, &dst);
		diag_hint(v->ir->diags, "a2/a3 moves mat to left, right, bias or scaling, vec to vec, and acc to mat");
		return false;
	}
	if (src.s->rows != dst.s->rows || src.s->cols != dst.s->cols)
		return FAIL(v, o, "expects %s tmov to use matching src/dst shapes",
			    src.s->space == SP_MAT ? "mat-source" : "A2/A3 non-mat") || blame(v, &src, &dst);
	if (has_fp && has_quant)
		return FAIL(v, o, "expects fp and preQuantScalar forms to be mutually exclusive");
	if (has_fp && fp.s->space != SP_SCALING)
		return FAIL(v, o, "expects fp to be in the scaling address space") || blame(v, &fp, NULL);
	return move_fixpipe(v, o, &src, &dst, has_fp, has_quant) && move_elems(v, o, r, &src, &dst);
}

/* ---- windows ---- */

static bool
window_fits(struct verify *v, struct op o, const struct opnd *idx, const struct opnd *src, const struct opnd *dst,
	    uint32_t i)
{
	int64_t at, end;

	if (!val_const_int(v->ir, idx->val, &at))
		return true;
	if (at < 0)
		return FAIL(v, o, "expects %s to be non-negative", idx->name) || blame(v, idx, NULL);
	if (!num_add(at, opnd_dim(dst, i), &end) || end > opnd_dim(src, i))
		return FAIL(v, o, "expects %s + dst.%s <= src.%s", idx->name, i ? "cols" : "rows",
			    i ? "cols" : "rows") ||
		       blame(v, src, dst);
	return true;
}

static bool
extract_acc(struct verify *v, struct op o, const struct opnd *src, const struct opnd *dst, bool fp, bool quant)
{
	uint32_t from = elem_bit(v, src->elem), to = elem_bit(v, dst->elem);

	if (dst->s->space != SP_MAT)
		return FAIL(v, o, "expects A2/A3 acc-source textract dst to use loc=mat") || blame(v, dst, NULL);
	if (!nz_layout(src))
		return FAIL(v, o, "expects A2/A3 acc-source textract src to use blayout=col_major and "
			    "slayout=row_major") || blame(v, src, NULL);
	if (!nz_layout(dst))
		return FAIL(v, o, "expects A2/A3 acc-source textract dst to use blayout=col_major and "
			    "slayout=row_major") || blame(v, dst, NULL);
	if (dst->s->fractal != 512)
		return FAIL(v, o, "expects A2/A3 acc-source textract dst fractal size to be 512") ||
		       blame(v, dst, NULL);
	if (quant && !(from == E_F32 && to & E_B8) && !(from == E_I32 && to & (E_B8 | E_F16 | E_B16)))
		return FAIL(v, o, "expects A2/A3 acc preQuantScalar textract element types to be (src=f32,dst=i8) or "
			    "(src=i32,dst=i8/f16/i16)") || blame(v, src, dst);
	if (!quant && !fp && !(from == E_F32 && to & (E_F16 | E_BF16)))
		return FAIL(v, o, "expects A2/A3 acc textract element types to be src=f32, dst=f16/bf16") ||
		       blame(v, src, dst);
	return true;
}

static bool
extract_mat(struct verify *v, struct op o, const struct opnd *src, const struct opnd *dst)
{
	const struct tile_shape *d = dst->s;

	if (src->s->slayout == SL_NONE_BOX)
		return FAIL(v, o, "expects A2/A3 textract src to use a supported mat blayout/slayout combination") ||
		       blame(v, src, NULL);
	if (d->space == SP_LEFT && (d->blayout != BL_ROW_MAJOR || d->slayout != SL_ROW_MAJOR))
		return FAIL(v, o, "expects A2/A3 left dst to use row_major blayout and row_major slayout") ||
		       blame(v, dst, NULL);
	if (d->space == SP_RIGHT && (d->blayout != BL_ROW_MAJOR || d->slayout != SL_COL_MAJOR))
		return FAIL(v, o, "expects A2/A3 right dst to use row_major blayout and col_major slayout") ||
		       blame(v, dst, NULL);
	if (d->space != SP_LEFT && d->space != SP_RIGHT)
		return FAIL(v, o, "has no A2/A3 form from mat to %s", isa_space[d->space].tile) || blame(v, src, dst);
	return true;
}

static bool
extract_spaces(struct verify *v, struct op o, const struct opnd *src, const struct opnd *dst, bool plain)
{
	enum space s = src->s->space, d = dst->s->space;

	if (s != SP_MAT && s != SP_ACC && s != SP_VEC)
		return FAIL(v, o, "expects A2/A3 textract src to use loc=mat, loc=acc, or loc=vec") ||
		       blame(v, src, NULL);
	if (d != SP_LEFT && d != SP_RIGHT && d != SP_MAT && d != SP_VEC)
		return FAIL(v, o, "expects A2/A3 textract dst to use loc=left, loc=right, loc=mat, or loc=vec") ||
		       blame(v, dst, NULL);
	if (s == SP_VEC && d != SP_VEC)
		return FAIL(v, o, "has no A2/A3 form from vec to %s", isa_space[d].tile) || blame(v, src, dst);
	if (s == SP_VEC && !plain)
		return FAIL(v, o, "expects vec->vec textract to use the base form without preQuantScalar or "
			    "reluPreMode");
	return true;
}

bool
verify_textract(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	struct opnd src = opnd_of(v, o, 0), row = opnd_of(v, o, 1), col = opnd_of(v, o, 2), dst = opnd_of(v, o, 3);
	struct opnd quant, fp;
	bool has_quant = opnd_get(v, o, 4, &quant), has_fp = opnd_get(v, o, 5, &fp);
	bool relu = op_enum(ir, o, ir->name.relu_pre_mode, EN_RELU_PRE_MODE, 0);

	if (!tile_common(v, o, &src) || !tile_common(v, o, &dst) || !window_fits(v, o, &row, &src, &dst, 0) ||
	    !window_fits(v, o, &col, &src, &dst, 1) || !extract_spaces(v, o, &src, &dst, !has_quant && !relu))
		return false;
	if (has_fp && has_quant)
		return FAIL(v, o, "expects fp and preQuantScalar to be mutually exclusive");
	if (has_fp && fp.s->space != SP_SCALING)
		return FAIL(v, o, "expects fp to use loc=scaling") || blame(v, &fp, NULL);
	if (src.s->space == SP_ACC)
		return extract_acc(v, o, &src, &dst, has_fp, has_quant);
	if (has_fp || has_quant || relu)
		return FAIL(v, o, "expects %s form to use loc=acc src",
			    has_fp ? "fp" : has_quant ? "preQuantScalar" : "reluPreMode") || blame(v, &src, NULL);
	if (!same_elem(v, o, &src, &dst) || !rule_elem(v, o, &src))
		return false;
	return src.s->space == SP_VEC || extract_mat(v, o, &src, &dst);
}
