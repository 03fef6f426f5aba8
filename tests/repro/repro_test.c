/*
 * repro_test EXPECT_DIR SHARED [rNN]: each rNN.expect against the reproducer of that number in
 * $PTOC_SHARED/spec/repro (default SHARED).
 * repro_test --rules DIR [NAME]: every .pto file in DIR against the assertions in its own comments.
 *
 * Every assertion must hold on our output and be broken by some damage to it: a mutant, an inserted op, all flags of
 * the function gone, or its two operations exchanged.
 */
#include "expect.h"

#include "prop/mutate.h"
#include "ptoc/ptoc.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

struct totals {
	uint32_t files, asserted, failed, unbroken, diags;
};

/* ---- which assertions can fail? ---- */

static void
note_broken(struct subject *s, bool *broken)
{
	struct arena scratch;

	arena_init(&scratch, NULL);
	subject_eval(s, &scratch, NULL);
	for (uint32_t k = 0; k < s->as->all.n; k++)
		broken[k] |= !s->holds[k];
	arena_free(&scratch);
}

static bool
any_left(const struct subject *s, const bool *broken)
{
	for (uint32_t k = 0; k < s->as->all.n; k++) {
		if (s->about[k] && !broken[k])
			return true;
	}
	return false;
}

static void
break_by_mutants(struct subject *s, bool *broken)
{
	struct mutants m = {0};
	struct undo u;

	mutants_list(&m, &s->p->a, &s->p->ir, s->part->func);
	for (uint32_t pass = MUT_DELETE; pass < MUT_KIND_COUNT; pass++) {
		for (uint32_t i = 0; i < m.all.n && any_left(s, broken); i++) {
			if (m.all.at[i].kind != (enum mutation)pass ||
			    !mutant_apply(&s->p->ir, s->p->ac, s->part->func, &m.all.at[i], &u))
				continue;
			note_broken(s, broken);
			mutant_undo(&s->p->ir, s->part->func, &u);
		}
	}
}

static struct op
token_op(struct ir *ir, const struct assertion *as)
{
	switch (as->token) {
	case T_SET:
		return ir_flag(ir, OP_SET_FLAG, as->p, as->q, 0);
	case T_WAIT:
		return ir_flag(ir, OP_WAIT_FLAG, as->p, as->q, 0);
	case T_FLAG:
	case T_FLAGS:
		return ir_flag(ir, OP_SET_FLAG, as->token == T_FLAG ? as->p : P_MTE2, P_S, 7);
	case T_BARRIER:
		return ir_barrier(ir, as->p);
	case T_DCCI:
		return ir_op_new(ir, OP_PTOC_DCCI, (struct span){0, 0});
	case T_TAIL:
		return ir_op_new(ir, OP_PTOC_TAIL, (struct span){0, 0});
	case T_FENCE:
		return ir_op_new(ir, OP_FENCE_BARRIER_ALL, (struct span){0, 0});
	case T_DSB:
	case T_SYNC:
		break;
	}
	return ir_op_new(ir, OP_PTOC_DSB, (struct span){0, 0});
}

/* First op in the body of the first op with that id, at any depth. */
static struct op
first_inside(const struct ir *ir, struct op root, enum op_id id)
{
	for (uint32_t r = 0; r < ir_op(ir, root)->nreg; r++) {
		struct blk b = ir_reg(ir, op_reg(ir, root, r))->first;
		for (struct op o = b.i ? ir_blk(ir, b)->first : (struct op){0}; o.i; o = ir_op(ir, o)->next) {
			if (op_id(ir, o) == id)
				return ir_blk(ir, ir_reg(ir, op_reg(ir, o, 0))->first)->first;
			struct op in = first_inside(ir, o, id);
			if (in.i)
				return in;
		}
	}
	return (struct op){0};
}

static struct op
insert_point(const struct subject *s, const struct assertion *as)
{
	const struct ir *ir = &s->p->ir;
	struct blk b = ir_reg(ir, op_reg(ir, s->part->func, 0))->first;

	if (as->b[0])
		return label_op(&s->labels, as->b);
	if (as->where == W_LOOP)
		return first_inside(ir, s->part->func, OP_FOR);
	if (as->where == W_IF)
		return first_inside(ir, s->part->func, OP_IF);
	return as->where == W_TOP ? ir_blk(ir, b)->first : ir_blk(ir, b)->last;
}

/* What must not be there is put there. */
static void
break_by_insertion(struct subject *s, bool *broken)
{
	for (uint32_t k = 0; k < s->as->all.n; k++) {
		const struct assertion *as = &s->as->all.at[k];
		struct undo u[8];
		uint32_t n = as->kind == A_COUNT ? as->n + 1 : 1;
		bool more = as->kind == A_NOT || as->kind == A_UNORDERED || (as->kind == A_COUNT && as->cmp[0] != '>');
		struct op at = more && s->about[k] && !broken[k] ? insert_point(s, as) : (struct op){0};
		if (!at.i)
			continue;
		n = n < 8 ? n : 8;
		for (uint32_t i = 0; i < n; i++) {
			struct op o = as->kind == A_UNORDERED ? ir_barrier(&s->p->ir, P_ALL) : token_op(&s->p->ir, as);
			mutate_insert(&s->p->ir, s->part->func, o, at, &u[i]);
		}
		note_broken(s, broken);
		while (n-- > 0)
			mutant_undo(&s->p->ir, s->part->func, &u[n]);
	}
}

static void
break_by_stripping(struct subject *s, bool *broken)
{
	struct ops l = {0};

	if (!any_left(s, broken))
		return;
	sync_ops(&l, &s->p->a, &s->p->ir, s->part->func);
	struct undo *u = ARENA_ARRAY(&s->p->a, struct undo, l.all.n + 1);
	for (uint32_t i = 0; i < l.all.n; i++)
		mutate_delete(&s->p->ir, s->part->func, l.all.at[i], &u[i]);
	note_broken(s, broken);
	for (uint32_t i = l.all.n; i-- > 0;)
		mutant_undo(&s->p->ir, s->part->func, &u[i]);
}

/* What is violated as written is proved once it is completed. */
static void
break_by_completion(struct subject *s, bool *broken)
{
	struct sync_opt so = {.same_pipe = part_same_pipe(s->p), .max_ids = EVENT_ID_COUNT, .complete = true};
	struct sync_result res = {0};

	if (!s->part->manual || !any_left(s, broken))
		return;
	sync_insert(&s->p->a, &s->p->ir, s->p->ac, s->part->func, s->part->core, &so, &res);
	note_broken(s, broken);
	sync_remove(&s->p->ir, s->part->func);
	ir_renumber(&s->p->ir, s->part->func);
}

/* Order that issue alone gives can only be broken by exchanging the two operations. */
static void
break_by_exchange(struct subject *s, bool *broken)
{
	for (uint32_t k = 0; k < s->as->all.n; k++) {
		const struct assertion *as = &s->as->all.at[k];
		if (!s->about[k] || broken[k] || (as->kind != A_ORDER && as->kind != A_VISIBLE))
			continue;
		struct op a = label_op(&s->labels, as->a), b = label_op(&s->labels, as->b);
		struct undo u = {.gone = b, .added = b, .next = ir_op(&s->p->ir, b)->next};
		ir_unlink(&s->p->ir, b);
		ir_insert_before(&s->p->ir, a, b);
		ir_renumber(&s->p->ir, s->part->func);
		note_broken(s, broken);
		mutant_undo(&s->p->ir, s->part->func, &u);
	}
}

/* ---- diagnostics ---- */

static bool
has_diag(const char *text, size_t n, const char *id, uint32_t line, bool refused)
{
	struct ptoc_options opt;
	struct ptoc_result r;
	char tag[WORD_MAX + 4], pos[32];
	bool found = false;

	ptoc_options_init(&opt);
	opt.name = "r.pto";
	bool ok = ptoc_compile(text, n, &opt, &r) != 0;
	snprintf(tag, sizeof tag, "[%s]", id);
	snprintf(pos, sizeof pos, "r.pto:%u:", line);
	const char *p = r.diagnostics ? r.diagnostics : "";
	while (!found && (p = strstr(p, pos)) != NULL) {
		const char *end = strchr(p, '\n'), *at = strstr(p, tag);
		found = at && (!end || at < end || line == 0);
		p++;
	}
	ptoc_result_free(&r);
	return found && !(ok && refused);
}

/* Line that ends with `// [name]`, 0 none. */
static uint32_t
label_line(const char *text, const char *name)
{
	char end[WORD_MAX + 8];
	uint32_t line = 1;

	snprintf(end, sizeof end, "// [%s]", name);
	const char *at = strstr(text, end);
	for (const char *p = text; at && p < at; p++)
		line += *p == '\n';
	return at ? line : 0;
}

static void
check_diag(const char *text, size_t n, const struct assertion *as, const char *file, struct totals *t)
{
	uint32_t line = label_line(text, as->b);
	struct arena a;

	t->diags++;
	if (!line || !has_diag(text, n, as->a, line, as->kind == A_REFUSED)) {
		printf("  %s: %s: no such diagnostic at line %u\n", file, as->text, line);
		t->failed++;
	}
	/* without the operation there must be none */
	arena_init(&a, NULL);
	char *copy = arena_strndup(&a, text, n), *p = copy;
	for (uint32_t k = 1; k < line; k++)
		p = strchr(p, '\n') + 1;
	memset(p, ' ', strcspn(p, "\n"));
	if (line && has_diag(copy, n, as->a, line, false)) {
		printf("  %s: %s: still there without the operation\n", file, as->text);
		t->unbroken++;
	}
	arena_free(&a);
}

/* ---- files ---- */

static void
one_part(struct prog *p, const struct part *part, const struct assertions *as, const char *file, bool *used,
	 struct totals *t)
{
	struct subject s;
	struct sync_result res;
	struct out why;

	if (!part->manual)
		part_plan(p, part, &res);
	subject_init(&s, p, part, as);
	out_init(&why, &p->a);
	subject_eval(&s, &p->a, &why);
	bool *broken = ARENA_ARRAY(&p->a, bool, as->all.n);
	for (uint32_t k = 0; k < as->all.n; k++) {
		used[k] |= s.about[k];
		t->asserted += s.about[k];
		t->failed += !s.holds[k];
		broken[k] = !s.holds[k];
	}
	if (why.n)
		printf("  %s @%s: does not hold:\n%s", file, sym_str(&p->ir.in, func_name(&p->ir, part->func)),
		       out_text(&why).p);
	break_by_mutants(&s, broken);
	break_by_insertion(&s, broken);
	break_by_stripping(&s, broken);
	break_by_exchange(&s, broken);
	break_by_completion(&s, broken);
	for (uint32_t k = 0; k < as->all.n; k++) {
		if (!s.about[k] || broken[k])
			continue;
		printf("  %s: no damage breaks: %s\n", file, as->all.at[k].text);
		t->unbroken++;
	}
}

static bool
is_refused(const struct assertions *as)
{
	for (uint32_t k = 0; k < as->all.n; k++)
		if (as->all.at[k].kind == A_REFUSED)
			return true;
	return false;
}

static void
run_parts(struct prog *p, const struct assertions *as, const char *name, struct totals *t)
{
	struct parts l = {0};
	bool *used = ARENA_ARRAY(&p->a, bool, as->all.n);

	parts_find(&l, p);
	for (uint32_t i = 0; i < l.all.n; i++)
		one_part(p, &l.all.at[i], as, name, used, t);
	for (uint32_t k = 0; k < as->all.n; k++) {
		enum akind kind = as->all.at[k].kind;
		if (kind == A_DIAG) {
			check_diag((const char *)p->src.text, p->src.n, &as->all.at[k], name, t);
		} else if (!used[k] && kind != A_OPTION) {
			printf("  %s: names unknown labels: %s\n", name, as->all.at[k].text);
			t->failed++;
		}
	}
}

static void
one_file(const char *etext, const char *epath, const char *pto, const char *name, struct totals *t)
{
	struct arena a;
	struct prog p;
	struct assertions as;
	size_t n;

	arena_init(&a, NULL);
	char *text = prog_read(&a, pto, &n);
	t->files++;
	expect_parse(&as, &a, etext ? etext : "");
	if (as.error) {
		printf("  %s:%u: cannot read '%s'\n", epath, as.error_line, as.error);
		t->failed++;
	} else if (text && is_refused(&as)) {
		for (uint32_t k = 1; k < as.all.n; k++)
			check_diag(text, n, &as.all.at[k], name, t);
	} else if (!text || !prog_load_opt(&p, name, text, n, as.opt)) {
		printf("  %s does not load\n%s", name, text && p.text.n ? out_text(&p.text).p : "");
		t->failed++;
		if (text)
			prog_free(&p);
	} else {
		run_parts(&p, &as, name, t);
		prog_free(&p);
	}
	arena_free(&a);
}

/* The assertions in the comments of a .pto file; other lines become empty. */
static char *
comments_of(struct arena *a, const char *path)
{
	size_t n;
	char *text = prog_read(a, path, &n);

	for (char *p = text; p && *p;) {
		size_t len = strcspn(p, "\n");
		memset(p, ' ', strncmp(p, "//! ", 4) == 0 ? 3 : len);
		p += len + (p[len] != 0);
	}
	return text;
}

static int by_name(const void *a, const void *b);

static int
run_rules(const char *dir, const char *only, struct totals *t)
{
	enum { NAME = 96, FILES = 512 };
	static const char ext[] = ".pto";
	char (*name)[NAME] = calloc(FILES, NAME), path[4096];
	uint32_t n = 0;
	DIR *d = opendir(dir);

	for (struct dirent *e; d && name && (e = readdir(d)) != NULL && n < FILES;) {
		size_t len = strlen(e->d_name);
		if (len > 4 && len < NAME && strcmp(e->d_name + len - 4, ext) == 0 && strstr(e->d_name, only))
			memcpy(name[n++], e->d_name, len + 1);
	}
	if (d)
		closedir(d);
	if (n)
		qsort(name, n, NAME, by_name);
	for (uint32_t i = 0; i < n; i++) {
		struct arena a;
		arena_init(&a, NULL);
		snprintf(path, sizeof path, "%s/%s", dir, name[i]);
		one_file(comments_of(&a, path), path, path, name[i], t);
		arena_free(&a);
	}
	free(name);
	return n == 0;
}

static int
report(const struct totals *t)
{
	printf("%u files, %u assertions, %u diagnostics: %u fail, %u never fail\n", t->files, t->asserted, t->diags,
	       t->failed, t->unbroken);
	return t->failed || t->unbroken;
}

static bool
find_pto(const char *dir, const char *num, char *path, size_t n)
{
	DIR *d = opendir(dir);
	bool found = false;

	for (struct dirent *e; d && !found && (e = readdir(d)) != NULL;) {
		found = strncmp(e->d_name, num, 3) == 0 && e->d_name[3] == '_';
		if (found)
			snprintf(path, n, "%s/%s", dir, e->d_name);
	}
	if (d)
		closedir(d);
	return found;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

int
main(int argc, char **argv)
{
	char name[128][8], path[4096], pto[4096], shared[2048];
	uint32_t n = 0;
	struct totals t = {0};
	const char *env = getenv("PTOC_SHARED");

	if (argc >= 3 && strcmp(argv[1], "--rules") == 0) {
		int none = run_rules(argv[2], argc > 3 ? argv[3] : "", &t);
		return report(&t) || none;
	}
	snprintf(shared, sizeof shared, "%s/spec/repro", env ? env : argc >= 3 ? argv[2] : "");
	DIR *d = argc >= 3 ? opendir(argv[1]) : NULL, *have = argc >= 3 ? opendir(shared) : NULL;

	if (!d || !have) {
		if (d)
			closedir(d);
		if (have)
			closedir(have);
		printf("no reproducers, skipped\n");
		return 77;
	}
	closedir(have);
	for (struct dirent *e; (e = readdir(d)) != NULL && n < 128;) {
		const char *only = argc > 3 ? argv[3] : "";
		if (strlen(e->d_name) == 10 && strcmp(e->d_name + 3, ".expect") == 0 &&
		    strncmp(e->d_name, only, strlen(only)) == 0)
			snprintf(name[n++], sizeof name[0], "%.3s", e->d_name);
	}
	closedir(d);
	qsort(name, n, sizeof name[0], by_name);
	for (uint32_t i = 0; i < n; i++) {
		snprintf(path, sizeof path, "%s/%s.expect", argv[1], name[i]);
		if (find_pto(shared, name[i], pto, sizeof pto)) {
			struct arena a;
			size_t len;
			arena_init(&a, NULL);
			one_file(prog_read(&a, path, &len), path, pto, name[i], &t);
			arena_free(&a);
		} else {
			printf("  no reproducer %s\n", name[i]);
			t.failed++;
		}
	}
	return report(&t);
}
