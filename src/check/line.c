/*
 * line: single lines of the scalar data cache: which accesses lie in the line of a dcci, and what it teaches.
 *
 * An element is naturally aligned and at most 8 bytes wide, so it lies in one line, and a dcci of its own address is
 * one of that line whatever the pointer is. Different addresses lie in one line for certain only behind an argument of
 * a kernel, which starts a line (as in src/access/region.c), at offsets that are known. A function that is called may
 * be given any address.
 */
#include "check/walk.h"

enum { PEEL_MAX = 16 };	/* pto.addptr and pto.castptr behind each other */

/* Where a scalar access or a dcci goes: `off` elements behind `base`. */
struct spot {
	struct val base;
	struct ck_num off;
	bool known;		/* off is */
};

static int64_t
elem_bytes(const struct ck_checker *c, struct val p)
{
	struct typ elem = type_elem(&c->ir->types, val_type(c->ir, p));

	return elem.i ? type_bytes(&c->ir->types, elem) : 0;
}

/* The pointer before a cast, and the offset in its elements. */
static bool
peel_cast(const struct ck_checker *c, struct spot *s, struct val from)
{
	int64_t old = elem_bytes(c, s->base), new = elem_bytes(c, from), n = 0;
	bool exact = ck_num_exact(&s->off, &n);

	s->base = from;
	if (old == new || (exact && n == 0))
		return true;
	if (!exact || old <= 0 || new <= 0 || n < -CK_INF / 8 || n > CK_INF / 8 || n * old % new)
		return false;
	s->off = ck_num_int(n * old / new);
	return true;
}

static struct spot
spot_of(struct ck_checker *c, struct val p, struct val i, uint32_t ctx)
{
	struct spot s = {.base = p, .off = i.i ? ck_eval(&c->env, ctx, i) : ck_num_int(0), .known = true};

	for (unsigned n = 0; n < PEEL_MAX && s.known; n++) {
		struct op d = ir_val(c->ir, s.base)->def;
		struct val from = d.i && ir_op(c->ir, d)->nopnd ? op_opnd(c->ir, d, 0) : (struct val){0};
		bool ptr = from.i && type_data(&c->ir->types, val_type(c->ir, from))->kind == TY_PTR;
		if (ptr && op_id(c->ir, d) == OP_CASTPTR) {
			s.known = peel_cast(c, &s, from);
		} else if (ptr && op_id(c->ir, d) == OP_ADDPTR) {
			s.off = ck_num_add(&c->env, s.off, ck_eval(&c->env, ctx, op_opnd(c->ir, d, 1)), 1);
			s.base = from;
			s.known = s.off.sym != UINT32_MAX;
		} else {
			break;
		}
	}
	return s;
}

static bool
is_argument(const struct ck_checker *c, struct val p)
{
	const struct val_data *d = ir_val(c->ir, p);

	return !d->def.i && op_id(c->ir, blk_owner(c->ir, d->blk)) == OP_FUNC;
}

static bool
is_called(struct ck_checker *c)
{
	if (!c->called_known)
		c->is_called = access_func_called(c->ac, c->func);
	c->called_known = true;
	return c->is_called;
}

/* Whole elements behind an argument: are both in one line? */
static bool
one_line(struct ck_checker *c, const struct spot *a, const struct spot *b)
{
	int64_t x, y, per = elem_bytes(c, a->base);

	if (!is_argument(c, a->base) || is_called(c) || per <= 0 || per > CACHE_LINE_BYTES || CACHE_LINE_BYTES % per ||
	    !ck_num_exact(&a->off, &x) || !ck_num_exact(&b->off, &y) || x < 0 || y < 0)
		return false;
	return x / (CACHE_LINE_BYTES / per) == y / (CACHE_LINE_BYTES / per);
}

/* Does the access certainly lie in the line of the dcci? */
static bool
same_line(struct ck_checker *c, struct op dcci, uint32_t dctx, struct op access, uint32_t actx)
{
	const struct ir *ir = c->ir;
	bool store = op_id(ir, access) == OP_STORE_SCALAR;
	int64_t apart;

	if (!store && op_id(ir, access) != OP_LOAD_SCALAR)
		return false;
	struct val p = op_slot(ir, access, store ? 1 : 0), i = op_slot(ir, access, store ? 2 : 1);
	if (dctx == actx && op_slot(ir, dcci, 0).i == p.i && op_slot(ir, dcci, 1).i == i.i)
		return true;
	struct spot a = spot_of(c, op_slot(ir, dcci, 0), op_slot(ir, dcci, 1), dctx), b = spot_of(c, p, i, actx);
	/* one value means the same pointer in one context only, unless it is an argument */
	if (a.base.i != b.base.i || !a.known || !b.known || (dctx != actx && !is_argument(c, a.base)))
		return false;
	struct ck_num d = ck_num_add(&c->env, a.off, b.off, -1);
	return (ck_num_exact(&d, &apart) && apart == 0) || one_line(c, &a, &b);
}

/* Whatever runs in block `inner` runs in the span of one run of block `outer`, or of the one around it in which it is
 * certain to run once. */
static bool
block_encloses(const struct ck_checker *c, uint32_t outer, uint32_t inner)
{
	for (uint32_t p = c->sec->blk.at[outer].parent; p && c->sec->stmt.at[p].kind == ST_ONCE;
	     p = c->sec->blk.at[outer].parent)
		outer = c->sec->stmt.at[p].blk;
	while (inner && inner != outer)
		inner = c->sec->blk.at[inner].parent ? c->sec->stmt.at[c->sec->blk.at[inner].parent].blk : 0;
	return inner == outer;
}

/* Marks the stores in or inside this block whose line was cleaned just now. */
static void
clean_chain(struct ck_checker *c, struct op dcci, uint32_t chain)
{
	uint32_t steps = 0;

	for (uint32_t i = c->head.at[chain]; i && steps < 64; i = c->event.at[i].prev, steps++) {
		struct ck_event *e = &c->event.at[i];
		if (e->clean || !same_line(c, dcci, c->ctx, e->op, e->ctx) || !block_encloses(c, c->blk, e->blk))
			continue;
		VEC_PUSH(c->a, &c->cleaned, i);
		e->clean = c->ord[C_EXT];
	}
}

void
ck_line_clean(struct ck_checker *c, struct op op)
{
	struct ck_line_inv l = {.op = op, .blk = c->blk, .ctx = c->ctx, .depth = c->depth, .row = c->k.r[P_S]};
	uint32_t n = 0;

	/* R_FENS compares that ordinal with the last dsb. */
	ck_cell_raise(&c->isles, &l.row.c[C_EXT], ++c->ord[C_EXT]);
	VEC_PUSH(c->a, &c->line, l);
	clean_chain(c, op, ck_chain_gm(P_S, true));
	for (uint32_t i = c->head.at[ck_chain_gm(P_S, true)]; i && n < 64; i = c->event.at[i].prev, n++) {
		const struct ck_event *e = &c->event.at[i];
		uint32_t r = e->clean == c->ord[C_EXT] ? ck_src_region(c, e->acc->set) : 0;
		if (!r)
			continue;
		clean_chain(c, op, ck_chain_of(r, P_S, CHAIN_WRITE));
		clean_chain(c, op, ck_chain_of(r, P_S, CHAIN_TAME));
		if (c->region.at[r].cls)
			clean_chain(c, op, ck_chain_class(c, c->region.at[r].cls, P_S, true));
	}
}

bool
ck_line_row(struct ck_checker *c, struct op op, struct ck_row *row)
{
	for (uint32_t i = c->line.n, steps = 0; i-- > 0 && steps < 16; steps++) {
		const struct ck_line_inv *l = &c->line.at[i];
		if (l->over || !same_line(c, l->op, l->ctx, op, c->ctx) || !block_encloses(c, l->blk, c->blk) ||
		    !ck_ctx_within(&c->env, c->ctx, l->ctx))
			continue;
		*row = l->row;
		for (unsigned p = 0, n = c->depth - l->depth; n && p < COL_COUNT; p++) {
			/* Symbols of another loop mean nothing here. */
			bool all = row->c[p].mask & CK_ALL && n <= OLD_MAX;
			row->c[p].mask = all ? (uint64_t)1 << (SYM_MAX + n - 1) : 0;
		}
		return true;
	}
	return false;
}

struct ck_lines_mark
ck_lines_now(const struct ck_checker *c)
{
	return (struct ck_lines_mark){c->line.n, c->cleaned.n, c->event.n};
}

void
ck_lines_back(struct ck_checker *c, const struct ck_lines_mark *m)
{
	while (c->cleaned.n > m->cleaned) {
		uint32_t i = c->cleaned.at[--c->cleaned.n];
		if (i < m->event)
			c->event.at[i].clean = 0;
	}
	for (uint32_t i = m->line; i < c->line.n; i++)
		c->line.at[i].over = true;
}
