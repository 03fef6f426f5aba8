/*
 * arena: bump allocation with the life time of one compile.
 *
 * Objects are never freed one by one. The arena is the only place of the library that leaves a function other than by
 * returning: when memory is exhausted it jumps to `oom`, which driver/api.c sets. Size arithmetic is checked.
 */
#ifndef PTOC_BASE_ARENA_H
#define PTOC_BASE_ARENA_H

#include "base/pages.h"

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

struct arena_chunk;
struct arena_big;
struct arena_spare;

struct arena {
	struct arena_chunk *head;
	unsigned char *at, *end;
	struct arena_big *big;	/* blocks of their own, newest first */
	uint64_t nbig;		/* number of them ever made */
	size_t total_bytes;	/* bytes obtained from the system */
	jmp_buf *oom;		/* target when memory is exhausted; NULL: abort with a message */
	struct arena *keeper;	/* whom blocks are given back to, this one by default */
	struct arena_spare *spare;	/* of a keeper: blocks to be used again */
	uint32_t nspare;
	struct pages pages;	/* of a keeper, too */
};

struct arena_mark {
	struct arena_chunk *head;
	unsigned char *at;
	uint64_t nbig;
};

void arena_init(struct arena *a, jmp_buf *oom);
/* An arena that lives shorter than `keeper` and takes blocks from it and returns them: pages that were touched already
 * cost nothing. */
void arena_init_within(struct arena *a, struct arena *keeper);
void arena_free(struct arena *a);
/* Gives the system what is kept to be used again. */
void arena_drop_spare(struct arena *a);

/* Leaves as a failing allocation does. */
_Noreturn void arena_exhausted(const struct arena *a);

/* Returns `size` bytes aligned to 16; the contents are undefined. Never NULL. */
void *arena_alloc(struct arena *a, size_t size);
/* As arena_alloc for n objects of `size` bytes, zeroed. */
void *arena_zalloc(struct arena *a, size_t n, size_t size);
/* Grows `old` (n objects) to at least `need` objects: doubles *cap, copies, wastes the old block (extends in place if
 * it is the newest one). Large blocks come from the system one by one and are not wasted: pointers into `old` die. */
void *arena_grow(struct arena *a, void *old, uint32_t n, uint32_t *cap, uint32_t need, size_t size);
char *arena_strndup(struct arena *a, const char *s, size_t n);

/* Everything allocated after the mark is given back by the rewind; what has grown since must not be used any more. */
struct arena_mark arena_mark(const struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark m);

#define ARENA_NEW(a, T) ((T *)arena_zalloc((a), 1, sizeof(T)))
#define ARENA_ARRAY(a, T, n) ((T *)arena_zalloc((a), (n), sizeof(T)))

#endif
