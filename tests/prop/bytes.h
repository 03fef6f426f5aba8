/* bytes: concrete places: tiles, views and pointers as boxes of bytes, boxes as ranges. */
#ifndef PTOC_TESTS_PROP_BYTES_H
#define PTOC_TESTS_PROP_BYTES_H

#include "eval.h"
#include "trace.h"

/* Box of a tile of that type at `base`; valid rows and columns are taken from the type, or vrow/vcol when dynamic. */
struct cval box_tile(struct arena *a, const struct ir *ir, struct typ ty, int64_t base, int64_t vrow, int64_t vcol);
/* Part of a tile: offsets in elements, valid shape from the result type. Boxed layouts: the whole parent. */
struct cval box_subview(struct arena *a, const struct ir *ir, struct cval src, struct typ ty, int64_t r, int64_t c,
			int64_t vrow, int64_t vcol);
struct cval box_view(struct arena *a, struct cval ptr, int64_t eb, const int64_t *size, const int64_t *stride,
		     uint32_t rank);
struct cval box_part(struct arena *a, struct cval view, const int64_t *off, const int64_t *size, uint32_t rank);
/* Appends the ranges of the box (contiguous rows joined); false when there are unreasonably many. */
bool box_ranges(struct trace *t, struct cval v);

#endif
