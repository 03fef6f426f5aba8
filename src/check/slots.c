/*
 * slots: which of the tiles an operand may denote is meant in a context: the slot of a multi tile whose index is known,
 * the side of a select whose condition is. The access layer lists one access per tile, in order of slots and sides.
 */
#include "check/walk.h"

#include "mem/mem.h"

enum { CHAIN_MAX = 24, MEANT_MAX = 64 };

static uint32_t tiles(struct ck_checker *c, struct val v, uint32_t depth, uint64_t *meant);

static uint32_t
tiles_of_slots(struct ck_checker *c, struct op get, uint64_t *meant)
{
	uint32_t n = type_data(&c->ir->types, val_type(c->ir, op_opnd(c->ir, get, 0)))->width;
	int64_t k;

	*meant = UINT64_MAX;
	if (n < MEANT_MAX && ck_eval_int(&c->env, c->ctx, op_opnd(c->ir, get, 1), &k))
		*meant = (uint64_t)1 << (k < 0 || k >= n ? 0 : k);
	return n;
}

static uint32_t
tiles_of_sides(struct ck_checker *c, struct op sel, uint32_t depth, uint64_t *meant)
{
	int first = ck_eval_bool(&c->env, c->ctx, op_opnd(c->ir, sel, 0));
	uint64_t a, b;
	uint32_t n = tiles(c, op_opnd(c->ir, sel, 1), depth + 1, &a);
	uint32_t m = tiles(c, op_opnd(c->ir, sel, 2), depth + 1, &b);

	if (!n || !m || n + m >= MEANT_MAX)
		return 0;
	*meant = (first == 0 ? 0 : a & (((uint64_t)1 << n) - 1)) | (first == 1 ? 0 : b << n);
	return n + m;
}

/* Number of tiles v may denote, and those it does here; 0 = not known. */
static uint32_t
tiles(struct ck_checker *c, struct val v, uint32_t depth, uint64_t *meant)
{
	*meant = UINT64_MAX;
	for (; depth < CHAIN_MAX && v.i && ir_val(c->ir, v)->def.i; depth++) {
		struct op d = ir_val(c->ir, v)->def;
		enum op_id id = op_id(c->ir, d);
		if (id == OP_ALLOC_TILE)
			return 1;
		if (id == OP_MULTI_TILE_GET)
			return tiles_of_slots(c, d, meant);
		if (id == OP_ARITH_SELECT)
			return tiles_of_sides(c, d, depth, meant);
		if (!(op_row(c->ir, d)->flags & OPF_VIEW) || !ir_op(c->ir, d)->nopnd)
			return 0;
		v = op_opnd(c->ir, d, 0);
	}
	return 0;
}

/* Accesses like this one of the same operand, and which of them it is. */
static uint32_t
among(const struct acc *all, uint32_t n, uint32_t i, uint32_t *at)
{
	uint32_t like = 0;

	for (uint32_t k = 0; k < n; k++) {
		if (all[k].slot != all[i].slot || ((all[k].rw ^ all[i].rw) & (ACC_READ | ACC_WRITE)))
			continue;
		if (k == i)
			*at = like;
		like++;
	}
	return like;
}

static struct val
operand(const struct ck_checker *c, struct op o, uint8_t slot)
{
	uint32_t n;
	const struct val *v = slot == 0xff ? NULL : op_group(c->ir, o, slot, &n);

	return v && n == 1 ? v[0] : (struct val){0};
}

bool
ck_acc_meant(struct ck_checker *c, const struct phase *ph, const struct acc *all, uint32_t n, uint32_t i)
{
	uint32_t at = 0, like;
	uint64_t meant;

	if (c->mode == MODE_PLAIN || (like = among(all, n, i, &at)) < 2)
		return true;
	struct val v = operand(c, ph->op, all[i].slot);
	return !v.i || tiles(c, v, 0, &meant) != like || (meant >> at & 1);
}

/* Nothing of the tile's valid area is decided at run time. */
static bool
all_static(const struct ck_checker *c, struct val v)
{
	const struct type_data *t = type_data(&c->ir->types, val_type(c->ir, v));

	return t->kind == TY_TILE && t->tile.vrow >= 0 && t->tile.vcol >= 0;
}

/* The fixed scratch of a macro with a result to write. How much of it depends on the rows: the first unit is sure. */
static bool
scratch_sure(const struct ck_checker *c, const struct acc *x, const struct acc *all, uint32_t n)
{
	int64_t lo, hi;

	if (!access_extent(c->ac, x->set, &lo, &hi) || lo != FIXED_SCRATCH_LO)
		return false;
	for (uint32_t k = 0; k < n; k++)
		if (all[k].slot != 0xff && all[k].rw & ACC_WRITE)
			return all[k].rw & ACC_WHOLE && !access_empty(c->ac, all[k].set);
	return false;
}

bool
ck_acc_exact(struct ck_checker *c, const struct phase *ph, const struct acc *x)
{
	uint64_t meant;
	uint32_t n, at;
	struct val v = operand(c, ph->op, x->slot);
	const struct acc *all = access_accs(c->ac, ph, &n);

	if (x->slot == 0xff)
		return scratch_sure(c, x, all, n);
	if (x->rw & ACC_WHOLE || x->open)
		return true;
	uint32_t like = among(all, n, (uint32_t)(x - all), &at);
	/* One of several tiles that was picked because it is the only one meant. */
	return v.i && like > 1 && all_static(c, v) && tiles(c, v, 0, &meant) == like && meant && !(meant & (meant - 1));
}
