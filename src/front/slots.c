/*
 * slots: operands as written -> operand slots of the op table. Required slots take the next operand; an optional slot
 * takes one when more operands are left than the required ones need and its kind fits; a variadic slot takes all it
 * can.
 */
#include "front/build.h"

static bool
slot_fits(struct front *fe, char letter, struct val v)
{
	if (!v.i)
		return true;
	switch (type_kind(&fe->ir->types, val_type(fe->ir, v))) {
	case TY_TILE:
		return letter == 't' || letter == 'a';
	case TY_MULTI_TILE:
		return letter == 'm' || letter == 'a';
	case TY_TVIEW:
	case TY_PVIEW:
		return letter == 'v' || letter == 'a';
	case TY_PTR:
		return letter == 'p' || letter == 'a';
	case TY_VECTOR:
		return letter == 'x' || letter == 'a';
	case TY_FLOAT:
		return letter == 's' || letter == 'a';
	case TY_INT:
	case TY_INDEX:
		return letter == 's' || letter == 'i' || letter == 'a';
	case TY_PIPE:
	case TY_ASYNC_SESSION:
	case TY_ASYNC_EVENT:
	case TY_PREFETCH_CTX:
	case TY_EVENTID_ARRAY:
	case TY_LOCAL_ARRAY:
	case TY_STRUCT:
		return letter == 'h' || letter == 'a';
	case TY_ERROR:
		return true;
	case TY_NONE:
	case TY_FUNC:
	case TY_TENSOR:
	case TY_MEMREF:
	case TY_TUPLE:
	case TY_COMPLEX:
	case TY_TILE_VALUE:
	case TY_LOW:
	case TY_OPAQUE:
		return letter == 'a';
	}
	return false;
}

enum clause_side { SIDE_INS, SIDE_OUTS, SIDE_ALL };

static bool
on_side(const struct op_slot *s, enum clause_side side)
{
	return side == SIDE_ALL || s->out == (side == SIDE_OUTS);
}

static void
slot_count_error(struct front *fe, enum op_id id, const char *where, uint32_t need, uint32_t most, uint32_t have,
		 struct span at)
{
	if (most == UINT32_MAX)
		fe_error(fe, DIAG_ARITY, at, "'%s' expects at least %u operand%s%s, got %u", isa_op[id].name, need,
			 need == 1 ? "" : "s", where, have);
	else if (need != most)
		fe_error(fe, DIAG_ARITY, at, "'%s' expects %u to %u operands%s, got %u", isa_op[id].name, need, most,
			 where, have);
	else
		fe_error(fe, DIAG_ARITY, at, "'%s' expects %u operand%s%s, got %u", isa_op[id].name, need,
			 need == 1 ? "" : "s", where, have);
}

/* Fills the slots of one side from a list of values; reports what does not fit. */
static bool
fill_side(struct front *fe, enum op_id id, enum clause_side side, struct slice vals, struct span at, struct slot_map *m)
{
	static const char *const where[] = {" in ins", " in outs", ""};
	struct op_slot slot[OP_MAX_SLOT];
	uint32_t n = op_slots(id, slot), need = 0, most = 0, next = 0;

	for (uint32_t k = 0; k < n; k++) {
		if (!on_side(&slot[k], side))
			continue;
		need += !slot[k].optional && !slot[k].variadic;
		most = slot[k].variadic || most == UINT32_MAX ? UINT32_MAX : most + 1;
	}
	if (vals.n < need || vals.n > most) {
		slot_count_error(fe, id, where[side], need, most, vals.n, at);
		return false;
	}
	uint32_t spare = vals.n - need;
	for (uint32_t k = 0; k < n; k++) {
		if (!on_side(&slot[k], side))
			continue;
		uint32_t take = 0;
		if (!slot[k].optional && !slot[k].variadic) {
			take = 1;
		} else {
			uint32_t limit = slot[k].variadic ? spare : spare ? 1 : 0;
			while (take < limit && slot_fits(fe, slot[k].letter, fe->val.at[vals.at + next + take]))
				take++;
			spare -= take;
		}
		m->part[k] = (struct slice){vals.at + next, take};
		next += take;
	}
	if (next < vals.n) {
		struct val v = fe->val.at[vals.at + next];
		fe_error(fe, DIAG_ARITY, at, "'%s' does not take an operand of type '%s' as operand #%u%s",
			 isa_op[id].name, fe_type(fe, val_type(fe->ir, v)), next, where[side]);
		return false;
	}
	return true;
}

bool
slots_ins_outs(struct front *fe, enum op_id id, struct slice in, struct slice out, struct slot_map *m)
{
	return fill_side(fe, id, SIDE_INS, in, fe->ins.span, m) &&
	       fill_side(fe, id, SIDE_OUTS, out, fe->outs.present ? fe->outs.span : fe->ins.span, m);
}

/* Adds the operands in slot order; an absent optional one is val{0} unless the op has a variadic slot. */
void
op_slot_operands(struct front *fe, struct op o, const struct slot_map *m)
{
	struct op_slot slot[OP_MAX_SLOT];
	uint32_t n = op_slots(op_id(fe->ir, o), slot), count[OP_MAX_SLOT] = {0}, total = 0;
	bool variadic = false;

	for (uint32_t k = 0; k < n; k++) {
		variadic = variadic || slot[k].variadic;
		total += m->part[k].n;
	}
	struct val small[32] = {{0}}, *v = total + n <= 32 ? small : ARENA_ARRAY(fe->a, struct val, total + n);
	uint32_t at = 0;
	for (uint32_t k = 0; k < n; k++) {
		for (uint32_t i = 0; i < m->part[k].n; i++)
			v[at++] = fe->val.at[m->part[k].at + i];
		if (!variadic && m->part[k].n == 0)
			v[at++] = (struct val){0};
		count[k] = m->part[k].n;
	}
	if (variadic)
		ir_op_groups(fe->ir, o, v, count, n);
	else
		ir_op_operands(fe->ir, o, v, at);
}

static bool
fill_segments(struct front *fe, enum op_id id, struct slice vals, const int64_t *seg, uint32_t nseg, struct span at,
	      struct slot_map *m)
{
	struct op_slot slot[OP_MAX_SLOT];
	uint32_t n = op_slots(id, slot), next = 0;

	if (nseg < n) {
		fe_error(fe, DIAG_ARITY, at, "'operandSegmentSizes' of '%s' needs %u entries, got %u", isa_op[id].name,
			 n, nseg);
		return false;
	}
	for (uint32_t k = 0; k < n; k++) {
		int64_t most = slot[k].variadic ? INT64_MAX : 1, least = !slot[k].variadic && !slot[k].optional;
		if (seg[k] < least || seg[k] > most || seg[k] > (int64_t)(vals.n - next)) {
			fe_error(fe, DIAG_ARITY, at, "'operandSegmentSizes' entry %u of '%s' is %lld", k,
				 isa_op[id].name, (long long)seg[k]);
			return false;
		}
		m->part[k] = (struct slice){vals.at + next, (uint32_t)seg[k]};
		next += (uint32_t)seg[k];
	}
	if (next != vals.n)
		fe_error(fe, DIAG_ARITY, at, "'operandSegmentSizes' covers %u operands, '%s' has %u", next,
			 isa_op[id].name, vals.n);
	return next == vals.n;
}

bool
slots_fill(struct front *fe, struct op o, struct slice vals, const int64_t *seg, uint32_t nseg, struct span at)
{
	struct slot_map m = {{{0, 0}}};
	enum op_id id = op_id(fe->ir, o);
	bool ok = seg ? fill_segments(fe, id, vals, seg, nseg, at, &m) : fill_side(fe, id, SIDE_ALL, vals, at, &m);

	if (ok)
		op_slot_operands(fe, o, &m);
	return ok;
}
