/* trial: what a choice of places brings, found by compiling the text with it. */
#ifndef PTOC_DRIVER_TRIAL_H
#define PTOC_DRIVER_TRIAL_H

#include "driver/pipeline.h"

/*
 * Simulated time of all sections, COST_UNIT per cycle, when the n tiles have two slots and tiles with given addresses
 * are placed anew as `moves` says. -1 when that does not compile, or a section is not proved or only with the
 * conservative plan.
 */
int64_t trial_run(struct pipeline *p, const struct slot_tile *tile, uint32_t n, enum moves moves);
/* Releases what a trial that ran out of memory left. */
void trial_free(struct pipeline *p);

#endif
