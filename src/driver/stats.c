/*
 * stats: see stats.h. Cycles are rounded to whole ones for printing. In JSON, what is not known is null and every
 * assumption of the simulation is named.
 */
#include "driver/stats.h"

#include "cost/cost.h"
#include "driver/file.h"
#include "driver/report.h"
#include "mem/mem.h"

#include <stdlib.h>

enum { WORST_SHOWN = 5 };

struct section_stats {
	const struct unit *u;
	struct cost_result cost;
	uint64_t peak_bytes[SPACE_COUNT];
	bool runtime_address;	/* some tile's address is a run-time value and not counted */
};

static int64_t
cycles(int64_t t)
{
	return (t + COST_UNIT / 2) / COST_UNIT;
}

bool
stats_model(struct pipeline *p)
{
	p->cost = isa_cost;
	if (!p->opt->cost_model)
		return true;
	struct source *src = ARENA_NEW(p->a, struct source);
	if (p->opt->cost_model_bytes > FILE_MAX_BYTES) {
		diag_report(&p->diags, DIAG_INPUT_LIMIT, (struct span){0, 0}, "cost model is larger than 1 GiB");
		return false;
	}
	struct diags *d = &p->diags;
	struct source *mine = d->src;
	source_init(src, p->a, p->opt->cost_model_name ? p->opt->cost_model_name : "<cost model>", p->opt->cost_model,
		    (uint32_t)p->opt->cost_model_bytes);
	d->src = src;
	if (cost_model_read(&p->cost, d))
		d->src = mine;
	return d->src == mine;
}

/* ---- collecting ---- */

static void
count_memory(struct pipeline *p, struct section_stats *s)
{
	for (uint32_t i = 1; i < p->ir.op.n; i++) {
		struct op o = {i};
		bool alloc = op_id(&p->ir, o) == OP_ALLOC_TILE || op_id(&p->ir, o) == OP_ALLOC_MULTI_TILE;
		if (!alloc || (ir_op(&p->ir, o)->flags & OPD_DEAD) || !op_is_inside(&p->ir, o, s->u->func))
			continue;
		struct buf_place b = mem_place(&p->ir, o);
		uint64_t end = b.addr_bytes + b.size_bytes;
		s->runtime_address = s->runtime_address || !b.known;
		if (b.known && end > s->peak_bytes[b.space])
			s->peak_bytes[b.space] = end;
	}
}

static void
measure(struct pipeline *p, const struct unit *u, struct section_stats *s)
{
	struct cost_opt co = {
		.model = &p->cost,
		.same_pipe = {.v_prune = p->opt->v_prune != 0, .mte2_waw = true},
		.trips = (uint32_t)p->opt->assume_trips,
		.least = true,
	};

	memset(s, 0, sizeof *s);
	s->u = u;
	cost_section(p->a, &p->ir, p->ac, u->func, u->core, &co, &s->cost);
	count_memory(p, s);
}

static int
worst_cmp(const void *pa, const void *pb)
{
	const struct cost_sync *a = *(const struct cost_sync *const *)pa, *b = *(const struct cost_sync *const *)pb;

	if (a->stall != b->stall)
		return a->stall > b->stall ? -1 : 1;
	return a < b ? -1 : a > b;
}

/* The synchronisation instructions that hold their pipes longest. */
static const struct cost_sync **
worst_first(struct pipeline *p, const struct cost_result *r)
{
	const struct cost_sync **w = ARENA_ARRAY(p->a, const struct cost_sync *, r->sync.n + 1);

	for (uint32_t i = 0; i < r->sync.n; i++)
		w[i] = &r->sync.at[i];
	if (r->sync.n)
		qsort(w, r->sync.n, sizeof *w, worst_cmp);
	return w;
}

/* ---- text ---- */

static void
text_pipes(struct pipeline *p, const struct cost_result *r, enum core core)
{
	struct out *o = &p->stats;

	out_str(o, "  pipe            pieces        busy     stalled        idle\n");
	for (uint32_t k = 0; k < PIPE_COUNT; k++) {
		const struct cost_use *u = &r->pipe[k];
		if (!pipe_on_core((enum pipe)k, core) || (!u->ops && !u->stall))
			continue;
		int64_t busy = cycles(u->busy), stall = cycles(u->stall), idle = cycles(r->makespan) - busy - stall;
		out_f(o, "  %-10s %11llu %11lld %11lld %11lld\n", pipe_name((enum pipe)k), (unsigned long long)u->ops,
		      (long long)busy, (long long)stall, (long long)(idle > 0 ? idle : 0));
	}
}

static void
text_counts(struct pipeline *p, const struct cost_result *r)
{
	struct out *o = &p->stats;

	out_str(o, "  instructions, printed and run:");
	for (uint32_t k = 0; k < COST_KINDS; k++)
		if (r->nstatic[k])
			out_f(o, " %s %llu %llu,", cost_kind_name((enum cost_kind)k), (unsigned long long)r->nstatic[k],
			      (unsigned long long)r->ndynamic[k]);
	if (o->n && o->p[o->n - 1] == ',')
		o->p[--o->n] = '\0';
	else
		out_str(o, " none");
	out_char(o, '\n');
}

static void
text_worst(struct pipeline *p, const struct cost_result *r)
{
	const struct cost_sync **w = worst_first(p, r);

	for (uint32_t i = 0; i < r->sync.n && i < WORST_SHOWN && cycles(w[i]->stall) > 0; i++) {
		out_f(&p->stats, "  %s %lld cycles: ", pipe_name((enum pipe)w[i]->pipe),
		      (long long)cycles(w[i]->stall));
		report_sync_op(p, w[i]->op, &p->stats);
		if (w[i]->count > 1)
			out_f(&p->stats, ", %llu times", (unsigned long long)w[i]->count);
		out_char(&p->stats, '\n');
	}
}

static void
text_memory(struct pipeline *p, const struct section_stats *s)
{
	bool any = false;

	for (uint32_t k = 0; k < SPACE_COUNT; k++) {
		if (!s->peak_bytes[k])
			continue;
		out_f(&p->stats, "%s%s %llu of %u bytes", any ? ", " : "  memory: ", isa_space[k].tile,
		      (unsigned long long)s->peak_bytes[k], isa_space[k].bytes);
		any = true;
	}
	out_str(&p->stats, !any ? "" : s->runtime_address ? ", and tiles placed at run time\n" : "\n");
}

static void
text_assumptions(struct pipeline *p, const struct cost_result *r)
{
	struct out *o = &p->stats;

	if (r->trips_assumed)
		out_f(o, "  assumed: %d trips where the count is not known\n", p->opt->assume_trips);
	if (r->branch_assumed)
		out_str(o, "  assumed: of each branch the side with more work\n");
	if (r->calls)
		out_str(o, "  assumed: calls take no time, all pipes are drained around them\n");
	if (r->estimated)
		out_str(o, "  estimated: some loop was extrapolated from few iterations\n");
	if (r->unset)
		out_str(o, "  not possible: a wait finds its flag clear and would hang\n");
}

/* Per mille by which the makespan is above the bound. */
static int64_t
above_bound(const struct cost_result *r)
{
	int64_t over = r->makespan - r->ideal, unit = r->ideal;

	if (unit < COST_UNIT)
		return 0;
	return over < INT64_MAX / 1000 && over > INT64_MIN / 1000 ? over * 1000 / unit : over / (unit / 1000);
}

static void
text_section(struct pipeline *p, const struct section_stats *s)
{
	const struct cost_result *r = &s->cost;
	struct out *o = &p->stats;

	report_unit_name(p, s->u, o);
	if (r->refused) {
		out_f(o, ": no figures, %s\n", r->refused);
		text_memory(p, s);
		return;
	}
	int64_t permille = above_bound(r);
	int64_t size = permille < 0 ? -permille : permille;
	out_f(o, ": %lld cycles; %lld if only true conflicts cost time (%s%lld.%lld %%), "
		 "%lld when ordering them is paid for\n",
	      (long long)cycles(r->makespan), (long long)cycles(r->ideal), permille < 0 ? "-" : "+",
	      (long long)size / 10, (long long)size % 10, (long long)cycles(r->least));
	text_pipes(p, r, s->u->core);
	text_counts(p, r);
	text_worst(p, r);
	text_memory(p, s);
	text_assumptions(p, r);
}

/* What two slots for tiles save, of all sections together. */
static void
text_multi(struct pipeline *p)
{
	const struct multi_result *m = &p->multi;
	struct out *o = &p->stats;

	if (m->candidates == 0)
		return;
	if (m->trials == 0 || m->before < 0) {
		out_f(o, "--multi-buffer=auto: not tried, %s\n",
		      m->trials == 0 ? "the text is too long" : "a section is not proved without it");
		return;
	}
	int64_t tenths = m->before ? (m->before - m->after) * 1000 / m->before : 0;
	out_f(o, "--multi-buffer=auto %s %lld.%lld %% (%lld of %lld cycles): %u of %u tiles with two slots\n",
	      p->opt->multi_buffer ? "saves" : "would save", (long long)tenths / 10, (long long)tenths % 10,
	      (long long)cycles(m->before - m->after), (long long)cycles(m->before), m->chosen, m->candidates);
}

/* What tiles at other places than the given ones save. */
static void
text_moved(struct pipeline *p)
{
	const struct move_result *m = &p->moved;
	struct out *o = &p->stats;

	if (!m->tried)
		return;
	int64_t saved = m->before - m->after, tenths = m->before ? saved * 1000 / m->before : 0;
	out_f(o, "--addresses=improve %s %lld.%lld %% (%lld of %lld cycles)\n",
	      p->opt->improve_addresses ? "saves" : "would save", (long long)tenths / 10, (long long)tenths % 10,
	      (long long)cycles(saved), (long long)cycles(m->before));
}

/* ---- JSON ---- */

/* Thousandths of a cycle as a decimal number. */
static void
json_cycles(struct out *o, int64_t t)
{
	out_f(o, "%lld", (long long)(t / COST_UNIT));
	if (t % COST_UNIT)
		out_f(o, ".%03d", (int)(t % COST_UNIT));
}

static void
json_pipes(struct out *o, const struct cost_result *r, enum core core)
{
	bool any = false;

	out_str(o, ", \"pipes\": {");
	for (uint32_t k = 0; k < PIPE_COUNT; k++) {
		if (!pipe_on_core((enum pipe)k, core))
			continue;
		out_f(o, "%s\"%s\": {\"pieces\": %llu, \"busy\": ", any ? ", " : "", pipe_name((enum pipe)k) + 5,
		      (unsigned long long)r->pipe[k].ops);
		json_cycles(o, r->pipe[k].busy);
		out_str(o, ", \"stall\": ");
		json_cycles(o, r->pipe[k].stall);
		out_char(o, '}');
		any = true;
	}
	out_char(o, '}');
}

static void
json_counts(struct out *o, const struct cost_result *r)
{
	static const char *const key[COST_KINDS] = {
		[COST_SET] = "set", [COST_WAIT] = "wait", [COST_BARRIER] = "barrier",
		[COST_BARRIER_ALL] = "barrier_all", [COST_FENCE] = "dsb", [COST_CACHE] = "dcci",
	};

	out_str(o, ", \"sync\": {");
	for (uint32_t k = 0; k < COST_KINDS; k++)
		out_f(o, "%s\"%s\": {\"static\": %llu, \"dynamic\": %llu}", k ? ", " : "", key[k],
		      (unsigned long long)r->nstatic[k], (unsigned long long)r->ndynamic[k]);
	out_char(o, '}');
}

static void
json_stalls(struct pipeline *p, const struct cost_result *r)
{
	struct out *o = &p->stats, text;

	out_str(o, ", \"stalls\": [");
	for (uint32_t i = 0; i < r->sync.n; i++) {
		const struct cost_sync *w = &r->sync.at[i];
		out_init(&text, p->a);
		report_sync_op(p, w->op, &text);
		out_f(o, "%s{\"pipe\": \"%s\", \"what\": ", i ? ", " : "", pipe_name((enum pipe)w->pipe) + 5);
		out_json(o, text.p);
		out_f(o, ", \"count\": %llu, \"cycles\": ", (unsigned long long)w->count);
		json_cycles(o, w->stall);
		out_char(o, '}');
	}
	out_char(o, ']');
}

static void
json_figures(struct pipeline *p, const struct section_stats *s)
{
	const struct cost_result *r = &s->cost;
	struct out *o = &p->stats;

	out_str(o, ", \"makespan\": ");
	json_cycles(o, r->makespan);
	out_str(o, ", \"ideal\": ");
	json_cycles(o, r->ideal);
	out_str(o, ", \"least\": ");
	json_cycles(o, r->least);
	json_pipes(o, r, s->u->core);
	json_counts(o, r);
	json_stalls(p, r);
	out_f(o, ", \"assumed\": {\"trips\": %s, \"branches\": %s, \"calls\": %s}, \"estimated\": %s, \"hangs\": %s",
	      r->trips_assumed ? "true" : "false", r->branch_assumed ? "true" : "false", r->calls ? "true" : "false",
	      r->estimated ? "true" : "false", r->unset ? "true" : "false");
}

static void
json_section(struct pipeline *p, const struct section_stats *s)
{
	struct out *o = &p->stats;
	bool any = false;

	out_str(o, "{\"function\": ");
	out_json(o, sym_str(&p->ir.in, func_name(&p->ir, s->u->func)));
	out_f(o, ", \"core\": \"%s\", \"manual\": %s", s->u->core == CORE_CUBE ? "cube" : "vector",
	      s->u->manual ? "true" : "false");
	out_str(o, ", \"peak_bytes\": {");
	for (uint32_t k = 0; k < SPACE_COUNT; k++) {
		if (!s->peak_bytes[k])
			continue;
		out_f(o, "%s\"%s\": %llu", any ? ", " : "", isa_space[k].tile, (unsigned long long)s->peak_bytes[k]);
		any = true;
	}
	out_char(o, '}');
	if (s->cost.refused) {
		out_str(o, ", \"makespan\": null, \"refused\": ");
		out_json(o, s->cost.refused);
	} else {
		json_figures(p, s);
	}
	out_char(o, '}');
}

static void
json_multi(struct pipeline *p)
{
	const struct multi_result *m = &p->multi;
	struct out *o = &p->stats;

	out_f(o, "], \"multi_buffer\": {\"applied\": %s, \"candidates\": %u, \"tiles\": %u, \"before\": ",
	      p->opt->multi_buffer ? "true" : "false", m->candidates, m->chosen);
	if (m->trials == 0 || m->before < 0) {
		out_str(o, "null, \"after\": null}");
		return;
	}
	json_cycles(o, m->before);
	out_str(o, ", \"after\": ");
	json_cycles(o, m->after);
	out_char(o, '}');
}

static void
json_moved(struct pipeline *p)
{
	const struct move_result *m = &p->moved;
	struct out *o = &p->stats;

	out_f(o, ", \"addresses\": {\"applied\": %s, \"before\": ", p->opt->improve_addresses ? "true" : "false");
	if (m->tried) {
		json_cycles(o, m->before);
		out_str(o, ", \"after\": ");
		json_cycles(o, m->after);
	} else {
		out_str(o, "null, \"after\": null");
	}
	out_char(o, '}');
}

void
stats_report(struct pipeline *p)
{
	bool json = p->opt->stats == PTOC_STATS_JSON;

	if (json)
		out_str(&p->stats, "{\"sections\": [");
	for (uint32_t i = 0; i < p->unit.n; i++) {
		struct section_stats *s = ARENA_NEW(p->a, struct section_stats);
		measure(p, &p->unit.at[i], s);
		if (json && i)
			out_str(&p->stats, ",\n");
		if (json)
			json_section(p, s);
		else
			text_section(p, s);
	}
	if (json) {
		json_multi(p);
		json_moved(p);
		out_str(&p->stats, "}\n");
	} else {
		text_multi(p);
		text_moved(p);
	}
}
