/*
 * samepipe: which dependences inside one pipe need a barrier. Source: sync-model.md §3.
 */
#include "access/model.h"

enum { M_FRACTALS_SAFE = 10, V_REPEATS_SAFE = 16, V_REPEAT_BYTES = 256 };

static uint32_t
operand_bytes(const struct access *ac, struct op o, uint32_t slot)
{
	struct val v = op_slot(ac->ir, o, slot);

	return v.i ? type_bytes(&ac->ir->types, type_elem(&ac->ir->types, val_type(ac->ir, v))) : 0;
}

/*
 * Forward RAW between two elementwise ops of one element width over exactly the same dense bytes, long enough: the
 * vector unit works in address order, so the consumer is always behind the producer.
 */
static bool
v_in_order(const struct access *ac, const struct phase *prev, const struct acc *pa, const struct phase *next,
	   const struct acc *na, bool carried)
{
	if (carried || !(pa->rw & ACC_WRITE) || (na->rw & ACC_WRITE) || ((pa->rw | na->rw) & ACC_SCRATCH))
		return false;
	if (!(op_row(ac->ir, prev->op)->flags & OPF_LINEAR) || !(op_row(ac->ir, next->op)->flags & OPF_LINEAR))
		return false;
	if (!(pa->rw & ACC_WHOLE) || !(na->rw & ACC_WHOLE) || !access_same_bytes(ac, pa->set, na->set))
		return false;
	uint32_t es = operand_bytes(ac, prev->op, pa->slot);
	if (es == 0 || es != operand_bytes(ac, next->op, na->slot))
		return false;
	return access_bytes(ac, pa->set) > (V_REPEATS_SAFE - 1) * V_REPEAT_BYTES;
}

/* The reference takes two loads into one tile to finish in order (PTOAS#667); the vendor says that they may not. */
static bool
both_loads(const struct access *ac, const struct phase *prev, const struct phase *next)
{
	return op_id(ac->ir, prev->op) == OP_TLOAD && op_id(ac->ir, next->op) == OP_TLOAD;
}

bool
access_same_pipe_hazard(struct access *ac, const struct phase *prev, const struct acc *pa, const struct phase *next,
			const struct acc *na, bool carried, struct same_pipe_opt opt)
{
	enum space sp = access_space(ac, pa->set);
	bool waw = (pa->rw & ACC_WRITE) && (na->rw & ACC_WRITE);

	if (!acc_conflicts(pa->rw, na->rw))
		return false;
	switch ((enum pipe)prev->pipe) {
	case P_S:
		return false;
	case P_V:
		return !(opt.v_prune && v_in_order(ac, prev, pa, next, na, carried));
	case P_M:
		/* Write after read inside M needs nothing; large products cover the latency themselves. */
		if (!(pa->rw & ACC_WRITE))
			return false;
		return opt.m_always || prev->m_fractals < M_FRACTALS_SAFE || next->m_fractals < M_FRACTALS_SAFE;
	case P_MTE1:
		return waw;
	case P_MTE2:
		return waw && sp != SP_GM && (opt.mte2_waw || !both_loads(ac, prev, next));
	case P_MTE3:
		return waw && sp == SP_GM;
	case P_FIX:
		return sp != SP_ACC;
	case PIPE_COUNT:
	case P_NONE:
	case P_BY_SPACE:
		break;
	}
	return true;
}
