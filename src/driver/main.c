/*
 * main: the program around the library: files in, files out, messages on standard error, the exit status.
 *
 * 0 success; 1 any failure. With --check: 0 proved, 1 violated, 3 not provable, 2 no verdict (bad usage or input).
 */
#include "driver/file.h"
#include "driver/options.h"
#include "driver/review.h"
#include "driver/pipeline.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int
print_info(const struct cli *c, struct arena *a, const char *argv0)
{
	struct out o;

	out_init(&o, a);
	if (c->action == CLI_VERSION) {
		out_f(&o, "%s %s\n", cli_prog(argv0), ptoc_version());
	} else {
		cli_help(&o, cli_prog(argv0), c->action == CLI_HELP_HIDDEN);
		out_str(&o, "\nLetters of -d:\n");
		pipeline_letters(&o);
	}
	return file_write(NULL, o.p, o.n) ? EXIT_FAILURE : EXIT_SUCCESS;
}

static void
cannot(const char *argv0, const char *verb, const char *name, int e)
{
	fprintf(stderr, "%s: error: cannot %s '%s': %s [io]\n", cli_prog(argv0), verb, name,
		e == EFBIG ? "larger than 1 GiB" : strerror(e));
}

/* The reference's forms are matched by its clients; ours name the file. */
static void
cannot_read(const struct cli *c, const char *argv0, int e)
{
	if (c->opt.as_ptoas)
		fprintf(stderr, "Error: Could not open input file: %s\n", strerror(e));
	else
		cannot(argv0, "read", c->opt.name, e);
}

static void
cannot_write(const struct cli *c, const char *argv0, int e)
{
	if (c->opt.as_ptoas)
		fprintf(stderr, "%s\n", strerror(e));
	else
		cannot(argv0, "write", c->output ? c->output : "<stdout>", e);
}

static bool
want_color(const struct cli *c)
{
	return c->color == COLOR_ALWAYS || (c->color == COLOR_AUTO && isatty(STDERR_FILENO));
}

/* The picture of --timeline, when there is one; an input with errors has none. */
static bool
write_timeline(const struct cli *c, const struct ptoc_result *r, const char *argv0)
{
	if (!c->timeline || !*r->timeline)
		return true;
	int e = file_write(strcmp(c->timeline, "-") == 0 ? NULL : c->timeline, r->timeline, strlen(r->timeline));
	if (e)
		cannot(argv0, "write", c->timeline, e);
	return e == 0;
}

/* Prints the messages of a finished compile and writes its output. */
static int
finish(const struct cli *c, const struct ptoc_result *r, const char *argv0)
{
	int e = 0;

	if (r->out_of_memory)
		fprintf(stderr, "%s: error: out of memory\n", cli_prog(argv0));
	fputs(r->dump, stderr);
	fputs(r->diagnostics, stderr);
	fputs(r->explain, c->opt.emit == PTOC_EMIT_NOTHING && c->opt.explain == 2 ? stdout : stderr);
	fputs(r->stats, c->opt.emit == PTOC_EMIT_NOTHING ? stdout : stderr);
	if (!r->ok && !c->opt.check_only)
		return EXIT_FAILURE;
	if (!write_timeline(c, r, argv0))
		return c->opt.check_only ? PTOC_NOT_CHECKED : EXIT_FAILURE;
	if (c->opt.check_only)
		return (int)r->verdict;
	if (c->opt.emit != PTOC_EMIT_NOTHING)
		e = file_write(c->output, r->text, r->text_bytes);
	if (e)
		cannot_write(c, argv0, e);
	return e ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* The file of --cost-model into *text, NULL when there is none. */
static bool
read_cost_model(struct cli *c, const char *argv0, char **text)
{
	*text = NULL;
	if (!c->cost_model)
		return true;
	int e = file_read(c->cost_model, text, &c->opt.cost_model_bytes);
	if (e)
		cannot(argv0, "read", c->cost_model, e);
	else
		c->opt.cost_model = *text;
	return e == 0;
}

static int
compile_input(struct cli *c, const char *argv0)
{
	char *text, *model;
	size_t n;
	struct ptoc_result r;

	if (!read_cost_model(c, argv0, &model))
		return c->opt.check_only ? PTOC_NOT_CHECKED : EXIT_FAILURE;
	int e = file_read(c->input, &text, &n);
	if (e) {
		free(model);
		cannot_read(c, argv0, e);
		return c->opt.check_only ? PTOC_NOT_CHECKED : EXIT_FAILURE;
	}
	c->opt.color = want_color(c);
	ptoc_compile(text, n, &c->opt, &r);
	int status = finish(c, &r, argv0);
	ptoc_result_free(&r);
	free(text);
	free(model);
	return status;
}

/* Was a verdict asked for? Decides the status of a bad command line. */
static bool
asks_for_verdict(int argc, const char *const *argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--check") == 0 || strcmp(argv[i], "-check") == 0 ||
		    strcmp(argv[i], "--sync-diff") == 0 || strcmp(argv[i], "-sync-diff") == 0)
			return true;
	return false;
}

int
main(int argc, char **argv)
{
	const char *const *args = (const char *const *)argv;
	struct arena a;
	struct cli c;
	struct out err;
	int status;

	arena_init(&a, NULL);
	out_init(&err, &a);
	bool ok = cli_parse(&c, &a, argc, args, &err);
	fputs(err.p, stderr);
	if (!ok)
		status = asks_for_verdict(argc, args) ? PTOC_NOT_CHECKED : EXIT_FAILURE;
	else if (c.action == CLI_DIFF)
		status = reviews_print(c.input, c.input2, &c.opt, cli_prog(args[0]));
	else if (c.action != CLI_COMPILE)
		status = print_info(&c, &a, args[0]);
	else
		status = compile_input(&c, args[0]);
	arena_free(&a);
	return status;
}
