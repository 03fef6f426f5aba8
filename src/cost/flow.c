/*
 * flow: blocks, branches and loops of the simulation.
 *
 * A loop is not run trip by trip. Between two iterations everything is in the state vector, and an iteration maps it
 * by maxima of sums: c iterations are a function F of the form max(a + t). When t0, t1 = F(t0), t2 = F(t1) lie on a
 * line t0 + k*d, then F(t0 + k*d) - (t0 + (k+1)*d) is convex in k and 0 for k = 0 and 1, so it is nowhere below 0
 * from there on; if it is 0 again at some later K, it is 0 for all k up to K. So the state may be moved K periods
 * ahead when one more period from there moves it by d again: that is exact, for slow and fast pipes, for nests and
 * for flags that rotate (periods up to period_of). Where it fails K is halved; a slower component was about to be
 * overtaken. Stalls are differences of such maxima, so the counters must grow alike before and behind the gap as
 * well.
 *
 * Nests multiply the few iterations that each level runs. A budget bounds that: beyond it loops are extrapolated from
 * one or two iterations, and the result says so.
 */
#include "cost/sim.h"

#include "base/num.h"

#include <assert.h>

/* Iterations of one period: written out by hand, and of ids that turn, as many as there are. */
enum { PERIOD = 4, PERIOD_MAX = EVENT_ID_COUNT, PATIENCE = 256 };

/* What an iteration changes: times and counters, with the loop's own part of the arrays. */
struct snapshot {
	int64_t *t;
	int64_t *counter;
};

struct loop {
	uint32_t stmt, lo, hi;	/* statements inside: [lo, hi) */
	const uint32_t *touched;
	uint32_t ntouched;
	uint32_t nt, nc;	/* sizes of a snapshot */
	uint32_t period, nat;	/* longest period looked for; snapshots that are kept for it */
	struct snapshot at[2 * PERIOD_MAX + 1];
	int64_t *now;		/* room for counters */
	uint32_t done;		/* iterations run one by one; snapshot 0 is the entry */
	uint32_t first;		/* snapshots behind this one are an unbroken row */
};

/* ---- snapshots ---- */

static uint32_t
time_index(const struct sim *s, const struct loop *l, uint32_t i)
{
	return i < s->nplain ? i : s->touch.at[l->touched[i - s->nplain]].at + s->open.n;
}

static void
counters_get(const struct sim *s, const struct loop *l, int64_t *c)
{
	for (uint32_t p = 0; p < PIPE_COUNT; p++) {
		*c++ = s->use[p].busy;
		*c++ = s->use[p].stall;
		*c++ = (int64_t)s->use[p].ops;
	}
	for (uint32_t i = l->lo; i < l->hi; i++) {
		*c++ = s->stall[i];
		*c++ = (int64_t)s->count[i];
	}
}

static void
counters_put(struct sim *s, const struct loop *l, const int64_t *c)
{
	for (uint32_t p = 0; p < PIPE_COUNT; p++) {
		s->use[p].busy = *c++;
		s->use[p].stall = *c++;
		s->use[p].ops = (uint64_t)*c++;
	}
	for (uint32_t i = l->lo; i < l->hi; i++) {
		s->stall[i] = *c++;
		s->count[i] = (uint64_t)*c++;
	}
}

static void
snapshot_take(const struct sim *s, const struct loop *l, struct snapshot *at)
{
	for (uint32_t i = 0; i < l->nt; i++)
		at->t[i] = s->t[time_index(s, l, i)];
	counters_get(s, l, at->counter);
}

static void
snapshot_restore(struct sim *s, const struct loop *l, const struct snapshot *at)
{
	for (uint32_t i = 0; i < l->nt; i++)
		s->t[time_index(s, l, i)] = at->t[i];
	counters_put(s, l, at->counter);
}

static struct snapshot *
history(struct loop *l, uint32_t iteration)
{
	assert(l->nat > 0);
	return &l->at[iteration % l->nat];
}

/* ---- extrapolation ---- */

/* Are the last three states, c iterations apart, on a line? */
static bool
on_a_line(struct loop *l, uint32_t c)
{
	const struct snapshot *x = history(l, l->done), *y = history(l, l->done - c), *z = history(l, l->done - 2 * c);

	for (uint32_t i = 0; i < l->nt; i++)
		if (x->t[i] - y->t[i] != y->t[i] - z->t[i])
			return false;
	for (uint32_t i = 0; i < l->nc; i++)
		if (x->counter[i] - y->counter[i] != y->counter[i] - z->counter[i])
			return false;
	return true;
}

static void
iteration(struct sim *s, struct loop *l)
{
	const struct stmt *st = &s->sec->stmt.at[l->stmt];

	for (uint32_t k = 0; k < st->nchild; k++)
		if (s->sec->child.at[st->child0 + k])
			sim_block(s, s->sec->child.at[st->child0 + k]);
	if (s->ideal)
		ideal_iteration(s, l->touched, l->ntouched);
	snapshot_take(s, l, history(l, ++l->done));
}

/* from + k * step, held inside a range that leaves room for sums of many steps. */
static int64_t
along(int64_t from, int64_t step, int64_t k)
{
	int64_t way, to;

	if (num_mul(step, k, &way) && num_add(from, way, &to) && to < TIME_MAX)
		return to;
	return step > 0 ? TIME_MAX : from;
}

/* Moves the state k periods of c iterations along the line. */
static void
move_ahead(struct sim *s, struct loop *l, uint32_t c, uint32_t k)
{
	const struct snapshot *x = history(l, l->done), *y = history(l, l->done - c);

	for (uint32_t i = 0; i < l->nt; i++)
		if (x->t[i] != NEVER)
			s->t[time_index(s, l, i)] = along(x->t[i], x->t[i] - y->t[i], k);
}

/* Adds the counters of k skipped periods; false when the period behind them counts otherwise than the one before. */
static bool
count_skipped(struct sim *s, struct loop *l, const struct snapshot *a, const struct snapshot *b, uint32_t k)
{
	counters_get(s, l, l->now);
	for (uint32_t i = 0; i < l->nc; i++) {
		int64_t one = b->counter[i] - a->counter[i];
		if (l->now[i] - b->counter[i] != one)
			return false;
		l->now[i] = along(l->now[i], one, k);
	}
	counters_put(s, l, l->now);
	return true;
}

static bool
moved_by_line(struct sim *s, const struct loop *l, const struct snapshot *a, const struct snapshot *b, uint32_t k)
{
	for (uint32_t i = 0; i < l->nt; i++) {
		int64_t step = b->t[i] == NEVER ? 0 : b->t[i] - a->t[i];
		if (s->t[time_index(s, l, i)] != along(b->t[i], step, (int64_t)k + 1))
			return false;
	}
	return true;
}

/*
 * Skips periods of c iterations, at most `left` iterations with the one that proves it; returns how many. The ring of
 * snapshots is long enough for the proving iterations to leave the last period alone. at: the next iteration; ids that
 * rotate are where they would be behind whole periods, for in a shorter period the flags would not be on the line.
 */
static uint32_t
skip(struct sim *s, struct loop *l, uint32_t c, uint32_t left, uint32_t at)
{
	struct snapshot a = *history(l, l->done - c), b = *history(l, l->done);

	for (uint32_t k = left / c - 1; k >= 1; k /= 2) {
		struct loop probe = *l;
		move_ahead(s, l, c, k);
		for (uint32_t i = 0; i < c; i++) {
			s->index[l->stmt] = at + i;
			iteration(s, &probe);
		}
		l->first = l->done;	/* older snapshots may be overwritten */
		if (moved_by_line(s, l, &a, &b, k) && count_skipped(s, l, &a, &b, k))
			return (k + 1) * c;
		snapshot_restore(s, l, &b);
	}
	return 0;
}

/* Skips `left` iterations by the last period without proof. */
static void
guess(struct sim *s, struct loop *l, uint32_t left)
{
	struct snapshot a = *history(l, l->done - 1), b = *history(l, l->done);

	s->res->estimated = true;
	move_ahead(s, l, 1, left);
	for (uint32_t i = 0; i < l->nc; i++)
		l->now[i] = along(b.counter[i], b.counter[i] - a.counter[i], left);
	counters_put(s, l, l->now);
}

static bool
exhausted(const struct sim *s)
{
	return s->steps > 2 * s->budget;
}

/* Is it time to stop looking for a proof? */
static bool
must_guess(const struct sim *s, const struct loop *l, uint32_t ran)
{
	if (exhausted(s))
		return true;
	return l->done >= l->first + 2 && (s->steps > s->budget || ran > PATIENCE);
}

enum { TRACE_FIRST = 2 };

/* Of a loop that is drawn, the first iterations and the last one are recorded. */
static void
trace_iteration(struct sim *s, const struct loop *l, struct cost_trace *trace, uint32_t i, uint32_t trips)
{
	bool shown = i < TRACE_FIRST || i + 1 == trips;

	if (!trace || s->ideal)
		return;
	s->trip = i + 1;
	if (shown && !s->trace)
		VEC_PUSH(s->a, &trace->gap,
			 (struct cost_gap){.before = trace->event.n, .trips = trips - 1 - TRACE_FIRST,
					   .loop = s->sec->stmt.at[l->stmt].op});
	s->trace = shown ? trace : NULL;
}

/* Runs all iterations; without a trace only as many as are needed to know them all. */
static void
iterate(struct sim *s, struct loop *l, uint32_t trips)
{
	struct cost_trace *trace = s->trace;
	uint32_t ran = 0, keep = trace ? 1 : 0;

	for (uint32_t i = 0; i < trips;) {
		trace_iteration(s, l, trace, i, trips);
		s->index[l->stmt] = i;
		iteration(s, l);
		i++;
		ran++;
		if (exhausted(s))
			keep = 0;	/* the last iterations of a nest would be as many as 2 to its depth */
		uint32_t left = trips - i > keep ? trips - i - keep : 0;
		if (s->opt->plain)
			continue;
		if (left && must_guess(s, l, ran)) {
			guess(s, l, left);
			i += left;
			continue;
		}
		if (keep && i < TRACE_FIRST)
			continue;
		for (uint32_t c = 1; c <= l->period && left >= 2 * c; c++) {
			if (l->done <= l->first + 2 * c || !on_a_line(l, c))
				continue;
			uint32_t n = skip(s, l, c, left, i);
			i += n;
			if (n)
				l->first = l->done;
			break;
		}
	}
	s->trace = trace;	/* also where the last iteration was not run */
}

static uint32_t
period_of(const struct sim *s)
{
	return s->turns ? PERIOD_MAX : PERIOD;
}

/* Loops that are not open at the same time share their memory: nothing in it is read before it is written again. */
static void
take_room(struct sim *s, struct loop *l)
{
	size_t n = l->nc + (size_t)l->nat * (l->nt + l->nc);

	while (s->room.n <= s->open.n)
		VEC_PUSH(s->a, &s->room, (struct cost_room){0});
	struct cost_room *r = &s->room.at[s->open.n];
	if (n > r->n) {
		r->n = n > 2 * r->n ? n : 2 * r->n;
		r->at = ARENA_ARRAY(s->a, int64_t, r->n);
	}
	if (l->now == r->at)
		return;
	l->now = r->at;
	for (uint32_t i = 0; i < l->nat; i++) {
		l->at[i].t = r->at + l->nc + (size_t)i * (l->nt + l->nc);
		l->at[i].counter = l->at[i].t + l->nt;
	}
}

/* Made once per statement: a loop cannot be open twice. */
static struct loop *
loop_get(struct sim *s, uint32_t stmt)
{
	struct loop *l = s->loop[stmt];

	if (!l) {
		s->loop[stmt] = l = ARENA_NEW(s->a, struct loop);
		*l = (struct loop){.stmt = stmt, .lo = stmt + 1, .hi = s->end[stmt]};
		if (s->ideal)
			l->touched = ideal_touched(s, stmt, &l->ntouched);
		l->nt = s->nplain + l->ntouched;
		l->nc = 3 * PIPE_COUNT + 2 * (l->hi - l->lo);
		l->period = period_of(s);
		l->nat = 2 * l->period + 1;
	}
	l->done = l->first = 0;
	take_room(s, l);
	return l;
}

/* The condition of a while loop runs once more than its body. */
static void
sim_loop(struct sim *s, uint32_t stmt)
{
	const struct stmt *st = &s->sec->stmt.at[stmt];
	struct loop *l = loop_get(s, stmt);

	uint32_t trip = s->trip;

	VEC_PUSH(s->a, &s->open, stmt);
	snapshot_take(s, l, history(l, 0));
	iterate(s, l, s->trips[stmt]);
	/* once more in every loop of a nest of conditions would be as many as 2 to its depth */
	bool again = st->kind == ST_WHILE && (s->opt->plain || !exhausted(s));
	if (again && s->sec->child.at[st->child0])
		sim_block(s, s->sec->child.at[st->child0]);
	if (s->ideal)
		ideal_leave(s, l->touched, l->ntouched);
	s->open.n--;
	s->trip = trip;
}

/* The branch with most work; the first one of equals. */
static void
sim_branch(struct sim *s, const struct stmt *st)
{
	uint32_t best = 0;

	s->res->branch_assumed = true;
	for (uint32_t k = 0; k < st->nchild; k++) {
		uint32_t b = s->sec->child.at[st->child0 + k];
		if (b && (!best || s->weight[b] > s->weight[best]))
			best = b;
	}
	if (best)
		sim_block(s, best);
}

/* Recursion over nesting only. */
void
sim_block(struct sim *s, uint32_t blk)
{
	const struct sblk *b = &s->sec->blk.at[blk];

	for (uint32_t k = 0; k < b->nstmt; k++) {
		uint32_t i = s->sec->order.at[b->stmt0 + k];
		const struct stmt *st = &s->sec->stmt.at[i];
		s->steps++;
		switch ((enum stmt_kind)st->kind) {
		case ST_WORK:
		case ST_SYNC:
		case ST_CALL:
		case ST_EXIT:
			sim_leaf(s, i);
			break;
		case ST_LOOP:
		case ST_WHILE:
			sim_loop(s, i);
			break;
		case ST_IF:
		case ST_CHOICE:
			sim_branch(s, st);
			break;
		case ST_ONCE:
			if (s->sec->child.at[st->child0])
				sim_block(s, s->sec->child.at[st->child0]);
			break;
		}
	}
}
