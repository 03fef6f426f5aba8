/*
 * places: proof of a placement. A buffer holds data from the first to the last use of its family; inside a loop that
 * some use is in and the family's home (the innermost block around all its definitions) is not, over the whole loop.
 * At a call it lives beside everything the called function uses.
 *
 * Where that does not do, the times in which they hold nothing count as well (pieces.h).
 *
 * In the order in which buffers begin, every one takes its bytes; whoever had them before must have ended.
 */
#include "check/places.h"

#include "check/family.h"
#include "check/frames.h"
#include "check/pieces.h"
#include "mem/mem.h"

#include <stdlib.h>

struct held {			/* of one family */
	struct blk home;	/* 0: the function itself, once defined */
	uint32_t lo, hi;
	uint32_t depth;		/* of home */
	bool defined;
};

/* ORDER tenant_kind: at one op, what a call uses comes before what it returns. */
enum tenant_kind {
	TN_TILE,
	TN_RESERVE,
	TN_SCRATCH,	/* of a macro */
	TN_CALLEE,	/* what a called function uses */
	TN_RESULT	/* bytes of a called function in which a tile that it returned may lie */
};

struct tenant {			/* a buffer, or bytes that something else uses */
	uint64_t at, end;
	uint32_t lo, hi;
	enum space space;
	struct op op;		/* alloc, reserve, call, or the op with the fixed scratch */
	enum tenant_kind kind;
	uint32_t group;		/* of tied tiles, + 1 */
	struct val val;		/* TN_RESULT */
};

struct taken_seg {
	uint64_t lo, hi;
	uint32_t who;		/* index of tenant */
};

struct proof {
	struct ir *ir;
	const struct ck_frames *frames;
	struct ck_families f;
	struct held *held;	/* by family - val0 */
	VEC(struct tenant) tenant;
	VEC(struct taken_seg) seg[SPACE_COUNT];	/* disjoint, sorted */
	struct ck_pieces pieces;	/* when asked for */
	bool quiet;
};

/* ---- when ---- */

static struct blk
block_around(const struct ir *ir, struct blk b)
{
	return ir_op(ir, blk_owner(ir, b))->parent;
}

static void
define(struct proof *p, struct val v, struct blk b, uint32_t depth)
{
	if (!ck_is_tile(p->ir, v))
		return;
	struct held *h = &p->held[ck_family(&p->f, v) - p->f.val0];
	if (!h->defined) {
		*h = (struct held){.home = b, .depth = depth, .defined = true};
		return;
	}
	while (h->home.i != b.i) {
		bool outermost = depth == 0 && h->depth == 0;
		if (outermost || !h->home.i) {
			h->home = (struct blk){0};
			return;
		}
		if (depth >= h->depth) {
			b = block_around(p->ir, b);
			depth--;
		} else {
			h->home = block_around(p->ir, h->home);
			h->depth--;
		}
	}
}

static void
hold(struct held *h, uint32_t lo, uint32_t hi)
{
	if (!h->lo || lo < h->lo)
		h->lo = lo;
	if (hi > h->hi)
		h->hi = hi;
}

static void
use(struct proof *p, struct val v, struct op o)
{
	struct held *h = &p->held[ck_family(&p->f, v) - p->f.val0];

	hold(h, ck_pos(&p->f, o), ck_end(&p->f, o));
	for (struct blk b = ir_op(p->ir, o)->parent; b.i != h->home.i; b = ir_op(p->ir, blk_owner(p->ir, b))->parent) {
		struct op owner = blk_owner(p->ir, b);
		if (ck_comes_back(p->ir, owner, b) || (owner.i == p->f.func.i && !h->home.i))
			hold(h, ck_pos(&p->f, owner), ck_end(&p->f, owner));
		if (owner.i == p->f.func.i)
			break;
	}
}

/* Does work that the op starts go on behind it? */
static bool
outlasts(const struct ir *ir, struct op o)
{
	for (uint32_t k = 0; k < ir_op(ir, o)->nres; k++) {
		enum type_kind t = type_kind(&ir->types, val_type(ir, op_res(ir, o, k)));
		if (t == TY_PIPE || t == TY_ASYNC_SESSION || t == TY_ASYNC_EVENT || t == TY_PREFETCH_CTX)
			return true;
	}
	return false;
}

static void
definitions(struct proof *p, struct reg r, uint32_t depth)
{
	for (struct blk b = ir_reg(p->ir, r)->first; b.i; b = ir_blk(p->ir, b)->next) {
		for (uint32_t k = 0; k < ir_blk(p->ir, b)->narg; k++)
			define(p, (struct val){ir_blk(p->ir, b)->arg0 + k}, b, depth);
		for (struct op o = ir_blk(p->ir, b)->first; o.i; o = ir_op(p->ir, o)->next) {
			for (uint32_t k = 0; k < ir_op(p->ir, o)->nres; k++)
				define(p, op_res(p->ir, o, k), b, depth);
			for (uint32_t k = 0; k < ir_op(p->ir, o)->nreg; k++)
				definitions(p, op_reg(p->ir, o, k), depth + 1);
		}
	}
}

static void
add_fixed(struct proof *p, struct op o, enum tenant_kind kind, enum space sp, uint64_t at, uint64_t bytes)
{
	bool brief = kind == TN_SCRATCH;
	struct op when = brief ? o : p->f.func;
	struct tenant t = {.at = at, .end = at + bytes, .lo = ck_pos(&p->f, when),
			   .hi = brief ? ck_pos(&p->f, o) : ck_end(&p->f, when), .space = sp, .op = o, .kind = kind};

	VEC_PUSH(p->f.a, &p->tenant, t);
}

static void
other_bytes(struct proof *p, struct op o)
{
	const struct ir *ir = p->ir;

	if (mem_uses_fixed_scratch(ir, o))
		add_fixed(p, o, TN_SCRATCH, SP_VEC, FIXED_SCRATCH_LO, FIXED_SCRATCH_BYTES);
	if (op_id(ir, o) != OP_RESERVE_BUFFER)
		return;
	const struct attr_data *size = attr_data(&ir->attrs, op_attr(ir, o, ir->name.fifo_size));
	const struct attr_data *base = attr_data(&ir->attrs, op_attr(ir, o, ir->name.fifo_base));
	if (size->kind == AT_INT && base->kind == AT_INT && size->i > 0 && base->i >= 0)
		add_fixed(p, o, TN_RESERVE,
			  (enum space)op_enum(ir, o, ir->name.location, EN_ADDRESS_SPACE, SP_VEC),
			  (uint64_t)base->i, (uint64_t)size->i);
}

static void
uses(struct proof *p, struct reg r)
{
	const struct ir *ir = p->ir;

	for (struct blk b = ir_reg(ir, r)->first; b.i; b = ir_blk(ir, b)->next)
		for (struct op o = ir_blk(ir, b)->first; o.i; o = ir_op(ir, o)->next) {
			const struct op_data *d = ir_op(ir, o);
			bool view = op_row(ir, o)->flags & OPF_VIEW && d->nres == 1 && ck_is_tile(ir, op_res(ir, o, 0));
			uint32_t last = outlasts(ir, o) ? ck_end(&p->f, p->f.func) : 0;
			for (uint32_t k = 0; k < d->nopnd && !view; k++) {
				struct val v = op_opnd(ir, o, k);
				if (!ck_is_tile(ir, v))
					continue;
				use(p, v, o);
				hold(&p->held[ck_family(&p->f, v) - p->f.val0], ck_pos(&p->f, o), last);
			}
			for (uint32_t s = 0; s < d->nsucc; s++) {
				struct succ e = ir->succ.at[d->succ0 + s];
				for (uint32_t k = 0; k < e.narg; k++)
					if (ck_is_tile(ir, ir->opnd.at[e.arg0 + k]))
						use(p, ir->opnd.at[e.arg0 + k], o);
			}
			other_bytes(p, o);
			for (uint32_t k = 0; k < d->nreg; k++)
				uses(p, op_reg(ir, o, k));
		}
}

/* ---- where ---- */

static int
by_begin(const void *x, const void *y)
{
	const struct tenant *a = x, *b = y;

	if (a->lo != b->lo)
		return a->lo < b->lo ? -1 : 1;
	if (a->op.i != b->op.i)
		return a->op.i < b->op.i ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

/* The op at which the first ends and the second begins works in place, on exactly the same bytes. */
static bool
meets_in_place(struct proof *p, const struct tenant *x, const struct tenant *y)
{
	if (x->kind != TN_TILE || y->kind != TN_TILE || x->at != y->at || x->end != y->end || x->hi != y->lo)
		return false;
	struct op o = p->f.order.at[x->hi - ck_pos(&p->f, p->f.func)], dst = y->op;
	struct op_slot slot[OP_MAX_SLOT];
	uint32_t n = op_slots(op_id(p->ir, o), slot), src = ck_family(&p->f, op_res(p->ir, x->op, 0));
	bool reads = false;
	if (!(op_row(p->ir, o)->flags & OPF_INPLACE) && op_id(p->ir, o) != OP_TFILLPAD)
		return false;
	for (uint32_t s = 0; s + 1 < n; s++)
		reads |= ck_is_tile(p->ir, op_slot(p->ir, o, s)) && ck_family(&p->f, op_slot(p->ir, o, s)) == src;
	return reads && op_slot(p->ir, o, n - 1).i == op_res(p->ir, dst, 0).i;
}

static const char *
tenant_name(const struct proof *p, const struct tenant *t)
{
	return t->kind == TN_TILE ? val_name(p->ir, op_res(p->ir, t->op, 0)) : op_row(p->ir, t->op)->name;
}

/* Nobody can place a tile that is returned: the next call takes its bytes. */
static bool
refuse_result(struct proof *p, const struct tenant *x, const struct tenant *y)
{
	op_error(p->ir, y->op, DIAG_UNSUPPORTED,
		 "overwrites %s, which lies among the tiles of the function that returned it",
		 val_name(p->ir, x->val));
	diag_note(p->ir->diags, ir_op(p->ir, x->op)->span, "returned here, and still needed behind the other call");
	diag_hint(p->ir->diags, "give the called function a tile to write into instead");
	return false;
}

static bool
is_fixed(const struct tenant *x)
{
	return x->kind == TN_RESERVE || x->kind == TN_SCRATCH;
}

/* May the two never share bytes while both are in use? What macros and reserved ranges share is their affair. */
static bool
excludes(const struct tenant *x, const struct tenant *y)
{
	bool one_call = x->kind >= TN_CALLEE && y->kind >= TN_CALLEE && x->op.i == y->op.i;
	bool one_memory = x->group && x->group == y->group;

	return !(is_fixed(x) && is_fixed(y)) && !one_call && !one_memory;
}

static bool
refuse(struct proof *p, const struct tenant *x, const struct tenant *y)
{
	if (p->quiet)
		return false;
	if (x->kind == TN_RESULT && y->kind >= TN_CALLEE)
		return refuse_result(p, x, y);
	op_error(p->ir, y->op, DIAG_PLACE_FAILED, "bytes [%llu, %llu) of %s are still needed for %s at [%llu, %llu)",
		 (unsigned long long)y->at, (unsigned long long)y->end, isa_space[y->space].tile, tenant_name(p, x),
		 (unsigned long long)x->at, (unsigned long long)x->end);
	diag_note(p->ir->diags, ir_op(p->ir, x->op)->span, "which lives here");
	diag_hint(p->ir->diags, "this is a mistake of the compiler, please report it");
	return false;
}

/* First segment that ends behind `at`. */
static uint32_t
seg_behind(const struct proof *p, enum space sp, uint64_t at)
{
	uint32_t lo = 0, hi = p->seg[sp].n;

	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;
		if (p->seg[sp].at[mid].hi <= at)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Takes the bytes of tenant k; false when one that has some of them has not ended. */
static bool
move_in(struct proof *p, uint32_t k)
{
	const struct tenant *t = &p->tenant.at[k];
	enum space sp = t->space;
	uint32_t from = seg_behind(p, sp, t->at), to = from, n = 0;
	struct taken_seg put[3];

	for (; to < p->seg[sp].n && p->seg[sp].at[to].lo < t->end; to++) {
		const struct taken_seg *s = &p->seg[sp].at[to];
		const struct tenant *x = &p->tenant.at[s->who];
		if (x->hi >= t->lo && excludes(x, t) && !meets_in_place(p, x, t))
			return refuse(p, x, t);
		if (s->lo < t->at)
			put[n++] = (struct taken_seg){s->lo, t->at, s->who};
	}
	put[n++] = (struct taken_seg){t->at, t->end, k};
	if (to > from && p->seg[sp].at[to - 1].hi > t->end)
		put[n++] = (struct taken_seg){t->end, p->seg[sp].at[to - 1].hi, p->seg[sp].at[to - 1].who};
	uint32_t tail = p->seg[sp].n - to;
	if (n > to - from)
		VEC_ADD(p->f.a, &p->seg[sp], n - (to - from));
	memmove(p->seg[sp].at + from + n, p->seg[sp].at + to, tail * sizeof *p->seg[sp].at);
	memcpy(p->seg[sp].at + from, put, n * sizeof *put);
	p->seg[sp].n = from + n + tail;
	return true;
}

static void
add_tiles(struct proof *p)
{
	for (uint32_t k = 0; k < p->f.alloc.n; k++) {
		struct op o = p->f.alloc.at[k];
		struct buf_place b = mem_place(p->ir, o);
		const struct held *h = &p->held[ck_family(&p->f, op_res(p->ir, o, 0)) - p->f.val0];
		struct tenant t = {.at = b.addr_bytes, .end = b.addr_bytes + b.size_bytes, .lo = h->lo, .hi = h->hi,
				   .space = b.space, .op = o, .kind = TN_TILE};
		const struct mem_tie *tie = ck_tie(&p->f, o);
		t.group = tie ? tie->group + 1 : 0;
		uint32_t from = p->pieces.first ? p->pieces.first[k] : 0;
		uint32_t to = p->pieces.first ? p->pieces.first[k + 1] : 0;
		if (h->lo && b.known && from == to)
			VEC_PUSH(p->f.a, &p->tenant, t);
		for (; h->lo && b.known && from < to; from++) {
			const struct ck_piece *x = &p->pieces.at.at[from];
			/* what the first use finds was never written, wherever the need of it comes from */
			t.lo = x->lo > h->lo ? x->lo : h->lo;
			t.hi = x->hi < h->hi ? x->hi : h->hi;
			if (t.lo <= t.hi)
				VEC_PUSH(p->f.a, &p->tenant, t);
		}
	}
}

static bool
is_tile_in(const struct ir *ir, struct val v, enum space sp)
{
	const struct type_data *t = type_data(&ir->types, val_type(ir, v));

	return t->kind == TY_TILE && t->tile.space == sp;
}

/* What a called function uses, for the moment of the call, and what it returns, as long as that is needed. */
static void
add_call(struct proof *p, struct op o)
{
	const struct ck_frame *x = ck_frame_of(p->frames, o);
	uint32_t now = ck_pos(&p->f, o);

	for (uint32_t sp = 0; x && sp < SPACE_COUNT; sp++)
		for (uint32_t k = 0; k < x->at[sp].n; k++) {
			struct tenant t = {.at = x->at[sp].at[k].lo, .end = x->at[sp].at[k].hi, .lo = now, .hi = now,
					   .space = (enum space)sp, .op = o, .kind = TN_CALLEE};
			VEC_PUSH(p->f.a, &p->tenant, t);
			for (uint32_t r = 0; x->returns_own && r < ir_op(p->ir, o)->nres; r++) {
				t.val = op_res(p->ir, o, r);
				t.kind = TN_RESULT;
				if (!is_tile_in(p->ir, t.val, (enum space)sp))
					continue;
				t.hi = p->held[ck_family(&p->f, t.val) - p->f.val0].hi;
				if (t.hi > now)
					VEC_PUSH(p->f.a, &p->tenant, t);
			}
		}
}

static void
add_calls(struct proof *p)
{
	for (uint32_t k = 1; p->frames->frame && k < p->f.order.n; k++)
		if (op_id(p->ir, p->f.order.at[k]) == OP_CALL)
			add_call(p, p->f.order.at[k]);
}

static void
find_pieces(struct proof *p, const struct access *ac)
{
	uint32_t *lo = ARENA_ARRAY(p->f.a, uint32_t, p->f.nval + 1);

	for (uint32_t k = 0; k < p->f.nval; k++)
		lo[k] = p->held[k].lo;
	ck_pieces_build(&p->pieces, &p->f, ac, lo);
}

/* Data that outlives the trips of a loop makes its tile one from outside the loop. */
static void
lift_ties(struct proof *p, uint32_t ntie)
{
	for (uint32_t k = 0; k < ntie; k++) {
		const struct mem_tie *t = &p->f.tie[k];
		uint32_t depth = 0;
		if (!t->loop.i || ck_tie(&p->f, t->alloc) != t)
			continue;
		struct blk out = ir_op(p->ir, t->loop)->parent;
		for (struct op o = blk_owner(p->ir, out); o.i != p->f.func.i; o = op_parent(p->ir, o))
			depth++;
		define(p, op_res(p->ir, t->alloc, 0), out, depth);
	}
}

struct ties {
	const struct mem_tie *at;
	uint32_t n;
};

/* split: also with what buffers do not hold within their ranges (pieces.h). */
static bool
prove_function(struct arena *a, struct ir *ir, const struct access *ac, const struct ck_frames *frames, struct op func,
	       const struct ties *ties, bool split)
{
	struct arena_mark m = arena_mark(a);
	struct proof p = {.ir = ir, .frames = frames, .quiet = !split};
	bool ok = true;

	ck_families_build(&p.f, a, ir, func);
	if (ties->n)
		ck_families_tie(&p.f, ties->at, ties->n);
	p.held = ARENA_ARRAY(a, struct held, p.f.nval + 1);
	definitions(&p, op_reg(ir, func, 0), 0);
	lift_ties(&p, ties->n);
	uses(&p, op_reg(ir, func, 0));
	if (split)
		find_pieces(&p, ac);
	add_tiles(&p);
	add_calls(&p);
	if (p.tenant.n)
		qsort(p.tenant.at, p.tenant.n, sizeof *p.tenant.at, by_begin);
	for (uint32_t k = 0; k < p.tenant.n && ok; k++)
		ok = move_in(&p, k);
	if (ok || !split)
		arena_rewind(a, m);
	return ok;
}

bool
check_placement(struct arena *a, struct ir *ir, const struct access *ac, const struct op *func, uint32_t nfunc,
		const struct mem_tie *tie, uint32_t ntie)
{
	struct ties ties = {tie, ntie};
	struct arena_mark m = arena_mark(a);
	struct ck_frames frames;
	bool ok = true;

	ck_frames_build(&frames, a, ir, func, nfunc);
	for (uint32_t k = 0; k < nfunc; k++)
		ok = (prove_function(a, ir, ac, &frames, func[k], &ties, false) ||
		      prove_function(a, ir, ac, &frames, func[k], &ties, true)) && ok;
	if (ok)
		arena_rewind(a, m);
	return ok;
}
