/*
 * cxx: IR -> C++ text: the op dispatch, text helpers and the walk over functions.
 *
 * The emit column of isa/ops.def is expanded here into a table of families; a family lives in the file of its subject
 * (scalar.c, view.c, tile.c, call.c, flow.c, sync.c, comm.c).
 */
#include <stdio.h>

#include "emit/emit.h"

#include <assert.h>

#define OP(ID, name, form, sig, rw, nres, pipe, phase, verify, emit, ...) extern const struct family fam_##emit;
#include "isa/ops.def"
#undef OP

static const struct family *const family[OP_COUNT] = {
#define OP(ID, name, form, sig, rw, nres, pipe, phase, verify, emit, ...) [OP_##ID] = &fam_##emit,
#include "isa/ops.def"
#undef OP
};

/* Ops that are structure (module, func): printed by this file, not by a family. */
const struct family fam_none = {0};

const struct family *
op_family(const struct cxx *x, struct op o)
{
	return family[op_id(x->ir, o)];
}

struct cval *
x_val(const struct cxx *x, struct val v)
{
	return &x->val[v.i];
}

bool
x_live(const struct cxx *x, struct op o)
{
	return x->live[o.i];
}

bool
x_const(const struct cxx *x, struct val v, int64_t *c)
{
	const struct cval *k = x_val(x, v);

	*c = k->konst;
	return (k->flags & CV_CONST) || val_const_int(x->ir, v, c);
}

bool
x_multi(const struct cxx *x, struct reg r)
{
	struct reg_data *d = ir_reg(x->ir, r);

	return d->first.i != d->last.i;
}

/* ---- text ---- */

void
x_line(struct cxx *x)
{
	out_pad(x->o, ' ', 2 * x->indent);
}

void
x_str(struct cxx *x, const char *s)
{
	out_str(x->o, s);
}

void
x_end(struct cxx *x)
{
	out_str(x->o, ";\n");
}

void
x_no(struct cxx *x, uint32_t no)
{
	out_char(x->o, 'v');
	out_u64(x->o, no);
}

void
x_name(struct cxx *x, struct val v)
{
	uint32_t no = x_val(x, v)->no;

	if (!no && x->ok) {
		struct val_data *d = ir_val(x->ir, v);
		x_fail(x, d->def.i ? d->def : x->func, "defines %s, which has no C++ form here", val_name(x->ir, v));
	}
	x_no(x, no);
}

void
x_paren(struct cxx *x, uint32_t at, enum prec have, enum prec min)
{
	struct out *o = x->o;

	if (have >= min)
		return;
	uint32_t n = o->n - at;
	out_str(o, "()");
	memmove(o->p + at + 1, o->p + at, n);
	o->p[at] = '(';
}

void
x_operand(struct cxx *x, struct val v, enum prec min)
{
	if (x_val(x, v)->flags & CV_INLINE) {
		struct op def = ir_val(x->ir, v)->def;
		uint32_t at = x->o->n;
		enum prec p = op_family(x, def)->expr(x, def);
		x_paren(x, at, p, min);
	} else {
		x_name(x, v);
	}
}

uint32_t
x_fresh(struct cxx *x)
{
	char text[16];

	if (!x->hidden)
		return x->next++;
	for (;; x->next++) {
		int n = snprintf(text, sizeof text, "v%u", x->next);
		struct sym s = intern_find(&x->ir->in, (struct strv){text, (uint32_t)n});
		if (s.i >= x->nhidden || !x->hidden[s.i])
			return x->next++;
	}
}

void
x_def(struct cxx *x, struct val v)
{
	struct cval *c = x_val(x, v);

	x_line(x);
	if (!(c->flags & CV_VAR)) {
		x_str(x, x_val_type(x, v));
		out_char(x->o, ' ');
		c->no = x_fresh(x);
	}
	x_no(x, c->no);
	x_str(x, " = ");
}

void
x_declare(struct cxx *x, struct val v)
{
	struct cval *c = x_val(x, v);

	if (c->flags & CV_VAR)
		return;
	x_line(x);
	c->no = x_fresh(x);
	x_f(x, "%s v%u%s;\n", x_val_type(x, v), c->no, x_is_view(x, v) ? "(nullptr)" : "");
}

uint32_t
x_temp(struct cxx *x, const char *type)
{
	uint32_t no = x_fresh(x);

	x_line(x);
	x_f(x, "%s v%u = ", type, no);
	return no;
}

void
x_comment(struct cxx *x, struct strv text)
{
	x_line(x);
	x_str(x, "// ");
	for (uint32_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		out_char(x->o, c == '{' ? '(' : c == '}' ? ')' : c == '\\' ? '/' : c < ' ' ? ' ' : (char)c);
	}
	out_char(x->o, '\n');
}

/* ---- statements ---- */

/* Name of a value for a comment: that of the producer's loc("name"), else the one in the text. */
static void
name_of(const struct cxx *x, struct val v, struct out *t)
{
	struct op def = ir_val(x->ir, v)->def;
	struct sym loc = def.i ? x->ir->loc.at[ir_op(x->ir, def)->loc].name : (struct sym){0};

	if (!loc.i && !ir_val(x->ir, v)->name.i)
		return;
	out_str(t, t->n ? ", " : "");
	if (loc.i && ir_op(x->ir, def)->nres == 1)
		out_f(t, "%%%s", sym_str(&x->ir->in, loc));
	else
		out_str(t, val_name(x->ir, v));
}

/* Names of the expressions that stand inside `o`, innermost first; they are at most INLINE_DEPTH_MAX deep. */
static void
names_inside(const struct cxx *x, struct op o, struct out *t)
{
	for (uint32_t k = 0; k < ir_op(x->ir, o)->nopnd; k++) {
		struct val v = op_opnd(x->ir, o, k);
		if (!v.i || !(x_val(x, v)->flags & CV_INLINE) || x_val(x, v)->user != o.i)
			continue;
		names_inside(x, ir_val(x->ir, v)->def, t);
		name_of(x, v, t);
	}
}

static void
print_names(struct cxx *x, struct out *names)
{
	struct out line;

	if (!names->n)
		return;
	out_init(&line, x->a);
	out_f(&line, "pto: %s", names->p);
	x_comment(x, out_text(&line));
}

void
x_names(struct cxx *x, struct op o)
{
	struct op_data *d = ir_op(x->ir, o);
	struct out t;

	if (!x->opt->as_ptoas)
		return;
	out_init(&t, x->a);
	names_inside(x, o, &t);
	for (uint32_t k = 0; k < d->nres && !x_is_select(x, o); k++)
		if (x_val(x, op_res(x->ir, o, k))->nuse || op_id(x->ir, o) == OP_CALL) /* a call's is always kept */
			name_of(x, op_res(x->ir, o, k), &t);
	print_names(x, &t);
}

void
x_value_name(struct cxx *x, struct val v)
{
	struct out t;

	if (!x->opt->as_ptoas)
		return;
	out_init(&t, x->a);
	name_of(x, v, &t);
	print_names(x, &t);
}

enum { INLINE_DEPTH_MAX = 4 };

/* A function that was printed and only computes its result may be called in any order. */
static bool
is_pure_call(const struct cxx *x, struct op o)
{
	return x->pure[attr_data(&x->ir->attrs, op_attr(x->ir, o, x->ir->name.callee))->text.i];
}

/* Decides whether the expression of `o` moves into its user; called when the walk reaches `o`. */
static bool
move_into_user(struct cxx *x, struct op o)
{
	struct val r = op_res(x->ir, o, 0);
	struct cval *c = x_val(x, r);
	struct op_data *d = ir_op(x->ir, o);
	uint32_t depth = 1;

	if (c->nuse != 1 || !c->user || (c->flags & CV_VAR) || (d->id == OP_CALL && !is_pure_call(x, o)))
		return false;
	if (ir_op(x->ir, (struct op){c->user})->parent.i != d->parent.i)
		return false;
	for (uint32_t k = 0; k < d->nopnd; k++) {
		struct cval *p = x_val(x, op_opnd(x->ir, o, k));
		if ((p->flags & CV_INLINE) && p->depth >= depth)
			depth = p->depth + 1u;
	}
	if (depth > INLINE_DEPTH_MAX)
		return false;
	c->flags |= CV_INLINE;
	c->depth = (uint8_t)depth;
	return true;
}

void
x_stmt(struct cxx *x, struct op o)
{
	const struct family *f = op_family(x, o);

	if (!x_live(x, o))
		return;
	if (f->expr && (!f->stmt || ir_op(x->ir, o)->nres == 1) && move_into_user(x, o))
		return;
	struct attr note = op_attr(x->ir, o, x->ir->name.note);
	if (note.i)
		x_comment(x, sym_text(&x->ir->in, attr_data(&x->ir->attrs, note)->text));
	if (op_id(x->ir, o) != OP_ARITH_CONSTANT)
		x_names(x, o);
	x->ncast = 0;
	if (x->opt->as_ptoas)
		x_casts_ahead(x, o);
	if (f->stmt) {
		f->stmt(x, o);
	} else if (f->expr) {
		x_def(x, op_res(x->ir, o, 0));
		f->expr(x, o);
		x_end(x);
	}
}

void
x_block(struct cxx *x, struct blk b)
{
	for (struct op o = ir_blk(x->ir, b)->first; o.i; o = ir_op(x->ir, o)->next)
		x_stmt(x, o);
}

/* ---- functions ---- */

static bool
has_attr(const struct cxx *x, struct op o, struct sym key)
{
	return op_attr(x->ir, o, key).i != 0;
}

static bool
attr_is(const struct cxx *x, struct op o, struct sym key, const char *text)
{
	struct attr a = op_attr(x->ir, o, key);

	return a.i && strv_is(sym_text(&x->ir->in, attr_data(&x->ir->attrs, a)->text), text);
}

static const char *
specifiers(const struct cxx *x, struct op f)
{
	const struct ir_names *n = &x->ir->name;

	if (has_attr(x, f, n->entry) || has_attr(x, f, n->kernel) || has_attr(x, f, n->aicore) ||
	    has_attr(x, f, n->hacc_entry))
		return "extern \"C\" __global__ AICORE ";
	if (attr_is(x, f, n->sym_visibility, "private"))
		return "static AICORE ";
	if (attr_is(x, f, n->visibility, "external"))
		return "extern \"C\" AICORE ";
	return "AICORE ";
}

static bool
is_declaration(const struct cxx *x, struct op f)
{
	return ir_op(x->ir, f)->nreg == 0 || ir_reg(x->ir, op_reg(x->ir, f, 0))->first.i == 0;
}

static bool
is_identifier(struct strv s)
{
	for (uint32_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool alpha = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
		if (!alpha && !(i && c >= '0' && c <= '9'))
			return false;
	}
	return s.n > 0;
}

/* Does a local of ours read like this name? */
static bool
is_local_name(struct strv s)
{
	bool digits = s.n > 1 && s.p[0] == 'v';

	for (uint32_t i = 1; i < s.n; i++)
		digits = digits && s.p[i] >= '0' && s.p[i] <= '9';
	return digits;
}

/* Words of C++, and names that every printed function uses for something else. */
static bool
is_taken(struct strv s)
{
	static const char *const words[] = {
		"T", "alignas", "alignof", "and", "and_eq", "asm", "auto", "bfloat16_t", "bitand", "bitor", "bool",
		"break", "case", "catch", "char", "char16_t", "char32_t", "class", "compl", "const", "const_cast",
		"constexpr", "continue", "decltype", "default", "delete", "do", "double", "dynamic_cast", "else",
		"enum", "explicit", "export", "extern", "false", "float", "for", "friend", "goto", "half", "if",
		"inline", "int", "int16_t", "int32_t", "int64_t", "int8_t", "long", "main", "mutable", "namespace",
		"new", "noexcept", "not", "not_eq", "nullptr", "operator", "or", "or_eq", "private", "protected",
		"public", "register", "reinterpret_cast", "return", "short", "signed", "sizeof", "static",
		"static_assert", "static_cast", "struct", "switch", "template", "this", "thread_local", "throw",
		"true", "try", "typedef", "typeid", "typename", "uint16_t", "uint32_t", "uint64_t", "uint8_t",
		"union", "unsigned", "using", "virtual", "void", "volatile", "wchar_t", "while", "xor", "xor_eq"};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strv_is(s, words[i]))
			return true;
	return false;
}

/* Specifiers, result type and name. */
static void
print_head(struct cxx *x, struct op f, const char *spec)
{
	const struct type_data *t = type_data(&x->ir->types, func_type(x->ir, f));
	struct strv name = sym_text(&x->ir->in, func_name(x->ir, f));
	const char *ret = "void";

	assert(t->nsub - t->nin <= 1);	/* verified */
	if (t->nsub > t->nin)
		ret = x_type(x, t->sub[t->nin]);
	if (!ret)
		x_fail(x, f, "returns %s, which has no C++ form",
		       type_str(&x->ir->types, &x->ir->in, t->sub[t->nin]));
	if (!is_identifier(name))
		x_fail(x, f, "is named '%.*s', which is not a C++ identifier", (int)name.n, name.p);
	else if (is_taken(name))
		x_fail(x, f, "is named '%.*s', which means something else in C++", (int)name.n, name.p);
	x_f(x, "%s%s %.*s(", spec, ret ? ret : "void", (int)name.n, name.p);
}

static void
print_declaration(struct cxx *x, struct op f)
{
	const struct type_data *t = type_data(&x->ir->types, func_type(x->ir, f));

	print_head(x, f, "extern \"C\" AICORE ");
	for (uint32_t k = 0; k < t->nin; k++) {
		const char *s = x_type(x, t->sub[k]);
		if (!s)
			x_fail(x, f, "has argument #%u of type %s, which has no C++ form", k,
			       type_str(&x->ir->types, &x->ir->in, t->sub[k]));
		x_f(x, "%s%s", k ? ", " : "", s ? s : "void");
	}
	x_str(x, ");\n\n");
}

/* The core a function's own attribute names; the module's attribute prints no guard. */
static enum core
own_core(const struct cxx *x, struct op f)
{
	return has_attr(x, f, x->ir->name.kernel_kind) ? func_core(x->ir, f) : CORE_NONE;
}

void
x_guard_open(struct cxx *x, enum core c)
{
	if (c == CORE_NONE)
		return;
	out_char(x->o, '\n');
	x_line(x);
	x_f(x, "#if defined(%s)\n", c == CORE_CUBE ? "__DAV_CUBE__" : "__DAV_VEC__");
	if (c != CORE_VECTOR)
		return;
	x_line(x);
	x_str(x, "set_mask_norm();\n");
	x_line(x);
	x_str(x, "set_vector_mask(-1, -1);\n");
}

void
x_guard_close(struct cxx *x, enum core c)
{
	if (c == CORE_NONE)
		return;
	x_line(x);
	x_f(x, "#endif // %s\n\n", c == CORE_CUBE ? "__DAV_CUBE__" : "__DAV_VEC__");
}

/* The tail and the return stand outside the guard, unless a value is returned from inside. */
void
x_last_block(struct cxx *x, struct blk b, enum core guard)
{
	struct op ret = ir_blk(x->ir, b)->last, end = ret;
	bool value = ret.i && ir_op(x->ir, ret)->nopnd > 0;

	if (!value)
		for (struct op p; (p = ir_op(x->ir, end)->prev).i && x_is_tail(x, p);)
			end = p;
	for (struct op o = ir_blk(x->ir, b)->first; o.i && (value || o.i != end.i); o = ir_op(x->ir, o)->next)
		x_stmt(x, o);
	x_guard_close(x, guard);
	if (value && guard != CORE_NONE) {
		x_line(x);
		x_f(x, "return %s{};\n", x_val_type(x, op_opnd(x->ir, ret, 0)));
	}
	for (struct op o = end; !value && o.i; o = ir_op(x->ir, o)->next)
		x_stmt(x, o);
}

static bool
only_computes(const struct cxx *x)
{
	for (uint32_t k = 0; k < x->order.n; k++) {
		struct op o = x->order.at[k];
		uint32_t flags = op_row(x->ir, o)->flags;
		if (op_id(x->ir, o) == OP_CALL ? !is_pure_call(x, o) : !(flags & (OPF_PURE | OPF_TERM)))
			return false;
	}
	return true;
}

/* ptoas prints such a function with all constants in front. */
static bool
has_labels(const struct cxx *x)
{
	if (x_multi(x, op_reg(x->ir, x->func, 0)))
		return true;
	for (uint32_t k = 0; k < x->order.n; k++)
		if (op_id(x->ir, x->order.at[k]) == OP_WHILE)
			return true;
	return false;
}

static void
print_function(struct cxx *x, struct op f)
{
	struct reg r = op_reg(x->ir, f, 0);
	struct blk entry = ir_reg(x->ir, r)->first;
	enum core guard = own_core(x, f);

	x->func = f;
	x->core = func_core(x->ir, f);
	x->next = 1;
	x->label = 1;
	x->indent = 1;
	x_prepare(x, f);
	print_head(x, f, specifiers(x, f));
	for (uint32_t k = 0; k < ir_blk(x->ir, entry)->narg; k++) {
		struct val v = {ir_blk(x->ir, entry)->arg0 + k};
		x_val(x, v)->no = x_fresh(x);
		x_f(x, "%s%s v%u", k ? ", " : "", x_val_type(x, v), x_val(x, v)->no);
	}
	x_str(x, ") {\n");
	bool first = x->opt->as_ptoas && has_labels(x);
	if (first)
		x_constants(x);
	x_line(x);
	x_str(x, "using T = float;\n");
	x_guard_open(x, guard);
	x_fixpipe_types(x);
	if (!first)
		x_constants(x);
	if (x_multi(x, r))
		x_blocks(x, r, guard);
	else
		x_last_block(x, entry, guard);
	x_str(x, "}\n\n");
	x->pure[func_name(x->ir, f).i] = only_computes(x);
}

/* ---- module ---- */

struct func_info {
	struct op op;
	uint32_t call0, ncall; /* slice of modscan.callee */
	uint32_t waits;        /* calls of functions not printed yet */
};

struct modscan {
	VEC(struct func_info) func; /* definitions in module order */
	VEC(struct sym) callee;
	uint32_t *by_name; /* sym.i -> index + 1 into func */
};

static void
scan_calls(struct cxx *x, struct modscan *m, struct reg r)
{
	for (struct blk b = ir_reg(x->ir, r)->first; b.i; b = ir_blk(x->ir, b)->next) {
		for (struct op o = ir_blk(x->ir, b)->first; o.i; o = ir_op(x->ir, o)->next) {
			struct op_data *d = ir_op(x->ir, o);
			if (d->id == OP_CALL) {
				struct attr a = op_attr(x->ir, o, x->ir->name.callee);
				VEC_PUSH(x->a, &m->callee, attr_data(&x->ir->attrs, a)->text);
			}
			for (uint32_t k = 0; k < d->nreg; k++)
				scan_calls(x, m, op_reg(x->ir, o, k));
		}
	}
}

/* A local of this name would hide the function from its callers. */
static void
hide_name(struct cxx *x, struct sym name)
{
	if (!is_local_name(sym_text(&x->ir->in, name)))
		return;
	if (!x->hidden) {
		x->nhidden = x->ir->in.text.n;
		x->hidden = ARENA_ARRAY(x->a, bool, x->nhidden);
	}
	x->hidden[name.i] = true;
}

/* Declarations are printed at once; definitions are collected. */
static void
scan_module(struct cxx *x, struct modscan *m, struct op module)
{
	for (struct blk b = ir_reg(x->ir, op_reg(x->ir, module, 0))->first; b.i; b = ir_blk(x->ir, b)->next) {
		for (struct op o = ir_blk(x->ir, b)->first; o.i; o = ir_op(x->ir, o)->next) {
			if (op_id(x->ir, o) != OP_MODULE)
				hide_name(x, func_name(x->ir, o));
			if (op_id(x->ir, o) == OP_MODULE) {
				scan_module(x, m, o);
			} else if (is_declaration(x, o)) {
				print_declaration(x, o);
			} else {
				struct func_info fi = {.op = o, .call0 = m->callee.n};
				scan_calls(x, m, op_reg(x->ir, o, 0));
				fi.ncall = m->callee.n - fi.call0;
				VEC_PUSH(x->a, &m->func, fi);
				m->by_name[func_name(x->ir, o).i] = m->func.n;
			}
		}
	}
}

/* Numbers of calls that wait for a callee, and who waits for whom: waiter[first[c]..first[c + 1]) for the
 * function with by_name c. */
static void
find_waiters(struct modscan *m, uint32_t *first, uint32_t *waiter)
{
	uint32_t n = m->func.n;

	for (uint32_t k = 0; k < n; k++)
		for (uint32_t i = 0; i < m->func.at[k].ncall; i++) {
			uint32_t c = m->by_name[m->callee.at[m->func.at[k].call0 + i].i];
			if (c)
				first[c]++;
			m->func.at[k].waits += c != 0;
		}
	for (uint32_t k = 0; k <= n; k++)
		first[k + 1] += first[k];
	for (uint32_t k = n; k-- > 0;)
		for (uint32_t i = m->func.at[k].ncall; i-- > 0;) {
			uint32_t c = m->by_name[m->callee.at[m->func.at[k].call0 + i].i];
			if (c)
				waiter[--first[c]] = k;
		}
}

/* Functions that call nothing first, in module order; then each caller as soon as all it calls is printed. */
static void
print_functions(struct cxx *x, struct modscan *m)
{
	uint32_t n = m->func.n, nready = 0;
	uint32_t *first = ARENA_ARRAY(x->a, uint32_t, n + 2), *ready = ARENA_ARRAY(x->a, uint32_t, n + 1);
	uint32_t *waiter = ARENA_ARRAY(x->a, uint32_t, m->callee.n + 1);

	find_waiters(m, first, waiter);
	for (uint32_t k = 0; k < n; k++)
		if (m->func.at[k].waits == 0)
			ready[nready++] = k;
	for (uint32_t r = 0; r < nready; r++) {
		uint32_t k = ready[r];
		print_function(x, m->func.at[k].op);
		for (uint32_t i = first[k + 1]; i < first[k + 2]; i++)
			if (--m->func.at[waiter[i]].waits == 0)
				ready[nready++] = waiter[i];
	}
	assert(nready == n);	/* verified */
}

bool
emit_module(struct ir *ir, const struct emit_opt *opt, struct out *o)
{
	struct cxx x = {.ir = ir, .a = ir->a, .o = o, .opt = opt, .ok = true, .indent = 0};
	struct modscan m = {0};

	x.val = ARENA_ARRAY(ir->a, struct cval, ir->val.n);
	x.live = ARENA_ARRAY(ir->a, uint8_t, ir->op.n);
	x.blk_label = ARENA_ARRAY(ir->a, uint32_t, ir->blk.n);
	x.pure = ARENA_ARRAY(ir->a, uint8_t, ir->in.text.n);
	x.nconst = ir->attrs.all.n;
	x.const_no = ARENA_ARRAY(ir->a, uint32_t, x.nconst);
	VEC_ADD(ir->a, &x.view, 1);
	VEC_ADD(ir->a, &x.tile, 1);
	m.by_name = ARENA_ARRAY(ir->a, uint32_t, ir->in.text.n);
	x_prelude(&x);
	scan_module(&x, &m, ir->module);
	print_functions(&x, &m);
	return x.ok;
}
