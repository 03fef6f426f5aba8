/*
 * pages: see pages.h. Units are aligned to their size, which is what one table of addresses describes: then mremap
 * moves the table as a whole. Systems other than Linux, and the address sanitizer, which is to see every block, get
 * theirs from the heap.
 */
#define _GNU_SOURCE	/* mremap */
#include "base/pages.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

size_t
pages_whole(size_t size)
{
	return (size + PAGES_UNIT - 1) & ~(PAGES_UNIT - 1);
}

#if defined(__SANITIZE_ADDRESS__) || !defined(__linux__)
#define PAGES_HEAP
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PAGES_HEAP
#endif
#endif

#ifdef PAGES_HEAP

void *
pages_new(struct pages *p, size_t size, bool zero)
{
	(void)p;
	return zero ? calloc(1, pages_whole(size)) : malloc(pages_whole(size));
}

void *
pages_grow(struct pages *p, void *old, size_t old_size, size_t size)
{
	(void)p, (void)old_size;
	return realloc(old, pages_whole(size));
}

void
pages_free(struct pages *p, void *block, size_t size)
{
	(void)p, (void)size;
	free(block);
}

void
pages_drop(struct pages *p)
{
	(void)p;
}

#else

#include <sys/mman.h>

/* The first bytes of a spare unit. */
struct unit {
	struct unit *next;
};

/* Addresses with untouched pages, whole units. */
static unsigned char *
reserve(size_t n)
{
	unsigned char *at = mmap(NULL, n + PAGES_UNIT, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return NULL;
	size_t before = pages_whole((uintptr_t)at) - (uintptr_t)at;
	if (before)
		munmap(at, before);
	munmap(at + before + n, PAGES_UNIT - before);
	return at + before;
}

/* Unit by unit: in older kernels one call does not move what several have put together. */
static void
move(unsigned char *from, unsigned char *to, size_t n)
{
	for (size_t i = 0; i < n; i += PAGES_UNIT) {
		if (mremap(from + i, PAGES_UNIT, PAGES_UNIT, MREMAP_MAYMOVE | MREMAP_FIXED, to + i) != MAP_FAILED)
			continue;
		memcpy(to + i, from + i, PAGES_UNIT);
		munmap(from + i, PAGES_UNIT);
	}
}

/* Puts spare units in the place of untouched ones. */
static void
fill(struct pages *p, unsigned char *at, size_t n, bool zero)
{
	for (size_t i = 0; i < n && p->spare; i += PAGES_UNIT) {
		struct unit *u = p->spare;
		p->spare = u->next;
		move((unsigned char *)u, at + i, PAGES_UNIT);
		if (zero)
			memset(at + i, 0, PAGES_UNIT);
	}
}

void *
pages_new(struct pages *p, size_t size, bool zero)
{
	size_t n = pages_whole(size);
	unsigned char *at = reserve(n);

	if (at)
		fill(p, at, n, zero);
	return at;
}

void *
pages_grow(struct pages *p, void *old, size_t old_size, size_t size)
{
	size_t had = pages_whole(old_size), n = pages_whole(size);

	if (had == n)
		return old;
	unsigned char *at = reserve(n);
	if (!at)
		return NULL;
	move(old, at, had);
	fill(p, at + had, n - had, false);
	return at;
}

void
pages_free(struct pages *p, void *block, size_t size)
{
	for (size_t i = pages_whole(size); i; i -= PAGES_UNIT) {
		struct unit *u = (struct unit *)((unsigned char *)block + i - PAGES_UNIT);
		u->next = p->spare;
		p->spare = u;
	}
}

void
pages_drop(struct pages *p)
{
	while (p->spare) {
		struct unit *u = p->spare;
		p->spare = u->next;
		munmap(u, PAGES_UNIT);
	}
}

#endif
