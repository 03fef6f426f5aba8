/*
 * value: ids of flags that are chosen at run time, as the simulation goes: what an integer is in the current trips of
 * the open loops. Enough for slots of multi-buffers (counters, sums, products, remainders); anything else is unknown,
 * and the flag then counts as the one with id 0.
 */
#include "cost/sim.h"

enum { DEPTH_MAX = 32 };

static bool value(const struct sim *s, struct val v, uint32_t depth, int64_t *x);

/* The counter of an open loop. A bound that is not known is taken for 0: ids only turn by that. */
static bool
counter(const struct sim *s, struct val v, int64_t *x)
{
	struct op loop = blk_owner(s->ir, ir_val(s->ir, v)->blk);
	int64_t lo = 0, step = 1;

	if (!loop.i || op_id(s->ir, loop) != OP_FOR || ir_val(s->ir, v)->index != 0)
		return false;
	for (uint32_t i = s->open.n; i-- > 0;) {
		uint32_t st = s->open.at[i];
		if (s->sec->stmt.at[st].op.i != loop.i)
			continue;
		if (!val_const_int(s->ir, op_slot(s->ir, loop, 0), &lo))
			lo = 0;
		if (!val_const_int(s->ir, op_slot(s->ir, loop, 2), &step) || step < 1 || step > INT32_MAX ||
		    lo < INT32_MIN || lo > INT32_MAX)
			return false;
		*x = lo + step * (int64_t)s->index[st];
		return true;
	}
	return false;
}

/* Of small numbers: what could overflow is unknown. */
static bool
combine(enum op_id id, int64_t a, int64_t b, int64_t *x)
{
	const int64_t most = INT64_C(1) << 30;

	if (id == OP_ARITH_REMUI || id == OP_ARITH_REMSI) {
		*x = b > 0 ? a % b : 0;
		return b > 0 && a >= 0;
	}
	if (id == OP_ARITH_DIVUI || id == OP_ARITH_DIVSI) {
		*x = b > 0 ? a / b : 0;
		return b > 0 && a >= 0;
	}
	if (a < -most || a > most || b < -most || b > most)
		return false;
	*x = id == OP_ARITH_ADDI ? a + b : id == OP_ARITH_SUBI ? a - b : a * b;
	return id == OP_ARITH_ADDI || id == OP_ARITH_SUBI || id == OP_ARITH_MULI;
}

/* Recursion bounded by DEPTH_MAX; only one way down is long in practice. */
static bool
value(const struct sim *s, struct val v, uint32_t depth, int64_t *x)
{
	struct op d = ir_val(s->ir, v)->def;
	int64_t a, b;

	if (val_const_int(s->ir, v, x))
		return true;
	if (!d.i)
		return counter(s, v, x);
	if (depth == DEPTH_MAX)
		return false;
	if (op_id(s->ir, d) == OP_ARITH_INDEX_CAST)
		return value(s, op_opnd(s->ir, d, 0), depth + 1, x);
	return ir_op(s->ir, d)->nopnd == 2 && ir_op(s->ir, d)->nres == 1 &&
	       value(s, op_opnd(s->ir, d, 1), DEPTH_MAX - 1, &b) && value(s, op_opnd(s->ir, d, 0), depth + 1, &a) &&
	       combine(op_id(s->ir, d), a, b, x);
}

uint32_t
sim_id(const struct sim *s, struct val v)
{
	int64_t x;

	return value(s, v, 0, &x) && x >= 0 && x < EVENT_ID_COUNT ? (uint32_t)x : 0;
}
