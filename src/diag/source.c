/* source: see source.h. */
#include "diag/source.h"

void
source_sealed(struct source *s, struct arena *a, const char *name, const void *text, uint32_t n)
{
	memset(s, 0, sizeof *s);
	s->a = a;
	s->name = name;
	s->text = text;
	s->n = n;
}

void
source_init(struct source *s, struct arena *a, const char *name, const void *text, uint32_t n)
{
	source_sealed(s, a, name, arena_strndup(a, text, n), n);
}

static void
index_lines(struct source *s)
{
	VEC_PUSH(s->a, &s->line, 0);
	for (uint32_t i = 0; i < s->n; i++)
		if (s->text[i] == '\n')
			VEC_PUSH(s->a, &s->line, i + 1);
}

struct line_col
source_pos(struct source *s, uint32_t off)
{
	if (s->line.n == 0)
		index_lines(s);
	uint32_t lo = 0, hi = s->line.n;
	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (s->line.at[mid] <= off)
			lo = mid;
		else
			hi = mid;
	}
	return (struct line_col){lo + 1, off - s->line.at[lo] + 1};
}

struct strv
source_line(struct source *s, uint32_t line)
{
	if (s->line.n == 0)
		index_lines(s);
	if (line == 0 || line > s->line.n)
		return STRV("");
	uint32_t lo = s->line.at[line - 1];
	uint32_t hi = line < s->line.n ? s->line.at[line] - 1 : s->n;
	if (hi > lo && s->text[hi - 1] == '\r')
		hi--;
	return (struct strv){(const char *)s->text + lo, hi - lo};
}

struct strv
source_text(const struct source *s, struct span sp)
{
	if (sp.lo > sp.hi || sp.hi > s->n)
		return STRV("");
	return (struct strv){(const char *)s->text + sp.lo, sp.hi - sp.lo};
}

struct span
span_join(struct span a, struct span b)
{
	if (span_none(a))
		return b;
	if (span_none(b))
		return a;
	return (struct span){a.lo < b.lo ? a.lo : b.lo, a.hi > b.hi ? a.hi : b.hi};
}
