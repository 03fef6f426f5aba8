/* recover: more errors of a text that could not be parsed, where they are independent of the first one. */
#ifndef PTOC_DRIVER_RECOVER_H
#define PTOC_DRIVER_RECOVER_H

#include "driver/pipeline.h"

/* After a parse that failed with one error: adds the errors of other lines to p->diags. */
void recover_errors(struct pipeline *p);

#endif
