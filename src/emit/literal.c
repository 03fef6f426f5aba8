/*
 * literal: constants as C++ literals. Spec: emission.md §7.1.
 *
 * A literal reads back to the value it stands for: floats have as many digits as their format needs, inf and NaN are
 * bit patterns (the reference prints no C++ for them).
 */
#include "emit/emit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double
pow2(int e)
{
	return ldexp(1.0, e);
}

/* Exact value of a bit pattern of a format with `mant` stored mantissa bits and `ebits` exponent bits. */
static double
float_of_bits(uint64_t bits, int mant, int ebits)
{
	uint64_t m = bits & ((UINT64_C(1) << mant) - 1);
	int e = (int)(bits >> mant & ((UINT64_C(1) << ebits) - 1)), bias = (1 << (ebits - 1)) - 1;
	double v = e ? (double)(m | UINT64_C(1) << mant) * pow2(e - bias - mant) : (double)m * pow2(1 - bias - mant);

	return bits >> (mant + ebits) & 1 ? -v : v;
}

static const struct float_format {
	int mant, ebits, digits; /* digits that always read back to the same value */
	const char *cast, *suffix;
} float_format[] = {
	[F_F16] = {10, 5, 5, "(half) ", "f"},
	[F_BF16] = {7, 8, 4, "(bfloat16_t) ", "f"},
	[F_F32] = {23, 8, 9, "", "f"},
	[F_F64] = {52, 11, 17, "", ""},
};

/* Decimal text of a finite value; digits are taken from printf without its (locale's) decimal point. */
static void
finite_literal(struct out *o, double v, const struct float_format *f)
{
	char buf[64], dig[32] = "";
	uint32_t n = 0;
	const char *p = buf;

	snprintf(buf, sizeof buf, "%.*e", f->digits - 1, fabs(v));
	for (; *p != 'e'; p++)
		if (*p >= '0' && *p <= '9')
			dig[n++] = *p;
	int e = (int)strtol(p + 1, NULL, 10);
	while (n > 1 && dig[n - 1] == '0')
		n--;
	if (signbit(v))
		out_char(o, '-');
	int scale = e - (int)n + 1; /* value = digits * 10^scale */
	if (scale > 0 ? scale > 3 || (int)n + scale > f->digits : e < -3) {
		out_f(o, "%c.%.*s%sE%c%d", dig[0], (int)n - 1, dig + 1, n == 1 ? "0" : "", e < 0 ? '-' : '+',
		      e < 0 ? -e : e);
	} else if (scale >= 0) {
		out_f(o, "%.*s%.*s.0", (int)n, dig, scale, "000");
	} else if (e < 0) {
		out_f(o, "0.%.*s%.*s", -e - 1, "00", (int)n, dig);
	} else {
		out_f(o, "%.*s.%.*s", e + 1, dig, (int)n - e - 1, dig + e + 1);
	}
	out_str(o, f->suffix);
}

static void
float_literal(struct out *o, const struct type_data *t, uint64_t bits)
{
	const struct float_format *f = &float_format[t->fkind];
	uint64_t mask = (UINT64_C(1) << f->mant) - 1, emask = (UINT64_C(1) << f->ebits) - 1;
	bool special = (bits >> f->mant & emask) == emask, sign = bits >> (f->mant + f->ebits) & 1;

	if (!special) {
		finite_literal(o, float_of_bits(bits, f->mant, f->ebits), f);
	} else if ((bits & mask) == 0) {
		out_f(o, "%s%s__builtin_inf%s()", f->cast, sign ? "-" : "", f->suffix);
	} else {
		/* a NaN keeps its payload */
		uint32_t w = t->fkind == F_F64 ? 64 : t->fkind == F_F32 ? 32 : 16;
		const char *name = t->fkind == F_F64   ? "double"
				   : t->fkind == F_F32 ? "float"
				   : t->fkind == F_F16 ? "half"
						       : "bfloat16_t";
		out_f(o, "ptoas_bitcast<%s>((uint%u_t) 0x%llx)", name, w, (unsigned long long)bits);
	}
}

static void
int_literal(struct out *o, const struct type_data *t, int64_t v)
{
	uint32_t w = t->kind == TY_INDEX ? 64 : t->width;

	if (w == 1) {
		out_str(o, v ? "true" : "false");
		return;
	}
	if (t->kind == TY_INT && t->sign == UNSIGNED) {
		out_u64(o, w < 64 ? (uint64_t)v & ((UINT64_C(1) << w) - 1) : (uint64_t)v);
		out_str(o, w == 64 ? "ULL" : "");
		return;
	}
	if (w < 64) { /* sign-extend: 255 : i8 is -1 */
		uint64_t m = UINT64_C(1) << (w - 1), u = (uint64_t)v & ((m << 1) - 1);
		v = (int64_t)((u ^ m) - m);
	}
	if (v == INT64_MIN)
		out_str(o, "-9223372036854775807 - 1"); /* the digits alone do not fit a literal */
	else
		out_i64(o, v);
}

bool
x_literal(struct out *o, const struct types *t, const struct attr_data *d)
{
	const struct type_data *ty = type_data(t, d->type);

	if ((d->kind == AT_INT || d->kind == AT_BOOL) && (ty->kind == TY_INT || ty->kind == TY_INDEX)) {
		int_literal(o, ty, d->i);
	} else if (d->kind == AT_BOOL) {
		out_str(o, d->i ? "true" : "false");
	} else if (d->kind == AT_FLOAT && type_is_float(t, d->type)) {
		float_literal(o, ty, d->bits);
	} else if (d->kind == AT_DENSE && (d->n == 4 || d->n == 1) && d->elem) {
		/* one number stands for all */
		out_str(o, "pto::MrgSortExecutedNumList{");
		for (uint32_t k = 0; k < 4; k++)
			out_f(o, "%s%u", k ? ", " : "", (unsigned)((uint64_t)d->elem[d->n == 4 ? k : 0] & 0xffff));
		out_char(o, '}');
	} else {
		return false;
	}
	return true;
}

void
x_constant(struct cxx *x, struct op o, const struct attr_data *d)
{
	struct val r = op_res(x->ir, o, 0);
	struct cval *c = x_val(x, r);

	c->no = x_fresh(x);
	x_line(x);
	/* the list of executed counts is passed by reference and written */
	x_f(x, "%s%s v%u = ", d->kind == AT_DENSE ? "" : "const ", x_val_type(x, r), c->no);
	if (!x_literal(x->o, &x->ir->types, d))
		x_fail(x, o, "has a value without C++ literal; counts are four integers, dense<[a, b, c, d]>");
	x_end(x);
}

/* Printed by x_constants at the start of the function. */
static void
no_text(struct cxx *x, struct op o)
{
	(void)x;
	(void)o;
}

const struct family fam_arith_constant = {.stmt = no_text};
