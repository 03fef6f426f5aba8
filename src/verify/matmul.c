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
