/*
 * apply: turns a finished plan into ops of the IR. Sets and drains go right behind the source op, everything else right
 * in front of the sink op; each op is marked OPD_SYNC and gets its reason in sync_result.
 */
#include "sync/plan.h"

struct apply {
	struct plan *p;
	struct op behind[2];	/* newest op inserted behind the current statement, per place */
	uint32_t blk, gap;
	uint32_t group;		/* of the item being printed: see sync_why */
	uint8_t doubt;
	bool prime, slack;
};

static uint32_t
line_of(const struct plan *p, uint32_t node)
{
	struct span sp = ir_op(p->ir, p->sec->node.at[node].ph->op)->span;

	return span_none(sp) ? 0 : source_pos(p->ir->diags->src, sp.lo).line;
}

static struct op
node_op(const struct plan *p, uint32_t node)
{
	return node ? p->sec->node.at[node].ph->op : (struct op){0};
}

/* One place where an item is printed. */
struct place {
	struct op at;		/* 0: at the end of blk */
	struct blk blk;
	bool behind;
};

/*
 * The places of an item: in both arms when it stands inside a zipped if. What belongs behind its first or in front of
 * its last statement stands there in the arms, the rest around the if.
 */
static uint32_t
places(const struct plan *p, const struct item *it, struct place at[2])
{
	const struct sblk *bk = plan_blk(p, it->blk);
	bool behind = it->rank <= RK_SET && it->gap > 0;
	uint32_t s = behind ? plan_at(p, bk, it->gap) : it->gap < bk->nstmt ? plan_at(p, bk, it->gap + 1) : 0;
	const struct zipped *z = plan_zipped(p, s);

	at[0] = (struct place){.at = s ? plan_stmt(p, s)->op : (struct op){0}, .blk = bk->blk, .behind = behind};
	if (!z)
		return 1;
	if (behind ? z->last : z->first) {
		at[0].at = z->whole;
		return 1;
	}
	for (uint32_t i = 0; i < z->n; i++)
		at[i] = (struct place){z->spot[i].at, z->spot[i].end, behind && z->spot[i].member};
	return z->n;
}

/* Of several items behind one op each stands behind the one before. */
static void
put(struct apply *k, const struct place *at, uint32_t i, struct op o)
{
	struct ir *ir = k->p->ir;

	ir_op(ir, o)->flags |= OPD_SYNC;
	if (at->behind) {
		ir_insert_after(ir, k->behind[i].i ? k->behind[i] : at->at, o);
		k->behind[i] = o;
	} else if (at->at.i) {
		ir_insert_before(ir, at->at, o);
	} else {
		struct op last = ir_blk(ir, at->blk)->last;
		if (last.i && op_row(ir, last)->flags & OPF_TERM)
			ir_insert_before(ir, last, o);
		else
			ir_append(ir, at->blk, o);
	}
}

static void
why_add(struct apply *k, struct op o, uint8_t kind, uint32_t nsrc, uint32_t ndst, uint32_t loop, uint32_t set)
{
	struct plan *p = k->p;
	struct sync_why w = {.sync = o, .src = node_op(p, nsrc), .dst = node_op(p, ndst), .kind = kind, .set = set,
			     .group = k->group, .doubt = k->doubt, .prime = k->prime, .slack = k->slack};

	if (loop)
		w.loop = plan_stmt(p, loop)->op;
	VEC_PUSH(p->a, &p->res->why, w);
}

static void
put_flag(struct apply *k, const struct item *it, enum op_id id)
{
	struct plan *p = k->p;
	const struct pair *x = &p->pair.at[it->id];
	struct place at[2];
	uint32_t n = places(p, it, at);

	for (uint32_t i = 0; i < n; i++) {
		struct op o = ir_flag(p->ir, id, (enum pipe)x->src, (enum pipe)x->dst, x->eid);
		put(k, &at[i], i, o);
		why_add(k, o, x->kind, x->nsrc, x->ndst, x->owner, x->set);
	}
	if (it->what == IT_SET)
		p->res->npair++;
}

static void
put_barrier(struct apply *k, const struct item *it, enum pipe q, uint8_t kind, uint32_t nsrc, uint32_t ndst,
	    uint32_t loop, uint32_t set)
{
	struct plan *p = k->p;
	struct place at[2];
	uint32_t n = places(p, it, at);

	for (uint32_t i = 0; i < n; i++) {
		struct op o = ir_barrier(p->ir, q);
		put(k, &at[i], i, o);
		why_add(k, o, kind, nsrc, ndst, loop, set);
	}
	if (q == P_ALL)
		p->res->nbarrier_all++;
	else
		p->res->nbarrier++;
}

/* One line for the C++: which store and load the fence serves, and why dcci is or is not part of it. */
static void
fence_note(struct plan *p, const struct stop *s, struct op o)
{
	struct out t;
	const char *how = s->fence & FENCE_CLEAN ? "dcci writes dirty lines of the scalar cache back"
			  : s->fence & FENCE_INV ? "dcci drops stale lines of the scalar cache"
						 : "no dcci: transfers by MTE and FIX bypass the data cache";

	out_init(&t, p->a);
	if (!s->nsrc || !s->ndst) {
		out_f(&t, "ptoc: fence: everything before is complete and visible; %s", how);
	} else {
		struct op a = node_op(p, s->nsrc), b = node_op(p, s->ndst);
		out_f(&t, "ptoc: fence: %s of line %u is visible to %s of line %u; %s", op_row(p->ir, a)->name,
		      line_of(p, s->nsrc), op_row(p->ir, b)->name, line_of(p, s->ndst), how);
	}
	op_attr_set(p->ir, o, p->ir->name.note, attr_string(&p->ir->attrs, intern_add(&p->ir->in, out_text(&t))));
}

static void
put_fence(struct apply *k, const struct item *it, const struct stop *s)
{
	static const struct {
		uint8_t bit;
		enum op_id op;
	} seq[] = {{FENCE_CLEAN, OP_PTOC_DCCI}, {FENCE_DSB, OP_PTOC_DSB}, {FENCE_INV, OP_PTOC_DCCI}};
	struct plan *p = k->p;
	struct place at[2];
	uint32_t n = places(p, it, at);

	for (uint32_t j = 0; j < n; j++) {
		bool noted = false;
		for (uint32_t i = 0; i < 3; i++) {
			if (!(s->fence & seq[i].bit))
				continue;
			struct op o = ir_op_new(p->ir, seq[i].op, (struct span){0, 0});
			put(k, &at[j], j, o);
			why_add(k, o, 'F', s->nsrc, s->ndst, s->loop, s->set);
			if (!noted)
				fence_note(p, s, o);
			noted = true;
		}
	}
	if (s->fence & (FENCE_CLEAN | FENCE_DSB | FENCE_INV))
		p->res->nfence++;
}

static void
put_exit(struct apply *k, const struct item *it, const struct stop *s)
{
	struct plan *p = k->p;
	struct ir *ir = p->ir;
	struct place at[2];

	places(p, it, at);	/* one: return statements are in no arm */
	if (s->fence & STOP_FLUSH) {
		struct op c = ir_op_new(ir, OP_PTOC_DCCI, (struct span){0, 0});
		put(k, at, 0, c);
		why_add(k, c, 'E', s->nsrc, 0, 0, 0);
		struct op d = ir_op_new(ir, OP_PTOC_DSB, (struct span){0, 0});
		op_attr_set(ir, d, intern_str(&ir->in, "end"), attr_unit(&ir->attrs));
		put(k, at, 0, d);
		why_add(k, d, 'E', s->nsrc, 0, 0, 0);
		p->res->nflush++;
	}
	put(k, at, 0, sync_tail_op(ir, p->sec->func));
}

static void
put_stop(struct apply *k, const struct item *it)
{
	struct plan *p = k->p;
	const struct stop *s = &p->stop.at[it->id];

	if (s->fence & STOP_TAIL) {
		put_exit(k, it, s);
		return;
	}
	if (s->barrier & STOP_ALL)
		put_barrier(k, it, P_ALL, s->kind, s->nsrc, s->ndst, s->loop, s->set);
	put_fence(k, it, s);
	for (uint32_t q = 0; q < PIPE_COUNT; q++)
		if (s->barrier >> q & 1)
			put_barrier(k, it, (enum pipe)q, s->kind, s->nsrc, s->ndst, s->loop, s->set);
}

static bool
plain_leaf(const struct plan *p, uint32_t blk, uint32_t pos)
{
	const struct sblk *bk = plan_blk(p, blk);
	uint32_t s = pos >= 1 && pos <= bk->nstmt ? plan_at(p, bk, pos) : 0;

	return s && !plan_stmt(p, s)->nchild && !plan_zipped(p, s);
}

/* A pair between two leaves is doubtful only because it is carried. */
static uint8_t
pair_doubt(const struct plan *p, const struct pair *x)
{
	if (!x->doubt && !x->group && !p->given)
		return 0;
	return !x->group && !p->given && !p->crowded && x->kind != 'C' && plain_leaf(p, x->blk, x->gs) &&
			       plain_leaf(p, x->blk, x->gw)
		       ? 1
		       : 2;
}

/* Beside written synchronisation everything is doubtful; the tail is not a matter of proof, nor is a dcci asked for. */
static bool
stop_doubt(const struct plan *p, const struct stop *s)
{
	bool given = p->given && p->opt->gm_fence != GMF_DCCI_DSB;

	return (s->doubt || p->crowded || given) && !(s->fence & STOP_TAIL);
}

/*
 * A carried pair without an id is PIPE_ALL in front of the sink, and again where its draining wait would stand: the
 * sink has not seen the last iteration, and what follows the loop was planned knowing that it had.
 */
static void
put_pair(struct apply *k, const struct item *it, const struct pair *x)
{
	bool waits = it->what == IT_WAIT || it->what == IT_DRAIN;

	if (x->wait_all && waits)
		put_barrier(k, it, P_ALL, x->kind, x->nsrc, x->ndst, x->owner, x->set);
	else if (it->what == IT_SET ? !x->set_void : it->what == IT_WAIT ? !x->wait_void : !x->group && !x->wait_all)
		put_flag(k, it, waits ? OP_WAIT_FLAG : OP_SET_FLAG);
}

static void
put_item(struct apply *k, const struct item *it)
{
	struct plan *p = k->p;

	if (it->blk != k->blk || it->gap != k->gap) {
		k->blk = it->blk;
		k->gap = it->gap;
		k->behind[0] = k->behind[1] = (struct op){0};
	}
	k->prime = it->what == IT_PRIME;
	if (it->what == IT_STOP) {
		k->group = p->pair.n + it->id;
		k->slack = false;
		k->doubt = stop_doubt(p, &p->stop.at[it->id]) ? 2 : 0;
		put_stop(k, it);
	} else {
		const struct pair *x = &p->pair.at[it->id];
		k->group = x->group ? x->group : it->id;
		k->slack = x->slack;
		k->doubt = pair_doubt(p, x);
		put_pair(k, it, x);
	}
}

void
plan_apply(struct plan *p, const struct items *it)
{
	struct apply k = {.p = p};

	p->res->crowded = p->crowded;
	for (uint32_t i = 0; i < it->n; i++)
		put_item(&k, &it->at[i]);
}
