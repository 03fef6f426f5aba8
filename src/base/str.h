/*
 * str: string views, the interner and edit distance.
 *
 * An identifier is a `struct sym`: equal text means equal integer. 0 is "none" and prints as the empty string.
 * Interned text is NUL-terminated and carries its length; it lives as long as the arena.
 */
#ifndef PTOC_BASE_STR_H
#define PTOC_BASE_STR_H

#include "base/vec.h"

#include <stdbool.h>
#include <string.h>

struct strv {
	const char *p;
	uint32_t n;
};

struct sym {
	uint32_t i;
};

struct intern_slot {
	uint32_t hash, id;	/* id 0 = free */
};

struct intern {
	struct arena *a;
	VEC(struct strv) text;	/* by sym.i; [0] is "" */
	struct intern_slot *slot;	/* open addressing, power of two */
	uint32_t nslot;
};

#define STRV(lit) ((struct strv){(lit), (uint32_t)sizeof(lit) - 1})

void intern_init(struct intern *in, struct arena *a);
struct sym intern_add(struct intern *in, struct strv s);
struct sym intern_str(struct intern *in, const char *s);
/* The symbol of an already interned text, or 0. */
struct sym intern_find(const struct intern *in, struct strv s);
struct strv sym_text(const struct intern *in, struct sym s);
const char *sym_str(const struct intern *in, struct sym s);

uint32_t hash_bytes(const void *p, size_t n, uint32_t seed);
static inline uint32_t
hash_u32(uint32_t h, uint32_t v)
{
	h ^= v + 0x9e3779b9u + (h << 6) + (h >> 2);
	h *= 0x85ebca6bu;
	return h ^ h >> 13;
}

bool strv_eq(struct strv a, struct strv b);
/* Inline: usually the second text is a literal of known length. */
static inline bool
strv_is(struct strv a, const char *lit)
{
	size_t n = strlen(lit);

	return a.n == n && memcmp(a.p, lit, n) == 0;
}

static inline bool
strv_starts(struct strv a, const char *prefix)
{
	size_t n = strlen(prefix);

	return a.n >= n && memcmp(a.p, prefix, n) == 0;
}

/* Edits (insert, delete, replace, swap of neighbours) from a to b, or limit + 1 when there are more: suggestions. */
uint32_t edit_distance(struct strv a, struct strv b, uint32_t limit);

/*
 * What was meant by an unknown name: the nearest of those tried, when it is near for its length. Names that differ in
 * their digits only are other names, no slips; of two letters none was replaced. The front of a longer name will do
 * when nothing is nearer.
 */
struct guess {
	struct strv want;
	const char *best;	/* NULL: none is near */
	uint32_t edits;		/* more than may be */
	uint32_t own;		/* bytes behind the last dot */
	bool near;		/* best is not just longer */
};
struct guess guess_for(struct strv want);
void guess_try(struct guess *n, const char *name);

#endif
