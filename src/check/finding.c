/* finding: collects what the checker found and says it in English. */
#include "check/walk.h"

enum { FINDINGS_MAX = 64 };

/* A new finding; with the list full, a violation in the place of the last doubt. NULL: no room. */
static struct finding *
room(struct ck_checker *c, const struct finding *f)
{
	struct check_result *r = c->res;
	uint32_t i = r->finding.n;

	if (i < FINDINGS_MAX) {
		VEC_PUSH(c->a, &r->finding, *f);
		return &r->finding.at[i];
	}
	while (f->verdict == CHECK_VIOLATED && i-- > 0) {
		if (r->finding.at[i].verdict == CHECK_VIOLATED)
			continue;
		r->finding.at[i] = *f;
		return &r->finding.at[i];
	}
	return NULL;
}

void
ck_report(struct ck_checker *c, const struct finding *f)
{
	struct finding *n;

	if (f->verdict == CHECK_VIOLATED || c->res->verdict == CHECK_PROVED)
		c->res->verdict = f->verdict;
	for (uint32_t i = 0; i < c->res->finding.n; i++) {
		struct finding *o = &c->res->finding.at[i];
		if (o->kind != f->kind || o->src.i != f->src.i || o->dst.i != f->dst.i || o->loop.i != f->loop.i ||
		    o->pipe_src != f->pipe_src || o->pipe_dst != f->pipe_dst || o->eid != f->eid)
			continue;
		if (f->verdict == CHECK_VIOLATED)
			o->verdict = CHECK_VIOLATED;
		return;
	}
	n = room(c, f);
	if (n && c->mode == MODE_REPLAY && !f->path)
		ck_path(c, n, 0, c->ctx, false);
}

enum verdict
ck_here(const struct ck_checker *c)
{
	/* What is loaded must not contradict what the kernel itself stores. */
	bool exact = c->mode == MODE_REPLAY && !c->env.doubt && !(c->env.loaded && c->stores);

	return exact ? CHECK_VIOLATED : CHECK_UNPROVED;
}

/* The innermost branch around one of the two places but not the other. */
static struct op
branch_between(const struct ir *ir, struct op a, struct op b)
{
	for (struct op p = op_parent(ir, a); p.i; p = op_parent(ir, p)) {
		enum op_id id = op_id(ir, p);
		struct op q = b;
		if (id != OP_IF && id != OP_WHILE && id != OP_INDEX_SWITCH)
			continue;
		while (q.i && q.i != p.i)
			q = op_parent(ir, q);
		if (!q.i)
			return p;
	}
	return (struct op){0};
}

void
ck_explain(const struct ck_checker *c, struct finding *f)
{
	bool gm = f->set_src && f->set_dst && access_space(c->ac, f->set_src) == SP_GM;

	if (f->verdict != CHECK_UNPROVED || f->why)
		return;
	f->branch = f->dst.i ? branch_between(c->ir, f->dst, f->src) : f->branch;
	if (!f->branch.i && f->src.i)
		f->branch = branch_between(c->ir, f->src, f->dst);
	if (c->sec->unstructured)
		f->why = CK_WHY_BLOCKS;
	else if (gm && f->kind == CK_VISIBLE && f->pipe_dst == P_S)
		f->why = CK_WHY_LINES;
	else if (gm && f->set_src != f->set_dst)
		f->why = CK_WHY_BYTES;
	else
		f->why = f->branch.i ? CK_WHY_BRANCH : CK_WHY_RUNS;
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

static void
print_undecided(const struct ir *ir, const struct finding *f, struct out *to)
{
	static const char *const text[] = {
		[CK_WHY_NONE] = "", [CK_WHY_RUNS] = "no run that was tried shows it",
		[CK_WHY_BYTES] = "whether both touch the same bytes is not decided",
		[CK_WHY_BRANCH] = "whether the branch is taken is not decided",
		[CK_WHY_BLOCKS] = "branches between blocks are not followed",
		[CK_WHY_LINES] = "single cache lines are not followed",
		[CK_WHY_ID] = "the event id is not known", [CK_WHY_OP] = "its effect on order is not known",
		[CK_WHY_MANY] = "too many accesses may overlap",
	};

	out_str(to, " (not proved");
	if (f->why == CK_WHY_BRANCH && !span_none(ir_op(ir, f->branch)->span))
		out_f(to, ": whether the branch of line %u is taken is not decided",
		      source_pos(ir->diags->src, ir_op(ir, f->branch)->span.lo).line);
	else if (f->why)
		out_f(to, ": %s", text[f->why]);
	out_char(to, ')');
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
	if (f->verdict == CHECK_UNPROVED)
		print_undecided(ir, f, o);
}

/* ---- counter-examples ---- */

static void
print_trips(const struct ir *ir, const struct check_trip *t, uint32_t n, struct out *o)
{
	for (uint32_t i = n; i-- > 0;) {
		struct span s = ir_op(ir, t[i].loop)->span;
		out_f(o, "%strip %lld of ", i + 1 < n ? ", " : "", (long long)t[i].k);
		if (span_none(s))
			out_str(o, "the loop");
		else
			out_f(o, "line %u", source_pos(ir->diags->src, s.lo).line);
	}
}

void
finding_print_path(const struct ir *ir, const struct access *ac, const struct check_result *res,
		   const struct finding *f, struct out *o)
{
	const struct check_path *p = &res->path.at[f->path];
	const struct check_trip *t = VEC_FROM(&res->trip, p->trip0);

	out_str(o, p->ninput || p->ndst || p->nsrc ? "happens" : "happens in every run");
	for (uint32_t i = 0; i < p->ninput; i++) {
		const struct check_input *in = &res->input.at[p->input0 + i];
		out_str(o, i ? ", " : " with ");
		out_f(o, "%s = %lld", in->v.i ? val_name(ir, in->v) : op_row(ir, in->op)->name, (long long)in->x);
	}
	if (p->ndst) {
		out_str(o, p->ninput ? ", in " : " in ");
		print_trips(ir, t + p->nsrc, p->ndst, o);
	}
	if (p->nsrc) {
		out_str(o, ", after ");
		print_trips(ir, t, p->nsrc, o);
	}
	if (p->hi > p->lo && f->set_dst)
		out_f(o, "; both touch %s bytes [%lld, %lld)", access_space(ac, f->set_dst) == SP_GM ? "GM" :
		      isa_space[access_space(ac, f->set_dst)].tile, (long long)p->lo, (long long)p->hi);
}
