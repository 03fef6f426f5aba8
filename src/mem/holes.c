/*
 * holes: when a buffer holds nothing although its range goes on. Between the last use of what it holds and the next op
 * that writes all of it, and in a loop that begins with such an op, its bytes are free.
 *
 * Backward over the structure, per buffer and only over its uses: a region is told whether the data is needed behind it
 * and says whether it is needed before it; the body of a loop needs behind what the next trip needs before it. Between
 * two uses the buffer is live when the later one needs what is there. Cost: uses times nesting.
 *
 * Buffers that are carried, yielded, selected, passed to calls or kept by handles, that change their valid shape, or
 * that are used in a region of several blocks keep their range.
 */
#include "mem/live.h"

#include <stdlib.h>

struct use {
	struct op op;
	uint32_t root;
	bool fills;
};

/* What a region does to a buffer: needs it before; lets it through on some way. */
struct effect {
	bool needs, passes;
};

struct holes {
	struct live *l;
	VEC(struct use) use;		/* in program order; sorted by root, one per op */
	bool *whole;			/* by root: keeps its range */
	VEC(struct piece) out;		/* of the buffer being worked on */
	uint32_t root;
};

/* ---- uses ---- */

static uint32_t
root_of(struct live *l, struct val v)
{
	uint32_t k = v.i < l->nval && live_is_tile(l, v) ? l->only[live_family(l, v)] : 0;

	return k == UINT32_MAX ? 0 : k;
}

static bool
outlasts(const struct live *l, struct op o)
{
	const struct op_data *d = ir_op(l->ir, o);

	for (uint32_t k = 0; k < d->nres; k++) {
		enum type_kind t = type_kind(&l->ir->types, val_type(l->ir, op_res(l->ir, o, k)));
		if (t == TY_PIPE || t == TY_ASYNC_SESSION || t == TY_ASYNC_EVENT || t == TY_PREFETCH_CTX)
			return true;
	}
	return d->nreg || d->nsucc || op_row(l->ir, o)->flags & OPF_TERM || d->id == OP_CALL ||
	       d->id == OP_SET_VALIDSHAPE || d->id == OP_ARITH_SELECT;
}

static void
add_uses(struct holes *h, struct op o, bool simple)
{
	struct live *l = h->l;
	const struct op_data *d = ir_op(l->ir, o);
	bool view = op_row(l->ir, o)->flags & OPF_VIEW && d->nres == 1 && live_is_tile(l, op_res(l->ir, o, 0));
	bool keeps = outlasts(l, o);

	for (uint32_t k = 0; k < d->nopnd; k++) {
		uint32_t r = root_of(l, op_opnd(l->ir, o, k));
		if (!r)
			continue;
		h->whole[r] |= keeps || !simple;
		if (view)
			continue;
		struct val tile = op_res(l->ir, l->root.at[r - 1].alloc, 0);
		VEC_PUSH(l->a, &h->use, ((struct use){o, r, op_fills_tile(l->ir, o, tile)}));
	}
	for (uint32_t s = 0; s < d->nsucc; s++)
		for (uint32_t k = 0; k < l->ir->succ.at[d->succ0 + s].narg; k++)
			h->whole[root_of(l, l->ir->opnd.at[l->ir->succ.at[d->succ0 + s].arg0 + k])] = true;
	for (uint32_t k = 0; k < d->nres && keeps; k++)
		h->whole[root_of(l, op_res(l->ir, o, k))] = true;
}

/* Recursion over nesting only. Ops that placement has put in since have no position and no tiles. */
static void
region_uses(struct holes *h, struct reg r, bool simple)
{
	const struct ir *ir = h->l->ir;

	simple = simple && ir_reg(ir, r)->first.i == ir_reg(ir, r)->last.i;
	for (struct blk b = ir_reg(ir, r)->first; b.i; b = ir_blk(ir, b)->next) {
		for (uint32_t k = 0; k < ir_blk(ir, b)->narg; k++)
			h->whole[root_of(h->l, (struct val){ir_blk(ir, b)->arg0 + k})] = true;
		for (struct op o = ir_blk(ir, b)->first; o.i; o = ir_op(ir, o)->next) {
			if (o.i >= h->l->nop)
				continue;
			add_uses(h, o, simple);
			for (uint32_t k = 0; k < ir_op(ir, o)->nreg; k++)
				region_uses(h, op_reg(ir, o, k), simple && op_id(ir, o) != OP_WHILE);
		}
	}
}

/* By root, in program order; several uses by one op become one. */
static void
sort_uses(struct holes *h, uint32_t *first)
{
	struct live *l = h->l;
	struct use *to = ARENA_ARRAY(l->a, struct use, h->use.n + 1);
	uint32_t n = l->root.n;

	for (uint32_t k = 0; k < h->use.n; k++)
		first[h->use.at[k].root + 1]++;
	for (uint32_t r = 1; r <= n + 1; r++)
		first[r] += first[r - 1];
	for (uint32_t k = 0; k < h->use.n; k++)
		to[first[h->use.at[k].root]++] = h->use.at[k];
	for (uint32_t r = n + 1; r > 0; r--)
		first[r] = first[r - 1];
	first[0] = 0;
	h->use.at = to;
}

/* ---- regions ---- */

static void
cover(struct holes *h, uint32_t lo, uint32_t hi)
{
	VEC_PUSH(h->l->a, &h->out, ((struct piece){lo, hi}));
}

/* The op of block b that is, or holds, o. */
static struct op
child(const struct live *l, struct blk b, struct op o)
{
	while (ir_op(l->ir, o)->parent.i != b.i)
		o = op_parent(l->ir, o);
	return o;
}

/* First of the uses [from, to) that is not inside op c, counted from the end. */
static uint32_t
back_to(const struct holes *h, struct op c, uint32_t from, uint32_t to)
{
	while (to > from && h->l->pos[h->use.at[to - 1].op.i] >= h->l->pos[c.i])
		to--;
	return to;
}

/* Without the constants that placement has put in since: these stand in front of an alloc, so never last. */
static struct op
first_op(const struct live *l, struct blk b)
{
	struct op o = b.i ? ir_blk(l->ir, b)->first : (struct op){0};

	while (o.i >= l->nop)
		o = ir_op(l->ir, o)->next;
	return o;
}

/* Uses of region r of op c among [from, to): they lie between the positions of the region. */
static void
region_slice(const struct holes *h, struct op c, uint32_t r, uint32_t *from, uint32_t *to)
{
	const struct ir *ir = h->l->ir;
	struct op first = first_op(h->l, op_body(ir, c, r));

	if (!first.i) {
		*from = *to;
		return;
	}
	uint32_t lo = h->l->pos[first.i], hi = h->l->end[ir_blk(ir, op_body(ir, c, r))->last.i];
	while (*from < *to && h->l->pos[h->use.at[*from].op.i] < lo)
		++*from;
	while (*from < *to && h->l->pos[h->use.at[*to - 1].op.i] > hi)
		--*to;
}

static struct effect block_effect(const struct holes *h, struct blk b, uint32_t from, uint32_t to);

static struct effect
op_effect(const struct holes *h, struct op c, uint32_t from, uint32_t to)
{
	const struct ir *ir = h->l->ir;
	uint32_t n = ir_op(ir, c)->nreg;
	struct effect e = {false, n < 2 && op_id(ir, c) == OP_IF};

	for (uint32_t r = 0; r < n; r++) {
		uint32_t f = from, t = to;
		region_slice(h, c, r, &f, &t);
		struct effect x = block_effect(h, op_body(ir, c, r), f, t);
		e.needs |= x.needs;
		e.passes |= x.passes || (op_id(ir, c) == OP_FOR && !op_surely_runs(ir, c));
	}
	return e;
}

static struct effect
block_effect(const struct holes *h, struct blk b, uint32_t from, uint32_t to)
{
	struct effect e = {false, true};

	while (to > from) {
		struct use *u = &h->use.at[to - 1];
		struct op c = child(h->l, b, u->op);
		if (c.i == u->op.i) {
			e = u->fills ? (struct effect){false, false} : (struct effect){true, false};
			to--;
			continue;
		}
		uint32_t k = back_to(h, c, from, to);
		struct effect x = op_effect(h, c, k, to);
		e = (struct effect){x.needs || (x.passes && e.needs), x.passes && e.passes};
		to = k;
	}
	return e;
}

static bool block_live(struct holes *h, struct blk b, uint32_t from, uint32_t to, bool live, uint32_t top,
		       uint32_t end);

/* Covers what is live inside op c when the data is needed behind it or not; is it needed before c? */
static bool
op_live(struct holes *h, struct op c, uint32_t from, uint32_t to, bool live)
{
	const struct live *l = h->l;
	const struct ir *ir = l->ir;
	uint32_t n = ir_op(ir, c)->nreg;
	bool loop = op_id(ir, c) == OP_FOR, before = live && ((n < 2 && op_id(ir, c) == OP_IF) || loop);

	if (loop) {
		struct effect e = block_effect(h, op_body(ir, c, 0), from, to);
		bool head = e.needs || (e.passes && live);
		block_live(h, op_body(ir, c, 0), from, to, live || head, l->pos[c.i], l->end[c.i]);
		return head || (live && !op_surely_runs(ir, c));
	}
	for (uint32_t r = 0; r < n; r++) {
		struct blk b = op_body(ir, c, r);
		struct op first = first_op(l, b);
		uint32_t f = from, t = to;
		if (!first.i) {
			before |= live;
			continue;
		}
		region_slice(h, c, r, &f, &t);
		before |= block_live(h, b, f, t, live, l->pos[first.i], l->end[ir_blk(ir, b)->last.i]);
	}
	return before;
}

/* The same for the uses [from, to) in block b; top: where it begins, end: its last position. */
static bool
block_live(struct holes *h, struct blk b, uint32_t from, uint32_t to, bool live, uint32_t top, uint32_t end)
{
	const struct live *l = h->l;

	while (to > from) {
		struct use *u = &h->use.at[to - 1];
		struct op c = child(l, b, u->op);
		if (c.i == u->op.i) {
			cover(h, l->pos[c.i], live ? end : l->pos[c.i]);
			live = !u->fills;
			to--;
		} else {
			uint32_t k = back_to(h, c, from, to);
			if (live)
				cover(h, l->end[c.i], end);
			live = op_live(h, c, k, to, live);
			if (live)
				cover(h, l->pos[c.i], l->pos[c.i]);
			to = k;
		}
		end = l->pos[c.i];
	}
	if (live)
		cover(h, top, end);
	return live;
}

/* ---- pieces ---- */

static int
by_lo(const void *x, const void *y)
{
	const struct piece *a = x, *b = y;

	if (a->lo != b->lo)
		return a->lo < b->lo ? -1 : 1;
	return a->hi < b->hi ? -1 : a->hi > b->hi;
}

/* The pieces of a root, joined where they meet. True when they are less than its range. */
static bool
take_pieces(struct holes *h, struct root *r)
{
	struct live *l = h->l;
	struct piece *p = h->out.at;
	uint32_t n = 0;

	if (!p)
		return false;
	qsort(p, h->out.n, sizeof *p, by_lo);
	for (uint32_t k = 0; k < h->out.n; k++) {
		if (n && p[k].lo <= p[n - 1].hi + 1)
			p[n - 1].hi = p[k].hi > p[n - 1].hi ? p[k].hi : p[n - 1].hi;
		else
			p[n++] = p[k];
	}
	if (n == 1 && p[0].lo == r->lo && p[0].hi == r->hi)
		return false;
	r->piece0 = l->piece.n;
	r->npiece = n;
	for (uint32_t k = 0; k < n; k++)
		VEC_PUSH(l->a, &l->piece, p[k]);
	return true;
}

bool
live_holes(struct live *l, struct op func)
{
	struct holes h = {.l = l, .whole = ARENA_ARRAY(l->a, bool, l->root.n + 1)};
	uint32_t *first = ARENA_ARRAY(l->a, uint32_t, l->root.n + 3);
	bool any = false;

	if (l->manual)
		return false;
	for (uint32_t k = 0; k < l->root.n; k++)
		h.whole[l->root.at[k].twin] = true;
	region_uses(&h, op_reg(l->ir, func, 0), true);
	sort_uses(&h, first);
	for (uint32_t k = 0; k < l->root.n; k++) {
		struct root *r = &l->root.at[k];
		uint32_t from = first[k + 1], to = first[k + 2], n = from;
		if (l->tie_of && l->tie_of[r->alloc.i])
			continue;
		if (h.whole[k + 1] || from == to || r->twin || r->npiece || op_id(l->ir, r->alloc) != OP_ALLOC_TILE)
			continue;
		for (uint32_t i = from; i < to; i++) {
			if (n > from && h.use.at[n - 1].op.i == h.use.at[i].op.i)
				h.use.at[n - 1].fills &= h.use.at[i].fills;
			else
				h.use.at[n++] = h.use.at[i];
		}
		h.out.n = 0;
		struct blk home = ir_op(l->ir, r->alloc)->parent;
		/* what the first use finds there was never written */
		block_live(&h, home, from, n, false, r->lo, l->pos[h.use.at[n - 1].op.i]);
		any |= take_pieces(&h, r);
	}
	return any;
}
