/* files: see files.h. */
#include "files.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
is_pto(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return n > 4 && strcmp(e->d_name + n - 4, ".pto") == 0;
}

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

void
files_each(const char *path, void (*visit)(const char *path, void *arg), void *arg)
{
	struct dirent **all = NULL;
	char full[8192];
	int n = scandir(path, &all, is_pto, by_name);

	if (n < 0)
		visit(path, arg);
	for (int i = 0; i < n; i++) {
		snprintf(full, sizeof full, "%.4000s/%.255s", path, all[i]->d_name);
		visit(full, arg);
		free(all[i]);
	}
	free(all);
}
