/* own: see own.h. Callees first; what a called function overwrites counts from the call on. */
#include "check/own.h"

#include "check/family.h"
#include "mem/mem.h"

enum { OWN_MAX = 128, TILES_MAX = 512 };	/* of a function; with more nothing is listed */

struct ck_use {			/* of one family */
	uint32_t first, last_read;	/* positions */
	bool made;		/* the first use only writes */
	bool used, written;
};

struct ck_summary {
	struct ck_owners *w;
	struct arena *a;
	const struct ir *ir;
	const struct access *ac;
	struct ck_families f;
	struct ck_use *use;	/* by family - val0 */
};

const struct ck_owner *
ck_owner_of(const struct ck_owners *w, struct op call)
{
	const struct ck_frame *x = w->at ? ck_frame_of(&w->frames, call) : NULL;

	return x ? &w->at[x - w->frames.frame] : NULL;
}

static struct ck_use *
ck_use_of(struct ck_summary *s, struct val v)
{
	return &s->use[ck_family(&s->f, v) - s->f.val0];
}

/* A phase that reads and writes a tile reads it first. */
static void
ck_use_phase(struct ck_summary *s, struct op o, const struct phase *ph)
{
	uint32_t n, now = ck_pos(&s->f, o);
	const struct acc *c = access_accs(s->ac, ph, &n);

	for (unsigned write = 0; write < 2; write++)
		for (uint32_t k = 0; k < n; k++) {
			uint32_t fam = ck_family_at(&s->f, o, c[k].slot);
			bool scratch = c[k].rw & ACC_SCRATCH, reads = c[k].rw & ACC_READ && !scratch;
			if (!fam || !(write ? c[k].rw & ACC_WRITE : reads))
				continue;
			struct ck_use *u = &s->use[fam - s->f.val0];
			u->made |= !u->first && write;
			u->first = u->first ? u->first : now;
			u->used |= !write || scratch;
			u->written |= write;
			u->last_read = write ? u->last_read : now;
		}
}

static void
ck_own_add(struct ck_summary *s, struct ck_owner *x, struct ck_own own)
{
	if (x->own.n <= OWN_MAX)
		VEC_PUSH(s->a, &x->own, own);
}

static void
ck_use_op(struct ck_summary *s, struct ck_owner *x, struct op o)
{
	const struct ck_owner *to = op_id(s->ir, o) == OP_CALL ? ck_owner_of(s->w, o) : NULL;
	uint32_t n = 0, now = ck_pos(&s->f, o);
	const struct phase *ph = access_phases(s->ac, o, &n);

	for (uint32_t k = 0; to && k < to->own.n; k++) {
		struct ck_own own = to->own.at[k];
		own.first = now;
		ck_own_add(s, x, own);
	}
	for (uint32_t k = 0; op_id(s->ir, o) == OP_CALL && k < ir_op(s->ir, o)->nopnd; k++)
		if (ck_is_tile(s->ir, op_opnd(s->ir, o, k))) {
			struct ck_use *u = ck_use_of(s, op_opnd(s->ir, o, k));
			u->first = u->first ? u->first : now;
			u->written = true;
		}
	for (uint32_t k = 0; k < n; k++)
		ck_use_phase(s, o, &ph[k]);
	if (mem_uses_fixed_scratch(s->ir, o))
		ck_own_add(s, x, (struct ck_own){FIXED_SCRATCH_LO, FIXED_SCRATCH_LO + FIXED_SCRATCH_SURE_BYTES, SP_VEC,
						 o, now});
}

static bool
ck_share(const struct buf_place *x, const struct buf_place *y)
{
	return x->space == y->space && x->addr_bytes < y->addr_bytes + y->size_bytes &&
	       y->addr_bytes < x->addr_bytes + x->size_bytes;
}

/* The tile, unless it shares bytes with one that may be a name of the caller's data. */
static void
ck_own_tile(struct ck_summary *s, struct ck_owner *x, struct op alloc)
{
	struct buf_place p = mem_place(s->ir, alloc);
	const struct ck_use *u = ck_use_of(s, op_res(s->ir, alloc, 0));

	if (!p.known || !u->made || !u->used)
		return;
	for (uint32_t k = 0; k < s->f.alloc.n; k++) {
		struct buf_place q = mem_place(s->ir, s->f.alloc.at[k]);
		const struct ck_use *v = ck_use_of(s, op_res(s->ir, s->f.alloc.at[k], 0));
		if (!q.known || (v->first && !(v->made && v->used) && ck_share(&p, &q)))
			return;
	}
	ck_own_add(s, x, (struct ck_own){(int64_t)p.addr_bytes, (int64_t)(p.addr_bytes + p.size_bytes), p.space, alloc,
					 u->first});
}

static void
ck_summarise(struct ck_summary *s, struct ck_owner *x, struct op func)
{
	const struct blk_data *b = ir_blk(s->ir, op_body(s->ir, func, 0));

	x->lent = ARENA_ARRAY(s->a, struct ck_lent, b->narg + 1);
	ck_families_build(&s->f, s->a, s->ir, func);
	s->use = ARENA_ARRAY(s->a, struct ck_use, s->f.nval + 1);
	for (uint32_t k = 1; k < s->f.order.n; k++)
		ck_use_op(s, x, s->f.order.at[k]);
	for (uint32_t k = 0; k < s->f.alloc.n && s->f.alloc.n <= TILES_MAX; k++)
		ck_own_tile(s, x, s->f.alloc.at[k]);
	for (uint32_t k = 0; k < b->narg; k++) {
		struct val v = {b->arg0 + k};
		if (ck_is_tile(s->ir, v))
			x->lent[k] = (struct ck_lent){ck_use_of(s, v)->last_read, ck_use_of(s, v)->written};
	}
	if (s->f.moves || x->own.n > OWN_MAX)
		x->own.n = 0;
}

void
ck_owners_build(struct ck_owners *w, struct arena *a, const struct ir *ir, const struct access *ac,
		const struct op *func, uint32_t nfunc)
{
	struct ck_summary s = {.w = w, .a = a, .ir = ir, .ac = ac};

	*w = (struct ck_owners){.at = NULL};
	ck_frames_build(&w->frames, a, ir, func, nfunc);
	if (!w->frames.frame)
		return;
	w->at = ARENA_ARRAY(a, struct ck_owner, nfunc);
	for (uint32_t k = 0; k < w->frames.norder; k++)
		ck_summarise(&s, &w->at[w->frames.order[k]], func[w->frames.order[k]]);
}
