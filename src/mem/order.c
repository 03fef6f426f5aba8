/*
 * order: see order.h. One walk in program order with a vector clock per pipe: clock[p][q] is the position up to which
 * the work of pipe q is complete when the next op of pipe p starts. Data flow raises it: a read waits for the last
 * write, a write for all reads and the last write, and with a write comes what its pipe knew then.
 */
#include "mem/order.h"

#include "base/num.h"
#include "isa/cost.h"

enum { NEAR_OPS = 8, DEPTH_MAX = 5, TRIPS = 8 };

struct data {
	uint32_t family;
	uint32_t write;			/* position of the last write */
	uint8_t write_pipe;
	uint32_t write_knew[PIPE_COUNT];
	uint32_t read[PIPE_COUNT];	/* since then */
};

struct order {
	struct arena *a;
	struct ir *ir;
	struct live *l;
	uint32_t *of_family;		/* index into `at`, by value */
	VEC(struct history) at;		/* [0] unused */
	VEC(struct data) data;		/* the same indices; while walking */
	uint32_t clock[PIPE_COUNT][PIPE_COUNT];
	uint32_t depth, loop;
};

static enum space
space_of(const struct order *d, struct val v)
{
	const struct type_data *t = v.i ? type_data(&d->ir->types, val_type(d->ir, v)) : NULL;

	if (t && t->kind == TY_MULTI_TILE)
		t = type_data(&d->ir->types, t->sub[0]);
	return t && t->kind == TY_TILE ? t->tile.space : SP_GM;
}

/* Main pipe of an op whose pipe depends on the spaces (ops-move.md). */
static enum pipe
pipe_of_spaces(enum space src, enum space dst)
{
	if (src == SP_GM)
		return dst == SP_VEC ? P_V : P_MTE2;
	if (src == SP_ACC)
		return P_FIX;
	if (dst == SP_GM || (src == SP_VEC && dst == SP_MAT))
		return P_MTE3;
	if (src == SP_MAT)
		return dst == SP_SCALING ? P_FIX : P_MTE1;
	return P_V;
}

static enum pipe
pipe_of(const struct order *d, struct op o, const struct op_slot *slot, uint32_t n)
{
	enum pipe p = (enum pipe)op_row(d->ir, o)->pipe;
	enum space src = SP_GM, dst = SP_GM;

	if (p < PIPE_COUNT)
		return p;
	if (p != P_BY_SPACE)
		return P_S;
	for (uint32_t s = n; s-- > 0;) {
		if (slot[s].variadic)
			continue;
		if (slot[s].out)
			dst = space_of(d, op_slot(d->ir, o, s));
		else
			src = space_of(d, op_slot(d->ir, o, s));
	}
	return pipe_of_spaces(src, dst);
}

static uint32_t
entry(struct order *d, struct val v)
{
	uint32_t f = live_family(d->l, v), *k = &d->of_family[f];

	if (!*k) {
		*k = d->at.n;
		VEC_PUSH(d->a, &d->at, (struct history){.first = 0});
		VEC_PUSH(d->a, &d->data, (struct data){.family = f});
	}
	return *k;
}

static void
raise(uint32_t *x, uint32_t to)
{
	if (*x < to)
		*x = to;
}

/* What pipe p must know before it may touch the data. */
static void
wait_for(struct order *d, enum pipe p, const struct data *x, bool writes)
{
	uint32_t *clock = d->clock[p];

	if (x->write) {
		raise(&clock[x->write_pipe], x->write);
		for (unsigned q = 0; q < PIPE_COUNT; q++)
			raise(&clock[q], x->write_knew[q]);
	}
	for (unsigned q = 0; writes && q < PIPE_COUNT; q++)
		raise(&clock[q], x->read[q]);
}

static void
touch_data(struct order *d, uint32_t k, enum pipe p, uint32_t now, bool writes)
{
	struct data *x = &d->data.at[k];
	struct history *h = &d->at.at[k];

	if (writes) {
		x->write = now;
		x->write_pipe = (uint8_t)p;
		memcpy(x->write_knew, d->clock[p], sizeof x->write_knew);
		memset(x->read, 0, sizeof x->read);
	} else {
		x->read[p] = now;
	}
	if (!h->first) {
		h->first = now;
		h->first_pipe = (uint8_t)p;
		h->depth = (uint8_t)(d->depth < DEPTH_MAX ? d->depth : DEPTH_MAX);
		h->loop = d->loop;
		memcpy(h->known, d->clock[p], sizeof h->known);
	}
	h->last[p] = now;
}

static void
order_op(struct order *d, struct op o)
{
	struct op_slot slot[OP_MAX_SLOT];
	uint32_t n = op_slots(op_id(d->ir, o), slot), have;
	enum pipe p = pipe_of(d, o, slot, n);

	for (unsigned pass = 0; pass < 2; pass++) {
		for (uint32_t s = 0; s < n; s++) {
			const struct val *v = op_group(d->ir, o, s, &have);
			bool writes = slot[s].rw == 'w' || slot[s].rw == 'b' || slot[s].rw == 's';
			for (uint32_t k = 0; slot[s].rw != '-' && k < have; k++) {
				if (!live_is_tile(d->l, v[k]))
					continue;
				uint32_t e = entry(d, v[k]);
				if (pass == 0)
					wait_for(d, p, &d->data.at[e], writes);
				else
					touch_data(d, e, p, d->l->pos[o.i], writes);
			}
		}
	}
}

/* Recursion over nesting only. Ops that placement has put in since have no position and no tiles. */
static void
order_region(struct order *d, struct reg r, struct op owner)
{
	bool again = op_id(d->ir, owner) == OP_FOR || op_id(d->ir, owner) == OP_WHILE;
	uint32_t loop = d->loop;

	d->depth += again;
	d->loop = again ? owner.i : loop;
	for (struct blk b = ir_reg(d->ir, r)->first; b.i; b = ir_blk(d->ir, b)->next)
		for (struct op o = ir_blk(d->ir, b)->first; o.i; o = ir_op(d->ir, o)->next) {
			if (o.i >= d->l->nop)
				continue;
			if (op_row(d->ir, o)->pipe != P_NONE)
				order_op(d, o);
			for (uint32_t k = 0; k < ir_op(d->ir, o)->nreg; k++)
				order_region(d, op_reg(d->ir, o, k), o);
		}
	d->depth -= again;
	d->loop = loop;
}

struct order *
order_build(struct arena *a, struct ir *ir, struct live *l, struct op func)
{
	struct order *d = ARENA_NEW(a, struct order);

	d->a = a;
	d->ir = ir;
	d->l = l;
	if (!l->table)
		l->table = ARENA_ARRAY(l->a, uint32_t, l->nval);
	d->of_family = l->table;
	VEC_ADD(a, &d->at, 1);
	VEC_ADD(a, &d->data, 1);
	order_region(d, op_reg(ir, func, 0), func);
	return d;
}

void
order_free(struct order *d)
{
	for (uint32_t k = 1; k < d->data.n; k++)
		d->of_family[d->data.at[k].family] = 0;
}

const struct history *
order_history(const struct order *d, uint32_t family)
{
	return &d->at.at[d->of_family[family]];
}

/* ---- price ---- */

/* Waiting for an access of pipe q at `last` before an op at `now`. */
static uint64_t
price(unsigned q, uint32_t last, uint32_t now)
{
	uint32_t between = now > last ? now - last : 0;

	return (uint64_t)(2 * isa_cost.flag + isa_cost.pipe[q].latency * NEAR_OPS / (NEAR_OPS + between)) / COST_UNIT;
}

uint64_t
order_cost(const struct history *old, const struct history *new)
{
	uint64_t cost = 0, back = 0, times = 1;

	for (unsigned q = 0; q < PIPE_COUNT; q++) {
		if (old->last[q] && q != new->first_pipe && old->last[q] > new->known[q])
			cost += price(q, old->last[q], new->first);
		/* the next trip of a common loop gives the bytes back */
		if (new->loop && new->loop == old->loop && new->last[q] && q != old->first_pipe)
			back += price(q, 0, NEAR_OPS);
	}
	for (unsigned k = 0; k < new->depth; k++)
		times *= TRIPS;
	return (cost + back) * times;
}
