/*
 * cost: how long a section program takes under the cost model (isa/cost.def), where its pipes stand still, and how long
 * it would take if only true conflicts cost time. See docs/cost.md for the machine that is simulated.
 *
 * It reads the IR with its synchronisation (ours or hand-written) and the access tables, and decides nothing about
 * correctness. All times are thousandths of a cycle (COST_UNIT).
 */
#ifndef PTOC_COST_COST_H
#define PTOC_COST_COST_H

#include "access/section.h"
#include "isa/cost.h"

/* What happened, in the order of issue; for drawing. */
struct cost_event {
	struct op op;
	bool work;		/* a piece of work; else synchronisation of `kind` */
	uint8_t kind;		/* enum cost_kind */
	uint8_t pipe, other;	/* other: SET its destination, WAIT its source */
	uint8_t eid;
	int64_t start, end;	/* work: in its pipe; sync: holds its pipe */
	int64_t done;		/* work: complete; SET: fires; else end */
	uint32_t set;		/* WAIT: 1-based event of its set, 0 when that is not in the list */
	uint32_t trip;		/* of the innermost loop, from 1; 0 outside loops */
};

/* Iterations that are not in the list: between events before - 1 and before. */
struct cost_gap {
	uint32_t before;
	uint32_t trips;
	struct op loop;
};

enum { COST_TRACE_MAX = 4000 };

/* The first two and the last iteration of every loop, as far as there is room. */
struct cost_trace {
	VEC(struct cost_event) event;
	VEC(struct cost_gap) gap;
	bool cut;		/* more than COST_TRACE_MAX events: the rest is missing */
};

struct cost_opt {
	const struct cost_model *model;
	struct same_pipe_opt same_pipe;
	uint32_t trips;		/* taken for loops whose trip count is not known, within their known bounds */
	struct cost_trace *trace;	/* filled when not NULL */
	bool plain;		/* run every iteration of every loop; for tests of the extrapolation */
	bool least;		/* find `least` too */
};

/* Kinds of synchronisation instruction, as counted. */
enum cost_kind { COST_SET, COST_WAIT, COST_BARRIER, COST_BARRIER_ALL, COST_FENCE, COST_CACHE, COST_KINDS };

struct cost_use {
	int64_t busy;		/* working */
	int64_t stall;		/* held by waits, barriers and fences */
	uint64_t ops;		/* pieces of work */
};

/* One synchronisation instruction of the program. */
struct cost_sync {
	struct op op;
	uint8_t kind;		/* enum cost_kind */
	uint8_t pipe;		/* the one it holds; of a set the one it runs on */
	uint64_t count;		/* times it runs */
	int64_t stall;		/* sum over all of them */
};

struct cost_result {
	const char *refused;	/* why there is no result, or NULL */
	bool trips_assumed;	/* some loop's trip count is not known */
	bool branch_assumed;	/* some branch was taken because it has more work */
	bool calls;		/* a called function counts as nothing but a drain of all pipes */
	bool estimated;		/* some loop was extrapolated without proof */
	bool unset;		/* some wait found its flag clear: it would hang */
	int64_t makespan, ideal;
	int64_t least;		/* as ideal, but ordering what conflicts costs a flag or a barrier, the end a tail */
	struct cost_use pipe[PIPE_COUNT];
	uint64_t nstatic[COST_KINDS], ndynamic[COST_KINDS];
	VEC(struct cost_sync) sync;	/* in program order */
};

void cost_section(struct arena *a, const struct ir *ir, struct access *ac, struct op func, enum core core,
		  const struct cost_opt *opt, struct cost_result *res);
const char *cost_kind_name(enum cost_kind k);

/*
 * Reads a model in the JSON shape of the published one: objects `issue`, `latency` and `bytes_per_cycle` by pipe, the
 * other numbers by name. What is absent keeps its value; unknown names are errors. False after reporting an error.
 */
bool cost_model_read(struct cost_model *m, struct diags *d);

#endif
