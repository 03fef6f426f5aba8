/*
 * arena: see arena.h. Small objects are cut from chunks that double from 16 KiB to 1 MiB. Requests from BIG_BYTES on
 * get a block of their own: zeroed ones cost nothing before they are used, and growing ones are moved by the system
 * (which remaps pages) instead of being copied and left behind.
 */
#include "base/arena.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
enum { RED_ZONE = 16 };
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
enum { RED_ZONE = 0 };
#endif

/* Tests set them to 1: then every allocation asks the system, and each can be made to fail. */
#ifndef ARENA_FIRST_CHUNK
#define ARENA_FIRST_CHUNK (16 << 10)
#define ARENA_MAX_CHUNK (1 << 20)
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
}

_Noreturn void
arena_exhausted(const struct arena *a)
{
	if (a->oom)
		longjmp(*a->oom, 1);
	fputs("ptoc: out of memory\n", stderr);
	abort();
}

static void
chunk_new(struct arena *a, size_t need)
{
	size_t size = a->head ? a->head->size * 2 : FIRST_CHUNK;

	if (size > MAX_CHUNK)
		size = MAX_CHUNK;
	if (size < need + sizeof(struct arena_chunk))
		size = need + sizeof(struct arena_chunk);
	struct arena_chunk *c = malloc(size);
	if (!c)
		arena_exhausted(a);
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
	struct arena_big *b = zero ? calloc(1, sizeof *b + size) : malloc(sizeof *b + size);

	if (!b)
		arena_exhausted(a);
	*b = (struct arena_big){.older = a->big, .size = size, .serial = ++a->nbig};
	if (a->big)
		a->big->newer = b;
	a->big = b;
	a->total_bytes += size;
	return b + 1;
}

static void *
big_grow(struct arena *a, void *old, size_t size)
{
	struct arena_big *b = realloc((struct arena_big *)old - 1, sizeof *b + size);

	if (!b)
		arena_exhausted(a);
	a->total_bytes += size - b->size;
	b->size = size;
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
	uint64_t want = *cap ? (uint64_t)*cap * 2 : 8;
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
		free(b);
	}
	if (a->big)
		a->big->newer = NULL;
	while (a->head != m.head) {
		struct arena_chunk *c = a->head;
		a->head = c->prev;
		a->total_bytes -= c->size;
		UNPOISON(c, c->size);
		free(c);
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
}
