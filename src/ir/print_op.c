/*
 * print_op: custom assembly forms. An op whose types or attributes the form cannot express (it was written in the
 * generic form and is odd) is left to the generic form.
 */
#include "ir/printer.h"

/* ---- helpers ---- */

static bool
slot_is(struct printer *p, struct op o, uint32_t slot, enum type_kind k)
{
	uint32_t n;
	const struct val *v = op_group(p->ir, o, slot, &n);

	for (uint32_t i = 0; i < n; i++)
		if (pr_kind(p, val_type(p->ir, v[i])) != k)
			return false;
	return true;
}

static void
bracket(struct printer *p, struct op o, uint32_t slot)
{
	uint32_t n;
	const struct val *v = op_group(p->ir, o, slot, &n);

	pr_char(p, '[');
	pr_values(p, v, n);
	pr_char(p, ']');
}

static void
int_list(struct printer *p, const struct attr_data *d)
{
	for (uint32_t k = 0; k < d->n; k++)
		out_f(p->o, "%s%lld", k ? ", " : "", (long long)d->elem[k]);
}

/* " overflow<nsw>" and the like, kept as the opaque attribute "#arith.overflow<nsw>". */
static void
flags(struct printer *p, struct op o)
{
	const struct ir *ir = p->ir;
	const struct sym key[] = {ir->name.rounding, ir->name.overflow, ir->name.fastmath};
	static const char *const prefix[] = {"#arith.rounding<", "#arith.overflow<", "#arith.fastmath<"};

	for (uint32_t i = 0; i < 3; i++) {
		const struct attr_data *d = pr_attr_of(p, o, key[i]);
		struct strv s = sym_text(&ir->in, d->text);
		if (d->kind != AT_OPAQUE || !strv_starts(s, prefix[i]))
			continue;
		uint32_t n = (uint32_t)strlen(prefix[i]);
		struct strv body = {s.p + n, s.n - n - 1};
		pr_char(p, ' ');
		if (i > 0)
			out_f(p->o, "%s<", i == 1 ? "overflow" : "fastmath");
		out_strv(p->o, body);
		if (i > 0)
			pr_char(p, '>');
	}
}

/* Are the flag attributes of the op in the shape `flags` prints? */
static bool
flags_ok(struct printer *p, struct op o)
{
	const struct ir *ir = p->ir;
	const struct sym key[] = {ir->name.rounding, ir->name.overflow, ir->name.fastmath};
	static const char *const prefix[] = {"#arith.rounding<", "#arith.overflow<", "#arith.fastmath<"};

	for (uint32_t i = 0; i < 3; i++) {
		const struct attr_data *d = pr_attr_of(p, o, key[i]);
		if (d->kind != AT_NONE && (d->kind != AT_OPAQUE || !strv_starts(sym_text(&ir->in, d->text), prefix[i])))
			return false;
	}
	return true;
}

static void
flag_dict(struct printer *p, struct op o, struct sym more)
{
	const struct ir *ir = p->ir;
	const struct sym skip[] = {ir->name.rounding, ir->name.overflow, ir->name.fastmath, more};

	pr_dict(p, ir_op(ir, o)->attrs, skip, 4);
}

/* ---- ins/outs ---- */

static void
clause(struct printer *p, const struct val *v, uint32_t n, const char *word)
{
	out_f(p->o, " %s(", word);
	pr_values(p, v, n);
}

static void
clause_types(struct printer *p, const struct val *v, uint32_t n)
{
	pr_str(p, " : ");
	pr_types(p, v, n);
}

/* The ops whose text order is not the slot order (front/legacy.c), and keyword operands. */
enum { ORDER_SLOTS, ORDER_GATHER, ORDER_MERGE, ORDER_FP, ORDER_PAD, ORDER_QUANT };

static const struct {
	enum op_id id;
	int order;
} order_of[] = {
	{OP_TGATHER, ORDER_GATHER}, {OP_TMRGSORT, ORDER_MERGE}, {OP_TSTORE, ORDER_FP},
	{OP_TEXTRACT, ORDER_FP},    {OP_TINSERT, ORDER_FP},     {OP_TLOAD, ORDER_PAD}, {OP_TQUANT, ORDER_QUANT},
};

static int
text_order(struct printer *p, struct op o)
{
	for (uint32_t i = 0; i < sizeof order_of / sizeof order_of[0]; i++)
		if (order_of[i].id == op_id(p->ir, o))
			return order_of[i].order;
	return ORDER_SLOTS;
}

/* Does the dictionary stand inside ins(...)? */
static bool
inside(struct printer *p, struct op o)
{
	return (op_row(p->ir, o)->flags & OPF_ATTRS_IN) || op_attr(p->ir, o, p->ir->name.mask_pattern).i ||
	       op_attr(p->ir, o, p->ir->name.exhausted).i || (op_id(p->ir, o) == OP_TCOLSUM && op_slot(p->ir, o, 1).i);
}

struct sides {
	struct val in[64], out[64];
	uint32_t nin, nout;
	struct val fp, pad[4];
};

static bool
side_push(struct printer *p, struct op o, uint32_t slot, struct val *to, uint32_t *n)
{
	uint32_t m;
	const struct val *v = op_group(p->ir, o, slot, &m);

	for (uint32_t i = 0; i < m; i++) {
		if (*n == 64)
			return false;
		to[(*n)++] = v[i];
	}
	return true;
}

/* Operands in text order. */
static bool
split(struct printer *p, struct op o, struct sides *s)
{
	static const uint8_t gather[] = {0, 3, 5, 4}, merge[] = {0, 1, 3};
	struct op_slot slot[OP_MAX_SLOT];
	uint32_t n = op_slots(op_id(p->ir, o), slot);
	int order = text_order(p, o);
	bool ok = true;

	s->nin = s->nout = 0;
	s->fp = s->pad[0] = s->pad[1] = s->pad[2] = s->pad[3] = (struct val){0};
	for (uint32_t k = 0; k < n && ok; k++) {
		if (slot[k].out)
			ok = side_push(p, o, k, s->out, &s->nout);
		else if (order == ORDER_FP && slot[k].optional && slot[k].letter == 't')
			s->fp = op_slot(p->ir, o, k);
		else if (order == ORDER_PAD && k >= 2)
			s->pad[k - 2] = op_slot(p->ir, o, k);
		else if (order != ORDER_GATHER && order != ORDER_MERGE)
			ok = side_push(p, o, k, s->in, &s->nin);
	}
	if (order == ORDER_QUANT && s->nout == 2) {
		struct val tmp = s->out[0];
		s->out[0] = s->out[1];
		s->out[1] = tmp;
	}
	for (uint32_t k = 0; k < 4 && ok && order == ORDER_GATHER; k++)
		ok = side_push(p, o, gather[k], s->in, &s->nin);
	for (uint32_t k = 0; k < 3 && ok && order == ORDER_MERGE; k++)
		ok = side_push(p, o, merge[k], s->in, &s->nin);
	return ok;
}

static void
print_pads(struct printer *p, struct op o, const struct sides *s)
{
	static const char *const word[] = {"pad_value", "left_padding_num", "right_padding_num", "init_condition"};

	if (text_order(p, o) != ORDER_PAD)
		return;
	for (uint32_t k = 0; k < 4; k++) {
		if (!s->pad[k].i)
			continue;
		out_f(p->o, " %s = ", word[k]);
		pr_value(p, s->pad[k]);
		pr_str(p, " : ");
		pr_type(p, val_type(p->ir, s->pad[k]));
	}
}

/* ins(...) with what the op puts between operands and types, and behind the types. */
static void
print_ins(struct printer *p, struct op o, const struct sides *s)
{
	const struct ir *ir = p->ir;
	bool mask = op_attr(ir, o, ir->name.mask_pattern).i != 0;
	bool merge = text_order(p, o) == ORDER_MERGE;
	uint32_t nsrc = 0;

	clause(p, s->in, s->nin, "ins");
	if (merge)
		op_group(ir, o, 0, &nsrc);
	/* Format 2 of tmrgsort without a scratch tile, else the last list would be read as one. */
	if (merge && nsrc == s->nin && nsrc > 1)
		pr_str(p, " no_tmp");
	if (mask)
		pr_char(p, ',');
	if (inside(p, o))
		pr_dict_but(p, o, mask ? ir->name.axis : pr_no_sym(), pr_no_sym(), pr_no_sym());
	clause_types(p, s->in, s->nin);
	if (s->fp.i) {
		pr_str(p, " fp ");
		pr_value(p, s->fp);
		pr_str(p, " : ");
		pr_type(p, val_type(ir, s->fp));
	}
	if (mask && pr_attr_of(p, o, ir->name.axis)->kind == AT_STRING) {
		pr_str(p, ", ");
		pr_attr(p, op_attr(ir, o, ir->name.axis));
	}
	pr_char(p, ')');
}

static bool
ins_outs(struct printer *p, struct op o)
{
	const struct ir *ir = p->ir;
	struct sides s;

	if (op_id(ir, o) == OP_PRINT)
		return pr_print(p, o);
	if (!split(p, o, &s) || s.nin == 0 || ir_op(ir, o)->nres > 1)
		return false;
	pr_name(p, o);
	print_ins(p, o, &s);
	if (s.nout) {
		clause(p, s.out, s.nout, "outs");
		clause_types(p, s.out, s.nout);
		pr_char(p, ')');
	} else if (ir_op(ir, o)->nres) {
		pr_str(p, " outs : ");
		pr_type(p, pr_res_type(p, o));
	}
	if (!inside(p, o))
		pr_all_dict(p, o);
	print_pads(p, o, &s);
	if (s.nout && ir_op(ir, o)->nres) {
		pr_str(p, " -> ");
		pr_type(p, pr_res_type(p, o));
	}
	return true;
}

/* ---- scalars ---- */

static bool
nullary(struct printer *p, struct op o)
{
	pr_name(p, o);
	pr_all_dict(p, o);
	if (ir_op(p->ir, o)->nres && !pr_signless(p, pr_res_type(p, o), 64)) {
		pr_str(p, " : ");
		pr_type(p, pr_res_type(p, o));
	}
	return true;
}

/* Operands and result of one type. */
static bool
same(struct printer *p, struct op o)
{
	uint32_t n = ir_op(p->ir, o)->nopnd;

	for (uint32_t k = 0; k < n; k++)
		if (pr_opnd_type(p, o, k).i != pr_res_type(p, o).i)
			return false;
	if (!flags_ok(p, o))
		return false;
	pr_name(p, o);
	pr_char(p, ' ');
	pr_values(p, VEC_FROM(&p->ir->opnd, ir_op(p->ir, o)->opnd0), n);
	flags(p, o);
	flag_dict(p, o, pr_no_sym());
	pr_str(p, " : ");
	pr_type(p, pr_res_type(p, o));
	return true;
}

static bool
cast(struct printer *p, struct op o)
{
	if (!flags_ok(p, o))
		return false;
	pr_name(p, o);
	pr_char(p, ' ');
	pr_value(p, op_opnd(p->ir, o, 0));
	flags(p, o);
	flag_dict(p, o, pr_no_sym());
	pr_str(p, " : ");
	pr_type(p, pr_opnd_type(p, o, 0));
	pr_str(p, " to ");
	pr_type(p, pr_res_type(p, o));
	return true;
}

static bool
retype(struct printer *p, struct op o)
{
	pr_name(p, o);
	pr_char(p, ' ');
	pr_value(p, op_opnd(p->ir, o, 0));
	pr_all_dict(p, o);
	pr_str(p, " : ");
	pr_type(p, pr_opnd_type(p, o, 0));
	pr_str(p, strv_starts((struct strv){op_row(p->ir, o)->name, 4}, "pto.") ? " -> " : " to ");
	pr_type(p, pr_res_type(p, o));
	return true;
}

static bool
cmp(struct printer *p, struct op o)
{
	const struct attr_data *d = pr_attr_of(p, o, p->ir->name.predicate);
	const char *c = d->kind == AT_ENUM ? enum_case_name((enum enum_id)d->id, (int32_t)d->i) : NULL;

	if (!c || !flags_ok(p, o) || pr_opnd_type(p, o, 0).i != pr_opnd_type(p, o, 1).i ||
	    !pr_signless(p, pr_res_type(p, o), 1))
		return false;
	pr_name(p, o);
	out_f(p->o, " %s, ", c);
	pr_values(p, &p->ir->opnd.at[ir_op(p->ir, o)->opnd0], 2);
	flags(p, o);
	flag_dict(p, o, p->ir->name.predicate);
	pr_str(p, " : ");
	pr_type(p, pr_opnd_type(p, o, 0));
	return true;
}

static bool
select_op(struct printer *p, struct op o)
{
	struct typ t = pr_res_type(p, o);

	if (pr_opnd_type(p, o, 1).i != t.i || pr_opnd_type(p, o, 2).i != t.i)
		return false;
	pr_name(p, o);
	pr_char(p, ' ');
	pr_values(p, &p->ir->opnd.at[ir_op(p->ir, o)->opnd0], 3);
	pr_all_dict(p, o);
	pr_str(p, " : ");
	if (!pr_signless(p, pr_opnd_type(p, o, 0), 1)) {
		pr_type(p, pr_opnd_type(p, o, 0));
		pr_str(p, ", ");
	}
	pr_type(p, t);
	return true;
}

static bool
extended(struct printer *p, struct op o)
{
	struct typ t = pr_res_type(p, o), t1 = val_type(p->ir, op_res(p->ir, o, 1));
	bool carry = op_id(p->ir, o) == OP_ARITH_ADDUI_EXTENDED;

	if (pr_opnd_type(p, o, 0).i != t.i || pr_opnd_type(p, o, 1).i != t.i || (!carry && t1.i != t.i))
		return false;
	pr_name(p, o);
	pr_char(p, ' ');
	pr_values(p, &p->ir->opnd.at[ir_op(p->ir, o)->opnd0], 2);
	pr_all_dict(p, o);
	pr_str(p, " : ");
	pr_type(p, t);
	if (carry) {
		pr_str(p, ", ");
		pr_type(p, t1);
	}
	return true;
}

static bool
constant(struct printer *p, struct op o)
{
	struct attr v = op_attr(p->ir, o, p->ir->name.value);
	const struct attr_data *d = attr_data(&p->ir->attrs, v);
	bool fits = d->kind == AT_BOOL ? pr_signless(p, pr_res_type(p, o), 1)
				       : (d->kind == AT_INT || d->kind == AT_FLOAT || d->kind == AT_DENSE) &&
						 d->type.i == pr_res_type(p, o).i;

	if (!fits || (d->kind == AT_INT && type_data(&p->ir->types, d->type)->sign != SIGNLESS))
		return false;
	pr_name(p, o);
	pr_dict_but(p, o, p->ir->name.value, pr_no_sym(), pr_no_sym());
	pr_char(p, ' ');
	pr_attr(p, v);
	return true;
}

/* The first operands are the map's dimensions, the others its symbols. */
static bool
affine(struct printer *p, struct op o)
{
	const struct attr_data *m = pr_attr_of(p, o, p->ir->name.map);
	struct strv t = sym_text(&p->ir->in, m->text);
	uint32_t n = ir_op(p->ir, o)->nopnd, names[2], dims;

	if (m->kind != AT_MAP || !slot_is(p, o, 0, TY_INDEX) || pr_kind(p, pr_res_type(p, o)) != TY_INDEX)
		return false;
	attr_map_names(t, names);
	dims = names[0];
	if (dims + names[1] != n)
		return false;
	const struct val *v = VEC_FROM(&p->ir->opnd, ir_op(p->ir, o)->opnd0);
	pr_name(p, o);
	pr_char(p, ' ');
	out_strv(p->o, t);
	pr_char(p, '(');
	pr_values(p, v, dims);
	pr_char(p, ')');
	if (n > dims) {
		pr_char(p, '[');
		pr_values(p, v + dims, n - dims);
		pr_char(p, ']');
	}
	pr_dict_but(p, o, p->ir->name.map, pr_no_sym(), pr_no_sym());
	return true;
}

/* ---- tiles and views ---- */

static bool
alloc_tile(struct printer *p, struct op o)
{
	static const char *const word[] = {" addr = ", " valid_row = ", " valid_col = "};

	for (uint32_t k = 0; k < 3; k++) {
		struct val v = op_slot(p->ir, o, k);
		if (v.i && (k ? pr_kind(p, val_type(p->ir, v)) != TY_INDEX : !pr_signless(p, val_type(p->ir, v), 64)))
			return false;
	}
	pr_name(p, o);
	for (uint32_t k = 0; k < 3; k++) {
		struct val v = op_slot(p->ir, o, k);
		if (!v.i)
			continue;
		pr_str(p, word[k]);
		pr_value(p, v);
	}
	pr_all_dict(p, o);
	pr_str(p, " : ");
	pr_type(p, pr_res_type(p, o));
	return true;
}

static bool
tensor_view(struct printer *p, struct op o)
{
	const struct type_data *t = type_data(&p->ir->types, pr_res_type(p, o));
	const struct type_data *b = type_data(&p->ir->types, val_type(p->ir, op_slot(p->ir, o, 0)));

	if (t->kind != TY_TVIEW || b->kind != TY_PTR || b->space != SP_GM || b->sub[0].i != t->sub[0].i ||
	    !slot_is(p, o, 1, TY_INDEX) || !slot_is(p, o, 2, TY_INDEX))
		return false;
	pr_name(p, o);
	pr_char(p, ' ');
	pr_value(p, op_slot(p->ir, o, 0));
	pr_str(p, ", shape = ");
	bracket(p, o, 1);
	pr_str(p, ", strides = ");
	bracket(p, o, 2);
	pr_all_dict(p, o);
	pr_str(p, " : ");
	pr_type(p, pr_res_type(p, o));
	return true;
}

static bool
partition(struct printer *p, struct op o)
{
	if (!slot_is(p, o, 1, TY_INDEX) || !slot_is(p, o, 2, TY_INDEX))
		return false;
	pr_name(p, o);
	pr_char(p, ' ');
	pr_value(p, op_slot(p->ir, o, 0));
	pr_str(p, ", offsets = ");
	bracket(p, o, 1);
	pr_str(p, ", sizes = ");
	bracket(p, o, 2);
	pr_all_dict(p, o);
	pr_str(p, " : ");
	pr_type(p, pr_opnd_type(p, o, 0));
	pr_str(p, " -> ");
	pr_type(p, pr_res_type(p, o));
	return true;
}

static bool
subview(struct printer *p, struct op o)
{
	const struct attr_data *sizes = pr_attr_of(p, o, p->ir->name.sizes);
	struct val row = op_slot(p->ir, o, 2), col = op_slot(p->ir, o, 3);

	if (sizes->kind != AT_DENSE_ARRAY || sizes->n == 0 || !row.i != !col.i || !slot_is(p, o, 1, TY_INDEX) ||
	    !slot_is(p, o, 2, TY_INDEX) || !slot_is(p, o, 3, TY_INDEX))
		return false;
	pr_name(p, o);
	pr_char(p, ' ');
	pr_value(p, op_slot(p->ir, o, 0));
	bracket(p, o, 1);
	pr_str(p, " sizes [");
	int_list(p, sizes);
	pr_char(p, ']');
	if (row.i) {
		pr_str(p, " valid [");
		pr_value(p, row);
		pr_str(p, ", ");
		pr_value(p, col);
		pr_char(p, ']');
	}
	pr_dict_but(p, o, p->ir->name.sizes, pr_no_sym(), pr_no_sym());
	pr_str(p, " : ");
	pr_type(p, pr_opnd_type(p, o, 0));
	pr_str(p, " -> ");
	pr_type(p, pr_res_type(p, o));
	return true;
}

/* ---- pointers ---- */

static bool
load_scalar(struct printer *p, struct op o)
{
	if (pr_kind(p, pr_opnd_type(p, o, 1)) != TY_INDEX)
		return false;
	pr_name(p, o);
	pr_char(p, ' ');
	pr_value(p, op_opnd(p->ir, o, 0));
	pr_char(p, '[');
	pr_value(p, op_opnd(p->ir, o, 1));
	pr_char(p, ']');
	pr_all_dict(p, o);
	pr_str(p, " : ");
	pr_type(p, pr_opnd_type(p, o, 0));
	pr_str(p, " -> ");
	pr_type(p, pr_res_type(p, o));
	return true;
}

static bool
store_scalar(struct printer *p, struct op o)
{
	if (pr_kind(p, pr_opnd_type(p, o, 2)) != TY_INDEX)
		return false;
	pr_name(p, o);
	pr_char(p, ' ');
	pr_values(p, &p->ir->opnd.at[ir_op(p->ir, o)->opnd0], 2);
	pr_char(p, '[');
	pr_value(p, op_opnd(p->ir, o, 2));
	pr_char(p, ']');
	pr_all_dict(p, o);
	pr_str(p, " : ");
	pr_type(p, pr_opnd_type(p, o, 1));
	pr_str(p, ", ");
	pr_type(p, pr_opnd_type(p, o, 0));
	return true;
}

static bool
addptr(struct printer *p, struct op o)
{
	if (pr_kind(p, pr_opnd_type(p, o, 1)) != TY_INDEX)
		return false;
	pr_name(p, o);
	pr_char(p, ' ');
	pr_values(p, &p->ir->opnd.at[ir_op(p->ir, o)->opnd0], 2);
	pr_all_dict(p, o);
	pr_str(p, " : ");
	pr_type(p, pr_opnd_type(p, o, 0));
	pr_str(p, " -> ");
	pr_type(p, pr_res_type(p, o));
	return true;
}

/* ---- synchronisation ---- */

static const char *
case_of(struct printer *p, struct op o, struct sym key, enum enum_id id)
{
	const struct attr_data *d = pr_attr_of(p, o, key);

	return d->kind == AT_ENUM && d->id == id ? enum_case_name(id, (int32_t)d->i) : NULL;
}

static bool
flag(struct printer *p, struct op o)
{
	const struct ir_names *n = &p->ir->name;
	if (op_attr(p->ir, o, n->src_op).i)
		return pr_event_pair(p, o);
	const char *src = case_of(p, o, n->src_pipe, EN_PIPE), *dst = case_of(p, o, n->dst_pipe, EN_PIPE);
	bool dyn = ir_op(p->ir, o)->nopnd > 0;
	const char *id = dyn ? "" : case_of(p, o, n->event_id, EN_EVENT);

	if (!src || !dst || !id || (dyn && pr_kind(p, pr_opnd_type(p, o, 0)) != TY_INDEX))
		return false;
	pr_name(p, o);
	out_f(p->o, "[<%s>, <%s>, ", src, dst);
	if (dyn)
		pr_value(p, op_opnd(p->ir, o, 0));
	else
		out_f(p->o, "<%s>", id);
	pr_char(p, ']');
	pr_dict_but(p, o, n->src_pipe, n->dst_pipe, dyn ? pr_no_sym() : n->event_id);
	return true;
}

static bool
barrier(struct printer *p, struct op o)
{
	const char *c = case_of(p, o, p->ir->name.pipe, EN_PIPE);

	if (!c)
		return false;
	pr_name(p, o);
	out_f(p->o, " <%s>", c);
	pr_dict_but(p, o, p->ir->name.pipe, pr_no_sym(), pr_no_sym());
	return true;
}

static bool
fence(struct printer *p, struct op o)
{
	if (!case_of(p, o, p->ir->name.scope, EN_FENCE_SCOPE))
		return false;
	pr_name(p, o);
	pr_char(p, ' ');
	pr_attr(p, op_attr(p->ir, o, p->ir->name.scope));
	pr_dict_but(p, o, p->ir->name.scope, pr_no_sym(), pr_no_sym());
	return true;
}

static bool
cmo(struct printer *p, struct op o)
{
	const struct ir_names *n = &p->ir->name;
	struct val v = op_slot(p->ir, o, 0);

	if (v.i ? !op_attr(p->ir, o, n->single_cache_line).i : !case_of(p, o, n->space, EN_ADDRESS_SPACE))
		return false;
	pr_name(p, o);
	if (v.i) {
		pr_char(p, ' ');
		pr_value(p, v);
		pr_str(p, " single_cache_line : ");
		pr_type(p, val_type(p->ir, v));
	} else {
		pr_str(p, " all ");
		pr_attr(p, op_attr(p->ir, o, n->space));
	}
	pr_dict_but(p, o, v.i ? n->single_cache_line : n->space, pr_no_sym(), pr_no_sym());
	return true;
}

static bool
paren(struct printer *p, struct op o)
{
	uint32_t n = ir_op(p->ir, o)->nopnd, m = 0;
	struct val *v = ARENA_ARRAY(p->ir->a, struct val, n + 1);

	for (uint32_t k = 0; k < n; k++)
		if (op_opnd(p->ir, o, k).i)
			v[m++] = op_opnd(p->ir, o, k);
	if (m == 0 || ir_op(p->ir, o)->nres > 1)
		return false;
	if (strchr(op_row(p->ir, o)->sig, '*') || op_id(p->ir, o) == OP_COMM_TPUT || op_id(p->ir, o) == OP_COMM_TGET)
		return pr_transfer(p, o);
	pr_name(p, o);
	pr_char(p, '(');
	pr_values(p, v, m);
	pr_str(p, " : ");
	pr_types(p, v, m);
	pr_char(p, ')');
	pr_all_dict(p, o);
	if (ir_op(p->ir, o)->nres) {
		pr_str(p, " -> ");
		pr_type(p, pr_res_type(p, o));
	}
	return true;
}

/* ---- by form ---- */

static bool (*const form_printer[FORM_COUNT])(struct printer *p, struct op o) = {
	[FORM_INS_OUTS] = ins_outs,
	[FORM_NULLARY] = nullary,
	[FORM_BINARY] = same,
	[FORM_UNARY] = same,
	[FORM_TERNARY] = same,
	[FORM_CAST] = cast,
	[FORM_CMP] = cmp,
	[FORM_SELECT] = select_op,
	[FORM_EXTENDED] = extended,
	[FORM_CONSTANT] = constant,
	[FORM_FUNC] = pr_func,
	[FORM_MODULE] = pr_module,
	[FORM_RETURN] = pr_terminator,
	[FORM_CALL] = pr_call,
	[FORM_FOR] = pr_for_op,
	[FORM_IF] = pr_if_op,
	[FORM_WHILE] = pr_while_op,
	[FORM_CONDITION] = pr_terminator,
	[FORM_YIELD] = pr_terminator,
	[FORM_INDEX_SWITCH] = pr_index_switch,
	[FORM_EXECUTE_REGION] = pr_execute_region,
	[FORM_BR] = pr_branch,
	[FORM_COND_BR] = pr_branch,
	[FORM_SWITCH] = pr_switch_op,
	[FORM_AFFINE_APPLY] = affine,
	[FORM_ALLOC_TILE] = alloc_tile,
	[FORM_TENSOR_VIEW] = tensor_view,
	[FORM_PARTITION] = partition,
	[FORM_SUBVIEW] = subview,
	[FORM_LOAD_SCALAR] = load_scalar,
	[FORM_STORE_SCALAR] = store_scalar,
	[FORM_ADDPTR] = addptr,
	[FORM_RETYPE] = retype,
	[FORM_BARRIER_SYNC] = pr_barrier_sync,
	[FORM_CROSS] = pr_cross,
	[FORM_SYNC_ALL] = pr_sync_all,
	[FORM_EVENT_GET] = pr_event_elem,
	[FORM_EVENT_SET] = pr_event_elem,
	[FORM_FIFO] = pr_fifo,
	[FORM_FIFO_INIT] = pr_fifo_init,
	[FORM_FLAG] = flag,
	[FORM_FLAG_DYN] = flag,
	[FORM_BARRIER] = barrier,
	[FORM_FENCE] = fence,
	[FORM_CMO] = cmo,
	[FORM_COMM] = paren,
	[FORM_DECLARE] = pr_declare,
	[FORM_OPERAND] = pr_operand,
	[FORM_REBIND] = pr_rebind,
	[FORM_VIEW_DIM] = pr_view_dim,
	[FORM_ELEM_GET] = pr_elem_get,
	[FORM_ELEM_SET] = pr_elem_set,
	[FORM_PATH_GET] = pr_path_get,
	[FORM_PATH_SET] = pr_path_set,
	[FORM_SECTION] = pr_execute_region,
};

bool
pr_custom(struct printer *p, struct op o)
{
	uint16_t form = op_row(p->ir, o)->form;

	return form_printer[form] && form_printer[form](p, o);
}
