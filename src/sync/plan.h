/*
 * plan: the data of one section's synchronisation plan; internal to sync/.
 *
 * Everything is decided block by block. A hazard between two nodes is lifted to their lowest common block: source
 * statement i, sink statement j (positions 1..n). Distance 0: i < j. Carried: any i, j, between two executions of the
 * block. *Knowledge* says for each row what is complete before the next instruction of that row starts:
 *
 *   rows     the 7 pipes; FEN: complete and fenced by a dsb for whatever is issued from now on; CLN: scalar GM stores
 *            whose cache lines were cleaned; INV: writes complete before the last cache invalidate
 *   columns  the 7 source pipes; X: other observers
 *
 *   k[P]     work of P in statements 1..k[P] of this execution of the block is complete
 *   kp[P]    the same of the previous execution of the block (KP_ALL: everything before this execution)
 *   f        rows whose knowledge at block entry has flown in (bit mask)
 *   c        columns whose work before block entry is all complete
 *   of, oc   as f and c, but about what came before the outermost loop around the block (carried walk only): there the
 *            priming set stands for the last execution's
 *   v, vp    columns whose k (kp) was concluded from inside a compound that may run nothing of the pipe: true of its
 *            work, but it does not show that the pipe has passed a wait in front of the compound (F5)
 */
#ifndef PTOC_SYNC_PLAN_H
#define PTOC_SYNC_PLAN_H

#include "sync/sync.h"

enum { ROW_FEN = PIPE_COUNT, ROW_CLN, ROW_INV, NROW, COL_X = PIPE_COUNT, NCOL };
#define KP_ALL UINT32_MAX

struct row {
	uint32_t k[NCOL], kp[NCOL];
	uint16_t f, of;
	uint8_t c, oc, v, vp;
};

struct know {
	struct row row[NROW];
};

/* What one statement does to one byte set: summed over the nodes inside it. */
struct use {
	uint32_t set;
	uint32_t stmt;
	uint32_t nlo, nhi;	/* first and last node with that use */
	uint32_t nrep;		/* node for the same-pipe rule: on M the one with the fewest fractals */
	uint32_t loop;		/* innermost loop statement inside `stmt` around all of them, 0 = none */
	uint32_t chain;		/* while summing: older use of the same set */
	uint32_t inner, sib;	/* compound: first of the uses it sums; next one of the same sum */
	uint32_t memo;		/* compound: its entry of plan.flow_memo, 0 none yet */
	uint8_t pipe, rw; /* rw: ACC_READ, ACC_WRITE, ACC_ATOMIC of one access; reads and writes are separate uses */
	uint8_t arms;		/* ST_IF, ST_CHOICE: bit mask of arms (bit 7: eighth and later) */
	uint8_t kind;		/* enum phase_kind */
	bool gm;
	bool clean;		/* done and cleaned by the macro itself: nothing later needs to be ordered after it */
};

/* What inside.c found out about a compound's use: own pipe, FEN, FEN for scalar stores, INV; each plain and `outer`. */
enum { FLOW_SLOTS = 4 };
struct flow_memo {
	uint16_t f[2 * FLOW_SLOTS];
	uint8_t c[2 * FLOW_SLOTS];
	uint8_t known;		/* bit mask of the entries that hold something */
};

/* How a statement changes knowledge: rows whose entry knowledge reaches row r, columns known up to the entry, and
 * columns whose work inside is known complete at the exit. */
struct transfer {
	uint16_t flow[NROW];
	uint8_t comp[NROW], done[NROW];
};

struct pair {
	uint32_t blk;
	uint32_t gs;		/* set after statement gs (0: at block entry) */
	uint32_t gw;		/* wait before statement gw (1..n+1) */
	uint32_t owner;		/* carried: the loop statement that primes and drains it; 0 = same execution */
	uint32_t next_owned;	/* list of the owner's pairs */
	uint32_t next_set;	/* list of the block's pairs with the same gs */
	uint8_t src, dst;	/* enum pipe */
	uint8_t eid;
	bool fence;		/* drain of a fence */
	bool here;		/* the set stands right before the wait, whatever gs says */
	bool credit;		/* return path for another pair: the wait stands before the sets of gap gw - 1 */
	bool dropped;		/* replaced by a barrier */
	bool set_void, wait_void;	/* merged: another pair's set or wait serves */
	bool wait_all;		/* ids exhausted: PIPE_ALL in place of the wait */
	bool doubt, slack;	/* see sync_why */
	uint32_t group;		/* merged pairs: the representative, 0 = itself */
	uint32_t set_time;	/* ids.c: when the set was allotted */
	uint32_t set_by, wait_by;	/* representative: the member whose set and wait serve, 0 = itself */
	uint32_t kq, kpq;	/* what the source knew of the destination at the set (at the prime when carried) */
	bool cq;		/* ... all of it that came before the block */
	bool ocq;		/* ... before the outermost loop around it; not for primes */
	bool vq, vpq;		/* kq, kpq concluded from inside a compound */
	uint32_t nsrc, ndst;	/* nodes of the hazard, 0 none */
	uint32_t set;
	uint8_t kind;
};

enum {
	FENCE_CLEAN = 1,	/* dcci before the dsb: dirty lines are written back */
	FENCE_DSB = 2,
	FENCE_INV = 4,		/* dcci after the dsb: stale lines are dropped */
	STOP_FLUSH = 8,		/* end of the kernel: barrier, dcci, dsb */
	STOP_TAIL = 16
};
#define STOP_ALL 0x80u		/* in struct stop.barrier: PIPE_ALL */

/* A barrier or fence before statement `before` of a block. */
struct stop {
	uint32_t blk, before;
	uint8_t barrier;	/* bit mask of pipes to barrier, or STOP_ALL */
	uint8_t fence;		/* FENCE_*, STOP_FLUSH, STOP_TAIL */
	uint32_t nsrc, ndst, set;
	uint8_t kind;
	bool doubt;		/* see sync_why */
	uint32_t loop;
};

/* One step of a block in program order of decisions: forward items first, replayed in the carried walk. */
struct step {
	uint32_t before;
	uint32_t pair, stop;	/* one of them */
};

/* Per block results of the walks. */
struct bplan {
	VEC(struct step) step;		/* sorted by `before` once both walks are done */
	uint32_t *by_set;		/* [0..n]: first pair with that gs */
	struct row *hist;		/* [n+1][popcount(stmt.pipes)] rows after each statement, see hist_at */
	uint32_t *hist0;		/* [n+1] index into hist */
	uint32_t (*firstc)[NCOL];	/* [NROW]: node from which the row knows the column up to the block's entry */
	uint32_t (*firstf)[NROW]; /* [NROW]: node from which the other row's entry knowledge has flown into the row */
	uint32_t (*firstoc)[NCOL];	/* the same of oc and of; blocks in loops only */
	uint32_t (*firstof)[NROW];
	uint32_t (*end)[NCOL];		/* [NROW]: k at the end; blocks in loops only */
	uint8_t end_vague[NROW];	/* and v */
	struct transfer sum;
	uint8_t *entry_all; /* [n+1][NROW] columns whose previous executions of a compound are known at its entry */
	uint8_t *entry_vague;		/* of entry_all: concluded from inside a compound (vp) */
	uint32_t *entry0;		/* [n+1] 1-based index into entry for compounds, 0 = leaf */
	struct know *entry;		/* knowledge at the entry of each compound */
};

/* Where the sync of a statement that zip.c made goes in one arm: around its op, or for want of one in front of the
 * arm's next op or the end of the arm. */
struct spot {
	struct op at;
	struct blk end;
	bool member;
};
struct zipped {
	struct spot spot[2];
	struct op whole;	/* the if */
	uint8_t n;		/* number of spots; 0: an ordinary statement */
	bool first, last;	/* of the if */
};

struct plan {
	struct arena *a;
	struct ir *ir;
	struct access *ac;
	struct section *sec;
	VEC(struct zipped) zip;	/* by statement; empty when nothing was zipped */
	const struct sync_opt *opt;
	struct sync_result *res;
	VEC(struct use) use;		/* [0] unused */
	uint32_t *use0, *nuse;		/* per statement: slice of use */
	VEC(struct flow_memo) flow_memo;	/* [0] unused */
	uint32_t set0, nset;		/* the function's sets: (set0, set0 + nset), see plan_set */
	uint32_t *touch_lo, *touch_hi;	/* per set: first and last node that touches it or a set near it */
	bool *written;			/* per set: it or a set near it is written */
	bool signals;			/* the section publishes or flushes: every GM access counts */
	uint8_t *repeats;		/* per loop statement: 0 not asked, 1 may repeat, 2 runs at most once */
	bool *acquires;			/* per statement: another observer's writes become relevant in it */
	VEC(struct pair) pair;		/* [0] unused */
	VEC(struct stop) stop;		/* [0] unused */
	struct bplan *blk;		/* per block */
	uint32_t *owned;		/* per statement: list of carried pairs it primes and drains */
	uint32_t *cnt[PIPE_COUNT];	/* [node]: nodes of the pipe with a smaller index */
	uint8_t busy[PIPE_COUNT][PIPE_COUNT];	/* ids the macros of the section use themselves */
	bool scalar_gm;			/* the section has scalar GM stores */
	bool scalar_load;		/* ... scalar GM loads */
	struct given *given;		/* --sync=complete: what is written by hand, else NULL */
	bool crowded;			/* event ids ran out somewhere */
	uint64_t *key_used, *key_needed;	/* per statement: channels of hidden keys, see use.c */
};

static inline const struct stmt *plan_stmt(const struct plan *p, uint32_t s) { return &p->sec->stmt.at[s]; }
static inline const struct sblk *plan_blk(const struct plan *p, uint32_t b) { return &p->sec->blk.at[b]; }
/* Index of a set in the tables per set; 0: none. */
static inline uint32_t plan_set(const struct plan *p, uint32_t set) { return set ? set - p->set0 : 0; }
/* Statement at a 1-based position of a block. */
static inline uint32_t
plan_at(const struct plan *p, const struct sblk *b, uint32_t pos)
{
	return p->sec->order.at[b->stmt0 + pos - 1];
}
/* Nodes of a pipe with index in [lo, hi). */
static inline uint32_t
plan_count(const struct plan *p, enum pipe q, uint32_t lo, uint32_t hi)
{
	return p->cnt[q][hi] - p->cnt[q][lo];
}

/* use.c */
void plan_uses(struct plan *p);
/* zip.c: replaces the section by one where alike arms of an if are one line of statements */
void plan_zip(struct plan *p);
static inline const struct zipped *
plan_zipped(const struct plan *p, uint32_t s)
{
	return s < p->zip.n && p->zip.at[s].n ? &p->zip.at[s] : NULL;
}
static inline uint64_t
chan_bit(uint32_t src, uint32_t dst)
{
	return UINT64_C(1) << (src * PIPE_COUNT + dst);
}
/* May that loop statement run more than once? Any fixed set in it gives the same answer. */
bool plan_repeats(struct plan *p, uint32_t s, uint32_t set);

/* Rows whose knowledge of a column may flow into that of row r: for fenced scalar stores only the clean ones. */
static inline uint16_t
know_rows(uint32_t r, uint32_t col)
{
	return r == ROW_FEN && col == P_S ? 1u << ROW_FEN | 1u << ROW_CLN : UINT16_MAX;
}

/* know.c */
void row_join(struct row *to, const struct row *from);
void know_init(struct know *w);
void know_wait(struct know *w, enum pipe dst, const struct row *token);
void know_barrier(struct know *w, enum pipe q, uint32_t pos);	/* P_ALL too */
void know_dcci(struct know *w, uint32_t pos);
void know_dsb(struct know *w);
void know_token(struct row *t, const struct row *src, enum pipe p, uint32_t pos);
void know_transfer(struct know *w, const struct transfer *t, uint32_t pos, const uint32_t last[NCOL]);
void know_summary(const struct know *w, const uint32_t last[NCOL], struct transfer *t);
void transfer_meet(struct transfer *t, const struct transfer *o);
void transfer_identity(struct transfer *t, uint8_t pipes);
void know_sync_op(struct know *w, const struct ir *ir, struct op o, uint32_t pos);

/* hazard.c */
struct need {
	uint32_t i;		/* source statement position, 0 = none */
	uint32_t nsrc, ndst;	/* example nodes */
	uint32_t slo, shi;	/* first and last source node */
	uint32_t dlo, dhi;	/* first and last sink node */
	uint32_t set;
	uint8_t kind;
};

struct needs {
	struct need ord[PIPE_COUNT][PIPE_COUNT];	/* [sink][source]; the diagonal is the barrier */
	struct need vis[PIPE_COUNT];	/* FEN[source] */
	struct need inv[NCOL];		/* INV[source]; X: acquire */
	struct need s_to[PIPE_COUNT];	/* S store -> [sink], after the fence */
	uint32_t same[PIPE_COUNT];	/* latest source on the sink's own pipe, known or not */
	uint8_t sinks;		/* bit mask: pipes with needs in ord or s_to */
	bool any;
};

struct last;	/* latest uses per set and pipe */
uint32_t last_scalar_store(const struct last *l);	/* use id, 0 none */
struct last *last_new(struct plan *p);
void last_begin(struct last *l);
void last_add(struct last *l, const struct plan *p, uint32_t use);
void last_keys(struct last *l, const struct plan *p, uint32_t s);
struct walk;
/* What the statement being walked needs from the uses in l and the walk does not know yet. Carried walk: between two
 * executions (l then holds the whole block). */
void needs_of(const struct walk *k, struct last *l, struct needs *n);

/* walk.c */
void plan_forward(struct plan *p, struct last *l, uint32_t b);
void plan_carried(struct plan *p, struct last *l, uint32_t b);

/* One thing to print in a gap of a block; sorted by block, gap, rank, sequence. Ranks up to RK_SET stand right behind
 * the statement before the gap, the others right in front of the one after it. RK_BEFORE keeps the order of the
 * decisions: each was made knowing the ones before it. */
enum item_rank { RK_DRAIN, RK_CREDIT_SET, RK_CREDIT, RK_SET, RK_BEFORE, RK_PRIME };
enum item_what { IT_SET, IT_WAIT, IT_PRIME, IT_DRAIN, IT_STOP };
struct item {
	uint32_t blk, gap;	/* gap g stands between statements g and g+1 */
	uint32_t id, seq;
	uint8_t rank, what;
};
struct items {
	struct item *at;
	uint32_t n;
	uint32_t *first;	/* per block: index of its first item; [nblk] = n */
};

/* ids.c: the items in order, event ids, merging, fallbacks. */
void plan_ids(struct plan *p, struct items *it);

/* insert.c: the tail op of a function, by its hint attribute */
struct op sync_tail_op(struct ir *ir, struct op func);

/* apply.c */
void plan_apply(struct plan *p, const struct items *it);

#endif
