/*
 * section: see section.h. One walk over a function; recursion over nesting only. Statements of a block are contiguous
 * in `order`, nodes of a compound are contiguous because they are numbered on the way.
 */
#include "access/section.h"

#include "access/model.h"

struct builder {
	struct arena *a;
	const struct ir *ir;
	const struct access *ac;
	struct section *s;
	bool mixed; /* the function has code of both cores */
	VEC(struct found {
		struct op op;
		uint8_t kind;
	})
	found; /* statements of the blocks being built, innermost last */
	uint8_t pipes; /* of the nodes added since the innermost compound began */
};

/* ---- core ---- */

/* Core an op can only run on: by its pipe, else by the spaces of its tiles (ops-move.md §6). */
static enum core
op_core(const struct ir *ir, struct op o)
{
	const struct op_row *r = op_row(ir, o);
	bool vec = false;

	if (section_core(ir, o) != CORE_NONE)
		return section_core(ir, o);
	if (r->pipe == P_M || r->pipe == P_MTE1 || r->pipe == P_FIX)
		return CORE_CUBE;
	if (r->pipe == P_V)
		return CORE_VECTOR;
	if (!(r->flags & OPF_TILE))
		return CORE_NONE;
	for (uint32_t k = 0; k < ir_op(ir, o)->nopnd; k++) {
		struct val v = op_opnd(ir, o, k);
		const struct type_data *d = v.i ? type_data(&ir->types, val_type(ir, v)) : NULL;
		if (!d || d->kind != TY_TILE)
			continue;
		if (d->tile.space != SP_VEC)
			return CORE_CUBE;
		vec = true;
	}
	return vec ? CORE_VECTOR : CORE_NONE;
}

/* Code outside sections runs on both cores, so one section makes two programs. */
static void
vote(const struct ir *ir, struct blk b, bool seen[3])
{
	for (struct op o = ir_blk(ir, b)->first; o.i; o = ir_op(ir, o)->next) {
		seen[op_core(ir, o)] = true;
		if (section_core(ir, o) != CORE_NONE) {
			seen[CORE_CUBE] = seen[CORE_VECTOR] = true;
			continue;
		}
		for (uint32_t r = 0; r < ir_op(ir, o)->nreg; r++)
			for (struct blk c = op_body(ir, o, r); c.i; c = ir_blk(ir, c)->next)
				vote(ir, c, seen);
	}
}

uint32_t
section_count(const struct ir *ir, struct op func, enum core core[2])
{
	bool seen[3] = {false, false, false};

	core[0] = func_core(ir, func);
	core[1] = CORE_NONE;
	if (!op_body(ir, func, 0).i)
		return 0;
	if (core[0] != CORE_NONE)
		return 1;
	for (struct blk b = op_body(ir, func, 0); b.i; b = ir_blk(ir, b)->next)
		vote(ir, b, seen);
	core[0] = seen[CORE_CUBE] ? CORE_CUBE : CORE_VECTOR;
	if (!seen[CORE_CUBE] || !seen[CORE_VECTOR])
		return 1;
	core[1] = CORE_VECTOR;
	return 2;
}

/* ---- statements ---- */

static const uint8_t compound_kind[OP_COUNT] = {
	[OP_FOR] = ST_LOOP + 1,
	[OP_IF] = ST_IF + 1,
	[OP_WHILE] = ST_WHILE + 1,
	[OP_INDEX_SWITCH] = ST_CHOICE + 1,
	[OP_EXECUTE_REGION] = ST_ONCE + 1,
};

/* Kind of the statement an op is, -1 for none. */
static int
kind_of(const struct builder *w, struct op o)
{
	enum op_id id = op_id(w->ir, o);
	enum core sec = section_core(w->ir, o);
	uint32_t n;

	/* What the other core's section holds, synchronisation included, is none of this program. */
	if (sec != CORE_NONE)
		return sec == w->s->core ? ST_ONCE : -1;
	if (compound_kind[id])
		return compound_kind[id] - 1;
	if (id == OP_RETURN)
		return ST_EXIT;
	if (op_row(w->ir, o)->flags & OPF_SYNC)
		return ST_SYNC;
	access_phases(w->ac, o, &n);
	if (n == 0)
		return -1;
	enum core c = w->mixed ? op_core(w->ir, o) : CORE_NONE;
	if (c != CORE_NONE && c != w->s->core)
		return -1;
	return id == OP_CALL ? ST_CALL : ST_WORK;
}

static void
add_nodes(struct builder *w, uint32_t stmt)
{
	struct section *s = w->s;
	uint32_t n;
	const struct phase *p = access_phases(w->ac, s->stmt.at[stmt].op, &n);

	for (uint32_t k = 0; k < n; k++) {
		/* A call from code of both cores: its work on the other one is not ours. */
		if (s->stmt.at[stmt].kind == ST_CALL && !pipe_on_core((enum pipe)p[k].pipe, s->core))
			continue;
		struct node d = {.ph = &p[k], .stmt = stmt, .blk = s->stmt.at[stmt].blk, .pord = ++s->npord[p[k].pipe]};
		VEC_PUSH(w->a, &s->node, d);
		w->pipes |= (uint8_t)(1u << p[k].pipe);
	}
}

/* A trip is certain when the smallest upper bound lies above the largest lower one. */
static bool
certain_trip(const struct builder *w, struct op loop)
{
	const struct affines *t = &w->ac->aff;
	uint32_t lb = t->of_val[op_slot(w->ir, loop, 0).i], ub = t->of_val[op_slot(w->ir, loop, 1).i];
	int64_t lo, hi, ulo, uhi;

	if (!lb || !ub)
		return false;
	aff_range(t, lb, &lo, &hi);
	aff_range(t, ub, &ulo, &uhi);
	return ulo > -AFF_INF && hi < AFF_INF && ulo > hi;
}

static uint32_t build_block(struct builder *w, struct blk b, uint32_t parent, uint32_t loop, uint32_t depth);

/* Child blocks of a compound. Regions with several blocks have no place in the tree. */
static void
add_children(struct builder *w, uint32_t stmt, uint32_t loop, uint32_t depth)
{
	struct section *s = w->s;
	struct op o = s->stmt.at[stmt].op;
	uint32_t n = ir_op(w->ir, o)->nreg, at = s->child.n;
	bool iterates = s->stmt.at[stmt].kind == ST_LOOP || s->stmt.at[stmt].kind == ST_WHILE;

	if (s->stmt.at[stmt].kind == ST_IF && n < 2)
		n = 2;
	VEC_ADD(w->a, &s->child, n);
	s->stmt.at[stmt].child0 = at;
	s->stmt.at[stmt].nchild = n;
	for (uint32_t r = 0; r < ir_op(w->ir, o)->nreg; r++) {
		struct blk b = op_body(w->ir, o, r);
		if (!b.i)
			continue;
		if (ir_blk(w->ir, b)->next.i)
			s->unstructured = true;
		uint32_t c = build_block(w, b, stmt, iterates ? stmt : loop, depth + iterates);
		s->child.at[at + r] = c;
		for (struct blk more = ir_blk(w->ir, b)->next; more.i; more = ir_blk(w->ir, more)->next)
			build_block(w, more, stmt, iterates ? stmt : loop, depth + iterates);
	}
}

static void
build_stmt(struct builder *w, uint32_t stmt, uint32_t loop, uint32_t depth)
{
	struct section *s = w->s;
	struct stmt *t = &s->stmt.at[stmt];
	uint32_t flags = op_row(w->ir, t->op)->flags;

	uint8_t before = w->pipes;

	t->node0 = s->node.n;
	w->pipes = 0;
	if ((flags & OPF_MANUAL) && !(ir_op(w->ir, t->op)->flags & OPD_SYNC))
		s->manual = true;
	if (t->kind == ST_WORK || t->kind == ST_CALL)
		add_nodes(w, stmt);
	else if (t->kind != ST_SYNC && t->kind != ST_EXIT)
		add_children(w, stmt, loop, depth);
	t = &s->stmt.at[stmt];
	t->nnode = s->node.n - t->node0;
	t->trips_min = t->kind == ST_LOOP && certain_trip(w, t->op);
	t->pipes = w->pipes;
	w->pipes |= before;
}

static uint32_t
build_block(struct builder *w, struct blk b, uint32_t parent, uint32_t loop, uint32_t depth)
{
	struct section *s = w->s;
	uint32_t id = s->blk.n, at = s->order.n, from = w->found.n;

	VEC_PUSH(w->a, &s->blk,
		 (struct sblk){
			 .blk = b, .parent = parent, .loop = loop, .depth = depth, .stmt0 = at, .node0 = s->node.n});
	for (struct op o = ir_blk(w->ir, b)->first; o.i; o = ir_op(w->ir, o)->next) {
		int kind = kind_of(w, o);
		if (kind >= 0)
			VEC_PUSH(w->a, &w->found, (struct found){o, (uint8_t)kind});
	}
	uint32_t n = w->found.n - from;
	VEC_ADD(w->a, &s->order, n);
	s->blk.at[id].nstmt = n;
	for (uint32_t i = 0; i < n; i++) {
		struct found f = w->found.at[from + i];
		uint32_t stmt = s->stmt.n;
		s->order.at[at + i] = stmt;
		VEC_PUSH(w->a, &s->stmt, (struct stmt){.kind = f.kind, .op = f.op, .blk = id, .pos = i + 1});
		build_stmt(w, stmt, loop, depth);
	}
	w->found.n = from;
	s->blk.at[id].nnode = s->node.n - s->blk.at[id].node0;
	return id;
}

struct section *
section_build(struct arena *a, const struct ir *ir, const struct access *ac, struct op func, enum core core)
{
	struct section *s = ARENA_NEW(a, struct section);
	enum core both[2];
	struct builder w = {.a = a, .ir = ir, .ac = ac, .s = s, .mixed = section_count(ir, func, both) == 2};

	s->func = func;
	s->core = core;
	VEC_ADD(a, &s->node, 1);
	VEC_ADD(a, &s->stmt, 1);
	VEC_ADD(a, &s->blk, 1);
	for (struct blk b = op_body(ir, func, 0); b.i; b = ir_blk(ir, b)->next) {
		if (ir_blk(ir, b)->next.i)
			s->unstructured = true;
		build_block(&w, b, 0, 0, 0);
	}
	return s;
}
