/*
 * test_verify_corpus: no file that real producers print may be rejected by verification.
 *
 *   test_verify_corpus SHARED
 *
 * Reads every .pto of corpus/pypto and spec/repro below $PTOC_SHARED (default SHARED); skips (77) when they are absent.
 * A file with an op that the table does not have yet is passed over, and counted.
 */
#include "front/front.h"
#include "verify/verify.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct tally {
	uint32_t legal, rejected, unknown;
};

/* The contents of a file, NULL when it cannot be read. */
static char *
read_all(const char *path, uint32_t *n)
{
	FILE *f = fopen(path, "rb");
	char *text = NULL;
	long size;

	if (!f)
		return NULL;
	if (fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0 && (text = malloc((size_t)size + 1))) {
		rewind(f);
		*n = (uint32_t)fread(text, 1, (size_t)size, f);
	}
	fclose(f);
	return text;
}

static int
level_of(const struct ir *ir)
{
	for (uint32_t i = 1; i < ir->op.n; i++)
		if (ir->op.at[i].id == OP_ALLOC_TILE && op_slot(ir, (struct op){i}, 0).i)
			return 3;
	return 2;
}

static void
verify_file(const char *path, struct tally *t)
{
	struct arena a;
	struct source src;
	struct diags d;
	struct ir ir;
	struct out o;
	uint32_t n = 0;
	char *text = read_all(path, &n);

	if (!text)
		return;
	arena_init(&a, NULL);
	source_init(&src, &a, path, text, n);
	free(text);
	diags_init(&d, &a, &src);
	ir_init(&ir, &a, &d);
	if (front_parse(&ir) && verify_module(&ir, &(struct verify_opt){.level = level_of(&ir)})) {
		t->legal++;
	} else if (d.all.n && d.all.at[0].id == DIAG_UNKNOWN_OP) {
		t->unknown++;
	} else {
		t->rejected++;
		out_init(&o, &a);
		diags_render(&d, &o, (struct diag_style){.color = false});
		fputs(o.p, stderr);
	}
	arena_free(&a);
}

static bool
verify_dir(const char *shared, const char *sub, struct tally *t)
{
	char dir[4096], path[8192];
	struct dirent *e;
	DIR *d;

	snprintf(dir, sizeof dir, "%s/%s", shared, sub);
	d = opendir(dir);
	if (!d)
		return false;
	while ((e = readdir(d))) {
		size_t n = strlen(e->d_name);
		if (n < 4 || strcmp(e->d_name + n - 4, ".pto") != 0)
			continue;
		snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
		verify_file(path, t);
	}
	closedir(d);
	return true;
}

int
main(int argc, char **argv)
{
	const char *env = getenv("PTOC_SHARED"), *shared = env ? env : argc > 1 ? argv[1] : ".";
	struct tally t = {0, 0, 0};
	bool found = verify_dir(shared, "corpus/pypto", &t);

	found = verify_dir(shared, "spec/repro", &t) || found;
	if (!found)
		return 77;
	printf("%u legal, %u rejected, %u with ops that are not in the table\n", t.legal, t.rejected, t.unknown);
	return t.rejected != 0;
}
