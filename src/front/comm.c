/*
 * comm: builders of the forms around several cores: events by op kind, cross-core flags, fifos, transfers between
 * cards. Spec: ops-sync-comm.json (`syntax`).
 */
#include "front/build.h"

static struct typ
index_of(struct front *fe)
{
	return type_index(&fe->ir->types);
}

/* ---- events by op kind ---- */

static void
event_kind(struct front *fe, struct op o, struct sym key, const struct aused *a)
{
	const struct attr_data *d = attr_data(&fe->ir->attrs, a->attr);

	if (d->kind == AT_ENUM && (d->id == EN_PIPE_EVENT_TYPE || d->id == EN_SYNC_OP_TYPE))
		op_attr_set(fe->ir, o, key, a->attr);
	else
		fe_error(fe, DIAG_TYPE, a->span, "expected PipeEventTypeAttr or SyncOpTypeAttr for %s",
			 fe_str(fe, key));
}

/* record_event and wait_event */
struct op
form_event_pair(struct front *fe, struct word w, struct span at, const struct aused *src, const struct aused *dst,
		const struct aused *id)
{
	struct op o = op_new(fe, word_op(w), at);
	struct ir *ir = fe->ir;

	ir_op_operands(ir, o, NULL, 0);
	event_kind(fe, o, ir->name.src_op, src);
	event_kind(fe, o, ir->name.dst_op, dst);
	op_attr_set(ir, o, ir->name.event_id, enum_attr(fe, id->attr, EN_EVENT, id->span));
	return o;
}

struct op
form_barrier_sync(struct front *fe, struct word w, struct span at, const struct aused *kind, struct attr attrs)
{
	struct op o = op_new(fe, word_op(w), at);
	const struct attr_data *d = attr_data(&fe->ir->attrs, kind->attr);

	ir_op_operands(fe->ir, o, NULL, 0);
	op_attrs(fe, o, attrs);
	if (d->kind == AT_ENUM)
		event_kind(fe, o, fe->ir->name.op_type, kind);
	else
		op_attr_set(fe->ir, o, fe->ir->name.op_type,
			    enum_attr(fe, kind->attr, EN_SYNC_OP_TYPE, kind->span));
	return o;
}

/* Operands of eventid_array_get and _set: the array, then indices. */
struct op
form_event(struct front *fe, struct word w, struct span at, struct slice use, struct attr attrs, struct tuse ty)
{
	struct op o = op_new(fe, word_op(w), at);
	struct slice s = use_as(fe, (struct slice){use.at, 1}, ty.type);

	use_as(fe, (struct slice){use.at + 1, use.n - 1}, index_of(fe));
	ir_op_operands(fe->ir, o, VEC_FROM(&fe->val, s.at), use.n);
	op_attrs(fe, o, attrs);
	if (op_row(fe->ir, o)->nres)
		ir_op_result(fe->ir, o, index_of(fe));
	return o;
}

/* ---- cross-core flags ---- */

struct op
form_cross(struct front *fe, struct word w, struct span at, const struct aused *pipe, struct attr id, struct slice dyn,
	   struct attr attrs)
{
	struct op o = op_new(fe, word_op(w), at);
	struct slot_map m = {{{0, 0}}};

	m.part[0] = use_as(fe, dyn, index_of(fe));
	op_slot_operands(fe, o, &m);
	op_attrs(fe, o, attrs);
	op_attr_add(fe, o, fe->ir->name.pipe, enum_attr(fe, pipe->attr, EN_PIPE, pipe->span), pipe->span);
	if (id.i)
		op_attr_add(fe, o, fe->ir->name.event_id, id, at);
	return o;
}

/* mode = ..., core_type = ... in this order; the operands belong to the soft mode. */
struct op
form_sync_all(struct front *fe, struct word w, struct span at, struct slice use, struct slice type,
	      const struct entry key[2], struct attr attrs)
{
	struct op o = op_new(fe, word_op(w), at);
	struct ir *ir = fe->ir;
	const struct sym name[2] = {ir->name.mode, ir->name.core_type};
	static const enum enum_id want[2] = {EN_SYNC_ALL_MODE, EN_SYNC_CORE_TYPE};
	struct slot_map m = {{{0, 0}}};

	if (use.n != type.n)
		fe_error(fe, DIAG_ARITY, at, "expects the same number of operands and operand types");
	struct slice v = use_typed(fe, use, type, at);
	for (uint32_t k = 0; k < v.n && k < 2; k++)
		m.part[k] = (struct slice){v.at + k, 1};
	op_slot_operands(fe, o, &m);
	op_attrs(fe, o, attrs);
	for (uint32_t k = 0; k < 2 && !fe->failed; k++) {
		const struct attr_data *d = attr_data(&ir->attrs, key[k].val);
		if (key[k].key.i != name[k].i)
			fe_error(fe, DIAG_SYNTAX, key[k].span, "expected '%s'", fe_str(fe, name[k]));
		else if (d->kind != AT_ENUM || d->id != (uint32_t)want[k])
			fe_error(fe, DIAG_TYPE, key[k].val_span, "expects %s to be #pto.%s<...>",
				 fe_str(fe, name[k]), isa_enum[want[k]].name);
		else
			op_attr_add(fe, o, name[k], key[k].val, key[k].span);
	}
	if (!fe->failed && op_enum(ir, o, ir->name.mode, EN_SYNC_ALL_MODE, 0) == 0 && v.n)
		fe_error(fe, DIAG_ARITY, at, "expects hard syncall to have no operands");
	else if (!fe->failed && op_enum(ir, o, ir->name.mode, EN_SYNC_ALL_MODE, 0) == 1 && (v.n == 0 || v.n > 2))
		fe_error(fe, DIAG_ARITY, at, "expects soft syncall to have gm_workspace and optional used_cores");
	return o;
}

/* ---- short attributes ---- */

struct attr
attr_short(struct front *fe, struct sym key, struct sym word, struct span at)
{
	if (key.i == fe->ir->name.location.i)
		return attr_case(fe, EN_ADDRESS_SPACE, word, at);
	fe_error(fe, DIAG_SYNTAX, at, "'%s' has no short form", fe_str(fe, key));
	return (struct attr){0};
}

/* ---- transfers between cards ---- */

void
comm_group(struct front *fe, struct word w, struct span at)
{
	if (w.sym.i != fe->w.buf.i && w.sym.i != fe->w.recv.i && w.sym.i != fe->w.group.i)
		fe_error(fe, DIAG_SYNTAX, at, "expected 'buf', 'recv' or 'group', got '%s'", fe_str(fe, w.sym));
}

/* ---- fifos ---- */

enum { INIT_OPERANDS = 4 };

/* One operand of a fifo declaration; a keyed one is kept with its key in front.extra. */
void
fifo_operand(struct front *fe, struct word key, struct span at, const struct use *u, struct tuse ty)
{
	struct extra e = {.key = key.sym, .span = at, .use = {fe->use.n, 1}, .type = {fe->type.n, 1}};

	VEC_PUSH(fe->a, &fe->use, *u);
	VEC_PUSH(fe->a, &fe->type, ty);
	VEC_PUSH(fe->a, &fe->extra, e);
}

/* Slot of a keyed operand; INIT_OPERANDS when the key is unknown. */
static uint32_t
init_slot(const struct front *fe, struct sym key)
{
	const struct sym order[] = {fe->w.gm_slot_buffer, fe->w.gm_slot_tensor, fe->w.c2v_consumer_buf,
				    fe->w.v2c_consumer_buf};
	uint32_t k = 0;

	while (k < INIT_OPERANDS && order[k].i != key.i)
		k++;
	return k;
}

struct op
form_fifo_init(struct front *fe, struct word w, struct span at, struct attr attrs, struct slice result)
{
	struct op o = op_new(fe, word_op(w), at);
	bool keyed = op_row(fe->ir, o)->nres == 0;
	uint32_t first = fe->frame.at[fe->frame.n - 1].base.extra;
	struct slot_map m = {{{0, 0}}};

	for (uint32_t i = first; i < fe->extra.n && !fe->failed; i++) {
		const struct extra *e = &fe->extra.at[i];
		uint32_t slot = keyed ? init_slot(fe, e->key) : i - first;
		if (keyed != (e->key.i != 0))
			fe_error(fe, DIAG_SYNTAX, e->span, keyed ? "expected 'key = value'" : "unexpected key '%s'",
				 keyed ? "" : fe_str(fe, e->key));
		else if (slot >= INIT_OPERANDS)
			fe_error(fe, DIAG_SYNTAX, e->span, "unexpected initialize_pipe operand '%s'",
				 keyed ? fe_str(fe, e->key) : "#4");
		else if (m.part[slot].n)
			fe_error(fe, DIAG_SYNTAX, e->span, "duplicate '%s' operand", fe_str(fe, e->key));
		else
			m.part[slot] = use_typed(fe, e->use, e->type, e->span);
	}
	if (fe->failed)
		return o;
	op_slot_operands(fe, o, &m);
	op_attrs(fe, o, attrs);
	if (results_fit(fe, o, result, at))
		op_results(fe, o, result);
	return o;
}

/*
 * Operands in fe->ins; without types they are the valid rows and columns of a pop. The sub-block id is the last slot of
 * the ops that take one.
 */
struct op
form_fifo(struct front *fe, struct word w, struct span at, struct attr attrs, struct slice subblock,
	  struct slice result)
{
	struct op o = op_new(fe, word_op(w), at);
	const struct op_row *row = op_row(fe->ir, o);
	struct slot_map m = {{{0, 0}}};
	struct op_slot slot[OP_MAX_SLOT];
	uint32_t n = op_slots(word_op(w), slot), last = n ? n - 1 : 0;
	bool takes_id = n && slot[last].letter == 's' && slot[last].optional;
	bool typed = fe->ins.present || fe->ins.use.n == 0;

	if (typed && n && slot[0].letter == 'i' && fe->ins.use.n)
		fe_error(fe, DIAG_SYNTAX, fe->ins.span, "'%s' takes its operands without types", row->name);
	if (!typed && n && slot[0].letter != 'i')
		fe_error(fe, DIAG_SYNTAX, fe->ins.span, "'%s' needs the types of its operands", row->name);
	struct slice v = typed ? use_typed(fe, fe->ins.use, fe->ins.type, at) : use_as(fe, fe->ins.use, index_of(fe));
	if (fe->failed || !slots_ins_outs(fe, word_op(w), v, (struct slice){0, 0}, &m))
		return o;
	if (takes_id && m.part[last].n)
		fe_error(fe, DIAG_SYNTAX, fe->use.at[fe->ins.use.at + fe->ins.use.n - 1].span,
			 "the sub-block id stands in aiv_subblockid(...)");
	if (subblock.n && !takes_id)
		fe_error(fe, DIAG_SYNTAX, fe->use.at[subblock.at].span, "'%s' takes no aiv_subblockid", row->name);
	else if (subblock.n)
		m.part[last] = use_as(fe, subblock, type_int(&fe->ir->types, 64, SIGNLESS));
	if (fe->failed)
		return o;
	op_slot_operands(fe, o, &m);
	op_attrs(fe, o, attrs);
	if (results_fit(fe, o, result, at))
		op_results(fe, o, result);
	return o;
}
