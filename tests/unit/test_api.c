/* test_api: the library's interface: defaults, older callers, limits, independent compiles in threads. */
#include "ptoc/ptoc.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char text[] = "module {\n"
			   "  func.func @add(%a: i32, %b: i32) -> i32 {\n"
			   "    %c = arith.addi %a, %b : i32\n"
			   "    return %c : i32\n"
			   "  }\n"
			   "}\n";
static const char broken[] = "module {\n  func.func @add(%a: i32) -> i32 {\n    pto.tfrob\n  }\n}\n";

static void
defaults(void **state)
{
	struct ptoc_options o;

	(void)state;
	ptoc_options_init(&o);
	assert_int_equal(o.size, sizeof o);
	assert_int_equal(o.sync, PTOC_SYNC_AUTO);
	assert_int_equal(o.emit, PTOC_EMIT_CXX);
	assert_int_equal(o.check, 1);
	assert_int_equal(o.level, 0);
	assert_string_equal(o.name, "<stdin>");
	assert_non_null(strchr(ptoc_version(), '.'));
}

static void
compiles_and_frees(void **state)
{
	struct ptoc_result r;

	(void)state;
	assert_true(ptoc_compile(text, sizeof text - 1, NULL, &r));
	assert_true(r.ok);
	assert_int_equal(strlen(r.text), r.text_bytes);
	assert_int_equal(r.errors, 0);
	assert_int_equal(r.verdict, PTOC_PROVED);
	assert_string_equal(r.diagnostics, "");
	ptoc_result_free(&r);
	assert_null(r.text);
	ptoc_result_free(&r);
}

static void
failure_has_diagnostics_and_no_text(void **state)
{
	struct ptoc_result r;

	(void)state;
	assert_false(ptoc_compile(broken, sizeof broken - 1, NULL, &r));
	assert_null(r.text);
	assert_int_equal(r.errors, 1);
	assert_int_equal(r.verdict, PTOC_NOT_CHECKED);
	assert_non_null(strstr(r.diagnostics, "<stdin>:3:5: error: "));
	assert_non_null(strstr(r.diagnostics, "[unknown-op]"));
	ptoc_result_free(&r);
}

/* A caller built against a header that ended behind `name`: everything else keeps its default. */
static void
older_caller(void **state)
{
	struct ptoc_options o;
	struct ptoc_result r;

	(void)state;
	memset(&o, 0xff, sizeof o);
	o.name = "old.pto";
	o.size = (unsigned)(offsetof(struct ptoc_options, name) + sizeof o.name);
	assert_false(ptoc_compile(broken, sizeof broken - 1, &o, &r));
	assert_non_null(strstr(r.diagnostics, "old.pto:3:5: error: "));
	ptoc_result_free(&r);
}

static void
too_large(void **state)
{
	struct ptoc_result r;

	(void)state;
	/* the text is not touched, so a size that is not there is fine */
	assert_false(ptoc_compile(text, ((size_t)1 << 30) + 1, NULL, &r));
	assert_non_null(strstr(r.diagnostics, "[input-limit]"));
	ptoc_result_free(&r);
}

static void
text_need_not_end(void **state)
{
	struct ptoc_result r;
	char *exact = malloc(sizeof text - 1);

	(void)state;
	assert_non_null(exact);
	memcpy(exact, text, sizeof text - 1);
	assert_true(ptoc_compile(exact, sizeof text - 1, NULL, &r));
	free(exact);
	assert_true(r.text_bytes > 0);
	ptoc_result_free(&r);
}

enum { THREADS = 4, ROUNDS = 50 };

static void *
compile_often(void *arg)
{
	struct ptoc_result *first = arg;

	ptoc_compile(text, sizeof text - 1, NULL, first);
	for (int i = 0; i < ROUNDS; i++) {
		struct ptoc_result r;
		ptoc_compile(broken, sizeof broken - 1, NULL, &r);
		ptoc_result_free(&r);
		ptoc_compile(text, sizeof text - 1, NULL, &r);
		if (!r.ok || strcmp(r.text, first->text) != 0)
			first->errors++;
		ptoc_result_free(&r);
	}
	return NULL;
}

static void
threads_do_not_meet(void **state)
{
	pthread_t t[THREADS];
	struct ptoc_result first[THREADS];

	(void)state;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&t[i], NULL, compile_often, &first[i]), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(t[i], NULL);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(first[i].errors, 0);
		assert_string_equal(first[i].text, first[0].text);
	}
	for (int i = 0; i < THREADS; i++)
		ptoc_result_free(&first[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(compiles_and_frees),
		cmocka_unit_test(failure_has_diagnostics_and_no_text),
		cmocka_unit_test(older_caller),
		cmocka_unit_test(too_large),
		cmocka_unit_test(text_need_not_end),
		cmocka_unit_test(threads_do_not_meet),
	};

	return cmocka_run_group_tests_name("api", tests, NULL, NULL) != 0;
}
