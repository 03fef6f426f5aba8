/*
 * complete_test DIR...: completion of hand-written sync. Every section of the kernels in the directories, and
 * PTOC_COMPLETE_COUNT (default 300) random ones, is planned; its synchronisation then counts as written by hand.
 *
 *   with all of it there the checker proves it, so the driver adds nothing (what the planner alone would is counted);
 *   with k of its operations deleted at random (PTOC_COMPLETE_ROUNDS draws per section, default 12) completion gives a
 *   program that checker and interpreter find right, in which the remaining ones stand as they were, in order.
 */
#include "gen.h"
#include "mutate.h"
#include "synced.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

struct totals {
	uint32_t sections, rounds, deleted, added, fallback, needless, failed;
};

static void
blame(struct totals *t, const char *name, const struct prog *p, const struct part *s, const char *what,
      struct out *why)
{
	t->failed++;
	printf("  %s @%s: %s%s%s\n", name,
	       sym_str(&p->ir.in, func_name(&p->ir, s->func)), what, why && why->n ? ": " : "",
	       why && why->n ? out_text(why).p : "");
}

/* From now on the plan is the user's. */
static void
make_written(struct prog *p, const struct ops *l)
{
	for (uint32_t i = 0; i < l->all.n; i++)
		ir_op(&p->ir, l->all.at[i])->flags &= (uint16_t)~OPD_SYNC;
}

/* Are the written ops the subsequence of all ops that they were? */
static bool
all_there(struct prog *p, const struct part *s, const struct ops *l, const bool *gone)
{
	struct ops now = {0};
	uint32_t k = 0;

	sync_ops(&now, &p->a, &p->ir, s->func);
	for (uint32_t i = 0; i < l->all.n; i++) {
		if (gone[i])
			continue;
		while (k < now.all.n && now.all.at[k].i != l->all.at[i].i)
			k++;
		if (k++ == now.all.n)
			return false;
	}
	return true;
}

static struct sync_opt
complete_opt(bool conservative)
{
	return (struct sync_opt){.same_pipe = {.v_prune = true, .mte2_waw = true}, .max_ids = EVENT_ID_COUNT,
				 .complete = true, .conservative = conservative};
}

static uint32_t
ninserted(struct prog *p, const struct part *s)
{
	struct ops now = {0};
	uint32_t n = 0;

	sync_ops(&now, &p->a, &p->ir, s->func);
	for (uint32_t i = 0; i < now.all.n; i++)
		n += (ir_op(&p->ir, now.all.at[i])->flags & OPD_SYNC) != 0;
	return n;
}

/* Completion and, as the driver does it, the conservative one when that is not proved. */
static enum verdict
complete(struct prog *p, const struct part *s, struct out *why, struct totals *t)
{
	struct sync_result res = {0};
	struct sync_opt so = complete_opt(false);
	const char *env = getenv("PTOC_COMPLETE_VERBOSE");

	sync_insert(&p->a, &p->ir, p->ac, s->func, s->core, &so, &res);
	part_prune(p, s, &res);
	enum verdict v = part_check(p, &p->a, s, why);
	if (v == CHECK_PROVED)
		return v;
	t->fallback++;
	if (env)
		printf("  fallback @%s: %s\n", sym_str(&p->ir.in, func_name(&p->ir, s->func)), out_text(why).p);
	sync_remove(&p->ir, s->func);
	so = complete_opt(true);
	why->n = 0;
	sync_insert(&p->a, &p->ir, p->ac, s->func, s->core, &so, &res);
	return part_check(p, &p->a, s, why);
}

static void
one_round(struct prog *p, const struct part *s, const struct ops *l, const char *name, uint32_t seed, struct totals *t)
{
	struct undo *u = ARENA_ARRAY(&p->a, struct undo, l->all.n);
	bool *gone = ARENA_ARRAY(&p->a, bool, l->all.n);
	uint32_t n = 0, k = 1 + hash_u32(seed, 0) % 4;
	struct interp_verdict v;
	struct out why;

	out_init(&why, &p->a);
	for (uint32_t i = 0; i < k && i < l->all.n; i++) {
		uint32_t x = hash_u32(seed, 1 + i) % l->all.n;
		if (gone[x])
			continue;
		gone[x] = true;
		mutate_delete(&p->ir, s->func, l->all.at[x], &u[n++]);
	}
	t->rounds++;
	t->deleted += n;
	enum verdict c = complete(p, s, &why, t);
	t->added += ninserted(p, s);
	if (c != CHECK_PROVED)
		blame(t, name, p, s, "not proved after completion", &why);
	part_interp(p, &p->a, s, 2, 16, &v);
	if (v.kind == INTERP_WRONG || v.oracle)
		blame(t, name, p, s, "the interpreter says", &v.text);
	if (!all_there(p, s, l, gone))
		blame(t, name, p, s, "a written operation is gone or moved", NULL);
	sync_remove(&p->ir, s->func);
	while (n-- > 0)
		mutant_undo(&p->ir, s->func, &u[n]);
}

static void
one_section(struct prog *p, const struct part *s, const char *name, uint32_t seed, uint32_t rounds, struct totals *t)
{
	struct sync_result res;
	struct ops l = {0};
	struct out why;

	out_init(&why, &p->a);
	part_plan(p, s, &res);
	if (part_check(p, &p->a, s, &why) != CHECK_PROVED) {
		blame(t, name, p, s, "the plan is not proved", &why);
		return;
	}
	sync_ops(&l, &p->a, &p->ir, s->func);
	if (!l.all.n)
		return;
	t->sections++;
	make_written(p, &l);
	complete(p, s, &why, t);
	t->needless += ninserted(p, s);
	sync_remove(&p->ir, s->func);
	for (uint32_t i = 0; i < rounds && t->failed < 20; i++)
		one_round(p, s, &l, name, seed * 1000 + i, t);
	for (uint32_t i = 0; i < l.all.n; i++)
		ir_op(&p->ir, l.all.at[i])->flags |= OPD_SYNC;
}

static void
one_text(const char *name, const char *text, size_t n, uint32_t seed, uint32_t rounds, struct totals *t)
{
	struct prog p;
	struct parts l = {0};

	/* a section with ids of run time is left as it is: nothing to complete */
	if (prog_load_opt(&p, name, text, n, (struct prog_opt){.fixed_ids = true})) {
		parts_find(&l, &p);
		for (uint32_t i = 0; i < l.all.n; i++)
			if (!l.all.at[i].manual && (i == 0 || l.all.at[i].func.i != l.all.at[i - 1].func.i))
				one_section(&p, &l.all.at[i], name, seed, rounds, t);
	}
	prog_free(&p);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
one_dir(const char *dir, uint32_t rounds, struct totals *t)
{
	struct arena a;
	char *name[512], path[4096];
	uint32_t n = 0;
	DIR *d = opendir(dir);

	arena_init(&a, NULL);
	for (struct dirent *e; d && (e = readdir(d)) != NULL && n < 512;) {
		size_t len = strlen(e->d_name);
		if (len > 4 && strcmp(e->d_name + len - 4, ".pto") == 0)
			name[n++] = arena_strndup(&a, e->d_name, len);
	}
	if (d)
		closedir(d);
	qsort(name, n, sizeof *name, by_name);
	for (uint32_t i = 0; i < n; i++) {
		size_t len;
		snprintf(path, sizeof path, "%s/%s", dir, name[i]);
		char *text = prog_read(&a, path, &len);
		if (text)
			one_text(name[i], text, len, i + 1, rounds, t);
	}
	arena_free(&a);
}

static uint32_t
env_count(const char *name, uint32_t otherwise)
{
	const char *env = getenv(name);

	return env ? (uint32_t)strtoul(env, NULL, 10) : otherwise;
}

int
main(int argc, char **argv)
{
	struct totals t = {0};
	uint32_t count = env_count("PTOC_COMPLETE_COUNT", 300), rounds = env_count("PTOC_COMPLETE_ROUNDS", 12);

	for (int i = 1; i < argc; i++)
		one_dir(argv[i], rounds, &t);
	for (uint32_t seed = 1; seed <= count && t.failed < 20; seed++) {
		struct arena a;
		struct gen_opt o = {.seed = seed, .max_ops = 12 + seed % 20, .max_depth = 1 + seed % 3,
				    .cube = seed % 5 == 0, .scalar = seed % 3 == 0, .rich = seed % 4 != 0};
		struct out text;
		char name[32];
		arena_init(&a, NULL);
		out_init(&text, &a);
		gen_kernel(&text, &o);
		snprintf(name, sizeof name, "seed %u", seed);
		one_text(name, out_text(&text).p, text.n, seed, rounds / 4, &t);
		arena_free(&a);
	}
	printf("%u sections, %u rounds: %u operations deleted, %u added; %u conservative, %u needless, %u fail\n",
	       t.sections, t.rounds, t.deleted, t.added, t.fallback, t.needless, t.failed);
	return t.failed != 0;
}
