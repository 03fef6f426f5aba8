/*
 * scalar: arith, math and affine ops, and constants. Spec: emission.md §7.
 *
 * Signless integers are printed as signed C++ types; wrapping arithmetic goes through the unsigned type of the same
 * width and is cast back, so the text of a value is always in the range of its type. f16 and bf16 are computed in
 * float and rounded once, which gives the same result as the operation in the narrow type.
 */
#include "emit/emit.h"

#include "base/num.h"

#include <assert.h>
#include <string.h>


enum arith_kind {
	K_NONE,
	K_WRAP,    /* through the unsigned type */
	K_SIGNED,  /* on the values */
	K_SHIFT_S, /* arithmetic shift right */
	K_PICK,    /* a OP b ? a : b */
	K_PICK_U,  /* the same, compared unsigned */
	K_CEIL_U,
	K_CEIL_S,
	K_FLOOR_S,
	K_FLOAT, /* float operator */
	K_NEG,
	K_REM,
	K_PICK_NUM,
	K_PICK_NAN
};

struct arith_row {
	uint8_t kind, prec;
	char tok[3]; /* PICK: relation under which the first operand is taken */
	char bit[2]; /* operator for i1; "": the general form is right for i1 */
};

/* clang-format off */
static const struct arith_row arith_rows[OP_SCALAR_END] = {
	[OP_ARITH_ADDI] = {K_WRAP, PREC_ADD, "+", "^"},
	[OP_ARITH_SUBI] = {K_WRAP, PREC_ADD, "-", "^"},
	[OP_ARITH_MULI] = {K_WRAP, PREC_MUL, "*", "&"},
	[OP_ARITH_ANDI] = {K_WRAP, PREC_AND, "&", "&"},
	[OP_ARITH_ORI] = {K_WRAP, PREC_OR, "|", "|"},
	[OP_ARITH_XORI] = {K_WRAP, PREC_XOR, "^", "^"},
	[OP_ARITH_SHLI] = {K_WRAP, PREC_SHIFT, "<<", ""},
	[OP_ARITH_SHRUI] = {K_WRAP, PREC_SHIFT, ">>", ""},
	[OP_ARITH_SHRSI] = {K_SHIFT_S, PREC_SHIFT, ">>", ""},
	[OP_ARITH_DIVSI] = {K_SIGNED, PREC_MUL, "/", ""},
	[OP_ARITH_REMSI] = {K_SIGNED, PREC_MUL, "%", ""},
	[OP_ARITH_DIVUI] = {K_WRAP, PREC_MUL, "/", ""},
	[OP_ARITH_REMUI] = {K_WRAP, PREC_MUL, "%", ""},
	[OP_ARITH_CEILDIVUI] = {K_CEIL_U, PREC_UNARY, "/", ""},
	[OP_ARITH_CEILDIVSI] = {K_CEIL_S, PREC_COND, "/", "&"},
	[OP_ARITH_FLOORDIVSI] = {K_FLOOR_S, PREC_COND, "/", "&"},
	/* i1 is -1 or 0 when signed: the maximum of the signed values is the conjunction of the bits */
	[OP_ARITH_MAXSI] = {K_PICK, PREC_COND, ">", "&"},
	[OP_ARITH_MINSI] = {K_PICK, PREC_COND, "<", "|"},
	[OP_ARITH_MAXUI] = {K_PICK_U, PREC_COND, ">", "|"},
	[OP_ARITH_MINUI] = {K_PICK_U, PREC_COND, "<", "&"},
	[OP_ARITH_ADDF] = {K_FLOAT, PREC_ADD, "+", ""},
	[OP_ARITH_SUBF] = {K_FLOAT, PREC_ADD, "-", ""},
	[OP_ARITH_MULF] = {K_FLOAT, PREC_MUL, "*", ""},
	[OP_ARITH_DIVF] = {K_FLOAT, PREC_MUL, "/", ""},
	[OP_ARITH_NEGF] = {K_NEG, PREC_UNARY, "-", ""},
	[OP_ARITH_REMF] = {K_REM, PREC_POSTFIX, "%", ""},
	[OP_ARITH_MAXNUMF] = {K_PICK_NUM, PREC_COND, ">", ""},
	[OP_ARITH_MINNUMF] = {K_PICK_NUM, PREC_COND, "<", ""},
	[OP_ARITH_MAXIMUMF] = {K_PICK_NAN, PREC_COND, ">", ""},
	[OP_ARITH_MINIMUMF] = {K_PICK_NAN, PREC_COND, "<", ""},
};
/* clang-format on */

static const struct arith_row *
arith_row(enum op_id id)
{
	return &arith_rows[id < OP_SCALAR_END ? id : OP_NONE];
}

static struct val
arg(const struct cxx *x, struct op o, uint32_t k)
{
	return op_opnd(x->ir, o, k);
}

static struct typ
result_type(const struct cxx *x, struct op o)
{
	return val_type(x->ir, op_res(x->ir, o, 0));
}

/* Width of an integer or index type. */
static uint32_t
width_of(const struct cxx *x, struct typ ty)
{
	const struct type_data *d = type_data(&x->ir->types, ty);

	return d->kind == TY_INDEX ? 64 : d->width;
}

static const char *
unsigned_name(uint32_t width)
{
	return width == 1    ? "bool"
	       : width == 8  ? "uint8_t"
	       : width == 16 ? "uint16_t"
	       : width == 32 ? "uint32_t"
			     : "uint64_t";
}

static bool
is_narrow_float(const struct cxx *x, struct typ ty)
{
	const struct type_data *d = type_data(&x->ir->types, ty);

	return d->kind == TY_FLOAT && (d->fkind == F_F16 || d->fkind == F_BF16);
}

static bool
is_f64(const struct cxx *x, struct typ ty)
{
	const struct type_data *d = type_data(&x->ir->types, ty);

	return d->kind == TY_FLOAT && d->fkind == F_F64;
}

/* "(T) a" */
static void
cast_operand(struct cxx *x, const char *type, struct val v)
{
	x_f(x, "(%s) ", type);
	x_operand(x, v, PREC_UNARY);
}

/* A float operand, f16 and bf16 as float. */
static void
float_operand(struct cxx *x, struct val v, enum prec min)
{
	if (is_narrow_float(x, val_type(x->ir, v))) {
		uint32_t at = x->o->n;
		cast_operand(x, "float", v);
		x_paren(x, at, PREC_UNARY, min);
	} else {
		x_operand(x, v, min);
	}
}

/* Ends an expression computed in float: casts the text since `at` to a narrow result type. */
static enum prec
narrow(struct cxx *x, struct op o, uint32_t at, enum prec p)
{
	struct typ ty = result_type(x, o);

	if (!is_narrow_float(x, ty))
		return p;
	x_paren(x, at, p, PREC_UNARY);
	const char *t = x_type(x, ty);
	uint32_t n = x->o->n - at, m = (uint32_t)strlen(t) + 3;
	out_pad(x->o, ' ', m);
	memmove(x->o->p + at + m, x->o->p + at, n);
	x->o->p[at] = '(';
	memcpy(x->o->p + at + 1, t, m - 3);
	memcpy(x->o->p + at + m - 2, ") ", 2);
	return PREC_UNARY;
}

/* ---- integers ---- */

static enum prec
bit_expr(struct cxx *x, struct op o, const struct arith_row *r)
{
	enum prec p = r->bit[0] == '^' ? PREC_XOR : r->bit[0] == '&' ? PREC_AND : PREC_OR;

	x_operand(x, arg(x, o, 0), PREC_UNARY);
	x_f(x, " %s ", r->bit);
	x_operand(x, arg(x, o, 1), PREC_UNARY);
	return p;
}

static enum prec wrap_core(struct cxx *x, struct op o, const struct arith_row *r);
static const char *wrap_type(const struct cxx *x, struct op o, const struct arith_row *r);

/* The local that holds a value already cast for the statement being printed; 0 = none. */
static uint32_t
cast_before(const struct cxx *x, struct val v)
{
	for (uint32_t k = 0; k < x->ncast; k++)
		if (x->cast[k].val == v.i)
			return x->cast[k].no;
	return 0;
}

/* "(uN) a"; an inlined wrapping operation of the same width gives its unsigned value without the cast back and forth.
 * Narrower ones are computed in int and need their cast. */
static void
unsigned_operand(struct cxx *x, const char *u, uint32_t width, struct val v, enum prec min)
{
	struct op def = ir_val(x->ir, v)->def;
	bool inlined = def.i && (x_val(x, v)->flags & CV_INLINE);
	const struct arith_row *r = arith_row(inlined ? op_id(x->ir, def) : OP_NONE);
	uint32_t at = x->o->n;

	if (width >= 32 && inlined && r->kind == K_WRAP) {
		x_paren(x, at, wrap_core(x, def, r), min);
		return;
	}
	if (cast_before(x, v)) {
		x_no(x, cast_before(x, v));
		return;
	}
	cast_operand(x, u, v);
	x_paren(x, at, PREC_UNARY, min);
}

static enum prec
wrap_core(struct cxx *x, struct op o, const struct arith_row *r)
{
	uint32_t w = width_of(x, result_type(x, o));
	const char *u = wrap_type(x, o, r);
	/* mixed bit and shift operators read better in parentheses */
	bool arith = r->prec == PREC_ADD || r->prec == PREC_MUL;

	unsigned_operand(x, u, w, arg(x, o, 0), arith ? r->prec : PREC_UNARY);
	x_f(x, " %s ", r->tok);
	unsigned_operand(x, u, w, arg(x, o, 1), arith ? r->prec + 1u : PREC_UNARY);
	return r->prec;
}

/* The type wrap_core casts operands to. A 16-bit product does not fit the int that uint16_t is promoted to. */
static const char *
wrap_type(const struct cxx *x, struct op o, const struct arith_row *r)
{
	uint32_t w = width_of(x, result_type(x, o));

	return w == 1 ? "uint8_t" : unsigned_name(w == 16 && r->tok[0] == '*' ? 32 : w);
}

/* Recursion over inlined expressions, which are a few levels deep. */
void
x_casts_ahead(struct cxx *x, struct op o)
{
	const struct arith_row *r = arith_row(op_id(x->ir, o));
	bool wraps = r->kind == K_WRAP && !(r->bit[0] && type_is_bool(&x->ir->types, result_type(x, o)));

	for (uint32_t k = 0; k < ir_op(x->ir, o)->nopnd; k++) {
		struct val v = arg(x, o, k);
		struct op def = v.i ? ir_val(x->ir, v)->def : (struct op){0};
		if (!def.i)
			continue;
		if ((x_val(x, v)->flags & CV_INLINE) && x_val(x, v)->user == o.i)
			x_casts_ahead(x, def);
		if (!wraps || !op_family(x, def)->snapshot || cast_before(x, v) || x->ncast == 4)
			continue;
		uint32_t no = x_temp(x, wrap_type(x, o, r));
		cast_operand(x, wrap_type(x, o, r), v);
		x_end(x);
		x->cast[x->ncast].val = v.i;
		x->cast[x->ncast++].no = no;
	}
}

static enum prec
wrap_expr(struct cxx *x, struct op o, const struct arith_row *r)
{
	bool mask = type_is_bool(&x->ir->types, result_type(x, o)) && r->prec == PREC_SHIFT;

	x_f(x, "(%s) (%s", x_type(x, result_type(x, o)), mask ? "(" : "");
	wrap_core(x, o, r);
	x_str(x, mask ? ") & 1)" : ")");
	return PREC_UNARY;
}

static enum prec
pick_expr(struct cxx *x, struct op o, const struct arith_row *r)
{
	const char *u = r->kind == K_PICK_U ? unsigned_name(width_of(x, result_type(x, o))) : NULL;

	for (uint32_t k = 0; k < 2; k++) {
		if (u)
			x_f(x, "(%s) ", u);
		x_name(x, arg(x, o, k));
		x_f(x, k ? " ? " : " %s ", r->tok);
	}
	x_name(x, arg(x, o, 0));
	x_str(x, " : ");
	x_name(x, arg(x, o, 1));
	return PREC_COND;
}

/* (a + b - 1) / b would wrap near the top of the range. */
static enum prec
ceil_u_expr(struct cxx *x, struct op o)
{
	const char *u = unsigned_name(width_of(x, result_type(x, o))), *t = x_type(x, result_type(x, o));
	uint32_t a = x_val(x, arg(x, o, 0))->no, b = x_val(x, arg(x, o, 1))->no;

	x_f(x, "(%s) ((%s) v%u / (%s) v%u + ((%s) v%u %% (%s) v%u != 0))", t, u, a, u, b, u, a, u, b);
	return PREC_UNARY;
}

static enum prec
round_s_expr(struct cxx *x, struct op o, bool up)
{
	uint32_t a = x_val(x, arg(x, o, 0))->no, b = x_val(x, arg(x, o, 1))->no;

	x_f(x, "v%u %% v%u != 0 && (v%u < 0) %s (v%u < 0) ? v%u / v%u %s 1 : v%u / v%u", a, b, a, up ? "==" : "!=", b,
	    a, b, up ? "+" : "-", a, b);
	return PREC_COND;
}

static enum prec
int_expr(struct cxx *x, struct op o)
{
	const struct arith_row *r = arith_row(op_id(x->ir, o));

	if (r->bit[0] && type_is_bool(&x->ir->types, result_type(x, o)))
		return bit_expr(x, o, r);
	switch ((enum arith_kind)r->kind) {
	case K_PICK:
	case K_PICK_U:
		return pick_expr(x, o, r);
	case K_CEIL_U:
		return ceil_u_expr(x, o);
	case K_CEIL_S:
	case K_FLOOR_S:
		return round_s_expr(x, o, r->kind == K_CEIL_S);
	case K_SIGNED:
		x_operand(x, arg(x, o, 0), r->prec);
		x_f(x, " %s ", r->tok);
		x_operand(x, arg(x, o, 1), r->prec + 1);
		return r->prec;
	case K_SHIFT_S:
		x_operand(x, arg(x, o, 0), PREC_SHIFT);
		x_str(x, " >> ");
		cast_operand(x, unsigned_name(width_of(x, result_type(x, o))), arg(x, o, 1));
		return PREC_SHIFT;
	case K_NONE:
	case K_WRAP:
	case K_FLOAT:
	case K_NEG:
	case K_REM:
	case K_PICK_NUM:
	case K_PICK_NAN:
		break;
	}
	return wrap_expr(x, o, r);
}

/* Forms that mention an operand several times take names. */
static void
arith_uses(struct cxx *x, struct op o)
{
	uint8_t k = arith_row(op_id(x->ir, o))->kind;
	bool once = k == K_WRAP || k == K_SIGNED || k == K_SHIFT_S || k == K_FLOAT || k == K_NEG || k == K_REM;

	x_use_all(x, o, once);
}

/* Sums and products of constants describe shapes and strides: remember their values. */
static void
int_prepare(struct cxx *x, struct op o)
{
	int64_t a, b, c;
	enum op_id id = op_id(x->ir, o);
	uint32_t w = width_of(x, result_type(x, o));

	if ((w != 32 && w != 64) || !x_const(x, arg(x, o, 0), &a) || !x_const(x, arg(x, o, 1), &b))
		return;
	bool ok = id == OP_ARITH_ADDI   ? num_add(a, b, &c)
		  : id == OP_ARITH_SUBI ? num_sub(a, b, &c)
		  : id == OP_ARITH_MULI ? num_mul(a, b, &c)
					: false;
	if (!ok || (w == 32 && (c < INT32_MIN || c > INT32_MAX)))
		return;
	x_val(x, op_res(x->ir, o, 0))->flags |= CV_CONST;
	x_val(x, op_res(x->ir, o, 0))->konst = c;
}

const struct family fam_arith_int = {.prepare = int_prepare, .uses = arith_uses, .expr = int_expr};

/* Wide arithmetic: both parts are cut from one wide value. */
static void
extended_stmt(struct cxx *x, struct op o)
{
	static const char *const wide[2][4] = {{"uint16_t", "uint32_t", "uint64_t", "unsigned __int128"},
					       {"int16_t", "int32_t", "int64_t", "__int128"}};
	struct val lo = op_res(x->ir, o, 0), hi = op_res(x->ir, o, 1);
	uint32_t w = width_of(x, val_type(x->ir, lo));
	bool add = op_id(x->ir, o) == OP_ARITH_ADDUI_EXTENDED, sign = op_id(x->ir, o) == OP_ARITH_MULSI_EXTENDED;

	if (w < 8 || w > 64) {
		x_fail(x, o, "has no C++ form for integers of %u bit", w);
		return;
	}
	const char *t = wide[sign][w == 8 ? 0 : w == 16 ? 1 : w == 32 ? 2 : 3];
	uint32_t no = x_temp(x, t);
	for (uint32_t k = 0; k < 2; k++) {
		x_f(x, k ? add ? " + (%s) " : " * (%s) " : "(%s) ", t);
		if (!sign)
			x_f(x, "(%s) ", unsigned_name(w));
		x_name(x, arg(x, o, k));
	}
	x_end(x);
	x_def(x, lo);
	x_f(x, "(%s) v%u;\n", x_val_type(x, lo), no);
	x_def(x, hi);
	if (add)
		x_f(x, "(v%u >> %u) != 0;\n", no, w);
	else
		x_f(x, "(%s) (v%u >> %u);\n", x_val_type(x, hi), no, w);
}

const struct family fam_arith_extended = {.stmt = extended_stmt};

/* ---- floats ---- */

static enum prec
pick_num_expr(struct cxx *x, struct op o, const struct arith_row *r)
{
	uint32_t a = x_val(x, arg(x, o, 0))->no, b = x_val(x, arg(x, o, 1))->no;
	const char *c = is_narrow_float(x, result_type(x, o)) ? "(float) " : "";

	/* false for a NaN in a: then b; a NaN in b makes the second test true */
	x_f(x, "%sv%u %s %sv%u || %sv%u != %sv%u ? v%u : v%u", c, a, r->tok, c, b, c, b, c, b, a, b);
	return PREC_COND;
}

static enum prec
pick_nan_expr(struct cxx *x, struct op o, const struct arith_row *r)
{
	uint32_t a = x_val(x, arg(x, o, 0))->no, b = x_val(x, arg(x, o, 1))->no;
	bool n = is_narrow_float(x, result_type(x, o)), d = is_f64(x, result_type(x, o));
	const char *c = n ? "(float) " : "", *u = n ? "uint16_t" : d ? "uint64_t" : "uint32_t";
	uint32_t sign = n ? 15 : d ? 63 : 31;
	/* equal values differ only as +0 and -0: max takes the one without sign bit */
	const char *want = r->tok[0] == '>' ? "==" : "!=";

	x_f(x, "%sv%u != %sv%u ? v%u : %sv%u != %sv%u ? v%u : ", c, a, c, a, a, c, b, c, b, b);
	x_f(x, "%sv%u == %sv%u ? (ptoas_bitcast<%s>(v%u) >> %u %s 0 ? v%u : v%u) : ", c, a, c, b, u, a, sign, want, a,
	    b);
	x_f(x, "%sv%u %s %sv%u ? v%u : v%u", c, a, r->tok, c, b, a, b);
	return PREC_COND;
}

static enum prec
float_expr(struct cxx *x, struct op o)
{
	const struct arith_row *r = arith_row(op_id(x->ir, o));
	uint32_t at = x->o->n;

	if (r->kind == K_PICK_NUM)
		return pick_num_expr(x, o, r);
	if (r->kind == K_PICK_NAN)
		return pick_nan_expr(x, o, r);
	if (r->kind == K_NEG) {
		x_str(x, "-");
		float_operand(x, arg(x, o, 0), PREC_POSTFIX);
	} else if (r->kind == K_REM) {
		x_f(x, "__builtin_fmod%s(", is_f64(x, result_type(x, o)) ? "" : "f");
		float_operand(x, arg(x, o, 0), PREC_COND);
		x_str(x, ", ");
		float_operand(x, arg(x, o, 1), PREC_COND);
		x_str(x, ")");
	} else {
		float_operand(x, arg(x, o, 0), r->prec);
		x_f(x, " %s ", r->tok);
		float_operand(x, arg(x, o, 1), r->prec + 1);
	}
	return narrow(x, o, at, r->prec);
}

const struct family fam_arith_float = {.uses = arith_uses, .expr = float_expr};

static const struct {
	enum op_id id;
	const char *fn; /* __builtin_<fn>, f suffix added for f32 */
} math_row[] = {
	{OP_MATH_ABSF, "fabs"},
	{OP_MATH_CEIL, "ceil"},
	{OP_MATH_COS, "cos"},
	{OP_MATH_ERF, "erf"},
	{OP_MATH_EXP, "exp"},
	{OP_MATH_EXP2, "exp2"},
	{OP_MATH_FLOOR, "floor"},
	{OP_MATH_FMA, "fma"},
	{OP_MATH_LOG, "log"},
	{OP_MATH_LOG2, "log2"},
	{OP_MATH_POWF, "pow"},
	{OP_MATH_ROUND, "round"},
	{OP_MATH_RSQRT, "sqrt"},
	{OP_MATH_SIN, "sin"},
	{OP_MATH_SQRT, "sqrt"},
	{OP_MATH_TANH, "tanh"},
};

static const char *
math_name(enum op_id id)
{
	for (uint32_t i = 0; i < sizeof math_row / sizeof math_row[0]; i++)
		if (math_row[i].id == id)
			return math_row[i].fn;
	return "";
}

static enum prec
absi_expr(struct cxx *x, struct op o)
{
	const char *t = x_type(x, result_type(x, o)), *u = unsigned_name(width_of(x, result_type(x, o)));
	uint32_t a = x_val(x, arg(x, o, 0))->no;

	x_f(x, "v%u < 0 ? (%s) (0 - (%s) v%u) : v%u", a, t, u, a, a);
	return PREC_COND;
}

static enum prec
math_expr(struct cxx *x, struct op o)
{
	uint32_t at = x->o->n;
	bool f64 = is_f64(x, result_type(x, o)), inverse = op_id(x->ir, o) == OP_MATH_RSQRT;

	if (op_id(x->ir, o) == OP_MATH_ABSI)
		return absi_expr(x, o);
	if (inverse)
		x_str(x, f64 ? "1.0 / " : "1.0f / ");
	x_f(x, "__builtin_%s%s(", math_name(op_id(x->ir, o)), f64 ? "" : "f");
	for (uint32_t k = 0; k < ir_op(x->ir, o)->nopnd; k++) {
		x_str(x, k ? ", " : "");
		float_operand(x, arg(x, o, k), PREC_COND);
	}
	x_str(x, ")");
	return narrow(x, o, at, inverse ? PREC_MUL : PREC_POSTFIX);
}

static void
math_uses(struct cxx *x, struct op o)
{
	x_use_all(x, o, op_id(x->ir, o) != OP_MATH_ABSI);
}

const struct family fam_math_op = {.uses = math_uses, .expr = math_expr};

/* ---- comparisons and selection ---- */

static enum prec
cmpi_expr(struct cxx *x, struct op o)
{
	static const char *const tok[] = {"==", "!=", "<", "<=", ">", ">=", "<", "<=", ">", ">="};
	static const char *const swapped[] = {"==", "!=", ">", ">=", "<", "<="};
	int32_t p = op_enum(x->ir, o, x->ir->name.predicate, EN_CMPI_PREDICATE, 0);
	struct typ ty = val_type(x->ir, arg(x, o, 0));
	bool bit = type_is_bool(&x->ir->types, ty);
	enum prec prec = p < 2 ? PREC_EQ : PREC_REL;

	/* i1: unsigned predicates compare the bits; true is -1 for the signed ones */
	for (uint32_t k = 0; k < 2; k++) {
		if (k)
			x_f(x, " %s ", bit && p < 6 ? swapped[p] : tok[p]);
		if (p >= 6 && !bit)
			cast_operand(x, unsigned_name(width_of(x, ty)), arg(x, o, k));
		else
			x_operand(x, arg(x, o, k), prec + 1);
	}
	return prec;
}

const struct family fam_arith_cmpi = {.expr = cmpi_expr};

/* An ordered predicate is what C++ computes (only != is true for a NaN); an unordered one is the negated opposite. */
static enum prec
cmpf_expr(struct cxx *x, struct op o)
{
	static const struct {
		const char *tok;
		bool negate;
	} form[16] = {[1] = {"==", 0}, [2] = {">", 0},  [3] = {">=", 0},  [4] = {"<", 0},  [5] = {"<=", 0},
		      [9] = {"<=", 1}, [10] = {"<", 1}, [11] = {">=", 1}, [12] = {">", 1}, [13] = {"!=", 0}};
	int32_t p = op_enum(x->ir, o, x->ir->name.predicate, EN_CMPF_PREDICATE, 0);
	const char *c = is_narrow_float(x, val_type(x->ir, arg(x, o, 0))) ? "(float) " : "";
	uint32_t a = x_val(x, arg(x, o, 0))->no, b = x_val(x, arg(x, o, 1))->no;

	if (p == 0 || p == 15) {
		x_str(x, p ? "true" : "false");
		return PREC_POSTFIX;
	}
	if (form[p].tok) {
		x_f(x, "%s%sv%u %s %sv%u%s", form[p].negate ? "!(" : "", c, a, form[p].tok, c, b,
		    form[p].negate ? ")" : "");
		return form[p].negate ? PREC_UNARY : p == 1 || p == 13 ? PREC_EQ : PREC_REL;
	}
	if (p == 6 || p == 8) { /* one, ueq */
		x_f(x, p == 8 ? "!(%sv%u < %sv%u || %sv%u > %sv%u)" : "%sv%u < %sv%u || %sv%u > %sv%u", c, a, c, b, c,
		    a, c, b);
		return p == 8 ? PREC_UNARY : PREC_LOR;
	}
	if (p == 7) {
		x_f(x, "%sv%u == %sv%u && %sv%u == %sv%u", c, a, c, a, c, b, c, b);
		return PREC_LAND;
	}
	x_f(x, "%sv%u != %sv%u || %sv%u != %sv%u", c, a, c, a, c, b, c, b);
	return PREC_LOR;
}

static void
named_uses(struct cxx *x, struct op o)
{
	x_use_all(x, o, false);
}

const struct family fam_arith_cmpf = {.uses = named_uses, .expr = cmpf_expr};

static enum prec
select_expr(struct cxx *x, struct op o)
{
	struct val t = arg(x, o, 1), f = arg(x, o, 2);

	if (x_tile_type(x, t).i != x_tile_type(x, f).i)
		x_fail(x, o, "chooses between tiles that print as different C++ types");
	x_val(x, op_res(x->ir, o, 0))->tile = x_val(x, t)->tile;
	x_operand(x, arg(x, o, 0), PREC_LOR);
	x_str(x, " ? ");
	x_operand(x, t, PREC_LOR);
	x_str(x, " : ");
	x_operand(x, f, PREC_LOR);
	return PREC_COND;
}

static void
select_stmt(struct cxx *x, struct op o)
{
	x_val(x, op_res(x->ir, o, 0))->tile = x_val(x, arg(x, o, 1))->tile;
	x_def(x, op_res(x->ir, o, 0));
	select_expr(x, o);
	x_end(x);
}

const struct family fam_arith_select = {.stmt = select_stmt, .expr = select_expr};

/* ---- casts ---- */

static bool
same_cxx_type(struct cxx *x, struct typ a, struct typ b)
{
	const char *p = x_type(x, a), *q = x_type(x, b);

	return p && q && strcmp(p, q) == 0;
}

static enum prec
cast_expr(struct cxx *x, struct op o)
{
	enum op_id id = op_id(x->ir, o);
	struct val v = arg(x, o, 0);
	struct typ from = val_type(x->ir, v), to = result_type(x, o);
	const char *t = x_type(x, to);
	bool bit = type_is_bool(&x->ir->types, from);
	bool via_float = is_narrow_float(x, from) || is_narrow_float(x, to);
	bool to_int = !type_is_float(&x->ir->types, to), from_int = !type_is_float(&x->ir->types, from);

	if (same_cxx_type(x, from, to)) {
		x_operand(x, v, PREC_UNARY);
		return PREC_UNARY;
	}
	if (id == OP_ARITH_BITCAST) {
		x_f(x, "ptoas_bitcast<%s>(", t);
		x_operand(x, v, PREC_COND);
		x_str(x, ")");
		return PREC_POSTFIX;
	}
	x_f(x, "(%s) ", t);
	if (id == OP_ARITH_EXTSI && bit) {
		x_str(x, "(0 - ");
		cast_operand(x, t, v);
		x_str(x, ")");
	} else if (id == OP_ARITH_TRUNCI && type_is_bool(&x->ir->types, to)) {
		x_str(x, "(");
		cast_operand(x, unsigned_name(width_of(x, from)), v);
		x_str(x, " & 1)");
	} else if ((id == OP_ARITH_EXTUI || id == OP_ARITH_INDEX_CASTUI || id == OP_ARITH_UITOFP) && !bit) {
		/* zero extension: through the unsigned source type */
		if (to_int && width_of(x, to) > width_of(x, from))
			x_f(x, "(%s) ", unsigned_name(width_of(x, to)));
		else if (!to_int && via_float)
			x_str(x, "(float) ");
		cast_operand(x, unsigned_name(width_of(x, from)), v);
	} else {
		if (id == OP_ARITH_FPTOUI)
			x_f(x, "(%s) ", unsigned_name(width_of(x, to)));
		if (via_float && (to_int || from_int))
			x_str(x, "(float) ");
		x_operand(x, v, PREC_UNARY);
	}
	return PREC_UNARY;
}

const struct family fam_arith_cast = {.expr = cast_expr};

/* The result is the same C++ variable when the types print alike; scalars otherwise convert. */
static void
conv_cast_stmt(struct cxx *x, struct op o)
{
	struct val v = arg(x, o, 0), r = op_res(x->ir, o, 0);
	enum type_kind kf = type_kind(&x->ir->types, val_type(x->ir, v)),
		       kt = type_kind(&x->ir->types, val_type(x->ir, r));

	if (!(x_val(x, r)->flags & CV_VAR) && same_cxx_type(x, val_type(x->ir, v), val_type(x->ir, r))) {
		struct cval *c = x_val(x, r), *p = x_val(x, v);
		c->no = p->no;
		c->tile = p->tile;
		c->type = p->type;
		c->aux = p->aux;
		return;
	}
	if (kf == TY_TILE && kt == TY_PTR) {
		x_def(x, r);
		x_name(x, v);
		x_str(x, ".data();\n");
		return;
	}
	if (kf == TY_TILE || kt == TY_TILE || !x_type(x, val_type(x->ir, r))) {
		x_fail(x, o, "converts between types without a C++ conversion");
		return;
	}
	x_def(x, r);
	cast_operand(x, x_val_type(x, r), v);
	x_end(x);
}

static void
conv_cast_prepare(struct cxx *x, struct op o)
{
	x_val(x, op_res(x->ir, o, 0))->aux = x_val(x, arg(x, o, 0))->aux;
}

const struct family fam_conv_cast = {.prepare = conv_cast_prepare, .stmt = conv_cast_stmt};

/* ---- affine ---- */

/* affine_map<()[s0] -> (s0 * C)>, as verified: the factor is what stands behind the star. */
static int64_t
map_factor(struct strv s)
{
	const char *p = memchr(s.p, '*', s.n), *end = s.p + s.n;
	int64_t n = 0;
	bool minus = false;

	assert(p);
	for (; p < end; p++) {
		minus = minus || *p == '-';
		if (*p >= '0' && *p <= '9')
			n = n * 10 + (*p - '0');
	}
	return minus ? -n : n;
}

static enum prec
affine_expr(struct cxx *x, struct op o)
{
	struct attr a = op_attr(x->ir, o, x->ir->name.map);
	int64_t c = map_factor(sym_text(&x->ir->in, attr_data(&x->ir->attrs, a)->text));

	x_operand(x, arg(x, o, 0), PREC_MUL);
	x_f(x, " * %lld", (long long)c);
	return PREC_MUL;
}

const struct family fam_affine_apply = {.expr = affine_expr};
