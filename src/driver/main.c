/*
 * main: the program around the library: the command line, and what it asks for. Exit status: see driver/job.c; a bad
 * command line is a failure, with --check no verdict.
 */
#include "diag/policy.h"
#include "driver/file.h"
#include "driver/job.h"
#include "driver/reduce.h"
#include "driver/review.h"
#include "driver/pipeline.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What lives as long as the process. */
struct program {
	struct arena a;
	jmp_buf oom;
};

static int
print_info(const struct cli *c, struct arena *a, const char *argv0)
{
	struct out o;

	out_init(&o, a);
	if (c->action == CLI_VERSION) {
		out_f(&o, "%s %s\n", cli_prog(argv0), ptoc_version());
	} else {
		cli_help(&o, cli_prog(argv0), c->action == CLI_HELP_HIDDEN);
		out_str(&o, "\nNames of warnings, for -W:\n");
		policy_ids(&o);
		out_str(&o, "\nLetters of -d:\n");
		pipeline_letters(&o);
	}
	int e = file_write(NULL, o.p, o.n);
	if (e)
		fprintf(stderr, "%s: error: cannot write '<stdout>': %s [io]\n", cli_prog(argv0), strerror(e));
	return e ? EXIT_FAILURE : EXIT_SUCCESS;
}

static bool
want_color(const struct cli *c)
{
	return c->color == COLOR_ALWAYS || (c->color == COLOR_AUTO && isatty(STDERR_FILENO));
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
		fprintf(stderr, "%s: error: cannot read '%s': %s [io]\n", cli_prog(argv0), c->cost_model,
			e == EFBIG ? "larger than 1 GiB" : strerror(e));
	else
		c->opt.cost_model = *text;
	return e == 0;
}

static int
compile_inputs(struct cli *c, struct arena *a, const char *argv0)
{
	char *model;

	if (!read_cost_model(c, argv0, &model))
		return c->opt.check_only ? PTOC_NOT_CHECKED : EXIT_FAILURE;
	c->opt.color = want_color(c);
	int status = jobs_run(c, a, argv0);
	free(model);
	return status;
}

/* Was a verdict asked for? Decides the status of a bad command line. */
static bool
asks_for_verdict(int argc, const char *const *argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--check") == 0 || strcmp(argv[i], "-check") == 0 ||
		    strcmp(argv[i], "--reduce") == 0 || strcmp(argv[i], "-reduce") == 0 ||
		    strcmp(argv[i], "--sync-diff") == 0 || strcmp(argv[i], "-sync-diff") == 0)
			return true;
	return false;
}

static int
run(struct arena *a, int argc, const char *const *args)
{
	struct cli c;
	struct out err;

	out_init(&err, a);
	bool ok = cli_parse(&c, a, argc, args, &err);
	fputs(err.p, stderr);
	if (!ok)
		return asks_for_verdict(argc, args) ? PTOC_NOT_CHECKED : EXIT_FAILURE;
	if (c.action == CLI_DIFF)
		return reviews_print(a, c.input_names[0], c.input_names[1], &c.opt, cli_prog(args[0]));
	if (c.action == CLI_REDUCE)
		return reduce_run(&c, a, args[0]);
	return c.action == CLI_COMPILE ? compile_inputs(&c, a, args[0]) : print_info(&c, a, args[0]);
}

static int
no_memory(int argc, const char *const *args)
{
	fprintf(stderr, "%s: error: out of memory\n", cli_prog(args[0]));
	return asks_for_verdict(argc, args) ? PTOC_NOT_CHECKED : EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	const char *const *args = (const char *const *)argv;
	struct program *p = malloc(sizeof *p);

	if (!p)
		return no_memory(argc, args);
	arena_init(&p->a, &p->oom);
	int status = setjmp(p->oom) == 0 ? run(&p->a, argc, args) : no_memory(argc, args);
	arena_free(&p->a);
	free(p);
	return status;
}
