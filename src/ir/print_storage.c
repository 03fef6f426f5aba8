/*
 * print_storage: forms of ops that handle storage by name: declared tiles, arrays and structs, their elements, valid
 * shapes, and the queries of views.
 */
#include "ir/printer.h"

static bool
val_kind_is(struct printer *p, struct val v, enum type_kind k)
{
	return pr_kind(p, val_type(p->ir, v)) == k;
}

static void
colon_type(struct printer *p, struct typ ty)
{
	pr_str(p, " : ");
	pr_type(p, ty);
}

static void
arrow_type(struct printer *p, struct typ ty)
{
	pr_str(p, " -> ");
	pr_type(p, ty);
}

bool
pr_declare(struct printer *p, struct op o)
{
	pr_name(p, o);
	pr_all_dict(p, o);
	arrow_type(p, pr_res_type(p, o));
	return true;
}

bool
pr_operand(struct printer *p, struct op o)
{
	for (uint32_t k = 0; k < ir_op(p->ir, o)->nres; k++)
		if (!val_kind_is(p, op_res(p->ir, o, k), TY_INDEX))
			return false;
	pr_name(p, o);
	pr_char(p, ' ');
	pr_value(p, op_opnd(p->ir, o, 0));
	pr_all_dict(p, o);
	colon_type(p, pr_opnd_type(p, o, 0));
	return true;
}

bool
pr_rebind(struct printer *p, struct op o)
{
	const struct op_data *d = ir_op(p->ir, o);
	bool addr = op_row(p->ir, o)->sig[1] == 's';

	for (uint32_t k = 1; k < d->nopnd; k++) {
		struct typ ty = pr_opnd_type(p, o, k);
		if (addr ? !pr_signless(p, ty, 64) : pr_kind(p, ty) != TY_INDEX)
			return false;
	}
	pr_name(p, o);
	pr_char(p, ' ');
	pr_values(p, &p->ir->opnd.at[d->opnd0], d->nopnd);
	pr_all_dict(p, o);
	colon_type(p, pr_opnd_type(p, o, 0));
	if (d->nres && pr_res_type(p, o).i != pr_opnd_type(p, o, 0).i)
		arrow_type(p, pr_res_type(p, o));
	return true;
}

/* The dictionary stands behind the types. */
bool
pr_view_dim(struct printer *p, struct op o)
{
	if (pr_kind(p, pr_opnd_type(p, o, 1)) != TY_INDEX)
		return false;
	pr_name(p, o);
	pr_char(p, ' ');
	pr_values(p, &p->ir->opnd.at[ir_op(p->ir, o)->opnd0], 2);
	colon_type(p, pr_opnd_type(p, o, 0));
	arrow_type(p, pr_res_type(p, o));
	pr_all_dict(p, o);
	return true;
}

/* "%a[%i, %j]"; false when an index is not of type index. */
static bool
element(struct printer *p, struct op o)
{
	uint32_t n;
	const struct val *v = op_group(p->ir, o, 1, &n);

	for (uint32_t k = 0; k < n; k++)
		if (!val_kind_is(p, v[k], TY_INDEX))
			return false;
	pr_name(p, o);
	pr_char(p, ' ');
	pr_value(p, op_opnd(p->ir, o, 0));
	pr_char(p, '[');
	pr_values(p, v, n);
	pr_char(p, ']');
	return true;
}

bool
pr_elem_get(struct printer *p, struct op o)
{
	if (!element(p, o))
		return false;
	pr_all_dict(p, o);
	colon_type(p, pr_opnd_type(p, o, 0));
	arrow_type(p, pr_res_type(p, o));
	return true;
}

bool
pr_elem_set(struct printer *p, struct op o)
{
	struct val v = op_slot(p->ir, o, 2);

	if (!element(p, o))
		return false;
	pr_str(p, ", ");
	pr_value(p, v);
	pr_all_dict(p, o);
	colon_type(p, pr_opnd_type(p, o, 0));
	pr_str(p, ", ");
	pr_type(p, val_type(p->ir, v));
	return true;
}

/* "%s[0, 1]"; false when the path is not a list of integers. */
static bool
field(struct printer *p, struct op o)
{
	const struct attr_data *path = pr_attr_of(p, o, p->ir->name.path);

	if (path->kind != AT_DENSE_ARRAY || path->n == 0)
		return false;
	pr_name(p, o);
	pr_char(p, ' ');
	pr_value(p, op_opnd(p->ir, o, 0));
	for (uint32_t k = 0; k < path->n; k++)
		out_f(p->o, "%s%lld", k ? ", " : "[", (long long)path->elem[k]);
	pr_char(p, ']');
	return true;
}

bool
pr_path_get(struct printer *p, struct op o)
{
	if (!field(p, o))
		return false;
	pr_dict_but(p, o, p->ir->name.path, pr_no_sym(), pr_no_sym());
	colon_type(p, pr_opnd_type(p, o, 0));
	arrow_type(p, pr_res_type(p, o));
	return true;
}

bool
pr_path_set(struct printer *p, struct op o)
{
	if (!field(p, o))
		return false;
	pr_str(p, ", ");
	pr_value(p, op_opnd(p->ir, o, 1));
	pr_dict_but(p, o, p->ir->name.path, pr_no_sym(), pr_no_sym());
	colon_type(p, pr_opnd_type(p, o, 0));
	pr_str(p, ", ");
	pr_type(p, pr_opnd_type(p, o, 1));
	return true;
}

/* pto.print ins("format", %v : T) */
bool
pr_print(struct printer *p, struct op o)
{
	if (pr_attr_of(p, o, p->ir->name.format)->kind != AT_STRING)
		return false;
	pr_name(p, o);
	pr_str(p, " ins(");
	pr_attr(p, op_attr(p->ir, o, p->ir->name.format));
	pr_str(p, ", ");
	pr_value(p, op_opnd(p->ir, o, 0));
	colon_type(p, pr_opnd_type(p, o, 0));
	pr_char(p, ')');
	pr_dict_but(p, o, p->ir->name.format, pr_no_sym(), pr_no_sym());
	return true;
}
