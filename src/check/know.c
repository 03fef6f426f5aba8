/* know: cells, rows and states of the checker; see know.h for what they mean. */
#include "check/know.h"

struct ck_ival {
	uint32_t lo, up;	/* (lo, up]; empty when up <= lo */
};

static void
cell_norm(struct ck_cell *c)
{
	if (c->up <= c->base) {
		c->lo = c->up = 0;
	} else if (c->lo <= c->base) {
		c->base = c->up;
		c->lo = c->up = 0;
	}
}

void
ck_cell_raise(struct ck_cell *c, uint32_t tick)
{
	if (tick > c->base) {
		c->base = tick;
		cell_norm(c);
	}
}

/* Adds an island; of two islands that do not touch the later one is kept. */
static void
cell_island(struct ck_cell *c, struct ck_ival v)
{
	if (v.up <= v.lo)
		return;
	if (v.lo <= c->base) {
		ck_cell_raise(c, v.up);
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
ck_cell_join(struct ck_cell *to, const struct ck_cell *from)
{
	ck_cell_raise(to, from->base);
	if (from->up > to->base)
		cell_island(to, (struct ck_ival){from->lo, from->up});
}

void
ck_row_join(struct ck_row *to, const struct ck_row *from)
{
	for (unsigned p = 0; p < COL_COUNT; p++)
		ck_cell_join(&to->c[p], &from->c[p]);
	to->mask |= from->mask;
}

static uint32_t
ck_min_u32(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static struct ck_ival
ival_cut(struct ck_ival a, struct ck_ival b)
{
	return (struct ck_ival){a.lo > b.lo ? a.lo : b.lo, ck_min_u32(a.up, b.up)};
}

/* Of two intervals the non-empty, later one. */
static struct ck_ival
ival_later(struct ck_ival a, struct ck_ival b)
{
	if (b.up <= b.lo)
		return a;
	return a.up <= a.lo || b.up > a.up ? b : a;
}

/* What cell c knows of the way (lo, up], whose last source has tick `last`. */
static struct ck_ival
way_known(const struct ck_cell *c, uint32_t lo, uint32_t up, uint32_t last)
{
	if (c->base >= last && last > lo)
		return (struct ck_ival){lo, up};
	if (c->base > lo)
		return (struct ck_ival){lo, c->base};
	struct ck_ival v = ival_cut((struct ck_ival){c->lo, c->up}, (struct ck_ival){lo, up});
	if (v.lo == lo && v.up >= last)
		v.up = up;
	return v;
}

/* Up to where c knows everything before a0; a0 itself when nothing is left unknown. */
static uint32_t
before_known(const struct ck_cell *c, uint32_t a0, uint32_t last, uint32_t head)
{
	/* Below the head of the enclosing loop nothing is said about its earlier iterations: no rounding up. */
	if (c->base >= a0 || (c->base >= last && c->base >= head))
		return a0;
	return c->base;
}

static struct ck_cell
cell_meet(const struct ck_cell *t, const struct ck_cell *e, const struct ck_meet *m, unsigned p)
{
	uint32_t pt = before_known(t, m->a0, m->last0[p], m->head);
	uint32_t pe = before_known(e, m->a0, m->last0[p], m->head);
	struct ck_ival it = {t->lo, ck_min_u32(t->up, m->a0)};
	struct ck_ival ie = {e->lo, ck_min_u32(e->up, m->a0)};
	struct ck_ival pre = ival_cut(it, ie);
	struct ck_ival vt = way_known(t, m->a0, m->a1, m->last1[p]);
	struct ck_ival ve = way_known(e, m->a1, m->b1, m->last2[p]);
	struct ck_cell r = {.base = ck_min_u32(pt, pe)};

	pre = ival_later(pre, ival_cut(ie, (struct ck_ival){0, pt}));
	pre = ival_later(pre, ival_cut(it, (struct ck_ival){0, pe}));
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
ck_row_meet(struct ck_row *e, const struct ck_row *t, const struct ck_meet *m)
{
	for (unsigned p = 0; p < COL_COUNT; p++)
		if (memcmp(&e->c[p], &t->c[p], sizeof e->c[p]) != 0)
			e->c[p] = cell_meet(&t->c[p], &e->c[p], m, p);
	e->mask &= t->mask;
}

void
ck_row_lift(struct ck_row *r, uint32_t head, const uint32_t *last, uint32_t lo, uint32_t up)
{
	for (unsigned p = 0; p < COL_COUNT; p++) {
		if (r->c[p].base < head)
			continue;
		if (r->c[p].base >= last[p])
			ck_cell_raise(&r->c[p], up);
		else
			cell_island(&r->c[p], (struct ck_ival){lo, up});
	}
}

struct ck_token *
ck_know_token(const struct ck_know *k, uint32_t key)
{
	for (uint32_t i = 0; i < k->tok.n; i++)
		if (k->tok.at[i].key == key)
			return &k->tok.at[i];
	return NULL;
}

void
ck_know_drop(struct ck_know *k, struct ck_token *t)
{
	*t = k->tok.at[--k->tok.n];
}

void
ck_know_copy(struct arena *a, struct ck_know *to, const struct ck_know *from)
{
	memcpy(to->r, from->r, sizeof to->r);
	to->tok.n = 0;
	if (!from->tok.n)
		return;
	VEC_ADD(a, &to->tok, from->tok.n);
	memcpy(to->tok.at, from->tok.at, from->tok.n * sizeof *to->tok.at);
}

void
ck_know_barrier_all(struct ck_know *k, uint32_t tick)
{
	for (unsigned q = 0; q < PIPE_COUNT; q++)
		for (unsigned p = 0; p < PIPE_COUNT; p++)
			ck_cell_raise(&k->r[q].c[p], tick);
}
