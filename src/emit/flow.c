/*
 * flow: structured control flow, and blocks with branches. Spec: emission.md §8.
 *
 * A loop-carried value, its block argument and the loop's result are one C++ variable; yields assign all variables of a
 * loop in parallel. Loops, ifs and switches are printed as such; only regions with several blocks use labels. There
 * every block stands in braces, so no jump passes an initialisation; values used in other blocks are declared first.
 */
#include "emit/emit.h"

#include <assert.h>

static struct op
terminator(const struct cxx *x, struct blk b)
{
	return ir_blk(x->ir, b)->last;
}

static struct val
blk_arg(const struct cxx *x, struct blk b, uint32_t k)
{
	return (struct val){ir_blk(x->ir, b)->arg0 + k};
}

static void
open_brace(struct cxx *x)
{
	x_str(x, " {\n");
	x->indent++;
}

static void
close_brace(struct cxx *x, const char *after)
{
	x->indent--;
	x_line(x);
	x_f(x, "}%s", after);
}

/* b is the same C++ variable as a. */
static void
share(struct cxx *x, struct val a, struct val b)
{
	struct cval *from = x_val(x, a), *to = x_val(x, b);

	to->no = from->no;
	to->tile = from->tile;
	to->type = from->type;
}

static void
check_tile(struct cxx *x, struct val var, struct val from)
{
	struct val_data *d = ir_val(x->ir, from);

	if (type_kind(&x->ir->types, val_type(x->ir, var)) == TY_TILE &&
	    x_tile_type(x, var).i != x_tile_type(x, from).i)
		x_fail(x, d->def.i ? d->def : x->func,
		       "prints as a C++ tile type other than that of the variable it is assigned to");
}

static void
assign_one(struct cxx *x, struct val var, struct val from)
{
	const struct cval *f = x_val(x, from);
	uint32_t no = x_val(x, var)->no;

	check_tile(x, var, from);
	if (!(f->flags & CV_INLINE) && f->no == no)
		return;
	x_line(x);
	x_f(x, "v%u = ", no);
	x_operand(x, from, PREC_COND);
	x_end(x);
}

void
x_assign(struct cxx *x, const struct val *var, const struct val *from, uint32_t n)
{
	if (n == 1) {
		assign_one(x, var[0], from[0]);
		return;
	}
	uint32_t *src = ARENA_ARRAY(x->a, uint32_t, n);
	if (x->mark.n < x->next)
		VEC_ADD(x->a, &x->mark, x->next - x->mark.n);
	for (uint32_t k = 0; k < n; k++) {
		check_tile(x, var[k], from[k]);
		src[k] = x_val(x, from[k])->no;
		/* already overwritten when its turn comes: keep the old value */
		if (x->mark.at[src[k]]) {
			src[k] = x_temp(x, x_val_type(x, from[k]));
			x_name(x, from[k]);
			x_end(x);
		}
		if (src[k] != x_val(x, var[k])->no)
			x->mark.at[x_val(x, var[k])->no] = 1;
	}
	for (uint32_t k = 0; k < n; k++) {
		uint32_t no = x_val(x, var[k])->no;
		x->mark.at[no] = 0;
		if (src[k] == no)
			continue;
		x_line(x);
		x_f(x, "v%u = ", no);
		x_no(x, src[k]);
		x_end(x);
	}
}

/* The yield of a block assigns the variables `var`. */
static void
yield_to(struct cxx *x, struct blk b, const struct val *var, uint32_t first)
{
	struct op t = terminator(x, b);
	struct op_data *d = ir_op(x->ir, t);

	if (d->nopnd > first)
		x_assign(x, var, &x->ir->opnd.at[d->opnd0 + first], d->nopnd - first);
}

static struct val *
results(struct cxx *x, struct op o)
{
	uint32_t n = ir_op(x->ir, o)->nres;
	struct val *v = ARENA_ARRAY(x->a, struct val, n + 1);

	for (uint32_t k = 0; k < n; k++)
		v[k] = op_res(x->ir, o, k);
	return v;
}

static struct val *
block_args(struct cxx *x, struct blk b, uint32_t first)
{
	uint32_t n = ir_blk(x->ir, b)->narg;
	struct val *v = ARENA_ARRAY(x->a, struct val, n + 1);

	for (uint32_t k = first; k < n; k++)
		v[k - first] = blk_arg(x, b, k);
	return v;
}

/* Declares a variable for v with an initial value. */
static void
declare_init(struct cxx *x, struct val v, struct val init)
{
	x_val(x, v)->tile = x_val(x, init)->tile;
	check_tile(x, v, init);
	x_def(x, v);
	x_operand(x, init, PREC_COND);
	x_end(x);
}

/* ---- for ---- */

static void
for_uses(struct cxx *x, struct op o)
{
	struct op_data *d = ir_op(x->ir, o);

	for (uint32_t k = 0; k < d->nopnd; k++)
		x_use(x, o, op_opnd(x->ir, o, k), k == 0 || k >= 3);
}

static void
for_stmt(struct cxx *x, struct op o)
{
	struct blk b = op_body(x->ir, o, 0);
	struct val iv = blk_arg(x, b, 0);
	uint32_t n = ir_op(x->ir, o)->nres;

	for (uint32_t k = 0; k < n; k++) {
		struct val r = op_res(x->ir, o, k);
		declare_init(x, r, op_opnd(x->ir, o, 3 + k));
		share(x, r, blk_arg(x, b, k + 1));
	}
	x_line(x);
	uint32_t no = x_fresh(x);
	x_val(x, iv)->no = no;
	x_f(x, "for (%s v%u = ", x_val_type(x, iv), no);
	x_operand(x, op_opnd(x->ir, o, 0), PREC_COND);
	x_f(x, "; v%u < ", no);
	x_name(x, op_opnd(x->ir, o, 1));
	x_f(x, "; v%u += ", no);
	x_name(x, op_opnd(x->ir, o, 2));
	x_str(x, ")");
	open_brace(x);
	x_block(x, b);
	if (n)
		yield_to(x, b, block_args(x, b, 1), 0);
	close_brace(x, "\n");
}

/* ---- if ---- */

/* The block prints nothing but its yield. */
static bool
only_yields(const struct cxx *x, struct blk b)
{
	if (!b.i)
		return true;
	for (struct op o = ir_blk(x->ir, b)->first; o.i; o = ir_op(x->ir, o)->next) {
		const struct op_data *d = ir_op(x->ir, o);
		bool silent = !x_live(x, o) || d->id == OP_ARITH_CONSTANT || d->id == OP_YIELD;
		if (!silent)
			return false;
	}
	return true;
}

bool
x_is_select(const struct cxx *x, struct op o)
{
	return op_id(x->ir, o) == OP_IF && ir_op(x->ir, o)->nres && only_yields(x, op_body(x->ir, o, 0)) &&
	       only_yields(x, op_body(x->ir, o, 1));
}

static void
if_as_select(struct cxx *x, struct op o)
{
	struct op t = terminator(x, op_body(x->ir, o, 0)), f = terminator(x, op_body(x->ir, o, 1));

	for (uint32_t k = 0; k < ir_op(x->ir, o)->nres; k++) {
		struct val r = op_res(x->ir, o, k), a = op_opnd(x->ir, t, k), b = op_opnd(x->ir, f, k);
		x_val(x, r)->tile = x_val(x, a)->tile;
		check_tile(x, r, b);
		if (!x_val(x, r)->nuse)
			continue;
		x_value_name(x, r);
		x_def(x, r);
		x_name(x, op_opnd(x->ir, o, 0));
		x_str(x, " ? ");
		x_name(x, a);
		x_str(x, " : ");
		x_name(x, b);
		x_end(x);
	}
}

static void
if_uses(struct cxx *x, struct op o)
{
	x_use(x, o, op_opnd(x->ir, o, 0), ir_op(x->ir, o)->nres == 0);
}

static void
if_stmt(struct cxx *x, struct op o)
{
	struct blk a = op_body(x->ir, o, 0), b = op_body(x->ir, o, 1);
	uint32_t n = ir_op(x->ir, o)->nres;
	struct val *r = n ? results(x, o) : NULL;

	if (only_yields(x, a) && only_yields(x, b)) {
		if_as_select(x, o);
		return;
	}
	for (uint32_t k = 0; k < n; k++) {
		x_val(x, r[k])->tile = x_val(x, op_opnd(x->ir, terminator(x, a), k))->tile;
		x_declare(x, r[k]);
	}
	x_line(x);
	x_str(x, "if (");
	x_operand(x, op_opnd(x->ir, o, 0), PREC_COND);
	x_str(x, ")");
	open_brace(x);
	x_block(x, a);
	yield_to(x, a, r, 0);
	if (n || !only_yields(x, b)) {
		close_brace(x, " else");
		open_brace(x);
		x_block(x, b);
		yield_to(x, b, r, 0);
	}
	close_brace(x, "\n");
}

/* ---- while ---- */

static void
goto_label(struct cxx *x, uint32_t label)
{
	x_line(x);
	x_f(x, "goto label%u;\n", label);
}

/* The form of ptoas: head: { before; results = arguments; if (condition) goto body; else goto end; }
 * body: { after; goto head; } end: */
static void
while_labels(struct cxx *x, struct op o)
{
	struct blk before = op_body(x->ir, o, 0), after = op_body(x->ir, o, 1);
	uint32_t head = x->label + 1, body = x->label + 2, end = x->label + 3;

	x->label = end;
	goto_label(x, head);
	x_f(x, "label%u: {\n", head);
	x->indent++;
	x_block(x, before);
	if (ir_op(x->ir, o)->nres)
		yield_to(x, before, results(x, o), 1);
	x_line(x);
	x_str(x, "if (");
	x_operand(x, op_opnd(x->ir, terminator(x, before), 0), PREC_COND);
	x_str(x, ")");
	open_brace(x);
	goto_label(x, body);
	close_brace(x, " else");
	open_brace(x);
	goto_label(x, end);
	close_brace(x, "\n");
	close_brace(x, "\n");
	x_f(x, "label%u: {\n", body);
	x->indent++;
	x_block(x, after);
	yield_to(x, after, block_args(x, before, 0), 0);
	goto_label(x, head);
	close_brace(x, "\n");
	x_f(x, "label%u:;\n", end);
}

/* while (true) { before; results = arguments; if (!condition) break; after; } The results are the after arguments. */
static void
while_stmt(struct cxx *x, struct op o)
{
	struct blk before = op_body(x->ir, o, 0), after = op_body(x->ir, o, 1);
	struct op cond = terminator(x, before);
	uint32_t n = ir_op(x->ir, o)->nres;

	for (uint32_t k = 0; k < ir_op(x->ir, o)->nopnd; k++)
		declare_init(x, blk_arg(x, before, k), op_opnd(x->ir, o, k));
	for (uint32_t k = 0; k < n; k++) {
		struct val r = op_res(x->ir, o, k);
		x_val(x, r)->tile = x_val(x, op_opnd(x->ir, cond, k + 1))->tile;
		x_declare(x, r);
		share(x, r, blk_arg(x, after, k));
	}
	if (x->opt->as_ptoas) {
		while_labels(x, o);
		return;
	}
	x_line(x);
	x_str(x, "while (true)");
	open_brace(x);
	x_block(x, before);
	if (n)
		yield_to(x, before, results(x, o), 1);
	x_line(x);
	x_str(x, "if (!");
	x_operand(x, op_opnd(x->ir, cond, 0), PREC_POSTFIX);
	x_str(x, ")");
	open_brace(x);
	x_line(x);
	x_str(x, "break;\n");
	close_brace(x, "\n");
	x_block(x, after);
	yield_to(x, after, block_args(x, before, 0), 0);
	close_brace(x, "\n");
}

static void
condition_uses(struct cxx *x, struct op o)
{
	struct op_data *d = ir_op(x->ir, o);

	for (uint32_t k = 0; k < d->nopnd; k++)
		x_use(x, o, op_opnd(x->ir, o, k), k == 0 || d->nopnd == 2);
}

/* ---- index_switch, execute_region ---- */

static void
arm(struct cxx *x, struct op o, uint32_t region, struct val *r)
{
	struct blk b = op_body(x->ir, o, region);

	open_brace(x);
	x_block(x, b);
	yield_to(x, b, r, 0);
	x_line(x);
	x_str(x, "break;\n");
	close_brace(x, "\n");
}

static void
declare_results(struct cxx *x, struct op o, struct val *r, struct op yield)
{
	for (uint32_t k = 0; k < ir_op(x->ir, o)->nres; k++) {
		if (yield.i)
			x_val(x, r[k])->tile = x_val(x, op_opnd(x->ir, yield, k))->tile;
		x_declare(x, r[k]);
	}
}

/* Region 0 is the default, then one per case value. */
static void
index_switch_stmt(struct cxx *x, struct op o)
{
	struct attr a = op_attr(x->ir, o, x->ir->name.cases);
	const struct attr_data *d = a.i ? attr_data(&x->ir->attrs, a) : NULL;
	struct val *r = results(x, o);
	uint32_t n = d ? d->n : 0;

	declare_results(x, o, r, terminator(x, op_body(x->ir, o, 0)));
	x_line(x);
	x_str(x, "switch (");
	x_operand(x, op_opnd(x->ir, o, 0), PREC_COND);
	x_str(x, ")");
	open_brace(x);
	for (uint32_t k = 0; k < n; k++) {
		x_line(x);
		x_f(x, "case %lld:", (long long)d->elem[k]);
		arm(x, o, k + 1, r);
	}
	x_line(x);
	x_str(x, "default:");
	arm(x, o, 0, r);
	close_brace(x, "\n");
}

static void print_blocks(struct cxx *x, struct reg r, struct blk stop, struct val *var, uint32_t end);

static void
execute_region_stmt(struct cxx *x, struct op o)
{
	struct reg reg = op_reg(x->ir, o, 0);
	struct blk b = ir_reg(x->ir, reg)->first;
	struct val *r = results(x, o);

	declare_results(x, o, r,
			terminator(x, b).i && op_id(x->ir, terminator(x, b)) == OP_YIELD ? terminator(x, b)
											 : (struct op){0});
	x_line(x);
	x_str(x, "{\n");
	x->indent++;
	if (x_multi(x, reg)) {
		uint32_t end = ++x->label;
		print_blocks(x, reg, (struct blk){0}, r, end);
		x_f(x, "label%u:;\n", end);
	} else {
		x_block(x, b);
		yield_to(x, b, r, 0);
	}
	close_brace(x, "\n");
}

/* ---- regions with several blocks ---- */

static void
jump(struct cxx *x, const struct succ *s)
{
	if (s->narg)
		x_assign(x, block_args(x, s->blk, 0), &x->ir->opnd.at[s->arg0], s->narg);
	x_line(x);
	x_f(x, "goto label%u;\n", x->blk_label[s->blk.i]);
}

static void
jump_if(struct cxx *x, const struct succ *s)
{
	x_str(x, ")");
	open_brace(x);
	jump(x, s);
	close_brace(x, "");
}

static void
br_stmt(struct cxx *x, struct op o)
{
	jump(x, &x->ir->succ.at[ir_op(x->ir, o)->succ0]);
}

static void
cond_br_stmt(struct cxx *x, struct op o)
{
	const struct succ *s = &x->ir->succ.at[ir_op(x->ir, o)->succ0];

	x_line(x);
	x_str(x, "if (");
	x_operand(x, op_opnd(x->ir, o, 0), PREC_COND);
	jump_if(x, &s[0]);
	x_str(x, " else");
	open_brace(x);
	jump(x, &s[1]);
	close_brace(x, "\n");
}

/* Successor 0 is the default, then one per case value. */
static void
switch_stmt(struct cxx *x, struct op o)
{
	struct attr a = op_attr(x->ir, o, x->ir->name.case_values);
	const struct attr_data *d = a.i ? attr_data(&x->ir->attrs, a) : NULL;
	const struct succ *s = &x->ir->succ.at[ir_op(x->ir, o)->succ0];

	for (uint32_t k = 0; d && k < d->n; k++) {
		x_line(x);
		x_str(x, "if (");
		x_name(x, op_opnd(x->ir, o, 0));
		x_f(x, " == %lld", (long long)d->elem[k]);
		jump_if(x, &s[k + 1]);
		x_str(x, "\n");
	}
	jump(x, s);
}

static void
branch_uses(struct cxx *x, struct op o)
{
	struct op_data *d = ir_op(x->ir, o);

	for (uint32_t k = 0; k < d->nopnd; k++)
		x_use(x, o, op_opnd(x->ir, o, k), d->id == OP_COND_BR);
	for (uint32_t s = 0; s < d->nsucc; s++) {
		struct succ e = x->ir->succ.at[d->succ0 + s];
		for (uint32_t k = 0; k < e.narg; k++)
			x_use(x, o, x->ir->opnd.at[e.arg0 + k], false);
	}
}

static void
declare_ahead(struct cxx *x, struct val v)
{
	struct cval *c = x_val(x, v);

	c->no = x_fresh(x);
	x_line(x);
	x_f(x, "%s v%u%s;\n", x_val_type(x, v), c->no, x_is_view(x, v) ? "(nullptr)" : "");
	c->flags |= CV_VAR;
}

static void
declare_region(struct cxx *x, struct reg r)
{
	struct blk first = ir_reg(x->ir, r)->first;

	for (struct blk b = first; b.i; b = ir_blk(x->ir, b)->next) {
		for (uint32_t k = 0; b.i != first.i && k < ir_blk(x->ir, b)->narg; k++)
			declare_ahead(x, blk_arg(x, b, k));
		for (struct op o = ir_blk(x->ir, b)->first; o.i; o = ir_op(x->ir, o)->next)
			for (uint32_t k = 0; x_live(x, o) && k < ir_op(x->ir, o)->nres; k++)
				if (x_val(x, op_res(x->ir, o, k))->flags & CV_VAR)
					declare_ahead(x, op_res(x->ir, o, k));
	}
	for (struct blk b = first; b.i; b = ir_blk(x->ir, b)->next)
		x->blk_label[b.i] = b.i == first.i ? 0 : ++x->label;
}

static void
print_label(struct cxx *x, struct blk b, const char *end)
{
	if (x->blk_label[b.i])
		x_f(x, "label%u:%s\n", x->blk_label[b.i], end);
}

/* All blocks before `stop` (0: all). A yield assigns `var` and leaves for label `end`. */
static void
print_blocks(struct cxx *x, struct reg r, struct blk stop, struct val *var, uint32_t end)
{
	declare_region(x, r);
	for (struct blk b = ir_reg(x->ir, r)->first; b.i != stop.i; b = ir_blk(x->ir, b)->next) {
		print_label(x, b, " {");
		if (!x->blk_label[b.i]) {
			x_line(x);
			x_str(x, "{\n");
		}
		x->indent++;
		x_block(x, b);
		if (var && terminator(x, b).i && op_id(x->ir, terminator(x, b)) == OP_YIELD) {
			yield_to(x, b, var, 0);
			x_line(x);
			x_f(x, "goto label%u;\n", end);
		}
		close_brace(x, "\n");
	}
}

/* The last block stands without braces when it returns, so that the guard can close before its return. */
void
x_blocks(struct cxx *x, struct reg r, enum core guard)
{
	struct blk last = ir_reg(x->ir, r)->last;
	struct op t = terminator(x, last);
	const struct type_data *ft = type_data(&x->ir->types, func_type(x->ir, x->func));
	bool plain = op_id(x->ir, t) == OP_RETURN;

	print_blocks(x, r, plain ? last : (struct blk){0}, NULL, 0);
	if (plain) {
		print_label(x, last, "");
		x_last_block(x, last, guard);
		return;
	}
	x_guard_close(x, guard);
	if (guard == CORE_NONE)
		return;
	x_line(x);
	if (ft->nsub > ft->nin)
		x_f(x, "return %s{};\n", x_type(x, ft->sub[ft->nin]));
	else
		x_str(x, "return;\n");
}

/* ---- return, yield ---- */

static void
return_stmt(struct cxx *x, struct op o)
{
	x_line(x);
	x_str(x, "return");
	if (ir_op(x->ir, o)->nopnd) {
		x_str(x, " ");
		x_operand(x, op_opnd(x->ir, o, 0), PREC_COND);
	}
	x_end(x);
}

static void
single_uses(struct cxx *x, struct op o)
{
	x_use_all(x, o, ir_op(x->ir, o)->nopnd == 1);
}

/* A yield or condition is printed by the op that owns the region. */
static void
no_text(struct cxx *x, struct op o)
{
	(void)x;
	(void)o;
}

/* clang-format off */
static const struct {
	enum op_id id;
	struct family f;
} flow[] = {
	{OP_FOR, {.uses = for_uses, .stmt = for_stmt}},
	{OP_IF, {.uses = if_uses, .stmt = if_stmt}},
	{OP_YIELD, {.uses = single_uses, .stmt = no_text}},
	{OP_RETURN, {.uses = single_uses, .stmt = return_stmt}},
	{OP_WHILE, {.stmt = while_stmt}},
	{OP_CONDITION, {.uses = condition_uses, .stmt = no_text}},
	{OP_INDEX_SWITCH, {.uses = single_uses, .stmt = index_switch_stmt}},
	{OP_EXECUTE_REGION, {.stmt = execute_region_stmt}},
	{OP_BR, {.uses = branch_uses, .stmt = br_stmt}},
	{OP_COND_BR, {.uses = branch_uses, .stmt = cond_br_stmt}},
	{OP_SWITCH, {.uses = branch_uses, .stmt = switch_stmt}},
};
/* clang-format on */

/* Every op whose emit column says flow has a row. */
static const struct family *
flow_of(const struct cxx *x, struct op o)
{
	uint32_t i = 0;

	while (flow[i].id != op_id(x->ir, o)) {
		i++;
		assert(i < sizeof flow / sizeof flow[0]);
	}
	return &flow[i].f;
}

static void
flow_uses(struct cxx *x, struct op o)
{
	const struct family *f = flow_of(x, o);

	if (f->uses)
		f->uses(x, o);
	else
		x_use_all(x, o, false);
}

static void
flow_stmt(struct cxx *x, struct op o)
{
	flow_of(x, o)->stmt(x, o);
}

const struct family fam_flow = {.uses = flow_uses, .stmt = flow_stmt};

/* ---- calls ---- */

static enum prec
call_expr(struct cxx *x, struct op o)
{
	struct op_data *d = ir_op(x->ir, o);
	struct attr a = op_attr(x->ir, o, x->ir->name.callee);

	x_f(x, "%s(", sym_str(&x->ir->in, attr_data(&x->ir->attrs, a)->text));
	for (uint32_t k = 0; k < d->nopnd; k++) {
		x_str(x, k ? ", " : "");
		x_name(x, op_opnd(x->ir, o, k));
	}
	x_str(x, ")");
	return PREC_POSTFIX;
}

static void
call_stmt(struct cxx *x, struct op o)
{
	uint32_t nres = ir_op(x->ir, o)->nres;

	assert(nres <= 1);	/* verified where the function is declared */
	if (nres)
		x_def(x, op_res(x->ir, o, 0));
	else
		x_line(x);
	call_expr(x, o);
	x_end(x);
}

static void
call_uses(struct cxx *x, struct op o)
{
	x_use_all(x, o, false);
}

const struct family fam_func_call = {.uses = call_uses, .stmt = call_stmt, .expr = call_expr};
