/*
 * gen_test [FIRST]: random kernels. Each is planned, the checker must prove the plan, and the interpreter must find it
 * right; PTOC_GEN_MUTANTS (default 4) damages of each plan must not deceive the checker. PTOC_GEN_COUNT (default 2000)
 * kernels from seed FIRST (default 1); some call a function that uses flags itself, some have a fifo to the other core.
 * A kernel that fails is printed, cut down line by line.
 */
#include "gen.h"
#include "mutate.h"
#include "synced.h"

#include <stdio.h>
#include <stdlib.h>

/* What the mutants of all kernels came to. */
struct totals {
	uint32_t parts, turning, lined;	/* sections; with ids that turn; with single cache lines */
	uint32_t mutants, violated, unproved, equal, shown[REPLAY_KIND_COUNT];
};

struct outcome {
	struct totals *sum;
	bool bad;
	char why[400];
};

static void
blame(struct outcome *r, const char *who, struct out *text)
{
	r->bad = true;
	snprintf(r->why, sizeof r->why, "%s: %s", who, text && text->n ? out_text(text).p : "");
}

static void
count_plan(const struct prog *p, const struct sync_result *res, struct totals *t)
{
	bool turning = false, lined = false;

	for (uint32_t i = 0; i < res->why.n; i++) {
		struct op o = res->why.at[i].sync;
		turning = turning || op_id(&p->ir, o) == OP_SET_FLAG_DYN;
		lined = lined || (op_id(&p->ir, o) == OP_PTOC_DCCI && op_slot(&p->ir, o, 0).i);
	}
	t->turning += turning;
	t->lined += lined;
}

static void
run_part(struct prog *p, const struct part *s, struct outcome *r)
{
	struct sync_result res;
	struct interp_verdict v;
	struct out why;

	out_init(&why, &p->a);
	part_plan(p, s, &res);
	count_plan(p, &res, r->sum);
	enum verdict c = part_check(p, &p->a, s, &why);
	part_interp(p, &p->a, s, 4, 32, &v);
	if (v.oracle)
		blame(r, "oracle", &v.text);
	else if (c == CHECK_PROVED && v.kind == INTERP_WRONG)
		blame(r, "planner and checker wrong, interpreter says", &v.text);
	else if (v.kind == INTERP_WRONG)
		blame(r, "planner wrong, interpreter says", &v.text);
	else if (c != CHECK_PROVED)
		blame(r, "checker alone rejects", &why);
	else if (v.kind == INTERP_UNKNOWN)
		blame(r, "interpreter cannot run it", &v.text);
}

static void
count_mutant(struct totals *t, enum verdict c, const uint32_t shown[REPLAY_KIND_COUNT])
{
	t->mutants++;
	t->violated += c == CHECK_VIOLATED;
	t->unproved += c == CHECK_UNPROVED;
	t->equal += c == CHECK_PROVED;
	for (uint32_t i = 0; i < REPLAY_KIND_COUNT; i++)
		t->shown[i] += shown[i];
}

/* Some damages of the plan: the checker must not accept what the interpreter finds wrong. */
static void
run_mutants(struct prog *p, const struct part *s, uint32_t seed, struct outcome *r)
{
	struct mutants m = {0};
	struct undo u;
	const char *env = getenv("PTOC_GEN_MUTANTS");
	uint32_t n = env ? (uint32_t)strtoul(env, NULL, 10) : 4;

	mutants_list(&m, &p->a, &p->ir, s->func);
	for (uint32_t k = 0; k < n && m.all.n && !r->bad; k++) {
		struct arena scratch;
		struct interp_verdict v;
		struct out why;
		const struct mutant *pick = &m.all.at[hash_u32(seed, k) % m.all.n];
		if (!mutant_apply(&p->ir, p->ac, s->func, pick, &u))
			continue;
		arena_init(&scratch, NULL);
		out_init(&why, &scratch);
		struct check_result res;
		uint32_t shown[REPLAY_KIND_COUNT] = {0};
		enum verdict c = part_check_all(p, &scratch, s, &res, &why);
		part_interp(p, &scratch, s, c == CHECK_PROVED ? 2 : 0, 32, &v);
		part_replay(p, &scratch, s, &res, shown);
		count_mutant(r->sum, c, shown);
		if (v.oracle)
			blame(r, "oracle on a mutant", &v.text);
		else if (c == CHECK_PROVED && v.kind == INTERP_WRONG)
			blame(r, "checker accepts a mutant, interpreter says", &v.text);
		else if (shown[REPLAY_REFUTED] || (c == CHECK_VIOLATED && v.kind == INTERP_RIGHT &&
						   !shown[REPLAY_SHOWN] && !shown[REPLAY_CLOCKS]))
			blame(r, "checker claims a violation that no run shows", &why);
		if (r->bad) {
			out_str(&why, " after ");
			mutant_print(&p->ir, p->ac, pick, &why);
			size_t at = strlen(r->why);
			snprintf(r->why + at, sizeof r->why - at, "%s", out_text(&why).p);
		}
		arena_free(&scratch);
		mutant_undo(&p->ir, s->func, &u);
	}
}

static struct outcome
run_text(const char *text, size_t n, struct totals *sum)
{
	struct outcome r = {.sum = sum};
	struct prog p;
	struct parts l = {0};

	if (!prog_load(&p, "gen.pto", text, n)) {
		blame(&r, "does not load", &p.text);
	} else {
		parts_find(&l, &p);
		for (uint32_t i = 0; i < l.all.n && !r.bad; i++) {
			run_part(&p, &l.all.at[i], &r);
			sum->parts++;
			if (!r.bad)
				run_mutants(&p, &l.all.at[i], (uint32_t)n, &r);
		}
	}
	prog_free(&p);
	return r;
}

static struct gen_opt
options(uint32_t seed, uint32_t ops)
{
	return (struct gen_opt){.seed = seed, .max_ops = ops, .max_depth = 1 + seed % 3, .cube = seed % 5 == 0,
				.scalar = seed % 3 == 0, .rich = seed % 4 != 0, .wide = seed % 2 == 0,
				.calls = seed % 2 == 0,
				.blocks = seed % 13 == 4, .mixed = seed % 11 == 5,
				.fifos = seed % 7 == 3 && seed % 5 && seed % 11 != 5};
}

/* ---- making a failing kernel small ---- */

struct lines {
	struct strv at[512];
	uint32_t n;
};

static void
split(struct lines *l, struct strv text)
{
	const char *p = text.p, *end = text.p + text.n;

	for (l->n = 0; p < end && l->n < 512; l->n++) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		nl = nl ? nl : end;
		l->at[l->n] = (struct strv){p, (uint32_t)(nl - p)};
		p = nl + 1;
	}
}

static bool
ends_with(struct strv s, char c)
{
	return s.n && s.p[s.n - 1] == c;
}

/* Line of the brace that closes the block opened on line `from`, or from itself. */
static uint32_t
closing(const struct lines *l, uint32_t from)
{
	int depth = 0;

	for (uint32_t i = from; i < l->n; i++) {
		bool mid = memchr(l->at[i].p, '}', l->at[i].n) && ends_with(l->at[i], '{');
		depth += ends_with(l->at[i], '{') && !mid;
		depth -= ends_with(l->at[i], '}') && !mid && !memchr(l->at[i].p, '=', l->at[i].n);
		if (depth <= 0)
			return i;
	}
	return from;
}

/* Does the text without lines [a, b], or without just a and b, fail for the same reason? */
static bool
still_bad(const struct lines *l, uint32_t a, uint32_t b, bool ends_only, const char *why, struct arena *mem,
	  struct strv *text)
{
	struct out o;

	out_init(&o, mem);
	for (uint32_t i = 0; i < l->n; i++) {
		if (ends_only ? i == a || i == b : i >= a && i <= b)
			continue;
		out_strv(&o, l->at[i]);
		out_char(&o, '\n');
	}
	struct totals none = {0};
	struct outcome r = run_text(o.p ? o.p : "", o.n, &none);
	size_t same = strcspn(why, ":");
	if (!r.bad || strncmp(r.why, why, same + 1) != 0)
		return false;
	*text = out_text(&o);
	return true;
}

static struct strv
shrink(struct strv text, const char *why, struct arena *mem)
{
	static struct lines l;
	bool again = true;

	while (again) {
		again = false;
		split(&l, text);
		for (uint32_t i = 0; i < l.n && !again; i++) {
			uint32_t end = ends_with(l.at[i], '{') ? closing(&l, i) : i;
			again = still_bad(&l, i, end, false, why, mem, &text) ||
				(end > i && still_bad(&l, i, end, true, why, mem, &text));
		}
	}
	return text;
}

int
main(int argc, char **argv)
{
	const char *env = getenv("PTOC_GEN_COUNT");
	uint32_t count = env ? (uint32_t)strtoul(env, NULL, 10) : 2000, bad = 0;
	struct totals sum = {0};
	uint32_t first = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 1;

	for (uint32_t seed = first; seed < first + count && bad < 10; seed++) {
		struct gen_opt g = options(seed, seed % 50 == 49 ? 40 : 3 + seed % 12);
		struct arena a;
		struct out text;
		arena_init(&a, NULL);
		out_init(&text, &a);
		gen_kernel(&text, &g);
		struct outcome r = run_text(text.p, text.n, &sum);
		if (r.bad) {
			printf("seed %u: %s\n", seed, r.why);
			struct strv small = shrink(out_text(&text), r.why, &a);
			r = run_text(small.p, small.n, &sum);
			printf("cut down: %s\n%.*s\n", r.why, (int)small.n, small.p);
			bad++;
		}
		arena_free(&a);
	}
	printf("%u random kernels from seed %u, %u sections, %u with ids that turn, %u with single cache lines, "
	       "%u bad\n", count, first, sum.parts, sum.turning, sum.lined, bad);
	printf("%u mutants: %u violated, %u not provable, %u still proved; counter-examples: %u shown by a schedule, "
	       "%u by the clocks, %u not of arguments alone\n", sum.mutants, sum.violated, sum.unproved, sum.equal,
	       sum.shown[REPLAY_SHOWN], sum.shown[REPLAY_CLOCKS], sum.shown[REPLAY_UNABLE]);
	return bad != 0;
}
