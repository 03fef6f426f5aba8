/* flow: functions, modules, structured control flow, branches and terminators. */
#include "front/build.h"

/* One variadic slot after `fixed` single ones, all from front.val starting at s. */
static void
groups(struct front *fe, struct op o, struct slice s, uint32_t fixed)
{
	uint32_t n[OP_MAX_SLOT];

	for (uint32_t k = 0; k < fixed; k++)
		n[k] = 1;
	n[fixed] = s.n - fixed;
	ir_op_groups(fe->ir, o, VEC_FROM(&fe->val, s.at), n, fixed + 1);
}

/* Regions that a return cannot stand in, so that it says that their end is missing. */
static bool
implicit_end(enum op_id owner)
{
	return owner != OP_MODULE && isa_op[owner].form != FORM_EXECUTE_REGION;
}

/* Short names are the default dialect's: func directly in a function, builtin in a module. */
static void
check_short(struct front *fe, struct word w, struct span at)
{
	struct strv s = fe_text(fe, at);
	enum op_id owner = fe->frame.at[fe->frame.n - 1].owner;
	const char *full = isa_op[word_op(w)].name;

	if (memchr(s.p, '.', s.n) || strv_is(s, "module") || owner == OP_FUNC)
		return;
	fe_error(fe, DIAG_SYNTAX, at, "Dialect `' not found for custom op '%.*s'", (int)s.n, s.p);
	if (strv_is(s, "return") && fe->frame.n && implicit_end(owner))
		fe_note(fe, fe->frame.at[fe->frame.n - 1].open, "this region is not closed yet");
	else
		fe_hint(fe, "write '%s'", full);
}

/* ---- module and function ---- */

struct op
flow_module_open(struct front *fe, struct word w, struct span at, struct sym name, struct attr attrs)
{
	struct op o = op_new(fe, word_op(w), at);

	op_attrs(fe, o, attrs);
	if (name.i)
		op_attr_add(fe, o, fe->ir->name.sym_name, attr_string(&fe->ir->attrs, name), at);
	ir_op_operands(fe->ir, o, NULL, 0);
	ir_op_region(fe->ir, o);
	region_next(fe, o, 0, (struct slice){0, 0}, false);
	return o;
}

/* Dictionaries of arguments or results as an array attribute, 0 when all are empty. */
static struct attr
arg_dicts(struct front *fe, struct slice args)
{
	bool any = false;
	struct attr *a = ARENA_ARRAY(fe->a, struct attr, args.n + 1);

	for (uint32_t i = 0; i < args.n; i++) {
		struct attr d = fe->arg.at[args.at + i].attrs;
		any = any || attr_data(&fe->ir->attrs, d)->n;
		a[i] = d.i ? d : attr_get(&fe->ir->attrs, &(struct attr_data){.kind = AT_DICT});
	}
	if (!any)
		return (struct attr){0};
	return attr_get(&fe->ir->attrs, &(struct attr_data){.kind = AT_ARRAY, .sub = a, .n = args.n});
}

static struct typ
func_signature(struct front *fe, struct slice args, struct slice results)
{
	struct typ *t = ARENA_ARRAY(fe->a, struct typ, args.n + results.n + 1);

	for (uint32_t i = 0; i < args.n; i++)
		t[i] = fe->arg.at[args.at + i].type;
	for (uint32_t i = 0; i < results.n; i++)
		t[args.n + i] = fe->arg.at[results.at + i].type;
	return type_func(&fe->ir->types, t, args.n, t + args.n, results.n);
}

struct op
flow_func_open(struct front *fe, struct word w, struct span at, struct word vis, struct sym name, struct slice args,
	       struct slice results, struct attr attrs)
{
	struct op o = op_new(fe, word_op(w), at);
	struct ir *ir = fe->ir;
	struct attr dicts = arg_dicts(fe, args), res_dicts = arg_dicts(fe, results);

	for (uint32_t i = 1; i < args.n; i++)
		if (!fe->arg.at[args.at + i].name.i != !fe->arg.at[args.at].name.i)
			fe_error(fe, DIAG_SYNTAX, fe->arg.at[args.at + i].span,
				 fe->arg.at[args.at].name.i ? "expected SSA identifier"
							    : "expected type instead of SSA identifier");
	op_attrs(fe, o, attrs);
	op_attr_add(fe, o, ir->name.sym_name, attr_string(&ir->attrs, name), at);
	op_attr_add(fe, o, ir->name.function_type, attr_type(&ir->attrs, func_signature(fe, args, results)), at);
	if (vis.sym.i && !strv_is(sym_text(&ir->in, vis.sym), "public"))
		op_attr_add(fe, o, ir->name.sym_visibility, attr_string(&ir->attrs, vis.sym), at);
	if (dicts.i)
		op_attr_add(fe, o, ir->name.arg_attrs, dicts, at);
	if (res_dicts.i)
		op_attr_add(fe, o, ir->name.res_attrs, res_dicts, at);
	ir_op_operands(ir, o, NULL, 0);
	ir_op_region(ir, o);
	fe->func_args = args;
	return o;
}

void
flow_func_body(struct front *fe, struct op o)
{
	struct slice args = fe->func_args;

	if (args.n && !fe->arg.at[args.at].name.i)
		fe_error(fe, DIAG_SYNTAX, fe->arg.at[args.at].span, "expected SSA identifier");
	region_next(fe, o, 0, args, args.n > 0);
}

/* ---- calls and terminators ---- */

struct op
flow_call(struct front *fe, struct word w, struct span at, struct sym callee, struct slice use, struct attr attrs,
	  struct slice in, struct slice out)
{
	check_short(fe, w, at);
	struct op o = op_new(fe, word_op(w), at);
	struct slice s = use_typed(fe, use, in, at);

	groups(fe, o, s, 0);
	op_attrs(fe, o, attrs);
	op_attr_add(fe, o, fe->ir->name.callee, attr_symbol(&fe->ir->attrs, callee), at);
	op_results(fe, o, out);
	return o;
}

/* return, yield; condition: the last use is the i1 condition, the others have the types. */
struct op
flow_terminator(struct front *fe, struct word w, struct span at, struct slice use, struct slice type, struct attr attrs)
{
	check_short(fe, w, at);
	struct op o = op_new(fe, word_op(w), at);

	if (op_row(fe->ir, o)->sig[0] == 's') {
		struct slice c =
			use_as(fe, (struct slice){use.at + use.n - 1, 1}, type_int(&fe->ir->types, 1, SIGNLESS));
		struct slice s = use_typed(fe, (struct slice){use.at, use.n - 1}, type, at);
		groups(fe, o, (struct slice){c.at, s.n + 1}, 1);
	} else {
		groups(fe, o, use_typed(fe, use, type, at), 0);
	}
	op_attrs(fe, o, attrs);
	return o;
}

/* ---- structured control flow ---- */

struct op
flow_for_open(struct front *fe, struct word w, struct span at, struct use iv, struct slice bounds, struct slice iter,
	      struct slice inits, struct slice types, struct tuse ty)
{
	struct op o = op_new(fe, word_op(w), at);
	struct typ t = ty.type.i ? ty.type : type_index(&fe->ir->types);
	struct slice b = use_as(fe, bounds, t);

	if (inits.n != types.n)
		fe_error(fe, DIAG_ARITY, at, "%u loop-carried value%s but %u type%s", inits.n, inits.n == 1 ? "" : "s",
			 types.n, types.n == 1 ? "" : "s");
	else
		use_typed(fe, inits, types, at);
	if (fe->failed)
		return o;
	groups(fe, o, (struct slice){b.at, 3 + inits.n}, 3);
	op_results(fe, o, types);
	ir_op_region(fe->ir, o);
	struct slice args = {fe->arg.n, 1 + iter.n};
	VEC_PUSH(fe->a, &fe->arg, (struct arg){.name = iv.name, .type = t, .span = iv.span});
	for (uint32_t i = 0; i < iter.n; i++) {
		struct arg a = fe->arg.at[iter.at + i];
		a.type = fe->type.at[types.at + i].type;
		VEC_PUSH(fe->a, &fe->arg, a);
	}
	region_next(fe, o, 0, args, true);
	return o;
}

struct op
flow_if_open(struct front *fe, struct word w, struct span at, struct use cond, struct slice types)
{
	struct op o = op_new(fe, word_op(w), at);
	struct slice s = use_one(fe, cond, type_int(&fe->ir->types, 1, SIGNLESS));

	ir_op_operands(fe->ir, o, VEC_FROM(&fe->val, s.at), 1);
	op_results(fe, o, types);
	ir_op_region(fe->ir, o);
	ir_op_region(fe->ir, o); /* stays empty without else */
	region_next(fe, o, 0, (struct slice){0, 0}, false);
	return o;
}

struct op
flow_while_open(struct front *fe, struct word w, struct span at, struct slice iter, struct slice inits, struct tuse fn)
{
	struct op o = op_new(fe, word_op(w), at);
	const struct type_data *t = type_data(&fe->ir->types, fn.type);
	struct slice s = {fe->val.n, inits.n};

	if (t->nin != inits.n) {
		fe_error(fe, DIAG_ARITY, fn.span, "%u initial value%s but %u type%s", inits.n, inits.n == 1 ? "" : "s",
			 t->nin, t->nin == 1 ? "" : "s");
		return o;
	}
	for (uint32_t i = 0; i < inits.n; i++) {
		fe->arg.at[iter.at + i].type = t->sub[i];
		use_as(fe, (struct slice){inits.at + i, 1}, t->sub[i]);
	}
	groups(fe, o, s, 0);
	if (count_fits(fe, t->nsub - t->nin, at, "results"))
		for (uint32_t i = t->nin; i < t->nsub; i++)
			ir_op_result(fe->ir, o, t->sub[i]);
	ir_op_region(fe->ir, o);
	ir_op_region(fe->ir, o);
	region_next(fe, o, 0, iter, true);
	return o;
}

/* execute_region and sections. */
struct op
flow_region_open(struct front *fe, struct word w, struct span at, struct slice types)
{
	struct op o = op_new(fe, word_op(w), at);

	ir_op_operands(fe->ir, o, NULL, 0);
	op_results(fe, o, types);
	ir_op_region(fe->ir, o);
	region_next(fe, o, 0, (struct slice){0, 0}, false);
	return o;
}

void
flow_close(struct front *fe, struct op o, struct attr attrs)
{
	if (!fe->failed)
		op_attrs(fe, o, attrs);
}

/* ---- ops made after their regions: the regions are collected and moved ---- */

void
pending_open(struct front *fe, enum op_id id, struct span at)
{
	VEC_PUSH(fe->a, &fe->pending, (struct pending){.id = id, .span = at, .reg0 = fe->reg.n});
}

/* Opens the next region of the newest pending op. */
void
pending_region(struct front *fe, bool keep_empty)
{
	const struct pending *p = &fe->pending.at[fe->pending.n - 1];
	struct reg r = {fe->ir->reg.n};

	VEC_ADD(fe->a, &fe->ir->reg, 1);
	VEC_PUSH(fe->a, &fe->reg, r);
	fe->next = (struct next_region){r, p->id, {0, 0}, false, keep_empty};
}

/* A region of the op that takes the blocks of a collected one. */
void
pending_move(struct front *fe, struct op o, struct reg from)
{
	struct reg to = ir_op_region(fe->ir, o);
	struct reg_data *d = ir_reg(fe->ir, to), *s = ir_reg(fe->ir, from);

	d->first = s->first;
	d->last = s->last;
	d->span = s->span;
	for (struct blk b = d->first; b.i; b = ir_blk(fe->ir, b)->next)
		ir_blk(fe->ir, b)->parent = to;
}

void
flow_switch_open(struct front *fe, struct word w, struct span at)
{
	pending_open(fe, word_op(w), at);
}

void
flow_switch_region(struct front *fe)
{
	pending_region(fe, false);
}

/* Regions were read cases first, default last; the op has the default first. */
struct op
flow_switch_close(struct front *fe, struct use sel, struct attr attrs, struct slice types, struct slice cases)
{
	struct pending p = fe->pending.at[--fe->pending.n];
	struct op o = op_new(fe, p.id, p.span);
	struct slice s = use_one(fe, sel, type_index(&fe->ir->types));

	if (!count_fits(fe, cases.n, p.span, "cases"))
		return o;
	ir_op_operands(fe->ir, o, VEC_FROM(&fe->val, s.at), 1);
	op_results(fe, o, types);
	pending_move(fe, o, fe->reg.at[p.reg0 + cases.n]);
	for (uint32_t i = 0; i < cases.n; i++)
		pending_move(fe, o, fe->reg.at[p.reg0 + i]);
	fe->reg.n = p.reg0;
	op_attrs(fe, o, attrs);
	struct attr a = attr_get(&fe->ir->attrs, &(struct attr_data){.kind = AT_DENSE_ARRAY,
								     .type = type_int(&fe->ir->types, 64, SIGNLESS),
								     .elem = VEC_FROM(&fe->num, cases.at),
								     .n = cases.n});
	op_attr_add(fe, o, fe->ir->name.cases, a, p.span);
	return o;
}

/* ---- branches ---- */

struct op
flow_branch(struct front *fe, struct word w, struct span at, struct slice use, struct slice targets, struct attr attrs,
	    struct slice cases, struct tuse ty)
{
	struct op o = op_new(fe, word_op(w), at);
	struct typ t = ty.type.i ? ty.type : type_int(&fe->ir->types, 1, SIGNLESS);
	struct slice s = use_as(fe, use, t);

	ir_op_operands(fe->ir, o, VEC_FROM(&fe->val, s.at), s.n);
	if (!count_fits(fe, targets.n, at, "successors"))
		return o;
	for (uint32_t i = 0; i < targets.n; i++) {
		struct target x = fe->target.at[targets.at + i];
		struct slice v = use_typed(fe, x.use, x.type, at);
		ir_op_succ(fe->ir, o, x.blk, VEC_FROM(&fe->val, v.at), v.n);
	}
	op_attrs(fe, o, attrs);
	if (ty.type.i) {
		struct attr a =
			attr_get(&fe->ir->attrs, &(struct attr_data){.kind = AT_DENSE_ARRAY,
								     .type = type_int(&fe->ir->types, 64, SIGNLESS),
								     .elem = VEC_FROM(&fe->num, cases.at),
								     .n = cases.n});
		op_attr_add(fe, o, fe->ir->name.case_values, a, at);
	}
	return o;
}
