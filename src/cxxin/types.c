/*
 * types: C++ types. A tile prints as Tile<TileType::K, T, rows, cols, BLayout::B, vrow, vcol, SLayout::S, fractal,
 * PadValue::P, CompactMode::C>, a view as GlobalTensor<T, Shape<..>, Stride<..>, Layout::L>; trailing arguments may be
 * missing (emission.md §5, §6).
 */
#include "cxxin/model.h"

/* ---- names ---- */

struct strv
cx_base_name(const struct reader *r, struct sym s)
{
	struct strv t = sym_text(&r->ir->in, s);

	for (uint32_t k = t.n; k > 1; k--)
		if (t.p[k - 1] == ':')
			return (struct strv){t.p + k, t.n - k};
	return t;
}

/* Only pto's own namespace is taken off: comm::TGATHER is not TGATHER. */
bool
cx_name_is(const struct reader *r, struct sym s, const char *word)
{
	struct strv t = sym_text(&r->ir->in, s);

	if (strv_starts(t, "pto::"))
		t = (struct strv){t.p + 5, t.n - 5};
	if (strv_starts(t, "comm::"))
		t = (struct strv){t.p + 6, t.n - 6};
	return strv_is(t, word);
}

static const struct {
	const char *name;
	uint8_t kind, width;	/* FLOAT: width is the enum float_kind */
	bool is_unsigned;
} basic[] = {
	{"void", CT_VOID, 0, false},	     {"auto", CT_AUTO, 0, false},
	{"bool", CT_INT, 1, true},	     {"char", CT_INT, 8, false},
	{"int8_t", CT_INT, 8, false},	     {"uint8_t", CT_INT, 8, true},
	{"short", CT_INT, 16, false},	     {"int16_t", CT_INT, 16, false},
	{"uint16_t", CT_INT, 16, true},	     {"int", CT_INT, 32, false},
	{"int32_t", CT_INT, 32, false},	     {"uint32_t", CT_INT, 32, true},
	{"unsigned", CT_INT, 32, true},	     {"signed", CT_INT, 32, false},
	{"long", CT_INT, 64, false},	     {"int64_t", CT_INT, 64, false},
	{"uint64_t", CT_INT, 64, true},	     {"size_t", CT_INT, 64, true},
	{"uintptr_t", CT_INT, 64, true},     {"half", CT_FLOAT, F_F16, false},
	{"float16_t", CT_FLOAT, F_F16, false}, {"bfloat16_t", CT_FLOAT, F_BF16, false},
	{"float", CT_FLOAT, F_F32, false},   {"float32_t", CT_FLOAT, F_F32, false},
	{"double", CT_FLOAT, F_F64, false},
};

static const char *const qualifier[] = {
	"const", "volatile", "static", "inline", "constexpr", "extern", "AICORE", "__aicore__", "__global__",
	"typename",
	"__gm__", "__ubuf__", "__cbuf__", "__ca__", "__cb__", "__cc__", "__fbuf__", "struct", "enum", "class",
	"__inline__", "register",
};

static const char *const library[] = {
	"Tile", "GlobalTensor", "Shape", "Stride", "TPipe", "MrgSortExecutedNumList", "AsyncSession", "AsyncEvent",
	"PrefetchAsyncContext", "event_t", "mem_dsb_t", "std::size_t",
};

static const struct {
	const char *name;
	enum type_kind kind;
} handle[] = {
	{"TPipe", TY_PIPE},
	{"AsyncSession", TY_ASYNC_SESSION},
	{"AsyncEvent", TY_ASYNC_EVENT},
	{"PrefetchAsyncContext", TY_PREFETCH_CTX},
};

bool
cx_is_qualifier(const struct reader *r, struct sym s)
{
	struct strv t = sym_text(&r->ir->in, s);

	for (size_t k = 0; k < sizeof qualifier / sizeof qualifier[0]; k++)
		if (strv_is(t, qualifier[k]))
			return true;
	return false;
}

static int
basic_of(const struct reader *r, struct sym s)
{
	struct strv t = sym_text(&r->ir->in, s);

	if (strv_starts(t, "std::"))
		t = (struct strv){t.p + 5, t.n - 5};
	for (size_t k = 0; k < sizeof basic / sizeof basic[0]; k++)
		if (strv_is(t, basic[k].name))
			return (int)k;
	return -1;
}

bool
cx_starts_type(const struct reader *r, uint32_t t)
{
	const struct tok *k = &r->tok.at[t];

	if (k->kind != TK_ID || cx_find_var(r, k->sym))
		return false;
	if (cx_is_qualifier(r, k->sym) || basic_of(r, k->sym) >= 0 || CX_FIND(&r->type_of, k->sym))
		return true;
	for (size_t i = 0; i < sizeof library / sizeof library[0]; i++)
		if (cx_name_is(r, k->sym, library[i]))
			return true;
	return false;
}

/* ---- template arguments ---- */

bool
cx_targ(const struct reader *r, uint32_t lo, uint32_t hi, uint32_t k, uint32_t *from, uint32_t *to)
{
	uint32_t depth = 0;

	*from = lo;
	for (uint32_t t = lo; t < hi; t++) {
		const struct tok *x = &r->tok.at[t];
		if (x->kind != TK_PUNCT)
			continue;
		if (x->p == '<' || x->p == '(')
			depth++;
		else if ((x->p == '>' || x->p == ')') && depth)
			depth--;
		else if (x->p == ',' && !depth) {
			if (k-- == 0) {
				*to = t;
				return true;
			}
			*from = t + 1;
		}
	}
	*to = hi;
	return k == 0 && *from < hi;
}

bool
cx_targ_says(const struct reader *r, uint32_t lo, uint32_t hi, const char *word)
{
	for (uint32_t t = lo; t < hi; t++)
		if (r->tok.at[t].kind == TK_ID && strv_is(cx_base_name(r, r->tok.at[t].sym), word))
			return true;
	return false;
}

/* The value of an expression of numbers and constants. Recursion over nesting. */
static bool
number_of(const struct reader *r, uint32_t x, uint32_t depth, int64_t *v)
{
	const struct expr *e = &r->expr.at[x];
	int64_t a, b;

	if (!x || depth > CX_NEST_MAX)
		return false;
	if (e->kind == EX_INT && e->u.i <= INT64_MAX) {
		*v = (int64_t)e->u.i;
		return true;
	}
	if (e->kind == EX_NAME && strv_is(cx_base_name(r, e->name), "DYNAMIC")) {
		*v = -1;
		return true;
	}
	if (e->kind == EX_VAR) {
		*v = r->var.at[e->a].number;
		return r->var.at[e->a].is_number;
	}
	if (e->kind == EX_CAST)
		return number_of(r, e->b, depth + 1, v);
	if (e->kind == EX_MAKE)
		return e->narg == 1 && number_of(r, r->arg.at[e->arg0], depth + 1, v);
	if ((e->kind != EX_UNARY && e->kind != EX_BINARY) || !number_of(r, e->a, depth + 1, &a))
		return false;
	if (e->kind == EX_UNARY) {
		*v = (int64_t)(0 - (uint64_t)a);
		return e->op == '-';
	}
	if (!number_of(r, e->b, depth + 1, &b) || (e->op == '/' && b <= 0))
		return false;
	*v = e->op == '+' ? (int64_t)((uint64_t)a + (uint64_t)b) : e->op == '-' ? (int64_t)((uint64_t)a - (uint64_t)b)
	     : e->op == '*' ? (int64_t)((uint64_t)a * (uint64_t)b) : a / (b ? b : 1);
	return e->op == '+' || e->op == '-' || e->op == '*' || e->op == '/';
}

void
cx_note_number(struct reader *r, uint32_t var)
{
	struct cvar *v = &r->var.at[var];

	v->is_number = !v->array && number_of(r, v->init, 0, &v->number);
}

bool
cx_const(struct reader *r, uint32_t lo, uint32_t hi, int64_t *v)
{
	uint32_t at = r->at;
	const struct tok *t = &r->tok.at[lo];

	if (lo >= hi || (t->kind == TK_ID && !cx_find_var(r, t->sym) && lo + 1 != hi) || t->kind == TK_FLOAT)
		return false;
	r->at = lo;
	uint32_t e = cx_sum(r);
	bool all = r->at == hi;
	if (!r->failed)
		r->at = at;
	return all && !r->failed && number_of(r, e, 0, v);
}

/* Integer argument k, or what it is when it is missing. */
static int64_t
targ_int(struct reader *r, const struct ctype *c, uint32_t k, int64_t absent)
{
	uint32_t lo, hi;
	int64_t v;

	if (!cx_targ(r, c->targ0, c->targ1, k, &lo, &hi))
		return absent;
	if (cx_const(r, lo, hi, &v))
		return v;
	cx_error(r, DIAG_TYPE, (struct span){r->tok.at[lo].lo, r->tok.at[hi - 1].hi}, "expected a number");
	return absent;
}

/* Which of the words template argument k ends in. */
static uint8_t
targ_word(struct reader *r, const struct ctype *c, uint32_t k, const char *const *word, uint8_t n, uint8_t absent)
{
	uint32_t lo, hi;

	if (!cx_targ(r, c->targ0, c->targ1, k, &lo, &hi))
		return absent;
	for (uint8_t i = 0; i < n; i++)
		if (cx_targ_says(r, lo, hi, word[i]))
			return i;
	cx_error(r, DIAG_TYPE, (struct span){r->tok.at[lo].lo, r->tok.at[hi - 1].hi}, "unknown name in a tile type");
	return absent;
}

/* ---- types of the library ---- */

static uint32_t
targ_type(struct reader *r, const struct ctype *c, uint32_t k)
{
	uint32_t lo, hi, at = r->at, t;

	if (!cx_targ(r, c->targ0, c->targ1, k, &lo, &hi))
		return 0;
	r->at = lo;
	t = cx_type(r);
	if (!r->failed)
		r->at = at;
	return t;
}

static enum space
kind_space(struct reader *r, const struct ctype *c)
{
	uint32_t lo, hi;

	if (cx_targ(r, c->targ0, c->targ1, 0, &lo, &hi))
		for (uint32_t k = SP_MAT; k < SPACE_COUNT; k++)
			if (cx_targ_says(r, lo, hi, isa_space[k].cxx))
				return (enum space)k;
	cx_error(r, DIAG_TYPE, (struct span){r->tok.at[c->targ0].lo, r->tok.at[c->targ1].hi}, "unknown kind of tile");
	return SP_VEC;
}

static void
tile_type(struct reader *r, struct ctype *c)
{
	static const char *const order[] = {"RowMajor", "ColMajor"};
	static const char *const inner[] = {"NoneBox", "RowMajor", "ColMajor"};
	static const char *const pad[] = {"Null", "Zero", "Max", "Min"};
	static const char *const compact[] = {"Null", "Normal", "RowPlusOne"};
	struct tile_shape s = {.space = kind_space(r, c)};
	const struct span at = {r->tok.at[c->targ0].lo, r->tok.at[c->targ1].hi};
	uint32_t elem = targ_type(r, c, 1);

	s.rows = targ_int(r, c, 2, 0);
	s.cols = targ_int(r, c, 3, 0);
	s.blayout = targ_word(r, c, 4, order, 2, BL_ROW_MAJOR);
	s.vrow = targ_int(r, c, 5, s.rows);
	s.vcol = targ_int(r, c, 6, s.cols);
	s.slayout = targ_word(r, c, 7, inner, 3, SL_NONE_BOX);
	int64_t fractal = targ_int(r, c, 8, 512);
	s.pad = targ_word(r, c, 9, pad, 4, PAD_NULL);
	s.compact = targ_word(r, c, 10, compact, 3, COMPACT_NULL);
	if (r->failed)
		return;
	const struct ctype *e = &r->ctype.at[elem];
	uint32_t bytes = e->ty.i ? type_bytes(&r->ir->types, e->ty) : 0;
	if ((e->kind != CT_INT && e->kind != CT_FLOAT) || !bytes) {
		cx_error(r, DIAG_TYPE, at, "tile without an element type");
		return;
	}
	if (s.rows <= 0 || s.cols <= 0 || s.rows > INT32_MAX / 4 || s.cols > INT32_MAX / 4 ||
	    s.rows * s.cols > INT32_MAX / 4 || s.vrow < -1 || s.vcol < -1 || s.vrow > INT32_MAX || s.vcol > INT32_MAX) {
		cx_error(r, DIAG_TYPE, at, "a tile cannot have %lld x %lld elements, %lld x %lld of them valid",
			 (long long)s.rows, (long long)s.cols, (long long)s.vrow, (long long)s.vcol);
		return;
	}
	if (fractal != 32 && fractal != 512 && fractal != 1024) {
		cx_error(r, DIAG_TYPE, at, "a box has 32, 512 or 1024 bytes, not %lld", (long long)fractal);
		return;
	}
	s.fractal = (uint16_t)fractal;
	c->kind = CT_TILE;
	c->elem = elem;
	c->ty = type_tile(&r->ir->types, e->ty, &s);
}

static void
five_type(struct reader *r, struct ctype *c)
{
	c->kind = CT_FIVE;
	for (uint32_t k = 0; k < 5; k++)
		c->five[k] = targ_int(r, c, k, DIM_DYN);
}

static void
view_type(struct reader *r, struct ctype *c)
{
	uint32_t elem = targ_type(r, c, 0), shape = targ_type(r, c, 1), stride = targ_type(r, c, 2);
	int64_t dim[5];

	if (r->failed)
		return;
	const struct ctype *e = &r->ctype.at[elem], *s = &r->ctype.at[shape], *t = &r->ctype.at[stride];
	if ((e->kind != CT_INT && e->kind != CT_FLOAT) || s->kind != CT_FIVE || t->kind != CT_FIVE) {
		cx_error(r, DIAG_TYPE, (struct span){r->tok.at[c->targ0].lo, r->tok.at[c->targ1].hi},
			 "a view has an element type, a shape and strides");
		return;
	}
	for (uint32_t k = 0; k < 5; k++)
		dim[k] = s->five[k] < 0 ? DIM_DYN : s->five[k];
	c->kind = CT_VIEW;
	c->elem = elem;
	memcpy(c->five, t->five, sizeof c->five);
	c->ty = type_shaped(&r->ir->types, TY_TVIEW, e->ty, dim, 5);
}

/* ---- entry ---- */

static struct typ
plain_type(struct reader *r, const struct ctype *c, uint32_t width)
{
	if (c->kind == CT_FLOAT)
		return type_float(&r->ir->types, (enum float_kind)width);
	return type_int(&r->ir->types, width, c->is_unsigned && width > 1 ? UNSIGNED : SIGNLESS);
}

static void
library_type(struct reader *r, struct ctype *c)
{
	c->kind = CT_NAMED;
	for (size_t k = 0; k < sizeof handle / sizeof handle[0]; k++) {
		if (!cx_name_is(r, c->name, handle[k].name))
			continue;
		struct type_data d = {.kind = handle[k].kind};
		c->kind = CT_HANDLE;
		c->ty = type_get(&r->ir->types, &d);
	}
	if (cx_name_is(r, c->name, "Tile") && c->targ0)
		tile_type(r, c);
	else if (cx_name_is(r, c->name, "GlobalTensor") && c->targ0)
		view_type(r, c);
	else if ((cx_name_is(r, c->name, "Shape") || cx_name_is(r, c->name, "Stride")) && c->targ0)
		five_type(r, c);
}

static enum space
pointer_space(const struct reader *r, struct sym s)
{
	for (uint32_t k = SP_GM; k < SPACE_COUNT; k++)
		if (k != SP_BIAS && strv_is(sym_text(&r->ir->in, s), isa_space[k].qual))
			return (enum space)k;
	return SP_ZERO;
}

static uint32_t
type_push(struct reader *r, struct ctype c)
{
	VEC_PUSH(r->a, &r->ctype, c);
	return r->ctype.n - 1;
}

static void
base_type(struct reader *r, struct ctype *c)
{
	const struct tok *t = cx_peek(r);
	int k = basic_of(r, t->sym);

	c->name = t->sym;
	cx_next(r);
	if (k >= 0) {
		/* unsigned int, long long, unsigned long */
		bool is_unsigned = basic[k].is_unsigned;
		uint32_t width = basic[k].width;
		for (int m; cx_peek(r)->kind == TK_ID && !cx_find_var(r, cx_peek(r)->sym) &&
			    (m = basic_of(r, cx_peek(r)->sym)) >= 0; cx_next(r))
			width = basic[m].width != 32 ? basic[m].width : width;
		c->kind = basic[k].kind;
		c->is_unsigned = is_unsigned;
		if (c->kind == CT_INT || c->kind == CT_FLOAT)
			c->ty = plain_type(r, c, width);
		return;
	}
	uint32_t known = CX_FIND(&r->type_of, t->sym);
	if (known && r->ctype.at[known].kind != CT_NAMED) {
		*c = r->ctype.at[known];
		return;
	}
	uint32_t end = cx_is(r, '<') ? cx_skip_angles(r, r->at) : 0;
	if (end) {
		c->targ0 = r->at + 1;
		c->targ1 = end - 1;
		r->at = end;
	}
	library_type(r, c);
}

uint32_t
cx_type(struct reader *r)
{
	struct ctype c = {.kind = CT_NONE};
	enum space sp = SP_ZERO;

	if (!cx_enter(r))
		return 0;
	for (; cx_peek(r)->kind == TK_ID && cx_is_qualifier(r, cx_peek(r)->sym); cx_next(r))
		if (pointer_space(r, cx_peek(r)->sym) != SP_ZERO)
			sp = pointer_space(r, cx_peek(r)->sym);
	if (cx_peek(r)->kind != TK_ID)
		cx_error(r, DIAG_TYPE, cx_span(r), "expected a type");
	else
		base_type(r, &c);
	uint32_t t = type_push(r, c);
	while (!r->failed) {
		if (cx_is_id(r, "const") || cx_is(r, '&') || cx_is(r, P2('&', '&'))) {
			cx_next(r);
		} else if (cx_accept(r, '*')) {
			struct typ elem = r->ctype.at[t].ty;
			struct ctype p = {.kind = CT_PTR, .elem = t};
			/* void: bytes; pointers to pointers and objects are not followed */
			if (r->ctype.at[t].kind == CT_VOID)
				elem = type_int(&r->ir->types, 8, SIGNLESS);
			if (!elem.i || r->ctype.at[t].kind == CT_PTR || r->ctype.at[t].kind == CT_TILE)
				p.kind = CT_NAMED;
			else
				p.ty = type_ptr(&r->ir->types, elem, sp == SP_ZERO ? SP_GM : sp);
			t = type_push(r, p);
		} else {
			break;
		}
	}
	cx_leave(r);
	return t;
}

uint32_t
cx_ctype_of(struct reader *r, struct typ ty)
{
	enum type_kind k = type_kind(&r->ir->types, ty);
	struct ctype c = {.ty = ty};

	c.kind = k == TY_INT ? CT_INT : k == TY_FLOAT ? CT_FLOAT : k == TY_PTR ? CT_PTR : k == TY_TILE ? CT_TILE :
		 k == TY_TVIEW ? CT_VIEW : CT_NAMED;
	return type_push(r, c);
}

uint32_t
cx_ctype_int(struct reader *r, uint32_t width, bool is_unsigned)
{
	struct ctype c = {.kind = CT_INT, .is_unsigned = is_unsigned};

	c.ty = plain_type(r, &c, width);
	return type_push(r, c);
}

uint32_t
cx_ctype_wider(struct reader *r, uint32_t a, uint32_t b)
{
	const struct ctype *x = &r->ctype.at[a], *y = &r->ctype.at[b];

	if (x->kind == CT_PTR || y->kind == CT_PTR)
		return x->kind == CT_PTR ? a : b;
	if (x->kind == CT_FLOAT && y->kind == CT_FLOAT)
		return type_bytes(&r->ir->types, x->ty) >= type_bytes(&r->ir->types, y->ty) ? a : b;
	if (x->kind == CT_FLOAT || y->kind == CT_FLOAT)
		return x->kind == CT_FLOAT ? a : b;
	if (x->kind != CT_INT || y->kind != CT_INT)
		return 0;
	uint32_t wx = type_data(&r->ir->types, x->ty)->width, wy = type_data(&r->ir->types, y->ty)->width;
	if (wx < 32 && wy < 32)
		return cx_ctype_int(r, 32, false);
	return wx > wy || (wx == wy && x->is_unsigned) ? a : b;
}
