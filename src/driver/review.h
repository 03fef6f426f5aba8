/*
 * review: two texts of the same kernels, as printed by two compilers or two releases of one, compared by what their
 * synchronisation does: hazards that are ordered in one only, flags, barriers and fences that came or went, verdicts,
 * cost under the model.
 *
 * Sections are matched by function name and core. Inside, pieces of work are matched by their order as far as the two
 * texts agree from both ends; places are told by the work in front of them, so that renaming, hoisting and other event
 * ids make no difference.
 */
#ifndef PTOC_DRIVER_REVIEW_H
#define PTOC_DRIVER_REVIEW_H

#include "base/out.h"
#include "ptoc/ptoc.h"

enum review_state {
	REVIEW_SAME,		/* same synchronisation, same verdict */
	REVIEW_OTHER,		/* other synchronisation, no hazard lost or gained */
	REVIEW_BETTER,		/* hazards ordered that were not */
	REVIEW_WORSE,		/* hazards no longer ordered, or a verdict that got worse */
	REVIEW_GONE,		/* in OLD only */
	REVIEW_NEW,		/* in NEW only */
	REVIEW_UNREADABLE,
	REVIEW_STATES
};

enum review_kind { REVIEW_SET, REVIEW_WAIT, REVIEW_BARRIER, REVIEW_FENCE, REVIEW_CACHE, REVIEW_KINDS };

struct review {
	const char *name;		/* for the table */
	const char *path[2];		/* old, new; NULL: there is none */
	enum review_state state;
	enum ptoc_verdict verdict[2];
	uint32_t lost, gained;		/* hazards ordered in OLD only, in NEW only */
	uint32_t went[REVIEW_KINDS], came[REVIEW_KINDS];
	int64_t cost[2];		/* cycles of all sections; -1: not known */
	char *detail;			/* malloc'ed text, "" when there is nothing to say; NULL: no memory */
};

/*
 * Fills everything but name and path. Needs no state: reviews may run in threads of their own, with an arena each that
 * is freed behind each of them.
 */
void review_run(struct arena *a, struct review *r, const struct ptoc_options *opt);

/* Worst first: for sorting. */
int review_cmp(const struct review *a, const struct review *b);

/*
 * Compares two files, or all files of the same name in two folders, and prints the table and the details. Returns the
 * exit status: 0 nothing lost, 1 something lost, 3 no longer provable, 2 trouble.
 */
int reviews_print(struct arena *a, const char *old_path, const char *new_path, const struct ptoc_options *opt,
		  const char *prog);

#endif
