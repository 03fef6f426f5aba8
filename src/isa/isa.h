/*
 * isa: the facts of the dialect and of a2/a3, as const tables. Plain data, no IR types.
 *
 * The op table isa/ops.def is the single source of truth about an op. One row:
 *
 *   OP(ID, "mnemonic", FORM, "sig", "rw", nres, PIPE, phase, verify, emit, "CALLEE", FLAGS, "doc")
 *
 *   ID        enum: OP_<ID>
 *   FORM      assembly form class, enum op_form (the grammar has one production per form)
 *   sig       operand slots in IR order, one letter each: t tile_buf, m multi tile, v tensor/partition view, p pointer,
 *             s scalar (integer or float), i index or integer, x vector<4xi16>, h handle (pipe, session, event, array,
 *             struct), a anything; before a letter `>` puts that slot into outs(...) (all others stand in ins(...));
 *             after it `?` optional, `*` variadic. A variadic slot or an optional one never changes the slot numbers.
 *   rw        one letter per slot: r memory read, w written, b both, s scratch (written, dead after), - not accessed.
 *             For t/m/v/p slots these become accesses (access/); for scalars use '-'.
 *   nres      number of results; NRES_ANY when it varies
 *   PIPE      pipe the op runs on: P_S .. P_FIX, P_NONE (no work), P_BY_SPACE (access/phase.c decides from the spaces)
 *   phase     name of the phase rule in access/phase.c (`one` = a single phase on PIPE with the rw column)
 *   verify    name of the family function in verify/ (`none` = structural checks only)
 *   emit      name of the family function in emit/ (`none` = prints nothing, `call` = CALLEE(outs..., ins...);)
 *   CALLEE    C++ name
 *   FLAGS     OPF_*
 *   doc       one line about it, for readers of the table; no part of the program
 *
 * verify.c, cxx.c and access/phase.c each include the table and expand only their own column, so isa stays data.
 */
#ifndef PTOC_ISA_ISA_H
#define PTOC_ISA_ISA_H

#include "base/str.h"

enum pipe {
#define PIPE(id, spelling, cube, vec) P_##id,
#include "isa/pipes.def"
#undef PIPE
	PIPE_COUNT,
	P_ALL = PIPE_COUNT,	/* barriers only */
	P_NONE,			/* op does no work on any pipe */
	P_BY_SPACE		/* table only */
};

enum core { CORE_NONE, CORE_CUBE, CORE_VECTOR };

enum space {
#define SPACE(id, tile, ptr, ptr2, cxx, qual, bytes, align) SP_##id,
#include "isa/spaces.def"
#undef SPACE
	SPACE_COUNT
};

struct space_row {
	const char *tile, *ptr, *ptr2, *cxx, *qual;
	uint32_t bytes, align;
};
extern const struct space_row isa_space[SPACE_COUNT];

const char *pipe_name(enum pipe p);			/* "PIPE_V" */
bool pipe_find(struct strv name, enum pipe *p);		/* also PIPE_ALL */
bool pipe_on_core(enum pipe p, enum core c);
/* Is (src, dst) a flag the hardware knows on that core? sync-model §4. */
bool chan_legal(enum pipe src, enum pipe dst, enum core c);

enum { EVENT_ID_COUNT = 8, CACHE_LINE_BYTES = 64 };

enum op_form {
#define FORM(id) FORM_##id,
#include "isa/forms.def"
#undef FORM
	FORM_COUNT
};

enum op_id {
	OP_NONE,
#define OP(ID, ...) OP_##ID,
#include "isa/ops.def"
#undef OP
	OP_COUNT,
	/* rows are sorted by name, so what computes scalars stands first: tables about that alone end here */
	OP_SCALAR_END = OP_CONV_CAST + 1
};

enum {
	OPF_PURE = 1 << 0,	/* no effect: removed when unused */
	OPF_TERM = 1 << 1,	/* terminator */
	OPF_VIEW = 1 << 2,	/* result aliases operand slot 0 (or the candidates of a select) */
	OPF_LINEAR = 1 << 3,	/* elementwise in address order, equal widths: V barriers pruned (sync-model §3) */
	OPF_SYNC = 1 << 4,	/* flag, barrier, fence or cache operation */
	OPF_MANUAL = 1 << 5,	/* its presence makes the section hand-synchronised (set/wait/record/wait_event) */
	OPF_TILE = 1 << 6,	/* tile op: votes in section inference */
	OPF_INPLACE = 1 << 7,	/* dst may be exactly a source */
	OPF_A5 = 1 << 8,	/* known name, not available on a2/a3 */
	OPF_TMP_LAST = 1 << 9,	/* reserved */
	OPF_SYMBOL = 1 << 10,	/* defines a symbol (func, module) */
	OPF_ISOLATED = 1 << 11,	/* regions see no values of the outside */
	OPF_FILLS = 1 << 13,	/* writes every element of the valid area of its destination, whatever was there */
	OPF_ATTRS_IN = 1 << 12	/* the attribute dictionary stands inside ins(...), before the colon */
};

enum { NRES_ANY = 255, OP_MAX_SLOT = 8 };

struct op_row {
	const char *name;
	uint16_t form;
	uint8_t nres, pipe;
	uint32_t flags;
	const char *sig, *rw, *callee;
};
extern const struct op_row isa_op[OP_COUNT];

struct op_slot {
	char letter;		/* of sig */
	bool out, optional, variadic;
	char rw;
};
/* Decodes sig and rw of a row; returns the number of slots (at most OP_MAX_SLOT). */
uint32_t op_slots(enum op_id id, struct op_slot slot[OP_MAX_SLOT]);
/* Is the slot of that number a list? */
bool op_slot_variadic(enum op_id id, uint32_t slot);
/* OP_NONE when the name is unknown. Rows are sorted by name. */
enum op_id op_find(struct strv name);
/* The known name nearest to an unknown one, or NULL. */
const char *op_suggest(struct strv name);

/*
 * Enum attributes (#pto.NAME<case>, #pto<NAME case>): isa/enums.def
 *   ENUM(ID, "name", family, first row)   family 'A' = #pto.name<c> or #pto<name<c>>, 'B' = #pto<name c> only
 *   CASE(ENUM_ID, "case", value)
 */
enum enum_id {
#define ENUM(ID, name, family) EN_##ID,
#define CASE(ID, spelling, value)
#include "isa/enums.def"
#undef ENUM
#undef CASE
	ENUM_COUNT
};
struct enum_row {
	const char *name;
	char family;
};
extern const struct enum_row isa_enum[ENUM_COUNT];
bool enum_find(struct strv name, enum enum_id *id);
bool enum_case_find(enum enum_id id, struct strv spelling, int32_t *value);
const char *enum_case_name(enum enum_id id, int32_t value);	/* NULL when unknown */
/* The k-th case in table order (for messages), NULL after the last. */
const char *enum_case_nth(enum enum_id id, uint32_t k);

enum blayout { BL_ROW_MAJOR, BL_COL_MAJOR };
enum slayout { SL_NONE_BOX, SL_ROW_MAJOR, SL_COL_MAJOR };
enum gm_layout { LAYOUT_ND, LAYOUT_DN, LAYOUT_NZ };
enum pad_value { PAD_NULL, PAD_ZERO, PAD_MAX, PAD_MIN };
enum compact_mode { COMPACT_NULL, COMPACT_NORMAL, COMPACT_ROW_PLUS_ONE };

#endif
