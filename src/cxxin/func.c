/*
 * func: functions into IR. Those with jumps become blocks with branches; there a variable that is assigned more than
 * once is unknown at the start of each block. Guards that hold all work of a function make it a function of that core,
 * others become sections.
 */
#include "cxxin/model.h"

/* ---- functions with jumps ---- */

static struct blk
block_of(struct reader *r, struct sym label)
{
	struct blk b = {CX_FIND(&r->label_blk, label)};

	if (!b.i) {
		b = ir_blk_new(r->ir);
		CX_SET(r, &r->label_blk, label, b.i);
		VEC_PUSH(r->a, &r->labels, label.i);
	}
	return b;
}

static bool
ended(const struct reader *r)
{
	struct op last = ir_blk(r->ir, r->blk)->last;

	return last.i && (op_row(r->ir, last)->flags & OPF_TERM);
}

static void
branch(struct reader *r, struct blk to, struct span at)
{
	if (ended(r))
		return;
	struct op o = cx_op(r, OP_BR, at);
	ir_op_operands(r->ir, o, NULL, 0);
	ir_op_succ(r->ir, o, to, NULL, 0);
	cx_put(r, o);
}

/* A block behind the current one; what is assigned more than once has an unknown value there. */
static void
open_block(struct reader *r, struct blk b)
{
	const struct cfunc *f = &r->cfunc.at[r->func];

	ir_blk_append(r->ir, ir_blk(r->ir, r->entry)->parent, b);
	r->blk = b;
	for (uint32_t v = f->var0; v < r->cur.n && v < r->var.n; v++)
		if (r->var.at[v].nset > 1 && r->cur.at[v].kind == CV_VAL)
			r->cur.at[v] = (struct cval){.kind = CV_OTHER};
}

static void
flat_if(struct reader *r, const struct cstmt *s)
{
	struct val c = cx_truth(r, cx_eval(r, s->a), s->at);
	struct blk b0 = ir_blk_new(r->ir), b1 = ir_blk_new(r->ir), end = ir_blk_new(r->ir);
	struct op o = cx_op(r, OP_COND_BR, s->at);

	ir_op_operands(r->ir, o, &c, 1);
	ir_op_succ(r->ir, o, b0, NULL, 0);
	ir_op_succ(r->ir, o, b1, NULL, 0);
	cx_put(r, o);
	open_block(r, b0);
	cx_list(r, s->b);
	branch(r, end, s->at);
	open_block(r, b1);
	cx_list(r, s->c);
	branch(r, end, s->at);
	open_block(r, end);
}

void
cx_stmt_flat(struct reader *r, uint32_t k)
{
	struct cstmt s = r->stmt.at[k];

	switch ((enum cstmt_kind)s.kind) {
	case CS_LABEL: {
		struct blk b = block_of(r, s.name);
		if (ir_blk(r->ir, b)->parent.i) {
			cx_error(r, DIAG_REDEFINITION, s.at, "second label of this name");
			return;
		}
		branch(r, b, s.at);
		open_block(r, b);
		break;
	}
	case CS_GOTO:
		branch(r, block_of(r, s.name), s.at);
		open_block(r, ir_blk_new(r->ir));
		break;
	case CS_RETURN:
		cx_return(r, &s);
		open_block(r, ir_blk_new(r->ir));
		break;
	case CS_IF:
		flat_if(r, &s);
		break;
	case CS_BLOCK:
		cx_list(r, s.d);
		break;
	case CS_NONE:
	case CS_DECL:
	case CS_EXPR:
	case CS_ASSIGN:
	case CS_FOR:
	case CS_WHILE:
	case CS_SWITCH:
	case CS_CASE:
	case CS_BREAK:
	case CS_CONTINUE:
	case CS_OTHER:
		cx_unknown(r, s.at, "jump out of a loop");
		break;
	}
}

/* A label that stands in a loop: what is done there is not known. */
static void
jump_into(struct reader *r, struct blk b)
{
	struct cstmt end = {.at = r->cfunc.at[r->func].at};

	open_block(r, b);
	cx_unknown(r, end.at, "jump into a loop");
	cx_return(r, &end);
}

/* Labels that a goto names and nobody defines. */
static void
close_flat(struct reader *r)
{
	for (uint32_t k = 0; k < r->labels.n; k++) {
		struct sym s = {r->labels.at[k]};
		struct blk b = {r->label_blk.at[s.i]};
		bool placed = ir_blk(r->ir, b)->parent.i;
		if (!placed && CX_FIND(&r->defined, s) == r->func)
			jump_into(r, b);
		else if (!placed)
			cx_error(r, DIAG_UNKNOWN_NAME, r->cfunc.at[r->func].at, "label '%s' is not defined",
				 sym_str(&r->ir->in, s));
		r->label_blk.at[s.i] = 0;
	}
	r->labels.n = 0;
}

/* ---- functions ---- */

static struct op
new_func(struct reader *r, uint32_t f)
{
	struct cfunc *fn = &r->cfunc.at[f];
	struct typ *in = ARENA_ARRAY(r->a, struct typ, fn->nparam + 1), out = r->ctype.at[fn->ret].ty;
	struct op o = ir_op_new(r->ir, OP_FUNC, fn->at);
	struct ir *ir = r->ir;

	for (uint32_t k = 0; k < fn->nparam; k++) {
		const struct ctype *t = &r->ctype.at[r->var.at[fn->var0 + k].type];
		in[k] = t->ty.i ? cx_var_type(r, fn->var0 + k) : type_int(&ir->types, 64, SIGNLESS);
		if (!in[k].i)
			in[k] = type_int(&ir->types, 64, SIGNLESS);
	}
	ir_op_operands(ir, o, NULL, 0);
	struct reg g = ir_op_region(ir, o);
	op_attr_set(ir, o, ir->name.sym_name, attr_string(&ir->attrs, fn->name));
	op_attr_set(ir, o, ir->name.function_type,
		    attr_type(&ir->attrs, type_func(&ir->types, in, fn->nparam, &out, out.i ? 1 : 0)));
	ir_append(ir, r->blk, o);
	fn->op = o;
	if (!fn->has_body)
		return o;
	r->entry = cx_add_block(r, g);
	for (uint32_t k = 0; k < fn->nparam; k++) {
		struct val v = ir_blk_arg(ir, r->entry, in[k]);
		ir_val(ir, v)->name = r->var.at[fn->var0 + k].name;
		ir_val(ir, v)->span = r->var.at[fn->var0 + k].at;
		*cx_cur(r, fn->var0 + k) = cx_val(v, cx_var_unsigned(r, fn->var0 + k));
	}
	return o;
}

/* One kind of guard and no work outside: the function is that core's. Else guards are sections. */
static void
function_core(struct reader *r, const struct cfunc *f, struct op o)
{
	bool one = f->cores == CORES_CUBE || f->cores == CORES_VEC;

	r->sections = f->cores != 0 && (!one || f->open_work);
	r->cores = CORES_ALL;
	if (one && !f->open_work)
		op_attr_set(r->ir, o, r->ir->name.kernel_kind,
			    attr_enum(&r->ir->attrs, EN_KERNEL_KIND, f->cores == CORES_CUBE ? 1 : 2));
}

bool
cx_early_return(const struct reader *r, uint32_t list)
{
	for (uint32_t s = list; s; s = r->stmt.at[s].next)
		if (r->stmt.at[s].jumps && (r->stmt.at[s].kind != CS_RETURN || r->stmt.at[s].next))
			return true;
	return false;
}

static void
build_func(struct reader *r, uint32_t f)
{
	struct blk module = r->blk;
	struct cfunc fn = r->cfunc.at[f];
	struct op o = new_func(r, f);

	if (!fn.has_body)
		return;
	r->func = f;
	r->known.n = 1;
	memset(r->known_slot, 0, sizeof r->known_slot);
	r->last_const = (struct op){0};
	r->returned = r->in_arm = r->broke = false;
	r->ninline = 0;
	if (fn.jumps || fn.exits || cx_early_return(r, fn.body)) {
		cx_exits(r, &fn.body, false);
		fn.jumps = cx_structure(r, &fn.body);
	}
	r->flat = fn.jumps || cx_early_return(r, fn.body);
	function_core(r, &fn, o);
	r->blk = r->entry;
	if (r->flat && r->sections)
		cx_unknown(r, fn.at, "jumps in a function for both cores");
	cx_list(r, fn.body);
	if (!ended(r)) {
		struct cstmt end = {.at = fn.at};
		cx_return(r, &end);
	}
	close_flat(r);
	r->blk = module;
	r->func = 0;
}

bool
cx_build(struct reader *r)
{
	struct ir *ir = r->ir;
	struct op m = ir_op_new(ir, OP_MODULE, (struct span){0, 0});

	ir_op_operands(ir, m, NULL, 0);
	struct reg g = ir_op_region(ir, m);
	ir->module = m;
	r->blk = cx_add_block(r, g);
	for (uint32_t f = 1; f < r->cfunc.n && !r->failed; f++) {
		/* a declaration of what is defined elsewhere in the text is nothing of its own */
		if (r->cfunc.at[f].helper || CX_FIND(&r->func_of, r->cfunc.at[f].name) != f)
			continue;
		build_func(r, f);
	}
	return !r->failed;
}
