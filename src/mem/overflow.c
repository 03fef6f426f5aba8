/*
 * overflow: what to say when the buffers of a function do not fit: where most of them are live, which ones, how long,
 * and what would help.
 */
#include "mem/plan.h"

#include <stdlib.h>

enum { NOTES_MAX = 24 };

struct report {
	struct ir *ir;
	const struct live *l;
	const struct space_plan *p;
	uint32_t at;		/* position of the peak */
	uint64_t room;
	struct op *op_at;	/* of the function, by position - first */
	uint32_t first, npos;
};

/* Ops of the function by position. */
static void
index_positions(struct arena *a, struct report *r, struct op func)
{
	const struct live *l = r->l;

	r->first = l->pos[func.i];
	r->npos = l->end[func.i] - r->first + 1;
	r->op_at = ARENA_ARRAY(a, struct op, r->npos);
	for (uint32_t i = 1; i < l->nop; i++)
		if (l->pos[i] >= r->first && l->pos[i] - r->first < r->npos)
			r->op_at[l->pos[i] - r->first] = (struct op){i};
}

static struct span
span_at(const struct report *r, uint32_t pos)
{
	return ir_op(r->ir, r->op_at[pos - r->first])->span;
}

/* Line of the op at a position, or of the nearest one before it that the input has. */
static uint32_t
line_at(const struct report *r, uint32_t pos)
{
	while (pos > r->first && span_none(span_at(r, pos)))
		pos--;
	struct span s = span_at(r, pos);
	return span_none(s) ? 0 : source_pos(r->ir->diags->src, s.lo).line;
}

static const struct root *
root_of(const struct report *r, const struct item *it)
{
	return &r->l->root.at[it->root];
}

static void
note_buffer(struct report *r, const struct item *it)
{
	struct ir *ir = r->ir;
	struct op o = root_of(r, it)->alloc;
	uint32_t from = line_at(r, it->lo), to = line_at(r, it->hi);
	const char *name = val_name(ir, op_res(ir, o, 0));

	if (!ir_val(ir, op_res(ir, o, 0))->name.i)	/* not the user's: made for an op without its operand */
		diag_note(ir->diags, span_at(r, it->lo), "a scratch tile of this op has %llu bytes",
			  (unsigned long long)it->bytes);
	else if (from == to)
		diag_note(ir->diags, ir_op(ir, o)->span, "%s has %llu bytes, used in line %u", name,
			  (unsigned long long)it->bytes, from);
	else
		diag_note(ir->diags, ir_op(ir, o)->span, "%s has %llu bytes, live from line %u to line %u", name,
			  (unsigned long long)it->bytes, from, to);
}

static int
by_size_then_time(const void *x, const void *y)
{
	const struct item *a = *(const struct item *const *)x, *b = *(const struct item *const *)y;

	if (a->bytes != b->bytes)
		return a->bytes > b->bytes ? -1 : 1;
	if (a->lo != b->lo)
		return a->lo < b->lo ? -1 : 1;
	return a->root < b->root ? -1 : a->root > b->root;
}

/* The loop that alone keeps a buffer alive at the peak: allocated before it, and used in it only. */
static struct op
keeping_loop(const struct report *r, const struct item *it)
{
	struct op o = r->op_at[it->lo - r->first];

	if ((op_id(r->ir, o) == OP_FOR || op_id(r->ir, o) == OP_WHILE) && r->l->end[o.i] == it->hi)
		return o;
	return (struct op){0};
}

static void
help(struct report *r, struct item **live, uint32_t n, uint64_t peak)
{
	struct diags *d = r->ir->diags;

	if (peak <= r->room) {
		diag_hint(d, "the live buffers would fit, but no arrangement of their sizes was found");
		return;
	}
	diag_hint(d, "%llu bytes too many there: smaller tiles, or fewer that live across that line",
		  (unsigned long long)(peak - r->room));
	for (uint32_t k = 0; k < n; k++) {
		struct op loop = keeping_loop(r, live[k]);
		if (!loop.i || span_none(ir_op(r->ir, loop)->span))
			continue;
		diag_hint(d, "%s lives as long as the loop in line %u because it is allocated before it; if it carries "
			     "nothing from one trip to the next, allocate it inside",
			  val_name(r->ir, op_res(r->ir, root_of(r, live[k])->alloc, 0)),
			  line_at(r, r->l->pos[loop.i]));
		return;
	}
}

void
report_overflow(struct arena *a, struct ir *ir, const struct live *l, struct op func, enum space sp,
		const struct space_plan *p)
{
	struct report r = {.ir = ir, .l = l, .p = p, .room = p->cap - p->base};
	uint64_t peak = plan_peak(a, p, &r.at);
	struct item **live = ARENA_ARRAY(a, struct item *, p->n + 1);
	const char *name = isa_space[sp].tile;
	uint32_t n = 0;

	index_positions(a, &r, func);
	for (uint32_t k = 0; k < p->n && p->item[k].lo <= r.at; k++)
		if (item_live_at(&p->item[k], r.at))
			live[n++] = &p->item[k];
	qsort(live, n, sizeof *live, by_size_then_time);
	op_error(ir, func, DIAG_OVERFLOW, "%s overflow, requires %llu bits while %llu bits avaliable!", name,
		 (unsigned long long)p->need * 8, (unsigned long long)r.room * 8);
	diag_note(ir->diags, span_at(&r, r.at), "%llu bytes are live at the peak, %s has %llu%s",
		  (unsigned long long)peak, name, (unsigned long long)r.room,
		  p->base ? " above the buffers of called functions" : "");
	for (uint32_t k = 0; k < n && k < NOTES_MAX; k++)
		note_buffer(&r, live[k]);
	if (n > NOTES_MAX)
		diag_note(ir->diags, (struct span){0, 0}, "and %u more", n - NOTES_MAX);
	help(&r, live, n, peak);
}
