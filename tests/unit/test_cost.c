/*
 * test_cost: the table against the published model when it is there, models with errors, a kernel calculated by hand,
 * and the extrapolation of loops against running every iteration.
 */
#include "cost/cost.h"
#include "driver/file.h"
#include "driver/pipeline.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char *root;

struct text {
	struct arena a;
	struct source src;
	struct diags d;
};

static bool
read_model(struct text *t, struct cost_model *m, const char *json, size_t n)
{
	arena_init(&t->a, NULL);
	source_init(&t->src, &t->a, "m.json", json, (uint32_t)n);
	diags_init(&t->d, &t->a, &t->src);
	return cost_model_read(m, &t->d);
}

static void
table_is_the_published_model(void **state)
{
	char path[4096], *json;
	size_t n;
	struct text t;
	struct cost_model m;

	(void)state;
	snprintf(path, sizeof path, "%s/../shared/spec/cost-model.json", root);
	if (file_read(path, &json, &n))
		return;	/* not in this tree; a skipped test of a group counts as failed */
	memset(&m, 0, sizeof m);
	assert_true(read_model(&t, &m, json, n));
	assert_memory_equal(&m, &isa_cost, sizeof m);
	arena_free(&t.a);
	free(json);
}

static void
model_overrides_what_it_names(void **state)
{
	static const char json[] = " {\"issue\": {\"V\": 1.5, \"M\": 0}, \"dsb\": 7.125,\n\"rules\": [\"a\", \"b\"]} ";
	struct text t;
	struct cost_model m = isa_cost;

	(void)state;
	assert_true(read_model(&t, &m, json, sizeof json - 1));
	assert_int_equal(m.pipe[P_V].issue, 1500);
	assert_int_equal(m.pipe[P_M].issue, 0);
	assert_int_equal(m.pipe[P_V].latency, isa_cost.pipe[P_V].latency);
	assert_int_equal(m.dsb, 7125);
	assert_int_equal(m.dcci, isa_cost.dcci);
	arena_free(&t.a);
}

static void
bad_models_are_refused_with_place(void **state)
{
	static const struct {
		const char *json, *message;
	} bad[] = {
		{"", "m.json:1:1: error: expected a JSON object [cost-model]"},
		{"[1]", "m.json:1:1: error: expected a JSON object [cost-model]"},
		{"{\"dsb\" 3}", "m.json:1:8: error: expected ':' [cost-model]"},
		{"{\"dsb\":\n -3}", "m.json:2:2: error: expected a number that is not negative [cost-model]"},
		{"{\"dsb\": 3,}", "m.json:1:11: error: expected a string [cost-model]"},
		{"{\"dsb\": 3", "m.json:1:10: error: expected ',' or '}' [cost-model]"},
		{"{\"dsb\": 3} x", "m.json:1:12: error: text behind the model [cost-model]"},
		{"{\"dbs\": 3}", "m.json:1:3: error: unknown member of a cost model [cost-model]"},
		{"{\"dsb\": 1.2345}", "m.json:1:9: error: more than three decimals [cost-model]"},
		{"{\"dsb\": 1.}", "m.json:1:11: error: expected a digit behind the decimal point [cost-model]"},
		{"{\"dsb\": 1e3}", "m.json:1:9: error: numbers with an exponent are not read [cost-model]"},
		{"{\"dsb\": 99999999999}", "m.json:1:9: error: number is larger than 9999999 [cost-model]"},
		{"{\"issue\": 3}", "m.json:1:11: error: expected an object with a number per pipe [cost-model]"},
		{"{\"issue\": {\"VEC\": 3}}",
		 "m.json:1:13: error: unknown pipe, expected S, V, M, MTE1, MTE2, MTE3 or FIX [cost-model]"},
		{"{\"what\": \"abc", "m.json:1:10: error: string without an end [cost-model]"},
		{"{\"what\": \"a\nb\"}", "m.json:1:12: error: control character in a string [cost-model]"},
		{"{\"what\": {}}", "m.json:1:10: error: expected a string [cost-model]"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct text t;
		struct cost_model m = isa_cost;
		struct out o;
		assert_false(read_model(&t, &m, bad[i].json, strlen(bad[i].json)));
		out_init(&o, &t.a);
		diags_render(&t.d, &o, (struct diag_style){.color = false});
		if (strncmp(o.p, bad[i].message, strlen(bad[i].message)) != 0)
			fail_msg("%s\ngives %s", bad[i].json, o.p);
		arena_free(&t.a);
	}
}

/* ---- simulation ---- */

#define TILE "!pto.tile_buf<vec, 16x64xf32>"
#define VIEW "!pto.partition_tensor_view<16x64xf32>"

/* 4096 bytes in, one elementwise op, 4096 bytes out; TRIPS times. */
static const char kernel[] =
	"module {\n"
	"func.func @k(%x: !pto.ptr<f32>, %y: !pto.ptr<f32>)\n"
	"    attributes {pto.kernel_kind = #pto.kernel_kind<vector>} {\n"
	"  %c0 = arith.constant 0 : index\n  %c1 = arith.constant 1 : index\n  %n = arith.constant TRIPS : index\n"
	"  %c16 = arith.constant 16 : index\n  %c64 = arith.constant 64 : index\n"
	"  %a0 = arith.constant 0 : i64\n  %a1 = arith.constant 4096 : i64\n"
	"  %xv = pto.make_tensor_view %x, shape = [%c16, %c64], strides = [%c64, %c1] : !pto.tensor_view<?x?xf32>\n"
	"  %yv = pto.make_tensor_view %y, shape = [%c16, %c64], strides = [%c64, %c1] : !pto.tensor_view<?x?xf32>\n"
	"  %xp = pto.partition_view %xv, offsets = [%c0, %c0], sizes = [%c16, %c64]\n"
	"    : !pto.tensor_view<?x?xf32> -> " VIEW "\n"
	"  %yp = pto.partition_view %yv, offsets = [%c0, %c0], sizes = [%c16, %c64]\n"
	"    : !pto.tensor_view<?x?xf32> -> " VIEW "\n"
	"  %s = pto.alloc_tile addr = %a0 : " TILE "\n  %d = pto.alloc_tile addr = %a1 : " TILE "\n"
	"  scf.for %i = %c0 to %n step %c1 {\n"
	"    pto.tload ins(%xp : " VIEW ") outs(%s : " TILE ")\n"
	"    pto.texp ins(%s : " TILE ") outs(%d : " TILE ")\n"
	"    pto.tstore ins(%d : " TILE ") outs(%yp : " VIEW ")\n"
	"  }\n  return\n}\n}\n";

struct run {
	struct arena a;
	struct ptoc_options opt;
	struct pipeline p;
};

static bool
compile(struct run *r, const char *text, size_t n)
{
	arena_init(&r->a, NULL);
	ptoc_options_init(&r->opt);
	r->opt.check = 0;
	r->opt.emit = PTOC_EMIT_NOTHING;
	pipeline_init(&r->p, &r->a, &r->opt, (struct strv){text, (uint32_t)n}, false);
	return pipeline_run(&r->p);
}

static struct cost_result
measure(struct run *r, uint32_t unit, bool plain)
{
	struct cost_opt co = {
		.model = &isa_cost, .same_pipe = {.v_prune = true, .mte2_waw = true}, .trips = 300, .plain = plain,
		.least = true,
	};
	struct cost_result res;
	const struct unit *u = &r->p.unit.at[unit];

	cost_section(&r->a, &r->p.ir, r->p.ac, u->func, u->core, &co, &res);
	return res;
}

static struct cost_result
measure_kernel(struct run *r, const char *trips)
{
	char text[sizeof kernel + 32];
	const char *at = strstr(kernel, "TRIPS");

	snprintf(text, sizeof text, "%.*s%s%s", (int)(at - kernel), kernel, trips, at + 5);
	assert_true(compile(r, text, strlen(text)));
	assert_int_equal(r->p.unit.n, 1);
	return measure(r, 0, false);
}

/*
 * The bound of one trip: load 6 + 40 + 4096/48 + 400, then V 12 + 4096/256 + 30, then store 40 + 4096/48 + 300. S has
 * issued everything long before. 4096/48 is rounded up to 85.334.
 */
static void
bound_of_one_trip(void **state)
{
	struct run r;
	struct cost_result c = measure_kernel(&r, "1");

	(void)state;
	assert_int_equal(c.ideal, 6000 + 40000 + 85334 + 400000 + 12000 + 16000 + 30000 + 40000 + 85334 + 300000);
	assert_true(c.makespan > c.ideal);
	assert_int_equal(c.least, c.ideal + 2 * isa_cost.flag + isa_cost.barrier_all);	/* to V, to MTE3, the tail */
	assert_int_equal(c.makespan, c.least);
	assert_false(c.trips_assumed || c.branch_assumed || c.estimated || c.unset);
	assert_int_equal(c.pipe[P_MTE2].busy, 125334);
	assert_int_equal(c.pipe[P_MTE2].ops, 1);
	assert_int_equal(c.nstatic[COST_SET], c.nstatic[COST_WAIT]);
	arena_free(&r.a);
}

/*
 * Flags stand in the queues of their pipes: behind a wait, a set fires when the wait is over, even when its pipe has
 * done nothing. Load until 6 + 40 + 4096/48 + 400, then 10 for V and 10 for MTE3, then store 40 + 4096/48 + 300.
 */
static void
set_stands_behind_a_wait(void **state)
{
	static const char flags[] =
		"    pto.set_flag[<PIPE_MTE2>, <PIPE_V>, <EVENT_ID0>]\n"
		"    pto.wait_flag[<PIPE_MTE2>, <PIPE_V>, <EVENT_ID0>]\n"
		"    pto.set_flag[<PIPE_V>, <PIPE_MTE3>, <EVENT_ID0>]\n"
		"    pto.wait_flag[<PIPE_V>, <PIPE_MTE3>, <EVENT_ID0>]\n";
	const char *work = strstr(kernel, "    pto.texp"), *store = strstr(kernel, "    pto.tstore"),
		   *trips = strstr(kernel, "TRIPS");
	char text[sizeof kernel + sizeof flags];
	struct run r;

	(void)state;
	snprintf(text, sizeof text, "%.*s1%.*s%s%s", (int)(trips - kernel), kernel, (int)(work - trips) - 5, trips + 5,
		 flags, store);
	assert_true(compile(&r, text, strlen(text)));
	assert_int_equal(measure(&r, 0, false).makespan, 531334 + 10000 + 10000 + 425334);
	arena_free(&r.a);
}

/* Trips multiply work exactly, whatever was skipped; a million of them take no longer than a few. */
static void
trips_multiply_work(void **state)
{
	struct run r;
	struct cost_result one = measure_kernel(&r, "1000"), many;

	(void)state;
	arena_free(&r.a);
	many = measure_kernel(&r, "1000000");
	assert_int_equal(many.pipe[P_V].busy, 1000 * one.pipe[P_V].busy);
	assert_int_equal(many.pipe[P_MTE3].ops, 1000000);
	assert_false(many.estimated);
	assert_in_range(many.makespan, 990 * one.makespan, 1000 * one.makespan);
	arena_free(&r.a);
}

static bool
same_result(const struct cost_result *a, const struct cost_result *b)
{
	bool same = a->makespan == b->makespan && a->ideal == b->ideal && a->sync.n == b->sync.n &&
		    memcmp(a->pipe, b->pipe, sizeof a->pipe) == 0 &&
		    memcmp(a->ndynamic, b->ndynamic, sizeof a->ndynamic) == 0;

	for (uint32_t i = 0; same && i < a->sync.n; i++)
		same = a->sync.at[i].stall == b->sync.at[i].stall && a->sync.at[i].count == b->sync.at[i].count;
	return same;
}

/* Skipping iterations changes nothing, unless the result says that it is an estimate. */
static void
compare_file(const char *path, uint32_t *nunit, uint32_t *nestimate)
{
	char *text;
	size_t n;
	struct run r;

	assert_int_equal(file_read(path, &text, &n), 0);
	if (compile(&r, text, n)) {
		for (uint32_t i = 0; i < r.p.unit.n; i++) {
			struct cost_result a = measure(&r, i, false), b = measure(&r, i, true);
			++*nunit;
			*nestimate += a.estimated;
			if (!a.estimated && !same_result(&a, &b))
				fail_msg("%s: %lld, %lld when every iteration runs; ideal %lld, %lld", path,
					 (long long)a.makespan, (long long)b.makespan, (long long)a.ideal,
					 (long long)b.ideal);
			assert_true(a.refused || a.makespan >= a.ideal || a.sync.n == 0);
			assert_true(a.refused || a.least >= a.ideal);
			assert_true(a.refused || a.makespan >= a.least || a.sync.n == 0);
		}
	}
	arena_free(&r.a);
	free(text);
}

static void
compare_folder(const char *folder, uint32_t *nunit, uint32_t *nestimate)
{
	char path[4096];
	DIR *d;

	snprintf(path, sizeof path, "%s/%s", root, folder);
	d = opendir(path);
	for (struct dirent *e; d && (e = readdir(d));) {
		size_t n = strlen(e->d_name);
		if (n < 4 || strcmp(e->d_name + n - 4, ".pto") != 0)
			continue;
		snprintf(path, sizeof path, "%s/%s/%s", root, folder, e->d_name);
		compare_file(path, nunit, nestimate);
	}
	if (d)
		closedir(d);
}

static void
skipping_iterations_is_exact(void **state)
{
	uint32_t nunit = 0, nestimate = 0;

	(void)state;
	compare_folder("examples", &nunit, &nestimate);
	compare_folder("tests/prop/kernels", &nunit, &nestimate);
	compare_folder("../shared/corpus/pypto", &nunit, &nestimate);
	printf("# %u sections, %u estimated\n", nunit, nestimate);
	assert_true(nunit > 10);
	assert_true(nestimate * 50 <= nunit);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_is_the_published_model),
		cmocka_unit_test(model_overrides_what_it_names),
		cmocka_unit_test(bad_models_are_refused_with_place),
		cmocka_unit_test(bound_of_one_trip),
		cmocka_unit_test(set_stands_behind_a_wait),
		cmocka_unit_test(trips_multiply_work),
		cmocka_unit_test(skipping_iterations_is_exact),
	};

	root = argc > 1 ? argv[1] : ".";
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
