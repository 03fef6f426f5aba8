/* emit: IR (with sync ops) -> C++ text for the pto-isa headers. Structure: spec emission.md. */
#ifndef PTOC_EMIT_CXX_H
#define PTOC_EMIT_CXX_H

#include "ir/ir.h"

struct emit_opt {
	/* Where several texts are right, the one ptoas prints, which its users and tests know: `// pto: %name` lines,
	 * view objects behind run-time partitions, labels for scf.while. Fence comments are always printed. */
	bool as_ptoas;
	bool tail;		/* unused: tails are ptoc.tail ops in the IR */
};

/* Appends the C++ file. False when an op has no C++ form (diagnosed). */
bool emit_module(struct ir *ir, const struct emit_opt *opt, struct out *o);

#endif
