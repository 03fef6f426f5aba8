/*
 * shape: what the input leaves open is written into the module: physical sections, events by op kind, fifos, layouts of
 * views, scratch tiles of ops that need one. Runs on verified IR; what it adds would be verified as well.
 */
#ifndef PTOC_SHAPE_SHAPE_H
#define PTOC_SHAPE_SHAPE_H

#include "ir/ir.h"

/* Loops of no or one iteration and ifs on constants go. */
void shape_canon(struct ir *ir);
/*
 * Core kinds (emission.md §3.1): modules and functions whose ops agree on one core get pto.kernel_kind; runs of tile
 * ops in the other functions are wrapped in sections. Then every value stays inside the section that defines it.
 */
bool shape_sections(struct ir *ir);
/*
 * After a core's program was synchronised: what was put outside the sections of a function without a kind is wrapped in
 * a section of that core, and of several kernel tails the last one is kept.
 */
void shape_guard_sync(struct ir *ir, struct op func, enum core core);
/* record_event, wait_event and barrier_sync become flags and barriers. */
void shape_events(struct ir *ir);
/*
 * Fifos (ops-sync-comm.md §a.2): the frontend ops become initialize_l2g2l_pipe, talloc, tpush, tpop, tfree on its
 * value, nosplit is inferred, quantisation state is set again before each push that uses it.
 */
bool shape_fifos(struct ir *ir);
/* After placement: flag ids of all fifos; reserved and imported buffers become constants. */
bool shape_fifo_addresses(struct ir *ir);
/*
 * Layouts of views with constant shape and strides as the attribute `layout` of make_tensor_view; ND is left out. An
 * error when the input names a layout that its shape and strides contradict.
 */
bool shape_layouts(struct ir *ir);
/* An alloc_tile in front of every op that needs scratch and has none (levels 1 and 2). */
void shape_scratch(struct ir *ir);
/* A tile that every trip of a loop fills anew (slots.c). */
struct slot_tile {
	struct op alloc, loop;
};
/* The tiles of a function that could have two slots, in program order; their number. */
uint32_t shape_slots_find(struct arena *a, struct ir *ir, struct op func, struct slot_tile **found);
/* Makes each a multi tile of two slots that the trips of its loop use in turn; before placement. */
void shape_slots(struct arena *a, struct ir *ir, const struct slot_tile *t, uint32_t n);
/* Moves of a tile onto itself go; after placement. */
void shape_identity(struct ir *ir);

#endif
