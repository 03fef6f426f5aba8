/* timeline: --timeline, the sections of a module as one SVG picture: pipes as lanes, work as bars, flags as arrows. */
#ifndef PTOC_DRIVER_TIMELINE_H
#define PTOC_DRIVER_TIMELINE_H

#include "driver/pipeline.h"

/* All units, into p->timeline. */
void timeline_report(struct pipeline *p);

#endif
