/* machine: diagnostics for other programs: JSON, one object per line, and SARIF 2.1.0. */
#ifndef PTOC_DIAG_MACHINE_H
#define PTOC_DIAG_MACHINE_H

#include "diag/diag.h"

/*
 * {"id", "severity", "message", "file", "line", "column", "endLine", "endColumn",
 *  "producer": {"file", "line", "column"}, "notes": [{"kind": "note" or "hint", "message", ...}]}; what is not known is
 * left out. Columns count bytes from 1.
 */
void diag_json(struct diags *d, const struct diag *g, struct out *o);

/*
 * A log is sarif_begin, a run for each input separated by commas, sarif_end. Columns count code points, as the format
 * wants it.
 */
void sarif_begin(struct out *o);
void sarif_run_begin(struct out *o, const char *version);
void sarif_result(struct diags *d, const struct diag *g, struct out *o);
void sarif_run_end(struct out *o);
void sarif_end(struct out *o);

#endif
