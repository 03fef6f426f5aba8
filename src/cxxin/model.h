/*
 * model: tokens, types, expressions and statements of the C++ text, and the state of a read. Internal to the folder.
 *
 * Three steps: lex.c makes tokens with the set of cores each one is compiled for; parse.c, types.c and stmt.c make
 * trees with names resolved; flow.c and its helpers turn the trees of each function into IR.
 *
 * Index 0 is "none" in all arrays here.
 */
#ifndef PTOC_CXXIN_MODEL_H
#define PTOC_CXXIN_MODEL_H

#include "cxxin/cxxin.h"

/* Nesting of statements and of expressions. */
enum { CX_NEST_MAX = 200 };
/* Most that the bodies of inlined helpers add to one function, in statements. */
enum { CX_INLINE_MAX = 1000000 };

/* ---- tokens ---- */

enum tok_kind { TK_END, TK_ID, TK_INT, TK_FLOAT, TK_STR, TK_PUNCT };

enum { CORES_CUBE = 1, CORES_VEC = 2, CORES_ALL = 3 };

/* Two characters of a punctuator as one number. */
#define P2(a, b) ((uint16_t)((a) | (b) << 8))

struct tok {
	uint8_t kind;
	uint8_t cores;		/* CORES_*: what the guards around it leave */
	bool is_unsigned, is_long;	/* INT: suffixes u, l */
	uint16_t p;		/* PUNCT: P2(first, second character or 0); < and > stand alone */
	uint32_t lo, hi;
	struct sym sym;		/* ID: with `::` inside, without a leading one */
	union {
		uint64_t i;
		double f;
	} u;
};

/* ---- types ---- */

enum ctype_kind {
	CT_NONE,
	CT_VOID,
	CT_AUTO,
	CT_INT,		/* ty, is_unsigned; bool has width 1 */
	CT_FLOAT,	/* ty */
	CT_PTR,		/* ty is a PTR; elem */
	CT_TILE,	/* ty is a TILE */
	CT_VIEW,	/* ty is a TVIEW of rank 5; five = strides */
	CT_FIVE,	/* pto::Shape or pto::Stride; five */
	CT_HANDLE,	/* ty is a PIPE, ASYNC_SESSION, ... */
	CT_NAMED	/* any other name */
};

struct ctype {
	uint8_t kind;
	bool is_unsigned;
	struct typ ty;
	uint32_t elem;
	int64_t five[5];
	struct sym name;
	uint32_t targ0, targ1;	/* tokens of the template arguments, as [targ0, targ1) */
};

/* ---- trees ---- */

enum expr_kind {
	EX_NONE,
	EX_INT,		/* num, is_unsigned */
	EX_BOOL,	/* num */
	EX_FLOAT,	/* f */
	EX_STR,
	EX_NULL,
	EX_VAR,		/* a = variable */
	/* name: enumerator, function, anything not declared here; b, c = template arguments, those of helpers that are
	   values also as arguments, 0 for types */
	EX_NAME,
	EX_UNARY,	/* op, a */
	EX_BINARY,	/* op, a, b */
	EX_COND,	/* a ? b : c */
	EX_CAST,	/* (type a) b, also the named casts */
	EX_CALL,	/* a(arguments) */
	EX_MAKE,	/* type a(arguments) */
	EX_MEMBER,	/* a.name */
	EX_INDEX,	/* a[b] */
	EX_LIST		/* {arguments} */
};

struct expr {
	uint8_t kind, depth;
	bool is_unsigned, is_long;
	uint16_t op;
	struct span at;
	struct sym name;
	uint32_t a, b, c;
	uint32_t arg0, narg;	/* slice of reader.arg */
	union {
		uint64_t i;
		double f;
	} u;
};

enum cstmt_kind {
	CS_NONE,
	CS_DECL,	/* variable a = expression b (0: none) */
	CS_EXPR,	/* a */
	CS_ASSIGN,	/* a op= b; op 0: plain */
	CS_IF,		/* a; then list b, else list c */
	CS_FOR,		/* list a; condition b; list c; body d; name.i = variable for exits.c */
	CS_WHILE,	/* condition a; body d; name.i likewise; op 1: do, whose last statement asks the condition */
	CS_SWITCH,	/* a; body d */
	CS_CASE,	/* label a; 0: default */
	CS_BLOCK,	/* list d */
	CS_GOTO,	/* name */
	CS_LABEL,	/* name */
	CS_BREAK,
	CS_CONTINUE,
	CS_RETURN,	/* expression a or 0 */
	CS_OTHER	/* name: a construct that is not read */
};

struct cstmt {
	uint8_t kind, cores;
	bool jumps;		/* goto, label or return inside */
	bool leaves;		/* a way out of the loop around it inside (exits.c) */
	uint16_t height;	/* levels of statements inside, itself included, where jumps.c has looked */
	uint16_t op;
	struct span at;
	struct sym name;
	uint32_t next;
	uint32_t a, b, c, d;
	uint32_t set0, set1;	/* slice of reader.set: what is assigned inside */
	uint32_t var0;		/* variables from this one on are declared inside */
};

struct cvar {
	struct sym name;
	uint32_t type;
	struct span at;
	uint32_t init;		/* parameters: default value; others: initial value */
	/* assignments in the text, the initial value included; a variable of exits.c is none while it has one, and its
	   init is the place of that in reader.set */
	uint32_t nset;
	bool hidden;		/* made for exits.c */
	bool array;		/* a C array: elements are not followed */
	bool input;		/* parameter */
	bool is_number;
	int64_t number;		/* its initial value */
	uint8_t global;		/* of the file: G_CONST, G_OTHER */
	uint32_t built;		/* G_CONST: function in which its value is in `cur` */
};

enum { G_NONE, G_CONST, G_OTHER };

struct cfunc {
	struct sym name;
	struct span at;
	uint32_t ret;		/* type */
	uint32_t var0, nparam;	/* parameters are consecutive variables */
	uint32_t tparam0, ntparam;	/* slice of reader.tparam */
	uint32_t body;		/* list, 0: empty */
	bool has_body;
	bool helper;		/* template or inline: expanded at its calls */
	bool jumps;
	bool exits;		/* break or continue in a loop */
	bool structured;	/* helpers: jumps have been looked at */
	bool active;		/* being expanded */
	uint8_t cores;		/* guards that occur: CORES_CUBE, CORES_VEC, both */
	bool open_work;		/* work on pipes outside all guards */
	struct op op;
};

/* ---- values ---- */

enum cval_kind {
	CV_UNSET,
	CV_VAL,		/* IR value */
	CV_FIVE,	/* five sizes: list */
	CV_NAME,	/* an enumerator or another name */
	CV_LIST,	/* values in braces: list */
	CV_GROUP,	/* members of a parallel group: list; num = root */
	CV_DATA,	/* data() of the tile v */
	CV_OTHER	/* nothing that is followed */
};

struct cval {
	uint8_t kind;
	bool is_unsigned;
	struct val v;
	struct sym name;
	uint32_t list0, n;	/* slice of reader.item */
	int64_t num;
};

struct known_const {
	struct typ ty;
	uint64_t bits;
	struct val v;
	uint32_t next;
};

enum { CONST_SLOTS = 256 };

struct reader {
	struct arena *a;
	struct ir *ir;
	struct cxxin *out;
	bool failed;
	uint32_t at;		/* token being looked at */
	uint32_t depth;
	uint32_t func;		/* being parsed or built */
	VEC(struct tok) tok, number;	/* number: of macros that are numbers */
	VEC(struct ctype) ctype;
	VEC(struct expr) expr;
	VEC(struct cstmt) stmt;
	VEC(struct cvar) var;
	VEC(struct cfunc) cfunc;
	VEC(uint32_t) arg;	/* expressions */
	VEC(uint32_t) stack;	/* arguments being collected */
	VEC(uint32_t) set;	/* variables in order of assignment */
	/* by symbol, grown on demand */
	VEC(uint32_t) var_of, func_of, type_of, callee_of, macro;
	VEC(uint32_t) tparam;	/* variables of template parameters, 0 for types */
	uint32_t tparam0;	/* from here on: of the function that is read next */
	VEC(uint32_t) scope;	/* pairs: symbol, variable hidden by it */
	VEC(uint32_t) next_row;	/* by op id: next row with the same callee */

	/* building */
	struct blk blk;		/* where ops go */
	struct op last_const;	/* constants stand first in the function */
	struct blk entry;
	struct span here;	/* position of ops while a helper is expanded */
	uint32_t ninline;
	VEC(struct cval) cur;	/* by variable */
	VEC(struct cval) item;
	VEC(struct known_const) known;
	uint32_t known_slot[CONST_SLOTS];
	VEC(uint32_t) stamp;	/* by variable */
	uint32_t serial;
	VEC(uint32_t) label_blk;	/* by symbol: block of a label in the function being built */
	VEC(uint32_t) labels;	/* symbols with an entry */
	/* by symbol: gotos that name the label in the function goto_func; function that has the label */
	VEC(uint32_t) gotos, goto_func, defined;
	VEC(uint32_t) label_loop;	/* by symbol: variable of the loop that the label stands in */
	VEC(uint32_t) loops;	/* being read: variables of the loops around, 0 for a switch */
	uint32_t how_type;
	bool flat;		/* building blocks with branches */
	bool sections;		/* guards become sections */
	uint8_t cores;		/* guards around what is being built */
	struct cval result;	/* of the helper being expanded */
	bool returned;
	bool in_arm;		/* a break here ends the arm of a switch */
	bool broke;
};

/* lex.c */
bool cx_lex(struct reader *r);
void cx_error(struct reader *r, enum diag_id id, struct span at, const char *fmt, ...) PTOC_PRINTF(4, 5);

/* parse.c: token access and expressions */
static inline const struct tok *cx_peek(const struct reader *r) { return &r->tok.at[r->at]; }
const struct tok *cx_ahead(const struct reader *r, uint32_t k);
bool cx_is(const struct reader *r, uint16_t p);
bool cx_is_id(const struct reader *r, const char *word);
bool cx_accept(struct reader *r, uint16_t p);
bool cx_expect(struct reader *r, uint16_t p, const char *what);
void cx_next(struct reader *r);
struct span cx_span(const struct reader *r);
/* Index behind the `>` that closes the `<` at token t; 0 when there is none before a `;` or a brace. */
uint32_t cx_skip_angles(const struct reader *r, uint32_t t);
uint32_t cx_expr(struct reader *r);		/* without comma */
uint32_t cx_sum(struct reader *r);		/* without comparisons: < and > stay */
void cx_args(struct reader *r, uint16_t close, uint32_t *arg0, uint32_t *n);
uint32_t cx_not_expr(struct reader *r, uint32_t e);
uint32_t cx_truth_expr(struct reader *r, struct span at);
uint32_t cx_find_var(const struct reader *r, struct sym s);
uint32_t cx_node(struct reader *r, struct expr e);
void cx_note_set(struct reader *r, uint32_t expr);
bool cx_enter(struct reader *r);
void cx_leave(struct reader *r);
/* Entry of a table by symbol, 0 when there is none; the second form makes room. */
uint32_t cx_by_sym(const uint32_t *at, uint32_t n, struct sym s);
#define CX_FIND(v, s) cx_by_sym((v)->at, (v)->n, s)
#define CX_SET(r, v, s, x)                                                                                             \
	do {                                                                                                           \
		if ((v)->n <= (s).i)                                                                                   \
			VEC_ADD((r)->a, (v), (s).i + 1 - (v)->n);                                                      \
		(v)->at[(s).i] = (x);                                                                                  \
	} while (0)

/* types.c */
bool cx_is_qualifier(const struct reader *r, struct sym s);
bool cx_starts_type(const struct reader *r, uint32_t t);
uint32_t cx_type(struct reader *r);
/* The integer of a template argument; false when it is none. */
bool cx_const(struct reader *r, uint32_t lo, uint32_t hi, int64_t *v);
/* Remembers the initial value of a variable for template arguments. */
void cx_note_number(struct reader *r, uint32_t var);
/* Template argument k of the tokens [lo, hi): its own range; false when there are fewer. */
bool cx_targ(const struct reader *r, uint32_t lo, uint32_t hi, uint32_t k, uint32_t *from, uint32_t *to);
/* Does an identifier of the range end in that word (behind ::)? */
bool cx_targ_says(const struct reader *r, uint32_t lo, uint32_t hi, const char *word);
struct strv cx_base_name(const struct reader *r, struct sym s);	/* behind the last :: */
bool cx_name_is(const struct reader *r, struct sym s, const char *word);
uint32_t cx_ctype_int(struct reader *r, uint32_t width, bool is_unsigned);
/* The type of a sum of two, 0 when one is not known. */
uint32_t cx_ctype_wider(struct reader *r, uint32_t a, uint32_t b);
uint32_t cx_ctype_of(struct reader *r, struct typ ty);

/* stmt.c */
bool cx_parse(struct reader *r);

/* flow.c */
/* Variables from outside that a statement assigns, each once. Those without an IR type have type 0. */
struct carried {
	uint32_t *var;
	struct cval *before;
	struct typ *ty;
	uint32_t n;
};

struct carried cx_assigned_in(struct reader *r, const struct cstmt *s);
/* Current values of the carried variables with a type, as operands; their number. */
uint32_t cx_carried_values(struct reader *r, const struct carried *c, struct val *v, struct span at);
void cx_put_yield(struct reader *r, const struct val *v, uint32_t n, struct span at);
void cx_carried_results(struct reader *r, const struct carried *c, struct op o);
/* The variables as results of the op, or as arguments of the block, in the order of cx_carried_values(). */
void cx_take_results(struct reader *r, const struct carried *c, struct op o);
void cx_take_arguments(struct reader *r, const struct carried *c, struct blk b);
void cx_list(struct reader *r, uint32_t list);
struct cval *cx_cur(struct reader *r, uint32_t var);	/* current value */
/* Type of a variable's value, 0 when it has none in the IR. */
struct typ cx_var_type(struct reader *r, uint32_t var);
bool cx_var_unsigned(const struct reader *r, uint32_t var);
struct blk cx_add_block(struct reader *r, struct reg g);
struct val cx_truth(struct reader *r, struct cval c, struct span at);
void cx_return(struct reader *r, const struct cstmt *s);

/* loops.c */
void cx_do_for(struct reader *r, const struct cstmt *s);
/* Loops of all kinds; `first`: the condition that was asked in front of a do-loop, which is then a while-loop. */
void cx_any_loop(struct reader *r, const struct cstmt *s, uint32_t cond, uint32_t step, uint32_t first);
/* if (c) do S while (c); is while (c) S. */
bool cx_is_guarded_do(const struct reader *r, const struct cstmt *s, uint32_t *cond);

uint32_t cx_find_break(const struct reader *r, uint32_t list);	/* "if (c) break;" of a body, 0 when there is none */

/* exits.c */
/* One way out for each loop; the returns of a helper end lists. False when those of a helper are not followed. */
bool cx_exits(struct reader *r, uint32_t *body, bool helper);

/* jumps.c */
/* Rebuilds ifs and loops from gotos; false when no jumps are left in the body. */
bool cx_early_return(const struct reader *r, uint32_t list);
bool cx_structure(struct reader *r, uint32_t *body);

/* func.c */
bool cx_build(struct reader *r);
void cx_stmt_flat(struct reader *r, uint32_t stmt);	/* in a function with jumps */

/* value.c */
struct op cx_op(struct reader *r, enum op_id id, struct span at);	/* operands follow, then cx_put */
void cx_put(struct reader *r, struct op o);
struct val cx_int(struct reader *r, int64_t v, uint32_t width);
struct val cx_opaque(struct reader *r, struct typ ty, struct span at);
struct cval cx_eval(struct reader *r, uint32_t e);
bool cx_same_expr(const struct reader *r, uint32_t x, uint32_t y);	/* the same names and numbers */
bool cx_on_stack(const struct reader *r, uint32_t expr);
struct cval cx_val(struct val v, bool is_unsigned);
bool cx_is_kind(const struct reader *r, const struct cval *c, enum type_kind k);
bool cx_is_scalar(const struct reader *r, const struct cval *c);
bool cx_is_int(const struct reader *r, const struct cval *c);
bool cx_is_view(const struct reader *r, const struct cval *c);
bool cx_const_of(const struct reader *r, const struct cval *c, int64_t *v);
struct cval cx_convert(struct reader *r, struct cval c, uint32_t type, struct span at);
struct cval cx_binary(struct reader *r, uint16_t op, struct cval a, struct cval b, struct span at);
/* A value of the variable's type for places where nothing better is known. */
struct cval cx_default(struct reader *r, uint32_t var);
/* The value as IR, or an opaque one of that type. */
struct val cx_force(struct reader *r, struct cval c, struct typ ty, struct span at);

/* memory.c */
struct cval cx_make(struct reader *r, uint32_t type, struct cval *arg, uint32_t n, struct span at);
struct cval cx_member_call(struct reader *r, const struct expr *e, uint32_t obj, struct sym name, struct cval *arg,
			   uint32_t n);
struct cval cx_load(struct reader *r, struct cval p, struct cval i, struct span at);
void cx_store(struct reader *r, struct cval v, struct cval p, struct cval i, struct span at);
bool cx_assign_address(struct reader *r, uint32_t var, struct cval addr, struct span at);
struct cval cx_tile_address(struct reader *r, struct val tile, struct span at);
struct cval cx_view_data(struct reader *r, struct val view, struct span at);
struct val cx_tile_new(struct reader *r, struct typ ty, struct val addr, struct val row, struct val col,
		       struct span at);
uint32_t cx_var_of(const struct reader *r, uint32_t e);	/* variable an expression names, 0 when it is none */

/* call.c */
void cx_callees(struct reader *r);
bool cx_is_work(const struct reader *r, struct sym name);
struct cval cx_call(struct reader *r, uint32_t e);
void cx_unknown(struct reader *r, struct span at, const char *fmt, ...) PTOC_PRINTF(3, 4);

/* rows.c */
struct call {
	struct sym name;
	struct span at;
	uint32_t targ0, targ1;
	const uint32_t *expr;	/* arguments as written */
	struct cval *arg;
	uint32_t n;
	const uint32_t *targ;	/* template arguments of helpers that are values */
	uint32_t ntarg;
	struct cval result;
};
/* The call as an op of the table; false when no row takes these operands. */
bool cx_row_call(struct reader *r, struct call *c, uint32_t row);

#endif
