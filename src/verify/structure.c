/*
 * structure: regions, blocks, terminators and the types that flow through them (language.md §5.3, §5.4).
 */
#include "verify/rule.h"

#include <stdlib.h>

/* ---- regions ---- */

/* What the regions of an op look like. Ops not listed have none. */
static const struct body_row {
	uint16_t op;
	uint16_t min, max;		/* number of regions */
	bool blocks;			/* may have several blocks */
	bool implied;			/* terminator may be missing when there are no results */
	uint16_t first_term, term;	/* terminator of region 0 and of the others; OP_NONE: none */
} body_table[] = {
	{OP_MODULE, 1, 1, false, true, OP_NONE, OP_NONE},
	{OP_FUNC, 0, 1, true, false, OP_RETURN, OP_RETURN},
	{OP_FOR, 1, 1, false, true, OP_YIELD, OP_YIELD},
	{OP_IF, 1, 2, false, true, OP_YIELD, OP_YIELD},
	{OP_WHILE, 2, 2, false, false, OP_CONDITION, OP_YIELD},
	{OP_INDEX_SWITCH, 1, UINT16_MAX, false, true, OP_YIELD, OP_YIELD},
	{OP_EXECUTE_REGION, 1, 1, true, false, OP_YIELD, OP_YIELD},
	{OP_SECTION_CUBE, 1, 1, false, true, OP_NONE, OP_NONE},
	{OP_SECTION_VECTOR, 1, 1, false, true, OP_NONE, OP_NONE},
};

static const struct body_row *
body_find(enum op_id id)
{
	for (uint32_t i = 0; i < sizeof body_table / sizeof body_table[0]; i++)
		if (body_table[i].op == id)
			return &body_table[i];
	return NULL;
}

static bool
block_end(struct verify *v, struct op o, const struct body_row *r, struct blk b, enum op_id term)
{
	struct ir *ir = v->ir;
	struct op last = ir_blk(ir, b)->last;
	bool has_term = last.i && op_row(ir, last)->flags & OPF_TERM;

	if (term == OP_NONE || has_term || (r->implied && ir_op(ir, o)->nres == 0))
		return true;
	return FAIL(v, o, "expects every block to end with a terminator such as '%s'", isa_op[term].name);
	return true;
}

static bool
block_inner(struct verify *v, struct blk b)
{
	struct ir *ir = v->ir;

	for (struct op c = ir_blk(ir, b)->first; c.i; c = ir_op(ir, c)->next)
		if (op_row(ir, c)->flags & OPF_TERM && ir_op(ir, c)->next.i)
			return FAIL(v, c, "must be the last operation in the parent block");
	return true;
}

static bool
verify_region(struct verify *v, struct op o, const struct body_row *r, uint32_t k)
{
	struct ir *ir = v->ir;
	enum op_id term = (enum op_id)(k ? r->term : r->first_term);
	struct blk b = op_body(ir, o, k);

	/* An absent else, or the body of a declaration. */
	if (!b.i && ((r->op == OP_IF && k == 1) || r->op == OP_FUNC || r->op == OP_MODULE))
		return true;
	if (!b.i)
		return FAIL(v, o, "expects region #%u to have a block", k);
	if (!r->blocks && ir_blk(ir, b)->next.i)
		return FAIL(v, o, "expects region #%u to have 0 or 1 blocks", k);
	for (; b.i; b = ir_blk(ir, b)->next)
		if (!block_inner(v, b) || !block_end(v, o, r, b, term))
			return false;
	return true;
}

bool
terminator_fits(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	struct op p = op_parent(ir, o);
	const struct body_row *r = p.i ? body_find(op_id(ir, p)) : NULL;
	struct reg here = ir_blk(ir, ir_op(ir, o)->parent)->parent;
	enum op_id term;

	if (!r)
		return FAIL(v, o, "is not allowed here");
	term = (enum op_id)(here.i == op_reg(ir, p, 0).i ? r->first_term : r->term);
	if (op_id(ir, o) == term || (r->blocks && ir_op(ir, o)->nsucc))
		return true;
	if (term == OP_NONE)
		return FAIL(v, o, "is not allowed in '%s'", op_row(ir, p)->name);
	return FAIL(v, o, "cannot end a region of '%s': expects '%s'", op_row(ir, p)->name, isa_op[term].name);
}

/* Number of successors: exactly min, or at least min. */
static const struct {
	uint16_t op;
	uint8_t min;
	bool more;
} succ_table[] = {{OP_BR, 1, false}, {OP_COND_BR, 2, false}, {OP_SWITCH, 1, true}};

static bool
succ_count(struct verify *v, struct op o)
{
	uint32_t n = ir_op(v->ir, o)->nsucc, want = 0;
	bool more = false;

	for (uint32_t i = 0; i < sizeof succ_table / sizeof succ_table[0]; i++) {
		if (succ_table[i].op == op_id(v->ir, o)) {
			want = succ_table[i].min;
			more = succ_table[i].more;
		}
	}
	if (n == want || (more && n > want))
		return true;
	op_error(v->ir, o, DIAG_ARITY, "expected %u successors, but found %u", want, n);
	return false;
}

bool
verify_body(struct verify *v, struct op o)
{
	const struct body_row *r = body_find(op_id(v->ir, o));
	uint32_t n = ir_op(v->ir, o)->nreg;

	if (!succ_count(v, o))
		return false;
	if (n < (r ? r->min : 0) || n > (r ? r->max : 0)) {
		op_error(v->ir, o, DIAG_ARITY, "expected %u region%s, but found %u", r ? r->min : 0,
			 r && r->min == 1 ? "" : "s", n);
		return false;
	}
	for (uint32_t k = 0; k < n; k++)
		if (!verify_region(v, o, r, k))
			return false;
	return true;
}

/* ---- values through regions ---- */

/* Types of n values against the types of want; `what` and `against` name the two sides. */
static bool
types_match(struct verify *v, struct op o, const struct val *have, uint32_t n, const struct val *want, uint32_t nwant,
	    const char *what, const char *against)
{
	struct ir *ir = v->ir;

	if (n != nwant)
		return FAIL(v, o, "has %u %s where the %s number %u", n, what, against, nwant);
	for (uint32_t i = 0; i < n; i++) {
		struct typ a = val_type(ir, have[i]), b = val_type(ir, want[i]);
		struct opnd x = opnd_named(v, have[i], "value"), y = opnd_named(v, want[i], "value");
		if (a.i && b.i && a.i != b.i)
			return FAIL(v, o, "type '%s' of value #%u of its %s differs from '%s' of the %s", ty_str(v, a),
				    i, what, ty_str(v, b), against) || blame(v, &x, &y);
	}
	return true;
}

/* Consecutive values (results, block arguments) as an array. */
static const struct val *
flow_range(struct verify *v, uint32_t first, uint32_t n)
{
	struct val *x = ARENA_ARRAY(v->ir->a, struct val, n);

	for (uint32_t i = 0; i < n; i++)
		x[i].i = first + i;
	return x;
}

static const struct val *
flow_results(struct verify *v, struct op o, uint32_t *n)
{
	*n = ir_op(v->ir, o)->nres;
	return flow_range(v, ir_op(v->ir, o)->res0, *n);
}

static const struct val *
flow_args(struct verify *v, struct blk b, uint32_t skip, uint32_t *n)
{
	const struct blk_data *d = ir_blk(v->ir, b);

	*n = d->narg > skip ? d->narg - skip : 0;
	return flow_range(v, d->arg0 + skip, *n);
}

bool
verify_for(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	struct blk body = op_body(ir, o, 0);
	uint32_t ninit, nres, narg;
	const struct val *init = op_group(ir, o, 3, &ninit), *res = flow_results(v, o, &nres);
	const struct val *arg = flow_args(v, body, 1, &narg);
	struct opnd lo = opnd_named(v, op_opnd(ir, o, 0), "lower bound");
	struct opnd hi = opnd_named(v, op_opnd(ir, o, 1), "upper bound");
	struct opnd step = opnd_named(v, op_opnd(ir, o, 2), "step");
	const struct type_data *t = type_data(&ir->types, lo.type);
	int64_t c;

	if (hi.type.i != lo.type.i || step.type.i != lo.type.i)
		return FAIL(v, o, "expects bounds and step of one type") || blame3(v, &lo, &hi, &step);
	if (t->kind == TY_INT && (t->sign != SIGNLESS || t->width == 1))
		return FAIL(v, o, "expects bounds of type index or signless integer") || blame(v, &lo, NULL);
	if (ir_blk(ir, body)->narg < 1 || val_type(ir, (struct val){ir_blk(ir, body)->arg0}).i != lo.type.i)
		return FAIL(v, o, "expects the induction variable to have the type of the bounds") ||
		       blame(v, &lo, NULL);
	if (val_const_int(ir, step.val, &c) && c <= 0)
		return FAIL(v, o, "constant step operand must be positive") || blame(v, &step, NULL);
	return types_match(v, o, init, ninit, res, nres, "initial values", "results") &&
	       types_match(v, o, arg, narg, res, nres, "region arguments", "results");
}

/* Does region k end with a yield? A missing one was accepted only for an op without results. */
static bool
region_present(const struct ir *ir, struct op o, uint32_t k)
{
	return op_body(ir, o, k).i;
}

bool
verify_if(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	struct opnd c = opnd_named(v, op_opnd(ir, o, 0), "condition");

	if (!type_is_bool(&ir->types, c.type))
		return FAIL(v, o, "expects the condition to be i1") || blame(v, &c, NULL);
	if (ir_op(ir, o)->nres && !region_present(ir, o, 1))
		return FAIL(v, o, "must have an else block if defining values");
	for (uint32_t k = 0; k < ir_op(ir, o)->nreg; k++)
		if (region_present(ir, o, k) && ir_blk(ir, op_body(ir, o, k))->narg)
			return FAIL(v, o, "region #%u should have no arguments", k);
	return true;
}

bool
verify_while(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	uint32_t ninit, nres, nb, na;
	const struct val *init = op_group(ir, o, 0, &ninit), *res = flow_results(v, o, &nres);
	const struct val *before = flow_args(v, op_body(ir, o, 0), 0, &nb);
	const struct val *after = flow_args(v, op_body(ir, o, 1), 0, &na);

	return types_match(v, o, before, nb, init, ninit, "arguments of the first region", "initial values") &&
	       types_match(v, o, after, na, res, nres, "arguments of the second region", "results");
}

bool
verify_condition(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	struct op w = op_parent(ir, o);
	struct opnd c = opnd_named(v, op_slot(ir, o, 0), "condition");
	uint32_t n, nres;
	const struct val *vals = op_group(ir, o, 1, &n);

	if (!terminator_fits(v, o))
		return false;
	if (!type_is_bool(&ir->types, c.type))
		return FAIL(v, o, "expects the condition to be i1") || blame(v, &c, NULL);
	const struct val *res = flow_results(v, w, &nres);
	return types_match(v, o, vals, n, res, nres, "operands", "results of the loop");
}

/* A yield hands over the results of its parent; in a while loop, the values of the next round. */
bool
verify_yield(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	struct op p = op_parent(ir, o);
	uint32_t n, nwant;
	const struct val *vals = op_group(ir, o, 0, &n), *want;

	if (!terminator_fits(v, o))
		return false;
	if (op_id(ir, p) == OP_WHILE) {
		want = op_group(ir, p, 0, &nwant);
		return types_match(v, o, vals, n, want, nwant, "operands", "initial values of the loop");
	}
	want = flow_results(v, p, &nwant);
	return types_match(v, o, vals, n, want, nwant, "operands", "results of the parent");
}

/* The case values, in one of the attribute's two shapes. */
static const struct attr_data *
case_list(struct verify *v, struct op o)
{
	const struct attr_data *d = attr_data(&v->ir->attrs, op_attr(v->ir, o, v->ir->name.cases));

	return d->kind == AT_DENSE_ARRAY ? d : NULL;
}

static int
case_order(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

bool
verify_index_switch(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	struct opnd x = opnd_named(v, op_opnd(ir, o, 0), "index");
	const struct attr_data *c = case_list(v, o);
	uint32_t n = c ? c->n : 0;

	if (type_kind(&ir->types, x.type) != TY_INDEX)
		return FAIL(v, o, "expects an index operand") || blame(v, &x, NULL);
	if (n + 1 != ir_op(ir, o)->nreg)
		return FAIL(v, o, "has %u case regions, but %u case values", ir_op(ir, o)->nreg - 1, n);
	if (!n)
		return true;
	int64_t *sorted = ARENA_ARRAY(ir->a, int64_t, n);
	memcpy(sorted, c->elem, n * sizeof *sorted);
	qsort(sorted, n, sizeof *sorted, case_order);
	for (uint32_t i = 1; i < n; i++)
		if (sorted[i] == sorted[i - 1])
			return FAIL(v, o, "has duplicate case value: %lld", (long long)sorted[i]);
	return true;
}

bool
verify_execute_region(struct verify *v, struct op o)
{
	if (ir_blk(v->ir, op_body(v->ir, o, 0))->narg)
		return FAIL(v, o, "region cannot have any arguments");
	return true;
}

/* ---- branches ---- */

static bool
branch_to(struct verify *v, struct op o, uint32_t k)
{
	struct ir *ir = v->ir;
	const struct succ *s = &ir->succ.at[ir_op(ir, o)->succ0 + k];
	const struct blk_data *b = ir_blk(ir, s->blk);
	struct reg here = ir_blk(ir, ir_op(ir, o)->parent)->parent;

	if (b->parent.i != here.i)
		return FAIL(v, o, "branches to a block of another region");
	if (ir_reg(ir, here)->first.i == s->blk.i)
		return FAIL(v, o, "branches to the entry block of the region");
	if (s->narg != b->narg)
		return FAIL(v, o, "branch has %u operands for successor #%u, but target block has %u", s->narg, k,
			    b->narg);
	for (uint32_t i = 0; i < s->narg; i++) {
		struct opnd x = opnd_named(v, ir->opnd.at[s->arg0 + i], "operand");
		struct opnd y = opnd_named(v, (struct val){b->arg0 + i}, "block argument");
		if (x.type.i && y.type.i && x.type.i != y.type.i)
			return FAIL(v, o, "type mismatch for bb argument #%u of successor #%u", i, k) ||
			       blame(v, &x, &y);
	}
	return true;
}

bool
verify_branch(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;

	if (!terminator_fits(v, o))
		return false;
	if (op_id(ir, o) == OP_COND_BR && !type_is_bool(&ir->types, val_type(ir, op_opnd(ir, o, 0))))
		return FAIL(v, o, "expects the condition to be i1");
	for (uint32_t k = 0; k < ir_op(ir, o)->nsucc; k++)
		if (!branch_to(v, o, k))
			return false;
	return true;
}
