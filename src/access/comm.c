/*
 * comm: phases of the ops around several cores: transfers between cards, signals, cross-core flags, fifos. Facts:
 * ops-sync-comm.md §b, sync-model.md §6.1, §6.2, §7.4; pto-isa: include/pto/comm/a2a3 and npu/a2a3/TPush.hpp.
 */
#include "access/phases.h"

/* Slots of the transfers: see the doc column of isa/ops.def. */
enum { NO_LIMIT = 16 };

static void
key_add(struct access *ac, enum pipe src, enum pipe dst, unsigned ids)
{
	VEC_PUSH(ac->a, &ac->hidden, ((struct hidden_key){(uint8_t)src, (uint8_t)dst, (uint8_t)ids, false}));
}

/* Whatever lies behind a pointer: the library knows how much of a workspace it uses. */
static void
add_behind(struct access *ac, struct val v, uint32_t slot, unsigned rw)
{
	struct place_list l = place_of(ac, v);

	for (uint32_t k = 0; k < l.n; k++) {
		struct place p = *place_at(ac, l, k);
		if (p.kind == PL_GM)
			p = (struct place){.kind = PL_GM_ROOT, .space = SP_GM, .root = p.u.gm.root};
		add_acc(ac, region_of_gm(ac, &p), rw, slot);
	}
}

/* GM behind a view, however much of it the library walks over: it is not bounded by the staging tile. */
static void
add_view(struct access *ac, struct val v, uint32_t slot, unsigned rw)
{
	struct place_list l = place_of(ac, v);

	for (uint32_t k = 0; k < l.n; k++) {
		struct place p = *place_at(ac, l, k);
		bool exact = p.kind == PL_GM && !p.u.gm.open && l.n == 1 && !(rw & ACC_ATOMIC);
		if (p.kind == PL_SPACE)
			add_acc(ac, region_of_space(ac, p.space), rw, slot);
		else
			add_acc(ac, region_of_gm(ac, &p), rw | (exact ? ACC_WHOLE : 0u), slot);
	}
}

static void
add_group(struct access *ac, struct op o, uint32_t slot, unsigned rw)
{
	uint32_t n;

	op_group(ac->ir, o, slot, &n);
	for (uint32_t k = 0; k < n; k++)
		add_view(ac, op_group(ac->ir, o, slot, &n)[k], slot, rw);
}

/* An absent optional slot has no operand. */
static struct val
slot_val(const struct access *ac, struct op o, uint32_t slot)
{
	uint32_t n;
	const struct val *v = op_group(ac->ir, o, slot, &n);

	return n ? v[0] : (struct val){0};
}

/* Staging tiles: how much of them a transfer fills depends on the sizes. */
static void
add_stage(struct access *ac, struct op o, uint32_t slot, unsigned rw)
{
	struct val v = slot_val(ac, o, slot);
	uint32_t from = ac->acc.n;

	if (!v.i)
		return;
	add_tile(ac, v, slot, rw, EXT_FULL);
	for (uint32_t k = from; k < ac->acc.n; k++)
		ac->acc.at[k].rw &= (uint8_t)~ACC_WHOLE;
}

/* ---- one source, one destination ---- */

/* Constant extent of a view along a right-aligned dimension of five; 0 when it is not known. */
static int64_t
view_dim(const struct access *ac, struct val v, uint32_t k)
{
	const struct type_data *d = type_data(&ac->ir->types, val_type(ac->ir, v));

	if (k + d->rank < 5)
		return 1;
	return d->dim[k + d->rank - 5] > 0 ? d->dim[k + d->rank - 5] : 0;
}

/*
 * Does the library cut the single staging tile into halves, which takes a second event id? Row-major tiles of an even
 * number of rows, full, for 8 or more chunks (tput: up to 16).
 */
static bool
may_halve(const struct access *ac, struct op o, struct val src, struct val tile)
{
	const struct tile_shape *s = &type_data(&ac->ir->types, val_type(ac->ir, tile))->tile;
	int64_t most = op_id(ac->ir, o) == OP_COMM_TPUT ? NO_LIMIT : INT64_MAX, n = 1;

	if (s->blayout != BL_ROW_MAJOR || s->slayout != SL_NONE_BOX || s->rows < 2 || s->rows % 2)
		return false;
	if ((s->vrow != DIM_DYN && s->vrow != s->rows) || (s->vcol != DIM_DYN && s->vcol != s->cols))
		return false;
	for (uint32_t k = 0; k < 5; k++) {
		int64_t d = view_dim(ac, src, k), c = k == 3 ? s->rows : k == 4 ? s->cols : 1;
		if (!d)
			return true;
		n = sat_mul(n, d / c + (d % c != 0));
		if (n > INT32_MAX)
			return most == INT64_MAX;
	}
	return n >= 8 && n <= most;
}

/* tput, tget: dst, src, ping, pong */
void
rule_transfer(struct access *ac, struct op o)
{
	bool add = op_enum(ac->ir, o, ac->ir->name.atomic_type, EN_ATOMIC_TYPE, 0) != 0;
	struct val src = slot_val(ac, o, 1), ping = slot_val(ac, o, 2), pong = slot_val(ac, o, 3);
	unsigned ids = pong.i || may_halve(ac, o, src, ping) ? 3 : 1;

	phase_begin(ac, o, P_MTE2);
	add_view(ac, src, 1, ACC_READ);
	add_stage(ac, o, 2, ACC_WRITE);
	add_stage(ac, o, 3, ACC_WRITE);
	phase_begin(ac, o, P_MTE3);
	add_stage(ac, o, 2, ACC_READ);
	add_stage(ac, o, 3, ACC_READ);
	add_view(ac, slot_val(ac, o, 0), 0, ACC_WRITE | (add ? ACC_ATOMIC : 0u));
	key_add(ac, P_MTE2, P_MTE3, ids);
	key_add(ac, P_MTE3, P_MTE2, ids);
}

/* ---- groups ---- */

/* tbroadcast, tscatter: src, ping, pong, group; tgather: dst, ping, pong, group */
void
rule_collective(struct access *ac, struct op o)
{
	bool from_group = op_row(ac->ir, o)->rw[0] == 'w';
	unsigned ids = slot_val(ac, o, 2).i ? 3 : 1;

	phase_begin(ac, o, P_MTE2);
	add_group(ac, o, from_group ? 3 : 0, ACC_READ);
	add_stage(ac, o, 1, ACC_WRITE);
	add_stage(ac, o, 2, ACC_WRITE);
	phase_begin(ac, o, P_MTE3);
	add_stage(ac, o, 1, ACC_READ);
	add_stage(ac, o, 2, ACC_READ);
	add_group(ac, o, from_group ? 0 : 3, ACC_WRITE);
	key_add(ac, P_MTE2, P_MTE3, ids);
	key_add(ac, P_MTE3, P_MTE2, ids);
}

/* dst, acc, ping, pong, group: the root's part is loaded into acc first, then each other part is reduced into it. */
void
rule_treduce(struct access *ac, struct op o)
{
	static const struct key_row pair[] = {
		{P_MTE2, P_V}, {P_V, P_MTE2}, {P_V, P_MTE3}, {P_MTE3, P_MTE2}, {P_MTE2, P_MTE3},
	};
	unsigned ids = slot_val(ac, o, 3).i ? 7 : 3;

	phase_begin(ac, o, P_MTE2);
	add_group(ac, o, 4, ACC_READ);
	for (uint32_t k = 1; k <= 3; k++)
		add_stage(ac, o, k, ACC_WRITE);
	phase_begin(ac, o, P_V);
	add_stage(ac, o, 1, ACC_READ | ACC_WRITE);
	add_stage(ac, o, 2, ACC_READ);
	add_stage(ac, o, 3, ACC_READ);
	phase_begin(ac, o, P_MTE3);
	add_stage(ac, o, 1, ACC_READ);
	add_group(ac, o, 0, ACC_WRITE);
	for (uint32_t k = 0; k < sizeof pair / sizeof pair[0]; k++)
		key_add(ac, (enum pipe)pair[k].src, (enum pipe)pair[k].dst, ids);
}

/* ---- asynchronous transfers ---- */

/* UB bytes that the context of an L2 prefetch uses without an operand (ops-sync-comm.md §f.8). */
enum { PREFETCH_SCRATCH_BYTES = 256 };

/* The op that makes a session; 0 when it is not known. */
static struct op
session_op(const struct access *ac, struct val session)
{
	struct op def = session.i ? ir_val(ac->ir, session)->def : (struct op){0};

	return def.i && op_id(ac->ir, def) == OP_COMM_BUILD_ASYNC_SESSION ? def : (struct op){0};
}

/* Scratch of a session: S fills it with descriptors, MTE3 moves them, MTE2 fetches completion records. */
static void
add_scratch(struct access *ac, struct val session)
{
	struct op build = session_op(ac, session);

	if (build.i) {
		add_tile(ac, op_slot(ac->ir, build, 0), 0xff, ACC_READ | ACC_WRITE | ACC_SCRATCH, EXT_FULL);
		return;
	}
	struct region r = {.kind = RG_LOCAL, .space = SP_VEC, .func = ac->func.i, .width = PREFETCH_SCRATCH_BYTES};
	add_acc(ac, region_get(ac, &r), ACC_READ | ACC_WRITE | ACC_SCRATCH, 0xff);
}

/* What every op of a session ends with: descriptors go out, records come in, then all pipes are idle. */
static void
session_end(struct access *ac, struct op o, struct val session, struct op build)
{
	const struct attr_data *d = attr_data(&ac->ir->attrs, build.i ? op_attr(ac->ir, build, ac->ir->name.sync_id)
								     : (struct attr){0});
	unsigned id = d->kind == AT_INT ? (unsigned)d->i & 7u : 0;

	phase_begin(ac, o, P_MTE3);
	add_scratch(ac, session);
	phase_begin(ac, o, P_MTE2);
	add_scratch(ac, session);
	phase_begin(ac, o, P_S);
	phase_cur(ac)->drains = 1;
	key_add(ac, P_MTE3, P_MTE2, 1u << id);
}

/* scratch, workspace */
void
rule_async_session(struct access *ac, struct op o)
{
	phase_begin(ac, o, P_S);
	add_tile(ac, op_slot(ac->ir, o, 0), 0, ACC_READ | ACC_WRITE, EXT_FULL);
	add_behind(ac, op_slot(ac->ir, o, 1), 1, ACC_READ);
	session_end(ac, o, op_res(ac->ir, o, 0), o);
}

/* dst, src, session: the system DMA reads src and writes dst on its own, so everything before must be visible to it. */
void
rule_async_start(struct access *ac, struct op o)
{
	phase_begin(ac, o, P_S);
	phase_cur(ac)->kind = PH_RELEASE;
	add_scratch(ac, op_slot(ac->ir, o, 2));
	add_view(ac, op_slot(ac->ir, o, 1), 1, ACC_READ);
	session_end(ac, o, op_slot(ac->ir, o, 2), session_op(ac, op_slot(ac->ir, o, 2)));
}

/* event, session */
void
rule_async_done(struct access *ac, struct op o)
{
	phase_begin(ac, o, P_S);
	phase_cur(ac)->kind = PH_ACQUIRE;
	add_scratch(ac, op_slot(ac->ir, o, 1));
	session_end(ac, o, op_slot(ac->ir, o, 1), session_op(ac, op_slot(ac->ir, o, 1)));
}

/* ---- cross-core flags ---- */

/*
 * The signal is queued on its pipe and follows the stores of that pipe; what other pipes wrote must be visible when S
 * issues it.
 */
void
rule_cross_set(struct access *ac, struct op o)
{
	enum pipe p = pipe_of_value(op_enum(ac->ir, o, ac->ir->name.pipe, EN_PIPE, -1));

	if (p >= PIPE_COUNT || !pipe_on_core(p, func_core(ac->ir, o)))
		p = P_S;
	phase_begin(ac, o, p);
	phase_cur(ac)->kind = PH_RELEASE;
}

void
rule_cross_wait(struct access *ac, struct op o)
{
	phase_begin(ac, o, P_S);
	phase_cur(ac)->kind = PH_ACQUIRE;
}

/* Drains all pipes first; whether others then see the data needs the writer's fence (sync-model §7.4). */
void
rule_syncall(struct access *ac, struct op o)
{
	struct val ws = op_slot(ac->ir, o, 0);

	phase_begin(ac, o, P_S);
	phase_cur(ac)->kind = PH_RELEASE;
	phase_cur(ac)->drains = 1;
	if (ws.i && type_kind(&ac->ir->types, val_type(ac->ir, ws)) == TY_PTR)
		add_behind(ac, ws, 0, ACC_READ | ACC_WRITE | ACC_ATOMIC);
	else if (ws.i)
		add_view(ac, ws, 0, ACC_READ | ACC_WRITE | ACC_ATOMIC);
	phase_begin(ac, o, P_S);
	phase_cur(ac)->kind = PH_ACQUIRE;
}

/* ---- fifos ---- */

/*
 * A tile goes to its GM slot on the storing pipe, and the ready flag follows in that pipe's order: the slot itself is
 * the library's. A view entry was written by tstore; the flag is raised on the same pipe.
 */
void
rule_tpush(struct access *ac, struct op o)
{
	struct val e = op_slot(ac->ir, o, 0);
	const struct type_data *d = type_data(&ac->ir->types, val_type(ac->ir, e));
	bool fix = d->kind == TY_TILE ? d->tile.space == SP_ACC : func_core(ac->ir, o) == CORE_CUBE;

	phase_begin(ac, o, fix ? P_FIX : P_MTE3);
	if (d->kind == TY_TILE)
		add_tile(ac, e, 0, ACC_READ, EXT_VALID);
	else
		add_view(ac, e, 0, ACC_READ);
}

/* S waits for the ready flag; the slot of the local ring is loaded by MTE2. A view entry is an address only. */
void
rule_tpop(struct access *ac, struct op o)
{
	struct val e = op_slot(ac->ir, o, 0);

	if (type_kind(&ac->ir->types, val_type(ac->ir, e)) != TY_TILE)
		return;
	phase_begin(ac, o, P_MTE2);
	add_tile(ac, e, 0, ACC_WRITE, EXT_LOAD);
}
