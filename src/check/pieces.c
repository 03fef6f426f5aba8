/*
 * pieces: see pieces.h. The uses of one buffer, in program order, with the loops and branches around them form a small
 * flow graph. Data is needed in front of a use that does not write all bytes of the buffer, and in front of whatever
 * leads there; it is not needed in front of a write of all bytes. Every edge that leads to a need covers the positions
 * between its ends.
 */
#include "check/pieces.h"

#include "base/num.h"
#include "mem/mem.h"

#include <stdlib.h>

enum ck_node_kind { ND_USE, ND_LOOP, ND_LOOP_END, ND_CHOICE, ND_CHOICE_END };

struct ck_node {
	enum ck_node_kind kind;
	struct op op;
	uint32_t mate;		/* of a LOOP its end, of an end its LOOP */
	uint32_t next;		/* what follows, behind all of a loop or branch; of the last of an arm: its end */
	bool fills, need;	/* need: of the data in front of it */
};

struct ck_event {
	struct op op;
	uint32_t next;		/* of the same buffer, earlier; 0 = none */
	bool fills;
};

struct ck_graph {
	struct ck_pieces *out;
	struct ck_families *f;
	const struct access *ac;
	uint32_t *last;			/* by family - val0: latest event */
	uint32_t *alloc;		/* by family - val0: index of alloc + 1, UINT32_MAX: not to be split */
	VEC(struct ck_event) event;	/* [0] unused */
	VEC(struct ck_node) node;	/* of one buffer */
	VEC(uint32_t) open;		/* nodes of the ops around */
	VEC(struct op) path;
	VEC(struct ck_piece) cover;
};

/* ---- uses ---- */

static uint32_t *
ck_alloc_of(struct ck_graph *g, struct val v)
{
	return &g->alloc[ck_family(g->f, v) - g->f->val0];
}

uint64_t
ck_loaded(const struct ir *ir, struct op o)
{
	struct typ src = val_type(ir, op_slot(ir, o, 0)), dst = val_type(ir, op_slot(ir, o, 1));
	int64_t n = type_kind(&ir->types, src) == TY_PVIEW ? type_elems(&ir->types, src) : DIM_DYN;

	return n > 0 && num_mul(n, type_bytes(&ir->types, type_elem(&ir->types, dst)), &n) ? (uint64_t)n : 0;
}

/* All bytes of the buffer, and nothing of it read. */
static bool
ck_fills(struct ck_graph *g, struct op o, struct val tile)
{
	const struct ir *ir = g->f->ir;
	struct op alloc = ir_val(ir, tile)->def;
	uint32_t n = 0, m, fam = ck_family(g->f, tile), named = 0;
	const struct phase *ph = access_phases(g->ac, o, &n);
	struct buf_place b = mem_place(ir, alloc);
	bool all = false;

	for (uint32_t k = 0; k < ir_op(ir, o)->nopnd; k++)
		named += ck_is_tile(ir, op_opnd(ir, o, k)) && ck_family(g->f, op_opnd(ir, o, k)) == fam;
	for (uint32_t i = 0; i < n; i++) {
		const struct acc *c = access_accs(g->ac, &ph[i], &m);
		for (uint32_t k = 0; k < m; k++) {
			int64_t lo, hi;
			if (access_space(g->ac, c[k].set) == SP_GM)
				continue;
			if (!access_extent(g->ac, c[k].set, &lo, &hi))
				return false;
			if (access_space(g->ac, c[k].set) != b.space || lo >= (int64_t)(b.addr_bytes + b.size_bytes) ||
			    hi <= (int64_t)b.addr_bytes)
				continue;
			if (c[k].rw & ACC_READ)
				return false;
			all |= c[k].rw & ACC_WHOLE && lo <= (int64_t)b.addr_bytes &&
			       access_volume(g->ac, c[k].set) >= b.size_bytes;
		}
	}
	return all && named == 1 && b.known && (op_id(ir, o) != OP_TLOAD || ck_loaded(ir, o) >= b.size_bytes);
}

static bool
ck_keeps(const struct ir *ir, struct op o)
{
	const struct op_data *d = ir_op(ir, o);
	bool keeps = d->nreg || d->nsucc || op_row(ir, o)->flags & OPF_TERM || d->id == OP_CALL ||
		     d->id == OP_SET_VALIDSHAPE || d->id == OP_ARITH_SELECT || d->id == OP_TASSIGN;

	for (uint32_t k = 0; k < d->nres; k++) {
		enum type_kind t = type_kind(&ir->types, val_type(ir, op_res(ir, o, k)));
		keeps |= t == TY_PIPE || t == TY_ASYNC_SESSION || t == TY_ASYNC_EVENT || t == TY_PREFETCH_CTX;
	}
	return keeps;
}

static void
ck_event(struct ck_graph *g, struct op o, struct val v, bool view, bool keeps)
{
	const struct ir *ir = g->f->ir;
	uint32_t fam = ck_family(g->f, v), *last = &g->last[fam - g->f->val0], *k = ck_alloc_of(g, v);

	if (keeps)
		*k = UINT32_MAX;
	if (view || !*k || *k == UINT32_MAX || (*last && g->event.at[*last].op.i == o.i))
		return;
	struct val tile = op_res(ir, g->f->alloc.at[*k - 1], 0);
	struct ck_event e = {.op = o, .next = *last, .fills = ck_fills(g, o, tile)};
	*last = g->event.n;
	VEC_PUSH(g->f->a, &g->event, e);
}

/* Recursion over nesting only. */
static void
ck_events(struct ck_graph *g, struct reg r, bool simple)
{
	const struct ir *ir = g->f->ir;

	simple = simple && ir_reg(ir, r)->first.i == ir_reg(ir, r)->last.i;
	for (struct blk b = ir_reg(ir, r)->first; b.i; b = ir_blk(ir, b)->next) {
		for (uint32_t k = 0; k < ir_blk(ir, b)->narg; k++)
			if (ck_is_tile(ir, (struct val){ir_blk(ir, b)->arg0 + k}))
				*ck_alloc_of(g, (struct val){ir_blk(ir, b)->arg0 + k}) = UINT32_MAX;
		for (struct op o = ir_blk(ir, b)->first; o.i; o = ir_op(ir, o)->next) {
			const struct op_data *d = ir_op(ir, o);
			bool view = op_row(ir, o)->flags & OPF_VIEW && d->nres == 1 && ck_is_tile(ir, op_res(ir, o, 0));
			bool keeps = ck_keeps(ir, o) || !simple;
			for (uint32_t k = 0; k < d->nopnd; k++)
				if (ck_is_tile(ir, op_opnd(ir, o, k)))
					ck_event(g, o, op_opnd(ir, o, k), view, keeps);
			for (uint32_t k = 0; k < d->nres; k++)
				if (ck_is_tile(ir, op_res(ir, o, k)) && ck_keeps(ir, o))
					*ck_alloc_of(g, op_res(ir, o, k)) = UINT32_MAX;
			for (uint32_t k = 0; k < d->nreg; k++)
				ck_events(g, op_reg(ir, o, k), simple && op_id(ir, o) != OP_WHILE);
		}
	}
}

/* ---- graph ---- */

static void
ck_open(struct ck_graph *g, struct op o)
{
	bool loop = op_id(g->f->ir, o) == OP_FOR;

	VEC_PUSH(g->f->a, &g->open, g->node.n);
	VEC_PUSH(g->f->a, &g->node, ((struct ck_node){.kind = loop ? ND_LOOP : ND_CHOICE, .op = o}));
}

static void
ck_close(struct ck_graph *g)
{
	uint32_t from = g->open.at[--g->open.n];
	struct ck_node end = g->node.at[from];

	end.kind = end.kind == ND_LOOP ? ND_LOOP_END : ND_CHOICE_END;
	end.mate = from;
	g->node.at[from].mate = g->node.n;
	VEC_PUSH(g->f->a, &g->node, end);
}

/* Opens and closes what stands between the last node and an op of block home. */
static void
ck_move_to(struct ck_graph *g, struct op o, struct blk home)
{
	const struct ir *ir = g->f->ir;
	uint32_t n = 0;

	g->path.n = 0;
	for (struct op p = o; ir_op(ir, p)->parent.i != home.i;) {
		p = op_parent(ir, p);
		VEC_PUSH(g->f->a, &g->path, p);
	}
	while (n < g->open.n && n < g->path.n && g->node.at[g->open.at[n]].op.i == g->path.at[g->path.n - 1 - n].i)
		n++;
	while (g->open.n > n)
		ck_close(g);
	for (; n < g->path.n; n++)
		ck_open(g, g->path.at[g->path.n - 1 - n]);
}

static void
ck_graph_of(struct ck_graph *g, uint32_t last, struct blk home)
{
	uint32_t n = 0;

	g->node.n = g->open.n = 0;
	for (uint32_t e = last; e; e = g->event.at[e].next)
		n++;
	uint32_t *order = ARENA_ARRAY(g->f->a, uint32_t, n + 1), k = n;
	for (uint32_t e = last; e; e = g->event.at[e].next)
		order[--k] = e;
	for (k = 0; k < n; k++) {
		struct ck_event e = g->event.at[order[k]];
		ck_move_to(g, e.op, home);
		VEC_PUSH(g->f->a, &g->node, ((struct ck_node){.kind = ND_USE, .op = e.op, .fills = e.fills}));
	}
	while (g->open.n)
		ck_close(g);
}

static uint32_t
ck_where(const struct ck_graph *g, uint32_t n)
{
	const struct ck_node *x = &g->node.at[n];
	bool end = x->kind == ND_LOOP_END || x->kind == ND_CHOICE_END;

	return end ? ck_end(g->f, x->op) : ck_pos(g->f, x->op);
}

static void
ck_cover(struct ck_graph *g, uint32_t lo, uint32_t hi)
{
	if (lo <= hi)
		VEC_PUSH(g->f->a, &g->cover, ((struct ck_piece){lo, hi}));
}

/* Region of `choice` in which node n stands. */
static struct reg
ck_arm(const struct ck_graph *g, struct op choice, uint32_t n)
{
	const struct ir *ir = g->f->ir;
	struct op o = g->node.at[n].op;

	while (op_parent(ir, o).i != choice.i)
		o = op_parent(ir, o);
	return ir_blk(ir, ir_op(ir, o)->parent)->parent;
}

static bool
ck_arm_span(const struct ck_graph *g, struct reg r, uint32_t *lo, uint32_t *hi)
{
	const struct ir *ir = g->f->ir;
	struct blk b = ir_reg(ir, r)->first;

	if (!b.i || !ir_blk(ir, b)->first.i)
		return false;
	*lo = ck_pos(g->f, ir_blk(ir, b)->first);
	*hi = ck_end(g->f, ir_blk(ir, b)->last);
	return true;
}

/* Node behind n in the list, behind all of a loop or branch. */
static uint32_t
ck_behind(const struct ck_graph *g, uint32_t n)
{
	const struct ck_node *x = &g->node.at[n];

	return (x->kind == ND_LOOP || x->kind == ND_CHOICE ? x->mate : n) + 1;
}

static void
ck_link(struct ck_graph *g)
{
	g->open.n = 0;
	for (uint32_t n = 0; n < g->node.n; n++) {
		struct ck_node *x = &g->node.at[n];
		bool end = x->kind == ND_LOOP_END || x->kind == ND_CHOICE_END;
		if (end)
			g->open.n--;
		const struct ck_node *in = g->open.n ? &g->node.at[g->open.at[g->open.n - 1]] : NULL;
		x->next = ck_behind(g, n);
		if (in && in->kind == ND_CHOICE && x->next < in->mate &&
		    ck_arm(g, in->op, x->next).i != ck_arm(g, in->op, n).i)
			x->next = in->mate;
		if (x->kind == ND_LOOP || x->kind == ND_CHOICE)
			VEC_PUSH(g->f->a, &g->open, n);
	}
}

static bool
ck_need(const struct ck_graph *g, uint32_t n)
{
	return n < g->node.n && g->node.at[n].need;
}

/* The arms of a branch: what each needs in front. cover: also where. */
static bool
ck_choice(struct ck_graph *g, uint32_t n, bool cover)
{
	const struct ir *ir = g->f->ir;
	struct op o = g->node.at[n].op;
	uint32_t end = g->node.at[n].mate, nreg = ir_op(ir, o)->nreg, lo, hi;
	bool need = nreg < 2 && op_id(ir, o) == OP_IF && ck_need(g, end);

	for (uint32_t r = 0; r < nreg; r++) {
		struct reg arm = op_reg(ir, o, r);
		uint32_t first = n + 1, last = 0;
		while (first < end && ck_arm(g, o, first).i != arm.i)
			first = ck_behind(g, first);
		for (uint32_t k = first; k < end && ck_arm(g, o, k).i == arm.i; k = ck_behind(g, k))
			last = ck_behind(g, k) - 1;
		bool front = ck_need(g, first < end ? first : end);
		need |= front;
		if (!cover || !ck_arm_span(g, arm, &lo, &hi))
			continue;
		if (front)
			ck_cover(g, lo, first < end ? ck_where(g, first) : hi);
		if (first < end && ck_need(g, end))
			ck_cover(g, ck_where(g, last), hi);
	}
	return need;
}

/* A loop of at least one trip. */
static bool
ck_runs(const struct ir *ir, struct op loop)
{
	int64_t lower, upper;

	return val_const_int(ir, op_slot(ir, loop, 0), &lower) && val_const_int(ir, op_slot(ir, loop, 1), &upper) &&
	       lower < upper;
}

/* Is the data needed in front of node n? */
static bool
ck_flow(struct ck_graph *g, uint32_t n)
{
	const struct ck_node *x = &g->node.at[n];

	switch (x->kind) {
	case ND_USE:
		return !x->fills;
	case ND_LOOP:
		return ck_need(g, n + 1) || (!ck_runs(g->f->ir, x->op) && ck_need(g, x->next));
	case ND_LOOP_END:	/* one trip more, or none */
		return ck_need(g, x->mate + 1) || ck_need(g, x->next);
	case ND_CHOICE:
		return ck_choice(g, n, false);
	case ND_CHOICE_END:
		return ck_need(g, x->next);
	}
	return true;
}

static void
ck_cover_edges(struct ck_graph *g, uint32_t n)
{
	const struct ck_node *x = &g->node.at[n];
	uint32_t here = ck_where(g, n);

	if (x->kind == ND_USE || x->need)
		ck_cover(g, here, here);
	if (x->kind == ND_CHOICE)
		ck_choice(g, n, true);
	else if (x->kind == ND_LOOP && ck_need(g, n + 1))
		ck_cover(g, here, ck_where(g, n + 1));
	else if (x->kind != ND_LOOP && ck_need(g, x->next) && g->node.at[x->next].kind != ND_CHOICE_END)
		ck_cover(g, here, ck_where(g, x->next));
}

static int
ck_by_lo(const void *x, const void *y)
{
	const struct ck_piece *a = x, *b = y;

	if (a->lo != b->lo)
		return a->lo < b->lo ? -1 : 1;
	return a->hi < b->hi ? -1 : a->hi > b->hi;
}

static void
ck_solve(struct ck_graph *g, uint32_t first_pos)
{
	ck_link(g);
	for (bool again = true; again;) {
		again = false;
		for (uint32_t n = g->node.n; n-- > 0;) {
			bool need = ck_flow(g, n);
			again |= need != g->node.at[n].need;
			g->node.at[n].need = need;
		}
	}
	g->cover.n = 0;
	if (g->node.at[0].need)
		ck_cover(g, first_pos, ck_where(g, 0));
	for (uint32_t n = 0; n < g->node.n; n++)
		ck_cover_edges(g, n);
	qsort(g->cover.at, g->cover.n, sizeof *g->cover.at, ck_by_lo);
	struct ck_pieces *p = g->out;
	uint32_t from = p->at.n;
	for (uint32_t k = 0; k < g->cover.n; k++) {
		struct ck_piece x = g->cover.at[k];
		if (p->at.n > from && x.lo <= p->at.at[p->at.n - 1].hi + 1) {
			if (x.hi > p->at.at[p->at.n - 1].hi)
				p->at.at[p->at.n - 1].hi = x.hi;
		} else {
			VEC_PUSH(g->f->a, &p->at, x);
		}
	}
}

void
ck_pieces_build(struct ck_pieces *p, struct ck_families *f, const struct access *ac, const uint32_t *lo)
{
	struct ck_graph g = {.out = p, .f = f, .ac = ac};

	*p = (struct ck_pieces){.first = ARENA_ARRAY(f->a, uint32_t, f->alloc.n + 2)};
	g.last = ARENA_ARRAY(f->a, uint32_t, f->nval + 1);
	g.alloc = ARENA_ARRAY(f->a, uint32_t, f->nval + 1);
	for (uint32_t k = 0; k < f->alloc.n; k++) {
		uint32_t *x = ck_alloc_of(&g, op_res(f->ir, f->alloc.at[k], 0));
		bool alone = !*x && op_id(f->ir, f->alloc.at[k]) == OP_ALLOC_TILE && !ck_tie(f, f->alloc.at[k]);
		*x = alone ? k + 1 : UINT32_MAX;
	}
	VEC_ADD(f->a, &g.event, 1);
	ck_events(&g, op_reg(f->ir, f->func, 0), true);
	for (uint32_t k = 0; k < f->alloc.n; k++) {
		struct val v = op_res(f->ir, f->alloc.at[k], 0);
		uint32_t fam = ck_family(f, v) - f->val0;
		p->first[k] = p->at.n;
		if (*ck_alloc_of(&g, v) != k + 1 || !g.last[fam])
			continue;
		ck_graph_of(&g, g.last[fam], ir_op(f->ir, f->alloc.at[k])->parent);
		ck_solve(&g, lo[fam]);
	}
	p->first[f->alloc.n] = p->at.n;
}
