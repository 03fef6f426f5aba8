/*
 * balance: missing halves of flags written by hand (--sync=complete).
 *
 * A flag is one bit: a set takes it from clear to set, a wait back, a loop must leave it as it found it, the arms of a
 * branch must agree, and it is clear at both ends of the section. For every key the cheapest set of insertions that
 * makes this true is found by dynamic programming over the tree of statements: cost[in][out] of a sequence is the least
 * weight of insertions that lead from state `in` to state `out`; an insertion weighs more in loops. A flag that is in
 * order costs nothing, so nothing is inserted for it. Written ops are never touched.
 */
#include "sync/given.h"

enum { WEIGHT_STEP = 3, WEIGHT_MAX = 15 };	/* an insertion weighs 8 times more per loop around it */
#define NO_WAY (UINT64_C(1) << 60)

enum part_kind { PT_SET, PT_WAIT, PT_COMPOUND };

/* What concerns the key in one block, in order. */
struct bal_part {
	uint8_t kind;
	uint32_t stmt;
	uint32_t seq0;		/* COMPOUND: first of one sequence per child block */
	uint64_t cost[2][2];
};

struct bal_seq {
	uint32_t blk;		/* 0: the block is absent, nothing can be inserted */
	uint32_t part0, n;
	uint64_t cost[2][2];
};

struct bal {
	struct arena *a;
	struct ir *ir;
	const struct section *sec;
	struct sync_result *res;
	enum pipe src, dst;
	uint32_t eid;
	const uint32_t *op;	/* statements of the key's flags in program order */
	uint32_t nop;
	VEC(struct bal_part) part;
	VEC(struct bal_seq) seq;
};

static const struct stmt *
bal_stmt(const struct bal *k, uint32_t s)
{
	return &k->sec->stmt.at[s];
}

/* The statement of block b that is, or holds, statement s: statements are numbered in program order. */
static uint32_t
stmt_in(const struct bal *k, const struct sblk *b, uint32_t s)
{
	uint32_t lo = 0, hi = b->nstmt;

	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (k->sec->order.at[b->stmt0 + mid] <= s)
			lo = mid;
		else
			hi = mid;
	}
	return k->sec->order.at[b->stmt0 + lo];
}

static uint64_t
weight(const struct bal *k, uint32_t blk)
{
	uint32_t n = k->sec->blk.at[blk].depth * WEIGHT_STEP;

	return UINT64_C(1) << (n < WEIGHT_MAX ? n : WEIGHT_MAX);
}

static uint64_t
plus(uint64_t x, uint64_t y)
{
	return x + y < NO_WAY ? x + y : NO_WAY;
}

static uint64_t
least(uint64_t x, uint64_t y)
{
	return x < y ? x : y;
}

/* ---- costs ---- */

static void seq_build(struct bal *k, uint32_t id, uint32_t lo, uint32_t hi);

/* Costs of a compound from those of its child blocks, none of which may differ from the others in what it does. */
static void
compound_cost(const struct bal *k, struct bal_part *x)
{
	const struct stmt *st = bal_stmt(k, x->stmt);
	const struct bal_seq *q = &k->seq.at[x->seq0];

	for (uint32_t in = 0; in < 2; in++)
		for (uint32_t to = 0; to < 2; to++) {
			uint64_t sum = 0;
			if (st->kind == ST_LOOP) {
				sum = in == to ? q[0].cost[in][in] : NO_WAY;
			} else if (st->kind == ST_WHILE) {
				sum = plus(q[0].cost[in][to], q[1].cost[to][in]);
			} else {
				for (uint32_t c = 0; c < st->nchild; c++)
					sum = plus(sum, q[c].cost[in][to]);
			}
			x->cost[in][to] = sum;
		}
}

static void
compound_build(struct bal *k, uint32_t part, uint32_t lo, uint32_t hi)
{
	const struct stmt *st = bal_stmt(k, k->part.at[part].stmt);
	uint32_t seq0 = k->seq.n, i = lo;

	k->part.at[part].seq0 = seq0;
	for (uint32_t c = 0; c < st->nchild; c++)
		VEC_PUSH(k->a, &k->seq, (struct bal_seq){.blk = k->sec->child.at[st->child0 + c]});
	for (uint32_t c = 0; c < st->nchild; c++) {
		uint32_t b = k->seq.at[seq0 + c].blk, from = i;
		const struct sblk *bk = &k->sec->blk.at[b];
		uint32_t next = UINT32_MAX;
		for (uint32_t d = c + 1; d < st->nchild && next == UINT32_MAX; d++) {
			const struct sblk *dk = &k->sec->blk.at[k->seq.at[seq0 + d].blk];
			if (k->seq.at[seq0 + d].blk && dk->nstmt)
				next = k->sec->order.at[dk->stmt0];
		}
		while (b && bk->nstmt && i < hi && k->op[i] < next)
			i++;
		seq_build(k, seq0 + c, from, i);
	}
	compound_cost(k, &k->part.at[part]);
}

/* f: least weight so far by state; across one gap, then one part. */
static void
gap_step(uint64_t f[2], uint64_t w)
{
	uint64_t a = f[0], b = f[1];

	f[0] = least(a, plus(b, w));
	f[1] = least(b, plus(a, w));
}

static void
part_step(const struct bal_part *x, uint64_t f[2])
{
	uint64_t a = f[0], b = f[1];

	if (x->kind == PT_COMPOUND) {
		f[0] = least(plus(a, x->cost[0][0]), plus(b, x->cost[1][0]));
		f[1] = least(plus(a, x->cost[0][1]), plus(b, x->cost[1][1]));
	} else {
		f[0] = x->kind == PT_WAIT ? b : NO_WAY;
		f[1] = x->kind == PT_SET ? a : NO_WAY;
	}
}

static void
seq_cost(struct bal *k, struct bal_seq *q)
{
	uint64_t w = q->blk ? weight(k, q->blk) : NO_WAY;

	for (uint32_t in = 0; in < 2; in++) {
		uint64_t f[2] = {in ? NO_WAY : 0, in ? 0 : NO_WAY};
		for (uint32_t i = 0; i < q->n; i++) {
			gap_step(f, w);
			part_step(&k->part.at[q->part0 + i], f);
		}
		gap_step(f, w);
		q->cost[in][0] = f[0];
		q->cost[in][1] = f[1];
	}
}

/* Parts of a sequence from the key's flags [lo, hi); recursion over nesting only. */
static void
seq_build(struct bal *k, uint32_t id, uint32_t lo, uint32_t hi)
{
	uint32_t b = k->seq.at[id].blk, part0 = k->part.n, i;
	const struct sblk *bk = &k->sec->blk.at[b];

	for (i = lo; i < hi;) {
		uint32_t s = stmt_in(k, bk, k->op[i]);
		bool leaf = s == k->op[i];
		enum op_id op = op_id(k->ir, bal_stmt(k, s)->op);
		struct bal_part x = {.stmt = s, .kind = !leaf ? PT_COMPOUND : op == OP_SET_FLAG ? PT_SET : PT_WAIT,
				     .seq0 = i};
		VEC_PUSH(k->a, &k->part, x);
		do
			i++;
		while (i < hi && stmt_in(k, bk, k->op[i]) == s);
	}
	k->seq.at[id].part0 = part0;
	k->seq.at[id].n = k->part.n - part0;
	for (uint32_t n = 0; n < k->seq.at[id].n; n++) {
		uint32_t end = n + 1 < k->seq.at[id].n ? k->part.at[part0 + n + 1].seq0 : hi;
		if (k->part.at[part0 + n].kind == PT_COMPOUND)
			compound_build(k, part0 + n, k->part.at[part0 + n].seq0, end);
	}
	seq_cost(k, &k->seq.at[id]);
}

/* ---- insertion ---- */

/* May a set move up, or a wait move down, across the statement without ordering less? */
static bool
passes_over(const struct bal *k, const struct stmt *st, bool set)
{
	enum pipe p, q;
	uint32_t eid;
	enum pipe own = set ? k->src : k->dst;

	if (st->nchild || st->kind == ST_EXIT || st->kind == ST_CALL)
		return false;
	if (st->kind == ST_WORK)
		return !set && own == P_S ? st->pipes == 0 : !(st->pipes >> own & 1);
	if (op_id(k->ir, st->op) != OP_SET_FLAG && op_id(k->ir, st->op) != OP_WAIT_FLAG)
		return false;
	if (!op_flag(k->ir, st->op, &p, &q, &eid) || (!set && own == P_S))
		return false;
	return set ? q != own && q != P_S : p != own;
}

static void
put_half(struct bal *k, uint32_t blk, uint32_t gap, bool set)
{
	const struct sblk *bk = &k->sec->blk.at[blk];
	struct op o = ir_flag(k->ir, set ? OP_SET_FLAG : OP_WAIT_FLAG, k->src, k->dst, k->eid);
	struct op last = ir_blk(k->ir, bk->blk)->last;

	ir_op(k->ir, o)->flags |= OPD_SYNC;
	if (gap < bk->nstmt)
		ir_insert_before(k->ir, bal_stmt(k, k->sec->order.at[bk->stmt0 + gap])->op, o);
	else if (last.i && op_row(k->ir, last)->flags & OPF_TERM)
		ir_insert_before(k->ir, last, o);
	else
		ir_append(k->ir, bk->blk, o);
	VEC_PUSH(k->a, &k->res->why, ((struct sync_why){.sync = o, .kind = 'H', .group = UINT32_MAX - k->res->npair}));
	k->res->npair++;
}

/*
 * One half between two parts of a sequence (0-based part `n` follows). A set stands as late, a wait as early as it may,
 * so each orders all that the lost one ordered; right beside a compound, as priming and draining do.
 */
static void
insert_half(struct bal *k, const struct bal_seq *q, uint32_t n, bool set)
{
	const struct sblk *bk = &k->sec->blk.at[q->blk];
	const struct bal_part *before = n ? &k->part.at[q->part0 + n - 1] : NULL;
	const struct bal_part *after = n < q->n ? &k->part.at[q->part0 + n] : NULL;
	uint32_t lo = before ? bal_stmt(k, before->stmt)->pos : 0;
	uint32_t hi = after ? bal_stmt(k, after->stmt)->pos - 1u : bk->nstmt;

	if (!after && bk->nstmt && bal_stmt(k, k->sec->order.at[bk->stmt0 + bk->nstmt - 1])->kind == ST_EXIT)
		hi = bk->nstmt - 1;
	if (set) {
		while (hi > lo && !(after && after->kind == PT_COMPOUND) &&
		       passes_over(k, bal_stmt(k, k->sec->order.at[bk->stmt0 + hi - 1]), true))
			hi--;
		put_half(k, q->blk, hi, true);
	} else {
		while (lo < hi && !(before && before->kind == PT_COMPOUND) &&
		       passes_over(k, bal_stmt(k, k->sec->order.at[bk->stmt0 + lo]), false))
			lo++;
		put_half(k, q->blk, lo, false);
	}
}

static void seq_insert(struct bal *k, uint32_t id, uint32_t in, uint32_t to);

static void
compound_insert(struct bal *k, const struct bal_part *x, uint32_t in, uint32_t to)
{
	const struct stmt *st = bal_stmt(k, x->stmt);
	bool loop = st->kind == ST_LOOP || st->kind == ST_WHILE;

	for (uint32_t c = 0; c < st->nchild; c++)
		seq_insert(k, x->seq0 + c, c && loop ? to : in, c && loop ? in : to);
}

/* The way through a sequence with that least weight, from its end backwards. */
static void
seq_insert(struct bal *k, uint32_t id, uint32_t in, uint32_t to)
{
	const struct bal_seq q = k->seq.at[id];
	uint64_t w = q.blk ? weight(k, q.blk) : NO_WAY;
	uint64_t (*f)[2] = arena_alloc(k->a, (q.n * 2 + 2) * sizeof *f);
	uint32_t s = to;

	if (q.cost[in][to] == 0 || q.cost[in][to] >= NO_WAY)
		return;
	/* f[2i]: behind part i - 1; f[2i + 1]: the same after the gap */
	f[0][in] = 0;
	f[0][!in] = NO_WAY;
	for (uint32_t i = 0; i <= q.n; i++) {
		memcpy(f[2 * i + 1], f[2 * i], sizeof *f);
		gap_step(f[2 * i + 1], w);
		if (i < q.n) {
			memcpy(f[2 * i + 2], f[2 * i + 1], sizeof *f);
			part_step(&k->part.at[q.part0 + i], f[2 * i + 2]);
		}
	}
	for (uint32_t i = q.n + 1; i-- > 0;) {
		if (f[2 * i][s] != f[2 * i + 1][s]) {
			insert_half(k, &q, i, s == 1);
			s = !s;
		}
		if (i == 0)
			break;
		const struct bal_part *x = &k->part.at[q.part0 + i - 1];
		if (x->kind != PT_COMPOUND) {
			s = !s;
			continue;
		}
		uint32_t from = f[2 * i][s] == plus(f[2 * i - 1][0], x->cost[0][s]) ? 0 : 1;
		compound_insert(k, x, from, s);
		s = from;
	}
}

void
given_balance(struct arena *a, struct ir *ir, const struct section *sec, struct sync_result *res)
{
	struct given_ops *key = ARENA_ARRAY(a, struct given_ops, GIVEN_KEYS);

	if (sec->unstructured)
		return;
	for (uint32_t s = 1; s < sec->stmt.n; s++) {
		uint32_t id;
		if (given_key(ir, sec, &sec->stmt.at[s], &id))
			VEC_PUSH(a, &key[id].stmt, s);
	}
	for (uint32_t id = 0; id < GIVEN_KEYS; id++) {
		if (!key[id].stmt.n)
			continue;
		struct bal k = {.a = a, .ir = ir, .sec = sec, .res = res, .op = key[id].stmt.at, .nop = key[id].stmt.n,
				.src = (enum pipe)(id / EVENT_ID_COUNT / PIPE_COUNT),
				.dst = (enum pipe)(id / EVENT_ID_COUNT % PIPE_COUNT), .eid = id % EVENT_ID_COUNT};
		VEC_PUSH(a, &k.seq, (struct bal_seq){.blk = 1});
		seq_build(&k, 0, 0, k.nop);
		seq_insert(&k, 0, 0, 0);
	}
}
