/* eval: integer semantics of the arith ops, and concrete values of the trace interpreter. */
#ifndef PTOC_TESTS_PROP_EVAL_H
#define PTOC_TESTS_PROP_EVAL_H

#include "ir/ir.h"

enum cval_kind { CV_NONE, CV_INT, CV_PTR, CV_BOX };

enum { BOX_RANK = 6 };

/* A strided box of bytes: size[] elements of eb bytes, stride[] in bytes, outermost first. */
struct cbox {
	uint32_t rank;
	int64_t size[BOX_RANK], stride[BOX_RANK];
	int64_t eb;
};

struct cval {
	uint8_t kind;
	uint32_t mem;		/* CV_PTR, CV_BOX */
	int64_t i;		/* integer; byte offset of a pointer or box */
	const struct cbox *box;
};

/* Value of an arith/affine op over integers; false when it is none we know. `v` are its operands' values. */
bool eval_int(const struct ir *ir, struct op o, const int64_t *v, uint32_t n, int64_t *r);

#endif
