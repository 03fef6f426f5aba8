/* synced: plan a program as the driver does, and put checker and interpreter side by side. */
#ifndef PTOC_TESTS_PROP_SYNCED_H
#define PTOC_TESTS_PROP_SYNCED_H

#include "check/check.h"
#include "interp.h"
#include "prog.h"
#include "sync/sync.h"

/* One section program of a loaded text. */
struct part {
	struct op func;
	enum core core;
	bool manual;
};

struct parts {
	VEC(struct part) all;
};

void parts_find(struct parts *l, struct prog *p);
struct same_pipe_opt part_same_pipe(const struct prog *p);
/* What the proof shows to be needless is taken out again, and what is left is tuned. */
void part_prune(struct prog *p, const struct part *s, struct sync_result *res);
void part_plan(struct prog *p, const struct part *s, struct sync_result *res);
/* The checker's verdict; text of its first finding is appended to `why` unless NULL. */
enum verdict part_check(struct prog *p, struct arena *scratch, const struct part *s, struct out *why);
/* The same with all findings. */
enum verdict part_check_all(struct prog *p, struct arena *scratch, const struct part *s, struct check_result *r,
			    struct out *why);

enum replay_kind {
	REPLAY_SHOWN,	/* some schedule gives a wrong result or hangs */
	REPLAY_CLOCKS,	/* happens-before has the fault, no schedule that was tried hit it */
	REPLAY_UNABLE,	/* the interpreter cannot run it */
	REPLAY_REFUTED,	/* the interpreter finds nothing wrong with those inputs */
	REPLAY_KIND_COUNT
};
/* Runs the counter-example of every violation; adds to n[] how they came out. */
void part_replay(struct prog *p, struct arena *scratch, const struct part *s, const struct check_result *r,
		 uint32_t n[REPLAY_KIND_COUNT]);
void part_interp(struct prog *p, struct arena *scratch, const struct part *s, uint32_t schedules, uint32_t inputs,
		 struct interp_verdict *v);

#endif
