/* origin: where the program that wrote the input says the places of messages come from. */
#ifndef PTOC_DRIVER_ORIGIN_H
#define PTOC_DRIVER_ORIGIN_H

#include "driver/pipeline.h"

/* Gives every diagnostic and note that has a position its producer's location, if the input tells it. */
void origin_find(struct pipeline *p);

#endif
