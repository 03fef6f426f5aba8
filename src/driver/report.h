/* report: what the pipeline says about its work: findings as diagnostics, the explanation of the plan, dumps. */
#ifndef PTOC_DRIVER_REPORT_H
#define PTOC_DRIVER_REPORT_H

#include "driver/pipeline.h"

/* Warns that the unit's plan was not proved and is being replaced; names the first finding. */
void report_fallback(struct pipeline *p, const struct unit *u);
/*
 * Findings of a unit as diagnostics: warnings for hand-written synchronisation, errors when they are violations and
 * either the plan is ours (then nothing may be written) or checking is all that was asked for.
 */
void report_findings(struct pipeline *p, const struct unit *u, bool ours);
/* For every inserted instruction the hazards it serves, into p->explain. */
void report_explain(struct pipeline *p);

/* "@name (vector)" and "wait_flag(PIPE_V, PIPE_S, 0) before line 12 (pto.tadd)". */
void report_unit_name(struct pipeline *p, const struct unit *u, struct out *t);
uint32_t report_line(struct pipeline *p, struct op o);
void report_sync_op(struct pipeline *p, struct op o, struct out *t);

/* One dump per pass, into p->dump. */
#define PASS(letter, name, doc, closing) void dump_##name(struct pipeline *p);
#include "driver/passes.def"
#undef PASS

#endif
