/*
 * module: modules, functions, symbols and calls (language.md §2, §3, §5.1).
 */
#include "verify/rule.h"

static bool
no_case_eq(struct strv a, const char *lit)
{
	uint32_t n = (uint32_t)strlen(lit);

	if (a.n != n)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		char c = a.p[i];
		if ((c >= 'A' && c <= 'Z' ? (char)(c + 32) : c) != lit[i])
			return false;
	}
	return true;
}

static const struct attr_data *
func_attr(struct verify *v, struct op o, struct sym key)
{
	return attr_data(&v->ir->attrs, op_attr(v->ir, o, key));
}

/* ---- modules ---- */

static bool
kernel_kind_ok(struct verify *v, struct op o)
{
	const struct attr_data *d = func_attr(v, o, v->ir->name.kernel_kind);

	if (d->kind == AT_NONE || (d->kind == AT_ENUM && d->id == EN_KERNEL_KIND))
		return true;
	return FAIL(v, o, "expects pto.kernel_kind to be #pto.kernel_kind<cube> or #pto.kernel_kind<vector>");
}

static bool
module_unsupported(struct verify *v, struct op o, const char *text, const char *hint)
{
	diag_report(v->ir->diags, DIAG_UNSUPPORTED, ir_op(v->ir, o)->span, "%s", text);
	if (hint)
		diag_hint(v->ir->diags, "%s", hint);
	return false;
}

bool
verify_module_attrs(struct verify *v, struct op module)
{
	struct ir *ir = v->ir;
	const struct attr_data *back = func_attr(v, module, ir->name.backend);
	struct strv text = sym_text(&ir->in, back->text);

	if (back->kind != AT_NONE && back->kind != AT_STRING)
		return FAIL(v, module, "expects pto.backend to be a string");
	if (back->kind == AT_STRING && no_case_eq(text, "vpto"))
		return module_unsupported(v, module, "pto.backend 'vpto' is not supported",
					  "ptoc prints C++, backend 'emitc'");
	if (back->kind == AT_STRING && !no_case_eq(text, "emitc")) {
		diag_report(ir->diags, DIAG_VERIFY, ir_op(ir, module)->span,
			    "invalid pto.backend '%.*s'. Expected 'emitc' or 'vpto'.", (int)text.n, text.p);
		return false;
	}
	return kernel_kind_ok(v, module);
}

struct op_list {
	struct op first_module, second_module;
	uint32_t nmodule, nother;
};

static struct op_list
list_module(const struct ir *ir, struct op module)
{
	struct op_list l = {.nmodule = 0};
	struct blk b = op_body(ir, module, 0);

	for (struct op c = b.i ? ir_blk(ir, b)->first : (struct op){0}; c.i; c = ir_op(ir, c)->next) {
		if (op_id(ir, c) != OP_MODULE) {
			l.nother++;
			continue;
		}
		if (l.nmodule == 0)
			l.first_module = c;
		else if (l.nmodule == 1)
			l.second_module = c;
		l.nmodule++;
	}
	return l;
}

/* A module that holds nothing but one module stands for its child. Other nestings would be several objects. */
bool
verify_module_nesting(struct verify *v)
{
	struct ir *ir = v->ir;
	struct op_list l = list_module(ir, ir->module);

	v->unit = ir->module;
	if (l.nmodule == 0)
		return true;
	if (l.nmodule == 1 && l.nother == 0) {
		v->unit = l.first_module;
		l = list_module(ir, v->unit);
		return l.nmodule == 0 ||
		       module_unsupported(v, l.first_module, "modules nested this deep are not supported", NULL);
	}
	if (l.nmodule >= 2 && l.nother && !op_attr(ir, ir->module, ir->name.backend).i) {
		diag_report(ir->diags, DIAG_UNSUPPORTED, ir_op(ir, l.first_module)->span,
			    "mixed pto.backend fatobj mode expects either a single module or an outer module "
			    "containing only child modules; found non-module top-level ops alongside child modules.");
		return false;
	}
	if (l.nmodule >= 2 && !l.nother)
		return module_unsupported(v, l.second_module, "several child modules in one file are not supported",
				   "compile each module by itself");
	return module_unsupported(v, l.first_module, "a module beside functions is not supported",
			   "move its functions to the outer module");
}

void
verify_symbols(struct verify *v)
{
	struct ir *ir = v->ir;
	struct blk b = op_body(ir, v->unit, 0);

	v->nsym = ir->in.text.n;
	v->sym_func = ARENA_ARRAY(ir->a, uint32_t, v->nsym);
	VEC_ADD(ir->a, &v->func, 1);
	for (struct op c = b.i ? ir_blk(ir, b)->first : (struct op){0}; c.i; c = ir_op(ir, c)->next) {
		struct sym name = func_name(ir, c);
		if (op_id(ir, c) != OP_FUNC || !name.i)
			continue;
		VEC_PUSH(ir->a, &v->func, c);
		uint32_t *at = &v->sym_func[name.i];
		if (!*at) {
			*at = v->func.n - 1;
			continue;
		}
		v->bad = true;
		diag_report(ir->diags, DIAG_REDEFINITION, ir_op(ir, c)->span, "redefinition of symbol named '%s'",
			    sym_str(&ir->in, name));
		diag_note(ir->diags, ir_op(ir, v->func.at[*at])->span, "previous definition is here");
	}
}

/* ---- functions ---- */

static bool
tail_hint_ok(struct verify *v, struct op o)
{
	static const char *const known[] = {
		"barrier-all", "barrier_all", "default", "mte3-to-s-event0", "mte3_to_s_event0",
		"setwait-mte3-to-s-event0", "setwait_mte3_to_s_event0",
	};
	struct ir *ir = v->ir;
	const struct attr_data *d = func_attr(v, o, ir->name.tail_hint);
	struct strv text = sym_text(&ir->in, d->text);

	if (d->kind == AT_NONE)
		return true;
	for (uint32_t i = 0; d->kind == AT_STRING && i < sizeof known / sizeof known[0]; i++)
		if (no_case_eq(text, known[i]))
			return true;
	if (d->kind != AT_STRING)
		return FAIL(v, o, "expects pto.auto_sync_tail_hint to be a string");
	return FAIL(v, o, "invalid pto.auto_sync_tail_hint '%.*s'. Expected 'barrier-all' (or 'default') or "
		    "'mte3-to-s-event0'.", (int)text.n, text.p);
}

/* Types that can cross a function border in C++. */
static bool
param_type_ok(struct verify *v, struct typ ty)
{
	const struct type_data *d = type_data(&v->ir->types, ty);

	switch (d->kind) {
	case TY_INT: return int_width_ok(v, ty);
	case TY_FLOAT: return type_is_float(&v->ir->types, ty);
	case TY_INDEX: case TY_PIPE: case TY_ASYNC_SESSION: case TY_ASYNC_EVENT: case TY_PREFETCH_CTX:
	case TY_EVENTID_ARRAY:
		return true;
	case TY_PTR: case TY_TVIEW: case TY_PVIEW: case TY_TILE: case TY_MEMREF:
		return elem_bit(v, d->sub[0]) & (E_MOVE | E_F64);
	case TY_VECTOR:
		return d->rank == 1 && d->dim[0] == 4 && elem_bit(v, d->sub[0]) & E_I16;
	case TY_ERROR: case TY_NONE: case TY_FUNC: case TY_TENSOR: case TY_TUPLE: case TY_COMPLEX: case TY_MULTI_TILE:
	case TY_TILE_VALUE: case TY_LOCAL_ARRAY: case TY_STRUCT: case TY_LOW: case TY_OPAQUE:
		return false;
	}
	return false;
}

static bool
func_types_ok(struct verify *v, struct op o, const struct type_data *ft)
{
	for (uint32_t i = 0; i < ft->nsub; i++) {
		struct typ ty = ft->sub[i];
		if (!ty.i || param_type_ok(v, ty))
			continue;
		const char *what = i < ft->nin ? "argument" : "result";
		uint32_t k = i < ft->nin ? i : i - ft->nin;
		if (type_kind(&v->ir->types, ty) == TY_STRUCT)
			return FAIL(v, o, "%s #%u has type '%s', but a stack-local struct must not be %s; structs must "
				    "originate from 'pto.declare_struct' in the same function", what, k,
				    ty_str(v, ty), i < ft->nin ? "a function argument" : "returned");
		return FAIL(v, o, "%s #%u has type '%s', which has no C++ form in a function", what, k, ty_str(v, ty));
	}
	return true;
}

static bool
func_entry_ok(struct verify *v, struct op o, const struct type_data *ft, bool has_body)
{
	struct ir *ir = v->ir;
	const struct sym key[] = {ir->name.entry, ir->name.kernel, ir->name.aicore, ir->name.hacc_entry};
	uint32_t k = 0;

	while (k < 4 && !op_attr(ir, o, key[k]).i)
		k++;
	if (k == 4)
		return true;
	if (!has_body)
		return FAIL(v, o, "`%s` is only valid on function definitions", sym_str(&ir->in, key[k]));
	if (ft->nsub > ft->nin)
		return FAIL(v, o, "PTO entry functions must return void");
	return true;
}

/* The entry block carries the parameters. */
static bool
func_args_ok(struct verify *v, struct op o, const struct type_data *ft, struct blk entry)
{
	const struct blk_data *b = ir_blk(v->ir, entry);

	if (b->narg != ft->nin)
		return FAIL(v, o, "entry block must have %u arguments to match function signature", ft->nin);
	for (uint32_t i = 0; i < ft->nin; i++) {
		struct typ ty = val_type(v->ir, (struct val){b->arg0 + i});
		if (ty.i && ft->sub[i].i && ty.i != ft->sub[i].i)
			return FAIL(v, o, "type of entry block argument #%u('%s') must match the type of the "
				    "corresponding argument in function signature('%s')", i, ty_str(v, ty),
				    ty_str(v, ft->sub[i]));
	}
	return true;
}

/* Index of the function at hand, for the edges of the call graph. */
static void
enter_func(struct verify *v, struct op o)
{
	while (v->cur + 1 < v->func.n && v->func.at[v->cur].i != o.i)
		v->cur++;
}

bool
verify_func(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	const struct type_data *ft = type_data(&ir->types, func_type(ir, o));
	struct blk entry = op_body(ir, o, 0);
	const struct attr_data *vis = func_attr(v, o, ir->name.sym_visibility);
	struct strv vis_text = sym_text(&ir->in, vis->text);

	enter_func(v, o);
	if (op_id(ir, op_parent(ir, o)) != OP_MODULE)
		return FAIL(v, o, "expects parent op 'builtin.module'");
	if (ft->kind != TY_FUNC || !func_name(ir, o).i)
		return FAIL(v, o, "requires a name and a function type");
	if (!entry.i && (vis->kind != AT_STRING || !(strv_is(vis_text, "private") || strv_is(vis_text, "nested")))) {
		op_error(ir, o, DIAG_VERIFY, "symbol declaration cannot have public visibility");
		diag_hint(ir->diags, "a function without body is declared with `func.func private`");
		return false;
	}
	if (ft->nsub - ft->nin > 1)
		return FAIL(v, o, "has %u results, but C++ functions return at most one", ft->nsub - ft->nin);
	if (!func_entry_ok(v, o, ft, entry.i) || !kernel_kind_ok(v, o) || !tail_hint_ok(v, o))
		return false;
	return func_types_ok(v, o, ft) && (!entry.i || func_args_ok(v, o, ft, entry));
}

static bool
function_is(struct verify *v, struct op f)
{
	diag_note(v->ir->diags, ir_op(v->ir, f)->span, "the function has type '%s'",
		  ty_str(v, func_type(v->ir, f)));
	return false;
}

bool
verify_return(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	struct op f = op_parent(ir, o);
	const struct op_data *d = ir_op(ir, o);

	if (!terminator_fits(v, o))
		return false;
	const struct type_data *ft = type_data(&ir->types, func_type(ir, f));
	const char *name = sym_str(&ir->in, func_name(ir, f));
	if (d->nopnd != ft->nsub - ft->nin)
		return FAIL(v, o, "has %u operands, but enclosing function (@%s) returns %u", d->nopnd, name,
			    ft->nsub - ft->nin) || function_is(v, f);
	for (uint32_t i = 0; i < d->nopnd; i++) {
		struct opnd x = opnd_named(v, op_opnd(ir, o, i), "operand");
		struct typ want = ft->sub[ft->nin + i];
		if (want.i && x.type.i != want.i)
			return FAIL(v, o, "type of return operand %u ('%s') doesn't match function result type ('%s') "
				    "in function @%s", i, ty_str(v, x.type), ty_str(v, want), name) ||
			       blame(v, &x, NULL);
	}
	return true;
}

/* ---- calls ---- */

static bool
call_types(struct verify *v, struct op o, struct op callee)
{
	struct ir *ir = v->ir;
	const struct op_data *d = ir_op(ir, o);
	const struct type_data *ft = type_data(&ir->types, func_type(ir, callee));
	struct span at = ir_op(ir, callee)->span;
	bool ok;

	if (d->nopnd != ft->nin) {
		op_error(ir, o, DIAG_VERIFY, "incorrect number of operands for callee: expected %u, got %u",
			 ft->nin, d->nopnd);
		diag_note(ir->diags, at, "callee is declared here");
		return false;
	}
	for (uint32_t i = 0; i < d->nopnd; i++) {
		struct opnd x = opnd_named(v, op_opnd(ir, o, i), "operand");
		if (!ft->sub[i].i || x.type.i == ft->sub[i].i)
			continue;
		ok = FAIL(v, o, "operand type mismatch: expected operand type '%s', but provided '%s' for operand "
			  "number %u", ty_str(v, ft->sub[i]), ty_str(v, x.type), i) || blame(v, &x, NULL);
		diag_note(ir->diags, at, "callee is declared here");
		return ok;
	}
	if (d->nres != ft->nsub - ft->nin)
		return FAIL(v, o, "incorrect number of results for callee: expected %u, got %u", ft->nsub - ft->nin,
			    d->nres);
	for (uint32_t i = 0; i < d->nres; i++) {
		struct typ have = val_type(ir, op_res(ir, o, i)), want = ft->sub[ft->nin + i];
		if (want.i && have.i != want.i)
			return FAIL(v, o, "result type mismatch at index %u: expected '%s', got '%s'", i,
				    ty_str(v, want), ty_str(v, have));
	}
	return true;
}

/* The function whose name is nearest to an unknown one, for a hint. */
static void
suggest_func(struct verify *v, struct sym name)
{
	struct ir *ir = v->ir;
	struct guess near = guess_for(sym_text(&ir->in, name));

	for (uint32_t i = 1; i < v->func.n && i <= 1000; i++)
		guess_try(&near, sym_str(&ir->in, func_name(ir, v->func.at[i])));
	if (near.best)
		diag_hint(ir->diags, "did you mean '@%s'?", near.best);
}

bool
verify_call(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	const struct attr_data *d = func_attr(v, o, ir->name.callee);

	if (d->kind != AT_SYMBOL)
		return FAIL(v, o, "requires attribute 'callee'");
	uint32_t f = d->text.i < v->nsym ? v->sym_func[d->text.i] : 0;
	if (!f) {
		op_error(ir, o, DIAG_UNKNOWN_NAME, "'%s' does not reference a valid function",
			 sym_str(&ir->in, d->text));
		suggest_func(v, d->text);
		return false;
	}
	if (!call_types(v, o, v->func.at[f]))
		return false;
	VEC_PUSH(ir->a, &v->call, (struct call_edge){o, v->cur, f});
	return true;
}

/* ---- recursion ---- */

struct call_frame {
	uint32_t func, edge;	/* next edge to follow */
};

static void
report_cycle(struct verify *v, const struct call_edge *e, const struct call_frame *stack, uint32_t depth)
{
	struct ir *ir = v->ir;

	v->bad = true;
	if (e->caller == e->callee) {
		op_error(ir, e->call, DIAG_VERIFY, "recursive function calls are not supported for EmitC C++ emission");
		return;
	}
	op_error(ir, e->call, DIAG_VERIFY, "cyclic function call graph is not supported for EmitC C++ emission");
	for (uint32_t k = depth; k > 0 && depth - k < 8; k--) {
		struct op f = v->func.at[stack[k - 1].func];
		diag_note(ir->diags, ir_op(ir, f)->span, "the cycle goes through '@%s'",
			  sym_str(&ir->in, func_name(ir, f)));
		if (stack[k - 1].func == e->callee)
			break;
	}
}

/* Depth-first search with a stack of its own: call chains may be as long as the input. */
void
verify_recursion(struct verify *v)
{
	struct arena *a = v->ir->a;
	uint32_t n = v->func.n;
	uint32_t *first = ARENA_ARRAY(a, uint32_t, n + 1);
	uint8_t *state = ARENA_ARRAY(a, uint8_t, n);	/* 0 new, 1 on the stack, 2 done */
	struct call_frame *stack = ARENA_ARRAY(a, struct call_frame, n);

	for (uint32_t e = 0; e < v->call.n; e++)
		first[v->call.at[e].caller + 1]++;
	for (uint32_t f = 0; f < n; f++)
		first[f + 1] += first[f];
	for (uint32_t root = 1; root < n; root++) {
		uint32_t depth = 0;
		if (state[root])
			continue;
		state[root] = 1;
		stack[depth++] = (struct call_frame){root, first[root]};
		while (depth) {
			struct call_frame *t = &stack[depth - 1];
			if (t->edge == first[t->func + 1]) {
				state[t->func] = 2;
				depth--;
				continue;
			}
			const struct call_edge *e = &v->call.at[t->edge++];
			if (state[e->callee] == 1)
				report_cycle(v, e, stack, depth);
			if (state[e->callee])
				continue;
			state[e->callee] = 1;
			stack[depth++] = (struct call_frame){e->callee, first[e->callee]};
		}
	}
}
