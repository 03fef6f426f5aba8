/*
 * exact: see exact.h. Any placement can be pushed down until every tile lies at 0 or on the end of one that it meets.
 * Such a placement is found by placing tiles in the order of their addresses, each on the highest end of those placed
 * that it meets. At each position the bytes above what is placed must hold what is still to be placed; states that were
 * seen before (the set of placed tiles, the height at each position) are left.
 *
 * Where an op works in place its source and destination are two tiles that meet at it; that they may also be one is
 * tried for every set of such ops.
 */
#include "exact.h"

#include "base/num.h"
#include "mem/live.h"

#include <stdlib.h>

enum { TILES_MAX = 256, WORDS = TILES_MAX / 64, SLOTS_MAX = 2048, SEEN_LOG = 20 };

struct tile {
	uint64_t bytes;
	VEC(struct piece) piece;
	VEC(uint32_t) slot;		/* indices of positions at which it holds data */
};

struct state_key {
	uint64_t a, b;
};

struct search {
	struct tile tile[TILES_MAX];
	uint32_t n, nslot;
	uint64_t cap, nodes;
	uint64_t placed[WORDS];
	uint64_t at[TILES_MAX];
	uint64_t sky[SLOTS_MAX], rest[SLOTS_MAX];	/* by position: highest end; bytes still to be placed */
	struct state_key *seen;
};

static bool
has(const uint64_t *set, uint32_t k)
{
	return set[k / 64] >> k % 64 & 1;
}

static uint64_t
mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

/* Enters the state; false when it was there. The table forgets: a state may be searched twice, never left out. */
static bool
enter(struct search *s, uint64_t low, uint32_t last)
{
	struct state_key k = {mix(low + 1), mix(low ^ 0x9e3779b97f4a7c15u) + last};

	for (uint32_t w = 0; w < WORDS; w++) {
		k.a = mix(k.a ^ s->placed[w]);
		k.b = mix(k.b + s->placed[w] * 3);
	}
	for (uint32_t t = 0; t < s->nslot; t++) {
		uint64_t h = s->rest[t] ? (s->sky[t] > low ? s->sky[t] : low) : 0;
		k.a = mix(k.a ^ (h + t));
		k.b = mix(k.b + h * 7 + t);
	}
	struct state_key *e = &s->seen[k.a >> (64 - SEEN_LOG)];
	if (e->a == k.a && e->b == k.b)
		return false;
	*e = k;
	return true;
}

static bool
room(const struct search *s, uint64_t low)
{
	for (uint32_t t = 0; t < s->nslot; t++)
		if (s->rest[t] && (s->sky[t] > low ? s->sky[t] : low) + s->rest[t] > s->cap)
			return false;
	return true;
}

static enum exact place_rest(struct search *s, uint32_t left, uint64_t low, uint32_t last);

/* Tile k at `at`, then all others. */
static enum exact
place_with(struct search *s, uint32_t k, uint64_t at, uint32_t left)
{
	struct tile *x = &s->tile[k];
	uint64_t *was = malloc((x->slot.n + 1) * sizeof *was);

	s->placed[k / 64] |= 1ull << k % 64;
	s->at[k] = at;
	for (uint32_t i = 0; was && i < x->slot.n; i++) {
		was[i] = s->sky[x->slot.at[i]];
		s->sky[x->slot.at[i]] = at + x->bytes;
		s->rest[x->slot.at[i]] -= x->bytes;
	}
	enum exact r = !was ? EXACT_UNKNOWN : place_rest(s, left - 1, at, k);
	for (uint32_t i = 0; was && i < x->slot.n; i++) {
		s->sky[x->slot.at[i]] = was[i];
		s->rest[x->slot.at[i]] += x->bytes;
	}
	s->placed[k / 64] &= ~(1ull << k % 64);
	free(was);
	return r;
}

static enum exact
place_rest(struct search *s, uint32_t left, uint64_t low, uint32_t last)
{
	if (left == 0)
		return EXACT_FITS;
	if (s->nodes == 0)
		return EXACT_UNKNOWN;
	s->nodes--;
	if (!room(s, low) || !enter(s, low, last))
		return EXACT_NEVER;
	/* lowest first; those at one address by index, for they do not meet */
	for (uint64_t from = low;;) {
		uint64_t next = UINT64_MAX;
		for (uint32_t k = 0; k < s->n; k++) {
			if (has(s->placed, k))
				continue;
			uint64_t at = 0;
			for (uint32_t i = 0; i < s->tile[k].slot.n; i++)
				at = s->sky[s->tile[k].slot.at[i]] > at ? s->sky[s->tile[k].slot.at[i]] : at;
			if (at > from)
				next = at < next ? at : next;
			if (at != from || (at == low && left < s->n && k < last))
				continue;
			enum exact r = place_with(s, k, at, left);
			if (r != EXACT_NEVER)
				return r;
		}
		if (next == UINT64_MAX)
			return EXACT_NEVER;
		from = next;
	}
}

/* ---- from the function ---- */

enum { PAIRS_MAX = 64 };

struct pair {			/* an op in place: root indices of a source and of the destination */
	uint32_t op, src, dst;
};

struct kernel {
	struct arena *a;
	struct live l;
	enum space space;
	uint64_t cap;
	struct pair pair[PAIRS_MAX];
	uint32_t npair;
	uint32_t *same;		/* by root: the root whose bytes it has, itself for most */
	struct search s;
};

static bool
holds(const struct tile *t, uint32_t pos)
{
	bool yes = false;

	for (uint32_t i = 0; i < t->piece.n; i++)
		yes |= t->piece.at[i].lo <= pos && pos <= t->piece.at[i].hi;
	return yes;
}

/* Does some other position have all tiles that this one has? Of equal ones the first stays. */
static bool
is_covered(const struct search *s, const uint32_t *begin, uint32_t n, uint32_t b)
{
	for (uint32_t c = 0; c < n; c++) {
		bool all = c != b, equal = true;
		for (uint32_t k = 0; k < s->n && all; k++) {
			bool x = holds(&s->tile[k], begin[b]), y = holds(&s->tile[k], begin[c]);
			all = !x || y;
			equal &= x == y;
		}
		if (all && (!equal || c < b))
			return true;
	}
	return false;
}

/* Positions at which some tile begins to hold data: where two meet, one of them begins. */
static void
find_slots(struct arena *a, struct search *s)
{
	VEC(uint32_t) begin = {0};

	for (uint32_t k = 0; k < s->n; k++)
		for (uint32_t i = 0; i < s->tile[k].piece.n; i++)
			VEC_PUSH(a, &begin, s->tile[k].piece.at[i].lo);
	for (uint32_t b = 0; b < begin.n && s->nslot < SLOTS_MAX; b++) {
		if (is_covered(s, begin.at, begin.n, b))
			continue;
		for (uint32_t k = 0; k < s->n; k++) {
			if (!holds(&s->tile[k], begin.at[b]))
				continue;
			VEC_PUSH(a, &s->tile[k].slot, s->nslot);
			s->rest[s->nslot] += s->tile[k].bytes;
		}
		s->nslot++;
	}
}

static uint32_t
npieces(const struct root *r)
{
	return r->npiece ? r->npiece : 1;
}

static struct piece
piece_of(const struct kernel *k, const struct root *r, uint32_t i)
{
	return r->npiece ? k->l.piece.at[r->piece0 + i] : (struct piece){r->lo, r->hi};
}

static enum exact
search(struct kernel *k)
{
	struct arena_mark m = arena_mark(k->a);
	struct search *s = &k->s;
	uint32_t *tile_of = ARENA_ARRAY(k->a, uint32_t, k->l.root.n + 1);

	memset(s->tile, 0, sizeof s->tile);
	memset(s->sky, 0, sizeof s->sky);
	memset(s->rest, 0, sizeof s->rest);
	memset(s->seen, 0, sizeof *s->seen << SEEN_LOG);
	s->n = s->nslot = 0;
	for (uint32_t i = 0; i < k->l.root.n; i++) {
		const struct root *r = &k->l.root.at[i];
		if (r->space != k->space || !r->lo || r->twin)
			continue;
		if (k->same[i] == i)
			tile_of[i] = s->n++;
		if (s->n > TILES_MAX)
			return EXACT_UNKNOWN;
		uint32_t of = i;
		while (k->same[of] != of)
			of = k->same[of];
		struct tile *t = &s->tile[tile_of[of]];
		t->bytes = num_round_up(r->size_bytes, isa_space[k->space].align);
		for (uint32_t j = 0; j < npieces(r); j++)
			VEC_PUSH(k->a, &t->piece, piece_of(k, r, j));
	}
	find_slots(k->a, s);
	enum exact r = s->nslot == SLOTS_MAX ? EXACT_UNKNOWN : place_rest(s, s->n, 0, 0);
	arena_rewind(k->a, m);
	return r;
}

/* ---- ops in place ---- */

/* Do two roots hold data together at `pos` only, where the first ends and the second begins? */
static bool
hands_over(const struct kernel *k, const struct root *x, const struct root *y, uint32_t pos)
{
	bool ends = false;

	for (uint32_t i = 0; i < npieces(x); i++)
		for (uint32_t j = 0; j < npieces(y); j++) {
			struct piece p = piece_of(k, x, i), q = piece_of(k, y, j);
			if (p.lo > q.hi || q.lo > p.hi)
				continue;
			if (p.hi != pos || q.lo != pos)
				return false;
			ends = true;
		}
	return ends;
}

/* Index of the root whose value this is, root.n for views and for tiles with others in the family. */
static uint32_t
root_at(struct kernel *k, struct val v)
{
	uint32_t r = k->l.root.n;

	for (uint32_t i = 0; i < k->l.root.n; i++)
		if (op_res(k->l.ir, k->l.root.at[i].alloc, 0).i == v.i && k->l.only[live_family(&k->l, v)] == i + 1)
			r = i;
	return r;
}

static void
find_pairs(struct kernel *k)
{
	for (uint32_t i = 0; i < k->l.in_place.n; i++) {
		struct op o = k->l.in_place.at[i];
		struct op_slot slot[OP_MAX_SLOT];
		uint32_t n = op_slots(op_id(k->l.ir, o), slot), dst = root_at(k, op_slot(k->l.ir, o, n - 1));
		for (uint32_t j = 0; j + 1 < n && dst < k->l.root.n && k->npair < PAIRS_MAX; j++) {
			struct val v = op_slot(k->l.ir, o, j);
			uint32_t src = live_is_tile(&k->l, v) ? root_at(k, v) : k->l.root.n;
			if (src == k->l.root.n || src == dst || k->l.root.at[dst].space != k->space ||
			    val_type(k->l.ir, v).i != val_type(k->l.ir, op_slot(k->l.ir, o, n - 1)).i ||
			    !hands_over(k, &k->l.root.at[src], &k->l.root.at[dst], k->l.pos[o.i]))
				continue;
			k->pair[k->npair++] = (struct pair){o.i, src, dst};
		}
	}
}

/*
 * Every set of the pairs from p on, of each destination at most one. Tiles that are one thereby and meet elsewhere are
 * let pass: that can only make room.
 */
static enum exact
with_pairs(struct kernel *k, uint32_t p)
{
	if (p == k->npair)
		return search(k);
	enum exact r = with_pairs(k, p + 1);
	struct pair x = k->pair[p];
	if (r != EXACT_NEVER || k->same[x.dst] != x.dst)
		return r;
	k->same[x.dst] = x.src;
	r = with_pairs(k, p + 1);
	k->same[x.dst] = x.dst;
	return r;
}

enum exact
exact_place(struct arena *a, struct ir *ir, struct op func, enum space sp, uint64_t cap, uint64_t *nodes)
{
	struct kernel *k = calloc(1, sizeof *k);
	enum exact r = EXACT_UNKNOWN;

	if (!k)
		return r;
	*k = (struct kernel){.a = a, .space = sp, .cap = cap};
	k->s.cap = cap;
	k->s.nodes = *nodes;
	k->s.seen = malloc(sizeof *k->s.seen << SEEN_LOG);
	live_init(&k->l, a, ir);
	live_function(&k->l, func);
	live_holes(&k->l, func);
	k->same = ARENA_ARRAY(a, uint32_t, k->l.root.n + 1);
	for (uint32_t i = 0; i < k->l.root.n; i++)
		k->same[i] = i;
	find_pairs(k);
	if (k->s.seen && k->npair < PAIRS_MAX)
		r = with_pairs(k, 0);
	*nodes = k->s.nodes;
	free(k->s.seen);
	free(k);
	return r;
}
