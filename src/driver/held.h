/*
 * held: the text of an input file, the same from the first look at it to the last. Large files are not copied: their
 * pages are mapped (the first touch of a page of our own costs more than compiling the line on it) under a read lease,
 * with which Linux keeps everybody who wants to write or to truncate the file waiting until it is let go. Where no
 * lease is to be had (somebody has the file open for writing, it belongs to another user, the file system or the
 * system has none) the file is read.
 */
#ifndef PTOC_DRIVER_HELD_H
#define PTOC_DRIVER_HELD_H

#include <stddef.h>

struct held {
	char *text;		/* n bytes, a NUL behind them; not to be written to */
	size_t n;
	size_t mapped_bytes;	/* 0: the text is malloc'ed */
	int lease;		/* descriptor, when it is mapped */
};

/* Standard input when path is NULL. Returns 0 or an errno value as file_read does; then there is nothing to let go. */
int held_open(const char *path, struct held *h);
void held_close(struct held *h);

#endif
