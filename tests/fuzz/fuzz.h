/*
 * fuzz: one input, judged. A target aborts with a message on what is wrong and returns otherwise; the engine is
 * libFuzzer or replay.c.
 */
#ifndef PTOC_TESTS_FUZZ_FUZZ_H
#define PTOC_TESTS_FUZZ_FUZZ_H

#include "ptoc/ptoc.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
/* Changes data in place by tokens and lines; at most max bytes. Returns the new size. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t max, unsigned seed);
/* Of the engine: changes bytes. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t n, size_t max);

/* Compiles and aborts unless the result is consistent in itself and a second compile (of every eighth input where speed
 * counts) gives the same. Free *r. */
void fuzz_compile(const char *text, size_t n, const struct ptoc_options *o, struct ptoc_result *r);
/* Aborts unless printing the module as .pto gives a text that prints as itself. */
void fuzz_round_trip(const char *text, size_t n, const struct ptoc_options *o);

#endif
