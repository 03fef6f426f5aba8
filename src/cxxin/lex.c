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

/* Cores for which a condition holds; conditions about anything but the core kind are not read. */
static bool
condition(struct lexer *l, uint32_t k, uint32_t end, uint8_t *cores)
{
	static const struct {
		const char *name;
		uint8_t cores;
	} macro[] = {
		{"__DAV_VEC__", CORES_VEC}, {"__DAV_C220_VEC__", CORES_VEC}, {"__DAV_CUBE__", CORES_CUBE},
		{"__DAV_C220_CUBE__", CORES_CUBE}, {"__DAV_C220__", CORES_ALL}, {"__CCE_AICORE__", CORES_ALL},
	};
	bool negate = false, known = false;

	*cores = 0;
	while (k < end) {
		if (l->s[k] == '!')
			negate = !negate;
		if (!is_word(l->s[k])) {
			k++;
			continue;
		}
		struct strv w = word_at(l, &k, end);
		bool found = strv_is(w, "defined") || cx_is_digit((unsigned char)w.p[0]);
		if (cx_is_digit((unsigned char)w.p[0]) && !known) {
			*cores = w.p[0] != '0' ? CORES_ALL : 0;
			known = true;
		}
		for (size_t i = 0; i < sizeof macro / sizeof macro[0]; i++) {
			if (!strv_is(w, macro[i].name))
				continue;
			*cores |= macro[i].cores;
			known = found = true;
		}
		if (!found)
			return false;
	}
	if (negate)
		*cores = (uint8_t)(CORES_ALL & ~*cores);
	return known;
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
		CX_SET(l->r, &l->r->macro, s, 1);
	} else if (strv_is(dir, "error") && l->cores) {
		cx_error(l->r, DIAG_SYNTAX, sp, "this #error is reached");
	}
	l->at = end;
}

/* ---- tokens ---- */

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
	t.sym = intern_add(&l->r->ir->in, (struct strv){(const char *)l->s + l->at, k - l->at});
	l->at = k;
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
		} else if (c != 'l' && c != 'L') {
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
	bool real = false;
	uint32_t k = l->at + (hex ? 2 : 0);
	char *end;

	for (; k < l->n; k++) {
		unsigned char c = l->s[k];
		bool exponent = !hex && (c == 'e' || c == 'E');
		if (exponent && k + 1 < l->n && (l->s[k + 1] == '+' || l->s[k + 1] == '-'))
			k++;
		real = real || c == '.' || exponent;
		if (!cx_is_digit(c) && c != '.' && !exponent &&
		    !(hex && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))))
			break;
	}
	/* the text ends with a NUL, and strtod stops at what is no number; the library's locale is "C" unless set */
	if (real) {
		char *copy = arena_strndup(l->r->a, from, k - l->at);
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
