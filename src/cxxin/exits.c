/*
 * exits: loops that are left in several places. What stands behind a way out is copied into the arms that go on, and
 * a variable of the loop, made for it when the text was read, says how it was left:
 *
 *	for (..; c; step) { A; if (x) break; B; if (y) return; C; }
 *	how = 0; while (true) { if (c) { A; if (x) how = 1; else { B; if (y) how = 2; else C; } }
 *		else how = 1; if (how != 0) break; step; }  if (how == 2) return;
 *
 * so that one way out is left, which loops.c reads. Helpers get the same copies for their returns. A loop that stays as
 * it is holds a break or a jump that the steps behind call unknown. Trees are shared by copies; only lists are new.
 */
#include "cxxin/model.h"

enum { HOW_ON = 0, HOW_BREAK = 1, HOW_RETURN = 2, HOW_GOTO = 3 };
enum { COPIES_MAX = 4096, DEEP_MAX = 100 };

struct exits {
	struct reader *r;
	uint32_t how;			/* variable, 0: the body of a helper, whose returns stay */
	VEC(uint32_t) label;		/* gotos out of the loop: symbols */
	uint32_t copies, depth;
	uint8_t cores;			/* of the loop */
	bool returns, failed;
};

/* What the statements of a list do to the loop around it. */
struct ways {
	uint32_t nbreak, ncontinue, nreturn, ngoto;
	bool local;			/* gotos or labels of the list itself */
};

struct tail {
	uint32_t list;
	const struct tail *next;
};

/* ---- trees ---- */

static uint32_t
how_is(struct reader *r, uint32_t how, uint16_t op, uint32_t value, struct span at)
{
	uint32_t a = cx_node(r, (struct expr){.kind = EX_VAR, .at = at, .a = how});
	uint32_t b = cx_node(r, (struct expr){.kind = EX_INT, .at = at, .u = {.i = value}});

	return cx_node(r, (struct expr){.kind = EX_BINARY, .op = op, .at = at, .a = a, .b = b});
}

static uint32_t
put(struct reader *r, struct cstmt s)
{
	s.next = 0;
	VEC_PUSH(r->a, &r->stmt, s);
	return r->stmt.n - 1;
}

/* how = value; in place of the statement s, whose assignments are noted. */
static uint32_t
set_how(struct reader *r, uint32_t how, uint32_t value, const struct cstmt *s)
{
	struct cstmt t = *s;

	t.kind = CS_ASSIGN;
	t.op = 0;
	t.a = cx_node(r, (struct expr){.kind = EX_VAR, .at = s->at, .a = how});
	t.b = cx_node(r, (struct expr){.kind = EX_INT, .at = s->at, .u = {.i = value}});
	t.jumps = t.leaves = false;
	return put(r, t);
}

static bool
cover(struct reader *r, struct cstmt *s, uint32_t list)
{
	bool ok = true;

	for (uint32_t k = list; k; k = r->stmt.at[k].next) {
		const struct cstmt *t = &r->stmt.at[k];
		if (t->set0 < t->set1) {
			bool first = s->set0 == s->set1;
			s->set0 = first || t->set0 < s->set0 ? t->set0 : s->set0;
			s->set1 = first || t->set1 > s->set1 ? t->set1 : s->set1;
		}
		s->var0 = t->var0 < s->var0 ? t->var0 : s->var0;
		ok = ok && (s->cores == CORES_ALL || t->cores == s->cores);
	}
	return ok;
}

/* if (cond) yes else no */
static uint32_t
make_if(struct exits *x, const struct cstmt *like, uint32_t cond, uint32_t yes, uint32_t no)
{
	struct cstmt s = {.kind = CS_IF, .cores = like->cores, .at = like->at, .var0 = like->var0, .a = cond,
			  .b = yes, .c = no, .set0 = like->set0, .set1 = like->set1};

	x->failed |= !cover(x->r, &s, yes) || !cover(x->r, &s, no);
	return put(x->r, s);
}

/* ---- copies ---- */

/* Code of a way out, HOW_ON for continue; -1: the statement is none. */
static int
way_out(struct exits *x, const struct cstmt *s)
{
	switch (s->kind) {
	case CS_BREAK:
		return x->how ? HOW_BREAK : -1;
	case CS_CONTINUE:
		return x->how ? HOW_ON : -1;
	case CS_RETURN:
		x->returns = true;
		x->failed |= x->how && s->a;
		return HOW_RETURN;
	case CS_GOTO:
		for (uint32_t k = 0; k < x->label.n; k++)
			if (x->label.at[k] == s->name.i)
				return (int)(HOW_GOTO + k);
		VEC_PUSH(x->r->a, &x->label, s->name.i);
		return (int)(HOW_GOTO + x->label.n - 1);
	default:
		return -1;
	}
}

static uint32_t
last_of(const struct reader *r, uint32_t list)
{
	while (list && r->stmt.at[list].next)
		list = r->stmt.at[list].next;
	return list;
}

struct list {
	uint32_t first, last;
};

static void
add(struct exits *x, struct list *l, uint32_t more)
{
	if (!more)
		return;
	if (l->last)
		x->r->stmt.at[l->last].next = more;
	else
		l->first = more;
	l->last = last_of(x->r, more);
}

/* The list and what stands behind it, without ways out. Recursion over nesting and ways out, limited. */
static uint32_t
on_from(struct exits *x, uint32_t list, const struct tail *behind)
{
	struct reader *r = x->r;
	struct list out = {0, 0};

	x->failed |= ++x->depth > DEEP_MAX;
	while (!x->failed) {
		for (; !list && behind; behind = behind->next)
			list = behind->list;
		if (!list)
			break;
		struct cstmt s = r->stmt.at[list];
		struct tail rest = {s.next, behind};
		int way = way_out(x, &s);
		x->failed |= ++x->copies > COPIES_MAX || s.kind == CS_LABEL ||
			     (s.leaves && (s.kind == CS_SWITCH || (x->cores != CORES_ALL && s.cores != x->cores)));
		if (way >= 0) {
			if (!x->how)
				add(x, &out, put(r, s));
			else if (way > 0)
				add(x, &out, set_how(r, x->how, (uint32_t)way, &s));
			break;
		}
		if (s.leaves && s.kind == CS_IF) {
			uint32_t yes = on_from(x, s.b, &rest), no = on_from(x, s.c, &rest);
			add(x, &out, make_if(x, &s, s.a, yes, no));
			break;
		}
		if (s.leaves && s.kind == CS_BLOCK) {
			add(x, &out, on_from(x, s.d, &rest));
			break;
		}
		add(x, &out, put(r, s));
		list = s.next;
	}
	x->depth--;
	return out.first;
}

/* ---- loops ---- */

/* What follows the loop: the jump that it was left for. */
static void
dispatch(struct exits *x, struct list *l, const struct cstmt *loop)
{
	struct cstmt jump = {.kind = CS_RETURN, .cores = loop->cores, .at = loop->at, .jumps = true, .var0 = loop->var0,
			     .set0 = loop->set0, .set1 = loop->set1};

	if (x->returns) {
		uint32_t cond = how_is(x->r, x->how, P2('=', '='), HOW_RETURN, loop->at), to = put(x->r, jump);
		x->r->stmt.at[to].leaves = true;
		add(x, l, make_if(x, loop, cond, to, 0));
		x->r->stmt.at[l->last].leaves = true;
	}
	for (uint32_t k = 0; k < x->label.n; k++) {
		jump.kind = CS_GOTO;
		jump.name.i = x->label.at[k];
		uint32_t cond = how_is(x->r, x->how, P2('=', '='), HOW_GOTO + k, loop->at), to = put(x->r, jump);
		x->r->stmt.at[to].leaves = true;
		add(x, l, make_if(x, loop, cond, to, 0));
		x->r->stmt.at[l->last].leaves = true;
	}
}

/* The body of the new loop; `cond` 0: endless. */
static uint32_t
new_body(struct exits *x, const struct cstmt *loop, const struct cstmt *init, uint32_t cond)
{
	struct reader *r = x->r;
	struct list out = {0, 0};
	struct cstmt leave = {.kind = CS_BREAK, .cores = loop->cores, .at = loop->at, .var0 = r->var.n};
	uint32_t step = loop->kind == CS_FOR ? loop->c : 0, body = loop->d, stop = 0, before = 0;

	if (loop->kind == CS_WHILE && loop->op) {
		/* do: the condition is asked behind the body, also after continue */
		for (stop = body; r->stmt.at[stop].next; stop = r->stmt.at[stop].next)
			before = stop;
		if (before)
			r->stmt.at[before].next = 0;
		body = before ? body : 0;
	}
	uint32_t on = on_from(x, body, NULL);
	if (before)
		r->stmt.at[before].next = stop;
	add(x, &out, cond ? make_if(x, loop, cond, on, set_how(r, x->how, HOW_BREAK, init)) : on);
	if (stop) {
		uint32_t ask = on_from(x, stop, NULL);
		add(x, &out, make_if(x, loop, how_is(r, x->how, P2('=', '='), HOW_ON, loop->at), ask, 0));
	}
	add(x, &out, make_if(x, &leave, how_is(r, x->how, P2('!', '='), HOW_ON, loop->at), put(r, leave), 0));
	for (uint32_t k = step; k; k = r->stmt.at[k].next)
		add(x, &out, put(r, r->stmt.at[k]));
	return out.first;
}

static bool
is_endless(const struct reader *r, uint32_t cond)
{
	return !cond || (r->expr.at[cond].kind == EX_BOOL && r->expr.at[cond].u.i);
}

/* The loop becomes a block: what stands in front, the loop, what follows. False when it stays. */
static bool
rewrite(struct reader *r, uint32_t k, const struct ways *w)
{
	struct cstmt loop = r->stmt.at[k];
	struct exits x = {.r = r, .how = loop.name.i, .cores = loop.cores};
	uint32_t cond = loop.kind == CS_FOR ? loop.b : loop.a, mark = r->var.at[x.how].init;
	struct cstmt init = {.cores = loop.cores, .at = loop.at, .var0 = r->var.n, .set0 = mark, .set1 = mark + 1};
	struct list out = {0, 0};

	cond = is_endless(r, cond) ? 0 : cond;
	if (!(w->nbreak || w->nreturn || w->ngoto)) {
		/* continue alone leaves the loop what it is; a do-loop has a break */
		uint32_t on = on_from(&x, loop.d, NULL);
		if (!x.failed)
			r->stmt.at[k].d = on;
		return !x.failed;
	}
	uint32_t body = new_body(&x, &loop, &init, cond);
	if (x.failed)
		return false;
	if (loop.kind == CS_FOR)
		add(&x, &out, loop.a);
	add(&x, &out, set_how(r, x.how, HOW_ON, &init));
	struct cstmt s = loop;
	s.kind = CS_WHILE;
	s.op = 0;
	s.a = cx_truth_expr(r, loop.at);
	s.d = body;
	cover(r, &s, body);
	s.leaves = false;
	add(&x, &out, put(r, s));
	dispatch(&x, &out, &loop);
	if (x.failed)
		return false;
	r->var.at[x.how].nset = 2;	/* it is one that is carried now */
	r->stmt.at[k].kind = CS_BLOCK;
	r->stmt.at[k].d = out.first;
	r->stmt.at[k].leaves = x.returns || x.label.n;
	return true;
}

static struct ways walk(struct reader *r, uint32_t list, uint32_t loop, bool in_switch);

static struct ways
walk_loop(struct reader *r, uint32_t k)
{
	struct cstmt s = r->stmt.at[k];
	struct ways in = walk(r, s.d, s.name.i, false), out = {0};
	uint32_t cond = s.kind == CS_FOR ? s.b : s.a, all = in.nbreak + in.ncontinue + in.nreturn + in.ngoto;
	bool usual = in.nbreak == all && in.nbreak == 1 && is_endless(r, cond) && cx_find_break(r, s.d);

	if (all && !usual && !in.local && rewrite(r, k, &in)) {
		out.nreturn = in.nreturn != 0;
		out.ngoto = in.ngoto;
	}
	return out;
}

/* Ways out of a list, loops inside it done; marks statements that hold some. Recursion over nesting. */
static struct ways
walk(struct reader *r, uint32_t list, uint32_t loop, bool in_switch)
{
	struct ways all = {0};

	for (uint32_t k = list; k; k = r->stmt.at[k].next) {
		struct cstmt s = r->stmt.at[k];
		struct ways w = {0}, no;
		w.nbreak = s.kind == CS_BREAK && !in_switch;
		w.ncontinue = s.kind == CS_CONTINUE;
		w.nreturn = s.kind == CS_RETURN;
		bool inside = s.kind == CS_GOTO && CX_FIND(&r->label_loop, s.name) == loop;
		w.ngoto = s.kind == CS_GOTO && !inside;
		w.local = inside || s.kind == CS_LABEL;
		if (s.kind == CS_FOR || s.kind == CS_WHILE) {
			w = walk_loop(r, k);
		} else if (s.kind == CS_IF) {
			w = walk(r, s.b, loop, in_switch);
			no = walk(r, s.c, loop, in_switch);
			w.nbreak += no.nbreak;
			w.ncontinue += no.ncontinue;
			w.nreturn += no.nreturn;
			w.ngoto += no.ngoto;
			w.local |= no.local;
		} else if (s.kind == CS_BLOCK || s.kind == CS_SWITCH) {
			w = walk(r, s.d, loop, in_switch || s.kind == CS_SWITCH);
		}
		r->stmt.at[k].leaves = w.nbreak || w.ncontinue || w.nreturn || w.ngoto;
		all.nbreak += w.nbreak;
		all.ncontinue += w.ncontinue;
		all.nreturn += w.nreturn;
		all.ngoto += w.ngoto;
		all.local |= w.local;
	}
	return all;
}

/* Loop that each label stands in. Recursion over nesting. */
static void
find_labels(struct reader *r, uint32_t list, uint32_t loop)
{
	for (uint32_t k = list; k; k = r->stmt.at[k].next) {
		struct cstmt s = r->stmt.at[k];
		if (s.kind == CS_LABEL)
			CX_SET(r, &r->label_loop, s.name, loop);
		if (s.kind == CS_IF) {
			find_labels(r, s.b, loop);
			find_labels(r, s.c, loop);
		} else if (s.kind == CS_BLOCK || s.kind == CS_SWITCH) {
			find_labels(r, s.d, loop);
		} else if (s.kind == CS_FOR || s.kind == CS_WHILE) {
			find_labels(r, s.d, s.name.i);
		}
	}
}

bool
cx_exits(struct reader *r, uint32_t *body, bool helper)
{
	struct exits x = {.r = r, .cores = CORES_ALL};

	find_labels(r, *body, 0);
	struct ways w = walk(r, *body, 0, false);
	if (!helper || !w.nreturn)
		return true;
	uint32_t on = on_from(&x, *body, NULL);
	if (x.failed)
		return false;
	*body = on;
	return true;
}
