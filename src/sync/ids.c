/*
 * ids: event ids for the pairs of a plan, in program order over the section tree.
 *
 * A key (channel, id) is taken from its set (a carried one: from its prime) to its wait (drain). It may be taken again
 * when the source pipe knows, at the new set, that the destination has passed the last wait (F5), and in a loop also
 * when the first set of the next execution knows the same of the last wait of this one. When no id is left: for a
 * carried pair give the source a return path if that frees one; merge with a live pair of the block (later set, earlier
 * wait); else a return path for any pair, else PIPE_ALL in place of the wait. Ids that a macro of the section uses
 * itself are not used at all on that channel.
 */
#include "sync/given.h"

enum { NWHERE = 4 };

struct where {
	uint32_t blk, pos;
	bool drain;
};

/* The waits on a key of which any may be the last one executed: none of their blocks lies in a later one's block. */
struct waits {
	struct where at[NWHERE];
	uint32_t n;
	uint32_t time;	/* of the latest */
};

/*
 * First use of each key in one execution of a block inside a loop. What is used in a block is used in those around it:
 * a key that is new to a frame is new to all frames inside.
 */
struct frame {
	struct frame *up;
	uint32_t blk;
	uint32_t pos;		/* statement being entered, for the frames above */
	/* Do the frames above let the key wrap (see above_wraps)? Bit masks of ids: asked and true. */
	uint8_t asked[3][PIPE_COUNT][PIPE_COUNT], above[3][PIPE_COUNT][PIPE_COUNT];
	uint8_t used[PIPE_COUNT][PIPE_COUNT];	/* bit mask of ids */
	uint32_t first[PIPE_COUNT][PIPE_COUNT][EVENT_ID_COUNT];	/* used ones: kp of the source there */
	uint32_t known[PIPE_COUNT][PIPE_COUNT];	/* time of the latest set the destination has waited for */
	uint32_t passed[PIPE_COUNT][PIPE_COUNT];	/* waits up to this time are known to the source (credits) */
};

struct ids {
	struct plan *p;
	struct items *it;
	uint32_t *level;	/* nesting of each block */
	struct frame **path;	/* by level: the blocks being walked */
	struct where *out;	/* per block: itself; once it was walked the statement it is in, or one around that */
	uint32_t live[PIPE_COUNT][PIPE_COUNT][EVENT_ID_COUNT];	/* pair, 0 free */
	struct waits last[PIPE_COUNT][PIPE_COUNT][EVENT_ID_COUNT];
	uint32_t nforward[PIPE_COUNT][PIPE_COUNT];
	uint32_t time;
	VEC(struct item) extra;	/* credits made on the way */
};

/* ---- items ---- */

static void
item_add(struct item *at, uint32_t *n, uint32_t blk, uint32_t gap, uint32_t rank, uint32_t what, uint32_t id)
{
	at[*n] = (struct item){blk, gap, id, *n, (uint8_t)rank, (uint8_t)what};
	(*n)++;
}

static void
pair_items(struct plan *p, struct item *at, uint32_t *n, uint32_t id)
{
	const struct pair *x = &p->pair.at[id];

	if (x->here)
		item_add(at, n, x->blk, x->gw - 1, RK_BEFORE, IT_SET, id);
	else
		item_add(at, n, x->blk, x->gs, x->credit ? RK_CREDIT_SET : RK_SET, IT_SET, id);
	item_add(at, n, x->blk, x->gw - 1, x->credit ? RK_CREDIT : RK_BEFORE, IT_WAIT, id);
	if (x->owner) {
		const struct stmt *o = plan_stmt(p, x->owner);
		item_add(at, n, o->blk, o->pos - 1, RK_PRIME, IT_PRIME, id);
		item_add(at, n, o->blk, o->pos, RK_DRAIN, IT_DRAIN, id);
	}
}

/* Moves the items from `from` to `to`, in the order of the key, equal keys as they stand. count: [nkey + 1] zeros. */
static void
items_order(const struct item *from, struct item *to, uint32_t n, uint32_t (*key)(const struct item *), uint32_t *count,
	    uint32_t nkey)
{
	for (uint32_t i = 0; i < n; i++)
		count[key(&from[i]) + 1]++;
	for (uint32_t i = 1; i < nkey; i++)
		count[i] += count[i - 1];
	for (uint32_t i = 0; i < n; i++)
		to[count[key(&from[i])]++] = from[i];
}

static uint32_t
key_rank(const struct item *x)
{
	return x->rank;
}

static uint32_t
key_gap(const struct item *x)
{
	return x->gap;
}

static uint32_t
key_block(const struct item *x)
{
	return x->blk;
}

/* By block, gap and rank; what is equal in all of them stays in the order it was added. */
static void
items_sort(struct plan *p, struct items *it)
{
	uint32_t nblk = p->sec->blk.n, ngap = 1, rank[RK_PRIME + 2] = {0};
	struct item *other = arena_alloc(p->a, (it->n + 1) * sizeof *other);

	for (uint32_t b = 1; b < nblk; b++)
		if (ngap < plan_blk(p, b)->nstmt + 1)
			ngap = plan_blk(p, b)->nstmt + 1;
	items_order(it->at, other, it->n, key_rank, rank, RK_PRIME + 1);
	items_order(other, it->at, it->n, key_gap, ARENA_ARRAY(p->a, uint32_t, ngap + 1), ngap);
	it->first = ARENA_ARRAY(p->a, uint32_t, nblk + 2);
	items_order(it->at, other, it->n, key_block, it->first, nblk);
	/* what counted items up now stands at the end of each block: the first one of the next */
	memmove(it->first + 1, it->first, nblk * sizeof *it->first);
	it->first[0] = 0;
	it->at = other;
}

static void
items_build(struct plan *p, struct items *it)
{
	uint32_t cap = p->pair.n * 4 + p->stop.n + 1, nblk = p->sec->blk.n;

	it->at = ARENA_ARRAY(p->a, struct item, cap);
	for (uint32_t b = 1; b < nblk; b++) {
		for (uint32_t i = 0; i < p->blk[b].step.n; i++) {
			struct step st = p->blk[b].step.at[i];
			if (st.stop)
				item_add(it->at, &it->n, b, p->stop.at[st.stop].before - 1, RK_BEFORE, IT_STOP,
					 st.stop);
			else if (!p->pair.at[st.pair].dropped)
				pair_items(p, it->at, &it->n, st.pair);
		}
	}
	for (uint32_t i = 1; i < p->pair.n; i++)
		if (p->pair.at[i].credit && !p->pair.at[i].dropped)
			pair_items(p, it->at, &it->n, i);
	items_sort(p, it);
}

static uint32_t
key_seq(const struct item *x)
{
	return x->seq;
}

/* `seq` of an extra one: the index of the item right behind it. What it orders was decided at that very place. */
static void
items_extend(struct plan *p, struct items *it, const struct item *extra, uint32_t n)
{
	struct item *at = ARENA_ARRAY(p->a, struct item, it->n + n), *to = ARENA_ARRAY(p->a, struct item, it->n + n);
	uint32_t nblk = p->sec->blk.n;

	memcpy(at, extra, n * sizeof *at);
	for (uint32_t i = 0; i < it->n; i++) {
		at[n + i] = it->at[i];
		at[n + i].seq = i;
	}
	items_order(at, to, it->n + n, key_seq, ARENA_ARRAY(p->a, uint32_t, it->n + 1), it->n);
	it->at = to;
	it->n += n;
	memset(it->first, 0, (nblk + 1) * sizeof *it->first);
	for (uint32_t i = 0; i < it->n; i++)
		it->first[to[i].blk + 1]++;
	for (uint32_t b = 1; b <= nblk; b++)
		it->first[b] += it->first[b - 1];
}

/* ---- F5 ---- */

static bool
is_leaf(const struct plan *p, uint32_t blk, uint32_t pos)
{
	const struct sblk *bk = plan_blk(p, blk);

	return pos > bk->nstmt || plan_stmt(p, plan_at(p, bk, pos))->nchild == 0;
}

/*
 * The statement, of the innermost block still being walked, that block b is in: {b, 0} when b is such a block itself.
 * Answers are kept, so that looking up costs the same at every depth.
 */
static struct where
walked_in(struct ids *k, uint32_t b)
{
	struct where w = k->out[b];

	if (w.blk == b)
		return w;
	while (k->out[w.blk].blk != w.blk)
		w = k->out[w.blk];
	for (uint32_t c = b, next; k->out[c].blk != w.blk; c = next) {
		next = k->out[c].blk;
		k->out[c] = w;
	}
	return w;
}

/*
 * Does the source know, at the set of x in block b, which is being walked, that the wait w on the key was passed?
 * by_prime: it may know that from the prime of a pair around the loops that x is in. That prime cannot move up then,
 * and what stands together with it in front of the loop is not known.
 */
static bool
wait_passed(struct ids *k, const struct where *w, const struct pair *x, uint32_t b, bool by_prime)
{
	const struct plan *p = k->p;
	struct where in = walked_in(k, w->blk);
	bool exact = in.blk == w->blk;
	uint32_t a = in.blk, cpos = exact ? w->pos : in.pos, apos = a == b ? 0 : k->path[k->level[a]]->pos;
	bool strict = !is_leaf(p, a, cpos);
	/* A drain stands behind the work of its loop, and a compound may run no work behind the wait in front of it:
	 * then something later must be known. */
	if (w->drain || (!exact && !is_leaf(p, w->blk, w->pos)))
		cpos++;
	if (!apos)
		return x->kq >= cpos && !(strict && x->vq);
	if (x->cq || (by_prime && x->ocq && cpos < apos && !plan_blk(p, a)->loop))
		return true;
	const struct bplan *bp = &p->blk[a];
	const struct row *r = &bp->entry[bp->entry0[apos]].row[x->src];
	return r->k[x->dst] >= cpos && !(strict && r->v >> x->dst & 1);
}

static bool
known_passed(struct ids *k, const struct frame *f, const struct pair *x, uint32_t b, uint32_t id, bool by_prime)
{
	const struct waits *w = &k->last[x->src][x->dst][id];

	if (!w->n || x->dst == P_S || w->time <= f->passed[x->src][x->dst])
		return true;
	for (uint32_t i = 0; i < w->n; i++)
		if (!wait_passed(k, &w->at[i], x, b, by_prime))
			return false;
	return true;
}

/* The statement of block `up`, or of the nearest block around both, that w is in: where{blk, pos}. */
static struct where
lift(const struct ids *k, struct where w, uint32_t up)
{
	const struct plan *p = k->p;

	while (w.blk != up) {
		bool out = k->level[w.blk] >= k->level[up];
		const struct stmt *st = plan_stmt(p, plan_blk(p, out ? w.blk : up)->parent);
		if (out)
			w = (struct where){st->blk, st->pos, true};
		else
			up = st->blk;
	}
	return w;
}

/* A wait made now, in the block being walked: it knows those of the block and of the blocks inside. */
static void
waited(struct ids *k, struct waits *w, struct where now)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < w->n; i++)
		if (walked_in(k, w->at[i].blk).blk != now.blk)
			w->at[n++] = w->at[i];
	if (n == NWHERE) {
		w->at[n - 2] = lift(k, w->at[n - 2], w->at[n - 1].blk);
		struct where y = lift(k, w->at[n - 1], w->at[n - 2].blk);
		w->at[n - 2].pos = y.pos > w->at[n - 2].pos ? y.pos : w->at[n - 2].pos;
		w->at[n - 2].drain = true;
		n--;
	}
	w->at[n] = now;
	w->n = n + 1;
	w->time = ++k->time;
}

/* Does the first set of the next execution know all up to `pos` of this one? */
static bool
frame_wraps(const struct ids *k, const struct frame *f, uint32_t src, uint32_t dst, uint32_t id, uint32_t pos)
{
	return !plan_blk(k->p, f->blk)->loop || !(f->used[src][dst] >> id & 1) || f->first[src][dst][id] >= pos;
}

enum { MORE_ALL = 2 };	/* above_wraps: all of this execution, not only up to the statement being entered and `more` */

/* As frame_wraps, of the frames above f. The statements being entered there stay the same while f does. */
static bool
above_wraps(const struct ids *k, struct frame *f, uint32_t src, uint32_t dst, uint32_t id, uint32_t more)
{
	uint8_t *asked = &f->asked[more][src][dst], *above = &f->above[more][src][dst], bit = (uint8_t)(1u << id);
	struct frame *z = f->up;

	if (!z)
		return true;
	if (!(*asked & bit)) {
		bool ok = frame_wraps(k, z, src, dst, id, more == MORE_ALL ? KP_ALL : z->pos + more) &&
			  above_wraps(k, z, src, dst, id, more);
		*asked |= bit;
		*above = (uint8_t)(ok ? *above | bit : *above & ~bit);
	}
	return *above & bit;
}

/* The wait of this use must be known passed at the first set of the next execution of every block around. */
static bool
wraps(const struct ids *k, struct frame *f, const struct pair *x, uint32_t id)
{
	const struct stmt *o = x->owner ? plan_stmt(k->p, x->owner) : NULL;
	uint32_t pos = o ? o->pos + 1u : x->gw;
	/* In front of a compound that may run no work: something behind it must be known (as in wait_passed). */
	uint32_t more = !o && !is_leaf(k->p, x->blk, x->gw);

	if (x->dst == P_S)
		return true;
	return frame_wraps(k, f, x->src, x->dst, id, pos) && above_wraps(k, f, x->src, x->dst, id, more);
}

/* A key's first use in the frame. False when there was one before: then there was in the frames above as well. */
static bool
first_use(struct frame *f, uint32_t src, uint32_t dst, uint32_t id, uint32_t kp)
{
	if (f->used[src][dst] >> id & 1)
		return false;
	f->used[src][dst] |= (uint8_t)(1u << id);
	f->first[src][dst][id] = kp;
	for (uint32_t more = 0; more <= MORE_ALL; more++)
		f->asked[more][src][dst] &= (uint8_t)~(1u << id);
	return true;
}

static void
take(struct ids *k, struct frame *f, uint32_t pid, uint32_t id)
{
	struct pair *x = &k->p->pair.at[pid];
	uint32_t kp = x->vpq ? 0 : x->kpq;

	x->eid = (uint8_t)id;
	k->live[x->src][x->dst][id] = pid;
	for (; f && first_use(f, x->src, x->dst, id, kp); f = f->up) {
		if (f->up) {
			const struct bplan *bp = &k->p->blk[f->up->blk];
			const struct row *r = &bp->entry[bp->entry0[f->up->pos]].row[x->src];
			kp = r->vp >> x->dst & 1 ? 0 : r->kp[x->dst];
		}
	}
}

/* Lowest id that may be taken, one by a prime only when there is no other; EVENT_ID_COUNT when none. `spare` ids are
 * kept back. */
static uint32_t
find_id(struct ids *k, struct frame *f, const struct pair *x, uint32_t b, uint32_t spare)
{
	uint32_t nlive = 0, max = k->p->opt->max_ids, best = EVENT_ID_COUNT, primed = EVENT_ID_COUNT;

	for (uint32_t id = 0; id < max; id++) {
		if (k->live[x->src][x->dst][id] || k->p->busy[x->src][x->dst] >> id & 1) {
			nlive++;
			continue;
		}
		if (best < EVENT_ID_COUNT)
			continue;
		if (known_passed(k, f, x, b, id, false)) {
			if (wraps(k, f, x, id))
				best = id;
		} else if (x->ocq && primed == EVENT_ID_COUNT && known_passed(k, f, x, b, id, true) &&
			   wraps(k, f, x, id)) {
			primed = id;
		}
	}
	best = best < EVENT_ID_COUNT ? best : primed;
	return nlive + spare < max ? best : EVENT_ID_COUNT;
}

/* ---- the ladder ---- */

static uint32_t
distance(uint32_t a, uint32_t b)
{
	return a > b ? a - b : b - a;
}

/* A live pair of the same block and channel that x can share a key with: later set, earlier wait. */
static bool
merge(struct ids *k, uint32_t pid)
{
	struct plan *p = k->p;
	struct pair *x = &p->pair.at[pid];
	uint32_t best = 0, cost = UINT32_MAX;

	if (x->here || x->credit || x->fence)
		return false;
	for (uint32_t id = 0; id < EVENT_ID_COUNT; id++) {
		uint32_t yid = k->live[x->src][x->dst][id];
		struct pair *y = &p->pair.at[yid];
		if (!yid || y->blk != x->blk || y->owner != x->owner || y->here || y->credit || y->fence)
			continue;
		if (!x->owner && y->gw <= x->gs)
			continue;
		uint32_t c = distance(x->gs, y->gs) + distance(x->gw, y->gw);
		if (c < cost) {
			cost = c;
			best = yid;
		}
	}
	if (!best)
		return false;
	struct pair *y = &p->pair.at[best];
	x->eid = y->eid;
	x->group = best;
	if (x->gs >= y->gs) {
		p->pair.at[y->set_by ? y->set_by : best].set_void = true;
		y->set_by = pid;
		y->gs = x->gs;
	} else {
		x->set_void = true;
	}
	if (x->gw < y->gw) {
		p->pair.at[y->wait_by ? y->wait_by : best].wait_void = true;
		y->wait_by = pid;
		y->gw = x->gw;
	} else {
		x->wait_void = true;
	}
	return true;
}

static void
give_up(struct ids *k, uint32_t pid)
{
	struct pair *x = &k->p->pair.at[pid];

	x->wait_all = true;
	x->set_void = true;
	k->p->crowded = true;
}

/* ---- the walk ---- */

/*
 * A return path: right before the set, the source waits until the destination has passed all its earlier waits. The
 * key of that pair is free when it was never used, or when the destination has since waited for a set the source made
 * after passing it.
 */
static bool
credit(struct ids *k, struct frame *f, const struct item *it)
{
	struct plan *p = k->p;
	struct pair x = p->pair.at[it->id];
	uint32_t id = 0, gap = it->gap, seq = (uint32_t)(it - k->it->at);
	uint8_t rank = it->what == IT_PRIME || x.here ? RK_BEFORE : RK_CREDIT;

	if (!chan_legal((enum pipe)x.dst, (enum pipe)x.src, p->sec->core))
		return false;
	for (; id < p->opt->max_ids; id++) {
		const struct waits *w = &k->last[x.dst][x.src][id];
		if (k->live[x.dst][x.src][id] || p->busy[x.dst][x.src] >> id & 1)
			continue;
		bool fresh = frame_wraps(k, f, x.dst, x.src, id, KP_ALL) &&
			     above_wraps(k, f, x.dst, x.src, id, MORE_ALL);
		if (fresh && (!w->n || w->time < f->known[x.src][x.dst]))
			break;
	}
	if (id == p->opt->max_ids)
		return false;
	struct pair c = {.blk = f->blk, .gs = gap, .gw = gap + 1, .src = x.dst, .dst = x.src, .eid = (uint8_t)id,
			 .here = true, .credit = true, .doubt = true, .nsrc = x.ndst, .ndst = x.nsrc, .kind = 'C'};
	uint32_t cid = p->pair.n;
	VEC_PUSH(p->a, &p->pair, c);
	VEC_PUSH(p->a, &k->extra, (struct item){f->blk, gap, cid, seq, rank, IT_SET});
	VEC_PUSH(p->a, &k->extra, (struct item){f->blk, gap, cid, seq, rank, IT_WAIT});
	waited(k, &k->last[x.dst][x.src][id], (struct where){f->blk, gap + 1, false});
	for (struct frame *z = f; z && first_use(z, x.dst, x.src, id, 0); z = z->up)
		;
	f->passed[x.src][x.dst] = k->time;
	return true;
}

/* Ids of the pair's channel that are taken. */
static uint32_t
nlive(const struct ids *k, const struct pair *x)
{
	uint32_t n = 0;

	for (uint32_t id = 0; id < k->p->opt->max_ids; id++)
		n += k->live[x->src][x->dst][id] || k->p->busy[x->src][x->dst] >> id & 1;
	return n;
}

static void
allot(struct ids *k, struct frame *f, const struct item *it)
{
	struct plan *p = k->p;
	struct pair *x = &p->pair.at[it->id];
	uint32_t spare = x->owner && k->nforward[x->src][x->dst] ? 1 : 0;
	uint32_t id = find_id(k, f, x, it->blk, spare);

	x->set_time = ++k->time;
	/* Ids of an earlier loop: to wait once until they are free is cheaper than to merge pairs of a loop. */
	if (id == EVENT_ID_COUNT && x->owner && nlive(k, x) + spare < p->opt->max_ids && credit(k, f, it))
		id = find_id(k, f, &p->pair.at[it->id], it->blk, spare);
	if (id == EVENT_ID_COUNT && merge(k, it->id))
		return;
	if (id == EVENT_ID_COUNT && credit(k, f, it)) {
		p->crowded = true;
		id = find_id(k, f, &p->pair.at[it->id], it->blk, 0);
	}
	if (id == EVENT_ID_COUNT)
		give_up(k, it->id);
	else
		take(k, f, it->id, id);
}

static void
release(struct ids *k, struct frame *f, const struct item *it)
{
	struct pair *x = &k->p->pair.at[it->id];
	if (x->wait_all || (it->what == IT_WAIT ? x->wait_void : x->group != 0))
		return;
	k->live[x->src][x->dst][x->eid] = 0;
	bool drain = it->what == IT_DRAIN;
	waited(k, &k->last[x->src][x->dst][x->eid], (struct where){it->blk, drain ? it->gap : it->gap + 1, drain});
	if (it->what == IT_WAIT && x->set_time > f->known[x->src][x->dst])
		f->known[x->src][x->dst] = x->set_time;
}

static void
item_do(struct ids *k, struct frame *f, const struct item *it)
{
	const struct pair *x = &k->p->pair.at[it->id];

	switch ((enum item_what)it->what) {
	case IT_SET:
		if (!x->owner)
			allot(k, f, it);
		break;
	case IT_PRIME:
		allot(k, f, it);
		break;
	case IT_WAIT:
		if (!x->owner)
			release(k, f, it);
		break;
	case IT_DRAIN:
		release(k, f, it);
		break;
	case IT_STOP:
		break;
	}
}

static void
ids_block(struct ids *k, struct frame *up, uint32_t b)
{
	const struct plan *p = k->p;
	const struct sblk *bk = plan_blk(p, b);
	struct frame f;
	uint32_t i = k->it->first[b], end = k->it->first[b + 1];

	/* `first` is not looked at where nothing was used, `above` not where nothing was asked */
	f.up = up;
	f.blk = b;
	f.pos = 0;
	memset(f.asked, 0, sizeof f.asked);
	memset(f.used, 0, sizeof f.used);
	memset(f.known, 0, sizeof f.known);
	memset(f.passed, 0, sizeof f.passed);
	k->path[k->level[b]] = &f;
	if (up) {
		memcpy(f.known, up->known, sizeof f.known);
		memcpy(f.passed, up->passed, sizeof f.passed);
	}
	for (uint32_t gap = 0; gap <= bk->nstmt; gap++) {
		for (; i < end && k->it->at[i].gap == gap; i++)
			item_do(k, &f, &k->it->at[i]);
		if (gap == bk->nstmt)
			break;
		const struct stmt *st = plan_stmt(p, plan_at(p, bk, gap + 1));
		f.pos = gap + 1;
		for (uint32_t c = 0; c < st->nchild; c++)
			if (p->sec->child.at[st->child0 + c])
				ids_block(k, &f, p->sec->child.at[st->child0 + c]);
	}
	if (up)
		k->out[b] = (struct where){up->blk, up->pos, false};
}

/* Pairs of this section may be pending across a call: the ids of the function, planned before, are not used here. */
static void
call_ids(struct plan *p)
{
	VEC(struct op) seen = {0};
	uint8_t ids[PIPE_COUNT * PIPE_COUNT];

	for (uint32_t s = 1; s < p->sec->stmt.n; s++) {
		if (plan_stmt(p, s)->kind != ST_CALL)
			continue;
		struct op f = access_callee(p->ac, plan_stmt(p, s)->op);
		bool known = !f.i;
		for (uint32_t i = 0; i < seen.n && !known; i++)
			known = seen.at[i].i == f.i;
		if (known)
			continue;
		VEC_PUSH(p->a, &seen, f);
		access_call_ids(p->ac, plan_stmt(p, s)->op, ids);
		for (uint32_t c = 0; c < PIPE_COUNT * PIPE_COUNT; c++)
			p->busy[c / PIPE_COUNT][c % PIPE_COUNT] |= ids[c];
	}
}

static void
busy_ids(struct plan *p)
{
	call_ids(p);
	for (uint32_t x = 1; x < p->sec->node.n; x++) {
		uint32_t n;
		const struct hidden_key *h = access_hidden(p->ac, p->sec->node.at[x].ph->op, &n);
		for (uint32_t i = 0; i < n; i++)
			p->busy[h[i].src][h[i].dst] |= h[i].ids;
	}
	for (uint32_t c = 0; p->given && c < PIPE_COUNT * PIPE_COUNT; c++)
		p->busy[c / PIPE_COUNT][c % PIPE_COUNT] |= p->given->busy[c / PIPE_COUNT][c % PIPE_COUNT];
}

void
plan_ids(struct plan *p, struct items *it)
{
	struct ids *k = ARENA_NEW(p->a, struct ids);

	k->p = p;
	k->it = it;
	busy_ids(p);
	items_build(p, it);
	k->level = ARENA_ARRAY(p->a, uint32_t, p->sec->blk.n + 1);
	k->out = ARENA_ARRAY(p->a, struct where, p->sec->blk.n + 1);
	uint32_t deepest = 0;
	for (uint32_t b = 1; b < p->sec->blk.n; b++) {
		k->out[b].blk = b;
		if (b > 1)
			k->level[b] = k->level[plan_stmt(p, plan_blk(p, b)->parent)->blk] + 1;
		deepest = k->level[b] > deepest ? k->level[b] : deepest;
	}
	k->path = ARENA_ARRAY(p->a, struct frame *, deepest + 1);
	for (uint32_t i = 1; i < p->pair.n; i++) {
		const struct pair *x = &p->pair.at[i];
		if (!x->owner && !x->dropped)
			k->nforward[x->src][x->dst]++;
	}
	ids_block(k, NULL, 1);
	if (k->extra.n)
		items_extend(p, it, k->extra.at, k->extra.n);
}
