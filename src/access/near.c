/*
 * near: which sets may overlap which, whatever the iterations. Local sets of one space, and GM sets of one root that
 * differ by constants only, are swept in address order; other GM sets are compared pairwise up to a limit, beyond which
 * the class is reported as one. Cost: n log n plus a bounded number of exact tests per set.
 */
#include "access/model.h"

#include <stdlib.h>

enum { TEST_MAX = 256 }; /* exact tests per set before hulls decide */

struct item {
	uint64_t group; /* function, then space or root */
	uint32_t key;   /* GM: symbolic part of the base that cancels, as an aff with constant 0 */
	uint32_t set;
	int64_t lo, hi;
	bool open;
};

struct pair {
	uint32_t set, other;
};

struct sweep {
	struct access *ac;
	VEC(struct pair) pair;
	uint32_t *deg, *tests;          /* by set */
	const struct item **act, **sat; /* being passed: lists unfinished; full, as a heap by hi */
	uint32_t nact, nsat;
};

static int
item_cmp(const void *x, const void *y)
{
	const struct item *a = x, *b = y;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	if (a->lo != b->lo)
		return a->lo < b->lo ? -1 : 1;
	return a->set < b->set ? -1 : a->set > b->set;
}

static bool
test(struct sweep *w, uint32_t a, uint32_t b)
{
	const uint8_t *use = w->ac->use.at;
	unsigned widen = ((use[a] & USE_SCALAR) && (use[b] & USE_PIPE) ? 1u : 0u) |
			 ((use[b] & USE_SCALAR) && (use[a] & USE_PIPE) ? 2u : 0u);

	return region_overlap(w->ac, a, b, WHEN_ANY, 0, widen);
}

/* Adds b to the list of a. */
static void
link_one(struct sweep *w, uint32_t a, uint32_t b)
{
	if (w->ac->near[a].all)
		return;
	if (++w->deg[a] >= ACCESS_NEAR_MAX) /* the set itself counts too */
		w->ac->near[a].all = true;
	else
		VEC_PUSH(w->ac->a, &w->pair, (struct pair){a, b});
}

/* ---- sweep ---- */

static void
heap_push(struct sweep *w, const struct item *x)
{
	uint32_t k = w->nsat++;

	for (; k && w->sat[(k - 1) / 2]->hi > x->hi; k = (k - 1) / 2)
		w->sat[k] = w->sat[(k - 1) / 2];
	w->sat[k] = x;
}

static void
heap_pop(struct sweep *w)
{
	const struct item *x = w->sat[--w->nsat];
	uint32_t k = 0;

	for (uint32_t c; (c = 2 * k + 1) < w->nsat; k = c) {
		if (c + 1 < w->nsat && w->sat[c + 1]->hi < w->sat[c]->hi)
			c++;
		if (w->sat[c]->hi >= x->hi)
			break;
		w->sat[k] = w->sat[c];
	}
	w->sat[k] = x;
}

/* Compares x with the open sets before it whose lists are unfinished. */
static void
sweep_active(struct sweep *w, const struct item *x)
{
	for (uint32_t i = 0; i < w->nact;) {
		const struct item *y = w->act[i];
		bool live = y->hi > x->lo;
		if (live && (++w->tests[y->set] > TEST_MAX || test(w, y->set, x->set))) {
			link_one(w, y->set, x->set);
			link_one(w, x->set, y->set);
		}
		if (live && !w->ac->near[y->set].all) {
			i++;
			continue;
		}
		w->act[i] = w->act[--w->nact];
		if (live)
			heap_push(w, y);
	}
}

static void
sweep_group(struct sweep *w, const struct item *it, uint32_t n)
{
	struct near *near = w->ac->near;

	w->nact = w->nsat = 0;
	for (uint32_t k = 0; k < n; k++) {
		const struct item *x = &it[k];
		while (w->nsat && w->sat[0]->hi <= x->lo)
			heap_pop(w);
		sweep_active(w, x);
		if (w->nsat > ACCESS_NEAR_MAX)
			near[x->set].all = true;
		for (uint32_t i = 0; i < w->nsat && !near[x->set].all; i++)
			if (test(w, w->sat[i]->set, x->set))
				link_one(w, x->set, w->sat[i]->set);
		if (near[x->set].all)
			heap_push(w, x);
		else
			w->act[w->nact++] = x;
	}
}

/* ---- groups ---- */

static void
pairwise(struct sweep *w, const struct item *it, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < i; k++)
			if (test(w, it[k].set, it[i].set)) {
				link_one(w, it[k].set, it[i].set);
				link_one(w, it[i].set, it[k].set);
			}
}

/* Sets of one local space: sweep; a gap in the addresses starts another class. */
static void
local_group(struct sweep *w, const struct item *it, uint32_t n, uint32_t *nclass)
{
	int64_t end = -AFF_INF;

	for (uint32_t k = 0; k < n; k++) {
		if (it[k].lo >= end)
			++*nclass;
		if (it[k].hi > end)
			end = it[k].hi;
		w->ac->near[it[k].set].class = *nclass;
	}
	sweep_group(w, it, n);
}

static void
gm_group(struct sweep *w, const struct item *it, uint32_t n, uint32_t *nclass)
{
	bool same = true;

	++*nclass;
	for (uint32_t k = 0; k < n; k++) {
		w->ac->near[it[k].set].class = w->ac->region.at[it[k].set].kind == RG_GM_ANY ? 0 : *nclass;
		same = same && !it[k].open && it[k].key == it[0].key;
	}
	if (n <= ACCESS_NEAR_MAX)
		pairwise(w, it, n);
	else if (same)
		sweep_group(w, it, n);
	else
		for (uint32_t k = 0; k < n; k++)
			w->ac->near[it[k].set].all = true;
}

/* The terms of a base that mean the same value in every iteration, without the constant. */
static uint32_t
fixed_part(struct access *ac, uint32_t base)
{
	struct affines *t = &ac->aff;
	uint32_t r = base;

	r = aff_add(t, r, aff_const(t, -t->aff.at[base].c));
	for (uint32_t k = 0; k < t->aff.at[base].nterm; k++) {
		struct term v = t->term.at[t->aff.at[base].term0 + k];
		if (t->sym.at[v.sym].scope != 1 || t->sym.at[v.sym].loose)
			r = aff_add(t, r, aff_symbol(t, v.sym, -v.coef));
	}
	return r;
}

static void
item_init(struct access *ac, uint32_t set, bool alias, struct item *x)
{
	const struct region *r = &ac->region.at[set];
	/* Lines of 64 bytes around scalar accesses; harmless elsewhere. */
	int64_t around = r->space == SP_GM ? CACHE_LINE_BYTES - 1 : 0;

	x->set = set;
	x->group = (uint64_t)r->func << 32 | (r->space == SP_GM ? SPACE_COUNT + (alias ? 0 : r->root.i) : r->space);
	x->open = !region_hull(ac, set, &x->lo, &x->hi);
	if (x->open) {
		x->lo = -AFF_INF;
		x->hi = AFF_INF;
	}
	x->lo -= around;
	x->hi += around;
	x->key = r->kind == RG_GM ? fixed_part(ac, r->base) : 0;
}

/* GM sets of a function that holds a set nobody can place: everything may overlap that one. */
static void
link_unknown(struct sweep *w, const struct item *it, uint32_t n, uint32_t unknown)
{
	for (uint32_t k = 0; k < n; k++) {
		if (it[k].set == unknown || w->ac->region.at[it[k].set].space != SP_GM)
			continue;
		link_one(w, it[k].set, unknown);
		link_one(w, unknown, it[k].set);
	}
}

/* All sets of one function, sorted by group. */
static void
function_group(struct sweep *w, const struct item *it, uint32_t n, uint32_t *nclass)
{
	struct access *ac = w->ac;
	uint32_t unknown = 0;

	for (uint32_t k = 0, e; k < n; k = e) {
		for (e = k + 1; e < n && it[e].group == it[k].group;)
			e++;
		if (ac->region.at[it[k].set].space == SP_GM)
			gm_group(w, it + k, e - k, nclass);
		else
			local_group(w, it + k, e - k, nclass);
	}
	for (uint32_t k = 0; k < n; k++)
		if (ac->region.at[it[k].set].kind == RG_GM_ANY)
			unknown = it[k].set;
	if (unknown && !ac->opt.gm_alias)
		link_unknown(w, it, n, unknown);
}

/* Adds a set to a short sorted list without doubles. */
static void
list_add(uint32_t *at, uint32_t *n, uint32_t set)
{
	uint32_t k = *n;

	while (k && at[k - 1] > set)
		k--;
	if (k && at[k - 1] == set)
		return;
	memmove(at + k + 1, at + k, (*n - k) * sizeof *at);
	at[k] = set;
	++*n;
}

/* Pairs -> lists: at most ACCESS_NEAR_MAX entries each, the set itself included. */
static void
finish(struct sweep *w)
{
	struct access *ac = w->ac;
	uint32_t n = 0;

	for (uint32_t s = 1; s < ac->region.n; s++) {
		ac->near[s].first = n;
		n += ac->near[s].all ? 0 : w->deg[s] + 1;
	}
	VEC_ADD(ac->a, &ac->near_id, n);
	for (uint32_t s = 1; s < ac->region.n; s++)
		if (!ac->near[s].all)
			list_add(ac->near_id.at + ac->near[s].first, &ac->near[s].n, s);
	for (uint32_t k = 0; k < w->pair.n; k++) {
		struct near *d = &ac->near[w->pair.at[k].set];
		if (!d->all)
			list_add(ac->near_id.at + d->first, &d->n, w->pair.at[k].other);
	}
}

void
near_build(struct access *ac)
{
	uint32_t n = ac->region.n - 1, nclass = 0;
	struct sweep w = {.ac = ac};

	ac->near = ARENA_ARRAY(ac->a, struct near, ac->region.n);
	w.deg = ARENA_ARRAY(ac->a, uint32_t, ac->region.n);
	w.tests = ARENA_ARRAY(ac->a, uint32_t, ac->region.n);
	w.act = ARENA_ARRAY(ac->a, const struct item *, n + 1);
	w.sat = ARENA_ARRAY(ac->a, const struct item *, n + 1);
	struct item *it = ARENA_ARRAY(ac->a, struct item, n + 1);
	for (uint32_t s = 1; s <= n; s++)
		item_init(ac, s, ac->opt.gm_alias, &it[s - 1]);
	qsort(it, n, sizeof *it, item_cmp);
	for (uint32_t k = 0, e; k < n; k = e) {
		for (e = k + 1; e < n && it[e].group >> 32 == it[k].group >> 32;)
			e++;
		function_group(&w, it + k, e - k, &nclass);
	}
	finish(&w);
}
