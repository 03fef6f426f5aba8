/*
 * test_verify: verification of modules built by hand, where text cannot reach: ops of wrong shape, poisoned values,
 * random operands for every op of the table, call chains as long as the input.
 */
#include "verify/verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

struct fixture {
	struct arena a;
	struct source src;
	struct diags d;
	struct ir ir;
	struct blk top, body;	/* of the module, of the function made last */
};

static void
fixture_init(struct fixture *f)
{
	memset(f, 0, sizeof *f);
	arena_init(&f->a, NULL);
	source_init(&f->src, &f->a, "t", "", 0);
	diags_init(&f->d, &f->a, &f->src);
	ir_init(&f->ir, &f->a, &f->d);
	f->ir.module = ir_op_new(&f->ir, OP_MODULE, (struct span){0, 0});
	struct reg r = ir_op_region(&f->ir, f->ir.module);
	f->top = ir_blk_new(&f->ir);
	ir_blk_append(&f->ir, r, f->top);
}

static struct op
add_func(struct fixture *f, const char *name)
{
	struct ir *ir = &f->ir;
	struct op o = ir_op_new(ir, OP_FUNC, (struct span){0, 0});
	struct reg r = ir_op_region(ir, o);

	f->body = ir_blk_new(ir);
	ir_blk_append(ir, r, f->body);
	op_attr_set(ir, o, ir->name.sym_name, attr_string(&ir->attrs, intern_str(&ir->in, name)));
	op_attr_set(ir, o, ir->name.function_type, attr_type(&ir->attrs, type_func(&ir->types, NULL, 0, NULL, 0)));
	ir_append(ir, f->top, o);
	return o;
}

static struct op
add_op(struct fixture *f, enum op_id id)
{
	struct op o = ir_op_new(&f->ir, id, (struct span){0, 0});

	ir_append(&f->ir, f->body, o);
	return o;
}

static void
add_return(struct fixture *f)
{
	ir_op_groups(&f->ir, add_op(f, OP_RETURN), NULL, (const uint32_t[]){0}, 1);
}

static struct val
add_value(struct fixture *f, struct typ ty)
{
	return ir_op_result(&f->ir, add_op(f, OP_ARITH_CONSTANT), ty);
}

static bool
verifies(struct fixture *f)
{
	return verify_module(&f->ir, &(struct verify_opt){.level = 3});
}

/* ---- ---- */

static void
empty_function_is_legal(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	add_func(&f, "f");
	add_return(&f);
	assert_true(verifies(&f));
	assert_int_equal(f.d.nerror, 0);
	arena_free(&f.a);
}

static void
poisoned_ops_stay_silent(void **state)
{
	struct fixture f;
	struct typ none = {0};

	(void)state;
	fixture_init(&f);
	add_func(&f, "f");
	struct val bad = add_value(&f, none);
	struct op o = add_op(&f, OP_ARITH_ADDI);
	ir_op_operands(&f.ir, o, (const struct val[]){bad, bad}, 2);
	ir_op_result(&f.ir, o, type_index(&f.ir.types));
	o = add_op(&f, OP_TADD);
	ir_op_operands(&f.ir, o, (const struct val[]){bad, bad, bad}, 3);
	add_return(&f);
	assert_true(verifies(&f));
	assert_int_equal(f.d.nerror, 0);
	arena_free(&f.a);
}

static void
one_error_per_op(void **state)
{
	struct fixture f;
	struct op o;

	(void)state;
	fixture_init(&f);
	add_func(&f, "f");
	struct val x = add_value(&f, type_float(&f.ir.types, F_F8E5M2));	/* 1: no such scalar */
	for (uint32_t k = 0; k < 3; k++) {		/* 2, 3, 4 */
		o = add_op(&f, OP_TADD);
		ir_op_operands(&f.ir, o, (const struct val[]){x, x, x}, 3);
	}
	add_return(&f);
	assert_false(verifies(&f));
	assert_int_equal(f.d.nerror, 4);
	arena_free(&f.a);
}

/* ---- random ops ---- */

static uint32_t
next(uint32_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 17;
	*s ^= *s << 5;
	return *s;
}

enum { NTYPE = 24 };

static struct typ
tile_type(struct fixture *f, struct typ elem, enum space sp, uint8_t bl, uint8_t sl, int64_t vrow)
{
	struct tile_shape s = {.space = sp, .rows = 16, .cols = 64, .vrow = vrow, .vcol = 64, .blayout = bl,
			       .slayout = sl, .fractal = 512};

	return type_tile(&f->ir.types, elem, &s);
}

static void
make_types(struct fixture *f, struct typ ty[NTYPE])
{
	struct types *t = &f->ir.types;
	const int64_t dim[2] = {16, DIM_DYN}, four[1] = {4};
	struct typ f32 = type_float(t, F_F32), i32 = type_int(t, 32, SIGNLESS);
	struct typ some[NTYPE] = {
		i32, f32, type_index(t), type_int(t, 1, SIGNLESS), type_int(t, 7, SIGNLESS), type_int(t, 64, SIGNLESS),
		type_int(t, 32, UNSIGNED), type_int(t, 16, SIGNED), type_float(t, F_F16), type_float(t, F_F8E4M3),
		tile_type(f, f32, SP_VEC, BL_ROW_MAJOR, SL_NONE_BOX, 16),
		tile_type(f, f32, SP_VEC, BL_COL_MAJOR, SL_NONE_BOX, DIM_DYN),
		tile_type(f, i32, SP_ACC, BL_COL_MAJOR, SL_ROW_MAJOR, 0),
		tile_type(f, f32, SP_MAT, BL_COL_MAJOR, SL_ROW_MAJOR, 16),
		tile_type(f, type_float(t, F_F80), SP_VEC, 0, 0, 16), tile_type(f, f32, SP_LEFT, 0, SL_ROW_MAJOR, 16),
		type_ptr(t, f32, SP_GM), type_ptr(t, i32, SP_VEC), type_shaped(t, TY_TVIEW, f32, dim, 2),
		type_shaped(t, TY_PVIEW, i32, dim, 2), type_shaped(t, TY_VECTOR, type_int(t, 16, SIGNLESS), four, 1),
		type_shaped(t, TY_TENSOR, f32, dim, 2), type_none(t), type_func(t, &i32, 1, &f32, 1),
	};

	memcpy(ty, some, sizeof some);
}

/* Operands as the table says in number, at random in kind; now and then one too few. */
static void
random_operands(struct fixture *f, struct op o, enum op_id id, const struct val *pool, uint32_t *s)
{
	struct op_slot sl[OP_MAX_SLOT] = {{0}};
	uint32_t n = op_slots(id, sl), count[OP_MAX_SLOT], total = 0;
	struct val v[OP_MAX_SLOT * 4] = {{0}};
	bool var = false;

	for (uint32_t k = 0; k < n; k++)
		var |= sl[k].variadic;
	for (uint32_t k = 0; k < n; k++) {
		count[k] = sl[k].variadic ? next(s) % 4 : sl[k].optional ? next(s) % 2 : next(s) % 16 != 0;
		for (uint32_t i = 0; i < count[k]; i++)
			v[total + i] = pool[next(s) % NTYPE];
		total += var ? count[k] : 1;
	}
	if (var)
		ir_op_groups(&f->ir, o, v, count, n);
	else
		ir_op_operands(&f->ir, o, v, next(s) % 16 ? total : total / 2);
}

static void
random_attrs(struct fixture *f, struct op o, uint32_t *s)
{
	struct ir *ir = &f->ir;
	struct sym key[] = {ir->name.value, ir->name.predicate, ir->name.layout, ir->name.sizes, ir->name.mask_pattern,
			    ir->name.axis, ir->name.callee, ir->name.map, ir->name.cases, ir->name.event_id,
			    ir->name.src_pipe, ir->name.dst_pipe, ir->name.pipe, ir->name.cmp, ir->name.notify_op};
	struct attr val[] = {
		attr_unit(&ir->attrs), attr_bool(&ir->attrs, true), attr_int(&ir->attrs, 3, type_index(&ir->types)),
		attr_string(&ir->attrs, intern_str(&ir->in, "row")), attr_symbol(&ir->attrs, intern_str(&ir->in, "f")),
		attr_enum(&ir->attrs, EN_PIPE, (int32_t)(next(s) % 12)), attr_enum(&ir->attrs, EN_EVENT, 3),
		attr_enum(&ir->attrs, EN_MASK_PATTERN, (int32_t)(next(s) % 8)), attr_enum(&ir->attrs, EN_LAYOUT, 4),
	};

	for (uint32_t k = next(s) % 4; k; k--)
		op_attr_set(ir, o, key[next(s) % (sizeof key / sizeof key[0])],
			    val[next(s) % (sizeof val / sizeof val[0])]);
}

static void
random_shape(struct fixture *f, struct op o, const struct typ *ty, uint32_t *s)
{
	uint32_t want = isa_op[op_id(&f->ir, o)].nres;
	uint32_t nres = want == NRES_ANY || next(s) % 16 == 0 ? next(s) % 3 : want;

	for (uint32_t k = 0; k < nres; k++)
		ir_op_result(&f->ir, o, ty[next(s) % NTYPE]);
	if (next(s) % 2)
		return;
	for (uint32_t k = next(s) % 3; k; k--) {
		struct reg r = ir_op_region(&f->ir, o);
		struct blk b = ir_blk_new(&f->ir);
		if (next(s) % 4 == 0)
			continue;
		ir_blk_append(&f->ir, r, b);
		for (uint32_t i = next(s) % 3; i; i--)
			ir_blk_arg(&f->ir, b, ty[next(s) % NTYPE]);
	}
	for (uint32_t k = next(s) % 3; k; k--)
		ir_op_succ(&f->ir, o, f->body, NULL, 0);
}

/* Nothing but an error or acceptance may happen, whatever an op is given. */
static void
random_ops_do_no_harm(void **state)
{
	uint32_t seed = 12345;

	(void)state;
	for (uint32_t id = 1; id < OP_COUNT; id++) {
		struct fixture f;
		struct typ ty[NTYPE];
		struct val pool[NTYPE];
		fixture_init(&f);
		add_func(&f, "f");
		make_types(&f, ty);
		for (uint32_t k = 0; k < NTYPE; k++)
			pool[k] = add_value(&f, ty[k]);
		for (uint32_t k = 0; k < 300; k++) {
			struct op o = add_op(&f, (enum op_id)id);
			random_operands(&f, o, (enum op_id)id, pool, &seed);
			random_attrs(&f, o, &seed);
			random_shape(&f, o, ty, &seed);
		}
		add_return(&f);
		verifies(&f);
		arena_free(&f.a);
	}
}

/* ---- long call chains ---- */

static void
add_call(struct fixture *f, uint32_t callee)
{
	char name[16];
	struct op o = add_op(f, OP_CALL);

	snprintf(name, sizeof name, "f%u", callee);
	ir_op_groups(&f->ir, o, NULL, (const uint32_t[]){0}, 1);
	op_attr_set(&f->ir, o, f->ir.name.callee, attr_symbol(&f->ir.attrs, intern_str(&f->ir.in, name)));
}

/* n functions, each calling the next; the last one calls `last` when it is below n. */
static bool
chain(struct fixture *f, uint32_t n, uint32_t last)
{
	fixture_init(f);
	for (uint32_t k = 0; k < n; k++) {
		char name[16];
		snprintf(name, sizeof name, "f%u", k);
		add_func(f, name);
		if (k + 1 < n)
			add_call(f, k + 1);
		else if (last < n)
			add_call(f, last);
		add_return(f);
	}
	return verifies(f);
}

static void
long_call_chains(void **state)
{
	struct fixture f;

	(void)state;
	assert_true(chain(&f, 50000, UINT32_MAX));
	arena_free(&f.a);
	assert_false(chain(&f, 50000, 17));
	assert_int_equal(f.d.nerror, 1);
	arena_free(&f.a);
	assert_false(chain(&f, 3, 2));
	assert_non_null(strstr(f.d.all.at[0].text, "recursive function calls"));
	arena_free(&f.a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_function_is_legal),
		cmocka_unit_test(poisoned_ops_stay_silent),
		cmocka_unit_test(one_error_per_op),
		cmocka_unit_test(random_ops_do_no_harm),
		cmocka_unit_test(long_call_chains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
