/*
 * Every example compiles without a diagnostic, twice to the same bytes, and to examples/expected/NAME.cpp when that
 * file is there. What each example is about is checked on the text as well, so that no accepted golden can lose it: how
 * many fences there are, inside or outside loops, and that no kernel needs a PIPE_ALL.
 *
 *   examples DIR             run the tests
 *   examples --update DIR    rewrite the expected files that differ; read the difference before committing it
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ptoc/ptoc.h"

#include <cmocka.h>

enum { EXAMPLES_MAX = 64, PATH_BYTES = 1024, BRACES_MAX = 64 };

struct example {
	char name[128];		/* without .pto */
	char path[PATH_BYTES];
	char expected[PATH_BYTES];
};

/* What the text of an example must show. Examples without a row must have neither fence nor PIPE_ALL. */
struct shape {
	const char *name;
	int fences_outside_loops, fences_in_loops;
	int flushes;		/* of the data cache, at the end */
	const char *store, *load;	/* text of the .pto lines that the fence's comment names, or NULL */
};

static const struct shape shapes[] = {
	{ "rmsnorm_rope", 1, 0, 0, "outs(%chunk_pview :", "pto.tload ins(%tail_pview :" },
	{ "state_update", 0, 1, 0, "outs(%new_pview :", "pto.tload ins(%old_pview :" },
	{ "scalar_cursor", 0, 0, 1, NULL, NULL },
};
static const struct shape no_fence = { NULL, 0, 0, 0, NULL, NULL };

/* The whole file, NUL-terminated, or NULL. Free it. */
static char *
file_read(const char *path, size_t *bytes)
{
	FILE *f = fopen(path, "rb");
	char *text = NULL;
	size_t n = 0, room = 0;

	*bytes = 0;
	if (!f)
		return NULL;
	for (;;) {
		if (n + 1 >= room) {
			room = room ? 2 * room : 1 << 16;
			text = realloc(text, room);
			assert_non_null(text);
		}
		size_t got = fread(text + n, 1, room - n - 1, f);
		if (!got)
			break;
		n += got;
	}
	fclose(f);
	text[n] = '\0';
	*bytes = n;
	return text;
}

static bool
file_write(const char *path, const char *text, size_t bytes)
{
	FILE *f = fopen(path, "wb");

	if (!f)
		return false;
	bool ok = fwrite(text, 1, bytes, f) == bytes;
	return fclose(f) == 0 && ok;
}

static void
compile(const struct example *ex, struct ptoc_result *r)
{
	struct ptoc_options o;
	size_t bytes;
	char *text = file_read(ex->path, &bytes);

	assert_non_null(text);
	ptoc_options_init(&o);
	o.name = ex->name;
	(void)ptoc_compile(text, bytes, &o, r);
	free(text);
}

/* Number of the first line that contains `part`, or 0. */
static unsigned
line_of(const char *text, const char *part)
{
	const char *hit = strstr(text, part);
	unsigned n = 1;

	if (!hit)
		return 0;
	for (const char *p = text; p < hit; p++)
		n += *p == '\n';
	return n;
}

static bool
line_has_number(const char *line, size_t bytes, unsigned number)
{
	for (size_t i = 0; i < bytes; i++) {
		unsigned value = 0;
		size_t start = i;

		while (i < bytes && line[i] >= '0' && line[i] <= '9' && value < 100000000)
			value = 10 * value + (unsigned)(line[i++] - '0');
		if (i > start && value == number)
			return true;
	}
	return false;
}

struct counts {
	int fence[2];		/* [0] outside loops, [1] inside */
	int flush, barrier_all;
	bool named;		/* a comment names both lines */
};

struct scan {
	bool loop[BRACES_MAX];	/* per open brace: it is a loop's */
	int depth, loops;
};

static int
occurrences(const char *line, const char *part)
{
	int n = 0;

	for (const char *p = line; (p = strstr(p, part)); p++)
		n++;
	return n;
}

static void
scan_line(struct scan *s, const char *line, struct counts *c)
{
	bool loop = strstr(line, "for (") || strstr(line, "while (");

	c->fence[s->loops > 0] += occurrences(line, "dsb(DSB_DDR)");
	c->flush += occurrences(line, "cache_line_t::ENTIRE_DATA_CACHE");
	c->barrier_all += occurrences(line, "pipe_barrier(PIPE_ALL)");
	for (const char *p = line; *p; p++) {
		if (*p == '{') {
			assert_true(s->depth < BRACES_MAX);
			s->loop[s->depth++] = loop;
			s->loops += loop;
		} else if (*p == '}') {
			assert_true(s->depth > 0);
			s->loops -= s->loop[--s->depth];
		}
	}
}

/* Counts in the code of the kernel; comments count only for `named`. `from` is the kernel's first line. */
static void
count(const char *from, unsigned store, unsigned load, struct counts *c)
{
	struct scan s = { { false }, 0, 0 };
	char line[4096];

	memset(c, 0, sizeof *c);
	for (const char *p = from; *p;) {
		size_t n = strcspn(p, "\n");
		const char *comment = p;

		while (comment < p + n && !(comment[0] == '/' && comment + 1 < p + n && comment[1] == '/'))
			comment++;
		if (store && load && comment < p + n) {
			size_t rest = (size_t)(p + n - comment);
			c->named |= line_has_number(comment, rest, store) && line_has_number(comment, rest, load);
		}
		size_t code = (size_t)(comment - p);
		assert_true(code < sizeof line);
		memcpy(line, p, code);
		line[code] = '\0';
		scan_line(&s, line, c);
		p += n + (p[n] == '\n');
	}
	assert_int_equal(s.depth, 0);
}

static void
check_shape(const struct example *ex, const char *cxx)
{
	const struct shape *want = &no_fence;
	size_t bytes;
	char *source = file_read(ex->path, &bytes);
	char header[160];
	struct counts c;

	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		if (!strcmp(shapes[i].name, ex->name))
			want = &shapes[i];
	assert_non_null(source);
	unsigned store = want->store ? line_of(source, want->store) : 0;
	unsigned load = want->load ? line_of(source, want->load) : 0;
	assert_true(!want->store || (store && load));
	free(source);

	snprintf(header, sizeof header, " %s(", ex->name);
	const char *kernel = strstr(cxx, header);
	assert_non_null(kernel);
	count(kernel, store, load, &c);
	assert_int_equal(c.fence[0], want->fences_outside_loops);
	assert_int_equal(c.fence[1], want->fences_in_loops);
	assert_int_equal(c.flush, want->flushes);
	assert_int_equal(c.barrier_all, 0);
	if (want->store)
		assert_true(c.named);
}

static void
show_difference(const char *path, const char *want, const char *got)
{
	unsigned line = 1;
	const char *w = want, *g = got;

	for (; *w && *w == *g; w++, g++)
		line += *w == '\n';
	while (w > want && w[-1] != '\n') {
		w--;
		g--;
	}
	print_error("%s:%u: expected: %.*s\n", path, line, (int)strcspn(w, "\n"), w);
	print_error("%s:%u: found:    %.*s\n", path, line, (int)strcspn(g, "\n"), g);
}

static void
test_example(void **state)
{
	const struct example *ex = *state;
	struct ptoc_result first, second;
	char actual[PATH_BYTES];
	size_t bytes;

	compile(ex, &first);
	if (!first.ok || first.errors || first.warnings)
		print_error("%s", first.diagnostics ? first.diagnostics : "no diagnostics");
	assert_true(first.ok);
	assert_int_equal(first.errors, 0);
	assert_int_equal(first.warnings, 0);
	compile(ex, &second);
	assert_true(second.ok);
	assert_int_equal(first.text_bytes, second.text_bytes);
	assert_memory_equal(first.text, second.text, first.text_bytes);
	ptoc_result_free(&second);
	check_shape(ex, first.text);

	char *want = file_read(ex->expected, &bytes);
	if (want && (bytes != first.text_bytes || memcmp(want, first.text, bytes))) {
		show_difference(ex->expected, want, first.text);
		snprintf(actual, sizeof actual, "%s.actual.cpp", ex->name);
		if (file_write(actual, first.text, first.text_bytes))
			print_error("the whole output is in %s\n", actual);
		fail();
	}
	free(want);
	ptoc_result_free(&first);
}

static int
update(const struct example *ex, size_t n)
{
	int status = 0;

	for (size_t i = 0; i < n; i++) {
		struct ptoc_result r;
		size_t bytes;
		char *old = file_read(ex[i].expected, &bytes);

		compile(&ex[i], &r);
		if (!r.ok) {
			fputs(r.diagnostics ? r.diagnostics : "", stderr);
			status = 1;
		} else if (!old || bytes != r.text_bytes || memcmp(old, r.text, bytes)) {
			if (file_write(ex[i].expected, r.text, r.text_bytes)) {
				printf("wrote %s\n", ex[i].expected);
			} else {
				perror(ex[i].expected);
				status = 1;
			}
		}
		free(old);
		ptoc_result_free(&r);
	}
	return status;
}

static int
by_name(const void *a, const void *b)
{
	const struct example *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static size_t
list(const char *folder, struct example *ex)
{
	DIR *d = opendir(folder);
	size_t n = 0;

	if (!d)
		return 0;
	for (const struct dirent *e; (e = readdir(d));) {
		size_t len = strlen(e->d_name);

		if (len < 5 || len > sizeof ex->name || strcmp(e->d_name + len - 4, ".pto") || n == EXAMPLES_MAX)
			continue;
		struct example *x = &ex[n++];
		memcpy(x->name, e->d_name, len - 4);
		x->name[len - 4] = '\0';
		snprintf(x->path, sizeof x->path, "%s/%s.pto", folder, x->name);
		snprintf(x->expected, sizeof x->expected, "%s/expected/%s.cpp", folder, x->name);
	}
	closedir(d);
	qsort(ex, n, sizeof *ex, by_name);
	return n;
}

int
main(int argc, char **argv)
{
	static struct example ex[EXAMPLES_MAX];
	struct CMUnitTest tests[EXAMPLES_MAX];
	bool updating = argc > 2 && !strcmp(argv[1], "--update");
	size_t n = argc > 1 ? list(argv[argc - 1], ex) : 0;

	if (!n) {
		fprintf(stderr, "usage: examples [--update] DIR, with .pto files in DIR\n");
		return 2;
	}
	if (updating)
		return update(ex, n);
	memset(tests, 0, sizeof tests);
	for (size_t i = 0; i < n; i++)
		tests[i] = (struct CMUnitTest){ ex[i].name, test_example, NULL, NULL, &ex[i] };
	return _cmocka_run_group_tests("examples", tests, n, NULL, NULL) != 0;
}
