/*
 * carry: chains of pairs. Pairs that a loop carries between the same pipes, and that are awaited and set one after
 * the other, in loops of their own or in different arms, become a chain with one flag: each wait stands behind the set
 * before it, across the borders of those loops. The chain is primed once and drained once; pairs around a whole loop
 * that had to do that before are taken out.
 *
 * A change stays when the simulated makespan falls and the checker still proves the section.
 */
#ifndef PTOC_DRIVER_CARRY_H
#define PTOC_DRIVER_CARRY_H

#include "cost/cost.h"
#include "driver/proving.h"
#include "sync/sync.h"

/* Rewrites the IR and the entries of *res. The section is proved before and after. Large sections stay as they are. */
void carry_section(const struct proving *by, const struct cost_opt *cost, struct sync_result *res);

#endif
