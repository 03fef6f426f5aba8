/*
 * view: allocations of tiles and the views that alias memory. Address ranges of level-3 tiles are checked by mem.
 */
#include "base/num.h"
#include "verify/rule.h"

/* ---- tiles ---- */

static bool
tile_alignment(struct verify *v, struct op o, const struct opnd *x)
{
	const struct tile_shape *s = x->s;
	uint32_t ir, ic;

	if (s->slayout == SL_NONE_BOX) {
		bool rows = s->blayout == BL_ROW_MAJOR;
		uint64_t bytes = (uint64_t)(rows ? s->cols : s->rows) * x->es;
		if (bytes % 32 == 0)
			return true;
		return FAIL(v, o, "expects result %s none_box tile %s byte size (%s * sizeof(dtype)) to be 32-byte "
			    "aligned, but got %llu bytes", rows ? "row-major" : "col-major", rows ? "row" : "column",
			    rows ? "cols" : "rows", (unsigned long long)bytes);
	}
	tile_box(s, x->es, &ir, &ic);
	if (s->cols % ic)
		return FAIL(v, o, "expects result boxed tile cols to be a multiple of innerCols (%u), but got %lld", ic,
			    (long long)s->cols);
	if (s->rows % ir && s->space != SP_VEC && s->fractal != 32 && s->rows != 1)
		return FAIL(v, o, "expects result boxed tile rows to be a multiple of innerRows (%u), but got %lld", ir,
			    (long long)s->rows);
	return true;
}

static bool
valid_operand(struct verify *v, struct op o, uint32_t slot, int64_t valid, int64_t dim)
{
	struct opnd x;
	const char *what = slot == 1 ? "row" : "col";
	int64_t c;

	if (!opnd_get(v, o, slot, &x)) {
		if (dim_known(valid))
			return true;
		return FAIL(v, o, "valid_%s operand is required because result type v_%s is ?", what, what);
	}
	if (dim_known(valid))
		return FAIL(v, o, "valid_%s operand must be absent because result type v_%s is %lld", what, what,
			    (long long)valid);
	if (val_const_int(v->ir, x.val, &c) && (c < 0 || c > dim))
		return FAIL(v, o, "valid_%s must be in [0, %lld], got %lld", what, (long long)dim, (long long)c) ||
		       blame(v, &x, NULL);
	return true;
}

/* What every tile that has storage must satisfy. */
static bool
tile_storage(struct verify *v, struct op o, const struct opnd *res)
{
	if (!(elem_bit(v, res->elem) & (E_ANY_INT | E_F16 | E_BF16 | E_F32)))
		return FAIL(v, o, "dtype %s is not supported on A2/A3", ty_str(v, res->elem));
	if (res->s->vrow > res->s->rows || res->s->vcol > res->s->cols)
		return FAIL(v, o, "expects the valid shape to be within the shape") || blame(v, res, NULL);
	return tile_alignment(v, o, res);
}

static bool
addr_type(struct verify *v, struct op o)
{
	struct opnd addr;

	if (opnd_get(v, o, 0, &addr) && !(elem_bit(v, addr.type) & E_I64))
		return FAIL(v, o, "addr must be an i64, got %s", ty_str(v, addr.type)) || blame(v, &addr, NULL);
	return true;
}

/* A constant address must be aligned at every level; where it ends is asked by mem. */
static bool
addr_aligned(struct verify *v, struct op o, enum space sp)
{
	uint32_t align = isa_space[sp].align;
	struct opnd addr;
	int64_t at;

	if (!opnd_get(v, o, 0, &addr) || !val_const_int(v->ir, addr.val, &at))
		return true;
	if (at >= 0 && at % align == 0)
		return true;
	if (at < 0)
		op_error(v->ir, o, DIAG_ADDRESS, "addr must be non-negative, got %lld", (long long)at);
	else
		op_error(v->ir, o, DIAG_ADDRESS,
			 "addr must be aligned to %u bytes for local tile memory space, got %lld", align,
			 (long long)at);
	if (ir_val(v->ir, addr.val)->name.i)
		diag_note(v->ir->diags, ir_val(v->ir, addr.val)->span, "the address is this constant");
	return false;
}

bool
verify_alloc_tile(struct verify *v, struct op o)
{
	struct opnd res = opnd_result(v, o, 0);

	if (!res.s)
		return FAIL(v, o, "expects result to be a !pto.tile_buf") || blame(v, &res, NULL);
	return tile_storage(v, o, &res) && addr_type(v, o) && valid_operand(v, o, 1, res.s->vrow, res.s->rows) &&
	       valid_operand(v, o, 2, res.s->vcol, res.s->cols) && addr_aligned(v, o, res.s->space);
}

bool
verify_declare_tile(struct verify *v, struct op o)
{
	struct opnd res = opnd_result(v, o, 0);

	if (!res.s)
		return FAIL(v, o, "expects result to be a !pto.tile_buf") || blame(v, &res, NULL);
	return tile_storage(v, o, &res);
}

/* The slot type is checked as the type of an alloc_tile. */
bool
verify_alloc_multi_tile(struct verify *v, struct op o)
{
	struct opnd res = opnd_result(v, o, 0), slot = res;
	const struct type_data *d = type_data(&v->ir->types, res.type);

	if (d->kind != TY_MULTI_TILE)
		return FAIL(v, o, "expects result to be a !pto.multi_tile_buf") || blame(v, &res, NULL);
	if (op_attr(v->ir, o, v->ir->name.multi_buffer_addrs).i)
		return FAIL(v, o, "attribute 'pto.multi_buffer_addrs' is reserved for pto-plan-memory");
	slot.type = d->sub[0];
	slot.elem = type_elem(&v->ir->types, slot.type);
	slot.es = type_bytes(&v->ir->types, slot.elem);
	slot.s = &type_data(&v->ir->types, slot.type)->tile;
	if (slot.s->compact == COMPACT_ROW_PLUS_ONE)
		return FAIL(v, o, "multi_tile_buf slot uses row_plus_one compaction, whose padded storage footprint "
			    "exceeds product(shape) and would overlap adjacent multi-buffer slots");
	return tile_storage(v, o, &slot) && addr_type(v, o) && valid_operand(v, o, 1, slot.s->vrow, slot.s->rows) &&
	       valid_operand(v, o, 2, slot.s->vcol, slot.s->cols) && addr_aligned(v, o, slot.s->space);
}

bool
verify_multi_tile_get(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), slot = opnd_of(v, o, 1), res = opnd_result(v, o, 0);
	const struct type_data *d = type_data(&v->ir->types, src.type);
	struct op def = ir_val(v->ir, src.val)->def;
	int64_t c;

	if (d->kind != TY_MULTI_TILE)
		return FAIL(v, o, "expects source to be a !pto.multi_tile_buf") || blame(v, &src, NULL);
	if (res.type.i != d->sub[0].i)
		return FAIL(v, o, "result type must match the slot type") || blame(v, &src, &res);
	if (!def.i || op_id(v->ir, def) != OP_ALLOC_MULTI_TILE)
		return FAIL(v, o, "currently requires a direct pto.alloc_multi_tile source") || blame(v, &src, NULL);
	if (val_const_int(v->ir, slot.val, &c) && (c < 0 || c >= (int64_t)d->width))
		return FAIL(v, o, "constant slot %lld is out of range for multi_tile_buf count=%u", (long long)c,
			    d->width) || blame(v, &slot, NULL);
	return true;
}

/* ---- windows of tiles ---- */

/* The two integers of the attribute `sizes`, an array or a dense array. */
static bool
window_sizes(struct verify *v, struct op o, int64_t size[2])
{
	const struct attrs *at = &v->ir->attrs;
	const struct attr_data *d = attr_data(at, op_attr(v->ir, o, v->ir->name.sizes));

	if (d->n != 2 || (d->kind != AT_ARRAY && d->kind != AT_DENSE_ARRAY))
		return false;
	for (uint32_t i = 0; i < 2; i++) {
		if (d->kind == AT_ARRAY && attr_data(at, d->sub[i])->kind != AT_INT)
			return false;
		size[i] = d->kind == AT_ARRAY ? attr_data(at, d->sub[i])->i : d->elem[i];
	}
	return true;
}

static bool
window_result(struct verify *v, struct op o, const struct opnd *src, const struct opnd *res, const int64_t size[2])
{
	const struct tile_shape *a = src->s, *b = res->s;

	if (b->rows != size[0] || b->cols != size[1])
		return FAIL(v, o, "expects result shape to match subview sizes") || blame(v, src, res);
	if (res->elem.i != src->elem.i)
		return FAIL(v, o, "expects result element type to match source") || blame(v, src, res);
	if (a->space != b->space)
		return FAIL(v, o, "expects result address space to match source") || blame(v, src, res);
	if (a->blayout != b->blayout || a->slayout != b->slayout || a->fractal != b->fractal || a->pad != b->pad ||
	    a->compact != b->compact)
		return FAIL(v, o, "expects result tile config to match source") || blame(v, src, res);
	return true;
}

/* Constant offsets: inside the source, and on box borders when the layout has boxes. */
static bool
window_offset(struct verify *v, struct op o, const struct opnd *src, struct val off, int64_t size, uint32_t i)
{
	uint32_t box[2] = {1, 1};
	struct opnd x = opnd_named(v, off, "offset");
	int64_t c, end;

	tile_box(src->s, src->es, &box[0], &box[1]);
	if (size % box[i])
		return FAIL(v, o, "boxed layout subview sizes must be multiples of inner shape") || blame(v, src, NULL);
	if (!val_const_int(v->ir, off, &c))
		return true;
	if (c < 0)
		return FAIL(v, o, "subview offsets must be non-negative") || blame(v, &x, NULL);
	if (c % box[i])
		return FAIL(v, o, "boxed layout subview offsets must be multiples of inner shape") ||
		       blame(v, src, NULL);
	if (!num_add(c, size, &end) || end > opnd_dim(src, i))
		return FAIL(v, o, "subview %s [%lld, %lld) exceed the %lld of the source", i ? "columns" : "rows",
			    (long long)c, (long long)end, (long long)opnd_dim(src, i)) || blame(v, src, NULL);
	return true;
}

static bool
window_valid(struct verify *v, struct op o, const struct opnd *res, const int64_t size[2])
{
	struct opnd x[2];
	bool has[2] = {opnd_get(v, o, 2, &x[0]), opnd_get(v, o, 3, &x[1])};

	if (has[0] != has[1])
		return FAIL(v, o, "subview expects valid_row and valid_col to be both present or both absent");
	for (uint32_t i = 0; i < 2; i++) {
		int64_t c = size[i];
		bool known = !has[i] || val_const_int(v->ir, x[i].val, &c);
		const char *what = i ? "col" : "row";
		if (has[i] && known && (c < 0 || c > size[i]))
			return FAIL(v, o, "valid_%s must be %s", what, c < 0 ? "non-negative" :
				    i ? "<= subview col size" : "<= subview row size") || blame(v, &x[i], NULL);
		bool dyn = !dim_known(opnd_valid(res, i));
		if (dyn ? !has[i] : !known || opnd_valid(res, i) != c)
			return FAIL(v, o, "expects result valid_shape[%u] to match inferred/explicit valid_%s", i,
				    what) || blame(v, res, has[i] ? &x[i] : NULL);
	}
	return true;
}

bool
verify_subview(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0), res = opnd_result(v, o, 0);
	int64_t size[2] = {0, 0};
	uint32_t n;

	if (!tile_common(v, o, &src) || !tile_common(v, o, &res))
		return false;
	if (!window_sizes(v, o, size))
		return FAIL(v, o, "subview expects 2D sizes");
	if (size[0] <= 0 || size[1] <= 0)
		return FAIL(v, o, "subview sizes must be positive");
	op_group(v->ir, o, 1, &n);
	if (n != 2)
		return FAIL(v, o, "subview expects 2D offsets");
	if (!window_result(v, o, &src, &res, size))
		return false;
	for (uint32_t i = 0; i < 2; i++)
		if (!window_offset(v, o, &src, op_group(v->ir, o, 1, &n)[i], size[i], i))
			return false;
	return window_valid(v, o, &res, size);
}

/* ---- views of global memory ---- */

bool
verify_make_tensor_view(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	struct opnd ptr = opnd_of(v, o, 0), res = opnd_result(v, o, 0);
	const struct type_data *p = type_data(&ir->types, ptr.type), *r = type_data(&ir->types, res.type);
	const struct attr_data *lay = attr_data(&ir->attrs, op_attr(ir, o, ir->name.layout));
	uint32_t nshape, nstride;

	op_group(ir, o, 1, &nshape);
	op_group(ir, o, 2, &nstride);
	if (r->kind != TY_TVIEW)
		return FAIL(v, o, "result must be pto.tensor_view<...>") || blame(v, &res, NULL);
	if (p->kind != TY_PTR)
		return FAIL(v, o, "ptr operand must be !pto.ptr<...>") || blame(v, &ptr, NULL);
	if (ptr.elem.i != res.elem.i)
		return FAIL(v, o, "ptr element type must match tensor_view element type, but got ptr=%s view=%s",
			    ty_str(v, ptr.elem), ty_str(v, res.elem)) || blame(v, &ptr, NULL);
	if (nshape != r->rank || nstride != r->rank)
		return FAIL(v, o, "shape/strides operand counts must match tensor_view rank=%u", r->rank);
	if (r->rank < 1 || r->rank > 5)
		return FAIL(v, o, "tensor_view rank must be 1 to 5, got %u", r->rank);
	if (p->space != SP_GM && p->space != SP_ZERO)
		return FAIL(v, o, "expects a pointer to global memory") || blame(v, &ptr, NULL);
	if (!(elem_bit(v, res.elem) & (E_MOVE | E_F64)))
		return FAIL(v, o, "element type %s has no form in global memory", ty_str(v, res.elem));
	if (lay->kind != AT_NONE && (lay->kind != AT_ENUM || lay->id != EN_LAYOUT))
		return FAIL(v, o, "expects layout to be a #pto.layout attribute");
	if (lay->kind == AT_ENUM && lay->i > LAYOUT_NZ)
		return FAIL(v, o, "layout %s is not available on A2/A3", enum_case_name(EN_LAYOUT, (int32_t)lay->i));
	return true;
}

/* One dimension of a box against the type of its source. */
static bool
box_dim(struct verify *v, struct op o, const struct opnd *res, uint32_t i, struct val off, struct val size,
	int64_t have, int64_t dim)
{
	int64_t oc = 0, sc = 0, end;
	bool ok = val_const_int(v->ir, off, &oc), sk = val_const_int(v->ir, size, &sc);

	if (ok && oc < 0)
		return FAIL(v, o, "offset at dim %u must be non-negative, got %lld", i, (long long)oc);
	if (sk && sc <= 0)
		return FAIL(v, o, "size at dim %u must be positive, got %lld", i, (long long)sc);
	if (sk && dim_differ(sc, dim))
		return FAIL(v, o, "size/result mismatch at dim %u: size operand=%lld result type dim=%lld", i,
			    (long long)sc, (long long)dim) || blame(v, res, NULL);
	if (!sk && dim_known(dim)) {
		sc = dim;
		sk = true;
	}
	if (!dim_known(have) || !sk)
		return true;
	if (sc > have)
		return FAIL(v, o, "size at dim %u (%lld) exceeds static source dim (%lld)", i, (long long)sc,
			    (long long)have);
	if (ok && num_add(oc, sc, &end) && end > have)
		return FAIL(v, o, "offset+size at dim %u (%lld) exceeds static source dim (%lld)", i, (long long)end,
			    (long long)have);
	return true;
}

bool
verify_partition_view(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	struct opnd src = opnd_of(v, o, 0), res = opnd_result(v, o, 0);
	const struct type_data *s = type_data(&ir->types, src.type), *r = type_data(&ir->types, res.type);
	uint32_t noff, nsize;
	const struct val *off = op_group(ir, o, 1, &noff), *size = op_group(ir, o, 2, &nsize);

	if (s->kind != TY_TVIEW || r->kind != TY_PVIEW)
		return FAIL(v, o, "expects tensor_view source and partition_tensor_view result") ||
		       blame(v, &src, &res);
	if (src.elem.i != res.elem.i)
		return FAIL(v, o, "element type mismatch between source and result: src=%s result=%s",
			    ty_str(v, src.elem), ty_str(v, res.elem)) || blame(v, &src, NULL);
	if (noff != s->rank)
		return FAIL(v, o, "offset count (%u) must match source rank (%u)", noff, s->rank) ||
		       blame(v, &src, NULL);
	if (nsize != s->rank)
		return FAIL(v, o, "size count (%u) must match source rank (%u)", nsize, s->rank) ||
		       blame(v, &src, NULL);
	if (r->rank != s->rank)
		return FAIL(v, o, "result rank (%u) must match source rank (%u)", r->rank, s->rank) ||
		       blame(v, &src, &res);
	for (uint32_t i = 0; i < s->rank; i++)
		if (!box_dim(v, o, &res, i, off[i], size[i], s->dim[i], r->dim[i]))
			return false;
	return true;
}
