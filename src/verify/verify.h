/* verify: user-visible legality of the parsed module: structure first, then the family rules of each op's row. */
#ifndef PTOC_VERIFY_VERIFY_H
#define PTOC_VERIFY_VERIFY_H

#include "ir/ir.h"

struct verify_opt {
	int level;		/* 1, 2, 3 */
};

/* Reports at most one error per op; an op with a poisoned operand is skipped. False when anything was reported. */
bool verify_module(struct ir *ir, const struct verify_opt *opt);

#endif
