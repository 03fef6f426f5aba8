/* trace: see trace.h. A direct walk over the IR; calls are inlined. */
#include "trace.h"

#include "bytes.h"
#include "mem/mem.h"

enum { LIST_MAX = 256 };

/* A scalar in memory that the kernel stored itself. */
struct known {
	uint32_t mem;
	int64_t at, value;
};

/* Entries taken from a fifo since it was set up. */
struct taken {
	struct op init;
	int64_t n;
};

struct run {
	struct trace *t;
	const struct ir *ir;
	const struct access *ac;
	const struct trace_input *in;
	struct op func;
	enum core core;
	struct cval *env;	/* by val.i */
	uint32_t iter;
	uint32_t depth;
	VEC(struct known) known;
	VEC(struct taken) taken;
};

static struct op run_region(struct run *r, struct reg g, const struct cval *arg, uint32_t narg);

static bool
stop(struct run *r, enum tstop why, const char *text, struct op o)
{
	if (r->t->stop == TS_OK) {
		r->t->stop = why;
		r->t->why = text;
		r->t->why_op = o;
	}
	return false;
}

static struct cval
get(const struct run *r, struct val v)
{
	return v.i ? r->env[v.i] : (struct cval){0};
}

static int64_t
get_int(const struct run *r, struct val v, int64_t absent)
{
	struct cval c = get(r, v);

	return c.kind == CV_INT ? c.i : absent;
}

static bool
chosen(const struct run *r, struct val v, int64_t *x)
{
	for (uint32_t i = 0; i < r->in->nchoice; i++) {
		if (r->in->choice[i].v.i == v.i) {
			*x = r->in->choice[i].x;
			return true;
		}
	}
	return false;
}

static void
set(struct run *r, struct op o, uint32_t k, struct cval v)
{
	int64_t x;

	if (v.kind != CV_BOX && v.kind != CV_PTR && k < ir_op(r->ir, o)->nres && chosen(r, op_res(r->ir, o, k), &x))
		v = (struct cval){.kind = CV_INT, .i = x};
	if (k < ir_op(r->ir, o)->nres)
		r->env[op_res(r->ir, o, k).i] = v;
}

static uint32_t
group_ints(const struct run *r, struct op o, uint32_t slot, int64_t *out, uint32_t max)
{
	uint32_t n;
	const struct val *v = op_group(r->ir, o, slot, &n);

	n = n < max ? n : max;
	for (uint32_t i = 0; i < n; i++)
		out[i] = get_int(r, v[i], 0);
	return n;
}

/* ---- instructions ---- */

static struct tinst *
emit(struct run *r, struct op o, enum tkind k, uint8_t pipe)
{
	struct trace *t = r->t;

	if (t->inst.n >= r->in->max_inst)
		stop(r, TS_LIMIT, "too many instructions", o);
	VEC_PUSH(t->a, &t->inst,
		 ((struct tinst){.kind = (uint8_t)k, .pipe = pipe, .op = o, .acc0 = t->acc.n, .iter = r->iter}));
	return &t->inst.at[t->inst.n - 1];
}

static void
emit_flag(struct run *r, struct op o, bool is_set, enum pipe src, enum pipe dst, uint32_t eid, uint8_t hidden)
{
	struct tinst *i = emit(r, o, is_set ? TK_SET : TK_WAIT, (uint8_t)(is_set ? src : dst));

	i->src = (uint8_t)src;
	i->dst = (uint8_t)dst;
	i->eid = (uint8_t)eid;
	i->hidden = hidden;
}

static void
emit_key(struct run *r, struct op o, const struct hidden_key *k, uint8_t hidden)
{
	for (uint32_t id = 0; id < EVENT_ID_COUNT; id++) {
		if (!(k->ids >> id & 1))
			continue;
		emit_flag(r, o, true, (enum pipe)k->src, (enum pipe)k->dst, id, hidden);
		emit_flag(r, o, false, (enum pipe)k->src, (enum pipe)k->dst, id, hidden);
	}
}

static bool
add_ranges(struct run *r, struct op o, struct cval v, uint32_t r0, uint8_t rw, const struct acc *ac)
{
	struct trace *t = r->t;

	if (v.kind == CV_BOX && !box_ranges(t, v))
		return stop(r, TS_UNSUPPORTED, "box of too many rows", o);
	if (v.kind != CV_BOX)
		return stop(r, TS_UNSUPPORTED, "operand without a known place", o);
	VEC_PUSH(t->a, &t->acc, ((struct tacc){.r0 = r0, .nr = t->range.n - r0, .rw = rw, .acc = ac}));
	return true;
}

/* The element a scalar access names: pointer slot and index slot differ between load and store. */
static struct cval
scalar_place(struct run *r, struct op o, uint32_t slot)
{
	struct val pv = op_slot(r->ir, o, slot);
	struct cval p = get(r, pv);
	int64_t eb = type_bytes(&r->ir->types, type_elem(&r->ir->types, val_type(r->ir, pv)));
	int64_t one = 1;

	if (p.kind != CV_PTR)
		return (struct cval){0};
	p.i += get_int(r, op_slot(r->ir, o, slot + 1), 0) * eb;
	return box_view(r->t->a, p, eb, &one, &one, 1);
}

static struct val
acc_operand(const struct run *r, struct op o, const struct acc *all, uint32_t k)
{
	uint32_t n, nth = 0;

	for (uint32_t i = 0; i < k; i++)
		nth += all[i].slot == all[k].slot && ((all[i].rw ^ all[k].rw) & (ACC_READ | ACC_WRITE)) == 0;
	const struct val *v = op_group(r->ir, o, all[k].slot, &n);
	return n ? v[nth < n ? nth : n - 1] : (struct val){0};
}

/* The fixed scratch of a macro: the bytes that it surely uses. */
static void
add_scratch(struct run *r, const struct acc *ac)
{
	struct trace *t = r->t;
	int64_t lo, hi;

	if (!access_extent(r->ac, ac->set, &lo, &hi) || lo != FIXED_SCRATCH_LO)
		return;
	VEC_PUSH(t->a, &t->range, ((struct brange){SP_VEC, lo, lo + FIXED_SCRATCH_SURE_BYTES}));
	VEC_PUSH(t->a, &t->acc, ((struct tacc){.r0 = t->range.n - 1, .nr = 1, .rw = ac->rw, .acc = ac}));
}

/* Takes off what an access that reads part of a tile leaves aside in front of it and behind. With several accesses of a
 * slot of the op, one for every slot of a multi tile, it is not clear which one is meant. */
static void
clip(struct run *r, uint32_t r0, const struct acc *all, uint32_t n, const struct acc *ac)
{
	struct trace *t = r->t;
	int64_t lo, hi;
	uint32_t same = 0;

	for (uint32_t k = 0; k < n; k++)
		same += all[k].slot == ac->slot;
	if (!r->in->exact || same > 1 || ac->rw & (ACC_WHOLE | ACC_WRITE) ||
	    !access_extent(r->ac, ac->set, &lo, &hi))
		return;
	for (uint32_t k = r0; k < t->range.n; k++) {
		struct brange *b = &t->range.at[k];
		if (b->lo < hi && lo < b->hi) {
			b->lo = b->lo > lo ? b->lo : lo;
			b->hi = b->hi < hi ? b->hi : hi;
		}
	}
}

static void
emit_phase(struct run *r, struct op o, const struct phase *ph)
{
	struct tinst *w = emit(r, o, TK_WORK, ph->pipe);
	uint32_t n, at = r->t->inst.n - 1;
	const struct acc *acc = access_accs(r->ac, ph, &n);
	bool scalar = op_id(r->ir, o) == OP_LOAD_SCALAR || op_id(r->ir, o) == OP_STORE_SCALAR;

	w->ph = ph;
	for (uint32_t k = 0; k < n && ph->kind == PH_WORK; k++) {
		if (acc[k].slot == 0xff) {
			add_scratch(r, &acc[k]);
			continue;
		}
		struct cval v = scalar ? scalar_place(r, o, acc[k].slot) : get(r, acc_operand(r, o, acc, k));
		uint32_t r0 = r->t->range.n;
		add_ranges(r, o, v, r0, acc[k].rw, &acc[k]);
		clip(r, r0, acc, n, &acc[k]);
	}
	r->t->inst.at[at].nacc = r->t->acc.n - r->t->inst.at[at].acc0;
	if (ph->drains)
		emit(r, o, TK_BAR, P_ALL)->hidden = 1;
}

/* Keys of the macro between two of its phases order them for real; the others only must be free while it runs. */
static bool
key_between(const struct phase *ph, uint32_t n, const struct hidden_key *k)
{
	for (uint32_t i = 1; i < n; i++) {
		if (ph[i - 1].pipe == k->src && ph[i].pipe == k->dst)
			return true;
	}
	return false;
}

static void
emit_work(struct run *r, struct op o, const struct phase *ph, uint32_t n)
{
	uint32_t nk;
	const struct hidden_key *key = access_hidden(r->ac, o, &nk);

	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t k = 0; i && k < nk; k++) {
			if (key[k].src == ph[i - 1].pipe && key[k].dst == ph[i].pipe)
				emit_key(r, o, &key[k], 1);
		}
		emit_phase(r, o, &ph[i]);
	}
	for (uint32_t k = 0; k < nk; k++) {
		if (!key_between(ph, n, &key[k]))
			emit_key(r, o, &key[k], 2);
	}
}

static void
emit_dcci(struct run *r, struct op o)
{
	struct tinst *d = emit(r, o, TK_DCCI, P_S);
	uint32_t at = r->t->inst.n - 1, r0 = r->t->range.n;
	struct val pv = op_slot(r->ir, o, 0);
	struct cval v = get(r, pv);
	int64_t one = 1;

	(void)d;
	if (!pv.i || (v.kind != CV_PTR && v.kind != CV_BOX))
		return;
	bool single = op_id(r->ir, o) == OP_PTOC_DCCI || op_attr(r->ir, o, r->ir->name.single_cache_line).i;
	if (op_id(r->ir, o) == OP_PTOC_DCCI && v.kind == CV_PTR)
		v = scalar_place(r, o, 0);
	else if (single || v.kind == CV_PTR)
		v = box_view(r->t->a, v, 1, &one, &one, 1);
	if (add_ranges(r, o, v, r0, ACC_READ, NULL))
		r->t->inst.at[at].nacc = 1;
}

static void
emit_tail(struct run *r, struct op o)
{
	struct sym key = intern_find(&r->ir->in, STRV("mode"));
	const struct attr_data *d = attr_data(&r->ir->attrs, key.i ? op_attr(r->ir, o, key) : (struct attr){0});

	if (d->kind == AT_STRING && strv_is(sym_text(&r->ir->in, d->text), "mte3-to-s-event0")) {
		emit_flag(r, o, true, P_MTE3, P_S, 0, 1);
		emit_flag(r, o, false, P_MTE3, P_S, 0, 1);
		return;
	}
	emit(r, o, TK_BAR, P_ALL);
}

/* Its lowering differs by core (sync-model §5). */
static void
emit_fence(struct run *r, struct op o)
{
	if (r->core == CORE_CUBE) {
		emit(r, o, TK_BAR, P_MTE2);
		emit(r, o, TK_BAR, P_MTE3);
		emit(r, o, TK_BAR, P_FIX);
	} else {
		emit(r, o, TK_BAR, P_ALL);
	}
	emit(r, o, TK_DSB, P_S);
}

static bool
emit_sync(struct run *r, struct op o)
{
	enum op_id id = op_id(r->ir, o);
	enum pipe src = P_NONE, dst = P_NONE;
	uint32_t eid = 0;

	if (id == OP_SET_FLAG || id == OP_WAIT_FLAG || id == OP_SET_FLAG_DYN || id == OP_WAIT_FLAG_DYN) {
		if (!op_flag(r->ir, o, &src, &dst, &eid))
			return stop(r, TS_UNSUPPORTED, "flag of another chip", o);
		if (id == OP_SET_FLAG_DYN || id == OP_WAIT_FLAG_DYN)
			eid = (uint32_t)get_int(r, op_slot(r->ir, o, 0), 0) & 7;
		emit_flag(r, o, id == OP_SET_FLAG || id == OP_SET_FLAG_DYN, src, dst, eid, 0);
	} else if (id == OP_BARRIER) {
		op_flag(r->ir, o, &src, &dst, &eid);
		emit(r, o, TK_BAR, (uint8_t)src);
	} else if (id == OP_PTOC_DSB) {
		emit(r, o, TK_DSB, P_S);
	} else if (id == OP_FENCE_BARRIER_ALL) {
		emit_fence(r, o);
	} else if (id == OP_PTOC_DCCI || id == OP_CMO_CACHEINVALID) {
		emit_dcci(r, o);
	} else if (id == OP_PTOC_TAIL) {
		emit_tail(r, o);
	} else {
		return stop(r, TS_UNSUPPORTED, "unknown sync op", o);
	}
	return true;
}

/* ---- values ---- */

static int64_t
scalar_load(struct run *r, struct cval p)
{
	for (uint32_t i = r->known.n; i-- > 0;) {
		if (r->known.at[i].mem == p.mem && r->known.at[i].at == p.i)
			return r->known.at[i].value;
	}
	return hash_u32(hash_u32(hash_u32(r->in->load_seed, p.mem), (uint32_t)p.i), 77) >> 7 & 3;
}

/* A slot of a multi tile; an index out of range selects slot 0. */
static struct cval
slot_box(struct run *r, struct op o)
{
	struct op alloc = ir_val(r->ir, op_opnd(r->ir, o, 0))->def;
	struct typ ty = val_type(r->ir, op_res(r->ir, o, 0));
	const struct type_data *m = type_data(&r->ir->types, val_type(r->ir, op_opnd(r->ir, o, 0)));
	const struct tile_shape *s = &type_data(&r->ir->types, ty)->tile;
	int64_t k = get_int(r, op_opnd(r->ir, o, 1), 0), align = isa_space[s->space].align;
	int64_t bytes = (int64_t)tile_bytes(s, type_bytes(&r->ir->types, type_elem(&r->ir->types, ty)));

	k = k < 0 || k >= (int64_t)m->width ? 0 : k;
	return box_tile(r->t->a, r->ir, ty,
			get_int(r, op_slot(r->ir, alloc, 0), 0) + k * ((bytes + align - 1) / align * align),
			get_int(r, op_slot(r->ir, alloc, 1), -1), get_int(r, op_slot(r->ir, alloc, 2), -1));
}

/* The variable keeps its place and has another valid area from now on. */
static void
resize(struct run *r, struct op o)
{
	struct val t = op_opnd(r->ir, o, 0);
	struct cval s = get(r, t);

	if (s.kind == CV_BOX)
		r->env[t.i] = box_tile(r->t->a, r->ir, val_type(r->ir, t), s.i, get_int(r, op_opnd(r->ir, o, 1), -1),
				       get_int(r, op_opnd(r->ir, o, 2), -1));
}

static void
view_ops(struct run *r, struct op o)
{
	enum op_id id = op_id(r->ir, o);
	int64_t a[LIST_MAX], b[LIST_MAX];
	struct val sv = op_slot(r->ir, o, 0);
	struct cval s = get(r, sv), v = {0};
	struct typ el = type_elem(&r->ir->types, val_type(r->ir, op_res(r->ir, o, 0)));
	int64_t eb = type_bytes(&r->ir->types, el);

	if (id == OP_ALLOC_TILE) {
		v = box_tile(r->t->a, r->ir, val_type(r->ir, op_res(r->ir, o, 0)), get_int(r, sv, 0),
			     get_int(r, op_slot(r->ir, o, 1), -1), get_int(r, op_slot(r->ir, o, 2), -1));
	} else if (id == OP_MULTI_TILE_GET) {
		v = slot_box(r, o);
	} else if (id == OP_TASSIGN) {
		v = box_tile(r->t->a, r->ir, val_type(r->ir, op_res(r->ir, o, 0)),
			     get_int(r, op_slot(r->ir, o, 1), 0), -1, -1);
	} else if ((id == OP_BITCAST || id == OP_TRESHAPE) && s.kind == CV_BOX) {
		v = box_tile(r->t->a, r->ir, val_type(r->ir, op_res(r->ir, o, 0)), s.i, -1, -1);
	} else if (id == OP_CASTPTR && s.kind == CV_PTR) {
		v = s;
	} else if (id == OP_ADDPTR && s.kind == CV_PTR) {
		v = s;
		v.i += get_int(r, op_slot(r->ir, o, 1), 0) * eb;
	} else if (id == OP_MAKE_TENSOR_VIEW && s.kind == CV_PTR) {
		uint32_t n = group_ints(r, o, 1, a, BOX_RANK), m = group_ints(r, o, 2, b, BOX_RANK);
		v = box_view(r->t->a, s, eb, a, b, n < m ? n : m);
	} else if (id == OP_PARTITION_VIEW && s.kind == CV_BOX) {
		uint32_t n = group_ints(r, o, 1, a, BOX_RANK), m = group_ints(r, o, 2, b, BOX_RANK);
		v = box_part(r->t->a, s, a, b, n < m ? n : m);
	} else if (id == OP_SUBVIEW && s.kind == CV_BOX) {
		group_ints(r, o, 1, a, 2);
		v = box_subview(r->t->a, r->ir, s, val_type(r->ir, op_res(r->ir, o, 0)), a[0], a[1],
				get_int(r, op_slot(r->ir, o, 2), -1), get_int(r, op_slot(r->ir, o, 3), -1));
	}
	set(r, o, 0, v);
}

static int64_t
int_attr(const struct run *r, struct op o, struct sym key, int64_t absent)
{
	const struct attr_data *d = attr_data(&r->ir->attrs, op_attr(r->ir, o, key));

	return d->kind == AT_INT ? d->i : absent;
}

/* Entry n since the set-up lies in slot n mod the number of slots. Entries in GM: each is a memory of its own. */
static void
pop(struct run *r, struct op o)
{
	const struct ir *ir = r->ir;
	struct val v = op_slot(ir, o, 0);
	struct op init = ir_val(ir, op_slot(ir, o, 1))->def;
	const struct type_data *ty = type_data(&ir->types, val_type(ir, v));
	uint32_t k = 0;

	for (; k < r->taken.n && r->taken.at[k].init.i != init.i; k++)
		;
	if (k == r->taken.n || ty->kind != TY_TILE)
		return;
	int64_t slots = int_attr(r, init, ir->name.local_slot_num, int_attr(r, init, ir->name.slot_num, 8));
	bool second = int_attr(r, init, ir->name.dir_mask, 1) == 3 && ty->tile.space != SP_VEC;
	int64_t base = get_int(r, op_slot(ir, init, second ? 2 : 1), 0);
	base += r->taken.at[k].n++ % slots * int_attr(r, init, ir->name.slot_size, 0);
	r->env[v.i] = box_tile(r->t->a, ir, val_type(ir, v), base, -1, -1);
}

/* A view of an entry: one more memory that no argument points to. */
static void
entry_view(struct run *r, struct op o)
{
	const struct ir *ir = r->ir;
	struct val v = op_slot(ir, o, 0);
	const struct type_data *ty = type_data(&ir->types, val_type(ir, v));
	struct op decl = ir_val(ir, v)->def;
	const struct attr_data *s = attr_data(&ir->attrs, decl.i ? op_attr(ir, decl, ir->name.entry_strides)
								 : (struct attr){0});

	if (ty->kind != TY_TILE && s->kind == AT_DENSE_ARRAY && s->n == ty->rank && ty->rank <= BOX_RANK)
		r->env[v.i] = box_view(r->t->a, (struct cval){.kind = CV_PTR, .mem = MEM_GM0 + r->t->nroot++},
				       type_bytes(&ir->types, ty->sub[0]), ty->dim, s->elem, ty->rank);
}

static void
fifo_ops(struct run *r, struct op o)
{
	enum op_id id = op_id(r->ir, o);

	if (id == OP_INITIALIZE_L2G2L_PIPE) {
		uint32_t k = 0;
		while (k < r->taken.n && r->taken.at[k].init.i != o.i)
			k++;
		if (k == r->taken.n)
			VEC_ADD(r->t->a, &r->taken, 1);
		r->taken.at[k] = (struct taken){o, 0};
	} else if (id == OP_TPOP || id == OP_TALLOC) {
		if (id == OP_TPOP)
			pop(r, o);
		entry_view(r, o);
	}
}

static void
value_ops(struct run *r, struct op o)
{
	enum op_id id = op_id(r->ir, o);
	const struct op_data *d = ir_op(r->ir, o);
	int64_t v[4] = {0}, res;
	bool ints = d->nopnd <= 4;

	if (id == OP_ARITH_SELECT) {
		bool c = get_int(r, op_slot(r->ir, o, 0), 0) != 0;
		set(r, o, 0, get(r, op_slot(r->ir, o, c ? 1 : 2)));
		return;
	}
	if (id == OP_CONV_CAST && get(r, op_opnd(r->ir, o, 0)).kind != CV_INT) {
		set(r, o, 0, get(r, op_opnd(r->ir, o, 0)));
		return;
	}
	if (id == OP_GET_BLOCK_IDX || id == OP_GET_BLOCK_NUM || id == OP_GET_SUBBLOCK_NUM) {
		set(r, o, 0, (struct cval){.kind = CV_INT, .i = id == OP_GET_BLOCK_IDX ? r->in->load_seed & 1 : 4});
		return;
	}
	for (uint32_t i = 0; ints && i < d->nopnd; i++) {
		struct cval c = get(r, op_opnd(r->ir, o, i));
		ints = c.kind == CV_INT;
		v[i] = c.i;
	}
	struct cval out = {0};
	if (ints && d->nres && eval_int(r->ir, o, v, d->nopnd, &res))
		out = (struct cval){.kind = CV_INT, .i = res};
	else if (id == OP_GET_SUBBLOCK_IDX)
		out.kind = CV_INT;
	for (uint32_t k = 0; k < d->nres; k++)
		set(r, o, k, out);
}

static void
scalar_ops(struct run *r, struct op o)
{
	bool load = op_id(r->ir, o) == OP_LOAD_SCALAR;
	struct cval p = scalar_place(r, o, load ? 0 : 1);

	if (p.kind != CV_BOX)
		return;
	if (load) {
		set(r, o, 0, (struct cval){.kind = CV_INT, .i = scalar_load(r, p)});
		return;
	}
	struct cval v = get(r, op_slot(r->ir, o, 0));
	VEC_PUSH(r->t->a, &r->known, ((struct known){p.mem, p.i, v.kind == CV_INT ? v.i : 0}));
}

/* Arrays of event ids: a memory each, told apart from the others by the value of the array. */
static bool
eventid_ops(struct run *r, struct op o)
{
	const uint32_t arrays = 1u << 30;
	struct cval v = {.kind = CV_INT};

	if (op_id(r->ir, o) != OP_EVENTID_ARRAY_GET && op_id(r->ir, o) != OP_EVENTID_ARRAY_SET)
		return false;
	uint32_t mem = arrays | op_opnd(r->ir, o, 0).i;
	int64_t at = get_int(r, op_opnd(r->ir, o, 1), 0);
	if (op_id(r->ir, o) == OP_EVENTID_ARRAY_SET) {
		VEC_PUSH(r->t->a, &r->known, ((struct known){mem, at, get_int(r, op_opnd(r->ir, o, 2), 0)}));
		return true;
	}
	for (uint32_t i = 0; i < r->known.n; i++)
		if (r->known.at[i].mem == mem && r->known.at[i].at == at)
			v.i = r->known.at[i].value;
	set(r, o, 0, v);
	return true;
}

/* ---- control flow ---- */

static uint32_t
term_values(struct run *r, struct op term, uint32_t slot, struct cval *out)
{
	uint32_t n;
	const struct val *v = op_group(r->ir, term, slot, &n);

	n = n < LIST_MAX ? n : LIST_MAX;
	for (uint32_t i = 0; i < n; i++)
		out[i] = get(r, v[i]);
	return n;
}

static uint32_t
iter_enter(struct run *r, struct op loop, uint32_t k, uint32_t parent)
{
	VEC_PUSH(r->t->a, &r->t->iter, ((struct titer){parent, loop, k}));
	return r->t->iter.n - 1;
}

static void
run_for(struct run *r, struct op o)
{
	struct cval arg[LIST_MAX + 1];
	int64_t lo = get_int(r, op_slot(r->ir, o, 0), 0), hi = get_int(r, op_slot(r->ir, o, 1), 0);
	int64_t step = get_int(r, op_slot(r->ir, o, 2), 1);
	uint32_t n = term_values(r, o, 3, arg + 1), outer = r->iter;

	for (uint32_t k = 0; lo < hi && k < r->in->max_trips && r->t->stop == TS_OK; k++) {
		arg[0] = (struct cval){.kind = CV_INT, .i = lo};
		r->iter = iter_enter(r, o, k, outer);
		struct op term = run_region(r, op_reg(r->ir, o, 0), arg, n + 1);
		if (term.i)
			term_values(r, term, 0, arg + 1);
		lo += step > 0 ? step : 1;
	}
	r->iter = outer;
	for (uint32_t i = 0; i < n; i++)
		set(r, o, i, arg[i + 1]);
}

static void
run_while(struct run *r, struct op o)
{
	struct cval arg[LIST_MAX];
	uint32_t n = term_values(r, o, 0, arg), outer = r->iter;

	for (uint32_t k = 0; r->t->stop == TS_OK; k++) {
		r->iter = iter_enter(r, o, k, outer);
		struct op cond = run_region(r, op_reg(r->ir, o, 0), arg, n);
		if (!cond.i)
			break;
		bool go = get_int(r, op_slot(r->ir, cond, 0), 0) != 0;
		n = term_values(r, cond, 1, arg);
		if (!go || k >= r->in->max_trips)
			break;
		struct op term = run_region(r, op_reg(r->ir, o, 1), arg, n);
		if (term.i)
			n = term_values(r, term, 0, arg);
	}
	r->iter = outer;
	for (uint32_t i = 0; i < n; i++)
		set(r, o, i, arg[i]);
}

/* Region or successor a switch selects: 0 is the default. */
static uint32_t
switch_case(const struct run *r, struct op o, struct sym key)
{
	int64_t v = get_int(r, op_slot(r->ir, o, 0), 0);
	const struct attr_data *d = attr_data(&r->ir->attrs, op_attr(r->ir, o, key));

	for (uint32_t k = 0; k < d->n; k++) {
		if (d->elem && d->elem[k] == v)
			return k + 1;
	}
	return 0;
}

static void
run_once(struct run *r, struct op o, uint32_t region)
{
	struct cval out[LIST_MAX];
	const struct op_data *d = ir_op(r->ir, o);

	if (region >= d->nreg || !ir_reg(r->ir, op_reg(r->ir, o, region))->first.i)
		return;
	struct op term = run_region(r, op_reg(r->ir, o, region), NULL, 0);
	if (!term.i)
		return;
	uint32_t n = term_values(r, term, 0, out);
	for (uint32_t i = 0; i < n; i++)
		set(r, o, i, out[i]);
}

static struct op
find_func(const struct run *r, struct sym name)
{
	struct blk b = op_body(r->ir, r->ir->module, 0);

	for (struct op o = ir_blk(r->ir, b)->first; o.i; o = ir_op(r->ir, o)->next) {
		if (op_id(r->ir, o) == OP_FUNC && func_name(r->ir, o).i == name.i)
			return o;
	}
	return (struct op){0};
}

static void
run_call(struct run *r, struct op o)
{
	struct cval arg[LIST_MAX];
	uint32_t n = term_values(r, o, 0, arg);
	struct op f = find_func(r, attr_data(&r->ir->attrs, op_attr(r->ir, o, r->ir->name.callee))->text);

	if (!f.i || !ir_op(r->ir, f)->nreg || ++r->depth > 20) {
		stop(r, TS_UNSUPPORTED, "call", o);
		return;
	}
	struct op term = run_region(r, op_reg(r->ir, f, 0), arg, n);
	r->depth--;
	if (!term.i)
		return;
	n = term_values(r, term, 0, arg);
	for (uint32_t i = 0; i < n; i++)
		set(r, o, i, arg[i]);
}

static bool
run_structured(struct run *r, struct op o)
{
	enum op_id id = op_id(r->ir, o);

	if (id == OP_FOR)
		run_for(r, o);
	else if (id == OP_WHILE)
		run_while(r, o);
	else if (id == OP_IF)
		run_once(r, o, get_int(r, op_slot(r->ir, o, 0), 0) ? 0 : 1);
	else if (id == OP_INDEX_SWITCH)
		run_once(r, o, switch_case(r, o, r->ir->name.cases));
	else if (id == OP_EXECUTE_REGION)
		run_once(r, o, 0);
	else if (id == OP_CALL)
		run_call(r, o);
	else if (section_core(r->ir, o) != CORE_NONE && section_core(r->ir, o) != r->core)
		return true;
	else if (section_core(r->ir, o) != CORE_NONE)
		run_once(r, o, 0);
	else
		return false;
	return true;
}

static void
run_op(struct run *r, struct op o)
{
	uint32_t n;
	enum op_id id = op_id(r->ir, o);

	if (run_structured(r, o) || eventid_ops(r, o))
		return;
	if (op_row(r->ir, o)->flags & OPF_SYNC) {
		emit_sync(r, o);
		return;
	}
	fifo_ops(r, o);
	const struct phase *ph = access_phases(r->ac, o, &n);
	if (n)
		emit_work(r, o, ph, n);
	if (id == OP_LOAD_SCALAR || id == OP_STORE_SCALAR)
		scalar_ops(r, o);
	else if (op_row(r->ir, o)->flags & OPF_VIEW && id != OP_ARITH_SELECT && id != OP_CONV_CAST)
		view_ops(r, o);
	else if (id == OP_ALLOC_TILE)
		view_ops(r, o);
	else if (id == OP_SET_VALIDSHAPE)
		resize(r, o);
	else if (!n)
		value_ops(r, o);
}

/* The successor a terminator takes, with its block arguments set; 0 when it leaves the region. */
static struct blk
take_branch(struct run *r, struct op term)
{
	const struct op_data *d = ir_op(r->ir, term);
	uint32_t k = 0;

	if (!d->nsucc)
		return (struct blk){0};
	if (op_id(r->ir, term) == OP_COND_BR)
		k = get_int(r, op_slot(r->ir, term, 0), 0) ? 0 : 1;
	else if (op_id(r->ir, term) == OP_SWITCH)
		k = switch_case(r, term, r->ir->name.case_values);
	const struct succ *s = &r->ir->succ.at[d->succ0 + k];
	struct cval arg[LIST_MAX];
	uint32_t n = s->narg < LIST_MAX ? s->narg : LIST_MAX;
	for (uint32_t i = 0; i < n; i++)
		arg[i] = get(r, r->ir->opnd.at[s->arg0 + i]);
	for (uint32_t i = 0; i < n; i++)
		r->env[ir_blk(r->ir, s->blk)->arg0 + i] = arg[i];
	return s->blk;
}

static struct op
run_region(struct run *r, struct reg g, const struct cval *arg, uint32_t narg)
{
	struct blk b = ir_reg(r->ir, g)->first;
	uint32_t steps = 0;

	for (uint32_t i = 0; b.i && i < narg && i < ir_blk(r->ir, b)->narg; i++)
		r->env[ir_blk(r->ir, b)->arg0 + i] = arg[i];
	while (b.i && r->t->stop == TS_OK) {
		struct op o = ir_blk(r->ir, b)->first;
		for (; o.i && !(op_row(r->ir, o)->flags & OPF_TERM) && r->t->stop == TS_OK; o = ir_op(r->ir, o)->next)
			run_op(r, o);
		if (!o.i || r->t->stop != TS_OK)
			return (struct op){0};
		b = take_branch(r, o);
		if (!b.i)
			return o;
		if (++steps > r->in->max_inst)
			stop(r, TS_LIMIT, "branch loop", o);
	}
	return (struct op){0};
}

void
trace_run(struct trace *t, struct arena *a, const struct ir *ir, const struct access *ac, struct op func,
	  enum core core, const struct trace_input *in)
{
	struct run r = {.t = t, .ir = ir, .ac = ac, .in = in, .func = func, .core = core};
	struct blk b = ir_reg(ir, op_reg(ir, func, 0))->first;
	uint32_t n = ir_blk(ir, b)->narg;
	struct cval *arg = ARENA_ARRAY(a, struct cval, n + 1);

	*t = (struct trace){.a = a};
	r.env = ARENA_ARRAY(a, struct cval, ir->val.n + 1);
	VEC_ADD(a, &t->iter, 1);
	for (uint32_t i = 0; i < n; i++) {
		struct val v = {ir_blk(ir, b)->arg0 + i};
		const struct type_data *ty = type_data(&ir->types, val_type(ir, v));
		if (ty->kind == TY_PTR)
			arg[i] = (struct cval){.kind = CV_PTR, .mem = MEM_GM0 + t->nroot++};
		else if (type_is_int_or_index(&ir->types, val_type(ir, v)))
			arg[i] = (struct cval){.kind = CV_INT, .i = i < in->narg ? in->arg[i] : 0};
	}
	struct op term = run_region(&r, op_reg(ir, func, 0), arg, n);
	if (t->stop == TS_OK)
		emit(&r, term, TK_EXIT, P_S);
}

static uint32_t
depth_of(const struct trace *t, uint32_t i)
{
	uint32_t d = 0;

	for (; i; i = t->iter.at[i].parent)
		d++;
	return d;
}

int
trace_distance(const struct trace *t, uint32_t a, uint32_t b, struct op *loop)
{
	uint32_t da = depth_of(t, a), db = depth_of(t, b);

	for (; da > db; da--)
		a = t->iter.at[a].parent;
	for (; db > da; db--)
		b = t->iter.at[b].parent;
	int carried = 0;
	for (; a != b; a = t->iter.at[a].parent, b = t->iter.at[b].parent) {
		const struct titer *x = &t->iter.at[a], *y = &t->iter.at[b];
		if (x->parent == y->parent) {
			carried = x->loop.i == y->loop.i && x->k < y->k;
			*loop = carried ? x->loop : (struct op){0};
		}
	}
	return carried;
}
