/* ctx: contexts and what values are in them; see ctx.h. The arithmetic itself is in eval.c. */
#include "check/eval.h"

#include "base/str.h"

void
ck_env_init(struct ck_env *e, struct arena *a, const struct ir *ir)
{
	memset(e, 0, sizeof *e);
	e->a = a;
	e->ir = ir;
	e->nslot = 256;
	e->slot = ARENA_ARRAY(a, uint32_t, e->nslot);
	VEC_ADD(a, &e->ctx, 1);
	VEC_ADD(a, &e->bind, 1);
	VEC_ADD(a, &e->sym_val, 1);
	VEC_ADD(a, &e->sym_ctx, 1);
}

uint32_t
ck_ctx_trip(struct ck_env *e, uint32_t parent, struct op loop, int64_t k, int64_t period, int64_t left, bool left_open)
{
	VEC_PUSH(e->a, &e->ctx, (struct ck_ctx){.parent = parent, .loop = loop, .k = k, .period = period,
						.left = left, .left_open = left_open});
	return e->ctx.n - 1;
}

bool
ck_ctx_within(const struct ck_env *e, uint32_t in, uint32_t out)
{
	/* A context has a larger number than the one around it. */
	while (in > out)
		in = e->ctx.at[in].parent;
	return in == out;
}

/* ---- where a value belongs ---- */

/* The innermost trip that v may differ in; a condition may also be assumed. */
static uint32_t
ctx_home(const struct ck_env *e, uint32_t ctx, struct val v)
{
	const struct val_data *d = ir_val(e->ir, v);
	struct op o = d->def.i ? op_parent(e->ir, d->def) : blk_owner(e->ir, d->blk);

	if (type_is_bool(&e->ir->types, d->type))
		return ctx;
	while (ctx && !(e->ctx.at[ctx].loop.i && op_is_inside(e->ir, o, e->ctx.at[ctx].loop)))
		ctx = e->ctx.at[ctx].parent;
	return ctx;
}

/* ---- what is known of values ---- */

static uint32_t
bind_hash(uint32_t ctx, uint32_t val, bool rel)
{
	return hash_u32(hash_u32(ctx, val), rel);
}

static void
bind_rehash(struct ck_env *e)
{
	e->nslot *= 2;
	e->slot = ARENA_ARRAY(e->a, uint32_t, e->nslot);
	for (uint32_t i = 1; i < e->bind.n; i++) {
		uint32_t h = bind_hash(e->bind.at[i].ctx, e->bind.at[i].val, e->bind.at[i].rel);
		while (e->slot[h & (e->nslot - 1)])
			h++;
		e->slot[h & (e->nslot - 1)] = i;
	}
}

/* The entry of v in a context; 0 when there is none. */
static uint32_t
bind_find(const struct ck_env *e, uint32_t ctx, struct val v, bool rel)
{
	for (uint32_t h = bind_hash(ctx, v.i, rel);; h++) {
		uint32_t i = e->slot[h & (e->nslot - 1)];
		const struct ck_bind *b = &e->bind.at[i];
		if (!i || (b->ctx == ctx && b->val == v.i && b->rel == rel))
			return i;
	}
}

static void
bind_put(struct ck_env *e, uint32_t ctx, struct val v, bool rel, struct ck_num n)
{
	uint32_t i = bind_find(e, ctx, v, rel), h;

	if (i) {
		e->bind.at[i].n = n;
		return;
	}
	VEC_PUSH(e->a, &e->bind, (struct ck_bind){ctx, v.i, rel, n});
	if (2 * e->bind.n > e->nslot) {
		bind_rehash(e);
		return;
	}
	for (h = bind_hash(ctx, v.i, rel); e->slot[h & (e->nslot - 1)]; h++)
		;
	e->slot[h & (e->nslot - 1)] = e->bind.n - 1;
}

void
ck_bind(struct ck_env *e, uint32_t ctx, struct val v, struct ck_num n)
{
	ctx = ctx_home(e, ctx, v);
	bind_put(e, ctx, v, false, n);
	bind_put(e, ctx, v, true, n);
}

struct ck_num
ck_num_unknown(struct ck_env *e, uint32_t ctx, struct val v)
{
	struct ck_num n = {.m = 0};

	if (e->concrete)
		e->doubt = true;
	VEC_PUSH(e->a, &e->sym_val, v);
	VEC_PUSH(e->a, &e->sym_ctx, ctx_home(e, ctx, v));
	n.sym = e->sym_val.n - 1;
	return n;
}

/* Conditions are looked up in every context they pass through: one of them may assume their value. */
static bool
bool_bound(const struct ck_env *e, uint32_t ctx, struct val v, struct ck_num *n)
{
	for (;; ctx = e->ctx.at[ctx].parent) {
		uint32_t i = bind_find(e, ctx, v, false);
		int64_t x;
		if (i && ck_num_exact(&e->bind.at[i].n, &x)) {
			*n = e->bind.at[i].n;
			return true;
		}
		/* Outside of the loop that holds v it is the v of another trip. */
		if (!ctx || (e->ctx.at[ctx].loop.i && ctx_home(e, ctx, v) == ctx &&
			     op_is_inside(e->ir, ir_val(e->ir, v)->def.i ? ir_val(e->ir, v)->def
								      : blk_owner(e->ir, ir_val(e->ir, v)->blk),
				       e->ctx.at[ctx].loop)))
			return false;
	}
}

struct ck_num
ck_eval_in(struct ck_env *e, uint32_t ctx, struct val v, bool rel)
{
	bool truth = type_is_bool(&e->ir->types, val_type(e->ir, v));
	uint32_t home = ctx_home(e, ctx, v), i = bind_find(e, home, v, rel);
	struct ck_num n;

	if (truth && bool_bound(e, ctx, v, &n))
		return n;
	if (i)
		return e->bind.at[i].n;
	n = e->deep < CK_EVAL_DEPTH_MAX ? ck_eval_new(e, ctx, v, rel) : ck_num_unknown(e, ctx, v);
	bind_put(e, home, v, rel, n);
	return n;
}

struct ck_num
ck_eval(struct ck_env *e, uint32_t ctx, struct val v)
{
	return ck_eval_in(e, ctx, v, false);
}

bool
ck_eval_int(struct ck_env *e, uint32_t ctx, struct val v, int64_t *x)
{
	struct ck_num n;

	if (!v.i)
		return false;
	n = ck_eval(e, ctx, v);
	return ck_num_exact(&n, x);
}

int
ck_eval_bool(struct ck_env *e, uint32_t ctx, struct val v)
{
	int64_t x;

	return ck_eval_int(e, ctx, v, &x) ? x != 0 : -1;
}

/* ---- facts ---- */

/* Narrows lo..hi of (p - q), two plain symbols or 0, by what one context says. */
static void
fact_use(const struct ck_num *x, const struct ck_num *y, int64_t flo, int64_t fhi, uint32_t p, uint32_t q, int64_t *lo,
	 int64_t *hi)
{
	if (x->m || y->m)
		return;
	int64_t d = y->c - x->c;	/* x - y in f: sym - sym in f + d */
	if (x->sym == p && y->sym == q) {
		*lo = flo > -CK_INF && flo + d > *lo ? flo + d : *lo;
		*hi = fhi < CK_INF && fhi + d < *hi ? fhi + d : *hi;
	} else if (x->sym == q && y->sym == p) {
		*lo = fhi < CK_INF && -(fhi + d) > *lo ? -(fhi + d) : *lo;
		*hi = flo > -CK_INF && -(flo + d) < *hi ? -(flo + d) : *hi;
	}
}

/* The counter of a trip against the upper bound, by the trips that are left. */
static void
fact_of_trip(struct ck_env *e, uint32_t ctx, uint32_t p, uint32_t q, int64_t *lo, int64_t *hi)
{
	struct ck_ctx t = e->ctx.at[ctx];
	int64_t step;

	if (op_id(e->ir, t.loop) != OP_FOR || e->concrete)
		return;
	struct val ub = op_slot(e->ir, t.loop, 1), iv = {ir_blk(e->ir, op_body(e->ir, t.loop, 0))->arg0};
	if (!ub.i || !ck_eval_int(e, t.parent, op_slot(e->ir, t.loop, 2), &step) || step < 1 || step > INT32_MAX)
		return;
	struct ck_num x = ck_eval_in(e, ctx, iv, true), y = ck_eval_in(e, t.parent, ub, true);
	int64_t flo = t.left_open ? -CK_INF : -(t.left + 1) * step;
	fact_use(&x, &y, flo, -t.left * step - 1, p, q, lo, hi);
}

void
ck_fact_bounds(struct ck_env *e, uint32_t ctx, uint32_t p, uint32_t q, int64_t *lo, int64_t *hi)
{
	*lo = -CK_INF;
	*hi = CK_INF;
	for (; ctx; ctx = e->ctx.at[ctx].parent) {
		const struct ck_ctx *t = &e->ctx.at[ctx];
		if (t->loop.i)
			fact_of_trip(e, ctx, p, q, lo, hi);
		else if (t->has_fact && !t->outside)
			fact_use(&t->x, &t->y, t->lo, t->hi, p, q, lo, hi);
	}
}

uint32_t
ck_ctx_assume(struct ck_env *e, uint32_t parent, struct val cond, bool truth)
{
	struct ck_ctx t = {.parent = parent, .cond = cond, .truth = truth};
	struct op d = ir_val(e->ir, cond)->def;
	uint32_t id;

	if (d.i && op_id(e->ir, d) == OP_ARITH_CMPI) {
		t.x = ck_eval_in(e, parent, op_opnd(e->ir, d, 0), true);
		t.y = ck_eval_in(e, parent, op_opnd(e->ir, d, 1), true);
		t.has_fact = ck_compare_range(e->ir, d, truth, &t.lo, &t.hi, &t.outside) && !t.x.m && !t.y.m;
	}
	VEC_PUSH(e->a, &e->ctx, t);
	id = e->ctx.n - 1;
	bind_put(e, id, cond, false, ck_num_int(truth));
	return id;
}
