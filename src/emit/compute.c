/*
 * compute: vector operations whose call is more than CALLEE(outs..., ins...): template arguments, enum locals, several
 * statements. Spec: ops-compute.md §1c and §10, the `emits` fields of ops-compute.json; where those match no overload
 * of the library, the text here is the equivalent that does.
 */
#include "emit/call.h"

static struct val
slot(const struct cxx *x, struct op o, uint32_t k)
{
	return op_slot(x->ir, o, k);
}

static struct typ
elem_of(const struct cxx *x, struct val v)
{
	return type_elem(&x->ir->types, val_type(x->ir, v));
}

/* ---- two dependent calls ---- */

/* "pipe_barrier(PIPE_V);" between a call and the next one that reads its dst. */
static void
barrier_line(struct cxx *x)
{
	x_line(x);
	x_str(x, "pipe_barrier(PIPE_V);\n");
}

/* Slots: two operands of CALLEE, the tile added to its result, dst. */
static void
call_then_add_stmt(struct cxx *x, struct op o)
{
	struct val dst = slot(x, o, 3);

	call_list(x, o, "", (struct val[]){dst, slot(x, o, 0), slot(x, o, 1)}, 3);
	barrier_line(x);
	x_line(x);
	x_f(x, "TADD(v%u, v%u, ", x_val(x, dst)->no, x_val(x, dst)->no);
	x_name(x, slot(x, o, 2));
	x_str(x, ");\n");
}

const struct family fam_call_then_add = {.stmt = call_then_add_stmt};

/* TRELU has no 16-bit integer version, TMAXS does. */
static void
call_then_relu_stmt(struct cxx *x, struct op o)
{
	uint32_t no = x_val(x, slot(x, o, 2))->no;
	bool i16 = type_is_int(&x->ir->types, elem_of(x, slot(x, o, 2)));

	call_plain(x, o, "");
	barrier_line(x);
	x_line(x);
	if (i16)
		x_f(x, "TMAXS(v%u, v%u, (int16_t) 0);\n", no, no);
	else
		x_f(x, "TRELU(v%u, v%u);\n", no, no);
}

const struct family fam_call_then_relu = {.stmt = call_then_relu_stmt};

/* ---- comparisons ---- */

static const char *const cmp_name[] = {"EQ", "NE", "LT", "LE", "GT", "GE"};

static void
compare_stmt(struct cxx *x, struct op o)
{
	int32_t mode = op_enum(x->ir, o, x->ir->name.cmp_mode, EN_CMP, 0);
	uint32_t no = x_temp(x, "CmpMode");

	x_f(x, "CmpMode::%s;\n", cmp_name[mode]);
	call_list_local(x, o, "", (struct val[]){slot(x, o, 2), slot(x, o, 0), slot(x, o, 1)}, 3, no);
}

const struct family fam_compare = {.stmt = compare_stmt};

/* ---- reductions ---- */

static void
tcolsum_stmt(struct cxx *x, struct op o)
{
	struct attr a = op_attr(x->ir, o, x->ir->name.is_binary);
	struct val src = slot(x, o, 0), tmp = slot(x, o, 1), dst = slot(x, o, 2);

	if (!tmp.i) {
		call_plain(x, o, "");
		return;
	}
	uint32_t no = x_temp(x, "const bool");
	x_str(x, a.i && attr_data(&x->ir->attrs, a)->i ? "true;\n" : "false;\n");
	call_list_local(x, o, "", (struct val[]){dst, src, tmp}, 3, no);
}

const struct family fam_tcolsum = {.stmt = tcolsum_stmt};

/* src0, src1, src0Idx, src1Idx, dst, dstIdx: the index of dst is the fourth argument. */
static void
part_arg_stmt(struct cxx *x, struct op o)
{
	const struct val arg[] = {slot(x, o, 4), slot(x, o, 0), slot(x, o, 1),
				  slot(x, o, 5), slot(x, o, 2), slot(x, o, 3)};

	call_list(x, o, "", arg, 6);
}

const struct family fam_part_arg = {.stmt = part_arg_stmt};

/* ---- powers and slopes ---- */

/* base, exponent, dst, tmp. The only overload has a tmp; integers do not use it, so dst may stand in. */
static void
tpow_stmt(struct cxx *x, struct op o)
{
	struct val dst = slot(x, o, 2), tmp = slot(x, o, 3);

	call_list(x, o, "", (struct val[]){dst, slot(x, o, 0), slot(x, o, 1), tmp.i ? tmp : dst}, 4);
}

const struct family fam_tpow = {.stmt = tpow_stmt};

/* A second tile variable over the same bytes, with another element type of the same size; *type is its C++ type. */
static uint32_t
retype_tile(struct cxx *x, struct val v, struct typ elem, const char **type)
{
	struct tile_shape s = type_data(&x->ir->types, x_tile_type(x, v))->tile;
	bool dr = s.vrow == DIM_DYN, dc = s.vcol == DIM_DYN;
	uint32_t no = x_fresh(x);

	*type = x_type(x, type_tile(&x->ir->types, elem, &s));
	x_line(x);
	x_f(x, "%s v%u", *type, no);
	if (dr || dc)
		x_str(x, "(");
	if (dr)
		x_f(x, "v%u.GetValidRow()", x_val(x, v)->no);
	if (dc)
		x_f(x, "%sv%u.GetValidCol()", dr ? ", " : "", x_val(x, v)->no);
	x_str(x, dr || dc ? ");\n" : ";\n");
	x_line(x);
	x_f(x, "TASSIGN(v%u, reinterpret_cast<uint64_t>(v%u.data()));\n", no, x_val(x, v)->no);
	return no;
}

/* The library wants tmp as uint8_t; the dialect has i8 as well. */
static void
tprelu_stmt(struct cxx *x, struct op o)
{
	struct val src0 = slot(x, o, 0), src1 = slot(x, o, 1), tmp = slot(x, o, 2), dst = slot(x, o, 3);
	struct typ u8 = type_int(&x->ir->types, 8, UNSIGNED);

	if (!tmp.i || elem_of(x, tmp).i == u8.i) {
		call_plain(x, o, "");
		return;
	}
	const char *type;
	uint32_t no = retype_tile(x, tmp, u8, &type);
	call_list_local(x, o, "", (struct val[]){dst, src0, src1}, 3, no);
}

const struct family fam_tprelu = {.stmt = tprelu_stmt};

/* ---- quantisation ---- */

/* src, fp, offset, tmp, dst */
static void
tquant_stmt(struct cxx *x, struct op o)
{
	struct val src = slot(x, o, 0), fp = slot(x, o, 1), off = slot(x, o, 2), tmp = slot(x, o, 3),
		   dst = slot(x, o, 4);
	bool asym = op_enum(x->ir, o, x->ir->name.quant_type, EN_QUANT_TYPE, 0) == 1;
	const struct val arg[] = {dst, src, fp, tmp};
	/* One C++ type for each of the two kinds; the dialect does not tell i8 from ui8 here. */
	struct typ elem = type_int(&x->ir->types, 8, asym ? UNSIGNED : SIGNLESS);
	uint32_t no[4] = {0}, off_no = 0;
	const char *type[4] = {NULL};
	struct out t;

	for (uint32_t k = 0; k < 4; k++) {
		if (!arg[k].i)
			continue;
		no[k] = x_val(x, arg[k])->no;
		type[k] = x_val_type(x, arg[k]);
	}
	if (elem_of(x, dst).i != elem.i)
		no[0] = retype_tile(x, dst, elem, &type[0]);
	out_init(&t, x->a);
	call_targ(&t, asym ? "pto::QuantType::INT8_ASYM" : "pto::QuantType::INT8_SYM");
	for (uint32_t k = 0; k < 4; k++)
		if (arg[k].i)
			call_targ(&t, type[k]);
	if (off.i) {
		x_line(x);
		off_no = x_fresh(x);
		x_f(x, "%s* v%u = &v%u;\n", x_val_type(x, off), off_no, x_val(x, off)->no);
	}
	x_line(x);
	x_f(x, "TQUANT<%s>(v%u, v%u, v%u", out_text(&t).p, no[0], no[1], no[2]);
	if (tmp.i)
		x_f(x, ", v%u", no[3]);
	if (off.i)
		x_f(x, ", v%u", off_no);
	x_str(x, ");\n");
}

const struct family fam_tquant = {.stmt = tquant_stmt};

static void
tdequant_stmt(struct cxx *x, struct op o)
{
	struct val src = slot(x, o, 0), scale = slot(x, o, 1), off = slot(x, o, 2), dst = slot(x, o, 3);
	struct out t;

	out_init(&t, x->a);
	call_targ(&t, x_val_type(x, dst));
	call_targ(&t, x_val_type(x, src));
	call_targ(&t, x_val_type(x, scale));
	call_list(x, o, out_text(&t).p, (struct val[]){dst, src, scale, off}, 4);
}

const struct family fam_tdequant = {.stmt = tdequant_stmt};

/* ---- rearranging ---- */

/* src, dst, indexes */
static void
tscatter_stmt(struct cxx *x, struct op o)
{
	struct val src = slot(x, o, 0), dst = slot(x, o, 1), idx = slot(x, o, 2);
	int32_t m = op_enum(x->ir, o, x->ir->name.mask_pattern, EN_MASK_PATTERN, 0);
	struct attr a = op_attr(x->ir, o, x->ir->name.axis);
	bool col = a.i && strv_is(sym_text(&x->ir->in, attr_data(&x->ir->attrs, a)->text), "col");
	struct out t;

	out_init(&t, x->a);
	if (m)
		out_f(&t, "pto::MaskPattern::%s, pto::ScatterAxis::SCATTER_%s", enum_case_name(EN_MASK_PATTERN, m),
		      col ? "COL" : "ROW");
	call_list(x, o, out_text(&t).p, (struct val[]){dst, src, idx}, 3);
}

const struct family fam_tscatter = {.stmt = tscatter_stmt};

static bool
same_address(const struct cxx *x, struct val a, struct val b)
{
	uint64_t at, bt;

	return a.i == b.i || (tile_address(x, a, &at) && tile_address(x, b, &bt) && at == bt);
}

/*
 * The kind follows from shapes and addresses. In L1 the library pads dst and copies nothing, so that another source
 * would be lost; its only overload there pads with zeros and takes no pad argument.
 */
static void
tfillpad_stmt(struct cxx *x, struct op o)
{
	struct val src = slot(x, o, 0), dst = slot(x, o, 1);
	const struct tile_shape *s = &type_data(&x->ir->types, x_tile_type(x, src))->tile;
	const struct tile_shape *d = &type_data(&x->ir->types, x_tile_type(x, dst))->tile;
	bool same = same_address(x, src, dst);

	if (d->space == SP_MAT) {
		if (!same)
			x_fail(x, o,
			       "pads a mat tile in place only: the library copies nothing there, so src and dst must "
			       "have the same known address");
		call_plain(x, o, "");
	} else if (d->rows > s->rows || d->cols > s->cols) {
		call_plain(x, o, "pto::TFillPadMode::Expand");
	} else {
		call_plain(x, o, same ? "pto::TFillPadMode::InPlace" : "");
	}
}

const struct family fam_tfillpad = {.stmt = tfillpad_stmt};

/* ---- masks and printing ---- */

static void
ttri_stmt(struct cxx *x, struct op o)
{
	struct attr a = op_attr(x->ir, o, x->ir->name.upper_or_lower);
	struct out t;

	out_init(&t, x->a);
	out_f(&t, "%s, %d", x_val_type(x, slot(x, o, 1)), a.i && attr_data(&x->ir->attrs, a)->i ? 1 : 0);
	call_list(x, o, out_text(&t).p, (struct val[]){slot(x, o, 1), slot(x, o, 0)}, 2);
}

const struct family fam_ttri = {.stmt = ttri_stmt};

static void
tprint_stmt(struct cxx *x, struct op o)
{
	static const char *const format[] = {"Width8_Precision4", "Width8_Precision2", "Width10_Precision6"};
	int32_t f = op_enum(x->ir, o, x->ir->name.print_format, EN_PRINT_FORMAT, -1);
	struct out t;

	out_init(&t, x->a);
	if (f >= 0)
		out_f(&t, "pto::PrintFormat::%s", format[f]);
	call_list(x, o, out_text(&t).p, (struct val[]){slot(x, o, 0), slot(x, o, 1)}, 2);
}

const struct family fam_tprint = {.stmt = tprint_stmt};
