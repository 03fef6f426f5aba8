/* order: see order.h. A depth-first walk over the calls with a stack of its own; there is no recursion (verify). */
#include "driver/order.h"

#include <stdlib.h>

struct edge {
	uint32_t caller, callee;
};

struct graph {
	VEC(struct edge) edge;		/* sorted by caller */
	uint32_t *next;			/* per function: first edge not followed yet */
	bool *done;
	uint32_t *stack, depth;
};

static int
edge_cmp(const void *pa, const void *pb)
{
	const struct edge *a = pa, *b = pb;

	if (a->caller != b->caller)
		return a->caller < b->caller ? -1 : 1;
	return a->callee < b->callee ? -1 : a->callee > b->callee;
}

static void
visit(struct graph *g, uint32_t root, uint32_t *order, uint32_t *n)
{
	g->stack[g->depth++] = root;
	g->done[root] = true;
	while (g->depth) {
		uint32_t f = g->stack[g->depth - 1], e = g->next[f];
		if (e == g->edge.n || g->edge.at[e].caller != f) {
			order[(*n)++] = f;
			g->depth--;
			continue;
		}
		g->next[f]++;
		uint32_t to = g->edge.at[e].callee;
		if (!g->done[to]) {
			g->done[to] = true;
			g->stack[g->depth++] = to;
		}
	}
}

/* All calls between functions of the list. */
static void
find_edges(struct arena *a, const struct ir *ir, const struct access *ac, const struct op *func, uint32_t n,
	   struct graph *g)
{
	uint32_t *index = NULL;	/* per op, of a function: its place in the list, from 1 */

	for (uint32_t i = 1; i < ir->op.n; i++) {
		struct op o = {i};
		if (op_id(ir, o) != OP_CALL || ir_op(ir, o)->flags & OPD_DEAD)
			continue;
		if (!index) {
			index = ARENA_ARRAY(a, uint32_t, ir->op.n);
			for (uint32_t f = 0; f < n; f++)
				index[func[f].i] = f + 1;
		}
		struct op to = access_callee(ac, o), from = op_enclosing(ir, o, OP_FUNC);
		if (index[to.i] && index[from.i])
			VEC_PUSH(a, &g->edge, ((struct edge){index[from.i] - 1, index[to.i] - 1}));
	}
	if (g->edge.n)
		qsort(g->edge.at, g->edge.n, sizeof *g->edge.at, edge_cmp);
}

void
order_functions(struct arena *a, const struct ir *ir, const struct access *ac, const struct op *func, uint32_t n,
		uint32_t *order)
{
	struct graph g = {.done = ARENA_ARRAY(a, bool, n + 1)};
	uint32_t k = 0;

	find_edges(a, ir, ac, func, n, &g);
	g.next = ARENA_ARRAY(a, uint32_t, n + 1);
	g.stack = ARENA_ARRAY(a, uint32_t, n + 1);
	for (uint32_t f = 0; f < n; f++)
		g.next[f] = g.edge.n;
	for (uint32_t e = g.edge.n; e-- > 0;)
		g.next[g.edge.at[e].caller] = e;
	for (uint32_t f = 0; f < n; f++)
		if (!g.done[f])
			visit(&g, f, order, &k);
}
