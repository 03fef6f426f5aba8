/*
 * compile: ptoc_compile for a caller that has read the text itself; for the program, not part of the interface.
 */
#ifndef PTOC_DRIVER_COMPILE_H
#define PTOC_DRIVER_COMPILE_H

#include "ptoc/ptoc.h"

/* As ptoc_compile without a copy of the text: text[bytes] is 0, and nothing changes it before the call returns. */
int compile_sealed(const char *text, size_t bytes, const struct ptoc_options *o, struct ptoc_result *r);

#endif
