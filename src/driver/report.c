/*
 * report: see report.h. Positions are lines of the input; inserted instructions have none of their own and are placed
 * by the op of the input next to them.
 */
#include "driver/report.h"

#include "ir/print.h"
#include "mem/mem.h"

#include <stdlib.h>

static const char *
core_name(enum core c)
{
	return c == CORE_CUBE ? "cube" : c == CORE_VECTOR ? "vector" : "any core";
}

static struct span
op_span(const struct pipeline *p, struct op o)
{
	return o.i ? ir_op(&p->ir, o)->span : (struct span){0, 0};
}

uint32_t
report_line(struct pipeline *p, struct op o)
{
	struct span s = op_span(p, o);

	return span_none(s) ? 0 : source_pos(&p->src, s.lo).line;
}

/* Does the op of the input mean anything to the pipes? Views and arithmetic do not. */
static bool
is_landmark(const struct pipeline *p, struct op o)
{
	return !span_none(op_span(p, o)) && (op_row(&p->ir, o)->pipe != P_NONE || ir_op(&p->ir, o)->nreg ||
					     op_row(&p->ir, o)->flags & (OPF_TERM | OPF_SYNC));
}

/* The nearest landmark before or behind o in its block. */
static struct op
neighbour(const struct pipeline *p, struct op o, bool behind)
{
	do
		o = behind ? ir_op(&p->ir, o)->next : ir_op(&p->ir, o)->prev;
	while (o.i && !is_landmark(p, o));
	return o;
}

/* Where to point for an op: itself, or what stands next to an inserted one. */
static struct span
op_place(const struct pipeline *p, struct op o)
{
	struct op near = o;

	if (o.i && span_none(op_span(p, o)))
		near = neighbour(p, o, true);
	if (o.i && !near.i)
		near = neighbour(p, o, false);
	return op_span(p, o.i && !near.i ? op_parent(&p->ir, o) : near);
}

/* ---- findings ---- */

static const char *
finding_text(struct pipeline *p, const struct finding *f)
{
	struct out o;

	out_init(&o, p->a);
	finding_print(&p->ir, p->ac, f, &o);
	while (o.n && o.p[o.n - 1] == '\n')
		o.p[--o.n] = '\0';
	return o.p;
}

static const char *
finding_path(struct pipeline *p, const struct unit *u, const struct finding *f)
{
	struct out o;

	out_init(&o, p->a);
	finding_print_path(&p->ir, p->ac, &u->check, f, &o);
	return o.p;
}

/* Where to show a finding: at the later op, or at whatever has a position. */
static struct span
finding_span(const struct pipeline *p, const struct unit *u, const struct finding *f, bool *at_dst)
{
	struct span s = op_place(p, f->dst);

	*at_dst = !span_none(s);
	if (!*at_dst)
		s = op_place(p, f->src);
	return span_none(s) ? op_span(p, u->func) : s;
}

static const char *
other_place(const struct ir *ir, const struct finding *f)
{
	switch (f->kind) {
	case CK_ORDER:
	case CK_VISIBLE:
		return "the earlier access is here";
	case CK_DOUBLE_SET:
		if (op_id(ir, f->src) == OP_WAIT_FLAG || op_id(ir, f->src) == OP_WAIT_FLAG_DYN)
			return "the wait that must have run by then is here";
		return "the flag is set here";
	case CK_LEFT_SET:
	case CK_HIDDEN_KEY:
		return "the flag is set here";
	case CK_WAIT_CLEAR:
	case CK_TOKEN:
	case CK_TAIL:
	case CK_BEYOND:
		return "the other place is here";
	}
	return "";
}

static void
finding_note(struct pipeline *p, const struct finding *f, bool at_dst)
{
	struct span s = op_place(p, f->src);

	if (at_dst && !span_none(s) && f->src.i != f->dst.i)
		diag_note(&p->diags, s, "%s", other_place(&p->ir, f));
	if (!span_none(op_span(p, f->loop)))
		diag_note(&p->diags, op_span(p, f->loop), "carried by this loop");
}

void
report_fallback(struct pipeline *p, const struct unit *u)
{
	diag_report(&p->diags, DIAG_SYNC_FALLBACK, op_span(p, u->func),
		    "the plan for '@%s' (%s) could not be proved, a slower one with full barriers is used",
		    sym_str(&p->ir.in, func_name(&p->ir, u->func)), core_name(u->core));
	if (u->check.finding.n) {
		const struct finding *f = &u->check.finding.at[0];
		bool at_dst;
		struct span s = finding_span(p, u, f, &at_dst);
		diag_note(&p->diags, s, "%s", finding_text(p, f));
		finding_note(p, f, at_dst);
	}
}

void
report_findings(struct pipeline *p, const struct unit *u, bool ours)
{
	for (uint32_t i = 0; i < u->check.finding.n; i++) {
		const struct finding *f = &u->check.finding.at[i];
		bool violated = f->verdict == CHECK_VIOLATED, at_dst;
		struct span s = finding_span(p, u, f, &at_dst);
		enum diag_id id = !violated ? DIAG_SYNC_UNPROVED : ours ? DIAG_SYNC_FAILED : DIAG_SYNC_RACE;
		diag_report(&p->diags, id, s, "%s", finding_text(p, f));
		if (violated && p->opt->check_only)
			diag_as_error(&p->diags);
		finding_note(p, f, at_dst);
		if (violated && f->path)
			diag_note(&p->diags, s, "%s", finding_path(p, u, f));
	}
}

/* ---- explanation ---- */

static void
print_sync_op(struct pipeline *p, struct op o, struct out *t)
{
	enum pipe src, dst;
	uint32_t eid;
	const struct op_row *r = op_row(&p->ir, o);
	const char *name = r->callee ? r->callee : strchr(r->name, '.') ? strchr(r->name, '.') + 1 : r->name;

	if (op_id(&p->ir, o) == OP_BARRIER && op_flag(&p->ir, o, &src, &dst, &eid))
		out_f(t, "%s(%s)", name, pipe_name(src));
	else if ((op_id(&p->ir, o) == OP_SET_FLAG || op_id(&p->ir, o) == OP_WAIT_FLAG) &&
		 op_flag(&p->ir, o, &src, &dst, &eid))
		out_f(t, "%s(%s, %s, %u)", name, pipe_name(src), pipe_name(dst), eid);
	else if ((op_id(&p->ir, o) == OP_SET_FLAG_DYN || op_id(&p->ir, o) == OP_WAIT_FLAG_DYN) &&
		 op_flag(&p->ir, o, &src, &dst, &eid))
		out_f(t, "%s(%s, %s, id of the run)", name, pipe_name(src), pipe_name(dst));
	else
		out_f(t, "%s", name);
}

static void
print_anchor(struct pipeline *p, struct op o, struct out *t)
{
	struct op prev = neighbour(p, o, false), next = neighbour(p, o, true), owner = op_parent(&p->ir, o);
	bool set = op_id(&p->ir, o) == OP_SET_FLAG || op_id(&p->ir, o) == OP_SET_FLAG_DYN;

	if (next.i && (!set || !prev.i))
		out_f(t, "before line %u (%s)", report_line(p, next), op_row(&p->ir, next)->name);
	else if (prev.i)
		out_f(t, "after line %u (%s)", report_line(p, prev), op_row(&p->ir, prev)->name);
	else if (owner.i)
		out_f(t, "inside %s at line %u", op_row(&p->ir, owner)->name, report_line(p, owner));
}

void
report_sync_op(struct pipeline *p, struct op o, struct out *t)
{
	print_sync_op(p, o, t);
	out_char(t, ' ');
	if (report_line(p, o))
		out_f(t, "at line %u", report_line(p, o));
	else
		print_anchor(p, o, t);
}

static const char *
why_word(uint8_t kind)
{
	switch (kind) {
	case 'R':
		return "RAW";
	case 'A':
		return "WAR";
	case 'W':
		return "WAW";
	case 'F':
		return "visible in GM";
	case 'B':
		return "same pipe";
	case 'C':
		return "lets the flag be set again";
	case 'K':
		return "lets a flag of the input or of a library call be set again";
	case 'H':
		return "the other half of a flag of the input";
	default:
		return "end of kernel or loop";
	}
}

static void
print_why(struct pipeline *p, const struct sync_why *w)
{
	struct out *t = &p->explain;

	out_f(t, "      %s", why_word(w->kind));
	if (w->loop.i && !op_is_inside(&p->ir, w->sync, w->loop))
		out_str(t, op_id(&p->ir, w->sync) == OP_SET_FLAG ? " (lets the first iteration pass)" :
								 " (takes what the last iteration left)");
	if (w->src.i)
		out_f(t, ": line %u (%s)", report_line(p, w->src), op_row(&p->ir, w->src)->name);
	if (w->dst.i)
		out_f(t, " -> line %u (%s)", report_line(p, w->dst), op_row(&p->ir, w->dst)->name);
	if (w->set) {
		out_str(t, ", ");
		access_print(p->ac, w->set, t);
	}
	if (w->loop.i)
		out_f(t, ", carried by the loop at line %u", report_line(p, w->loop));
	out_char(t, '\n');
}

struct why_key {
	uint32_t order, index;
};

static int
why_cmp(const void *pa, const void *pb)
{
	const struct why_key *a = pa, *b = pb;

	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

/* The reasons of a unit in the order of its instructions. */
static struct why_key *
sorted_reasons(struct pipeline *p, const struct unit *u)
{
	uint32_t n = u->sync.why.n;
	struct why_key *key = ARENA_ARRAY(p->a, struct why_key, n ? n : 1);

	ir_renumber(&p->ir, u->func);
	for (uint32_t i = 0; i < n; i++)
		key[i] = (struct why_key){ir_op(&p->ir, u->sync.why.at[i].sync)->order, i};
	if (n)
		qsort(key, n, sizeof *key, why_cmp);
	return key;
}

static void
explain_unit(struct pipeline *p, const struct unit *u)
{
	const struct why_key *key = sorted_reasons(p, u);
	uint32_t last = 0;

	for (uint32_t i = 0; i < u->sync.why.n; i++) {
		const struct sync_why *w = &u->sync.why.at[key[i].index];
		if (w->sync.i != last) {
			out_str(&p->explain, "  ");
			report_sync_op(p, w->sync, &p->explain);
			out_char(&p->explain, '\n');
			last = w->sync.i;
		}
		print_why(p, w);
	}
}

void
report_unit_name(struct pipeline *p, const struct unit *u, struct out *t)
{
	out_f(t, "@%s (%s)", sym_str(&p->ir.in, func_name(&p->ir, u->func)), core_name(u->core));
}

/* ": 2 pairs, 1 fence": what there is, in words. */
static void
print_counts(struct out *t, const struct unit *u)
{
	const struct {
		uint32_t n;
		const char *word;
	} count[] = {
		{u->sync.npair, "pair"}, {u->sync.nbarrier, "barrier"}, {u->sync.nbarrier_all, "full barrier"},
		{u->sync.nfence, "fence"}, {u->sync.nflush, "cache flush"},
	};
	uint32_t shown = 0;

	for (uint32_t i = 0; i < sizeof count / sizeof count[0]; i++) {
		uint32_t n = count[i].n;
		if (n)
			out_f(t, "%s%u %s%s", shown++ ? ", " : ": ", n, count[i].word,
			      n == 1 ? "" : i == 4 ? "es" : "s");
	}
	out_f(t, "%s%s\n", shown ? "" : ": nothing needed", u->conservative ? " (conservative plan)" : "");
}

static const char *
why_key_word(uint8_t kind)
{
	switch (kind) {
	case 'R':
		return "RAW";
	case 'A':
		return "WAR";
	case 'W':
		return "WAW";
	case 'F':
		return "visible";
	case 'B':
		return "same-pipe";
	case 'C':
		return "credit";
	default:
		return "end";
	}
}

static void
json_place(struct pipeline *p, const char *name, struct op o)
{
	if (o.i)
		out_f(&p->explain, ", \"%s\": {\"line\": %u, \"op\": \"%s\"}", name, report_line(p, o),
		      op_row(&p->ir, o)->name);
}

static void
json_why(struct pipeline *p, const struct sync_why *w)
{
	struct out *t = &p->explain, bytes;

	out_f(t, "{\"kind\": \"%s\"", why_key_word(w->kind));
	json_place(p, "source", w->src);
	json_place(p, "sink", w->dst);
	if (w->set) {
		out_init(&bytes, p->a);
		access_print(p->ac, w->set, &bytes);
		out_str(t, ", \"bytes\": ");
		out_json(t, bytes.p);
	}
	if (w->loop.i)
		out_f(t, ", \"carried_by_line\": %u, \"outside_loop\": %s", report_line(p, w->loop),
		      op_is_inside(&p->ir, w->sync, w->loop) ? "false" : "true");
	out_char(t, '}');
}

static void
json_unit(struct pipeline *p, const struct unit *u)
{
	const struct why_key *key = sorted_reasons(p, u);
	struct out *t = &p->explain, what;
	uint32_t last = 0;

	out_str(t, "{\"function\": ");
	out_json(t, sym_str(&p->ir.in, func_name(&p->ir, u->func)));
	out_f(t, ", \"core\": \"%s\", \"manual\": %s, \"conservative\": %s, \"instructions\": [",
	      u->core == CORE_CUBE ? "cube" : "vector", u->manual ? "true" : "false",
	      u->conservative ? "true" : "false");
	for (uint32_t i = 0; i < u->sync.why.n; i++) {
		const struct sync_why *w = &u->sync.why.at[key[i].index];
		if (w->sync.i != last) {
			out_init(&what, p->a);
			report_sync_op(p, w->sync, &what);
			out_str(t, last ? "]},\n {\"what\": " : "\n {\"what\": ");
			out_json(t, what.p);
			out_str(t, ", \"why\": [");
		} else {
			out_str(t, ", ");
		}
		last = w->sync.i;
		json_why(p, w);
	}
	out_str(t, last ? "]}]}" : "]}");
}

static void
explain_json(struct pipeline *p)
{
	out_str(&p->explain, "{\"sections\": [");
	for (uint32_t i = 0; i < p->unit.n; i++) {
		if (i)
			out_str(&p->explain, ",\n");
		json_unit(p, &p->unit.at[i]);
	}
	out_str(&p->explain, "]}\n");
}

void
report_explain(struct pipeline *p)
{
	if (p->opt->explain == 2) {
		explain_json(p);
		return;
	}
	for (uint32_t i = 0; i < p->unit.n; i++) {
		const struct unit *u = &p->unit.at[i];
		struct out *t = &p->explain;
		report_unit_name(p, u, t);
		if (u->nothing_missing)
			out_str(t, ": synchronised by hand, nothing is missing\n");
		else if (u->manual && !u->complete)
			out_str(t, ": synchronised by hand, left as written\n");
		else if (p->opt->sync == PTOC_SYNC_NONE)
			out_str(t, ": nothing inserted\n");
		else if (p->opt->sync == PTOC_SYNC_BARRIER_ALL && !u->conservative)
			out_str(t, ": a barrier on all pipes before every op\n");
		else
			print_counts(t, u);
		explain_unit(p, u);
	}
}

/* ---- dumps ---- */

void
dump_parse(struct pipeline *p)
{
	print_module(&p->ir, &p->dump);
}

void
dump_level(struct pipeline *p)
{
	out_f(&p->dump, "level %d\n", p->level);
	for (uint32_t i = 0; i < p->func.n; i++)
		out_f(&p->dump, "@%s\n", sym_str(&p->ir.in, func_name(&p->ir, p->func.at[i])));
}

void
dump_verify(struct pipeline *p)
{
	print_module(&p->ir, &p->dump);
}

void
dump_shape(struct pipeline *p)
{
	print_module(&p->ir, &p->dump);
}

void
dump_slots(struct pipeline *p)
{
	print_module(&p->ir, &p->dump);
}

void
dump_place(struct pipeline *p)
{
	for (uint32_t i = 1; i < p->ir.op.n; i++) {
		struct op o = {i};
		bool alloc = op_id(&p->ir, o) == OP_ALLOC_TILE || op_id(&p->ir, o) == OP_ALLOC_MULTI_TILE;
		if (!alloc || ir_op(&p->ir, o)->flags & OPD_DEAD)
			continue;
		struct buf_place b = mem_place(&p->ir, o);
		out_f(&p->dump, "line %u %s %s ", report_line(p, o), val_name(&p->ir, op_res(&p->ir, o, 0)),
		      isa_space[b.space].tile);
		if (b.known)
			out_f(&p->dump, "[%llu, %llu)\n", (unsigned long long)b.addr_bytes,
			      (unsigned long long)(b.addr_bytes + b.size_bytes));
		else
			out_f(&p->dump, "at run time, %llu bytes\n", (unsigned long long)b.size_bytes);
	}
}

static void
dump_phase(struct pipeline *p, const struct phase *ph)
{
	uint32_t n;
	const struct acc *acc = access_accs(p->ac, ph, &n);

	out_f(&p->dump, "  %s", pipe_name((enum pipe)ph->pipe));
	for (uint32_t i = 0; i < n; i++) {
		uint8_t rw = acc[i].rw;
		out_f(&p->dump, " %s%s%s%s ", rw & ACC_READ ? "r" : "", rw & ACC_WRITE ? "w" : "",
		      rw & ACC_WHOLE ? "!" : "", rw & ACC_ATOMIC ? "a" : "");
		access_print(p->ac, acc[i].set, &p->dump);
	}
	out_char(&p->dump, '\n');
}

/* Flags the library sets and waits for inside the call, with the mask of their event ids. */
static void
dump_keys(struct pipeline *p, struct op o)
{
	uint32_t n = 0;
	const struct hidden_key *h = access_hidden(p->ac, o, &n);

	for (uint32_t k = 0; k < n; k++)
		out_f(&p->dump, "%s%s->%s ids %x", k ? ", " : "  keys ", pipe_name((enum pipe)h[k].src),
		      pipe_name((enum pipe)h[k].dst), h[k].ids);
	out_str(&p->dump, n ? "\n" : "");
}

void
dump_access(struct pipeline *p)
{
	for (uint32_t i = 1; p->ac && i < p->ir.op.n; i++) {
		struct op o = {i};
		uint32_t n = 0;
		const struct phase *ph = access_phases(p->ac, o, &n);
		if (n)
			out_f(&p->dump, "line %u %s\n", report_line(p, o), op_row(&p->ir, o)->name);
		for (uint32_t k = 0; k < n; k++)
			dump_phase(p, &ph[k]);
		dump_keys(p, o);
	}
}

void
dump_sync(struct pipeline *p)
{
	static const char *const word[] = {
		[CHECK_PROVED] = "proved", [CHECK_VIOLATED] = "violated", [CHECK_UNPROVED] = "not provable",
	};

	print_module(&p->ir, &p->dump);
	for (uint32_t i = 0; i < p->unit.n; i++) {
		const struct unit *u = &p->unit.at[i];
		report_unit_name(p, u, &p->dump);
		out_f(&p->dump, ": %s\n", u->checked ? word[u->check.verdict] : "not checked");
		for (uint32_t k = 0; k < u->check.finding.n; k++)
			out_f(&p->dump, "  %s\n", finding_text(p, &u->check.finding.at[k]));
	}
}

void
dump_emit(struct pipeline *p)
{
	out_f(&p->dump, "%u bytes\n", p->text.n);
}
