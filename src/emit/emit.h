/*
 * emit: shared state and helpers of the C++ printer; private to src/emit.
 *
 * A function is printed in one walk over its structured body. Before it, one walk over its ops decides what is alive,
 * how often each value is mentioned in the text and by whom (family->uses), so that dead pure ops are not printed and
 * a scalar expression with a single mention in the same block can stand inside its user.
 *
 * Invariants: text goes straight to x->o; every value that reaches x_name has a number (x_def or a parameter); an
 * expression is only moved to a user in its own block, so nothing is assigned between its place and its use.
 */
#ifndef PTOC_EMIT_EMIT_H
#define PTOC_EMIT_EMIT_H

#include "emit/cxx.h"

/* C++ precedence of an expression text, weakest first. */
enum prec {
	PREC_COND,
	PREC_LOR,
	PREC_LAND,
	PREC_OR,
	PREC_XOR,
	PREC_AND,
	PREC_EQ,
	PREC_REL,
	PREC_SHIFT,
	PREC_ADD,
	PREC_MUL,
	PREC_UNARY,
	PREC_POSTFIX
};

enum {
	CV_VAR = 1 << 0,     /* declared ahead: the op assigns it */
	CV_INLINE = 1 << 1,  /* its text stands inside its user */
	CV_GENERIC = 1 << 2, /* a view that flows into a variable: run-time form with the type's own spelling */
	CV_CONST = 1 << 3    /* konst is its value */
};

/* What the printer knows about a value. */
struct cval {
	uint32_t no;          /* C++ local v<no>; 0 = none */
	uint32_t nuse;        /* mentions in the text */
	uint32_t user;        /* op of the last mention that may hold an expression, 0 = none */
	uint8_t flags, depth; /* depth of the inlined expression tree */
	struct typ tile;      /* printed tile type where it differs from the IR type, else 0 */
	uint32_t aux;         /* index into x->view or x->tile, 0 = none */
	int64_t konst;        /* CV_CONST */
	const char *type;     /* C++ type text where it is not that of the IR type, else NULL */
};

/* A tensor or partition view made by an op. */
struct view {
	struct val ptr; /* GM pointer, when made by make_tensor_view; else 0 */
	uint32_t rank;
	uint8_t layout;            /* enum gm_layout */
	bool user_layout;          /* has the attribute; else that of its source, else ND */
	bool fixed;                /* all strides (and, for a partition, sizes) are constants */
	int64_t dim[5], stride[5]; /* DIM_DYN where not constant; right-aligned to five */
};

/* Address of a tile variable. */
struct tile_addr {
	enum { ADDR_DATA, ADDR_CONST, ADDR_LOCAL, ADDR_SLOTS } kind;
	uint64_t bytes; /* CONST */
	uint32_t no;    /* LOCAL: uint64_t local */
};

struct cxx {
	struct ir *ir;
	struct arena *a;
	struct out *o;
	const struct emit_opt *opt;
	struct cval *val;   /* by val.i */
	uint8_t *live;      /* by op.i */
	uint32_t *const_no; /* by attr.i: local of that constant in this function, 0 = none */
	uint32_t nconst;
	VEC(struct attr) consts;     /* of this function, to reset const_no */
	VEC(const char *) tname;     /* C++ spelling by typ.i, NULL = not made yet */
	struct view_text *view_text; /* cache of view.c */
	VEC(struct view) view;
	VEC(struct tile_addr) tile;
	VEC(struct op) order; /* ops of the function in program order */
	VEC(struct op) work;
	struct op func;
	enum core core; /* of the code being printed */
	uint32_t indent;
	uint32_t next;       /* next local number, but see hidden */
	bool *hidden;        /* by sym.i: a function called v<number>, which no local may hide; NULL = none */
	uint32_t nhidden;
	uint32_t label;      /* last label number; the entry is 1 */
	uint32_t *blk_label; /* by blk.i, 0 = not jumped to */
	VEC(uint8_t) mark;   /* by local number: scratch of x_assign, zero between calls */
	uint8_t *pure;       /* by sym.i: a function of that name is printed and only computes its result */
	struct {
		uint32_t val, no;
	} cast[4];           /* operands of the current statement that were cast ahead of it, and the locals */
	uint32_t ncast;
	struct {
		uint32_t val, blk, no;
	} quant;             /* last scalar of a fixpipe form, its block and its local */
	bool ok;
};

/*
 * How a family of ops is printed (column `emit` of the op table).
 *   prepare  runs for every op in program order before anything is printed (may be NULL)
 *   uses     calls x_use for every value the text mentions; NULL: all operands, none as an expression
 *   stmt     prints the op; NULL: the family has only `expr`
 *   expr     prints the single result as an expression without outer parentheses and returns its precedence
 */
struct family {
	void (*prepare)(struct cxx *x, struct op o);
	void (*uses)(struct cxx *x, struct op o);
	void (*stmt)(struct cxx *x, struct op o);
	enum prec (*expr)(struct cxx *x, struct op o);
	bool drop; /* nothing but its results: dropped when they are unused (besides OPF_PURE rows) */
	bool snapshot; /* the result is a variable that is declared first and assigned then */
};

const struct family *op_family(const struct cxx *x, struct op o);

/* ---- text ---- */
void x_line(struct cxx *x); /* indent of a new line */
void x_str(struct cxx *x, const char *s);
#define x_f(x, ...) out_f((x)->o, __VA_ARGS__)
void x_no(struct cxx *x, uint32_t no);    /* v<no> */
void x_name(struct cxx *x, struct val v); /* the local of a value */
/* A value as an operand that needs at least precedence `min`: its name or its parenthesised expression. */
void x_operand(struct cxx *x, struct val v, enum prec min);
/* Wraps the text printed since `at` in parentheses when `have` is weaker than `min`. */
void x_paren(struct cxx *x, uint32_t at, enum prec have, enum prec min);
uint32_t x_fresh(struct cxx *x); /* number of a new local */
/* Starts the statement that defines v: "T vN = ", or "vN = " when it was declared ahead. */
void x_def(struct cxx *x, struct val v);
/* As x_def for a value of class type made without initialiser: "T vN;" (nothing when declared ahead). */
void x_declare(struct cxx *x, struct val v);
/* A fresh local of the given type: prints "T vN = " and returns N. */
uint32_t x_temp(struct cxx *x, const char *type);
void x_end(struct cxx *x); /* ";\n" */
/* A comment line; line breaks, braces and backslashes of the text are replaced. */
void x_comment(struct cxx *x, struct strv text);
/* As ptoas: "// pto: %a, %b", the values of the input that the next statement computes. */
void x_names(struct cxx *x, struct op o);
void x_value_name(struct cxx *x, struct val v); /* the same for one value */
/* Casts of snapshots that the text of `o` needs stand in statements of their own, as in ptoas. */
void x_casts_ahead(struct cxx *x, struct op o);

/* ---- decisions ---- */
/* The text of `o` mentions v; `expr`: v may stand there as an expression. */
void x_use(struct cxx *x, struct op o, struct val v, bool expr);
void x_use_all(struct cxx *x, struct op o, bool expr);
struct cval *x_val(const struct cxx *x, struct val v);
/* The op is printed at all. */
bool x_live(const struct cxx *x, struct op o);
/* Compile-time integer of a value, folded arithmetic included; known once the op has been prepared. */
bool x_const(const struct cxx *x, struct val v, int64_t *c);
bool x_multi(const struct cxx *x, struct reg r); /* region with several blocks */
bool x_is_select(const struct cxx *x, struct op o); /* scf.if of nothing but values: one conditional per result */

/* ---- types ---- */
/* C++ type, or NULL when there is none. */
const char *x_type(struct cxx *x, struct typ ty);
const char *x_val_type(struct cxx *x, struct val v);       /* reports an error and returns "void" when there is none */
struct typ x_tile_type(const struct cxx *x, struct val v); /* printed tile type of a tile value */
/* GlobalTensor<...> text in the run-time form: dims (5), strides -1. */
const char *x_view_type(struct cxx *x, struct typ elem, const int64_t dim[5], const int64_t stride[5], uint8_t layout);
const char *layout_token(uint8_t layout);
bool x_is_view(const struct cxx *x, struct val v);

/* ---- pieces ---- */
void x_prelude(struct cxx *x);
void x_struct_types(struct cxx *x); /* definitions of the struct types */
void x_block(struct cxx *x, struct blk b); /* the ops of a block */
void x_stmt(struct cxx *x, struct op o);
/* Blocks of a function body or execute_region as labels and gotos, with the closing guard and the final return. */
void x_blocks(struct cxx *x, struct reg r, enum core guard);
/* Ops of a block that returns, the closing guard, then the tail and the return. */
void x_last_block(struct cxx *x, struct blk b, enum core guard);
void x_constants(struct cxx *x);
void x_prepare(struct cxx *x, struct op f); /* decisions for one function */
void x_assign(struct cxx *x, const struct val *var, const struct val *from, uint32_t n); /* parallel */
void x_fixpipe_types(struct cxx *x); /* configurations of the function's fixpipe fifos */
/* Views that share one C++ type: all take the run-time form when their static types differ. */
void x_same_views(struct cxx *x, const struct val *v, uint32_t n);
void x_guard_open(struct cxx *x, enum core c);
void x_guard_close(struct cxx *x, enum core c);
bool x_is_tail(const struct cxx *x, struct op o);
/* `const T vN = LIT;` of an arith.constant. */
void x_constant(struct cxx *x, struct op o, const struct attr_data *d);
/* The literal of a constant; false when it has none. */
bool x_literal(struct out *o, const struct types *t, const struct attr_data *d);
/* "unsupported" error on an op. */
#define x_fail(x, op, ...) ((x)->ok = false, op_error((x)->ir, (op), DIAG_UNSUPPORTED, __VA_ARGS__))

#endif
