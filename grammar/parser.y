/*
 * parser: the textual PTO dialect. One production (or a small family) per assembly form; actions call one builder
 * function each (src/front/build.h). Facts about the grammar: op names arrive as one token per form; an op ends where
 * the next begins, so terminators with undelimited operands are grammatically last in a block; every list is left
 * recursive, so the parser's stack grows with nesting only.
 */
%require "3.8"
%expect 0
%define api.pure full
%define api.prefix {pto_}
%define api.token.prefix {TOK_}
%define api.header.include {"parser.h"}
%define api.value.type union
%define api.location.type {struct span}
%define parse.error custom
%define parse.lac full
%define lr.type ielr
%locations
%param {struct front *fe}
%initial-action { @$ = (struct span){0, 0}; (void)yynerrs; }

%code requires {
#include "front/build.h"
}

%code provides {
int pto_lex(PTO_STYPE *val, struct span *loc, struct front *fe);
void pto_error(struct span *loc, struct front *fe, const char *msg);
}

%code {
#include "front/syntax.h"

/* A reduction covers its first to its last symbol; an empty one sits at the end of the symbol before it. */
#define YYLLOC_DEFAULT(cur, rhs, n)                                                                                    \
	do                                                                                                             \
		if (n)                                                                                                 \
			(cur) = (struct span){YYRHSLOC(rhs, 1).lo, YYRHSLOC(rhs, n).hi};                               \
		else                                                                                                   \
			(cur) = (struct span){YYRHSLOC(rhs, 0).hi, YYRHSLOC(rhs, 0).hi};                               \
	while (0)

/* The nesting limit bounds the stack: it is never grown on the heap, which a jump out of memory would leak. */
#define YYINITDEPTH 12000
#define YYMAXDEPTH 12000

#define NO_SLICE ((struct slice){0, 0})
#define NO_ATTR ((struct attr){0})
#define NO_TYPE ((struct tuse){{0}, {0, 0}})
#define NO_WORD ((struct word){{0}, 0})
#define T(t, at) ((struct tuse){(t), (at)})
#define A(a, at) ((struct aused){(a), (at)})

/* Appends to a stack of the front end and to the slice that ends there. */
#define FIRST(out, stack, ...)                                                                                         \
	do {                                                                                                           \
		(out) = (struct slice){fe->stack.n, 1};                                                                \
		VEC_PUSH(fe->a, &fe->stack, __VA_ARGS__);                                                              \
	} while (0)
#define NEXT(out, list, stack, ...)                                                                                    \
	do {                                                                                                           \
		(out) = (struct slice){(list).at, (list).n + 1};                                                       \
		VEC_PUSH(fe->a, &fe->stack, __VA_ARGS__);                                                              \
	} while (0)
#define USE(u, at) ((struct use){(u).name, (u).num, (at)})
}

/* ---- tokens with contents ---- */
%token YYEOF 0 "end of file"
%token <struct use> VALUE "SSA value"
%token <struct sym> BLOCK "block name" SYMBOL "symbol name" HASH_ALIAS "attribute alias" BANG_ALIAS "type alias"
%token STRING "string" INT "integer" FLOAT "floating-point number" DIMS "dimensions"
%token <struct typ> TYPE "type"
%token <uint32_t> PLAIN_LOC "location"
%token MAP "affine map" OPAQUE_ATTR "dialect attribute" OPAQUE_TYPE "dialect type"
%token <struct word> DOTTED_ATTR "pto attribute" PTO_ATTR "#pto<" PTO_TYPE "!pto<"
%token ARROW "->" COLONS "::"

/* ---- words ---- */
%token <struct word> WORD "identifier" TYPE_WORD "type name" NAME_WORD "dialect name"
%token <struct word> W_INS "ins" W_OUTS "outs" W_SHAPE "shape" W_STRIDES "strides" W_OFFSETS "offsets" W_SIZES "sizes"
%token <struct word> W_VALID "valid" W_ADDR "addr" W_VALID_ROW "valid_row" W_VALID_COL "valid_col" W_TO "to"
%token <struct word> W_STEP "step" W_ITER_ARGS "iter_args" W_ELSE "else" W_DO "do" W_CASE "case" W_DEFAULT "default"
%token <struct word> W_ATTRIBUTES "attributes" W_LOC "loc" W_FUSED "fused" W_CALLSITE "callsite" W_AT "at"
%token <struct word> W_UNKNOWN "unknown" W_ARRAY "array" W_DENSE "dense" W_UNIT "unit" W_TRUE "true" W_FALSE "false"
%token <struct word> W_MEMREF "memref" W_VECTOR "vector" W_TENSOR "tensor" W_TUPLE "tuple" W_COMPLEX "complex"
%token <struct word> W_FP "fp" W_PRE_QUANT "pre_quant" W_NO_TMP "no_tmp" W_FLAGS "overflow or fastmath"
%token <struct word> W_VIS "visibility"
%token <struct word> W_INF "inf or nan" W_EXTRA "operand keyword" W_LINE "single_cache_line" W_ALL "all"
%token <struct word> W_CONFIG "tile_buf_config"

/* pto types, after !pto. or inside !pto<...> */
%token <struct word> T_TILE "tile_buf" T_MULTI "multi_tile_buf" T_PTR "ptr" T_SHAPED "shaped type" T_STRUCT "struct"
%token <struct word> T_COUNTED "eventid_array" T_BARE "parameterless type"

/* ---- op names, one token per form ---- */
%token <struct word> O_BARRIER_SYNC "pto.barrier_sync" O_CROSS "cross-core flag op" O_SYNC_ALL "pto.syncall"
%token <struct word> O_EVENT_GET "pto.eventid_array_get" O_EVENT_SET "pto.eventid_array_set"
%token <struct word> O_FIFO "fifo op" O_FIFO_INIT "fifo declaration" W_SUBBLOCK "aiv_subblockid"
%token <struct word> O_INS_OUTS "tile op" O_NULLARY "query op" O_BINARY "binary op" O_UNARY "unary op"
%token <struct word> O_TERNARY "ternary op" O_CAST "cast op" O_CMP "compare op" O_SELECT "arith.select"
%token <struct word> O_EXTENDED "extended op" O_CONSTANT "arith.constant" O_FUNC "func.func" O_MODULE "module"
%token <struct word> O_RETURN "return" O_CALL "call" O_FOR "scf.for" O_IF "scf.if" O_WHILE "scf.while"
%token <struct word> O_CONDITION "scf.condition" O_YIELD "scf.yield" O_INDEX_SWITCH "scf.index_switch"
%token <struct word> O_EXECUTE_REGION "scf.execute_region" O_BR "cf.br" O_COND_BR "cf.cond_br" O_SWITCH "cf.switch"
%token <struct word> O_AFFINE_APPLY "affine.apply" O_ALLOC_TILE "pto.alloc_tile" O_TENSOR_VIEW "pto.make_tensor_view"
%token <struct word> O_PARTITION "pto.partition_view" O_SUBVIEW "pto.subview" O_LOAD_SCALAR "pto.load_scalar"
%token <struct word> O_STORE_SCALAR "pto.store_scalar" O_ADDPTR "pto.addptr" O_RETYPE "retyping op" O_FLAG "flag op"
%token <struct word> O_FLAG_DYN "dynamic flag op" O_BARRIER "pto.barrier" O_FENCE "pto.fence.barrier_all"
%token <struct word> O_CMO "pto.cmo.cacheinvalid" O_COMM "communication op" O_SECTION "section"
%token <struct word> O_DECLARE "declaration" O_OPERAND "op of one operand" O_REBIND "tile state op"
%token <struct word> O_VIEW_DIM "view query" O_ELEM_GET "element read" O_ELEM_SET "element write"
%token <struct word> O_PATH_GET "field read" O_PATH_SET "field write"
%token <struct word> O_GENERIC "op without custom form"

%type <struct word> word op_word visibility case_word
%type <struct sym> symbol opt_symbol any_symbol
%type <struct slice> uses opt_uses bracket_uses types opt_types paren_types results arrow_types opt_arrow switch_types
%type <struct slice> attr_list entries fields opt_fields func_args args func_results result_types opt_result
%type <struct slice> targets target opt_block_args block_args opt_targets cases ints words iter_list opt_succ_args
%type <struct slice> config numbers opt_numbers index_cases dims
%type <struct attr> attribute attr_dict opt_dict attr_after opt_attributes opt_flags pipe number_attr props
%type <struct typ> type plain_type pto_type func_type opt_suffix func_suffix
%type <uint32_t> location opt_loc locations
%type <struct op> op region_op generic_op terminator simple_op
%type <bool> nested_numbers number_list scalar_number
%type <struct slice> dense comm_uses fifo_subblock
%type <struct typ> ptr_type

%%

file: items YYEOF { scope_region_close(fe, @2); }
;

items:
  %empty { scope_region_open(fe, @$); }
| items operation
| items alias
;

alias:
  HASH_ALIAS '=' attribute { attr_alias_def(fe, $1, @1, $3); }
| BANG_ALIAS '=' type { type_alias_def(fe, $1, @1, $3); }
| OPAQUE_ATTR '=' attribute
	{
		fe_error(fe, DIAG_SYNTAX, @1, "attribute names with a '.' are reserved for dialect-defined names");
	}
;

/* ---- regions ---- */

region: '{' { scope_region_open(fe, @1); } body '}' { scope_region_close(fe, @4); }
;

body: block_ops blocks
;

blocks:
  %empty
| blocks BLOCK opt_block_args ':' { scope_label(fe, $2, $3, @2); } block_ops
;

opt_block_args: %empty { $$ = NO_SLICE; } | '(' block_args ')' { $$ = $2; }
;

block_args:
  VALUE ':' type opt_loc { FIRST($$, arg, (struct arg){$1.name, $3, NO_ATTR, $4, @1}); }
| block_args ',' VALUE ':' type opt_loc { NEXT($$, $1, arg, (struct arg){$3.name, $5, NO_ATTR, $6, @3}); }
;

block_ops: ops | ops terminator opt_loc { op_finish(fe, $2, NO_SLICE, $3, @2); }
;

ops: %empty | ops operation
;

operation:
  op opt_loc { op_finish(fe, $1, NO_SLICE, $2, @1); }
| results '=' op opt_loc { op_finish(fe, $3, $1, $4, @1); }
;

results:
  VALUE { FIRST($$, result, (struct result_name){$1.name, 0, @1}); }
| VALUE ':' INT
	{
		uint64_t n = 0;
		if (!int_value(fe_text(fe, @3), &n) || n == 0 || n > UINT16_MAX)
			fe_error(fe, DIAG_LITERAL, @3, "expected a number of results between 1 and 65535");
		FIRST($$, result, (struct result_name){$1.name, (uint32_t)n, @1});
	}
| results ',' VALUE { NEXT($$, $1, result, (struct result_name){$3.name, 0, @3}); }
| results ',' VALUE ':' INT
	{
		uint64_t n = 0;
		if (!int_value(fe_text(fe, @5), &n) || n == 0 || n > UINT16_MAX)
			fe_error(fe, DIAG_LITERAL, @5, "expected a number of results between 1 and 65535");
		NEXT($$, $1, result, (struct result_name){$3.name, (uint32_t)n, @3});
	}
;

op: simple_op | region_op | generic_op
;

/* ---- operand lists ---- */

uses:
  VALUE { FIRST($$, use, USE($1, @1)); }
| uses ',' VALUE { NEXT($$, $1, use, USE($3, @3)); }
;

opt_uses: %empty { $$ = NO_SLICE; } | uses
;

bracket_uses: '[' opt_uses ']' { $$ = $2; }
;

types:
  type { FIRST($$, type, T($1, @1)); }
| types ',' type { NEXT($$, $1, type, T($3, @3)); }
;

opt_types: %empty { $$ = NO_SLICE; } | types
;

paren_types: '(' opt_types ')' { $$ = $2; }
;

arrow_types:
  ARROW plain_type { FIRST($$, type, T($2, @2)); }
| ARROW paren_types { $$ = $2; }
;

opt_arrow: %empty { $$ = NO_SLICE; } | arrow_types
;

opt_result: %empty { $$ = NO_SLICE; } | ARROW type { FIRST($$, type, T($2, @2)); }
;

opt_suffix: %empty { $$ = (struct typ){0}; } | ':' type { $$ = $2; }
;

opt_dict: %empty { $$ = NO_ATTR; } | attr_dict
;

opt_attributes: %empty { $$ = NO_ATTR; } | W_ATTRIBUTES attr_dict { $$ = $2; }
;

opt_symbol: %empty { $$ = (struct sym){0}; } | SYMBOL
;

/* ---- simple ops ---- */

simple_op:
  O_INS_OUTS clear ins attr_after { $$ = form_ins_outs(fe, $1, @1, $4, NO_SLICE); }
| O_INS_OUTS clear ins outs attr_after extras opt_result
	{
		$$ = form_ins_outs(fe, $1, @1, $5, $7);
	}
| O_INS_OUTS clear ins W_OUTS ':' type opt_dict
	{
		struct slice t;
		FIRST(t, type, T($6, @6));
		$$ = form_ins_outs(fe, $1, @1, $7, t);
	}
| O_NULLARY opt_dict { $$ = form_nullary(fe, $1, @1, $2, NO_SLICE); }
| O_NULLARY opt_dict ':' type
	{
		struct slice t;
		FIRST(t, type, T($4, @4));
		$$ = form_nullary(fe, $1, @1, $2, t);
	}
| O_UNARY VALUE opt_flags opt_dict ':' type
	{
		struct slice u;
		FIRST(u, use, USE($2, @2));
		$$ = form_same(fe, $1, @1, u, dict_merge(fe, $3, $4, @4), T($6, @6));
	}
| O_BINARY VALUE ',' VALUE opt_flags opt_dict ':' type
	{
		struct slice u;
		FIRST(u, use, USE($2, @2));
		NEXT(u, u, use, USE($4, @4));
		$$ = form_same(fe, $1, @1, u, dict_merge(fe, $5, $6, @6), T($8, @8));
	}
| O_TERNARY VALUE ',' VALUE ',' VALUE opt_flags opt_dict ':' type
	{
		struct slice u;
		FIRST(u, use, USE($2, @2));
		NEXT(u, u, use, USE($4, @4));
		NEXT(u, u, use, USE($6, @6));
		$$ = form_same(fe, $1, @1, u, dict_merge(fe, $7, $8, @8), T($10, @10));
	}
| O_CAST VALUE opt_flags opt_dict ':' type W_TO type
	{
		$$ = form_cast(fe, $1, @1, USE($2, @2), dict_merge(fe, $3, $4, @4), T($6, @6), T($8, @8));
	}
| O_CMP case_word ',' VALUE ',' VALUE opt_flags opt_dict ':' type
	{
		struct slice u;
		FIRST(u, use, USE($4, @4));
		NEXT(u, u, use, USE($6, @6));
		$$ = form_cmp(fe, $1, @1, $2.sym, @2, u, dict_merge(fe, $7, $8, @8), T($10, @10));
	}
| O_SELECT VALUE ',' VALUE ',' VALUE opt_dict ':' type
	{
		struct slice u;
		FIRST(u, use, USE($2, @2));
		NEXT(u, u, use, USE($4, @4));
		NEXT(u, u, use, USE($6, @6));
		$$ = form_select(fe, $1, @1, u, $7, NO_TYPE, T($9, @9));
	}
| O_SELECT VALUE ',' VALUE ',' VALUE opt_dict ':' type ',' type
	{
		struct slice u;
		FIRST(u, use, USE($2, @2));
		NEXT(u, u, use, USE($4, @4));
		NEXT(u, u, use, USE($6, @6));
		$$ = form_select(fe, $1, @1, u, $7, T($9, @9), T($11, @11));
	}
| O_EXTENDED VALUE ',' VALUE opt_dict ':' type
	{
		struct slice u;
		FIRST(u, use, USE($2, @2));
		NEXT(u, u, use, USE($4, @4));
		$$ = form_extended(fe, $1, @1, u, $5, T($7, @7), NO_TYPE);
	}
| O_EXTENDED VALUE ',' VALUE opt_dict ':' type ',' type
	{
		struct slice u;
		FIRST(u, use, USE($2, @2));
		NEXT(u, u, use, USE($4, @4));
		$$ = form_extended(fe, $1, @1, u, $5, T($7, @7), T($9, @9));
	}
| O_CONSTANT number_attr { $$ = form_constant(fe, $1, @1, NO_ATTR, $2, @2); }
| O_CONSTANT attr_dict number_attr { $$ = form_constant(fe, $1, @1, $2, $3, @3); }
| O_CALL any_symbol '(' opt_uses ')' opt_dict ':' paren_types arrow_types
	{
		$$ = flow_call(fe, $1, @1, $2, $4, $6, $8, $9);
	}
| O_AFFINE_APPLY MAP '(' opt_uses ')' '[' opt_uses ']' opt_dict { $$ = form_affine(fe, $1, @1, @2, $4, $7, $9); }
| O_AFFINE_APPLY MAP '(' opt_uses ')' opt_dict { $$ = form_affine(fe, $1, @1, @2, $4, NO_SLICE, $6); }
| O_ALLOC_TILE alloc_addr alloc_row alloc_col opt_dict ':' type
	{
		$$ = form_alloc(fe, $1, @1, $alloc_addr, $alloc_row, $alloc_col, $5, T($7, @7));
	}
| O_TENSOR_VIEW VALUE opt_comma W_SHAPE '=' bracket_uses opt_comma W_STRIDES '=' bracket_uses opt_dict ':' type
	{
		$$ = form_tensor_view(fe, $1, @1, USE($2, @2), $6, $10, $11, T($13, @13));
	}
| O_PARTITION VALUE opt_comma W_OFFSETS '=' bracket_uses opt_comma W_SIZES '=' bracket_uses opt_dict ':' type
	{
		$$ = form_partition(fe, $1, @1, USE($2, @2), $6, $10, $11, T($13, @13), NO_TYPE);
	}
| O_PARTITION VALUE opt_comma W_OFFSETS '=' bracket_uses opt_comma W_SIZES '=' bracket_uses opt_dict ':' type ARROW type
	{
		$$ = form_partition(fe, $1, @1, USE($2, @2), $6, $10, $11, T($13, @13), T($15, @15));
	}
| O_SUBVIEW VALUE bracket_uses W_SIZES '[' ints ']' subview_valid opt_dict ':' type
	{
		$$ = form_subview(fe, $1, @1, USE($2, @2), $3, $6, $subview_valid, $9, T($11, @11), NO_TYPE);
	}
| O_SUBVIEW VALUE bracket_uses W_SIZES '[' ints ']' subview_valid opt_dict ':' type ARROW type
	{
		$$ = form_subview(fe, $1, @1, USE($2, @2), $3, $6, $subview_valid, $9, T($11, @11), T($13, @13));
	}
| O_LOAD_SCALAR VALUE '[' VALUE ']' opt_dict ':' ptr_type ARROW type
	{
		$$ = form_load(fe, $1, @1, USE($2, @2), USE($4, @4), $6, T($8, @8), T($10, @10));
	}
| O_STORE_SCALAR VALUE ',' VALUE '[' VALUE ']' opt_dict ':' ptr_type ',' type
	{
		$$ = form_store(fe, $1, @1, USE($2, @2), USE($4, @4), USE($6, @6), $8, T($10, @10), T($12, @12));
	}
| O_ADDPTR VALUE ',' VALUE opt_dict ':' ptr_type ARROW ptr_type
	{
		struct slice u;
		FIRST(u, use, USE($2, @2));
		NEXT(u, u, use, USE($4, @4));
		$$ = form_addptr(fe, $1, @1, u, $5, T($7, @7), T($9, @9));
	}
| O_RETYPE VALUE opt_dict ':' type to_or_arrow type
	{
		$$ = form_cast(fe, $1, @1, USE($2, @2), $3, T($5, @5), T($7, @7));
	}
| O_BARRIER_SYNC '[' pipe ']' opt_dict { $$ = form_barrier_sync(fe, $1, @1, &A($3, @3), $5); }
| O_CROSS pipe ',' INT opt_dict
	{
		struct attr id = attr_number(fe, false, @4, false, T(type_int(&fe->ir->types, 32, SIGNLESS), @4), @4);
		$$ = form_cross(fe, $1, @1, &A($2, @2), id, NO_SLICE, $5);
	}
| O_CROSS pipe ',' VALUE opt_dict
	{
		struct slice u;
		FIRST(u, use, USE($4, @4));
		$$ = form_cross(fe, $1, @1, &A($2, @2), NO_ATTR, u, $5);
	}
| O_SYNC_ALL '(' ')' word '=' attribute ',' word '=' attribute opt_dict
	{
		struct entry key[] = {{$4.sym, $6, @4, @6}, {$8.sym, $10, @8, @10}};
		$$ = form_sync_all(fe, $1, @1, NO_SLICE, NO_SLICE, key, $11);
	}
| O_SYNC_ALL '(' uses ':' types ')' word '=' attribute ',' word '=' attribute opt_dict
	{
		struct entry key[] = {{$7.sym, $9, @7, @9}, {$11.sym, $13, @11, @13}};
		$$ = form_sync_all(fe, $1, @1, $3, $5, key, $14);
	}
| O_EVENT_GET VALUE '[' VALUE ']' opt_dict ':' type
	{
		struct slice u;
		FIRST(u, use, USE($2, @2));
		NEXT(u, u, use, USE($4, @4));
		$$ = form_event(fe, $1, @1, u, $6, T($8, @8));
	}
| O_EVENT_SET VALUE '[' VALUE ']' ',' VALUE opt_dict ':' type
	{
		struct slice u;
		FIRST(u, use, USE($2, @2));
		NEXT(u, u, use, USE($4, @4));
		NEXT(u, u, use, USE($7, @7));
		$$ = form_event(fe, $1, @1, u, $8, T($10, @10));
	}
| O_COMM '(' comm_uses ':' types ')' opt_dict { $$ = form_paren(fe, $1, @1, $3, $5, $7, NO_SLICE); }
| O_FIFO fifo_open fifo_args opt_dict fifo_subblock opt_result
	{
		$$ = form_fifo(fe, $1, @1, $4, $5, $6);
	}
| O_FIFO_INIT fifo_open attr_dict '(' fifo_inits ')' opt_result { $$ = form_fifo_init(fe, $1, @1, $3, $7); }
| O_FLAG '[' pipe ',' pipe ',' pipe ']' opt_dict
	{
		$$ = form_flag(fe, $1, @1, &A($3, @3), &A($5, @5), &A($7, @7), NO_SLICE);
		op_attrs(fe, $$, $9);
	}
| O_FLAG_DYN '[' pipe ',' pipe ',' VALUE ']' opt_dict
	{
		struct slice u;
		FIRST(u, use, USE($7, @7));
		$$ = form_flag(fe, $1, @1, &A($3, @3), &A($5, @5), NULL, u);
		op_attrs(fe, $$, $9);
	}
| O_BARRIER pipe opt_dict { $$ = form_attr(fe, $1, @1, fe->ir->name.pipe, $2, @2, $3); }
| O_FENCE attribute opt_dict { $$ = form_attr(fe, $1, @1, fe->ir->name.scope, $2, @2, $3); }
| O_CMO W_ALL attribute opt_dict
	{
		$$ = form_attr(fe, $1, @1, fe->ir->name.space, $3, @3, $4);
	}
| O_CMO VALUE W_LINE opt_dict ':' type opt_dict[after]
	{
		$$ = form_cmo(fe, $1, @1, USE($2, @2), $3, @3, T($6, @6), dict_merge(fe, $4, $after, @after));
	}
| O_COMM '(' uses ':' types ')' opt_dict opt_result { $$ = form_paren(fe, $1, @1, $3, $5, $7, $8); }
| O_DECLARE opt_dict ARROW type { $$ = form_declare(fe, $1, @1, $2, T($4, @4)); }
| O_OPERAND VALUE opt_dict ':' type { $$ = form_operand(fe, $1, @1, USE($2, @2), $3, T($5, @5)); }
| O_REBIND VALUE ',' VALUE opt_dict ':' type
	{
		struct slice u;
		FIRST(u, use, USE($2, @2));
		NEXT(u, u, use, USE($4, @4));
		$$ = form_rebind(fe, $1, @1, u, $5, T($7, @7), NO_TYPE);
	}
| O_REBIND VALUE ',' VALUE ',' VALUE opt_dict ':' type
	{
		struct slice u;
		FIRST(u, use, USE($2, @2));
		NEXT(u, u, use, USE($4, @4));
		NEXT(u, u, use, USE($6, @6));
		$$ = form_rebind(fe, $1, @1, u, $7, T($9, @9), NO_TYPE);
	}
| O_REBIND VALUE ',' VALUE opt_dict ':' type ARROW type
	{
		struct slice u;
		FIRST(u, use, USE($2, @2));
		NEXT(u, u, use, USE($4, @4));
		$$ = form_rebind(fe, $1, @1, u, $5, T($7, @7), T($9, @9));
	}
| O_VIEW_DIM VALUE ',' VALUE ':' type ARROW type opt_dict
	{
		struct slice u;
		FIRST(u, use, USE($2, @2));
		NEXT(u, u, use, USE($4, @4));
		$$ = form_view_dim(fe, $1, @1, u, T($6, @6), T($8, @8), $9);
	}
| O_ELEM_GET VALUE bracket_uses opt_dict ':' type ARROW type
	{
		struct elem e = {.base = USE($2, @2), .index = $3};
		$$ = form_elem_get(fe, $1, @1, &e, $4, T($6, @6), T($8, @8));
	}
| O_ELEM_SET VALUE bracket_uses ',' VALUE opt_dict ':' type ',' type
	{
		struct elem e = {.base = USE($2, @2), .index = $3};
		$$ = form_elem_set(fe, $1, @1, &e, USE($5, @5), $6, T($8, @8), T($10, @10));
	}
| O_PATH_GET VALUE '[' ints ']' opt_dict ':' type ARROW type
	{
		struct elem e = {.base = USE($2, @2), .path = $4, .constant = true};
		$$ = form_elem_get(fe, $1, @1, &e, $6, T($8, @8), T($10, @10));
	}
| O_PATH_SET VALUE '[' ints ']' ',' VALUE opt_dict ':' type ',' type
	{
		struct elem e = {.base = USE($2, @2), .path = $4, .constant = true};
		$$ = form_elem_set(fe, $1, @1, &e, USE($7, @7), $8, T($10, @10), T($12, @12));
	}
| O_GENERIC
	{
		fe_no_custom(fe, word_op($1), @1);
		$$ = (struct op){0};
	}
| NAME_WORD
	{
		fe_unknown_op(fe, fe_text(fe, @1), @1);
		$$ = (struct op){0};
	}
;

/* Operands of a transfer between cards: the staging tiles and the members of the group stand in parentheses. */
comm_uses:
  uses ',' word '(' uses ')'
	{
		comm_group(fe, $3, @3);
		$$ = (struct slice){$1.at, $1.n + $5.n};
	}
| comm_uses ',' word '(' uses ')'
	{
		comm_group(fe, $3, @3);
		$$ = (struct slice){$1.at, $1.n + $5.n};
	}
;

/* Operands in fe->ins; operands without types leave its type list empty. */
fifo_open: %empty { fe->ins = (struct clause){0}; }
;

fifo_args:
  %empty
| '(' uses ')' { fe->ins.use = $2; fe->ins.span = @$; }
| '(' uses ':' types ')' { fe->ins.use = $2; fe->ins.type = $4; fe->ins.span = @$; fe->ins.present = true; }
;

fifo_subblock: %empty { $$ = NO_SLICE; } | W_SUBBLOCK '(' VALUE ')' { FIRST($$, use, USE($3, @3)); }
;

fifo_inits: fifo_init | fifo_inits ',' fifo_init
;

fifo_init:
  VALUE ':' type { struct use u = USE($1, @1); fifo_operand(fe, NO_WORD, @1, &u, T($3, @3)); }
| word '=' VALUE ':' type { struct use u = USE($3, @3); fifo_operand(fe, $1, @1, &u, T($5, @5)); }
;

clear: %empty
	{
		fe->ins = (struct clause){0};
		fe->outs = (struct clause){0};
	}
;

ins:
  W_INS '(' uses ':' ins_types ')' { fe->ins.use = $3; fe->ins.span = @$; }
| W_INS '(' uses attr_dict ':' ins_types ')' { fe->ins.use = $3; fe->ins.attrs = $4; fe->ins.span = @$; }
| W_INS '(' uses ',' attr_dict ':' ins_types ')' { fe->ins.use = $3; fe->ins.attrs = $5; fe->ins.span = @$; }
| W_INS '(' uses W_NO_TMP opt_dict ':' ins_types ')'
	{
		fe->ins.use = $3;
		fe->ins.no_tmp = true;
		fe->ins.attrs = $5;
		fe->ins.span = @$;
	}
| W_INS '(' STRING ',' uses ':' ins_types ')'
	{
		fe->ins.use = $5;
		fe->ins.text = string_sym(fe, @3);
		fe->ins.text_at = @3;
		fe->ins.span = @$;
	}
;

/* Types of the operands before the colon; an operand with its own type may follow, as may a string. */
ins_types:
  ins_type
| ins_types ',' ins_type
| ins_types W_FP ins_more
| ins_types W_PRE_QUANT ins_more
;

ins_type:
  type
	{
		if (fe->ins.type.n++ == 0)
			fe->ins.type.at = fe->type.n;
		VEC_PUSH(fe->a, &fe->type, T($1, @1));
	}
| ins_more
| STRING
	{
		fe->ins.text = string_sym(fe, @1);
		fe->ins.text_at = @1;
		fe->ins.text_last = true;
	}
;

/* The use joins the list before the colon: it is the newest entry of its stack. */
ins_more: VALUE ':' type
	{
		VEC_PUSH(fe->a, &fe->use, USE($1, @1));
		fe->ins.nmore++;
		if (fe->ins.type.n++ == 0)
			fe->ins.type.at = fe->type.n;
		VEC_PUSH(fe->a, &fe->type, T($3, @3));
	}
;

outs: W_OUTS '(' uses ':' types ')'
	{
		fe->outs.use = $3;
		fe->outs.type = $5;
		fe->outs.span = @$;
		fe->outs.present = true;
	}
;

attr_after: opt_dict
;

/* Keyword operands of loads, after the dictionary. */
extras: %empty | extras W_EXTRA '=' attribute { form_extra(fe, $2, @2, $4, @4, NULL); }
| extras W_EXTRA '=' VALUE ':' type
	{
		struct use u = USE($4, @4);
		VEC_PUSH(fe->a, &fe->type, T($6, @6));
		form_extra(fe, $2, @2, NO_ATTR, @4, &u);
	}
;

opt_flags:
  %empty { $$ = NO_ATTR; }
| W_FLAGS '<' words '>' { $$ = form_flags(fe, $1, $3, @$); }
| WORD { $$ = form_flags(fe, $1, NO_SLICE, @$); }
| WORD W_FLAGS '<' words '>'
	{
		struct attr r = form_flags(fe, $1, NO_SLICE, @1);
		$$ = dict_merge(fe, r, form_flags(fe, $2, $4, @2), @2);
	}
;

words:
  word { FIRST($$, field, (struct field){.key = $1.sym, .span = @1}); }
| words ',' word { NEXT($$, $1, field, (struct field){.key = $3.sym, .span = @3}); }
;

case_word: word | STRING { $$ = (struct word){string_sym(fe, @1), 0}; }
;

alloc_addr: %empty { $$ = NO_SLICE; } | W_ADDR '=' VALUE { FIRST($$, use, USE($3, @3)); }
;
alloc_row: %empty { $$ = NO_SLICE; } | W_VALID_ROW '=' VALUE { FIRST($$, use, USE($3, @3)); }
;
alloc_col: %empty { $$ = NO_SLICE; } | W_VALID_COL '=' VALUE { FIRST($$, use, USE($3, @3)); }
;
subview_valid: %empty { $$ = NO_SLICE; } | W_VALID bracket_uses { $$ = $2; }
;
%type <struct slice> alloc_addr alloc_row alloc_col subview_valid;

opt_comma: %empty | ','
;

to_or_arrow: W_TO | ARROW
;

ints:
  INT { FIRST($$, num, int_literal(fe, false, @1, @1)); }
| '-' INT { FIRST($$, num, int_literal(fe, true, @2, @$)); }
| ints ',' INT { NEXT($$, $1, num, int_literal(fe, false, @3, @3)); }
| ints ',' '-' INT { NEXT($$, $1, num, int_literal(fe, true, @4, @4)); }
;

/* A pipe or event: <PIPE_V>, "PIPE_V" or the full attribute. The form knows which enum it must be. */
pipe:
  '<' word '>' { $$ = attr_string(&fe->ir->attrs, $2.sym); }
| STRING { $$ = attr_string(&fe->ir->attrs, string_sym(fe, @1)); }
| DOTTED_ATTR '<' word '>' { $$ = attr_enum_case(fe, $1.sym, @1, $3.sym, @3, true); }
| PTO_ATTR word word '>' { $$ = attr_enum_case(fe, $2.sym, @2, $3.sym, @3, false); }
| PTO_ATTR word '<' word '>' '>' { $$ = attr_enum_case(fe, $2.sym, @2, $4.sym, @4, true); }
| HASH_ALIAS { $$ = attr_alias_use(fe, $1, @1); }
| OPAQUE_ATTR
	{
		struct strv t = fe_text(fe, @1);
		fe_error(fe, DIAG_UNKNOWN_ATTR, @1, "unknown attribute '%.*s'", (int)(t.n > 60 ? 60 : t.n), t.p);
		$$ = NO_ATTR;
	}
;

/* ---- ops with regions ---- */

region_op:
  O_MODULE opt_symbol opt_attributes
	{
		$<struct op>$ = flow_module_open(fe, $1, @1, $2, $3);
	}
  region
	{
		$$ = $<struct op>4;
	}
| func_head { $$ = $1; }
| func_head { flow_func_body(fe, $1); } region
	{
		$$ = $1;
	}
| O_FOR VALUE '=' VALUE W_TO VALUE W_STEP VALUE for_iter func_suffix
	{
		struct slice b;
		FIRST(b, use, USE($4, @4));
		NEXT(b, b, use, USE($6, @6));
		NEXT(b, b, use, USE($8, @8));
		$<struct op>$ = flow_for_open(fe, $1, @1, USE($2, @2), b, fe->iter, fe->init, $9, T($10, @10));
	}
  region opt_dict
	{
		$$ = $<struct op>11;
		flow_close(fe, $$, $13);
	}
| if_head region opt_dict
	{
		$$ = $1;
		flow_close(fe, $$, $3);
	}
| if_head region W_ELSE { region_next(fe, $1, 1, NO_SLICE, false); } region opt_dict
	{
		$$ = $1;
		flow_close(fe, $$, $6);
	}
| O_WHILE while_init ':' func_type
	{
		$<struct op>$ = flow_while_open(fe, $1, @1, fe->iter, fe->init, T($4, @4));
	}
  region W_DO { region_next(fe, $<struct op>5, 1, NO_SLICE, false); } region opt_attributes
	{
		$$ = $<struct op>5;
		flow_close(fe, $$, $10);
	}
| O_INDEX_SWITCH { flow_switch_open(fe, $1, @1); } VALUE opt_dict switch_types index_cases
  W_DEFAULT { flow_switch_region(fe); } region
	{
		$$ = flow_switch_close(fe, USE($3, @3), $4, $5, $6);
	}
| O_EXECUTE_REGION opt_arrow { $<struct op>$ = flow_region_open(fe, $1, @1, $2); } region opt_dict
	{
		$$ = $<struct op>3;
		flow_close(fe, $$, $5);
	}
| O_SECTION { $<struct op>$ = flow_region_open(fe, $1, @1, NO_SLICE); } region opt_dict
	{
		$$ = $<struct op>2;
		flow_close(fe, $$, $4);
	}
;

func_head: O_FUNC visibility SYMBOL '(' func_args ')' func_results opt_attributes
	{
		$$ = flow_func_open(fe, $1, @1, $2, $3, $5, $7, $8);
	}
;
%type <struct op> func_head if_head;

visibility: %empty { $$ = NO_WORD; } | W_VIS
;

func_args: %empty { $$ = NO_SLICE; } | args
;

args: arg { $$ = (struct slice){fe->arg.n - 1, 1}; } | args ',' arg { $$ = (struct slice){$1.at, $1.n + 1}; }
;

arg:
  VALUE ':' type opt_dict opt_loc { VEC_PUSH(fe->a, &fe->arg, (struct arg){$1.name, $3, $4, $5, @1}); }
| type opt_dict opt_loc { VEC_PUSH(fe->a, &fe->arg, (struct arg){{0}, $1, $2, $3, @1}); }
;

func_results:
  %empty { $$ = NO_SLICE; }
| ARROW plain_type { FIRST($$, arg, (struct arg){{0}, $2, NO_ATTR, 0, @2}); }
| ARROW '(' ')' { $$ = NO_SLICE; }
| ARROW '(' result_types ')' { $$ = $3; }
;

result_types:
  type opt_dict { FIRST($$, arg, (struct arg){{0}, $1, $2, 0, @1}); }
| result_types ',' type opt_dict { NEXT($$, $1, arg, (struct arg){{0}, $3, $4, 0, @3}); }
;

for_iter:
  %empty { $$ = NO_SLICE; fe->iter = fe->init = NO_SLICE; }
| W_ITER_ARGS '(' iter_list ')' arrow_types { $$ = $5; }
;
%type <struct slice> for_iter;

func_suffix: opt_suffix
;

/* %a = %b, ...: names on front.arg (front.iter), values on front.use (front.init). */
iter_list:
  VALUE '=' VALUE
	{
		FIRST(fe->iter, arg, (struct arg){$1.name, {0}, NO_ATTR, 0, @1});
		FIRST(fe->init, use, USE($3, @3));
		$$ = NO_SLICE;
	}
| iter_list ',' VALUE '=' VALUE
	{
		NEXT(fe->iter, fe->iter, arg, (struct arg){$3.name, {0}, NO_ATTR, 0, @3});
		NEXT(fe->init, fe->init, use, USE($5, @5));
		$$ = $1;
	}
;

if_head: O_IF VALUE opt_arrow { $$ = flow_if_open(fe, $1, @1, USE($2, @2), $3); }
;

while_init: %empty { fe->iter = fe->init = NO_SLICE; } | '(' ')' { fe->iter = fe->init = NO_SLICE; } | '(' iter_list ')'
;

switch_types:
  %empty { $$ = NO_SLICE; }
| ARROW paren_types { $$ = $2; }
| ARROW plain_type { FIRST($$, type, T($2, @2)); }
;

index_cases:
  %empty { $$ = NO_SLICE; }
| index_cases W_CASE INT { flow_switch_region(fe); } region
	{
		struct slice s = $1;
		if (s.n == 0)
			s.at = fe->num.n;
		NEXT($$, s, num, int_literal(fe, false, @3, @3));
	}
| index_cases W_CASE '-' INT { flow_switch_region(fe); } region
	{
		struct slice s = $1;
		if (s.n == 0)
			s.at = fe->num.n;
		NEXT($$, s, num, int_literal(fe, true, @4, @4));
	}
;

generic_op:
  STRING { generic_open(fe, @1); } '(' opt_uses ')' opt_targets props
	{
		generic_operands(fe, $4, $6, $7);
	}
  opt_regions opt_dict ':' paren_types arrow_types
	{
		$$ = generic_close(fe, $10, $12, $13, @12);
	}
;

props: %empty { $$ = NO_ATTR; } | '<' attr_dict '>' { $$ = $2; }
;

opt_regions: %empty | '(' regions ')'
;

regions: generic_region | regions ',' generic_region
;

generic_region: { generic_region(fe); } region
;

opt_targets: %empty { $$ = NO_SLICE; } | '[' targets ']' { $$ = $2; }
;

targets:
  BLOCK { FIRST($$, target, (struct target){scope_target(fe, $1, @1), NO_SLICE, NO_SLICE}); }
| targets ',' BLOCK { NEXT($$, $1, target, (struct target){scope_target(fe, $3, @3), NO_SLICE, NO_SLICE}); }
;

/* ---- terminators ---- */

terminator:
  O_RETURN opt_dict { $$ = flow_terminator(fe, $1, @1, NO_SLICE, NO_SLICE, $2); }
| O_RETURN opt_dict uses ':' types { $$ = flow_terminator(fe, $1, @1, $3, $5, $2); }
| O_YIELD opt_dict { $$ = flow_terminator(fe, $1, @1, NO_SLICE, NO_SLICE, $2); }
| O_YIELD opt_dict uses ':' types { $$ = flow_terminator(fe, $1, @1, $3, $5, $2); }
| O_CONDITION '(' VALUE ')' opt_dict
	{
		struct slice u;
		FIRST(u, use, USE($3, @3));
		$$ = flow_terminator(fe, $1, @1, u, NO_SLICE, $5);
	}
| O_CONDITION '(' VALUE ')' opt_dict uses ':' types
	{
		VEC_PUSH(fe->a, &fe->use, USE($3, @3));
		$$ = flow_terminator(fe, $1, @1, (struct slice){$6.at, $6.n + 1}, $8, $5);
	}
| O_BR target opt_dict { $$ = flow_branch(fe, $1, @1, NO_SLICE, $2, $3, NO_SLICE, NO_TYPE); }
| O_COND_BR VALUE ',' target ',' target opt_dict
	{
		struct slice u;
		FIRST(u, use, USE($2, @2));
		$$ = flow_branch(fe, $1, @1, u, (struct slice){$4.at, 2}, $7, NO_SLICE, NO_TYPE);
	}
| O_SWITCH VALUE ':' type ',' '[' W_DEFAULT ':' target cases ']' opt_dict
	{
		struct slice u;
		FIRST(u, use, USE($2, @2));
		$$ = flow_branch(fe, $1, @1, u, (struct slice){$9.at, $10.n + 1}, $12, $10, T($4, @4));
	}
;

target: BLOCK opt_succ_args
	{
		FIRST($$, target, (struct target){scope_target(fe, $1, @1), $2, fe->succ_type});
	}
;

opt_succ_args:
  %empty { $$ = NO_SLICE; fe->succ_type = NO_SLICE; }
| '(' uses ':' types ')' { $$ = $2; fe->succ_type = $4; }
;

/* Case values on front.num. */
cases:
  %empty { $$ = (struct slice){fe->num.n, 0}; }
| cases ',' INT ':' target { NEXT($$, $1, num, int_literal(fe, false, @3, @3)); }
| cases ',' '-' INT ':' target { NEXT($$, $1, num, int_literal(fe, true, @4, @4)); }
;

/* ---- types ---- */

type: plain_type | func_type
;

plain_type:
  TYPE_WORD { $$ = (struct typ){$1.aux}; }
| TYPE
| BANG_ALIAS { $$ = type_alias_use(fe, $1, @1); }
| W_MEMREF '<' dims type '>' { $$ = type_memref(fe, $3, T($4, @4), (struct span){0, 0}); }
| W_MEMREF '<' dims type memref_tail '>'
	{
		$$ = type_memref(fe, $3, T($4, @4), @memref_tail);
	}
| W_VECTOR '<' dims type '>' { $$ = type_vec(fe, $3, T($4, @4)); }
| W_TENSOR '<' dims type '>' { $$ = type_shape(fe, TY_TENSOR, $3, T($4, @4), @$); }
| W_TUPLE '<' opt_types '>' { $$ = type_list_of(fe, TY_TUPLE, $3, @$); }
| W_COMPLEX '<' type '>'
	{
		struct slice s;
		FIRST(s, type, T($3, @3));
		$$ = type_list_of(fe, TY_COMPLEX, s, @$);
	}
| OPAQUE_TYPE { $$ = type_opaque(fe, @1); }
| pto_type
	{
		$$ = $1;
		memo_add(fe, @1, $1);
	}
| PTO_TYPE pto_type '>'
	{
		$$ = $2;
		memo_add(fe, @$, $2);
	}
| PTO_TYPE OPAQUE_TYPE '>' { $$ = type_opaque(fe, @2); }
;

/* A pointer's prefix may be left out where only a pointer can stand: the reference prints it so. */
ptr_type:
  type
| '<' type '>' { $$ = type_pointer(fe, T($2, @2), (struct sym){0}, @2); }
| '<' type ',' word '>' { $$ = type_pointer(fe, T($2, @2), $4.sym, @4); }
;

memref_tail: ',' attribute | memref_tail ',' attribute
;

dims: %empty { $$ = (struct slice){fe->num.n, 0}; } | DIMS { $$ = dims_push(fe, @1); }
;

pto_type:
  T_TILE '<' fields '>' { $$ = type_tile_verbose(fe, $3, @$); }
| T_TILE '<' word ',' DIMS type opt_fields '>'
	{
		$$ = type_tile_compact(fe, $3.sym, @3, dims_push(fe, @5), @5, T($6, @6), $7, false);
	}
| T_TILE '<' STRING ',' DIMS type opt_fields '>'
	{
		$$ = type_tile_compact(fe, string_sym(fe, @3), @3, dims_push(fe, @5), @5, T($6, @6), $7, false);
	}
| T_MULTI '<' plain_type opt_fields '>' { $$ = type_multi(fe, T($3, @3), $4, @$); }
| T_MULTI '<' WORD ',' DIMS type opt_fields '>'
	{
		$$ = type_tile_compact(fe, $3.sym, @3, dims_push(fe, @5), @5, T($6, @6), $7, true);
	}
| T_MULTI '<' STRING ',' DIMS type opt_fields '>'
	{
		$$ = type_tile_compact(fe, string_sym(fe, @3), @3, dims_push(fe, @5), @5, T($6, @6), $7, true);
	}
| T_PTR '<' type '>' { $$ = type_pointer(fe, T($3, @3), (struct sym){0}, @3); }
| T_PTR '<' type ',' word '>' { $$ = type_pointer(fe, T($3, @3), $5.sym, @5); }
| T_SHAPED '<' dims type '>' { $$ = type_shape(fe, (enum type_kind)$1.aux, $3, T($4, @4), @$); }
| T_STRUCT '<' types '>' { $$ = type_list_of(fe, TY_STRUCT, $3, @3); }
| T_COUNTED '<' INT '>' { $$ = type_counted(fe, TY_EVENTID_ARRAY, @3); }
| T_BARE { $$ = type_bare(fe, $1.aux, @1); }
;

fields:
  field { $$ = (struct slice){fe->field.n - 1, 1}; }
| fields ',' field { $$ = (struct slice){$1.at, $1.n + 1}; }
;

opt_fields: %empty { $$ = (struct slice){fe->field.n, 0}; } | ',' fields { $$ = $2; }
;

field: word '=' field_value
	{
		struct field *f = &fe->field.at[fe->field.n - 1];
		f->key = $1.sym;
		f->span = @1;
		f->val_span = @3;
	}
;

field_value:
  word
	{
		struct typ t = {word_is_type(fe, $1) ? $1.aux : 0};
		VEC_PUSH(fe->a, &fe->field, (struct field){.kind = FV_WORD, .word = $1.sym, .type = t});
	}
| TYPE { VEC_PUSH(fe->a, &fe->field, (struct field){.kind = FV_TYPE, .type = $1}); }
| pto_type { VEC_PUSH(fe->a, &fe->field, (struct field){.kind = FV_TYPE, .type = $1}); }
| BANG_ALIAS
	{
		struct typ t = type_alias_use(fe, $1, @1);
		VEC_PUSH(fe->a, &fe->field, (struct field){.kind = FV_TYPE, .type = t});
	}
| STRING { VEC_PUSH(fe->a, &fe->field, (struct field){.kind = FV_STRING, .word = string_sym(fe, @1)}); }
| INT { field_number(fe, false, @1, @1); }
| '-' INT { field_number(fe, true, @2, @$); }
| '?' { VEC_PUSH(fe->a, &fe->field, (struct field){.kind = FV_QUESTION, .num = DIM_DYN}); }
| DIMS INT { field_pair(fe, @1, @2); }
| DIMS '?' { field_pair(fe, @1, @2); }
;

func_type: '(' opt_types ')' arrow_types { $$ = type_fn(fe, $2, $4); }
;

/* ---- attributes ---- */

attr_dict:
  '{' '}' { $$ = attr_dictionary(fe, NO_SLICE); }
| '{' entries '}' { $$ = attr_dictionary(fe, $2); }
;

entries:
  entry { $$ = (struct slice){fe->entry.n - 1, 1}; }
| entries ',' entry { $$ = (struct slice){$1.at, $1.n + 1}; }
;

entry:
  word { VEC_PUSH(fe->a, &fe->entry, (struct entry){$1.sym, attr_unit(&fe->ir->attrs), @1, @1}); }
| STRING
	{
		struct sym k = string_sym(fe, @1);
		VEC_PUSH(fe->a, &fe->entry, (struct entry){k, attr_unit(&fe->ir->attrs), @1, @1});
	}
| word '=' attribute { VEC_PUSH(fe->a, &fe->entry, (struct entry){$1.sym, $3, @1, @3}); }
| STRING '=' attribute
	{
		struct sym k = string_sym(fe, @1);
		VEC_PUSH(fe->a, &fe->entry, (struct entry){k, $3, @1, @3});
	}
| word '=' '<' word '>'
	{
		struct attr a = attr_short(fe, $1.sym, $4.sym, @4);
		VEC_PUSH(fe->a, &fe->entry, (struct entry){$1.sym, a, @1, @4});
	}
;

attribute:
  number_attr
| STRING { $$ = attr_string(&fe->ir->attrs, string_sym(fe, @1)); }
| STRING ':' type { $$ = attr_string(&fe->ir->attrs, string_sym(fe, @1)); }
| type { $$ = attr_type(&fe->ir->attrs, $1); }
| any_symbol { $$ = attr_symbol(&fe->ir->attrs, $1); }
| '[' ']' { $$ = attr_list(fe, NO_SLICE); }
| '[' attr_list ']' { $$ = attr_list(fe, $2); }
| attr_dict
| W_UNIT { $$ = attr_unit(&fe->ir->attrs); }
| W_ARRAY '<' type '>' { $$ = attr_dense_array(fe, T($3, @3), (struct slice){fe->num.n, 0}, false); }
| W_ARRAY '<' type ':' numbers '>' { $$ = attr_dense_array(fe, T($3, @3), $5, true); }
| MAP { $$ = attr_map(fe, @1); }
| W_LOC '(' location ')' { $$ = attr_loc(fe, $3, @$); }
| PLAIN_LOC { $$ = attr_loc(fe, $1, @$); }
| DOTTED_ATTR '<' word '>' { $$ = attr_enum_case(fe, $1.sym, @1, $3.sym, @3, true); }
| PTO_ATTR word word '>' { $$ = attr_enum_case(fe, $2.sym, @2, $3.sym, @3, false); }
| PTO_ATTR word '<' word '>' '>' { $$ = attr_enum_case(fe, $2.sym, @2, $4.sym, @4, true); }
| W_CONFIG '<' config '>' { $$ = attr_config(fe, $3); }
| OPAQUE_ATTR { $$ = attr_text(fe, AT_OPAQUE, @1); }
| HASH_ALIAS { $$ = attr_alias_use(fe, $1, @1); }
;

/* What arith.constant takes. */
number_attr:
  INT opt_suffix { $$ = attr_number(fe, false, @1, false, T($2, @2), @1); }
| '-' INT opt_suffix { $$ = attr_number(fe, true, @2, false, T($3, @3), @$); }
| FLOAT opt_suffix { $$ = attr_number(fe, false, @1, true, T($2, @2), @1); }
| '-' FLOAT opt_suffix { $$ = attr_number(fe, true, @2, true, T($3, @3), @$); }
| W_INF ':' type { $$ = attr_special(fe, false, $1.sym, T($3, @3), @1); }
| '-' W_INF ':' type { $$ = attr_special(fe, true, $2.sym, T($4, @4), @$); }
| W_TRUE { $$ = attr_boolean(fe, true); }
| W_FALSE { $$ = attr_boolean(fe, false); }
| dense '>' ':' type { $$ = attr_dense(fe, $1, true, @1, T($4, @4)); }
| dense nested_numbers '>' ':' type
	{
		$$ = attr_dense(fe, (struct slice){$1.at, fe->num.n - $1.at}, $2, @2, T($5, @5));
	}
;

dense: W_DENSE '<' { $$ = (struct slice){fe->num.n, 0}; }
;

attr_list:
  attribute { FIRST($$, attr, $1); }
| attr_list ',' attribute { NEXT($$, $1, attr, $3); }
;

config: %empty { $$ = NO_SLICE; } | entries
;

any_symbol:
  symbol
| any_symbol COLONS SYMBOL
	{
		struct strv a = sym_text(&fe->ir->in, $1), b = sym_text(&fe->ir->in, $3);
		struct out o;
		out_init(&o, fe->a);
		out_strv(&o, a);
		out_str(&o, "::");
		out_strv(&o, b);
		$$ = intern_add(&fe->ir->in, out_text(&o));
	}
;

symbol: SYMBOL
;

/* Scalars of array<T: ...> on front.num; floats as the bits of a double. */
numbers: opt_numbers
;
opt_numbers:
  number_item { $$ = (struct slice){fe->num.n - 1, 1}; }
| opt_numbers ',' number_item { $$ = (struct slice){$1.at, $1.n + 1}; }
;
number_item:
  INT { num_push(fe, false, @1, false, true); }
| '-' INT { num_push(fe, true, @2, false, true); }
| FLOAT { num_push(fe, false, @1, true, true); }
| '-' FLOAT { num_push(fe, true, @2, true, true); }
| W_TRUE { VEC_PUSH(fe->a, &fe->num, 1); }
| W_FALSE { VEC_PUSH(fe->a, &fe->num, 0); }
;

/* dense<...>: all numbers flat on front.num; true when they are integers. */
nested_numbers:
  scalar_number
| STRING { $$ = false; }
| '[' ']' { $$ = true; }
| '[' number_list ']' { $$ = $2; }
;
number_list:
  nested_numbers
| number_list ',' nested_numbers { $$ = $1 && $3; }
;
scalar_number:
  INT { $$ = true; num_push(fe, false, @1, false, false); }
| '-' INT { $$ = true; num_push(fe, true, @2, false, false); }
| FLOAT { $$ = false; }
| '-' FLOAT { $$ = false; }
| W_TRUE { $$ = true; VEC_PUSH(fe->a, &fe->num, 1); }
| W_FALSE { $$ = true; VEC_PUSH(fe->a, &fe->num, 0); }
;

/* ---- locations ---- */

opt_loc: %empty { $$ = 0; } | PLAIN_LOC | W_LOC '(' location ')' { $$ = $3; }
;

location:
  W_UNKNOWN { $$ = 0; }
| STRING ':' INT ':' INT { $$ = loc_file(fe, @1, @3, @5); }
| STRING { $$ = loc_name(fe, @1, 0); }
| STRING '(' location ')' { $$ = loc_name(fe, @1, $3); }
| W_CALLSITE '(' location W_AT location ')' { $$ = $3 ? $3 : $5; }
| W_FUSED '[' locations ']' { $$ = $3; }
| W_FUSED '<' attribute '>' '[' locations ']' { $$ = $6; }
| HASH_ALIAS { $$ = loc_alias(fe, $1, @1); }
;

locations: location | locations ',' location { $$ = $1 ? $1 : $3; }
;

/* ---- words ---- */

word:
  WORD | TYPE_WORD | NAME_WORD | W_INS | W_OUTS | W_SHAPE | W_STRIDES | W_OFFSETS | W_SIZES | W_VALID | W_ADDR
| W_VALID_ROW | W_VALID_COL | W_TO | W_STEP | W_ITER_ARGS | W_ELSE | W_DO | W_CASE | W_DEFAULT | W_ATTRIBUTES | W_LOC
| W_FUSED | W_CALLSITE | W_AT | W_UNKNOWN | W_ARRAY | W_DENSE | W_UNIT | W_TRUE | W_FALSE | W_MEMREF | W_VECTOR
| W_TENSOR | W_TUPLE | W_COMPLEX | W_FP | W_PRE_QUANT | W_NO_TMP | W_FLAGS | W_VIS | W_INF | W_EXTRA | W_LINE | W_ALL
| W_SUBBLOCK
| op_word
;

op_word:
  O_BARRIER_SYNC | O_CROSS | O_SYNC_ALL | O_EVENT_GET | O_EVENT_SET | O_FIFO | O_FIFO_INIT
| O_INS_OUTS | O_NULLARY | O_BINARY | O_UNARY | O_TERNARY | O_CAST | O_CMP | O_SELECT | O_EXTENDED | O_CONSTANT | O_FUNC
| O_MODULE | O_RETURN | O_CALL | O_FOR | O_IF | O_WHILE | O_CONDITION | O_YIELD | O_INDEX_SWITCH | O_EXECUTE_REGION
| O_BR | O_COND_BR | O_SWITCH | O_AFFINE_APPLY | O_ALLOC_TILE | O_TENSOR_VIEW | O_PARTITION | O_SUBVIEW | O_LOAD_SCALAR
| O_STORE_SCALAR | O_ADDPTR | O_RETYPE | O_FLAG | O_FLAG_DYN | O_BARRIER | O_FENCE | O_CMO | O_COMM | O_SECTION
| O_GENERIC | O_DECLARE | O_OPERAND | O_REBIND | O_VIEW_DIM | O_ELEM_GET | O_ELEM_SET | O_PATH_GET | O_PATH_SET
;

%%

static const char *
token_name(int symbol, void *unused)
{
	(void)unused;
	return yysymbol_name((yysymbol_kind_t)symbol);
}

static int
yyreport_syntax_error(const yypcontext_t *ctx, struct front *fe)
{
	enum { MAX = YYNTOKENS };
	yysymbol_kind_t kind[MAX];
	struct syntax_expect e = {.name = token_name};
	struct span at = *yypcontext_location(ctx);
	int n = yypcontext_expected_tokens(ctx, kind, MAX);

	for (int i = 0; i < n; i++) {
		e.brace = e.brace || kind[i] == YYTRANSLATE('}');
		switch ((int)kind[i]) {
		case YYSYMBOL_O_INS_OUTS: e.op = true; break;
		case YYSYMBOL_W_UNIT: e.attribute = true; break;
		case YYSYMBOL_TYPE: e.type = true; break;
		case YYSYMBOL_W_INS: e.ins = true; break;
		case YYSYMBOL_W_SIZES: e.word = true; break;
		case YYSYMBOL_WORD: case YYSYMBOL_W_FLAGS: case YYSYMBOL_PLAIN_LOC: continue;
		default: break;
		}
		if (e.n < SYNTAX_EXPECT_MAX)
			e.symbol[e.n] = (int)kind[i];
		e.n++;
	}
	if (yypcontext_token(ctx) == YYSYMBOL_PLAIN_LOC)
		at.hi = at.lo + 3;	/* as if the word `loc` were a token of its own */
	syntax_report(fe, at, yypcontext_token(ctx) == YYSYMBOL_YYEOF, yypcontext_token(ctx) == YYSYMBOL_WORD, &e);
	return 0;
}

void
pto_error(struct span *loc, struct front *fe, const char *msg)
{
	(void)msg;
	fe_error(fe, DIAG_NESTING, *loc, "nested too deeply");
}
