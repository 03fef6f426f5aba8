/* rotate: see rotate.h. */
#include "driver/rotate.h"

enum {
	PAIRS_MAX = 64,		/* of a section */
	RING_MAX = 4,		/* tiles of an op that are slots */
	CHAIN_MAX = 24,		/* views of views */
	FIXES_MAX = 4,		/* barriers put in for one loop */
	ROTATE_WORK = 20000	/* trials times ops of the function */
};

enum role { ROLE_SET, ROLE_WAIT, ROLE_PRIME, ROLE_DRAIN, ROLES };

/* A printed pair in the body of a loop. */
struct turn {
	uint32_t group;
	struct op op[ROLES], loop;
	uint32_t why[ROLES];
	struct op src, dst;		/* its hazard */
	uint8_t from, to;		/* enum pipe */
	bool odd;			/* not one set and one wait */
	struct val slot;		/* number of the slot both ends use; 0: none */
	uint32_t nslot, base;
	bool on;			/* rotates now */
	struct op now[ROLES][EVENT_ID_COUNT];
	struct op helper[2];		/* sums for ids that do not start at 0 */
	struct op mark[ROLES];		/* a constant where the op stood */
};

struct rotate {
	const struct proving *by;
	struct ir *ir;
	const struct rotate_opt *opt;
	struct sync_result *res;
	struct turn turn[PAIRS_MAX];
	/* Work of one pipe in two iterations may have been in order only because each iteration waited for the one
	 * before: then a barrier of that pipe goes in front of it. */
	struct op fix[FIXES_MAX];
	struct op fixed[FIXES_MAX], fixsrc[FIXES_MAX];	/* what it stands in front of, and orders that after */
	uint32_t nfix, group;	/* group: first number no decision has */
	uint32_t n, left;
	bool many;
};

/* ---- pairs ---- */

static struct turn *
turn_get(struct rotate *k, uint32_t group)
{
	for (uint32_t i = 0; i < k->n; i++)
		if (k->turn[i].group == group)
			return &k->turn[i];
	if (k->n == PAIRS_MAX) {
		k->many = true;
		return NULL;
	}
	k->turn[k->n] = (struct turn){.group = group};
	return &k->turn[k->n++];
}

static void
role_set(struct turn *t, enum role r, struct op o, uint32_t why)
{
	t->odd = t->odd || t->op[r].i;
	t->op[r] = o;
	t->why[r] = why;
}

static void
note_flag(struct rotate *k, uint32_t why)
{
	const struct sync_why *w = &k->res->why.at[why];
	enum op_id id = op_id(k->ir, w->sync);
	enum pipe src, dst;
	uint32_t eid;

	if ((id != OP_SET_FLAG && id != OP_WAIT_FLAG) || !op_flag(k->ir, w->sync, &src, &dst, &eid))
		return;
	struct turn *t = turn_get(k, w->group);
	if (!t)
		return;
	t->from = (uint8_t)src;
	t->to = (uint8_t)dst;
	t->src = w->src;
	t->dst = w->dst;
	if (id == OP_SET_FLAG)
		role_set(t, w->prime ? ROLE_PRIME : ROLE_SET, w->sync, why);
	else
		role_set(t, t->op[ROLE_WAIT].i ? ROLE_DRAIN : ROLE_WAIT, w->sync, why);
}

static struct blk
home_of(const struct rotate *k, struct op o)
{
	return ir_op(k->ir, o)->parent;
}

/* The loop whose body holds set and wait, with prime and drain in one block or neither; 0 = another shape. */
static struct op
turn_loop(const struct rotate *k, struct turn *t)
{
	struct op none = {0};

	if (t->odd || !t->op[ROLE_SET].i || !t->op[ROLE_WAIT].i || !t->op[ROLE_PRIME].i != !t->op[ROLE_DRAIN].i)
		return none;
	struct blk body = home_of(k, t->op[ROLE_SET]);
	if (t->op[ROLE_DRAIN].i && home_of(k, t->op[ROLE_DRAIN]).i == body.i) {
		struct op o = t->op[ROLE_DRAIN];
		uint32_t w = t->why[ROLE_DRAIN];
		t->op[ROLE_DRAIN] = t->op[ROLE_WAIT];
		t->why[ROLE_DRAIN] = t->why[ROLE_WAIT];
		t->op[ROLE_WAIT] = o;
		t->why[ROLE_WAIT] = w;
	}
	struct op loop = blk_owner(k->ir, body);
	if (!loop.i || op_id(k->ir, loop) != OP_FOR || home_of(k, t->op[ROLE_WAIT]).i != body.i)
		return none;
	/* around that loop or one further out: between its runs every id is set as it is between iterations */
	if (t->op[ROLE_PRIME].i && home_of(k, t->op[ROLE_PRIME]).i != home_of(k, t->op[ROLE_DRAIN]).i)
		return none;
	return loop;
}

/* ---- rings ---- */

struct ring {
	struct val of, slot;
};

static uint32_t
rings_of(const struct ir *ir, struct op o, struct ring at[RING_MAX])
{
	uint32_t n = 0;

	for (uint32_t i = 0; o.i && i < ir_op(ir, o)->nopnd && n < RING_MAX; i++) {
		struct val v = op_opnd(ir, o, i);
		for (uint32_t depth = 0; depth < CHAIN_MAX && v.i && ir_val(ir, v)->def.i; depth++) {
			struct op d = ir_val(ir, v)->def;
			if (op_id(ir, d) == OP_MULTI_TILE_GET) {
				at[n++] = (struct ring){op_opnd(ir, d, 0), op_opnd(ir, d, 1)};
				break;
			}
			if (!(op_row(ir, d)->flags & OPF_VIEW) || !ir_op(ir, d)->nopnd)
				break;
			v = op_opnd(ir, d, 0);
		}
	}
	return n;
}

/* Has v a value in front of the op, which stands in a block of its own or around? */
static bool
is_before(const struct ir *ir, struct val v, struct op o)
{
	const struct val_data *d = ir_val(ir, v);

	return !d->def.i || ir_op(ir, d->def)->parent.i != ir_op(ir, o)->parent.i ||
	       ir_op(ir, d->def)->order < ir_op(ir, o)->order;
}

/* The ring with most slots that both ends of the hazard use at one slot number. */
static void
find_slot(struct rotate *k, struct turn *t)
{
	struct ring a[RING_MAX], b[RING_MAX];
	uint32_t na = rings_of(k->ir, t->src, a), nb = rings_of(k->ir, t->dst, b);

	for (uint32_t i = 0; i < na * nb; i++) {
		const struct ring *x = &a[i / nb], *y = &b[i % nb];
		uint32_t n = type_data(&k->ir->types, val_type(k->ir, x->of))->width;
		if (x->of.i != y->of.i || x->slot.i != y->slot.i || n < k->opt->min_slots || n > k->opt->max_ids ||
		    n <= t->nslot || !is_before(k->ir, x->slot, t->op[ROLE_SET]) ||
		    !is_before(k->ir, x->slot, t->op[ROLE_WAIT]))
			continue;
		t->slot = x->slot;
		t->nslot = n;
	}
}

/* ---- ids ---- */

struct taken {
	uint8_t from, to, ids;
};

/* Recursion depth: nesting of regions. */
static void
ids_in(const struct rotate *k, struct op root, struct taken *x)
{
	const struct ir *ir = k->ir;
	enum pipe src, dst;
	uint32_t eid, n;

	for (uint32_t r = 0; r < ir_op(ir, root)->nreg; r++) {
		for (struct blk b = op_body(ir, root, r); b.i; b = ir_blk(ir, b)->next) {
			for (struct op o = ir_blk(ir, b)->first; o.i; o = ir_op(ir, o)->next) {
				const struct hidden_key *h = access_hidden(k->by->ac, o, &n);
				for (uint32_t i = 0; i < n; i++)
					if (h[i].src == x->from && h[i].dst == x->to)
						x->ids |= h[i].ids;
				if (op_id(ir, o) == OP_SET_FLAG && op_flag(ir, o, &src, &dst, &eid) &&
				    src == x->from && dst == x->to)
					x->ids |= (uint8_t)(1u << eid % EVENT_ID_COUNT);
				ids_in(k, o, x);
			}
		}
	}
}

/* The first of nslot ids in a row that nothing else on the channel uses; max_ids when there is none. */
static uint32_t
free_ids(const struct rotate *k, const struct turn *t)
{
	struct taken x = {.from = t->from, .to = t->to};

	ids_in(k, k->by->func, &x);
	for (uint32_t i = 0; i < k->n; i++)
		if (k->turn[i].on && k->turn[i].from == t->from && k->turn[i].to == t->to)
			x.ids |= (uint8_t)(((1u << k->turn[i].nslot) - 1) << k->turn[i].base);
	for (uint32_t base = 0; base + t->nslot <= k->opt->max_ids; base++)
		if (!(x.ids >> base & ((1u << t->nslot) - 1)))
			return base;
	return k->opt->max_ids;
}

/* ---- turning ---- */

static struct op
constant(struct ir *ir, int64_t x, struct typ ty)
{
	struct op c = ir_op_new(ir, OP_ARITH_CONSTANT, (struct span){0, 0});

	ir_op_result(ir, c, ty);
	op_attr_set(ir, c, ir->name.value, attr_int(&ir->attrs, x, ty));
	return c;
}

/* The flag of the slot that is used now. */
static struct op
put_dynamic(struct rotate *k, struct turn *t, enum op_id id, struct op before, struct op *helper)
{
	struct ir *ir = k->ir;
	struct val v = t->slot;

	if (t->base) {
		struct typ ty = val_type(ir, v);
		struct op c = constant(ir, t->base, ty);
		*helper = ir_op_new(ir, OP_ARITH_ADDI, (struct span){0, 0});
		ir_op_operands(ir, *helper, (const struct val[]){v, op_res(ir, c, 0)}, 2);
		v = ir_op_result(ir, *helper, ty);
		ir_insert_before(ir, before, c);
		ir_insert_before(ir, before, *helper);
	}
	struct op o = ir_op_new(ir, id, (struct span){0, 0});
	ir_op_operands(ir, o, &v, 1);
	op_attr_set(ir, o, ir->name.src_pipe, attr_enum(&ir->attrs, EN_PIPE, pipe_to_value((enum pipe)t->from)));
	op_attr_set(ir, o, ir->name.dst_pipe, attr_enum(&ir->attrs, EN_PIPE, pipe_to_value((enum pipe)t->to)));
	ir_op(ir, o)->flags |= OPD_SYNC;
	ir_insert_before(ir, before, o);
	return o;
}

static void
put_each(struct rotate *k, struct turn *t, enum op_id id, enum role r)
{
	for (uint32_t i = 0; i < t->nslot; i++) {
		t->now[r][i] = ir_flag(k->ir, id, (enum pipe)t->from, (enum pipe)t->to, t->base + i);
		ir_op(k->ir, t->now[r][i])->flags |= OPD_SYNC;
		ir_insert_before(k->ir, t->mark[r], t->now[r][i]);
	}
}

/* A set that was moved in front of its source speaks of the iteration before: now it goes behind it again. */
static struct op
set_place(const struct rotate *k, const struct turn *t)
{
	for (struct op o = t->mark[ROLE_SET]; t->src.i && o.i; o = ir_op(k->ir, o)->next)
		if (o.i == t->src.i)
			return ir_op(k->ir, o)->next;
	return t->mark[ROLE_SET];
}

static bool
turn_on(struct rotate *k, struct turn *t)
{
	struct ir *ir = k->ir;

	for (unsigned r = 0; r < ROLES; r++) {
		if (!t->op[r].i)
			continue;
		t->mark[r] = constant(ir, 0, type_index(&ir->types));
		ir_insert_before(ir, t->op[r], t->mark[r]);
		ir_unlink(ir, t->op[r]);
	}
	t->base = free_ids(k, t);
	t->on = t->base < k->opt->max_ids;
	if (!t->on)
		return false;
	t->now[ROLE_WAIT][0] = put_dynamic(k, t, OP_WAIT_FLAG_DYN, t->mark[ROLE_WAIT], &t->helper[1]);
	t->now[ROLE_SET][0] = put_dynamic(k, t, OP_SET_FLAG_DYN, set_place(k, t), &t->helper[0]);
	if (t->op[ROLE_PRIME].i) {
		put_each(k, t, OP_SET_FLAG, ROLE_PRIME);
		put_each(k, t, OP_WAIT_FLAG, ROLE_DRAIN);
	}
	return true;
}

static void
take_helper(struct rotate *k, struct op *o)
{
	if (!o->i)
		return;
	struct op c = ir_val(k->ir, op_opnd(k->ir, *o, 1))->def;
	ir_erase(k->ir, *o);
	ir_erase(k->ir, c);
	*o = (struct op){0};
}

/* As it was before turn_on, whether that worked or not. */
static void
turn_off(struct rotate *k, struct turn *t)
{
	for (unsigned r = 0; r < ROLES; r++) {
		for (uint32_t i = 0; i < EVENT_ID_COUNT; i++) {
			if (t->now[r][i].i)
				ir_erase(k->ir, t->now[r][i]);
			t->now[r][i] = (struct op){0};
		}
		if (!t->mark[r].i)
			continue;
		ir_insert_before(k->ir, t->mark[r], t->op[r]);
		ir_erase(k->ir, t->mark[r]);
		t->mark[r] = (struct op){0};
	}
	take_helper(k, &t->helper[0]);
	take_helper(k, &t->helper[1]);
	t->on = false;
}

/* ---- choice ---- */

static bool
holds(struct rotate *k)
{
	if (k->left < k->by->size)
		return false;
	k->left -= k->by->size;
	return proving_holds(k->by);
}

/* Puts in the barrier that the finding asks for, if that is what it wants. */
static bool
fix(struct rotate *k, const struct finding *f, struct op loop)
{
	struct op at = f->dst;

	if (f->kind != CK_ORDER || f->pipe_src != f->pipe_dst || f->pipe_dst == P_S || k->nfix == FIXES_MAX)
		return false;
	while (at.i && op_parent(k->ir, at).i != loop.i)
		at = op_parent(k->ir, at);
	if (!at.i)
		return false;
	for (uint32_t i = 0; i < k->nfix; i++)
		if (k->fixed[i].i == at.i)
			return false;
	struct op b = ir_barrier(k->ir, (enum pipe)f->pipe_dst);
	ir_op(k->ir, b)->flags |= OPD_SYNC;
	ir_insert_before(k->ir, at, b);
	k->fix[k->nfix] = b;
	k->fixsrc[k->nfix] = f->src;
	k->fixed[k->nfix++] = at;
	return true;
}

/* Proved, if need be with barriers? */
static bool
holds_fixed(struct rotate *k, struct op loop)
{
	struct finding f;

	for (;;) {
		if (k->left < k->by->size)
			return false;
		k->left -= k->by->size;
		if (proving_asks(k->by, &f))
			return true;
		if (!fix(k, &f, loop))
			return false;
	}
}

static void
unfix(struct rotate *k, uint32_t keep)
{
	while (k->nfix > keep)
		ir_erase(k->ir, k->fix[--k->nfix]);
}

/* Simulated time; INT64_MAX when the section has none. */
static int64_t
time_of(const struct rotate *k)
{
	struct cost_result r;
	struct arena_mark m = arena_mark(k->by->a);

	ir_renumber(k->ir, k->by->func);
	cost_section(k->by->a, k->ir, k->by->ac, k->by->func, k->by->core, k->opt->cost, &r);
	arena_rewind(k->by->a, m);
	return r.refused || r.unset ? INT64_MAX : r.makespan;
}

/* Pairs of one loop; between two pipes only, in both directions, when `pipes` is not 0. */
struct choice {
	struct op loop;
	unsigned pipes;
};

static bool
is_chosen(const struct turn *t, const struct choice *c)
{
	return t->slot.i && t->loop.i == c->loop.i &&
	       (!c->pipes || c->pipes == (1u << t->from | 1u << t->to));
}

static void
all_off(struct rotate *k, const struct choice *c)
{
	for (uint32_t i = k->n; i-- > 0;)
		if (is_chosen(&k->turn[i], c) && k->turn[i].mark[ROLE_SET].i)
			turn_off(k, &k->turn[i]);
}

/* Turns them all; false, and nothing is changed, when that is not proved or not faster. */
static bool
all_on(struct rotate *k, const struct choice *c, int64_t *best)
{
	uint32_t n = 0, nfix = k->nfix;
	bool ok = true;

	for (uint32_t i = 0; i < k->n && ok; i++) {
		if (!is_chosen(&k->turn[i], c) || k->turn[i].on)
			continue;
		n++;
		ok = turn_on(k, &k->turn[i]);
	}
	/* the simulation costs less than the proof; barriers only add to it */
	if (ok && n && time_of(k) < *best && holds_fixed(k, c->loop)) {
		int64_t t = time_of(k);
		if (t < *best) {
			*best = t;
			return true;
		}
	}
	unfix(k, nfix);
	all_off(k, c);
	return false;
}

/* Those that need not turn: it is proved and not slower without. */
static void
reduce(struct rotate *k, const struct choice *c, int64_t best)
{
	for (uint32_t i = 0; i < k->n; i++) {
		struct turn *t = &k->turn[i];
		if (!is_chosen(t, c) || !t->on)
			continue;
		turn_off(k, t);
		if (time_of(k) > best || !holds(k))
			turn_on(k, t);
	}
}

static void
choose(struct rotate *k, struct op loop, int64_t *best)
{
	struct choice all = {.loop = loop};

	if (all_on(k, &all, best)) {
		reduce(k, &all, *best);
		return;
	}
	for (uint32_t i = 0; i < k->n; i++) {
		const struct turn *t = &k->turn[i];
		struct choice two = {.loop = loop, .pipes = 1u << t->from | 1u << t->to};
		if (is_chosen(t, &two) && !t->on && all_on(k, &two, best))
			reduce(k, &two, *best);
	}
}

/* ---- all ---- */

static void
more_reasons(struct rotate *k, const struct turn *t, enum role r)
{
	k->res->why.at[t->why[r]].sync = t->now[r][0];
	for (uint32_t i = 1; i < EVENT_ID_COUNT && t->now[r][i].i; i++) {
		struct sync_why w = k->res->why.at[t->why[r]];
		w.sync = t->now[r][i];
		VEC_PUSH(k->by->a, &k->res->why, w);
	}
}

static void
settle(struct rotate *k)
{
	for (uint32_t i = 0; i < k->n; i++) {
		struct turn *t = &k->turn[i];
		for (unsigned r = 0; t->on && r < ROLES; r++) {
			if (!t->op[r].i)
				continue;
			ir_erase(k->ir, t->mark[r]);
			ir_op(k->ir, t->op[r])->flags |= OPD_DEAD;
			more_reasons(k, t, (enum role)r);
		}
	}
	for (uint32_t i = 0; i < k->nfix; i++) {
		struct sync_why w = {.sync = k->fix[i], .src = k->fixsrc[i], .dst = k->fixed[i], .kind = 'B',
				     .group = k->group + i, .loop = op_parent(k->ir, k->fix[i])};
		VEC_PUSH(k->by->a, &k->res->why, w);
		k->res->nbarrier++;
	}
	ir_renumber(k->ir, k->by->func);
}

/* Recursion depth: nesting of regions. */
static bool
has_ring(const struct ir *ir, struct op root, uint32_t min_slots)
{
	for (uint32_t r = 0; r < ir_op(ir, root)->nreg; r++)
		for (struct blk b = op_body(ir, root, r); b.i; b = ir_blk(ir, b)->next)
			for (struct op o = ir_blk(ir, b)->first; o.i; o = ir_op(ir, o)->next)
				if (has_ring(ir, o, min_slots) ||
				    (op_id(ir, o) == OP_MULTI_TILE_GET &&
				     type_data(&ir->types, val_type(ir, op_opnd(ir, o, 0)))->width >= min_slots))
					return true;
	return false;
}

/* A barrier put into a loop may serve what an older one of its pipe was for. */
static void
drop_barriers(struct rotate *k)
{
	struct ir *ir = k->ir;
	uint32_t n = 0;
	enum pipe p, q, none;
	uint32_t eid;

	for (uint32_t i = 0; i < k->res->why.n; i++) {
		struct op o = k->res->why.at[i].sync, next = ir_op(ir, o)->next;
		struct blk home = home_of(k, o);
		bool gone = false;
		for (uint32_t j = 0; j < k->nfix && !gone; j++)
			gone = op_id(ir, o) == OP_BARRIER && o.i != k->fix[j].i && op_flag(ir, o, &p, &none, &eid) &&
			       op_flag(ir, k->fix[j], &q, &none, &eid) && p == q;
		if (gone) {
			ir_unlink(ir, o);
			gone = holds(k);
			if (!gone && next.i)
				ir_insert_before(ir, next, o);
			else if (!gone)
				ir_append(ir, home, o);
		}
		if (gone) {
			ir_op(ir, o)->flags |= OPD_DEAD;
			k->res->nbarrier--;
		} else {
			k->res->why.at[n++] = k->res->why.at[i];
		}
	}
	k->res->why.n = n;
	ir_renumber(ir, k->by->func);
}

void
rotate_section(const struct proving *by, const struct rotate_opt *opt, struct sync_result *res)
{
	struct rotate *k;
	int64_t best;

	if (!has_ring(by->ir, by->func, opt->min_slots))
		return;
	k = ARENA_NEW(by->a, struct rotate);
	*k = (struct rotate){.by = by, .ir = by->ir, .opt = opt, .res = res, .left = ROTATE_WORK};
	for (uint32_t i = 0; i < res->why.n; i++) {
		note_flag(k, i);
		if (k->group <= res->why.at[i].group)
			k->group = res->why.at[i].group + 1;
	}
	ir_renumber(by->ir, by->func);
	for (uint32_t i = 0; i < k->n; i++)
		k->turn[i].loop = turn_loop(k, &k->turn[i]);
	for (uint32_t i = 0; i < k->n; i++)
		if (k->turn[i].loop.i)
			find_slot(k, &k->turn[i]);
	best = time_of(k);
	for (uint32_t i = 0; i < k->n && !k->many && best < INT64_MAX; i++) {
		bool first = k->turn[i].slot.i != 0;
		for (uint32_t j = 0; j < i && first; j++)
			first = !k->turn[j].slot.i || k->turn[j].loop.i != k->turn[i].loop.i;
		if (first)
			choose(k, k->turn[i].loop, &best);
	}
	settle(k);
	if (k->nfix)
		drop_barriers(k);
}
