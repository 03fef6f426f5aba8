/* arms: see arms.h. */
#include "driver/arms.h"

#include "cost/trial.h"
#include "driver/pairs.h"
#include "driver/prune.h"

/* Ops of a function that is looked at; barriers simulated elsewhere, and proofs asked for. */
enum { ARMS_LARGE = 600, ARMS_TRIALS = 24, ARMS_PROOFS = 12 };

struct arms {
	const struct proving *by;
	const struct cost_opt *cost;
	struct ir *ir;
	struct sync_result *res;
	int64_t now;		/* makespan, -1 before it is asked for */
	uint32_t trials, proofs;
};

/* A barrier, or its copy, in an arm. */
struct copy {
	struct op barrier;
	struct finding why;	/* what is not proved without it */
};

static int64_t
makespan(const struct arms *k)
{
	return cost_makespan(k->by->a, k->ir, k->by->ac, k->by->func, k->by->core, k->cost);
}

/* The branch that has the pipe's next work behind the barrier; 0 when something else has it. */
static struct op
branch_behind(const struct arms *k, struct op barrier, enum pipe q)
{
	struct op o = ir_op(k->ir, barrier)->next;

	while (o.i && op_id(k->ir, o) != OP_CALL && !access_works_on(k->by->ac, o, q))
		o = ir_op(k->ir, o)->next;
	return o.i && op_id(k->ir, o) == OP_IF && ir_op(k->ir, o)->nreg <= ARMS ? o : (struct op){0};
}

/* The first op of the arm that works on the pipe, 0 when there is none. */
static struct op
first_in(const struct arms *k, struct op whole, uint32_t arm, enum pipe q)
{
	struct blk b = arm < ir_op(k->ir, whole)->nreg ? op_body(k->ir, whole, arm) : (struct blk){0};
	struct op o = b.i && !ir_blk(k->ir, b)->next.i ? ir_blk(k->ir, b)->first : (struct op){0};

	while (o.i && !access_works_on(k->by->ac, o, q))
		o = ir_op(k->ir, o)->next;
	return o;
}

static bool
asks(struct arms *k, struct finding *f)
{
	k->proofs++;
	return proving_asks(k->by, f);
}

/* Leaves out the copies that nothing needs. */
static void
reduce(struct arms *k, struct copy c[ARMS])
{
	for (uint32_t i = 0; i < ARMS; i++) {
		if (!c[i].barrier.i)
			continue;
		struct op_place at = ir_take(k->ir, c[i].barrier);
		if (asks(k, &c[i].why)) {
			c[i].barrier = (struct op){0};
			continue;
		}
		ir_put_back(k->ir, at);
	}
}

static bool
is_inside(const struct ir *ir, struct op o, struct blk b)
{
	while (o.i && ir_op(ir, o)->parent.i != b.i)
		o = op_parent(ir, o);
	return o.i != 0;
}

/* Each copy that stays has the reasons of the barrier that concern its arm, or else what it was found to be for. */
static void
new_reasons(struct arms *k, struct op old, const struct copy c[ARMS])
{
	uint32_t n = 0, end = k->res->why.n;
	struct sync_why *old_why = ARENA_ARRAY(k->by->a, struct sync_why, end);
	uint32_t nold = 0;

	for (uint32_t i = 0; i < end; i++) {
		if (k->res->why.at[i].sync.i == old.i)
			old_why[nold++] = k->res->why.at[i];
		else
			k->res->why.at[n++] = k->res->why.at[i];
	}
	k->res->why.n = n;
	for (uint32_t i = 0; i < ARMS; i++) {
		bool any = false;
		for (uint32_t j = 0; j < nold && c[i].barrier.i; j++) {
			struct sync_why w = old_why[j];
			if (!is_inside(k->ir, w.dst, ir_op(k->ir, c[i].barrier)->parent))
				continue;
			any = true;
			w.sync = c[i].barrier;
			VEC_PUSH(k->by->a, &k->res->why, w);
		}
		if (any || !c[i].barrier.i || !nold)
			continue;
		struct sync_why w = {.sync = c[i].barrier, .kind = 'B', .src = c[i].why.src, .dst = c[i].why.dst,
				     .loop = old_why[0].loop, .group = old_why[0].group, .doubt = old_why[0].doubt};
		VEC_PUSH(k->by->a, &k->res->why, w);
	}
}

/* Copies in front of the first work of each arm; false when no arm has any. */
static bool
spread(struct arms *k, struct op whole, enum pipe q, struct copy c[ARMS])
{
	bool any = false;

	for (uint32_t i = 0; i < ARMS; i++) {
		struct op at = first_in(k, whole, i, q);
		if (!at.i)
			continue;
		any = true;
		c[i].barrier = ir_barrier(k->ir, q);
		ir_op(k->ir, c[i].barrier)->flags |= OPD_SYNC;
		ir_insert_before(k->ir, at, c[i].barrier);
	}
	return any;
}

static void
try_barrier(struct arms *k, struct op barrier, enum pipe q)
{
	struct op whole = branch_behind(k, barrier, q);
	struct copy c[ARMS] = {0};
	struct finding f;

	if (!whole.i)
		return;
	if (k->now < 0)
		k->now = makespan(k);
	k->trials++;
	struct op_place home = ir_take(k->ir, barrier);
	if (spread(k, whole, q, c) && asks(k, &f)) {
		reduce(k, c);
		int64_t t = makespan(k);
		if (t < k->now) {
			k->now = t;
			new_reasons(k, barrier, c);
			return;
		}
	}
	for (uint32_t i = 0; i < ARMS; i++)
		if (c[i].barrier.i)
			ir_erase(k->ir, c[i].barrier);
	ir_put_back(k->ir, home);
}

void
arms_section(const struct proving *by, const struct cost_opt *cost, struct sync_result *res)
{
	struct arms k = {.by = by, .cost = cost, .ir = by->ir, .res = res, .now = -1};
	VEC(struct op) barrier = {0};

	if (by->size > ARMS_LARGE)
		return;
	for (uint32_t i = 0; i < res->why.n; i++) {
		struct op o = res->why.at[i].sync;
		if (op_id(by->ir, o) == OP_BARRIER && (!barrier.n || barrier.at[barrier.n - 1].i != o.i))
			VEC_PUSH(by->a, &barrier, o);
	}
	for (uint32_t i = 0; i < barrier.n && k.trials < ARMS_TRIALS && k.proofs < ARMS_PROOFS; i++) {
		enum pipe src, dst;
		uint32_t eid;
		if (op_flag(by->ir, barrier.at[i], &src, &dst, &eid) && src < PIPE_COUNT)
			try_barrier(&k, barrier.at[i], src);
	}
	if (!k.trials)
		return;
	prune_recount(by->a, by->ir, res);
	ir_renumber(by->ir, by->func);
}
