/*
 * pipeline: see pipeline.h and passes.def.
 *
 * Synchronisation works on units (one core's program of one function). A plan that the checker does not prove is taken
 * out again and replaced by the conservative one; what even that does not settle is reported, never hidden.
 */
#include "driver/pipeline.h"

#include "check/cores.h"
#include "check/places.h"
#include "driver/complete.h"
#include "driver/move.h"
#include "driver/multi.h"
#include "driver/order.h"
#include "driver/improve.h"
#include "driver/recover.h"
#include "driver/report.h"
#include "driver/stats.h"
#include "driver/timeline.h"
#include "driver/trial.h"
#include "diag/policy.h"
#include "emit/cxx.h"
#include "front/front.h"
#include "ir/print.h"
#include "mem/mem.h"
#include "shape/shape.h"
#include "verify/verify.h"

#include <stdlib.h>
#include <strings.h>

void
pipeline_init(struct pipeline *p, struct arena *a, const struct ptoc_options *opt, struct strv text, bool sealed)
{
	memset(p, 0, sizeof *p);
	p->a = a;
	arena_init_within(&p->scratch, a);
	p->opt = opt;
	p->verdict = PTOC_NOT_CHECKED;
	(sealed ? source_sealed : source_init)(&p->src, a, opt->name, text.p, text.n);
	diags_init(&p->diags, a, &p->src);
	out_init(&p->text, a);
	out_init(&p->explain, a);
	out_init(&p->stats, a);
	out_init(&p->timeline, a);
	out_init(&p->dump, a);
}

void
pipeline_free(struct pipeline *p)
{
	trial_free(p);
	arena_free(&p->scratch);
}

/* ---- parse, level, verify ---- */

static bool
pass_parse(struct pipeline *p)
{
	static const char magic[] = "PTOBC";	/* and a NUL */

	if (p->src.n >= sizeof magic && memcmp(p->src.text, magic, sizeof magic) == 0) {
		diag_report(&p->diags, DIAG_UNSUPPORTED, (struct span){0, 0},
			    "input is PTOBC bytecode, only .pto text is read");
		p->closing = "Error: Failed to decode PTOBC.";
		return false;
	}
	ir_init(&p->ir, p->a, &p->diags);
	p->cxx = p->opt->check_only && cxxin_is_cxx(p->opt->name, (const char *)p->src.text, p->src.n);
	if (!stats_model(p))
		return false;
	if (p->cxx)
		return cxxin_read(&p->ir, &p->cxxin);
	if (front_parse(&p->ir))
		return true;
	/* the reference stops at the first one */
	if (!p->opt->as_ptoas)
		recover_errors(p);
	return false;
}

/* Depth is bounded by the parser's nesting limit: modules hold modules and functions. */
static void
collect_functions(struct pipeline *p, struct op module)
{
	struct blk b = op_body(&p->ir, module, 0);

	if (!b.i)
		return;
	for (struct op o = ir_blk(&p->ir, b)->first; o.i; o = ir_op(&p->ir, o)->next) {
		if (op_id(&p->ir, o) == OP_MODULE)
			collect_functions(p, o);
		else if (op_id(&p->ir, o) == OP_FUNC && ir_op(&p->ir, o)->nreg &&
			 ir_reg(&p->ir, op_reg(&p->ir, o, 0))->first.i)
			VEC_PUSH(p->a, &p->func, o);
	}
}

/* The text that an attribute of the module is, or NULL. */
static const char *
module_text(const struct pipeline *p, struct sym key)
{
	struct attr at = op_attr(&p->ir, p->ir.module, key);
	const struct attr_data *d = at.i ? attr_data(&p->ir.attrs, at) : NULL;

	return d && d->kind == AT_STRING ? sym_str(&p->ir.in, d->text) : NULL;
}

static bool
module_says(const struct pipeline *p, struct sym key, const char *value)
{
	const char *text = module_text(p, key);

	return text && strcmp(text, value) == 0;
}

/* Producers say a2a3, too. */
static bool
is_odd_arch(const char *name)
{
	return name && strcmp(name, "a2") != 0 && strcmp(name, "a3") != 0 && strcmp(name, "a2a3") != 0;
}

static bool
is_alloc(const struct pipeline *p, uint32_t i)
{
	const struct op_data *d = &p->ir.op.at[i];

	return (d->id == OP_ALLOC_TILE || d->id == OP_ALLOC_MULTI_TILE) && !(d->flags & OPD_DEAD);
}

/* Does any tile of the module say where it lives? */
static bool
has_addresses(const struct pipeline *p)
{
	for (uint32_t i = 1; i < p->ir.op.n; i++)
		if (is_alloc(p, i) && op_slot(&p->ir, (struct op){i}, 0).i)
			return true;
	return false;
}

/* As ptoas: tiles that move are for hand-written synchronisation only. */
static void
refuse_tassign(struct pipeline *p)
{
	bool all = p->opt->sync == PTOC_SYNC_BARRIER_ALL;

	for (uint32_t i = 1; i < p->ir.op.n && p->opt->as_ptoas && p->opt->sync != PTOC_SYNC_NONE; i++)
		if (p->ir.op.at[i].id == OP_TASSIGN && !(p->ir.op.at[i].flags & OPD_DEAD))
			diag_report(&p->diags, DIAG_UNSUPPORTED, p->ir.op.at[i].span,
				    "pto.tassign requires --enable-%s to be disabled.",
				    all ? "inject-barrier-all-sync" : "insert-sync");
}

static bool
pass_level(struct pipeline *p)
{
	struct span at = ir_op(&p->ir, p->ir.module)->span;

	p->level = p->opt->level;
	if (p->cxx)
		p->level = 3;
	if (!p->level)
		p->level = has_addresses(p) ? 3 : 2;
	if (!p->opt->arch_given && module_says(p, p->ir.name.target_arch, "a5")) {
		diag_report(&p->diags, DIAG_UNSUPPORTED, at, "module is for a5, this compiler is for a2 and a3");
		diag_hint(&p->diags, "--pto-arch=a3 overrides the attribute 'pto.target_arch'");
	} else if (!p->opt->arch_given && is_odd_arch(module_text(p, p->ir.name.target_arch))) {
		diag_report(&p->diags, DIAG_IGNORED_ATTR, at, "no 'pto.target_arch' is called '%s': compiled for a3",
			    module_text(p, p->ir.name.target_arch));
	} else if (module_says(p, p->ir.name.backend, "vpto")) {
		diag_report(&p->diags, DIAG_UNSUPPORTED, at, "module is for the vpto back end, only C++ is written");
	}
	refuse_tassign(p);
	if (p->diags.nerror)
		return false;
	collect_functions(p, p->ir.module);
	return true;
}

static bool
pass_verify(struct pipeline *p)
{
	return p->cxx || verify_module(&p->ir, &(struct verify_opt){.level = p->level});
}

/* ---- places and accesses ---- */

/* Is there work behind verification, or is the module only printed again? */
static bool
needs_places(const struct pipeline *p)
{
	return p->cxx || p->opt->emit != PTOC_EMIT_PTO || p->opt->sync != PTOC_SYNC_NONE ||
	       p->opt->stats != PTOC_STATS_NONE || p->opt->timeline;
}

static bool
pass_shape(struct pipeline *p)
{
	if (!needs_places(p) || p->cxx)
		return true;
	if (!shape_sections(&p->ir))
		return false;
	shape_events(&p->ir);
	if (!shape_fifos(&p->ir))
		return false;
	shape_canon(&p->ir);
	if (p->opt->infer_layout && !shape_layouts(&p->ir))
		return false;
	if (p->level < 3)
		shape_scratch(&p->ir);
	return true;
}

/* "vec:65536,acc:4096": bytes of spaces. */
static bool
read_capacity(struct pipeline *p, uint64_t bytes[SPACE_COUNT])
{
	const char *at = p->opt->capacity;

	while (at && *at) {
		size_t word = strcspn(at, ":,");
		uint32_t sp = SP_MAT;
		while (sp < SPACE_COUNT && (strlen(isa_space[sp].tile) != word ||
					    strncasecmp(isa_space[sp].tile, at, word) != 0))
			sp++;
		char *end = NULL;
		unsigned long long n = at[word] == ':' ? strtoull(at + word + 1, &end, 10) : 0;
		if (sp == SPACE_COUNT || n == 0 || n > UINT32_MAX || (*end && *end != ',')) {
			diag_report(&p->diags, DIAG_OPTION, (struct span){0, 0},
				    "'%s' is no list of spaces with their bytes, as in vec:65536,acc:4096",
				    p->opt->capacity);
			return false;
		}
		bytes[sp] = n;
		at = *end ? end + 1 : end;
	}
	return true;
}

/* Which tiles have two slots: told from outside, or worth finding out. */
static bool
pass_slots(struct pipeline *p)
{
	if (!needs_places(p) || p->cxx || p->opt->check_only)
		return true;
	if (!p->on_trial && (p->opt->improve_addresses || p->opt->stats != PTOC_STATS_NONE))
		move_choose(p);
	if (p->moves)
		p->move = move_begin(p->a, &p->ir, p->func.at, p->func.n, p->moves == MOVES_IN_PLACE);
	if (p->on_trial)
		shape_slots(p->a, &p->ir, p->slots, p->nslots);
	else if (p->opt->multi_buffer || p->opt->stats != PTOC_STATS_NONE)
		multi_choose(p);
	return true;
}

static bool
pass_place(struct pipeline *p)
{
	struct mem_opt mo = {.big_tables = p->opt->as_ptoas != 0, .fill_in_place = p->opt->plan_modern != 0,
			     .first_fit = p->opt->as_ptoas && !p->opt->plan_modern};
	bool ok = true;

	if (!needs_places(p) || p->cxx)
		return true;
	if (!read_capacity(p, mo.capacity))
		return false;
	if (p->level < 3)
		ok = mem_plan(p->a, &p->ir, p->func.at, p->func.n, mo);
	else if (p->move)
		ok = move_place(p->move, mo);
	for (uint32_t k = 0; p->level == 3 && k < p->func.n; k++)
		ok &= mem_check_addresses(&p->ir, p->func.at[k]);
	ok = ok && shape_fifo_addresses(&p->ir);
	return ok;
}

/* Is any function of the module synchronised by hand? Sections need a closer look only then. */
static bool
has_manual_sync(const struct pipeline *p)
{
	for (uint32_t i = 1; i < p->ir.op.n; i++)
		if (isa_op[p->ir.op.at[i].id].flags & OPF_MANUAL && !(p->ir.op.at[i].flags & OPD_DEAD))
			return true;
	return false;
}

static void
add_units(struct pipeline *p, struct op func, bool look)
{
	enum core core[2] = {CORE_NONE, CORE_NONE};
	uint32_t n = section_count(&p->ir, func, core), from = p->unit.n;
	bool any = false;

	for (uint32_t k = 0; k < n; k++) {
		struct unit u = {.func = func, .core = core[k]};
		if (look)
			u.manual = section_build(&p->scratch, &p->ir, p->ac, func, core[k])->manual;
		arena_free(&p->scratch);
		any |= u.manual;
		VEC_PUSH(p->a, &p->unit, u);
	}
	/* the reference leaves the whole function alone when it finds a flag anywhere in it */
	for (uint32_t i = from; p->opt->as_ptoas && any && i < p->unit.n; i++)
		p->unit.at[i].manual = true;
}

/* What the reader of C++ does not know may do anything: neither proof nor violation of its sections would be true. */
static void
mark_unknown(struct pipeline *p)
{
	uint32_t *first = ARENA_ARRAY(p->a, uint32_t, p->ir.op.n);	/* by function: its first unit + 1 */

	for (uint32_t i = p->unit.n; i-- > 0;)
		first[p->unit.at[i].func.i] = i + 1;
	for (uint32_t k = 0; k < p->cxxin.unknown.n; k++) {
		const struct cxxin_unknown *x = &p->cxxin.unknown.at[k];
		struct op func = op_enclosing(&p->ir, x->op, OP_FUNC);
		enum core core = func_core(&p->ir, x->op);
		for (uint32_t i = first[func.i]; i && i <= p->unit.n && p->unit.at[i - 1].func.i == func.i; i++)
			if (core == CORE_NONE || core == p->unit.at[i - 1].core)
				p->unit.at[i - 1].unknown = true;
		diag_report(&p->diags, DIAG_SYNC_UNPROVED, x->at, "%s is not known, the section cannot be proved",
			    x->what);
	}
}

/* Has the op no part in what the end of a function is asked for? */
static bool
leaves_nothing(const struct pipeline *p, struct op o)
{
	enum op_id id = op_id(&p->ir, o);

	return op_row(&p->ir, o)->pipe == P_NONE || id == OP_LOAD_SCALAR || id == OP_CALL ||
	       (id == OP_PTOC_UNKNOWN && ir_op(&p->ir, o)->nres) || id == OP_FUNC;
}

/* The call that is all a function does: it ends with it, and what else is there computes arguments. */
static struct op
forwards(const struct pipeline *p, struct op func)
{
	struct blk b = op_body(&p->ir, func, 0);
	struct op o = b.i ? ir_blk(&p->ir, b)->last : (struct op){0}, call = o.i ? ir_op(&p->ir, o)->prev : o;

	if (!call.i || op_id(&p->ir, o) != OP_RETURN || op_id(&p->ir, call) != OP_CALL)
		return (struct op){0};
	for (o = ir_blk(&p->ir, b)->first; o.i && o.i != call.i; o = ir_op(&p->ir, o)->next)
		if (!leaves_nothing(p, o) || op_id(&p->ir, o) == OP_CALL)
			return (struct op){0};
	return call;
}

/* Functions that no other function of the text calls must leave nothing behind (sync-model.md E1, E2, E4). */
static void
mark_entries(struct pipeline *p)
{
	bool *called = ARENA_ARRAY(p->a, bool, p->ir.in.text.n), *here = ARENA_ARRAY(p->a, bool, p->ir.in.text.n);
	bool *kernel = ARENA_ARRAY(p->a, bool, p->ir.in.text.n);

	for (uint32_t i = 1; i < p->ir.op.n; i++) {
		struct op o = {i};
		if (op_id(&p->ir, o) == OP_CALL && !(ir_op(&p->ir, o)->flags & OPD_DEAD))
			called[attr_data(&p->ir.attrs, op_attr(&p->ir, o, p->ir.name.callee))->text.i] = true;
	}
	for (uint32_t i = 0; i < p->unit.n; i++)
		p->unit.at[i].entry = !called[func_name(&p->ir, p->unit.at[i].func).i];
	/* where a client's wrapper only passes arguments on, what it calls is the kernel */
	for (uint32_t i = 0; i < p->unit.n; i++)
		here[func_name(&p->ir, p->unit.at[i].func).i] = true;
	for (uint32_t i = 0; i < p->unit.n; i++) {
		struct op c = p->unit.at[i].entry ? forwards(p, p->unit.at[i].func) : (struct op){0};
		uint32_t to = c.i ? attr_data(&p->ir.attrs, op_attr(&p->ir, c, p->ir.name.callee))->text.i : 0;
		kernel[to] = here[to];
		p->unit.at[i].entry &= !here[to];
	}
	for (uint32_t i = 0; i < p->unit.n; i++)
		p->unit.at[i].entry |= kernel[func_name(&p->ir, p->unit.at[i].func).i];
}

/* A parameter as an option names it, with or without `%`. */
static struct sym
named(const struct pipeline *p, const char *name)
{
	if (!name || !*name)
		return (struct sym){0};
	name += *name == '%';
	return intern_find(&p->ir.in, (struct strv){name, (uint32_t)strlen(name)});
}

/* Functions with anything that is not known are left out. */
static void
warn_cores(struct pipeline *p)
{
	bool *skip = ARENA_ARRAY(p->a, bool, p->func.n);

	for (uint32_t k = 0, i = 0; k < p->func.n; k++)
		for (; i < p->unit.n && p->unit.at[i].func.i == p->func.at[k].i; i++)
			skip[k] |= p->unit.at[i].unknown;
	struct check_cores_in in = {.func = p->func.at, .nfunc = p->func.n, .skip = skip,
				    .block = named(p, p->opt->block_index), .sub = named(p, p->opt->subblock_index)};
	check_cores(&p->scratch, &p->ir, p->ac, &in);
	arena_free(&p->scratch);
}

static bool
moves_proved(struct pipeline *p)
{
	bool slots = p->nslots || (p->multi.chosen && p->opt->multi_buffer);

	if (!p->move)
		return true;
	if (slots)
		return move_apart(p->move, p->ac);
	struct op bad = move_refuted(p->move, p->ac);
	if (!bad.i)
		return true;
	op_error(&p->ir, bad, DIAG_PLACE_FAILED, "a read finds other bytes at the new addresses");
	diag_hint(&p->diags, "this is a mistake of the compiler, please report it; --addresses=keep does without");
	return false;
}

static bool
pass_access(struct pipeline *p)
{
	if (!needs_places(p))
		return true;
	p->ac = access_build(p->a, &p->ir, (struct access_opt){.gm_alias = p->opt->gm_alias != 0});
	if (p->level < 3 && p->opt->check && !check_placement(p->a, &p->ir, p->ac, p->func.at, p->func.n, NULL, 0))
		return false;
	if (!moves_proved(p))
		return false;
	if (!p->cxx)
		shape_identity(&p->ir);
	if (p->opt->check) {
		check_tiles(p->a, &p->ir, p->ac, p->func.at, p->func.n, p->level == 3);
		check_partitions(&p->ir);
	}
	bool look = has_manual_sync(p);
	for (uint32_t k = 0; k < p->func.n; k++)
		add_units(p, p->func.at[k], look);
	if (p->cxx) {
		mark_unknown(p);
		mark_entries(p);
	}
	if (p->opt->check)
		warn_cores(p);
	return true;
}

/* ---- synchronisation ---- */

static struct same_pipe_opt
same_pipe(const struct pipeline *p)
{
	return (struct same_pipe_opt){.v_prune = p->opt->v_prune != 0, .m_always = p->opt->m_always != 0,
				      .mte2_waw = p->opt->load_waw != 0};
}

/* Do we put synchronisation into this unit? */
static bool
is_ours(const struct pipeline *p, const struct unit *u)
{
	return !p->cxx && p->opt->sync != PTOC_SYNC_NONE && (!u->manual || u->complete) && !u->nothing_missing;
}

/* What the plan and the check of a unit need while they work is given back; what they found is kept. */
static void
keep_reasons(struct pipeline *p, struct unit *u)
{
	const struct sync_why *why = u->sync.why.at;
	uint32_t n = u->sync.why.n;

	u->sync.why.at = NULL;
	u->sync.why.n = u->sync.why.cap = 0;
	for (uint32_t i = 0; p->opt->explain && i < n; i++)
		VEC_PUSH(p->a, &u->sync.why, why[i]);
	arena_free(&p->scratch);
}

static void
keep_findings(struct pipeline *p, struct unit *u)
{
	struct check_result old = u->check;

	u->check = (struct check_result){.verdict = old.verdict};
	for (uint32_t i = 0; i < old.finding.n; i++)
		VEC_PUSH(p->a, &u->check.finding, old.finding.at[i]);
	for (uint32_t i = 0; i < old.path.n; i++)
		VEC_PUSH(p->a, &u->check.path, old.path.at[i]);
	for (uint32_t i = 0; i < old.input.n; i++)
		VEC_PUSH(p->a, &u->check.input, old.input.at[i]);
	for (uint32_t i = 0; i < old.trip.n; i++)
		VEC_PUSH(p->a, &u->check.trip, old.trip.at[i]);
	arena_free(&p->scratch);
}

static struct check_opt
check_options(const struct pipeline *p, const struct unit *u)
{
	return (struct check_opt){
		.same_pipe = same_pipe(p),
		.visibility = !p->opt->gm_flags_only,
		.need_tail = p->cxx ? u->entry : p->opt->sync != PTOC_SYNC_NONE && (!u->manual || u->complete),
	};
}

/* What the plan has too much, or could have cheaper. Run as ptoas, ids of two slots and the end are as there. */
static void
unit_improve(struct pipeline *p, struct unit *u)
{
	bool ours = !p->opt->as_ptoas;
	struct check_opt co = check_options(p, u);
	struct proving by = {.a = &p->scratch, .ir = &p->ir, .ac = p->ac, .func = u->func, .core = u->core, .opt = &co};
	struct improve_opt io = {
		.cost = {.model = &p->cost, .same_pipe = co.same_pipe, .trips = (uint32_t)p->opt->assume_trips},
		.max_ids = (uint32_t)p->opt->max_event_ids,
		.min_slots = u->complete ? 0 : ours ? 2 : 3,
		/* a dcci that was asked for is one of all lines */
		.fence_lines = !p->opt->gm_dcci,
		.end_lines = ours,
	};

	proving_init(&by);
	improve_section(&by, &io, &u->sync);
}

static void
unit_insert(struct pipeline *p, struct unit *u)
{
	struct sync_opt so = {
		.same_pipe = same_pipe(p),
		.gm_visibility = p->opt->gm_flags_only ? GMV_FLAGS_ONLY : GMV_FENCE,
		.gm_fence = p->opt->gm_dcci ? GMF_DCCI_DSB : GMF_DSB,
		.conservative = u->conservative,
		.complete = u->complete,
		.max_ids = (uint32_t)p->opt->max_event_ids,
	};

	memset(&u->sync, 0, sizeof u->sync);
	if (!is_ours(p, u))
		return;
	if (p->opt->sync == PTOC_SYNC_BARRIER_ALL && !u->conservative)
		sync_barrier_all(&p->ir, p->ac, u->func, u->core);
	else
		sync_insert(&p->scratch, &p->ir, p->ac, u->func, u->core, &so, &u->sync);
	if (p->opt->check && !u->conservative && p->opt->sync != PTOC_SYNC_BARRIER_ALL)
		unit_improve(p, u);
	shape_guard_sync(&p->ir, u->func, u->core);
	keep_reasons(p, u);
}

/*
 * A section without any synchronisation that the user asked us to leave alone has nothing to check: every hazard in it
 * would be reported. --check asks for exactly that.
 */
static bool
wants_check(const struct pipeline *p, const struct unit *u)
{
	return p->opt->check && (is_ours(p, u) || u->nothing_missing || p->opt->check_only ||
				 (u->manual && !p->opt->as_ptoas));
}

void
unit_prove(struct pipeline *p, struct unit *u, bool first_only)
{
	struct check_opt co = check_options(p, u);

	co.first_only = first_only;
	check_section(&p->scratch, &p->ir, p->ac, u->func, u->core, &co, &u->check);
	keep_findings(p, u);
}

static void
unit_check(struct pipeline *p, struct unit *u)
{
	memset(&u->check, 0, sizeof u->check);
	u->checked = wants_check(p, u);
	if (u->unknown)
		u->check.verdict = CHECK_UNPROVED;
	else if (u->checked)
		unit_prove(p, u, false);
}

/* Plans and checks the n units of one function; a unit that is not proved gets the conservative plan. */
static void
sync_function(struct pipeline *p, struct unit *u, uint32_t n)
{
	bool again = false;

	for (uint32_t k = 0; k < n; k++) {
		if (p->opt->sync != PTOC_SYNC_NONE)
			sync_warn_lines(&p->scratch, &p->ir, p->ac, u[k].func, u[k].core,
					p->opt->strict_lines != 0);
		complete_begin(p, &u[k]);
	}
	for (uint32_t k = 0; k < n; k++)
		unit_insert(p, &u[k]);
	for (uint32_t k = 0; k < n; k++) {
		unit_check(p, &u[k]);
		if (is_ours(p, &u[k]) && u[k].checked && u[k].check.verdict != CHECK_PROVED) {
			if (!u[k].complete)
				report_fallback(p, &u[k]);
			u[k].conservative = again = true;
		}
	}
	if (!again)
		return;
	/* units of a mixed function share the function body, so all of them are taken out and put in again */
	sync_remove(&p->ir, u->func);
	for (uint32_t k = 0; k < n; k++)
		unit_insert(p, &u[k]);
	for (uint32_t k = 0; k < n; k++) {
		unit_check(p, &u[k]);
		/* what no completion can put right is reported by itself */
		if (u[k].complete && u[k].conservative && u[k].check.verdict == CHECK_PROVED)
			report_fallback(p, &u[k]);
	}
}

static enum ptoc_verdict
worse(enum ptoc_verdict a, enum ptoc_verdict b)
{
	static const int rank[] = {
		[PTOC_NOT_CHECKED] = 0, [PTOC_PROVED] = 1, [PTOC_UNPROVED] = 2, [PTOC_VIOLATED] = 3,
	};

	return rank[a] > rank[b] ? a : b;
}

/* Callees first: a caller keeps clear of the flags they use. */
static void
sync_all(struct pipeline *p)
{
	uint32_t nfunc = 0, n;
	struct op *func = ARENA_ARRAY(p->a, struct op, p->unit.n + 1);
	uint32_t *first = ARENA_ARRAY(p->a, uint32_t, p->unit.n + 1);
	uint32_t *order = ARENA_ARRAY(p->a, uint32_t, p->unit.n + 1);

	for (uint32_t i = 0; i < p->unit.n; i++) {
		if (i && p->unit.at[i].func.i == p->unit.at[i - 1].func.i)
			continue;
		func[nfunc] = p->unit.at[i].func;
		first[nfunc++] = i;
	}
	order_functions(p->a, &p->ir, p->ac, func, nfunc, order);
	for (uint32_t k = 0; k < nfunc; k++) {
		uint32_t i = first[order[k]];
		for (n = 1; i + n < p->unit.n && p->unit.at[i + n].func.i == p->unit.at[i].func.i; n++)
			;
		sync_function(p, &p->unit.at[i], n);
		access_func_done(p->ac, p->unit.at[i].func);
	}
}

static bool
pass_sync(struct pipeline *p)
{
	static const enum ptoc_verdict verdict[] = {
		[CHECK_PROVED] = PTOC_PROVED, [CHECK_VIOLATED] = PTOC_VIOLATED, [CHECK_UNPROVED] = PTOC_UNPROVED,
	};

	for (uint32_t k = 0; !p->cxx && p->opt->as_ptoas && p->opt->sync == PTOC_SYNC_NONE && k < p->func.n; k++)
		sync_flush_exits(&p->ir, p->func.at[k]);
	if (!p->ac)
		return true;
	sync_all(p);
	p->verdict = p->unit.n == 0 && p->opt->check ? PTOC_PROVED : PTOC_NOT_CHECKED;
	for (uint32_t i = 0; i < p->unit.n; i++) {
		struct unit *u = &p->unit.at[i];
		if (!u->checked)
			continue;
		p->verdict = worse(p->verdict, verdict[u->check.verdict]);
		report_findings(p, u, is_ours(p, u));
	}
	if (p->opt->explain)
		report_explain(p);
	if (p->opt->stats != PTOC_STATS_NONE)
		stats_report(p);
	if (p->opt->timeline)
		timeline_report(p);
	return p->diags.nerror == 0 && (!p->opt->check_only || p->verdict == PTOC_PROVED);
}

/* ---- output ---- */

static bool
pass_emit(struct pipeline *p)
{
	switch (p->opt->emit) {
	case PTOC_EMIT_CXX:
		return emit_module(&p->ir, &(struct emit_opt){.as_ptoas = p->opt->as_ptoas}, &p->text);
	case PTOC_EMIT_PTO:
		print_module(&p->ir, &p->text);
		return true;
	case PTOC_EMIT_NOTHING:
		return true;
	}
	return true;
}

static const struct pass {
	char letter;
	bool (*run)(struct pipeline *);
	void (*dump)(struct pipeline *);
	const char *doc, *closing;
} pass[] = {
#define PASS(letter, name, doc, closing) {letter, pass_##name, dump_##name, doc, closing},
#include "driver/passes.def"
#undef PASS
};

enum { PASS_COUNT = sizeof pass / sizeof pass[0] };

/* The words behind -W; the program has looked at its own already. */
static bool
take_policy(struct pipeline *p)
{
	struct out why;

	out_init(&why, p->a);
	if (!p->opt->warnings || policy_add_list(&p->diags.policy, p->opt->warnings, &why))
		return true;
	diag_report(&p->diags, DIAG_OPTION, (struct span){0, 0}, "%s", why.p);
	return false;
}

bool
pipeline_run(struct pipeline *p)
{
	if (!take_policy(p))
		return false;
	for (uint32_t i = 0; i < PASS_COUNT; i++) {
		bool ok = pass[i].run(p);
		if (p->opt->dump && strchr(p->opt->dump, pass[i].letter) && (ok || p->ac)) {
			out_f(&p->dump, "== %c: %s\n", pass[i].letter, pass[i].doc);
			pass[i].dump(p);
		}
		if (!ok) {
			if (!p->closing)
				p->closing = pass[i].closing;
			return false;
		}
	}
	/* a warning of any pass may have been made an error */
	return p->diags.nerror == 0;
}

bool
pipeline_has_letter(char c)
{
	uint32_t i = 0;

	while (i < PASS_COUNT && pass[i].letter != c)
		i++;
	return i < PASS_COUNT;
}

void
pipeline_letters(struct out *o)
{
	for (uint32_t i = 0; i < PASS_COUNT; i++)
		out_f(o, "  %c  %s\n", pass[i].letter, pass[i].doc);
}
