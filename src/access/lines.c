/*
 * lines: certain facts about byte sets, above all 64-byte lines of global memory, for the diagnostics of sync-model
 * §7.3. Where nothing is certain the answer is "no": a warning must not be a guess.
 */
#include "access/model.h"

static const struct region *
gm_region(const struct access *ac, uint32_t set)
{
	const struct region *r = &ac->region.at[set];

	return r->kind == RG_GM ? r : NULL;
}

/* Do the two offsets differ by a constant, whatever the symbols are? */
static bool
same_terms(const struct access *ac, uint32_t a, uint32_t b)
{
	const struct aff *x = &ac->aff.aff.at[a], *y = &ac->aff.aff.at[b];

	if (x->nterm != y->nterm)
		return false;
	for (uint32_t i = 0; i < x->nterm; i++) {
		const struct term *s = &ac->aff.term.at[x->term0 + i], *t = &ac->aff.term.at[y->term0 + i];
		if (s->sym != t->sym || s->coef != t->coef || ac->aff.sym.at[s->sym].loose)
			return false;
	}
	return true;
}

bool
access_fixed(const struct access *ac, uint32_t set)
{
	const struct region *r = &ac->region.at[set];

	return r->kind == RG_SPACE || (r->kind == RG_LOCAL && r->base == 0);
}

bool
access_same_line(const struct access *ac, uint32_t a, uint32_t b)
{
	const struct region *x = gm_region(ac, a), *y = gm_region(ac, b);

	if (!x || !y || x->root.i != y->root.i || !same_terms(ac, x->base, y->base))
		return false;
	return region_overlap(ac, a, b, WHEN_SAME, 0, 3);
}

int64_t
access_block_stride(const struct access *ac, uint32_t set)
{
	const struct region *r = gm_region(ac, set);
	int64_t stride = 0;

	if (!r)
		return 0;
	const struct aff *x = &ac->aff.aff.at[r->base];
	for (uint32_t i = 0; i < x->nterm; i++) {
		const struct term *t = &ac->aff.term.at[x->term0 + i];
		struct val v = ac->aff.sym.at[t->sym].val;
		struct op d = v.i ? ir_val(ac->ir, v)->def : (struct op){0};
		if (d.i && op_id(ac->ir, d) == OP_GET_BLOCK_IDX)
			stride = t->coef < 0 ? -t->coef : t->coef;
		else if (r->ndim)
			return 0;
	}
	return stride;
}
