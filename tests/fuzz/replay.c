/*
 * replay [-n ROUNDS] [-s SEED] [-t SECONDS] [-b] PATH...: the engine where libFuzzer is not: every file, and of each
 * folder every file in order of names, is judged as it is and then ROUNDS times (default 0) with changes. Each input
 * has SECONDS (default 60) before the process is ended by a signal. What the failing input is stands in `crash-input`.
 *
 * -b: also with numbers near the ends of int64 and int32, for overflow: all numbers replaced by each of them, and each
 * number alone by one of them in turn; with the options of the input and at level 3.
 *
 * A file that begins with the line `#inputs` holds many (scripts/fuzz_pack.py writes it): more lines that begin with
 * `#`, then of each input a line `=BYTES`, the bytes and a newline.
 */
#include "fuzz.h"

#include <ctype.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INPUT_MAX = 1 << 16, PATH_BYTES = 4096 };

struct replay {
	unsigned rounds, seed, seconds, big;
	unsigned long done;
	uint64_t rng;
	uint8_t data[INPUT_MAX + 1], work[INPUT_MAX + 1];
};

static uint64_t engine_rng = 1;

static uint64_t
next(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s >> 8;
}

size_t
LLVMFuzzerMutate(uint8_t *data, size_t n, size_t max)
{
	if (n < max && next(&engine_rng) % 4 == 0) {
		size_t at = (size_t)(next(&engine_rng) % (n + 1));
		memmove(data + at + 1, data + at, n - at);
		data[at] = (uint8_t)next(&engine_rng);
		return n + 1;
	}
	if (n)
		data[next(&engine_rng) % n] = (uint8_t)next(&engine_rng);
	return n;
}

/* Written before each changed input, so that it is there after a crash. */
static void
remember(const uint8_t *data, size_t n)
{
	FILE *f = fopen("crash-input", "wb");

	if (f && fwrite(data, 1, n, f) != n)
		fprintf(stderr, "cannot write crash-input\n");
	if (f)
		fclose(f);
}

static void
judge(struct replay *r, const uint8_t *data, size_t n)
{
	alarm(r->seconds);
	LLVMFuzzerTestOneInput(data, n);
	alarm(0);
	r->done++;
}

/* ---- numbers ---- */

static const char *const big_number[] = {"9223372036854775807", "-9223372036854775808", "4611686018427387904",
					 "3000000000"};

enum { BIG_COUNT = sizeof big_number / sizeof big_number[0], AT_LEVEL_3 = 128 | 3 << 2 };

/* Does a number begin at byte i: not inside a name, but behind the x of a shape? */
static bool
is_number(const uint8_t *d, size_t i)
{
	uint8_t b = i > 0 ? d[i - 1] : ' ', a = i > 1 ? d[i - 2] : ' ';

	return isdigit(d[i]) && (!(isalnum(b) || (b && strchr("_%.@#$", b))) || (b == 'x' && (isdigit(a) || a == '?')));
}

/* The text with number `which` (all when that is their count) replaced by big_number[by], behind an option byte. */
static size_t
with_big(struct replay *r, size_t n, size_t which, size_t count, size_t by)
{
	const char *v = big_number[by];
	size_t m = 0, k = 0;

	r->work[m++] = AT_LEVEL_3;
	for (size_t i = 0; i < n && m + strlen(v) < INPUT_MAX;) {
		if (!is_number(r->data, i)) {
			r->work[m++] = r->data[i++];
			continue;
		}
		bool here = which == count || k == which;
		if (here) {
			memcpy(r->work + m, v, strlen(v));
			m += strlen(v);
		}
		for (; i < n && m < INPUT_MAX && isdigit(r->data[i]); i++)
			if (!here)
				r->work[m++] = r->data[i];
		k++;
	}
	return m;
}

static void
replay_big(struct replay *r, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += is_number(r->data, i);
	for (size_t k = 0; count && k < count + BIG_COUNT; k++) {
		size_t m = with_big(r, n, k < count ? k : count, count, k % BIG_COUNT);
		bool cxx = n > 0 && r->data[0] == '#';
		if (n > 0 && r->data[0] < 128 && !cxx) {
			remember(r->work, m);
			judge(r, r->work, m);
		}
		remember(r->work + 1, m - 1);
		judge(r, r->work + 1, m - 1);
	}
}

/* As it is, and changed. */
static void
replay_input(struct replay *r, size_t n)
{
	judge(r, r->data, n);
	for (unsigned k = 0; k < r->rounds; k++) {
		memcpy(r->work, r->data, n);
		size_t m = LLVMFuzzerCustomMutator(r->work, n, INPUT_MAX, (unsigned)next(&r->rng));
		remember(r->work, m);
		judge(r, r->work, m);
	}
	if (r->big)
		replay_big(r, n);
}

/* The inputs of a file that holds many, from its second line on. */
static bool
replay_packed(struct replay *r, const char *path, FILE *f)
{
	char line[128];
	unsigned long k = 0;

	while (fgets(line, sizeof line, f)) {
		if (line[0] == '#')
			continue;
		size_t n = line[0] == '=' ? (size_t)strtoul(line + 1, NULL, 10) : INPUT_MAX + 1;
		if (n > INPUT_MAX || fread(r->data, 1, n, f) != n || getc(f) != '\n')
			return false;
		remember(r->data, n);
		fprintf(stderr, "%s: input %lu, %lu bytes\n", path, ++k, (unsigned long)n);
		replay_input(r, n);
	}
	return !ferror(f);
}

static bool
replay_file(struct replay *r, const char *path)
{
	static const char packed[] = "#inputs\n";
	FILE *f = fopen(path, "rb");
	bool ok = true;

	if (!f)
		return false;
	size_t n = fread(r->data, 1, INPUT_MAX, f);
	if (n >= strlen(packed) && memcmp(r->data, packed, strlen(packed)) == 0) {
		ok = fseek(f, (long)strlen(packed), SEEK_SET) == 0 && replay_packed(r, path, f);
	} else {
		fprintf(stderr, "%s\n", path);
		replay_input(r, n);
	}
	fclose(f);
	return ok;
}

static int
visible(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

/* Recursion over folders. */
static bool
replay_path(struct replay *r, const char *path)
{
	struct stat st;
	struct dirent **e;
	bool ok = true;

	if (stat(path, &st) < 0)
		return false;
	if (!S_ISDIR(st.st_mode))
		return replay_file(r, path);
	int n = scandir(path, &e, visible, alphasort);
	for (int k = 0; k < n; k++) {
		char *name = malloc(PATH_BYTES);
		ok &= name && snprintf(name, PATH_BYTES, "%s/%s", path, e[k]->d_name) < PATH_BYTES &&
		      replay_path(r, name);
		free(name);
		free(e[k]);
	}
	if (n >= 0)
		free(e);
	return ok && n >= 0;
}

int
main(int argc, char **argv)
{
	struct replay *r = calloc(1, sizeof *r);
	int c, status = r == NULL;

	if (r)
		*r = (struct replay){.seed = 1, .seconds = 60};
	while (r && (c = getopt(argc, argv, "n:s:t:b")) != -1) {
		unsigned v = optarg ? (unsigned)strtoul(optarg, NULL, 10) : 1;
		if (c == '?')
			status = 2;
		*(c == 'n' ? &r->rounds : c == 's' ? &r->seed : c == 'b' ? &r->big : &r->seconds) = v;
	}
	if (!status) {
		r->rng = engine_rng = r->seed * 0x9e3779b97f4a7c15u + 1;
		for (int k = optind; k < argc; k++) {
			if (!replay_path(r, argv[k])) {
				fprintf(stderr, "cannot read %s\n", argv[k]);
				status = 2;
			}
		}
		unlink("crash-input");
		printf("%lu inputs judged\n", r->done);
	}
	free(r);
	return status;
}
