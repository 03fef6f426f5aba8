/*
 * threads FILE...: compiles in one process at the same time. Each thread compiles every file with every kind of report,
 * starting at another one; all must get what one thread alone gets. The thread sanitizer sees what they share.
 */
#include "ptoc/ptoc.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4, FILES_MAX = 64, TEXT_MAX = 1 << 20, KINDS = 3 };

struct input {
	const char *name;
	char *text;
	size_t n;
	struct ptoc_result want[KINDS];
};

struct worker {
	pthread_t id;
	struct input *in;
	int nin, first, bad;
};

static void
compile(const struct input *in, int kind, struct ptoc_result *r)
{
	struct ptoc_options o;

	ptoc_options_init(&o);
	o.name = in->name;
	if (kind == 1) {
		o.explain = o.timeline = 1;
		o.stats = PTOC_STATS_TEXT;
		o.dump = "plvhmase";
	} else if (kind == 2) {
		o.check_only = 1;
		o.sync = PTOC_SYNC_NONE;
		o.emit = PTOC_EMIT_NOTHING;
	}
	ptoc_compile(in->text, in->n, &o, r);
}

static int
differs(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") != 0;
}

static void *
work(void *arg)
{
	struct worker *w = arg;

	for (int k = 0; k < w->nin * KINDS; k++) {
		struct input *in = &w->in[(w->first + k / KINDS) % w->nin];
		const struct ptoc_result *want = &in->want[k % KINDS];
		struct ptoc_result r;
		compile(in, k % KINDS, &r);
		w->bad += differs(r.text, want->text) || differs(r.diagnostics, want->diagnostics) ||
			  differs(r.explain, want->explain) || differs(r.stats, want->stats) ||
			  differs(r.timeline, want->timeline) || differs(r.dump, want->dump) ||
			  r.verdict != want->verdict;
		ptoc_result_free(&r);
	}
	return NULL;
}

static int
load(struct input *in, const char *path)
{
	FILE *f = fopen(path, "rb");

	in->name = path;
	in->text = malloc(TEXT_MAX);
	in->n = f && in->text ? fread(in->text, 1, TEXT_MAX, f) : 0;
	if (f)
		fclose(f);
	for (int k = 0; k < KINDS && in->n; k++)
		compile(in, k, &in->want[k]);
	return in->n > 0;
}

int
main(int argc, char **argv)
{
	static struct input in[FILES_MAX];
	struct worker w[THREADS];
	int n = argc - 1 < FILES_MAX ? argc - 1 : FILES_MAX, bad = 0;

	for (int k = 0; k < n; k++)
		bad += !load(&in[k], argv[k + 1]);
	for (int k = 0; k < THREADS; k++) {
		w[k] = (struct worker){.in = in, .nin = n, .first = k};
		if (pthread_create(&w[k].id, NULL, work, &w[k]) != 0)
			return 2;
	}
	for (int k = 0; k < THREADS; k++) {
		pthread_join(w[k].id, NULL);
		bad += w[k].bad;
	}
	for (int k = 0; k < n; k++) {
		for (int i = 0; i < KINDS; i++)
			ptoc_result_free(&in[k].want[i]);
		free(in[k].text);
	}
	printf("%d files, %d threads, %d differences\n", n, THREADS, bad);
	return bad != 0;
}
