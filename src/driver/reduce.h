/*
 * reduce: --reduce, a smaller .pto with the same verdict for the same reason. Part of the program.
 *
 * Lines of the module as we print it are taken out, in halves, quarters and so on down to single ones, blocks also with
 * their ends, until nothing more can go. A text counts when it gets the same verdict and the first message is the same
 * up to numbers. The work is bounded, and depends on the input and the options alone.
 */
#ifndef PTOC_DRIVER_REDUCE_H
#define PTOC_DRIVER_REDUCE_H

#include "driver/options.h"

/* Writes the reduced text to c->output; exit status: that of --check of what was written. */
int reduce_run(const struct cli *c, struct arena *a, const char *argv0);

#endif
