/*
 * test_sync: the knowledge lattice of the planner (sync/know.c) on hand-built states, and what plans of small kernels
 * consist of: kinds and places of the ops, one reason per op.
 */
#include "prop/prog.h"
#include "prop/synced.h"
#include "sync/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* ---- knowledge ---- */

static void
test_token_carries_what_the_source_knows(void **state)
{
	(void)state;
	struct know w;
	struct row t;

	know_init(&w);
	w.row[P_MTE2].k[P_V] = 3;
	know_token(&t, &w.row[P_MTE2], P_MTE2, 5);
	know_wait(&w, P_MTE1, &t);
	assert_int_equal(w.row[P_MTE1].k[P_MTE2], 5);
	assert_int_equal(w.row[P_MTE1].kp[P_MTE2], KP_ALL);
	assert_int_equal(w.row[P_MTE1].k[P_V], 3);
	assert_int_equal(w.row[P_MTE1].kp[P_V], 0);
	assert_int_equal(w.row[P_V].k[P_MTE2], 0);
}

static void
test_knowledge_of_s_spreads(void **state)
{
	(void)state;
	struct know w;
	struct row t;

	know_init(&w);
	know_token(&t, &w.row[P_MTE3], P_MTE3, 2);
	know_wait(&w, P_S, &t);
	for (uint32_t q = 0; q < PIPE_COUNT; q++)
		assert_int_equal(w.row[q].k[P_MTE3], 2);
	assert_int_equal(w.row[ROW_FEN].k[P_MTE3], 0);
}

static void
test_dsb_fences_what_s_knows(void **state)
{
	(void)state;
	struct know w;
	struct row t;

	know_init(&w);
	know_token(&t, &w.row[P_MTE3], P_MTE3, 2);
	know_wait(&w, P_S, &t);
	know_dsb(&w);
	assert_int_equal(w.row[ROW_FEN].k[P_MTE3], 2);
	/* scalar stores only when their lines were cleaned before */
	assert_int_equal(w.row[ROW_FEN].k[P_S], 0);
	know_dcci(&w, 4);
	assert_int_equal(w.row[ROW_FEN].k[P_S], 0);
	know_dsb(&w);
	assert_int_equal(w.row[ROW_FEN].k[P_S], 4);
}

static void
test_barriers(void **state)
{
	(void)state;
	struct know w;

	know_init(&w);
	know_barrier(&w, P_V, 3);
	assert_int_equal(w.row[P_V].k[P_V], 3);
	assert_int_equal(w.row[P_MTE3].k[P_V], 0);
	know_barrier(&w, P_ALL, 5);
	for (uint32_t r = 0; r < PIPE_COUNT; r++)
		for (uint32_t p = 0; p < PIPE_COUNT; p++)
			assert_int_equal(w.row[r].k[p], 5);
	assert_int_equal(w.row[ROW_FEN].k[P_V], 0);
}

static void
test_joining_rows_loses_nothing(void **state)
{
	(void)state;
	struct row a = {.k = {[P_V] = 4}, .v = 1u << P_V}, b = {.k = {[P_V] = 4, [P_M] = 1}};

	/* equal knowledge of both kinds: the certain one stays */
	row_join(&a, &b);
	assert_int_equal(a.k[P_V], 4);
	assert_int_equal(a.k[P_M], 1);
	assert_int_equal(a.v, 0);
	b.k[P_V] = 6;
	b.v = 1u << P_V;
	row_join(&a, &b);
	assert_int_equal(a.k[P_V], 6);
	assert_int_equal(a.v, 1u << P_V);
}

static void
test_a_branch_passes_on_what_both_arms_know(void **state)
{
	(void)state;
	uint32_t last[NCOL] = {[P_MTE2] = 1}, none[NCOL] = {0};	/* MTE2 has work in front of the branch */
	struct know in, arm;
	struct transfer t, other;

	/* one arm begins with PIPE_ALL, the other one does nothing */
	know_init(&arm);
	know_barrier(&arm, P_ALL, 0);
	know_summary(&arm, none, &t);
	transfer_identity(&other, 0);
	transfer_meet(&t, &other);
	know_init(&in);
	know_transfer(&in, &t, 3, last);
	assert_int_equal(in.row[P_V].k[P_MTE2], 0);
	know_summary(&arm, none, &t);
	know_init(&in);
	know_transfer(&in, &t, 3, last);
	assert_int_not_equal(in.row[P_V].k[P_MTE2], 0);
}

/* ---- plans ---- */

#define HEAD                                                                                                           \
	"!t = !pto.tile_buf<vec, 16x64xf32>\n"                                                                         \
	"!m = !pto.multi_tile_buf<!pto.tile_buf<vec, 16x64xf32>, count=2>\n"                                           \
	"!v = !pto.tensor_view<?x?xf32>\n"                                                                             \
	"!p = !pto.partition_tensor_view<16x64xf32>\n"                                                                 \
	"module {\n"                                                                                                   \
	"  func.func @k(%a: !pto.ptr<f32>, %o: !pto.ptr<f32>, %n: index, %b: i1)\n"                                    \
	"      attributes {pto.entry, pto.kernel_kind = #pto.kernel_kind<vector>} {\n"                                 \
	"    %c0 = arith.constant 0 : index\n"                                                                         \
	"    %c1 = arith.constant 1 : index\n"                                                                         \
	"    %c16 = arith.constant 16 : index\n"                                                                       \
	"    %c64 = arith.constant 64 : index\n"                                                                       \
	"    %c512 = arith.constant 512 : index\n"                                                                     \
	"    %a0 = arith.constant 0 : i64\n"                                                                           \
	"    %a4096 = arith.constant 4096 : i64\n"                                                                     \
	"    %av = pto.make_tensor_view %a, shape = [%c512, %c64], strides = [%c64, %c1] : !v\n"                       \
	"    %ov = pto.make_tensor_view %o, shape = [%c512, %c64], strides = [%c64, %c1] : !v\n"                       \
	"    %x = pto.alloc_tile addr = %a0 : !t\n"                                                                    \
	"    %y = pto.alloc_tile addr = %a4096 : !t\n"
#define PART(name, view, row)                                                                                          \
	"    %" name " = pto.partition_view %" view ", offsets = [%" row ", %c0], sizes = [%c16, %c64] : !v -> !p\n"
#define LOAD(p, t) "    pto.tload ins(%" p " : !p) outs(%" t " : !t)\n"
#define ABS(s, d) "    pto.tabs ins(%" s " : !t) outs(%" d " : !t)\n"
#define STORE(t, p) "    pto.tstore ins(%" t " : !t) outs(%" p " : !p)\n"
#define END "    return\n  }\n}\n"

struct planned {
	struct prog p;
	struct sync_result res;
};

static void
plan_text(struct planned *q, const char *text)
{
	struct parts l = {0};

	if (!prog_load(&q->p, "k.pto", text, strlen(text)))
		fail_msg("%s", out_text(&q->p.text).p);
	parts_find(&l, &q->p);
	assert_int_equal(l.all.n, 1);
	part_plan(&q->p, &l.all.at[0], &q->res);
	assert_int_equal(part_check(&q->p, &q->p.a, &l.all.at[0], NULL), CHECK_PROVED);
}

/* How many ops of that kind between those pipes (a barrier: src) were printed. */
static uint32_t
count(const struct planned *q, enum op_id id, enum pipe src, enum pipe dst)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < q->res.why.n; i++) {
		enum pipe s = P_NONE, d = P_NONE;
		uint32_t eid;
		struct op o = q->res.why.at[i].sync;
		if (op_id(&q->p.ir, o) != id)
			continue;
		if (id == OP_PTOC_DSB || id == OP_PTOC_DCCI)
			n++;
		else if (op_flag(&q->p.ir, o, &s, &d, &eid))
			n += s == src && (id == OP_BARRIER || d == dst);
	}
	return n;
}

static void
test_a_line_of_work(void **state)
{
	(void)state;
	struct planned q;

	plan_text(&q, HEAD PART("ap", "av", "c0") PART("op", "ov", "c0") LOAD("ap", "x") ABS("x", "y")
			  STORE("y", "op") END);
	assert_int_equal(q.res.npair, 2);
	assert_int_equal(count(&q, OP_SET_FLAG, P_MTE2, P_V), 1);
	assert_int_equal(count(&q, OP_WAIT_FLAG, P_V, P_MTE3), 1);
	assert_int_equal(q.res.nbarrier + q.res.nbarrier_all + q.res.nfence, 0);
	for (uint32_t i = 0; i < q.res.why.n; i++) {
		assert_int_equal(q.res.why.at[i].kind, 'R');
		assert_int_not_equal(q.res.why.at[i].src.i, 0);
		assert_int_not_equal(q.res.why.at[i].dst.i, 0);
	}
	prog_free(&q.p);
}

static void
test_a_loop_primes_and_drains(void **state)
{
	(void)state;
	struct planned q;

	plan_text(&q, HEAD "    scf.for %i = %c0 to %n step %c16 {\n" PART("ap", "av", "i") PART("op", "ov", "i")
			  LOAD("ap", "x") ABS("x", "y") STORE("y", "op") "    }\n" END);
	/* V->MTE2 (x) and MTE3->V (y) are carried: a set in the loop and one that primes, a wait in it and one that
	 * drains */
	assert_int_equal(q.res.npair, 4);
	assert_int_equal(count(&q, OP_SET_FLAG, P_V, P_MTE2), 2);
	assert_int_equal(count(&q, OP_WAIT_FLAG, P_V, P_MTE2), 2);
	assert_int_equal(count(&q, OP_SET_FLAG, P_MTE3, P_V), 2);
	assert_int_equal(count(&q, OP_SET_FLAG, P_MTE2, P_V), 1);
	assert_int_equal(q.res.nbarrier_all, 0);
	prog_free(&q.p);
}

static void
test_a_round_trip_through_gm_is_fenced_behind_the_loop(void **state)
{
	(void)state;
	struct planned q;

	plan_text(&q, HEAD "    scf.for %i = %c0 to %n step %c16 {\n" PART("ap", "av", "i") PART("op", "ov", "i")
			  LOAD("ap", "x") ABS("x", "y") STORE("y", "op") "    }\n" PART("bp", "ov", "c0")
			  LOAD("bp", "x") ABS("x", "y") STORE("y", "bp") END);
	assert_int_equal(q.res.nfence, 1);
	assert_int_equal(count(&q, OP_PTOC_DSB, P_NONE, P_NONE), 1);
	assert_int_equal(count(&q, OP_PTOC_DCCI, P_NONE, P_NONE), 0);
	/* the drain of the fence orders MTE3 for MTE2 too */
	assert_int_equal(count(&q, OP_WAIT_FLAG, P_MTE3, P_MTE2), 0);
	prog_free(&q.p);
}

static void
test_alike_arms_share_their_flags(void **state)
{
	(void)state;
	struct planned q;

	plan_text(&q, HEAD PART("ap", "av", "c0") PART("op", "ov", "c0") LOAD("ap", "x")
			  "    scf.if %b {\n" ABS("x", "y") STORE("y", "op") "    } else {\n"
			  "    pto.tneg ins(%x : !t) outs(%y : !t)\n" STORE("y", "op") "    }\n" END);
	/* one wait in front of the if; the pair inside is in both arms and one decision */
	assert_int_equal(q.res.npair, 2);
	assert_int_equal(count(&q, OP_WAIT_FLAG, P_MTE2, P_V), 1);
	assert_int_equal(count(&q, OP_SET_FLAG, P_V, P_MTE3), 2);
	assert_int_equal(count(&q, OP_WAIT_FLAG, P_V, P_MTE3), 2);
	prog_free(&q.p);
}

static void
test_tiles_without_bytes_need_no_order(void **state)
{
	(void)state;
	struct planned q;

	plan_text(&q, HEAD "    %e = pto.alloc_tile addr = %a0 valid_row = %c0 valid_col = %c0 : "
			  "!pto.tile_buf<vec, 16x64xf32, valid=?x?>\n"
			  "    pto.tneg ins(%e : !pto.tile_buf<vec, 16x64xf32, valid=?x?>) outs(%e : "
			  "!pto.tile_buf<vec, 16x64xf32, valid=?x?>)\n"
			  "    pto.tneg ins(%e : !pto.tile_buf<vec, 16x64xf32, valid=?x?>) outs(%e : "
			  "!pto.tile_buf<vec, 16x64xf32, valid=?x?>)\n" END);
	assert_int_equal(q.res.nbarrier, 0);
	prog_free(&q.p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_token_carries_what_the_source_knows),
		cmocka_unit_test(test_knowledge_of_s_spreads),
		cmocka_unit_test(test_dsb_fences_what_s_knows),
		cmocka_unit_test(test_barriers),
		cmocka_unit_test(test_joining_rows_loses_nothing),
		cmocka_unit_test(test_a_branch_passes_on_what_both_arms_know),
		cmocka_unit_test(test_a_line_of_work),
		cmocka_unit_test(test_a_loop_primes_and_drains),
		cmocka_unit_test(test_a_round_trip_through_gm_is_fenced_behind_the_loop),
		cmocka_unit_test(test_alike_arms_share_their_flags),
		cmocka_unit_test(test_tiles_without_bytes_need_no_order),
	};

	return cmocka_run_group_tests_name("sync", tests, NULL, NULL) != 0;
}
