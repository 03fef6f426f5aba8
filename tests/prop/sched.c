/*
 * sched: see sched.h. Actions: S issues, a queue starts its head, an instruction in flight completes, a GM store
 * commits. Reads are taken at the start or at the completion, writes happen at the completion, GM stores of DMA pipes
 * become readable at their commit, which only a dsb that S executes after it knows of the completion forces.
 */
#include "sched.h"

enum { LINE = CACHE_LINE_BYTES };

struct smem {
	int64_t lo, unit;
	uint32_t n;
	uint64_t *tok;		/* GM: committed */
	uint64_t *cache;	/* GM: what the scalar cache holds */
	uint8_t *cached, *dirty;
};

struct store {
	uint32_t inst, mem, unit;
	uint64_t tok;
	bool atomic, done;
};

enum state { IDLE, QUEUED, RUNNING, DONE };

struct sim {
	struct arena *a;
	const struct trace *t;
	const struct hb *h;
	struct sched_result *res;
	struct smem *mem;
	uint8_t *state;
	uint64_t *reads;		/* hash of what an instruction has read */
	const uint64_t *want;		/* the same, in program order */
	VEC(struct store) pend;		/* GM stores completed, not committed */
	VEC(struct store) sbuf;		/* local stores of S not complete */
	uint32_t *queue[PIPE_COUNT], head[PIPE_COUNT], tail[PIPE_COUNT];
	uint32_t *dep0;			/* by instruction: first dependence; deps are sorted by j */
	struct hb_dep *dep;
	uint32_t ndep;
	bool flag[PIPE_COUNT][PIPE_COUNT][256];
	uint8_t prio[PIPE_COUNT];	/* 0 last, 1 normal, 2 first */
	bool late_reads;
	uint32_t pc, rng;
};

static uint64_t
mix(uint64_t h, uint64_t v)
{
	h ^= v + 0x9e3779b97f4a7c15u + (h << 6) + (h >> 2);
	h *= 0xff51afd7ed558ccdu;
	return h ^ h >> 32;
}

static uint32_t
rnd(struct sim *s, uint32_t n)
{
	s->rng ^= s->rng << 13;
	s->rng ^= s->rng >> 17;
	s->rng ^= s->rng << 5;
	return s->rng % n;
}

static void
fail(struct sim *s, const char *what, uint32_t x)
{
	if (s->res->ok)
		*s->res = (struct sched_result){false, what, x};
}

/* ---- memory ---- */

static int64_t
gcd(int64_t a, int64_t b)
{
	return b ? gcd(b, a % b) : a < 0 ? -a : a;
}

static void
mem_init(struct sim *s)
{
	uint32_t nmem = MEM_GM0 + s->t->nroot + 1;
	int64_t *hi = ARENA_ARRAY(s->a, int64_t, nmem);

	s->mem = ARENA_ARRAY(s->a, struct smem, nmem);
	for (uint32_t pass = 0; pass < 2; pass++) {
		for (uint32_t i = 0; i < s->t->range.n; i++) {
			const struct brange *r = &s->t->range.at[i];
			struct smem *m = &s->mem[r->mem];
			if (pass) {
				m->unit = gcd(gcd(m->unit, r->lo - m->lo), r->hi - m->lo);
				continue;
			}
			bool first = m->lo == hi[r->mem];
			m->lo = first || r->lo < m->lo ? r->lo : m->lo;
			hi[r->mem] = first || r->hi > hi[r->mem] ? r->hi : hi[r->mem];
		}
	}
	for (uint32_t k = 0; k < nmem; k++) {
		struct smem *m = &s->mem[k];
		m->n = m->unit ? (uint32_t)((hi[k] - m->lo) / m->unit) : 0;
		m->tok = ARENA_ARRAY(s->a, uint64_t, m->n + 1);
		m->cache = ARENA_ARRAY(s->a, uint64_t, m->n + 1);
		m->cached = ARENA_ARRAY(s->a, uint8_t, m->n + 1);
		m->dirty = ARENA_ARRAY(s->a, uint8_t, m->n + 1);
		for (uint32_t u = 0; u < m->n; u++)
			m->tok[u] = m->cache[u] = mix(k, u);
		memset(m->cached, 1, m->n);
	}
}

static int64_t
floor_line(int64_t at)
{
	return at >= 0 ? at / LINE : -((-at + LINE - 1) / LINE);
}

/* Units [*a, *b) of the lines that hold bytes [lo, hi). */
static void
line_units(const struct smem *m, int64_t lo, int64_t hi, uint32_t *a, uint32_t *b)
{
	int64_t from = floor_line(lo) * LINE - m->lo, to = (floor_line(hi - 1) + 1) * LINE - m->lo;

	from = from < 0 ? 0 : from / m->unit;
	to = (to + m->unit - 1) / m->unit;
	*a = (uint32_t)(from < m->n ? from : m->n);
	*b = (uint32_t)(to < m->n ? to : m->n);
}

/* Lines fetched again see a write-back of S that is still under way. */
static void
cache_fill(struct sim *s, uint32_t mem, int64_t lo, int64_t hi)
{
	struct smem *m = &s->mem[mem];
	uint32_t a, b;

	line_units(m, lo, hi, &a, &b);
	for (uint32_t u = a; u < b; u++) {
		if (m->cached[u])
			continue;
		m->cached[u] = 1;
		m->cache[u] = m->tok[u];
		for (uint32_t i = 0; i < s->pend.n; i++) {
			const struct store *p = &s->pend.at[i];
			if (p->mem == mem && p->unit == u && s->t->inst.at[p->inst].pipe == P_S)
				m->cache[u] = p->tok;
		}
	}
}

/* Starts the write-back of a line, if it is dirty as a whole; a dsb completes it. */
static void
cache_clean(struct sim *s, uint32_t x, uint32_t mem, int64_t at)
{
	struct smem *m = &s->mem[mem];
	bool dirty = false;
	uint32_t a, b;

	line_units(m, at, at + LINE, &a, &b);
	for (uint32_t u = a; u < b; u++)
		dirty |= m->dirty[u] != 0;
	for (uint32_t u = a; u < b; u++) {
		if (dirty && m->cached[u])
			VEC_PUSH(s->a, &s->pend, ((struct store){x, mem, u, m->cache[u], false, false}));
		m->dirty[u] = m->cached[u] = 0;
	}
}

static void
dcci(struct sim *s, uint32_t x)
{
	const struct tinst *n = &s->t->inst.at[x];

	for (uint32_t k = MEM_GM0; k < MEM_GM0 + s->t->nroot; k++) {
		struct smem *m = &s->mem[k];
		for (int64_t at = floor_line(m->lo) * LINE; !n->nacc && m->n && at < m->lo + m->n * m->unit; at += LINE)
			cache_clean(s, x, k, at);
		for (uint32_t i = 0; n->nacc && i < s->t->acc.at[n->acc0].nr; i++) {
			struct brange r = s->t->range.at[s->t->acc.at[n->acc0].r0 + i];
			for (int64_t at = floor_line(r.lo) * LINE; r.mem == k && at < r.hi; at += LINE)
				cache_clean(s, x, k, at);
		}
	}
}

static uint64_t
load(struct sim *s, uint8_t pipe, const struct brange *r, uint32_t u)
{
	struct smem *m = &s->mem[r->mem];

	if (r->mem >= MEM_GM0)
		return pipe == P_S ? m->cache[u] : m->tok[u];
	for (uint32_t i = s->sbuf.n; pipe == P_S && i-- > 0;) {
		const struct store *b = &s->sbuf.at[i];
		if (!b->done && b->mem == r->mem && b->unit == u)
			return b->tok;
	}
	return m->tok[u];
}

static void
put(struct sim *s, uint32_t x, const struct brange *r, uint32_t u, uint64_t tok, bool atomic)
{
	struct smem *m = &s->mem[r->mem];
	uint8_t pipe = s->t->inst.at[x].pipe;
	struct store st = {x, r->mem, u, tok, atomic, false};

	if (r->mem >= MEM_GM0 && pipe == P_S) {
		m->cache[u] = tok;
		m->dirty[u] = 1;
	} else if (r->mem >= MEM_GM0) {
		VEC_PUSH(s->a, &s->pend, st);
	} else if (pipe == P_S) {
		VEC_PUSH(s->a, &s->sbuf, st);
	} else {
		m->tok[u] = tok;
	}
}

/* Commits pend[i] and everything older on the same bytes. */
static void
commit(struct sim *s, uint32_t i)
{
	for (uint32_t k = 0; k <= i; k++) {
		struct store *p = &s->pend.at[k];
		if (p->done || p->mem != s->pend.at[i].mem || p->unit != s->pend.at[i].unit)
			continue;
		uint64_t *tok = &s->mem[p->mem].tok[p->unit];
		*tok = p->atomic ? *tok + p->tok : p->tok;
		p->done = true;
	}
}

static void
flush_scalar(struct sim *s)
{
	for (uint32_t i = 0; i < s->sbuf.n; i++) {
		if (!s->sbuf.at[i].done)
			s->mem[s->sbuf.at[i].mem].tok[s->sbuf.at[i].unit] = s->sbuf.at[i].tok;
	}
	s->sbuf.n = 0;
}

static void
trim(struct sim *s)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->pend.n; i++) {
		if (!s->pend.at[i].done)
			s->pend.at[n++] = s->pend.at[i];
	}
	s->pend.n = n;
}

/* ---- instructions ---- */

static void
each_unit(struct sim *s, uint32_t x, bool write)
{
	const struct tinst *n = &s->t->inst.at[x];
	uint64_t h = write ? mix(s->reads[x], x) : 0;

	for (uint32_t k = n->acc0; k < n->acc0 + n->nacc; k++) {
		const struct tacc *a = &s->t->acc.at[k];
		bool atomic = (a->rw & ACC_ATOMIC) != 0;
		if (!(a->rw & (write ? ACC_WRITE : ACC_READ)) || (!write && atomic))
			continue;
		for (uint32_t i = a->r0; i < a->r0 + a->nr; i++) {
			const struct brange *r = &s->t->range.at[i];
			struct smem *m = &s->mem[r->mem];
			if (r->mem >= MEM_GM0 && n->pipe == P_S)
				cache_fill(s, r->mem, r->lo, r->hi);
			for (int64_t u = (r->lo - m->lo) / m->unit; u < (r->hi - m->lo) / m->unit; u++) {
				if (write)
					put(s, x, r, (uint32_t)u, mix(h, mix(k - n->acc0, (uint64_t)u)), atomic);
				else
					h = mix(h, load(s, n->pipe, r, (uint32_t)u));
			}
		}
	}
	if (!write)
		s->reads[x] = h;
}

static void
start(struct sim *s, uint32_t x)
{
	s->state[x] = RUNNING;
	if (!s->late_reads)
		each_unit(s, x, false);
}

static void
complete(struct sim *s, uint32_t x)
{
	if (s->late_reads || s->t->inst.at[x].pipe == P_S)
		each_unit(s, x, false);
	if (s->want && s->reads[x] != s->want[x])
		fail(s, "stale read", x);
	each_unit(s, x, true);
	s->state[x] = DONE;
}

static bool
pipe_quiet(const struct sim *s, uint32_t p, uint32_t before)
{
	for (uint32_t i = 0; i < s->head[p]; i++) {
		if (s->queue[p][i] < before && s->state[s->queue[p][i]] != DONE)
			return false;
	}
	return s->head[p] == s->tail[p] || s->queue[p][s->head[p]] >= before;
}

static bool
deps_done(const struct sim *s, uint32_t x)
{
	for (uint32_t d = s->dep0[x]; d < s->ndep && s->dep[d].j == x; d++) {
		if (s->t->inst.at[s->dep[d].i].pipe != P_S && s->state[s->dep[d].i] != DONE)
			return false;
	}
	return true;
}

static void
raise_flag(struct sim *s, uint32_t x)
{
	const struct tinst *n = &s->t->inst.at[x];
	bool *f = &s->flag[n->src][n->dst][n->eid];

	if (n->hidden == 2)
		return;
	if (*f)
		fail(s, "set of a set flag", x);
	*f = true;
}

static bool
take_flag(struct sim *s, uint32_t x)
{
	const struct tinst *n = &s->t->inst.at[x];
	bool *f = &s->flag[n->src][n->dst][n->eid];

	if (n->hidden == 2)
		return true;
	bool was = *f;
	*f = false;
	return was;
}

/* Tries to start the head of queue p. */
static bool
step_queue(struct sim *s, uint32_t p)
{
	if (s->head[p] == s->tail[p])
		return false;
	uint32_t x = s->queue[p][s->head[p]];
	const struct tinst *n = &s->t->inst.at[x];
	if (n->kind == TK_WORK) {
		if (!deps_done(s, x))
			return false;
		start(s, x);
	} else if (n->kind == TK_WAIT) {
		if (!take_flag(s, x))
			return false;
		s->state[x] = DONE;
	} else {
		if (!pipe_quiet(s, p, x))
			return false;
		if (n->kind == TK_SET)
			raise_flag(s, x);
		s->state[x] = DONE;
	}
	s->head[p]++;
	return true;
}

static bool
dsb(struct sim *s, uint32_t x)
{
	static const int32_t nothing[PIPE_COUNT];
	const int32_t *vis = s->h->fill[x] ? s->h->fill[x] : nothing;	/* the clocks did not get here: they hang */

	for (uint32_t p = 0; p < PIPE_COUNT; p++) {
		if (p != P_S && !pipe_quiet(s, p, (uint32_t)vis[p]))
			return false;
	}
	for (uint32_t i = 0; i < s->pend.n; i++) {
		uint8_t pipe = s->t->inst.at[s->pend.at[i].inst].pipe;
		if (pipe == P_S || (int32_t)s->pend.at[i].inst < vis[pipe])
			commit(s, i);
	}
	trim(s);
	return true;
}

static bool
all_quiet(const struct sim *s, uint32_t x)
{
	for (uint32_t p = 0; p < PIPE_COUNT; p++) {
		if (p != P_S && !pipe_quiet(s, p, x))
			return false;
	}
	return true;
}

static bool
step_scalar(struct sim *s)
{
	uint32_t x = s->pc;
	const struct tinst *n = &s->t->inst.at[x];

	if (n->pipe < PIPE_COUNT && n->pipe != P_S) {
		s->queue[n->pipe][s->tail[n->pipe]++] = x;
		s->state[x] = QUEUED;
	} else if (n->kind == TK_WORK) {
		if (!deps_done(s, x))
			return false;
		complete(s, x);
	} else if (n->kind == TK_SET) {
		flush_scalar(s);
		raise_flag(s, x);
	} else if (n->kind == TK_WAIT) {
		if (!take_flag(s, x))
			return false;
	} else if (n->kind == TK_BAR) {
		if (!all_quiet(s, x))
			return false;
		flush_scalar(s);
	} else if (n->kind == TK_DSB) {
		if (!dsb(s, x))
			return false;
	} else if (n->kind == TK_DCCI) {
		dcci(s, x);
	} else if (!all_quiet(s, x)) {
		return false;
	}
	s->pc++;
	return true;
}

/* Completes one instruction in flight on pipe p, any of them. */
static bool
step_complete(struct sim *s, uint32_t p)
{
	uint32_t n = 0, pick = 0;

	for (uint32_t i = s->head[p]; i-- > 0 && n < 16;) {
		uint32_t x = s->queue[p][i];
		if (s->state[x] == RUNNING && rnd(s, ++n) == 0)
			pick = x;
	}
	if (n)
		complete(s, pick);
	return n != 0;
}

static bool
step_pipe(struct sim *s, uint32_t p)
{
	if (p == P_S)
		return step_scalar(s);
	bool first = rnd(s, 2) != 0;
	return first ? step_queue(s, p) || step_complete(s, p) : step_complete(s, p) || step_queue(s, p);
}

static bool
step(struct sim *s)
{
	uint32_t at = rnd(s, PIPE_COUNT);

	if (s->pend.n && rnd(s, 24) == 0) {
		commit(s, rnd(s, s->pend.n));
		trim(s);
	}
	for (int prio = 2; prio >= 0; prio--) {
		for (uint32_t k = 0; k < PIPE_COUNT; k++) {
			uint32_t p = (at + k) % PIPE_COUNT;
			if (s->prio[p] == prio && step_pipe(s, p))
				return true;
		}
	}
	return false;
}

/* ---- runs ---- */

static void
sequential(struct sim *s)
{
	for (uint32_t x = 0; x < s->t->inst.n; x++) {
		const struct tinst *n = &s->t->inst.at[x];
		if (n->kind != TK_WORK)
			continue;
		for (uint32_t k = 0; n->pipe == P_S && k < MEM_GM0 + s->t->nroot; k++)
			memset(s->mem[k].cached, 0, s->mem[k].n);
		complete(s, x);
		for (uint32_t i = 0; i < s->pend.n; i++)
			commit(s, i);
		trim(s);
		flush_scalar(s);
		for (uint32_t k = MEM_GM0; n->pipe == P_S && k < MEM_GM0 + s->t->nroot; k++) {
			for (uint32_t u = 0; u < s->mem[k].n; u++) {
				if (s->mem[k].dirty[u])
					s->mem[k].tok[u] = s->mem[k].cache[u];
				s->mem[k].dirty[u] = 0;
			}
		}
	}
}

static void
queues_init(struct sim *s)
{
	uint32_t count[PIPE_COUNT + 1] = {0}, d = 0, n = s->t->inst.n;

	s->state = ARENA_ARRAY(s->a, uint8_t, n + 1);
	s->reads = ARENA_ARRAY(s->a, uint64_t, n + 1);
	s->dep0 = ARENA_ARRAY(s->a, uint32_t, n + 1);
	s->ndep = s->h->dep.n;
	s->dep = ARENA_ARRAY(s->a, struct hb_dep, s->ndep + 1);
	for (uint32_t x = 0; x < n; x++) {
		const struct tinst *i = &s->t->inst.at[x];
		count[i->pipe < PIPE_COUNT ? i->pipe : PIPE_COUNT]++;
		s->dep0[x] = d;
		for (uint32_t k = 0; k < s->ndep; k++) {
			if (s->h->dep.at[k].j == x)
				s->dep[d++] = s->h->dep.at[k];
		}
	}
	for (uint32_t p = 0; p < PIPE_COUNT; p++)
		s->queue[p] = ARENA_ARRAY(s->a, uint32_t, count[p] + 1);
}

static void
compare(struct sim *s, const struct sim *ref)
{
	for (uint32_t i = 0; i < s->pend.n; i++)
		commit(s, i);
	for (uint32_t k = MEM_GM0; k < MEM_GM0 + s->t->nroot; k++) {
		for (uint32_t u = 0; u < s->mem[k].n; u++) {
			if (s->mem[k].dirty[u] && s->h->tail_checked)
				fail(s, "scalar store never written back", s->t->inst.n - 1);
			else if (s->mem[k].tok[u] != ref->mem[k].tok[u] && !s->mem[k].dirty[u])
				fail(s, "wrong final contents of GM", s->t->inst.n - 1);
		}
	}
}

void
sched_run(struct sched_result *r, struct arena *a, const struct trace *t, const struct hb *h, uint32_t strategy)
{
	struct sim *ref = ARENA_NEW(a, struct sim), *s = ARENA_NEW(a, struct sim);

	*r = (struct sched_result){.ok = true};
	ref->a = s->a = a;
	ref->t = s->t = t;
	ref->h = s->h = h;
	ref->res = s->res = r;
	ref->late_reads = true;
	queues_init(ref);
	mem_init(ref);
	sequential(ref);
	queues_init(s);
	mem_init(s);
	s->want = ref->reads;
	s->rng = strategy * 2654435761u + 12345;
	s->late_reads = rnd(s, 2) != 0;
	for (uint32_t p = 0; p < PIPE_COUNT; p++)
		s->prio[p] = strategy < SCHED_FIXED ? 1 : (uint8_t)rnd(s, 3);
	if (strategy < SCHED_FIXED)
		s->prio[strategy / 2] = strategy % 2 ? 2 : 0;
	while (r->ok && s->pc < t->inst.n && step(s))
		;
	if (r->ok && s->pc < t->inst.n)
		fail(s, "deadlock", s->pc);
	if (r->ok)
		compare(s, ref);
}
