/*
 * prepare: decisions about one function before it is printed: which ops are alive, which values are mentioned in the
 * text and how often, which views need the run-time form and which values must be declared ahead.
 *
 * Linear in the ops of the function, except that a value used in another block of a multi-block region climbs the
 * nesting from its use (bounded by the nesting limit).
 */
#include "emit/emit.h"

static void
collect(struct cxx *x, struct reg r)
{
	for (struct blk b = ir_reg(x->ir, r)->first; b.i; b = ir_blk(x->ir, b)->next) {
		for (struct op o = ir_blk(x->ir, b)->first; o.i; o = ir_op(x->ir, o)->next) {
			struct op_data *d = ir_op(x->ir, o);
			VEC_PUSH(x->a, &x->order, o);
			for (uint32_t k = 0; k < d->nreg; k++)
				collect(x, op_reg(x->ir, o, k));
		}
	}
}

/* A value that is assigned to a variable, returned or passed on has the type its IR type spells. */
static void
mark_generic(struct cxx *x, struct val v)
{
	if (v.i && x_is_view(x, v))
		x_val(x, v)->flags |= CV_GENERIC;
}

static bool
passes_on(const struct cxx *x, struct op o)
{
	struct op_data *d = ir_op(x->ir, o);

	return (op_row(x->ir, o)->flags & OPF_TERM) || d->nreg || d->id == OP_CALL || d->id == OP_ARITH_SELECT;
}

static void
mark_flow(struct cxx *x, struct op o)
{
	struct op_data *d = ir_op(x->ir, o);

	if (!passes_on(x, o))
		return;
	for (uint32_t k = 0; k < d->nopnd; k++)
		mark_generic(x, op_opnd(x->ir, o, k));
	for (uint32_t s = 0; s < d->nsucc; s++) {
		struct succ *e = &x->ir->succ.at[d->succ0 + s];
		for (uint32_t k = 0; k < e->narg; k++)
			mark_generic(x, x->ir->opnd.at[e->arg0 + k]);
	}
}

static void
make_live(struct cxx *x, struct op o)
{
	if (x->live[o.i])
		return;
	x->live[o.i] = 1;
	VEC_PUSH(x->a, &x->work, o);
}

/* v is defined in one block of a multi-block region and used in another: it lives in a variable of the region. */
static bool
crosses_blocks(const struct cxx *x, struct op user, struct blk home)
{
	struct reg r = ir_blk(x->ir, home)->parent;

	if (!x_multi(x, r))
		return false;
	for (struct blk b = ir_op(x->ir, user)->parent; b.i;) {
		if (ir_blk(x->ir, b)->parent.i == r.i)
			return b.i != home.i;
		struct op owner = blk_owner(x->ir, b);
		b = owner.i ? ir_op(x->ir, owner)->parent : (struct blk){0};
	}
	return false;
}

void
x_use(struct cxx *x, struct op o, struct val v, bool expr)
{
	if (!v.i)
		return;
	struct cval *c = x_val(x, v);
	struct op def = ir_val(x->ir, v)->def;
	c->nuse++;
	c->user = expr ? o.i : 0;
	if (!def.i)
		return;
	make_live(x, def);
	struct blk home = ir_op(x->ir, def)->parent;
	if (home.i != ir_op(x->ir, o)->parent.i && op_id(x->ir, def) != OP_ARITH_CONSTANT && crosses_blocks(x, o, home))
		c->flags |= CV_VAR;
}

void
x_use_all(struct cxx *x, struct op o, bool expr)
{
	struct op_data *d = ir_op(x->ir, o);

	for (uint32_t k = 0; k < d->nopnd; k++)
		x_use(x, o, op_opnd(x->ir, o, k), expr);
}

static bool
is_root(const struct cxx *x, struct op o)
{
	return !op_family(x, o)->drop && !(op_row(x->ir, o)->flags & OPF_PURE);
}

void
x_prepare(struct cxx *x, struct op f)
{
	x->order.n = 0;
	x->work.n = 0;
	x->view.n = 1;
	x->tile.n = 1;
	collect(x, op_reg(x->ir, f, 0));
	for (uint32_t k = 0; k < x->order.n; k++)
		mark_flow(x, x->order.at[k]);
	for (uint32_t k = 0; k < x->order.n; k++) {
		struct op o = x->order.at[k];
		const struct family *fam = op_family(x, o);
		if (fam->prepare)
			fam->prepare(x, o);
		if (is_root(x, o))
			make_live(x, o);
	}
	while (x->work.n) {
		struct op o = x->work.at[--x->work.n];
		const struct family *fam = op_family(x, o);
		if (fam->uses)
			fam->uses(x, o);
		else
			x_use_all(x, o, fam->expr != NULL);
	}
}

/* Constants are printed once per value and type at the start of the function. */
void
x_constants(struct cxx *x)
{
	for (uint32_t k = 0; k < x->consts.n; k++)
		x->const_no[x->consts.at[k].i] = 0;
	x->consts.n = 0;
	for (uint32_t k = 0; k < x->order.n; k++) {
		struct op o = x->order.at[k];
		if (op_id(x->ir, o) != OP_ARITH_CONSTANT || !x_live(x, o))
			continue;
		struct attr a = op_attr(x->ir, o, x->ir->name.value);
		struct cval *c = x_val(x, op_res(x->ir, o, 0));
		if (!c->nuse)
			continue;
		if (x->const_no[a.i]) {
			c->no = x->const_no[a.i];
			continue;
		}
		x_constant(x, o, attr_data(&x->ir->attrs, a));
		x->const_no[a.i] = c->no;
		VEC_PUSH(x->a, &x->consts, a);
	}
}
