/*
 * exact: bytes that two accesses certainly have in common when the values behind their addresses are known: what a
 * counter-example shows. "No" may mean "too much to look at".
 */
#include "access/model.h"

enum { RUNS_MAX = 4096, PAIRS_MAX = 1 << 18 };

/* All runs of one access: count[k] of them stride[k] apart, from `at`; each of `width` bytes, or their lines. */
struct runs {
	int64_t at, width, n;
	struct dim dim[GM_MAX_RANK];
	uint32_t ndim;
	bool lines;
};

static bool
aff_at(const struct access *ac, uint32_t a, const struct access_at *v, int64_t *r)
{
	const struct aff *d = &ac->aff.aff.at[a];

	*r = d->c;
	for (uint32_t k = 0; k < d->nterm; k++) {
		const struct term *t = &ac->aff.term.at[d->term0 + k];
		const struct asym *s = &ac->aff.sym.at[t->sym];
		int64_t x;
		if (s->loose || (!s->loop.i && !s->val.i))
			return false;
		if (!(s->loop.i ? v->trip(v->arg, s->loop, &x) : v->value(v->arg, s->val, &x)))
			return false;
		*r = sat_add(*r, sat_mul(t->coef, x));
	}
	return *r < AFF_INF && *r > -AFF_INF;
}

static bool
runs_of(const struct access *ac, const struct region *r, const struct access_at *v, bool lines, struct runs *u)
{
	*u = (struct runs){.at = r->lo, .width = r->width, .n = 1, .ndim = r->ndim, .lines = lines};
	if ((r->kind != RG_LOCAL && r->kind != RG_GM) || r->width <= 0)
		return false;
	if (r->kind == RG_GM && !aff_at(ac, r->base, v, &u->at))
		return false;
	for (uint32_t k = 0; k < r->ndim; k++) {
		u->dim[k] = r->dim[k];
		if (r->dim[k].count > RUNS_MAX)
			return false;
		u->n *= r->dim[k].count;
		if (u->n > RUNS_MAX)
			return false;
	}
	return true;
}

/* Dimensions that continue the run are part of it. */
static void
runs_merge(struct runs *u)
{
	for (uint32_t k = 0; k < u->ndim;) {
		if (u->dim[k].stride != u->width) {
			k++;
			continue;
		}
		u->width *= u->dim[k].count;
		u->n /= u->dim[k].count;
		u->dim[k] = u->dim[--u->ndim];
		k = 0;
	}
}

/* A box whose size is known at that moment only; the counts it was given are the most that can be. */
static bool
open_runs(const struct access *ac, const struct gm_place *g, const struct access_at *v, bool lines, struct runs *u)
{
	enum { BYTES_MAX = 1 << 24 };

	*u = (struct runs){.width = g->elem_bytes, .n = 1, .lines = lines};
	if (!aff_at(ac, g->base, v, &u->at))
		return false;
	for (uint32_t k = 0; k < g->rank; k++) {
		struct dim d = {.count = g->count[k]};
		bool open = g->open & 1u << k;
		if (open && (!g->size[k] || !aff_at(ac, g->size[k], v, &d.count)))
			return false;
		if (d.count < 1 || d.count > g->count[k] || d.count > BYTES_MAX)
			return false;
		if (d.count == 1)
			continue;
		if (!aff_at(ac, g->stride[k], v, &d.stride) || d.stride < 0 || (u->n *= d.count) > BYTES_MAX)
			return false;
		u->dim[u->ndim++] = d;
	}
	runs_merge(u);
	return u->n <= RUNS_MAX;
}

static void
run_at(const struct runs *u, int64_t i, int64_t *lo, int64_t *hi)
{
	*lo = u->at;
	for (uint32_t k = u->ndim; k-- > 0; i /= u->dim[k].count)
		*lo += i % u->dim[k].count * u->dim[k].stride;
	*hi = *lo + u->width;
	if (u->lines) {
		int64_t at = (*lo % CACHE_LINE_BYTES + CACHE_LINE_BYTES) % CACHE_LINE_BYTES;
		*lo -= at;
		*hi += (CACHE_LINE_BYTES - (at + u->width) % CACHE_LINE_BYTES) % CACHE_LINE_BYTES;
	}
}

static bool
runs_meet(const struct runs *a, const struct runs *b, int64_t *lo, int64_t *hi)
{
	int64_t p, pe, q, qe;

	if (a->n * b->n > PAIRS_MAX)
		return false;
	for (int64_t i = 0; i < a->n; i++) {
		run_at(a, i, &p, &pe);
		for (int64_t k = 0; k < b->n; k++) {
			run_at(b, k, &q, &qe);
			if (p >= qe || q >= pe)
				continue;
			*lo = p > q ? p : q;
			*hi = pe < qe ? pe : qe;
			return true;
		}
	}
	return false;
}

bool
access_meet(const struct access *ac, const struct acc *a, const struct acc *b, const struct access_at *x,
	    const struct access_at *y, unsigned lines, int64_t *lo, int64_t *hi)
{
	const struct region *r = &ac->region.at[a->set], *s = &ac->region.at[b->set];
	struct runs u, v;
	bool gm = r->kind == RG_GM, widen = gm && lines != 0 && lines != 3;

	if (r->kind != s->kind || r->space != s->space || r->func != s->func || (gm && r->root.i != s->root.i))
		return false;
	bool known = a->open ? open_runs(ac, &ac->open.at[a->open], x, widen && (lines & 1), &u)
			     : runs_of(ac, r, x, widen && (lines & 1), &u);
	if (!known)
		return false;
	known = b->open ? open_runs(ac, &ac->open.at[b->open], y, widen && (lines & 2), &v)
			: runs_of(ac, s, y, widen && (lines & 2), &v);
	return known && runs_meet(&u, &v, lo, hi);
}
