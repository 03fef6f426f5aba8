/* files: see files.h. */
#include "files.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Byte order, whatever the locale. */
static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

bool
files_is_folder(const char *path)
{
	DIR *d = opendir(path);

	return d && closedir(d) == 0;
}

static bool
ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), k = strlen(end);

	return n > k && strcmp(name + n - k, end) == 0;
}

void
files_each_of(const char *path, const char *end, void (*visit)(const char *path, void *arg), void *arg)
{
	struct dirent **all = NULL;
	char full[8192];
	int n = scandir(path, &all, NULL, by_name);

	if (n < 0)
		visit(path, arg);
	for (int i = 0; i < n; i++) {
		snprintf(full, sizeof full, "%.4000s/%.255s", path, all[i]->d_name);
		if (ends_with(full, end))
			visit(full, arg);
		free(all[i]);
	}
	free(all);
}

void
files_each(const char *path, void (*visit)(const char *path, void *arg), void *arg)
{
	files_each_of(path, ".pto", visit, arg);
}
