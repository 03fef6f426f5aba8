/* attr: the attribute table; attributes are immutable and unique. Dictionaries are sorted by key text. */
#include "ir/attr.h"

#include <assert.h>

void
attrs_init(struct attrs *t, struct arena *a, const struct intern *in)
{
	memset(t, 0, sizeof *t);
	t->a = a;
	t->in = in;
	t->nslot = 128;
	t->slot = ARENA_ARRAY(a, uint32_t, t->nslot);
	VEC_PUSH(a, &t->all, (struct attr_data){.kind = AT_NONE});
}

static uint32_t
attr_hash(const struct attr_data *d)
{
	uint32_t h = hash_u32((uint32_t)d->kind, (uint32_t)d->i);

	h = hash_u32(h, (uint32_t)((uint64_t)d->i >> 32));
	h = hash_u32(hash_u32(h, (uint32_t)d->bits), (uint32_t)(d->bits >> 32));
	h = hash_u32(hash_u32(h, d->type.i), hash_u32(d->id, d->text.i));
	for (uint32_t k = 0; k < d->n; k++) {
		if (d->sub)
			h = hash_u32(h, d->sub[k].i);
		if (d->key)
			h = hash_u32(h, d->key[k].i);
		if (d->elem)
			h = hash_u32(hash_u32(h, (uint32_t)d->elem[k]), (uint32_t)((uint64_t)d->elem[k] >> 32));
	}
	return h;
}

static bool
attr_eq(const struct attr_data *a, const struct attr_data *b)
{
	if (a->kind != b->kind || a->i != b->i || a->bits != b->bits || a->type.i != b->type.i || a->id != b->id ||
	    a->text.i != b->text.i || a->n != b->n || !a->sub != !b->sub || !a->key != !b->key || !a->elem != !b->elem)
		return false;
	for (uint32_t k = 0; k < a->n; k++) {
		if ((a->sub && a->sub[k].i != b->sub[k].i) || (a->key && a->key[k].i != b->key[k].i) ||
		    (a->elem && a->elem[k] != b->elem[k]))
			return false;
	}
	return true;
}

static uint32_t
slot_of(const struct attrs *t, const struct attr_data *d)
{
	uint32_t i = attr_hash(d) & (t->nslot - 1);

	while (t->slot[i] && !attr_eq(&t->all.at[t->slot[i]], d))
		i = (i + 1) & (t->nslot - 1);
	return i;
}

static void
attrs_rehash(struct attrs *t)
{
	t->nslot *= 2;
	t->slot = ARENA_ARRAY(t->a, uint32_t, t->nslot);
	for (uint32_t i = 1; i < t->all.n; i++)
		t->slot[slot_of(t, &t->all.at[i])] = i;
}

static const void *
copy(struct arena *a, const void *p, size_t bytes)
{
	return p && bytes ? memcpy(arena_alloc(a, bytes), p, bytes) : NULL;
}

struct attr
attr_get(struct attrs *t, const struct attr_data *d)
{
	struct attr_data c = *d;

	if (c.n == 0) {
		c.sub = NULL;
		c.key = NULL;
		c.elem = NULL;
	}
	uint32_t s = slot_of(t, &c);
	if (t->slot[s])
		return (struct attr){t->slot[s]};
	c.sub = copy(t->a, c.sub, c.n * sizeof *c.sub);
	c.key = copy(t->a, c.key, c.n * sizeof *c.key);
	c.elem = copy(t->a, c.elem, c.n * sizeof *c.elem);
	uint32_t id = t->all.n;
	VEC_PUSH(t->a, &t->all, c);
	t->slot[s] = id;
	if (t->all.n * 2 > t->nslot)
		attrs_rehash(t);
	return (struct attr){id};
}

const struct attr_data *
attr_data(const struct attrs *t, struct attr a)
{
	assert(a.i < t->all.n);
	return &t->all.at[a.i];
}

struct attr
attr_unit(struct attrs *t)
{
	return attr_get(t, &(struct attr_data){.kind = AT_UNIT});
}

struct attr
attr_bool(struct attrs *t, bool v)
{
	return attr_get(t, &(struct attr_data){.kind = AT_BOOL, .i = v});
}

struct attr
attr_int(struct attrs *t, int64_t v, struct typ ty)
{
	return attr_get(t, &(struct attr_data){.kind = AT_INT, .i = v, .type = ty});
}

struct attr
attr_float(struct attrs *t, double f, uint64_t bits, struct typ ty)
{
	return attr_get(t, &(struct attr_data){.kind = AT_FLOAT, .f = f, .bits = bits, .type = ty});
}

struct attr
attr_string(struct attrs *t, struct sym s)
{
	return attr_get(t, &(struct attr_data){.kind = AT_STRING, .text = s});
}

struct attr
attr_symbol(struct attrs *t, struct sym s)
{
	return attr_get(t, &(struct attr_data){.kind = AT_SYMBOL, .text = s});
}

struct attr
attr_type(struct attrs *t, struct typ ty)
{
	return attr_get(t, &(struct attr_data){.kind = AT_TYPE, .type = ty});
}

struct attr
attr_enum(struct attrs *t, enum enum_id id, int32_t value)
{
	return attr_get(t, &(struct attr_data){.kind = AT_ENUM, .id = id, .i = value});
}

/* Insertion sort: dictionaries are short and nearly always sorted already. Long ones come only from odd input, so a
 * heap sort bounds them. */
static bool
key_less(const struct attrs *t, struct sym a, struct sym b)
{
	struct strv x = sym_text(t->in, a), y = sym_text(t->in, b);
	int c = memcmp(x.p, y.p, x.n < y.n ? x.n : y.n);

	return c ? c < 0 : x.n < y.n;
}

static void
entry_swap(struct sym *key, struct attr *val, uint32_t i, uint32_t j)
{
	struct sym k = key[i];
	struct attr v = val[i];

	key[i] = key[j];
	val[i] = val[j];
	key[j] = k;
	val[j] = v;
}

static void
sift(const struct attrs *t, struct sym *key, struct attr *val, uint32_t i, uint32_t n)
{
	for (;;) {
		uint32_t c = 2 * i + 1;
		if (c >= n)
			return;
		if (c + 1 < n && key_less(t, key[c], key[c + 1]))
			c++;
		if (!key_less(t, key[i], key[c]))
			return;
		entry_swap(key, val, i, c);
		i = c;
	}
}

static void
dict_sort(const struct attrs *t, struct sym *key, struct attr *val, uint32_t n)
{
	if (n <= 16) {
		for (uint32_t i = 1; i < n; i++)
			for (uint32_t j = i; j > 0 && key_less(t, key[j], key[j - 1]); j--)
				entry_swap(key, val, j, j - 1);
		return;
	}
	for (uint32_t i = n / 2; i-- > 0;)
		sift(t, key, val, i, n);
	for (uint32_t i = n; i-- > 1;) {
		entry_swap(key, val, 0, i);
		sift(t, key, val, 0, i);
	}
}

struct attr
attr_dict(struct attrs *t, struct sym *key, struct attr *val, uint32_t n)
{
	if (n == 0)
		return (struct attr){0};
	dict_sort(t, key, val, n);
	return attr_get(t, &(struct attr_data){.kind = AT_DICT, .key = key, .sub = val, .n = n});
}

struct attr
attr_dict_set(struct attrs *t, struct attr dict, struct sym key, struct attr val)
{
	struct attr_data d = *attr_data(t, dict);
	struct arena_mark m = arena_mark(t->a);
	struct sym *k = ARENA_ARRAY(t->a, struct sym, d.n + 1);
	struct attr *v = ARENA_ARRAY(t->a, struct attr, d.n + 1);
	uint32_t n = 0, before = t->all.n;

	for (uint32_t i = 0; i < d.n; i++) {
		if (d.key[i].i == key.i)
			continue;
		k[n] = d.key[i];
		v[n++] = d.sub[i];
	}
	if (val.i) {
		k[n] = key;
		v[n++] = val;
	}
	struct attr r = attr_dict(t, k, v, n);
	if (t->all.n == before)
		arena_rewind(t->a, m);
	return r;
}

struct attr
attr_dict_find(const struct attrs *t, struct attr dict, struct sym key)
{
	const struct attr_data *d = attr_data(t, dict);

	for (uint32_t i = 0; i < d->n && d->key; i++)
		if (d->key[i].i == key.i)
			return d->sub[i];
	return (struct attr){0};
}

void
attr_map_names(struct strv text, uint32_t n[2])
{
	const char *p = memchr(text.p, '<', text.n), *end = text.p + text.n;
	uint32_t side = 0;
	bool name = false;

	n[0] = n[1] = 0;
	for (p = p ? p + 1 : end; p < end && *p != '-'; p++) {
		bool in = (*p >= '0' && *p <= '9') || ((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z');
		side = *p == '[' ? 1 : side;
		n[side] += in && !name;
		name = in;
	}
}
