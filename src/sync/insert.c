/*
 * insert: entry points of the synchroniser: the planned insertion, the conservative one, and taking everything out.
 *
 * Conservative: PIPE_ALL in front of every working op, with dcci and dsb when it touches global memory. Purely local,
 * hence right for any control flow; used when the checker does not prove the plan, and for flat (cf) functions.
 */
#include "sync/given.h"

static const char tail_s_hint[] = "mte3";	/* first letters of every spelling that asks for the MTE3->S pair */

struct op
sync_tail_op(struct ir *ir, struct op func)
{
	struct op o = ir_op_new(ir, OP_PTOC_TAIL, (struct span){0, 0});
	const struct attr_data *h = attr_data(&ir->attrs, op_attr(ir, func, ir->name.tail_hint));

	if (h->kind == AT_STRING) {
		struct strv t = sym_text(&ir->in, h->text);
		bool s_event = false;
		for (uint32_t i = 0; i + 4 <= t.n && !s_event; i++) {
			s_event = true;
			for (uint32_t c = 0; c < 4; c++)
				s_event = s_event && (t.p[i + c] | 0x20) == tail_s_hint[c];
		}
		if (s_event)
			op_attr_set(ir, o, intern_str(&ir->in, "mode"),
				    attr_string(&ir->attrs, intern_str(&ir->in, "mte3-to-s-event0")));
	}
	ir_op(ir, o)->flags |= OPD_SYNC;
	return o;
}

/* ---- local insertion ---- */

struct local {
	struct ir *ir;
	struct access *ac;
	struct op func;
	enum core core;
	bool fences;		/* conservative plan; else --sync=barrier-all: barriers only */
	bool scalar_gm;		/* scalar accesses of global memory occur */
	bool scalar_store;
	bool works;
	struct sync_result *res;
};

static void
local_put(struct local *k, struct op at, struct op o)
{
	ir_op(k->ir, o)->flags |= OPD_SYNC;
	ir_insert_before(k->ir, at, o);
}

static void
local_fence(struct local *k, struct op at, bool dcci)
{
	if (dcci)
		local_put(k, at, ir_op_new(k->ir, OP_PTOC_DCCI, (struct span){0, 0}));
	local_put(k, at, ir_op_new(k->ir, OP_PTOC_DSB, (struct span){0, 0}));
	k->res->nfence++;
}

static bool
touches_gm(const struct local *k, struct op o, bool *scalar, bool *store)
{
	uint32_t n, na;
	const struct phase *ph = access_phases(k->ac, o, &n);
	bool gm = false;

	for (uint32_t i = 0; i < n; i++) {
		const struct acc *ac = access_accs(k->ac, &ph[i], &na);
		gm = gm || ph[i].kind != PH_WORK;
		for (uint32_t j = 0; j < na; j++) {
			if (access_space(k->ac, ac[j].set) != SP_GM)
				continue;
			gm = true;
			if (ph[i].pipe == P_S) {
				*scalar = true;
				*store = *store || ac[j].rw & ACC_WRITE;
			}
		}
	}
	return gm;
}

static void local_blocks(struct local *k, struct op o, void (*visit)(struct local *, struct op));

static void
local_scan(struct local *k, struct op o)
{
	uint32_t n;

	touches_gm(k, o, &k->scalar_gm, &k->scalar_store);
	access_phases(k->ac, o, &n);
	k->works = k->works || n;
}

static void
local_return(struct local *k, struct op o)
{
	if (!k->works)
		return;
	if (!k->fences) {
		local_put(k, o, ir_barrier(k->ir, P_ALL));
		return;
	}
	if (k->scalar_store) {
		local_put(k, o, ir_op_new(k->ir, OP_PTOC_DCCI, (struct span){0, 0}));
		struct op d = ir_op_new(k->ir, OP_PTOC_DSB, (struct span){0, 0});
		op_attr_set(k->ir, d, intern_str(&k->ir->in, "end"), attr_unit(&k->ir->attrs));
		local_put(k, o, d);
	}
	local_put(k, o, sync_tail_op(k->ir, k->func));
}

static bool
is_full_barrier(const struct ir *ir, struct op o)
{
	enum pipe p, q;
	uint32_t eid;

	return o.i && op_id(ir, o) == OP_BARRIER && op_flag(ir, o, &p, &q, &eid) && p == P_ALL;
}

/* Written flags alternate in time when everything before each of them has run. */
static bool
local_flag(const struct local *k, struct op o)
{
	return k->fences && op_id(k->ir, o) == OP_SET_FLAG && !is_full_barrier(k->ir, ir_op(k->ir, o)->prev);
}

static void
local_work(struct local *k, struct op o)
{
	uint32_t n;
	bool scalar = false, store = false;
	struct op prev = ir_op(k->ir, o)->prev;

	if (op_id(k->ir, o) == OP_RETURN) {
		local_return(k, o);
		return;
	}
	if (local_flag(k, o)) {
		local_put(k, o, ir_barrier(k->ir, P_ALL));
		k->res->nbarrier_all++;
	}
	access_phases(k->ac, o, &n);
	if (n == 0 && op_id(k->ir, o) != OP_CALL && op_id(k->ir, o) != OP_TFREE)
		return;
	bool gm = touches_gm(k, o, &scalar, &store) || op_id(k->ir, o) == OP_CALL;
	if (!is_full_barrier(k->ir, prev)) {
		local_put(k, o, ir_barrier(k->ir, P_ALL));
		k->res->nbarrier_all++;
	}
	if (gm && k->fences)
		local_fence(k, o, k->scalar_gm);
	/* A scalar load must not see a line that was filled before the dsb. */
	if (gm && k->fences && scalar)
		local_put(k, o, ir_op_new(k->ir, OP_PTOC_DCCI, (struct span){0, 0}));
}

static bool
other_core(const struct local *k, struct op o)
{
	return section_core(k->ir, o) != CORE_NONE && section_core(k->ir, o) != k->core;
}

static void
local_blocks(struct local *k, struct op o, void (*visit)(struct local *, struct op))
{
	for (uint32_t r = 0; r < ir_op(k->ir, o)->nreg; r++) {
		for (struct blk b = ir_reg(k->ir, op_reg(k->ir, o, r))->first; b.i; b = ir_blk(k->ir, b)->next) {
			for (struct op c = ir_blk(k->ir, b)->first, next; c.i; c = next) {
				next = ir_op(k->ir, c)->next;
				visit(k, c);
				if (!other_core(k, c))
					local_blocks(k, c, visit);
			}
		}
	}
}

static void
insert_local(struct ir *ir, struct access *ac, struct op func, enum core core, bool fences, struct sync_result *res)
{
	struct local k = {.ir = ir, .ac = ac, .func = func, .core = core, .fences = fences, .res = res};

	local_blocks(&k, func, local_scan);
	local_blocks(&k, func, local_work);
}

void
sync_barrier_all(struct ir *ir, struct access *ac, struct op func, enum core core)
{
	struct sync_result res = {0};

	insert_local(ir, ac, func, core, false, &res);
}

/* ---- planned insertion ---- */

static void
plan_section(struct plan *p)
{
	struct last *l;
	struct items it = {0};
	uint32_t nblk = p->sec->blk.n;

	p->blk = ARENA_ARRAY(p->a, struct bplan, nblk);
	p->owned = ARENA_ARRAY(p->a, uint32_t, p->sec->stmt.n + 1);
	VEC_PUSH(p->a, &p->pair, (struct pair){.blk = 0});
	VEC_PUSH(p->a, &p->stop, (struct stop){.blk = 0});
	plan_uses(p);
	if (p->opt->complete && section_written(p->sec))
		given_read(p);
	l = last_new(p);
	/* Inside loops first: what they prime and drain is known when the code around them is planned. */
	for (uint32_t b = nblk; b-- > 1;)
		if (plan_blk(p, b)->loop)
			plan_forward(p, l, b);
	for (uint32_t b = 1; b < nblk; b++)
		if (plan_blk(p, b)->loop)
			plan_carried(p, l, b);
	for (uint32_t b = nblk; b-- > 1;)
		if (!plan_blk(p, b)->loop)
			plan_forward(p, l, b);
	plan_ids(p, &it);
	plan_apply(p, &it);
}

void
sync_insert(struct arena *a, struct ir *ir, struct access *ac, struct op func, enum core core,
	    const struct sync_opt *opt, struct sync_result *res)
{
	struct section *sec = section_build(a, ir, ac, func, core);

	if (sec->manual && !opt->complete)
		return;
	if (sec->manual) {
		given_balance(a, ir, sec, res);
		sec = section_build(a, ir, ac, func, core);
	}
	struct plan p = {.a = a, .ir = ir, .ac = ac, .sec = sec, .opt = opt, .res = res};
	if (opt->conservative || sec->unstructured) {
		insert_local(ir, ac, func, core, true, res);
		return;
	}
	if (!sec->manual)
		plan_zip(&p);
	plan_section(&p);
}

static void
remove_in(struct ir *ir, struct op o)
{
	for (uint32_t r = 0; r < ir_op(ir, o)->nreg; r++) {
		for (struct blk b = ir_reg(ir, op_reg(ir, o, r))->first; b.i; b = ir_blk(ir, b)->next) {
			for (struct op c = ir_blk(ir, b)->first, next; c.i; c = next) {
				next = ir_op(ir, c)->next;
				if (ir_op(ir, c)->flags & OPD_SYNC)
					ir_erase(ir, c);
				else
					remove_in(ir, c);
			}
		}
	}
}

void
sync_remove(struct ir *ir, struct op func)
{
	remove_in(ir, func);
}
