/*
 * fifo: declarations and transfers of fifos between cube and vector cores, and the buffers they reserve. Texts and
 * their order: ops-sync-comm.json (`verify`). The peer contract of fixpipe fifos is in fixpipe.c.
 */
#include "verify/fifo.h"

#include "base/num.h"

int64_t
fifo_attr(struct verify *v, struct op o, struct sym key, int64_t absent)
{
	const struct attr_data *d = attr_data(&v->ir->attrs, op_attr(v->ir, o, key));

	return d->kind == AT_INT ? d->i : absent;
}

/* A number of another kind would leave its default in force. */
static bool
fifo_numbers(struct verify *v, struct op o)
{
	const struct ir_names *n = &v->ir->name;
	const struct sym key[] = {n->id, n->dir_mask, n->slot_size, n->slot_num, n->local_slot_num, n->flag_base,
				  n->frontend_id, n->split, n->fifo_size, n->fifo_base};

	for (uint32_t k = 0; k < sizeof key / sizeof key[0]; k++) {
		struct attr a = op_attr(v->ir, o, key[k]);
		if (a.i && attr_data(&v->ir->attrs, a)->kind != AT_INT)
			return FAIL(v, o, "expects '%s' to be an integer", sym_str(&v->ir->in, key[k]));
	}
	return true;
}

/* ---- declarations ---- */

static const char *const unpublished[] = {
	"stPhase", "st_phase", "atomicType", "atomic_type", "subBlockId", "subBlockid", "sub_blockid", "clipReluMode",
	"clip_relu_mode", "isChannelSplit", "is_channel_split", "channelSplit", "channel_split",
};

static bool
no_unpublished(struct verify *v, struct op o)
{
	for (uint32_t k = 0; k < sizeof unpublished / sizeof unpublished[0]; k++) {
		struct strv name = {unpublished[k], (uint32_t)strlen(unpublished[k])};
		struct sym s = intern_find(&v->ir->in, name);
		if (s.i && op_attr(v->ir, o, s).i)
			return FAIL(v, o, "does not allow unpublished fixpipe attr '%s'; STPhase / AtomicType / "
				    "SubBlockId / ClipReluMode / IsChannelSplit are not part of the PTOIR frontend "
				    "surface", unpublished[k]);
	}
	return true;
}

bool
in_core(struct verify *v, struct op o, enum core want)
{
	struct op f = op_enclosing(v->ir, o, OP_FUNC);
	const char *core = want == CORE_CUBE ? "cube" : "vector";
	enum core have = func_core(v->ir, o);

	if (!f.i)
		return FAIL(v, o, "must be nested under a func.func");
	if (have == want)
		return true;
	op_error(v->ir, o, DIAG_VERIFY, "must be inside a %s kernel function or section", core);
	diag_note(v->ir->diags, ir_op(v->ir, f)->span, have == CORE_NONE ? "this function names no core"
		  : have == CORE_CUBE ? "this code is for the cube core" : "this code is for the vector core");
	if (have == CORE_NONE)
		diag_hint(v->ir->diags, "give the function pto.kernel_kind = #pto.kernel_kind<%s>, or put the op into "
			  "pto.section.%s", core, core);
	return false;
}

static void
collect_inits(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;

	for (uint32_t r = 0; r < ir_op(ir, o)->nreg; r++)
		for (struct blk b = op_body(ir, o, r); b.i; b = ir_blk(ir, b)->next)
			for (struct op c = ir_blk(ir, b)->first; c.i; c = ir_op(ir, c)->next) {
				enum op_id id = op_id(ir, c);
				if (id == OP_AIC_INITIALIZE_PIPE || id == OP_AIV_INITIALIZE_PIPE)
					VEC_PUSH(ir->a, &v->fifo_init, c);
				collect_inits(v, c);
			}
}

/* Declaration with that id in the function of o, other than `but`; 0 when there is none. *n counts them. */
struct op
fifo_find(struct verify *v, struct op o, int64_t id, struct op but, uint32_t *n)
{
	struct op f = op_enclosing(v->ir, o, OP_FUNC), found = {0};

	if (f.i != v->fifo_func.i) {
		v->fifo_func = f;
		v->fifo_init.n = 0;
		collect_inits(v, f);
	}
	*n = 0;
	for (uint32_t k = 0; k < v->fifo_init.n; k++) {
		struct op c = v->fifo_init.at[k];
		if (c.i == but.i || fifo_attr(v, c, v->ir->name.id, 0) != id)
			continue;
		found = found.i ? found : c;
		++*n;
	}
	return found;
}

/* A misspelt clause would leave its default in force. */
static bool
known_clauses(struct verify *v, struct op o)
{
	const struct ir_names *n = &v->ir->name;
	const struct sym known[] = {n->id, n->dir_mask, n->slot_size, n->slot_num, n->local_slot_num, n->nosplit,
				    n->acc_push_epilogue, n->segments};
	const struct attr_data *d = attr_data(&v->ir->attrs, ir_op(v->ir, o)->attrs);
	uint32_t i;

	for (uint32_t k = 0; k < d->n; k++) {
		for (i = 0; i < sizeof known / sizeof known[0] && known[i].i != d->key[k].i; i++)
			;
		if (i == sizeof known / sizeof known[0])
			return FAIL(v, o, "unexpected keyword '%s'", sym_str(&v->ir->in, d->key[k]));
	}
	return true;
}

/* Bytes of a view of constant shape; 0 when they are not known. */
static int64_t
view_bytes(struct verify *v, struct typ ty)
{
	int64_t n = type_elems(&v->ir->types, ty);

	return n > 0 && num_mul(n, type_bytes(&v->ir->types, type_elem(&v->ir->types, ty)), &n) ? n : 0;
}

static bool
slot_tensor(struct verify *v, struct op o, const struct opnd *t, int64_t slot)
{
	const struct type_data *d = type_data(&v->ir->types, t->type);

	if (d->kind != TY_TVIEW)
		return FAIL(v, o, "expects 'gm_slot_tensor' to be !pto.tensor_view") || blame(v, t, NULL);
	int64_t n = view_bytes(v, t->type);
	if (!n)
		return FAIL(v, o, "expects 'gm_slot_tensor' to describe one slot entry tensor") || blame(v, t, NULL);
	if (slot != n && slot != 2 * n)
		return FAIL(v, o, "expects 'slot_size' to equal gm_slot_tensor byte size or twice gm_slot_tensor byte "
			    "size for split GlobalTensor entries (got slot_size = %lld, gm_slot_tensor byte size = "
			    "%lld)", (long long)slot, (long long)n) || blame(v, t, NULL);
	return true;
}

static bool
init_numbers(struct verify *v, struct op o, bool front)
{
	const struct ir_names *n = &v->ir->name;
	int64_t dir = fifo_attr(v, o, n->dir_mask, -1), slot = fifo_attr(v, o, n->slot_size, -1);

	if (!op_attr(v->ir, o, n->dir_mask).i && front)
		return FAIL(v, o, "expected 'dir_mask' clause");
	if (!op_attr(v->ir, o, n->slot_size).i && front)
		return FAIL(v, o, "expected 'slot_size' clause");
	if (dir < 1 || dir > 3)
		return FAIL(v, o, "expects 'dir_mask' to be 1, 2, or 3");
	if (slot <= 0)
		return FAIL(v, o, "expects 'slot_size' to be greater than 0");
	if (fifo_attr(v, o, n->slot_num, dir == 3 ? 4 : 8) <= 0)
		return FAIL(v, o, "expects 'slot_num' to be greater than 0");
	return true;
}

static bool
init_local_slots(struct verify *v, struct op o)
{
	const struct ir_names *n = &v->ir->name;
	int64_t dir = fifo_attr(v, o, n->dir_mask, 1), slots = fifo_attr(v, o, n->slot_num, dir == 3 ? 4 : 8);
	int64_t local = fifo_attr(v, o, n->local_slot_num, slots);

	if (local <= 0)
		return FAIL(v, o, "expects 'local_slot_num' to be greater than 0");
	if (local > slots)
		return FAIL(v, o, "expects 'local_slot_num' to be less than or equal to slot_num (%lld) for dir_mask "
			    "= %lld", (long long)slots, (long long)dir);
	return true;
}

static bool
init_operands(struct verify *v, struct op o, int64_t dir, bool c2v, bool v2c)
{
	if (!c2v && !v2c)
		return FAIL(v, o, "expects local pipe init to provide at least one consumer buffer operand; use "
			    "'gm_slot_tensor' for globaltensor pipe entries");
	if (dir == 1 && !c2v)
		return FAIL(v, o, "expects 'c2v_consumer_buf' when dir_mask is 1");
	if (dir == 2 && !v2c)
		return FAIL(v, o, "expects 'v2c_consumer_buf' when dir_mask is 2");
	if (dir == 3 && (!c2v || !v2c))
		return FAIL(v, o, "expects both 'c2v_consumer_buf' and 'v2c_consumer_buf' when dir_mask is 3");
	return true;
}

bool
verify_fifo_init(struct verify *v, struct op o)
{
	const struct ir_names *n = &v->ir->name;
	struct opnd buf, tensor, c2v, v2c;
	bool has_buf = opnd_get(v, o, 0, &buf), has_tensor = opnd_get(v, o, 1, &tensor);
	bool has_c2v = opnd_get(v, o, 2, &c2v), has_v2c = opnd_get(v, o, 3, &v2c);
	int64_t id = fifo_attr(v, o, n->id, 0), dir = fifo_attr(v, o, n->dir_mask, 1);
	uint32_t others;

	if (!fifo_numbers(v, o) || !no_unpublished(v, o) || !known_clauses(v, o) ||
	    !in_core(v, o, op_id(v->ir, o) == OP_AIC_INITIALIZE_PIPE ? CORE_CUBE : CORE_VECTOR))
		return false;
	if (id < 0)
		return FAIL(v, o, "expects 'id' to be non-negative");
	struct op other = fifo_find(v, o, id, o, &others);
	if (others) {
		op_error(v->ir, o, DIAG_VERIFY,
			 "requires 'id' to be unique across frontend initialize_pipe ops in the function");
		diag_note(v->ir->diags, ir_op(v->ir, other)->span, "this one has 'id' = %lld too", (long long)id);
		return false;
	}
	if (!init_numbers(v, o, true))
		return false;
	if (has_tensor && has_buf)
		return FAIL(v, o, "'gm_slot_tensor' cannot be combined with 'gm_slot_buffer'");
	if (has_tensor && (has_c2v || has_v2c) && (dir != 1 || !has_c2v || has_v2c))
		return FAIL(v, o, "GM-backed tile pipe init currently supports only dir_mask = 1 with 'gm_slot_tensor' "
			    "and 'c2v_consumer_buf'");
	if (has_tensor && !has_c2v && !has_v2c) {
		if (op_attr(v->ir, o, n->local_slot_num).i)
			return FAIL(v, o, "globaltensor pipe init does not use 'local_slot_num'");
		return slot_tensor(v, o, &tensor, fifo_attr(v, o, n->slot_size, 0));
	}
	if (has_tensor && !slot_tensor(v, o, &tensor, fifo_attr(v, o, n->slot_size, 0)))
		return false;
	return init_operands(v, o, dir, has_c2v, has_v2c) && init_local_slots(v, o) && fixpipe_init(v, o);
}

bool
verify_l2g2l_pipe(struct verify *v, struct op o)
{
	const struct ir_names *n = &v->ir->name;
	int64_t dir = fifo_attr(v, o, n->dir_mask, -1), base = fifo_attr(v, o, n->flag_base, -1);
	bool local = op_slot(v->ir, o, 1).i, peer = op_slot(v->ir, o, 2).i;
	struct opnd r = opnd_result(v, o, 0);

	if (!fifo_numbers(v, o))
		return false;
	if (type_kind(&v->ir->types, r.type) != TY_PIPE)
		return FAIL(v, o, "expects result to be !pto.pipe") || blame(v, &r, NULL);
	if (!init_numbers(v, o, false))
		return false;
	if (base > 16 - (dir == 3 ? 4 : 2))
		return FAIL(v, o, "requires 'flag_base' and dir_mask to fit within 16 hardware flag ids");
	if (peer && !local)
		return FAIL(v, o, "'peer_local_addr' requires 'local_addr'");
	if (!local && op_attr(v->ir, o, n->local_slot_num).i)
		return FAIL(v, o, "'local_slot_num' is only allowed when 'local_addr' is present");
	if (local && !init_local_slots(v, o))
		return false;
	if (dir == 3 && local && !peer)
		return FAIL(v, o, "expects 'peer_local_addr' when dir_mask is 3");
	if (dir != 3 && peer)
		return FAIL(v, o, "'peer_local_addr' is only allowed when dir_mask is 3");
	return true;
}

/* ---- transfers ---- */

static const char odd_c2v[] = "supports odd split modes (split = 3 or 4) only for a unidirectional C2V GM-backed tile "
			      "pipe with both GM slot and C2V consumer buffers";

/* What a transfer op is about. */
static const struct transfer_row {
	uint16_t op;
	uint8_t core;		/* side it runs on */
	bool c2v;
	char kind;		/* a alloc, u push, o pop, f free */
} transfer_table[] = {
	{OP_TALLOC_TO_AIV, CORE_CUBE, true, 'a'},   {OP_TALLOC_TO_AIC, CORE_VECTOR, false, 'a'},
	{OP_TPUSH_TO_AIV, CORE_CUBE, true, 'u'},    {OP_TPUSH_TO_AIC, CORE_VECTOR, false, 'u'},
	{OP_TPOP_FROM_AIC, CORE_VECTOR, true, 'o'}, {OP_TPOP_FROM_AIV, CORE_CUBE, false, 'o'},
	{OP_TFREE_FROM_AIC, CORE_VECTOR, true, 'f'}, {OP_TFREE_FROM_AIV, CORE_CUBE, false, 'f'},
};

/* The entry that moves; type 0 when the op names none. */
static struct opnd
entry_of(struct verify *v, struct op o, const struct transfer_row *t)
{
	struct opnd x = {.name = ""};

	if (t->kind == 'a' || t->kind == 'o')
		return opnd_result(v, o, 0);
	opnd_get(v, o, 0, &x);
	return x;
}

static bool
is_view(struct verify *v, const struct opnd *x)
{
	return x->type.i && type_kind(&v->ir->types, x->type) == TY_TVIEW;
}

static bool
odd_split(struct verify *v, struct op o, const struct transfer_row *t, struct op init, bool view)
{
	const struct ir_names *n = &v->ir->name;
	bool tile_fifo = (op_slot(v->ir, init, 0).i || op_slot(v->ir, init, 1).i) && op_slot(v->ir, init, 2).i;

	if (!t->c2v)
		return FAIL(v, o, "supports odd split modes (split = 3 or 4) only for C2V GM-backed tile pipes");
	if (view)
		return FAIL(v, o, "supports odd split modes (split = 3 or 4) only for tile entries; the pinned pto-isa "
			    "does not implement odd GlobalTensor offsets");
	if (fifo_attr(v, init, n->dir_mask, 1) != 1 || !tile_fifo)
		return FAIL(v, o, "%s", odd_c2v);
	return true;
}

/* A view entry describes one slot, or with a split half of it in one dimension. */
static bool
view_entry(struct verify *v, struct op o, struct op init, const struct opnd *x, int64_t id, int64_t split)
{
	struct val t = op_slot(v->ir, init, 1);
	const struct type_data *e = type_data(&v->ir->types, x->type);

	if (!t.i)
		return FAIL(v, o, "expects 'id' = %lld to reference initialize_pipe with 'gm_slot_tensor' when the "
			    "pipe entry is !pto.tensor_view", (long long)id) || blame(v, x, NULL);
	return entry_matches(v, o, e, type_data(&v->ir->types, val_type(v->ir, t)), split, "gm_slot_tensor");
}

bool
entry_matches(struct verify *v, struct op o, const struct type_data *e, const struct type_data *g, int64_t split,
	      const char *what)
{
	uint32_t halves = 0;

	if (e->sub[0].i != g->sub[0].i)
		return FAIL(v, o, "expects pipe entry element type to match %s element type", what);
	if (e->rank != g->rank)
		return FAIL(v, o, "expects pipe entry rank to match %s rank", what);
	for (uint32_t k = 0; k < e->rank; k++) {
		if (e->dim[k] < 0 || g->dim[k] < 0 || e->dim[k] == g->dim[k])
			continue;
		if (split && 2 * e->dim[k] == g->dim[k] && halves++ == 0)
			continue;
		return FAIL(v, o, "expects pipe entry dimension %u to match %s dimension %lld", k, what,
			    (long long)g->dim[k]);
	}
	return true;
}

/* Rows (split 1, 3) or columns (2, 4) that are certain. */
static bool
split_parity(struct verify *v, struct op o, const struct opnd *x, int64_t split)
{
	uint32_t axis = split == 1 || split == 3 ? 0 : 1;
	const struct type_data *d = type_data(&v->ir->types, x->type);
	int64_t n = x->s ? opnd_valid(x, axis) : d->kind == TY_TVIEW && d->rank == 2 ? d->dim[axis] : DIM_DYN;
	bool odd = split > 2;

	if (!split || n < 0 || (n % 2 != 0) == odd)
		return true;
	return FAIL(v, o, "expects a statically %s valid-%s count for split = %lld", odd ? "odd" : "even",
		    axis ? "column" : "row", (long long)split) || blame(v, x, NULL);
}

static bool
sub_block(struct verify *v, struct op o, const struct transfer_row *t, const struct opnd *x, int64_t split)
{
	struct val id = t->kind == 'u' ? op_slot(v->ir, o, 1) : t->kind == 'o' ? op_slot(v->ir, o, 2) : (struct val){0};

	if (!id.i)
		return true;
	if (split == 0)
		return FAIL(v, o, "expects 'aiv_subblockid' only when 'split' is 1, 2, 3, or 4");
	if (is_view(v, x))
		return FAIL(v, o, "does not support 'aiv_subblockid' for !pto.tensor_view pipe entries");
	if (t->core != CORE_VECTOR || !x->s || x->s->space != SP_VEC)
		return FAIL(v, o, "expects 'aiv_subblockid' only on AIV-side vector tile pipe entries");
	return true;
}

static bool
pop_valid(struct verify *v, struct op o, const struct opnd *x, int64_t split)
{
	bool row = op_slot(v->ir, o, 0).i, col = op_slot(v->ir, o, 1).i;

	if (row != col)
		return FAIL(v, o, "expects valid_row and valid_col operands to be provided together");
	if (row && is_view(v, x))
		return FAIL(v, o, "does not accept valid_row/valid_col when result is !pto.tensor_view");
	if (row && !x->s)
		return FAIL(v, o, "expects tile result to be !pto.tile_buf when valid_row/valid_col operands are "
			    "provided");
	if (row && (x->s->vrow != DIM_DYN || x->s->vcol != DIM_DYN))
		return FAIL(v, o, "expects tile result to have dynamic validShape (?, ?) when valid_row/valid_col "
			    "operands are provided") || blame(v, x, NULL);
	if (split > 2 && !row)
		return FAIL(v, o, "expects odd C2V split tpop to provide per-sub-core valid_row and valid_col "
			    "operands");
	return true;
}

static bool
entry_kind(struct verify *v, struct op o, const struct transfer_row *t, const struct opnd *x)
{
	if (!x->type.i && t->kind == 'f')
		return true;
	if (t->kind == 'a' && !is_view(v, x))
		return FAIL(v, o, "expects result to be !pto.tensor_view") || blame(v, x, NULL);
	if (!x->s && !is_view(v, x))
		return FAIL(v, o, "expects the pipe entry to be !pto.tile_buf or !pto.tensor_view") ||
		       blame(v, x, NULL);
	return true;
}

bool
verify_fifo_front(struct verify *v, struct op o)
{
	const struct transfer_row *t = transfer_table;
	const struct ir_names *n = &v->ir->name;
	int64_t id = fifo_attr(v, o, n->id, 0), split = fifo_attr(v, o, n->split, 0);
	uint32_t count;

	while (t->op != op_id(v->ir, o))
		t++;
	struct opnd x = entry_of(v, o, t);
	if (!fifo_numbers(v, o) || !in_core(v, o, (enum core)t->core))
		return false;
	if (id < 0)
		return FAIL(v, o, "expects 'id' to be non-negative");
	if (split < 0 || split > 4)
		return FAIL(v, o, "expects 'split' to be 0, 1, 2, 3, or 4");
	struct op init = fifo_find(v, o, id, (struct op){0}, &count);
	if (count != 1)
		return FAIL(v, o, "expects 'id' = %lld to match %s frontend initialize_pipe op in the same function",
			    (long long)id, count ? "exactly one" : "a");
	int64_t dir = fifo_attr(v, init, n->dir_mask, 1);
	if (!(dir & (t->c2v ? 1 : 2)))
		return FAIL(v, o, "expects 'id' = %lld to reference initialize_pipe with dir_mask = %d or 3",
			    (long long)id, t->c2v ? 1 : 2);
	if (!entry_kind(v, o, t, &x) || (split > 2 && !odd_split(v, o, t, init, is_view(v, &x))))
		return false;
	if (is_view(v, &x) && !view_entry(v, o, init, &x, id, split))
		return false;
	if (t->kind == 'u' && !split_parity(v, o, &x, split))
		return false;
	if (t->kind == 'o' && !pop_valid(v, o, &x, split))
		return false;
	return sub_block(v, o, t, &x, split) && fixpipe_transfer(v, o, init, t->kind, &x, split);
}

/* talloc, tpush, tpop, tfree on a fifo value */
bool
verify_fifo_move(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	struct opnd x = {.name = ""}, p = opnd_of(v, o, 1);
	bool has = opnd_get(v, o, 0, &x);
	struct op init = ir_val(ir, p.val)->def;
	int64_t split = fifo_attr(v, o, ir->name.split, 0);

	if (!fifo_numbers(v, o))
		return false;
	if (split < 0 || split > 4)
		return FAIL(v, o, "expects 'split' to be 0, 1, 2, 3, or 4");
	if (func_core(ir, o) == CORE_NONE)
		return FAIL(v, o, "must be inside pto.section.cube/vector or a kernel_kind function");
	if (!init.i || op_id(ir, init) != OP_INITIALIZE_L2G2L_PIPE)
		return FAIL(v, o, "pipe_handle must be produced by pto.initialize_l2l_pipe or "
			    "pto.initialize_l2g2l_pipe") || blame(v, &p, NULL);
	bool local = op_slot(ir, init, 1).i;
	if (split > 2 && (fifo_attr(v, init, ir->name.dir_mask, 1) != 1 || !local))
		return FAIL(v, o, "supports odd split modes (split = 3 or 4) only for a unidirectional C2V "
			    "pto.initialize_l2g2l_pipe with a local consumer buffer");
	if (!has)
		return true;
	if (!x.s && !is_view(v, &x))
		return FAIL(v, o, "expects the pipe entry to be !pto.tile_buf or !pto.tensor_view") ||
		       blame(v, &x, NULL);
	if (x.s && op_id(ir, o) == OP_TPUSH && x.s->space != SP_ACC && x.s->space != SP_VEC)
		return FAIL(v, o, "tile type must map to a supported producer pipe") || blame(v, &x, NULL);
	if (x.s && op_id(ir, o) == OP_TPOP && x.s->space != SP_MAT && x.s->space != SP_VEC)
		return FAIL(v, o, "tile type and target arch must map to a supported consumer pipe") ||
		       blame(v, &x, NULL);
	if (x.s)
		return true;
	if (local)
		return FAIL(v, o, "expects a pipe without local_addr when the pipe entry is !pto.tensor_view") ||
		       blame(v, &p, NULL);
	const struct type_data *g = type_data(&ir->types, val_type(ir, op_slot(ir, init, 0)));
	return g->kind != TY_TVIEW || entry_matches(v, o, type_data(&ir->types, x.type), g, split,
						    "initialize_l2g2l_pipe gm_addr");
}

/* ---- reserved buffers ---- */

static struct sym
buffer_name(struct verify *v, struct op o)
{
	const struct attr_data *d = attr_data(&v->ir->attrs, op_attr(v->ir, o, v->ir->name.fifo_name));

	return d->kind == AT_STRING ? d->text : (struct sym){0};
}

static bool
first_is(struct verify *v, struct op before)
{
	diag_note(v->ir->diags, ir_op(v->ir, before)->span, "the first one is here");
	return false;
}

/* Is there another op of the same kind and key before o in the function? Buffers are few: a function has 16 flags. */
static struct op
same_buffer(struct verify *v, struct op root, struct op o)
{
	struct ir *ir = v->ir;
	struct sym peer = ir->name.peer_func;

	for (uint32_t r = 0; r < ir_op(ir, root)->nreg; r++)
		for (struct blk b = op_body(ir, root, r); b.i; b = ir_blk(ir, b)->next)
			for (struct op c = ir_blk(ir, b)->first; c.i; c = ir_op(ir, c)->next) {
				if (c.i != o.i && op_id(ir, c) == op_id(ir, o) &&
				    buffer_name(v, c).i == buffer_name(v, o).i &&
				    op_attr(ir, c, peer).i == op_attr(ir, o, peer).i && c.i < o.i)
					return c;
				struct op in = same_buffer(v, c, o);
				if (in.i)
					return in;
			}
	return (struct op){0};
}

static bool
is_true(struct verify *v, struct op o, struct sym key)
{
	const struct attr_data *d = attr_data(&v->ir->attrs, op_attr(v->ir, o, key));

	return (d->kind == AT_BOOL || d->kind == AT_INT) && d->i;
}

static bool
level_error(struct verify *v, struct op o, const char *text)
{
	diag_report(v->ir->diags, DIAG_LEVEL, ir_op(v->ir, o)->span, "%s", text);
	return false;
}

/* The level decides who gives the address. */
static bool
reserve_level(struct verify *v, struct op o, enum space sp, int64_t size)
{
	const struct ir_names *n = &v->ir->name;
	bool automatic = is_true(v, o, n->fifo_auto), has = op_attr(v->ir, o, n->fifo_base).i;
	int64_t base = fifo_attr(v, o, n->fifo_base, 0), cap = isa_space[sp].bytes;

	if (v->opt->level < 3 && automatic && has)
		return level_error(v, o, "unexpected 'base' on auto reserve_buffer: level1/level2 assign it in "
				   "pto-plan-memory");
	if (v->opt->level < 3 && !automatic)
		return level_error(v, o, "pto.reserve_buffer with explicit 'base' (auto = false) is not supported when "
				   "--pto-level=level1 or level2; use --pto-level=level3 or set auto = true");
	if (v->opt->level == 3 && (automatic || !has))
		return level_error(v, o, "pto.reserve_buffer requires 'auto = false' and explicit 'base' when "
				   "--pto-level=level3");
	if (!has)
		return true;
	if (base % 256)
		return FAIL(v, o, "expects 'base' to be aligned to 256 bytes for %s", isa_space[sp].tile);
	if (base > cap - size)
		return FAIL(v, o, "reserved range exceeds %s capacity: base %lld + size %lld > %lld bytes",
			    isa_space[sp].tile, (long long)base, (long long)size, (long long)cap);
	return true;
}

bool
verify_reserve_buffer(struct verify *v, struct op o)
{
	const struct ir_names *n = &v->ir->name;
	int64_t size = fifo_attr(v, o, n->fifo_size, 0);
	int32_t sp = op_enum(v->ir, o, n->location, EN_ADDRESS_SPACE, -1);
	struct opnd r = opnd_result(v, o, 0);
	struct op f = op_enclosing(v->ir, o, OP_FUNC);

	if (!fifo_numbers(v, o))
		return false;
	if (elem_bit(v, r.type) != E_I32)
		return FAIL(v, o, "expects result to be i32") || blame(v, &r, NULL);
	if (!buffer_name(v, o).i)
		return FAIL(v, o, "requires attribute 'name'");
	if (size <= 0)
		return FAIL(v, o, "expects 'size' to be greater than 0");
	if (sp != SP_VEC && sp != SP_MAT)
		return FAIL(v, o, "expects 'location' to be #pto.address_space<vec> or #pto.address_space<mat>");
	if (!is_true(v, o, n->fifo_auto) && !op_attr(v->ir, o, n->fifo_base).i && v->opt->level < 3)
		return FAIL(v, o, "expects 'base' when 'auto' is false");
	if (fifo_attr(v, o, n->fifo_base, 0) < 0)
		return FAIL(v, o, "expects 'base' to be non-negative when present");
	struct op before = f.i ? same_buffer(v, f, o) : f;
	if (before.i)
		return FAIL(v, o, "requires 'name' to be unique within the function") || first_is(v, before);
	return reserve_level(v, o, (enum space)sp, size);
}

/* The reserve_buffer of that name in a function; 0 when there is none. */
struct op
reserved_in(struct verify *v, struct op root, struct sym name)
{
	struct ir *ir = v->ir;

	for (uint32_t r = 0; r < ir_op(ir, root)->nreg; r++)
		for (struct blk b = op_body(ir, root, r); b.i; b = ir_blk(ir, b)->next)
			for (struct op c = ir_blk(ir, b)->first; c.i; c = ir_op(ir, c)->next) {
				if (op_id(ir, c) == OP_RESERVE_BUFFER && buffer_name(v, c).i == name.i)
					return c;
				struct op in = reserved_in(v, c, name);
				if (in.i)
					return in;
			}
	return (struct op){0};
}

bool
verify_import_buffer(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	const struct attr_data *d = attr_data(&ir->attrs, op_attr(ir, o, ir->name.peer_func));
	uint32_t f = d->kind == AT_SYMBOL && d->text.i < v->nsym ? v->sym_func[d->text.i] : 0;
	struct op here = op_enclosing(ir, o, OP_FUNC);

	if (!buffer_name(v, o).i)
		return FAIL(v, o, "requires attribute 'name'");
	if (!f)
		return FAIL(v, o, "expects 'peer_func' to reference an existing func.func");
	struct op before = here.i ? same_buffer(v, here, o) : here;
	if (before.i)
		return FAIL(v, o, "requires (name, peer_func) to be unique within the function") ||
		       first_is(v, before);
	if (!reserved_in(v, v->func.at[f], buffer_name(v, o)).i)
		return FAIL(v, o, "expects matching peer reserve_buffer to exist");
	return true;
}
