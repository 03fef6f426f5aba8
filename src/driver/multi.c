/*
 * multi: see multi.h. Of all candidates first all together, then loop by loop, then one by one; what brings nothing is
 * taken out again. Tiles are named by their alloc op: the same text gives the same ids in every compile.
 */
#include "driver/multi.h"

#include "driver/move.h"
#include "driver/trial.h"
#include "shape/shape.h"

enum { WORK_MAX = 400000 };	/* ops times trials */

struct chooser {
	struct pipeline *p;
	struct slot_tile *tile;		/* all candidates, in program order */
	bool *in, *try;			/* by candidate: in the best choice; in the one being tried */
	uint32_t n, left;		/* left: trials */
	int64_t best;
};

static int64_t
measure(struct chooser *c)
{
	struct slot_tile *tile = ARENA_ARRAY(c->p->a, struct slot_tile, c->n + 1);
	uint32_t n = 0;

	for (uint32_t k = 0; k < c->n; k++)
		if (c->try[k])
			tile[n++] = c->tile[k];
	c->left--;
	c->p->multi.trials++;
	return trial_run(c->p, tile, n, c->p->moves);
}

/* Keeps the choice in `try` when it is better, or as good with `equal`; else goes back to the best one. */
static bool
settle(struct chooser *c, bool equal)
{
	int64_t time = c->left ? measure(c) : -1;
	bool better = time >= 0 && (time < c->best || (equal && time == c->best));

	if (better)
		c->best = time;
	for (uint32_t k = 0; k < c->n; k++)
		if (better)
			c->in[k] = c->try[k];
		else
			c->try[k] = c->in[k];
	return better;
}

static void
try_loop(struct chooser *c, struct op loop)
{
	for (uint32_t k = 0; k < c->n; k++)
		c->try[k] = c->in[k] || c->tile[k].loop.i == loop.i;
	if (settle(c, false))
		return;
	for (uint32_t k = 0; k < c->n; k++) {
		if (c->tile[k].loop.i != loop.i || c->in[k])
			continue;
		c->try[k] = true;
		settle(c, false);
	}
}

/* Takes tiles of [from, to) out again as long as that costs nothing: all, or what goes of either half. */
static void
thin(struct chooser *c, uint32_t from, uint32_t to)
{
	bool any = false;

	for (uint32_t k = from; k < to; k++) {
		any |= c->in[k];
		c->try[k] = false;
	}
	if (!any || settle(c, true) || to - from < 2 || !c->left)
		return;
	thin(c, from, from + (to - from) / 2);
	thin(c, from + (to - from) / 2, to);
}

static void
search(struct chooser *c)
{
	for (uint32_t k = 0; k < c->n; k++)
		c->try[k] = true;
	if (!settle(c, false))
		for (uint32_t k = 0; k < c->n; k++) {
			uint32_t j = 0;
			while (c->tile[j].loop.i != c->tile[k].loop.i)
				j++;
			if (j == k)
				try_loop(c, c->tile[k].loop);
		}
	thin(c, 0, c->n / 2);
	thin(c, c->n / 2, c->n);
}

/* Synchronised by hand: nobody would order the slots. */
static bool
by_hand(const struct pipeline *p)
{
	for (uint32_t i = 1; i < p->ir.op.n; i++)
		if (isa_op[p->ir.op.at[i].id].flags & OPF_MANUAL && !(p->ir.op.at[i].flags & OPD_DEAD))
			return true;
	return false;
}

static void
find_candidates(struct chooser *c)
{
	struct pipeline *p = c->p;
	struct slot_tile **found = ARENA_ARRAY(p->a, struct slot_tile *, p->func.n + 1);
	uint32_t *n = ARENA_ARRAY(p->a, uint32_t, p->func.n + 1);

	for (uint32_t k = 0; k < p->func.n; k++)
		c->n += n[k] = shape_slots_find(p->a, &p->ir, p->func.at[k], &found[k]);
	c->tile = ARENA_ARRAY(p->a, struct slot_tile, c->n + 1);
	uint32_t to = 0;
	for (uint32_t k = 0; k < p->func.n; k++)
		for (uint32_t i = 0; i < n[k]; i++)
			if (!p->move || !move_is_tied(p->move, found[k][i].alloc))
				c->tile[to++] = found[k][i];
	c->n = to;
}

void
multi_choose(struct pipeline *p)
{
	struct chooser c = {.p = p};

	if ((p->level >= 3 && !p->move) || p->opt->sync != PTOC_SYNC_AUTO || by_hand(p))
		return;
	find_candidates(&c);
	p->multi.candidates = c.n;
	c.left = WORK_MAX / p->ir.op.n < MULTI_TRIALS ? WORK_MAX / p->ir.op.n : MULTI_TRIALS;
	if (c.n == 0 || c.left < 2)
		return;
	c.in = ARENA_ARRAY(p->a, bool, c.n);
	c.try = ARENA_ARRAY(p->a, bool, c.n);
	c.best = measure(&c);
	p->multi.before = p->multi.after = c.best;
	if (c.best < 0)
		return;
	search(&c);
	p->multi.after = c.best;
	uint32_t n = 0;
	for (uint32_t k = 0; k < c.n; k++)
		if (c.in[k])
			c.tile[n++] = c.tile[k];
	p->multi.chosen = n;
	if (p->opt->multi_buffer)
		shape_slots(p->a, &p->ir, c.tile, n);
}
