/* play: one section program run with one of several inputs, for comparisons of two placements of one text. */
#ifndef PTOC_TESTS_PROP_PLAY_H
#define PTOC_TESTS_PROP_PLAY_H

#include "synced.h"

enum { PLAY_INPUTS = 6 };

struct run {
	bool ok;		/* short enough, and nothing in it that cannot be run */
	bool unwritten;		/* reads what nothing wrote */
	uint64_t digest;	/* of what it leaves in GM */
};

/* The k-th of the inputs found in `from`; measure asks for the unit only, which is left in *unit. */
struct run play(struct prog *p, const struct part *s, const struct prog *from, const struct part *from_part, uint32_t k,
		int64_t *unit, bool measure);

#endif
