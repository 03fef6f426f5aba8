/* fifo: what fifo.c and fixpipe.c of verify/ share. */
#ifndef PTOC_VERIFY_FIFO_H
#define PTOC_VERIFY_FIFO_H

#include "verify/rule.h"

int64_t fifo_attr(struct verify *v, struct op o, struct sym key, int64_t absent);
/* The op runs on that core; else an error that says what its function is. */
bool in_core(struct verify *v, struct op o, enum core want);
struct op fifo_find(struct verify *v, struct op o, int64_t id, struct op but, uint32_t *n);
struct op reserved_in(struct verify *v, struct op root, struct sym name);
bool entry_matches(struct verify *v, struct op o, const struct type_data *e, const struct type_data *g, int64_t split,
		   const char *what);

/* fixpipe.c: declarations with acc_push_epilogue, and transfers of such fifos (kind: a alloc, u push, o pop, f free) */
bool fixpipe_init(struct verify *v, struct op o);
bool fixpipe_transfer(struct verify *v, struct op o, struct op init, char kind, const struct opnd *x, int64_t split);

#endif
