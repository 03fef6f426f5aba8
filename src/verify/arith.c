/*
 * arith: arithmetic on tiles whose rules are more than those of the plain elementwise families: chains of two calls,
 * multiply-add, remainders and powers.
 */
#include "verify/rule.h"

#include <stdio.h>

static bool
row_major_pair(struct verify *v, struct op o, const struct opnd *src, const struct opnd *dst)
{
	if (src->s->blayout == BL_ROW_MAJOR && dst->s->blayout == BL_ROW_MAJOR)
		return true;
	return FAIL(v, o, "expects src and dst to use row-major layout") || blame(v, src, dst);
}

/* ---- two library calls through dst ---- */

/* What the calls themselves demand. */
static bool
chain_tiles(struct verify *v, struct op o, const struct opnd *x, const struct opnd *dst)
{
	for (uint32_t i = 0; i < 4; i++) {
		if (!x[i].s)
			continue;
		if (!same_elem(v, o, &x[i], dst) || !tile_vec_rows(v, o, &x[i]) || !same_valid(v, o, &x[i], dst))
			return false;
	}
	if (!(elem_bit(v, dst->elem) & v->rule->set))
		return FAIL(v, o, "expects A2/A3 %s element type to be i32/i16/f16/f32", rule_text(v, o, "$")) ||
		       blame(v, dst, NULL);
	return true;
}

/* Slots: first tile, tile or scalar, the tile that is added last, dst. The rule's text demands equal shapes. */
bool
verify_chain(struct verify *v, struct op o)
{
	struct opnd x[4];
	const struct opnd *last = &x[2], *dst = &x[3];

	for (uint32_t i = 0; i < 4; i++) {
		x[i] = opnd_of(v, o, i);
		if (x[i].s && !tile_common(v, o, &x[i]))
			return false;
	}
	for (uint32_t i = 0; v->rule->text && i < 3; i++)
		if (x[i].s && (x[i].s->rows != dst->s->rows || x[i].s->cols != dst->s->cols))
			return FAIL(v, o, "%s", v->rule->text) || blame(v, &x[i], dst);
	if (!chain_tiles(v, o, x, dst))
		return false;
	if (last->val.i != dst->val.i)
		return true;
	op_error(v->ir, o, DIAG_VERIFY, "expects %s and dst to use different storage", last->name);
	diag_hint(v->ir->diags, "dst holds the first result before %s is read", last->name);
	return false;
}

bool
verify_taxpy(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), k = opnd_of(v, o, 1), dst = opnd_of(v, o, 2);
	uint32_t es, ed;

	if (!tile_vec_rows(v, o, &src) || !tile_vec_rows(v, o, &dst) || !same_valid(v, o, &src, &dst))
		return false;
	if (k.type.i != src.elem.i)
		return FAIL(v, o, "expects scalar type to match src element type") || blame(v, &k, &src);
	if (src.s->rows != dst.s->rows || src.s->cols != dst.s->cols)
		return FAIL(v, o, "expects src and dst to have the same shape") || blame(v, &src, &dst);
	es = elem_bit(v, src.elem);
	ed = elem_bit(v, dst.elem);
	if (es != ed && !(es == E_F16 && ed == E_F32))
		return FAIL(v, o, "expects dst/src element types to match, or dst=f32 and src=f16") ||
		       blame(v, &src, &dst);
	return rule_elem(v, o, &dst) && rule_elem(v, o, &src);
}

bool
verify_tlrelu(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), k = opnd_of(v, o, 1), dst = opnd_of(v, o, 2);

	if (elem_bit(v, k.type) != E_F32)
		return FAIL(v, o, "expects slope to have type f32") || blame(v, &k, NULL);
	return tile_vec(v, o, &src) && tile_vec(v, o, &dst) && same_elem(v, o, &src, &dst) &&
	       same_valid(v, o, &src, &dst) && rule_elem(v, o, &src);
}

/* tile / scalar or scalar / tile, as written. */
bool
verify_tdivs(struct verify *v, struct op o)
{
	struct opnd a = opnd_of(v, o, 0), b = opnd_of(v, o, 1), dst = opnd_of(v, o, 2);
	struct opnd *src = a.s ? &a : &b, *k = a.s ? &b : &a;

	snprintf(src->name, sizeof src->name, "src");
	snprintf(k->name, sizeof k->name, "scalar");
	if (!src->s || !is_scalar(v, k->type))
		return FAIL(v, o, "expects one tile-like operand and one scalar operand in ins(...)") ||
		       blame(v, &a, &b);
	if (!tile_vec(v, o, src) || !tile_vec(v, o, &dst) || !same_elem(v, o, src, &dst) ||
	    !same_valid_dim(v, o, src, &dst, 0) || !same_valid_dim(v, o, src, &dst, 1) || !rule_elem(v, o, src))
		return false;
	if (src == &a || src->val.i != dst.val.i)
		return true;
	op_error(v->ir, o, DIAG_VERIFY, "expects src and dst to use different storage");
	diag_hint(v->ir->diags, "the library fills dst with the scalar before it reads src");
	return false;
}

/* ---- remainders and powers ---- */

/* Slots src, scalar, dst: what the scalar forms share. */
static bool
scalar_like(struct verify *v, struct op o, const struct opnd *src, const struct opnd *k, const struct opnd *dst)
{
	if (!tile_common(v, o, src) || !tile_common(v, o, dst) || !same_elem(v, o, src, dst) ||
	    !same_valid(v, o, src, dst) || !row_major_pair(v, o, src, dst))
		return false;
	if (k->type.i != src->elem.i)
		return FAIL(v, o, "expects scalar type to match the tile element type") || blame(v, k, src);
	return rule_elem(v, o, src) && tile_vec(v, o, src) && tile_vec(v, o, dst);
}

static bool
row_major_three(struct verify *v, struct op o, const struct opnd *a, const struct opnd *b, const struct opnd *d)
{
	if (!tile_common(v, o, a) || !tile_common(v, o, b) || !tile_common(v, o, d) || !same_elem(v, o, a, b) ||
	    !same_elem(v, o, a, d) || !same_valid(v, o, a, d) || !same_valid(v, o, b, d))
		return false;
	if (a->s->blayout || b->s->blayout || d->s->blayout)
		return FAIL(v, o, "expects %s, %s, and dst to use row-major layout", a->name, b->name) ||
		       blame3(v, a, b, d);
	return rule_elem(v, o, a) && tile_vec(v, o, a) && tile_vec(v, o, b) && tile_vec(v, o, d);
}

/* The quotient stands in dst while the sources are still read. */
static bool
not_in_place(struct verify *v, struct op o, const struct opnd *src, const struct opnd *dst)
{
	if (src->val.i != dst->val.i)
		return true;
	op_error(v->ir, o, DIAG_VERIFY, "expects %s and dst to use different storage", src->name);
	diag_hint(v->ir->diags, "the library uses dst as scratch before it has read %s", src->name);
	return false;
}

bool
verify_tfmod(struct verify *v, struct op o)
{
	struct opnd a = opnd_of(v, o, 0), b = opnd_of(v, o, 1), d = opnd_of(v, o, 2);

	return verify_row_major_binary(v, o) && not_in_place(v, o, &a, &d) && not_in_place(v, o, &b, &d);
}

bool
verify_tfmods(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), k = opnd_of(v, o, 1), dst = opnd_of(v, o, 2);

	return scalar_like(v, o, &src, &k, &dst) && not_in_place(v, o, &src, &dst);
}

static bool
pow_precision(struct verify *v, struct op o)
{
	if (op_enum(v->ir, o, v->ir->name.precision_type, EN_POW_PRECISION, 0) == 0)
		return true;
	return FAIL(v, o, "A2/A3 does not support precisionType=high_precision");
}

static bool
pow_tmp(struct verify *v, struct op o, const struct opnd *dst, const char *integer_text)
{
	struct opnd tmp;
	bool integer = elem_bit(v, dst->elem) & E_ANY_INT;

	if (!opnd_get(v, o, 3, &tmp))
		return integer || tmp_missing(v, o, NULL);
	if (integer)
		return FAIL(v, o, "%s", integer_text) || blame(v, &tmp, dst);
	if (!tile_common(v, o, &tmp) || !same_elem(v, o, &tmp, dst) || !same_valid(v, o, &tmp, dst))
		return false;
	if (tmp.s->blayout != BL_ROW_MAJOR)
		return FAIL(v, o, "expects tmp to use row-major layout") || blame(v, &tmp, NULL);
	return tmp_capacity(v, o, &tmp, tile_bytes(dst->s, dst->es)) && tile_vec(v, o, &tmp);
}

bool
verify_tpow(struct verify *v, struct op o)
{
	struct opnd base = opnd_of(v, o, 0), ex = opnd_of(v, o, 1), dst = opnd_of(v, o, 2);

	return pow_precision(v, o) && row_major_three(v, o, &base, &ex, &dst) &&
	       pow_tmp(v, o, &dst, "does not accept tmp when element type is integer (the integer pow lowering uses "
		       "the 3-operand form TPOW(dst, base, exp))");
}

bool
verify_tpows(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), k = opnd_of(v, o, 1), dst = opnd_of(v, o, 2);

	return pow_precision(v, o) && scalar_like(v, o, &src, &k, &dst) &&
	       pow_tmp(v, o, &dst, "does not accept tmp when element type is integer (the integer pows lowering uses "
		       "the 3-operand form TPOWS(dst, src, scalar))");
}

enum { REM_MASK_BYTES = 256 };

/*
 * Scratch of a remainder: `rows` rows by the reference's rule. The library writes one row of dst and behind it a mask
 * of 256 bytes (TRem.hpp), which is more when the rows are short.
 */
static bool
rem_tmp(struct verify *v, struct op o, const struct opnd *dst, int64_t rows)
{
	struct opnd tmp;
	uint64_t row = (uint64_t)dst->s->cols * dst->es, need = (uint64_t)rows * row;

	if (!opnd_get(v, o, 2, &tmp))
		return tmp_missing(v, o, NULL);
	if (!tile_vec_rows(v, o, &tmp) || !same_elem(v, o, &tmp, dst))
		return false;
	if (dim_known(tmp.s->vrow) && tmp.s->vrow < rows)
		return FAIL(v, o, "expects A2/A3 tmp valid_shape[0] to be at least %lld", (long long)rows) ||
		       blame(v, &tmp, NULL);
	if (dim_known(tmp.s->vcol) && dim_known(dst->s->vcol) && tmp.s->vcol < dst->s->vcol)
		return FAIL(v, o, "expects A2/A3 tmp valid columns to cover dst valid columns") || blame(v, &tmp, dst);
	if (v->opt->level >= 3 && need < row + REM_MASK_BYTES)
		need = row + REM_MASK_BYTES;
	return tmp_capacity(v, o, &tmp, need);
}

bool
verify_trem(struct verify *v, struct op o)
{
	struct opnd a = opnd_of(v, o, 0), b = opnd_of(v, o, 1), d = opnd_of(v, o, 3);

	return row_major_three(v, o, &a, &b, &d) && rem_tmp(v, o, &d, 2) && not_in_place(v, o, &a, &d) &&
	       not_in_place(v, o, &b, &d);
}

bool
verify_trems(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), k = opnd_of(v, o, 1), d = opnd_of(v, o, 3);

	return scalar_like(v, o, &src, &k, &d) && rem_tmp(v, o, &d, 1) && not_in_place(v, o, &src, &d);
}
