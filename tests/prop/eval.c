/* eval: integer arithmetic of arith.*, 64 bit, wrapped to the width of the result type. */
#include "eval.h"

#include "isa/isa.h"

static int64_t
wrap(const struct ir *ir, struct val v, int64_t x)
{
	const struct type_data *t = type_data(&ir->types, val_type(ir, v));

	if (t->kind != TY_INT || t->width >= 64)
		return x;
	if (t->width == 1)
		return x & 1;
	uint64_t m = (uint64_t)1 << t->width;
	uint64_t u = (uint64_t)x & (m - 1);
	if (t->sign != UNSIGNED && u & m >> 1)
		u |= ~(m - 1);
	return (int64_t)u;
}

static bool
compare(int32_t pred, int64_t a, int64_t b)
{
	uint64_t ua = (uint64_t)a, ub = (uint64_t)b;
	const bool r[] = {a == b, a != b, a < b, a <= b, a > b, a >= b, ua < ub, ua <= ub, ua > ub, ua >= ub};

	return pred >= 0 && (size_t)pred < sizeof r / sizeof r[0] && r[pred];
}

static int64_t
floordiv(int64_t a, int64_t b)
{
	return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

static bool
divide(enum op_id id, int64_t a, int64_t b, int64_t *r)
{
	if (b == 0)
		b = 1;
	if (id == OP_ARITH_FLOORDIVSI)
		*r = floordiv(a, b);
	else if (id == OP_ARITH_CEILDIVSI || id == OP_ARITH_CEILDIVUI)
		*r = -floordiv(-a, b);
	else if (id == OP_ARITH_DIVSI || id == OP_ARITH_DIVUI)
		*r = a / b;
	else if (id == OP_ARITH_REMSI || id == OP_ARITH_REMUI)
		*r = a % b;
	else
		return false;
	return true;
}

static bool
bits(enum op_id id, int64_t a, int64_t b, int64_t *r)
{
	if (id == OP_ARITH_ANDI)
		*r = a & b;
	else if (id == OP_ARITH_ORI)
		*r = a | b;
	else if (id == OP_ARITH_XORI)
		*r = a ^ b;
	else if (id == OP_ARITH_SHLI)
		*r = (int64_t)((uint64_t)a << (b & 63));
	else if (id == OP_ARITH_SHRSI || id == OP_ARITH_SHRUI)
		*r = a >> (b & 63);
	else
		return false;
	return true;
}

static bool
binary(enum op_id id, int64_t a, int64_t b, int64_t *r)
{
	if (id == OP_ARITH_ADDI)
		*r = (int64_t)((uint64_t)a + (uint64_t)b);
	else if (id == OP_ARITH_SUBI)
		*r = (int64_t)((uint64_t)a - (uint64_t)b);
	else if (id == OP_ARITH_MULI)
		*r = (int64_t)((uint64_t)a * (uint64_t)b);
	else if (id == OP_ARITH_MAXSI || id == OP_ARITH_MAXUI)
		*r = a > b ? a : b;
	else if (id == OP_ARITH_MINSI || id == OP_ARITH_MINUI)
		*r = a < b ? a : b;
	else
		return bits(id, a, b, r) || divide(id, a, b, r);
	return true;
}

bool
eval_int(const struct ir *ir, struct op o, const int64_t *v, uint32_t n, int64_t *r)
{
	enum op_id id = op_id(ir, o);
	struct val res = op_res(ir, o, 0);

	if (id == OP_ARITH_CONSTANT) {
		const struct attr_data *d = attr_data(&ir->attrs, op_attr(ir, o, ir->name.value));
		*r = d->kind == AT_INT || d->kind == AT_BOOL ? d->i : 0;
		return true;
	}
	if (id == OP_ARITH_CMPI && n == 2) {
		*r = compare((int32_t)attr_data(&ir->attrs, op_attr(ir, o, ir->name.predicate))->i, v[0], v[1]);
		return true;
	}
	if (n == 1 && (id == OP_ARITH_INDEX_CAST || id == OP_ARITH_INDEX_CASTUI || id == OP_ARITH_EXTSI ||
		       id == OP_ARITH_EXTUI || id == OP_ARITH_TRUNCI || id == OP_ARITH_BITCAST ||
		       id == OP_CONV_CAST)) {
		*r = wrap(ir, res, v[0]);
		return true;
	}
	if (n == 2 && binary(id, v[0], v[1], r)) {
		*r = wrap(ir, res, *r);
		return true;
	}
	return false;
}
