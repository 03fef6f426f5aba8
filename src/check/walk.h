/*
 * walk: state of one check_section run; private to check.
 *
 * Sources: every access, acquire and wait is an *event* on a chain (newest first) per (region, pipe, read/write). A
 * prefix of a pipe completes in order, so the newest event of a chain that is covered by a cell's base covers the rest.
 * While one arm of a branch is walked the events of the arms before it are hidden (struct arm_log).
 *
 * Sinks: each access, set and release is compared with the chains when it is met (same iteration), and left behind in
 * the innermost loop as a *demand*: what it would know about an earlier iteration, in symbols of that loop. When the end
 * of the body is reached the symbols have values, the demand is decided, rewritten in symbols of the next outer loop and
 * handed on. A demand that knows no more than an equal one is kept only once, so that nesting does not multiply work.
 */
#ifndef PTOC_CHECK_WALK_H
#define PTOC_CHECK_WALK_H

#include "check/check.h"
#include "check/know.h"

enum { NEST_MAX = 256 };	/* the parser allows 200 */

struct event {
	uint32_t tick, prev;
	const struct phase *ph;
	const struct acc *acc;
	struct op op;
	uint32_t blk;		/* section block */
	uint32_t cls;		/* events of one class are alike for the same-pipe rule */
	uint32_t clean;		/* scalar store: tick of a dcci of its line, 0 = none */
	bool gm;
};

enum sink_kind { SINK_ACC, SINK_SET, SINK_RELEASE, SINK_EXIT };
enum { VIEW_Q, VIEW_FEN, VIEW_FENS, VIEW_INV, VIEW_COUNT };

struct sink {
	uint8_t kind, pipe;
	struct op op;
	uint32_t blk, cls;
	uint32_t reg;			/* ACC: local region; SET: key */
	const struct phase *ph;
	const struct acc *acc;
	struct op loop;			/* question asked: same iteration (0) or carried by that loop */
	uint32_t lo, hi;		/* events with lo < tick <= hi are asked about */
	bool gm;
	const struct cell *know[VIEW_COUNT];	/* columns of the rows that count */
};

struct demand {
	struct sink s;			/* know, lo, hi and loop are filled in when it is decided */
	uint64_t mask[VIEW_COUNT];
	uint8_t depth[VIEW_COUNT][COL_COUNT];	/* loops up to that depth are covered: base >= head tick */
	uint32_t next;			/* same hash slot */
};

struct frame {
	uint32_t stmt, head;		/* loop statement, tick of its head */
	struct op loop;
	struct know entry;
	uint64_t outer[SYM_MAX];	/* symbol -> mask in the enclosing loop */
	uint32_t sym_key[SYM_MAX];	/* flag of symbols >= ROW_COUNT */
	uint32_t nsym;
	uint32_t last0[COL_COUNT];
	VEC(struct demand) demand;	/* [0] unused */
	uint32_t *slot, nslot;
};

struct arm_log {
	uint32_t chain, head, first, last, arm;	/* arm: serial of the arm that had logged the chain before */
};

struct region {
	uint32_t set;
	const uint32_t *near;		/* sets of the module */
	uint32_t nnear;
	uint32_t *local, nlocal;	/* the ones that this section touches, filled on first use */
	bool all, gm, have_near;
	uint16_t used;			/* chains that ever had an event */
	uint32_t cls;			/* class chain, 0 = none */
};

/* The last dcci of one line: what is in the cache from now on is newer than `row`. */
struct line_inv {
	struct op op;
	uint32_t blk, tick;
	struct row row;
};

/* One set of buffers per nesting level of branches, reused. */
struct level {
	struct know entry, done;
	uint32_t last0[COL_COUNT], last1[COL_COUNT];
};

struct checker {
	struct arena *a;
	const struct ir *ir;
	struct access *ac;
	const struct section *sec;
	const struct check_opt *opt;
	struct check_result *res;
	enum core core;
	struct op func;
	uint32_t tick, blk;
	uint32_t last[COL_COUNT];	/* tick of the newest event per column, hidden ones included */
	struct know k;
	VEC(struct event) event;	/* [0] unused */
	VEC(struct region) region;	/* [0] unused */
	uint32_t *region_slot, nregion_slot;
	VEC(uint32_t) class_id;		/* local class chain -> access class, [0] unused, [1] all of GM */
	VEC(uint32_t) head, head_arm;	/* per chain */
	VEC(struct arm_log) log;
	uint32_t arm, narm;
	struct frame *frame[NEST_MAX];	/* [1..depth], made on first use */
	struct level *level[NEST_MAX];
	uint32_t depth, nest;
	VEC(struct line_inv) line;
	bool exit_seen;
	bool poison[KEY_COUNT];		/* unbalanced flag: reported once */
	bool free_order;		/* unstructured: one value may mean different bytes, ask nothing of the access model */
};

/* sources.c */
void src_init(struct checker *c);
uint32_t src_region(struct checker *c, uint32_t set);
/* Local regions that may overlap region r. */
const uint32_t *src_near(struct checker *c, uint32_t r, uint32_t *n);
uint32_t chain_of(uint32_t reg, unsigned pipe, bool write);
uint32_t chain_class(const struct checker *c, uint32_t cls, unsigned pipe, bool write);
uint32_t chain_gm(unsigned pipe, bool write);
uint32_t chain_key(uint32_t key);
uint32_t chain_acquire(void);
uint32_t chain_work(unsigned pipe);
void src_access(struct checker *c, const struct event *e, uint32_t reg, unsigned pipe);
void src_push(struct checker *c, uint32_t chain, const struct event *e, unsigned col);
void arm_begin(struct checker *c);
void arm_end(struct checker *c, uint32_t log0);		/* hides what the arm did */
void arms_join(struct checker *c, uint32_t log0, uint32_t outer_arm);

/* sinks.c */
void sink_decide(struct checker *c, const struct sink *s);
void sink_check(struct checker *c, struct sink *s, const struct row *inv);
struct frame *frame_push(struct checker *c, uint32_t stmt);
/* Decides the demands of the innermost loop with the state at the end of its body and hands them outwards. */
void frame_close(struct checker *c);
uint64_t frame_outer(const struct frame *f, uint64_t mask);

/* flow.c */
void walk_block(struct checker *c, uint32_t blk);
void walk_loop(struct checker *c, uint32_t stmt);
void walk_while(struct checker *c, uint32_t stmt);
void walk_arms(struct checker *c, const uint32_t *blk, uint32_t n, struct op at);
void walk_free(struct checker *c);

/* sync.c */
void walk_sync(struct checker *c, struct op op);
void walk_work(struct checker *c, const struct stmt *st);
void walk_exit(struct checker *c, struct op op);
bool tail_is_pair(const struct checker *c);
void flag_unbalanced(struct checker *c, const struct token *t, enum finding_kind kind, struct op at, enum verdict v);

/* finding.c */
void report(struct checker *c, const struct finding *f);
bool plain_between(const struct checker *c, struct op src, struct op dst, struct op loop);

#endif
