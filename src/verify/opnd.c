/*
 * opnd: operands as messages see them, and the families of tile checks that the rules are made of (spec ops-compute.md
 * §5). Quoted texts of the spec are interface.
 */
#include "verify/rule.h"

#include <string.h>

const char *
ty_str(struct verify *v, struct typ ty)
{
	return type_str(&v->ir->types, &v->ir->in, ty);
}

/* Copies the slot-th word of the rule's operand names. */
static void
slot_name(const char *names, uint32_t slot, char buf[24])
{
	while (slot && *names)
		if (*names++ == ' ')
			slot--;
	uint32_t n = 0;
	while (names[n] && names[n] != ' ' && n < 23)
		n++;
	memcpy(buf, names, n);
	buf[n] = '\0';
}

static void
opnd_fill(struct verify *v, struct val val, struct opnd *x)
{
	const struct types *t = &v->ir->types;

	x->val = val;
	x->type = val_type(v->ir, val);
	x->elem = type_elem(t, x->type);
	x->es = type_bytes(t, x->elem);
	x->s = type_kind(t, x->type) == TY_TILE ? &type_data(t, x->type)->tile : NULL;
}

bool
opnd_get(struct verify *v, struct op o, uint32_t slot, struct opnd *x)
{
	struct val val = op_slot(v->ir, o, slot);

	memset(x, 0, sizeof *x);
	slot_name(v->rule->slots, slot, x->name);
	if (!val.i)
		return false;
	opnd_fill(v, val, x);
	return true;
}

struct opnd
opnd_of(struct verify *v, struct op o, uint32_t slot)
{
	struct opnd x;

	opnd_get(v, o, slot, &x);
	return x;
}

struct opnd
opnd_named(struct verify *v, struct val val, const char *name)
{
	struct opnd x = {.name = ""};

	size_t n = strlen(name);

	memcpy(x.name, name, n < sizeof x.name ? n : sizeof x.name - 1);
	opnd_fill(v, val, &x);
	return x;
}

struct opnd
opnd_result(struct verify *v, struct op o, uint32_t k)
{
	return opnd_named(v, op_res(v->ir, o, k), "result");
}

static void
blame_one(struct verify *v, const struct opnd *x)
{
	struct ir *ir = v->ir;
	int64_t c;

	if (!x || !x->val.i)
		return;
	if (val_const_int(ir, x->val, &c))
		diag_note(ir->diags, val_span(ir, x->val), "%s %s is %lld : %s", x->name, val_name(ir, x->val),
			  (long long)c, ty_str(v, x->type));
	else
		diag_note(ir->diags, val_span(ir, x->val), "%s %s has type '%s'", x->name, val_name(ir, x->val),
			  ty_str(v, x->type));
}

bool
blame(struct verify *v, const struct opnd *a, const struct opnd *b)
{
	blame_one(v, a);
	if (b && !(a && a->val.i == b->val.i))
		blame_one(v, b);
	return false;
}

bool
blame3(struct verify *v, const struct opnd *a, const struct opnd *b, const struct opnd *c)
{
	blame(v, a, b);
	if (c->val.i != a->val.i && c->val.i != b->val.i)
		blame_one(v, c);
	return false;
}

const char *
rule_text(struct verify *v, struct op o, const char *text)
{
	const char *name = op_row(v->ir, o)->name, *dot = strchr(name, '.');
	struct out t;

	out_init(&t, v->ir->a);
	for (; *text; text++) {
		if (*text == '$')
			out_str(&t, dot ? dot + 1 : name);
		else
			out_char(&t, *text);
	}
	return t.p;
}

/* ---- element types ---- */

uint32_t
elem_bit(struct verify *v, struct typ elem)
{
	static const uint16_t float_bit[] = {[F_F16] = E_F16, [F_BF16] = E_BF16, [F_F32] = E_F32, [F_F64] = E_F64};
	const struct type_data *d = type_data(&v->ir->types, elem);
	bool u = d->sign == UNSIGNED;

	if (d->kind == TY_FLOAT)
		return d->fkind <= F_F64 ? float_bit[d->fkind] : 0;
	if (d->kind == TY_INDEX)
		return E_INDEX;
	if (d->kind != TY_INT)
		return 0;
	switch (d->width) {
	case 1: return E_I1;
	case 8: return u ? E_U8 : E_I8;
	case 16: return u ? E_U16 : E_I16;
	case 32: return u ? E_U32 : E_I32;
	case 64: return u ? E_U64 : E_I64;
	default: return 0;
	}
}

bool
int_width_ok(struct verify *v, struct typ ty)
{
	return elem_bit(v, ty) & (E_ANY_INT | E_I1);
}

bool
is_scalar(struct verify *v, struct typ ty)
{
	return elem_bit(v, ty) & (E_ANY_INT | E_I1 | E_F16 | E_BF16 | E_F32 | E_F64);
}

bool
opnd_low(struct verify *v, const struct opnd *x)
{
	const struct type_data *d = type_data(&v->ir->types, x->elem);

	return d->kind == TY_LOW || (d->kind == TY_FLOAT && d->fkind > F_F64);
}

bool
rule_elem(struct verify *v, struct op o, const struct opnd *x)
{
	uint32_t bit = elem_bit(v, x->elem);

	if (bit & v->rule->set)
		return true;
	op_error(v->ir, o, DIAG_VERIFY, "%s", rule_text(v, o, v->rule->text));
	blame(v, x, NULL);
	/* E_Un stands right above E_In. */
	if (bit & (E_U8 | E_U16 | E_U32 | E_U64) && (bit >> 1) & v->rule->set)
		diag_hint(v->ir->diags, "the library has no unsigned version of this operation");
	return false;
}

/* ---- one tile ---- */

bool
tile_valid_multiple(struct verify *v, const struct opnd *x, uint32_t i, uint32_t n)
{
	struct op def = ir_val(v->ir, x->val)->def;
	int64_t c;

	if (dim_known(opnd_valid(x, i)))
		return opnd_valid(x, i) % n == 0;
	return def.i && op_id(v->ir, def) == OP_ALLOC_TILE && val_const_int(v->ir, op_slot(v->ir, def, 1 + i), &c) &&
	       c % n == 0 && v->resized[i][x->val.i] % n == 0;
}

bool
tile_common(struct verify *v, struct op o, const struct opnd *x)
{
	if (!x->s)
		return FAIL(v, o, "expects %s to be a !pto.tile_buf", x->name) || blame(v, x, NULL);
	if (!elem_bit(v, x->elem))
		return FAIL(v, o, "%s: dtype %s is not supported by this op yet", x->name, ty_str(v, x->elem)) ||
		       blame(v, x, NULL);
	for (uint32_t i = 0; i < 2; i++)
		if (opnd_valid(x, i) > opnd_dim(x, i))
			return FAIL(v, o, "expects %s to satisfy valid_shape[%u] <= shape[%u]", x->name, i, i) ||
			       blame(v, x, NULL);
	return true;
}

bool
tile_vec(struct verify *v, struct op o, const struct opnd *x)
{
	if (!tile_common(v, o, x))
		return false;
	if (x->s->space != SP_VEC)
		return FAIL(v, o, "expects %s to be in the vec address space", x->name) || blame(v, x, NULL);
	return true;
}

bool
tile_vec_rows(struct verify *v, struct op o, const struct opnd *x)
{
	if (!tile_vec(v, o, x))
		return false;
	if (x->s->blayout != BL_ROW_MAJOR)
		return FAIL(v, o, "expects %s to use the row_major blayout", x->name) || blame(v, x, NULL);
	return true;
}

bool
tile_none_box(struct verify *v, struct op o, const struct opnd *x)
{
	if (x->s->slayout != SL_NONE_BOX)
		return FAIL(v, o, "expects %s to use the none_box slayout", x->name) || blame(v, x, NULL);
	return true;
}

bool
tile_nd(struct verify *v, struct op o, const struct opnd *x)
{
	return tile_vec_rows(v, o, x) && tile_none_box(v, o, x);
}

/* ---- two tiles ---- */

bool
same_elem(struct verify *v, struct op o, const struct opnd *a, const struct opnd *b)
{
	if (a->elem.i == b->elem.i)
		return true;
	return FAIL(v, o, "expects %s and %s to have the same element type", a->name, b->name) || blame(v, a, b);
}

bool
same_valid(struct verify *v, struct op o, const struct opnd *a, const struct opnd *b)
{
	if (!dim_differ(a->s->vrow, b->s->vrow) && !dim_differ(a->s->vcol, b->s->vcol))
		return true;
	return FAIL(v, o, "expects %s and %s to have the same valid_shape", a->name, b->name) || blame(v, a, b);
}

bool
same_valid_dim(struct verify *v, struct op o, const struct opnd *a, const struct opnd *b, uint32_t i)
{
	if (!dim_differ(opnd_valid(a, i), opnd_valid(b, i)))
		return true;
	return FAIL(v, o, "expects %s and %s to have the same valid_shape[%u]", a->name, b->name, i) || blame(v, a, b);
}

bool
tmp_capacity(struct verify *v, struct op o, const struct opnd *tmp, uint64_t need_bytes)
{
	uint64_t have = tile_bytes(tmp->s, tmp->es);

	if (have >= need_bytes)
		return true;
	return FAIL(v, o, "expects %s capacity to be at least %llu bytes, but got %llu bytes", tmp->name,
		    (unsigned long long)need_bytes, (unsigned long long)have) || blame(v, tmp, NULL);
}

bool
tmp_missing(struct verify *v, struct op o, const char *what)
{
	if (v->opt->level < 3)
		return true;
	op_error(v->ir, o, DIAG_LEVEL, "requires explicit tmp%s%s when PlanMemory is skipped", what ? " for " : "",
		 what ? what : "");
	diag_hint(v->ir->diags, "with given addresses nobody else can place the scratch tile");
	return false;
}
