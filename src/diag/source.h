/*
 * source: one input text and positions in it.
 *
 * A span is a half-open byte range. {0,0} is "no position". Lines and columns are 1-based, columns count bytes; the
 * line index is built on the first request.
 */
#ifndef PTOC_DIAG_SOURCE_H
#define PTOC_DIAG_SOURCE_H

#include "base/str.h"

struct span {
	uint32_t lo, hi;
};

struct source {
	const char *name;		/* as typed by the user */
	const unsigned char *text;	/* n bytes and one NUL behind them */
	uint32_t n;
	struct arena *a;
	VEC(uint32_t) line;		/* byte offset of each line start; empty until needed */
};

struct line_col {
	uint32_t line, col;
};

/* Copies the text (n <= 1 GiB) into the arena. */
void source_init(struct source *s, struct arena *a, const char *name, const void *text, uint32_t n);
/* The text itself: it has the NUL and outlives s. */
void source_sealed(struct source *s, struct arena *a, const char *name, const void *text, uint32_t n);
struct line_col source_pos(struct source *s, uint32_t off);
/* The text of a 1-based line without its newline. */
struct strv source_line(struct source *s, uint32_t line);
struct strv source_text(const struct source *s, struct span sp);
struct span span_join(struct span a, struct span b);
static inline bool span_none(struct span s) { return s.hi == 0; }

#endif
