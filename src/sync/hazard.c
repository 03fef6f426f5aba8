/*
 * hazard: conflicts between the statements of one block, as needs (sink pipe, source pipe, latest source statement).
 *
 * A flag or barrier orders the whole prefix of its source pipe, so per byte set and pipe only the latest read, the
 * latest write and the latest atomic matter. `last` holds them for the block being walked; records are stamped, so
 * starting a block costs nothing. Sets with too many neighbours share one record per alias class (over-sync).
 */
#include "sync/given.h"
#include "sync/walk.h"

enum { KIND_W, KIND_A, KIND_R, NKIND };

struct rec {
	uint32_t stamp;
	uint32_t only;		/* the statement of all uses, 0 = several */
	uint32_t newest;	/* position of the latest use of all */
	uint8_t pipes[NKIND];	/* bit mask of pipes with a use */
	uint32_t use[NKIND][PIPE_COUNT];	/* latest use, 0 none */
	uint32_t other[NKIND][PIPE_COUNT];	/* latest one of another statement than that */
};

struct last {
	struct rec *set, *cls;
	struct rec gm;		/* any global memory */
	uint32_t acquire;	/* latest use of kind PH_ACQUIRE */
	uint32_t key[PIPE_COUNT][PIPE_COUNT];	/* latest statement with a hidden key of the channel */
	uint32_t stamp;
	bool by_class, by_gm;	/* the shared records are looked at in this section */
	uint32_t class0;	/* class of cls[1]; cls[0] is that of unknown GM */
};

/* Records per class when some set has too many neighbours. */
static void
last_classes(struct plan *p, struct last *l)
{
	uint32_t lo = UINT32_MAX, hi = 0;

	for (uint32_t s = 1; s < p->nset && !l->by_class; s++) {
		uint32_t near;
		access_near(p->ac, p->set0 + s, &near, &l->by_class);
	}
	if (!l->by_class)
		return;
	for (uint32_t s = 1; s < p->nset; s++) {
		uint32_t c = access_class(p->ac, p->set0 + s);
		if (c) {
			lo = c < lo ? c : lo;
			hi = c > hi ? c : hi;
		}
	}
	l->class0 = lo;
	l->cls = ARENA_ARRAY(p->a, struct rec, lo <= hi ? hi - lo + 2 : 1);
}

/* The record of the class of a set. */
static struct rec *
last_class(const struct last *l, const struct plan *p, uint32_t set)
{
	uint32_t c = access_class(p->ac, set);

	return &l->cls[c ? c - l->class0 + 1 : 0];
}

struct last *
last_new(struct plan *p)
{
	struct last *l = ARENA_NEW(p->a, struct last);

	l->set = ARENA_ARRAY(p->a, struct rec, p->nset);
	last_classes(p, l);
	l->by_gm = p->scalar_gm;
	for (uint32_t x = 1; x < p->sec->node.n && !l->by_gm; x++)
		l->by_gm = p->sec->node.at[x].ph->kind == PH_RELEASE;
	return l;
}

void
last_begin(struct last *l)
{
	l->stamp++;
	l->acquire = 0;
	memset(l->key, 0, sizeof l->key);
	memset(&l->gm, 0, sizeof l->gm);
	l->gm.stamp = l->stamp;
}

static uint32_t
use_pos(const struct plan *p, const struct use *u)
{
	return plan_stmt(p, u->stmt)->pos;
}

static void
rec_add(struct rec *r, uint32_t stamp, const struct plan *p, uint32_t id)
{
	const struct use *use = p->use.at, *u = &use[id];
	uint32_t pos = use_pos(p, u);

	if (r->stamp != stamp) {
		memset(r, 0, sizeof *r);
		r->stamp = stamp;
		r->only = u->stmt;
	}
	if (r->only != u->stmt)
		r->only = 0;
	uint32_t k = u->rw & ACC_ATOMIC ? KIND_A : u->rw & ACC_WRITE ? KIND_W : KIND_R;
	uint32_t old = r->use[k][u->pipe];
	r->newest = pos > r->newest ? pos : r->newest;
	if (old && use[old].stmt != u->stmt)
		r->other[k][u->pipe] = old;
	r->use[k][u->pipe] = id;
	r->pipes[k] |= (uint8_t)(1u << u->pipe);
}

void
last_add(struct last *l, const struct plan *p, uint32_t id)
{
	const struct use *u = &p->use.at[id];

	if (u->kind == PH_ACQUIRE)
		l->acquire = id;
	if (u->kind != PH_WORK || u->clean)
		return;
	rec_add(&l->set[plan_set(p, u->set)], l->stamp, p, id);
	if (l->by_class)
		rec_add(last_class(l, p, u->set), l->stamp, p, id);
	if (u->gm && l->by_gm)
		rec_add(&l->gm, l->stamp, p, id);
}

uint32_t
last_scalar_store(const struct last *l)
{
	uint32_t w = l->gm.use[KIND_W][P_S], a = l->gm.use[KIND_A][P_S];

	return w > a ? w : a;
}

static uint32_t
bit_index(uint64_t m)
{
	uint32_t i = 0;

	while (!(m >> i & 1))
		i++;
	return i;
}

struct query {
	const struct walk *k;
	struct plan *p;
	const struct know *w;
	struct needs *n;
	const struct use *snk;
	struct flow flow[NROW];	/* inside the sink, of the rows in `flown`; see covered */
	uint16_t flown;
	bool given;		/* a written wait: only order right behind it will do */
	uint32_t loop;		/* loop statement that carries, 0 = same execution */
	struct op loop_op;
};

static void
sink_set(struct query *q, const struct use *snk)
{
	q->snk = snk;
	q->flown = 0;
}

/* Does synchronisation inside the sink or the source statement order the two already? */
static bool
covered(struct query *q, uint32_t r, uint32_t col, const struct use *src)
{
	const struct plan *p = q->p;
	uint32_t pos = use_pos(p, src);

	if (plan_stmt(p, q->snk->stmt)->nchild) {
		uint16_t rows = know_rows(r, col), bit = (uint16_t)(1u << r);
		if (!(q->flown & bit) || rows != UINT16_MAX)
			q->flow[r] = flow_inside(q->k, q->snk, r, rows);
		q->flown = (uint16_t)(rows == UINT16_MAX ? q->flown | bit : q->flown & ~bit);
		bool ok = q->flow[r].c >> col & 1;
		for (uint32_t i = 0; i < NROW && !ok; i++)
			ok = q->flow[r].f >> i & 1 &&
			     (q->loop ? q->w->row[i].kp[col] : q->w->row[i].k[col]) >= pos;
		if (ok)
			return true;
	}
	return !q->loop && r < PIPE_COUNT && col < PIPE_COUNT && plan_stmt(p, src->stmt)->kind == ST_LOOP &&
	       drain_covers(q->k, src->stmt, (enum pipe)col, (enum pipe)r, src->nlo, src->nhi);
}

/* Enters one hazard unless row r knows the source already. */
static void
need_add(struct query *q, struct need *nd, uint32_t r, uint32_t col, const struct use *src, uint8_t kind)
{
	uint32_t pos = use_pos(q->p, src);
	const struct use *snk = q->snk;
	const struct row *row = &q->w->row[r];

	if ((q->loop ? row->kp[col] : row->k[col]) >= pos || (!q->given && covered(q, r, col, src)))
		return;
	if (nd->i == 0)
		*nd = (struct need){.slo = src->nlo, .shi = src->nhi, .dlo = snk->nlo, .dhi = snk->nhi};
	if (pos > nd->i) {
		nd->i = pos;
		nd->nsrc = src->nhi;
		nd->ndst = snk->nlo;
		nd->set = src->set;
		nd->kind = kind;
	}
	nd->slo = src->nlo < nd->slo ? src->nlo : nd->slo;
	nd->shi = src->nhi > nd->shi ? src->nhi : nd->shi;
	nd->dlo = snk->nlo < nd->dlo ? snk->nlo : nd->dlo;
	nd->dhi = snk->nhi > nd->dhi ? snk->nhi : nd->dhi;
	q->n->any = true;
	if (r < PIPE_COUNT)
		q->n->sinks |= (uint8_t)(1u << r);
}

static uint8_t
hazard_kind(const struct use *src, const struct use *snk)
{
	return !(src->rw & ACC_WRITE) ? 'A' : snk->rw & ACC_WRITE ? 'W' : 'R';
}

/* Do the first and last node stand for all of the use? */
static bool
pairs_exact(const struct plan *p, const struct use *u)
{
	return u->nlo == u->nhi || (u->nhi == u->nlo + 1 && plan_zipped(p, u->stmt));
}

static bool
is_of(const struct acc *x, const struct use *u)
{
	return x->set == u->set && x->rw & u->rw & (ACC_READ | ACC_WRITE);
}

/*
 * A node may touch a set through several operands, of which one is the whole tile and another one of several tiles: the
 * rule is asked of all. A use summed over nodes stands for some this one has no access of.
 */
static bool
same_pipe_nodes(struct query *q, const struct use *src, uint32_t x, uint32_t y, struct same_pipe_opt opt)
{
	struct plan *p = q->p;
	const struct phase *px = p->sec->node.at[x].ph, *py = p->sec->node.at[y].ph;
	uint32_t nx, ny;
	const struct acc *ax = access_accs(p->ac, px, &nx), *ay = access_accs(p->ac, py, &ny);
	bool asked = false;

	for (uint32_t i = 0; i < nx; i++) {
		if (!is_of(&ax[i], src))
			continue;
		for (uint32_t k = 0; k < ny; k++) {
			if (!is_of(&ay[k], q->snk))
				continue;
			if (access_same_pipe_hazard(p->ac, px, &ax[i], py, &ay[k], q->loop != 0, opt))
				return true;
			asked = true;
		}
	}
	return !asked;
}

static bool
same_pipe(struct query *q, const struct use *src)
{
	struct plan *p = q->p;
	struct same_pipe_opt opt = p->opt->same_pipe;
	const struct use *snk = q->snk;

	/* One of each arm: the rule is asked of all combinations. */
	if (pairs_exact(p, src) && pairs_exact(p, snk))
		return same_pipe_nodes(q, src, src->nlo, snk->nlo, opt) ||
		       same_pipe_nodes(q, src, src->nlo, snk->nhi, opt) ||
		       same_pipe_nodes(q, src, src->nhi, snk->nlo, opt) ||
		       same_pipe_nodes(q, src, src->nhi, snk->nhi, opt);
	/* A sum over several nodes says nothing exact about each of them. */
	opt.v_prune = false;
	return same_pipe_nodes(q, src, src->nrep, snk->nrep, opt);
}

/* Global memory across pipes: sync-model §7.3. */
static void
gm_need(struct query *q, const struct use *src, uint8_t kind)
{
	const struct use *snk = q->snk;
	struct needs *n = q->n;
	uint32_t P = src->pipe, Q = snk->pipe;
	bool fence = q->p->opt->gm_visibility == GMV_FENCE;

	if (kind == 'A') {
		if (P != P_S)
			need_add(q, &n->ord[Q][P], Q, P, src, kind);
		return;
	}
	if (!fence || (kind == 'W' && P != P_S && Q != P_S)) {
		need_add(q, &n->ord[Q][P], Q, P, src, kind);
		return;
	}
	need_add(q, &n->vis[P], ROW_FEN, P, src, kind);
	if (Q == P_S)
		need_add(q, &n->inv[P], ROW_INV, P, src, kind);
	if (P == P_S)
		need_add(q, &n->s_to[Q], Q, P_S, src, kind);
}

/* Is a carried conflict inside one compound statement already dealt with in one of its blocks? */
static bool
handled_inside(struct query *q, const struct use *src)
{
	struct plan *p = q->p;
	const struct use *snk = q->snk;
	const struct stmt *st = plan_stmt(p, snk->stmt);

	if (st->nchild == 0)
		return false;
	if (st->kind == ST_ONCE)
		return true;
	if (st->kind == ST_IF || st->kind == ST_CHOICE) {
		uint8_t arms = src->arms | snk->arms;
		return (arms & (arms - 1)) == 0 && arms != 0x80;
	}
	/* Carried by a loop around both inside the statement: that loop's body block has the pair. */
	uint32_t a = src->loop, b = snk->loop;
	while (a && a != b) {
		const struct sblk *ka = plan_blk(p, plan_stmt(p, a)->blk);
		const struct sblk *kb = plan_blk(p, plan_stmt(p, b ? b : a)->blk);
		if (!b || ka->depth >= kb->depth)
			a = ka->loop;
		else
			b = kb->loop;
	}
	for (uint32_t m = a; m; m = m == snk->stmt ? 0 : plan_blk(p, plan_stmt(p, m)->blk)->loop) {
		if (access_overlap(p->ac, src->set, snk->set, plan_stmt(p, m)->op, src->pipe == P_S,
				   snk->pipe == P_S))
			return true;
		if (plan_stmt(p, m)->blk == plan_stmt(p, snk->stmt)->blk)
			break;
	}
	return false;
}

/* Would the source, in conflict or not, add nothing? Then no earlier one of its record does. */
static bool
adds_nothing(const struct query *q, const struct use *src)
{
	uint32_t Q = q->snk->pipe, P = src->pipe, pos = use_pos(q->p, src);
	const struct row *row = &q->w->row[Q];

	return !q->snk->gm && (q->loop ? row->kp[P] : row->k[P]) >= pos && (P != Q || q->n->same[Q] >= pos);
}

/*
 * False when an earlier source may count: the conflict was dealt with inside the statement, or the pipe keeps the two
 * in order and the source is in a compound that may not run. `last`: there is no record of an earlier one.
 */
static bool
conflict(struct query *q, uint32_t src_id, bool sure, bool last)
{
	struct plan *p = q->p;
	const struct use *src = &p->use.at[src_id], *snk = q->snk;

	if (!src_id || !acc_conflicts(src->rw, snk->rw) || (src->pipe == P_S && snk->pipe == P_S) ||
	    adds_nothing(q, src))
		return true;
	/* The inner loops first: their answers are asked for anyway, and usually settle it. */
	if (q->loop && src->stmt == snk->stmt && handled_inside(q, src))
		return false;
	if (!sure && !access_overlap(p->ac, src->set, snk->set, q->loop_op, src->pipe == P_S, snk->pipe == P_S))
		return false;
	uint8_t kind = hazard_kind(src, snk);
	if (src->pipe == snk->pipe) {
		bool compound = plan_stmt(p, src->stmt)->nchild != 0;
		if (!same_pipe(q, src) && !(last && compound))
			return !compound;
		uint32_t *same = &q->n->same[snk->pipe];
		*same = use_pos(p, src) > *same ? use_pos(p, src) : *same;
		need_add(q, &q->n->ord[snk->pipe][snk->pipe], snk->pipe, snk->pipe, src, kind);
		return true;
	}
	if (snk->gm) {
		gm_need(q, src, kind);
		return true;
	}
	/* S executes a read when it issues it: nothing later can overtake it (X5). */
	if (src->pipe != P_S || kind != 'A')
		need_add(q, &q->n->ord[snk->pipe][src->pipe], snk->pipe, src->pipe, src, kind);
	return true;
}

static void
conflicts(struct query *q, const struct rec *r, bool sure)
{
	uint32_t nkind = q->snk->rw & ACC_WRITE ? NKIND : KIND_R;

	for (uint32_t k = 0; k < nkind; k++)
		for (uint32_t P = 0; r->pipes[k] >> P; P++)
			if (r->pipes[k] >> P & 1 && !conflict(q, r->use[k][P], sure, false))
				conflict(q, r->other[k][P], sure, true);
}

/* Is all of the record known, so that at most `same` of the sink's own pipe can change? *nothing: not that either. */
static inline bool
rec_known(const struct query *q, const struct rec *r, bool *nothing)
{
	uint32_t Q = q->snk->pipe, mask = (uint32_t)(r->pipes[KIND_W] | r->pipes[KIND_A] | r->pipes[KIND_R]);
	const struct row *row = &q->w->row[Q];
	const uint32_t *known = q->loop ? row->kp : row->k;

	*nothing = !(mask >> Q & 1) || q->n->same[Q] >= r->newest;
	for (uint32_t P = 0; mask >> P; P++)
		if (mask >> P & 1 && known[P] < r->newest)
			return false;
	return true;
}

/*
 * The records of n neighbours (at most 64). What is known goes first, the latest of it (in most cases) in front, after
 * which nothing is left to ask of the others; what may become a need keeps the order of the sets.
 */
static void
conflicts_near(struct query *q, const struct last *l, const uint32_t *near, uint32_t n, bool local_loop)
{
	const struct use *u = q->snk;
	uint64_t todo = 0;
	bool nothing;

	for (uint32_t k = n; k-- > 0;) {
		const struct rec *r = &l->set[plan_set(q->p, near[k])];
		if (r->stamp != l->stamp || (local_loop && r->only == u->stmt))
			continue;
		if (u->gm || !rec_known(q, r, &nothing))
			todo |= UINT64_C(1) << k;
		else if (!nothing)
			conflicts(q, r, near[k] == u->set && !q->loop);
	}
	for (; todo; todo &= todo - 1) {
		uint32_t k = (uint32_t)__builtin_ctzll(todo);
		conflicts(q, &l->set[plan_set(q->p, near[k])], near[k] == u->set && !q->loop);
	}
}

/* The use, as if it were all its statement does: other uses of the statement stand behind it or in front. */
static const struct use *
whole_stmt(const struct plan *p, uint32_t id, struct use *u)
{
	const struct stmt *st = plan_stmt(p, p->use.at[id].stmt);

	*u = p->use.at[id];
	u->nlo = st->node0;
	u->nhi = st->node0 + st->nnode - 1;
	return u;
}

/* A signal publishes everything before it: sync-model §7.4. */
static void
release_need(struct query *q, const struct last *l)
{
	struct plan *p = q->p;

	if (p->opt->gm_visibility != GMV_FENCE)
		return;
	uint32_t Q = q->snk->pipe;
	for (uint32_t P = 0; P < PIPE_COUNT; P++) {
		uint32_t w = l->gm.use[KIND_W][P], a = l->gm.use[KIND_A][P];
		struct use u;
		w = w > a ? w : a;	/* ids grow with the position inside a block */
		/* A signal queued on a pipe follows the stores of that pipe. */
		if (P == Q && Q != P_S)
			continue;
		if (w)
			need_add(q, &q->n->vis[P], ROW_FEN, P, whole_stmt(p, w, &u), 'F');
		if (l->gm.use[KIND_R][P] && P != P_S)
			need_add(q, &q->n->ord[Q][P], Q, P, whole_stmt(p, l->gm.use[KIND_R][P], &u), 'A');
	}
}

void
last_keys(struct last *l, const struct plan *p, uint32_t s)
{
	for (uint64_t m = p->key_used[s]; m; m &= m - 1) {
		uint32_t c = bit_index(m);
		l->key[c / PIPE_COUNT][c % PIPE_COUNT] = s;
	}
	for (uint32_t i = 0; p->given && i < KEY_WORDS; i++) {
		for (uint64_t m = p->given->waits[s].w[i]; m; m &= m - 1) {
			p->given->last[i * 64 + bit_index(m)] = s;
			p->given->stamp[i * 64 + bit_index(m)] = l->stamp;
		}
	}
}

/* The source of a hidden key must know that the last macro's wait on it was passed (sync-model §6.0). */
static void
key_needs(struct query *q, const struct last *l, uint32_t s)
{
	struct plan *p = q->p;
	const struct stmt *snk = plan_stmt(p, s);

	for (uint64_t m = p->key_needed[s]; m; m &= m - 1) {
		uint32_t c = bit_index(m), P = c / PIPE_COUNT, Q = c % PIPE_COUNT, t = l->key[P][Q];
		const struct stmt *src = plan_stmt(p, t);
		struct use from = {.stmt = t, .nlo = src->node0, .nhi = src->node0 + src->nnode - 1};
		struct use to = {.stmt = s, .nlo = snk->node0, .nhi = snk->node0 + snk->nnode - 1};
		if (!t || (t == s && snk->nchild))
			continue;
		sink_set(q, &to);
		need_add(q, &q->n->ord[P][Q], P, Q, &from, 'K');
		q->snk = NULL;	/* `to` ends here */
	}
}

/*
 * F5 for written flags: a set may fire only behind the latest wait of its key. Inside a loop that is seen to in its
 * body; what one arm waits for and another one sets, only here.
 */
static void
given_need(struct query *q, uint32_t key, uint32_t s, uint32_t t)
{
	struct plan *p = q->p;
	const struct stmt *snk = plan_stmt(p, s), *src = plan_stmt(p, t);
	uint32_t P = key / EVENT_ID_COUNT / PIPE_COUNT, Q = key / EVENT_ID_COUNT % PIPE_COUNT;
	struct use from = {.stmt = t, .nlo = src->node0, .nhi = src->node0 + src->nnode - (src->nnode != 0)};
	struct use to = {.stmt = s, .nlo = snk->node0, .nhi = snk->node0 + snk->nnode - (snk->nnode != 0)};

	if (t == s && snk->kind != ST_IF && snk->kind != ST_CHOICE)
		return;
	sink_set(q, &to);
	q->given = true;
	need_add(q, &q->n->ord[P][Q], P, Q, &from, 'K');
	q->given = false;
	q->snk = NULL;	/* `to` ends here */
}

static void
given_needs(struct query *q, const struct last *l, uint32_t s)
{
	const struct given *g = q->p->given;

	for (uint32_t i = 0; i < KEY_WORDS; i++) {
		for (uint64_t m = g->sets[s].w[i]; m; m &= m - 1) {
			uint32_t key = i * 64 + bit_index(m);
			if (g->stamp[key] == l->stamp)
				given_need(q, key, s, g->last[key]);
		}
	}
}

static void
use_needs(struct query *q, struct last *l)
{
	struct plan *p = q->p;
	const struct use *u = q->snk;
	uint32_t n;
	bool all;

	if (u->kind == PH_RELEASE)
		release_need(q, l);
	if (u->kind != PH_WORK)
		return;
	const uint32_t *near = access_near(p->ac, u->set, &n, &all);
	/* Between two executions, what only one loop of the block touches is dealt with inside that loop, if it can run
	 * more than once. */
	const struct stmt *st = plan_stmt(p, u->stmt);
	bool local_loop = q->loop && st->kind == ST_LOOP && access_fixed(p->ac, u->set) &&
			  plan_repeats(p, u->stmt, u->set);
	if (all) {
		const struct rec *r = last_class(l, p, u->set);
		if (r->stamp == l->stamp)
			conflicts(q, r, true);
	} else {
		conflicts_near(q, l, near, n, local_loop);
	}
	if (l->acquire && u->gm && u->pipe == P_S && u->rw & ACC_READ && p->opt->gm_visibility == GMV_FENCE)
		need_add(q, &q->n->inv[COL_X], ROW_INV, COL_X, &p->use.at[l->acquire], 'R');
}

void
needs_of(const struct walk *k, struct last *l, struct needs *n)
{
	struct plan *p = k->p;
	uint32_t s = plan_at(p, k->bk, k->pos);
	struct query q = {.k = k, .p = p, .w = &k->w, .n = n, .loop = k->loop};

	memset(n, 0, sizeof *n);
	if (k->loop)
		q.loop_op = plan_stmt(p, k->loop)->op;
	for (uint32_t i = 0; i < p->nuse[s]; i++) {
		sink_set(&q, &p->use.at[p->use0[s] + i]);
		use_needs(&q, l);
	}
	if (p->key_needed[s])
		key_needs(&q, l, s);
	if (p->given)
		given_needs(&q, l, s);
}
