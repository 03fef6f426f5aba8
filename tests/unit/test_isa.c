/*
 * test_isa: hygiene of the tables. The op table is the truth about every op, so what other parts assume about its form
 * is proved here: order, uniqueness, slots, letters.
 */
#include "isa/isa.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct strv
str(const char *s)
{
	return (struct strv){s, (uint32_t)strlen(s)};
}

static void
ops_are_sorted_and_unique(void **state)
{
	(void)state;
	for (uint32_t i = 2; i < OP_COUNT; i++)
		if (strcmp(isa_op[i - 1].name, isa_op[i].name) >= 0)
			fail_msg("%s stands before %s", isa_op[i - 1].name, isa_op[i].name);
}

static void
every_op_is_found(void **state)
{
	(void)state;
	for (uint32_t i = 1; i < OP_COUNT; i++)
		assert_int_equal(op_find(str(isa_op[i].name)), i);
	assert_int_equal(op_find(str("pto.")), OP_NONE);
	assert_int_equal(op_find(str("")), OP_NONE);
	assert_int_equal(op_find(str("zzz.last")), OP_NONE);
}

static void
signatures_are_well_formed(void **state)
{
	(void)state;
	for (uint32_t i = 1; i < OP_COUNT; i++) {
		const struct op_row *r = &isa_op[i];
		uint32_t letters = 0;
		for (const char *s = r->sig; *s; s++) {
			if (!strchr("tmvpsixha>?*", *s))
				fail_msg("%s: letter '%c' in sig", r->name, *s);
			if (strchr("?*", *s) && letters == 0)
				fail_msg("%s: sig starts with '%c'", r->name, *s);
			letters += strchr(">?*", *s) == NULL;
		}
		if (letters > OP_MAX_SLOT)
			fail_msg("%s: %u slots", r->name, letters);
		if (letters != strlen(r->rw))
			fail_msg("%s: sig has %u slots, rw %zu", r->name, letters, strlen(r->rw));
		if (strspn(r->rw, "rwbs-") != strlen(r->rw))
			fail_msg("%s: bad letter in rw \"%s\"", r->name, r->rw);
	}
}

static void
slots_agree_with_the_signature(void **state)
{
	(void)state;
	for (uint32_t i = 1; i < OP_COUNT; i++) {
		struct op_slot slot[OP_MAX_SLOT];
		uint32_t n = op_slots((enum op_id)i, slot);
		assert_int_equal(n, strlen(isa_op[i].rw));
		for (uint32_t k = 0; k < n; k++) {
			assert_int_equal(slot[k].rw, isa_op[i].rw[k]);
			/* only memory is accessed */
			if (slot[k].rw != '-' && !strchr("tmvpaxh", slot[k].letter))
				fail_msg("%s: slot %u of kind '%c' is accessed", isa_op[i].name, k, slot[k].letter);
		}
	}
}

static const char *const doc[OP_COUNT] = {
#define OP(ID, name, form, sig, rw, nres, pipe, phase, verify, emit, callee, flags, doc) [OP_##ID] = (doc),
#include "isa/ops.def"
#undef OP
};

static void
rows_are_complete(void **state)
{
	(void)state;
	for (uint32_t i = 1; i < OP_COUNT; i++) {
		const struct op_row *r = &isa_op[i];
		if (!strchr(r->name, '.'))
			fail_msg("%s: no dialect in the name", r->name);
		if (!*doc[i])
			fail_msg("%s: no doc", r->name);
		if (r->form >= FORM_COUNT || r->pipe > P_BY_SPACE || r->pipe == P_ALL)
			fail_msg("%s: form or pipe out of range", r->name);
		if (r->flags & OPF_PURE && strpbrk(r->rw, "wbs"))
			fail_msg("%s: pure, but it writes", r->name);
		if (r->flags & OPF_MANUAL && !(r->flags & OPF_SYNC))
			fail_msg("%s: hand-written synchronisation must be OPF_SYNC", r->name);
		if (r->nres == 0 && r->flags & OPF_VIEW)
			fail_msg("%s: a view without a result", r->name);
	}
}

static void
suggestions_are_near(void **state)
{
	(void)state;
	assert_string_equal(op_suggest(str("pto.tlaod")), "pto.tload");
	assert_null(op_suggest(str("pto.entirely_different_name")));
}

static void
enums_are_consistent(void **state)
{
	(void)state;
	for (uint32_t e = 0; e < ENUM_COUNT; e++) {
		enum enum_id id;
		assert_true(enum_find(str(isa_enum[e].name), &id));
		assert_int_equal(id, e);
		assert_non_null(strchr("ABX", isa_enum[e].family));
		const char *c;
		for (uint32_t k = 0; (c = enum_case_nth((enum enum_id)e, k)); k++) {
			int32_t v;
			assert_true(enum_case_find((enum enum_id)e, str(c), &v));
			assert_non_null(enum_case_name((enum enum_id)e, v));
		}
	}
}

static void
pipes_and_channels(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < PIPE_COUNT; i++) {
		enum pipe p;
		assert_true(pipe_find(str(pipe_name((enum pipe)i)), &p));
		assert_int_equal(p, i);
		for (uint32_t k = 0; k < PIPE_COUNT; k++) {
			for (enum core c = CORE_CUBE; c <= CORE_VECTOR; c++) {
				if (chan_legal((enum pipe)i, (enum pipe)k, c))
					assert_true(pipe_on_core((enum pipe)i, c) && pipe_on_core((enum pipe)k, c));
			}
		}
		assert_false(chan_legal((enum pipe)i, (enum pipe)i, CORE_VECTOR));
	}
	assert_false(pipe_on_core(P_FIX, CORE_VECTOR));
	assert_false(pipe_on_core(P_V, CORE_CUBE));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ops_are_sorted_and_unique),
		cmocka_unit_test(every_op_is_found),
		cmocka_unit_test(signatures_are_well_formed),
		cmocka_unit_test(slots_agree_with_the_signature),
		cmocka_unit_test(rows_are_complete),
		cmocka_unit_test(suggestions_are_near),
		cmocka_unit_test(enums_are_consistent),
		cmocka_unit_test(pipes_and_channels),
	};

	return cmocka_run_group_tests_name("isa", tests, NULL, NULL) != 0;
}
