/*
 * test_report: the messages that only a mistake of the compiler brings. No input is known that leads to one, so what
 * finds and reports the mistake is given a wrong placement, and a section that is not synchronised, as if it were
 * ours.
 */
#include "check/places.h"
#include "driver/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define TILE "!pto.tile_buf<vec, 16x64xf32>"
#define PART "!pto.partition_tensor_view<16x64xf32>"

/* Level 3: the input may put two tiles at one address. Both hold data when they are added. */
static const char shared[] =
	"module {\n"
	"  func.func @k(%x: !pto.ptr<f32>) attributes {pto.kernel_kind = #pto.kernel_kind<vector>} {\n"
	"    %c0 = arith.constant 0 : index\n"
	"    %c1 = arith.constant 1 : index\n"
	"    %c16 = arith.constant 16 : index\n"
	"    %c64 = arith.constant 64 : index\n"
	"    %a0 = arith.constant 0 : i64\n"
	"    %v = pto.make_tensor_view %x, shape = [%c16, %c64], strides = [%c64, %c1] : !pto.tensor_view<?x?xf32>\n"
	"    %p = pto.partition_view %v, offsets = [%c0, %c0], sizes = [%c16, %c64] : !pto.tensor_view<?x?xf32> -> "
	PART "\n"
	"    %t = pto.alloc_tile addr = %a0 : " TILE "\n"
	"    %u = pto.alloc_tile addr = %a0 : " TILE "\n"
	"    pto.tload ins(%p : " PART ") outs(%t : " TILE ")\n"
	"    pto.tload ins(%p : " PART ") outs(%u : " TILE ")\n"
	"    pto.tadd ins(%t, %u : " TILE ", " TILE ") outs(%t : " TILE ")\n"
	"    pto.tstore ins(%t : " TILE ") outs(%p : " PART ")\n"
	"    return\n"
	"  }\n"
	"}\n";

struct run {
	struct arena a;
	struct ptoc_options opt;
	struct pipeline p;
};

/* Only checked, so that it stays as it is: without any synchronisation. */
static void
begin(struct run *r)
{
	arena_init(&r->a, NULL);
	ptoc_options_init(&r->opt);
	r->opt.name = "k.pto";
	r->opt.check_only = 1;
	r->opt.emit = PTOC_EMIT_NOTHING;
	r->opt.sync = PTOC_SYNC_NONE;
	pipeline_init(&r->p, &r->a, &r->opt, STRV(shared), false);
	pipeline_run(&r->p);
}

static void
end(struct run *r)
{
	pipeline_free(&r->p);
	arena_free(&r->a);
}

/* Text of the first message with that id; NULL when there is none. */
static const char *
message(const struct run *r, enum diag_id id)
{
	for (uint32_t i = 0; i < r->p.diags.all.n; i++)
		if (r->p.diags.all.at[i].id == id)
			return r->p.diags.all.at[i].text;
	return NULL;
}

static void
a_wrong_placement_is_refused(void **state)
{
	struct run r;

	(void)state;
	begin(&r);
	struct op f = r.p.unit.at[0].func;
	assert_null(message(&r, DIAG_PLACE_FAILED));
	assert_false(check_placement(&r.a, &r.p.ir, r.p.ac, &f, 1, NULL, 0));
	assert_string_equal(message(&r, DIAG_PLACE_FAILED),
			    "'pto.alloc_tile' op bytes [0, 4096) of vec are still needed for %t at [0, 4096)");
	end(&r);
}

static void
a_replaced_plan_is_reported(void **state)
{
	struct run r;

	(void)state;
	begin(&r);
	assert_true(r.p.unit.at[0].check.finding.n > 0);
	assert_null(message(&r, DIAG_SYNC_FALLBACK));
	report_fallback(&r.p, &r.p.unit.at[0]);
	assert_string_equal(message(&r, DIAG_SYNC_FALLBACK),
			    "the plan for '@k' (vector) could not be proved, a slower one with full barriers is used");
	end(&r);
}

static void
a_wrong_plan_of_ours_is_an_error(void **state)
{
	struct run r;

	(void)state;
	begin(&r);
	uint32_t errors = r.p.diags.nerror;
	assert_null(message(&r, DIAG_SYNC_FAILED));
	report_findings(&r.p, &r.p.unit.at[0], true);
	assert_non_null(message(&r, DIAG_SYNC_FAILED));
	assert_true(r.p.diags.nerror > errors);
	end(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wrong_placement_is_refused),
		cmocka_unit_test(a_replaced_plan_is_reported),
		cmocka_unit_test(a_wrong_plan_of_ours_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
