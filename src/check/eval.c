/* eval: what an integer operation makes of what is known of its eval_operands; one handler per group of ops. */
#include "check/eval.h"

#include "base/str.h"

enum { CHOICES_MAX = 16 };

struct ck_num
ck_num_int(int64_t x)
{
	return (struct ck_num){.c = x, .lo = x, .hi = x};
}

static int64_t
ck_gcd(int64_t a, int64_t b)
{
	while (b) {
		int64_t r = a % b;
		a = b;
		b = r;
	}
	return a < 0 ? -a : a;
}

static int64_t
clip(int64_t x)
{
	return x > CK_INF ? CK_INF : x < -CK_INF ? -CK_INF : x;
}

static bool
is_int(const struct ck_num *n)
{
	return !n->sym && !n->m;
}

/* Numbers beyond are not known, so that sums of two are always in range. */
static bool
in_range(const struct ck_num *n)
{
	return n->sym != UINT32_MAX && n->c == clip(n->c) && n->lo == clip(n->lo) && n->hi == clip(n->hi);
}

static bool
small(int64_t x)
{
	return x > INT32_MIN && x < INT32_MAX;
}

bool
ck_small_const(const struct ir *ir, struct val v, int64_t *x)
{
	return val_const_int(ir, v, x) && small(*x);
}

struct ck_num
ck_num_add(struct ck_env *e, struct ck_num a, struct ck_num b, int64_t sign)
{
	struct ck_num r = {.sym = a.sym};

	(void)e;
	if (sign < 0) {
		int64_t lo = b.lo;
		if (b.sym && b.sym != a.sym)
			return (struct ck_num){.sym = UINT32_MAX};
		r.sym = b.sym ? 0 : a.sym;
		b.c = -b.c;
		b.lo = -b.hi;
		b.hi = -lo;
	} else if (a.sym && b.sym) {
		return (struct ck_num){.sym = UINT32_MAX};
	} else {
		r.sym = a.sym | b.sym;
	}
	r.m = ck_gcd(a.m, b.m);
	r.c = a.c + b.c;
	if (r.c != clip(r.c))
		return (struct ck_num){.sym = UINT32_MAX};
	r.lo = a.lo <= -CK_INF || b.lo <= -CK_INF ? -CK_INF : clip(a.lo + b.lo);
	r.hi = a.hi >= CK_INF || b.hi >= CK_INF ? CK_INF : clip(a.hi + b.hi);
	return r;
}

struct ck_num
ck_num_step(int64_t c, int64_t step, int64_t period)
{
	struct ck_num n = ck_num_int(c);

	if (!period || !step)
		return n;
	n.m = step < 0 ? -step * period : step * period;
	n.lo = step < 0 ? -CK_INF : c;
	n.hi = step < 0 ? c : CK_INF;
	return n;
}

/* ---- operations; false: nothing is known ---- */

static bool
num_mul_by(struct ck_num a, int64_t k, struct ck_num *r)
{
	if ((a.sym && k != 1) || !small(k) || !small(a.c) || !small(a.m))
		return false;
	*r = a;
	if (k == 1)
		return true;
	r->c = a.c * k;
	r->m = k < 0 ? -a.m * k : a.m * k;
	int64_t lo = small(a.lo) ? a.lo * k : k < 0 ? CK_INF : -CK_INF;
	int64_t hi = small(a.hi) ? a.hi * k : k < 0 ? -CK_INF : CK_INF;
	r->lo = k < 0 ? hi : lo;
	r->hi = k < 0 ? lo : hi;
	if (k == 0)
		*r = ck_num_int(0);
	return true;
}

static bool
do_addi(struct ck_env *e, struct op o, const struct ck_num *v, struct ck_num *r)
{
	*r = ck_num_add(e, v[0], v[1], op_id(e->ir, o) == OP_ARITH_SUBI ? -1 : 1);
	return r->sym != UINT32_MAX;
}

static bool
do_muli(struct ck_env *e, struct op o, const struct ck_num *v, struct ck_num *r)
{
	(void)e, (void)o;
	return is_int(&v[1]) ? num_mul_by(v[0], v[1].c, r) : is_int(&v[0]) && num_mul_by(v[1], v[0].c, r);
}

static bool
num_rem(struct ck_num a, int64_t k, struct ck_num *r)
{
	if (a.sym || k < 1 || a.lo < 0)
		return false;
	*r = ck_num_int(a.c % k);
	if (a.m == 0 || (a.m % k == 0 && a.c >= 0))
		return true;
	r->m = ck_gcd(a.m, k);
	r->c = (a.c % r->m + r->m) % r->m;
	r->lo = 0;
	r->hi = k - 1;
	if (r->m == k)
		*r = ck_num_int(r->c);
	return true;
}

static bool
do_remi(struct ck_env *e, struct op o, const struct ck_num *v, struct ck_num *r)
{
	(void)e, (void)o;
	if (is_int(&v[0]) && is_int(&v[1]) && v[1].c) {
		*r = ck_num_int(v[0].c % v[1].c);
		return v[0].c >= 0 || op_id(e->ir, o) == OP_ARITH_REMSI;
	}
	return is_int(&v[1]) && num_rem(v[0], v[1].c, r);
}

static bool
num_div(struct ck_num a, int64_t k, struct ck_num *r)
{
	if (a.sym || k < 1 || a.lo < 0 || a.c < 0)
		return false;
	*r = (struct ck_num){.c = a.c / k, .m = 1, .lo = a.lo / k, .hi = a.hi >= CK_INF ? CK_INF : a.hi / k};
	if (a.m % k == 0)
		r->m = a.m / k;
	if (r->m == 1)
		r->c = r->lo;
	return true;
}

static bool
do_divi(struct ck_env *e, struct op o, const struct ck_num *v, struct ck_num *r)
{
	struct ck_num a = v[0];

	if (op_id(e->ir, o) == OP_ARITH_CEILDIVSI || op_id(e->ir, o) == OP_ARITH_CEILDIVUI)
		a = ck_num_add(e, a, ck_num_int(is_int(&v[1]) ? v[1].c - 1 : 0), 1);
	return is_int(&v[1]) && num_div(a, v[1].c, r);
}

static bool
do_andi(struct ck_env *e, struct op o, const struct ck_num *v, struct ck_num *r)
{
	for (unsigned i = 0; i < 2; i++) {
		if (!is_int(&v[i]))
			continue;
		if (v[i].c == 0 || type_is_bool(&e->ir->types, val_type(e->ir, op_res(e->ir, o, 0)))) {
			*r = v[i].c ? v[1 - i] : ck_num_int(0);
			return true;
		}
		if (is_int(&v[1 - i])) {
			*r = ck_num_int(v[0].c & v[1].c);
			return true;
		}
		return v[i].c > 0 && !(v[i].c & (v[i].c + 1)) && num_rem(v[1 - i], v[i].c + 1, r);
	}
	return false;
}

static bool
do_ori(struct ck_env *e, struct op o, const struct ck_num *v, struct ck_num *r)
{
	bool truth = type_is_bool(&e->ir->types, val_type(e->ir, op_res(e->ir, o, 0)));

	for (unsigned i = 0; truth && i < 2; i++) {
		if (is_int(&v[i])) {
			*r = v[i].c ? ck_num_int(1) : v[1 - i];
			return true;
		}
	}
	if (!is_int(&v[0]) || !is_int(&v[1]))
		return false;
	*r = ck_num_int(v[0].c | v[1].c);
	return true;
}

static bool
do_xori(struct ck_env *e, struct op o, const struct ck_num *v, struct ck_num *r)
{
	(void)e, (void)o;
	if (!is_int(&v[0]) || !is_int(&v[1]))
		return false;
	*r = ck_num_int(v[0].c ^ v[1].c);
	return true;
}

static bool
do_shift(struct ck_env *e, struct op o, const struct ck_num *v, struct ck_num *r)
{
	if (!is_int(&v[1]) || v[1].c < 0 || v[1].c > 30)
		return false;
	int64_t k = (int64_t)1 << v[1].c;
	return op_id(e->ir, o) == OP_ARITH_SHLI ? num_mul_by(v[0], k, r) : num_div(v[0], k, r);
}

static bool
do_minmax(struct ck_env *e, struct op o, const struct ck_num *v, struct ck_num *r)
{
	bool min = op_id(e->ir, o) == OP_ARITH_MINSI || op_id(e->ir, o) == OP_ARITH_MINUI;

	if (v[0].sym || v[1].sym)
		return false;
	if (v[0].hi <= v[1].lo)
		*r = min ? v[0] : v[1];
	else if (v[1].hi <= v[0].lo)
		*r = min ? v[1] : v[0];
	else
		return false;
	return true;
}

/* Values are taken not to leave the range of their type, as in src/access. */
static bool
do_cast(struct ck_env *e, struct op o, const struct ck_num *v, struct ck_num *r)
{
	*r = v[0];
	if (op_id(e->ir, o) == OP_ARITH_EXTSI &&
	    type_is_bool(&e->ir->types, val_type(e->ir, op_opnd(e->ir, o, 0)))) {
		*r = ck_num_int(-v[0].c);
		return is_int(&v[0]);
	}
	if (op_id(e->ir, o) == OP_ARITH_TRUNCI && type_is_bool(&e->ir->types, val_type(e->ir, op_res(e->ir, o, 0))))
		return num_rem(v[0], 2, r);
	if (op_id(e->ir, o) != OP_ARITH_TRUNCI)
		return true;
	uint32_t bytes = type_bytes(&e->ir->types, val_type(e->ir, op_res(e->ir, o, 0)));
	return is_int(&v[0]) && v[0].c >= 0 && bytes && bytes < 8 && v[0].c < INT64_C(1) << (8 * bytes - 1);
}

static bool
do_select(struct ck_env *e, struct op o, const struct ck_num *v, struct ck_num *r)
{
	(void)e, (void)o;
	if (!is_int(&v[0]))
		return false;
	*r = v[0].c ? v[1] : v[2];
	return true;
}

/* ---- compares ---- */

enum { PRED_EQ, PRED_NE, PRED_SLT, PRED_SLE, PRED_SGT, PRED_SGE, PRED_ULT, PRED_ULE, PRED_UGT, PRED_UGE };

static int64_t
predicate(const struct ir *ir, struct op cmp)
{
	return attr_data(&ir->attrs, op_attr(ir, cmp, ir->name.predicate))->i;
}

bool
ck_compare_range(const struct ir *ir, struct op cmp, bool truth, int64_t *lo, int64_t *hi, bool *outside)
{
	int64_t p = predicate(ir, cmp);

	*lo = -CK_INF;
	*hi = CK_INF;
	*outside = false;
	if (p == PRED_EQ || p == PRED_NE) {
		*lo = *hi = 0;
		*outside = (p == PRED_EQ) != truth;
	} else if (p == PRED_SLT || p == PRED_SGE) {
		*((p == PRED_SLT) == truth ? hi : lo) = (p == PRED_SLT) == truth ? -1 : 0;
	} else if (p == PRED_SLE || p == PRED_SGT) {
		*((p == PRED_SLE) == truth ? hi : lo) = (p == PRED_SLE) == truth ? 0 : 1;
	} else {
		return false;
	}
	return true;
}

/* The answer for a difference with these bounds that is not `hole`; -1 unknown. */
static int
decide(int64_t p, int64_t lo, int64_t hi, bool never_0)
{
	if (lo > hi)
		return 0;	/* never reached */
	if (p == PRED_EQ || p == PRED_NE) {
		bool eq = p == PRED_EQ;
		return lo > 0 || hi < 0 || never_0 ? !eq : lo == 0 && hi == 0 ? eq : -1;
	}
	if (p == PRED_SLT || p == PRED_SGE)
		return hi < 0 ? p == PRED_SLT : lo >= 0 ? p == PRED_SGE : -1;
	return hi <= 0 ? p == PRED_SLE : lo > 0 ? p == PRED_SGT : -1;
}

/* Is x - y, apart from what is exact, assumed not to have this value? */
static bool
assumed_not(const struct ck_env *e, uint32_t ctx, const struct ck_num *x, const struct ck_num *y)
{
	for (; ctx; ctx = e->ctx.at[ctx].parent) {
		const struct ck_ctx *t = &e->ctx.at[ctx];
		if (t->loop.i || !t->has_fact || !t->outside || t->x.sym != x->sym || t->y.sym != y->sym)
			continue;
		if (t->x.c - t->y.c == x->c - y->c)
			return true;
	}
	return false;
}

static bool
do_cmpi(struct ck_env *e, uint32_t ctx, struct op o, const struct ck_num *v, struct ck_num *r)
{
	int64_t p = predicate(e->ir, o), lo, hi;
	struct ck_num d = ck_num_add(e, v[0], v[1], -1);
	int yes = -1;

	if (p >= PRED_ULT) {
		if (v[0].sym || v[1].sym || v[0].lo < 0 || v[1].lo < 0)
			return false;
		p -= PRED_ULT - PRED_SLT;
	}
	if (!d.sym)
		yes = decide(p, d.lo, d.hi, d.m && d.c % d.m);
	if (yes < 0) {
		struct ck_num x = ck_eval_in(e, ctx, op_opnd(e->ir, o, 0), true);
		struct ck_num y = ck_eval_in(e, ctx, op_opnd(e->ir, o, 1), true);
		if (x.m || y.m)
			return false;
		ck_fact_bounds(e, ctx, x.sym, y.sym, &lo, &hi);
		lo = lo <= -CK_INF ? lo : lo + x.c - y.c;
		hi = hi >= CK_INF ? hi : hi + x.c - y.c;
		yes = decide(p, lo, hi, assumed_not(e, ctx, &x, &y));
	}
	*r = ck_num_int(yes);
	return yes >= 0;
}

/* ---- by op ---- */

static bool (*const handler[OP_SCALAR_END])(struct ck_env *, struct op, const struct ck_num *, struct ck_num *) = {
	[OP_ARITH_ADDI] = do_addi, [OP_ARITH_SUBI] = do_addi, [OP_ARITH_MULI] = do_muli,
	[OP_ARITH_REMSI] = do_remi, [OP_ARITH_REMUI] = do_remi, [OP_ARITH_DIVSI] = do_divi,
	[OP_ARITH_DIVUI] = do_divi, [OP_ARITH_FLOORDIVSI] = do_divi, [OP_ARITH_CEILDIVSI] = do_divi,
	[OP_ARITH_CEILDIVUI] = do_divi, [OP_ARITH_ANDI] = do_andi, [OP_ARITH_ORI] = do_ori,
	[OP_ARITH_XORI] = do_xori, [OP_ARITH_SHLI] = do_shift, [OP_ARITH_SHRSI] = do_shift,
	[OP_ARITH_SHRUI] = do_shift, [OP_ARITH_MINSI] = do_minmax, [OP_ARITH_MINUI] = do_minmax,
	[OP_ARITH_MAXSI] = do_minmax, [OP_ARITH_MAXUI] = do_minmax, [OP_ARITH_INDEX_CAST] = do_cast,
	[OP_ARITH_INDEX_CASTUI] = do_cast, [OP_ARITH_EXTSI] = do_cast, [OP_ARITH_EXTUI] = do_cast,
	[OP_ARITH_TRUNCI] = do_cast, [OP_CONV_CAST] = do_cast, [OP_ARITH_SELECT] = do_select,
};

static bool
computes(enum op_id id)
{
	return id < OP_SCALAR_END && handler[id];
}

static bool
eval_operands(struct ck_env *e, uint32_t ctx, struct op o, bool rel, struct ck_num *v)
{
	uint32_t n = ir_op(e->ir, o)->nopnd;

	for (uint32_t i = 0; i < n && i < 3; i++) {
		struct val x = op_opnd(e->ir, o, i);
		if (!x.i || !type_is_int_or_index(&e->ir->types, val_type(e->ir, x)))
			return false;
		v[i] = ck_eval_in(e, ctx, x, rel);
	}
	return n > 0 && n <= 3;
}

/* The counter of a trip of an expanded loop. */
static bool
counter(struct ck_env *e, uint32_t ctx, struct val v, bool rel, struct ck_num *r)
{
	struct op loop = blk_owner(e->ir, ir_val(e->ir, v)->blk);
	int64_t step;

	while (ctx && e->ctx.at[ctx].loop.i != loop.i)
		ctx = e->ctx.at[ctx].parent;
	if (!ctx || rel || op_id(e->ir, loop) != OP_FOR || ir_val(e->ir, v)->index ||
	    !ck_eval_int(e, e->ctx.at[ctx].parent, op_slot(e->ir, loop, 2), &step) || !small(step))
		return false;
	struct ck_ctx t = e->ctx.at[ctx];
	struct ck_num k = ck_num_step(t.k * step, step, t.period);
	*r = ck_num_add(e, ck_eval_in(e, t.parent, op_slot(e->ir, loop, 0), false), k, 1);
	return r->sym != UINT32_MAX;
}

/* An element of an array of event ids that is set once, at the place of its declaration. */
static bool
eval_element(struct ck_env *e, uint32_t ctx, struct op get, struct ck_num *r)
{
	struct op decl = ir_val(e->ir, op_opnd(e->ir, get, 0))->def, set = {0};
	int64_t want, at;

	if (!decl.i || !ck_eval_int(e, ctx, op_opnd(e->ir, get, 1), &want))
		return false;
	for (uint32_t i = 1; i < e->ir->op.n; i++) {
		struct op o = {i};
		if (op_id(e->ir, o) != OP_EVENTID_ARRAY_SET || ir_op(e->ir, o)->flags & OPD_DEAD ||
		    op_opnd(e->ir, o, 0).i != op_res(e->ir, decl, 0).i)
			continue;
		if (ir_op(e->ir, o)->parent.i != ir_op(e->ir, decl)->parent.i ||
		    !val_const_int(e->ir, op_opnd(e->ir, o, 1), &at) || (at == want && set.i))
			return false;
		if (at == want)
			set = o;
	}
	if (!set.i || ir_op(e->ir, set)->order > ir_op(e->ir, get)->order)
		return false;
	*r = ck_eval_in(e, ctx, op_opnd(e->ir, set, 2), false);
	return true;
}

/* What a run may choose: results of nothing we know, and arguments. */
static bool
is_choice(const struct ck_env *e, struct val v)
{
	struct op d = ir_val(e->ir, v)->def;

	if (d.i)
		return !computes(op_id(e->ir, d)) && op_id(e->ir, d) != OP_ARITH_CMPI && !ir_op(e->ir, d)->nreg;
	return op_id(e->ir, blk_owner(e->ir, ir_val(e->ir, v)->blk)) == OP_FUNC;
}

struct ck_num
ck_eval_new(struct ck_env *e, uint32_t ctx, struct val v, bool rel)
{
	struct op d = ir_val(e->ir, v)->def;
	struct ck_num o[3] = {{0}}, r;
	bool ok = false;
	int64_t x;

	if (val_const_int(e->ir, v, &x)) {
		r = ck_num_int(type_is_bool(&e->ir->types, val_type(e->ir, v)) ? x != 0 : x);
		return in_range(&r) ? r : ck_num_unknown(e, ctx, v);
	}
	e->deep++;
	if (!d.i)
		ok = counter(e, ctx, v, rel, &r);
	else if (op_id(e->ir, d) == OP_EVENTID_ARRAY_GET)
		ok = eval_element(e, ctx, d, &r);
	else if (op_id(e->ir, d) == OP_ARITH_CMPI)
		ok = eval_operands(e, ctx, d, false, o) && do_cmpi(e, ctx, d, o, &r);
	else if (computes(op_id(e->ir, d)))
		ok = eval_operands(e, ctx, d, rel, o) && handler[op_id(e->ir, d)](e, d, o, &r);
	e->deep--;
	if (ok && in_range(&r))
		return r;
	e->loaded |= e->concrete && d.i && !(op_row(e->ir, d)->flags & OPF_PURE);
	if (e->concrete && is_choice(e, v))
		return ck_num_int(ck_choose(e, v, (struct op){0}));
	return ck_num_unknown(e, ctx, v);
}

void
ck_eval_distance(struct ck_env *e, uint32_t ctx, struct val x, struct val y, int64_t *lo, int64_t *hi)
{
	struct ck_num d = ck_num_add(e, ck_eval(e, ctx, x), ck_eval(e, ctx, y), -1);

	*lo = -CK_INF;
	*hi = CK_INF;
	if (!d.sym) {
		*lo = d.lo;
		*hi = d.hi;
		return;
	}
	struct ck_num a = ck_eval_in(e, ctx, x, true), b = ck_eval_in(e, ctx, y, true);
	if (a.m || b.m)
		return;
	ck_fact_bounds(e, ctx, a.sym, b.sym, lo, hi);
	*lo = *lo <= -CK_INF ? *lo : *lo + a.c - b.c;
	*hi = *hi >= CK_INF ? *hi : *hi + a.c - b.c;
}

/* ---- choices of a run ---- */

static void
choice_add(int64_t *to, uint32_t *n, int64_t x)
{
	for (uint32_t i = 0; i < *n; i++)
		if (to[i] == x)
			return;
	if (*n < CHOICES_MAX && x >= 0)
		to[(*n)++] = x;
}

/* What memory holds may be negative ("none"); sizes and other arguments are not. */
static bool
is_loaded(const struct ir *ir, struct val v)
{
	struct op o = v.i ? ir_val(ir, v)->def : (struct op){0};

	return o.i && (op_id(ir, o) == OP_LOAD_SCALAR || op_id(ir, o) == OP_TGETVAL);
}

/* Not a constant that is too large for a loop to be followed that far. */
static int64_t
const_or(const struct ir *ir, struct val v, int64_t other)
{
	int64_t x;

	return v.i && ck_small_const(ir, v, &x) ? x : other;
}

/* Both signs of what is loaded, trip counts of the loops it bounds, both sides of its compares, a few small ones. */
static uint32_t
choices(const struct ck_env *e, struct val v, int64_t *to)
{
	static const uint8_t trips[] = {2, 3, 1, 0, 4, 5, 9};
	uint32_t n = 0;

	if (is_loaded(e->ir, v)) {
		to[n++] = 1;
		to[n++] = -1;
	}
	for (uint32_t i = 1; i < e->ir->op.n && n < CHOICES_MAX; i++) {
		struct op o = {i};
		enum op_id id = op_id(e->ir, o);
		if (ir_op(e->ir, o)->flags & OPD_DEAD)
			continue;
		if (id == OP_FOR && op_slot(e->ir, o, 1).i == v.i)
			for (unsigned k = 0; k < sizeof trips; k++)
				choice_add(to, &n, const_or(e->ir, op_slot(e->ir, o, 0), 0) +
					   trips[k] * const_or(e->ir, op_slot(e->ir, o, 2), 1));
		for (uint32_t k = 0; id == OP_ARITH_CMPI && k < 2; k++)
			if (op_opnd(e->ir, o, k).i == v.i)
				for (int64_t d = -1; d <= 1; d++)
					choice_add(to, &n, const_or(e->ir, op_opnd(e->ir, o, 1 - k), 2) + d);
	}
	for (unsigned k = 0; k < sizeof trips; k++)
		choice_add(to, &n, trips[k]);
	choice_add(to, &n, 64);
	return n;
}

int64_t
ck_choose(struct ck_env *e, struct val v, struct op o)
{
	int64_t to[CHOICES_MAX];
	uint32_t n = 2, k = e->seed, at = e->input.n;

	for (uint32_t i = 0; i < e->input.n; i++)
		if (e->input.at[i].val == v.i && e->input.at[i].op == o.i)
			return e->input.at[i].x;
	to[0] = 1;
	to[1] = 0;
	if (!v.i || !type_is_bool(&e->ir->types, val_type(e->ir, v)))
		n = v.i ? choices(e, v, to) : 2;
	/* The first runs take the same choice everywhere, the others any, half of them among what comes first. */
	if (k >= n)
		k = (hash_u32(k, at) >> 5) % (k % 2 && n > 3 ? 3 : n);
	VEC_PUSH(e->a, &e->input, (struct ck_input){v.i, o.i, to[k % n]});
	return to[k % n];
}
