/*
 * test_check_pto: the checker with the real access model on .pto text with hand-written synchronisation. Each kernel is
 * proved as it stands; every single deletion of a sync op is rejected, some with a known finding.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include "check/check.h"
#include "front/front.h"
#include "verify/verify.h"

#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SET(p, q, id) "pto.set_flag[<PIPE_" p ">, <PIPE_" q ">, <EVENT_ID" id ">]\n"
#define WAIT(p, q, id) "pto.wait_flag[<PIPE_" p ">, <PIPE_" q ">, <EVENT_ID" id ">]\n"
#define PAIR(p, q, id) SET(p, q, id) WAIT(p, q, id)
#define BARRIER(p) "pto.barrier #pto.pipe<PIPE_" p ">\n"
#define DSB "\"ptoc.dsb\"() : () -> ()\n"
#define TAIL "\"ptoc.tail\"() : () -> ()\n"
#define DCCI "\"ptoc.dcci\"() {operandSegmentSizes = array<i32: 0, 0>} : () -> ()\n"
#define DCCI_LINE(p, i) \
	"\"ptoc.dcci\"(" p ", " i ") {operandSegmentSizes = array<i32: 1, 1>} : (!pto.ptr<f32>, index) -> ()\n"
#define ROW(name, view, row) \
	name " = pto.partition_view " view ", offsets = [" row ", %c0], sizes = [%c4, %c64] : !tensor -> !block\n"
#define LOAD(from, to) "pto.tload ins(" from " : !block) outs(" to " : !tile)\n"
#define STORE(from, to) "pto.tstore ins(" from " : !tile) outs(" to " : !block)\n"
#define NEG(from, to) "pto.tneg ins(" from " : !tile) outs(" to " : !tile)\n"
#define LOOP "scf.for %i = %c0 to %n step %c4 {\n"
#define SCALAR_LOAD(p, i) "%s = pto.load_scalar " p "[" i "] : !pto.ptr<f32> -> f32\n"
#define SCALAR_STORE(p, i) "pto.store_scalar %v, " p "[" i "] : !pto.ptr<f32>, f32\n"

#define HEAD \
	"!tile = !pto.tile_buf<vec, 4x64xf32>\n" \
	"!tensor = !pto.tensor_view<?x?xf32>\n" \
	"!block = !pto.partition_tensor_view<4x64xf32>\n" \
	"module attributes {pto.target_arch = \"a3\"} {\n" \
	"func.func @k(%a: !pto.ptr<f32>, %b: !pto.ptr<f32>, %n: index, %p: i1)\n" \
	"    attributes {pto.kernel_kind = #pto.kernel_kind<vector>} {\n" \
	"%c0 = arith.constant 0 : index\n" \
	"%c1 = arith.constant 1 : index\n" \
	"%c4 = arith.constant 4 : index\n" \
	"%c8 = arith.constant 8 : index\n" \
	"%c64 = arith.constant 64 : index\n" \
	"%v = arith.constant 1.0 : f32\n" \
	"%x_at = arith.constant 0 : i64\n" \
	"%y_at = arith.constant 1024 : i64\n" \
	"%z_at = arith.constant 1536 : i64\n" \
	"%av = pto.make_tensor_view %a, shape = [%n, %c64], strides = [%c64, %c1] " \
	"{layout = #pto.layout<nd>} : !tensor\n" \
	"%bv = pto.make_tensor_view %b, shape = [%n, %c64], strides = [%c64, %c1] " \
	"{layout = #pto.layout<nd>} : !tensor\n" \
	"%x = pto.alloc_tile addr = %x_at : !tile\n" \
	"%y = pto.alloc_tile addr = %y_at : !tile\n" \
	"%z = pto.alloc_tile addr = %z_at : !tile\n" \
	ROW("%a0", "%av", "%c0") ROW("%a8", "%av", "%c8") ROW("%b0", "%bv", "%c0") ROW("%b8", "%bv", "%c8")

static const char *const right[] = {
	LOAD("%a0", "%x") PAIR("MTE2", "V", "0") NEG("%x", "%y") PAIR("V", "MTE3", "0") STORE("%y", "%b0") TAIL,
	/* y and z share bytes: the barrier stands between two writes of one pipe */
	LOAD("%a0", "%x") PAIR("MTE2", "V", "0") NEG("%x", "%y") BARRIER("V") NEG("%x", "%z") PAIR("V", "MTE3", "0")
	STORE("%z", "%b0") TAIL,
	/* disjoint rows of one tensor need nothing, the same row a fence */
	LOAD("%a0", "%x") PAIR("MTE2", "MTE3", "0") STORE("%x", "%b0") LOAD("%b8", "%y") TAIL,
	LOAD("%a0", "%x") PAIR("MTE2", "MTE3", "0") STORE("%x", "%b0") PAIR("MTE3", "S", "0") DSB
	LOAD("%b0", "%y") TAIL,
	/* one row per iteration, then one row is read again */
	SET("V", "MTE2", "0") SET("MTE3", "V", "0") LOOP ROW("%ai", "%av", "%i") ROW("%bi", "%bv", "%i")
	WAIT("V", "MTE2", "0") LOAD("%ai", "%x") PAIR("MTE2", "V", "0") WAIT("MTE3", "V", "0") NEG("%x", "%y")
	SET("V", "MTE2", "0") PAIR("V", "MTE3", "0") STORE("%y", "%bi") SET("MTE3", "V", "0") "}\n"
	WAIT("V", "MTE2", "0") WAIT("MTE3", "V", "0") PAIR("MTE3", "S", "0") DSB LOAD("%b8", "%x") TAIL,
	/* state in GM, updated in place; the drain on S is as good as a tail */
	SET("MTE3", "S", "0") LOOP WAIT("MTE3", "S", "0") DSB LOAD("%b0", "%x") PAIR("MTE2", "V", "0") NEG("%x", "%y")
	PAIR("V", "MTE3", "0") STORE("%y", "%b0") SET("MTE3", "S", "0") "}\n" WAIT("MTE3", "S", "0"),
	/* scalar stores and the cache; MTE3 before a scalar load */
	SCALAR_STORE("%a", "%c1") DCCI DSB PAIR("S", "MTE2", "0") LOAD("%a0", "%x") TAIL,
	SCALAR_STORE("%a", "%c1") DCCI_LINE("%a", "%c1") DSB PAIR("S", "MTE2", "0") LOAD("%a0", "%x") TAIL,
	SCALAR_STORE("%b", "%c0") DCCI DSB,
	LOAD("%a0", "%x") PAIR("MTE2", "MTE3", "0") STORE("%x", "%b0") PAIR("MTE3", "S", "0") DSB DCCI
	SCALAR_LOAD("%b", "%c8"),
	LOAD("%a0", "%x") PAIR("MTE2", "MTE3", "0") STORE("%x", "%b0") PAIR("MTE3", "S", "0") DSB DCCI_LINE("%b", "%c8")
	SCALAR_LOAD("%b", "%c8"),
	/* one arm works, both take part in the flags */
	LOAD("%a0", "%x") SET("MTE2", "V", "0") "scf.if %p {\n" WAIT("MTE2", "V", "0") NEG("%x", "%y")
	PAIR("V", "MTE3", "0") STORE("%y", "%b0") "} else {\n" WAIT("MTE2", "V", "0") "}\n" TAIL,
	/* a fence of the source language */
	LOAD("%a0", "%x") PAIR("MTE2", "MTE3", "0") STORE("%x", "%b0") "pto.fence.barrier_all #pto.fence_scope<gm>\n"
	LOAD("%b0", "%y") TAIL,
};

struct text {
	struct arena a;
	struct source src;
	struct diags diags;
	struct ir ir;
	struct access *ac;
	struct op func;
};

static void
text_parse(struct text *t, const char *all)
{
	arena_init(&t->a, NULL);
	source_init(&t->src, &t->a, "test", all, (uint32_t)strlen(all));
	diags_init(&t->diags, &t->a, &t->src);
	ir_init(&t->ir, &t->a, &t->diags);
	if (!front_parse(&t->ir) || !verify_module(&t->ir, &(struct verify_opt){3})) {
		struct out o;
		out_init(&o, &t->a);
		diags_render(&t->diags, &o, (struct diag_style){0});
		print_message("%s", o.p);
		assert_true(false);
	}
	ir_renumber(&t->ir, t->ir.module);
	t->ac = access_build(&t->a, &t->ir, (struct access_opt){0});
	t->func = ir_blk(&t->ir, op_body(&t->ir, t->ir.module, 0))->first;
}

static void
text_init(struct text *t, const char *body)
{
	char all[8192];

	snprintf(all, sizeof all, "%s%sreturn\n}\n}\n", HEAD, body);
	text_parse(t, all);
}

static enum verdict
check(struct text *t, struct check_result *res)
{
	static const struct check_opt strict = {.same_pipe = {true, false, true}, .visibility = true,
						.need_tail = true};

	memset(res, 0, sizeof *res);
	check_section(&t->a, &t->ir, t->ac, t->func, CORE_VECTOR, &strict, res);
	return res->verdict;
}

static void
show(struct text *t, const struct check_result *res)
{
	for (uint32_t i = 0; i < res->finding.n; i++) {
		struct out o;
		out_init(&o, &t->a);
		finding_print(&t->ir, t->ac, &res->finding.at[i], &o);
		print_message("    %s\n", o.p);
	}
}

/* The k-th sync op of a block and what it holds; 0 when there are fewer. */
static struct op
sync_nth(const struct ir *ir, struct blk b, uint32_t *k)
{
	for (struct op o = ir_blk(ir, b)->first; o.i; o = ir_op(ir, o)->next) {
		if ((op_row(ir, o)->flags & OPF_SYNC) && (*k)-- == 0)
			return o;
		for (uint32_t r = 0; r < ir_op(ir, o)->nreg; r++) {
			struct blk c = op_body(ir, o, r);
			struct op found = c.i ? sync_nth(ir, c, k) : (struct op){0};
			if (found.i)
				return found;
		}
	}
	return (struct op){0};
}

static void
right_is_proved(void **state)
{
	struct check_result res;
	struct text t;

	(void)state;
	for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
		text_init(&t, right[i]);
		if (check(&t, &res) != CHECK_PROVED) {
			print_message("%s", right[i]);
			show(&t, &res);
			assert_true(false);
		}
		arena_free(&t.a);
	}
}

static void
deletion_is_rejected(void **state)
{
	struct check_result res;
	struct text t;

	(void)state;
	for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
		text_init(&t, right[i]);
		for (uint32_t n = 0;; n++) {
			uint32_t k = n;
			struct op o = sync_nth(&t.ir, op_body(&t.ir, t.func, 0), &k);
			if (!o.i)
				break;
			struct op next = ir_op(&t.ir, o)->next;
			ir_unlink(&t.ir, o);
			if (check(&t, &res) == CHECK_PROVED) {
				print_message("%swithout sync op %u (%s)\n", right[i], n, op_row(&t.ir, o)->name);
				assert_true(false);
			}
			ir_insert_before(&t.ir, next, o);
		}
		arena_free(&t.a);
	}
}

/* What exactly is said. */
static const struct {
	const char *body;
	enum finding_kind kind;
	enum verdict verdict;
	const char *text;
} said[] = {
	{LOAD("%a0", "%x") NEG("%x", "%y") TAIL, CK_ORDER, CHECK_VIOLATED,
	 "'pto.tneg' (PIPE_V, vec[0, 1024)) may start before the end of 'pto.tload' (PIPE_MTE2, vec[0, 1024))"},
	{LOAD("%a0", "%x") PAIR("MTE2", "MTE3", "0") STORE("%x", "%b0") PAIR("MTE3", "MTE2", "0")
	 LOAD("%b0", "%y") TAIL, CK_VISIBLE, CHECK_VIOLATED, NULL},
	{SET("V", "MTE2", "5") TAIL, CK_LEFT_SET, CHECK_VIOLATED,
	 "flag PIPE_V->PIPE_MTE2 EVENT_ID5 is not consumed on every way"},
	{LOAD("%a0", "%x") PAIR("MTE2", "V", "0") LOAD("%a8", "%y") PAIR("MTE2", "V", "0") TAIL,
	 CK_DOUBLE_SET, CHECK_VIOLATED,
	 "flag PIPE_MTE2->PIPE_V EVENT_ID0 may be set again before the previous set is consumed"},
	/* behind a hundred trips, in the fourth of four, for what is loaded below zero */
	{"%n100 = arith.constant 100 : index\nscf.for %q = %c0 to %n100 step %c1 {\n" BARRIER("V") "}\n"
	 SET("V", "MTE2", "0") SET("V", "MTE2", "0") WAIT("V", "MTE2", "0") TAIL, CK_DOUBLE_SET, CHECK_VIOLATED, NULL},
	{"%n256 = arith.constant 256 : index\n%k192 = arith.constant 192 : i32\n"
	 "scf.for %q = %c0 to %n256 step %c64 {\n%l = arith.index_cast %q : index to i64\n"
	 "%w = arith.trunci %l : i64 to i32\n%is = arith.cmpi eq, %w, %k192 : i32\n" PAIR("V", "MTE2", "0")
	 "scf.if %is {\n" PAIR("V", "MTE2", "0") "}\n" PAIR("MTE2", "V", "0") "}\n" TAIL,
	 CK_DOUBLE_SET, CHECK_VIOLATED, NULL},
	{"%t_at = arith.constant 8192 : i64\n"
	 "%t = pto.alloc_tile addr = %t_at : !pto.tile_buf<vec, 8x8xi32>\n"
	 "%g = pto.tgetval ins(%t, %c0 : !pto.tile_buf<vec, 8x8xi32>, index) outs : i32\n"
	 "%l = arith.index_cast %g : i32 to index\n%is = arith.cmpi slt, %l, %c0 : index\n" PAIR("V", "MTE2", "0")
	 "scf.if %is {\n" PAIR("V", "MTE2", "0") "}\n" TAIL, CK_DOUBLE_SET, CHECK_VIOLATED, NULL},
	{LOAD("%a0", "%x"), CK_TAIL, CHECK_VIOLATED,
	 "'pto.tload' (PIPE_MTE2) may not be complete when the function returns"},
	{SCALAR_STORE("%a", "%c0") DSB, CK_TAIL, CHECK_VIOLATED,
	 "'pto.store_scalar' (PIPE_S) may not be written back when the function returns"},
};

static void
findings_say_what_is_wrong(void **state)
{
	struct check_result res;
	struct text t;
	struct out o;

	(void)state;
	for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
		text_init(&t, said[i].body);
		assert_int_equal(check(&t, &res), said[i].verdict);
		assert_int_equal(res.finding.n, 1);
		assert_int_equal(res.finding.at[0].kind, said[i].kind);
		out_init(&o, &t.a);
		finding_print(&t.ir, t.ac, &res.finding.at[0], &o);
		if (said[i].text)
			assert_string_equal(o.p, said[i].text);
		arena_free(&t.a);
	}
}

/* ---- two cores ---- */

#define MIXED(vector, cube, outside) \
	"!tile = !pto.tile_buf<vec, 4x64xf32>\n" \
	"!mat = !pto.tile_buf<loc=mat, dtype=f16, rows=16, cols=16, v_row=16, v_col=16, blayout=col_major, " \
	"slayout=row_major, fractal=512, pad=0>\n" \
	"!left = !pto.tile_buf<loc=left, dtype=f16, rows=16, cols=16, v_row=16, v_col=16, blayout=row_major, " \
	"slayout=row_major, fractal=512, pad=0>\n" \
	"module attributes {pto.target_arch = \"a3\"} {\n" \
	"func.func @k() {\n" \
	"%at = arith.constant 0 : i64\n" \
	"%x = pto.alloc_tile addr = %at : !tile\n" \
	"%m = pto.alloc_tile addr = %at : !mat\n" \
	"%l = pto.alloc_tile addr = %at : !left\n" outside \
	"pto.section.vector {\n" NEG("%x", "%x") vector NEG("%x", "%x") "}\n" \
	"pto.section.cube {\n" TMOV cube TMOV "}\n" TAIL "return\n}\n}\n"
#define TMOV "pto.tmov ins(%m : !mat) outs(%l : !left)\n"

/* A program sees the synchronisation of its own core only; what stands outside the sections runs on both. */
static void
sections_are_apart(void **state)
{
	static const struct {
		const char *text;
		bool vector, cube;
	} row[] = {
		{MIXED(BARRIER("V"), BARRIER("MTE1"), ""), true, true},
		{MIXED(BARRIER("V"), "", ""), true, false},
		{MIXED("", BARRIER("MTE1"), ""), false, true},
		{MIXED(BARRIER("V") SET("MTE2", "MTE3", "0"), BARRIER("MTE1") WAIT("MTE2", "MTE3", "0"), ""),
		 false, false},
		{MIXED(BARRIER("V"), BARRIER("MTE1"), PAIR("MTE2", "MTE3", "0")), true, true},
		{MIXED(BARRIER("V"), BARRIER("MTE1"), PAIR("MTE2", "V", "0")), true, false},
	};
	static const struct check_opt strict = {.same_pipe = {true, false, true}, .visibility = true,
						.need_tail = true};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct text t;
		struct check_result v = {0}, c = {0};
		text_parse(&t, row[i].text);
		check_section(&t.a, &t.ir, t.ac, t.func, CORE_VECTOR, &strict, &v);
		check_section(&t.a, &t.ir, t.ac, t.func, CORE_CUBE, &strict, &c);
		if ((v.verdict == CHECK_PROVED) != row[i].vector || (c.verdict == CHECK_PROVED) != row[i].cube) {
			print_message("%s", row[i].text);
			show(&t, &v);
			show(&t, &c);
			assert_true(false);
		}
		arena_free(&t.a);
	}
}

/*
 * Row expansions. Tiles `_b` start 32 bytes behind their namesakes: their valid columns lie in the other's columns that
 * are not valid. Each op stands beside a load into some tile with nothing between: right when they share no byte.
 */
#define HALF "vec, 8x16xf32, valid=8x8"
#define TALL "vec, 264x16xf32, valid=257x8"
#define COLUMN "vec, 16x1xf32, valid=8x1, blayout=col_major"
#define BYTES "vec, 8x64xi8, valid=8x31"
#define ALLOC(name, at, type) \
	"%" name "_at = arith.constant " at " : i64\n" \
	"%" name " = pto.alloc_tile addr = %" name "_at : !pto.tile_buf<" type ">\n"
#define T(type) "!pto.tile_buf<" type ">"
#define BINARY(op, col, coltype, type, precision) \
	"pto.trowexpand" op " ins(%m, %" col " : " T(type) ", " T(coltype) ") outs(%d : " T(type) ")" precision "\n"
#define COLUMN_FIRST(op) \
	"pto.trowexpand" op " ins(%c, %m : " T(COLUMN) ", " T(HALF) ") outs(%d : " T(HALF) ")\n"

static void
row_expansions_stop_at_the_valid_area(void **state)
{
	static const char tiles[] = ALLOC("m", "0", HALF) ALLOC("m_b", "32", HALF) ALLOC("d", "1024", HALF)
		ALLOC("d_b", "1056", HALF) ALLOC("c", "2048", COLUMN) ALLOC("c_b", "2080", HALF)
		ALLOC("blocks", "4096", HALF);
	static const char tall[] = ALLOC("m", "0", TALL) ALLOC("m_b", "32", HALF) ALLOC("d", "32768", TALL)
		ALLOC("d_b", "32800", HALF) ALLOC("c", "131072", "vec, 264x1xf32, valid=257x1, blayout=col_major");
	static const char bytes[] = ALLOC("m", "0", BYTES) ALLOC("d", "1024", BYTES) ALLOC("d_b", "1056", HALF);
	static const char *const ops[] = {"add", "sub", "mul", "div", "max", "min", "expdif"};
	/* '@' stands for the op's name; right where the load needs no order. */
	static const struct {
		const char *tiles, *op, *load;
		bool right;
	} row[] = {
		{tiles, BINARY("@", "c", COLUMN, HALF, ""), "m_b", true},
		{tiles, BINARY("@", "c", COLUMN, HALF, ""), "d_b", true},
		{tiles, BINARY("@", "c", COLUMN, HALF, ""), "blocks", true},
		{tiles, BINARY("@", "c", COLUMN, HALF, ""), "c_b", false},
		{tiles, BINARY("@", "c", COLUMN, HALF, ""), "m", false},
		{tiles, BINARY("@", "c", COLUMN, HALF, ""), "d", false},
		{tiles, COLUMN_FIRST("@"), "m_b", true},
		{tiles, COLUMN_FIRST("@"), "c_b", false},
		{tiles, BINARY("@", "blocks", HALF, HALF, ""), "m_b", false},
		{tiles, BINARY("@", "blocks", HALF, HALF, ""), "d_b", true},
		{tall, BINARY("@", "c", "vec, 264x1xf32, valid=257x1, blayout=col_major", TALL, ""), "m_b", false},
		{tall, BINARY("@", "c", "vec, 264x1xf32, valid=257x1, blayout=col_major", TALL, ""), "d_b", false},
		{tiles, "pto.trowexpand ins(%m : " T(HALF) ") outs(%d : " T(HALF) ")\n", "m_b", true},
		{tiles, "pto.trowexpand ins(%m : " T(HALF) ") outs(%d : " T(HALF) ")\n", "d_b", true},
		{tiles, "pto.trowexpand ins(%m : " T(HALF) ") outs(%d : " T(HALF) ")\n", "m", false},
		{bytes, "pto.trowexpand ins(%m : " T(BYTES) ") outs(%d : " T(BYTES) ")\n", "d_b", false},
	};
	static const struct check_opt strict = {.same_pipe = {true, false, true}, .visibility = true};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		for (size_t k = 0; k < sizeof ops / sizeof ops[0]; k++) {
			const char *at = strchr(row[i].op, '@');
			char text[8192];
			struct text t;
			struct check_result r = {0};
			int head = at ? (int)(at - row[i].op) : (int)strlen(row[i].op);
			snprintf(text, sizeof text, "%s%s%.*s%s%s%s%s%s", HEAD, row[i].tiles, head, row[i].op,
				 at ? ops[k] : "", at ? at + 1 : "",
				 "%part = pto.partition_view %av, offsets = [%c0, %c0], sizes = [%c8, %c8] : "
				 "!tensor -> !pto.partition_tensor_view<8x8xf32>\npto.tload ins(%part : "
				 "!pto.partition_tensor_view<8x8xf32>) outs(%",
				 row[i].load, " : " T(HALF) ")\nreturn\n}\n}\n");
			text_parse(&t, text);
			check_section(&t.a, &t.ir, t.ac, t.func, CORE_VECTOR, &strict, &r);
			if ((r.verdict == CHECK_PROVED) != row[i].right) {
				print_message("%s", text);
				show(&t, &r);
				assert_true(false);
			}
			arena_free(&t.a);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(right_is_proved),
		cmocka_unit_test(deletion_is_rejected),
		cmocka_unit_test(findings_say_what_is_wrong),
		cmocka_unit_test(sections_are_apart),
		cmocka_unit_test(row_expansions_stop_at_the_valid_area),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
