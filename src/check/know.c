/* know: cells, rows and states of the checker; see know.h for what they mean. */
#include "check/know.h"

struct ival {
	uint32_t lo, up;	/* (lo, up]; empty when up <= lo */
};

static void
cell_norm(struct cell *c)
{
	if (c->up <= c->base) {
		c->lo = c->up = 0;
	} else if (c->lo <= c->base) {
		c->base = c->up;
		c->lo = c->up = 0;
	}
}

void
cell_raise(struct cell *c, uint32_t tick)
{
	if (tick > c->base) {
		c->base = tick;
		cell_norm(c);
	}
}

/* Adds an island; of two islands that do not touch the later one is kept. */
static void
cell_island(struct cell *c, struct ival v)
{
	if (v.up <= v.lo)
		return;
	if (v.lo <= c->base) {
		cell_raise(c, v.up);
		return;
	}
	if (c->up && v.lo <= c->up && c->lo <= v.up) {
		c->lo = v.lo < c->lo ? v.lo : c->lo;
		c->up = v.up > c->up ? v.up : c->up;
	} else if (v.up > c->up) {
		c->lo = v.lo;
		c->up = v.up;
	}
	cell_norm(c);
}

void
cell_join(struct cell *to, const struct cell *from)
{
	cell_raise(to, from->base);
	if (from->up > to->base)
		cell_island(to, (struct ival){from->lo, from->up});
}

void
row_join(struct row *to, const struct row *from)
{
	for (unsigned p = 0; p < COL_COUNT; p++)
		cell_join(&to->c[p], &from->c[p]);
	to->mask |= from->mask;
}

static uint32_t
min_u32(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static struct ival
ival_cut(struct ival a, struct ival b)
{
	return (struct ival){a.lo > b.lo ? a.lo : b.lo, min_u32(a.up, b.up)};
}

/* Of two intervals the non-empty, later one. */
static struct ival
ival_later(struct ival a, struct ival b)
{
	if (b.up <= b.lo)
		return a;
	return a.up <= a.lo || b.up > a.up ? b : a;
}

/* What cell c knows of the way (lo, up], whose last source has tick `last`. */
static struct ival
way_known(const struct cell *c, uint32_t lo, uint32_t up, uint32_t last)
{
	if (c->base >= last && last > lo)
		return (struct ival){lo, up};
	if (c->base > lo)
		return (struct ival){lo, c->base};
	struct ival v = ival_cut((struct ival){c->lo, c->up}, (struct ival){lo, up});
	if (v.lo == lo && v.up >= last)
		v.up = up;
	return v;
}

/* Up to where c knows everything before a0; a0 itself when nothing is left unknown. */
static uint32_t
before_known(const struct cell *c, uint32_t a0, uint32_t last, uint32_t head)
{
	/* Below the head of the enclosing loop nothing is said about its earlier iterations: no rounding up. */
	if (c->base >= a0 || (c->base >= last && c->base >= head))
		return a0;
	return c->base;
}

static struct cell
cell_meet(const struct cell *t, const struct cell *e, const struct meet *m, unsigned p)
{
	uint32_t pt = before_known(t, m->a0, m->last0[p], m->head);
	uint32_t pe = before_known(e, m->a0, m->last0[p], m->head);
	struct ival it = {t->lo, min_u32(t->up, m->a0)};
	struct ival ie = {e->lo, min_u32(e->up, m->a0)};
	struct ival pre = ival_cut(it, ie);
	struct ival vt = way_known(t, m->a0, m->a1, m->last1[p]);
	struct ival ve = way_known(e, m->a1, m->b1, m->last2[p]);
	struct cell r = {.base = min_u32(pt, pe)};

	pre = ival_later(pre, ival_cut(ie, (struct ival){0, pt}));
	pre = ival_later(pre, ival_cut(it, (struct ival){0, pe}));
	cell_island(&r, pre);
	if (m->last1[p] > m->a0)
		cell_island(&r, vt);
	else if (r.base == m->a0)
		r.base = m->a1;
	if (m->last2[p] > m->a1)
		cell_island(&r, ve);
	else if (r.base == m->a1)
		r.base = m->b1;
	return r;
}

void
row_meet(struct row *e, const struct row *t, const struct meet *m)
{
	for (unsigned p = 0; p < COL_COUNT; p++)
		if (memcmp(&e->c[p], &t->c[p], sizeof e->c[p]) != 0)
			e->c[p] = cell_meet(&t->c[p], &e->c[p], m, p);
	e->mask &= t->mask;
}

struct token *
know_token(const struct know *k, uint32_t key)
{
	for (uint32_t i = 0; i < k->tok.n; i++)
		if (k->tok.at[i].key == key)
			return &k->tok.at[i];
	return NULL;
}

void
know_drop(struct know *k, struct token *t)
{
	*t = k->tok.at[--k->tok.n];
}

void
know_copy(struct arena *a, struct know *to, const struct know *from)
{
	memcpy(to->r, from->r, sizeof to->r);
	to->tok.n = 0;
	if (!from->tok.n)
		return;
	VEC_ADD(a, &to->tok, from->tok.n);
	memcpy(to->tok.at, from->tok.at, from->tok.n * sizeof *to->tok.at);
}

void
know_barrier_all(struct know *k, uint32_t tick)
{
	for (unsigned q = 0; q < PIPE_COUNT; q++)
		for (unsigned p = 0; p < PIPE_COUNT; p++)
			cell_raise(&k->r[q].c[p], tick);
}
