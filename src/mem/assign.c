/*
 * assign: addresses for the local buffers of every function (levels 1 and 2), written as `addr` operands.
 *
 * Functions are placed callees first. A callee's buffers start at the lowest addresses and its caller's lie above
 * them, so that what the caller keeps over a call survives. Each space is independent. Alignment: 256 bytes, 4096 in
 * the matrix spaces; when that does not fit, what the hardware asks for (memory.md §2.11).
 */
#include "mem/plan.h"

#include "base/num.h"

#include <stdlib.h>

enum { COARSE_BYTES = 256, COARSE_MATRIX_BYTES = 4096 };

struct frame {
	uint64_t end[SPACE_COUNT];	/* bytes used by the function and what it calls */
	bool fixed_scratch;
	uint32_t waits;			/* calls of functions not placed yet */
};

struct edge {
	uint32_t callee, caller;	/* indices of func */
};

struct assign {
	struct arena *a;
	struct ir *ir;
	struct live live;
	const struct op *func;
	uint32_t nfunc;
	struct frame *frame;		/* by index of func */
	uint32_t *func_of_sym;		/* index + 1 */
	uint32_t nsym;
	struct mem_opt opt;
	VEC(struct edge) edge;
	struct order *order;		/* of the function being placed, once reuse is needed */
	bool knows_holes, has_holes;	/* the same for live_holes */
};

static uint32_t
coarse_align(enum space sp)
{
	return sp == SP_LEFT || sp == SP_RIGHT || sp == SP_ACC ? COARSE_MATRIX_BYTES : COARSE_BYTES;
}

/* ---- result ---- */

static void
write_address(struct assign *g, struct op alloc, uint64_t at)
{
	struct ir *ir = g->ir;
	struct typ i64 = type_int(&ir->types, 64, SIGNLESS);
	struct op c = ir_op_new(ir, OP_ARITH_CONSTANT, (struct span){0, 0});

	ir_op_operands(ir, c, NULL, 0);
	struct val v = ir_op_result(ir, c, i64);
	op_attr_set(ir, c, ir->name.value, attr_int(&ir->attrs, (int64_t)at, i64));
	ir_insert_before(ir, alloc, c);
	ir->opnd.at[ir_op(ir, alloc)->opnd0] = v;
}

/* Roots that share the bytes of another one, which has its address. */
static void
write_twins(struct assign *g)
{
	for (uint32_t k = 0; k < g->live.root.n; k++) {
		const struct root *r = &g->live.root.at[k], *of = r;
		int64_t at;
		while (of->twin)
			of = &g->live.root.at[of->twin - 1];
		if (of != r && val_const_int(g->ir, op_slot(g->ir, of->alloc, 0), &at))
			write_address(g, r->alloc, (uint64_t)at - of->off_bytes + r->off_bytes);
	}
}

/* ---- one function ---- */

static int
by_first_use(const void *x, const void *y)
{
	const struct item *a = x, *b = y;

	if (a->lo != b->lo)
		return a->lo < b->lo ? -1 : 1;
	return a->root < b->root ? -1 : a->root > b->root;
}

/* What is taken for the time in which a buffer holds data. */
enum ranges { RANGES_WIDE, RANGES_HULL, RANGES_PIECES };

/* The buffers of a space that need a place. */
static void
take_items(struct assign *g, enum space sp, enum ranges how, struct space_plan *p)
{
	const struct live *l = &g->live;
	bool wide = how == RANGES_WIDE;

	p->n = 0;
	p->pieces = false;
	for (uint32_t k = 0; k < l->root.n; k++) {
		const struct root *r = &l->root.at[k];
		if (r->space != sp || !r->lo || r->twin)
			continue;
		p->item[p->n++] = (struct item){
			.root = k,
			.lo = wide ? r->wide_lo : r->lo,
			.hi = wide ? r->wide_hi : r->hi,
			.bytes = r->size_bytes,
			.hist = g->order ? order_history(g->order, r->family) : NULL,
			.piece = VEC_FROM(&l->piece, how == RANGES_PIECES ? r->piece0 : 0),
			.npiece = how == RANGES_PIECES ? r->npiece : 0,
		};
		p->pieces |= how == RANGES_PIECES && r->npiece;
	}
	qsort(p->item, p->n, sizeof *p->item, by_first_use);
}

/* The tables of the fixpipe as the reference sizes them. */
static uint64_t
table_bytes(enum space sp)
{
	return sp == SP_BIAS ? 65536 : sp == SP_SCALING ? 196608 : 0;
}

/* Run as ptoas, a table that the hardware cannot hold is placed all the same, with a warning. */
static bool
place_big_table(struct assign *g, struct op func, enum space sp, struct space_plan *p)
{
	if (!g->opt.big_tables || table_bytes(sp) <= p->cap)
		return false;
	p->cap = table_bytes(sp);
	if (!plan_reuse(g->a, p))
		return false;
	diag_report(g->ir->diags, DIAG_TABLE_SIZE, ir_op(g->ir, func)->span,
		    "%s tiles end at byte %llu, the hardware has %u", isa_space[sp].tile,
		    (unsigned long long)p->end, isa_space[sp].bytes);
	return true;
}

/* Leaves room for the reserved buffers where that is possible; when they find no hole, that is said there. */
static bool
reuse_beside(struct assign *g, struct space_plan *p, uint64_t reserved)
{
	uint64_t cap = p->cap;
	bool ok = false;

	if (reserved && reserved < cap - p->base) {
		p->cap -= reserved;
		ok = plan_reuse(g->a, p);
		p->cap = cap;
	}
	return ok || plan_reuse(g->a, p);
}

/* With the alignment of the easy case, then with what the hardware asks for. */
static bool
reuse_aligned(struct assign *g, enum space sp, enum ranges how, struct space_plan *p)
{
	uint64_t reserved = g->live.reserve_bytes[sp], need = p->need;
	bool ok = false;

	for (unsigned k = 0; k < 2 && !ok; k++) {
		p->align = k ? isa_space[sp].align : coarse_align(sp);
		take_items(g, sp, how, p);
		ok = reuse_beside(g, p, reserved);
		need = need ? need : p->need;
	}
	p->need = need;
	return ok;
}

/* Ways to share bytes, the ones without hazards first. */
static bool
place_shared(struct assign *g, struct op func, enum space sp, struct space_plan *p)
{
	if (!g->order)
		g->order = order_build(g->a, g->ir, &g->live, func);
	if (g->live.manual && reuse_aligned(g, sp, RANGES_WIDE, p))
		return true;
	p->need = 0;
	if (reuse_aligned(g, sp, RANGES_HULL, p))
		return true;
	if (!g->knows_holes)
		g->has_holes = live_holes(&g->live, func);
	g->knows_holes = true;
	if (g->has_holes && reuse_aligned(g, sp, RANGES_PIECES, p))
		return true;
	return live_in_place(&g->live, sp) && (reuse_aligned(g, sp, RANGES_HULL, p) ||
					       (g->has_holes && reuse_aligned(g, sp, RANGES_PIECES, p)));
}

/* Usable bytes of a space: the hardware's, or fewer when asked for. */
static uint64_t
space_bytes(const struct assign *g, enum space sp)
{
	uint64_t given = g->opt.capacity[sp];

	return given ? given : isa_space[sp].bytes;
}

static bool
place_space(struct assign *g, struct op func, enum space sp, struct frame *f, struct item *item)
{
	struct space_plan p = {.item = item, .base = f->end[sp], .cap = space_bytes(g, sp), .align = coarse_align(sp),
			       .first_fit = g->opt.first_fit};

	take_items(g, sp, RANGES_HULL, &p);
	if (p.n == 0)
		return true;
	if (sp == SP_VEC && f->fixed_scratch && p.cap > FIXED_SCRATCH_LO)
		p.cap = FIXED_SCRATCH_LO;
	if (p.cap < p.base)
		p.cap = p.base;
	uint64_t cap = p.cap, reserved = g->live.reserve_bytes[sp];
	p.cap -= reserved < cap - p.base ? reserved : 0;
	bool ok = plan_bump(&p);
	p.cap = cap;
	ok = ok || place_shared(g, func, sp, &p) || place_big_table(g, func, sp, &p);
	if (!ok) {
		report_overflow(g->a, g->ir, &g->live, func, sp, &p);
		return false;
	}
	f->end[sp] = p.end;
	for (uint32_t k = 0; k < p.n; k++) {
		const struct root *r = &g->live.root.at[p.item[k].root];
		write_address(g, r->alloc, p.item[k].at + r->off_bytes);
	}
	return true;
}

static bool
place_function(struct assign *g, uint32_t i)
{
	struct frame *f = &g->frame[i];
	uint64_t base[SPACE_COUNT];
	bool ok = true;

	memcpy(base, f->end, sizeof base);
	f->fixed_scratch |= g->live.fixed_scratch;
	struct item *item = ARENA_ARRAY(g->a, struct item, g->live.root.n + 1);
	for (uint32_t sp = 0; ok && sp < SPACE_COUNT; sp++)
		ok = place_space(g, g->func[i], (enum space)sp, f, item);
	write_twins(g);
	if (g->order)
		order_free(g->order);
	g->order = NULL;
	g->knows_holes = g->has_holes = false;
	return ok && place_reserves(g->ir, g->func[i], base, f->end, g->opt.capacity);
}

/* ---- callees first ---- */

static int
by_callee(const void *x, const void *y)
{
	const struct edge *a = x, *b = y;

	if (a->callee != b->callee)
		return a->callee < b->callee ? -1 : 1;
	return a->caller < b->caller ? -1 : a->caller > b->caller;
}

static uint32_t
func_index(const struct assign *g, struct sym name)
{
	return name.i < g->nsym ? g->func_of_sym[name.i] : 0;
}

/* All calls between functions with a body, sorted by callee. */
static void
collect_calls(struct assign *g)
{
	struct ir *ir = g->ir;

	for (uint32_t i = 1; i < ir->op.n; i++) {
		struct op o = {i};
		if (op_id(ir, o) != OP_CALL || ir_op(ir, o)->flags & OPD_DEAD)
			continue;
		uint32_t to = func_index(g, attr_data(&ir->attrs, op_attr(ir, o, ir->name.callee))->text);
		uint32_t from = func_index(g, func_name(ir, op_enclosing(ir, o, OP_FUNC)));
		if (!to || !from)
			continue;
		VEC_PUSH(g->a, &g->edge, (struct edge){to - 1, from - 1});
		g->frame[from - 1].waits++;
	}
	if (g->edge.n)
		qsort(g->edge.at, g->edge.n, sizeof *g->edge.at, by_callee);
}

static uint32_t
first_edge(const struct assign *g, uint32_t callee)
{
	uint32_t lo = 0, hi = g->edge.n;

	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;
		if (g->edge.at[mid].callee < callee)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void
take_frame(struct frame *f, const struct frame *callee)
{
	for (uint32_t sp = 0; sp < SPACE_COUNT; sp++)
		if (callee->end[sp] > f->end[sp])
			f->end[sp] = callee->end[sp];
	f->fixed_scratch |= callee->fixed_scratch;
}

/* Places a function and lets its callers know; `ready` has room for every function. */
static bool
place_next(struct assign *g, uint32_t i, uint32_t *ready, uint32_t *n)
{
	live_function(&g->live, g->func[i]);
	bool ok = place_function(g, i);
	for (uint32_t e = first_edge(g, i); e < g->edge.n && g->edge.at[e].callee == i; e++) {
		uint32_t caller = g->edge.at[e].caller;
		take_frame(&g->frame[caller], &g->frame[i]);
		if (--g->frame[caller].waits == 0)
			ready[(*n)++] = caller;
	}
	return ok;
}

bool
mem_plan(struct arena *a, struct ir *ir, const struct op *func, uint32_t nfunc, struct mem_opt opt)
{
	struct assign g = {.a = a, .ir = ir, .func = func, .nfunc = nfunc, .nsym = ir->in.text.n, .opt = opt};
	uint32_t *ready = ARENA_ARRAY(a, uint32_t, nfunc + 1), n = 0;
	bool ok = true;

	live_init(&g.live, a, ir);
	g.live.fill_in_place = opt.fill_in_place;
	live_ties(&g.live, opt.tie, opt.ntie);
	g.frame = ARENA_ARRAY(a, struct frame, nfunc + 1);
	g.func_of_sym = ARENA_ARRAY(a, uint32_t, g.nsym);
	for (uint32_t i = 0; i < nfunc; i++)
		g.func_of_sym[func_name(ir, func[i]).i] = i + 1;
	collect_calls(&g);
	for (uint32_t i = 0; i < nfunc; i++)
		if (g.frame[i].waits == 0)
			ready[n++] = i;
	for (uint32_t k = 0; k < n; k++)
		ok = place_next(&g, ready[k], ready, &n) && ok;
	return ok;
}
