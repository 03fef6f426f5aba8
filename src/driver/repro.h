/*
 * repro: --save-repro, one text for a bug report: the input as it is, and behind it, as comments, the program, its
 * version and options, the verdict and the messages. `ptoc @FILE` runs it again. Part of the program.
 */
#ifndef PTOC_DRIVER_REPRO_H
#define PTOC_DRIVER_REPRO_H

#include "driver/job.h"

/* Writes c->save_repro for a job that has run. Returns 0 or an errno value. */
int repro_save(const struct job *j, const struct cli *c, const char *text, size_t n);

#endif
