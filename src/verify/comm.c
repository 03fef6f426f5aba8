/*
 * comm: operations between cores and ranks.
 */
#include "verify/rule.h"

static struct sym
mode_key(struct verify *v)
{
	return v->rule->set == EN_NOTIFY_OP ? v->ir->name.notify_op : v->ir->name.cmp;
}

/* tnotify and twait: a view of i32 words and an i32. The rule's set is the enum of the mode attribute. */
bool
verify_signal(struct verify *v, struct op o)
{
	struct opnd sig = opnd_of(v, o, 0), val = opnd_of(v, o, 1);
	const struct type_data *d = type_data(&v->ir->types, sig.type);
	enum enum_id mode = (enum enum_id)v->rule->set;

	if (d->kind != TY_TVIEW && d->kind != TY_PVIEW)
		return FAIL(v, o, "expects signal to be a tensor_view or partition_tensor_view") ||
		       blame(v, &sig, NULL);
	if (elem_bit(v, sig.elem) != E_I32)
		return FAIL(v, o, "expects signal element type to be i32") || blame(v, &sig, NULL);
	for (uint32_t i = 0; i < d->rank; i++)
		if (d->dim[i] <= 0)
			return FAIL(v, o, "expects signal shape[%u] to be static and positive", i) ||
			       blame(v, &sig, NULL);
	if (elem_bit(v, val.type) != E_I32)
		return FAIL(v, o, "expects %s to be i32", v->rule->text) || blame(v, &val, NULL);
	if (op_enum(v->ir, o, mode_key(v), mode, -1) < 0)
		return FAIL(v, o, "requires attribute '%s' to be a #pto<%s ...>", sym_str(&v->ir->in, mode_key(v)),
			    isa_enum[mode].name);
	return true;
}
