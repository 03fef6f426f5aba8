/*
 * api: the library's entry (ptoc/ptoc.h). The one setjmp of the project is here: when memory runs out the arena jumps
 * back into ptoc_compile, which releases everything and says so in the result.
 */
#include "driver/compile.h"
#include "driver/file.h"
#include "driver/origin.h"
#include "driver/pipeline.h"

#include <stdlib.h>

#ifndef PTOC_VERSION
#define PTOC_VERSION "0"
#endif

/* Everything a result points into. */
struct compile {
	struct arena a;
	jmp_buf oom;
	bool sealed;		/* the text is used as it is */
	struct ptoc_options opt;
	struct pipeline pipe;
};

const char *
ptoc_version(void)
{
	return PTOC_VERSION;
}

void
ptoc_options_init_size(struct ptoc_options *o, size_t size)
{
	const struct ptoc_options standard = {
		.size = (unsigned)size,
		.name = "<stdin>",
		.sync = PTOC_SYNC_AUTO,
		.emit = PTOC_EMIT_CXX,
		.v_prune = 1,
		.load_waw = 1,
		.check = 1,
		.max_event_ids = EVENT_ID_COUNT,
		.infer_layout = 1,
		.assume_trips = 16,
	};
	size_t known = size < sizeof standard ? size : sizeof standard;

	memcpy(o, &standard, known);
	memset((char *)o + known, 0, size - known);
}

/* Options of a caller built against an older header: the fields it does not know keep their defaults. */
static void
take_options(struct ptoc_options *mine, const struct ptoc_options *o)
{
	ptoc_options_init(mine);
	if (!o)
		return;
	size_t n = o->size < sizeof *mine ? o->size : sizeof *mine;
	memcpy(mine, o, n);
	mine->size = (unsigned)sizeof *mine;
	if (!mine->name)
		mine->name = "<stdin>";
}

static const char *
out_cstr(const struct out *o)
{
	return o->p ? o->p : "";
}

static const char *
text_of(struct arena *a, struct strv s)
{
	return s.n ? arena_strndup(a, s.p, s.n) : NULL;
}

/* One message to the caller's function. */
static void
deliver_one(struct compile *c, struct ptoc_diagnostic d, struct span at, const struct producer *from)
{
	if (!span_none(at)) {
		struct line_col lo = source_pos(&c->pipe.src, at.lo), hi = source_pos(&c->pipe.src, at.hi);
		d.line = lo.line;
		d.column = lo.col;
		d.end_line = hi.line;
		d.end_column = hi.col;
	}
	d.file = c->opt.name;
	d.producer_file = text_of(&c->a, from->file);
	d.producer_line = from->line;
	d.producer_column = from->col;
	c->opt.on_diagnostic(c->opt.user, &d);
}

static void
deliver(struct compile *c)
{
	const struct diags *all = &c->pipe.diags;

	for (uint32_t i = 0; c->opt.on_diagnostic && i < all->all.n; i++) {
		const struct diag *g = &all->all.at[i];
		const char *id = diag_spelling(g->id);
		if (g->severity == DIAG_HIDDEN)
			continue;
		deliver_one(c, (struct ptoc_diagnostic){
			.severity = g->severity == DIAG_ERROR ? PTOC_ERROR : PTOC_WARNING, .id = id, .text = g->text,
		}, g->span, &g->producer);
		for (uint32_t k = g->note; k; k = all->notes.at[k - 1].next) {
			const struct diag_note *n = &all->notes.at[k - 1];
			deliver_one(c, (struct ptoc_diagnostic){
				.severity = n->hint ? PTOC_HINT : PTOC_NOTE, .id = id, .text = n->text,
			}, n->span, &n->producer);
		}
	}
}

static void
render(struct compile *c, struct ptoc_result *r)
{
	struct pipeline *p = &c->pipe;
	struct out o;

	out_init(&o, &c->a);
	origin_find(p);
	diags_render(&p->diags, &o, (struct diag_style){
		.color = c->opt.color, .mlir = c->opt.as_ptoas, .format = (enum diag_format)c->opt.diagnostics,
		.version = PTOC_VERSION,
	});
	deliver(c);
	if (!r->ok && c->opt.as_ptoas && p->closing && c->opt.diagnostics == PTOC_DIAG_TEXT)
		out_f(&o, "%s\n", p->closing);
	r->diagnostics = o.p;
	r->errors = p->diags.nerror;
	r->warnings = p->diags.nwarning;
	r->verdict = p->verdict;
	r->explain = out_cstr(&p->explain);
	r->dump = out_cstr(&p->dump);
	r->stats = out_cstr(&p->stats);
	r->timeline = out_cstr(&p->timeline);
}

static void
compile_text(struct compile *c, const char *text, size_t bytes, struct ptoc_result *r)
{
	struct pipeline *p = &c->pipe;
	bool fits = bytes <= FILE_MAX_BYTES;

	pipeline_init(p, &c->a, &c->opt, fits ? (struct strv){text, (uint32_t)bytes} : STRV(""), c->sealed);
	if (fits)
		r->ok = pipeline_run(p);
	else
		diag_report(&p->diags, DIAG_INPUT_LIMIT, (struct span){0, 0}, "input is larger than 1 GiB");
	if (r->ok) {
		r->text = out_cstr(&p->text);
		r->text_bytes = p->text.n;
	}
	render(c, r);
}

static int
compile(const char *text, size_t bytes, bool sealed, const struct ptoc_options *o, struct ptoc_result *r)
{
	struct compile *c = malloc(sizeof *c);

	memset(r, 0, sizeof *r);
	r->diagnostics = r->explain = r->dump = r->stats = r->timeline = "";
	r->verdict = PTOC_NOT_CHECKED;
	r->memory = c;
	if (!c) {
		r->out_of_memory = 1;
		return 0;
	}
	memset(c, 0, sizeof *c);
	c->sealed = sealed;
	take_options(&c->opt, o);
	arena_init(&c->a, &c->oom);
	if (setjmp(c->oom) == 0) {
		compile_text(c, text, bytes, r);
		return r->ok;
	}
	pipeline_free(&c->pipe);
	arena_free(&c->a);
	free(c);
	*r = (struct ptoc_result){
		.out_of_memory = 1, .diagnostics = "", .explain = "", .dump = "", .stats = "", .timeline = "",
		.verdict = PTOC_NOT_CHECKED,
	};
	return 0;
}

int
ptoc_compile(const char *text, size_t bytes, const struct ptoc_options *o, struct ptoc_result *r)
{
	return compile(text, bytes, false, o, r);
}

int
compile_sealed(const char *text, size_t bytes, const struct ptoc_options *o, struct ptoc_result *r)
{
	return compile(text, bytes, true, o, r);
}

void
ptoc_result_free(struct ptoc_result *r)
{
	struct compile *c = r->memory;

	if (c) {
		pipeline_free(&c->pipe);
		arena_free(&c->a);
		free(c);
	}
	memset(r, 0, sizeof *r);
}
