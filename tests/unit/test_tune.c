/* tune, carry, arms: what is moved and merged, what is not, and that a section never gets slower or loses its proof. */
#include "driver/tune.h"

#include "driver/arms.h"
#include "driver/carry.h"
#include "driver/file.h"
#include "driver/pipeline.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char *root;

struct run {
	struct arena a;
	struct ptoc_options opt;
	struct pipeline p;
};

/* Planned, but neither pruned nor tuned. */
static bool
compile(struct run *r, const char *text, size_t n)
{
	arena_init(&r->a, NULL);
	ptoc_options_init(&r->opt);
	r->opt.check = 0;
	r->opt.explain = 1;
	r->opt.emit = PTOC_EMIT_NOTHING;
	pipeline_init(&r->p, &r->a, &r->opt, (struct strv){text, (uint32_t)n}, false);
	return pipeline_run(&r->p);
}

static const struct cost_opt cost_opt = {
	.model = &isa_cost, .same_pipe = {.v_prune = true, .mte2_waw = true}, .trips = 16,
};
static const struct check_opt check_opt = {
	.same_pipe = {.v_prune = true, .mte2_waw = true}, .visibility = true, .need_tail = true,
};

static struct cost_result
measure(struct run *r, const struct unit *u)
{
	struct cost_result res;

	cost_section(&r->a, &r->p.ir, r->p.ac, u->func, u->core, &cost_opt, &res);
	return res;
}

struct tuned {
	struct cost_result before, after;
	bool proved;		/* before; then after as well */
};

static struct tuned
tune(struct run *r, struct unit *u, void (*pass)(const struct proving *, const struct cost_opt *, struct sync_result *))
{
	struct proving by = {.a = &r->a, .ir = &r->p.ir, .ac = r->p.ac, .func = u->func, .core = u->core,
			     .opt = &check_opt};
	struct tuned t = {.before = measure(r, u)};

	proving_init(&by);
	t.proved = proving_holds(&by);
	pass(&by, &cost_opt, &u->sync);
	t.after = measure(r, u);
	if (t.proved && !proving_holds(&by))
		fail_msg("not proved any more");
	return t;
}

/* ---- single kernels ---- */

#define T "!pto.tile_buf<vec, 64x128xf32>"
#define V "!pto.partition_tensor_view<64x128xf32>"
#define HEAD                                                                                                        \
	"module {\n"                                                                                                \
	"func.func @k(%x: !pto.ptr<f32>, %y: !pto.ptr<f32>)\n"                                                      \
	"    attributes {pto.kernel_kind = #pto.kernel_kind<vector>} {\n"                                           \
	"  %c0 = arith.constant 0 : index\n  %c1 = arith.constant 1 : index\n  %n = arith.constant 20 : index\n"    \
	"  %c64 = arith.constant 64 : index\n  %c128 = arith.constant 128 : index\n"                                \
	"  %a0 = arith.constant 0 : i64\n  %a1 = arith.constant 32768 : i64\n  %a2 = arith.constant 65536 : i64\n"  \
	"  %a3 = arith.constant 98304 : i64\n  %a4 = arith.constant 131072 : i64\n"                                 \
	"  %a5 = arith.constant 163840 : i64\n"                                                                     \
	"  %xv = pto.make_tensor_view %x, shape = [%c64, %c128], strides = [%c128, %c1] : !pto.tensor_view<?x?xf32>\n" \
	"  %yv = pto.make_tensor_view %y, shape = [%c64, %c128], strides = [%c128, %c1] : !pto.tensor_view<?x?xf32>\n" \
	"  %xp = pto.partition_view %xv, offsets = [%c0, %c0], sizes = [%c64, %c128]\n"                             \
	"    : !pto.tensor_view<?x?xf32> -> " V "\n"                                                                \
	"  %yp = pto.partition_view %yv, offsets = [%c0, %c0], sizes = [%c64, %c128]\n"                             \
	"    : !pto.tensor_view<?x?xf32> -> " V "\n"                                                                \
	"  %r = pto.alloc_tile addr = %a0 : " T "\n  %s = pto.alloc_tile addr = %a1 : " T "\n"                      \
	"  %t = pto.alloc_tile addr = %a2 : " T "\n  %u = pto.alloc_tile addr = %a3 : " T "\n"                      \
	"  %v = pto.alloc_tile addr = %a4 : " T "\n  %w = pto.alloc_tile addr = %a5 : " T "\n"
#define LOAD(t) "    pto.tload ins(%xp : " V ") outs(%" t " : " T ")\n"
#define EXP(a, b) "    pto.texp ins(%" a " : " T ") outs(%" b " : " T ")\n"
#define STORE(t) "    pto.tstore ins(%" t " : " T ") outs(%yp : " V ")\n"
#define LOOP(i) "  scf.for %" i " = %c0 to %n step %c1 {\n"
#define TAIL "  return\n}\n}\n"

static struct tuned
improve_kernel(struct run *r, const char *text,
	       void (*pass)(const struct proving *, const struct cost_opt *, struct sync_result *))
{
	assert_true(compile(r, text, strlen(text)));
	assert_int_equal(r->p.unit.n, 1);
	struct tuned t = tune(r, &r->p.unit.at[0], pass);
	assert_true(t.proved);
	return t;
}

static struct tuned
tune_kernel(struct run *r, const char *text)
{
	return improve_kernel(r, text, tune_section);
}

/* The pass takes out so many sets and waits of the text of the kernel and makes it faster. */
static void
flags_go(const char *text, void (*pass)(const struct proving *, const struct cost_opt *, struct sync_result *),
	 uint32_t nset, uint32_t nwait)
{
	struct run r;
	struct tuned t = improve_kernel(&r, text, pass);

	assert_int_equal(t.after.nstatic[COST_SET], t.before.nstatic[COST_SET] - nset);
	assert_int_equal(t.after.nstatic[COST_WAIT], t.before.nstatic[COST_WAIT] - nwait);
	assert_true(t.after.makespan < t.before.makespan);
	arena_free(&r.a);
}

/* V waits for the load and for the store of the trip before, which is over long before: that wait comes first. */
static void
early_flag_is_awaited_first(void **state)
{
	struct run r;
	struct tuned t = tune_kernel(&r, HEAD LOOP("i") LOAD("r") EXP("r", "s") STORE("s") "  }\n" TAIL);

	(void)state;
	assert_int_equal(t.after.nstatic[COST_WAIT], t.before.nstatic[COST_WAIT]);
	assert_int_equal(t.before.makespan - t.after.makespan, 20 * isa_cost.flag);
	arena_free(&r.a);
}

/*
 * MTE2 never stops: each load takes longer than V for the tile of the one before. The tile of the first load may wait
 * for that of the second as well, and one flag less is awaited per trip.
 */
static void
pairs_are_merged_when_nobody_waits(void **state)
{
	struct run r;
	struct tuned t = tune_kernel(&r, HEAD LOOP("i") LOAD("r") LOAD("s") LOAD("t") EXP("r", "u") EXP("s", "v")
					     EXP("t", "w") "  }\n" STORE("u") TAIL);

	(void)state;
	assert_int_equal(t.after.nstatic[COST_SET], t.before.nstatic[COST_SET] - 2);	/* one of them primes */
	assert_int_equal(t.after.nstatic[COST_WAIT], t.before.nstatic[COST_WAIT] - 2);
	assert_true(t.after.makespan <= t.before.makespan - 19 * isa_cost.flag);
	arena_free(&r.a);
}

/* The flag that stays serves the hazards of both: each of its ops has two reasons. */
static void
merged_flag_has_both_reasons(void **state)
{
	struct run r;
	uint32_t two = 0;

	(void)state;
	tune_kernel(&r, HEAD LOOP("i") LOAD("r") LOAD("s") LOAD("t") EXP("r", "u") EXP("s", "v") EXP("t", "w") "  }\n"
			STORE("u") TAIL);
	const struct sync_result *res = &r.p.unit.at[0].sync;
	for (uint32_t i = 0; i < res->why.n; i++)
		for (uint32_t k = 0; k < i; k++)
			if (res->why.at[i].sync.i == res->why.at[k].sync.i) {
				assert_int_equal(res->why.at[i].group, res->why.at[k].group);
				assert_int_not_equal(res->why.at[i].dst.i, res->why.at[k].dst.i);
				two++;
			}
	assert_int_equal(two, 4);	/* prime, set, wait, drain */
	arena_free(&r.a);
}

#define IF "    scf.if %b {\n"
#define ELSE "    } else {\n"
#define END "    }\n"
#define TEST "    %b = arith.cmpi eq, %i, %c0 : index\n"

/* The tiles are free at the end of either arm: a pair has a set in each, and two such pairs become one in both. */
static void
pairs_in_arms_are_merged(void **state)
{
	(void)state;
	/* sets: the prime and those in both arms */
	flags_go(HEAD LOOP("i") LOAD("r") LOAD("s") LOAD("t") TEST IF EXP("r", "u") EXP("s", "v") EXP("t", "w") ELSE
		 EXP("r", "v") EXP("s", "u") EXP("t", "w") END "  }\n" STORE("u") TAIL, tune_section, 3, 2);
}

/* With two tiles the first load would have to wait for V with the second: both pairs stay. */
static void
pairs_are_kept_when_merging_costs(void **state)
{
	struct run r;
	struct tuned t = tune_kernel(&r, HEAD LOOP("i") LOAD("r") LOAD("s") EXP("r", "u") EXP("s", "v") "  }\n"
					     STORE("u") TAIL);

	(void)state;
	assert_int_equal(t.before.nstatic[COST_SET], 2 + 2 * 2 + 1);	/* loads, tiles free with their primes, store */
	assert_int_equal(t.after.nstatic[COST_SET], t.before.nstatic[COST_SET]);
	assert_int_equal(t.after.nstatic[COST_WAIT], t.before.nstatic[COST_WAIT]);
	arena_free(&r.a);
}

/* The load of the second loop need not wait for V between the loops, only V for V: a barrier in place of the prime. */
static void
prime_gives_way_to_barrier(void **state)
{
	struct run r;
	struct tuned t = tune_kernel(&r, HEAD LOOP("i") LOAD("r") EXP("r", "u") "  }\n" EXP("u", "v") EXP("v", "s")
					     LOOP("j") LOAD("r") EXP("r", "s") STORE("s") "  }\n" TAIL);

	(void)state;
	assert_int_equal(t.after.nstatic[COST_BARRIER], t.before.nstatic[COST_BARRIER] + 1);
	assert_true(t.after.makespan < t.before.makespan);
	arena_free(&r.a);
}

/* Two loops fill the same two tiles: one flag for each tile serves both, and the borders of the loops as well. */
static void
pairs_of_two_loops_are_chained(void **state)
{
	(void)state;
	/* gone: three of five primes and drains, and a pair at each border */
	flags_go(HEAD LOOP("i") LOOP("j") LOAD("r") EXP("r", "s") LOAD("t") EXP("t", "s") "  }\n" LOOP("k") LOAD("r")
		 EXP("r", "u") LOAD("t") EXP("t", "u") "  }\n  }\n" TAIL, carry_section, 3 + 2, 3 + 2);
}

/* One after the other, two loops fill the same tile: the first load of the second waits for the last of the first. */
static void
pairs_of_loops_in_a_row_are_chained(void **state)
{
	(void)state;
	/* the first prime and the last drain are left */
	flags_go(HEAD LOOP("i") LOAD("r") EXP("r", "s") "  }\n" LOOP("j") LOAD("r") EXP("r", "u") "  }\n" TAIL,
		 carry_section, 1, 1);
}

/* The kernel with a branch in a loop: `one` in the first trip, `other` in the others. */
#define BRANCH(before, one, other)                                                                     \
	HEAD LOOP("i") "  %q = arith.cmpi eq, %i, %c0 : index\n" before "  scf.if %q {\n" one            \
	"  } else {\n" other "  }\n  }\n" TAIL

#define STOREX(t) "    pto.tstore ins(%" t " : " T ") outs(%xp : " V ")\n"

/* What MTE3 does in one arm only needs the barrier that stands in front of the branch: it moves there. */
static void
barrier_moves_into_the_arm_that_needs_it(void **state)
{
	struct run r;
	struct tuned t = improve_kernel(&r, BRANCH(STORE("r"), STORE("s"), STOREX("t") EXP("u", "v")),
					arms_section);

	(void)state;
	assert_int_equal(t.after.nstatic[COST_BARRIER], t.before.nstatic[COST_BARRIER]);
	/* the arm with more work is simulated */
	assert_int_equal(t.after.ndynamic[COST_BARRIER], t.before.ndynamic[COST_BARRIER] - 20);
	assert_true(t.after.makespan < t.before.makespan);
	arena_free(&r.a);
}

/* Both arms store where the store in front of them does. */
static void
barrier_stays_in_front_of_arms_that_need_it(void **state)
{
	struct run r;
	struct tuned t = improve_kernel(&r, BRANCH(STORE("r"), STORE("s"), STORE("t") EXP("u", "v")),
					arms_section);

	(void)state;
	assert_int_equal(t.after.nstatic[COST_BARRIER], t.before.nstatic[COST_BARRIER]);
	assert_int_equal(t.after.makespan, t.before.makespan);
	arena_free(&r.a);
}

/* ---- all kernels ---- */

static uint32_t
faster(const char *path, const struct tuned *t)
{
	if (t->after.makespan > t->before.makespan)
		fail_msg("%s: %lld, %lld before", path, (long long)t->after.makespan, (long long)t->before.makespan);
	assert_false(t->after.unset);
	return t->after.makespan < t->before.makespan;
}

static uint32_t
tune_file(const char *path)
{
	static void (*const pass[])(const struct proving *, const struct cost_opt *, struct sync_result *) = {
		carry_section, arms_section, tune_section,
	};
	char *text;
	size_t n;
	struct run r;
	uint32_t nfaster = 0;

	assert_int_equal(file_read(path, &text, &n), 0);
	if (compile(&r, text, n)) {
		for (uint32_t i = 0; i < r.p.unit.n; i++)
			for (uint32_t k = 0; k < sizeof pass / sizeof pass[0]; k++) {
				struct tuned t = tune(&r, &r.p.unit.at[i], pass[k]);
				nfaster += faster(path, &t);
			}
	}
	arena_free(&r.a);
	free(text);
	return nfaster;
}

static uint32_t
tune_folder(const char *folder)
{
	char path[4096];
	uint32_t nfaster = 0;
	DIR *d;

	snprintf(path, sizeof path, "%s/%s", root, folder);
	d = opendir(path);
	for (struct dirent *e; d && (e = readdir(d));) {
		size_t n = strlen(e->d_name);
		if (n < 4 || strcmp(e->d_name + n - 4, ".pto") != 0)
			continue;
		snprintf(path, sizeof path, "%s/%s/%s", root, folder, e->d_name);
		nfaster += tune_file(path);
	}
	if (d)
		closedir(d);
	return nfaster;
}

static void
nothing_gets_slower_or_loses_its_proof(void **state)
{
	uint32_t n = tune_folder("examples") + tune_folder("tests/prop/kernels") + tune_folder("tests/prop/found");

	(void)state;
	printf("# %u sections got faster\n", n);
	assert_true(n > 5);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(early_flag_is_awaited_first),
		cmocka_unit_test(pairs_are_merged_when_nobody_waits),
		cmocka_unit_test(merged_flag_has_both_reasons),
		cmocka_unit_test(pairs_in_arms_are_merged),
		cmocka_unit_test(pairs_are_kept_when_merging_costs),
		cmocka_unit_test(prime_gives_way_to_barrier),
		cmocka_unit_test(pairs_of_two_loops_are_chained),
		cmocka_unit_test(pairs_of_loops_in_a_row_are_chained),
		cmocka_unit_test(barrier_moves_into_the_arm_that_needs_it),
		cmocka_unit_test(barrier_stays_in_front_of_arms_that_need_it),
		cmocka_unit_test(nothing_gets_slower_or_loses_its_proof),
	};

	root = argc > 1 ? argv[1] : ".";
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
