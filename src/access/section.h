/*
 * section: the structure of one section program: what one core executes of one function, as a tree of blocks and
 * statements. Both sync and check walk it; it contains no analysis.
 *
 * A *statement* is a leaf (an op with phases, a sync op, or a call) or a compound (loop, if, ...) with child blocks.
 * Ops without effect on pipes (arithmetic, views, alloc_tile) are no statements. Ordinals number the statements'
 * positions in program order: `ord` of a leaf; a compound covers [lo, hi). Every phase has a node with its own ordinal.
 */
#ifndef PTOC_ACCESS_SECTION_H
#define PTOC_ACCESS_SECTION_H

#include "access/access.h"

enum stmt_kind {
	ST_WORK,	/* op with phases: nodes [node0, node0+nnode) */
	ST_SYNC,	/* set/wait flag, barrier, fence, dsb, dcci, tail */
	ST_LOOP,	/* scf.for: child block 0 = body; runs any number of times, 0 included */
	ST_IF,		/* scf.if: child 0 then, child 1 else (child index 0 = no block when absent) */
	ST_WHILE,	/* scf.while: child 0 before, child 1 after */
	ST_CHOICE,	/* scf.index_switch: exactly one child runs */
	ST_ONCE,	/* scf.execute_region with one block, section ops: child 0 runs exactly once */
	ST_CALL,	/* func.call with effects */
	ST_EXIT		/* func.return */
};

struct node {
	const struct phase *ph;	/* valid while the access tables live */
	uint32_t stmt;
	uint32_t blk;
	uint32_t pord;		/* ordinal among the nodes of the same pipe, from 1 */
};

struct stmt {
	uint8_t kind;
	struct op op;
	uint32_t blk;		/* block that holds it */
	uint32_t pos;		/* 1-based position in that block */
	uint32_t node0, nnode;	/* WORK: its nodes; compounds: all nodes inside (contiguous) */
	uint32_t child0, nchild;	/* slice of sec.child: block indices, 0 = absent */
	uint8_t trips_min;	/* LOOP: 1 when at least one trip is certain */
	uint8_t pipes;		/* bit mask of pipes with nodes inside */
};

struct sblk {
	struct blk blk;		/* IR block */
	uint32_t parent;	/* statement that owns it, 0 for the root */
	uint32_t stmt0, nstmt;	/* slice of sec.order: statement indices in program order */
	uint32_t loop;		/* innermost enclosing ST_LOOP/ST_WHILE statement, 0 = none */
	uint32_t depth;		/* number of enclosing loops */
	uint32_t node0, nnode;
};

struct section {
	struct op func;
	enum core core;
	bool manual;		/* contains set/wait/record/wait_event written by the user */
	bool unstructured;	/* function body with several blocks: blocks are in sec.flat, no tree */
	VEC(struct node) node;	/* [0] unused */
	VEC(struct stmt) stmt;	/* [0] unused */
	VEC(struct sblk) blk;	/* [0] unused, [1] = root */
	VEC(uint32_t) order;
	VEC(uint32_t) child;
	uint32_t npord[PIPE_COUNT];	/* nodes per pipe */
};

/*
 * The section programs of a function: one when its core is known (attribute, or the votes of its ops), two for mixed
 * functions. A section contains the code outside pto.section.* too, without the sections of the other core.
 */
uint32_t section_count(const struct ir *ir, struct op func, enum core core[2]);
struct section *section_build(struct arena *a, const struct ir *ir, const struct access *ac, struct op func,
			      enum core core);

#endif
