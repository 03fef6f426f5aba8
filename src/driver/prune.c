/* prune: see prune.h. */
#include "driver/prune.h"

#include <stdlib.h>

/* Checks times ops of the function: usually; when event ids ran out; for more than PRUNE_LARGE ops. */
enum { PRUNE_WORK = 18000, PRUNE_CROWDED = 60000, PRUNE_LARGE_WORK = 6000 };
/* The part of it that is spent: fuzzing for many executions takes less (tests/meson.build). */
#ifndef PRUNE_SHARE
#define PRUNE_SHARE 1
#endif
enum { PRICE_FLAG = 1, PRICE_BARRIER = 3, PRICE_FENCE = 4, PRICE_ALL = 8 };	/* in no unit: an order */

/* One thing to try: entries of sync_result.why. */
struct trial {
	uint32_t why0, nwhy;	/* slice of prune.list */
	uint32_t depth;		/* nesting of its deepest op */
	uint32_t doubt;
	uint32_t price;
};

struct prune {
	struct arena *a;
	struct ir *ir;
	const struct proving *by;
	struct sync_result *res;
	VEC(uint32_t) list;
	VEC(struct trial) trial;
	bool *gone;		/* per entry of why */
};

static uint32_t
op_depth(const struct ir *ir, struct op o)
{
	uint32_t n = 0;

	for (o = op_parent(ir, o); o.i; o = op_parent(ir, o))
		n++;
	return n;
}

/* What runs is not known here; a stop of all pipes and a fence cost most, then a barrier, then a flag. */
static uint32_t
op_price(const struct ir *ir, struct op o)
{
	enum pipe src, dst;
	uint32_t eid;

	if (op_id(ir, o) == OP_SET_FLAG || op_id(ir, o) == OP_WAIT_FLAG)
		return PRICE_FLAG;
	if (op_id(ir, o) != OP_BARRIER)
		return PRICE_FENCE;
	return op_flag(ir, o, &src, &dst, &eid) && src == P_ALL ? PRICE_ALL : PRICE_BARRIER;
}

static void
trial_add(struct prune *k, uint32_t from)
{
	struct trial t = {.why0 = from, .nwhy = k->list.n - from};

	for (uint32_t i = from; i < k->list.n; i++) {
		struct op o = k->res->why.at[k->list.at[i]].sync;
		uint32_t d = op_depth(k->ir, o);
		t.depth = d > t.depth ? d : t.depth;
		t.price += op_price(k->ir, o);
		t.doubt = k->res->why.at[k->list.at[i]].doubt;
	}
	VEC_PUSH(k->a, &k->trial, t);
}

struct entry {
	uint32_t group, why;
};

static int
entry_cmp(const void *pa, const void *pb)
{
	const struct entry *a = pa, *b = pb;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	return a->why < b->why ? -1 : a->why > b->why;
}

static bool
is_flag(const struct prune *k, uint32_t why)
{
	enum op_id id = op_id(k->ir, k->res->why.at[why].sync);

	return id == OP_SET_FLAG || id == OP_WAIT_FLAG;
}

/* Every doubtful decision as a whole, then the single ops of fences. */
static void
trials_find(struct prune *k)
{
	uint32_t n = 0;
	struct entry *e = ARENA_ARRAY(k->a, struct entry, k->res->why.n + 1);

	for (uint32_t i = 0; i < k->res->why.n; i++)
		if (k->res->why.at[i].doubt)
			e[n++] = (struct entry){k->res->why.at[i].group, i};
	qsort(e, n, sizeof *e, entry_cmp);
	for (uint32_t i = 0, j; i < n; i = j) {
		uint32_t from = k->list.n;
		for (j = i; j < n && e[j].group == e[i].group; j++)
			VEC_PUSH(k->a, &k->list, e[j].why);
		trial_add(k, from);
		for (uint32_t m = i; j - i > 1 && m < j; m++) {
			if (is_flag(k, e[m].why))
				continue;
			from = k->list.n;
			VEC_PUSH(k->a, &k->list, e[m].why);
			trial_add(k, from);
		}
	}
}

static int
trial_cmp(const void *pa, const void *pb)
{
	const struct trial *a = pa, *b = pb;

	if (a->doubt != b->doubt)
		return a->doubt > b->doubt ? -1 : 1;
	if (a->depth != b->depth)
		return a->depth > b->depth ? -1 : 1;
	if (a->price != b->price)
		return a->price > b->price ? -1 : 1;
	return a->why0 < b->why0 ? -1 : a->why0 > b->why0;
}

/* Takes the ops of the trial out; puts them back unless the section is still proved. */
static void
try(struct prune *k, const struct trial *t)
{
	struct op_place *at = ARENA_ARRAY(k->a, struct op_place, t->nwhy);
	uint32_t n = 0;

	for (uint32_t i = 0; i < t->nwhy; i++) {
		uint32_t w = k->list.at[t->why0 + i];
		struct op o = k->res->why.at[w].sync;
		if (k->gone[w])
			continue;
		at[n++] = ir_take(k->ir, o);
	}
	bool keep = n && !proving_holds(k->by);
	while (keep && n--)
		ir_put_back(k->ir, at[n]);
	for (uint32_t i = 0; i < t->nwhy && !keep; i++)
		k->gone[k->list.at[t->why0 + i]] = true;
}

/* What is printed, by decision: a pair with its priming and draining, or the ops of a fence, count once. */
void
prune_recount(struct arena *a, const struct ir *ir, struct sync_result *res)
{
	struct entry *e = ARENA_ARRAY(a, struct entry, res->why.n + 1);
	uint32_t flags = UINT32_MAX, fence = UINT32_MAX;

	for (uint32_t i = 0; i < res->why.n; i++)
		e[i] = (struct entry){res->why.at[i].group, i};
	qsort(e, res->why.n, sizeof *e, entry_cmp);
	res->npair = res->nbarrier = res->nbarrier_all = res->nfence = 0;
	for (uint32_t i = 0; i < res->why.n; i++) {
		const struct sync_why *w = &res->why.at[e[i].why];
		uint32_t price = op_price(ir, w->sync);
		if (price == PRICE_ALL) {
			res->nbarrier_all++;
		} else if (price == PRICE_BARRIER) {
			res->nbarrier++;
		} else if (price == PRICE_FLAG) {
			res->npair += flags != w->group;
			flags = w->group;
		} else if (w->kind != 'E') {
			res->nfence += fence != w->group;
			fence = w->group;
		}
	}
}

/* ---- priming sets ---- */

/* Does the op hold the pipe: a wait that it makes, or its barrier? */
static bool
holds(const struct prune *k, struct op o, enum pipe q)
{
	enum pipe src, dst;
	uint32_t eid;

	if (op_id(k->ir, o) == OP_WAIT_FLAG)
		return op_flag(k->ir, o, &src, &dst, &eid) && dst == q;
	return op_id(k->ir, o) == OP_BARRIER && op_flag(k->ir, o, &src, &dst, &eid) && src == q;
}

/*
 * The places worth trying are those in front of work of the source pipe in the same block, and of what the pipe waits
 * for: `at` has them from the last to the first. Later is never wronger, but for keys in use: the search is binary.
 */
static uint32_t
raise_prime(struct prune *k, struct op set, uint32_t left)
{
	VEC(struct op) at = {0};
	enum pipe src, dst;
	uint32_t eid, lo = 0, spent = 0;

	if (!op_flag(k->ir, set, &src, &dst, &eid))
		return 0;
	for (struct op o = ir_op(k->ir, set)->prev; o.i; o = ir_op(k->ir, o)->prev)
		if (access_works_on(k->by->ac, o, src) || holds(k, o, src))
			VEC_PUSH(k->a, &at, o);
	struct op_place home = ir_take(k->ir, set);
	for (uint32_t hi = at.n; lo < hi && spent < left; spent++) {
		uint32_t mid = spent ? lo + (hi - lo + 1) / 2 : hi;	/* the first one at once: often right */
		ir_insert_before(k->ir, at.at[mid - 1], set);
		if (proving_holds(k->by))
			lo = mid;
		else
			hi = mid - 1;
		ir_unlink(k->ir, set);
	}
	if (lo)
		ir_insert_before(k->ir, at.at[lo - 1], set);
	else
		ir_put_back(k->ir, home);
	return spent;
}

static uint32_t
raise_primes(struct prune *k, uint32_t left)
{
	uint32_t spent = 0;

	for (uint32_t i = 0; i < k->res->why.n && spent < left; i++)
		if (k->res->why.at[i].prime && !k->gone[i])
			spent += raise_prime(k, k->res->why.at[i].sync, left - spent);
	return spent;
}

/* ---- sets in loops ---- */

/* The op behind which the set stands, over other sync ops: its source, if that is on the pipe. */
static struct op
source_of(const struct prune *k, struct op set, enum pipe src)
{
	struct op o = ir_op(k->ir, set)->prev;

	while (o.i && (op_row(k->ir, o)->flags & OPF_SYNC))
		o = ir_op(k->ir, o)->prev;
	return o.i && !ir_op(k->ir, o)->nreg && access_works_on(k->by->ac, o, src) ? o : (struct op){0};
}

/*
 * In a loop, a set in front of its source speaks of the source's run one iteration earlier, which is enough when the
 * conflict is with that one only: another slot of a buffer with several, another row of GM. Nothing it is needed for
 * starts later then, so it is taken whenever it is right.
 */
static uint32_t
raise_sets(struct prune *k, uint32_t left)
{
	uint32_t spent = 0;

	for (uint32_t i = 0; i < k->res->why.n && spent < left; i++) {
		const struct sync_why *w = &k->res->why.at[i];
		enum pipe src, dst;
		uint32_t eid;
		if (!w->slack || w->prime || k->gone[i] || op_id(k->ir, w->sync) != OP_SET_FLAG ||
		    !op_flag(k->ir, w->sync, &src, &dst, &eid))
			continue;
		struct op from = source_of(k, w->sync, src);
		if (!from.i)
			continue;
		struct op_place home = ir_take(k->ir, w->sync);
		ir_insert_before(k->ir, from, w->sync);
		spent++;
		if (!proving_holds(k->by)) {
			ir_unlink(k->ir, w->sync);
			ir_put_back(k->ir, home);
		}
	}
	return spent;
}

/* ---- all ---- */

void
prune_section(const struct proving *by, struct sync_result *res)
{
	struct arena *a = by->a;
	struct ir *ir = by->ir;
	struct prune k = {.a = a, .ir = ir, .by = by, .res = res};
	uint32_t n = 0, size = by->size, budget = res->crowded ? PRUNE_CROWDED : PRUNE_WORK;

	if (!res->why.n)
		return;
	if (by->large)
		budget = PRUNE_LARGE_WORK;
	budget /= PRUNE_SHARE;
	if (budget < size) {
		ir_renumber(ir, by->func);
		return;
	}
	trials_find(&k);
	k.gone = ARENA_ARRAY(a, bool, res->why.n);
	if (k.trial.n)
		qsort(k.trial.at, k.trial.n, sizeof *k.trial.at, trial_cmp);
	ir_renumber(ir, by->func);
	for (uint32_t i = 0; i < k.trial.n && budget >= size; i++, budget -= size)
		try(&k, &k.trial.at[i]);
	uint32_t left = budget / size;
	left -= raise_sets(&k, left);
	raise_primes(&k, left);
	for (uint32_t i = 0; i < res->why.n; i++) {
		if (!k.gone[i])
			res->why.at[n++] = res->why.at[i];
	}
	if (n < res->why.n) {
		res->why.n = n;
		prune_recount(by->a, by->ir, res);
	}
	ir_renumber(ir, by->func);
}
