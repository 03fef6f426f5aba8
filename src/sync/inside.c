/*
 * inside: what the synchronisation inside a compound statement already gives: waits in front of the sinks in it,
 * priming sets of the loop it is, draining waits behind the loop a source is in.
 */
#include "sync/walk.h"

static uint32_t
stmt_with_node(const struct plan *p, const struct sblk *bk, uint32_t node)
{
	uint32_t lo = 1, hi = bk->nstmt + 1;

	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (plan_stmt(p, plan_at(p, bk, mid))->node0 <= node)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

/* Facts of one block about its entry, or (outer) about the entry of the outermost loop around it. */
static struct flow
flow_here(const struct bplan *bp, bool outer, uint16_t rows, uint32_t node)
{
	uint32_t (*ff)[NROW] = outer ? bp->firstof : bp->firstf;
	uint32_t (*fc)[NCOL] = outer ? bp->firstoc : bp->firstc;
	struct flow o = {0, 0};

	for (uint32_t r = 0; r < NROW; r++) {
		if (!(rows >> r & 1))
			continue;
		for (uint32_t q = 0; q < NROW; q++)
			if (ff[r][q] <= node)
				o.f |= (uint16_t)(1u << q);
		for (uint32_t q = 0; q < NCOL; q++)
			if (fc[r][q] <= node)
				o.c |= (uint8_t)(1u << q);
	}
	return o;
}

/*
 * What holds for `row` in front of every node of [lo, hi] about the entry of block b. What is learnt inside an arm or a
 * loop body does not count behind it. `outer`: about the entry of the outermost loop, whose body b is part of.
 */
static struct flow
flow_range(const struct plan *p, uint32_t b, bool outer, uint16_t allow, uint32_t row, uint32_t lo, uint32_t hi)
{
	const struct sblk *bk = plan_blk(p, b);
	const struct stmt *st = plan_stmt(p, plan_at(p, bk, stmt_with_node(p, bk, lo)));
	bool enters = !outer && !bk->loop && (st->kind == ST_LOOP || st->kind == ST_WHILE);
	struct flow in = {(uint16_t)(1u << row), 0};
	bool deeper = false;

	for (uint32_t k = 0; k < st->nchild && hi < st->node0 + st->nnode; k++) {
		uint32_t d = p->sec->child.at[st->child0 + k];
		const struct sblk *dk = d ? plan_blk(p, d) : NULL;
		if (!dk || dk->nnode == 0 || hi < dk->node0 || lo >= dk->node0 + dk->nnode)
			continue;
		uint32_t end = dk->node0 + dk->nnode - 1;
		struct flow x = flow_range(p, d, outer || enters, allow, row, lo > dk->node0 ? lo : dk->node0,
					   hi < end ? hi : end);
		in.f = deeper ? in.f & x.f : x.f;
		in.c = deeper ? in.c & x.c : x.c;
		deeper = true;
	}
	in.f &= allow;
	if (outer && deeper)
		return in;
	struct flow o = flow_here(&p->blk[b], outer, in.f, st->nchild ? st->node0 : lo);
	o.f &= allow;
	o.c |= in.c;
	return o;
}

static struct flow flow_within(struct plan *p, uint32_t id, bool outer, uint16_t allow, uint32_t row);

/* As flow_range in front of the nodes of one use. */
static struct flow
flow_use(struct plan *p, uint32_t id, bool outer, uint16_t allow, uint32_t row)
{
	const struct use *u = &p->use.at[id];
	const struct stmt *st = plan_stmt(p, u->stmt);
	uint32_t b = st->blk;
	bool enters = !outer && !plan_blk(p, b)->loop && (st->kind == ST_LOOP || st->kind == ST_WHILE);
	struct flow in = {(uint16_t)(1u << row), 0};

	if (u->inner)
		in = flow_within(p, id, outer || enters, allow, row);
	in.f &= allow;
	if (outer && u->inner)
		return in;
	struct flow o = flow_here(&p->blk[b], outer, in.f, st->nchild ? st->node0 : u->nlo);
	o.f &= allow;
	o.c |= in.c;
	return o;
}

/*
 * What holds for the row in front of all the uses that one sums. The blocks inside have been walked for good, so the
 * answer stays: it is kept for the rows that are asked for again and again, and each level of a nest asks the next.
 */
static struct flow
flow_within(struct plan *p, uint32_t id, bool outer, uint16_t allow, uint32_t row)
{
	const struct use *u = &p->use.at[id];
	uint32_t slot = row == u->pipe ? 0 : row == ROW_INV ? 3 : FLOW_SLOTS;
	struct flow all = {0, 0};

	if (row == ROW_FEN)
		slot = allow == UINT16_MAX ? 1 : 2;
	slot = 2 * slot + outer;
	if (slot < 2 * FLOW_SLOTS && u->memo && p->flow_memo.at[u->memo].known >> slot & 1)
		return (struct flow){p->flow_memo.at[u->memo].f[slot], p->flow_memo.at[u->memo].c[slot]};
	for (uint32_t i = u->inner; i; i = p->use.at[i].sib) {
		struct flow x = flow_use(p, i, outer, allow, row);
		all.f = i == u->inner ? x.f : all.f & x.f;
		all.c = i == u->inner ? x.c : all.c & x.c;
	}
	if (slot >= 2 * FLOW_SLOTS)
		return all;
	if (!u->memo) {
		p->use.at[id].memo = p->flow_memo.n;
		VEC_PUSH(p->a, &p->flow_memo, (struct flow_memo){.known = 0});
	}
	struct flow_memo *m = &p->flow_memo.at[u->memo];
	m->f[slot] = all.f;
	m->c[slot] = all.c;
	m->known |= (uint8_t)(1u << slot);
	return all;
}

struct flow
flow_inside(const struct walk *k, const struct use *u, uint32_t row, uint16_t allow)
{
	struct plan *p = k->p;
	const struct stmt *st = plan_stmt(p, plan_at(p, k->bk, k->pos));
	bool outer = !k->loop && !k->bk->loop && (st->kind == ST_LOOP || st->kind == ST_WHILE);
	struct flow all = {0, 0};
	bool found = false;

	if (u->inner)
		return flow_within(p, (uint32_t)(u - p->use.at), outer, allow, row);
	for (uint32_t i = 0; i < st->nchild; i++) {
		uint32_t b = p->sec->child.at[st->child0 + i];
		const struct sblk *bk = b ? plan_blk(p, b) : NULL;
		if (!bk || bk->nnode == 0 || u->nhi < bk->node0 || u->nlo >= bk->node0 + bk->nnode)
			continue;
		uint32_t end = bk->node0 + bk->nnode - 1;
		struct flow x = flow_range(p, b, outer, allow, row, u->nlo > bk->node0 ? u->nlo : bk->node0,
					   u->nhi < end ? u->nhi : end);
		all.f = found ? all.f & x.f : x.f;
		all.c = found ? all.c & x.c : x.c;
		found = true;
	}
	return all;
}

/* Row of pipe p after statement `pos` of any block already walked. */
static const struct row *
hist_of(const struct plan *p, uint32_t b, uint32_t pos, enum pipe q)
{
	const struct stmt *st = plan_stmt(p, plan_at(p, plan_blk(p, b), pos));

	return &p->blk[b].hist[p->blk[b].hist0[pos] + bit_rank(st->pipes, q)];
}

/* Does the row know all work of the pipe in front of that loop? */
static bool
knows_before(const struct walk *k, uint32_t row, enum pipe col, const struct stmt *loop)
{
	uint32_t pos = k->w.row[row].k[col], lo = k->bk->node0;

	if (pos) {
		const struct stmt *st = plan_stmt(k->p, plan_at(k->p, k->bk, pos));
		lo = st->node0 + st->nnode;
	}
	return lo >= loop->node0 || plan_count(k->p, col, lo, loop->node0) == 0;
}

/*
 * The draining wait of a pair the loop owns covers every source of pipe `col` in [slo, shi], and what came before: its
 * last set stood behind them, or its source pipe had waited for them. Without a trip there are no such sources.
 */
bool
drain_covers(const struct walk *k, uint32_t loop, enum pipe col, enum pipe dst, uint32_t slo, uint32_t shi)
{
	const struct plan *p = k->p;

	if (!knows_before(k, dst, col, plan_stmt(p, loop)))
		return false;
	for (uint32_t i = p->owned[loop]; i; i = p->pair.at[i].next_owned) {
		const struct pair *x = &p->pair.at[i];
		const struct sblk *c = plan_blk(p, x->blk);
		if (x->dropped || x->dst != dst || x->gs == 0)
			continue;
		uint32_t upto = x->src == col ? x->gs : hist_of(p, x->blk, x->gs, (enum pipe)x->src)->k[col];
		if (upto == 0)
			continue;
		const struct stmt *st = plan_stmt(p, plan_at(p, c, upto));
		if (slo >= c->node0 && shi < st->node0 + st->nnode)
			return true;
	}
	return false;
}
