/*
 * canon: control flow that is decided at compile time. A loop without an iteration goes, a loop with one becomes its
 * body, an if on a constant becomes its branch. Source: memory.md §5.8. The code that disappears would cost buffers
 * and synchronisation.
 *
 * Values are renamed through a table by value id (`as`, 0: itself) and written into the operands once, at the end.
 * Recursion over nesting only; every op is moved at most once per level that disappears.
 */
#include "shape/shape.h"

#include "base/num.h"

struct canon {
	struct ir *ir;
	uint32_t *as;
	bool changed;
};

static struct val
now(const struct canon *c, struct val v)
{
	while (c->as[v.i])
		v.i = c->as[v.i];
	return v;
}

static void
rename_value(struct canon *c, struct val v, struct val to)
{
	to = now(c, to);
	if (v.i != to.i)
		c->as[v.i] = to.i;
	c->changed = true;
}

static bool
constant(const struct canon *c, struct val v, int64_t *k)
{
	return val_const_int(c->ir, now(c, v), k);
}

/* Moves what a single-block region does in front of `o`; its terminator's operands become the results of `o`. */
static struct op
inline_region(struct canon *c, struct op o, uint32_t region)
{
	struct ir *ir = c->ir;
	struct blk b = op_body(ir, o, region);
	struct op term = ir_blk(ir, b)->last, first = {0};
	uint32_t n;

	for (struct op x = ir_blk(ir, b)->first, next; x.i && x.i != term.i; x = next) {
		next = ir_op(ir, x)->next;
		ir_unlink(ir, x);
		ir_insert_before(ir, o, x);
		if (!first.i)
			first = x;
	}
	const struct val *y = op_group(ir, term, 0, &n);
	for (uint32_t k = 0; k < ir_op(ir, o)->nres && k < n; k++)
		rename_value(c, op_res(ir, o, k), y[k]);
	c->changed = true;
	return first;
}

/* Number of iterations, counted up to 2; -1 when unknown. */
static int
trips(const struct canon *c, struct op o)
{
	int64_t lo, hi, step, next;

	if (!constant(c, op_slot(c->ir, o, 0), &lo) || !constant(c, op_slot(c->ir, o, 1), &hi) ||
	    !constant(c, op_slot(c->ir, o, 2), &step) || step <= 0)
		return -1;
	if (lo >= hi)
		return 0;
	return !num_add(lo, step, &next) || next >= hi ? 1 : 2;
}

static bool
single_block(const struct ir *ir, struct op o, uint32_t region)
{
	struct blk b = op_body(ir, o, region);

	return b.i && !ir_blk(ir, b)->next.i;
}

/* Each returns true when `o` is to be erased; *first is the op to go on with when code was moved in front of it. */

static bool
fold_for(struct canon *c, struct op o, struct op *first)
{
	struct ir *ir = c->ir;
	int n = trips(c, o);
	uint32_t ninit;

	if (n < 0 || n > 1 || !single_block(ir, o, 0))
		return false;
	const struct val *init = op_group(ir, o, 3, &ninit);
	struct blk_data *b = ir_blk(ir, op_body(ir, o, 0));
	if (n == 1)
		rename_value(c, (struct val){b->arg0}, op_slot(ir, o, 0));
	for (uint32_t k = 0; k < ninit; k++)
		rename_value(c, !n ? op_res(ir, o, k) : (struct val){b->arg0 + 1 + k}, init[k]);
	if (n == 1)
		*first = inline_region(c, o, 0);
	c->changed = true;
	return true;
}

static bool
fold_if(struct canon *c, struct op o, struct op *first)
{
	int64_t cond;

	if (!constant(c, op_slot(c->ir, o, 0), &cond))
		return false;
	uint32_t region = cond ? 0 : 1;
	if (op_body(c->ir, o, region).i) {
		if (!single_block(c->ir, o, region))
			return false;
		*first = inline_region(c, o, region);
	}
	c->changed = true;
	return true;
}

/* Ops of regions that go with their owner are dead too: tables by op id must not count them. */
static void
kill(struct ir *ir, struct op o)
{
	for (uint32_t k = 0; k < ir_op(ir, o)->nreg; k++)
		for (struct blk b = op_body(ir, o, k); b.i; b = ir_blk(ir, b)->next)
			for (struct op x = ir_blk(ir, b)->first; x.i; x = ir_op(ir, x)->next) {
				kill(ir, x);
				ir_op(ir, x)->flags |= OPD_DEAD;
			}
}

static void
canon_block(struct canon *c, struct blk b)
{
	struct ir *ir = c->ir;

	for (struct op o = ir_blk(ir, b)->first, next; o.i; o = next) {
		struct op first = {0};
		enum op_id id = op_id(ir, o);
		next = ir_op(ir, o)->next;
		if ((id == OP_FOR && fold_for(c, o, &first)) || (id == OP_IF && fold_if(c, o, &first))) {
			if (first.i)
				next = first;
			kill(ir, o);
			ir_erase(ir, o);
			continue;
		}
		for (uint32_t k = 0; k < ir_op(ir, o)->nreg; k++)
			for (struct blk s = op_body(ir, o, k); s.i; s = ir_blk(ir, s)->next)
				canon_block(c, s);
	}
}

void
shape_canon(struct ir *ir)
{
	struct canon c = {.ir = ir, .as = ARENA_ARRAY(ir->a, uint32_t, ir->val.n)};

	for (struct blk b = op_body(ir, ir->module, 0); b.i; b = ir_blk(ir, b)->next)
		canon_block(&c, b);
	if (!c.changed)
		return;
	for (uint32_t k = 0; k < ir->opnd.n; k++)
		ir->opnd.at[k] = now(&c, ir->opnd.at[k]);
}
