/*
 * sinks: what must be complete or visible before an access, set or release, and the demands on earlier iterations.
 * The table of required facts is spec sync-model §7.3 and §7.4; same-pipe rules come from the access layer.
 */
#include "check/walk.h"

#include "mem/mem.h"

#include <assert.h>

enum {
	NEED_Q = 1 << VIEW_Q,
	NEED_FEN = 1 << VIEW_FEN,
	NEED_FENS = 1 << VIEW_FENS,
	NEED_INV = 1 << VIEW_INV,
	LOOKS_PER_STEP = 16,	/* events looked at in a run that cost as much as a statement */
	CLASS_STEPS_MIN = 256,	/* steps along the chain of a class that are allowed in any case */
	DEMANDS_ALIKE_MAX = 8	/* demands of one sink that know incomparable things; more are merged */
};

/* One question: a chain, the column its events complete in; uniform: what one of them needs, all do. */
struct ck_query {
	uint32_t chain, reg;	/* reg: region when all its events share one */
	unsigned col;
	bool write, uniform;
	bool by_class;		/* the events are of different regions: each may overlap or not */
};

static unsigned
need_gm(const struct ck_sink *s, unsigned col, bool write)
{
	bool reads = (s->acc->rw & ACC_READ) && !(s->acc->rw & ACC_ATOMIC);

	if (!write)
		return NEED_Q;
	if (col == P_S)
		return NEED_FENS | NEED_Q;
	if (s->pipe == P_S)
		return NEED_FEN | NEED_INV;
	return reads ? NEED_FEN : NEED_Q;
}

/* The loop that the two are in different trips of, when it is expanded; 0 = none. */
static struct op
ck_apart(const struct ck_checker *c, const struct ck_event *e, const struct ck_sink *s)
{
	uint32_t a = e->ctx, b = s->ctx;
	struct op x = {0}, y = {0};

	/* A context has a larger number than the one around it. */
	while (a != b) {
		uint32_t *in = a > b ? &a : &b;
		struct op loop = c->env.ctx.at[*in].loop;
		if (loop.i)
			*(in == &a ? &x : &y) = loop;
		*in = c->env.ctx.at[*in].parent;
	}
	return x.i == y.i ? x : (struct op){0};
}

static unsigned
need_access(const struct ck_checker *c, const struct ck_event *e, const struct ck_sink *s, const struct ck_query *q)
{
	bool carried = s->lo || (e->ctx != s->ctx && ck_apart(c, e, s).i);

	if (!e->acc || !acc_conflicts(e->acc->rw, s->acc->rw) || (q->col == P_S && (!q->write || s->pipe == P_S)))
		return 0;
	if (q->col == s->pipe)
		return access_same_pipe_hazard(c->ac, e->ph, e->acc, s->ph, s->acc, carried,
					       c->opt->same_pipe) ? NEED_Q : 0;
	if (!s->gm || !c->opt->visibility)
		return NEED_Q;
	return need_gm(s, q->col, q->write);
}

static unsigned
ck_need_of(const struct ck_checker *c, const struct ck_event *e, const struct ck_sink *s, const struct ck_query *q)
{
	if (s->kind == SINK_SET)
		return NEED_Q;
	if (s->kind == SINK_EXIT)
		return q->col == P_S ? NEED_FENS : NEED_Q;
	if (q->col == C_EXT)
		return NEED_INV;
	/* A signal queued on a pipe follows the stores of that pipe. */
	if (s->kind == SINK_RELEASE && s->pipe != P_S && q->col == s->pipe)
		return 0;
	if (s->kind == SINK_RELEASE)
		return !q->write ? NEED_Q : q->col == P_S ? NEED_FENS : NEED_FEN;
	return need_access(c, e, s, q);
}

/* What symbol b knows at the end of the body of f; NULL when its flag is clear there. */
static const struct ck_row *
symbol_row(const struct ck_checker *c, const struct ck_frame *f, unsigned b)
{
	const struct ck_token *t = NULL;

	if (b >= ROW_COUNT && b < SYM_MAX)
		t = ck_know_token(&c->k, f->sym_key[b]);
	return b < ROW_COUNT ? &c->k.r[b] : t ? &t->row : NULL;
}

/* The needed rows that do not cover the event; *prefix: nor any need to look at older ones. */
static unsigned
ck_missing(const struct ck_checker *c, const struct ck_event *e, const struct ck_sink *s, unsigned col, unsigned need,
	   bool *prefix)
{
	unsigned miss = 0;

	*prefix = true;
	for (unsigned v = 0; v < VIEW_COUNT; v++) {
		if (!(need >> v & 1))
			continue;
		const struct ck_cell *cell = &s->know[v][col];
		if (cell->base >= e->ord)
			continue;
		*prefix = false;
		if (ck_isle_has(&c->isles, cell->set, e->ord))
			continue;
		if (v == VIEW_FENS && e->clean && ck_cell_has(&c->isles, &s->know[v][C_EXT], e->clean))
			continue;	/* its line was cleaned, then a dsb */
		miss |= 1u << v;
	}
	return miss;
}

/* ---- what lies behind values of one path ---- */

struct moment {
	struct ck_checker *c;
	uint32_t ctx;
};

static bool
moment_value(void *arg, struct val v, int64_t *x)
{
	struct moment *m = arg;

	return ck_eval_int(&m->c->env, m->ctx, v, x);
}

static bool
moment_trip(void *arg, struct op loop, int64_t *k)
{
	const struct moment *m = arg;
	const struct ck_env *e = &m->c->env;
	uint32_t ctx = m->ctx;

	while (ctx && e->ctx.at[ctx].loop.i != loop.i)
		ctx = e->ctx.at[ctx].parent;
	*k = e->ctx.at[ctx].k;
	return ctx != 0;
}

static bool
replay_overlaps(struct ck_checker *c, const struct ck_event *e, const struct ck_sink *s, const struct ck_query *q)
{
	struct moment m = {c, e->ctx}, n = {c, s->ctx};
	struct access_at x = {moment_value, moment_trip, &m}, y = {moment_value, moment_trip, &n};
	unsigned lines = (q->col == P_S) | (unsigned)(s->pipe == P_S) << 1;

	bool scratch = e->acc->slot == 0xff || s->acc->slot == 0xff;

	if (!ck_acc_exact(c, e->ph, e->acc) || !ck_acc_exact(c, s->ph, s->acc) ||
	    (scratch && (e->acc->slot != s->acc->slot || e->acc->set != s->acc->set)) ||
	    !access_meet(c->ac, e->acc, s->acc, &x, &y, lines, &c->meet_lo, &c->meet_hi))
		return false;
	if (scratch)
		c->meet_hi = c->meet_lo + FIXED_SCRATCH_SURE_BYTES;
	return true;
}

static bool
ck_overlaps(struct ck_checker *c, const struct ck_event *e, const struct ck_sink *s, const struct ck_query *q)
{
	/* Around an unnamed loop (branches between blocks) one value may mean different bytes each time. */
	if (s->kind != SINK_ACC || q->col == C_EXT || (s->lo && !s->loop.i))
		return true;
	if (c->mode == MODE_REPLAY)
		return replay_overlaps(c, e, s, q);
	struct op loop = s->loop.i || s->lo ? s->loop : ck_apart(c, e, s);
	return access_overlap(c->ac, e->acc->set, s->acc->set, loop, q->col == P_S, s->pipe == P_S);
}

static enum finding_kind
ck_kind_of(const struct ck_checker *c, const struct ck_event *e, const struct ck_sink *s, unsigned col, unsigned miss)
{
	if (s->kind == SINK_SET)
		return op_row(c->ir, s->op)->flags & OPF_SYNC ? CK_DOUBLE_SET : CK_HIDDEN_KEY;
	if (s->kind == SINK_EXIT)
		return CK_TAIL;
	if ((miss & NEED_Q) || (col < PIPE_COUNT && !ck_cell_has(&c->isles, &s->know[VIEW_Q][col], e->ord)))
		return CK_ORDER;
	return CK_VISIBLE;
}

static void
ck_complain(struct ck_checker *c, const struct ck_event *e, const struct ck_sink *s, const struct ck_query *q,
	    unsigned miss)
{
	struct finding f = {
		.kind = ck_kind_of(c, e, s, q->col, miss), .verdict = CHECK_UNPROVED,
		.src = e->op, .dst = s->op, .loop = s->lo ? s->loop : ck_apart(c, e, s),
		.set_src = e->acc ? e->acc->set : 0, .set_dst = s->acc ? s->acc->set : 0,
		.pipe_src = (uint8_t)(q->col == C_EXT ? P_S : q->col), .pipe_dst = s->pipe,
	};

	if (s->kind == SINK_SET) {
		f.eid = (uint8_t)(s->reg % EVENT_ID_COUNT);
		f.pipe_src = (uint8_t)(s->reg / EVENT_ID_COUNT / PIPE_COUNT);
		f.pipe_dst = (uint8_t)(s->reg / EVENT_ID_COUNT % PIPE_COUNT);
	}
	/* Single cache lines are followed roughly: no counter-example can be claimed. */
	/* What a function called does is known in outline only. */
	bool outline = op_id(c->ir, e->op) == OP_CALL || op_id(c->ir, s->op) == OP_CALL;
	if (!outline && !c->soft && !((miss & (NEED_FENS | NEED_INV)) && c->line.n))
		f.verdict = ck_here(c);
	if (c->mode == MODE_REPLAY)
		ck_path(c, &f, e->ctx, s->ctx, e->acc && s->kind == SINK_ACC && q->col != C_EXT);
	c->halt |= c->mode == MODE_REPLAY && s->kind == SINK_SET;
	ck_report(c, &f);
}

/* The overlap of events of a whole class is looked at one by one: that must not take forever. */
static bool
ck_tired(struct ck_checker *c, const struct ck_event *e, const struct ck_sink *s, uint32_t steps)
{
	if (c->budget)
		c->budget--;
	if (c->budget || steps < CLASS_STEPS_MIN)
		return false;
	ck_report(c, &(struct finding){.kind = CK_BEYOND, .verdict = CHECK_UNPROVED, .why = CK_WHY_MANY, .src = e->op,
				    .dst = s->op, .loop = s->loop});
	return true;
}

/*
 * Event i is known. Has everything older on the chain been found known with the same isles before? If not, and the
 * chain below the event is final (no other arm can slip in), it becomes what is remembered of this walk.
 */
static bool
ck_clean_below(struct ck_checker *c, const struct ck_sink *s, const struct ck_query *q, uint32_t i, unsigned need,
	       struct ck_clean *now)
{
	const struct ck_event *e = &c->event.at[i];
	unsigned view = (unsigned)__builtin_ctz(need);
	const struct ck_cell *cell = &s->know[view][q->col];
	uint32_t node = ck_isle_find(&c->isles, cell->set, e->ord), lo = s->lo ? s->lo[q->col] : 0;

	if ((need & (need - 1)) || !node || c->isles.at.at[node].up < e->ord) {
		now->slot = NULL;
		return false;
	}
	struct ck_clean *m = ck_clean_slot(c, q->chain, view, s->lo);
	if (m->chain == q->chain && m->event == i && m->ord == e->ord && m->node == node && cell->base >= m->base &&
	    lo >= m->lo)
		return true;
	if (!now->slot && (!c->open || e->ord <= c->open[q->col]))
		*now = (struct ck_clean){.chain = q->chain, .event = i, .ord = e->ord, .node = node,
					 .base = cell->base, .lo = lo, .slot = m};
	return false;
}

/* Looks for an event that is not known; true when there is none. */
static bool
ck_ask_walk(struct ck_checker *c, const struct ck_sink *s, const struct ck_query *q, struct ck_clean *now)
{
	uint32_t steps = 0, lo = s->lo ? s->lo[q->col] : 0;
	bool prefix;

	for (uint32_t i = c->head.at[q->chain]; i; i = c->event.at[i].prev) {
		const struct ck_event *e = &c->event.at[i];
		if (e->ord <= lo)
			return true;
		/* In a run chains are as long as its loops. */
		if (c->mode == MODE_REPLAY && ++c->looks % LOOKS_PER_STEP == 0)
			c->steps++;
		/* On one pipe only its barrier counts: no need to ask whether it is wanted. */
		if (s->kind == SINK_ACC && q->col == s->pipe && s->know[VIEW_Q][q->col].base >= e->ord)
			return true;
		unsigned need = ck_need_of(c, e, s, q);
		unsigned miss = ck_missing(c, e, s, q->col, need, &prefix);
		if (need ? prefix : q->uniform && c->mode == MODE_PLAIN)
			return need;
		if (need && !miss && ck_clean_below(c, s, q, i, need, now))
			return true;
		if (miss && ck_overlaps(c, e, s, q)) {
			ck_complain(c, e, s, q, miss);
			return false;
		}
		c->vague |= miss != 0;
		if ((miss && q->reg && c->mode == MODE_PLAIN) || (q->by_class && ck_tired(c, e, s, ++steps)))
			return false;
		if (!need || miss)
			now->slot = NULL;
	}
	return true;
}

static void
ck_ask(struct ck_checker *c, const struct ck_sink *s, const struct ck_query *q)
{
	struct ck_clean now = {0};

	if (c->head.at[q->chain] && ck_ask_walk(c, s, q, &now) && now.slot)
		*now.slot = now;
}

/* Nothing on the chain, or its newest event is behind a barrier of the sink's pipe: the walk would end there. */
static inline bool
chain_done(const struct ck_checker *c, const struct ck_sink *s, uint32_t chain, unsigned pipe)
{
	uint32_t i = c->head.at[chain];

	return !i || (pipe == s->pipe && c->event.at[i].ord <= s->know[VIEW_Q][pipe].base);
}

/* Which chains can hold an event the sink conflicts with: reads only matter to writers. */
static inline void
ask_region(struct ck_checker *c, const struct ck_sink *s, uint32_t reg)
{
	uint32_t used = c->region.at[reg].used;

	if (!(s->acc->rw & ACC_WRITE))
		used &= 0xaaaaaaaa;	/* CHAIN_WRITE and CHAIN_TAME */
	for (; used; used &= used - 1) {
		unsigned k = (unsigned)__builtin_ctz(used), pipe = k / CHAIN_KINDS, kind = k % CHAIN_KINDS;
		uint32_t chain = ck_chain_of(reg, pipe, kind);
		if (!chain_done(c, s, chain, pipe))
			ck_ask(c, s, &(struct ck_query){.chain = chain, .reg = reg, .col = pipe, .write = kind & 1,
						     .uniform = pipe != P_V || s->pipe != P_V ||
								kind != CHAIN_WRITE});
	}
}

static void
ask_class(struct ck_checker *c, const struct ck_sink *s, uint32_t cls)
{
	for (unsigned k = 0; k < 2 * PIPE_COUNT; k++)
		if ((k & 1) || (s->acc->rw & ACC_WRITE))
			ck_ask(c, s, &(struct ck_query){.chain = ck_chain_class(c, cls, k / 2, k & 1), .col = k / 2,
						     .write = k & 1, .by_class = true});
}

static void
decide_access(struct ck_checker *c, const struct ck_sink *s)
{
	const struct ck_region *g = &c->region.at[s->reg];
	uint32_t n;

	if (g->all) {
		ask_class(c, s, g->cls);
	} else {
		const uint32_t *near = ck_src_near(c, s->reg, &n);
		for (uint32_t i = 0; i < n; i++)
			ask_region(c, s, near[i]);
	}
	if (s->gm && s->pipe == P_S && (s->acc->rw & ACC_READ) && s->ph->kind == PH_WORK && c->opt->visibility)
		ck_ask(c, s, &(struct ck_query){.chain = ck_chain_acquire(), .col = C_EXT, .write = true});
}

/* Everything has ended (with the pair as tail: the stores have), and no line of the cache is dirty. */
static void
decide_exit(struct ck_checker *c, const struct ck_sink *s)
{
	bool pair = ck_tail_is_pair(c);

	for (unsigned p = P_S + 1; p < PIPE_COUNT; p++)
		if (!pair || p == P_MTE3)
			ck_ask(c, s, &(struct ck_query){.chain = ck_chain_work(p), .col = p, .write = true});
	ck_ask(c, s, &(struct ck_query){.chain = ck_chain_gm(P_S, true), .col = P_S, .write = true});
}

void
ck_sink_decide(struct ck_checker *c, const struct ck_sink *s)
{
	if (s->kind == SINK_ACC) {
		decide_access(c, s);
	} else if (s->kind == SINK_SET) {
		ck_ask(c, s, &(struct ck_query){.chain = ck_chain_key(s->reg), .write = true,
					     .col = s->reg / EVENT_ID_COUNT % PIPE_COUNT});
	} else if (s->kind == SINK_EXIT) {
		decide_exit(c, s);
	} else if (c->opt->visibility) {
		for (unsigned p = 0; p < PIPE_COUNT; p++)
			ck_ask(c, s, &(struct ck_query){.chain = ck_chain_gm(p, true), .col = p, .write = true});
		ck_ask(c, s, &(struct ck_query){.chain = ck_chain_gm(P_MTE2, false), .col = P_MTE2});
	}
}

/* ---- demands ---- */

/* The parts of the rows that can count for the sink. */
static void
sink_columns(struct ck_checker *c, struct ck_sink *s)
{
	const unsigned scalar = 1u << P_S, all = (1u << PIPE_COUNT) - 1, ext = 1u << C_EXT;
	unsigned pipes = all;

	memset(s->cols, 0, sizeof s->cols);
	if (s->kind == SINK_ACC)
		pipes = ck_src_pipes(c, s->reg, s->acc->rw & ACC_WRITE);
	else if (s->kind == SINK_SET)
		pipes = 1u << s->reg / EVENT_ID_COUNT % PIPE_COUNT;
	s->cols[VIEW_Q] = (uint16_t)pipes;
	if (s->kind == SINK_SET || (s->kind == SINK_ACC && (!s->gm || !c->opt->visibility)))
		return;
	s->cols[VIEW_FENS] = (uint16_t)(pipes & scalar ? scalar | ext : 0);
	if (s->kind == SINK_RELEASE || s->pipe == P_S || ((s->acc->rw & ACC_READ) && !(s->acc->rw & ACC_ATOMIC)))
		s->cols[VIEW_FEN] = (uint16_t)(pipes & ~scalar);
	if (s->kind == SINK_ACC && s->pipe == P_S)
		s->cols[VIEW_INV] = (uint16_t)((pipes & ~scalar) | ext);
}

static uint32_t
demand_hash(const struct ck_sink *s)
{
	uint32_t h = hash_u32(s->kind, s->reg);

	h = hash_u32(h, s->pipe | (uint32_t)(s->acc ? s->acc->rw : 0) << 8);
	return hash_u32(hash_u32(h, s->cls), s->ctx);
}

static bool
demand_alike(const struct ck_sink *a, const struct ck_sink *b)
{
	return a->kind == b->kind && a->reg == b->reg && a->pipe == b->pipe && a->cls == b->cls && a->ctx == b->ctx &&
	       (a->acc ? a->acc->rw : 0) == (b->acc ? b->acc->rw : 0);
}

/* Does a know at most what b knows? */
static bool
demand_weaker(const struct ck_demand *a, const struct ck_demand *b)
{
	for (unsigned v = 0; v < VIEW_COUNT; v++) {
		for (unsigned m = a->s.cols[v]; m; m &= m - 1) {
			unsigned p = (unsigned)__builtin_ctz(m);
			if (ck_mask_meet(a->mask[v][p], b->mask[v][p]) != a->mask[v][p])
				return false;
		}
	}
	return true;
}

static void
demand_merge(struct ck_demand *a, const struct ck_demand *b)
{
	for (unsigned v = 0; v < VIEW_COUNT; v++) {
		for (unsigned m = a->s.cols[v]; m; m &= m - 1) {
			unsigned p = (unsigned)__builtin_ctz(m);
			a->mask[v][p] = ck_mask_meet(a->mask[v][p], b->mask[v][p]);
		}
	}
}

static void
demand_rehash(struct ck_checker *c, struct ck_frame *f)
{
	uint32_t n = f->nslot ? 2 * f->nslot : 32;

	f->slot = ARENA_ARRAY(c->a, uint32_t, n);
	f->nslot = n;
	for (uint32_t i = 1; i < f->demand.n; i++) {
		uint32_t *slot = &f->slot[demand_hash(&f->demand.at[i].s) & (n - 1)];
		f->demand.at[i].next = *slot;
		*slot = i;
	}
}

/* Earlier in the same block means: knew at most what is known now. */
static bool
demand_known(const struct ck_frame *f, const struct ck_sink *s)
{
	for (uint32_t i = f->slot[demand_hash(s) & (f->nslot - 1)]; i; i = f->demand.at[i].next)
		if (f->demand.at[i].s.blk == s->blk && demand_alike(&f->demand.at[i].s, s))
			return true;
	return false;
}

static void
demand_add(struct ck_checker *c, struct ck_frame *f, const struct ck_demand *d)
{
	uint32_t h = demand_hash(&d->s), nalike = 0;

	for (uint32_t i = f->slot[h & (f->nslot - 1)]; i; i = f->demand.at[i].next) {
		struct ck_demand *o = &f->demand.at[i];
		if (!demand_alike(&o->s, &d->s))
			continue;
		if (demand_weaker(o, d))
			return;
		if (++nalike == DEMANDS_ALIKE_MAX || demand_weaker(d, o)) {
			demand_merge(o, d);
			return;
		}
	}
	if (2 * f->demand.n >= f->nslot)
		demand_rehash(c, f);
	VEC_PUSH(c->a, &f->demand, *d);
	f->demand.at[f->demand.n - 1].next = f->slot[h & (f->nslot - 1)];
	f->slot[h & (f->nslot - 1)] = f->demand.n - 1;
}

/* Is everything that came before known to the sink? */
static bool
demand_over(const struct ck_demand *d)
{
	for (unsigned v = 0; v < VIEW_COUNT; v++)
		for (unsigned m = d->s.cols[v]; m; m &= m - 1)
			if (!(d->mask[v][__builtin_ctz(m)] & CK_ALL))
				return false;
	return true;
}

void
ck_sink_check(struct ck_checker *c, struct ck_sink *s, const struct ck_row *inv)
{
	struct ck_row mixed;
	const struct ck_row *row[VIEW_COUNT] = {&c->k.r[s->pipe], &c->k.r[R_FEN], &c->k.r[R_FENS], &c->k.r[R_INV]};
	struct ck_demand d;

	sink_columns(c, s);
	if (s->kind == SINK_ACC && !s->cols[VIEW_Q] && !(s->gm && s->pipe == P_S))
		return;
	if (inv) {
		mixed = c->k.r[R_INV];
		ck_row_join(&c->isles, &mixed, inv);
		row[VIEW_INV] = &mixed;
		s->cls |= 1u << 31;
	}
	for (unsigned v = 0; v < VIEW_COUNT; v++)
		s->know[v] = row[v]->c;
	s->lo = NULL;
	s->loop = (struct op){0};
	ck_sink_decide(c, s);
	if (!c->depth || demand_known(c->frame[c->depth], s))
		return;
	d.s = *s;
	d.next = 0;
	for (unsigned v = 0; v < VIEW_COUNT; v++)
		for (unsigned m = s->cols[v]; m; m &= m - 1)
			d.mask[v][__builtin_ctz(m)] = s->know[v][__builtin_ctz(m)].mask;
	if (!demand_over(&d))
		demand_add(c, c->frame[c->depth], &d);
}

/* ---- loops ---- */

static struct ck_frame *
frame_slot(struct ck_checker *c)
{
	assert(c->depth + 1 < NEST_MAX);
	c->depth++;
	if (!c->frame[c->depth]) {
		c->frame[c->depth] = ARENA_NEW(c->a, struct ck_frame);
		VEC_ADD(c->a, &c->frame[c->depth]->demand, 1);
		demand_rehash(c, c->frame[c->depth]);
	}
	return c->frame[c->depth];
}

/* Gives a row the symbol; what it knew of earlier iterations of the enclosing loop is kept in the frame. */
static void
row_symbol(struct ck_frame *f, struct ck_row *r, unsigned sym)
{
	for (unsigned p = 0; p < COL_COUNT; p++) {
		if (sym < SYM_MAX)
			f->outer[sym][p] = r->c[p].mask;
		r->c[p].mask = sym < SYM_MAX ? (uint64_t)1 << sym : 0;
	}
}

struct ck_frame *
ck_frame_push(struct ck_checker *c, uint32_t stmt)
{
	struct ck_frame *f = frame_slot(c);

	f->stmt = stmt;
	f->loop = stmt ? c->sec->stmt.at[stmt].op : (struct op){0};
	f->nsym = ROW_COUNT;
	f->demand.n = 1;
	memset(f->slot, 0, f->nslot * sizeof *f->slot);
	memcpy(f->head, c->ord, sizeof f->head);
	ck_know_copy(c->a, &f->entry, &c->k);
	for (unsigned r = 0; r < ROW_COUNT; r++)
		row_symbol(f, &c->k.r[r], r);
	for (uint32_t i = 0; i < c->k.tok.n; i++) {
		struct ck_token *t = &c->k.tok.at[i];
		row_symbol(f, &t->row, f->nsym);
		if (f->nsym < SYM_MAX)
			f->sym_key[f->nsym++] = t->key;
	}
	return f;
}

uint64_t
ck_frame_outer(const struct ck_frame *f, uint64_t mask, unsigned col)
{
	uint64_t m = mask & CK_ALL;

	for (; mask && !(m & CK_ALL); mask &= mask - 1) {
		unsigned b = (unsigned)__builtin_ctzll(mask);
		m |= b < SYM_MAX ? f->outer[b][col] : b == SYM_MAX ? CK_ALL : (uint64_t)1 << (b - 1);
	}
	return m & CK_ALL ? CK_ALL : m;
}

const struct ck_cell *
ck_frame_worth(struct ck_checker *c, const struct ck_frame *f, uint64_t mask, unsigned col)
{
	uint32_t h = hash_u32(hash_u32((uint32_t)mask, (uint32_t)(mask >> 32)), col) % WORTH_COUNT;

	if (!c->worth)
		c->worth = ARENA_ARRAY(c->a, struct ck_worth, WORTH_COUNT);
	struct ck_worth *w = &c->worth[h];

	if (w->serial == c->serial && w->mask == mask && w->col == col)
		return &w->c;
	*w = (struct ck_worth){.mask = mask, .serial = c->serial, .col = col};
	for (uint64_t m = mask; m; m &= m - 1) {
		const struct ck_row *r = symbol_row(c, f, (unsigned)__builtin_ctzll(m));
		if (r)
			ck_cell_join(&c->isles, &w->c, &r->c[col]);
	}
	w->c.mask = ck_frame_outer(f, mask, col);
	return &w->c;
}

/* Decides the demand for the innermost loop, and rewrites its masks for the next outer one. */
static void
demand_decide(struct ck_checker *c, const struct ck_frame *f, struct ck_demand *d)
{
	struct ck_cell cell[VIEW_COUNT][COL_COUNT];
	struct ck_sink *s = &d->s;

	for (unsigned v = 0; v < VIEW_COUNT; v++) {
		s->know[v] = cell[v];
		for (unsigned m = s->cols[v]; m; m &= m - 1) {
			unsigned p = (unsigned)__builtin_ctz(m);
			if (d->mask[v][p] & CK_ALL) {
				cell[v][p] = (struct ck_cell){.base = UINT32_MAX};
				continue;
			}
			cell[v][p] = *ck_frame_worth(c, f, d->mask[v][p], p);
			d->mask[v][p] = cell[v][p].mask;
		}
	}
	s->loop = f->loop;
	s->lo = f->head;
	c->vague = false;
	ck_sink_decide(c, s);
}

/* From the loop around the current one to the one at that depth. */
static void
demand_lift(struct ck_checker *c, struct ck_demand *d, uint32_t depth)
{
	for (unsigned v = 0; v < VIEW_COUNT; v++) {
		for (unsigned m = d->s.cols[v]; m; m &= m - 1) {
			unsigned p = (unsigned)__builtin_ctz(m);
			for (uint32_t k = c->depth - 1; k > depth && !(d->mask[v][p] & CK_ALL); k--)
				d->mask[v][p] = ck_frame_outer(c->frame[k], d->mask[v][p], p);
		}
	}
}

void
ck_frame_close(struct ck_checker *c)
{
	struct ck_frame *f = c->frame[c->depth];

	c->serial++;
	for (uint32_t i = 1; i < f->demand.n; i++) {
		struct ck_demand *d = &f->demand.at[i];
		demand_decide(c, f, d);
		if (c->depth == 1 || demand_over(d))
			continue;
		/* The last run of `before` is no whole iteration: nothing is certain of it. */
		bool known = !c->vague && f->stmt && c->sec->stmt.at[f->stmt].kind == ST_LOOP;
		uint32_t depth = known ? ck_reach_next(c, &d->s) : c->depth - 1;
		if (!depth)
			continue;
		demand_lift(c, d, depth);
		if (!demand_over(d))
			demand_add(c, c->frame[depth], d);
	}
	c->depth--;
}
