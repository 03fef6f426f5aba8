/*
 * lex: C++ text into tokens. Directives are no tokens: guards by core become the `cores` set of what they enclose, and
 * tokens of no core are dropped. Macros are not expanded; their names are remembered, so that nobody takes them for the
 * function they hide.
 */
#include "cxxin/model.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct guard {
	uint8_t outer, taken;	/* cores around the directive; cores of the branches so far */
	struct span at;
};

struct lexer {
	struct reader *r;
	const unsigned char *s;
	uint32_t n, at;
	uint8_t cores;
	bool line_start;
	VEC(struct guard) guard;
};

void
cx_error(struct reader *r, enum diag_id id, struct span at, const char *fmt, ...)
{
	char buf[512];
	va_list ap;

	if (r->failed)
		return;
	va_start(ap, fmt);
	vsnprintf(buf, sizeof buf, fmt, ap);
	va_end(ap);
	diag_report(r->ir->diags, id, at, "%s", buf);
	r->failed = true;
	r->at = r->tok.n ? r->tok.n - 1 : 0;
}

static bool
is_word(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

static bool
cx_is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static unsigned char
at(const struct lexer *l, uint32_t k)
{
	return l->at + k < l->n ? l->s[l->at + k] : 0;
}

static void
push_tok(struct lexer *l, struct tok t)
{
	t.cores = l->cores;
	t.hi = l->at;
	if (l->cores)
		VEC_PUSH(l->r->a, &l->r->tok, t);
}

/* ---- directives ---- */

/* End of the directive's line, continuation lines included. */
static uint32_t
line_end(const struct lexer *l)
{
	uint32_t k = l->at;

	while (k < l->n && l->s[k] != '\n')
		k += l->s[k] == '\\' && k + 1 < l->n ? 2u : 1u;
	return k < l->n ? k : l->n;
}

static struct strv
word_at(const struct lexer *l, uint32_t *k, uint32_t end)
{
	while (*k < end && !is_word(l->s[*k]))
		(*k)++;
	uint32_t from = *k;
	while (*k < end && is_word(l->s[*k]))
		(*k)++;
	return (struct strv){(const char *)l->s + from, *k - from};
}

/* A condition that is being read: [k, end) is left of it. */
struct condition {
	uint32_t k, end;
	uint32_t depth;
	bool bad;
};

static const struct {
	const char *name;
	uint8_t cores;
} core_macro[] = {
	{"__DAV_VEC__", CORES_VEC}, {"__DAV_C220_VEC__", CORES_VEC}, {"__DAV_CUBE__", CORES_CUBE},
	{"__DAV_C220_CUBE__", CORES_CUBE}, {"__DAV_C220__", CORES_ALL}, {"__CCE_AICORE__", CORES_ALL},
	/* never defined where kernels are compiled for a card */
	{"__CPU_SIM", 0}, {"__COSTMODEL", 0},
};

static bool
takes(const struct lexer *l, struct condition *c, char x, char y)
{
	while (c->k < c->end && strchr(" \t\r\n\\", l->s[c->k]))
		c->k++;
	if (c->k >= c->end || l->s[c->k] != (unsigned char)x || (y && l->s[c->k + 1] != (unsigned char)y))
		return false;
	c->k += y ? 2 : 1;
	return true;
}

static uint8_t either(struct lexer *l, struct condition *c);

static uint8_t
word_cores(struct strv w, struct condition *c)
{
	for (size_t i = 0; i < sizeof core_macro / sizeof core_macro[0]; i++)
		if (strv_is(w, core_macro[i].name))
			return core_macro[i].cores;
	c->bad = true;
	return 0;
}

/* The version of the core in a comparison: 220 is all there is here. */
static uint8_t
version(struct lexer *l, struct condition *c)
{
	bool less = takes(l, c, '<', 0), more = !less && takes(l, c, '>', 0);
	bool not = !less && !more && takes(l, c, '!', '=');
	bool same = takes(l, c, '=', 0);

	if (!less && !more && !not && !same)
		return CORES_ALL;
	takes(l, c, '=', 0);
	takes(l, c, 0, 0);
	uint64_t n = 0;
	for (; c->k < c->end && cx_is_digit(l->s[c->k]) && n < 100000; c->k++)
		n = n * 10 + (uint64_t)(l->s[c->k] - '0');
	bool yes = less ? 220 < n : more ? 220 > n : (220 == n) != not;
	return yes || (same && !not && n == 220) ? CORES_ALL : 0;
}

/* Cores for which a part of a condition holds. Recursion over nesting. */
static uint8_t
term(struct lexer *l, struct condition *c)
{
	if (++c->depth > CX_NEST_MAX)
		c->bad = true;
	if (c->bad)
		return 0;
	if (takes(l, c, '!', 0)) {
		uint8_t no = term(l, c);
		return (uint8_t)(CORES_ALL & ~no);
	}
	if (takes(l, c, '(', 0)) {
		uint8_t x = either(l, c);
		c->bad |= !takes(l, c, ')', 0);
		return x;
	}
	if (c->k >= c->end || !is_word(l->s[c->k])) {
		c->bad = true;
		return 0;
	}
	struct strv w = word_at(l, &c->k, c->end);
	if (strv_is(w, "defined")) {
		bool braced = takes(l, c, '(', 0);
		uint8_t x = word_cores(word_at(l, &c->k, c->end), c);
		c->bad |= braced && !takes(l, c, ')', 0);
		return x;
	}
	if (strv_is(w, "__CCE_AICORE__")) {
		takes(l, c, 0, 0);
		return version(l, c);
	}
	if (cx_is_digit((unsigned char)w.p[0]))
		return w.p[0] != '0' ? CORES_ALL : 0;
	return word_cores(w, c);
}

static uint8_t
both(struct lexer *l, struct condition *c)
{
	uint8_t x = term(l, c);

	while (!c->bad && takes(l, c, '&', '&'))
		x &= term(l, c);
	return x;
}

static uint8_t
either(struct lexer *l, struct condition *c)
{
	uint8_t x = both(l, c);

	while (!c->bad && takes(l, c, '|', '|'))
		x |= both(l, c);
	return x;
}

/* Cores for which a condition holds; conditions about anything but the core kind are not read. */
static bool
condition(struct lexer *l, uint32_t k, uint32_t end, uint8_t *cores)
{
	struct condition c = {.k = k, .end = end};

	for (uint32_t i = k; i + 1 < end; i++)
		if (l->s[i] == '/' && (l->s[i + 1] == '/' || l->s[i + 1] == '*'))
			c.end = end = i;
	*cores = either(l, &c);
	takes(l, &c, 0, 0);
	return !c.bad && c.k >= c.end;
}

static void
open_guard(struct lexer *l, struct strv dir, uint32_t k, uint32_t end, struct span sp)
{
	uint8_t cores;

	if (!condition(l, k, end, &cores)) {
		/* an include guard: its macro is not defined yet */
		if (strv_is(dir, "ifndef") && l->guard.n == 0)
			cores = 0;
		else
			cx_error(l->r, DIAG_SYNTAX, sp, "only conditions on the core kind are read");
	}
	if (strv_is(dir, "ifndef"))
		cores = (uint8_t)(CORES_ALL & ~cores);
	VEC_PUSH(l->r->a, &l->guard, (struct guard){l->cores, cores, sp});
	l->cores &= cores;
}

static void
next_guard(struct lexer *l, struct strv dir, uint32_t k, uint32_t end, struct span sp)
{
	uint8_t cores = CORES_ALL;

	if (!l->guard.n) {
		cx_error(l->r, DIAG_SYNTAX, sp, "#%.*s without #if", (int)dir.n, dir.p);
		return;
	}
	struct guard *g = &l->guard.at[l->guard.n - 1];
	if (strv_is(dir, "endif")) {
		l->cores = g->outer;
		l->guard.n--;
		return;
	}
	if (strv_is(dir, "elif") && !condition(l, k, end, &cores))
		cx_error(l->r, DIAG_SYNTAX, sp, "only conditions on the core kind are read");
	l->cores = (uint8_t)(g->outer & cores & ~g->taken);
	g->taken |= cores;
}

static void lex_number(struct lexer *l);

/* A macro that is a number: 1 + its place in `number`; any other one: UINT32_MAX. */
static uint32_t
macro_number(struct lexer *l, uint32_t k, uint32_t end)
{
	struct reader *r = l->r;
	uint32_t before = r->tok.n;

	while (k < end && (l->s[k] == ' ' || l->s[k] == '\t'))
		k++;
	if (k >= end || !cx_is_digit(l->s[k]))
		return UINT32_MAX;
	l->at = k;
	lex_number(l);
	for (k = l->at; k < end && strchr(" \t\r", l->s[k]); k++)
		;
	bool alone = k >= end || (l->s[k] == '/' && k + 1 < end && (l->s[k + 1] == '/' || l->s[k + 1] == '*'));
	if (r->tok.n == before)
		return UINT32_MAX;
	if (alone)
		VEC_PUSH(r->a, &r->number, r->tok.at[before]);
	r->tok.n = before;
	return alone ? r->number.n : UINT32_MAX;
}

static void
lex_directive(struct lexer *l)
{
	uint32_t from = l->at, end = line_end(l), k = from + 1;
	struct span sp = {from, end};
	struct strv dir = word_at(l, &k, end);

	if (strv_is(dir, "if") || strv_is(dir, "ifdef") || strv_is(dir, "ifndef")) {
		open_guard(l, dir, k, end, sp);
	} else if (strv_is(dir, "else") || strv_is(dir, "elif") || strv_is(dir, "endif")) {
		/* what follows #else and #endif is a comment at most */
		next_guard(l, dir, k, end, sp);
	} else if (strv_is(dir, "define") && l->cores) {
		struct sym s = intern_add(&l->r->ir->in, word_at(l, &k, end));
		CX_SET(l->r, &l->r->macro, s, macro_number(l, k, end));
	} else if (strv_is(dir, "error") && l->cores) {
		cx_error(l->r, DIAG_SYNTAX, sp, "this #error is reached");
	}
	l->at = end;
}

/* ---- tokens ---- */

/* Is `::` behind this word the start of a name? */
static bool
ends_name(const struct reader *r, struct sym s)
{
	struct strv w = sym_text(&r->ir->in, s);

	return strv_is(w, "return") || strv_is(w, "case") || strv_is(w, "else") || strv_is(w, "do") ||
	       cx_is_qualifier(r, s);
}

/* "a :: b" is one name as "a::b" is, and "::b" is b. Behind template arguments `::` stays. */
static bool
join_name(struct lexer *l, struct strv name)
{
	struct reader *r = l->r;
	struct tok *t = r->tok.n ? &r->tok.at[r->tok.n - 1] : NULL;
	struct tok *of = r->tok.n > 1 ? &r->tok.at[r->tok.n - 2] : NULL;

	if (!t || t->kind != TK_PUNCT || t->p != P2(':', ':') || (of && of->kind == TK_PUNCT && of->p == '>'))
		return false;
	r->tok.n--;
	if (!of || of->kind != TK_ID || ends_name(r, of->sym))
		return false;
	struct out o;
	out_init(&o, r->a);
	out_strv(&o, sym_text(&r->ir->in, of->sym));
	out_str(&o, "::");
	out_strv(&o, name);
	of->sym = intern_add(&r->ir->in, out_text(&o));
	of->hi = l->at;
	return true;
}

/* Behind the parenthesis that closes the one here: what __attribute__ says has no effect on order. */
static void
skip_round(struct lexer *l)
{
	uint32_t open = 0;

	while (l->at < l->n && strchr(" \t\r\n", at(l, 0)))
		l->at++;
	for (; l->at < l->n; l->at++) {
		open += at(l, 0) == '(';
		if (at(l, 0) == ')' && --open == 0) {
			l->at++;
			return;
		}
		if (!open)
			return;
	}
}

static void
lex_name(struct lexer *l)
{
	struct tok t = {.kind = TK_ID, .lo = l->at};
	uint32_t k = l->at;

	for (;;) {
		while (k < l->n && is_word(l->s[k]))
			k++;
		if (k + 2 >= l->n || l->s[k] != ':' || l->s[k + 1] != ':' || !is_word(l->s[k + 2]))
			break;
		k += 2;
	}
	struct strv name = {(const char *)l->s + l->at, k - l->at};
	l->at = k;
	if (strv_is(name, "__attribute__")) {
		skip_round(l);
		return;
	}
	if (!l->cores || join_name(l, name))
		return;
	t.sym = intern_add(&l->r->ir->in, name);
	uint32_t m = CX_FIND(&l->r->macro, t.sym);
	if (m && m <= l->r->number.n) {
		t = l->r->number.at[m - 1];
		t.lo = l->at - name.n;
	}
	push_tok(l, t);
}

static void
lex_suffix(struct lexer *l, struct tok *t)
{
	while (is_word(at(l, 0))) {
		unsigned char c = at(l, 0);
		if (c == 'u' || c == 'U')
			t->is_unsigned = true;
		else if (c == 'f' || c == 'F') {
			if (t->kind == TK_INT) {
				t->kind = TK_FLOAT;
				t->u.f = (double)t->u.i;
			}
		} else if (c == 'l' || c == 'L') {
			t->is_long = true;
		} else {
			cx_error(l->r, DIAG_LEX, (struct span){t->lo, l->at + 1}, "bad number");
			return;
		}
		l->at++;
	}
}

static void
lex_number(struct lexer *l)
{
	struct tok t = {.kind = TK_INT, .lo = l->at};
	const char *from = (const char *)l->s + l->at;
	bool hex = at(l, 0) == '0' && (at(l, 1) == 'x' || at(l, 1) == 'X');
	bool real = false, apart = false;
	uint32_t k = l->at + (hex ? 2 : 0);
	char *end;

	for (; k < l->n; k++) {
		unsigned char c = l->s[k];
		if (c == '\'' && k + 1 < l->n && is_word(l->s[k + 1])) {
			apart = true;
			continue;
		}
		bool exponent = !hex && (c == 'e' || c == 'E');
		if (exponent && k + 1 < l->n && (l->s[k + 1] == '+' || l->s[k + 1] == '-'))
			k++;
		real = real || c == '.' || exponent;
		if (!cx_is_digit(c) && c != '.' && !exponent &&
		    !(hex && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))))
			break;
	}
	if (apart) {
		/* 1'000 */
		struct out o;
		out_init(&o, l->r->a);
		for (uint32_t i = l->at; i < k; i++)
			if (l->s[i] != '\'')
				out_char(&o, (char)l->s[i]);
		from = arena_strndup(l->r->a, out_text(&o).p, out_text(&o).n);
	}
	/* the text ends with a NUL, and strtod stops at what is no number; the library's locale is "C" unless set */
	if (real) {
		const char *copy = apart ? from : arena_strndup(l->r->a, from, k - l->at);
		t.kind = TK_FLOAT;
		t.u.f = strtod(copy, &end);
		(void)end;
	} else {
		t.u.i = strtoull(from, &end, 0);
	}
	l->at = k;
	lex_suffix(l, &t);
	push_tok(l, t);
}

static void
lex_string(struct lexer *l)
{
	struct tok t = {.kind = TK_STR, .lo = l->at};
	unsigned char quote = at(l, 0);

	for (l->at++; l->at < l->n && at(l, 0) != quote && at(l, 0) != '\n'; l->at++)
		if (at(l, 0) == '\\')
			l->at++;
	if (l->at >= l->n || at(l, 0) != quote) {
		l->at = l->at < l->n ? l->at : l->n;
		cx_error(l->r, DIAG_LEX, (struct span){t.lo, l->at}, "string does not end on its line");
		return;
	}
	l->at++;
	push_tok(l, t);
}

static void
lex_punct(struct lexer *l)
{
	static const char two[][3] = {"::", "->", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=",
				      "|=", "^=", "==", "!=", "<=", ">=", "&&", "||"};
	unsigned char c = at(l, 0), d = at(l, 1);
	struct tok t = {.kind = TK_PUNCT, .lo = l->at, .p = c};

	if (c == 0 || c >= 127 || !strchr("{}()[];:,.?+-*/%&|^~!<>=", c)) {
		cx_error(l->r, DIAG_LEX, (struct span){l->at, l->at + 1}, "unexpected character");
		return;
	}
	for (size_t k = 0; k < sizeof two / sizeof two[0]; k++)
		if (two[k][0] == (char)c && two[k][1] == (char)d)
			t.p = P2(c, d);
	l->at += t.p > 255 ? 2 : 1;
	push_tok(l, t);
}

static void
lex_comment(struct lexer *l)
{
	uint32_t from = l->at;

	if (at(l, 1) == '/') {
		while (l->at < l->n && at(l, 0) != '\n')
			l->at++;
		return;
	}
	for (l->at += 2; l->at < l->n && !(at(l, 0) == '*' && at(l, 1) == '/');)
		l->at++;
	if (l->at >= l->n)
		cx_error(l->r, DIAG_LEX, (struct span){from, from + 2}, "comment does not end");
	else
		l->at += 2;
}

static void
lex_one(struct lexer *l)
{
	unsigned char c = at(l, 0);

	if (c == '\n') {
		l->line_start = true;
		l->at++;
		return;
	}
	if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v') {
		l->at++;
		return;
	}
	if (c == '/' && (at(l, 1) == '/' || at(l, 1) == '*')) {
		lex_comment(l);
		return;
	}
	if (c == '#' && l->line_start) {
		lex_directive(l);
		return;
	}
	l->line_start = false;
	/* [[nodiscard]] and [aicore] */
	if (c == '[' && (at(l, 1) == '[' || strncmp((const char *)l->s + l->at, "[aicore]", 8) == 0)) {
		while (l->at < l->n && !(at(l, 0) == ']' && at(l, 1) != ']'))
			l->at++;
		l->at += l->at < l->n;
		return;
	}
	if (cx_is_digit(c) || (c == '.' && cx_is_digit(at(l, 1))))
		lex_number(l);
	else if (is_word(c))
		lex_name(l);
	else if (c == '"' || c == '\'')
		lex_string(l);
	else
		lex_punct(l);
}

bool
cx_lex(struct reader *r)
{
	const struct source *src = r->ir->diags->src;
	struct lexer l = {.r = r, .s = src->text, .n = src->n, .cores = CORES_ALL, .line_start = true};

	while (l.at < l.n && !r->failed)
		lex_one(&l);
	if (l.guard.n)
		cx_error(r, DIAG_SYNTAX, l.guard.at[l.guard.n - 1].at, "#if without #endif");
	l.cores = CORES_ALL;
	l.at = l.n;
	push_tok(&l, (struct tok){.kind = TK_END, .lo = l.n});
	return !r->failed;
}
