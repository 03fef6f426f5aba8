/* flow: the checker's walk over blocks, branches and loops; every body is walked once. */
#include "check/expand.h"

#include <assert.h>

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
			ck_row_meet(&c->isles, &o->row, &s->row, m);
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
		ck_row_meet(&c->isles, &e->r[r], &t->r[r], m);
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
row_outwards(struct ck_row *r, const struct ck_frame *f)
{
	for (unsigned p = 0; p < COL_COUNT; p++)
		r->c[p].mask = ck_frame_outer(f, r->c[p].mask, p);
}

static void
masks_outwards(struct ck_know *k, const struct ck_frame *f)
{
	for (unsigned r = 0; r < ROW_COUNT; r++)
		row_outwards(&k->r[r], f);
	for (uint32_t i = 0; i < k->tok.n; i++)
		row_outwards(&k->tok.at[i].row, f);
}

/* ---- compounds ---- */

void
ck_walk_ways(struct ck_checker *c, uint32_t n, void (*walk)(struct ck_checker *, void *, uint32_t), void *arg,
	     struct op at)
{
	struct ck_level *l = ck_level_push(c);
	struct ck_meet m = {l->a0, l->a1, c->ord};
	uint32_t log0 = c->log.n, arm = c->arm;
	const uint32_t *open = c->open;
	const struct ck_lines_mark lines = ck_lines_now(c);
	struct ck_know spare;

	ck_know_copy(c->a, &l->entry, &c->k);
	memcpy(l->a0, c->ord, sizeof l->a0);
	c->open = l->a0;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t log1 = c->log.n;
		if (i)
			ck_know_copy(c->a, &c->k, &l->entry);
		ck_arm_begin(c);
		walk(c, arg, i);
		ck_arm_end(c, log1);
		ck_lines_back(c, &lines);
		if (i)
			know_meet(c, &c->k, &l->done, &m, at);
		memcpy(l->a1, c->ord, sizeof l->a1);
		spare = l->done;
		l->done = c->k;
		c->k = spare;
	}
	spare = c->k;
	c->k = l->done;
	l->done = spare;
	ck_arms_join(c, log0, arm);
	c->open = open;
	c->nest--;
}

static void
walk_blk(struct ck_checker *c, void *arg, uint32_t i)
{
	const uint32_t *blk = arg;

	if (blk[i])
		ck_walk_block(c, blk[i]);
}

void
ck_loop_end(struct ck_checker *c, struct ck_frame *f, bool sure, struct op at)
{
	ck_back_edge(c, f);
	ck_frame_close(c);
	masks_outwards(&c->k, f);
	if (sure)
		return;
	/* No trip: nothing of the loop ran. */
	struct ck_meet m = {f->head, c->ord, c->ord};
	entry_forget(c, f);
	know_meet(c, &f->entry, &c->k, &m, at);
	ck_know_copy(c->a, &c->k, &f->entry);
}

void
ck_walk_loop(struct ck_checker *c, uint32_t stmt)
{
	const struct stmt *st = &c->sec->stmt.at[stmt];
	struct ck_frame *f;

	if (c->mode == MODE_REPLAY) {
		ck_replay_loop(c, stmt);
		return;
	}
	if (c->mode == MODE_EXPAND && ck_expand_loop(c, stmt))
		return;
	bool sure = st->trips_min, never = false;
	if (c->mode == MODE_EXPAND)
		ck_loop_runs(c, st->op, &sure, &never);
	if (never)
		return;
	f = ck_frame_push(c, stmt);
	if (c->sec->child.at[st->child0])
		ck_walk_block(c, c->sec->child.at[st->child0]);
	ck_loop_end(c, f, sure, st->op);
}

/*
 * The loop is left after `before`: of `after`, ordinals (mid, ord], a row then knows what its symbols knew when the
 * iteration before ended.
 */
static void
row_after(struct ck_checker *c, const struct ck_frame *f, struct ck_row *r, const uint32_t *mid)
{
	for (unsigned p = 0; p < COL_COUNT; p++) {
		struct ck_cell *x = &r->c[p], w = {0};
		if (c->ord[p] == mid[p])
			continue;
		ck_cell_add(&c->isles, &w, mid[p], c->ord[p]);
		w.mask = x->mask;
		if (!(x->mask & CK_ALL))
			ck_cell_meet(&c->isles, &w, ck_frame_worth(c, f, x->mask, p));
		w.mask = x->mask;
		ck_cell_join(&c->isles, x, &w);
	}
}

void
ck_walk_while(struct ck_checker *c, uint32_t stmt)
{
	const struct stmt *st = &c->sec->stmt.at[stmt];
	const uint32_t *child = &c->sec->child.at[st->child0];

	if (c->mode == MODE_REPLAY) {
		ck_replay_while(c, stmt);
		return;
	}
	struct ck_level *l = ck_level_push(c);
	struct ck_frame *f = ck_frame_push(c, stmt);
	if (child[0])
		ck_walk_block(c, child[0]);
	ck_know_copy(c->a, &l->done, &c->k);
	memcpy(l->a0, c->ord, sizeof l->a0);
	if (st->nchild > 1 && child[1])
		ck_walk_block(c, child[1]);
	ck_back_edge(c, f);
	ck_frame_close(c);
	for (unsigned r = 0; r < ROW_COUNT; r++)
		row_after(c, f, &l->done.r[r], l->a0);
	for (uint32_t i = 0; i < l->done.tok.n; i++)
		row_after(c, f, &l->done.tok.at[i].row, l->a0);
	masks_outwards(&l->done, f);
	ck_know_copy(c->a, &c->k, &l->done);
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
	ck_walk_ways(c, blk.n, walk_blk, blk.at, c->func);
	ck_back_edge(c, f);
	ck_frame_close(c);
	masks_outwards(&c->k, f);
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

	if (c->mode != MODE_PLAIN && ck_known_branch(c, s))
		return;
	if (c->mode == MODE_EXPAND) {
		ck_expand_branch(c, s);
	} else if (st->kind == ST_IF) {
		for (uint32_t i = 0; i < st->nchild && i < 2; i++)
			two[i] = c->sec->child.at[st->child0 + i];
		ck_walk_ways(c, 2, walk_blk, two, st->op);
	} else {
		ck_walk_ways(c, st->nchild, walk_blk, &c->sec->child.at[st->child0], st->op);
	}
}

static void
stmt_exit(struct ck_checker *c, uint32_t s)
{
	ck_walk_exit(c, c->sec->stmt.at[s].op);
}

void
ck_walk_range(struct ck_checker *c, uint32_t blk, uint32_t from, uint32_t to, uint32_t split)
{
	static void (*const walk[])(struct ck_checker *, uint32_t) = {
		[ST_WORK] = stmt_work, [ST_SYNC] = stmt_sync, [ST_LOOP] = ck_walk_loop, [ST_IF] = stmt_arms,
		[ST_WHILE] = ck_walk_while, [ST_CHOICE] = stmt_arms, [ST_ONCE] = ck_walk_free, [ST_CALL] = stmt_work,
		[ST_EXIT] = stmt_exit,
	};
	const struct sblk *b = &c->sec->blk.at[blk];
	uint32_t outer = c->blk, next;

	for (uint32_t i = from; i < to && !c->halt; i = next) {
		uint32_t s = c->sec->order.at[b->stmt0 + i];
		if (c->opt->first_only && c->res->verdict != CHECK_PROVED)
			break;
		c->blk = blk;
		next = c->mode == MODE_EXPAND ? ck_walk_split(c, blk, i, to, split) : i;
		if (next > i)
			continue;
		next = i + 1;
		c->halt |= ++c->steps >= c->steps_max && c->mode == MODE_REPLAY;
		walk[c->sec->stmt.at[s].kind](c, s);
	}
	c->blk = outer;
}

void
ck_walk_block(struct ck_checker *c, uint32_t blk)
{
	ck_walk_range(c, blk, 0, c->sec->blk.at[blk].nstmt, 0);
}
