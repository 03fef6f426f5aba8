/*
 * legacy: ops whose text order differs from the slot order, and spellings of older versions (language.md §10, ops-*.md
 * "Older inputs"): renamed ops, fp operands in second place, sat_mode, mask gather without an axis.
 */
#include "front/build.h"

/* ---- old names ---- */

enum { OLD_SUBSET = 1, OLD_FP_SECOND };

static const struct {
	const char *name;
	enum op_id id;
	uint32_t how;
} old_name[] = {
	{"pto.subset", OP_SUBVIEW, OLD_SUBSET},
	{"pto.tmov.fp", OP_TMOV, OLD_FP_SECOND},
	{"pto.tstore_fp", OP_TSTORE, OLD_FP_SECOND},
	{"pto.textract_fp", OP_TEXTRACT, OLD_FP_SECOND},
	{"pto.tinsert_fp", OP_TINSERT, OLD_FP_SECOND},
	{"pto.tfillpad_inplace", OP_TFILLPAD, 0},
	{"pto.tfillpad_expand", OP_TFILLPAD, 0},
};

enum op_id
legacy_name(struct strv name, uint32_t *aux)
{
	for (uint32_t i = 0; i < sizeof old_name / sizeof old_name[0]; i++) {
		if (strv_is(name, old_name[i].name)) {
			*aux = old_name[i].how * OLD_NAME;
			return old_name[i].id;
		}
	}
	return OP_NONE;
}

/* What took the place of a removed op whose operands have changed too, for the hint; NULL when nothing did. */
const char *
legacy_renamed(struct strv name)
{
	static const char *const pair[][2] = {
		{"arith.maxf", "arith.maximumf"},
		{"arith.minf", "arith.minimumf"},
	};

	for (uint32_t i = 0; i < sizeof pair / sizeof pair[0]; i++)
		if (strv_is(name, pair[i][0]))
			return pair[i][1];
	return NULL;
}

/* Did older compilers use the op between their passes only? */
bool
legacy_internal(struct strv name)
{
	static const char *const op[] = {"pto.bind_tile", "pto.pointer_cast", "pto.declare_tile_memref",
					 "pto.materialize_tile"};

	for (uint32_t i = 0; i < sizeof op / sizeof op[0]; i++)
		if (strv_is(name, op[i]))
			return true;
	return false;
}

/* ---- operand order ---- */

static bool
is_tile(struct front *fe, struct slice s, uint32_t k)
{
	struct val v = k < s.n ? fe->val.at[s.at + k] : (struct val){0};

	return v.i && type_kind(&fe->ir->types, val_type(fe->ir, v)) == TY_TILE;
}

static struct slice
one(struct slice s, uint32_t k)
{
	return (struct slice){s.at + k, k < s.n ? 1 : 0};
}

static void
wrong_count(struct front *fe, enum op_id id, struct span at, const char *text)
{
	fe_error(fe, DIAG_ARITY, at, "'%s' expects %s", isa_op[id].name, text);
}

/*
 * tgather: slots src, dst, cdst, indices, tmp, kValue.
 *   index    ins(src, indices[, tmp]) outs(dst)
 *   mask     ins(src, {maskPattern}) outs(dst)
 *   compare  ins(src, kValue, tmp) outs(dst, cdst): known by the second out or the scalar
 */
static void
map_tgather(struct front *fe, enum op_id id, struct slice in, struct slice out, struct slot_map *m)
{
	if (in.n < 1 || in.n > 3)
		wrong_count(fe, id, fe->ins.span, "1 to 3 operands in ins");
	else if (out.n < 1 || out.n > 2)
		wrong_count(fe, id, fe->outs.span, "1 or 2 operands in outs");
	bool compare = out.n == 2 || (in.n > 1 && !is_tile(fe, in, 1));
	m->part[0] = one(in, 0);
	m->part[1] = one(out, 0);
	m->part[2] = one(out, 1);
	m->part[compare ? 5 : 3] = one(in, 1);
	m->part[4] = one(in, 2);
}

/*
 * tmrgsort: slots srcs*, blockLen, dst, tmp, executed.
 *   format 1  ins(src, blockLen) outs(dst)
 *   format 2  ins(s0, s1[, s2[, s3]], tmp) outs(dst, executed), or no_tmp after the sources
 */
static void
map_tmrgsort(struct front *fe, enum op_id id, struct slice in, struct slice out, struct slot_map *m)
{
	bool block = in.n == 2 && !is_tile(fe, in, 1);
	uint32_t nsrc = block ? 1 : fe->ins.no_tmp || in.n < 3 ? in.n : in.n - 1;

	if (nsrc < 1 || nsrc > 4)
		wrong_count(fe, id, fe->ins.span, "1 to 4 lists to merge");
	else if (out.n < 1 || out.n > 2)
		wrong_count(fe, id, fe->outs.span, "1 or 2 operands in outs");
	m->part[0] = (struct slice){in.at, nsrc};
	m->part[1] = block ? one(in, 1) : (struct slice){0, 0};
	m->part[2] = one(out, 0);
	m->part[3] = !block ? one(in, nsrc) : (struct slice){0, 0};
	m->part[4] = one(out, 1);
}

/* tquant: slots src, fp, offset, tmp, dst. ins(src, fp[, offset]) outs(dst[, tmp]) */
static void
map_tquant(struct front *fe, enum op_id id, struct slice in, struct slice out, struct slot_map *m)
{
	if (in.n < 2 || in.n > 3)
		wrong_count(fe, id, fe->ins.span, "2 or 3 operands in ins");
	else if (out.n < 1 || out.n > 2)
		wrong_count(fe, id, fe->outs.span, "1 or 2 operands in outs");
	m->part[0] = one(in, 0);
	m->part[1] = one(in, 1);
	m->part[2] = one(in, 2);
	m->part[3] = one(out, 1);
	m->part[4] = one(out, 0);
}

static const struct {
	enum op_id id;
	void (*map)(struct front *fe, enum op_id id, struct slice in, struct slice out, struct slot_map *m);
} mapper[] = {
	{OP_TGATHER, map_tgather},
	{OP_TMRGSORT, map_tmrgsort},
	{OP_TQUANT, map_tquant},
};

/* ins(src, fp, ...) of the old _fp ops: fp behind the others, where the optional slot takes it by its kind. */
static void
fp_to_end(struct front *fe, struct slice in)
{
	if (in.n < 2)
		return;
	struct val fp = fe->val.at[in.at + 1];
	for (uint32_t k = 1; k + 1 < in.n; k++)
		fe->val.at[in.at + k] = fe->val.at[in.at + k + 1];
	fe->val.at[in.at + in.n - 1] = fp;
}

bool
legacy_map(struct front *fe, struct word w, struct slice in, struct slice out, struct slot_map *m)
{
	enum op_id id = (enum op_id)(w.aux % OLD_NAME);

	if (w.aux / OLD_NAME == OLD_FP_SECOND)
		fp_to_end(fe, in);
	for (uint32_t i = 0; i < sizeof mapper / sizeof mapper[0]; i++) {
		if (mapper[i].id == id) {
			mapper[i].map(fe, id, in, out, m);
			return true;
		}
	}
	return false;
}

/* ---- attributes ---- */

void
legacy_attrs(struct front *fe, struct op o)
{
	struct ir *ir = fe->ir;
	struct attr sat = op_attr(ir, o, fe->w.satmode_old);

	if (sat.i) {
		if (op_attr(ir, o, ir->name.satmode).i)
			fe_error(fe, DIAG_SYNTAX, ir_op(ir, o)->span, "cannot specify both satmode and sat_mode");
		op_attr_set(ir, o, fe->w.satmode_old, (struct attr){0});
		op_attr_set(ir, o, ir->name.satmode, sat);
	}
	if (op_id(ir, o) == OP_PRINT) {
		if (fe->ins.text_at.hi)
			op_attr_add(fe, o, ir->name.format, attr_string(&ir->attrs, fe->ins.text), fe->ins.text_at);
		return;
	}
	if (fe->ins.text.i) {
		if (!fe->ins.text_last)
			fe_error(fe, DIAG_SYNTAX, fe->ins.text_at, "unexpected string");
		op_attr_add(fe, o, ir->name.axis, attr_string(&ir->attrs, fe->ins.text), fe->ins.text_at);
	} else if (op_attr(ir, o, ir->name.mask_pattern).i && !op_attr(ir, o, ir->name.axis).i && fe->ins.use.n == 1) {
		op_attr_set(ir, o, ir->name.axis, attr_string(&ir->attrs, intern_add(&ir->in, STRV("row"))));
	}
}
