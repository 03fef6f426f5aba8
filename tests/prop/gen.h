/*
 * gen: random legal kernels as text: loads, stores, vector or cube ops on tiles at overlapping addresses (or without
 * any, for the compiler to place), GM boxes of few tensors with constant, argument and loop offsets, scalar accesses,
 * in nested loops and ifs.
 */
#ifndef PTOC_TESTS_PROP_GEN_H
#define PTOC_TESTS_PROP_GEN_H

#include "base/out.h"

struct gen_opt {
	uint32_t seed;
	uint32_t max_ops;	/* working ops */
	uint32_t max_depth;	/* loops and ifs */
	bool cube;
	bool scalar;		/* scalar loads and stores of GM */
	bool wide;		/* slots of multi tiles, guards, macros with flags of their own */
	bool fifos;		/* pushes to and pops from a cube core; no cube, mixed or placed kernel */
	bool calls;		/* of a function with work and flags of its own */
	bool blocks;		/* branches between blocks of the function */
	bool mixed;		/* sections for both cores; cube is ignored */
	bool placed;		/* tiles without address */
	bool filled;		/* vector tiles are written before anything else */
	const uint8_t *bytes;	/* decide instead of the seed; the kernel ends where they end */
	size_t nbytes;
	bool rich;		/* macros, sub-views, selected tiles, swaps, while loops, switches, signals, fences */
};

void gen_kernel(struct out *o, const struct gen_opt *opt);

#endif
