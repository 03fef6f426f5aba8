/* size: bytes a tile occupies in its space. */
#ifndef PTOC_MEM_SIZE_H
#define PTOC_MEM_SIZE_H

#include "ir/ir.h"

/* Bytes from the address to the end of the tile, of the physical shape; 0 for other types. */
uint64_t mem_tile_bytes(const struct ir *ir, struct typ ty);
/* The same with what the hardware touches behind the last element: whole boxes, whole units of the tables. */
uint64_t mem_footprint(const struct ir *ir, struct typ ty);

#endif
