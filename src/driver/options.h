/*
 * options: the command line -> options of the library, the input and the output.
 *
 * Syntax and message forms are those of the reference compiler (spec cli.md §2, §7) under both program names; only
 * the defaults differ: run as `ptoas` no synchronisation is inserted and tiles are placed by the compiler (level 2).
 */
#ifndef PTOC_DRIVER_OPTIONS_H
#define PTOC_DRIVER_OPTIONS_H

#include "base/out.h"
#include "ptoc/ptoc.h"

enum cli_action { CLI_COMPILE, CLI_DIFF, CLI_REDUCE, CLI_HELP, CLI_HELP_HIDDEN, CLI_VERSION };
enum cli_color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };	/* also of progress */

struct cli {
	struct ptoc_options opt;	/* opt.name is the first input as typed, "<stdin>" for standard input */
	enum cli_action action;
	enum cli_color color;
	const char *cost_model;		/* file to read opt.cost_model from, or NULL */
	const char *timeline;		/* file for the picture, or NULL */
	uint32_t inputs;		/* 0: standard input */
	const char *const *input_names;
	const char *output;		/* NULL: standard output, or out_dir */
	const char *out_dir;		/* folder of the outputs, or NULL */
	const char *save_repro;		/* file for the bug report, or NULL */
	const char *saved_args;		/* options that matter for it, as in a response file */
	int jobs;			/* threads; 0: as many as there are processors */
	bool depfiles;			/* a make rule beside every output */
	const char *depfile;		/* its name for one output, or NULL */
	enum cli_color progress;
};

/*
 * Parses argv; argv[0] decides between ptoc and ptoas. Text that belongs on standard error (one error, or warnings) is
 * appended to err. False on error. Strings point into argv or the arena.
 */
bool cli_parse(struct cli *c, struct arena *a, int argc, const char *const *argv, struct out *err);

/* The usage text; hidden: with the a5-only options. */
void cli_help(struct out *o, const char *prog, bool hidden);

/* What begins the comments of a text that --save-repro wrote, and their line with the options. */
#define REPRO_MARK "// ptoc-repro: "
#define REPRO_ARGS "// ptoc-args:"
/* Where the comments begin; n when there are none. */
size_t cli_repro_end(const char *text, size_t n);

/* The last component of argv[0], and whether it is the reference's name. */
const char *cli_prog(const char *argv0);
bool cli_is_ptoas(const char *argv0);

#endif
