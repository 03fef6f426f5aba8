/* size: see size.h. Source: memory.md §2.1; row_plus_one adds one element per line to what is reserved. */
#include "mem/size.h"

uint64_t
mem_tile_bytes(const struct ir *ir, struct typ ty)
{
	const struct type_data *d = type_data(&ir->types, ty);

	if (d->kind != TY_TILE)
		return 0;
	uint32_t es = type_bytes(&ir->types, d->sub[0]);
	const struct tile_shape *s = &d->tile;
	if (s->compact != COMPACT_ROW_PLUS_ONE)
		return tile_bytes(s, es);
	uint64_t major = (uint64_t)(s->blayout == BL_ROW_MAJOR ? s->rows : s->cols);
	uint64_t minor = (uint64_t)(s->blayout == BL_ROW_MAJOR ? s->cols : s->rows);
	return ((major - 1) * (minor + 1) + minor) * es;
}
