/*
 * shadow: conflicts in local memories, and between the DMA pipes in global memory. Accesses of GM by S go through the
 * data cache and are judged line by line in lines.c.
 */
#include "machine.h"

enum { UNITS_MAX = 1 << 21 };

static int64_t
gcd(int64_t a, int64_t b)
{
	while (b) {
		int64_t r = a % b;
		a = b;
		b = r;
	}
	return a < 0 ? -a : a;
}

bool
shadow_init(struct machine *m)
{
	const struct trace *t = m->t;

	m->nmem = MEM_GM0 + t->nroot + 1;
	m->mem = ARENA_ARRAY(m->a, struct shadow, m->nmem);
	VEC_ADD(m->a, &m->entry, 1);
	for (uint32_t i = 0; i < t->range.n; i++) {
		const struct brange *r = &t->range.at[i];
		struct shadow *s = &m->mem[r->mem];
		if (s->lo == s->hi) {
			s->lo = r->lo;
			s->hi = r->hi;
		}
		s->lo = r->lo < s->lo ? r->lo : s->lo;
		s->hi = r->hi > s->hi ? r->hi : s->hi;
	}
	for (uint32_t i = 0; i < t->range.n; i++) {
		const struct brange *r = &t->range.at[i];
		struct shadow *s = &m->mem[r->mem];
		s->unit = gcd(gcd(s->unit, r->lo - s->lo), r->hi - s->lo);
	}
	for (uint32_t k = 0; k < m->nmem; k++) {
		struct shadow *s = &m->mem[k];
		if (s->lo == s->hi)
			continue;
		if ((s->hi - s->lo) / s->unit > UNITS_MAX)
			return false;
		s->cell = ARENA_ARRAY(m->a, struct cell, (size_t)((s->hi - s->lo) / s->unit));
	}
	return true;
}

/* Phases of one run of one macro are ordered by the macro. */
static bool
same_macro(const struct trace *t, uint32_t i, uint32_t j)
{
	if (t->inst.at[i].op.i != t->inst.at[j].op.i || t->inst.at[i].iter != t->inst.at[j].iter)
		return false;
	for (uint32_t k = i; k <= j; k++) {
		if (t->inst.at[k].op.i != t->inst.at[i].op.i)
			return false;
	}
	return true;
}

static void
add_dep(struct machine *m, uint32_t i, uint32_t j)
{
	struct hb *h = m->h;

	if (h->dep.n && h->dep.at[h->dep.n - 1].i == i && h->dep.at[h->dep.n - 1].j == j)
		return;
	VEC_PUSH(m->a, &h->dep, ((struct hb_dep){i, j}));
}

/* Is entry e, which conflicts with access `acc` of x, complete before x starts? */
static bool
ordered(struct machine *m, const struct entry *e, uint32_t x, uint32_t acc, const struct hb_vc *vc)
{
	const struct trace *t = m->t;
	const struct tinst *p = &t->inst.at[e->inst], *n = &t->inst.at[x];
	const struct tacc *pa = &t->acc.at[e->acc], *na = &t->acc.at[acc];
	struct op loop;

	if (e->inst > x)
		return false;	/* it has started although it comes later in the program */
	if (same_macro(t, e->inst, x)) {
		add_dep(m, e->inst, x);
		return true;
	}
	if (p->pipe == P_S && !(pa->rw & ACC_WRITE))
		return true;	/* X5 */
	if (vc->done[p->pipe] > (int32_t)e->inst)
		return true;
	if (p->pipe != n->pipe)
		return false;
	bool carried = trace_distance(t, p->iter, n->iter, &loop) != 0;
	if (access_same_pipe_hazard(m->ac, p->ph, pa->acc, n->ph, na->acc, carried, m->opt.same_pipe))
		return false;
	add_dep(m, e->inst, x);
	return true;
}

static void
check(struct machine *m, uint32_t ei, uint32_t x, uint32_t acc, const struct hb_vc *vc, struct brange at)
{
	const struct entry *e = &m->entry.at[ei];
	const struct tinst *p = &m->t->inst.at[e->inst];
	uint8_t prw = m->t->acc.at[e->acc].rw, nrw = m->t->acc.at[acc].rw;

	if (e->inst == x || !acc_conflicts(prw, nrw))
		return;
	if (p->pipe == P_S && m->t->inst.at[x].pipe == P_S)
		return;
	if (!ordered(m, e, x, acc, vc))
		machine_fail(m, HB_ORDER, e->inst, x, at);
	else if (at.mem >= MEM_GM0 && m->opt.visibility && p->pipe != m->t->inst.at[x].pipe && prw & ACC_WRITE &&
		 nrw & ACC_READ && vc->vis[p->pipe] <= (int32_t)e->inst)
		machine_fail(m, HB_VISIBLE, e->inst, x, at);
}

static void
check_cell(struct machine *m, const struct cell *c, uint32_t x, uint32_t acc, const struct hb_vc *vc, struct brange at)
{
	for (uint32_t e = c->write; e; e = m->entry.at[e].prev)
		check(m, e, x, acc, vc, at);
	for (uint32_t p = 0; m->t->acc.at[acc].rw & ACC_WRITE && p < PIPE_COUNT; p++) {
		if (c->read[p])
			check(m, c->read[p], x, acc, vc, at);
	}
}

static void
enter_cell(struct machine *m, struct cell *c, uint32_t x, uint32_t acc, uint32_t self)
{
	uint8_t rw = m->t->acc.at[acc].rw, pipe = m->t->inst.at[x].pipe;

	if (!(rw & ACC_WRITE)) {
		/* an op that reads and writes the bytes is found as their writer */
		if (m->entry.at[c->write].inst != x || !c->write)
			c->read[pipe] = self;
		return;
	}
	if (rw & ACC_ATOMIC) {
		VEC_PUSH(m->a, &m->entry, ((struct entry){x, acc, c->write}));
		c->write = m->entry.n - 1;
		return;
	}
	memset(c->read, 0, sizeof c->read);
	c->write = self;
}

void
shadow_access(struct machine *m, uint32_t x, const struct hb_vc *vc)
{
	const struct tinst *n = &m->t->inst.at[x];
	uint32_t first = m->entry.n;

	for (uint32_t k = n->acc0; k < n->acc0 + n->nacc; k++)
		VEC_PUSH(m->a, &m->entry, ((struct entry){x, k, 0}));
	/* all accesses are compared with the past before any of them becomes part of it */
	for (uint32_t j = 0; j < 2u * n->nacc; j++) {
		uint32_t k = n->acc0 + j % n->nacc;
		const struct tacc *a = &m->t->acc.at[k];
		for (uint32_t i = a->r0; i < a->r0 + a->nr; i++) {
			struct brange r = m->t->range.at[i];
			struct shadow *s = &m->mem[r.mem];
			if (r.mem >= MEM_GM0 && n->pipe == P_S)
				continue;
			for (int64_t u = (r.lo - s->lo) / s->unit; u < (r.hi - s->lo) / s->unit; u++) {
				struct brange at = {r.mem, s->lo + u * s->unit, s->lo + (u + 1) * s->unit};
				if (j < n->nacc)
					check_cell(m, &s->cell[u], x, k, vc, at);
				else
					enter_cell(m, &s->cell[u], x, k, first + k - n->acc0);
			}
		}
	}
}
