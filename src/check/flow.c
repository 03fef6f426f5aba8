/* flow: the checker's walk over blocks, branches and loops; every body is walked once. */
#include "check/walk.h"

#include <assert.h>

static uint32_t
innermost_head(const struct checker *c)
{
	return c->depth ? c->frame[c->depth]->head : 0;
}

static struct level *
level_push(struct checker *c)
{
	assert(c->nest < NEST_MAX);
	if (!c->level[c->nest])
		c->level[c->nest] = ARENA_NEW(c->a, struct level);
	return c->level[c->nest++];
}

/* ---- flags at joins ---- */

/* Meets the flags of e with those of t; a flag set on one way only is reported. */
static void
tokens_meet(struct checker *c, struct know *e, struct know *t, const struct meet *m, struct op at)
{
	for (uint32_t i = 0; i < t->tok.n; i++)
		if (!know_token(e, t->tok.at[i].key))
			flag_unbalanced(c, &t->tok.at[i], CK_LEFT_SET, at, CHECK_UNPROVED);
	for (uint32_t i = e->tok.n; i-- > 0;) {
		struct token *o = &e->tok.at[i];
		const struct token *s = know_token(t, o->key);
		if (s) {
			row_meet(&o->row, &s->row, m);
		} else {
			flag_unbalanced(c, o, CK_LEFT_SET, at, CHECK_UNPROVED);
			know_drop(e, o);
		}
	}
}

static void
know_meet(struct checker *c, struct know *e, struct know *t, const struct meet *m, struct op at)
{
	for (unsigned r = 0; r < ROW_COUNT; r++)
		row_meet(&e->r[r], &t->r[r], m);
	tokens_meet(c, e, t, m, at);
}

/* At the back edge the flags must be as at the head: the body is walked for all iterations at once. */
static void
back_edge(struct checker *c, const struct frame *f)
{
	for (uint32_t i = c->k.tok.n; i-- > 0;) {
		struct token *t = &c->k.tok.at[i];
		if (!know_token(&f->entry, t->key)) {
			flag_unbalanced(c, t, CK_DOUBLE_SET, f->loop, CHECK_VIOLATED);
			know_drop(&c->k, t);
		}
	}
	for (uint32_t i = 0; i < f->entry.tok.n; i++)
		if (!know_token(&c->k, f->entry.tok.at[i].key))
			flag_unbalanced(c, &f->entry.tok.at[i], CK_WAIT_CLEAR, f->loop, CHECK_VIOLATED);
}

/* Flags that the loop consumed for good are dropped from its entry state too. */
static void
entry_forget(struct checker *c, struct frame *f)
{
	for (uint32_t i = f->entry.tok.n; i-- > 0;)
		if (!know_token(&c->k, f->entry.tok.at[i].key))
			know_drop(&f->entry, &f->entry.tok.at[i]);
}

static void
masks_outwards(struct know *k, const struct frame *f)
{
	for (unsigned r = 0; r < ROW_COUNT; r++)
		k->r[r].mask = frame_outer(f, k->r[r].mask);
	for (uint32_t i = 0; i < k->tok.n; i++)
		k->tok.at[i].row.mask = frame_outer(f, k->tok.at[i].row.mask);
}

/* ---- compounds ---- */

void
walk_arms(struct checker *c, const uint32_t *blk, uint32_t n, struct op at)
{
	struct level *l = level_push(c);
	uint32_t a0 = ++c->tick, end = a0, log0 = c->log.n, arm = c->arm;
	struct know spare;

	know_copy(c->a, &l->entry, &c->k);
	memcpy(l->last0, c->last, sizeof l->last0);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t log1 = c->log.n;
		struct meet m = {a0, end, 0, innermost_head(c), l->last0, l->last1, c->last};
		if (i)
			know_copy(c->a, &c->k, &l->entry);
		arm_begin(c);
		if (blk[i])
			walk_block(c, blk[i]);
		arm_end(c, log1);
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
	arms_join(c, log0, arm);
	c->nest--;
}

void
walk_loop(struct checker *c, uint32_t stmt)
{
	const struct stmt *st = &c->sec->stmt.at[stmt];
	struct frame *f = frame_push(c, stmt);

	if (c->sec->child.at[st->child0])
		walk_block(c, c->sec->child.at[st->child0]);
	back_edge(c, f);
	frame_close(c);
	masks_outwards(&c->k, f);
	c->tick++;
	if (st->trips_min)
		return;
	struct meet m = {f->head, c->tick, c->tick, innermost_head(c), f->last0, c->last, c->last};
	entry_forget(c, f);
	know_meet(c, &f->entry, &c->k, &m, st->op);
	know_copy(c->a, &c->k, &f->entry);
}

void
walk_while(struct checker *c, uint32_t stmt)
{
	const struct stmt *st = &c->sec->stmt.at[stmt];
	const uint32_t *child = &c->sec->child.at[st->child0];
	struct level *l = level_push(c);
	struct frame *f = frame_push(c, stmt);

	if (child[0])
		walk_block(c, child[0]);
	know_copy(c->a, &l->done, &c->k);
	if (st->nchild > 1 && child[1])
		walk_block(c, child[1]);
	back_edge(c, f);
	frame_close(c);
	/* The loop is left after `before`: what `after` taught is known only through the symbols. */
	masks_outwards(&l->done, f);
	know_copy(c->a, &c->k, &l->done);
	c->tick++;
	c->nest--;
}

/* A body with branches between blocks: any block may follow any other, and the values may differ each time. */
void
walk_free(struct checker *c)
{
	VEC(uint32_t) blk = {0};
	struct frame *f;

	for (uint32_t b = 1; b < c->sec->blk.n; b++)
		if (!c->sec->blk.at[b].parent)
			VEC_PUSH(c->a, &blk, b);
	if (!blk.n)
		return;
	c->free_order = true;
	f = frame_push(c, 0);
	walk_arms(c, blk.at, blk.n, c->func);
	back_edge(c, f);
	frame_close(c);
}

/* ---- statements ---- */

static void
stmt_work(struct checker *c, uint32_t s)
{
	walk_work(c, &c->sec->stmt.at[s]);
}

static void
stmt_sync(struct checker *c, uint32_t s)
{
	walk_sync(c, c->sec->stmt.at[s].op);
}

static void
stmt_arms(struct checker *c, uint32_t s)
{
	const struct stmt *st = &c->sec->stmt.at[s];
	uint32_t two[2] = {0, 0};

	if (st->kind == ST_IF) {
		for (uint32_t i = 0; i < st->nchild && i < 2; i++)
			two[i] = c->sec->child.at[st->child0 + i];
		walk_arms(c, two, 2, st->op);
	} else {
		walk_arms(c, &c->sec->child.at[st->child0], st->nchild, st->op);
	}
}

static void
stmt_once(struct checker *c, uint32_t s)
{
	uint32_t b = c->sec->child.at[c->sec->stmt.at[s].child0];

	if (b)
		walk_block(c, b);
}

static void
stmt_exit(struct checker *c, uint32_t s)
{
	walk_exit(c, c->sec->stmt.at[s].op);
}

void
walk_block(struct checker *c, uint32_t blk)
{
	static void (*const walk[])(struct checker *, uint32_t) = {
		[ST_WORK] = stmt_work, [ST_SYNC] = stmt_sync, [ST_LOOP] = walk_loop, [ST_IF] = stmt_arms,
		[ST_WHILE] = walk_while, [ST_CHOICE] = stmt_arms, [ST_ONCE] = stmt_once, [ST_CALL] = stmt_work,
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
