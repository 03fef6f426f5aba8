/*
 * value: expressions of scalars and pointers into IR. Conversions follow C++: operands narrower than int are widened,
 * the wider type wins, unsigned wins at equal width. Values of integers are signless in the IR; whether the C++ type
 * is unsigned goes along in struct cval. Integers of one width convert without an op.
 */
#include "cxxin/model.h"

/* ---- ops ---- */

struct op
cx_op(struct reader *r, enum op_id id, struct span at)
{
	return ir_op_new(r->ir, id, r->here.hi ? r->here : at);
}

void
cx_put(struct reader *r, struct op o)
{
	ir_append(r->ir, r->blk, o);
}

struct cval
cx_val(struct val v, bool is_unsigned)
{
	return (struct cval){.kind = v.i ? CV_VAL : CV_OTHER, .v = v, .is_unsigned = is_unsigned};
}

/* Constants stand at the start of the function, so that every use comes behind them. */
static struct val
known_const(struct reader *r, struct typ ty, uint64_t bits, struct attr a)
{
	uint32_t h = hash_u32(hash_u32(ty.i, (uint32_t)bits), (uint32_t)(bits >> 32)) % CONST_SLOTS;

	for (uint32_t k = r->known_slot[h]; k; k = r->known.at[k].next)
		if (r->known.at[k].ty.i == ty.i && r->known.at[k].bits == bits)
			return r->known.at[k].v;
	struct op o = ir_op_new(r->ir, OP_ARITH_CONSTANT, (struct span){0, 0});
	op_attr_set(r->ir, o, r->ir->name.value, a);
	ir_op_operands(r->ir, o, NULL, 0);
	struct val v = ir_op_result(r->ir, o, ty);
	if (r->last_const.i)
		ir_insert_after(r->ir, r->last_const, o);
	else if (ir_blk(r->ir, r->entry)->first.i)
		ir_insert_before(r->ir, ir_blk(r->ir, r->entry)->first, o);
	else
		ir_append(r->ir, r->entry, o);
	r->last_const = o;
	VEC_PUSH(r->a, &r->known, (struct known_const){ty, bits, v, r->known_slot[h]});
	r->known_slot[h] = r->known.n - 1;
	return v;
}

struct val
cx_int(struct reader *r, int64_t v, uint32_t width)
{
	struct typ ty = type_int(&r->ir->types, width, SIGNLESS);

	if (width < 64) {
		/* as the value of that width, sign extended; booleans stay 0 and 1 */
		uint64_t mask = (UINT64_C(1) << width) - 1, bits = (uint64_t)v & mask;
		if (width > 1 && bits >> (width - 1))
			bits |= ~mask;
		v = (int64_t)bits;
	}
	return known_const(r, ty, (uint64_t)v, width == 1 ? attr_bool(&r->ir->attrs, v != 0)
							  : attr_int(&r->ir->attrs, v, ty));
}

static struct val
float_const(struct reader *r, double f, struct typ ty)
{
	uint64_t bits;

	memcpy(&bits, &f, sizeof bits);
	return known_const(r, ty, bits, attr_float(&r->ir->attrs, f, bits, ty));
}

struct val
cx_opaque(struct reader *r, struct typ ty, struct span at)
{
	struct op o = cx_op(r, OP_PTOC_UNKNOWN, at);

	ir_op_groups(r->ir, o, NULL, &(uint32_t){0}, 1);
	struct val v = ir_op_result(r->ir, o, ty);
	cx_put(r, o);
	return v;
}

static struct val
cx_op1(struct reader *r, enum op_id id, struct val a, struct typ ty, struct span at)
{
	struct op o = cx_op(r, id, at);

	ir_op_operands(r->ir, o, &a, 1);
	struct val v = ir_op_result(r->ir, o, ty);
	cx_put(r, o);
	return v;
}

static struct val
cx_op2(struct reader *r, enum op_id id, struct val a, struct val b, struct typ ty, struct span at)
{
	const struct val in[] = {a, b};
	struct op o = cx_op(r, id, at);

	ir_op_operands(r->ir, o, in, 2);
	struct val v = ir_op_result(r->ir, o, ty);
	cx_put(r, o);
	return v;
}

/* ---- kinds ---- */

static const struct type_data *
value_data(const struct reader *r, const struct cval *c)
{
	return type_data(&r->ir->types, val_type(r->ir, c->v));
}

bool
cx_is_kind(const struct reader *r, const struct cval *c, enum type_kind k)
{
	return c->kind == CV_VAL && value_data(r, c)->kind == k;
}

bool
cx_is_int(const struct reader *r, const struct cval *c)
{
	return cx_is_kind(r, c, TY_INT);
}

bool
cx_is_scalar(const struct reader *r, const struct cval *c)
{
	return cx_is_int(r, c) || cx_is_kind(r, c, TY_FLOAT);
}

bool
cx_is_view(const struct reader *r, const struct cval *c)
{
	return cx_is_kind(r, c, TY_TVIEW) || cx_is_kind(r, c, TY_PVIEW);
}

bool
cx_const_of(const struct reader *r, const struct cval *c, int64_t *v)
{
	return cx_is_int(r, c) && val_const_int(r->ir, c->v, v);
}

struct val
cx_force(struct reader *r, struct cval c, struct typ ty, struct span at)
{
	if (c.kind == CV_VAL && val_type(r->ir, c.v).i == ty.i)
		return c.v;
	if (c.kind == CV_VAL && value_data(r, &c)->kind == TY_INT && type_kind(&r->ir->types, ty) == TY_INT) {
		struct ctype t = {.kind = CT_INT, .ty = ty};
		VEC_PUSH(r->a, &r->ctype, t);
		return cx_convert(r, c, r->ctype.n - 1, at).v;
	}
	return cx_opaque(r, ty, at);
}

/* ---- conversions ---- */

static struct typ
value_type(struct reader *r, struct typ ty)
{
	const struct type_data *d = type_data(&r->ir->types, ty);

	return d->kind == TY_INT ? type_int(&r->ir->types, d->width, SIGNLESS) : ty;
}

static struct cval
to_int(struct reader *r, struct cval c, const struct ctype *t, struct span at)
{
	struct typ ty = value_type(r, t->ty);
	uint32_t to = type_data(&r->ir->types, ty)->width;
	int64_t k;

	if (cx_const_of(r, &c, &k)) {
		/* a constant of an unsigned type is not negative */
		uint32_t from = value_data(r, &c)->width;
		if (c.is_unsigned && from < 64 && from > 1)
			k &= (int64_t)((UINT64_C(1) << from) - 1);
		return cx_val(cx_int(r, to == 1 ? k != 0 : k, to), t->is_unsigned);
	}
	if (cx_is_int(r, &c)) {
		uint32_t from = value_data(r, &c)->width;
		if (from == to)
			return cx_val(c.v, t->is_unsigned);
		if (to == 1)
			return cx_binary(r, P2('!', '='), c, cx_val(cx_int(r, 0, from), c.is_unsigned), at);
		enum op_id id = from > to	? OP_ARITH_TRUNCI
				: c.is_unsigned ? OP_ARITH_EXTUI
						: OP_ARITH_EXTSI;
		return cx_val(cx_op1(r, id, c.v, ty, at), t->is_unsigned);
	}
	if (cx_is_kind(r, &c, TY_FLOAT))
		return cx_val(cx_op1(r, t->is_unsigned ? OP_ARITH_FPTOUI : OP_ARITH_FPTOSI, c.v, ty, at),
			      t->is_unsigned);
	if (cx_is_kind(r, &c, TY_PTR))
		return cx_val(cx_op1(r, OP_CASTPTR, c.v, ty, at), t->is_unsigned);
	return (struct cval){.kind = CV_OTHER};
}

static struct cval
to_float(struct reader *r, struct cval c, const struct ctype *t, struct span at)
{
	uint32_t from, to = type_bytes(&r->ir->types, t->ty);

	if (cx_is_int(r, &c))
		return cx_val(cx_op1(r, c.is_unsigned ? OP_ARITH_UITOFP : OP_ARITH_SITOFP, c.v, t->ty, at), false);
	if (!cx_is_kind(r, &c, TY_FLOAT) || val_type(r->ir, c.v).i == t->ty.i)
		return c;
	from = type_bytes(&r->ir->types, val_type(r->ir, c.v));
	return cx_val(cx_op1(r, from < to ? OP_ARITH_EXTF : OP_ARITH_TRUNCF, c.v, t->ty, at), false);
}

/* An address that is only passed on keeps being one: reinterpret_cast<uint64_t>(tile.data()). */
static struct cval
from_data(struct reader *r, struct cval c, const struct ctype *t, struct span at)
{
	if (t->kind == CT_PTR)
		return cx_val(cx_op1(r, OP_CASTPTR, c.v, t->ty, at), false);
	if (t->kind == CT_INT && type_data(&r->ir->types, t->ty)->width == 64)
		return c;
	return (struct cval){.kind = CV_OTHER};
}

struct cval
cx_convert(struct reader *r, struct cval c, uint32_t type, struct span at)
{
	struct ctype t = r->ctype.at[type];

	if (c.kind == CV_DATA)
		return from_data(r, c, &t, at);
	if (c.kind == CV_OTHER && t.kind == CT_PTR)
		return cx_val(cx_opaque(r, t.ty, at), false);
	if (c.kind != CV_VAL)
		return c;
	switch ((enum ctype_kind)t.kind) {
	case CT_INT:
		return to_int(r, c, &t, at);
	case CT_FLOAT:
		return to_float(r, c, &t, at);
	case CT_PTR:
		if ((cx_is_kind(r, &c, TY_PTR) && val_type(r->ir, c.v).i != t.ty.i) || cx_is_int(r, &c))
			return cx_val(cx_op1(r, OP_CASTPTR, c.v, t.ty, at), false);
		return c;
	case CT_NONE:
	case CT_VOID:
	case CT_AUTO:
	case CT_TILE:
	case CT_VIEW:
	case CT_FIVE:
	case CT_HANDLE:
	case CT_NAMED:
		return c;
	}
	return c;
}

/* ---- operators ---- */

/* Both operands as one integer type; *is_unsigned of it. False when one is no integer. */
static bool
cx_balance(struct reader *r, struct cval *a, struct cval *b, struct span at)
{
	if (!cx_is_int(r, a) || !cx_is_int(r, b))
		return false;
	uint32_t wa = value_data(r, a)->width, wb = value_data(r, b)->width;
	bool ua = wa >= 32 && a->is_unsigned, ub = wb >= 32 && b->is_unsigned;
	uint32_t w = wa > wb ? wa : wb;

	if (w < 32)
		w = 32;
	struct ctype t = {.kind = CT_INT, .is_unsigned = (ua && wa == w) || (ub && wb == w),
			  .ty = type_int(&r->ir->types, w, SIGNLESS)};
	*a = to_int(r, *a, &t, at);
	*b = to_int(r, *b, &t, at);
	return true;
}

struct binary_row {
	uint16_t op;
	uint16_t sint, uint, real;	/* OP_NONE: none */
	int8_t spred, upred, fpred;	/* comparisons, -1: none */
};

/* Predicates of cmpi and cmpf by their values (isa/enums.def). */
static const struct binary_row binary_row[] = {
	{'+', OP_ARITH_ADDI, OP_ARITH_ADDI, OP_ARITH_ADDF, -1, -1, -1},
	{'-', OP_ARITH_SUBI, OP_ARITH_SUBI, OP_ARITH_SUBF, -1, -1, -1},
	{'*', OP_ARITH_MULI, OP_ARITH_MULI, OP_ARITH_MULF, -1, -1, -1},
	{'/', OP_ARITH_DIVSI, OP_ARITH_DIVUI, OP_ARITH_DIVF, -1, -1, -1},
	{'%', OP_ARITH_REMSI, OP_ARITH_REMUI, OP_NONE, -1, -1, -1},
	{'&', OP_ARITH_ANDI, OP_ARITH_ANDI, OP_NONE, -1, -1, -1},
	{'|', OP_ARITH_ORI, OP_ARITH_ORI, OP_NONE, -1, -1, -1},
	{'^', OP_ARITH_XORI, OP_ARITH_XORI, OP_NONE, -1, -1, -1},
	{P2('<', '<'), OP_ARITH_SHLI, OP_ARITH_SHLI, OP_NONE, -1, -1, -1},
	{P2('>', '>'), OP_ARITH_SHRSI, OP_ARITH_SHRUI, OP_NONE, -1, -1, -1},
	{P2('=', '='), OP_ARITH_CMPI, OP_ARITH_CMPI, OP_ARITH_CMPF, 0, 0, 1},
	{P2('!', '='), OP_ARITH_CMPI, OP_ARITH_CMPI, OP_ARITH_CMPF, 1, 1, 13},
	{'<', OP_ARITH_CMPI, OP_ARITH_CMPI, OP_ARITH_CMPF, 2, 6, 4},
	{P2('<', '='), OP_ARITH_CMPI, OP_ARITH_CMPI, OP_ARITH_CMPF, 3, 7, 5},
	{'>', OP_ARITH_CMPI, OP_ARITH_CMPI, OP_ARITH_CMPF, 4, 8, 2},
	{P2('>', '='), OP_ARITH_CMPI, OP_ARITH_CMPI, OP_ARITH_CMPF, 5, 9, 3},
	{P2('&', '&'), OP_ARITH_ANDI, OP_ARITH_ANDI, OP_NONE, -1, -1, -1},
	{P2('|', '|'), OP_ARITH_ORI, OP_ARITH_ORI, OP_NONE, -1, -1, -1},
};

static struct cval
compared(struct reader *r, enum op_id id, enum enum_id en, int32_t pred, struct cval a, struct cval b, struct span at)
{
	struct val v = cx_op2(r, id, a.v, b.v, type_int(&r->ir->types, 1, SIGNLESS), at);

	op_attr_set(r->ir, ir_val(r->ir, v)->def, r->ir->name.predicate, attr_enum(&r->ir->attrs, en, pred));
	return cx_val(v, true);
}

static struct cval
pointer_plus(struct reader *r, uint16_t op, struct cval p, struct cval i, struct span at)
{
	if (op == '-')
		i = cx_binary(r, '-', cx_val(cx_int(r, 0, 64), false), i, at);
	if ((op != '+' && op != '-') || !cx_is_int(r, &i))
		return (struct cval){.kind = CV_OTHER};
	return cx_val(cx_op2(r, OP_ADDPTR, p.v, i.v, val_type(r->ir, p.v), at), false);
}

static struct cval
to_bool(struct reader *r, struct cval c, struct span at)
{
	struct ctype t = {.kind = CT_INT, .is_unsigned = true, .ty = type_int(&r->ir->types, 1, SIGNLESS)};

	return cx_is_int(r, &c) ? to_int(r, c, &t, at) : (struct cval){.kind = CV_OTHER};
}

/* Two numbers of one type; false for operators that are not followed, or where C++ gives no value. */
static bool
fold_numbers(uint16_t op, int64_t x, int64_t y, bool is_unsigned, int64_t *v, bool *truth)
{
	uint64_t a = (uint64_t)x, b = (uint64_t)y;
	bool less = is_unsigned ? a < b : x < y;

	*truth = true;
	switch (op) {
	case '<':
		*v = less;
		return true;
	case '>':
		*v = !less && x != y;
		return true;
	case P2('<', '='):
		*v = less || x == y;
		return true;
	case P2('>', '='):
		*v = !less;
		return true;
	case P2('=', '='):
		*v = x == y;
		return true;
	case P2('!', '='):
		*v = x != y;
		return true;
	default:
		break;
	}
	*truth = false;
	if (op == '/' || op == '%') {
		if (x < 0 || y <= 0)
			return false;
		*v = (int64_t)(op == '/' ? a / b : a % b);
		return true;
	}
	*v = (int64_t)(op == '+' ? a + b : op == '-' ? a - b : op == '*' ? a * b : op == '&' ? (a & b) : (a | b));
	return op == '+' || op == '-' || op == '*' || op == '&' || op == '|';
}

/* Constant operands fold, as they do in MLIR: addresses and slots are often sums of constants. */
static bool
cx_fold(struct reader *r, uint16_t op, const struct cval *a, const struct cval *b, struct cval *out)
{
	bool known_a, known_b, truth;
	int64_t x = 0, y = 0, v;

	known_a = cx_const_of(r, a, &x);
	known_b = cx_const_of(r, b, &y);
	*out = *a;
	if (known_b && ((y == 0 && (op == '+' || op == '-')) || (y == 1 && (op == '*' || op == '/'))))
		return true;
	*out = *b;
	if (known_a && ((x == 0 && op == '+') || (x == 1 && op == '*')))
		return true;
	if (!known_a || !known_b || !fold_numbers(op, x, y, a->is_unsigned, &v, &truth))
		return false;
	*out = truth ? cx_val(cx_int(r, v, 1), true) : cx_val(cx_int(r, v, value_data(r, a)->width), a->is_unsigned);
	return true;
}

struct cval
cx_binary(struct reader *r, uint16_t op, struct cval a, struct cval b, struct span at)
{
	const struct binary_row *row = NULL;
	bool logic = op == P2('&', '&') || op == P2('|', '|');
	struct cval out;

	for (size_t k = 0; k < sizeof binary_row / sizeof binary_row[0]; k++)
		if (binary_row[k].op == op)
			row = &binary_row[k];
	if (a.kind == CV_NAME && b.kind == CV_NAME && (op == P2('=', '=') || op == P2('!', '='))) {
		/* enumerators of a helper's mode */
		bool same = strv_eq(cx_base_name(r, a.name), cx_base_name(r, b.name));
		return cx_val(cx_int(r, same == (op == P2('=', '=')), 1), true);
	}
	if (a.kind == CV_DATA)
		a = cx_tile_address(r, a.v, at);
	if (b.kind == CV_DATA)
		b = cx_tile_address(r, b.v, at);
	/* what is made of a known and an unknown value still depends on the known one */
	if (a.kind == CV_OTHER && cx_is_int(r, &b))
		a = cx_val(cx_opaque(r, val_type(r->ir, b.v), at), b.is_unsigned);
	if (b.kind == CV_OTHER && cx_is_int(r, &a))
		b = cx_val(cx_opaque(r, val_type(r->ir, a.v), at), a.is_unsigned);
	else if (b.kind == CV_OTHER && cx_is_kind(r, &a, TY_PTR))
		b = cx_val(cx_opaque(r, type_int(&r->ir->types, 64, SIGNLESS), at), false);
	if (cx_is_kind(r, &a, TY_PTR))
		return pointer_plus(r, op, a, b, at);
	if (cx_is_kind(r, &b, TY_PTR))
		return op == '+' ? pointer_plus(r, op, b, a, at) : (struct cval){.kind = CV_OTHER};
	if (logic) {
		a = to_bool(r, a, at);
		b = to_bool(r, b, at);
	}
	bool real = cx_is_kind(r, &a, TY_FLOAT) || cx_is_kind(r, &b, TY_FLOAT);
	if (!row || !cx_is_scalar(r, &a) || !cx_is_scalar(r, &b) || (real && !row->real))
		return (struct cval){.kind = CV_OTHER};
	if (real) {
		struct typ ty = val_type(r->ir, cx_is_kind(r, &a, TY_FLOAT) ? a.v : b.v);
		if (cx_is_kind(r, &b, TY_FLOAT) &&
		    type_bytes(&r->ir->types, val_type(r->ir, b.v)) > type_bytes(&r->ir->types, ty))
			ty = val_type(r->ir, b.v);
		struct ctype t = {.kind = CT_FLOAT, .ty = ty};
		a = to_float(r, a, &t, at);
		b = to_float(r, b, &t, at);
		if (row->fpred >= 0)
			return compared(r, OP_ARITH_CMPF, EN_CMPF_PREDICATE, row->fpred, a, b, at);
		return cx_val(cx_op2(r, (enum op_id)row->real, a.v, b.v, ty, at), false);
	}
	if (!logic && !cx_balance(r, &a, &b, at))
		return (struct cval){.kind = CV_OTHER};
	if (cx_fold(r, op, &a, &b, &out))
		return out;
	if (row->spred >= 0)
		return compared(r, OP_ARITH_CMPI, EN_CMPI_PREDICATE, a.is_unsigned ? row->upred : row->spred, a, b, at);
	enum op_id id = (enum op_id)(a.is_unsigned ? row->uint : row->sint);
	return cx_val(cx_op2(r, id, a.v, b.v, val_type(r->ir, a.v), at), a.is_unsigned);
}

/* ---- choices ---- */

/* The same text of names and numbers? Recursion over nesting. */
bool
cx_same_expr(const struct reader *r, uint32_t x, uint32_t y)
{
	const struct expr *a = &r->expr.at[x], *b = &r->expr.at[y];

	if (x == y)
		return true;
	if (a->kind != b->kind || a->op != b->op || a->name.i != b->name.i)
		return false;
	switch ((enum expr_kind)a->kind) {
	case EX_INT:
	case EX_BOOL:
		return a->u.i == b->u.i;
	case EX_VAR:
		return a->a == b->a;
	case EX_UNARY:
		return cx_same_expr(r, a->a, b->a);
	case EX_BINARY:
		return cx_same_expr(r, a->a, b->a) && cx_same_expr(r, a->b, b->b);
	case EX_CAST:
		return r->ctype.at[a->a].ty.i == r->ctype.at[b->a].ty.i && cx_same_expr(r, a->b, b->b);
	case EX_COND:
		return cx_same_expr(r, a->a, b->a) && cx_same_expr(r, a->b, b->b) && cx_same_expr(r, a->c, b->c);
	case EX_NONE:
	case EX_FLOAT:
	case EX_STR:
	case EX_NULL:
	case EX_NAME:
	case EX_CALL:
	case EX_MAKE:
	case EX_MEMBER:
	case EX_INDEX:
	case EX_LIST:
		return false;
	}
	return false;
}

/* a < b ? b : a and its variants: OP_NONE when it is something else. */
static enum op_id
min_or_max(const struct reader *r, const struct expr *e, bool is_unsigned)
{
	const struct expr *c = &r->expr.at[e->a];
	bool less = c->op == '<' || c->op == P2('<', '='), more = c->op == '>' || c->op == P2('>', '=');

	if (c->kind != EX_BINARY || (!less && !more))
		return OP_NONE;
	bool first = cx_same_expr(r, c->a, e->b) && cx_same_expr(r, c->b, e->c);
	bool second = cx_same_expr(r, c->b, e->b) && cx_same_expr(r, c->a, e->c);
	if (!first && !second)
		return OP_NONE;
	/* less ? first : second is the minimum */
	if (less == first)
		return is_unsigned ? OP_ARITH_MINUI : OP_ARITH_MINSI;
	return is_unsigned ? OP_ARITH_MAXUI : OP_ARITH_MAXSI;
}

static struct cval
cx_choice(struct reader *r, const struct expr *e)
{
	struct cval c = cx_eval(r, e->a), a = cx_eval(r, e->b), b = cx_eval(r, e->c);
	int64_t k;

	if (cx_const_of(r, &c, &k))
		return k ? a : b;
	if (cx_is_int(r, &a) && cx_is_int(r, &b) && cx_balance(r, &a, &b, e->at)) {
		enum op_id id = min_or_max(r, e, a.is_unsigned);
		if (id != OP_NONE)
			return cx_val(cx_op2(r, id, a.v, b.v, val_type(r->ir, a.v), e->at), a.is_unsigned);
	}
	if (a.kind == CV_FIVE || a.kind != b.kind || a.kind != CV_VAL)
		return (struct cval){.kind = CV_OTHER};
	if (val_type(r->ir, a.v).i != val_type(r->ir, b.v).i)
		return (struct cval){.kind = CV_OTHER};
	struct val in[3] = {cx_force(r, to_bool(r, c, e->at), type_int(&r->ir->types, 1, SIGNLESS), e->at), a.v, b.v};
	struct op o = cx_op(r, OP_ARITH_SELECT, e->at);
	ir_op_operands(r->ir, o, in, 3);
	struct val v = ir_op_result(r->ir, o, val_type(r->ir, a.v));
	cx_put(r, o);
	return cx_val(v, a.is_unsigned);
}

/* ---- expressions ---- */

static struct cval
cx_literal(struct reader *r, const struct expr *e)
{
	if (e->kind == EX_BOOL)
		return cx_val(cx_int(r, (int64_t)e->u.i, 1), true);
	if (e->kind == EX_FLOAT)
		return cx_val(float_const(r, e->u.f, type_float(&r->ir->types, F_F32)), false);
	bool wide = e->is_long || (e->u.i > INT32_MAX && (!e->is_unsigned || e->u.i > UINT32_MAX));
	return cx_val(cx_int(r, (int64_t)e->u.i, wide ? 64 : 32), e->is_unsigned || e->u.i > INT64_MAX);
}

static struct cval
negated(struct reader *r, const struct expr *e, struct cval a)
{
	struct ctype t = {.kind = CT_INT, .ty = type_int(&r->ir->types, 32, SIGNLESS)};

	if (cx_is_kind(r, &a, TY_FLOAT))
		return cx_val(cx_op1(r, OP_ARITH_NEGF, a.v, val_type(r->ir, a.v), e->at), false);
	if (!cx_is_int(r, &a))
		return (struct cval){.kind = CV_OTHER};
	if (value_data(r, &a)->width < 32)
		a = to_int(r, a, &t, e->at);
	return cx_binary(r, '-', cx_val(cx_int(r, 0, value_data(r, &a)->width), a.is_unsigned), a, e->at);
}

static struct cval
unary_value(struct reader *r, const struct expr *e)
{
	struct cval a;

	if (e->op == '&')
		return cx_eval(r, e->a); /* the address of a variable stands for it */
	a = cx_eval(r, e->a);
	if (e->op == '*' && !cx_is_kind(r, &a, TY_PTR))
		cx_unknown(r, e->at, "memory that is read");
	if (a.kind != CV_VAL)
		return (struct cval){.kind = CV_OTHER};
	if (e->op == '+')
		return a;
	if (e->op == '-')
		return negated(r, e, a);
	if (e->op == '*' && cx_is_kind(r, &a, TY_PTR))
		return cx_load(r, a, cx_val(cx_int(r, 0, 64), false), e->at);
	if (e->op == '!' && cx_is_int(r, &a))
		return cx_binary(r, P2('=', '='), a, cx_val(cx_int(r, 0, value_data(r, &a)->width), true), e->at);
	if (e->op == '~' && cx_is_int(r, &a))
		return cx_binary(r, '^', a, cx_val(cx_int(r, -1, value_data(r, &a)->width), a.is_unsigned), e->at);
	return (struct cval){.kind = CV_OTHER};
}

/* Names of numbers that the library's headers define. */
static struct cval
name_value(struct reader *r, const struct expr *e)
{
	static const struct {
		const char *name;
		int64_t v;
		uint32_t width;
		bool is_unsigned;
	} number[] = {
		{"UINT32_MAX", UINT32_MAX, 32, true}, {"INT32_MAX", INT32_MAX, 32, false},
		{"INT32_MIN", INT32_MIN, 32, false}, {"sizeof", 1, 64, true},
	};

	for (size_t k = 0; k < sizeof number / sizeof number[0]; k++)
		if (strv_is(sym_text(&r->ir->in, e->name), number[k].name))
			return cx_val(cx_int(r, number[k].v, number[k].width), number[k].is_unsigned);
	return (struct cval){.kind = CV_NAME, .name = e->name};
}

static struct cval
list_value(struct reader *r, const struct expr *e)
{
	struct cval out = {.kind = CV_LIST, .n = e->narg}, *v = ARENA_ARRAY(r->a, struct cval, e->narg + 1);

	for (uint32_t k = 0; k < e->narg; k++)
		v[k] = cx_eval(r, r->arg.at[e->arg0 + k]);
	out.list0 = r->item.n;
	for (uint32_t k = 0; k < e->narg; k++)
		VEC_PUSH(r->a, &r->item, v[k]);
	return out;
}

static struct cval
make_value(struct reader *r, const struct expr *e)
{
	struct cval l = list_value(r, e);
	struct cval *arg = ARENA_ARRAY(r->a, struct cval, l.n + 1);

	for (uint32_t k = 0; k < l.n; k++)
		arg[k] = r->item.at[l.list0 + k];
	return cx_make(r, e->a, arg, l.n, e->at);
}

/* An element of an array, or of an object like one, on the stack? */
bool
cx_on_stack(const struct reader *r, uint32_t x)
{
	const struct expr *e = &r->expr.at[x];

	/* the descriptors that a client's wrapper takes apart lie in memory that nobody writes meanwhile */
	const struct cfunc *f = &r->cfunc.at[r->func];
	bool wrapper = f->nparam == 1 && r->ctype.at[r->var.at[f->var0].type].kind == CT_PTR;
	while (e->kind == EX_INDEX || (e->kind == EX_MEMBER && wrapper))
		e = &r->expr.at[e->a];
	if (e->kind != EX_VAR)
		return false;
	if (wrapper && r->ctype.at[r->var.at[e->a].type].kind == CT_NAMED)
		return true;
	const struct ctype *t = &r->ctype.at[r->var.at[e->a].type];
	return r->var.at[e->a].array || (t->kind == CT_NAMED && !t->elem);
}

/* (p)[i] reads memory; what stands on the stack is a value nobody follows. */
static struct cval
index_value(struct reader *r, const struct expr *e)
{
	struct cval p = cx_eval(r, e->a), i = cx_eval(r, e->b);

	if (cx_is_kind(r, &p, TY_PTR))
		return cx_load(r, p, i, e->at);
	if (!cx_on_stack(r, e->a))
		cx_unknown(r, e->at, "memory that is read");
	return (struct cval){.kind = CV_OTHER};
}

/* An object that no constructor or assignment gave a value is there all the same. */
static struct cval
var_value(struct reader *r, uint32_t v)
{
	struct cvar *of = &r->var.at[v];
	if (of->global == G_OTHER)
		return cx_default(r, v);
	if (of->global == G_CONST && of->built != r->func) {
		/* once per function; what is no constant might stand in a block that does not reach the next use */
		uint32_t type = of->type, init = of->init;
		of->built = r->func;
		*cx_cur(r, v) = (struct cval){.kind = CV_OTHER};
		struct cval x = cx_convert(r, cx_eval(r, init), type, r->expr.at[init].at);
		int64_t k;
		if (x.kind == CV_NAME || cx_const_of(r, &x, &k))
			*cx_cur(r, v) = x;
	}
	if (v >= r->cur.n || (r->var.at[v].array && r->cur.at[v].kind != CV_LIST))
		return (struct cval){.kind = CV_OTHER};
	return r->cur.at[v].kind == CV_UNSET || r->cur.at[v].kind == CV_OTHER ? cx_default(r, v) : r->cur.at[v];
}

struct cval
cx_eval(struct reader *r, uint32_t x)
{
	struct expr e = r->expr.at[x];

	switch ((enum expr_kind)e.kind) {
	case EX_INT:
	case EX_BOOL:
	case EX_FLOAT:
		return cx_literal(r, &e);
	case EX_VAR:
		return var_value(r, e.a);
	case EX_NAME:
		return name_value(r, &e);
	case EX_UNARY:
		return unary_value(r, &e);
	case EX_BINARY: {
		struct cval a = cx_eval(r, e.a), b = cx_eval(r, e.b);
		return cx_binary(r, e.op, a, b, e.at);
	}
	case EX_COND:
		return cx_choice(r, &e);
	case EX_CAST:
		return cx_convert(r, cx_eval(r, e.b), e.a, e.at);
	case EX_CALL:
		return cx_call(r, x);
	case EX_MAKE:
		return make_value(r, &e);
	case EX_INDEX:
		return index_value(r, &e);
	case EX_LIST:
		return list_value(r, &e);
	case EX_MEMBER: {
		/* the session inside a prefetch context; fields of structs are not followed */
		struct cval o = cx_eval(r, e.a);
		return cx_is_kind(r, &o, TY_PREFETCH_CTX) ? cx_member_call(r, &e, e.a, e.name, NULL, 0)
							  : (struct cval){.kind = CV_OTHER};
	}
	case EX_NONE:
	case EX_STR:
	case EX_NULL:
		break;
	}
	return (struct cval){.kind = CV_OTHER};
}

struct cval
cx_default(struct reader *r, uint32_t var)
{
	const struct ctype *t = &r->ctype.at[r->var.at[var].type];

	if (t->kind != CT_INT && t->kind != CT_FLOAT && t->kind != CT_PTR && t->kind != CT_TILE && t->kind != CT_VIEW &&
	    t->kind != CT_HANDLE)
		return (struct cval){.kind = CV_OTHER};
	if (t->kind == CT_TILE)
		return cx_val(cx_tile_new(r, t->ty, (struct val){0}, (struct val){0}, (struct val){0},
					  r->var.at[var].at), false);
	bool is_unsigned = t->is_unsigned;
	return cx_val(cx_opaque(r, value_type(r, t->ty), r->var.at[var].at), is_unsigned);
}
