/*
 * gather: phases of the macros that read indices on the scalar unit, and of the ops on elements and windows of tiles.
 * Source: sync-model.md §6.1 and §6.2, ops-move.md §0 and §5, MGather.hpp, MScatter.hpp, TInsert.hpp.
 */
#include "access/phases.h"

/* All with event id 0, each set and waited for back to back, in this order. */
static const struct key_row keys_gather_row[] = {
	{P_V, P_S}, {P_MTE3, P_S}, {P_S, P_MTE2}, {P_MTE2, P_V}, {P_MTE2, P_MTE3}, {P_S, P_V}, {P_S, P_MTE3}};
static const struct key_row keys_elem[] = {
	{P_V, P_S}, {P_MTE3, P_S}, {P_MTE2, P_S}, {P_S, P_V}, {P_S, P_MTE2}, {P_S, P_MTE3}};
static const struct key_row keys_gather_mat[] = {{P_S, P_MTE2}};
static const struct key_row keys_scatter_row[] = {
	{P_V, P_S}, {P_MTE2, P_S}, {P_S, P_MTE3}, {P_MTE3, P_S}, {P_MTE3, P_V}, {P_MTE3, P_MTE2}};
static const struct key_row keys_scatter_add[] = {
	{P_V, P_S}, {P_MTE2, P_S}, {P_S, P_MTE3}, {P_MTE3, P_S}, {P_S, P_V}, {P_S, P_MTE2}, {P_MTE3, P_V},
	{P_MTE3, P_MTE2}};
static const struct key_row keys_one_element[] = {{P_V, P_S}, {P_S, P_V}};

enum { COUNT_GATHER_ROW = 7, COUNT_ELEM = 6, COUNT_SCATTER_ROW = 6, COUNT_SCATTER_ADD = 8 };

/* Indices decide which bytes of the last access are touched: never surely all of them. */
static void
last_is_partial(struct access *ac)
{
	ac->acc.at[ac->acc.n - 1].rw &= (uint8_t)~ACC_WHOLE;
}

static void
add_table(struct access *ac, struct op o, uint32_t slot, unsigned rw)
{
	add_gm(ac, o, op_slot(ac->ir, o, slot), slot, rw, 0);
	last_is_partial(ac);
}

/* GM to L1: S reads the indices from GM; elem mode also the table, collects in scratch, writes it back and waits. */
static void
gather_mat(struct access *ac, struct op o, bool elem, bool zero)
{
	enum { MEM, IDX, SCRATCH, DST };

	phase_begin(ac, o, P_S);
	add_gm(ac, o, op_slot(ac->ir, o, IDX), IDX, ACC_READ, 0);
	if (elem) {
		add_table(ac, o, MEM, ACC_READ);
		add_gm(ac, o, op_slot(ac->ir, o, SCRATCH), SCRATCH, ACC_READ | ACC_WRITE, 0);
	}
	phase_begin(ac, o, P_MTE2);
	if (elem)
		add_gm(ac, o, op_slot(ac->ir, o, SCRATCH), SCRATCH, ACC_READ, 0);
	else
		add_table(ac, o, MEM, ACC_READ);
	add_tile(ac, op_slot(ac->ir, o, DST), DST, ACC_WRITE, elem || zero ? EXT_FULL : EXT_BLOCKS);
	if (!elem && !zero)
		last_is_partial(ac);
	add_keys(ac, keys_gather_mat, 1);
}

/*
 * mgather: mem, idx, scratch, dst. Row mode to UB: S reads the indices, MTE2 brings the rows; rows out of range are
 * zeroed by S. Elem mode is a scalar loop that reads the table through the data cache.
 */
void
rule_mgather(struct access *ac, struct op o)
{
	enum { MEM, IDX, SCRATCH, DST };
	const struct ir_names *n = &ac->ir->name;
	bool elem = op_enum(ac->ir, o, n->coalesce, EN_COALESCE, 0) == 1;
	bool zero = op_enum(ac->ir, o, n->gather_oob, EN_GATHER_OOB, 0) == 3;
	struct val dst = op_slot(ac->ir, o, DST);

	if (slot_space(ac, o, DST) == SP_MAT) {
		gather_mat(ac, o, elem, zero);
		return;
	}
	phase_begin(ac, o, P_S);
	add_tile(ac, op_slot(ac->ir, o, IDX), IDX, ACC_READ, EXT_VALID);
	if (elem)
		add_table(ac, o, MEM, ACC_READ);
	if (elem || zero) {
		add_tile(ac, dst, DST, ACC_WRITE, EXT_VALID);
		last_is_partial(ac);
	}
	if (elem) {
		add_keys(ac, keys_elem, COUNT_ELEM);
		return;
	}
	phase_begin(ac, o, P_MTE2);
	add_table(ac, o, MEM, ACC_READ);
	add_tile(ac, dst, DST, ACC_WRITE, EXT_VALID);
	last_is_partial(ac);
	add_keys(ac, keys_gather_row, COUNT_GATHER_ROW);
}

/*
 * mscatter: src, idx, mem. Row mode: S reads the indices, MTE3 stores the rows, with add as atomics of the memory. Elem
 * mode: scalar stores into the data cache; its add is a scalar load, sum and store.
 */
void
rule_mscatter(struct access *ac, struct op o)
{
	enum { SRC, IDX, MEM };
	const struct ir_names *n = &ac->ir->name;
	bool elem = op_enum(ac->ir, o, n->coalesce, EN_COALESCE, 0) == 1;
	bool add = op_enum(ac->ir, o, n->scatter_atomic_op, EN_SCATTER_ATOMIC_OP, 0) == 1;

	phase_begin(ac, o, P_S);
	add_tile(ac, op_slot(ac->ir, o, IDX), IDX, ACC_READ, EXT_VALID);
	if (elem) {
		add_tile(ac, op_slot(ac->ir, o, SRC), SRC, ACC_READ, EXT_VALID);
		add_table(ac, o, MEM, ACC_WRITE | (add ? ACC_READ : 0u));
		add_keys(ac, keys_elem, COUNT_ELEM);
		return;
	}
	phase_begin(ac, o, P_MTE3);
	add_tile(ac, op_slot(ac->ir, o, SRC), SRC, ACC_READ, EXT_VALID);
	add_table(ac, o, MEM, ACC_WRITE | (add ? ACC_ATOMIC : 0u));
	if (add)
		add_keys(ac, keys_scatter_add, COUNT_SCATTER_ADD);
	else
		add_keys(ac, keys_scatter_row, COUNT_SCATTER_ROW);
	/* MTE3->S: without add only rows that are written use it. */
	ac->hidden.at[ac->hidden.n - (add ? COUNT_SCATTER_ADD : COUNT_SCATTER_ROW) + 3].maybe = true;
}

/* Elements [lo, hi] behind the base of a tile, in storage order; the whole tile when the offset is not known. */
static void
add_element(struct access *ac, struct val tile, struct val off, uint32_t slot, unsigned rw)
{
	struct place_list l = place_of(ac, tile);
	int64_t lo, hi;

	aff_range(&ac->aff, aff_of(&ac->aff, off), &lo, &hi);
	for (uint32_t k = 0; k < l.n; k++) {
		struct place p = *place_at(ac, l, k);
		if (p.kind != PL_TILE) {
			add_acc(ac, region_of_space(ac, p.space), rw, slot);
			continue;
		}
		const struct tile_place *t = &p.u.tile;
		struct region r = tile_region(ac, t, p.space, 0, 0, t->rows, t->cols, 1);
		int64_t n = (r.ndim ? (r.dim[0].count - 1) * r.dim[0].stride : 0) + r.width;
		int64_t first = lo < 0 ? 0 : sat_mul(lo, t->elem_bytes);
		int64_t end = sat_mul(sat_add(hi, 1), t->elem_bytes);
		bool one = t->exact && l.n == 1 && lo == hi && lo >= 0 && end <= n;
		memset(&r, 0, sizeof r);
		r.kind = RG_LOCAL;
		r.space = (uint8_t)p.space;
		r.func = ac->func.i;
		r.lo = t->base;
		r.width = n;
		if (first < n && end > first) {
			r.lo += first;
			r.width = (end < n ? end : n) - first;
		}
		add_acc(ac, region_get(ac, &r), rw | (one ? ACC_WHOLE : 0u), slot);
	}
}

/* tgetval: src, offset; tsetval: offset, value, dst. */
void
rule_tile_elem(struct access *ac, struct op o)
{
	phase_begin(ac, o, P_S);
	if (op_id(ac->ir, o) == OP_TGETVAL)
		add_element(ac, op_slot(ac->ir, o, 0), op_slot(ac->ir, o, 1), 0, ACC_READ);
	else
		add_element(ac, op_slot(ac->ir, o, 2), op_slot(ac->ir, o, 0), 2, ACC_WRITE);
}

/* The scratch is overwritten from its start again and again. */
void
rule_tprefetch(struct access *ac, struct op o)
{
	phase_begin(ac, o, P_MTE2);
	add_slots(ac, o, ALL_SLOTS, EXT_FULL);
}

/* Corner of the window of dst where src goes; false unless it is a constant on box borders. */
static bool
insert_corner(struct access *ac, struct op o, const struct place *p, int64_t *r0, int64_t *c0)
{
	const struct tile_shape *s = slot_shape(ac, o, 0);
	const struct tile_place *t = &p->u.tile;

	return p->kind == PL_TILE && !t->compact && t->layout != TL_OTHER &&
	       val_const_int(ac->ir, op_slot(ac->ir, o, 1), r0) && val_const_int(ac->ir, op_slot(ac->ir, o, 2), c0) &&
	       *r0 >= 0 && *c0 >= 0 && *r0 <= t->rows - s->rows && *c0 <= t->cols - s->cols &&
	       *r0 % t->box_rows == 0 && *c0 % t->box_cols == 0;
}

/*
 * tinsert: src, row, col, dst, fp, preQuant. From L0C all physical rows of src arrive, in whole blocks of 32 bytes;
 * between vector tiles a single element is copied by the scalar unit inside V.
 */
void
rule_tinsert(struct access *ac, struct op o)
{
	enum { SRC = 1, DST = 3, FP = 16 };
	const struct tile_shape *s = slot_shape(ac, o, 0);
	struct place_list l = place_of(ac, op_slot(ac->ir, o, DST));
	bool acc = s->space == SP_ACC;

	phase_begin(ac, o, acc ? P_FIX : P_V);
	add_slots(ac, o, SRC | FP, EXT_FULL);
	for (uint32_t k = 0; k < l.n; k++) {
		struct place p = *place_at(ac, l, k);
		int64_t r0, c0;
		if (!insert_corner(ac, o, &p, &r0, &c0)) {
			add_tile(ac, op_slot(ac->ir, o, DST), DST, ACC_WRITE, EXT_FULL);
			last_is_partial(ac);
			break;
		}
		struct region r = tile_region(ac, &p.u.tile, p.space, r0, c0, s->rows, s->cols, 32);
		add_acc(ac, region_get(ac, &r), ACC_WRITE, DST);
	}
	if (!acc && (s->vrow == 1 || s->vrow == DIM_DYN) && (s->vcol == 1 || s->vcol == DIM_DYN))
		add_keys(ac, keys_one_element, 2);
}
