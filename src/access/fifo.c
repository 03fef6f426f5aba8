/*
 * fifo: where popped tiles lie. The library gives pop number k of a fifo the address ring + (k mod slots) * slot_size
 * (pto-isa: include/pto/npu/a2a3/TPop.hpp), counted from the construction of the fifo object. Here k is known modulo
 * some divisor of the number of slots: counts are summed bottom-up per compound, then handed down.
 */
#include "access/model.h"

/* k = r modulo g, where g divides the number of slots; g = 1: nothing is known. */
struct count {
	int64_t r, g;
};

struct fifo_info {
	struct op init;
	int64_t slots;
};

struct scan {
	struct access *ac;
	VEC(struct fifo_info) fifo;
	uint32_t *of_op;	/* by op id of the init: index + 1 */
	uint32_t *sum_of;	/* by op id of a compound: index of its sums + 1 */
	VEC(struct count) sum;	/* one per fifo */
};

static int64_t
gcd(int64_t a, int64_t b)
{
	while (b) {
		int64_t t = a % b;
		a = b;
		b = t;
	}
	return a < 0 ? -a : a;
}

static struct count
count_norm(int64_t r, int64_t g)
{
	return g ? (struct count){r % g < 0 ? r % g + g : r % g, g} : (struct count){0, 1};
}

static struct count
count_add(struct count a, struct count b)
{
	return count_norm(a.r + b.r, gcd(a.g, b.g));
}

/* Either of two. */
static struct count
count_join(struct count a, struct count b)
{
	return count_norm(a.r, gcd(gcd(a.g, b.g), a.r - b.r));
}

/* Any number of times. */
static struct count
count_repeat(struct count a)
{
	return count_norm(0, gcd(a.g, a.r));
}

static int64_t
attr_of(const struct ir *ir, struct op o, struct sym key, int64_t absent)
{
	const struct attr_data *d = attr_data(&ir->attrs, op_attr(ir, o, key));

	return d->kind == AT_INT ? d->i : absent;
}

/* The fifo a transfer uses: index + 1, 0 when its value is not an init of the function. */
static uint32_t
fifo_of(const struct scan *s, struct op o)
{
	struct val p = op_slot(s->ac->ir, o, 1);
	struct op def = p.i ? ir_val(s->ac->ir, p)->def : (struct op){0};

	return def.i ? s->of_op[def.i] : 0;
}

/* ---- bottom up ---- */

static void sum_block(struct scan *s, struct blk b, struct count *c);

static struct count *
counts_new(struct scan *s)
{
	struct count *c = ARENA_ARRAY(s->ac->a, struct count, s->fifo.n);

	for (uint32_t k = 0; k < s->fifo.n; k++)
		c[k] = (struct count){0, s->fifo.at[k].slots};
	return c;
}

/* What region r adds; nothing is known of several blocks. */
static struct count *
sum_region(struct scan *s, struct op o, uint32_t r)
{
	struct count *c = counts_new(s);
	struct blk b = op_body(s->ac->ir, o, r);

	for (struct blk x = b; x.i; x = ir_blk(s->ac->ir, x)->next)
		sum_block(s, x, c);
	for (uint32_t k = 0; b.i && ir_blk(s->ac->ir, b)->next.i && k < s->fifo.n; k++)
		c[k].g = 1;
	return c;
}

/* Sums of a compound: of one iteration for loops (while: `before`, then `after`), of the whole for others. */
static void
sum_compound(struct scan *s, struct op o, struct count *c)
{
	const struct ir *ir = s->ac->ir;
	enum op_id id = op_id(ir, o);
	struct count *t = sum_region(s, o, 0), *u = id == OP_WHILE ? sum_region(s, o, 1) : NULL;

	s->sum_of[o.i] = s->sum.n + 1;
	VEC_ADD(s->ac->a, &s->sum, 2 * s->fifo.n);
	for (uint32_t r = 1; id != OP_WHILE && r < ir_op(ir, o)->nreg; r++) {
		struct count *v = sum_region(s, o, r);
		for (uint32_t k = 0; k < s->fifo.n; k++)
			t[k] = count_join(t[k], v[k]);
	}
	struct count *sum = &s->sum.at[s->sum_of[o.i] - 1];
	for (uint32_t k = 0; k < s->fifo.n; k++) {
		sum[k] = t[k];
		sum[s->fifo.n + k] = u ? u[k] : (struct count){0, s->fifo.at[k].slots};
		struct count round = u ? count_add(t[k], u[k]) : t[k];
		if (id == OP_FOR)
			t[k] = count_repeat(t[k]);
		else if (id == OP_WHILE)
			t[k] = count_add(t[k], count_repeat(round));
		c[k] = count_add(c[k], t[k]);
	}
}

static void
sum_block(struct scan *s, struct blk b, struct count *c)
{
	const struct ir *ir = s->ac->ir;

	for (struct op o = ir_blk(ir, b)->first; o.i; o = ir_op(ir, o)->next) {
		uint32_t f = op_id(ir, o) == OP_TPOP ? fifo_of(s, o) : 0;
		if (f)
			c[f - 1] = count_norm(c[f - 1].r + 1, c[f - 1].g);
		if (ir_op(ir, o)->nreg)
			sum_compound(s, o, c);
	}
}

/* ---- top down ---- */

/* The ring behind a tile: vector tiles use the first address of a fifo of both directions, L1 tiles the second. */
static void
ring_note(struct scan *s, struct op pop, uint32_t f, struct count c)
{
	struct access *ac = s->ac;
	const struct ir *ir = ac->ir;
	struct op init = s->fifo.at[f].init;
	struct val tile = op_slot(ir, pop, 0);
	const struct type_data *d = type_data(&ir->types, val_type(ir, tile));

	if (d->kind != TY_TILE)
		return;
	bool second = attr_of(ir, init, ir->name.dir_mask, 1) == 3 && d->tile.space != SP_VEC;
	struct ring n = {.slots = s->fifo.at[f].slots, .slot_bytes = attr_of(ir, init, ir->name.slot_size, 0),
			 .first = c.r, .step = c.g, .init = init.i};
	struct val base = op_slot(ir, init, second ? 2 : 1);
	n.known = base.i && val_const_int(ir, base, &n.base) && n.base >= 0 && n.slot_bytes > 0 &&
		  n.slots <= INT32_MAX / n.slot_bytes && n.base <= INT32_MAX - n.slots * n.slot_bytes;
	if (!ac->ring_of[tile.i]) {
		ac->ring_of[tile.i] = ac->ring.n;
		VEC_PUSH(ac->a, &ac->ring, n);
		return;
	}
	struct ring *r = &ac->ring.at[ac->ring_of[tile.i]];
	struct count both = count_join((struct count){r->first, r->step}, c);
	r->known = r->known && n.known && r->init == n.init;
	r->first = both.r;
	r->step = both.g;
}

static void place_block(struct scan *s, struct blk b, struct count *c);

static void
place_region(struct scan *s, struct op o, uint32_t r, const struct count *entry)
{
	struct blk b = op_body(s->ac->ir, o, r);
	bool several = b.i && ir_blk(s->ac->ir, b)->next.i;

	for (; b.i; b = ir_blk(s->ac->ir, b)->next) {
		struct count *c = counts_new(s);
		for (uint32_t k = 0; k < s->fifo.n; k++)
			c[k] = !several ? entry[k] : (struct count){0, 1};
		place_block(s, b, c);
	}
}

static void
place_compound(struct scan *s, struct op o, struct count *c)
{
	const struct ir *ir = s->ac->ir;
	enum op_id id = op_id(ir, o);
	const struct count *sum = &s->sum.at[s->sum_of[o.i] - 1], *after = sum + s->fifo.n;
	struct count *in = counts_new(s), *mid = counts_new(s);

	for (uint32_t k = 0; k < s->fifo.n; k++) {
		struct count round = id == OP_WHILE ? count_add(sum[k], after[k]) : sum[k];
		bool loop = id == OP_FOR || id == OP_WHILE;
		in[k] = loop ? count_add(c[k], count_repeat(round)) : c[k];
		mid[k] = count_add(in[k], sum[k]);
		c[k] = id == OP_FOR ? in[k] : id == OP_WHILE ? mid[k] : count_add(c[k], sum[k]);
	}
	for (uint32_t r = 0; r < ir_op(ir, o)->nreg; r++)
		place_region(s, o, r, id == OP_WHILE && r == 1 ? mid : in);
}

static void
place_block(struct scan *s, struct blk b, struct count *c)
{
	const struct ir *ir = s->ac->ir;

	for (struct op o = ir_blk(ir, b)->first; o.i; o = ir_op(ir, o)->next) {
		uint32_t f = op_id(ir, o) == OP_TPOP ? fifo_of(s, o) : s->of_op[o.i];
		if (f && op_id(ir, o) == OP_TPOP) {
			ring_note(s, o, f - 1, c[f - 1]);
			c[f - 1] = count_norm(c[f - 1].r + 1, c[f - 1].g);
		} else if (f) {
			c[f - 1] = (struct count){0, s->fifo.at[f - 1].slots};
		}
		if (ir_op(ir, o)->nreg)
			place_compound(s, o, c);
	}
}

/* ---- entry ---- */

static void
find_fifos(struct scan *s, struct blk b)
{
	const struct ir *ir = s->ac->ir;

	for (struct op o = ir_blk(ir, b)->first; o.i; o = ir_op(ir, o)->next) {
		if (op_id(ir, o) == OP_INITIALIZE_L2G2L_PIPE) {
			int64_t n = attr_of(ir, o, ir->name.slot_num, 8);
			struct fifo_info f = {o, attr_of(ir, o, ir->name.local_slot_num, n)};
			/* small enough for two counts to be added; no ring of so many slots is known */
			f.slots = f.slots < 1 ? 1 : f.slots > AFF_INF ? AFF_INF : f.slots;
			VEC_PUSH(s->ac->a, &s->fifo, f);
			s->of_op[o.i] = s->fifo.n;
		}
		for (uint32_t r = 0; r < ir_op(ir, o)->nreg; r++)
			for (struct blk c = op_body(ir, o, r); c.i; c = ir_blk(ir, c)->next)
				find_fifos(s, c);
	}
}

void
fifo_scan(struct access *ac)
{
	const struct ir *ir = ac->ir;
	struct scan s = {.ac = ac};
	bool any = false;

	ac->ring_of = ARENA_ARRAY(ac->a, uint32_t, ac->nof_val);
	VEC_ADD(ac->a, &ac->ring, 1);
	for (uint32_t i = 1; i < ac->nof_op && !any; i++)
		any = ir->op.at[i].id == OP_INITIALIZE_L2G2L_PIPE;
	if (!any)
		return;
	s.of_op = ARENA_ARRAY(ac->a, uint32_t, ac->nof_op);
	s.sum_of = ARENA_ARRAY(ac->a, uint32_t, ac->nof_op);
	for (uint32_t i = 1; i < ac->nof_op; i++) {
		struct op f = {i};
		struct blk b = op_id(ir, f) == OP_FUNC ? op_body(ir, f, 0) : (struct blk){0};
		s.fifo.n = 0;
		for (struct blk c = b; c.i; c = ir_blk(ir, c)->next)
			find_fifos(&s, c);
		if (!s.fifo.n)
			continue;
		sum_region(&s, f, 0);
		place_region(&s, f, 0, counts_new(&s));
	}
}

/* Slots a popped tile may lie in; more than fit in a list become one range of bytes. */
bool
fifo_slot(const struct access *ac, struct val tile, uint32_t k, int64_t *base, int64_t *bytes)
{
	const struct ring *r = &ac->ring.at[ac->ring_of[tile.i]];
	int64_t n = r->known ? r->slots / r->step : 0;

	if (n > PLACE_MAX) {
		*base = r->base;
		*bytes = r->slots * r->slot_bytes;
		return k == 0;
	}
	if (k >= n)
		return false;
	*base = r->base + (r->first + k * r->step) * r->slot_bytes;
	*bytes = 0;
	return true;
}

struct place
fifo_entry(struct access *ac, struct op o, struct val v)
{
	const struct type_data *d = type_data(&ac->ir->types, val_type(ac->ir, v));
	const struct attr_data *s = attr_data(&ac->ir->attrs, op_attr(ac->ir, o, ac->ir->name.entry_strides));
	struct place p = {.kind = PL_GM_ROOT, .space = SP_GM, .root = v};

	if (s->kind != AT_DENSE_ARRAY || s->n != d->rank || d->rank > GM_MAX_RANK)
		return p;
	p = (struct place){.kind = PL_GM, .space = SP_GM};
	p.u.gm.root = v;
	p.u.gm.base = aff_const(&ac->aff, 0);
	p.u.gm.elem_bytes = type_bytes(&ac->ir->types, d->sub[0]);
	p.u.gm.rank = d->rank;
	for (uint32_t k = 0; k < d->rank; k++) {
		bool known = d->dim[k] != DIM_DYN;
		p.u.gm.count[k] = known ? d->dim[k] : AFF_INF;
		p.u.gm.open |= known ? 0 : 1u << k;
		p.u.gm.stride[k] = aff_const(&ac->aff, sat_mul(s->elem[k], p.u.gm.elem_bytes));
	}
	return p;
}
