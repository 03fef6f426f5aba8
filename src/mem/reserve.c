/*
 * reserve: where reserve_buffer puts its range at levels 1 and 2: after all tiles of its space, in program order, in
 * the lowest hole aligned to 256 bytes that no tile uses at any time. Source: ops-sync-comm.md §a.3.
 */
#include "mem/plan.h"

#include "base/num.h"

#include <stdlib.h>

enum { RESERVE_ALIGN = 256 };

struct extent {
	uint64_t lo, hi;
};

struct taken {
	struct ir *ir;
	VEC(struct extent) at[SPACE_COUNT];
	VEC(struct op) reserve;
	const uint64_t *base;	/* by space: what called functions use lies below */
	uint64_t *end;
	const uint64_t *capacity;
	bool scratch;
};

/* Recursion over nesting only. */
static void
collect(struct taken *t, struct blk b)
{
	struct ir *ir = t->ir;

	for (struct op o = ir_blk(ir, b)->first; o.i; o = ir_op(ir, o)->next) {
		if (op_id(ir, o) == OP_ALLOC_TILE || op_id(ir, o) == OP_ALLOC_MULTI_TILE) {
			struct buf_place p = mem_place(ir, o);
			struct extent e = {p.addr_bytes, p.addr_bytes + p.size_bytes};
			if (p.known)
				VEC_PUSH(ir->a, &t->at[p.space], e);
		} else if (op_id(ir, o) == OP_RESERVE_BUFFER) {
			VEC_PUSH(ir->a, &t->reserve, o);
		}
		t->scratch = t->scratch || mem_uses_fixed_scratch(ir, o);
		for (uint32_t r = 0; r < ir_op(ir, o)->nreg; r++)
			for (struct blk c = op_body(ir, o, r); c.i; c = ir_blk(ir, c)->next)
				collect(t, c);
	}
}

static int
extent_order(const void *a, const void *b)
{
	const struct extent *x = a, *y = b;

	return x->lo < y->lo ? -1 : x->lo > y->lo;
}

static uint64_t
size_of(const struct ir *ir, struct op o)
{
	const struct attr_data *size = attr_data(&ir->attrs, op_attr(ir, o, ir->name.fifo_size));

	return size->kind == AT_INT && size->i > 0 ? (uint64_t)size->i : 0;
}

uint64_t
reserve_bytes(const struct ir *ir, struct op o, enum space *sp)
{
	*sp = (enum space)op_enum(ir, o, ir->name.location, EN_ADDRESS_SPACE, SP_VEC);
	return num_round_up(size_of(ir, o), RESERVE_ALIGN);
}

static bool
place(struct taken *t, struct op o)
{
	struct ir *ir = t->ir;
	enum space sp;
	reserve_bytes(ir, o, &sp);
	uint64_t at = num_round_up(t->base[sp], RESERVE_ALIGN), bytes = size_of(ir, o);
	uint32_t n = t->at[sp].n;
	struct extent *e = t->at[sp].at;

	if (n)
		qsort(e, n, sizeof *e, extent_order);
	for (uint32_t k = 0; k < n && e[k].lo < at + bytes; k++)
		if (e[k].hi > at)
			at = num_round_up(e[k].hi, RESERVE_ALIGN);
	if (at + bytes > (t->capacity[sp] ? t->capacity[sp] : isa_space[sp].bytes)) {
		op_error(ir, o, DIAG_ADDRESS, "failed to allocate local memory hole for reserve_buffer");
		diag_hint(ir->diags, "%llu bytes of %s do not fit beside the tiles", (unsigned long long)bytes,
			  isa_space[sp].tile);
		return false;
	}
	op_attr_set(ir, o, ir->name.fifo_base, attr_int(&ir->attrs, (int64_t)at, type_int(&ir->types, 32, SIGNLESS)));
	struct extent mine = {at, at + bytes};
	VEC_PUSH(ir->a, &t->at[sp], mine);
	if (mine.hi > t->end[sp])
		t->end[sp] = mine.hi;
	return true;
}

bool
place_reserves(struct ir *ir, struct op func, const uint64_t base[SPACE_COUNT], uint64_t end[SPACE_COUNT],
	       const uint64_t capacity[SPACE_COUNT])
{
	struct taken t = {.ir = ir, .base = base, .end = end, .capacity = capacity};
	bool ok = true;

	for (struct blk b = op_body(ir, func, 0); b.i; b = ir_blk(ir, b)->next)
		collect(&t, b);
	struct extent fixed = {FIXED_SCRATCH_LO, FIXED_SCRATCH_LO + FIXED_SCRATCH_BYTES};
	if (t.scratch)
		VEC_PUSH(ir->a, &t.at[SP_VEC], fixed);
	for (uint32_t k = 0; k < t.reserve.n; k++)
		ok = place(&t, t.reserve.at[k]) && ok;
	return ok;
}
