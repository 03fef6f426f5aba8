/*
 * defs: see defs.h. Forward over the structure. The state behind an op says of every byte which writes it may hold and
 * whether what was there at the beginning may still be. A loop's body is walked twice: from an empty state, for what a
 * trip leaves (kept, so that loops around it need not look inside again), then with what enters it and what earlier
 * trips leave. Since what a trip leaves depends on its beginning only where it writes nothing, that is all there is to
 * know.
 */
#include "check/defs.h"

#include "access/section.h"
#include "check/family.h"
#include "check/pieces.h"
#include "mem/mem.h"

#include <stdlib.h>

/* Ranges looked at; definitions kept; writes of one byte. */
enum { WORK_MAX = 8000000, DEFS_MAX = 400000, WRITES_MAX = 48 };

struct df_write {		/* element of a list; [0] unused */
	struct ck_point by;
	int64_t lo;		/* first byte of what is written */
	struct op loop;		/* as in ck_def */
	uint32_t next;
};

struct df_seg {
	int64_t lo, hi;
	uint32_t list;
	bool through;		/* what was there at the beginning may still be */
};

struct df_segs {
	struct df_seg *at;	/* sorted, disjoint; where there is none nothing has happened */
	uint32_t n, cap;
};

struct df_state {
	struct df_segs space[SPACE_COUNT];
};

struct df_touch {		/* an access of the op being looked at */
	struct ck_point by;
	enum space space;
	int64_t lo, hi;
	bool reads, writes;
};

struct df {
	struct arena *a;
	const struct ir *ir;
	const struct access *ac;
	struct ck_families f;
	struct ck_defs *out;
	VEC(struct df_write) list;
	VEC(struct df_touch) touch;
	struct df_segs put;		/* of one write */
	struct df_state **trip;		/* by op - op0: what a trip of the loop leaves */
	struct op *alloc;		/* by family - val0 */
	uint32_t work;
	bool record;
};

/* ---- lists ---- */

static bool
df_has(const struct df *d, uint32_t list, const struct df_write *w)
{
	for (; list; list = d->list.at[list].next)
		if (d->list.at[list].by.op.i == w->by.op.i && d->list.at[list].by.nth == w->by.nth &&
		    d->list.at[list].loop.i == w->loop.i)
			return true;
	return false;
}

static uint32_t
df_add(struct df *d, uint32_t list, struct df_write w)
{
	uint32_t n = 0;

	for (uint32_t k = list; k; k = d->list.at[k].next)
		n++;
	if (n >= WRITES_MAX) {
		d->out->why = "has bytes with too many writes";
		return list;
	}
	w.next = list;
	VEC_PUSH(d->a, &d->list, w);
	return d->list.n - 1;
}

/* All of x, and what of y is not in it; y's bytes pass the back edge of the loop, if there is one. */
static uint32_t
df_union(struct df *d, uint32_t x, uint32_t y, struct op loop)
{
	if (x == y && !loop.i)
		return x;
	if (!x && !loop.i)
		return y;
	for (; y; y = d->list.at[y].next) {
		struct df_write w = d->list.at[y];
		w.loop = loop.i ? loop : w.loop;
		d->work++;
		if (!df_has(d, x, &w))
			x = df_add(d, x, w);
	}
	return x;
}

/* ---- states ---- */

static void
df_push(struct df *d, struct df_segs *to, struct df_seg s)
{
	if (to->n && to->at[to->n - 1].hi == s.lo && to->at[to->n - 1].list == s.list &&
	    to->at[to->n - 1].through == s.through)
		to->at[to->n - 1].hi = s.hi;
	else
		VEC_PUSH(d->a, to, s);
}

enum df_rule {
	DF_THEN,	/* what y did, behind x */
	DF_OR,		/* one of the two happened */
	DF_HEAD		/* x, or x and trips of the loop that left y */
};

/* Over bytes that at least one of the two has. */
static struct df_seg
df_both(struct df *d, const struct df_seg *x, const struct df_seg *y, enum df_rule rule, struct op loop)
{
	struct df_seg r = x ? *x : (struct df_seg){.through = true};

	if (rule == DF_THEN && y && !y->through) {
		r.list = y->list;
		r.through = false;
	} else if (y) {
		r.list = df_union(d, r.list, y->list, rule == DF_HEAD ? loop : (struct op){0});
	}
	if (rule == DF_OR)
		r.through |= !y || y->through;
	return r;
}

static void
df_merge_segs(struct df *d, struct df_segs *to, const struct df_segs *x, const struct df_segs *y, enum df_rule rule,
	      struct op loop)
{
	uint32_t i = 0, j = 0;
	int64_t at = INT64_MIN;

	while (i < x->n || j < y->n) {
		const struct df_seg *p = i < x->n ? &x->at[i] : NULL, *q = j < y->n ? &y->at[j] : NULL;
		int64_t from = INT64_MAX, end = INT64_MAX;
		if (p)
			from = p->lo > at ? p->lo : at;
		if (q && (q->lo > at ? q->lo : at) < from)
			from = q->lo > at ? q->lo : at;
		bool in_p = p && p->lo <= from, in_q = q && q->lo <= from;
		if (p)
			end = in_p ? p->hi : p->lo;
		if (q && (in_q ? q->hi : q->lo) < end)
			end = in_q ? q->hi : q->lo;
		struct df_seg s = df_both(d, in_p ? p : NULL, in_q ? q : NULL, rule, loop);
		s.lo = from;
		s.hi = at = end;
		df_push(d, to, s);
		i += in_p && p->hi == end;
		j += in_q && q->hi == end;
		d->work++;
	}
	if (d->work > WORK_MAX)
		d->out->why = "is too long";
}

static void
df_merge(struct df *d, struct df_state *x, const struct df_state *y, enum df_rule rule, struct op loop)
{
	for (uint32_t sp = 0; sp < SPACE_COUNT; sp++) {
		struct df_segs to = {0};
		if (y->space[sp].n == 0 && (rule != DF_OR || x->space[sp].n == 0))
			continue;
		df_merge_segs(d, &to, &x->space[sp], &y->space[sp], rule, loop);
		x->space[sp] = to;
	}
}

static struct df_state *
df_copy(struct df *d, const struct df_state *x)
{
	struct df_state *to = ARENA_NEW(d->a, struct df_state);

	for (uint32_t sp = 0; sp < SPACE_COUNT; sp++)
		for (uint32_t k = 0; k < x->space[sp].n; k++, d->work++)
			VEC_PUSH(d->a, &to->space[sp], x->space[sp].at[k]);
	return to;
}

/* ---- accesses ---- */

/* Does the write surely leave nothing of what was in [lo, hi)? */
static bool
df_kills(const struct df *d, struct op o, const struct acc *c, int64_t lo, int64_t hi)
{
	uint64_t n = (uint64_t)(hi - lo);

	return c->rw & ACC_WHOLE && access_volume(d->ac, c->set) == n &&
	       (op_id(d->ir, o) != OP_TLOAD || ck_loaded(d->ir, o) >= n);
}

/* First segment that ends behind `at`. */
static uint32_t
df_behind(const struct df_segs *s, int64_t at)
{
	uint32_t lo = 0, hi = s->n;

	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;
		if (s->at[mid].hi <= at)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void
df_read(struct df *d, const struct df_segs *in, struct ck_point by, int64_t lo, int64_t hi)
{
	for (uint32_t k = df_behind(in, lo); k < in->n && in->at[k].lo < hi; k++) {
		const struct df_seg *s = &in->at[k];
		for (uint32_t w = s->list; w; w = d->list.at[w].next) {
			const struct df_write *x = &d->list.at[w];
			VEC_PUSH(d->a, &d->out->at, ((struct ck_def){
				.read = by,
				.write = x->by,
				.lo = (s->lo > lo ? s->lo : lo) - lo,
				.hi = (s->hi < hi ? s->hi : hi) - lo,
				.delta_bytes = x->lo - lo,
				.loop = x->loop,
			}));
		}
	}
	if (d->out->at.n > DEFS_MAX)
		d->out->why = "has too many reads of too many writes";
}

static void
df_write(struct df *d, struct df_segs *in, struct ck_point by, int64_t lo, int64_t hi, bool kills)
{
	struct df_seg w = {lo, hi, df_add(d, 0, (struct df_write){.by = by, .lo = lo}), !kills};
	struct df_segs old = *in, one = {&w, 1, 1};
	uint32_t from = df_behind(in, lo), to = from;

	while (to < in->n && in->at[to].lo < hi)
		to++;
	old.at = VEC_FROM(in, from);
	old.n = to - from;
	d->put.n = 0;
	df_merge_segs(d, &d->put, &old, &one, DF_THEN, (struct op){0});
	uint32_t tail = in->n - to;
	if (d->put.n > old.n)
		VEC_ADD(d->a, in, d->put.n - old.n);
	if (tail)
		memmove(in->at + from + d->put.n, in->at + to, tail * sizeof *in->at);
	memcpy(in->at + from, d->put.at, d->put.n * sizeof *in->at);
	in->n = from + d->put.n + tail;
}

/* The alloc of the tile in a slot; of several tiles in it the one that has the bytes. 0: none, or not clear. */
static struct op
df_tile(struct df *d, struct op o, uint32_t slot, int64_t lo, int64_t hi)
{
	struct op found = {0};
	uint32_t n = 0;
	const struct val *v = slot < OP_MAX_SLOT ? op_group(d->ir, o, slot, &n) : NULL;

	for (uint32_t k = 0; k < n; k++) {
		struct op x = ck_is_tile(d->ir, v[k]) ? d->alloc[ck_family(&d->f, v[k]) - d->f.val0] : found;
		struct buf_place p = x.i ? mem_place(d->ir, x) : (struct buf_place){0};
		if (n > 1 && x.i && (lo < (int64_t)p.addr_bytes || hi > (int64_t)(p.addr_bytes + p.size_bytes)))
			continue;
		if (found.i && found.i != x.i)
			return (struct op){0};
		found = x;
	}
	return found;
}

static void
df_access(struct df *d, struct df_state *st, const struct acc *c, struct ck_point by, bool reads)
{
	enum space sp = access_space(d->ac, c->set);
	int64_t lo, hi;

	if (sp == SP_GM || sp == SP_ZERO)
		return;
	if (!access_extent(d->ac, c->set, &lo, &hi)) {
		d->out->why = "has tiles at addresses that are not constant";
		return;
	}
	if (lo >= hi)
		return;
	by.alloc = df_tile(d, by.op, c->slot, lo, hi);
	if (!by.alloc.i && !(c->rw & ACC_SCRATCH))
		d->out->why = "has ops that use local memory that is no tile of it";
	bool finds = c->rw & ACC_READ && !(c->rw & ACC_SCRATCH);
	if (reads)
		VEC_PUSH(d->a, &d->touch, ((struct df_touch){by, sp, lo, hi, finds, c->rw & ACC_WRITE}));
	if (reads && d->record && finds)
		df_read(d, &st->space[sp], by, lo, hi);
	if (!reads && c->rw & ACC_WRITE)
		df_write(d, &st->space[sp], by, lo, hi, df_kills(d, by.op, c, lo, hi));
}

/* Tiles that an op reads where it writes another one. */
static void
df_over(struct df *d, const struct df_touch *x, const struct df_touch *y)
{
	if (!x->reads || !y->writes || x->space != y->space || x->lo >= y->hi || y->lo >= x->hi ||
	    x->by.alloc.i == y->by.alloc.i)
		return;
	VEC_PUSH(d->a, &d->out->over, x->by);
	VEC_PUSH(d->a, &d->out->over, y->by);
}

static void
df_op(struct df *d, struct df_state *st, struct op o)
{
	uint32_t n = 0, m, nth = 0;
	const struct phase *ph = access_phases(d->ac, o, &n);

	d->touch.n = 0;
	for (uint32_t i = 0; i < n; i++) {
		const struct acc *c = access_accs(d->ac, &ph[i], &m);
		for (unsigned reads = 2; reads-- > 0;)
			for (uint32_t k = 0; k < m; k++)
				df_access(d, st, &c[k], (struct ck_point){.op = o, .nth = nth + k}, reads);
		nth += m;
	}
	for (uint32_t i = 0; d->record && i < d->touch.n; i++)
		for (uint32_t k = 0; k < d->touch.n; k++)
			df_over(d, &d->touch.at[i], &d->touch.at[k]);
}

/* ---- regions ---- */

static void df_region(struct df *d, struct df_state *st, struct op own, uint32_t r);

static const struct df_state *
df_trip(struct df *d, struct op loop)
{
	struct df_state **t = &d->trip[loop.i - d->f.op0];
	bool record = d->record;

	if (!*t) {
		*t = ARENA_NEW(d->a, struct df_state);
		d->record = false;
		df_region(d, *t, loop, 0);
		d->record = record;
	}
	return *t;
}

static void
df_loop(struct df *d, struct df_state *st, struct op o)
{
	const struct df_state *trip = df_trip(d, o);
	struct df_state *head = df_copy(d, st);

	if (d->record) {
		df_merge(d, head, trip, DF_HEAD, o);
		df_region(d, head, o, 0);
		head = df_copy(d, st);
	}
	df_merge(d, st, trip, DF_THEN, (struct op){0});
	if (!op_surely_runs(d->ir, o))
		df_merge(d, st, head, DF_OR, (struct op){0});
}

static void
df_if(struct df *d, struct df_state *st, struct op o)
{
	struct df_state *other = df_copy(d, st);

	df_region(d, st, o, 0);
	if (ir_op(d->ir, o)->nreg > 1)
		df_region(d, other, o, 1);
	df_merge(d, st, other, DF_OR, (struct op){0});
}

/* Recursion over nesting only. */
static void
df_region(struct df *d, struct df_state *st, struct op own, uint32_t r)
{
	struct blk b = op_body(d->ir, own, r);

	for (struct op o = b.i ? ir_blk(d->ir, b)->first : (struct op){0}; o.i && !d->out->why;
	     o = ir_op(d->ir, o)->next) {
		df_op(d, st, o);
		if (op_id(d->ir, o) == OP_FOR)
			df_loop(d, st, o);
		else if (op_id(d->ir, o) == OP_IF)
			df_if(d, st, o);
		else if (ir_op(d->ir, o)->nreg == 1)
			df_region(d, st, o, 0);
	}
}

/* ---- what can be looked at ---- */

static const char *
df_obstacle(const struct ir *ir, struct op o)
{
	const struct op_data *d = ir_op(ir, o);
	enum op_id id = op_id(ir, o);

	if (id == OP_CALL)
		return "has calls";
	if (op_row(ir, o)->flags & OPF_MANUAL)
		return "is synchronised by hand";
	if (id == OP_TASSIGN)
		return "has tiles that move";
	if (id == OP_RESERVE_BUFFER)
		return "has reserved bytes";
	if (id == OP_WHILE || d->nsucc || (d->nreg > 1 && id != OP_IF))
		return "has control flow other than scf.for and scf.if";
	for (uint32_t k = 0; k < d->nres; k++) {
		struct val v = op_res(ir, o, k);
		enum type_kind t = type_kind(&ir->types, val_type(ir, v));
		if (t == TY_PIPE || t == TY_ASYNC_SESSION || t == TY_ASYNC_EVENT || t == TY_PREFETCH_CTX)
			return "has work that outlasts its op";
		if (ck_is_tile(ir, v) && id != OP_ALLOC_TILE &&
		    (!(op_row(ir, o)->flags & OPF_VIEW) || id == OP_ARITH_SELECT))
			return "has tiles that may be one of several";
	}
	if (id == OP_ALLOC_TILE && !mem_place(ir, o).known)
		return "has tiles at addresses that are not constant";
	return NULL;
}

static const char *
df_argument(const struct ir *ir, struct op o)
{
	for (uint32_t r = 0; r < ir_op(ir, o)->nreg; r++)
		for (struct blk b = op_body(ir, o, r); b.i; b = ir_blk(ir, b)->next)
			for (uint32_t k = 0; k < ir_blk(ir, b)->narg; k++)
				if (ck_is_tile(ir, (struct val){ir_blk(ir, b)->arg0 + k}))
					return "has tiles that may be one of several";
	return NULL;
}

static const char *
df_function_obstacle(struct df *d, struct op func)
{
	enum core core[2];
	bool both = section_count(d->ir, func, core) > 1;
	const char *why = both ? "has sections of both cores" : df_argument(d->ir, func);

	for (uint32_t k = 1; k < d->f.order.n && !why; k++) {
		struct op o = d->f.order.at[k];
		why = df_obstacle(d->ir, o);
		why = why ? why : df_argument(d->ir, o);
	}
	return why;
}

/* ---- result ---- */

static int
df_by_point(const struct ck_point *x, const struct ck_point *y)
{
	if (x->op.i != y->op.i)
		return x->op.i < y->op.i ? -1 : 1;
	return x->nth < y->nth ? -1 : x->nth > y->nth;
}

static int
df_order(const void *p, const void *q)
{
	const struct ck_def *x = p, *y = q;
	int c = df_by_point(&x->read, &y->read);

	c = c ? c : df_by_point(&x->write, &y->write);
	if (c)
		return c;
	if (x->loop.i != y->loop.i)
		return x->loop.i < y->loop.i ? -1 : 1;
	return x->lo < y->lo ? -1 : x->lo > y->lo;
}

static bool
df_same(const struct ck_def *x, const struct ck_def *y)
{
	return df_by_point(&x->read, &y->read) == 0 && df_by_point(&x->write, &y->write) == 0 &&
	       x->loop.i == y->loop.i && x->delta_bytes == y->delta_bytes;
}

static void
df_sort(struct ck_defs *d)
{
	uint32_t n = 0;

	if (d->at.n)
		qsort(d->at.at, d->at.n, sizeof *d->at.at, df_order);
	for (uint32_t k = 0; k < d->at.n; k++) {
		struct ck_def x = d->at.at[k], *last = n ? &d->at.at[n - 1] : NULL;
		if (last && df_same(last, &x) && last->hi == x.lo)
			last->hi = x.hi;
		else
			d->at.at[n++] = x;
	}
	d->at.n = n;
}

bool
ck_defs_equal(const struct ck_defs *x, const struct ck_defs *y)
{
	bool same = !x->why && !y->why && x->at.n == y->at.n;

	for (uint32_t k = 0; same && k < x->at.n; k++)
		same = df_same(&x->at.at[k], &y->at.at[k]) && x->at.at[k].lo == y->at.at[k].lo &&
		       x->at.at[k].hi == y->at.at[k].hi;
	return same;
}

void
ck_defs_build(struct ck_defs *out, struct arena *a, const struct ir *ir, const struct access *ac, struct op func)
{
	struct df d = {.a = a, .ir = ir, .ac = ac, .out = out, .record = true};
	struct df_state st = {0};

	memset(out, 0, sizeof *out);
	ck_families_build(&d.f, a, ir, func);
	out->why = df_function_obstacle(&d, func);
	if (out->why)
		return;
	d.trip = ARENA_ARRAY(a, struct df_state *, d.f.nop);
	d.alloc = ARENA_ARRAY(a, struct op, d.f.nval + 1);
	for (uint32_t k = 0; k < d.f.alloc.n; k++)
		d.alloc[ck_family(&d.f, op_res(ir, d.f.alloc.at[k], 0)) - d.f.val0] = d.f.alloc.at[k];
	VEC_ADD(a, &d.list, 1);
	df_region(&d, &st, func, 0);
	df_sort(out);
}
