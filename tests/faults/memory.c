/*
 * memory FILE...: the library without memory. arena.c and api.c are built into this program with an allocator that
 * fails at the n-th call, and with chunks so small that every allocation of the compiler is such a call. For every file
 * and every n the compile must end with "out of memory" and nothing else, and give back everything it got.
 *
 * -s STEP: every STEP-th n only.
 */
#include "alloc.h"

#include "ptoc/ptoc.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#undef malloc
#undef calloc
#undef realloc
#undef free

static unsigned long calls, fail_at;
static long live;

static bool
fails(void)
{
	return ++calls == fail_at;
}

void *
fault_malloc(size_t n)
{
	void *p = fails() ? NULL : malloc(n);

	live += p != NULL;
	return p;
}

void *
fault_calloc(size_t n, size_t size)
{
	void *p = fails() ? NULL : calloc(n, size);

	live += p != NULL;
	return p;
}

void *
fault_realloc(void *p, size_t n)
{
	void *q = fails() ? NULL : realloc(p, n);

	live += !p && q;
	return q;
}

void
fault_free(void *p)
{
	live -= p != NULL;
	free(p);
}

/* What one compile is asked for. */
static const struct job {
	const char *name;
	int sync, emit, check_only, all, as_ptoas, level;
} job[] = {
	{"compile", PTOC_SYNC_AUTO, PTOC_EMIT_CXX, 0, 0, 0, 0},
	{"all reports", PTOC_SYNC_AUTO, PTOC_EMIT_CXX, 0, 1, 0, 0},
	{"complete", PTOC_SYNC_COMPLETE, PTOC_EMIT_PTO, 0, 0, 0, 0},
	{"barriers", PTOC_SYNC_BARRIER_ALL, PTOC_EMIT_CXX, 0, 0, 1, 0},
	{"check", PTOC_SYNC_NONE, PTOC_EMIT_NOTHING, 1, 1, 0, 0},
};

static void
job_options(const struct job *j, const char *name, struct ptoc_options *o)
{
	ptoc_options_init(o);
	o->name = name;
	o->sync = (enum ptoc_sync)j->sync;
	o->emit = (enum ptoc_emit)j->emit;
	o->check_only = j->check_only;
	o->as_ptoas = j->as_ptoas;
	o->level = j->level;
	if (j->all) {
		o->explain = o->timeline = 1;
		o->stats = PTOC_STATS_JSON;
		o->dump = "plvhmase";
	}
}

struct input {
	const char *name;
	char *text;
	size_t n;
};

static int
wrong(const struct input *in, const struct job *j, const char *what)
{
	fprintf(stderr, "%s, %s, allocation %lu: %s\n", in->name, j->name, fail_at, what);
	return 1;
}

/* One compile with one failure; *n receives the number of allocations there were. */
static int
run(const struct input *in, const struct job *j, unsigned long fail, unsigned long *n)
{
	struct ptoc_options o;
	struct ptoc_result r;

	job_options(j, in->name, &o);
	calls = 0;
	fail_at = fail;
	live = 0;
	int ok = ptoc_compile(in->text, in->n, &o, &r);
	*n = calls;
	if (fail && fail <= calls) {
		if (ok || r.ok || !r.out_of_memory)
			return wrong(in, j, "the failure goes unnoticed");
		if (r.text || r.diagnostics[0] || r.explain[0] || r.dump[0] || r.stats[0] || r.timeline[0])
			return wrong(in, j, "part of a result");
		if (r.verdict != PTOC_NOT_CHECKED)
			return wrong(in, j, "a verdict");
	} else if (r.out_of_memory) {
		return wrong(in, j, "out of memory without a failure");
	}
	ptoc_result_free(&r);
	return live ? wrong(in, j, "memory is not given back") : 0;
}

static int
run_all(const struct input *in, unsigned long step)
{
	int bad = 0;

	for (size_t k = 0; k < sizeof job / sizeof job[0]; k++) {
		unsigned long total, ignored, n = 0;
		bad += run(in, &job[k], 0, &total);
		for (unsigned long f = 1; f <= total && bad < 10; f += step, n++)
			bad += run(in, &job[k], f, &ignored);
		printf("%s, %s: %lu of %lu allocations made to fail\n", in->name, job[k].name, n, total);
	}
	return bad;
}

static bool
load(struct input *in, const char *path)
{
	enum { MOST = 1 << 20 };
	FILE *f = fopen(path, "rb");
	const char *slash = strrchr(path, '/');

	in->name = slash ? slash + 1 : path;
	in->text = malloc(MOST);
	in->n = f && in->text ? fread(in->text, 1, MOST, f) : 0;
	if (f)
		fclose(f);
	return in->n > 0;
}

int
main(int argc, char **argv)
{
	unsigned long step = 1;
	int c, bad = 0;

	while ((c = getopt(argc, argv, "s:")) != -1) {
		if (c != 's')
			return 2;
		step = strtoul(optarg, NULL, 10);
	}
	for (int k = optind; k < argc; k++) {
		struct input in;
		if (load(&in, argv[k])) {
			bad += run_all(&in, step ? step : 1);
		} else {
			fprintf(stderr, "cannot read %s\n", argv[k]);
			bad++;
		}
		free(in.text);
	}
	return bad != 0;
}
