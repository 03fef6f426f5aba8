/* ir: construction and reading of the IR arrays; see ir.h for the invariants. */
#include "ir/ir.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

void
ir_init(struct ir *ir, struct arena *a, struct diags *d)
{
	memset(ir, 0, sizeof *ir);
	ir->a = a;
	ir->diags = d;
	intern_init(&ir->in, a);
	types_init(&ir->types, a);
	attrs_init(&ir->attrs, a, &ir->in);
#define NAME(id, text) ir->name.id = intern_add(&ir->in, STRV(text));
#include "ir/names.def"
#undef NAME
	VEC_ADD(a, &ir->val, 1);
	VEC_ADD(a, &ir->op, 1);
	VEC_ADD(a, &ir->blk, 1);
	VEC_ADD(a, &ir->reg, 1);
	VEC_ADD(a, &ir->loc, 1);
}

struct op
ir_op_new(struct ir *ir, enum op_id id, struct span sp)
{
	struct op o = {ir->op.n};

	VEC_PUSH(ir->a, &ir->op, (struct op_data){.id = (uint16_t)id, .span = sp});
	return o;
}

static uint32_t
opnd_push(struct ir *ir, const struct val *v, uint32_t n)
{
	uint32_t at = ir->opnd.n;

	VEC_ADD(ir->a, &ir->opnd, n);
	if (n)
		memcpy(ir->opnd.at + at, v, n * sizeof *v);
	return at;
}

void
ir_op_operands(struct ir *ir, struct op o, const struct val *v, uint32_t n)
{
	ir->op.at[o.i].opnd0 = opnd_push(ir, v, n);
	ir->op.at[o.i].nopnd = n;
}

void
ir_op_groups(struct ir *ir, struct op o, const struct val *v, const uint32_t *n, uint32_t ngroup)
{
	uint32_t at = ir->seg.n, total = 0;

	VEC_ADD(ir->a, &ir->seg, ngroup + 1);
	for (uint32_t k = 0; k < ngroup; k++) {
		ir->seg.at[at + k] = total;
		total += n[k];
	}
	ir->seg.at[at + ngroup] = total;
	ir_op_operands(ir, o, v, total);
	ir->op.at[o.i].seg0 = at;
	ir->op.at[o.i].nseg = (uint16_t)ngroup;
}

struct val
ir_op_result(struct ir *ir, struct op o, struct typ ty)
{
	struct val v = {ir->val.n};
	struct op_data *d = ir_op(ir, o);

	if (d->nres == 0)
		d->res0 = v.i;
	assert(d->res0 + d->nres == v.i);
	VEC_PUSH(ir->a, &ir->val, (struct val_data){.type = ty, .def = o, .index = d->nres});
	d->nres++;
	return v;
}

struct reg
ir_op_region(struct ir *ir, struct op o)
{
	struct reg r = {ir->reg.n};
	struct op_data *d = ir_op(ir, o);

	if (d->nreg == 0)
		d->reg0 = r.i;
	assert(d->reg0 + d->nreg == r.i);
	VEC_PUSH(ir->a, &ir->reg, (struct reg_data){.parent = o});
	d->nreg++;
	return r;
}

void
ir_op_succ(struct ir *ir, struct op o, struct blk b, const struct val *arg, uint32_t narg)
{
	struct op_data *d = ir_op(ir, o);

	if (d->nsucc == 0)
		d->succ0 = ir->succ.n;
	assert(d->succ0 + d->nsucc == ir->succ.n);
	uint32_t arg0 = opnd_push(ir, arg, narg);
	VEC_PUSH(ir->a, &ir->succ, (struct succ){b, arg0, narg});
	ir_op(ir, o)->nsucc++;
}

struct blk
ir_blk_new(struct ir *ir)
{
	struct blk b = {ir->blk.n};

	VEC_ADD(ir->a, &ir->blk, 1);
	return b;
}

void
ir_blk_append(struct ir *ir, struct reg r, struct blk b)
{
	struct reg_data *d = ir_reg(ir, r);

	ir_blk(ir, b)->parent = r;
	if (d->last.i)
		ir_blk(ir, d->last)->next = b;
	else
		d->first = b;
	d->last = b;
}

struct val
ir_blk_arg(struct ir *ir, struct blk b, struct typ ty)
{
	struct val v = {ir->val.n};
	struct blk_data *d = ir_blk(ir, b);

	if (d->narg == 0)
		d->arg0 = v.i;
	assert(d->arg0 + d->narg == v.i);
	VEC_PUSH(ir->a, &ir->val, (struct val_data){.type = ty, .blk = b, .index = (uint16_t)d->narg});
	d->narg++;
	return v;
}

void
ir_append(struct ir *ir, struct blk b, struct op o)
{
	struct blk_data *d = ir_blk(ir, b);
	struct op_data *x = ir_op(ir, o);

	x->parent = b;
	x->prev = d->last;
	x->next = (struct op){0};
	if (d->last.i)
		ir_op(ir, d->last)->next = o;
	else
		d->first = o;
	d->last = o;
}

void
ir_insert_before(struct ir *ir, struct op at, struct op o)
{
	struct op_data *p = ir_op(ir, at), *x = ir_op(ir, o);

	x->parent = p->parent;
	x->prev = p->prev;
	x->next = at;
	if (p->prev.i)
		ir_op(ir, p->prev)->next = o;
	else
		ir_blk(ir, p->parent)->first = o;
	p->prev = o;
}

void
ir_insert_after(struct ir *ir, struct op at, struct op o)
{
	struct op next = ir_op(ir, at)->next;

	if (next.i)
		ir_insert_before(ir, next, o);
	else
		ir_append(ir, ir_op(ir, at)->parent, o);
}

void
ir_unlink(struct ir *ir, struct op o)
{
	struct op_data *x = ir_op(ir, o);

	if (x->prev.i)
		ir_op(ir, x->prev)->next = x->next;
	else
		ir_blk(ir, x->parent)->first = x->next;
	if (x->next.i)
		ir_op(ir, x->next)->prev = x->prev;
	else
		ir_blk(ir, x->parent)->last = x->prev;
	x->prev = x->next = (struct op){0};
	x->parent = (struct blk){0};
}

struct op_place
ir_take(struct ir *ir, struct op o)
{
	struct op_place at = {o, ir_op(ir, o)->next, ir_op(ir, o)->parent};

	ir_unlink(ir, o);
	return at;
}

void
ir_put_back(struct ir *ir, struct op_place at)
{
	if (at.next.i)
		ir_insert_before(ir, at.next, at.op);
	else
		ir_append(ir, at.blk, at.op);
}

void
ir_erase(struct ir *ir, struct op o)
{
	if (ir_op(ir, o)->parent.i)
		ir_unlink(ir, o);
	ir_op(ir, o)->flags |= OPD_DEAD;
}

static void
renumber(struct ir *ir, struct op o, uint32_t *next)
{
	struct op_data *d = ir_op(ir, o);

	d->order = (*next)++;
	for (uint32_t k = 0; k < d->nreg; k++)
		for (struct blk b = ir_reg(ir, op_reg(ir, o, k))->first; b.i; b = ir_blk(ir, b)->next)
			for (struct op c = ir_blk(ir, b)->first; c.i; c = ir_op(ir, c)->next)
				renumber(ir, c, next);
}

void
ir_renumber(struct ir *ir, struct op root)
{
	uint32_t next = 1;

	renumber(ir, root, &next);
}

/* ---- reading ---- */

const struct val *
op_group(const struct ir *ir, struct op o, uint32_t slot, uint32_t *n)
{
	const struct op_data *d = ir_op(ir, o);
	uint32_t from = slot;

	if (d->nseg) {
		assert(slot < d->nseg);
		const uint32_t *s = ir->seg.at + d->seg0 + slot;
		from = s[0];
		*n = s[1] - s[0];
	} else if (op_slot_variadic((enum op_id)d->id, slot)) {
		*n = d->nopnd - slot;
	} else {
		*n = slot < d->nopnd && ir->opnd.at[d->opnd0 + slot].i;
	}
	return VEC_FROM(&ir->opnd, d->opnd0 + from);
}

struct val
op_slot(const struct ir *ir, struct op o, uint32_t slot)
{
	const struct op_data *d = ir_op(ir, o);

	if (!d->nseg)
		return slot < d->nopnd ? ir->opnd.at[d->opnd0 + slot] : (struct val){0};
	uint32_t n;
	const struct val *v = op_group(ir, o, slot, &n);
	return n ? v[0] : (struct val){0};
}

void
op_slot_set(struct ir *ir, struct op o, uint32_t slot, struct val v)
{
	struct op_data *d = ir_op(ir, o);

	if (!d->nseg) {
		assert(slot < d->nopnd);
		ir->opnd.at[d->opnd0 + slot] = v;
		return;
	}
	uint32_t *seg = ir->seg.at + d->seg0, at = seg[slot];
	if (seg[slot + 1] > at) {
		ir->opnd.at[d->opnd0 + at] = v;
		return;
	}
	uint32_t old = d->opnd0, n = d->nopnd;
	VEC_ADD(ir->a, &ir->opnd, n + 1);
	struct val *to = ir->opnd.at + ir->opnd.n - n - 1;
	memcpy(to, ir->opnd.at + old, at * sizeof *to);
	to[at] = v;
	memcpy(to + at + 1, ir->opnd.at + old + at, (n - at) * sizeof *to);
	d->opnd0 = ir->opnd.n - n - 1;
	d->nopnd = n + 1;
	for (uint32_t k = slot + 1; k <= d->nseg; k++)
		seg[k]++;
}

struct blk
op_body(const struct ir *ir, struct op o, uint32_t k)
{
	const struct op_data *d = ir_op(ir, o);

	return k < d->nreg ? ir_reg(ir, op_reg(ir, o, k))->first : (struct blk){0};
}

struct op
blk_owner(const struct ir *ir, struct blk b)
{
	struct reg r = b.i ? ir_blk(ir, b)->parent : (struct reg){0};

	return r.i ? ir_reg(ir, r)->parent : (struct op){0};
}

struct op
op_parent(const struct ir *ir, struct op o)
{
	return blk_owner(ir, ir_op(ir, o)->parent);
}

/* Recursion over nesting only. */
bool
op_has_nested(const struct ir *ir, struct op o, enum op_id id)
{
	for (uint32_t r = 0; r < ir_op(ir, o)->nreg; r++)
		for (struct blk b = op_body(ir, o, r); b.i; b = ir_blk(ir, b)->next)
			for (struct op c = ir_blk(ir, b)->first; c.i; c = ir_op(ir, c)->next)
				if (op_id(ir, c) == id || op_has_nested(ir, c, id))
					return true;
	return false;
}

struct op
op_enclosing(const struct ir *ir, struct op o, enum op_id id)
{
	do
		o = op_parent(ir, o);
	while (o.i && op_id(ir, o) != id);
	return o;
}

struct attr
op_attr(const struct ir *ir, struct op o, struct sym key)
{
	return attr_dict_find(&ir->attrs, ir_op(ir, o)->attrs, key);
}

void
op_attr_set(struct ir *ir, struct op o, struct sym key, struct attr a)
{
	struct attr d = attr_dict_set(&ir->attrs, ir_op(ir, o)->attrs, key, a);

	ir_op(ir, o)->attrs = d;
}

int32_t
op_enum(const struct ir *ir, struct op o, struct sym key, enum enum_id id, int32_t absent)
{
	const struct attr_data *d = attr_data(&ir->attrs, op_attr(ir, o, key));

	return d->kind == AT_ENUM && d->id == id ? (int32_t)d->i : absent;
}

bool
val_const_int(const struct ir *ir, struct val v, int64_t *c)
{
	while (v.i) {
		struct op o = ir_val(ir, v)->def;
		if (!o.i)
			return false;
		enum op_id id = op_id(ir, o);
		if (id == OP_ARITH_CONSTANT) {
			const struct attr_data *d = attr_data(&ir->attrs, op_attr(ir, o, ir->name.value));
			*c = d->i;
			return d->kind == AT_INT || d->kind == AT_BOOL;
		}
		if (id != OP_ARITH_INDEX_CAST && id != OP_CONV_CAST)
			return false;
		v = op_opnd(ir, o, 0);
		if (!type_is_int_or_index(&ir->types, val_type(ir, v)))
			return false;
	}
	return false;
}

bool
op_is_inside(const struct ir *ir, struct op o, struct op outer)
{
	while (o.i && o.i != outer.i)
		o = op_parent(ir, o);
	return o.i != 0;
}

bool
op_surely_runs(const struct ir *ir, struct op loop)
{
	int64_t lo, hi;

	return val_const_int(ir, op_slot(ir, loop, 0), &lo) && val_const_int(ir, op_slot(ir, loop, 1), &hi) && lo < hi;
}

struct span
val_span(const struct ir *ir, struct val v)
{
	return ir_val(ir, v)->span;
}

const char *
val_name(const struct ir *ir, struct val v)
{
	const struct val_data *d = ir_val(ir, v);
	struct out o;

	out_init(&o, ir->a);
	if (!d->name.i)
		out_f(&o, "%%_%u", v.i);
	else if (d->group)
		out_f(&o, "%%%s#%u", sym_str(&ir->in, d->name), d->index);
	else
		out_f(&o, "%%%s", sym_str(&ir->in, d->name));
	return o.p;
}

struct sym
func_name(const struct ir *ir, struct op func)
{
	return attr_data(&ir->attrs, op_attr(ir, func, ir->name.sym_name))->text;
}

struct typ
func_type(const struct ir *ir, struct op func)
{
	return attr_data(&ir->attrs, op_attr(ir, func, ir->name.function_type))->type;
}

enum core
section_core(const struct ir *ir, struct op o)
{
	enum op_id id = op_id(ir, o);

	return id == OP_SECTION_CUBE ? CORE_CUBE : id == OP_SECTION_VECTOR ? CORE_VECTOR : CORE_NONE;
}

enum core
func_core(const struct ir *ir, struct op func)
{
	for (struct op o = func; o.i; o = op_parent(ir, o)) {
		int32_t k = op_enum(ir, o, ir->name.kernel_kind, EN_KERNEL_KIND, 0);
		if (k)
			return k == 1 ? CORE_CUBE : CORE_VECTOR;
		if (section_core(ir, o) != CORE_NONE)
			return section_core(ir, o);
	}
	return CORE_NONE;
}

void
op_error(struct ir *ir, struct op o, enum diag_id id, const char *fmt, ...)
{
	char buf[1024];
	const struct op_data *d = ir_op(ir, o);
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(buf, sizeof buf, fmt, ap);
	va_end(ap);
	(void)n;
	diag_report(ir->diags, id, d->span, "'%s' op %s", isa_op[d->id].name, buf);
	const struct loc *l = &ir->loc.at[d->loc];
	if (l->file.i)
		diag_producer_loc(ir->diags, sym_text(&ir->in, l->file), l->line, l->col);
}

/* ---- sync ops ---- */

/* Values of #pto.pipe (language.md §8). */
static const int8_t pipe_value[PIPE_COUNT + 1] = {
	[P_S] = 0, [P_V] = 1, [P_M] = 2, [P_MTE1] = 3, [P_MTE2] = 4, [P_MTE3] = 5, [P_FIX] = 10, [P_ALL] = 6,
};

enum pipe
pipe_of_value(int32_t v)
{
	for (uint32_t p = 0; p <= PIPE_COUNT; p++)
		if (pipe_value[p] == v)
			return (enum pipe)p;
	return P_NONE;
}

int32_t
pipe_to_value(enum pipe p)
{
	assert(p <= P_ALL);
	return pipe_value[p];
}

struct op
ir_flag(struct ir *ir, enum op_id id, enum pipe src, enum pipe dst, uint32_t eid)
{
	struct op o = ir_op_new(ir, id, (struct span){0, 0});
	struct sym key[3] = {ir->name.src_pipe, ir->name.dst_pipe, ir->name.event_id};
	struct attr val[3] = {
		attr_enum(&ir->attrs, EN_PIPE, pipe_to_value(src)),
		attr_enum(&ir->attrs, EN_PIPE, pipe_to_value(dst)),
		attr_enum(&ir->attrs, EN_EVENT, (int32_t)eid),
	};

	ir_op(ir, o)->attrs = attr_dict(&ir->attrs, key, val, 3);
	return o;
}

struct op
ir_barrier(struct ir *ir, enum pipe p)
{
	struct op o = ir_op_new(ir, OP_BARRIER, (struct span){0, 0});

	op_attr_set(ir, o, ir->name.pipe, attr_enum(&ir->attrs, EN_PIPE, pipe_to_value(p)));
	return o;
}

bool
op_flag(const struct ir *ir, struct op o, enum pipe *src, enum pipe *dst, uint32_t *eid)
{
	*dst = P_NONE;
	*eid = 0;
	if (op_id(ir, o) == OP_BARRIER) {
		*src = pipe_of_value(op_enum(ir, o, ir->name.pipe, EN_PIPE, -1));
		return *src != P_NONE;
	}
	*src = pipe_of_value(op_enum(ir, o, ir->name.src_pipe, EN_PIPE, -1));
	*dst = pipe_of_value(op_enum(ir, o, ir->name.dst_pipe, EN_PIPE, -1));
	*eid = (uint32_t)op_enum(ir, o, ir->name.event_id, EN_EVENT, 0);
	return *src < PIPE_COUNT && *dst < PIPE_COUNT;
}
