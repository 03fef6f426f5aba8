/*
 * program: bytes that decode into a legal kernel (prop/gen.h), so that every input reaches planner and checker, and the
 * placer unless the tiles have addresses. The plan must be proved, and found right by the interpreter.
 */
#include "fuzz.h"
#include "gen.h"
#include "synced.h"

#include <stdio.h>
#include <stdlib.h>

enum { PROGRAM_MAX = 400 };

static void
blame(const char *what, const char *detail, const struct out *kernel)
{
	fprintf(stderr, "fuzz: %s\n%s\n%s\n", what, detail, kernel->p);
	abort();
}

/* Legal as they are, the kernels may still be too big for a space that was made small. */
static void
judge(const struct out *kernel, const struct ptoc_options *o)
{
	struct ptoc_result r;

	fuzz_compile(kernel->p, kernel->n, o, &r);
	if (!r.ok && !(o->capacity && strstr(r.diagnostics, "[overflow]")))
		blame("a legal kernel is refused", r.diagnostics, kernel);
	if (strstr(r.diagnostics, "[sync-fallback]"))
		blame("the plan is not proved", r.diagnostics, kernel);
	if (r.ok && r.verdict != PTOC_PROVED)
		blame("the result is not proved", r.diagnostics, kernel);
	ptoc_result_free(&r);
	fuzz_round_trip(kernel->p, kernel->n, o);
}

/* Planner, checker and interpreter side by side: kernels with addresses only. */
static void
interpret(const struct out *kernel)
{
	struct prog p;
	struct parts l = {0};

	if (!prog_load(&p, "gen.pto", kernel->p, kernel->n))
		blame("does not load", p.text.p, kernel);
	parts_find(&l, &p);
	for (uint32_t i = 0; i < l.all.n; i++) {
		struct sync_result res;
		struct interp_verdict v;
		part_plan(&p, &l.all.at[i], &res);
		part_interp(&p, &p.a, &l.all.at[i], 2, 12, &v);
		if (v.oracle || v.kind == INTERP_WRONG)
			blame(v.oracle ? "oracle" : "interpreter: wrong", out_text(&v.text).p, kernel);
	}
	prog_free(&p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const uint8_t nothing[1];
	unsigned how = n > 1 ? data[0] | (unsigned)data[1] << 8 : 0;
	struct ptoc_options o;
	struct arena a;
	struct out kernel;

	if (n > PROGRAM_MAX)
		return 0;
	struct gen_opt g = {.max_ops = 40, .max_depth = 1 + (how & 3), .cube = (how >> 2 & 3) == 0,
			    .scalar = how >> 4 & 1, .rich = (how >> 5 & 3) != 0, .placed = how >> 7 & 1,
			    .mixed = (how >> 2 & 3) == 1, .wide = (how & 1u << 7) == 0 && how >> 13 & 1,
			    .calls = (how & 1u << 7) == 0 && how >> 14 & 1, .blocks = how >> 15 & 1,
			    .bytes = n > 2 ? data + 2 : nothing, .nbytes = n > 2 ? n - 2 : 0};
	ptoc_options_init(&o);
	o.level = g.placed ? 1 + (how >> 8 & 1) : 3;
	o.improve_addresses = !g.placed && how >> 8 & 1;
	o.multi_buffer = o.improve_addresses && how >> 9 & 1;
	if (g.placed && how >> 9 & 1)
		o.capacity = g.cube ? "mat:1536,acc:2048" : "vec:8192";
	o.max_event_ids = how >> 10 & 1 ? 2 : 8;
	o.gm_alias = how >> 11 & 1;
	arena_init(&a, NULL);
	out_init(&kernel, &a);
	gen_kernel(&kernel, &g);
	judge(&kernel, &o);
	if (!g.placed && how >> 12 & 1)
		interpret(&kernel);
	arena_free(&a);
	return 0;
}

/* Decisions are bytes: the engine's own changes serve. */
size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t max, unsigned seed)
{
	(void)seed;
	return LLVMFuzzerMutate(data, n, max);
}
