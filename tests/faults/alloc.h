/* alloc: the system's allocator with a failure at a chosen call; -include'd in front of the sources under test. */
#ifndef PTOC_TESTS_FAULTS_ALLOC_H
#define PTOC_TESTS_FAULTS_ALLOC_H

#include <stdlib.h>

void *fault_malloc(size_t n);
void *fault_calloc(size_t n, size_t size);
void *fault_realloc(void *p, size_t n);
void fault_free(void *p);

#define malloc fault_malloc
#define calloc fault_calloc
#define realloc fault_realloc
#define free fault_free

#endif
