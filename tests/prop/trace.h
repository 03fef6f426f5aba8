/*
 * trace: one concrete execution of a section program as a list of machine instructions in program order.
 *
 * The control path of a kernel depends on integers only, so a section with given arguments is run once: integers,
 * pointers, views and tiles are evaluated, branches and loops taken, and every piece of work on a pipe becomes one
 * instruction with the exact bytes it reads and writes. Byte sets are computed here from tile types, addresses and
 * view strides; only pipes, phases and hidden keys come from the access tables. hb.c and sched.c run the trace on the
 * machine model of the hardware.
 */
#ifndef PTOC_TESTS_PROP_TRACE_H
#define PTOC_TESTS_PROP_TRACE_H

#include "access/section.h"

enum tkind {
	TK_WORK,	/* a phase of an op */
	TK_SET,
	TK_WAIT,
	TK_BAR,		/* pipe_barrier(pipe); pipe == P_ALL: all */
	TK_DSB,
	TK_DCCI,	/* lines of range, or the whole cache when acc count is 0 */
	TK_EXIT		/* return of the kernel */
};

/* Bytes [lo, hi) of memory `mem`: a local space (enum space), or MEM_GM0 + number of the GM root. */
enum { MEM_GM0 = 32 };
struct brange {
	uint32_t mem;
	int64_t lo, hi;
};

struct tacc {
	uint32_t r0, nr;	/* slice of trace.range */
	uint8_t rw;		/* ACC_* */
	const struct acc *acc;	/* of the access tables */
};

struct tinst {
	uint8_t kind;		/* enum tkind */
	uint8_t pipe;		/* queue the instruction goes to; P_ALL for a barrier on all pipes */
	uint8_t src, dst, eid;	/* flags */
	uint8_t hidden;		/* 1: flag inside a macro; 2: the same, and its order is not relied upon */
	struct op op;
	const struct phase *ph;
	uint32_t acc0, nacc;
	uint32_t iter;		/* innermost iteration node */
};

/* One iteration of one loop; node 0 is the function body. */
struct titer {
	uint32_t parent;
	struct op loop;
	uint32_t k;
};

enum tstop { TS_OK, TS_LIMIT, TS_UNSUPPORTED };

struct trace {
	struct arena *a;
	VEC(struct tinst) inst;
	VEC(struct tacc) acc;
	VEC(struct brange) range;
	VEC(struct titer) iter;
	enum tstop stop;
	const char *why;	/* when stop != TS_OK */
	struct op why_op;
	uint32_t nroot;
};

/* The result of an op that computes nothing the interpreter knows. */
struct trace_choice {
	struct val v;
	int64_t x;
};

struct trace_input {
	const int64_t *arg;	/* value of every function argument; pointers: ignored */
	uint32_t narg;
	uint32_t load_seed;	/* values read by scalar loads nobody has stored */
	uint32_t max_inst, max_trips;
	bool exact;		/* part of a tile that is read is what the access tables say, not the whole tile */
	const struct trace_choice *choice;
	uint32_t nchoice;
};

void trace_run(struct trace *t, struct arena *a, const struct ir *ir, const struct access *ac, struct op func,
	       enum core core, const struct trace_input *in);

/*
 * Is `a` in the same iteration of all loops common to both (0), in an earlier iteration of the innermost differing
 * common loop (*loop; returns 1), or unrelated to loops (0)?
 */
int trace_distance(const struct trace *t, uint32_t a, uint32_t b, struct op *loop);

#endif
