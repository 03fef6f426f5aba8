/*
 * alias: which memory a tile, view or pointer value denotes. Values that may be one of several (select, results and
 * carried values of scf ops) have several places; what cannot be followed becomes a whole space, a whole pointer
 * argument, or all of GM. Source: ops-move.md §2 (addresses in a tile), §4 (views), §7 (provenance).
 */
#include "access/model.h"

#include "mem/mem.h"

#include <assert.h>

enum { LEAF_MAX = 32, DEPTH_MAX = 100 };

struct places {
	struct place at[PLACE_MAX];
	uint32_t n;
	bool over; /* more than PLACE_MAX */
};

static struct place
place_unknown(const struct access *ac, struct val v)
{
	const struct type_data *d = type_data(&ac->ir->types, val_type(ac->ir, v));

	if (d->kind == TY_MULTI_TILE)
		d = type_data(&ac->ir->types, d->sub[0]);
	if (d->kind == TY_TILE)
		return (struct place){.kind = PL_SPACE, .space = d->tile.space};
	if (d->kind == TY_PTR && d->space != SP_GM && d->space != SP_ZERO)
		return (struct place){.kind = PL_SPACE, .space = d->space};
	return (struct place){.kind = PL_GM_ANY, .space = SP_GM};
}

static void
places_add(struct places *l, const struct place *p)
{
	if (l->n == PLACE_MAX)
		l->over = true;
	else
		l->at[l->n++] = *p;
}

static void
places_one(struct places *l, const struct place *p)
{
	l->at[0] = *p;
	l->n = 1;
	l->over = false;
}

/* ---- tiles ---- */

static void
tile_lines(const struct tile_shape *s, uint32_t elem_bytes, struct tile_place *t)
{
	bool boxed = s->slayout != SL_NONE_BOX;

	tile_box(s, elem_bytes, &t->box_rows, &t->box_cols);
	t->elem_bytes = elem_bytes;
	if (s->blayout == BL_ROW_MAJOR) {
		t->layout = !boxed ? TL_ROWS : s->slayout == SL_COL_MAJOR ? TL_ROW_BLOCKS : TL_ROW_BOXES;
		t->pitch_bytes = s->cols * t->box_rows * elem_bytes;
	} else {
		t->layout = !boxed ? TL_COLS : s->slayout == SL_ROW_MAJOR ? TL_COL_BLOCKS : TL_OTHER;
		t->pitch_bytes = s->rows * t->box_cols * elem_bytes;
	}
	t->rows = s->rows;
	t->cols = s->cols;
	t->compact = s->compact;
	t->pads = s->pad != PAD_NULL;
}

/* Valid extent: the type's, else a constant operand's, else the physical one. */
static int64_t
valid_extent(const struct access *ac, int64_t in_type, struct val opnd, int64_t physical, bool *exact)
{
	int64_t c;

	if (in_type != DIM_DYN)
		return in_type < physical ? in_type : physical;
	if (opnd.i && val_const_int(ac->ir, opnd, &c) && c >= 0)
		return c < physical ? c : physical;
	*exact = false;
	return physical;
}

/* Valid area of a tile; one that set_validshape changes has an upper bound only. */
static void
tile_valid(const struct access *ac, struct op alloc, struct val v, const struct tile_shape *s, struct tile_place *t)
{
	struct val row = op_slot(ac->ir, alloc, 1), col = op_slot(ac->ir, alloc, 2);
	const struct revalid *c = ac->revalid_of[v.i] ? &ac->revalid.at[ac->revalid_of[v.i]] : NULL;

	t->exact = !c || !c->resized;
	t->vrow = valid_extent(ac, s->vrow, row, t->rows, &t->exact);
	t->vcol = valid_extent(ac, s->vcol, col, t->cols, &t->exact);
	if (c && c->row > t->vrow)
		t->vrow = c->row < t->rows ? c->row : t->rows;
	if (c && c->col > t->vcol)
		t->vcol = c->col < t->cols ? c->col : t->cols;
}

/* Smallest and largest address of an alloc_tile; false when nothing bounds it. */
static bool
address_range(struct access *ac, struct op o, int64_t *lo, int64_t *hi)
{
	struct buf_place at = mem_place(ac->ir, o);
	struct val addr = op_slot(ac->ir, o, 0);

	if (at.known) {
		*lo = *hi = at.addr_bytes <= INT32_MAX ? (int64_t)at.addr_bytes : -1;
	} else {
		if (!addr.i || !type_is_int_or_index(&ac->ir->types, val_type(ac->ir, addr)))
			return false;
		aff_range(&ac->aff, aff_of(&ac->aff, addr), lo, hi);
	}
	return *lo >= 0 && *hi <= INT32_MAX;
}

static void
place_alloc(struct access *ac, struct op o, struct val v, struct places *out)
{
	const struct type_data *d = type_data(&ac->ir->types, val_type(ac->ir, v));
	uint32_t elem_bytes = type_bytes(&ac->ir->types, d->sub[0]);
	struct place p = {.kind = PL_TILE, .space = d->tile.space};
	struct tile_place *t = &p.u.tile;
	int64_t lo, hi;

	if (ac->revalid.at[ac->revalid_of[v.i]].moved || !address_range(ac, o, &lo, &hi)) {
		p = place_unknown(ac, v);
	} else if (lo == hi) {
		tile_lines(&d->tile, elem_bytes, t);
		t->base = lo;
		tile_valid(ac, o, v, &d->tile, t);
	} else {
		/* Somewhere in those bytes. TL_OTHER: its parts are not told apart. */
		int64_t bytes = hi - lo + (int64_t)tile_bytes(&d->tile, elem_bytes);
		*t = (struct tile_place){.layout = TL_OTHER, .elem_bytes = 1, .box_rows = 1, .box_cols = 1, .rows = 1,
					 .cols = bytes, .vrow = 1, .vcol = bytes, .pitch_bytes = bytes, .base = lo};
	}
	places_add(out, &p);
}

/* Slots an index may select: those in its range, or all when it may be outside (then slot 0 is taken). */
static void
place_slot(struct access *ac, struct op o, struct val v, struct places *out)
{
	struct val multi = op_opnd(ac->ir, o, 0);
	struct op alloc = ir_val(ac->ir, multi)->def;
	const struct type_data *d = type_data(&ac->ir->types, val_type(ac->ir, v));
	int64_t n = type_data(&ac->ir->types, val_type(ac->ir, multi))->width, lo, hi;
	struct buf_place at = mem_place(ac->ir, alloc);
	struct place p = {.kind = PL_TILE, .space = d->tile.space};
	struct tile_place *t = &p.u.tile;

	if (!at.known || at.addr_bytes > INT32_MAX)
		return;
	int64_t stride = (int64_t)mem_slot_stride(ac->ir, alloc);
	aff_range(&ac->aff, aff_of(&ac->aff, op_opnd(ac->ir, o, 1)), &lo, &hi);
	if (lo < 0 || hi >= n)
		lo = 0, hi = n - 1;
	tile_lines(&d->tile, type_bytes(&ac->ir->types, d->sub[0]), t);
	tile_valid(ac, alloc, v, &d->tile, t);
	t->base = (int64_t)at.addr_bytes + lo * stride;
	if (hi - lo >= PLACE_MAX) {
		/* One row of bytes over all of them. */
		*t = (struct tile_place){.layout = TL_ROWS, .elem_bytes = 1, .box_rows = 1, .box_cols = 1, .rows = 1,
					 .base = t->base, .vrow = 1};
		t->cols = t->vcol = t->pitch_bytes = (hi - lo + 1) * stride;
		hi = lo;
	}
	for (int64_t k = lo; k <= hi; k++, t->base += stride)
		places_add(out, &p);
}

/* Offset operand k of a sub-view as a range inside [0, limit]. */
static void
subview_offset(struct access *ac, const struct val *off, uint32_t n, uint32_t k, int64_t limit, int64_t *lo,
	       int64_t *hi)
{
	*lo = 0;
	*hi = limit;
	if (k >= n || !off[k].i)
		return;
	int64_t a, b;
	aff_range(&ac->aff, aff_of(&ac->aff, off[k]), &a, &b);
	if (a > *lo)
		*lo = a < limit ? a : limit;
	if (b < *hi)
		*hi = b > *lo ? b : *lo;
}

/* Window of a sub-view from its sizes attribute, else from its type. */
static void
subview_window(const struct access *ac, struct op o, const struct tile_shape *s, int64_t *rows, int64_t *cols)
{
	const struct attr_data *d = attr_data(&ac->ir->attrs, op_attr(ac->ir, o, ac->ir->name.sizes));

	*rows = s->rows;
	*cols = s->cols;
	if (d->kind == AT_DENSE_ARRAY && d->n == 2) {
		*rows = d->elem[0];
		*cols = d->elem[1];
	} else if (d->kind == AT_ARRAY && d->n == 2) {
		*rows = attr_data(&ac->ir->attrs, d->sub[0])->i;
		*cols = attr_data(&ac->ir->attrs, d->sub[1])->i;
	}
}

/* Does the element (r, c) start a box? Other windows of boxed tiles are not sets of lines. */
static bool
box_aligned(const struct tile_place *t, int64_t r, int64_t c)
{
	return t->layout != TL_OTHER &&
	       (t->layout == TL_ROWS || t->layout == TL_COLS || (r % t->box_rows == 0 && c % t->box_cols == 0));
}

static void
place_subview(struct access *ac, struct op o, struct val v, const struct place *src, struct place *p)
{
	const struct tile_shape *s = &type_data(&ac->ir->types, val_type(ac->ir, v))->tile;
	const struct tile_place *t = &src->u.tile;
	int64_t rows, cols, rlo, rhi, clo, chi;
	uint32_t n;
	const struct val *off = op_group(ac->ir, o, 1, &n);

	*p = *src;
	if (src->kind != PL_TILE)
		return;
	subview_window(ac, o, s, &rows, &cols);
	subview_offset(ac, off, n, 0, t->rows > rows ? t->rows - rows : 0, &rlo, &rhi);
	subview_offset(ac, off, n, 1, t->cols > cols ? t->cols - cols : 0, &clo, &chi);
	struct tile_place *q = &p->u.tile;
	if (rows <= 0 || cols <= 0 || rows > t->rows || cols > t->cols || !box_aligned(t, rlo, clo)) {
		q->exact = false;
		q->vrow = q->rows;
		q->vcol = q->cols;
		return;
	}
	q->exact = rlo == rhi && clo == chi;
	q->base += tile_offset(t, rlo, clo);
	q->rows = rows + rhi - rlo;
	q->cols = cols + chi - clo;
	if (!q->exact) {
		q->vrow = q->rows;
		q->vcol = q->cols;
		return;
	}
	q->vrow = valid_extent(ac, s->vrow, op_slot(ac->ir, o, 2), rows, &q->exact);
	q->vcol = valid_extent(ac, s->vcol, op_slot(ac->ir, o, 3), cols, &q->exact);
}

/* ---- pointers and views ---- */

static struct place
place_gm_root(const struct place *p)
{
	struct val root = p->kind == PL_GM ? p->u.gm.root : p->root;

	return (struct place){.kind = PL_GM_ROOT, .space = SP_GM, .root = root};
}

static void
place_addptr(struct access *ac, struct op o, struct val v, const struct place *src, struct place *p)
{
	uint32_t es = type_bytes(&ac->ir->types, type_elem(&ac->ir->types, val_type(ac->ir, v)));

	*p = *src;
	if (src->kind != PL_GM)
		return;
	uint32_t off = aff_scale(&ac->aff, aff_of(&ac->aff, op_slot(ac->ir, o, 1)), es);
	p->u.gm.base = aff_add(&ac->aff, src->u.gm.base, off);
	p->u.gm.elem_bytes = es;
}

/* Number of elements along a dimension: static, constant, or the upper end of its range. */
static int64_t
dim_count(struct access *ac, const struct type_data *d, uint32_t k, struct val size, struct gm_place *g)
{
	int64_t lo, hi = AFF_INF;

	if (k < d->rank && d->dim[k] != DIM_DYN)
		return d->dim[k];
	if (size.i) {
		aff_range(&ac->aff, aff_of(&ac->aff, size), &lo, &hi);
		if (lo == hi)
			return hi;
	}
	g->open |= 1u << k;
	g->size[k] = size.i ? aff_of(&ac->aff, size) : 0;
	return hi;
}

static void
place_tensor_view(struct access *ac, struct op o, struct val v, const struct place *src, struct place *p)
{
	const struct type_data *d = type_data(&ac->ir->types, val_type(ac->ir, v));
	uint32_t nshape, nstride;
	const struct val *shape = op_group(ac->ir, o, 1, &nshape);
	const struct val *stride = op_group(ac->ir, o, 2, &nstride);

	*p = *src;
	if (src->kind != PL_GM)
		return;
	struct gm_place *g = &p->u.gm;
	g->elem_bytes = type_bytes(&ac->ir->types, d->sub[0]);
	if (nstride != nshape || nshape > GM_MAX_RANK || src->u.gm.rank || g->elem_bytes == 0) {
		*p = place_gm_root(src);
		return;
	}
	g->rank = nshape;
	g->open = 0;
	for (uint32_t k = 0; k < nshape; k++) {
		g->count[k] = dim_count(ac, d, k, shape[k], g);
		g->stride[k] = aff_scale(&ac->aff, aff_of(&ac->aff, stride[k]), g->elem_bytes);
	}
}

static void
place_partition(struct access *ac, struct op o, struct val v, const struct place *src, struct place *p)
{
	const struct type_data *d = type_data(&ac->ir->types, val_type(ac->ir, v));
	uint32_t noff, nsize;
	const struct val *off = op_group(ac->ir, o, 1, &noff);
	const struct val *size = op_group(ac->ir, o, 2, &nsize);

	*p = *src;
	if (src->kind != PL_GM)
		return;
	struct gm_place *g = &p->u.gm;
	if (noff != g->rank || nsize != g->rank) {
		*p = place_gm_root(src);
		return;
	}
	g->open = 0;
	for (uint32_t k = 0; k < g->rank; k++) {
		uint32_t step = aff_mul(&ac->aff, aff_of(&ac->aff, off[k]), g->stride[k]);
		g->base = aff_add(&ac->aff, g->base, step);
		g->count[k] = dim_count(ac, d, k, size[k], g);
	}
}

/* Argument of a function: a root of its own. Views passed in have strides nobody knows. */
static struct place
place_argument(struct access *ac, struct val v)
{
	const struct type_data *d = type_data(&ac->ir->types, val_type(ac->ir, v));
	struct place p = place_unknown(ac, v);
	bool view = d->kind == TY_TVIEW || d->kind == TY_PVIEW;

	if (p.kind != PL_GM_ANY || (d->kind != TY_PTR && !view))
		return p;
	if (view)
		return (struct place){.kind = PL_GM_ROOT, .space = SP_GM, .root = v};
	p = (struct place){.kind = PL_GM, .space = SP_GM};
	p.u.gm.root = v;
	p.u.gm.base = aff_const(&ac->aff, 0);
	p.u.gm.elem_bytes = type_bytes(&ac->ir->types, d->sub[0]);
	return p;
}

/* ---- values that may be one of several ---- */

struct leaves {
	struct val join[LEAF_MAX], leaf[LEAF_MAX];
	uint32_t njoin, nleaf, nscope;
	uint32_t scope[LEAF_MAX]; /* of the loops passed */
	bool over, cycle;
};

static void leaves_visit(const struct access *ac, struct val v, struct leaves *l);

/* Operand k of the terminator of every block of a region; false when a block has none that long. */
static bool
region_results(const struct access *ac, struct op o, uint32_t region, uint32_t k, struct leaves *l)
{
	struct blk b = op_body(ac->ir, o, region);

	if (!b.i || ir_blk(ac->ir, b)->next.i)
		return false;
	struct op last = ir_blk(ac->ir, b)->last;
	if (!last.i || k >= ir_op(ac->ir, last)->nopnd)
		return false;
	leaves_visit(ac, op_opnd(ac->ir, last, k), l);
	return true;
}

static bool
join_for(const struct access *ac, struct op o, uint32_t k, struct leaves *l)
{
	uint32_t n;
	const struct val *init = op_group(ac->ir, o, 3, &n);

	if (k >= n)
		return false;
	leaves_visit(ac, init[k], l);
	return region_results(ac, o, 0, k, l);
}

/* Arguments of `before` are the initial values and what `after` yields; everything behind is what the condition
 * passes on (its operand 0 is the condition itself). */
static bool
join_while(const struct access *ac, struct op o, uint32_t k, bool before, struct leaves *l)
{
	uint32_t n;
	const struct val *init = op_group(ac->ir, o, 0, &n);

	if (!before)
		return region_results(ac, o, 0, k + 1, l);
	if (k >= n)
		return false;
	leaves_visit(ac, init[k], l);
	return region_results(ac, o, 1, k, l);
}

static bool
join_branches(const struct access *ac, struct op o, uint32_t k, struct leaves *l)
{
	bool ok = true;

	for (uint32_t r = 0; r < ir_op(ac->ir, o)->nreg; r++)
		ok = region_results(ac, o, r, k, l) && ok;
	return ok;
}

/* Visits the sources of a joining value; false: not one. *ok = false: one whose sources cannot be listed. */
static bool
join_sources(const struct access *ac, struct val v, struct leaves *l, bool *ok)
{
	const struct val_data *d = ir_val(ac->ir, v);
	struct op o = d->def.i ? d->def : blk_owner(ac->ir, d->blk);
	enum op_id id = o.i ? op_id(ac->ir, o) : OP_NONE;

	*ok = true;
	if (id == OP_FOR && (d->def.i || d->index > 0))
		*ok = join_for(ac, o, d->def.i ? d->index : d->index - 1u, l);
	else if (id == OP_WHILE)
		*ok = join_while(ac, o, d->index, !d->def.i && op_body(ac->ir, o, 0).i == d->blk.i, l);
	else if (id == OP_IF || id == OP_INDEX_SWITCH || (id == OP_EXECUTE_REGION && d->def.i))
		*ok = join_branches(ac, o, d->index, l);
	else if (id == OP_ARITH_SELECT)
		leaves_visit(ac, op_opnd(ac->ir, o, 1), l), leaves_visit(ac, op_opnd(ac->ir, o, 2), l);
	else
		return false;
	return true;
}

static bool
listed(const struct val *at, uint32_t n, struct val v)
{
	for (uint32_t i = 0; i < n; i++)
		if (at[i].i == v.i)
			return true;
	return false;
}

static bool
is_join(const struct access *ac, struct val v)
{
	const struct val_data *d = ir_val(ac->ir, v);
	struct op o = d->def.i ? d->def : blk_owner(ac->ir, d->blk);
	enum op_id id = o.i ? op_id(ac->ir, o) : OP_NONE;

	return id == OP_FOR || id == OP_WHILE || id == OP_ARITH_SELECT ||
	       (d->def.i && (id == OP_IF || id == OP_INDEX_SWITCH || id == OP_EXECUTE_REGION));
}

#define BEING_RESOLVED UINT32_MAX

static void
note_scope(const struct access *ac, struct val v, struct leaves *l)
{
	const struct val_data *d = ir_val(ac->ir, v);
	struct op o = d->def.i ? d->def : blk_owner(ac->ir, d->blk);

	if (o.i && ac->of_op[o.i].scope)
		l->scope[l->nscope++] = ac->of_op[o.i].scope;
}

/* Recursion is bounded by LEAF_MAX joins. */
static void
leaves_visit(const struct access *ac, struct val v, struct leaves *l)
{
	bool ok;

	if (listed(l->join, l->njoin, v) || listed(l->leaf, l->nleaf, v))
		return;
	bool resolved = ac->of_val[v.i].n != 0;
	if (resolved && ac->of_val[v.i].n == BEING_RESOLVED && l->njoin) {
		l->cycle = true;
		return;
	}
	if (l->nleaf == LEAF_MAX || l->njoin == LEAF_MAX) {
		l->over = true;
		return;
	}
	if ((l->njoin == 0 || !resolved) && is_join(ac, v)) {
		l->join[l->njoin++] = v;
		note_scope(ac, v, l);
		if (!join_sources(ac, v, l, &ok) || !ok)
			l->over = true;
	} else {
		l->leaf[l->nleaf++] = v;
	}
}

/* A pointer that its loop only advances by a constant: base + trip * step. */
static bool
place_advancing(struct access *ac, struct val v, struct places *out)
{
	const struct val_data *d = ir_val(ac->ir, v);
	struct op loop = !d->def.i ? blk_owner(ac->ir, d->blk) : (struct op){0};
	uint32_t n, scope = loop.i ? ac->of_op[loop.i].scope : 0;
	int64_t step;

	if (!scope || op_id(ac->ir, loop) != OP_FOR || d->index == 0 || type_kind(&ac->ir->types, d->type) != TY_PTR)
		return false;
	struct op last = ir_blk(ac->ir, d->blk)->last;
	const struct val *init = op_group(ac->ir, loop, 3, &n);
	if (d->index > n || !last.i || ir_op(ac->ir, last)->nopnd < d->index)
		return false;
	struct op adv = ir_val(ac->ir, op_opnd(ac->ir, last, d->index - 1u))->def;
	if (!adv.i || op_id(ac->ir, adv) != OP_ADDPTR || op_opnd(ac->ir, adv, 0).i != v.i ||
	    !val_const_int(ac->ir, op_opnd(ac->ir, adv, 1), &step) || !ac->aff.scope.at[scope].trip)
		return false;
	struct place_list l = place_of(ac, init[d->index - 1u]);
	for (uint32_t k = 0; k < l.n; k++) {
		struct place p = *place_at(ac, l, k);
		if (p.kind == PL_GM) {
			uint32_t by =
				aff_scale(&ac->aff, ac->aff.scope.at[scope].trip, sat_mul(step, p.u.gm.elem_bytes));
			p.u.gm.base = aff_add(&ac->aff, p.u.gm.base, by);
		}
		places_add(out, &p);
	}
	return true;
}

/* A value that goes around or out of a loop must not carry the loop's symbols: they would mean another iteration. */
static void
place_leave_loop(const struct access *ac, uint32_t scope, struct place *p)
{
	if (p->kind == PL_GM && !aff_invariant(&ac->aff, p->u.gm.base, scope))
		*p = place_gm_root(p);
	for (uint32_t k = 0; p->kind == PL_GM && k < p->u.gm.rank; k++)
		if (!aff_invariant(&ac->aff, p->u.gm.stride[k], scope))
			*p = place_gm_root(p);
}

/* All places of a joining value collapsed into one that covers them. */
static struct place
place_cover(const struct access *ac, struct val v, const struct places *l)
{
	struct val root = {0};

	for (uint32_t k = 0; k < l->n; k++) {
		struct val r = l->at[k].kind == PL_GM        ? l->at[k].u.gm.root
			       : l->at[k].kind == PL_GM_ROOT ? l->at[k].root
							     : (struct val){0};
		if (!r.i || (k && r.i != root.i))
			return place_unknown(ac, v);
		root = r;
	}
	return !root.i ? place_unknown(ac, v) : (struct place){.kind = PL_GM_ROOT, .space = SP_GM, .root = root};
}

static bool
tile_equal(const struct tile_place *a, const struct tile_place *b)
{
	return a->layout == b->layout && a->elem_bytes == b->elem_bytes && a->box_rows == b->box_rows &&
	       a->box_cols == b->box_cols && a->base == b->base && a->pitch_bytes == b->pitch_bytes &&
	       a->rows == b->rows && a->cols == b->cols && a->vrow == b->vrow && a->vcol == b->vcol &&
	       a->compact == b->compact && a->pads == b->pads && a->exact == b->exact;
}

static bool
gm_equal(const struct gm_place *a, const struct gm_place *b)
{
	if (a->root.i != b->root.i || a->base != b->base || a->rank != b->rank || a->elem_bytes != b->elem_bytes ||
	    a->open != b->open)
		return false;
	for (uint32_t k = 0; k < a->rank; k++)
		if (a->count[k] != b->count[k] || a->stride[k] != b->stride[k] ||
		    ((a->open & 1u << k) && a->size[k] != b->size[k]))
			return false;
	return true;
}

static bool
place_equal(const struct place *a, const struct place *b)
{
	if (a->kind != b->kind || a->space != b->space)
		return false;
	if (a->kind == PL_TILE)
		return tile_equal(&a->u.tile, &b->u.tile);
	if (a->kind == PL_GM)
		return gm_equal(&a->u.gm, &b->u.gm);
	return a->root.i == b->root.i;
}

static void
places_add_new(struct places *l, const struct place *p)
{
	for (uint32_t k = 0; k < l->n; k++)
		if (place_equal(&l->at[k], p))
			return;
	places_add(l, p);
}

static void
place_join(struct access *ac, struct val v, struct places *out)
{
	struct leaves l = {.njoin = 0};
	bool cycle;

	if (place_advancing(ac, v, out))
		return;
	leaves_visit(ac, v, &l);
	cycle = l.cycle;
	for (uint32_t i = 0; i < l.nleaf && !l.over; i++) {
		struct place_list q = place_of(ac, l.leaf[i]);
		for (uint32_t k = 0; k < q.n; k++) {
			struct place p = *place_at(ac, q, k);
			if (p.kind == PL_CYCLE) {
				cycle = true;
				continue;
			}
			for (uint32_t j = 0; j < l.nscope; j++)
				place_leave_loop(ac, l.scope[j], &p);
			places_add_new(out, &p);
		}
	}
	struct place one = {.kind = PL_CYCLE};
	if (cycle && ac->njoin > 1 && !l.over) {
		places_one(out, &one);
	} else if (cycle || l.over || out->over) {
		one = l.over ? place_unknown(ac, v) : place_cover(ac, v, out);
		places_one(out, &one);
	}
}

/* ---- tassign ---- */

/* The variable moves to a constant address once: only its users behind the tassign know where it is. */
static void
place_tassign(struct access *ac, struct op o, struct val v, struct places *out)
{
	struct val root = tassign_root(ac, v);
	struct op alloc = ir_val(ac->ir, root)->def;
	const struct type_data *d = type_data(&ac->ir->types, val_type(ac->ir, v));
	struct place p = {.kind = PL_TILE, .space = d->tile.space};
	int64_t at;

	if (!alloc.i || op_id(ac->ir, alloc) != OP_ALLOC_TILE || ac->revalid.at[ac->revalid_of[root.i]].moved != 1 ||
	    !val_const_int(ac->ir, op_opnd(ac->ir, o, 1), &at) || at < 0)
		return;
	tile_lines(&d->tile, type_bytes(&ac->ir->types, d->sub[0]), &p.u.tile);
	tile_valid(ac, alloc, root, &d->tile, &p.u.tile);
	p.u.tile.base = at;
	places_add(out, &p);
}

/* ---- entries of fifos ---- */

static void
place_popped(struct access *ac, struct val v, struct places *out)
{
	const struct type_data *d = type_data(&ac->ir->types, val_type(ac->ir, v));
	struct place p = {.kind = PL_TILE, .space = d->tile.space};
	struct tile_place *t = &p.u.tile;
	int64_t bytes;

	for (uint32_t k = 0; fifo_slot(ac, v, k, &t->base, &bytes); k++) {
		int64_t base = t->base;
		if (bytes) {
			/* TL_OTHER: its parts are not told apart. */
			*t = (struct tile_place){.layout = TL_OTHER, .elem_bytes = 1, .box_rows = 1, .box_cols = 1,
						 .rows = 1, .cols = bytes, .vrow = 1, .vcol = bytes};
		} else {
			tile_lines(&d->tile, type_bytes(&ac->ir->types, d->sub[0]), t);
			tile_valid(ac, ir_val(ac->ir, v)->def, v, &d->tile, t);
		}
		t->base = base;
		places_add(out, &p);
	}
}

/* ---- entry ---- */

static void
place_same(struct access *ac, struct op o, struct val v, const struct place *src, struct place *p)
{
	(void)ac;
	(void)o;
	(void)v;
	*p = *src;
}

/* bitcast, treshape: the bytes from the same base in the lines of the result type. */
static void
place_retype(struct access *ac, struct op o, struct val v, const struct place *src, struct place *p)
{
	const struct type_data *d = type_data(&ac->ir->types, val_type(ac->ir, v));
	struct op def = ir_val(ac->ir, op_slot(ac->ir, o, 0))->def;
	/* A window at a run-time offset has no certain base; a valid area known at run time only is no obstacle. */
	bool base = src->kind == PL_TILE && (src->u.tile.exact || (def.i && op_id(ac->ir, def) == OP_ALLOC_TILE));

	if (!base) {
		*p = place_unknown(ac, v);
		return;
	}
	*p = (struct place){.kind = PL_TILE, .space = src->space};
	struct tile_place *t = &p->u.tile;
	tile_lines(&d->tile, type_bytes(&ac->ir->types, d->sub[0]), t);
	t->base = src->u.tile.base;
	t->exact = true;
	t->vrow = valid_extent(ac, d->tile.vrow, (struct val){0}, t->rows, &t->exact);
	t->vcol = valid_extent(ac, d->tile.vcol, (struct val){0}, t->cols, &t->exact);
}

/* The same address in elements of another size; between pointer and integer the place goes along. */
static void
place_castptr(struct access *ac, struct op o, struct val v, const struct place *src, struct place *p)
{
	const struct type_data *d = type_data(&ac->ir->types, val_type(ac->ir, v));

	(void)o;
	*p = *src;
	if (d->kind == TY_PTR && d->space != SP_GM && d->space != SP_ZERO)
		*p = place_unknown(ac, v);
	else if (p->kind == PL_GM && d->kind == TY_PTR)
		p->u.gm.elem_bytes = type_bytes(&ac->ir->types, d->sub[0]);
}

/* Ops whose result lies in the memory of their first operand, by number of the rule below; 0 = none. */
static const uint8_t view_of[OP_COUNT] = {
	[OP_ADDPTR] = 1, [OP_MAKE_TENSOR_VIEW] = 2, [OP_PARTITION_VIEW] = 3, [OP_SUBVIEW] = 4, [OP_CONV_CAST] = 5,
	[OP_CASTPTR] = 6, [OP_INTTOPTR] = 6, [OP_PTRTOINT] = 6, [OP_BITCAST] = 7, [OP_TRESHAPE] = 7,
};
static void (*const view_rule[])(struct access *, struct op, struct val, const struct place *, struct place *) = {
	NULL, place_addptr, place_tensor_view, place_partition, place_subview, place_same, place_castptr, place_retype,
};

static void
place_view(struct access *ac, struct op o, struct val v, struct places *out)
{
	struct place_list l = place_of(ac, op_opnd(ac->ir, o, 0));

	for (uint32_t k = 0; k < l.n; k++) {
		struct place src = *place_at(ac, l, k), p;
		view_rule[view_of[op_id(ac->ir, o)]](ac, o, v, &src, &p);
		places_add_new(out, &p);
	}
}

static void
place_compute(struct access *ac, struct val v, struct places *out)
{
	const struct val_data *d = ir_val(ac->ir, v);
	struct op owner = !d->def.i ? blk_owner(ac->ir, d->blk) : (struct op){0};
	struct place p;

	if (is_join(ac, v)) {
		place_join(ac, v, out);
	} else if (d->def.i && op_id(ac->ir, d->def) == OP_ALLOC_TILE) {
		place_alloc(ac, d->def, v, out);
	} else if (d->def.i && op_id(ac->ir, d->def) == OP_DECLARE_TILE) {
		place_popped(ac, v, out);
	} else if (d->def.i && op_id(ac->ir, d->def) == OP_DECLARE_GLOBAL) {
		p = fifo_entry(ac, d->def, v);
		places_add(out, &p);
	} else if (d->def.i && op_id(ac->ir, d->def) == OP_MULTI_TILE_GET) {
		place_slot(ac, d->def, v, out);
	} else if (d->def.i && op_id(ac->ir, d->def) == OP_TASSIGN) {
		place_tassign(ac, d->def, v, out);
	} else if (d->def.i && view_of[op_id(ac->ir, d->def)]) {
		place_view(ac, d->def, v, out);
	} else {
		bool arg = owner.i && op_id(ac->ir, owner) == OP_FUNC && op_body(ac->ir, owner, 0).i == d->blk.i;
		p = arg ? place_argument(ac, v) : place_unknown(ac, v);
		places_add(out, &p);
	}
	if (out->n == 0 || out->over) {
		p = place_unknown(ac, v);
		places_one(out, &p);
	}
}

struct place_list
place_of(struct access *ac, struct val v)
{
	struct place_list l = ac->of_val[v.i];
	struct places out; /* large: only the used part is ever set */

	if (l.n == BEING_RESOLVED)
		return (struct place_list){0, 1}; /* place 0 is PL_CYCLE */
	if (l.n)
		return l;
	bool join = is_join(ac, v);
	out.n = 0;
	out.over = false;
	if (ac->depth == DEPTH_MAX || (ac->njoin && ac->budget == 0)) {
		struct place p = place_unknown(ac, v);
		places_add(&out, &p);
	} else {
		if (ac->njoin)
			ac->budget--;
		else
			ac->budget = 1000;
		ac->depth++;
		ac->njoin += join;
		ac->of_val[v.i].n = BEING_RESOLVED;
		place_compute(ac, v, &out);
		ac->njoin -= join;
		ac->depth--;
	}
	l = (struct place_list){ac->place.n, out.n};
	bool cycle = false;
	for (uint32_t k = 0; k < out.n; k++) {
		VEC_PUSH(ac->a, &ac->place, out.at[k]);
		cycle = cycle || out.at[k].kind == PL_CYCLE;
	}
	ac->of_val[v.i] = !cycle ? l : (struct place_list){0, 0};
	return l;
}
