/* frames: see frames.h. Callees first; a function's list is its own bytes and the lists of its callees, merged. */
#include "check/frames.h"

#include "check/family.h"
#include "mem/mem.h"

#include <stdlib.h>

struct ck_call {
	uint32_t callee, caller;	/* indices of functions */
};

struct ck_frame_builder {
	struct ck_frames *f;
	struct arena *a;
	const struct op *func;
	uint32_t nfunc;
	VEC(struct ck_call) call;	/* sorted by callee */
	uint32_t *waits;		/* by function: calls of functions that are not done */
	uint32_t *ready;
};

static uint32_t
ck_func_index(const struct ck_frames *f, struct sym name)
{
	return name.i < f->nsym ? f->func_of_sym[name.i] : 0;
}

const struct ck_frame *
ck_frame_of(const struct ck_frames *f, struct op call)
{
	uint32_t k = 0;

	if (f->frame)
		k = ck_func_index(f, attr_data(&f->ir->attrs, op_attr(f->ir, call, f->ir->name.callee))->text);
	return k ? &f->frame[k - 1] : NULL;
}

/* ---- bytes ---- */

static int
ck_bytes_order(const void *x, const void *y)
{
	const struct ck_bytes *a = x, *b = y;

	if (a->lo != b->lo)
		return a->lo < b->lo ? -1 : 1;
	return a->hi < b->hi ? -1 : a->hi > b->hi;
}

static void
ck_frame_merge(struct ck_frame *x)
{
	for (uint32_t sp = 0; sp < SPACE_COUNT; sp++) {
		struct ck_bytes *e = x->at[sp].at;
		uint32_t n = 0;
		if (x->at[sp].n)
			qsort(e, x->at[sp].n, sizeof *e, ck_bytes_order);
		for (uint32_t k = 0; k < x->at[sp].n; k++) {
			if (n && e[k].lo <= e[n - 1].hi)
				e[n - 1].hi = e[k].hi > e[n - 1].hi ? e[k].hi : e[n - 1].hi;
			else
				e[n++] = e[k];
		}
		x->at[sp].n = n;
	}
}

static void
ck_frame_add(struct ck_frame_builder *b, struct ck_frame *x, enum space sp, uint64_t at, uint64_t bytes)
{
	struct ck_bytes e = {at, at + bytes};

	VEC_PUSH(b->a, &x->at[sp], e);
}

static void
ck_own_bytes(struct ck_frame_builder *b, struct ck_frame *x, struct op o)
{
	const struct ir *ir = b->f->ir;
	enum op_id id = op_id(ir, o);

	if (id == OP_ALLOC_TILE || id == OP_ALLOC_MULTI_TILE) {
		struct buf_place p = mem_place(ir, o);
		if (p.known)
			ck_frame_add(b, x, p.space, p.addr_bytes, p.size_bytes);
	}
	if (mem_uses_fixed_scratch(ir, o))
		ck_frame_add(b, x, SP_VEC, FIXED_SCRATCH_LO, FIXED_SCRATCH_BYTES);
	if (id != OP_RESERVE_BUFFER)
		return;
	const struct attr_data *size = attr_data(&ir->attrs, op_attr(ir, o, ir->name.fifo_size));
	const struct attr_data *base = attr_data(&ir->attrs, op_attr(ir, o, ir->name.fifo_base));
	if (size->kind == AT_INT && base->kind == AT_INT && size->i > 0 && base->i >= 0)
		ck_frame_add(b, x, (enum space)op_enum(ir, o, ir->name.location, EN_ADDRESS_SPACE, SP_VEC),
			     (uint64_t)base->i, (uint64_t)size->i);
}

/* ---- what is returned ---- */

static bool
ck_returns_tiles(const struct ir *ir, struct op func)
{
	const struct type_data *t = type_data(&ir->types, func_type(ir, func));

	for (uint32_t k = t->nin; k < t->nsub; k++)
		if (type_kind(&ir->types, t->sub[k]) == TY_TILE)
			return true;
	return false;
}

/* Is a tile of the function, or one that a called function returned as its own, in a family that is returned? */
static bool
ck_returns_own(struct ck_frame_builder *b, struct op func)
{
	const struct ir *ir = b->f->ir;
	struct arena_mark m = arena_mark(b->a);
	struct ck_families fam;
	bool own = false;

	ck_families_build(&fam, b->a, ir, func);
	bool *back = ARENA_ARRAY(b->a, bool, fam.nval + 1);
	for (uint32_t k = 1; k < fam.order.n; k++) {
		struct op o = fam.order.at[k];
		for (uint32_t i = 0; op_id(ir, o) == OP_RETURN && i < ir_op(ir, o)->nopnd; i++)
			if (ck_is_tile(ir, op_opnd(ir, o, i)))
				back[ck_family(&fam, op_opnd(ir, o, i)) - fam.val0] = true;
	}
	for (uint32_t k = 1; k < fam.order.n; k++) {
		struct op o = fam.order.at[k];
		enum op_id id = op_id(ir, o);
		const struct ck_frame *to = id == OP_CALL ? ck_frame_of(b->f, o) : NULL;
		bool makes = id == OP_ALLOC_TILE || id == OP_ALLOC_MULTI_TILE || (to && to->returns_own);
		for (uint32_t i = 0; makes && i < ir_op(ir, o)->nres; i++)
			own |= ck_is_tile(ir, op_res(ir, o, i)) && back[ck_family(&fam, op_res(ir, o, i)) - fam.val0];
	}
	arena_rewind(b->a, m);
	return own;
}

/* ---- order ---- */

static int
ck_call_order(const void *x, const void *y)
{
	const struct ck_call *a = x, *b = y;

	if (a->callee != b->callee)
		return a->callee < b->callee ? -1 : 1;
	return a->caller < b->caller ? -1 : a->caller > b->caller;
}

static bool
ck_collect_calls(struct ck_frame_builder *b)
{
	const struct ir *ir = b->f->ir;

	for (uint32_t i = 1; i < ir->op.n; i++) {
		struct op o = {i};
		if (op_id(ir, o) != OP_CALL || ir_op(ir, o)->flags & OPD_DEAD)
			continue;
		uint32_t to = ck_func_index(b->f, attr_data(&ir->attrs, op_attr(ir, o, ir->name.callee))->text);
		uint32_t from = ck_func_index(b->f, func_name(ir, op_enclosing(ir, o, OP_FUNC)));
		if (!to || !from)
			continue;
		VEC_PUSH(b->a, &b->call, ((struct ck_call){to - 1, from - 1}));
		b->waits[from - 1]++;
	}
	if (b->call.n)
		qsort(b->call.at, b->call.n, sizeof *b->call.at, ck_call_order);
	return b->call.n != 0;
}

static void
ck_frame_done(struct ck_frame_builder *b, uint32_t k, uint32_t *n)
{
	struct ck_frame *x = &b->f->frame[k];
	uint32_t lo = 0, hi = b->call.n;

	ck_frame_merge(x);
	x->returns_own = ck_returns_tiles(b->f->ir, b->func[k]) && ck_returns_own(b, b->func[k]);
	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;
		if (b->call.at[mid].callee < k)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < b->call.n && b->call.at[lo].callee == k; lo++) {
		uint32_t caller = b->call.at[lo].caller;
		struct ck_frame *y = &b->f->frame[caller];
		bool again = lo && b->call.at[lo - 1].callee == k && b->call.at[lo - 1].caller == caller;
		for (uint32_t sp = 0; !again && sp < SPACE_COUNT; sp++)
			for (uint32_t i = 0; i < x->at[sp].n; i++)
				VEC_PUSH(b->a, &y->at[sp], x->at[sp].at[i]);
		if (--b->waits[caller] == 0)
			b->ready[(*n)++] = caller;
	}
}

/* Recursion over nesting only. */
static void
ck_region_bytes(struct ck_frame_builder *b, struct ck_frame *x, struct reg r)
{
	const struct ir *ir = b->f->ir;

	for (struct blk k = ir_reg(ir, r)->first; k.i; k = ir_blk(ir, k)->next)
		for (struct op o = ir_blk(ir, k)->first; o.i; o = ir_op(ir, o)->next) {
			ck_own_bytes(b, x, o);
			for (uint32_t i = 0; i < ir_op(ir, o)->nreg; i++)
				ck_region_bytes(b, x, op_reg(ir, o, i));
		}
}

void
ck_frames_build(struct ck_frames *f, struct arena *a, const struct ir *ir, const struct op *func, uint32_t nfunc)
{
	struct ck_frame_builder b = {.f = f, .a = a, .func = func, .nfunc = nfunc};
	uint32_t n = 0;

	*f = (struct ck_frames){.ir = ir, .nsym = ir->in.text.n};
	f->func_of_sym = ARENA_ARRAY(a, uint32_t, f->nsym + 1);
	for (uint32_t k = 0; k < nfunc; k++)
		f->func_of_sym[func_name(ir, func[k]).i] = k + 1;
	b.waits = ARENA_ARRAY(a, uint32_t, nfunc + 1);
	b.ready = ARENA_ARRAY(a, uint32_t, nfunc + 1);
	if (!ck_collect_calls(&b))
		return;
	f->frame = ARENA_ARRAY(a, struct ck_frame, nfunc);
	for (uint32_t k = 0; k < nfunc; k++)
		ck_region_bytes(&b, &f->frame[k], op_reg(ir, func[k], 0));
	for (uint32_t k = 0; k < nfunc; k++)
		if (b.waits[k] == 0)
			b.ready[n++] = k;
	for (uint32_t k = 0; k < n; k++)
		ck_frame_done(&b, b.ready[k], &n);
	f->order = b.ready;
	f->norder = n;
}
