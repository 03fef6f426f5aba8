/*
 * memory: objects that stand for memory: tiles, views, pointers, fifos.
 *
 * A C++ tile variable is one IR value per address it gets: TASSIGN, TRESHAPE and SetValidShape make a new one, so that
 * every use knows where it is. The extents of the valid area are operands of the allocation.
 */
#include "cxxin/model.h"

static struct cval
cx_other(void)
{
	return (struct cval){.kind = CV_OTHER};
}

uint32_t
cx_var_of(const struct reader *r, uint32_t e)
{
	const struct expr *x = &r->expr.at[e];

	while (x->kind == EX_UNARY && (x->op == '&' || x->op == '*'))
		x = &r->expr.at[x->a];
	return x->kind == EX_VAR ? x->a : 0;
}

/* ---- tiles ---- */

struct val
cx_tile_new(struct reader *r, struct typ ty, struct val addr, struct val row, struct val col, struct span at)
{
	const struct val in[3] = {addr, row, col};
	struct op o = cx_op(r, OP_ALLOC_TILE, at);

	ir_op_operands(r->ir, o, in, 3);
	struct val v = ir_op_result(r->ir, o, ty);
	cx_put(r, o);
	return v;
}

/* The allocation behind a tile value, 0 when it is one of several or bound by another op. */
static struct op
alloc_of(const struct reader *r, struct val v)
{
	struct op o = v.i ? ir_val(r->ir, v)->def : (struct op){0};

	return o.i && op_id(r->ir, o) == OP_ALLOC_TILE ? o : (struct op){0};
}

static struct val
cx_addr_of(const struct reader *r, struct val tile)
{
	struct op o = alloc_of(r, tile);

	return o.i ? op_slot(r->ir, o, 0) : (struct val){0};
}

/* The constructor takes the extents that the type leaves open, rows first. */
static struct cval
make_tile(struct reader *r, const struct ctype *t, const struct cval *arg, uint32_t n, struct span at)
{
	const struct tile_shape *s = &type_data(&r->ir->types, t->ty)->tile;
	struct val row = {0}, col = {0};
	uint32_t k = 0;

	if (n == 1 && arg[0].kind == CV_VAL && val_type(r->ir, arg[0].v).i == t->ty.i)
		return arg[0];
	if (s->vrow == DIM_DYN && k < n && cx_is_int(r, &arg[k]))
		row = arg[k].v;
	k += s->vrow == DIM_DYN || n == 2;
	if (s->vcol == DIM_DYN && k < n && cx_is_int(r, &arg[k]))
		col = arg[k].v;
	return cx_val(cx_tile_new(r, t->ty, (struct val){0}, row, col, at), false);
}

/* The op that a value is a plain conversion of. */
static struct op
behind_casts(const struct reader *r, struct val v)
{
	struct op o = ir_val(r->ir, v)->def;

	while (o.i && (op_id(r->ir, o) == OP_ARITH_EXTSI || op_id(r->ir, o) == OP_ARITH_EXTUI ||
		       op_id(r->ir, o) == OP_ARITH_INDEX_CAST))
		o = ir_val(r->ir, op_opnd(r->ir, o, 0))->def;
	return o;
}

enum { SLOT_MAX = 8 };

/* A tile at a chosen address is a choice of tiles: c ? a1 : a0 is how slots of a multi-buffer print. */
static struct val
tile_at(struct reader *r, struct typ ty, struct val addr, struct val row, struct val col, struct span at, uint32_t deep)
{
	struct op sel = behind_casts(r, addr);

	if (!sel.i || op_id(r->ir, sel) != OP_ARITH_SELECT || deep == SLOT_MAX)
		return cx_tile_new(r, ty, addr, row, col, at);
	struct val c = op_opnd(r->ir, sel, 0), x = op_opnd(r->ir, sel, 1), y = op_opnd(r->ir, sel, 2);
	struct val in[3] = {c, tile_at(r, ty, x, row, col, at, deep + 1), tile_at(r, ty, y, row, col, at, deep + 1)};
	struct op o = cx_op(r, OP_ARITH_SELECT, at);
	ir_op_operands(r->ir, o, in, 3);
	struct val v = ir_op_result(r->ir, o, ty);
	cx_put(r, o);
	return v;
}

static void
valid_of(const struct reader *r, struct val tile, struct val *row, struct val *col)
{
	struct op o = alloc_of(r, tile);

	*row = o.i ? op_slot(r->ir, o, 1) : (struct val){0};
	*col = o.i ? op_slot(r->ir, o, 2) : (struct val){0};
}

static struct val
retyped(struct reader *r, enum op_id id, struct val src, struct typ ty, struct span at)
{
	struct op o = cx_op(r, id, at);

	ir_op_operands(r->ir, o, &src, 1);
	struct val v = ir_op_result(r->ir, o, ty);
	cx_put(r, o);
	return v;
}

/* TASSIGN(var, addr) and TRESHAPE(var, tile). False when the variable is no tile. */
bool
cx_assign_address(struct reader *r, uint32_t var, struct cval addr, struct span at)
{
	const struct ctype *t = &r->ctype.at[r->var.at[var].type];
	struct typ ty = t->ty;
	struct val row = {0}, col = {0}, v;

	if (t->kind != CT_TILE)
		return false;
	if (r->cur.at[var].kind == CV_VAL)
		valid_of(r, r->cur.at[var].v, &row, &col);
	if (addr.kind == CV_DATA && cx_addr_of(r, addr.v).i)
		v = tile_at(r, ty, cx_addr_of(r, addr.v), row, col, at, 0);
	else if (addr.kind == CV_DATA)
		v = retyped(r, OP_TRESHAPE, addr.v, ty, at);
	else if (cx_is_int(r, &addr))
		v = tile_at(r, ty, addr.v, row, col, at, 0);
	else
		v = cx_tile_new(r, ty, (struct val){0}, row, col, at);
	r->cur.at[var] = cx_val(v, false);
	return true;
}

struct cval
cx_tile_address(struct reader *r, struct val tile, struct span at)
{
	struct typ i64 = type_int(&r->ir->types, 64, SIGNLESS);
	struct val a = cx_addr_of(r, tile);

	if (!a.i)
		return cx_val(cx_opaque(r, i64, at), true);
	return cx_val(cx_force(r, cx_val(a, true), i64, at), true);
}

/* ---- views ---- */

/* Sizes of a Shape or Stride object: those of the type, the open ones from the arguments. */
static struct cval
make_five(struct reader *r, const struct ctype *t, const struct cval *arg, uint32_t n, struct span at)
{
	struct cval out = {.kind = CV_FIVE, .n = 5}, v[5];
	struct typ i64 = type_int(&r->ir->types, 64, SIGNLESS);
	uint32_t next = 0;

	for (uint32_t k = 0; k < 5; k++) {
		uint32_t from = n == 5 ? k : next;
		bool open = t->five[k] < 0;
		next += open;
		if (!open)
			v[k] = cx_val(cx_int(r, t->five[k], 64), false);
		else if (from < n && cx_is_int(r, &arg[from]))
			v[k] = arg[from];
		else
			v[k] = cx_val(cx_opaque(r, i64, at), false);
	}
	out.list0 = r->item.n;
	for (uint32_t k = 0; k < 5; k++)
		VEC_PUSH(r->a, &r->item, v[k]);
	return out;
}

static struct cval
make_view(struct reader *r, const struct ctype *t, const struct cval *arg, uint32_t n, struct span at)
{
	const struct type_data *d = type_data(&r->ir->types, t->ty);
	struct ctype shape = {.kind = CT_FIVE}, stride = {.kind = CT_FIVE};
	struct val in[11];
	struct typ want = type_ptr(&r->ir->types, d->sub[0], SP_GM);

	if (n == 1 && cx_is_view(r, &arg[0]))
		return arg[0];
	if (n == 0 || !cx_is_kind(r, &arg[0], TY_PTR))
		return (struct cval){.kind = CV_UNSET};
	memcpy(shape.five, d->dim, sizeof shape.five);
	memcpy(stride.five, t->five, sizeof stride.five);
	struct cval p = arg[0], s = make_five(r, &shape, NULL, 0, at), q = make_five(r, &stride, NULL, 0, at);
	if (n > 1 && arg[1].kind == CV_FIVE)
		s = arg[1];
	if (n > 2 && arg[2].kind == CV_FIVE)
		q = arg[2];
	in[0] = val_type(r->ir, p.v).i == want.i ? p.v : retyped(r, OP_CASTPTR, p.v, want, at);
	for (uint32_t k = 0; k < 5; k++) {
		in[1 + k] = r->item.at[s.list0 + k].v;
		in[6 + k] = r->item.at[q.list0 + k].v;
	}
	struct op o = cx_op(r, OP_MAKE_TENSOR_VIEW, at);
	ir_op_groups(r->ir, o, in, (const uint32_t[]){1, 5, 5}, 3);
	struct val v = ir_op_result(r->ir, o, t->ty);
	cx_put(r, o);
	return cx_val(v, false);
}

struct cval
cx_view_data(struct reader *r, struct val view, struct span at)
{
	struct op o = ir_val(r->ir, view)->def;
	struct typ elem = type_elem(&r->ir->types, val_type(r->ir, view));

	if (o.i && op_id(r->ir, o) == OP_MAKE_TENSOR_VIEW)
		return cx_val(op_opnd(r->ir, o, 0), false);
	return cx_val(retyped(r, OP_CASTPTR, view, type_ptr(&r->ir->types, elem, SP_GM), at), false);
}

/* Extent or stride k of a view. */
static struct cval
view_size(struct reader *r, struct val view, bool stride, const struct cval *k, struct span at)
{
	struct op o = ir_val(r->ir, view)->def;
	uint32_t n = 0;
	int64_t i;

	if (o.i && op_id(r->ir, o) == OP_MAKE_TENSOR_VIEW && cx_const_of(r, k, &i)) {
		const struct val *v = op_group(r->ir, o, stride ? 2 : 1, &n);
		if (i >= 0 && i < n)
			return cx_val(v[i], false);
	}
	return cx_val(cx_opaque(r, type_int(&r->ir->types, 64, SIGNLESS), at), false);
}

/* ---- fifos and handles ---- */

static void
cx_set_int(struct reader *r, struct op o, struct sym key, int64_t v)
{
	op_attr_set(r->ir, o, key, attr_int(&r->ir->attrs, v, type_int(&r->ir->types, 32, SIGNLESS)));
}

/* TPipe<flags, Direction::DIR_X, slot bytes, slots, local slots, no split>(gm, ring in UB, ring in L1) */
static struct cval
make_fifo(struct reader *r, const struct ctype *t, const struct cval *arg, uint32_t n, struct span at)
{
	const struct ir_names *nm = &r->ir->name;
	int64_t dir = cx_targ_says(r, t->targ0, t->targ1, "DIR_BOTH")	 ? 3
		      : cx_targ_says(r, t->targ0, t->targ1, "DIR_V2C") ? 2
									 : 1;
	const struct {
		struct sym key;
		uint32_t k;
	} number[] = {{nm->flag_base, 0}, {nm->slot_size, 2}, {nm->slot_num, 3}, {nm->local_slot_num, 4}};
	struct val in[3] = {{0}};
	uint32_t lo, hi;
	int64_t v;

	for (uint32_t k = 0; k < 3 && k < n; k++)
		if (arg[k].kind == CV_VAL)
			in[k] = arg[k].v;
	if (dir == 2) {
		in[1] = in[2];
		in[2] = (struct val){0};
	} else if (dir == 1) {
		in[2] = (struct val){0};
	}
	struct op o = cx_op(r, OP_INITIALIZE_L2G2L_PIPE, at);
	ir_op_operands(r->ir, o, in, 3);
	struct val res = ir_op_result(r->ir, o, t->ty);
	cx_set_int(r, o, nm->dir_mask, dir);
	for (size_t k = 0; k < sizeof number / sizeof number[0]; k++)
		if (cx_targ(r, t->targ0, t->targ1, number[k].k, &lo, &hi) && cx_const(r, lo, hi, &v))
			cx_set_int(r, o, number[k].key, v);
	cx_put(r, o);
	if (!in[0].i)
		cx_unknown(r, at, "fifo without a place in GM");
	return cx_val(res, false);
}

static struct cval
make_handle(struct reader *r, const struct ctype *t, const struct cval *arg, uint32_t n, struct span at)
{
	if (n == 1 && arg[0].kind == CV_VAL && val_type(r->ir, arg[0].v).i == t->ty.i)
		return arg[0];
	if (type_kind(&r->ir->types, t->ty) == TY_PIPE)
		return make_fifo(r, t, arg, n, at);
	if (type_kind(&r->ir->types, t->ty) == TY_PREFETCH_CTX && n && cx_is_kind(r, &arg[0], TY_PTR))
		return cx_val(retyped(r, OP_MAKE_PREFETCH_ASYNC_CONTEXT, arg[0].v, t->ty, at), false);
	return (struct cval){.kind = CV_UNSET};
}

struct cval
cx_make(struct reader *r, uint32_t type, struct cval *arg, uint32_t n, struct span at)
{
	struct ctype t = r->ctype.at[type];

	switch ((enum ctype_kind)t.kind) {
	case CT_TILE:
		return make_tile(r, &t, arg, n, at);
	case CT_VIEW:
		return make_view(r, &t, arg, n, at);
	case CT_FIVE:
		return n == 1 && arg[0].kind == CV_FIVE ? arg[0] : make_five(r, &t, arg, n, at);
	case CT_HANDLE:
		return make_handle(r, &t, arg, n, at);
	case CT_INT:
	case CT_FLOAT:
	case CT_PTR:
		return n == 1 ? cx_convert(r, arg[0], type, at) : n == 0 && t.kind == CT_INT
			? cx_val(cx_int(r, 0, type_data(&r->ir->types, t.ty)->width), t.is_unsigned) : cx_other();
	case CT_NONE:
	case CT_VOID:
	case CT_AUTO:
	case CT_NAMED:
		return n == 1 ? arg[0] : cx_other();
	}
	return cx_other();
}

/* ---- members ---- */

static struct val
unsigned_index(struct reader *r, const struct cval *c, struct span at)
{
	return cx_is_int(r, c) ? c->v : cx_opaque(r, type_int(&r->ir->types, 64, SIGNLESS), at);
}

static struct cval
tile_get(struct reader *r, struct val tile, const struct cval *i, struct span at)
{
	const struct val in[] = {tile, unsigned_index(r, i, at)};
	struct typ elem = type_elem(&r->ir->types, val_type(r->ir, tile));
	struct op o = cx_op(r, OP_TGETVAL, at);

	ir_op_operands(r->ir, o, in, 2);
	struct val v = ir_op_result(r->ir, o, elem);
	cx_put(r, o);
	return cx_val(v, type_data(&r->ir->types, elem)->sign == UNSIGNED);
}

static void
tile_set(struct reader *r, struct val tile, const struct cval *i, const struct cval *v, struct span at)
{
	struct typ elem = type_elem(&r->ir->types, val_type(r->ir, tile));
	struct val x = cx_is_scalar(r, v) ? v->v : cx_opaque(r, elem, at);
	const struct val in[] = {unsigned_index(r, i, at), x, tile};
	struct op o = cx_op(r, OP_TSETVAL, at);

	ir_op_operands(r->ir, o, in, 3);
	cx_put(r, o);
}

static void
set_valid(struct reader *r, uint32_t obj, struct val tile, const struct cval *arg, struct span at)
{
	uint32_t var = cx_var_of(r, obj);
	struct val addr = cx_addr_of(r, tile);
	struct val row = unsigned_index(r, &arg[0], at), col = unsigned_index(r, &arg[1], at);
	const struct val in[] = {tile, row, col};

	if (var && addr.i) {
		r->cur.at[var] = cx_val(cx_tile_new(r, val_type(r->ir, tile), addr, row, col, at), false);
		return;
	}
	struct op o = cx_op(r, OP_SET_VALIDSHAPE, at);
	ir_op_operands(r->ir, o, in, 3);
	cx_put(r, o);
}

/* Valid rows or columns of a tile. */
static struct cval
get_valid(struct reader *r, struct val tile, bool col, struct span at)
{
	const struct tile_shape *s = &type_data(&r->ir->types, val_type(r->ir, tile))->tile;
	int64_t n = col ? s->vcol : s->vrow;
	struct op o = alloc_of(r, tile);
	struct val v = o.i ? op_slot(r->ir, o, col ? 2 : 1) : (struct val){0};

	if (n != DIM_DYN)
		return cx_val(cx_int(r, n, 64), false);
	return cx_val(v.i ? v : cx_opaque(r, type_int(&r->ir->types, 64, SIGNLESS), at), false);
}

static struct cval
tile_member(struct reader *r, const struct expr *e, uint32_t obj, struct val tile, struct sym name, struct cval *arg,
	    uint32_t n)
{
	if (cx_name_is(r, name, "data"))
		return (struct cval){.kind = CV_DATA, .v = tile};
	if (cx_name_is(r, name, "GetValidRow") || cx_name_is(r, name, "GetValidCol"))
		return get_valid(r, tile, cx_name_is(r, name, "GetValidCol"), e->at);
	if (cx_name_is(r, name, "GetValue") && n == 1)
		return tile_get(r, tile, &arg[0], e->at);
	if (cx_name_is(r, name, "SetValue") && n == 2)
		tile_set(r, tile, &arg[0], &arg[1], e->at);
	else if (cx_name_is(r, name, "SetValidShape") && n == 2)
		set_valid(r, obj, tile, arg, e->at);
	else
		cx_unknown(r, e->at, "member '%s' of a tile", sym_str(&r->ir->in, name));
	return cx_other();
}

/* ev.Wait(session), ev.Test(session), ctx.session */
static struct cval
handle_member(struct reader *r, const struct expr *e, struct val h, struct sym name, struct cval *arg, uint32_t n)
{
	bool wait = cx_name_is(r, name, "Wait"), test = cx_name_is(r, name, "Test");
	enum type_kind kind = type_kind(&r->ir->types, val_type(r->ir, h));

	if (kind == TY_PREFETCH_CTX && cx_name_is(r, name, "session")) {
		struct type_data d = {.kind = TY_ASYNC_SESSION};
		return cx_val(retyped(r, OP_GET_PREFETCH_ASYNC_SESSION, h, type_get(&r->ir->types, &d), e->at), false);
	}
	if (kind == TY_ASYNC_EVENT && (wait || test) && n == 1 && cx_is_kind(r, &arg[0], TY_ASYNC_SESSION)) {
		const struct val in[] = {h, arg[0].v};
		struct op o = cx_op(r, wait ? OP_COMM_WAIT_ASYNC_EVENT : OP_COMM_TEST_ASYNC_EVENT, e->at);
		ir_op_operands(r->ir, o, in, 2);
		struct val v = ir_op_result(r->ir, o, type_int(&r->ir->types, 1, SIGNLESS));
		cx_put(r, o);
		return cx_val(v, true);
	}
	cx_unknown(r, e->at, "member '%s'", sym_str(&r->ir->in, name));
	return cx_other();
}

struct cval
cx_member_call(struct reader *r, const struct expr *e, uint32_t obj, struct sym name, struct cval *arg, uint32_t n)
{
	struct cval o = cx_eval(r, obj);

	if (cx_is_kind(r, &o, TY_TILE))
		return tile_member(r, e, obj, o.v, name, arg, n);
	if (cx_is_view(r, &o) && cx_name_is(r, name, "data"))
		return cx_view_data(r, o.v, e->at);
	if (cx_is_view(r, &o) && n == 1 && (cx_name_is(r, name, "GetShape") || cx_name_is(r, name, "GetStride")))
		return view_size(r, o.v, cx_name_is(r, name, "GetStride"), &arg[0], e->at);
	if (o.kind == CV_VAL)
		return handle_member(r, e, o.v, name, arg, n);
	cx_unknown(r, e->at, "member '%s'", sym_str(&r->ir->in, name));
	return cx_other();
}

/* ---- scalar memory ---- */

struct cval
cx_load(struct reader *r, struct cval p, struct cval i, struct span at)
{
	const struct val in[] = {p.v, unsigned_index(r, &i, at)};
	struct typ elem = type_elem(&r->ir->types, val_type(r->ir, p.v));
	struct op o = cx_op(r, OP_LOAD_SCALAR, at);
	const struct type_data *d = type_data(&r->ir->types, elem);
	bool is_unsigned = d->sign == UNSIGNED;

	if (d->kind == TY_INT)
		elem = type_int(&r->ir->types, d->width, SIGNLESS);
	ir_op_operands(r->ir, o, in, 2);
	struct val v = ir_op_result(r->ir, o, elem);
	cx_put(r, o);
	return cx_val(v, is_unsigned);
}

void
cx_store(struct reader *r, struct cval v, struct cval p, struct cval i, struct span at)
{
	struct typ elem = type_elem(&r->ir->types, val_type(r->ir, p.v));
	struct val x = cx_is_scalar(r, &v) ? v.v : cx_opaque(r, elem, at);
	const struct val in[] = {x, p.v, unsigned_index(r, &i, at)};
	struct op o = cx_op(r, OP_STORE_SCALAR, at);

	ir_op_operands(r->ir, o, in, 3);
	cx_put(r, o);
}
