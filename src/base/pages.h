/*
 * pages: blocks of several megabytes straight from the system. The first touch of a page costs as much as compiling a
 * line or two, so pages that were touched are kept and moved, by their addresses and not by their bytes, to where they
 * are needed next.
 */
#ifndef PTOC_BASE_PAGES_H
#define PTOC_BASE_PAGES_H

#include <stdbool.h>
#include <stddef.h>

/* What blocks are made of; smaller ones are better off on the heap. */
#define PAGES_UNIT ((size_t)2 << 20)

struct pages {
	void *spare;	/* units to be used again */
};

/* The bytes that a block of `size` has in fact. */
size_t pages_whole(size_t size);
/* Blocks of at least PAGES_UNIT bytes; NULL when there is no memory. */
void *pages_new(struct pages *p, size_t size, bool zero);
/* The contents of what is added are undefined. NULL when there is no memory, `old` stays. */
void *pages_grow(struct pages *p, void *old, size_t old_size, size_t size);
/* Keeps the units. */
void pages_free(struct pages *p, void *block, size_t size);
/* Gives the system the units that are kept. */
void pages_drop(struct pages *p);

#endif
