/*
 * tile: tile variables: allocation, sub-views, valid shapes, element access. Spec: emission.md §5.
 *
 * A tile is a C++ variable bound to an address by TASSIGN. A sub-view is a tile of its own at the parent's address plus
 * its offset; it prints with its own shape when that gives the parent's strides, else with the parent's printed shape,
 * and its valid shape carries the window.
 */
#include "emit/call.h"

#include "base/num.h"

static struct tile_addr *
addr_of(const struct cxx *x, struct val v)
{
	return &x->tile.at[x_val(x, v)->aux]; /* [0] is ADDR_DATA: only the variable knows */
}

static struct tile_addr *
new_addr(struct cxx *x, struct val r)
{
	VEC_ADD(x->a, &x->tile, 1);
	x_val(x, r)->aux = x->tile.n - 1;
	return &x->tile.at[x->tile.n - 1];
}

static const struct tile_shape *
shape_of(const struct cxx *x, struct val v)
{
	return &type_data(&x->ir->types, x_tile_type(x, v))->tile;
}

static uint32_t
elem_bytes(const struct cxx *x, struct val v)
{
	return type_bytes(&x->ir->types, type_elem(&x->ir->types, val_type(x->ir, v)));
}

/* "T vN;", or with a dynamic valid shape "T vN = T(row, col);" naming the dynamic extents only. */
static void
declare_tile(struct cxx *x, struct val r, struct val row, struct val col)
{
	const struct tile_shape *s = shape_of(x, r);
	bool dr = s->vrow == DIM_DYN && row.i, dc = s->vcol == DIM_DYN && col.i;

	if (!dr && !dc) {
		x_declare(x, r);
		return;
	}
	x_def(x, r);
	x_f(x, "%s(", x_val_type(x, r));
	if (dr)
		x_name(x, row);
	x_str(x, dr && dc ? ", " : "");
	if (dc)
		x_name(x, col);
	x_str(x, ");\n");
}

static void
assign_address(struct cxx *x, struct val r, uint32_t no)
{
	x_line(x);
	x_f(x, "TASSIGN(v%u, v%u);\n", x_val(x, r)->no, no);
}

/* A local holding an address: made in place, or declared ahead with the tile in functions with several blocks. */
static uint32_t
address_temp(struct cxx *x)
{
	return x_temp(x, "uint64_t");
}

/* The locals of other blocks are out of scope: there the tile itself must be asked. */
static void
remember_local(struct cxx *x, struct val r, uint32_t no)
{
	struct tile_addr *a = addr_of(x, r);

	if (!(x_val(x, r)->flags & CV_VAR) && a->kind != ADDR_CONST)
		*a = (struct tile_addr){.kind = ADDR_LOCAL, .no = no};
}

/* ---- alloc_tile ---- */

static void
alloc_prepare(struct cxx *x, struct op o)
{
	struct val r = op_res(x->ir, o, 0), addr = op_slot(x->ir, o, 0);
	struct tile_addr *a = new_addr(x, r);
	int64_t c;

	if (addr.i && x_const(x, addr, &c) && c >= 0)
		*a = (struct tile_addr){.kind = ADDR_CONST, .bytes = (uint64_t)c};
}

/* Valid extents are mentioned only where the type is dynamic. */
static void
alloc_uses(struct cxx *x, struct op o)
{
	const struct tile_shape *s = shape_of(x, op_res(x->ir, o, 0));

	x_use(x, o, op_slot(x->ir, o, 0), false);
	if (s->vrow == DIM_DYN)
		x_use(x, o, op_slot(x->ir, o, 1), false);
	if (s->vcol == DIM_DYN)
		x_use(x, o, op_slot(x->ir, o, 2), false);
}

static void
alloc_stmt(struct cxx *x, struct op o)
{
	struct val r = op_res(x->ir, o, 0), addr = op_slot(x->ir, o, 0);

	declare_tile(x, r, op_slot(x->ir, o, 1), op_slot(x->ir, o, 2));
	if (!addr.i)
		return;
	uint32_t no = address_temp(x);
	if (type_kind(&x->ir->types, val_type(x->ir, addr)) == TY_PTR) {
		x_str(x, "reinterpret_cast<uint64_t>(");
		x_name(x, addr);
		x_str(x, ")");
	} else {
		x_str(x, "(uint64_t) ");
		x_name(x, addr);
	}
	x_end(x);
	assign_address(x, r, no);
	remember_local(x, r, no);
}

const struct family fam_alloc_tile = {.prepare = alloc_prepare, .uses = alloc_uses, .stmt = alloc_stmt, .drop = true};

/* ---- subview ---- */

struct strides {
	int64_t row, col; /* elements */
};

/* Element strides of a window origin; a boxed tile is stepped in whole boxes. Source: spec ops-move.md §2. */
static bool
tile_strides(const struct tile_shape *s, uint32_t bytes, struct strides *st)
{
	uint32_t br, bc;

	tile_box(s, bytes, &br, &bc);
	if (s->slayout == SL_NONE_BOX)
		*st = (struct strides){s->blayout == BL_ROW_MAJOR ? s->cols : 1,
				       s->blayout == BL_ROW_MAJOR ? 1 : s->rows};
	else if (s->blayout == BL_ROW_MAJOR)
		*st = (struct strides){s->cols, br};
	else if (s->slayout == SL_ROW_MAJOR)
		*st = (struct strides){bc, s->rows};
	else
		return false;
	return true;
}

/* Printed type: the result's own shape when its strides are the parent's, else the parent's shape. */
static struct typ
window_type(struct cxx *x, struct val parent, struct val r, struct strides ps)
{
	struct typ ty = val_type(x->ir, r);
	const struct type_data *d = type_data(&x->ir->types, ty);
	struct tile_shape s = d->tile;
	struct strides own;

	if (tile_strides(&s, elem_bytes(x, r), &own) && own.row == ps.row && own.col == ps.col)
		return (struct typ){0};
	s.rows = shape_of(x, parent)->rows;
	s.cols = shape_of(x, parent)->cols;
	return type_tile(&x->ir->types, d->sub[0], &s);
}

/* The constant part of the byte offset; *dynamic when a run-time offset remains. */
static bool
window_offset(const struct cxx *x, struct op o, struct strides st, uint32_t bytes, int64_t *sum, bool *dynamic)
{
	uint32_t n;
	const struct val *off = op_group(x->ir, o, 1, &n);

	*sum = 0;
	*dynamic = false;
	for (uint32_t k = 0; k < n && k < 2; k++) {
		int64_t c, t;
		if (!x_const(x, off[k], &c))
			*dynamic = true;
		else if (!num_mul(c, (k ? st.col : st.row) * (int64_t)bytes, &t) || !num_add(*sum, t, sum))
			return false;
	}
	return true;
}

/* Is the value an argument of a function that the host launches? */
static bool
is_kernel_argument(const struct cxx *x, struct val v)
{
	const struct ir_names *n = &x->ir->name;
	const struct sym entry[] = {n->entry, n->hacc_entry, n->kernel, n->aicore};
	bool kernel = false;

	for (size_t k = 0; k < sizeof entry / sizeof entry[0]; k++)
		kernel = kernel || op_attr(x->ir, x->func, entry[k]).i;
	return kernel && !ir_val(x->ir, v)->def.i &&
	       blk_owner(x->ir, ir_val(x->ir, v)->blk).i == x->func.i;
}

static void
subview_prepare(struct cxx *x, struct op o)
{
	struct val r = op_res(x->ir, o, 0), src = op_slot(x->ir, o, 0);
	struct strides st;
	int64_t sum = 0;
	bool dynamic = true;

	if (type_kind(&x->ir->types, val_type(x->ir, src)) != TY_TILE)
		return;
	if (is_kernel_argument(x, src)) {
		x_fail(x, o, "failed to legalize operation 'pto.subview' that was explicitly marked illegal: "
			     "no host can pass a tile to a kernel");
		return;
	}
	if (!tile_strides(shape_of(x, src), elem_bytes(x, src), &st)) {
		x_fail(x, o, "takes a window of a col_major boxed tile with col_major boxes, which has no address");
		return;
	}
	if (!window_offset(x, o, st, elem_bytes(x, src), &sum, &dynamic))
		x_fail(x, o, "has an offset that does not fit 64 bits");
	x_val(x, r)->tile = window_type(x, src, r, st);
	struct tile_addr *a = new_addr(x, r), *p = addr_of(x, src);
	if (p->kind == ADDR_CONST && !dynamic)
		*a = (struct tile_addr){.kind = ADDR_CONST, .bytes = p->bytes + (uint64_t)sum};
}

static void
subview_uses(struct cxx *x, struct op o)
{
	struct val r = op_res(x->ir, o, 0), src = op_slot(x->ir, o, 0);
	const struct tile_shape *s = shape_of(x, r);
	uint32_t n;
	const struct val *off = op_group(x->ir, o, 1, &n);
	int64_t c;

	if (s->vrow == DIM_DYN)
		x_use(x, o, op_slot(x->ir, o, 2), false);
	if (s->vcol == DIM_DYN)
		x_use(x, o, op_slot(x->ir, o, 3), false);
	if (addr_of(x, r)->kind == ADDR_CONST)
		return;
	if (addr_of(x, src)->kind != ADDR_CONST)
		x_use(x, o, src, false);
	for (uint32_t k = 0; k < n; k++)
		if (!x_const(x, off[k], &c))
			x_use(x, o, off[k], true);
}

/* "vN * bytes" of a run-time offset. */
static void
offset_bytes(struct cxx *x, struct val off, int64_t stride)
{
	if (strcmp(x_val_type(x, off), "int64_t") != 0)
		x_str(x, "(int64_t) ");
	x_operand(x, off, PREC_UNARY);
	if (stride != 1)
		x_f(x, " * %lld", (long long)stride);
}

static void
parent_address(struct cxx *x, struct val src, int64_t sum)
{
	const struct tile_addr *p = addr_of(x, src);
	const char *type = x_val_type(x, src);

	if (p->kind == ADDR_CONST) {
		x_f(x, "%lld", (long long)p->bytes + (long long)sum);
		return;
	}
	if (p->kind == ADDR_LOCAL)
		x_f(x, "(int64_t) v%u", p->no);
	else if (strncmp(type, "Tile<TileType::Bias", 19) == 0)
		x_f(x, "(int64_t) v%u.data()", x_val(x, src)->no);
	else
		x_f(x, "reinterpret_cast<int64_t>(v%u.data())", x_val(x, src)->no);
	if (sum)
		x_f(x, " + %lld", (long long)sum);
}

static void
subview_stmt(struct cxx *x, struct op o)
{
	struct val r = op_res(x->ir, o, 0), src = op_slot(x->ir, o, 0);
	uint32_t bytes = elem_bytes(x, src), n;
	const struct val *off = op_group(x->ir, o, 1, &n);
	struct strides st = {0, 0};
	int64_t sum, c;
	bool dynamic;

	declare_tile(x, r, op_slot(x->ir, o, 2), op_slot(x->ir, o, 3));
	tile_strides(shape_of(x, src), bytes, &st);
	window_offset(x, o, st, bytes, &sum, &dynamic);
	uint32_t no = address_temp(x);
	if (addr_of(x, r)->kind == ADDR_CONST) {
		x_f(x, "%llu;\n", (unsigned long long)addr_of(x, r)->bytes);
	} else {
		x_str(x, "(uint64_t) (");
		parent_address(x, src, sum);
		for (uint32_t k = 0; k < n && k < 2; k++) {
			if (x_const(x, off[k], &c))
				continue;
			x_str(x, " + ");
			offset_bytes(x, off[k], (k ? st.col : st.row) * (int64_t)bytes);
		}
		x_str(x, ");\n");
	}
	assign_address(x, r, no);
	remember_local(x, r, no);
}

const struct family fam_subview = {.prepare = subview_prepare, .uses = subview_uses, .stmt = subview_stmt};

/* ---- other types for the same bytes ---- */

bool
tile_address(const struct cxx *x, struct val v, uint64_t *bytes)
{
	const struct tile_addr *a = addr_of(x, v);

	*bytes = a->bytes;
	return a->kind == ADDR_CONST;
}

/* The result has its own variable; a constant address is known for both. */
static void
retype_prepare(struct cxx *x, struct op o)
{
	struct tile_addr at = *addr_of(x, op_slot(x->ir, o, 0)), *a = new_addr(x, op_res(x->ir, o, 0));

	if (at.kind == ADDR_CONST)
		*a = at;
}

static void
bitcast_stmt(struct cxx *x, struct op o)
{
	struct val r = op_res(x->ir, o, 0), src = op_slot(x->ir, o, 0);

	declare_tile(x, r, (struct val){0}, (struct val){0});
	x_line(x);
	x_f(x, "TASSIGN(v%u, reinterpret_cast<uint64_t>(v%u.data()));\n", x_val(x, r)->no, x_val(x, src)->no);
}

/* TRESHAPE compares the C++ sizes; a window may print with the shape of its parent. */
static void
treshape_stmt(struct cxx *x, struct op o)
{
	struct val r = op_res(x->ir, o, 0), src = op_slot(x->ir, o, 0);

	if (tile_bytes(shape_of(x, src), elem_bytes(x, src)) != tile_bytes(shape_of(x, r), elem_bytes(x, r))) {
		bitcast_stmt(x, o);
		return;
	}
	declare_tile(x, r, (struct val){0}, (struct val){0});
	x_line(x);
	x_f(x, "TRESHAPE(v%u, v%u);\n", x_val(x, r)->no, x_val(x, src)->no);
}

const struct family fam_tile_bitcast = {.prepare = retype_prepare, .stmt = bitcast_stmt};
const struct family fam_treshape = {.prepare = retype_prepare, .stmt = treshape_stmt};

/* ---- tiles that other ops bind ---- */

/* Both valid extents dynamic: the physical ones until somebody sets others. */
static void
declared_stmt(struct cxx *x, struct op o)
{
	struct val r = op_res(x->ir, o, 0);
	const struct tile_shape *s = shape_of(x, r);

	if (s->vrow != DIM_DYN || s->vcol != DIM_DYN) {
		x_declare(x, r);
		return;
	}
	x_def(x, r);
	x_f(x, "%s(%lld, %lld);\n", x_val_type(x, r), (long long)s->rows, (long long)s->cols);
}

const struct family fam_declare_tile = {.stmt = declared_stmt, .drop = true};

/* ---- slots ---- */

/* Nothing of its own: every slot is a tile with an address. */
static void
multi_stmt(struct cxx *x, struct op o)
{
	(void)x;
	(void)o;
}

static void
multi_uses(struct cxx *x, struct op o)
{
	(void)x;
	(void)o;
}

const struct family fam_alloc_multi_tile = {.uses = multi_uses, .stmt = multi_stmt, .drop = true};

static struct op
slot_alloc(const struct cxx *x, struct op get)
{
	return ir_val(x->ir, op_slot(x->ir, get, 0))->def;
}

/* Bytes from slot to slot: the slot rounded up to the alignment of its space. */
static int64_t
slot_stride(const struct cxx *x, struct val r)
{
	int64_t align = isa_space[shape_of(x, r)->space].align;

	return ((int64_t)tile_bytes(shape_of(x, r), elem_bytes(x, r)) + align - 1) / align * align;
}

static void
slot_prepare(struct cxx *x, struct op o)
{
	struct val r = op_res(x->ir, o, 0), addr = op_slot(x->ir, slot_alloc(x, o), 0);
	struct tile_addr *a = new_addr(x, r);
	int64_t base, k;

	if (!addr.i)
		x_fail(x, o, "selects a slot of a multi tile without address: no op uses it");
	else if (x_const(x, addr, &base) && x_const(x, op_slot(x->ir, o, 1), &k))
		*a = (struct tile_addr){.kind = ADDR_CONST, .bytes = (uint64_t)(base + k * slot_stride(x, r))};
}

static void
slot_uses(struct cxx *x, struct op o)
{
	struct op alloc = slot_alloc(x, o);
	const struct tile_shape *s = shape_of(x, op_res(x->ir, o, 0));
	int64_t c;

	if (s->vrow == DIM_DYN)
		x_use(x, o, op_slot(x->ir, alloc, 1), false);
	if (s->vcol == DIM_DYN)
		x_use(x, o, op_slot(x->ir, alloc, 2), false);
	if (!x_const(x, op_slot(x->ir, alloc, 0), &c))
		x_use(x, o, op_slot(x->ir, alloc, 0), false);
	if (!x_const(x, op_slot(x->ir, o, 1), &c))
		x_use(x, o, op_slot(x->ir, o, 1), false);
}

/* Address of slot k as text. */
static void
slot_address(struct cxx *x, struct val addr, int64_t offset)
{
	int64_t base;

	if (x_const(x, addr, &base)) {
		x_f(x, "%lld", (long long)(base + offset));
		return;
	}
	x_name(x, addr);
	if (offset)
		x_f(x, " + %lld", (long long)offset);
}

/* slot == N-1 ? aN-1 : (... slot == 1 ? a1 : a0): an index out of range selects slot 0. */
static void
slot_stmt(struct cxx *x, struct op o)
{
	struct val r = op_res(x->ir, o, 0), k = op_slot(x->ir, o, 1);
	struct op alloc = slot_alloc(x, o);
	struct val addr = op_slot(x->ir, alloc, 0);
	uint32_t n = type_data(&x->ir->types, val_type(x->ir, op_slot(x->ir, o, 0)))->width;
	int64_t stride = slot_stride(x, r), c;

	declare_tile(x, r, op_slot(x->ir, alloc, 1), op_slot(x->ir, alloc, 2));
	x_names(x, o);
	uint32_t no = address_temp(x);
	x_str(x, "(uint64_t) (");
	if (x_const(x, k, &c)) {
		slot_address(x, addr, c * stride);
	} else {
		for (uint32_t i = n - 1; i > 0; i--) {
			x_name(x, k);
			x_f(x, " == %u ? ", i);
			slot_address(x, addr, i * stride);
			x_str(x, i > 1 ? " : (" : " : ");
		}
		slot_address(x, addr, 0);
		for (uint32_t i = n - 1; i > 1; i--)
			x_str(x, ")");
	}
	x_str(x, ");\n");
	assign_address(x, r, no);
	remember_local(x, r, no);
}

const struct family fam_multi_tile_get = {.prepare = slot_prepare, .uses = slot_uses, .stmt = slot_stmt};

/* ---- tassign ---- */

static void
tassign_prepare(struct cxx *x, struct op o)
{
	struct tile_addr *a = new_addr(x, op_res(x->ir, o, 0));
	int64_t c;

	if (x_const(x, op_slot(x->ir, o, 1), &c) && c >= 0)
		*a = (struct tile_addr){.kind = ADDR_CONST, .bytes = (uint64_t)c};
}

/* The result is the same variable. */
static void
tassign_stmt(struct cxx *x, struct op o)
{
	struct val r = op_res(x->ir, o, 0), tile = op_slot(x->ir, o, 0);

	x_line(x);
	x_f(x, "TASSIGN(v%u, (uint64_t) ", x_val(x, tile)->no);
	x_name(x, op_slot(x->ir, o, 1));
	x_str(x, ");\n");
	if (!(x_val(x, r)->flags & CV_VAR)) {
		x_val(x, r)->no = x_val(x, tile)->no;
		return;
	}
	x_def(x, r);
	x_name(x, tile);
	x_end(x);
}

const struct family fam_tassign = {.prepare = tassign_prepare, .stmt = tassign_stmt, .drop = true};
