/* diag: collecting and rendering; see diag.h. */
#include "diag/diag.h"

#include "diag/machine.h"
#include "diag/policy.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
	const char *spelling;
	enum diag_severity severity;
} row[DIAG_COUNT] = {
#define DIAG(id, spelling, severity) [DIAG_##id] = {spelling, severity},
#include "diag/diags.def"
#undef DIAG
};

void
diags_init(struct diags *d, struct arena *a, struct source *src)
{
	memset(d, 0, sizeof *d);
	d->a = a;
	d->src = src;
	d->max_error = 50;
}

const char *
diag_spelling(enum diag_id id)
{
	return row[id].spelling;
}

enum diag_severity
diag_default_severity(enum diag_id id)
{
	return row[id].severity;
}

enum { MESSAGE_BYTES = 4000 };	/* of one message; a name in the input may be of any length */

/* Takes the middle out of a text that is too long, between characters. */
static void
shorten(char *p, size_t n)
{
	static const char gap[] = " [...] ";
	size_t lo = MESSAGE_BYTES / 2, hi = n - MESSAGE_BYTES / 2;

	while (lo > 0 && ((unsigned char)p[lo] & 0xc0) == 0x80)
		lo--;
	while (hi < n && ((unsigned char)p[hi] & 0xc0) == 0x80)
		hi++;
	memcpy(p + lo, gap, sizeof gap - 1);
	memmove(p + lo + sizeof gap - 1, p + hi, n - hi + 1);
}

static PTOC_PRINTF(2, 0) const char *
vformat(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;

	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		return fmt;
	char *p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	if (n > MESSAGE_BYTES + 16)
		shorten(p, (size_t)n);
	return p;
}

void
diag_report(struct diags *d, enum diag_id id, struct span at, const char *fmt, ...)
{
	enum diag_severity sev = policy_severity(&d->policy, id);
	va_list ap;

	if (sev == DIAG_ERROR)
		d->nerror++;
	else if (sev == DIAG_WARNING)
		d->nwarning++;
	va_start(ap, fmt);
	const char *text = vformat(d->a, fmt, ap);
	va_end(ap);
	VEC_PUSH(d->a, &d->all,
		 (struct diag){.id = id, .severity = sev, .span = at, .text = text, .seq = d->all.n});
}

static void
note_add(struct diags *d, struct span at, const char *text, bool hint)
{
	assert(d->all.n);
	struct diag *g = &d->all.at[d->all.n - 1];
	VEC_PUSH(d->a, &d->notes, (struct diag_note){.span = at, .text = text, .hint = hint});
	if (g->last_note)
		d->notes.at[g->last_note - 1].next = d->notes.n;
	else
		g->note = d->notes.n;
	g->last_note = d->notes.n;
}

void
diag_note(struct diags *d, struct span at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	note_add(d, at, vformat(d->a, fmt, ap), false);
	va_end(ap);
}

void
diag_hint(struct diags *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	note_add(d, (struct span){0, 0}, vformat(d->a, fmt, ap), true);
	va_end(ap);
}

void
diag_producer_loc(struct diags *d, struct strv file, uint32_t line, uint32_t col)
{
	assert(d->all.n);
	struct diag *g = &d->all.at[d->all.n - 1];
	g->producer = (struct producer){file, line, col};
}

void
diag_as_error(struct diags *d)
{
	assert(d->all.n);
	struct diag *g = &d->all.at[d->all.n - 1];
	if (g->severity == DIAG_ERROR)
		return;
	if (g->severity == DIAG_WARNING)
		d->nwarning--;
	g->severity = DIAG_ERROR;
	d->nerror++;
}

static int
diag_cmp(const void *pa, const void *pb)
{
	const struct diag *a = pa, *b = pb;

	if (a->span.lo != b->span.lo)
		return a->span.lo < b->span.lo ? -1 : 1;
	return a->seq < b->seq ? -1 : a->seq > b->seq;
}

void
diags_sort(struct diags *d)
{
	if (d->all.n > 1)
		qsort(d->all.at, d->all.n, sizeof *d->all.at, diag_cmp);
}

/* Source text with control bytes escaped and tabs as one blank, so that the caret line stays aligned. */
static void
escaped(struct out *o, struct strv s)
{
	for (uint32_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		out_char(o, c == '\t' ? ' ' : c < 0x20 || c == 0x7f ? '?' : (char)c);
	}
}

enum { MAX_LINE = 160 };

/* Colours as other compilers have them: places bold, errors red, warnings magenta, the caret green. */
static const char *
paint(struct diag_style st, const char *code)
{
	return st.color ? code : "";
}

#define PLAIN "\033[0m"

static void
render_line(struct diags *d, struct out *o, struct span at, struct diag_style st)
{
	struct line_col lc = source_pos(d->src, at.lo);
	struct strv line = source_line(d->src, lc.line);
	uint32_t col = lc.col - 1, cut = 0;
	uint32_t len = at.hi > at.lo ? at.hi - at.lo : 1;

	if (col > line.n)
		col = line.n;
	if (line.n > MAX_LINE && col > MAX_LINE / 2)
		cut = col - MAX_LINE / 2;
	struct strv part = {line.p + cut, line.n - cut};
	bool tail = part.n > MAX_LINE;
	if (tail)
		part.n = MAX_LINE;
	out_str(o, cut ? "  ..." : "  ");
	escaped(o, part);
	out_str(o, tail ? "...\n" : "\n");
	out_pad(o, ' ', (cut ? 5 : 2) + (col - cut));
	out_f(o, "%s^", paint(st, "\033[1;32m"));
	uint32_t room = part.n > col - cut ? part.n - (col - cut) : 1;
	if (len > room)
		len = room;
	if (len > 1)
		out_pad(o, '~', len - 1);
	out_f(o, "%s\n", paint(st, PLAIN));
}

static void
render_head(struct diags *d, struct out *o, struct span at, struct diag_style st)
{
	out_str(o, paint(st, "\033[1m"));
	out_str(o, d->src ? d->src->name : "ptoc");
	if (!span_none(at)) {
		struct line_col lc = source_pos(d->src, at.lo);
		out_f(o, ":%u:%u", lc.line, lc.col);
	}
	out_f(o, ":%s ", paint(st, PLAIN));
}

/* For people: of a path that is too long, the end. */
static struct strv
shown_path(struct strv file)
{
	while (file.n > MESSAGE_BYTES || (file.n && ((unsigned char)*file.p & 0xc0) == 0x80)) {
		file.p++;
		file.n--;
	}
	return file;
}

static void
render_producer(struct out *o, const struct producer *p, struct diag_style st)
{
	struct strv file = shown_path(p->file);

	if (file.n)
		out_f(o, "%s%.*s:%u:%u:%s %snote:%s from here\n", paint(st, "\033[1m"), (int)file.n, file.p, p->line,
		      p->col, paint(st, PLAIN), paint(st, "\033[1;36m"), paint(st, PLAIN));
}

static void
render_note(struct diags *d, struct out *o, const struct diag_note *n, struct diag_style st)
{
	if (!n->hint)
		render_head(d, o, n->span, st);
	out_f(o, "%s%s:%s %s\n", paint(st, "\033[1;36m"), n->hint ? "hint" : "note", paint(st, PLAIN), n->text);
	if (!span_none(n->span))
		render_line(d, o, n->span, st);
	render_producer(o, &n->producer, st);
}

static void
render_one(struct diags *d, struct out *o, const struct diag *g, struct diag_style st)
{
	const char *word = g->severity == DIAG_ERROR ? "error" : "warning";
	const char *on = paint(st, g->severity == DIAG_ERROR ? "\033[1;31m" : "\033[1;35m");

	render_head(d, o, g->span, st);
	out_f(o, "%s%s:%s %s [%s]\n", on, word, paint(st, PLAIN), g->text, row[g->id].spelling);
	if (!span_none(g->span))
		render_line(d, o, g->span, st);
	render_producer(o, &g->producer, st);
	for (uint32_t i = g->note; i; i = d->notes.at[i - 1].next)
		render_note(d, o, &d->notes.at[i - 1], st);
}

static void
render_mlir_at(struct diags *d, struct out *o, struct span at, const char *what, const char *text)
{
	struct line_col lc;

	if (span_none(at)) {
		out_f(o, "%s: %s\n", what, text);
		return;
	}
	lc = source_pos(d->src, at.lo);
	out_f(o, "loc(\"%s\":%u:%u): %s: %s\n", d->src->name, lc.line, lc.col, what, text);
}

/* The reference's form: clients read the first line that matches `error:`. Source: PTOAS driver.cpp, observed. */
static void
render_mlir(struct diags *d, struct out *o, const struct diag *g)
{
	if (g->severity != DIAG_ERROR)
		return;
	const struct producer *p = &g->producer;
	struct strv file = shown_path(p->file);
	if (file.n) {
		out_f(o, "loc(\"%.*s\":%u:%u): error: %s\n", (int)file.n, file.p, p->line, p->col, g->text);
	} else {
		render_mlir_at(d, o, g->span, "error", g->text);
	}
	for (uint32_t k = g->note; k; k = d->notes.at[k - 1].next)
		if (!d->notes.at[k - 1].hint)
			render_mlir_at(d, o, d->notes.at[k - 1].span, "note", d->notes.at[k - 1].text);
}

/* For programs: everything, without a limit. */
static void
render_machine(struct diags *d, struct out *o, struct diag_style st)
{
	const char *sep = "";

	if (st.format == DIAG_SARIF)
		sarif_begin(o);
	if (st.format != DIAG_JSON)
		sarif_run_begin(o, st.version ? st.version : "0");
	for (uint32_t i = 0; i < d->all.n; i++) {
		const struct diag *g = &d->all.at[i];
		if (g->severity == DIAG_HIDDEN)
			continue;
		if (st.format == DIAG_JSON) {
			diag_json(d, g, o);
			continue;
		}
		out_str(o, sep);
		sarif_result(d, g, o);
		sep = ",\n";
	}
	if (st.format != DIAG_JSON)
		sarif_run_end(o);
	if (st.format == DIAG_SARIF)
		sarif_end(o);
}

static void
render_text(struct diags *d, struct out *o, struct diag_style st)
{
	uint32_t shown = 0;

	for (uint32_t i = 0; i < d->all.n; i++) {
		const struct diag *g = &d->all.at[i];
		if (g->severity == DIAG_HIDDEN)
			continue;
		if (g->severity == DIAG_ERROR && d->max_error && ++shown > d->max_error)
			continue;
		if (st.mlir)
			render_mlir(d, o, g);
		else
			render_one(d, o, g, st);
	}
	if (d->max_error && shown > d->max_error && !st.mlir)
		out_f(o, "%s: %u more errors not shown\n", d->src ? d->src->name : "ptoc", shown - d->max_error);
}

void
diags_render(struct diags *d, struct out *o, struct diag_style st)
{
	diags_sort(d);
	if (st.format == DIAG_TEXT)
		render_text(d, o, st);
	else
		render_machine(d, o, st);
}
