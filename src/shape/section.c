/*
 * section: which core runs what. See shape.h; votes and texts: emission.md §3.1, ops-sync-comm.md §c.3.
 *
 * A *vote* is what one op says about its core; a function is wholly inferable when at least one op votes, all votes
 * agree and none is ambiguous. Ops inside a section have their core already and do not vote.
 */
#include "shape/shape.h"

enum { VOTE_CUBE = 1, VOTE_VECTOR = 2, VOTE_AMBIGUOUS = 4 };

struct tally {
	unsigned votes;
	bool section;		/* has a pto.section.* inside */
	struct op unclear;	/* first ambiguous op */
};

/* ---- votes ---- */

/* S and MTE2 are on both cores. V2 is the second vector pipe of other hardware. */
static unsigned
vote_of_pipe(int32_t value, unsigned otherwise)
{
	static const char *const vector[] = {"PIPE_V", "PIPE_V2", "PIPE_MTE3"};
	static const char *const cube[] = {"PIPE_M", "PIPE_MTE1", "PIPE_FIX"};
	const char *name = enum_case_name(EN_PIPE, value);

	for (uint32_t k = 0; name && k < 3; k++) {
		if (strcmp(name, vector[k]) == 0)
			return VOTE_VECTOR;
		if (strcmp(name, cube[k]) == 0)
			return VOTE_CUBE;
	}
	return otherwise;
}

static const struct tile_shape *
tile_of(const struct ir *ir, struct val v)
{
	const struct type_data *d = v.i ? type_data(&ir->types, val_type(ir, v)) : NULL;

	return d && d->kind == TY_TILE ? &d->tile : NULL;
}

/* Spaces of the tiles among operands and results, as a bit mask. */
static uint32_t
tile_spaces(const struct ir *ir, struct op o)
{
	const struct op_data *d = ir_op(ir, o);
	uint32_t mask = 0;

	for (uint32_t k = 0; k < d->nopnd + d->nres; k++) {
		struct val v = k < d->nopnd ? op_opnd(ir, o, k) : op_res(ir, o, k - d->nopnd);
		const struct tile_shape *s = tile_of(ir, v);
		if (s)
			mask |= 1u << s->space;
	}
	return mask;
}

/* L1 belongs to the cube, but its tiles may be handled by S. */
static unsigned
vote_tile(const struct ir *ir, struct op o)
{
	uint32_t sp = tile_spaces(ir, o), pipe = op_row(ir, o)->pipe;

	if (sp & ~(1u << SP_VEC | 1u << SP_MAT))
		return VOTE_CUBE;
	if (sp & 1u << SP_VEC)
		return VOTE_VECTOR;
	if (!sp)
		return VOTE_AMBIGUOUS;
	if (pipe == P_V)
		return VOTE_VECTOR;
	return pipe == P_S ? VOTE_AMBIGUOUS : VOTE_CUBE;
}

static unsigned
vote_transfer(const struct ir *ir, struct op o)
{
	uint32_t sp = tile_spaces(ir, o);

	return sp & ~(1u << SP_VEC) ? VOTE_CUBE : sp ? VOTE_VECTOR : VOTE_AMBIGUOUS;
}

static unsigned
vote_flag(const struct ir *ir, struct op o)
{
	struct sym key = op_id(ir, o) == OP_SET_FLAG ? ir->name.src_pipe : ir->name.dst_pipe;

	return vote_of_pipe(op_enum(ir, o, key, EN_PIPE, -1), VOTE_AMBIGUOUS);
}

static unsigned
vote_cross(const struct ir *ir, struct op o)
{
	return vote_of_pipe(op_enum(ir, o, ir->name.pipe, EN_PIPE, -1), VOTE_AMBIGUOUS);
}

static unsigned
vote_barrier(const struct ir *ir, struct op o)
{
	return vote_of_pipe(op_enum(ir, o, ir->name.pipe, EN_PIPE, -1), 0);
}

/* dir_mask 1: the cube pushes; 2: the vectors push; 3: both, so the entry's space tells. */
static unsigned
vote_fifo(const struct ir *ir, struct op o)
{
	bool push = op_id(ir, o) == OP_TPUSH || op_id(ir, o) == OP_TALLOC;
	struct val p = op_slot(ir, o, 1);
	const struct attr_data *dir;

	if (!p.i || !ir_val(ir, p)->def.i)
		return VOTE_AMBIGUOUS;
	dir = attr_data(&ir->attrs, op_attr(ir, ir_val(ir, p)->def, ir->name.dir_mask));
	if (dir->kind != AT_INT || dir->i < 1 || dir->i > 2)
		return vote_transfer(ir, o);
	return (dir->i == 1) == push ? VOTE_CUBE : VOTE_VECTOR;
}

static unsigned
vote_cube(const struct ir *ir, struct op o)
{
	(void)ir;
	(void)o;
	return VOTE_CUBE;
}

static unsigned
vote_vector(const struct ir *ir, struct op o)
{
	(void)ir;
	(void)o;
	return VOTE_VECTOR;
}

static const struct {
	uint16_t op;
	unsigned (*vote)(const struct ir *, struct op);
} vote_table[] = {
	{OP_TLOAD, vote_transfer}, {OP_TSTORE, vote_transfer}, {OP_SET_FLAG, vote_flag}, {OP_WAIT_FLAG, vote_flag},
	{OP_SYNC_SET, vote_cross}, {OP_SYNC_WAIT, vote_cross}, {OP_SET_CROSS_BLOCK, vote_cross},
	{OP_WAIT_CROSS_BLOCK, vote_cross}, {OP_SET_INTRA_BLOCK, vote_cross}, {OP_WAIT_INTRA_BLOCK, vote_cross},
	{OP_BARRIER, vote_barrier}, {OP_TALLOC, vote_fifo}, {OP_TPUSH, vote_fifo}, {OP_TPOP, vote_fifo},
	{OP_TFREE, vote_fifo}, {OP_TALLOC_TO_AIV, vote_cube}, {OP_TPUSH_TO_AIV, vote_cube},
	{OP_TPOP_FROM_AIV, vote_cube}, {OP_TFREE_FROM_AIV, vote_cube}, {OP_TALLOC_TO_AIC, vote_vector},
	{OP_TPUSH_TO_AIC, vote_vector}, {OP_TPOP_FROM_AIC, vote_vector}, {OP_TFREE_FROM_AIC, vote_vector},
};

/* What one op says by itself. */
static unsigned
vote_of(const struct ir *ir, struct op o)
{
	const struct op_row *r = op_row(ir, o);
	struct strv name = {r->name, (uint32_t)strlen(r->name)};

	for (uint32_t k = 0; k < sizeof vote_table / sizeof vote_table[0]; k++)
		if (vote_table[k].op == op_id(ir, o))
			return vote_table[k].vote(ir, o);
	if (strv_starts(name, "pto.tmatmul") || strv_starts(name, "pto.tgemv"))
		return VOTE_CUBE;
	return r->flags & OPF_TILE ? vote_tile(ir, o) : 0;
}

/* Recursion over nesting only. */
static void
tally_op(const struct ir *ir, struct op o, struct tally *t)
{
	if (section_core(ir, o) != CORE_NONE) {
		t->section = true;
		return;
	}
	unsigned v = vote_of(ir, o);
	if (v == VOTE_AMBIGUOUS && !t->unclear.i)
		t->unclear = o;
	t->votes |= v;
	for (uint32_t r = 0; r < ir_op(ir, o)->nreg; r++)
		for (struct blk b = op_body(ir, o, r); b.i; b = ir_blk(ir, b)->next)
			for (struct op c = ir_blk(ir, b)->first; c.i; c = ir_op(ir, c)->next)
				tally_op(ir, c, t);
}

static enum core
unanimous(const struct tally *t)
{
	return t->votes == VOTE_CUBE ? CORE_CUBE : t->votes == VOTE_VECTOR ? CORE_VECTOR : CORE_NONE;
}

/* ---- kinds of functions and modules ---- */

struct func_kind {
	struct op op;
	struct tally tally;
	enum core core;		/* own, or inferred */
	bool own, seen;
};

struct kinds {
	struct ir *ir;
	VEC(struct func_kind) func;
	uint32_t *by_name, nsym;	/* by symbol: index + 1 into func */
};

static void
set_kind(struct ir *ir, struct op o, enum core c)
{
	op_attr_set(ir, o, ir->name.kernel_kind, attr_enum(&ir->attrs, EN_KERNEL_KIND, c == CORE_CUBE ? 1 : 2));
}

/* The function a body of nothing but a call and a return goes to: index + 1; 0 when it is not of that shape. */
static uint32_t
only_callee(const struct kinds *k, struct op func)
{
	const struct ir *ir = k->ir;
	struct blk b = op_body(ir, func, 0);
	struct op o = ir_blk(ir, b)->first;

	if (ir_blk(ir, b)->next.i || !o.i || op_id(ir, o) != OP_CALL || !ir_op(ir, o)->next.i ||
	    op_id(ir, ir_op(ir, o)->next) != OP_RETURN)
		return 0;
	struct sym name = attr_data(&ir->attrs, op_attr(ir, o, ir->name.callee))->text;
	return name.i < k->nsym ? k->by_name[name.i] : 0;
}

static void
collect(struct kinds *k, struct op module)
{
	struct ir *ir = k->ir;
	struct blk b = op_body(ir, module, 0);

	for (struct op o = b.i ? ir_blk(ir, b)->first : (struct op){0}; o.i; o = ir_op(ir, o)->next) {
		if (op_id(ir, o) == OP_MODULE)
			collect(k, o);
		if (op_id(ir, o) != OP_FUNC || !op_body(ir, o, 0).i)
			continue;
		struct func_kind f = {.op = o, .core = func_core(ir, o)};
		f.own = f.core != CORE_NONE;
		for (struct blk c = op_body(ir, o, 0); c.i; c = ir_blk(ir, c)->next)
			for (struct op x = ir_blk(ir, c)->first; x.i; x = ir_op(ir, x)->next)
				tally_op(ir, x, &f.tally);
		if (!f.own)
			f.core = unanimous(&f.tally);
		VEC_PUSH(ir->a, &k->func, f);
		if (func_name(ir, o).i < k->nsym)
			k->by_name[func_name(ir, o).i] = k->func.n;
	}
}

/* Wrappers around one call are of the callee's kind; a chain of them is followed once. */
static void
follow_calls(struct kinds *k)
{
	struct ir *ir = k->ir;
	uint32_t *chain = ARENA_ARRAY(ir->a, uint32_t, k->func.n);

	for (uint32_t i = 0; i < k->func.n; i++) {
		uint32_t n = 0, f = i + 1;
		while (f && k->func.at[f - 1].core == CORE_NONE && !k->func.at[f - 1].seen) {
			k->func.at[f - 1].seen = true;
			chain[n++] = f - 1;
			f = only_callee(k, k->func.at[f - 1].op);
		}
		for (uint32_t c = 0; f && c < n; c++)
			k->func.at[chain[c]].core = k->func.at[f - 1].core;
	}
}

/* One kind for the whole module leaves its functions without guards; otherwise each function gets its own. */
static void
assign_kinds(struct kinds *k)
{
	struct ir *ir = k->ir;
	bool same = func_core(ir, ir->module) == CORE_NONE, open = false;

	for (uint32_t i = 0; i < k->func.n; i++) {
		const struct func_kind *f = &k->func.at[i];
		open = open || !f->own;
		same = same && !f->tally.section && f->core != CORE_NONE && f->core == k->func.at[0].core;
	}
	if (same && open) {
		set_kind(ir, ir->module, k->func.at[0].core);
		return;
	}
	for (uint32_t i = 0; i < k->func.n; i++) {
		struct func_kind *f = &k->func.at[i];
		if (!f->own && !f->tally.section && f->core != CORE_NONE)
			set_kind(ir, f->op, f->core);
		else if (!f->own)
			f->core = CORE_NONE;
	}
}

/* ---- runs of uncovered ops ---- */

static struct op
section_new(struct ir *ir, enum core c, struct span at, struct blk *body)
{
	struct op s = ir_op_new(ir, c == CORE_CUBE ? OP_SECTION_CUBE : OP_SECTION_VECTOR, at);
	struct reg r = ir_op_region(ir, s);

	*body = ir_blk_new(ir);
	ir_blk_append(ir, r, *body);
	return s;
}

/* Moves the ops [first, end) of a block into a new section in their place. */
static struct op
wrap(struct ir *ir, struct op first, struct op end, enum core c)
{
	struct blk body;
	struct op s = section_new(ir, c, ir_op(ir, first)->span, &body);

	ir_insert_before(ir, first, s);
	for (struct op o = first, next; o.i != end.i; o = next) {
		next = ir_op(ir, o)->next;
		ir_unlink(ir, o);
		ir_append(ir, body, o);
	}
	return s;
}

static bool
run_error(struct ir *ir, struct op func, const struct tally *t)
{
	static const char head[] =
		"contains an uncovered top-level op segment whose section kind cannot be inferred uniquely";
	static const char tail[] = "wrap the ambiguous region in pto.section.cube or pto.section.vector to specify its "
				   "physical section explicitly";

	if (t->unclear.i) {
		op_error(ir, func, DIAG_VERIFY, "%s; ambiguous op(s): '%s'; %s", head, op_row(ir, t->unclear)->name,
			 tail);
		diag_note(ir->diags, ir_op(ir, t->unclear)->span, "this op runs on either core");
		return false;
	}
	op_error(ir, func, DIAG_VERIFY, "%s; saw both vector-like and cube-like ops in the same segment; %s", head,
		 tail);
	return false;
}

/* The run [first, end) that ends here becomes a section; a run of no single kind is one op. */
static bool
cover_run(struct ir *ir, struct op func, struct op first, struct op end, const struct tally *run)
{
	if (first.i && unanimous(run) == CORE_NONE)
		return run_error(ir, func, run);
	if (first.i)
		wrap(ir, first, end, unanimous(run));
	return true;
}

/* Recursion over nesting only: a compound that holds sections is not a member of a run, but may hold runs. */
static bool
cover_block(struct ir *ir, struct op func, struct blk b)
{
	struct op first = {0};
	struct tally run = {0};
	bool ok = true;

	for (struct op o = ir_blk(ir, b)->first, next;; o = next) {
		struct tally t = {0};
		if (o.i)
			tally_op(ir, o, &t);
		next = o.i ? ir_op(ir, o)->next : o;
		bool member = o.i && t.votes && !t.section;
		if (member && first.i && unanimous(&t) != CORE_NONE && unanimous(&t) == unanimous(&run))
			continue;
		if (!cover_run(ir, func, first, o, &run))
			return false;
		first = member ? o : (struct op){0};
		run = t;
		if (!o.i)
			return ok;
		for (uint32_t r = 0; t.section && section_core(ir, o) == CORE_NONE && r < ir_op(ir, o)->nreg; r++)
			if (op_body(ir, o, r).i && !ir_blk(ir, op_body(ir, o, r))->next.i)
				ok = cover_block(ir, func, op_body(ir, o, r)) && ok;
	}
}

/* ---- values stay in their section ---- */

static struct op
section_around(const struct ir *ir, struct op o)
{
	for (o = op_parent(ir, o); o.i; o = op_parent(ir, o))
		if (section_core(ir, o) != CORE_NONE)
			return o;
	return o;
}

static bool
keep_values(struct ir *ir, struct op o)
{
	bool ok = true;

	for (uint32_t k = 0; k < ir_op(ir, o)->nopnd; k++) {
		struct val v = op_opnd(ir, o, k);
		struct op def = v.i ? ir_val(ir, v)->def : (struct op){0};
		struct op s = def.i ? section_around(ir, def) : (struct op){0};
		if (!s.i || op_is_inside(ir, o, s))
			continue;
		op_error(ir, o, DIAG_VERIFY, "value defined in %s cannot be used outside the defining physical section",
			 op_row(ir, s)->name);
		diag_note(ir->diags, val_span(ir, v), "%s is defined here", val_name(ir, v));
		return false;
	}
	for (uint32_t r = 0; r < ir_op(ir, o)->nreg; r++)
		for (struct blk b = op_body(ir, o, r); b.i; b = ir_blk(ir, b)->next)
			for (struct op c = ir_blk(ir, b)->first; c.i; c = ir_op(ir, c)->next)
				ok = keep_values(ir, c) && ok;
	return ok;
}

bool
shape_sections(struct ir *ir)
{
	struct kinds k = {.ir = ir, .nsym = ir->in.text.n};
	bool ok = true;

	k.by_name = ARENA_ARRAY(ir->a, uint32_t, k.nsym);
	collect(&k, ir->module);
	follow_calls(&k);
	assign_kinds(&k);
	for (uint32_t i = 0; i < k.func.n; i++) {
		struct op f = k.func.at[i].op;
		struct blk b = op_body(ir, f, 0);
		if (func_core(ir, f) != CORE_NONE)
			continue;
		if (!ir_blk(ir, b)->next.i)
			ok = cover_block(ir, f, b) && ok;
		ok = ok && keep_values(ir, f);
	}
	return ok;
}

/* ---- synchronisation of mixed functions ---- */

static bool
has_section(const struct ir *ir, struct op o)
{
	for (uint32_t r = 0; r < ir_op(ir, o)->nreg; r++)
		for (struct blk b = op_body(ir, o, r); b.i; b = ir_blk(ir, b)->next)
			for (struct op c = ir_blk(ir, b)->first; c.i; c = ir_op(ir, c)->next)
				if (section_core(ir, c) != CORE_NONE || has_section(ir, c))
					return true;
	return false;
}

/* Inserted, and not fit for both cores: tails and PIPE_ALL are. */
static bool
needs_guard(const struct ir *ir, struct op o)
{
	enum pipe p, none;
	uint32_t eid;

	if (!(ir_op(ir, o)->flags & OPD_SYNC) || section_core(ir, o) != CORE_NONE || op_id(ir, o) == OP_PTOC_TAIL)
		return false;
	return op_id(ir, o) != OP_BARRIER || !op_flag(ir, o, &p, &none, &eid) || p != P_ALL;
}

/* The tail, or PIPE_ALL, of another core's program in front of this one: one serves both. */
static bool
said_before(const struct ir *ir, struct op o)
{
	struct op p = ir_op(ir, o)->prev;

	if (!(ir_op(ir, o)->flags & OPD_SYNC) || (op_id(ir, o) != OP_BARRIER && op_id(ir, o) != OP_PTOC_TAIL))
		return false;
	while (p.i && (ir_op(ir, p)->flags & OPD_SYNC) && op_id(ir, p) != op_id(ir, o))
		p = op_id(ir, o) != OP_BARRIER ? ir_op(ir, p)->prev : (struct op){0};
	return p.i && (ir_op(ir, p)->flags & OPD_SYNC) && op_id(ir, p) == op_id(ir, o) && !needs_guard(ir, p);
}

static void
guard_block(struct ir *ir, struct blk b, enum core core)
{
	struct op first = {0};

	for (struct op o = ir_blk(ir, b)->first, next;; o = next) {
		next = o.i ? ir_op(ir, o)->next : o;
		if (o.i && needs_guard(ir, o)) {
			first = first.i ? first : o;
			continue;
		}
		if (first.i)
			ir_op(ir, wrap(ir, first, o, core))->flags |= OPD_SYNC;
		first = (struct op){0};
		if (!o.i)
			return;
		for (uint32_t r = 0; section_core(ir, o) == CORE_NONE && r < ir_op(ir, o)->nreg; r++)
			for (struct blk c = op_body(ir, o, r); c.i; c = ir_blk(ir, c)->next)
				guard_block(ir, c, core);
	}
}

/* Of two tails, or two PIPE_ALL, that only sync ops separate the earlier one goes. */
static void
keep_last(struct ir *ir, struct blk b)
{
	for (struct op o = ir_blk(ir, b)->first; o.i; o = ir_op(ir, o)->next) {
		while (!needs_guard(ir, o) && said_before(ir, o)) {
			struct op p = ir_op(ir, o)->prev;
			while (op_id(ir, p) != op_id(ir, o))
				p = ir_op(ir, p)->prev;
			ir_erase(ir, p);
		}
		for (uint32_t r = 0; r < ir_op(ir, o)->nreg; r++)
			for (struct blk c = op_body(ir, o, r); c.i; c = ir_blk(ir, c)->next)
				keep_last(ir, c);
	}
}

void
shape_guard_sync(struct ir *ir, struct op func, enum core core)
{
	if (func_core(ir, func) != CORE_NONE || !has_section(ir, func))
		return;
	for (struct blk b = op_body(ir, func, 0); b.i; b = ir_blk(ir, b)->next) {
		guard_block(ir, b, core);
		keep_last(ir, b);
	}
}
