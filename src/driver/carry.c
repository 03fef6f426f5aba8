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

/* Which pairs make a chain: only those about the same bytes; only those that stand around no other one. And whether
 * others stand at the borders of their loops. */
struct kind_of_chain {
	bool alike, inner, border;
};

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

/* Is there another pair between the same pipes in a loop of the block in which the pair stands? */
static bool
is_around(const struct carry *k, const struct link *x)
{
	for (uint32_t j = 0; j < k->link.n; j++) {
		struct op in;
		if (same_pipes(x, &k->link.at[j]) && !k->link.at[j].gone &&
		    lift(k, k->link.at[j].set, blk_of(k, x->set), &in).i && in.i)
			return true;
	}
	return false;
}

/* Chains of the pairs between the pipes of pair i; returns how many pairs gave up their own flag. */
static uint32_t
find_chains(struct carry *k, uint32_t i, struct kind_of_chain of)
{
	uint32_t first = k->nchain + 1, linked = 0;

	for (uint32_t j = i; j < k->link.n; j++) {
		struct link *x = &k->link.at[j];
		if (!same_pipes(x, &k->link.at[i]))
			continue;
		x->chain = 0;
		if (!x->pair.prime.i || x->place > order_of(k, x->set) || x->gone ||
		    (of.inner && is_around(k, x)))
			continue;
		for (x->chain = first; x->chain <= k->nchain && !fits(k, x->chain, x, of.alike);)
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

/* The flag of a pair of the chain, for all of them: one that the fewest others between the pipes use. */
static uint32_t
flag_of(const struct carry *k, const struct link *x)
{
	uint32_t best = x->pair.eid, fewest = UINT32_MAX, others[EVENT_ID_COUNT] = {0};

	for (uint32_t j = 0; j < k->link.n; j++)
		if (k->link.at[j].chain != x->chain && same_pipes(x, &k->link.at[j]))
			others[k->link.at[j].pair.eid % EVENT_ID_COUNT]++;
	for (uint32_t j = 0; j < k->link.n; j++) {
		uint32_t eid = k->link.at[j].pair.eid;
		if (k->link.at[j].chain != x->chain || others[eid % EVENT_ID_COUNT] >= fewest)
			continue;
		fewest = others[eid % EVENT_ID_COUNT];
		best = eid;
	}
	return best;
}

static bool
is_alone(const struct carry *k, const struct link *x)
{
	for (uint32_t j = 0; j < k->link.n; j++)
		if (&k->link.at[j] != x && k->link.at[j].chain == x->chain)
			return false;
	return true;
}

/* The prime that stands first in the chain of x, and the drain that stands last: they are those of the whole chain. */
static void
ends_of(const struct carry *k, const struct link *x, struct op *prime, struct op *drain)
{
	*prime = x->pair.prime;
	*drain = x->pair.drain;
	for (uint32_t j = 0; j < k->link.n; j++) {
		const struct sync_pair *y = &k->link.at[j].pair;
		if (k->link.at[j].chain != x->chain)
			continue;
		if (order_of(k, y->prime) < order_of(k, *prime))
			*prime = y->prime;
		if (order_of(k, y->drain) > order_of(k, *drain))
			*drain = y->drain;
	}
}

static void
set_events(struct carry *k, const struct link *x, uint32_t eid)
{
	set_event(k, x->set, eid);
	set_event(k, x->wait, eid);
	set_event(k, x->pair.prime, eid);
	set_event(k, x->pair.drain, eid);
}

/* One flag for each of the chains from number `first` on. */
static void
link_chains(struct carry *k, uint32_t first, struct taken *t)
{
	for (uint32_t j = 0; j < k->link.n; j++) {
		const struct link *x = &k->link.at[j];
		struct op prime, drain;
		if (x->chain < first || is_alone(k, x))
			continue;
		ends_of(k, x, &prime, &drain);
		set_events(k, x, flag_of(k, x));
		if (x->pair.prime.i != prime.i)
			take(k, t, x->pair.prime);
		if (x->pair.drain.i != drain.i)
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

/* Takes the return paths out, beside the loops, that only the primes and drains between them made necessary. */
static void
drop_returns(struct carry *k, uint32_t i, struct taken *t)
{
	const struct sync_pair *p = &k->link.at[i].pair;

	for (uint32_t j = 0; j < k->link.n && k->proofs < CARRY_PROOFS; j++) {
		struct link *x = &k->link.at[j];
		uint32_t from = t->n;
		if (x->pair.src != p->dst || x->pair.dst != p->src || x->pair.prime.i || x->gone ||
		    blk_of(k, x->set) != blk_of(k, p->prime) || blk_of(k, x->wait) != blk_of(k, x->set))
			continue;
		take(k, t, x->set);
		take(k, t, x->wait);
		x->gone = holds(k);
		if (!x->gone)
			put_back(k, t, from);
	}
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
		set_events(k, x, x->pair.eid);
	}
}

/* One prime and one drain serve the whole chain; what was taken out has no reason any more. */
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
			struct op prime, drain;
			if (x->chain < first)
				break;
			ends_of(k, x, &prime, &drain);
			if (w.sync.i == x->pair.prime.i)
				w.sync = prime;
			else if (w.sync.i == x->pair.drain.i)
				w.sync = drain;
			break;
		}
		if (!gone)
			k->res->why.at[n++] = w;
	}
	k->res->why.n = n;
}

/* True: the pairs have changed. */
static bool
chain(struct carry *k, uint32_t i, struct kind_of_chain of)
{
	uint32_t first = k->nchain + 1;

	if (!find_chains(k, i, of) || has_border(k, i) != of.border)
		return false;
	struct taken *t = ARENA_NEW(k->by->a, struct taken);
	if (k->now < 0)
		k->now = makespan(k);
	link_chains(k, first, t);
	if (of.border ? holds(k) && drop_covered(k, i, t) : makespan(k) < k->now && holds(k)) {
		int64_t now = makespan(k);
		if (now < k->now) {
			drop_returns(k, i, t);
			k->now = makespan(k);
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
	static const struct kind_of_chain kind[] = {
		{true, false, true}, {false, false, true}, {true, true, true}, {false, true, true},
		{true, false, false}, {false, false, false},
	};
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
	for (uint32_t i = 0; i < k.link.n && k.proofs < CARRY_PROOFS; i++) {
		bool done = !first_of_pipes(&k, i);
		for (uint32_t n = 0; n < sizeof kind / sizeof kind[0] && !done; n++)
			done = chain(&k, i, kind[n]);
		changed = changed || (done && first_of_pipes(&k, i));
	}
	if (changed)
		prune_recount(by->a, by->ir, res);
	ir_renumber(by->ir, by->func);
}
