/*
 * scalar: arithmetic, conversions and scalar memory access. C++ forms exist for integers of 1, 8, 16, 32 and 64 bits,
 * index, f16, bf16, f32 and f64 (language.md §5.2).
 */
#include "verify/rule.h"

static const struct type_data *
scalar_type(struct verify *v, struct typ ty)
{
	return type_data(&v->ir->types, ty);
}

/* Arithmetic takes signless integers only. */
static bool
signless(struct verify *v, struct typ ty)
{
	const struct type_data *d = scalar_type(v, ty);

	return d->kind == TY_INDEX || (d->kind == TY_INT && d->sign == SIGNLESS && int_width_ok(v, ty));
}

static bool
in_class(struct verify *v, struct typ ty, bool flt)
{
	return flt ? type_is_float(&v->ir->types, ty) : signless(v, ty);
}

/* All operands and results of one type, of the rule's set. */
bool
verify_arith_same(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	struct opnd res = opnd_result(v, o, 0);

	for (uint32_t i = 0; i < ir_op(ir, o)->nopnd; i++) {
		struct opnd x = opnd_of(v, o, i);
		if (x.type.i != res.type.i)
			return FAIL(v, o, "requires the same type for all operands and results") || blame(v, &x, &res);
	}
	if (!(elem_bit(v, res.type) & v->rule->set) ||
	    (type_is_int(&ir->types, res.type) && !signless(v, res.type)))
		return FAIL(v, o, "operand #0 must be %s, but got '%s'", v->rule->text, ty_str(v, res.type));
	return true;
}

/* Two results: of the operands' type, or the carry as i1 (set = 1). */
bool
verify_arith_extended(struct verify *v, struct op o)
{
	struct opnd a = opnd_of(v, o, 0), b = opnd_of(v, o, 1), lo = opnd_result(v, o, 0), hi = opnd_result(v, o, 1);

	if (!signless(v, a.type))
		return FAIL(v, o, "operand #0 must be signless integer or index, but got '%s'", ty_str(v, a.type));
	if (a.type.i != b.type.i || a.type.i != lo.type.i)
		return FAIL(v, o, "requires the same type for both operands and the first result") ||
		       blame3(v, &a, &b, &lo);
	if (v->rule->set ? !type_is_bool(&v->ir->types, hi.type) : hi.type.i != a.type.i)
		return FAIL(v, o, "result #1 must be %s, but got '%s'", v->rule->set ? "i1" : "of the operands' type",
			    ty_str(v, hi.type));
	return true;
}

bool
verify_arith_cmp(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	struct opnd a = opnd_of(v, o, 0), b = opnd_of(v, o, 1), res = opnd_result(v, o, 0);
	const struct attr_data *p = attr_data(&ir->attrs, op_attr(ir, o, ir->name.predicate));
	bool flt = v->rule->set == EN_CMPF_PREDICATE;

	if ((p->kind != AT_INT && p->kind != AT_ENUM) || p->i < 0 || p->i > (flt ? 15 : 9))
		return FAIL(v, o, "expects a comparison predicate");
	if (a.type.i != b.type.i)
		return FAIL(v, o, "requires both operands to have the same type") || blame(v, &a, &b);
	if (!in_class(v, a.type, flt))
		return FAIL(v, o, "operand #0 must be %s, but got '%s'",
			    flt ? "f16, bf16, f32 or f64" : "signless integer or index", ty_str(v, a.type));
	if (!type_is_bool(&ir->types, res.type))
		return FAIL(v, o, "result #0 must be i1, but got '%s'", ty_str(v, res.type));
	return true;
}

bool
verify_arith_constant(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	struct opnd res = opnd_result(v, o, 0);
	const struct attr_data *a = attr_data(&ir->attrs, op_attr(ir, o, ir->name.value));
	const struct type_data *t = scalar_type(v, res.type);
	bool dense = a->kind == AT_DENSE && t->kind == TY_VECTOR;

	if (a->kind == AT_NONE)
		return FAIL(v, o, "requires attribute 'value'");
	if (dense && (t->rank != 1 || t->dim[0] != 4 || !(elem_bit(v, t->sub[0]) & E_I16)))
		return FAIL(v, o, "expects vector<4xi16>, the only vector there is") || blame(v, &res, NULL);
	if (dense)
		return true;
	if (!in_class(v, res.type, t->kind == TY_FLOAT))
		return FAIL(v, o, "result #0 must be a signless integer of 1, 8, 16, 32 or 64 bits, index or float, "
			    "but got '%s'", ty_str(v, res.type));
	if (a->kind == AT_BOOL ? !type_is_bool(&ir->types, res.type) :
	    a->kind == AT_INT ? a->type.i != res.type.i || t->kind == TY_FLOAT :
	    a->kind == AT_FLOAT ? a->type.i != res.type.i || t->kind != TY_FLOAT : true)
		return FAIL(v, o, "value and result have different types") || blame(v, &res, NULL);
	return true;
}

bool
verify_arith_select(struct verify *v, struct op o)
{
	struct opnd c = opnd_of(v, o, 0), a = opnd_of(v, o, 1), b = opnd_of(v, o, 2), res = opnd_result(v, o, 0);

	if (!type_is_bool(&v->ir->types, c.type))
		return FAIL(v, o, "operand #0 must be i1, but got '%s'", ty_str(v, c.type)) || blame(v, &c, NULL);
	if (a.type.i != b.type.i || a.type.i != res.type.i)
		return FAIL(v, o, "requires the same type for both values and the result") || blame3(v, &a, &b, &res);
	return true;
}

/* ---- conversions ---- */

static bool
cast_fail(struct verify *v, struct op o, const struct opnd *x, const struct opnd *res)
{
	return FAIL(v, o, "operand type '%s' and result type '%s' are cast incompatible", ty_str(v, x->type),
		    ty_str(v, res->type)) || blame(v, x, NULL);
}

static uint32_t
scalar_bits(struct verify *v, struct typ ty)
{
	const struct type_data *d = scalar_type(v, ty);

	return d->kind == TY_INT ? d->width : type_bytes(&v->ir->types, ty) * 8;
}

bool
verify_arith_cast(struct verify *v, struct op o)
{
	struct opnd x = opnd_of(v, o, 0), res = opnd_result(v, o, 0);
	uint32_t k = v->rule->set, from = scalar_bits(v, x.type), to = scalar_bits(v, res.type);
	bool from_float = (k & CAST_CLASS) == CAST_FF || (k & CAST_CLASS) == CAST_FI;
	bool to_float = (k & CAST_CLASS) == CAST_FF || (k & CAST_CLASS) == CAST_IF;

	if (!in_class(v, x.type, from_float) || !in_class(v, res.type, to_float) ||
	    scalar_type(v, x.type)->kind == TY_INDEX || scalar_type(v, res.type)->kind == TY_INDEX)
		return cast_fail(v, o, &x, &res);
	if ((k & CAST_WIDER && to <= from) || (k & CAST_NARROWER && to >= from))
		return cast_fail(v, o, &x, &res);
	return true;
}

bool
verify_index_cast(struct verify *v, struct op o)
{
	struct opnd x = opnd_of(v, o, 0), res = opnd_result(v, o, 0);
	bool a = scalar_type(v, x.type)->kind == TY_INDEX, b = scalar_type(v, res.type)->kind == TY_INDEX;

	return (signless(v, x.type) && signless(v, res.type) && a != b) || cast_fail(v, o, &x, &res);
}

bool
verify_bitcast(struct verify *v, struct op o)
{
	struct opnd x = opnd_of(v, o, 0), res = opnd_result(v, o, 0);
	bool a = signless(v, x.type) || type_is_float(&v->ir->types, x.type);
	bool b = signless(v, res.type) || type_is_float(&v->ir->types, res.type);

	return (a && b && scalar_type(v, x.type)->kind != TY_INDEX && scalar_type(v, res.type)->kind != TY_INDEX &&
		scalar_bits(v, x.type) == scalar_bits(v, res.type)) || cast_fail(v, o, &x, &res);
}

/* Between scalars, between pointers, and from a tile or memref to a pointer: what a C cast can do. */
bool
verify_conv_cast(struct verify *v, struct op o)
{
	struct opnd x = opnd_of(v, o, 0), res = opnd_result(v, o, 0);
	enum type_kind a = scalar_type(v, x.type)->kind, b = scalar_type(v, res.type)->kind;
	uint32_t bits = E_ANY_INT | E_I1 | E_INDEX | E_F16 | E_BF16 | E_F32 | E_F64;

	if (x.type.i == res.type.i)
		return true;
	if (elem_bit(v, x.type) & bits && elem_bit(v, res.type) & bits)
		return true;
	if (b == TY_PTR && (a == TY_PTR || a == TY_TILE || a == TY_MEMREF))
		return true;
	return cast_fail(v, o, &x, &res);
}

/* ---- indices ---- */

/* Cuts `prefix` off the front of a text. */
static bool
map_take(struct strv *s, const char *prefix)
{
	uint32_t n = (uint32_t)strlen(prefix);

	if (!strv_starts(*s, prefix))
		return false;
	s->p += n;
	s->n -= n;
	return true;
}

/* Cuts everything up to the first of the `stop` characters off the front; it must not be empty. */
static bool
map_take_until(struct strv *s, const char *stop, struct strv *word)
{
	word->p = s->p;
	word->n = 0;
	while (word->n < s->n && !strchr(stop, s->p[word->n]))
		word->n++;
	s->p += word->n;
	s->n -= word->n;
	return word->n;
}

static bool
map_number(struct strv w)
{
	uint32_t i = w.n > 1 && w.p[0] == '-';

	for (; i < w.n; i++)
		if (w.p[i] < '0' || w.p[i] > '9')
			return false;
	return true;
}

enum { MAP_DIGITS = 18 };	/* of a factor: surely within 64 bits */

/* affine_map<()[s0] -> (s0 * C)>: the one map that has a C++ form. */
static bool
map_is_scale(struct arena *a, struct strv text, uint32_t *digits)
{
	struct out o;
	struct strv s, sym, use, factor = {NULL, 0};

	out_init(&o, a);
	for (uint32_t i = 0; i < text.n; i++)
		if (text.p[i] != ' ')
			out_char(&o, text.p[i]);
	s = out_text(&o);
	bool ok = map_take(&s, "affine_map<()[") && map_take_until(&s, "],", &sym) && map_take(&s, "]->(") &&
		  map_take_until(&s, "*+-", &use) && strv_eq(sym, use) && map_take(&s, "*") &&
		  map_take_until(&s, ")", &factor) && map_number(factor) && map_take(&s, ")>") && s.n == 0;
	*digits = factor.n - (factor.n && factor.p[0] == '-');
	return ok;
}

bool
verify_affine_apply(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	const struct attr_data *m = attr_data(&ir->attrs, op_attr(ir, o, ir->name.map));
	uint32_t digits;

	if (m->kind != AT_MAP || !map_is_scale(ir->a, sym_text(&ir->in, m->text), &digits))
		return FAIL(v, o, "supports only the map affine_map<()[s0] -> (s0 * C)>");
	if (digits > MAP_DIGITS)
		return FAIL(v, o, "has a factor of %u digits in its map, more than %d", digits, MAP_DIGITS);
	if (ir_op(ir, o)->nopnd != 1)
		return FAIL(v, o, "expects one symbol operand, got %u", ir_op(ir, o)->nopnd);
	struct opnd x = opnd_of(v, o, 0), res = opnd_result(v, o, 0);
	if (scalar_type(v, x.type)->kind != TY_INDEX || scalar_type(v, res.type)->kind != TY_INDEX)
		return FAIL(v, o, "expects index operand and result") || blame(v, &x, &res);
	return true;
}

bool
verify_block_query(struct verify *v, struct op o)
{
	struct opnd res = opnd_result(v, o, 0);

	if (elem_bit(v, res.type) & (E_I64 | E_I32 | E_INDEX))
		return true;
	return FAIL(v, o, "result #0 must be i64, but got '%s'", ty_str(v, res.type));
}

/* ---- memory ---- */

/* A pointer whose element type C++ can name. */
static bool
ptr_elem(struct verify *v, struct op o, const struct opnd *ptr)
{
	if (scalar_type(v, ptr->type)->kind != TY_PTR)
		return FAIL(v, o, "expects ptr to be !pto.ptr type") || blame(v, ptr, NULL);
	if (!(elem_bit(v, ptr->elem) & (E_MOVE | E_F64)))
		return FAIL(v, o, "pointer element type %s is not supported", ty_str(v, ptr->elem)) ||
		       blame(v, ptr, NULL);
	return true;
}

bool
verify_load_scalar(struct verify *v, struct op o)
{
	struct opnd ptr = opnd_of(v, o, 0), res = opnd_result(v, o, 0);

	if (!ptr_elem(v, o, &ptr))
		return false;
	if (res.type.i != ptr.elem.i)
		return FAIL(v, o, "expects result type to match ptr element type") || blame(v, &ptr, &res);
	return true;
}

bool
verify_store_scalar(struct verify *v, struct op o)
{
	struct opnd val = opnd_of(v, o, 0), ptr = opnd_of(v, o, 1);

	if (!ptr_elem(v, o, &ptr))
		return false;
	if (val.type.i != ptr.elem.i)
		return FAIL(v, o, "expects value type to match ptr element type") || blame(v, &val, &ptr);
	return true;
}

bool
verify_addptr(struct verify *v, struct op o)
{
	struct opnd ptr = opnd_of(v, o, 0), res = opnd_result(v, o, 0);

	if (!ptr_elem(v, o, &ptr))
		return false;
	if (res.type.i != ptr.type.i)
		return FAIL(v, o, "result type must match ptr operand type") || blame(v, &ptr, &res);
	return true;
}
