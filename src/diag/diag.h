/*
 * diag: diagnostics are collected as values, sorted by position and rendered by the driver.
 *
 * Every diagnostic has a stable id (diag/diags.def). Text is lower case, without a full stop, subject in quotes. A pass
 * reports one diagnostic per op and goes on; `nerror` tells whether the next pass may run.
 */
#ifndef PTOC_DIAG_DIAG_H
#define PTOC_DIAG_DIAG_H

#include "base/out.h"
#include "diag/source.h"

enum diag_severity { DIAG_ERROR, DIAG_WARNING, DIAG_HIDDEN };

enum diag_id {
#define DIAG(id, spelling, severity) DIAG_##id,
#include "diag/diags.def"
#undef DIAG
	DIAG_COUNT
};

/* Where the program that wrote the input says an op comes from: loc("file":line:col). */
struct producer {
	struct strv file;	/* n = 0 when unknown */
	uint32_t line, col;
};

/* What the user wants of a warning; see diag/policy.h. */
enum diag_choice { DIAG_AS_IT_IS, DIAG_SHOW, DIAG_HIDE, DIAG_RAISE };

struct diag_policy {
	unsigned char of[DIAG_COUNT];	/* enum diag_choice */
	bool all_errors;
};

struct diag_note {
	struct span span;	/* {0,0}: no position */
	struct producer producer;
	const char *text;
	uint32_t next;		/* 1-based index in notes; 0 = last */
	bool hint;		/* printed as "hint:" */
};

struct diag {
	enum diag_id id;
	enum diag_severity severity;
	struct span span;
	const char *text;
	uint32_t note, last_note;
	uint32_t seq;		/* order of report: ties in position */
	struct producer producer;
};

struct diags {
	struct arena *a;
	struct source *src;
	struct diag_policy policy;
	VEC(struct diag) all;
	VEC(struct diag_note) notes;
	uint32_t nerror, nwarning;
	uint32_t max_error;	/* further errors are counted, not kept; 0 = no limit */
};

void diags_init(struct diags *d, struct arena *a, struct source *src);
const char *diag_spelling(enum diag_id id);
enum diag_severity diag_default_severity(enum diag_id id);

/* Adds a diagnostic. The note functions add to the one reported last. */
void diag_report(struct diags *d, enum diag_id id, struct span at, const char *fmt, ...) PTOC_PRINTF(4, 5);
void diag_note(struct diags *d, struct span at, const char *fmt, ...) PTOC_PRINTF(3, 4);
void diag_hint(struct diags *d, const char *fmt, ...) PTOC_PRINTF(2, 3);
/* Producer location of the diagnostic reported last. */
void diag_producer_loc(struct diags *d, struct strv file, uint32_t line, uint32_t col);

/* Makes the diagnostic reported last an error, whatever the policy says. */
void diag_as_error(struct diags *d);

void diags_sort(struct diags *d);

/* SARIF_RUN: one run object, without the log around it. */
enum diag_format { DIAG_TEXT, DIAG_JSON, DIAG_SARIF, DIAG_SARIF_RUN };

struct diag_style {
	bool color;
	bool mlir;	/* loc("FILE":L:C): error: TEXT, one line, errors only (run as ptoas) */
	enum diag_format format;
	const char *version;	/* of the program, for SARIF */
};
/* Renders everything in order: file:line:col: error: text [id], source line, caret, notes, hints. */
void diags_render(struct diags *d, struct out *o, struct diag_style style);

#endif
