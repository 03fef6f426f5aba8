/*
 * print: canonical text. Names are kept when they are legal and free where they are defined, other values get numbers;
 * in functions with several blocks in a region all names differ, because uses may come before definitions there.
 */
#include "ir/printer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void
pr_str(struct printer *p, const char *s)
{
	out_str(p->o, s);
}

void
pr_char(struct printer *p, char c)
{
	out_char(p->o, c);
}

static void
new_line(struct printer *p)
{
	out_char(p->o, '\n');
	out_pad(p->o, ' ', p->indent * 2);
}

/* ---- names ---- */

static bool
is_letter(char c)
{
	return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '$' || c == '.' || c == '_' || c == '-';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* All digits, or a letter followed by letters and digits. */
static bool
legal_suffix(struct strv s)
{
	bool number = s.n && is_digit(s.p[0]);

	for (uint32_t i = 0; i < s.n; i++)
		if (number ? !is_digit(s.p[i]) : !is_letter(s.p[i]) && !(i > 0 && is_digit(s.p[i])))
			return false;
	return s.n > 0;
}

static bool
bare_word(struct strv s)
{
	for (uint32_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '-' || !(is_letter(c) || (i > 0 && is_digit(c))) || (i == 0 && (c == '$' || c == '.')))
			return false;
	}
	return s.n > 0;
}

static const char *
fresh_name(struct printer *p)
{
	char buf[16];

	for (;;) {
		int n = snprintf(buf, sizeof buf, "%u", p->next++);
		struct sym s = intern_find(&p->ir->in, (struct strv){buf, (uint32_t)n});
		if (!s.i || !p->taken[s.i])
			return arena_strndup(p->ir->a, buf, (size_t)n);
	}
}

/* The name a definition gets, bound until its region ends. */
static const char *
bind_name(struct printer *p, struct sym s)
{
	if (!s.i || p->bound[s.i] || !legal_suffix(sym_text(&p->ir->in, s)))
		return fresh_name(p);
	p->bound[s.i] = 1;
	VEC_PUSH(p->ir->a, &p->undo, s);
	return sym_str(&p->ir->in, s);
}

static void
name_values(struct printer *p, uint32_t first, uint32_t n)
{
	for (uint32_t k = 0; k < n; k++) {
		const struct val_data *v = &p->ir->val.at[first + k];
		const char *name = bind_name(p, v->name);
		uint32_t group = v->group ? v->group : 1;
		for (uint32_t j = 0; j < group && k + j < n; j++)
			p->name[first + k + j] = name;
		k += group - 1;
	}
}

static void
name_region(struct printer *p, struct reg r)
{
	const struct ir *ir = p->ir;
	uint32_t mark = p->undo.n, labels = 0;

	for (struct blk b = ir_reg(ir, r)->first; b.i; b = ir_blk(ir, b)->next) {
		char buf[16];
		int n = snprintf(buf, sizeof buf, "bb%u", labels++);
		p->label[b.i] = arena_strndup(ir->a, buf, (size_t)n);
		name_values(p, ir_blk(ir, b)->arg0, ir_blk(ir, b)->narg);
		for (struct op o = ir_blk(ir, b)->first; o.i; o = ir_op(ir, o)->next) {
			const struct op_data *d = ir_op(ir, o);
			for (uint32_t k = 0; k < d->nreg; k++)
				name_region(p, op_reg(ir, o, k));
			name_values(p, d->res0, d->nres);
		}
	}
	while (!p->all_differ && p->undo.n > mark)
		p->bound[p->undo.at[--p->undo.n].i] = 0;
}

static bool
has_blocks(const struct ir *ir, struct reg r)
{
	for (struct blk b = ir_reg(ir, r)->first; b.i; b = ir_blk(ir, b)->next) {
		if (ir_blk(ir, b)->next.i)
			return true;
		for (struct op o = ir_blk(ir, b)->first; o.i; o = ir_op(ir, o)->next)
			for (uint32_t k = 0; k < ir_op(ir, o)->nreg; k++)
				if (has_blocks(ir, op_reg(ir, o, k)))
					return true;
	}
	return false;
}

/* Names start anew in every isolated op; nested ones are named from within. */
static void
name_isolated(struct printer *p, struct op o)
{
	const struct ir *ir = p->ir;

	for (uint32_t k = 0; k < ir_op(ir, o)->nreg; k++) {
		uint32_t mark = p->undo.n;
		p->all_differ = op_id(ir, o) == OP_FUNC && has_blocks(ir, op_reg(ir, o, k));
		p->next = 0;
		name_region(p, op_reg(ir, o, k));
		while (p->undo.n > mark)
			p->bound[p->undo.at[--p->undo.n].i] = 0;
		for (struct blk b = op_body(ir, o, k); b.i; b = ir_blk(ir, b)->next)
			for (struct op c = ir_blk(ir, b)->first; c.i; c = ir_op(ir, c)->next)
				if (op_row(ir, c)->flags & OPF_ISOLATED)
					name_isolated(p, c);
	}
}

static void
printer_init(struct printer *p, const struct ir *ir, struct out *o)
{
	memset(p, 0, sizeof *p);
	p->ir = ir;
	p->o = o;
	p->name = ARENA_ARRAY(ir->a, const char *, ir->val.n + 1);
	p->label = ARENA_ARRAY(ir->a, const char *, ir->blk.n + 1);
	p->bound = ARENA_ARRAY(ir->a, uint8_t, ir->in.text.n + 1);
	p->taken = ARENA_ARRAY(ir->a, uint8_t, ir->in.text.n + 1);
	for (uint32_t i = 1; i < ir->val.n; i++)
		p->taken[ir->val.at[i].name.i] = 1;
}

void
pr_value(struct printer *p, struct val v)
{
	const struct val_data *d = ir_val(p->ir, v);
	const char *name = v.i ? p->name[v.i] : NULL;

	if (!name) {
		out_str(p->o, val_name(p->ir, v));
		return;
	}
	out_f(p->o, "%%%s", name);
	if (d->group) {
		uint32_t k = 0;
		while (k < d->index && p->name[v.i - k - 1] == name)
			k++;
		out_f(p->o, "#%u", k);
	}
}

void
pr_values(struct printer *p, const struct val *v, uint32_t n)
{
	for (uint32_t k = 0; k < n; k++) {
		if (k)
			out_str(p->o, ", ");
		pr_value(p, v[k]);
	}
}

void
pr_block(struct printer *p, struct blk b)
{
	out_f(p->o, "^%s", p->label[b.i] ? p->label[b.i] : "?");
}

/* ---- types ---- */

void
pr_type(struct printer *p, struct typ ty)
{
	type_print(&p->ir->types, &p->ir->in, ty, p->o);
}

void
pr_types(struct printer *p, const struct val *v, uint32_t n)
{
	for (uint32_t k = 0; k < n; k++) {
		if (k)
			out_str(p->o, ", ");
		pr_type(p, val_type(p->ir, v[k]));
	}
}

void
pr_result_types(struct printer *p, struct op o)
{
	uint32_t n = ir_op(p->ir, o)->nres;
	bool paren = n != 1 || type_kind(&p->ir->types, val_type(p->ir, op_res(p->ir, o, 0))) == TY_FUNC;

	if (paren)
		out_char(p->o, '(');
	for (uint32_t k = 0; k < n; k++) {
		if (k)
			out_str(p->o, ", ");
		pr_type(p, val_type(p->ir, op_res(p->ir, o, k)));
	}
	if (paren)
		out_char(p->o, ')');
}

/* ---- attributes ---- */

static void
print_string(struct out *o, struct strv s)
{
	out_char(o, '"');
	for (uint32_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c == '"' || c == '\\')
			out_f(o, "\\%c", c);
		else if (c == '\n' || c == '\t')
			out_str(o, c == '\n' ? "\\n" : "\\t");
		else if (c < 0x20 || c >= 0x7f)
			out_f(o, "\\%02X", c);
		else
			out_char(o, (char)c);
	}
	out_char(o, '"');
}

static void
print_symbol_part(struct out *o, struct strv name)
{
	out_char(o, '@');
	if (bare_word(name))
		out_strv(o, name);
	else
		print_string(o, name);
}

void
pr_symbol_name(struct printer *p, struct sym s)
{
	print_symbol_part(p->o, sym_text(&p->ir->in, s));
}

void
pr_symbol(struct printer *p, struct sym s)
{
	struct strv t = sym_text(&p->ir->in, s);

	for (;;) {
		uint32_t n = 0;
		while (n < t.n && !(n + 1 < t.n && t.p[n] == ':' && t.p[n + 1] == ':'))
			n++;
		print_symbol_part(p->o, (struct strv){t.p, n});
		if (n == t.n)
			return;
		out_str(p->o, "::");
		t.p += n + 2;
		t.n -= n + 2;
	}
}

/*
 * The shortest of three precisions that reads back to the same value in its type, else the bit pattern. The C library's
 * radix character is replaced, so the locale does not matter.
 */
static void
print_float(struct out *o, double f, uint64_t bits, const struct type_data *t)
{
	static const int precision[] = {6, 8, 16};
	char buf[64];

	for (uint32_t i = 0; i < 3 && isfinite(f) && t->fkind <= F_F64; i++) {
		int n = snprintf(buf, sizeof buf, "%.*e", precision[i], f);
		double back = strtod(buf, NULL);
		if (back != f && (t->fkind != F_F32 || (float)back != (float)f))
			continue;
		for (int k = 0; k < n; k++) {
			bool mark = (buf[k] < '0' || buf[k] > '9') && buf[k] != '-' && buf[k] != '+' && buf[k] != 'e';
			if (mark)
				buf[k] = '.';
		}
		out_strv(o, (struct strv){buf, (uint32_t)n});
		return;
	}
	out_f(o, "0x%0*llX", t->fkind == F_F64 ? 16 : t->fkind == F_F32 ? 8 : 4, (unsigned long long)bits);
}

static void
print_dense_array(struct printer *p, const struct attr_data *d)
{
	const struct type_data *t = type_data(&p->ir->types, d->type);

	out_str(p->o, "array<");
	pr_type(p, d->type);
	for (uint32_t k = 0; k < d->n; k++) {
		out_str(p->o, k ? ", " : ": ");
		if (t->kind == TY_FLOAT) {
			uint64_t bits = (uint64_t)d->elem[k];
			float f32;
			double f = 0;
			uint32_t low = (uint32_t)bits;
			memcpy(&f32, &low, sizeof f32);
			memcpy(&f, &bits, sizeof f);
			print_float(p->o,
				    t->fkind == F_F32   ? (double)f32
				    : t->fkind == F_F64 ? f
							: (double)NAN,
				    bits, t);
		} else if (t->kind == TY_INT && t->width == 1) {
			out_str(p->o, d->elem[k] ? "true" : "false");
		} else {
			out_i64(p->o, d->elem[k]);
		}
	}
	out_char(p->o, '>');
}

static void
print_dense(struct printer *p, const struct attr_data *d)
{
	out_str(p->o, "dense<");
	if (d->text.i) {
		out_strv(p->o, sym_text(&p->ir->in, d->text));
	} else if (d->n == 1) {
		out_i64(p->o, d->elem[0]);
	} else if (d->n) {
		for (uint32_t k = 0; k < d->n; k++)
			out_f(p->o, "%s%lld", k ? ", " : "[", (long long)d->elem[k]);
		out_char(p->o, ']');
	}
	out_str(p->o, "> : ");
	pr_type(p, d->type);
}

static void
print_enum(struct printer *p, const struct attr_data *d)
{
	const char *c = enum_case_name((enum enum_id)d->id, (int32_t)d->i);
	const struct enum_row *r = &isa_enum[d->id];

	if (r->family == 'X')
		out_f(p->o, "%lld : i64", (long long)d->i);
	else
		out_f(p->o, r->family == 'A' ? "#pto.%s<%s>" : "#pto<%s %s>", r->name, c ? c : "?");
}

static void
print_array(struct printer *p, const struct attr_data *d)
{
	const struct types *t = &p->ir->types;

	out_char(p->o, '[');
	for (uint32_t k = 0; k < d->n; k++) {
		const struct attr_data *e = attr_data(&p->ir->attrs, d->sub[k]);
		const struct type_data *et = type_data(t, e->type);
		if (k)
			out_str(p->o, ", ");
		/* i64 is the type of an integer without one. */
		if (e->kind == AT_INT && et->kind == TY_INT && et->width == 64 && et->sign == SIGNLESS)
			out_i64(p->o, e->i);
		else
			pr_attr(p, d->sub[k]);
	}
	out_char(p->o, ']');
}

static bool
skipped(struct sym key, const struct sym *skip, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (skip[i].i == key.i)
			return true;
	return false;
}

static void
print_entries(struct printer *p, const struct attr_data *d, const struct sym *skip, uint32_t n)
{
	bool first = true;

	for (uint32_t k = 0; k < d->n; k++) {
		struct strv key = sym_text(&p->ir->in, d->key[k]);
		if (skipped(d->key[k], skip, n))
			continue;
		if (!first)
			out_str(p->o, ", ");
		first = false;
		if (bare_word(key))
			out_strv(p->o, key);
		else
			print_string(p->o, key);
		if (attr_data(&p->ir->attrs, d->sub[k])->kind == AT_UNIT)
			continue;
		out_str(p->o, " = ");
		pr_attr(p, d->sub[k]);
	}
}

void
pr_dict(struct printer *p, struct attr dict, const struct sym *skip, uint32_t n)
{
	const struct attr_data *d = attr_data(&p->ir->attrs, dict);
	uint32_t left = 0;

	for (uint32_t k = 0; k < d->n; k++)
		left += !skipped(d->key[k], skip, n);
	if (!left)
		return;
	out_str(p->o, " {");
	print_entries(p, d, skip, n);
	out_char(p->o, '}');
}

static void
print_typed(struct printer *p, const struct attr_data *d)
{
	if (d->kind == AT_FLOAT)
		print_float(p->o, d->f, d->bits, type_data(&p->ir->types, d->type));
	else if (type_data(&p->ir->types, d->type)->sign == UNSIGNED)
		out_u64(p->o, (uint64_t)d->i);
	else
		out_i64(p->o, d->i);
	out_str(p->o, " : ");
	pr_type(p, d->type);
}

void
pr_attr(struct printer *p, struct attr a)
{
	const struct attr_data *d = attr_data(&p->ir->attrs, a);

	switch (d->kind) {
	case AT_NONE:
		return;
	case AT_UNIT:
		pr_str(p, "unit");
		return;
	case AT_BOOL:
		pr_str(p, d->i ? "true" : "false");
		return;
	case AT_INT:
	case AT_FLOAT:
		print_typed(p, d);
		return;
	case AT_STRING:
		print_string(p->o, sym_text(&p->ir->in, d->text));
		return;
	case AT_TYPE:
		pr_type(p, d->type);
		return;
	case AT_SYMBOL:
		pr_symbol(p, d->text);
		return;
	case AT_ARRAY:
		print_array(p, d);
		return;
	case AT_DICT:
		pr_char(p, '{');
		print_entries(p, d, NULL, 0);
		pr_char(p, '}');
		return;
	case AT_DENSE_ARRAY:
		print_dense_array(p, d);
		return;
	case AT_DENSE:
		print_dense(p, d);
		return;
	case AT_ENUM:
		print_enum(p, d);
		return;
	case AT_MAP:
	case AT_LOC:
	case AT_OPAQUE:
		out_strv(p->o, sym_text(&p->ir->in, d->text));
		return;
	case AT_TILE_CONFIG:
		pr_str(p, "#pto.tile_buf_config<");
		print_entries(p, attr_data(&p->ir->attrs, d->sub[0]), NULL, 0);
		pr_char(p, '>');
		return;
	}
}

/* ---- what custom forms ask ---- */

struct sym
pr_no_sym(void)
{
	return (struct sym){0};
}

void
pr_name(struct printer *p, struct op o)
{
	pr_str(p, op_row(p->ir, o)->name);
}

struct typ
pr_opnd_type(struct printer *p, struct op o, uint32_t k)
{
	return val_type(p->ir, op_opnd(p->ir, o, k));
}

struct typ
pr_res_type(struct printer *p, struct op o)
{
	return val_type(p->ir, op_res(p->ir, o, 0));
}

enum type_kind
pr_kind(struct printer *p, struct typ ty)
{
	return type_kind(&p->ir->types, ty);
}

void
pr_dict_but(struct printer *p, struct op o, struct sym a, struct sym b, struct sym c)
{
	const struct sym skip[] = {a, b, c};

	pr_dict(p, ir_op(p->ir, o)->attrs, skip, 3);
}

void
pr_all_dict(struct printer *p, struct op o)
{
	pr_dict(p, ir_op(p->ir, o)->attrs, NULL, 0);
}

const struct attr_data *
pr_attr_of(struct printer *p, struct op o, struct sym key)
{
	return attr_data(&p->ir->attrs, op_attr(p->ir, o, key));
}

bool
pr_signless(struct printer *p, struct typ ty, uint32_t width)
{
	const struct type_data *t = type_data(&p->ir->types, ty);

	return t->kind == TY_INT && t->sign == SIGNLESS && t->width == width;
}

/* ---- regions ---- */

static void
print_loc(struct printer *p, uint32_t loc)
{
	const struct loc *l = &p->ir->loc.at[loc];

	if (!loc || (!l->file.i && !l->name.i))
		return;
	out_str(p->o, " loc(");
	if (l->name.i)
		print_string(p->o, sym_text(&p->ir->in, l->name));
	if (l->name.i && l->file.i)
		out_char(p->o, '(');
	if (l->file.i) {
		print_string(p->o, sym_text(&p->ir->in, l->file));
		out_f(p->o, ":%u:%u", l->line, l->col);
	}
	out_str(p->o, l->name.i && l->file.i ? "))" : ")");
}

static void
print_results(struct printer *p, struct op o)
{
	const struct op_data *d = ir_op(p->ir, o);

	for (uint32_t k = 0; k < d->nres; k++) {
		uint32_t group = ir_val(p->ir, op_res(p->ir, o, k))->group;
		if (k)
			out_str(p->o, ", ");
		out_f(p->o, "%%%s", p->name[d->res0 + k] ? p->name[d->res0 + k] : "?");
		if (group) {
			out_f(p->o, ":%u", group);
			k += group - 1;
		}
	}
	if (d->nres)
		out_str(p->o, " = ");
}

static void
print_one(struct printer *p, struct op o)
{
	print_results(p, o);
	if (!pr_custom(p, o))
		pr_generic(p, o);
	print_loc(p, ir_op(p->ir, o)->loc);
}

static void
print_block_label(struct printer *p, struct blk b)
{
	const struct blk_data *d = ir_blk(p->ir, b);

	p->indent--;
	new_line(p);
	p->indent++;
	pr_block(p, b);
	for (uint32_t k = 0; k < d->narg; k++) {
		struct val v = {d->arg0 + k};
		out_str(p->o, k ? ", " : "(");
		pr_value(p, v);
		out_str(p->o, ": ");
		pr_type(p, val_type(p->ir, v));
	}
	out_str(p->o, d->narg ? "):" : ":");
}

/* A yield without operands at the end of a region that implies it. */
static bool
implied(const struct ir *ir, struct op o)
{
	return op_id(ir, o) == OP_YIELD && ir_op(ir, o)->nopnd == 0 && !ir_op(ir, o)->attrs.i && !ir_op(ir, o)->loc;
}

void
pr_region(struct printer *p, struct reg r, unsigned flags)
{
	const struct ir *ir = p->ir;
	struct blk first = ir_reg(ir, r)->first;

	out_char(p->o, '{');
	p->indent++;
	for (struct blk b = first; b.i; b = ir_blk(ir, b)->next) {
		if (b.i != first.i || (ir_blk(ir, b)->narg && !(flags & REGION_ENTRY_ARGS)))
			print_block_label(p, b);
		for (struct op o = ir_blk(ir, b)->first; o.i; o = ir_op(ir, o)->next) {
			if (!ir_op(ir, o)->next.i && (flags & REGION_DROP_YIELD) && implied(ir, o))
				continue;
			new_line(p);
			print_one(p, o);
		}
	}
	p->indent--;
	new_line(p);
	out_char(p->o, '}');
}

/* ---- generic form ---- */

/* Slot sizes, for ops where the types alone do not tell them. */
static void
print_segments(struct printer *p, struct op o)
{
	const struct ir *ir = p->ir;
	const struct op_data *d = ir_op(ir, o);
	struct op_slot slot[OP_MAX_SLOT];
	uint32_t n = op_slots((enum op_id)d->id, slot), open = 0, rest = 0;

	for (uint32_t k = 0; k < n; k++)
		open += slot[k].optional || slot[k].variadic;
	if (open < 2 && !d->nsucc)
		return;
	out_str(p->o, " <{operandSegmentSizes = array<i32");
	for (uint32_t k = 0; k < n; k++) {
		uint32_t m;
		op_group(ir, o, k, &m);
		out_f(p->o, "%s%u", k ? ", " : ": ", m);
	}
	bool sw = op_id(ir, o) == OP_SWITCH;
	for (uint32_t k = 0; k < d->nsucc; k++) {
		uint32_t m = ir->succ.at[d->succ0 + k].narg;
		rest += k ? m : 0;
		if (!sw || k == 0)
			out_f(p->o, "%s%u", n + k ? ", " : ": ", m);
	}
	if (sw) {
		out_f(p->o, ", %u>, case_operand_segments = array<i32", rest);
		for (uint32_t k = 1; k < d->nsucc; k++)
			out_f(p->o, "%s%u", k > 1 ? ", " : ": ", ir->succ.at[d->succ0 + k].narg);
	}
	out_str(p->o, ">}>");
}

/* The op's own operands, absent ones left out, then those of its successors. */
static uint32_t
all_operands(const struct ir *ir, struct op o, struct val *v)
{
	const struct op_data *d = ir_op(ir, o);
	uint32_t n = 0;

	for (uint32_t k = 0; k < d->nopnd; k++)
		if (op_opnd(ir, o, k).i)
			v[n++] = op_opnd(ir, o, k);
	for (uint32_t k = 0; k < d->nsucc; k++) {
		const struct succ *s = &ir->succ.at[d->succ0 + k];
		for (uint32_t i = 0; i < s->narg; i++)
			v[n++] = ir->opnd.at[s->arg0 + i];
	}
	return n;
}

void
pr_generic(struct printer *p, struct op o)
{
	const struct ir *ir = p->ir;
	const struct op_data *d = ir_op(ir, o);
	uint32_t n = d->nopnd;

	for (uint32_t k = 0; k < d->nsucc; k++)
		n += ir->succ.at[d->succ0 + k].narg;
	struct val *v = ARENA_ARRAY(ir->a, struct val, n + 1);
	n = all_operands(ir, o, v);
	out_f(p->o, "\"%s\"(", op_row(ir, o)->name);
	pr_values(p, v, n);
	out_char(p->o, ')');
	for (uint32_t k = 0; k < d->nsucc; k++) {
		out_str(p->o, k ? ", " : "[");
		pr_block(p, ir->succ.at[d->succ0 + k].blk);
	}
	if (d->nsucc)
		out_char(p->o, ']');
	print_segments(p, o);
	for (uint32_t k = 0; k < d->nreg; k++) {
		out_str(p->o, k ? ", " : " (");
		if (ir_reg(ir, op_reg(ir, o, k))->first.i)
			pr_region(p, op_reg(ir, o, k), 0);
		else
			out_str(p->o, "{}");
	}
	if (d->nreg)
		out_char(p->o, ')');
	pr_dict(p, d->attrs, NULL, 0);
	out_str(p->o, " : (");
	pr_types(p, v, n);
	out_str(p->o, ") -> ");
	pr_result_types(p, o);
}

/* ---- entry ---- */

void
print_module(const struct ir *ir, struct out *o)
{
	print_op(ir, ir->module, o);
	out_char(o, '\n');
}

/* Names are those the op has inside its module. */
void
print_op(const struct ir *ir, struct op op, struct out *o)
{
	struct printer p;

	printer_init(&p, ir, o);
	name_isolated(&p, ir->module);
	print_one(&p, op);
}

void
print_attr(const struct ir *ir, struct attr a, struct out *o)
{
	struct printer p = {.ir = ir, .o = o};

	pr_attr(&p, a);
}
