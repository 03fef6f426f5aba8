/* pairs: see pairs.h. */
#include "driver/pairs.h"

#include <stdlib.h>

/* An entry of sync_result.why. */
struct member {
	uint32_t group, op;
	uint32_t region;
	bool prime;
};

static int
member_cmp(const void *pa, const void *pb)
{
	const struct member *a = pa, *b = pb;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	return a->op < b->op ? -1 : a->op > b->op;
}

static struct blk
blk_of(const struct ir *ir, struct op o)
{
	return ir_op(ir, o)->parent;
}

/* The block in which a set or wait stands once, be it in two arms. */
static struct blk
blk_over(const struct ir *ir, const struct op at[ARMS])
{
	return at[1].i ? blk_of(ir, op_parent(ir, at[0])) : blk_of(ir, at[0]);
}

/* Takes the place that is free, the second one only in another arm of the same branch. */
static bool
take_place(const struct ir *ir, struct op at[ARMS], struct op o)
{
	if (at[0].i == o.i || at[1].i == o.i)
		return true;
	if (at[0].i && (at[1].i || blk_of(ir, at[0]).i == blk_of(ir, o).i || op_id(ir, op_parent(ir, o)) != OP_IF ||
			op_parent(ir, at[0]).i != op_parent(ir, o).i))
		return false;
	at[at[0].i != 0] = o;
	return true;
}

/* Fills in the flag from the first op; false when another op has another one, or is no flag. */
static bool
same_flag(const struct ir *ir, struct op o, bool first, struct sync_pair *x)
{
	enum pipe src, dst;
	uint32_t eid;

	if ((op_id(ir, o) != OP_SET_FLAG && op_id(ir, o) != OP_WAIT_FLAG) || !op_flag(ir, o, &src, &dst, &eid))
		return false;
	if (first) {
		x->src = src;
		x->dst = dst;
		x->eid = eid;
	}
	return src == x->src && dst == x->dst && eid == x->eid;
}

/* The pair of members [0, n); false when it is more than set and wait, with or without prime and drain. */
static bool
pair_of(const struct ir *ir, const struct member *m, uint32_t n, struct sync_pair *x)
{
	*x = (struct sync_pair){.group = m->group, .region = m->region};
	for (uint32_t i = 0; i < n; i++) {
		struct op o = {m[i].op};
		if (!same_flag(ir, o, i == 0, x) || (m[i].prime && x->prime.i && x->prime.i != o.i))
			return false;
		if (m[i].prime)
			x->prime = o;
	}
	for (uint32_t i = 0; i < n; i++) {
		struct op o = {m[i].op};
		bool set = op_id(ir, o) == OP_SET_FLAG;
		if (m[i].prime)
			continue;
		if (!set && x->prime.i && blk_of(ir, o).i == blk_of(ir, x->prime).i) {
			if (x->drain.i && x->drain.i != o.i)
				return false;
			x->drain = o;
		} else if (!take_place(ir, set ? x->set : x->wait, o)) {
			return false;
		}
	}
	return x->set[0].i && x->wait[0].i && !x->prime.i == !x->drain.i &&
	       blk_over(ir, x->set).i == blk_over(ir, x->wait).i;
}

void
pairs_find(struct arena *a, const struct ir *ir, const struct sync_result *res, struct sync_pairs *p)
{
	uint32_t n = res->why.n;
	struct member *m = ARENA_ARRAY(a, struct member, n + 1);

	for (uint32_t i = 0; i < n; i++) {
		const struct sync_why *w = &res->why.at[i];
		m[i] = (struct member){w->group, w->sync.i, w->set, w->prime};
	}
	if (n)
		qsort(m, n, sizeof *m, member_cmp);
	for (uint32_t i = 0, j; i < n; i = j) {
		struct sync_pair x;
		for (j = i; j < n && m[j].group == m[i].group;)
			j++;
		if (pair_of(ir, &m[i], j - i, &x))
			VEC_PUSH(a, &p->all, x);
	}
}
