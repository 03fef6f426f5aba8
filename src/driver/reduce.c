/* reduce: see reduce.h. */
#include "driver/reduce.h"

#include "driver/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* Trials, and the bytes of all texts that are tried: some tens of seconds at most. */
enum { TRIALS_MAX = 20000, BYTES_MAX = 64 << 20, REASON_MAX = 256 };

/* Why a text has its verdict: the first message that speaks of it, without digits. */
struct reason {
	enum ptoc_verdict verdict;
	char text[REASON_MAX];
};

struct line {
	const char *p;
	uint32_t n;
	bool opens, closes;	/* a block: ends in {, begins with } */
	bool out;		/* in the trial at hand */
};

struct reducer {
	struct ptoc_options opt;
	struct reason want;
	VEC(struct line) line;	/* those that are left */
	char *text;		/* of a trial */
	uint32_t trials;
	size_t bytes;
	bool no_memory;
};

/* ---- trials ---- */

static void
note_reason(void *user, const struct ptoc_diagnostic *d)
{
	struct reason *r = user;
	bool speaks = d->severity == PTOC_ERROR || strcmp(d->id, "sync-unproved") == 0;
	size_t n = 0;

	/* an error says more than what is not decided */
	if (!speaks || (r->text[0] && (r->text[0] == 'E' || d->severity != PTOC_ERROR)))
		return;
	r->text[n++] = d->severity == PTOC_ERROR ? 'E' : 'U';
	for (const char *s = d->text; *s && n + 1 < REASON_MAX; s++)
		if (*s < '0' || *s > '9')
			r->text[n++] = *s;
	r->text[n] = '\0';
}

static struct reason
judge(struct reducer *r, const char *text, size_t n)
{
	struct reason got = {.text = ""};
	struct ptoc_result res;

	r->trials++;
	r->bytes += n;
	r->opt.user = &got;
	ptoc_compile(text, n, &r->opt, &res);
	got.verdict = res.verdict;
	r->no_memory |= res.out_of_memory != 0;
	ptoc_result_free(&res);
	return got;
}

static bool
is_same(struct reducer *r, const char *text, size_t n)
{
	struct reason got = judge(r, text, n);

	return got.verdict == r->want.verdict && strcmp(got.text, r->want.text) == 0;
}

static size_t
join(struct reducer *r)
{
	size_t n = 0;

	for (uint32_t i = 0; i < r->line.n; i++) {
		const struct line *l = &r->line.at[i];
		if (l->out)
			continue;
		memcpy(r->text + n, l->p, l->n);
		n += l->n;
		r->text[n++] = '\n';
	}
	return n;
}

static bool
is_over(const struct reducer *r)
{
	return r->trials >= TRIALS_MAX || r->bytes >= BYTES_MAX || r->no_memory;
}

/* Without the lines that are marked: kept so when the verdict stays. */
static bool
try_marked(struct reducer *r)
{
	bool ok = !is_over(r) && is_same(r, r->text, join(r));
	uint32_t n = 0;

	for (uint32_t i = 0; i < r->line.n; i++) {
		if (ok && r->line.at[i].out)
			continue;
		r->line.at[n] = r->line.at[i];
		r->line.at[n++].out = false;
	}
	r->line.n = n;
	return ok;
}

static bool
try_without(struct reducer *r, uint32_t lo, uint32_t hi)
{
	for (uint32_t i = lo; i < hi; i++)
		r->line.at[i].out = true;
	return try_marked(r);
}

/* ---- what is tried ---- */

static bool
is_balanced(const struct reducer *r, uint32_t lo, uint32_t hi)
{
	uint32_t deep = 0;

	for (uint32_t i = lo; i < hi; i++) {
		const struct line *l = &r->line.at[i];
		if (l->closes && deep-- == 0)
			return false;
		deep += l->opens;
	}
	return deep == 0;
}

static bool
cut_chunks(struct reducer *r)
{
	bool any = false;

	for (uint32_t size = r->line.n / 2; size; size /= 2) {
		uint32_t hi = r->line.n;
		while (hi >= size && !is_over(r)) {
			bool whole = is_balanced(r, hi - size, hi);
			bool cut = whole && try_without(r, hi - size, hi);
			any |= cut;
			hi -= whole ? size : 1;
		}
	}
	return any;
}

/* The next line behind i on the level of the block that line i opens: where an arm of it ends. */
static uint32_t
end_of_arm(const struct reducer *r, uint32_t i)
{
	uint32_t deep = 1;

	for (i++; i < r->line.n; i++) {
		if (r->line.at[i].closes && --deep == 0)
			return i;
		deep += r->line.at[i].opens;
	}
	return r->line.n;
}

/* The block from line i on: as a whole, its second arm, or only the lines around its arms. */
static bool
cut_block(struct reducer *r, uint32_t i)
{
	uint32_t arm = end_of_arm(r, i), end = arm;

	while (end < r->line.n && r->line.at[end].opens)
		end = end_of_arm(r, end);
	if (end >= r->line.n)
		return false;
	if (try_without(r, i, end + 1) || (arm < end && try_without(r, arm, end)))
		return true;
	for (uint32_t k = i; k != end; k = end_of_arm(r, k))
		r->line.at[k].out = true;
	r->line.at[end].out = true;
	return try_marked(r);
}

static bool
cut_blocks(struct reducer *r)
{
	bool any = false;

	for (uint32_t i = r->line.n; i-- > 0 && !is_over(r);)
		if (i < r->line.n && r->line.at[i].opens && !r->line.at[i].closes)
			any |= cut_block(r, i);
	return any;
}

/* ---- the text ---- */

static void
split(struct reducer *r, struct arena *a, const char *text, size_t n)
{
	for (size_t at = 0; at < n;) {
		const char *p = text + at, *end = memchr(p, '\n', n - at);
		size_t len = end ? (size_t)(end - p) : n - at, from = 0, to = len;
		while (from < len && (p[from] == ' ' || p[from] == '\t'))
			from++;
		while (to > from && (p[to - 1] == ' ' || p[to - 1] == '\t' || p[to - 1] == '\r'))
			to--;
		at += len + 1;
		if (from == to)
			continue;
		struct line l = {.p = p, .n = (uint32_t)len, .opens = p[to - 1] == '{', .closes = p[from] == '}'};
		VEC_PUSH(a, &r->line, l);
	}
}

/* As we print it: one operation per line. The text as it came when that has another verdict. */
static struct strv
normal_form(struct reducer *r, struct arena *a, const char *text, size_t n)
{
	struct ptoc_options opt = r->opt;
	struct ptoc_result res;
	struct strv s;

	opt.check_only = opt.check = 0;
	opt.emit = PTOC_EMIT_PTO;
	opt.sync = PTOC_SYNC_NONE;
	opt.user = &(struct reason){.text = ""};
	bool ok = ptoc_compile(text, n, &opt, &res) && is_same(r, res.text, res.text_bytes);
	s.n = (uint32_t)(ok ? res.text_bytes : n);
	s.p = arena_strndup(a, ok ? res.text : text, s.n);
	ptoc_result_free(&res);
	return s;
}

static int
trouble(const char *argv0, const char *what, const char *name, const char *why)
{
	fprintf(stderr, "%s: error: cannot %s '%s': %s\n", cli_prog(argv0), what, name, why);
	return PTOC_NOT_CHECKED;
}

/* The messages of --check say why there is nothing to reduce. */
static int
refuse(const struct reducer *r, const struct cli *c, const char *text, size_t n, const char *argv0)
{
	struct ptoc_options opt = c->opt;
	struct ptoc_result res;

	if (r->want.verdict == PTOC_PROVED)
		return trouble(argv0, "reduce", c->opt.name, "it is proved");
	ptoc_compile(text, n, &opt, &res);
	fputs(res.diagnostics, stderr);
	ptoc_result_free(&res);
	return PTOC_NOT_CHECKED;
}

static int
reduce_text(struct reducer *r, const struct cli *c, struct arena *a, const char *argv0)
{
	uint32_t from = r->line.n, last;
	bool more = true;

	while (more && !is_over(r)) {
		last = r->line.n;
		more = cut_chunks(r);
		more |= cut_blocks(r);
		more &= r->line.n < last;
	}
	size_t n = join(r);
	const char *text = arena_strndup(a, r->text, n);
	if (r->no_memory)
		return trouble(argv0, "reduce", c->opt.name, strerror(ENOMEM));
	if (!is_same(r, text, n))
		return trouble(argv0, "reduce", c->opt.name, "what is left has another verdict");
	int e = file_write(c->output, text, n);
	if (e)
		return trouble(argv0, "write", c->output ? c->output : "<stdout>", strerror(e));
	fprintf(stderr, "%s: %u of %u lines are left after %u trials%s\n", cli_prog(argv0), r->line.n, from, r->trials,
		more ? ", where the work was ended" : "");
	return (int)r->want.verdict;
}

int
reduce_run(const struct cli *c, struct arena *a, const char *argv0)
{
	struct reducer *r = ARENA_NEW(a, struct reducer);
	size_t n;
	char *text;
	int e = file_read(c->inputs ? c->input_names[0] : NULL, &text, &n), status;

	if (e)
		return trouble(argv0, "read", c->opt.name, e == EFBIG ? "larger than 1 GiB" : strerror(e));
	r->opt = c->opt;
	r->opt.explain = r->opt.color = r->opt.timeline = 0;
	r->opt.stats = PTOC_STATS_NONE;
	r->opt.dump = r->opt.warnings = NULL;
	r->opt.diagnostics = PTOC_DIAG_TEXT;
	r->opt.on_diagnostic = note_reason;
	r->want = judge(r, text, n);
	if (r->want.verdict != PTOC_VIOLATED && r->want.verdict != PTOC_UNPROVED) {
		status = refuse(r, c, text, n, argv0);
	} else {
		struct strv s = normal_form(r, a, text, n);
		r->text = arena_alloc(a, s.n + 1);
		split(r, a, s.p, s.n);
		status = reduce_text(r, c, a, argv0);
	}
	free(text);
	return status;
}
