/*
 * fixpipe: what an accumulator goes through on its way out of a fifo (#pto.acc_push_epilogue<layout = L, quant = Q,
 * relu = R>). Source: ops-sync-comm.json, pto.aic_initialize_pipe and pto.tpush.
 */
#ifndef PTOC_ISA_FIXPIPE_H
#define PTOC_ISA_FIXPIPE_H

#include "base/str.h"

enum quant_state { QUANT_NONE, QUANT_SCALAR, QUANT_VECTOR };

struct quant_row {
	const char *name, *cxx;
	const char *from, *to;	/* element types, separated by blanks; NULL: other hardware only */
	uint8_t state;
};
extern const struct quant_row isa_quant[];

struct fixpipe {
	uint32_t layout, quant, relu;	/* quant: index into isa_quant */
};

const char *fixpipe_layout(uint32_t layout);		/* "nz2nd" */
const char *fixpipe_layout_cxx(uint32_t layout);	/* "NZ2ND" */
const char *fixpipe_relu(uint32_t relu);
const char *fixpipe_relu_cxx(uint32_t relu);
/* Reads the attribute's text; false when it is not one. */
bool fixpipe_parse(struct strv text, struct fixpipe *f);

#endif
