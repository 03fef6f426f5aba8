/*
 * scope: names of values and blocks. A name is bound from its definition to the end of its region; functions and
 * modules see nothing of the outside. A use before the definition gets a stand-in value that is replaced when the
 * function ends; whether the definition dominates the use is checked then, and only in functions that need it.
 */
#include "front/build.h"

static struct heights
heights_of(const struct front *fe)
{
	return (struct heights){fe->use.n,    fe->type.n,  fe->entry.n, fe->attr.n, fe->arg.n,
				fe->target.n, fe->field.n, fe->num.n,   fe->val.n,  fe->extra.n};
}

void
scope_cut(struct front *fe)
{
	const struct heights *h = &fe->frame.at[fe->frame.n - 1].base;

	fe->use.n = h->use;
	fe->type.n = h->type;
	fe->entry.n = h->entry;
	fe->attr.n = h->attr;
	fe->arg.n = h->arg;
	fe->target.n = h->target;
	fe->field.n = h->field;
	fe->num.n = h->num;
	fe->val.n = h->val;
	fe->extra.n = h->extra;
}

static struct binding *
binding_of(struct front *fe, struct sym name)
{
	if (name.i >= fe->bind.n)
		VEC_ADD(fe->a, &fe->bind, name.i + 64 - fe->bind.n);
	return &fe->bind.at[name.i];
}

/* ---- values ---- */

static const char *
use_text(struct front *fe, const struct use *u)
{
	struct out o;

	out_init(&o, fe->a);
	out_f(&o, "%%%s", fe_str(fe, u->name));
	if (u->num)
		out_f(&o, "#%u", u->num - 1);
	return o.p;
}

static void
type_conflict(struct front *fe, const struct use *u, struct typ have, struct typ want, struct span prior)
{
	fe_error(fe, DIAG_TYPE_MISMATCH, u->span,
		 "use of value '%s' expects different type than prior uses: '%s' vs '%s'", use_text(fe, u),
		 fe_type(fe, want), fe_type(fe, have));
	fe_note(fe, prior, "prior use here");
}

static struct val
stand_in(struct front *fe, const struct use *u, struct typ want)
{
	struct binding *b = binding_of(fe, u->name);
	uint32_t first = b->scope == fe->scope ? b->fwd : 0;
	struct val v = {fe->ir->val.n};

	for (uint32_t i = first; i; i = fe->fwd.at[i - 1].next) {
		const struct fwd *f = &fe->fwd.at[i - 1];
		if (f->num != u->num && f->num + u->num != 1)
			continue;
		struct val old = f->real.i ? f->real : f->stand_in;
		if (want.i && val_type(fe->ir, old).i != want.i)
			type_conflict(fe, u, val_type(fe->ir, old), want, f->span);
		return old;
	}
	if (!want.i)	/* the type was refused */
		return (struct val){0};
	VEC_PUSH(fe->a, &fe->ir->val, (struct val_data){.type = want, .name = u->name, .span = u->span});
	VEC_PUSH(fe->a, &fe->fwd,
		 (struct fwd){.name = u->name, .num = u->num, .next = first, .stand_in = v, .span = u->span});
	*b = (struct binding){.scope = fe->scope, .fwd = fe->fwd.n};
	fe->check_dominance = true;
	return v;
}

struct val
scope_use(struct front *fe, const struct use *u, struct typ want)
{
	const struct binding *b = binding_of(fe, u->name);

	if (b->n == 0 || b->scope != fe->scope)
		return stand_in(fe, u, want);
	uint32_t k = u->num ? u->num - 1 : 0;
	if (k >= b->n) {
		fe_error(fe, DIAG_UNKNOWN_NAME, u->span, "reference to invalid result number of '%%%s', which has %u",
			 fe_str(fe, u->name), b->n);
		return (struct val){0};
	}
	struct val v = {b->val + k};
	struct typ have = val_type(fe->ir, v);
	if (want.i && have.i != want.i && have.i)
		type_conflict(fe, u, have, want, fe->ir->val.at[v.i].span);
	return v;
}

/* Gives the stand-ins of a name their value. */
static void
settle(struct front *fe, uint32_t first, struct val val, uint32_t n, struct span at)
{
	for (uint32_t i = first; i; i = fe->fwd.at[i - 1].next) {
		struct fwd *f = &fe->fwd.at[i - 1];
		uint32_t k = f->num ? f->num - 1 : 0;
		if (f->real.i || k >= n)
			continue;
		f->real = (struct val){val.i + k};
		struct typ want = val_type(fe->ir, f->stand_in), have = val_type(fe->ir, f->real);
		if (want.i != have.i) {
			struct use u = {f->name, f->num, at};
			fe_error(fe, DIAG_TYPE_MISMATCH, at, "definition of SSA value '%s' has type '%s'",
				 use_text(fe, &u), fe_type(fe, have));
			fe_note(fe, f->span, "previously used here with type '%s'", fe_type(fe, want));
		}
	}
}

void
scope_define(struct front *fe, struct sym name, struct val first, uint32_t n, struct span at)
{
	struct binding *b = binding_of(fe, name), old = *b;

	if (old.scope == fe->scope && old.n) {
		fe_error(fe, DIAG_REDEFINITION, at, "redefinition of SSA value '%%%s'", fe_str(fe, name));
		fe_note(fe, fe->ir->val.at[old.val].span, "previously defined here");
		return;
	}
	if (old.scope == fe->scope && old.fwd)
		settle(fe, old.fwd, first, n, at);
	VEC_PUSH(fe->a, &fe->undo, (struct undo){name, old});
	*b = (struct binding){first.i, n, fe->scope, 0};
}

void
scope_args(struct front *fe, struct blk b, struct slice args)
{
	for (uint32_t i = 0; i < args.n; i++)
		ir_blk_arg(fe->ir, b, fe->arg.at[args.at + i].type);
	for (uint32_t i = 0; i < args.n; i++) {
		const struct arg *a = &fe->arg.at[args.at + i];
		struct val v = {ir_blk(fe->ir, b)->arg0 + i};
		if (!a->name.i)
			continue;
		ir_val(fe->ir, v)->name = a->name;
		ir_val(fe->ir, v)->span = a->span;
		scope_define(fe, a->name, v, 1, a->span);
	}
}

/* A name that has no meaning where it is used: what else has it, or one like it, in the function that ends. */
static void
undeclared(struct front *fe, const struct frame *f, const struct fwd *w)
{
	const struct ir *ir = fe->ir;
	struct guess near = guess_for(sym_text(&ir->in, w->name));
	struct use u = {w->name, w->num, w->span};

	fe_error(fe, DIAG_UNKNOWN_NAME, w->span, "use of undeclared SSA value name '%s'", use_text(fe, &u));
	for (uint32_t i = f->val0; i < ir->val.n; i++) {
		const struct val_data *d = &ir->val.at[i];
		if (d->name.i == w->name.i && (d->def.i || d->blk.i)) {
			fe_note(fe, d->span, "this value of that name is known only in the region around it");
			return;
		}
		if (d->name.i && (d->def.i || d->blk.i))
			guess_try(&near, fe_str(fe, d->name));
	}
	fe_meant(fe, &near, "%");
}

/* Replaces the stand-ins of the scope that ends; those never defined are errors. */
static void
scope_end(struct front *fe, const struct frame *f)
{
	struct ir *ir = fe->ir;

	if (fe->fwd.n == f->fwd0)
		return;
	for (uint32_t i = f->fwd0; i < fe->fwd.n; i++) {
		struct fwd *w = &fe->fwd.at[i];
		if (!w->real.i && !fe->failed)
			undeclared(fe, f, w);
		*binding_of(fe, w->name) = (struct binding){0};
	}
	uint32_t lo = fe->fwd.at[f->fwd0].stand_in.i, n = fe->fwd.at[fe->fwd.n - 1].stand_in.i - lo + 1;
	struct val *map = ARENA_ARRAY(fe->a, struct val, n);
	for (uint32_t i = f->fwd0; i < fe->fwd.n; i++)
		map[fe->fwd.at[i].stand_in.i - lo] = fe->fwd.at[i].real;
	for (uint32_t i = f->opnd0; i < ir->opnd.n; i++) {
		uint32_t v = ir->opnd.at[i].i;
		if (v >= lo && v - lo < n && map[v - lo].i)
			ir->opnd.at[i] = map[v - lo];
	}
	fe->fwd.n = f->fwd0;
}

/* ---- blocks ---- */

static struct label *
label_of(struct front *fe, struct sym name, struct span at)
{
	struct frame *f = &fe->frame.at[fe->frame.n - 1];

	if (name.i >= fe->label.n)
		VEC_ADD(fe->a, &fe->label, name.i + 16 - fe->label.n);
	struct label *l = &fe->label.at[name.i];
	if (l->frame != f->serial) {
		VEC_PUSH(fe->a, &fe->label_undo, (struct label_undo){name, *l});
		*l = (struct label){ir_blk_new(fe->ir), f->serial, false, at};
		ir_blk(fe->ir, l->blk)->label = name;
	}
	return l;
}

struct blk
scope_target(struct front *fe, struct sym name, struct span at)
{
	struct blk b = label_of(fe, name, at)->blk;

	if (ir_reg(fe->ir, fe->frame.at[fe->frame.n - 1].reg)->first.i == b.i)
		fe_error(fe, DIAG_SYNTAX, at, "entry block of region may not have predecessors");
	return b;
}

static bool
needs_terminator(enum op_id owner)
{
	uint16_t form = isa_op[owner].form;

	return form != FORM_MODULE && form != FORM_SECTION;
}

static bool
may_branch(enum op_id owner)
{
	uint16_t form = isa_op[owner].form;

	return form == FORM_FUNC || form == FORM_EXECUTE_REGION;
}

static bool
implicit_yield(enum op_id owner)
{
	uint16_t form = isa_op[owner].form;

	return form == FORM_FOR || form == FORM_IF || form == FORM_INDEX_SWITCH;
}

/* The block that ends here must have its terminator. */
static void
end_block(struct front *fe, struct frame *f, struct span at)
{
	struct op last = f->cur.i ? ir_blk(fe->ir, f->cur)->last : (struct op){0};

	if (!f->cur.i || !needs_terminator(f->owner))
		return;
	if (last.i && (op_row(fe->ir, last)->flags & OPF_TERM))
		return;
	if (implicit_yield(f->owner)) {
		struct op y = ir_op_new(fe->ir, OP_YIELD, at);
		ir_op_groups(fe->ir, y, NULL, &(uint32_t){0}, 1);
		ir_append(fe->ir, f->cur, y);
		return;
	}
	fe_error(fe, DIAG_SYNTAX, at, "block of '%s' does not end with a terminator", isa_op[f->owner].name);
	if (f->owner == OP_FUNC)
		fe_hint(fe, "end it with 'return'");
}

void
scope_label(struct front *fe, struct sym name, struct slice args, struct span at)
{
	struct frame *f = &fe->frame.at[fe->frame.n - 1];
	bool first = !f->cur.i;

	if (!first && !may_branch(f->owner)) {
		fe_error(fe, DIAG_SYNTAX, at, "a region of '%s' has one block only", isa_op[f->owner].name);
		return;
	}
	if (f->named_args && f->cur.i == ir_reg(fe->ir, f->reg)->first.i && !ir_blk(fe->ir, f->cur)->first.i) {
		fe_error(fe, DIAG_SYNTAX, at, "invalid block name in region with named arguments");
		return;
	}
	end_block(fe, f, at);
	struct label *l = label_of(fe, name, at);
	if (l->defined) {
		fe_error(fe, DIAG_REDEFINITION, at, "redefinition of block '^%s'", fe_str(fe, name));
		fe_note(fe, l->span, "previously defined here");
		return;
	}
	l->defined = true;
	l->span = at;
	ir_blk(fe->ir, l->blk)->span = at;
	ir_blk_append(fe->ir, f->reg, l->blk);
	f->cur = l->blk;
	fe->check_dominance = fe->check_dominance || !first;
	if (count_fits(fe, args.n, at, "block arguments"))
		scope_args(fe, l->blk, args);
	scope_cut(fe);
}

/* ---- regions ---- */

void
scope_region_open(struct front *fe, struct span at)
{
	struct next_region next = fe->next;
	struct frame f = {.reg = next.reg,
			  .owner = next.owner,
			  .undo0 = fe->undo.n,
			  .label0 = fe->label_undo.n,
			  .serial = ++fe->serial,
			  .depth = fe->depth0,
			  .open = at,
			  .scope = fe->scope,
			  .fwd0 = fe->fwd.n,
			  .val0 = fe->ir->val.n,
			  .opnd0 = fe->ir->opnd.n,
			  .isolated = isa_op[next.owner].flags & OPF_ISOLATED,
			  .named_args = next.with_args && next.arg.n,
			  .keep_empty = next.keep_empty,
			  .check_dominance = fe->check_dominance};

	fe->depth0 = fe->depth;
	if (++fe->nregion > NESTING_MAX && !f.isolated)
		fe_error(fe, DIAG_NESTING, at, "regions nested deeper than %d", NESTING_MAX);
	if (f.isolated) {
		f.nregion = fe->nregion - 1;
		fe->nregion = 0;
		fe->scope = f.serial;
		fe->check_dominance = false;
		if (fe->frame.n > NESTING_MAX)
			fe_error(fe, DIAG_NESTING, at, "modules nested deeper than %d", NESTING_MAX);
	}
	if (next.with_args) {
		f.cur = ir_blk_new(fe->ir);
		ir_blk(fe->ir, f.cur)->span = at;
		ir_blk_append(fe->ir, f.reg, f.cur);
	}
	ir_reg(fe->ir, f.reg)->span = at;
	f.base = heights_of(fe);
	VEC_PUSH(fe->a, &fe->frame, f);
	if (next.with_args && count_fits(fe, next.arg.n, at, "arguments"))
		scope_args(fe, f.cur, next.arg);
	fe->next = (struct next_region){0};
}

static void
labels_end(struct front *fe, const struct frame *f)
{
	for (uint32_t i = f->label0; i < fe->label_undo.n; i++) {
		const struct label_undo *u = &fe->label_undo.at[i];
		struct label *l = &fe->label.at[u->name.i];
		if (!l->defined && !fe->failed)
			fe_error(fe, DIAG_UNKNOWN_NAME, l->span, "reference to an undefined block '^%s'",
				 fe_str(fe, u->name));
		*l = u->old;
	}
	fe->label_undo.n = f->label0;
}

void
scope_region_close(struct front *fe, struct span at)
{
	struct frame *f = &fe->frame.at[fe->frame.n - 1];

	if (!f->cur.i && !f->keep_empty && f->owner != OP_FUNC)
		region_block(fe, at);
	if (f->owner == OP_FUNC && (!f->cur.i || (f->named_args && !ir_blk(fe->ir, f->cur)->first.i &&
						  ir_reg(fe->ir, f->reg)->first.i == f->cur.i)))
		fe_error(fe, DIAG_SYNTAX, f->open, "expected non-empty function body");
	end_block(fe, f, at);
	ir_reg(fe->ir, f->reg)->span.hi = at.hi;
	labels_end(fe, f);
	for (uint32_t i = fe->undo.n; i-- > f->undo0;)
		fe->bind.at[fe->undo.at[i].name.i] = fe->undo.at[i].old;
	fe->undo.n = f->undo0;
	fe->depth0 = f->depth;
	fe->nregion--;
	if (f->isolated) {
		scope_end(fe, f);
		if (fe->check_dominance && !fe->failed)
			dominance_check(fe, f->reg);
		fe->scope = f->scope;
		fe->check_dominance = f->check_dominance;
		fe->nregion = f->nregion;
	}
	fe->frame.n--;
}

/* The block that takes the next op; made on demand, so that a label may come first. */
struct blk
region_block(struct front *fe, struct span at)
{
	struct frame *f = &fe->frame.at[fe->frame.n - 1];

	if (!f->cur.i) {
		f->cur = ir_blk_new(fe->ir);
		ir_blk(fe->ir, f->cur)->span = at;
		ir_blk_append(fe->ir, f->reg, f->cur);
	}
	return f->cur;
}
