/*
 * know: the knowledge lattice of the planner: joins at waits, barriers and fences, and the effect of compound
 * statements. Larger is more knowledge; facts never expire.
 */
#include "sync/plan.h"

void
row_join(struct row *to, const struct row *from)
{
	for (uint32_t p = 0; p < NCOL; p++) {
		uint8_t bit = (uint8_t)(1u << p);
		if (from->k[p] >= to->k[p]) {
			to->v = (uint8_t)(from->k[p] > to->k[p] ? (to->v & ~bit) | (from->v & bit)
							       : to->v & (from->v | ~bit));
			to->k[p] = from->k[p];
		}
		if (from->kp[p] >= to->kp[p]) {
			to->vp = (uint8_t)(from->kp[p] > to->kp[p] ? (to->vp & ~bit) | (from->vp & bit)
								  : to->vp & (from->vp | ~bit));
			to->kp[p] = from->kp[p];
		}
	}
	to->f |= from->f;
	to->c |= from->c;
	to->of |= from->of;
	to->oc |= from->oc;
}

void
know_init(struct know *w)
{
	memset(w, 0, sizeof *w);
	for (uint32_t r = 0; r < NROW; r++)
		w->row[r].f = w->row[r].of = (uint16_t)(1u << r);
}

/* Everything up to statement `pos` of column p, and all of it that came before the block. */
static void
row_complete(struct row *r, uint32_t p, uint32_t pos)
{
	uint8_t bit = (uint8_t)(1u << p);

	if (r->k[p] <= pos) {
		r->k[p] = pos;
		r->v &= (uint8_t)~bit;
	}
	r->kp[p] = KP_ALL;
	r->vp &= (uint8_t)~bit;
	r->c |= bit;
	r->oc |= bit;
}

/* S blocks issue (X7): what S knows holds for whatever is issued afterwards on any pipe. */
static void
s_spreads(struct know *w)
{
	for (uint32_t q = 0; q < PIPE_COUNT; q++)
		if (q != P_S)
			row_join(&w->row[q], &w->row[P_S]);
}

void
know_token(struct row *t, const struct row *src, enum pipe p, uint32_t pos)
{
	*t = *src;
	row_complete(t, p, pos);
}

void
know_wait(struct know *w, enum pipe dst, const struct row *token)
{
	row_join(&w->row[dst], token);
	if (dst == P_S)
		s_spreads(w);
}

void
know_barrier(struct know *w, enum pipe q, uint32_t pos)
{
	if (q != P_ALL) {
		row_complete(&w->row[q], q, pos);
		return;
	}
	for (uint32_t r = 0; r < PIPE_COUNT; r++)
		for (uint32_t p = 0; p < PIPE_COUNT; p++)
			row_complete(&w->row[r], p, pos);
}

void
know_dcci(struct know *w, uint32_t pos)
{
	row_complete(&w->row[ROW_CLN], P_S, pos);
	row_join(&w->row[ROW_INV], &w->row[P_S]);
	row_complete(&w->row[ROW_INV], COL_X, pos);
}

void
know_dsb(struct know *w)
{
	struct row s = w->row[P_S];
	const struct row *cln = &w->row[ROW_CLN];

	/* Scalar stores are complete in GM only when their lines were cleaned before. */
	s.k[P_S] = cln->k[P_S];
	s.kp[P_S] = cln->kp[P_S];
	s.v |= 1u << P_S;
	s.vp |= 1u << P_S;
	s.c = (uint8_t)((s.c & ~(1u << P_S)) | (cln->c & 1u << P_S));
	s.oc = (uint8_t)((s.oc & ~(1u << P_S)) | (cln->oc & 1u << P_S));
	s.f |= cln->f;
	s.of |= cln->of;
	row_join(&w->row[ROW_FEN], &s);
}

/* Entry knowledge of row q reaches row r. That scalar stores are complete for a pipe does not make them visible. */
static void
flow_join(struct row *to, uint32_t r, const struct row *from, uint32_t q)
{
	struct row f = *from;

	if (!(know_rows(r, P_S) >> q & 1)) {
		f.k[P_S] = 0;
		f.kp[P_S] = 0;
		f.c &= (uint8_t)~(1u << P_S);
		f.oc &= (uint8_t)~(1u << P_S);
	}
	row_join(to, &f);
}

void
know_transfer(struct know *w, const struct transfer *t, uint32_t pos, const uint32_t last[NCOL])
{
	struct know in = *w;

	for (uint32_t r = 0; r < NROW; r++) {
		struct row *o = &w->row[r];
		for (uint32_t q = 0; q < NROW; q++)
			if (q != r && t->flow[r] >> q & 1)
				flow_join(o, r, &in.row[q], q);
		for (uint32_t p = 0; p < NCOL; p++) {
			if (t->comp[r] >> p & 1)
				row_complete(o, p, pos - 1);
			if (t->done[r] >> p & 1 && o->k[p] >= last[p] && o->k[p] < pos) {
				o->k[p] = pos;
				if (!(t->comp[r] >> p & 1))
					o->v |= (uint8_t)(1u << p);
			}
		}
	}
}

void
know_summary(const struct know *w, const uint32_t last[NCOL], struct transfer *t)
{
	for (uint32_t r = 0; r < NROW; r++) {
		t->flow[r] = w->row[r].f;
		t->comp[r] = w->row[r].c;
		t->done[r] = 0;
		for (uint32_t p = 0; p < NCOL; p++)
			if (w->row[r].k[p] >= last[p])
				t->done[r] |= (uint8_t)(1u << p);
	}
}

void
transfer_identity(struct transfer *t, uint8_t pipes)
{
	for (uint32_t r = 0; r < NROW; r++) {
		t->flow[r] = (uint16_t)(1u << r);
		t->comp[r] = 0;
		t->done[r] = (uint8_t)~pipes;
	}
}

void
transfer_meet(struct transfer *t, const struct transfer *o)
{
	for (uint32_t r = 0; r < NROW; r++) {
		t->flow[r] &= o->flow[r];
		t->comp[r] &= o->comp[r];
		t->done[r] &= o->done[r];
	}
}

void
know_sync_op(struct know *w, const struct ir *ir, struct op o, uint32_t pos)
{
	enum pipe src, dst;
	uint32_t eid;

	switch (ir_op(ir, o)->id) {
	case OP_BARRIER:
		if (op_flag(ir, o, &src, &dst, &eid))
			know_barrier(w, src, pos);
		break;
	case OP_FENCE_BARRIER_ALL:
		know_barrier(w, P_ALL, pos);
		know_dsb(w);
		break;
	case OP_CMO_CACHEINVALID:
		if (!op_slot(ir, o, 0).i)
			know_dcci(w, pos);
		break;
	case OP_PTOC_DCCI:
		if (!op_slot(ir, o, 0).i)
			know_dcci(w, pos);
		break;
	case OP_PTOC_DSB:
		know_dsb(w);
		break;
	case OP_PTOC_TAIL:
		know_barrier(w, P_ALL, pos);
		break;
	default:
		break;
	}
}
