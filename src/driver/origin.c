/*
 * origin: see origin.h. A place belongs to the op that begins last in front of it; an op without a location has that
 * of the op around it. In a text that could not be parsed, the loc(...) at the end of the line counts.
 */
#include "driver/origin.h"

#include <stdlib.h>

enum { ALIAS_STEPS = 32 };	/* names of locations looked up for one place: names may name each other in rings */

struct place {
	uint32_t lo;
	struct op op;
};

struct places {
	struct pipeline *p;
	VEC(struct place) at;	/* by lo */
};

static int
place_cmp(const void *pa, const void *pb)
{
	const struct place *a = pa, *b = pb;

	if (a->lo != b->lo)
		return a->lo < b->lo ? -1 : 1;
	return a->op.i < b->op.i ? -1 : a->op.i > b->op.i;
}

static void
collect(struct places *all)
{
	struct ir *ir = &all->p->ir;

	for (uint32_t i = 1; i < ir->op.n; i++)
		if (!span_none(ir->op.at[i].span))
			VEC_PUSH(all->p->a, &all->at, (struct place){ir->op.at[i].span.lo, {i}});
	if (all->at.n)
		qsort(all->at.at, all->at.n, sizeof *all->at.at, place_cmp);
}

static struct op
op_before(const struct places *all, uint32_t off)
{
	uint32_t lo = 0, hi = all->at.n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (all->at.at[mid].lo <= off)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo ? all->at.at[lo - 1].op : (struct op){0};
}

static struct producer
of_op(const struct places *all, uint32_t off)
{
	struct ir *ir = &all->p->ir;

	for (struct op o = op_before(all, off); o.i; o = op_parent(ir, o)) {
		const struct loc *l = &ir->loc.at[ir_op(ir, o)->loc];
		if (l->file.i)
			return (struct producer){sym_text(&ir->in, l->file), l->line, l->col};
	}
	return (struct producer){{NULL, 0}, 0, 0};
}

/* `:NUMBER` at s; false when there is none. */
static bool
number(const char **s, const char *end, uint32_t *v)
{
	const char *c = *s;

	if (c == end || *c++ != ':')
		return false;
	const char *from = c;
	for (*v = 0; c < end && *c >= '0' && *c <= '9' && *v < UINT32_MAX / 16; c++)
		*v = *v * 10 + (uint32_t)(*c - '0');
	*s = c;
	return c > from;
}

/* The text behind `#name` where a line begins with it, as the definitions of aliases do. */
static struct strv
alias_text(const struct source *src, struct strv name)
{
	const char *text = (const char *)src->text, *end = text + src->n;

	for (const char *c = text; c && end - c > (ptrdiff_t)name.n; c = memchr(c, '\n', (size_t)(end - c))) {
		c += *c == '\n';
		if (end - c <= (ptrdiff_t)name.n || memcmp(c, name.p, name.n) != 0 || !strchr(" =", c[name.n]))
			continue;
		const char *stop = memchr(c, '\n', (size_t)(end - c));
		return (struct strv){c + name.n, (uint32_t)((stop ? stop : end) - c - name.n)};
	}
	return (struct strv){NULL, 0};
}

/* The first "FILE":LINE:COLUMN of a location: in a call site the called line, in a fused one that of its first part. */
static struct producer
in_location(const struct source *src, struct strv s, uint32_t *left)
{
	const char *end = s.n ? s.p + s.n : s.p;
	struct producer q;

	for (const char *c = s.p; c && c < end; c++) {
		const char *to = c + 1;
		if (*c != '#' && *c != '"')
			continue;
		while (to < end && (*c == '"' ? *to != '"' : !strchr(" ,)]", *to)))
			to++;
		if (*c == '#' && *left) {
			--*left;
			q = in_location(src, alias_text(src, (struct strv){c, (uint32_t)(to - c)}), left);
			if (q.file.n)
				return q;
		} else if (*c == '"' && to < end) {
			q.file = (struct strv){c + 1, (uint32_t)(to - c - 1)};
			c = to++;
			if (number(&to, end, &q.line) && number(&to, end, &q.col) && to < end && strchr(" ,)]", *to))
				return q;
		}
	}
	return (struct producer){{NULL, 0}, 0, 0};
}

/* What the last loc(...) of the line says. */
static struct producer
of_line(struct pipeline *p, uint32_t off)
{
	static const char head[] = "loc(";
	struct strv line = source_line(&p->src, source_pos(&p->src, off).line);
	uint32_t left = ALIAS_STEPS;

	for (uint32_t i = line.n; i-- > 0;)
		if (line.n - i >= sizeof head && memcmp(line.p + i, head, sizeof head - 1) == 0)
			return in_location(&p->src, (struct strv){line.p + i, line.n - i}, &left);
	return (struct producer){{NULL, 0}, 0, 0};
}

static void
fill(struct places *all, struct span at, struct producer *to, bool parsed)
{
	if (!to->file.n && !span_none(at))
		*to = parsed ? of_op(all, at.lo) : of_line(all->p, at.lo);
}

void
origin_find(struct pipeline *p)
{
	struct places all = {.p = p};
	bool parsed = p->ir.module.i && p->ir.loc.n > 1;

	/* the reference prints the location in place of the position, which its clients parse: only what ops report */
	if (p->cxx || p->opt->as_ptoas || !p->diags.all.n)
		return;
	if (parsed)
		collect(&all);
	for (uint32_t i = 0; i < p->diags.all.n; i++) {
		struct diag *g = &p->diags.all.at[i];
		fill(&all, g->span, &g->producer, parsed);
		for (uint32_t k = g->note; k; k = p->diags.notes.at[k - 1].next)
			if (p->diags.notes.at[k - 1].span.lo != g->span.lo)
				fill(&all, p->diags.notes.at[k - 1].span, &p->diags.notes.at[k - 1].producer, parsed);
	}
}
