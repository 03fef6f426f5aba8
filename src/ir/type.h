/*
 * type: hash-consed types. Equal type <=> equal id; 0 is "none/poisoned".
 */
#ifndef PTOC_IR_TYPE_H
#define PTOC_IR_TYPE_H

#include "base/out.h"
#include "isa/isa.h"

struct typ {
	uint32_t i;
};

enum type_kind {
	TY_ERROR,		/* only typ{0}: a value whose definition failed; later checks stay silent */
	TY_INT,			/* iN, siN, uiN */
	TY_FLOAT,
	TY_INDEX,
	TY_NONE,
	TY_FUNC,		/* sub[0..nin) -> sub[nin..nsub) */
	TY_VECTOR,		/* shape, sub[0] */
	TY_TENSOR,		/* shape, sub[0] */
	TY_MEMREF,		/* shape, sub[0], text = layout and space as written */
	TY_TUPLE,
	TY_COMPLEX,
	TY_TILE,		/* !pto.tile_buf: tile, sub[0] */
	TY_MULTI_TILE,		/* !pto.multi_tile_buf: sub[0] = tile type, count */
	TY_PTR,			/* !pto.ptr: sub[0], space */
	TY_TVIEW,		/* !pto.tensor_view: shape, sub[0] */
	TY_PVIEW,		/* !pto.partition_tensor_view: shape, sub[0] */
	TY_TILE_VALUE,		/* !pto.tile (legacy): shape, sub[0] */
	TY_EVENTID_ARRAY,	/* count */
	TY_LOCAL_ARRAY,		/* shape, sub[0] */
	TY_STRUCT,		/* sub[] = fields */
	TY_PIPE, TY_ASYNC_SESSION, TY_ASYNC_EVENT, TY_PREFETCH_CTX,
	TY_LOW,			/* hif8, f8E8M0, ...: text; parse, no op takes them */
	TY_OPAQUE		/* a5-only pto types: text */
};

enum sign { SIGNLESS, SIGNED, UNSIGNED };

enum float_kind {
	F_F16, F_BF16, F_F32, F_F64,	/* the ones with C++ names; the others parse only */
	F_TF32, F_F80, F_F128, F_F8E5M2, F_F8E4M3, F_F8E4M3FN, F_F8E5M2FNUZ, F_F8E4M3FNUZ, F_F8E4M3B11FNUZ, F_F8E3M4,
	FLOAT_COUNT
};

#define DIM_DYN ((int64_t)-1)

struct tile_shape {
	enum space space;
	int64_t rows, cols;	/* > 0 */
	int64_t vrow, vcol;	/* valid shape, DIM_DYN when dynamic */
	uint8_t blayout, slayout, pad, compact;
	uint16_t fractal;	/* bytes of one box: 32, 512, 1024 */
};

struct type_data {
	enum type_kind kind;
	uint32_t width;		/* INT: bits; MULTI_TILE, EVENTID_ARRAY: count */
	uint8_t sign;		/* INT: enum sign */
	uint8_t fkind;		/* FLOAT: enum float_kind */
	enum space space;	/* PTR */
	struct tile_shape tile;	/* TILE */
	const int64_t *dim;	/* rank dims, DIM_DYN = ? */
	uint32_t rank;
	const struct typ *sub;
	uint32_t nsub, nin;	/* FUNC: nin inputs first */
	struct sym text;	/* MEMREF tail, LOW, OPAQUE */
};

struct types {
	struct arena *a;
	VEC(struct type_data) all;
	uint32_t *slot, nslot;
};

void types_init(struct types *t, struct arena *a);
/* The unique id of a type; copies dim and sub into the arena when it is new. Unused fields must be 0. */
struct typ type_get(struct types *t, const struct type_data *d);
const struct type_data *type_data(const struct types *t, struct typ ty);

struct typ type_int(struct types *t, uint32_t width, enum sign s);
struct typ type_float(struct types *t, enum float_kind k);
struct typ type_index(struct types *t);
struct typ type_none(struct types *t);
struct typ type_ptr(struct types *t, struct typ elem, enum space sp);
struct typ type_shaped(struct types *t, enum type_kind k, struct typ elem, const int64_t *dim, uint32_t rank);
struct typ type_tile(struct types *t, struct typ elem, const struct tile_shape *s);
struct typ type_func(struct types *t, const struct typ *in, uint32_t nin, const struct typ *out, uint32_t nout);

static inline enum type_kind
type_kind(const struct types *t, struct typ ty)
{
	return type_data(t, ty)->kind;
}

bool type_is_int(const struct types *t, struct typ ty);			/* any width and sign, not index */
bool type_is_int_or_index(const struct types *t, struct typ ty);
bool type_is_float(const struct types *t, struct typ ty);		/* f16 bf16 f32 f64 */
bool type_is_bool(const struct types *t, struct typ ty);		/* i1 */
/* Storage bytes of an element type (i8..i64, f16..f64, index = 8); 0 when it has none. */
uint32_t type_bytes(const struct types *t, struct typ ty);
/* Elements of a view, vector or tensor of constant shape; DIM_DYN when a dimension is open or they do not fit. */
int64_t type_elems(const struct types *t, struct typ ty);
/* Element type of tiles, pointers, views, vectors; the type itself otherwise. */
struct typ type_elem(const struct types *t, struct typ ty);
const char *float_name(enum float_kind k);
bool float_find(struct strv name, enum float_kind *k);

/* Canonical text: compact tile form, !pto.ptr<f32, gm> as !pto.ptr<f32>. Also for messages. */
void type_print(const struct types *t, const struct intern *in, struct typ ty, struct out *o);
const char *type_str(const struct types *t, const struct intern *in, struct typ ty);

/* Boxed tiles: rows and columns of one inner box (capacities.json boxed_inner_rows_cols); 1x1 for none_box. */
void tile_box(const struct tile_shape *s, uint32_t elem_bytes, uint32_t *rows, uint32_t *cols);
/* Bytes from base to the end of the tile. */
uint64_t tile_bytes(const struct tile_shape *s, uint32_t elem_bytes);

#endif
