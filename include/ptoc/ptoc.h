/*
 * libptoc: compile .pto text to C++ in memory. No globals, no output, no environment: every call is independent and may
 * run in its own thread.
 */
#ifndef PTOC_PTOC_H
#define PTOC_PTOC_H

#include <stddef.h>

#if defined(__GNUC__)
#define PTOC_API __attribute__((visibility("default")))
#else
#define PTOC_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

enum ptoc_sync { PTOC_SYNC_NONE, PTOC_SYNC_AUTO, PTOC_SYNC_COMPLETE, PTOC_SYNC_BARRIER_ALL };
/* What ptoc_result.stats holds. */
enum ptoc_stats { PTOC_STATS_NONE, PTOC_STATS_TEXT, PTOC_STATS_JSON };
/* What ptoc_result.diagnostics holds: text; JSON, one object per line; a SARIF 2.1.0 log; one run of such a log. */
enum ptoc_diagnostics { PTOC_DIAG_TEXT, PTOC_DIAG_JSON, PTOC_DIAG_SARIF, PTOC_DIAG_SARIF_RUN };
enum ptoc_emit { PTOC_EMIT_CXX, PTOC_EMIT_PTO, PTOC_EMIT_NOTHING };

enum ptoc_severity { PTOC_ERROR, PTOC_WARNING, PTOC_NOTE, PTOC_HINT };

/* One message, for ptoc_options.on_diagnostic. The strings live until the call returns. */
struct ptoc_diagnostic {
	enum ptoc_severity severity;	/* notes and hints follow the message they belong to */
	const char *id;			/* stable name: "sync-race"; that of the message for notes and hints */
	const char *text;
	const char *file;		/* ptoc_options.name */
	unsigned line, column, end_line, end_column;	/* from 1, columns in bytes; 0: no position */
	const char *producer_file;	/* where the writer of the input says it comes from, or NULL */
	unsigned producer_line, producer_column;
};

/* Set to defaults by ptoc_options_init; fields are added at the end only. */
struct ptoc_options {
	unsigned size;			/* sizeof(struct ptoc_options) of the caller */
	const char *name;		/* input name for messages, default "<stdin>" */
	int level;			/* 1..3; 0: 3 when the module gives addresses, else 2 */
	enum ptoc_sync sync;		/* default AUTO */
	enum ptoc_emit emit;		/* default CXX */
	int gm_flags_only;		/* 1: no visibility fences (the reference's behaviour) */
	int gm_dcci;			/* 1: a dcci with every fence, also where DMA bypasses the cache */
	int gm_alias;			/* 1: pointer arguments may be the same buffer */
	int v_prune;			/* 1: drop PIPE_V barriers between linear elementwise ops, default 1 */
	int m_always;			/* 1: PIPE_M barriers between dependent products of any size */
	int load_waw;			/* 1: a PIPE_MTE2 barrier between two loads into one place, default 1 */
	int strict_lines;		/* 1: stores that share a GM line in an unsafe way are errors */
	int check;			/* 1: prove the result, default 1 */
	int as_ptoas;			/* 1: the reference's message forms and hand-written-sync unit */
	int explain;			/* 1: fill ptoc_result.explain with text, 2: with JSON */
	const char *dump;		/* letters of passes to dump into ptoc_result.dump, or NULL */
	int color;			/* 1: colour the diagnostics */
	int check_only;			/* 1: the verdict is the product: violations are errors, no text */
	int max_event_ids;		/* event ids per pipe pair, 1..8, default 8 */
	int arch_given;			/* 1: the target is a2/a3 whatever the module's pto.target_arch says */
	int infer_layout;		/* 1: layouts of views without one are inferred, default 1 */
	int plan_modern;		/* 1: tfillpad may share the bytes of its source (--plan-memory-impl=modern) */
	const char *capacity;		/* "vec:65536,acc:4096": bytes of spaces for placement, or NULL */
	enum ptoc_stats stats;		/* fill ptoc_result.stats */
	const char *cost_model;		/* JSON text of a cost model, or NULL for the built-in one */
	size_t cost_model_bytes;
	const char *cost_model_name;	/* its name for messages */
	int timeline;			/* 1: fill ptoc_result.timeline */
	int assume_trips;		/* taken for loops whose trip count is not known, default 16 */
	const char *warnings;		/* "no-shared-line,error=sync-race": the words behind -W, or NULL */
	enum ptoc_diagnostics diagnostics;	/* default TEXT */
	/* called for every message, in the order of ptoc_result.diagnostics, before ptoc_compile returns; or NULL */
	void (*on_diagnostic)(void *user, const struct ptoc_diagnostic *d);
	void *user;
	int multi_buffer;		/* 1: two slots for tiles that a loop fills anew, where that saves time */
	const char *block_index;	/* name of the parameter that holds the block index, or NULL */
	const char *subblock_index;	/* the same for the number of the vector core in its block */
	int improve_addresses;		/* 1: tiles may leave given addresses, where that saves time */
};

/* What the checker says about all sections together. The values are the exit codes of `ptoc --check`. */
enum ptoc_verdict { PTOC_PROVED = 0, PTOC_VIOLATED = 1, PTOC_NOT_CHECKED = 2, PTOC_UNPROVED = 3 };

struct ptoc_result {
	int ok;				/* 1: text is valid */
	int out_of_memory;
	const char *text;		/* C++ or .pto, NUL-terminated; NULL when !ok */
	size_t text_bytes;
	const char *diagnostics;	/* rendered, possibly empty */
	const char *explain;
	const char *dump;
	unsigned errors, warnings;
	void *memory;			/* owned by the result */
	enum ptoc_verdict verdict;	/* NOT_CHECKED when the input has errors or the checker was off */
	const char *stats;
	const char *timeline;		/* SVG */
	void *reserved[8];		/* further fields take their place */
};

/* Sets the first `size` bytes of *o to the defaults: callers may be older or newer than the library. */
PTOC_API void ptoc_options_init_size(struct ptoc_options *o, size_t size);
static inline void
ptoc_options_init(struct ptoc_options *o)
{
	ptoc_options_init_size(o, sizeof *o);
}
/* Compiles `bytes` bytes of text. Always fills *r; release it with ptoc_result_free. Returns r->ok. */
PTOC_API int ptoc_compile(const char *text, size_t bytes, const struct ptoc_options *o, struct ptoc_result *r);
PTOC_API void ptoc_result_free(struct ptoc_result *r);
PTOC_API const char *ptoc_version(void);

#ifdef __cplusplus
}
#endif

#endif
