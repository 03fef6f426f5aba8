/*
 * gather: indexed transfers between GM and tiles, prefetches, elements of tiles, and tiles put into windows of tiles.
 */
#include "base/num.h"
#include "verify/rule.h"

enum { E_GATHER = E_B8 | E_B16 | E_B32 | E_F16 | E_BF16 | E_F32 };

static bool
in_gm(struct verify *v, const struct opnd *x)
{
	enum type_kind k = type_kind(&v->ir->types, x->type);

	return k == TY_PVIEW || k == TY_TVIEW;
}

/* A view of GM: positive extents, and layout nd where it was written down. */
static bool
table_view(struct verify *v, struct op o, const struct opnd *x)
{
	const struct type_data *d = type_data(&v->ir->types, x->type);

	if (d->kind != TY_PVIEW)
		return FAIL(v, o, "expects %s to be a !pto.partition_tensor_view", x->name) || blame(v, x, NULL);
	for (uint32_t i = 0; i < d->rank; i++)
		if (d->dim[i] == 0)
			return FAIL(v, o, "expects %s shape[%u] to be positive", x->name, i) || blame(v, x, NULL);
	return true;
}

static bool
index_elems(struct verify *v, struct op o, const struct opnd *idx)
{
	const struct type_data *d = type_data(&v->ir->types, idx->elem);

	if (d->kind == TY_INT && d->width == 32 && d->sign == SIGNLESS)
		return true;
	return FAIL(v, o, "expects idx element type to be signless i32") || blame(v, idx, NULL);
}

static bool
data_elems(struct verify *v, struct op o, const struct opnd *data, const struct opnd *mem)
{
	if (!(elem_bit(v, data->elem) & E_GATHER))
		return FAIL(v, o, "expects %s element type to be i8/ui8/i16/ui16/i32/ui32/f16/bf16/f32", data->name) ||
		       blame(v, data, NULL);
	if (data->elem.i != mem->elem.i)
		return FAIL(v, o, "expects mem and %s to have the same element type", data->name) ||
		       blame(v, mem, data);
	return true;
}

/* Row mode takes one index per row of the data, elem mode one per element. */
static bool
index_shape(struct verify *v, struct op o, const struct opnd *idx, const struct opnd *data, bool elem)
{
	int64_t r = idx->s->vrow, c = idx->s->vcol;
	bool col = idx->s->blayout == BL_COL_MAJOR;

	if (elem) {
		if (!dim_differ(r, data->s->vrow) && !dim_differ(c, data->s->vcol))
			return true;
		return FAIL(v, o, "expects idx valid_shape to equal %s valid_shape with coalesce elem", data->name) ||
		       blame(v, idx, data);
	}
	if (!dim_differ(col ? c : r, 1) && !dim_differ(col ? r : c, data->s->vrow))
		return true;
	return FAIL(v, o, "expects idx valid_shape to be [1, R] with coalesce row, where R is the valid rows of %s",
		    data->name) || blame(v, idx, data);
}

static bool
row_major_data(struct verify *v, struct op o, const struct opnd *x)
{
	if (x->s->space != SP_VEC)
		return FAIL(v, o, "expects %s to use loc=vec", x->name) || blame(v, x, NULL);
	if (x->s->blayout != BL_ROW_MAJOR || x->s->slayout != SL_NONE_BOX)
		return FAIL(v, o, "expects %s to be a row_major none_box tile", x->name) || blame(v, x, NULL);
	return true;
}

/* GM -> L1: the indices stand in GM; elem mode collects in a GM scratch first. */
static bool
gather_to_mat(struct verify *v, struct op o, const struct opnd *idx, const struct opnd *dst, bool elem)
{
	struct opnd tmp;
	bool has = opnd_get(v, o, 2, &tmp);
	uint32_t c0 = 32 / (dst->es ? dst->es : 1);

	if (!in_gm(v, idx))
		return FAIL(v, o, "expects GM->L1 mgather idx to be a GM tensor") || blame(v, idx, NULL);
	if (dst->s->blayout != BL_COL_MAJOR || dst->s->slayout != SL_ROW_MAJOR || dst->s->fractal != 512)
		return FAIL(v, o, "expects GM->L1 mgather dst to use blayout=col_major, slayout=row_major and "
			    "fractal=512") || blame(v, dst, NULL);
	if (dst->s->cols % c0 || dst->s->rows % 16)
		return FAIL(v, o, "expects GM->L1 mgather dst rows to be a multiple of 16 and cols of %u", c0) ||
		       blame(v, dst, NULL);
	if (elem != has)
		return FAIL(v, o, elem ? "expects a scratch operand with coalesce elem on GM->L1 mgather"
				       : "expects no scratch operand with coalesce row") || blame(v, dst, NULL);
	if (has && (tmp.elem.i != dst->elem.i || !table_view(v, o, &tmp)))
		return FAIL(v, o, "expects scratch and dst to have the same element type") || blame(v, &tmp, dst);
	int64_t room = has ? type_elems(&v->ir->types, tmp.type) : DIM_DYN;
	if (room > 0 && room < dst->s->rows * dst->s->cols)
		return FAIL(v, o, "expects scratch to hold at least %lld elements, but it has %lld",
			    (long long)(dst->s->rows * dst->s->cols), (long long)room) ||
		       blame(v, &tmp, dst);
	return index_elems(v, o, idx);
}

static bool
gather_to_vec(struct verify *v, struct op o, const struct opnd *idx, const struct opnd *dst, bool elem)
{
	if (op_slot(v->ir, o, 2).i)
		return FAIL(v, o, "expects scratch operand only on GM->L1 (loc=mat) mgather") || blame(v, dst, NULL);
	if (!idx->s)
		return FAIL(v, o, "expects idx to be a vec tile") || blame(v, idx, NULL);
	return row_major_data(v, o, dst) && tile_vec(v, o, idx) && tile_none_box(v, o, idx) && index_elems(v, o, idx) &&
	       index_shape(v, o, idx, dst, elem);
}

bool
verify_mgather(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	struct opnd mem = opnd_of(v, o, 0), idx = opnd_of(v, o, 1), dst = opnd_of(v, o, 3);
	int32_t mode = op_enum(ir, o, ir->name.coalesce, EN_COALESCE, -1);

	if (mode < 0) {
		op_error(ir, o, DIAG_VERIFY, "requires attribute 'coalesce'");
		diag_hint(ir->diags, "coalesce = #pto<coalesce row> takes one index per row, #pto<coalesce elem> one "
			  "per element");
		return false;
	}
	if (!table_view(v, o, &mem) || !tile_common(v, o, &dst) || !data_elems(v, o, &dst, &mem))
		return false;
	if (dst.s->space == SP_MAT)
		return gather_to_mat(v, o, &idx, &dst, mode == 1);
	return gather_to_vec(v, o, &idx, &dst, mode == 1);
}

/* Without coalesce any index shape passes, as in the reference; the library then takes row mode. */
bool
verify_mscatter(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	struct opnd src = opnd_of(v, o, 0), idx = opnd_of(v, o, 1), mem = opnd_of(v, o, 2);
	int32_t mode = op_enum(ir, o, ir->name.coalesce, EN_COALESCE, -1);
	int32_t atomic = op_enum(ir, o, ir->name.scatter_atomic_op, EN_SCATTER_ATOMIC_OP, 0);

	if (!table_view(v, o, &mem) || !tile_common(v, o, &src) || !row_major_data(v, o, &src) ||
	    !tile_vec(v, o, &idx) || !tile_none_box(v, o, &idx) || !data_elems(v, o, &src, &mem) ||
	    !index_elems(v, o, &idx))
		return false;
	if (op_attr(ir, o, ir->name.scatter_conflict).i)
		return FAIL(v, o, "expects scatterConflict only on A5 targets");
	if (mode < 0 && (op_attr(ir, o, ir->name.scatter_atomic_op).i || op_attr(ir, o, ir->name.scatter_oob).i))
		return FAIL(v, o, "expects coalesce when scatterAtomicOp/scatterOob/scatterConflict is specified");
	if (atomic > 1)
		return FAIL(v, o, "scatterAtomicOp %s does not exist in the A2/A3 library",
			    enum_case_name(EN_SCATTER_ATOMIC_OP, atomic));
	if (atomic == 1 && !(elem_bit(v, src.elem) & (E_B32 | E_F16 | E_F32)))
		return FAIL(v, o, "expects scatterAtomicOp-compatible src element type: add supports i32/ui32/f16/f32, "
			    "max/min support signless i32/f32") || blame(v, &src, NULL);
	return mode < 0 || index_shape(v, o, &idx, &src, mode == 1);
}

/* ---- prefetches ---- */

bool
verify_tprefetch(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), dst = opnd_of(v, o, 1);

	if (!table_view(v, o, &src))
		return false;
	if (opnd_low(v, &src) || opnd_low(v, &dst))
		return FAIL(v, o, "expects A2/A3 tprefetch low-precision element types to be unsupported") ||
		       blame(v, &src, &dst);
	if (!tile_common(v, o, &dst))
		return false;
	if (dst.s->space != SP_VEC && dst.s->space != SP_MAT)
		return FAIL(v, o, "expects dst to use loc=vec or loc=mat") || blame(v, &dst, NULL);
	if (src.es != dst.es)
		return FAIL(v, o, "expects src and dst element types to have the same element size") ||
		       blame(v, &src, &dst);
	if (dst.s->space == SP_MAT)
		return FAIL(v, o, "has no A2/A3 form through mat: the library takes the address of its scratch for one "
			    "in vec") || blame(v, &dst, NULL);
	return true;
}

/* One run of elements: every extent but the last is 1. */
bool
verify_tprefetch_async(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), ctx = opnd_of(v, o, 1), res = opnd_result(v, o, 0);
	const struct type_data *d = type_data(&v->ir->types, src.type);
	bool flat = d->kind == TY_PVIEW && d->rank > 0 && d->dim[d->rank - 1] != DIM_DYN;

	for (uint32_t i = 0; flat && i + 1 < d->rank; i++)
		flat = d->dim[i] == 1;
	if (!flat)
		return FAIL(v, o, "expects src to be a static flat contiguous logical 1D GM view") ||
		       blame(v, &src, NULL);
	if (type_kind(&v->ir->types, ctx.type) != TY_PREFETCH_CTX)
		return FAIL(v, o, "expects ctx to be a !pto.prefetch_async_context") || blame(v, &ctx, NULL);
	if (type_kind(&v->ir->types, res.type) != TY_ASYNC_EVENT)
		return FAIL(v, o, "expects result to be a !pto.async_event") || blame(v, &res, NULL);
	return true;
}

/* ---- elements ---- */

static bool
element_offset(struct verify *v, struct op o, const struct opnd *tile, const struct opnd *off)
{
	int64_t c, n = tile->s->rows * tile->s->cols;

	if (val_const_int(v->ir, off->val, &c) && (c < 0 || c >= n))
		return FAIL(v, o, "offset %lld is outside the tile, which has %lld elements", (long long)c,
			    (long long)n) || blame(v, off, tile);
	return true;
}

bool
verify_tgetval(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), off = opnd_of(v, o, 1), res = opnd_result(v, o, 0);

	if (!src.s)
		return FAIL(v, o, "expects src to be tile_buf type") || blame(v, &src, NULL);
	if (src.s->space == SP_MAT)
		return FAIL(v, o, "Ascend hardware does not support reading from Mat tile_buf to Scalar unit") ||
		       blame(v, &src, NULL);
	if (src.s->space != SP_VEC)
		return FAIL(v, o, "expects src memory space to be vec") || blame(v, &src, NULL);
	if (src.elem.i != res.type.i)
		return FAIL(v, o, "expects dst type to match src element type") || blame(v, &src, &res);
	return element_offset(v, o, &src, &off);
}

/* The reference accepts any space and value; the scalar unit reaches UB only. */
bool
verify_tsetval(struct verify *v, struct op o)
{
	struct opnd off = opnd_of(v, o, 0), val = opnd_of(v, o, 1), dst = opnd_of(v, o, 2);

	if (!tile_common(v, o, &dst))
		return false;
	if (dst.s->space != SP_VEC)
		return FAIL(v, o, "expects dst memory space to be vec: the scalar unit reaches no other tile") ||
		       blame(v, &dst, NULL);
	if (val.type.i != dst.elem.i)
		return FAIL(v, o, "expects val type to match dst element type") || blame(v, &val, &dst);
	return element_offset(v, o, &dst, &off);
}

/* ---- insertion ---- */

static bool
insert_fits(struct verify *v, struct op o, uint32_t slot, const struct opnd *src, const struct opnd *dst, uint32_t i)
{
	struct opnd idx = opnd_of(v, o, slot);
	int64_t at, end, n = opnd_valid(src, i);

	if (!val_const_int(v->ir, idx.val, &at))
		return true;
	if (at < 0)
		return FAIL(v, o, "expects %s to be non-negative", idx.name) || blame(v, &idx, NULL);
	if (dim_known(n) && (!num_add(at, n, &end) || end > opnd_dim(dst, i)))
		return FAIL(v, o, "expects %s + src.%s <= dst.%s", idx.name, i ? "cols" : "rows",
			    i ? "cols" : "rows") || blame(v, src, dst);
	return true;
}

static bool
nz(const struct opnd *x)
{
	return x->s->blayout == BL_COL_MAJOR && x->s->slayout == SL_ROW_MAJOR;
}

static bool
insert_acc(struct verify *v, struct op o, const struct opnd *src, const struct opnd *dst, bool quant)
{
	uint32_t from = elem_bit(v, src->elem), to = elem_bit(v, dst->elem);

	if (!nz(src) || !nz(dst))
		return FAIL(v, o, "expects A2/A3 acc-source tinsert src and dst to use blayout=col_major and "
			    "slayout=row_major") || blame(v, src, dst);
	if (dst->s->fractal != 512)
		return FAIL(v, o, "expects A2/A3 acc-source tinsert dst fractal size to be 512") ||
		       blame(v, dst, NULL);
	if (quant && !(from == E_F32 && to & E_B8) && !(from == E_I32 && to & (E_B8 | E_F16 | E_I16)))
		return FAIL(v, o, "expects A2/A3 tinsert quantised element types to be (src=f32, dst=i8) or (src=i32, "
			    "dst=i8/f16/i16)") || blame(v, src, dst);
	if (!quant && !(from == E_F32 && to & (E_F16 | E_BF16)))
		return FAIL(v, o, "expects A2/A3 tinsert element types to be src=f32, dst=f16/bf16") ||
		       blame(v, src, dst);
	return true;
}

bool
verify_tinsert(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	struct opnd src = opnd_of(v, o, 0), dst = opnd_of(v, o, 3), fp, quant;
	bool has_fp = opnd_get(v, o, 4, &fp), has_quant = opnd_get(v, o, 5, &quant);
	bool relu = op_enum(ir, o, ir->name.relu_pre_mode, EN_RELU_PRE_MODE, 0);

	if (!tile_common(v, o, &src) || !tile_common(v, o, &dst))
		return false;
	bool acc = src.s->space == SP_ACC && dst.s->space == SP_MAT;
	if (has_fp && has_quant)
		return FAIL(v, o, "expects fp and preQuantScalar to be mutually exclusive");
	if (op_attr(ir, o, ir->name.acc_to_vec_mode).i || op_attr(ir, o, ir->name.tinsert_mode).i)
		return FAIL(v, o, "expects accToVecMode and tinsertMode only on A5 targets");
	if (!acc && !(src.s->space == SP_VEC && dst.s->space == SP_VEC)) {
		op_error(ir, o, DIAG_VERIFY, "expects a supported tinsert address-space pair for this target");
		blame(v, &src, &dst);
		diag_hint(ir->diags, "a2/a3 inserts acc into mat and vec into vec");
		return false;
	}
	if (!acc && (has_fp || has_quant || relu))
		return FAIL(v, o, "expects %s form to use loc=acc src",
			    has_fp ? "fp" : has_quant ? "preQuantScalar" : "reluPreMode") || blame(v, &src, NULL);
	if (has_fp && fp.s->space != SP_SCALING)
		return FAIL(v, o, "expects fp to use loc=scaling") || blame(v, &fp, NULL);
	if (!insert_fits(v, o, 1, &src, &dst, 0) || !insert_fits(v, o, 2, &src, &dst, 1))
		return false;
	return acc ? insert_acc(v, o, &src, &dst, has_fp || has_quant)
		   : same_elem(v, o, &src, &dst) && rule_elem(v, o, &src);
}
