/*
 * check: independent happens-before checker. Decides, for a section with its sync ops (ours or anybody's), that every
 * hazard is ordered on all paths and trip counts, every GM hazard is visible, and flags alternate in time, are balanced
 * and clear at exit. Shares the access tables with the planner and nothing else.
 */
#ifndef PTOC_CHECK_CHECK_H
#define PTOC_CHECK_CHECK_H

#include "access/section.h"

enum verdict { CHECK_PROVED, CHECK_VIOLATED, CHECK_UNPROVED };

enum finding_kind {
	CK_ORDER,	/* hazard not ordered: src, dst */
	CK_VISIBLE,	/* ordered but not visible in GM: src, dst */
	CK_DOUBLE_SET,	/* F4/F5: dst may set a key that src set and nobody has consumed */
	CK_WAIT_CLEAR,	/* dst waits for a key that no path (or not every path) has set */
	CK_LEFT_SET,	/* F6: key still set at exit */
	CK_HIDDEN_KEY,	/* dst is a macro that uses a key which is outstanding */
	CK_TOKEN,	/* pipe or channel the core does not have */
	CK_TAIL,	/* exit reached with stores not drained, or scalar stores not flushed */
	CK_BEYOND	/* not decided: irreducible flow, dynamic id, ... */
};

/* What could not be decided. */
enum finding_why {
	CK_WHY_NONE,
	CK_WHY_RUNS,	/* no run that was tried shows it */
	CK_WHY_BYTES,	/* whether the two touch the same bytes */
	CK_WHY_BRANCH,	/* whether a branch is taken: `branch` */
	CK_WHY_BLOCKS,	/* branches between blocks */
	CK_WHY_LINES,	/* single cache lines */
	CK_WHY_ID,	/* the id of a flag */
	CK_WHY_OP,	/* an op whose effect on order is not known */
	CK_WHY_MANY	/* too many accesses that may overlap */
};

struct finding {
	enum finding_kind kind;
	enum verdict verdict;	/* VIOLATED or UNPROVED */
	struct op src, dst;
	struct op loop;		/* carried by that loop; 0 = same iteration */
	uint32_t set_src, set_dst;	/* regions, 0 when none */
	uint8_t pipe_src, pipe_dst, eid;
	enum finding_why why;	/* UNPROVED */
	struct op branch;
	uint32_t path;		/* VIOLATED: index of result.path, the counter-example */
};

/* A run that shows a violation: what it chooses, and in which trips the two places are. */
struct check_input {
	struct val v;		/* argument, or result of a load and the like; 0: outcome of op, 1 = taken */
	struct op op;
	int64_t x;
};

struct check_trip {
	struct op loop;
	int64_t k;		/* from 0 */
};

struct check_path {
	uint32_t input0, ninput;	/* slice of result.input */
	uint32_t trip0, nsrc, ndst;	/* slice of result.trip: of src, then of dst, innermost first */
	int64_t lo, hi;			/* bytes both touch: in a space, or from the root in GM; lo == hi: none */
};

struct check_opt {
	struct same_pipe_opt same_pipe;
	bool visibility;	/* GM round trips need fences (false under --gm-visibility=flags-only) */
	bool need_tail;		/* stores must be drained, scalar stores flushed, at every exit */
	bool first_only;	/* proved or not: the walk ends with the first finding, which may be a rough one */
	bool plain_only;	/* nor are trips told apart by guards, slots and remainders */
};

struct check_result {
	enum verdict verdict;	/* worst of the findings */
	VEC(struct finding) finding;
	VEC(struct check_path) path;	/* [0] unused */
	VEC(struct check_input) input;
	VEC(struct check_trip) trip;
};

void check_section(struct arena *a, const struct ir *ir, struct access *ac, struct op func, enum core core,
		   const struct check_opt *opt, struct check_result *res);

/* The counter-example of a violation in English: inputs, trips, bytes. */
void finding_print_path(const struct ir *ir, const struct access *ac, const struct check_result *res,
			const struct finding *f, struct out *o);
/* One line of English for a finding. */
void finding_print(const struct ir *ir, const struct access *ac, const struct finding *f, struct out *o);

#endif
