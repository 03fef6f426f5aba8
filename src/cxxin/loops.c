/*
 * loops: loops into IR, in whatever words they are written: those that count are scf.for, all others scf.while. What
 * the body assigns is carried.
 */
#include "cxxin/model.h"

struct counted {
	uint32_t var;
	struct cval lower, upper, step;
};

/* Is the expression made of numbers and variables that the loop does not assign? Recursion over nesting. */
static bool
is_loop_fixed(const struct reader *r, uint32_t x, const struct carried *c)
{
	const struct expr *e = &r->expr.at[x];

	switch ((enum expr_kind)e->kind) {
	case EX_INT:
	case EX_BOOL:
		return true;
	case EX_VAR:
		for (uint32_t k = 0; k < c->n; k++)
			if (c->var[k] == e->a)
				return false;
		return true;
	case EX_UNARY:
		return e->op != '*' && is_loop_fixed(r, e->a, c);
	case EX_BINARY:
		return is_loop_fixed(r, e->a, c) && is_loop_fixed(r, e->b, c);
	case EX_COND:
		return is_loop_fixed(r, e->a, c) && is_loop_fixed(r, e->b, c) && is_loop_fixed(r, e->c, c);
	case EX_CAST:
		return is_loop_fixed(r, e->b, c);
	case EX_MAKE:
		return e->narg == 1 && r->ctype.at[e->a].kind == CT_INT && is_loop_fixed(r, r->arg.at[e->arg0], c);
	case EX_NONE:
	case EX_FLOAT:
	case EX_STR:
	case EX_NULL:
	case EX_NAME:
	case EX_CALL:
	case EX_MEMBER:
	case EX_INDEX:
	case EX_LIST:
		return false;
	}
	return false;
}

/* The step expression of `i += s`, `i = i + s`; 0 when it is another statement. *minus: it is taken off. */
static uint32_t
step_of(const struct reader *r, uint32_t stmt, uint32_t var, bool *minus)
{
	const struct cstmt *s = &r->stmt.at[stmt];
	uint32_t step = s->b;

	if (!stmt || s->kind != CS_ASSIGN || r->expr.at[s->a].kind != EX_VAR || r->expr.at[s->a].a != var)
		return 0;
	*minus = s->op == '-';
	if (!s->op) {
		const struct expr *e = &r->expr.at[s->b], *a = &r->expr.at[e->a], *b = &r->expr.at[e->b];
		*minus = e->op == '-';
		if (e->kind != EX_BINARY || (e->op != '+' && !*minus))
			return 0;
		bool first = a->kind == EX_VAR && a->a == var, second = b->kind == EX_VAR && b->a == var && !*minus;
		step = first ? e->b : second ? e->a : 0;
	} else if (s->op != '+' && s->op != '-') {
		return 0;
	}
	for (; r->expr.at[step].kind == EX_UNARY && r->expr.at[step].op == '-'; step = r->expr.at[step].a)
		*minus = !*minus;
	return step;
}

static uint32_t
times_set(const struct reader *r, const struct cstmt *s, uint32_t var)
{
	uint32_t n = 0;

	for (uint32_t k = s->set0; k < s->set1; k++)
		n += r->set.at[k] == var;
	return n;
}

/* A loop as it is written, in whatever words: while the condition holds, the body up to `step`, then `step`. */
struct loop {
	uint32_t cond;		/* 0: none */
	bool negate;		/* of the condition */
	uint32_t body;		/* list, up to `step` where that is a part of it */
	uint32_t step;		/* 0: none */
	uint32_t before;	/* statement in front of the step in the list, 0: none */
};

/* The comparison of the condition, without what negates it; 0 when it is none. */
static uint16_t
comparison(const struct reader *r, const struct loop *l, uint32_t *expr)
{
	static const uint16_t turn[][2] = {
		{'<', P2('>', '=')}, {'>', P2('<', '=')}, {P2('<', '='), '>'}, {P2('>', '='), '<'},
		{P2('!', '='), P2('=', '=')}, {P2('=', '='), P2('!', '=')},
	};
	bool negate = l->negate;
	uint32_t x = l->cond;

	for (; r->expr.at[x].kind == EX_UNARY && r->expr.at[x].op == '!'; x = r->expr.at[x].a)
		negate = !negate;
	*expr = x;
	if (!x || r->expr.at[x].kind != EX_BINARY)
		return 0;
	for (size_t k = 0; k < sizeof turn / sizeof turn[0]; k++)
		if (turn[k][0] == r->expr.at[x].op)
			return turn[k][negate];
	return 0;
}

/* for (i = a; i < b; i += c) where nothing else assigns i, b and c. */
static bool
is_counted(struct reader *r, const struct cstmt *s, const struct loop *loop, const struct carried *c,
	   struct counted *out)
{
	uint32_t x, lhs, bound, step;
	uint16_t op = comparison(r, loop, &x);
	bool minus = false;
	int64_t k;

	if (op == 0 || op == P2('=', '='))
		return false;
	bool flip = op == '>' || op == P2('>', '=');
	lhs = flip ? r->expr.at[x].b : r->expr.at[x].a;
	bound = flip ? r->expr.at[x].a : r->expr.at[x].b;
	if (r->expr.at[lhs].kind != EX_VAR)
		return false;
	out->var = r->expr.at[lhs].a;
	step = step_of(r, loop->step, out->var, &minus);
	/* a step that one core skips is none of the loop's */
	if (!step || r->stmt.at[loop->step].cores != s->cores || times_set(r, s, out->var) != 1)
		return false;
	if (!is_loop_fixed(r, bound, c) || !is_loop_fixed(r, step, c))
		return false;
	struct typ ty = cx_var_type(r, out->var);
	out->lower = *cx_cur(r, out->var);
	out->upper = cx_eval(r, bound);
	out->step = cx_eval(r, step);
	if (!cx_is_int(r, &out->lower) || !cx_is_int(r, &out->upper) || !cx_is_int(r, &out->step) || !ty.i)
		return false;
	if (minus)
		out->step = cx_binary(r, '-', cx_val(cx_int(r, 0, 32), false), out->step, s->at);
	if (op == P2('<', '=') || op == P2('>', '='))
		out->upper = cx_binary(r, '+', out->upper, cx_val(cx_int(r, 1, 32), false), s->at);
	/* i != n ends at n only where i comes by */
	if (op == P2('!', '=') && (!cx_const_of(r, &out->step, &k) || k != 1))
		return false;
	return cx_const_of(r, &out->step, &k) ? k > 0 : !minus;
}

/* The body without the step at its end. */
static void
loop_body(struct reader *r, const struct loop *l)
{
	if (l->before)
		r->stmt.at[l->before].next = 0;
	if (l->body != l->step)
		cx_list(r, l->body);
	if (l->before)
		r->stmt.at[l->before].next = l->step;
}

/* The variable behind the loop, where it is not the loop's own: with a step of 1 it is the larger of the bounds. */
static struct cval
last_value(struct reader *r, const struct cstmt *s, const struct counted *l)
{
	bool is_unsigned = cx_var_unsigned(r, l->var);
	int64_t k;

	if ((s->kind == CS_FOR && r->stmt.at[s->a].kind == CS_DECL) || !cx_const_of(r, &l->step, &k) || k != 1)
		return (struct cval){.kind = CV_OTHER};
	struct typ ty = cx_var_type(r, l->var);
	struct val in[] = {cx_force(r, l->lower, ty, s->at), cx_force(r, l->upper, ty, s->at)};
	struct op o = cx_op(r, is_unsigned ? OP_ARITH_MAXUI : OP_ARITH_MAXSI, s->at);
	ir_op_operands(r->ir, o, in, 2);
	struct val v = ir_op_result(r->ir, o, ty);
	cx_put(r, o);
	return cx_val(v, is_unsigned);
}

static void
counted_loop(struct reader *r, const struct cstmt *s, const struct loop *loop, struct carried *c,
	     const struct counted *l)
{
	struct typ ty = cx_var_type(r, l->var);
	struct val *in = ARENA_ARRAY(r->a, struct val, c->n + 3);
	struct blk out = r->blk;
	uint32_t keep = 0;

	/* the induction variable is no carried value */
	for (uint32_t k = 0; k < c->n; k++) {
		if (c->var[k] == l->var)
			continue;
		c->var[keep] = c->var[k];
		c->before[keep] = c->before[k];
		c->ty[keep++] = c->ty[k];
	}
	c->n = keep;
	in[0] = cx_force(r, l->lower, ty, s->at);
	in[1] = cx_force(r, l->upper, ty, s->at);
	in[2] = cx_force(r, l->step, ty, s->at);
	uint32_t n = cx_carried_values(r, c, in + 3, s->at);
	struct op o = cx_op(r, OP_FOR, s->at);
	ir_op_groups(r->ir, o, in, (const uint32_t[]){1, 1, 1, n}, 4);
	cx_carried_results(r, c, o);
	struct reg g = ir_op_region(r->ir, o);
	cx_put(r, o);
	struct blk b = cx_add_block(r, g);
	struct val iv = ir_blk_arg(r->ir, b, ty);
	cx_take_arguments(r, c, b);
	*cx_cur(r, l->var) = cx_val(iv, cx_var_unsigned(r, l->var));
	r->blk = b;
	loop_body(r, loop);
	n = cx_carried_values(r, c, in, s->at);
	cx_put_yield(r, in, n, s->at);
	r->blk = out;
	cx_take_results(r, c, o);
	*cx_cur(r, l->var) = last_value(r, s, l);
}

/* The statements of a list in front of `stop`, or from `from` on. */
static void
list_before(struct reader *r, uint32_t list, uint32_t stop)
{
	for (uint32_t k = list, next; k && k != stop && !r->failed; k = next) {
		next = r->stmt.at[k].next;
		r->stmt.at[k].next = 0;
		cx_list(r, k);
		r->stmt.at[k].next = next;
	}
}

/* "if (c) break;" among the statements of a body, 0 when there is none. */
uint32_t
cx_find_break(const struct reader *r, uint32_t list)
{
	for (uint32_t k = list; k; k = r->stmt.at[k].next) {
		const struct cstmt *s = &r->stmt.at[k];
		const struct cstmt *b = &r->stmt.at[s->b];
		if (s->kind == CS_IF && s->b && !s->c && b->kind == CS_BREAK && !b->next)
			return k;
	}
	return 0;
}

/*
 * Any other loop: what stands in front of the condition is evaluated for each trip. An endless loop with one break
 * among its statements has its condition there.
 */
static void
general_loop(struct reader *r, const struct cstmt *s, struct carried *c, uint32_t cond, uint32_t step)
{
	bool endless = !cond || (r->expr.at[cond].kind == EX_BOOL && r->expr.at[cond].u.i);
	uint32_t stop = endless ? cx_find_break(r, s->d) : 0;
	struct val *v = ARENA_ARRAY(r->a, struct val, c->n + 2);
	struct blk out = r->blk;
	uint32_t n = cx_carried_values(r, c, v, s->at);
	struct op o = cx_op(r, OP_WHILE, s->at);

	ir_op_groups(r->ir, o, v, &n, 1);
	cx_carried_results(r, c, o);
	struct reg g0 = ir_op_region(r->ir, o), g1 = ir_op_region(r->ir, o);
	cx_put(r, o);
	struct blk b0 = cx_add_block(r, g0), b1 = cx_add_block(r, g1);
	cx_take_arguments(r, c, b0);
	r->blk = b0;
	if (stop) {
		list_before(r, s->d, stop);
		struct val leave = cx_truth(r, cx_eval(r, r->stmt.at[stop].a), s->at);
		v[0] = cx_binary(r, P2('=', '='), cx_val(leave, true), cx_val(cx_int(r, 0, 1), true), s->at).v;
	} else {
		struct cval truth = cond ? cx_eval(r, cond) : cx_val(cx_int(r, 1, 1), true);
		v[0] = cx_truth(r, truth, s->at);
	}
	n = cx_carried_values(r, c, v + 1, s->at);
	struct op end = cx_op(r, OP_CONDITION, s->at);
	ir_op_groups(r->ir, end, v, (const uint32_t[]){1, n}, 2);
	cx_put(r, end);
	cx_take_arguments(r, c, b1);
	r->blk = b1;
	cx_list(r, stop ? r->stmt.at[stop].next : s->d);
	cx_list(r, step);
	n = cx_carried_values(r, c, v, s->at);
	cx_put_yield(r, v, n, s->at);
	r->blk = out;
	cx_take_results(r, c, o);
}

static uint32_t
last_of(const struct reader *r, uint32_t list, uint32_t *before)
{
	*before = 0;
	for (; list && r->stmt.at[list].next; list = r->stmt.at[list].next)
		*before = list;
	return list;
}

/*
 * The forms of a counted loop: the condition of the loop or of "if (..) break;" at its start or, where `first` is the
 * same condition asked in front of it, at its end; the step in the head or at the end of the body.
 */
static struct loop
loop_form(const struct reader *r, const struct cstmt *s, uint32_t cond, uint32_t step, uint32_t first)
{
	struct loop l = {.cond = cond, .body = s->d, .step = step};
	bool endless = !cond || (r->expr.at[cond].kind == EX_BOOL && r->expr.at[cond].u.i);
	uint32_t stop = endless ? cx_find_break(r, s->d) : 0, before = 0;

	if (endless)
		l.cond = 0;
	if (stop && stop == s->d) {
		l.cond = r->stmt.at[stop].a;
		l.negate = true;
		l.body = r->stmt.at[stop].next;
	} else if (stop && first) {
		l.cond = first;
	}
	while (l.body && r->stmt.at[l.body].kind == CS_BLOCK && !r->stmt.at[l.body].next && r->stmt.at[l.body].d)
		l.body = r->stmt.at[l.body].d;
	if (l.step)
		return l;
	l.step = last_of(r, l.body, &before);
	l.before = before;
	if (l.step == stop && stop) {
		/* do { ..; i += c; } while (i < n) */
		uint32_t k = l.body, prev = 0;
		for (; k && k != before; k = r->stmt.at[k].next)
			prev = k;
		l.step = before;
		l.before = prev;
	}
	return l;
}

/* Loops of all kinds; `first`: the condition that was asked in front of a do-loop, which is then a while-loop. */
void
cx_any_loop(struct reader *r, const struct cstmt *s, uint32_t cond, uint32_t step, uint32_t first)
{
	struct counted l;
	bool in_arm = r->in_arm;
	struct carried c = cx_assigned_in(r, s);
	struct loop form = loop_form(r, s, cond, step, first);

	r->in_arm = false;
	if (is_counted(r, s, &form, &c, &l))
		counted_loop(r, s, &form, &c, &l);
	else
		general_loop(r, s, &c, cond, step);
	r->in_arm = in_arm;
}

void
cx_do_for(struct reader *r, const struct cstmt *s)
{
	bool in_arm = r->in_arm;

	r->in_arm = false;
	cx_list(r, s->a);
	cx_any_loop(r, s, s->b, s->c, 0);
	r->in_arm = in_arm;
}

/* if (c) do S while (c); is while (c) S. */
bool
cx_is_guarded_do(const struct reader *r, const struct cstmt *s, uint32_t *cond)
{
	const struct cstmt *d = &r->stmt.at[s->b];
	uint32_t before, stop;

	if (!s->b || s->c || d->kind != CS_WHILE || !d->op || d->next)
		return false;
	stop = cx_find_break(r, d->d);
	if (!stop || stop != last_of(r, d->d, &before))
		return false;
	*cond = r->expr.at[r->stmt.at[stop].a].a;
	return cx_same_expr(r, s->a, *cond);
}
