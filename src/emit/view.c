/*
 * view: GM pointers, tensor views and partition views (GlobalTensor), scalar loads and stores. Spec: emission.md §6.
 *
 * A partition whose sizes and source strides are constants prints a GlobalTensor with static shape and stride from the
 * raw pointer; any other partition, and a view that flows into a variable, prints the run-time form: all strides -1 and
 * five values each. Offsets are computed in int64_t and stand in parentheses.
 */
#include "emit/emit.h"

#include "base/num.h"

#include <assert.h>
#include <stdlib.h>

static struct view *
view_of(const struct cxx *x, struct val v)
{
	return x_val(x, v)->aux && x_is_view(x, v) ? &x->view.at[x_val(x, v)->aux] : NULL;
}

/* Of a value that has one: the result of a view op. */
static struct view *
own_view(const struct cxx *x, struct val v)
{
	return &x->view.at[x_val(x, v)->aux];
}

static struct view *
new_view(struct cxx *x, struct val r)
{
	VEC_ADD(x->a, &x->view, 1);
	x_val(x, r)->aux = x->view.n - 1;
	return &x->view.at[x->view.n - 1];
}

static struct typ
elem_type(const struct cxx *x, struct val v)
{
	return type_elem(&x->ir->types, val_type(x->ir, v));
}

/* ---- layout ---- */

static int64_t
mul_dyn(int64_t a, int64_t b)
{
	int64_t r;

	return a == DIM_DYN || b == DIM_DYN || !num_mul(a, b, &r) ? DIM_DYN : r;
}

/* Right-aligned to five dimensions; leading strides continue the pattern. */
static void
pad_left(struct view *w)
{
	for (uint32_t k = 5 - w->rank; k-- > 0;) {
		w->dim[k] = 1;
		w->stride[k] = mul_dyn(w->dim[k + 1], w->stride[k + 1]);
	}
}

static bool
all_const(const int64_t v[5])
{
	for (uint32_t k = 0; k < 5; k++)
		if (v[k] == DIM_DYN)
			return false;
	return true;
}

static void
take_layout_attr(const struct cxx *x, struct op o, struct view *w)
{
	int32_t l = op_enum(x->ir, o, x->ir->name.layout, EN_LAYOUT, -1);

	if (l >= LAYOUT_ND && l <= LAYOUT_NZ) {
		w->layout = (uint8_t)l;
		w->user_layout = true;
	}
}

/* ---- make_tensor_view ---- */

static void
tensor_prepare(struct cxx *x, struct op o)
{
	uint32_t n, ns;
	const struct val *shape = op_group(x->ir, o, 1, &n), *stride = op_group(x->ir, o, 2, &ns);
	const struct type_data *t = type_data(&x->ir->types, val_type(x->ir, op_res(x->ir, o, 0)));
	struct view *w = new_view(x, op_res(x->ir, o, 0));

	assert(n >= 1 && n <= 5 && n == ns && t->rank == n);	/* verified */
	*w = (struct view){.ptr = op_slot(x->ir, o, 0), .rank = n};
	w->fixed = true;
	for (uint32_t k = 0; k < n; k++) {
		int64_t *d = &w->dim[5 - n + k], *s = &w->stride[5 - n + k];
		if (!x_const(x, shape[k], d))
			*d = t->dim[k];
		if (!x_const(x, stride[k], s)) {
			*s = DIM_DYN;
			w->fixed = false;
		}
	}
	pad_left(w);
	take_layout_attr(x, o, w);
}

static void
tensor_uses(struct cxx *x, struct op o)
{
	x_use_all(x, o, false);
}

/* "pto::Shape<..> vN = pto::Shape<..>(..);" from five texts. */
static uint32_t
print_five(struct cxx *x, const char *what, const char *template, const char *args)
{
	struct out t;

	out_init(&t, x->a);
	out_f(&t, "pto::%s<%s>", what, template);
	const char *type = out_text(&t).p;
	uint32_t no = x_temp(x, type);
	x_f(x, "%s(%s);\n", type, args);
	return no;
}

static void
dim_text(struct out *o, const int64_t dim[5])
{
	for (uint32_t k = 0; k < 5; k++)
		out_f(o, "%s%lld", k ? ", " : "", (long long)dim[k]);
}

/* A stride or size: its constant, or the local of the value as int64_t. */
static void
size_text(struct cxx *x, struct out *o, struct val v)
{
	int64_t c;

	if (x_const(x, v, &c)) {
		out_i64(o, c);
		return;
	}
	const char *t = x_val_type(x, v);
	out_f(o, strcmp(t, "int64_t") ? "(int64_t) v%u" : "v%u", x_val(x, v)->no);
}

struct runtime_view {
	struct out dim[5], stride[5]; /* text of each value */
};

static void
runtime_init(struct cxx *x, struct runtime_view *q)
{
	for (uint32_t k = 0; k < 5; k++) {
		out_init(&q->dim[k], x->a);
		out_init(&q->stride[k], x->a);
	}
}

static bool
is_number(const char *s, int64_t *v)
{
	char *end;

	*v = strtoll(s, &end, 10);
	return end != s && *end == '\0';
}

/* Leading dimensions are 1, leading strides products; constants are multiplied here, as C++ would do it in int. */
static void
runtime_pad(struct runtime_view *q, uint32_t rank)
{
	for (uint32_t k = 5 - rank; k-- > 0;) {
		const char *dim = out_text(&q->dim[k + 1]).p, *stride = out_text(&q->stride[k + 1]).p;
		int64_t d, s, r;
		out_str(&q->dim[k], "1");
		if (is_number(dim, &d) && is_number(stride, &s) && num_mul(d, s, &r))
			out_i64(&q->stride[k], r);
		else if (strcmp(dim, "1") != 0)
			out_f(&q->stride[k], "%s * %s", dim, stride);
		else
			out_str(&q->stride[k], stride);
	}
}

/* The GlobalTensor of r in run-time form. `base` is the finished pointer text. */
static void
print_runtime(struct cxx *x, struct val r, struct runtime_view *q, uint8_t layout, const char *base)
{
	const struct type_data *t = type_data(&x->ir->types, val_type(x->ir, r));
	int64_t dim[5] = {1, 1, 1, 1, 1}, stride[5] = {DIM_DYN, DIM_DYN, DIM_DYN, DIM_DYN, DIM_DYN};
	struct out d, s, tmpl;

	for (uint32_t k = 0; k < t->rank; k++)
		dim[5 - t->rank + k] = t->dim[k];
	out_init(&d, x->a);
	out_init(&s, x->a);
	out_init(&tmpl, x->a);
	for (uint32_t k = 0; k < 5; k++) {
		out_f(&d, "%s%s", k ? ", " : "", out_text(&q->dim[k]).p);
		out_f(&s, "%s%s", k ? ", " : "", out_text(&q->stride[k]).p);
	}
	dim_text(&tmpl, dim);
	uint32_t shape_no = print_five(x, "Shape", out_text(&tmpl).p, out_text(&d).p);
	uint32_t stride_no = print_five(x, "Stride", "-1, -1, -1, -1, -1", out_text(&s).p);
	x_val(x, r)->type = x_view_type(x, t->sub[0], dim, stride, layout);
	x_def(x, r);
	x_f(x, "%s(%s, v%u, v%u);\n", x_val_type(x, r), base, shape_no, stride_no);
}

/* A view in a variable has the type its IR type spells, so its layout must be ND. */
static void
check_generic(struct cxx *x, struct op o, struct val r, uint8_t layout)
{
	if ((x_val(x, r)->flags & CV_GENERIC) && layout != LAYOUT_ND)
		x_fail(x, o, "makes a view of layout %s that flows into a variable; only nd views can",
		       layout_token(layout));
}

static uint8_t
layout_of(const struct cxx *x, struct val v)
{
	struct view *w = view_of(x, v);

	if (!w)
		return LAYOUT_ND;
	return w->user_layout ? w->layout : LAYOUT_ND;
}

static void
tensor_stmt(struct cxx *x, struct op o)
{
	struct val r = op_res(x->ir, o, 0);
	uint32_t n, ns;
	const struct val *shape = op_group(x->ir, o, 1, &n), *stride = op_group(x->ir, o, 2, &ns);
	struct view *w = own_view(x, r);
	struct runtime_view q;
	struct out base;

	runtime_init(x, &q);
	for (uint32_t k = 0; k < n; k++) {
		size_text(x, &q.dim[5 - n + k], shape[k]);
		size_text(x, &q.stride[5 - n + k], stride[k]);
	}
	runtime_pad(&q, n);
	out_init(&base, x->a);
	out_f(&base, "v%u", x_val(x, w->ptr)->no);
	check_generic(x, o, r, layout_of(x, r));
	print_runtime(x, r, &q, layout_of(x, r), out_text(&base).p);
}

const struct family fam_tensor_view = {.prepare = tensor_prepare, .uses = tensor_uses, .stmt = tensor_stmt};

/* ---- entries of fifos ---- */

/* A view that a fifo binds: with the strides of the view that describes its slots it is static. */
static void
entry_prepare(struct cxx *x, struct op o)
{
	struct val r = op_res(x->ir, o, 0);
	const struct type_data *t = type_data(&x->ir->types, val_type(x->ir, r));
	const struct attr_data *s = attr_data(&x->ir->attrs, op_attr(x->ir, o, x->ir->name.entry_strides));
	struct view *w = new_view(x, r);

	if (s->kind != AT_DENSE_ARRAY || s->n != t->rank || t->rank < 1 || t->rank > 5)
		return;
	*w = (struct view){.rank = t->rank};
	for (uint32_t k = 0; k < t->rank; k++) {
		w->dim[5 - t->rank + k] = t->dim[k];
		w->stride[5 - t->rank + k] = s->elem[k];
	}
	pad_left(w);
	w->fixed = all_const(w->dim) && all_const(w->stride);
}

static void
entry_stmt(struct cxx *x, struct op o)
{
	struct val r = op_res(x->ir, o, 0);
	const struct view *w = own_view(x, r);

	if (w->fixed)
		x_val(x, r)->type = x_view_type(x, elem_type(x, r), w->dim, w->stride, LAYOUT_ND);
	x_declare(x, r);
}

const struct family fam_declare_global = {.prepare = entry_prepare, .stmt = entry_stmt, .drop = true};

/* ---- partition_view ---- */

static bool
is_fixed(const struct cxx *x, struct op o, struct view *w, const struct view *src)
{
	uint32_t n;
	const struct val *size = op_group(x->ir, o, 2, &n);
	const struct type_data *t = type_data(&x->ir->types, val_type(x->ir, op_res(x->ir, o, 0)));
	bool fixed = src && src->fixed && src->rank == n && t->rank == n;

	w->rank = n;
	for (uint32_t k = 0; k < n && k < 5 && fixed; k++) {
		int64_t *d = &w->dim[5 - n + k];
		fixed = x_const(x, size[k], d) && *d == t->dim[k];
		w->stride[5 - n + k] = src->stride[5 - n + k];
	}
	if (fixed)
		pad_left(w);
	return fixed && all_const(w->stride);
}

static void
partition_prepare(struct cxx *x, struct op o)
{
	struct val r = op_res(x->ir, o, 0), src = op_slot(x->ir, o, 0);
	struct view w = {0};

	w.fixed = is_fixed(x, o, &w, view_of(x, src)) && !(x_val(x, r)->flags & CV_GENERIC);
	take_layout_attr(x, o, &w);
	*new_view(x, r) = w;
}

static void
use_unless_const(struct cxx *x, struct op o, struct val v, bool expr)
{
	int64_t c;

	if (!x_const(x, v, &c))
		x_use(x, o, v, expr);
}

/* As ptoas: a run-time partition goes through the object of its tensor view. */
static bool
through_view(const struct cxx *x, struct op o)
{
	const struct view *s = view_of(x, op_slot(x->ir, o, 0));

	return x->opt->as_ptoas && !own_view(x, op_res(x->ir, o, 0))->fixed && s && s->ptr.i;
}

static void
partition_uses(struct cxx *x, struct op o)
{
	struct val src = op_slot(x->ir, o, 0);
	struct view *w = own_view(x, op_res(x->ir, o, 0)), *s = view_of(x, src);
	uint32_t n, ns;
	const struct val *off = op_group(x->ir, o, 1, &n);
	bool raw = s && s->ptr.i, through = through_view(x, o);

	x_use(x, o, raw && !through ? s->ptr : src, raw && !through);
	for (uint32_t k = 0; k < n; k++)
		use_unless_const(x, o, off[k], true);
	if (w->fixed)
		return;
	const struct val *size = op_group(x->ir, o, 2, &n);
	for (uint32_t k = 0; k < n; k++)
		use_unless_const(x, o, size[k], false);
	const struct val *stride = raw ? op_group(x->ir, ir_val(x->ir, src)->def, 2, &ns) : NULL;
	for (uint32_t k = 0; raw && k < ns; k++)
		if (through)
			x_use(x, o, stride[k], false);
		else
			use_unless_const(x, o, stride[k], false);
}

/* The stride of source dimension k of n. */
static void
source_stride(struct cxx *x, struct out *o, struct val src, uint32_t k, uint32_t n)
{
	struct view *s = view_of(x, src);
	uint32_t ns;

	if (s && s->fixed && !s->ptr.i)
		out_i64(o, s->stride[5 - n + k]);
	else if (s && s->ptr.i)
		size_text(x, o, op_group(x->ir, ir_val(x->ir, src)->def, 2, &ns)[k]);
	else
		out_f(o, "v%u.GetStride(static_cast<int>(%u))", x_val(x, src)->no, k + 5 - n);
}

/* One dynamic offset term: "o" or "o * stride"; always with a cast when `full`. */
static void
offset_term(struct cxx *x, struct val off, const char *stride, bool full)
{
	bool one = strcmp(stride, "1") == 0;
	enum prec p = one ? PREC_MUL : PREC_UNARY;

	if (full || strcmp(x_val_type(x, off), "int64_t") != 0) {
		x_str(x, "(int64_t) ");
		p = PREC_UNARY;
	}
	x_operand(x, off, p);
	if (!one)
		x_f(x, " * %s", stride);
}

/* The strides of the tensor view a partition is cut from. */
static const struct val *
view_strides(const struct cxx *x, struct op o)
{
	uint32_t n;

	return op_group(x->ir, ir_val(x->ir, op_slot(x->ir, o, 0))->def, 2, &n);
}

/* Folds what is constant into *sum; appends the other terms to the text as " + t". False on overflow. */
static bool
offset_terms(struct cxx *x, struct op o, int64_t *sum, bool *dynamic)
{
	uint32_t n;
	const struct val *off = op_group(x->ir, o, 1, &n);
	struct view *s = view_of(x, op_slot(x->ir, o, 0));

	*sum = 0;
	*dynamic = false;
	for (uint32_t k = 0; k < n; k++) {
		int64_t c, st = s && (s->ptr.i || s->fixed) ? s->stride[5 - n + k] : DIM_DYN, term;
		bool fixed = x_const(x, op_group(x->ir, o, 1, &n)[k], &c);
		if (fixed && c == 0)
			continue;
		if (fixed && st != DIM_DYN) {
			if (!num_mul(c, st, &term) || !num_add(*sum, term, sum))
				return false;
			continue;
		}
		struct out t;
		out_init(&t, x->a);
		if (through_view(x, o))
			out_f(&t, "v%u", x_val(x, view_strides(x, o)[k])->no);
		else
			source_stride(x, &t, op_slot(x->ir, o, 0), k, n);
		x_str(x, *dynamic ? " + " : "");
		*dynamic = true;
		if (fixed)
			x_f(x, "%s * %lld", out_text(&t).p, (long long)c);
		else
			offset_term(x, off[k], out_text(&t).p, through_view(x, o));
	}
	return true;
}

/* Cuts the text printed since `at` out of x->o. */
static const char *
cut(struct cxx *x, uint32_t at)
{
	const char *s = arena_strndup(x->a, x->o->p + at, x->o->n - at);

	x->o->n = at;
	x->o->p[at] = '\0';
	return s;
}

/* The pointer of a view object in a local. */
static uint32_t
view_data(struct cxx *x, struct val v)
{
	struct out t;

	out_init(&t, x->a);
	out_f(&t, "__gm__ %s*", x_type(x, elem_type(x, v)));
	uint32_t no = x_temp(x, out_text(&t).p);
	x_f(x, "PTOAS__GLOBAL_TENSOR_DATA(v%u);\n", x_val(x, v)->no);
	return no;
}

/* "pointer + (offset)", cut out as text so that it can follow the Shape and Stride lines. */
static const char *
base_text(struct cxx *x, struct op o)
{
	struct val src = op_slot(x->ir, o, 0);
	struct view *s = view_of(x, src);
	uint32_t at = x->o->n;
	int64_t sum;
	bool dynamic;

	if (!offset_terms(x, o, &sum, &dynamic))
		x_fail(x, o, "has a constant offset that does not fit 64 bits");
	const char *terms = cut(x, at);
	uint32_t no = 0, through = through_view(x, o) ? view_data(x, src) : 0;
	at = x->o->n;
	if (!dynamic && sum) {
		no = x_temp(x, sum > 0 && sum <= UINT32_MAX ? "unsigned" : "int64_t");
		x_f(x, "%lld;\n", (long long)sum);
		at = x->o->n;
	}
	if (through) {
		x_no(x, through);
	} else if (!s || !s->ptr.i) {
		x_f(x, "PTOAS__GLOBAL_TENSOR_DATA(v%u)", x_val(x, src)->no);
	} else {
		if (!ir_val(x->ir, s->ptr)->def.i)
			x_f(x, "(%s) ", x_val_type(x, s->ptr));
		x_operand(x, s->ptr, PREC_ADD);
	}
	if (dynamic && (sum || through))
		x_f(x, " + (%lld + %s)", (long long)sum, terms);
	else if (dynamic)
		x_f(x, " + (%s)", terms);
	else if (sum)
		x_f(x, " + v%u", no);
	return cut(x, at);
}

/* Type texts of static views: kernels partition their views in a few ways, many times. */
struct view_text {
	struct view_key {
		int64_t dim[5], stride[5];
		struct typ elem;
		uint32_t layout;
	} key;
	const char *shape, *stride, *type;
};

static const char *
five_text(struct cxx *x, const char *what, const int64_t v[5])
{
	struct out t;

	out_init(&t, x->a);
	out_f(&t, "pto::%s<", what);
	dim_text(&t, v);
	out_char(&t, '>');
	return out_text(&t).p;
}

enum { VIEW_TEXT_SLOTS = 256 };

/* Direct-mapped: a collision only costs making the texts again. */
static const struct view_text *
view_text(struct cxx *x, const struct view *w, struct typ elem, uint8_t layout)
{
	struct view_key key;

	memset(&key, 0, sizeof key);
	memcpy(key.dim, w->dim, sizeof key.dim);
	memcpy(key.stride, w->stride, sizeof key.stride);
	key.elem = elem;
	key.layout = layout;
	if (!x->view_text)
		x->view_text = ARENA_ARRAY(x->a, struct view_text, VIEW_TEXT_SLOTS);
	struct view_text *t = &x->view_text[hash_bytes(&key, sizeof key, 0) % VIEW_TEXT_SLOTS];
	if (t->type && memcmp(&t->key, &key, sizeof key) == 0)
		return t;
	t->key = key;
	t->shape = five_text(x, "Shape", w->dim);
	t->stride = five_text(x, "Stride", w->stride);
	t->type = x_view_type(x, elem, w->dim, w->stride, layout);
	return t;
}

static void
print_fixed(struct cxx *x, struct val r, const struct view *w, uint8_t layout, const char *base)
{
	const struct view_text *t = view_text(x, w, elem_type(x, r), layout);
	uint32_t shape_no = x_temp(x, t->shape);

	x_f(x, "%s();\n", t->shape);
	uint32_t stride_no = x_temp(x, t->stride);
	x_f(x, "%s();\n", t->stride);
	x_val(x, r)->type = t->type;
	x_def(x, r);
	x_f(x, "%s(%s, v%u, v%u);\n", x_val_type(x, r), base, shape_no, stride_no);
}

static void
partition_stmt(struct cxx *x, struct op o)
{
	struct val r = op_res(x->ir, o, 0), src = op_slot(x->ir, o, 0);
	struct view *w = own_view(x, r);
	uint8_t layout = w->user_layout ? w->layout : layout_of(x, src);
	const char *base = base_text(x, o);
	struct runtime_view q;
	uint32_t n;

	check_generic(x, o, r, layout);
	if (w->fixed) {
		print_fixed(x, r, w, layout, base);
		return;
	}
	const struct val *size = op_group(x->ir, o, 2, &n);
	assert(n >= 1 && n <= 5);	/* the rank of the source */
	runtime_init(x, &q);
	for (uint32_t k = 0; k < n; k++) {
		size_text(x, &q.dim[5 - n + k], size[k]);
		source_stride(x, &q.stride[5 - n + k], src, k, n);
	}
	runtime_pad(&q, n);
	print_runtime(x, r, &q, layout, base);
}

const struct family fam_partition_view = {.prepare = partition_prepare, .uses = partition_uses, .stmt = partition_stmt};

void
x_same_views(struct cxx *x, const struct val *v, uint32_t n)
{
	const struct view *a = n ? view_of(x, v[0]) : NULL;
	bool same = true;

	for (uint32_t k = 1; k < n && same; k++) {
		const struct view *b = view_of(x, v[k]);
		same = a && b && a->fixed == b->fixed && !memcmp(a->dim, b->dim, sizeof a->dim) &&
		       !memcmp(a->stride, b->stride, sizeof a->stride);
	}
	for (uint32_t k = 0; k < n && !same; k++) {
		struct view *b = view_of(x, v[k]);
		x_val(x, v[k])->flags |= CV_GENERIC;
		if (b)
			b->fixed = false;
	}
}

/* ---- pointers and scalar memory ---- */

static enum prec
addptr_expr(struct cxx *x, struct op o)
{
	x_operand(x, op_slot(x->ir, o, 0), PREC_ADD);
	x_str(x, " + ");
	x_operand(x, op_slot(x->ir, o, 1), PREC_MUL);
	return PREC_ADD;
}

const struct family fam_addptr = {.expr = addptr_expr};

static void
subscript(struct cxx *x, struct val p, struct val i)
{
	x_str(x, "(");
	x_operand(x, p, PREC_COND);
	x_str(x, ")[");
	x_operand(x, i, PREC_COND);
	x_str(x, "]");
}

/* A load is a read of memory: it stays where it is and is not moved into its user. */
static void
load_uses(struct cxx *x, struct op o)
{
	x_use_all(x, o, true);
}

static void
load_scalar_stmt(struct cxx *x, struct op o)
{
	x_def(x, op_res(x->ir, o, 0));
	subscript(x, op_slot(x->ir, o, 0), op_slot(x->ir, o, 1));
	x_end(x);
}

const struct family fam_load_scalar = {.uses = load_uses, .stmt = load_scalar_stmt};

/* ptoas stores variables only. */
static void
store_uses(struct cxx *x, struct op o)
{
	x_use(x, o, op_slot(x->ir, o, 0), !x->opt->as_ptoas);
	x_use(x, o, op_slot(x->ir, o, 1), true);
	x_use(x, o, op_slot(x->ir, o, 2), true);
}

static void
store_scalar_stmt(struct cxx *x, struct op o)
{
	x_line(x);
	subscript(x, op_slot(x->ir, o, 1), op_slot(x->ir, o, 2));
	x_str(x, " = ");
	x_operand(x, op_slot(x->ir, o, 0), PREC_COND);
	x_end(x);
}

const struct family fam_store_scalar = {.uses = store_uses, .stmt = store_scalar_stmt};

static void
block_query_stmt(struct cxx *x, struct op o)
{
	x_def(x, op_res(x->ir, o, 0));
	x_f(x, "%s();\n", op_row(x->ir, o)->callee);
}

const struct family fam_block_query = {.stmt = block_query_stmt};
