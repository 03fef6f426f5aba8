/*
 * bitwise: integer operations on tiles: logic and shifts, with tiles or scalars.
 */
#include "verify/rule.h"

static bool
all_row_major(struct verify *v, struct op o, const struct opnd *a, const struct opnd *b, const struct opnd *d)
{
	if (!a->s->blayout && (!b || !b->s->blayout) && !d->s->blayout)
		return true;
	if (b)
		return FAIL(v, o, "expects src0, src1, and dst to use row-major layout") || blame3(v, a, b, d);
	return FAIL(v, o, "expects src and dst to use row-major layout") || blame(v, a, d);
}

static bool
integer_scalar(struct verify *v, struct op o, const struct opnd *k)
{
	if (type_is_int(&v->ir->types, k->type))
		return true;
	return FAIL(v, o, "expects %s to be an integer", k->name) || blame(v, k, NULL);
}

/* ---- element by element ---- */

bool
verify_shift(struct verify *v, struct op o)
{
	struct opnd a = opnd_of(v, o, 0), b = opnd_of(v, o, 1), d = opnd_of(v, o, 2);

	if (!tile_common(v, o, &a) || !tile_common(v, o, &b) || !tile_common(v, o, &d))
		return false;
	if (a.elem.i != b.elem.i || a.elem.i != d.elem.i)
		return FAIL(v, o, "expects src0, src1, and dst to have the same element type") || blame3(v, &a, &b, &d);
	if (!rule_elem(v, o, &a) || !all_row_major(v, o, &a, &b, &d) || !same_valid(v, o, &a, &d) ||
	    !same_valid(v, o, &b, &d))
		return false;
	return tile_vec(v, o, &a) && tile_vec(v, o, &b) && tile_vec(v, o, &d);
}

/* Scratch of an exclusive or: like dst. `sources` names the operands it must agree with. */
static bool
xor_tmp(struct verify *v, struct op o, const struct opnd *tmp, const struct opnd *dst, const char *sources)
{
	if (!tile_common(v, o, tmp))
		return false;
	if (tmp->elem.i != dst->elem.i)
		return FAIL(v, o, "expects tmp to have the same element type as %s", sources) || blame(v, tmp, dst);
	if (tmp->s->blayout != BL_ROW_MAJOR)
		return FAIL(v, o, "expects tmp to use row-major layout") || blame(v, tmp, NULL);
	return same_valid(v, o, tmp, dst) && tmp_capacity(v, o, tmp, tile_bytes(dst->s, dst->es)) &&
	       tile_vec(v, o, tmp);
}

/* The library builds src0 | src1 in tmp and the complement of src0 & src1 in dst: all must be different memory. */
bool
verify_txor(struct verify *v, struct op o)
{
	struct opnd a = opnd_of(v, o, 0), b = opnd_of(v, o, 1), tmp, d = opnd_of(v, o, 3);
	bool has_tmp = opnd_get(v, o, 2, &tmp);

	if (!tile_common(v, o, &a) || !tile_common(v, o, &b) || !tile_common(v, o, &d) || !same_elem(v, o, &a, &b) ||
	    !same_elem(v, o, &a, &d) || !same_valid(v, o, &a, &d) || !same_valid(v, o, &b, &d) ||
	    !all_row_major(v, o, &a, &b, &d) || !rule_elem(v, o, &a))
		return false;
	if (!tile_vec(v, o, &a) || !tile_vec(v, o, &b) || !tile_vec(v, o, &d))
		return false;
	if (!has_tmp)
		return tmp_missing(v, o, NULL);
	return xor_tmp(v, o, &tmp, &d, "src0, src1, and dst");
}

/* ---- with a scalar ---- */

/* DistinctRowMajorUnary: dst is filled with the scalar before src is read. */
static bool
bits_scalar(struct verify *v, struct op o, const struct opnd *src, const struct opnd *k, const struct opnd *dst)
{
	if (!tile_common(v, o, src) || !tile_common(v, o, dst))
		return false;
	if (src->val.i == dst->val.i) {
		op_error(v->ir, o, DIAG_VERIFY, "expects src and dst to use different storage");
		diag_hint(v->ir->diags, "the library fills dst with the scalar before it reads src");
		return false;
	}
	return same_elem(v, o, src, dst) && all_row_major(v, o, src, NULL, dst) && same_valid(v, o, src, dst) &&
	       rule_elem(v, o, src) && integer_scalar(v, o, k) && tile_vec(v, o, src) && tile_vec(v, o, dst);
}

bool
verify_bits_scalar(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), k = opnd_of(v, o, 1), dst = opnd_of(v, o, 2);

	return bits_scalar(v, o, &src, &k, &dst);
}

bool
verify_txors(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), k = opnd_of(v, o, 1), tmp, dst = opnd_of(v, o, 3);

	if (!bits_scalar(v, o, &src, &k, &dst))
		return false;
	if (!opnd_get(v, o, 2, &tmp))
		return tmp_missing(v, o, NULL);
	return xor_tmp(v, o, &tmp, &dst, "src and dst");
}

bool
verify_tshls(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), k = opnd_of(v, o, 1), dst = opnd_of(v, o, 2);
	int64_t c;

	if (!tile_common(v, o, &src) || !tile_common(v, o, &dst) || !same_elem(v, o, &src, &dst))
		return false;
	if (!(elem_bit(v, src.elem) & E_ANY_INT))
		return FAIL(v, o, "expects integral element types") || blame(v, &src, NULL);
	if (val_const_int(v->ir, k.val, &c) && c < 0)
		return FAIL(v, o, "expects tshls scalar to be non-negative") || blame(v, &k, NULL);
	return rule_elem(v, o, &src) && integer_scalar(v, o, &k) && tile_vec_rows(v, o, &src) &&
	       tile_vec_rows(v, o, &dst) && same_valid(v, o, &src, &dst);
}

bool
verify_tshrs(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), k = opnd_of(v, o, 1), dst = opnd_of(v, o, 2);

	return tile_vec_rows(v, o, &src) && tile_vec_rows(v, o, &dst) && same_valid(v, o, &src, &dst) &&
	       same_elem(v, o, &src, &dst) && rule_elem(v, o, &src) && integer_scalar(v, o, &k);
}
