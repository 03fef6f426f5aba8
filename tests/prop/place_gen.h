/*
 * place_gen: random vector kernels without addresses. Every tile is written as a whole before anything reads it, so a
 * run gives the same result wherever the tiles are: tiles of four sizes, some written anew later, nested loops that
 * carry tiles, ifs that give tiles, selections, windows; in every fourth also calls that get a tile and may return it.
 */
#ifndef PTOC_TESTS_PROP_PLACE_GEN_H
#define PTOC_TESTS_PROP_PLACE_GEN_H

#include "base/out.h"

void place_gen_kernel(struct out *o, uint32_t seed);

#endif
