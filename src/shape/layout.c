/*
 * layout: the order of elements in global memory of views with constant shape and strides. Source: memory.md §4.1,
 * ops-move.md §4 and D23.
 *
 * Shapes are right-aligned to five dimensions. A view whose last two dimensions are a row-major array is ND, a
 * column-major one DN; when both hold the vector tiles it is moved to or from decide if its last dimension is 1 and
 * they agree, else a column is DN. NZ, [.., rows/16, 16, 32 bytes] (pto-isa: include/pto/common/pto_tile.hpp), has the
 * addresses of a row-major array too: it is inferred only where every tile is in boxes and ND has no such transfer.
 */
#include "shape/shape.h"

#include "base/num.h"

enum { RANK = 5, NZ_ROWS = 16, BLOCK_BYTES = 32 };

enum { /* votes of transfers */
	VOTE_ROWS = 1 << BL_ROW_MAJOR,	/* vector tile, by its layout */
	VOTE_COLS = 1 << BL_COL_MAJOR,
	VOTE_BOXES = 4,			/* a tile of boxes in columns */
	VOTE_OTHER = 8,			/* any other tile */
	VOTE_DEEP = 16			/* the box of global memory has more than two dimensions */
};

struct view_shape {
	int64_t dim[RANK], stride[RANK];
	uint32_t elem_bytes;
	uint8_t votes;
};

struct inferred {
	enum gm_layout layout;
	bool either;	/* ND and DN describe the view */
};

/* Dimensions and strides; false when one is not a constant. */
static bool
constant_shape(const struct ir *ir, struct op o, struct view_shape *w)
{
	uint32_t n, ns;
	const struct val *shape = op_group(ir, o, 1, &n), *stride = op_group(ir, o, 2, &ns);
	const struct type_data *t = type_data(&ir->types, val_type(ir, op_res(ir, o, 0)));

	if (n < 1 || n > RANK || n != ns || t->rank != n)
		return false;
	w->elem_bytes = type_bytes(&ir->types, t->sub[0]);
	for (uint32_t k = 0; k < n; k++) {
		int64_t *d = &w->dim[RANK - n + k];
		*d = t->dim[k];
		if (*d == DIM_DYN && !val_const_int(ir, shape[k], d))
			return false;
		if (!val_const_int(ir, stride[k], &w->stride[RANK - n + k]))
			return false;
	}
	for (uint32_t k = RANK - n; k-- > 0;) {
		w->dim[k] = 1;
		if (!num_mul(w->dim[k + 1], w->stride[k + 1], &w->stride[k]))
			return false;
	}
	return w->elem_bytes != 0;
}

/* The library's form, or the one the reference takes for it. */
static bool
may_be_nz(const struct view_shape *w)
{
	int64_t es = w->elem_bytes;

	if (w->stride[4] != 1 || w->stride[3] != w->dim[4])
		return false;
	return (w->dim[3] == NZ_ROWS && w->dim[4] == BLOCK_BYTES / es) ||
	       (w->dim[2] == NZ_ROWS && BLOCK_BYTES % es == 0 && w->dim[3] == BLOCK_BYTES / es);
}

static struct inferred
infer(const struct view_shape *w)
{
	int64_t r = w->dim[3], c = w->dim[4], rs = w->stride[3], cs = w->stride[4];
	bool nd = (c == 1 || cs == 1) && (r == 1 || rs == (c == 1 ? 1 : c));
	bool dn = (r == 1 || rs == 1) && (c == 1 || cs == (r == 1 ? 1 : r));
	uint8_t vec = w->votes & (VOTE_ROWS | VOTE_COLS);
	bool boxes = (w->votes & (VOTE_BOXES | VOTE_OTHER)) == VOTE_BOXES;

	if (boxes && w->votes & VOTE_DEEP && r == NZ_ROWS && may_be_nz(w))
		return (struct inferred){LAYOUT_NZ, false};
	if (nd != dn)
		return (struct inferred){dn ? LAYOUT_DN : LAYOUT_ND, false};
	if (!nd)
		return (struct inferred){LAYOUT_ND, false};
	if (c == 1 && vec == VOTE_ROWS)
		return (struct inferred){LAYOUT_ND, true};
	if (c == 1 && vec == VOTE_COLS)
		return (struct inferred){LAYOUT_DN, true};
	return (struct inferred){c == 1 && r != 1 ? LAYOUT_DN : LAYOUT_ND, true};
}

static bool
agrees(enum gm_layout user, const struct inferred *f, const struct view_shape *w)
{
	if (user == f->layout)
		return true;
	if (user == LAYOUT_NZ)
		return may_be_nz(w);
	return f->either || (f->layout == LAYOUT_NZ && user == LAYOUT_ND);
}

/* The numbers the layout follows from, and what to do. */
static void
explain(struct ir *ir, struct op o, const struct view_shape *w)
{
	const int64_t *d = w->dim, *s = w->stride;

	diag_note(ir->diags, ir_op(ir, o)->span, "shape [%lld, %lld, %lld, %lld, %lld], strides [%lld, %lld, %lld, "
		  "%lld, %lld] in five dimensions", (long long)d[0], (long long)d[1], (long long)d[2], (long long)d[3],
		  (long long)d[4], (long long)s[0], (long long)s[1], (long long)s[2], (long long)s[3], (long long)s[4]);
	diag_hint(ir->diags, "without the attribute the view takes the layout that its strides describe");
}

static bool
layout_of_view(struct ir *ir, struct op o, uint8_t votes)
{
	struct view_shape w = {.votes = votes};
	int32_t user = op_enum(ir, o, ir->name.layout, EN_LAYOUT, -1);

	if (!constant_shape(ir, o, &w))
		return true;
	struct inferred f = infer(&w);
	if (user >= 0) {
		if (agrees((enum gm_layout)user, &f, &w))
			return true;
		op_error(ir, o, DIAG_VERIFY, "layout mismatch: user-specified layout=%s but inferred=%s",
			 enum_case_name(EN_LAYOUT, user), enum_case_name(EN_LAYOUT, (int32_t)f.layout));
		explain(ir, o, &w);
		return false;
	}
	if (f.layout != LAYOUT_ND)
		op_attr_set(ir, o, ir->name.layout, attr_enum(&ir->attrs, EN_LAYOUT, (int32_t)f.layout));
	return true;
}

/* ---- transfers ---- */

static uint8_t
vote_of_tile(const struct tile_shape *s)
{
	uint8_t v = VOTE_OTHER;

	if (s->slayout == SL_ROW_MAJOR && s->blayout == BL_COL_MAJOR)
		v = VOTE_BOXES;
	if (s->space == SP_VEC)
		v |= (uint8_t)(1u << s->blayout);
	return v;
}

static bool
is_deep(const struct type_data *box)
{
	for (uint32_t k = 0; k + 2 < box->rank; k++)
		if (box->dim[k] != 1)
			return true;
	return false;
}

/* The make_tensor_view behind a view operand. */
static struct op
view_root(const struct ir *ir, struct val v)
{
	struct op d = ir_val(ir, v)->def;

	if (d.i && op_id(ir, d) == OP_PARTITION_VIEW)
		d = ir_val(ir, op_slot(ir, d, 0))->def;
	return d.i && op_id(ir, d) == OP_MAKE_TENSOR_VIEW ? d : (struct op){0};
}

static void
count_votes(const struct ir *ir, struct op o, uint8_t *votes)
{
	struct op root = {0};
	uint8_t v = 0;

	if (!(op_row(ir, o)->flags & OPF_TILE))
		return;
	for (uint32_t k = 0; k < ir_op(ir, o)->nopnd; k++) {
		struct val x = op_opnd(ir, o, k);
		const struct type_data *d = x.i ? type_data(&ir->types, val_type(ir, x)) : NULL;
		if (d && d->kind == TY_TILE && !(v & (VOTE_BOXES | VOTE_OTHER)))
			v |= vote_of_tile(&d->tile);
		else if (d && (d->kind == TY_TVIEW || d->kind == TY_PVIEW)) {
			root = view_root(ir, x);
			v |= is_deep(d) ? VOTE_DEEP : 0;
		}
	}
	if (root.i)
		votes[root.i] |= v;
}

bool
shape_layouts(struct ir *ir)
{
	uint8_t *votes = ARENA_ARRAY(ir->a, uint8_t, ir->op.n);
	bool ok = true;

	for (uint32_t i = 1; i < ir->op.n; i++)
		if (!(ir_op(ir, (struct op){i})->flags & OPD_DEAD))
			count_votes(ir, (struct op){i}, votes);
	for (uint32_t i = 1; i < ir->op.n; i++)
		if (op_id(ir, (struct op){i}) == OP_MAKE_TENSOR_VIEW && !(ir_op(ir, (struct op){i})->flags & OPD_DEAD))
			ok = layout_of_view(ir, (struct op){i}, votes[i]) && ok;
	return ok;
}
