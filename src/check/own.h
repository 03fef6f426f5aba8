/*
 * own: bytes of local memory that a function overwrites for itself, as its callers see it (level 3, where the input
 * gives the addresses). A tile counts when its function writes it before it reads it, and reads it: what it holds is
 * made and used there. Tiles that are only written or read first may be another name for data of the caller. Internal
 * to the folder; in doubt nothing is listed.
 */
#ifndef PTOC_CHECK_OWN_H
#define PTOC_CHECK_OWN_H

#include "access/access.h"
#include "check/frames.h"

struct ck_own {
	int64_t lo, hi;
	enum space space;
	struct op op;		/* alloc of the tile, or the op whose macro has the fixed scratch */
	uint32_t first;		/* position in the function: first write, or the call of the function it belongs to */
};

struct ck_lent {		/* a tile that the function is given */
	uint32_t last_read;	/* position, 0 = none */
	bool written;
};

struct ck_owner {
	VEC(struct ck_own) own;
	struct ck_lent *lent;	/* by argument */
};

struct ck_owners {
	struct ck_frames frames;
	struct ck_owner *at;	/* by function; NULL when the module has no calls */
};

/* Memory stays in the arena. */
void ck_owners_build(struct ck_owners *w, struct arena *a, const struct ir *ir, const struct access *ac,
		     const struct op *func, uint32_t nfunc);
/* NULL when the called function is not known. */
const struct ck_owner *ck_owner_of(const struct ck_owners *w, struct op call);

#endif
