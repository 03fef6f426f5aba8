/*
 * job: one input of a run of the program: read, compiled, written, and its messages printed; jobs: all of them. Part of
 * the program, not of the library.
 *
 * Jobs may run in threads of their own; what is printed, and in which order, does not depend on them.
 */
#ifndef PTOC_DRIVER_JOB_H
#define PTOC_DRIVER_JOB_H

#include "driver/options.h"

/* An operation on a file that failed; error 0: none did. */
struct trouble {
	const char *verb, *name;
	int error;
};

struct job {
	const char *input;		/* NULL: standard input */
	const char *output;		/* NULL: standard output */
	const char *depfile;		/* NULL: none */
	struct ptoc_result r;
	struct trouble trouble;
	bool unread;			/* the trouble came before the compile: r is empty */
	bool later;			/* not the first in a log */
	bool done;
	int status;			/* exit status of this input alone */
};

/* Reads, compiles and writes the files of a job; prints nothing. */
void job_run(struct job *j, const struct cli *c);
/* What belongs on standard error and standard output; releases the result. */
void job_print(struct job *j, const struct cli *c, const char *argv0);

/* All inputs of the command line, on c->jobs threads. Returns the exit status: that of the worst input. */
int jobs_run(const struct cli *c, struct arena *a, const char *argv0);

#endif
