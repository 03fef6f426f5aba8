/* test_lexer: bytes to tokens: kinds, spans and values; the messages are golden cases (neg-syntax). */
#include "front/build.h"
#include "parser.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct lexed {
	struct arena a;
	struct source src;
	struct diags diags;
	struct ir ir;
	struct front fe;
};

static void
open_text(struct lexed *l, const char *text, size_t n)
{
	arena_init(&l->a, NULL);
	source_init(&l->src, &l->a, "t.pto", text, (uint32_t)n);
	diags_init(&l->diags, &l->a, &l->src);
	ir_init(&l->ir, &l->a, &l->diags);
	front_init(&l->fe, &l->ir);
}

/* The tokens of a text; 0 ends the list. */
static void
expect_tokens(const char *text, const int *want)
{
	struct lexed l;
	PTO_STYPE v;
	struct span at;

	open_text(&l, text, strlen(text));
	for (;; want++) {
		assert_int_equal(pto_lex(&v, &at, &l.fe), *want);
		if (*want == TOK_YYEOF)
			break;
	}
	assert_int_equal(l.diags.all.n, 0);
	arena_free(&l.a);
}

#define TOKENS(text, ...) expect_tokens(text, (const int[]){__VA_ARGS__, TOK_YYEOF})

static void
words_and_names(void **state)
{
	(void)state;
	TOKENS("", TOK_YYEOF);
	TOKENS(" \t\r\n// comment \xff\n//", TOK_YYEOF);
	TOKENS("foo foo.bar ins f32 i33 index si8 func.func module return", TOK_WORD, TOK_NAME_WORD, TOK_W_INS,
	       TOK_TYPE_WORD, TOK_TYPE_WORD, TOK_TYPE_WORD, TOK_TYPE_WORD, TOK_O_FUNC, TOK_O_MODULE, TOK_O_RETURN);
	TOKENS("%x %0 %a.b-c %p#1 %$ ^bb0 ^1 @f @\"a b\" @a::@b", TOK_VALUE, TOK_VALUE, TOK_VALUE, TOK_VALUE, TOK_VALUE,
	       TOK_BLOCK, TOK_BLOCK, TOK_SYMBOL, TOK_SYMBOL, TOK_SYMBOL, TOK_COLONS, TOK_SYMBOL);
	TOKENS("%x:2 = pto.tload", TOK_VALUE, ':', TOK_INT, '=', TOK_O_INS_OUTS);
	TOKENS("{-# a: { b } #-} -> ? -", TOK_ARROW, '?', '-');
}

static void
numbers(void **state)
{
	(void)state;
	TOKENS("0 42 0xFF 0x7F800000", TOK_INT, TOK_INT, TOK_INT, TOK_INT);
	TOKENS("1. 1.5 1.e3 6.5504e+4 0.0E-2", TOK_FLOAT, TOK_FLOAT, TOK_FLOAT, TOK_FLOAT, TOK_FLOAT);
	TOKENS("-1 -1.5", '-', TOK_INT, '-', TOK_FLOAT);
	/* Dimension lists: x separates, also where a hexadecimal number could start. */
	TOKENS("16x128xf32", TOK_DIMS, TOK_TYPE_WORD);
	TOKENS("?x?xf32", TOK_DIMS, TOK_TYPE_WORD);
	TOKENS("0x16xf32", TOK_DIMS, TOK_TYPE_WORD);
	TOKENS("8x!pto.f8E8M0", TOK_DIMS, TOK_T_BARE);
	TOKENS("valid=?x?", TOK_W_VALID, '=', TOK_DIMS, '?');
	TOKENS("v_row=-1", TOK_WORD, '=', '-', TOK_INT);
}

static void
dialect_names(void **state)
{
	(void)state;
	TOKENS("#a #pto.pipe<PIPE_V> #pto<cmp lt> #pto<pipe<PIPE_V>>", TOK_HASH_ALIAS, TOK_DOTTED_ATTR, '<', TOK_WORD,
	       '>', TOK_PTO_ATTR, TOK_WORD, TOK_WORD, '>', TOK_PTO_ATTR, TOK_WORD, '<', TOK_WORD, '>', '>');
	TOKENS("#foo.bar<1 -> \">\" <2>> #foo.bar #pto.tile_buf_config<>", TOK_OPAQUE_ATTR, TOK_OPAQUE_ATTR,
	       TOK_W_CONFIG, '<', '>');
	TOKENS("!t !pto.ptr<f32> !pto<ptr<f32>> !pto.vreg<64xf32>", TOK_BANG_ALIAS, TOK_T_PTR, '<', TOK_TYPE_WORD, '>',
	       TOK_PTO_TYPE, TOK_T_PTR, '<', TOK_TYPE_WORD, '>', '>', TOK_OPAQUE_TYPE);
	TOKENS("affine_map<(d0) -> (d0)> affine_map", TOK_MAP, TOK_WORD);
}

static void
spans_and_values(void **state)
{
	struct lexed l;
	PTO_STYPE v;
	struct span at;

	(void)state;
	open_text(&l, "  %abc#12 \"x\\41\\n\"", 18);
	assert_int_equal(pto_lex(&v, &at, &l.fe), TOK_VALUE);
	assert_int_equal(at.lo, 2);
	assert_int_equal(at.hi, 9);
	assert_string_equal(sym_str(&l.ir.in, v.TOK_VALUE.name), "abc");
	assert_int_equal(v.TOK_VALUE.num, 13);
	assert_int_equal(pto_lex(&v, &at, &l.fe), TOK_STRING);
	assert_string_equal(sym_str(&l.ir.in, string_sym(&l.fe, at)), "xA\n");
	arena_free(&l.a);
}

/* A type seen before comes back as one token; equal text in another place, other text not. */
static void
type_memo(void **state)
{
	const char *text = "!pto.ptr<f32> !pto.ptr<f16> !pto.ptr<f32>";
	struct lexed l;
	PTO_STYPE v;
	struct span at;

	(void)state;
	open_text(&l, text, strlen(text));
	struct typ t = type_ptr(&l.ir.types, type_float(&l.ir.types, F_F32), SP_GM);
	memo_add(&l.fe, (struct span){0, 13}, t);
	assert_int_equal(pto_lex(&v, &at, &l.fe), TOK_TYPE);
	assert_int_equal(v.TOK_TYPE.i, t.i);
	assert_int_equal(at.hi, 13);
	assert_int_equal(pto_lex(&v, &at, &l.fe), TOK_T_PTR);
	for (int i = 0; i < 3; i++)
		pto_lex(&v, &at, &l.fe);
	assert_int_equal(pto_lex(&v, &at, &l.fe), TOK_TYPE);
	arena_free(&l.a);
}

static void
integers(void **state)
{
	uint64_t v;

	(void)state;
	assert_true(int_value(STRV("18446744073709551615"), &v) && v == UINT64_MAX);
	assert_false(int_value(STRV("18446744073709551616"), &v));
	assert_true(int_value(STRV("0xfFfFfFfFfFfFfFfF"), &v) && v == UINT64_MAX);
	assert_false(int_value(STRV("0x10000000000000000"), &v));
}

static void
expect_float(const char *text, double want)
{
	double got = float_value((struct strv){text, (uint32_t)strlen(text)});

	assert_memory_equal(&got, &want, sizeof want);
}

/* Cases around ties, subnormals and the limits; C constants are converted by the compiler. */
static void
floats(void **state)
{
	(void)state;
#define FLOAT_CASE(x) expect_float(#x, x)
	FLOAT_CASE(0.0);
	FLOAT_CASE(1.);
	FLOAT_CASE(0.1);
	FLOAT_CASE(1.00000000000000000e+00);
	FLOAT_CASE(9.99999997475242708e-07);
	FLOAT_CASE(9007199254740993.0);
	FLOAT_CASE(9007199254740992.9999999999999999999999999999999999);
	FLOAT_CASE(123456789012345678901234567890.0);
	FLOAT_CASE(1.7976931348623157e308);
	FLOAT_CASE(2.2250738585072011e-308);
	FLOAT_CASE(4.9406564584124654e-324);
	FLOAT_CASE(2.4703282292062328e-324);
	FLOAT_CASE(6.02214076e23);
#undef FLOAT_CASE
	expect_float("2.4703282292062327e-324", 0.0);
	expect_float("1.0e-99999999999999999999", 0.0);
	expect_float("0.0e99999999999999999999", 0.0);
	double inf = float_value(STRV("1.8e308"));
	assert_true(inf > 1.7976931348623157e308);
}

static void
expect_bits(enum float_kind k, double f, uint64_t want)
{
	uint64_t bits;

	assert_true(float_bits(k, f, &bits));
	assert_int_equal(bits, want);
}

static void
bit_patterns(void **state)
{
	(void)state;
	expect_bits(F_F16, 1.0, 0x3c00);
	expect_bits(F_F16, 65504.0, 0x7bff);
	expect_bits(F_F16, 65520.0, 0x7c00);           /* ties to the even pattern, infinity */
	expect_bits(F_F16, 5.9604644775390625e-8, 1);  /* smallest subnormal */
	expect_bits(F_F16, 2.98023223876953125e-8, 0); /* half of it ties to even */
	expect_bits(F_BF16, -2.0, 0xc000);
	expect_bits(F_BF16, 1.00390625, 0x3f80); /* tie */
	expect_bits(F_BF16, 1.01171875, 0x3f82); /* tie, odd below */
	expect_bits(F_F32, 0.1, 0x3dcccccd);
	expect_bits(F_F32, -0.0, 0x80000000);
	expect_bits(F_F64, 1.0, UINT64_C(0x3ff0000000000000));
	for (uint64_t b = 0; b < 0x7c00; b += 7) {
		expect_bits(F_F16, float_from_bits(F_F16, b), b);
		expect_bits(F_BF16, float_from_bits(F_BF16, b), b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_and_names),  cmocka_unit_test(numbers),      cmocka_unit_test(dialect_names),
		cmocka_unit_test(spans_and_values), cmocka_unit_test(type_memo),    cmocka_unit_test(integers),
		cmocka_unit_test(floats),           cmocka_unit_test(bit_patterns),
	};

	return cmocka_run_group_tests_name("lexer", tests, NULL, NULL) != 0;
}
