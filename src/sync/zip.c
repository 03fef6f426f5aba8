/*
 * zip: two arms of an if that do much the same, statement by statement, become one straight line for the planner. Each
 * statement of it stands for one of each arm (or for one of one arm only); what is decided between two of them is
 * printed in both arms. So a flag may be set in front of an if and awaited deep in both arms, and ids do not double.
 *
 * Order inside each arm is kept, hence any alignment is right; that the arms never both run is given up, which may
 * order too much, so only arms that align well are zipped. In: a section. Out: a new section, plan.zip.
 */
#include "sync/plan.h"

enum { ARM_MAX = 48, ARMS = 2 };

struct zipper {
	struct plan *p;
	const struct section *old;
	struct section *s;
	bool *zipped;		/* per old statement: an if to be zipped */
	uint32_t nzip;
};

/* One statement of the line: 1-based positions in the arms, 0 = none. */
struct row2 {
	uint8_t at[ARMS];
};

struct line {
	struct row2 row[ARMS * ARM_MAX];
	uint32_t n, nmatch;
};

static const struct stmt *
arm_stmt(const struct section *s, uint32_t b, uint32_t pos)
{
	return &s->stmt.at[s->order.at[s->blk.at[b].stmt0 + pos - 1]];
}

static bool
plain_arm(const struct section *s, uint32_t b)
{
	if (!b || s->blk.at[b].nstmt == 0 || s->blk.at[b].nstmt > ARM_MAX)
		return false;
	for (uint32_t i = 1; i <= s->blk.at[b].nstmt; i++) {
		const struct stmt *t = arm_stmt(s, b, i);
		if (t->kind != ST_WORK)
			return false;
		for (uint32_t x = t->node0; x < t->node0 + t->nnode; x++)
			if (s->node.at[x].ph->kind != PH_WORK || s->node.at[x].ph->drains)
				return false;
	}
	return true;
}

/* Worth of putting two statements side by side, 0 = not. */
static uint32_t
likeness(const struct ir *ir, const struct stmt *a, const struct stmt *b)
{
	if (a->pipes != b->pipes || a->nnode != b->nnode)
		return 0;
	return op_id(ir, a->op) == op_id(ir, b->op) ? 3 : 2;
}

/* Longest common sequence of the arms. */
static void
align(const struct zipper *z, uint32_t a, uint32_t b, struct line *l)
{
	const struct section *s = z->old;
	uint32_t na = s->blk.at[a].nstmt, nb = s->blk.at[b].nstmt;
	uint16_t best[ARM_MAX + 2][ARM_MAX + 2] = {0};	/* of the statements from there on */

	for (uint32_t i = na; i >= 1; i--) {
		for (uint32_t j = nb; j >= 1; j--) {
			uint32_t same = likeness(z->p->ir, arm_stmt(s, a, i), arm_stmt(s, b, j));
			uint16_t m = best[i + 1][j] > best[i][j + 1] ? best[i + 1][j] : best[i][j + 1];
			uint32_t with = same ? same + best[i + 1][j + 1] : 0;
			best[i][j] = with > m ? (uint16_t)with : m;
		}
	}
	l->n = l->nmatch = 0;
	for (uint32_t i = 1, j = 1; i <= na || j <= nb;) {
		uint32_t same = i <= na && j <= nb ? likeness(z->p->ir, arm_stmt(s, a, i), arm_stmt(s, b, j)) : 0;
		struct row2 r = {{0, 0}};
		if (same && best[i][j] == same + best[i + 1][j + 1]) {
			r = (struct row2){{(uint8_t)i++, (uint8_t)j++}};
			l->nmatch++;
		} else if (j > nb || (i <= na && best[i + 1][j] >= best[i][j + 1])) {
			r.at[0] = (uint8_t)i++;
		} else {
			r.at[1] = (uint8_t)j++;
		}
		l->row[l->n++] = r;
	}
}

/* At least three quarters of the longer arm have a partner. */
static bool
zippable(const struct zipper *z, uint32_t stmt, struct line *l)
{
	const struct section *s = z->old;
	const struct stmt *t = &s->stmt.at[stmt];

	if (t->kind != ST_IF || t->nchild != ARMS)
		return false;
	const uint32_t *c = &s->child.at[t->child0];
	if (!plain_arm(s, c[0]) || !plain_arm(s, c[1]))
		return false;
	align(z, c[0], c[1], l);
	uint32_t n0 = s->blk.at[c[0]].nstmt, n1 = s->blk.at[c[1]].nstmt;
	return 4 * l->nmatch >= 3 * (n0 > n1 ? n0 : n1);
}

/* ---- the new section ---- */

static void
copy_nodes(struct zipper *z, const struct stmt *from, uint32_t stmt, uint32_t blk)
{
	struct section *s = z->s;

	for (uint32_t k = 0; k < from->nnode; k++) {
		struct node d = z->old->node.at[from->node0 + k];
		d.stmt = stmt;
		d.blk = blk;
		d.pord = ++s->npord[d.ph->pipe];
		VEC_PUSH(z->p->a, &s->node, d);
	}
}

static uint32_t
stmt_add(struct zipper *z, struct stmt t)
{
	uint32_t id = z->s->stmt.n;

	t.node0 = z->s->node.n;
	VEC_PUSH(z->p->a, &z->s->stmt, t);
	VEC_PUSH(z->p->a, &z->p->zip, (struct zipped){.n = 0});
	return id;
}

/* The op of the arm that comes at or behind row `from`, or the end of its block. */
static struct spot
spot_of(const struct zipper *z, const struct line *l, uint32_t from, uint32_t arm, uint32_t b)
{
	struct spot o = {.end = z->old->blk.at[b].blk};

	for (uint32_t i = from; i < l->n && !o.at.i; i++)
		if (l->row[i].at[arm])
			o.at = arm_stmt(z->old, b, l->row[i].at[arm])->op;
	o.member = l->row[from].at[arm] != 0;
	return o;
}

static void
zip_row(struct zipper *z, const struct stmt *t, const struct line *l, uint32_t i, uint32_t blk, uint32_t pos)
{
	const uint32_t *c = &z->old->child.at[t->child0];
	struct zipped q = {.n = ARMS, .whole = t->op, .first = i == 0, .last = i + 1 == l->n};
	struct stmt v = {.kind = ST_WORK, .blk = blk, .pos = pos};

	for (uint32_t arm = 0; arm < ARMS; arm++) {
		q.spot[arm] = spot_of(z, l, i, arm, c[arm]);
		if (l->row[i].at[arm]) {
			const struct stmt *m = arm_stmt(z->old, c[arm], l->row[i].at[arm]);
			v.pipes |= m->pipes;
			v.op = v.op.i ? v.op : m->op;
		}
	}
	uint32_t id = stmt_add(z, v);
	for (uint32_t arm = 0; arm < ARMS; arm++)
		if (l->row[i].at[arm])
			copy_nodes(z, arm_stmt(z->old, c[arm], l->row[i].at[arm]), id, blk);
	z->p->zip.at[id] = q;
	z->s->stmt.at[id].nnode = z->s->node.n - z->s->stmt.at[id].node0;
	z->s->order.at[z->s->blk.at[blk].stmt0 + pos - 1] = id;
}

static uint32_t copy_block(struct zipper *z, uint32_t b, uint32_t parent, uint32_t loop, uint32_t depth);

static void
copy_stmt(struct zipper *z, uint32_t from, uint32_t blk, uint32_t pos)
{
	struct section *s = z->s;
	const struct stmt *t = &z->old->stmt.at[from];
	struct stmt v = *t;
	uint32_t at = s->child.n;
	bool iterates = t->kind == ST_LOOP || t->kind == ST_WHILE;

	v.blk = blk;
	v.pos = pos;
	v.child0 = at;
	uint32_t id = stmt_add(z, v);
	s->order.at[s->blk.at[blk].stmt0 + pos - 1] = id;
	if (!t->nchild) {
		copy_nodes(z, t, id, blk);
		return;
	}
	VEC_ADD(z->p->a, &s->child, t->nchild);
	for (uint32_t k = 0; k < t->nchild; k++) {
		uint32_t b = z->old->child.at[t->child0 + k];
		uint32_t c = b ? copy_block(z, b, id, iterates ? id : s->blk.at[blk].loop,
					    s->blk.at[blk].depth + iterates)
			       : 0;
		s->child.at[at + k] = c;
	}
}

/* Recursion over nesting only. */
static uint32_t
copy_block(struct zipper *z, uint32_t b, uint32_t parent, uint32_t loop, uint32_t depth)
{
	struct section *s = z->s;
	const struct sblk *from = &z->old->blk.at[b];
	uint32_t id = s->blk.n, n = 0, pos = 0;
	struct line l;

	VEC_PUSH(z->p->a, &s->blk, ((struct sblk){.blk = from->blk, .parent = parent, .loop = loop, .depth = depth,
						  .stmt0 = s->order.n, .node0 = s->node.n}));
	for (uint32_t k = 0; k < from->nstmt; k++) {
		uint32_t t = z->old->order.at[from->stmt0 + k];
		n += z->zipped[t] && zippable(z, t, &l) ? l.n : 1;
	}
	VEC_ADD(z->p->a, &s->order, n);
	s->blk.at[id].nstmt = n;
	for (uint32_t k = 0; k < from->nstmt; k++) {
		uint32_t t = z->old->order.at[from->stmt0 + k];
		if (!z->zipped[t]) {
			copy_stmt(z, t, id, ++pos);
			continue;
		}
		zippable(z, t, &l);
		for (uint32_t i = 0; i < l.n; i++)
			zip_row(z, &z->old->stmt.at[t], &l, i, id, ++pos);
	}
	s->blk.at[id].nnode = s->node.n - s->blk.at[id].node0;
	return id;
}

void
plan_zip(struct plan *p)
{
	struct zipper z = {.p = p, .old = p->sec};
	struct line l;

	z.zipped = ARENA_ARRAY(p->a, bool, p->sec->stmt.n + 1);
	for (uint32_t s = 1; s < p->sec->stmt.n; s++)
		z.nzip += z.zipped[s] = zippable(&z, s, &l);
	if (!z.nzip)
		return;
	z.s = ARENA_NEW(p->a, struct section);
	z.s->func = p->sec->func;
	z.s->core = p->sec->core;
	VEC_ADD(p->a, &z.s->node, 1);
	VEC_ADD(p->a, &z.s->stmt, 1);
	VEC_ADD(p->a, &z.s->blk, 1);
	VEC_ADD(p->a, &p->zip, 1);
	copy_block(&z, 1, 0, 0, 0);
	p->sec = z.s;
}
