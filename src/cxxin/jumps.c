/*
 * jumps: gotos back into ifs and loops. The statements of a list with labels become a graph of nodes, each with
 * statements of its own and at most two ways on; as long as nodes form an if, a loop or a sequence, they become one. A
 * graph of one node is a list without labels; from any other one nothing is taken, and the function is read as blocks
 * with branches.
 *
 * Returns without a value count as ways to the end of the function. Statements are copied: a list that cannot be
 * rebuilt stays as it was. Variables that are declared with a value between labels, not in braces, may be used anywhere
 * behind, so their declarations must not end up inside an if or a loop.
 */
#include "cxxin/model.h"

enum { EXIT = 0, ENTRY = 1 };
#define CLOSED UINT32_MAX
enum { HEIGHT_MAX = 200 };

struct node {
	uint32_t first, last;	/* its statements */
	uint32_t to[2], nto;	/* true, false; or one */
	uint32_t cond;
	struct span at;
	uint8_t cores;		/* of the condition */
	struct sym label;
	uint32_t ngoto;		/* gotos of this list that name the label */
	uint32_t npred;
	bool placed, gone;
};

struct jumps {
	struct reader *r;
	VEC(struct node) node;
	VEC(uint32_t) named;	/* by symbol: node of a label */
	uint32_t cur;		/* node that takes statements, CLOSED behind a jump */
	bool top;		/* the body of a function */
	uint32_t ndecl;		/* declarations with a value between labels */
	bool late;		/* variables are declared between labels: they are outside of all that is made here */
	bool failed;
};

static bool restructure(struct reader *r, uint32_t *list, bool top);

/* ---- the graph ---- */

static uint32_t
node_new(struct jumps *j)
{
	VEC_ADD(j->r->a, &j->node, 1);
	return j->node.n - 1;
}

static uint32_t
node_of(struct jumps *j, struct sym label)
{
	uint32_t n = CX_FIND(&j->named, label);

	if (!n) {
		n = node_new(j);
		j->node.at[n].label = label;
		CX_SET(j->r, &j->named, label, n);
	}
	return n;
}

static void
leave(struct jumps *j, uint32_t to)
{
	if (j->cur == CLOSED)
		return;
	struct node *n = &j->node.at[j->cur];
	n->to[n->nto++] = to;
	j->node.at[to].npred++;
	j->cur = CLOSED;
}

static void
enter(struct jumps *j, uint32_t n)
{
	j->failed |= j->node.at[n].placed;
	j->node.at[n].placed = true;
	j->cur = n;
}

static void
append(struct jumps *j, uint32_t n, uint32_t stmt)
{
	struct node *d = &j->node.at[n];

	if (d->last)
		j->r->stmt.at[d->last].next = stmt;
	else
		d->first = stmt;
	d->last = stmt;
}

static uint32_t
copy(struct jumps *j, uint32_t k)
{
	struct cstmt s = j->r->stmt.at[k];

	s.next = 0;
	VEC_PUSH(j->r->a, &j->r->stmt, s);
	return j->r->stmt.n - 1;
}

/* A break among the statements, or as an arm of an if: it belongs to a loop around the list. */
static bool
breaks_out(const struct reader *r, const struct cstmt *s)
{
	const struct cstmt *arm = &r->stmt.at[s->b];

	return s->kind == CS_BREAK || (s->kind == CS_IF && s->b && arm->kind == CS_BREAK);
}

/* A number or pointer without a value yet. */
static bool
bare_number(const struct reader *r, const struct cstmt *s)
{
	enum ctype_kind k = (enum ctype_kind)r->ctype.at[r->var.at[s->a].type].kind;

	return !s->b && !r->var.at[s->a].array && (k == CT_INT || k == CT_FLOAT || k == CT_PTR);
}

static void add_list(struct jumps *j, uint32_t list, bool braces);

static void
add_if(struct jumps *j, const struct cstmt *s)
{
	uint32_t yes = node_new(j), no = node_new(j), behind = node_new(j), from = j->cur;
	struct node *n = &j->node.at[from];

	n->cond = s->a;
	n->at = s->at;
	n->cores = s->cores;
	n->to[0] = yes;
	n->to[1] = no;
	n->nto = 2;
	j->node.at[yes].npred = j->node.at[no].npred = 1;
	enter(j, yes);
	add_list(j, s->b, true);
	leave(j, behind);
	enter(j, no);
	add_list(j, s->c, true);
	leave(j, behind);
	enter(j, behind);
}

static void
add_return(struct jumps *j, const struct cstmt *s)
{
	j->failed |= !j->top || s->a;
	leave(j, EXIT);
}

static void
add_statement(struct jumps *j, uint32_t k, bool braces)
{
	struct cstmt s = j->r->stmt.at[k];

	if (s.kind == CS_LABEL) {
		uint32_t n = node_of(j, s.name);
		leave(j, n);
		enter(j, n);
		return;
	}
	if (j->cur == CLOSED)
		enter(j, node_new(j));	/* nothing comes here */
	if (s.kind == CS_GOTO) {
		uint32_t n = node_of(j, s.name);
		j->node.at[n].ngoto++;
		leave(j, n);
	} else if (s.kind == CS_RETURN) {
		add_return(j, &s);
	} else if (s.kind == CS_IF && s.jumps) {
		add_if(j, &s);
	} else if (s.kind == CS_BLOCK && s.jumps) {
		add_list(j, s.d, true);
	} else if (s.kind == CS_DECL && !braces && j->cur != ENTRY && bare_number(j->r, &s)) {
		j->late = true;
	} else if (s.jumps || (!j->top && breaks_out(j->r, &s))) {
		j->failed = true;
	} else {
		uint32_t c = copy(j, k);
		bool late = s.kind == CS_DECL && !braces && j->cur != ENTRY;
		j->r->stmt.at[c].op |= late;
		j->ndecl += late;
		append(j, j->cur, c);
	}
}

/* Recursion over nesting. */
static void
add_list(struct jumps *j, uint32_t list, bool braces)
{
	for (uint32_t k = list; k && !j->failed; k = j->r->stmt.at[k].next)
		add_statement(j, k, braces);
}

/* ---- statements of several nodes ---- */

/* What the statements of a list set and declare is set and declared inside s. */
static void
cover(struct jumps *j, struct cstmt *s, uint32_t list)
{
	for (uint32_t k = list; k; k = j->r->stmt.at[k].next) {
		const struct cstmt *t = &j->r->stmt.at[k];
		if (t->set0 < t->set1) {
			bool first = s->set0 == s->set1;
			s->set0 = first || t->set0 < s->set0 ? t->set0 : s->set0;
			s->set1 = first || t->set1 > s->set1 ? t->set1 : s->set1;
		}
		s->var0 = t->var0 < s->var0 && !j->late ? t->var0 : s->var0;
		s->height = t->height >= s->height ? (uint16_t)(t->height + 1) : s->height;
		j->failed |= s->height > HEIGHT_MAX;
		/* what one core skips cannot stand in what the other one does */
		j->failed |= s->cores != CORES_ALL && t->cores != s->cores;
	}
}

static struct cstmt
compound(const struct node *n, enum cstmt_kind kind)
{
	return (struct cstmt){.kind = (uint8_t)kind, .cores = n->cores, .at = n->at, .var0 = UINT32_MAX};
}

static uint32_t
put(struct jumps *j, struct cstmt s)
{
	if (s.var0 == UINT32_MAX)
		s.var0 = j->r->var.n;
	VEC_PUSH(j->r->a, &j->r->stmt, s);
	return j->r->stmt.n - 1;
}

/* Node n goes on to `to` alone; the edges there are counted by the caller. */
static void
go_on(struct jumps *j, uint32_t n, uint32_t to)
{
	j->node.at[n].to[0] = to;
	j->node.at[n].nto = 1;
}

static void
make_if(struct jumps *j, uint32_t n, uint32_t yes, uint32_t no, uint32_t to)
{
	struct cstmt s = compound(&j->node.at[n], CS_IF);

	s.a = j->node.at[n].cond;
	s.b = yes ? j->node.at[yes].first : 0;
	s.c = no ? j->node.at[no].first : 0;
	cover(j, &s, s.b);
	cover(j, &s, s.c);
	append(j, n, put(j, s));
	j->node.at[yes].gone |= yes != 0;
	j->node.at[no].gone |= no != 0;
	j->node.at[to].npred--;
	go_on(j, n, to);
}

/* while (true) { statements of n; if (leave) break; statements of body }; body 0: none. */
static void
make_loop(struct jumps *j, uint32_t n, uint32_t body, uint32_t to, bool leave_on)
{
	struct node *d = &j->node.at[n];
	struct cstmt s = compound(d, CS_WHILE), stop = compound(d, CS_IF), out = compound(d, CS_BREAK);

	out.var0 = j->r->var.n;
	stop.b = put(j, out);
	stop.a = leave_on ? d->cond : cx_not_expr(j->r, d->cond);
	append(j, n, put(j, stop));
	d = &j->node.at[n];
	if (body)
		j->r->stmt.at[d->last].next = j->node.at[body].first;
	s.a = cx_truth_expr(j->r, s.at);
	s.d = d->first;
	cover(j, &s, s.d);
	d->first = d->last = 0;
	append(j, n, put(j, s));
	j->node.at[body].gone |= body != 0;
	j->node.at[n].npred--;
	go_on(j, n, to);
}

/* ---- reducing ---- */

/* Only n leads there, and there is one way on. */
static bool
is_arm(const struct jumps *j, uint32_t n, uint32_t arm)
{
	const struct node *d = &j->node.at[arm];

	return arm != EXIT && arm != ENTRY && arm != n && d->npred == 1 && d->nto == 1;
}

static bool
reduce_fork(struct jumps *j, uint32_t n)
{
	uint32_t t = j->node.at[n].to[0], f = j->node.at[n].to[1];
	bool yes = is_arm(j, n, t), no = is_arm(j, n, f);
	uint32_t after_t = yes ? j->node.at[t].to[0] : CLOSED, after_f = no ? j->node.at[f].to[0] : CLOSED;

	if (t == f) {
		j->node.at[t].npred--;
		go_on(j, n, t);
	} else if (t == n || f == n) {
		make_loop(j, n, 0, t == n ? f : t, f == n);
	} else if (yes && after_t == n) {
		make_loop(j, n, t, f, false);
	} else if (no && after_f == n) {
		make_loop(j, n, f, t, true);
	} else if (yes && no && after_t == after_f) {
		make_if(j, n, t, f, after_t);
	} else if (yes && after_t == f) {
		make_if(j, n, t, 0, f);
	} else if (no && after_f == t) {
		make_if(j, n, 0, f, t);
	} else {
		return false;
	}
	return true;
}

static bool
reduce_node(struct jumps *j, uint32_t n)
{
	struct node *d = &j->node.at[n];

	if (d->gone)
		return false;
	if (n != ENTRY && d->npred == 0) {
		for (uint32_t k = 0; k < d->nto; k++)
			j->node.at[d->to[k]].npred--;
		d->gone = true;
		return true;
	}
	if (d->nto == 2)
		return reduce_fork(j, n);
	uint32_t m = d->nto ? d->to[0] : EXIT;
	if (m == EXIT || m == n || m == ENTRY || j->node.at[m].npred != 1)
		return false;
	struct node *e = &j->node.at[m];
	if (e->first && d->last)
		j->r->stmt.at[d->last].next = e->first;
	d->first = d->first ? d->first : e->first;
	d->last = e->last ? e->last : d->last;
	memcpy(d->to, e->to, sizeof d->to);
	d->nto = e->nto;
	d->cond = e->cond;
	d->at = e->at;
	d->cores = e->cores;
	e->gone = true;
	return true;
}

/* From the end, so that what is inside is done before what is around it; each pass over a nest ends one level. */
static bool
reduce(struct jumps *j)
{
	enum { PASSES_MAX = 256 };
	bool more = true;
	uint32_t left = 0;

	for (uint32_t pass = 0; more && pass < PASSES_MAX && !j->failed; pass++) {
		more = false;
		for (uint32_t n = j->node.n; n-- > ENTRY;)
			while (!j->failed && reduce_node(j, n))
				more = true;
	}
	for (uint32_t n = ENTRY; n < j->node.n; n++)
		left += !j->node.at[n].gone;
	return !j->failed && left == 1 && j->node.at[ENTRY].nto == 1 && j->node.at[ENTRY].to[0] == EXIT;
}

/* ---- lists ---- */

/* Gotos of the function to a label; counts of other functions do not matter. */
static uint32_t
gotos_to(const struct reader *r, struct sym label)
{
	return CX_FIND(&r->goto_func, label) == r->func ? CX_FIND(&r->gotos, label) : 0;
}

/* A return that ends the body stays where it is: messages about the end of the function name it. *ret: it, else 0. */
static uint32_t
split_return(struct reader *r, uint32_t list, uint32_t *ret)
{
	uint32_t before = 0, at = 0;

	*ret = 0;
	for (uint32_t k = list; k; k = r->stmt.at[k].next) {
		/* others behind it are never reached */
		if (r->stmt.at[k].kind == CS_RETURN && !*ret) {
			*ret = k;
			at = before;
		} else if (r->stmt.at[k].kind != CS_RETURN) {
			*ret = 0;
		}
		before = k;
	}
	return at;
}

static bool
rebuild(struct reader *r, uint32_t *list, bool top)
{
	struct jumps j = {.r = r, .top = top};
	uint32_t ret = 0, before = top ? split_return(r, *list, &ret) : 0;

	node_new(&j);
	node_new(&j);
	enter(&j, ENTRY);
	if (ret && before)
		r->stmt.at[before].next = 0;
	add_list(&j, ret && !before ? 0 : *list, false);
	if (ret && before)
		r->stmt.at[before].next = ret;
	leave(&j, EXIT);
	/* labels are named from here alone */
	for (uint32_t n = ENTRY; n < j.node.n; n++) {
		const struct node *d = &j.node.at[n];
		j.failed |= !d->placed || (d->label.i && d->ngoto != gotos_to(r, d->label));
	}
	if (j.failed || !reduce(&j))
		return false;
	for (uint32_t k = j.node.at[ENTRY].first; k; k = r->stmt.at[k].next)
		j.ndecl -= r->stmt.at[k].kind == CS_DECL && r->stmt.at[k].op;
	if (j.ndecl)
		return false;
	if (ret)
		append(&j, ENTRY, copy(&j, ret));	/* without what stands behind it */
	*list = j.node.at[ENTRY].first;
	return true;
}

static bool inner(struct reader *r, uint32_t k);

static bool
inner_list(struct reader *r, uint32_t list)
{
	bool jumps = false;

	for (uint32_t i = list; i; i = r->stmt.at[i].next)
		jumps |= inner(r, i);
	return jumps;
}

static uint32_t
height_of(const struct reader *r, uint32_t list)
{
	uint32_t h = 0;

	for (uint32_t i = list; i; i = r->stmt.at[i].next)
		h = r->stmt.at[i].height > h ? r->stmt.at[i].height : h;
	return h;
}

/* Bodies of loops have gotos of their own; arms of ifs and blocks belong to the list around them. */
static bool
inner(struct reader *r, uint32_t k)
{
	struct cstmt s = r->stmt.at[k];
	uint32_t h = 0;
	bool jumps = false;

	switch ((enum cstmt_kind)s.kind) {
	case CS_IF:
		jumps = inner_list(r, s.b);
		jumps |= inner_list(r, s.c);
		h = height_of(r, s.b) > height_of(r, s.c) ? height_of(r, s.b) : height_of(r, s.c);
		break;
	case CS_BLOCK:
	case CS_SWITCH:
		jumps = inner_list(r, s.d);
		h = height_of(r, s.d);
		break;
	case CS_FOR:
	case CS_WHILE:
		jumps = restructure(r, &s.d, false);
		r->stmt.at[k].d = s.d;
		h = height_of(r, s.d);
		break;
	case CS_GOTO:
	case CS_LABEL:
	case CS_RETURN:
		jumps = true;
		break;
	case CS_NONE:
	case CS_DECL:
	case CS_EXPR:
	case CS_ASSIGN:
	case CS_CASE:
	case CS_BREAK:
	case CS_CONTINUE:
	case CS_OTHER:
		break;
	}
	r->stmt.at[k].jumps = jumps;
	r->stmt.at[k].height = (uint16_t)(h + 1);
	return jumps;
}

static uint32_t
end_of(const struct reader *r, uint32_t list)
{
	while (list && r->stmt.at[list].next)
		list = r->stmt.at[list].next;
	return list;
}

/* Neighbours that one core skips have jumps of their own: runs of them are rebuilt each as a list. */
static void
restructure_runs(struct reader *r, uint32_t *list)
{
	uint32_t before = 0;

	for (uint32_t k = *list; k;) {
		uint8_t cores = r->stmt.at[k].cores;
		uint32_t last = k, run = k;
		while (r->stmt.at[last].next && r->stmt.at[r->stmt.at[last].next].cores == cores)
			last = r->stmt.at[last].next;
		uint32_t next = r->stmt.at[last].next;
		bool whole = !before && !next;
		if (cores != CORES_ALL && !whole) {
			r->stmt.at[last].next = 0;
			restructure(r, &run, false);
			if (before)
				r->stmt.at[before].next = run;
			else
				*list = run;
			last = run ? end_of(r, run) : before;
			if (last)
				r->stmt.at[last].next = next;
		}
		before = last;
		k = next;
	}
}

/* Does the list still have jumps? Recursion over nesting. */
static bool
restructure(struct reader *r, uint32_t *list, bool top)
{
	restructure_runs(r, list);
	bool jumps = false, only_return = top;

	for (uint32_t k = *list; k; k = r->stmt.at[k].next) {
		bool here = inner(r, k);
		only_return = only_return && (!here || (r->stmt.at[k].kind == CS_RETURN && !r->stmt.at[k].next));
		jumps |= here;
	}
	return jumps && !only_return && !rebuild(r, list, top);
}

/* Counts gotos by label; false when a label stands twice. Recursion over nesting. */
static bool
count_gotos(struct reader *r, uint32_t list)
{
	bool ok = true;

	for (uint32_t k = list; k && ok; k = r->stmt.at[k].next) {
		struct cstmt s = r->stmt.at[k];
		if (s.kind == CS_GOTO) {
			CX_SET(r, &r->gotos, s.name, gotos_to(r, s.name) + 1);
			CX_SET(r, &r->goto_func, s.name, r->func);
		}
		if (s.kind == CS_LABEL && CX_FIND(&r->defined, s.name) == r->func)
			return false;
		if (s.kind == CS_LABEL)
			CX_SET(r, &r->defined, s.name, r->func);
		if (s.kind == CS_IF)
			ok = count_gotos(r, s.b) && count_gotos(r, s.c);
		else if (s.kind == CS_BLOCK || s.kind == CS_FOR || s.kind == CS_WHILE || s.kind == CS_SWITCH)
			ok = count_gotos(r, s.d);
	}
	return ok;
}

bool
cx_structure(struct reader *r, uint32_t *body)
{
	bool jumps = !count_gotos(r, *body) || restructure(r, body, true);

	if (height_of(r, *body) > HEIGHT_MAX)
		cx_error(r, DIAG_NESTING, r->cfunc.at[r->func].at, "statements nest more than %d deep", HEIGHT_MAX);
	return jumps;
}
