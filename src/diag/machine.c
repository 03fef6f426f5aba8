/*
 * machine: see machine.h. SARIF: OASIS Static Analysis Results Interchange Format 2.1.0; every property used here is
 * in its section 3.
 */
#include "diag/machine.h"

/* Bytes of the UTF-8 sequence at s, 0 when there is none: overlong forms and surrogates are not. */
static uint32_t
sequence(const unsigned char *s, uint32_t n)
{
	uint32_t len = s[0] < 0x80 ? 1 : s[0] >= 0xc2 && s[0] < 0xe0 ? 2 : (s[0] & 0xf0) == 0xe0 ? 3
			: s[0] >= 0xf0 && s[0] < 0xf5 ? 4 : 0;

	if (len > n)
		return 0;
	for (uint32_t i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) || (s[0] == 0xf0 && s[1] < 0x90) ||
	    (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return len;
}

/* Text of the input may hold anything: what is not UTF-8 becomes the replacement character. */
static void
json_text(struct out *o, struct strv t)
{
	const unsigned char *s = (const unsigned char *)t.p;

	for (uint32_t i = 0, len; i < t.n; i += len ? len : 1) {
		len = sequence(s + i, t.n - i);
		if (len == 0)
			out_str(o, "\\ufffd");
		else if (s[i] == '"' || s[i] == '\\')
			out_f(o, "\\%c", s[i]);
		else if (s[i] < 0x20 || s[i] == 0x7f)
			out_f(o, "\\u%04x", s[i]);
		else
			out_strv(o, (struct strv){t.p + i, len});
	}
}

static void
json_string(struct out *o, const char *s)
{
	out_char(o, '"');
	json_text(o, (struct strv){s, (uint32_t)strlen(s)});
	out_char(o, '"');
}

static const char *
file_of(const struct diags *d)
{
	return d->src ? d->src->name : "ptoc";
}

static const char *
severity(const struct diag *g)
{
	return g->severity == DIAG_ERROR ? "error" : "warning";
}

/* ---- JSON ---- */

static void
json_place(struct diags *d, struct out *o, struct span at)
{
	out_str(o, ", \"file\": ");
	json_string(o, file_of(d));
	if (span_none(at))
		return;
	struct line_col from = source_pos(d->src, at.lo), to = source_pos(d->src, at.hi);
	out_f(o, ", \"line\": %u, \"column\": %u, \"endLine\": %u, \"endColumn\": %u", from.line, from.col, to.line,
	      to.col);
}

static void
json_producer(struct out *o, const struct producer *p)
{
	if (!p->file.n)
		return;
	out_str(o, ", \"producer\": {\"file\": \"");
	json_text(o, p->file);
	out_f(o, "\", \"line\": %u, \"column\": %u}", p->line, p->col);
}

void
diag_json(struct diags *d, const struct diag *g, struct out *o)
{
	out_f(o, "{\"id\": \"%s\", \"severity\": \"%s\", \"message\": ", diag_spelling(g->id), severity(g));
	json_string(o, g->text);
	json_place(d, o, g->span);
	json_producer(o, &g->producer);
	out_str(o, ", \"notes\": [");
	for (uint32_t i = g->note; i; i = d->notes.at[i - 1].next) {
		const struct diag_note *n = &d->notes.at[i - 1];
		out_f(o, "%s{\"kind\": \"%s\", \"message\": ", i == g->note ? "" : ", ", n->hint ? "hint" : "note");
		json_string(o, n->text);
		if (!n->hint)
			json_place(d, o, n->span);
		json_producer(o, &n->producer);
		out_char(o, '}');
	}
	out_str(o, "]}\n");
}

/* ---- SARIF ---- */

/* The name of a file as a relative or absolute URI reference. */
static void
uri(struct out *o, struct strv name)
{
	for (uint32_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			     (c && strchr("-._~/", c));
		if (plain)
			out_char(o, (char)c);
		else
			out_f(o, "%%%02X", c);
	}
}

/* Column in code points of a byte offset. */
static uint32_t
code_column(struct diags *d, struct line_col lc)
{
	struct strv line = source_line(d->src, lc.line);
	const unsigned char *s = (const unsigned char *)line.p;
	uint32_t col = 1;

	for (uint32_t i = 0, len; i < line.n && i + 1 < lc.col; i += len ? len : 1) {
		len = sequence(s + i, line.n - i);
		col++;
	}
	return col;
}

static void
sarif_place(struct diags *d, struct out *o, struct span at)
{
	const char *name = file_of(d);

	out_str(o, "\"physicalLocation\": {\"artifactLocation\": {\"uri\": \"");
	uri(o, (struct strv){name, (uint32_t)strlen(name)});
	out_str(o, "\"}");
	if (!span_none(at)) {
		struct line_col from = source_pos(d->src, at.lo), to = source_pos(d->src, at.hi);
		out_f(o, ", \"region\": {\"startLine\": %u, \"startColumn\": %u, \"endLine\": %u, \"endColumn\": %u}",
		      from.line, code_column(d, from), to.line, code_column(d, to));
	}
	out_char(o, '}');
}

static void
sarif_producer(struct out *o, const struct producer *p, const char *sep)
{
	out_f(o, "%s{\"physicalLocation\": {\"artifactLocation\": {\"uri\": \"", sep);
	uri(o, p->file);
	out_str(o, "\"}");
	if (p->line)
		out_f(o, ", \"region\": {\"startLine\": %u%s", p->line, p->col ? "" : "}");
	if (p->line && p->col)
		out_f(o, ", \"startColumn\": %u}", p->col);
	out_str(o, "}, \"message\": {\"text\": \"from here\"}}");
}

/* Notes with a place, and where the producer says it all comes from. */
static void
sarif_related(struct diags *d, const struct diag *g, struct out *o)
{
	const char *sep = "";

	out_str(o, ", \"relatedLocations\": [");
	if (g->producer.file.n) {
		sarif_producer(o, &g->producer, sep);
		sep = ", ";
	}
	for (uint32_t i = g->note; i; i = d->notes.at[i - 1].next) {
		const struct diag_note *n = &d->notes.at[i - 1];
		if (n->hint)
			continue;
		out_f(o, "%s{", sep);
		sarif_place(d, o, n->span);
		out_str(o, ", \"message\": {\"text\": ");
		json_string(o, n->text);
		out_str(o, "}}");
		sep = ", ";
		if (n->producer.file.n)
			sarif_producer(o, &n->producer, sep);
	}
	out_char(o, ']');
}

void
sarif_result(struct diags *d, const struct diag *g, struct out *o)
{
	out_f(o, "{\"ruleId\": \"%s\", \"level\": \"%s\", \"message\": {\"text\": \"", diag_spelling(g->id),
	      severity(g));
	json_text(o, (struct strv){g->text, (uint32_t)strlen(g->text)});
	for (uint32_t i = g->note; i; i = d->notes.at[i - 1].next) {
		const struct diag_note *n = &d->notes.at[i - 1];
		if (!n->hint)
			continue;
		out_str(o, "\\nhint: ");
		json_text(o, (struct strv){n->text, (uint32_t)strlen(n->text)});
	}
	out_str(o, "\"}, \"locations\": [{");
	sarif_place(d, o, g->span);
	out_str(o, "}]");
	sarif_related(d, g, o);
	out_char(o, '}');
}

void
sarif_begin(struct out *o)
{
	out_str(o, "{\"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\", ");
	out_str(o, "\"version\": \"2.1.0\", \"runs\": [\n");
}

void
sarif_run_begin(struct out *o, const char *version)
{
	out_str(o, "{\"tool\": {\"driver\": {\"name\": \"ptoc\", \"version\": ");
	json_string(o, version);
	out_str(o, ", \"rules\": [");
	for (uint32_t i = 0; i < DIAG_COUNT; i++)
		out_f(o, "%s{\"id\": \"%s\", \"defaultConfiguration\": {\"level\": \"%s\"}}", i ? ", " : "",
		      diag_spelling((enum diag_id)i),
		      diag_default_severity((enum diag_id)i) == DIAG_ERROR ? "error" : "warning");
	out_str(o, "]}}, \"columnKind\": \"unicodeCodePoints\", \"results\": [\n");
}

void
sarif_run_end(struct out *o)
{
	out_str(o, "\n]}\n");
}

void
sarif_end(struct out *o)
{
	out_str(o, "]}\n");
}
