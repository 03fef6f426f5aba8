/*
 * mutate_test FILE|DIR...: every sync op of every kernel is deleted, moved, renumbered and reversed; checker and
 * interpreter must give the same verdict on each mutant, except that the checker may call a right one not provable
 * (CHECK_UNPROVED): its byte sets are symbolic. Kernels synchronised by hand allow no such exception, and a wrong
 * mutant of theirs must be violated. Mutants that both accept by a deletion are printed: they show
 * over-synchronisation.
 */
#include "files.h"
#include "mutate.h"
#include "synced.h"

#include <stdio.h>
#include <stdlib.h>

struct tally {
	uint32_t shown[REPLAY_KIND_COUNT];
	uint32_t kernels, mutants, killed, vague, equal, over, unsound, strict, unproved, bad;
};

static void
print_both(const char *what, struct prog *p, const struct mutant *m, const char *file, struct out *why,
	   const struct interp_verdict *v)
{
	struct out o;

	out_init(&o, &p->a);
	mutant_print(&p->ir, p->ac, m, &o);
	printf("  %s: %s: %s\n    checker: %s\n    interpreter: %s\n", what, file, out_text(&o).p,
	       why->n ? out_text(why).p : "proved", v->text.n ? out_text(&v->text).p : "right");
}

static void
try_mutant(struct prog *p, const struct part *s, const struct mutant *m, const char *file, struct tally *t)
{
	struct arena scratch;
	struct interp_verdict v;
	struct undo u;
	struct out why;

	if (!mutant_apply(&p->ir, p->ac, s->func, m, &u))
		return;
	arena_init(&scratch, NULL);
	out_init(&why, &scratch);
	struct check_result res;
	enum verdict c = part_check_all(p, &scratch, s, &res, &why);
	bool proved = c == CHECK_PROVED;
	uint32_t refuted = t->shown[REPLAY_REFUTED];
	part_replay(p, &scratch, s, &res, t->shown);
	if (t->shown[REPLAY_REFUTED] > refuted) {
		t->bad++;
		printf("  COUNTER-EXAMPLE REFUTED: %s: %s\n", file, out_text(&why).p);
	}
	part_interp(p, &scratch, s, proved ? 2 : 0, 64, &v);
	t->mutants++;
	if (v.oracle) {
		t->bad++;
		print_both("ORACLE", p, m, file, &why, &v);
	} else if (proved && v.kind == INTERP_WRONG) {
		t->unsound++;
		print_both("CHECKER ACCEPTS A RACE", p, m, file, &why, &v);
	} else if (c == CHECK_UNPROVED && v.kind == INTERP_RIGHT) {
		t->unproved++;
		t->bad += s->manual;
		print_both("not provable, but right", p, m, file, &why, &v);
	} else if (!proved && v.kind == INTERP_RIGHT && t->shown[REPLAY_REFUTED] > refuted) {
		t->strict++;
		print_both("CHECKER SEES A RACE THAT IS NONE", p, m, file, &why, &v);
	} else if (proved) {
		t->equal++;
		t->over += m->kind == MUT_DELETE;
		if (m->kind == MUT_DELETE)
			print_both("not needed", p, m, file, &why, &v);
	} else {
		t->killed++;
		t->vague += c != CHECK_VIOLATED;
		t->bad += c != CHECK_VIOLATED && s->manual;	/* by hand: small, and meant to be understood */
		if (c != CHECK_VIOLATED && (s->manual || getenv("PTOC_MUTANTS_VERBOSE")))
			print_both("wrong, but only not provable", p, m, file, &why, &v);
	}
	mutant_undo(&p->ir, s->func, &u);
	arena_free(&scratch);
}

static void
kernel(struct prog *p, const struct part *s, const char *file, struct tally *t)
{
	struct sync_result res;
	struct interp_verdict v;
	struct mutants m = {0};
	struct out why;

	out_init(&why, &p->a);
	if (!s->manual)
		part_plan(p, s, &res);
	enum verdict c = part_check(p, &p->a, s, &why);
	part_interp(p, &p->a, s, 8, 64, &v);
	if (c != CHECK_PROVED || v.kind != INTERP_RIGHT || v.oracle) {
		printf("  BAD PLAN: %s @%s\n    checker: %s\n    interpreter: %s\n", file,
		       sym_str(&p->ir.in, func_name(&p->ir, s->func)), why.n ? out_text(&why).p : "proved",
		       v.text.n ? out_text(&v.text).p : "right");
		t->bad++;
		return;
	}
	t->kernels++;
	mutants_list(&m, &p->a, &p->ir, s->func);
	for (uint32_t i = 0; i < m.all.n; i++)
		try_mutant(p, s, &m.all.at[i], file, t);
}

static void
file(const char *path, void *tally)
{
	struct tally *t = tally;
	struct arena a;
	struct prog p;
	struct parts l = {0};
	size_t n;

	arena_init(&a, NULL);
	char *text = prog_read(&a, path, &n);
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	if (!text || !prog_load(&p, name, text, n)) {
		printf("  BAD: %s does not load\n%s", path, text && p.text.n ? out_text(&p.text).p : "");
		t->bad++;
	} else {
		parts_find(&l, &p);
		for (uint32_t i = 0; i < l.all.n; i++)
			kernel(&p, &l.all.at[i], name, t);
	}
	if (text)
		prog_free(&p);
	arena_free(&a);
}

int
main(int argc, char **argv)
{
	struct tally t = {0};

	for (int i = 1; i < argc; i++)
		files_each(argv[i], file, &t);
	printf("%u kernels, %u mutants: %u rejected by both (%u with a counter-example), %u accepted by both\n"
	       "(over-synchronisation: %u deletions), %u right but not provable, %u wrongly called violated, "
	       "%u races accepted, %u bad\n", t.kernels, t.mutants, t.killed, t.killed - t.vague, t.equal, t.over,
	       t.unproved, t.strict, t.unsound, t.bad);
	printf("counter-examples: %u shown by a schedule, %u by the clocks only, %u that cannot be run, "
	       "%u refuted\n", t.shown[REPLAY_SHOWN], t.shown[REPLAY_CLOCKS], t.shown[REPLAY_UNABLE],
	       t.shown[REPLAY_REFUTED]);
	return t.unsound || t.strict || t.bad || t.kernels < 10;
}
