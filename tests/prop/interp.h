/*
 * interp: the oracle. Runs a synchronised section program with many arguments; for each path the happens-before
 * analysis (hb.h) is the verdict, and adversarial schedules with values (sched.h) confirm it.
 */
#ifndef PTOC_TESTS_PROP_INTERP_H
#define PTOC_TESTS_PROP_INTERP_H

#include "hb.h"

enum interp_kind { INTERP_RIGHT, INTERP_WRONG, INTERP_UNKNOWN };

struct interp_opt {
	struct hb_opt hb;
	uint32_t schedules;	/* per input; 0: happens-before only */
	uint32_t max_inputs, max_inst, max_trips;
	uint32_t seed;
};

struct interp_verdict {
	enum interp_kind kind;
	struct hb_fail fail;	/* WRONG: the first failure */
	struct out text;	/* what is wrong, with the input */
	const char *oracle;	/* happens-before and schedules disagree: a bug of the oracle */
	uint32_t ninput, ninst, nsched;
};

/* Sees every path; return false to stop. */
struct interp_visitor {
	bool (*path)(struct interp_visitor *self, const struct trace *t, const struct hb *h);
};

struct interp_opt interp_defaults(void);
void interp_run(struct interp_verdict *v, struct arena *a, const struct ir *ir, struct access *ac, struct op func,
		enum core core, const struct interp_opt *opt, struct interp_visitor *visit);

#endif
