/*
 * sync: hazards -> plan -> IR. See docs/sync.md. Works on one section program at a time.
 */
#ifndef PTOC_SYNC_SYNC_H
#define PTOC_SYNC_SYNC_H

#include "access/section.h"

enum gm_visibility { GMV_FENCE, GMV_FLAGS_ONLY };
enum gm_fence { GMF_DSB, GMF_DCCI_DSB };

struct sync_opt {
	struct same_pipe_opt same_pipe;
	enum gm_visibility gm_visibility;
	enum gm_fence gm_fence;
	bool conservative;	/* PIPE_ALL and fences between all dependent statements: the fallback plan */
	bool complete;		/* a section synchronised by hand gets what it lacks; else it is left alone */
	uint32_t max_ids;	/* event ids per channel, 1..8 */
};

/* One reason for one printed sync op, for comments, --explain-sync and tests. */
struct sync_why {
	struct op sync;		/* the inserted op */
	struct op src, dst;	/* the hazard it serves; 0 for prime/drain/tail */
	/* 'R' RAW, 'A' WAR, 'W' WAW, 'F' fence, 'B' barrier, 'E' end, 'C' credit, 'K' key reuse, 'H' other half */
	uint8_t kind;
	struct op loop;		/* carried by this loop, 0 = same iteration */
	uint32_t set;		/* region of the source access */
	uint32_t group;		/* ops of one decision (a pair with its prime and drain, a fence) share the number */
	bool prime;		/* lets the first iteration pass */
	bool slack;		/* in a loop, between accesses that may meet in some iterations only */
	uint8_t doubt;		/* 0: needed. 2: decided between compound statements or iterations, so that others may
				 * make it needless; 1: that is unlikely */
};

struct sync_result {
	VEC(struct sync_why) why;
	bool crowded;		/* event ids ran out somewhere: more is doubtful than usual */
	uint32_t npair, nbarrier, nbarrier_all, nfence, nflush;
};

/* Inserts sync ops into the IR for one section (left alone when it is manual, unless opt->complete). */
void sync_insert(struct arena *a, struct ir *ir, struct access *ac, struct op func, enum core core,
		 const struct sync_opt *opt, struct sync_result *res);
/* What a section holds of synchronisation before anything is inserted. */
enum sync_written { SYNC_WRITTEN_NONE, SYNC_WRITTEN_KNOWN, SYNC_WRITTEN_DYNAMIC };	/* ids known at run time */
enum sync_written sync_written(struct arena *a, const struct ir *ir, const struct access *ac, struct op func,
			       enum core core);
/* Warns about stores that share a 64-byte GM line in a way no synchronisation repairs (shared-line, false-sharing);
 * strict: as errors. */
void sync_warn_lines(struct arena *a, struct ir *ir, struct access *ac, struct op func, enum core core, bool strict);
/* Takes every op that sync_insert made out of the function again. */
void sync_remove(struct ir *ir, struct op func);
/* Before every return of a function with scalar stores to GM: drain and write the cache back; nothing else. */
void sync_flush_exits(struct ir *ir, struct op func);
/* pipe_barrier(PIPE_ALL) before every working op and before return (--sync=barrier-all). */
void sync_barrier_all(struct ir *ir, struct access *ac, struct op func, enum core core);

#endif
