/* tune: see tune.h. */
#include "driver/tune.h"

#include <stdlib.h>

#include "cost/trial.h"
#include "driver/pairs.h"
#include "driver/prune.h"

/* Ops of a function that is tuned at all, statements simulated, proofs asked for. */
enum { TUNE_LARGE = 600, TUNE_STEPS = 6000, TUNE_PROOFS = 4, TUNE_ROUNDS = 3, GAP_MAX = 16 };

/* What a statement is. Any other synchronisation, and what the user has written, divides: nothing moves over it. */
enum sync_kind { SK_WORK, SK_NEST, SK_SET, SK_WAIT, SK_BARRIER, SK_DIVIDES };

struct sync_stmt {
	uint8_t kind;		/* enum sync_kind */
	uint8_t src, dst;	/* pipes; barriers: dst */
	uint8_t eid;
};

/* Statement `stmt` was put in front of statement `next`, `by` places up in its block. */
struct move {
	uint32_t stmt, next;
	uint32_t at, by;	/* index into sec->order of where it stands now */
};

/* A sync_pair in statements. */
struct pair {
	uint32_t group;
	uint32_t set[ARMS], wait[ARMS], prime, drain;
	uint8_t src, dst, eid;
};

struct tune {
	struct arena *a;
	struct ir *ir;
	const struct proving *by;
	const struct cost_model *model;
	struct sync_result *res;
	struct cost_trial *t;
	struct section *sec;
	struct sync_stmt *sync;	/* per statement */
	bool *gone;		/* per statement: merged away */
	int64_t now;		/* makespan */
	uint32_t proofs;
	VEC(struct move) move;	/* not yet done in the IR */
	VEC(struct pair) pair;
};

/* ---- statements ---- */

static struct sync_stmt
sync_stmt_of(const struct tune *k, const struct stmt *st)
{
	struct sync_stmt s = {.kind = SK_DIVIDES};
	enum pipe src, dst;
	uint32_t eid;

	if (st->nchild)
		return (struct sync_stmt){.kind = SK_NEST};
	if (st->kind == ST_WORK)
		return (struct sync_stmt){.kind = SK_WORK};
	if (st->kind != ST_SYNC || !(ir_op(k->ir, st->op)->flags & OPD_SYNC))
		return s;
	enum op_id id = op_id(k->ir, st->op);
	if ((id != OP_SET_FLAG && id != OP_WAIT_FLAG && id != OP_BARRIER) || !op_flag(k->ir, st->op, &src, &dst, &eid))
		return s;
	if (id == OP_BARRIER)
		dst = src;
	s.src = (uint8_t)src;
	s.dst = (uint8_t)dst;
	s.eid = (uint8_t)eid;
	if (id == OP_SET_FLAG)
		s.kind = SK_SET;
	else if (dst < PIPE_COUNT && dst != P_S)
		s.kind = id == OP_BARRIER ? SK_BARRIER : SK_WAIT;
	return s;
}

static bool
same_flag(const struct sync_stmt *a, const struct sync_stmt *b)
{
	return a->src == b->src && a->dst == b->dst && a->eid == b->eid;
}

/* Does it hold pipe q? */
static bool
holds(const struct sync_stmt *s, uint32_t q)
{
	return (s->kind == SK_WAIT || s->kind == SK_BARRIER) && s->dst == q;
}

static int64_t
price(const struct tune *k, const struct sync_stmt *s)
{
	return s->kind == SK_BARRIER ? k->model->barrier_pipe : k->model->flag;
}

static int64_t
max64(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* ---- moving ---- */

/* The statement at index `from` of sec->order goes up to index `to`. */
static void
move_up(struct tune *k, uint32_t from, uint32_t to)
{
	uint32_t *o = k->sec->order.at, stmt = o[from];

	VEC_PUSH(k->a, &k->move, (struct move){stmt, o[to], to, from - to});
	memmove(&o[to + 1], &o[to], (from - to) * sizeof *o);
	o[to] = stmt;
}

static void
undo_moves(struct tune *k, uint32_t n)
{
	uint32_t *o = k->sec->order.at;

	while (k->move.n > n) {
		const struct move *m = &k->move.at[--k->move.n];
		memmove(&o[m->at], &o[m->at + 1], m->by * sizeof *o);
		o[m->at + m->by] = m->stmt;
	}
}

static bool
may_run(const struct tune *k)
{
	return cost_trial_steps(k->t) < TUNE_STEPS;
}

/* Is the section faster than before? Then it stays as it is now. */
static bool
faster(struct tune *k)
{
	int64_t t = cost_trial_run(k->t);

	if (t >= k->now)
		return false;
	k->now = t;
	return true;
}

/* Brings the IR up to date; without a proof everything since the last time is taken back. */
static bool
commit(struct tune *k)
{
	struct op_place *at = ARENA_ARRAY(k->a, struct op_place, k->move.n + 1);
	uint32_t n = 0;

	for (; n < k->move.n; n++) {
		const struct move *m = &k->move.at[n];
		at[n] = ir_take(k->ir, k->sec->stmt.at[m->stmt].op);
		ir_insert_before(k->ir, k->sec->stmt.at[m->next].op, at[n].op);
	}
	bool good = !n || proving_holds(k->by);
	while (!good && n--) {
		ir_unlink(k->ir, at[n].op);
		ir_put_back(k->ir, at[n]);
	}
	if (!good)
		undo_moves(k, 0);
	k->move.n = 0;
	return good;
}

/* ---- what stands together ---- */

/* When the pipe goes on behind statements that it reaches at `t`. */
static int64_t
time_behind(const struct tune *k, int64_t t, const uint32_t *stmt, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		t = max64(t, cost_trial_seen(k->t, stmt[i])->ready) + price(k, &k->sync[stmt[i]]);
	return t;
}

/* By when what they wait for happens: the order in which the last one is through first. */
static void
sort_by_ready(const struct tune *k, const uint32_t *from, uint32_t *to, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		int64_t ready = cost_trial_seen(k->t, from[i])->ready;
		uint32_t m = i;
		for (; m > 0 && cost_trial_seen(k->t, to[m - 1])->ready > ready; m--)
			to[m] = to[m - 1];
		to[m] = from[i];
	}
}

/* May the statement at index `from` go up to index `to`? A wait stays behind its set. */
static bool
may_pass(const struct tune *k, uint32_t from, uint32_t to)
{
	const uint32_t *o = k->sec->order.at;
	const struct sync_stmt *s = &k->sync[o[from]];

	for (uint32_t i = to; i < from && s->kind == SK_WAIT; i++) {
		const struct sync_stmt *x = &k->sync[o[i]];
		if ((x->kind == SK_SET || x->kind == SK_WAIT) && same_flag(x, s))
			return false;
	}
	return true;
}

/* Puts what holds pipe q in sec->order[lo, hi) into the best order; no set of q is between. True: something moved. */
static bool
sort_holders(struct tune *k, uint32_t lo, uint32_t hi, uint32_t q)
{
	const uint32_t *o = k->sec->order.at;
	uint32_t at[GAP_MAX], old[GAP_MAX], best[GAP_MAX], n = 0, before = k->move.n;

	for (uint32_t i = lo; i < hi && n < GAP_MAX; i++) {
		if (!holds(&k->sync[o[i]], q) || k->gone[o[i]])
			continue;
		if (!cost_trial_seen(k->t, o[i])->ran)
			return false;
		at[n] = i;
		old[n++] = o[i];
	}
	if (n < 2)
		return false;
	int64_t from = cost_trial_seen(k->t, old[0])->at;
	sort_by_ready(k, old, best, n);
	if (time_behind(k, from, best, n) >= time_behind(k, from, old, n))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t is = at[i];
		while (is < hi && o[is] != best[i])
			is++;
		if (is < hi && is > at[i] && may_pass(k, is, at[i]))
			move_up(k, is, at[i]);
	}
	return k->move.n > before;
}

/* sec->order[lo, hi): flags and barriers of pipes. Per pipe, sets divide: what they announce may not get less. */
static uint32_t
sort_gap(struct tune *k, uint32_t lo, uint32_t hi, uint32_t only, uint32_t seen)
{
	uint32_t n = 0;

	for (uint32_t q = 0; q < PIPE_COUNT; q++) {
		uint32_t from = lo, moves = k->move.n;
		bool moved = false;
		for (uint32_t i = lo; i <= hi; i++) {
			const struct sync_stmt *s = i < hi ? &k->sync[k->sec->order.at[i]] : NULL;
			if (s && !(s->kind == SK_SET && s->src == q))
				continue;
			moved = sort_holders(k, from, i, q) || moved;
			from = i + 1;
		}
		if (!moved)
			continue;
		if (only != UINT32_MAX && only != seen + n)
			undo_moves(k, moves);
		n++;
	}
	return n;
}

/* Sorts all gaps, or only the one with that number among those where it helps; returns how many those are. */
static uint32_t
sort_gaps(struct tune *k, uint32_t only)
{
	const struct section *sec = k->sec;
	uint32_t n = 0;

	for (uint32_t b = 1; b < sec->blk.n; b++) {
		const struct sblk *bk = &sec->blk.at[b];
		uint32_t end = bk->stmt0 + bk->nstmt;
		for (uint32_t i = bk->stmt0, j; i < end; i = j + 1) {
			for (j = i; j < end && k->sync[sec->order.at[j]].kind > SK_NEST &&
				    k->sync[sec->order.at[j]].kind < SK_DIVIDES;)
				j++;
			if (j - i > 1)
				n += sort_gap(k, i, j, only, n);
		}
	}
	return n;
}

static void
tune_gaps(struct tune *k)
{
	uint32_t good = k->move.n;

	for (uint32_t round = 0; round < TUNE_ROUNDS && may_run(k); round++) {
		uint32_t n = sort_gaps(k, UINT32_MAX);
		if (!n)
			break;
		if (faster(k)) {
			good = k->move.n;
			continue;
		}
		undo_moves(k, good);
		cost_trial_run(k->t);
		for (uint32_t i = 0; i < n && n > 1 && may_run(k); i++) {
			sort_gaps(k, i);
			if (faster(k)) {
				good = k->move.n;
			} else {
				undo_moves(k, good);
				cost_trial_run(k->t);
			}
		}
		break;
	}
	cost_trial_run(k->t);
}

/*
 * Even a change within a gap needs a proof: whether a flag may be set again can hang on which of a barrier and a wait
 * comes first.
 */
static void
tune_order(struct tune *k)
{
	int64_t before = k->now;

	tune_gaps(k);
	if (k->move.n && !commit(k)) {
		k->now = before;
		cost_trial_run(k->t);
	}
}

/* ---- pairs ---- */

/* A flag of the section. */
struct flag_stmt {
	uint32_t op, stmt;
};

static int
flag_cmp(const void *pa, const void *pb)
{
	const struct flag_stmt *a = pa, *b = pb;

	return a->op < b->op ? -1 : a->op > b->op;
}

struct flag_stmts {
	struct flag_stmt *at;
	uint32_t n;
};

/* The statement of an op, 0 when it has none; then *missing is set, unless there is no op. */
static uint32_t
stmt_of(const struct flag_stmts *f, struct op o, bool *missing)
{
	const struct flag_stmt key = {.op = o.i}, *m = NULL;

	if (o.i && f->n)
		m = bsearch(&key, f->at, f->n, sizeof *f->at, flag_cmp);
	*missing = *missing || (o.i && !m);
	return m ? m->stmt : 0;
}

static uint32_t
blk_of(const struct tune *k, uint32_t stmt)
{
	return stmt ? k->sec->stmt.at[stmt].blk : 0;
}

/* The block in which a set or wait stands once, be it in two arms. */
static uint32_t
blk_over(const struct tune *k, const uint32_t at[ARMS])
{
	uint32_t b = blk_of(k, at[0]);

	return at[1] ? k->sec->stmt.at[k->sec->blk.at[b].parent].blk : b;
}

static void
find_pairs(struct tune *k)
{
	struct flag_stmts flag = {ARENA_ARRAY(k->a, struct flag_stmt, k->sec->stmt.n), 0};
	struct sync_pairs found = {0};

	for (uint32_t i = 1; i < k->sec->stmt.n; i++)
		if (k->sync[i].kind == SK_SET || k->sync[i].kind == SK_WAIT)
			flag.at[flag.n++] = (struct flag_stmt){k->sec->stmt.at[i].op.i, i};
	if (flag.n)
		qsort(flag.at, flag.n, sizeof *flag.at, flag_cmp);
	pairs_find(k->a, k->ir, k->res, &found);
	for (uint32_t i = 0; i < found.all.n; i++) {
		const struct sync_pair *p = &found.all.at[i];
		bool missing = false;
		struct pair x = {.group = p->group, .src = (uint8_t)p->src, .dst = (uint8_t)p->dst,
				 .eid = (uint8_t)p->eid, .prime = stmt_of(&flag, p->prime, &missing),
				 .drain = stmt_of(&flag, p->drain, &missing)};
		for (uint32_t arm = 0; arm < ARMS; arm++) {
			x.set[arm] = stmt_of(&flag, p->set[arm], &missing);
			x.wait[arm] = stmt_of(&flag, p->wait[arm], &missing);
		}
		if (!missing)
			VEC_PUSH(k->a, &k->pair, x);
	}
}

/* Some statements, in no order. */
struct some {
	uint32_t at[2 * ARMS + 2], n;
};

/* Two pairs made one: what stays (later sets, earlier waits) and what goes. */
struct merger {
	struct pair one;
	struct some stay, go;
};

static void
add_all(struct some *x, const uint32_t *at, uint32_t n)
{
	for (uint32_t i = 0; i < n && at[i]; i++)
		x->at[x->n++] = at[i];
}

/* Where the statement, or the one it stands in, is in block b. */
static uint32_t
place_in(const struct tune *k, const uint32_t *place, uint32_t stmt, uint32_t b)
{
	while (blk_of(k, stmt) != b)
		stmt = k->sec->blk.at[blk_of(k, stmt)].parent;
	return place[stmt];
}

/* The later or the earlier of two sets or waits that stand in the same block, or in arms there: it stays. */
static bool
part(const struct tune *k, const uint32_t *place, const uint32_t *a, const uint32_t *b, bool later, uint32_t *one,
     struct merger *m)
{
	uint32_t home = blk_over(k, a);

	if (!!a[1] == !!b[1]) {
		for (uint32_t i = 0; i < ARMS && a[i]; i++) {
			uint32_t c = b[a[1] && blk_of(k, b[0]) != blk_of(k, a[i])];
			if (blk_of(k, c) != blk_of(k, a[i]))
				return false;
			bool first = (place[a[i]] > place[c]) == later;
			one[i] = first ? a[i] : c;
			add_all(&m->go, first ? &c : &a[i], 1);
		}
	} else {
		bool first = (place_in(k, place, a[0], home) > place_in(k, place, b[0], home)) == later;
		memcpy(one, first ? a : b, ARMS * sizeof *one);
		add_all(&m->go, first ? b : a, ARMS);
	}
	add_all(&m->stay, one, ARMS);
	return true;
}

/* Has what the wait waits for happened when the pipe comes to `from`, the last time they ran? */
static bool
is_ready(const struct tune *k, const uint32_t wait[ARMS], const struct cost_seen *from)
{
	for (uint32_t i = 0; i < ARMS && wait[i]; i++) {
		const struct cost_seen *e = cost_trial_seen(k->t, wait[i]);
		if (e->ran)
			return e->ready < from->at + k->model->flag;
	}
	return false;
}

static const struct cost_seen *
seen_of(const struct tune *k, const uint32_t wait[ARMS])
{
	const struct cost_seen *e = cost_trial_seen(k->t, wait[0]);

	return e->ran || !wait[1] ? e : cost_trial_seen(k->t, wait[1]);
}

/*
 * Can they be one, and does the earlier wait find both sets done, the last time it ran? Else the pipe would stand there
 * for longer than the other wait takes.
 */
static bool
merger_of(const struct tune *k, const uint32_t *place, const struct pair *a, const struct pair *b, struct merger *m)
{
	uint32_t home = blk_over(k, a->set);

	if (a->src != b->src || a->dst != b->dst || a->eid == b->eid || home != blk_over(k, b->set) ||
	    blk_of(k, a->prime) != blk_of(k, b->prime))
		return false;
	*m = (struct merger){.one = *a};
	if (!part(k, place, a->set, b->set, true, m->one.set, m) ||
	    !part(k, place, a->wait, b->wait, false, m->one.wait, m))
		return false;
	if (a->prime) {
		const uint32_t prime[2][ARMS] = {{a->prime}, {b->prime}}, drain[2][ARMS] = {{a->drain}, {b->drain}};
		uint32_t one[ARMS] = {0};
		part(k, place, prime[0], prime[1], true, one, m);
		m->one.prime = one[0];
		part(k, place, drain[0], drain[1], false, one, m);
		m->one.drain = one[0];
	} else if (place_in(k, place, m->one.set[0], home) > place_in(k, place, m->one.wait[0], home)) {
		return false;
	}
	const struct cost_seen *from = seen_of(k, m->one.wait);
	return from->ran && is_ready(k, a->wait, from) && is_ready(k, b->wait, from);
}

/* In the simulation: `go` is left out or back, the ops that stay use the flag of the first pair. */
static void
merger_try(struct tune *k, const struct merger *m, uint32_t old[], bool back)
{
	uint32_t flag = cost_trial_flag(k->t, m->stay.at[0], 0);

	for (uint32_t i = 0; i < m->go.n; i++) {
		cost_trial_drop(k->t, m->go.at[i], !back);
		k->gone[m->go.at[i]] = !back;
	}
	for (uint32_t i = 0; i < m->stay.n; i++) {
		if (back)
			cost_trial_flag(k->t, m->stay.at[i], old[i]);
		else
			old[i] = cost_trial_flag(k->t, m->stay.at[i], flag);
	}
}

static void
set_event(struct tune *k, uint32_t stmt, uint32_t eid)
{
	struct op o = k->sec->stmt.at[stmt].op;

	op_attr_set(k->ir, o, k->ir->name.event_id, attr_enum(&k->ir->attrs, EN_EVENT, (int32_t)eid));
}

/* The statement that does now what `stmt` did: of the same kind, and a prime for a prime. */
static uint32_t
heir_of(const struct tune *k, const struct merger *m, const struct pair *gone, uint32_t stmt)
{
	const struct pair *x = &m->one;
	const uint32_t *at = k->sync[stmt].kind == SK_SET ? x->set : x->wait;

	if (gone->prime == stmt)
		return x->prime;
	if (gone->drain == stmt)
		return x->drain;
	return at[at[1] && blk_of(k, at[0]) != blk_of(k, stmt)];
}

/* What the ops that go were for, the ones that stay are for now. */
static void
merger_reasons(struct tune *k, const struct merger *m, const struct pair *a, const struct pair *b)
{
	for (uint32_t i = 0; i < k->res->why.n; i++) {
		struct sync_why *w = &k->res->why.at[i];
		bool of_a = w->group == a->group;
		if (!of_a && w->group != b->group)
			continue;
		w->group = m->one.group;
		for (uint32_t j = 0; j < m->go.n; j++) {
			uint32_t stmt = m->go.at[j];
			if (w->sync.i != k->sec->stmt.at[stmt].op.i)
				continue;
			w->sync = k->sec->stmt.at[heir_of(k, m, of_a ? a : b, stmt)].op;
			break;
		}
	}
}

/* In the IR, if the checker agrees. */
static bool
merger_commit(struct tune *k, const struct merger *m, const struct pair *a, const struct pair *b)
{
	struct op_place at[2 * ARMS + 2];
	uint32_t n = 0, eid = a->eid < b->eid ? a->eid : b->eid;

	for (; n < m->go.n; n++)
		at[n] = ir_take(k->ir, k->sec->stmt.at[m->go.at[n]].op);
	for (uint32_t i = 0; i < m->stay.n; i++)
		set_event(k, m->stay.at[i], eid);
	k->proofs++;
	if (proving_holds(k->by)) {
		for (uint32_t i = 0; i < m->stay.n; i++)
			k->sync[m->stay.at[i]].eid = (uint8_t)eid;
		merger_reasons(k, m, a, b);
		return true;
	}
	while (n--)
		ir_put_back(k->ir, at[n]);
	for (uint32_t i = 0; i < m->stay.n; i++)
		set_event(k, m->stay.at[i], k->sync[m->stay.at[i]].eid);
	return false;
}

static bool
merge(struct tune *k, const uint32_t *place, struct pair *a, struct pair *b)
{
	struct merger m;
	uint32_t old[2 * ARMS + 2];
	int64_t before = k->now;

	if (!merger_of(k, place, a, b, &m))
		return false;
	merger_try(k, &m, old, false);
	if (faster(k) && merger_commit(k, &m, a, b)) {
		*a = m.one;
		a->eid = k->sync[m.one.set[0]].eid;
		return true;
	}
	merger_try(k, &m, old, true);
	k->now = before;
	cost_trial_run(k->t);
	return false;
}

/* Each pair with the later ones; a merged one goes on with those. */
static bool
tune_pairs(struct tune *k)
{
	uint32_t *place = ARENA_ARRAY(k->a, uint32_t, k->sec->stmt.n), found = 0;

	find_pairs(k);
	for (uint32_t i = 0; i < k->sec->order.n; i++)
		place[k->sec->order.at[i]] = i;
	for (uint32_t i = 0; i < k->pair.n; i++) {
		for (uint32_t j = i + 1; j < k->pair.n && may_run(k) && k->proofs < TUNE_PROOFS;) {
			if (!merge(k, place, &k->pair.at[i], &k->pair.at[j])) {
				j++;
				continue;
			}
			found++;
			k->pair.n--;
			memmove(&k->pair.at[j], &k->pair.at[j + 1], (k->pair.n - j) * sizeof *k->pair.at);
		}
	}
	return found != 0;
}

/* ---- primes ---- */

/* Index of sec->order up to which the prime at index i could move: over work and waits of its pipe, not over more. */
static uint32_t
above_work(const struct tune *k, uint32_t first, uint32_t i)
{
	const uint32_t *o = k->sec->order.at;
	const struct sync_stmt *s = &k->sync[o[i]];
	uint32_t to = i;

	for (uint32_t j = i; j-- > first;) {
		const struct sync_stmt *x = &k->sync[o[j]];
		if (x->kind == SK_NEST || x->kind == SK_DIVIDES ||
		    ((x->kind == SK_SET || x->kind == SK_WAIT) && same_flag(x, s)))
			break;
		if (x->kind == SK_WORK && k->sec->stmt.at[o[j]].pipes >> s->src & 1)
			to = j;
	}
	return to;
}

/* The op of pipe q nearest to index i of sec->order: in front of it, or behind it, be it inside a loop. */
static struct op
nearest_work(const struct tune *k, uint32_t i, uint32_t q, bool behind)
{
	const struct section *sec = k->sec;
	const struct stmt *st = &sec->stmt.at[sec->order.at[i]];
	const struct sblk *bk = &sec->blk.at[st->blk];

	for (uint32_t j = i; j >= bk->stmt0 && j < bk->stmt0 + bk->nstmt; j += behind ? 1 : UINT32_MAX) {
		st = &sec->stmt.at[sec->order.at[j]];
		for (uint32_t x = st->node0; x < st->node0 + st->nnode; x++)
			if (sec->node.at[x].ph->pipe == q)
				return sec->node.at[x].ph->op;
	}
	return (struct op){0};
}

/*
 * A prime can stand behind work of its pipe that the first iteration needs only on that same pipe: what waits for it
 * gives way to that pipe again. Then it moves up, and a barrier where it stood does the rest.
 */
static bool
split_prime(struct tune *k, const struct cost_opt *cost, uint32_t i, uint32_t to)
{
	const struct section *sec = k->sec;
	uint32_t group = 0, q = k->sync[sec->order.at[i]].src;
	struct op set = sec->stmt.at[sec->order.at[i]].op, bar = ir_barrier(k->ir, (enum pipe)q);
	struct sync_why w = {.sync = bar, .kind = 'B', .src = nearest_work(k, i, q, false),
			     .dst = nearest_work(k, i, q, true)};
	struct op_place at = ir_take(k->ir, set);

	ir_insert_before(k->ir, sec->stmt.at[sec->order.at[to]].op, set);
	if (proving_holds(k->by))
		return true;
	ir_op(k->ir, bar)->flags |= OPD_SYNC;
	ir_put_back(k->ir, (struct op_place){bar, at.next, at.blk});
	if (proving_holds(k->by) &&
	    cost_makespan(k->a, k->ir, k->by->ac, k->by->func, k->by->core, cost) < k->now) {
		for (uint32_t n = 0; n < k->res->why.n; n++)
			if (k->res->why.at[n].group >= group)
				group = k->res->why.at[n].group + 1;
		w.group = group;
		VEC_PUSH(k->a, &k->res->why, w);
		prune_recount(k->a, k->ir, k->res);
		return true;
	}
	ir_unlink(k->ir, bar);
	ir_unlink(k->ir, set);
	ir_put_back(k->ir, at);
	return false;
}

static bool
is_prime(const struct tune *k, uint32_t stmt)
{
	for (uint32_t i = 0; i < k->res->why.n; i++)
		if (k->res->why.at[i].prime && k->res->why.at[i].sync.i == k->sec->stmt.at[stmt].op.i)
			return true;
	return false;
}

/* One prime that is in the way of V, if there is one: then the section is to be looked at anew. */
static bool
tune_primes(struct tune *k, const struct cost_opt *cost)
{
	const struct section *sec = k->sec;

	for (uint32_t b = 1; b < sec->blk.n; b++) {
		const struct sblk *bk = &sec->blk.at[b];
		for (uint32_t j = bk->stmt0; j < bk->stmt0 + bk->nstmt && may_run(k); j++) {
			const struct sync_stmt *s = &k->sync[sec->order.at[j]];
			uint32_t to;
			if (s->kind != SK_SET || s->src != P_V || (to = above_work(k, bk->stmt0, j)) == j ||
			    !is_prime(k, sec->order.at[j]))
				continue;
			move_up(k, j, to);
			int64_t t = cost_trial_run(k->t);
			undo_moves(k, 0);
			if (t + k->model->barrier_pipe < k->now && split_prime(k, cost, j, to))
				return true;
		}
	}
	return false;
}

static bool
tune_open(struct tune *k, const struct cost_opt *cost)
{
	const struct proving *by = k->by;

	k->t = cost_trial_new(by->a, by->ir, by->ac, by->func, by->core, cost);
	if (!k->t)
		return false;
	k->sec = cost_trial_section(k->t);
	k->sync = ARENA_ARRAY(by->a, struct sync_stmt, k->sec->stmt.n);
	k->gone = ARENA_ARRAY(by->a, bool, k->sec->stmt.n);
	for (uint32_t i = 1; i < k->sec->stmt.n; i++)
		k->sync[i] = sync_stmt_of(k, &k->sec->stmt.at[i]);
	k->now = cost_trial_run(k->t);
	return true;
}

void
tune_section(const struct proving *by, const struct cost_opt *cost, struct sync_result *res)
{
	struct tune k = {.a = by->a, .ir = by->ir, .by = by, .model = cost->model, .res = res};

	if (!res->why.n || by->size > TUNE_LARGE || !tune_open(&k, cost))
		return;
	if (tune_primes(&k, cost))
		tune_open(&k, cost);
	tune_order(&k);
	if (tune_pairs(&k)) {
		prune_recount(by->a, by->ir, res);
		tune_order(&k);
	}
	ir_renumber(by->ir, by->func);
}
