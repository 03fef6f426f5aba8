/*
 * relax: an arrangement that fits, made cheaper. However it was found, a buffer may have another gap for which nobody
 * else has to move, where taking over the bytes and handing them on costs less (order.h). Buffers are tried one by one,
 * in time order; what changes is looked for among the ones that begin before and after it. The work is bounded.
 */
#include "mem/plan.h"

#include "base/num.h"

#include <stdlib.h>

enum { AROUND = 48, PLACES_MAX = 24, ROUNDS = 3 };
/* Buffers looked at, per space and function: so many, and more for each buffer. */
enum { STEPS_MAX = 400000, STEPS_PER_ITEM = 10 };

struct relax {
	struct arena *a;
	struct space_plan *p;
	uint32_t *active, nactive;	/* items that began before the one at hand and are not over */
	struct item **near;		/* that meet it */
	uint32_t nnear;
	uint64_t place[PLACES_MAX];
	uint32_t nplace;
	uint64_t steps;
};

static int
by_offset(const void *x, const void *y)
{
	const struct item *a = *(struct item *const *)x, *b = *(struct item *const *)y;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return a->root < b->root ? -1 : a->root > b->root;
}

static void
find_near(struct relax *r, uint32_t k)
{
	struct space_plan *p = r->p;
	struct item *it = &p->item[k];
	uint32_t n = 0;

	r->nnear = 0;
	for (uint32_t i = 0; i < r->nactive; i++) {
		struct item *x = &p->item[r->active[i]];
		if (x->hi < it->lo)
			continue;
		r->active[n++] = r->active[i];
		if (items_meet(x, it))
			r->near[r->nnear++] = x;
	}
	r->nactive = n;
	uint32_t i = k + 1;
	for (; i < p->n && p->item[i].lo <= it->hi; i++)
		if (items_meet(&p->item[i], it))
			r->near[r->nnear++] = &p->item[i];
	uint64_t looked = n + (i - k);
	r->steps -= looked < r->steps ? looked : r->steps;
	r->active[r->nactive++] = k;
}

static void
add_place(struct relax *r, uint64_t at)
{
	if (r->nplace < PLACES_MAX)
		r->place[r->nplace++] = at;
}

/* In the gap [lo, hi): at its ends, and exactly where a buffer of about that time was or will be. */
static void
places_in_gap(struct relax *r, const struct item *it, uint64_t lo, uint64_t hi, uint32_t from, uint32_t to)
{
	uint64_t align = r->p->align, first = num_round_up(lo, align);

	if (first + it->bytes > hi)
		return;
	add_place(r, first);
	uint64_t last = (hi - it->bytes) / align * align;
	if (last > first)
		add_place(r, last);
	for (uint32_t i = from; i < to; i++) {
		uint64_t at = r->p->item[i].at;
		if (at > first && at < last)
			add_place(r, at);
	}
}

static void
find_places(struct relax *r, const struct item *it, uint32_t from, uint32_t to)
{
	uint64_t lo = r->p->base;

	r->nplace = 0;
	if (r->nnear)
		qsort(r->near, r->nnear, sizeof *r->near, by_offset);
	for (uint32_t i = 0; i < r->nnear; i++) {
		const struct item *x = r->near[i];
		if (x->at > lo)
			places_in_gap(r, it, lo, x->at, from, to);
		lo = x->at + x->bytes > lo ? x->at + x->bytes : lo;
	}
	places_in_gap(r, it, lo, r->p->cap, from, to);
}

/* Moves item k when that is cheaper. */
static bool
relax_item(struct relax *r, uint32_t k)
{
	struct space_plan *p = r->p;
	struct item *it = &p->item[k];
	uint32_t from = k > AROUND ? k - AROUND : 0, to = p->n - k > AROUND ? k + AROUND : p->n;
	uint64_t best = plan_cost(r->a, p, from, to), at = it->at;
	bool moved = false;

	find_near(r, k);
	if (best == 0)
		return false;
	find_places(r, it, from, to);
	for (uint32_t i = 0; i < r->nplace && r->steps; i++) {
		it->at = r->place[i];
		uint64_t cost = plan_cost(r->a, p, from, to);
		r->steps -= to - from < r->steps ? to - from : r->steps;
		if (cost >= best)
			continue;
		best = cost;
		at = it->at;
		moved = true;
	}
	it->at = at;
	return moved;
}

void
plan_relax(struct arena *a, struct space_plan *p)
{
	struct arena_mark m = arena_mark(a);
	struct relax r = {.a = a, .p = p, .steps = STEPS_MAX + STEPS_PER_ITEM * (uint64_t)p->n};
	/* A part of the items costs no more than all of them: where that is nothing, nothing can be gained. */
	bool moved = plan_cost(a, p, 0, p->n) != 0;

	r.active = ARENA_ARRAY(a, uint32_t, p->n + 1);
	r.near = ARENA_ARRAY(a, struct item *, p->n + 1);
	for (unsigned round = 0; moved && round < ROUNDS && r.steps; round++) {
		moved = false;
		r.nactive = 0;
		for (uint32_t k = 0; k < p->n && r.steps; k++)
			moved |= relax_item(&r, k);
	}
	p->end = p->base;
	for (uint32_t k = 0; k < p->n; k++)
		if (p->item[k].at + p->item[k].bytes > p->end)
			p->end = p->item[k].at + p->item[k].bytes;
	arena_rewind(a, m);
}
