/*
 * walk: the two walks over a block that decide its synchronisation.
 *
 * Forward: hazards inside one execution of the block, statement by statement, children summarised. Carried: hazards
 * between two executions of the block, parents first; the forward decisions are replayed to know what they give.
 * Sets go right behind the source statement, waits, barriers and fences right before the sink (as late as possible,
 * which stabs the most demands). Requires: plan.use; for forward the summaries of the children; for carried the
 * forward walk of the block and the carried walk of its parent.
 */
#include "sync/given.h"
#include "sync/walk.h"

#include <assert.h>

/* ---- rows after a statement ---- */

static struct row *
hist_at(const struct walk *k, uint32_t pos, enum pipe p)
{
	const struct stmt *st = plan_stmt(k->p, plan_at(k->p, k->bk, pos));

	assert(st->pipes >> p & 1);
	return &k->bp->hist[k->bp->hist0[pos] + bit_rank(st->pipes, p)];
}

static void
hist_save(struct walk *k)
{
	const struct stmt *st = plan_stmt(k->p, plan_at(k->p, k->bk, k->pos));
	struct row *h = &k->bp->hist[k->bp->hist0[k->pos]];

	for (uint32_t q = 0; q < PIPE_COUNT; q++)
		if (st->pipes >> q & 1)
			*h++ = k->w.row[q];
}

static uint32_t
node_at(const struct walk *k, uint32_t pos)
{
	if (pos > k->bk->nstmt)
		return k->bk->node0 + k->bk->nnode;
	return plan_stmt(k->p, plan_at(k->p, k->bk, pos))->node0;
}

/* Records that entry knowledge has reached rows from the statement at `pos` on: about the block in the forward walk,
 * about the outermost loop in the carried walk. */
static void
first_note(struct walk *k, uint32_t pos)
{
	uint32_t node = node_at(k, pos);
	uint32_t (*ff)[NROW] = k->loop ? k->bp->firstof : k->bp->firstf;
	uint32_t (*fc)[NCOL] = k->loop ? k->bp->firstoc : k->bp->firstc;

	for (uint32_t r = 0; r < NROW; r++) {
		const struct row *o = &k->w.row[r];
		uint16_t f = k->loop ? o->of : o->f;
		uint8_t c = k->loop ? o->oc : o->c;
		for (uint32_t q = 0; q < NROW && f != k->seen_f[r]; q++)
			if ((f & ~k->seen_f[r]) >> q & 1)
				ff[r][q] = node;
		for (uint32_t q = 0; q < NCOL && c != k->seen_c[r]; q++)
			if ((c & ~k->seen_c[r]) >> q & 1)
				fc[r][q] = node;
		k->seen_f[r] = f;
		k->seen_c[r] = c;
	}
}

/* ---- decisions ---- */

/* May the statement at a position touch one of several tiles? Which one the checker may know better. */
static bool
picks_tile(const struct walk *k, uint32_t pos)
{
	const struct section *s = k->p->sec;
	const struct stmt *st = plan_stmt(k->p, plan_at(k->p, k->bk, pos));
	uint32_t n;

	for (uint32_t i = 0; i < st->nnode; i++) {
		const struct acc *x = access_accs(k->p->ac, s->node.at[st->node0 + i].ph, &n);
		for (uint32_t m = 0; m < n; m++)
			if (!(x[m].rw & ACC_WHOLE) && access_space(k->p->ac, x[m].set) != SP_GM)
				return true;
	}
	return false;
}

/*
 * What is decided between leaves of one straight line is needed by what stands there. What concerns compounds, zipped
 * arms or other iterations may turn out needless, through decisions taken later or in one of the arms.
 */
static bool
doubtful(const struct walk *k, uint32_t i)
{
	uint32_t to = k->pos <= k->bk->nstmt ? plan_at(k->p, k->bk, k->pos) : 0;
	uint32_t from = i ? plan_at(k->p, k->bk, i) : 0;

	return k->loop || plan_stmt(k->p, to)->nchild || plan_stmt(k->p, from)->nchild || plan_zipped(k->p, to) ||
	       plan_zipped(k->p, from) || (to && picks_tile(k, k->pos));
}

static struct stop *
stop_new(struct walk *k, uint32_t i)
{
	struct plan *p = k->p;

	VEC_PUSH(p->a, &k->step, (struct step){.before = k->pos, .stop = p->stop.n});
	VEC_PUSH(p->a, &p->stop,
		 ((struct stop){.blk = k->b, .before = k->pos, .loop = k->loop, .doubt = doubtful(k, i)}));
	return &p->stop.at[p->stop.n - 1];
}

static void
stop_apply(struct know *w, const struct stop *s)
{
	uint32_t now = s->before - 1;

	if (s->barrier & STOP_ALL)
		know_barrier(w, P_ALL, now);
	if (s->fence & FENCE_CLEAN)
		know_dcci(w, now);
	if (s->fence & FENCE_DSB)
		know_dsb(w);
	if (s->fence & FENCE_INV)
		know_dcci(w, now);
	for (uint32_t q = 0; q < PIPE_COUNT; q++)
		if (s->barrier >> q & 1)
			know_barrier(w, (enum pipe)q, now);
}

/* Token of a pair at its wait. Carried: what the source pipe knew in the previous execution. */
static void
pair_token(const struct walk *k, const struct pair *x, struct row *t)
{
	const struct row *h;

	if (x->here) {
		know_token(t, &k->w.row[x->src], (enum pipe)x->src, x->gw - 1);
		return;
	}
	h = hist_at(k, x->gs, (enum pipe)x->src);
	if (!x->owner) {
		know_token(t, h, (enum pipe)x->src, x->gs);
		return;
	}
	memset(t, 0, sizeof *t);
	for (uint32_t c = 0; c < NCOL; c++)
		t->kp[c] = h->k[c];
	t->vp = h->v;
	t->of = (uint16_t)(1u << x->src);
	t->oc = (uint8_t)(1u << x->src);
	if (t->kp[x->src] <= x->gs) {
		t->kp[x->src] = x->gs;
		t->vp &= (uint8_t)~(1u << x->src);
	}
}

/* Does the node touch one of several tiles, or bytes of GM that change from iteration to iteration? */
static bool
node_varies(const struct plan *p, uint32_t node)
{
	uint32_t n;
	const struct acc *x = access_accs(p->ac, p->sec->node.at[node].ph, &n);

	for (uint32_t i = 0; i < n; i++)
		if (access_space(p->ac, x[i].set) == SP_GM ? !access_fixed(p->ac, x[i].set) : !(x[i].rw & ACC_WHOLE))
			return true;
	return false;
}

static uint32_t
pair_new(struct walk *k, const struct need *n, enum pipe src, enum pipe dst, uint32_t gs, uint32_t gw, bool carried)
{
	struct plan *p = k->p;
	uint32_t id = p->pair.n;
	struct pair x = {.blk = k->b, .gs = gs, .gw = gw, .src = (uint8_t)src, .dst = (uint8_t)dst,
			 .nsrc = n->nsrc, .ndst = n->ndst, .set = n->set, .kind = n->kind,
			 .doubt = n->kind == 'C' || doubtful(k, n->i)};

	x.slack = k->bk->loop && n->kind != 'C' && n->nsrc && n->ndst && node_varies(p, n->nsrc) &&
		  node_varies(p, n->ndst);
	if (carried) {
		x.owner = k->owner;
		x.next_owned = p->owned[k->owner];
		p->owned[k->owner] = id;
	}
	VEC_PUSH(p->a, &p->pair, x);
	return id;
}

static void
place_barrier(struct walk *k, const struct need *n, uint32_t mask)
{
	struct stop *s = stop_new(k, n->i);

	s->barrier = (uint8_t)mask;
	s->nsrc = n->nsrc;
	s->ndst = n->ndst;
	s->set = n->set;
	s->kind = n->kind;
	stop_apply(&k->w, s);
}

/* What a credit of this execution tells the row behind its gap: the sets there, and the next execution, know it too. */
static void
credit_pass(struct walk *k, const struct pair *x, bool passed)
{
	/* Sets of credits stand in front of other credits' waits in the gap: only the source's own work counts. */
	struct row none = {.f = 0}, t;

	know_token(&t, &none, (enum pipe)x->src, x->gs);
	if (plan_stmt(k->p, plan_at(k->p, k->bk, x->gw - 1))->pipes >> x->dst & 1)
		row_join(hist_at(k, x->gw - 1, (enum pipe)x->dst), &t);
	if (passed)
		know_wait(&k->w, (enum pipe)x->dst, &t);
}

/*
 * F5: in time, the next set must come after this wait. In a loop the source pipe must know that the destination has
 * passed the wait: of the previous execution for a forward pair, of this one for a carried pair (whose wait stands
 * first). Without such a path a credit pair is added that gives it. S needs none: it issues the set itself.
 */
static bool
f5_ensure(struct walk *k, uint32_t id)
{
	struct plan *p = k->p;
	struct pair *x = &p->pair.at[id];
	const struct row *h = x->here ? &k->w.row[x->src] : hist_at(k, x->gs, (enum pipe)x->src);
	uint32_t gap = x->here ? x->gw - 1 : x->gs;

	const struct stmt *at = plan_stmt(p, plan_at(p, k->bk, x->gw));
	x->kq = h->k[x->dst];
	x->kpq = h->kp[x->dst];
	x->cq = h->c >> x->dst & 1;
	x->vq = h->v >> x->dst & 1;
	x->vpq = h->vp >> x->dst & 1;
	x->ocq = k->loop && !x->owner && h->oc >> x->dst & 1;
	if (!k->loop || x->dst == P_S || x->credit)
		return true;
	bool leaf = at->nchild == 0;
	if (x->owner ? x->kq >= x->gw && (leaf || !x->vq) : x->kpq >= x->gw && (leaf || !x->vpq))
		return true;
	uint32_t scan = k->credit.n > 8 ? k->credit.n - 8 : 0;
	for (uint32_t i = scan; i < k->credit.n; i++) {
		const struct pair *y = &p->pair.at[k->credit.at[i]];
		if (y->src == x->dst && y->dst == x->src && y->gs >= x->gw && y->gw <= gap + 1 &&
		    !y->owner == !!x->owner)
			return true;
	}
	if (!chan_legal((enum pipe)x->dst, (enum pipe)x->src, p->sec->core) || !(at->pipes >> x->dst & 1))
		return false;
	struct need n = {.kind = 'C', .nsrc = x->ndst, .ndst = x->nsrc};
	uint32_t c = pair_new(k, &n, (enum pipe)x->dst, (enum pipe)x->src, x->gw, gap + 1, !x->owner);
	p->pair.at[c].credit = true;
	VEC_PUSH(p->a, &k->credit, c);
	if (!p->pair.at[c].owner)
		credit_pass(k, &p->pair.at[c], false);
	return true;
}

static void
pair_pass(struct walk *k, uint32_t id)
{
	struct row t;

	VEC_PUSH(k->p->a, &k->step, (struct step){.before = k->pos, .pair = id});
	pair_token(k, &k->p->pair.at[id], &t);
	know_wait(&k->w, (enum pipe)k->p->pair.at[id].dst, &t);
}

/* One pair for the need; a channel the core lacks, or one that cannot alternate, becomes PIPE_ALL at the wait. */
static void
place_pair(struct walk *k, const struct need *n, enum pipe src, enum pipe dst)
{
	struct plan *p = k->p;

	if (chan_legal(src, dst, p->sec->core)) {
		uint32_t id = pair_new(k, n, src, dst, n->i, k->pos, k->loop && n->i >= k->pos);
		if (f5_ensure(k, id)) {
			pair_pass(k, id);
			return;
		}
		p->pair.at[id].dropped = true;
	}
	place_barrier(k, n, STOP_ALL);
}

/* As place_pair, but the set stands right before the wait: for carried drains (nothing to prime) and behind fences. */
static void
place_here(struct walk *k, const struct need *n, enum pipe src, enum pipe dst)
{
	struct plan *p = k->p;

	if (chan_legal(src, dst, p->sec->core)) {
		uint32_t id = pair_new(k, n, src, dst, k->pos - 1, k->pos, false);
		p->pair.at[id].here = true;
		p->pair.at[id].fence = dst == P_S;
		if (f5_ensure(k, id)) {
			pair_pass(k, id);
			return;
		}
		p->pair.at[id].dropped = true;
	}
	place_barrier(k, n, STOP_ALL);
}

/* S waits until pipe q has retired the writes. */
static void
place_drain(struct walk *k, const struct need *n, enum pipe q)
{
	if ((k->loop ? k->w.row[P_S].kp[q] : k->w.row[P_S].k[q]) >= n->i)
		return;
	if (k->loop) {
		place_here(k, n, q, P_S);
		return;
	}
	uint32_t before = k->p->pair.n;
	place_pair(k, n, q, P_S);
	if (k->p->pair.n > before)
		k->p->pair.at[before].fence = true;
}

/* Stores to another card stay in flight behind a drain of MTE3: a signal needs PIPE_ALL (sync-model §7.4). */
static bool
in_flight(const struct plan *p, const struct need *n)
{
	const struct phase *src = p->sec->node.at[n->nsrc].ph, *dst = p->sec->node.at[n->ndst].ph;
	enum op_id id = n->nsrc ? op_id(p->ir, src->op) : OP_NONE;

	return n->ndst && dst->kind == PH_RELEASE &&
	       (id == OP_COMM_TPUT || id == OP_COMM_TBROADCAST || id == OP_COMM_TSCATTER);
}

/* A fence: retire the writers as S sees it, clean what S left in its cache, dsb, drop stale lines. */
static void
place_fence(struct walk *k, struct needs *n)
{
	struct plan *p = k->p;
	uint8_t ops = 0;
	const struct need *why = NULL;
	bool doubt = false;

	for (uint32_t q = 0; q < NCOL; q++) {
		const struct need *v = q < PIPE_COUNT && n->vis[q].i ? &n->vis[q] : &n->inv[q];
		const struct need *late = n->inv[q].i > v->i ? &n->inv[q] : v;	/* the writer to be retired */
		if (!v->i)
			continue;
		why = why ? why : v;
		doubt = doubt || doubtful(k, v->i);
		if (q < PIPE_COUNT && n->vis[q].i)
			ops |= q == P_S ? FENCE_DSB | FENCE_CLEAN : FENCE_DSB;
		if (n->inv[q].i)
			ops |= FENCE_INV;
		if (q < PIPE_COUNT && q != P_S && n->vis[q].i && in_flight(p, v))
			place_barrier(k, v, STOP_ALL);
		else if (q < PIPE_COUNT && q != P_S)
			place_drain(k, late, (enum pipe)q);
	}
	if (!why)
		return;
	if (p->opt->gm_fence == GMF_DCCI_DSB && ops & FENCE_DSB)
		ops |= FENCE_CLEAN;
	if (ops & FENCE_CLEAN)
		ops &= (uint8_t)~FENCE_INV;	/* the clean invalidates too, after the writers retired */
	struct stop *s = stop_new(k, why->i);
	s->fence = ops;
	/* a dcci that is there because it was asked for proves nothing, and must stay */
	s->doubt = p->opt->gm_fence != GMF_DCCI_DSB && (doubt || ops & (FENCE_CLEAN | FENCE_INV));
	s->nsrc = why->nsrc;
	s->ndst = why->ndst;
	s->set = why->set;
	s->kind = 'F';
	stop_apply(&k->w, s);
}

static bool
still(const struct walk *k, const struct need *n, uint32_t row, uint32_t col)
{
	return n->i && (k->loop ? k->w.row[row].kp[col] : k->w.row[row].k[col]) < n->i;
}

/* How many other needs of sink q the token of source c would meet too. */
static uint32_t
also_met(const struct walk *k, const struct needs *n, uint32_t q, uint32_t c)
{
	struct pair x = {.gs = n->ord[q][c].i, .src = (uint8_t)c, .owner = k->loop && n->ord[q][c].i >= k->pos};
	struct row t;
	uint32_t met = 0;

	if (!chan_legal((enum pipe)c, (enum pipe)q, k->p->sec->core))
		return 0;
	pair_token(k, &x, &t);
	for (uint32_t d = 0; d < PIPE_COUNT; d++)
		if (d != c && still(k, &n->ord[q][d], q, d) && (k->loop ? t.kp[d] : t.k[d]) >= n->ord[q][d].i)
			met++;
	return met;
}

/* Flags for each sink pipe: first the source whose token meets most of the other needs, then the latest one. */
static void
place_flags(struct walk *k, struct needs *n, uint32_t q)
{
	for (;;) {
		uint32_t best = PIPE_COUNT, most = 0, nleft = 0;
		for (uint32_t c = 0; c < PIPE_COUNT; c++)
			nleft += c != q && still(k, &n->ord[q][c], q, c);
		for (uint32_t c = 0; c < PIPE_COUNT; c++) {
			if (c == q || !still(k, &n->ord[q][c], q, c))
				continue;
			uint32_t met = nleft > 1 || n->ord[q][q].i ? also_met(k, n, q, c) : 0;
			if (best == PIPE_COUNT || met > most ||
			    (met == most && n->ord[q][c].i > n->ord[q][best].i)) {
				best = c;
				most = met;
			}
		}
		if (best == PIPE_COUNT)
			return;
		place_pair(k, &n->ord[q][best], (enum pipe)best, (enum pipe)q);
		n->ord[q][best].i = 0;
	}
}

static void
serve(struct walk *k, struct needs *n)
{
	if (!n->any)
		return;
	place_fence(k, n);
	for (uint32_t q = 0; q < PIPE_COUNT; q++)
		if (n->sinks >> q & 1 && still(k, &n->s_to[q], q, P_S))
			place_here(k, &n->s_to[q], P_S, (enum pipe)q);
	for (uint32_t q = 0; q < PIPE_COUNT; q++)
		if (n->sinks >> q & 1)
			place_flags(k, n, q);
	for (uint32_t q = 0; q < PIPE_COUNT; q++)
		if (n->sinks >> q & 1 && still(k, &n->ord[q][q], q, q))
			place_barrier(k, &n->ord[q][q], (uint8_t)(1u << q));
}

/* ---- special statements ---- */

static uint8_t
full_fence(const struct plan *p)
{
	if (p->opt->gm_visibility != GMV_FENCE)
		return 0;
	return p->scalar_gm || p->scalar_load ? FENCE_CLEAN | FENCE_DSB : FENCE_DSB;
}

/* Everything before is complete and visible: the border where the block analysis knows nothing finer. */
static void
place_full(struct walk *k)
{
	struct need none = {.kind = 'B'};

	if (k->p->given && given_full(k->p, k->b, k->pos, full_fence(k->p)))
		return;
	place_barrier(k, &none, STOP_ALL);
	struct stop *s = &k->p->stop.at[k->p->stop.n - 1];
	s->fence = full_fence(k->p);
	s->doubt = true;
	stop_apply(&k->w, s);
}

/* Return: scalar stores are flushed once, then the tail drains the pipes (sync-model §7.5). */
static void
place_exit(struct walk *k, const struct last *l)
{
	struct plan *p = k->p;
	uint32_t last_store = last_scalar_store(l);

	if (p->sec->node.n <= 1)
		return;
	bool flush = last_store && k->w.row[ROW_FEN].k[P_S] < plan_stmt(p, p->use.at[last_store].stmt)->pos;
	if (!flush && p->given && given_drained(p, k->b, k->pos))
		return;
	struct stop *s = stop_new(k, 0);
	s->kind = 'E';
	s->fence = STOP_TAIL;
	if (flush) {
		s->fence |= STOP_FLUSH;
		s->nsrc = p->use.at[last_store].nhi;
	}
	know_barrier(&k->w, P_ALL, k->pos - 1);
}

static bool
needs_border(const struct walk *k)
{
	const struct plan *p = k->p;
	uint32_t par = k->bk->parent;

	if (k->pos == 1 && par && plan_stmt(p, par)->kind == ST_WHILE && k->bk->nnode)
		return true;
	if (plan_stmt(p, plan_at(p, k->bk, k->pos))->kind == ST_CALL)
		return true;
	return k->pos > 1 && plan_stmt(p, plan_at(p, k->bk, k->pos - 1))->kind == ST_CALL;
}

/* ---- statements ---- */

static void
transfer_of(const struct plan *p, uint32_t s, struct transfer *t)
{
	const struct stmt *st = plan_stmt(p, s);
	bool first = true;

	transfer_identity(t, st->nchild ? 0 : st->pipes);
	for (uint32_t i = 0; i < st->nchild; i++) {
		uint32_t b = p->sec->child.at[st->child0 + i];
		struct transfer none;
		const struct transfer *o = &none;
		if (b)
			o = &p->blk[b].sum;
		else
			transfer_identity(&none, 0);
		if (first)
			*t = *o;
		else
			transfer_meet(t, o);
		first = false;
	}
	if ((st->kind == ST_LOOP && !st->trips_min) || st->kind == ST_WHILE || st->kind == ST_IF) {
		struct transfer zero;
		transfer_identity(&zero, 0);
		if (st->kind != ST_IF || st->nchild < 2)
			transfer_meet(t, &zero);
	}
}

/* Tokens of the priming sets, taken right before the loop; then the loop; then the draining waits. */
static void
pass_loop(struct walk *k, uint32_t s, const struct transfer *t)
{
	const struct plan *p = k->p;
	const struct stmt *st = plan_stmt(p, s);
	struct row prime[PIPE_COUNT];

	for (uint32_t q = 0; q < PIPE_COUNT; q++)
		know_token(&prime[q], &k->w.row[q], (enum pipe)q, k->pos - 1);
	for (uint32_t i = p->owned[s]; i; i = p->pair.at[i].next_owned) {
		struct pair *x = &p->pair.at[i];
		x->kq = k->w.row[x->src].k[x->dst];
		x->vq = k->w.row[x->src].v >> x->dst & 1;
		x->cq = k->w.row[x->src].c >> x->dst & 1;
	}
	know_transfer(&k->w, t, k->pos, k->last);
	for (uint32_t i = p->owned[s]; i; i = p->pair.at[i].next_owned) {
		const struct pair *x = &p->pair.at[i];
		if (x->dropped)
			continue;
		const struct sblk *c = plan_blk(p, x->blk);
		uint32_t end = c->node0;
		if (x->gs) {
			const struct stmt *at = plan_stmt(p, plan_at(p, c, x->gs));
			end = at->node0 + at->nnode;
		}
		struct row token = prime[x->src];
		if (plan_count(p, (enum pipe)x->src, st->node0, st->node0 + st->nnode) ==
		    plan_count(p, (enum pipe)x->src, c->node0, end))
			token.k[x->src] = k->pos;
		know_wait(&k->w, (enum pipe)x->dst, &token);
	}
}

static void
pass(struct walk *k)
{
	const struct plan *p = k->p;
	uint32_t s = plan_at(p, k->bk, k->pos);
	const struct stmt *st = plan_stmt(p, s);

	if (st->kind == ST_SYNC)
		know_sync_op(&k->w, p->ir, st->op, k->pos);
	if (st->kind == ST_SYNC && p->given)
		given_pass(k, s);
	if (st->nchild) {
		struct transfer t;
		k->bp->entry[k->bp->entry0[k->pos]] = k->w;
		transfer_of(p, s, &t);
		if (!k->loop && p->owned[s])
			pass_loop(k, s, &t);
		else
			know_transfer(&k->w, &t, k->pos, k->last);
	}
	for (uint32_t q = 0; q < PIPE_COUNT; q++)
		if (st->pipes >> q & 1)
			k->last[q] = k->pos;
	if (p->acquires[s])
		k->last[COL_X] = k->pos;
	for (uint32_t x = st->node0; st->kind == ST_WORK && x < st->node0 + st->nnode; x++)
		if (p->sec->node.at[x].ph->drains)
			know_barrier(&k->w, P_ALL, k->pos);
	hist_save(k);
	for (uint32_t i = 0; i < k->credit.n; i++) {
		const struct pair *x = &p->pair.at[k->credit.at[i]];
		if (!x->owner && x->gw - 1 == k->pos)
			credit_pass(k, x, true);
	}
	first_note(k, k->pos + 1);
}

static uint32_t
outermost_loop(const struct plan *p, uint32_t b)
{
	uint32_t o = 0;

	for (uint32_t l = plan_blk(p, b)->loop; l; l = plan_blk(p, plan_stmt(p, l)->blk)->loop)
		o = l;
	return o;
}

static void
walk_init(struct walk *k, struct plan *p, uint32_t b)
{
	memset(k, 0, sizeof *k);
	k->p = p;
	k->b = b;
	k->bk = plan_blk(p, b);
	k->bp = &p->blk[b];
	k->owner = outermost_loop(p, b);
	know_init(&k->w);
}

static void
bplan_alloc(struct walk *k)
{
	struct plan *p = k->p;
	struct bplan *bp = k->bp;
	uint32_t n = 0, nentry = 0;

	bp->hist0 = ARENA_ARRAY(p->a, uint32_t, k->bk->nstmt + 1);
	bp->entry0 = ARENA_ARRAY(p->a, uint32_t, k->bk->nstmt + 1);
	for (uint32_t i = 1; i <= k->bk->nstmt; i++) {
		const struct stmt *st = plan_stmt(p, plan_at(p, k->bk, i));
		bp->hist0[i] = n;
		n += bit_rank(st->pipes, 8);
		if (st->nchild)
			bp->entry0[i] = ++nentry;
	}
	bp->hist = ARENA_ARRAY(p->a, struct row, n + 1);
	bp->entry = arena_alloc(p->a, (nentry + 1) * sizeof *bp->entry);
	bp->firstc = arena_alloc(p->a, NROW * sizeof *bp->firstc);
	bp->firstf = arena_alloc(p->a, NROW * sizeof *bp->firstf);
	memset(bp->firstc, 0xff, NROW * sizeof *bp->firstc);
	memset(bp->firstf, 0xff, NROW * sizeof *bp->firstf);
	for (uint32_t r = 0; r < NROW; r++) {
		bp->firstf[r][r] = 0;
	}
}

/* First entry at or behind a statement; entries are sorted by it. */
static uint32_t
same_from(const struct walk *k, uint32_t pos)
{
	uint32_t lo = 0, hi = k->same.n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (k->same.at[mid].pos < pos)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/*
 * A barrier of one pipe stands before its sink. Between source and sink other work of the pipe may stand that nobody
 * waits for with this barrier: then it moves up to right behind the latest source it serves. Only outside loops, where
 * the end of the block tells nothing to a next execution.
 */
static void
slide_barriers(struct walk *k)
{
	struct plan *p = k->p;

	for (uint32_t i = 0; i < k->step.n; i++) {
		struct stop *s = k->step.at[i].stop ? &p->stop.at[k->step.at[i].stop] : NULL;
		if (!s || s->fence || s->barrier & STOP_ALL || !s->barrier || (s->barrier & (s->barrier - 1)))
			continue;
		uint32_t q = 0, next = UINT32_MAX, src = 0;
		while (!(s->barrier >> q & 1))
			q++;
		for (uint32_t j = i + 1; j < k->step.n && next == UINT32_MAX; j++) {
			const struct stop *t = k->step.at[j].stop ? &p->stop.at[k->step.at[j].stop] : NULL;
			if (t && t->barrier & (s->barrier | STOP_ALL))
				next = t->before;
		}
		for (uint32_t j = same_from(k, s->before); j < k->same.n && k->same.at[j].pos < next; j++) {
			const struct same *d = &k->same.at[j];
			/* What a compound needs may be met inside it in part: leave its barrier alone. */
			uint32_t from = plan_stmt(p, plan_at(p, k->bk, d->pos))->nchild ? s->before - 1 : d->src;
			if (d->pipe == q && from < s->before && from > src)
				src = from;
		}
		uint32_t to = src + 1;
		while (to < s->before && !(plan_stmt(p, plan_at(p, k->bk, to))->pipes >> q & 1))
			to++;
		if (src && to < s->before)
			s->before = to;
	}
}

/* What the carried walk starts from. */
static void
end_save(struct walk *k)
{
	k->bp->end = arena_alloc(k->p->a, NROW * sizeof *k->bp->end);
	for (uint32_t r = 0; r < NROW; r++) {
		memcpy(k->bp->end[r], k->w.row[r].k, sizeof k->bp->end[r]);
		k->bp->end_vague[r] = k->w.row[r].v;
	}
}

void
plan_forward(struct plan *p, struct last *l, uint32_t b)
{
	struct walk k;
	struct needs n;

	walk_init(&k, p, b);
	bplan_alloc(&k);
	last_begin(l);
	for (k.pos = 1; k.pos <= k.bk->nstmt; k.pos++) {
		uint32_t s = plan_at(p, k.bk, k.pos);
		if (needs_border(&k))
			place_full(&k);
		needs_of(&k, l, &n);
		for (uint32_t q = 0; q < PIPE_COUNT && !k.bk->loop; q++)
			if (n.same[q])
				VEC_PUSH(p->a, &k.same, (struct same){k.pos, n.same[q], (uint8_t)q});
		serve(&k, &n);
		if (plan_stmt(p, s)->kind == ST_EXIT)
			place_exit(&k, l);
		first_note(&k, k.pos);
		pass(&k);
		for (uint32_t i = 0; i < p->nuse[s]; i++)
			last_add(l, p, p->use0[s] + i);
		last_keys(l, p, s);
	}
	if (!k.bk->loop)
		slide_barriers(&k);
	if (k.bk->loop)
		end_save(&k);
	know_summary(&k.w, k.last, &k.bp->sum);
	k.bp->step.at = k.step.at;
	k.bp->step.n = k.step.n;
	k.bp->step.cap = k.step.cap;
}

/* ---- carried ---- */

static void
replay(struct walk *k, const struct step *st)
{
	struct plan *p = k->p;
	struct row t;

	if (st->stop) {
		stop_apply(&k->w, &p->stop.at[st->stop]);
	} else if (!f5_ensure(k, st->pair)) {
		struct pair *x = &p->pair.at[st->pair];
		struct need why = {.nsrc = x->nsrc, .ndst = x->ndst, .set = x->set, .kind = x->kind};
		x->dropped = true;
		place_barrier(k, &why, STOP_ALL);
		return;
	} else {
		pair_token(k, &p->pair.at[st->pair], &t);
		know_wait(&k->w, (enum pipe)p->pair.at[st->pair].dst, &t);
	}
	VEC_PUSH(p->a, &k->step, *st);
}

/* At the head: what the previous execution knew at its end; arms also know what the parent knows of all of them. */
static void
carried_entry(struct walk *k)
{
	const struct plan *p = k->p;
	const struct stmt *par = plan_stmt(p, k->bk->parent);
	const uint8_t *all = NULL, *vague = NULL;

	if (par->kind != ST_LOOP && par->kind != ST_WHILE && p->blk[par->blk].entry_all)
		all = p->blk[par->blk].entry_all + par->pos * NROW;
	if (all)
		vague = p->blk[par->blk].entry_vague + par->pos * NROW;
	const struct bplan *up = &p->blk[par->blk];
	bool inner = plan_blk(p, par->blk)->loop != 0;

	for (uint32_t r = 0; r < NROW; r++) {
		if (inner) {
			k->w.row[r].of = up->entry[up->entry0[par->pos]].row[r].of;
			k->w.row[r].oc = up->entry[up->entry0[par->pos]].row[r].oc;
		}
		k->w.row[r].vp = k->bp->end_vague[r];
		if (all)
			k->w.row[r].vp = (uint8_t)((k->w.row[r].vp & ~all[r]) | (vague[r] & all[r]));
		for (uint32_t c = 0; c < NCOL; c++)
			k->w.row[r].kp[c] = all && all[r] >> c & 1 ? KP_ALL : k->bp->end[r][c];
	}
}

static void
entry_save(struct walk *k)
{
	uint8_t *all = k->bp->entry_all + k->pos * NROW;

	for (uint32_t r = 0; r < NROW; r++) {
		k->bp->entry_vague[k->pos * NROW + r] = k->w.row[r].vp;
		for (uint32_t c = 0; c < NCOL; c++)
			if (k->w.row[r].kp[c] >= k->pos)
				all[r] |= (uint8_t)(1u << c);
	}
}

void
plan_carried(struct plan *p, struct last *l, uint32_t b)
{
	struct walk k;
	struct needs n;
	uint32_t next = 0;

	walk_init(&k, p, b);
	k.loop = k.bk->loop;
	assert(k.loop);
	k.bp->entry_all = ARENA_ARRAY(p->a, uint8_t, (k.bk->nstmt + 1) * NROW);
	k.bp->entry_vague = ARENA_ARRAY(p->a, uint8_t, (k.bk->nstmt + 1) * NROW);
	k.bp->firstoc = arena_alloc(p->a, NROW * sizeof *k.bp->firstoc);
	k.bp->firstof = arena_alloc(p->a, NROW * sizeof *k.bp->firstof);
	memset(k.bp->firstoc, 0xff, NROW * sizeof *k.bp->firstoc);
	memset(k.bp->firstof, 0xff, NROW * sizeof *k.bp->firstof);
	carried_entry(&k);
	first_note(&k, 1);
	last_begin(l);
	for (uint32_t i = 0; i < k.bk->nstmt; i++) {
		uint32_t s = plan_at(p, k.bk, i + 1);
		for (uint32_t u = 0; u < p->nuse[s]; u++)
			last_add(l, p, p->use0[s] + u);
		last_keys(l, p, s);
	}
	for (k.pos = 1; k.pos <= k.bk->nstmt; k.pos++) {
		for (; next < k.bp->step.n && k.bp->step.at[next].before <= k.pos; next++)
			replay(&k, &k.bp->step.at[next]);
		needs_of(&k, l, &n);
		serve(&k, &n);
		first_note(&k, k.pos);
		entry_save(&k);
		pass(&k);
	}
	k.bp->step.at = k.step.at;
	k.bp->step.n = k.step.n;
	k.bp->step.cap = k.step.cap;
}
