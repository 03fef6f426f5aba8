/* syntax: front-end errors: the first one stops the parse, so later calls are silent. */
#include "front/syntax.h"

#include <stdarg.h>
#include <stdio.h>

void
fe_error(struct front *fe, enum diag_id id, struct span at, const char *fmt, ...)
{
	va_list ap, again;

	if (fe->failed) {
		fe->muted = true;
		return;
	}
	fe->failed = true;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	char *text = arena_alloc(fe->a, (size_t)(n < 0 ? 0 : n) + 1);
	text[0] = '\0';
	if (n > 0)
		vsnprintf(text, (size_t)n + 1, fmt, ap);
	va_end(ap);
	diag_report(fe->d, id, at, "%s", text);
}

void
fe_note(struct front *fe, struct span at, const char *fmt, ...)
{
	char buf[512];
	va_list ap;

	if (fe->muted || span_none(at))
		return;
	va_start(ap, fmt);
	vsnprintf(buf, sizeof buf, fmt, ap);
	va_end(ap);
	diag_note(fe->d, at, "%s", buf);
}

void
fe_hint(struct front *fe, const char *fmt, ...)
{
	char buf[512];
	va_list ap;

	if (fe->muted)
		return;
	va_start(ap, fmt);
	vsnprintf(buf, sizeof buf, fmt, ap);
	va_end(ap);
	diag_hint(fe->d, "%s", buf);
}

const char *
fe_str(struct front *fe, struct sym s)
{
	return sym_str(&fe->ir->in, s);
}

const char *
fe_type(struct front *fe, struct typ ty)
{
	return type_str(&fe->ir->types, &fe->ir->in, ty);
}

struct strv
fe_text(const struct front *fe, struct span s)
{
	return (struct strv){(const char *)fe->text + s.lo, s.hi - s.lo};
}

void
fe_meant(struct front *fe, const struct guess *near, const char *prefix)
{
	if (near->best)
		fe_hint(fe, "did you mean '%s%s'?", prefix, near->best);
}

/* An op whose dialect was left out, or a word that stands where ops do or behind one. */
static const char *
op_or_word(struct strv name)
{
	static const char *const word[] = {"module", "return", "ins", "outs", "else", "attributes", "func.func"};
	struct guess near = guess_for(name);

	for (uint32_t i = 1; i < OP_COUNT; i++)
		if (strv_is(name, strchr(isa_op[i].name, '.') + 1))
			return isa_op[i].name;
	for (uint32_t i = 0; i < sizeof word / sizeof word[0]; i++)
		guess_try(&near, word[i]);
	return near.best;
}

void
fe_unknown_op(struct front *fe, struct strv name, struct span at)
{
	const char *near = legacy_renamed(name), *dot = memchr(name.p, '.', name.n);
	struct out full;

	if (legacy_internal(name)) {
		fe_error(fe, DIAG_UNKNOWN_OP, at,
			 "'%.*s' op is internal to older compilers and has no place in an input file", (int)name.n,
			 name.p);
		return;
	}
	fe_error(fe, DIAG_UNKNOWN_OP, at, "unknown operation '%.*s'", (int)name.n, name.p);
	out_init(&full, fe->a);
	out_f(&full, "%s%.*s", dot ? "" : "pto.", (int)name.n, name.p);
	if (!near)
		near = dot ? NULL : op_or_word(name);
	if (!near)
		near = op_suggest(out_text(&full));
	if (near)
		fe_hint(fe, "did you mean '%s'?", near);
}

void
fe_no_custom(struct front *fe, enum op_id id, struct span at)
{
	const struct op_row *row = &isa_op[id];

	if (row->flags & OPF_A5) {
		fe_error(fe, DIAG_UNSUPPORTED, at, "'%s' op %s is only supported on A5 targets", row->name,
			 strchr(row->name, '.') + 1);
		return;
	}
	fe_error(fe, DIAG_SYNTAX, at, "'%s' has no custom form", row->name);
	fe_hint(fe, "write it in the generic form: \"%s\"(...) : (...) -> ()", row->name);
}

static void
list_expected(struct out *o, const struct syntax_expect *e)
{
	uint32_t n = e->n < SYNTAX_EXPECT_MAX ? e->n : SYNTAX_EXPECT_MAX;

	for (uint32_t i = 0; i < n; i++) {
		const char *s = e->name(e->symbol[i], NULL);
		bool quoted = s[0] == '\'' || strchr(s, ' ') || strcmp(s, "string") == 0 || strcmp(s, "integer") == 0;
		out_str(o, i == 0 ? "expected " : i + 1 == n ? " or " : ", ");
		out_f(o, quoted ? "%s" : "'%s'", s);
	}
}

/* A group name where the grammar accepts a whole group, else the few symbols it accepts. */
static void
expected_text(struct out *o, const struct syntax_expect *e)
{
	if (e->attribute)
		out_str(o, "expected an attribute");
	else if (e->op)
		out_str(o, "expected an operation");
	else if (e->word && e->ins)
		out_str(o, "expected a name");
	else if (e->type)
		out_str(o, "expected a type");
	else if (e->n > 0 && e->n <= SYNTAX_EXPECT_MAX)
		list_expected(o, e);
}

void
syntax_report(struct front *fe, struct span at, bool eof, bool is_word, const struct syntax_expect *e)
{
	struct strv text = fe_text(fe, at);
	struct out o;

	if (fe->failed)
		return;
	if (is_word && e->op && !e->attribute) {
		fe_unknown_op(fe, text, at);
		return;
	}
	out_init(&o, fe->a);
	expected_text(&o, e);
	if (eof && !o.n && e->brace)
		out_str(&o, "expected '}'");
	const char *sep = o.n ? ", " : "";
	if (eof) {
		fe_error(fe, DIAG_SYNTAX, (struct span){fe->last.hi, fe->last.hi}, "%s%sfound the end of the file", o.p,
			 sep);
		if (e->brace)
			fe_note(fe, fe->frame.at[fe->frame.n - 1].open, "to close this region");
	} else {
		fe_error(fe, DIAG_SYNTAX, at, "%s%s%s'%.*s'", o.p, sep, o.n ? "found " : "unexpected ",
			 (int)(text.n > 60 ? 60 : text.n), text.p);
		if (is_word && e->type && !e->attribute && !(e->word && e->ins))
			number_type_meant(fe, text);
	}
}
