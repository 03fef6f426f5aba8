/* mutate: see mutate.h. */
#include "mutate.h"

const char *
mutation_name(enum mutation k)
{
	static const char *const name[MUT_KIND_COUNT] = {"delete", "up", "down", "id", "swap", "line"};

	return name[k];
}

/* Depth is bounded by the parser's nesting limit. */
void
sync_ops(struct ops *l, struct arena *a, const struct ir *ir, struct op root)
{
	for (uint32_t r = 0; r < ir_op(ir, root)->nreg; r++) {
		struct blk b = ir_reg(ir, op_reg(ir, root, r))->first;
		for (; b.i; b = ir_blk(ir, b)->next) {
			for (struct op o = ir_blk(ir, b)->first; o.i; o = ir_op(ir, o)->next) {
				if (op_row(ir, o)->flags & OPF_SYNC)
					VEC_PUSH(a, &l->all, o);
				sync_ops(l, a, ir, o);
			}
		}
	}
}

static bool
is_flag(const struct ir *ir, struct op o)
{
	return op_id(ir, o) == OP_SET_FLAG || op_id(ir, o) == OP_WAIT_FLAG;
}

static bool
is_dynamic(const struct ir *ir, struct op o)
{
	return op_id(ir, o) == OP_SET_FLAG_DYN || op_id(ir, o) == OP_WAIT_FLAG_DYN;
}

static bool
is_line(const struct ir *ir, struct op o)
{
	return op_id(ir, o) == OP_PTOC_DCCI && op_slot(ir, o, 0).i;
}

static bool
applies(const struct ir *ir, struct op o, uint32_t k)
{
	return k < MUT_ID || (k == MUT_LINE ? is_line(ir, o) : is_flag(ir, o) || is_dynamic(ir, o));
}

void
mutants_list(struct mutants *m, struct arena *a, const struct ir *ir, struct op func)
{
	struct ops l = {0};

	sync_ops(&l, a, ir, func);
	for (uint32_t i = 0; i < l.all.n; i++) {
		struct op o = l.all.at[i];
		for (uint32_t k = MUT_DELETE; k < MUT_KIND_COUNT; k++) {
			if (applies(ir, o, k))
				VEC_PUSH(a, &m->all, ((struct mutant){(enum mutation)k, o}));
		}
	}
}

/* Does moving across this op change anything on the machine? */
static bool
matters(const struct ir *ir, const struct access *ac, struct op o)
{
	uint32_t n = 0;
	const struct op_data *d = ir_op(ir, o);

	if (op_row(ir, o)->flags & OPF_SYNC || d->nreg)
		return true;
	if (op_id(ir, o) == OP_CALL)
		return true;
	access_phases(ac, o, &n);
	return n != 0;
}

static bool
defines_operand(const struct ir *ir, struct op def, struct op user)
{
	for (uint32_t i = 0; i < ir_op(ir, user)->nopnd; i++) {
		struct val v = op_opnd(ir, user, i);
		if (v.i && ir_val(ir, v)->def.i == def.i)
			return true;
	}
	return false;
}

static bool
move(struct ir *ir, const struct access *ac, const struct mutant *m, struct undo *u)
{
	struct op at = m->op;

	u->gone = m->op;
	u->next = ir_op(ir, m->op)->next;
	do {
		at = m->kind == MUT_UP ? ir_op(ir, at)->prev : ir_op(ir, at)->next;
		if (!at.i || op_row(ir, at)->flags & OPF_TERM || defines_operand(ir, at, m->op))
			return false;
	} while (!matters(ir, ac, at));
	ir_unlink(ir, m->op);
	if (m->kind == MUT_UP)
		ir_insert_before(ir, at, m->op);
	else
		ir_insert_after(ir, at, m->op);
	u->added = m->op;
	return true;
}

void
mutate_delete(struct ir *ir, struct op func, struct op o, struct undo *u)
{
	*u = (struct undo){.gone = o, .next = ir_op(ir, o)->next};
	ir_unlink(ir, o);
	ir_renumber(ir, func);
}

void
mutate_insert(struct ir *ir, struct op func, struct op o, struct op before, struct undo *u)
{
	*u = (struct undo){.added = o};
	ir_insert_before(ir, before, o);
	ir_renumber(ir, func);
}

static void
replace_flag(struct ir *ir, const struct mutant *m, struct undo *u)
{
	enum pipe src, dst;
	uint32_t eid = 0;
	bool dynamic = is_dynamic(ir, m->op);
	enum op_id id = op_id(ir, m->op);

	/* One with an id of the run becomes one with id 0. */
	op_flag(ir, m->op, &src, &dst, &eid);
	if (dynamic) {
		id = id == OP_SET_FLAG_DYN ? OP_SET_FLAG : OP_WAIT_FLAG;
		eid = 0;
	}
	if (m->kind == MUT_ID)
		u->added = ir_flag(ir, id, src, dst, dynamic ? eid : (eid + 1) % EVENT_ID_COUNT);
	else
		u->added = ir_flag(ir, id, dst, src, eid);
	u->gone = m->op;
	u->next = ir_op(ir, m->op)->next;
	ir_insert_before(ir, m->op, u->added);
	ir_unlink(ir, m->op);
}

enum { OTHER_LINE = 1 << 20 };	/* elements: behind everything the kernels of the tests touch */

/* The same pointer, another index. */
static void
replace_line(struct ir *ir, const struct mutant *m, struct undo *u)
{
	struct typ index = type_index(&ir->types);

	u->helper = ir_op_new(ir, OP_ARITH_CONSTANT, (struct span){0, 0});
	struct val far = ir_op_result(ir, u->helper, index);
	op_attr_set(ir, u->helper, ir->name.value, attr_int(&ir->attrs, OTHER_LINE, index));
	u->added = ir_op_new(ir, OP_PTOC_DCCI, (struct span){0, 0});
	ir_op_operands(ir, u->added, (const struct val[]){op_slot(ir, m->op, 0), far}, 2);
	u->gone = m->op;
	u->next = ir_op(ir, m->op)->next;
	ir_insert_before(ir, m->op, u->helper);
	ir_insert_before(ir, m->op, u->added);
	ir_unlink(ir, m->op);
}

bool
mutant_apply(struct ir *ir, const struct access *ac, struct op func, const struct mutant *m, struct undo *u)
{
	*u = (struct undo){0};
	if (m->kind == MUT_DELETE) {
		mutate_delete(ir, func, m->op, u);
		return true;
	}
	if (m->kind == MUT_UP || m->kind == MUT_DOWN) {
		if (!move(ir, ac, m, u))
			return false;
	} else if (m->kind == MUT_LINE) {
		replace_line(ir, m, u);
	} else {
		replace_flag(ir, m, u);
	}
	ir_renumber(ir, func);
	return true;
}

void
mutant_undo(struct ir *ir, struct op func, const struct undo *u)
{
	if (u->added.i)
		ir_unlink(ir, u->added);
	if (u->helper.i)
		ir_unlink(ir, u->helper);
	if (u->gone.i)
		ir_insert_before(ir, u->next, u->gone);
	ir_renumber(ir, func);
}

void
mutant_print(const struct ir *ir, const struct access *ac, const struct mutant *m, struct out *o)
{
	enum pipe src, dst;
	uint32_t eid;
	struct op at = m->op;

	out_f(o, "%s %s", mutation_name(m->kind), op_row(ir, m->op)->name);
	if (is_flag(ir, m->op) && op_flag(ir, m->op, &src, &dst, &eid))
		out_f(o, "(%s,%s,%u)", pipe_name(src), pipe_name(dst), eid);
	else if (op_id(ir, m->op) == OP_BARRIER && op_flag(ir, m->op, &src, &dst, &eid))
		out_f(o, "(%s)", pipe_name(src));
	do
		at = ir_op(ir, at)->next;
	while (at.i && (op_row(ir, at)->flags & OPF_SYNC || !matters(ir, ac, at)) && ir_op(ir, at)->next.i);
	if (at.i) {
		out_f(o, " before %s", op_row(ir, at)->name);
		if (!span_none(ir_op(ir, at)->span))
			out_f(o, " line %u", source_pos(ir->diags->src, ir_op(ir, at)->span.lo).line);
	}
}
