/*
 * dom: definitions must dominate their uses. Run at the end of functions with several blocks in a region or with uses
 * before definitions; elsewhere the scoping of names already guarantees it. Immediate dominators per region by
 * iteration over reverse post-order (Cooper, Harvey, Kennedy).
 */
#include "front/build.h"

/* Per block: reverse post-order number from 1, 0 = unreachable or in a region of one block. */
struct dom {
	struct front *fe;
	uint32_t *rpo;
	uint32_t *idom;       /* block id, by block id */
	uint32_t *pre, *size; /* place and extent in the dominator tree, by block id */
	uint32_t *stack, *post;
};

static const struct succ *
blk_succ(const struct ir *ir, struct blk b, uint32_t *n)
{
	struct op t = ir_blk(ir, b)->last;

	*n = t.i ? ir_op(ir, t)->nsucc : 0;
	return *n ? &ir->succ.at[ir_op(ir, t)->succ0] : NULL;
}

/* Depth-first from the entry without recursion; numbers blocks in post-order, returns their count. */
static uint32_t
number_blocks(struct dom *d, struct blk entry)
{
	const struct ir *ir = d->fe->ir;
	uint32_t depth = 0, post = 0, *next = d->idom; /* idom is free until the numbering is done */

	d->stack[depth++] = entry.i;
	d->rpo[entry.i] = 1;
	next[entry.i] = 0;
	while (depth) {
		struct blk b = {d->stack[depth - 1]};
		uint32_t n;
		const struct succ *s = blk_succ(ir, b, &n);
		if (next[b.i] == n) {
			d->post[++post] = b.i;
			depth--;
			continue;
		}
		struct blk t = s[next[b.i]++].blk;
		if (!d->rpo[t.i]) {
			d->rpo[t.i] = 1;
			next[t.i] = 0;
			d->stack[depth++] = t.i;
		}
	}
	return post;
}

static uint32_t
intersect(const struct dom *d, uint32_t a, uint32_t b)
{
	while (a != b) {
		while (d->rpo[a] > d->rpo[b])
			a = d->idom[a];
		while (d->rpo[b] > d->rpo[a])
			b = d->idom[b];
	}
	return a;
}

/* Predecessors of the blocks in reverse post-order: those of order[i] are pred[first[i] .. first[i + 1]). */
static uint32_t *
predecessors(struct dom *d, const uint32_t *order, uint32_t n, uint32_t *first)
{
	const struct ir *ir = d->fe->ir;
	uint32_t total = 0;

	for (uint32_t i = 1; i <= n; i++) {
		uint32_t ns;
		const struct succ *s = blk_succ(ir, (struct blk){order[i]}, &ns);
		for (uint32_t k = 0; k < ns; k++)
			first[d->rpo[s[k].blk.i]]++;
		total += ns;
	}
	for (uint32_t i = 1; i <= n + 1; i++)
		first[i] += first[i - 1];
	uint32_t *pred = ARENA_ARRAY(d->fe->a, uint32_t, total + 1);
	for (uint32_t i = n; i >= 1; i--) {
		uint32_t ns;
		const struct succ *s = blk_succ(ir, (struct blk){order[i]}, &ns);
		for (uint32_t k = 0; k < ns; k++)
			pred[--first[d->rpo[s[k].blk.i]]] = order[i];
	}
	return pred;
}

/* Places the blocks in the dominator tree so that "dominates" is an interval test. */
static void
place_blocks(struct dom *d, const uint32_t *order, uint32_t n)
{
	for (uint32_t i = 1; i <= n; i++)
		d->size[order[i]] = 1;
	for (uint32_t i = n; i >= 2; i--)
		d->size[d->idom[order[i]]] += d->size[order[i]];
	uint32_t *next = d->stack;
	d->pre[order[1]] = 1;
	next[order[1]] = 2;
	for (uint32_t i = 2; i <= n; i++) {
		uint32_t b = order[i], p = d->idom[b];
		d->pre[b] = next[p];
		next[p] += d->size[b];
		next[b] = d->pre[b] + 1;
	}
}

static void
dominators(struct dom *d, struct reg r)
{
	const struct ir *ir = d->fe->ir;
	struct blk entry = ir_reg(ir, r)->first;

	if (!entry.i || !ir_blk(ir, entry)->next.i)
		return;
	uint32_t n = number_blocks(d, entry);
	uint32_t *order = ARENA_ARRAY(d->fe->a, uint32_t, n + 1), *first = ARENA_ARRAY(d->fe->a, uint32_t, n + 2);
	for (uint32_t i = 1; i <= n; i++) {
		uint32_t b = d->post[i];
		d->rpo[b] = n + 1 - i;
		order[n + 1 - i] = b;
		d->idom[b] = 0;
	}
	d->idom[entry.i] = entry.i;
	const uint32_t *pred = predecessors(d, order, n, first);
	for (bool changed = true; changed;) {
		changed = false;
		for (uint32_t i = 2; i <= n; i++) {
			uint32_t m = 0;
			for (uint32_t k = first[i]; k < first[i + 1]; k++)
				if (d->idom[pred[k]])
					m = m ? intersect(d, m, pred[k]) : pred[k];
			changed = changed || d->idom[order[i]] != m;
			d->idom[order[i]] = m;
		}
	}
	place_blocks(d, order, n);
}

static bool
blk_dominates(const struct dom *d, struct blk a, struct blk b)
{
	if (!d->rpo[b.i])
		return true; /* unreachable code: anything goes */
	return d->rpo[a.i] && d->pre[a.i] <= d->pre[b.i] && d->pre[b.i] < d->pre[a.i] + d->size[a.i];
}

/* Is the value's definition before `user` on every path? */
static bool
dominates(const struct dom *d, struct val v, struct op user)
{
	const struct ir *ir = d->fe->ir;
	const struct val_data *x = ir_val(ir, v);
	struct blk at = x->def.i ? ir_op(ir, x->def)->parent : x->blk;
	struct reg home = ir_blk(ir, at)->parent;

	for (struct op o = user; o.i; o = op_parent(ir, o)) {
		struct blk b = ir_op(ir, o)->parent;
		if (!b.i || ir_blk(ir, b)->parent.i != home.i)
			continue;
		if (b.i != at.i)
			return blk_dominates(d, at, b);
		return !x->def.i || ir_op(ir, x->def)->order < ir_op(ir, o)->order;
	}
	return false;
}

static void
check_operands(struct dom *d, struct op o, uint32_t at, uint32_t n, uint32_t number)
{
	const struct ir *ir = d->fe->ir;

	for (uint32_t k = 0; k < n; k++) {
		struct val v = ir->opnd.at[at + k];
		if (v.i && !dominates(d, v, o)) {
			fe_error(d->fe, DIAG_DOMINANCE, ir_op(ir, o)->span,
				 "operand #%u ('%s') does not dominate this use", number + k, val_name(ir, v));
			fe_note(d->fe, ir_val(ir, v)->span, "operand defined here");
		}
	}
}

static void check_region(struct dom *d, struct reg r);

static void
check_op(struct dom *d, struct op o)
{
	const struct op_data *x = ir_op(d->fe->ir, o);
	uint32_t number = x->nopnd;

	check_operands(d, o, x->opnd0, x->nopnd, 0);
	for (uint32_t k = 0; k < x->nsucc; k++) {
		const struct succ *s = &d->fe->ir->succ.at[x->succ0 + k];
		check_operands(d, o, s->arg0, s->narg, number);
		number += s->narg;
	}
	if (!(op_row(d->fe->ir, o)->flags & OPF_ISOLATED))
		for (uint32_t k = 0; k < x->nreg; k++)
			check_region(d, op_reg(d->fe->ir, o, k));
}

static void
check_region(struct dom *d, struct reg r)
{
	const struct ir *ir = d->fe->ir;

	dominators(d, r);
	for (struct blk b = ir_reg(ir, r)->first; b.i; b = ir_blk(ir, b)->next)
		for (struct op o = ir_blk(ir, b)->first; o.i && !d->fe->failed; o = ir_op(ir, o)->next)
			check_op(d, o);
}

/* Position keys in program order, for the comparison inside a block. */
static void
number_ops(struct ir *ir, struct reg r, uint32_t *next)
{
	for (struct blk b = ir_reg(ir, r)->first; b.i; b = ir_blk(ir, b)->next) {
		for (struct op o = ir_blk(ir, b)->first; o.i; o = ir_op(ir, o)->next) {
			ir_op(ir, o)->order = (*next)++;
			for (uint32_t k = 0; k < ir_op(ir, o)->nreg; k++)
				number_ops(ir, op_reg(ir, o, k), next);
		}
	}
}

void
dominance_check(struct front *fe, struct reg r)
{
	uint32_t n = fe->ir->blk.n + 1, next = 1;
	uint32_t *room = ARENA_ARRAY(fe->a, uint32_t, (size_t)n * 6);
	struct dom d = {fe, room, room + n, room + 2 * n, room + 3 * n, room + 4 * n, room + 5 * n};

	number_ops(fe->ir, r, &next);
	check_region(&d, r);
}
