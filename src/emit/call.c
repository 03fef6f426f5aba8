/*
 * call: tile library calls. Most ops are CALLEE(outs..., ins...); the others add template arguments or enum locals.
 * Spec: ops-compute.md §10, the `emits` fields of ops-compute.json and ops-move.json.
 */
#include "emit/call.h"

static struct val
slot(const struct cxx *x, struct op o, uint32_t k)
{
	return op_slot(x->ir, o, k);
}

static void
next_arg(struct cxx *x, bool *first)
{
	x_str(x, *first ? "" : ", ");
	*first = false;
}

static void
slot_args(struct cxx *x, struct op o, bool outs, bool *first)
{
	struct op_slot s[OP_MAX_SLOT];
	uint32_t nslot = op_slots(op_id(x->ir, o), s);

	for (uint32_t k = 0; k < nslot; k++) {
		uint32_t n;
		if (s[k].out != outs)
			continue;
		op_group(x->ir, o, k, &n);
		for (uint32_t i = 0; i < n; i++) {
			struct val v = op_group(x->ir, o, k, &n)[i];
			if (!v.i)
				continue;
			next_arg(x, first);
			x_name(x, v);
		}
	}
}

/* "CALLEE<template>(" */
static void
open_call(struct cxx *x, struct op o, const char *template)
{
	x_line(x);
	x_str(x, op_row(x->ir, o)->callee);
	if (template[0])
		x_f(x, "<%s>", template);
	x_str(x, "(");
}

static void
close_call(struct cxx *x)
{
	x_str(x, ");\n");
}

/* CALLEE<template>(outs..., ins...) */
static void
plain_call(struct cxx *x, struct op o, const char *template)
{
	bool first = true;

	open_call(x, o, template);
	slot_args(x, o, true, &first);
	slot_args(x, o, false, &first);
	close_call(x);
}

/* Arguments of explicit order; absent operands are left out. */
static void
list_call(struct cxx *x, struct op o, const char *template, const struct val *v, uint32_t n)
{
	bool first = true;

	open_call(x, o, template);
	for (uint32_t k = 0; k < n; k++) {
		if (!v[k].i)
			continue;
		next_arg(x, &first);
		x_name(x, v[k]);
	}
	close_call(x);
}

/* A template argument list under construction. */
static void
targ(struct out *t, const char *s)
{
	out_f(t, "%s%s", t->n ? ", " : "", s);
}

static void
call_stmt(struct cxx *x, struct op o)
{
	plain_call(x, o, "");
}

const struct family fam_call = {.stmt = call_stmt};

/* ---- precision ---- */

static const char *const precision_name[ENUM_COUNT] = {
	[EN_DIV_PRECISION] = "Div",   [EN_EXP_PRECISION] = "Exp",     [EN_LOG_PRECISION] = "Log",
	[EN_SQRT_PRECISION] = "Sqrt", [EN_RSQRT_PRECISION] = "Rsqrt", [EN_RECIP_PRECISION] = "Recip",
	[EN_REM_PRECISION] = "Rem",   [EN_FMOD_PRECISION] = "Fmod",   [EN_POW_PRECISION] = "Pow"};

static void
precision_stmt(struct cxx *x, struct op o)
{
	struct attr a = op_attr(x->ir, o, x->ir->name.precision_type);
	const struct attr_data *d = a.i ? attr_data(&x->ir->attrs, a) : NULL;
	struct out t;

	out_init(&t, x->a);
	if (d && d->kind == AT_ENUM && d->i && precision_name[d->id])
		out_f(&t, "pto::%sAlgorithm::HIGH_PRECISION", precision_name[d->id]);
	plain_call(x, o, out_text(&t).p);
}

const struct family fam_precision = {.stmt = precision_stmt};

/* ---- matrix ---- */

static const char *
phase_token(const struct cxx *x, struct op o, struct sym key, enum enum_id id)
{
	int32_t p = op_enum(x->ir, o, key, id, 0);

	return p == 2 ? "Partial" : p == 3 ? "Final" : NULL;
}

static void
matmul_stmt(struct cxx *x, struct op o)
{
	const char *p = phase_token(x, o, x->ir->name.acc_phase, EN_ACC_PHASE);
	struct out t;

	out_init(&t, x->a);
	if (p)
		out_f(&t, "pto::AccPhase::%s", p);
	plain_call(x, o, out_text(&t).p);
}

const struct family fam_matmul = {.stmt = matmul_stmt};
const struct family fam_matmul_acc = {.stmt = matmul_stmt};
const struct family fam_matmul_bias = {.stmt = matmul_stmt};

/* ---- conversions and ramps ---- */

static const char *const round_token[] = {"NONE", "RINT", "ROUND", "FLOOR", "CEIL", "TRUNC", "ODD", "RINT"};

static void
tcvt_stmt(struct cxx *x, struct op o)
{
	int32_t r = op_enum(x->ir, o, x->ir->name.rmode, EN_ROUND_MODE, 7);
	int32_t s = op_enum(x->ir, o, x->ir->name.satmode, EN_SATURATION_MODE, 1);
	bool first = true;
	uint32_t rno = x_temp(x, "RoundMode");

	x_f(x, "RoundMode::CAST_%s;\n", round_token[r & 7]);
	uint32_t sno = x_temp(x, "SaturationMode");
	x_f(x, "SaturationMode::%s;\n", s == 0 ? "ON" : "OFF");
	open_call(x, o, "");
	slot_args(x, o, true, &first);
	slot_args(x, o, false, &first);
	x_f(x, ", v%u, v%u", rno, sno);
	close_call(x);
}

const struct family fam_tcvt = {.stmt = tcvt_stmt};

static bool
bool_attr(const struct cxx *x, struct op o, struct sym key)
{
	struct attr a = op_attr(x->ir, o, key);

	return a.i && attr_data(&x->ir->attrs, a)->i != 0;
}

/* With a scratch tile the library runs on V and may leave another mask mode behind. */
static void
tci_stmt(struct cxx *x, struct op o)
{
	struct val s = slot(x, o, 0), tmp = slot(x, o, 1), dst = slot(x, o, 2);
	struct out t;

	out_init(&t, x->a);
	targ(&t, x_val_type(x, dst));
	if (tmp.i)
		targ(&t, x_val_type(x, tmp));
	targ(&t, x_val_type(x, s));
	targ(&t, bool_attr(x, o, x->ir->name.descending) ? "1" : "0");
	list_call(x, o, out_text(&t).p, (struct val[]){dst, s, tmp}, 3);
	if (tmp.i) {
		x_line(x);
		x_str(x, "set_mask_norm();\n");
		x_line(x);
		x_str(x, "set_vector_mask(-1, -1);\n");
	}
}

const struct family fam_tci = {.stmt = tci_stmt};

/* ---- gather and sort ---- */

static const char *const cmp_token[] = {"EQ", "NE", "LT", "LE", "GT", "GE"};

static bool
axis_is_col(const struct cxx *x, struct op o)
{
	struct attr a = op_attr(x->ir, o, x->ir->name.axis);

	return a.i && strv_is(sym_text(&x->ir->in, attr_data(&x->ir->attrs, a)->text), "col");
}

/* src, dst, cdst, indices, tmp, kValue */
static void
tgather_compare(struct cxx *x, struct op o)
{
	struct val src = slot(x, o, 0), dst = slot(x, o, 1), cdst = slot(x, o, 2), tmp = slot(x, o, 4),
		   k = slot(x, o, 5);
	struct attr off = op_attr(x->ir, o, x->ir->name.offset);
	struct out t;

	/* pto-isa TGather.hpp takes the thresholds as a tile; a scalar matches no overload */
	if (!k.i || !tmp.i || type_kind(&x->ir->types, val_type(x->ir, k)) != TY_TILE) {
		x_fail(x, o, "compares with a scalar; the library has no such form on a2/a3");
		return;
	}
	out_init(&t, x->a);
	const struct val arg[] = {dst, src, k, cdst, tmp};
	for (uint32_t i = 0; i < 5; i++)
		targ(&t, x_val_type(x, arg[i]));
	out_f(&t, ", CmpMode::%s", cmp_token[op_enum(x->ir, o, x->ir->name.cmp_mode, EN_CMP, 0)]);
	uint32_t no = x_temp(x, "int32_t");
	x_f(x, "%lld;\n", off.i ? (long long)attr_data(&x->ir->attrs, off)->i : 0LL);
	open_call(x, o, out_text(&t).p);
	x_f(x, "v%u, v%u, v%u, v%u, v%u, v%u", x_val(x, dst)->no, x_val(x, src)->no, x_val(x, k)->no,
	    x_val(x, cdst)->no, x_val(x, tmp)->no, no);
	close_call(x);
}

static void
tgather_stmt(struct cxx *x, struct op o)
{
	int32_t m = op_enum(x->ir, o, x->ir->name.mask_pattern, EN_MASK_PATTERN, 0);
	struct val src = slot(x, o, 0), dst = slot(x, o, 1);
	struct out t;

	out_init(&t, x->a);
	if (m) {
		targ(&t, x_val_type(x, dst));
		targ(&t, x_val_type(x, src));
		out_f(&t, ", MaskPattern::%s", enum_case_name(EN_MASK_PATTERN, m));
		if (axis_is_col(x, o))
			targ(&t, "GatherAxis::GATHER_COL");
		list_call(x, o, out_text(&t).p, (struct val[]){dst, src}, 2);
	} else if (slot(x, o, 2).i) {
		tgather_compare(x, o);
	} else {
		/* pto-isa TGather.hpp: for 4-byte elements tmp is named and not touched; the indices can stand there */
		struct val idx = slot(x, o, 3), tmp = slot(x, o, 4);
		list_call(x, o, "", (struct val[]){dst, src, idx, tmp.i ? tmp : idx}, 4);
	}
}

const struct family fam_tgather = {.stmt = tgather_stmt};
const struct family fam_tsort32 = {.stmt = call_stmt};

/* One list with a block length, or two to four lists with the counts of executed elements. */
static void
tmrgsort_stmt(struct cxx *x, struct op o)
{
	uint32_t n;
	struct val len = slot(x, o, 1), dst = slot(x, o, 2), tmp = slot(x, o, 3), done = slot(x, o, 4);
	const struct val *src = op_group(x->ir, o, 0, &n);
	struct val arg[8] = {dst};
	struct out t;

	out_init(&t, x->a);
	if (len.i && n == 1) {
		list_call(x, o, "", (struct val[]){dst, src[0], len}, 3);
		return;
	}
	if (n < 2 || n > 4 || !tmp.i || !done.i) {
		x_fail(x, o, "merges %u lists without scratch or count operand; the library has no such form", n);
		return;
	}
	targ(&t, x_val_type(x, dst));
	targ(&t, x_val_type(x, tmp));
	arg[1] = done;
	arg[2] = tmp;
	for (uint32_t k = 0; k < n; k++) {
		arg[3 + k] = src[k];
		targ(&t, x_val_type(x, src[k]));
	}
	targ(&t, bool_attr(x, o, x->ir->name.exhausted) ? "true" : "false");
	list_call(x, o, out_text(&t).p, arg, 3 + n);
}

const struct family fam_tmrgsort = {.stmt = tmrgsort_stmt};

/* ---- moves ---- */

static const char *const relu_token[] = {"NoRelu", "NormalRelu", "ScalarRelu", "VectorRelu", "Pwl"};

static int32_t
relu_of(struct cxx *x, struct op o)
{
	int32_t r = op_enum(x->ir, o, x->ir->name.relu_pre_mode, EN_RELU_PRE_MODE, 0);

	if (r > 1)
		x_fail(x, o, "asks for a relu the library does not have on a2/a3");
	return r;
}

static void
relu_arg(struct out *t, int32_t r)
{
	out_f(t, "%sReluPreMode::%s", t->n ? ", " : "", relu_token[r]);
}

/* The scalar as the library's own type: any other would be taken for an event to wait for. A block shares it. */
static uint32_t
quant_local(struct cxx *x, struct op o, struct val q)
{
	struct blk home = ir_op(x->ir, o)->parent;

	if (!q.i)
		return 0;
	if (x->quant.val == q.i && x->quant.blk == home.i)
		return x->quant.no;
	uint32_t no = x_temp(x, "uint64_t");
	x_str(x, "(uint64_t) ");
	x_name(x, q);
	x_end(x);
	x->quant.val = q.i;
	x->quant.blk = home.i;
	x->quant.no = no;
	return no;
}

/* src, dst view, fp, preQuant */
static void
tstore_stmt(struct cxx *x, struct op o)
{
	struct val src = slot(x, o, 0), dst = slot(x, o, 1), fp = slot(x, o, 2), q = slot(x, o, 3);
	const char *phase = phase_token(x, o, x->ir->name.st_phase, EN_ST_PHASE);
	bool atomic = op_enum(x->ir, o, x->ir->name.atomic_type, EN_ATOMIC_TYPE, 0) == 1;
	int32_t relu = relu_of(x, o);
	struct out t;

	out_init(&t, x->a);
	if (phase && !fp.i)
		out_f(&t, "STPhase::%s", phase);
	if (atomic || relu || q.i) {
		targ(&t, x_val_type(x, src));
		targ(&t, x_val_type(x, dst));
		if (fp.i)
			targ(&t, x_val_type(x, fp));
		targ(&t, atomic ? "AtomicType::AtomicAdd" : "AtomicType::AtomicNone");
		if (relu || q.i || fp.i)
			relu_arg(&t, relu);
	}
	uint32_t scalar = quant_local(x, o, q);
	x_line(x);
	x_str(x, fp.i ? "TSTORE_FP" : "TSTORE");
	if (t.n)
		x_f(x, "<%s>", out_text(&t).p);
	x_f(x, "(v%u, v%u", x_val(x, dst)->no, x_val(x, src)->no);
	if (fp.i || q.i)
		x_f(x, ", v%u", fp.i ? x_val(x, fp)->no : scalar);
	close_call(x);
}

const struct family fam_tstore = {.stmt = tstore_stmt};

/* A vector window that prints with its parent's shape cannot be moved whole (TMOV wants equal C++ shapes): it is an
 * extract or insert at the origin. A single element would take the library's scalar path, which TMOV does not declare.
 */
static const char *
window_move(struct cxx *x, struct op o, struct val src, struct val dst)
{
	const struct tile_shape *s = &type_data(&x->ir->types, x_tile_type(x, src))->tile;
	const struct tile_shape *d = &type_data(&x->ir->types, x_tile_type(x, dst))->tile;

	if (s->space != SP_VEC || d->space != SP_VEC || (s->rows == d->rows && s->cols == d->cols))
		return NULL;
	if (d->vrow == 1 && d->vcol == 1)
		x_fail(x, o, "moves a single element between tiles of different printed shapes; use pto.textract");
	return s->rows >= d->rows && s->cols >= d->cols ? "TEXTRACT" : "TINSERT";
}

/* src, dst, fp, preQuant */
static void
tmov_stmt(struct cxx *x, struct op o)
{
	struct val src = slot(x, o, 0), dst = slot(x, o, 1), fp = slot(x, o, 2), q = slot(x, o, 3);
	int32_t relu = relu_of(x, o);
	const char *window = window_move(x, o, src, dst);
	struct out t;

	out_init(&t, x->a);
	if (window) {
		x_line(x);
		x_f(x, "%s(v%u, v%u, 0, 0);\n", window, x_val(x, dst)->no, x_val(x, src)->no);
		return;
	}
	if (fp.i || q.i || relu) {
		targ(&t, x_val_type(x, dst));
		targ(&t, x_val_type(x, src));
		if (fp.i)
			targ(&t, x_val_type(x, fp));
		if (relu)
			relu_arg(&t, relu);
	}
	uint32_t scalar = quant_local(x, o, q);
	x_line(x);
	x_str(x, fp.i ? "TMOV_FP" : "TMOV");
	if (t.n)
		x_f(x, "<%s>", out_text(&t).p);
	x_f(x, "(v%u, v%u", x_val(x, dst)->no, x_val(x, src)->no);
	if (fp.i || q.i)
		x_f(x, ", v%u", fp.i ? x_val(x, fp)->no : scalar);
	close_call(x);
}

const struct family fam_tmov = {.stmt = tmov_stmt};

/*
 * Row or column of a window. Behind a scalar it must not be a variable: the overload without scalar would take the
 * three as row, column and an event to wait for.
 */
void
call_corner(struct cxx *x, struct val v, bool by_value)
{
	int64_t c;

	if (!by_value) {
		x_name(x, v);
	} else if (x_const(x, v, &c)) {
		x_f(x, "%lld", (long long)c);
	} else {
		x_str(x, "(uint16_t) ");
		x_name(x, v);
	}
}

/* src, row, col, dst, preQuant, fp */
static void
textract_stmt(struct cxx *x, struct op o)
{
	struct val src = slot(x, o, 0), dst = slot(x, o, 3), q = slot(x, o, 4), fp = slot(x, o, 5);
	int32_t relu = relu_of(x, o);
	struct out t;

	out_init(&t, x->a);
	if (relu) {
		targ(&t, x_val_type(x, dst));
		targ(&t, x_val_type(x, src));
		if (fp.i)
			targ(&t, x_val_type(x, fp));
		relu_arg(&t, relu);
	}
	x_line(x);
	x_f(x, "%s%s", op_row(x->ir, o)->callee, fp.i ? "_FP" : "");
	if (t.n)
		x_f(x, "<%s>", out_text(&t).p);
	x_f(x, "(v%u, v%u, ", x_val(x, dst)->no, x_val(x, src)->no);
	if (fp.i || q.i)
		x_f(x, "v%u, ", x_val(x, fp.i ? fp : q)->no);
	call_corner(x, slot(x, o, 1), q.i || relu);
	x_str(x, ", ");
	call_corner(x, slot(x, o, 2), q.i || relu);
	close_call(x);
}

const struct family fam_textract = {.stmt = textract_stmt};

/* ---- for the other families ---- */

void
call_plain(struct cxx *x, struct op o, const char *template)
{
	plain_call(x, o, template);
}

void
call_list(struct cxx *x, struct op o, const char *template, const struct val *v, uint32_t n)
{
	list_call(x, o, template, v, n);
}

void
call_list_local(struct cxx *x, struct op o, const char *template, const struct val *v, uint32_t n, uint32_t no)
{
	open_call(x, o, template);
	for (uint32_t k = 0; k < n; k++) {
		if (!v[k].i)
			continue;
		x_name(x, v[k]);
		x_str(x, ", ");
	}
	x_f(x, "v%u", no);
	close_call(x);
}

void
call_targ(struct out *t, const char *s)
{
	targ(t, s);
}
