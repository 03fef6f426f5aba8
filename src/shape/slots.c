/*
 * slots: tiles of which the trips of a loop could use two in turn. Such a tile is filled anew in every trip: allocated
 * in the loop's body; or allocated in front of the loop, used nowhere else, and written as a whole before anything else
 * in a trip touches it. It becomes a multi tile of two slots; trip k, counted from the lower bound, uses slot k mod 2.
 */
#include "shape/shape.h"

struct seen {
	struct op alloc, loop;	/* loop: 0 as long as a tile from outside was not used */
	bool refused;
};

struct finder {
	struct arena *a;
	struct ir *ir;
	uint32_t *root;		/* by value: index into seen, 0 = none */
	VEC(struct seen) seen;	/* [0] unused */
};

static const struct type_data *
tile_type(const struct ir *ir, struct val v)
{
	const struct type_data *t = v.i ? type_data(&ir->types, val_type(ir, v)) : NULL;

	return t && t->kind == TY_TILE ? t : NULL;
}

static bool
counts_up(const struct ir *ir, struct op o)
{
	if (!o.i || op_id(ir, o) != OP_FOR)
		return false;
	struct val iv = {ir_blk(ir, op_body(ir, o, 0))->arg0};
	return type_kind(&ir->types, val_type(ir, iv)) == TY_INDEX;
}

static void
see_alloc(struct finder *f, struct op o)
{
	struct ir *ir = f->ir;
	const struct type_data *t = tile_type(ir, op_res(ir, o, 0));
	struct op owner = op_parent(ir, o);

	if (!t || op_slot(ir, o, 0).i || ir_op(ir, o)->attrs.i || t->tile.compact == COMPACT_ROW_PLUS_ONE ||
	    type_bytes(&ir->types, t->sub[0]) == 0)
		return;
	f->root[op_res(ir, o, 0).i] = f->seen.n;
	VEC_PUSH(f->a, &f->seen, ((struct seen){.alloc = o, .loop = counts_up(ir, owner) ? owner : (struct op){0}}));
}

/* Does the op keep its operand beyond itself, or hand it on under another name? */
static bool
hands_on(const struct ir *ir, struct op o)
{
	const struct op_data *d = ir_op(ir, o);
	bool handle = false;

	for (uint32_t k = 0; k < d->nres; k++) {
		enum type_kind t = type_kind(&ir->types, val_type(ir, op_res(ir, o, k)));
		handle |= t == TY_PIPE || t == TY_ASYNC_SESSION || t == TY_ASYNC_EVENT || t == TY_PREFETCH_CTX;
	}
	return handle || d->nreg || d->nsucc || op_row(ir, o)->flags & OPF_TERM || d->id == OP_CALL ||
	       d->id == OP_SET_VALIDSHAPE;
}

static void
see_use(struct finder *f, struct op o, struct val v)
{
	struct ir *ir = f->ir;
	struct seen *s = &f->seen.at[f->root[v.i]];
	struct op owner = op_parent(ir, o);

	s->refused |= hands_on(ir, o);
	if (!s->loop.i && counts_up(ir, owner) && op_fills_tile(ir, o, op_res(ir, s->alloc, 0)))
		s->loop = owner;
	s->refused |= !s->loop.i || !op_is_inside(ir, o, s->loop);
}

static void
see_op(struct finder *f, struct op o)
{
	struct ir *ir = f->ir;
	const struct op_data *d = ir_op(ir, o);
	uint32_t ntile = 0, root = 0;

	for (uint32_t k = 0; k < d->nopnd; k++) {
		struct val v = op_opnd(ir, o, k);
		if (!v.i || !f->root[v.i])
			continue;
		see_use(f, o, v);
		ntile++;
		root = f->root[v.i];
	}
	for (uint32_t s = 0; s < d->nsucc; s++) {
		struct succ e = ir->succ.at[d->succ0 + s];
		for (uint32_t k = 0; k < e.narg; k++)
			f->seen.at[f->root[ir->opnd.at[e.arg0 + k].i]].refused = true;
	}
	if (ntile == 0 || !(op_row(ir, o)->flags & OPF_VIEW))
		return;
	/* a selection may be either of two tiles */
	f->seen.at[root].refused |= op_id(ir, o) == OP_ARITH_SELECT || d->nres != 1;
	f->root[op_res(ir, o, 0).i] = root;
}

/* Recursion over nesting only. */
static void
see_region(struct finder *f, struct reg r)
{
	for (struct blk b = ir_reg(f->ir, r)->first; b.i; b = ir_blk(f->ir, b)->next)
		for (struct op o = ir_blk(f->ir, b)->first; o.i; o = ir_op(f->ir, o)->next) {
			see_op(f, o);
			if (op_id(f->ir, o) == OP_ALLOC_TILE)
				see_alloc(f, o);
			for (uint32_t k = 0; k < ir_op(f->ir, o)->nreg; k++)
				see_region(f, op_reg(f->ir, o, k));
		}
}

uint32_t
shape_slots_find(struct arena *a, struct ir *ir, struct op func, struct slot_tile **found)
{
	struct finder f = {.a = a, .ir = ir, .root = ARENA_ARRAY(a, uint32_t, ir->val.n + 1)};
	uint32_t n = 0;

	VEC_ADD(a, &f.seen, 1);
	see_region(&f, op_reg(ir, func, 0));
	*found = ARENA_ARRAY(a, struct slot_tile, f.seen.n);
	for (uint32_t k = 1; k < f.seen.n; k++)
		if (f.seen.at[k].loop.i && !f.seen.at[k].refused)
			(*found)[n++] = (struct slot_tile){f.seen.at[k].alloc, f.seen.at[k].loop};
	return n;
}

/* ---- two slots ---- */

static struct val
constant(struct ir *ir, struct op before, int64_t x)
{
	struct typ index = type_index(&ir->types);
	struct op c = ir_op_new(ir, OP_ARITH_CONSTANT, (struct span){0, 0});

	ir_op_operands(ir, c, NULL, 0);
	struct val v = ir_op_result(ir, c, index);
	op_attr_set(ir, c, ir->name.value, attr_int(&ir->attrs, x, index));
	ir_insert_before(ir, before, c);
	return v;
}

static struct val
binary(struct ir *ir, struct op before, enum op_id id, struct val x, struct val y)
{
	struct op o = ir_op_new(ir, id, (struct span){0, 0});

	ir_op_operands(ir, o, (struct val[2]){x, y}, 2);
	struct val v = ir_op_result(ir, o, type_index(&ir->types));
	ir_insert_before(ir, before, o);
	return v;
}

/* (variable - lower bound) / step % 2, at the start of the loop's body. */
static struct val
trip_parity(struct ir *ir, struct op loop)
{
	struct blk body = op_body(ir, loop, 0);
	struct op first = ir_blk(ir, body)->first;
	struct val x = {ir_blk(ir, body)->arg0}, lower = op_slot(ir, loop, 0), step = op_slot(ir, loop, 2);
	int64_t c;

	if (!val_const_int(ir, lower, &c) || c != 0)
		x = binary(ir, first, OP_ARITH_SUBI, x, lower);
	if (!val_const_int(ir, step, &c) || c != 1)
		x = binary(ir, first, OP_ARITH_DIVUI, x, step);
	return binary(ir, first, OP_ARITH_REMUI, x, constant(ir, first, 2));
}

/* The multi tile in place of the tile, and the slot that a trip uses; returns the slot. */
static struct val
make_slots(struct ir *ir, const struct slot_tile *t, struct val parity)
{
	struct val old = op_res(ir, t->alloc, 0);
	struct typ tile = val_type(ir, old);
	struct span at = ir_op(ir, t->alloc)->span;
	struct val opnd[3] = {{0}, op_slot(ir, t->alloc, 1), op_slot(ir, t->alloc, 2)};
	struct op all = ir_op_new(ir, OP_ALLOC_MULTI_TILE, at);

	ir_op_operands(ir, all, opnd, 3);
	struct val slots = ir_op_result(ir, all, type_get(&ir->types, &(struct type_data){
		.kind = TY_MULTI_TILE, .width = 2, .sub = &tile, .nsub = 1}));
	ir_insert_before(ir, t->alloc, all);
	struct op get = ir_op_new(ir, OP_MULTI_TILE_GET, at);
	ir_op_operands(ir, get, (struct val[2]){slots, parity}, 2);
	struct val v = ir_op_result(ir, get, tile);
	struct val_data *d = ir_val(ir, v), *was = ir_val(ir, old);
	d->name = was->name;
	d->span = was->span;
	ir_op(ir, get)->loc = ir_op(ir, t->alloc)->loc;
	if (op_parent(ir, t->alloc).i == t->loop.i)
		ir_insert_after(ir, t->alloc, get);
	else
		ir_insert_after(ir, ir_val(ir, parity)->def, get);
	return v;
}

void
shape_slots(struct arena *a, struct ir *ir, const struct slot_tile *t, uint32_t n)
{
	uint32_t nval = ir->val.n;
	uint32_t *now = ARENA_ARRAY(a, uint32_t, nval + 1), *parity = ARENA_ARRAY(a, uint32_t, ir->op.n + 1);

	for (uint32_t k = 0; k < n; k++) {
		if (!parity[t[k].loop.i])
			parity[t[k].loop.i] = trip_parity(ir, t[k].loop).i;
		now[op_res(ir, t[k].alloc, 0).i] = make_slots(ir, &t[k], (struct val){parity[t[k].loop.i]}).i;
	}
	for (uint32_t k = 0; n && k < ir->opnd.n; k++) {
		struct val *v = &ir->opnd.at[k];
		if (v->i < nval && now[v->i])
			v->i = now[v->i];
	}
	for (uint32_t k = 0; k < n; k++)
		ir_erase(ir, t[k].alloc);
}
