/* judge: what holds for every input (fuzz.h). */
#include "fuzz.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of how many inputs one is compiled twice (tests/meson.build). */
#ifndef FUZZ_SHARE
#define FUZZ_SHARE 1
#endif

static void
wrong(const char *what)
{
	fprintf(stderr, "fuzz: %s\n", what);
	abort();
}

static void
consistent(const struct ptoc_result *r, const struct ptoc_options *o)
{
	if (r->out_of_memory)
		wrong("out of memory");
	if (r->ok && strlen(r->text) != r->text_bytes)
		wrong("a NUL inside the output");
	if (!r->ok && r->text)
		wrong("text in spite of an error");
	if (!r->ok && !r->errors && !(o->check_only && r->verdict == PTOC_UNPROVED))
		wrong("failed without an error");
	if (r->ok && r->errors)
		wrong("an error, yet a result");
	if (!r->ok && !r->diagnostics[0])
		wrong("failed without a message");
	if (r->ok && o->check && o->sync == PTOC_SYNC_AUTO && o->emit == PTOC_EMIT_CXX &&
	    r->verdict == PTOC_NOT_CHECKED)
		wrong("no verdict");
}

static void
same(const char *a, const char *b, const char *what)
{
	if (strcmp(a ? a : "", b ? b : "") != 0)
		wrong(what);
}

/* By the input alone, so that an input that is judged again is judged alike. */
static bool
chosen(const char *text, size_t n)
{
	unsigned h = (unsigned)n;

	for (size_t i = 0; i < n; i++)
		h = h * 31 + (unsigned char)text[i];
	return h % FUZZ_SHARE == 0;
}

/* The second time from another place, without anything readable behind it. */
static void
compile_again(const char *text, size_t n, const struct ptoc_options *o, const struct ptoc_result *r)
{
	struct ptoc_result again;
	char *copy = malloc(n ? n : 1);

	if (!copy)
		wrong("no memory for the fuzzer");
	memcpy(copy, text, n);
	ptoc_compile(copy, n, o, &again);
	same(r->text, again.text, "two outputs of one input");
	same(r->diagnostics, again.diagnostics, "two messages for one input");
	same(r->explain, again.explain, "two explanations of one input");
	same(r->stats, again.stats, "two costs of one input");
	same(r->timeline, again.timeline, "two pictures of one input");
	if (r->verdict != again.verdict)
		wrong("two verdicts on one input");
	ptoc_result_free(&again);
	free(copy);
}

void
fuzz_compile(const char *text, size_t n, const struct ptoc_options *o, struct ptoc_result *r)
{
	ptoc_compile(text, n, o, r);
	consistent(r, o);
	if (chosen(text, n))
		compile_again(text, n, o, r);
}

void
fuzz_round_trip(const char *text, size_t n, const struct ptoc_options *o)
{
	struct ptoc_options p = *o;
	struct ptoc_result first, second;

	p.emit = PTOC_EMIT_PTO;
	p.sync = PTOC_SYNC_NONE;
	p.check_only = p.timeline = 0;
	p.stats = PTOC_STATS_NONE;
	if (ptoc_compile(text, n, &p, &first)) {
		if (!ptoc_compile(first.text, first.text_bytes, &p, &second)) {
			fprintf(stderr, "%s\n%s\n", first.text, second.diagnostics);
			wrong("the printed module is not read");
		}
		if (strcmp(first.text, second.text) != 0) {
			fprintf(stderr, "%s\n---- becomes ----\n%s\n", first.text, second.text);
			wrong("the printed module prints as another one");
		}
		ptoc_result_free(&second);
	}
	ptoc_result_free(&first);
}
