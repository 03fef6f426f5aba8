/*
 * check_model: tiny programs in a one-line notation for tests of src/check, with an access model of their own (this
 * file stands in for src/access), and an oracle that runs single paths.
 *
 *   V:rx:wy      work on pipe V that reads x and writes y (b: both, a: atomic add); names with g are global memory
 *   ...:!        the op ends with an inner PIPE_ALL;  ...:hV>S0  the op uses that flag itself
 *   +V>S0 -V>S0  set_flag, wait_flag      |V |ALL  pipe_barrier      dsb dcci tail   dcci:ga (its line)
 *   rel acq      publish / another observer's data arrived              ret
 *   for{ } for1{ } (at least one trip)    if{ } else{ }    while{ } do{ }
 *
 * Names overlap exactly when they are equal; a name with ' differs in every iteration of the innermost loop.
 */
#ifndef PTOC_TESTS_CHECK_MODEL_H
#define PTOC_TESTS_CHECK_MODEL_H

#include "check/check.h"

enum item_kind { IT_WORK, IT_SET, IT_WAIT, IT_BARRIER, IT_DSB, IT_DCCI, IT_TAIL, IT_RET, IT_FOR, IT_IF, IT_WHILE };

struct item {
	enum item_kind kind;
	enum pipe p, q;
	uint32_t eid;
	uint32_t set[6];
	uint8_t rw[6];
	uint32_t nacc;
	uint32_t line;		/* DCCI: name whose line is meant, 0 = the whole cache */
	enum phase_kind phase;
	bool drains;
	struct hidden_key hidden[4];
	uint32_t nhidden;
	bool once;		/* FOR: at least one trip */
	struct item *child[2];
	struct item *next;
	struct op op;
};

struct access;

struct model {
	struct arena a;
	struct diags diags;
	struct source src;
	struct ir ir;
	struct item *first;
	struct access *ac;
	struct op func;
};

/* False when the text is malformed. */
bool model_init(struct model *m, const char *text);
void model_free(struct model *m);
enum verdict model_check(struct model *m, const struct check_opt *opt, struct check_result *res);
/* Runs one path chosen by the seed; NULL when every rule holds on it, else what was broken. */
const char *model_run(struct model *m, const struct check_opt *opt, uint32_t seed);

#endif
