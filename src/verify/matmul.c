/*
 * matmul: products on the cube unit.
 */
#include "verify/rule.h"

/* Extent used for checking: the static valid one where known, else the physical one. */
static int64_t
product_extent(const struct opnd *x, uint32_t i)
{
	return dim_known(opnd_valid(x, i)) ? opnd_valid(x, i) : opnd_dim(x, i);
}

static bool
product_shape(struct verify *v, struct op o, const struct opnd *lhs, const struct opnd *rhs, const struct opnd *dst)
{
	bool bad = false;

	if (lhs->s->space != SP_LEFT || rhs->s->space != SP_RIGHT || dst->s->space != SP_ACC)
		return FAIL(v, o, "expects lhs, rhs, and dst to use the left, right, and acc address spaces") ||
		       blame3(v, lhs, rhs, dst);
	bad |= product_extent(lhs, 1) != product_extent(rhs, 0) && dim_known(lhs->s->vcol) == dim_known(rhs->s->vrow);
	bad |= product_extent(lhs, 0) != product_extent(dst, 0) && dim_known(lhs->s->vrow) == dim_known(dst->s->vrow);
	bad |= product_extent(rhs, 1) != product_extent(dst, 1) && dim_known(rhs->s->vcol) == dim_known(dst->s->vcol);
	if (bad)
		return FAIL(v, o, "expects static matmul tile shapes lhs[M,K], rhs[K,N], and dst[M,N]") ||
		       blame3(v, lhs, rhs, dst);
	if (product_extent(lhs, 0) > 4095 || product_extent(lhs, 1) > 4095 || product_extent(rhs, 1) > 4095)
		return FAIL(v, o, "expects m, k, and n valid sizes to be in [0, 4095]") || blame(v, lhs, rhs);
	return true;
}

static bool
product_elems(struct verify *v, struct op o, const struct opnd *lhs, const struct opnd *rhs, const struct opnd *dst)
{
	uint32_t l = elem_bit(v, lhs->elem), r = elem_bit(v, rhs->elem), d = elem_bit(v, dst->elem);

	if (l == r && ((l == E_I8 && d == E_I32) || (l & (E_FLOAT | E_BF16) && d == E_F32)))
		return true;
	return FAIL(v, o, "expects (dst, lhs, rhs) element types to match one of (i32,i8,i8) (f32,f16,f16) "
		    "(f32,bf16,bf16) (f32,f32,f32)") || blame3(v, lhs, rhs, dst);
}

static bool
product(struct verify *v, struct op o, uint32_t slot)
{
	struct opnd lhs = opnd_of(v, o, slot), rhs = opnd_of(v, o, slot + 1), dst = opnd_of(v, o, slot + 2);

	return tile_common(v, o, &lhs) && tile_common(v, o, &rhs) && tile_common(v, o, &dst) &&
	       product_shape(v, o, &lhs, &rhs, &dst) && product_elems(v, o, &lhs, &rhs, &dst);
}

bool
verify_matmul(struct verify *v, struct op o)
{
	return product(v, o, 0);
}

bool
verify_matmul_acc(struct verify *v, struct op o)
{
	struct opnd in = opnd_of(v, o, 0), dst = opnd_of(v, o, 3);

	if (!tile_common(v, o, &in))
		return false;
	if (in.s->space != SP_ACC)
		return FAIL(v, o, "expects acc_in to be in the acc address space") || blame(v, &in, NULL);
	if (!product(v, o, 1))
		return false;
	return same_elem(v, o, &in, &dst);
}

/* ---- bias ---- */

static bool
bias_row(struct verify *v, struct op o, uint32_t slot)
{
	struct opnd bias = opnd_of(v, o, slot), dst = opnd_of(v, o, slot + 1);

	if (!tile_common(v, o, &bias))
		return false;
	if (bias.s->space != SP_BIAS)
		return FAIL(v, o, "expects bias to be in the bias address space") || blame(v, &bias, NULL);
	if (bias.s->rows != 1)
		return FAIL(v, o, "expects bias to have 1 row") || blame(v, &bias, NULL);
	return bias.elem.i == dst.elem.i || FAIL(v, o, "expects bias and dst to have the same element type") ||
	       blame(v, &bias, &dst);
}

bool
verify_matmul_bias(struct verify *v, struct op o)
{
	struct opnd lhs = opnd_of(v, o, 0), rhs = opnd_of(v, o, 1), dst = opnd_of(v, o, 3);

	return tile_common(v, o, &lhs) && tile_common(v, o, &rhs) && tile_common(v, o, &dst) &&
	       product_shape(v, o, &lhs, &rhs, &dst) && product_elems(v, o, &lhs, &rhs, &dst) && bias_row(v, o, 2);
}

/* ---- one row ---- */

static bool
gemv_shape(struct verify *v, struct op o, const struct opnd *lhs, const struct opnd *rhs, const struct opnd *dst)
{
	if (lhs->s->space != SP_LEFT || rhs->s->space != SP_RIGHT)
		return FAIL(v, o, "expects lhs and rhs to use the left and right address spaces") ||
		       blame(v, lhs, rhs);
	if (dst->s->space != SP_ACC)
		return FAIL(v, o, "expects dst to be in the acc address space") || blame(v, dst, NULL);
	if (dim_differ(lhs->s->vrow, 1))
		return FAIL(v, o, "expects lhs valid_shape[0] to be 1 for tgemv") || blame(v, lhs, NULL);
	if (dim_differ(dst->s->vrow, 1))
		return FAIL(v, o, "expects dst valid_shape[0] to be 1 for tgemv") || blame(v, dst, NULL);
	if (dim_differ(lhs->s->vcol, rhs->s->vrow))
		return FAIL(v, o, "expects lhs valid_shape[1] to equal rhs valid_shape[0], but got %lld vs %lld",
			    (long long)lhs->s->vcol, (long long)rhs->s->vrow) || blame(v, lhs, rhs);
	if (dim_differ(rhs->s->vcol, dst->s->vcol))
		return FAIL(v, o, "expects rhs valid_shape[1] to equal dst valid_shape[1], but got %lld vs %lld",
			    (long long)rhs->s->vcol, (long long)dst->s->vcol) || blame(v, rhs, dst);
	return true;
}

static bool
gemv(struct verify *v, struct op o, uint32_t slot, uint32_t dst_slot)
{
	struct opnd lhs = opnd_of(v, o, slot), rhs = opnd_of(v, o, slot + 1), dst = opnd_of(v, o, dst_slot);

	return tile_common(v, o, &lhs) && tile_common(v, o, &rhs) && tile_common(v, o, &dst) &&
	       gemv_shape(v, o, &lhs, &rhs, &dst) && product_elems(v, o, &lhs, &rhs, &dst);
}

bool
verify_gemv(struct verify *v, struct op o)
{
	return gemv(v, o, 0, 2);
}

bool
verify_gemv_acc(struct verify *v, struct op o)
{
	struct opnd in = opnd_of(v, o, 0), dst = opnd_of(v, o, 3);

	if (!tile_common(v, o, &in))
		return false;
	if (in.s->space != SP_ACC)
		return FAIL(v, o, "expects acc_in to be in the acc address space") || blame(v, &in, NULL);
	return gemv(v, o, 1, 3) && same_elem(v, o, &in, &dst);
}

bool
verify_gemv_bias(struct verify *v, struct op o)
{
	return gemv(v, o, 0, 3) && bias_row(v, o, 2);
}
