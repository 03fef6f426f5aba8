/* isle: see isle.h. Results are collected from the newest interval on, then put in front of the shared tail. */
#include "check/isle.h"

#include "base/str.h"

enum { MEMO_MIN = 4 };	/* unions that looked at fewer intervals are not remembered */

void
ck_isles_init(struct ck_isles *s, struct arena *a)
{
	s->a = a;
	s->nslot = 64;
	s->slot = ARENA_ARRAY(a, uint32_t, s->nslot);
	VEC_ADD(a, &s->at, 1);
}

static uint32_t
isle_hash(uint32_t lo, uint32_t up, uint32_t next)
{
	return hash_u32(hash_u32(lo, up), next);
}

static void
isle_rehash(struct ck_isles *s)
{
	s->nslot *= 2;
	s->slot = ARENA_ARRAY(s->a, uint32_t, s->nslot);
	for (uint32_t i = 1; i < s->at.n; i++) {
		const struct ck_isle *n = &s->at.at[i];
		uint32_t h = isle_hash(n->lo, n->up, n->next);
		while (s->slot[h & (s->nslot - 1)])
			h++;
		s->slot[h & (s->nslot - 1)] = i;
	}
}

static uint32_t
isle_cons(struct ck_isles *s, uint32_t lo, uint32_t up, uint32_t next)
{
	struct ck_isle n = {.lo = lo, .up = up, .next = next, .jump = next, .depth = s->at.at[next].depth + 1};
	uint32_t h = isle_hash(lo, up, next);

	for (; s->slot[h & (s->nslot - 1)]; h++) {
		const struct ck_isle *o = &s->at.at[s->slot[h & (s->nslot - 1)]];
		if (o->lo == lo && o->up == up && o->next == next)
			return s->slot[h & (s->nslot - 1)];
	}
	const struct ck_isle *t = &s->at.at[next], *j = &s->at.at[t->jump];
	if (next && t->depth - j->depth == j->depth - s->at.at[j->jump].depth)
		n.jump = j->jump;
	VEC_PUSH(s->a, &s->at, n);
	s->slot[h & (s->nslot - 1)] = s->at.n - 1;
	if (2 * s->at.n > s->nslot)
		isle_rehash(s);
	return s->at.n - 1;
}

uint32_t
ck_isle_one(struct ck_isles *s, uint32_t lo, uint32_t up)
{
	return isle_cons(s, lo, up, 0);
}

uint32_t
ck_isle_find(const struct ck_isles *s, uint32_t list, uint32_t ord)
{
	const struct ck_isle *at = s->at.at;

	while (list && at[list].lo >= ord)
		list = at[at[list].jump].lo >= ord ? at[list].jump : at[list].next;
	return list;
}

/* Adds an interval that starts below all collected so far. */
static void
piece_add(struct ck_isles *s, uint32_t lo, uint32_t up)
{
	if (s->piece.n) {
		struct ck_isle *p = &s->piece.at[s->piece.n - 1];
		if (up >= p->lo) {
			p->lo = lo < p->lo ? lo : p->lo;
			return;
		}
	}
	VEC_PUSH(s->a, &s->piece, (struct ck_isle){.lo = lo, .up = up});
}

/* Puts the collected intervals in front of `tail`; the oldest may reach into it. */
static uint32_t
pieces_cons(struct ck_isles *s, uint32_t tail)
{
	while (tail && s->piece.n && s->at.at[tail].up >= s->piece.at[s->piece.n - 1].lo) {
		piece_add(s, s->at.at[tail].lo, s->at.at[tail].up);
		tail = s->at.at[tail].next;
	}
	while (s->piece.n) {
		const struct ck_isle *p = &s->piece.at[--s->piece.n];
		tail = isle_cons(s, p->lo, p->up, tail);
	}
	return tail;
}

static struct ck_isle_memo *
isle_memo(struct ck_isles *s, uint32_t a, uint32_t b)
{
	return &s->memo[hash_u32(a, b) % (sizeof s->memo / sizeof s->memo[0])];
}

static uint32_t
isle_above(const struct ck_isles *s, uint32_t list, uint32_t floor)
{
	return list && s->at.at[list].up > floor ? list : 0;
}

uint32_t
ck_isle_union(struct ck_isles *s, uint32_t a, uint32_t b, uint32_t floor)
{
	uint32_t steps = 0, r, a0, b0;
	struct ck_isle_memo *m;

	a = isle_above(s, a, floor);
	b = isle_above(s, b, floor);
	if (!a || !b || a == b)
		return a ? a : b;
	m = isle_memo(s, a, b);
	if (m->a == a && m->b == b && m->floor == floor)
		return m->result;
	a0 = a;
	b0 = b;
	for (; a && b && a != b; steps++) {
		uint32_t *top = s->at.at[a].up >= s->at.at[b].up ? &a : &b;
		piece_add(s, s->at.at[*top].lo, s->at.at[*top].up);
		*top = isle_above(s, s->at.at[*top].next, floor);
	}
	r = pieces_cons(s, a ? a : b);
	if (steps >= MEMO_MIN)
		*m = (struct ck_isle_memo){a0, b0, floor, r};
	return r;
}

uint32_t
ck_isle_cut(struct ck_isles *s, uint32_t a, uint32_t below, uint32_t b, uint32_t floor)
{
	const struct ck_isle all = {.lo = 0, .up = below};
	uint32_t tail = 0;

	a = isle_above(s, a, below);
	b = isle_above(s, b, floor);
	while (b) {
		const struct ck_isle *x = a ? &s->at.at[a] : &all, *y = &s->at.at[b];
		if (a == b || (!a && y->up <= below)) {
			tail = b;
			break;
		}
		uint32_t lo = x->lo > y->lo ? x->lo : y->lo, up = x->up < y->up ? x->up : y->up;
		if (up > lo)
			piece_add(s, lo, up);
		if (a && x->lo >= y->lo)
			a = isle_above(s, x->next, below);
		else
			b = isle_above(s, y->next, floor);
	}
	return pieces_cons(s, tail);
}
