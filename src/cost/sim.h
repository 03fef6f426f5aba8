/*
 * sim: the machine of cost.h while it runs; internal to cost/.
 *
 * State is an array of times `t`: per pipe when its queue can start the next piece of work and when all of its work is
 * complete, per flag when it was set last, and (ideal run only) when byte sets were last touched. Every step maps the
 * state by maxima and sums of constants, which is what makes the extrapolation of loops exact; see flow.c.
 */
#ifndef PTOC_COST_SIM_H
#define PTOC_COST_SIM_H

#include "cost/trial.h"

#define NEVER (INT64_MIN / 4)
#define TIME_MAX (INT64_MAX / 8)

enum { T_FREE = 0, T_DONE = PIPE_COUNT, T_FLAG = 2 * PIPE_COUNT };

/* Synchronisation statement: what it does in terms of the state. */
struct act {
	uint8_t kind;		/* enum cost_kind */
	uint8_t src, dst;	/* pipes; barriers: src */
	uint32_t flag;		/* SET, WAIT: index into t; of id 0 when the id is a value */
	uint8_t eid;
	struct val id;		/* SET, WAIT: chosen at run time; 0: eid */
};

/* Latest touches of one byte set by one pipe, in the ideal run: t[at] in the same iteration of all loops that are
 * open, t[at + d] in an earlier iteration of the open loop of depth d. */
struct touch {
	uint32_t set;
	uint32_t at, depth;
	uint32_t next;		/* of the same set, 0 = none */
	uint8_t pipe, rw;
	const struct phase *ph;	/* the latest one */
	const struct acc *acc;
};

/* Memory of a loop while it is open, flow.c. */
struct cost_room {
	int64_t *at;
	size_t n;
};

struct sim {
	struct arena *a;
	const struct ir *ir;
	struct access *ac;
	struct section *sec;
	const struct cost_opt *opt;
	const struct cost_model *m;
	struct cost_result *res;
	bool ideal;
	bool priced;		/* ideal: conflicts cost what ordering them costs at least */

	int64_t *t;
	uint32_t nt, nplain;	/* times of pipes and flags stand before nplain */
	struct cost_use use[PIPE_COUNT];
	uint64_t *count;	/* per statement, ST_SYNC: times it ran */
	int64_t *stall;		/* per statement: sum */

	uint32_t flag_of[PIPE_COUNT][PIPE_COUNT][EVENT_ID_COUNT];	/* index into t, 0 = not used */
	bool turns;		/* some flag's id is chosen at run time */
	struct act *act;	/* per statement: 1-based action list of ST_SYNC, see act0 */
	uint32_t *act0;		/* [nstmt + 1] */
	int64_t *span;		/* per node: occupancy */
	bool *chained;		/* per node: starts when the earlier phases of its op are complete */
	int64_t *weight;	/* per block: work of one run */
	uint32_t *trips;	/* per loop statement */
	uint32_t *index;	/* ... trips of it before this one; behind a jump by whole turns of its ids too few */
	uint32_t *end;		/* per statement: number behind the last one inside */

	VEC(struct touch) touch;	/* [0] unused */
	uint32_t *touch_of;	/* per set of the function, then per class: list */
	uint32_t set0, nset, class0;
	uint32_t *acc_touch;	/* two per access of the section's nodes: its set, and its class or 0 */
	uint32_t *node_acc0;	/* per node: index of its first access */
	uint32_t *loop_touch, *loop_touch0, *loop_ntouch;	/* per loop statement: what its body touches */
	struct loop **loop;	/* per statement, see flow.c */
	VEC(struct cost_room) room;	/* of open loops, by how many are open around them */
	VEC(uint32_t) open;	/* open loop statements, outermost first */
	uint64_t steps, budget;

	struct cost_seen *seen;	/* per statement, ST_SYNC; NULL: not wanted */
	bool *gone;		/* per statement: left out; NULL: none */
	struct cost_trace *trace;	/* NULL while nothing is recorded */
	uint32_t *set_event;	/* per flag: 1-based event of its latest set, 0 when not recorded */
	uint32_t trip;		/* of the innermost open loop */
};

/* flow.c: runs a block of the section once. */
void sim_block(struct sim *s, uint32_t blk);
/* cost.c: one statement without blocks. */
void sim_leaf(struct sim *s, uint32_t stmt);
/* Everything that does not change from run to run; false when the section is refused. */
bool cost_prepare(struct sim *s, struct arena *a, const struct ir *ir, struct access *ac, struct op func,
		  enum core core, const struct cost_opt *opt, struct cost_result *res);
/* One run; returns the makespan. */
int64_t cost_simulate(struct sim *s, bool ideal);
/* value.c: the id of a flag in the current trips */
uint32_t sim_id(const struct sim *s, struct val v);
/* ideal.c */
void ideal_init(struct sim *s);
/* Earliest start of the node's work by true conflicts, at least `start`. */
int64_t ideal_start(struct sim *s, uint32_t node, int64_t start);
void ideal_touch(struct sim *s, uint32_t node, int64_t done);
const uint32_t *ideal_touched(const struct sim *s, uint32_t stmt, uint32_t *n);
/* End of an iteration, and of all iterations, of the innermost open loop; touched[0..n) in its body. */
void ideal_iteration(struct sim *s, const uint32_t *touched, uint32_t n);
void ideal_leave(struct sim *s, const uint32_t *touched, uint32_t n);

#endif
