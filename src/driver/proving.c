/* proving: see proving.h. */
#include "driver/proving.h"

enum { LARGE_OPS = 600 };

/* Recursion depth: nesting of regions. */
static uint32_t
count_ops(const struct ir *ir, struct op o)
{
	uint32_t n = 1;

	for (uint32_t r = 0; r < ir_op(ir, o)->nreg; r++)
		for (struct blk b = op_body(ir, o, r); b.i; b = ir_blk(ir, b)->next)
			for (struct op c = ir_blk(ir, b)->first; c.i; c = ir_op(ir, c)->next)
				n += count_ops(ir, c);
	return n;
}

void
proving_init(struct proving *by)
{
	by->size = count_ops(by->ir, by->func);
	by->large = by->size > LARGE_OPS;
}

bool
proving_asks(const struct proving *by, struct finding *f)
{
	struct check_result r = {0};
	struct check_opt opt = *by->opt;
	struct arena_mark m = arena_mark(by->a);

	opt.first_only = true;
	opt.plain_only = by->large;
	ir_renumber(by->ir, by->func);
	check_section(by->a, by->ir, by->ac, by->func, by->core, &opt, &r);
	*f = r.finding.n ? r.finding.at[0] : (struct finding){0};
	arena_rewind(by->a, m);
	return r.verdict == CHECK_PROVED;
}

bool
proving_holds(const struct proving *by)
{
	struct finding f;

	return proving_asks(by, &f);
}
