/* eval: integer arithmetic of ctx.h; private to ctx.c and eval.c. */
#ifndef PTOC_CHECK_EVAL_H
#define PTOC_CHECK_EVAL_H

#include "check/ctx.h"

enum { CK_EVAL_DEPTH_MAX = 48 };

/* rel: the counter of a loop is a symbol of its own, even where its value is known. */
struct ck_num ck_eval_in(struct ck_env *e, uint32_t ctx, struct val v, bool rel);
/* The same for a value that has not been asked for in this context. */
struct ck_num ck_eval_new(struct ck_env *e, uint32_t ctx, struct val v, bool rel);
/* Bounds of the difference of two symbols. */
void ck_fact_bounds(struct ck_env *e, uint32_t ctx, uint32_t p, uint32_t q, int64_t *lo, int64_t *hi);
/* What a compare that is true (false) says of its operands' difference; false when it says nothing we can use. */
bool ck_compare_range(const struct ir *ir, struct op cmp, bool truth, int64_t *lo, int64_t *hi, bool *outside);

#endif
