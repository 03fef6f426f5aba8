/* sources: the checker's chains of earlier events, and hiding them while another arm of a branch is walked. */
#include "check/walk.h"

enum {
	CHAIN_GM = 1,					/* all GM accesses, per pipe and direction */
	CHAIN_KEY = CHAIN_GM + 2 * PIPE_COUNT,		/* waits, per flag */
	CHAIN_ACQUIRE = CHAIN_KEY + KEY_COUNT,
	CHAIN_WORK = CHAIN_ACQUIRE + 1,			/* everything that runs, per pipe */
	CHAIN_REGION = CHAIN_WORK + PIPE_COUNT,
	CLASS_GM = 1
};

uint32_t
ck_chain_gm(unsigned pipe, bool write)
{
	return CHAIN_GM + 2 * pipe + write;
}

uint32_t
ck_chain_key(uint32_t key)
{
	return CHAIN_KEY + key;
}

uint32_t
ck_chain_acquire(void)
{
	return CHAIN_ACQUIRE;
}

uint32_t
ck_chain_work(unsigned pipe)
{
	return CHAIN_WORK + pipe;
}

uint32_t
ck_chain_of(uint32_t reg, unsigned pipe, unsigned kind)
{
	return CHAIN_REGION + (reg * PIPE_COUNT + pipe) * CHAIN_KINDS + kind;
}

uint32_t
ck_chain_class(const struct ck_checker *c, uint32_t cls, unsigned pipe, bool write)
{
	return ck_chain_of(c->region.n + cls, pipe, write);
}

/* ---- regions ---- */

uint32_t
ck_src_region(struct ck_checker *c, uint32_t set)
{
	return c->region_of[set - c->set0];
}

static void
region_add(struct ck_checker *c, uint32_t set)
{
	if (ck_src_region(c, set))
		return;
	c->region_of[set - c->set0] = c->region.n;
	VEC_PUSH(c->a, &c->region, (struct ck_region){.set = set, .gm = access_space(c->ac, set) == SP_GM});
}

/* Class chain of a region; all of GM is one, because an unknown root overlaps every other. */
static uint32_t
ck_class_find(struct ck_checker *c, const struct ck_region *r, bool add)
{
	uint32_t id = access_class(c->ac, r->set);

	if (r->gm)
		id = UINT32_MAX;
	for (uint32_t i = 1; i < c->class_id.n; i++)
		if (c->class_id.at[i] == id)
			return i;
	if (!add)
		return 0;
	VEC_PUSH(c->a, &c->class_id, id);
	return c->class_id.n - 1;
}

/* Scalar reads are never a source (X5). */
static void
region_uses(struct ck_checker *c)
{
	uint32_t n;

	for (uint32_t i = 1; i < c->sec->node.n; i++) {
		const struct phase *ph = c->sec->node.at[i].ph;
		const struct acc *x = access_accs(c->ac, ph, &n);
		for (uint32_t k = 0; k < n; k++) {
			struct ck_region *g = &c->region.at[ck_src_region(c, x[k].set)];
			bool write = x[k].rw & ACC_WRITE;
			if (write || ph->pipe != P_S)
				g->uses = (uint16_t)(g->uses | 1u << (2 * ph->pipe + write));
		}
	}
}

void
ck_src_init(struct ck_checker *c)
{
	uint32_t n, m;

	VEC_ADD(c->a, &c->region, 1);
	VEC_ADD(c->a, &c->event, 1);
	VEC_ADD(c->a, &c->class_id, 1);
	m = access_sets(c->ac, c->func, &c->set0);
	c->region_of = ARENA_ARRAY(c->a, uint32_t, m - c->set0 + 1);
	for (uint32_t i = 1; i < c->sec->node.n; i++) {
		const struct acc *x = access_accs(c->ac, c->sec->node.at[i].ph, &n);
		for (uint32_t k = 0; k < n; k++)
			region_add(c, x[k].set);
	}
	region_uses(c);
	for (uint32_t r = 1; r < c->region.n; r++) {
		struct ck_region *g = &c->region.at[r];
		g->near = access_near(c->ac, g->set, &g->nnear, &g->all);
		if (g->all)
			ck_class_find(c, g, true);
	}
	for (uint32_t r = 1; c->class_id.n > 1 && r < c->region.n; r++)
		c->region.at[r].cls = ck_class_find(c, &c->region.at[r], false);
	m = CHAIN_REGION + (c->region.n + c->class_id.n) * CHAIN_KINDS * PIPE_COUNT;
	VEC_ADD(c->a, &c->head, m);
	VEC_ADD(c->a, &c->head_arm, m);
	c->nclean = CLEAN_MIN;
	while (c->nclean < CLEAN_MAX && c->nclean < CLEAN_PER_NODE * c->sec->node.n)
		c->nclean *= 2;
	c->clean = ARENA_ARRAY(c->a, struct ck_clean, c->nclean);
}

const uint32_t *
ck_src_near(struct ck_checker *c, uint32_t r, uint32_t *n)
{
	struct ck_region *g = &c->region.at[r];

	if (!g->have_near) {
		g->have_near = true;
		g->local = ARENA_ARRAY(c->a, uint32_t, g->nnear + 1);
		for (uint32_t i = 0; i < g->nnear; i++) {
			uint32_t l = ck_src_region(c, g->near[i]);
			if (!l)
				continue;
			g->local[g->nlocal++] = l;
			g->near_uses |= c->region.at[l].uses;
		}
		if (g->all)
			g->near_uses = UINT16_MAX;
	}
	*n = g->nlocal;
	return g->local;
}

uint8_t
ck_src_pipes(struct ck_checker *c, uint32_t r, bool write)
{
	uint32_t n, pipes = 0, uses;

	ck_src_near(c, r, &n);
	uses = c->region.at[r].near_uses & (write ? UINT16_MAX : 0xaaaa);
	for (unsigned p = 0; p < PIPE_COUNT; p++)
		pipes |= (uint32_t)((uses >> (2 * p) & 3) != 0) << p;
	return (uint8_t)pipes;
}

/* ---- events ---- */

/* A newer event of the same block and class runs whenever the older one did and covers it. */
static bool
event_replaces(const struct ck_event *n, const struct ck_event *o)
{
	if (o->blk != n->blk || o->ctx != n->ctx || o->cls != n->cls || o->clean || !o->acc != !n->acc)
		return false;
	return !o->acc || (o->acc->rw == n->acc->rw && o->acc->set == n->acc->set);
}

void
ck_src_push(struct ck_checker *c, uint32_t chain, const struct ck_event *e)
{
	uint32_t h = c->head.at[chain];

	if (h && event_replaces(e, &c->event.at[h])) {
		uint32_t prev = c->event.at[h].prev;
		c->event.at[h] = *e;
		c->event.at[h].prev = prev;
		return;
	}
	VEC_PUSH(c->a, &c->event, *e);
	c->event.at[c->event.n - 1].prev = h;
	c->head.at[chain] = c->event.n - 1;
	if (c->arm && c->head_arm.at[chain] != c->arm) {
		VEC_PUSH(c->a, &c->log, (struct ck_arm_log){chain, h, c->event.n - 1, 0, c->head_arm.at[chain]});
		c->head_arm.at[chain] = c->arm;
	}
}

/* Would a read of the same bytes by an op like this one go without a barrier? Or is it atomic? */
static bool
tame_write(const struct ck_checker *c, struct ck_region *g, const struct phase *ph, const struct acc *x)
{
	struct acc r = *x;
	struct val v;

	if (ph->pipe != P_V && ph->pipe != P_M)
		return x->rw & ACC_ATOMIC;
	if (ph->pipe == P_V && (!(op_row(c->ir, ph->op)->flags & OPF_LINEAR) || x->slot == 0xff))
		return false;
	r.rw = (uint8_t)((r.rw & ~ACC_WRITE) | ACC_READ);
	if (access_same_pipe_hazard(c->ac, ph, x, ph, &r, false, c->opt->same_pipe))
		return false;
	if (ph->pipe == P_M)
		return true;
	v = op_slot(c->ir, ph->op, x->slot);
	uint32_t bytes = v.i ? type_bytes(&c->ir->types, type_elem(&c->ir->types, val_type(c->ir, v))) : 0;
	if (!g->tame_bytes)
		g->tame_bytes = bytes;
	return bytes && bytes == g->tame_bytes;
}

void
ck_src_access(struct ck_checker *c, const struct ck_event *e, uint32_t reg, unsigned pipe)
{
	struct ck_region *g = &c->region.at[reg];
	bool write = e->acc->rw & ACC_WRITE;
	unsigned kind = !write ? CHAIN_READ : tame_write(c, g, e->ph, e->acc) ? CHAIN_TAME : CHAIN_WRITE;

	g->used |= 1u << (CHAIN_KINDS * pipe + kind);
	ck_src_push(c, ck_chain_of(reg, pipe, kind), e);
	if (g->cls)
		ck_src_push(c, ck_chain_class(c, g->cls, pipe, write), e);
	if (g->gm)
		ck_src_push(c, ck_chain_gm(pipe, write), e);
}

/* ---- branches ---- */

void
ck_arm_begin(struct ck_checker *c)
{
	c->arm = ++c->narm;
}

void
ck_arm_end(struct ck_checker *c, uint32_t log0)
{
	for (uint32_t i = c->log.n; i-- > log0;) {
		struct ck_arm_log *l = &c->log.at[i];
		if (c->head_arm.at[l->chain] != c->arm)
			continue;	/* of an arm before this one */
		l->last = c->head.at[l->chain];
		c->head.at[l->chain] = l->head;
		c->head_arm.at[l->chain] = l->arm;
	}
}

struct ck_clean *
ck_clean_slot(struct ck_checker *c, uint32_t chain, unsigned view, bool carried)
{
	return &c->clean[hash_u32(chain, view * 2 + carried) & (c->nclean - 1)];
}

/* The chain has got events in the middle, from ordinal ord on. */
static void
clean_forget(struct ck_checker *c, uint32_t chain, uint32_t ord)
{
	for (unsigned i = 0; i < 2 * VIEW_COUNT; i++) {
		struct ck_clean *m = ck_clean_slot(c, chain, i / 2, i & 1);
		if (m->chain == chain && m->ord >= ord)
			m->chain = 0;
	}
}

/* Shows the events of all arms again, oldest arm first, and books them for the enclosing arm. */
void
ck_arms_join(struct ck_checker *c, uint32_t log0, uint32_t outer_arm)
{
	uint32_t n = log0;

	c->arm = outer_arm;
	for (uint32_t i = log0; i < c->log.n; i++) {
		struct ck_arm_log l = c->log.at[i];
		if (c->head.at[l.chain] != l.head) {
			c->event.at[l.first].prev = c->head.at[l.chain];
			clean_forget(c, l.chain, c->event.at[l.first].ord);
		}
		c->head.at[l.chain] = l.last;
		if (outer_arm && c->head_arm.at[l.chain] != outer_arm) {
			c->head_arm.at[l.chain] = outer_arm;
			c->log.at[n++] = l;
		}
	}
	c->log.n = n;
}
