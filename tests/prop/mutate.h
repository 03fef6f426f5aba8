/*
 * mutate: small damages to the synchronisation of a function: one sync op deleted, moved by a statement, given another
 * id or line of the cache, its pipes exchanged, or one inserted. Each can be undone.
 */
#ifndef PTOC_TESTS_PROP_MUTATE_H
#define PTOC_TESTS_PROP_MUTATE_H

#include "access/section.h"

enum mutation { MUT_DELETE, MUT_UP, MUT_DOWN, MUT_ID, MUT_SWAP, MUT_LINE, MUT_KIND_COUNT };

struct mutant {
	enum mutation kind;
	struct op op;
};

struct mutants {
	VEC(struct mutant) all;
};

struct undo {
	struct op gone, added;	/* taken out, put in */
	struct op helper;	/* put in as well: what `added` uses */
	struct op next;		/* `gone` stood before this one */
};

/* Every sync op of the function, in program order. */
struct ops {
	VEC(struct op) all;
};
void sync_ops(struct ops *l, struct arena *a, const struct ir *ir, struct op func);
void mutants_list(struct mutants *m, struct arena *a, const struct ir *ir, struct op func);
/* False, and nothing is changed, when the mutation does not apply (no neighbour to move across). */
bool mutant_apply(struct ir *ir, const struct access *ac, struct op func, const struct mutant *m, struct undo *u);
void mutant_undo(struct ir *ir, struct op func, const struct undo *u);
/* Takes an op out; inserts a new detached op before another. */
void mutate_delete(struct ir *ir, struct op func, struct op o, struct undo *u);
void mutate_insert(struct ir *ir, struct op func, struct op o, struct op before, struct undo *u);
const char *mutation_name(enum mutation k);
/* "delete set_flag(PIPE_V,PIPE_MTE2,0) before pto.tload line 12" */
void mutant_print(const struct ir *ir, const struct access *ac, const struct mutant *m, struct out *o);

#endif
