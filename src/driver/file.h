/* file: whole files in, whole files out. An output file appears complete or not at all. */
#ifndef PTOC_DRIVER_FILE_H
#define PTOC_DRIVER_FILE_H

#include "base/str.h"

enum { FILE_MAX_BYTES = 1 << 30 };

/*
 * Reads a file, or standard input when path is NULL. Returns 0, or an errno value: EFBIG when it is longer than
 * FILE_MAX_BYTES, EISDIR for a directory. *text is malloc'ed, with a NUL behind its
 * n bytes; the caller frees it.
 */
int file_read(const char *path, char **text, size_t *n);

/*
 * Writes to a new file beside `path`, then renames it over `path`; devices and pipes are written directly. Standard
 * output when path is NULL. Returns 0 or an errno value; on failure an existing file is as it was.
 */
int file_write(const char *path, const char *text, size_t n);

#endif
