/*
 * reach: where in the section something may conflict with a sink, for demands that are handed outwards.
 *
 * Statements are numbered in program order, a loop and what is inside it without a gap. Regions that may overlap,
 * directly or through others, form a group; a flag is a group of its own. Each group lists the statements that touch
 * it. What a demand of some loop asks of the loops around it concerns statements outside that loop only, once it is
 * certain inside.
 */
#include "check/walk.h"

enum { USE_WRITE, USE_ANY, USE_LISTS };

struct ck_reach {
	uint32_t *end;		/* per statement: first one behind it that is not inside */
	uint32_t *parent;	/* regions, then classes: disjoint sets */
	uint32_t nregion, nset;	/* groups of flags follow the sets */
	uint32_t *at;		/* statements */
	uint32_t *first;	/* [group * USE_LISTS + list]; one more behind the last */
};

static uint32_t
set_find(uint32_t *parent, uint32_t x)
{
	while (parent[x] != x)
		x = parent[x] = parent[parent[x]];
	return x;
}

static void
sets_build(struct ck_checker *c, struct ck_reach *r)
{
	uint32_t n;

	r->nregion = c->region.n;
	r->nset = c->region.n + c->class_id.n;
	r->parent = ARENA_ARRAY(c->a, uint32_t, r->nset);
	for (uint32_t i = 0; i < r->nset; i++)
		r->parent[i] = i;
	for (uint32_t i = 1; i < c->region.n; i++) {
		const uint32_t *near = ck_src_near(c, i, &n);
		for (uint32_t k = 0; k < n; k++)
			r->parent[set_find(r->parent, near[k])] = set_find(r->parent, i);
		if (c->region.at[i].cls)
			r->parent[set_find(r->parent, r->nregion + c->region.at[i].cls)] = set_find(r->parent, i);
	}
}

static void
ends_build(struct ck_checker *c, struct ck_reach *r)
{
	r->end = ARENA_ARRAY(c->a, uint32_t, c->sec->stmt.n);
	for (uint32_t s = c->sec->stmt.n; s-- > 1;) {
		uint32_t p = c->sec->blk.at[c->sec->stmt.at[s].blk].parent;
		if (!r->end[s])
			r->end[s] = s + 1;
		if (p && !r->end[p])
			r->end[p] = r->end[s];
	}
}

/* Counts (at == NULL) or enters one use. */
static void
use_put(struct ck_reach *r, uint32_t *n, uint32_t group, unsigned list, uint32_t stmt)
{
	uint32_t *k = &n[group * USE_LISTS + list];

	if (r->at)
		r->at[*k] = stmt;
	++*k;
}

static void
uses_of_work(struct ck_checker *c, struct ck_reach *r, uint32_t *n, uint32_t stmt)
{
	const struct stmt *st = &c->sec->stmt.at[stmt];
	uint32_t na;
	const struct hidden_key *h = access_hidden(c->ac, st->op, &na);

	for (uint32_t i = 0; i < na; i++)
		for (uint32_t id = 0; id < EVENT_ID_COUNT; id++)
			if (h[i].ids >> id & 1)
				use_put(r, n, r->nset + ck_key_index(h[i].src, h[i].dst, id), USE_ANY, stmt);
	for (uint32_t i = 0; i < st->nnode; i++) {
		const struct phase *ph = c->sec->node.at[st->node0 + i].ph;
		const struct acc *x = access_accs(c->ac, ph, &na);
		for (uint32_t k = 0; k < na; k++) {
			uint32_t g = set_find(r->parent, ck_src_region(c, x[k].set));
			if (x[k].rw & ACC_WRITE)
				use_put(r, n, g, USE_WRITE, stmt);
			if ((x[k].rw & ACC_WRITE) || ph->pipe != P_S)
				use_put(r, n, g, USE_ANY, stmt);
		}
	}
}

static void
uses_of_sync(struct ck_checker *c, struct ck_reach *r, uint32_t *n, uint32_t stmt)
{
	struct op o = c->sec->stmt.at[stmt].op;
	enum pipe p, q;
	uint32_t eid;

	if (op_id(c->ir, o) == OP_WAIT_FLAG && op_flag(c->ir, o, &p, &q, &eid) && p < PIPE_COUNT && q < PIPE_COUNT &&
	    eid < EVENT_ID_COUNT)
		use_put(r, n, r->nset + ck_key_index(p, q, eid), USE_ANY, stmt);
}

static void
uses_pass(struct ck_checker *c, struct ck_reach *r, uint32_t *n)
{
	for (uint32_t s = 1; s < c->sec->stmt.n; s++) {
		uint8_t kind = c->sec->stmt.at[s].kind;
		if (kind == ST_WORK || kind == ST_CALL)
			uses_of_work(c, r, n, s);
		else if (kind == ST_SYNC)
			uses_of_sync(c, r, n, s);
	}
}

void
ck_reach_init(struct ck_checker *c)
{
	struct ck_reach *r;
	bool nested = false;
	uint32_t nlist, *n;

	for (uint32_t b = 1; b < c->sec->blk.n && !nested; b++)
		nested = c->sec->blk.at[b].depth > 1;
	if (!nested || c->sec->unstructured)
		return;
	r = c->reach = ARENA_NEW(c->a, struct ck_reach);
	sets_build(c, r);
	ends_build(c, r);
	nlist = (r->nset + KEY_COUNT) * USE_LISTS;
	n = ARENA_ARRAY(c->a, uint32_t, nlist + 1);
	uses_pass(c, r, n);
	for (uint32_t i = 0, sum = 0; i <= nlist; i++) {
		uint32_t k = n[i];
		n[i] = sum;
		sum += k;
	}
	r->first = arena_alloc(c->a, (nlist + 1) * sizeof *n);
	memcpy(r->first, n, (nlist + 1) * sizeof *n);
	r->at = ARENA_ARRAY(c->a, uint32_t, n[nlist] + 1);
	uses_pass(c, r, n);
}

/* Innermost of the frames 1..depth whose loop holds the statement. */
static uint32_t
frame_of(const struct ck_checker *c, uint32_t depth, uint32_t stmt)
{
	uint32_t lo = 0, hi = depth;

	while (lo < hi) {
		uint32_t mid = (lo + hi + 1) / 2, loop = c->frame[mid]->stmt;
		if (stmt >= loop && stmt < c->reach->end[loop])
			lo = mid;
		else
			hi = mid - 1;
	}
	return lo;
}

uint32_t
ck_reach_next(const struct ck_checker *c, const struct ck_sink *s)
{
	const struct ck_reach *r = c->reach;
	uint32_t outer = c->depth - 1, loop = c->frame[c->depth]->stmt, group, list, near = 0;

	if (!r || (s->kind != SINK_ACC && s->kind != SINK_SET) || s->cols[VIEW_INV])
		return outer;
	group = s->kind == SINK_SET ? r->nset + s->reg : set_find(r->parent, s->reg);
	list = group * USE_LISTS + (s->kind == SINK_SET || (s->acc->rw & ACC_WRITE) ? USE_ANY : USE_WRITE);
	const uint32_t *at = &r->at[r->first[list]];
	uint32_t n = r->first[list + 1] - r->first[list], lo = 0, hi = n;
	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;
		if (at[mid] < loop)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo)
		near = frame_of(c, outer, at[lo - 1]);
	for (hi = n; lo < hi;) {
		uint32_t mid = (lo + hi) / 2;
		if (at[mid] < r->end[loop])
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < n && near < outer) {
		uint32_t f = frame_of(c, outer, at[lo]);
		near = f > near ? f : near;
	}
	return near;
}
