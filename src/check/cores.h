/*
 * cores: warnings about bytes of global memory that two cores touch at the same time with nothing that orders them:
 * the cube and the vector core of one block (section-race), or two blocks, or the two vector cores of one block
 * (block-race). What is said is certain as far as the addresses go: the same arguments, loops that run at all.
 */
#ifndef PTOC_CHECK_CORES_H
#define PTOC_CHECK_CORES_H

#include "access/section.h"

/* All functions of the module; skip[k]: leave func[k] out, something in it is not known. */
void check_cores(struct arena *a, struct ir *ir, struct access *ac, const struct op *func, uint32_t nfunc,
		  const bool *skip);

#endif
