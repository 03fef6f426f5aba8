/*
 * cxxin: reads C++ that ptoas or ptoc printed for a2a3 back into IR, synchronisation included, so that access and check
 * run on it unchanged. Positions of ops are positions in the C++ text.
 *
 * Nothing is assumed about spelling: names of variables, hoisting of constants, presence and names of the helper
 * functions may vary. What the reader does not know (a call, a construct) becomes an op `ptoc.unknown` at its place
 * and an entry of `unknown`: the section it belongs to cannot be proved.
 *
 * The IR is at level 3 (addresses are given) and is not verified: operands have the kinds that the op table asks for,
 * nothing more is promised.
 */
#ifndef PTOC_CXXIN_CXXIN_H
#define PTOC_CXXIN_CXXIN_H

#include "ir/ir.h"

struct cxxin_unknown {
	struct op op;		/* ptoc.unknown, at the place of what was not understood */
	struct span at;
	const char *what;	/* "call of 'foo'" */
};

struct cxxin {
	VEC(struct cxxin_unknown) unknown;
};

/* Reads ir->diags->src into ir->module. False when an error was reported: the text is not C++ of this kind. */
bool cxxin_read(struct ir *ir, struct cxxin *out);

/* Is this C++ rather than .pto? Decided by the end of the name, else by how the text starts. */
bool cxxin_is_cxx(const char *name, const char *text, uint32_t n);

#endif
