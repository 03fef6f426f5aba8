/* fifo: the fifos of a module as objects: what lowering leaves and address resolution reads. Private to shape. */
#ifndef PTOC_SHAPE_FIFO_H
#define PTOC_SHAPE_FIFO_H

#include "shape/shape.h"

/* Where a consumer ring is: a buffer reserved under a name in a function. name 0: not a reserved buffer. */
struct ring_key {
	struct sym owner, name;
	uint32_t dir;		/* 1 cube to vector, 2 vector to cube; 3: no ring, by id and mask */
};

struct fifo {
	struct op init, func;
	int64_t dir_mask, slot_size, slot_num, local_slot_num, id;	/* id: -1 without one */
	struct ring_key key[2];
	uint32_t nkey;
	bool ring;			/* has a local ring */
	uint32_t group;			/* first member of its group of peers */
	uint32_t next;			/* next member, 0 = last */
	bool split, whole;		/* entries with split != 0, with split == 0 */
};

struct fifos {
	struct ir *ir;
	VEC(struct fifo) all;		/* in module order */
	uint32_t *of_op;		/* by op id of the init: index + 1 */
};

/* Every initialize_l2g2l_pipe with its group of peers. */
void fifos_find(struct fifos *f, struct ir *ir);
int64_t fifo_int(const struct ir *ir, struct op o, struct sym key, int64_t absent);

#endif
