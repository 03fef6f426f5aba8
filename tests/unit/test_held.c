/* The text of an input: what is mapped cannot be written to by others meanwhile, what cannot be mapped is read. */
#define _XOPEN_SOURCE 700	/* mkstemp */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include "driver/held.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { MEGA = 1 << 20 };

struct file {
	char name[32];
	char *bytes;
	size_t n;
};

static void
file_make(struct file *f, size_t n)
{
	strcpy(f->name, "/tmp/ptoc-held-XXXXXX");
	int fd = mkstemp(f->name);

	assert_true(fd >= 0);
	f->n = n;
	f->bytes = malloc(n + 1);
	assert_non_null(f->bytes);
	for (size_t i = 0; i < n; i++)
		f->bytes[i] = (char)('a' + i % 23);
	for (size_t done = 0; done < n;) {
		ssize_t k = write(fd, f->bytes + done, n - done);
		assert_true(k > 0);
		done += (size_t)k;
	}
	close(fd);
}

static void
file_drop(struct file *f)
{
	unlink(f->name);
	free(f->bytes);
}

static void
expect_text(const struct held *h, const struct file *f)
{
	assert_int_equal(h->n, f->n);
	assert_memory_equal(h->text, f->bytes, f->n);
	assert_int_equal(h->text[h->n], 0);
}

/* Opened for writing without waiting for a lease to end? */
static bool
may_write(const struct file *f)
{
	int fd = open(f->name, O_WRONLY | O_NONBLOCK);

	if (fd >= 0)
		close(fd);
	else
		assert_int_equal(errno, EWOULDBLOCK);
	return fd >= 0;
}

static void
held(void **state)
{
	struct file f;
	struct held h;

	(void)state;
	file_make(&f, 3 * MEGA + 5);
	assert_int_equal(held_open(f.name, &h), 0);
	expect_text(&h, &f);
	if (!h.mapped_bytes)
		print_message("# no leases here: the file was read\n");
	assert_int_equal(may_write(&f), h.mapped_bytes == 0);
	expect_text(&h, &f);
	held_close(&h);
	assert_true(may_write(&f));
	file_drop(&f);
}

/* Two compiles of one file at once. */
static void
held_twice(void **state)
{
	struct file f;
	struct held a, b;

	(void)state;
	file_make(&f, MEGA + 1);
	assert_int_equal(held_open(f.name, &a), 0);
	assert_int_equal(held_open(f.name, &b), 0);
	held_close(&a);
	expect_text(&b, &f);
	assert_int_equal(may_write(&f), b.mapped_bytes == 0);
	held_close(&b);
	file_drop(&f);
}

static void
read_while_somebody_writes(void **state)
{
	struct file f;
	struct held h;

	(void)state;
	file_make(&f, 2 * MEGA + 5);
	int fd = open(f.name, O_WRONLY);
	assert_true(fd >= 0);
	assert_int_equal(held_open(f.name, &h), 0);
	assert_int_equal(h.mapped_bytes, 0);
	expect_text(&h, &f);
	/* and what is truncated meanwhile stays */
	assert_int_equal(ftruncate(fd, 0), 0);
	expect_text(&h, &f);
	held_close(&h);
	close(fd);
	file_drop(&f);
}

/* No room for a NUL behind the text, or not worth it. */
static void
read_for_its_size(void **state)
{
	static const size_t size[] = {0, 1, 4096, MEGA - 1, 64 * (64 << 10)};

	(void)state;
	for (size_t k = 0; k < sizeof size / sizeof size[0]; k++) {
		struct file f;
		struct held h;

		file_make(&f, size[k]);
		assert_int_equal(held_open(f.name, &h), 0);
		assert_int_equal(h.mapped_bytes, 0);
		expect_text(&h, &f);
		held_close(&h);
		file_drop(&f);
	}
}

static void
no_file(void **state)
{
	struct held h;

	(void)state;
	assert_int_equal(held_open("/tmp", &h), EISDIR);
	assert_int_equal(held_open("/tmp/ptoc-held-missing/x.pto", &h), ENOENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(held), cmocka_unit_test(held_twice), cmocka_unit_test(read_while_somebody_writes),
		cmocka_unit_test(read_for_its_size), cmocka_unit_test(no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
