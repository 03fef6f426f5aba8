/*
 * recover: see recover.h. The language has no mark at the end of an operation, so the parser stops at the first error.
 * Here the line of that error is blanked and the text is parsed again, as long as the line is surely one whole
 * operation. What a blanked line defined is missing from then on: errors in lines that use it are not the user's, and
 * such lines go the same way without a word.
 */
#include "driver/recover.h"

#include "front/front.h"

enum { MAX_ROUNDS = 100, MAX_TOTAL_BYTES = 64 << 20 };

struct recover {
	struct pipeline *p;
	struct source src;	/* the text with blanked lines */
	char *text;
	VEC(struct strv) lost;	/* names those lines defined, with their % */
};

static bool
is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
	       c == '$' || c == '-';
}

static struct strv
trimmed(struct strv s)
{
	while (s.n && (*s.p == ' ' || *s.p == '\t')) {
		s.p++;
		s.n--;
	}
	return s;
}

/* The name at the front of s, a leading % or " included. */
static struct strv
first_word(struct strv s)
{
	struct strv w = {s.p, s.n ? 1 : 0};

	while (w.n && w.n < s.n && is_word_char(w.p[w.n]))
		w.n++;
	return w;
}

/* Does an operation begin here? Its name has a dot, or it is a return. */
static bool
is_op_name(struct strv s)
{
	struct strv w = first_word(s);

	if (w.n && w.p[0] == '"')
		return true;
	return w.n && w.p[0] >= 'a' && w.p[0] <= 'z' && (memchr(w.p, '.', w.n) || strv_is(w, "return"));
}

/* Behind the results: `%a, %b:2 = `. */
static struct strv
behind_results(struct strv s)
{
	const char *eq = memchr(s.p, '=', s.n);

	if (!s.n || s.p[0] != '%' || !eq)
		return s;
	uint32_t n = (uint32_t)(eq + 1 - s.p);
	return trimmed((struct strv){s.p + n, s.n - n});
}

/* Ends its block: blocks without an end, or that nobody branches to, would be errors of their own. */
static bool
is_terminator(struct strv s)
{
	struct strv w = first_word(s);

	if (w.n && w.p[0] == '"')
		w = (struct strv){w.p + 1, w.n - 1};
	const char *dot = memchr(w.p, '.', w.n);

	if (!dot)
		return true;
	struct strv tail = {dot + 1, (uint32_t)(w.p + w.n - dot - 1)};
	return strv_starts(w, "cf.") || strv_is(tail, "yield") || strv_is(tail, "condition") || strv_is(tail, "return");
}

static bool
begins_something(struct strv s)
{
	return s.n && (strchr("}^#/", s.p[0]) || is_op_name(behind_results(s)));
}

static bool
is_balanced(struct strv s)
{
	int depth[3] = {0, 0, 0};

	for (uint32_t i = 0; i < s.n; i++) {
		const char *open = "([{", *close = ")]}", *at;
		if (s.p[i] && (at = strchr(open, s.p[i])))
			depth[at - open]++;
		else if (s.p[i] && (at = strchr(close, s.p[i])) && --depth[at - close] < 0)
			return false;
	}
	return depth[0] == 0 && depth[1] == 0 && depth[2] == 0;
}

/*
 * Is the line one whole operation without regions? The next line that is not empty must begin something else, the one
 * in front must not have ended the block.
 */
static bool
stands_alone(struct recover *r, uint32_t line)
{
	struct strv s = trimmed(source_line(&r->p->src, line)), next = {NULL, 0}, last = {NULL, 0};

	if (!is_balanced(s) || !is_op_name(behind_results(s)) || is_terminator(behind_results(s)))
		return false;
	for (uint32_t k = line + 1; k <= r->p->src.line.n && !next.n; k++)
		next = trimmed(source_line(&r->p->src, k));
	for (uint32_t k = line - 1; k && !last.n; k--)
		last = trimmed(source_line(&r->p->src, k));
	return begins_something(next) && !(is_op_name(last) && is_terminator(last));
}

/* A word out of place at the front of a line is mostly the fault of the line before. */
static bool
is_at_front(struct recover *r, const struct diag *g)
{
	struct line_col lc = source_pos(&r->p->src, g->span.lo);
	struct strv s = source_line(&r->p->src, lc.line), t = trimmed(s);

	return s.n - t.n + 1 >= lc.col;
}

static void
lose_results(struct recover *r, struct strv s)
{
	struct strv op = behind_results(s);

	for (const char *c = s.p; op.p != s.p && c < op.p; c++) {
		if (*c != '%')
			continue;
		struct strv w = first_word((struct strv){c, (uint32_t)(op.p - c)});
		VEC_PUSH(r->p->a, &r->lost, w);
		c += w.n - 1;
	}
}

static bool
uses_lost(struct recover *r, struct strv s)
{
	for (const char *c = s.p, *end = s.p + s.n; c < end; c++) {
		if (*c != '%')
			continue;
		struct strv w = first_word((struct strv){c, (uint32_t)(end - c)});
		for (uint32_t k = 0; k < r->lost.n; k++)
			if (strv_eq(w, r->lost.at[k]))
				return true;
		c += w.n - 1;
	}
	return false;
}

static void
blank(struct recover *r, uint32_t line)
{
	struct strv s = source_line(&r->p->src, line);

	lose_results(r, trimmed(s));
	memset(r->text + (s.p - (const char *)r->p->src.text), ' ', s.n);
}

/* An unknown name is an error once in a function, however often it is used there. */
static bool
is_repeated(struct recover *r, const struct diag *g)
{
	const char *text = (const char *)r->p->src.text;

	for (uint32_t i = 0; i < r->p->diags.all.n && g->id == DIAG_UNKNOWN_NAME; i++) {
		const struct diag *d = &r->p->diags.all.at[i];
		bool behind = d->span.lo < g->span.lo;
		const char *func = strstr(text + (behind ? d : g)->span.lo, "func.func");
		if (d->id == g->id && strcmp(d->text, g->text) == 0 &&
		    (!func || func > text + (behind ? g : d)->span.lo))
			return true;
	}
	return false;
}

/* Takes the first error of another parse over, with its notes. */
static void
take_over(struct diags *to, const struct diags *from)
{
	const struct diag *g = &from->all.at[0];

	diag_report(to, g->id, g->span, "%s", g->text);
	for (uint32_t i = g->note; i; i = from->notes.at[i - 1].next) {
		const struct diag_note *n = &from->notes.at[i - 1];
		if (n->hint)
			diag_hint(to, "%s", n->text);
		else
			diag_note(to, n->span, "%s", n->text);
	}
}

/* Blanks the line of an error; false when that is not safe. */
static bool
step_over(struct recover *r, const struct diag *g)
{
	if (span_none(g->span) || g->id == DIAG_NESTING || (g->id == DIAG_SYNTAX && is_at_front(r, g)))
		return false;
	uint32_t line = source_pos(&r->p->src, g->span.lo).line;
	if (!stands_alone(r, line))
		return false;
	blank(r, line);
	return true;
}

/* An error in front of the last one was not there before: a blanked line made it. Names are looked up at the end. */
static bool
is_new(const struct diag *g, const struct diag *before)
{
	return g->span.lo > before->span.lo || g->id == DIAG_UNKNOWN_NAME || g->id == DIAG_DOMINANCE;
}

void
recover_errors(struct pipeline *p)
{
	struct recover r = {.p = p, .text = arena_strndup(p->a, (const char *)p->src.text, p->src.n)};

	if (p->diags.all.n != 1)
		return;
	struct diag last = p->diags.all.at[0];
	for (uint32_t k = 0; k < MAX_ROUNDS && (uint64_t)k * p->src.n <= MAX_TOTAL_BYTES; k++) {
		struct ir ir;
		struct diags d;
		if (!step_over(&r, &last))
			return;
		source_init(&r.src, p->a, p->src.name, r.text, p->src.n);
		diags_init(&d, p->a, &r.src);
		ir_init(&ir, p->a, &d);
		if (front_parse(&ir) || d.all.n != 1)
			return;
		struct diag before = last;
		last = d.all.at[0];
		if (!is_new(&last, &before))
			return;
		uint32_t line = span_none(last.span) ? 0 : source_pos(&p->src, last.span.lo).line;
		if (!uses_lost(&r, behind_results(trimmed(source_line(&p->src, line)))) && !is_repeated(&r, &last))
			take_over(&p->diags, &d);
	}
}
