/*
 * rows: library calls as ops of the table. A row is found by its C++ name and takes the call when the kinds of the
 * arguments fit its slots. Most calls print as CALLEE(outs.., ins..); the emit column of the table names the family of
 * the others, whose order of slots, or handler, stands here. Enumerators are no operands.
 */
#include "cxxin/model.h"

static const char *const emit_of[OP_COUNT] = {
#define OP(ID, name, form, sig, rw, nres, pipe, phase, verify, emit, ...) [OP_##ID] = #emit,
#include "isa/ops.def"
#undef OP
};

/* Operands being collected for a row: one value per slot, a variadic slot has its own list. */
struct picked {
	struct val slot[OP_MAX_SLOT];
	const struct val *many;
	uint32_t nmany;
};

/* ---- kinds ---- */

static bool
is_handle(const struct reader *r, const struct cval *c)
{
	return cx_is_kind(r, c, TY_PIPE) || cx_is_kind(r, c, TY_ASYNC_SESSION) || cx_is_kind(r, c, TY_ASYNC_EVENT) ||
	       cx_is_kind(r, c, TY_PREFETCH_CTX);
}

/* The tile whose data() a pointer is: releases up to v0.53 passed pointers where the library takes tiles. */
static struct val
tile_behind(const struct reader *r, const struct cval *c)
{
	struct op o = c->kind == CV_VAL ? ir_val(r->ir, c->v)->def : (struct op){0};

	if (c->kind == CV_DATA)
		return c->v;
	if (o.i && op_id(r->ir, o) == OP_CASTPTR &&
	    type_kind(&r->ir->types, val_type(r->ir, op_opnd(r->ir, o, 0))) == TY_TILE)
		return op_opnd(r->ir, o, 0);
	return (struct val){0};
}

static bool
fits(const struct reader *r, char letter, const struct cval *c)
{
	switch (letter) {
	case 't':
		return cx_is_kind(r, c, TY_TILE) || tile_behind(r, c).i;
	case 'v':
		return cx_is_view(r, c);
	case 'p':
		return cx_is_kind(r, c, TY_PTR);
	case 's':
		return cx_is_scalar(r, c) || c->kind == CV_OTHER;
	case 'i':
		return cx_is_int(r, c) || c->kind == CV_OTHER;
	case 'x':
		return c->kind == CV_OTHER || c->kind == CV_LIST;
	case 'h':
		return is_handle(r, c);
	case 'a':
		return c->kind == CV_VAL;
	default:
		return false;
	}
}

static struct val
operand(struct reader *r, char letter, const struct cval *c, struct span at)
{
	static const int64_t four[] = {4};
	struct typ i16 = type_int(&r->ir->types, 16, SIGNLESS);

	if (letter == 't' && !cx_is_kind(r, c, TY_TILE))
		return tile_behind(r, c);
	if (c->kind == CV_VAL)
		return c->v;
	if (letter == 'x')
		return cx_opaque(r, type_shaped(&r->ir->types, TY_VECTOR, i16, four, 1), at);
	if (letter == 's')
		return cx_opaque(r, type_float(&r->ir->types, F_F32), at);
	return cx_opaque(r, type_int(&r->ir->types, 64, SIGNLESS), at);
}

/* ---- matching ---- */

/* Outs, then ins. */
static uint32_t
usual_order(const struct op_slot *s, uint32_t n, uint8_t *order)
{
	uint32_t k = 0;

	for (uint32_t i = 0; i < n; i++)
		if (s[i].out)
			order[k++] = (uint8_t)i;
	for (uint32_t i = 0; i < n; i++)
		if (!s[i].out)
			order[k++] = (uint8_t)i;
	return k;
}

static uint32_t
required(const struct op_slot *s, const uint8_t *order, uint32_t from, uint32_t n)
{
	uint32_t need = 0;

	for (; from < n; from++)
		need += !s[order[from]].optional && !s[order[from]].variadic;
	return need;
}

/* Which argument goes into which slot (index + 1); an optional slot is left out when the others need the arguments. */
static bool
match_slots(const struct reader *r, const struct call *c, const struct op_slot *s, const uint8_t *order, uint32_t n,
      uint8_t *take)
{
	uint32_t k = 0;

	memset(take, 0, OP_MAX_SLOT);
	for (uint32_t i = 0; i < n; i++) {
		const struct op_slot *x = &s[order[i]];
		bool spare = c->n - k > required(s, order, i + 1, n);
		bool ok = k < c->n && fits(r, x->letter, &c->arg[k]);
		if (x->variadic)
			return false;
		if (x->optional && (!ok || !spare))
			continue;
		if (!ok)
			return false;
		take[order[i]] = (uint8_t)(++k);
	}
	return k == c->n;
}

static struct op
row_op(struct reader *r, struct call *c, enum op_id id, const struct picked *p)
{
	struct op_slot s[OP_MAX_SLOT];
	uint32_t n = op_slots(id, s), count[OP_MAX_SLOT], total = 0;
	bool groups = false;
	struct val *all = ARENA_ARRAY(r->a, struct val, OP_MAX_SLOT + p->nmany);

	for (uint32_t k = 0; k < n; k++) {
		groups = groups || s[k].variadic;
		count[k] = s[k].variadic ? p->nmany : p->slot[k].i ? 1 : 0;
	}
	struct op o = cx_op(r, id, c->at);
	for (uint32_t k = 0; k < n; k++) {
		for (uint32_t i = 0; s[k].variadic && i < p->nmany; i++)
			all[total++] = p->many[i];
		if (!s[k].variadic && (p->slot[k].i || !groups))
			all[total++] = p->slot[k];
	}
	if (groups)
		ir_op_groups(r->ir, o, all, count, n);
	else
		ir_op_operands(r->ir, o, all, n);
	return o;
}

/* ---- attributes ---- */

/* Settings that decide what an op touches, by the enumerator that is a template argument or an argument of the call. */
static const struct {
	const char *emit, *word;
	size_t key;
	enum enum_id id;
	int32_t value;
} setting[] = {
	{"tstore", "AtomicAdd", offsetof(struct ir_names, atomic_type), EN_ATOMIC_TYPE, 1},
	{"comm_copy", "AtomicAdd", offsetof(struct ir_names, atomic_type), EN_ATOMIC_TYPE, 1},
	{"comm_signal", "AtomicAdd", offsetof(struct ir_names, notify_op), EN_NOTIFY_OP, 0},
	{"mgather", "Elem", offsetof(struct ir_names, coalesce), EN_COALESCE, 1},
	{"mgather", "Zero", offsetof(struct ir_names, gather_oob), EN_GATHER_OOB, 3},
	{"mscatter", "Elem", offsetof(struct ir_names, coalesce), EN_COALESCE, 1},
	{"mscatter", "Add", offsetof(struct ir_names, scatter_atomic_op), EN_SCATTER_ATOMIC_OP, 1},
};

static bool
call_says(const struct reader *r, const struct call *c, const char *word)
{
	for (uint32_t k = 0; k < c->n; k++)
		if (c->arg[k].kind == CV_NAME && strv_is(cx_base_name(r, c->arg[k].name), word))
			return true;
	return cx_targ_says(r, c->targ0, c->targ1, word);
}

static void
set_attrs(struct reader *r, const struct call *c, struct op o)
{
	for (size_t k = 0; k < sizeof setting / sizeof setting[0]; k++) {
		struct sym key;
		if (strcmp(setting[k].emit, emit_of[op_id(r->ir, o)]) != 0 || !call_says(r, c, setting[k].word))
			continue;
		memcpy(&key, (const char *)&r->ir->name + setting[k].key, sizeof key);
		op_attr_set(r->ir, o, key, attr_enum(&r->ir->attrs, setting[k].id, setting[k].value));
	}
}

/* ---- families with a handler ---- */

static bool
pick(struct reader *r, struct call *c, enum op_id id, const uint8_t *order, uint32_t n, struct op *o)
{
	struct op_slot s[OP_MAX_SLOT];
	struct picked p = {.nmany = 0};
	uint8_t take[OP_MAX_SLOT], usual[OP_MAX_SLOT];
	uint32_t nslot = op_slots(id, s);

	if (!order) {
		n = usual_order(s, nslot, usual);
		order = usual;
	}
	if (!match_slots(r, c, s, order, n, take))
		return false;
	for (uint32_t k = 0; k < nslot; k++)
		if (take[k])
			p.slot[k] = operand(r, s[k].letter, &c->arg[take[k] - 1], c->at);
	*o = row_op(r, c, id, &p);
	return true;
}

/* Slots of a permuted family as digits. */
static bool
pick_text(struct reader *r, struct call *c, enum op_id id, const char *text, struct op *o)
{
	uint8_t order[OP_MAX_SLOT];
	uint32_t n = 0;

	for (; text && text[n]; n++)
		order[n] = (uint8_t)(text[n] - '0');
	return pick(r, c, id, text ? order : NULL, n, o);
}

/* The call without arguments that are no operands. */
static struct call
without_names(struct reader *r, const struct call *c, bool flags)
{
	struct call d = *c;

	d.arg = ARENA_ARRAY(r->a, struct cval, c->n + 1);
	d.n = 0;
	for (uint32_t k = 0; k < c->n; k++) {
		bool flag = flags && cx_is_int(r, &c->arg[k]) &&
			    type_data(&r->ir->types, val_type(r->ir, c->arg[k].v))->width == 1;
		if (c->arg[k].kind != CV_NAME && !flag)
			d.arg[d.n++] = c->arg[k];
	}
	return d;
}

/* dst, src | dst, src, indices, tmp? | dst, src, thresholds, tmp, counts, offset */
static bool
gather_op(struct reader *r, struct call *c, enum op_id id, struct op *o)
{
	struct picked p = {.nmany = 0};

	/* The indices in place of a tmp that the library does not touch. */
	if (c->n == 4 && c->arg[2].v.i && c->arg[2].v.i == c->arg[3].v.i)
		c->n = 3;
	if (c->n < 6)
		return pick_text(r, c, id, "1034", o);
	for (uint32_t k = 0; k < 5; k++)
		if (!cx_is_kind(r, &c->arg[k], TY_TILE))
			return false;
	p.slot[0] = c->arg[1].v;
	p.slot[1] = c->arg[0].v;
	p.slot[2] = c->arg[4].v;
	p.slot[4] = c->arg[3].v;
	p.slot[5] = c->arg[2].v;
	*o = row_op(r, c, id, &p);
	return true;
}

/* dst, src, length | dst, counts, tmp, sources */
static bool
merge_sort(struct reader *r, struct call *c, enum op_id id, struct op *o)
{
	struct val many[8];
	struct picked p = {.many = many};
	bool one = c->n == 3 && cx_is_kind(r, &c->arg[1], TY_TILE) && fits(r, 'i', &c->arg[2]);

	if (c->n < 3 || c->n > 7 || !cx_is_kind(r, &c->arg[0], TY_TILE))
		return false;
	p.slot[2] = c->arg[0].v;
	if (one) {
		many[p.nmany++] = c->arg[1].v;
		p.slot[1] = operand(r, 'i', &c->arg[2], c->at);
	} else {
		for (uint32_t k = 2; k < c->n; k++)
			if (!cx_is_kind(r, &c->arg[k], TY_TILE))
				return false;
		p.slot[3] = c->arg[2].v;
		p.slot[4] = operand(r, 'x', &(struct cval){.kind = CV_OTHER}, c->at);
		for (uint32_t k = 3; k < c->n; k++)
			many[p.nmany++] = c->arg[k].v;
	}
	*o = row_op(r, c, id, &p);
	if (cx_targ_says(r, c->targ0, c->targ1, "true"))
		op_attr_set(r->ir, *o, r->ir->name.exhausted, attr_bool(&r->ir->attrs, true));
	return true;
}

/* dst, src, fp, tmp?, &offset? */
static bool
quant_op(struct reader *r, struct call *c, enum op_id id, struct op *o)
{
	struct picked p = {.nmany = 0};
	uint32_t n = c->n;

	for (uint32_t k = 0; k < n; k++)
		if (!cx_is_kind(r, &c->arg[k], TY_TILE))
			return false;
	if (n < 3 || n > 5)
		return false;
	uint32_t last = cx_var_of(r, c->expr[n - 1]);
	bool off = n > 3 && (r->expr.at[c->expr[n - 1]].kind == EX_UNARY ||
			     (last && r->ctype.at[r->var.at[last].type].kind != CT_TILE));
	p.slot[4] = c->arg[0].v;
	p.slot[0] = c->arg[1].v;
	p.slot[1] = c->arg[2].v;
	if (off)
		p.slot[2] = c->arg[--n].v;
	if (n == 4)
		p.slot[3] = c->arg[3].v;
	*o = row_op(r, c, id, &p);
	return true;
}

/* The accumulator is an operand of its own; a call without it adds to dst. */
static bool
accumulate(struct reader *r, struct call *c, enum op_id id, struct op *o)
{
	struct cval arg[4];
	struct call d = *c;

	if (c->n != 3)
		return pick_text(r, c, id, NULL, o);
	arg[0] = arg[1] = c->arg[0];
	arg[2] = c->arg[1];
	arg[3] = c->arg[2];
	d.arg = arg;
	d.n = 4;
	return pick_text(r, &d, id, NULL, o);
}

/* ---- fifos ---- */

/* A popped tile, or the entry that talloc gives, is a new value of the variable. */
static struct val
bound_entry(struct reader *r, struct call *c, uint32_t k)
{
	uint32_t var = cx_var_of(r, c->expr[k]);
	struct typ ty = val_type(r->ir, c->arg[k].v);
	bool tile = type_kind(&r->ir->types, ty) == TY_TILE;
	const struct ctype *t = var ? &r->ctype.at[r->var.at[var].type] : NULL;
	struct op o = cx_op(r, tile ? OP_DECLARE_TILE : OP_DECLARE_GLOBAL, c->at);
	bool fixed = !tile && t && t->kind == CT_VIEW;

	ir_op_operands(r->ir, o, NULL, 0);
	struct val v = ir_op_result(r->ir, o, ty);
	for (uint32_t i = 0; fixed && i < 5; i++)
		fixed = t->five[i] >= 0;
	if (fixed) {
		struct attr_data d = {.kind = AT_DENSE_ARRAY, .type = type_int(&r->ir->types, 64, SIGNLESS),
				      .elem = t->five, .n = 5};
		op_attr_set(r->ir, o, r->ir->name.entry_strides, attr_get(&r->ir->attrs, &d));
	}
	cx_put(r, o);
	if (var)
		r->cur.at[var] = cx_val(v, false);
	return v;
}

/* fifo_op, entry?, sub-block? */
static bool
fifo_op(struct reader *r, struct call *c, enum op_id id, struct op *o)
{
	bool binds = id == OP_TPOP || id == OP_TALLOC, none = id == OP_TFREE;
	struct picked p = {.nmany = 0};

	if (c->n < (none ? 1u : 2u) || c->n > 3 || !cx_is_kind(r, &c->arg[0], TY_PIPE))
		return false;
	if (c->n > 1 && !cx_is_kind(r, &c->arg[1], TY_TILE) && !cx_is_view(r, &c->arg[1]))
		return false;
	p.slot[1] = c->arg[0].v;
	if (c->n > 1)
		p.slot[0] = binds ? bound_entry(r, c, 1) : c->arg[1].v;
	if (c->n > 2)
		p.slot[2] = operand(r, 's', &c->arg[2], c->at);
	*o = row_op(r, c, id, &p);
	return true;
}

/* ---- transfers between cards ---- */

/* group_op, then the operands in front of the members */
static bool
group_op(struct reader *r, struct call *c, enum op_id id, struct op *o)
{
	struct op_slot s[OP_MAX_SLOT];
	uint32_t n = op_slots(id, s), last = n - 1, at = 1;
	struct picked p = {.nmany = 0};

	if (!c->n || c->arg[0].kind != CV_GROUP)
		return false;
	struct val *many = ARENA_ARRAY(r->a, struct val, c->arg[0].n + 1);
	for (uint32_t k = 0; k < c->arg[0].n; k++) {
		const struct cval *m = &r->item.at[c->arg[0].list0 + k];
		if (!cx_is_view(r, m))
			return false;
		many[k] = m->v;
	}
	for (uint32_t k = 0; k < last; k++) {
		bool ok = at < c->n && fits(r, s[k].letter, &c->arg[at]);
		if (!ok && !s[k].optional)
			return false;
		if (ok)
			p.slot[k] = c->arg[at++].v;
	}
	if (at != c->n)
		return false;
	p.many = many;
	p.nmany = c->arg[0].n;
	*o = row_op(r, c, id, &p);
	op_attr_set(r->ir, *o, r->ir->name.root,
		    attr_int(&r->ir->attrs, c->arg[0].num, type_int(&r->ir->types, 32, SIGNLESS)));
	return true;
}

/* scratch, workspace, session_op_of, id, .. : the session is written through a reference */
static bool
session_op_of(struct reader *r, struct call *c, enum op_id id, struct op *o)
{
	struct picked p = {.nmany = 0};
	uint32_t var = c->n > 2 ? cx_var_of(r, c->expr[2]) : 0;
	int64_t sync = 0;

	if (!var || !cx_is_kind(r, &c->arg[0], TY_TILE) || !cx_is_kind(r, &c->arg[1], TY_PTR))
		return false;
	p.slot[0] = c->arg[0].v;
	p.slot[1] = c->arg[1].v;
	*o = row_op(r, c, id, &p);
	struct val v = ir_op_result(r->ir, *o, r->ctype.at[r->var.at[var].type].ty);
	if (c->n > 3)
		cx_const_of(r, &c->arg[3], &sync);
	op_attr_set(r->ir, *o, r->ir->name.sync_id,
		    attr_int(&r->ir->attrs, sync, type_int(&r->ir->types, 32, SIGNLESS)));
	r->cur.at[var] = cx_val(v, false);
	return true;
}

/* ---- the table of families ---- */

enum result_kind { RES_NONE, RES_I64, RES_BOOL, RES_EVENT };

static const struct emit_row {
	const char *emit;
	const char *order;		/* slots in the order of the arguments; NULL: outs, ins */
	bool (*handler)(struct reader *, struct call *, enum op_id, struct op *);
	enum result_kind result;
	bool never;			/* prints as several calls, each of which is an op here */
	bool flags;			/* boolean arguments are settings */
} emit_row[] = {
	{.emit = "call_then_add", .never = true},
	{.emit = "call_then_relu", .never = true},
	{.emit = "textract", .order = "305412"},
	{.emit = "tinsert", .order = "304512"},
	{.emit = "part_arg", .order = "401523"},
	{.emit = "tcolsum", .flags = true},
	{.emit = "comm_signal", .result = RES_BOOL},
	{.emit = "matmul_acc", .handler = accumulate},
	{.emit = "tgather", .handler = gather_op},
	{.emit = "tmrgsort", .handler = merge_sort},
	{.emit = "tquant", .handler = quant_op},
	{.emit = "fifo_move", .handler = fifo_op},
	{.emit = "comm_group", .handler = group_op},
	{.emit = "async_session", .handler = session_op_of},
	{.emit = "async_copy", .result = RES_EVENT},
	{.emit = "tprefetch_async", .result = RES_EVENT},
	{.emit = "block_query", .result = RES_I64},
};

static const struct emit_row *
row_of(enum op_id id)
{
	static const struct emit_row usual = {.emit = ""};

	for (size_t k = 0; k < sizeof emit_row / sizeof emit_row[0]; k++)
		if (strcmp(emit_row[k].emit, emit_of[id]) == 0)
			return &emit_row[k];
	return &usual;
}

static void
add_result(struct reader *r, struct call *c, struct op o, enum result_kind kind)
{
	struct type_data event = {.kind = TY_ASYNC_EVENT};
	struct typ ty = kind == RES_I64	   ? type_int(&r->ir->types, 64, SIGNLESS)
			: kind == RES_BOOL ? type_int(&r->ir->types, 1, SIGNLESS)
					   : type_get(&r->ir->types, &event);

	if (kind != RES_NONE && isa_op[op_id(r->ir, o)].nres == 1)
		c->result = cx_val(ir_op_result(r->ir, o, ty), false);
}

bool
cx_row_call(struct reader *r, struct call *c, uint32_t id)
{
	const struct emit_row *row = row_of((enum op_id)id);
	struct op o = {0};

	if (row->never || isa_op[id].flags & OPF_A5)
		return false;
	struct call d = without_names(r, c, row->flags);
	bool ok = row->handler ? row->handler(r, row->handler == quant_op || row->handler == fifo_op ||
							 row->handler == session_op_of ? c : &d, (enum op_id)id, &o)
			       : pick_text(r, &d, (enum op_id)id, row->order, &o);
	if (!ok)
		return false;
	add_result(r, c, o, row->result);
	set_attrs(r, c, o);
	cx_put(r, o);
	return true;
}
