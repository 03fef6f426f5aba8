/*
 * solve: see solve.h. Variables are sorted by coefficient; with the largest one split off, the rest spans an interval,
 * which leaves few values for it when coefficients nest as strides do. Unbounded variables only count modulo their
 * coefficient.
 */
#include "access/solve.h"

enum { SOLVE_BUDGET = 200 };

void
solve_init(struct solve *s, int64_t t0, int64_t t1)
{
	s->n = 0;
	s->budget = SOLVE_BUDGET;
	s->t0 = t0;
	s->t1 = t1;
	s->over = s->guess = false;
}

void
solve_add(struct solve *s, int64_t coef, int64_t lo, int64_t hi)
{
	if (coef < 0) {
		int64_t l = lo;
		coef = -coef;
		lo = -hi;
		hi = -l;
	}
	if (coef == 0)
		return;
	for (uint32_t i = 0; i < s->n; i++) {
		if (s->var[i].coef == coef) {
			struct solve_var *v = &s->var[i];
			v->lo = lo <= -AFF_INF || v->lo <= -AFF_INF ? -AFF_INF : sat_add(v->lo, lo);
			v->hi = hi >= AFF_INF || v->hi >= AFF_INF ? AFF_INF : sat_add(v->hi, hi);
			return;
		}
	}
	if (s->n == SOLVE_MAX_VAR)
		s->over = true;
	else
		s->var[s->n++] = (struct solve_var){coef, lo, hi};
}

static int64_t
gcd(int64_t a, int64_t b)
{
	while (b) {
		int64_t r = a % b;
		a = b;
		b = r;
	}
	return a;
}

static bool
is_open(const struct solve_var *v)
{
	return v->lo <= -AFF_INF && v->hi >= AFF_INF;
}

/* Drops and reduces what variables without any bound make free; keeps at most one of them. */
static void
reduce_open(struct solve *s)
{
	int64_t g = 0;
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->n; i++)
		if (is_open(&s->var[i]))
			g = gcd(s->var[i].coef, g);
	if (!g)
		return;
	struct solve old = *s;
	s->n = n;
	for (uint32_t i = 0; i < old.n; i++)
		if (!is_open(&old.var[i]))
			solve_add(s, old.var[i].coef % g, old.var[i].lo, old.var[i].hi);
	solve_add(s, g, -AFF_INF, AFF_INF);
}

static void
sort_vars(struct solve *s)
{
	for (uint32_t i = 1; i < s->n; i++) {
		struct solve_var v = s->var[i];
		uint32_t k = i;
		for (; k && s->var[k - 1].coef < v.coef; k--)
			s->var[k] = s->var[k - 1];
		s->var[k] = v;
	}
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static int64_t
times(int64_t coef, int64_t bound)
{
	return bound <= -AFF_INF ? -AFF_INF : bound >= AFF_INF ? AFF_INF : sat_mul(coef, bound);
}

/* Sums of the variables from k on: [lo, hi] and the gcd of their coefficients. */
static void
rest_range(const struct solve *s, uint32_t k, int64_t *lo, int64_t *hi, int64_t *g)
{
	bool open_lo = false, open_hi = false;

	*lo = *hi = *g = 0;
	for (; k < s->n; k++) {
		int64_t l = times(s->var[k].coef, s->var[k].lo), h = times(s->var[k].coef, s->var[k].hi);
		open_lo = open_lo || l <= -AFF_INF;
		open_hi = open_hi || h >= AFF_INF;
		*lo = sat_add(*lo, l);
		*hi = sat_add(*hi, h);
		*g = gcd(s->var[k].coef, *g);
	}
	if (open_lo)
		*lo = -AFF_INF;
	if (open_hi)
		*hi = AFF_INF;
}

/* With variables before k fixed: need sum of the rest in [need_lo, need_hi]. Recursion depth: number of variables. */
static bool
search(struct solve *s, uint32_t k, int64_t need_lo, int64_t need_hi)
{
	int64_t lo, hi, g;

	if (k == s->n)
		return need_lo <= 0 && 0 <= need_hi;
	rest_range(s, k, &lo, &hi, &g);
	if (lo > need_hi || hi < need_lo)
		return false;
	if (floor_div(need_hi, g) < floor_div(need_lo - 1, g) + 1)
		return false;
	if (s->budget == 0)
		return s->guess = true;
	s->budget--;
	const struct solve_var *v = &s->var[k];
	int64_t x0 = v->lo, x1 = v->hi;
	rest_range(s, k + 1, &lo, &hi, &g);
	if (hi < AFF_INF && -floor_div(-(need_lo - hi), v->coef) > x0)
		x0 = -floor_div(-(need_lo - hi), v->coef);
	if (lo > -AFF_INF && floor_div(need_hi - lo, v->coef) < x1)
		x1 = floor_div(need_hi - lo, v->coef);
	if (x0 > x1)
		return false;
	int64_t far = AFF_INF / 4 / v->coef;
	if (x0 < -far || x1 > far || x1 - x0 > SOLVE_BUDGET)
		return s->guess = true;
	for (int64_t x = x0; x <= x1; x++)
		if (search(s, k + 1, need_lo - v->coef * x, need_hi - v->coef * x))
			return true;
	return false;
}

bool
solve_possible(struct solve *s)
{
	if (s->over)
		return s->guess = true;
	if (s->t0 <= -AFF_INF / 4 || s->t1 >= AFF_INF / 4)
		return s->guess = true;
	reduce_open(s);
	sort_vars(s);
	return search(s, 0, -s->t1, -s->t0);
}
