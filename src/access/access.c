/*
 * access: builds the tables in one walk over the module (expressions, places, phases), then the neighbour lists, and
 * answers the queries of access.h. Cost: linear in ops plus n log n in distinct sets.
 */
#include "access/model.h"

#include <stdlib.h>

/* ---- functions that do no work ---- */

struct call_edge {
	uint32_t callee, caller; /* op ids of func.func */
};

struct call_graph {
	VEC(struct call_edge) edge;
	VEC(uint32_t) todo; /* busy functions whose callers are to be marked */
};

struct op
access_callee(const struct access *ac, struct op call)
{
	const struct attr_data *d = attr_data(&ac->ir->attrs, op_attr(ac->ir, call, ac->ir->name.callee));

	if ((d->kind != AT_SYMBOL && d->kind != AT_STRING) || d->text.i >= ac->nsym)
		return (struct op){0};
	return ac->func_of_name[d->text.i];
}

/* Recursion over nesting only. */
static void
scan_block(struct access *ac, struct blk b, uint32_t func, struct call_graph *g)
{
	for (struct op o = ir_blk(ac->ir, b)->first; o.i; o = ir_op(ac->ir, o)->next) {
		enum op_id id = op_id(ac->ir, o);
		if (id == OP_CALL) {
			struct op f = access_callee(ac, o);
			ac->called[f.i] = true;
			if (f.i && op_body(ac->ir, f, 0).i)
				VEC_PUSH(ac->a, &g->edge, (struct call_edge){f.i, func});
			else
				ac->busy[func] = true;
		} else if (isa_op[id].pipe != P_NONE || (isa_op[id].flags & OPF_SYNC)) {
			ac->busy[func] = true;
		}
		for (uint32_t r = 0; r < ir_op(ac->ir, o)->nreg; r++)
			for (struct blk c = op_body(ac->ir, o, r); c.i; c = ir_blk(ac->ir, c)->next)
				scan_block(ac, c, func, g);
	}
}

static int
edge_cmp(const void *x, const void *y)
{
	const struct call_edge *a = x, *b = y;

	if (a->callee != b->callee)
		return a->callee < b->callee ? -1 : 1;
	return a->caller < b->caller ? -1 : a->caller > b->caller;
}

static void
mark_callers(struct access *ac, struct call_graph *g, uint32_t callee)
{
	uint32_t lo = 0, hi = g->edge.n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (g->edge.at[mid].callee < callee)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < g->edge.n && g->edge.at[lo].callee == callee; lo++) {
		uint32_t caller = g->edge.at[lo].caller;
		if (!ac->busy[caller]) {
			ac->busy[caller] = true;
			VEC_PUSH(ac->a, &g->todo, caller);
		}
	}
}

/* Calls f for every func.func below a module, nested modules included. */
static void
each_func(struct access *ac, struct op module, void (*f)(struct access *, struct op, struct call_graph *),
	  struct call_graph *g)
{
	for (uint32_t r = 0; r < ir_op(ac->ir, module)->nreg; r++)
		for (struct blk b = op_body(ac->ir, module, r); b.i; b = ir_blk(ac->ir, b)->next)
			for (struct op o = ir_blk(ac->ir, b)->first; o.i; o = ir_op(ac->ir, o)->next) {
				if (op_id(ac->ir, o) == OP_FUNC)
					f(ac, o, g);
				else if (op_id(ac->ir, o) == OP_MODULE)
					each_func(ac, o, f, g);
			}
}

static void
name_func(struct access *ac, struct op func, struct call_graph *g)
{
	struct sym s = func_name(ac->ir, func);

	(void)g;
	if (s.i < ac->nsym)
		ac->func_of_name[s.i] = func;
}

static void
scan_func(struct access *ac, struct op func, struct call_graph *g)
{
	for (struct blk b = op_body(ac->ir, func, 0); b.i; b = ir_blk(ac->ir, b)->next)
		scan_block(ac, b, func.i, g);
	if (ac->busy[func.i])
		VEC_PUSH(ac->a, &g->todo, func.i);
}

static void
find_busy(struct access *ac)
{
	struct call_graph g = {.edge = {NULL, 0, 0}};

	ac->nsym = ac->ir->in.text.n;
	ac->func_of_name = ARENA_ARRAY(ac->a, struct op, ac->nsym);
	ac->busy = ARENA_ARRAY(ac->a, bool, ac->nof_op);
	ac->called = ARENA_ARRAY(ac->a, bool, ac->nof_op);
	each_func(ac, ac->ir->module, name_func, &g);
	each_func(ac, ac->ir->module, scan_func, &g);
	if (g.edge.n) {
		qsort(g.edge.at, g.edge.n, sizeof *g.edge.at, edge_cmp);
		VEC_ADD(ac->a, &ac->sum, 1);
		ac->sum_of_name = ARENA_ARRAY(ac->a, uint32_t, ac->nsym);
	}
	for (uint32_t k = 0; k < g.todo.n; k++)
		mark_callers(ac, &g, g.todo.at[k]);
}

bool
access_func_called(const struct access *ac, struct op func)
{
	return func.i < ac->nof_op && ac->called[func.i];
}

bool
callee_idle(const struct access *ac, struct op call)
{
	struct op f = access_callee(ac, call);

	return f.i && op_body(ac->ir, f, 0).i && !ac->busy[f.i];
}

/* ---- the walk ---- */

static void walk_region(struct access *ac, struct op o, uint32_t r);

static bool
is_memory(const struct access *ac, struct val v)
{
	enum type_kind k = type_kind(&ac->ir->types, val_type(ac->ir, v));

	return k == TY_TILE || k == TY_PTR || k == TY_TVIEW || k == TY_PVIEW || k == TY_MULTI_TILE;
}

static void
resolve_args(struct access *ac, struct blk b)
{
	const struct blk_data *d = ir_blk(ac->ir, b);

	for (uint32_t i = 0; i < d->narg; i++)
		if (is_memory(ac, (struct val){d->arg0 + i}))
			place_of(ac, (struct val){d->arg0 + i});
}

static void
walk_op(struct access *ac, struct op o)
{
	const struct op_data *d = ir_op(ac->ir, o);
	bool loop = d->id == OP_FOR || d->id == OP_WHILE;

	if (loop)
		ac->of_op[o.i].scope = aff_loop_enter(&ac->aff, o);
	for (uint32_t r = 0; r < d->nreg; r++)
		walk_region(ac, o, r);
	if (loop)
		aff_loop_leave(&ac->aff);
	aff_define(&ac->aff, o);
	/* Places in program order, so that resolving one never has far to go. */
	for (uint32_t i = 0; i < d->nres; i++)
		if (is_memory(ac, op_res(ac->ir, o, i)))
			place_of(ac, op_res(ac->ir, o, i));
	phases_of_op(ac, o);
}

static void
walk_block(struct access *ac, struct blk b)
{
	aff_define_args(&ac->aff, b);
	resolve_args(ac, b);
	for (struct op o = ir_blk(ac->ir, b)->first; o.i; o = ir_op(ac->ir, o)->next)
		walk_op(ac, o);
}

/* Blocks behind the entry of a region with branches may run any number of times. */
static void
walk_region(struct access *ac, struct op o, uint32_t r)
{
	bool loose = ac->aff.loose;

	for (struct blk b = op_body(ac->ir, o, r); b.i; b = ir_blk(ac->ir, b)->next) {
		walk_block(ac, b);
		ac->aff.loose = true;
	}
	ac->aff.loose = loose;
}

static void
walk_func(struct access *ac, struct op func, struct call_graph *g)
{
	(void)g;
	ac->func = func;
	ac->core = func_core(ac->ir, func);
	ac->of_op[func.i].scope = ac->sets.n;
	VEC_PUSH(ac->a, &ac->sets, (struct func_sets){.first = ac->region.n});
	walk_region(ac, func, 0);
	ac->sets.at[ac->sets.n - 1].end = ac->region.n;
}

struct access *
access_build(struct arena *a, const struct ir *ir, struct access_opt opt)
{
	struct access *ac = ARENA_NEW(a, struct access);

	ac->a = a;
	ac->ir = ir;
	ac->opt = opt;
	ac->nof_val = ir->val.n;
	ac->nof_op = ir->op.n;
	ac->of_val = ARENA_ARRAY(a, struct place_list, ir->val.n);
	ac->of_op = ARENA_ARRAY(a, struct op_phases, ir->op.n);
	VEC_PUSH(a, &ac->place, (struct place){.kind = PL_CYCLE});
	VEC_ADD(a, &ac->open, 1);
	affines_init(&ac->aff, a, ir);
	region_init(ac);
	VEC_PUSH(a, &ac->sets, (struct func_sets){.first = 1, .end = 1});
	alias_scan(ac);
	fifo_scan(ac);
	find_busy(ac);
	each_func(ac, ir->module, walk_func, NULL);
	near_build(ac);
	ac->ncache = 1024;
	ac->cache = ARENA_ARRAY(a, struct overlap_entry, ac->ncache);
	return ac;
}

/* ---- queries: ops ---- */

/* Ops made after access_build (sync ops) have no entries. */
const struct phase *
access_phases(const struct access *ac, struct op o, uint32_t *n)
{
	*n = o.i < ac->nof_op ? ac->of_op[o.i].nphase : 0;
	return VEC_FROM(&ac->phase, *n ? ac->of_op[o.i].phase0 : 0);
}

bool
access_works_on(const struct access *ac, struct op o, enum pipe pipe)
{
	uint32_t n;
	const struct phase *ph = access_phases(ac, o, &n);

	for (uint32_t i = 0; i < n; i++)
		if (ph[i].pipe == pipe)
			return true;
	for (uint32_t r = 0; r < ir_op(ac->ir, o)->nreg; r++)
		for (struct blk b = op_body(ac->ir, o, r); b.i; b = ir_blk(ac->ir, b)->next)
			for (struct op c = ir_blk(ac->ir, b)->first; c.i; c = ir_op(ac->ir, c)->next)
				if (access_works_on(ac, c, pipe))
					return true;
	return false;
}

const struct acc *
access_accs(const struct access *ac, const struct phase *p, uint32_t *n)
{
	*n = p->nacc;
	return VEC_FROM(&ac->acc, p->acc0);
}

const struct hidden_key *
access_hidden(const struct access *ac, struct op o, uint32_t *n)
{
	*n = o.i < ac->nof_op ? ac->of_op[o.i].nhidden : 0;
	return *n ? ac->hidden.at + ac->of_op[o.i].hidden0 : NULL;
}

/* ---- queries: sets ---- */

uint32_t
access_sets(const struct access *ac, struct op func, uint32_t *first)
{
	const struct func_sets *s = &ac->sets.at[func.i < ac->nof_op ? ac->of_op[func.i].scope : 0];

	*first = s->first;
	return s->end;
}

bool
access_has_scalar_gm(const struct access *ac, struct op func)
{
	uint32_t s, end = access_sets(ac, func, &s);

	while (s < end && !(ac->use.at[s] & USE_SCALAR && ac->region.at[s].space == SP_GM))
		s++;
	return s < end;
}

enum space
access_space(const struct access *ac, uint32_t set)
{
	return (enum space)ac->region.at[set].space;
}

struct val
access_root(const struct access *ac, uint32_t set)
{
	return ac->region.at[set].root;
}

uint32_t
access_class(const struct access *ac, uint32_t set)
{
	return ac->near[set].class;
}

const uint32_t *
access_near(struct access *ac, uint32_t set, uint32_t *n, bool *all)
{
	const struct near *d = &ac->near[set];

	*n = d->n;
	*all = d->all;
	return ac->near_id.at + d->first;
}

static struct overlap_entry *
cache_find(struct overlap_entry *at, uint32_t n, const struct overlap_entry *key)
{
	uint32_t h = hash_u32(hash_u32(hash_u32(key->a, key->b), key->scope), key->widen) & (n - 1);

	while (at[h].answer &&
	       (at[h].a != key->a || at[h].b != key->b || at[h].scope != key->scope || at[h].widen != key->widen))
		h = (h + 1) & (n - 1);
	return &at[h];
}

static void
cache_grow(struct access *ac)
{
	uint32_t n = ac->ncache * 2;
	struct overlap_entry *at = ARENA_ARRAY(ac->a, struct overlap_entry, n);

	for (uint32_t k = 0; k < ac->ncache; k++)
		if (ac->cache[k].answer)
			*cache_find(at, n, &ac->cache[k]) = ac->cache[k];
	ac->cache = at;
	ac->ncache = n;
}

/* Trip counts: a loop that runs at most once carries nothing. */
static bool
never_repeats(const struct access *ac, uint32_t scope)
{
	int64_t lo, hi;

	if (!ac->aff.scope.at[scope].trip)
		return false;
	aff_range(&ac->aff, ac->aff.scope.at[scope].trip, &lo, &hi);
	return hi < 1;
}

/* An entry of a fifo declared inside the loop is another slot in every iteration. */
static bool
fresh_entry(const struct access *ac, const struct region *x, const struct region *y, struct op loop)
{
	struct op def = x->root.i && x->root.i == y->root.i ? ir_val(ac->ir, x->root)->def : (struct op){0};

	if (!def.i || op_id(ac->ir, def) != OP_DECLARE_GLOBAL)
		return false;
	while (def.i && def.i != loop.i)
		def = op_parent(ac->ir, def);
	return def.i != 0;
}

bool
access_overlap(struct access *ac, uint32_t a, uint32_t b, struct op loop, bool scalar_a, bool scalar_b)
{
	const struct region *x = &ac->region.at[a], *y = &ac->region.at[b];
	uint32_t scope = loop.i && loop.i < ac->nof_op ? ac->of_op[loop.i].scope : 0;

	if (x->space != y->space ||
	    (x->kind == RG_GM && y->kind == RG_GM && x->root.i != y->root.i && !ac->opt.gm_alias))
		return false;
	if (scope && (never_repeats(ac, scope) || fresh_entry(ac, x, y, loop)))
		return false;
	if (x->kind == RG_LOCAL && y->kind == RG_LOCAL && !x->ndim && !y->ndim)
		return region_overlap(ac, a, b, WHEN_SAME, 0, 0);
	struct overlap_entry key = {.a = a, .b = b, .scope = x->space == SP_GM ? scope : 0};
	key.widen = (uint8_t)((scalar_a && !scalar_b ? 1 : 0) | (scalar_b && !scalar_a ? 2 : 0));
	if (loop.i && !scope)
		key.scope = UINT32_MAX;
	struct overlap_entry *e = cache_find(ac->cache, ac->ncache, &key);
	if (!e->answer) {
		enum when when = !loop.i ? WHEN_SAME : scope ? WHEN_LATER : WHEN_ANY;
		key.answer = region_overlap(ac, a, b, when, scope, key.widen) ? 2 : 1;
		*e = key;
		bool answer = key.answer == 2;
		if (++ac->ncached * 2 > ac->ncache)
			cache_grow(ac);
		return answer;
	}
	return e->answer == 2;
}

bool
access_empty(const struct access *ac, uint32_t set)
{
	const struct region *r = &ac->region.at[set];

	return (r->kind == RG_LOCAL || r->kind == RG_GM) && r->width <= 0;
}

bool
access_same_bytes(const struct access *ac, uint32_t a, uint32_t b)
{
	const struct region *r = &ac->region.at[a];

	return a == b && r->ndim == 0 && (r->kind == RG_LOCAL || r->kind == RG_GM);
}

uint64_t
access_bytes(const struct access *ac, uint32_t set)
{
	const struct region *r = &ac->region.at[set];
	int64_t n = r->width;

	if (r->kind != RG_LOCAL && r->kind != RG_GM)
		return UINT64_MAX;
	for (uint32_t k = 0; k < r->ndim; k++) {
		if (r->dim[k].count >= AFF_INF)
			return UINT64_MAX;
		n = sat_add(n, sat_mul(r->dim[k].count - 1, r->dim[k].stride));
	}
	return n >= AFF_INF ? UINT64_MAX : (uint64_t)n;
}

bool
access_extent(const struct access *ac, uint32_t set, int64_t *lo, int64_t *hi)
{
	return ac->region.at[set].kind == RG_LOCAL && region_hull(ac, set, lo, hi);
}

static void
print_shape(const struct region *r, struct out *o)
{
	for (uint32_t k = 0; k < r->ndim; k++) {
		if (r->dim[k].count >= AFF_INF)
			out_str(o, "? x ");
		else
			out_f(o, "%lld x ", (long long)r->dim[k].count);
	}
	out_i64(o, r->width);
	for (uint32_t k = 0; k < r->ndim; k++)
		out_f(o, "%s%lld", k ? ", " : " step ", (long long)r->dim[k].stride);
}

void
access_print(const struct access *ac, uint32_t set, struct out *o)
{
	const struct region *r = &ac->region.at[set];

	switch ((enum region_kind)r->kind) {
	case RG_LOCAL:
		out_f(o, "%s[%lld, ", isa_space[r->space].tile, (long long)r->lo);
		if (r->ndim)
			print_shape(r, o);
		else
			out_i64(o, r->lo + r->width);
		out_char(o, r->ndim ? ']' : ')');
		break;
	case RG_SPACE:
		out_f(o, "%s[anywhere]", isa_space[r->space].tile);
		break;
	case RG_GM:
		out_f(o, "%s[", val_name(ac->ir, r->root));
		aff_print(&ac->aff, r->base, o);
		out_str(o, ", ");
		print_shape(r, o);
		out_char(o, ']');
		break;
	case RG_GM_ROOT:
		out_f(o, "%s[anywhere]", val_name(ac->ir, r->root));
		break;
	case RG_GM_ANY:
		out_str(o, "gm[anywhere]");
		break;
	}
}
