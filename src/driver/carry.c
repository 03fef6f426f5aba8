/*
 * carry: see carry.h. Pairs are found again from the reasons; order keys of ops are those from the start, what is taken
 * out and put back does not change them.
 */
#include "driver/carry.h"

#include <stdlib.h>

#include "cost/trial.h"
#include "driver/pairs.h"
#include "driver/prune.h"

/* Ops of a function that is looked at, pairs of it, proofs asked for. */
enum { CARRY_LARGE = 600, CARRY_PAIRS = 64, CARRY_PROOFS = 12 };

/* A pair with one set and one wait. */
struct link {
	struct sync_pair pair;
	struct op set, wait;
	uint32_t place;		/* of the wait, in program order */
	uint32_t chain;		/* number of the chain it is in, 0 = none */
	bool gone;
};

struct carry {
	const struct proving *by;
	const struct cost_opt *cost;
	struct ir *ir;
	struct sync_result *res;
	VEC(struct link) link;
	int64_t now;		/* makespan, -1 before it is asked for */
	uint32_t proofs, nchain;
};

static int64_t
makespan(const struct carry *k)
{
	return cost_makespan(k->by->a, k->ir, k->by->ac, k->by->func, k->by->core, k->cost);
}

static bool
holds(struct carry *k)
{
	k->proofs++;
	return proving_holds(k->by);
}

static uint32_t
blk_of(const struct carry *k, struct op o)
{
	return o.i ? ir_op(k->ir, o)->parent.i : 0;
}

static uint32_t
order_of(const struct carry *k, struct op o)
{
	return ir_op(k->ir, o)->order;
}

/* ---- pairs ---- */

static int
place_cmp(const void *pa, const void *pb)
{
	const struct link *a = pa, *b = pb;

	return a->place < b->place ? -1 : a->place > b->place;
}

/* In the order of their waits. */
static void
find_links(struct carry *k)
{
	struct sync_pairs p = {0};

	pairs_find(k->by->a, k->ir, k->res, &p);
	for (uint32_t i = 0; i < p.all.n && k->link.n < CARRY_PAIRS; i++) {
		const struct sync_pair *x = &p.all.at[i];
		struct link l = {.pair = *x, .set = x->set[0], .wait = x->wait[0], .place = order_of(k, x->wait[0])};
		if (!x->set[1].i && !x->wait[1].i)
			VEC_PUSH(k->by->a, &k->link, l);
	}
	if (k->link.n)
		qsort(k->link.at, k->link.n, sizeof *k->link.at, place_cmp);
}

/* ---- taking out ---- */

/* What was taken out, last in, first out. */
struct taken {
	struct op_place at[4 * CARRY_PAIRS];
	uint32_t n;
};

static void
take(struct carry *k, struct taken *t, struct op o)
{
	if (o.i)
		t->at[t->n++] = ir_take(k->ir, o);
}

static void
put_back(struct carry *k, struct taken *t, uint32_t n)
{
	while (t->n > n)
		ir_put_back(k->ir, t->at[--t->n]);
}

/* ---- chains ---- */

static bool
same_pipes(const struct link *a, const struct link *b)
{
	return a->pair.src == b->pair.src && a->pair.dst == b->pair.dst;
}

/* Is one over, in program order, before the other is awaited? Both primed and drained at the same places. */
static bool
in_turn(const struct carry *k, const struct link *a, const struct link *b)
{
	return blk_of(k, a->pair.prime) == blk_of(k, b->pair.prime) && (order_of(k, a->set) < order_of(k, b->wait) ||
							      order_of(k, b->set) < order_of(k, a->wait));
}

/* The op of block `home` that `o` is, or is inside of, 0 when there is none; *in is the one below it on the way. */
static struct op
lift(const struct carry *k, struct op o, uint32_t home, struct op *in)
{
	*in = (struct op){0};
	while (o.i && blk_of(k, o) != home) {
		*in = o;
		o = op_parent(k->ir, o);
	}
	return o;
}

/* Does the pair go on with the chain? Alike: about the same bytes. */
static bool
fits(const struct carry *k, uint32_t chain, const struct link *x, bool alike)
{
	bool any = false;

	for (const struct link *y = k->link.at; y < x; y++) {
		if (y->chain != chain)
			continue;
		if (!same_pipes(x, y) || (alike && x->pair.region != y->pair.region) || !in_turn(k, y, x))
			return false;
		any = true;
	}
	return any;
}

/* Chains of the pairs between the pipes of pair i; returns how many pairs gave up their own flag. */
static uint32_t
find_chains(struct carry *k, uint32_t i, bool alike)
{
	uint32_t first = k->nchain + 1, linked = 0;

	for (uint32_t j = i; j < k->link.n; j++) {
		struct link *x = &k->link.at[j];
		if (!same_pipes(x, &k->link.at[i]) || !x->pair.prime.i || x->place > order_of(k, x->set) || x->gone)
			continue;
		for (x->chain = first; x->chain <= k->nchain && !fits(k, x->chain, x, alike);)
			x->chain++;
		linked += x->chain <= k->nchain;
		k->nchain += x->chain > k->nchain;
	}
	return linked;
}

static void
set_event(struct carry *k, struct op o, uint32_t eid)
{
	op_attr_set(k->ir, o, k->ir->name.event_id, attr_enum(&k->ir->attrs, EN_EVENT, (int32_t)eid));
}

/* The first pair of the chain, whose flag all have. */
static struct link *
head_of(const struct carry *k, const struct link *x)
{
	struct link *h = k->link.at;

	while (h->chain != x->chain)
		h++;
	return h;
}

static bool
is_alone(const struct carry *k, const struct link *x)
{
	for (uint32_t j = 0; j < k->link.n; j++)
		if (&k->link.at[j] != x && k->link.at[j].chain == x->chain)
			return false;
	return true;
}

/* One flag for each of the chains from number `first` on. */
static void
link_chains(struct carry *k, uint32_t first, struct taken *t)
{
	for (uint32_t j = 0; j < k->link.n; j++) {
		struct link *x = &k->link.at[j], *h;
		if (x->chain < first || (h = head_of(k, x)) == x)
			continue;
		set_event(k, x->set, h->pair.eid);
		set_event(k, x->wait, h->pair.eid);
		take(k, t, x->pair.prime);
		take(k, t, x->pair.drain);
	}
}

/* Is there a pair, of those between the pipes of pair i, at the border of a loop that holds a pair of a chain? */
static bool
has_border(const struct carry *k, uint32_t i)
{
	for (uint32_t j = i; j < k->link.n; j++) {
		const struct link *x = &k->link.at[j];
		if (!same_pipes(x, &k->link.at[i]) || !x->chain || is_alone(k, x))
			continue;
		for (uint32_t m = i; m < k->link.n; m++) {
			const struct link *y = &k->link.at[m];
			struct op in;
			if (same_pipes(x, y) && (!y->chain || is_alone(k, y)) &&
			    lift(k, x->set, blk_of(k, y->set), &in).i && in.i)
				return true;
		}
	}
	return false;
}

/* Takes the pairs between the same pipes out that the chains have made needless; returns how many. */
static uint32_t
drop_covered(struct carry *k, uint32_t i, struct taken *t)
{
	uint32_t n = 0;

	for (uint32_t j = 0; j < k->link.n && k->proofs < CARRY_PROOFS; j++) {
		struct link *x = &k->link.at[j];
		uint32_t from = t->n;
		if (!same_pipes(x, &k->link.at[i]) || (x->chain && !is_alone(k, x)))
			continue;
		take(k, t, x->set);
		take(k, t, x->wait);
		take(k, t, x->pair.prime);
		take(k, t, x->pair.drain);
		x->gone = holds(k);
		n += x->gone;
		if (!x->gone)
			put_back(k, t, from);
	}
	return n;
}

static void
unlink_chains(struct carry *k, uint32_t first, struct taken *t)
{
	put_back(k, t, 0);
	for (uint32_t j = 0; j < k->link.n; j++) {
		struct link *x = &k->link.at[j];
		x->gone = false;
		if (x->chain < first)
			continue;
		set_event(k, x->set, x->pair.eid);
		set_event(k, x->wait, x->pair.eid);
	}
}

/* The prime and drain of the first pair serve the whole chain; what was taken out has no reason any more. */
static void
chain_reasons(struct carry *k, uint32_t first)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < k->res->why.n; i++) {
		struct sync_why w = k->res->why.at[i];
		bool gone = false;
		for (uint32_t j = 0; j < k->link.n; j++) {
			const struct link *x = &k->link.at[j];
			if (w.group != x->pair.group)
				continue;
			gone = x->gone;
			if (x->chain >= first && w.sync.i == x->pair.prime.i)
				w.sync = head_of(k, x)->pair.prime;
			else if (x->chain >= first && w.sync.i == x->pair.drain.i)
				w.sync = head_of(k, x)->pair.drain;
			break;
		}
		if (!gone)
			k->res->why.at[n++] = w;
	}
	k->res->why.n = n;
}

/* True: the pairs have changed. */
static bool
chain(struct carry *k, uint32_t i, bool alike)
{
	uint32_t first = k->nchain + 1;

	if (!find_chains(k, i, alike) || !has_border(k, i))
		return false;
	struct taken *t = ARENA_NEW(k->by->a, struct taken);
	if (k->now < 0)
		k->now = makespan(k);
	link_chains(k, first, t);
	if (holds(k) && drop_covered(k, i, t)) {
		int64_t now = makespan(k);
		if (now < k->now) {
			k->now = now;
			chain_reasons(k, first);
			return true;
		}
	}
	unlink_chains(k, first, t);
	return false;
}

static bool
first_of_pipes(const struct carry *k, uint32_t i)
{
	for (uint32_t j = 0; j < i; j++)
		if (same_pipes(&k->link.at[j], &k->link.at[i]))
			return false;
	return true;
}

void
carry_section(const struct proving *by, const struct cost_opt *cost, struct sync_result *res)
{
	struct carry k = {.by = by, .cost = cost, .ir = by->ir, .res = res, .now = -1};
	uint32_t nprime = 0;
	bool changed = false;

	for (uint32_t i = 0; i < res->why.n; i++)
		nprime += res->why.at[i].prime;
	if (nprime < 2 || by->size > CARRY_LARGE)
		return;
	ir_renumber(by->ir, by->func);
	find_links(&k);
	if (!k.link.n)
		return;
	for (uint32_t i = 0; i < k.link.n && k.proofs < CARRY_PROOFS; i++)
		if (first_of_pipes(&k, i))
			changed = chain(&k, i, true) || chain(&k, i, false) || changed;
	if (changed)
		prune_recount(by->a, by->ir, res);
	ir_renumber(by->ir, by->func);
}
