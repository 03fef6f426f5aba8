/*
 * cores: warnings about bytes of global memory that two cores touch at the same time with nothing that orders them:
 * the cube and the vector core of one block (section-race; one function, or two that are
 * called X_aic and X_aiv), or two blocks, or the two vector cores of one block
 * (block-race). What is said is certain as far as the addresses go: the same arguments, loops that run at all.
 */
#ifndef PTOC_CHECK_CORES_H
#define PTOC_CHECK_CORES_H

#include "access/section.h"

struct check_cores_in {
	const struct op *func;		/* all functions of the module */
	uint32_t nfunc;
	const bool *skip;		/* leave func[k] out, something in it is not known */
	struct sym block, sub;		/* names of parameters: block index, number of the vector core; 0: none */
};
void check_cores(struct arena *a, struct ir *ir, struct access *ac, const struct check_cores_in *in);

#endif
