/*
 * vec: growable arrays in an arena. VEC(T) declares the struct; elements move when it grows, so keep indices.
 */
#ifndef PTOC_BASE_VEC_H
#define PTOC_BASE_VEC_H

#include "base/arena.h"

#define VEC(T)                                                                                                         \
	struct {                                                                                                       \
		T *at;                                                                                                 \
		uint32_t n, cap;                                                                                       \
	}

/* Where a range of elements starts; NULL in a vector that never held any (arithmetic on NULL is not defined). An
 * analyser takes the test for a hint that ranges with elements may be NULL as well. */
#ifndef PTOC_ANALYSE
#define VEC_FROM(v, i) ((v)->at ? (v)->at + (i) : NULL)
#else
#define VEC_FROM(v, i) ((v)->at + (i))
#endif

/* Appends a copy of the value. */
#define VEC_PUSH(a, v, ...)                                                                                            \
	do {                                                                                                           \
		if ((v)->n == (v)->cap)                                                                                \
			(v)->at = arena_grow((a), (v)->at, (v)->n, &(v)->cap, (v)->n + 1, sizeof *(v)->at);            \
		(v)->at[(v)->n++] = (__VA_ARGS__);                                                                     \
	} while (0)

/* Makes room for k more elements and adds them zeroed; the first one has the index the count had before. */
#define VEC_ADD(a, v, k)                                                                                               \
	do {                                                                                                           \
		if ((v)->cap - (v)->n < (k))                                                                           \
			(v)->at = arena_grow((a), (v)->at, (v)->n, &(v)->cap, (v)->n + (k), sizeof *(v)->at);          \
		if ((v)->cap)                                                                                          \
			memset((v)->at + (v)->n, 0, (size_t)(k) * sizeof *(v)->at);                                    \
		(v)->n += (k);                                                                                         \
	} while (0)

#endif
