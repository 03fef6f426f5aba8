/* complete: --sync=complete, around planner and checker. */
#ifndef PTOC_DRIVER_COMPLETE_H
#define PTOC_DRIVER_COMPLETE_H

#include "driver/pipeline.h"

/* Is anything written in the unit, and does it suffice as it is? Sets u->complete and u->nothing_missing. */
void complete_begin(struct pipeline *p, struct unit *u);

#endif
