/*
 * golden: compiles every .pto below a directory in-process and compares with the files beside it.
 *
 *   golden [--update] [--actual DIR] [--changes FILE] CASES
 *
 * Outputs of NAME.pto and their expectations beside the case:
 *   NAME.cpp, NAME.out.pto   the text written (the latter under --emit=pto)
 *   NAME.err                 diagnostics; with --check followed by a line "verdict: ..."
 *   NAME.explain, NAME.dump  --explain-sync, -d
 * An output without an expectation fails, and so does an expectation without an output. The first line of a case may be
 * `// args: OPTIONS`; the word `ptoas` in front of the options selects that name. Every case is compiled twice:
 * the results must be the same bytes. --update rewrites the expectations that differ instead of failing.
 *
 * --changes: CASES are inputs and C++ texts of an earlier release. Only the C++ text counts, and it must differ in just
 * those cases that FILE lists: a reason in lines from column one, then the cases it explains, a tab in front of each.
 */
#include "driver/file.h"
#include "driver/options.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { MAX_DEPTH = 8, MAX_ARGS = 64 };

struct golden_case {
	const char *path;	/* of the .pto */
	const char *stem;	/* path below CASES, without .pto */
};

struct runner {
	struct arena a;
	const char *cases, *actual;
	const char *changes;		/* text of the file of changes; NULL: no earlier release */
	bool update;
	VEC(struct golden_case) all;
	uint32_t updated;
};

/* ---- finding cases ---- */

static const char *
join(struct arena *a, const char *x, const char *sep, const char *y)
{
	struct out o;

	out_init(&o, a);
	out_f(&o, "%s%s%s", x, sep, y);
	return o.p;
}

static bool
ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);

	return n >= k && strcmp(s + n - k, end) == 0;
}

static void
scan(struct runner *r, const char *dir, const char *below, int depth)
{
	DIR *d = depth < MAX_DEPTH ? opendir(dir) : NULL;
	struct dirent *e;

	while (d && (e = readdir(d))) {
		struct stat st;
		if (e->d_name[0] == '.')
			continue;
		const char *path = join(&r->a, dir, "/", e->d_name);
		const char *name = *below ? join(&r->a, below, "/", e->d_name) : arena_strndup(&r->a, e->d_name,
												strlen(e->d_name));
		if (stat(path, &st) < 0)
			continue;
		if (S_ISDIR(st.st_mode)) {
			scan(r, path, name, depth + 1);
		} else if (ends_with(name, ".pto") && !ends_with(name, ".out.pto")) {
			const char *stem = arena_strndup(&r->a, name, strlen(name) - 4);
			VEC_PUSH(&r->a, &r->all, (struct golden_case){path, stem});
		}
	}
	if (d)
		closedir(d);
}

static int
case_cmp(const void *a, const void *b)
{
	return strcmp(((const struct golden_case *)a)->stem, ((const struct golden_case *)b)->stem);
}

/* ---- one case ---- */

struct outputs {
	const char *cpp, *pto, *err, *explain, *dump;	/* "" = none */
};

/* Splits the `// args:` line at blanks. argv[0] is the program name. */
static int
case_args(struct arena *a, const char *text, size_t n, const char **argv)
{
	static const char mark[] = "// args:";
	int argc = 1;

	argv[0] = "ptoc";
	if (n < sizeof mark - 1 || memcmp(text, mark, sizeof mark - 1) != 0)
		return argc;
	const char *p = text + sizeof mark - 1, *end = memchr(text, '\n', n);
	end = end ? end : text + n;
	while (p < end && argc < MAX_ARGS) {
		while (p < end && (*p == ' ' || *p == '\r'))
			p++;
		const char *from = p;
		while (p < end && *p != ' ' && *p != '\r')
			p++;
		if (p > from)
			argv[argc++] = arena_strndup(a, from, (size_t)(p - from));
	}
	if (argc > 1 && strcmp(argv[1], "ptoas") == 0) {
		memmove(argv, argv + 1, (size_t)(argc - 1) * sizeof *argv);
		argc--;
	}
	return argc;
}

static const char *
verdict_line(enum ptoc_verdict v)
{
	return v == PTOC_PROVED ? "verdict: proved\n" : v == PTOC_VIOLATED ? "verdict: violated\n" :
	       v == PTOC_UNPROVED ? "verdict: not provable\n" : "verdict: none\n";
}

/* Compiles one text; false with a message in out->err when the options of the case are wrong. */
static void
compile_case(struct arena *a, const char *text, size_t n, const char *name, struct outputs *o)
{
	const char *argv[MAX_ARGS];
	struct cli cli;
	struct out err;
	struct ptoc_result r;
	int argc = case_args(a, text, n, argv);

	*o = (struct outputs){"", "", "", "", ""};
	out_init(&err, a);
	if (!cli_parse(&cli, a, argc, argv, &err)) {
		o->err = err.p;
		return;
	}
	cli.opt.name = name;
	ptoc_compile(text, n, &cli.opt, &r);
	out_str(&err, r.diagnostics);
	if (cli.opt.check_only)
		out_str(&err, verdict_line(r.verdict));
	o->err = err.p;
	if (r.ok && cli.opt.emit == PTOC_EMIT_CXX)
		o->cpp = arena_strndup(a, r.text, r.text_bytes);
	if (r.ok && cli.opt.emit == PTOC_EMIT_PTO)
		o->pto = arena_strndup(a, r.text, r.text_bytes);
	o->explain = arena_strndup(a, r.explain, strlen(r.explain));
	o->dump = arena_strndup(a, r.dump, strlen(r.dump));
	ptoc_result_free(&r);
}

/* ---- comparing ---- */

static const char *
next_line(const char *s)
{
	const char *e = strchr(s, '\n');

	return e ? e + 1 : s + strlen(s);
}

static void
show_lines(const char *mark, const char *from, uint32_t first, uint32_t n)
{
	for (uint32_t i = 0; i < n && *from; i++) {
		const char *e = next_line(from);
		int len = (int)(e - from);
		if (len && from[len - 1] == '\n')
			len--;
		print_error("%s%4u | %.*s\n", mark, first + i, len, from);
		from = e;
	}
}

/* The first line that differs, with three lines before and after it. */
static void
show_difference(const char *want, const char *got)
{
	const char *w = want, *g = got, *back[4] = {want, want, want, want};
	uint32_t line = 1;

	while (*w && *g) {
		const char *we = next_line(w), *ge = next_line(g);
		if (we - w != ge - g || memcmp(w, g, (size_t)(we - w)) != 0)
			break;
		back[line % 4] = w;
		w = we;
		g = ge;
		line++;
	}
	uint32_t before = line > 3 ? 3 : line - 1;
	if (before)
		show_lines("  ", back[(line - before) % 4], line - before, before);
	show_lines("- ", w, line, 4);
	show_lines("+ ", g, line, 4);
}

static void
write_actual(struct runner *r, const char *stem, const char *suffix, const char *text)
{
	if (!r->actual)
		return;
	char *flat = arena_strndup(&r->a, stem, strlen(stem));
	for (char *p = flat; *p; p++)
		*p = *p == '/' ? '-' : *p;
	const char *path = join(&r->a, join(&r->a, r->actual, "/", flat), "", suffix);
	mkdir(r->actual, 0777);
	if (file_write(path, text, strlen(text)) == 0)
		print_error("actual text: %s\n", path);
}

/* Compares one output with its file. *nexpected counts the expectation files that exist. */
static bool
compare(struct runner *r, const char *stem, const char *suffix, const char *got, uint32_t *nexpected)
{
	const char *path = join(&r->a, join(&r->a, r->cases, "/", stem), "", suffix);
	char *file = NULL;
	size_t n = 0;
	int e = file_read(path, &file, &n);
	const char *want = e ? "" : arena_strndup(&r->a, file, n);

	free(file);
	*nexpected += e == 0;
	if (strcmp(want, got) == 0 && (e == 0) == (*got != '\0'))
		return true;
	if (r->update) {
		printf("%s %s\n", *got ? "write" : "remove", path);
		r->updated++;
		return *got ? file_write(path, got, strlen(got)) == 0 : unlink(path) == 0;
	}
	if (e == 0 && !*got)
		print_error("%s: expected, but there is no such output\n", path);
	else if (e)
		print_error("%s: %s\n", path, strerror(e));
	else
		print_error("%s differs (- expected, + actual):\n", path);
	show_difference(want, got);
	if (*got)
		write_actual(r, stem, suffix, got);
	return false;
}

static bool
same_outputs(const struct outputs *a, const struct outputs *b)
{
	return strcmp(a->cpp, b->cpp) == 0 && strcmp(a->pto, b->pto) == 0 && strcmp(a->err, b->err) == 0 &&
	       strcmp(a->explain, b->explain) == 0 && strcmp(a->dump, b->dump) == 0;
}

/* The line of a case in the file of changes. */
static bool
is_change(const struct runner *r, const char *stem)
{
	size_t n = strlen(stem);

	for (const char *l = r->changes; *l; l = next_line(l))
		if (*l == '\t' && strncmp(l + 1, stem, n) == 0 && (l[n + 1] == '\n' || !l[n + 1]))
			return true;
	return false;
}

/* The text of an earlier release: the same now unless a reason says otherwise. */
static bool
compare_release(struct runner *r, const char *stem, const char *got)
{
	bool known = is_change(r, stem);
	char *file = NULL;
	size_t n = 0;
	int e = file_read(join(&r->a, join(&r->a, r->cases, "/", stem), "", ".cpp"), &file, &n);
	const char *want = e ? "" : arena_strndup(&r->a, file, n);
	bool same = strcmp(want, got) == 0;

	free(file);
	if (!e && same == !known)
		return true;
	if (e) {
		print_error("%s: no text of the earlier release\n", stem);
	} else if (known) {
		print_error("%s: a change is listed, but the text is that of the earlier release\n", stem);
	} else {
		print_error("%s: differs from the earlier release (- then, + now), and no reason is listed:\n", stem);
		show_difference(want, got);
		write_actual(r, stem, ".cpp", got);
	}
	return false;
}

static bool
run_case(struct runner *r, const struct golden_case *c)
{
	struct outputs o, again;
	char *text;
	size_t n;
	uint32_t nexpected = 0;
	bool ok = true;

	if (file_read(c->path, &text, &n) != 0) {
		print_error("%s: cannot read\n", c->path);
		return false;
	}
	const char *slash = strrchr(c->path, '/'), *name = slash ? slash + 1 : c->path;
	compile_case(&r->a, text, n, name, &o);
	compile_case(&r->a, text, n, name, &again);
	free(text);
	if (!same_outputs(&o, &again)) {
		print_error("%s: two compiles differ\n", c->path);
		ok = false;
	}
	if (r->changes)
		return compare_release(r, c->stem, o.cpp) && ok;
	ok &= compare(r, c->stem, ".cpp", o.cpp, &nexpected);
	ok &= compare(r, c->stem, ".out.pto", o.pto, &nexpected);
	ok &= compare(r, c->stem, ".err", o.err, &nexpected);
	ok &= compare(r, c->stem, ".explain", o.explain, &nexpected);
	ok &= compare(r, c->stem, ".dump", o.dump, &nexpected);
	if (!nexpected && !r->update) {
		print_error("%s: no expectation file\n", c->path);
		ok = false;
	}
	return ok;
}

/* ---- the suite ---- */

/* Every line with a tab names a case. */
static bool
changes_name_cases(const struct runner *r)
{
	bool ok = true;

	for (const char *l = r->changes; *l; l = next_line(l)) {
		bool found = *l != '\t';
		size_t n = strcspn(l + 1, "\n");
		for (uint32_t i = 0; !found && i < r->all.n; i++)
			found = strlen(r->all.at[i].stem) == n && memcmp(r->all.at[i].stem, l + 1, n) == 0;
		if (!found)
			print_error("changes: '%.*s' is no case\n", (int)n, l + 1);
		ok &= found;
	}
	return ok;
}

struct case_state {
	struct runner *r;
	const struct golden_case *c;
};

static void
test_case(void **state)
{
	const struct case_state *s = *state;

	assert_true(run_case(s->r, s->c));
}

static int
run_suite(struct runner *r)
{
	uint32_t n = r->all.n;
	struct CMUnitTest *t = ARENA_ARRAY(&r->a, struct CMUnitTest, n);
	struct case_state *s = ARENA_ARRAY(&r->a, struct case_state, n);

	for (uint32_t i = 0; i < n; i++) {
		s[i] = (struct case_state){r, &r->all.at[i]};
		t[i] = (struct CMUnitTest){.name = r->all.at[i].stem, .test_func = test_case, .initial_state = &s[i]};
	}
	return _cmocka_run_group_tests("golden", t, n, NULL, NULL) != 0;
}

static int
update_all(struct runner *r)
{
	bool ok = true;

	for (uint32_t i = 0; i < r->all.n; i++)
		ok &= run_case(r, &r->all.at[i]);
	printf("%u cases, %u expectations changed\n", r->all.n, r->updated);
	return ok ? 0 : 1;
}

int
main(int argc, char **argv)
{
	struct runner r = {0};
	const char *changes = NULL;
	char *text = NULL;
	size_t n;
	int at = 1;

	arena_init(&r.a, NULL);
	for (; at < argc && argv[at][0] == '-'; at++) {
		if (strcmp(argv[at], "--update") == 0)
			r.update = true;
		else if (strcmp(argv[at], "--actual") == 0 && at + 1 < argc)
			r.actual = argv[++at];
		else if (strcmp(argv[at], "--changes") == 0 && at + 1 < argc)
			changes = argv[++at];
	}
	if (at >= argc) {
		fputs("usage: golden [--update] [--actual DIR] [--changes FILE] CASES\n", stderr);
		return 2;
	}
	r.cases = argv[at];
	scan(&r, r.cases, "", 0);
	if (!r.all.n) {
		fprintf(stderr, "golden: no cases below %s\n", r.cases);
		return 1;
	}
	qsort(r.all.at, r.all.n, sizeof *r.all.at, case_cmp);
	if (changes && (r.update || file_read(changes, &text, &n) != 0)) {
		fprintf(stderr, "golden: cannot read %s, or it goes with --update\n", changes);
		return 2;
	}
	if (text)
		r.changes = arena_strndup(&r.a, text, n);
	free(text);
	if (r.changes && !changes_name_cases(&r))
		return 1;
	int status = r.update ? update_all(&r) : run_suite(&r);
	arena_free(&r.a);
	return status;
}
