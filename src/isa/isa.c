/* isa: the tables of isa.h expanded, and look-ups in them. */
#include "isa/isa.h"

#include <assert.h>

const struct space_row isa_space[SPACE_COUNT] = {
#define SPACE(id, tile, ptr, ptr2, cxx, qual, bytes, align) [SP_##id] = {tile, ptr, ptr2, cxx, qual, bytes, align},
#include "isa/spaces.def"
#undef SPACE
};

static const struct {
	const char *name;
	bool cube, vec;
} pipe_row[PIPE_COUNT] = {
#define PIPE(id, spelling, cube, vec) [P_##id] = {spelling, cube, vec},
#include "isa/pipes.def"
#undef PIPE
};

const struct op_row isa_op[OP_COUNT] = {
	[OP_NONE] = {"", FORM_GENERIC, 0, P_NONE, 0, "", "", NULL},
#define OP(ID, name, form, sig, rw, nres, pipe, phase, verify, emit, callee, flags, doc)                               \
	[OP_##ID] = {name, FORM_##form, nres, pipe, flags, sig, rw, callee},
#include "isa/ops.def"
#undef OP
};

const struct enum_row isa_enum[ENUM_COUNT] = {
#define ENUM(ID, name, family) [EN_##ID] = {name, family},
#define CASE(ID, spelling, value)
#include "isa/enums.def"
#undef ENUM
#undef CASE
};

static const struct {
	const char *spelling;
	int32_t value;
	uint16_t id;
} enum_case[] = {
#define ENUM(ID, name, family)
#define CASE(ID, spelling, value) {spelling, value, EN_##ID},
#include "isa/enums.def"
#undef ENUM
#undef CASE
};

enum { CASE_COUNT = sizeof enum_case / sizeof enum_case[0] };

const char *
pipe_name(enum pipe p)
{
	return p < PIPE_COUNT ? pipe_row[p].name : p == P_ALL ? "PIPE_ALL" : "PIPE_NONE";
}

bool
pipe_find(struct strv name, enum pipe *p)
{
	for (uint32_t i = 0; i < PIPE_COUNT; i++) {
		if (strv_is(name, pipe_row[i].name)) {
			*p = (enum pipe)i;
			return true;
		}
	}
	*p = P_ALL;
	return strv_is(name, "PIPE_ALL");
}

bool
pipe_on_core(enum pipe p, enum core c)
{
	if (p >= PIPE_COUNT)
		return p == P_ALL;
	return c == CORE_CUBE ? pipe_row[p].cube : c == CORE_VECTOR ? pipe_row[p].vec : true;
}

#define BIT(p) (1u << P_##p)

/* Destinations by source. Source: spec sync-model §4 (HardEvent list, api_07_0270; FIX->MTE1 PTOAS#283/#428/#454). */
static const uint8_t chan_vec[PIPE_COUNT] = {
	[P_S] = BIT(V) | BIT(MTE2) | BIT(MTE3),
	[P_V] = BIT(S) | BIT(MTE2) | BIT(MTE3),
	[P_MTE2] = BIT(S) | BIT(V) | BIT(MTE3),
	[P_MTE3] = BIT(S) | BIT(V) | BIT(MTE2),
};
static const uint8_t chan_cube[PIPE_COUNT] = {
	[P_S] = BIT(MTE2) | BIT(MTE3),
	[P_M] = BIT(S) | BIT(MTE1) | BIT(MTE2) | BIT(FIX),
	[P_MTE1] = BIT(MTE2) | BIT(M) | BIT(MTE3),
	[P_MTE2] = BIT(S) | BIT(MTE1) | BIT(M) | BIT(FIX) | BIT(MTE3),
	[P_MTE3] = BIT(S) | BIT(MTE1) | BIT(MTE2),
	[P_FIX] = BIT(S) | BIT(M) | BIT(MTE1) | BIT(MTE2) | BIT(MTE3),
};

bool
chan_legal(enum pipe src, enum pipe dst, enum core c)
{
	if (src >= PIPE_COUNT || dst >= PIPE_COUNT || src == dst)
		return false;
	unsigned d = c == CORE_CUBE ? chan_cube[src] : chan_vec[src];
	return d >> dst & 1;
}

uint32_t
op_slots(enum op_id id, struct op_slot slot[OP_MAX_SLOT])
{
	const struct op_row *r = &isa_op[id];
	uint32_t n = 0;
	bool out = false;

	for (const char *s = r->sig; *s; s++) {
		if (*s == '>') {
			out = true;
		} else if (*s == '?') {
			slot[n - 1].optional = true;
		} else if (*s == '*') {
			slot[n - 1].variadic = true;
		} else {
			assert(n < OP_MAX_SLOT && r->rw[n]);
			slot[n] = (struct op_slot){.letter = *s, .out = out, .rw = r->rw[n]};
			n++;
			out = false;
		}
	}
	return n;
}

bool
op_slot_variadic(enum op_id id, uint32_t slot)
{
	uint32_t n = 0;

	for (const char *s = isa_op[id].sig; *s; s++) {
		if (*s == '*' && n == slot + 1)
			return true;
		n += *s != '>' && *s != '?' && *s != '*';
		if (n > slot + 1)
			break;
	}
	return false;
}

static int
name_cmp(struct strv a, const char *b)
{
	size_t nb = strlen(b);
	int c = memcmp(a.p, b, a.n < nb ? a.n : nb);

	return c ? c : a.n < nb ? -1 : a.n > nb;
}

enum op_id
op_find(struct strv name)
{
	uint32_t lo = 1, hi = OP_COUNT;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int c = name_cmp(name, isa_op[mid].name);
		if (c == 0)
			return (enum op_id)mid;
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return OP_NONE;
}

const char *
op_suggest(struct strv name)
{
	struct guess n = guess_for(name);

	for (uint32_t i = 1; i < OP_COUNT; i++)
		guess_try(&n, isa_op[i].name);
	return n.best;
}

bool
enum_find(struct strv name, enum enum_id *id)
{
	for (uint32_t i = 0; i < ENUM_COUNT; i++) {
		if (strv_is(name, isa_enum[i].name)) {
			*id = (enum enum_id)i;
			return true;
		}
	}
	return false;
}

bool
enum_case_find(enum enum_id id, struct strv spelling, int32_t *value)
{
	for (uint32_t i = 0; i < CASE_COUNT; i++) {
		if (enum_case[i].id == id && strv_is(spelling, enum_case[i].spelling)) {
			*value = enum_case[i].value;
			return true;
		}
	}
	return false;
}

const char *
enum_case_name(enum enum_id id, int32_t value)
{
	for (uint32_t i = 0; i < CASE_COUNT; i++)
		if (enum_case[i].id == id && enum_case[i].value == value)
			return enum_case[i].spelling;
	return NULL;
}

const char *
enum_case_nth(enum enum_id id, uint32_t k)
{
	for (uint32_t i = 0; i < CASE_COUNT; i++)
		if (enum_case[i].id == id && k-- == 0)
			return enum_case[i].spelling;
	return NULL;
}
