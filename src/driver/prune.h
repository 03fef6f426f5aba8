/*
 * prune: makes a proved plan minimal. Decisions are taken between two statements of one block, in order; what is
 * decided later, or inside compound statements, can make an earlier one needless. Each decision the planner calls
 * doubtful is taken out once, deepest and dearest first, and stays out when the checker still proves the section.
 *
 * A set that lets the first iteration of a loop pass stands in front of the loop at first, where its pipe has done all
 * that came before. It moves up over work of its pipe that the first iteration need not wait for, and over what that
 * pipe waits for.
 */
#ifndef PTOC_DRIVER_PRUNE_H
#define PTOC_DRIVER_PRUNE_H

#include "driver/proving.h"
#include "sync/sync.h"

/* Takes ops out of the IR and their entries out of *res. Large sections are left alone: the work is bounded. */
void prune_section(const struct proving *by, struct sync_result *res);

/* The counts of *res, from its reasons. */
void prune_recount(struct arena *a, const struct ir *ir, struct sync_result *res);

#endif
