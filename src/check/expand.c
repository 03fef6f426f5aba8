/* expand: see expand.h. */
#include "check/expand.h"

/* One way of running a loop: exactly n trips, or at least that many and any more. */
struct way {
	struct ck_trips t;
	const struct ck_plan *plan;
	uint32_t stmt;
	int64_t min, first, last, period;
	int64_t exact[PEELS_MAX];
	uint32_t nexact;
};

static uint32_t
walk_trip(struct ck_checker *c, const struct way *w, uint32_t prev, int64_t k, int64_t period, int64_t left, bool open)
{
	uint32_t outer = c->ctx, ctx = ck_trips_enter(c, &w->t, prev, k, period, left, open);
	const struct stmt *st = &c->sec->stmt.at[w->stmt];

	c->ctx = ctx;
	if (c->sec->child.at[st->child0])
		ck_walk_block(c, c->sec->child.at[st->child0]);
	c->ctx = outer;
	return ctx;
}

static void
walk_exactly(struct ck_checker *c, const struct way *w, int64_t trips)
{
	uint32_t prev = 0;

	for (int64_t k = 0; k < trips && !c->halt; k++)
		prev = walk_trip(c, w, prev, k, 0, trips - 1 - k, false);
	if (c->mode == MODE_REPLAY && !c->halt)
		ck_trips_results(c, &w->t, prev);
}

/* r trips that do not fill a period, then the special last ones. */
static void
walk_rest(struct ck_checker *c, void *arg, uint32_t r)
{
	const struct way *w = arg;
	uint32_t prev = 0;

	for (int64_t k = 0; k < r; k++)
		prev = walk_trip(c, w, prev, w->first + k, w->period, w->last + r - 1 - k, false);
	for (int64_t q = 0; q < w->last; q++)
		prev = walk_trip(c, w, prev, w->first + r + q, w->period, w->last - 1 - q, false);
}

/* Any number of periods. */
static void
walk_middle(struct ck_checker *c, const struct way *w)
{
	struct ck_frame *f = ck_frame_push(c, w->stmt);
	uint32_t prev = 0;

	for (int64_t k = 0; k < w->period; k++)
		prev = walk_trip(c, w, prev, w->first + k, w->period, w->last + w->period - 1 - k, true);
	ck_loop_end(c, f, w->min >= w->first + w->period + w->last, w->t.op);
}

static void
walk_many(struct ck_checker *c, struct way *w)
{
	uint32_t prev = 0;

	for (int64_t k = 0; k < w->first; k++)
		prev = walk_trip(c, w, prev, k, 0, w->last + w->first - 1 - k, true);
	walk_middle(c, w);
	if (w->period > 1)
		ck_walk_ways(c, (uint32_t)w->period, walk_rest, w, w->t.op);
	else
		walk_rest(c, w, 0);
}

static void
walk_way(struct ck_checker *c, void *arg, uint32_t i)
{
	struct way *w = arg;

	if (i < w->nexact)
		walk_exactly(c, w, w->exact[i]);
	else
		walk_many(c, w);
}

/* Numbers of trips: the smallest and the largest; any number when the step is not known or not positive. */
static void
trips_bounds(struct ck_checker *c, const struct ck_trips *t, int64_t *min, int64_t *max)
{
	int64_t lo, hi;

	ck_eval_distance(&c->env, c->ctx, t->ub, t->lb, &lo, &hi);
	if (t->step < 1) {
		*min = 0;
		*max = CK_INF;
		return;
	}
	*min = lo > 0 ? (lo - 1) / t->step + 1 : 0;
	*max = hi <= 0 ? 0 : hi >= CK_INF ? CK_INF : (hi - 1) / t->step + 1;
}

void
ck_loop_runs(struct ck_checker *c, struct op loop, bool *sure, bool *never)
{
	int64_t lo, hi;

	ck_eval_distance(&c->env, c->ctx, op_slot(c->ir, loop, 1), op_slot(c->ir, loop, 0), &lo, &hi);
	*sure |= lo > 0;
	*never = hi <= 0;
}

static bool
may_expand(struct ck_checker *c, uint32_t stmt, const struct way *w)
{
	int64_t copies = w->first + w->period * (w->period + 1) / 2 + w->period * w->last + w->first + w->last;
	const struct stmt *st = &c->sec->stmt.at[stmt];

	return w->t.step >= 1 && c->nest + 4 * (NEST_EXPAND_MAX - c->depth) < NEST_MAX && c->depth < NEST_EXPAND_MAX &&
	       c->steps + (uint64_t)copies * (st->nnode + 1) < c->steps_max;
}

bool
ck_expand_loop(struct ck_checker *c, uint32_t stmt)
{
	struct way *w = ARENA_NEW(c->a, struct way);
	struct ck_plan *p = ck_plan_find(c, stmt);
	int64_t max;

	if (!p || !p->expand)
		return false;
	w->plan = p;
	w->stmt = stmt;
	ck_trips_init(c, &w->t, c->sec->stmt.at[stmt].op);
	w->first = p->first > w->t.tail ? p->first : w->t.tail;
	w->last = p->last;
	w->period = w->t.len > 1 ? w->t.len * p->period : p->period;
	if (!may_expand(c, stmt, w))
		return false;
	trips_bounds(c, &w->t, &w->min, &max);
	if (w->min == max && max <= TRIPS_MAX) {
		walk_exactly(c, w, max);
		return true;
	}
	for (int64_t n = w->min; n < w->first + w->last && n <= max && w->nexact < PEELS_MAX; n++)
		w->exact[w->nexact++] = n;
	uint32_t ways = w->nexact + (max >= w->first + w->last);
	if (ways == 1)
		walk_way(c, w, 0);
	else
		ck_walk_ways(c, ways, walk_way, w, w->t.op);
	return true;
}

/* ---- one path ---- */

static int64_t
choose_trips(struct ck_checker *c, const struct ck_trips *t)
{
	int64_t min, max;

	/* A test's stand-in for a loop has no bounds. */
	if (!t->ub.i || !t->lb.i)
		return ck_choose(&c->env, (struct val){0}, t->op) + 1;
	trips_bounds(c, t, &min, &max);
	if (min != max)
		c->halt = true;
	return min;
}

void
ck_replay_loop(struct ck_checker *c, uint32_t stmt)
{
	struct way *w = ARENA_NEW(c->a, struct way);

	w->stmt = stmt;
	ck_trips_init(c, &w->t, c->sec->stmt.at[stmt].op);
	int64_t n = choose_trips(c, &w->t);
	if (n > RUN_TRIPS_MAX)
		c->halt = true;
	if (!c->halt)
		walk_exactly(c, w, n);
}

static void
bind_all(struct ck_checker *c, uint32_t ctx, const struct val *from, uint32_t n, uint32_t from_ctx, uint32_t first)
{
	for (uint32_t k = 0; k < n; k++) {
		struct val to = {first + k};
		if (from[k].i && type_is_int_or_index(&c->ir->types, val_type(c->ir, to)))
			ck_bind(&c->env, ctx, to, ck_eval(&c->env, from_ctx, from[k]));
	}
}

/* Runs one region of a scf.while in a context; its terminator. */
static struct op
run_part(struct ck_checker *c, uint32_t blk)
{
	if (blk)
		ck_walk_block(c, blk);
	return blk ? ir_blk(c->ir, c->sec->blk.at[blk].blk)->last : (struct op){0};
}

void
ck_replay_while(struct ck_checker *c, uint32_t stmt)
{
	const struct stmt st = c->sec->stmt.at[stmt];
	const uint32_t *child = &c->sec->child.at[st.child0];
	uint32_t n, outer = c->ctx, from = outer;
	const struct val *v = op_group(c->ir, st.op, 0, &n);

	for (int64_t k = 0; !c->halt; k++) {
		c->ctx = ck_ctx_trip(&c->env, outer, st.op, k, 0, 0, true);
		if (child[0])
			bind_all(c, c->ctx, v, n, from, ir_blk(c->ir, c->sec->blk.at[child[0]].blk)->arg0);
		struct op end = run_part(c, child[0]);
		struct val cond = end.i ? op_slot(c->ir, end, 0) : (struct val){0};
		int go = cond.i ? ck_eval_bool(&c->env, c->ctx, cond) : ck_choose(&c->env, cond, st.op) > k;
		v = end.i ? op_group(c->ir, end, 1, &n) : v;
		n = end.i ? n : 0;
		if (go < 0 || k >= RUN_TRIPS_MAX)
			c->halt = true;
		if (go <= 0 || c->halt)
			break;
		if (st.nchild > 1 && child[1]) {
			bind_all(c, c->ctx, v, n, c->ctx, ir_blk(c->ir, c->sec->blk.at[child[1]].blk)->arg0);
			end = run_part(c, child[1]);
			v = end.i ? op_group(c->ir, end, 0, &n) : v;
			n = end.i ? n : 0;
		}
		from = c->ctx;
	}
	if (n && n <= ir_op(c->ir, st.op)->nres)
		bind_all(c, outer, v, n, c->ctx, op_res(c->ir, st.op, 0).i);
	c->ctx = outer;
}

/* ---- branches ---- */

static void
walk_child(struct ck_checker *c, uint32_t stmt, uint32_t k)
{
	const struct stmt *st = &c->sec->stmt.at[stmt];
	uint32_t b = k < st->nchild ? c->sec->child.at[st->child0 + k] : 0;

	if (b)
		ck_walk_block(c, b);
	if (b && !c->halt)
		ck_yield_results(c, st->op, c->sec->blk.at[b].blk, c->ctx);
}

/* Region of a scf.index_switch that value x selects: 0 is the default. */
static uint32_t
side_of(const struct ir *ir, struct op o, int64_t x)
{
	const struct attr_data *d = attr_data(&ir->attrs, op_attr(ir, o, ir->name.cases));

	for (uint32_t k = 0; d->elem && k < d->n; k++)
		if (d->elem[k] == x)
			return k + 1;
	return 0;
}

bool
ck_known_branch(struct ck_checker *c, uint32_t stmt)
{
	const struct stmt *st = &c->sec->stmt.at[stmt];
	struct val v = op_slot(c->ir, st->op, 0);
	int64_t x;

	if (c->mode == MODE_REPLAY && !v.i)
		x = ck_choose(&c->env, v, st->op);
	else if (!v.i || !ck_eval_int(&c->env, c->ctx, v, &x)) {
		c->halt |= c->mode == MODE_REPLAY;
		return c->halt;
	}
	walk_child(c, stmt, st->kind == ST_CHOICE ? side_of(c->ir, st->op, x) : !x);
	return true;
}

struct both_sides {
	uint32_t stmt, ctx;
};

static void
walk_side(struct ck_checker *c, void *arg, uint32_t i)
{
	const struct both_sides *s = arg;
	const struct stmt *st = &c->sec->stmt.at[s->stmt];
	struct val v = op_slot(c->ir, st->op, 0);
	uint32_t b = i < st->nchild ? c->sec->child.at[st->child0 + i] : 0;

	if (st->kind == ST_IF && v.i)
		c->ctx = ck_ctx_assume(&c->env, s->ctx, v, !i);
	if (b)
		ck_walk_block(c, b);
	c->ctx = s->ctx;
}

void
ck_expand_branch(struct ck_checker *c, uint32_t stmt)
{
	struct both_sides s = {stmt, c->ctx};
	const struct stmt *st = &c->sec->stmt.at[stmt];

	ck_walk_ways(c, st->kind == ST_IF ? 2 : st->nchild, walk_side, &s, st->op);
}

/* ---- conditions looked at both ways ---- */

struct halves {
	uint32_t split, ctx;
};

static void
walk_half(struct ck_checker *c, void *arg, uint32_t i)
{
	const struct halves *h = arg;
	const struct ck_split *s = &c->expand->split.at[h->split];

	c->ctx = ck_ctx_assume(&c->env, h->ctx, s->cond, !i);
	ck_walk_range(c, s->blk, s->first - 1, s->last, h->split + 1);
	c->ctx = h->ctx;
}

/* The split that begins at statement `at` (from 0) of the block; from: those before have been taken. */
uint32_t
ck_walk_split(struct ck_checker *c, uint32_t blk, uint32_t at, uint32_t end, uint32_t from)
{
	struct ck_expand *x = c->expand;

	for (uint32_t i = from; x && i < x->split.n; i++) {
		const struct ck_split *s = &x->split.at[i];
		if (s->blk != blk || s->first != at + 1 || s->last > end ||
		    ck_eval_bool(&c->env, c->ctx, s->cond) >= 0 || c->steps >= c->steps_max / 4 ||
		    c->nest + 4 * NEST_EXPAND_MAX >= NEST_MAX)
			continue;
		struct halves h = {i, c->ctx};
		ck_walk_ways(c, 2, walk_half, &h, c->sec->stmt.at[c->sec->order.at[c->sec->blk.at[blk].stmt0 + at]].op);
		return s->last;
	}
	return at;
}
