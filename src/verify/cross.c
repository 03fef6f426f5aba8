/*
 * cross: events by op kind, arrays of event ids, cross-core flags, the barrier of all cores, quantisation state.
 * Texts: ops-sync-comm.json.
 */
#include "isa/fixpipe.h"
#include "verify/rule.h"

/* ---- events ---- */

static bool
is_kind(struct verify *v, struct op o, struct sym key)
{
	const struct attr_data *d = attr_data(&v->ir->attrs, op_attr(v->ir, o, key));

	if (d->kind == AT_ENUM && (d->id == EN_PIPE_EVENT_TYPE || d->id == EN_SYNC_OP_TYPE))
		return true;
	return FAIL(v, o, "expected PipeEventTypeAttr or SyncOpTypeAttr for %s", sym_str(&v->ir->in, key));
}

bool
verify_event_kind(struct verify *v, struct op o)
{
	const struct ir_names *n = &v->ir->name;

	if (op_id(v->ir, o) == OP_BARRIER_SYNC)
		return is_kind(v, o, n->op_type);
	if (!is_kind(v, o, n->src_op) || !is_kind(v, o, n->dst_op))
		return false;
	if (op_enum(v->ir, o, n->event_id, EN_EVENT, -1) < 0)
		return FAIL(v, o, "expects event_id to be EVENT_ID0 to EVENT_ID7");
	return true;
}

bool
verify_eventid_array(struct verify *v, struct op o)
{
	struct opnd r = opnd_result(v, o, 0);
	const struct type_data *d = type_data(&v->ir->types, r.type);

	if (d->kind != TY_EVENTID_ARRAY)
		return FAIL(v, o, "expects result to be !pto.eventid_array<N>") || blame(v, &r, NULL);
	if (d->width == 0)
		return FAIL(v, o, "expects an array of at least one event id") || blame(v, &r, NULL);
	return true;
}

bool
verify_eventid_elem(struct verify *v, struct op o)
{
	struct opnd a = opnd_of(v, o, 0), i = opnd_of(v, o, 1);
	const struct type_data *d = type_data(&v->ir->types, a.type);
	int64_t c;

	if (d->kind != TY_EVENTID_ARRAY)
		return FAIL(v, o, "expects array to be !pto.eventid_array<N>") || blame(v, &a, NULL);
	if (val_const_int(v->ir, i.val, &c) && (c < 0 || c >= (int64_t)d->width))
		return FAIL(v, o, "index %lld is outside of an array of %u event ids", (long long)c, d->width) ||
		       blame(v, &a, &i);
	return true;
}

/* ---- cross-core flags ---- */

enum { CROSS_IDS = 16 };

/* The event id: one of the two forms, constants in range. *id = -1 when it is not known. */
static bool
cross_id(struct verify *v, struct op o, int64_t *id)
{
	const struct attr_data *d = attr_data(&v->ir->attrs, op_attr(v->ir, o, v->ir->name.event_id));
	struct val dyn = op_slot(v->ir, o, 0);

	*id = -1;
	if ((d->kind == AT_INT) == (dyn.i != 0))
		return FAIL(v, o, "expects exactly one event-id form: static attr or dynamic index operand");
	if (d->kind == AT_INT)
		*id = d->i;
	else
		val_const_int(v->ir, dyn, id);
	return true;
}

static bool
cross_pipe(struct verify *v, struct op o, int32_t *pipe)
{
	*pipe = op_enum(v->ir, o, v->ir->name.pipe, EN_PIPE, -1);
	return *pipe >= 0 || FAIL(v, o, "expects pipe to be a #pto.pipe attribute");
}

/* A kernel that uses cross-core flags tells where they are; asked of the first such op of a function. */
static bool
has_ffts(struct verify *v, struct op o)
{
	struct op f = op_enclosing(v->ir, o, OP_FUNC);

	if (!f.i)
		return FAIL(v, o, "must be nested under a func.func");
	if (f.i != v->ffts_func.i) {
		v->ffts_func = f;
		v->ffts_seen = op_has_nested(v->ir, f, OP_SET_FFTS);
		if (!v->ffts_seen) {
			op_error(v->ir, o, DIAG_VERIFY, "A3 inter-core sync requires explicit `pto.set_ffts` in the "
				 "same function when using `pto.sync.set`/`pto.sync.wait`");
			diag_hint(v->ir->diags,
				  "pto.set_ffts %%p : !pto.ptr<i64>, with the address the launcher gives");
			return false;
		}
	}
	return true;
}

bool
verify_cross(struct verify *v, struct op o)
{
	const struct attr_data *m = attr_data(&v->ir->attrs, op_attr(v->ir, o, v->ir->name.ffts_mode));
	int64_t id;
	int32_t pipe;

	if (!cross_id(v, o, &id) || !cross_pipe(v, o, &pipe))
		return false;
	if (m->kind == AT_INT && (m->i < 0 || m->i > 2))
		return FAIL(v, o, "requires ffts_mode in range [0, 2], but got %lld", (long long)m->i);
	if (id >= CROSS_IDS)
		return FAIL(v, o, "the hardware has cross-core flags 0 to 15, got %lld", (long long)id);
	return has_ffts(v, o);
}

bool
verify_cross_named(struct verify *v, struct op o)
{
	static const char *const legal[] = {"PIPE_FIX", "PIPE_MTE1", "PIPE_MTE2", "PIPE_MTE3", "PIPE_V"};
	const struct attr_data *m = attr_data(&v->ir->attrs, op_attr(v->ir, o, v->ir->name.ffts_mode));
	bool block = op_id(v->ir, o) == OP_SET_CROSS_BLOCK || op_id(v->ir, o) == OP_WAIT_CROSS_BLOCK, ok = false;
	int64_t id;
	int32_t pipe;

	if (!cross_id(v, o, &id) || !cross_pipe(v, o, &pipe))
		return false;
	if ((id < 0 && !op_slot(v->ir, o, 0).i) || id >= CROSS_IDS)
		return FAIL(v, o, "expects static event_id in [0, 15], but got %lld", (long long)id);
	for (uint32_t k = 0; k < 5; k++)
		ok = ok || strcmp(enum_case_name(EN_PIPE, pipe), legal[k]) == 0;
	if (!ok)
		return FAIL(v, o, "%s expects pipe to be one of <PIPE_FIX>, <PIPE_MTE1>, <PIPE_MTE2>, <PIPE_MTE3>, "
			    "<PIPE_V>", op_row(v->ir, o)->name);
	if (block && m->kind == AT_INT && m->i != 0)
		return FAIL(v, o, "requires ffts_mode 0, but got %lld", (long long)m->i);
	return has_ffts(v, o);
}

/* ---- all cores ---- */

enum { SYNC_WORDS_MIN = 16 };

static bool
soft_workspace(struct verify *v, struct op o, const struct opnd *ws)
{
	const struct type_data *d = type_data(&v->ir->types, ws->type);

	if (d->kind == TY_PTR && d->space > SP_GM)
		return FAIL(v, o, "expects gm_workspace to be in GM address space") || blame(v, ws, NULL);
	if (d->kind != TY_PTR && d->kind != TY_TVIEW && d->kind != TY_PVIEW)
		return FAIL(v, o, "expects gm_workspace to be a GM ptr/tensor_view/partition_view") ||
		       blame(v, ws, NULL);
	if (elem_bit(v, ws->elem) != E_I32)
		return FAIL(v, o, "expects gm_workspace element type to be i32") || blame(v, ws, NULL);
	if (d->kind == TY_PTR)
		return true;
	if (d->rank < 1)
		return FAIL(v, o, "expects gm_workspace to have rank >= 1") || blame(v, ws, NULL);
	for (uint32_t k = 0; k < d->rank; k++)
		if (d->dim[k] == 0)
			return FAIL(v, o, "expects gm_workspace shape to be positive") || blame(v, ws, NULL);
	int64_t n = type_elems(&v->ir->types, ws->type);
	if (n >= 0 && n < SYNC_WORDS_MIN)
		return FAIL(v, o, "expects gm_workspace to contain at least 16 i32 elements (64 bytes), but static "
			    "capacity is %lld", (long long)n) || blame(v, ws, NULL);
	return true;
}

bool
verify_syncall(struct verify *v, struct op o)
{
	const struct ir_names *n = &v->ir->name;
	int32_t mode = op_enum(v->ir, o, n->mode, EN_SYNC_ALL_MODE, -1);
	struct opnd ws, used;
	bool has_ws = opnd_get(v, o, 0, &ws), has_used = opnd_get(v, o, 1, &used);

	if (mode < 0)
		return FAIL(v, o, "expects mode to be #pto.sync_all_mode<...>");
	if (op_enum(v->ir, o, n->core_type, EN_SYNC_CORE_TYPE, -1) < 0)
		return FAIL(v, o, "expects core_type to be #pto.sync_core_type<...>");
	if (mode == 0)
		return !has_ws && !has_used ? true
					    : FAIL(v, o, "expects hard syncall to have no gm_workspace or used_cores");
	if (!has_ws)
		return FAIL(v, o, "expects soft syncall to provide gm_workspace");
	if (has_used && elem_bit(v, used.type) != E_I32)
		return FAIL(v, o, "expects used_cores to be i32") || blame(v, &used, NULL);
	return soft_workspace(v, o, &ws);
}
