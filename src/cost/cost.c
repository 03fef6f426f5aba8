/*
 * cost: prepares a section for simulation (durations, flags, trip counts, branches taken), steps single statements, and
 * collects the result. flow.c drives it over blocks and loops; ideal.c replaces synchronisation by true conflicts.
 */
#include "cost/sim.h"

static int64_t
max64(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Sums of times that are at most TIME_MAX stay there. */
static int64_t
sum64(int64_t a, int64_t b)
{
	return a + b < TIME_MAX ? a + b : TIME_MAX;
}

const char *
cost_kind_name(enum cost_kind k)
{
	static const char *const name[COST_KINDS] = {
		[COST_SET] = "set",		[COST_WAIT] = "wait",	 [COST_BARRIER] = "barrier",
		[COST_BARRIER_ALL] = "full barrier", [COST_FENCE] = "fence", [COST_CACHE] = "cache operation",
	};

	return name[k];
}

/* ---- durations ---- */

static uint64_t
largest_operand(const struct sim *s, const struct phase *ph, bool *gm, bool *local)
{
	uint32_t n;
	const struct acc *acc = access_accs(s->ac, ph, &n);
	uint64_t bytes = 0;

	for (uint32_t k = 0; k < n; k++) {
		uint64_t v = access_volume(s->ac, acc[k].set);
		*gm = *gm || access_space(s->ac, acc[k].set) == SP_GM;
		*local = *local || access_space(s->ac, acc[k].set) != SP_GM;
		if (acc[k].slot != 0xff && v != UINT64_MAX && v > bytes)
			bytes = v;
	}
	return bytes;
}

static bool
is_f32_product(const struct sim *s, struct op o)
{
	for (uint32_t i = 0; i < ir_op(s->ir, o)->nopnd; i++) {
		struct val v = op_opnd(s->ir, o, i);
		const struct type_data *d = v.i ? type_data(&s->ir->types, val_type(s->ir, v)) : NULL;
		if (d && d->kind == TY_TILE && d->tile.space == SP_LEFT)
			return type_bytes(&s->ir->types, type_elem(&s->ir->types, val_type(s->ir, v))) == 4;
	}
	return false;
}

/* How long a piece of work keeps its pipe busy. A pipe that only waits inside a macro does nothing. */
static int64_t
phase_span(const struct sim *s, const struct phase *ph)
{
	const struct cost_pipe *c = &s->m->pipe[ph->pipe];
	bool gm = false, local = false;
	uint64_t bytes = largest_operand(s, ph, &gm, &local);

	if (ph->pipe == P_S)
		return (gm ? s->m->s_mem_gm : local ? s->m->s_mem_ub : s->m->s_issue) +
		       (local && bytes > CACHE_LINE_BYTES ? cost_at_rate(bytes, c->bytes_per_cycle) : 0);
	if (ph->nacc == 0)
		return 0;
	if (ph->pipe == P_M)
		return c->issue + cost_at_rate(access_macs(s->ac, ph->op) * (is_f32_product(s, ph->op) ? 2 : 1),
					  s->m->m_macs_per_cycle_f16);
	return c->issue + cost_at_rate(bytes, c->bytes_per_cycle);
}

static bool
phases_conflict(struct sim *s, const struct phase *a, const struct phase *b)
{
	uint32_t na, nb;
	const struct acc *x = access_accs(s->ac, a, &na), *y = access_accs(s->ac, b, &nb);

	for (uint32_t i = 0; i < na; i++)
		for (uint32_t k = 0; k < nb; k++)
			if (acc_conflicts(x[i].rw, y[k].rw) &&
			    access_overlap(s->ac, x[i].set, y[k].set, (struct op){0}, false, false))
				return true;
	return false;
}

static void
prepare_nodes(struct sim *s)
{
	const struct section *sec = s->sec;

	s->span = ARENA_ARRAY(s->a, int64_t, sec->node.n);
	s->chained = ARENA_ARRAY(s->a, bool, sec->node.n);
	for (uint32_t i = 1; i < sec->node.n; i++) {
		const struct node *d = &sec->node.at[i];
		s->span[i] = phase_span(s, d->ph);
		for (uint32_t k = sec->stmt.at[d->stmt].node0; k < i && !s->chained[i]; k++)
			s->chained[i] = sec->stmt.at[d->stmt].kind == ST_WORK &&
					phases_conflict(s, sec->node.at[k].ph, d->ph);
	}
}

/* ---- what synchronisation statements do ---- */

struct actions {
	VEC(struct act) at;
};

static void
add_act(struct sim *s, struct actions *l, enum cost_kind kind, enum pipe src)
{
	VEC_PUSH(s->a, &l->at, (struct act){.kind = (uint8_t)kind, .src = (uint8_t)src, .dst = (uint8_t)src});
}

static void
add_flag(struct sim *s, struct actions *l, enum cost_kind kind, enum pipe src, enum pipe dst, uint32_t eid)
{
	uint32_t *flag;

	if (src >= PIPE_COUNT || dst >= PIPE_COUNT || eid >= EVENT_ID_COUNT)
		return;
	flag = &s->flag_of[src][dst][eid];
	if (!*flag)
		*flag = s->nt++;
	VEC_PUSH(s->a, &l->at,
		 (struct act){.kind = (uint8_t)kind, .src = (uint8_t)src, .dst = (uint8_t)dst, .flag = *flag,
			      .eid = (uint8_t)eid});
}

static void
act_flag(struct sim *s, struct actions *l, struct op o)
{
	enum pipe src, dst;
	uint32_t eid;

	if (op_flag(s->ir, o, &src, &dst, &eid))
		add_flag(s, l, op_id(s->ir, o) == OP_SET_FLAG ? COST_SET : COST_WAIT, src, dst, eid);
}

/* Any id: all eight have their place. */
static void
act_flag_dyn(struct sim *s, struct actions *l, struct op o)
{
	enum pipe src, dst;
	uint32_t none;

	if (!op_flag(s->ir, o, &src, &dst, &none) || src >= PIPE_COUNT || dst >= PIPE_COUNT)
		return;
	for (uint32_t id = 0; id < EVENT_ID_COUNT; id++)
		if (!s->flag_of[src][dst][id])
			s->flag_of[src][dst][id] = s->nt++;
	add_flag(s, l, op_id(s->ir, o) == OP_SET_FLAG_DYN ? COST_SET : COST_WAIT, src, dst, 0);
	l->at.at[l->at.n - 1].id = op_slot(s->ir, o, 0);
	s->turns = true;
}

/* The flag of an action as it runs now. */
static struct act
act_now(struct sim *s, const struct act *a)
{
	struct act now = *a;

	if (a->id.i) {
		now.eid = (uint8_t)sim_id(s, a->id);
		now.flag = s->flag_of[a->src][a->dst][now.eid];
	}
	return now;
}

static void
act_barrier(struct sim *s, struct actions *l, struct op o)
{
	enum pipe src, dst;
	uint32_t eid;

	if (!op_flag(s->ir, o, &src, &dst, &eid) || src == P_S || src > P_ALL)
		return;
	add_act(s, l, src == P_ALL ? COST_BARRIER_ALL : COST_BARRIER, src == P_ALL ? P_S : src);
}

/* As printed: see emit/sync.c. */
static void
act_fence(struct sim *s, struct actions *l, struct op o)
{
	(void)o;
	if (s->sec->core == CORE_VECTOR) {
		add_act(s, l, COST_BARRIER_ALL, P_S);
	} else {
		add_act(s, l, COST_BARRIER, P_MTE2);
		add_act(s, l, COST_BARRIER, P_MTE3);
		add_act(s, l, COST_BARRIER, P_FIX);
	}
	add_act(s, l, COST_FENCE, P_S);
}

static void
act_cache(struct sim *s, struct actions *l, struct op o)
{
	(void)o;
	add_act(s, l, COST_CACHE, P_S);
}

static void
act_dsb(struct sim *s, struct actions *l, struct op o)
{
	(void)o;
	add_act(s, l, COST_FENCE, P_S);
}

static void
act_tail(struct sim *s, struct actions *l, struct op o)
{
	struct sym key = intern_find(&s->ir->in, STRV("mode"));
	struct attr a = key.i ? op_attr(s->ir, o, key) : (struct attr){0};

	if (a.i && strv_is(sym_text(&s->ir->in, attr_data(&s->ir->attrs, a)->text), "mte3-to-s-event0")) {
		add_flag(s, l, COST_SET, P_MTE3, P_S, 0);
		add_flag(s, l, COST_WAIT, P_MTE3, P_S, 0);
	} else {
		add_act(s, l, COST_BARRIER_ALL, P_S);
	}
}

static const struct {
	enum op_id id;
	void (*fn)(struct sim *, struct actions *, struct op);
} action[] = {
	{OP_SET_FLAG, act_flag},
	{OP_WAIT_FLAG, act_flag},
	{OP_SET_FLAG_DYN, act_flag_dyn},
	{OP_WAIT_FLAG_DYN, act_flag_dyn},
	{OP_BARRIER, act_barrier},
	{OP_FENCE_BARRIER_ALL, act_fence},
	{OP_CMO_CACHEINVALID, act_cache},
	{OP_PTOC_DCCI, act_cache},
	{OP_PTOC_DSB, act_dsb},
	{OP_PTOC_TAIL, act_tail},
};

static void
add_actions(struct sim *s, struct actions *l, struct op o)
{
	for (uint32_t i = 0; i < sizeof action / sizeof action[0]; i++)
		if (action[i].id == op_id(s->ir, o)) {
			action[i].fn(s, l, o);
			return;
		}
}

static void
prepare_actions(struct sim *s)
{
	const struct section *sec = s->sec;
	struct actions *l = ARENA_NEW(s->a, struct actions);

	s->act0 = ARENA_ARRAY(s->a, uint32_t, sec->stmt.n + 1);
	for (uint32_t i = 0; i < sec->stmt.n; i++) {
		const struct stmt *st = &sec->stmt.at[i];
		s->act0[i] = l->at.n;
		if (i && st->kind == ST_SYNC)
			add_actions(s, l, st->op);
	}
	s->act0[sec->stmt.n] = l->at.n;
	s->act = l->at.at;
}

/* ---- trips and branches ---- */

static uint32_t
trips_of(struct sim *s, struct op loop)
{
	uint64_t lo, hi, n = s->opt->trips;

	access_trips(s->ac, loop, &lo, &hi);
	if (lo != hi)
		s->res->trips_assumed = true;
	n = n < lo ? lo : n > hi ? hi : n;
	return n < UINT32_MAX / 2 ? (uint32_t)n : UINT32_MAX / 2;
}

/* Work inside a statement; children have been weighed, being numbered behind their parents. */
static int64_t
stmt_weight(const struct sim *s, uint32_t i)
{
	const struct stmt *st = &s->sec->stmt.at[i];
	int64_t sum = 0;

	if (st->kind == ST_WORK)
		for (uint32_t k = 0; k < st->nnode; k++)
			sum = sum64(sum, s->span[st->node0 + k]);
	for (uint32_t k = 0; k < st->nchild; k++) {
		uint32_t b = s->sec->child.at[st->child0 + k];
		int64_t w = b ? s->weight[b] : 0;
		if (st->kind == ST_IF || st->kind == ST_CHOICE)
			sum = max64(sum, w);
		else
			sum = sum64(sum, w);
	}
	if (st->kind != ST_LOOP && st->kind != ST_WHILE)
		return sum;
	return s->trips[i] && sum > TIME_MAX / s->trips[i] ? TIME_MAX : sum * s->trips[i];
}

static void
prepare_flow(struct sim *s)
{
	const struct section *sec = s->sec;

	s->trips = ARENA_ARRAY(s->a, uint32_t, sec->stmt.n);
	s->index = ARENA_ARRAY(s->a, uint32_t, sec->stmt.n);
	s->weight = ARENA_ARRAY(s->a, int64_t, sec->blk.n);
	for (uint32_t i = 1; i < sec->stmt.n; i++) {
		if (sec->stmt.at[i].kind == ST_LOOP)
			s->trips[i] = trips_of(s, sec->stmt.at[i].op);
		else if (sec->stmt.at[i].kind == ST_WHILE)
			s->trips[i] = s->opt->trips;
		if (sec->stmt.at[i].kind == ST_WHILE)
			s->res->trips_assumed = true;
	}
	s->end = ARENA_ARRAY(s->a, uint32_t, sec->stmt.n);
	for (uint32_t i = sec->stmt.n; --i > 0;) {
		uint32_t up = sec->blk.at[sec->stmt.at[i].blk].parent;
		if (!s->end[i])
			s->end[i] = i + 1;
		if (s->end[up] < s->end[i])
			s->end[up] = s->end[i];
		s->weight[sec->stmt.at[i].blk] = sum64(s->weight[sec->stmt.at[i].blk], stmt_weight(s, i));
	}
}

/* ---- steps ---- */

static int64_t
all_done(const struct sim *s)
{
	int64_t t = NEVER;

	for (uint32_t p = 0; p < PIPE_COUNT; p++)
		t = max64(t, max64(s->t[T_DONE + p], s->t[T_FREE + p]));
	return t;
}

static void
hold(struct sim *s, uint32_t stmt, uint32_t pipe, int64_t from, int64_t to)
{
	if (to <= from)
		return;
	s->stall[stmt] = sum64(s->stall[stmt], to - from);
	s->use[pipe].stall = sum64(s->use[pipe].stall, to - from);
}

/* Appends to the trace when one is being written; returns the number of events. */
static uint32_t
record(struct sim *s, struct cost_event e)
{
	if (!s->trace || s->trace->cut)
		return 0;
	if (s->trace->event.n >= COST_TRACE_MAX) {
		s->trace->cut = true;
		return 0;
	}
	e.trip = s->trip;
	VEC_PUSH(s->a, &s->trace->event, e);
	return s->trace->event.n;
}

static void
record_sync(struct sim *s, uint32_t stmt, const struct act *a, int64_t start, int64_t end, uint32_t set)
{
	record(s, (struct cost_event){.op = s->sec->stmt.at[stmt].op, .kind = a->kind, .pipe = a->dst, .other = a->src,
				      .eid = a->eid, .start = start, .end = end, .done = end, .set = set});
}

static void
step_set(struct sim *s, uint32_t stmt, const struct act *a)
{
	int64_t at = max64(s->t[T_FREE + a->src], s->t[P_S]), fire = max64(s->t[T_DONE + a->src], at);

	s->t[a->flag] = fire;
	s->set_event[a->flag - T_FLAG] =
		record(s, (struct cost_event){.op = s->sec->stmt.at[stmt].op, .kind = COST_SET, .pipe = a->src,
					      .other = a->dst, .eid = a->eid, .start = at, .end = at, .done = fire});
}

static void
step_wait(struct sim *s, uint32_t stmt, const struct act *a)
{
	int64_t *q = &s->t[T_FREE + a->dst], from = max64(*q, s->t[P_S]);

	if (s->t[a->flag] == NEVER)
		s->res->unset = true;
	if (s->seen)
		s->seen[stmt] = (struct cost_seen){from, s->t[a->flag], true};
	*q = max64(from, s->t[a->flag]) + s->m->flag;
	hold(s, stmt, a->dst, from, *q);
	record_sync(s, stmt, a, from, *q, s->set_event[a->flag - T_FLAG]);
}

static void
step_barrier(struct sim *s, uint32_t stmt, const struct act *a)
{
	int64_t *q = &s->t[T_FREE + a->src], from = max64(*q, s->t[P_S]);

	if (s->seen)
		s->seen[stmt] = (struct cost_seen){from, s->t[T_DONE + a->src], true};
	*q = max64(from, s->t[T_DONE + a->src]) + s->m->barrier_pipe;
	hold(s, stmt, a->src, from, *q);
	record_sync(s, stmt, a, from, *q, 0);
}

static void
step_scalar(struct sim *s, uint32_t stmt, const struct act *a, int64_t to)
{
	hold(s, stmt, P_S, s->t[P_S], to);
	record_sync(s, stmt, a, s->t[P_S], to, 0);
	s->t[P_S] = max64(s->t[P_S], to);
}

/* Of a cache operation: does it name its line? */
static bool
is_line(const struct sim *s, uint32_t stmt)
{
	return op_slot(s->ir, s->sec->stmt.at[stmt].op, 0).i != 0;
}

static void
step_sync(struct sim *s, uint32_t stmt)
{
	if (s->gone && s->gone[stmt])
		return;
	s->count[stmt]++;
	for (uint32_t i = s->act0[stmt]; i < s->act0[stmt + 1] && !s->ideal; i++) {
		struct act now = act_now(s, &s->act[i]);
		const struct act *a = &now;
		s->t[P_S] += s->m->s_issue;
		switch ((enum cost_kind)a->kind) {
		case COST_SET:
			step_set(s, stmt, a);
			break;
		case COST_WAIT:
			step_wait(s, stmt, a);
			break;
		case COST_BARRIER:
			step_barrier(s, stmt, a);
			break;
		case COST_BARRIER_ALL:
			step_scalar(s, stmt, a, max64(s->t[P_S], all_done(s)) + s->m->barrier_all);
			break;
		case COST_FENCE:
			step_scalar(s, stmt, a, s->t[P_S] + s->m->dsb);
			break;
		case COST_CACHE:
			step_scalar(s, stmt, a, s->t[P_S] + (is_line(s, stmt) ? cost_dcci_line(s->m) : s->m->dcci));
			break;
		case COST_KINDS:
			break;
		}
	}
}

/* One piece of work; returns when it is complete. `after`: not before that. */
static int64_t
step_node(struct sim *s, uint32_t node, int64_t after)
{
	uint32_t p = s->sec->node.at[node].ph->pipe;
	int64_t start, done;

	if (p != P_S)
		s->t[P_S] += s->m->s_issue;
	start = max64(max64(s->t[T_FREE + p], s->t[P_S]), after);
	if (s->ideal)
		start = ideal_start(s, node, start);
	s->t[T_FREE + p] = start + s->span[node];
	done = s->t[T_FREE + p] + (s->span[node] ? s->m->pipe[p].latency : 0);
	s->t[T_DONE + p] = max64(s->t[T_DONE + p], done);
	s->use[p].busy = sum64(s->use[p].busy, s->span[node]);
	s->use[p].ops += s->span[node] != 0;
	if (s->span[node])
		record(s, (struct cost_event){.op = s->sec->node.at[node].ph->op, .work = true, .pipe = (uint8_t)p,
					      .start = start, .end = s->t[T_FREE + p], .done = done});
	if (s->sec->node.at[node].ph->drains)
		s->t[P_S] = max64(s->t[P_S], all_done(s)) + s->m->barrier_all;
	if (s->ideal)
		ideal_touch(s, node, done);
	return done;
}

static void
step_work(struct sim *s, const struct stmt *st)
{
	int64_t done = NEVER;
	uint32_t n;
	const struct hidden_key *h = access_hidden(s->ac, st->op, &n);

	for (uint32_t k = 0; k < st->nnode; k++) {
		int64_t d = step_node(s, st->node0 + k, s->chained[st->node0 + k] ? done : NEVER);
		done = max64(done, d);
	}
	for (uint32_t k = 0; k < n; k++)
		if (h[k].dst == P_S)
			s->t[P_S] = max64(s->t[P_S], s->t[T_DONE + h[k].src]) + s->m->flag;
}

void
sim_leaf(struct sim *s, uint32_t stmt)
{
	const struct stmt *st = &s->sec->stmt.at[stmt];

	if (st->kind == ST_SYNC)
		step_sync(s, stmt);
	else if (st->kind == ST_WORK)
		step_work(s, st);
	else if (st->kind == ST_CALL)
		s->t[P_S] = max64(s->t[P_S], all_done(s)) + s->m->s_issue;
}

/* ---- the whole ---- */

int64_t
cost_simulate(struct sim *s, bool ideal)
{
	s->ideal = ideal;
	s->nplain = s->nt;
	if (ideal)
		ideal_init(s);
	s->t = ARENA_ARRAY(s->a, int64_t, s->nt);
	for (uint32_t i = T_FLAG; i < s->nt; i++)
		s->t[i] = NEVER;
	s->count = ARENA_ARRAY(s->a, uint64_t, s->sec->stmt.n);
	s->stall = ARENA_ARRAY(s->a, int64_t, s->sec->stmt.n);
	s->loop = ARENA_ARRAY(s->a, struct loop *, s->sec->stmt.n);
	s->room.at = NULL;
	s->room.n = s->room.cap = 0;
	memset(s->use, 0, sizeof s->use);
	s->steps = 0;
	s->trace = ideal ? NULL : s->opt->trace;
	s->set_event = ARENA_ARRAY(s->a, uint32_t, s->nplain - T_FLAG + 1);
	s->trip = 0;
	s->budget = 64 * (uint64_t)s->sec->stmt.n + 400000;
	sim_block(s, 1);
	return all_done(s);
}

static void
collect(struct sim *s)
{
	struct cost_result *r = s->res;

	memcpy(r->pipe, s->use, sizeof r->pipe);
	for (uint32_t i = 1; i < s->sec->stmt.n; i++) {
		const struct stmt *st = &s->sec->stmt.at[i];
		r->calls = r->calls || st->kind == ST_CALL;
		for (uint32_t k = s->act0[i]; k < s->act0[i + 1]; k++) {
			r->nstatic[s->act[k].kind]++;
			r->ndynamic[s->act[k].kind] += s->count[i];
		}
		if (s->act0[i] == s->act0[i + 1])
			continue;
		const struct act *a = &s->act[s->act0[i]];
		VEC_PUSH(s->a, &r->sync,
			 (struct cost_sync){.op = st->op, .kind = a->kind,
					    .pipe = a->kind == COST_SET ? a->src : a->dst,
					    .count = s->count[i], .stall = s->stall[i]});
	}
}

bool
cost_prepare(struct sim *s, struct arena *a, const struct ir *ir, struct access *ac, struct op func, enum core core,
	     const struct cost_opt *opt, struct cost_result *res)
{
	memset(res, 0, sizeof *res);
	*s = (struct sim){.a = a, .ir = ir, .ac = ac, .opt = opt, .m = opt->model, .res = res, .nt = T_FLAG};
	s->sec = section_build(a, ir, ac, func, core);
	if (s->sec->unstructured)
		return false;
	prepare_nodes(s);
	prepare_actions(s);
	prepare_flow(s);
	return true;
}

/* The full barrier at the end, where there is one. */
static int64_t
tail_price(const struct sim *s)
{
	for (uint32_t i = 1; i < s->sec->stmt.n; i++)
		if (s->act0[i] < s->act0[i + 1] && op_id(s->ir, s->sec->stmt.at[i].op) == OP_PTOC_TAIL &&
		    s->act[s->act0[i]].kind == COST_BARRIER_ALL)
			return s->m->barrier_all;
	return 0;
}

void
cost_section(struct arena *a, const struct ir *ir, struct access *ac, struct op func, enum core core,
	     const struct cost_opt *opt, struct cost_result *res)
{
	struct sim *s = ARENA_NEW(a, struct sim);

	if (!cost_prepare(s, a, ir, ac, func, core, opt, res)) {
		res->refused = "control flow by branches is not simulated";
		return;
	}
	res->makespan = cost_simulate(s, false);
	collect(s);
	res->ideal = cost_simulate(s, true);
	if (opt->least) {
		s->priced = true;
		s->nt = s->nplain;
		s->touch.at = NULL;
		s->touch.n = s->touch.cap = 0;
		res->least = sum64(cost_simulate(s, true), tail_price(s));
	}
	if (res->makespan >= TIME_MAX || res->ideal >= TIME_MAX)
		res->refused = "it runs for longer than can be counted";
}
