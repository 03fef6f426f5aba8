/* move: see move.h. */
#include "driver/move.h"

#include "check/defs.h"
#include "check/places.h"
#include "driver/trial.h"
#include "mem/size.h"

struct move_tile {
	struct op alloc;
	struct val addr;	/* as given */
	enum space space;
	uint64_t at, end;	/* bytes */
	struct op loop;		/* see mem_tie */
	bool tied;
	uint32_t up;		/* union-find: tiles of one piece of memory */
};

struct move {
	struct arena *a;
	struct ir *ir;
	VEC(struct op) func;		/* that are placed anew */
	struct ck_defs *defs;		/* of each, at the given addresses */
	VEC(struct move_tile) tile;
	VEC(struct mem_tie) tie;
	uint32_t *index;		/* by op: of tile, + 1 */
	bool in_place;
};

static uint32_t
find(struct move *m, uint32_t k)
{
	for (; m->tile.at[k].up != k; k = m->tile.at[k].up)
		m->tile.at[k].up = m->tile.at[m->tile.at[k].up].up;
	return k;
}

/* ---- what stays together ---- */

static void
outlives(const struct ir *ir, struct move_tile *t, struct op loop)
{
	if (loop.i && op_is_inside(ir, t->alloc, loop) && (!t->loop.i || op_is_inside(ir, t->loop, loop)))
		t->loop = loop;
}

static void
tie(struct move *m, uint32_t x, uint32_t y)
{
	x = find(m, x);
	y = find(m, y);
	m->tile.at[x > y ? x : y].up = x > y ? y : x;
}

/* False when a read finds bytes of no tile. */
static bool
tie_defs(struct move *m, const struct ck_defs *defs)
{
	for (uint32_t k = 0; m->in_place && k < defs->over.n; k += 2) {
		uint32_t r = m->index[defs->over.at[k].alloc.i], w = m->index[defs->over.at[k + 1].alloc.i];
		if (r && w)
			tie(m, r - 1, w - 1);
	}

	for (uint32_t k = 0; k < defs->at.n; k++) {
		const struct ck_def *d = &defs->at.at[k];
			uint32_t r = m->index[d->read.alloc.i], w = m->index[d->write.alloc.i];
		if (!r || !w)
			return false;
		outlives(m->ir, &m->tile.at[r - 1], d->loop);
		outlives(m->ir, &m->tile.at[w - 1], d->loop);
		tie(m, r - 1, w - 1);
	}
	return true;
}

static void
add_tiles(struct move *m, struct reg r)
{
	const struct ir *ir = m->ir;

	for (struct blk b = ir_reg(ir, r)->first; b.i; b = ir_blk(ir, b)->next)
		for (struct op o = ir_blk(ir, b)->first; o.i; o = ir_op(ir, o)->next) {
			for (uint32_t k = 0; k < ir_op(ir, o)->nreg; k++)
				add_tiles(m, op_reg(ir, o, k));
			if (op_id(ir, o) != OP_ALLOC_TILE)
				continue;
			struct buf_place at = mem_place(ir, o);
			uint64_t bytes = mem_footprint(ir, val_type(ir, op_res(ir, o, 0)));
			uint32_t self = m->tile.n;
			VEC_PUSH(m->a, &m->tile, ((struct move_tile){
				.alloc = o,
				.addr = op_slot(ir, o, 0),
				.space = at.space,
				.at = at.addr_bytes,
				.end = at.addr_bytes + bytes,
				.up = self,
			}));
			m->index[o.i] = m->tile.n;
		}
}

/* The tiles of one function; those of other functions have their ties. */
static void
add_ties(struct move *m, uint32_t from)
{
	uint32_t n = m->tile.n - from, *group = ARENA_ARRAY(m->a, uint32_t, n + 1);
	struct move_tile *all = ARENA_ARRAY(m->a, struct move_tile, n + 1);

	for (uint32_t k = 0; k < n; k++) {
		const struct move_tile *t = &m->tile.at[from + k];
		struct move_tile *g = &all[find(m, from + k) - from];
		if (g->up++ == 0 || t->at < g->at)
			g->at = t->at;
		g->end = t->end > g->end ? t->end : g->end;
	}
	for (uint32_t k = 0; k < n; k++) {
		const struct move_tile *t = &m->tile.at[from + k];
		uint32_t of = find(m, from + k) - from;
		m->tile.at[from + k].tied = all[of].up > 1 || t->loop.i;
		if (!t->tied)
			continue;
		/* the lowest of a group is its root of union-find, so it comes first */
		group[of] = of == k ? m->tie.n : group[of];
		VEC_PUSH(m->a, &m->tie, ((struct mem_tie){
			.alloc = t->alloc,
			.loop = t->loop,
			.group = group[of],
			.off_bytes = t->at - all[of].at,
			.all_bytes = all[of].end - all[of].at,
		}));
	}
}

static void
take_function(struct move *m, const struct access *ac, struct op func, struct ck_defs *defs)
{
	uint32_t from = m->tile.n;

	ck_defs_build(defs, m->a, m->ir, ac, func);
	if (defs->why)
		return;
	add_tiles(m, op_reg(m->ir, func, 0));
	if (m->tile.n == from || !tie_defs(m, defs)) {
		m->tile.n = from;
		return;
	}
	add_ties(m, from);
	for (uint32_t k = from; k < m->tile.n; k++)
		m->ir->opnd.at[ir_op(m->ir, m->tile.at[k].alloc)->opnd0] = (struct val){0};
	VEC_PUSH(m->a, &m->func, func);
}

struct move *
move_begin(struct arena *a, struct ir *ir, const struct op *func, uint32_t nfunc, bool in_place)
{
	struct move *m = ARENA_NEW(a, struct move);

	/* who calls relies on where called functions have their tiles */
	for (uint32_t i = 1; i < ir->op.n; i++)
		if (ir->op.at[i].id == OP_CALL && !(ir->op.at[i].flags & OPD_DEAD))
			return NULL;
	m->a = a;
	m->ir = ir;
	m->in_place = in_place;
	m->defs = ARENA_ARRAY(a, struct ck_defs, nfunc + 1);
	m->index = ARENA_ARRAY(a, uint32_t, ir->op.n);
	struct access *ac = access_build(a, ir, (struct access_opt){.gm_alias = false});
	for (uint32_t k = 0; k < nfunc; k++)
		take_function(m, ac, func[k], &m->defs[m->func.n]);
	return m->func.n ? m : NULL;
}

bool
move_place(struct move *m, struct mem_opt mo)
{
	mo.tie = m->tie.at;
	mo.ntie = m->tie.n;
	if (!mem_plan(m->a, m->ir, m->func.at, m->func.n, mo))
		return false;
	/* tiles that nothing uses */
	for (uint32_t k = 0; k < m->tile.n; k++)
		if (!op_slot(m->ir, m->tile.at[k].alloc, 0).i)
			m->ir->opnd.at[ir_op(m->ir, m->tile.at[k].alloc)->opnd0] = m->tile.at[k].addr;
	return true;
}

bool
move_is_tied(const struct move *m, struct op alloc)
{
	uint32_t k = m->index[alloc.i];

	return k && m->tile.at[k - 1].tied;
}

bool
move_apart(struct move *m, const struct access *ac)
{
	return check_placement(m->a, m->ir, ac, m->func.at, m->func.n, m->tie.at, m->tie.n);
}

struct op
move_refuted(struct move *m, const struct access *ac)
{
	for (uint32_t k = 0; k < m->func.n; k++) {
		struct arena_mark mark = arena_mark(m->a);
		struct ck_defs now;
		ck_defs_build(&now, m->a, m->ir, ac, m->func.at[k]);
		bool same = ck_defs_equal(&m->defs[k], &now);
		arena_rewind(m->a, mark);
		if (!same)
			return m->func.at[k];
	}
	return (struct op){0};
}

/* Longer texts stay as they are. */
enum { OPS_MAX = 100000 };

void
move_choose(struct pipeline *p)
{
	static const enum moves way[] = {MOVES_FREE, MOVES_IN_PLACE};
	struct move_result *m = &p->moved;
	enum moves best = MOVES_NONE;

	if (p->level < 3 || p->opt->sync != PTOC_SYNC_AUTO || p->ir.op.n > OPS_MAX)
		return;
	m->before = m->after = trial_run(p, NULL, 0, MOVES_NONE);
	m->tried = m->before >= 0;
	for (unsigned k = 0; m->tried && k < sizeof way / sizeof way[0]; k++) {
		int64_t time = trial_run(p, NULL, 0, way[k]);
		if (time < 0 || time >= m->after)
			continue;
		m->after = time;
		best = way[k];
	}
	if (p->opt->improve_addresses)
		p->moves = best;
}
