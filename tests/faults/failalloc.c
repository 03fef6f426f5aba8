/*
 * failalloc: loaded in front of the C library (LD_PRELOAD), makes the n-th allocation of a process fail:
 * FAIL_ALLOC=n, 0 for none. FAIL_ALLOC_LOG=FILE receives the number of allocations when the process ends.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

static atomic_ulong calls;
static unsigned long fail_at;
static atomic_bool armed;

__attribute__((constructor)) static void
start(void)
{
	const char *n = getenv("FAIL_ALLOC");

	fail_at = n ? strtoul(n, NULL, 10) : 0;
	atomic_store(&armed, 1);
}

__attribute__((destructor)) static void
end(void)
{
	const char *path = getenv("FAIL_ALLOC_LOG");
	unsigned long n = atomic_load(&calls);

	atomic_store(&armed, 0);
	FILE *f = path ? fopen(path, "w") : NULL;
	if (f) {
		fprintf(f, "%lu\n", n);
		fclose(f);
	}
}

static int
fails(void)
{
	if (!atomic_load(&armed) || atomic_fetch_add(&calls, 1) + 1 != fail_at)
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t n);
void *calloc(size_t n, size_t size);
void *realloc(void *p, size_t n);

void *
malloc(size_t n)
{
	return fails() ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return fails() ? NULL : __libc_realloc(p, n);
}
