/*
 * gen_test [FIRST]: random kernels. Each is planned, the checker must prove the plan, and the interpreter must find it
 * right. PTOC_GEN_COUNT (default 2000) kernels from seed FIRST (default 1). A kernel that fails is cut down by trying
 * fewer ops with the same seed, and printed.
 */
#include "gen.h"
#include "synced.h"

#include <stdio.h>
#include <stdlib.h>

struct outcome {
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
run_part(struct prog *p, const struct part *s, struct outcome *r)
{
	struct sync_result res;
	struct interp_verdict v;
	struct out why;

	out_init(&why, &p->a);
	part_plan(p, s, &res);
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

static struct outcome
run(const struct gen_opt *g, bool print)
{
	struct outcome r = {0};
	struct arena a;
	struct out text;
	struct prog p;
	struct parts l = {0};

	arena_init(&a, NULL);
	out_init(&text, &a);
	gen_kernel(&text, g);
	if (!prog_load(&p, "gen.pto", text.p, text.n)) {
		blame(&r, "does not load", &p.text);
	} else {
		parts_find(&l, &p);
		for (uint32_t i = 0; i < l.all.n && !r.bad; i++)
			run_part(&p, &l.all.at[i], &r);
	}
	if (print)
		fwrite(text.p, 1, text.n, stdout);
	prog_free(&p);
	arena_free(&a);
	return r;
}

static struct gen_opt
options(uint32_t seed, uint32_t ops)
{
	return (struct gen_opt){.seed = seed, .max_ops = ops, .max_depth = 1 + seed % 3, .cube = seed % 5 == 0,
				.scalar = seed % 3 == 0};
}

static void
report(uint32_t seed, uint32_t ops, bool print)
{
	struct gen_opt g = options(seed, ops);
	struct outcome r = run(&g, false);

	for (uint32_t n = 1; n < ops; n++) {
		struct gen_opt small = options(seed, n);
		struct outcome s = run(&small, false);
		if (!s.bad)
			continue;
		g = small;
		r = s;
		break;
	}
	printf("seed %u, %u ops: %s\n", seed, g.max_ops, r.why);
	if (print)
		run(&g, true);
}

int
main(int argc, char **argv)
{
	const char *env = getenv("PTOC_GEN_COUNT");
	uint32_t count = env ? (uint32_t)strtoul(env, NULL, 10) : 2000, bad = 0;
	uint32_t first = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 1;

	for (uint32_t seed = first; seed < first + count && bad < 20; seed++) {
		uint32_t ops = 3 + seed % 12;
		struct gen_opt g = options(seed, ops);
		if (!run(&g, false).bad)
			continue;
		report(seed, ops, bad < 3);
		bad++;
	}
	printf("%u random kernels, %u bad\n", count, bad);
	return bad != 0;
}
