/*
 * types: type texts to hash-consed types, with the reference's messages for tile types (language.md §7.1). A tile type
 * in the left space gets blayout row_major whatever was written: that is what a2 and a3 have.
 */
#include "front/build.h"

/* ---- memo: text of a pto type -> type ---- */

uint32_t
memo_hash(const unsigned char *p, uint32_t n)
{
	uint64_t h = n;

	for (; n >= 8; p += 8, n -= 8) {
		uint64_t v;
		memcpy(&v, p, 8);
		h = (h ^ v) * UINT64_C(0x9fb21c651e98df25);
		h ^= h >> 29;
	}
	for (; n > 0; p++, n--)
		h = (h ^ *p) * UINT64_C(0x100000001b3);
	return (uint32_t)(h ^ h >> 32);
}

struct memo
memo_find(const struct front *fe, uint32_t lo, uint32_t n, uint32_t hash)
{
	if (fe->nmemo == 0)
		return (struct memo){.n = 0};
	for (uint32_t i = hash & (fe->nmemo - 1); fe->memo[i].n; i = (i + 1) & (fe->nmemo - 1)) {
		const struct memo *m = &fe->memo[i];
		if (m->hash == hash && m->n == n && memcmp(fe->text + m->lo, fe->text + lo, n) == 0)
			return *m;
	}
	return (struct memo){.n = 0};
}

static void
memo_put(struct memo *table, uint32_t n, struct memo m)
{
	uint32_t i = m.hash & (n - 1);

	while (table[i].n)
		i = (i + 1) & (n - 1);
	table[i] = m;
}

void
memo_add(struct front *fe, struct span s, struct typ ty)
{
	if (!ty.i || fe->failed)
		return;
	if (fe->memo_used * 2 >= fe->nmemo) {
		uint32_t n = fe->nmemo ? fe->nmemo * 2 : 64;
		struct memo *m = ARENA_ARRAY(fe->a, struct memo, n);
		for (uint32_t i = 0; i < fe->nmemo; i++)
			if (fe->memo[i].n)
				memo_put(m, n, fe->memo[i]);
		fe->memo = m;
		fe->nmemo = n;
	}
	uint32_t n = s.hi - s.lo;
	memo_put(fe->memo, fe->nmemo, (struct memo){memo_hash(fe->text + s.lo, n), s.lo, n, ty});
	fe->memo_used++;
}

/* ---- shapes ---- */

/* A dimension token is digits or ? each followed by x. 0x12 read as a hexadecimal integer is the dims 0 and 12. */
struct slice
dims_push(struct front *fe, struct span s)
{
	struct strv t = fe_text(fe, s);
	struct slice r = {fe->num.n, 0};

	for (uint32_t i = 0; i < t.n;) {
		uint32_t lo = i;
		uint64_t v = 0;
		while (i < t.n && !strchr(" \tx", t.p[i]))
			i++;
		bool dyn = t.p[lo] == '?';
		if (!dyn && (!int_value((struct strv){t.p + lo, i - lo}, &v) || v > INT64_MAX))
			fe_error(fe, DIAG_LITERAL, (struct span){s.lo + lo, s.lo + i}, "dimension is too large");
		while (i < t.n && strchr(" \tx", t.p[i]))
			i++;
		VEC_PUSH(fe->a, &fe->num, dyn ? DIM_DYN : (int64_t)v);
		r.n++;
	}
	return r;
}

struct typ
type_shape(struct front *fe, enum type_kind k, struct slice dims, struct tuse elem, struct span at)
{
	const int64_t *d = VEC_FROM(&fe->num, dims.at);

	fe->num.n = dims.at;
	if (k == TY_LOCAL_ARRAY) {
		for (uint32_t i = 0; i < dims.n; i++)
			if (d[i] < 1)
				fe_error(fe, DIAG_TYPE, at, "local_array dimensions must be static and positive");
		if (dims.n == 0)
			fe_error(fe, DIAG_TYPE, at, "local_array needs at least one dimension");
	}
	return type_shaped(&fe->ir->types, k, elem.type, d, dims.n);
}

struct typ
type_vec(struct front *fe, struct slice dims, struct tuse elem)
{
	for (uint32_t i = 0; i < dims.n; i++)
		if (fe->num.at[dims.at + i] < 1)
			fe_error(fe, DIAG_TYPE, elem.span, "vector dimensions must be static and positive");
	return type_shape(fe, TY_VECTOR, dims, elem, elem.span);
}

struct typ
type_memref(struct front *fe, struct slice dims, struct tuse elem, struct span tail)
{
	struct type_data d = {
		.kind = TY_MEMREF, .dim = VEC_FROM(&fe->num, dims.at), .rank = dims.n, .sub = &elem.type, .nsub = 1};

	if (!span_none(tail))
		d.text = intern_add(&fe->ir->in, fe_text(fe, tail));
	fe->num.n = dims.at;
	return type_get(&fe->ir->types, &d);
}

/* ---- composed types ---- */

/* The types of a slice as a plain array in the arena; cuts the stack. */
static const struct typ *
plain_types(struct front *fe, struct slice s)
{
	struct typ *t = ARENA_ARRAY(fe->a, struct typ, s.n ? s.n : 1);

	for (uint32_t i = 0; i < s.n; i++)
		t[i] = fe->type.at[s.at + i].type;
	return t;
}

struct typ
type_list_of(struct front *fe, enum type_kind k, struct slice sub, struct span at)
{
	struct type_data d = {.kind = k, .sub = plain_types(fe, sub), .nsub = sub.n};

	if (k == TY_STRUCT) {
		for (uint32_t i = 0; i < sub.n; i++) {
			const struct tuse *f = &fe->type.at[sub.at + i];
			const struct type_data *t = type_data(&fe->ir->types, f->type);
			bool ok = t->kind == TY_STRUCT || (t->kind == TY_FLOAT && t->fkind <= F_F64) ||
				  (t->kind == TY_INT &&
				   (t->width == 8 || t->width == 16 || t->width == 32 || t->width == 64));
			if (!ok && f->type.i)
				fe_error(fe, DIAG_TYPE, f->span,
					 "struct field %s is not scalar-storable: fields are i8..i64, f16, bf16, "
					 "f32, f64 or structs",
					 fe_type(fe, f->type));
		}
	}
	(void)at;
	if (sub.n)
		fe->type.n = sub.at;
	return type_get(&fe->ir->types, &d);
}

struct typ
type_fn(struct front *fe, struct slice in, struct slice out)
{
	const struct typ *a = plain_types(fe, in), *b = plain_types(fe, out);

	if (in.n)
		fe->type.n = in.at;
	else if (out.n)
		fe->type.n = out.at;
	return type_func(&fe->ir->types, a, in.n, b, out.n);
}

struct typ
type_pointer(struct front *fe, struct tuse elem, struct sym space, struct span at)
{
	enum space sp = SP_GM;

	if (space.i) {
		struct strv s = sym_text(&fe->ir->in, space);
		bool found = false;
		for (uint32_t i = SP_GM; i < SPACE_COUNT && !found; i++) {
			const struct space_row *r = &isa_space[i];
			found = strv_is(s, r->ptr) || (r->ptr2 && strv_is(s, r->ptr2));
			sp = (enum space)i;
		}
		if (!found)
			fe_error(fe, DIAG_TYPE, at,
				 "!pto.ptr address space must be one of "
				 "`gm|ub|mat|l1|left|l0a|right|l0b|acc|l0c|vec|bias|bt|scaling|fb`");
	}
	return type_ptr(&fe->ir->types, elem.type, sp);
}

struct typ
type_counted(struct front *fe, enum type_kind k, struct span num)
{
	uint64_t n = 0;

	if (!int_value(fe_text(fe, num), &n) || n == 0 || n > UINT32_MAX)
		fe_error(fe, DIAG_TYPE, num, "eventid_array size must be positive");
	return type_get(&fe->ir->types, &(struct type_data){.kind = k, .width = (uint32_t)n});
}

struct typ
type_bare(struct front *fe, uint32_t kind, struct span at)
{
	struct type_data d = {.kind = (enum type_kind)kind};

	if (kind == TY_LOW) {
		struct strv s = fe_text(fe, at);
		struct out o;
		out_init(&o, fe->a);
		if (s.p[0] != '!')
			out_str(&o, "!pto.");
		out_strv(&o, s);
		d.text = intern_add(&fe->ir->in, out_text(&o));
	}
	return type_get(&fe->ir->types, &d);
}

struct typ
type_opaque(struct front *fe, struct span at)
{
	struct strv s = fe_text(fe, at);
	struct out o;

	out_init(&o, fe->a);
	if (s.p[0] != '!')
		out_str(&o, "!pto.");
	out_strv(&o, s);
	return type_get(&fe->ir->types,
			&(struct type_data){.kind = TY_OPAQUE, .text = intern_add(&fe->ir->in, out_text(&o))});
}

/* ---- tiles ---- */

void
field_number(struct front *fe, bool minus, struct span num, struct span at)
{
	uint64_t v = 0;

	if (!int_value(fe_text(fe, num), &v) || v > INT32_MAX) {
		fe_error(fe, DIAG_LITERAL, at, "number is too large");
		v = 0;
	}
	VEC_PUSH(fe->a, &fe->field, (struct field){.kind = FV_INT, .num = minus ? -(int64_t)v : (int64_t)v});
	/* valid=0x16 arrives as one hexadecimal integer. */
	struct strv t = fe_text(fe, num);
	if (t.n > 2 && t.p[1] == 'x' && !minus) {
		struct slice s = dims_push(fe, num);
		struct field *f = &fe->field.at[fe->field.n - 1];
		f->kind = FV_PAIR;
		f->num = fe->num.at[s.at];
		f->num2 = fe->num.at[s.at + 1];
		fe->num.n = s.at;
	}
}

/* DIMS and the last dimension: RxC. More than one dimension before the last is not a pair. */
void
field_pair(struct front *fe, struct span dims, struct span last)
{
	struct slice s = dims_push(fe, dims);
	struct strv t = fe_text(fe, last);
	uint64_t v = 0;
	bool dyn = t.p[0] == '?';

	if (s.n != 1)
		fe_error(fe, DIAG_TYPE, dims, "tile_buf valid must have exactly two dims");
	if (!dyn && (!int_value(t, &v) || v > INT32_MAX))
		fe_error(fe, DIAG_LITERAL, last, "number is too large");
	VEC_PUSH(fe->a, &fe->field,
		 (struct field){.kind = FV_PAIR, .num = fe->num.at[s.at], .num2 = dyn ? DIM_DYN : (int64_t)v});
	fe->num.n = s.at;
}

static enum space
tile_space(struct front *fe, struct sym name, struct span at)
{
	struct strv s = sym_text(&fe->ir->in, name);

	for (uint32_t i = SP_MAT; i < SPACE_COUNT; i++)
		if (strv_is(s, isa_space[i].tile))
			return (enum space)i;
	struct guess near = guess_for(s);
	for (uint32_t i = SP_MAT; i < SPACE_COUNT; i++)
		guess_try(&near, isa_space[i].tile);
	fe_error(fe, DIAG_TYPE, at, "unknown loc: %.*s", (int)s.n, s.p);
	if (near.best)
		fe_meant(fe, &near, "");
	else
		fe_hint(fe, "a tile is in vec, mat, left, right, acc, bias or scaling");
	return SP_VEC;
}

static uint8_t
tile_case(struct front *fe, const struct field *f, enum enum_id id)
{
	struct strv s = sym_text(&fe->ir->in, f->word);
	int32_t v = 0;

	if ((f->kind != FV_WORD && f->kind != FV_STRING) || !enum_case_find(id, s, &v)) {
		struct guess near = guess_for(s);
		for (uint32_t k = 0; enum_case_nth(id, k); k++)
			guess_try(&near, enum_case_nth(id, k));
		fe_error(fe, DIAG_TYPE, f->val_span, "unknown %s: %s", fe_str(fe, f->key),
			 f->word.i ? fe_str(fe, f->word) : "expected a name");
		fe_meant(fe, &near, "");
	}
	return (uint8_t)v;
}

static int64_t
tile_number(struct front *fe, const struct field *f)
{
	if (f->kind != FV_INT || f->num < 0)
		fe_error(fe, DIAG_TYPE, f->val_span, "%s must be a non-negative 32-bit integer", fe_str(fe, f->key));
	return f->num;
}

/* One key shared by both forms; false when the key is not one of them. */
static bool
tile_option(struct front *fe, const struct field *f, struct tile_shape *s)
{
	if (f->key.i == fe->w.blayout.i) {
		s->blayout = tile_case(fe, f, EN_BLAYOUT);
	} else if (f->key.i == fe->w.slayout.i) {
		s->slayout = tile_case(fe, f, EN_SLAYOUT);
	} else if (f->key.i == fe->w.fractal.i) {
		int64_t v = tile_number(fe, f);
		if (v != 32 && v != 512 && v != 1024)
			fe_error(fe, DIAG_TYPE, f->val_span,
				 "unsupported s_fractal_size: %lld, must be one of {32, 512, 1024}", (long long)v);
		s->fractal = (uint16_t)v;
	} else if (f->key.i == fe->w.pad.i || f->key.i == fe->w.compact.i) {
		bool pad = f->key.i == fe->w.pad.i;
		int64_t v = tile_number(fe, f);
		if (v > (pad ? PAD_MIN : COMPACT_ROW_PLUS_ONE))
			fe_error(fe, DIAG_TYPE, f->val_span, "unknown %s: %lld", fe_str(fe, f->key), (long long)v);
		*(pad ? &s->pad : &s->compact) = (uint8_t)v;
	} else {
		return false;
	}
	return true;
}

static struct typ
tile_make(struct front *fe, struct tile_shape *s, struct tuse elem, struct span at, struct span row_at,
	  struct span col_at)
{
	if (s->rows <= 0 || s->cols <= 0)
		fe_error(fe, DIAG_TYPE, at, "tile_buf rows/cols must be positive");
	if (s->rows > INT32_MAX || s->cols > INT32_MAX)
		fe_error(fe, DIAG_TYPE, at, "tile_buf rows/cols must fit in 32 bits");
	if (s->vrow > s->rows)
		fe_error(fe, DIAG_TYPE, row_at, "tile_buf valid_row (%lld) exceeds row (%lld)", (long long)s->vrow,
			 (long long)s->rows);
	if (s->vcol > s->cols)
		fe_error(fe, DIAG_TYPE, col_at, "tile_buf valid_col (%lld) exceeds col (%lld)", (long long)s->vcol,
			 (long long)s->cols);
	if (s->space == SP_LEFT)
		s->blayout = BL_ROW_MAJOR;
	if (fe->failed)
		return (struct typ){0};
	return type_tile(&fe->ir->types, elem.type, s);
}

static int64_t
verbose_dim(struct front *fe, const struct field *f, bool valid)
{
	if (f->kind == FV_QUESTION && valid)
		return DIM_DYN;
	if (f->kind == FV_INT && valid && f->num == -1)
		return DIM_DYN;
	return tile_number(fe, f);
}

struct typ
type_tile_verbose(struct front *fe, struct slice fields, struct span at)
{
	const struct sym order[] = {fe->w.loc,     fe->w.dtype,   fe->w.rows,    fe->w.cols, fe->w.v_row,  fe->w.v_col,
				    fe->w.blayout, fe->w.slayout, fe->w.fractal, fe->w.pad,  fe->w.compact};
	enum { NKEY = sizeof order / sizeof order[0] };
	const struct field *f = VEC_FROM(&fe->field, fields.at);
	struct tile_shape s = {.fractal = 512};
	struct tuse elem = {{0}, at};

	fe->field.n = fields.at;
	for (uint32_t i = 0; i < fields.n || i < NKEY - 1; i++) {
		if (i >= fields.n || i >= NKEY || f[i].key.i != order[i].i) {
			struct span end = {at.hi - 1, at.hi};
			if (i >= NKEY)
				fe_error(fe, DIAG_TYPE, f[i].span, "unexpected '%s' in tile_buf", fe_str(fe, f[i].key));
			else
				fe_error(fe, DIAG_TYPE, i < fields.n ? f[i].span : end, "expected '%s' in tile_buf",
					 fe_str(fe, order[i]));
			return (struct typ){0};
		}
		if (i == 0)
			s.space = tile_space(fe, f[i].word, f[i].val_span);
		else if (i == 1)
			elem = (struct tuse){f[i].type, f[i].val_span};
		else if (i < 6)
			*(i == 2   ? &s.rows
			  : i == 3 ? &s.cols
			  : i == 4 ? &s.vrow
				   : &s.vcol) = verbose_dim(fe, &f[i], i >= 4);
		else
			tile_option(fe, &f[i], &s);
	}
	if (!elem.type.i) {
		fe_error(fe, DIAG_TYPE, elem.span, "expected a type");
		number_type_meant(fe, fe_text(fe, elem.span));
	}
	return tile_make(fe, &s, elem, (struct span){f[2].val_span.lo, f[3].val_span.hi}, f[4].val_span, f[5].val_span);
}

static void
compact_field(struct front *fe, const struct field *f, uint32_t n, struct tile_shape *s, bool multi, int64_t *count)
{
	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t k = 0; k < i; k++)
			if (f[k].key.i == f[i].key.i)
				fe_error(fe, DIAG_TYPE, f[i].span, "duplicate %s in tile_buf compact syntax",
					 fe_str(fe, f[i].key));
		if (multi && *count)
			fe_error(fe, DIAG_TYPE, f[i].span, "multi_tile_buf count must come last");
		if (f[i].key.i == fe->w.valid.i) {
			if (f[i].kind != FV_PAIR)
				fe_error(fe, DIAG_TYPE, f[i].val_span, "tile_buf valid must have exactly two dims");
			s->vrow = f[i].num;
			s->vcol = f[i].num2;
		} else if (multi && f[i].key.i == fe->w.count.i) {
			*count = tile_number(fe, &f[i]);
		} else if (!tile_option(fe, &f[i], s)) {
			const struct sym key[] = {fe->w.valid, fe->w.blayout, fe->w.slayout, fe->w.fractal, fe->w.pad,
						  fe->w.compact};
			struct guess near = guess_for(sym_text(&fe->ir->in, f[i].key));
			fe_error(fe, DIAG_TYPE, f[i].span, "unknown key in tile_buf compact syntax: %s",
				 fe_str(fe, f[i].key));
			for (uint32_t k = 0; k < sizeof key / sizeof key[0]; k++)
				guess_try(&near, fe_str(fe, key[k]));
			fe_meant(fe, &near, "");
		}
		if (fe->failed)
			return;
	}
}

static struct typ
multi_make(struct front *fe, struct typ tile, int64_t count, struct span at)
{
	if (count < 2)
		fe_error(fe, DIAG_TYPE, at, "multi_tile_buf count must be >= 2 (got %lld)", (long long)count);
	else if (count > 16)
		fe_error(fe, DIAG_TYPE, at, "multi_tile_buf count must be <= 16 (got %lld)", (long long)count);
	if (fe->failed)
		return (struct typ){0};
	return type_get(&fe->ir->types,
			&(struct type_data){.kind = TY_MULTI_TILE, .width = (uint32_t)count, .sub = &tile, .nsub = 1});
}

struct typ
type_tile_compact(struct front *fe, struct sym loc, struct span loc_at, struct slice dims, struct span dims_at,
		  struct tuse elem, struct slice fields, bool multi)
{
	const struct field *f = VEC_FROM(&fe->field, fields.at);
	struct tile_shape s = {.fractal = 512, .space = tile_space(fe, loc, loc_at)};
	int64_t count = 0;

	fe->num.n = dims.at;
	fe->field.n = fields.at;
	if (dims.n != 2) {
		fe_error(fe, DIAG_TYPE, dims_at, "tile_buf compact syntax expects exactly two shape dims");
		return (struct typ){0};
	}
	s.rows = s.vrow = fe->num.at[dims.at];
	s.cols = s.vcol = fe->num.at[dims.at + 1];
	struct span valid_at = dims_at;
	for (uint32_t i = 0; i < fields.n; i++)
		if (f[i].key.i == fe->w.valid.i)
			valid_at = f[i].val_span;
	compact_field(fe, f, fields.n, &s, multi, &count);
	struct typ t = tile_make(fe, &s, elem, dims_at, valid_at, valid_at);
	if (!multi || fe->failed)
		return t;
	return multi_make(fe, t, count, fields.n ? f[fields.n - 1].val_span : dims_at);
}

struct typ
type_multi(struct front *fe, struct tuse tile, struct slice fields, struct span at)
{
	const struct field *f = VEC_FROM(&fe->field, fields.at);

	fe->field.n = fields.at;
	if (tile.type.i && type_kind(&fe->ir->types, tile.type) != TY_TILE)
		fe_error(fe, DIAG_TYPE, tile.span, "multi_tile_buf needs a tile_buf, got %s", fe_type(fe, tile.type));
	if (fields.n != 1 || f[0].key.i != fe->w.count.i) {
		fe_error(fe, DIAG_TYPE, fields.n ? f[0].span : (struct span){at.hi - 1, at.hi},
			 "expected 'count' in multi_tile_buf");
		return (struct typ){0};
	}
	return multi_make(fe, tile.type, tile_number(fe, &f[0]), f[0].val_span);
}
