/*
 * level: who may say where local tiles live. Source: memory.md §1.5. These rules come after all others: a module that
 * breaks one of them is well-formed, only the level does not fit.
 */
#include "verify/rule.h"

/* Without the op's name in front: the text names what it is about. */
static bool
misfit(struct verify *v, struct op o, const char *text)
{
	struct ir *ir = v->ir;
	const struct loc *l = &ir->loc.at[ir_op(ir, o)->loc];

	diag_report(ir->diags, DIAG_LEVEL, ir_op(ir, o)->span, "%s", text);
	if (l->file.i)
		diag_producer_loc(ir->diags, sym_text(&ir->in, l->file), l->line, l->col);
	return false;
}

static bool
hint(struct verify *v, const char *text)
{
	diag_hint(v->ir->diags, "%s", text);
	return false;
}

static bool
alloc_tile(struct verify *v, struct op o)
{
	bool has = op_slot(v->ir, o, 0).i;

	if (has == (v->opt->level == 3))
		return true;
	if (has)
		return misfit(v, o, "unexpected 'addr' operand: only supported when --pto-level=level3") ||
		       hint(v, "below level 3 the compiler places tiles: leave the address out, or ask for level 3");
	op_error(v->ir, o, DIAG_LEVEL, "requires 'addr' operand when --pto-level=level3");
	return hint(v, "at level 3 every tile has an address: give this one too, or none and ask for level 2");
}

static bool
alloc_multi_tile(struct verify *v, struct op o)
{
	bool has = op_slot(v->ir, o, 0).i;

	if (has == (v->opt->level == 3))
		return true;
	return misfit(v, o, has ?
		      "unexpected 'addr' operand on pto.alloc_multi_tile: only supported when --pto-level=level3" :
		      "pto.alloc_multi_tile requires a base 'addr' operand when --pto-level=level3");
}

bool
verify_level(struct verify *v)
{
	bool ok = true;

	for (uint32_t i = 1; i < v->ir->op.n; i++) {
		struct op o = {i};
		if (ir_op(v->ir, o)->flags & OPD_DEAD)
			continue;
		if (op_id(v->ir, o) == OP_ALLOC_TILE)
			ok = alloc_tile(v, o) && ok;
		else if (op_id(v->ir, o) == OP_ALLOC_MULTI_TILE)
			ok = alloc_multi_tile(v, o) && ok;
	}
	return ok;
}
