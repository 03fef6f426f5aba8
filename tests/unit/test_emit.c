/*
 * test_emit: literals, expressions and control flow of the printed C++ on IR made by hand: what must hold whatever the
 * front end makes of a file. Whole kernels are covered by the golden and cxx suites.
 */
#include "emit/emit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* One function under construction. */
struct fix {
	struct arena a;
	struct source src;
	struct diags d;
	struct ir ir;
	struct op func;
	struct blk body;
	struct out o;
};

static struct fix *
fix_new(void)
{
	struct fix *f = calloc(1, sizeof *f);
	struct ir *ir = &f->ir;

	arena_init(&f->a, NULL);
	source_init(&f->src, &f->a, "t.pto", "", 0);
	diags_init(&f->d, &f->a, &f->src);
	ir_init(ir, &f->a, &f->d);
	out_init(&f->o, &f->a);
	ir->module = ir_op_new(ir, OP_MODULE, (struct span){0, 0});
	struct blk top = ir_blk_new(ir);
	ir_blk_append(ir, ir_op_region(ir, ir->module), top);
	f->func = ir_op_new(ir, OP_FUNC, (struct span){0, 0});
	struct reg r = ir_op_region(ir, f->func);
	op_attr_set(ir, f->func, ir->name.sym_name, attr_string(&ir->attrs, intern_str(&ir->in, "f")));
	f->body = ir_blk_new(ir);
	ir_blk_append(ir, r, f->body);
	ir_append(ir, top, f->func);
	return f;
}

static struct val
param(struct fix *f, struct typ ty)
{
	return ir_blk_arg(&f->ir, f->body, ty);
}

static struct val
op1(struct fix *f, struct blk b, enum op_id id, struct typ ty, const struct val *v, uint32_t n)
{
	struct op o = ir_op_new(&f->ir, id, (struct span){0, 0});

	ir_op_operands(&f->ir, o, v, n);
	struct val r = ir_op_result(&f->ir, o, ty);
	ir_append(&f->ir, b, o);
	return r;
}

static struct val
bin(struct fix *f, enum op_id id, struct val a, struct val b)
{
	return op1(f, f->body, id, val_type(&f->ir, a), (struct val[]){a, b}, 2);
}

static struct op
end(struct fix *f, struct blk b, enum op_id id, const struct val *v, uint32_t n)
{
	struct op o = ir_op_new(&f->ir, id, (struct span){0, 0});

	ir_op_groups(&f->ir, o, v, &n, 1);
	ir_append(&f->ir, b, o);
	return o;
}

/* Returns v (0: nothing) and prints; the text after `using T`. */
static const char *
finish(struct fix *f, struct val v)
{
	struct typ in[8], out = v.i ? val_type(&f->ir, v) : (struct typ){0};
	uint32_t n = ir_blk(&f->ir, f->body)->narg;
	struct emit_opt opt = {0};

	for (uint32_t k = 0; k < n; k++)
		in[k] = val_type(&f->ir, (struct val){ir_blk(&f->ir, f->body)->arg0 + k});
	op_attr_set(&f->ir, f->func, f->ir.name.function_type,
		    attr_type(&f->ir.attrs, type_func(&f->ir.types, in, n, &out, v.i != 0)));
	end(f, f->body, OP_RETURN, &v, v.i != 0);
	assert_true(emit_module(&f->ir, &opt, &f->o));
	assert_int_equal(f->d.nerror, 0);
	const char *s = strstr(out_text(&f->o).p, "using T = float;\n");
	assert_non_null(s);
	return s + strlen("using T = float;\n");
}

static void
fix_free(struct fix *f)
{
	arena_free(&f->a);
	free(f);
}

static void
expect(struct fix *f, struct val v, const char *want)
{
	const char *s = finish(f, v);

	if (strncmp(s, want, strlen(want)) != 0)
		fail_msg("expected\n%s\nfound\n%s", want, s);
	fix_free(f);
}

static struct typ
i_type(struct fix *f, uint32_t w)
{
	return type_int(&f->ir.types, w, SIGNLESS);
}

/* ---- literals ---- */

static const char *
literal(struct fix *f, struct attr a)
{
	out_init(&f->o, &f->a);
	assert_true(x_literal(&f->o, &f->ir.types, attr_data(&f->ir.attrs, a)));
	return out_text(&f->o).p;
}

static const char *
int_lit(struct fix *f, uint32_t w, int64_t v)
{
	return literal(f, attr_int(&f->ir.attrs, v, i_type(f, w)));
}

static const char *
float_lit(struct fix *f, enum float_kind k, uint64_t bits)
{
	return literal(f, attr_float(&f->ir.attrs, 0, bits, type_float(&f->ir.types, k)));
}

static void
integer_literals(void **state)
{
	struct fix *f = fix_new();

	(void)state;
	assert_string_equal(int_lit(f, 8, 255), "-1");
	assert_string_equal(int_lit(f, 16, -32768), "-32768");
	assert_string_equal(int_lit(f, 32, 2147483647), "2147483647");
	assert_string_equal(int_lit(f, 64, INT64_MIN), "-9223372036854775807 - 1");
	assert_string_equal(int_lit(f, 1, 1), "true");
	assert_string_equal(int_lit(f, 1, 0), "false");
	assert_string_equal(literal(f, attr_int(&f->ir.attrs, 64, type_index(&f->ir.types))), "64");
	fix_free(f);
}

static void
float_literals(void **state)
{
	struct fix *f = fix_new();

	(void)state;
	assert_string_equal(float_lit(f, F_F32, 0x3f800000), "1.0f");
	assert_string_equal(float_lit(f, F_F32, 0x3dcccccd), "0.100000001f");
	assert_string_equal(float_lit(f, F_F32, 0x3a83126f), "0.00100000005f");
	assert_string_equal(float_lit(f, F_F32, 0x38d1b717), "9.99999975E-5f");
	assert_string_equal(float_lit(f, F_F32, 0x447a0000), "1000.0f");
	assert_string_equal(float_lit(f, F_F32, 0x461c4000), "1.0E+4f");
	assert_string_equal(float_lit(f, F_F32, 0x80000000), "-0.0f");
	assert_string_equal(float_lit(f, F_F32, 0x42c80000), "100.0f");
	assert_string_equal(float_lit(f, F_F32, 0x42f6e666), "123.449997f");
	assert_string_equal(float_lit(f, F_F32, 1), "1.40129846E-45f");
	assert_string_equal(float_lit(f, F_F32, 0x7f7fffff), "3.40282347E+38f");
	assert_string_equal(float_lit(f, F_F64, 0x3fb999999999999a), "0.10000000000000001");
	assert_string_equal(float_lit(f, F_F64, 0x7fefffffffffffff), "1.7976931348623157E+308");
	assert_string_equal(float_lit(f, F_F16, 0x2e66), "0.099976f");
	assert_string_equal(float_lit(f, F_BF16, 0x3dcd), "0.1001f");
	fix_free(f);
}

static void
special_float_literals(void **state)
{
	struct fix *f = fix_new();

	(void)state;
	assert_string_equal(float_lit(f, F_F32, 0x7f800000), "__builtin_inff()");
	assert_string_equal(float_lit(f, F_F32, 0xff800000), "-__builtin_inff()");
	assert_string_equal(float_lit(f, F_F64, 0x7ff0000000000000), "__builtin_inf()");
	assert_string_equal(float_lit(f, F_F16, 0x7c00), "(half) __builtin_inff()");
	assert_string_equal(float_lit(f, F_F32, 0x7fc00000), "ptoas_bitcast<float>((uint32_t) 0x7fc00000)");
	fix_free(f);
}

/* Every f32 literal reads back to its bits: the exponent range at a few mantissas. */
static void
float_literals_read_back(void **state)
{
	struct fix *f = fix_new();

	(void)state;
	for (uint32_t e = 0; e < 255; e++) {
		for (uint32_t m = 0; m < 0x800000; m += 0x0a1b2d) {
			uint32_t bits = e << 23 | m, back;
			float v = strtof(float_lit(f, F_F32, bits), NULL);
			memcpy(&back, &v, sizeof back);
			assert_int_equal(back, bits);
		}
	}
	fix_free(f);
}

/* ---- expressions ---- */

static void
products_of_sums_keep_parentheses(void **state)
{
	struct fix *f = fix_new();
	struct typ t = type_float(&f->ir.types, F_F32);
	struct val a = param(f, t), b = param(f, t), c = param(f, t);

	(void)state;
	struct val s = bin(f, OP_ARITH_SUBF, a, b), p = bin(f, OP_ARITH_MULF, s, c), q = bin(f, OP_ARITH_SUBF, c, p);
	expect(f, bin(f, OP_ARITH_DIVF, a, q), "  return v1 / (v3 - (v1 - v2) * v3);\n");
}

static void
wraparound_goes_through_unsigned(void **state)
{
	struct fix *f = fix_new();
	struct val a = param(f, i_type(f, 32)), b = param(f, i_type(f, 32));

	(void)state;
	struct val s = bin(f, OP_ARITH_ADDI, a, b);
	expect(f, bin(f, OP_ARITH_MULI, s, b),
	       "  return (int32_t) (((uint32_t) v1 + (uint32_t) v2) * (uint32_t) v2);\n");
	f = fix_new();
	a = param(f, i_type(f, 16));
	expect(f, bin(f, OP_ARITH_MULI, a, a), "  return (int16_t) ((uint32_t) v1 * (uint32_t) v1);\n");
	f = fix_new();
	a = param(f, i_type(f, 8));
	expect(f, bin(f, OP_ARITH_SHRUI, a, a), "  return (int8_t) ((uint8_t) v1 >> (uint8_t) v1);\n");
}

static void
shared_and_repeated_operands_are_named(void **state)
{
	struct fix *f = fix_new();
	struct typ t = type_index(&f->ir.types);
	struct val a = param(f, t), b = param(f, t);

	(void)state;
	struct val s = bin(f, OP_ARITH_ADDI, a, b);
	expect(f, bin(f, OP_ARITH_MAXSI, s, b),
	       "  int64_t v3 = (int64_t) ((uint64_t) v1 + (uint64_t) v2);\n  return v3 > v2 ? v3 : v2;\n");
	f = fix_new();
	a = param(f, type_index(&f->ir.types)), b = param(f, type_index(&f->ir.types));
	expect(f, bin(f, OP_ARITH_CEILDIVUI, a, b),
	       "  return (int64_t) ((uint64_t) v1 / (uint64_t) v2 + ((uint64_t) v1 % (uint64_t) v2 != 0));\n");
}

static void
bits_of_i1(void **state)
{
	struct fix *f = fix_new();
	struct val a = param(f, i_type(f, 1)), b = param(f, i_type(f, 1));

	(void)state;
	expect(f, bin(f, OP_ARITH_MAXSI, a, b), "  return v1 & v2;\n");
	f = fix_new();
	a = param(f, i_type(f, 1));
	expect(f, op1(f, f->body, OP_ARITH_EXTSI, i_type(f, 32), &a, 1), "  return (int32_t) (0 - (int32_t) v1);\n");
}

static void
narrow_floats_are_computed_in_float(void **state)
{
	struct fix *f = fix_new();
	struct typ t = type_float(&f->ir.types, F_BF16);
	struct val a = param(f, t), b = param(f, t);

	(void)state;
	expect(f, bin(f, OP_ARITH_ADDF, a, b), "  return (bfloat16_t) ((float) v1 + (float) v2);\n");
	f = fix_new();
	a = param(f, type_float(&f->ir.types, F_F32));
	expect(f, op1(f, f->body, OP_MATH_ABSF, val_type(&f->ir, a), &a, 1), "  return __builtin_fabsf(v1);\n");
}

static void
dead_ops_are_not_printed(void **state)
{
	struct fix *f = fix_new();
	struct val a = param(f, type_index(&f->ir.types));

	(void)state;
	bin(f, OP_ARITH_ADDI, bin(f, OP_ARITH_MULI, a, a), a);
	expect(f, (struct val){0}, "  return;\n}\n");
}

/* A long chain must neither nest the text nor the C stack without bound. */
static void
long_chains_are_cut(void **state)
{
	struct fix *f = fix_new();
	struct val a = param(f, type_float(&f->ir.types, F_F32)), s = a;

	(void)state;
	for (uint32_t k = 0; k < 50000; k++)
		s = bin(f, OP_ARITH_SUBF, a, s);
	const char *text = finish(f, s);
	for (const char *nl; (nl = strchr(text, '\n')); text = nl + 1)
		assert_true(nl - text < 100);
	fix_free(f);
}

/* ---- control flow ---- */

/* for (i) iter(p = a, q = b) yield q, p: the swap needs a temporary. */
static void
loop_values_are_assigned_in_parallel(void **state)
{
	struct fix *f = fix_new();
	struct typ t = type_float(&f->ir.types, F_F32), ix = type_index(&f->ir.types);
	struct val n = param(f, ix), a = param(f, t), b = param(f, t), v[5] = {n, n, n, a, b};
	struct op o = ir_op_new(&f->ir, OP_FOR, (struct span){0, 0});

	(void)state;
	ir_op_groups(&f->ir, o, v, (uint32_t[]){1, 1, 1, 2}, 4);
	struct reg r = ir_op_region(&f->ir, o);
	struct val r0 = ir_op_result(&f->ir, o, t);
	ir_op_result(&f->ir, o, t);
	ir_append(&f->ir, f->body, o);
	struct blk body = ir_blk_new(&f->ir);
	ir_blk_append(&f->ir, r, body);
	ir_blk_arg(&f->ir, body, ix);
	struct val p = ir_blk_arg(&f->ir, body, t), q = ir_blk_arg(&f->ir, body, t);
	end(f, body, OP_YIELD, (struct val[]){q, p}, 2);
	expect(f, r0,
	       "  float v4 = v2;\n  float v5 = v3;\n  for (int64_t v6 = v1; v6 < v1; v6 += v1) {\n"
	       "    float v7 = v4;\n    v4 = v5;\n    v5 = v7;\n  }\n  return v4;\n");
}

/* cf.cond_br to two blocks that meet: variables first, labels, gotos. */
static void
branches_become_gotos(void **state)
{
	struct fix *f = fix_new();
	struct ir *ir = &f->ir;
	struct typ t = type_float(&ir->types, F_F32);
	struct val c = param(f, i_type(f, 1)), a = param(f, t), b = param(f, t);
	struct reg r = op_reg(ir, f->func, 0);
	struct blk meet = ir_blk_new(ir);

	(void)state;
	ir_blk_append(ir, r, meet);
	struct val m = ir_blk_arg(ir, meet, t);
	struct op o = ir_op_new(ir, OP_COND_BR, (struct span){0, 0});
	ir_op_operands(ir, o, &c, 1);
	ir_op_succ(ir, o, meet, &a, 1);
	ir_op_succ(ir, o, meet, &b, 1);
	ir_append(ir, f->body, o);
	f->body = meet;
	struct val s = bin(f, OP_ARITH_ADDF, m, m);
	end(f, meet, OP_RETURN, &s, 1);
	struct typ in[3] = {val_type(ir, c), t, t};
	struct emit_opt opt = {0};
	op_attr_set(ir, f->func, ir->name.function_type, attr_type(&ir->attrs, type_func(&ir->types, in, 3, &t, 1)));
	assert_true(emit_module(ir, &opt, &f->o));
	const char *want = "  float v4;\n  {\n    if (v1) {\n      v4 = v2;\n      goto label2;\n"
			   "    } else {\n      v4 = v3;\n      goto label2;\n    }\n  }\nlabel2:\n"
			   "  return v4 + v4;\n}";
	assert_non_null(strstr(out_text(&f->o).p, want));
	fix_free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integer_literals),
		cmocka_unit_test(float_literals),
		cmocka_unit_test(special_float_literals),
		cmocka_unit_test(float_literals_read_back),
		cmocka_unit_test(products_of_sums_keep_parentheses),
		cmocka_unit_test(wraparound_goes_through_unsigned),
		cmocka_unit_test(shared_and_repeated_operands_are_named),
		cmocka_unit_test(bits_of_i1),
		cmocka_unit_test(narrow_floats_are_computed_in_float),
		cmocka_unit_test(dead_ops_are_not_printed),
		cmocka_unit_test(long_chains_are_cut),
		cmocka_unit_test(loop_values_are_assigned_in_parallel),
		cmocka_unit_test(branches_become_gotos),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
