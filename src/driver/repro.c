/* repro: see repro.h. The comments stand at the end, so that lines of the messages are those of the input. */
#include "driver/repro.h"

#include "driver/file.h"

#include <errno.h>
#include <stdlib.h>

/* Without memory nothing is written. */
struct saved {
	struct arena a;
	jmp_buf oom;
};

/* Each line behind a bar; colours are left out. */
static void
put_messages(struct out *o, const char *s)
{
	bool begin = true;

	for (; *s; s++) {
		if (*s == '\033') {
			s += strcspn(s, "m");
			if (!*s)
				return;
			continue;
		}
		if (begin)
			out_str(o, "// |");
		if (begin && *s != '\n')
			out_char(o, ' ');
		out_char(o, *s);
		begin = *s == '\n';
	}
	if (!begin)
		out_char(o, '\n');
}

static int
save(struct saved *s, const struct job *j, const struct cli *c, const char *text, size_t n)
{
	static const char *const word[] = {
		[PTOC_PROVED] = "proved", [PTOC_VIOLATED] = "violated", [PTOC_NOT_CHECKED] = "not checked",
		[PTOC_UNPROVED] = "not provable",
	};
	const char *prog = c->opt.as_ptoas ? "ptoas" : "ptoc";
	struct out o;

	n = cli_repro_end(text, n);
	if (n > UINT32_MAX / 2)
		return EFBIG;
	out_init(&o, &s->a);
	out_strv(&o, (struct strv){text, (uint32_t)n});
	if (n && text[n - 1] != '\n')
		out_char(&o, '\n');
	out_f(&o, "%s%s %s\n%s%s\n", REPRO_MARK, prog, ptoc_version(), REPRO_ARGS, c->saved_args);
	out_f(&o, "// to run it again: %s @FILE, FILE being this text\n", prog);
	out_f(&o, "// %s: %s, exit status %d, %u errors, %u warnings\n", j->input ? j->input : "<stdin>",
	      word[j->r.verdict], j->status, j->r.errors, j->r.warnings);
	put_messages(&o, j->r.diagnostics);
	return file_write(c->save_repro, o.p, o.n);
}

int
repro_save(const struct job *j, const struct cli *c, const char *text, size_t n)
{
	struct saved *s = malloc(sizeof *s);

	if (!s)
		return ENOMEM;
	arena_init(&s->a, &s->oom);
	int e = setjmp(s->oom) == 0 ? save(s, j, c, text, n) : ENOMEM;
	arena_free(&s->a);
	free(s);
	return e;
}
