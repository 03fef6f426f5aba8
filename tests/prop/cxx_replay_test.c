/*
 * cxx_replay_test: counter-examples found in printed C++, run by the interpreter.
 *
 *   cxx_replay_test [-s] [-m] [-v NAME]... FILE_OR_FOLDER...
 *
 * Every violation of every .cpp must be one: the inputs of the counter-example make the interpreter see it. With -m
 * each text is also tried with every line of synchronisation taken out in turn. -v NAME: the file must have a round
 * trip through global memory that is not visible. -s: what is not there is skipped (status 77 when nothing is left).
 */
#include "files.h"
#include "synced.h"

#include <stdio.h>

struct tally {
	const char *visible[16];
	uint32_t nvisible, nfound, nfile, nviolated, n[REPLAY_KIND_COUNT], bad;
	bool cut;
};

static bool
reads_unknown(const struct prog *p, const struct part *s)
{
	for (uint32_t k = 0; k < p->cxxin.unknown.n; k++)
		if (op_enclosing(&p->ir, p->cxxin.unknown.at[k].op, OP_FUNC).i == s->func.i)
			return true;
	return false;
}

static bool
has_invisible(const struct check_result *r)
{
	for (uint32_t i = 0; i < r->finding.n; i++)
		if (r->finding.at[i].verdict == CHECK_VIOLATED && r->finding.at[i].kind == CK_VISIBLE)
			return true;
	return false;
}

static void
kernel(struct prog *p, const struct part *s, const char *what, struct tally *t, bool *invisible)
{
	struct arena scratch;
	struct check_result r;
	struct out why;
	uint32_t n[REPLAY_KIND_COUNT] = {0};

	arena_init(&scratch, NULL);
	out_init(&why, &scratch);
	if (!reads_unknown(p, s) && part_check_all(p, &scratch, s, &r, &why) == CHECK_VIOLATED) {
		part_replay(p, &scratch, s, &r, n);
		t->nviolated++;
		*invisible |= has_invisible(&r);
		if (n[REPLAY_REFUTED] || n[REPLAY_UNABLE]) {
			printf("  %s: %u refuted, %u not run: %s\n", what, n[REPLAY_REFUTED], n[REPLAY_UNABLE],
			       out_text(&why).p);
			t->bad++;
		}
	}
	for (uint32_t k = 0; k < REPLAY_KIND_COUNT; k++)
		t->n[k] += n[k];
	arena_free(&scratch);
}

static void
look(const char *name, const char *text, size_t n, const char *what, struct tally *t)
{
	struct prog p;
	struct parts l = {0};
	bool invisible = false, wanted = false;

	if (!prog_load(&p, name, text, n)) {
		printf("  %s: does not load\n%s", what, out_text(&p.text).p);
		t->bad++;
	} else {
		parts_find(&l, &p);
		for (uint32_t i = 0; i < l.all.n; i++)
			kernel(&p, &l.all.at[i], what, t, &invisible);
	}
	prog_free(&p);
	for (uint32_t i = 0; i < t->nvisible; i++)
		wanted = wanted || strcmp(t->visible[i], what) == 0;
	t->nfound += wanted;
	if (wanted && !invisible) {
		printf("  %s: nothing that is not visible was found\n", what);
		t->bad++;
	}
}

static bool
is_sync(const char *line, const char *end)
{
	static const char *const word[] = {"set_flag(", "wait_flag(", "pipe_barrier(", "dsb("};

	while (line < end && (*line == ' ' || *line == '\t'))
		line++;
	for (size_t k = 0; k < sizeof word / sizeof word[0]; k++)
		if ((size_t)(end - line) > strlen(word[k]) && memcmp(line, word[k], strlen(word[k])) == 0)
			return true;
	return false;
}

/* The text with one line blank, for every line of synchronisation. */
static void
look_cut(const char *name, char *text, size_t n, struct tally *t)
{
	char what[512];
	unsigned line = 1;

	for (char *at = text, *end; at < text + n; at = end + 1, line++) {
		char keep;
		end = memchr(at, '\n', (size_t)(text + n - at));
		if (!end)
			break;
		if (!is_sync(at, end))
			continue;
		keep = *at;
		*at = '/';
		char second = at[1];
		at[1] = '/';
		snprintf(what, sizeof what, "%.400s without line %u", name, line);
		look(name, text, n, what, t);
		*at = keep;
		at[1] = second;
	}
}

static void
file(const char *path, void *arg)
{
	struct tally *t = arg;
	struct arena a;
	size_t n;

	arena_init(&a, NULL);
	char *text = prog_read(&a, path, &n);
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	if (text) {
		t->nfile++;
		look(name, text, n, name, t);
		if (t->cut)
			look_cut(name, text, n, t);
	} else {
		printf("  %s: cannot be read\n", path);
		t->bad++;
	}
	arena_free(&a);
}

int
main(int argc, char **argv)
{
	struct tally t = {.cut = false};
	bool skip = false;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-s") == 0)
			skip = true;
		else if (strcmp(argv[i], "-m") == 0)
			t.cut = true;
		else if (strcmp(argv[i], "-v") == 0 && i + 1 < argc && t.nvisible < 16)
			t.visible[t.nvisible++] = argv[++i];
		else if (!skip || files_is_folder(argv[i]))
			files_each_of(argv[i], ".cpp", file, &t);
	}
	if (skip && !t.nfile)
		return 77;
	printf("%u files, %u violated sections; counter-examples: %u shown by a schedule, %u by the clocks, "
	       "%u not run, %u refuted\n", t.nfile, t.nviolated, t.n[REPLAY_SHOWN], t.n[REPLAY_CLOCKS],
	       t.n[REPLAY_UNABLE], t.n[REPLAY_REFUTED]);
	return t.bad || t.nfound != t.nvisible || !t.nfile;
}
