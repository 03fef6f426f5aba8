/* finding: collects what the checker found and says it in English. */
#include "check/walk.h"

enum { FINDINGS_MAX = 64, PLAIN_STEPS_MAX = 4096 };

bool
ck_full(const struct ck_checker *c)
{
	return c->res->finding.n == FINDINGS_MAX;
}

void
ck_report(struct ck_checker *c, const struct finding *found)
{
	struct finding known = *found, *f = &known;

	if (c->dynamic && f->kind != CK_TOKEN)
		f->verdict = CHECK_UNPROVED;
	if (f->verdict == CHECK_VIOLATED || c->res->verdict == CHECK_PROVED)
		c->res->verdict = f->verdict;
	for (uint32_t i = 0; i < c->res->finding.n && !ck_full(c); i++) {
		struct finding *o = &c->res->finding.at[i];
		if (o->kind != f->kind || o->src.i != f->src.i || o->dst.i != f->dst.i || o->loop.i != f->loop.i ||
		    o->pipe_src != f->pipe_src || o->pipe_dst != f->pipe_dst || o->eid != f->eid)
			continue;
		if (f->verdict == CHECK_VIOLATED)
			o->verdict = CHECK_VIOLATED;
		return;
	}
	if (c->res->finding.n < FINDINGS_MAX)
		VEC_PUSH(c->a, &c->res->finding, *f);
}

/* ---- does it happen at all? ---- */

/* Trips of a loop with constant bounds; -1 when they depend on more. */
static int64_t
loop_trips(const struct ir *ir, struct op loop)
{
	int64_t lo, hi, step;

	if (op_id(ir, loop) != OP_FOR || !val_const_int(ir, op_slot(ir, loop, 0), &lo) ||
	    !val_const_int(ir, op_slot(ir, loop, 1), &hi) || !val_const_int(ir, op_slot(ir, loop, 2), &step) ||
	    step < 1)
		return -1;
	return lo < hi ? (hi - lo - 1) / step + 1 : 0;
}

/* Several conditions may exclude each other, and one that is constant may be false. */
bool
ck_certain(const struct ck_checker *c, struct op o)
{
	uint32_t nif = 0;
	int64_t x;

	for (struct op p = op_parent(c->ir, o); p.i && p.i != c->func.i; p = op_parent(c->ir, p)) {
		enum op_id id = op_id(c->ir, p);
		if (loop_trips(c->ir, p) == 0)
			return false;
		if (id == OP_IF && val_const_int(c->ir, op_slot(c->ir, p, 0), &x))
			return false;
		nif += id == OP_IF || id == OP_WHILE || id == OP_INDEX_SWITCH;
	}
	return nif <= 1;
}

/* ---- is the way from src to dst free of anything the checker approximates? ---- */

static bool
ck_op_plain(const struct ir *ir, struct op o)
{
	if (!ir_op(ir, o)->nreg)
		return true;
	if (op_id(ir, o) != OP_FOR)
		return false;
	struct blk b = op_body(ir, o, 0);
	for (struct op i = b.i ? ir_blk(ir, b)->first : (struct op){0}; i.i; i = ir_op(ir, i)->next)
		if (ir_op(ir, i)->nreg)
			return false;
	return true;
}

/* The op of block b that holds o (o itself, or a plain loop around it); 0 when there is none. */
static struct op
holder_in(const struct ir *ir, struct blk b, struct op o)
{
	struct op p = op_parent(ir, o);

	if (ir_op(ir, o)->parent.i == b.i)
		return o;
	if (p.i && ck_op_plain(ir, p) && ir_op(ir, p)->parent.i == b.i)
		return p;
	return (struct op){0};
}

static bool
body_plain(const struct ir *ir, struct op loop, struct op src, struct op dst)
{
	struct blk b = op_body(ir, loop, 0);

	return op_id(ir, loop) == OP_FOR && ck_op_plain(ir, loop) && ir_op(ir, src)->parent.i == b.i &&
	       ir_op(ir, dst)->parent.i == b.i;
}

bool
ck_plain_between(const struct ck_checker *c, struct op src, struct op dst, struct op loop)
{
	struct op x, y;

	if (!src.i || !dst.i || c->sec->unstructured || !ck_certain(c, src) || !ck_certain(c, dst))
		return false;
	if (loop.i && loop_trips(c->ir, loop) >= 0 && loop_trips(c->ir, loop) < 2)
		return false;
	if (loop.i)
		return body_plain(c->ir, loop, src, dst);
	struct blk b = ir_op(c->ir, src)->parent;
	if (!holder_in(c->ir, b, dst).i) {
		b = ir_op(c->ir, dst)->parent;
		if (!holder_in(c->ir, b, src).i)
			return false;
	}
	x = holder_in(c->ir, b, src);
	y = holder_in(c->ir, b, dst);
	bool inside = x.i != src.i || y.i != dst.i || op_parent(c->ir, x).i != c->func.i;
	for (uint32_t n = 0; x.i && n < PLAIN_STEPS_MAX; n++, x = ir_op(c->ir, x)->next) {
		if (!ck_op_plain(c->ir, x))
			return false;
		if (x.i == y.i)
			return true;
		/* With two trips for certain the second one may bring about what the first one cannot; and a loop may
		 * run whenever the code around the two ends does. */
		if (n && ir_op(c->ir, x)->nreg && (inside || loop_trips(c->ir, x) > 1))
			return false;
	}
	return false;
}

/* ---- text ---- */

static void
ck_print_access(const struct ir *ir, const struct access *ac, struct op o, uint8_t pipe, uint32_t set, struct out *to)
{
	out_f(to, "'%s'", op_row(ir, o)->name);
	out_f(to, " (%s", pipe_name((enum pipe)pipe));
	if (set) {
		out_str(to, ", ");
		access_print(ac, set, to);
	}
	out_char(to, ')');
}

static void
ck_print_flag(const struct finding *f, struct out *to)
{
	out_f(to, "flag %s->%s EVENT_ID%u", pipe_name((enum pipe)f->pipe_src), pipe_name((enum pipe)f->pipe_dst),
	      (unsigned)f->eid);
}

static void
print_pair(const struct ir *ir, const struct access *ac, const struct finding *f, struct out *to)
{
	ck_print_access(ir, ac, f->dst, f->pipe_dst, f->set_dst, to);
	out_str(to, f->kind == CK_VISIBLE ? " may not see the memory effect of " : " may start before the end of ");
	ck_print_access(ir, ac, f->src, f->pipe_src, f->set_src, to);
	if (f->loop.i)
		out_str(to, " of an earlier iteration");
}

static void
print_key(const struct ir *ir, const struct access *ac, const struct finding *f, struct out *to)
{
	static const char *const text[] = {
		[CK_DOUBLE_SET] = " may be set again before the previous set is consumed",
		[CK_WAIT_CLEAR] = " is waited for but not set on every way",
		[CK_LEFT_SET] = " is not consumed on every way",
		[CK_HIDDEN_KEY] = " may be pending across a macro that uses it itself",
		[CK_TOKEN] = " does not exist on this core",
	};

	(void)ir;
	(void)ac;
	ck_print_flag(f, to);
	out_str(to, text[f->kind]);
}

static void
print_tail(const struct ir *ir, const struct access *ac, const struct finding *f, struct out *to)
{
	(void)ac;
	out_f(to, "'%s' (%s) may not be %s when the function returns", op_row(ir, f->src)->name,
	      pipe_name((enum pipe)f->pipe_src), f->pipe_src == P_S ? "written back" : "complete");
}

static void
print_beyond(const struct ir *ir, const struct access *ac, const struct finding *f, struct out *to)
{
	(void)ac;
	out_f(to, "the order at '%s' cannot be decided", f->dst.i ? op_row(ir, f->dst)->name : "this function");
}

void
finding_print(const struct ir *ir, const struct access *ac, const struct finding *f, struct out *o)
{
	static void (*const print[])(const struct ir *, const struct access *, const struct finding *,
				     struct out *) = {
		[CK_ORDER] = print_pair, [CK_VISIBLE] = print_pair, [CK_DOUBLE_SET] = print_key,
		[CK_WAIT_CLEAR] = print_key, [CK_LEFT_SET] = print_key, [CK_HIDDEN_KEY] = print_key,
		[CK_TOKEN] = print_key, [CK_TAIL] = print_tail, [CK_BEYOND] = print_beyond,
	};

	print[f->kind](ir, ac, f, o);
	if (f->verdict == CHECK_UNPROVED && f->kind != CK_BEYOND)
		out_str(o, " (not proved)");
}
