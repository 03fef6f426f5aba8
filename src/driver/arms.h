/*
 * arms: a barrier of one pipe in front of a branch, for what an arm does there, holds up the other arm as well. It
 * moves into the arms whose work needs it, to right before that work; nothing has to balance it in the others.
 *
 * A change stays when the simulated makespan falls and the checker still proves the section.
 */
#ifndef PTOC_DRIVER_ARMS_H
#define PTOC_DRIVER_ARMS_H

#include "cost/cost.h"
#include "driver/proving.h"
#include "sync/sync.h"

/* Moves and doubles barriers of the plan, and keeps *res in step. The work is bounded: large sections stay as they
 * are. */
void arms_section(const struct proving *by, const struct cost_opt *cost, struct sync_result *res);

#endif
