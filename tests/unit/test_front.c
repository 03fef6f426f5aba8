/*
 * test_front: text to IR and back. print(parse(x)) must be a fixed point after one step, on hand-written inputs that
 * use every production (tests/unit/front) and on the shared corpus when it is there; some facts about the IR built;
 * limits.
 *
 *   test_front SOURCE_ROOT
 */
#include "front/front.h"
#include "ir/print.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char *source_root;

struct parsed {
	struct arena a;
	struct source src;
	struct diags diags;
	struct ir ir;
	bool ok;
};

static void
parse(struct parsed *p, const char *text, size_t n)
{
	arena_init(&p->a, NULL);
	source_init(&p->src, &p->a, "t.pto", text, (uint32_t)n);
	diags_init(&p->diags, &p->a, &p->src);
	ir_init(&p->ir, &p->a, &p->diags);
	p->ok = front_parse(&p->ir);
	assert_int_equal(p->ok, p->diags.nerror == 0);
}

static void
parse_ok(struct parsed *p, const char *text)
{
	parse(p, text, strlen(text));
	if (!p->ok)
		print_message("%s\n", p->diags.all.at[0].text);
	assert_true(p->ok);
}

/* ---- round trip ---- */

static char *
read_file(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	size_t cap = 1 << 16;
	char *p = malloc(cap);

	*n = 0;
	assert_non_null(f);
	assert_non_null(p);
	for (size_t k; (k = fread(p + *n, 1, cap - *n, f)) > 0;) {
		*n += k;
		if (*n == cap) {
			cap *= 2;
			p = realloc(p, cap);
			assert_non_null(p);
		}
	}
	fclose(f);
	return p;
}

/* False when the text does not parse. */
static bool
round_trip(const char *name, const char *text, size_t n)
{
	struct parsed a, b;
	struct out x, y;

	parse(&a, text, n);
	if (!a.ok) {
		arena_free(&a.a);
		return false;
	}
	out_init(&x, &a.a);
	print_module(&a.ir, &x);
	parse(&b, x.p, x.n);
	if (!b.ok)
		print_error("%s: printed text does not parse: %s\n%s\n", name, b.diags.all.at[0].text, x.p);
	assert_true(b.ok);
	out_init(&y, &b.a);
	print_module(&b.ir, &y);
	if (x.n != y.n || memcmp(x.p, y.p, x.n) != 0)
		print_error("%s: not a fixed point\n", name);
	assert_int_equal(x.n, y.n);
	assert_memory_equal(x.p, y.p, x.n);
	arena_free(&b.a);
	arena_free(&a.a);
	return true;
}

struct counts {
	uint32_t parsed, refused;
};

static void
round_trip_folder(const char *root, const char *folder, struct counts *c)
{
	char path[4096];
	struct dirent *e;

	snprintf(path, sizeof path, "%s/%s", root, folder);
	DIR *d = opendir(path);
	if (!d)
		return;
	while ((e = readdir(d))) {
		size_t n, len = strlen(e->d_name);
		if (len < 5 || strcmp(e->d_name + len - 4, ".pto") != 0)
			continue;
		snprintf(path, sizeof path, "%s/%s/%s", root, folder, e->d_name);
		char *text = read_file(path, &n);
		bool ok = round_trip(path, text, n);
		c->parsed += ok;
		c->refused += !ok;
		free(text);
	}
	closedir(d);
}

static void
every_form(void **state)
{
	struct counts c = {0, 0};

	(void)state;
	round_trip_folder(source_root, "tests/unit/front", &c);
	assert_true(c.parsed >= 2);
	assert_int_equal(c.refused, 0);
}

static void
corpus(void **state)
{
	static const char *const folder[] = {"corpus/pypto", "spec/repro", "corpus/lit"};
	const char *shared = getenv("PTOC_SHARED");
	char path[4096];
	struct counts c = {0, 0};

	(void)state;
	snprintf(path, sizeof path, "%s", shared ? shared : source_root);
	if (!shared)
		snprintf(path, sizeof path, "%s/../shared", source_root);
	for (uint32_t i = 0; i < 3; i++)
		round_trip_folder(path, folder[i], &c);
	if (c.parsed == 0)
		return;	/* not in this tree; a skipped test of a group counts as failed */
	print_message("# corpus: %u files parsed, %u refused\n", c.parsed, c.refused);
	assert_true(c.parsed >= 280);
}

/* ---- the IR ---- */

static struct op
first_op(const struct ir *ir)
{
	struct op f = ir_blk(ir, op_body(ir, ir->module, 0))->first;

	return ir_blk(ir, op_body(ir, f, 0))->first;
}

static void
implicit_module(void **state)
{
	struct parsed p;

	(void)state;
	parse_ok(&p, "");
	assert_int_equal(op_id(&p.ir, p.ir.module), OP_MODULE);
	arena_free(&p.a);
	parse_ok(&p, "module @a {}");
	assert_string_equal(sym_str(&p.ir.in, func_name(&p.ir, p.ir.module)), "a");
	arena_free(&p.a);
	parse_ok(&p, "module @a {} module @b {}");
	assert_int_equal(func_name(&p.ir, p.ir.module).i, 0);
	arena_free(&p.a);
}

static void
slots(void **state)
{
	struct parsed p;

	(void)state;
	parse_ok(&p, "!t = !pto.tile_buf<vec, 8x8xf32>\n"
		     "func.func @f(%t: !t, %k: f32, %i: i32) {\n"
		     "  pto.tgather ins(%t, %k, %t : !t, f32, !t) outs(%t, %t : !t, !t)\n"
		     "  pto.trowsum ins(%t : !t) outs(%t : !t)\n"
		     "  pto.tmrgsort ins(%t, %t, %t : !t, !t, !t) outs(%t : !t)\n"
		     "  return\n}\n");
	struct op o = first_op(&p.ir);
	for (uint32_t k = 0; k < 6; k++)
		assert_int_equal(op_slot(&p.ir, o, k).i != 0, k != 3);
	o = ir_op(&p.ir, o)->next;
	assert_true(op_slot(&p.ir, o, 0).i && !op_slot(&p.ir, o, 1).i && op_slot(&p.ir, o, 2).i);
	o = ir_op(&p.ir, o)->next;
	uint32_t n;
	op_group(&p.ir, o, 0, &n);
	assert_int_equal(n, 2);
	assert_true(!op_slot(&p.ir, o, 1).i && op_slot(&p.ir, o, 2).i && op_slot(&p.ir, o, 3).i);
	arena_free(&p.a);
}

/* Two spellings that normalise equal are the same type; left tiles are row_major on a2/a3. */
static void
tile_types(void **state)
{
	struct parsed p;

	(void)state;
	parse_ok(&p, "func.func private @f(!pto.tile_buf<loc=left, dtype=f16, rows=16, cols=32, v_row=16, v_col=-1, "
		     "blayout=col_major, slayout=row_major, fractal=512, pad=0>, !pto<tile_buf<\"left\", 16x32xf16, "
		     "slayout=row_major, valid=16x?>>)");
	struct op f = ir_blk(&p.ir, op_body(&p.ir, p.ir.module, 0))->first;
	const struct type_data *t = type_data(&p.ir.types, func_type(&p.ir, f));
	assert_int_equal(t->nin, 2);
	assert_int_equal(t->sub[0].i, t->sub[1].i);
	const struct tile_shape *s = &type_data(&p.ir.types, t->sub[0])->tile;
	assert_int_equal(s->blayout, BL_ROW_MAJOR);
	assert_true(s->rows == 16 && s->cols == 32 && s->vrow == 16 && s->vcol == DIM_DYN);
	arena_free(&p.a);
}

static void
forward_references(void **state)
{
	struct parsed p;

	(void)state;
	parse_ok(&p, "func.func @f(%a: i32) -> i32 {\n  cf.br ^d\n^u:\n  return %v : i32\n^d:\n"
		     "  %v = arith.addi %a, %a : i32\n  cf.br ^u\n}\n");
	struct op f = ir_blk(&p.ir, op_body(&p.ir, p.ir.module, 0))->first;
	struct blk second = ir_blk(&p.ir, op_body(&p.ir, f, 0))->next;
	struct val v = op_opnd(&p.ir, ir_blk(&p.ir, second)->first, 0);
	assert_int_equal(op_id(&p.ir, ir_val(&p.ir, v)->def), OP_ARITH_ADDI);
	arena_free(&p.a);
}

static void
locations(void **state)
{
	struct parsed p;

	(void)state;
	parse_ok(&p, "func.func @f(%a: i32) {\n  %x = arith.addi %a, %a : i32 loc(#l)\n  return\n}\n#l = "
		     "loc(\"k.py\":3:4)\n");
	const struct loc *l = &p.ir.loc.at[ir_op(&p.ir, first_op(&p.ir))->loc];
	assert_string_equal(sym_str(&p.ir.in, l->file), "k.py");
	assert_true(l->line == 3 && l->col == 4);
	arena_free(&p.a);
}

/* A name with bytes no source can hold, or taken in the same scope, is replaced by a number. */
static void
printed_names(void **state)
{
	struct parsed p;
	struct out o;

	(void)state;
	parse_ok(&p, "func.func @f(%a: i32) -> i32 {\n  %b = arith.addi %a, %a : i32\n  %0 = arith.addi %b, %a : i32\n"
		     "  return %0 : i32\n}\n");
	struct op x = first_op(&p.ir);
	ir_val(&p.ir, op_res(&p.ir, x, 0))->name = ir_val(&p.ir, op_opnd(&p.ir, x, 0))->name;
	out_init(&o, &p.a);
	print_op(&p.ir, x, &o);
	assert_string_equal(o.p, "%1 = arith.addi %a, %a : i32");
	arena_free(&p.a);
}

/* ---- limits ---- */

static char *
repeat(const char *head, const char *part, uint32_t n, const char *tail)
{
	size_t h = strlen(head), k = strlen(part), t = strlen(tail);
	char *s = malloc(h + k * n + t + 1);

	assert_non_null(s);
	memcpy(s, head, h);
	for (uint32_t i = 0; i < n; i++)
		memcpy(s + h + k * i, part, k);
	memcpy(s + h + k * n, tail, t + 1);
	return s;
}

static void
long_lists(void **state)
{
	static const char *const text[][3] = {
		{"module attributes {a = [0", ", 1", "]} {}"},
		{"func.func private @f(i32", ", f32", ")"},
		{"func.func @f() { return }", "\nmodule {}", ""},
	};

	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		struct parsed p;
		char *s = repeat(text[i][0], text[i][1], 60000, text[i][2]);
		parse_ok(&p, s);
		arena_free(&p.a);
		free(s);
	}
}

/* The counts of an op have 16 bits. */
static void
too_many(void **state)
{
	struct parsed p;
	char *s = repeat("func.func @f() {\n  call @g() : () -> (i32", ", i32", 65534, ")\n  return\n}\n");

	(void)state;
	parse(&p, s, strlen(s));
	assert_false(p.ok);
	assert_string_equal(p.diags.all.at[0].text, "more than 65534 results");
	arena_free(&p.a);
	free(s);
}

static void
nesting(void **state)
{
	(void)state;
	for (uint32_t depth = 199; depth <= 200; depth++) {
		struct parsed p;
		char *close = repeat("", "}\n", depth - 1, "return\n}\n");
		char *s = repeat("func.func @f(%c: i1) {\n", "scf.if %c {\n", depth - 1, close);
		parse_ok(&p, s);
		assert_true(round_trip("nesting", s, strlen(s)));
		arena_free(&p.a);
		free(s);
		free(close);
	}
}

/* Every prefix of a text is either accepted or refused with a message; nothing else happens. */
static void
truncated(void **state)
{
	char path[4096];
	size_t n;

	(void)state;
	snprintf(path, sizeof path, "%s/tests/unit/front/other.pto", source_root);
	char *text = read_file(path, &n);
	for (size_t k = 0; k < n; k += 7) {
		struct parsed p;
		parse(&p, text, k);
		arena_free(&p.a);
	}
	free(text);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form), cmocka_unit_test(corpus),        cmocka_unit_test(implicit_module),
		cmocka_unit_test(slots),      cmocka_unit_test(tile_types),    cmocka_unit_test(forward_references),
		cmocka_unit_test(locations),  cmocka_unit_test(printed_names), cmocka_unit_test(long_lists),
		cmocka_unit_test(too_many),
		cmocka_unit_test(nesting),    cmocka_unit_test(truncated),
	};

	source_root = argc > 1 ? argv[1] : ".";
	return cmocka_run_group_tests_name("front", tests, NULL, NULL) != 0;
}
