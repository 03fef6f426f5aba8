/*
 * hb: the pipes as in-order queues that run as soon as they can. S issues in program order; a wait takes the flag that
 * its set left. A wait that S issues before its set counts as a deadlock: queues are finite, and while the wait stands
 * at the head of a full one S cannot issue the set. Since F5 is checked at every set, which set a wait consumes does
 * not depend on the schedule, so the clocks of this one run hold for all of them.
 */
#include "machine.h"

struct key {
	bool set, set_hidden, wait_hidden;
	uint32_t set_at, wait_at;	/* instruction + 1; 0: never */
	struct hb_vc msg;
};

struct queue {
	uint32_t *inst;
	uint32_t head, tail;
};

struct engine {
	struct machine m;
	struct hb_vc now[PIPE_COUNT];
	struct queue q[PIPE_COUNT];
	struct key key[PIPE_COUNT][PIPE_COUNT][EVENT_ID_COUNT];
	struct hb_vc *issue;			/* what S knew when it issued the instruction */
	int32_t last_bar[PIPE_COUNT];		/* latest pipe_barrier issued, +1 */
	bool stuck;
};

static const char *const kind_name[HB_KIND_COUNT] = {
	[HB_ORDER] = "order", [HB_VISIBLE] = "visible", [HB_DOUBLE_SET] = "double-set", [HB_DEADLOCK] = "deadlock",
	[HB_LEFT_SET] = "left-set", [HB_HIDDEN] = "hidden-key", [HB_TOKEN] = "token", [HB_TAIL] = "tail",
};

const char *
hb_kind_name(enum hb_kind k)
{
	return kind_name[k];
}

void
machine_fail(struct machine *m, enum hb_kind k, uint32_t i, uint32_t j, struct brange at)
{
	if (m->h->fail.n < HB_FAIL_MAX)
		VEC_PUSH(m->a, &m->h->fail, ((struct hb_fail){k, i, j, at}));
}

static void
join(struct hb_vc *a, const struct hb_vc *b)
{
	for (uint32_t p = 0; p < PIPE_COUNT; p++) {
		a->done[p] = a->done[p] > b->done[p] ? a->done[p] : b->done[p];
		a->vis[p] = a->vis[p] > b->vis[p] ? a->vis[p] : b->vis[p];
	}
	a->s = a->s > b->s ? a->s : b->s;
}

/* ---- flags ---- */

/* Does pipe P, at clock vc, know that the instruction `at` of queue Q has passed? */
static bool
knows(const struct hb_vc *vc, uint8_t q, uint32_t at)
{
	return q == P_S ? vc->s > (int32_t)at : vc->done[q] > (int32_t)at;
}

static void
set_flag(struct engine *e, uint32_t x, const struct hb_vc *vc)
{
	const struct tinst *n = &e->m.t->inst.at[x];
	struct key *k = &e->key[n->src][n->dst][n->eid & (EVENT_ID_COUNT - 1)];
	bool late = k->wait_at && !knows(vc, n->dst, k->wait_at - 1);

	if (k->set || (late && !(k->wait_hidden && n->hidden)))
		machine_fail(&e->m, n->hidden || k->set_hidden ? HB_HIDDEN : HB_DOUBLE_SET, k->set_at - 1, x,
			     (struct brange){0});
	k->set = true;
	k->set_at = x + 1;
	k->set_hidden = n->hidden != 0;
	k->msg = *vc;
	k->msg.done[n->src] = (int32_t)x;
	if (n->src == P_S)
		k->msg.s = (int32_t)x;
}

static bool
wait_flag(struct engine *e, uint32_t x, struct hb_vc *vc)
{
	const struct tinst *n = &e->m.t->inst.at[x];
	struct key *k = &e->key[n->src][n->dst][n->eid & (EVENT_ID_COUNT - 1)];

	if (!k->set)
		return false;
	k->set = false;
	k->wait_at = x + 1;
	k->wait_hidden = n->hidden != 0;
	if (n->hidden != 2)
		join(vc, &k->msg);
	return true;
}

static void
check_token(struct engine *e, uint32_t x)
{
	const struct tinst *n = &e->m.t->inst.at[x];
	bool ok = true;

	if (n->hidden)
		return;
	if (n->kind == TK_SET || n->kind == TK_WAIT)
		ok = chan_legal((enum pipe)n->src, (enum pipe)n->dst, e->m.core) && n->eid < EVENT_ID_COUNT;
	else if (n->kind == TK_BAR)
		ok = pipe_on_core((enum pipe)n->pipe, e->m.core) && n->pipe != P_S;
	if (!ok)
		machine_fail(&e->m, HB_TOKEN, x, x, (struct brange){0});
}

/* ---- the queues ---- */

/* A signal of pipe q: traffic with GM that others may rely on is over; queued on a pipe it follows that pipe's own. */
static void
release(struct engine *e, uint32_t x, const struct hb_vc *vc, uint32_t q)
{
	struct machine *m = &e->m;

	for (uint32_t p = 0; p < PIPE_COUNT; p++) {
		int32_t r = m->gm_read[p], w = m->gm_write[p];
		if (p == P_S || p == q)
			continue;
		if (r >= 0 && vc->done[p] <= r)
			machine_fail(m, HB_ORDER, (uint32_t)r, x, (struct brange){0});
		if (w >= 0 && vc->done[p] <= w)
			machine_fail(m, HB_ORDER, (uint32_t)w, x, (struct brange){0});
		else if (w >= 0 && m->opt.visibility && vc->vis[p] <= w)
			machine_fail(m, HB_VISIBLE, (uint32_t)w, x, (struct brange){0});
	}
	if (m->opt.visibility)
		lines_exit(m, x, HB_VISIBLE);
}

static void
work(struct engine *e, uint32_t x, struct hb_vc *vc)
{
	const struct phase *ph = e->m.t->inst.at[x].ph;

	e->m.h->start[x] = *vc;
	if (ph && ph->kind == PH_RELEASE)
		release(e, x, vc, ph->pipe);
	shadow_access(&e->m, x, vc);
	if (e->m.line.n)
		lines_access(&e->m, x, vc);
}

/* Runs the heads of queue p until it is empty or blocked; true when anything moved. */
static bool
run_queue(struct engine *e, uint32_t p)
{
	struct queue *q = &e->q[p];
	struct hb_vc *vc = &e->now[p];
	uint32_t from = q->head;

	for (; q->head < q->tail; q->head++) {
		uint32_t x = q->inst[q->head];
		const struct tinst *n = &e->m.t->inst.at[x];
		join(vc, &e->issue[x]);
		e->m.h->start[x] = *vc;
		if (n->kind == TK_WAIT && !wait_flag(e, x, vc))
			break;
		if (n->kind == TK_SET)
			set_flag(e, x, vc);
		else if (n->kind == TK_BAR)
			vc->done[p] = (int32_t)x;
		else if (n->kind == TK_WORK)
			work(e, x, vc);
	}
	return q->head != from;
}

static void
run_queues(struct engine *e)
{
	bool moved = true;

	while (moved) {
		moved = false;
		for (uint32_t p = 0; p < PIPE_COUNT; p++)
			moved |= p != P_S && run_queue(e, p);
	}
}

/* ---- S ---- */

static void
stuck(struct engine *e, uint32_t x)
{
	uint32_t at = x;

	for (uint32_t p = 0; p < PIPE_COUNT; p++) {
		if (p != P_S && e->q[p].head < e->q[p].tail)
			at = e->q[p].inst[e->q[p].head];
	}
	if (e->m.t->inst.at[x].kind == TK_WAIT)
		at = x;
	machine_fail(&e->m, HB_DEADLOCK, at, x, (struct brange){0});
	e->stuck = true;
}

static void
barrier_all(struct engine *e, uint32_t x)
{
	struct hb_vc *vc = &e->now[P_S];

	for (uint32_t p = 0; p < PIPE_COUNT; p++) {
		if (p == P_S)
			continue;
		if (e->q[p].head < e->q[p].tail) {
			stuck(e, x);
			return;
		}
		join(vc, &e->now[p]);
	}
	for (uint32_t p = 0; p < PIPE_COUNT; p++)
		vc->done[p] = (int32_t)x;
}

static void
data_barrier(struct engine *e, uint32_t x)
{
	struct hb_vc *vc = &e->now[P_S];

	for (uint32_t p = 0; p < PIPE_COUNT; p++) {
		/* sync-model §7.2: a barrier of a pipe that goes to GM, then dsb, also drains that pipe */
		bool gm = p == P_MTE2 || p == P_MTE3 || p == P_FIX;
		if (gm && vc->done[p] < e->last_bar[p] - 1)
			vc->done[p] = e->last_bar[p] - 1;
		vc->vis[p] = vc->vis[p] > vc->done[p] ? vc->vis[p] : vc->done[p];
	}
	e->m.h->fill[x] = memcpy(ARENA_ARRAY(e->m.a, int32_t, PIPE_COUNT), vc->vis, sizeof vc->vis);
	lines_dsb(&e->m, x);
}

static void
leave(struct engine *e, uint32_t x)
{
	struct machine *m = &e->m;

	for (uint32_t p = 0; p < PIPE_COUNT; p++) {
		if (p != P_S && e->q[p].head < e->q[p].tail) {
			stuck(e, x);
			return;
		}
		/* The next kernel finds the core quiet; the pair as tail promises that for stores only. */
		int32_t last = m->tail_pair ? m->gm_write[p] : m->work[p];
		if (p != P_S && m->opt.need_tail && last >= 0 && e->now[P_S].done[p] <= last)
			machine_fail(m, HB_TAIL, (uint32_t)last, x, (struct brange){0});
	}
	if (m->opt.need_tail)
		lines_exit(m, x, HB_TAIL);
	for (uint32_t p = 0; p < PIPE_COUNT; p++) {
		for (uint32_t q = 0; q < PIPE_COUNT; q++) {
			for (uint32_t id = 0; id < EVENT_ID_COUNT; id++) {
				if (e->key[p][q][id].set)
					machine_fail(m, HB_LEFT_SET, e->key[p][q][id].set_at - 1, x,
						     (struct brange){0});
			}
		}
	}
	m->h->finished = true;
}

static void
scalar(struct engine *e, uint32_t x)
{
	const struct tinst *n = &e->m.t->inst.at[x];
	struct hb_vc *vc = &e->now[P_S];

	e->m.h->start[x] = *vc;
	if (n->kind == TK_WORK) {
		if (n->ph->kind == PH_ACQUIRE)
			e->m.acquire_at = (int32_t)x;
		work(e, x, vc);
	} else if (n->kind == TK_SET) {
		set_flag(e, x, vc);
	} else if (n->kind == TK_WAIT) {
		if (!wait_flag(e, x, vc))
			stuck(e, x);
	} else if (n->kind == TK_BAR) {
		barrier_all(e, x);
	} else if (n->kind == TK_DSB) {
		data_barrier(e, x);
	} else if (n->kind == TK_DCCI) {
		lines_dcci(&e->m, x, vc);
	} else {
		leave(e, x);
	}
	vc->s = (int32_t)x + 1;
}

/* Latest GM traffic of each pipe, for signals and the return. */
static void
note_work(struct machine *m, uint32_t x)
{
	const struct tinst *n = &m->t->inst.at[x];

	m->work[n->pipe] = (int32_t)x;
	for (uint32_t k = n->acc0; k < n->acc0 + n->nacc; k++) {
		const struct tacc *a = &m->t->acc.at[k];
		if (!a->nr || m->t->range.at[a->r0].mem < MEM_GM0)
			continue;
		if (a->rw & ACC_WRITE)
			m->gm_write[n->pipe] = (int32_t)x;
		else
			m->gm_read[n->pipe] = (int32_t)x;
	}
}

static void
issue(struct engine *e, uint32_t x)
{
	const struct tinst *n = &e->m.t->inst.at[x];

	check_token(e, x);
	if (n->pipe == P_S || n->pipe >= PIPE_COUNT) {
		scalar(e, x);
	} else {
		e->issue[x] = e->now[P_S];
		e->q[n->pipe].inst[e->q[n->pipe].tail++] = x;
		if (n->kind == TK_BAR)
			e->last_bar[n->pipe] = (int32_t)x + 1;
		e->now[P_S].s = (int32_t)x + 1;
	}
	if (n->kind == TK_WORK)
		note_work(&e->m, x);
	else if (n->op.i && op_id(e->m.ir, n->op) == OP_PTOC_TAIL && n->kind != TK_BAR)
		e->m.tail_pair = true;
	run_queues(e);
	for (uint32_t p = 0; p < PIPE_COUNT && !e->stuck; p++) {
		if (p != P_S && e->q[p].head < e->q[p].tail)
			stuck(e, x);
	}
}

static struct engine *
engine_new(struct hb *h, struct arena *a, const struct trace *t)
{
	struct engine *e = ARENA_NEW(a, struct engine);
	uint32_t count[PIPE_COUNT + 1] = {0};

	*h = (struct hb){0};
	h->start = ARENA_ARRAY(a, struct hb_vc, t->inst.n + 1);
	h->fill = ARENA_ARRAY(a, const int32_t *, t->inst.n + 1);
	h->clean = ARENA_ARRAY(a, int32_t, t->inst.n + 1);
	e->issue = ARENA_ARRAY(a, struct hb_vc, t->inst.n + 1);
	e->m = (struct machine){.a = a, .t = t, .h = h};
	e->m.store_line = ARENA_ARRAY(a, uint32_t, t->inst.n + 1);
	for (uint32_t x = 0; x < t->inst.n; x++)
		count[t->inst.at[x].pipe < PIPE_COUNT ? t->inst.at[x].pipe : PIPE_COUNT]++;
	for (uint32_t p = 0; p < PIPE_COUNT; p++) {
		e->q[p].inst = ARENA_ARRAY(a, uint32_t, count[p] + 1);
		e->m.gm_read[p] = e->m.gm_write[p] = e->m.work[p] = -1;
	}
	return e;
}

void
hb_run(struct hb *h, struct arena *a, const struct ir *ir, struct access *ac, const struct trace *t, enum core core,
       const struct hb_opt *opt)
{
	struct engine *e = engine_new(h, a, t);

	e->m.ir = ir;
	e->m.ac = ac;
	e->m.core = core;
	e->m.opt = *opt;
	h->tail_checked = opt->need_tail;
	if (!shadow_init(&e->m)) {
		machine_fail(&e->m, HB_TOKEN, 0, 0, (struct brange){0});
		return;
	}
	lines_init(&e->m);
	for (uint32_t x = 0; x < t->inst.n && !e->stuck; x++)
		issue(e, x);
}

/* ---- questions ---- */

bool
hb_ordered(const struct hb *h, const struct trace *t, uint32_t i, uint32_t j)
{
	const struct tinst *a = &t->inst.at[i], *b = &t->inst.at[j];

	if (a->pipe == P_S) {
		bool writes = false;
		for (uint32_t k = a->acc0; k < a->acc0 + a->nacc; k++)
			writes |= (t->acc.at[k].rw & ACC_WRITE) != 0;
		if (b->pipe == P_S || !writes || h->clean[i])
			return i < j;
	}
	return h->start[j].done[a->pipe] > (int32_t)i;
}

bool
hb_visible(const struct hb *h, const struct trace *t, uint32_t i, uint32_t j)
{
	uint8_t pipe = t->inst.at[i].pipe;

	if (pipe == P_S)
		return h->clean[i] && h->clean[i] < (int32_t)j;
	if (h->fill[j])
		return h->fill[j][pipe] > (int32_t)i;
	return h->start[j].vis[pipe] > (int32_t)i;
}

static void
print_inst(const struct ir *ir, const struct trace *t, uint32_t x, struct out *o)
{
	const struct tinst *n = &t->inst.at[x];
	struct source *src = ir->diags->src;
	struct span sp = ir_op(ir, n->op)->span;

	out_f(o, "#%u %s", x, op_row(ir, n->op)->name);
	if (n->kind == TK_SET || n->kind == TK_WAIT)
		out_f(o, "(%s,%s,%u)", pipe_name((enum pipe)n->src), pipe_name((enum pipe)n->dst), n->eid);
	else if (n->kind == TK_BAR)
		out_f(o, "(%s)", pipe_name((enum pipe)n->pipe));
	if (!span_none(sp) && src)
		out_f(o, " line %u", source_pos(src, sp.lo).line);
	for (uint32_t it = n->iter; it; it = t->iter.at[it].parent)
		out_f(o, " k=%u", t->iter.at[it].k);
}

void
hb_print(const struct ir *ir, const struct trace *t, const struct hb_fail *f, struct out *o)
{
	out_f(o, "%s: ", kind_name[f->kind]);
	print_inst(ir, t, f->i, o);
	out_str(o, " / ");
	print_inst(ir, t, f->j, o);
	if (f->at.hi)
		out_f(o, " at mem %u [%lld, %lld)", f->at.mem, (long long)f->at.lo, (long long)f->at.hi);
}
