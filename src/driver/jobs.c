/*
 * jobs: all inputs of a run; see job.h. Threads take the inputs in order and never run far ahead of the one printed
 * next, so that no more than a few results are held; the main thread prints in the order of the command line.
 */
#include "driver/job.h"

#include "diag/machine.h"
#include "driver/file.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { THREADS_MAX = 256, AHEAD = 4, PATIENCE_MS = 300 };

struct batch {
	const struct cli *c;
	struct job *job;
	uint32_t n, next, printed, threads;
	pthread_mutex_t lock;
	pthread_cond_t change;
};

/* ---- names ---- */

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* `path` with `suffix` in place of the extension of its last component. */
static const char *
with_suffix(struct arena *a, const char *path, const char *suffix)
{
	const char *base = base_name(path), *dot = strrchr(base, '.');
	size_t n = dot && dot != base ? (size_t)(dot - path) : strlen(path);
	struct out o;

	out_init(&o, a);
	out_strv(&o, (struct strv){path, (uint32_t)n});
	out_str(&o, suffix);
	return o.p;
}

static void
name_files(struct job *j, const struct cli *c, struct arena *a)
{
	struct out o;

	if (c->out_dir && j->input && c->opt.emit != PTOC_EMIT_NOTHING) {
		out_init(&o, a);
		out_f(&o, "%s%s%s", c->out_dir, c->out_dir[strlen(c->out_dir) - 1] == '/' ? "" : "/",
		      base_name(j->input));
		j->output = with_suffix(a, o.p, c->opt.emit == PTOC_EMIT_PTO ? ".pto" : ".cpp");
	}
	if (c->depfile)
		j->depfile = c->depfile;
	else if (c->depfiles && j->output)
		j->depfile = with_suffix(a, j->output, ".d");
}

static int
output_cmp(const void *pa, const void *pb)
{
	const struct job *const *a = pa, *const *b = pb;
	int c = strcmp((*a)->output, (*b)->output);

	return c ? c : *a < *b ? -1 : *a > *b;
}

static bool
is_input(const struct job *j, const char *name)
{
	struct stat in, out;

	return name && j->input && stat(j->input, &in) == 0 && stat(name, &out) == 0 && S_ISREG(out.st_mode) &&
	       in.st_ino == out.st_ino && in.st_dev == out.st_dev;
}

/* Nothing is written over an input; only a module that is printed again may take the place of its text. */
static bool
spares_input(const struct cli *c, const struct job *j, const char *argv0)
{
	bool again = c->output && c->opt.emit == PTOC_EMIT_PTO;
	const char *const name[] = {again ? NULL : j->output, c->timeline, j->depfile, c->save_repro};

	for (uint32_t k = 0; k < sizeof name / sizeof name[0]; k++) {
		if (is_input(j, name[k])) {
			fprintf(stderr, "%s: error: '%s' would be written over its own input [io]\n", cli_prog(argv0),
				name[k]);
			return false;
		}
	}
	return true;
}

/* Two inputs must not meet in one output. */
static bool
names_are_apart(struct batch *b, struct arena *a, const char *argv0)
{
	struct job **by_output = ARENA_ARRAY(a, struct job *, b->n);

	for (uint32_t k = 0; k < b->n; k++) {
		by_output[k] = &b->job[k];
		if (!b->job[k].output)
			return true;
	}
	qsort(by_output, b->n, sizeof(struct job *), output_cmp);
	for (uint32_t k = 1; k < b->n; k++) {
		if (strcmp(by_output[k - 1]->output, by_output[k]->output) != 0)
			continue;
		fprintf(stderr, "%s: error: '%s' and '%s' would both be written to '%s' [io]\n", cli_prog(argv0),
			by_output[k - 1]->input, by_output[k]->input, by_output[k]->output);
		return false;
	}
	return true;
}

/* Makes a folder and those above it. Returns 0 or an errno value. */
static int
make_folder(struct arena *a, const char *path)
{
	size_t n = strlen(path);
	char *p = arena_alloc(a, n + 1);
	struct stat st;

	memcpy(p, path, n + 1);
	for (char *s = p + 1; *s; s++) {
		if (*s != '/')
			continue;
		*s = '\0';
		if (mkdir(p, 0777) < 0 && errno != EEXIST && errno != EISDIR)
			return errno;
		*s = '/';
	}
	if (mkdir(p, 0777) < 0 && errno != EEXIST)
		return errno;
	if (stat(p, &st) < 0)
		return errno;
	return S_ISDIR(st.st_mode) ? 0 : ENOTDIR;
}

/* ---- threads ---- */

static void *
worker(void *arg)
{
	struct batch *b = arg;

	pthread_mutex_lock(&b->lock);
	for (;;) {
		while (b->next < b->n && b->next - b->printed >= AHEAD * b->threads)
			pthread_cond_wait(&b->change, &b->lock);
		if (b->next >= b->n)
			break;
		struct job *j = &b->job[b->next++];
		pthread_mutex_unlock(&b->lock);
		job_run(j, b->c);
		pthread_mutex_lock(&b->lock);
		j->done = true;
		pthread_cond_broadcast(&b->change);
	}
	pthread_mutex_unlock(&b->lock);
	return NULL;
}

static uint32_t
thread_count(const struct cli *c, uint32_t n)
{
	long want = c->jobs;

	if (want == 0)
		want = sysconf(_SC_NPROCESSORS_ONLN);
	if (want < 1)
		want = 1;
	if (want > THREADS_MAX)
		want = THREADS_MAX;
	return (uint32_t)want < n ? (uint32_t)want : n;
}

/* ---- progress ---- */

struct progress {
	bool shown, in_place;		/* in_place: one line of a terminal, written again and again */
	bool dirty;			/* that line is there now */
	struct timespec quiet_until;
};

static struct progress
progress_begin(const struct cli *c, uint32_t n)
{
	struct progress g = {.in_place = isatty(STDERR_FILENO) == 1};

	g.shown = n > 1 && (c->progress == COLOR_ALWAYS || (c->progress == COLOR_AUTO && g.in_place));
	clock_gettime(CLOCK_MONOTONIC, &g.quiet_until);
	if (c->progress == COLOR_AUTO)
		g.quiet_until.tv_nsec += PATIENCE_MS * 1000000L;
	return g;
}

static bool
is_over(struct timespec t)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - t.tv_sec) * 1e9 + (double)(now.tv_nsec - t.tv_nsec) >= 0;
}

static void
progress_hide(struct progress *g)
{
	if (g->dirty)
		fputs("\r\033[K", stderr);
	g->dirty = false;
}

static void
progress_show(struct progress *g, uint32_t done, uint32_t n, const char *name)
{
	if (!g->shown || !is_over(g->quiet_until))
		return;
	progress_hide(g);
	fprintf(stderr, "[%u/%u] %s%s", done, n, name, g->in_place ? "" : "\n");
	fflush(stderr);
	g->dirty = g->in_place;
}

/* ---- the run ---- */

static int
worse(const struct cli *c, int a, int b)
{
	static const int rank[] = {
		[PTOC_PROVED] = 0, [PTOC_UNPROVED] = 1, [PTOC_NOT_CHECKED] = 2, [PTOC_VIOLATED] = 3,
	};

	if (!c->opt.check_only)
		return a ? a : b;
	return rank[a] >= rank[b] ? a : b;
}

/* Prints every result as soon as it and all before it are there. */
static int
print_in_order(struct batch *b, const char *argv0)
{
	struct progress g = progress_begin(b->c, b->n);
	int status = 0;

	for (uint32_t k = 0; k < b->n; k++) {
		struct job *j = &b->job[k];
		pthread_mutex_lock(&b->lock);
		while (!j->done)
			pthread_cond_wait(&b->change, &b->lock);
		pthread_mutex_unlock(&b->lock);
		progress_hide(&g);
		job_print(j, b->c, argv0);
		status = worse(b->c, status, j->status);
		progress_show(&g, k + 1, b->n, j->input);
		pthread_mutex_lock(&b->lock);
		b->printed++;
		pthread_cond_broadcast(&b->change);
		pthread_mutex_unlock(&b->lock);
	}
	progress_hide(&g);
	return status;
}

/* One after the other, in this thread: one input, one job, or no thread to be had. */
static int
run_here(struct batch *b, const char *argv0)
{
	struct progress g = progress_begin(b->c, b->n);
	int status = 0;

	for (uint32_t k = 0; k < b->n; k++) {
		struct job *j = &b->job[k];
		job_run(j, b->c);
		progress_hide(&g);
		job_print(j, b->c, argv0);
		status = worse(b->c, status, j->status);
		progress_show(&g, k + 1, b->n, j->input);
	}
	progress_hide(&g);
	return status;
}

static int
run_threads(struct batch *b, const char *argv0)
{
	pthread_t thread[THREADS_MAX];
	uint32_t made = 0;

	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->change, NULL);
	while (made < b->threads && pthread_create(&thread[made], NULL, worker, b) == 0)
		made++;
	int status = made ? print_in_order(b, argv0) : run_here(b, argv0);
	for (uint32_t k = 0; k < made; k++)
		pthread_join(thread[k], NULL);
	pthread_cond_destroy(&b->change);
	pthread_mutex_destroy(&b->lock);
	return status;
}

int
jobs_run(const struct cli *c, struct arena *a, const char *argv0)
{
	struct batch b = {.c = c, .n = c->inputs ? c->inputs : 1};
	int bad = c->opt.check_only ? PTOC_NOT_CHECKED : EXIT_FAILURE;

	b.job = ARENA_ARRAY(a, struct job, b.n);
	for (uint32_t k = 0; k < b.n; k++) {
		b.job[k] = (struct job){.output = c->output, .later = k > 0};
		b.job[k].input = c->inputs ? c->input_names[k] : NULL;
		name_files(&b.job[k], c, a);
		if (!spares_input(c, &b.job[k], argv0))
			return bad;
	}
	if (c->out_dir && !names_are_apart(&b, a, argv0))
		return bad;
	int e = c->out_dir && c->opt.emit != PTOC_EMIT_NOTHING ? make_folder(a, c->out_dir) : 0;
	if (e) {
		fprintf(stderr, "%s: error: cannot make the folder '%s': %s [io]\n", cli_prog(argv0), c->out_dir,
			strerror(e));
		return bad;
	}
	b.threads = thread_count(c, b.n);
	struct out begin, end;
	out_init(&begin, a);
	out_init(&end, a);
	if (c->opt.diagnostics == PTOC_DIAG_SARIF) {
		sarif_begin(&begin);
		sarif_end(&end);
	}
	fputs(begin.p, stderr);
	int status = b.threads > 1 ? run_threads(&b, argv0) : run_here(&b, argv0);
	fputs(end.p, stderr);
	return status;
}
