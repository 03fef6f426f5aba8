/*
 * shape: what the input leaves open is written into the module: layouts of views, scratch tiles of ops that need one.
 * Runs on verified IR; what it adds would be verified as well.
 */
#ifndef PTOC_SHAPE_SHAPE_H
#define PTOC_SHAPE_SHAPE_H

#include "ir/ir.h"

/* Loops of no or one iteration and ifs on constants go. */
void shape_canon(struct ir *ir);
/*
 * Layouts of views with constant shape and strides as the attribute `layout` of make_tensor_view; ND is left out. An
 * error when the input names a layout that its shape and strides contradict.
 */
bool shape_layouts(struct ir *ir);
/* An alloc_tile in front of every op that needs scratch and has none (levels 1 and 2). */
void shape_scratch(struct ir *ir);
/* Moves of a tile onto itself go; after placement. */
void shape_identity(struct ir *ir);

#endif
