/*
 * arena: see arena.h. Small objects are cut from chunks that double from 16 KiB to 2 MiB. Requests from BIG_BYTES on
 * get a block of their own: zeroed ones cost nothing before they are used, and growing ones are moved by the system
 * (which remaps pages) instead of being copied and left behind.
 */
#include "base/arena.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Tests set them to 1: then every allocation asks the system, and each can be made to fail. */
#ifndef ARENA_FIRST_CHUNK
#define ARENA_FIRST_CHUNK (16 << 10)
#define ARENA_MAX_CHUNK (2 << 20)
#define ARENA_MAX_SPARE 64
#endif

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
enum { RED_ZONE = 16, MAX_SPARE = 0 };
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
enum { RED_ZONE = 0, MAX_SPARE = ARENA_MAX_SPARE };
#endif

enum { ALIGN = 16, FIRST_CHUNK = ARENA_FIRST_CHUNK, MAX_CHUNK = ARENA_MAX_CHUNK, BIG_BYTES = 128 << 10 };

struct arena_chunk {
	struct arena_chunk *prev;
	unsigned char *end;
	size_t size;
	size_t pad;
};

/* Followed by `size` bytes. */
struct arena_big {
	struct arena_big *newer, *older;
	size_t size;
	uint64_t serial;	/* nbig when it was made: falls along the list */
};

void
arena_init(struct arena *a, jmp_buf *oom)
{
	memset(a, 0, sizeof *a);
	a->oom = oom;
	a->keeper = a;
}

void
arena_init_within(struct arena *a, struct arena *keeper)
{
	arena_init(a, keeper->oom);
	a->keeper = keeper->keeper;
}

_Noreturn void
arena_exhausted(const struct arena *a)
{
	if (a->oom)
		longjmp(*a->oom, 1);
	fputs("ptoc: out of memory\n", stderr);
	abort();
}

/* A block that is kept; in its first bytes. */
struct arena_spare {
	struct arena_spare *next;
	size_t size;
};

void
arena_drop_spare(struct arena *a)
{
	while (a->spare) {
		struct arena_spare *s = a->spare;
		a->spare = s->next;
		free(s);
	}
	a->nspare = 0;
	pages_drop(&a->pages);
}

/* The smallest spare block of *size bytes and not more than twice as many; *size becomes what it has. */
static void *
spare_take(struct arena *k, size_t *size)
{
	struct arena_spare **best = NULL;

	for (struct arena_spare **s = &k->spare; *s; s = &(*s)->next)
		if ((*s)->size >= *size && (*s)->size / 2 <= *size && (!best || (*s)->size < (*best)->size))
			best = s;
	if (!best)
		return NULL;
	struct arena_spare *s = *best;
	*best = s->next;
	k->nspare--;
	*size = s->size;
	return s;
}

static void
block_return(struct arena *a, void *p, size_t size)
{
	struct arena *k = a->keeper;
	struct arena_spare *s = p;

	if (size >= PAGES_UNIT) {
		pages_free(&k->pages, p, size);
	} else if (k->nspare + 1 > MAX_SPARE) {
		free(p);
	} else {
		*s = (struct arena_spare){k->spare, size};
		k->spare = s;
		k->nspare++;
	}
}

static void *
try_new(struct arena *k, size_t *size, bool zero)
{
	if (*size >= PAGES_UNIT) {
		*size = pages_whole(*size);
		return pages_new(&k->pages, *size, zero);
	}
	void *p = spare_take(k, size);
	if (p)
		return zero ? memset(p, 0, *size) : p;
	return zero ? calloc(1, *size) : malloc(*size);
}

/* At least *size bytes, *size becomes what there is. */
static void *
block_new(struct arena *a, size_t *size, bool zero)
{
	struct arena *k = a->keeper;
	void *p = try_new(k, size, zero);

	if (!p && (k->spare || k->pages.spare)) {
		arena_drop_spare(k);
		p = try_new(k, size, zero);
	}
	if (!p)
		arena_exhausted(a);
	return p;
}

/* The same with the contents of a block. */
static void *
block_grow(struct arena *a, void *old, size_t old_size, size_t *size)
{
	void *p = NULL;

	if (old_size >= PAGES_UNIT) {
		*size = pages_whole(*size);
		p = pages_grow(&a->keeper->pages, old, old_size, *size);
	} else if (*size >= PAGES_UNIT || (p = spare_take(a->keeper, size))) {
		if (!p)
			p = block_new(a, size, false);
		memcpy(p, old, old_size);
		block_return(a, old, old_size);
	} else {
		p = realloc(old, *size);
	}
	if (!p)
		arena_exhausted(a);
	return p;
}

static void
chunk_new(struct arena *a, size_t need)
{
	size_t size = a->head ? a->head->size * 2 : FIRST_CHUNK;

	if (size > MAX_CHUNK)
		size = MAX_CHUNK;
	if (size < need + sizeof(struct arena_chunk))
		size = need + sizeof(struct arena_chunk);
	struct arena_chunk *c = block_new(a, &size, false);
	c->prev = a->head;
	c->size = size;
	c->end = (unsigned char *)c + size;
	a->head = c;
	a->at = (unsigned char *)(c + 1);
	a->end = c->end;
	a->total_bytes += size;
	POISON(a->at, (size_t)(a->end - a->at));
}

static void *
big_new(struct arena *a, size_t size, bool zero)
{
	size_t all = sizeof(struct arena_big) + size;
	struct arena_big *b = block_new(a, &all, zero);

	*b = (struct arena_big){.older = a->big, .size = all - sizeof *b, .serial = ++a->nbig};
	if (a->big)
		a->big->newer = b;
	a->big = b;
	a->total_bytes += b->size;
	return b + 1;
}

static void *
big_grow(struct arena *a, void *old, size_t size)
{
	struct arena_big *b = (struct arena_big *)old - 1;
	size_t all = sizeof *b + size;

	if (size <= b->size)
		return old;
	b = block_grow(a, b, sizeof *b + b->size, &all);
	a->total_bytes += all - sizeof *b - b->size;
	b->size = all - sizeof *b;
	if (b->newer)
		b->newer->older = b;
	else
		a->big = b;
	if (b->older)
		b->older->newer = b;
	return b + 1;
}

/* Room of a small block, red zone included. */
static size_t
small_bytes(size_t size)
{
	return ((size + ALIGN - 1) & ~(size_t)(ALIGN - 1)) + RED_ZONE;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	if (size > SIZE_MAX / 2)
		arena_exhausted(a);
	if (size >= BIG_BYTES)
		return big_new(a, size, false);
	size_t n = small_bytes(size);
	if ((size_t)(a->end - a->at) < n)
		chunk_new(a, n);
	unsigned char *p = a->at;
	a->at += n;
	UNPOISON(p, size);
	return p;
}

void *
arena_zalloc(struct arena *a, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / 2 / size)
		arena_exhausted(a);
	if (n * size >= BIG_BYTES)
		return big_new(a, n * size, true);
	void *p = arena_alloc(a, n * size);
	memset(p, 0, n * size);
	return p;
}

void *
arena_grow(struct arena *a, void *old, uint32_t n, uint32_t *cap, uint32_t need, size_t size)
{
	if (need <= *cap)
		return old;
	/* large blocks grow by what is free of charge */
	bool large = (uint64_t)*cap * size >= 4 * PAGES_UNIT;
	uint64_t want = large ? *cap + (uint64_t)*cap / 4 : *cap ? (uint64_t)*cap * 2 : 8;
	if (want < need)
		want = need;
	if (want > UINT32_MAX)
		want = UINT32_MAX;
	if (want > SIZE_MAX / 2 / size)
		arena_exhausted(a);
	size_t old_size = (size_t)*cap * size, new_size = (size_t)want * size;
	*cap = (uint32_t)want;
	if (old && old_size >= BIG_BYTES)
		return big_grow(a, old, new_size);
	if (old && new_size < BIG_BYTES && (unsigned char *)old + small_bytes(old_size) == a->at &&
	    (size_t)(a->end - (unsigned char *)old) >= small_bytes(new_size)) {
		a->at = (unsigned char *)old + small_bytes(new_size);
		UNPOISON(old, new_size);
		return old;
	}
	void *p = arena_alloc(a, new_size);
	if (old && n)
		memcpy(p, old, (size_t)n * size);
	return p;
}

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *p = arena_alloc(a, n + 1);

	if (n)
		memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

struct arena_mark
arena_mark(const struct arena *a)
{
	return (struct arena_mark){a->head, a->at, a->nbig};
}

void
arena_rewind(struct arena *a, struct arena_mark m)
{
	while (a->big && a->big->serial > m.nbig) {
		struct arena_big *b = a->big;
		a->big = b->older;
		a->total_bytes -= b->size;
		block_return(a, b, sizeof *b + b->size);
	}
	if (a->big)
		a->big->newer = NULL;
	while (a->head != m.head) {
		struct arena_chunk *c = a->head;
		a->head = c->prev;
		a->total_bytes -= c->size;
		UNPOISON(c, c->size);
		block_return(a, c, c->size);
	}
	a->at = m.at;
	a->end = a->head ? a->head->end : NULL;
	if (a->head)
		POISON(a->at, (size_t)(a->end - a->at));
}

void
arena_free(struct arena *a)
{
	arena_rewind(a, (struct arena_mark){NULL, NULL, 0});
	if (a->keeper == a)
		arena_drop_spare(a);
}
