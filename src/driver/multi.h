/*
 * multi: --multi-buffer, two slots for tiles that the trips of a loop fill anew (levels 1 and 2, and tiles that leave
 * given addresses).
 *
 * What a choice of tiles brings is found by compiling the text with it: it counts only when everything fits, the result
 * is proved without the conservative plan, and the simulated sections together take less time. At most MULTI_TRIALS
 * compiles, and fewer for long texts.
 */
#ifndef PTOC_DRIVER_MULTI_H
#define PTOC_DRIVER_MULTI_H

#include "driver/pipeline.h"

enum { MULTI_TRIALS = 48 };

/*
 * The choice for the module as it is before placement. With --multi-buffer=auto it is carried out; the figures are left
 * in p->multi in either case.
 */
void multi_choose(struct pipeline *p);

#endif
