/*
 * syntax: any bytes as .pto text, through lexer, parser and printer only: hundreds of times as many inputs as through
 * all passes. A module that is read prints as text that is read and prints as itself. It is not verified: parser and
 * printer must bear what only the grammar has looked at.
 */
#include "front/front.h"
#include "fuzz.h"
#include "ir/print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 1 << 14 };

/* Nothing is kept from one input to the next. */
static bool
printed(struct arena *a, const char *text, size_t n, struct out *o)
{
	struct source src;
	struct diags d;
	struct ir ir;

	source_init(&src, a, "k.pto", text, (uint32_t)n);
	diags_init(&d, a, &src);
	ir_init(&ir, a, &d);
	if (!front_parse(&ir)) {
		if (d.all.n == 0) {
			fputs("fuzz: refused without a message\n", stderr);
			abort();
		}
		return false;
	}
	out_init(o, a);
	print_module(&ir, o);
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a;
	struct out first, second;

	if (n > TEXT_MAX)
		return 0;
	arena_init(&a, NULL);
	if (printed(&a, (const char *)data, n, &first)) {
		if (!printed(&a, first.p, first.n, &second)) {
			fprintf(stderr, "%s\nfuzz: the printed module is not read\n", first.p);
			abort();
		}
		if (strcmp(first.p, second.p) != 0) {
			fprintf(stderr, "%s\n---- becomes ----\n%s\nfuzz: the printed module prints as another one\n",
				first.p, second.p);
			abort();
		}
	}
	arena_free(&a);
	return 0;
}
