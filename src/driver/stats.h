/* stats: --stats, what each section costs under the cost model and what it uses, as text or JSON. */
#ifndef PTOC_DRIVER_STATS_H
#define PTOC_DRIVER_STATS_H

#include "driver/pipeline.h"

/* Reads opt->cost_model into p->cost. False after reporting an error. */
bool stats_model(struct pipeline *p);
/* All units, into p->stats. */
void stats_report(struct pipeline *p);

#endif
