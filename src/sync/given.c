/*
 * given: see given.h. A wait consumes the latest set of its key, or one that comes later in the source pipe: what the
 * source knew at the latest set in the same block is certainly known behind the wait. That needs nothing but that the
 * flag alternates, which balance.c and the needs of given keys (hazard.c) see to.
 */
#include "sync/given.h"

#include "sync/walk.h"

bool
given_key(const struct ir *ir, const struct section *sec, const struct stmt *st, uint32_t *key)
{
	enum pipe p, q;
	uint32_t eid;

	if (st->kind != ST_SYNC || (op_id(ir, st->op) != OP_SET_FLAG && op_id(ir, st->op) != OP_WAIT_FLAG))
		return false;
	if (!op_flag(ir, st->op, &p, &q, &eid) || eid >= EVENT_ID_COUNT || !chan_legal(p, q, sec->core))
		return false;
	*key = ((uint32_t)p * PIPE_COUNT + q) * EVENT_ID_COUNT + eid;
	return true;
}

bool
section_written(const struct section *sec)
{
	for (uint32_t s = 1; s < sec->stmt.n; s++)
		if (sec->stmt.at[s].kind == ST_SYNC)
			return true;
	return false;
}

enum sync_written
sync_written(struct arena *a, const struct ir *ir, const struct access *ac, struct op func, enum core core)
{
	const struct section *sec = section_build(a, ir, ac, func, core);

	for (uint32_t s = 1; s < sec->stmt.n; s++) {
		enum op_id id = op_id(ir, sec->stmt.at[s].op);
		if (id == OP_SET_FLAG_DYN || id == OP_WAIT_FLAG_DYN)
			return SYNC_WRITTEN_DYNAMIC;
	}
	return section_written(sec) ? SYNC_WRITTEN_KNOWN : SYNC_WRITTEN_NONE;
}

static enum pipe
key_src(uint32_t key)
{
	return (enum pipe)(key / EVENT_ID_COUNT / PIPE_COUNT);
}

static enum pipe
key_dst(uint32_t key)
{
	return (enum pipe)(key / EVENT_ID_COUNT % PIPE_COUNT);
}

static void
key_add(struct given_keys *k, uint32_t key)
{
	k->w[key / 64] |= UINT64_C(1) << key % 64;
}

static bool
is_set(const struct plan *p, uint32_t s)
{
	return op_id(p->ir, plan_stmt(p, s)->op) == OP_SET_FLAG;
}

/* ---- per statement ---- */

/* Keys a macro uses itself count as set and waited for; one with a return path inside is set in order. */
static void
macro_keys(struct plan *p, struct given *g, uint32_t s)
{
	uint32_t n;
	const struct hidden_key *h = access_hidden(p->ac, plan_stmt(p, s)->op, &n);

	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t id = 0; id < EVENT_ID_COUNT; id++) {
			if (!(h[i].ids >> id & 1) || h[i].dst == P_S)
				continue;
			uint32_t key = ((uint32_t)h[i].src * PIPE_COUNT + h[i].dst) * EVENT_ID_COUNT + id;
			key_add(&g->sets[s], key);
			key_add(&g->waits[s], key);
		}
	}
}

/* A written flag stands in the queue of one pipe: its statement has that pipe. Parents are numbered before children. */
static void
read_stmts(struct plan *p, struct given *g)
{
	for (uint32_t s = p->sec->stmt.n; s-- > 1;) {
		struct stmt *st = &p->sec->stmt.at[s];
		uint32_t key, up = plan_blk(p, st->blk)->parent;
		if (st->kind == ST_WORK)
			macro_keys(p, g, s);
		if (given_key(p->ir, p->sec, st, &key)) {
			bool set = is_set(p, s);
			st->pipes |= (uint8_t)(1u << (set ? key_src(key) : key_dst(key)));
			g->busy[key_src(key)][key_dst(key)] |= (uint8_t)(1u << key % EVENT_ID_COUNT);
			/* S issues the next set only behind its own wait */
			if (key_dst(key) != P_S)
				key_add(set ? &g->sets[s] : &g->waits[s], key);
		}
		if (!up)
			continue;
		p->sec->stmt.at[up].pipes |= st->pipes;
		for (uint32_t i = 0; i < KEY_WORDS; i++) {
			g->sets[up].w[i] |= g->sets[s].w[i];
			g->waits[up].w[i] |= g->waits[s].w[i];
		}
	}
}

/* ---- which set a wait consumes ---- */

/* The set of the key right before that loop, nothing of its source pipe between them; 0 none. */
static uint32_t
prime_before(const struct plan *p, uint32_t loop, uint32_t key)
{
	const struct stmt *st = plan_stmt(p, loop);
	const struct sblk *b = plan_blk(p, st->blk);

	for (uint32_t pos = st->pos - 1u, n = 0; pos && n < GIVEN_KEYS; pos--, n++) {
		uint32_t s = plan_at(p, b, pos), other;
		if (given_key(p->ir, p->sec, plan_stmt(p, s), &other)) {
			if (other == key)
				return is_set(p, s) ? pos : 0;
		} else if (plan_stmt(p, s)->pipes >> key_src(key) & 1 || plan_stmt(p, s)->nchild) {
			return 0;
		}
	}
	return 0;
}

/* Does the first set that a wait in this loop consumes come after all that is in front of the outermost loop? */
static bool
primed_inside(const struct plan *p, uint32_t loop, uint32_t key)
{
	for (uint32_t l = loop; l; l = plan_blk(p, plan_stmt(p, l)->blk)->loop)
		if (prime_before(p, l, key))
			return true;
	return false;
}

/* The set at that position ends its loop's work of the source pipe, and stands in the loop's own body. */
static bool
ends_work(const struct plan *p, uint32_t s, uint32_t key)
{
	const struct stmt *st = plan_stmt(p, s);
	uint32_t loop = plan_blk(p, st->blk)->parent;
	const struct stmt *l = plan_stmt(p, loop);

	return plan_count(p, key_src(key), st->node0, l->node0 + l->nnode) == 0;
}

struct scan {
	uint32_t *at, *last;	/* per key: latest set not yet consumed, last set of the block */
	uint32_t *stamp;	/* block they are about */
};

static void
scan_key(struct scan *k, uint32_t b, uint32_t key)
{
	if (k->stamp[key] == b)
		return;
	k->stamp[key] = b;
	k->at[key] = k->last[key] = 0;
}

/* Last flag of the key directly in the body of that loop, when it is a set; 0 none. */
static uint32_t
last_set_of(const struct plan *p, uint32_t loop, uint32_t key)
{
	const struct stmt *st = plan_stmt(p, loop);
	const struct sblk *b = st->kind == ST_LOOP ? plan_blk(p, p->sec->child.at[st->child0]) : NULL;

	for (uint32_t pos = b ? b->nstmt : 0, n = 0; pos && n < GIVEN_KEYS; pos--, n++) {
		uint32_t s = plan_at(p, b, pos), other;
		if (given_key(p->ir, p->sec, plan_stmt(p, s), &other)) {
			if (other == key)
				return is_set(p, s) ? s : 0;
		} else if (plan_stmt(p, s)->pipes >> key_src(key) & 1) {
			return 0;
		}
	}
	return 0;
}

static void
scan_flag(struct plan *p, struct given *g, struct scan *k, uint32_t b, uint32_t s, uint32_t key)
{
	const struct stmt *st = plan_stmt(p, s);

	scan_key(k, b, key);
	if (is_set(p, s)) {
		k->at[key] = k->last[key] = st->pos;
		return;
	}
	g->wait[s].set = k->at[key];
	if (!k->at[key])
		return;
	/* The drain of a loop: was it primed right before, and does the body end its work with the set? */
	for (uint32_t pos = st->pos - 1u, n = 0; pos > k->at[key] && n < GIVEN_KEYS; pos--, n++) {
		uint32_t l = plan_at(p, plan_blk(p, b), pos);
		uint32_t end = plan_stmt(p, l)->kind == ST_LOOP ? last_set_of(p, l, key) : 0;
		if (end && prime_before(p, l, key) && ends_work(p, end, key))
			g->wait[s].loop = pos;
		if (plan_stmt(p, l)->nchild || plan_stmt(p, l)->kind == ST_WORK)
			break;
	}
	k->at[key] = 0;
}

static void
match_block(struct plan *p, struct given *g, struct scan *k, uint32_t b)
{
	const struct sblk *bk = plan_blk(p, b);
	uint32_t key;

	for (uint32_t pos = 1; pos <= bk->nstmt; pos++) {
		uint32_t s = plan_at(p, bk, pos);
		if (given_key(p->ir, p->sec, plan_stmt(p, s), &key))
			scan_flag(p, g, k, b, s, key);
	}
	for (uint32_t pos = 1; bk->loop && pos <= bk->nstmt; pos++) {
		uint32_t s = plan_at(p, bk, pos);
		if (!given_key(p->ir, p->sec, plan_stmt(p, s), &key) || is_set(p, s) || g->wait[s].set)
			continue;
		g->wait[s].back = k->last[key] > pos ? k->last[key] : 0;
		g->wait[s].outer = g->wait[s].back && primed_inside(p, bk->loop, key);
	}
}

void
given_read(struct plan *p)
{
	struct given *g = ARENA_NEW(p->a, struct given);
	struct scan k;

	g->wait = ARENA_ARRAY(p->a, struct given_wait, p->sec->stmt.n);
	g->sets = ARENA_ARRAY(p->a, struct given_keys, p->sec->stmt.n);
	g->waits = ARENA_ARRAY(p->a, struct given_keys, p->sec->stmt.n);
	g->last = ARENA_ARRAY(p->a, uint32_t, GIVEN_KEYS);
	g->stamp = ARENA_ARRAY(p->a, uint32_t, GIVEN_KEYS);
	p->given = g;
	read_stmts(p, g);
	k.at = ARENA_ARRAY(p->a, uint32_t, GIVEN_KEYS);
	k.last = ARENA_ARRAY(p->a, uint32_t, GIVEN_KEYS);
	k.stamp = ARENA_ARRAY(p->a, uint32_t, GIVEN_KEYS);
	for (uint32_t b = 1; b < p->sec->blk.n; b++)
		match_block(p, g, &k, b);
}

/* ---- in the walk ---- */

static const struct row *
row_after(const struct walk *k, uint32_t pos, enum pipe q)
{
	return &k->bp->hist[k->bp->hist0[pos] + bit_rank(plan_stmt(k->p, plan_at(k->p, k->bk, pos))->pipes, q)];
}

/* Token of a set of the previous execution; the first one may stand for all before the outermost loop. */
static void
back_token(const struct walk *k, const struct given_wait *w, enum pipe src, struct row *t)
{
	const struct row *h = row_after(k, w->back, src);

	memset(t, 0, sizeof *t);
	for (uint32_t c = 0; c < NCOL; c++)
		t->kp[c] = h->k[c];
	t->vp = h->v;
	if (t->kp[src] <= w->back) {
		t->kp[src] = w->back;
		t->vp &= (uint8_t)~(1u << src);
	}
	if (w->outer) {
		t->of = (uint16_t)(1u << src);
		t->oc = (uint8_t)(1u << src);
	}
}

void
given_pass(struct walk *k, uint32_t s)
{
	const struct given_wait *w = &k->p->given->wait[s];
	struct row t;
	uint32_t key;

	if (!given_key(k->p->ir, k->p->sec, plan_stmt(k->p, s), &key) || is_set(k->p, s))
		return;
	enum pipe src = key_src(key);
	if (w->set) {
		know_token(&t, row_after(k, w->set, src), src, w->set);
		if (w->loop > t.k[src])
			t.k[src] = w->loop;
	} else if (k->loop && w->back) {
		back_token(k, w, src, &t);
	} else {
		return;
	}
	know_wait(&k->w, key_dst(key), &t);
}

static bool
is_barrier_all(const struct plan *p, struct op o)
{
	enum pipe q, none;
	uint32_t eid;

	return op_id(p->ir, o) == OP_PTOC_TAIL ||
	       (op_id(p->ir, o) == OP_BARRIER && op_flag(p->ir, o, &q, &none, &eid) && q == P_ALL);
}

enum { BARRIER_LEFT = 1u << 8 };

bool
given_full(const struct plan *p, uint32_t b, uint32_t pos, uint8_t fence)
{
	const struct sblk *bk = plan_blk(p, b);
	uint32_t left = BARRIER_LEFT | (fence & (FENCE_CLEAN | FENCE_DSB)), at = pos;

	/* The written ops stand before the border, or behind it when nothing else of the block or a call is before. */
	while (at > 1 && plan_stmt(p, plan_at(p, bk, at - 1))->kind == ST_SYNC)
		at--;
	for (; at <= bk->nstmt && plan_stmt(p, plan_at(p, bk, at))->kind == ST_SYNC; at++) {
		struct op o = plan_stmt(p, plan_at(p, bk, at))->op;
		if (is_barrier_all(p, o))
			left &= ~(uint32_t)BARRIER_LEFT;
		else if (op_id(p->ir, o) == OP_PTOC_DCCI && !op_slot(p->ir, o, 0).i && !(left & BARRIER_LEFT))
			left &= ~(uint32_t)FENCE_CLEAN;
		else if (op_id(p->ir, o) == OP_PTOC_DSB && !(left & ~(uint32_t)FENCE_DSB))
			left &= ~(uint32_t)FENCE_DSB;
	}
	return left == 0;
}

bool
given_drained(const struct plan *p, uint32_t b, uint32_t pos)
{
	while (--pos > 0) {
		const struct stmt *st = plan_stmt(p, plan_at(p, plan_blk(p, b), pos));
		if (st->kind != ST_SYNC)
			return false;
		if (is_barrier_all(p, st->op))
			return true;
	}
	return false;
}
