/*
 * storage: builders of the forms that handle storage by name: tiles, arrays and structs declared on the spot, their
 * elements, valid shapes, and the queries of views.
 */
#include "front/build.h"

static struct typ
plain_index(struct front *fe)
{
	return type_index(&fe->ir->types);
}

/* %r = pto.x {attrs} -> T */
struct op
form_declare(struct front *fe, struct word w, struct span at, struct attr attrs, struct tuse ty)
{
	struct op o = op_new(fe, word_op(w), at);

	ir_op_operands(fe->ir, o, NULL, 0);
	op_attrs(fe, o, attrs);
	ir_op_result(fe->ir, o, ty.type);
	return o;
}

/* [%a, %b =] pto.x %p {attrs} : T; the results are of type index. */
struct op
form_operand(struct front *fe, struct word w, struct span at, struct use u, struct attr attrs, struct tuse ty)
{
	struct op o = op_new(fe, word_op(w), at);
	struct slice s = use_one(fe, u, ty.type);

	ir_op_operands(fe->ir, o, VEC_FROM(&fe->val, s.at), s.n);
	op_attrs(fe, o, attrs);
	for (uint32_t k = 0; k < op_row(fe->ir, o)->nres; k++)
		ir_op_result(fe->ir, o, plain_index(fe));
	return o;
}

/*
 * [%r =] pto.x %t, %a[, %b] {attrs} : T [-> T]; the first operand has the type, the result too unless it has its own,
 * the others are scalars.
 */
struct op
form_rebind(struct front *fe, struct word w, struct span at, struct slice use, struct attr attrs, struct tuse ty,
	    struct tuse to)
{
	struct op o = op_new(fe, word_op(w), at);
	const struct op_row *row = op_row(fe->ir, o);
	struct typ scalar = row->sig[1] == 's' ? type_int(&fe->ir->types, 64, SIGNLESS) : plain_index(fe);
	struct slice s = use_as(fe, (struct slice){use.at, 1}, ty.type);
	struct slot_map m = {{{0, 0}}};

	use_as(fe, (struct slice){use.at + 1, use.n - 1}, scalar);
	if (to.type.i && !row->nres)
		fe_error(fe, DIAG_ARITY, to.span, "'%s' has no result", row->name);
	if (fe->failed || !slots_fill(fe, o, (struct slice){s.at, use.n}, NULL, 0, at))
		op_slot_operands(fe, o, &m);
	op_attrs(fe, o, attrs);
	if (row->nres)
		ir_op_result(fe->ir, o, to.type.i ? to.type : ty.type);
	return o;
}

/* %d = pto.x %view, %i : T -> index {attrs} */
struct op
form_view_dim(struct front *fe, struct word w, struct span at, struct slice use, struct tuse from, struct tuse to,
	      struct attr attrs)
{
	struct op o = op_new(fe, word_op(w), at);
	struct slice s = use_as(fe, (struct slice){use.at, 1}, from.type);

	use_as(fe, (struct slice){use.at + 1, 1}, plain_index(fe));
	ir_op_operands(fe->ir, o, VEC_FROM(&fe->val, s.at), 2);
	op_attrs(fe, o, attrs);
	ir_op_result(fe->ir, o, to.type);
	return o;
}

/* Constant indices become the attribute `path`. */
static void
add_path(struct front *fe, struct op o, struct slice path, struct span at)
{
	struct attr a = attr_get(&fe->ir->attrs, &(struct attr_data){.kind = AT_DENSE_ARRAY,
								     .type = type_int(&fe->ir->types, 64, SIGNLESS),
								     .elem = VEC_FROM(&fe->num, path.at),
								     .n = path.n});
	op_attr_add(fe, o, fe->ir->name.path, a, at);
}

/* %v = pto.x %a[%i, ...] {attrs} : A -> T, or %s[0, 1] with constants. */
struct op
form_elem_get(struct front *fe, struct word w, struct span at, const struct elem *e, struct attr attrs,
	      struct tuse from, struct tuse to)
{
	struct op o = op_new(fe, word_op(w), at);
	struct slot_map m = {{{0, 0}}};

	m.part[0] = use_one(fe, e->base, from.type);
	m.part[1] = use_as(fe, e->index, plain_index(fe));
	op_slot_operands(fe, o, &m);
	op_attrs(fe, o, attrs);
	if (e->constant)
		add_path(fe, o, e->path, at);
	ir_op_result(fe->ir, o, to.type);
	return o;
}

/* pto.x %a[%i, ...], %v {attrs} : A, T, or %s[0, 1] with constants. */
struct op
form_elem_set(struct front *fe, struct word w, struct span at, const struct elem *e, struct use value,
	      struct attr attrs, struct tuse from, struct tuse ty)
{
	struct op o = op_new(fe, word_op(w), at);
	struct slot_map m = {{{0, 0}}};

	m.part[0] = use_one(fe, e->base, from.type);
	m.part[1] = use_as(fe, e->index, plain_index(fe));
	m.part[e->constant ? 1 : 2] = use_one(fe, value, ty.type);
	op_slot_operands(fe, o, &m);
	op_attrs(fe, o, attrs);
	if (e->constant)
		add_path(fe, o, e->path, at);
	return o;
}
