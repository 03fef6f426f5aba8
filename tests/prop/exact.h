/*
 * exact: can the tiles of a function be placed in so many bytes at all? By exhaustive search, for small kernels: what
 * the placement of the compiler is measured against. Tiles and the times at which they hold data are those of mem.
 */
#ifndef PTOC_TESTS_PROP_EXACT_H
#define PTOC_TESTS_PROP_EXACT_H

#include "ir/ir.h"

enum exact { EXACT_FITS, EXACT_NEVER, EXACT_UNKNOWN };

/*
 * The tiles of one space of a function that has no addresses yet, in [0, cap). *nodes: steps that the search may take;
 * lowered by those it took. EXACT_UNKNOWN: they did not do, or there are too many tiles.
 */
enum exact exact_place(struct arena *a, struct ir *ir, struct op func, enum space sp, uint64_t cap, uint64_t *nodes);

#endif
