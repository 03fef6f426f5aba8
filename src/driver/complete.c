/*
 * complete: see complete.h. The planner knows most of what written synchronisation orders, but not all: the checker
 * knows better. What is proved as written stays as it is; of what was added each pair, barrier and fence is taken out
 * on trial, in small sections, and stays out when the proof still holds.
 */
#include "driver/complete.h"

enum {
	TRIAL_COUNT = 96,	/* proofs on trial per section */
	TRIAL_WORK = 1 << 18	/* trials times ops of the module */
};

void
complete_begin(struct pipeline *p, struct unit *u)
{
	if (p->opt->sync != PTOC_SYNC_COMPLETE)
		return;
	u->complete = sync_written(&p->scratch, &p->ir, p->ac, u->func, u->core) == SYNC_WRITTEN_KNOWN;
	if (!u->complete)
		return;
	unit_prove(p, u);
	u->nothing_missing = u->check.verdict == CHECK_PROVED;
}

struct undo {
	struct op op, next;
	struct blk blk;
};

/* Added ops that serve one hazard go together: set and wait, prime and drain. Halves of written flags must stay. */
static bool
goes_with(const struct pipeline *p, const struct sync_why *a, const struct sync_why *b)
{
	enum pipe ap, aq, bp, bq;
	uint32_t ae, be;
	enum op_id x = op_id(&p->ir, a->sync), y = op_id(&p->ir, b->sync);

	if (a->sync.i == b->sync.i)
		return true;
	if ((x != OP_SET_FLAG && x != OP_WAIT_FLAG) || (y != OP_SET_FLAG && y != OP_WAIT_FLAG) ||
	    a->src.i != b->src.i || a->dst.i != b->dst.i || a->loop.i != b->loop.i)
		return false;
	return op_flag(&p->ir, a->sync, &ap, &aq, &ae) && op_flag(&p->ir, b->sync, &bp, &bq, &be) && ap == bp &&
	       aq == bq && ae == be;
}

static bool
still_proved(struct pipeline *p, struct unit *u)
{
	ir_renumber(&p->ir, u->func);
	unit_prove(p, u);
	return u->check.verdict == CHECK_PROVED;
}

/* Takes out the group of reason i; put back when the proof fails without it. True when it stays out. */
static bool
trial(struct pipeline *p, struct unit *u, uint32_t i, struct undo *undo, bool *gone)
{
	const struct sync_why *w = u->sync.why.at;
	uint32_t n = 0;

	for (uint32_t k = i; k < u->sync.why.n; k++) {
		if (gone[k] || !goes_with(p, &w[i], &w[k]) || ir_op(&p->ir, w[k].sync)->parent.i == 0)
			continue;
		undo[n++] = (struct undo){w[k].sync, ir_op(&p->ir, w[k].sync)->next, ir_op(&p->ir, w[k].sync)->parent};
		ir_unlink(&p->ir, w[k].sync);
		gone[k] = true;
	}
	if (n && still_proved(p, u))
		return true;
	while (n-- > 0) {
		if (undo[n].next.i)
			ir_insert_before(&p->ir, undo[n].next, undo[n].op);
		else
			ir_append(&p->ir, undo[n].blk, undo[n].op);
	}
	for (uint32_t k = i; k < u->sync.why.n; k++)
		gone[k] = gone[k] && !ir_op(&p->ir, w[k].sync)->parent.i;
	return false;
}

static void
count_again(struct pipeline *p, struct unit *u, const bool *gone)
{
	struct sync_result *r = &u->sync;
	uint32_t kept = 0, nflush = r->nflush;

	for (uint32_t i = 0; i < r->why.n; i++) {
		if (gone[i])
			ir_op(&p->ir, r->why.at[i].sync)->flags |= OPD_DEAD;
		else
			r->why.at[kept++] = r->why.at[i];
	}
	r->why.n = kept;
	r->npair = r->nbarrier = r->nbarrier_all = r->nfence = 0;
	for (uint32_t i = 0; i < kept; i++) {
		struct op o = r->why.at[i].sync;
		enum op_id id = op_id(&p->ir, o);
		enum pipe q = P_NONE, none;
		uint32_t eid;
		if (id == OP_BARRIER)
			op_flag(&p->ir, o, &q, &none, &eid);
		r->npair += id == OP_WAIT_FLAG && (r->why.at[i].kind == 'H' || !r->why.at[i].loop.i);
		r->nbarrier += id == OP_BARRIER && q != P_ALL;
		r->nbarrier_all += id == OP_BARRIER && q == P_ALL;
		r->nfence += id == OP_PTOC_DSB && r->why.at[i].kind == 'F';
	}
	r->nflush = nflush;
}

/* What is added to a mixed function stands in guards for its core, which no trial takes apart. */
static bool
is_mixed(const struct pipeline *p, const struct unit *u)
{
	enum core core[2];

	return section_count(&p->ir, u->func, core) > 1;
}

void
complete_trim(struct pipeline *p, struct unit *u)
{
	uint32_t n = u->sync.why.n, ntrial = 0;
	bool *gone;
	struct undo *undo;

	if (!u->complete || u->nothing_missing || u->conservative || !u->checked || n == 0 || is_mixed(p, u) ||
	    u->check.verdict != CHECK_PROVED || (uint64_t)(n < TRIAL_COUNT ? n : TRIAL_COUNT) * p->ir.op.n > TRIAL_WORK)
		return;
	gone = ARENA_ARRAY(p->a, bool, n);
	undo = ARENA_ARRAY(p->a, struct undo, n);
	for (uint32_t i = 0; i < n && ntrial < TRIAL_COUNT; i++) {
		if (gone[i] || u->sync.why.at[i].kind == 'H' || u->sync.why.at[i].kind == 'E')
			continue;
		ntrial++;
		trial(p, u, i, undo, gone);
	}
	still_proved(p, u);
	count_again(p, u, gone);
}
