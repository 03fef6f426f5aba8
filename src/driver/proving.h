/*
 * proving: is a section still proved after a small change? For passes that improve a proved plan by trial: a change
 * that the checker does not prove is taken back. Every trial costs about `size`, so each pass bounds how many it makes.
 */
#ifndef PTOC_DRIVER_PROVING_H
#define PTOC_DRIVER_PROVING_H

#include "check/check.h"

struct proving {
	struct arena *a;
	struct ir *ir;
	struct access *ac;
	struct op func;
	enum core core;
	const struct check_opt *opt;
	uint32_t size;		/* ops of the function */
	bool large;		/* too many of them to tell trips apart in every trial */
};

/* The rest of *by is filled in from its first members. */
void proving_init(struct proving *by);
bool proving_holds(const struct proving *by);
/* The same; *f is the first finding when it does not hold. */
bool proving_asks(const struct proving *by, struct finding *f);

#endif
