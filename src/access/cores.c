/*
 * cores: bytes of global memory that two cores certainly have in common which run the same function at the same time:
 * two blocks, or the cube and a vector core of one. What they do not agree on is the number they ask for (the block
 * index); arguments and whatever is made of them are equal. Symbols that are equal cancel, trips and the dimensions of
 * the boxes may be any they have. Where nothing is certain the answer is "no": a warning must not be a guess.
 */
#include "access/model.h"
#include "access/solve.h"

struct meet {
	struct access *ac;
	const struct access_cores *q;
	struct solve s;
	uint32_t steps; /* of value_at */
	bool free_trips;
};

/* ---- values ---- */

enum { STEPS_MAX = 64, DIVIDEND_MAX = 1 << 30 };

static bool
agree(int64_t x, int64_t y)
{
	return x >= 0 && y > 0 && x < DIVIDEND_MAX && y < DIVIDEND_MAX;
}

/* Quotients, remainders and the like of small numbers that are not negative: all roundings and signs agree. */
static bool
compute(enum op_id id, int64_t x, int64_t y, int64_t *r)
{
	enum { NONE, DIV, CEIL, REM, MAX, MIN };
	static const uint8_t rule[OP_COUNT] = {
		[OP_ARITH_DIVSI] = DIV, [OP_ARITH_DIVUI] = DIV, [OP_ARITH_FLOORDIVSI] = DIV,
		[OP_ARITH_CEILDIVSI] = CEIL, [OP_ARITH_CEILDIVUI] = CEIL, [OP_ARITH_REMSI] = REM,
		[OP_ARITH_REMUI] = REM, [OP_ARITH_MAXSI] = MAX, [OP_ARITH_MINSI] = MIN,
	};

	if (rule[id] == MAX || rule[id] == MIN) {
		*r = (x < y) == (rule[id] == MIN) ? x : y;
		return true;
	}
	if (rule[id] == NONE || !agree(x, y))
		return false;
	*r = rule[id] == DIV ? x / y : rule[id] == CEIL ? (x + y - 1) / y : x % y;
	return true;
}

/* The value of an expression of nothing but the number; at most STEPS_MAX operations are looked at. */
static bool
value_at(struct meet *m, uint32_t a, int64_t number, int64_t *r)
{
	const struct affines *t = &m->ac->aff;
	const struct aff *d = &t->aff.at[a];

	*r = d->c;
	for (uint32_t k = 0; k < d->nterm; k++) {
		const struct term *v = &t->term.at[d->term0 + k];
		const struct asym *s = &t->sym.at[v->sym];
		struct op def = s->val.i ? ir_val(m->ac->ir, s->val)->def : (struct op){0};
		int64_t x, y, z = number;
		if (s->loose || !s->val.i)
			return false;
		if (m->q->value(m->q->arg, s->val) != CORES_INDEX) {
			if (!def.i || ++m->steps > STEPS_MAX || ir_op(m->ac->ir, def)->nopnd != 2)
				return false;
			uint32_t p = t->of_val[op_opnd(m->ac->ir, def, 0).i];
			uint32_t q = t->of_val[op_opnd(m->ac->ir, def, 1).i];
			if (!p || !q || !value_at(m, p, number, &x) ||
			    !value_at(m, q, number, &y) || !compute(op_id(m->ac->ir, def), x, y, &z))
				return false;
		}
		*r = sat_add(*r, sat_mul(v->coef, z));
	}
	return true;
}

/*
 * Offsets are often written as the maximum of something and 0. What is below 0 would be outside of the tensor, so the
 * something is meant.
 */
static uint32_t
without_max(struct access *ac, uint32_t a)
{
	struct affines *t = &ac->aff;
	uint32_t r = a;

	for (uint32_t k = 0; k < t->aff.at[a].nterm; k++) {
		struct term v = t->term.at[t->aff.at[a].term0 + k];
		struct val at = t->sym.at[v.sym].val;
		struct op def = at.i ? ir_val(ac->ir, at)->def : (struct op){0};
		int64_t c;
		if (!def.i || op_id(ac->ir, def) != OP_ARITH_MAXSI || t->sym.at[v.sym].loose)
			continue;
		uint32_t p = t->of_val[op_opnd(ac->ir, def, 0).i], q = t->of_val[op_opnd(ac->ir, def, 1).i];
		if (p && q && aff_is_const(t, q, &c) && c == 0)
			r = aff_add(t, aff_add(t, r, aff_symbol(t, v.sym, -v.coef)), aff_scale(t, p, v.coef));
	}
	return r;
}

/* ---- meeting ---- */

/* Of the terms of a base: are trips all there is, besides what does not change in loops? */
static bool
only_trips(const struct access *ac, uint32_t base)
{
	const struct aff *d = &ac->aff.aff.at[base];

	for (uint32_t k = 0; k < d->nterm; k++) {
		const struct asym *s = &ac->aff.sym.at[ac->aff.term.at[d->term0 + k].sym];
		if (!s->loop.i && s->scope != 1)
			return false;
	}
	return true;
}

/* A trip number. Both are in the first trip, or in the same one, or, where their number is known, in any. */
static bool
meet_trip(struct meet *m, struct op loop, int64_t ca, int64_t cb)
{
	uint64_t lo = 0, hi = UINT64_MAX;

	if (!m->q->loop(m->q->arg, loop))
		return false;
	if (op_id(m->ac->ir, loop) == OP_FOR)
		access_trips(m->ac, loop, &lo, &hi);
	if (hi == 0)
		return false;
	if (m->free_trips && lo == hi && hi < (uint64_t)AFF_INF) {
		solve_add(&m->s, ca, 0, (int64_t)hi - 1);
		solve_add(&m->s, -cb, 0, (int64_t)hi - 1);
	}
	return true;
}

/* A symbol that is made of the number alone. */
static bool
meet_derived(struct meet *m, uint32_t sym, int64_t ca, int64_t cb)
{
	const struct access_cores *q = m->q;
	uint32_t a = aff_symbol(&m->ac->aff, sym, 1);
	int64_t x = 0, y = 0;

	if (q->alo != q->ahi || q->blo != q->bhi)
		return false;
	if ((ca && !value_at(m, a, q->alo, &x)) || (cb && !value_at(m, a, q->blo, &y)))
		return false;
	solve_add(&m->s, ca, x, x);
	solve_add(&m->s, -cb, y, y);
	return true;
}

static bool
meet_symbol(struct meet *m, uint32_t sym, int64_t ca, int64_t cb)
{
	const struct asym *s = &m->ac->aff.sym.at[sym];

	if (s->loose)
		return false;
	if (s->loop.i)
		return meet_trip(m, s->loop, ca, cb);
	switch (s->val.i ? m->q->value(m->q->arg, s->val) : CORES_UNKNOWN) {
	case CORES_INDEX:
		solve_add(&m->s, ca, m->q->alo, m->q->ahi);
		solve_add(&m->s, -cb, m->q->blo, m->q->bhi);
		return true;
	case CORES_SAME:
		return ca == cb;
	case CORES_UNKNOWN:
		break;
	}
	return meet_derived(m, sym, ca, cb);
}

static bool
meet_bases(struct meet *m, uint32_t a, uint32_t b)
{
	const struct affines *t = &m->ac->aff;
	uint32_t p = t->aff.at[a].term0, pe = p + t->aff.at[a].nterm;
	uint32_t q = t->aff.at[b].term0, qe = q + t->aff.at[b].nterm;

	while (p < pe || q < qe) {
		uint32_t sp = p < pe ? t->term.at[p].sym : UINT32_MAX, sq = q < qe ? t->term.at[q].sym : UINT32_MAX;
		uint32_t sym = sp < sq ? sp : sq;
		int64_t ca = sp == sym ? t->term.at[p].coef : 0, cb = sq == sym ? t->term.at[q].coef : 0;
		if (!meet_symbol(m, sym, ca, cb))
			return false;
		p += sp == sym;
		q += sq == sym;
	}
	return true;
}

/* Bases of two functions: what has no number and does not go around a loop must have a twin of the same weight. */
static bool
meet_across(struct meet *m, uint32_t a, uint32_t b)
{
	enum { TERMS_MAX = 32 };
	const struct affines *t = &m->ac->aff;
	struct aff x = t->aff.at[a], y = t->aff.at[b];
	bool used[TERMS_MAX] = {false};

	if (y.nterm > TERMS_MAX)
		return false;
	for (uint32_t k = 0; k < x.nterm; k++) {
		struct term p = t->term.at[x.term0 + k];
		struct asym s = t->sym.at[p.sym];
		bool twin = false;
		for (uint32_t i = 0; i < y.nterm && s.val.i && !s.loop.i && !s.loose; i++) {
			struct term q = t->term.at[y.term0 + i];
			const struct asym *u = &t->sym.at[q.sym];
			if (used[i] || q.coef != p.coef || !u->val.i || !m->q->twin(m->q->arg, s.val, u->val))
				continue;
			used[i] = twin = true;
			break;
		}
		if (!twin && !meet_symbol(m, p.sym, p.coef, 0))
			return false;
	}
	for (uint32_t i = 0; i < y.nterm; i++) {
		struct term q = t->term.at[y.term0 + i];
		if (!used[i] && !meet_symbol(m, q.sym, 0, q.coef))
			return false;
	}
	return true;
}

static bool
meet_dims(struct meet *m, const struct region *r, int64_t sign)
{
	for (uint32_t k = 0; k < r->ndim; k++) {
		if (r->dim[k].count >= AFF_INF)
			return false;
		solve_add(&m->s, sign * r->dim[k].stride, 0, r->dim[k].count - 1);
	}
	return true;
}

bool
access_cores_meet(struct access *ac, uint32_t a, uint32_t b, const struct access_cores *q)
{
	struct region x = ac->region.at[a], y = ac->region.at[b];
	struct meet m = {.ac = ac, .q = q};

	if (x.kind != RG_GM || y.kind != RG_GM || x.width <= 0 || y.width <= 0 || !x.root.i || !y.root.i)
		return false;
	if (q->twin ? !q->twin(q->arg, x.root, y.root) : x.root.i != y.root.i)
		return false;
	if (q->value(q->arg, x.root) != CORES_SAME || q->value(q->arg, y.root) != CORES_SAME)
		return false;
	x.base = without_max(ac, x.base);
	y.base = without_max(ac, y.base);
	int64_t d = sat_add(ac->aff.aff.at[x.base].c, -ac->aff.aff.at[y.base].c);
	solve_init(&m.s, sat_add(d, -(y.width - 1)), sat_add(d, x.width - 1));
	m.free_trips = q->trips && only_trips(ac, x.base) && only_trips(ac, y.base);
	if (!meet_dims(&m, &x, 1) || !meet_dims(&m, &y, -1))
		return false;
	if (q->twin ? !meet_across(&m, x.base, y.base) : !meet_bases(&m, x.base, y.base))
		return false;
	return solve_possible(&m.s) && !m.s.guess;
}

bool
access_cores_differ(struct access *ac, uint32_t set, const struct access_cores *q)
{
	const struct region *r = &ac->region.at[set];
	const struct aff *d = &ac->aff.aff.at[r->kind == RG_GM ? without_max(ac, r->base) : 0];

	for (uint32_t k = 0; k < d->nterm; k++) {
		const struct asym *s = &ac->aff.sym.at[ac->aff.term.at[d->term0 + k].sym];
		if (s->val.i && q->value(q->arg, s->val) != CORES_SAME)
			return true;
	}
	return false;
}
