/* types: C++ spellings of IR types, cached per type id. Spec: emission.md §4, §5, §6.1. */
#include "emit/emit.h"

static const char *const blayout_token[] = {"RowMajor", "ColMajor"};
static const char *const slayout_token[] = {"NoneBox", "RowMajor", "ColMajor"};
static const char *const pad_token[] = {"Null", "Zero", "Max", "Min"};
static const char *const compact_token[] = {"Null", "Normal", "RowPlusOne"};
static const char *const gm_layout_token[] = {"ND", "DN", "NZ"};

const char *
layout_token(uint8_t layout)
{
	return gm_layout_token[layout];
}

static const char *
finish(const struct out *o)
{
	return out_text(o).p;
}

static const char *
tile_text(struct cxx *x, const struct type_data *d)
{
	const struct tile_shape *s = &d->tile;
	const char *elem = x_type(x, d->sub[0]), *kind = isa_space[s->space].cxx;
	struct out o;

	if (!elem || !kind)
		return NULL;
	out_init(&o, x->a);
	out_f(&o, "Tile<TileType::%s, %s, %lld, %lld, BLayout::%s, %lld, %lld, SLayout::%s, %u, PadValue::%s, ", kind,
	      elem, (long long)s->rows, (long long)s->cols, blayout_token[s->blayout], (long long)s->vrow,
	      (long long)s->vcol, slayout_token[s->slayout], s->fractal, pad_token[s->pad]);
	out_f(&o, "CompactMode::%s>", compact_token[s->compact]);
	return finish(&o);
}

const char *
x_view_type(struct cxx *x, struct typ elem, const int64_t dim[5], const int64_t stride[5], uint8_t layout)
{
	const char *e = x_type(x, elem);
	struct out o;

	if (!e)
		return NULL;
	out_init(&o, x->a);
	out_f(&o, "GlobalTensor<%s, pto::Shape<", e);
	for (uint32_t k = 0; k < 5; k++)
		out_f(&o, "%s%lld", k ? ", " : "", (long long)dim[k]);
	out_str(&o, ">, pto::Stride<");
	for (uint32_t k = 0; k < 5; k++)
		out_f(&o, "%s%lld", k ? ", " : "", (long long)(stride ? stride[k] : DIM_DYN));
	out_f(&o, ">, pto::Layout::%s>", layout_token(layout));
	return finish(&o);
}

static const char *
view_text(struct cxx *x, const struct type_data *d)
{
	int64_t dim[5] = {1, 1, 1, 1, 1};

	if (d->rank > 5)
		return NULL;
	for (uint32_t k = 0; k < d->rank; k++)
		dim[5 - d->rank + k] = d->dim[k];
	return x_view_type(x, d->sub[0], dim, NULL, LAYOUT_ND);
}

static const char *
int_text(const struct type_data *d)
{
	static const char *const s[] = {"int8_t", "int16_t", "int32_t", "int64_t"};
	static const char *const u[] = {"uint8_t", "uint16_t", "uint32_t", "uint64_t"};
	uint32_t k = d->width == 8 ? 0 : d->width == 16 ? 1 : d->width == 32 ? 2 : d->width == 64 ? 3 : 4;

	if (d->width == 1)
		return "bool";
	return k == 4 ? NULL : d->sign == UNSIGNED ? u[k] : s[k];
}

static const char *
pointer_text(struct cxx *x, const struct type_data *d)
{
	const char *e = x_type(x, d->sub[0]);
	struct out o;

	if (!e)
		return NULL;
	out_init(&o, x->a);
	out_f(&o, "%s %s*", d->kind == TY_PTR ? isa_space[d->space].qual : "__gm__", e);
	return finish(&o);
}

static const char *
vector_text(struct cxx *x, const struct type_data *d)
{
	const struct type_data *e = type_data(&x->ir->types, d->sub[0]);

	return d->rank == 1 && d->dim[0] == 4 && e->kind == TY_INT && e->width == 16 ? "pto::MrgSortExecutedNumList"
										     : NULL;
}

static const char *
event_array_text(struct cxx *x, const struct type_data *d)
{
	struct out o;

	out_init(&o, x->a);
	out_f(&o, "PTOAS_EventIdArray<%u>", d->width);
	return finish(&o);
}

/* Fields by their spelling in the input, nested structs between S and E. */
static void
struct_name(const struct cxx *x, const struct type_data *d, struct out *o)
{
	for (uint32_t k = 0; k < d->nsub; k++) {
		const struct type_data *f = type_data(&x->ir->types, d->sub[k]);
		if (k)
			out_char(o, '_');
		if (f->kind != TY_STRUCT) {
			out_str(o, type_str(&x->ir->types, &x->ir->in, d->sub[k]));
			continue;
		}
		out_str(o, "S_");
		struct_name(x, f, o);
		out_str(o, "_E");
	}
}

static const char *
struct_text(struct cxx *x, const struct type_data *d)
{
	struct out o;

	for (uint32_t k = 0; k < d->nsub; k++)
		if (!x_type(x, d->sub[k]))
			return NULL;
	out_init(&o, x->a);
	out_str(&o, "PtoStruct_");
	struct_name(x, d, &o);
	return finish(&o);
}

static const char *
make_text(struct cxx *x, const struct type_data *d)
{
	static const char *const ftype[FLOAT_COUNT] = {
		[F_F16] = "half", [F_BF16] = "bfloat16_t", [F_F32] = "float", [F_F64] = "double"};

	switch (d->kind) {
	case TY_INT:
		return int_text(d);
	case TY_FLOAT:
		return ftype[d->fkind];
	case TY_INDEX:
		return "int64_t";
	case TY_VECTOR:
		return vector_text(x, d);
	case TY_TILE:
		return tile_text(x, d);
	case TY_PTR:
	case TY_MEMREF:
		return pointer_text(x, d);
	case TY_TVIEW:
	case TY_PVIEW:
		return view_text(x, d);
	case TY_EVENTID_ARRAY:
		return event_array_text(x, d);
	case TY_PIPE:
		return "auto";
	case TY_ASYNC_SESSION:
		return "pto::comm::AsyncSession";
	case TY_ASYNC_EVENT:
		return "pto::comm::AsyncEvent";
	case TY_PREFETCH_CTX:
		return "pto::PrefetchAsyncContext";
	case TY_STRUCT:
		return struct_text(x, d);
	case TY_LOCAL_ARRAY: /* C array: its declaration is not "T v" */
	case TY_ERROR:
	case TY_NONE:
	case TY_FUNC:
	case TY_TENSOR:
	case TY_TUPLE:
	case TY_COMPLEX:
	case TY_MULTI_TILE:
	case TY_TILE_VALUE:
	case TY_LOW:
	case TY_OPAQUE:
		return NULL;
	}
	return NULL;
}

const char *
x_type(struct cxx *x, struct typ ty)
{
	if (ty.i >= x->tname.n)
		VEC_ADD(x->a, &x->tname, ty.i + 1 - x->tname.n);
	if (!x->tname.at[ty.i]) {
		struct type_data d = *type_data(&x->ir->types, ty);
		const char *s = make_text(x, &d);
		x->tname.at[ty.i] = s;
	}
	return x->tname.at[ty.i];
}

struct typ
x_tile_type(const struct cxx *x, struct val v)
{
	struct typ t = x_val(x, v)->tile;

	return t.i ? t : val_type(x->ir, v);
}

bool
x_is_view(const struct cxx *x, struct val v)
{
	enum type_kind k = type_kind(&x->ir->types, val_type(x->ir, v));

	return k == TY_TVIEW || k == TY_PVIEW;
}

const char *
x_val_type(struct cxx *x, struct val v)
{
	struct cval *c = x_val(x, v);
	const char *s = c->type ? c->type : x_type(x, x_tile_type(x, v));

	if (!s) {
		struct val_data *d = ir_val(x->ir, v);
		const char *t = type_str(&x->ir->types, &x->ir->in, d->type);
		x_fail(x, d->def.i ? d->def : x->func, "has a value of type %s, which %s", t,
		       c->flags & CV_VAR ? "C++ cannot assign to a variable" : "has no C++ form");
		s = "void";
	}
	return s;
}
