/*
 * access: what every op touches, on which pipe, as comparable byte sets. Shared, read-only, by sync and check; it knows
 * nothing about flags or order.
 *
 * A *phase* is one piece of work on one pipe; most ops have one. A phase has *accesses*: (byte set, read/write). Byte
 * sets are hash-consed as *regions* (struct region_set): two accesses with the same region id touch the same bytes in
 * the same iteration. Source of the phases: isa/ops.def and access/phases.c (spec sync-model §6, ops-*.json).
 *
 * Local spaces: exact extents after placement. GM: (root, affine offset, up to five (count, stride) levels).
 * Comparison answers "may overlap" for the same iteration of all common loops, or for two different iterations of a
 * named loop. Whatever cannot be decided overlaps.
 */
#ifndef PTOC_ACCESS_ACCESS_H
#define PTOC_ACCESS_ACCESS_H

#include "ir/ir.h"

enum {
	ACC_READ = 1,
	ACC_WRITE = 2,
	ACC_ATOMIC = 4,		/* read-modify-write at the memory: unordered against other atomics */
	ACC_SCRATCH = 8,	/* written and dead after the op */
	ACC_WHOLE = 16		/* the write surely covers all bytes of the region (no select, no dynamic address) */
};

struct acc {
	uint32_t set;		/* region id, see access_overlap */
	uint8_t rw;		/* ACC_* */
	uint8_t slot;		/* operand slot of the op, 0xff: hidden (fixed scratch, status) */
	uint32_t open;		/* GM: `set` is an upper bound of a box whose size is known at run time; else 0 */
};

/* Kinds of phase that are more than memory traffic. */
enum phase_kind {
	PH_WORK,
	PH_RELEASE,	/* publishes: every earlier GM access of this core must be complete and visible (tnotify) */
	PH_ACQUIRE	/* others' writes become relevant: later scalar GM reads need a cache invalidate (twait) */
};

struct phase {
	struct op op;
	uint8_t pipe;		/* enum pipe, P_S..P_FIX */
	uint8_t kind;		/* enum phase_kind */
	uint8_t drains;		/* 1: the phase ends with a barrier on all pipes inside the macro */
	uint8_t m_fractals;	/* M: min(255, ceil(m/16)*ceil(n/16)) of the product; 0 unknown */
	uint32_t acc0, nacc;	/* slice of access.acc */
};

/* A flag key a library macro uses itself: busy from before the call until ordered behind its last wait. */
struct hidden_key {
	uint8_t src, dst;	/* enum pipe */
	uint8_t ids;		/* bit mask of event ids */
	bool maybe;		/* not on every path through the macro: orders nothing */
};

struct access_opt {
	bool gm_alias;		/* GM arguments may be the same buffer (--gm-alias=may) */
};

struct access;			/* tables of one module */

/* Builds the tables of every op of the module. Diagnoses nothing: inputs are verified. */
struct access *access_build(struct arena *a, const struct ir *ir, struct access_opt opt);

/* Phases of an op, in order; *n = 0 for an op that does no work. */
const struct phase *access_phases(const struct access *ac, struct op o, uint32_t *n);
/* Does the op, or one inside it, put work into the pipe? Callees are not looked into. Recursion: nesting of regions. */
bool access_works_on(const struct access *ac, struct op o, enum pipe pipe);
const struct acc *access_accs(const struct access *ac, const struct phase *p, uint32_t *n);
const struct hidden_key *access_hidden(const struct access *ac, struct op o, uint32_t *n);

/* The function a func.call names, 0 when it is unknown; with or without a body. */
struct op access_callee(const struct access *ac, struct op call);
/* Does some func.call of the module name the function? */
bool access_func_called(const struct access *ac, struct op func);
/* Ids of the flags that the called function, and what it calls, use as they stand now, by src * PIPE_COUNT + dst. False
 * when none of them has any synchronisation. */
bool access_call_ids(const struct access *ac, struct op call, uint8_t ids[PIPE_COUNT * PIPE_COUNT]);
/* The function keeps the flags it has now, so callers need not look into it again. To be called again if it changes. */
void access_func_done(struct access *ac, struct op func);

/* ---- regions ---- */

/* The sets of a function: [*first, end of), 0 being none of them. Sets of different functions are never compared. */
uint32_t access_sets(const struct access *ac, struct op func, uint32_t *first);
/* Does the scalar pipe touch global memory in the function? */
bool access_has_scalar_gm(const struct access *ac, struct op func);
enum space access_space(const struct access *ac, uint32_t set);		/* SP_GM for global memory */

/*
 * May the bytes of sets a and b overlap, when a is touched in some iteration and b
 *   loop == 0:  in the same iteration of every loop that encloses both;
 *   loop != 0:  in a later iteration (by one or more) of that scf.for/scf.while, outer loops unchanged, inner free?
 * Symmetric in practice (later or earlier). The answer is cached; cost O(terms).
 * Scalar accesses of GM (scalar_a / scalar_b: the phase runs on S) are widened to whole 64-byte lines when the other
 * side is not scalar.
 */
bool access_overlap(struct access *ac, uint32_t a, uint32_t b, struct op loop, bool scalar_a, bool scalar_b);

/* Sets of the same space (and GM root) that may overlap `set` in any iteration, itself included; sorted, unique.
 * When there are more than ACCESS_NEAR_MAX, *all is true and the caller must treat the class (access_class) as one. */
enum { ACCESS_NEAR_MAX = 64 };
const uint32_t *access_near(struct access *ac, uint32_t set, uint32_t *n, bool *all);
/* Sets of one class may overlap; sets of different classes never do (class 0: unknown GM, overlaps every GM class). */
uint32_t access_class(const struct access *ac, uint32_t set);

/* Do two accesses need any order at all (one writes, not atomic against atomic)? Says nothing about overlap. */
static inline bool
acc_conflicts(uint8_t a, uint8_t b)
{
	return ((a | b) & ACC_WRITE) && !((a & b) & ACC_ATOMIC);
}

/* Certainly no bytes at all (a valid shape of zero rows or columns). */
bool access_empty(const struct access *ac, uint32_t set);

/* Values at one moment of one run, for access_meet: false when one is not known. */
struct access_at {
	bool (*value)(void *arg, struct val v, int64_t *x);
	bool (*trip)(void *arg, struct op loop, int64_t *k);
	void *arg;
};
/* Bytes [lo, hi) that a at moment x and b at moment y certainly share, if the extents of both are exact then: from the
 * root in GM, from 0 in a local space. lines: bit 0: a is scalar, bit 1: b is, and touches whole cache lines. */
bool access_meet(const struct access *ac, const struct acc *a, const struct acc *b, const struct access_at *x,
		 const struct access_at *y, unsigned lines, int64_t *lo, int64_t *hi);

/* Exactly the same bytes, densely, once each (definition of the producer = use of the consumer). */
bool access_same_bytes(const struct access *ac, uint32_t a, uint32_t b);
/* Bytes touched (hull), for the cost model and messages; UINT64_MAX when unknown. */
uint64_t access_bytes(const struct access *ac, uint32_t set);
/* Bytes touched without the gaps between strided runs; UINT64_MAX when unknown. */
uint64_t access_volume(const struct access *ac, uint32_t set);
/* Multiply-adds of a matrix product, 0 when its sizes are not known. */
uint64_t access_macs(struct access *ac, struct op o);
/* Trips of a scf.for: [*lo, *hi], equal when the count is known; UINT64_MAX in *hi: no bound. */
void access_trips(struct access *ac, struct op loop, uint64_t *lo, uint64_t *hi);
/* First byte and end of a set of a local space; false when the place is not known. */
bool access_extent(const struct access *ac, uint32_t set, int64_t *lo, int64_t *hi);
/* "vec[4096, 8192)", "%kv[%row*2048 + 1792, 64 x 256 step 2048]" for explanations. */
void access_print(const struct access *ac, uint32_t set, struct out *o);

/*
 * Same-pipe rule (sync-model §3): must a barrier of the pipe separate the two when they conflict?
 * `prev` and `next` are phases on one pipe, `pa`/`na` their conflicting accesses; `carried`: different iterations.
 */
struct same_pipe_opt {
	bool v_prune;		/* --v-prune=safe: drop V barriers between linear elementwise ops */
	bool m_always;		/* --m-barrier=always: PIPE_M barrier also for 10 and more fractals */
	bool mte2_waw;		/* --load-waw=barrier: barrier between overlapping loads without a consumer */
};
bool access_same_pipe_hazard(struct access *ac, const struct phase *prev, const struct acc *pa,
			     const struct phase *next, const struct acc *na, bool carried, struct same_pipe_opt opt);

/* The same bytes in every iteration of every loop? */
bool access_fixed(const struct access *ac, uint32_t set);
/* Certainly one 64-byte line in common (base addresses of arguments are 64-byte aligned); false when not sure. */
bool access_same_line(const struct access *ac, uint32_t a, uint32_t b);
/* Bytes between what two neighbouring blocks (get_block_idx) touch with this scalar access; 0 when it does not depend
 * on the block index or on more than that. */
int64_t access_block_stride(const struct access *ac, uint32_t set);
/* What a value is to two cores that run the function at the same time. */
enum core_value {
	CORES_UNKNOWN,
	CORES_SAME,	/* the same for both */
	CORES_INDEX	/* the number that tells them apart */
};
struct access_cores {
	enum core_value (*value)(void *arg, struct val v);
	bool (*loop)(void *arg, struct op loop);	/* do both run the same trips of it? */
	/* a and b in two functions: is x of the first one the same value as y of the other one? NULL: one function */
	bool (*twin)(void *arg, struct val x, struct val y);
	void *arg;
	int64_t alo, ahi, blo, bhi;	/* the number: of the one that touches set a, of the other */
	bool trips;			/* one may be in another trip of a loop than the other */
};
/* Do the two, one touching GM set a and the other set b, certainly share bytes if the loops around them run at all? */
bool access_cores_meet(struct access *ac, uint32_t a, uint32_t b, const struct access_cores *q);
/* May the address of the set be another one for the other core? */
bool access_cores_differ(struct access *ac, uint32_t set, const struct access_cores *q);
/* GM root of a set: the pointer argument value, or 0 when unknown. */
struct val access_root(const struct access *ac, uint32_t set);

#endif
