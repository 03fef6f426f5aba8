/*
 * affine: see affine.h. Expressions are built bottom-up in program order, one table rule per integer op; whatever has
 * no rule, or would need too many terms, becomes an opaque symbol found again through its value number.
 */
#include "access/affine.h"

#include "base/num.h"

#include <assert.h>

int64_t
sat_add(int64_t a, int64_t b)
{
	int64_t r = a + b;

	return r > AFF_INF ? AFF_INF : r < -AFF_INF ? -AFF_INF : r;
}

int64_t
sat_mul(int64_t a, int64_t b)
{
	int64_t r;

	if (!num_mul(a, b, &r))
		return (a < 0) == (b < 0) ? AFF_INF : -AFF_INF;
	return r > AFF_INF ? AFF_INF : r < -AFF_INF ? -AFF_INF : r;
}

void
affines_init(struct affines *t, struct arena *a, const struct ir *ir)
{
	memset(t, 0, sizeof *t);
	t->a = a;
	t->ir = ir;
	t->nof_val = ir->val.n;
	t->of_val = ARENA_ARRAY(a, uint32_t, ir->val.n);
	t->naff_slot = t->nnumber_slot = 256;
	t->aff_slot = ARENA_ARRAY(a, uint32_t, t->naff_slot);
	t->number_slot = ARENA_ARRAY(a, uint32_t, t->nnumber_slot);
	VEC_ADD(a, &t->term, 1);
	VEC_ADD(a, &t->aff, 1);
	VEC_ADD(a, &t->sym, 1);
	VEC_ADD(a, &t->scope, 2);
	VEC_ADD(a, &t->number, 1);
	VEC_ADD(a, &t->word, 1);
	t->scope.at[1].out = UINT32_MAX;
	t->cur = 1;
}

/* ---- hash-consing ---- */

static uint32_t
aff_hash(int64_t c, const struct term *v, uint32_t n)
{
	uint32_t h = hash_u32(hash_u32(n, (uint32_t)c), (uint32_t)((uint64_t)c >> 32));

	for (uint32_t i = 0; i < n; i++)
		h = hash_u32(hash_u32(h, v[i].sym), (uint32_t)v[i].coef);
	return h;
}

static bool
aff_equal(const struct affines *t, uint32_t id, int64_t c, const struct term *v, uint32_t n)
{
	const struct aff *d = &t->aff.at[id];

	if (d->c != c || d->nterm != n)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		const struct term *w = &t->term.at[d->term0 + i];
		if (w->sym != v[i].sym || w->coef != v[i].coef)
			return false;
	}
	return true;
}

static void
aff_rehash(struct affines *t)
{
	t->naff_slot *= 2;
	t->aff_slot = ARENA_ARRAY(t->a, uint32_t, t->naff_slot);
	for (uint32_t id = 1; id < t->aff.n; id++) {
		const struct aff *d = &t->aff.at[id];
		uint32_t k = aff_hash(d->c, t->term.at + d->term0, d->nterm) & (t->naff_slot - 1);
		while (t->aff_slot[k])
			k = (k + 1) & (t->naff_slot - 1);
		t->aff_slot[k] = id;
	}
}

/* The terms must not point into t->term. */
static uint32_t
aff_get(struct affines *t, int64_t c, const struct term *v, uint32_t n)
{
	if (t->aff.n * 2 > t->naff_slot)
		aff_rehash(t);
	uint32_t k = aff_hash(c, v, n) & (t->naff_slot - 1);
	for (; t->aff_slot[k]; k = (k + 1) & (t->naff_slot - 1))
		if (aff_equal(t, t->aff_slot[k], c, v, n))
			return t->aff_slot[k];
	uint32_t id = t->aff.n, at = t->term.n;
	VEC_PUSH(t->a, &t->aff, (struct aff){c, at, n});
	for (uint32_t i = 0; i < n; i++)
		VEC_PUSH(t->a, &t->term, v[i]);
	t->aff_slot[k] = id;
	return id;
}

uint32_t
aff_const(struct affines *t, int64_t c)
{
	return aff_get(t, c, NULL, 0);
}

static uint32_t
aff_sym(struct affines *t, struct asym s)
{
	VEC_PUSH(t->a, &t->sym, s);
	return aff_get(t, 0, &(struct term){t->sym.n - 1, 1}, 1);
}

uint32_t
aff_symbol(struct affines *t, uint32_t sym, int64_t coef)
{
	return aff_get(t, 0, &(struct term){sym, coef}, 1);
}

uint32_t
aff_fresh(struct affines *t, struct val v, int64_t lo, int64_t hi)
{
	return aff_sym(t, (struct asym){.val = v, .scope = t->cur, .lo = lo, .hi = hi, .loose = t->loose});
}

/* ---- value numbers ---- */

enum { NUMBER_ADD = OP_COUNT, NUMBER_MUL, NUMBER_SCALE, NUMBER_QUOTIENT };

static const uint32_t no_detail[2] = {0, 0};

static void
number_rehash(struct affines *t)
{
	t->nnumber_slot *= 2;
	t->number_slot = ARENA_ARRAY(t->a, uint32_t, t->nnumber_slot);
	for (uint32_t id = 1; id < t->number.n; id++) {
		uint32_t k = t->number.at[id].hash & (t->nnumber_slot - 1);
		while (t->number_slot[k])
			k = (k + 1) & (t->nnumber_slot - 1);
		t->number_slot[k] = id;
	}
}

/* The entry of a key; a new one has aff 0. */
static struct number *
number_get(struct affines *t, const uint32_t *w, uint32_t n)
{
	if (t->number.n * 2 > t->nnumber_slot)
		number_rehash(t);
	uint32_t h = hash_bytes(w, n * sizeof *w, 0), k = h & (t->nnumber_slot - 1);
	for (; t->number_slot[k]; k = (k + 1) & (t->nnumber_slot - 1)) {
		struct number *e = &t->number.at[t->number_slot[k]];
		if (e->hash == h && e->nword == n && !memcmp(t->word.at + e->word0, w, n * sizeof *w))
			return e;
	}
	t->number_slot[k] = t->number.n;
	VEC_PUSH(t->a, &t->number, (struct number){h, t->word.n, n, 0});
	for (uint32_t i = 0; i < n; i++)
		VEC_PUSH(t->a, &t->word, w[i]);
	return &t->number.at[t->number.n - 1];
}

/* Innermost scope any symbol of the expression belongs to, and whether one is loose. Scopes of one expression lie on
 * one path, so the deepest has the largest pre-order number. */
static void
aff_scope(const struct affines *t, uint32_t a, uint32_t *scope, bool *loose)
{
	const struct aff *d = &t->aff.at[a];

	for (uint32_t i = 0; i < d->nterm; i++) {
		const struct asym *s = &t->sym.at[t->term.at[d->term0 + i].sym];
		if (t->scope.at[s->scope].in > t->scope.at[*scope].in)
			*scope = s->scope;
		*loose |= s->loose;
	}
}

/* An opaque expression of up to three operands: the same key gives the same symbol. */
static uint32_t
aff_opaque(struct affines *t, uint32_t tag, struct val v, const uint32_t detail[2], const uint32_t *opnd, uint32_t n,
	   int64_t lo, int64_t hi)
{
	uint32_t w[6] = {tag, detail[0], detail[1]}, scope = 1;
	bool loose = false;

	assert(n <= 3);
	for (uint32_t i = 0; i < n; i++) {
		w[3 + i] = opnd[i];
		aff_scope(t, opnd[i], &scope, &loose);
	}
	struct number *e = number_get(t, w, 3 + n);
	if (e->aff)
		return e->aff;
	uint32_t id = t->number.n - 1;
	uint32_t a = aff_sym(t, (struct asym){.val = v, .scope = scope, .lo = lo, .hi = hi, .loose = loose});
	t->number.at[id].aff = a;
	return a;
}

/* ---- arithmetic ---- */

bool
aff_is_const(const struct affines *t, uint32_t a, int64_t *c)
{
	*c = t->aff.at[a].c;
	return t->aff.at[a].nterm == 0;
}

void
aff_range(const struct affines *t, uint32_t a, int64_t *lo, int64_t *hi)
{
	const struct aff *d = &t->aff.at[a];

	*lo = *hi = sat_add(d->c, 0);
	for (uint32_t i = 0; i < d->nterm; i++) {
		const struct term *v = &t->term.at[d->term0 + i];
		const struct asym *s = &t->sym.at[v->sym];
		*lo = sat_add(*lo, sat_mul(v->coef, v->coef > 0 ? s->lo : s->hi));
		*hi = sat_add(*hi, sat_mul(v->coef, v->coef > 0 ? s->hi : s->lo));
	}
	/* A saturated end is no bound at all. */
	for (uint32_t i = 0; i < d->nterm; i++) {
		const struct term *v = &t->term.at[d->term0 + i];
		const struct asym *s = &t->sym.at[v->sym];
		if ((v->coef > 0 ? s->lo : -s->hi) <= -AFF_INF)
			*lo = -AFF_INF;
		if ((v->coef > 0 ? s->hi : -s->lo) >= AFF_INF)
			*hi = AFF_INF;
	}
}

bool
aff_invariant(const struct affines *t, uint32_t a, uint32_t scope)
{
	const struct aff *d = &t->aff.at[a];

	for (uint32_t i = 0; i < d->nterm; i++) {
		const struct asym *s = &t->sym.at[t->term.at[d->term0 + i].sym];
		if (s->loose || scope_contains(t, scope, s->scope))
			return false;
	}
	return true;
}

static bool
bounded(int64_t c)
{
	return c < AFF_INF && c > -AFF_INF;
}

/* Merges two sorted term lists; false when the sum does not fit. */
static bool
add_terms(const struct affines *t, const struct aff *x, const struct aff *y, struct term *out, uint32_t *n)
{
	const struct term *p = t->term.at + x->term0, *pe = p + x->nterm;
	const struct term *q = t->term.at + y->term0, *qe = q + y->nterm;

	*n = 0;
	while (p < pe || q < qe) {
		struct term r;
		if (q == qe || (p < pe && p->sym < q->sym)) {
			r = *p++;
		} else if (p == pe || q->sym < p->sym) {
			r = *q++;
		} else {
			r = (struct term){p->sym, sat_add(p->coef, q->coef)};
			p++, q++;
		}
		if (!bounded(r.coef) || *n == AFF_MAX_TERM)
			return false;
		if (r.coef)
			out[(*n)++] = r;
	}
	return true;
}

uint32_t
aff_add(struct affines *t, uint32_t a, uint32_t b)
{
	struct term v[AFF_MAX_TERM];
	uint32_t n;
	int64_t c = sat_add(t->aff.at[a].c, t->aff.at[b].c);

	if (bounded(c) && add_terms(t, &t->aff.at[a], &t->aff.at[b], v, &n))
		return aff_get(t, c, v, n);
	int64_t lo, hi, lo2, hi2;
	aff_range(t, a, &lo, &hi);
	aff_range(t, b, &lo2, &hi2);
	lo = bounded(lo) && bounded(lo2) ? sat_add(lo, lo2) : -AFF_INF;
	hi = bounded(hi) && bounded(hi2) ? sat_add(hi, hi2) : AFF_INF;
	uint32_t opnd[2] = {a < b ? a : b, a < b ? b : a};
	return aff_opaque(t, NUMBER_ADD, (struct val){0}, no_detail, opnd, 2, lo, hi);
}

uint32_t
aff_scale(struct affines *t, uint32_t a, int64_t k)
{
	const struct aff *d = &t->aff.at[a];
	struct term v[AFF_MAX_TERM];
	int64_t c = sat_mul(d->c, k);
	bool ok = bounded(c);

	if (k == 0)
		return aff_const(t, 0);
	for (uint32_t i = 0; i < d->nterm; i++) {
		v[i] = t->term.at[d->term0 + i];
		v[i].coef = sat_mul(v[i].coef, k);
		ok = ok && bounded(v[i].coef);
	}
	if (ok)
		return aff_get(t, c, v, d->nterm);
	uint32_t opnd[2] = {a, aff_const(t, k)};
	return aff_opaque(t, NUMBER_SCALE, (struct val){0}, no_detail, opnd, 2, -AFF_INF, AFF_INF);
}

static void
range_mul(const struct affines *t, uint32_t a, uint32_t b, int64_t *lo, int64_t *hi)
{
	int64_t al, ah, bl, bh;

	aff_range(t, a, &al, &ah);
	aff_range(t, b, &bl, &bh);
	if (al >= 0 && bl >= 0) {
		*lo = sat_mul(al, bl);
		*hi = ah < AFF_INF && bh < AFF_INF ? sat_mul(ah, bh) : AFF_INF;
	} else {
		*lo = -AFF_INF;
		*hi = AFF_INF;
	}
}

uint32_t
aff_mul(struct affines *t, uint32_t a, uint32_t b)
{
	int64_t c, lo, hi;

	if (aff_is_const(t, b, &c))
		return aff_scale(t, a, c);
	if (aff_is_const(t, a, &c))
		return aff_scale(t, b, c);
	range_mul(t, a, b, &lo, &hi);
	uint32_t opnd[2] = {a < b ? a : b, a < b ? b : a};
	return aff_opaque(t, NUMBER_MUL, (struct val){0}, no_detail, opnd, 2, lo, hi);
}

/* ---- rules of the integer ops ---- */

/* A rule returns the expression of the result, or 0 for an opaque symbol with range [lo, hi]. */
struct rule_in {
	struct op op;
	struct val res;
	uint32_t a, b, c;       /* expressions of the operands */
	int64_t al, ah, bl, bh; /* ranges of the first two */
	int64_t lo, hi;         /* out: range of an opaque result */
};

static uint32_t
rule_constant(struct affines *t, struct rule_in *r)
{
	int64_t c;

	if (!val_const_int(t->ir, r->res, &c) || !bounded(c))
		return 0;
	return aff_const(t, type_is_bool(&t->ir->types, val_type(t->ir, r->res)) ? c != 0 : c);
}

static uint32_t
rule_add(struct affines *t, struct rule_in *r)
{
	return aff_add(t, r->a, r->b);
}

/* a - a mod k is a multiple of k; 0 when the operation is something else. */
static uint32_t
without_remainder(struct affines *t, const struct rule_in *r)
{
	struct op d = ir_val(t->ir, op_opnd(t->ir, r->op, 1))->def;
	enum op_id id = d.i ? op_id(t->ir, d) : OP_ARITH_SUBI;
	int64_t k;

	if ((id != OP_ARITH_REMSI && id != OP_ARITH_REMUI) || aff_of(t, op_opnd(t->ir, d, 0)) != r->a ||
	    !val_const_int(t->ir, op_opnd(t->ir, d, 1), &k) || k < 1 || !bounded(k))
		return 0;
	/* As unsigned numbers negative ones have the same remainder for powers of two only. */
	if (id == OP_ARITH_REMUI && r->al < 0 && (k & (k - 1)))
		return 0;
	uint32_t opnd[2] = {r->a, aff_const(t, k)};
	int64_t lo = bounded(r->al) && r->al >= 0 ? r->al / k : -AFF_INF, hi = bounded(r->ah) ? r->ah / k + 1 : AFF_INF;
	return aff_scale(t, aff_opaque(t, NUMBER_QUOTIENT, (struct val){0}, no_detail, opnd, 2, lo, hi), k);
}

static uint32_t
rule_sub(struct affines *t, struct rule_in *r)
{
	uint32_t multiple = without_remainder(t, r);

	if (multiple)
		return multiple;
	return aff_add(t, r->a, aff_scale(t, r->b, -1));
}

static uint32_t
rule_mul(struct affines *t, struct rule_in *r)
{
	return aff_mul(t, r->a, r->b);
}

static uint32_t
rule_shl(struct affines *t, struct rule_in *r)
{
	return r->bl == r->bh && r->bl >= 0 && r->bl < 60 ? aff_scale(t, r->a, INT64_C(1) << r->bl) : 0;
}

static uint32_t
rule_same(struct affines *t, struct rule_in *r)
{
	(void)t;
	return r->a;
}

/* A truth value is 0 or 1 here, and its sign is -1. */
static uint32_t
rule_extsi(struct affines *t, struct rule_in *r)
{
	bool truth = type_is_bool(&t->ir->types, val_type(t->ir, op_opnd(t->ir, r->op, 0)));

	return truth ? aff_scale(t, r->a, -1) : r->a;
}

/* Casts that reinterpret or cut: the value survives when its range fits both ways. */
static uint32_t
rule_narrow(struct affines *t, struct rule_in *r)
{
	const struct type_data *d = type_data(&t->ir->types, val_type(t->ir, r->res));
	uint32_t width = d->kind == TY_INT && d->width < 64 ? d->width : 62;

	if (width == 0)
		return 0;
	if (r->al >= 0 && r->ah < INT64_C(1) << (width - 1))
		return r->a;
	r->lo = d->kind == TY_INT && d->width == 1 ? 0 : -AFF_INF;
	r->hi = d->kind == TY_INT && d->width == 1 ? 1 : AFF_INF;
	return 0;
}

static uint32_t
rule_extui(struct affines *t, struct rule_in *r)
{
	const struct type_data *d = type_data(&t->ir->types, val_type(t->ir, op_opnd(t->ir, r->op, 0)));

	if (r->al >= 0)
		return r->a;
	r->lo = 0;
	if (d->kind == TY_INT && d->width < 60)
		r->hi = (INT64_C(1) << d->width) - 1;
	return 0;
}

static uint32_t
rule_max(struct affines *t, struct rule_in *r)
{
	(void)t;
	if (r->al >= r->bh)
		return r->a;
	if (r->bl >= r->ah)
		return r->b;
	r->lo = r->al > r->bl ? r->al : r->bl;
	r->hi = r->ah > r->bh ? r->ah : r->bh;
	return 0;
}

static uint32_t
rule_min(struct affines *t, struct rule_in *r)
{
	(void)t;
	if (r->ah <= r->bl)
		return r->a;
	if (r->bh <= r->al)
		return r->b;
	r->lo = r->al < r->bl ? r->al : r->bl;
	r->hi = r->ah < r->bh ? r->ah : r->bh;
	return 0;
}

static uint32_t
rule_rem(struct affines *t, struct rule_in *r)
{
	(void)t;
	if (r->bl != r->bh || r->bl <= 0)
		return 0;
	if (r->al >= 0 && r->ah < r->bl)
		return r->a;
	r->lo = r->al >= 0 ? 0 : 1 - r->bl;
	r->hi = r->bl - 1;
	return 0;
}

/* Any rounding; only for dividends that are not negative. */
static uint32_t
rule_div(struct affines *t, struct rule_in *r)
{
	if (r->bl != r->bh || r->bl <= 0 || r->al < 0)
		return 0;
	const struct aff *d = &t->aff.at[r->a];
	bool exact = d->c % r->bl == 0;
	for (uint32_t i = 0; i < d->nterm; i++)
		exact = exact && t->term.at[d->term0 + i].coef % r->bl == 0;
	if (exact) {
		struct term v[AFF_MAX_TERM];
		uint32_t n = d->nterm;
		for (uint32_t i = 0; i < n; i++) {
			v[i] = t->term.at[d->term0 + i];
			v[i].coef /= r->bl;
		}
		return aff_get(t, d->c / r->bl, v, n);
	}
	r->lo = r->al / r->bl;
	r->hi = bounded(r->ah) ? r->ah / r->bl + 1 : AFF_INF;
	return 0;
}

static uint32_t
rule_and(struct affines *t, struct rule_in *r)
{
	(void)t;
	if (r->al >= 0 || r->bl >= 0) {
		r->lo = 0;
		r->hi = r->al < 0 ? r->bh : r->bl < 0 ? r->ah : r->ah < r->bh ? r->ah : r->bh;
	}
	return 0;
}

static bool wide_enough(const struct affines *t, struct val v);

/* The predicates of arith.cmpi by number: eq, ne, slt, sle, sgt, sge, then the unsigned ones. */
static int64_t
predicate(const struct affines *t, struct op cmp)
{
	return attr_data(&t->ir->attrs, op_attr(t->ir, cmp, t->ir->name.predicate))->i;
}

/* A compare that the ranges decide is a constant. */
static uint32_t
rule_cmpi(struct affines *t, struct rule_in *r)
{
	int64_t p = predicate(t, r->op), lo, hi;

	r->lo = 0;
	r->hi = 1;
	if (!wide_enough(t, op_opnd(t->ir, r->op, 0)) || (p > 5 && (r->al < 0 || r->bl < 0)))
		return 0;
	aff_range(t, aff_add(t, r->a, aff_scale(t, r->b, -1)), &lo, &hi);
	p = p > 5 ? p - 4 : p;
	/* true and false as far as a - b goes: eq, slt, sle */
	bool yes = p < 2 ? lo == 0 && hi == 0 : p == 2 || p == 5 ? hi < 0 : hi <= 0;
	bool no = p < 2 ? lo > 0 || hi < 0 : p == 2 || p == 5 ? lo >= 0 : lo > 0;
	bool negated = p == 1 || p == 4 || p == 5;
	return yes || no ? aff_const(t, yes != negated) : 0;
}

/* Condition and two values: of a < b ? b : a and the like the larger or smaller one, as C++ writes it. */
static uint32_t
rule_select(struct affines *t, struct rule_in *r)
{
	struct op cmp = ir_val(t->ir, op_opnd(t->ir, r->op, 0))->def;
	struct rule_in m = *r;
	int64_t x, lo, hi;

	if (r->b == r->c)
		return r->b;
	if (aff_is_const(t, r->a, &x))
		return x ? r->b : r->c;
	aff_range(t, r->c, &lo, &hi);
	r->lo = r->bl < lo ? r->bl : lo;
	r->hi = r->bh > hi ? r->bh : hi;
	int64_t p = cmp.i && op_id(t->ir, cmp) == OP_ARITH_CMPI ? predicate(t, cmp) : 0;
	if (p < 2 || p > 5 || !wide_enough(t, op_opnd(t->ir, cmp, 0)))
		return 0;
	uint32_t a = aff_of(t, op_opnd(t->ir, cmp, 0)), b = aff_of(t, op_opnd(t->ir, cmp, 1));
	if (!(a == r->b && b == r->c) && !(a == r->c && b == r->b))
		return 0;
	m.a = r->b, m.al = r->bl, m.ah = r->bh;
	m.b = r->c, m.bl = lo, m.bh = hi;
	uint32_t e = (a == r->b) == (p < 4) ? rule_min(t, &m) : rule_max(t, &m);
	r->lo = m.lo, r->hi = m.hi;
	return e;
}

/* Numbers of blocks and cores: not negative, small. */
static uint32_t
rule_count(struct affines *t, struct rule_in *r)
{
	(void)t;
	r->lo = 0;
	r->hi = INT64_C(1) << 32;
	return 0;
}

/* Unsigned forms agree with the signed ones when no operand is negative. */
static bool
unsigned_is_signed(const struct rule_in *r)
{
	return r->al >= 0 && r->bl >= 0;
}

static uint32_t
rule_maxui(struct affines *t, struct rule_in *r)
{
	return unsigned_is_signed(r) ? rule_max(t, r) : 0;
}

static uint32_t
rule_minui(struct affines *t, struct rule_in *r)
{
	return unsigned_is_signed(r) ? rule_min(t, r) : 0;
}

static uint32_t
rule_remui(struct affines *t, struct rule_in *r)
{
	return unsigned_is_signed(r) ? rule_rem(t, r) : 0;
}

static uint32_t
rule_divui(struct affines *t, struct rule_in *r)
{
	return unsigned_is_signed(r) ? rule_div(t, r) : 0;
}

static uint32_t
rule_opaque(struct affines *t, struct rule_in *r)
{
	(void)t;
	(void)r;
	return 0;
}

/* Rules by op; an op without one gives a symbol of its own at each occurrence. */
/* clang-format off */
static uint32_t (*const scalar_rule[OP_SCALAR_END])(struct affines *, struct rule_in *) = {
	[OP_ARITH_CONSTANT] = rule_constant,
	[OP_ARITH_ADDI] = rule_add,
	[OP_ARITH_SUBI] = rule_sub,
	[OP_ARITH_MULI] = rule_mul,
	[OP_ARITH_SHLI] = rule_shl,
	[OP_ARITH_INDEX_CAST] = rule_same,
	[OP_CONV_CAST] = rule_same,
	[OP_ARITH_EXTSI] = rule_extsi,
	[OP_ARITH_EXTUI] = rule_extui,
	[OP_ARITH_INDEX_CASTUI] = rule_narrow,
	[OP_ARITH_TRUNCI] = rule_narrow,
	[OP_ARITH_MAXSI] = rule_max,
	[OP_ARITH_MAXUI] = rule_maxui,
	[OP_ARITH_MINSI] = rule_min,
	[OP_ARITH_MINUI] = rule_minui,
	[OP_ARITH_REMSI] = rule_rem,
	[OP_ARITH_REMUI] = rule_remui,
	[OP_ARITH_DIVSI] = rule_div,
	[OP_ARITH_FLOORDIVSI] = rule_div,
	[OP_ARITH_CEILDIVSI] = rule_div,
	[OP_ARITH_DIVUI] = rule_divui,
	[OP_ARITH_CEILDIVUI] = rule_divui,
	[OP_ARITH_ANDI] = rule_and,
	[OP_ARITH_ORI] = rule_opaque,
	[OP_ARITH_XORI] = rule_opaque,
	[OP_ARITH_SHRSI] = rule_opaque,
	[OP_ARITH_SHRUI] = rule_opaque,
	[OP_ARITH_CMPI] = rule_cmpi,
	[OP_ARITH_SELECT] = rule_select,
};
/* clang-format on */

static uint32_t (*rule_of(enum op_id id))(struct affines *, struct rule_in *)
{
	if (id == OP_GET_BLOCK_IDX || id == OP_GET_BLOCK_NUM || id == OP_GET_SUBBLOCK_IDX || id == OP_GET_SUBBLOCK_NUM)
		return rule_count;
	return id < OP_SCALAR_END ? scalar_rule[id] : NULL;
}

/* Wrapping of narrow integers is real: only wide ones follow the rules of exact arithmetic. */
static bool
wide_enough(const struct affines *t, struct val v)
{
	const struct type_data *d = type_data(&t->ir->types, val_type(t->ir, v));

	return d->kind == TY_INDEX || (d->kind == TY_INT && d->width >= 32 && d->width <= 64);
}

static bool
is_integer(const struct affines *t, struct val v)
{
	return type_is_int_or_index(&t->ir->types, val_type(t->ir, v));
}

static bool
all_integer(const struct affines *t, struct op o)
{
	for (uint32_t i = 0; i < ir_op(t->ir, o)->nopnd; i++)
		if (!op_opnd(t->ir, o, i).i || !is_integer(t, op_opnd(t->ir, o, i)))
			return false;
	return true;
}

static uint32_t
define_result(struct affines *t, struct op o, struct val v)
{
	const struct op_data *d = ir_op(t->ir, o);
	uint32_t opnd[3] = {0, 0, 0};
	struct rule_in r = {.op = o, .res = v, .lo = -AFF_INF, .hi = AFF_INF};
	uint32_t (*const rule)(struct affines *, struct rule_in *) = rule_of(d->id);

	if (!rule || d->nres != 1 || d->nopnd > 3 || !all_integer(t, o))
		return aff_fresh(t, v, -AFF_INF, AFF_INF);
	for (uint32_t i = 0; i < d->nopnd; i++)
		opnd[i] = aff_of(t, op_opnd(t->ir, o, i));
	r.a = opnd[0];
	r.b = opnd[1];
	r.c = opnd[2];
	if (r.a)
		aff_range(t, r.a, &r.al, &r.ah);
	if (r.b)
		aff_range(t, r.b, &r.bl, &r.bh);
	bool wide = wide_enough(t, v) || d->nopnd != 2;
	uint32_t e = wide || rule == rule_cmpi ? rule(t, &r) : 0;
	if (e)
		return e;
	/* Attributes hold the predicate of a comparison; the type separates equal expressions of different width. */
	const uint32_t detail[2] = {d->attrs.i, val_type(t->ir, v).i};
	return aff_opaque(t, d->id, v, detail, opnd, d->nopnd, r.lo, r.hi);
}

void
aff_define(struct affines *t, struct op o)
{
	const struct op_data *d = ir_op(t->ir, o);

	for (uint32_t i = 0; i < d->nres; i++) {
		struct val v = op_res(t->ir, o, i);
		if (is_integer(t, v) && !t->of_val[v.i])
			t->of_val[v.i] = define_result(t, o, v);
	}
}

uint32_t
aff_of(struct affines *t, struct val v)
{
	assert(v.i < t->nof_val);
	if (!t->of_val[v.i])
		t->of_val[v.i] = aff_sym(
			t, (struct asym){.val = v, .scope = t->cur, .lo = -AFF_INF, .hi = AFF_INF, .loose = true});
	return t->of_val[v.i];
}

void
aff_define_args(struct affines *t, struct blk b)
{
	const struct blk_data *d = ir_blk(t->ir, b);

	for (uint32_t i = 0; i < d->narg; i++)
		if (is_integer(t, (struct val){d->arg0 + i}) && !t->of_val[d->arg0 + i])
			t->of_val[d->arg0 + i] = aff_fresh(t, (struct val){d->arg0 + i}, -AFF_INF, AFF_INF);
}

/* ---- loops ---- */

bool
scope_contains(const struct affines *t, uint32_t outer, uint32_t inner)
{
	const struct scope *o = &t->scope.at[outer], *i = &t->scope.at[inner];

	return o->in <= i->in && i->in < o->out;
}

/* Largest trip number; AFF_INF when the bounds leave it open. */
static int64_t
last_trip(const struct affines *t, uint32_t lb, uint32_t ub, int64_t step)
{
	int64_t ll, lh, ul, uh;

	aff_range(t, lb, &ll, &lh);
	aff_range(t, ub, &ul, &uh);
	if (!bounded(ll) || !bounded(uh))
		return AFF_INF;
	return uh <= ll ? 0 : (uh - ll - 1) / step;
}

/* An iter_arg that its own loop only adds a constant to is an induction variable too. */
static bool
constant_advance(const struct affines *t, struct blk body, uint32_t k, int64_t *c)
{
	struct op last = ir_blk(t->ir, body)->last;

	if (!last.i || k >= ir_op(t->ir, last)->nopnd)
		return false;
	struct val next = op_opnd(t->ir, last, k);
	struct val arg = {ir_blk(t->ir, body)->arg0 + 1 + k};
	if (next.i == arg.i) {
		*c = 0;
		return true;
	}
	struct op def = ir_val(t->ir, next)->def;
	if (!def.i || op_id(t->ir, def) != OP_ARITH_ADDI || !wide_enough(t, next))
		return false;
	struct val x = op_opnd(t->ir, def, 0), y = op_opnd(t->ir, def, 1);
	return (x.i == arg.i && val_const_int(t->ir, y, c)) || (y.i == arg.i && val_const_int(t->ir, x, c));
}

static void
define_for(struct affines *t, struct op loop, struct blk body, uint32_t scope)
{
	const struct ir *ir = t->ir;
	uint32_t arg0 = ir_blk(ir, body)->arg0, ninit;
	uint32_t lb = aff_of(t, op_slot(ir, loop, 0)), ub = aff_of(t, op_slot(ir, loop, 1));
	const struct val *init = op_group(ir, loop, 3, &ninit);
	int64_t step, c, lo, hi, ul, uh;
	bool known = aff_is_const(t, aff_of(t, op_slot(ir, loop, 2)), &step) && step > 0;
	int64_t last = known ? last_trip(t, lb, ub, step) : AFF_INF;
	uint32_t trip = aff_sym(t, (struct asym){.loop = loop, .scope = scope, .hi = last, .loose = t->loose});

	t->scope.at[scope].trip = trip;
	if (known) {
		t->of_val[arg0] = aff_add(t, lb, aff_scale(t, trip, step));
	} else {
		aff_range(t, lb, &lo, &hi);
		aff_range(t, ub, &ul, &uh);
		t->of_val[arg0] = aff_fresh(t, (struct val){arg0}, lo, bounded(uh) ? uh - 1 : AFF_INF);
	}
	for (uint32_t k = 0; k < ninit && k + 1 < ir_blk(ir, body)->narg; k++) {
		struct val arg = {arg0 + 1 + k};
		if (!is_integer(t, arg))
			continue;
		if (constant_advance(t, body, k, &c) && bounded(c))
			t->of_val[arg.i] = aff_add(t, aff_of(t, init[k]), aff_scale(t, trip, c));
		else
			t->of_val[arg.i] = aff_fresh(t, arg, -AFF_INF, AFF_INF);
	}
}

uint32_t
aff_loop_enter(struct affines *t, struct op loop)
{
	uint32_t scope = t->scope.n;
	struct blk body = op_body(t->ir, loop, 0);

	VEC_PUSH(t->a, &t->scope, (struct scope){.loop = loop, .parent = t->cur, .in = ++t->clock, .out = UINT32_MAX});
	t->cur = scope;
	if (op_id(t->ir, loop) == OP_FOR && body.i)
		define_for(t, loop, body, scope);
	return scope;
}

void
aff_loop_leave(struct affines *t)
{
	t->scope.at[t->cur].out = t->clock + 1;
	t->cur = t->scope.at[t->cur].parent;
}

/* ---- text ---- */

static void
print_term(const struct affines *t, const struct term *v, struct out *o)
{
	const struct asym *s = &t->sym.at[v->sym];

	if (s->loop.i) {
		struct blk body = op_body(t->ir, s->loop, 0);
		out_f(o, "trip(%s)", val_name(t->ir, (struct val){ir_blk(t->ir, body)->arg0}));
	} else {
		out_str(o, s->val.i ? val_name(t->ir, s->val) : "?");
	}
	if (v->coef != 1)
		out_f(o, "*%lld", (long long)v->coef);
}

void
aff_print(const struct affines *t, uint32_t a, struct out *o)
{
	const struct aff *d = &t->aff.at[a];

	for (uint32_t i = 0; i < d->nterm; i++) {
		if (i)
			out_str(o, " + ");
		print_term(t, &t->term.at[d->term0 + i], o);
	}
	if (d->c || !d->nterm) {
		if (d->nterm)
			out_str(o, d->c < 0 ? " - " : " + ");
		out_i64(o, d->nterm && d->c < 0 ? -d->c : d->c);
	}
}
