/* walk: state of one walk over a block; shared by walk.c, hazard.c and inside.c only. */
#ifndef PTOC_SYNC_WALK_H
#define PTOC_SYNC_WALK_H

#include "sync/plan.h"

struct same {
	uint32_t pos, src;
	uint8_t pipe;
};

struct walk {
	struct plan *p;
	uint32_t b;
	const struct sblk *bk;
	struct bplan *bp;
	struct know w;
	uint32_t last[NCOL];	/* latest statement with work of the pipe */
	uint32_t pos;		/* statement being served */
	uint32_t loop;		/* carried walk: innermost loop statement; 0 in the forward walk */
	uint32_t owner;		/* outermost loop statement around the block */
	uint16_t seen_f[NROW];
	uint8_t seen_c[NROW];
	VEC(struct step) step;	/* decisions of this block in order */
	VEC(uint32_t) credit;	/* credit pairs of this block */
	VEC(struct same) same;	/* same-pipe dependences of this block, for sliding barriers */
};

/* Number of bits of the mask below `bit`. */
static inline uint32_t
bit_rank(uint8_t mask, uint32_t bit)
{
	uint32_t n = 0;

	for (uint32_t k = 0; k < bit; k++)
		n += mask >> k & 1;
	return n;
}

/* inside.c: facts that hold in front of every node of a use about the entry of its (compound) statement. */
struct flow {
	uint16_t f;	/* rows of the entry that have flown in */
	uint8_t c;	/* columns known complete up to the entry */
};
struct flow flow_inside(const struct walk *k, const struct use *u, uint32_t row, uint16_t allow);
/* The draining wait of a pair the loop owns covers the sources in [slo, shi], and all that came before. */
bool drain_covers(const struct walk *k, uint32_t loop, enum pipe col, enum pipe dst, uint32_t slo, uint32_t shi);

#endif
