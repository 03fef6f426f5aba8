/*
 * places: proof of a placement. A buffer holds data from the first to the last use of its family; inside a loop that
 * some use is in and the family's home (the innermost block around all its definitions) is not, over the whole loop.
 * In the order in which buffers begin, every one takes its bytes; whoever had them before must have ended.
 */
#include "check/places.h"

#include "check/family.h"
#include "mem/mem.h"

#include <stdlib.h>

struct held {			/* of one family */
	struct blk home;	/* 0: the function itself, once defined */
	uint32_t lo, hi;
	uint32_t depth;		/* of home */
	bool defined;
};

struct tenant {			/* a buffer, or bytes that something else uses */
	uint64_t at, end;
	uint32_t lo, hi;
	enum space space;
	struct op op;		/* alloc, reserve, or the op with the fixed scratch */
	bool tile;
};

struct taken_seg {
	uint64_t lo, hi;
	uint32_t who;		/* index of tenant */
};

struct proof {
	struct ir *ir;
	struct ck_families f;
	struct held *held;	/* by family - val0 */
	VEC(struct tenant) tenant;
	VEC(struct taken_seg) seg[SPACE_COUNT];	/* disjoint, sorted */
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
add_fixed(struct proof *p, struct op o, enum space sp, uint64_t at, uint64_t bytes, uint32_t lo, uint32_t hi)
{
	struct tenant t = {at, at + bytes, lo, hi, sp, o, false};

	VEC_PUSH(p->f.a, &p->tenant, t);
}

static void
other_bytes(struct proof *p, struct op o)
{
	const struct ir *ir = p->ir;

	if (mem_uses_fixed_scratch(ir, o))
		add_fixed(p, o, SP_VEC, FIXED_SCRATCH_LO, FIXED_SCRATCH_BYTES, ck_pos(&p->f, o), ck_pos(&p->f, o));
	if (op_id(ir, o) != OP_RESERVE_BUFFER)
		return;
	const struct attr_data *size = attr_data(&ir->attrs, op_attr(ir, o, ir->name.fifo_size));
	const struct attr_data *base = attr_data(&ir->attrs, op_attr(ir, o, ir->name.fifo_base));
	if (size->kind == AT_INT && base->kind == AT_INT && size->i > 0 && base->i >= 0)
		add_fixed(p, o, (enum space)op_enum(ir, o, ir->name.location, EN_ADDRESS_SPACE, SP_VEC),
			  (uint64_t)base->i, (uint64_t)size->i, ck_pos(&p->f, p->f.func), ck_end(&p->f, p->f.func));
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
	return a->op.i < b->op.i ? -1 : a->op.i > b->op.i;
}

/* The op at which the first ends and the second begins works in place, on exactly the same bytes. */
static bool
meets_in_place(struct proof *p, const struct tenant *x, const struct tenant *y)
{
	if (!x->tile || !y->tile || x->at != y->at || x->end != y->end || x->hi != y->lo)
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
	return t->tile ? val_name(p->ir, op_res(p->ir, t->op, 0)) : op_row(p->ir, t->op)->name;
}

static bool
refuse(struct proof *p, const struct tenant *x, const struct tenant *y)
{
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
		if (x->hi >= t->lo && (x->tile || t->tile) && !meets_in_place(p, x, t))
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
		struct tenant t = {b.addr_bytes, b.addr_bytes + b.size_bytes, h->lo, h->hi, b.space, o, true};
		if (h->lo && b.known)
			VEC_PUSH(p->f.a, &p->tenant, t);
	}
}

bool
check_placement(struct arena *a, struct ir *ir, struct op func)
{
	struct arena_mark m = arena_mark(a);
	struct proof p = {.ir = ir};
	bool ok = true;

	ck_families_build(&p.f, a, ir, func);
	p.held = ARENA_ARRAY(a, struct held, p.f.nval + 1);
	definitions(&p, op_reg(ir, func, 0), 0);
	uses(&p, op_reg(ir, func, 0));
	add_tiles(&p);
	if (p.tenant.n)
		qsort(p.tenant.at, p.tenant.n, sizeof *p.tenant.at, by_begin);
	for (uint32_t k = 0; k < p.tenant.n && ok; k++)
		ok = move_in(&p, k);
	if (ok)
		arena_rewind(a, m);
	return ok;
}
