/*
 * minimal_test FILE|DIR...: plans must be 1-minimal. Of every section planned, each decision (a pair with its priming
 * and draining, a barrier, a fence, and each op of a fence) is taken out once; the checker must not prove what is left.
 * Prints what was not needed. With -s it is skipped when the first directory is not there.
 */
#include "files.h"
#include "mutate.h"
#include "synced.h"

#include <stdio.h>
#include <stdlib.h>

struct tally {
	uint32_t sections, decisions, spare, bad;
};

struct one {
	struct prog *p;
	const struct part *s;
	const struct sync_result *res;
	const char *file;
	struct tally *t;
};

/* An op that serves several hazards is listed once for each. */
static bool
listed_before(const struct one *k, const uint32_t *why, uint32_t i)
{
	for (uint32_t j = 0; j < i; j++)
		if (k->res->why.at[why[j]].sync.i == k->res->why.at[why[i]].sync.i)
			return true;
	return false;
}

/* Takes the listed ops out, asks the checker, and puts them back. */
static bool
proved_without(const struct one *k, const uint32_t *why, uint32_t n)
{
	struct arena scratch;
	struct undo *u = calloc(n, sizeof *u);

	arena_init(&scratch, NULL);
	for (uint32_t i = 0; i < n; i++)
		if (!listed_before(k, why, i))
			mutate_delete(&k->p->ir, k->s->func, k->res->why.at[why[i]].sync, &u[i]);
	bool proved = part_check(k->p, &scratch, k->s, NULL) == CHECK_PROVED;
	for (uint32_t i = n; i-- > 0;)
		if (!listed_before(k, why, i))
			mutant_undo(&k->p->ir, k->s->func, &u[i]);
	free(u);
	arena_free(&scratch);
	return proved;
}

static uint32_t
line_of(const struct ir *ir, struct op o)
{
	return !o.i || span_none(ir_op(ir, o)->span) ? 0 : source_pos(ir->diags->src, ir_op(ir, o)->span.lo).line;
}

static void
try(const struct one *k, const uint32_t *why, uint32_t n)
{
	const struct ir *ir = &k->p->ir;
	const struct sync_why *w = &k->res->why.at[why[0]];
	struct mutant m = {MUT_DELETE, w->sync};
	struct out o;

	k->t->decisions++;
	if (!proved_without(k, why, n))
		return;
	k->t->spare++;
	out_init(&o, &k->p->a);
	mutant_print(ir, k->p->ac, &m, &o);
	out_f(&o, " (%u ops, '%c', line %u -> line %u, loop at line %u)", n, w->kind, line_of(ir, w->src),
	      line_of(ir, w->dst), line_of(ir, w->loop));
	printf("  not needed: %s @%s: %s\n", k->file, sym_str(&k->p->ir.in, func_name(&k->p->ir, k->s->func)),
	       out_text(&o).p);
}

static void
section(const struct one *k)
{
	uint32_t n = k->res->why.n, *list = calloc(n + 1, sizeof *list);

	k->t->sections++;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t g = k->res->why.at[i].group, m = 0;
		bool first = true;
		for (uint32_t j = 0; j < i && first; j++)
			first = k->res->why.at[j].group != g;
		for (uint32_t j = i; j < n && first; j++)
			if (k->res->why.at[j].group == g)
				list[m++] = j;
		if (first)
			try(k, list, m);
		bool flag = op_id(&k->p->ir, k->res->why.at[i].sync) == OP_SET_FLAG ||
			    op_id(&k->p->ir, k->res->why.at[i].sync) == OP_WAIT_FLAG;
		if (!flag && (m > 1 || !first))
			try(k, &i, 1);
	}
	free(list);
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
	}
	for (uint32_t i = 0; i < l.all.n; i++) {
		struct sync_result res;
		struct one k = {&p, &l.all.at[i], &res, name, t};
		if (l.all.at[i].manual)
			continue;
		part_plan(&p, &l.all.at[i], &res);
		if (part_check(&p, &a, &l.all.at[i], NULL) == CHECK_PROVED) {
			section(&k);
		} else {
			printf("  BAD PLAN: %s\n", name);
			t->bad++;
		}
	}
	if (text)
		prog_free(&p);
	arena_free(&a);
}

int
main(int argc, char **argv)
{
	struct tally t = {0};
	bool skip = argc > 2 && strcmp(argv[1], "-s") == 0;

	if (skip && !files_is_folder(argv[2]))
		return 77;
	for (int i = skip ? 2 : 1; i < argc; i++)
		files_each(argv[i], file, &t);
	printf("%u sections, %u decisions, %u not needed, %u bad\n", t.sections, t.decisions, t.spare, t.bad);
	return t.bad || t.spare || !t.sections;
}
