/*
 * model: reads a cost model from JSON text (RFC 8259), with positions for every error. Only what a model needs is
 * accepted as a value: numbers for known names, and strings or lists of strings where the published file carries text.
 */
#include "cost/cost.h"

#include <stddef.h>

struct reader {
	struct diags *d;
	const unsigned char *p;
	uint32_t at, n;
	bool failed;
};

/* Where the numbers of a top-level member go. */
struct field {
	const char *name;
	size_t offset;		/* in struct cost_model, or in struct cost_pipe when by pipe */
	bool by_pipe;
};

static const struct field fields[] = {
	{"issue", offsetof(struct cost_pipe, issue), true},
	{"latency", offsetof(struct cost_pipe, latency), true},
	{"bytes_per_cycle", offsetof(struct cost_pipe, bytes_per_cycle), true},
#define COST_PIPE(id, issue, latency, rate)
#define COST(name, value) {#name, offsetof(struct cost_model, name), false},
#include "isa/cost.def"
#undef COST_PIPE
#undef COST
};

enum { NFIELD = sizeof fields / sizeof fields[0], MAX_WHOLE = COST_MAX / COST_UNIT - 1 };

static bool
refuse(struct reader *r, uint32_t lo, uint32_t hi, const char *what)
{
	if (!r->failed)
		diag_report(r->d, DIAG_COST_MODEL, (struct span){lo, hi > lo ? hi : lo + 1}, "%s", what);
	r->failed = true;
	return false;
}

static void
skip_blanks(struct reader *r)
{
	while (r->at < r->n && r->p[r->at] && strchr(" \t\n\r", r->p[r->at]))
		r->at++;
}

/* The next byte that is no blank, not taken; 0 at the end. */
static unsigned char
peek(struct reader *r)
{
	skip_blanks(r);
	return r->at < r->n ? r->p[r->at] : 0;
}

static bool
take(struct reader *r, char c)
{
	if (peek(r) != (unsigned char)c)
		return false;
	r->at++;
	return true;
}

static bool
expect(struct reader *r, char c, const char *what)
{
	return take(r, c) || refuse(r, r->at, r->at, what);
}

/* A string; escapes stay as they are, which is enough to compare names. */
static bool
read_string(struct reader *r, struct strv *s)
{
	if (!expect(r, '"', "expected a string"))
		return false;
	uint32_t from = r->at;
	for (; r->at < r->n && r->p[r->at] != '"'; r->at++) {
		if (r->p[r->at] < 0x20)
			return refuse(r, r->at, r->at, "control character in a string");
		if (r->p[r->at] == '\\' && r->at + 1 < r->n)
			r->at++;
	}
	if (r->at >= r->n)
		return refuse(r, from - 1, from, "string without an end");
	*s = (struct strv){(const char *)r->p + from, r->at++ - from};
	return true;
}

static bool
is_digit(const struct reader *r)
{
	return r->at < r->n && r->p[r->at] >= '0' && r->p[r->at] <= '9';
}

/* A number >= 0 with at most three decimals, in thousandths. */
static bool
read_number(struct reader *r, int64_t *v)
{
	int64_t whole = 0, part = 0, scale = 100;
	uint32_t from;

	skip_blanks(r);
	from = r->at;
	if (!is_digit(r))
		return refuse(r, from, from, "expected a number that is not negative");
	for (; is_digit(r) && whole <= MAX_WHOLE; r->at++)
		whole = whole * 10 + (r->p[r->at] - '0');
	if (whole > MAX_WHOLE)
		return refuse(r, from, r->at, "number is larger than 9999999");
	if (r->at < r->n && r->p[r->at] == '.') {
		r->at++;
		if (!is_digit(r))
			return refuse(r, r->at, r->at, "expected a digit behind the decimal point");
		for (; is_digit(r); r->at++, scale /= 10) {
			if (!scale && r->p[r->at] != '0')
				return refuse(r, from, r->at + 1, "more than three decimals");
			part += scale * (r->p[r->at] - '0');
		}
	}
	if (r->at < r->n && (r->p[r->at] == 'e' || r->p[r->at] == 'E'))
		return refuse(r, from, r->at + 1, "numbers with an exponent are not read");
	*v = whole * COST_UNIT + part;
	return true;
}

static bool
pipe_of_name(struct strv s, uint32_t *pipe)
{
	for (*pipe = 0; *pipe < PIPE_COUNT; ++*pipe)
		if (strv_is(s, pipe_name((enum pipe)*pipe) + 5))
			return true;
	return false;
}

static bool
unknown(struct reader *r, struct strv name, const char *what)
{
	uint32_t lo = (uint32_t)((const unsigned char *)name.p - r->p);

	return refuse(r, lo, lo + name.n, what);
}

/* {"V": 12, ...}; bytes of M are not moved. */
static bool
read_pipes(struct reader *r, struct cost_model *m, const struct field *f)
{
	if (!expect(r, '{', "expected an object with a number per pipe"))
		return false;
	if (take(r, '}'))
		return true;
	do {
		struct strv name;
		uint32_t pipe;
		int64_t v;
		if (!read_string(r, &name))
			return false;
		if (!pipe_of_name(name, &pipe))
			return unknown(r, name, "unknown pipe, expected S, V, M, MTE1, MTE2, MTE3 or FIX");
		if (!expect(r, ':', "expected ':'") || !read_number(r, &v))
			return false;
		memcpy((unsigned char *)&m->pipe[pipe] + f->offset, &v, sizeof v);
	} while (take(r, ','));
	return expect(r, '}', "expected ',' or '}'");
}

/* Explanations: a string or a list of strings, ignored. */
static bool
skip_text(struct reader *r)
{
	struct strv s;

	if (!take(r, '['))
		return read_string(r, &s);
	if (take(r, ']'))
		return true;
	do
		if (!read_string(r, &s))
			return false;
	while (take(r, ','));
	return expect(r, ']', "expected ',' or ']'");
}

static bool
read_member(struct reader *r, struct cost_model *m)
{
	struct strv name;
	int64_t v;

	if (!read_string(r, &name) || !expect(r, ':', "expected ':'"))
		return false;
	if (strv_is(name, "what") || strv_is(name, "pipes") || strv_is(name, "rules"))
		return skip_text(r);
	for (uint32_t i = 0; i < NFIELD; i++) {
		if (!strv_is(name, fields[i].name))
			continue;
		if (fields[i].by_pipe)
			return read_pipes(r, m, &fields[i]);
		if (!read_number(r, &v))
			return false;
		memcpy((unsigned char *)m + fields[i].offset, &v, sizeof v);
		return true;
	}
	return unknown(r, name, "unknown member of a cost model");
}

bool
cost_model_read(struct cost_model *m, struct diags *d)
{
	struct reader r = {.d = d, .p = d->src->text, .n = d->src->n};

	if (!expect(&r, '{', "expected a JSON object"))
		return false;
	if (!take(&r, '}')) {
		do
			if (!read_member(&r, m))
				return false;
		while (take(&r, ','));
		if (!expect(&r, '}', "expected ',' or '}'"))
			return false;
	}
	return peek(&r) ? refuse(&r, r.at, r.at, "text behind the model") : true;
}
