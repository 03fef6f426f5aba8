/*
 * type: the type table. Types are immutable and unique; the hash covers every field, sub-types by id.
 */
#include "ir/type.h"

#include "base/num.h"

#include <assert.h>

static const char *const float_row[FLOAT_COUNT] = {
	"f16", "bf16", "f32", "f64", "tf32", "f80", "f128", "f8E5M2", "f8E4M3", "f8E4M3FN", "f8E5M2FNUZ", "f8E4M3FNUZ",
	"f8E4M3B11FNUZ", "f8E3M4",
};

void
types_init(struct types *t, struct arena *a)
{
	memset(t, 0, sizeof *t);
	t->a = a;
	t->nslot = 128;
	t->slot = ARENA_ARRAY(a, uint32_t, t->nslot);
	VEC_PUSH(a, &t->all, (struct type_data){.kind = TY_ERROR});
}

static uint32_t
hash_i64(uint32_t h, int64_t v)
{
	return hash_u32(hash_u32(h, (uint32_t)v), (uint32_t)((uint64_t)v >> 32));
}

static uint32_t
type_hash(const struct type_data *d)
{
	uint32_t h = hash_u32((uint32_t)d->kind, d->width);

	h = hash_u32(h, (uint32_t)d->sign | (uint32_t)d->fkind << 8 | (uint32_t)d->space << 16);
	if (d->kind == TY_TILE) {
		const struct tile_shape *s = &d->tile;
		h = hash_i64(hash_i64(h, s->rows), s->cols);
		h = hash_i64(hash_i64(h, s->vrow), s->vcol);
		h = hash_u32(h, (uint32_t)s->space | (uint32_t)s->blayout << 8 | (uint32_t)s->slayout << 12 |
					(uint32_t)s->pad << 16 | (uint32_t)s->compact << 20);
		h = hash_u32(h, s->fractal);
	}
	for (uint32_t i = 0; i < d->rank; i++)
		h = hash_i64(h, d->dim[i]);
	for (uint32_t i = 0; i < d->nsub; i++)
		h = hash_u32(h, d->sub[i].i);
	h = hash_u32(h, d->nin);
	return hash_u32(h, d->text.i);
}

static bool
tile_eq(const struct tile_shape *a, const struct tile_shape *b)
{
	return a->space == b->space && a->rows == b->rows && a->cols == b->cols && a->vrow == b->vrow &&
	       a->vcol == b->vcol && a->blayout == b->blayout && a->slayout == b->slayout && a->pad == b->pad &&
	       a->compact == b->compact && a->fractal == b->fractal;
}

static bool
type_eq(const struct type_data *a, const struct type_data *b)
{
	if (a->kind != b->kind || a->width != b->width || a->sign != b->sign || a->fkind != b->fkind ||
	    a->space != b->space || a->rank != b->rank || a->nsub != b->nsub || a->nin != b->nin ||
	    a->text.i != b->text.i)
		return false;
	if (a->kind == TY_TILE && !tile_eq(&a->tile, &b->tile))
		return false;
	for (uint32_t i = 0; i < a->rank; i++)
		if (a->dim[i] != b->dim[i])
			return false;
	for (uint32_t i = 0; i < a->nsub; i++)
		if (a->sub[i].i != b->sub[i].i)
			return false;
	return true;
}

static uint32_t
slot_of(const struct types *t, const struct type_data *d)
{
	uint32_t i = type_hash(d) & (t->nslot - 1);

	while (t->slot[i] && !type_eq(&t->all.at[t->slot[i]], d))
		i = (i + 1) & (t->nslot - 1);
	return i;
}

static void
types_rehash(struct types *t)
{
	t->nslot *= 2;
	t->slot = ARENA_ARRAY(t->a, uint32_t, t->nslot);
	for (uint32_t i = 1; i < t->all.n; i++)
		t->slot[slot_of(t, &t->all.at[i])] = i;
}

struct typ
type_get(struct types *t, const struct type_data *d)
{
	uint32_t s = slot_of(t, d);

	if (t->slot[s])
		return (struct typ){t->slot[s]};
	struct type_data copy = *d;
	if (d->rank) {
		int64_t *dim = ARENA_ARRAY(t->a, int64_t, d->rank);
		memcpy(dim, d->dim, d->rank * sizeof *dim);
		copy.dim = dim;
	}
	if (d->nsub) {
		struct typ *sub = ARENA_ARRAY(t->a, struct typ, d->nsub);
		memcpy(sub, d->sub, d->nsub * sizeof *sub);
		copy.sub = sub;
	}
	uint32_t id = t->all.n;
	VEC_PUSH(t->a, &t->all, copy);
	t->slot[s] = id;
	if (t->all.n * 2 > t->nslot)
		types_rehash(t);
	return (struct typ){id};
}

const struct type_data *
type_data(const struct types *t, struct typ ty)
{
	assert(ty.i < t->all.n);
	return &t->all.at[ty.i];
}

struct typ
type_int(struct types *t, uint32_t width, enum sign s)
{
	return type_get(t, &(struct type_data){.kind = TY_INT, .width = width, .sign = (uint8_t)s});
}

struct typ
type_float(struct types *t, enum float_kind k)
{
	return type_get(t, &(struct type_data){.kind = TY_FLOAT, .fkind = (uint8_t)k});
}

struct typ
type_index(struct types *t)
{
	return type_get(t, &(struct type_data){.kind = TY_INDEX});
}

struct typ
type_none(struct types *t)
{
	return type_get(t, &(struct type_data){.kind = TY_NONE});
}

struct typ
type_ptr(struct types *t, struct typ elem, enum space sp)
{
	return type_get(t, &(struct type_data){.kind = TY_PTR, .space = sp, .sub = &elem, .nsub = 1});
}

struct typ
type_shaped(struct types *t, enum type_kind k, struct typ elem, const int64_t *dim, uint32_t rank)
{
	return type_get(t, &(struct type_data){.kind = k, .dim = dim, .rank = rank, .sub = &elem, .nsub = 1});
}

struct typ
type_tile(struct types *t, struct typ elem, const struct tile_shape *s)
{
	return type_get(t, &(struct type_data){.kind = TY_TILE, .tile = *s, .sub = &elem, .nsub = 1});
}

struct typ
type_func(struct types *t, const struct typ *in, uint32_t nin, const struct typ *out, uint32_t nout)
{
	struct arena_mark m = arena_mark(t->a);
	struct typ *sub = ARENA_ARRAY(t->a, struct typ, nin + nout);
	uint32_t before = t->all.n;

	if (nin)
		memcpy(sub, in, nin * sizeof *sub);
	if (nout)
		memcpy(sub + nin, out, nout * sizeof *sub);
	struct typ ty = type_get(t, &(struct type_data){.kind = TY_FUNC, .sub = sub, .nsub = nin + nout, .nin = nin});
	if (t->all.n == before)
		arena_rewind(t->a, m);
	return ty;
}

bool
type_is_int(const struct types *t, struct typ ty)
{
	return type_kind(t, ty) == TY_INT;
}

bool
type_is_int_or_index(const struct types *t, struct typ ty)
{
	return type_kind(t, ty) == TY_INT || type_kind(t, ty) == TY_INDEX;
}

bool
type_is_float(const struct types *t, struct typ ty)
{
	return type_kind(t, ty) == TY_FLOAT && type_data(t, ty)->fkind <= F_F64;
}

bool
type_is_bool(const struct types *t, struct typ ty)
{
	return type_kind(t, ty) == TY_INT && type_data(t, ty)->width == 1;
}

uint32_t
type_bytes(const struct types *t, struct typ ty)
{
	static const uint8_t float_bytes[] = {[F_F16] = 2, [F_BF16] = 2, [F_F32] = 4, [F_F64] = 8};
	const struct type_data *d = type_data(t, ty);

	if (d->kind == TY_INT)
		return d->width / 8;
	if (d->kind == TY_FLOAT)
		return d->fkind <= F_F64 ? float_bytes[d->fkind] : 0;
	return d->kind == TY_INDEX ? 8 : 0;
}

int64_t
type_elems(const struct types *t, struct typ ty)
{
	const struct type_data *d = type_data(t, ty);
	int64_t n = 1;

	for (uint32_t k = 0; k < d->rank; k++)
		if (d->dim[k] < 0 || !num_mul(n, d->dim[k], &n))
			return DIM_DYN;
	return n;
}

struct typ
type_elem(const struct types *t, struct typ ty)
{
	const struct type_data *d = type_data(t, ty);

	switch (d->kind) {
	case TY_MULTI_TILE:
		return type_elem(t, d->sub[0]);
	case TY_VECTOR: case TY_TENSOR: case TY_MEMREF: case TY_TILE: case TY_PTR: case TY_TVIEW: case TY_PVIEW:
	case TY_TILE_VALUE: case TY_LOCAL_ARRAY: case TY_COMPLEX:
		return d->sub[0];
	case TY_ERROR: case TY_INT: case TY_FLOAT: case TY_INDEX: case TY_NONE: case TY_FUNC: case TY_TUPLE:
	case TY_EVENTID_ARRAY: case TY_STRUCT: case TY_PIPE: case TY_ASYNC_SESSION: case TY_ASYNC_EVENT:
	case TY_PREFETCH_CTX: case TY_LOW: case TY_OPAQUE:
		break;
	}
	return ty;
}

const char *
float_name(enum float_kind k)
{
	return float_row[k];
}

bool
float_find(struct strv name, enum float_kind *k)
{
	for (uint32_t i = 0; i < FLOAT_COUNT; i++) {
		if (strv_is(name, float_row[i])) {
			*k = (enum float_kind)i;
			return true;
		}
	}
	return false;
}

void
tile_box(const struct tile_shape *s, uint32_t elem_bytes, uint32_t *rows, uint32_t *cols)
{
	uint32_t c0 = elem_bytes ? 32 / elem_bytes : 1;

	*rows = *cols = 1;
	if (s->slayout == SL_NONE_BOX)
		return;
	*rows = s->fractal == 512 && s->slayout == SL_COL_MAJOR ? c0 : 16;
	*cols = s->fractal == 1024 ? 16 : s->fractal == 32 ? 2 : s->slayout == SL_ROW_MAJOR ? c0 : 16;
}

uint64_t
tile_bytes(const struct tile_shape *s, uint32_t elem_bytes)
{
	return (uint64_t)s->rows * (uint64_t)s->cols * elem_bytes;
}

/* ---- text ---- */

static void
print_dim(int64_t d, struct out *o)
{
	if (d == DIM_DYN)
		out_char(o, '?');
	else
		out_i64(o, d);
}

static void
print_shape(const struct type_data *d, struct out *o)
{
	for (uint32_t i = 0; i < d->rank; i++) {
		print_dim(d->dim[i], o);
		out_char(o, 'x');
	}
}

static void
print_list(const struct types *t, const struct intern *in, const struct typ *ty, uint32_t n, struct out *o)
{
	for (uint32_t i = 0; i < n; i++) {
		if (i)
			out_str(o, ", ");
		type_print(t, in, ty[i], o);
	}
}

static void
print_tile_body(const struct types *t, const struct intern *in, const struct type_data *d, struct out *o)
{
	const struct tile_shape *s = &d->tile;

	out_f(o, "%s, %lldx%lldx", isa_space[s->space].tile, (long long)s->rows, (long long)s->cols);
	type_print(t, in, d->sub[0], o);
	if (s->vrow != s->rows || s->vcol != s->cols) {
		out_str(o, ", valid=");
		print_dim(s->vrow, o);
		out_char(o, 'x');
		print_dim(s->vcol, o);
	}
	if (s->blayout != BL_ROW_MAJOR)
		out_f(o, ", blayout=%s", enum_case_name(EN_BLAYOUT, s->blayout));
	if (s->slayout != SL_NONE_BOX)
		out_f(o, ", slayout=%s", enum_case_name(EN_SLAYOUT, s->slayout));
	if (s->fractal != 512)
		out_f(o, ", fractal=%u", s->fractal);
	if (s->pad)
		out_f(o, ", pad=%u", s->pad);
	if (s->compact)
		out_f(o, ", compact=%u", s->compact);
}

static void
print_shaped(const struct types *t, const struct intern *in, const char *name, const struct type_data *d, struct out *o)
{
	out_f(o, "%s<", name);
	print_shape(d, o);
	type_print(t, in, d->sub[0], o);
	if (d->text.i)
		out_strv(o, sym_text(in, d->text));
	out_char(o, '>');
}

static void
print_func(const struct types *t, const struct intern *in, const struct type_data *d, struct out *o)
{
	uint32_t nout = d->nsub - d->nin;
	bool paren = nout != 1 || type_kind(t, d->sub[d->nin]) == TY_FUNC;

	out_char(o, '(');
	print_list(t, in, d->sub, d->nin, o);
	out_str(o, paren ? ") -> (" : ") -> ");
	print_list(t, in, d->sub + d->nin, nout, o);
	if (paren)
		out_char(o, ')');
}

static void
print_sub(const struct types *t, const struct intern *in, const char *name, const struct type_data *d, struct out *o)
{
	out_f(o, "%s<", name);
	print_list(t, in, d->sub, d->nsub, o);
	out_char(o, '>');
}

void
type_print(const struct types *t, const struct intern *in, struct typ ty, struct out *o)
{
	const struct type_data *d = type_data(t, ty);

	switch (d->kind) {
	case TY_ERROR: out_str(o, "<error>"); return;
	case TY_INT: out_f(o, "%si%u", d->sign == SIGNED ? "s" : d->sign == UNSIGNED ? "u" : "", d->width); return;
	case TY_FLOAT: out_str(o, float_row[d->fkind]); return;
	case TY_INDEX: out_str(o, "index"); return;
	case TY_NONE: out_str(o, "none"); return;
	case TY_FUNC: print_func(t, in, d, o); return;
	case TY_VECTOR: print_shaped(t, in, "vector", d, o); return;
	case TY_TENSOR: print_shaped(t, in, "tensor", d, o); return;
	case TY_MEMREF: print_shaped(t, in, "memref", d, o); return;
	case TY_TUPLE: print_sub(t, in, "tuple", d, o); return;
	case TY_COMPLEX: print_sub(t, in, "complex", d, o); return;
	case TY_TILE:
		out_str(o, "!pto.tile_buf<");
		print_tile_body(t, in, d, o);
		out_char(o, '>');
		return;
	case TY_MULTI_TILE:
		out_str(o, "!pto.multi_tile_buf<");
		print_tile_body(t, in, type_data(t, d->sub[0]), o);
		out_f(o, ", count=%u>", d->width);
		return;
	case TY_PTR:
		out_str(o, "!pto.ptr<");
		type_print(t, in, d->sub[0], o);
		if (d->space != SP_GM)
			out_f(o, ", %s", isa_space[d->space].ptr);
		out_char(o, '>');
		return;
	case TY_TVIEW: print_shaped(t, in, "!pto.tensor_view", d, o); return;
	case TY_PVIEW: print_shaped(t, in, "!pto.partition_tensor_view", d, o); return;
	case TY_TILE_VALUE: print_shaped(t, in, "!pto.tile", d, o); return;
	case TY_LOCAL_ARRAY: print_shaped(t, in, "!pto.local_array", d, o); return;
	case TY_EVENTID_ARRAY: out_f(o, "!pto.eventid_array<%u>", d->width); return;
	case TY_STRUCT: print_sub(t, in, "!pto.struct", d, o); return;
	case TY_PIPE: out_str(o, "!pto.pipe"); return;
	case TY_ASYNC_SESSION: out_str(o, "!pto.async_session"); return;
	case TY_ASYNC_EVENT: out_str(o, "!pto.async_event"); return;
	case TY_PREFETCH_CTX: out_str(o, "!pto.prefetch_async_context"); return;
	case TY_LOW:
	case TY_OPAQUE:
		out_strv(o, sym_text(in, d->text));
		return;
	}
}

const char *
type_str(const struct types *t, const struct intern *in, struct typ ty)
{
	struct out o;

	out_init(&o, t->a);
	type_print(t, in, ty, &o);
	return o.p;
}
