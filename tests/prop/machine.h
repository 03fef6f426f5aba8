/* machine: state of hb.c and its memory shadow (shadow.c) and scalar cache (lines.c). Private to the oracle. */
#ifndef PTOC_TESTS_PROP_MACHINE_H
#define PTOC_TESTS_PROP_MACHINE_H

#include "hb.h"

/* One access of one instruction in the shadow of a memory unit. */
struct entry {
	uint32_t inst, acc, prev;
};

struct cell {
	uint32_t read[PIPE_COUNT];	/* latest read of each pipe since the last covering write */
	uint32_t write;			/* chain of writes: one, or atomics on top of one */
};

/* A memory cut into units of equal size, such that every access covers whole units. */
struct shadow {
	int64_t lo, hi, unit;
	struct cell *cell;
};

/* A 64-byte line of GM that S touches somewhere in the trace. -1: never. */
struct line {
	uint32_t mem;
	int64_t no;
	int32_t inv_done[PIPE_COUNT];	/* what was complete at its last dcci */
	bool dirty;
	int32_t load_at, store_at, dcci_at, clean_at;
	int32_t dma_read[PIPE_COUNT], dma_write[PIPE_COUNT];
};

struct machine {
	struct arena *a;
	const struct ir *ir;
	struct access *ac;
	const struct trace *t;
	struct hb *h;
	enum core core;
	struct hb_opt opt;
	uint32_t nmem;
	struct shadow *mem;
	VEC(struct entry) entry;
	VEC(struct line) line;		/* sorted by (mem, no) after lines_init */
	uint32_t *store_line;		/* by instruction: line + 1 a scalar store dirties */
	int32_t acquire_at;		/* last acquire, -1 none */
	int32_t gm_read[PIPE_COUNT], gm_write[PIPE_COUNT], work[PIPE_COUNT];	/* latest issued */
	bool tail_pair;			/* the tail is a pair MTE3->S: it drains stores only */
};

void machine_fail(struct machine *m, enum hb_kind k, uint32_t i, uint32_t j, struct brange at);
bool shadow_init(struct machine *m);
/* Checks instruction x, which starts with clock vc, against everything before it, and enters its accesses. */
void shadow_access(struct machine *m, uint32_t x, const struct hb_vc *vc);

void lines_init(struct machine *m);
void lines_access(struct machine *m, uint32_t x, const struct hb_vc *vc);
void lines_dcci(struct machine *m, uint32_t x, const struct hb_vc *vc);
void lines_dsb(struct machine *m, uint32_t x);
void lines_exit(struct machine *m, uint32_t x, enum hb_kind k);

#endif
