/*
 * move: --addresses=improve, tiles of a level-3 module at better places than the ones it gives.
 *
 * Addresses that a producer gave for the sake of space make tiles wait for each other that have nothing to do with each
 * other. Which write every read of a tile finds is worked out from the given addresses (check/defs.h); tiles that are
 * one piece of memory under several names stay together, the others are placed as at level 2. Afterwards every read
 * must find the same writes at the new addresses, else the result is not used.
 */
#ifndef PTOC_DRIVER_MOVE_H
#define PTOC_DRIVER_MOVE_H

#include "driver/pipeline.h"
#include "mem/mem.h"

/* Is the module faster with moved tiles, and with which? With --addresses=improve it gets them (p->moves); the
 * figures are left in p->moved in either case. */
void move_choose(struct pipeline *p);
/*
 * Takes the addresses of the functions that can be looked at away; NULL when there are none. in_place: what an op
 * writes over what it reads stays there. What it returns lives in the arena.
 */
struct move *move_begin(struct arena *a, struct ir *ir, const struct op *func, uint32_t nfunc, bool in_place);
/* Places what move_begin took up. False after an error. */
bool move_place(struct move *m, struct mem_opt mo);
/* Is the tile one of several names, or does it keep data from trip to trip? Then it cannot have two slots. */
bool move_is_tied(const struct move *m, struct op alloc);
/* With slots: the level-2 proof, tied tiles being one. False after an error. */
bool move_apart(struct move *m, const struct access *ac);
/* Without slots. A function in which some read does not find what it found before; 0: there is none. ac: at the new
 * addresses. */
struct op move_refuted(struct move *m, const struct access *ac);

#endif
