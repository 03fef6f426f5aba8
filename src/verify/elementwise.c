/*
 * elementwise: families VecUnary, RowMajorBinary and NumericScalar, fills and conversions between element types.
 */
#include "verify/rule.h"

/* ---- one source ---- */

static bool
unary_tail(struct verify *v, struct op o, const struct opnd *src, const struct opnd *dst)
{
	return same_valid(v, o, src, dst) && rule_elem(v, o, src);
}

bool
verify_vec_unary_any(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), dst = opnd_of(v, o, 1);

	return tile_vec_rows(v, o, &src) && tile_vec_rows(v, o, &dst) && same_elem(v, o, &src, &dst) &&
	       unary_tail(v, o, &src, &dst);
}

/* The layout is free: the library runs it as a multiplication with a scalar. */
bool
verify_vec_unary_storage(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), dst = opnd_of(v, o, 1);

	return tile_vec(v, o, &src) && tile_vec(v, o, &dst) && same_elem(v, o, &src, &dst) &&
	       unary_tail(v, o, &src, &dst);
}

bool
verify_vec_unary(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), dst = opnd_of(v, o, 1);

	if (!tile_vec_rows(v, o, &src) || !tile_vec_rows(v, o, &dst) || !same_elem(v, o, &src, &dst))
		return false;
	if (!(elem_bit(v, src.elem) & (E_B8 | E_B16 | E_B32 | E_FLOAT | E_BF16)))
		return FAIL(v, o, "expects vec tile element types to be supported") || blame(v, &src, NULL);
	return unary_tail(v, o, &src, &dst);
}

/* The library fills dst before it reads src. */
bool
verify_recip(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), dst = opnd_of(v, o, 1);

	if (!verify_vec_unary(v, o))
		return false;
	if (src.val.i != dst.val.i)
		return true;
	op_error(v->ir, o, DIAG_VERIFY, "expects A3 %s src and dst to use different storage",
		 rule_text(v, o, "$"));
	diag_hint(v->ir->diags, "the library fills dst before it reads src; give the result a tile of its own");
	return false;
}

bool
verify_rsqrt(struct verify *v, struct op o)
{
	struct opnd tmp;

	if (!verify_vec_unary(v, o))
		return false;
	if (!opnd_get(v, o, 2, &tmp)) {
		if (op_enum(v->ir, o, v->ir->name.precision_type, EN_RSQRT_PRECISION, 0) == 1)
			return FAIL(v, o, "expects tmp when precisionType is high_precision");
		return true;
	}
	if (!tile_vec_rows(v, o, &tmp))
		return false;
	if (!tmp.es)
		return FAIL(v, o, "expects tmp to have a static, byte-addressable tile type") || blame(v, &tmp, NULL);
	if (tile_bytes(tmp.s, tmp.es) < 32)
		return FAIL(v, o, "expects tmp to be at least 32 bytes when provided") || blame(v, &tmp, NULL);
	return true;
}

/* ---- two sources ---- */

bool
verify_row_major_binary(struct verify *v, struct op o)
{
	struct opnd a = opnd_of(v, o, 0), b = opnd_of(v, o, 1), d = opnd_of(v, o, 2);

	if (!tile_common(v, o, &a) || !tile_common(v, o, &b) || !tile_common(v, o, &d) || !same_elem(v, o, &a, &b) ||
	    !same_elem(v, o, &a, &d) || !same_valid(v, o, &a, &d) || !same_valid(v, o, &b, &d))
		return false;
	if (a.s->blayout || b.s->blayout || d.s->blayout)
		return FAIL(v, o, "expects src0, src1, and dst to use row-major layout") || blame3(v, &a, &b, &d);
	if (!rule_elem(v, o, &a))
		return false;
	return tile_vec(v, o, &a) && tile_vec(v, o, &b) && tile_vec(v, o, &d);
}

bool
verify_numeric_scalar(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), k = opnd_of(v, o, 1), dst = opnd_of(v, o, 2);

	if (!tile_vec(v, o, &src) || !tile_vec(v, o, &dst) || !same_elem(v, o, &src, &dst) ||
	    !same_valid_dim(v, o, &src, &dst, 0) || !same_valid_dim(v, o, &src, &dst, 1))
		return false;
	if (!is_scalar(v, k.type))
		return FAIL(v, o, "expects %s to be an integer or float", k.name) || blame(v, &k, NULL);
	return rule_elem(v, o, &src);
}

/* ---- fills ---- */

bool
verify_texpands(struct verify *v, struct op o)
{
	struct opnd k = opnd_of(v, o, 0), dst = opnd_of(v, o, 1);

	if (!tile_common(v, o, &dst))
		return false;
	if (dst.s->space != SP_VEC && dst.s->space != SP_MAT)
		return FAIL(v, o, "expects dst to be in the vec or mat address space") || blame(v, &dst, NULL);
	if (k.type.i != dst.elem.i)
		return FAIL(v, o, "expects scalar type == dst element type") || blame(v, &k, &dst);
	if (dst.s->space == SP_VEC && dst.s->blayout != BL_ROW_MAJOR)
		return FAIL(v, o, "expects vec dst to use row-major layout on A2/A3") || blame(v, &dst, NULL);
	return rule_elem(v, o, &dst);
}

/* The ramp's scratch: 192 words for 32-bit elements, 448 for 16-bit ones. */
static bool
tci_tmp(struct verify *v, struct op o, const struct opnd *tmp, const struct opnd *dst)
{
	uint64_t need = dst->es == 4 ? 768 : 1792, have = tile_bytes(tmp->s, tmp->es);

	if (!tile_vec(v, o, tmp))
		return false;
	if (tmp->es != 4)
		return FAIL(v, o, "expects A2/A3 tmp element type to be a 4-byte type") || blame(v, tmp, NULL);
	if (!tile_nd(v, o, tmp))
		return false;
	if (tmp->s->fractal != 512)
		return FAIL(v, o, "expects tmp to use fractal 512") || blame(v, tmp, NULL);
	if (have < need)
		return FAIL(v, o, "expects A2/A3 tmp capacity to be at least %llu bytes for %u-bit dst element type, "
			    "but got %llu bytes", (unsigned long long)need, dst->es * 8, (unsigned long long)have) ||
		       blame(v, tmp, NULL);
	return true;
}

bool
verify_tci(struct verify *v, struct op o)
{
	struct opnd k = opnd_of(v, o, 0), tmp, dst = opnd_of(v, o, 2);
	bool has_tmp = opnd_get(v, o, 1, &tmp);

	if (!tile_common(v, o, &dst) || (has_tmp && !tile_common(v, o, &tmp)))
		return false;
	if (!type_is_int(&v->ir->types, dst.elem))
		return FAIL(v, o, "expects dst element type to be integer") || blame(v, &dst, NULL);
	if (!rule_elem(v, o, &dst))
		return false;
	if (!type_is_int(&v->ir->types, k.type))
		return FAIL(v, o, "expects S to be integer") || blame(v, &k, NULL);
	if (k.type.i != dst.elem.i)
		return FAIL(v, o, "expects S and dst element type to be exactly the same type") || blame(v, &k, &dst);
	if (dst.s->cols == 1)
		return FAIL(v, o, "expects dst cols to be different from 1") || blame(v, &dst, NULL);
	if (!tile_vec(v, o, &dst))
		return false;
	if (dst.s->rows != 1)
		return FAIL(v, o, "expects dst to have one row, but got %lld", (long long)dst.s->rows) ||
		       blame(v, &dst, NULL);
	return !has_tmp || tci_tmp(v, o, &tmp, &dst);
}

/* ---- conversion ---- */

/* Destinations by source; other pairs compile to no instruction at all. Spec ops-compute.json, tcvt. */
static const struct cvt_row {
	uint32_t from, to;
} cvt_table[] = {
	{E_F32, E_F16 | E_F32 | E_BF16 | E_I16 | E_I32 | E_I64},
	{E_F16, E_F32 | E_I32 | E_I16 | E_I8 | E_U8},
	{E_BF16, E_F32 | E_I32},
	{E_I16, E_F16 | E_F32},
	{E_I32, E_F32 | E_I16 | E_I64 | E_F16},
	{E_I64, E_F32 | E_I32},
	{E_U8, E_F16},
	{E_I8, E_F16},
};

static bool
cvt_pair(uint32_t from, uint32_t to)
{
	for (uint32_t i = 0; i < sizeof cvt_table / sizeof cvt_table[0]; i++)
		if (cvt_table[i].from == from)
			return cvt_table[i].to & to;
	return false;
}

static uint64_t
cvt_max(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Scratch of a non-saturating narrowing conversion (ops-compute.json, implicit_tmp of tcvt). 0: none needed. */
static uint64_t
cvt_tmp_bytes(uint32_t from, uint32_t to, uint64_t rows, uint64_t cols, uint64_t phys_cols)
{
	if (from == E_F32 && to & E_B16) {
		uint64_t full = cols / 64, rem = cols % 64;
		uint64_t a = 4 * 64 * (full < 255 ? full : 255), b = 0;
		if (rem && rows)
			b = 32 * (((rows < 255 ? rows : 255) - 1) * (phys_cols / 8) + (rem + 7) / 8);
		return cvt_max(32, (cvt_max(a, b) + 31) / 32 * 32);
	}
	if (from == E_F16 && to & (E_B16 | E_B8)) {
		uint64_t w = cols < 64 ? cols : 64, to16 = 32 * ((w + 7) / 8);
		uint64_t to8 = cvt_max(to16, 128 + 32 * ((w + 15) / 16));
		return cvt_max(32, ((to & E_B16 ? to16 : to8) + 31) / 32 * 32);
	}
	return 0;
}

static bool
cvt_tmp(struct verify *v, struct op o, const struct opnd *src, const struct opnd *tmp, const struct opnd *dst)
{
	uint32_t from = elem_bit(v, src->elem), to = elem_bit(v, dst->elem);

	if (!tile_vec_rows(v, o, tmp))
		return false;
	if (!(from == E_F32 && to & E_B16) && !(from == E_F16 && to & (E_B16 | E_B8)))
		return true;
	/* A dynamic valid shape can grow up to the physical one: demand room for that. */
	uint64_t rows = (uint64_t)(dim_known(dst->s->vrow) ? dst->s->vrow : dst->s->rows);
	uint64_t cols = (uint64_t)(dim_known(dst->s->vcol) ? dst->s->vcol : dst->s->cols);
	uint64_t need = cvt_tmp_bytes(from, to, rows, cols, (uint64_t)src->s->cols);
	if (tile_bytes(tmp->s, tmp->es) < need)
		return FAIL(v, o, "expects tcvt tmp capacity to be at least %llu bytes", (unsigned long long)need) ||
		       blame(v, tmp, dst);
	return true;
}

bool
verify_tcvt(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), tmp, dst = opnd_of(v, o, 2);

	if (opnd_low(v, &src) || opnd_low(v, &dst))
		return FAIL(v, o, "expects A2/A3 tcvt low-precision element types to be unsupported") ||
		       blame(v, &src, &dst);
	if (!tile_common(v, o, &src) || !tile_common(v, o, &dst))
		return false;
	struct op def = ir_val(v->ir, src.val)->def, def2 = ir_val(v->ir, dst.val)->def;
	bool window = (def.i && op_id(v->ir, def) == OP_SUBVIEW) || (def2.i && op_id(v->ir, def2) == OP_SUBVIEW);
	if (!window && (src.s->rows != dst.s->rows || src.s->cols != dst.s->cols))
		return FAIL(v, o, "expects src and dst to have compatible shapes") || blame(v, &src, &dst);
	if (!same_valid(v, o, &src, &dst))
		return false;
	if (!cvt_pair(elem_bit(v, src.elem), elem_bit(v, dst.elem)))
		return FAIL(v, o, "has no A2/A3 conversion from %s to %s", ty_str(v, src.elem), ty_str(v, dst.elem)) ||
		       blame(v, &src, &dst);
	if (!tile_vec(v, o, &src) || !tile_vec(v, o, &dst))
		return false;
	return !opnd_get(v, o, 1, &tmp) || cvt_tmp(v, o, &src, &tmp, &dst);
}
