/*
 * ir: SSA values and ops in structured regions, for one module.
 *
 * Everything is an index into arrays of `struct ir`; 0 is "none" everywhere. Growing an array never invalidates an
 * index, but a pointer to an element is valid only until the next element is added.
 *
 * Regions hold blocks, blocks hold ops as a doubly linked list. Structured ops (scf.*) keep their regions to the end;
 * functions and scf.execute_region may have several blocks with successors.
 *
 * Operands: an op without a variadic slot has exactly one entry per table slot, val{0} for an absent optional one. An
 * op with a variadic slot has group bounds (op_group). Use op_slot/op_group, not the raw array, unless all are meant.
 */
#ifndef PTOC_IR_IR_H
#define PTOC_IR_IR_H

#include "diag/diag.h"
#include "ir/attr.h"

struct val { uint32_t i; };
struct op { uint32_t i; };
struct blk { uint32_t i; };
struct reg { uint32_t i; };

/* Producer location, loc("file":line:col) or loc("name"); file.i == 0: none. */
struct loc {
	struct sym file, name;
	uint32_t line, col;
};

struct val_data {
	struct typ type;
	struct op def;		/* defining op, or 0 for a block argument */
	struct blk blk;		/* block of the argument, when def is 0 */
	uint16_t index;		/* result or argument number */
	uint16_t group;		/* results written as %r:2: number of results of that name, else 0 */
	struct sym name;	/* without %, 0 when made by a pass */
	struct span span;
};

struct succ {
	struct blk blk;
	uint32_t arg0, narg;	/* branch operands: slice of ir->opnd */
};

struct op_data {
	uint16_t id;		/* enum op_id */
	uint16_t nres, nreg, nsucc, nseg;
	uint16_t flags;		/* OPD_* */
	uint32_t res0;		/* results are consecutive values */
	uint32_t opnd0, nopnd;	/* slice of ir->opnd */
	uint32_t seg0;		/* nseg+1 offsets into ir->seg, relative to opnd0, when the op has a variadic slot */
	uint32_t reg0;		/* regions are consecutive */
	uint32_t succ0;		/* slice of ir->succ */
	struct attr attrs;	/* dictionary; 0 = empty */
	struct blk parent;
	struct op prev, next;
	struct span span;	/* in the source; {0,0} when made by a pass */
	uint32_t loc;		/* index into ir->loc, 0 = none */
	uint32_t order;		/* position key: strictly increasing inside a block after ir_renumber */
};

enum {
	OPD_DEAD = 1 << 0,	/* erased */
	OPD_SYNC = 1 << 1,	/* inserted by sync/apply */
	OPD_GENERIC = 1 << 2	/* was written in generic form */
};

struct blk_data {
	struct reg parent;
	struct blk next;	/* next block of the region */
	struct op first, last;
	uint32_t arg0, narg;	/* arguments are consecutive values */
	struct sym label;	/* without ^ */
	struct span span;
};

struct reg_data {
	struct op parent;
	struct blk first, last;
	struct span span;
};

/* Symbols and attribute keys every layer needs, interned once. */
struct ir_names {
#define NAME(id, text) struct sym id;
#include "ir/names.def"
#undef NAME
};

struct ir {
	struct arena *a;
	struct diags *diags;
	struct intern in;
	struct types types;
	struct attrs attrs;
	struct ir_names name;
	VEC(struct val_data) val;
	VEC(struct op_data) op;
	VEC(struct blk_data) blk;
	VEC(struct reg_data) reg;
	VEC(struct val) opnd;
	VEC(uint32_t) seg;
	VEC(struct succ) succ;
	VEC(struct loc) loc;
	struct op module;	/* top-level builtin.module */
};

void ir_init(struct ir *ir, struct arena *a, struct diags *d);

static inline struct op_data *ir_op(const struct ir *ir, struct op o) { return &ir->op.at[o.i]; }
static inline struct val_data *ir_val(const struct ir *ir, struct val v) { return &ir->val.at[v.i]; }
static inline struct blk_data *ir_blk(const struct ir *ir, struct blk b) { return &ir->blk.at[b.i]; }
static inline struct reg_data *ir_reg(const struct ir *ir, struct reg r) { return &ir->reg.at[r.i]; }
static inline enum op_id op_id(const struct ir *ir, struct op o) { return (enum op_id)ir->op.at[o.i].id; }
static inline struct typ val_type(const struct ir *ir, struct val v) { return ir->val.at[v.i].type; }
static inline const struct op_row *op_row(const struct ir *ir, struct op o) { return &isa_op[ir->op.at[o.i].id]; }

/* ---- making ---- */

/* A detached op; operands, results, regions and successors are added while it is the newest op (each kind's entries
 * must be added together, before another op gets entries of that kind). */
struct op ir_op_new(struct ir *ir, enum op_id id, struct span sp);
void ir_op_operands(struct ir *ir, struct op o, const struct val *v, uint32_t n);
/* For ops with a variadic slot: all groups in order; n[k] operands in group k. */
void ir_op_groups(struct ir *ir, struct op o, const struct val *v, const uint32_t *n, uint32_t ngroup);
struct val ir_op_result(struct ir *ir, struct op o, struct typ ty);	/* results one after the other */
struct reg ir_op_region(struct ir *ir, struct op o);			/* regions one after the other */
void ir_op_succ(struct ir *ir, struct op o, struct blk b, const struct val *arg, uint32_t narg);
struct blk ir_blk_new(struct ir *ir);
void ir_blk_append(struct ir *ir, struct reg r, struct blk b);
struct val ir_blk_arg(struct ir *ir, struct blk b, struct typ ty);	/* arguments one after the other */

/* ---- placing ---- */

void ir_append(struct ir *ir, struct blk b, struct op o);
void ir_insert_before(struct ir *ir, struct op at, struct op o);
void ir_insert_after(struct ir *ir, struct op at, struct op o);
void ir_unlink(struct ir *ir, struct op o);
void ir_erase(struct ir *ir, struct op o);	/* unlink and mark dead; results must be unused */
/* Where an op stood, to put it back; several are put back in the opposite order. */
struct op_place {
	struct op op, next;
	struct blk blk;
};
struct op_place ir_take(struct ir *ir, struct op o);
void ir_put_back(struct ir *ir, struct op_place at);
/* Fresh `order` keys for every op of the function, in program order over all regions (pre-order, from 1). */
void ir_renumber(struct ir *ir, struct op root);

/* ---- reading ---- */

static inline struct val op_opnd(const struct ir *ir, struct op o, uint32_t k)
{
	return ir->opnd.at[ir->op.at[o.i].opnd0 + k];
}
static inline struct val op_res(const struct ir *ir, struct op o, uint32_t k)
{
	return (struct val){ir->op.at[o.i].res0 + k};
}
static inline struct reg op_reg(const struct ir *ir, struct op o, uint32_t k)
{
	return (struct reg){ir->op.at[o.i].reg0 + k};
}
/* Operand of a non-variadic table slot, 0 when absent. */
struct val op_slot(const struct ir *ir, struct op o, uint32_t slot);
/* Fills an absent optional slot, or replaces what a non-variadic slot has. */
void op_slot_set(struct ir *ir, struct op o, uint32_t slot, struct val v);
/* Operands of any slot (variadic or not): first index into ir->opnd and count. */
const struct val *op_group(const struct ir *ir, struct op o, uint32_t slot, uint32_t *n);
/* The single block of region k, 0 when the region is empty. */
struct blk op_body(const struct ir *ir, struct op o, uint32_t k);
/* The op that owns the block (scf.for, func.func, ...), 0 for the top. */
struct op blk_owner(const struct ir *ir, struct blk b);
struct op op_parent(const struct ir *ir, struct op o);
/* Is o the other op, or anywhere inside it? */
bool op_is_inside(const struct ir *ir, struct op o, struct op outer);
/* Is there an op with that id anywhere inside? */
bool op_has_nested(const struct ir *ir, struct op o, enum op_id id);
/* Nearest enclosing op with that id, 0 when none. */
struct op op_enclosing(const struct ir *ir, struct op o, enum op_id id);
/* Does the op write every byte of the tile, the result of an alloc_tile, without reading any? */
bool op_fills_tile(const struct ir *ir, struct op o, struct val tile);
struct attr op_attr(const struct ir *ir, struct op o, struct sym key);
void op_attr_set(struct ir *ir, struct op o, struct sym key, struct attr a);
/* Value of an enum attribute, or `absent` when it is missing or of another enum. */
int32_t op_enum(const struct ir *ir, struct op o, struct sym key, enum enum_id id, int32_t absent);
/* Compile-time integer of a value: arith.constant, through index_cast and conversion casts. */
bool val_const_int(const struct ir *ir, struct val v, int64_t *c);
/* Do constant bounds say that the scf.for has a first trip? */
bool op_surely_runs(const struct ir *ir, struct op loop);
/* Span to blame for a value: its definition. */
struct span val_span(const struct ir *ir, struct val v);
const char *val_name(const struct ir *ir, struct val v);	/* "%x", "%x#1", "%12" when unnamed */
struct sym func_name(const struct ir *ir, struct op func);
struct typ func_type(const struct ir *ir, struct op func);	/* TY_FUNC, attribute function_type */
/* Core of a pto.section.cube or pto.section.vector; CORE_NONE for any other op. */
enum core section_core(const struct ir *ir, struct op o);
/* Core of a function: its pto.kernel_kind attribute, else the module's, else CORE_NONE. Of any other op: the section
 * around it, else the core of its function. */
enum core func_core(const struct ir *ir, struct op func);

/* Reports an error on an op: "'pto.tload' op TEXT" when named, with its producer location. */
void op_error(struct ir *ir, struct op o, enum diag_id id, const char *fmt, ...) PTOC_PRINTF(4, 5);

/* ---- sync ops ---- */

enum pipe pipe_of_value(int32_t enum_value);	/* #pto.pipe value -> pipe; P_NONE for pipes a2/a3 lack */
int32_t pipe_to_value(enum pipe p);
struct op ir_flag(struct ir *ir, enum op_id id, enum pipe src, enum pipe dst, uint32_t eid); /* set_flag, wait_flag */
struct op ir_barrier(struct ir *ir, enum pipe p);
/* Pipes and id of set_flag/wait_flag; pipe of a barrier in *src. False when a pipe is not one of a2/a3. */
bool op_flag(const struct ir *ir, struct op o, enum pipe *src, enum pipe *dst, uint32_t *eid);

#endif
