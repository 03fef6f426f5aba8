/*
 * scratch: implicit tmp tiles. Source: memory.md §3; where the library writes more than the reference's tile has
 * (trem, trems: one row and 256 bytes, pto-isa: include/pto/npu/a2a3/TRem.hpp) ours is as large as that.
 *
 * A dynamic valid extent of the operand that gives the shape becomes the physical one.
 */
#include "shape/shape.h"

/* A vec tile of rows, none_box, fractal 512. */
struct tmp {
	struct typ elem;	/* {0}: the op needs none */
	int64_t rows, cols, vrow, vcol;
};

static const struct tile_shape *
shape_of(const struct ir *ir, struct val v)
{
	return &type_data(&ir->types, val_type(ir, v))->tile;
}

static const struct tile_shape *
slot_shape(const struct ir *ir, struct op o, uint32_t slot)
{
	return shape_of(ir, op_slot(ir, o, slot));
}

static struct typ
slot_elem(const struct ir *ir, struct op o, uint32_t slot)
{
	return type_elem(&ir->types, val_type(ir, op_slot(ir, o, slot)));
}

static int64_t
elem_bytes(const struct ir *ir, struct op o, uint32_t slot)
{
	return type_bytes(&ir->types, slot_elem(ir, o, slot));
}

static int64_t
valid_rows(const struct tile_shape *s)
{
	return s->vrow == DIM_DYN ? s->rows : s->vrow;
}

static int64_t
valid_cols(const struct tile_shape *s)
{
	return s->vcol == DIM_DYN ? s->cols : s->vcol;
}

static int64_t
ceil_div(int64_t a, int64_t b)
{
	return (a + b - 1) / b;
}

static int64_t
round_up(int64_t v, int64_t m)
{
	return ceil_div(v, m) * m;
}

static struct tmp
line_of(struct typ elem, int64_t cols)
{
	return (struct tmp){elem, 1, cols, 1, cols};
}

static struct tmp
like_slot(const struct ir *ir, struct op o, uint32_t slot)
{
	const struct tile_shape *s = slot_shape(ir, o, slot);

	return (struct tmp){slot_elem(ir, o, slot), s->rows, s->cols, valid_rows(s), valid_cols(s)};
}

static struct typ
i8(struct ir *ir)
{
	return type_int(&ir->types, 8, SIGNLESS);
}

static struct typ
f32(struct ir *ir)
{
	return type_float(&ir->types, F_F32);
}

static bool
is_float(const struct ir *ir, struct typ ty, enum float_kind k)
{
	const struct type_data *d = type_data(&ir->types, ty);

	return d->kind == TY_FLOAT && d->fkind == k;
}

/* ---- by op; slots as in isa/ops.def ---- */

static struct tmp
like_src(struct ir *ir, struct op o)
{
	return like_slot(ir, o, 0);
}

/* scalar, tmp, dst */
static struct tmp
tci(struct ir *ir, struct op o)
{
	return line_of(f32(ir), elem_bytes(ir, o, 2) == 2 ? 448 : 192);
}

static bool
matches(const struct tile_shape *a, const struct tile_shape *b)
{
	return (a->vrow == b->vrow || a->vrow == DIM_DYN || b->vrow == DIM_DYN) &&
	       (a->vcol == b->vcol || a->vcol == DIM_DYN || b->vcol == DIM_DYN);
}

/* src0, src1, tmp, dst: only a column that is to be expanded needs it. */
static struct tmp
row_expand(struct ir *ir, struct op o)
{
	const struct tile_shape *a = slot_shape(ir, o, 0), *b = slot_shape(ir, o, 1), *dst = slot_shape(ir, o, 3);
	const struct tile_shape *column = matches(a, dst) ? b : matches(b, dst) ? a : NULL;

	if (!column || column->blayout != BL_COL_MAJOR || (column->vcol != 1 && column->vcol != DIM_DYN))
		return (struct tmp){.rows = 0};
	return line_of(slot_elem(ir, o, 3), 8192 / elem_bytes(ir, o, 3));
}

/* src, tmp, dst: half the rows are added first. */
static struct tmp
tcolsum(struct ir *ir, struct op o)
{
	const struct attr_data *d = attr_data(&ir->attrs, op_attr(ir, o, ir->name.is_binary));
	struct tmp t = like_slot(ir, o, 0);

	if ((d->kind != AT_BOOL && d->kind != AT_INT) || !d->i)
		return (struct tmp){.rows = 0};
	t.rows = t.vrow = ceil_div(t.vrow, 2);
	t.cols = round_up(t.vcol, 32 / elem_bytes(ir, o, 0));
	return t;
}

static struct tmp
tquant(struct ir *ir, struct op o)
{
	struct tmp t = like_slot(ir, o, 0);

	t.elem = f32(ir);
	return t;
}

/* base, exponent, dst, tmp */
static struct tmp
tpow(struct ir *ir, struct op o)
{
	if (!type_is_float(&ir->types, slot_elem(ir, o, 2)))
		return (struct tmp){.rows = 0};
	return like_slot(ir, o, 2);
}

/* src, index, tmp, dst: whole blocks of 32 need none */
static struct tmp
tsort32(struct ir *ir, struct op o)
{
	int64_t cols = slot_shape(ir, o, 0)->vcol;

	if (cols != DIM_DYN && cols % 32 == 0)
		return (struct tmp){.rows = 0};
	return like_slot(ir, o, 0);
}

/* src0, src1 or scalar, tmp, dst */
static struct tmp
like_dst(struct ir *ir, struct op o)
{
	return like_slot(ir, o, 3);
}

static int64_t
narrowing_bytes(const struct tile_shape *src, int64_t r, int64_t c, bool from_f32, bool to_i8)
{
	if (!from_f32) {
		int64_t w = c < 64 ? c : 64, h = 32 * ceil_div(w, 8), i = 128 + 32 * ceil_div(w, 16);
		return to_i8 && i > h ? i : h;
	}
	int64_t n = c / 64, head = 256 * (n < 255 ? n : 255), tail = 0;
	if (c % 64)
		tail = 32 * (((r < 255 ? r : 255) - 1) * (src->cols / 8) + ceil_div(c % 64, 8));
	return head > tail ? head : tail;
}

enum { SATURATION_OFF = 1 };

/* src, tmp, dst: conversions to narrow integers without saturation */
static struct tmp
tcvt(struct ir *ir, struct op o)
{
	struct typ from = slot_elem(ir, o, 0), to = slot_elem(ir, o, 2);
	const struct tile_shape *dst = slot_shape(ir, o, 2);
	bool from_f32 = is_float(ir, from, F_F32), from_f16 = is_float(ir, from, F_F16);
	int64_t es = elem_bytes(ir, o, 2);

	if (op_enum(ir, o, ir->name.satmode, EN_SATURATION_MODE, SATURATION_OFF) != SATURATION_OFF ||
	    !type_is_int(&ir->types, to))
		return (struct tmp){.rows = 0};
	if (!(from_f32 && es == 2) && !(from_f16 && es <= 2))
		return (struct tmp){.rows = 0};
	int64_t n = narrowing_bytes(slot_shape(ir, o, 0), valid_rows(dst), valid_cols(dst), from_f32, es == 1);
	n = round_up(n, 32);
	return line_of(i8(ir), n < 32 ? 32 : n);
}

/* srcs, blockLen, dst, tmp, executed: lists merged into one need a line for the result */
static struct tmp
tmrgsort(struct ir *ir, struct op o)
{
	uint32_t n;
	const struct val *src = op_group(ir, o, 0, &n);
	int64_t cols = 0, dst = slot_shape(ir, o, 2)->cols;

	if (op_slot(ir, o, 1).i)
		return (struct tmp){.rows = 0};
	for (uint32_t k = 0; k < n; k++)
		cols += shape_of(ir, src[k])->cols;
	return line_of(type_elem(&ir->types, val_type(ir, src[0])), cols > dst ? cols : dst);
}

/* src0, src1, tmp, dst: a mask row per row, and one more as scratch of the selection */
static struct tmp
tprelu(struct ir *ir, struct op o)
{
	const struct tile_shape *d = slot_shape(ir, o, 3);
	int64_t r = valid_rows(d), bytes = ceil_div(valid_cols(d), 8), cols = round_up(bytes, 32);

	return (struct tmp){i8(ir), r + 1, cols < 32 ? 32 : cols, r, bytes};
}

/* src0, src1 or scalar, tmp, dst: a row of dst and a mask of 256 bytes behind it */
static struct tmp
trem(struct ir *ir, struct op o)
{
	struct tmp t = like_slot(ir, o, 3);
	int64_t least = 256 / elem_bytes(ir, o, 3);

	t.rows = t.vrow = 2;
	if (t.cols < least)
		t.cols = least;
	return t;
}

static struct tmp
tsel(struct ir *ir, struct op o)
{
	(void)o;
	return line_of(type_int(&ir->types, 32, SIGNLESS), 16);
}

/*
 * src, dst, cdst, indices, tmp: by index only, where byte offsets are made of the indices. For 4-byte elements the
 * library names tmp without touching it: the indices stand in for it.
 */
static struct tmp
tgather(struct ir *ir, struct op o)
{
	if (!op_slot(ir, o, 3).i || elem_bytes(ir, o, 0) != 2)
		return (struct tmp){.rows = 0};
	return like_slot(ir, o, 3);
}

/* mask, src, tmp, scalar, dst */
static struct tmp
tsels(struct ir *ir, struct op o)
{
	struct tmp t = like_slot(ir, o, 1);

	t.rows = t.vrow = 1;
	return t;
}

/* src, tmp, dst: only transposing whole blocks uses it; the others get a line of 32 bytes */
static struct tmp
ttrans(struct ir *ir, struct op o)
{
	const struct tile_shape *s = slot_shape(ir, o, 0), *d = slot_shape(ir, o, 2);
	int64_t es = elem_bytes(ir, o, 0), block = 32 / es;

	if (d->cols % (es == 1 ? 32 : 16) == 0 && s->cols % block == 0 && s->cols / block <= 255)
		return like_slot(ir, o, 0);
	return line_of(slot_elem(ir, o, 0), block);
}

static const struct {
	enum op_id id;
	struct tmp (*fn)(struct ir *, struct op);
} rule[] = {
	{OP_TCI, tci},
	{OP_TROWEXPANDADD, row_expand},
	{OP_TROWEXPANDSUB, row_expand},
	{OP_TROWEXPANDMUL, row_expand},
	{OP_TROWEXPANDDIV, row_expand},
	{OP_TROWEXPANDMAX, row_expand},
	{OP_TROWEXPANDMIN, row_expand},
	{OP_TCOLSUM, tcolsum},
	{OP_TQUANT, tquant},
	{OP_TPOW, tpow},
	{OP_TPOWS, tpow},
	{OP_TSORT32, tsort32},
	{OP_TXOR, like_dst},
	{OP_TXORS, like_dst},
	{OP_TCVT, tcvt},
	{OP_TMRGSORT, tmrgsort},
	{OP_TROWMAX, like_src},
	{OP_TROWMIN, like_src},
	{OP_TROWSUM, like_src},
	{OP_TROWPROD, like_src},
	{OP_TROWARGMAX, like_src},
	{OP_TROWARGMIN, like_src},
	{OP_TCOLARGMAX, like_src},
	{OP_TCOLARGMIN, like_src},
	{OP_TGATHER, tgather},
	{OP_TPRELU, tprelu},
	{OP_TREM, trem},
	{OP_TREMS, trem},
	{OP_TSEL, tsel},
	{OP_TSELS, tsels},
	{OP_TTRANS, ttrans},
};

static struct tmp (*rule_of(enum op_id id))(struct ir *, struct op)
{
	if (strchr(isa_op[id].rw, 's'))
		for (uint32_t i = 0; i < sizeof rule / sizeof rule[0]; i++)
			if (rule[i].id == id)
				return rule[i].fn;
	return NULL;
}

/* ---- the tile ---- */

static uint32_t
scratch_slot(enum op_id id)
{
	struct op_slot sl[OP_MAX_SLOT];
	uint32_t n = op_slots(id, sl), k = 0;

	while (k < n && sl[k].rw != 's')
		k++;
	return k;
}

static struct val
add_tile(struct ir *ir, struct op before, const struct tmp *t)
{
	struct tile_shape s = {
		.space = SP_VEC, .rows = t->rows, .cols = t->cols, .vrow = t->vrow, .vcol = t->vcol,
		.blayout = BL_ROW_MAJOR, .slayout = SL_NONE_BOX, .pad = PAD_NULL, .fractal = 512,
	};
	struct op o = ir_op_new(ir, OP_ALLOC_TILE, ir_op(ir, before)->span);

	ir_op_operands(ir, o, (struct val[3]){{0}}, 3);
	struct val v = ir_op_result(ir, o, type_tile(&ir->types, t->elem, &s));
	ir_insert_before(ir, before, o);
	return v;
}

void
shape_scratch(struct ir *ir)
{
	uint32_t n = ir->op.n;

	for (uint32_t i = 1; i < n; i++) {
		struct op o = {i};
		enum op_id id = op_id(ir, o);
		struct tmp (*const fn)(struct ir *, struct op) = rule_of(id);
		if (!fn || ir_op(ir, o)->flags & OPD_DEAD)
			continue;
		uint32_t slot = scratch_slot(id);
		if (op_slot(ir, o, slot).i)
			continue;
		struct tmp t = fn(ir, o);
		if (t.elem.i)
			op_slot_set(ir, o, slot, add_tile(ir, o, &t));
	}
}
