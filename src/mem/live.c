/*
 * live: see live.h. Three walks over a function: positions and families, home blocks, uses. Linear but for the
 * union-find and a binary search over the loops around a use. Recursion over nesting only.
 */
#include "mem/plan.h"

#include "mem/size.h"

#include <assert.h>

void
live_init(struct live *l, struct arena *a, struct ir *ir)
{
	memset(l, 0, sizeof *l);
	l->a = a;
	l->ir = ir;
	l->nval = ir->val.n;
	l->nop = ir->op.n;
	l->pos = ARENA_ARRAY(a, uint32_t, ir->op.n);
	l->end = ARENA_ARRAY(a, uint32_t, ir->op.n);
	l->depth = ARENA_ARRAY(a, uint32_t, ir->blk.n);
	l->family = ARENA_ARRAY(a, uint32_t, ir->val.n);
	l->home = ARENA_ARRAY(a, uint32_t, ir->val.n);
	l->lo = ARENA_ARRAY(a, uint32_t, ir->val.n);
	l->hi = ARENA_ARRAY(a, uint32_t, ir->val.n);
	l->only = ARENA_ARRAY(a, uint32_t, ir->val.n);
	for (uint32_t v = 0; v < ir->val.n; v++)
		l->family[v] = v;
}

/* ---- families ---- */

bool
live_is_tile(const struct live *l, struct val v)
{
	enum type_kind k = v.i ? type_kind(&l->ir->types, val_type(l->ir, v)) : TY_ERROR;

	return k == TY_TILE || k == TY_MULTI_TILE;
}

static uint32_t
find(struct live *l, uint32_t v)
{
	while (l->family[v] != v)
		v = l->family[v] = l->family[l->family[v]];
	return v;
}

uint32_t
live_family(struct live *l, struct val v)
{
	return find(l, v.i);
}

static void
join(struct live *l, struct val a, struct val b)
{
	if (!live_is_tile(l, a) || !live_is_tile(l, b))
		return;
	uint32_t x = find(l, a.i), y = find(l, b.i);
	if (x < y)
		l->family[y] = x;
	else
		l->family[x] = y;
}

void
live_ties(struct live *l, const struct mem_tie *tie, uint32_t n)
{
	if (!n)
		return;
	l->tie = tie;
	l->tie_of = ARENA_ARRAY(l->a, uint32_t, l->nop);
	l->tied = ARENA_ARRAY(l->a, uint32_t, n);
	for (uint32_t k = 0; k < n; k++) {
		l->tie_of[tie[k].alloc.i] = k + 1;
		join(l, op_res(l->ir, tie[k].alloc, 0), op_res(l->ir, tie[tie[k].group].alloc, 0));
	}
}

/* Operands of a slot flow into the n values from `to` on. */
static void
join_slot(struct live *l, struct op o, uint32_t slot, uint32_t to, uint32_t n)
{
	uint32_t have;
	const struct val *v = op_group(l->ir, o, slot, &have);

	for (uint32_t k = 0; k < n && k < have; k++)
		join(l, v[k], (struct val){to + k});
}

static struct blk
last_block(const struct live *l, struct op o, uint32_t region)
{
	return region < ir_op(l->ir, o)->nreg ? ir_reg(l->ir, op_reg(l->ir, o, region))->last : (struct blk){0};
}

/* What every block of a region yields flows into the n values from `to` on. */
static void
join_yields(struct live *l, struct op o, uint32_t region, uint32_t slot, uint32_t to, uint32_t n)
{
	for (struct blk b = op_body(l->ir, o, region); n && b.i; b = ir_blk(l->ir, b)->next) {
		struct op t = ir_blk(l->ir, b)->last;
		if (t.i && ir_op(l->ir, t)->nsucc == 0 && op_row(l->ir, t)->flags & OPF_TERM)
			join_slot(l, t, slot, to, n);
	}
}

static void
join_for(struct live *l, struct op o)
{
	struct blk_data *b = ir_blk(l->ir, op_body(l->ir, o, 0));
	uint32_t n = ir_op(l->ir, o)->nres, res = ir_op(l->ir, o)->res0;

	if (!n)
		return;
	join_slot(l, o, 3, res, n);
	join_slot(l, o, 3, b->arg0 + 1, n);
	join_yields(l, o, 0, 0, res, n);
}

static void
join_while(struct live *l, struct op o)
{
	struct blk before = op_body(l->ir, o, 0), after = op_body(l->ir, o, 1);
	struct op cond = ir_blk(l->ir, last_block(l, o, 0))->last;
	struct blk_data *x = ir_blk(l->ir, before), *y = ir_blk(l->ir, after);

	join_slot(l, o, 0, x->arg0, x->narg);
	join_yields(l, o, 1, 0, x->arg0, x->narg);
	join_slot(l, cond, 1, y->arg0, y->narg);
	join_slot(l, cond, 1, ir_op(l->ir, o)->res0, ir_op(l->ir, o)->nres);
}

static void
join_branches(struct live *l, struct op o)
{
	const struct op_data *d = ir_op(l->ir, o);

	for (uint32_t s = 0; s < d->nsucc; s++) {
		struct succ e = l->ir->succ.at[d->succ0 + s];
		for (uint32_t k = 0; k < e.narg; k++)
			join(l, l->ir->opnd.at[e.arg0 + k], (struct val){ir_blk(l->ir, e.blk)->arg0 + k});
	}
}

static bool
is_view(const struct live *l, struct op o)
{
	return op_row(l->ir, o)->flags & OPF_VIEW && ir_op(l->ir, o)->nres == 1 && live_is_tile(l, op_res(l->ir, o, 0));
}

static void
join_values(struct live *l, struct op o)
{
	const struct op_data *d = ir_op(l->ir, o);

	if (is_view(l, o)) {
		for (uint32_t k = 0; k < d->nopnd; k++)
			join(l, op_opnd(l->ir, o, k), op_res(l->ir, o, 0));
		return;
	}
	join_branches(l, o);
	/* a called function may return a tile that it was given */
	for (uint32_t r = 0; d->id == OP_CALL && r < d->nres; r++)
		for (uint32_t k = 0; k < d->nopnd; k++)
			join(l, op_opnd(l->ir, o, k), op_res(l->ir, o, r));
	if (d->nreg == 0)
		return;
	if (d->id == OP_FOR)
		join_for(l, o);
	else if (d->id == OP_WHILE)
		join_while(l, o);
	else
		for (uint32_t r = 0; r < d->nreg; r++)
			join_yields(l, o, r, 0, d->res0, d->nres);
}

/* ---- walk 1: positions, families, what is to be placed ---- */

static void
note_op(struct live *l, struct op o)
{
	struct ir *ir = l->ir;

	l->pos[o.i] = ++l->now;
	enum op_id id = op_id(ir, o);
	if ((id == OP_ALLOC_TILE || id == OP_ALLOC_MULTI_TILE) && !op_slot(ir, o, 0).i) {
		struct typ ty = val_type(ir, op_res(ir, o, 0));
		struct buf_place all = mem_place(ir, o);
		VEC_PUSH(l->a, &l->root, (struct root){
			.alloc = o,
			.space = all.space,
			.size_bytes = id == OP_ALLOC_TILE ? mem_footprint(ir, ty) : all.size_bytes,
		});
	}
	if (id == OP_RESERVE_BUFFER) {
		enum space sp;
		uint64_t bytes = reserve_bytes(ir, o, &sp);
		l->reserve_bytes[sp] += bytes;
	}
	if (id == OP_TFILLPAD && l->fill_in_place)
		VEC_PUSH(l->a, &l->fill, o);
	if (op_row(ir, o)->flags & OPF_INPLACE)
		VEC_PUSH(l->a, &l->in_place, o);
	l->manual |= (op_row(ir, o)->flags & OPF_MANUAL) != 0;
	l->fixed_scratch |= mem_uses_fixed_scratch(ir, o);
	join_values(l, o);
}

static void
number_region(struct live *l, struct reg r, uint32_t depth)
{
	for (struct blk b = ir_reg(l->ir, r)->first; b.i; b = ir_blk(l->ir, b)->next) {
		l->depth[b.i] = depth;
		for (struct op o = ir_blk(l->ir, b)->first; o.i; o = ir_op(l->ir, o)->next) {
			note_op(l, o);
			for (uint32_t k = 0; k < ir_op(l->ir, o)->nreg; k++)
				number_region(l, op_reg(l->ir, o, k), depth + 1);
			l->end[o.i] = l->now;
		}
	}
}

/* ---- walk 2: homes ---- */

static struct blk
up(const struct live *l, struct blk b)
{
	return ir_op(l->ir, blk_owner(l->ir, b))->parent;
}

/* Innermost block around both; 0 for two blocks of the function's own region. */
static struct blk
common(const struct live *l, struct blk a, struct blk b)
{
	while (a.i != b.i) {
		if (l->depth[a.i] <= 1 && l->depth[b.i] <= 1)
			return (struct blk){0};
		if (l->depth[a.i] >= l->depth[b.i])
			a = up(l, a);
		else
			b = up(l, b);
	}
	return a;
}

/* `home` is a block id, or one of these. */
enum { HOME_NONE = 0 };
static const uint32_t HOME_FUNC = UINT32_MAX;

static void
defined_in(struct live *l, struct val v, struct blk b)
{
	if (!live_is_tile(l, v))
		return;
	uint32_t *h = &l->home[find(l, v.i)];
	if (*h == b.i || *h == HOME_FUNC)
		return;
	struct blk c = *h == HOME_NONE ? b : common(l, (struct blk){*h}, b);
	*h = c.i ? c.i : HOME_FUNC;
}

static void
homes_region(struct live *l, struct reg r)
{
	for (struct blk b = ir_reg(l->ir, r)->first; b.i; b = ir_blk(l->ir, b)->next) {
		for (uint32_t k = 0; k < ir_blk(l->ir, b)->narg; k++)
			defined_in(l, (struct val){ir_blk(l->ir, b)->arg0 + k}, b);
		for (struct op o = ir_blk(l->ir, b)->first; o.i; o = ir_op(l->ir, o)->next) {
			uint32_t tie = l->tie_of ? l->tie_of[o.i] : 0;
			for (uint32_t k = 0; k < ir_op(l->ir, o)->nres; k++)
				defined_in(l, op_res(l->ir, o, k), b);
			if (tie && l->tie[tie - 1].loop.i)
				defined_in(l, op_res(l->ir, o, 0), ir_op(l->ir, l->tie[tie - 1].loop)->parent);
			for (uint32_t k = 0; k < ir_op(l->ir, o)->nreg; k++)
				homes_region(l, op_reg(l->ir, o, k));
		}
	}
}

/* ---- walk 3: uses ---- */

/* Depth of the outermost block around the current op, inside depth `home`, that may run again before its owner ends;
 * 0 when there is none. */
static uint32_t
outermost_loop(const struct live *l, uint32_t home)
{
	uint32_t lo = 0, hi = l->loop.n;

	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;
		if (l->loop.at[mid] > home)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo < l->loop.n ? l->loop.at[lo] : 0;
}

static void
cover(struct live *l, uint32_t f, uint32_t from, uint32_t to)
{
	if (!l->lo[f] || from < l->lo[f])
		l->lo[f] = from;
	if (to > l->hi[f])
		l->hi[f] = to;
}

static void
cover_wide(struct live *l, uint32_t f, uint32_t from, uint32_t to)
{
	if (!l->wide_lo[f] || from < l->wide_lo[f])
		l->wide_lo[f] = from;
	if (to > l->wide_hi[f])
		l->wide_hi[f] = to;
}

/* ---- functions synchronised by hand ---- */

/* Position of the next barrier on all pipes behind every op of a block. */
static void
find_drains(struct live *l, struct blk b)
{
	uint32_t next = 0;
	enum pipe p, none;
	uint32_t id;

	for (struct op o = ir_blk(l->ir, b)->last; o.i; o = ir_op(l->ir, o)->prev) {
		if (op_id(l->ir, o) == OP_BARRIER && op_flag(l->ir, o, &p, &none, &id) && p == P_ALL)
			next = l->pos[o.i];
		l->drain[o.i] = next;
	}
}

/* From an access on until it is complete for certain: a barrier behind it, in its block or one around it. A loop that
 * is left without one may still have the access of an earlier trip in flight. */
static void
touch_wide(struct live *l, uint32_t f, struct op o, struct op func)
{
	uint32_t from = l->pos[o.i];

	while (o.i != func.i && !l->drain[o.i]) {
		o = op_parent(l->ir, o);
		if (op_id(l->ir, o) == OP_FOR || op_id(l->ir, o) == OP_WHILE)
			from = l->pos[o.i];
	}
	cover_wide(l, f, from, o.i == func.i ? l->end[o.i] : l->drain[o.i]);
}

static void
wide_region(struct live *l, struct reg r, struct op func)
{
	for (struct blk b = ir_reg(l->ir, r)->first; b.i; b = ir_blk(l->ir, b)->next) {
		find_drains(l, b);
		for (struct op o = ir_blk(l->ir, b)->first; o.i; o = ir_op(l->ir, o)->next) {
			for (uint32_t k = 0; k < ir_op(l->ir, o)->nopnd; k++)
				if (live_is_tile(l, op_opnd(l->ir, o, k)))
					touch_wide(l, find(l, op_opnd(l->ir, o, k).i), o, func);
			for (uint32_t k = 0; k < ir_op(l->ir, o)->nreg; k++)
				wide_region(l, op_reg(l->ir, o, k), func);
		}
	}
}

static void
wide_function(struct live *l, struct op func)
{
	if (!l->drain) {
		l->drain = ARENA_ARRAY(l->a, uint32_t, l->nop);
		l->wide_lo = ARENA_ARRAY(l->a, uint32_t, l->nval);
		l->wide_hi = ARENA_ARRAY(l->a, uint32_t, l->nval);
	}
	wide_region(l, op_reg(l->ir, func, 0), func);
}

/* ---- uses ---- */

static void
touch(struct live *l, struct val v, struct op o)
{
	uint32_t f = find(l, v.i), home = l->home[f], depth = 0;

	if (home != HOME_FUNC && home != HOME_NONE)
		depth = l->depth[home];
	/* another block of the home's region: control may come back to it */
	if (depth && l->path.at[depth].i != home)
		depth--;
	uint32_t loop = outermost_loop(l, depth);
	cover(l, f, l->pos[o.i], l->end[o.i]);
	if (loop) {
		struct op owner = blk_owner(l->ir, l->path.at[loop]);
		cover(l, f, l->pos[owner.i], l->end[owner.i]);
	}
}

/* Results that stand for work or memory outlast their op: a session, an event, a pipe. */
static bool
leaves_handle(const struct live *l, struct op o)
{
	for (uint32_t k = 0; k < ir_op(l->ir, o)->nres; k++) {
		enum type_kind t = type_kind(&l->ir->types, val_type(l->ir, op_res(l->ir, o, k)));
		if (t == TY_PIPE || t == TY_ASYNC_SESSION || t == TY_ASYNC_EVENT || t == TY_PREFETCH_CTX)
			return true;
	}
	return false;
}

static void
use_op(struct live *l, struct op o, struct op func)
{
	const struct op_data *d = ir_op(l->ir, o);

	if (is_view(l, o))
		return;
	bool lasting = d->nres && leaves_handle(l, o);
	for (uint32_t k = 0; k < d->nopnd; k++) {
		struct val v = op_opnd(l->ir, o, k);
		if (!live_is_tile(l, v))
			continue;
		touch(l, v, o);
		if (lasting)
			cover(l, find(l, v.i), l->pos[func.i], l->end[func.i]);
	}
	for (uint32_t s = 0; s < d->nsucc; s++) {
		struct succ e = l->ir->succ.at[d->succ0 + s];
		for (uint32_t k = 0; k < e.narg; k++)
			if (live_is_tile(l, l->ir->opnd.at[e.arg0 + k]))
				touch(l, l->ir->opnd.at[e.arg0 + k], o);
	}
}

static void
uses_region(struct live *l, struct reg r, struct op owner, uint32_t depth, struct op func)
{
	enum op_id id = op_id(l->ir, owner);
	struct blk first = ir_reg(l->ir, r)->first;
	bool again = id == OP_FOR || id == OP_WHILE || (first.i && ir_blk(l->ir, first)->next.i);

	while (l->path.n <= depth)
		VEC_ADD(l->a, &l->path, 1);
	if (again)
		VEC_PUSH(l->a, &l->loop, depth);
	for (struct blk b = first; b.i; b = ir_blk(l->ir, b)->next) {
		l->path.at[depth] = b;
		for (struct op o = ir_blk(l->ir, b)->first; o.i; o = ir_op(l->ir, o)->next) {
			use_op(l, o, func);
			for (uint32_t k = 0; k < ir_op(l->ir, o)->nreg; k++)
				uses_region(l, op_reg(l->ir, o, k), o, depth + 1, func);
		}
	}
	if (again)
		l->loop.n--;
}

/* ---- sharing ---- */

static struct root *
only_root(struct live *l, struct val v)
{
	uint32_t k = l->only[find(l, v.i)];

	return k && k != UINT32_MAX ? &l->root.at[k - 1] : NULL;
}

/* src, dst: filling in place needs a source that dies here and a destination that is born here. */
static void
share_fill(struct live *l, struct op o)
{
	struct root *src = only_root(l, op_slot(l->ir, o, 0)), *dst = only_root(l, op_slot(l->ir, o, 1));
	uint32_t now = l->pos[o.i];

	if (!src || !dst || src == dst || src->space != dst->space || src->size_bytes != dst->size_bytes)
		return;
	if (src->hi != now || dst->lo != now || src->twin || dst->twin)
		return;
	src->hi = dst->hi;
	src->wide_hi = dst->wide_hi;
	dst->twin = (uint32_t)(src - l->root.at) + 1;
}

/* Tiles of one form: element by element on the same bytes. */
static bool
same_form(const struct live *l, struct val a, struct val b)
{
	const struct type_data *x = type_data(&l->ir->types, val_type(l->ir, a));
	const struct type_data *y = type_data(&l->ir->types, val_type(l->ir, b));
	const struct tile_shape *s = &x->tile, *t = &y->tile;

	return x->kind == TY_TILE && y->kind == TY_TILE &&
	       type_bytes(&l->ir->types, x->sub[0]) == type_bytes(&l->ir->types, y->sub[0]) && s->rows == t->rows &&
	       s->cols == t->cols && s->space == t->space && s->blayout == t->blayout && s->slayout == t->slayout &&
	       s->fractal == t->fractal && s->compact == t->compact;
}

/* The root whose first byte the value is, with a range of its own. */
static struct root *
whole_root(struct live *l, struct val v)
{
	struct root *r = only_root(l, v);

	return r && op_res(l->ir, r->alloc, 0).i == v.i ? r : NULL;
}

static bool
share_in_place(struct live *l, struct val src, struct val dst, uint32_t now)
{
	struct root *s = whole_root(l, src), *d = whole_root(l, dst);

	if (!s || !d || s == d || d->twin || d->wide_lo != d->lo || d->wide_hi != d->hi || !same_form(l, src, dst))
		return false;
	uint32_t of = s->twin ? s->twin : (uint32_t)(s - l->root.at) + 1;
	struct root *keep = &l->root.at[of - 1];
	if (keep == d || keep->hi != now || keep->wide_hi != now || d->lo != now)
		return false;
	keep->hi = keep->wide_hi = d->hi;
	keep->npiece = 0;
	d->twin = of;
	return true;
}

bool
live_in_place(struct live *l, enum space sp)
{
	bool any = false;

	for (uint32_t k = 0; k < l->in_place.n; k++) {
		struct op o = l->in_place.at[k];
		struct op_slot slot[OP_MAX_SLOT];
		uint32_t n = op_slots(op_id(l->ir, o), slot), now = l->pos[o.i];
		struct val dst = op_slot(l->ir, o, n - 1);
		if (!live_is_tile(l, dst) || type_data(&l->ir->types, val_type(l->ir, dst))->tile.space != sp)
			continue;
		bool done = false;
		for (uint32_t s = 0; s + 1 < n && !done; s++)
			done = live_is_tile(l, op_slot(l->ir, o, s)) &&
			       share_in_place(l, op_slot(l->ir, o, s), dst, now);
		any |= done;
	}
	return any;
}

/*
 * Products that add to what is there work in their destination alone (pto-isa: include/pto/npu/a2a3/TMatmul.hpp): where
 * the sum so far dies there, it has to lie in the same bytes.
 */
static void
share_sum(struct live *l, struct op o)
{
	struct op_slot slot[OP_MAX_SLOT];
	uint32_t n = op_slots(op_id(l->ir, o), slot);
	struct val dst = op_slot(l->ir, o, n - 1);

	for (uint32_t s = 0; slot[n - 1].rw == 'b' && s + 1 < n; s++)
		if (live_is_tile(l, dst) && live_is_tile(l, op_slot(l->ir, o, s)))
			share_in_place(l, op_slot(l->ir, o, s), dst, l->pos[o.i]);
}

/* The first root of a group stands for all of it. */
static void
share_tie(struct live *l, struct root *r)
{
	uint32_t k = l->tie_of ? l->tie_of[r->alloc.i] : 0;

	if (!k)
		return;
	const struct mem_tie *t = &l->tie[k - 1];
	uint32_t *first = &l->tied[t->group];
	r->off_bytes = t->off_bytes;
	if (*first)
		r->twin = *first;
	else
		*first = (uint32_t)(r - l->root.at) + 1;
	r->size_bytes = t->all_bytes;
}

static void
ranges(struct live *l)
{
	for (uint32_t k = 0; k < l->root.n; k++) {
		struct root *r = &l->root.at[k];
		uint32_t f = find(l, op_res(l->ir, r->alloc, 0).i);
		r->family = f;
		r->lo = r->wide_lo = l->lo[f];
		r->hi = r->wide_hi = l->hi[f];
		if (l->manual && l->wide_lo[f]) {
			r->wide_lo = l->wide_lo[f] < r->lo ? l->wide_lo[f] : r->lo;
			r->wide_hi = l->wide_hi[f] > r->hi ? l->wide_hi[f] : r->hi;
		}
		l->only[f] = l->only[f] ? UINT32_MAX : k + 1;
		share_tie(l, r);
	}
	for (uint32_t k = 0; k < l->fill.n; k++)
		share_fill(l, l->fill.at[k]);
	for (uint32_t k = 0; k < l->in_place.n; k++)
		share_sum(l, l->in_place.at[k]);
}

void
live_function(struct live *l, struct op func)
{
	struct reg body = op_reg(l->ir, func, 0);

	l->root.n = l->fill.n = l->in_place.n = l->piece.n = 0;
	l->fixed_scratch = l->manual = false;
	memset(l->reserve_bytes, 0, sizeof l->reserve_bytes);
	l->pos[func.i] = ++l->now;
	number_region(l, body, 1);
	l->end[func.i] = l->now;
	homes_region(l, body);
	uses_region(l, body, func, 1, func);
	assert(l->loop.n == 0);
	if (l->manual)
		wide_function(l, func);
	ranges(l);
}
