/*
 * walk: state of one check_section run; private to check.
 *
 * Sources: every access, acquire and wait is an *event* on a chain (newest first) per (region, pipe, kind). A prefix
 * of a pipe completes in order, so the newest event of a chain that is covered by a cell's base covers the rest. While
 * one arm of a branch is walked the events of the arms before it are hidden (struct ck_arm_log).
 *
 * Sinks: each access, set and release is compared with the chains when it is met (same iteration), and left behind in
 * the innermost loop as a *demand*: what it would know about an earlier iteration, in symbols of that loop. When the
 * end of the body is reached the symbols have values: the demand is decided, rewritten in symbols of an outer loop and
 * handed on. A pipe's knowledge never shrinks, so what is known of the loop's own statements that way is known of its
 * earlier executions as well: the next loop to ask is one with a conflicting statement elsewhere (reach.c). Of two
 * alike demands only the one that knows less is kept: nesting does not multiply work.
 */
#ifndef PTOC_CHECK_WALK_H
#define PTOC_CHECK_WALK_H

#include "check/check.h"
#include "check/ctx.h"
#include "check/know.h"

enum {
	NEST_MAX = 256,		/* the parser allows 200 */
	WORTH_COUNT = 256,
	CLEAN_MIN = 16,
	CLEAN_MAX = 256,
	CLEAN_PER_NODE = 8
};

/*
 * Kinds of events of a region on one pipe. Tame are writes that ask less of the same pipe: linear vector ops, large
 * products, atomics; kept apart because all events of one kind then give a sink the same answer (save V, CHAIN_WRITE).
 */
enum ck_chain_kind { CHAIN_READ, CHAIN_WRITE, CHAIN_TAME_READ, CHAIN_TAME, CHAIN_KINDS };

struct ck_event {
	uint32_t ord, prev;
	const struct phase *ph;
	const struct acc *acc;
	struct op op;
	uint32_t blk;		/* section block */
	uint32_t ctx;
	uint32_t cls;		/* events of one class are alike for the same-pipe rule */
	uint32_t clean;		/* scalar store: ordinal of a dcci of its line in column C_EXT, 0 = none */
	bool gm;
};

enum ck_sink_kind { SINK_ACC, SINK_SET, SINK_RELEASE, SINK_EXIT };
enum { VIEW_Q, VIEW_FEN, VIEW_FENS, VIEW_INV, VIEW_COUNT };

struct ck_sink {
	uint8_t kind, pipe;
	struct op op;
	uint32_t blk, ctx, cls;
	uint32_t reg;			/* ACC: local region; SET: key */
	const struct phase *ph;
	const struct acc *acc;
	struct op loop;			/* question asked: same iteration (0) or carried by that loop */
	const uint32_t *lo;		/* per column: events up to it are not asked about; NULL = none such */
	bool gm;
	uint16_t cols[VIEW_COUNT];	/* columns that can matter: something in the section conflicts there */
	const struct ck_cell *know[VIEW_COUNT];	/* columns of the rows that count */
};

struct ck_demand {
	struct ck_sink s;		/* know, lo and loop are filled in when it is decided */
	uint32_t next;			/* same hash slot */
	uint64_t mask[VIEW_COUNT][COL_COUNT];
};

struct ck_frame {
	uint32_t stmt;			/* loop statement */
	uint32_t head[COL_COUNT];	/* last ordinals before the loop */
	struct op loop;
	struct ck_know entry;
	uint64_t outer[SYM_MAX][COL_COUNT];	/* symbol -> masks in the enclosing loop */
	uint32_t sym_key[SYM_MAX];	/* flag of symbols >= ROW_COUNT */
	uint32_t nsym;
	VEC(struct ck_demand) demand;	/* [0] unused */
	uint32_t *slot, nslot;
};

struct ck_reach;

struct ck_arm_log {
	uint32_t chain, head, first, last, arm;	/* arm: serial of the arm that had logged the chain before */
};

struct ck_region {
	uint32_t set;
	const uint32_t *near;		/* sets of the module */
	uint32_t nnear;
	uint32_t *local, nlocal;	/* the ones that this section touches, filled on first use */
	bool all, gm, have_near;
	uint32_t used;			/* chains that ever had an event: bit CHAIN_KINDS * pipe + kind */
	uint16_t uses;			/* accesses in the whole section: bit 2 * pipe + write */
	uint16_t near_uses;		/* of all regions that may overlap */
	uint32_t cls;			/* class chain, 0 = none */
	uint32_t tame_bytes;		/* element size of the tame events on V, 0 = none yet */
};

/* The last dcci of one line: what is in the cache from now on is newer than `row`. */
struct ck_line_inv {
	struct op op;
	uint32_t blk, ctx, depth;	/* depth: number of enclosing loops, the frame of its masks */
	struct ck_row row;
	bool over;			/* it was on a way that others stand beside */
};

/* Where the lists were when several ways begin. */
struct ck_lines_mark {
	uint32_t line, cleaned, event;
};

/* What a mask of symbols is worth at the end of a body: few masks occur, many demands share them. */
struct ck_worth {
	uint64_t mask;
	uint32_t serial, col;
	struct ck_cell c;		/* its mask: the same in symbols of the next loop */
};

/*
 * Remembered of a walk along a chain: event `event` and all older ones are known to a cell whose isles from `node` on,
 * and base, are these, but for ordinals up to lo.
 */
struct ck_clean {
	uint32_t chain, event, ord, node, base, lo;
	struct ck_clean *slot;
};

/* One set of buffers per nesting level of branches, reused. */
struct ck_level {
	struct ck_know entry, done;
	uint32_t a0[COL_COUNT], a1[COL_COUNT];
};

/*
 * PLAIN: every body once, guards not understood. EXPAND: loops taken apart as guards and dynamic ids ask for. REPLAY:
 * one path with all values known; what is wrong there is wrong.
 */
enum ck_mode { MODE_PLAIN, MODE_EXPAND, MODE_REPLAY };

struct ck_expand;

/* Ids of the flags that a called function uses, by channel, and whether all its work is done when it returns. */
struct ck_called {
	struct op func;
	uint8_t ids[PIPE_COUNT * PIPE_COUNT];
	bool drained;
};

struct ck_checker {
	VEC(struct ck_called) called;	/* those seen */
	bool called_known, is_called;	/* is the function itself called? see line.c */
	struct arena *a;
	enum ck_mode mode;
	struct ck_env env;
	uint32_t ctx;			/* where we are, in env */
	struct ck_expand *expand;
	bool stores;			/* S writes memory */
	uint32_t seed;			/* of the choices of a run */
	uint64_t steps, steps_max;	/* statements walked, and what a run looked at in the meantime */
	uint64_t looks;			/* at events, in a run */
	bool halt;			/* the path is not followed any further */
	int64_t meet_lo, meet_hi;	/* REPLAY: bytes of the last overlap */
	const struct ir *ir;
	struct access *ac;
	const struct section *sec;
	const struct check_opt *opt;
	struct check_result *res;
	enum core core;
	struct op func;
	uint32_t blk;
	uint32_t ord[COL_COUNT];	/* newest ordinal per column */
	struct ck_isles isles;
	struct ck_know k;
	VEC(struct ck_event) event;	/* [0] unused */
	VEC(struct ck_region) region;	/* [0] unused */
	uint32_t *region_of, set0;	/* per set - set0, the first one of the function: region, 0 = none */
	VEC(uint32_t) class_id;		/* local class chain -> access class, [0] unused, [1] all of GM */
	VEC(uint32_t) head, head_arm;	/* per chain */
	VEC(struct ck_arm_log) log;
	uint32_t arm, narm;
	struct ck_frame *frame[NEST_MAX];	/* [1..depth], made on first use */
	struct ck_level *level[NEST_MAX];
	uint32_t depth, nest;
	struct ck_worth *worth;		/* [WORTH_COUNT], direct-mapped; valid for one end of a body; NULL: none yet */
	uint32_t serial;
	VEC(struct ck_line_inv) line;
	VEC(uint32_t) cleaned;		/* events, in the order in which ck_event.clean was set */
	uint64_t budget;		/* steps along chains of whole classes */
	struct ck_clean *clean;		/* [nclean], direct-mapped; a power of two, smaller in small sections */
	uint32_t nclean;
	const uint32_t *open;		/* per column: last ordinal before the innermost open branch; NULL = none */
	struct ck_reach *reach;		/* NULL: no loop in a loop */
	bool vague;			/* deciding: something was unknown but does not overlap */
	bool soft;			/* a dsb drained a pipe: what that pipe had waited for is not followed */
	bool exit_seen;
	bool poison[KEY_COUNT];		/* unbalanced flag: reported once */
};

/* sources.c */
void ck_src_init(struct ck_checker *c);
uint32_t ck_src_region(struct ck_checker *c, uint32_t set);
/* Pipes with accesses, anywhere in the section, that may conflict with one of region r. */
uint8_t ck_src_pipes(struct ck_checker *c, uint32_t r, bool write);
/* Local regions that may overlap region r. */
const uint32_t *ck_src_near(struct ck_checker *c, uint32_t r, uint32_t *n);
uint32_t ck_chain_of(uint32_t reg, unsigned pipe, unsigned kind);
uint32_t ck_chain_class(const struct ck_checker *c, uint32_t cls, unsigned pipe, bool write);
uint32_t ck_chain_gm(unsigned pipe, bool write);
uint32_t ck_chain_key(uint32_t key);
uint32_t ck_chain_acquire(void);
uint32_t ck_chain_work(unsigned pipe);
void ck_src_access(struct ck_checker *c, const struct ck_event *e, uint32_t reg, unsigned pipe);
void ck_src_push(struct ck_checker *c, uint32_t chain, const struct ck_event *e);
struct ck_clean *ck_clean_slot(struct ck_checker *c, uint32_t chain, unsigned view, bool carried);
void ck_arm_begin(struct ck_checker *c);
void ck_arm_end(struct ck_checker *c, uint32_t log0);		/* hides what the arm did */
void ck_arms_join(struct ck_checker *c, uint32_t log0, uint32_t outer_arm);

/* reach.c */
void ck_reach_init(struct ck_checker *c);
/* Innermost loop around the current one with something outside the current one that may conflict; 0 = none. */
uint32_t ck_reach_next(const struct ck_checker *c, const struct ck_sink *s);

/* sinks.c */
void ck_sink_decide(struct ck_checker *c, const struct ck_sink *s);
void ck_sink_check(struct ck_checker *c, struct ck_sink *s, const struct ck_row *inv);
struct ck_frame *ck_frame_push(struct ck_checker *c, uint32_t stmt);
/* Decides the demands of the innermost loop with the state at the end of its body and hands them outwards. */
void ck_frame_close(struct ck_checker *c);
/* What the symbols of a mask know of a column at the end of the body. */
const struct ck_cell *ck_frame_worth(struct ck_checker *c, const struct ck_frame *f, uint64_t mask, unsigned col);
uint64_t ck_frame_outer(const struct ck_frame *f, uint64_t mask, unsigned col);

/* call.c: what a called function does; valid until the next call of this. */
const struct ck_called *ck_call_keys(struct ck_checker *c, struct op call);

/* guard.c: plans how to expand the section; false: nothing in it asks for that. */
bool ck_guard_scan(struct ck_checker *c);

/* slots.c */
/* Can the access be meant here, of several that the operand's value allows? */
bool ck_acc_meant(struct ck_checker *c, const struct phase *ph, const struct acc *all, uint32_t n, uint32_t i);
/* Is that the only one, so that its bytes are touched for certain? */
bool ck_acc_exact(struct ck_checker *c, const struct phase *ph, const struct acc *x);

/* replay.c */
/* Walks single paths and makes findings that one of them shows violations. */
void ck_replay(struct ck_checker *c);
/* Notes where we are: the trips of the two places, and the bytes of the last overlap. */
void ck_path(struct ck_checker *c, struct finding *f, uint32_t src, uint32_t dst, bool bytes);

/* flow.c */
/* Walks n ways that exclude each other, from the same state, and joins what is known after them. */
void ck_walk_ways(struct ck_checker *c, uint32_t n, void (*walk)(struct ck_checker *, void *, uint32_t), void *arg,
		  struct op at);
/* The end of a loop whose body has been walked in frame f. */
void ck_loop_end(struct ck_checker *c, struct ck_frame *f, bool sure, struct op at);
/* Statements [from, to) of a block; splits before `split` are done. */
void ck_walk_range(struct ck_checker *c, uint32_t blk, uint32_t from, uint32_t to, uint32_t split);
void ck_walk_block(struct ck_checker *c, uint32_t blk);
void ck_walk_loop(struct ck_checker *c, uint32_t stmt);
void ck_walk_while(struct ck_checker *c, uint32_t stmt);
void ck_walk_free(struct ck_checker *c, uint32_t parent);

/* line.c */
/* A dcci of one line: what it cleans, and what the line holds from now on. */
void ck_line_clean(struct ck_checker *c, struct op op);
/* What was known when the line of this scalar access was last invalidated, in this block or one around it. */
bool ck_line_row(struct ck_checker *c, struct op op, struct ck_row *row);
/* Before several ways. */
struct ck_lines_mark ck_lines_now(const struct ck_checker *c);
/* One of them is over: what a dcci of it did to stores from before holds neither on the next one nor behind them. */
void ck_lines_back(struct ck_checker *c, const struct ck_lines_mark *m);

/* sync.c */
void ck_walk_sync(struct ck_checker *c, struct op op);
void ck_walk_work(struct ck_checker *c, const struct stmt *st);
void ck_walk_exit(struct ck_checker *c, struct op op);
bool ck_tail_is_pair(const struct ck_checker *c);
void ck_flag_unbalanced(struct ck_checker *c, const struct ck_token *t, enum finding_kind kind, struct op at,
			enum verdict v);

/* check.c */
/* A checker of the same section, nothing walked yet. */
struct ck_checker *ck_again(const struct ck_checker *c, enum ck_mode mode, struct check_result *res);
void ck_run(struct ck_checker *c);

/* finding.c */
void ck_report(struct ck_checker *c, const struct finding *f);
/* Says of a finding that was not proved what could not be decided. */
void ck_explain(const struct ck_checker *c, struct finding *f);
/* The verdict of a rule that is broken here: a violation on a path that is followed exactly. */
enum verdict ck_here(const struct ck_checker *c);

#endif
