/*
 * complete: see complete.h. What is proved as written stays as it is. Else planner and checker work on the unit as on
 * any other; the planner knows most of what written synchronisation orders, and what it adds without need is taken out
 * again by driver/prune.c.
 */
#include "driver/complete.h"

void
complete_begin(struct pipeline *p, struct unit *u)
{
	if (p->opt->sync != PTOC_SYNC_COMPLETE)
		return;
	u->complete = sync_written(&p->scratch, &p->ir, p->ac, u->func, u->core) == SYNC_WRITTEN_KNOWN;
	if (!u->complete)
		return;
	unit_prove(p, u, true);
	u->nothing_missing = u->check.verdict == CHECK_PROVED;
}
