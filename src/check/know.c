/* know: cells, rows and states of the checker; see know.h for what they mean. */
#include "check/know.h"

/* Intervals that begin at base or below it become part of the base. */
static void
cell_absorb(const struct ck_isles *s, struct ck_cell *c)
{
	uint32_t i = ck_isle_find(s, c->set, c->base + 1);

	if (i && s->at.at[i].up > c->base)
		c->base = s->at.at[i].up;
	if (s->at.at[c->set].up <= c->base)
		c->set = 0;
}

static void
cell_base(const struct ck_isles *s, struct ck_cell *c, uint32_t ord)
{
	if (ord <= c->base)
		return;
	c->base = ord;
	if (c->set)
		cell_absorb(s, c);
}

void
ck_cell_raise(const struct ck_isles *s, struct ck_cell *c, uint32_t ord)
{
	c->mask = CK_ALL;
	cell_base(s, c, ord);
}

void
ck_cell_add(struct ck_isles *s, struct ck_cell *c, uint32_t lo, uint32_t up)
{
	if (up <= lo)
		return;
	if (lo <= c->base)
		cell_base(s, c, up);
	else
		c->set = ck_isle_union(s, ck_isle_one(s, lo, up), c->set, c->base);
}

void
ck_cell_join(struct ck_isles *s, struct ck_cell *to, const struct ck_cell *from)
{
	to->mask |= from->mask;
	if (to->mask & CK_ALL)
		to->mask = CK_ALL;
	if (from->base > to->base)
		to->base = from->base;
	if (!(to->set | from->set))
		return;
	to->set = ck_isle_union(s, to->set, from->set, to->base);
	cell_absorb(s, to);
}

void
ck_cell_meet(struct ck_isles *s, struct ck_cell *to, const struct ck_cell *from)
{
	to->mask = ck_mask_meet(to->mask, from->mask);
	if (!(to->set | from->set)) {
		to->base = from->base < to->base ? from->base : to->base;
	} else if (from->base >= to->base) {
		to->set = ck_isle_cut(s, from->set, from->base, to->set, to->base);
	} else {
		to->set = ck_isle_cut(s, to->set, to->base, from->set, from->base);
		to->base = from->base;
	}
}

void
ck_row_join(struct ck_isles *s, struct ck_row *to, const struct ck_row *from)
{
	for (unsigned p = 0; p < COL_COUNT; p++)
		ck_cell_join(s, &to->c[p], &from->c[p]);
}

static bool
cell_same(const struct ck_cell *a, const struct ck_cell *b)
{
	return a->base == b->base && a->set == b->set && a->mask == b->mask;
}

void
ck_row_meet(struct ck_isles *s, struct ck_row *e, const struct ck_row *t, const struct ck_meet *m)
{
	for (unsigned p = 0; p < COL_COUNT; p++) {
		/* The same knowledge on both ways is of what came before them. */
		if (cell_same(&e->c[p], &t->c[p]))
			continue;
		struct ck_cell first = t->c[p];
		ck_cell_add(s, &first, m->a1[p], m->b1[p]);
		ck_cell_add(s, &e->c[p], m->a0[p], m->a1[p]);
		ck_cell_meet(s, &e->c[p], &first);
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
ck_know_barrier_all(const struct ck_isles *s, struct ck_know *k, const uint32_t ord[COL_COUNT])
{
	for (unsigned q = 0; q < PIPE_COUNT; q++)
		for (unsigned p = 0; p < PIPE_COUNT; p++)
			ck_cell_raise(s, &k->r[q].c[p], ord[p]);
}
