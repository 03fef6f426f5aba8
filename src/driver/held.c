/* held: see held.h. A forgotten writer waits no longer than /proc/sys/fs/lease-break-time, 45 seconds by default. */
#define _GNU_SOURCE	/* F_SETLEASE, F_SETSIG, MAP_POPULATE */
#include "driver/held.h"

#include "driver/file.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__linux__) && defined(F_SETLEASE)

/* Smaller files are copied faster than they are mapped. */
enum { MAP_FROM_BYTES = 1 << 20 };

/* The signal for a waiting writer is one that is ignored unless somebody asks for it: he is served soon enough. */
static bool
lease(int fd)
{
	return fcntl(fd, F_SETSIG, SIGURG) == 0 && fcntl(fd, F_SETLEASE, F_RDLCK) == 0;
}

/* Is it worth it, and is there room for a NUL in the last page? */
static bool
is_fit(const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_size >= MAP_FROM_BYTES && st->st_size <= FILE_MAX_BYTES &&
	       st->st_size % sysconf(_SC_PAGESIZE) != 0;
}

/* Behind the end of a file the last page has zeros, unless somebody has mapped it and written there. */
static bool
map(int fd, struct held *h)
{
	struct stat st;

	/* the size counts from the lease on */
	if (!lease(fd) || fstat(fd, &st) != 0 || !is_fit(&st))
		return false;
	size_t n = (size_t)st.st_size;
	char *p = mmap(NULL, n + 1, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (p == MAP_FAILED)
		return false;
	if (p[n] != '\0') {
		munmap(p, n + 1);
		return false;
	}
	*h = (struct held){p, n, n + 1, fd};
	return true;
}

static bool
map_file(const char *path, struct held *h)
{
	struct stat st;

	/* whoever writes to a named pipe would notice that it is opened and closed */
	if (!path || stat(path, &st) != 0 || !is_fit(&st))
		return false;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return false;
	if (map(fd, h))
		return true;
	close(fd);
	return false;
}

#else

static bool
map_file(const char *path, struct held *h)
{
	(void)path, (void)h;
	return false;
}

#endif

int
held_open(const char *path, struct held *h)
{
	*h = (struct held){.lease = -1};
	return map_file(path, h) ? 0 : file_read(path, &h->text, &h->n);
}

void
held_close(struct held *h)
{
	if (h->mapped_bytes) {
		munmap(h->text, h->mapped_bytes);
		close(h->lease);
	} else {
		free(h->text);
	}
	*h = (struct held){.lease = -1};
}
