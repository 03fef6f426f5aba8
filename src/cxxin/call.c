/*
 * call: what a name with arguments means, in this order: a helper of the text, expanded in place; flags, barriers,
 * cache operations and what else is no row of the op table; a row of the op table; another function of the text. Any
 * other call is unknown and makes its section not provable.
 */
#include "cxxin/model.h"

#include <stdarg.h>
#include <stdio.h>

static struct cval
no_value(void)
{
	return (struct cval){.kind = CV_OTHER};
}

void
cx_unknown(struct reader *r, struct span at, const char *fmt, ...)
{
	char buf[256];
	struct op o = cx_op(r, OP_PTOC_UNKNOWN, at);
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(buf, sizeof buf, fmt, ap);
	va_end(ap);
	ir_op_groups(r->ir, o, NULL, &(uint32_t){0}, 1);
	cx_put(r, o);
	size_t len = n < 0 ? 0 : (size_t)n < sizeof buf ? (size_t)n : sizeof buf - 1;
	struct cxxin_unknown u = {o, r->here.hi ? r->here : at, arena_strndup(r->a, buf, len)};
	VEC_PUSH(r->a, &r->out->unknown, u);
}

/* ---- names of the op table ---- */

/* Rows by C++ name, with and without pto's namespace. The first row of a name is the head of its chain. */
void
cx_callees(struct reader *r)
{
	VEC_ADD(r->a, &r->next_row, OP_COUNT);
	for (uint32_t id = OP_COUNT; id-- > 1;) {
		const char *name = isa_op[id].callee;
		if (!name)
			continue;
		struct sym s = intern_str(&r->ir->in, strncmp(name, "pto::", 5) == 0 ? name + 5 : name);
		r->next_row.at[id] = CX_FIND(&r->callee_of, s);
		CX_SET(r, &r->callee_of, s, id);
	}
}

/* "TSTORE_FP" and the old names of one op are the row of another name. */
static struct sym
row_name(const struct reader *r, struct sym s)
{
	static const char *const also[][2] = {
		{"TSTORE_FP", "TSTORE"}, {"TMOV_FP", "TMOV"}, {"TEXTRACT_FP", "TEXTRACT"}, {"TINSERT_FP", "TINSERT"},
		{"TFILLPAD_INPLACE", "TFILLPAD"}, {"TFILLPAD_EXPAND", "TFILLPAD"},
		{"get_subblock_id", "get_subblockid"}, {"get_sub_block_id", "get_subblockid"},
		{"printf", "cce::printf"},
	};
	struct strv t = sym_text(&r->ir->in, s);

	if (strv_starts(t, "pto::"))
		t = (struct strv){t.p + 5, t.n - 5};
	for (size_t k = 0; k < sizeof also / sizeof also[0]; k++)
		if (strv_is(t, also[k][0]))
			t = (struct strv){also[k][1], (uint32_t)strlen(also[k][1])};
	return intern_find(&r->ir->in, t);
}

bool
cx_is_work(const struct reader *r, struct sym name)
{
	struct sym s = row_name(r, name);
	uint32_t id = s.i ? CX_FIND(&r->callee_of, s) : 0;

	if (!id || cx_name_is(r, name, "pipe_barrier") || cx_name_is(r, name, "dcci") || cx_name_is(r, name, "dsb"))
		return false;
	return isa_op[id].pipe != P_NONE || isa_op[id].flags & OPF_SYNC;
}

/* ---- flags, barriers, fences ---- */

static bool
pipe_arg(struct reader *r, const struct call *c, uint32_t k, enum pipe *p)
{
	if (k < c->n && c->arg[k].kind == CV_NAME && pipe_find(cx_base_name(r, c->arg[k].name), p))
		return true;
	cx_unknown(r, c->at, "pipe of '%s'", sym_str(&r->ir->in, c->name));
	return false;
}

/* EVENT_ID3, 3, or a value of the run time. False when it is neither. */
static bool
event_arg(struct reader *r, const struct cval *a, int64_t *id, struct val *dyn, struct span at)
{
	struct strv t = a->kind == CV_NAME ? cx_base_name(r, a->name) : (struct strv){"", 0};

	*dyn = (struct val){0};
	if (t.n == 9 && strv_starts(t, "EVENT_ID") && t.p[8] >= '0' && t.p[8] < '0' + EVENT_ID_COUNT) {
		*id = t.p[8] - '0';
		return true;
	}
	if (cx_const_of(r, a, id))
		return *id >= 0 && *id < EVENT_ID_COUNT;
	if (!cx_is_int(r, a) && a->kind != CV_OTHER)
		return false;
	*dyn = cx_is_int(r, a) ? a->v : cx_opaque(r, type_int(&r->ir->types, 32, SIGNLESS), at);
	return true;
}

static void
set_span(struct reader *r, struct op o, const struct call *c)
{
	ir_op(r->ir, o)->span = r->here.hi ? r->here : c->at;
}

static void
do_flag(struct reader *r, struct call *c)
{
	bool set = cx_name_is(r, c->name, "set_flag");
	enum pipe src = P_NONE, dst = P_NONE;
	int64_t id = 0;
	struct val dyn;
	struct op o;

	if (!pipe_arg(r, c, 0, &src) || !pipe_arg(r, c, 1, &dst))
		return;
	if (c->n != 3 || src >= PIPE_COUNT || dst >= PIPE_COUNT || !event_arg(r, &c->arg[2], &id, &dyn, c->at)) {
		cx_unknown(r, c->at, "event id of '%s'", sym_str(&r->ir->in, c->name));
		return;
	}
	if (dyn.i) {
		o = cx_op(r, set ? OP_SET_FLAG_DYN : OP_WAIT_FLAG_DYN, c->at);
		ir_op_operands(r->ir, o, &dyn, 1);
		op_attr_set(r->ir, o, r->ir->name.src_pipe, attr_enum(&r->ir->attrs, EN_PIPE, pipe_to_value(src)));
		op_attr_set(r->ir, o, r->ir->name.dst_pipe, attr_enum(&r->ir->attrs, EN_PIPE, pipe_to_value(dst)));
	} else {
		o = ir_flag(r->ir, set ? OP_SET_FLAG : OP_WAIT_FLAG, src, dst, (uint32_t)id);
		ir_op_operands(r->ir, o, NULL, 0);
		set_span(r, o, c);
	}
	cx_put(r, o);
}

static void
do_barrier(struct reader *r, struct call *c)
{
	enum pipe p = P_NONE;

	if (!pipe_arg(r, c, 0, &p))
		return;
	struct op o = ir_barrier(r->ir, p);
	ir_op_operands(r->ir, o, NULL, 0);
	set_span(r, o, c);
	cx_put(r, o);
}

/* dcci(pointer, whole or line [, where]) */
static void
do_dcci(struct reader *r, struct call *c)
{
	bool line = false, whole = false;
	struct val in[2] = {{0}};

	for (uint32_t k = 1; k < c->n; k++) {
		struct strv t = c->arg[k].kind == CV_NAME ? cx_base_name(r, c->arg[k].name) : (struct strv){"", 0};
		line = line || strv_is(t, "SINGLE_CACHE_LINE");
		whole = whole || strv_is(t, "ENTIRE_DATA_CACHE");
	}
	if (line == whole || (line && !cx_is_kind(r, &c->arg[0], TY_PTR))) {
		cx_unknown(r, c->at, "form of 'dcci'");
		return;
	}
	if (line)
		in[0] = c->arg[0].v;
	struct op o = cx_op(r, OP_PTOC_DCCI, c->at);
	ir_op_operands(r->ir, o, in, 2);
	cx_put(r, o);
}

static void
do_dsb(struct reader *r, struct call *c)
{
	struct strv t = c->n && c->arg[0].kind == CV_NAME ? cx_base_name(r, c->arg[0].name) : (struct strv){"", 0};
	int64_t k = -1;

	if (c->n)
		cx_const_of(r, &c->arg[0], &k);
	if (k != 0 && !strv_is(t, "DSB_DDR") && !strv_is(t, "DSB_ALL")) {
		cx_unknown(r, c->at, "form of 'dsb'");
		return;
	}
	struct op o = cx_op(r, OP_PTOC_DSB, c->at);
	ir_op_operands(r->ir, o, NULL, 0);
	cx_put(r, o);
}

static void
set_number(struct reader *r, struct op o, struct sym key, int64_t x)
{
	op_attr_set(r->ir, o, key, attr_int(&r->ir->attrs, x, type_int(&r->ir->types, 32, SIGNLESS)));
}

/* Mode and id of a message that are known, from the op that made it to the one that sends it. */
static bool
take_message(struct reader *r, struct op o, struct val message)
{
	const struct sym key[] = {r->ir->name.event_id, r->ir->name.ffts_mode};
	struct op from = ir_val(r->ir, message)->def;

	if (!from.i || op_id(r->ir, from) != OP_PTOC_UNKNOWN)
		return false;
	for (size_t k = 0; k < sizeof key / sizeof key[0]; k++) {
		struct attr a = op_attr(r->ir, from, key[k]);
		if (a.i)
			op_attr_set(r->ir, o, key[k], a);
	}
	return op_attr(r->ir, from, key[0]).i != 0;
}

/* Signals between cores. */
static void
do_cross(struct reader *r, struct call *c)
{
	bool wait = cx_name_is(r, c->name, "__builtin_cce_wait_flag_dev") || cx_name_is(r, c->name, "wait_flag_dev");
	enum pipe p = P_S;
	struct val id = {0};
	int64_t no = -1;

	if (!wait && !pipe_arg(r, c, 0, &p))
		return;
	for (uint32_t k = 0; k < c->n && !id.i; k++)
		if (cx_is_int(r, &c->arg[k])) {
			id = c->arg[k].v;
			cx_const_of(r, &c->arg[k], &no);
		}
	struct op o = cx_op(r, wait ? OP_SYNC_WAIT : OP_SYNC_SET, c->at);
	if (wait && no >= 0)
		set_number(r, o, r->ir->name.event_id, no);
	else if (wait || !take_message(r, o, id))
		ir_op_operands(r->ir, o, &id, 1);
	op_attr_set(r->ir, o, r->ir->name.pipe, attr_enum(&r->ir->attrs, EN_PIPE, pipe_to_value(p)));
	cx_put(r, o);
}

/* getFFTSMsg(mode, id); a mode that is neither a number nor FFTS_MODE_VAL (2) is kept as -1. */
static void
do_message(struct reader *r, struct call *c)
{
	struct val v = cx_opaque(r, type_int(&r->ir->types, 16, SIGNLESS), c->at);
	struct op o = ir_val(r->ir, v)->def;
	int64_t mode = -1, id;

	c->result = cx_val(v, true);
	if (c->n < 2)
		return;
	if (c->arg[0].kind == CV_NAME && strv_is(cx_base_name(r, c->arg[0].name), "FFTS_MODE_VAL"))
		mode = 2;
	else
		cx_const_of(r, &c->arg[0], &mode);
	set_number(r, o, r->ir->name.ffts_mode, mode);
	if (cx_const_of(r, &c->arg[1], &id))
		set_number(r, o, r->ir->name.event_id, id);
}

/* ---- tiles ---- */

static void
do_assign(struct reader *r, struct call *c)
{
	uint32_t var = c->n == 2 ? cx_var_of(r, c->expr[0]) : 0;
	struct cval to = c->n == 2 ? c->arg[1] : no_value();

	if (cx_name_is(r, c->name, "TRESHAPE") && cx_is_kind(r, &to, TY_TILE))
		to.kind = CV_DATA;
	if (!var || !cx_assign_address(r, var, to, c->at))
		cx_unknown(r, c->at, "operands of '%s'", sym_str(&r->ir->in, c->name));
}

/* Members stand in an array: Create(array, count, root). */
static void
do_group(struct reader *r, struct call *c)
{
	int64_t root = 0;

	if (c->n < 1 || c->arg[0].kind != CV_LIST) {
		cx_unknown(r, c->at, "members of a parallel group");
		return;
	}
	if (c->n > 2)
		cx_const_of(r, &c->arg[2], &root);
	c->result = c->arg[0];
	c->result.kind = CV_GROUP;
	c->result.num = root;
}

/* Helpers that the text only uses, by what their names say. */
static void
do_tail(struct reader *r, struct call *c)
{
	bool pair = c->n && c->arg[0].kind == CV_NAME &&
		    strv_is(cx_base_name(r, c->arg[0].name), "kSetWaitMte3ToSEvent0");

	for (uint32_t k = 0; k < 2; k++) {
		struct op o = pair ? ir_flag(r->ir, k ? OP_WAIT_FLAG : OP_SET_FLAG, P_MTE3, P_S, 0)
				   : ir_barrier(r->ir, P_ALL);
		ir_op_operands(r->ir, o, NULL, 0);
		set_span(r, o, c);
		cx_put(r, o);
		if (!pair)
			return;
	}
}

static void
do_line(struct reader *r, struct call *c)
{
	if (c->n != 1 || !cx_is_kind(r, &c->arg[0], TY_PTR)) {
		cx_unknown(r, c->at, "operand of '%s'", sym_str(&r->ir->in, c->name));
		return;
	}
	struct op o = cx_op(r, OP_PTOC_DCCI, c->at);
	ir_op_operands(r->ir, o, (const struct val[]){c->arg[0].v, {0}}, 2);
	cx_put(r, o);
}

static void
do_data(struct reader *r, struct call *c)
{
	if (c->n == 1 && cx_is_view(r, &c->arg[0]))
		c->result = cx_view_data(r, c->arg[0].v, c->at);
	else
		cx_unknown(r, c->at, "operand of '%s'", sym_str(&r->ir->in, c->name));
}

/* Settings of the vector unit and the like: nothing that order depends on. */
static void
do_nothing(struct reader *r, struct call *c)
{
	(void)r;
	(void)c;
}

static void
do_float(struct reader *r, struct call *c)
{
	struct typ ty = c->n && cx_is_kind(r, &c->arg[0], TY_FLOAT) ? val_type(r->ir, c->arg[0].v)
								    : type_float(&r->ir->types, F_F32);

	c->result = cx_val(cx_opaque(r, ty, c->at), false);
}

static const struct {
	const char *name;
	void (*run)(struct reader *, struct call *);
} builtin[] = {
	{"set_flag", do_flag},
	{"wait_flag", do_flag},
	{"pipe_barrier", do_barrier},
	{"dcci", do_dcci},
	{"dsb", do_dsb},
	{"TASSIGN", do_assign},
	{"TRESHAPE", do_assign},
	{"getFFTSMsg", do_message},
	{"__builtin_cce_ffts_cross_core_sync", do_cross},
	{"ffts_cross_core_sync", do_cross},
	{"__builtin_cce_wait_flag_dev", do_cross},
	{"wait_flag_dev", do_cross},
	{"ParallelGroup::Create", do_group},
	{"ptoas_auto_sync_tail", do_tail},
	{"PTOAS__DCCI_SINGLE_CACHE_LINE", do_line},
	{"PTOAS__GLOBAL_TENSOR_DATA", do_data},
	{"ptoas_bitcast", do_nothing},
	{"set_mask_norm", do_nothing},
	{"set_mask_count", do_nothing},
	{"set_vector_mask", do_nothing},
	{"set_ffts_base_addr", do_nothing},
	{"set_atomic_none", do_nothing},
	{"get_dma_workspace", do_nothing},
	{"cce::printf", do_nothing},
	{"printf", do_nothing},
	{"__builtin_memcpy", do_nothing},
	{"static_assert", do_nothing},
	{"__builtin_fmodf", do_float},
	{"__builtin_fmod", do_float},
	{"__builtin_inf", do_float},
	{"__builtin_inff", do_float},
	{"__builtin_nanf", do_float},
	{"__builtin_nan", do_float},
};

static const char *const float_call[] = {"abs", "ceil", "cos", "erf", "exp", "exp2", "floor", "fma", "log", "log2",
					 "pow", "round", "rsqrt", "sin", "sqrt", "tanh", "fabs", "fmin", "fmax"};

static bool
builtin_call(struct reader *r, struct call *c)
{
	struct strv t = cx_base_name(r, c->name);

	for (size_t k = 0; k < sizeof builtin / sizeof builtin[0]; k++) {
		if (!cx_name_is(r, c->name, builtin[k].name))
			continue;
		builtin[k].run(r, c);
		return true;
	}
	if (strv_starts(t, "__builtin_"))
		t = (struct strv){t.p + 10, t.n - 10};
	for (size_t k = 0; k < sizeof float_call / sizeof float_call[0]; k++) {
		size_t n = strlen(float_call[k]);
		if (strncmp(t.p, float_call[k], n) != 0 || !(t.n == n || (t.n == n + 1 && t.p[n] == 'f')))
			continue;
		do_float(r, c);
		return true;
	}
	return false;
}

static bool
table_call(struct reader *r, struct call *c)
{
	struct sym s = row_name(r, c->name);

	/* clients ask with the arguments of the task in hand */
	if (c->n == 1 && (strv_is(sym_text(&r->ir->in, s), "get_block_idx") ||
			  strv_is(sym_text(&r->ir->in, s), "get_block_num") ||
			  strv_is(sym_text(&r->ir->in, s), "get_subblockid")))
		c->n = 0;
	for (uint32_t id = s.i ? CX_FIND(&r->callee_of, s) : 0; id; id = r->next_row.at[id])
		if (cx_row_call(r, c, id))
			return true;
	return false;
}

/* ---- functions of the text ---- */

static void
bind_param(struct reader *r, uint32_t var, struct cval v)
{
	while (r->cur.n < r->var.n)
		VEC_ADD(r->a, &r->cur, r->var.n - r->cur.n);
	r->cur.at[var] = v;
}

/* A return in a loop? Recursion over nesting. */
static bool
returns_inside(const struct reader *r, uint32_t list, bool loop)
{
	bool found = false;

	for (uint32_t k = list; k && !found; k = r->stmt.at[k].next) {
		const struct cstmt *s = &r->stmt.at[k];
		if (s->kind == CS_RETURN)
			found = loop;
		else if (s->kind == CS_IF)
			found = returns_inside(r, s->b, loop) || returns_inside(r, s->c, loop);
		else if (s->kind == CS_FOR || s->kind == CS_WHILE || s->kind == CS_BLOCK || s->kind == CS_SWITCH)
			found = returns_inside(r, s->d, loop || s->kind == CS_FOR || s->kind == CS_WHILE);
	}
	return found;
}

/* Jumps of a helper, once: what is left of them makes its calls unknown. */
static void
structure_helper(struct reader *r, uint32_t f)
{
	struct cfunc *fn = &r->cfunc.at[f];
	uint32_t func = r->func;

	if (fn->structured)
		return;
	fn->structured = true;
	if (!fn->jumps && !fn->exits && !cx_early_return(r, fn->body))
		return;
	r->func = f;
	uint32_t body = fn->body;
	bool left = !cx_exits(r, &body, true) || (fn->jumps && cx_structure(r, &body));
	r->func = func;
	fn->jumps = left || returns_inside(r, body, false);
	fn->body = body;
}

/* The body in place of the call; ops inside have the position of the call. */
static bool
expand_helper(struct reader *r, struct call *c, uint32_t f)
{
	struct cfunc *fn = &r->cfunc.at[f];
	struct span here = r->here;

	structure_helper(r, f);
	if (fn->active || c->n > fn->nparam || fn->jumps)
		return false;
	for (uint32_t k = 0; k < fn->ntparam; k++) {
		uint32_t v = r->tparam.at[fn->tparam0 + k];
		uint32_t x = k < c->ntarg && c->targ[k] ? c->targ[k] : r->var.at[v].init;
		if (v)
			bind_param(r, v, cx_convert(r, x ? cx_eval(r, x) : no_value(), r->var.at[v].type, c->at));
	}
	for (uint32_t k = 0; k < fn->nparam; k++) {
		struct cvar v = r->var.at[fn->var0 + k];
		struct cval x = k < c->n ? c->arg[k] : v.init ? cx_eval(r, v.init) : no_value();
		bind_param(r, fn->var0 + k, cx_convert(r, x, v.type, c->at));
	}
	if (!r->here.hi)
		r->here = c->at;
	fn->active = true;
	r->result = no_value();
	r->returned = false;
	cx_list(r, fn->body);
	r->cfunc.at[f].active = false;
	r->returned = false;
	r->here = here;
	c->result = r->result;
	return true;
}

/* A result of the type that a template argument names, when the body did not tell: ptoas_bitcast<T>(x). */
static void
typed_result(struct reader *r, struct call *c)
{
	uint32_t lo, hi, at = r->at;

	if (c->result.kind == CV_VAL || !cx_targ(r, c->targ0, c->targ1, 0, &lo, &hi) || !cx_starts_type(r, lo))
		return;
	r->at = lo;
	uint32_t t = cx_type(r);
	r->at = at;
	enum ctype_kind k = (enum ctype_kind)r->ctype.at[t].kind;
	if (!r->failed && (k == CT_INT || k == CT_FLOAT))
		c->result = cx_val(cx_force(r, no_value(), r->ctype.at[t].ty, c->at), r->ctype.at[t].is_unsigned);
}

static void
function_call(struct reader *r, struct call *c, uint32_t f)
{
	struct cfunc fn = r->cfunc.at[f];
	struct val *in = ARENA_ARRAY(r->a, struct val, fn.nparam + 1);
	const struct ctype ret = r->ctype.at[fn.ret];

	if (c->n != fn.nparam) {
		cx_unknown(r, c->at, "call of '%s' with %u arguments", sym_str(&r->ir->in, c->name), c->n);
		return;
	}
	for (uint32_t k = 0; k < c->n; k++) {
		struct cvar v = r->var.at[fn.var0 + k];
		struct typ ty = r->ctype.at[v.type].ty;
		struct cval x = cx_convert(r, c->arg[k], v.type, c->at);
		in[k] = x.kind == CV_VAL ? x.v : cx_opaque(r, ty.i ? ty : type_int(&r->ir->types, 64, SIGNLESS), c->at);
	}
	struct op o = cx_op(r, OP_CALL, c->at);
	ir_op_groups(r->ir, o, in, &c->n, 1);
	if (ret.ty.i)
		c->result = cx_val(ir_op_result(r->ir, o, ret.ty), ret.is_unsigned);
	op_attr_set(r->ir, o, r->ir->name.callee, attr_symbol(&r->ir->attrs, fn.name));
	cx_put(r, o);
}

/* ---- entry ---- */

static void
named_call(struct reader *r, struct call *c)
{
	uint32_t f = CX_FIND(&r->func_of, c->name);

	/* clients put the number that they were given in place of the register: it is the number all the same */
	if (CX_FIND(&r->macro, c->name) && !cx_name_is(r, c->name, "get_subblockid")) {
		cx_unknown(r, c->at, "call of the macro '%s'", sym_str(&r->ir->in, c->name));
		return;
	}
	if (f && r->cfunc.at[f].helper && r->cfunc.at[f].has_body && expand_helper(r, c, f)) {
		typed_result(r, c);
		return;
	}
	if (!f && (builtin_call(r, c) || table_call(r, c))) {
		typed_result(r, c);
		return;
	}
	if (f && !r->cfunc.at[f].helper)
		function_call(r, c, f);
	else
		cx_unknown(r, c->at, "call of '%s'", sym_str(&r->ir->in, c->name));
}

struct cval
cx_call(struct reader *r, uint32_t x)
{
	const struct expr e = r->expr.at[x], f = r->expr.at[e.a];
	struct call c = {.name = f.name, .at = e.at, .n = e.narg, .result = {.kind = CV_OTHER}};

	c.at.hi = f.at.hi;
	c.targ0 = f.kind == EX_NAME ? f.b : 0;
	c.targ1 = f.kind == EX_NAME ? f.c : 0;
	c.arg = ARENA_ARRAY(r->a, struct cval, c.n + 1);
	for (uint32_t k = 0; k < c.n; k++)
		c.arg[k] = cx_eval(r, r->arg.at[e.arg0 + k]);
	c.expr = e.narg ? &r->arg.at[e.arg0] : NULL;
	c.ntarg = f.kind == EX_NAME ? f.narg : 0;
	c.targ = c.ntarg ? &r->arg.at[f.arg0] : NULL;
	if (f.kind == EX_MEMBER)
		return cx_member_call(r, &f, f.a, f.name, c.arg, c.n);
	if (f.kind != EX_NAME)
		cx_unknown(r, e.at, "call of something that is no name");
	else
		named_call(r, &c);
	return c.result;
}
