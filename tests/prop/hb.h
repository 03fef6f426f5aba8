/*
 * hb: happens-before of one trace on the machine model of sync-model.md §2-§7, and everything that is wrong with it.
 *
 * Every instruction gets a vector clock: what is known to be complete, and what is known to be visible in global
 * memory, when it starts, whatever the relative speed of the pipes. The result is exact for the path of the trace: two
 * conflicting accesses are ordered by flags, barriers, fences and issue, or some schedule lets them collide.
 *
 * Positions are trace indices: done[q] == t says that everything queue q received before instruction t is complete.
 */
#ifndef PTOC_TESTS_PROP_HB_H
#define PTOC_TESTS_PROP_HB_H

#include "trace.h"

enum hb_kind {
	HB_ORDER,	/* conflicting accesses not ordered */
	HB_VISIBLE,	/* ordered, but the GM bytes of i may not be visible to j */
	HB_DOUBLE_SET,	/* F4/F5 */
	HB_DEADLOCK,	/* a wait that nothing satisfies */
	HB_LEFT_SET,	/* F6 */
	HB_HIDDEN,	/* key of a macro in use around it */
	HB_TOKEN,	/* pipe or channel the core does not have */
	HB_TAIL,	/* work pending or cache lines dirty at exit */
	HB_KIND_COUNT
};

struct hb_vc {
	int32_t done[PIPE_COUNT], vis[PIPE_COUNT];
	int32_t s;	/* instructions of S before this one have executed (their stores need not be complete) */
};

struct hb_fail {
	enum hb_kind kind;
	uint32_t i, j;	/* instructions; for flags: the two uses of the key */
	struct brange at;
};

/* j must not start before i is complete because the pipe's hardware orders the pair (pruned barriers). */
struct hb_dep {
	uint32_t i, j;
};

struct hb_opt {
	struct same_pipe_opt same_pipe;
	bool visibility;	/* false: a flag makes GM stores visible (--gm-visibility=flags-only) */
	bool need_tail;
};

struct hb {
	struct hb_vc *start;		/* by instruction */
	const int32_t **fill;		/* S accesses of GM: what their cache line surely shows; dsb: vis[] after it */
	int32_t *clean;			/* S stores to GM: the dsb that completed their write-back, 0: none */
	VEC(struct hb_fail) fail;
	VEC(struct hb_dep) dep;
	bool finished;			/* the return was reached */
	bool tail_checked;		/* stores had to be complete there */
};

enum { HB_FAIL_MAX = 8 };

void hb_run(struct hb *h, struct arena *a, const struct ir *ir, struct access *ac, const struct trace *t,
	    enum core core, const struct hb_opt *opt);
/* Has instruction i completed (its order is settled) when j starts? */
bool hb_ordered(const struct hb *h, const struct trace *t, uint32_t i, uint32_t j);
/* Are the GM bytes instruction i writes visible to j? j may be the return, or a signal. */
bool hb_visible(const struct hb *h, const struct trace *t, uint32_t i, uint32_t j);
const char *hb_kind_name(enum hb_kind k);
void hb_print(const struct ir *ir, const struct trace *t, const struct hb_fail *f, struct out *o);

#endif
