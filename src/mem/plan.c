/*
 * plan: see plan.h. While everything fits, no two buffers share bytes: reuse makes hazards that cost synchronisation.
 * Otherwise the cheapest arrangement in time order (reuse.c). When time order fragments the space, groups of buffers
 * that overlap in time (directly or through others) are placed again by size, by life, by begin, and in orders found by
 * search; so are buffers with holes in their ranges (holes.c). Large groups are placed in windows. What fits is made
 * cheaper in the end (relax.c).
 */
#include "mem/plan.h"

#include "base/num.h"

#include <stdlib.h>

enum { GROUP_MAX = 2048 };	/* placing by size is quadratic in the group */
enum { ROUNDS_MAX = 200, WINDOW_ROUNDS = 40 };
/* Pairs of buffers compared while searching, per space and function: so many, and more for each buffer. */
enum { STEPS_MAX = 8000000, STEPS_PER_ITEM = 200 };

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

static int
by_begin(const void *x, const void *y)
{
	const struct item *a = *(struct item *const *)x, *b = *(struct item *const *)y;
	int c = compare(a->lo, b->lo);

	return c ? c : by_size(x, y);
}

/* Buffers to be placed, beside ones that have their place. */
struct batch {
	struct item **order;	/* n of them, in the order in which they are placed */
	struct item **fixed;	/* by offset */
	struct item **near;	/* room for 2 n + nfixed */
	struct item **placed;	/* room for n + nfixed */
	uint32_t n, nfixed;
};

/* Adds a buffer to a list by offset. */
static void
placed_add(struct item **placed, uint32_t n, struct item *it)
{
	uint32_t lo = 0, hi = n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (by_offset(&placed[mid], &it) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	memmove(placed + lo + 1, placed + lo, (n - lo) * sizeof *placed);
	placed[lo] = it;
}

/* Returns where the last one ends. */
static uint64_t
fit_in_order(struct space_plan *p, const struct batch *b)
{
	struct item **order = b->order, **near = b->near, **placed = b->placed;
	uint64_t end = p->base;

	for (uint32_t i = 0; i < b->nfixed; i++)
		placed[i] = b->fixed[i];

	for (uint32_t k = 0; k < b->n; k++) {
		struct item *it = order[k];
		struct fit f = {.live = near, .n = 0};
		for (uint32_t i = 0; i < b->nfixed + k; i++)
			if (items_meet(placed[i], it))
				near[f.n++] = placed[i];
		insert(p, &f, it);
		placed_add(placed, b->nfixed + k, it);
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
search_order(struct space_plan *p, const struct batch *b, uint32_t rounds, uint64_t *steps)
{
	struct item **order = b->order, **blamed = b->near + b->n + b->nfixed;
	uint64_t least = UINT64_MAX;
	uint32_t n = b->n;

	for (uint32_t round = 0; round < rounds && *steps; round++) {
		uint64_t end = fit_in_order(p, b), cost = (uint64_t)n * (n + b->nfixed);
		uint32_t nb = 0, keep = n;
		*steps -= cost < *steps ? cost : *steps;
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

static int (*const order_by[])(const void *, const void *) = {by_size, by_life, by_begin};

/* The items [from, to) beside the fixed ones, in several orders. *end: the least that one of them needs. */
static bool
place_batch(struct arena *a, struct space_plan *p, uint32_t from, uint32_t to, const struct fit *fixed, uint32_t rounds,
	    uint64_t *steps, uint64_t *end)
{
	struct arena_mark m = arena_mark(a);
	uint32_t n = to - from;
	struct batch b = {.order = ARENA_ARRAY(a, struct item *, n), .n = n, .fixed = fixed->live, .nfixed = fixed->n,
			  .near = ARENA_ARRAY(a, struct item *, 2 * n + fixed->n),
			  .placed = ARENA_ARRAY(a, struct item *, n + fixed->n)};
	bool ok = false;

	if (b.nfixed)
		qsort(b.fixed, b.nfixed, sizeof *b.fixed, by_offset);

	for (uint32_t s = 0; !ok && s < sizeof order_by / sizeof order_by[0]; s++) {
		for (uint32_t k = 0; k < n; k++)
			b.order[k] = &p->item[from + k];
		qsort(b.order, n, sizeof *b.order, order_by[s]);
		uint64_t e = fit_in_order(p, &b);
		*end = e < *end ? e : *end;
		ok = e <= p->cap || search_order(p, &b, rounds, steps);
	}
	arena_rewind(a, m);
	return ok;
}

/* ---- windows ---- */

enum { WINDOW_MAX = 512 };

/* Items placed so far that may be live when a window begins; compacted now and then. */
struct recent {
	uint32_t *index;	/* ascending */
	uint32_t n, since;
};

static void
recent_add(const struct space_plan *p, struct recent *r, uint32_t first, uint32_t k)
{
	r->index[r->n++] = k;
	if (++r->since < WINDOW_MAX)
		return;
	uint32_t now = p->item[k - first > WINDOW_MAX ? k - WINDOW_MAX : first].lo, n = 0;
	for (uint32_t i = 0; i < r->n; i++)
		if (p->item[r->index[i]].hi >= now)
			r->index[n++] = r->index[i];
	r->n = n;
	r->since = 0;
}

/* Of the items that are live at position `now`, those in front of item `from`. */
static void
recent_live(struct space_plan *p, const struct recent *r, struct fit *f, uint32_t from, uint32_t now)
{
	f->n = 0;
	for (uint32_t i = 0; i < r->n && r->index[i] < from; i++)
		if (p->item[r->index[i]].hi >= now)
			f->live[f->n++] = &p->item[r->index[i]];
}

/* Places the items around k, which does not fit, again; returns the first one behind them, k when nothing helps. */
static uint32_t
place_window(struct arena *a, struct space_plan *p, const struct recent *r, struct fit *f, uint32_t first, uint32_t k,
	     uint32_t last, uint64_t *steps)
{
	uint64_t ignored = UINT64_MAX;

	for (uint32_t w = WINDOW_MAX / 16; w <= WINDOW_MAX; w *= 4) {
		uint32_t from = k - first > w ? k - w : first, to = last - k > w / 4 + 1 ? k + w / 4 + 1 : last;
		recent_live(p, r, f, from, p->item[from].lo);
		if (place_batch(a, p, from, to, f, WINDOW_ROUNDS, steps, &ignored))
			return to;
	}
	return k;
}

/*
 * In time order; where that does not fit, the buffers around are placed again, in windows that grow, beside what is
 * live when the window begins. Linear but for the windows, whose work `steps` bounds.
 */
static bool
place_in_windows(struct arena *a, struct space_plan *p, struct fit *f, uint32_t first, uint32_t last, uint64_t *steps)
{
	struct arena_mark m = arena_mark(a);
	struct recent r = {.index = ARENA_ARRAY(a, uint32_t, last - first)};
	bool ok = true;

	f->n = 0;
	for (uint32_t k = first; k < last && ok;) {
		struct item *it = &p->item[k];
		uint32_t to = k + 1;
		expire(f, it->lo);
		insert(p, f, it);
		bool fits = it->at + it->bytes <= p->cap;
		if (!fits)
			to = place_window(a, p, &r, f, first, k, last, steps);
		ok = to > k;
		for (; k < to; k++)
			recent_add(p, &r, first, k);
		if (fits || !ok || to == last)
			continue;
		recent_live(p, &r, f, to, p->item[to].lo);
		if (f->n)
			qsort(f->live, f->n, sizeof *f->live, by_offset);
	}
	arena_rewind(a, m);
	return ok;
}

/* All of a group at once, unless it is too large; windows first where they are smaller than the group. */
static bool
place_group(struct arena *a, struct space_plan *p, struct fit *f, uint32_t from, uint32_t to, uint64_t *steps)
{
	struct fit none = {.n = 0};
	uint64_t end = fit_in_time(p, f, from, to);
	bool ok = end <= p->cap;

	if (!ok && to - from > WINDOW_MAX / 16) {
		uint64_t half = *steps / 2;
		*steps -= half;
		ok = place_in_windows(a, p, f, from, to, &half);
		*steps += half;
	}
	if (!ok && to - from <= GROUP_MAX)
		ok = place_batch(a, p, from, to, &none, ROUNDS_MAX, steps, &end);
	end = ok ? p->cap : end;
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
	uint64_t steps = STEPS_MAX + STEPS_PER_ITEM * (uint64_t)p->n;
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
	for (unsigned r = 0; !p->pieces && r < GAP_RULES && !(found && p->cost == 0); r++) {
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
	if (!found) {
		found = plan_groups(a, p);
		if (found && !p->first_fit)
			plan_relax(a, p);
	}
	return found;
}

/* ---- what an item holds ---- */

bool
items_meet(const struct item *x, const struct item *y)
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
