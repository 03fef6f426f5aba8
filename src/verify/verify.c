/*
 * verify: walks the module and applies to every op first what its table row says by itself (number and kinds of
 * operands and results), then the structure of its regions, then the rule named in its row.
 */
#include "verify/verify.h"

#include "verify/rule.h"

enum rule_id {
#define RULE(name, fn, slots, set, text) RULE_##name,
#define RULE0(name) RULE_##name,
#include "verify/rules.def"
#undef RULE
#undef RULE0
	RULE_COUNT
};

static const struct rule rule_table[RULE_COUNT] = {
#define RULE(name, fn, slots, set, text) [RULE_##name] = {fn, slots, (uint32_t)(set), text},
#define RULE0(name) [RULE_##name] = {NULL, "", 0, NULL},
#include "verify/rules.def"
#undef RULE
#undef RULE0
};

static const uint16_t rule_of[OP_COUNT] = {
#define OP(ID, name, form, sig, rw, nres, pipe, phase, verify, emit, callee, flags, doc) [OP_##ID] = RULE_##verify,
#include "isa/ops.def"
#undef OP
};

/* ---- operands and results by the table row ---- */

/* A result or operand whose definition failed: everything about this op was said there. */
static bool
poisoned(const struct ir *ir, struct op o)
{
	const struct op_data *d = ir_op(ir, o);

	for (uint32_t k = 0; k < d->nopnd; k++) {
		struct val x = op_opnd(ir, o, k);
		if (x.i && !val_type(ir, x).i)
			return true;
	}
	for (uint32_t k = 0; k < d->nres; k++)
		if (!val_type(ir, op_res(ir, o, k)).i)
			return true;
	return false;
}

static bool
arity_error(struct verify *v, struct op o, const char *what, uint32_t want, uint32_t have)
{
	op_error(v->ir, o, DIAG_ARITY, "expected %u %s%s, but found %u", want, what, want == 1 ? "" : "s", have);
	return false;
}

static bool
slot_count(struct verify *v, struct op o, const struct op_slot *sl, uint32_t k, uint32_t n)
{
	struct opnd x;

	if (sl->variadic || n == 1 || (n == 0 && sl->optional))
		return true;
	opnd_get(v, o, k, &x);
	op_error(v->ir, o, DIAG_ARITY, "expected %s operand '%s', but found %u",
		 sl->optional ? "at most one" : "one", x.name, n);
	return false;
}

/* op_group for a decoded slot: without it every call would decode the row again. */
static const struct val *
slot_group(const struct ir *ir, struct op o, const struct op_slot *sl, uint32_t k, uint32_t *n)
{
	const struct op_data *d = ir_op(ir, o);
	const struct val *v = VEC_FROM(&ir->opnd, d->opnd0 + k);

	if (d->nseg || sl[k].variadic)
		return op_group(ir, o, k, n);
	*n = k < d->nopnd && v->i;
	return v;
}

/* After this op_slot, op_group and opnd_of are safe for every slot. */
static bool
check_arity(struct verify *v, struct op o, const struct op_slot *sl, uint32_t nslot)
{
	struct ir *ir = v->ir;
	const struct op_data *d = ir_op(ir, o);
	const struct op_row *row = op_row(ir, o);
	uint32_t nvar = 0, n;

	if (row->nres != NRES_ANY && d->nres != row->nres)
		return arity_error(v, o, "result", row->nres, d->nres);
	for (uint32_t k = 0; k < nslot; k++)
		nvar += sl[k].variadic;
	if (d->nseg ? d->nseg != nslot : nvar ? d->nopnd + 1 < nslot : d->nopnd != nslot)
		return arity_error(v, o, "operand", nslot, d->nopnd);
	for (uint32_t k = 0; k < nslot; k++) {
		slot_group(ir, o, sl, k, &n);
		if (!slot_count(v, o, &sl[k], k, n))
			return false;
	}
	return true;
}

static const char *
letter_type(char letter)
{
	return letter == 't' ? "!pto.tile_buf" : "!pto.partition_tensor_view";
}

/* "expects src to be !pto.partition_tensor_view and dst to be !pto.tile_buf" */
static void
transfer_kinds(struct verify *v, struct op o, const struct op_slot *sl, uint32_t nslot)
{
	struct out t;
	const char *sep = "expects ";

	out_init(&t, v->ir->a);
	for (uint32_t k = 0; k < nslot; k++) {
		struct opnd x;
		if (sl[k].optional || (sl[k].letter != 't' && sl[k].letter != 'v'))
			continue;
		opnd_get(v, o, k, &x);
		out_f(&t, "%s%s to be %s", sep, x.name, letter_type(sl[k].letter));
		sep = " and ";
	}
	op_error(v->ir, o, DIAG_VERIFY, "%s", t.p);
}

static bool
kind_fits(struct verify *v, struct typ ty, char letter)
{
	enum type_kind k = type_kind(&v->ir->types, ty);

	if (letter == 't')
		return k == TY_TILE;
	if (letter == 'v')
		return k == TY_TVIEW || k == TY_PVIEW;
	if (letter == 's')
		return is_scalar(v, ty) || k == TY_INDEX;
	return letter != 'i' || k == TY_INDEX || int_width_ok(v, ty);
}

/* What a slot takes, in words. */
static const char *
kind_text(char letter)
{
	if (letter == 't')
		return "a !pto.tile_buf";
	if (letter == 'v')
		return "a !pto.tensor_view or !pto.partition_tensor_view";
	return letter == 's' ? "an integer, index or float" : "an integer of 1, 8, 16, 32 or 64 bits or an index";
}

static bool
kind_error(struct verify *v, struct op o, const struct op_slot *sl, uint32_t nslot, uint32_t k, const struct opnd *x)
{
	const char *sig = op_row(v->ir, o)->sig;
	bool tv = sl[k].letter == 't' || sl[k].letter == 'v';

	if (tv && !sl[k].optional && strchr(sig, 't') && strchr(sig, 'v'))
		transfer_kinds(v, o, sl, nslot);
	else
		op_error(v->ir, o, DIAG_VERIFY, "expects %s to be %s", x->name, kind_text(sl[k].letter));
	return blame(v, x, NULL);
}

static bool
check_kinds(struct verify *v, struct op o, const struct op_slot *sl, uint32_t nslot)
{
	struct ir *ir = v->ir;

	for (uint32_t k = 0; k < nslot; k++) {
		uint32_t n;
		const struct val *g = slot_group(ir, o, sl, k, &n);
		for (uint32_t i = 0; i < n; i++) {
			struct opnd x;
			if (kind_fits(v, val_type(ir, g[i]), sl[k].letter))
				continue;
			opnd_get(v, o, k, &x);
			x = opnd_named(v, g[i], x.name);
			return kind_error(v, o, sl, nslot, k, &x);
		}
	}
	for (uint32_t k = 0; k < ir_op(ir, o)->nres; k++) {
		struct typ ty = val_type(ir, op_res(ir, o, k));
		if (type_is_int(&ir->types, ty) && !int_width_ok(v, ty))
			return FAIL(v, o, "result type %s is not supported: integers have 1, 8, 16, 32 or 64 bits",
				    ty_str(v, ty));
	}
	return true;
}

/* ---- walk ---- */

static bool
verify_op(struct verify *v, struct op o)
{
	enum op_id id = op_id(v->ir, o);
	struct op_slot sl[OP_MAX_SLOT] = {{0}};
	uint32_t nslot = op_slots(id, sl);

	if (id != OP_FUNC && id != OP_MODULE && op_id(v->ir, op_parent(v->ir, o)) == OP_MODULE)
		return FAIL(v, o, "is not allowed at module level");
	if (id == OP_MODULE && op_parent(v->ir, o).i && op_id(v->ir, op_parent(v->ir, o)) != OP_MODULE)
		return FAIL(v, o, "is allowed in a module only");
	if (isa_op[id].flags & OPF_A5)
		return FAIL(v, o, "%s is only supported on A5", rule_text(v, o, "$"));
	v->rule = &rule_table[rule_of[id]];
	if (!struct_provenance(v, o) || !inttoptr_use(v, o))
		return false;
	if (!check_arity(v, o, sl, nslot) || !check_kinds(v, o, sl, nslot) || !verify_body(v, o))
		return false;
	return !v->rule->fn || v->rule->fn(v, o);
}

/* Depth is bounded by the parser's nesting limit. */
static void
verify_tree(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;

	if (!poisoned(ir, o) && !verify_op(v, o))
		v->bad = true;
	if (op_id(ir, o) == OP_MODULE && o.i != v->unit.i)
		return;
	for (uint32_t k = 0; k < ir_op(ir, o)->nreg; k++)
		for (struct blk b = ir_reg(ir, op_reg(ir, o, k))->first; b.i; b = ir_blk(ir, b)->next)
			for (struct op c = ir_blk(ir, b)->first; c.i; c = ir_op(ir, c)->next)
				verify_tree(v, c);
}

/* Greatest common divisor of an extent given so far and one more; 1 for one that is not a constant. */
static uint32_t
common_divisor(const struct ir *ir, uint32_t a, struct val extent)
{
	int64_t c;
	uint32_t b;

	if (!val_const_int(ir, extent, &c) || c <= 0 || c > UINT32_MAX)
		return 1;
	for (b = (uint32_t)c; b;) {
		uint32_t r = a % b;
		a = b;
		b = r;
	}
	return a;
}

static void
find_resized(struct verify *v)
{
	struct ir *ir = v->ir;

	v->resized[0] = ARENA_ARRAY(ir->a, uint32_t, ir->val.n);
	v->resized[1] = ARENA_ARRAY(ir->a, uint32_t, ir->val.n);
	for (uint32_t i = 1; i < ir->op.n; i++) {
		struct op o = {i};
		if (op_id(ir, o) != OP_SET_VALIDSHAPE || ir_op(ir, o)->nopnd != 3)
			continue;
		for (uint32_t k = 0; k < 2; k++) {
			uint32_t *g = &v->resized[k][op_opnd(ir, o, 0).i];
			*g = common_divisor(ir, *g, op_opnd(ir, o, 1 + k));
		}
	}
}

bool
verify_module(struct ir *ir, const struct verify_opt *opt)
{
	struct verify v = {.ir = ir, .opt = opt, .rule = &rule_table[RULE_none]};

	v.bad |= !verify_module_attrs(&v, ir->module);
	if (!verify_module_nesting(&v))
		return false;
	if (v.unit.i != ir->module.i)
		v.bad |= !verify_module_attrs(&v, v.unit);
	verify_symbols(&v);
	find_resized(&v);
	verify_tree(&v, v.unit);
	if (!v.bad)
		verify_recursion(&v);
	return !v.bad && verify_level(&v);
}
