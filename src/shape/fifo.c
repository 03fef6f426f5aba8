/*
 * fifo: lowering of the frontend fifo ops and inference of nosplit (ops-sync-comm.md §a.2, steps 1 to 3).
 *
 * A frontend op names its fifo by id; here the declaration becomes a value of type !pto.pipe and the transfers take
 * it. An op with a result keeps its place as the declaration of that result (declare_tile, declare_global), the
 * transfer follows it, so no use changes.
 */
#include "shape/fifo.h"

#include <assert.h>
#include <stdlib.h>

int64_t
fifo_int(const struct ir *ir, struct op o, struct sym key, int64_t absent)
{
	const struct attr_data *d = attr_data(&ir->attrs, op_attr(ir, o, key));

	return d->kind == AT_INT ? d->i : absent;
}

static struct attr
int_attr(struct ir *ir, int64_t v, uint32_t width)
{
	return attr_int(&ir->attrs, v, type_int(&ir->types, width, SIGNLESS));
}

/* ---- lowering of one function ---- */

/* A declaration of the function at hand. */
struct decl {
	int64_t id;
	struct op front;	/* the frontend op, erased at the end */
	struct op init;
	struct blk blk;
};

struct lower {
	struct ir *ir;
	struct op func;
	VEC(struct decl) decl;
	VEC(struct op) use;	/* transfers in program order */
	bool ok;
};

static bool
is_init(enum op_id id)
{
	return id == OP_AIC_INITIALIZE_PIPE || id == OP_AIV_INITIALIZE_PIPE;
}

/* Operands that a slot of fixed number would take; op_slot of an op without a variadic slot. */
static void
copy_attr(struct ir *ir, struct op from, struct op to, struct sym key)
{
	struct attr a = op_attr(ir, from, key);

	if (a.i)
		op_attr_set(ir, to, key, a);
}

static struct op
new_op(struct ir *ir, enum op_id id, struct op from)
{
	struct op o = ir_op_new(ir, id, ir_op(ir, from)->span);

	ir_op(ir, o)->loc = ir_op(ir, from)->loc;
	return o;
}

static bool
lower_init(struct lower *l, struct op o)
{
	struct ir *ir = l->ir;
	struct val gm = op_slot(ir, o, 0).i ? op_slot(ir, o, 0) : op_slot(ir, o, 1);
	struct val c2v = op_slot(ir, o, 2), v2c = op_slot(ir, o, 3);
	int64_t dir = fifo_int(ir, o, ir->name.dir_mask, 1);
	bool views = op_slot(ir, o, 1).i && !c2v.i && !v2c.i;
	struct val ring[3] = {gm, !views ? (dir == 2 ? v2c : c2v) : (struct val){0}, dir == 3 ? v2c : (struct val){0}};

	if (l->decl.n && op_id(ir, l->decl.at[0].front) != op_id(ir, o)) {
		op_error(ir, l->func, DIAG_VERIFY,
			 "cannot mix pto.aic_initialize_pipe and pto.aiv_initialize_pipe in one function");
		diag_note(ir->diags, ir_op(ir, o)->span, "this declaration is of the other kind");
		return false;
	}
	if (!gm.i) {
		op_error(ir, o, DIAG_VERIFY, "requires 'gm_slot_buffer' when lowering to a2/a3");
		return false;
	}
	assert(views || ring[1].i);	/* verify: each direction has its consumer buffer */
	struct op n = new_op(ir, OP_INITIALIZE_L2G2L_PIPE, o);
	struct type_data t = {.kind = TY_PIPE};
	int64_t slots = fifo_int(ir, o, ir->name.slot_num, dir == 3 ? 4 : 8);
	ir_op_operands(ir, n, ring, 3);
	struct val p = ir_op_result(ir, n, type_get(&ir->types, &t));
	ir_val(ir, p)->span = ir_op(ir, o)->span;
	copy_attr(ir, o, n, ir->name.dir_mask);
	copy_attr(ir, o, n, ir->name.slot_size);
	copy_attr(ir, o, n, ir->name.nosplit);
	copy_attr(ir, o, n, ir->name.acc_push_epilogue);
	op_attr_set(ir, n, ir->name.slot_num, int_attr(ir, slots, 32));
	if (ring[1].i)
		op_attr_set(ir, n, ir->name.local_slot_num,
			    int_attr(ir, fifo_int(ir, o, ir->name.local_slot_num, slots), 32));
	op_attr_set(ir, n, ir->name.frontend_id, int_attr(ir, fifo_int(ir, o, ir->name.id, 0), 32));
	ir_insert_before(ir, o, n);
	VEC_PUSH(ir->a, &l->decl,
		 (struct decl){fifo_int(ir, o, ir->name.id, 0), o, n, ir_op(ir, o)->parent});
	return true;
}

/* Blocks of one region: the entry dominates the others; within a block the order tells. */
static bool
dominates(const struct ir *ir, struct op a, struct op b)
{
	struct blk home = ir_op(ir, a)->parent;

	for (; b.i; b = op_parent(ir, b)) {
		struct blk at = ir_op(ir, b)->parent;
		if (at.i == home.i)
			return ir_op(ir, a)->order < ir_op(ir, b)->order;
		if (at.i && ir_blk(ir, at)->parent.i == ir_blk(ir, home)->parent.i)
			return ir_reg(ir, ir_blk(ir, home)->parent)->first.i == home.i;
	}
	return false;
}

/* The declaration a transfer means; 0 after an error. */
static struct op
init_of(struct lower *l, struct op o)
{
	struct ir *ir = l->ir;
	int64_t id = fifo_int(ir, o, ir->name.id, 0);

	for (uint32_t k = 0; k < l->decl.n; k++) {
		const struct decl *d = &l->decl.at[k];
		if (d->id != id)
			continue;
		if (!dominates(ir, d->front, o)) {
			op_error(ir, o, DIAG_VERIFY, "requires dominating frontend initialize_pipe(id = %lld)",
				 (long long)id);
			return (struct op){0};
		}
		return d->init;
	}
	assert(false);	/* verify: a transfer has its declaration */
	return (struct op){0};
}

enum entry_kind { ENTRY_ALLOC, ENTRY_PUSH, ENTRY_POP, ENTRY_FREE };

static const struct {
	uint16_t front, to;
	uint8_t kind;
} transfer[] = {
	{OP_TALLOC_TO_AIV, OP_TALLOC, ENTRY_ALLOC}, {OP_TALLOC_TO_AIC, OP_TALLOC, ENTRY_ALLOC},
	{OP_TPUSH_TO_AIV, OP_TPUSH, ENTRY_PUSH}, {OP_TPUSH_TO_AIC, OP_TPUSH, ENTRY_PUSH},
	{OP_TPOP_FROM_AIC, OP_TPOP, ENTRY_POP}, {OP_TPOP_FROM_AIV, OP_TPOP, ENTRY_POP},
	{OP_TFREE_FROM_AIC, OP_TFREE, ENTRY_FREE}, {OP_TFREE_FROM_AIV, OP_TFREE, ENTRY_FREE},
};

enum { NTRANSFER = sizeof transfer / sizeof transfer[0] };

static uint32_t
transfer_of(enum op_id id)
{
	uint32_t k = 0;

	while (k < NTRANSFER && transfer[k].front != id)
		k++;
	return k;
}

/* Constant strides of the view that describes a slot, for the entries; 0 when they are not known. */
static struct attr
slot_strides(struct ir *ir, struct op init)
{
	struct val gm = op_slot(ir, init, 0);
	struct op def = ir_val(ir, gm)->def;
	uint32_t n;

	if (!def.i || op_id(ir, def) != OP_MAKE_TENSOR_VIEW)
		return (struct attr){0};
	const struct val *v = op_group(ir, def, 2, &n);
	int64_t *s = ARENA_ARRAY(ir->a, int64_t, n + 1);
	for (uint32_t k = 0; k < n; k++)
		if (!val_const_int(ir, v[k], &s[k]))
			return (struct attr){0};
	return attr_get(&ir->attrs, &(struct attr_data){
		.kind = AT_DENSE_ARRAY, .type = type_int(&ir->types, 64, SIGNLESS), .elem = s, .n = n});
}

/* The op becomes the declaration of its result. */
static struct val
declare(struct ir *ir, struct op o, struct op init, struct op *last)
{
	struct val r = op_res(ir, o, 0), row = {0}, col = {0};
	bool view = type_kind(&ir->types, val_type(ir, r)) != TY_TILE;
	struct attr strides = view ? slot_strides(ir, init) : (struct attr){0};

	if (ir_op(ir, o)->nopnd >= 2) {
		row = op_slot(ir, o, 0);
		col = op_slot(ir, o, 1);
	}
	ir_op(ir, o)->id = view ? OP_DECLARE_GLOBAL : OP_DECLARE_TILE;
	ir_op(ir, o)->nopnd = 0;
	ir_op(ir, o)->attrs = (struct attr){0};
	if (strides.i)
		op_attr_set(ir, o, ir->name.entry_strides, strides);
	*last = o;
	if (row.i) {
		struct op s = new_op(ir, OP_SET_VALIDSHAPE, o);
		struct val v[] = {r, row, col};
		ir_op_operands(ir, s, v, 3);
		ir_insert_after(ir, o, s);
		*last = s;
	}
	return r;
}

static bool
lower_transfer(struct lower *l, struct op o)
{
	struct ir *ir = l->ir;
	uint32_t k = transfer_of(op_id(ir, o)), kind = transfer[k].kind;
	struct op init = init_of(l, o), last = o;

	if (!init.i)
		return false;
	struct attr split = op_attr(ir, o, ir->name.split);
	struct val pipe = op_res(ir, init, 0), sub = {0}, entry = {0};
	bool makes = kind == ENTRY_ALLOC || kind == ENTRY_POP;
	if (kind == ENTRY_POP)
		sub = op_slot(ir, o, 2);
	else if (kind == ENTRY_PUSH)
		sub = op_slot(ir, o, 1);
	if (makes)
		entry = declare(ir, o, init, &last);
	else
		entry = op_slot(ir, o, 0);
	/* A popped tile is freed by the pop itself; its op keeps no entry (ops-sync-comm.md §a.4). */
	if (kind == ENTRY_FREE && entry.i && type_kind(&ir->types, val_type(ir, entry)) == TY_TILE)
		entry = (struct val){0};
	struct op n = new_op(ir, (enum op_id)transfer[k].to, o);
	struct val v[] = {entry, pipe, sub};
	ir_op_operands(ir, n, v, kind == ENTRY_ALLOC || kind == ENTRY_FREE ? 2 : 3);
	op_attr_set(ir, n, ir->name.split, split.i ? split : int_attr(ir, 0, 8));
	ir_insert_after(ir, last, n);
	if (!makes)
		ir_erase(ir, o);
	return true;
}

/* Recursion over nesting only. */
static void
collect(struct lower *l, struct op o)
{
	struct ir *ir = l->ir;

	for (uint32_t r = 0; r < ir_op(ir, o)->nreg; r++)
		for (struct blk b = op_body(ir, o, r); b.i; b = ir_blk(ir, b)->next)
			for (struct op c = ir_blk(ir, b)->first, next; c.i; c = next) {
				next = ir_op(ir, c)->next;
				if (is_init(op_id(ir, c)))
					l->ok = lower_init(l, c) && l->ok;
				else if (transfer_of(op_id(ir, c)) < NTRANSFER)
					VEC_PUSH(ir->a, &l->use, c);
				collect(l, c);
			}
}

/* ---- quantisation state ---- */

/* State op given last in this block, by fifo. */
struct quant {
	int64_t id;
	struct op op;
	bool used;
};

static bool
is_quant(enum op_id id)
{
	return id == OP_SET_QUANT_SCALAR || id == OP_SET_QUANT_VECTOR;
}

/* The state is set again in front of every push of its fifo: pushes of other fifos may stand between. */
static void
repeat_quant(struct lower *l, struct blk b)
{
	struct ir *ir = l->ir;
	VEC(struct quant) q = {NULL, 0, 0};

	for (struct op o = ir_blk(ir, b)->first, next; o.i; o = next) {
		next = ir_op(ir, o)->next;
		bool push = op_id(ir, o) == OP_TPUSH_TO_AIV;
		if (is_quant(op_id(ir, o))) {
			struct quant n = {fifo_int(ir, o, ir->name.id, 0), o, false};
			VEC_PUSH(ir->a, &q, n);
		}
		for (uint32_t k = q.n; push && k-- > 0;) {
			if (q.at[k].id != fifo_int(ir, o, ir->name.id, 0))
				continue;
			struct val v = op_opnd(ir, q.at[k].op, 0);
			struct op c = new_op(ir, op_id(ir, q.at[k].op), q.at[k].op);
			ir_op_operands(ir, c, &v, 1);
			ir_op(ir, c)->attrs = ir_op(ir, q.at[k].op)->attrs;
			ir_insert_before(ir, o, c);
			q.at[k].used = true;
			break;
		}
		for (uint32_t r = 0; r < ir_op(ir, o)->nreg; r++)
			for (struct blk c = op_body(ir, o, r); c.i; c = ir_blk(ir, c)->next)
				repeat_quant(l, c);
	}
	for (uint32_t k = 0; k < q.n; k++)
		ir_erase(ir, q.at[k].op);
}

static bool
lower_func(struct ir *ir, struct op func, bool quant)
{
	struct lower l = {.ir = ir, .func = func, .ok = true};

	for (struct blk b = op_body(ir, func, 0); quant && b.i; b = ir_blk(ir, b)->next)
		repeat_quant(&l, b);
	ir_renumber(ir, func);
	collect(&l, func);
	for (uint32_t k = 0; k < l.use.n && l.ok; k++)
		l.ok = lower_transfer(&l, l.use.at[k]);
	for (uint32_t k = 0; k < l.decl.n; k++)
		ir_erase(ir, l.decl.at[k].front);
	return l.ok;
}

/* ---- groups of peers ---- */

static struct op
func_of(const struct ir *ir, struct op o)
{
	return op_enclosing(ir, o, OP_FUNC);
}

/* The reserved buffer behind an address operand. */
static bool
ring_key(const struct ir *ir, struct val v, struct op func, uint32_t dir, struct ring_key *k)
{
	struct op def = v.i ? ir_val(ir, v)->def : (struct op){0};
	enum op_id id = def.i ? op_id(ir, def) : OP_NONE;

	if (id != OP_RESERVE_BUFFER && id != OP_IMPORT_RESERVED_BUFFER)
		return false;
	k->name = attr_data(&ir->attrs, op_attr(ir, def, ir->name.fifo_name))->text;
	k->owner = id == OP_RESERVE_BUFFER ? func_name(ir, func)
					   : attr_data(&ir->attrs, op_attr(ir, def, ir->name.peer_func))->text;
	k->dir = dir;
	return true;
}

static void
fifo_keys(struct fifos *f, struct fifo *x)
{
	struct ir *ir = f->ir;
	struct val local = op_slot(ir, x->init, 1), peer = op_slot(ir, x->init, 2);

	x->ring = local.i != 0;
	if (local.i && ring_key(ir, local, x->func, x->dir_mask == 2 ? 2 : 1, &x->key[x->nkey]))
		x->nkey++;
	if (peer.i && ring_key(ir, peer, x->func, 2, &x->key[x->nkey]))
		x->nkey++;
	if (!local.i && x->id >= 0) {
		x->key[0] = (struct ring_key){{(uint32_t)x->id + 1}, {(uint32_t)x->dir_mask}, 3};
		x->nkey = 1;
	}
}

struct keyed {
	struct ring_key key;
	uint32_t fifo;
};

static int
key_order(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	const uint32_t p[] = {x->key.dir, x->key.owner.i, x->key.name.i, x->fifo};
	const uint32_t q[] = {y->key.dir, y->key.owner.i, y->key.name.i, y->fifo};

	for (uint32_t k = 0; k < 4; k++)
		if (p[k] != q[k])
			return p[k] < q[k] ? -1 : 1;
	return 0;
}

static uint32_t
group_root(const struct fifos *f, uint32_t k)
{
	while (f->all.at[k].group != k)
		k = f->all.at[k].group;
	return k;
}

/* Fifos that share a key are ends of one; the smallest index names the group. */
static void
join_groups(struct fifos *f)
{
	VEC(struct keyed) all = {NULL, 0, 0};

	for (uint32_t i = 0; i < f->all.n; i++)
		for (uint32_t k = 0; k < f->all.at[i].nkey; k++)
			VEC_PUSH(f->ir->a, &all, (struct keyed){f->all.at[i].key[k], i});
	if (all.n)
		qsort(all.at, all.n, sizeof *all.at, key_order);
	for (uint32_t i = 1; i < all.n; i++) {
		const struct ring_key *a = &all.at[i - 1].key, *b = &all.at[i].key;
		if (a->dir != b->dir || a->owner.i != b->owner.i || a->name.i != b->name.i)
			continue;
		uint32_t x = group_root(f, all.at[i - 1].fifo), y = group_root(f, all.at[i].fifo);
		f->all.at[x > y ? x : y].group = x > y ? y : x;
	}
	uint32_t *last = ARENA_ARRAY(f->ir->a, uint32_t, f->all.n);
	for (uint32_t i = 0; i < f->all.n; i++) {
		uint32_t g = f->all.at[i].group = group_root(f, i);
		if (g != i)
			f->all.at[last[g]].next = i;
		last[g] = i;
	}
}

static void
note_split(struct fifos *f, struct op o)
{
	struct ir *ir = f->ir;
	struct val p = op_slot(ir, o, 1);
	struct op init = p.i ? ir_val(ir, p)->def : (struct op){0};

	if (!init.i || !f->of_op[init.i])
		return;
	struct fifo *x = &f->all.at[f->of_op[init.i] - 1];
	if (fifo_int(ir, o, ir->name.split, 0))
		x->split = true;
	else
		x->whole = true;
}

void
fifos_find(struct fifos *f, struct ir *ir)
{
	*f = (struct fifos){.ir = ir};
	f->of_op = ARENA_ARRAY(ir->a, uint32_t, ir->op.n);
	for (uint32_t i = 1; i < ir->op.n; i++) {
		struct op o = {i};
		if (op_id(ir, o) != OP_INITIALIZE_L2G2L_PIPE || (ir_op(ir, o)->flags & OPD_DEAD))
			continue;
		struct fifo x = {.init = o, .func = func_of(ir, o), .group = f->all.n};
		x.dir_mask = fifo_int(ir, o, ir->name.dir_mask, 1);
		x.slot_size = fifo_int(ir, o, ir->name.slot_size, 0);
		x.slot_num = fifo_int(ir, o, ir->name.slot_num, 8);
		x.local_slot_num = fifo_int(ir, o, ir->name.local_slot_num, x.slot_num);
		x.id = fifo_int(ir, o, ir->name.frontend_id, -1);
		fifo_keys(f, &x);
		VEC_PUSH(ir->a, &f->all, x);
		f->of_op[i] = f->all.n;
	}
	join_groups(f);
	for (uint32_t i = 1; i < ir->op.n && f->all.n; i++) {
		enum op_id id = op_id(ir, (struct op){i});
		if (!(ir->op.at[i].flags & OPD_DEAD) &&
		    (id == OP_TALLOC || id == OP_TPUSH || id == OP_TPOP || id == OP_TFREE))
			note_split(f, (struct op){i});
	}
}

/* ---- nosplit ---- */

struct nosplit {
	int8_t explicit, used;	/* -1: not said */
	struct op by_explicit, by_use;
};

static bool
nosplit_add(struct ir *ir, struct nosplit *n, const struct fifo *x)
{
	const struct attr_data *d = attr_data(&ir->attrs, op_attr(ir, x->init, ir->name.nosplit));
	int64_t said = d->kind == AT_BOOL || d->kind == AT_INT ? d->i : -1;

	if (x->split && x->whole) {
		op_error(ir, x->init, DIAG_VERIFY, "cannot mix 'split = 0' with 'split = 1', 'split = 2', 'split = 3', "
			 "or 'split = 4' on the same logical pipe");
		return false;
	}
	if (x->split || x->whole) {
		if (n->used >= 0 && n->used != x->whole) {
			op_error(ir, x->init, DIAG_VERIFY, "conflicting pipe split usage across peer pipe init ops");
			diag_note(ir->diags, ir_op(ir, n->by_use)->span, "the other end is declared here");
			return false;
		}
		n->used = x->whole;
		n->by_use = x->init;
	}
	if (said >= 0) {
		if (n->explicit >= 0 && n->explicit != (said != 0)) {
			op_error(ir, x->init, DIAG_VERIFY, "conflicting explicit 'nosplit' across peer pipe init ops");
			diag_note(ir->diags, ir_op(ir, n->by_explicit)->span, "the other end is declared here");
			return false;
		}
		n->explicit = said != 0;
		n->by_explicit = x->init;
	}
	return true;
}

static bool
infer_nosplit(struct ir *ir)
{
	struct fifos f;
	bool ok = true;

	fifos_find(&f, ir);
	struct nosplit *n = ARENA_ARRAY(ir->a, struct nosplit, f.all.n);
	for (uint32_t i = 0; i < f.all.n; i++)
		n[i].explicit = n[i].used = -1;
	for (uint32_t i = 0; i < f.all.n; i++)
		ok = nosplit_add(ir, &n[f.all.at[i].group], &f.all.at[i]) && ok;
	for (uint32_t i = 0; i < f.all.n && ok; i++) {
		const struct nosplit *g = &n[f.all.at[i].group];
		if (g->explicit == 1 && g->used == 0) {
			op_error(ir, g->by_explicit, DIAG_VERIFY, "explicit 'nosplit = true' conflicts with downstream "
				 "users that require split = 1, 2, 3, or 4");
			return false;
		}
		if (g->explicit == 0 && g->used == 1) {
			op_error(ir, g->by_explicit, DIAG_VERIFY, "explicit 'nosplit = false' conflicts with "
				 "downstream users that require split = 0");
			return false;
		}
		bool v = g->explicit >= 0 ? g->explicit : g->used > 0;
		op_attr_set(ir, f.all.at[i].init, ir->name.nosplit, attr_bool(&ir->attrs, v));
	}
	return ok;
}

/* ---- element type of quantised entries ---- */

/* A scalar state is set for the type that the consumer's entries have. */
static void
type_quant(struct ir *ir)
{
	struct fifos f;

	fifos_find(&f, ir);
	struct typ *elem = ARENA_ARRAY(ir->a, struct typ, f.all.n);
	for (uint32_t i = 1; i < ir->op.n; i++) {
		struct op o = {i};
		if (op_id(ir, o) != OP_TPOP || (ir_op(ir, o)->flags & OPD_DEAD))
			continue;
		struct op init = ir_val(ir, op_slot(ir, o, 1))->def;
		if (init.i && f.of_op[init.i])
			elem[f.all.at[f.of_op[init.i] - 1].group] =
				type_elem(&ir->types, val_type(ir, op_slot(ir, o, 0)));
	}
	for (uint32_t i = 1; i < ir->op.n; i++) {
		struct op o = {i}, push = ir_op(ir, o)->next;
		if (op_id(ir, o) != OP_SET_QUANT_SCALAR || (ir_op(ir, o)->flags & OPD_DEAD) || !push.i ||
		    op_id(ir, push) != OP_TPUSH)
			continue;
		struct op init = ir_val(ir, op_slot(ir, push, 1))->def;
		struct typ t = init.i && f.of_op[init.i] ? elem[f.all.at[f.of_op[init.i] - 1].group] : (struct typ){0};
		if (t.i)
			op_attr_set(ir, o, ir->name.quant_elem, attr_type(&ir->attrs, t));
	}
}

bool
shape_fifos(struct ir *ir)
{
	bool ok = true, any = false, quant = false;
	uint32_t nop = ir->op.n;

	for (uint32_t i = 1; i < nop; i++) {
		enum op_id id = op_id(ir, (struct op){i});
		any = any || is_init(id) || transfer_of(id) < NTRANSFER || id == OP_INITIALIZE_L2G2L_PIPE;
		quant = quant || is_quant(id);
	}
	for (uint32_t i = 1; i < nop && any; i++) {
		struct op o = {i};
		if (op_id(ir, o) == OP_FUNC && op_body(ir, o, 0).i)
			ok = lower_func(ir, o, quant) && ok;
	}
	if (!any || !ok)
		return ok;
	if (quant)
		type_quant(ir);
	return infer_nosplit(ir);
}
