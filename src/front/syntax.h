/* syntax: wording of syntax errors. */
#ifndef PTOC_FRONT_SYNTAX_H
#define PTOC_FRONT_SYNTAX_H

#include "front/build.h"

enum { SYNTAX_EXPECT_MAX = 4 };

/* What the grammar accepts at the error: the first few symbols of n, and the groups that would make long lists. */
struct syntax_expect {
	const char *(*name)(int symbol, void *unused);
	int symbol[SYNTAX_EXPECT_MAX];
	uint32_t n;
	bool op, attribute, type, word, ins, brace;
};

void syntax_report(struct front *fe, struct span at, bool eof, bool is_word, const struct syntax_expect *e);

#endif
