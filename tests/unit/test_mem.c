/*
 * test_mem: the placement of buffers with given live ranges: never two live ones on the same bytes, aligned, inside the
 * space, in order of first use while everything fits.
 */
#include "mem/plan.h"

#include "base/num.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

static uint32_t
next_random(uint32_t *s)
{
	*s = *s * 1664525u + 1013904223u;
	return *s >> 8;
}

static void
sort_items(struct item *it, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++)
		for (uint32_t k = i; k && (it[k].lo < it[k - 1].lo ||
					   (it[k].lo == it[k - 1].lo && it[k].root < it[k - 1].root)); k--) {
			struct item t = it[k];
			it[k] = it[k - 1];
			it[k - 1] = t;
		}
}

static void
assert_disjoint(const struct space_plan *p)
{
	for (uint32_t i = 0; i < p->n; i++) {
		const struct item *a = &p->item[i];
		assert_int_equal(a->at % p->align, 0);
		assert_true(a->at >= p->base && a->at + a->bytes <= p->cap);
		for (uint32_t k = 0; k < i; k++) {
			const struct item *b = &p->item[k];
			bool together = a->lo <= b->hi && b->lo <= a->hi;
			bool share = a->at < b->at + b->bytes && b->at < a->at + a->bytes;
			assert_false(together && share);
		}
	}
}

static void
random_plans(void **state)
{
	struct arena a;
	uint32_t seed = 1, placed = 0, fit = 0;

	(void)state;
	arena_init(&a, NULL);
	for (uint32_t round = 0; round < 2000; round++) {
		struct item it[64];
		uint32_t n = 1 + next_random(&seed) % 64, at;
		for (uint32_t k = 0; k < n; k++) {
			uint32_t lo = 1 + next_random(&seed) % 100, len = next_random(&seed) % 20;
			it[k] = (struct item){.root = k, .lo = lo, .hi = lo + len};
			it[k].bytes = 32u * (1 + next_random(&seed) % 64);
		}
		sort_items(it, n);
		struct space_plan p = {.item = it, .n = n, .base = round % 3 * 256, .cap = 16384, .align = 32};
		p.align = round % 2 ? 256 : 32;
		bool possible = plan_peak(&a, &p, &at) + num_round_up(p.base, p.align) <= p.cap;
		bool ok = plan_reuse(&a, &p);
		assert_true(!ok || possible);
		placed += ok;
		fit += possible;
		if (ok)
			assert_disjoint(&p);
		else
			assert_true(p.need > p.cap);
	}
	arena_free(&a);
	assert_true(fit > 200);
	assert_true(placed * 100 >= fit * 90);	/* what the peak allows is nearly always found */
}

static void
bump_while_it_fits(void **state)
{
	struct item it[] = {
		{.root = 2, .lo = 1, .hi = 1, .bytes = 100},
		{.root = 0, .lo = 2, .hi = 9, .bytes = 256},
		{.root = 1, .lo = 2, .hi = 3, .bytes = 32},
	};
	struct space_plan p = {.item = it, .n = 3, .cap = 768, .align = 256};

	(void)state;
	assert_true(plan_bump(&p));
	assert_int_equal(it[0].at, 0);
	assert_int_equal(it[1].at, 256);
	assert_int_equal(it[2].at, 512);
	assert_int_equal(p.end, 768);
	p.cap = 767;
	assert_false(plan_bump(&p));
}

/* Time order alone would leave a hole that nothing fits into. */
static void
size_order_repairs_fragments(void **state)
{
	struct arena a;
	struct item it[] = {
		{.root = 0, .lo = 1, .hi = 4, .bytes = 256},
		{.root = 1, .lo = 2, .hi = 8, .bytes = 256},
		{.root = 2, .lo = 5, .hi = 9, .bytes = 512},
	};
	struct space_plan p = {.item = it, .n = 3, .cap = 768, .align = 256};

	(void)state;
	arena_init(&a, NULL);
	assert_true(plan_reuse(&a, &p));
	assert_disjoint(&p);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bump_while_it_fits),
		cmocka_unit_test(size_order_repairs_fragments),
		cmocka_unit_test(random_plans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
