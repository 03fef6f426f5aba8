/* parse: tokens and expressions. Recursion over nesting only; a chain of operators is built from the left in a loop. */
#include "cxxin/model.h"

/* ---- tokens ---- */

const struct tok *
cx_ahead(const struct reader *r, uint32_t k)
{
	uint32_t at = r->at + k;

	return &r->tok.at[at < r->tok.n ? at : r->tok.n - 1];
}

bool
cx_is(const struct reader *r, uint16_t p)
{
	const struct tok *t = cx_peek(r);

	return t->kind == TK_PUNCT && t->p == p;
}

bool
cx_is_id(const struct reader *r, const char *word)
{
	const struct tok *t = cx_peek(r);

	return t->kind == TK_ID && strv_is(sym_text(&r->ir->in, t->sym), word);
}

void
cx_next(struct reader *r)
{
	if (r->at + 1 < r->tok.n)
		r->at++;
}

bool
cx_accept(struct reader *r, uint16_t p)
{
	if (!cx_is(r, p))
		return false;
	cx_next(r);
	return true;
}

struct span
cx_span(const struct reader *r)
{
	const struct tok *t = cx_peek(r);

	return (struct span){t->lo, t->hi};
}

bool
cx_expect(struct reader *r, uint16_t p, const char *what)
{
	if (cx_accept(r, p))
		return true;
	if (cx_peek(r)->kind == TK_END)
		cx_error(r, DIAG_SYNTAX, cx_span(r), "expected '%s' before the end of the text", what);
	else
		cx_error(r, DIAG_SYNTAX, cx_span(r), "expected '%s'", what);
	return false;
}

bool
cx_enter(struct reader *r)
{
	if (++r->depth > CX_NEST_MAX)
		cx_error(r, DIAG_NESTING, cx_span(r), "nested deeper than %d", CX_NEST_MAX);
	return !r->failed;
}

void
cx_leave(struct reader *r)
{
	r->depth--;
}

uint32_t
cx_by_sym(const uint32_t *at, uint32_t n, struct sym s)
{
	return s.i < n ? at[s.i] : 0;
}

uint32_t
cx_find_var(const struct reader *r, struct sym s)
{
	return CX_FIND(&r->var_of, s);
}

/* Template arguments hold types, names, numbers and operators in parentheses. */
uint32_t
cx_skip_angles(const struct reader *r, uint32_t t)
{
	uint32_t angle = 0, round = 0;

	for (; t < r->tok.n; t++) {
		const struct tok *k = &r->tok.at[t];
		if (k->kind == TK_END)
			return 0;
		if (k->kind != TK_PUNCT)
			continue;
		switch (k->p) {
		case '(':
		case '[':
			round++;
			break;
		case ')':
		case ']':
			if (!round--)
				return 0;
			break;
		case '<':
			angle += !round;
			break;
		case '>':
			if (!round && --angle == 0)
				return t + 1;
			break;
		case ';':
		case '{':
		case '}':
			return 0;
		default:
			break;
		}
	}
	return 0;
}

/* ---- making ---- */

uint32_t
cx_node(struct reader *r, struct expr e)
{
	uint32_t deep = 0;

	if (e.kind != EX_VAR && e.kind != EX_NAME && e.kind != EX_CAST && e.kind != EX_MAKE)
		deep = r->expr.at[e.a].depth;
	if (e.kind == EX_CAST || e.kind == EX_BINARY || e.kind == EX_COND || e.kind == EX_INDEX)
		deep = r->expr.at[e.b].depth > deep ? r->expr.at[e.b].depth : deep;
	if (e.kind == EX_COND)
		deep = r->expr.at[e.c].depth > deep ? r->expr.at[e.c].depth : deep;
	for (uint32_t k = 0; k < e.narg; k++) {
		uint32_t d = r->expr.at[r->arg.at[e.arg0 + k]].depth;
		deep = d > deep ? d : deep;
	}
	if (deep >= CX_NEST_MAX)
		cx_error(r, DIAG_NESTING, e.at, "expression of more than %d levels", CX_NEST_MAX);
	e.depth = (uint8_t)(deep < CX_NEST_MAX ? deep + 1 : deep);
	VEC_PUSH(r->a, &r->expr, e);
	return r->expr.n - 1;
}

uint32_t
cx_not_expr(struct reader *r, uint32_t e)
{
	return cx_node(r, (struct expr){.kind = EX_UNARY, .op = '!', .at = r->expr.at[e].at, .a = e});
}

uint32_t
cx_truth_expr(struct reader *r, struct span at)
{
	return cx_node(r, (struct expr){.kind = EX_BOOL, .at = at, .u = {.i = 1}});
}

/* The variable whose value an assignment to the expression changes. */
void
cx_note_set(struct reader *r, uint32_t e)
{
	uint32_t v = cx_var_of(r, e);

	if (!v)
		return;
	r->var.at[v].nset++;
	VEC_PUSH(r->a, &r->set, v);
}

void
cx_args(struct reader *r, uint16_t close, uint32_t *arg0, uint32_t *n)
{
	uint32_t base = r->stack.n;

	while (!r->failed && !cx_is(r, close)) {
		uint32_t e = cx_expr(r);
		VEC_PUSH(r->a, &r->stack, e);
		if (!cx_accept(r, ','))
			break;
	}
	cx_expect(r, close, close == ')' ? ")" : "}");
	*arg0 = r->arg.n;
	*n = r->stack.n - base;
	for (uint32_t k = 0; k < *n; k++)
		VEC_PUSH(r->a, &r->arg, r->stack.at[base + k]);
	r->stack.n = base;
}

/* ---- primary ---- */

static uint32_t
number_expr(struct reader *r)
{
	const struct tok *t = cx_peek(r);
	struct expr e = {.kind = EX_FLOAT, .at = cx_span(r), .is_unsigned = t->is_unsigned,
			 .is_long = t->is_long};

	e.u.f = t->u.f;
	if (t->kind == TK_INT) {
		e.kind = EX_INT;
		e.u.i = t->u.i;
	}
	cx_next(r);
	return cx_node(r, e);
}

/* static_cast<T>(x) and its relatives. */
static uint32_t
named_cast(struct reader *r)
{
	struct expr e = {.kind = EX_CAST, .at = cx_span(r)};

	cx_next(r);
	cx_expect(r, '<', "<");
	e.a = cx_type(r);
	cx_expect(r, '>', ">");
	cx_expect(r, '(', "(");
	e.b = cx_expr(r);
	cx_expect(r, ')', ")");
	return cx_node(r, e);
}

/* Type(...) or Type{...} */
static uint32_t
make_expr(struct reader *r)
{
	struct expr e = {.kind = EX_MAKE, .at = cx_span(r)};

	e.a = cx_type(r);
	if (cx_accept(r, '('))
		cx_args(r, ')', &e.arg0, &e.narg);
	else if (cx_accept(r, '{'))
		cx_args(r, '}', &e.arg0, &e.narg);
	else
		cx_error(r, DIAG_SYNTAX, cx_span(r), "expected '(' behind a type");
	return cx_node(r, e);
}

/* Is the name at this place, with template arguments, followed by another part of a qualified name? */
static void
qualified(struct reader *r, struct expr *e)
{
	while (cx_is(r, P2(':', ':')) && cx_ahead(r, 1)->kind == TK_ID && !r->failed) {
		struct out o;
		cx_next(r);
		out_init(&o, r->a);
		out_strv(&o, sym_text(&r->ir->in, e->name));
		out_str(&o, "::");
		out_strv(&o, sym_text(&r->ir->in, cx_peek(r)->sym));
		e->name = intern_add(&r->ir->in, out_text(&o));
		e->at.hi = cx_peek(r)->hi;
		cx_next(r);
	}
}

/* Template arguments [e->b, e->c) of a helper that are values. */
static void
template_values(struct reader *r, struct expr *e)
{
	uint32_t f = CX_FIND(&r->func_of, e->name), n = f ? r->cfunc.at[f].ntparam : 0, at = r->at, lo, hi;
	uint32_t *v = ARENA_ARRAY(r->a, uint32_t, n + 1), k = 0;

	for (; k < n && cx_targ(r, e->b, e->c, k, &lo, &hi) && !r->failed; k++) {
		if (!r->tparam.at[r->cfunc.at[f].tparam0 + k])
			continue;
		r->at = lo;
		v[k] = cx_sum(r);
		v[k] = r->at == hi ? v[k] : 0;
	}
	r->at = r->failed ? r->at : at;
	e->arg0 = r->arg.n;
	e->narg = k;
	for (uint32_t i = 0; i < k; i++)
		VEC_PUSH(r->a, &r->arg, v[i]);
}

static uint32_t
name_expr(struct reader *r)
{
	const struct tok *t = cx_peek(r);
	struct expr e = {.kind = EX_NAME, .at = cx_span(r), .name = t->sym};
	uint32_t v = cx_find_var(r, t->sym);

	if (cx_is_id(r, "true") || cx_is_id(r, "false")) {
		e.kind = EX_BOOL;
		e.u.i = cx_is_id(r, "true");
		cx_next(r);
		return cx_node(r, e);
	}
	if (cx_is_id(r, "nullptr") || cx_is_id(r, "NULL")) {
		e.kind = EX_NULL;
		cx_next(r);
		return cx_node(r, e);
	}
	if (v) {
		e.kind = EX_VAR;
		e.a = v;
		cx_next(r);
		return cx_node(r, e);
	}
	if (cx_is_id(r, "static_cast") || cx_is_id(r, "reinterpret_cast") || cx_is_id(r, "const_cast"))
		return named_cast(r);
	if (cx_starts_type(r, r->at))
		return make_expr(r);
	cx_next(r);
	qualified(r, &e);
	uint32_t end = cx_is(r, '<') ? cx_skip_angles(r, r->at) : 0;
	if (end) {
		e.b = r->at + 1;
		e.c = end - 1;
		r->at = end;
		qualified(r, &e);
		template_values(r, &e);
	}
	return cx_node(r, e);
}

/* Is the parenthesis at this place a cast? It holds a type, or a single unknown name in front of an operand. */
static bool
is_cast(const struct reader *r)
{
	const struct tok *a = cx_ahead(r, 1), *b = cx_ahead(r, 2), *c = cx_ahead(r, 3);

	if (cx_starts_type(r, r->at + 1)) {
		/* a type in parentheses, or an object that is made: (float(x)) */
		uint32_t t = r->at + 1;
		while (r->tok.at[t].kind == TK_ID)
			t++;
		uint32_t end = r->tok.at[t].kind == TK_PUNCT && r->tok.at[t].p == '<' ? cx_skip_angles(r, t) : t;
		const struct tok *k = &r->tok.at[end ? end : t];
		return k->kind == TK_PUNCT && (k->p == ')' || k->p == '*' || k->p == '&');
	}
	if (a->kind != TK_ID || cx_find_var(r, a->sym) || b->kind != TK_PUNCT || b->p != ')')
		return false;
	return c->kind == TK_ID || c->kind == TK_INT || c->kind == TK_FLOAT || (c->kind == TK_PUNCT && c->p == '(');
}

static uint32_t unary_expr(struct reader *r);

static uint32_t
primary_expr(struct reader *r)
{
	const struct tok *t = cx_peek(r);
	struct expr e = {.at = cx_span(r)};

	if (t->kind == TK_INT || t->kind == TK_FLOAT)
		return number_expr(r);
	if (t->kind == TK_ID)
		return name_expr(r);
	if (t->kind == TK_STR) {
		while (cx_peek(r)->kind == TK_STR)
			cx_next(r);
		e.kind = EX_STR;
		return cx_node(r, e);
	}
	if (cx_accept(r, '(')) {
		uint32_t x = cx_expr(r);
		cx_expect(r, ')', ")");
		return x;
	}
	if (cx_accept(r, '{')) {
		e.kind = EX_LIST;
		cx_args(r, '}', &e.arg0, &e.narg);
		return cx_node(r, e);
	}
	if (cx_accept(r, P2(':', ':')))
		return primary_expr(r);
	if (t->kind == TK_END)
		cx_error(r, DIAG_SYNTAX, e.at, "expected an expression before the end of the text");
	else
		cx_error(r, DIAG_SYNTAX, e.at, "expected an expression");
	return 0;
}

/* ---- postfix ---- */

/* Calls that give one of their arguments, or the object they belong to, another value. */
static void
note_call(struct reader *r, const struct expr *e)
{
	static const struct {
		const char *name;
		uint32_t arg;
	} rebinds[] = {{"TASSIGN", 0}, {"TRESHAPE", 0}, {"TPOP", 1}, {"TALLOC", 1}, {"BuildAsyncSession", 2}};
	const struct expr *f = &r->expr.at[e->a];

	if (f->kind == EX_MEMBER && cx_name_is(r, f->name, "SetValidShape")) {
		cx_note_set(r, f->a);
		return;
	}
	if (f->kind != EX_NAME)
		return;
	if (cx_is_work(r, f->name) && r->func && r->tok.at[r->at ? r->at - 1 : 0].cores == CORES_ALL)
		r->cfunc.at[r->func].open_work = true;
	for (size_t k = 0; k < sizeof rebinds / sizeof rebinds[0]; k++)
		if (cx_name_is(r, f->name, rebinds[k].name) && rebinds[k].arg < e->narg)
			cx_note_set(r, r->arg.at[e->arg0 + rebinds[k].arg]);
}

static uint32_t
postfix_expr(struct reader *r)
{
	uint32_t x = primary_expr(r);

	while (!r->failed) {
		struct expr e = {.at = r->expr.at[x].at, .a = x};
		if (cx_accept(r, '(')) {
			e.kind = EX_CALL;
			cx_args(r, ')', &e.arg0, &e.narg);
			note_call(r, &e);
		} else if (cx_accept(r, '[')) {
			e.kind = EX_INDEX;
			e.b = cx_expr(r);
			cx_expect(r, ']', "]");
		} else if (cx_is(r, '.') || cx_is(r, P2('-', '>'))) {
			cx_next(r);
			if (cx_is_id(r, "template"))
				cx_next(r);
			e.kind = EX_MEMBER;
			e.name = cx_peek(r)->sym;
			if (cx_peek(r)->kind != TK_ID)
				cx_error(r, DIAG_SYNTAX, cx_span(r), "expected the name of a member");
			cx_next(r);
		} else {
			return x;
		}
		x = cx_node(r, e);
	}
	return x;
}

static uint32_t
unary_expr(struct reader *r)
{
	struct expr e = {.kind = EX_UNARY, .at = cx_span(r), .op = cx_peek(r)->p};
	const struct tok *t = cx_peek(r);
	uint32_t x = 0;

	if (!cx_enter(r))
		return 0;
	if (t->kind == TK_PUNCT && t->p == '(' && is_cast(r)) {
		cx_next(r);
		e.kind = EX_CAST;
		e.a = cx_type(r);
		cx_expect(r, ')', ")");
		e.b = unary_expr(r);
		x = cx_node(r, e);
	} else if (t->kind == TK_PUNCT && (t->p == '-' || t->p == '+' || t->p == '!' || t->p == '~' || t->p == '*' ||
					   t->p == '&')) {
		cx_next(r);
		e.a = unary_expr(r);
		x = cx_node(r, e);
	} else if (cx_is_id(r, "sizeof")) {
		/* only inside helpers: the value is not followed */
		cx_next(r);
		e.kind = EX_NAME;
		e.name = intern_str(&r->ir->in, "sizeof");
		cx_expect(r, '(', "(");
		for (uint32_t open = 1; open && !r->failed && cx_peek(r)->kind != TK_END; cx_next(r))
			open = cx_is(r, '(') ? open + 1 : cx_is(r, ')') ? open - 1 : open;
		x = cx_node(r, e);
	} else {
		x = postfix_expr(r);
	}
	cx_leave(r);
	return x;
}

/* ---- operators ---- */

/* Precedence of the binary operator at this place, 0 for none; *op and its length in tokens. */
static int
binary_op(const struct reader *r, uint16_t *op, uint32_t *ntok)
{
	static const struct {
		uint16_t p;
		uint8_t prec;
	} row[] = {
		{'*', 10},		{'/', 10},		{'%', 10},		 {'+', 9},	      {'-', 9},
		{'<', 7},		{'>', 7},		{P2('<', '='), 7},	 {P2('>', '='), 7},
		{P2('=', '='), 6},	{P2('!', '='), 6},	{'&', 5},		 {'^', 4},	      {'|', 3},
		{P2('&', '&'), 2},	{P2('|', '|'), 1},
	};
	const struct tok *t = cx_peek(r), *n = cx_ahead(r, 1);

	if (t->kind != TK_PUNCT)
		return 0;
	*op = t->p;
	*ntok = 1;
	if ((t->p == '<' || t->p == '>') && n->kind == TK_PUNCT && n->p == t->p && n->lo == t->hi) {
		*op = P2(t->p, t->p);
		*ntok = 2;
		return 8;
	}
	for (size_t k = 0; k < sizeof row / sizeof row[0]; k++)
		if (row[k].p == t->p)
			return row[k].prec;
	return 0;
}

/* Recursion over precedence levels only. */
static uint32_t
binary_expr(struct reader *r, int least)
{
	uint32_t x = unary_expr(r), ntok;
	uint16_t op;
	int prec;

	while (!r->failed && (prec = binary_op(r, &op, &ntok)) >= least && prec > 0) {
		for (; ntok; ntok--)
			cx_next(r);
		uint32_t y = binary_expr(r, prec + 1);
		struct span sp = r->expr.at[x].at;
		sp.hi = r->expr.at[y].at.hi;
		x = cx_node(r, (struct expr){.kind = EX_BINARY, .op = op, .at = sp, .a = x, .b = y});
	}
	return x;
}

uint32_t
cx_sum(struct reader *r)
{
	return binary_expr(r, 9);
}

uint32_t
cx_expr(struct reader *r)
{
	uint32_t x = 0;

	if (!cx_enter(r))
		return 0;
	x = binary_expr(r, 1);
	if (cx_accept(r, '?')) {
		struct expr e = {.kind = EX_COND, .at = r->expr.at[x].at, .a = x};
		e.b = cx_expr(r);
		cx_expect(r, ':', ":");
		e.c = cx_expr(r);
		x = cx_node(r, e);
	}
	cx_leave(r);
	return x;
}
