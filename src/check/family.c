/* family: see family.h. Two walks: ids and positions, then the joins. Recursion over nesting only. */
#include "check/family.h"

bool
ck_is_tile(const struct ir *ir, struct val v)
{
	enum type_kind k = v.i ? type_kind(&ir->types, val_type(ir, v)) : TY_ERROR;

	return k == TY_TILE || k == TY_MULTI_TILE;
}

uint32_t
ck_family(struct ck_families *f, struct val v)
{
	uint32_t *up = f->up, x = v.i - f->val0;

	for (; up[x] != x; x = up[x])
		up[x] = up[up[x]];
	return x + f->val0;
}

static void
ck_same(struct ck_families *f, struct val a, struct val b)
{
	if (!ck_is_tile(f->ir, a) || !ck_is_tile(f->ir, b))
		return;
	uint32_t x = ck_family(f, a) - f->val0, y = ck_family(f, b) - f->val0;
	if (x < y)
		f->up[y] = x;
	else
		f->up[x] = y;
}

/* The values a slot hands over become the values from `to` on. */
static void
ck_hand_over(struct ck_families *f, struct op o, uint32_t slot, uint32_t to, uint32_t n)
{
	uint32_t have = 0;
	const struct val *v = o.i && n ? op_group(f->ir, o, slot, &have) : NULL;

	for (uint32_t k = 0; k < n && k < have; k++)
		ck_same(f, v[k], (struct val){to + k});
}

/* What ends region r hands over its operands. */
static void
ck_yields(struct ck_families *f, struct op o, uint32_t r, uint32_t slot, uint32_t to, uint32_t n)
{
	if (r >= ir_op(f->ir, o)->nreg)
		return;
	for (struct blk b = ir_reg(f->ir, op_reg(f->ir, o, r))->first; b.i; b = ir_blk(f->ir, b)->next) {
		struct op t = ir_blk(f->ir, b)->last;
		if (t.i && op_row(f->ir, t)->flags & OPF_TERM && !ir_op(f->ir, t)->nsucc)
			ck_hand_over(f, t, slot, to, n);
	}
}

static void
ck_join_op(struct ck_families *f, struct op o)
{
	const struct op_data *d = ir_op(f->ir, o);
	struct blk body = d->nreg ? op_body(f->ir, o, 0) : (struct blk){0};
	struct blk after = d->nreg > 1 ? op_body(f->ir, o, 1) : (struct blk){0};

	if (op_row(f->ir, o)->flags & OPF_VIEW && d->nres == 1)
		for (uint32_t k = 0; k < d->nopnd; k++)
			ck_same(f, op_opnd(f->ir, o, k), op_res(f->ir, o, 0));
	for (uint32_t s = 0; s < d->nsucc; s++) {
		struct succ e = f->ir->succ.at[d->succ0 + s];
		for (uint32_t k = 0; k < e.narg; k++)
			ck_same(f, f->ir->opnd.at[e.arg0 + k], (struct val){ir_blk(f->ir, e.blk)->arg0 + k});
	}
	/* a called function may return a tile that it was given */
	for (uint32_t r = 0; d->id == OP_CALL && r < d->nres; r++)
		for (uint32_t k = 0; k < d->nopnd; k++)
			ck_same(f, op_opnd(f->ir, o, k), op_res(f->ir, o, r));
	if (d->id == OP_FOR && body.i && d->nres) {
		ck_hand_over(f, o, 3, ir_blk(f->ir, body)->arg0 + 1, d->nres);
		ck_hand_over(f, o, 3, d->res0, d->nres);
		ck_yields(f, o, 0, 0, d->res0, d->nres);
	} else if (d->id == OP_WHILE && body.i && after.i) {
		struct op cond = ir_blk(f->ir, body)->last;
		ck_hand_over(f, o, 0, ir_blk(f->ir, body)->arg0, ir_blk(f->ir, body)->narg);
		ck_yields(f, o, 1, 0, ir_blk(f->ir, body)->arg0, ir_blk(f->ir, body)->narg);
		ck_hand_over(f, cond, 1, ir_blk(f->ir, after)->arg0, ir_blk(f->ir, after)->narg);
		ck_hand_over(f, cond, 1, d->res0, d->nres);
	} else {
		for (uint32_t r = 0; d->nres && r < d->nreg; r++)
			ck_yields(f, o, r, 0, d->res0, d->nres);
	}
}

/* ---- walks ---- */

struct ck_span_ids {
	uint32_t val0, val1, op0, op1;
};

static void
ck_grow_ids(struct ck_span_ids *s, uint32_t val, uint32_t nval)
{
	if (nval && val < s->val0)
		s->val0 = val;
	if (nval && val + nval > s->val1)
		s->val1 = val + nval;
}

static void
ck_find_ids(const struct ir *ir, struct reg r, struct ck_span_ids *s)
{
	for (struct blk b = ir_reg(ir, r)->first; b.i; b = ir_blk(ir, b)->next) {
		ck_grow_ids(s, ir_blk(ir, b)->arg0, ir_blk(ir, b)->narg);
		for (struct op o = ir_blk(ir, b)->first; o.i; o = ir_op(ir, o)->next) {
			s->op0 = o.i < s->op0 ? o.i : s->op0;
			s->op1 = o.i >= s->op1 ? o.i + 1 : s->op1;
			ck_grow_ids(s, ir_op(ir, o)->res0, ir_op(ir, o)->nres);
			for (uint32_t k = 0; k < ir_op(ir, o)->nreg; k++)
				ck_find_ids(ir, op_reg(ir, o, k), s);
		}
	}
}

static void
ck_walk_ops(struct ck_families *f, struct reg r, uint32_t *now)
{
	for (struct blk b = ir_reg(f->ir, r)->first; b.i; b = ir_blk(f->ir, b)->next)
		for (struct op o = ir_blk(f->ir, b)->first; o.i; o = ir_op(f->ir, o)->next) {
			enum op_id id = op_id(f->ir, o);
			f->pos[o.i - f->op0] = ++*now;
			VEC_PUSH(f->a, &f->order, o);
			if (id == OP_ALLOC_TILE || id == OP_ALLOC_MULTI_TILE)
				VEC_PUSH(f->a, &f->alloc, o);
			f->moves |= id == OP_TASSIGN;
			ck_join_op(f, o);
			for (uint32_t k = 0; k < ir_op(f->ir, o)->nreg; k++)
				ck_walk_ops(f, op_reg(f->ir, o, k), now);
			f->end[o.i - f->op0] = *now;
		}
}

void
ck_families_build(struct ck_families *f, struct arena *a, const struct ir *ir, struct op func)
{
	struct ck_span_ids s = {.val0 = UINT32_MAX, .op0 = func.i, .op1 = func.i + 1};
	struct reg body = op_reg(ir, func, 0);
	uint32_t now = 1;

	ck_find_ids(ir, body, &s);
	if (s.val0 > s.val1)
		s.val0 = s.val1;
	*f = (struct ck_families){.a = a, .ir = ir, .func = func, .val0 = s.val0, .nval = s.val1 - s.val0, .op0 = s.op0,
				  .nop = s.op1 - s.op0};
	f->up = ARENA_ARRAY(a, uint32_t, f->nval + 1);
	f->pos = ARENA_ARRAY(a, uint32_t, f->nop);
	f->end = ARENA_ARRAY(a, uint32_t, f->nop);
	for (uint32_t k = 0; k < f->nval; k++)
		f->up[k] = k;
	f->pos[func.i - f->op0] = now;
	VEC_PUSH(a, &f->order, func);
	ck_walk_ops(f, body, &now);
	f->end[func.i - f->op0] = now;
}

void
ck_families_tie(struct ck_families *f, const struct mem_tie *tie, uint32_t n)
{
	f->tie = tie;
	f->tie_of = ARENA_ARRAY(f->a, uint32_t, f->nop);
	for (uint32_t k = 0; k < n; k++) {
		if (tie[k].alloc.i < f->op0 || tie[k].alloc.i >= f->op0 + f->nop)
			continue;
		f->tie_of[tie[k].alloc.i - f->op0] = k + 1;
		ck_same(f, op_res(f->ir, tie[k].alloc, 0), op_res(f->ir, tie[tie[k].group].alloc, 0));
	}
}

uint32_t
ck_family_at(struct ck_families *f, struct op o, uint32_t slot)
{
	if (slot >= OP_MAX_SLOT || op_slot_variadic(op_id(f->ir, o), slot))
		return 0;
	struct val v = op_slot(f->ir, o, slot);
	return ck_is_tile(f->ir, v) ? ck_family(f, v) : 0;
}

bool
ck_comes_back(const struct ir *ir, struct op o, struct blk b)
{
	enum op_id id = op_id(ir, o);
	const struct reg_data *r = ir_reg(ir, ir_blk(ir, b)->parent);

	return id == OP_FOR || id == OP_WHILE || r->first.i != r->last.i;
}
