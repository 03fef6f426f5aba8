/*
 * guard: which loops have to be expanded, and which conditions looked at both ways, for guards and dynamic ids of
 * hand-written code to be understood. A scan of the section before it is walked in MODE_EXPAND.
 *
 * Of a loop it finds how many first and last trips are special (`i == lb`, `i + step < ub`) and after how many trips
 * what is decided by a remainder repeats. Of conditions it finds those that several statements depend on.
 */
#include "check/expand.h"

enum { SLICE_MAX = 24, PEEL_MAX = 8, PERIOD_MAX = 16 };

struct guard_scan {
	struct ck_checker *c;
	bool any;
	uint32_t depth;
};

static int64_t
lcm_of(int64_t a, int64_t b)
{
	int64_t x = a, y = b;

	while (y) {
		int64_t r = x % y;
		x = y;
		y = r;
	}
	return a / x * b;
}

/* The plan of a loop of the section; NULL for others. */
static struct ck_plan *
plan_of(const struct ck_checker *c, struct op loop)
{
	const struct ck_expand *x = c->expand;

	for (uint32_t i = 0; i < x->nloop; i++)
		if (c->sec->stmt.at[x->loop[i]].op.i == loop.i)
			return &x->plan[i];
	return NULL;
}

struct ck_plan *
ck_plan_find(const struct ck_checker *c, uint32_t stmt)
{
	return c->expand ? plan_of(c, c->sec->stmt.at[stmt].op) : NULL;
}

/* v = base + off; base 0: a constant. */
static struct val
linear(const struct ir *ir, struct val v, int64_t *off)
{
	int64_t k;

	*off = 0;
	for (uint32_t n = 0; n < SLICE_MAX && v.i; n++) {
		struct op d = ir_val(ir, v)->def;
		if (ck_small_const(ir, v, &k)) {
			*off += k;
			return (struct val){0};
		}
		enum op_id id = d.i ? op_id(ir, d) : OP_FUNC;
		if (id == OP_ARITH_INDEX_CAST || id == OP_ARITH_EXTSI || id == OP_ARITH_INDEX_CASTUI) {
			v = op_opnd(ir, d, 0);
		} else if ((id == OP_ARITH_ADDI || id == OP_ARITH_SUBI) && ck_small_const(ir, op_opnd(ir, d, 1), &k)) {
			*off += id == OP_ARITH_ADDI ? k : -k;
			v = op_opnd(ir, d, 0);
		} else if (id == OP_ARITH_ADDI && ck_small_const(ir, op_opnd(ir, d, 0), &k)) {
			*off += k;
			v = op_opnd(ir, d, 1);
		} else {
			return v;
		}
	}
	return v;
}

static struct op
counter_of(const struct ir *ir, struct val v)
{
	const struct val_data *d = ir_val(ir, v);
	struct op o = v.i && !d->def.i ? blk_owner(ir, d->blk) : (struct op){0};

	return o.i && op_id(ir, o) == OP_FOR && d->index == 0 ? o : (struct op){0};
}

static uint8_t
peel(int64_t n)
{
	return (uint8_t)(n < 1 ? 1 : n > PEEL_MAX ? PEEL_MAX : n);
}

static uint8_t
most(uint8_t a, uint8_t b)
{
	return a > b ? a : b;
}

/* A compare of x, which is a loop's counter, with y: trips before and after the one where it changes. */
static void
scan_guard(struct guard_scan *s, struct val x, struct val y)
{
	const struct ir *ir = s->c->ir;
	int64_t ox, oy, ou, ol, step;
	struct val bx = linear(ir, x, &ox), by = linear(ir, y, &oy);
	struct op loop = counter_of(ir, bx);
	struct ck_plan *p = loop.i ? plan_of(s->c, loop) : NULL;

	if (!p || !ck_small_const(ir, op_slot(ir, loop, 2), &step) || step < 1)
		return;
	struct val bu = linear(ir, op_slot(ir, loop, 1), &ou), bl = linear(ir, op_slot(ir, loop, 0), &ol);
	s->any = p->expand = true;
	if (bu.i == by.i)
		p->last = most(p->last, peel((ox - oy + ou + step - 1) / step));
	if (bl.i == by.i)
		p->first = most(p->first, peel((oy - ox - ol) / step + 1));
	if (bl.i != by.i && bu.i != by.i)
		p->first = most(p->first, 1), p->last = most(p->last, 1);
}

static void
scan_leaf(struct guard_scan *s, struct val v, int64_t mod, bool compared)
{
	const struct ir *ir = s->c->ir;
	struct op o = blk_owner(ir, ir_val(ir, v)->blk);
	struct ck_plan *p = o.i && op_id(ir, o) == OP_FOR ? plan_of(s->c, o) : NULL;
	int64_t step;

	if (!p || !ck_small_const(ir, op_slot(ir, o, 2), &step) || step < 1)
		return;
	s->any = p->expand = true;
	if (ir_val(ir, v)->index) {
		p->args = true;
		step = 1;
	} else if (!mod && !compared) {
		p->direct = true;
	}
	if (mod > 1) {
		int64_t n = lcm_of(p->period, lcm_of(mod, step) / step);
		p->period = n <= PERIOD_MAX ? (uint8_t)n : p->period;
	}
}

/* What decides v. mod: only its remainder counts; compared: only a compare of it does. */
static void
scan_value(struct guard_scan *s, struct val v, int64_t mod, bool compared)
{
	const struct ir *ir = s->c->ir;
	struct op d = v.i ? ir_val(ir, v)->def : (struct op){0};
	int64_t k;

	if (!v.i || s->depth >= SLICE_MAX)
		return;
	if (!d.i) {
		scan_leaf(s, v, mod, compared);
		return;
	}
	enum op_id id = op_id(ir, d);
	if (id == OP_ARITH_CMPI) {
		scan_guard(s, op_opnd(ir, d, 0), op_opnd(ir, d, 1));
		scan_guard(s, op_opnd(ir, d, 1), op_opnd(ir, d, 0));
		compared = true;
	} else if ((id == OP_ARITH_REMSI || id == OP_ARITH_REMUI) && val_const_int(ir, op_opnd(ir, d, 1), &k)) {
		mod = k > 0 && k <= PERIOD_MAX ? k : mod;
	} else if (id == OP_ARITH_ANDI && val_const_int(ir, op_opnd(ir, d, 1), &k)) {
		mod = k > 0 && k < PERIOD_MAX && !(k & (k + 1)) ? k + 1 : mod;
	} else if (mod && (id == OP_ARITH_DIVSI || id == OP_ARITH_DIVUI || id == OP_ARITH_FLOORDIVSI) &&
		   ck_small_const(ir, op_opnd(ir, d, 1), &k)) {
		mod = k > 0 && k * mod <= INT32_MAX ? k * mod : mod;
	}
	s->depth++;
	for (uint32_t i = 0; i < ir_op(ir, d)->nopnd && i < 3 && !ir_op(ir, d)->nreg; i++) {
		struct val o = op_opnd(ir, d, i);
		if (o.i && type_is_int_or_index(&ir->types, val_type(ir, o)))
			scan_value(s, o, mod, compared);
	}
	s->depth--;
}

/* The slot of a multi tile, and the condition of a select, behind a tile operand. */
static void
scan_tile(struct guard_scan *s, struct val v)
{
	const struct ir *ir = s->c->ir;

	for (uint32_t n = 0; n < SLICE_MAX && v.i && ir_val(ir, v)->def.i; n++) {
		struct op d = ir_val(ir, v)->def;
		enum op_id id = op_id(ir, d);
		if (id == OP_MULTI_TILE_GET)
			scan_value(s, op_opnd(ir, d, 1), 0, false);
		else if (id == OP_ARITH_SELECT)
			scan_value(s, op_opnd(ir, d, 0), 0, true);
		if (id == OP_MULTI_TILE_GET || id == OP_ARITH_SELECT || !(op_row(ir, d)->flags & OPF_VIEW) ||
		    !ir_op(ir, d)->nopnd)
			return;
		v = op_opnd(ir, d, 0);
	}
}

static void
scan_stmt(struct guard_scan *s, const struct stmt *st)
{
	const struct ir *ir = s->c->ir;
	enum op_id id = op_id(ir, st->op);

	if (st->kind == ST_IF || st->kind == ST_CHOICE) {
		scan_value(s, op_slot(ir, st->op, 0), 0, false);
	} else if (id == OP_SET_FLAG_DYN || id == OP_WAIT_FLAG_DYN) {
		s->any = true;
		struct val v = op_slot(ir, st->op, 0);
		struct op d = ir_val(ir, v)->def;
		scan_value(s, d.i && op_id(ir, d) == OP_EVENTID_ARRAY_GET ? op_opnd(ir, d, 1) : v, 0, false);
	} else if (st->kind == ST_WORK) {
		for (uint32_t i = 0; i < ir_op(ir, st->op)->nopnd; i++)
			scan_tile(s, op_opnd(ir, st->op, i));
	}
}

/* ---- conditions that several statements depend on ---- */

static bool
val_alike(const struct ir *ir, struct val a, struct val b)
{
	int64_t x, y;

	return a.i == b.i || (a.i && b.i && val_const_int(ir, a, &x) && val_const_int(ir, b, &y) && x == y);
}

/* Does one of the two decide the other? */
static bool
cond_alike(const struct ir *ir, struct val a, struct val b)
{
	struct op d = ir_val(ir, a)->def, e = ir_val(ir, b)->def;

	if (a.i == b.i)
		return true;
	if (!d.i || !e.i || op_id(ir, d) != OP_ARITH_CMPI || op_id(ir, e) != OP_ARITH_CMPI)
		return false;
	struct val p = op_opnd(ir, d, 0), q = op_opnd(ir, d, 1), r = op_opnd(ir, e, 0), t = op_opnd(ir, e, 1);
	return (val_alike(ir, p, r) && val_alike(ir, q, t)) || (val_alike(ir, p, t) && val_alike(ir, q, r));
}

/* Does the condition compare the bounds of the loop? */
static bool
cond_bounds(const struct ir *ir, struct val a, struct op loop)
{
	struct op d = ir_val(ir, a)->def;
	struct val lb = op_slot(ir, loop, 0), ub = op_slot(ir, loop, 1);

	if (!d.i || op_id(ir, d) != OP_ARITH_CMPI || op_id(ir, loop) != OP_FOR)
		return false;
	struct val p = op_opnd(ir, d, 0), q = op_opnd(ir, d, 1);
	return (val_alike(ir, p, lb) && val_alike(ir, q, ub)) || (val_alike(ir, p, ub) && val_alike(ir, q, lb));
}

/* The statement of block b that holds statement s, 0 when none does. */
static uint32_t
stmt_in(const struct section *sec, uint32_t s, uint32_t b)
{
	while (s && sec->stmt.at[s].blk != b)
		s = sec->blk.at[sec->stmt.at[s].blk].parent;
	return s;
}

static uint32_t
common_block(const struct section *sec, uint32_t s, uint32_t t)
{
	for (uint32_t b = sec->stmt.at[s].blk;;) {
		if (stmt_in(sec, t, b))
			return b;
		if (!sec->blk.at[b].parent)
			return 0;
		b = sec->stmt.at[sec->blk.at[b].parent].blk;
	}
}

static void
split_add(struct ck_checker *c, uint32_t s, uint32_t t, struct val cond)
{
	struct ck_expand *x = c->expand;
	uint32_t b = common_block(c->sec, s, t), p = stmt_in(c->sec, s, b), q = stmt_in(c->sec, t, b);

	if (!b || p == q)
		return;
	uint32_t first = c->sec->stmt.at[p].pos, last = c->sec->stmt.at[q].pos;
	if (first > last)
		return;
	for (uint32_t i = 0; i < x->split.n; i++) {
		struct ck_split *o = &x->split.at[i];
		if (o->blk != b || !cond_alike(c->ir, o->cond, cond))
			continue;
		o->first = o->first < first ? o->first : first;
		o->last = o->last > last ? o->last : last;
		return;
	}
	if (x->split.n < SPLIT_MAX)
		VEC_PUSH(c->a, &x->split, (struct ck_split){b, first, last, cond});
}

/* Ranges that overlap become one inside the other. */
static void
splits_nest(struct ck_expand *x)
{
	bool again = true;

	while (again) {
		again = false;
		for (uint32_t i = 0; i < x->split.n; i++) {
			for (uint32_t k = 0; k < x->split.n; k++) {
				struct ck_split *a = &x->split.at[i], *b = &x->split.at[k];
				if (a->blk != b->blk || b->first <= a->first || b->first > a->last ||
				    b->last <= a->last)
					continue;
				a->last = b->last;
				again = true;
			}
		}
	}
}

static bool
split_before(const struct ck_split *a, const struct ck_split *b)
{
	return a->blk != b->blk ? a->blk < b->blk : a->first != b->first ? a->first < b->first : a->last > b->last;
}

static void
splits_find(struct ck_checker *c, const uint32_t *at, uint32_t n)
{
	struct ck_expand *x = c->expand;

	for (uint32_t i = 0; i < n; i++) {
		const struct stmt *s = &c->sec->stmt.at[at[i]];
		struct val cond = op_slot(c->ir, s->op, 0);
		if (s->kind != ST_IF || !cond.i)
			continue;
		for (uint32_t k = 0; k < n; k++) {
			const struct stmt *t = &c->sec->stmt.at[at[k]];
			struct val other = op_slot(c->ir, t->op, 0);
			bool alike = t->kind == ST_IF ? other.i && cond_alike(c->ir, cond, other)
						      : cond_bounds(c->ir, cond, t->op);
			if (k != i && alike)
				split_add(c, at[i < k ? i : k], at[i < k ? k : i], cond);
		}
	}
	splits_nest(x);
	for (uint32_t i = 1; i < x->split.n; i++) {
		struct ck_split s = x->split.at[i];
		uint32_t k = i;
		for (; k && split_before(&s, &x->split.at[k - 1]); k--)
			x->split.at[k] = x->split.at[k - 1];
		x->split.at[k] = s;
	}
}

bool
ck_guard_scan(struct ck_checker *c)
{
	struct guard_scan s = {.c = c};
	struct ck_expand *x = c->expand = ARENA_NEW(c->a, struct ck_expand);
	uint32_t *branch = ARENA_ARRAY(c->a, uint32_t, c->sec->stmt.n), nbranch = 0;

	x->loop = ARENA_ARRAY(c->a, uint32_t, c->sec->stmt.n);
	for (uint32_t i = 1; i < c->sec->stmt.n; i++) {
		if (c->sec->stmt.at[i].kind == ST_LOOP)
			x->loop[x->nloop++] = i;
		if (c->sec->stmt.at[i].kind == ST_LOOP || c->sec->stmt.at[i].kind == ST_IF)
			branch[nbranch++] = i;
	}
	x->plan = ARENA_ARRAY(c->a, struct ck_plan, x->nloop + 1);
	for (uint32_t i = 0; i < x->nloop; i++)
		x->plan[i].period = 1;
	if (nbranch > GUARDS_MAX)
		return false;
	for (uint32_t i = 1; i < c->sec->stmt.n; i++)
		scan_stmt(&s, &c->sec->stmt.at[i]);
	splits_find(c, branch, nbranch);
	return s.any || x->split.n;
}
