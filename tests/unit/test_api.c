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

	struct ptoc_options o;
	ptoc_options_init(&o);
	o.cost_model = "{}";
	o.cost_model_bytes = ((size_t)1 << 30) + 1;
	assert_false(ptoc_compile(text, sizeof text - 1, &o, &r));
	assert_non_null(strstr(r.diagnostics, "cost model is larger than 1 GiB [input-limit]"));
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

struct seen {
	unsigned n[4];
	char last[200];
};

static void
note_down(void *user, const struct ptoc_diagnostic *d)
{
	struct seen *s = user;

	s->n[d->severity]++;
	snprintf(s->last, sizeof s->last, "%s:%u:%u-%u %s %s", d->file, d->line, d->column, d->end_column, d->id,
		 d->producer_file ? d->producer_file : "nobody");
}

static void
messages_are_delivered(void **state)
{
	static const char wrong[] = "module {\n  func.func @f() {\n"
				    "    pto.tfrob loc(\"k.py\":7:8)\n    return\n  }\n}\n";
	struct seen s = {{0}, ""};
	struct ptoc_options o;
	struct ptoc_result r;

	(void)state;
	ptoc_options_init(&o);
	o.name = "w.pto";
	o.on_diagnostic = note_down;
	o.user = &s;
	assert_false(ptoc_compile(wrong, sizeof wrong - 1, &o, &r));
	assert_int_equal(s.n[PTOC_ERROR], r.errors);
	assert_int_equal(s.n[PTOC_HINT], 1);
	assert_string_equal(s.last, "w.pto:0:0-0 unknown-op nobody");
	ptoc_result_free(&r);
	o.diagnostics = PTOC_DIAG_JSON;
	assert_false(ptoc_compile(wrong, sizeof wrong - 1, &o, &r));
	assert_non_null(strstr(r.diagnostics, "\"producer\": {\"file\": \"k.py\", \"line\": 7, \"column\": 8}"));
	ptoc_result_free(&r);
	o.warnings = "no-such-warning";
	assert_false(ptoc_compile(text, sizeof text - 1, &o, &r));
	assert_non_null(strstr(r.diagnostics, "unknown warning 'such-warning'"));
	ptoc_result_free(&r);
}

static void
older_and_newer_callers_get_what_they_know(void **state)
{
	struct { struct ptoc_options o; unsigned char beyond[16]; } s;

	(void)state;
	memset(&s, 0x55, sizeof s);
	ptoc_options_init_size(&s.o, offsetof(struct ptoc_options, sync));
	assert_int_equal(s.o.size, offsetof(struct ptoc_options, sync));
	assert_int_equal((int)s.o.sync, 0x55555555);
	memset(&s, 0x55, sizeof s);
	ptoc_options_init_size(&s.o, sizeof s);
	assert_int_equal(s.beyond[0] | s.beyond[15], 0);
}

enum { THREADS = 4, ROUNDS = 50 };

/* Every other thread compiles something else. */
static const char *const kernel[2] = {
	text,
	"module {\n  func.func @loop(%a: index) -> index {\n    %c0 = arith.constant 0 : index\n"
	"    %c1 = arith.constant 1 : index\n"
	"    %r = scf.for %i = %c0 to %a step %c1 iter_args(%s = %c0) -> (index) {\n"
	"      %n = arith.addi %s, %i : index\n      scf.yield %n : index\n    }\n    return %r : index\n  }\n}\n",
};

struct turn {
	struct ptoc_result first;
	const char *text;
};

static void *
compile_often(void *arg)
{
	struct turn *t = arg;
	size_t n = strlen(t->text);

	ptoc_compile(t->text, n, NULL, &t->first);
	for (int i = 0; i < ROUNDS; i++) {
		struct ptoc_result r;
		ptoc_compile(broken, sizeof broken - 1, NULL, &r);
		ptoc_result_free(&r);
		ptoc_compile(t->text, n, NULL, &r);
		if (!r.ok || strcmp(r.text, t->first.text) != 0)
			t->first.errors++;
		ptoc_result_free(&r);
	}
	return NULL;
}

static void
threads_do_not_meet(void **state)
{
	pthread_t t[THREADS];
	struct turn turn[THREADS];

	(void)state;
	for (int i = 0; i < THREADS; i++) {
		turn[i].text = kernel[i % 2];
		assert_int_equal(pthread_create(&t[i], NULL, compile_often, &turn[i]), 0);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(t[i], NULL);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(turn[i].first.errors, 0);
		assert_string_equal(turn[i].first.text, turn[i % 2].first.text);
	}
	assert_string_not_equal(turn[0].first.text, turn[1].first.text);
	for (int i = 0; i < THREADS; i++)
		ptoc_result_free(&turn[i].first);
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
		cmocka_unit_test(messages_are_delivered),
		cmocka_unit_test(older_and_newer_callers_get_what_they_know),
		cmocka_unit_test(threads_do_not_meet),
	};

	return cmocka_run_group_tests_name("api", tests, NULL, NULL) != 0;
}
