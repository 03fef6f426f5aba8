/* print_flow: custom forms of functions, calls, structured control flow and branches. */
#include "ir/printer.h"

/* ---- functions and calls ---- */

bool
pr_module(struct printer *p, struct op o)
{
	const struct attr_data *s = pr_attr_of(p, o, p->ir->name.sym_name);
	const struct sym skip[] = {p->ir->name.sym_name};

	if (s->kind != AT_NONE && s->kind != AT_STRING)
		return false;
	pr_str(p, "module");
	if (s->text.i) {
		pr_char(p, ' ');
		pr_symbol_name(p, s->text);
	}
	const struct attr_data *d = attr_data(&p->ir->attrs, ir_op(p->ir, o)->attrs);
	if (d->n > (s->kind == AT_STRING))
		pr_str(p, " attributes");
	pr_dict(p, ir_op(p->ir, o)->attrs, skip, 1);
	pr_char(p, ' ');
	pr_region(p, op_reg(p->ir, o, 0), 0);
	return true;
}

static void
arg_dict(struct printer *p, const struct attr_data *dicts, uint32_t k)
{
	if (dicts->kind == AT_ARRAY && k < dicts->n)
		pr_dict(p, dicts->sub[k], NULL, 0);
}

static void
signature(struct printer *p, struct op o, const struct type_data *ft, struct blk entry)
{
	const struct attr_data *args = pr_attr_of(p, o, p->ir->name.arg_attrs),
			       *res = pr_attr_of(p, o, p->ir->name.res_attrs);
	uint32_t nres = ft->nsub - ft->nin;

	pr_char(p, '(');
	for (uint32_t k = 0; k < ft->nin; k++) {
		if (k)
			pr_str(p, ", ");
		if (entry.i) {
			pr_value(p, (struct val){ir_blk(p->ir, entry)->arg0 + k});
			pr_str(p, ": ");
		}
		pr_type(p, ft->sub[k]);
		arg_dict(p, args, k);
	}
	pr_char(p, ')');
	if (!nres)
		return;
	bool bare = nres == 1 && pr_kind(p, ft->sub[ft->nin]) != TY_FUNC && res->kind == AT_NONE;
	pr_str(p, bare ? " -> " : " -> (");
	for (uint32_t k = 0; k < nres; k++) {
		if (k)
			pr_str(p, ", ");
		pr_type(p, ft->sub[ft->nin + k]);
		arg_dict(p, res, k);
	}
	if (!bare)
		pr_char(p, ')');
}

bool
pr_func(struct printer *p, struct op o)
{
	const struct ir_names *n = &p->ir->name;
	const struct attr_data *vis = pr_attr_of(p, o, n->sym_visibility), *s = pr_attr_of(p, o, n->sym_name);
	const struct attr_data *type = pr_attr_of(p, o, n->function_type);
	const struct sym skip[] = {n->sym_name, n->sym_visibility, n->function_type, n->arg_attrs, n->res_attrs};
	struct blk entry = op_body(p->ir, o, 0);

	if (s->kind != AT_STRING || type->kind != AT_TYPE || pr_kind(p, type->type) != TY_FUNC ||
	    (vis->kind != AT_NONE && vis->kind != AT_STRING))
		return false;
	const struct type_data *ft = type_data(&p->ir->types, type->type);
	if (entry.i && ir_blk(p->ir, entry)->narg != ft->nin)
		return false;
	pr_str(p, "func.func ");
	if (vis->text.i) {
		out_strv(p->o, sym_text(&p->ir->in, vis->text));
		pr_char(p, ' ');
	}
	pr_symbol_name(p, s->text);
	signature(p, o, ft, entry);
	const struct attr_data *d = attr_data(&p->ir->attrs, ir_op(p->ir, o)->attrs);
	uint32_t known = 0;
	for (uint32_t k = 0; k < 5; k++)
		known += op_attr(p->ir, o, skip[k]).i != 0;
	if (d->n > known)
		pr_str(p, " attributes");
	pr_dict(p, ir_op(p->ir, o)->attrs, skip, 5);
	if (entry.i) {
		pr_char(p, ' ');
		pr_region(p, op_reg(p->ir, o, 0), REGION_ENTRY_ARGS);
	}
	return true;
}

bool
pr_call(struct printer *p, struct op o)
{
	const struct attr_data *callee = pr_attr_of(p, o, p->ir->name.callee);
	const struct val *v = VEC_FROM(&p->ir->opnd, ir_op(p->ir, o)->opnd0);
	uint32_t n = ir_op(p->ir, o)->nopnd;

	if (callee->kind != AT_SYMBOL)
		return false;
	pr_name(p, o);
	pr_char(p, ' ');
	pr_symbol(p, callee->text);
	pr_char(p, '(');
	pr_values(p, v, n);
	pr_char(p, ')');
	pr_dict_but(p, o, p->ir->name.callee, pr_no_sym(), pr_no_sym());
	pr_str(p, " : (");
	pr_types(p, v, n);
	pr_str(p, ") -> ");
	pr_result_types(p, o);
	return true;
}

/* return and yield; condition with its first operand in parentheses. */
bool
pr_terminator(struct printer *p, struct op o)
{
	const struct val *v = VEC_FROM(&p->ir->opnd, ir_op(p->ir, o)->opnd0);
	uint32_t n = ir_op(p->ir, o)->nopnd;
	bool cond = op_row(p->ir, o)->form == FORM_CONDITION;

	if (cond && !pr_signless(p, val_type(p->ir, v[0]), 1))
		return false;
	pr_name(p, o);
	if (cond) {
		pr_char(p, '(');
		pr_value(p, v[0]);
		pr_char(p, ')');
		v++;
		n--;
	}
	pr_all_dict(p, o);
	if (n) {
		pr_char(p, ' ');
		pr_values(p, v, n);
		pr_str(p, " : ");
		pr_types(p, v, n);
	}
	return true;
}

/* ---- structured control flow ---- */

static void
arrow_results(struct printer *p, struct op o, bool paren)
{
	uint32_t n = ir_op(p->ir, o)->nres;

	if (!n)
		return;
	pr_str(p, " -> ");
	if (!paren || n != 1 || pr_kind(p, pr_res_type(p, o)) == TY_FUNC) {
		pr_result_types(p, o);
		return;
	}
	pr_char(p, '(');
	pr_type(p, pr_res_type(p, o));
	pr_char(p, ')');
}

/* Entry arguments = values, from the k-th argument on. */
static void
inits(struct printer *p, struct blk b, uint32_t from, const struct val *v, uint32_t n)
{
	pr_char(p, '(');
	for (uint32_t k = 0; k < n; k++) {
		if (k)
			pr_str(p, ", ");
		pr_value(p, (struct val){ir_blk(p->ir, b)->arg0 + from + k});
		pr_str(p, " = ");
		pr_value(p, v[k]);
	}
	pr_char(p, ')');
}

static bool
one_block(struct printer *p, struct op o, uint32_t k, uint32_t nargs)
{
	struct blk b = op_body(p->ir, o, k);

	return b.i && !ir_blk(p->ir, b)->next.i && ir_blk(p->ir, b)->narg == nargs;
}

/* Do the block's arguments from `from` on have the types of the values? */
static bool
args_match(struct printer *p, struct blk b, uint32_t from, const struct val *v, uint32_t n)
{
	for (uint32_t k = 0; k < n; k++)
		if (val_type(p->ir, (struct val){ir_blk(p->ir, b)->arg0 + from + k}).i != val_type(p->ir, v[k]).i)
			return false;
	return true;
}

bool
pr_for_op(struct printer *p, struct op o)
{
	const struct ir *ir = p->ir;
	struct blk b = op_body(ir, o, 0);
	uint32_t n;
	const struct val *init = op_group(ir, o, 3, &n);

	if (!one_block(p, o, 0, 1 + n) || ir_op(ir, o)->nres != n || !args_match(p, b, 1, init, n))
		return false;
	struct val iv = {ir_blk(ir, b)->arg0};
	struct typ t = val_type(ir, iv);
	for (uint32_t k = 0; k < 3; k++)
		if (pr_opnd_type(p, o, k).i != t.i)
			return false;
	for (uint32_t k = 0; k < n; k++)
		if (val_type(ir, op_res(ir, o, k)).i != val_type(ir, init[k]).i)
			return false;
	pr_name(p, o);
	pr_char(p, ' ');
	pr_value(p, iv);
	pr_str(p, " = ");
	pr_value(p, op_opnd(ir, o, 0));
	pr_str(p, " to ");
	pr_value(p, op_opnd(ir, o, 1));
	pr_str(p, " step ");
	pr_value(p, op_opnd(ir, o, 2));
	if (n) {
		pr_str(p, " iter_args");
		inits(p, b, 1, init, n);
		arrow_results(p, o, true);
	}
	if (pr_kind(p, t) != TY_INDEX) {
		pr_str(p, " : ");
		pr_type(p, t);
	}
	pr_char(p, ' ');
	pr_region(p, op_reg(ir, o, 0), REGION_ENTRY_ARGS | (n ? 0 : REGION_DROP_YIELD));
	pr_all_dict(p, o);
	return true;
}

bool
pr_if_op(struct printer *p, struct op o)
{
	const struct ir *ir = p->ir;
	bool otherwise = ir_op(ir, o)->nreg > 1 && op_body(ir, o, 1).i;
	unsigned drop = ir_op(ir, o)->nres ? 0 : REGION_DROP_YIELD;

	if (ir_op(ir, o)->nreg != 2 || !one_block(p, o, 0, 0) || (otherwise && !one_block(p, o, 1, 0)) ||
	    !pr_signless(p, pr_opnd_type(p, o, 0), 1))
		return false;
	pr_name(p, o);
	pr_char(p, ' ');
	pr_value(p, op_opnd(ir, o, 0));
	arrow_results(p, o, true);
	pr_char(p, ' ');
	pr_region(p, op_reg(ir, o, 0), drop);
	if (otherwise) {
		pr_str(p, " else ");
		pr_region(p, op_reg(ir, o, 1), drop);
	}
	pr_all_dict(p, o);
	return true;
}

bool
pr_while_op(struct printer *p, struct op o)
{
	const struct ir *ir = p->ir;
	uint32_t n = ir_op(ir, o)->nopnd;
	const struct val *v = VEC_FROM(&ir->opnd, ir_op(ir, o)->opnd0);
	struct blk after = op_body(ir, o, 1);

	if (ir_op(ir, o)->nreg != 2 || !one_block(p, o, 0, n) || !after.i || ir_blk(ir, after)->next.i ||
	    !args_match(p, op_body(ir, o, 0), 0, v, n))
		return false;
	pr_name(p, o);
	if (n) {
		pr_char(p, ' ');
		inits(p, op_body(ir, o, 0), 0, v, n);
	}
	pr_str(p, " : (");
	pr_types(p, v, n);
	pr_str(p, ") -> ");
	pr_result_types(p, o);
	pr_char(p, ' ');
	pr_region(p, op_reg(ir, o, 0), REGION_ENTRY_ARGS);
	pr_str(p, " do ");
	pr_region(p, op_reg(ir, o, 1), 0);
	if (ir_op(ir, o)->attrs.i)
		pr_str(p, " attributes");
	pr_all_dict(p, o);
	return true;
}

bool
pr_index_switch(struct printer *p, struct op o)
{
	const struct ir *ir = p->ir;
	const struct attr_data *c = pr_attr_of(p, o, ir->name.cases);
	unsigned drop = ir_op(ir, o)->nres ? 0 : REGION_DROP_YIELD;

	if (c->kind != AT_DENSE_ARRAY || ir_op(ir, o)->nreg != c->n + 1 ||
	    pr_kind(p, pr_opnd_type(p, o, 0)) != TY_INDEX)
		return false;
	for (uint32_t k = 0; k <= c->n; k++)
		if (!one_block(p, o, k, 0))
			return false;
	pr_name(p, o);
	pr_char(p, ' ');
	pr_value(p, op_opnd(ir, o, 0));
	pr_dict_but(p, o, ir->name.cases, pr_no_sym(), pr_no_sym());
	arrow_results(p, o, false);
	for (uint32_t k = 0; k < c->n; k++) {
		out_f(p->o, " case %lld ", (long long)c->elem[k]);
		pr_region(p, op_reg(ir, o, k + 1), drop);
	}
	pr_str(p, " default ");
	pr_region(p, op_reg(ir, o, 0), drop);
	return true;
}

bool
pr_execute_region(struct printer *p, struct op o)
{
	if (ir_op(p->ir, o)->nreg != 1 || !op_body(p->ir, o, 0).i)
		return false;
	pr_name(p, o);
	arrow_results(p, o, false);
	pr_char(p, ' ');
	pr_region(p, op_reg(p->ir, o, 0), 0);
	pr_all_dict(p, o);
	return true;
}

/* ---- branches ---- */

static void
target(struct printer *p, const struct succ *s)
{
	pr_block(p, s->blk);
	if (!s->narg)
		return;
	pr_char(p, '(');
	pr_values(p, &p->ir->opnd.at[s->arg0], s->narg);
	pr_str(p, " : ");
	pr_types(p, &p->ir->opnd.at[s->arg0], s->narg);
	pr_char(p, ')');
}

bool
pr_branch(struct printer *p, struct op o)
{
	const struct ir *ir = p->ir;
	const struct op_data *d = ir_op(ir, o);
	bool cond = op_row(ir, o)->form == FORM_COND_BR;

	if (d->nsucc != (cond ? 2 : 1) || (cond && !pr_signless(p, pr_opnd_type(p, o, 0), 1)))
		return false;
	pr_name(p, o);
	pr_char(p, ' ');
	if (cond) {
		pr_value(p, op_opnd(ir, o, 0));
		pr_str(p, ", ");
	}
	target(p, &ir->succ.at[d->succ0]);
	if (cond) {
		pr_str(p, ", ");
		target(p, &ir->succ.at[d->succ0 + 1]);
	}
	pr_all_dict(p, o);
	return true;
}

bool
pr_switch_op(struct printer *p, struct op o)
{
	const struct ir *ir = p->ir;
	const struct op_data *d = ir_op(ir, o);
	const struct attr_data *c = pr_attr_of(p, o, ir->name.case_values);

	if (d->nsucc == 0 || (c->kind == AT_DENSE_ARRAY ? c->n : 0) != d->nsucc - 1u)
		return false;
	pr_name(p, o);
	pr_char(p, ' ');
	pr_value(p, op_opnd(ir, o, 0));
	pr_str(p, " : ");
	pr_type(p, pr_opnd_type(p, o, 0));
	pr_str(p, ", [default: ");
	target(p, &ir->succ.at[d->succ0]);
	for (uint32_t k = 1; k < d->nsucc; k++) {
		out_f(p->o, ", %lld: ", (long long)c->elem[k - 1]);
		target(p, &ir->succ.at[d->succ0 + k]);
	}
	pr_char(p, ']');
	pr_dict_but(p, o, ir->name.case_values, pr_no_sym(), pr_no_sym());
	return true;
}
