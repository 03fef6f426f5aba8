/*
 * phases: how the rules of isa/ops.def's phase column say what an op does. A rule opens a phase per piece of work on a
 * pipe and adds to it what the operands touch; then the flag keys that the library uses inside. Internal to the folder.
 */
#ifndef PTOC_ACCESS_PHASES_H
#define PTOC_ACCESS_PHASES_H

#include "access/model.h"

enum { ALL_SLOTS = 0xff };

/* Keys a library macro sets and waits for itself (sync-model §6.2); all with event id 0. */
struct key_row {
	uint8_t src, dst;
};

enum extent {
	EXT_FULL,   /* the physical shape, or the window of a sub-view */
	EXT_VALID,  /* the valid area */
	EXT_BLOCKS, /* the valid area in whole blocks of 32 bytes */
	EXT_LOAD    /* EXT_BLOCKS where a load pads or fills L1, else EXT_VALID */
};

void phase_begin(struct access *ac, struct op o, enum pipe pipe);
struct phase *phase_cur(struct access *ac);
void add_keys(struct access *ac, const struct key_row *k, size_t n);
void add_acc(struct access *ac, uint32_t set, unsigned rw, uint32_t slot);
void add_tile(struct access *ac, struct val v, uint32_t slot, unsigned rw, enum extent ext);
/* GM behind a pointer or view; a pointer stands for one element `byte_off` behind it. */
void add_gm(struct access *ac, struct op o, struct val v, uint32_t slot, unsigned rw, uint32_t byte_off);
/* Accesses of the slots in the mask, as the table's rw column says. */
void add_slots(struct access *ac, struct op o, uint32_t mask, enum extent ext);
void add_fixed_scratch(struct access *ac);
enum space slot_space(const struct access *ac, struct op o, uint32_t slot);
const struct tile_shape *slot_shape(const struct access *ac, struct op o, uint32_t slot);


/* Rules of gather.c; phases.c holds the others. */
void rule_mgather(struct access *ac, struct op o);
void rule_mscatter(struct access *ac, struct op o);
void rule_tile_elem(struct access *ac, struct op o);
void rule_tprefetch(struct access *ac, struct op o);
void rule_tinsert(struct access *ac, struct op o);

/* Rules of comm.c. */
void rule_transfer(struct access *ac, struct op o);
void rule_collective(struct access *ac, struct op o);
void rule_treduce(struct access *ac, struct op o);
void rule_async_session(struct access *ac, struct op o);
void rule_async_start(struct access *ac, struct op o);
void rule_async_done(struct access *ac, struct op o);
void rule_cross_set(struct access *ac, struct op o);
void rule_cross_wait(struct access *ac, struct op o);
void rule_syncall(struct access *ac, struct op o);
void rule_tpush(struct access *ac, struct op o);
void rule_tpop(struct access *ac, struct op o);

#endif
