/*
 * ideal: the bound in which only true conflicts cost time. The program runs without its synchronisation; each piece
 * of work starts when its pipe is free, S has issued it, and every earlier piece it conflicts with is complete.
 *
 * Completion times of one pipe never decrease, so per byte set, pipe and kind of access the latest touch stands for
 * all. Touches are kept apart by which open loop's earlier iterations they belong to, because that decides whether
 * bytes overlap. A second such run lets every conflict cost one flag or barrier: no plan can do with less, because a
 * wait ends `flag` after its flag has fired, and a barrier `barrier_pipe` after the work before it is complete.
 *
 * Sets with too many neighbours are compared by class: then the bound may come out too high, never
 * wrong by order of evaluation.
 */
#include "cost/sim.h"

static int64_t
max64(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static uint8_t
touch_rw(const struct acc *x)
{
	return x->rw & (ACC_READ | ACC_WRITE | ACC_ATOMIC);
}

static uint32_t
touch_get(struct sim *s, uint32_t index, uint32_t set, uint8_t pipe, uint8_t rw)
{
	for (uint32_t i = s->touch_of[index]; i; i = s->touch.at[i].next)
		if (s->touch.at[i].pipe == pipe && s->touch.at[i].rw == rw)
			return i;
	VEC_PUSH(s->a, &s->touch, (struct touch){.set = set, .pipe = pipe, .rw = rw, .next = s->touch_of[index]});
	return s->touch_of[index] = s->touch.n - 1;
}

/* Index into touch_of. Classes of a function are numbered without gaps, but for class 0 (any place in GM). */
static uint32_t
set_index(const struct sim *s, uint32_t set)
{
	return set - s->set0;
}

static uint32_t
class_index(const struct sim *s, uint32_t set)
{
	uint32_t class = access_class(s->ac, set);

	return s->nset + (class ? class - s->class0 + 1 : 0);
}

/* Sizes touch_of; returns, by index into it, the classes with a set that is compared by class. */
static bool *
wide_classes(struct sim *s)
{
	uint32_t end = access_sets(s->ac, s->sec->func, &s->set0), last = 0, n;
	bool *wide, all;

	s->nset = end - s->set0;
	s->class0 = UINT32_MAX;
	for (uint32_t set = s->set0; set < end; set++) {
		uint32_t class = access_class(s->ac, set);
		if (class && class < s->class0)
			s->class0 = class;
		if (class > last)
			last = class;
	}
	n = s->nset + 2 + (last ? last - s->class0 : 0);
	s->touch_of = ARENA_ARRAY(s->a, uint32_t, n);
	wide = ARENA_ARRAY(s->a, bool, n);
	for (uint32_t set = s->set0; set < end; set++) {
		access_near(s->ac, set, &n, &all);
		if (all)
			wide[class_index(s, set)] = true;
	}
	return wide;
}

static void
find_touches(struct sim *s)
{
	const struct section *sec = s->sec;
	uint32_t nacc = 0, n;
	const bool *wide = wide_classes(s);

	s->node_acc0 = ARENA_ARRAY(s->a, uint32_t, sec->node.n + 1);
	VEC_ADD(s->a, &s->touch, 1);
	for (uint32_t i = 1; i < sec->node.n; i++) {
		s->node_acc0[i] = nacc;
		nacc += sec->node.at[i].ph->nacc;
	}
	s->node_acc0[sec->node.n] = nacc;
	s->acc_touch = ARENA_ARRAY(s->a, uint32_t, 2 * nacc);
	for (uint32_t i = 1; i < sec->node.n; i++) {
		const struct node *d = &sec->node.at[i];
		const struct acc *x = access_accs(s->ac, d->ph, &n);
		for (uint32_t k = 0; k < n; k++) {
			uint32_t *t = &s->acc_touch[2 * (s->node_acc0[i] + k)], class = class_index(s, x[k].set);
			uint32_t depth = sec->blk.at[d->blk].depth, set = x[k].set;
			t[0] = touch_get(s, set_index(s, set), set, d->ph->pipe, touch_rw(&x[k]));
			t[1] = wide[class] ? touch_get(s, class, set, d->ph->pipe, touch_rw(&x[k])) : 0;
			for (uint32_t j = 0; j < 2; j++)
				if (s->touch.at[t[j]].depth < depth)
					s->touch.at[t[j]].depth = depth;
		}
	}
}

/* The touches of one loop's body, each once. */
static uint32_t
list_touches(struct sim *s, const struct stmt *st, uint32_t stamp, uint32_t *seen, uint32_t *list)
{
	uint32_t n = 0;

	for (uint32_t i = 2 * s->node_acc0[st->node0]; i < 2 * s->node_acc0[st->node0 + st->nnode]; i++) {
		uint32_t t = s->acc_touch[i];
		if (t && seen[t] != stamp) {
			seen[t] = stamp;
			list[n++] = t;
		}
	}
	return n;
}

static void
find_loop_touches(struct sim *s)
{
	const struct section *sec = s->sec;
	uint32_t *seen = ARENA_ARRAY(s->a, uint32_t, s->touch.n), *list = ARENA_ARRAY(s->a, uint32_t, s->touch.n);
	VEC(uint32_t) all = {NULL, 0, 0};

	s->loop_touch0 = ARENA_ARRAY(s->a, uint32_t, sec->stmt.n);
	s->loop_ntouch = ARENA_ARRAY(s->a, uint32_t, sec->stmt.n);
	for (uint32_t i = 1; i < sec->stmt.n; i++) {
		const struct stmt *st = &sec->stmt.at[i];
		if ((st->kind != ST_LOOP && st->kind != ST_WHILE) || !st->nnode)
			continue;
		uint32_t n = list_touches(s, st, i, seen, list);
		s->loop_touch0[i] = all.n;
		s->loop_ntouch[i] = n;
		VEC_ADD(s->a, &all, n);
		if (n)
			memcpy(all.at + s->loop_touch0[i], list, n * sizeof *list);
	}
	s->loop_touch = all.at;
}

void
ideal_init(struct sim *s)
{
	find_touches(s);
	find_loop_touches(s);
	for (uint32_t i = 1; i < s->touch.n; i++) {
		s->touch.at[i].at = s->nt;
		s->nt += s->touch.at[i].depth + 1;
	}
}

const uint32_t *
ideal_touched(const struct sim *s, uint32_t stmt, uint32_t *n)
{
	*n = s->loop_ntouch[stmt];
	return s->loop_touch ? s->loop_touch + s->loop_touch0[stmt] : NULL;
}

/* Loop whose earlier iterations level d stands for; 0 for the current iteration. */
static struct op
level_loop(const struct sim *s, uint32_t d)
{
	return d ? s->sec->stmt.at[s->open.at[d - 1]].op : (struct op){0};
}

/* What it costs at least that the work of a phase waits for that of an earlier one: one flag, or one barrier. */
static int64_t
order_price(const struct sim *s, const struct touch *e, const struct phase *ph)
{
	if (!s->priced || e->ph->op.i == ph->op.i)
		return 0;
	return e->pipe != ph->pipe ? s->m->flag : ph->pipe != P_S ? s->m->barrier_pipe : 0;
}

/* Latest completion that x must wait for among the touches of a list. */
static int64_t
after_touches(struct sim *s, uint32_t list, bool class, const struct phase *ph, const struct acc *x, int64_t start)
{
	for (uint32_t i = list; i; i = s->touch.at[i].next) {
		const struct touch *e = &s->touch.at[i];
		if (!acc_conflicts(e->rw, x->rw) || !e->ph)
			continue;
		for (uint32_t d = 0; d <= e->depth && d <= s->open.n; d++) {
			int64_t when = s->t[e->at + d];
			if (when == NEVER || (when += order_price(s, e, ph)) <= start)
				continue;
			if (e->pipe == ph->pipe &&
			    !access_same_pipe_hazard(s->ac, e->ph, e->acc, ph, x, d > 0, s->opt->same_pipe))
				continue;
			if (class || access_overlap(s->ac, e->set, x->set, level_loop(s, d), e->pipe == P_S,
						    ph->pipe == P_S))
				start = when;
		}
	}
	return start;
}

int64_t
ideal_start(struct sim *s, uint32_t node, int64_t start)
{
	const struct phase *ph = s->sec->node.at[node].ph;
	uint32_t n, nnear;
	const struct acc *x = access_accs(s->ac, ph, &n);

	for (uint32_t k = 0; k < n; k++) {
		bool all;
		const uint32_t *near = access_near(s->ac, x[k].set, &nnear, &all);
		if (all)
			start = after_touches(s, s->touch_of[class_index(s, x[k].set)], true, ph,
					      &x[k], start);
		for (uint32_t i = 0; i < nnear && !all; i++)
			start = after_touches(s, s->touch_of[set_index(s, near[i])], false, ph, &x[k], start);
	}
	return start;
}

void
ideal_touch(struct sim *s, uint32_t node, int64_t done)
{
	const struct phase *ph = s->sec->node.at[node].ph;
	uint32_t n;
	const struct acc *x = access_accs(s->ac, ph, &n);

	for (uint32_t k = 0; k < 2 * n; k++) {
		uint32_t i = s->acc_touch[2 * s->node_acc0[node] + k];
		if (!i)
			continue;
		struct touch *e = &s->touch.at[i];
		s->t[e->at] = max64(s->t[e->at], done);
		e->ph = ph;
		e->acc = &x[k / 2];
	}
}

void
ideal_iteration(struct sim *s, const uint32_t *touched, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		int64_t *t = &s->t[s->touch.at[touched[i]].at];
		t[s->open.n] = max64(t[s->open.n], t[0]);
		t[0] = NEVER;
	}
}

void
ideal_leave(struct sim *s, const uint32_t *touched, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		int64_t *t = &s->t[s->touch.at[touched[i]].at];
		t[0] = max64(t[0], t[s->open.n]);
		t[s->open.n] = NEVER;
	}
}
