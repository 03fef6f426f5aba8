/* forms: builders of the straight-line ops, one per assembly form. */
#include "front/build.h"

static void
operands(struct front *fe, struct op o, struct slice s)
{
	ir_op_operands(fe->ir, o, VEC_FROM(&fe->val, s.at), s.n);
}

static void
result(struct front *fe, struct op o, struct typ ty)
{
	ir_op_result(fe->ir, o, ty);
}

static struct typ
index_type(struct front *fe)
{
	return type_index(&fe->ir->types);
}

/* ---- ins/outs ---- */

void
form_extra(struct front *fe, struct word key, struct span key_at, struct attr val, struct span val_at,
	   const struct use *u)
{
	struct extra e = {.key = key.sym, .span = key_at};
	bool wants_attr = key.sym.i == fe->w.pad_mode.i || key.sym.i == fe->w.init_out_buffer.i;

	if (wants_attr != !u) {
		fe_error(fe, DIAG_SYNTAX, val_at, "'%s' takes %s", fe_str(fe, key.sym),
			 wants_attr ? "an attribute" : "an operand");
		return;
	}
	if (u) {
		e.use = (struct slice){fe->use.n, 1};
		e.type = (struct slice){fe->type.n - 1, 1};
		VEC_PUSH(fe->a, &fe->use, *u);
	} else {
		e.val = val;
	}
	VEC_PUSH(fe->a, &fe->extra, e);
}

/* Keyword operands go to the trailing optional slots, in the order of the keywords. */
static void
place_extras(struct front *fe, struct op o, uint32_t first, struct slot_map *m)
{
	const struct sym order[] = {fe->w.pad_value, fe->w.left_padding_num, fe->w.right_padding_num,
				    fe->w.init_condition};
	struct op_slot slot[OP_MAX_SLOT];
	uint32_t n = op_slots(op_id(fe->ir, o), slot);

	for (uint32_t i = first; i < fe->extra.n; i++) {
		const struct extra *e = &fe->extra.at[i];
		uint32_t k = 0, at = n;
		while (k < 4 && order[k].i != e->key.i)
			k++;
		for (uint32_t j = 0; j < n && n >= 4; j++)
			if (j == n - 4 + k && slot[j].optional && !slot[j].out)
				at = j;
		if (op_id(fe->ir, o) != OP_TLOAD) {
			fe_error(fe, DIAG_SYNTAX, e->span, "'%s' takes no '%s'", op_row(fe->ir, o)->name,
				 fe_str(fe, e->key));
		} else if (k == 4) {
			op_attr_add(fe, o, e->key, e->val, e->span);
		} else if (at == n || m->part[at].n) {
			fe_error(fe, DIAG_SYNTAX, e->span, "duplicate '%s'", fe_str(fe, e->key));
		} else {
			m->part[at] = use_typed(fe, e->use, e->type, e->span);
		}
	}
}

struct op
form_ins_outs(struct front *fe, struct word w, struct span at, struct attr attrs, struct slice types)
{
	struct op o = op_new(fe, word_op(w), at);
	struct slot_map m = {{{0, 0}}};
	struct slice in_use = {fe->ins.use.at, fe->ins.use.n + fe->ins.nmore};
	struct slice in = use_typed(fe, in_use, fe->ins.type, fe->ins.span);
	struct slice out = use_typed(fe, fe->outs.use, fe->outs.type, fe->outs.span);
	const struct op_row *row = op_row(fe->ir, o);

	if (fe->failed)
		return o;
	if (!legacy_map(fe, w, in, out, &m) && !slots_ins_outs(fe, word_op(w), in, out, &m))
		return o;
	op_attrs(fe, o, fe->ins.attrs);
	op_attrs(fe, o, attrs);
	legacy_attrs(fe, o);
	place_extras(fe, o, fe->frame.at[fe->frame.n - 1].base.extra, &m);
	op_slot_operands(fe, o, &m);
	if (types.n && row->nres == 0)
		fe_error(fe, DIAG_UNSUPPORTED, fe->type.at[types.at].span,
			 "'%s' has no result here: tensors are not supported", row->name);
	else if (row->nres != types.n)
		fe_error(fe, DIAG_ARITY, at, "'%s' needs the type of its result", row->name);
	else
		op_results(fe, o, types);
	return o;
}

/* ---- scalars ---- */

struct op
form_nullary(struct front *fe, struct word w, struct span at, struct attr attrs, struct slice type)
{
	struct op o = op_new(fe, word_op(w), at);

	op_attrs(fe, o, attrs);
	ir_op_operands(fe->ir, o, NULL, 0);
	if (op_row(fe->ir, o)->nres)
		result(fe, o, type.n ? fe->type.at[type.at].type : type_int(&fe->ir->types, 64, SIGNLESS));
	else if (type.n)
		fe_error(fe, DIAG_ARITY, fe->type.at[type.at].span, "'%s' has no result", op_row(fe->ir, o)->name);
	return o;
}

struct op
form_same(struct front *fe, struct word w, struct span at, struct slice use, struct attr attrs, struct tuse ty)
{
	struct op o = op_new(fe, word_op(w), at);

	operands(fe, o, use_as(fe, use, ty.type));
	op_attrs(fe, o, attrs);
	result(fe, o, ty.type);
	return o;
}

struct op
form_cast(struct front *fe, struct word w, struct span at, struct use u, struct attr attrs, struct tuse from,
	  struct tuse to)
{
	struct op o = op_new(fe, word_op(w), at);

	operands(fe, o, use_one(fe, u, from.type));
	op_attrs(fe, o, attrs);
	result(fe, o, to.type);
	return o;
}

struct op
form_cmp(struct front *fe, struct word w, struct span at, struct sym pred, struct span pred_at, struct slice use,
	 struct attr attrs, struct tuse ty)
{
	struct op o = op_new(fe, word_op(w), at);
	bool flt = op_row(fe->ir, o)->sig[0] == 's';
	struct attr p = attr_case(fe, flt ? EN_CMPF_PREDICATE : EN_CMPI_PREDICATE, pred, pred_at);

	operands(fe, o, use_as(fe, use, ty.type));
	op_attrs(fe, o, attrs);
	op_attr_add(fe, o, fe->ir->name.predicate, p, pred_at);
	result(fe, o, type_int(&fe->ir->types, 1, SIGNLESS));
	return o;
}

struct op
form_select(struct front *fe, struct word w, struct span at, struct slice use, struct attr attrs, struct tuse cond,
	    struct tuse ty)
{
	struct op o = op_new(fe, word_op(w), at);
	struct typ c = cond.type.i ? cond.type : type_int(&fe->ir->types, 1, SIGNLESS);
	struct slice s = use_as(fe, (struct slice){use.at, 1}, c);

	use_as(fe, (struct slice){use.at + 1, 2}, ty.type);
	operands(fe, o, (struct slice){s.at, 3});
	op_attrs(fe, o, attrs);
	result(fe, o, ty.type);
	return o;
}

struct op
form_extended(struct front *fe, struct word w, struct span at, struct slice use, struct attr attrs, struct tuse ty,
	      struct tuse carry)
{
	struct op o = op_new(fe, word_op(w), at);
	bool has_carry = word_op(w) == OP_ARITH_ADDUI_EXTENDED;

	if (has_carry != (carry.type.i != 0))
		fe_error(fe, DIAG_SYNTAX, at, has_carry ? "'%s' needs the type of its carry" : "'%s' has one type",
			 op_row(fe->ir, o)->name);
	operands(fe, o, use_as(fe, use, ty.type));
	op_attrs(fe, o, attrs);
	result(fe, o, ty.type);
	result(fe, o, has_carry ? carry.type : ty.type);
	return o;
}

struct op
form_constant(struct front *fe, struct word w, struct span at, struct attr attrs, struct attr value,
	      struct span value_at)
{
	struct op o = op_new(fe, word_op(w), at);
	const struct attr_data *d = attr_data(&fe->ir->attrs, value);
	struct typ ty = d->kind == AT_BOOL ? type_int(&fe->ir->types, 1, SIGNLESS) : d->type;
	const struct type_data *t = type_data(&fe->ir->types, ty);

	if (t->kind == TY_INT && t->sign != SIGNLESS)
		fe_error(fe, DIAG_TYPE, value_at, "integer return type must be signless");
	ir_op_operands(fe->ir, o, NULL, 0);
	op_attrs(fe, o, attrs);
	op_attr_add(fe, o, fe->ir->name.value, value, value_at);
	result(fe, o, ty);
	return o;
}

/* overflow<...>, fastmath<...> or a rounding mode word: kept as written, the C++ does not depend on them. */
struct attr
form_flags(struct front *fe, struct word which, struct slice words, struct span at)
{
	static const char *const rounding[] = {"to_nearest_even", "downward", "upward", "toward_zero",
					       "to_nearest_away"};
	static const char *const known[] = {"none", "nsw", "nuw",  "fast",     "reassoc", "nnan",
					    "ninf", "nsz", "arcp", "contract", "afn"};
	struct ir *ir = fe->ir;
	bool overflow = which.sym.i == fe->w.overflow.i, round = words.n == 0;
	struct sym key = round ? ir->name.rounding : overflow ? ir->name.overflow : ir->name.fastmath;
	struct strv w = sym_text(&ir->in, which.sym);
	struct out o;

	out_init(&o, fe->a);
	if (round) {
		uint32_t k = 0;
		while (k < 5 && !strv_is(w, rounding[k]))
			k++;
		if (k == 5)
			fe_error(fe, DIAG_SYNTAX, at, "unexpected '%.*s'", (int)w.n, w.p);
		out_f(&o, "#arith.rounding<%.*s>", (int)w.n, w.p);
	}
	for (uint32_t i = 0; i < words.n; i++) {
		const struct field *f = &fe->field.at[words.at + i];
		struct strv s = sym_text(&ir->in, f->key);
		uint32_t lo = overflow ? 0 : 3, hi = overflow ? 3 : 11, k = lo;
		while (k < hi && !strv_is(s, known[k]))
			k++;
		if (k == hi && !strv_is(s, "none"))
			fe_error(fe, DIAG_SYNTAX, f->span, "unknown %.*s flag '%.*s'", (int)w.n, w.p, (int)s.n, s.p);
		out_f(&o, "%s%.*s", i ? ", " : overflow ? "#arith.overflow<" : "#arith.fastmath<", (int)s.n, s.p);
	}
	if (!round)
		out_char(&o, '>');
	struct attr a =
		attr_get(&ir->attrs, &(struct attr_data){.kind = AT_OPAQUE, .text = intern_add(&ir->in, out_text(&o))});
	return attr_dict(&ir->attrs, &key, &a, 1);
}

struct op
form_affine(struct front *fe, struct word w, struct span at, struct span map, struct slice dims, struct slice syms,
	    struct attr attrs)
{
	struct op o = op_new(fe, word_op(w), at);
	uint32_t count[2];

	attr_map_names(fe_text(fe, map), count);
	if (count[0] != dims.n || count[1] != syms.n)
		fe_error(fe, DIAG_ARITY, at, "the map takes %u dimensions and %u symbols, got %u and %u", count[0],
			 count[1], dims.n, syms.n);
	struct slice s = use_as(fe, dims, index_type(fe));
	use_as(fe, syms, index_type(fe));
	uint32_t n = dims.n + syms.n;
	ir_op_groups(fe->ir, o, VEC_FROM(&fe->val, s.at), &n, 1);
	op_attrs(fe, o, attrs);
	op_attr_add(fe, o, fe->ir->name.map, attr_map(fe, map), map);
	result(fe, o, index_type(fe));
	return o;
}

/* ---- tiles and views ---- */

struct op
form_alloc(struct front *fe, struct word w, struct span at, struct slice addr, struct slice row, struct slice col,
	   struct attr attrs, struct tuse ty)
{
	struct op o = op_new(fe, word_op(w), at);
	struct slot_map m = {{{0, 0}}};

	m.part[0] = use_as(fe, addr, type_int(&fe->ir->types, 64, SIGNLESS));
	m.part[1] = use_as(fe, row, index_type(fe));
	m.part[2] = use_as(fe, col, index_type(fe));
	op_slot_operands(fe, o, &m);
	op_attrs(fe, o, attrs);
	result(fe, o, ty.type);
	return o;
}

struct op
form_tensor_view(struct front *fe, struct word w, struct span at, struct use base, struct slice shape,
		 struct slice strides, struct attr attrs, struct tuse ty)
{
	struct op o = op_new(fe, word_op(w), at);
	const struct type_data *t = type_data(&fe->ir->types, ty.type);
	struct slot_map m = {{{0, 0}}};

	if (t->kind != TY_TVIEW) {
		fe_error(fe, DIAG_TYPE, ty.span, "expected result type pto.tensor_view<...>");
		return o;
	}
	/* The pointer's type is not written: it is a GM pointer to the view's elements. */
	m.part[0] = use_one(fe, base, type_ptr(&fe->ir->types, t->sub[0], SP_GM));
	m.part[1] = use_as(fe, shape, index_type(fe));
	m.part[2] = use_as(fe, strides, index_type(fe));
	op_slot_operands(fe, o, &m);
	op_attrs(fe, o, attrs);
	result(fe, o, ty.type);
	return o;
}

/* Without a written type: a constant size >= 0 gives a static dimension. */
static struct typ
partition_type(struct front *fe, struct tuse from, struct slice sizes)
{
	const struct type_data *t = type_data(&fe->ir->types, from.type);
	struct slice d = {fe->num.n, sizes.n};

	if (t->kind != TY_TVIEW) {
		fe_error(fe, DIAG_TYPE, from.span, "failed to infer pto.partition_view result type");
		return (struct typ){0};
	}
	struct typ elem = t->sub[0];
	for (uint32_t i = 0; i < sizes.n; i++) {
		int64_t c;
		bool known = val_const_int(fe->ir, fe->val.at[sizes.at + i], &c) && c >= 0;
		VEC_PUSH(fe->a, &fe->num, known ? c : DIM_DYN);
	}
	return type_shaped(&fe->ir->types, TY_PVIEW, elem, VEC_FROM(&fe->num, d.at), d.n);
}

struct op
form_partition(struct front *fe, struct word w, struct span at, struct use base, struct slice offsets,
	       struct slice sizes, struct attr attrs, struct tuse from, struct tuse to)
{
	struct op o = op_new(fe, word_op(w), at);
	struct slot_map m = {{{0, 0}}};

	m.part[0] = use_one(fe, base, from.type);
	m.part[1] = use_as(fe, offsets, index_type(fe));
	m.part[2] = use_as(fe, sizes, index_type(fe));
	op_slot_operands(fe, o, &m);
	op_attrs(fe, o, attrs);
	result(fe, o, to.type.i ? to.type : partition_type(fe, from, m.part[2]));
	return o;
}

/* Without a written type: the source's type with the sizes as shape; valid is min(constant, size), ? when dynamic. */
static struct typ
subview_type(struct front *fe, struct tuse from, struct slice sizes, struct slice valid)
{
	const struct type_data *t = type_data(&fe->ir->types, from.type);
	const int64_t *size = VEC_FROM(&fe->num, sizes.at);

	if (t->kind != TY_TILE || sizes.n != 2 || size[0] <= 0 || size[1] <= 0) {
		fe_error(fe, DIAG_TYPE, from.span, "failed to infer pto.subview result type");
		return (struct typ){0};
	}
	struct tile_shape s = t->tile;
	int64_t v[2] = {size[0], size[1]};
	for (uint32_t i = 0; i < valid.n && i < 2; i++) {
		int64_t c;
		bool known = val_const_int(fe->ir, fe->val.at[valid.at + i], &c);
		v[i] = !known ? DIM_DYN : c < size[i] ? c : size[i];
	}
	s.rows = size[0];
	s.cols = size[1];
	s.vrow = v[0];
	s.vcol = v[1];
	return type_tile(&fe->ir->types, t->sub[0], &s);
}

struct op
form_subview(struct front *fe, struct word w, struct span at, struct use base, struct slice offsets, struct slice sizes,
	     struct slice valid, struct attr attrs, struct tuse from, struct tuse to)
{
	struct op o = op_new(fe, word_op(w), at);
	struct slot_map m = {{{0, 0}}};

	if (valid.n && valid.n != 2)
		fe_error(fe, DIAG_ARITY, fe->use.at[valid.at].span, "subview expects two valid sizes");
	m.part[0] = use_one(fe, base, from.type);
	m.part[1] = use_as(fe, offsets, index_type(fe));
	struct slice v = use_as(fe, valid, index_type(fe));
	if (v.n == 2) {
		m.part[2] = (struct slice){v.at, 1};
		m.part[3] = (struct slice){v.at + 1, 1};
	}
	op_slot_operands(fe, o, &m);
	op_attrs(fe, o, attrs);
	struct attr a = attr_get(&fe->ir->attrs, &(struct attr_data){.kind = AT_DENSE_ARRAY,
								     .type = type_int(&fe->ir->types, 64, SIGNLESS),
								     .elem = VEC_FROM(&fe->num, sizes.at),
								     .n = sizes.n});
	op_attr_add(fe, o, fe->ir->name.sizes, a, at);
	result(fe, o, to.type.i ? to.type : subview_type(fe, from, sizes, v));
	return o;
}

/* ---- pointers ---- */

struct op
form_load(struct front *fe, struct word w, struct span at, struct use base, struct use index, struct attr attrs,
	  struct tuse from, struct tuse to)
{
	struct op o = op_new(fe, word_op(w), at);
	struct slice s = use_one(fe, base, from.type);

	use_one(fe, index, index_type(fe));
	operands(fe, o, (struct slice){s.at, 2});
	op_attrs(fe, o, attrs);
	result(fe, o, to.type);
	return o;
}

struct op
form_store(struct front *fe, struct word w, struct span at, struct use value, struct use base, struct use index,
	   struct attr attrs, struct tuse ptr, struct tuse ty)
{
	struct op o = op_new(fe, word_op(w), at);
	struct slice s = use_one(fe, value, ty.type);

	use_one(fe, base, ptr.type);
	use_one(fe, index, index_type(fe));
	operands(fe, o, (struct slice){s.at, 3});
	op_attrs(fe, o, attrs);
	return o;
}

struct op
form_addptr(struct front *fe, struct word w, struct span at, struct slice use, struct attr attrs, struct tuse from,
	    struct tuse to)
{
	struct op o = op_new(fe, word_op(w), at);
	struct slice s = use_as(fe, (struct slice){use.at, 1}, from.type);

	use_as(fe, (struct slice){use.at + 1, 1}, index_type(fe));
	operands(fe, o, (struct slice){s.at, 2});
	op_attrs(fe, o, attrs);
	result(fe, o, to.type);
	return o;
}

/* ---- synchronisation ---- */

struct attr
enum_attr(struct front *fe, struct attr a, enum enum_id id, struct span at)
{
	const struct attr_data *d = attr_data(&fe->ir->attrs, a);

	if (d->kind == AT_STRING)
		return attr_case(fe, id, d->text, at);
	if (d->kind != AT_ENUM || d->id != id)
		fe_error(fe, DIAG_TYPE, at, "expected a #pto.%s attribute", isa_enum[id].name);
	return a;
}

struct op
form_flag(struct front *fe, struct word w, struct span at, const struct aused *src, const struct aused *dst,
	  const struct aused *id, struct slice dyn)
{
	if (word_op(w) == OP_RECORD_EVENT || word_op(w) == OP_WAIT_EVENT)
		return form_event_pair(fe, w, at, src, dst, id);
	struct op o = op_new(fe, word_op(w), at);
	struct ir *ir = fe->ir;

	operands(fe, o, use_as(fe, dyn, index_type(fe)));
	op_attr_set(ir, o, ir->name.src_pipe, enum_attr(fe, src->attr, EN_PIPE, src->span));
	op_attr_set(ir, o, ir->name.dst_pipe, enum_attr(fe, dst->attr, EN_PIPE, dst->span));
	if (id)
		op_attr_set(ir, o, ir->name.event_id, enum_attr(fe, id->attr, EN_EVENT, id->span));
	return o;
}

struct op
form_attr(struct front *fe, struct word w, struct span at, struct sym key, struct attr val, struct span val_at,
	  struct attr attrs)
{
	struct op o = op_new(fe, word_op(w), at);
	struct ir *ir = fe->ir;
	enum enum_id id = key.i == ir->name.pipe.i    ? EN_PIPE
			  : key.i == ir->name.scope.i ? EN_FENCE_SCOPE
						      : EN_ADDRESS_SPACE;
	struct slot_map m = {{{0, 0}}};

	op_slot_operands(fe, o, &m);
	op_attrs(fe, o, attrs);
	op_attr_add(fe, o, key, enum_attr(fe, val, id, val_at), val_at);
	return o;
}

struct op
form_cmo(struct front *fe, struct word w, struct span at, struct use u, struct word kind, struct span kind_at,
	 struct tuse ty, struct attr attrs)
{
	struct op o = op_new(fe, word_op(w), at);

	operands(fe, o, use_one(fe, u, ty.type));
	op_attrs(fe, o, attrs);
	op_attr_add(fe, o, kind.sym, attr_unit(&fe->ir->attrs), kind_at);
	return o;
}

struct op
form_paren(struct front *fe, struct word w, struct span at, struct slice use, struct slice type, struct attr attrs,
	   struct slice types)
{
	struct op o = op_new(fe, word_op(w), at);
	struct slice v = use_typed(fe, use, type, at);

	if (fe->failed || !slots_fill(fe, o, v, NULL, 0, at))
		return o;
	op_attrs(fe, o, attrs);
	if (results_fit(fe, o, types, at))
		op_results(fe, o, types);
	return o;
}
