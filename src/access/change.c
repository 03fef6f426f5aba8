/*
 * change: tile variables that do not stay as they were allocated: set_validshape gives them another valid area, tassign
 * another address. One scan over the module, before places are resolved.
 */
#include "access/model.h"

static struct revalid *
revalid_of(struct access *ac, struct val v)
{
	if (!ac->revalid_of[v.i]) {
		ac->revalid_of[v.i] = ac->revalid.n;
		VEC_PUSH(ac->a, &ac->revalid, (struct revalid){.row = 0});
	}
	return &ac->revalid.at[ac->revalid_of[v.i]];
}

/* Extent that a set_validshape gives at most. */
static int64_t
changed_extent(const struct access *ac, struct val opnd)
{
	int64_t c;

	return val_const_int(ac->ir, opnd, &c) && c >= 0 ? c : INT64_MAX;
}

struct val
tassign_root(const struct access *ac, struct val v)
{
	struct op def = ir_val(ac->ir, v)->def;

	for (; def.i && op_id(ac->ir, def) == OP_TASSIGN; def = ir_val(ac->ir, v)->def)
		v = op_opnd(ac->ir, def, 0);
	return v;
}

void
alias_scan(struct access *ac)
{
	ac->revalid_of = ARENA_ARRAY(ac->a, uint32_t, ac->nof_val);
	VEC_ADD(ac->a, &ac->revalid, 1);
	for (uint32_t i = 1; i < ac->nof_op; i++) {
		struct op o = {i};
		enum op_id id = op_id(ac->ir, o);
		if ((ir_op(ac->ir, o)->flags & OPD_DEAD) || (id != OP_SET_VALIDSHAPE && id != OP_TASSIGN))
			continue;
		struct revalid *r = revalid_of(ac, tassign_root(ac, op_opnd(ac->ir, o, 0)));
		if (id == OP_TASSIGN) {
			r->moved++;
			continue;
		}
		int64_t row = changed_extent(ac, op_opnd(ac->ir, o, 1));
		int64_t col = changed_extent(ac, op_opnd(ac->ir, o, 2));
		r->row = row > r->row ? row : r->row;
		r->col = col > r->col ? col : r->col;
		r->resized = true;
	}
}
