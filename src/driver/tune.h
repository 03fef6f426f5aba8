/*
 * tune: makes a proved plan faster under the cost model. The planner puts every wait and barrier as late as it may and
 * gives every hazard that nothing else orders a pair of its own. When things happen is only known by simulating them:
 *
 *   - waits and barriers of one pipe that stand together are ordered by when what they wait for happens, so that the
 *     time for one passes while the pipe stands in the other;
 *   - two pairs between the same pipes become one, later set and earlier wait, when that stops nobody;
 *   - a set that lets the first iteration pass moves up over work that this iteration needs on the same pipe only, and
 *     a barrier takes its place.
 *
 * A change stays when the simulated makespan falls and the checker still proves the section.
 */
#ifndef PTOC_DRIVER_TUNE_H
#define PTOC_DRIVER_TUNE_H

#include "cost/cost.h"
#include "driver/proving.h"
#include "sync/sync.h"

/* Moves and takes out ops of the plan, and keeps *res in step. The work is bounded: large sections stay as they are. */
void tune_section(const struct proving *by, const struct cost_opt *cost, struct sync_result *res);

#endif
