/* sync: what one statement requires and teaches: work, flags, barriers, fences, cache operations, the end. */
#include "check/walk.h"

/* ---- flags ---- */

void
ck_flag_unbalanced(struct ck_checker *c, const struct ck_token *t, enum finding_kind kind, struct op at, enum verdict v)
{
	if (c->poison[t->key])
		return;
	c->poison[t->key] = true;
	if (v == CHECK_VIOLATED)
		v = ck_here(c);
	c->halt |= c->mode == MODE_REPLAY;
	ck_report(c, &(struct finding){
		.kind = kind, .verdict = v, .src = {t->set}, .dst = at,
		.pipe_src = (uint8_t)(t->key / EVENT_ID_COUNT / PIPE_COUNT),
		.pipe_dst = (uint8_t)(t->key / EVENT_ID_COUNT % PIPE_COUNT),
		.eid = (uint8_t)(t->key % EVENT_ID_COUNT),
	});
}

/* The set of a flag may fire only when the previous wait for it has run (F5): its pipe must be behind that wait. */
static void
key_free(struct ck_checker *c, uint32_t key, struct op op)
{
	struct ck_sink s = {.kind = SINK_SET, .op = op, .blk = c->blk, .ctx = c->ctx, .reg = key,
			 .pipe = (uint8_t)(key / EVENT_ID_COUNT / PIPE_COUNT)};

	/* A wait on S has run before anything later is issued. */
	if (key / EVENT_ID_COUNT % PIPE_COUNT != P_S && !c->poison[key])
		ck_sink_check(c, &s, NULL);
}

static void
key_waited(struct ck_checker *c, uint32_t key, struct op op)
{
	struct ck_event e = {.op = op, .blk = c->blk, .ctx = c->ctx};
	unsigned dst = key / EVENT_ID_COUNT % PIPE_COUNT;

	if (dst == P_S)
		return;
	e.ord = ++c->ord[dst];
	ck_src_push(c, ck_chain_key(key), &e);
}

static void
flag_set(struct ck_checker *c, struct op op, enum pipe p, enum pipe q, uint32_t eid)
{
	uint32_t key = ck_key_index(p, q, eid);
	struct ck_token *t = ck_know_token(&c->k, key);
	struct ck_token n = {.key = key, .set = op.i};

	if (t) {
		ck_flag_unbalanced(c, t, CK_DOUBLE_SET, op, CHECK_VIOLATED);
		ck_know_drop(&c->k, t);
	}
	key_free(c, key, op);
	n.row = c->k.r[p];
	ck_cell_raise(&c->isles, &n.row.c[p], c->ord[p]);
	VEC_PUSH(c->a, &c->k.tok, n);
}

/* A wait on S stops issue: whatever S knows, every pipe knows (X7). */
static void
s_spreads(struct ck_checker *c)
{
	for (unsigned r = 0; r < PIPE_COUNT; r++)
		if (r != P_S)
			ck_row_join(&c->isles, &c->k.r[r], &c->k.r[P_S]);
}

static void
flag_wait(struct ck_checker *c, struct op op, enum pipe p, enum pipe q, uint32_t eid)
{
	uint32_t key = ck_key_index(p, q, eid);
	struct ck_token *t = ck_know_token(&c->k, key);

	if (!t) {
		struct ck_token none = {.key = key};
		ck_flag_unbalanced(c, &none, CK_WAIT_CLEAR, op, CHECK_VIOLATED);
		return;
	}
	ck_row_join(&c->isles, &c->k.r[q], &t->row);
	ck_know_drop(&c->k, t);
	key_waited(c, key, op);
	if (q == P_S)
		s_spreads(c);
}

static void
ck_bad_token(struct ck_checker *c, struct op op, enum pipe p, enum pipe q)
{
	ck_report(c, &(struct finding){.kind = CK_TOKEN, .dst = op,
				    .verdict = ck_here(c),
				    .pipe_src = (uint8_t)p, .pipe_dst = (uint8_t)q});
}

static void
sync_flag(struct ck_checker *c, struct op op)
{
	enum pipe p = P_NONE, q = P_NONE;
	uint32_t eid = 0;

	if (!op_flag(c->ir, op, &p, &q, &eid) || eid >= EVENT_ID_COUNT || p >= PIPE_COUNT || q >= PIPE_COUNT ||
	    p == q) {
		ck_bad_token(c, op, p, q);
		return;
	}
	if (!chan_legal(p, q, c->core))
		ck_bad_token(c, op, p, q);
	if (op_id(c->ir, op) == OP_SET_FLAG)
		flag_set(c, op, p, q, eid);
	else
		flag_wait(c, op, p, q, eid);
}

/* A flag whose id is a value: where it is one id for certain, it is that flag. */
static void
sync_dynamic(struct ck_checker *c, struct op op)
{
	enum pipe p = P_NONE, q = P_NONE;
	uint32_t none;
	int64_t eid = -1;

	if (c->mode == MODE_PLAIN || !op_flag(c->ir, op, &p, &q, &none) || p >= PIPE_COUNT || q >= PIPE_COUNT ||
	    p == q || !ck_eval_int(&c->env, c->ctx, op_slot(c->ir, op, 0), &eid)) {
		c->halt |= c->mode == MODE_REPLAY;
		ck_report(c, &(struct finding){.kind = CK_BEYOND, .verdict = CHECK_UNPROVED, .why = CK_WHY_ID,
					    .dst = op});
		return;
	}
	if (eid < 0 || eid >= EVENT_ID_COUNT || !chan_legal(p, q, c->core)) {
		ck_bad_token(c, op, p, q);
		return;
	}
	if (op_id(c->ir, op) == OP_SET_FLAG_DYN)
		flag_set(c, op, p, q, (uint32_t)eid);
	else
		flag_wait(c, op, p, q, (uint32_t)eid);
}

static void
sync_unknown(struct ck_checker *c, struct op op)
{
	c->halt |= c->mode == MODE_REPLAY;
	ck_report(c, &(struct finding){.kind = CK_BEYOND, .verdict = CHECK_UNPROVED, .why = CK_WHY_OP, .dst = op});
}

/* ---- barriers and fences ---- */

static void
sync_barrier(struct ck_checker *c, struct op op)
{
	enum pipe p = P_NONE, q = P_NONE;
	uint32_t eid;

	if (!op_flag(c->ir, op, &p, &q, &eid) || p == P_S || !pipe_on_core(p, c->core)) {
		ck_bad_token(c, op, p, p);
		return;
	}
	if (p == P_ALL) {
		ck_know_barrier_all(&c->isles, &c->k, c->ord);
		return;
	}
	ck_cell_raise(&c->isles, &c->k.r[p].c[p], c->ord[p]);
	if (p == P_MTE2 || p == P_MTE3 || p == P_FIX)
		ck_cell_raise(&c->isles, &c->k.r[R_BAR].c[p], c->ord[p]);
}

static void
sync_dsb(struct ck_checker *c, struct op op)
{
	static const uint8_t gm_pipe[] = {P_MTE2, P_MTE3, P_FIX};

	(void)op;
	/* A barrier of a pipe, then dsb: S has waited for what was before the barrier (sync-model §7.2). */
	for (unsigned i = 0; i < sizeof gm_pipe; i++) {
		const struct ck_cell *bar = &c->k.r[R_BAR].c[gm_pipe[i]];
		const struct ck_cell *old = &c->k.r[P_S].c[gm_pipe[i]];
		c->soft |= bar->base > old->base || (bar->mask & ~old->mask & CK_ALL);
		for (unsigned r = 0; r < PIPE_COUNT; r++)
			ck_cell_join(&c->isles, &c->k.r[r].c[gm_pipe[i]], bar);
	}
	ck_row_join(&c->isles, &c->k.r[R_FEN], &c->k.r[P_S]);
	ck_row_join(&c->isles, &c->k.r[R_FENS], &c->k.r[R_CLN]);
	ck_cell_raise(&c->isles, &c->k.r[R_FENS].c[C_EXT], c->ord[C_EXT]);
}

/* The lowering differs by core (sync-model §5): barriers of the three GM pipes on the cube, PIPE_ALL elsewhere. */
static void
sync_fence(struct ck_checker *c, struct op op)
{
	static const uint8_t gm_pipe[] = {P_MTE2, P_MTE3, P_FIX};

	if (c->core != CORE_CUBE) {
		ck_know_barrier_all(&c->isles, &c->k, c->ord);
	} else {
		for (unsigned i = 0; i < sizeof gm_pipe; i++)
			for (unsigned q = 0; q < PIPE_COUNT; q++)
				ck_cell_raise(&c->isles, &c->k.r[q].c[gm_pipe[i]], c->ord[gm_pipe[i]]);
	}
	sync_dsb(c, op);
}

static void
dcci_whole(struct ck_checker *c)
{
	ck_cell_raise(&c->isles, &c->k.r[R_CLN].c[P_S], c->ord[P_S]);
	ck_row_join(&c->isles, &c->k.r[R_INV], &c->k.r[P_S]);
	ck_cell_raise(&c->isles, &c->k.r[R_INV].c[C_EXT], c->ord[C_EXT]);
}

static void
sync_dcci(struct ck_checker *c, struct op op)
{
	if (op_slot(c->ir, op, 0).i)
		ck_line_clean(c, op);
	else
		dcci_whole(c);
}

static void
sync_cmo(struct ck_checker *c, struct op op)
{
	/* With a view only its first line is touched: nothing that could be relied on. */
	if (!op_slot(c->ir, op, 0).i && !op_attr(c->ir, op, c->ir->name.single_cache_line).i)
		dcci_whole(c);
}

/* The tail helper is PIPE_ALL unless the function asks for the MTE3->S pair (emission.md prelude). */
bool
ck_tail_is_pair(const struct ck_checker *c)
{
	const struct attr_data *d = attr_data(&c->ir->attrs, op_attr(c->ir, c->func, c->ir->name.tail_hint));
	struct strv s = sym_text(&c->ir->in, d->text);

	return d->kind == AT_STRING && s.n && (strchr("mMsS", s.p[0]) != NULL);
}

static void
sync_tail(struct ck_checker *c, struct op op)
{
	if (ck_tail_is_pair(c)) {
		flag_set(c, op, P_MTE3, P_S, 0);
		flag_wait(c, op, P_MTE3, P_S, 0);
		return;
	}
	ck_know_barrier_all(&c->isles, &c->k, c->ord);
}

void
ck_walk_sync(struct ck_checker *c, struct op op)
{
	static const struct {
		enum op_id id;
		void (*fn)(struct ck_checker *, struct op);
	} row[] = {
		{OP_SET_FLAG, sync_flag}, {OP_WAIT_FLAG, sync_flag}, {OP_BARRIER, sync_barrier},
		{OP_SET_FLAG_DYN, sync_dynamic}, {OP_WAIT_FLAG_DYN, sync_dynamic},
		{OP_PTOC_DSB, sync_dsb}, {OP_PTOC_DCCI, sync_dcci}, {OP_PTOC_TAIL, sync_tail},
		{OP_FENCE_BARRIER_ALL, sync_fence}, {OP_CMO_CACHEINVALID, sync_cmo},
	};

	for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++) {
		if (row[i].id == op_id(c->ir, op)) {
			row[i].fn(c, op);
			return;
		}
	}
	sync_unknown(c, op);
}

/* ---- work ---- */

/* Keys of one macro run back to back: a return path listed earlier or later orders set and wait of its own runs. */
static bool
ck_has_return(const struct hidden_key *h, uint32_t lo, uint32_t hi, const struct hidden_key *k)
{
	for (uint32_t i = lo; i < hi; i++)
		if (h[i].src == k->dst && h[i].dst == k->src && !h[i].maybe)
			return true;
	return false;
}

static void
hidden_busy(struct ck_checker *c, struct op op, const struct ck_token *t)
{
	ck_report(c, &(struct finding){
		.kind = CK_HIDDEN_KEY, .verdict = ck_here(c),
		.src = {t->set}, .dst = op, .pipe_src = (uint8_t)(t->key / EVENT_ID_COUNT / PIPE_COUNT),
		.pipe_dst = (uint8_t)(t->key / EVENT_ID_COUNT % PIPE_COUNT),
		.eid = (uint8_t)(t->key % EVENT_ID_COUNT),
	});
}

static void
hidden_before(struct ck_checker *c, struct op op, const struct hidden_key *h, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t id = 0; id < EVENT_ID_COUNT; id++) {
			uint32_t key = ck_key_index(h[i].src, h[i].dst, id);
			if (!(h[i].ids >> id & 1))
				continue;
			const struct ck_token *t = ck_know_token(&c->k, key);
			if (t)
				hidden_busy(c, op, t);
			if (!ck_has_return(h, 0, i, &h[i]))
				key_free(c, key, op);
		}
	}
}

static void
hidden_after(struct ck_checker *c, struct op op, const struct hidden_key *h, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t id = 0; id < EVENT_ID_COUNT; id++)
			if ((h[i].ids >> id & 1) && !ck_has_return(h, i + 1, n, &h[i]))
				key_waited(c, ck_key_index(h[i].src, h[i].dst, id), op);
}

/* The flags of a called function: clear before, and waited for somewhere inside. */
static void
call_keys(struct ck_checker *c, struct op op, bool after)
{
	const struct ck_called f = *ck_call_keys(c, op);

	if (after && f.drained)
		ck_know_barrier_all(&c->isles, &c->k, c->ord);
	for (uint32_t key = 0; key < KEY_COUNT && !(after && f.drained); key++) {
		uint32_t ids = (uint32_t)f.ids[key / EVENT_ID_COUNT] >> key % EVENT_ID_COUNT;
		if (!ids)
			key |= EVENT_ID_COUNT - 1;	/* on to the next channel */
		if (!(ids & 1))
			continue;
		const struct ck_token *t = after ? NULL : ck_know_token(&c->k, key);
		if (t)
			hidden_busy(c, op, t);
		if (after)
			key_waited(c, key, op);
		else
			key_free(c, key, op);
	}
}

static uint32_t
work_class(const struct ck_checker *c, struct op op, const struct phase *ph)
{
	uint32_t id = op_id(c->ir, op);

	/* Linear elementwise ops are alike for the V rule of sync-model §3; products differ by their size only. */
	if (ph->pipe == P_M)
		return 2u + ph->m_fractals;
	return op_row(c->ir, op)->flags & OPF_LINEAR ? 1 : id << 16;
}

static void
phase_sinks(struct ck_checker *c, const struct phase *ph)
{
	uint32_t n;
	const struct acc *x = access_accs(c->ac, ph, &n);
	struct ck_sink s = {.op = ph->op, .blk = c->blk, .ctx = c->ctx, .pipe = ph->pipe, .ph = ph};
	struct ck_row line;

	for (uint32_t i = 0; i < n; i++) {
		if (!ck_acc_meant(c, ph, x, n, i))
			continue;
		s.kind = SINK_ACC;
		s.acc = &x[i];
		s.reg = ck_src_region(c, x[i].set);
		s.gm = c->region.at[s.reg].gm;
		s.cls = work_class(c, ph->op, ph);
		ck_sink_check(c, &s, s.gm && ph->pipe == P_S && ck_line_row(c, ph->op, &line) ? &line : NULL);
	}
	if (ph->kind == PH_RELEASE) {
		s = (struct ck_sink){.kind = SINK_RELEASE, .op = ph->op, .blk = c->blk, .ctx = c->ctx, .pipe = ph->pipe,
				  .ph = ph, .gm = true};
		ck_sink_check(c, &s, NULL);
	}
}

static void
phase_sources(struct ck_checker *c, const struct phase *ph, const uint32_t ord[COL_COUNT])
{
	uint32_t n;
	const struct acc *x = access_accs(c->ac, ph, &n);
	struct ck_event e = {.ord = ord[ph->pipe], .ph = ph, .op = ph->op, .blk = c->blk, .ctx = c->ctx};

	ck_src_push(c, ck_chain_work(ph->pipe), &e);
	e.cls = work_class(c, ph->op, ph);
	for (uint32_t i = 0; i < n; i++) {
		/* A scalar read is over when the next instruction is issued (X5); a release flushes its own word. */
		if (ph->pipe == P_S && (!(x[i].rw & ACC_WRITE) || ph->kind == PH_RELEASE))
			continue;
		if (!ck_acc_meant(c, ph, x, n, i))
			continue;
		e.acc = &x[i];
		e.gm = c->region.at[ck_src_region(c, x[i].set)].gm;
		ck_src_access(c, &e, ck_src_region(c, x[i].set), ph->pipe);
	}
	e.acc = NULL;
	e.cls = 0;
	e.ord = ord[C_EXT];
	if (ph->kind == PH_ACQUIRE)
		ck_src_push(c, ck_chain_acquire(), &e);
}

void
ck_walk_work(struct ck_checker *c, const struct stmt *st)
{
	uint32_t nhidden, ord[COL_COUNT];
	const struct hidden_key *h = access_hidden(c->ac, st->op, &nhidden);

	hidden_before(c, st->op, h, nhidden);
	if (st->kind == ST_CALL)
		call_keys(c, st->op, false);
	memcpy(ord, c->ord, sizeof ord);
	for (uint32_t i = 0; i < st->nnode; i++) {
		const struct phase *ph = c->sec->node.at[st->node0 + i].ph;
		phase_sinks(c, ph);
		c->ord[ph->pipe]++;
		c->ord[C_EXT] += ph->kind == PH_ACQUIRE;
		if (ph->drains)
			ck_know_barrier_all(&c->isles, &c->k, c->ord);
	}
	/* The op's own phases are in order: only now they count as sources. */
	for (uint32_t i = 0; i < st->nnode; i++) {
		const struct phase *ph = c->sec->node.at[st->node0 + i].ph;
		ord[ph->pipe]++;
		ord[C_EXT] += ph->kind == PH_ACQUIRE;
		phase_sources(c, ph, ord);
	}
	if (st->kind == ST_CALL)
		call_keys(c, st->op, true);
	/* A macro that ends with PIPE_ALL has run its own waits. */
	if (!st->nnode || !c->sec->node.at[st->node0 + st->nnode - 1].ph->drains)
		hidden_after(c, st->op, h, nhidden);
}

/* ---- the end ---- */

void
ck_walk_exit(struct ck_checker *c, struct op op)
{
	struct ck_sink s = {.kind = SINK_EXIT, .op = op, .blk = c->blk, .ctx = c->ctx, .pipe = P_S};

	c->exit_seen = true;
	for (uint32_t i = 0; i < c->k.tok.n; i++)
		ck_flag_unbalanced(c, &c->k.tok.at[i], CK_LEFT_SET, op, CHECK_VIOLATED);
	c->k.tok.n = 0;
	if (!c->opt->need_tail)
		return;
	ck_sink_check(c, &s, NULL);
}
