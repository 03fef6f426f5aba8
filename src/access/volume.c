/* volume: how much an op does, for the cost model: bytes moved, multiply-adds, trips of loops. */
#include "access/model.h"

uint64_t
access_volume(const struct access *ac, uint32_t set)
{
	const struct region *r = &ac->region.at[set];
	int64_t n = r->width;

	if (r->kind != RG_LOCAL && r->kind != RG_GM)
		return UINT64_MAX;
	for (uint32_t k = 0; k < r->ndim; k++) {
		if (r->dim[k].count >= AFF_INF)
			return UINT64_MAX;
		n = sat_mul(n, r->dim[k].count);
	}
	return n >= AFF_INF ? UINT64_MAX : n > 0 ? (uint64_t)n : 0;
}

uint64_t
access_macs(struct access *ac, struct op o)
{
	int64_t m = 0, k = 0, n = 0;

	for (uint32_t i = 0; i < ir_op(ac->ir, o)->nopnd; i++) {
		struct val v = op_opnd(ac->ir, o, i);
		if (!v.i || type_kind(&ac->ir->types, val_type(ac->ir, v)) != TY_TILE)
			continue;
		const struct place *p = place_at(ac, place_of(ac, v), 0);
		if (p->kind != PL_TILE)
			continue;
		if (p->space == SP_LEFT) {
			m = p->u.tile.vrow;
			k = p->u.tile.vcol;
		} else if (p->space == SP_RIGHT) {
			n = p->u.tile.vcol;
		}
	}
	int64_t macs = sat_mul(sat_mul(m, k), n);
	return macs > 0 && macs < AFF_INF ? (uint64_t)macs : 0;
}

static uint64_t
trips_of(int64_t span, int64_t step)
{
	return span <= 0 ? 0 : (uint64_t)((span - 1) / step + 1);
}

void
access_trips(struct access *ac, struct op loop, uint64_t *lo, uint64_t *hi)
{
	uint32_t lb = ac->aff.of_val[op_slot(ac->ir, loop, 0).i], ub = ac->aff.of_val[op_slot(ac->ir, loop, 1).i];
	int64_t step = 0, a, b;

	*lo = 0;
	*hi = UINT64_MAX;
	if (!lb || !ub || !val_const_int(ac->ir, op_slot(ac->ir, loop, 2), &step) || step <= 0)
		return;
	aff_range(&ac->aff, aff_add(&ac->aff, ub, aff_scale(&ac->aff, lb, -1)), &a, &b);
	if (a > -AFF_INF)
		*lo = trips_of(a, step);
	if (b < AFF_INF)
		*hi = trips_of(b, step);
}
