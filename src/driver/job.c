/*
 * job: one input; see job.h. 0 success, 1 any failure. With --check: 0 proved, 1 violated, 3 not provable, 2 no
 * verdict.
 */
#include "driver/job.h"

#include "diag/diag.h"
#include "driver/compile.h"
#include "driver/file.h"
#include "driver/held.h"
#include "driver/repro.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static int
failed(const struct cli *c)
{
	return c->opt.check_only ? PTOC_NOT_CHECKED : EXIT_FAILURE;
}

/* One name of a make rule: blanks and the signs make acts on are escaped. */
static void
rule_name(struct out *o, const char *name)
{
	for (; *name; name++) {
		if (*name == '$')
			out_char(o, '$');
		else if (*name == ' ' || *name == '#' || *name == '\\')
			out_char(o, '\\');
		out_char(o, *name);
	}
}

/* Without memory nothing is written. */
struct rule {
	struct arena a;
	jmp_buf oom;
};

static int
write_rule(struct rule *r, const struct job *j, const struct cli *c)
{
	struct out o;

	out_init(&o, &r->a);
	rule_name(&o, j->output);
	out_char(&o, ':');
	for (int k = 0; k < 2; k++) {
		const char *from = k == 0 ? j->input : c->cost_model;
		if (!from)
			continue;
		out_char(&o, ' ');
		rule_name(&o, from);
	}
	out_char(&o, '\n');
	return file_write(j->depfile, o.p, o.n);
}

static int
write_depfile(const struct job *j, const struct cli *c)
{
	struct rule *r = malloc(sizeof *r);

	if (!r)
		return ENOMEM;
	arena_init(&r->a, &r->oom);
	int e = setjmp(r->oom) == 0 ? write_rule(r, j, c) : ENOMEM;
	arena_free(&r->a);
	free(r);
	return e;
}

/* Remembers the first failure; true when there is none. */
static bool
went_well(struct job *j, const char *verb, const char *name, int e)
{
	if (e && !j->trouble.error)
		j->trouble = (struct trouble){verb, name, e};
	return e == 0;
}

/* The picture of --timeline, when there is one; an input with errors has none. */
static bool
write_timeline(struct job *j, const struct cli *c)
{
	if (!c->timeline || !*j->r.timeline || strcmp(c->timeline, "-") == 0)
		return true;
	return went_well(j, "write", c->timeline, file_write(c->timeline, j->r.timeline, strlen(j->r.timeline)));
}

static bool
write_files(struct job *j, const struct cli *c)
{
	if (!write_timeline(j, c))
		return false;
	if (!j->r.ok || c->opt.emit == PTOC_EMIT_NOTHING)
		return true;
	if (j->depfile && !went_well(j, "write", j->depfile, write_depfile(j, c)))
		return false;
	return !j->output || went_well(j, "write", j->output, file_write(j->output, j->r.text, j->r.text_bytes));
}

static int
compiled_status(const struct job *j, const struct cli *c)
{
	/* proved, and yet not ok: a warning that is to be an error */
	if (c->opt.check_only && j->r.verdict != PTOC_PROVED)
		return (int)j->r.verdict;
	return j->r.ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

void
job_run(struct job *j, const struct cli *c)
{
	struct ptoc_options opt = c->opt;
	struct held in;

	opt.name = j->input ? j->input : "<stdin>";
	if (opt.diagnostics == PTOC_DIAG_SARIF)
		opt.diagnostics = PTOC_DIAG_SARIF_RUN;
	if (!went_well(j, "read", opt.name, held_open(j->input, &in))) {
		j->unread = true;
		j->status = failed(c);
		return;
	}
	compile_sealed(in.text, in.n, &opt, &j->r);
	j->status = compiled_status(j, c);
	bool saved = !c->save_repro || went_well(j, "write", c->save_repro, repro_save(j, c, in.text, in.n));
	held_close(&in);
	if (j->r.out_of_memory && opt.diagnostics != PTOC_DIAG_TEXT) {
		went_well(j, "compile", opt.name, ENOMEM);
		ptoc_result_free(&j->r);
		j->unread = true;
		j->status = failed(c);
		return;
	}
	if (!saved || !write_files(j, c))
		j->status = failed(c);
}

/* ---- printing ---- */

static const char *
reason(int e)
{
	return e == EFBIG ? "larger than 1 GiB" : strerror(e);
}

/* The same for programs: a diagnostic without a position. */
static void
log_trouble(const struct job *j, const struct cli *c)
{
	bool json = c->opt.diagnostics == PTOC_DIAG_JSON;
	struct source src = {.name = j->trouble.name};
	struct arena a;
	struct diags d;
	struct out o;

	arena_init(&a, NULL);
	diags_init(&d, &a, &src);
	out_init(&o, &a);
	diag_report(&d, DIAG_IO, (struct span){0, 0}, "cannot %s '%s': %s", j->trouble.verb, j->trouble.name,
		    reason(j->trouble.error));
	if (!json && (j->later || !j->unread))
		out_char(&o, ',');
	diags_render(&d, &o, (struct diag_style){
		.format = json ? DIAG_JSON : DIAG_SARIF_RUN, .version = ptoc_version(),
	});
	fputs(o.p, stderr);
	arena_free(&a);
}

/* The reference's forms are matched by its clients; ours name the file. */
static void
print_trouble(const struct job *j, const struct cli *c, const char *argv0)
{
	const struct trouble *t = &j->trouble;

	if (c->opt.diagnostics != PTOC_DIAG_TEXT)
		log_trouble(j, c);
	else if (c->opt.as_ptoas && j->unread)
		fprintf(stderr, "Error: Could not open input file: %s\n", strerror(t->error));
	else if (c->opt.as_ptoas)
		fprintf(stderr, "%s\n", strerror(t->error));
	else
		fprintf(stderr, "%s: error: cannot %s '%s': %s [io]\n", cli_prog(argv0), t->verb, t->name,
			reason(t->error));
}

/* Reports are the product when there is no other one. */
static void
print_report(struct job *j, const struct cli *c, const char *text, bool product)
{
	if (!product)
		fputs(text, stderr);
	else if (!went_well(j, "write", "<stdout>", file_write(NULL, text, strlen(text))))
		j->status = failed(c);
}

/* What goes to standard output: one of picture, report and text, or nothing. */
static void
print_output(struct job *j, const struct cli *c)
{
	int e = 0;

	if (c->timeline && strcmp(c->timeline, "-") == 0 && !j->trouble.error)
		e = file_write(NULL, j->r.timeline, strlen(j->r.timeline));
	if (!e && j->r.ok && !j->output && c->opt.emit != PTOC_EMIT_NOTHING && !j->trouble.error)
		e = file_write(NULL, j->r.text, j->r.text_bytes);
	if (!went_well(j, "write", "<stdout>", e))
		j->status = failed(c);
}

void
job_print(struct job *j, const struct cli *c, const char *argv0)
{
	bool alone = c->opt.emit == PTOC_EMIT_NOTHING;

	if (!j->unread) {
		if (j->r.out_of_memory && c->opt.diagnostics == PTOC_DIAG_TEXT)
			fprintf(stderr, "%s: error: out of memory\n", cli_prog(argv0));
		fputs(j->r.dump, stderr);
		if (c->opt.diagnostics == PTOC_DIAG_SARIF && j->later)
			fputc(',', stderr);
		fputs(j->r.diagnostics, stderr);
		print_report(j, c, j->r.explain, alone && c->opt.explain == 2);
		print_report(j, c, j->r.stats, alone);
		print_output(j, c);
	}
	if (j->trouble.error)
		print_trouble(j, c, argv0);
	if (!j->unread)
		ptoc_result_free(&j->r);
}
