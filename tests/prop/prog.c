/* prog: see prog.h. */
#include "prog.h"

#include "front/front.h"
#include "mem/mem.h"
#include "shape/shape.h"
#include "verify/verify.h"

#include <stdio.h>

bool
prog_load(struct prog *p, const char *name, const char *text, size_t n)
{
	return prog_load_opt(p, name, text, n, (struct prog_opt){0});
}

static void
collect(struct prog *p)
{
	struct blk b = op_body(&p->ir, p->ir.module, 0);

	for (struct op o = ir_blk(&p->ir, b)->first; o.i; o = ir_op(&p->ir, o)->next) {
		if (op_id(&p->ir, o) == OP_FUNC && ir_op(&p->ir, o)->nreg &&
		    ir_reg(&p->ir, op_reg(&p->ir, o, 0))->first.i)
			VEC_PUSH(&p->a, &p->func, o);
	}
}

/* What the driver does at level 2. */
static bool
place(struct prog *p)
{
	struct mem_opt mo = {.big_tables = false};

	memcpy(mo.capacity, p->opt.capacity, sizeof mo.capacity);
	shape_canon(&p->ir);
	if (!shape_layouts(&p->ir))
		return false;
	shape_scratch(&p->ir);
	for (uint32_t k = 0; p->opt.slots && k < p->func.n; k++) {
		struct slot_tile *t;
		uint32_t n = shape_slots_find(&p->a, &p->ir, p->func.at[k], &t);
		shape_slots(&p->a, &p->ir, t, n);
		p->nslots += n;
	}
	return p->opt.unplaced || mem_plan(&p->a, &p->ir, p->func.at, p->func.n, mo);
}

static bool
load(struct prog *p)
{
	int level = p->opt.capacity ? 2 : 3;

	if (p->cxx) {
		bool ok = cxxin_read(&p->ir, &p->cxxin);
		if (ok)
			collect(p);
		return ok;
	}
	if (!front_parse(&p->ir) || !verify_module(&p->ir, &(struct verify_opt){.level = level}) ||
	    !shape_sections(&p->ir))
		return false;
	shape_events(&p->ir);
	if (!shape_fifos(&p->ir))
		return false;
	collect(p);
	return (level == 3 || place(p)) && (p->opt.unplaced || shape_fifo_addresses(&p->ir));
}

bool
prog_load_opt(struct prog *p, const char *name, const char *text, size_t n, struct prog_opt opt)
{
	memset(p, 0, sizeof *p);
	p->opt = opt;
	p->cxx = cxxin_is_cxx(name, text, (uint32_t)n);
	arena_init(&p->a, NULL);
	source_init(&p->src, &p->a, name, text, (uint32_t)n);
	diags_init(&p->diags, &p->a, &p->src);
	out_init(&p->text, &p->a);
	ir_init(&p->ir, &p->a, &p->diags);
	if (!load(p)) {
		diags_sort(&p->diags);
		diags_render(&p->diags, &p->text, (struct diag_style){0});
		return false;
	}
	if (!opt.unplaced)
		p->ac = access_build(&p->a, &p->ir, (struct access_opt){.gm_alias = opt.gm_alias});
	return true;
}

void
prog_free(struct prog *p)
{
	arena_free(&p->a);
}

char *
prog_read(struct arena *a, const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	size_t cap = 1 << 16;
	char *buf = NULL;

	if (!f)
		return NULL;
	for (;; cap *= 2) {
		rewind(f);
		buf = arena_alloc(a, cap);
		*n = fread(buf, 1, cap - 1, f);
		if (*n < cap - 1)
			break;
	}
	fclose(f);
	buf[*n] = 0;
	return buf;
}
