/*
 * address: flag ids of fifos, and reserved buffers as constants (ops-sync-comm.md §a.2 step 4). Runs after placement,
 * which gives every reserve_buffer its base.
 */
#include "shape/fifo.h"

#include <assert.h>
#include <stdlib.h>

enum { FLAG_IDS = 16 };

struct group {
	uint32_t first, n;	/* members, in order of creation */
	int64_t id, dir_mask;	/* smallest frontend id, -1 none */
	int64_t base;		/* explicit, -1 none */
	struct op by_base;	/* the end that says it */
};

/* ---- groups in the order in which they get flags ---- */

static int
group_order(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if ((x->id < 0) != (y->id < 0))
		return x->id < 0 ? 1 : -1;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	if (x->id >= 0 && x->dir_mask != y->dir_mask)
		return x->dir_mask < y->dir_mask ? -1 : 1;
	return x->first < y->first ? -1 : x->first > y->first;
}

static bool
same_shape(const struct fifo *a, const struct fifo *b)
{
	return a->dir_mask == b->dir_mask && a->slot_size == b->slot_size && a->slot_num == b->slot_num &&
	       a->ring == b->ring && a->local_slot_num == b->local_slot_num;
}

/* An end with a ring must be one of a pair; false when the fifo is left out or wrong (*ok). */
static bool
takes_part(struct fifos *f, uint32_t k, const uint32_t *members, bool *ok)
{
	struct ir *ir = f->ir;
	const struct fifo *x = &f->all.at[k];
	bool has_base = fifo_int(ir, x->init, ir->name.flag_base, -1) >= 0;

	if (x->ring && x->nkey == 0) {
		if (!has_base)
			op_error(ir, x->init, DIAG_VERIFY, "requires local_addr to come from pto.reserve_buffer or "
				 "pto.import_reserved_buffer when 'flag_base' is not explicit");
		*ok = *ok && has_base;
		return false;
	}
	if (x->ring && members[x->group] != 2) {
		op_error(ir, x->init, DIAG_VERIFY, "requires a complete compatible peer init pair when local_addr "
			 "comes from pto.reserve_buffer or pto.import_reserved_buffer");
		*ok = false;
		return false;
	}
	if (!same_shape(x, &f->all.at[x->group])) {
		op_error(ir, x->init, DIAG_VERIFY, "requires peer pipe init ops to agree on direction and pipe shape");
		diag_note(ir->diags, ir_op(ir, f->all.at[x->group].init)->span, "the other end is declared here");
		*ok = false;
		return false;
	}
	return true;
}

static bool
group_add(struct fifos *f, struct group *g, uint32_t k)
{
	struct ir *ir = f->ir;
	const struct fifo *x = &f->all.at[k];
	int64_t base = fifo_int(ir, x->init, ir->name.flag_base, -1);

	if (g->n++ == 0) {
		g->first = k;
		g->id = g->base = -1;
		g->dir_mask = x->dir_mask;
	}
	if (x->id >= 0 && (g->id < 0 || x->id < g->id))
		g->id = x->id;
	if (base < 0)
		return true;
	if (g->base >= 0 && g->base != base) {
		op_error(ir, x->init, DIAG_VERIFY, "conflicting explicit flag_base across peer pipe inits");
		diag_note(ir->diags, ir_op(ir, g->by_base)->span, "the other end has flag_base = %lld",
			  (long long)g->base);
		return false;
	}
	g->base = base;
	g->by_base = x->init;
	return true;
}

/* ---- flags ---- */

static uint32_t
flags_taken(struct fifos *f, const struct group *g, const uint32_t *used)
{
	uint32_t mask = 0;

	for (uint32_t k = f->all.at[g->first].group, go = 1; go; k = go = f->all.at[k].next)
		mask |= used[f->all.at[k].func.i];
	return mask;
}

static bool
assign_flags(struct fifos *f, const struct group *g, uint32_t *used)
{
	struct ir *ir = f->ir;
	uint32_t need = g->dir_mask == 3 ? 4 : 2, bits = (1u << need) - 1, taken = flags_taken(f, g, used);
	struct op first = f->all.at[g->first].init;
	int64_t base = g->base;

	if (base >= 0 && base + need <= FLAG_IDS && taken & bits << base) {
		op_error(ir, first, DIAG_VERIFY,
			 "conflicting flag_base across peer pipe init components in the same function");
		return false;
	}
	if (base < 0)
		for (base = 0; base + need <= FLAG_IDS && taken & bits << base;)
			base += 2;
	if (base + need > FLAG_IDS) {
		op_error(ir, first, DIAG_VERIFY,
			 "requires all pipe components in a function to fit within 16 hardware flag ids");
		return false;
	}
	struct attr a = attr_int(&ir->attrs, base, type_int(&ir->types, 32, SIGNLESS));
	for (uint32_t k = f->all.at[g->first].group, go = 1; go; k = go = f->all.at[k].next) {
		const struct fifo *x = &f->all.at[k];
		op_attr_set(ir, x->init, ir->name.flag_base, a);
		used[x->func.i] |= bits << base;
	}
	return true;
}

static bool
resolve_flags(struct fifos *f)
{
	struct ir *ir = f->ir;
	uint32_t n = f->all.n, ngroup = 0;
	uint32_t *members = ARENA_ARRAY(ir->a, uint32_t, n + 1), *used = ARENA_ARRAY(ir->a, uint32_t, ir->op.n);
	struct group *g = ARENA_ARRAY(ir->a, struct group, n + 1);
	bool ok = true;

	for (uint32_t k = 0; k < n; k++)
		members[f->all.at[k].group]++;
	for (uint32_t k = 0; k < n; k++)
		if (takes_part(f, k, members, &ok))
			ok = group_add(f, &g[f->all.at[k].group], k) && ok;
	for (uint32_t k = 0; k < n; k++)
		if (g[k].n)
			g[ngroup++] = g[k];
	qsort(g, ngroup, sizeof *g, group_order);
	for (uint32_t k = 0; k < ngroup && ok; k++)
		ok = assign_flags(f, &g[k], used);
	return ok;
}

/* ---- addresses ---- */

static void
become_constant(struct ir *ir, struct op o, int64_t base)
{
	struct attr v = attr_int(&ir->attrs, base, type_int(&ir->types, 32, SIGNLESS));

	ir_op(ir, o)->id = OP_ARITH_CONSTANT;
	ir_op(ir, o)->attrs = attr_dict(&ir->attrs, &ir->name.value, &v, 1);
}

struct reserved {
	struct sym func, name;
	int64_t base;
};

static int
reserved_order(const void *a, const void *b)
{
	const struct reserved *x = a, *y = b;

	if (x->func.i != y->func.i)
		return x->func.i < y->func.i ? -1 : 1;
	return x->name.i < y->name.i ? -1 : x->name.i > y->name.i;
}

static struct sym
text_of(const struct ir *ir, struct op o, struct sym key)
{
	return attr_data(&ir->attrs, op_attr(ir, o, key))->text;
}

static bool
resolve_imports(struct ir *ir, const struct reserved *r, uint32_t n)
{
	bool ok = true;

	for (uint32_t i = 1; i < ir->op.n; i++) {
		struct op o = {i};
		if (op_id(ir, o) != OP_IMPORT_RESERVED_BUFFER || (ir_op(ir, o)->flags & OPD_DEAD))
			continue;
		struct reserved key = {text_of(ir, o, ir->name.peer_func), text_of(ir, o, ir->name.fifo_name), 0};
		const struct reserved *x = n ? bsearch(&key, r, n, sizeof *r, reserved_order) : NULL;
		if (x) {
			become_constant(ir, o, x->base);
			continue;
		}
		op_error(ir, o, DIAG_VERIFY, "expects peer reserve_buffer base to be resolved");
		diag_hint(ir->diags, "the buffer stands in a branch that is never taken");
		ok = false;
	}
	return ok;
}

static bool
resolve_buffers(struct ir *ir)
{
	VEC(struct reserved) r = {NULL, 0, 0};

	for (uint32_t i = 1; i < ir->op.n; i++) {
		struct op o = {i};
		if (op_id(ir, o) != OP_RESERVE_BUFFER || (ir_op(ir, o)->flags & OPD_DEAD))
			continue;
		struct reserved x = {func_name(ir, op_enclosing(ir, o, OP_FUNC)), text_of(ir, o, ir->name.fifo_name),
				     fifo_int(ir, o, ir->name.fifo_base, -1)};
		assert(x.base >= 0);	/* placement gave it, or the user at level3 */
		VEC_PUSH(ir->a, &r, x);
	}
	if (r.n)
		qsort(r.at, r.n, sizeof *r.at, reserved_order);
	bool ok = resolve_imports(ir, r.at, r.n);
	for (uint32_t i = 1; ok && i < ir->op.n; i++)
		if (op_id(ir, (struct op){i}) == OP_RESERVE_BUFFER && !(ir->op.at[i].flags & OPD_DEAD))
			become_constant(ir, (struct op){i}, fifo_int(ir, (struct op){i}, ir->name.fifo_base, 0));
	return ok;
}

bool
shape_fifo_addresses(struct ir *ir)
{
	struct fifos f;

	fifos_find(&f, ir);
	return (f.all.n == 0 || resolve_flags(&f)) && resolve_buffers(ir);
}
