/*
 * plan: see plan.h. While everything fits, no two buffers share bytes: reuse makes hazards that cost synchronisation.
 * Otherwise the cheapest arrangement in time order (reuse.c). When time order fragments the space, groups of buffers
 * that overlap in time (directly or through others) are placed again by size, by life, by begin, and in orders found by
 * search; so are buffers with holes in their ranges (holes.c).
 */
#include "mem/plan.h"

#include "base/num.h"

#include <stdlib.h>

enum { GROUP_MAX = 2048 };	/* placing by size is quadratic in the group */
enum { ROUNDS_MAX = 200 };
static const uint64_t STEPS_MAX = 8000000;	/* pairs of buffers compared while searching, per space and function */

bool
plan_bump(struct space_plan *p)
{
	uint64_t at = num_round_up(p->base, p->align);

	for (uint32_t k = 0; k < p->n; k++) {
		p->item[k].at = at;
		at += num_round_up(p->item[k].bytes, p->align);
	}
	p->end = at;
	return at <= p->cap;
}

/* ---- first fit in time order ---- */

struct fit {
	struct item **live;	/* sorted by offset */
	uint32_t n;
};

static void
expire(struct fit *f, uint32_t now)
{
	uint32_t n = 0;

	for (uint32_t k = 0; k < f->n; k++)
		if (f->live[k]->hi >= now)
			f->live[n++] = f->live[k];
	f->n = n;
}

/* Lowest gap between the live buffers. */
static void
insert(const struct space_plan *p, struct fit *f, struct item *it)
{
	uint64_t at = num_round_up(p->base, p->align), bytes = num_round_up(it->bytes, p->align);
	uint32_t k = 0;

	for (; k < f->n && f->live[k]->at < at + bytes; k++)
		if (f->live[k]->at + f->live[k]->bytes > at)
			at = num_round_up(f->live[k]->at + f->live[k]->bytes, p->align);
	it->at = at;
	memmove(f->live + k + 1, f->live + k, (f->n - k) * sizeof *f->live);
	f->live[k] = it;
	f->n++;
}

/* Places item[from..to); a group may be placed on its own because nothing outside is live with it. */
static uint64_t
fit_in_time(struct space_plan *p, struct fit *f, uint32_t from, uint32_t to)
{
	uint64_t end = p->base;

	f->n = 0;
	for (uint32_t k = from; k < to; k++) {
		struct item *it = &p->item[k];
		expire(f, it->lo);
		insert(p, f, it);
		if (it->at + it->bytes > end)
			end = it->at + it->bytes;
	}
	return end;
}

/* ---- by size, or by length of life ---- */

static int
compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int
by_offset(const void *x, const void *y)
{
	const struct item *a = *(struct item *const *)x, *b = *(struct item *const *)y;
	int c = compare(a->at, b->at);

	return c ? c : compare(a->root, b->root);
}

static int
by_size(const void *x, const void *y)
{
	const struct item *a = *(struct item *const *)x, *b = *(struct item *const *)y;
	int c = compare(b->bytes, a->bytes);

	return c ? c : compare(a->root, b->root);
}

static int
by_life(const void *x, const void *y)
{
	const struct item *a = *(struct item *const *)x, *b = *(struct item *const *)y;
	int c = compare(b->hi - b->lo, a->hi - a->lo);

	return c ? c : by_size(x, y);
}

/* Do both hold data at one position? */
static bool
meet(const struct item *x, const struct item *y)
{
	struct piece a = {x->lo, x->hi}, b = {y->lo, y->hi};
	const struct piece *p = x->npiece ? x->piece : &a, *q = y->npiece ? y->piece : &b;
	const struct piece *pe = p + (x->npiece ? x->npiece : 1), *qe = q + (y->npiece ? y->npiece : 1);

	if (x->lo > y->hi || y->lo > x->hi)
		return false;
	while (p < pe && q < qe) {
		if (p->lo <= q->hi && q->lo <= p->hi)
			return true;
		if (p->hi < q->hi)
			p++;
		else
			q++;
	}
	return false;
}

static int
by_begin(const void *x, const void *y)
{
	const struct item *a = *(struct item *const *)x, *b = *(struct item *const *)y;
	int c = compare(a->lo, b->lo);

	return c ? c : by_size(x, y);
}

static uint64_t
fit_in_order(struct space_plan *p, struct item **order, struct item **near, uint32_t n)
{
	uint64_t end = p->base;

	for (uint32_t k = 0; k < n; k++) {
		struct item *it = order[k];
		struct fit f = {.live = near, .n = 0};
		for (uint32_t i = 0; i < k; i++)
			if (meet(order[i], it))
				near[f.n++] = order[i];
		qsort(near, f.n, sizeof *near, by_offset);
		insert(p, &f, it);
		if (it->at + it->bytes > end)
			end = it->at + it->bytes;
	}
	return end;
}

/* ---- groups ---- */

/*
 * Better orders by blaming: buffers that ended behind the space move to the front, so that the next round places them
 * first. The arrangement is kept in the items when it fits.
 */
static bool
search_order(struct space_plan *p, struct item **order, struct item **near, uint32_t n, uint64_t *steps)
{
	struct item **blamed = near + n;
	uint64_t least = UINT64_MAX;

	for (uint32_t round = 0; round < ROUNDS_MAX && *steps < STEPS_MAX; round++) {
		uint64_t end = fit_in_order(p, order, near, n);
		uint32_t nb = 0, keep = n;
		*steps += (uint64_t)n * n;
		if (end <= p->cap)
			return true;
		/* blame what ends highest when nothing got better, everything behind the space otherwise */
		uint64_t limit = end < least ? p->cap : end - 1;
		least = end < least ? end : least;
		for (uint32_t k = n; k-- > 0;) {
			if (order[k]->at + order[k]->bytes > limit)
				blamed[nb++] = order[k];
			else
				order[--keep] = order[k];
		}
		/* half of the way, every other round all of it */
		uint32_t skip = round % 2 ? 0 : keep < n ? (n - keep) / 4 : 0;
		memmove(order, order + keep, skip * sizeof *order);
		for (uint32_t k = 0; k < nb; k++)
			order[skip + k] = blamed[nb - 1 - k];
	}
	return false;
}

static bool
place_group(struct arena *a, struct space_plan *p, struct fit *f, uint32_t from, uint32_t to, uint64_t *steps)
{
	static int (*const order_by[])(const void *, const void *) = {by_size, by_life, by_begin};
	uint64_t end = fit_in_time(p, f, from, to);
	uint32_t n = to - from;
	bool ok = end <= p->cap;

	for (uint32_t s = 0; !ok && n <= GROUP_MAX && s < sizeof order_by / sizeof order_by[0]; s++) {
		struct arena_mark m = arena_mark(a);
		struct item **order = ARENA_ARRAY(a, struct item *, n);
		for (uint32_t k = 0; k < n; k++)
			order[k] = &p->item[from + k];
		qsort(order, n, sizeof *order, order_by[s]);
		uint64_t e = fit_in_order(p, order, f->live, n);
		end = e < end ? e : end;
		ok = e <= p->cap || search_order(p, order, f->live, n, steps);
		end = ok ? p->cap : end;
		arena_rewind(a, m);
	}
	if (end > p->end)
		p->end = end;
	return ok;
}

/* Groups of buffers that are live together, directly or through others. */
static bool
plan_groups(struct arena *a, struct space_plan *p)
{
	struct arena_mark m = arena_mark(a);
	struct fit f = {.live = ARENA_ARRAY(a, struct item *, 2 * p->n + 1), .n = 0};
	uint64_t steps = 0;
	bool ok = true;

	p->end = p->base;
	for (uint32_t from = 0, to; from < p->n; from = to) {
		uint32_t last = p->item[from].hi;
		for (to = from + 1; to < p->n && p->item[to].lo <= last; to++)
			if (p->item[to].hi > last)
				last = p->item[to].hi;
		ok = place_group(a, p, &f, from, to, &steps) && ok;
	}
	p->need = p->end;
	for (uint32_t k = 0; k < p->n && ok; k++)
		if (k == 0 || p->item[k].at + p->item[k].bytes > p->end)
			p->end = p->item[k].at + p->item[k].bytes;
	arena_rewind(a, m);
	return ok;
}

/* The cheapest of the arrangements in time order; another order only when none of them fits. */
bool
plan_reuse(struct arena *a, struct space_plan *p)
{
	struct arena_mark m = arena_mark(a);
	uint64_t *at = ARENA_ARRAY(a, uint64_t, p->n + 1), cost, end = 0;
	bool found = !p->pieces && p->first_fit && plan_in_time(a, p, GAP_FIRST, &p->cost);

	if (found)
		return true;
	if (p->pieces)
		return plan_groups(a, p);
	for (unsigned r = 0; r < GAP_RULES && !(found && p->cost == 0); r++) {
		if (!plan_in_time(a, p, (enum gap_rule)r, &cost) || (found && cost >= p->cost))
			continue;
		found = true;
		p->cost = cost;
		end = p->end;
		for (uint32_t k = 0; k < p->n; k++)
			at[k] = p->item[k].at;
	}
	for (uint32_t k = 0; k < p->n && found; k++)
		p->item[k].at = at[k];
	p->end = end;
	arena_rewind(a, m);
	return found || plan_groups(a, p);
}

/* ---- for messages ---- */

bool
item_live_at(const struct item *it, uint32_t pos)
{
	bool live = it->npiece == 0;

	for (uint32_t k = 0; k < it->npiece; k++)
		live |= it->piece[k].lo <= pos && pos <= it->piece[k].hi;
	return live && it->lo <= pos && pos <= it->hi;
}

/* Bytes that begin or end to be live. */
struct change {
	uint32_t pos;
	uint64_t bytes;
};

static int
by_pos(const void *x, const void *y)
{
	const struct change *a = x, *b = y;

	return compare(a->pos, b->pos);
}

/* Begins from at[0] on, ends from at[room] on. */
static void
changes(const struct space_plan *p, struct change *at, uint32_t room)
{
	uint32_t n = 0;

	for (uint32_t k = 0; k < p->n; k++) {
		const struct item *it = &p->item[k];
		uint64_t bytes = num_round_up(it->bytes, p->align);
		for (uint32_t i = 0; i < (it->npiece ? it->npiece : 1); i++) {
			at[n] = (struct change){it->npiece ? it->piece[i].lo : it->lo, bytes};
			at[room + n++] = (struct change){it->npiece ? it->piece[i].hi : it->hi, bytes};
		}
	}
}

uint64_t
plan_peak(struct arena *a, const struct space_plan *p, uint32_t *at)
{
	struct arena_mark m = arena_mark(a);
	uint64_t now = 0, most = 0;
	uint32_t n = 0;

	*at = 0;
	for (uint32_t k = 0; k < p->n; k++)
		n += p->item[k].npiece ? p->item[k].npiece : 1;
	struct change *begin = ARENA_ARRAY(a, struct change, 2 * n + 1), *end = begin + n;
	changes(p, begin, n);
	if (n) {
		qsort(begin, n, sizeof *begin, by_pos);
		qsort(end, n, sizeof *end, by_pos);
	}
	for (uint32_t k = 0, e = 0; k < n; k++) {
		for (; end[e].pos < begin[k].pos; e++)
			now -= end[e].bytes;
		now += begin[k].bytes;
		if (now > most) {
			most = now;
			*at = begin[k].pos;
		}
	}
	arena_rewind(a, m);
	return most;
}
