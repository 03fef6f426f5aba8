/* files: the .pto or .cpp files of a folder, for tests that take files and folders as arguments. */
#ifndef PTOC_TESTS_PROP_FILES_H
#define PTOC_TESTS_PROP_FILES_H

#include <stdbool.h>

/* Calls visit for every .pto file of a folder, in order of their names, or for the path itself when it is none. */
void files_each(const char *path, void (*visit)(const char *path, void *arg), void *arg);
/* The same for the files whose names end that way. */
void files_each_of(const char *path, const char *end, void (*visit)(const char *path, void *arg), void *arg);
bool files_is_folder(const char *path);

#endif
