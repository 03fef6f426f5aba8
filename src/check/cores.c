/*
 * cores: see cores.h. A value is the same for two cores unless it comes from the number that tells them apart, or
 * from memory: what a load gives is not followed. An access counts when its bytes are exact and both cores reach it:
 * the conditions and bounds around it are such values.
 *
 * Order is not proved here, only its absence: between sections when no signal of one side stands behind its access and
 * no wait of the same kind before the access of the other, between blocks when nothing at all signals between blocks
 * and no barrier of all cores stands between the two.
 */
#include "check/cores.h"

enum { REPORTS_MAX = 16, PAIRS_MAX = 4096 };

/* What may make a value differ, by bits. */
enum { BY_BLOCK = 1, BY_SUB = 2, BY_DATA = 4, IS_BLOCK = 8, IS_SUB = 16 };

/* Who is compared: the bits that make a value differ, and the one of the number itself. */
struct ag_who {
	uint8_t by, is;
};
static const struct ag_who blocks = {BY_BLOCK | BY_DATA, IS_BLOCK}, subs = {BY_SUB | BY_DATA, IS_SUB};

/* Ways of telling other cores something; a wait hears the sets of its own way. */
enum { X_FLAG = 1, X_FIFO = 2, X_SIGNAL = 4, X_ALL = 8, X_ANY = 15 };
static const struct ag_cross {
	uint8_t set, wait;
} cross[OP_COUNT] = {
	[OP_SYNC_SET] = {X_FLAG, 0}, [OP_SET_INTRA_BLOCK] = {X_FLAG, 0}, [OP_SET_CROSS_BLOCK] = {X_FLAG, 0},
	[OP_SYNC_WAIT] = {0, X_FLAG}, [OP_WAIT_INTRA_BLOCK] = {0, X_FLAG}, [OP_WAIT_CROSS_BLOCK] = {0, X_FLAG},
	[OP_TPUSH] = {X_FIFO, X_FIFO}, [OP_TPOP] = {X_FIFO, X_FIFO}, [OP_TALLOC] = {X_FIFO, X_FIFO},
	[OP_TFREE] = {X_FIFO, X_FIFO}, [OP_COMM_TNOTIFY] = {X_SIGNAL, 0}, [OP_COMM_TWAIT] = {0, X_SIGNAL},
	[OP_COMM_TTEST] = {0, X_SIGNAL}, [OP_SYNCALL] = {X_ALL, X_ALL}, [OP_CALL] = {X_ANY, X_ANY},
};

struct ag_acc {
	struct op op;
	uint32_t set;
	uint8_t rw;
	bool reported;
};
struct ag_unit {
	VEC(struct ag_acc) acc;
	VEC(struct op) cross;		/* in program order */
	bool between_blocks;		/* something may signal from block to block */
};

struct ag {
	struct arena *a;
	struct ir *ir;
	struct access *ac;
	struct op func;
	uint8_t *bits;			/* by value */
	uint32_t *pos, *end;		/* by op: place in program order, last place inside */
	uint32_t npos, nreport, npair;
	bool branches;			/* regions with several blocks */
	struct val block, sub;		/* the numbers, once something uses them */
	const struct ag_who *who;
	const struct check_cores_in *in;
	/* by name of function: is it called; the one call, from a wrapper, that it has; 1 + its place in the list */
	bool *called;
	struct op *call;
	uint32_t *func_at;
	bool wrapper;			/* the function takes the arguments of a task apart, see ag_is_wrapper() */
	struct val arg0[2];		/* two functions of one kernel: first parameters of them */
	uint32_t narg[2];
};

/* ---- calls ---- */

static struct sym
ag_callee(const struct ag *g, struct op call)
{
	return attr_data(&g->ir->attrs, op_attr(g->ir, call, g->ir->name.callee))->text;
}

/*
 * A function that nobody calls and that takes one array of 64-bit words is how clients start kernels: it takes the
 * arguments of a task apart and calls the kernel. What it reads and does not compute is the same for all cores of a
 * task.
 */
static bool
ag_is_wrapper(const struct ag *g, struct op func)
{
	struct blk b = op_body(g->ir, func, 0);

	if (!b.i || ir_blk(g->ir, b)->narg != 1 || g->called[func_name(g->ir, func).i])
		return false;
	const struct type_data *d = type_data(&g->ir->types, val_type(g->ir, (struct val){ir_blk(g->ir, b)->arg0}));
	return d->kind == TY_PTR && type_bytes(&g->ir->types, d->sub[0]) == 8;
}

/* Notes calls of all functions; one that several ways lead to has no call. */
static void
ag_calls(struct ag *g)
{
	struct ir *ir = g->ir;

	for (uint32_t i = 1; i < ir->op.n; i++)
		if (op_id(ir, (struct op){i}) == OP_CALL && !(ir->op.at[i].flags & OPD_DEAD)) {
			uint32_t s = ag_callee(g, (struct op){i}).i;
			g->call[s].i = g->called[s] ? 0 : i;
			g->called[s] = true;
		}
	for (uint32_t s = 0; s < ir->in.text.n; s++) {
		struct op up = g->call[s].i ? op_parent(ir, g->call[s]) : (struct op){0};
		if (up.i && (op_id(ir, up) != OP_FUNC || !ag_is_wrapper(g, up)))
			g->call[s].i = 0;
	}
}

/* ---- values ---- */

static uint8_t
ag_number(const struct ag *g, struct op o)
{
	return op_id(g->ir, o) == OP_GET_BLOCK_IDX ? BY_BLOCK | IS_BLOCK
	       : op_id(g->ir, o) == OP_GET_SUBBLOCK_IDX ? BY_SUB | IS_SUB : 0;
}

static uint8_t
ag_operands(const struct ag *g, struct op o)
{
	uint8_t all = 0;

	for (uint32_t k = 0; k < ir_op(g->ir, o)->nopnd; k++)
		all |= g->bits[op_opnd(g->ir, o, k).i];
	return all;
}

static void
ag_results(struct ag *g, struct op o)
{
	const struct op_row *r = op_row(g->ir, o);
	uint8_t b = BY_DATA;

	if (g->wrapper && (op_id(g->ir, o) == OP_PTOC_UNKNOWN || op_id(g->ir, o) == OP_LOAD_SCALAR)) {
		b = ag_operands(g, o) & (BY_BLOCK | BY_SUB | BY_DATA);
	} else if (r->flags & OPF_PURE && !ir_op(g->ir, o)->nreg) {
		b = ag_operands(g, o) | ag_number(g, o);
		if (r->form != FORM_CAST && !ag_number(g, o))
			b &= (uint8_t) ~(IS_BLOCK | IS_SUB);
	}
	for (uint32_t k = 0; k < ir_op(g->ir, o)->nres; k++) {
		g->bits[op_res(g->ir, o, k).i] = b;
		if (ag_number(g, o) & IS_BLOCK)
			g->block = op_res(g->ir, o, k);
		if (ag_number(g, o) & IS_SUB)
			g->sub = op_res(g->ir, o, k);
	}
}

/* A parameter that holds one of the numbers becomes known as such when something uses it. */
static void
ag_uses(struct ag *g, struct op o)
{
	for (uint32_t k = 0; k < ir_op(g->ir, o)->nopnd; k++) {
		struct val v = op_opnd(g->ir, o, k);
		if (!v.i || ir_val(g->ir, v)->def.i)
			continue;
		if (g->bits[v.i] & IS_BLOCK)
			g->block = v;
		if (g->bits[v.i] & IS_SUB)
			g->sub = v;
	}
}

static void ag_region(struct ag *g, struct reg r);

static void
ag_op(struct ag *g, struct op o)
{
	g->pos[o.i] = ++g->npos;
	ag_uses(g, o);
	for (uint32_t r = 0; r < ir_op(g->ir, o)->nreg; r++) {
		struct blk b = op_body(g->ir, o, r);
		uint32_t n = b.i ? ir_blk(g->ir, b)->narg : 0;
		for (uint32_t k = 0; k < n; k++)
			g->bits[ir_blk(g->ir, b)->arg0 + k] = BY_DATA;
		if (n && op_id(g->ir, o) == OP_FOR)
			g->bits[ir_blk(g->ir, b)->arg0] = (uint8_t)(ag_operands(g, o) & (BY_BLOCK | BY_SUB | BY_DATA));
		ag_region(g, op_reg(g->ir, o, r));
	}
	ag_results(g, o);
	g->end[o.i] = g->npos;
}

static void
ag_region(struct ag *g, struct reg r)
{
	struct blk b = ir_reg(g->ir, r)->first;

	if (b.i && ir_blk(g->ir, b)->next.i)
		g->branches = true;
	for (; b.i; b = ir_blk(g->ir, b)->next)
		for (struct op o = ir_blk(g->ir, b)->first; o.i; o = ir_op(g->ir, o)->next)
			ag_op(g, o);
}

/* The other function of a kernel, X_aiv for X_aic or the other way round: its place in the list and 1, 0: none. */
static uint32_t
ag_partner(const struct ag *g, struct op func, char core, char other)
{
	struct strv name = sym_text(&g->ir->in, func_name(g->ir, func));
	struct out o;

	if (name.n < 5 || memcmp(name.p + name.n - 4, "_ai", 3) != 0 || name.p[name.n - 1] != core)
		return 0;
	out_init(&o, g->a);
	out_strv(&o, (struct strv){name.p, name.n - 1});
	out_char(&o, other);
	struct sym s = intern_find(&g->ir->in, out_text(&o));
	return s.i ? g->func_at[s.i] : 0;
}

static uint32_t
ag_nparam(const struct ag *g, struct op func)
{
	struct blk b = op_body(g->ir, func, 0);

	return b.i ? ir_blk(g->ir, b)->narg : 0;
}

/* Does X_aiv have one parameter more than X_aic, a number of 32 bits, behind all others? It is that of the core. */
static struct val
ag_lane(const struct ag *g)
{
	uint32_t cube = ag_partner(g, g->func, 'v', 'c'), n = ag_nparam(g, g->func);

	if (!cube || n < 2 || ag_nparam(g, g->in->func[cube - 1]) + 1 != n)
		return (struct val){0};
	struct val v = {ir_blk(g->ir, op_body(g->ir, g->func, 0))->arg0 + n - 1};
	const struct type_data *d = type_data(&g->ir->types, val_type(g->ir, v));
	return d->kind == TY_INT && d->width == 32 ? v : (struct val){0};
}

/* What parameter k gets from the one call of the function. */
static uint8_t
ag_given(const struct ag *g, uint32_t k)
{
	struct op c = g->call[func_name(g->ir, g->func).i];

	return c.i && k < ir_op(g->ir, c)->nopnd ? g->bits[op_opnd(g->ir, c, k).i] : 0;
}

static void
ag_values(struct ag *g)
{
	struct blk b = op_body(g->ir, g->func, 0);

	g->block = g->sub = (struct val){0};
	g->branches = false;
	g->nreport = g->npair = 0;
	struct val lane = ag_lane(g);
	g->wrapper = ag_is_wrapper(g, g->func);
	for (uint32_t k = 0; k < ir_blk(g->ir, b)->narg; k++) {
		struct val v = {ir_blk(g->ir, b)->arg0 + k};
		struct sym n = ir_val(g->ir, v)->name;
		bool block = n.i && (n.i == g->ir->name.spmd_block.i || n.i == g->in->block.i);
		bool sub = n.i && (n.i == g->ir->name.spmd_sub.i || n.i == g->in->sub.i);
		sub |= v.i == lane.i;
		g->bits[v.i] = block ? BY_BLOCK | IS_BLOCK : sub ? BY_SUB | IS_SUB : ag_given(g, k);
	}
	ag_region(g, op_reg(g->ir, g->func, 0));
}

static enum core_value
ag_value(void *arg, struct val v)
{
	const struct ag *g = arg;

	if (g->bits[v.i] & g->who->is)
		return CORES_INDEX;
	return g->bits[v.i] & g->who->by ? CORES_UNKNOWN : CORES_SAME;
}

/* Do both run the same trips? A known number of them is enough, wherever they start. */
static bool
ag_loop(void *arg, struct op loop)
{
	const struct ag *g = arg;
	uint64_t lo, hi;

	if (op_id(g->ir, loop) != OP_FOR)
		return false;
	bool same = true;
	for (uint32_t k = 0; k < 3; k++)
		same = same && !(g->bits[op_slot(g->ir, loop, k).i] & g->who->by);
	if (same)
		return true;
	access_trips(g->ac, loop, &lo, &hi);
	return lo == hi && lo > 0;
}

/* Is the op reached by both? */
static bool
ag_reached(struct ag *g, struct op o)
{
	for (struct op p = op_parent(g->ir, o); p.i && p.i != g->func.i; p = op_parent(g->ir, p)) {
		enum op_id id = op_id(g->ir, p);
		if (id == OP_FOR && !ag_loop(g, p))
			return false;
		if (id == OP_WHILE)
			return false;
		if (id != OP_FOR && ag_operands(g, p) & g->who->by)
			return false;
	}
	return true;
}

/* ---- what a section does ---- */

/* Flags between the cores of one block are of mode 2, which is what a set that does not say has. */
static bool
ag_leaves_block(const struct ag *g, struct op o)
{
	enum op_id id = op_id(g->ir, o);
	const struct attr_data *m = attr_data(&g->ir->attrs, op_attr(g->ir, o, g->ir->name.ffts_mode));

	if (id == OP_SYNC_SET)
		return m->kind == AT_INT && m->i != 2;
	return id == OP_SET_CROSS_BLOCK || id == OP_WAIT_CROSS_BLOCK || (cross[id].set | cross[id].wait) & X_SIGNAL;
}

static void
ag_collect(struct ag *g, enum core core, struct ag_unit *u)
{
	const struct section *s = section_build(g->a, g->ir, g->ac, g->func, core);

	memset(u, 0, sizeof *u);
	for (uint32_t x = 1; x < s->node.n; x++) {
		const struct phase *ph = s->node.at[x].ph;
		enum op_id id = op_id(g->ir, ph->op);
		uint32_t n;
		const struct acc *c = access_accs(g->ac, ph, &n);
		if (cross[id].set | cross[id].wait) {
			VEC_PUSH(g->a, &u->cross, ph->op);
			u->between_blocks = u->between_blocks || ag_leaves_block(g, ph->op);
			continue;
		}
		for (uint32_t k = 0; k < n; k++)
			if (access_space(g->ac, c[k].set) == SP_GM && c[k].rw & ACC_WHOLE)
				VEC_PUSH(g->a, &u->acc,
					 (struct ag_acc){.op = ph->op, .set = c[k].set, .rw = c[k].rw});
	}
}

/* ---- pairs ---- */

static bool
ag_meet(struct ag *g, const struct ag_acc *x, const struct ag_acc *y, const struct access_cores *q)
{
	return acc_conflicts(x->rw, y->rw) && !x->reported && !y->reported &&
	       (q->twin || access_root(g->ac, x->set).i == access_root(g->ac, y->set).i) && ++g->npair <= PAIRS_MAX &&
	       access_cores_meet(g->ac, x->set, y->set, q) && ag_reached(g, x->op) && ag_reached(g, y->op);
}

static void
ag_print(struct ag *g, const struct ag_acc *x, struct out *o)
{
	out_f(o, "'%s' (", op_row(g->ir, x->op)->name);
	access_print(g->ac, x->set, o);
	out_char(o, ')');
}

/* ---- blocks ---- */

/* Does a barrier of all cores stand between the two? */
static bool
ag_barrier_between(const struct ag *g, const struct ag_unit *u, struct op x, struct op y)
{
	for (uint32_t k = 0; k < u->cross.n; k++) {
		uint32_t at = g->pos[u->cross.at[k].i];
		if (cross[op_id(g->ir, u->cross.at[k])].wait & X_ALL && (at > g->pos[x.i]) != (at > g->pos[y.i]))
			return true;
	}
	return false;
}

static struct span
ag_span(const struct ag *g, struct val v)
{
	struct span s = val_span(g->ir, v);
	struct op def = ir_val(g->ir, v)->def;

	return span_none(s) && def.i ? ir_op(g->ir, def)->span : s;
}

static void
ag_report_blocks(struct ag *g, struct ag_acc *x, struct ag_acc *y, bool fixed)
{
	bool sub = g->who->is == IS_SUB;
	const char *who = sub ? "the two vector cores of a block" : "different blocks";
	struct out o;

	out_init(&o, g->a);
	ag_print(g, y, &o);
	if (fixed)
		out_f(&o, ": %s write the same bytes, the address does not depend on %s", who,
		      sub ? "which core it is" : "the block index");
	else if (x == y)
		out_f(&o, ": what %s write overlaps", who);
	else {
		out_f(&o, " and ");
		ag_print(g, x, &o);
		out_f(&o, " of %s touch the same bytes", who);
	}
	diag_report(g->ir->diags, DIAG_BLOCK_RACE, ir_op(g->ir, y->op)->span, "%s, and nothing orders them", o.p);
	if (x != y)
		diag_note(g->ir->diags, ir_op(g->ir, x->op)->span, "the other access is here");
	diag_note(g->ir->diags, ag_span(g, sub ? g->sub : g->block), "the %s is taken here",
		  sub ? "number of the vector core" : "block index");
	y->reported = true;
	x->reported = x->reported || x == y;
	g->nreport++;
}

/* One access against itself in the other core, or against another one. */
static void
ag_pair_blocks(struct ag *g, struct ag_unit *u, struct ag_acc *x, struct ag_acc *y, bool trips)
{
	struct access_cores q = {.value = ag_value, .loop = ag_loop, .arg = g, .bhi = 1, .blo = 1, .trips = trips};
	struct access_cores r = {.value = ag_value, .loop = ag_loop, .arg = g, .ahi = 1, .alo = 1, .trips = trips};

	if (!ag_meet(g, x, y, &q) && (x == y || !ag_meet(g, x, y, &r)))
		return;
	if (x != y && ag_barrier_between(g, u, x->op, y->op))
		return;
	ag_report_blocks(g, x, y, x == y && !access_cores_differ(g->ac, x->set, &q));
}

static void
ag_blocks(struct ag *g, struct ag_unit *u, const struct ag_who *who)
{
	bool all = false;

	g->who = who;
	for (uint32_t k = 0; k < u->cross.n; k++) {
		uint8_t way = cross[op_id(g->ir, u->cross.at[k])].wait;
		if (way == X_ANY || (who == &subs && way != 0))
			return;
		all = all || way & X_ALL;
	}
	for (uint32_t i = 0; i < u->acc.n; i++)
		for (uint32_t k = i + 1; k-- > 0 && g->nreport < REPORTS_MAX && g->npair < PAIRS_MAX;)
			ag_pair_blocks(g, u, &u->acc.at[k], &u->acc.at[i], !all);
}

/* ---- sections ---- */

/* The outermost loop around an op, or the op itself: what it may stand behind is as well before it. */
static uint32_t
ag_last_moment(const struct ag *g, struct op o)
{
	uint32_t at = g->end[o.i];

	for (struct op p = op_parent(g->ir, o); p.i && p.i != g->func.i; p = op_parent(g->ir, p))
		if (op_id(g->ir, p) == OP_FOR || op_id(g->ir, p) == OP_WHILE)
			at = g->end[p.i];
	return at;
}

static uint32_t
ag_first_moment(const struct ag *g, struct op o)
{
	uint32_t at = g->pos[o.i];

	for (struct op p = op_parent(g->ir, o); p.i && p.i != g->func.i; p = op_parent(g->ir, p))
		if (op_id(g->ir, p) == OP_FOR || op_id(g->ir, p) == OP_WHILE)
			at = g->pos[p.i];
	return at;
}

/* Id of a flag, -1: known at run time. */
static int64_t
ag_flag_id(const struct ag *g, struct op o)
{
	const struct attr_data *d = attr_data(&g->ir->attrs, op_attr(g->ir, o, g->ir->name.event_id));

	return op_slot(g->ir, o, 0).i || d->kind != AT_INT ? -1 : d->i;
}

static bool
ag_hears(const struct ag *g, struct op set, struct op wait)
{
	uint8_t way = cross[op_id(g->ir, set)].set & cross[op_id(g->ir, wait)].wait;

	if (way != X_FLAG)
		return way != 0;
	int64_t s = ag_flag_id(g, set), w = ag_flag_id(g, wait);
	return s < 0 || w < 0 || s == w;
}

/* May a signal that one side gives when it is done with x be what the other side waits for before y? */
static bool
ag_may_order(const struct ag *g, const struct ag_unit *from, struct op x, const struct ag_unit *to, struct op y)
{
	uint32_t done = g->pos[x.i], left = ag_last_moment(g, x), begin = ag_first_moment(g, y);
	uint32_t here = g->pos[y.i], last = ag_last_moment(g, y);

	for (uint32_t i = 0; i < from->cross.n; i++) {
		uint32_t at = g->pos[from->cross.at[i].i];
		if (at < done && !(left > done && at >= ag_first_moment(g, x)))
			continue;
		for (uint32_t k = 0; k < to->cross.n; k++) {
			uint32_t w = g->pos[to->cross.at[k].i];
			bool before = w < here || (w >= begin && w <= last && last > g->end[y.i]);
			if (before && ag_hears(g, from->cross.at[i], to->cross.at[k]))
				return true;
		}
	}
	return false;
}

static void
ag_report_sections(struct ag *g, struct ag_acc *x, struct ag_acc *y)
{
	struct out o;

	out_init(&o, g->a);
	ag_print(g, y, &o);
	const char *what = g->narg[0] ? "function" : "section";
	out_f(&o, " of the vector %s and ", what);
	ag_print(g, x, &o);
	out_f(&o, " of the cube %s", what);
	diag_report(g->ir->diags, DIAG_SECTION_RACE, ir_op(g->ir, y->op)->span,
		    "%s touch the same bytes, and no signal between the cores orders them", o.p);
	diag_note(g->ir->diags, ir_op(g->ir, x->op)->span, "the access of the cube is here");
	diag_hint(g->ir->diags, "pto.sync.set behind one and pto.sync.wait before the other, or a fifo");
	y->reported = true;
	g->nreport++;
}

/* Parameters at one place, and numbers of one kind. */
static bool
ag_twin(void *arg, struct val x, struct val y)
{
	const struct ag *g = arg;
	struct op p = ir_val(g->ir, x)->def, q = ir_val(g->ir, y)->def;

	if (p.i && q.i)
		return op_id(g->ir, p) == op_id(g->ir, q) &&
		       (op_id(g->ir, p) == OP_GET_BLOCK_IDX || op_id(g->ir, p) == OP_GET_BLOCK_NUM);
	uint32_t k = x.i - g->arg0[0].i;
	return !p.i && !q.i && x.i >= g->arg0[0].i && k < g->narg[0] && k < g->narg[1] && y.i == g->arg0[1].i + k;
}

static void
ag_sections(struct ag *g, struct ag_unit *cube, struct ag_unit *vec)
{
	struct access_cores q = {.value = ag_value, .loop = ag_loop, .arg = g, .ahi = 1, .bhi = 1, .trips = true};

	g->who = &subs;
	q.twin = g->narg[0] ? ag_twin : NULL;
	for (uint32_t i = 0; i < vec->acc.n; i++)
		for (uint32_t k = 0; k < cube->acc.n && g->nreport < REPORTS_MAX && g->npair < PAIRS_MAX; k++) {
			struct ag_acc *x = &cube->acc.at[k], *y = &vec->acc.at[i];
			if (ag_meet(g, x, y, &q) && !ag_may_order(g, cube, x->op, vec, y->op) &&
			    !ag_may_order(g, vec, y->op, cube, x->op))
				ag_report_sections(g, x, y);
		}
}

/* ---- functions ---- */

static void
ag_function(struct ag *g)
{
	enum core core[2];
	uint32_t n = section_count(g->ir, g->func, core);
	struct ag_unit u[2];

	ag_values(g);
	if (g->branches || (n < 2 && !g->block.i && !g->sub.i))
		return;
	for (uint32_t k = 0; k < n; k++)
		ag_collect(g, core[k], &u[k]);
	if (n == 2)
		ag_sections(g, &u[0], &u[1]);
	for (uint32_t k = 0; k < n; k++) {
		if (g->block.i && !u[0].between_blocks && !(n == 2 && u[1].between_blocks))
			ag_blocks(g, &u[k], &blocks);
		if (g->sub.i && core[k] == CORE_VECTOR)
			ag_blocks(g, &u[k], &subs);
	}
}

/* One unit of a function that runs on that core alone, its parameters as number `no` of the two. */
static bool
ag_half(struct ag *g, struct op func, enum core core, uint32_t no, struct ag_unit *u)
{
	struct blk b = op_body(g->ir, func, 0);
	enum core is[2];

	g->func = func;
	if (section_count(g->ir, func, is) != 1 || is[0] != core)
		return false;
	ag_values(g);
	g->arg0[no].i = ir_blk(g->ir, b)->arg0;
	g->narg[no] = ir_blk(g->ir, b)->narg;
	if (!g->branches)
		ag_collect(g, core, u);
	return !g->branches;
}

/* Two functions that are one kernel run at the same time, with the same arguments as far as both have them. */
static void
ag_pair(struct ag *g, struct op cube, struct op vec)
{
	struct ag_unit c, v;
	bool same = ag_half(g, cube, CORE_CUBE, 0, &c) && ag_half(g, vec, CORE_VECTOR, 1, &v);

	for (uint32_t k = 0; same && k < g->narg[0] && k < g->narg[1]; k++) {
		struct val x = {g->arg0[0].i + k}, y = {g->arg0[1].i + k};
		same = val_type(g->ir, x).i == val_type(g->ir, y).i;
	}
	if (same && g->narg[0] && g->narg[1])
		ag_sections(g, &c, &v);
	g->narg[0] = g->narg[1] = 0;
}

void
check_cores(struct arena *a, struct ir *ir, struct access *ac, const struct check_cores_in *in)
{
	struct ag g = {.a = a, .ir = ir, .ac = ac, .in = in};

	g.bits = ARENA_ARRAY(a, uint8_t, ir->val.n);
	g.pos = ARENA_ARRAY(a, uint32_t, ir->op.n);
	g.end = ARENA_ARRAY(a, uint32_t, ir->op.n);
	g.called = ARENA_ARRAY(a, bool, ir->in.text.n);
	g.call = ARENA_ARRAY(a, struct op, ir->in.text.n);
	g.func_at = ARENA_ARRAY(a, uint32_t, ir->in.text.n);
	ag_calls(&g);
	for (uint32_t k = 0; k < in->nfunc; k++) {
		g.func = in->func[k];
		g.func_at[func_name(ir, g.func).i] = k + 1;
	}
	for (uint32_t k = 0; k < in->nfunc; k++) {
		g.func = in->func[k];
		if (ag_is_wrapper(&g, g.func))
			ag_values(&g);	/* first: what they pass on */
	}
	for (uint32_t k = 0; k < in->nfunc; k++) {
		uint32_t name = func_name(ir, in->func[k]).i, vec = ag_partner(&g, in->func[k], 'c', 'v');
		g.func = in->func[k];
		/* what any other caller passes to a function may be different for every core */
		if (!in->skip[k] && (!g.called[name] || g.call[name].i))
			ag_function(&g);
		if (vec && !in->skip[k] && !in->skip[vec - 1])
			ag_pair(&g, in->func[k], in->func[vec - 1]);
	}
}
