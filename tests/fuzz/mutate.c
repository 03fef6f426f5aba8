/*
 * mutate: changes of .pto and C++ text that keep most of it readable: tokens are deleted, doubled, exchanged, taken
 * from another place of the text or from the op table; an op becomes one that is written alike, a case of an enum
 * another one; numbers become interesting ones; lines are doubled, dropped. One change in five is the engine's own,
 * with its dictionary if it has one.
 */
#include "fuzz.h"
#include "isa/isa.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct piece {
	size_t at, n;
};

struct rng {
	uint64_t s;
};

static size_t
pick(struct rng *r, size_t n)
{
	r->s ^= r->s << 13;
	r->s ^= r->s >> 7;
	r->s ^= r->s << 17;
	return n ? (size_t)(r->s >> 11) % n : 0;
}

static bool
is_word(uint8_t c)
{
	return isalnum(c) || strchr("_%@#!.$", c) != NULL;
}

/* The token that holds byte `at`: a word, or one byte. */
static struct piece
token_at(const uint8_t *d, size_t n, size_t at)
{
	size_t lo = at, hi = at + 1;

	if (d[at] && is_word(d[at])) {
		while (lo > 0 && d[lo - 1] && is_word(d[lo - 1]))
			lo--;
		while (hi < n && d[hi] && is_word(d[hi]))
			hi++;
	}
	return (struct piece){lo, hi - lo};
}

static struct piece
line_at(const uint8_t *d, size_t n, size_t at)
{
	size_t lo = at, hi = at;

	while (lo > 0 && d[lo - 1] != '\n')
		lo--;
	while (hi < n && d[hi] != '\n')
		hi++;
	hi += hi < n;
	return (struct piece){lo, hi - lo};
}

/* Puts m bytes in the place of p; leaves the text alone when that is too much. */
static size_t
replace(uint8_t *d, size_t n, size_t max, struct piece p, const void *by, size_t m)
{
	uint8_t keep[256];

	if (m > sizeof keep || n - p.n + m > max)
		return n;
	memcpy(keep, by, m);
	memmove(d + p.at + m, d + p.at + p.n, n - p.at - p.n);
	memcpy(d + p.at, keep, m);
	return n - p.n + m;
}

static size_t
number(struct rng *r, uint8_t *d, size_t n, size_t max, struct piece p)
{
	static const char *const value[] = {
		"0", "1", "-1", "2", "7", "8", "15", "16", "31", "32", "33", "64", "255", "256", "4096", "65535",
		"65536", "131072", "196608", "2147483647", "2147483648", "4294967295", "9223372036854775807",
		"9223372036854775808", "18446744073709551616", "1.0e400", "0x7f800001", "1e-320",
	};
	const char *v = value[pick(r, sizeof value / sizeof value[0])];

	return replace(d, n, max, p, v, strlen(v));
}

static size_t
op_name(struct rng *r, uint8_t *d, size_t n, size_t max, struct piece p)
{
	const char *v = isa_op[pick(r, OP_COUNT)].name;

	return v ? replace(d, n, max, p, v, strlen(v)) : n;
}

/* An op that is written like this one, mostly with the same operands; n unchanged when the token is no op. */
static size_t
other_op(struct rng *r, uint8_t *d, size_t n, size_t max, struct piece p)
{
	enum op_id id = op_find((struct strv){(const char *)d + p.at, (uint32_t)p.n});
	bool loose = pick(r, 4) == 0;
	size_t first = pick(r, OP_COUNT);

	for (size_t k = 0; id != OP_NONE && k < OP_COUNT; k++) {
		const struct op_row *o = &isa_op[(first + k) % OP_COUNT];
		if (o->name && o != &isa_op[id] && o->form == isa_op[id].form &&
		    (loose || strcmp(o->sig, isa_op[id].sig) == 0))
			return replace(d, n, max, p, o->name, strlen(o->name));
	}
	return n;
}

/* Another case of an enum that has this one; n unchanged when the token is none. */
static size_t
other_case(struct rng *r, uint8_t *d, size_t n, size_t max, struct piece p)
{
	size_t first = pick(r, ENUM_COUNT), cases = 0;
	int32_t value;

	for (size_t k = 0; k < ENUM_COUNT; k++) {
		enum enum_id id = (enum enum_id)((first + k) % ENUM_COUNT);
		if (!enum_case_find(id, (struct strv){(const char *)d + p.at, (uint32_t)p.n}, &value))
			continue;
		while (enum_case_nth(id, (uint32_t)cases))
			cases++;
		const char *v = enum_case_nth(id, (uint32_t)pick(r, cases));
		return v ? replace(d, n, max, p, v, strlen(v)) : n;
	}
	return n;
}

static size_t
line_step(struct rng *r, uint8_t *d, size_t n, size_t max)
{
	struct piece a = line_at(d, n, pick(r, n)), b = line_at(d, n, pick(r, n));
	uint8_t text[256];
	size_t m = b.n < sizeof text ? b.n : sizeof text;

	memcpy(text, d + b.at, m);
	switch (pick(r, 3)) {
	case 0:
		return replace(d, n, max, a, "", 0);
	case 1:
		return replace(d, n, max, (struct piece){a.at, 0}, text, m);
	default:
		return replace(d, n, max, a, text, m);
	}
}

static size_t
token_step(struct rng *r, uint8_t *d, size_t n, size_t max)
{
	struct piece p = token_at(d, n, pick(r, n)), q = token_at(d, n, pick(r, n));

	switch (pick(r, 9)) {
	case 0:
		return replace(d, n, max, p, "", 0);
	case 1:
		return replace(d, n, max, (struct piece){p.at, 0}, d + p.at, p.n);
	case 2:
		return number(r, d, n, max, p);
	case 3:
		return op_name(r, d, n, max, p);
	case 4:
	case 5:
		return other_op(r, d, n, max, p);
	case 6:
		return other_case(r, d, n, max, p);
	default:
		return replace(d, n, max, p, d + q.at, q.n);
	}
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t max, unsigned seed)
{
	struct rng r = {seed * 0x9e3779b97f4a7c15u + 0x1234567};
	size_t steps = 1 + pick(&r, 4);

	if (n < 2 || pick(&r, 5) == 0)
		return LLVMFuzzerMutate(data, n, max);
	for (size_t k = 0; k < steps && n > 1; k++)
		n = pick(&r, 4) ? token_step(&r, data, n, max) : line_step(&r, data, n, max);
	return n;
}
