/* file: see file.h. */
#define _XOPEN_SOURCE 700	/* realpath */
#include "driver/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Makes room for at least one more byte behind n; never more than one byte above the limit. */
static bool
grow(char **p, size_t n, size_t *cap)
{
	if (n < *cap)
		return true;
	size_t want = *cap ? *cap * 2 : 64 << 10;
	if (want > (size_t)FILE_MAX_BYTES + 1)
		want = (size_t)FILE_MAX_BYTES + 1;
	char *q = realloc(*p, want);
	if (!q)
		return false;
	*p = q;
	*cap = want;
	return true;
}

/* The file is expected to have `want` bytes. */
static int
read_all(int fd, size_t want, char **text, size_t *n)
{
	/* one more shows that the end is reached, and becomes the NUL */
	size_t len = 0, cap = want + 1;
	char *p = want ? malloc(cap) : NULL;
	int e = 0;

	if (!p)
		cap = 0;
	for (;;) {
		if (!grow(&p, len, &cap)) {
			e = ENOMEM;
			break;
		}
		ssize_t k = read(fd, p + len, cap - len);
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			e = errno;
		if (k <= 0)
			break;
		len += (size_t)k;
		if (len > FILE_MAX_BYTES) {
			e = EFBIG;
			break;
		}
	}
	if (e) {
		free(p);
		return e;
	}
	p[len] = '\0';
	*text = p;
	*n = len;
	return 0;
}

int
file_read(const char *path, char **text, size_t *n)
{
	struct stat st;
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;

	if (fd < 0)
		return errno;
	size_t want = 0;
	int e = 0;
	if (fstat(fd, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			e = EISDIR;
		else if (S_ISREG(st.st_mode) && st.st_size > FILE_MAX_BYTES)
			e = EFBIG;
		else if (S_ISREG(st.st_mode) && st.st_size > 0)
			want = (size_t)st.st_size;
	}
	if (!e)
		e = read_all(fd, want, text, n);
	if (path)
		close(fd);
	return e;
}

static int
write_all(int fd, const char *text, size_t n)
{
	while (n) {
		ssize_t k = write(fd, text, n);
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return errno;
		text += k;
		n -= (size_t)k;
	}
	return 0;
}

static int
write_direct(const char *path, const char *text, size_t n)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	int e = write_all(fd, text, n);
	if (close(fd) < 0 && !e)
		e = errno;
	return e;
}

/* Permission bits for the new file: those of the old one, else what open(2) would give. */
static mode_t
new_mode(const struct stat *old)
{
	if (old)
		return old->st_mode & 0777;
	mode_t mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

static int
write_renamed(const char *path, const struct stat *old, const char *text, size_t n)
{
	static const char suffix[] = ".XXXXXX";
	size_t len = strlen(path);
	char *tmp = malloc(len + sizeof suffix);

	if (!tmp)
		return ENOMEM;
	memcpy(tmp, path, len);
	memcpy(tmp + len, suffix, sizeof suffix);
	int fd = mkstemp(tmp);
	if (fd < 0) {
		int e = errno;
		free(tmp);
		return e;
	}
	int e = write_all(fd, text, n);
	if (!e && fchmod(fd, new_mode(old)) < 0)
		e = errno;
	if (close(fd) < 0 && !e)
		e = errno;
	if (!e && rename(tmp, path) < 0)
		e = errno;
	if (e)
		unlink(tmp);
	free(tmp);
	return e;
}

/* What ends the process by default waits until the new file is in place or gone; the write itself cannot block long. */
static int
write_undisturbed(const char *path, const struct stat *old, const char *text, size_t n)
{
	static const int ending[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU, SIGXFSZ};
	sigset_t set, before;

	sigemptyset(&set);
	for (size_t k = 0; k < sizeof ending / sizeof ending[0]; k++)
		sigaddset(&set, ending[k]);
	int blocked = pthread_sigmask(SIG_BLOCK, &set, &before);
	int e = write_renamed(path, old, text, n);
	if (!blocked)
		pthread_sigmask(SIG_SETMASK, &before, NULL);
	return e;
}

int
file_write(const char *path, const char *text, size_t n)
{
	struct stat st;

	if (!path)
		return write_all(STDOUT_FILENO, text, n);
	if (stat(path, &st) < 0)
		return errno == ENOENT ? write_undisturbed(path, NULL, text, n) : errno;
	if (S_ISDIR(st.st_mode))
		return EISDIR;
	if (!S_ISREG(st.st_mode))
		return write_direct(path, text, n);
	if (access(path, W_OK) < 0)
		return errno;
	/* a symbolic link stays a link: the file behind it is replaced */
	char *real = realpath(path, NULL);
	if (!real)
		return errno;
	int e = write_undisturbed(real, &st, text, n);
	free(real);
	return e;
}
