/*
 * build: the front end's inside: what lexer, grammar and builders share.
 *
 * The grammar (grammar/parser.y) reduces to calls of the functions below; lists are kept on the stacks of struct front
 * and travel as slices. A slice stays valid until its stack is cut at or below its start, which the consumer does.
 * The first error stops the parse: every function may be called after an error and then does nothing harmful.
 */
#ifndef PTOC_FRONT_BUILD_H
#define PTOC_FRONT_BUILD_H

#include "front/front.h"

/* A word-like token: identifier, keyword, op name or builtin type name. aux: op id (with OLD_NAME), type or kind. */
struct word {
	struct sym sym;
	uint32_t aux;
};

/* %name#num in an operand list; num is 1 + the written number, 0 when none was written. */
struct use {
	struct sym name;
	uint32_t num;
	struct span span;
};

struct slice {
	uint32_t at, n;
};

/* A type as written. */
struct tuse {
	struct typ type;
	struct span span;
};

/* An attribute as written. */
struct aused {
	struct attr attr;
	struct span span;
};

/* key = attribute. */
struct entry {
	struct sym key;
	struct attr val;
	struct span span, val_span;
};

/* A name on the left of `=`: %r:n. */
struct result_name {
	struct sym name;
	uint32_t n;
	struct span span;
};

/* A block or function argument. */
struct arg {
	struct sym name; /* 0: type only */
	struct typ type;
	struct attr attrs;
	uint32_t loc;
	struct span span;
};

/* A successor with its operands. */
struct target {
	struct blk blk;
	struct slice use, type;
};

/* One key = value of a tile_buf type, or one #pto.tile_buf_config entry. */
struct field {
	struct sym key;
	struct span span, val_span;
	enum { FV_WORD, FV_STRING, FV_INT, FV_QUESTION, FV_TYPE, FV_PAIR } kind;
	struct sym word;
	struct typ type;
	int64_t num, num2;
};

/* What a name means now. Valid only while `scope` is the current isolated scope. */
struct binding {
	uint32_t val, n; /* first value and count, 0 = not defined */
	uint32_t scope;
	uint32_t fwd; /* 1-based first entry of the name in front.fwd */
};

struct undo {
	struct sym name;
	struct binding old;
};

/* A use before its definition: a stand-in value until the definition is seen. */
struct fwd {
	struct sym name;
	uint32_t num, next;
	struct val stand_in, real;
	struct span span;
};

struct label {
	struct blk blk;
	uint32_t frame; /* serial of the region it belongs to */
	bool defined;
	struct span span; /* first mention */
};

struct label_undo {
	struct sym name;
	struct label old;
};

/* Lengths of the list stacks. */
struct heights {
	uint32_t use, type, entry, attr, arg, target, field, num, val, extra;
};

/* A keyword operand after outs(...). */
struct extra {
	struct sym key;
	struct attr val;
	struct slice use, type;
	struct span span;
};

/* An open region. */
struct frame {
	struct reg reg;
	struct blk cur; /* block that takes the next op, 0 = none yet */
	enum op_id owner;
	uint32_t undo0, label0, serial;
	struct heights base;                  /* every op ends by cutting the stacks to this */
	uint32_t scope, fwd0, opnd0, val0, nregion; /* saved state of an isolated scope */
	int32_t depth;
	struct span open;
	bool isolated, named_args, keep_empty;
	bool check_dominance; /* of the enclosing scope, saved */
};

/* The region the next `{` opens. */
struct next_region {
	struct reg reg;
	enum op_id owner;
	struct slice arg; /* entry arguments */
	bool with_args, keep_empty;
};

/* A generic op, or one with a variable number of regions, while its regions are read. */
struct pending {
	enum op_id id;
	struct span span;
	struct slice use, target;
	struct attr props;
	uint32_t reg0; /* first of its regions in front.reg */
};

enum { MEMO_RECENT = 8 };

struct memo {
	uint32_t hash, lo, n;
	struct typ type;
};

/* A key of an attribute that nobody reads, and the one that was probably meant, if any. */
struct odd {
	struct sym key;
	struct span span;
	const char *meant;
};

struct alias {
	bool is_type;
	struct typ type;
	struct attr attr;
	uint32_t loc; /* index into ir->loc, reserved at the first use */
	bool defined;
	struct span span;
};

struct clause { /* ins(...) or outs(...) as written */
	struct slice use, type;
	struct attr attrs;
	struct sym text; /* leading or trailing string */
	struct span text_at, span;
	uint32_t nmore; /* uses that came with their own type */
	bool text_last, no_tmp, present;
};

struct front {
	struct ir *ir;
	struct arena *a;
	struct diags *d;
	const unsigned char *text, *cur, *end;
	struct span last;      /* last token, for errors at the end of the file */
	bool failed, muted;    /* an error was reported; another one was dropped */
	bool long_type;        /* the next word names a type: !pto<NAME<...>> */
	int32_t depth, depth0; /* open brackets; those that belong to regions */
	VEC(struct word_class {
		uint16_t tok;
		uint32_t aux;
	})
	word; /* by sym */
	VEC(struct use) use;
	VEC(struct tuse) type;
	VEC(struct entry) entry;
	VEC(struct attr) attr;
	VEC(struct result_name) result;
	VEC(struct arg) arg;
	VEC(struct target) target;
	VEC(struct field) field;
	VEC(int64_t) num;
	VEC(struct val) val; /* scratch for resolved operands */
	VEC(struct reg) reg; /* regions of pending ops */
	VEC(struct pending) pending;
	VEC(struct binding) bind; /* by sym */
	VEC(struct undo) undo;
	VEC(struct fwd) fwd;
	VEC(struct label) label;           /* by sym of the label */
	VEC(struct label_undo) label_undo; /* labels mentioned in open regions */
	VEC(struct extra) extra;
	VEC(struct frame) frame;
	VEC(struct alias) alias;    /* by sym */
	VEC(struct span) alias_use; /* location aliases used before their definition */
	VEC(struct sym) alias_name;
	struct next_region next;
	struct clause ins, outs;                       /* of the op at hand */
	struct slice iter, init, succ_type, func_args; /* second results of grammar rules */
	uint32_t nfloat;                               /* floats pushed to num since the last array<> */
	uint32_t scope, serial, nregion;               /* nregion: regions open in the current isolated scope */
	bool check_dominance; /* the function at hand has forward references or several blocks */
	struct memo *memo;
	uint32_t nmemo, memo_used;
	struct memo recent[MEMO_RECENT];	/* last one met, by length of the name */
	struct strv loc_text;			/* file of the last plain location */
	struct sym loc_sym;
	VEC(struct odd) odd;			/* unknown keys of attributes, once each */
	uint32_t nknown;			/* symbols below are known words */
	struct { /* words the builders compare with */
#define WORD(id, text) struct sym id;
#include "front/words.def"
#undef WORD
	} w;
};

/* Ready to read the source of ir->diags from its start. */
void front_init(struct front *fe, struct ir *ir);

/* ---- errors ---- */

void fe_error(struct front *fe, enum diag_id id, struct span at, const char *fmt, ...) PTOC_PRINTF(4, 5);
/* Only when the error was the first: fe_error returned and nothing else was reported since. */
void fe_note(struct front *fe, struct span at, const char *fmt, ...) PTOC_PRINTF(3, 4);
void fe_hint(struct front *fe, const char *fmt, ...) PTOC_PRINTF(2, 3);
/* A hint, when something is near. */
void fe_meant(struct front *fe, const struct guess *near, const char *prefix);
void fe_unknown_op(struct front *fe, struct strv name, struct span at);
void fe_no_custom(struct front *fe, enum op_id id, struct span at); /* an op without custom form is written in one */
const char *fe_str(struct front *fe, struct sym s);
const char *fe_type(struct front *fe, struct typ ty);
struct strv fe_text(const struct front *fe, struct span s);

/* ---- words (words.c) ---- */

enum { OLD_NAME = 1u << 16 }; /* aux of an op word: the op was written under an old name, number in the bits above */

/* Op of an op-name token, without the mark of an old name. */
static inline enum op_id
word_op(struct word w)
{
	return (enum op_id)(w.aux % OLD_NAME);
}

void words_init(struct front *fe);
/* Token and aux of an identifier; type words and op names included. */
int word_token(struct front *fe, struct sym s, uint32_t *aux);
/* Hints for a name that is no type, and for one that is no number's type. */
void type_name_meant(struct front *fe, struct strv name);
void number_type_meant(struct front *fe, struct strv name);
/* Token of the pto type name, 0 when unknown; *aux = enum type_kind. */
int type_name_token(struct strv name, uint32_t *aux);

/* ---- numbers (number.c) ---- */

/* Value of digits or 0x digits. False when it exceeds 64 bits. */
bool int_value(struct strv text, uint64_t *v);
/* Nearest double of digits "." digits [e[+-]digits]. */
double float_value(struct strv text);
/* Bit pattern of a value in a float type; sets *bits even when the value is infinite in it. False for other types. */
bool float_bits(enum float_kind k, double f, uint64_t *bits);
double float_from_bits(enum float_kind k, uint64_t bits);

/* ---- types (types.c) ---- */

uint32_t memo_hash(const unsigned char *p, uint32_t n);
struct memo memo_find(const struct front *fe, uint32_t lo, uint32_t n, uint32_t hash);	/* n == 0: none */
void memo_add(struct front *fe, struct span s, struct typ ty);

/* Text of a DIMS token as numbers on front.num; DIM_DYN for ?. */
struct slice dims_push(struct front *fe, struct span s);
struct typ type_shape(struct front *fe, enum type_kind k, struct slice dims, struct tuse elem, struct span at);
struct typ type_memref(struct front *fe, struct slice dims, struct tuse elem, struct span tail);
struct typ type_vec(struct front *fe, struct slice dims, struct tuse elem);
struct typ type_list_of(struct front *fe, enum type_kind k, struct slice sub, struct span at);
struct typ type_fn(struct front *fe, struct slice in, struct slice out);
struct typ type_pointer(struct front *fe, struct tuse elem, struct sym space, struct span at);
struct typ type_counted(struct front *fe, enum type_kind k, struct span num);
struct typ type_bare(struct front *fe, uint32_t kind, struct span at);
struct typ type_opaque(struct front *fe, struct span at);
/* !pto.tile_buf<k = v, ...> */
struct typ type_tile_verbose(struct front *fe, struct slice fields, struct span at);
/* !pto.tile_buf<LOC, RxCxT, k = v, ...> */
struct typ type_tile_compact(struct front *fe, struct sym loc, struct span loc_at, struct slice dims,
			     struct span dims_at, struct tuse elem, struct slice fields, bool multi);
/* !pto.multi_tile_buf<TILE, count = N> */
struct typ type_multi(struct front *fe, struct tuse tile, struct slice fields, struct span at);
struct typ type_alias_use(struct front *fe, struct sym name, struct span at);
void type_alias_def(struct front *fe, struct sym name, struct span at, struct typ ty);

/* ---- attributes (attrs.c) ---- */

struct attr attr_number(struct front *fe, bool minus, struct span num, bool is_float, struct tuse ty, struct span at);
struct attr attr_special(struct front *fe, bool minus, struct sym word, struct tuse ty, struct span at); /* inf, nan */
struct attr attr_boolean(struct front *fe, bool v);
struct attr attr_text(struct front *fe, enum attr_kind k, struct span at);
struct attr attr_list(struct front *fe, struct slice s);
struct attr attr_dictionary(struct front *fe, struct slice s);
struct attr attr_dense_array(struct front *fe, struct tuse elem, struct slice vals, bool floats);
struct attr attr_dense(struct front *fe, struct slice vals, bool ints, struct span body, struct tuse ty);
struct attr attr_map(struct front *fe, struct span at);
struct attr attr_loc(struct front *fe, uint32_t loc, struct span at);
struct attr attr_alias_use(struct front *fe, struct sym name, struct span at);
void attr_alias_def(struct front *fe, struct sym name, struct span at, struct attr a);
void alias_check(struct front *fe);
/* #pto.NAME<case> with dotted = true, #pto<NAME case> otherwise. */
struct attr attr_enum_case(struct front *fe, struct sym name, struct span name_at, struct sym cs, struct span case_at,
			   bool dotted);
/* A case of a known enum, written as a word: <PIPE_V>, "PIPE_V". */
struct attr attr_case(struct front *fe, enum enum_id id, struct sym cs, struct span at);
struct attr attr_config(struct front *fe, struct slice entries);
bool word_is_type(const struct front *fe, struct word w);
void field_number(struct front *fe, bool minus, struct span num, struct span at);
void field_pair(struct front *fe, struct span dims, struct span last);
/* Value of a number token pushed to front.num as for dense<>. */
void num_push(struct front *fe, bool minus, struct span num, bool is_float, bool floats_ok);
int64_t int_literal(struct front *fe, bool minus, struct span num, struct span at);

/* Locations: index into ir->loc, 0 when nothing is kept. */
/* The same for a file name without escapes and numbers in range. */
uint32_t loc_plain(struct front *fe, struct strv file, uint32_t line, uint32_t col);
uint32_t loc_file(struct front *fe, struct span file, struct span line, struct span col);
uint32_t loc_name(struct front *fe, struct span name, uint32_t child);
uint32_t loc_alias(struct front *fe, struct sym name, struct span at);
struct sym string_sym(struct front *fe, struct span s); /* contents of a string token */

/* ---- names (scope.c) ---- */

void scope_region_open(struct front *fe, struct span at);
void scope_region_close(struct front *fe, struct span at);
void scope_label(struct front *fe, struct sym name, struct slice args, struct span at);
struct blk scope_target(struct front *fe, struct sym name, struct span at);
/* The value of a use; `want` is the type the text gives it, 0 when the text gives none. val{0} after an error. */
struct val scope_use(struct front *fe, const struct use *u, struct typ want);
void scope_define(struct front *fe, struct sym name, struct val first, uint32_t n, struct span at);
void scope_args(struct front *fe, struct blk b, struct slice args);
struct blk region_block(struct front *fe, struct span at);
void scope_cut(struct front *fe);
void dominance_check(struct front *fe, struct reg r);

/* ---- ops: common (build.c) ---- */

struct op op_new(struct front *fe, enum op_id id, struct span at);
/* Resolved operands on front.val: uses with the types of a list of equal length. */
struct slice use_typed(struct front *fe, struct slice use, struct slice type, struct span at);
struct slice use_as(struct front *fe, struct slice use, struct typ ty);
struct slice use_one(struct front *fe, struct use u, struct typ ty);
struct val use_val(struct front *fe, struct use u, struct typ ty);
void op_finish(struct front *fe, struct op o, struct slice results, uint32_t loc, struct span at);
void op_attrs(struct front *fe, struct op o, struct attr dict);
void op_attr_add(struct front *fe, struct op o, struct sym key, struct attr a, struct span at);
struct attr dict_merge(struct front *fe, struct attr a, struct attr b, struct span at);
void op_place(struct front *fe, struct op o);
void region_next(struct front *fe, struct op o, uint32_t k, struct slice args, bool with_args);
void op_results(struct front *fe, struct op o, struct slice types);
bool results_fit(struct front *fe, struct op o, struct slice types, struct span at);
bool count_fits(struct front *fe, uint32_t n, struct span at, const char *what);

/* ---- ops: forms (forms.c, flow.c, generic.c) ---- */

/* From front.ins and front.outs. */
struct op form_ins_outs(struct front *fe, struct word w, struct span at, struct attr attrs, struct slice result);
void form_extra(struct front *fe, struct word key, struct span key_at, struct attr val, struct span val_at,
		const struct use *u);
struct op form_nullary(struct front *fe, struct word w, struct span at, struct attr attrs, struct slice type);
struct op form_same(struct front *fe, struct word w, struct span at, struct slice use, struct attr attrs,
		    struct tuse ty);
struct op form_cast(struct front *fe, struct word w, struct span at, struct use u, struct attr attrs, struct tuse from,
		    struct tuse to);
struct op form_cmp(struct front *fe, struct word w, struct span at, struct sym pred, struct span pred_at,
		   struct slice use, struct attr attrs, struct tuse ty);
struct op form_select(struct front *fe, struct word w, struct span at, struct slice use, struct attr attrs,
		      struct tuse cond, struct tuse ty);
struct op form_extended(struct front *fe, struct word w, struct span at, struct slice use, struct attr attrs,
			struct tuse ty, struct tuse carry);
struct op form_constant(struct front *fe, struct word w, struct span at, struct attr attrs, struct attr value,
			struct span value_at);
struct attr form_flags(struct front *fe, struct word which, struct slice words, struct span at);
struct op form_affine(struct front *fe, struct word w, struct span at, struct span map, struct slice dims,
		      struct slice syms, struct attr attrs);
/* Cross-core flags, fifos and transfers between cards (comm.c). */
struct op form_barrier_sync(struct front *fe, struct word w, struct span at, const struct aused *kind,
			    struct attr attrs);
struct op form_event_pair(struct front *fe, struct word w, struct span at, const struct aused *src,
			  const struct aused *dst, const struct aused *id);
struct op form_cross(struct front *fe, struct word w, struct span at, const struct aused *pipe, struct attr id,
		     struct slice dyn, struct attr attrs);
struct op form_sync_all(struct front *fe, struct word w, struct span at, struct slice use, struct slice type,
			const struct entry key[2], struct attr attrs);
struct op form_event(struct front *fe, struct word w, struct span at, struct slice use, struct attr attrs,
		     struct tuse ty);
/* The value of `key = <word>` in a dictionary. */
struct attr attr_short(struct front *fe, struct sym key, struct sym word, struct span at);
void comm_group(struct front *fe, struct word w, struct span at);
void fifo_operand(struct front *fe, struct word key, struct span at, const struct use *u, struct tuse ty);
struct op form_fifo(struct front *fe, struct word w, struct span at, struct attr attrs, struct slice subblock,
		    struct slice result);
struct op form_fifo_init(struct front *fe, struct word w, struct span at, struct attr attrs, struct slice result);
/* A pipe, event or the like written as a word, a string or the full attribute. */
struct attr enum_attr(struct front *fe, struct attr a, enum enum_id id, struct span at);

struct op form_alloc(struct front *fe, struct word w, struct span at, struct slice addr, struct slice row,
		     struct slice col, struct attr attrs, struct tuse ty);
struct op form_tensor_view(struct front *fe, struct word w, struct span at, struct use base, struct slice shape,
			   struct slice strides, struct attr attrs, struct tuse ty);
struct op form_partition(struct front *fe, struct word w, struct span at, struct use base, struct slice offsets,
			 struct slice sizes, struct attr attrs, struct tuse from, struct tuse to);
struct op form_subview(struct front *fe, struct word w, struct span at, struct use base, struct slice offsets,
		       struct slice sizes, struct slice valid, struct attr attrs, struct tuse from, struct tuse to);
struct op form_load(struct front *fe, struct word w, struct span at, struct use base, struct use index,
		    struct attr attrs, struct tuse from, struct tuse to);
struct op form_store(struct front *fe, struct word w, struct span at, struct use value, struct use base,
		     struct use index, struct attr attrs, struct tuse ptr, struct tuse ty);
struct op form_addptr(struct front *fe, struct word w, struct span at, struct slice use, struct attr attrs,
		      struct tuse from, struct tuse to);
struct op form_flag(struct front *fe, struct word w, struct span at, const struct aused *src, const struct aused *dst,
		    const struct aused *id, struct slice dyn);
struct op form_attr(struct front *fe, struct word w, struct span at, struct sym key, struct attr val,
		    struct span val_at, struct attr attrs);
struct op form_cmo(struct front *fe, struct word w, struct span at, struct use u, struct word kind, struct span kind_at,
		   struct tuse ty, struct attr attrs);
struct op form_paren(struct front *fe, struct word w, struct span at, struct slice use, struct slice type,
		     struct attr attrs, struct slice result);

/* An element by indices or by constant path. */
struct elem {
	struct use base;
	struct slice index, path;
	bool constant;
};

struct op form_declare(struct front *fe, struct word w, struct span at, struct attr attrs, struct tuse ty);
struct op form_operand(struct front *fe, struct word w, struct span at, struct use u, struct attr attrs,
		       struct tuse ty);
struct op form_rebind(struct front *fe, struct word w, struct span at, struct slice use, struct attr attrs,
		      struct tuse ty, struct tuse to);
struct op form_view_dim(struct front *fe, struct word w, struct span at, struct slice use, struct tuse from,
			struct tuse to, struct attr attrs);
struct op form_elem_get(struct front *fe, struct word w, struct span at, const struct elem *e, struct attr attrs,
			struct tuse from, struct tuse to);
struct op form_elem_set(struct front *fe, struct word w, struct span at, const struct elem *e, struct use value,
			struct attr attrs, struct tuse from, struct tuse ty);

struct op flow_func_open(struct front *fe, struct word w, struct span at, struct word vis, struct sym name,
			 struct slice args, struct slice results, struct attr attrs);
void flow_func_body(struct front *fe, struct op o);
struct op flow_module_open(struct front *fe, struct word w, struct span at, struct sym name, struct attr attrs);
struct op flow_terminator(struct front *fe, struct word w, struct span at, struct slice use, struct slice type,
			  struct attr attrs);
struct op flow_call(struct front *fe, struct word w, struct span at, struct sym callee, struct slice use,
		    struct attr attrs, struct slice in, struct slice out);
struct op flow_for_open(struct front *fe, struct word w, struct span at, struct use iv, struct slice bounds,
			struct slice iter, struct slice inits, struct slice types, struct tuse ty);
struct op flow_if_open(struct front *fe, struct word w, struct span at, struct use cond, struct slice types);
struct op flow_while_open(struct front *fe, struct word w, struct span at, struct slice iter, struct slice inits,
			  struct tuse fn);
struct op flow_region_open(struct front *fe, struct word w, struct span at, struct slice types);
void flow_switch_open(struct front *fe, struct word w, struct span at);
void flow_switch_region(struct front *fe);
struct op flow_switch_close(struct front *fe, struct use sel, struct attr attrs, struct slice types,
			    struct slice cases);
struct op flow_branch(struct front *fe, struct word w, struct span at, struct slice use, struct slice targets,
		      struct attr attrs, struct slice cases, struct tuse ty);
void flow_close(struct front *fe, struct op o, struct attr attrs);

/* Ops made after their regions. */
void pending_open(struct front *fe, enum op_id id, struct span at);
void pending_region(struct front *fe, bool keep_empty);
void pending_move(struct front *fe, struct op o, struct reg from);

void generic_open(struct front *fe, struct span name);
void generic_operands(struct front *fe, struct slice use, struct slice target, struct attr props);
void generic_region(struct front *fe);
struct op generic_close(struct front *fe, struct attr attrs, struct slice in, struct slice out, struct span at);
/* Distributes operands over the slots of a row, by segment sizes or by arity and kind; false after an error. */
bool slots_fill(struct front *fe, struct op o, struct slice vals, const int64_t *seg, uint32_t nseg, struct span at);

/* ---- slots and old spellings (slots.c, legacy.c) ---- */

/* Operands of an ins/outs op by slot: part[k] = slice of front.val for slot k. */
struct slot_map {
	struct slice part[OP_MAX_SLOT];
};
void op_slot_operands(struct front *fe, struct op o, const struct slot_map *m);
bool slots_ins_outs(struct front *fe, enum op_id id, struct slice in, struct slice out, struct slot_map *m);
/* True when an op-specific mapper applied (then *m is filled or an error was reported). */
bool legacy_map(struct front *fe, struct word w, struct slice in, struct slice out, struct slot_map *m);
/* Attribute spellings of older versions. */
void legacy_attrs(struct front *fe, struct op o);
/* Op of an old name, OP_NONE when unknown. */
enum op_id legacy_name(struct strv name, uint32_t *aux);
const char *legacy_renamed(struct strv name);
bool legacy_internal(struct strv name);

#endif
