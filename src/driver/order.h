/* order: functions callees first, so that what a call needs to know of the function is decided. */
#ifndef PTOC_DRIVER_ORDER_H
#define PTOC_DRIVER_ORDER_H

#include "access/access.h"

/* Fills order[0..n) with indices into func: as they stand, but for callees, which come before their callers. */
void order_functions(struct arena *a, const struct ir *ir, const struct access *ac, const struct op *func, uint32_t n,
		     uint32_t *order);

#endif
