/*
 * storage: state of tile variables (valid shape, address), pointers as integers, queries of views, and the arrays and
 * structs of scalars that live on the stack.
 */
#include "verify/rule.h"

static bool
has_kind(struct verify *v, const struct opnd *x, enum type_kind k)
{
	return type_kind(&v->ir->types, x->type) == k;
}

static bool
want_kind(struct verify *v, struct op o, const struct opnd *x, enum type_kind k, const char *what)
{
	return has_kind(v, x, k) || FAIL(v, o, "expects %s to be %s", x->name, what) || blame(v, x, NULL);
}

/* ---- tile variables ---- */

/* The allocation behind bitcasts and reshapes, 0 when the tile comes from elsewhere. */
static struct op
bound_source(struct verify *v, struct val t)
{
	struct op def;

	while ((def = ir_val(v->ir, t)->def).i) {
		enum op_id id = op_id(v->ir, def);
		if (id == OP_ALLOC_TILE || id == OP_DECLARE_TILE)
			return def;
		if (id != OP_BITCAST && id != OP_TRESHAPE)
			break;
		t = op_opnd(v->ir, def, 0);
	}
	return (struct op){0};
}

bool
verify_set_validshape(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0);
	int64_t c;

	if (!src.s)
		return FAIL(v, o, "expects source to be a !pto.tile_buf") || blame(v, &src, NULL);
	if (dim_known(src.s->vrow) || dim_known(src.s->vcol))
		return FAIL(v, o, "expects source tile_buf to have dynamic validShape (?, ?)") || blame(v, &src, NULL);
	if (!bound_source(v, src.val).i)
		return FAIL(v, o, "requires a locally bound tile source; function arguments/results are unsupported") ||
		       blame(v, &src, NULL);
	for (uint32_t i = 0; i < 2; i++) {
		struct opnd x = opnd_of(v, o, 1 + i);
		const char *what = i ? "col" : "row";
		if (!val_const_int(v->ir, x.val, &c))
			continue;
		if (c < 0)
			return FAIL(v, o, "expects %s operand to be non-negative", what) || blame(v, &x, NULL);
		if (c > opnd_dim(&src, i))
			return FAIL(v, o, "expects %s operand <= shape dim (%lld)", what,
				    (long long)opnd_dim(&src, i)) || blame(v, &x, &src);
	}
	return true;
}

bool
verify_get_validshape(struct verify *v, struct op o)
{
	struct opnd src = opnd_of(v, o, 0);

	return tile_common(v, o, &src);
}

bool
verify_tassign(struct verify *v, struct op o)
{
	struct opnd tile = opnd_of(v, o, 0), addr = opnd_of(v, o, 1), res = opnd_result(v, o, 0);
	struct op def = ir_val(v->ir, tile.val)->def;
	int64_t at;

	if (v->opt->level < 3) {
		op_error(v->ir, o, DIAG_LEVEL, "pto.tassign is only supported when --pto-level=level3.");
		return false;
	}
	if (!tile.s || tile.type.i != res.type.i)
		return FAIL(v, o, "expects tile_buf operand and a result of the same type") || blame(v, &tile, &res);
	if (!def.i || !(op_id(v->ir, def) == OP_ALLOC_TILE || op_id(v->ir, def) == OP_TASSIGN))
		return FAIL(v, o, "expects the result of pto.alloc_tile or pto.tassign") || blame(v, &tile, NULL);
	if (!(elem_bit(v, addr.type) & E_I64))
		return FAIL(v, o, "addr must be an i64, got %s", ty_str(v, addr.type)) || blame(v, &addr, NULL);
	if (!val_const_int(v->ir, addr.val, &at))
		return true;
	uint32_t align = isa_space[tile.s->space].align;
	uint64_t bytes = tile_bytes(tile.s, tile.es);
	if (at < 0)
		return FAIL(v, o, "addr must be non-negative, got %lld", (long long)at) || blame(v, &addr, NULL);
	if (at % align)
		return FAIL(v, o, "addr must be aligned to %u bytes for local tile memory space, got %lld", align,
			    (long long)at) || blame(v, &addr, NULL);
	if ((uint64_t)at + bytes > isa_space[tile.s->space].bytes)
		return FAIL(v, o, "places bytes [%lld, %llu) in %s, which has %u bytes", (long long)at,
			    (unsigned long long)at + bytes, isa_space[tile.s->space].tile,
			    isa_space[tile.s->space].bytes) || blame(v, &addr, NULL);
	return true;
}

/* ---- pointers and views ---- */

bool
verify_castptr(struct verify *v, struct op o)
{
	struct opnd in = opnd_of(v, o, 0), res = opnd_result(v, o, 0);
	const struct type_data *a = type_data(&v->ir->types, in.type), *b = type_data(&v->ir->types, res.type);

	if (a->kind != TY_INT && a->kind != TY_MEMREF && a->kind != TY_PTR)
		return FAIL(v, o, "input must be an integer, memref, or !pto.ptr<...>") || blame(v, &in, NULL);
	if (b->kind != TY_INT && b->kind != TY_PTR)
		return FAIL(v, o, "result must be an integer or !pto.ptr<...>") || blame(v, &res, NULL);
	if (a->kind == TY_INT && b->kind == TY_INT)
		return FAIL(v, o, "integer-to-integer cast is not a ptr cast") || blame(v, &in, &res);
	if (a->kind == TY_MEMREF && b->kind == TY_INT)
		return FAIL(v, o, "memref-to-integer cast is unsupported") || blame(v, &in, &res);
	if (a->kind == TY_PTR && b->kind == TY_PTR && a->space != b->space)
		return FAIL(v, o, "ptr-to-ptr cast must stay within the same PTO memory space") ||
		       blame(v, &in, &res);
	return true;
}

bool
verify_ptrtoint(struct verify *v, struct op o)
{
	struct opnd ptr = opnd_of(v, o, 0), res = opnd_result(v, o, 0);

	if (!want_kind(v, o, &ptr, TY_PTR, "a !pto.ptr"))
		return false;
	return elem_bit(v, res.type) == E_I64 || FAIL(v, o, "result must be an i64") || blame(v, &res, NULL);
}

bool
verify_inttoptr(struct verify *v, struct op o)
{
	struct opnd addr = opnd_of(v, o, 0), res = opnd_result(v, o, 0);
	const struct type_data *p = type_data(&v->ir->types, res.type);

	if (elem_bit(v, addr.type) != E_I64)
		return FAIL(v, o, "address operand must be i64") || blame(v, &addr, NULL);
	if (p->kind != TY_PTR || (p->space != SP_GM && p->space != SP_ZERO))
		return FAIL(v, o, "result must be a !pto.ptr to global memory") || blame(v, &res, NULL);
	if (!(elem_bit(v, res.elem) & (E_ANY_INT | E_F16 | E_BF16 | E_F32 | E_F64)))
		return FAIL(v, o, "result element type is not supported by EmitC: '%s'", ty_str(v, res.elem));
	return true;
}

/* An address is good for scalar access only: nothing is known of what lies there. */
bool
inttoptr_use(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	enum op_id id = op_id(ir, o);

	for (uint32_t k = 0; k < ir_op(ir, o)->nopnd; k++) {
		struct op def = op_opnd(ir, o, k).i ? ir_val(ir, op_opnd(ir, o, k))->def : (struct op){0};
		bool scalar = (id == OP_LOAD_SCALAR && k == 0) || (id == OP_STORE_SCALAR && k == 1);
		if (!def.i || op_id(ir, def) != OP_INTTOPTR || scalar)
			continue;
		op_error(ir, def, DIAG_VERIFY,
			 "result may only be used as the pointer operand of pto.load_scalar or pto.store_scalar; "
			 "found use by '%s'", op_row(ir, o)->name);
		diag_note(ir->diags, ir_op(ir, o)->span, "used here");
		return false;
	}
	return true;
}

bool
verify_view_dim(struct verify *v, struct op o)
{
	struct opnd view = opnd_of(v, o, 0), dim = opnd_of(v, o, 1), res = opnd_result(v, o, 0);
	int64_t c, rank = type_data(&v->ir->types, view.type)->rank;

	if (!has_kind(v, &res, TY_INDEX))
		return FAIL(v, o, "result must be an index") || blame(v, &res, NULL);
	if (val_const_int(v->ir, dim.val, &c) && (c < 0 || c >= rank))
		return FAIL(v, o, "dimension %lld is out of range for a view of rank %lld", (long long)c,
			    (long long)rank) || blame(v, &view, NULL);
	return true;
}

bool
verify_declare_global(struct verify *v, struct op o)
{
	struct opnd res = opnd_result(v, o, 0);

	return want_kind(v, o, &res, TY_TVIEW, "a !pto.tensor_view");
}

/* Also a pto.set_ffts operand may be an address. */
bool
verify_set_ffts(struct verify *v, struct op o)
{
	struct opnd x = opnd_of(v, o, 0);

	return has_kind(v, &x, TY_INT) || want_kind(v, o, &x, TY_PTR, "a !pto.ptr or an integer");
}

/* ---- arrays and structs on the stack ---- */

bool
verify_declare_local_array(struct verify *v, struct op o)
{
	struct opnd res = opnd_result(v, o, 0);

	if (!want_kind(v, o, &res, TY_LOCAL_ARRAY, "a !pto.local_array"))
		return false;
	return is_scalar(v, res.elem) || FAIL(v, o, "element type %s is not a scalar", ty_str(v, res.elem));
}

bool
verify_local_array(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	struct opnd array = opnd_of(v, o, 0);
	bool get = ir_op(ir, o)->nres;
	struct opnd x = get ? opnd_result(v, o, 0) : opnd_of(v, o, 2);
	uint32_t n;

	if (!want_kind(v, o, &array, TY_LOCAL_ARRAY, "a !pto.local_array"))
		return false;
	const struct type_data *d = type_data(&ir->types, array.type);
	const struct val *idx = op_group(ir, o, 1, &n);
	if (n != d->rank)
		return FAIL(v, o, "expects %u indices for !pto.local_array of rank %u, got %u", d->rank, d->rank, n) ||
		       blame(v, &array, NULL);
	if (x.type.i != d->sub[0].i)
		return FAIL(v, o, "%s type %s does not match array element type %s", get ? "result" : "value",
			    ty_str(v, x.type), ty_str(v, d->sub[0])) || blame(v, &array, NULL);
	for (uint32_t k = 0; k < n; k++) {
		int64_t c;
		struct opnd i = opnd_named(v, idx[k], "index");
		if (val_const_int(ir, idx[k], &c) && (c < 0 || c >= d->dim[k]))
			return FAIL(v, o, "index %lld is out of range for dimension %u of %s", (long long)c, k,
				    ty_str(v, array.type)) || blame(v, &i, NULL);
	}
	return true;
}

bool
verify_declare_struct(struct verify *v, struct op o)
{
	struct opnd res = opnd_result(v, o, 0);

	return want_kind(v, o, &res, TY_STRUCT, "a !pto.struct");
}

bool
verify_struct_field(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	struct opnd s = opnd_of(v, o, 0);
	struct opnd x = ir_op(ir, o)->nres ? opnd_result(v, o, 0) : opnd_of(v, o, 1);
	const struct attr_data *path = attr_data(&ir->attrs, op_attr(ir, o, ir->name.path));
	struct typ at = s.type;

	if (!want_kind(v, o, &s, TY_STRUCT, "a !pto.struct"))
		return false;
	if (path->kind != AT_DENSE_ARRAY || path->n == 0)
		return FAIL(v, o, "struct path must have at least one index");
	for (uint32_t k = 0; k < path->n; k++) {
		const struct type_data *d = type_data(&ir->types, at);
		if (d->kind != TY_STRUCT)
			return FAIL(v, o, "struct path index %u descends into non-struct field of type %s", k,
				    ty_str(v, at)) || blame(v, &s, NULL);
		if (path->elem[k] < 0 || path->elem[k] >= (int64_t)d->nsub)
			return FAIL(v, o, "struct path index %u (%lld) is out of range for %s with %u field(s)", k,
				    (long long)path->elem[k], ty_str(v, at), d->nsub) || blame(v, &s, NULL);
		at = d->sub[path->elem[k]];
	}
	if (type_kind(&ir->types, at) == TY_STRUCT)
		return FAIL(v, o, "struct path must end at a scalar field, but ends at %s", ty_str(v, at)) ||
		       blame(v, &s, NULL);
	if (x.type.i != at.i)
		return FAIL(v, o, "%s type %s does not match field type %s", x.name[0] ? x.name : "value",
			    ty_str(v, x.type), ty_str(v, at)) || blame(v, &s, NULL);
	return true;
}

/* A struct is known by the name of its variable: it must not leave the scope, nor come from elsewhere. */
bool
struct_provenance(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	const struct op_data *d = ir_op(ir, o);
	const struct op_row *row = op_row(ir, o);

	for (uint32_t k = 0; k < d->nopnd && (row->flags & OPF_TERM); k++) {
		struct val x = op_opnd(ir, o, k);
		if (x.i && type_kind(&ir->types, val_type(ir, x)) == TY_STRUCT)
			return FAIL(v, o, "stack-local struct must not escape the scope that declares it, but its "
				    "value is passed to '%s'", row->name);
	}
	for (uint32_t k = 0; k < d->nres && d->id != OP_DECLARE_STRUCT && d->id != OP_STRUCT_GET; k++)
		if (type_kind(&ir->types, val_type(ir, op_res(ir, o, k))) == TY_STRUCT)
			return FAIL(v, o, "result %u has type %s, but only 'pto.declare_struct' may produce a "
				    "!pto.struct result", k, ty_str(v, val_type(ir, op_res(ir, o, k))));
	if (d->id != OP_FUNC)
		return true;
	const struct type_data *f = type_data(&ir->types, func_type(ir, o));
	for (uint32_t k = 0; f->kind == TY_FUNC && k < f->nsub; k++) {
		if (type_kind(&ir->types, f->sub[k]) != TY_STRUCT)
			continue;
		if (k < f->nin)
			return FAIL(v, o, "argument %u has type %s, but a stack-local struct must not be a function "
				    "argument; pass its fields", k, ty_str(v, f->sub[k]));
		return FAIL(v, o, "result %u has type %s, but a stack-local struct must not be returned: return its "
			    "fields", k - f->nin, ty_str(v, f->sub[k]));
	}
	return true;
}

/* ---- prefetch contexts and printing ---- */

bool
verify_prefetch_context(struct verify *v, struct op o)
{
	struct opnd ws = opnd_of(v, o, 0), res = opnd_result(v, o, 0);

	if (!want_kind(v, o, &ws, TY_PTR, "a !pto.ptr<i8>") ||
	    !want_kind(v, o, &res, TY_PREFETCH_CTX, "a !pto.prefetch_async_context"))
		return false;
	return (elem_bit(v, ws.elem) & E_B8) || FAIL(v, o, "expects workspace to be a !pto.ptr<i8>") ||
	       blame(v, &ws, NULL);
}

bool
verify_prefetch_session(struct verify *v, struct op o)
{
	struct opnd ctx = opnd_of(v, o, 0), res = opnd_result(v, o, 0);

	return want_kind(v, o, &ctx, TY_PREFETCH_CTX, "a !pto.prefetch_async_context") &&
	       want_kind(v, o, &res, TY_ASYNC_SESSION, "a !pto.async_session");
}

bool
verify_print(struct verify *v, struct op o)
{
	const struct attr_data *d = attr_data(&v->ir->attrs, op_attr(v->ir, o, v->ir->name.format));

	return d->kind == AT_STRING || FAIL(v, o, "requires attribute 'format'");
}
