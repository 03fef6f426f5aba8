/* trips: contexts of the trips of an expanded loop and the integers the loop carries from one to the next. */
#include "check/expand.h"

enum { STATES_MAX = 16 };

static bool
is_int_val(const struct ck_checker *c, struct val v)
{
	return v.i && type_is_int_or_index(&c->ir->types, val_type(c->ir, v));
}

static struct val
carried_arg(const struct ck_checker *c, const struct ck_trips *t, uint32_t k)
{
	return (struct val){ir_blk(c->ir, t->body)->arg0 + 1 + k};
}

static struct val
group_val(const struct ir *ir, struct op o, uint32_t slot, uint32_t k)
{
	uint32_t n;
	const struct val *v = op_group(ir, o, slot, &n);

	return k < n ? v[k] : (struct val){0};
}

static struct val
yielded(const struct ck_checker *c, const struct ck_trips *t, uint32_t k)
{
	struct op last = ir_blk(c->ir, t->body)->last;

	return last.i ? group_val(c->ir, last, 0, k) : (struct val){0};
}

/* The next value is this one and a constant. */
static bool
counts(const struct ck_checker *c, const struct ck_trips *t, uint32_t k, int64_t *by)
{
	struct val y = yielded(c, t, k), arg = carried_arg(c, t, k);
	struct op d = y.i ? ir_val(c->ir, y)->def : (struct op){0};

	return d.i && op_id(c->ir, d) == OP_ARITH_ADDI && op_opnd(c->ir, d, 0).i == arg.i &&
	       ck_small_const(c->ir, op_opnd(c->ir, d, 1), by);
}

static bool
same_state(const struct ck_trips *t, uint32_t a, uint32_t b)
{
	for (uint32_t k = 0; k < t->narg; k++)
		if (t->on[k] && t->state[a * t->narg + k] != t->state[b * t->narg + k])
			return false;
	return true;
}

/* State n + 1 out of state n, by the values the body yields in any trip; false: an integer was given up. */
static bool
next_state(struct ck_checker *c, struct ck_trips *t, uint32_t n)
{
	uint32_t ctx = ck_ctx_trip(&c->env, t->outer, t->op, 0, 1, 0, true);

	for (uint32_t k = 0; k < t->narg; k++)
		if (t->on[k])
			ck_bind(&c->env, ctx, carried_arg(c, t, k), ck_num_int(t->state[n * t->narg + k]));
	for (uint32_t k = 0; k < t->narg; k++) {
		if (t->on[k] && !ck_eval_int(&c->env, ctx, yielded(c, t, k), &t->state[(n + 1) * t->narg + k])) {
			t->on[k] = false;
			return false;
		}
	}
	return true;
}

/* Looks for the trip from which on the carried integers repeat. */
static void
find_cycle(struct ck_checker *c, struct ck_trips *t)
{
	for (uint32_t n = 0; n + 1 < STATES_MAX;) {
		if (!next_state(c, t, n)) {
			n = 0;
			continue;
		}
		n++;
		for (uint32_t i = 0; i < n; i++) {
			if (same_state(t, i, n)) {
				t->tail = i;
				t->len = n - i;
				return;
			}
		}
	}
	memset(t->on, 0, t->narg * sizeof *t->on);
}

void
ck_trips_init(struct ck_checker *c, struct ck_trips *t, struct op loop)
{
	int64_t by;

	*t = (struct ck_trips){.op = loop, .lb = op_slot(c->ir, loop, 0), .ub = op_slot(c->ir, loop, 1),
			       .body = op_body(c->ir, loop, 0), .step = 1, .outer = c->ctx, .len = 1};
	if (op_slot(c->ir, loop, 2).i && !ck_eval_int(&c->env, c->ctx, op_slot(c->ir, loop, 2), &t->step))
		t->step = 0;
	t->narg = ir_op(c->ir, loop)->nres;
	t->on = ARENA_ARRAY(c->a, bool, t->narg + 1);
	t->state = ARENA_ARRAY(c->a, int64_t, t->narg * STATES_MAX + 1);
	if (c->mode != MODE_EXPAND || t->narg == 0)
		return;
	for (uint32_t k = 0; k < t->narg; k++)
		t->on[k] = is_int_val(c, carried_arg(c, t, k)) && !counts(c, t, k, &by) &&
			   ck_eval_int(&c->env, c->ctx, group_val(c->ir, loop, 3, k), &t->state[k]);
	find_cycle(c, t);
}

static struct ck_num
carried_value(struct ck_checker *c, const struct ck_trips *t, uint32_t ctx, uint32_t prev, uint32_t k)
{
	const struct ck_ctx trip = c->env.ctx.at[ctx];
	struct val arg = carried_arg(c, t, k), init = group_val(c->ir, t->op, 3, k);
	struct ck_num n;
	int64_t by;

	if (trip.k == 0 && trip.period == 0)
		return ck_eval(&c->env, t->outer, init);
	if (counts(c, t, k, &by)) {
		n = ck_num_add(&c->env, ck_eval(&c->env, t->outer, init), ck_num_step(by * trip.k, by, trip.period), 1);
		if (n.sym != UINT32_MAX)
			return n;
	}
	if (prev)
		return ck_eval(&c->env, prev, yielded(c, t, k));
	if (t->on[k] && trip.k >= t->tail)
		return ck_num_int(t->state[(t->tail + (trip.k - t->tail) % t->len) * t->narg + k]);
	return val_const_int(c->ir, yielded(c, t, k), &by) ? ck_num_int(by) : ck_num_unknown(&c->env, ctx, arg);
}

uint32_t
ck_trips_enter(struct ck_checker *c, const struct ck_trips *t, uint32_t prev, int64_t k, int64_t period, int64_t left,
	       bool left_open)
{
	uint32_t ctx = ck_ctx_trip(&c->env, t->outer, t->op, k, period, left, left_open);

	for (uint32_t i = 0; i < t->narg; i++)
		if (is_int_val(c, carried_arg(c, t, i)))
			ck_bind(&c->env, ctx, carried_arg(c, t, i), carried_value(c, t, ctx, prev, i));
	return ctx;
}

void
ck_trips_results(struct ck_checker *c, const struct ck_trips *t, uint32_t last)
{
	for (uint32_t k = 0; k < t->narg; k++) {
		struct val r = op_res(c->ir, t->op, k);
		if (is_int_val(c, r))
			ck_bind(&c->env, t->outer, r, last ? ck_eval(&c->env, last, yielded(c, t, k))
							   : ck_eval(&c->env, t->outer, group_val(c->ir, t->op, 3, k)));
	}
}

void
ck_yield_results(struct ck_checker *c, struct op op, struct blk b, uint32_t ctx)
{
	struct op last = b.i ? ir_blk(c->ir, b)->last : (struct op){0};

	for (uint32_t k = 0; last.i && k < ir_op(c->ir, op)->nres; k++) {
		struct val r = op_res(c->ir, op, k), y = group_val(c->ir, last, 0, k);
		if (is_int_val(c, r) && y.i)
			ck_bind(&c->env, ctx, r, ck_eval(&c->env, ctx, y));
	}
}
