/*
 * rule: what the family files of verify/ share.
 *
 * The column `verify` of isa/ops.def names a rule; verify/rules.def gives each rule its function, the names of the
 * operand slots as messages use them, one datum (`set`, usually the legal element types) and the message of that datum.
 * So a family is one function and an op is one table row. A rule function reports at most one error and returns false
 * then. When it runs, the number and kinds of operands, results, regions and successors are already right (by the sig
 * column) and no type is poisoned. Types are only read: pointers into the type table stay valid.
 */
#ifndef PTOC_VERIFY_RULE_H
#define PTOC_VERIFY_RULE_H

#include "ir/ir.h"
#include "verify/verify.h"

/* Element type sets. Signless and signed integers are one. */
enum {
	E_I8 = 1 << 0, E_U8 = 1 << 1, E_I16 = 1 << 2, E_U16 = 1 << 3, E_I32 = 1 << 4, E_U32 = 1 << 5, E_I64 = 1 << 6,
	E_U64 = 1 << 7, E_F16 = 1 << 8, E_BF16 = 1 << 9, E_F32 = 1 << 10, E_F64 = 1 << 11,
	E_I1 = 1 << 12, E_INDEX = 1 << 13,
	E_B8 = E_I8 | E_U8, E_B16 = E_I16 | E_U16, E_B32 = E_I32 | E_U32, E_B64 = E_I64 | E_U64,
	E_ANY_INT = E_B8 | E_B16 | E_B32 | E_B64,
	E_FLOAT = E_F16 | E_F32,			/* what the vector unit computes with */
	E_NUM = E_I16 | E_I32 | E_FLOAT,
	E_NUM_BF = E_NUM | E_BF16,
	E_MOVE = E_ANY_INT | E_F16 | E_BF16 | E_F32	/* what can be transferred */
};

/* Rule data of arithmetic conversions: classes of source and result, and how the widths must relate. */
enum { CAST_II, CAST_FF, CAST_IF, CAST_FI, CAST_CLASS = 3, CAST_WIDER = 4, CAST_NARROWER = 8 };

struct verify;

struct rule {
	bool (*fn)(struct verify *v, struct op o);	/* NULL: nothing beyond the structure */
	const char *slots;	/* operand names by slot, separated by blanks */
	uint32_t set;
	const char *text;	/* `$` stands for the op's name without dialect */
};

/* One call, for the recursion check. Edges of one caller are adjacent: functions are walked in order. */
struct call_edge {
	struct op call;
	uint32_t caller, callee;	/* indices into verify.func */
};

struct verify {
	struct ir *ir;
	const struct verify_opt *opt;
	const struct rule *rule;	/* of the op at hand */
	struct op ffts_func;		/* function that was searched for pto.set_ffts */
	bool ffts_seen;
	struct op fifo_func;		/* function whose fifo declarations are in fifo_init */
	VEC(struct op) fifo_init;
	bool bad;			/* an error was reported */
	struct op unit;			/* the module that is compiled */
	VEC(struct op) func;		/* functions of the unit; [0] unused */
	uint32_t *sym_func;		/* by sym.i: index into func, 0 = none */
	uint32_t nsym;
	uint32_t cur;			/* function being walked */
	VEC(struct call_edge) call;
	uint32_t *resized[2];		/* by val.i, rows and columns: divides all that set_validshape gives; 0: none */
};

/* One operand as messages see it. */
struct opnd {
	char name[24];
	struct val val;
	struct typ type, elem;
	const struct tile_shape *s;	/* tiles only */
	uint32_t es;			/* bytes of an element, 0 when it has no storage size */
};

/* Reports and is false. */
#define FAIL(v, o, ...) (op_error((v)->ir, (o), DIAG_VERIFY, __VA_ARGS__), false)

#define RULE(name, fn, slots, set, text) bool fn(struct verify *v, struct op o);
#define RULE0(name)
#include "verify/rules.def"
#undef RULE
#undef RULE0

/* ---- opnd.c: operands ---- */

/* False when the slot is absent (optional). */
bool opnd_get(struct verify *v, struct op o, uint32_t slot, struct opnd *x);
struct opnd opnd_of(struct verify *v, struct op o, uint32_t slot);	/* a mandatory slot */
struct opnd opnd_result(struct verify *v, struct op o, uint32_t k);
struct opnd opnd_named(struct verify *v, struct val val, const char *name);
/* Notes with the types of the operands an error speaks of; always false, to end `FAIL(...) || blame(...)`. */
bool blame(struct verify *v, const struct opnd *a, const struct opnd *b);
bool blame3(struct verify *v, const struct opnd *a, const struct opnd *b, const struct opnd *c);
const char *ty_str(struct verify *v, struct typ ty);

static inline int64_t opnd_dim(const struct opnd *x, uint32_t i) { return i ? x->s->cols : x->s->rows; }
static inline int64_t opnd_valid(const struct opnd *x, uint32_t i) { return i ? x->s->vcol : x->s->vrow; }
static inline bool dim_known(int64_t d) { return d != DIM_DYN; }
static inline bool dim_differ(int64_t a, int64_t b) { return dim_known(a) && dim_known(b) && a != b; }
static inline bool opnd_empty(const struct opnd *x) { return x->s->vrow == 0 && x->s->vcol == 0; }

/*
 * Is valid extent i of a tile a multiple of n whenever it is asked: by its type, or by the constants that its
 * alloc_tile and every set_validshape give it.
 */
bool tile_valid_multiple(struct verify *v, const struct opnd *x, uint32_t i, uint32_t n);

/* ---- opnd.c: families of checks (spec ops-compute.md §5); each reports with the spec's text ---- */

uint32_t elem_bit(struct verify *v, struct typ elem);	/* E_*, 0 for a type without C++ name */
bool opnd_low(struct verify *v, const struct opnd *x);	/* low-precision element */

bool tile_common(struct verify *v, struct op o, const struct opnd *x);		/* TileBufCommon */
bool tile_vec(struct verify *v, struct op o, const struct opnd *x);		/* VecTileStorage */
bool tile_vec_rows(struct verify *v, struct op o, const struct opnd *x);		/* VecTileCommon */
bool tile_nd(struct verify *v, struct op o, const struct opnd *x);		/* NDStyleVecTile */
bool tile_none_box(struct verify *v, struct op o, const struct opnd *x);
bool same_elem(struct verify *v, struct op o, const struct opnd *a, const struct opnd *b);
bool same_valid(struct verify *v, struct op o, const struct opnd *a, const struct opnd *b);
bool same_valid_dim(struct verify *v, struct op o, const struct opnd *a, const struct opnd *b, uint32_t i);
/* Scratch is absent: placement adds it; without placement (level 3) an error, "... for WHAT ..." unless WHAT is NULL.
 */
bool tmp_missing(struct verify *v, struct op o, const char *what);
bool tmp_capacity(struct verify *v, struct op o, const struct opnd *tmp, uint64_t need_bytes);
/* Element type of x in the rule's set; otherwise the rule's text. */
bool rule_elem(struct verify *v, struct op o, const struct opnd *x);
/* The op's text with `$` replaced by its short name. */
const char *rule_text(struct verify *v, struct op o, const char *text);
bool is_scalar(struct verify *v, struct typ ty);	/* int or float with a C++ type, not index */
bool int_width_ok(struct verify *v, struct typ ty);	/* 1, 8, 16, 32, 64 bits */

/* ---- storage.c: rules about values wherever they are used ---- */

bool struct_provenance(struct verify *v, struct op o);
bool inttoptr_use(struct verify *v, struct op o);

/* ---- level.c ---- */

bool verify_level(struct verify *v);	/* on a module without errors */

/* ---- structure.c ---- */

/* Number of regions and successors, single blocks, terminators. */
bool verify_body(struct verify *v, struct op o);
/* Is a terminator at home in the region that it ends? Asked by the rule of each. */
bool terminator_fits(struct verify *v, struct op o);

/* ---- module.c ---- */

bool verify_module_attrs(struct verify *v, struct op module);
/* Finds v->unit. False when the nesting of modules has no meaning here. */
bool verify_module_nesting(struct verify *v);
void verify_symbols(struct verify *v);		/* fills v->func and v->sym_func */
void verify_recursion(struct verify *v);	/* after all calls were seen */

#endif
