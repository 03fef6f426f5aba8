/*
 * origin: see origin.h. A place belongs to the op that begins last in front of it; an op without a location has that
 * of the op around it. In a text that could not be parsed, the loc(...) at the end of the line counts.
 */
#include "driver/origin.h"

#include <stdlib.h>

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

/* The last loc("FILE":LINE:COLUMN) of the line. */
static struct producer
of_line(struct pipeline *p, uint32_t off)
{
	static const char head[] = "loc(\"";
	struct producer found = {{NULL, 0}, 0, 0}, q;
	struct strv line = source_line(&p->src, source_pos(&p->src, off).line);
	const char *end = line.p + line.n;

	for (uint32_t i = 0; i + sizeof head - 1 <= line.n; i++) {
		if (memcmp(line.p + i, head, sizeof head - 1) != 0)
			continue;
		const char *name = line.p + i + sizeof head - 1, *quote = memchr(name, '"', (size_t)(end - name));
		if (!quote)
			break;
		q.file = (struct strv){name, (uint32_t)(quote - name)};
		const char *at = quote + 1;
		if (number(&at, end, &q.line) && number(&at, end, &q.col) && at < end && *at == ')')
			found = q;
	}
	return found;
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
