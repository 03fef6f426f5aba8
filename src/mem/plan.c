/*
 * plan: see plan.h. While everything fits, no two buffers share bytes: reuse makes hazards that cost synchronisation.
 * Otherwise first fit in time order: live buffers and gaps alternate in a list sorted by offset, whose length is
 * bounded by the granules of the space, so the cost is linear in the buffers. When time order fragments the space,
 * groups of buffers that overlap in time (directly or through others) are placed again by size.
 */
#include "mem/plan.h"

#include "base/num.h"

#include <stdlib.h>

enum { GROUP_MAX = 2048 };	/* placing by size is quadratic in the group */

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

static uint64_t
fit_in_order(struct space_plan *p, struct item **order, struct item **near, uint32_t n)
{
	uint64_t end = p->base;

	for (uint32_t k = 0; k < n; k++) {
		struct item *it = order[k];
		struct fit f = {.live = near, .n = 0};
		for (uint32_t i = 0; i < k; i++)
			if (order[i]->lo <= it->hi && it->lo <= order[i]->hi)
				near[f.n++] = order[i];
		qsort(near, f.n, sizeof *near, by_offset);
		insert(p, &f, it);
		if (it->at + it->bytes > end)
			end = it->at + it->bytes;
	}
	return end;
}

/* ---- groups ---- */

static bool
place_group(struct arena *a, struct space_plan *p, struct fit *f, uint32_t from, uint32_t to)
{
	static int (*const order_by[])(const void *, const void *) = {by_size, by_life};
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
		ok = e <= p->cap;
		end = ok || e < end ? e : end;
		arena_rewind(a, m);
	}
	if (end > p->end)
		p->end = end;
	return ok;
}

bool
plan_reuse(struct arena *a, struct space_plan *p)
{
	struct arena_mark m = arena_mark(a);
	struct fit f = {.live = ARENA_ARRAY(a, struct item *, p->n + 1), .n = 0};
	bool ok = true;

	p->end = p->base;
	for (uint32_t from = 0, to; from < p->n; from = to) {
		uint32_t last = p->item[from].hi;
		for (to = from + 1; to < p->n && p->item[to].lo <= last; to++)
			if (p->item[to].hi > last)
				last = p->item[to].hi;
		ok = place_group(a, p, &f, from, to) && ok;
	}
	p->need = p->end;
	arena_rewind(a, m);
	return ok;
}

/* ---- for messages ---- */

static int
by_end(const void *x, const void *y)
{
	const struct item *a = *(struct item *const *)x, *b = *(struct item *const *)y;
	int c = compare(a->hi, b->hi);

	return c ? c : compare(a->root, b->root);
}

uint64_t
plan_peak(struct arena *a, const struct space_plan *p, uint32_t *at)
{
	struct arena_mark m = arena_mark(a);
	struct item **end = ARENA_ARRAY(a, struct item *, p->n + 1);
	uint64_t now = 0, most = 0;

	for (uint32_t k = 0; k < p->n; k++)
		end[k] = &p->item[k];
	qsort(end, p->n, sizeof *end, by_end);
	*at = 0;
	for (uint32_t k = 0, e = 0; k < p->n; k++) {
		for (; end[e]->hi < p->item[k].lo; e++)
			now -= num_round_up(end[e]->bytes, p->align);
		now += num_round_up(p->item[k].bytes, p->align);
		if (now > most) {
			most = now;
			*at = p->item[k].lo;
		}
	}
	arena_rewind(a, m);
	return most;
}
