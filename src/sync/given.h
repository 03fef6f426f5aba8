/*
 * given: flags, barriers and fences written by hand, as the planner of --sync=complete sees them. Written ops stay
 * where they are; what they order is known, their keys are not used for anything else, and what they lack is added.
 */
#ifndef PTOC_SYNC_GIVEN_H
#define PTOC_SYNC_GIVEN_H

#include "sync/plan.h"

enum { GIVEN_KEYS = PIPE_COUNT * PIPE_COUNT * EVENT_ID_COUNT, KEY_WORDS = (GIVEN_KEYS + 63) / 64 };

/* What is known of one written wait. Positions in its block, 0 = none. */
struct given_wait {
	uint32_t set;		/* the latest set of the key before it in the block */
	uint32_t back;		/* none before it: the last set of the block, consumed in its next execution */
	uint32_t loop;		/* the loop between set and wait that ends all its work of the source pipe with a set */
	bool outer;		/* with back: the first set comes after all work in front of the outermost loop */
};

struct given_keys {
	uint64_t w[KEY_WORDS];
};

struct given {
	struct given_wait *wait;	/* per statement */
	struct given_keys *sets, *waits;	/* per statement: keys set, waited for, in it or inside it */
	uint32_t *last;		/* per key: statement with the latest wait in the walk; stamped */
	uint32_t *stamp;
	uint8_t busy[PIPE_COUNT][PIPE_COUNT];	/* ids in use */
};

struct given_ops {
	VEC(uint32_t) stmt;
};

/* Key of a written flag whose pipes the core has; false for any other statement. */
bool given_key(const struct ir *ir, const struct section *sec, const struct stmt *st, uint32_t *key);
/* Any sync op at all. */
bool section_written(const struct section *sec);

/* balance.c: inserts the missing halves of written flags. The section must be built anew afterwards. */
void given_balance(struct arena *a, struct ir *ir, const struct section *sec, struct sync_result *res);

/* Notes the section's written flags in the plan; after plan_uses. */
void given_read(struct plan *p);
struct walk;
/* What a written wait teaches when the walk passes it. */
void given_pass(struct walk *k, uint32_t s);
/* The border before statement `pos` is written: full barrier, then what `fence` (FENCE_*) asks for. */
bool given_full(const struct plan *p, uint32_t b, uint32_t pos, uint8_t fence);
/* All pipes are written to be drained right before statement `pos`. */
bool given_drained(const struct plan *p, uint32_t b, uint32_t pos);

#endif
