/* build: what all forms share: making ops, resolving operands, attributes, results; and the entry of the front end. */
#include "front/build.h"
#include "parser.h"

#include <assert.h>

bool
count_fits(struct front *fe, uint32_t n, struct span at, const char *what)
{
	if (n < UINT16_MAX)
		return true;
	fe_error(fe, DIAG_ARITY, at, "more than %u %s", UINT16_MAX - 1, what);
	return false;
}

/* A detached op has no place yet; one that is made after its regions is placed when it is made. */
void
op_place(struct front *fe, struct op o)
{
	struct span at = ir_op(fe->ir, o)->span;
	struct blk b = region_block(fe, at);
	struct op last = ir_blk(fe->ir, b)->last;

	if (last.i && (op_row(fe->ir, last)->flags & OPF_TERM))
		fe_error(fe, DIAG_SYNTAX, ir_op(fe->ir, last)->span, "'%s' must be the last operation of its block",
			 op_row(fe->ir, last)->name);
	ir_append(fe->ir, b, o);
}

struct op
op_new(struct front *fe, enum op_id id, struct span at)
{
	struct op o = ir_op_new(fe->ir, id, at);

	op_place(fe, o);
	return o;
}

struct val
use_val(struct front *fe, struct use u, struct typ ty)
{
	return scope_use(fe, &u, ty);
}

struct slice
use_typed(struct front *fe, struct slice use, struct slice type, struct span at)
{
	struct slice r = {fe->val.n, use.n};

	if (use.n != type.n) {
		fe_error(fe, DIAG_ARITY, at, "%u operand%s but %u type%s", use.n, use.n == 1 ? "" : "s", type.n,
			 type.n == 1 ? "" : "s");
		return (struct slice){r.at, 0};
	}
	for (uint32_t i = 0; i < use.n; i++) {
		struct val v = scope_use(fe, &fe->use.at[use.at + i], fe->type.at[type.at + i].type);
		VEC_PUSH(fe->a, &fe->val, v);
	}
	return r;
}

struct slice
use_as(struct front *fe, struct slice use, struct typ ty)
{
	struct slice r = {fe->val.n, use.n};

	for (uint32_t i = 0; i < use.n; i++) {
		struct val v = scope_use(fe, &fe->use.at[use.at + i], ty);
		VEC_PUSH(fe->a, &fe->val, v);
	}
	return r;
}

struct slice
use_one(struct front *fe, struct use u, struct typ ty)
{
	struct slice r = {fe->val.n, 1};
	struct val v = scope_use(fe, &u, ty);

	VEC_PUSH(fe->a, &fe->val, v);
	return r;
}

void
op_results(struct front *fe, struct op o, struct slice types)
{
	if (!count_fits(fe, types.n, ir_op(fe->ir, o)->span, "results"))
		return;
	for (uint32_t i = 0; i < types.n; i++)
		ir_op_result(fe->ir, o, fe->type.at[types.at + i].type);
}

/* Are as many result types written as the op has results? */
bool
results_fit(struct front *fe, struct op o, struct slice types, struct span at)
{
	const struct op_row *row = op_row(fe->ir, o);
	uint32_t n = row->nres;

	if (n == NRES_ANY || n == types.n)
		return true;
	fe_error(fe, DIAG_ARITY, types.n > n ? fe->type.at[types.at + n].span : at,
		 "'%s' has %u result%s, %u type%s given", row->name, n, n == 1 ? "" : "s", types.n,
		 types.n == 1 ? "" : "s");
	return false;
}

/* ---- attributes ---- */

struct attr
dict_merge(struct front *fe, struct attr a, struct attr b, struct span at)
{
	struct attrs *t = &fe->ir->attrs;
	const struct attr_data *x = attr_data(t, a), *y = attr_data(t, b);
	uint32_t n = x->n + y->n;

	if (!y->n)
		return a;
	if (!x->n)
		return b;
	struct sym *key = ARENA_ARRAY(fe->a, struct sym, n);
	struct attr *val = ARENA_ARRAY(fe->a, struct attr, n);
	memcpy(key, x->key, x->n * sizeof *key);
	memcpy(key + x->n, y->key, y->n * sizeof *key);
	memcpy(val, x->sub, x->n * sizeof *val);
	memcpy(val + x->n, y->sub, y->n * sizeof *val);
	struct attr r = attr_dict(t, key, val, n);
	for (uint32_t i = 1; i < n; i++)
		if (key[i].i == key[i - 1].i)
			fe_error(fe, DIAG_SYNTAX, at, "duplicate key '%s' in dictionary attribute", fe_str(fe, key[i]));
	return r;
}

void
op_attrs(struct front *fe, struct op o, struct attr dict)
{
	struct op_data *d = ir_op(fe->ir, o);

	if (attr_data(&fe->ir->attrs, dict)->n)
		d->attrs = dict_merge(fe, d->attrs, dict, d->span);
}

void
op_attr_add(struct front *fe, struct op o, struct sym key, struct attr a, struct span at)
{
	if (op_attr(fe->ir, o, key).i)
		fe_error(fe, DIAG_SYNTAX, at, "duplicate key '%s' in dictionary attribute", fe_str(fe, key));
	op_attr_set(fe->ir, o, key, a);
}

/* ---- end of an op ---- */

static void
name_results(struct front *fe, struct op o, struct slice results)
{
	uint32_t k = ir_op(fe->ir, o)->res0;

	for (uint32_t i = 0; i < results.n; i++) {
		struct result_name r = fe->result.at[results.at + i];
		uint32_t n = r.n ? r.n : 1;
		for (uint32_t j = 0; j < n; j++) {
			struct val_data *v = ir_val(fe->ir, (struct val){k + j});
			v->name = r.name;
			v->span = r.span;
			v->group = (uint16_t)r.n;
		}
		scope_define(fe, r.name, (struct val){k}, n, r.span);
		k += n;
	}
}

void
op_finish(struct front *fe, struct op o, struct slice results, uint32_t loc, struct span at)
{
	uint32_t total = 0;

	if (fe->failed)
		return;
	ir_op(fe->ir, o)->loc = loc;
	for (uint32_t i = 0; i < results.n; i++) {
		uint32_t n = fe->result.at[results.at + i].n;
		total += n ? n : 1;
	}
	uint32_t nres = ir_op(fe->ir, o)->nres;
	if (results.n && nres == 0)
		fe_error(fe, DIAG_ARITY, fe->result.at[results.at].span, "cannot name an operation with no results");
	else if (results.n && total != nres)
		fe_error(fe, DIAG_ARITY, at, "operation defines %u result%s but was provided %u to bind", nres,
			 nres == 1 ? "" : "s", total);
	else
		name_results(fe, o, results);
	if (results.n)
		fe->result.n = results.at;
	scope_cut(fe);
}

void
region_next(struct front *fe, struct op o, uint32_t k, struct slice args, bool with_args)
{
	if (fe->failed)
		return;
	fe->next = (struct next_region){op_reg(fe->ir, o, k), op_id(fe->ir, o), args, with_args, false};
}

/* ---- entry ---- */

/* A file that is exactly one module is that module; anything else is wrapped. */
static void
choose_module(struct ir *ir, struct op top)
{
	struct blk b = op_body(ir, top, 0);
	struct op only = b.i ? ir_blk(ir, b)->first : (struct op){0};

	ir->module = top;
	if (only.i && op_id(ir, only) == OP_MODULE && !ir_op(ir, only)->next.i) {
		ir_unlink(ir, only);
		ir->module = only;
	}
}

void
front_init(struct front *fe, struct ir *ir)
{
	const struct source *src = ir->diags->src;

	memset(fe, 0, sizeof *fe);
	fe->ir = ir;
	fe->a = ir->a;
	fe->d = ir->diags;
	fe->text = fe->cur = src->text;
	fe->end = src->text + src->n;
	words_init(fe);
}

bool
front_parse(struct ir *ir)
{
	struct front *fe = ARENA_NEW(ir->a, struct front);

	front_init(fe, ir);
	struct op top = ir_op_new(ir, OP_MODULE, (struct span){0, 0});
	struct reg r = ir_op_region(ir, top);
	fe->next = (struct next_region){r, OP_MODULE, {0, 0}, false, false};
	int rc = pto_parse(fe);
	if (rc == 0)
		alias_check(fe);
	assert(rc == 0 || fe->failed);	/* the parser gives up after a report of its own only */
	if (fe->failed)
		return false;
	for (uint32_t i = 0; i < fe->odd.n; i++) {
		const struct odd *odd = &fe->odd.at[i];
		if (!odd->meant)
			continue;
		diag_report(fe->d, DIAG_IGNORED_ATTR, odd->span, "nothing reads an attribute '%s'",
			    fe_str(fe, odd->key));
		diag_hint(fe->d, "did you mean '%s'?", odd->meant);
	}
	choose_module(ir, top);
	return true;
}
