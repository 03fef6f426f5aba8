/* num: checked arithmetic. Each returns false, leaving *r undefined, when the result does not fit. */
#ifndef PTOC_BASE_NUM_H
#define PTOC_BASE_NUM_H

#include <stdbool.h>
#include <stdint.h>

static inline bool
num_add(int64_t a, int64_t b, int64_t *r)
{
	return !__builtin_add_overflow(a, b, r);
}

static inline bool
num_sub(int64_t a, int64_t b, int64_t *r)
{
	return !__builtin_sub_overflow(a, b, r);
}

static inline bool
num_mul(int64_t a, int64_t b, int64_t *r)
{
	return !__builtin_mul_overflow(a, b, r);
}

/* Rounds up to a multiple of m (m > 0). */
static inline uint64_t
num_round_up(uint64_t v, uint64_t m)
{
	return (v + m - 1) / m * m;
}

#endif
