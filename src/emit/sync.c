/* sync: flags, barriers, fences, cache operations and the kernel tail. Spec: emission.md §9. */
#include "emit/emit.h"

#include <assert.h>

#define NO_OPERANDS ((struct val){0})

static void
line(struct cxx *x, const char *s)
{
	x_line(x);
	x_str(x, s);
}

/* Verified: pipes of a2/a3 only. */
static void
flag_pipes(const struct cxx *x, struct op o, enum pipe *src, enum pipe *dst, uint32_t *eid)
{
	bool known = op_flag(x->ir, o, src, dst, eid);

	assert(known);
	(void)known;
}

static void
flag_stmt(struct cxx *x, struct op o)
{
	enum pipe src, dst;
	uint32_t eid;

	flag_pipes(x, o, &src, &dst, &eid);
	x_line(x);
	x_f(x, "%s(%s, %s, EVENT_ID%u);\n", op_row(x->ir, o)->callee, pipe_name(src), pipe_name(dst), eid);
}

const struct family fam_flag = {.stmt = flag_stmt};

/* Source and destination pipe of an op whose event id is an operand. */
static void
dyn_pipes(const struct cxx *x, struct op o, enum pipe *src, enum pipe *dst)
{
	*src = pipe_of_value(op_enum(x->ir, o, x->ir->name.src_pipe, EN_PIPE, -1));
	*dst = pipe_of_value(op_enum(x->ir, o, x->ir->name.dst_pipe, EN_PIPE, -1));
	assert(*src < PIPE_COUNT && *dst < PIPE_COUNT);
}

static void
flag_dyn_uses(struct cxx *x, struct op o)
{
	x_use_all(x, o, true);
}

static void
flag_dyn_stmt(struct cxx *x, struct op o)
{
	enum pipe src, dst;

	dyn_pipes(x, o, &src, &dst);
	uint32_t no = x_temp(x, "event_t");
	x_str(x, "(event_t) ");
	x_operand(x, op_slot(x->ir, o, 0), PREC_UNARY);
	x_end(x);
	x_line(x);
	x_f(x, "%s(%s, %s, v%u);\n", op_row(x->ir, o)->callee, pipe_name(src), pipe_name(dst), no);
}

const struct family fam_flag_dyn = {.uses = flag_dyn_uses, .stmt = flag_dyn_stmt};

static void
barrier_stmt(struct cxx *x, struct op o)
{
	enum pipe src, dst;
	uint32_t eid;

	flag_pipes(x, o, &src, &dst, &eid);
	x_line(x);
	x_f(x, "pipe_barrier(%s);\n", pipe_name(src));
}

const struct family fam_barrier = {.stmt = barrier_stmt};

/* A vector core has no PIPE_FIX. */
static void
fence_stmt(struct cxx *x, struct op o)
{
	(void)o;
	if (x->core == CORE_VECTOR) {
		line(x, "pipe_barrier(PIPE_ALL);\n");
	} else {
		line(x, "pipe_barrier(PIPE_MTE2);\n");
		line(x, "pipe_barrier(PIPE_MTE3);\n");
		line(x, "pipe_barrier(PIPE_FIX);\n");
	}
	line(x, "dsb(DSB_DDR);\n");
}

const struct family fam_fence = {.stmt = fence_stmt};

static const char whole_cache[] = "dcci((__gm__ void*)0, cache_line_t::ENTIRE_DATA_CACHE);\n";

static void
cmo_stmt(struct cxx *x, struct op o)
{
	struct val v = op_slot(x->ir, o, 0);

	if (!v.i) {
		line(x, whole_cache);
		return;
	}
	if (x_is_view(x, v)) {
		struct typ elem = type_elem(&x->ir->types, val_type(x->ir, v));
		uint32_t no = x_temp(x, x_type(x, type_ptr(&x->ir->types, elem, SP_GM)));
		x_str(x, "PTOAS__GLOBAL_TENSOR_DATA(");
		x_name(x, v);
		x_str(x, ");\n");
		x_line(x);
		x_f(x, "PTOAS__DCCI_SINGLE_CACHE_LINE(v%u);\n", no);
	} else {
		x_line(x);
		x_str(x, "PTOAS__DCCI_SINGLE_CACHE_LINE(");
		x_operand(x, v, PREC_COND);
		x_str(x, ");\n");
	}
}

const struct family fam_cmo = {.uses = flag_dyn_uses, .stmt = cmo_stmt};

/* ---- what the planner inserts ---- */

static bool
has_unit(const struct cxx *x, struct op o, const char *name)
{
	struct sym s = intern_find(&x->ir->in, (struct strv){name, (uint32_t)strlen(name)});

	return s.i && op_attr(x->ir, o, s).i;
}

/* The flush at the end of a kernel takes the widest barrier the header spells. */
static void
dsb_stmt(struct cxx *x, struct op o)
{
	line(x, has_unit(x, o, "end") ? "dsb((mem_dsb_t)0);\n" : "dsb(DSB_DDR);\n");
}

const struct family fam_ptoc_dsb = {.stmt = dsb_stmt};

static void
dcci_stmt(struct cxx *x, struct op o)
{
	uint32_t n = ir_op(x->ir, o)->nopnd;
	struct val p = n > 0 ? op_opnd(x->ir, o, 0) : NO_OPERANDS, i = n > 1 ? op_opnd(x->ir, o, 1) : NO_OPERANDS;

	if (!p.i) {
		line(x, whole_cache);
		return;
	}
	line(x, "PTOAS__DCCI_SINGLE_CACHE_LINE(");
	x_operand(x, p, PREC_ADD);
	if (i.i) {
		x_str(x, " + ");
		x_operand(x, i, PREC_MUL);
	}
	x_str(x, ");\n");
}

/* Plain operands: the planner points at values other ops mention as well. */
const struct family fam_ptoc_dcci = {.stmt = dcci_stmt};

bool
x_is_tail(const struct cxx *x, struct op o)
{
	return op_id(x->ir, o) == OP_PTOC_TAIL;
}

static void
tail_stmt(struct cxx *x, struct op o)
{
	struct sym key = intern_find(&x->ir->in, STRV("mode"));
	struct attr a = key.i ? op_attr(x->ir, o, key) : (struct attr){0};
	bool mte3 = a.i && strv_is(sym_text(&x->ir->in, attr_data(&x->ir->attrs, a)->text), "mte3-to-s-event0");

	x_line(x);
	x_f(x, "ptoas_auto_sync_tail(PTOAutoSyncTailMode::%s);\n", mte3 ? "kSetWaitMte3ToSEvent0" : "kBarrierAll");
}

const struct family fam_ptoc_tail = {.stmt = tail_stmt};

/* TSYNC calls Wait() on its arguments (pto-isa: include/pto/common/event.hpp), which neither tiles nor views have. */
static void
tsync_stmt(struct cxx *x, struct op o)
{
	x_fail(x, o, "has no C++ form: the library's TSYNC waits for event objects, and no value here is one");
	diag_hint(x->ir->diags, "pto.set_flag and pto.wait_flag order pipes by hand");
}

const struct family fam_tsync = {.stmt = tsync_stmt};
