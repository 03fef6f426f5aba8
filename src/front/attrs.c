/* attrs: attribute texts to hash-consed attributes, aliases, locations, strings and literals. */
#include "front/build.h"

/* ---- strings and integers ---- */

static unsigned char
hex_value(char c)
{
	return (unsigned char)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

struct sym
string_sym(struct front *fe, struct span s)
{
	struct strv t = fe_text(fe, s);

	t.p++;
	t.n -= t.n >= 2 ? 2 : t.n;
	if (!memchr(t.p, '\\', t.n))
		return intern_add(&fe->ir->in, t);
	char *buf = arena_alloc(fe->a, t.n);
	uint32_t n = 0;
	for (uint32_t i = 0; i < t.n; i++) {
		char c = t.p[i];
		if (c == '\\') {
			c = t.p[++i];
			if (c == 'n')
				c = '\n';
			else if (c == 't')
				c = '\t';
			else if (c != '"' && c != '\\') {
				c = (char)(hex_value(c) << 4 | hex_value(t.p[i + 1]));
				i++;
			}
		}
		buf[n++] = c;
	}
	return intern_add(&fe->ir->in, (struct strv){buf, n});
}

int64_t
int_literal(struct front *fe, bool minus, struct span num, struct span at)
{
	uint64_t v = 0;

	if (!int_value(fe_text(fe, num), &v) || v > (uint64_t)INT64_MAX + minus)
		fe_error(fe, DIAG_LITERAL, at, "integer does not fit in 64 bits");
	return minus ? (int64_t)(0 - v) : (int64_t)v;
}

void
num_push(struct front *fe, bool minus, struct span num, bool is_float, bool floats_ok)
{
	int64_t v;

	if (is_float && floats_ok) {
		double f = float_value(fe_text(fe, num));
		f = minus ? -f : f;
		memcpy(&v, &f, sizeof v);
		fe->nfloat++;
	} else {
		v = int_literal(fe, minus, num, num);
	}
	VEC_PUSH(fe->a, &fe->num, v);
}

/* ---- numbers ---- */

/* The low `width` bits, sign-extended unless unsigned. */
static int64_t
wrap_int(uint64_t v, uint32_t width, bool is_unsigned)
{
	if (width >= 64)
		return (int64_t)v;
	uint64_t m = (UINT64_C(1) << width) - 1, sign = UINT64_C(1) << (width - 1);
	v &= m;
	return is_unsigned || !(v & sign) ? (int64_t)v : (int64_t)(v | ~m);
}

static struct attr
int_attr(struct front *fe, bool minus, struct span num, struct typ ty, struct span at)
{
	const struct type_data *t = type_data(&fe->ir->types, ty);
	uint32_t width = t->kind == TY_INT ? t->width : 64;
	bool uns = t->kind == TY_INT && t->sign == UNSIGNED, sgn = t->kind == TY_INT && t->sign == SIGNED;
	uint64_t v = 0, top = width >= 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1, half = top / 2 + 1;
	bool fits = int_value(fe_text(fe, num), &v);

	if (width > 64)
		fe_error(fe, DIAG_UNSUPPORTED, at, "integers wider than 64 bits are not supported");
	else if (!fits || v > (minus ? half : sgn ? half - 1 : top) || (minus && uns && v))
		fe_error(fe, DIAG_LITERAL, at, "integer constant out of range for attribute");
	if (width == 1 && !uns && !sgn)
		return attr_bool(&fe->ir->attrs, v & 1);
	return attr_int(&fe->ir->attrs, wrap_int(minus ? 0 - v : v, width, uns), ty);
}

/* Hexadecimal digits with a float type are its bit pattern. */
static struct attr
pattern_attr(struct front *fe, bool minus, struct span num, struct typ ty, struct span at)
{
	enum float_kind k = (enum float_kind)type_data(&fe->ir->types, ty)->fkind;
	struct strv s = fe_text(fe, num);
	uint32_t bytes = type_bytes(&fe->ir->types, ty);
	uint64_t v = 0;

	if (s.n < 3 || s.p[1] != 'x')
		fe_error(fe, DIAG_LITERAL, at, "unexpected decimal integer literal for a floating point value");
	else if (minus)
		fe_error(fe, DIAG_LITERAL, at, "a bit pattern cannot have a sign");
	else if (!int_value(s, &v) || (bytes && bytes < 8 && v >> (bytes * 8)))
		fe_error(fe, DIAG_LITERAL, at, "hexadecimal float constant out of range for type");
	return attr_float(&fe->ir->attrs, float_from_bits(k, v), v, ty);
}

static struct attr
float_attr(struct front *fe, double f, struct typ ty, struct span at)
{
	enum float_kind k = (enum float_kind)type_data(&fe->ir->types, ty)->fkind;
	uint64_t bits = 0;

	if (!float_bits(k, f, &bits))
		fe_error(fe, DIAG_UNSUPPORTED, at, "constants of type %s are not supported", fe_type(fe, ty));
	return attr_float(&fe->ir->attrs, float_from_bits(k, bits), bits, ty);
}

struct attr
attr_number(struct front *fe, bool minus, struct span num, bool is_float, struct tuse ty, struct span at)
{
	struct types *t = &fe->ir->types;
	struct typ type = ty.type;

	if (!type.i)
		type = is_float ? type_float(t, F_F64) : type_int(t, 64, SIGNLESS);
	enum type_kind k = type_kind(t, type);
	if (k == TY_FLOAT && is_float) {
		double f = float_value(fe_text(fe, num));
		return float_attr(fe, minus ? -f : f, type, at);
	}
	if (k == TY_FLOAT)
		return pattern_attr(fe, minus, num, type, at);
	if (k != TY_INT && k != TY_INDEX)
		fe_error(fe, DIAG_TYPE, ty.span, "a number cannot have type %s", fe_type(fe, type));
	else if (is_float)
		fe_error(fe, DIAG_LITERAL, at, "floating point value not valid for specified type");
	return int_attr(fe, minus, num, type, at);
}

struct attr
attr_special(struct front *fe, bool minus, struct sym word, struct tuse ty, struct span at)
{
	bool inf = word.i == fe->w.inf.i;
	const struct type_data *t = type_data(&fe->ir->types, ty.type);
	uint64_t bits = 0;

	if (t->kind != TY_FLOAT || t->fkind > F_F64) {
		fe_error(fe, DIAG_TYPE, ty.span, "'%s' needs a floating point type", fe_str(fe, word));
		return (struct attr){0};
	}
	enum float_kind k = (enum float_kind)t->fkind;
	/* A double that is too large for the type becomes its infinity; the quiet NaN is that plus the top fraction
	 * bit. */
	float_bits(k, float_from_bits(F_F64, inf ? UINT64_C(0x7ff0000000000000) : UINT64_C(0x7ff8000000000000)), &bits);
	if (minus)
		bits |= UINT64_C(1) << (type_bytes(&fe->ir->types, ty.type) * 8 - 1);
	(void)at;
	return attr_float(&fe->ir->attrs, float_from_bits(k, bits), bits, ty.type);
}

struct attr
attr_boolean(struct front *fe, bool v)
{
	return attr_bool(&fe->ir->attrs, v);
}

/* ---- composed ---- */

struct attr
attr_text(struct front *fe, enum attr_kind k, struct span at)
{
	return attr_get(&fe->ir->attrs,
			&(struct attr_data){.kind = k, .text = intern_add(&fe->ir->in, fe_text(fe, at))});
}

struct attr
attr_map(struct front *fe, struct span at)
{
	struct strv s = fe_text(fe, at);
	struct out o;
	bool blank = false;

	out_init(&o, fe->a);
	for (uint32_t i = 0; i < s.n; i++) {
		bool ws = s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\n' || s.p[i] == '\r';
		if (blank && !ws)
			out_char(&o, ' ');
		if (!ws)
			out_char(&o, s.p[i]);
		blank = ws;
	}
	return attr_get(&fe->ir->attrs,
			&(struct attr_data){.kind = AT_MAP, .text = intern_add(&fe->ir->in, out_text(&o))});
}

struct attr
attr_list(struct front *fe, struct slice s)
{
	struct attr_data d = {.kind = AT_ARRAY, .sub = s.n ? fe->attr.at + s.at : NULL, .n = s.n};

	if (s.n)
		fe->attr.n = s.at;
	return attr_get(&fe->ir->attrs, &d);
}

/* Only reached when two keys are known to be equal: reports the first that repeats an earlier one. */
static void
duplicate_key(struct front *fe, const struct entry *e, uint32_t n)
{
	uint8_t *seen = ARENA_ARRAY(fe->a, uint8_t, fe->ir->in.text.n);

	for (uint32_t i = 0; i < n; i++) {
		if (seen[e[i].key.i]) {
			fe_error(fe, DIAG_SYNTAX, e[i].span, "duplicate key '%s' in dictionary attribute",
				 fe_str(fe, e[i].key));
			return;
		}
		seen[e[i].key.i] = 1;
	}
}

/* Unknown keys are legal, and many producers have some; one that is nearly a known key is a slip. */
static void
odd_key(struct front *fe, const struct entry *e)
{
	enum { MAX_KEYS = 64 };
	const struct ir *ir = fe->ir;
	struct guess near = guess_for(sym_text(&ir->in, e->key));

	for (uint32_t i = 0; i < fe->odd.n; i++)
		if (fe->odd.at[i].key.i == e->key.i)
			return;
	if (fe->odd.n == MAX_KEYS)
		return;
	for (uint32_t i = ir->name.sym_name.i; i <= ir->name.spmd_sub.i; i++)
		guess_try(&near, sym_str(&ir->in, (struct sym){i}));
	VEC_PUSH(fe->a, &fe->odd, (struct odd){e->key, e->span, near.best});
}

struct attr
attr_dictionary(struct front *fe, struct slice s)
{
	const struct entry *e = VEC_FROM(&fe->entry, s.at);

	if (s.n == 0)
		return attr_get(&fe->ir->attrs, &(struct attr_data){.kind = AT_DICT});
	struct sym *key = ARENA_ARRAY(fe->a, struct sym, s.n);
	struct attr *val = ARENA_ARRAY(fe->a, struct attr, s.n);
	for (uint32_t i = 0; i < s.n; i++) {
		key[i] = e[i].key;
		val[i] = e[i].val;
		if (key[i].i >= fe->nknown)
			odd_key(fe, &e[i]);
	}
	struct attr d = attr_dict(&fe->ir->attrs, key, val, s.n);
	for (uint32_t i = 1; i < s.n; i++) {
		if (key[i].i == key[i - 1].i) {
			duplicate_key(fe, e, s.n);
			break;
		}
	}
	fe->entry.n = s.at;
	return d;
}

struct attr
attr_dense_array(struct front *fe, struct tuse elem, struct slice vals, bool floats)
{
	const struct type_data *t = type_data(&fe->ir->types, elem.type);
	int64_t *v = VEC_FROM(&fe->num, vals.at);

	(void)floats;
	if (t->kind == TY_FLOAT && fe->nfloat != vals.n)
		fe_error(fe, DIAG_LITERAL, elem.span, "expected floating point numbers in array<%s>",
			 fe_type(fe, elem.type));
	else if (t->kind != TY_FLOAT && fe->nfloat)
		fe_error(fe, DIAG_LITERAL, elem.span, "expected integers in array<%s>", fe_type(fe, elem.type));
	else if (t->kind != TY_FLOAT && t->kind != TY_INT && t->kind != TY_INDEX)
		fe_error(fe, DIAG_TYPE, elem.span, "array elements must be integers or floats, not %s",
			 fe_type(fe, elem.type));
	for (uint32_t i = 0; i < vals.n && t->kind == TY_FLOAT; i++) {
		double f;
		uint64_t bits = 0;
		memcpy(&f, &v[i], sizeof f);
		float_bits((enum float_kind)t->fkind, f, &bits);
		v[i] = (int64_t)bits;
	}
	fe->nfloat = 0;
	fe->num.n = vals.at;
	return attr_get(&fe->ir->attrs,
			&(struct attr_data){.kind = AT_DENSE_ARRAY, .type = elem.type, .elem = v, .n = vals.n});
}

struct attr
attr_dense(struct front *fe, struct slice vals, bool ints, struct span body, struct tuse ty)
{
	const struct type_data *t = type_data(&fe->ir->types, ty.type);
	struct attr_data d = {.kind = AT_DENSE, .type = ty.type};
	int64_t total = type_elems(&fe->ir->types, ty.type);

	if (t->kind != TY_VECTOR && t->kind != TY_TENSOR)
		fe_error(fe, DIAG_TYPE, ty.span, "dense<...> needs a vector or tensor type, got %s",
			 fe_type(fe, ty.type));
	if (total < 0 && !fe->failed)
		fe_error(fe, DIAG_TYPE, ty.span, "dense<...> needs a static shape, got %s", fe_type(fe, ty.type));
	if (!ints) {
		d.text = intern_add(&fe->ir->in, fe_text(fe, body));
	} else if (vals.n != 1 && (int64_t)vals.n != total) {
		fe_error(fe, DIAG_TYPE, body, "dense<...> has %u elements, its type %s has %lld", vals.n,
			 fe_type(fe, ty.type), (long long)total);
	} else if (vals.n) {
		d.elem = VEC_FROM(&fe->num, vals.at);
		d.n = vals.n;
	}
	fe->num.n = vals.at;
	return attr_get(&fe->ir->attrs, &d);
}

/* ---- enums ---- */

struct attr
attr_case(struct front *fe, enum enum_id id, struct sym cs, struct span at)
{
	struct strv s = sym_text(&fe->ir->in, cs);
	int32_t v = 0;

	if (enum_case_find(id, s, &v))
		return attr_enum(&fe->ir->attrs, id, v);
	struct out o;
	struct guess near = guess_for(s);
	out_init(&o, fe->a);
	for (uint32_t k = 0; enum_case_nth(id, k); k++) {
		out_f(&o, "%s%s", k ? ", " : "", enum_case_nth(id, k));
		guess_try(&near, enum_case_nth(id, k));
	}
	fe_error(fe, DIAG_UNKNOWN_ATTR, at, "unknown %s '%.*s', expected one of: %s", isa_enum[id].name, (int)s.n, s.p,
		 o.p);
	fe_meant(fe, &near, "");
	return (struct attr){0};
}

struct attr
attr_enum_case(struct front *fe, struct sym name, struct span name_at, struct sym cs, struct span case_at, bool dotted)
{
	struct strv n = sym_text(&fe->ir->in, name);
	enum enum_id id;

	if (!enum_find(n, &id) || isa_enum[id].family == 'X') {
		fe_error(fe, DIAG_UNKNOWN_ATTR, name_at, "unknown attribute '#pto.%.*s'", (int)n.n, n.p);
		return (struct attr){0};
	}
	if (dotted != (isa_enum[id].family == 'A')) {
		fe_error(fe, DIAG_SYNTAX, name_at, "expected valid keyword");
		fe_hint(fe, dotted ? "write #pto<%.*s %s>" : "write #pto.%.*s<%s>", (int)n.n, n.p, fe_str(fe, cs));
		return (struct attr){0};
	}
	return attr_case(fe, id, cs, case_at);
}

struct attr
attr_config(struct front *fe, struct slice s)
{
	const struct entry *e = VEC_FROM(&fe->entry, s.at);
	const struct {
		struct sym key;
		enum enum_id id;
	} known[] = {{fe->w.blayout, EN_BLAYOUT},
		     {fe->w.slayout, EN_SLAYOUT},
		     {fe->w.pad, EN_PAD_VALUE},
		     {fe->w.compact, EN_COMPACT_MODE},
		     {fe->w.s_fractal_size, ENUM_COUNT}};
	enum { NKNOWN = sizeof known / sizeof known[0] };

	for (uint32_t i = 0; i < s.n; i++) {
		const struct attr_data *d = attr_data(&fe->ir->attrs, e[i].val);
		uint32_t k = 0;
		while (k < NKNOWN && known[k].key.i != e[i].key.i)
			k++;
		if (k == NKNOWN)
			fe_error(fe, DIAG_UNKNOWN_ATTR, e[i].span, "unknown key in tile_buf_config: %s",
				 fe_str(fe, e[i].key));
		else if (d->kind != AT_INT && (d->kind != AT_ENUM || d->id != known[k].id))
			fe_error(fe, DIAG_UNKNOWN_ATTR, e[i].val_span, "wrong kind of value for '%s'",
				 fe_str(fe, e[i].key));
	}
	struct attr dict = attr_dictionary(fe, s);
	return attr_get(&fe->ir->attrs, &(struct attr_data){.kind = AT_TILE_CONFIG, .sub = &dict, .n = 1});
}

/* ---- locations ---- */

static uint32_t
loc_add(struct front *fe, struct loc l)
{
	struct ir *ir = fe->ir;
	const struct loc *last = &ir->loc.at[ir->loc.n - 1];

	/* Producers repeat a location for all ops of one source line. */
	if (ir->loc.n > 1 && last->file.i == l.file.i && last->name.i == l.name.i && last->line == l.line &&
	    last->col == l.col)
		return ir->loc.n - 1;
	VEC_PUSH(ir->a, &ir->loc, l);
	return ir->loc.n - 1;
}

uint32_t
loc_file(struct front *fe, struct span file, struct span line, struct span col)
{
	uint64_t l = 0, c = 0;

	if (!int_value(fe_text(fe, line), &l) || l > UINT32_MAX)
		fe_error(fe, DIAG_LITERAL, line, "line number is too large");
	if (!int_value(fe_text(fe, col), &c) || c > UINT32_MAX)
		fe_error(fe, DIAG_LITERAL, col, "column number is too large");
	return loc_add(fe, (struct loc){string_sym(fe, file), {0}, (uint32_t)l, (uint32_t)c});
}

uint32_t
loc_plain(struct front *fe, struct strv file, uint32_t line, uint32_t col)
{
	if (!strv_eq(file, fe->loc_text)) {
		fe->loc_sym = intern_add(&fe->ir->in, file);
		fe->loc_text = sym_text(&fe->ir->in, fe->loc_sym);
	}
	return loc_add(fe, (struct loc){fe->loc_sym, {0}, line, col});
}

uint32_t
loc_name(struct front *fe, struct span name, uint32_t child)
{
	struct loc l = child ? fe->ir->loc.at[child] : (struct loc){{0}, {0}, 0, 0};

	l.name = string_sym(fe, name);
	return loc_add(fe, l);
}

/* ---- aliases ---- */

static struct alias *
alias_slot(struct front *fe, struct sym name, bool is_type)
{
	uint32_t i = name.i * 2 + is_type;

	if (i >= fe->alias.n)
		VEC_ADD(fe->a, &fe->alias, i + 1 - fe->alias.n);
	return &fe->alias.at[i];
}

static struct alias *
alias_def(struct front *fe, struct sym name, bool is_type, struct span at)
{
	struct alias *a = alias_slot(fe, name, is_type);

	if (a->defined) {
		fe_error(fe, DIAG_REDEFINITION, at, "redefinition of %s alias '%s'", is_type ? "type" : "attribute",
			 fe_str(fe, name));
		fe_note(fe, a->span, "previous definition is here");
	}
	a->defined = true;
	a->span = at;
	return a;
}

static void
alias_unknown(struct front *fe, struct sym name, bool is_type, struct span at)
{
	struct guess near = guess_for(sym_text(&fe->ir->in, name));

	fe_error(fe, DIAG_UNKNOWN_NAME, at, "undefined %s alias '%s'", is_type ? "type" : "attribute",
		 fe_str(fe, name));
	for (uint32_t i = is_type; i < fe->alias.n; i += 2)
		if (fe->alias.at[i].defined)
			guess_try(&near, fe_str(fe, (struct sym){i / 2}));
	fe_meant(fe, &near, is_type ? "!" : "#");
}

struct typ
type_alias_use(struct front *fe, struct sym name, struct span at)
{
	const struct alias *a = alias_slot(fe, name, true);

	if (!a->defined)
		alias_unknown(fe, name, true, at);
	return a->type;
}

void
type_alias_def(struct front *fe, struct sym name, struct span at, struct typ ty)
{
	alias_def(fe, name, true, at)->type = ty;
}

struct attr
attr_loc(struct front *fe, uint32_t loc, struct span at)
{
	return attr_get(
		&fe->ir->attrs,
		&(struct attr_data){.kind = AT_LOC, .id = loc, .text = intern_add(&fe->ir->in, fe_text(fe, at))});
}

struct attr
attr_alias_use(struct front *fe, struct sym name, struct span at)
{
	const struct alias *a = alias_slot(fe, name, false);

	if (!a->defined)
		alias_unknown(fe, name, false, at);
	return a->attr;
}

void
attr_alias_def(struct front *fe, struct sym name, struct span at, struct attr attr)
{
	const struct attr_data *d = attr_data(&fe->ir->attrs, attr);
	struct alias *a = alias_def(fe, name, false, at);

	a->attr = attr;
	if (d->kind == AT_LOC) {
		if (a->loc)
			fe->ir->loc.at[a->loc] = fe->ir->loc.at[d->id];
		else
			a->loc = d->id;
	} else if (a->loc) {
		fe_error(fe, DIAG_SYNTAX, at, "alias '%s' is used as a location", fe_str(fe, name));
	}
}

/* The only alias that may be used before its definition: its entry in ir->loc is reserved and filled later. */
uint32_t
loc_alias(struct front *fe, struct sym name, struct span at)
{
	struct alias *a = alias_slot(fe, name, false);

	if (a->defined && attr_data(&fe->ir->attrs, a->attr)->kind != AT_LOC)
		fe_error(fe, DIAG_SYNTAX, at, "alias '%s' is not a location", fe_str(fe, name));
	if (!a->defined && !a->loc) {
		a->loc = fe->ir->loc.n;
		VEC_ADD(fe->a, &fe->ir->loc, 1);
		VEC_PUSH(fe->a, &fe->alias_use, at);
		VEC_PUSH(fe->a, &fe->alias_name, name);
	}
	return a->loc;
}

/* At the end of the file: every location alias used must have been defined. */
void
alias_check(struct front *fe)
{
	for (uint32_t i = 0; i < fe->alias_use.n; i++)
		if (!alias_slot(fe, fe->alias_name.at[i], false)->defined)
			alias_unknown(fe, fe->alias_name.at[i], false, fe->alias_use.at[i]);
}
