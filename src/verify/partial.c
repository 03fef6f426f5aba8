/*
 * partial: tiles joined where their valid areas differ: combination with partial validity and concatenation.
 */
#include "verify/rule.h"

static bool
same_elem3(struct verify *v, struct op o, const struct opnd *a, const struct opnd *b, const struct opnd *d)
{
	if (a->elem.i == d->elem.i && b->elem.i == d->elem.i)
		return true;
	return FAIL(v, o, "expects %s/%s/%s to have the same element type", a->name, b->name, d->name) ||
	       blame3(v, a, b, d);
}

static bool
same_shape3(struct verify *v, struct op o, const struct opnd *a, const struct opnd *b, const struct opnd *d)
{
	for (uint32_t i = 0; i < 2; i++)
		if (opnd_dim(a, i) != opnd_dim(d, i) || opnd_dim(b, i) != opnd_dim(d, i))
			return FAIL(v, o, "expects %s/%s/%s to have the same shape", a->name, b->name, d->name) ||
			       blame3(v, a, b, d);
	return true;
}

/* PartialValid */
static bool
partial_valid(struct verify *v, struct op o, const struct opnd *a, const struct opnd *b, const struct opnd *d)
{
	bool match0 = true, match1 = true, known = true;

	for (uint32_t i = 0; i < 2; i++) {
		int64_t n = opnd_valid(d, i);
		known = known && dim_known(n) && dim_known(opnd_valid(a, i)) && dim_known(opnd_valid(b, i));
		match0 = match0 && !dim_differ(opnd_valid(a, i), n);
		match1 = match1 && !dim_differ(opnd_valid(b, i), n);
		if (dim_known(n) && (opnd_valid(a, i) > n || opnd_valid(b, i) > n))
			return FAIL(v, o,
				    "expects src0/src1 valid_shape to be less than or equal to dst valid_shape") ||
			       blame3(v, a, b, d);
	}
	if (match0 || match1)
		return true;
	return FAIL(v, o, "expects at least one of src0/src1 valid_shape to match dst valid_shape") ||
	       blame3(v, a, b, d);
}

static bool
vec_rows3(struct verify *v, struct op o, const struct opnd *a, const struct opnd *b, const struct opnd *d)
{
	return tile_vec_rows(v, o, a) && tile_vec_rows(v, o, b) && tile_vec_rows(v, o, d);
}

static bool
part(struct verify *v, struct op o, bool same_shape)
{
	struct opnd a = opnd_of(v, o, 0), b = opnd_of(v, o, 1), d = opnd_of(v, o, 2);

	return tile_common(v, o, &a) && tile_common(v, o, &b) && tile_common(v, o, &d) &&
	       same_elem3(v, o, &a, &b, &d) && (!same_shape || same_shape3(v, o, &a, &b, &d)) &&
	       partial_valid(v, o, &a, &b, &d) && rule_elem(v, o, &a) && vec_rows3(v, o, &a, &b, &d);
}

bool
verify_part(struct verify *v, struct op o)
{
	return part(v, o, false);
}

bool
verify_part_same_shape(struct verify *v, struct op o)
{
	return part(v, o, true);
}

/* Each data tile has an index tile of its shape and valid shape. */
static bool
index_like(struct verify *v, struct op o, const struct opnd *data, const struct opnd *index)
{
	if (data->s->rows != index->s->rows || data->s->cols != index->s->cols)
		return FAIL(v, o, "expects data and index operands to have the same shape") || blame(v, data, index);
	if (dim_differ(data->s->vrow, index->s->vrow) || dim_differ(data->s->vcol, index->s->vcol))
		return FAIL(v, o, "expects each data operand and its index operand to have the same valid_shape") ||
		       blame(v, data, index);
	return true;
}

bool
verify_part_arg(struct verify *v, struct op o)
{
	struct opnd x[6];
	const struct opnd *a = &x[0], *b = &x[1], *ai = &x[2], *bi = &x[3], *d = &x[4], *di = &x[5];

	for (uint32_t i = 0; i < 6; i++) {
		x[i] = opnd_of(v, o, i);
		if (!tile_common(v, o, &x[i]))
			return false;
	}
	if (!same_elem3(v, o, a, b, d) || !same_shape3(v, o, a, b, d) || !same_elem3(v, o, ai, bi, di))
		return false;
	if (!(elem_bit(v, di->elem) & E_B32))
		return FAIL(v, o, "expects src0Idx/src1Idx/dstIdx element type to be i32 or ui32") ||
		       blame(v, di, NULL);
	if (!index_like(v, o, a, ai) || !index_like(v, o, b, bi) || !index_like(v, o, d, di) ||
	    !partial_valid(v, o, a, b, d) || !rule_elem(v, o, a))
		return false;
	if (!vec_rows3(v, o, a, b, d) || !vec_rows3(v, o, ai, bi, di))
		return false;
	for (uint32_t k = 4; k < 6; k++)
		for (uint32_t i = 0; i < k; i++)
			if (x[i].val.i == x[k].val.i)
				return FAIL(v, o, "expects %s and %s to use different storage", x[i].name, x[k].name);
	return true;
}

/* ---- concatenation ---- */

static bool
concat_data(struct verify *v, struct op o, const struct opnd *a, const struct opnd *b, const struct opnd *d)
{
	if (!tile_common(v, o, a) || !tile_common(v, o, b) || !tile_common(v, o, d))
		return false;
	if (a->elem.i != d->elem.i || b->elem.i != d->elem.i)
		return FAIL(v, o, "expects src0, src1, and dst to have the same element type") || blame3(v, a, b, d);
	return true;
}

static bool
row_like_dst(struct verify *v, struct op o, const struct opnd *x, const struct opnd *d)
{
	if (!dim_differ(x->s->vrow, d->s->vrow))
		return true;
	return FAIL(v, o, "expects %s valid row to match dst valid row", x->name) || blame(v, x, d);
}

static bool
loc_vec(struct verify *v, struct op o, const struct opnd *x)
{
	if (x->s->space != SP_VEC)
		return FAIL(v, o, "expects %s to use loc=vec", x->name) || blame(v, x, NULL);
	return tile_vec_rows(v, o, x);
}

/* dst is written from the left while the sources are still read. */
static bool
second_not_dst(struct verify *v, struct op o, const struct opnd *b, const struct opnd *d)
{
	if (b->val.i != d->val.i)
		return true;
	return FAIL(v, o, "expects %s and dst to use different storage", b->name);
}

bool
verify_tconcat(struct verify *v, struct op o)
{
	struct opnd a = opnd_of(v, o, 0), b = opnd_of(v, o, 1), d = opnd_of(v, o, 2);

	if (!concat_data(v, o, &a, &b, &d) || !row_like_dst(v, o, &a, &d) || !row_like_dst(v, o, &b, &d))
		return false;
	if (dim_known(a.s->vcol) && dim_known(b.s->vcol) && a.s->vcol + b.s->vcol > d.s->cols)
		return FAIL(v, o, "expects src0.valid_col + src1.valid_col <= dst.cols") || blame3(v, &a, &b, &d);
	return loc_vec(v, o, &a) && loc_vec(v, o, &b) && loc_vec(v, o, &d) && rule_elem(v, o, &a) &&
	       second_not_dst(v, o, &b, &d);
}

bool
verify_tconcatidx(struct verify *v, struct op o)
{
	struct opnd x[5];
	const struct opnd *a = &x[0], *b = &x[1], *ai = &x[2], *bi = &x[3], *d = &x[4];

	for (uint32_t i = 0; i < 5; i++)
		x[i] = opnd_of(v, o, i);
	if (!concat_data(v, o, a, b, d) || !tile_common(v, o, ai) || !tile_common(v, o, bi))
		return false;
	if (ai->elem.i != bi->elem.i)
		return FAIL(v, o, "expects src0Idx and src1Idx to have the same element type") || blame(v, ai, bi);
	for (uint32_t i = 0; i < 4; i++)
		if (!row_like_dst(v, o, &x[i], d))
			return false;
	for (uint32_t i = 2; i < 4; i++)
		if (x[i].s->vcol == 0)
			return FAIL(v, o, "expects %s valid_col >= 1", x[i].name) || blame(v, &x[i], NULL);
	if (!rule_elem(v, o, a))
		return false;
	if (!(elem_bit(v, ai->elem) & (E_I8 | E_I16 | E_I32)))
		return FAIL(v, o, "expects index element type to be i8, i16, or i32") || blame(v, ai, NULL);
	for (uint32_t i = 0; i < 5; i++)
		if (!loc_vec(v, o, &x[i]))
			return false;
	return second_not_dst(v, o, a, d) && second_not_dst(v, o, b, d);
}
