/* inputs: see inputs.h. */
#include "inputs.h"

enum { VALUES_MAX = 12 };

struct finder {
	struct arena *a;
	const struct ir *ir;
	struct inputs *in;
	struct blk entry;
	VEC(int64_t) loop;	/* interesting values of loop bounds, for compares against induction variables */
	bool *plain;		/* by argument: also used in arithmetic or as an offset */
};

static void
add(struct finder *f, uint32_t arg, int64_t v)
{
	struct arg_values *av = &f->in->arg[arg];

	for (uint32_t i = 0; i < av->v.n; i++) {
		if (av->v.at[i] == v)
			return;
	}
	if (av->v.n < VALUES_MAX)
		VEC_PUSH(f->a, &av->v, v);
}

/* The argument a value is, through casts; false when it is something else. */
static bool
is_arg(const struct finder *f, struct val v, uint32_t *k)
{
	while (v.i && ir_val(f->ir, v)->def.i) {
		struct op d = ir_val(f->ir, v)->def;
		enum op_id id = op_id(f->ir, d);
		if (id != OP_ARITH_INDEX_CAST && id != OP_ARITH_EXTSI && id != OP_ARITH_TRUNCI &&
		    id != OP_ARITH_INDEX_CASTUI && id != OP_ARITH_EXTUI)
			return false;
		v = op_opnd(f->ir, d, 0);
	}
	*k = v.i ? ir_val(f->ir, v)->index : 0;
	return v.i && ir_val(f->ir, v)->blk.i == f->entry.i;
}

static int64_t
const_or(const struct finder *f, struct val v, int64_t other)
{
	int64_t c;

	return val_const_int(f->ir, v, &c) ? c : other;
}

static void
see_loop(struct finder *f, struct op o)
{
	struct val ub = op_slot(f->ir, o, 1);
	int64_t lo = const_or(f, op_slot(f->ir, o, 0), 0), step = const_or(f, op_slot(f->ir, o, 2), 1);
	uint32_t k;

	for (int64_t n = 0; n <= 3; n++) {
		if (is_arg(f, ub, &k))
			add(f, k, lo + (n < 3 ? n : 9) * step);
		if (f->loop.n < VALUES_MAX)
			VEC_PUSH(f->a, &f->loop, lo + n * step);
	}
	if (is_arg(f, ub, &k) && step > 1)
		add(f, k, lo + step + 1);
	if (is_arg(f, op_slot(f->ir, o, 0), &k)) {
		add(f, k, 0);
		add(f, k, const_or(f, ub, 2));
	}
	if (is_arg(f, op_slot(f->ir, o, 2), &k)) {
		add(f, k, 1);
		add(f, k, 8);
	}
}

static void
see_compare(struct finder *f, struct op o)
{
	for (uint32_t side = 0; side < 2; side++) {
		uint32_t k;
		int64_t c;
		if (!is_arg(f, op_opnd(f->ir, o, side), &k))
			continue;
		if (val_const_int(f->ir, op_opnd(f->ir, o, 1 - side), &c)) {
			add(f, k, c - 1);
			add(f, k, c);
			add(f, k, c + 1);
			continue;
		}
		for (uint32_t i = 0; i < f->loop.n; i++)
			add(f, k, f->loop.at[i]);
		add(f, k, 0);
		add(f, k, 2);
		add(f, k, 9);
	}
}

static void
see_op(struct finder *f, struct op o)
{
	enum op_id id = op_id(f->ir, o);
	uint32_t k;

	if (id == OP_FOR)
		see_loop(f, o);
	else if (id == OP_ARITH_CMPI)
		see_compare(f, o);
	else if (id == OP_LOAD_SCALAR || id == OP_GET_BLOCK_IDX)
		f->in->loads = true;
	for (uint32_t i = 0; i < ir_op(f->ir, o)->nopnd && id != OP_FOR && id != OP_ARITH_CMPI; i++) {
		if (is_arg(f, op_opnd(f->ir, o, i), &k))
			f->plain[k] = true;
	}
}

static void
see_region(struct finder *f, struct op o)
{
	for (uint32_t r = 0; r < ir_op(f->ir, o)->nreg; r++) {
		struct blk b = ir_reg(f->ir, op_reg(f->ir, o, r))->first;
		for (; b.i; b = ir_blk(f->ir, b)->next) {
			for (struct op c = ir_blk(f->ir, b)->first; c.i; c = ir_op(f->ir, c)->next) {
				see_op(f, c);
				see_region(f, c);
			}
		}
	}
}

void
inputs_find(struct inputs *in, struct arena *a, const struct ir *ir, struct op func)
{
	struct finder f = {.a = a, .ir = ir, .in = in};

	f.entry = ir_reg(ir, op_reg(ir, func, 0))->first;
	in->narg = ir_blk(ir, f.entry)->narg;
	in->arg = ARENA_ARRAY(a, struct arg_values, in->narg + 1);
	in->loads = false;
	in->ncombination = 1;
	f.plain = ARENA_ARRAY(a, bool, in->narg + 1);
	see_region(&f, func);
	for (uint32_t i = 0; i < in->narg; i++) {
		struct typ ty = val_type(ir, (struct val){ir_blk(ir, f.entry)->arg0 + i});
		if (!type_is_int_or_index(&ir->types, ty)) {
			add(&f, i, 0);
		} else if (type_is_bool(&ir->types, ty)) {
			in->arg[i].v.n = 0;
			add(&f, i, 1);
			add(&f, i, 0);
		} else if (f.plain[i] || !in->arg[i].v.n) {
			add(&f, i, 8);
			add(&f, i, 0);
			add(&f, i, 1);
			add(&f, i, 3);
		}
		in->ncombination *= in->arg[i].v.n;
		if (in->ncombination > UINT32_MAX)
			in->ncombination = UINT32_MAX;
	}
}

void
inputs_pick(const struct inputs *in, uint32_t k, uint32_t max, uint32_t seed, int64_t *arg)
{
	uint64_t c = k;
	bool all = in->ncombination <= max;
	uint32_t h = hash_u32(seed, k);

	for (uint32_t i = 0; i < in->narg; i++) {
		uint32_t n = in->arg[i].v.n;
		if (all) {
			arg[i] = in->arg[i].v.at[c % n];
			c /= n;
		} else if (k < VALUES_MAX) {
			arg[i] = in->arg[i].v.at[k < n ? k : n - 1];	/* all small, ..., all large */
		} else {
			h = hash_u32(h, i);
			arg[i] = in->arg[i].v.at[(h >> 8) % n];
		}
	}
}
