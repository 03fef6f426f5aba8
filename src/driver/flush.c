/* flush: see flush.h. */
#include "driver/flush.h"

enum {
	LINES_MAX = 8,		/* of one dcci: what is printed stays readable */
	SCALARS_MAX = 48,	/* scalar accesses of a section; the checker looks back at 64 of one kind */
	FLUSH_WORK = 12000	/* trials times ops of the function */
};

/* A line by an address in it. */
struct line {
	struct val ptr, idx;
	int64_t no;		/* number behind the argument ptr, -1 when it is not known */
};

/* The lines that stand for one dcci. */
struct lines {
	struct line at[LINES_MAX];
	struct op op[LINES_MAX];
	uint32_t n;
	bool many;
};

enum { OF_STORES = 1, OF_LOADS = 2 };

struct flush {
	const struct proving *by;
	struct ir *ir;
	struct op scalar[SCALARS_MAX];
	uint32_t nscalar, max, left;
	bool many;
	bool called;		/* the function is */
};

static bool
is_store(const struct flush *k, struct op o)
{
	return op_id(k->ir, o) == OP_STORE_SCALAR;
}

/* Does a scalar access of global memory, or something else of the scalar pipe there? */
static void
note_scalar(struct flush *k, struct op o)
{
	uint32_t n, na;
	const struct phase *ph = access_phases(k->by->ac, o, &n);

	for (uint32_t i = 0; i < n; i++) {
		const struct acc *a = access_accs(k->by->ac, &ph[i], &na);
		if (ph[i].pipe != P_S || !na || access_space(k->by->ac, a[0].set) != SP_GM)
			continue;
		if (!is_store(k, o) && op_id(k->ir, o) != OP_LOAD_SCALAR)
			continue;
		k->many = k->many || k->nscalar == SCALARS_MAX;
		if (!k->many)
			k->scalar[k->nscalar++] = o;
	}
}

/* Recursion depth: nesting of regions. */
static void
collect(struct flush *k, struct op o)
{
	for (uint32_t r = 0; r < ir_op(k->ir, o)->nreg; r++) {
		for (struct blk b = op_body(k->ir, o, r); b.i; b = ir_blk(k->ir, b)->next) {
			for (struct op c = ir_blk(k->ir, b)->first; c.i; c = ir_op(k->ir, c)->next) {
				enum core core = section_core(k->ir, c);
				note_scalar(k, c);
				if (core == CORE_NONE || core == k->by->core)
					collect(k, c);
			}
		}
	}
}

/* ---- places ---- */

/* May o run before `at`? Their order keys are up to date. */
static bool
may_precede(const struct ir *ir, struct op o, struct op at)
{
	if (ir_op(ir, o)->order < ir_op(ir, at)->order)
		return true;
	for (struct op p = op_parent(ir, o); p.i; p = op_parent(ir, p))
		if ((op_id(ir, p) == OP_FOR || op_id(ir, p) == OP_WHILE) && op_is_inside(ir, at, p))
			return true;
	return false;
}

/* Has v a value in front of `at`? */
static bool
available(const struct ir *ir, struct val v, struct op at)
{
	const struct val_data *d = ir_val(ir, v);
	struct blk home = d->def.i ? ir_op(ir, d->def)->parent : d->blk;

	while (at.i && ir_op(ir, at)->parent.i != home.i)
		at = op_parent(ir, at);
	return at.i && (!d->def.i || ir_op(ir, d->def)->order < ir_op(ir, at)->order);
}

/* Arguments of a kernel start a line (as in src/access/region.c). */
static int64_t
line_number(const struct flush *k, struct val ptr, struct val idx)
{
	const struct ir *ir = k->ir;
	const struct val_data *d = ir_val(ir, ptr);
	struct typ elem = type_elem(&ir->types, d->type);
	int64_t i = 0, bytes = elem.i ? type_bytes(&ir->types, elem) : 0;

	if (k->called || d->def.i || op_id(ir, blk_owner(ir, d->blk)) != OP_FUNC || bytes <= 0 ||
	    !val_const_int(ir, idx, &i) || i < 0 || i > INT32_MAX)
		return -1;
	return i * bytes / CACHE_LINE_BYTES;
}

static bool
line_has(const struct lines *l, const struct line *x)
{
	for (uint32_t i = 0; i < l->n; i++)
		if (l->at[i].ptr.i == x->ptr.i &&
		    (l->at[i].idx.i == x->idx.i || (x->no >= 0 && l->at[i].no == x->no)))
			return true;
	return false;
}

/* The lines of stores before `at`, or loads behind it, whose address is known there. */
static void
lines_find(const struct flush *k, struct op at, unsigned of, struct lines *l)
{
	*l = (struct lines){0};
	for (uint32_t i = 0; i < k->nscalar; i++) {
		struct op o = k->scalar[i];
		bool store = is_store(k, o);
		if (!(of & (store ? OF_STORES : OF_LOADS)) ||
		    !(store ? may_precede(k->ir, o, at) : may_precede(k->ir, at, o)))
			continue;
		struct line x = {.ptr = op_slot(k->ir, o, store ? 1 : 0), .idx = op_slot(k->ir, o, store ? 2 : 1)};
		if (!available(k->ir, x.ptr, at) || !available(k->ir, x.idx, at))
			continue;
		x.no = line_number(k, x.ptr, x.idx);
		if (line_has(l, &x))
			continue;
		if (l->n == k->max) {
			l->many = true;
			return;
		}
		l->at[l->n++] = x;
	}
}

/* ---- trials ---- */

static bool
holds(struct flush *k)
{
	if (k->left < k->by->size)
		return false;
	k->left -= k->by->size;
	return proving_holds(k->by);
}

/* The lines in place of the dcci, which is taken out; in front of `next`. */
static bool
lines_try(struct flush *k, struct op whole, struct lines *l)
{
	struct ir *ir = k->ir;
	struct op next = ir_op(ir, whole)->next;
	struct blk home = ir_op(ir, whole)->parent;

	for (uint32_t i = 0; i < l->n; i++) {
		l->op[i] = ir_op_new(ir, OP_PTOC_DCCI, (struct span){0, 0});
		ir_op_operands(ir, l->op[i], (const struct val[]){l->at[i].ptr, l->at[i].idx}, 2);
		ir_op(ir, l->op[i])->flags |= OPD_SYNC;
		ir_insert_before(ir, whole, l->op[i]);
	}
	ir_unlink(ir, whole);
	if (holds(k))
		return true;
	for (uint32_t i = 0; i < l->n; i++)
		ir_erase(ir, l->op[i]);
	if (next.i)
		ir_insert_before(ir, next, whole);
	else
		ir_append(ir, home, whole);
	ir_renumber(ir, k->by->func);
	return false;
}

/* Leaves out what is cleaned elsewhere, or never read; one stays. */
static void
lines_reduce(struct flush *k, struct lines *l)
{
	struct ir *ir = k->ir;

	for (uint32_t i = 0; i < l->n && l->n > 1;) {
		struct op o = l->op[i], next = ir_op(ir, o)->next;
		struct blk home = ir_op(ir, o)->parent;
		ir_unlink(ir, o);
		if (!holds(k)) {
			if (next.i)
				ir_insert_before(ir, next, o);
			else
				ir_append(ir, home, o);
			i++;
			continue;
		}
		ir_op(ir, o)->flags |= OPD_DEAD;
		l->n--;
		memmove(&l->op[i], &l->op[i + 1], (l->n - i) * sizeof l->op[0]);
	}
	ir_renumber(ir, k->by->func);
}

/* Stores alone, loads alone, both: the first that is proved. */
static bool
lines_choose(struct flush *k, struct op whole, struct lines *l)
{
	uint32_t seen = 0;

	for (unsigned of = OF_STORES; of <= (OF_STORES | OF_LOADS); of++) {
		lines_find(k, whole, of, l);
		if (!l->n || l->many || (of == (OF_STORES | OF_LOADS) && l->n == seen))
			continue;
		seen = l->n;
		if (lines_try(k, whole, l))
			return true;
	}
	return false;
}

static void
flush_one(struct flush *k, struct sync_result *res, uint32_t w)
{
	struct op whole = res->why.at[w].sync;
	struct attr note = op_attr(k->ir, whole, k->ir->name.note);
	struct lines l;

	if (!lines_choose(k, whole, &l))
		return;
	lines_reduce(k, &l);
	ir_op(k->ir, whole)->flags |= OPD_DEAD;
	if (note.i)
		op_attr_set(k->ir, l.op[0], k->ir->name.note, note);
	res->why.at[w].sync = l.op[0];
	for (uint32_t i = 1; i < l.n; i++) {
		struct sync_why more = res->why.at[w];
		more.sync = l.op[i];
		VEC_PUSH(k->by->a, &res->why, more);
	}
}

static bool
is_whole_dcci(const struct ir *ir, struct op o)
{
	return op_id(ir, o) == OP_PTOC_DCCI && !op_slot(ir, o, 0).i;
}

void
flush_section(const struct proving *by, const struct flush_opt *opt, struct sync_result *res)
{
	struct flush k = {.by = by, .ir = by->ir, .left = FLUSH_WORK};
	int64_t issue = opt->model->s_issue, line = issue + cost_dcci_line(opt->model);
	uint32_t n = res->why.n;

	while (k.max < LINES_MAX && (int64_t)(k.max + 1) * line < issue + opt->model->dcci)
		k.max++;
	bool any = false;
	for (uint32_t w = 0; w < n; w++)
		any = any || is_whole_dcci(by->ir, res->why.at[w].sync);
	if (!any || !k.max)
		return;
	collect(&k, by->func);
	k.called = access_func_called(by->ac, by->func);
	ir_renumber(by->ir, by->func);
	for (uint32_t w = 0; w < n && !k.many && k.nscalar; w++)
		if (is_whole_dcci(by->ir, res->why.at[w].sync) && (res->why.at[w].kind == 'E' ? opt->end : opt->fences))
			flush_one(&k, res, w);
}
