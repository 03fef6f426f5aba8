/*
 * frames: bytes of local memory that a function and what it calls use, for the proof of its callers. Internal to the
 * folder; independent of what placement thinks about it.
 */
#ifndef PTOC_CHECK_FRAMES_H
#define PTOC_CHECK_FRAMES_H

#include "ir/ir.h"

struct ck_bytes {
	uint64_t lo, hi;
};

struct ck_frame {
	VEC(struct ck_bytes) at[SPACE_COUNT];	/* sorted, with gaps between */
	bool returns_own;	/* a tile that it returns is one of these, not one it was given */
};

struct ck_frames {
	const struct ir *ir;
	struct ck_frame *frame;		/* by function; NULL when the module has no calls */
	uint32_t *func_of_sym, nsym;	/* index + 1 */
	uint32_t *order, norder;	/* indices of functions, callees first */
};

/* Memory stays in the arena. */
void ck_frames_build(struct ck_frames *f, struct arena *a, const struct ir *ir, const struct op *func, uint32_t nfunc);
/* Frame of the function a call names; NULL when it is not one of those. */
const struct ck_frame *ck_frame_of(const struct ck_frames *f, struct op call);

#endif
