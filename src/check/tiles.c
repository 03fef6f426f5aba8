/*
 * tiles: data of tiles that is lost or was never there. One walk in program order over the accesses of local memory.
 *
 * Every byte remembers which family wrote it last. A write over bytes of another family makes these *lost* for that
 * one until it writes them again; a read of lost bytes is reported when the other tile is used for data of its own
 * (something reads it, or it is scratch). Not reported are the usual ways to give one piece of memory two names:
 * windows that are only written into another tile, and tiles of which one anywhere reads what the other one wrote. A
 * read that finds no byte written, not even further down in the loops around it, is reported as well. Warnings only:
 * nothing relies on this being complete, and in doubt it is silent.
 */
#include "check/places.h"

#include "check/family.h"
#include "check/own.h"
#include "mem/mem.h"

enum { REPORTS_MAX = 16 };

struct tl_seg {
	int64_t lo, hi;
	uint32_t fam;		/* 0: something unknown */
	struct op op;
};

struct tl_lost {
	int64_t lo, hi;
	uint32_t next;
	enum space space;
	struct op by, was;	/* the write that took the bytes, the write of what was there */
	struct op own;		/* by a call: the tile of the called function (own.h) */
	uint32_t set;		/* of `by` */
	uint32_t fam;		/* of `by` */
};

struct tl_fam {
	uint32_t nread;
	uint32_t lost;			/* list */
	uint32_t named;			/* union-find, by index: families that are names of the same data */
	bool reported, alloc;
};

struct tl_doubt {		/* a read of lost bytes */
	struct op op;
	uint32_t fam, lost;
};

struct tl_read {		/* nothing written before it */
	struct op op;
	uint32_t fam, set;
	int64_t lo, hi;
	enum space space;
};

struct tl_arm {
	struct op fork;		/* innermost op with several regions around it, 0 none */
	struct op top;		/* the op right inside the fork that it is in */
};

struct tl {
	struct ir *ir;
	struct access *ac;
	struct ck_families f;
	const struct ck_owners *owners;
	uint32_t *index;	/* of fam, by family - val0 */
	struct tl_arm *arm;	/* by op - op0 */
	VEC(struct tl_fam) fam;
	VEC(struct tl_lost) lost;	/* [0] unused */
	VEC(struct tl_seg) seg[SPACE_COUNT];
	VEC(struct tl_doubt) doubt;
	VEC(struct tl_read) unwritten;
	struct op last_in[SPACE_COUNT];	/* last write to a place that is not known */
	uint32_t nreport;
	bool compared;		/* the access tables may have grown in the arena */
};

/* Valid until the next family is seen for the first time. */
static struct tl_fam *
tl_fam_of(struct tl *t, uint32_t fam)
{
	uint32_t *k = &t->index[fam - t->f.val0];

	if (!*k) {
		*k = t->fam.n;
		VEC_ADD(t->f.a, &t->fam, 1);
		t->fam.at[*k].named = *k;
	}
	return &t->fam.at[*k];
}

/* Index of one family for all that are names of the same data. */
static uint32_t
tl_named(struct tl *t, uint32_t fam)
{
	uint32_t k = (uint32_t)(tl_fam_of(t, fam) - t->fam.at);

	for (; t->fam.at[k].named != k; k = t->fam.at[k].named)
		t->fam.at[k].named = t->fam.at[t->fam.at[k].named].named;
	return k;
}

/* ---- one access ---- */

static struct tl_arm
tl_arm_of(const struct tl *t, struct op x)
{
	return t->arm[x.i - t->f.op0];
}

static bool
tl_holds(const struct tl *t, struct op fork, struct op x)
{
	return ck_pos(&t->f, fork) <= ck_pos(&t->f, x) && ck_pos(&t->f, x) <= ck_end(&t->f, fork);
}

/* Two arms of one branch never both run. Loops around the two are not looked at one by one. */
static bool
tl_exclusive(const struct tl *t, struct op a, struct op b)
{
	struct tl_arm x = tl_arm_of(t, a), y = tl_arm_of(t, b);

	while (x.fork.i && !tl_holds(t, x.fork, b))
		x = tl_arm_of(t, x.fork);
	if (!x.fork.i)
		return false;
	while (y.fork.i != x.fork.i)
		y = tl_arm_of(t, y.fork);
	struct blk p = ir_op(t->ir, x.top)->parent, q = ir_op(t->ir, y.top)->parent;
	return ir_blk(t->ir, p)->parent.i != ir_blk(t->ir, q)->parent.i;
}

static void
tl_report_lost(struct tl *t, struct op o, uint32_t fam, const struct tl_lost *l)
{
	struct ir *ir = t->ir;
	const char *name = val_name(ir, (struct val){fam}), *what = "the fixed scratch of a macro";

	if (t->nreport++ >= REPORTS_MAX)
		return;
	if (l->fam)
		what = val_name(ir, (struct val){l->fam});
	else if (l->own.i)
		what = "the called function";
	diag_report(ir->diags, DIAG_OVERLAP, ir_op(ir, o)->span, "%s is read here, but bytes [%lld, %lld) of it in %s "
		    "were overwritten through %s", name, (long long)l->lo, (long long)l->hi, isa_space[l->space].tile,
		    what);
	diag_note(ir->diags, ir_op(ir, l->by)->span, "overwritten here");
	if (l->own.i)
		diag_note(ir->diags, ir_op(ir, l->own)->span, "used there by this");
	diag_note(ir->diags, ir_op(ir, l->was)->span, "what is lost was written here");
}

/* First segment that ends behind `at`. */
static uint32_t
tl_seg_behind(const struct tl *t, enum space sp, int64_t at)
{
	uint32_t lo = 0, hi = t->seg[sp].n;

	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;
		if (t->seg[sp].at[mid].hi <= at)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void
tl_read(struct tl *t, struct op o, uint32_t fam, const struct acc *c, int64_t lo, int64_t hi)
{
	enum space sp = access_space(t->ac, c->set);
	struct tl_fam *f = tl_fam_of(t, fam);
	bool any = t->last_in[sp].i != 0, lost = false;

	for (uint32_t k = f->lost; k; k = t->lost.at[k].next) {
		const struct tl_lost *l = &t->lost.at[k];
		bool own = l->fam == 0 || tl_fam_of(t, l->fam)->nread;
		if (l->space != sp || l->lo >= hi || lo >= l->hi)
			continue;
		lost = true;
		if (!own || f->reported || tl_exclusive(t, l->by, o))
			continue;
		t->compared |= l->set != 0;
		if (l->set && !access_overlap(t->ac, c->set, l->set, (struct op){0}, false, false))
			continue;
		f->reported = true;
		VEC_PUSH(t->f.a, &t->doubt, ((struct tl_doubt){o, fam, k}));
	}
	for (uint32_t k = tl_seg_behind(t, sp, lo); k < t->seg[sp].n && t->seg[sp].at[k].lo < hi; k++) {
		const struct tl_seg *s = &t->seg[sp].at[k];
		any = true;
		if (s->fam && s->fam != fam && !lost)
			t->fam.at[tl_named(t, s->fam)].named = tl_named(t, fam);
	}
	f = tl_fam_of(t, fam);
	if (!any && f->alloc && !f->reported) {
		f->reported = true;
		VEC_PUSH(t->f.a, &t->unwritten, ((struct tl_read){o, fam, c->set, lo, hi, sp}));
	}
}

/* w: who writes, and what; its bounds are set here. */
static void
tl_lose(struct tl *t, const struct tl_seg *s, struct tl_lost w)
{
	struct tl_fam *f = s->fam ? tl_fam_of(t, s->fam) : NULL;

	if (!f || s->fam == w.fam || tl_exclusive(t, s->op, w.by))
		return;
	w.lo = s->lo > w.lo ? s->lo : w.lo;
	w.hi = s->hi < w.hi ? s->hi : w.hi;
	w.was = s->op;
	w.next = f->lost;
	VEC_PUSH(t->f.a, &t->lost, w);
	f->lost = t->lost.n - 1;
}

static void
tl_write(struct tl *t, struct tl_lost w)
{
	enum space sp = w.space;
	int64_t lo = w.lo, hi = w.hi;
	uint32_t fam = w.fam;
	uint32_t from = tl_seg_behind(t, sp, lo), to, n = 0;
	struct tl_seg put[3];

	for (uint32_t *k = fam ? &tl_fam_of(t, fam)->lost : &n; *k;) {
		struct tl_lost *l = &t->lost.at[*k];
		if (l->space == sp && l->lo >= lo && l->hi <= hi)
			*k = l->next;
		else
			k = &l->next;
	}
	for (to = from; to < t->seg[sp].n && t->seg[sp].at[to].lo < hi; to++)
		tl_lose(t, &t->seg[sp].at[to], w);
	if (to > from && t->seg[sp].at[from].lo < lo) {
		put[n] = t->seg[sp].at[from];
		put[n++].hi = lo;
	}
	put[n++] = (struct tl_seg){lo, hi, fam, w.by};
	if (to > from && t->seg[sp].at[to - 1].hi > hi) {
		put[n] = t->seg[sp].at[to - 1];
		put[n++].lo = hi;
	}
	uint32_t tail = t->seg[sp].n - to;
	if (n > to - from)
		VEC_ADD(t->f.a, &t->seg[sp], n - (to - from));
	memmove(t->seg[sp].at + from + n, t->seg[sp].at + to, tail * sizeof *put);
	memcpy(t->seg[sp].at + from, put, n * sizeof *put);
	t->seg[sp].n = from + n + tail;
}

/* ---- walks ---- */

enum tl_pass { TL_COUNT, TL_READS, TL_WRITES };

/* A session keeps its tile as room to work in and does not expect anything there. */
static bool
tl_opens_session(const struct ir *ir, struct op o)
{
	return ir_op(ir, o)->nres && type_kind(&ir->types, val_type(ir, op_res(ir, o, 0))) == TY_ASYNC_SESSION;
}

static void
tl_access(struct tl *t, struct op o, const struct acc *c, enum tl_pass pass)
{
	enum space sp = access_space(t->ac, c->set);
	int64_t lo, hi;

	if (sp == SP_GM || sp == SP_ZERO)
		return;
	uint32_t fam = ck_family_at(&t->f, o, c->slot);
	bool known = access_extent(t->ac, c->set, &lo, &hi);
	if (known && lo >= hi)
		return;
	bool reads = c->rw & ACC_READ && !tl_opens_session(t->ir, o), writes = c->rw & ACC_WRITE;
	if (pass == TL_COUNT && fam) {
		tl_fam_of(t, fam)->nread += reads || c->rw & ACC_SCRATCH;
	} else if (pass == TL_READS && reads && !(c->rw & ACC_SCRATCH) && fam && known) {
		tl_read(t, o, fam, c, lo, hi);
	} else if (pass == TL_WRITES && writes && known) {
		tl_write(t, (struct tl_lost){.lo = lo, .hi = hi, .space = sp, .by = o, .set = c->set, .fam = fam});
	} else if (pass == TL_WRITES && writes) {
		t->last_in[sp] = o;
	}
}

static void
tl_op(struct tl *t, struct op o, enum tl_pass from, enum tl_pass to)
{
	uint32_t n = 0, m;
	const struct phase *ph = access_phases(t->ac, o, &n);

	for (uint32_t i = 0; i < n; i++) {
		const struct acc *c = access_accs(t->ac, &ph[i], &m);
		for (enum tl_pass pass = from; pass <= to; pass++)
			for (uint32_t k = 0; k < m; k++)
				tl_access(t, o, &c[k], pass);
	}
}

/* ---- calls ---- */

/* The operands of the call that are one of a family: does the called function write them, and until when read them? */
static struct ck_lent
tl_lent(struct tl *t, const struct ck_owner *x, struct op call, uint32_t fam)
{
	struct ck_lent all = {0};

	for (uint32_t k = 0; k < ir_op(t->ir, call)->nopnd; k++) {
		struct val v = op_opnd(t->ir, call, k);
		if (!ck_is_tile(t->ir, v) || ck_family(&t->f, v) != fam)
			continue;
		all.written |= x->lent[k].written;
		all.last_read = x->lent[k].last_read > all.last_read ? x->lent[k].last_read : all.last_read;
	}
	return all;
}

/* What a called function overwrites for itself; of what it is given, when it reads that afterwards. */
static void
tl_call(struct tl *t, struct op o)
{
	const struct ck_owner *x = ck_owner_of(t->owners, o);

	for (uint32_t i = 0; x && i < x->own.n; i++) {
		const struct ck_own *e = &x->own.at[i];
		struct tl_lost w = {.lo = e->lo, .hi = e->hi, .space = e->space, .by = o, .own = e->op};
		for (uint32_t k = tl_seg_behind(t, w.space, w.lo);
		     k < t->seg[w.space].n && t->seg[w.space].at[k].lo < w.hi; k++) {
			struct tl_seg *s = &t->seg[w.space].at[k];
			struct ck_lent lent = s->fam ? tl_lent(t, x, o, s->fam) : (struct ck_lent){0};
			uint32_t n = t->lost.n;
			if (lent.last_read > e->first && !tl_fam_of(t, s->fam)->reported)
				tl_lose(t, s, w);
			if (t->lost.n > n) {
				tl_fam_of(t, s->fam)->reported = true;
				VEC_PUSH(t->f.a, &t->doubt, ((struct tl_doubt){o, s->fam, n}));
			}
			if (lent.written)
				s->fam = 0;
		}
		tl_write(t, w);
	}
}

/* ---- sums ---- */

static bool
tl_slot_extent(struct tl *t, struct op o, uint32_t slot, int64_t *lo, int64_t *hi)
{
	uint32_t n = 0, m;
	const struct phase *ph = access_phases(t->ac, o, &n);

	for (uint32_t i = 0; i < n; i++) {
		const struct acc *c = access_accs(t->ac, &ph[i], &m);
		for (uint32_t k = 0; k < m; k++)
			if (c[k].slot == slot)
				return access_extent(t->ac, c[k].set, lo, hi);
	}
	return false;
}

static bool
tl_is_acc(const struct ir *ir, struct val v)
{
	return ck_is_tile(ir, v) && type_kind(&ir->types, val_type(ir, v)) == TY_TILE &&
	       type_data(&ir->types, val_type(ir, v))->tile.space == SP_ACC;
}

/* Where a sum certainly or, being one of several tiles, possibly lies, when that is not where the destination does. */
static bool
tl_sum_apart(struct tl *t, struct op o, uint32_t s, uint32_t dst, int64_t *at, int64_t *from)
{
	uint32_t fam = ck_family(&t->f, op_slot(t->ir, o, s));
	int64_t end;

	if (!tl_slot_extent(t, o, dst, at, &end))
		return false;
	if (tl_slot_extent(t, o, s, from, &end))
		return *from != *at;
	for (uint32_t k = 0; k < t->f.alloc.n; k++) {
		struct buf_place p = mem_place(t->ir, t->f.alloc.at[k]);
		*from = (int64_t)p.addr_bytes;
		if (p.known && *from != *at && ck_family(&t->f, op_res(t->ir, t->f.alloc.at[k], 0)) == fam)
			return true;
	}
	return false;
}

/* Products that add to a sum read it in their destination (pto-isa: include/pto/npu/a2a3/TMatmul.hpp). */
static void
tl_sum(struct tl *t, struct op o)
{
	struct ir *ir = t->ir;
	struct op_slot slot[OP_MAX_SLOT];
	uint32_t n = op_slots(op_id(ir, o), slot);
	int64_t at, from;

	if (n < 2 || slot[n - 1].rw != 'b' || !tl_is_acc(ir, op_slot(ir, o, n - 1)))
		return;
	struct val dst = op_slot(ir, o, n - 1);
	struct tl_fam *f = tl_fam_of(t, ck_family(&t->f, dst));
	for (uint32_t s = 0; s + 1 < n; s++) {
		struct val sum = op_slot(ir, o, s);
		if (slot[s].rw != 'r' || !tl_is_acc(ir, sum) || f->reported || t->nreport >= REPORTS_MAX ||
		    !tl_sum_apart(t, o, s, n - 1, &at, &from))
			continue;
		f->reported = true;
		t->nreport++;
		diag_report(ir->diags, DIAG_SUM_APART, ir_op(ir, o)->span,
			    "adds to what %s holds at %lld, not to %s at %lld", val_name(ir, dst), (long long)at,
			    val_name(ir, sum), (long long)from);
		diag_hint(ir->diags, "the matrix unit reads no sum but the one in its destination: both need one "
			  "address");
	}
}

/* Loops are walked twice for what one trip does to the next, but not the ones far inside: the cost doubles. */
enum { TWICE_DEPTH = 2 };

static void
tl_region(struct tl *t, struct op own, uint32_t r, bool counting, uint32_t depth)
{
	bool fork = ir_op(t->ir, own)->nreg > 1;

	for (struct blk b = op_body(t->ir, own, r); b.i; b = ir_blk(t->ir, b)->next)
		for (struct op o = ir_blk(t->ir, b)->first; o.i; o = ir_op(t->ir, o)->next) {
			t->arm[o.i - t->f.op0] = fork ? (struct tl_arm){own, o} : tl_arm_of(t, own);
			bool loop = op_id(t->ir, o) == OP_FOR || op_id(t->ir, o) == OP_WHILE;
			if (!counting)
				tl_sum(t, o);
			tl_op(t, o, counting ? TL_COUNT : TL_READS, counting ? TL_COUNT : TL_WRITES);
			if (op_id(t->ir, o) == OP_CALL && !counting)
				tl_call(t, o);
			if (op_id(t->ir, o) == OP_ALLOC_TILE)
				tl_fam_of(t, ck_family(&t->f, op_res(t->ir, o, 0)))->lost = 0;
			uint32_t trips = loop && !counting && depth < TWICE_DEPTH ? 2 : 1;
			for (uint32_t trip = 0; trip < trips; trip++)
				for (uint32_t k = 0; k < ir_op(t->ir, o)->nreg; k++)
					tl_region(t, o, k, counting, depth + loop);
		}
}

/* ---- reads of nothing ---- */

/* Does an op write any of the bytes, or something unknown in their space? */
static bool
tl_may_write(struct tl *t, struct op o, const struct tl_read *r)
{
	uint32_t n = 0, m;
	const struct phase *ph = access_phases(t->ac, o, &n);
	int64_t lo, hi;

	for (uint32_t i = 0; i < n; i++) {
		const struct acc *c = access_accs(t->ac, &ph[i], &m);
		for (uint32_t k = 0; k < m; k++)
			if (c[k].rw & ACC_WRITE && access_space(t->ac, c[k].set) == r->space &&
			    (!access_extent(t->ac, c[k].set, &lo, &hi) || (lo < r->hi && r->lo < hi)))
				return true;
	}
	return false;
}

/* Nothing before it wrote them; does anything behind it, in a loop around both? */
static bool
tl_written_later(struct tl *t, const struct tl_read *r)
{
	struct op outer = {0};

	for (struct op p = op_parent(t->ir, r->op); p.i && p.i != t->f.func.i; p = op_parent(t->ir, p))
		if (op_id(t->ir, p) == OP_FOR || op_id(t->ir, p) == OP_WHILE)
			outer = p;
	struct reg body = op_reg(t->ir, t->f.func, 0);
	if (ir_reg(t->ir, body)->first.i != ir_reg(t->ir, body)->last.i)
		outer = t->f.func;
	if (!outer.i)
		return false;
	for (uint32_t k = ck_pos(&t->f, outer); k <= ck_end(&t->f, outer); k++)
		if (tl_may_write(t, t->f.order.at[k - ck_pos(&t->f, t->f.func)], r))
			return true;
	return false;
}

static void
tl_report_doubts(struct tl *t)
{
	for (uint32_t k = 0; k < t->doubt.n; k++) {
		const struct tl_doubt *d = &t->doubt.at[k];
		const struct tl_lost *l = &t->lost.at[d->lost];
		if (!l->fam || tl_named(t, l->fam) != tl_named(t, d->fam))
			tl_report_lost(t, d->op, d->fam, l);
	}
}

static void
tl_report_unwritten(struct tl *t)
{
	struct ir *ir = t->ir;

	for (uint32_t k = 0; k < t->unwritten.n && t->nreport < REPORTS_MAX; k++) {
		const struct tl_read *r = &t->unwritten.at[k];
		if (tl_written_later(t, r))
			continue;
		t->nreport++;
		diag_report(ir->diags, DIAG_UNWRITTEN, ir_op(ir, r->op)->span,
			    "%s is read here, but nothing has written bytes [%lld, %lld) of %s",
			    val_name(ir, (struct val){r->fam}), (long long)r->lo, (long long)r->hi,
			    isa_space[r->space].tile);
		diag_note(ir->diags, val_span(ir, (struct val){r->fam}), "the tile is allocated here");
	}
}

static void
tl_function(struct arena *a, struct ir *ir, struct access *ac, const struct ck_owners *owners, struct op func)
{
	struct arena_mark m = arena_mark(a);
	struct tl t = {.ir = ir, .ac = ac, .owners = owners};
	uint32_t before = ir->diags->all.n;

	ck_families_build(&t.f, a, ir, func);
	t.arm = ARENA_ARRAY(a, struct tl_arm, t.f.nop);
	t.index = ARENA_ARRAY(a, uint32_t, t.f.nval + 1);
	VEC_ADD(a, &t.fam, 1);
	VEC_ADD(a, &t.lost, 1);
	for (uint32_t k = 0; k < t.f.alloc.n; k++)
		tl_fam_of(&t, ck_family(&t.f, op_res(ir, t.f.alloc.at[k], 0)))->alloc = true;
	if (!t.f.moves && t.f.alloc.n) {
		tl_region(&t, func, 0, true, 0);
		tl_region(&t, func, 0, false, 0);
		tl_report_doubts(&t);
		tl_report_unwritten(&t);
	}
	if (ir->diags->all.n == before && !t.compared)	/* reports that nobody sees are kept here as well */
		arena_rewind(a, m);
}

void
check_tiles(struct arena *a, struct ir *ir, struct access *ac, const struct op *func, uint32_t nfunc, bool given)
{
	struct ck_owners owners = {.at = NULL};

	if (given)
		ck_owners_build(&owners, a, ir, ac, func, nfunc);
	for (uint32_t k = 0; k < nfunc; k++)
		tl_function(a, ir, ac, &owners, func[k]);
}
