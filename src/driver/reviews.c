/*
 * reviews: files and folders of review.h; part of the program, not of the library. Pairs are compared by as many
 * threads as there are processors; what is printed does not depend on them.
 */
#include "driver/review.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { THREADS_MAX = 64, DETAILS_MAX = 20, FOLDERS_DEEP = 32 };

struct names {
	struct arena *a;
	VEC(const char *) at;	/* below the folder */
};

/* What one thread works in; out of memory ends the review at hand. */
struct room {
	struct arena a;
	jmp_buf oom;
	struct work *work;
};

struct work {
	struct review *r;
	uint32_t n, next;
	const struct ptoc_options *opt;
	pthread_mutex_t lock;
	struct room room[THREADS_MAX];
};

static const char *
joined(struct arena *a, const char *folder, const char *name)
{
	struct out o;

	out_init(&o, a);
	out_f(&o, "%s%s%s", folder, folder[0] ? "/" : "", name);
	return o.p;
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool
is_kernel(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && (strcmp(dot, ".cpp") == 0 || strcmp(dot, ".cc") == 0 || strcmp(dot, ".cxx") == 0 ||
		       strcmp(dot, ".cce") == 0 || strcmp(dot, ".pto") == 0);
}

/* Recursion over folders. Returns the first one that cannot be read, errno saying why, or NULL. */
static const char *
collect(struct names *n, const char *root, const char *below, int deep)
{
	const char *path = below[0] ? joined(n->a, root, below) : root, *bad = NULL;
	DIR *d = opendir(path);
	struct dirent *e;

	if (!d)
		return path;
	while (!bad && (errno = 0, e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		const char *name = joined(n->a, below, e->d_name);
		if (is_folder(joined(n->a, root, name))) {
			if (deep < FOLDERS_DEEP)
				bad = collect(n, root, name, deep + 1);
		} else if (is_kernel(name)) {
			VEC_PUSH(n->a, &n->at, name);
		}
	}
	if (!bad && errno)
		bad = path;
	int why = errno;
	closedir(d);
	errno = why;
	return bad;
}

static int
name_cmp(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
sort_names(struct names *n)
{
	if (n->at.n)
		qsort(n->at.at, n->at.n, sizeof *n->at.at, name_cmp);
}

/* Names of both folders, merged. */
static struct review *
pair_up(struct arena *a, const char *was, const char *now, struct names *x, struct names *y, uint32_t *n)
{
	struct review *r = ARENA_ARRAY(a, struct review, x->at.n + y->at.n + 1);
	uint32_t i = 0, j = 0;

	for (*n = 0; i < x->at.n || j < y->at.n; ++*n) {
		int c = i == x->at.n ? 1 : j == y->at.n ? -1 : strcmp(x->at.at[i], y->at.at[j]);
		r[*n].name = c <= 0 ? x->at.at[i] : y->at.at[j];
		if (c <= 0)
			r[*n].path[0] = joined(a, was, x->at.at[i++]);
		if (c >= 0)
			r[*n].path[1] = joined(a, now, y->at.at[j++]);
	}
	return r;
}

/* Without memory r->detail stays NULL. */
static void
run_one(struct room *m, struct review *r)
{
	arena_init(&m->a, &m->oom);
	if (setjmp(m->oom) == 0)
		review_run(&m->a, r, m->work->opt);
	arena_free(&m->a);
}

static void *
worker(void *arg)
{
	struct room *m = arg;
	struct work *w = m->work;

	for (;;) {
		pthread_mutex_lock(&w->lock);
		uint32_t k = w->next < w->n ? w->next++ : w->n;
		pthread_mutex_unlock(&w->lock);
		if (k == w->n)
			return NULL;
		run_one(m, &w->r[k]);
	}
}

static void
run_all(struct arena *a, struct review *r, uint32_t n, const struct ptoc_options *opt)
{
	struct work *w = ARENA_NEW(a, struct work);
	pthread_t thread[THREADS_MAX];
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	uint32_t want = cpus < 1 ? 1 : cpus > THREADS_MAX ? THREADS_MAX : (uint32_t)cpus, made = 0;

	w->r = r;
	w->n = n;
	w->opt = opt;
	for (uint32_t k = 0; k < want; k++)
		w->room[k].work = w;
	pthread_mutex_init(&w->lock, NULL);
	while (made + 1 < want && made + 1 < n &&
	       pthread_create(&thread[made], NULL, worker, &w->room[made + 1]) == 0)
		made++;
	worker(&w->room[0]);
	for (uint32_t k = 0; k < made; k++)
		pthread_join(thread[k], NULL);
	pthread_mutex_destroy(&w->lock);
}

/* ---- printing ---- */

static const char *const state_word[REVIEW_STATES] = {
	[REVIEW_SAME] = "same", [REVIEW_OTHER] = "other", [REVIEW_BETTER] = "better", [REVIEW_WORSE] = "worse",
	[REVIEW_GONE] = "only in OLD", [REVIEW_NEW] = "only in NEW", [REVIEW_UNREADABLE] = "unreadable",
};

static void
print_summary(const struct review *r, uint32_t n)
{
	static const enum review_state order[] = {REVIEW_WORSE, REVIEW_UNREADABLE, REVIEW_GONE, REVIEW_NEW,
						  REVIEW_BETTER, REVIEW_OTHER, REVIEW_SAME};
	static const char *const what[REVIEW_STATES] = {
		[REVIEW_SAME] = "the same synchronisation",
		[REVIEW_OTHER] = "other flags, barriers, fences or cost; every hazard as before",
		[REVIEW_BETTER] = "hazards ordered that were not",
		[REVIEW_WORSE] = "hazards no longer ordered, or a verdict that got worse",
		[REVIEW_GONE] = "",
		[REVIEW_NEW] = "",
		[REVIEW_UNREADABLE] = "one side or both",
	};
	uint32_t count[REVIEW_STATES] = {0};
	int64_t was = 0, now = 0;

	for (uint32_t k = 0; k < n; k++) {
		count[r[k].state]++;
		if (r[k].state <= REVIEW_WORSE && r[k].cost[0] >= 0 && r[k].cost[1] >= 0) {
			was += r[k].cost[0];
			now += r[k].cost[1];
		}
	}
	printf("%u file%s\n", n, n == 1 ? "" : "s");
	for (size_t k = 0; k < sizeof order / sizeof order[0]; k++)
		if (count[order[k]])
			printf("%6u %s%s%s\n", count[order[k]], state_word[order[k]], what[order[k]][0] ? ": " : "",
			       what[order[k]]);
	if (was || now)
		printf("cycles under the model: %lld -> %lld", (long long)was, (long long)now);
	if (was > 0)
		printf(" (%+.1f %%)", 100.0 * ((double)now - (double)was) / (double)was);
	printf("%s", was || now ? "\n" : "");
}

static const char *
verdict_name(enum ptoc_verdict v)
{
	switch (v) {
	case PTOC_PROVED:
		return "proved";
	case PTOC_VIOLATED:
		return "violated";
	case PTOC_UNPROVED:
		return "not provable";
	case PTOC_NOT_CHECKED:
		break;
	}
	return "not read";
}

/* "; set -1 +2" for each kind that came or went. */
static void
print_changes(const struct review *r)
{
	static const char *const kind[REVIEW_KINDS] = {
		[REVIEW_SET] = "set", [REVIEW_WAIT] = "wait", [REVIEW_BARRIER] = "barrier", [REVIEW_FENCE] = "fence",
		[REVIEW_CACHE] = "dcci",
	};

	for (int k = 0; k < REVIEW_KINDS; k++)
		if (r->went[k] || r->came[k])
			printf("; %s -%u +%u", kind[k], r->went[k], r->came[k]);
	printf("\n");
}

static void
print_row(const struct review *r)
{
	bool both = r->state != REVIEW_GONE && r->state != REVIEW_NEW;

	printf("%-12s %s", state_word[r->state], r->name);
	if (both)
		printf(": %s -> %s", verdict_name(r->verdict[0]), verdict_name(r->verdict[1]));
	if (r->lost || r->gained)
		printf("; hazards -%u +%u", r->lost, r->gained);
	if (both && r->cost[0] >= 0 && r->cost[1] >= 0 && r->cost[0] != r->cost[1])
		printf("; cycles %+lld", (long long)(r->cost[1] - r->cost[0]));
	print_changes(r);
}

static int
sort_reviews(const void *a, const void *b)
{
	return review_cmp(a, b);
}

static int
status_of(const struct review *r, uint32_t n)
{
	int status = 0;

	for (uint32_t k = 0; k < n; k++) {
		if (r[k].state == REVIEW_UNREADABLE)
			return 2;
		if (r[k].state != REVIEW_WORSE)
			continue;
		if (r[k].verdict[1] == PTOC_VIOLATED)
			status = 1;
		else if (!status)
			status = 3;
	}
	return status;
}

static bool
all_done(const struct review *r, uint32_t n)
{
	for (uint32_t k = 0; k < n; k++)
		if (!r[k].detail)
			return false;
	return true;
}

/* The exit status, after everything is printed. */
static int
print_all(struct review *r, uint32_t n, const char *prog)
{
	uint32_t shown = 0;

	if (!all_done(r, n)) {
		fprintf(stderr, "%s: error: out of memory\n", prog);
		return 2;
	}
	print_summary(r, n);
	if (n)
		qsort(r, n, sizeof *r, sort_reviews);
	for (uint32_t k = 0; k < n; k++)
		if (r[k].state != REVIEW_SAME)
			print_row(&r[k]);
	for (uint32_t k = 0; k < n && shown < DETAILS_MAX; k++) {
		if (!r[k].detail[0])
			continue;
		printf("\n%s\n%s", r[k].name, r[k].detail);
		shown++;
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "%s: error: cannot write '<stdout>': %s [io]\n", prog, strerror(errno));
		return 2;
	}
	return n ? status_of(r, n) : 2;
}

int
reviews_print(struct arena *a, const char *old_path, const char *new_path, const struct ptoc_options *opt,
	      const char *prog)
{
	struct review *r;
	uint32_t n = 1;

	if (is_folder(old_path) != is_folder(new_path)) {
		fprintf(stderr, "%s: error: give two files or two folders\n", prog);
		return 2;
	}
	if (is_folder(old_path)) {
		struct names x = {.a = a}, y = {.a = a};
		const char *bad = collect(&x, old_path, "", 0);
		if (!bad)
			bad = collect(&y, new_path, "", 0);
		if (bad) {
			fprintf(stderr, "%s: error: cannot read '%s': %s [io]\n", prog, bad, strerror(errno));
			return 2;
		}
		sort_names(&x);
		sort_names(&y);
		r = pair_up(a, old_path, new_path, &x, &y, &n);
	} else {
		r = ARENA_NEW(a, struct review);
		*r = (struct review){.name = new_path, .path = {old_path, new_path}};
	}
	run_all(a, r, n, opt);
	int status = print_all(r, n, prog);
	for (uint32_t k = 0; k < n; k++)
		free(r[k].detail);
	return status;
}
