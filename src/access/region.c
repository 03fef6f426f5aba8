/*
 * region: byte sets, hash-consed, and their comparison. A GM set is root + base + nested strided runs; two of them
 * overlap when base_a - base_b + counters * strides can be 0, which solve.c decides. Symbols that mean the same value
 * on both sides cancel; which ones do depends on the iterations compared.
 */
#include "access/model.h"
#include "access/solve.h"

/* ---- tiles ---- */

int64_t
tile_offset(const struct tile_place *t, int64_t r, int64_t c)
{
	int64_t es = t->elem_bytes, br = t->box_rows, bc = t->box_cols;

	switch (t->layout) {
	case TL_ROWS:
		return r * t->pitch_bytes + c * es;
	case TL_COLS:
		return c * t->pitch_bytes + r * es;
	case TL_COL_BLOCKS:
		return c / bc * t->pitch_bytes + r * bc * es;
	case TL_ROW_BLOCKS:
		return r / br * t->pitch_bytes + c * br * es;
	case TL_ROW_BOXES:
		return r / br * t->pitch_bytes + c / bc * br * bc * es;
	case TL_OTHER:
		break;
	}
	return 0;
}

static int64_t
ceil_div(int64_t a, int64_t b)
{
	return (a + b - 1) / b;
}

struct region
tile_region(const struct access *ac, const struct tile_place *t, enum space sp, int64_t r0, int64_t c0, int64_t nr,
	    int64_t nc, int64_t align)
{
	struct region g;
	int64_t es = t->elem_bytes, br = t->box_rows, bc = t->box_cols, count = 0, width = 0;

	memset(&g, 0, sizeof g);
	g.kind = RG_LOCAL;
	g.space = (uint8_t)sp;
	g.func = ac->func.i;
	g.lo = t->base + tile_offset(t, r0, c0);
	switch (t->layout) {
	case TL_ROWS:
		count = nr, width = nc * es;
		break;
	case TL_COLS:
		count = nc, width = nr * es;
		break;
	case TL_COL_BLOCKS:
		count = ceil_div(c0 % bc + nc, bc), width = nr * bc * es;
		break;
	case TL_ROW_BLOCKS:
		count = ceil_div(r0 % br + nr, br), width = nc * br * es;
		break;
	case TL_ROW_BOXES:
		count = ceil_div(r0 % br + nr, br), width = ceil_div(c0 % bc + nc, bc) * br * bc * es;
		break;
	case TL_OTHER:
		g.lo = t->base;
		count = 1, width = t->rows * t->cols * es;
		break;
	}
	if (nr <= 0 || nc <= 0)
		count = width = 0;
	g.width = ceil_div(width, align) * align;
	if (count > 1) {
		g.ndim = 1;
		g.dim[0] = (struct dim){count, t->pitch_bytes};
	}
	if (count > 1 && g.width >= t->pitch_bytes) {
		g.width += (count - 1) * t->pitch_bytes;
		g.ndim = 0;
		g.dim[0] = (struct dim){0, 0};
	}
	return g;
}

void
region_init(struct access *ac)
{
	ac->nregion_slot = 256;
	ac->region_slot = ARENA_ARRAY(ac->a, uint32_t, ac->nregion_slot);
	VEC_ADD(ac->a, &ac->region, 1);
	VEC_ADD(ac->a, &ac->use, 1);
}

/* ---- making ---- */

static uint32_t
region_hash(const struct region *r)
{
	uint32_t h = hash_u32(r->kind | (uint32_t)r->space << 8 | (uint32_t)r->ndim << 16, r->func);

	h = hash_u32(hash_u32(h, r->root.i), r->base);
	h = hash_u32(hash_u32(h, (uint32_t)r->lo), (uint32_t)r->width);
	for (uint32_t k = 0; k < r->ndim; k++)
		h = hash_u32(hash_u32(h, (uint32_t)r->dim[k].count), (uint32_t)r->dim[k].stride);
	return h;
}

static bool
region_equal(const struct region *a, const struct region *b)
{
	if (a->kind != b->kind || a->space != b->space || a->ndim != b->ndim || a->func != b->func ||
	    a->root.i != b->root.i || a->base != b->base || a->lo != b->lo || a->width != b->width)
		return false;
	for (uint32_t k = 0; k < a->ndim; k++)
		if (a->dim[k].count != b->dim[k].count || a->dim[k].stride != b->dim[k].stride)
			return false;
	return true;
}

static void
region_rehash(struct access *ac)
{
	ac->nregion_slot *= 2;
	ac->region_slot = ARENA_ARRAY(ac->a, uint32_t, ac->nregion_slot);
	for (uint32_t id = 1; id < ac->region.n; id++) {
		uint32_t k = region_hash(&ac->region.at[id]) & (ac->nregion_slot - 1);
		while (ac->region_slot[k])
			k = (k + 1) & (ac->nregion_slot - 1);
		ac->region_slot[k] = id;
	}
}

uint32_t
region_get(struct access *ac, const struct region *r)
{
	if (ac->region.n * 2 > ac->nregion_slot)
		region_rehash(ac);
	uint32_t k = region_hash(r) & (ac->nregion_slot - 1);
	for (; ac->region_slot[k]; k = (k + 1) & (ac->nregion_slot - 1))
		if (region_equal(&ac->region.at[ac->region_slot[k]], r))
			return ac->region_slot[k];
	ac->region_slot[k] = ac->region.n;
	VEC_PUSH(ac->a, &ac->region, *r);
	VEC_PUSH(ac->a, &ac->use, 0);
	return ac->region.n - 1;
}

uint32_t
region_of_space(struct access *ac, enum space sp)
{
	struct region r = {.kind = RG_SPACE, .space = (uint8_t)sp, .func = ac->func.i};

	if (sp == SP_GM || sp == SP_ZERO)
		r = (struct region){.kind = RG_GM_ANY, .space = SP_GM, .func = ac->func.i};
	return region_get(ac, &r);
}

/* Adds a dimension and keeps the list sorted by stride, largest first. */
static void
dim_insert(struct region *r, int64_t count, int64_t stride)
{
	uint32_t k = r->ndim++;

	for (; k && r->dim[k - 1].stride < stride; k--)
		r->dim[k] = r->dim[k - 1];
	r->dim[k] = (struct dim){count, stride};
}

/* Joins runs that touch, and dimensions that continue one another. */
static void
dims_merge(struct region *r)
{
	while (r->ndim) {
		struct dim *d = &r->dim[r->ndim - 1];
		if (d->stride != r->width || d->count >= AFF_INF)
			break;
		r->width = sat_mul(r->width, d->count);
		*d = (struct dim){0, 0};
		r->ndim--;
	}
	for (uint32_t k = 0; k + 1 < r->ndim;) {
		struct dim *d = &r->dim[k], *e = &r->dim[k + 1];
		if (e->count >= AFF_INF || d->stride != sat_mul(e->count, e->stride)) {
			k++;
			continue;
		}
		d->count = d->count >= AFF_INF ? AFF_INF : sat_mul(d->count, e->count);
		d->stride = e->stride;
		memmove(e, e + 1, (r->ndim - k - 2) * sizeof *e);
		r->dim[--r->ndim] = (struct dim){0, 0};
	}
}

uint32_t
region_of_gm(struct access *ac, const struct place *p)
{
	struct region r = {.kind = RG_GM, .space = SP_GM, .func = ac->func.i};
	const struct gm_place *g = &p->u.gm;

	if (p->kind == PL_GM_ROOT) {
		r.kind = RG_GM_ROOT;
		r.root = p->root;
		return region_get(ac, &r);
	}
	if (p->kind != PL_GM)
		return region_of_space(ac, SP_GM);
	r.root = g->root;
	r.base = g->base;
	r.width = g->elem_bytes;
	for (uint32_t k = 0; k < g->rank; k++) {
		int64_t stride, count = g->count[k];
		if (count <= 0)
			r.width = 0;
		if (count <= 1)
			continue;
		if (!aff_is_const(&ac->aff, g->stride[k], &stride) || (stride < 0 && count >= AFF_INF)) {
			r = (struct region){.kind = RG_GM_ROOT, .space = SP_GM, .func = ac->func.i, .root = g->root};
			return region_get(ac, &r);
		}
		if (stride < 0) {
			r.base = aff_add(&ac->aff, r.base, aff_const(&ac->aff, sat_mul(stride, count - 1)));
			stride = -stride;
		}
		if (stride)
			dim_insert(&r, count, stride);
	}
	dims_merge(&r);
	return region_get(ac, &r);
}

/* ---- comparing ---- */

/* A run of bytes: [lo, hi] relative to its first byte when not widened. */
struct run {
	int64_t lo, hi;
};

/*
 * Whole cache lines around each run. Pointer arguments are 64-byte aligned (the runtime allocates GM that way), so the
 * place inside a line is known when base and strides are multiples of the line but for a constant.
 */
static struct run
region_run(const struct access *ac, const struct region *r, bool widen)
{
	struct run u = {0, r->width - 1};
	const struct aff *b = &ac->aff.aff.at[r->base];
	bool known = true;

	if (!widen || r->kind != RG_GM)
		return u;
	for (uint32_t k = 0; k < b->nterm; k++)
		known = known && ac->aff.term.at[b->term0 + k].coef % CACHE_LINE_BYTES == 0;
	for (uint32_t k = 0; k < r->ndim; k++)
		known = known && r->dim[k].stride % CACHE_LINE_BYTES == 0;
	if (!known)
		return (struct run){-(CACHE_LINE_BYTES - 1), u.hi + CACHE_LINE_BYTES - 1};
	int64_t at = (b->c % CACHE_LINE_BYTES + CACHE_LINE_BYTES) % CACHE_LINE_BYTES;
	int64_t end = (at + r->width + CACHE_LINE_BYTES - 1) / CACHE_LINE_BYTES * CACHE_LINE_BYTES;
	return (struct run){-at, end - at - 1};
}

static void
add_dims(struct solve *s, const struct region *r, int64_t sign)
{
	for (uint32_t k = 0; k < r->ndim; k++)
		solve_add(s, sign * r->dim[k].stride, 0, r->dim[k].count >= AFF_INF ? AFF_INF : r->dim[k].count - 1);
}

/* One symbol with coefficient ca in base a and cb in base b. */
static void
add_symbol(const struct access *ac, struct solve *s, uint32_t sym, int64_t ca, int64_t cb, enum when when,
	   uint32_t scope)
{
	const struct asym *v = &ac->aff.sym.at[sym];
	bool varies = v->loose || (when == WHEN_LATER && scope_contains(&ac->aff, scope, v->scope)) ||
		      (when == WHEN_ANY && v->scope != 1);

	if (!varies) {
		solve_add(s, ca - cb, v->lo, v->hi);
	} else if (when == WHEN_LATER && !v->loose && v->loop.i && v->scope == scope) {
		/* The trip number of the loop itself: b comes 1..last trips later, so a is not in the last one. */
		solve_add(s, ca - cb, v->lo, v->hi < AFF_INF ? v->hi - 1 : AFF_INF);
		solve_add(s, -cb, 1, v->hi);
	} else {
		solve_add(s, ca, v->lo, v->hi);
		solve_add(s, -cb, v->lo, v->hi);
	}
}

static void
add_bases(const struct access *ac, struct solve *s, uint32_t a, uint32_t b, enum when when, uint32_t scope)
{
	const struct aff *x = &ac->aff.aff.at[a], *y = &ac->aff.aff.at[b];
	const struct term *p = ac->aff.term.at + x->term0, *pe = p + x->nterm;
	const struct term *q = ac->aff.term.at + y->term0, *qe = q + y->nterm;

	while (p < pe || q < qe) {
		uint32_t sp = p < pe ? p->sym : UINT32_MAX, sq = q < qe ? q->sym : UINT32_MAX;
		uint32_t sym = sp < sq ? sp : sq;
		add_symbol(ac, s, sym, sp == sym ? p->coef : 0, sq == sym ? q->coef : 0, when, scope);
		p += sp == sym;
		q += sq == sym;
	}
}

static bool
gm_overlap(const struct access *ac, const struct region *a, const struct region *b, enum when when, uint32_t scope,
	   unsigned widen)
{
	struct solve s;
	struct run u, v;
	int64_t d;

	if (a->kind == RG_GM_ANY || b->kind == RG_GM_ANY)
		return true;
	if (a->root.i != b->root.i)
		return ac->opt.gm_alias;
	if (a->kind == RG_GM_ROOT || b->kind == RG_GM_ROOT)
		return true;
	if (a->width <= 0 || b->width <= 0)
		return false;
	u = region_run(ac, a, widen & 1);
	v = region_run(ac, b, widen & 2);
	d = sat_add(ac->aff.aff.at[a->base].c, -ac->aff.aff.at[b->base].c);
	solve_init(&s, sat_add(d, u.lo - v.hi), sat_add(d, u.hi - v.lo));
	add_dims(&s, a, 1);
	add_dims(&s, b, -1);
	add_bases(ac, &s, a->base, b->base, when, scope);
	return solve_possible(&s);
}

static int64_t
local_end(const struct region *r)
{
	return r->lo + r->width + (r->ndim ? (r->dim[0].count - 1) * r->dim[0].stride : 0);
}

static bool
local_overlap(const struct region *a, const struct region *b)
{
	struct solve s;

	if (a->space != b->space || a->func != b->func)
		return false;
	if (a->kind == RG_SPACE || b->kind == RG_SPACE)
		return true;
	if (a->width <= 0 || b->width <= 0 || a->lo >= local_end(b) || b->lo >= local_end(a))
		return false;
	if (!a->ndim && !b->ndim)
		return true;
	solve_init(&s, a->lo - b->lo - (b->width - 1), a->lo - b->lo + a->width - 1);
	add_dims(&s, a, 1);
	add_dims(&s, b, -1);
	return solve_possible(&s);
}

bool
region_overlap(const struct access *ac, uint32_t a, uint32_t b, enum when when, uint32_t scope, unsigned widen)
{
	const struct region *x = &ac->region.at[a], *y = &ac->region.at[b];

	if ((x->space == SP_GM) != (y->space == SP_GM))
		return false;
	if (x->space == SP_GM)
		return x->func == y->func && gm_overlap(ac, x, y, when, scope, widen);
	return local_overlap(x, y);
}

bool
region_hull(const struct access *ac, uint32_t set, int64_t *lo, int64_t *hi)
{
	const struct region *r = &ac->region.at[set];

	*lo = r->lo;
	*hi = sat_add(r->lo, r->width);
	if (r->kind != RG_LOCAL && r->kind != RG_GM)
		return false;
	for (uint32_t k = 0; k < r->ndim; k++) {
		if (r->dim[k].count >= AFF_INF)
			return false;
		*hi = sat_add(*hi, sat_mul(r->dim[k].count - 1, r->dim[k].stride));
	}
	if (*hi >= AFF_INF)
		return false;
	if (r->kind == RG_LOCAL)
		return true;
	const struct aff *b = &ac->aff.aff.at[r->base];
	*lo += b->c;
	*hi += b->c;
	for (uint32_t k = 0; k < b->nterm; k++) {
		const struct term *t = &ac->aff.term.at[b->term0 + k];
		const struct asym *s = &ac->aff.sym.at[t->sym];
		if (s->scope == 1 && !s->loose)
			continue;
		if (s->lo <= -AFF_INF || s->hi >= AFF_INF)
			return false;
		*lo = sat_add(*lo, sat_mul(t->coef, t->coef > 0 ? s->lo : s->hi));
		*hi = sat_add(*hi, sat_mul(t->coef, t->coef > 0 ? s->hi : s->lo));
	}
	return *lo > -AFF_INF && *hi < AFF_INF;
}
