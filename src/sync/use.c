/*
 * use: which byte sets every statement touches, compounds summed over what is inside (deduplicated by set, pipe and
 * kind of access). In: section tree and access tables. Out: plan.use, slices per statement.
 */
#include "sync/plan.h"

static uint32_t
loop_depth(const struct plan *p, uint32_t loop)
{
	return loop ? plan_blk(p, plan_stmt(p, loop)->blk)->depth + 1 : 0;
}

/* Innermost loop statement that contains both loops, 0 = none. */
static uint32_t
loop_common(const struct plan *p, uint32_t a, uint32_t b)
{
	while (a != b) {
		if (loop_depth(p, a) >= loop_depth(p, b))
			a = plan_blk(p, plan_stmt(p, a)->blk)->loop;
		else
			b = plan_blk(p, plan_stmt(p, b)->blk)->loop;
	}
	return a;
}

/* Fewer fractals need the barrier more (sync-model §3, M); unknown counts as fewest. */
static uint32_t
node_fractals(const struct plan *p, uint32_t x)
{
	return p->sec->node.at[x].ph->m_fractals;
}

/* Adds u, a copy of use `id`, to the slice that began behind index `base`; head has the newest use of each set. */
static void
use_merge(struct plan *p, uint32_t base, uint32_t *head, struct use u, uint32_t id)
{
	uint32_t *newest = &head[plan_set(p, u.set)], first = *newest > base ? *newest : 0;

	for (uint32_t i = first; i; i = p->use.at[i].chain) {
		struct use *o = &p->use.at[i];
		if (o->pipe != u.pipe || o->rw != u.rw || o->kind != u.kind || o->clean != u.clean)
			continue;
		o->nlo = o->nlo < u.nlo ? o->nlo : u.nlo;
		o->nhi = o->nhi > u.nhi ? o->nhi : u.nhi;
		o->arms |= u.arms;
		if (node_fractals(p, u.nrep) < node_fractals(p, o->nrep))
			o->nrep = u.nrep;
		o->loop = loop_common(p, o->loop, u.loop);
		p->use.at[id].sib = o->inner;
		o->inner = id;
		return;
	}
	u.inner = id;
	u.sib = 0;
	u.chain = first;
	*newest = p->use.n;
	VEC_PUSH(p->a, &p->use, u);
}

/* A read and a write of one access become separate uses: later look-ups want the latest of each. */
static void
use_put(struct plan *p, uint32_t base, uint32_t *head, struct use u)
{
	if (plan_zipped(p, u.stmt))
		use_merge(p, base, head, u, 0);
	else
		VEC_PUSH(p->a, &p->use, u);
}

static void
node_uses(struct plan *p, uint32_t s, uint32_t x, uint32_t base, uint32_t *head)
{
	const struct phase *ph = p->sec->node.at[x].ph;
	struct use u = {.stmt = s, .nlo = x, .nhi = x, .nrep = x, .pipe = ph->pipe, .arms = 1, .kind = ph->kind,
			.clean = ph->kind == PH_RELEASE};
	uint32_t na;
	const struct acc *ac = access_accs(p->ac, ph, &na);

	if (ph->kind != PH_WORK)
		use_put(p, base, head, u);
	u.kind = PH_WORK;
	for (uint32_t k = 0; k < na; k++) {
		if (access_empty(p->ac, ac[k].set))
			continue;
		u.set = ac[k].set;
		u.gm = access_space(p->ac, u.set) == SP_GM;
		p->scalar_load |= u.gm && ph->pipe == P_S;
		if (ac[k].rw & ACC_READ && !(ac[k].rw & ACC_ATOMIC) && (p->written[plan_set(p, u.set)] || p->signals)) {
			u.rw = ACC_READ;
			use_put(p, base, head, u);
		}
		if (ac[k].rw & ACC_WRITE) {
			u.rw = (uint8_t)(ACC_WRITE | (ac[k].rw & ACC_ATOMIC));
			use_put(p, base, head, u);
			if (ph->pipe == P_S && u.gm && !u.clean)
				p->scalar_gm = true;
		}
	}
}

bool
plan_repeats(struct plan *p, uint32_t s, uint32_t set)
{
	uint8_t *r = &p->repeats[s];

	if (!*r)
		*r = access_overlap(p->ac, set, set, plan_stmt(p, s)->op, false, false) ? 1 : 2;
	return *r == 1;
}

enum { FEW = 4 };

/* Is every conflict with the set carried by that loop, so that it is dealt with in there? */
static bool
carried_by(struct plan *p, uint32_t s, const struct use *u)
{
	uint32_t n;
	bool all;
	const uint32_t *t = access_near(p->ac, u->set, &n, &all);
	struct op loop = plan_stmt(p, s)->op;

	if (access_fixed(p->ac, u->set))
		return plan_repeats(p, s, u->set);
	if (all || n > FEW || p->signals)
		return false;
	for (uint32_t k = 0; k < n; k++)
		if (!access_overlap(p->ac, u->set, t[k], loop, false, false) ||
		    !access_overlap(p->ac, t[k], u->set, loop, false, false))
			return false;
	return true;
}

/*
 * All that touches the set, or anything near it, is inside this repeating loop: its conflicts are dealt with in there,
 * also those between executions of the loop, so nobody outside needs to see it.
 */
static bool
private_to(struct plan *p, uint32_t s, const struct use *u)
{
	const struct stmt *st = plan_stmt(p, s);

	return st->kind == ST_LOOP && u->kind == PH_WORK && st->node0 <= p->touch_lo[plan_set(p, u->set)] &&
	       p->touch_hi[plan_set(p, u->set)] < st->node0 + st->nnode && carried_by(p, s, u);
}

static void
block_uses(struct plan *p, uint32_t s, uint32_t b, uint8_t arm, uint32_t base, uint32_t *head)
{
	const struct sblk *bk = plan_blk(p, b);
	bool loop = plan_stmt(p, s)->kind == ST_LOOP || plan_stmt(p, s)->kind == ST_WHILE;

	for (uint32_t k = 0; k < bk->nstmt; k++) {
		uint32_t t = p->sec->order.at[bk->stmt0 + k];
		for (uint32_t i = 0; i < p->nuse[t]; i++) {
			uint32_t id = p->use0[t] + i;
			struct use u = p->use.at[id];
			u.stmt = s;
			u.arms = arm;
			if (!u.loop && loop)
				u.loop = s;
			if (!private_to(p, s, &u))
				use_merge(p, base, head, u, id);
		}
	}
}

/*
 * Channels whose hidden keys a macro uses (key_used), and those it sets without having made the source wait for the
 * destination first (key_needed): there the source must know that the last macro's wait was passed. Keys stand in the
 * order of use; S waits in order by itself.
 */
static void
op_keys(struct plan *p, uint32_t s, struct op o)
{
	uint32_t n;
	const struct hidden_key *h = access_hidden(p->ac, o, &n);
	uint64_t used = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (h[i].dst != P_S && !(used & chan_bit(h[i].dst, h[i].src)))
			p->key_needed[s] |= chan_bit(h[i].src, h[i].dst);
		used |= chan_bit(h[i].src, h[i].dst);
	}
	p->key_used[s] |= used;
}

static void
leaf_keys(struct plan *p, uint32_t s)
{
	const struct zipped *z = plan_zipped(p, s);

	if (!z)
		op_keys(p, s, plan_stmt(p, s)->op);
	for (uint32_t i = 0; z && i < z->n; i++)
		if (z->spot[i].member)
			op_keys(p, s, z->spot[i].at);
}

static void
block_keys(struct plan *p, uint32_t s, uint32_t b)
{
	const struct sblk *bk = plan_blk(p, b);

	for (uint32_t k = 0; k < bk->nstmt; k++) {
		uint32_t t = p->sec->order.at[bk->stmt0 + k];
		p->key_used[s] |= p->key_used[t];
		p->key_needed[s] |= p->key_needed[t];
	}
}

static void
stmt_uses(struct plan *p, uint32_t s, uint32_t *head)
{
	const struct stmt *st = plan_stmt(p, s);
	uint32_t base = p->use.n - 1;

	if (st->nchild == 0) {
		leaf_keys(p, s);
		for (uint32_t x = st->node0; x < st->node0 + st->nnode; x++)
			node_uses(p, s, x, base, head);
	}
	for (uint32_t c = 0; c < st->nchild; c++) {
		uint32_t b = p->sec->child.at[st->child0 + c];
		if (b)
			block_keys(p, s, b);
		if (b)
			block_uses(p, s, b, (uint8_t)(1u << (c < 7 ? c : 7)), base, head);
	}
	for (uint32_t i = base + 1; i < p->use.n; i++)
		p->acquires[s] |= p->use.at[i].kind == PH_ACQUIRE;
	p->use0[s] = base + 1;
	p->nuse[s] = p->use.n - base - 1;
}

/* First and last node of a set, and whether one of them writes it. */
struct touch {
	uint32_t lo, hi;
	bool stored;
};

static void
touch_nodes(struct plan *p, struct touch *t)
{
	const struct section *sec = p->sec;

	for (uint32_t x = 1; x < sec->node.n; x++) {
		const struct phase *ph = sec->node.at[x].ph;
		bool scalar = ph->pipe == P_S;
		uint32_t na;
		const struct acc *ac = access_accs(p->ac, ph, &na);
		p->signals |= ph->kind != PH_WORK;
		for (uint32_t k = 0; k < na; k++) {
			struct touch *s = &t[plan_set(p, ac[k].set)];
			s->lo = s->lo ? s->lo : x;
			s->hi = x;
			s->stored |= (ac[k].rw & ACC_WRITE) != 0;
			p->signals |= scalar && ac[k].rw & ACC_WRITE && access_space(p->ac, ac[k].set) == SP_GM;
		}
	}
}

/* Of each set with its neighbours. */
static void
touch_ranges(struct plan *p)
{
	struct touch *t = ARENA_ARRAY(p->a, struct touch, p->nset);

	p->written = ARENA_ARRAY(p->a, bool, p->nset);
	p->touch_lo = ARENA_ARRAY(p->a, uint32_t, p->nset);
	p->touch_hi = ARENA_ARRAY(p->a, uint32_t, p->nset);
	touch_nodes(p, t);
	for (uint32_t s = 1; s < p->nset; s++) {
		uint32_t n;
		bool all;
		const uint32_t *near = t[s].lo ? access_near(p->ac, p->set0 + s, &n, &all) : NULL;
		if (!near || all) {
			p->touch_hi[s] = UINT32_MAX;
			p->written[s] = true;
			continue;
		}
		p->touch_lo[s] = t[s].lo;
		for (uint32_t k = 0; k < n; k++) {
			const struct touch *o = &t[plan_set(p, near[k])];
			if (o->lo && o->lo < p->touch_lo[s])
				p->touch_lo[s] = o->lo;
			p->written[s] |= o->stored;
			if (o->hi > p->touch_hi[s])
				p->touch_hi[s] = o->hi;
		}
	}
}

/* Blocks are numbered parents first, so going backwards sees children before the statements that own them. */
void
plan_uses(struct plan *p)
{
	const struct section *sec = p->sec;
	uint32_t end = access_sets(p->ac, sec->func, &p->set0);

	p->nset = end - --p->set0;
	uint32_t *head = ARENA_ARRAY(p->a, uint32_t, p->nset);

	p->use0 = ARENA_ARRAY(p->a, uint32_t, sec->stmt.n + 1);
	p->nuse = ARENA_ARRAY(p->a, uint32_t, sec->stmt.n + 1);
	p->key_used = ARENA_ARRAY(p->a, uint64_t, sec->stmt.n + 1);
	p->key_needed = ARENA_ARRAY(p->a, uint64_t, sec->stmt.n + 1);
	p->repeats = ARENA_ARRAY(p->a, uint8_t, sec->stmt.n + 1);
	p->acquires = ARENA_ARRAY(p->a, bool, sec->stmt.n + 1);
	VEC_PUSH(p->a, &p->use, (struct use){.set = 0});
	VEC_PUSH(p->a, &p->flow_memo, (struct flow_memo){.known = 0});
	touch_ranges(p);
	for (uint32_t b = sec->blk.n; b-- > 1;) {
		const struct sblk *bk = &sec->blk.at[b];
		for (uint32_t k = 0; k < bk->nstmt; k++)
			stmt_uses(p, sec->order.at[bk->stmt0 + k], head);
	}
	for (uint32_t q = 0; q < PIPE_COUNT; q++) {
		p->cnt[q] = ARENA_ARRAY(p->a, uint32_t, sec->node.n + 1);
		for (uint32_t x = 1; x < sec->node.n; x++)
			p->cnt[q][x + 1] = p->cnt[q][x] + (sec->node.at[x].ph->pipe == q);
	}
}
