/*
 * flow: statements into IR. Variables become values: what a loop assigns is carried by it, what the arms of an if
 * assign are its results. Constructs outside what compilers print are marked unknown at their place.
 */
#include "cxxin/model.h"

/* ---- variables ---- */

struct cval *
cx_cur(struct reader *r, uint32_t var)
{
	if (r->cur.n < r->var.n)
		VEC_ADD(r->a, &r->cur, r->var.n - r->cur.n);
	return &r->cur.at[var];
}

/* The value of a declared variable: tiles without a constructor exist, others have no value yet. */
static void
declare_var(struct reader *r, const struct cstmt *s)
{
	uint32_t v = s->a, type = r->var.at[v].type;
	struct cval x = {.kind = CV_UNSET};

	if (s->b) {
		x = cx_eval(r, s->b);
		x = r->ctype.at[type].kind == CT_TILE || r->var.at[v].array ? x : cx_convert(r, x, type, s->at);
		/* Type name = {..}; */
		if (x.kind == CV_LIST && !r->var.at[v].array) {
			struct cval *arg = ARENA_ARRAY(r->a, struct cval, x.n + 1);
			for (uint32_t k = 0; k < x.n; k++)
				arg[k] = r->item.at[x.list0 + k];
			x = cx_make(r, type, arg, x.n, s->at);
		}
	} else if (r->ctype.at[type].kind == CT_TILE) {
		x = cx_make(r, type, NULL, 0, s->at);
	}
	*cx_cur(r, v) = x;
}

static void
do_assignment(struct reader *r, const struct cstmt *s)
{
	struct expr l = r->expr.at[s->a];
	struct cval v = cx_eval(r, s->b);

	if (s->op)
		v = cx_binary(r, s->op, cx_eval(r, s->a), v, s->at);
	if (l.kind == EX_VAR && r->var.at[l.a].global) {
		/* what it holds is not followed */
	} else if (l.kind == EX_VAR && !r->var.at[l.a].array) {
		*cx_cur(r, l.a) = cx_convert(r, v, r->var.at[l.a].type, s->at);
	} else if (l.kind == EX_INDEX || (l.kind == EX_UNARY && l.op == '*')) {
		struct cval p = cx_eval(r, l.a), i = cx_val(cx_int(r, 0, 64), false);
		if (l.kind == EX_INDEX)
			i = cx_eval(r, l.b);
		if (cx_is_kind(r, &p, TY_PTR))
			cx_store(r, v, p, i, s->at);
		else if (l.kind != EX_INDEX || !cx_on_stack(r, l.a))
			cx_unknown(r, s->at, "store to an address that is not known");
	} else if (l.kind != EX_MEMBER) {
		cx_unknown(r, s->at, "assignment");
	}
}

/* ---- carried values ---- */

struct typ
cx_var_type(struct reader *r, uint32_t v)
{
	const struct ctype *t = &r->ctype.at[r->var.at[v].type];
	const struct type_data *d = t->ty.i ? type_data(&r->ir->types, t->ty) : NULL;

	if (t->kind == CT_NONE || t->kind == CT_NAMED || t->kind == CT_FIVE || !d)
		return (struct typ){0};
	return d->kind == TY_INT ? type_int(&r->ir->types, d->width, SIGNLESS) : t->ty;
}

/* Variables from outside that a statement assigns, each once. Those without an IR type have type 0. */
struct carried
cx_assigned_in(struct reader *r, const struct cstmt *s)
{
	struct carried c = {.n = 0};
	uint32_t most = s->set1 - s->set0;

	c.var = ARENA_ARRAY(r->a, uint32_t, most + 1);
	c.before = ARENA_ARRAY(r->a, struct cval, most + 1);
	c.ty = ARENA_ARRAY(r->a, struct typ, most + 1);
	if (r->stamp.n < r->var.n)
		VEC_ADD(r->a, &r->stamp, r->var.n - r->stamp.n);
	r->serial++;
	for (uint32_t k = s->set0; k < s->set1; k++) {
		uint32_t v = r->set.at[k];
		if (v >= s->var0 || r->stamp.at[v] == r->serial || (r->var.at[v].hidden && r->var.at[v].nset == 1))
			continue;
		r->stamp.at[v] = r->serial;
		c.var[c.n] = v;
		c.before[c.n] = *cx_cur(r, v);
		c.ty[c.n] = cx_var_type(r, v);
		c.n++;
	}
	return c;
}

bool
cx_var_unsigned(const struct reader *r, uint32_t v)
{
	return r->ctype.at[r->var.at[v].type].is_unsigned;
}

static struct val
as_typed(struct reader *r, const struct carried *c, uint32_t k, struct cval v, struct span at)
{
	if (v.kind == CV_UNSET || v.kind == CV_OTHER)
		v = cx_default(r, c->var[k]);
	return cx_force(r, v, c->ty[k], at);
}

/* Current values of the carried variables with a type, as operands. */
uint32_t
cx_carried_values(struct reader *r, const struct carried *c, struct val *v, struct span at)
{
	uint32_t n = 0;

	for (uint32_t k = 0; k < c->n; k++)
		if (c->ty[k].i)
			v[n++] = as_typed(r, c, k, *cx_cur(r, c->var[k]), at);
	return n;
}

void
cx_put_yield(struct reader *r, const struct val *v, uint32_t n, struct span at)
{
	struct op y = cx_op(r, OP_YIELD, at);

	ir_op_groups(r->ir, y, v, &n, 1);
	cx_put(r, y);
}

/* The variables as results of the op, in the order of cx_carried_values(); others are unknown. */
void
cx_take_results(struct reader *r, const struct carried *c, struct op o)
{
	uint32_t n = 0;

	for (uint32_t k = 0; k < c->n; k++)
		*cx_cur(r, c->var[k]) = c->ty[k].i ? cx_val(op_res(r->ir, o, n++), cx_var_unsigned(r, c->var[k]))
						: (struct cval){.kind = CV_OTHER};
}

/* The same inside a block. */
void
cx_take_arguments(struct reader *r, const struct carried *c, struct blk b)
{
	for (uint32_t k = 0; k < c->n; k++) {
		struct cval *x = cx_cur(r, c->var[k]);
		*x = (struct cval){.kind = CV_OTHER};
		if (c->ty[k].i)
			*x = cx_val(ir_blk_arg(r->ir, b, c->ty[k]), cx_var_unsigned(r, c->var[k]));
	}
}

void
cx_carried_results(struct reader *r, const struct carried *c, struct op o)
{
	for (uint32_t k = 0; k < c->n; k++)
		if (c->ty[k].i)
			ir_op_result(r->ir, o, c->ty[k]);
}

struct blk
cx_add_block(struct reader *r, struct reg g)
{
	struct blk b = ir_blk_new(r->ir);

	ir_blk_append(r->ir, g, b);
	return b;
}

struct val
cx_truth(struct reader *r, struct cval c, struct span at)
{
	struct typ i1 = type_int(&r->ir->types, 1, SIGNLESS);

	if (cx_is_int(r, &c) && val_type(r->ir, c.v).i != i1.i)
		c = cx_binary(r, P2('!', '='), c,
			      cx_val(cx_int(r, 0, type_data(&r->ir->types, val_type(r->ir, c.v))->width), true), at);
	return cx_force(r, c, i1, at);
}

/* ---- if ---- */

static void
cx_arm(struct reader *r, const struct carried *c, struct blk b, uint32_t list, struct span at)
{
	struct val *v = ARENA_ARRAY(r->a, struct val, c->n + 1);

	r->blk = b;
	for (uint32_t k = 0; k < c->n; k++)
		*cx_cur(r, c->var[k]) = c->before[k];
	cx_list(r, list);
	uint32_t n = cx_carried_values(r, c, v, at);
	cx_put_yield(r, v, n, at);
}

static void
do_if(struct reader *r, const struct cstmt *s)
{
	struct cval cond = cx_eval(r, s->a);
	struct val c = cx_truth(r, cond, s->at);
	uint32_t x;
	int64_t k;

	if (cx_is_guarded_do(r, s, &x)) {
		struct cstmt d = r->stmt.at[s->b];
		cx_any_loop(r, &d, d.a, 0, x);
		return;
	}
	/* an enumerator of a helper's argument, a constant: one arm is all there is */
	if (val_const_int(r->ir, c, &k)) {
		cx_list(r, k ? s->b : s->c);
		return;
	}
	struct carried set = cx_assigned_in(r, s);
	struct blk out = r->blk;
	bool in_arm = r->in_arm;
	struct op o = cx_op(r, OP_IF, s->at);
	r->in_arm = false;
	ir_op_operands(r->ir, o, &c, 1);
	cx_carried_results(r, &set, o);
	struct reg g0 = ir_op_region(r->ir, o), g1 = ir_op_region(r->ir, o);
	cx_put(r, o);
	struct blk b0 = cx_add_block(r, g0), b1 = cx_add_block(r, g1);
	cx_arm(r, &set, b0, s->b, s->at);
	bool first = r->returned;
	r->returned = false;
	cx_arm(r, &set, b1, s->c, s->at);
	r->blk = out;
	/* exits.c has put all that follows into the arms of an if with a return of a helper */
	r->returned |= first;
	if (r->returned)
		r->result = (struct cval){.kind = CV_OTHER};	/* one of two */
	r->in_arm = in_arm;
	cx_take_results(r, &set, o);
}

/* ---- switch ---- */

/* What runs from a label on: up to a break, other labels are passed. */
static void
switch_arm(struct reader *r, uint32_t from)
{
	bool in_arm = r->in_arm;

	r->in_arm = true;
	r->broke = false;
	for (uint32_t k = from, next; k && !r->broke && !r->failed; k = next) {
		next = r->stmt.at[k].next;
		r->stmt.at[k].next = 0;
		cx_list(r, k);
		r->stmt.at[k].next = next;
	}
	r->broke = false;
	r->in_arm = in_arm;
}

/* On an enumerator or a number that is known, as in helpers. */
static void
known_switch(struct reader *r, const struct cstmt *s, const struct cval *v)
{
	uint32_t from = 0, deflt = 0;
	int64_t x = 0, y = 0;
	bool number = cx_const_of(r, v, &x);

	for (uint32_t k = s->d; k && !from; k = r->stmt.at[k].next) {
		if (r->stmt.at[k].kind != CS_CASE)
			continue;
		if (!r->stmt.at[k].a) {
			deflt = k;
			continue;
		}
		struct cval c = cx_eval(r, r->stmt.at[k].a);
		bool hit = number ? cx_const_of(r, &c, &y) && x == y
				  : c.kind == CV_NAME && strv_eq(cx_base_name(r, c.name), cx_base_name(r, v->name));
		from = hit ? k : 0;
	}
	switch_arm(r, from ? from : deflt);
}

/* Labels of a switch with numbers; arm 0 is the default. False when a label is no number. */
static bool
switch_labels(struct reader *r, const struct cstmt *s, uint32_t *arm_at, int64_t *value, uint32_t *n)
{
	*n = 0;
	arm_at[0] = 0;
	for (uint32_t k = s->d; k; k = r->stmt.at[k].next) {
		if (r->stmt.at[k].kind != CS_CASE)
			continue;
		if (!r->stmt.at[k].a) {
			arm_at[0] = k;
			continue;
		}
		struct cval c = cx_eval(r, r->stmt.at[k].a);
		if (!cx_const_of(r, &c, &value[*n]))
			return false;
		arm_at[++*n] = k;
	}
	return true;
}

static void
do_switch(struct reader *r, const struct cstmt *s)
{
	struct cval x = cx_eval(r, s->a);
	uint32_t most = 1, n;
	int64_t known;

	if (x.kind == CV_NAME || cx_const_of(r, &x, &known)) {
		known_switch(r, s, &x);
		return;
	}
	for (uint32_t k = s->d; k; k = r->stmt.at[k].next)
		most++;
	uint32_t *arm_at = ARENA_ARRAY(r->a, uint32_t, most + 1);
	int64_t *value = ARENA_ARRAY(r->a, int64_t, most + 1);
	if (!cx_is_int(r, &x) || most > UINT16_MAX || !switch_labels(r, s, arm_at, value, &n)) {
		cx_unknown(r, s->at, "switch");
		return;
	}
	struct carried set = cx_assigned_in(r, s);
	struct val *v = ARENA_ARRAY(r->a, struct val, set.n + 1);
	struct blk out = r->blk;
	struct reg *g = ARENA_ARRAY(r->a, struct reg, n + 1);
	struct op o = cx_op(r, OP_INDEX_SWITCH, s->at);
	struct attr_data d = {.kind = AT_DENSE_ARRAY, .type = type_int(&r->ir->types, 64, SIGNLESS), .elem = value,
			      .n = n};
	ir_op_operands(r->ir, o, &x.v, 1);
	cx_carried_results(r, &set, o);
	for (uint32_t k = 0; k <= n; k++)
		g[k] = ir_op_region(r->ir, o);
	op_attr_set(r->ir, o, r->ir->name.cases, attr_get(&r->ir->attrs, &d));
	cx_put(r, o);
	for (uint32_t k = 0; k <= n; k++) {
		r->blk = cx_add_block(r, g[k]);
		for (uint32_t i = 0; i < set.n; i++)
			*cx_cur(r, set.var[i]) = set.before[i];
		switch_arm(r, arm_at[k]);
		if (r->returned)
			cx_unknown(r, s->at, "return of a helper");
		r->returned = false;
		uint32_t m = cx_carried_values(r, &set, v, s->at);
		cx_put_yield(r, v, m, s->at);
	}
	r->blk = out;
	cx_take_results(r, &set, o);
}

/* ---- sections ---- */

/* Neighbours with the same guard. */
static uint32_t
guarded(struct reader *r, uint32_t s)
{
	uint8_t cores = r->stmt.at[s].cores, outer = r->cores;
	struct blk out = r->blk;
	struct op o = cx_op(r, cores == CORES_CUBE ? OP_SECTION_CUBE : OP_SECTION_VECTOR, r->stmt.at[s].at);
	uint32_t from = s, set0 = r->stmt.at[s].set0, set1 = set0;

	ir_op_operands(r->ir, o, NULL, 0);
	struct reg g = ir_op_region(r->ir, o);
	cx_put(r, o);
	r->blk = cx_add_block(r, g);
	r->cores = cores;
	for (uint32_t k = s; k && r->stmt.at[k].cores == cores; k = s) {
		set1 = r->stmt.at[k].set1;
		s = r->stmt.at[k].next;
		r->stmt.at[k].next = 0;
		cx_list(r, k);
		r->stmt.at[k].next = s;
	}
	r->cores = outer;
	r->blk = out;
	/* the other core does not run this */
	for (uint32_t k = set0; k < set1; k++)
		if (r->set.at[k] < r->stmt.at[from].var0)
			*cx_cur(r, r->set.at[k]) = (struct cval){.kind = CV_OTHER};
	return s;
}

/* ---- statements ---- */

void
cx_return(struct reader *r, const struct cstmt *s)
{
	struct cval v = s->a ? cx_eval(r, s->a) : (struct cval){.kind = CV_OTHER};
	uint32_t n = 0;
	struct val in = {0};

	if (r->here.hi) {
		r->result = v;
		r->returned = true;
		return;
	}
	struct typ ty = r->ctype.at[r->cfunc.at[r->func].ret].ty;
	if (ty.i) {
		v = cx_convert(r, v, r->cfunc.at[r->func].ret, s->at);
		in = cx_force(r, v, ty, s->at);
		n = 1;
	}
	struct op o = cx_op(r, OP_RETURN, s->at);
	ir_op_groups(r->ir, o, &in, &n, 1);
	cx_put(r, o);
}

static void
statement(struct reader *r, uint32_t k)
{
	struct cstmt s = r->stmt.at[k];

	if (r->flat && (s.jumps || s.kind == CS_LABEL || s.kind == CS_BLOCK)) {
		cx_stmt_flat(r, k);
		return;
	}
	switch ((enum cstmt_kind)s.kind) {
	case CS_DECL:
		declare_var(r, &s);
		break;
	case CS_EXPR:
		cx_eval(r, s.a);
		break;
	case CS_ASSIGN:
		do_assignment(r, &s);
		break;
	case CS_IF:
		do_if(r, &s);
		break;
	case CS_FOR:
		cx_do_for(r, &s);
		break;
	case CS_WHILE:
		cx_any_loop(r, &s, s.a, 0, 0);
		break;
	case CS_SWITCH:
		do_switch(r, &s);
		break;
	case CS_BLOCK:
		cx_list(r, s.d);
		break;
	case CS_RETURN:
		cx_return(r, &s);
		break;
	case CS_CASE:
	case CS_LABEL:
	case CS_NONE:
		break;
	case CS_GOTO:
		cx_unknown(r, s.at, "goto");
		break;
	case CS_BREAK:
		if (r->in_arm)
			r->broke = true;
		else
			cx_unknown(r, s.at, "break");
		break;
	case CS_CONTINUE:
		cx_unknown(r, s.at, "continue");
		break;
	case CS_OTHER:
		cx_unknown(r, s.at, "'%s'", sym_str(&r->ir->in, s.name));
		break;
	}
}

void
cx_list(struct reader *r, uint32_t list)
{
	for (uint32_t s = list; s && !r->failed && !r->returned && !r->broke;) {
		uint8_t cores = r->stmt.at[s].cores;
		if (r->here.hi && ++r->ninline > CX_INLINE_MAX) {
			cx_error(r, DIAG_INPUT_LIMIT, r->here, "helpers expand to more than %d statements",
				 CX_INLINE_MAX);
			return;
		}
		if (r->sections && !r->here.hi && cores != CORES_ALL && cores != r->cores) {
			s = guarded(r, s);
			continue;
		}
		statement(r, s);
		s = r->stmt.at[s].next;
	}
}
