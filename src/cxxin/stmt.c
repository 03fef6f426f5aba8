/*
 * stmt: statements, functions and what else stands at the top of the text. A list of statements is a chain by `next`;
 * each compound knows which variables are assigned inside, as a slice of the log of all assignments.
 */
#include "cxxin/model.h"

/* ---- scopes ---- */

static uint32_t
cx_declare(struct reader *r, struct sym name, uint32_t type, struct span at)
{
	VEC_PUSH(r->a, &r->var, (struct cvar){.name = name, .type = type, .at = at});
	VEC_PUSH(r->a, &r->scope, name.i);
	VEC_PUSH(r->a, &r->scope, CX_FIND(&r->var_of, name));
	CX_SET(r, &r->var_of, name, r->var.n - 1);
	return r->var.n - 1;
}

static void
close_scope(struct reader *r, uint32_t mark)
{
	while (r->scope.n > mark) {
		r->scope.n -= 2;
		r->var_of.at[r->scope.at[r->scope.n]] = r->scope.at[r->scope.n + 1];
	}
}

/* ---- statements ---- */

static uint32_t list_until(struct reader *r);

static uint32_t
stmt_new(struct reader *r, enum cstmt_kind kind)
{
	VEC_PUSH(r->a, &r->stmt,
		 (struct cstmt){.kind = (uint8_t)kind, .cores = cx_peek(r)->cores, .at = cx_span(r),
				.set0 = r->set.n, .var0 = r->var.n});
	return r->stmt.n - 1;
}

/* Skips to behind the `;` of something that is not read; nested braces and parentheses are passed over. */
static void
skip_statement(struct reader *r)
{
	uint32_t open = 0;

	while (cx_peek(r)->kind != TK_END && !r->failed) {
		if (cx_is(r, '{') || cx_is(r, '(') || cx_is(r, '['))
			open++;
		if ((cx_is(r, '}') || cx_is(r, ')') || cx_is(r, ']'))) {
			if (!open)
				return;
			open--;
			if (!open && cx_is(r, '}')) {
				cx_next(r);
				cx_accept(r, ';');
				return;
			}
		}
		if (!open && cx_is(r, ';')) {
			cx_next(r);
			return;
		}
		cx_next(r);
	}
}

/* `using T = float;` and `using namespace pto;` */
static void
parse_using(struct reader *r)
{
	cx_next(r);
	if (cx_is_id(r, "namespace")) {
		skip_statement(r);
		return;
	}
	struct sym name = cx_peek(r)->sym;
	bool alias = cx_peek(r)->kind == TK_ID && cx_ahead(r, 1)->kind == TK_PUNCT && cx_ahead(r, 1)->p == '=';
	if (alias) {
		cx_next(r);
		cx_next(r);
	}
	/* an alias of a type that is not read, as of the settings of a fixpipe, is only a name */
	if (alias && cx_starts_type(r, r->at))
		CX_SET(r, &r->type_of, name, cx_type(r));
	skip_statement(r);
}

/* `typedef T name;` */
static void
parse_typedef(struct reader *r)
{
	cx_next(r);
	if (cx_starts_type(r, r->at)) {
		uint32_t t = cx_type(r);
		if (cx_peek(r)->kind == TK_ID && cx_ahead(r, 1)->kind == TK_PUNCT && cx_ahead(r, 1)->p == ';')
			CX_SET(r, &r->type_of, cx_peek(r)->sym, t);
	}
	skip_statement(r);
}

/* What `auto` is for that initial value, 0 when it is not known. Recursion over nesting. */
static uint32_t
deduced(struct reader *r, uint32_t x)
{
	const struct expr *e = &r->expr.at[x];
	uint32_t a, b;

	switch ((enum expr_kind)e->kind) {
	case EX_CAST:
	case EX_MAKE:
		return e->a;
	case EX_VAR:
		return r->var.at[e->a].array ? 0 : r->var.at[e->a].type;
	case EX_INT:
		return cx_ctype_int(r, e->is_long || e->u.i > INT32_MAX ? 64 : 32, e->is_unsigned);
	case EX_BOOL:
		return cx_ctype_int(r, 1, true);
	case EX_COND:
		return deduced(r, e->b);
	case EX_UNARY:
		return e->op == '*' || e->op == '&' ? 0 : e->op == '!' ? cx_ctype_int(r, 1, true) : deduced(r, e->a);
	case EX_BINARY:
		if (e->op == '<' || e->op == '>' || (e->op > 255 && e->op != P2('<', '<') && e->op != P2('>', '>')))
			return cx_ctype_int(r, 1, true);
		a = deduced(r, e->a);
		b = deduced(r, r->expr.at[x].b);
		return cx_ctype_wider(r, a, b);
	case EX_INDEX:
		a = deduced(r, e->a);
		return r->ctype.at[a].kind == CT_PTR ? r->ctype.at[a].elem : 0;
	case EX_CALL: {
		const struct expr *f = &r->expr.at[e->a];
		a = f->kind == EX_NAME ? CX_FIND(&r->func_of, f->name) : 0;
		return a ? r->cfunc.at[a].ret : 0;
	}
	case EX_NONE:
	case EX_FLOAT:
	case EX_STR:
	case EX_NULL:
	case EX_NAME:
	case EX_MEMBER:
	case EX_LIST:
		return 0;
	}
	return 0;
}

/* "RoundMode v3 = ..": a declaration with a type of a name that nobody declared. */
static bool
at_declaration(const struct reader *r)
{
	const struct tok *t = cx_peek(r);

	if (t->kind != TK_ID || cx_find_var(r, t->sym))
		return false;
	uint32_t k = r->at;
	while (r->tok.at[k].kind == TK_ID && k + 1 < r->tok.n && r->tok.at[k + 1].kind == TK_ID)
		k++;
	if (k > r->at)
		return true;
	k++;
	if (k < r->tok.n && r->tok.at[k].kind == TK_PUNCT && r->tok.at[k].p == '<') {
		k = cx_skip_angles(r, k);
		if (!k)
			return false;
	}
	while (k < r->tok.n && r->tok.at[k].kind == TK_PUNCT && (r->tok.at[k].p == '*' || r->tok.at[k].p == '&'))
		k++;
	/* Type name, or a type that makes an object of no name */
	return k < r->tok.n && k > r->at && r->tok.at[k].kind == TK_ID;
}

/* The initial value: "= x", "(x, ..)" or "{..}" of the declared type. */
static uint32_t
parse_initial(struct reader *r, uint32_t type, struct span at)
{
	struct expr e = {.kind = EX_MAKE, .at = at, .a = type};

	if (cx_accept(r, '=')) {
		return cx_expr(r);
	} else if (cx_accept(r, '(')) {
		cx_args(r, ')', &e.arg0, &e.narg);
	} else if (cx_accept(r, '{')) {
		cx_args(r, '}', &e.arg0, &e.narg);
	} else {
		return 0;
	}
	e.depth = 1;
	for (uint32_t k = 0; k < e.narg; k++) {
		uint8_t d = r->expr.at[r->arg.at[e.arg0 + k]].depth;
		if (d >= e.depth)
			e.depth = (uint8_t)(d + 1);
	}
	VEC_PUSH(r->a, &r->expr, e);
	return r->expr.n - 1;
}

static uint32_t
declaration(struct reader *r)
{
	uint32_t first = 0, last = 0, type = cx_type(r);

	do {
		if (cx_peek(r)->kind != TK_ID) {
			cx_error(r, DIAG_SYNTAX, cx_span(r), "expected the name of a variable");
			return 0;
		}
		uint32_t s = stmt_new(r, CS_DECL);
		struct span at = cx_span(r);
		struct sym name = cx_peek(r)->sym;
		bool array = false;
		cx_next(r);
		while (cx_accept(r, '[')) {
			array = true;
			if (!cx_is(r, ']'))
				cx_expr(r);
			cx_expect(r, ']', "]");
		}
		uint32_t init = parse_initial(r, type, at), of = type;
		if (r->ctype.at[type].kind == CT_AUTO && init)
			of = deduced(r, init);
		uint32_t v = cx_declare(r, name, of ? of : type, at);
		r->var.at[v].array = array;
		r->var.at[v].init = init;
		cx_note_number(r, v);
		r->var.at[v].nset = init != 0;
		r->stmt.at[s].a = v;
		r->stmt.at[s].b = init;
		r->stmt.at[s].set1 = r->set.n;
		if (last)
			r->stmt.at[last].next = s;
		else
			first = s;
		last = s;
	} while (cx_accept(r, ',') && !r->failed);
	return first;
}

/* Expression, assignment, increment; without the `;`. */
static uint32_t
parse_simple(struct reader *r)
{
	static const struct {
		uint16_t p, op;
	} assign[] = {
		{'=', 0}, {P2('+', '='), '+'}, {P2('-', '='), '-'}, {P2('*', '='), '*'}, {P2('/', '='), '/'},
		{P2('%', '='), '%'}, {P2('&', '='), '&'}, {P2('|', '='), '|'}, {P2('^', '='), '^'},
	};
	uint32_t s = stmt_new(r, CS_EXPR);
	bool before = cx_is(r, P2('+', '+')) || cx_is(r, P2('-', '-'));
	uint16_t step = cx_peek(r)->p;

	if (before)
		cx_next(r);
	uint32_t e = cx_expr(r);
	bool behind = !before && (cx_is(r, P2('+', '+')) || cx_is(r, P2('-', '-')));
	if (behind) {
		step = cx_peek(r)->p;
		cx_next(r);
	}
	r->stmt.at[s].a = e;
	if (before || behind) {
		VEC_PUSH(r->a, &r->expr, (struct expr){.kind = EX_INT, .depth = 1, .at = r->stmt.at[s].at, .u = {1}});
		r->stmt.at[s].kind = CS_ASSIGN;
		r->stmt.at[s].op = step & 255;
		r->stmt.at[s].b = r->expr.n - 1;
		cx_note_set(r, e);
	}
	for (size_t k = 0; k < sizeof assign / sizeof assign[0] && r->stmt.at[s].kind == CS_EXPR; k++) {
		if (!cx_accept(r, assign[k].p))
			continue;
		uint32_t b = cx_expr(r);
		r->stmt.at[s].kind = CS_ASSIGN;
		r->stmt.at[s].op = assign[k].op;
		r->stmt.at[s].b = b;
		cx_note_set(r, e);
	}
	r->stmt.at[s].set1 = r->set.n;
	return s;
}

/* A list in braces, with a scope of its own. */
static uint32_t
braces(struct reader *r)
{
	uint32_t mark = r->scope.n, list;

	cx_expect(r, '{', "{");
	list = list_until(r);
	cx_expect(r, '}', "}");
	close_scope(r, mark);
	return list;
}

static uint32_t one_statement(struct reader *r);

/* The body of if, for, while: one statement. */
static uint32_t
sub_statement(struct reader *r)
{
	uint32_t mark = r->scope.n, list;

	if (cx_is(r, '{'))
		return braces(r);
	list = one_statement(r);
	close_scope(r, mark);
	return list;
}

static void
parse_if(struct reader *r, uint32_t s)
{
	cx_next(r);
	if (cx_is_id(r, "constexpr"))
		cx_next(r);
	cx_expect(r, '(', "(");
	uint32_t c = cx_expr(r);
	cx_expect(r, ')', ")");
	r->stmt.at[s].a = c;
	r->stmt.at[s].var0 = r->var.n;
	uint32_t b = sub_statement(r);
	r->stmt.at[s].b = b;
	/* "};" behind an inner if is the end of it, not an empty statement in front of else */
	const struct tok *n = cx_ahead(r, 1);
	if (cx_is(r, ';') && n->kind == TK_ID && strv_is(sym_text(&r->ir->in, n->sym), "else"))
		cx_next(r);
	if (cx_is_id(r, "else")) {
		cx_next(r);
		uint32_t e = sub_statement(r);
		r->stmt.at[s].c = e;
	}
}

static void
parse_for(struct reader *r, uint32_t s)
{
	uint32_t mark = r->scope.n, x;

	cx_next(r);
	cx_expect(r, '(', "(");
	if (!cx_is(r, ';')) {
		x = cx_starts_type(r, r->at) ? declaration(r) : parse_simple(r);
		r->stmt.at[s].a = x;
	}
	cx_expect(r, ';', ";");
	/* what the condition, the step and the body assign goes around the loop */
	r->stmt.at[s].set0 = r->set.n;
	r->stmt.at[s].var0 = r->var.n;
	if (!cx_is(r, ';')) {
		x = cx_expr(r);
		r->stmt.at[s].b = x;
	}
	cx_expect(r, ';', ";");
	if (!cx_is(r, ')')) {
		x = parse_simple(r);
		r->stmt.at[s].c = x;
	}
	cx_expect(r, ')', ")");
	x = sub_statement(r);
	r->stmt.at[s].d = x;
	close_scope(r, mark);
}

static void
parse_while(struct reader *r, uint32_t s)
{
	cx_next(r);
	cx_expect(r, '(', "(");
	uint32_t c = cx_expr(r);
	cx_expect(r, ')', ")");
	r->stmt.at[s].a = c;
	r->stmt.at[s].var0 = r->var.n;
	uint32_t b = sub_statement(r);
	r->stmt.at[s].d = b;
}

/* The variable that will say how a loop was left, if it has to. */
static uint32_t
loop_var(struct reader *r)
{
	if (!r->how_type)
		r->how_type = cx_ctype_int(r, 32, false);
	VEC_PUSH(r->a, &r->var, (struct cvar){.type = r->how_type, .at = cx_span(r), .hidden = true, .nset = 1,
					      .init = r->set.n});
	VEC_PUSH(r->a, &r->set, r->var.n - 1);
	return r->var.n - 1;
}

/* A way out of that many loops may change what their variables say. */
static void
note_exit(struct reader *r, uint32_t nloop)
{
	for (uint32_t k = r->loops.n; k-- > 0 && nloop--;)
		if (r->loops.at[k])
			VEC_PUSH(r->a, &r->set, r->loops.at[k]);
}

/* do S while (c); is read as while (true) { S; if (!c) break; }. */
static void
parse_do(struct reader *r, uint32_t s)
{
	struct span at = cx_span(r);

	cx_next(r);
	r->stmt.at[s].var0 = r->var.n;
	uint32_t body = sub_statement(r), last = body, yes = cx_truth_expr(r, at), stop = stmt_new(r, CS_IF);
	if (!cx_is_id(r, "while"))
		cx_error(r, DIAG_SYNTAX, cx_span(r), "expected 'while' behind the body of 'do'");
	cx_next(r);
	cx_expect(r, '(', "(");
	uint32_t c = cx_expr(r), out = stmt_new(r, CS_BREAK);
	note_exit(r, 1);
	cx_expect(r, ')', ")");
	cx_expect(r, ';', ";");
	uint32_t no = cx_not_expr(r, c);
	r->stmt.at[stop].a = no;
	r->stmt.at[stop].b = out;
	r->stmt.at[stop].set1 = r->stmt.at[out].set1 = r->set.n;
	while (last && r->stmt.at[last].next)
		last = r->stmt.at[last].next;
	if (last)
		r->stmt.at[last].next = stop;
	r->stmt.at[s].a = yes;
	r->stmt.at[s].d = last ? body : stop;
	r->stmt.at[s].op = 1;
}

static void
parse_switch(struct reader *r, uint32_t s)
{
	uint32_t mark = r->scope.n;

	cx_next(r);
	cx_expect(r, '(', "(");
	uint32_t c = cx_expr(r);
	cx_expect(r, ')', ")");
	cx_expect(r, '{', "{");
	r->stmt.at[s].a = c;
	uint32_t b = list_until(r);
	r->stmt.at[s].d = b;
	cx_expect(r, '}', "}");
	close_scope(r, mark);
}

static void
parse_case(struct reader *r, uint32_t s)
{
	bool deflt = cx_is_id(r, "default");

	cx_next(r);
	if (!deflt) {
		uint32_t e = cx_expr(r);
		r->stmt.at[s].a = e;
	}
	cx_expect(r, ':', ":");
}

static void
parse_goto(struct reader *r, uint32_t s)
{
	note_exit(r, UINT32_MAX);
	cx_next(r);
	r->stmt.at[s].name = cx_peek(r)->sym;
	if (cx_peek(r)->kind != TK_ID)
		cx_error(r, DIAG_SYNTAX, cx_span(r), "expected a label");
	cx_next(r);
	cx_expect(r, ';', ";");
}

static void
parse_return(struct reader *r, uint32_t s)
{
	note_exit(r, UINT32_MAX);
	cx_next(r);
	if (!cx_is(r, ';')) {
		uint32_t e = cx_expr(r);
		r->stmt.at[s].a = e;
	}
	cx_expect(r, ';', ";");
}

static void
parse_break(struct reader *r, uint32_t s)
{
	bool loop = r->loops.n && (r->loops.at[r->loops.n - 1] || r->stmt.at[s].kind == CS_CONTINUE);

	r->cfunc.at[r->func].exits |= loop;
	note_exit(r, 1);
	cx_next(r);
	cx_expect(r, ';', ";");
}

static void
parse_other(struct reader *r, uint32_t s)
{
	r->stmt.at[s].name = cx_peek(r)->sym;
	skip_statement(r);
}

static const struct {
	const char *word;
	enum cstmt_kind kind;
	void (*parse)(struct reader *, uint32_t);
	bool jumps;
} cx_keyword[] = {
	{"if", CS_IF, parse_if, false},		 {"for", CS_FOR, parse_for, false},
	{"while", CS_WHILE, parse_while, false},	 {"switch", CS_SWITCH, parse_switch, false},
	{"case", CS_CASE, parse_case, false},	 {"default", CS_CASE, parse_case, false},
	{"goto", CS_GOTO, parse_goto, true},	 {"return", CS_RETURN, parse_return, true},
	{"break", CS_BREAK, parse_break, false},	 {"continue", CS_CONTINUE, parse_break, false},
	{"do", CS_WHILE, parse_do, false},	 {"asm", CS_OTHER, parse_other, false},
	{"try", CS_OTHER, parse_other, false},
};

static bool
parse_keyword(struct reader *r, uint32_t *out)
{
	for (size_t k = 0; k < sizeof cx_keyword / sizeof cx_keyword[0]; k++) {
		if (!cx_is_id(r, cx_keyword[k].word))
			continue;
		bool loop = cx_keyword[k].kind == CS_FOR || cx_keyword[k].kind == CS_WHILE;
		bool around = loop || cx_keyword[k].kind == CS_SWITCH;
		uint32_t how = loop ? loop_var(r) : 0, s = *out = stmt_new(r, cx_keyword[k].kind);
		uint32_t first = s + 1;
		r->stmt.at[s].name.i = how;
		if (around)
			VEC_PUSH(r->a, &r->loops, how);
		cx_keyword[k].parse(r, s);
		r->loops.n -= around;
		r->stmt.at[s].set1 = r->set.n;
		r->stmt.at[s].jumps = cx_keyword[k].jumps;
		/* statements made since then are inside */
		for (; first < r->stmt.n; first++)
			r->stmt.at[s].jumps |= r->stmt.at[first].kind == CS_GOTO ||
					       r->stmt.at[first].kind == CS_RETURN;
		return true;
	}
	return false;
}

/* struct X { .. } in a function, not "struct X v". */
static bool
is_local_type(const struct reader *r)
{
	const struct tok *a = cx_ahead(r, 1), *b = cx_ahead(r, 2);

	return (a->kind == TK_PUNCT && a->p == '{') || (b->kind == TK_PUNCT && b->p == '{');
}

/* union { .. } name; an object whose members are not followed. */
static void
local_type(struct reader *r)
{
	struct ctype c = {.kind = CT_NAMED};

	while (!r->failed && !cx_is(r, '{') && !cx_is(r, ';') && cx_peek(r)->kind != TK_END)
		cx_next(r);
	for (uint32_t open = 0; !r->failed && cx_peek(r)->kind != TK_END; cx_next(r)) {
		open += cx_is(r, '{');
		if (cx_is(r, '}') && --open == 0)
			break;
		if (!open)
			break;
	}
	cx_accept(r, '}');
	if (cx_peek(r)->kind == TK_ID) {
		VEC_PUSH(r->a, &r->ctype, c);
		cx_declare(r, cx_peek(r)->sym, r->ctype.n - 1, cx_span(r));
	}
	skip_statement(r);
}

static bool
is_label(const struct reader *r)
{
	const struct tok *n = cx_ahead(r, 1);

	return cx_peek(r)->kind == TK_ID && n->kind == TK_PUNCT && n->p == ':' && !cx_is_id(r, "default");
}

/* One statement as a list: a declaration of several variables is several. 0 for nothing. */
static uint32_t
one_statement(struct reader *r)
{
	uint32_t s = 0;

	if (!cx_enter(r))
		return 0;
	if (cx_is(r, '{')) {
		s = stmt_new(r, CS_BLOCK);
		uint32_t b = braces(r);
		r->stmt.at[s].d = b;
		r->stmt.at[s].set1 = r->set.n;
	} else if (cx_accept(r, ';')) {
		s = 0;
	} else if (cx_is_id(r, "using")) {
		parse_using(r);
	} else if (cx_is_id(r, "typedef")) {
		parse_typedef(r);
	} else if (cx_is_id(r, "static_assert")) {
		skip_statement(r);
	} else if (cx_is_id(r, "union") || (cx_is_id(r, "struct") && is_local_type(r))) {
		local_type(r);
	} else if (parse_keyword(r, &s)) {
		/* done */
	} else if (is_label(r)) {
		s = stmt_new(r, CS_LABEL);
		r->stmt.at[s].name = cx_peek(r)->sym;
		r->stmt.at[s].set1 = r->set.n;
		cx_next(r);
		cx_next(r);
		r->cfunc.at[r->func].jumps = true;
	} else {
		s = at_declaration(r) ? declaration(r) : parse_simple(r);
		cx_expect(r, ';', ";");
	}
	cx_leave(r);
	return s;
}

static uint32_t
list_until(struct reader *r)
{
	uint32_t first = 0, last = 0;

	while (!r->failed && !cx_is(r, '}') && cx_peek(r)->kind != TK_END) {
		uint8_t cores = cx_peek(r)->cores;
		uint32_t s = one_statement(r);
		if (cores != CORES_ALL)
			r->cfunc.at[r->func].cores |= cores;
		if (s && last)
			r->stmt.at[last].next = s;
		else if (s)
			first = s;
		for (; s; s = r->stmt.at[s].next)
			last = s;
	}
	return first;
}

/* ---- functions ---- */

static void
parameters(struct reader *r, struct cfunc *f)
{
	f->var0 = r->var.n;
	while (!r->failed && !cx_is(r, ')')) {
		uint32_t type = cx_type(r);
		struct sym name = {0};
		struct span at = cx_span(r);
		if (cx_peek(r)->kind == TK_ID) {
			name = cx_peek(r)->sym;
			cx_next(r);
		}
		uint32_t v = cx_declare(r, name, type, at);
		r->var.at[v].input = true;
		r->var.at[v].nset = 1;
		f->nparam++;
		if (cx_accept(r, '=')) {
			uint32_t init = cx_expr(r);
			r->var.at[v].init = init;
		cx_note_number(r, v);
		}
		if (!cx_accept(r, ','))
			break;
	}
	cx_expect(r, ')', ")");
	/* f(void) */
	if (f->nparam == 1 && r->ctype.at[r->var.at[f->var0].type].kind == CT_VOID)
		f->nparam = 0;
}

/* A trailing return type, const and the like up to the body. */
static void
to_body(struct reader *r)
{
	while (!r->failed && !cx_is(r, '{') && !cx_is(r, ';') && cx_peek(r)->kind != TK_END) {
		if (cx_is(r, '(') || cx_is(r, '<')) {
			uint32_t end = cx_is(r, '<') ? cx_skip_angles(r, r->at) : 0;
			if (end) {
				r->at = end;
				continue;
			}
		}
		cx_next(r);
	}
}

/* Variables of the file. Those that stay what they are have a value; what others hold is not followed. */
static void
file_variable(struct reader *r, uint32_t from)
{
	bool fixed = false;
	uint32_t v = r->var.n;

	for (uint32_t t = from; t < r->at; t++)
		fixed |= r->tok.at[t].kind == TK_ID && (strv_is(sym_text(&r->ir->in, r->tok.at[t].sym), "const") ||
			 strv_is(sym_text(&r->ir->in, r->tok.at[t].sym), "constexpr"));
	r->at = from;
	declaration(r);
	for (; v < r->var.n; v++)
		r->var.at[v].global = fixed && r->var.at[v].init && !r->var.at[v].array ? G_CONST : G_OTHER;
	cx_expect(r, ';', ";");
}

static void
parse_function(struct reader *r, bool helper)
{
	struct cfunc f = {.helper = helper, .tparam0 = r->tparam0, .ntparam = r->tparam.n - r->tparam0};
	uint32_t mark = r->scope.n, from = r->at;

	f.ret = cx_type(r);
	for (uint32_t t = from; t < r->at; t++)
		f.helper |= r->tok.at[t].kind == TK_ID && (strv_is(sym_text(&r->ir->in, r->tok.at[t].sym), "inline") ||
			    strv_is(sym_text(&r->ir->in, r->tok.at[t].sym), "__inline__"));
	f.name = cx_peek(r)->sym;
	f.at = cx_span(r);
	if (cx_peek(r)->kind != TK_ID) {
		cx_error(r, DIAG_SYNTAX, f.at, "expected the name of a function");
		return;
	}
	cx_next(r);
	if (!cx_accept(r, '(')) {
		file_variable(r, from);
		return;
	}
	parameters(r, &f);
	to_body(r);
	uint32_t known = CX_FIND(&r->func_of, f.name);
	if (known && r->cfunc.at[known].has_body && cx_is(r, '{')) {
		cx_error(r, DIAG_REDEFINITION, f.at, "second definition of '%s'", sym_str(&r->ir->in, f.name));
		diag_note(r->ir->diags, r->cfunc.at[known].at, "the first one is here");
	}
	VEC_PUSH(r->a, &r->cfunc, f);
	r->func = r->cfunc.n - 1;
	if (cx_accept(r, '{')) {
		uint32_t first = r->stmt.n, list;
		CX_SET(r, &r->func_of, f.name, r->func);
		list = list_until(r);
		cx_expect(r, '}', "}");
		r->cfunc.at[r->func].body = list;
		r->cfunc.at[r->func].has_body = true;
		for (; first < r->stmt.n; first++)
			r->cfunc.at[r->func].jumps |= r->stmt.at[first].kind == CS_GOTO;
	} else {
		cx_expect(r, ';', ";");
		if (!known)
			CX_SET(r, &r->func_of, f.name, r->func);
	}
	r->func = r->loops.n = 0;
	close_scope(r, mark);
}

/* ---- the file ---- */

/* struct and enum definitions: the name becomes a type; members are not followed. */
static void
named_type(struct reader *r)
{
	cx_next(r);
	if (cx_is_id(r, "class") || cx_is_id(r, "struct"))
		cx_next(r);
	if (cx_peek(r)->kind == TK_ID) {
		VEC_PUSH(r->a, &r->ctype, (struct ctype){.kind = CT_NAMED, .name = cx_peek(r)->sym});
		CX_SET(r, &r->type_of, cx_peek(r)->sym, r->ctype.n - 1);
	}
	while (!r->failed && !cx_is(r, '{') && !cx_is(r, ';') && cx_peek(r)->kind != TK_END)
		cx_next(r);
	skip_statement(r);
	/* enum { .. }; leaves the `;` where there are no braces in between */
	cx_accept(r, ';');
}

/* Names of template parameters are types inside the helper only; the last meaning wins, which is enough. */
static void
template_type(struct reader *r, struct sym name)
{
	VEC_PUSH(r->a, &r->ctype, (struct ctype){.kind = CT_NAMED, .name = name});
	CX_SET(r, &r->type_of, name, r->ctype.n - 1);
}

/* One parameter, of tokens [lo, hi): a type, or a value that is a variable of the helper. */
static void
template_param(struct reader *r, uint32_t lo, uint32_t hi)
{
	uint32_t name = lo, v = 0;

	for (uint32_t t = lo; t < hi && !(r->tok.at[t].kind == TK_PUNCT && r->tok.at[t].p == '='); t++)
		name = r->tok.at[t].kind == TK_ID ? t : name;
	struct strv first = sym_text(&r->ir->in, r->tok.at[lo].sym);
	bool is_type = r->tok.at[lo].kind != TK_ID || strv_is(first, "typename") || strv_is(first, "class");
	if (is_type && name > lo) {
		template_type(r, r->tok.at[name].sym);
	} else if (!is_type && name > lo) {
		struct span at = {r->tok.at[name].lo, r->tok.at[name].hi};
		r->at = lo;
		v = cx_declare(r, r->tok.at[name].sym, cx_type(r), at);
		r->var.at[v].input = true;
		r->var.at[v].nset = 1;
		if (name + 2 < hi) {
			r->at = name + 2;
			uint32_t init = cx_sum(r);
			r->var.at[v].init = init;
		}
	}
	VEC_PUSH(r->a, &r->tparam, v);
}

static void
template_head(struct reader *r)
{
	cx_next(r);
	uint32_t end = cx_is(r, '<') ? cx_skip_angles(r, r->at) : 0, from, to, lo = r->at + 1;

	if (!end) {
		cx_error(r, DIAG_SYNTAX, cx_span(r), "expected '<' behind template");
		return;
	}
	for (uint32_t k = 0; cx_targ(r, lo, end - 1, k, &from, &to) && !r->failed; k++)
		template_param(r, from, to);
	r->at = r->failed ? r->at : end;
}

static bool
is_struct(const struct reader *r)
{
	return cx_is_id(r, "struct") || cx_is_id(r, "enum") || cx_is_id(r, "class") || cx_is_id(r, "union");
}

static void
parse_top(struct reader *r)
{
	if (cx_accept(r, ';') || cx_accept(r, '}'))
		return; /* the end of a namespace or of extern "C" { */
	if (cx_is_id(r, "using")) {
		parse_using(r);
	} else if (cx_is_id(r, "typedef")) {
		parse_typedef(r);
	} else if (cx_is_id(r, "static_assert")) {
		skip_statement(r);
	} else if (cx_is_id(r, "namespace")) {
		while (!r->failed && !cx_is(r, '{') && cx_peek(r)->kind != TK_END)
			cx_next(r);
		cx_accept(r, '{');
	} else if (cx_is_id(r, "template")) {
		uint32_t mark = r->scope.n;
		r->tparam0 = r->tparam.n;
		template_head(r);
		if (is_struct(r))
			named_type(r);
		else if (cx_is_id(r, "using"))
			skip_statement(r);
		else if (!r->failed)
			parse_function(r, true);
		r->tparam0 = r->tparam.n;
		close_scope(r, mark);
	} else if (is_struct(r)) {
		named_type(r);
	} else if (cx_is_id(r, "extern") && cx_ahead(r, 1)->kind == TK_STR) {
		cx_next(r);
		cx_next(r);
		cx_accept(r, '{');
	} else if (cx_peek(r)->kind == TK_ID) {
		parse_function(r, false);
	} else {
		cx_error(r, DIAG_SYNTAX, cx_span(r), "expected a function");
	}
}

bool
cx_parse(struct reader *r)
{
	while (!r->failed && cx_peek(r)->kind != TK_END)
		parse_top(r);
	return !r->failed;
}
