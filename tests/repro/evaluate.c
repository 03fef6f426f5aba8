/*
 * evaluate: truth of assertions on a synchronised function: structure from the IR, order from the interpreter's paths.
 */
#include "expect.h"

#include "prop/mutate.h"

struct eval {
	struct interp_visitor visitor;	/* first: the visitor is the evaluation */
	struct subject *s;
	bool *seen, *violated, *loose;	/* by assertion; loose: some pair was found unordered */
	bool flags_bad;
};

bool
token_matches(const struct ir *ir, const struct assertion *as, struct op o)
{
	enum op_id id = op_id(ir, o);
	bool set = id == OP_SET_FLAG || id == OP_SET_FLAG_DYN, wait = id == OP_WAIT_FLAG || id == OP_WAIT_FLAG_DYN;
	enum pipe p = P_NONE, q = P_NONE;
	uint32_t eid;

	if (set || wait || id == OP_BARRIER)
		op_flag(ir, o, &p, &q, &eid);
	const bool is[] = {
		[T_SET] = set && p == as->p && q == as->q,
		[T_WAIT] = wait && p == as->p && q == as->q,
		[T_FLAG] = (set || wait) && (p == as->p || q == as->p),
		[T_FLAGS] = set || wait,
		[T_BARRIER] = id == OP_BARRIER && p == as->p,
		[T_DSB] = id == OP_PTOC_DSB,
		[T_DCCI] = id == OP_PTOC_DCCI || id == OP_CMO_CACHEINVALID,
		[T_TAIL] = id == OP_PTOC_TAIL,
		[T_FENCE] = id == OP_FENCE_BARRIER_ALL,
		[T_SYNC] = true,
	};
	return is[as->token];
}

static uint32_t
order_of(const struct subject *s, const char *name)
{
	struct op o = label_op(&s->labels, name);

	return o.i ? ir_op(&s->p->ir, o)->order : 0;
}

static bool
in_place(const struct subject *s, const struct assertion *as, struct op o)
{
	const struct ir *ir = &s->p->ir;
	uint32_t at = ir_op(ir, o)->order;

	switch (as->where) {
	case W_ANY:
		return true;
	case W_LOOP:
		return op_enclosing(ir, o, OP_FOR).i || op_enclosing(ir, o, OP_WHILE).i;
	case W_IF:
		return op_enclosing(ir, o, OP_IF).i;
	case W_TOP:
		return op_parent(ir, o).i == s->part->func.i;
	case W_BETWEEN:
		return at > order_of(s, as->a) && at < order_of(s, as->b);
	case W_AFTER:
		return at > order_of(s, as->a);
	case W_BEFORE:
		return at < order_of(s, as->b);
	}
	return false;
}

static bool
count_holds(const struct subject *s, const struct assertion *as, const struct ops *l)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < l->all.n; i++)
		n += token_matches(&s->p->ir, as, l->all.at[i]) && in_place(s, as, l->all.at[i]);
	if (as->kind == A_NOT)
		return n == 0;
	return as->cmp[0] == '=' ? n == as->n : as->cmp[0] == '<' ? n <= as->n : n >= as->n;
}

/* ---- paths ---- */

/* An instruction of op a that does something: a pipe of a library macro may only wait or signal there. */
static bool
works(const struct access *ac, const struct tinst *n, struct op a)
{
	uint32_t nph, nacc = 0;

	if (n->kind != TK_WORK || n->op.i != a.i)
		return false;
	const struct phase *ph = access_phases(ac, a, &nph);
	for (uint32_t i = 0; i < nph && !nacc; i++)
		access_accs(ac, &ph[i], &nacc);
	return n->nacc || !nacc || n->ph->kind != PH_WORK;
}

/* The last instance of op a before instruction j that belongs to it: same iteration, or an earlier one. */
static bool
source_of(const struct access *ac, const struct trace *t, struct op a, uint32_t j, bool back, uint32_t *i)
{
	for (uint32_t x = j; x-- > 0;) {
		struct op loop;
		if (!works(ac, &t->inst.at[x], a))
			continue;
		if ((trace_distance(t, t->inst.at[x].iter, t->inst.at[j].iter, &loop) != 0) == back) {
			*i = x;
			return true;
		}
	}
	return false;
}

static void
path_pairs(struct eval *e, uint32_t k, const struct trace *t, const struct hb *h)
{
	const struct assertion *as = &e->s->as->all.at[k];
	struct op a = label_op(&e->s->labels, as->a), b = label_op(&e->s->labels, as->b);
	uint32_t i;

	for (uint32_t j = 0; j < t->inst.n; j++) {
		if (!works(e->s->p->ac, &t->inst.at[j], b) || !source_of(e->s->p->ac, t, a, j, as->back, &i))
			continue;
		bool ok = hb_ordered(h, t, i, j);
		e->seen[k] = true;
		e->loose[k] |= !ok;
		if (as->kind == A_VISIBLE)
			ok = ok && hb_visible(h, t, i, j);
		e->violated[k] |= !ok;
	}
}

static void
path_end(struct eval *e, uint32_t k, const struct trace *t, const struct hb *h)
{
	const struct assertion *as = &e->s->as->all.at[k];
	struct op a = label_op(&e->s->labels, as->a);
	uint32_t exit = t->inst.n - 1;

	for (uint32_t i = 0; i < exit; i++) {
		const struct tinst *n = &t->inst.at[i];
		if (n->kind != TK_WORK || n->op.i != a.i)
			continue;
		e->seen[k] = true;
		if (!h->finished || (as->kind == A_FLUSHED && !h->clean[i]) ||
		    (as->kind == A_DONE && h->start[exit].done[n->pipe] <= (int32_t)i))
			e->violated[k] = true;
	}
}

static bool
path(struct interp_visitor *v, const struct trace *t, const struct hb *h)
{
	struct eval *e = (struct eval *)(void *)v;

	for (uint32_t f = 0; f < h->fail.n; f++) {
		enum hb_kind k = h->fail.at[f].kind;
		e->flags_bad |= k == HB_DOUBLE_SET || k == HB_DEADLOCK || k == HB_LEFT_SET || k == HB_HIDDEN;
	}
	for (uint32_t k = 0; k < e->s->as->all.n; k++) {
		enum akind kind = e->s->as->all.at[k].kind;
		if (!e->s->about[k])
			continue;
		if (kind == A_ORDER || kind == A_UNORDERED || kind == A_VISIBLE)
			path_pairs(e, k, t, h);
		else if (kind == A_DONE || kind == A_FLUSHED)
			path_end(e, k, t, h);
	}
	return true;
}

static bool
verdict(const struct eval *e, uint32_t k, bool clean, const struct ops *l)
{
	const struct assertion *as = &e->s->as->all.at[k];

	switch (as->kind) {
	case A_CLEAN:
		return clean;
	case A_BALANCE:
		return !e->flags_bad;
	case A_NOT:
	case A_COUNT:
		return count_holds(e->s, as, l);
	case A_UNORDERED:
		return e->seen[k] && e->loose[k];
	case A_ORDER:
	case A_VISIBLE:
	case A_DONE:
	case A_FLUSHED:
		return e->seen[k] && !e->violated[k];
	case A_VERDICT:
	case A_DIAG:
	case A_REFUSED:
	case A_OPTION:
		break;
	}
	return true;
}

void
subject_eval(struct subject *s, struct arena *scratch, struct out *why)
{
	uint32_t n = s->as->all.n;
	struct eval e = {.visitor = {path}, .s = s};
	struct interp_opt opt = interp_defaults();
	struct interp_verdict v;
	struct ops l = {0};
	struct out text;

	e.seen = ARENA_ARRAY(scratch, bool, n);
	e.violated = ARENA_ARRAY(scratch, bool, n);
	e.loose = ARENA_ARRAY(scratch, bool, n);
	out_init(&text, scratch);
	/* with flags only the interpreter's stale reads are expected */
	opt.schedules = why && !s->p->opt.flags_only ? 4 : 0;
	opt.max_inputs = s->inputs;
	opt.hb.need_tail = !s->part->manual;
	opt.hb.same_pipe = part_same_pipe(s->p);
	opt.hb.visibility = !s->p->opt.flags_only;
	ir_renumber(&s->p->ir, s->part->func);
	enum verdict said = part_check(s->p, scratch, s->part, &text);
	bool proved = said == CHECK_PROVED;
	interp_run(&v, scratch, &s->p->ir, s->p->ac, s->part->func, s->part->core, &opt, &e.visitor);
	sync_ops(&l, scratch, &s->p->ir, s->part->func);
	for (uint32_t k = 0; k < n; k++) {
		s->holds[k] = !s->about[k] || verdict(&e, k, proved && v.kind == INTERP_RIGHT && !v.oracle, &l);
		if (s->as->all.at[k].kind == A_VERDICT)
			s->holds[k] = !s->about[k] || (s->as->all.at[k].n == (uint32_t)said &&
						       (said != CHECK_VIOLATED || v.kind == INTERP_WRONG));
		if (s->holds[k] || !why)
			continue;
		out_f(why, "    %s%s\n", s->as->all.at[k].text, s->as->all.at[k].kind == A_CLEAN ? " FAILED:" : "");
		if (s->as->all.at[k].kind == A_CLEAN)
			out_f(why, "      checker: %s\n      interpreter: %s\n", proved ? "proved" : out_text(&text).p,
			      v.text.n ? out_text(&v.text).p : "right");
	}
}

/* Is the label in code that the core of this part runs? */
static bool
label_here(const struct subject *s, const char *name)
{
	struct op o = label_op(&s->labels, name);
	enum core c = CORE_NONE;

	for (struct op p = o; p.i && c == CORE_NONE; p = op_parent(&s->p->ir, p))
		c = section_core(&s->p->ir, p);
	return o.i && (c == CORE_NONE || c == s->part->core);
}

void
subject_init(struct subject *s, struct prog *p, const struct part *part, const struct assertions *as)
{
	*s = (struct subject){.p = p, .part = part, .as = as, .inputs = 64};
	labels_find(&s->labels, p, part->func);
	s->about = ARENA_ARRAY(&p->a, bool, as->all.n);
	s->holds = ARENA_ARRAY(&p->a, bool, as->all.n);
	for (uint32_t k = 0; k < as->all.n; k++) {
		const struct assertion *x = &as->all.at[k];
		bool here = !x->func[0] || strcmp(x->func, sym_str(&p->ir.in, func_name(&p->ir, part->func))) == 0;
		if (x->kind == A_DIAG || x->kind == A_REFUSED || x->kind == A_OPTION)
			here = false;
		if (x->a[0] && here)
			here = label_here(s, x->a);
		if (x->b[0] && here)
			here = label_here(s, x->b);
		s->about[k] = here;
	}
}
