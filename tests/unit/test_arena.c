/*
 * Arenas: what grows keeps its contents whatever it is put together from, zeroed memory is zero although it was used
 * before, and blocks that an inner arena gives back are used again.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include "base/vec.h"

#include <string.h>

#include <cmocka.h>

enum { MANY = 3 << 20, MEGA = 1 << 20 };

/* Grows three vectors in turn, so that their blocks lie in each other's way, and looks at every element. */
static void
grow_three(struct arena *a)
{
	VEC(uint32_t) v[3] = {{NULL, 0, 0}, {NULL, 0, 0}, {NULL, 0, 0}};

	for (uint32_t i = 0; i < MANY; i++)
		for (uint32_t k = 0; k < 3; k++)
			if (k < 2 || i % 16 == 0)
				VEC_PUSH(a, &v[k], i * 3 + k);
	uint32_t wrong = 0;
	for (uint32_t k = 0; k < 3; k++)
		for (uint32_t i = 0; i < v[k].n; i++)
			wrong += v[k].at[i] != i * (k < 2 ? 1 : 16) * 3 + k;
	assert_int_equal(v[0].n, MANY);
	assert_int_equal(v[2].n, MANY / 16);
	assert_int_equal(wrong, 0);
}

static void
grown(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, NULL);
	grow_three(&a);
	arena_free(&a);
}

static void
grown_from_spare(void **state)
{
	struct arena a, in;

	(void)state;
	arena_init(&a, NULL);
	arena_init_within(&in, &a);
	for (int k = 0; k < 3; k++) {
		grow_three(&in);
		grow_three(&in);
		arena_free(&in);
	}
	grow_three(&a);
	arena_free(&a);
}

static void
zero(void **state)
{
	static const size_t size[] = {100, 200 << 10, 900 << 10, 2 << 20, (2 << 20) + 1, 9 << 20};
	struct arena a, in;

	(void)state;
	arena_init(&a, NULL);
	arena_init_within(&in, &a);
	for (size_t k = 0; k < sizeof size / sizeof size[0]; k++) {
		memset(arena_alloc(&in, size[k]), 0xa5, size[k]);
		arena_free(&in);
		for (struct arena *from = &in; from; from = from == &in ? &a : NULL) {
			unsigned char *p = arena_zalloc(from, size[k], 1);
			size_t i = 0;
			while (i < size[k] && p[i] == 0)
				i++;
			assert_int_equal(i, size[k]);
			arena_free(from);
		}
	}
}

static void
rewound(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, NULL);
	unsigned char *small = arena_alloc(&a, 1000), *big = arena_alloc(&a, 5 * MEGA);
	memset(small, 1, 1000);
	memset(big, 2, 5 * MEGA);
	struct arena_mark m = arena_mark(&a);
	for (int k = 0; k < 4; k++) {
		memset(arena_alloc(&a, 7 * MEGA), 3, 7 * MEGA);
		for (int i = 0; i < 100; i++)
			memset(arena_alloc(&a, 50 << 10), 4, 50 << 10);
		arena_rewind(&a, m);
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(small[i], 1);
	for (int i = 0; i < 5 * MEGA; i++)
		if (big[i] != 2)
			assert_int_equal(big[i], 2);
	arena_free(&a);
}

/* What is given back is found again, page by page, with what was last written there. */
static void
used_again(void **state)
{
	enum { BLOCKS = 4, SIZE = 8 * MEGA, PAGE = 4096 };
	struct arena a, in;
	int old = 0;

	(void)state;
	arena_init(&a, NULL);
	arena_init_within(&in, &a);
	for (int k = 0; k < BLOCKS; k++)
		memset(arena_alloc(&in, SIZE), 0x5a, SIZE);
	arena_free(&in);
	if (!a.pages.spare) {
		print_message("# nothing is kept: blocks are the heap's, for the address sanitizer\n");
		arena_free(&a);
		return;
	}
	for (int k = 0; k < BLOCKS; k++) {
		const unsigned char *p = arena_alloc(k % 2 ? &a : &in, SIZE);
		for (size_t i = PAGE / 2; i < SIZE; i += PAGE)
			old += p[i] == 0x5a;
	}
	arena_free(&in);
	arena_free(&a);
	assert_null(a.pages.spare);
	assert_true(old > BLOCKS * SIZE / PAGE / 10 * 9);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grown), cmocka_unit_test(grown_from_spare), cmocka_unit_test(zero),
		cmocka_unit_test(rewound), cmocka_unit_test(used_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
