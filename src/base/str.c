/* str: see str.h. */
#include "base/str.h"

#include <assert.h>

uint32_t
hash_bytes(const void *p, size_t n, uint32_t seed)
{
	const unsigned char *c = p;
	uint64_t h = seed ^ n * UINT64_C(0x9fb21c651e98df25), v;

	for (; n >= 8; c += 8, n -= 8) {
		memcpy(&v, c, 8);
		h = (h ^ v) * UINT64_C(0x9fb21c651e98df25);
		h ^= h >> 29;
	}
	if (n) {
		v = 0;
		for (size_t i = 0; i < n; i++)
			v = v << 8 | c[i];
		h = (h ^ v) * UINT64_C(0x9fb21c651e98df25);
		h ^= h >> 29;
	}
	return (uint32_t)(h ^ h >> 32);
}

bool
strv_eq(struct strv a, struct strv b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

void
intern_init(struct intern *in, struct arena *a)
{
	memset(in, 0, sizeof *in);
	in->a = a;
	in->nslot = 256;
	in->slot = ARENA_ARRAY(a, struct intern_slot, in->nslot);
	VEC_PUSH(a, &in->text, STRV(""));
}

/* The slot that holds s, or the free one where it belongs. */
static uint32_t
slot_of(const struct intern *in, struct strv s, uint32_t hash)
{
	uint32_t i = hash & (in->nslot - 1);

	while (in->slot[i].id && (in->slot[i].hash != hash || !strv_eq(in->text.at[in->slot[i].id], s)))
		i = (i + 1) & (in->nslot - 1);
	return i;
}

static void
intern_rehash(struct intern *in)
{
	const struct intern_slot *old = in->slot;
	uint32_t n = in->nslot;

	in->nslot *= 2;
	in->slot = ARENA_ARRAY(in->a, struct intern_slot, in->nslot);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t k = old[i].hash & (in->nslot - 1);
		while (old[i].id && in->slot[k].id)
			k = (k + 1) & (in->nslot - 1);
		if (old[i].id)
			in->slot[k] = old[i];
	}
}

struct sym
intern_add(struct intern *in, struct strv s)
{
	if (s.n == 0)
		return (struct sym){0};
	uint32_t hash = hash_bytes(s.p, s.n, 0), i = slot_of(in, s, hash);
	if (in->slot[i].id)
		return (struct sym){in->slot[i].id};
	struct strv copy = {arena_strndup(in->a, s.p, s.n), s.n};
	uint32_t id = in->text.n;
	VEC_PUSH(in->a, &in->text, copy);
	in->slot[i] = (struct intern_slot){hash, id};
	if (in->text.n * 2 > in->nslot)
		intern_rehash(in);
	return (struct sym){id};
}

struct sym
intern_str(struct intern *in, const char *s)
{
	return intern_add(in, (struct strv){s, (uint32_t)strlen(s)});
}

struct sym
intern_find(const struct intern *in, struct strv s)
{
	return (struct sym){s.n ? in->slot[slot_of(in, s, hash_bytes(s.p, s.n, 0))].id : 0};
}

struct strv
sym_text(const struct intern *in, struct sym s)
{
	assert(s.i < in->text.n);
	return in->text.at[s.i];
}

const char *
sym_str(const struct intern *in, struct sym s)
{
	return sym_text(in, s).p;
}

uint32_t
edit_distance(struct strv a, struct strv b, uint32_t limit)
{
	enum { MAX = 64 };
	uint32_t row[3][MAX + 1], least = 0, before;

	if (a.n > MAX || b.n > MAX)
		return limit + 1;
	if ((a.n > b.n ? a.n - b.n : b.n - a.n) > limit)
		return limit + 1;
	for (uint32_t j = 0; j <= b.n; j++)
		row[0][j] = j;
	for (uint32_t i = 1; i <= a.n; i++) {
		uint32_t *cur = row[i % 3], *up = row[(i + 2) % 3], *up2 = row[(i + 1) % 3];
		before = least;
		cur[0] = least = i;
		for (uint32_t j = 1; j <= b.n; j++) {
			uint32_t d = up[j - 1] + (a.p[i - 1] != b.p[j - 1]);
			if (up[j] + 1 < d)
				d = up[j] + 1;
			if (cur[j - 1] + 1 < d)
				d = cur[j - 1] + 1;
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1] &&
			    up2[j - 2] + 1 < d)
				d = up2[j - 2] + 1;
			cur[j] = d;
			least = d < least ? d : least;
		}
		/* what follows is made of these two rows and never less */
		if (least > limit && before > limit)
			return limit + 1;
	}
	uint32_t d = row[a.n % 3][b.n];
	return d > limit ? limit + 1 : d;
}

/* The part behind the last dot counts: many names share what stands in front. */
struct guess
guess_for(struct strv want)
{
	uint32_t own = 0;

	while (own < want.n && want.p[want.n - 1 - own] != '.')
		own++;
	return (struct guess){.want = want, .edits = own < 2 ? 0 : own < 5 ? 2 : own < 9 ? 3 : 4, .own = own};
}

/* Do both have digits, and differ in nothing else? */
static bool
same_but_digits(struct strv a, struct strv b)
{
	uint32_t i = 0, k = 0, da = 0, db = 0;

	for (;;) {
		for (; i < a.n && a.p[i] >= '0' && a.p[i] <= '9'; i++)
			da++;
		for (; k < b.n && b.p[k] >= '0' && b.p[k] <= '9'; k++)
			db++;
		if (i == a.n || k == b.n || a.p[i] != b.p[k])
			return i == a.n && k == b.n && da && db;
		i++;
		k++;
	}
}

void
guess_try(struct guess *g, const char *name)
{
	struct strv w = g->want, s = {name, (uint32_t)strlen(name)};
	bool front = s.n > w.n && memcmp(name, w.p, w.n) == 0;
	uint32_t d = g->edits ? edit_distance(w, s, g->edits) : 0;

	if (d >= g->edits + (front && g->near) || same_but_digits(w, s)) {
		if (!g->near && g->own >= 4 && front && (!g->best || strlen(g->best) > s.n))
			g->best = name;
		return;
	}
	if (w.n == 2 && s.n == 2 && (w.p[0] != s.p[1] || w.p[1] != s.p[0]))
		return;
	g->best = name;
	g->edits = d;
	g->near = true;
}
