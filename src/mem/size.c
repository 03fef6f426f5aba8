/* size: see size.h. Source: memory.md §2.1; row_plus_one adds one element per line to what is reserved. */
#include "mem/size.h"

#include "base/num.h"

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

/* Source: ops-move.md §5 and D13: a product of one row runs as 16 rows; bias and scaling move in 64 and 128 bytes. */
uint64_t
mem_footprint(const struct ir *ir, struct typ ty)
{
	const struct type_data *d = type_data(&ir->types, ty);
	uint64_t n = mem_tile_bytes(ir, ty);

	if (d->kind != TY_TILE)
		return n;
	const struct tile_shape *s = &d->tile;
	bool matrix = s->space == SP_LEFT || s->space == SP_RIGHT || s->space == SP_ACC;
	if (matrix && s->rows % 16 != 0 && s->rows > 0)
		n = n / (uint64_t)s->rows * num_round_up((uint64_t)s->rows, 16);
	return num_round_up(n, s->space == SP_BIAS ? 64 : s->space == SP_SCALING ? 128 : 1);
}
