/*
 * reuse: placement in time order, by gaps. The space is a list of segments, each with the buffer that used it last. A
 * buffer may start at any segment of a gap or end at its end; what the reuse of those bytes would cost (order.h) or
 * the size of the gap decides. The list is bounded by the granules of the space, so the cost is linear in the buffers.
 */
#include "mem/plan.h"

#include "base/num.h"

/* Segments looked at for one buffer under GAP_CHEAP; what was best by then is taken. */
enum { LOOKS_MAX = 4096 };

struct seg {
	uint64_t lo, hi;
	const struct item *owner;	/* last user, NULL = none */
};

struct gaps {
	struct arena *a;
	const struct space_plan *p;
	enum gap_rule rule;
	uint64_t long_life;
	VEC(struct seg) seg;
	uint32_t looks;
	uint32_t now;		/* position at which the buffer to be placed begins */
};

/* A place for a buffer, and how good it is; the smaller, the better. */
struct choice {
	bool found;
	uint64_t at, first, second;
};

static bool
is_free(const struct gaps *g, uint32_t k)
{
	const struct item *owner = g->seg.at[k].owner;

	return !owner || owner->hi < g->now;
}

static uint64_t
cost_of(struct gaps *g, const struct item *it, uint64_t at, uint64_t end, uint32_t k)
{
	uint64_t cost = 0;

	for (; k < g->seg.n && g->seg.at[k].lo < end; k++) {
		const struct item *owner = g->seg.at[k].owner;
		g->looks++;
		if (g->seg.at[k].hi > at && owner && (!k || g->seg.at[k - 1].owner != owner || g->seg.at[k].lo == at))
			cost += owner->hist && it->hist ? order_cost(owner->hist, it->hist) : 1;
	}
	return cost;
}

static void
consider(struct gaps *g, const struct item *it, uint64_t at, uint32_t k, uint64_t gap, struct choice *best)
{
	struct choice c = {.found = true, .at = at};

	switch (g->rule) {
	case GAP_CHEAP:
		c.first = cost_of(g, it, at, at + it->bytes, k);
		c.second = gap;
		break;
	case GAP_TIGHT:
		c.first = gap;
		c.second = cost_of(g, it, at, at + it->bytes, k);
		break;
	case GAP_ENDS:
		c.first = it->hi - it->lo > g->long_life ? at : g->p->cap - at;
		break;
	case GAP_FIRST:
	case GAP_RULES:
		c.first = at;
		break;
	}
	bool better = c.first != best->first ? c.first < best->first :
		      c.second != best->second ? c.second < best->second : c.at < best->at;
	if (!best->found || better)
		*best = c;
}

/* All starts in the gap of the segments [from, to). */
static void
look_at_gap(struct gaps *g, const struct item *it, uint32_t from, uint32_t to, struct choice *best)
{
	const struct seg *s = g->seg.at;
	uint64_t end = s[to - 1].hi < g->p->cap ? s[to - 1].hi : g->p->cap, gap = end - s[from].lo;
	uint64_t align = g->p->align;

	if (s[from].lo + it->bytes > end)
		return;
	for (uint32_t k = from; k < to && s[k].lo + it->bytes <= end; k++)
		if (g->rule == GAP_CHEAP || k == from)
			consider(g, it, s[k].lo, k, gap, best);
	uint64_t last = (end - it->bytes) / align * align;
	if (g->rule != GAP_FIRST && last > s[from].lo) {
		uint32_t k = to - 1;
		while (s[k].lo > last)
			k--;
		consider(g, it, last, k, gap, best);
	}
}

static bool
choose(struct gaps *g, const struct item *it, struct choice *best)
{
	*best = (struct choice){.found = false};
	g->looks = 0;
	for (uint32_t k = 0, to; k < g->seg.n && !(best->found && g->looks > LOOKS_MAX); k = to) {
		to = k + 1;
		if (!is_free(g, k))
			continue;
		while (to < g->seg.n && is_free(g, to))
			to++;
		look_at_gap(g, it, k, to, best);
		if (best->found && g->rule == GAP_FIRST)
			break;
	}
	return best->found;
}

/* Gives [at, end) to the buffer; segment `from` holds the first byte. */
static void
occupy(struct gaps *g, const struct item *it, uint64_t at, uint32_t from)
{
	uint64_t end = at + num_round_up(it->bytes, g->p->align);
	uint32_t to, n = 0;
	struct seg put[3];

	for (to = from; to < g->seg.n && g->seg.at[to].lo < end; to++)
		;
	struct seg first = g->seg.at[from], last = g->seg.at[to - 1];
	if (first.lo < at)
		put[n++] = (struct seg){first.lo, at, first.owner};
	put[n++] = (struct seg){at, end, it};
	if (last.hi > end)
		put[n++] = (struct seg){end, last.hi, last.owner};
	uint32_t old = to - from, tail = g->seg.n - to;
	if (n > old)
		VEC_ADD(g->a, &g->seg, n - old);
	memmove(g->seg.at + from + n, g->seg.at + to, tail * sizeof *g->seg.at);
	memcpy(g->seg.at + from, put, n * sizeof *put);
	g->seg.n = from + n + tail;
}

/* Half of the buffers, weighted by size, live no longer than this. */
static uint64_t
middle_life(const struct space_plan *p)
{
	uint64_t bytes = 0, area = 0;

	for (uint32_t k = 0; k < p->n; k++) {
		bytes += p->item[k].bytes;
		area += p->item[k].bytes * (p->item[k].hi - p->item[k].lo + 1);
	}
	return bytes ? area / bytes : 0;
}

/* Index of the segment that holds a byte. */
static uint32_t
seg_at(const struct gaps *g, uint64_t at)
{
	uint32_t lo = 0, hi = g->seg.n - 1;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (g->seg.at[mid].hi <= at)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

uint64_t
plan_cost(struct arena *a, const struct space_plan *p, uint32_t from, uint32_t to)
{
	struct gaps g = {.a = a, .p = p};
	struct arena_mark m = arena_mark(a);
	uint64_t cost = 0;

	VEC_PUSH(a, &g.seg, ((struct seg){p->base, UINT64_MAX, NULL}));
	for (uint32_t k = from; k < to; k++) {
		const struct item *it = &p->item[k];
		uint32_t s = seg_at(&g, it->at);
		cost += cost_of(&g, it, it->at, it->at + it->bytes, s);
		occupy(&g, it, it->at, s);
	}
	arena_rewind(a, m);
	return cost;
}

bool
plan_in_time(struct arena *a, struct space_plan *p, enum gap_rule rule, uint64_t *cost)
{
	struct gaps g = {.a = a, .p = p, .rule = rule, .long_life = rule == GAP_ENDS ? middle_life(p) : 0};
	uint64_t base = num_round_up(p->base, p->align), end = num_round_up(p->cap, p->align);
	struct arena_mark m = arena_mark(a);
	bool ok = base < p->cap;

	*cost = 0;
	p->end = p->base;
	VEC_PUSH(a, &g.seg, ((struct seg){base, end, NULL}));
	for (uint32_t k = 0; k < p->n && ok; k++) {
		struct item *it = &p->item[k];
		struct choice c;
		g.now = it->lo;
		ok = choose(&g, it, &c);
		if (!ok)
			break;
		it->at = c.at;
		uint32_t s = seg_at(&g, c.at);
		*cost += cost_of(&g, it, c.at, c.at + it->bytes, s);
		occupy(&g, it, c.at, s);
		if (it->at + it->bytes > p->end)
			p->end = it->at + it->bytes;
	}
	arena_rewind(a, m);
	return ok;
}
