/* replay: see replay.h. */
#include "replay.h"

struct memory {
	int64_t lo, n;
	uint64_t *value;	/* 0: never written */
};

struct player {
	const struct trace *t;
	struct memory *mem;
	int64_t unit;
	struct replay *r;
};

static uint64_t
mix(uint64_t h, uint64_t v)
{
	h ^= v + 0x9e3779b97f4a7c15u + (h << 6) + (h >> 2);
	h *= 0xff51afd7ed558ccdu;
	return h ^ h >> 32;
}

int64_t
replay_unit(const struct trace *t, int64_t unit)
{
	for (uint32_t k = 0; k < t->range.n; k++)
		while (t->range.at[k].lo % unit || t->range.at[k].hi % unit)
			unit /= 2;
	return unit;
}

static void
memory_init(struct player *p, struct arena *a)
{
	uint32_t nmem = MEM_GM0 + p->t->nroot + 1;
	bool *seen = ARENA_ARRAY(a, bool, nmem);

	p->mem = ARENA_ARRAY(a, struct memory, nmem);
	for (uint32_t k = 0; k < p->t->range.n; k++) {
		const struct brange *r = &p->t->range.at[k];
		struct memory *m = &p->mem[r->mem];
		int64_t hi = seen[r->mem] && m->n > r->hi ? m->n : r->hi;
		m->lo = seen[r->mem] && m->lo < r->lo ? m->lo : r->lo;
		m->n = hi;
		seen[r->mem] = true;
	}
	for (uint32_t k = 0; k < nmem; k++) {
		struct memory *m = &p->mem[k];
		m->n = (m->n - m->lo) / p->unit;
		m->value = ARENA_ARRAY(a, uint64_t, (size_t)m->n + 1);
		for (int64_t u = 0; k >= MEM_GM0 && u < m->n; u++)
			m->value[u] = mix(k, (uint64_t)(m->lo + u * p->unit));
	}
}

static uint64_t
read_all(struct player *p, const struct tacc *c, uint64_t h)
{
	for (uint32_t k = c->r0; k < c->r0 + c->nr; k++) {
		const struct brange *r = &p->t->range.at[k];
		const struct memory *m = &p->mem[r->mem];
		for (int64_t u = (r->lo - m->lo) / p->unit; u < (r->hi - m->lo) / p->unit; u++) {
			p->r->unwritten |= m->value[u] == 0;
			h = mix(h, m->value[u]);
		}
	}
	return h;
}

static void
write_all(struct player *p, const struct tacc *c, uint64_t h)
{
	for (uint32_t k = c->r0; k < c->r0 + c->nr; k++) {
		const struct brange *r = &p->t->range.at[k];
		struct memory *m = &p->mem[r->mem];
		for (int64_t u = (r->lo - m->lo) / p->unit; u < (r->hi - m->lo) / p->unit; u++) {
			h = mix(h, 1);
			m->value[u] = c->rw & ACC_ATOMIC ? m->value[u] + h : h | 1;
		}
	}
}

/* The fixed scratch of a macro has no operand: what is there does not matter. */
static bool
counts(const struct tacc *c)
{
	return !c->acc || c->acc->slot != 0xff;
}

/* What lies in scratch does not matter either. */
static bool
finds(const struct tacc *c)
{
	return c->rw & ACC_READ && !(c->rw & (ACC_ATOMIC | ACC_SCRATCH)) && counts(c);
}

static bool
same_bytes(const struct brange *x, const struct brange *y)
{
	return x->mem == y->mem && x->lo == y->lo && x->hi == y->hi;
}

/* Of a tile with slots every slot is an access, and here they all are the one that is meant. */
static bool
repeats(const struct trace *t, const struct tinst *i, uint32_t k)
{
	const struct tacc *c = &t->acc.at[k];

	for (uint32_t j = i->acc0; j < k; j++) {
		const struct tacc *d = &t->acc.at[j];
		uint32_t n = 0;
		if (!c->acc || !d->acc || c->acc->slot != d->acc->slot || c->rw != d->rw || c->nr != d->nr)
			continue;
		while (n < c->nr && same_bytes(&t->range.at[c->r0 + n], &t->range.at[d->r0 + n]))
			n++;
		if (n == c->nr)
			return true;
	}
	return false;
}

static void
step_of(struct player *p, const struct tinst *i, uint64_t h)
{
	const struct trace *t = p->t;
	uint64_t nwrite = 0;

	for (uint32_t k = i->acc0; k < i->acc0 + i->nacc; k++)
		if (finds(&t->acc.at[k]) && !repeats(t, i, k))
			h = read_all(p, &t->acc.at[k], h);
	for (uint32_t k = i->acc0; k < i->acc0 + i->nacc; k++)
		if (t->acc.at[k].rw & ACC_WRITE && counts(&t->acc.at[k]) && !repeats(t, i, k))
			write_all(p, &t->acc.at[k], mix(h, nwrite++));
}

void
replay_run(struct replay *r, struct arena *a, const struct trace *t, int64_t unit)
{
	struct player p = {.t = t, .unit = unit, .r = r};
	uint64_t step = 0;

	*r = (struct replay){.digest = 0};
	memory_init(&p, a);
	for (uint32_t x = 0; x < t->inst.n; x++) {
		const struct tinst *i = &t->inst.at[x];
		if (i->kind != TK_WORK)
			continue;
		step_of(&p, i, mix(7, step++));
	}
	for (uint32_t k = MEM_GM0; k < MEM_GM0 + t->nroot + 1; k++)
		for (int64_t u = 0; u < p.mem[k].n; u++)
			r->digest = mix(r->digest, p.mem[k].value[u]);
}
