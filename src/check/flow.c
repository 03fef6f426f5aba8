/* flow: the checker's walk over blocks, branches and loops; every body is walked once. */
#include "check/walk.h"

#include <assert.h>

static uint32_t
innermost_head(const struct ck_checker *c)
{
	return c->depth ? c->frame[c->depth]->head : 0;
}

static struct ck_level *
ck_level_push(struct ck_checker *c)
{
	assert(c->nest < NEST_MAX);
	if (!c->level[c->nest])
		c->level[c->nest] = ARENA_NEW(c->a, struct ck_level);
	return c->level[c->nest++];
}

/* ---- flags at joins ---- */

/* Meets the flags of e with those of t; a flag set on one way only is reported. */
static void
tokens_meet(struct ck_checker *c, struct ck_know *e, struct ck_know *t, const struct ck_meet *m, struct op at)
{
	for (uint32_t i = 0; i < t->tok.n; i++)
		if (!ck_know_token(e, t->tok.at[i].key))
			ck_flag_unbalanced(c, &t->tok.at[i], CK_LEFT_SET, at, CHECK_UNPROVED);
	for (uint32_t i = e->tok.n; i-- > 0;) {
		struct ck_token *o = &e->tok.at[i];
		const struct ck_token *s = ck_know_token(t, o->key);
		if (s) {
			ck_row_meet(&o->row, &s->row, m);
		} else {
			ck_flag_unbalanced(c, o, CK_LEFT_SET, at, CHECK_UNPROVED);
			ck_know_drop(e, o);
		}
	}
}

static void
know_meet(struct ck_checker *c, struct ck_know *e, struct ck_know *t, const struct ck_meet *m, struct op at)
{
	for (unsigned r = 0; r < ROW_COUNT; r++)
		ck_row_meet(&e->r[r], &t->r[r], m);
	tokens_meet(c, e, t, m, at);
}

/* At the back edge the flags must be as at the head: the body is walked for all iterations at once. */
static void
ck_back_edge(struct ck_checker *c, const struct ck_frame *f)
{
	for (uint32_t i = c->k.tok.n; i-- > 0;) {
		struct ck_token *t = &c->k.tok.at[i];
		if (!ck_know_token(&f->entry, t->key)) {
			ck_flag_unbalanced(c, t, CK_DOUBLE_SET, f->loop, CHECK_VIOLATED);
			ck_know_drop(&c->k, t);
		}
	}
	for (uint32_t i = 0; i < f->entry.tok.n; i++)
		if (!ck_know_token(&c->k, f->entry.tok.at[i].key))
			ck_flag_unbalanced(c, &f->entry.tok.at[i], CK_WAIT_CLEAR, f->loop, CHECK_VIOLATED);
}

/* Flags that the loop consumed for good are dropped from its entry state too. */
static void
entry_forget(struct ck_checker *c, struct ck_frame *f)
{
	for (uint32_t i = f->entry.tok.n; i-- > 0;)
		if (!ck_know_token(&c->k, f->entry.tok.at[i].key))
			ck_know_drop(&f->entry, &f->entry.tok.at[i]);
}

static void
masks_outwards(struct ck_know *k, const struct ck_frame *f)
{
	for (unsigned r = 0; r < ROW_COUNT; r++)
		k->r[r].mask = ck_frame_outer(f, k->r[r].mask);
	for (uint32_t i = 0; i < k->tok.n; i++)
		k->tok.at[i].row.mask = ck_frame_outer(f, k->tok.at[i].row.mask);
}

/* ---- compounds ---- */

void
ck_walk_arms(struct ck_checker *c, const uint32_t *blk, uint32_t n, struct op at)
{
	struct ck_level *l = ck_level_push(c);
	uint32_t a0 = ++c->tick, end = a0, log0 = c->log.n, arm = c->arm;
	struct ck_know spare;

	ck_know_copy(c->a, &l->entry, &c->k);
	memcpy(l->last0, c->last, sizeof l->last0);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t log1 = c->log.n;
		struct ck_meet m = {a0, end, 0, innermost_head(c), l->last0, l->last1, c->last};
		if (i)
			ck_know_copy(c->a, &c->k, &l->entry);
		ck_arm_begin(c);
		if (blk[i])
			ck_walk_block(c, blk[i]);
		ck_arm_end(c, log1);
		m.b1 = end = ++c->tick;
		if (i)
			know_meet(c, &c->k, &l->done, &m, at);
		memcpy(l->last1, c->last, sizeof l->last1);
		spare = l->done;
		l->done = c->k;
		c->k = spare;
	}
	spare = c->k;
	c->k = l->done;
	l->done = spare;
	ck_arms_join(c, log0, arm);
	c->nest--;
}

void
ck_walk_loop(struct ck_checker *c, uint32_t stmt)
{
	const struct stmt *st = &c->sec->stmt.at[stmt];
	struct ck_frame *f = ck_frame_push(c, stmt);

	if (c->sec->child.at[st->child0])
		ck_walk_block(c, c->sec->child.at[st->child0]);
	ck_back_edge(c, f);
	ck_frame_close(c);
	masks_outwards(&c->k, f);
	c->tick++;
	if (st->trips_min)
		return;
	struct ck_meet m = {f->head, c->tick, c->tick, innermost_head(c), f->last0, c->last, c->last};
	entry_forget(c, f);
	know_meet(c, &f->entry, &c->k, &m, st->op);
	ck_know_copy(c->a, &c->k, &f->entry);
}

void
ck_walk_while(struct ck_checker *c, uint32_t stmt)
{
	const struct stmt *st = &c->sec->stmt.at[stmt];
	const uint32_t *child = &c->sec->child.at[st->child0];
	struct ck_level *l = ck_level_push(c);
	struct ck_frame *f = ck_frame_push(c, stmt);
	uint32_t end;

	if (child[0])
		ck_walk_block(c, child[0]);
	ck_know_copy(c->a, &l->done, &c->k);
	memcpy(l->last0, c->last, sizeof l->last0);
	end = ++c->tick;
	if (st->nchild > 1 && child[1])
		ck_walk_block(c, child[1]);
	ck_back_edge(c, f);
	ck_frame_close(c);
	/* The loop is left after `before`. */
	masks_outwards(&l->done, f);
	ck_know_copy(c->a, &c->k, &l->done);
	c->tick++;
	for (unsigned r = 0; r < ROW_COUNT; r++)
		ck_row_lift(&c->k.r[r], f->head, l->last0, end, c->tick);
	for (uint32_t i = 0; i < c->k.tok.n; i++)
		ck_row_lift(&c->k.tok.at[i].row, f->head, l->last0, end, c->tick);
	c->nest--;
}

/*
 * The blocks of the function or of a region: one is walked as it is. With branches between several any block may follow
 * any other, and one value may mean something else each time: a loop without a name around a choice.
 */
void
ck_walk_free(struct ck_checker *c, uint32_t parent)
{
	VEC(uint32_t) blk = {0};
	uint32_t b = parent ? c->sec->child.at[c->sec->stmt.at[parent].child0] : 1;

	if (!b || b >= c->sec->blk.n)
		return;
	for (; b < c->sec->blk.n && (c->sec->unstructured || !blk.n); b++)
		if (c->sec->blk.at[b].parent == parent)
			VEC_PUSH(c->a, &blk, b);
	if (blk.n == 1) {
		ck_walk_block(c, blk.at[0]);
		return;
	}
	struct ck_frame *f = ck_frame_push(c, 0);
	ck_walk_arms(c, blk.at, blk.n, c->func);
	ck_back_edge(c, f);
	ck_frame_close(c);
	masks_outwards(&c->k, f);
	c->tick++;
}

/* ---- statements ---- */

static void
stmt_work(struct ck_checker *c, uint32_t s)
{
	ck_walk_work(c, &c->sec->stmt.at[s]);
}

static void
stmt_sync(struct ck_checker *c, uint32_t s)
{
	ck_walk_sync(c, c->sec->stmt.at[s].op);
}

static void
stmt_arms(struct ck_checker *c, uint32_t s)
{
	const struct stmt *st = &c->sec->stmt.at[s];
	uint32_t two[2] = {0, 0};

	if (st->kind == ST_IF) {
		for (uint32_t i = 0; i < st->nchild && i < 2; i++)
			two[i] = c->sec->child.at[st->child0 + i];
		ck_walk_arms(c, two, 2, st->op);
	} else {
		ck_walk_arms(c, &c->sec->child.at[st->child0], st->nchild, st->op);
	}
}

static void
stmt_exit(struct ck_checker *c, uint32_t s)
{
	ck_walk_exit(c, c->sec->stmt.at[s].op);
}

void
ck_walk_block(struct ck_checker *c, uint32_t blk)
{
	static void (*const walk[])(struct ck_checker *, uint32_t) = {
		[ST_WORK] = stmt_work, [ST_SYNC] = stmt_sync, [ST_LOOP] = ck_walk_loop, [ST_IF] = stmt_arms,
		[ST_WHILE] = ck_walk_while, [ST_CHOICE] = stmt_arms, [ST_ONCE] = ck_walk_free, [ST_CALL] = stmt_work,
		[ST_EXIT] = stmt_exit,
	};
	const struct sblk *b = &c->sec->blk.at[blk];
	uint32_t outer = c->blk;

	for (uint32_t i = 0; i < b->nstmt; i++) {
		uint32_t s = c->sec->order.at[b->stmt0 + i];
		c->blk = blk;
		walk[c->sec->stmt.at[s].kind](c, s);
	}
	c->blk = outer;
}
