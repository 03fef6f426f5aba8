/* print_comm: custom forms of events by op kind, cross-core flags, fifos and transfers between cards. */
#include "ir/printer.h"

static const char *
case_of(struct printer *p, struct op o, struct sym key)
{
	const struct attr_data *d = pr_attr_of(p, o, key);

	return d->kind == AT_ENUM ? enum_case_name((enum enum_id)d->id, (int32_t)d->i) : NULL;
}

/* record_event, wait_event */
bool
pr_event_pair(struct printer *p, struct op o)
{
	const struct ir_names *n = &p->ir->name;
	const char *id = case_of(p, o, n->event_id);

	if (!case_of(p, o, n->src_op) || !case_of(p, o, n->dst_op) || !id)
		return false;
	pr_name(p, o);
	pr_char(p, '[');
	pr_attr(p, op_attr(p->ir, o, n->src_op));
	pr_str(p, ", ");
	pr_attr(p, op_attr(p->ir, o, n->dst_op));
	out_f(p->o, ", <%s>]", id);
	pr_dict_but(p, o, n->src_op, n->dst_op, n->event_id);
	return true;
}

bool
pr_barrier_sync(struct printer *p, struct op o)
{
	struct sym key = p->ir->name.op_type;

	if (!case_of(p, o, key))
		return false;
	pr_name(p, o);
	pr_char(p, '[');
	pr_attr(p, op_attr(p->ir, o, key));
	pr_char(p, ']');
	pr_dict_but(p, o, key, pr_no_sym(), pr_no_sym());
	return true;
}

bool
pr_cross(struct printer *p, struct op o)
{
	const struct ir_names *n = &p->ir->name;
	const char *pipe = case_of(p, o, n->pipe);
	const struct attr_data *id = pr_attr_of(p, o, n->event_id);
	struct val dyn = op_slot(p->ir, o, 0);

	if (!pipe || (!dyn.i && (id->kind != AT_INT || id->i < 0)) ||
	    (dyn.i && (id->kind != AT_NONE || pr_kind(p, val_type(p->ir, dyn)) != TY_INDEX)))
		return false;
	pr_name(p, o);
	out_f(p->o, " <%s>, ", pipe);
	if (dyn.i)
		pr_value(p, dyn);
	else
		out_i64(p->o, id->i);
	pr_dict_but(p, o, n->pipe, n->event_id, pr_no_sym());
	return true;
}

/* Present operands and their types, in parentheses. */
static void
operands(struct printer *p, const struct val *v, uint32_t n)
{
	pr_char(p, '(');
	pr_values(p, v, n);
	if (n) {
		pr_str(p, " : ");
		pr_types(p, v, n);
	}
	pr_char(p, ')');
}

bool
pr_sync_all(struct printer *p, struct op o)
{
	const struct ir_names *n = &p->ir->name;
	struct val v[2] = {op_slot(p->ir, o, 0), op_slot(p->ir, o, 1)};

	if (!case_of(p, o, n->mode) || !case_of(p, o, n->core_type) || (!v[0].i && v[1].i))
		return false;
	pr_name(p, o);
	operands(p, v, v[1].i ? 2 : v[0].i ? 1 : 0);
	pr_str(p, " mode = ");
	pr_attr(p, op_attr(p->ir, o, n->mode));
	pr_str(p, ", core_type = ");
	pr_attr(p, op_attr(p->ir, o, n->core_type));
	pr_dict_but(p, o, n->mode, n->core_type, pr_no_sym());
	return true;
}

/* eventid_array_get, eventid_array_set */
bool
pr_event_elem(struct printer *p, struct op o)
{
	for (uint32_t k = 1; k < ir_op(p->ir, o)->nopnd; k++)
		if (pr_kind(p, pr_opnd_type(p, o, k)) != TY_INDEX)
			return false;
	pr_name(p, o);
	pr_char(p, ' ');
	pr_value(p, op_opnd(p->ir, o, 0));
	pr_char(p, '[');
	pr_value(p, op_opnd(p->ir, o, 1));
	pr_char(p, ']');
	if (ir_op(p->ir, o)->nopnd > 2) {
		pr_str(p, ", ");
		pr_value(p, op_opnd(p->ir, o, 2));
	}
	pr_all_dict(p, o);
	pr_str(p, " : ");
	pr_type(p, pr_opnd_type(p, o, 0));
	return true;
}

static void
result(struct printer *p, struct op o)
{
	if (!ir_op(p->ir, o)->nres)
		return;
	pr_str(p, " -> ");
	pr_type(p, pr_res_type(p, o));
}

/* The sub-block id is an optional last slot; pops write their operands without types. */
bool
pr_fifo(struct printer *p, struct op o)
{
	struct op_slot slot[OP_MAX_SLOT];
	uint32_t nslot = op_slots(op_id(p->ir, o), slot), n = 0;
	bool bare = nslot && slot[0].letter == 'i';
	struct val v[OP_MAX_SLOT], sub = {0};

	for (uint32_t k = 0; k < nslot; k++) {
		struct val x = op_slot(p->ir, o, k);
		bool last = k + 1 == nslot && slot[k].letter == 's' && slot[k].optional;
		if (!x.i)
			continue;
		if (last && !pr_signless(p, val_type(p->ir, x), 64))
			return false;
		if (bare && !last && pr_kind(p, val_type(p->ir, x)) != TY_INDEX)
			return false;
		if (last)
			sub = x;
		else
			v[n++] = x;
	}
	pr_name(p, o);
	if (n && bare) {
		pr_char(p, '(');
		pr_values(p, v, n);
		pr_char(p, ')');
	} else if (n) {
		operands(p, v, n);
	}
	pr_all_dict(p, o);
	if (sub.i) {
		pr_str(p, " aiv_subblockid(");
		pr_value(p, sub);
		pr_char(p, ')');
	}
	result(p, o);
	return true;
}

bool
pr_fifo_init(struct printer *p, struct op o)
{
	static const char *const key[] = {"gm_slot_buffer", "gm_slot_tensor", "c2v_consumer_buf", "v2c_consumer_buf"};
	bool keyed = ir_op(p->ir, o)->nres == 0;
	const char *sep = "(";
	bool any = false, gap = false;

	for (uint32_t k = 0; k < ir_op(p->ir, o)->nopnd; k++) {
		bool has = op_slot(p->ir, o, k).i;
		gap = gap || (has && k && !op_slot(p->ir, o, k - 1).i);
		any = any || has;
	}
	if (!any || (!keyed && gap) || !pr_attr_of(p, o, p->ir->name.dir_mask)->kind)
		return false;
	pr_name(p, o);
	pr_all_dict(p, o);
	pr_char(p, ' ');
	for (uint32_t k = 0; k < ir_op(p->ir, o)->nopnd; k++) {
		struct val v = op_slot(p->ir, o, k);
		if (!v.i)
			continue;
		pr_str(p, sep);
		sep = ", ";
		if (keyed)
			out_f(p->o, "%s = ", key[k]);
		pr_value(p, v);
		pr_str(p, " : ");
		pr_type(p, val_type(p->ir, v));
	}
	pr_char(p, ')');
	result(p, o);
	return true;
}

/* Transfers between cards: the staging tiles in buf(...) or recv(...), the members in group(...). */
bool
pr_transfer(struct printer *p, struct op o)
{
	struct op_slot slot[OP_MAX_SLOT];
	uint32_t nslot = op_slots(op_id(p->ir, o), slot), n = 0, m, stage = nslot;
	bool group = slot[nslot - 1].variadic;
	uint32_t last = group ? nslot - 1 : nslot;
	struct val *all = ARENA_ARRAY(p->ir->a, struct val, ir_op(p->ir, o)->nopnd + 1);

	/* The staging tiles are the last mandatory tile slot and the optional one behind it. */
	for (uint32_t k = 0; k < last; k++)
		if (slot[k].letter == 't' && !slot[k].optional)
			stage = k;
	pr_name(p, o);
	pr_char(p, '(');
	for (uint32_t k = 0; k < nslot; k++) {
		const struct val *v = op_group(p->ir, o, k, &m);
		if (m && !v[0].i)
			m = 0;
		if (k == nslot - 1 && group && !m)
			break;	/* not verified yet; `group()` is not read */
		if (k == stage || (k == nslot - 1 && group))
			out_f(p->o, ", %s(", k != stage ? "group" : group ? "recv" : "buf");
		else if (n && m)
			pr_str(p, ", ");
		pr_values(p, v, m);
		for (uint32_t i = 0; i < m; i++)
			all[n++] = v[i];
		if ((k + 1 == last && stage < nslot) || (k == nslot - 1 && group))
			pr_char(p, ')');
	}
	pr_str(p, " : ");
	pr_types(p, all, n);
	pr_char(p, ')');
	pr_all_dict(p, o);
	return true;
}
