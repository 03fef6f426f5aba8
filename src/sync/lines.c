/*
 * lines: warnings about 64-byte lines that no sequence of instructions makes reliable: a tile store and a scalar store
 * of one core that reach one line (pypto#2005), and scalar stores of several blocks into one line (PTOAS#915).
 */
#include "sync/sync.h"

enum { MAX_WARNING = 16 };	/* per section and kind */

struct stores {
	struct ir *ir;
	struct access *ac;
	const struct section *sec;
	uint32_t set0;		/* first set of the function */
	uint32_t *tile;		/* per set - set0: latest node that stores it by DMA, 0 none */
	uint32_t nshared, nfalse;
	bool strict;
};

static void
warn_shared(struct stores *w, uint32_t scalar, uint32_t set)
{
	struct op o = w->sec->node.at[scalar].ph->op;
	uint32_t n;
	bool all;
	const uint32_t *near = access_near(w->ac, set, &n, &all);

	for (uint32_t i = 0; !all && i < n && w->nshared < MAX_WARNING; i++) {
		uint32_t t = w->tile[near[i] - w->set0];
		if (!t || !access_same_line(w->ac, set, near[i]))
			continue;
		struct op ot = w->sec->node.at[t].ph->op;
		diag_report(w->ir->diags, DIAG_SHARED_LINE, ir_op(w->ir, o)->span,
			    "scalar store shares a 64-byte GM line with a tile store");
		if (w->strict)
			diag_as_error(w->ir->diags);
		diag_note(w->ir->diags, ir_op(w->ir, ot)->span, "the tile store is here");
		diag_hint(w->ir->diags, "the scalar data cache writes whole lines back; keep the two on different "
					"lines");
		w->nshared++;
		return;
	}
}

static void
warn_false_sharing(struct stores *w, uint32_t scalar, uint32_t set)
{
	int64_t stride = access_block_stride(w->ac, set);

	if (stride == 0 || stride >= CACHE_LINE_BYTES || w->nfalse >= MAX_WARNING)
		return;
	diag_report(w->ir->diags, DIAG_FALSE_SHARING, ir_op(w->ir, w->sec->node.at[scalar].ph->op)->span,
		    "scalar stores of neighbouring blocks are %lld bytes apart and share a 64-byte GM line",
		    (long long)stride);
	if (w->strict)
		diag_as_error(w->ir->diags);
	diag_hint(w->ir->diags, "each core writes the whole line back and loses the others' updates; use a stride of "
				"64 bytes or more");
	w->nfalse++;
}

static void
each_store(struct stores *w, bool scalar, void (*visit)(struct stores *, uint32_t, uint32_t))
{
	for (uint32_t x = 1; x < w->sec->node.n; x++) {
		const struct phase *ph = w->sec->node.at[x].ph;
		uint32_t n;
		const struct acc *ac = access_accs(w->ac, ph, &n);
		if ((ph->pipe == P_S) != scalar)
			continue;
		for (uint32_t k = 0; k < n; k++)
			if (ac[k].rw & ACC_WRITE && access_space(w->ac, ac[k].set) == SP_GM)
				visit(w, x, ac[k].set);
	}
}

static void
note_tile(struct stores *w, uint32_t node, uint32_t set)
{
	w->tile[set - w->set0] = node;
}

static void
look_scalar(struct stores *w, uint32_t node, uint32_t set)
{
	warn_shared(w, node, set);
	warn_false_sharing(w, node, set);
}

void
sync_warn_lines(struct arena *a, struct ir *ir, struct access *ac, struct op func, enum core core, bool strict)
{
	struct stores w = {.ir = ir, .ac = ac, .strict = strict};
	uint32_t end = access_sets(ac, func, &w.set0);

	if (!access_has_scalar_gm(ac, func))
		return;
	w.sec = section_build(a, ir, ac, func, core);
	w.tile = ARENA_ARRAY(a, uint32_t, end - w.set0);
	each_store(&w, false, note_tile);
	each_store(&w, true, look_scalar);
}
