/*
 * fixpipe: fifos whose accumulator pushes convert on the way out (acc_push_epilogue), and their quantisation state.
 * Texts: ops-sync-comm.json, pto.aic_initialize_pipe, pto.tpush_to_aiv, pto.set_quant_scalar.
 */
#include "isa/fixpipe.h"
#include "verify/fifo.h"

static bool
epilogue_of(struct verify *v, struct op init, struct fixpipe *f)
{
	const struct attr_data *d = attr_data(&v->ir->attrs, op_attr(v->ir, init, v->ir->name.acc_push_epilogue));

	return (d->kind == AT_OPAQUE || d->kind == AT_STRING) && fixpipe_parse(sym_text(&v->ir->in, d->text), f);
}

static bool
has_word(const char *list, const char *word)
{
	uint32_t n = (uint32_t)strlen(word);

	for (const char *p = list; p && (p = strstr(p, word)); p += n)
		if ((p == list || p[-1] == ' ') && (p[n] == '\0' || p[n] == ' '))
			return true;
	return false;
}

/* "f32", "i32", "si8"; signless bytes stay i8, which no quantisation makes. */
static bool
is_elem(struct verify *v, struct typ elem, const char *list)
{
	return has_word(list, ty_str(v, elem));
}

/* The op behind a consumer ring: reserve_buffer or import_reserved_buffer; 0 otherwise. */
static struct op
ring_op(struct verify *v, struct op init)
{
	struct val b = op_slot(v->ir, init, 2);
	struct op def = b.i ? ir_val(v->ir, b)->def : (struct op){0};
	enum op_id id = def.i ? op_id(v->ir, def) : OP_NONE;

	return id == OP_RESERVE_BUFFER || id == OP_IMPORT_RESERVED_BUFFER ? def : (struct op){0};
}

static struct sym
text_attr(struct verify *v, struct op o, struct sym key)
{
	return attr_data(&v->ir->attrs, op_attr(v->ir, o, key))->text;
}

struct peer_search {
	enum op_id id;		/* init op looked for */
	struct sym name, owner;	/* reserved buffer */
	struct op found;
	uint32_t n;
};

/* Declarations inside root whose ring is the buffer searched for. */
static void
peer_scan(struct verify *v, struct op root, struct sym here, struct peer_search *s)
{
	struct ir *ir = v->ir;

	for (uint32_t r = 0; r < ir_op(ir, root)->nreg; r++)
		for (struct blk b = op_body(ir, root, r); b.i; b = ir_blk(ir, b)->next)
			for (struct op c = ir_blk(ir, b)->first; c.i; c = ir_op(ir, c)->next) {
				peer_scan(v, c, here, s);
				struct op ring = op_id(ir, c) == s->id ? ring_op(v, c) : (struct op){0};
				if (!ring.i || text_attr(v, ring, ir->name.fifo_name).i != s->name.i)
					continue;
				struct sym owner = op_id(ir, ring) == OP_RESERVE_BUFFER
							   ? here
							   : text_attr(v, ring, ir->name.peer_func);
				if (owner.i != s->owner.i)
					continue;
				s->found = c;
				s->n++;
			}
}

/* The declaration at the other end of a fixpipe fifo; the name of the buffer comes back for messages. */
static struct op
peer_of(struct verify *v, struct op init, struct peer_search *s)
{
	struct ir *ir = v->ir;
	struct op ring = ring_op(v, init), f = op_enclosing(ir, init, OP_FUNC);
	bool producer = op_id(ir, init) == OP_AIC_INITIALIZE_PIPE;

	*s = (struct peer_search){.id = producer ? OP_AIV_INITIALIZE_PIPE : OP_AIC_INITIALIZE_PIPE};
	s->name = text_attr(v, ring, ir->name.fifo_name);
	s->owner = op_id(ir, ring) == OP_RESERVE_BUFFER ? func_name(ir, f) : text_attr(v, ring, ir->name.peer_func);
	for (uint32_t k = 1; k < v->func.n; k++)
		if (v->func.at[k].i != f.i)
			peer_scan(v, v->func.at[k], func_name(ir, v->func.at[k]), s);
	return s->found;
}

static bool
same_part(struct verify *v, struct op o, const char *part, const char *mine, const char *theirs)
{
	bool producer = op_id(v->ir, o) == OP_AIC_INITIALIZE_PIPE;

	if (strcmp(mine, theirs) == 0)
		return true;
	return FAIL(v, o, "expects acc_push_epilogue.%s to match peer %s (%s has %s, %s has %s)", part,
		    producer ? "consumer" : "producer", producer ? "producer" : "consumer", mine,
		    producer ? "consumer" : "producer", theirs);
}

static bool
peer_agrees(struct verify *v, struct op o, const struct fixpipe *f)
{
	bool producer = op_id(v->ir, o) == OP_AIC_INITIALIZE_PIPE;
	struct peer_search s;
	struct op peer = peer_of(v, o, &s);
	struct fixpipe g;

	if (!peer.i && producer)
		return FAIL(v, o, "expects peer consumer function to contain a matching aiv_initialize_pipe with the "
			    "same consumer buffer contract");
	if (!peer.i || s.n > 1)
		return FAIL(v, o, s.n > 1 ? "finds multiple peer import_reserved_buffer ops for consumer buffer '%s'"
					  : "cannot find peer import_reserved_buffer for consumer buffer '%s'",
			    sym_str(&v->ir->in, s.name));
	if (!epilogue_of(v, peer, &g))
		return FAIL(v, o, "expects peer %s pipe init to also have 'acc_push_epilogue' for fixpipe contract "
			    "consistency", producer ? "consumer" : "producer");
	return same_part(v, o, "layout", fixpipe_layout(f->layout), fixpipe_layout(g.layout)) &&
	       same_part(v, o, "quant", isa_quant[f->quant].name, isa_quant[g.quant].name) &&
	       same_part(v, o, "relu", fixpipe_relu(f->relu), fixpipe_relu(g.relu));
}

static bool
other_hardware(struct verify *v, struct op o, const struct quant_row *q)
{
	if (q->to)
		return true;
	if (strncmp(q->name, "qs322bf16", 9) == 0)
		return FAIL(v, o, "expects 'qs322bf16_pre_*' quantization modes to be used only on A5 target");
	return FAIL(v, o, "expects 'qf322hif8_pre_scalar'/'qf322fp8_pre_scalar' to be used only on A5 target");
}

/* ---- entries of the consumer ---- */

struct entries {
	int64_t id;
	struct typ first;
	struct op odd;		/* a pop of another type */
	uint32_t n;
};

static void
pop_scan(struct verify *v, struct op root, struct entries *e)
{
	struct ir *ir = v->ir;

	for (uint32_t r = 0; r < ir_op(ir, root)->nreg; r++)
		for (struct blk b = op_body(ir, root, r); b.i; b = ir_blk(ir, b)->next)
			for (struct op c = ir_blk(ir, b)->first; c.i; c = ir_op(ir, c)->next) {
				pop_scan(v, c, e);
				if (op_id(ir, c) != OP_TPOP_FROM_AIC || fifo_attr(v, c, ir->name.id, 0) != e->id)
					continue;
				struct typ ty = val_type(ir, op_res(ir, c, 0));
				if (e->n++ == 0)
					e->first = ty;
				else if (ty.i != e->first.i)
					e->odd = c;
			}
}

static bool
layout_fits(const struct tile_shape *s, uint32_t layout)
{
	if (s->space != SP_VEC)
		return false;
	if (layout == 2)
		return s->blayout == BL_COL_MAJOR && s->slayout == SL_ROW_MAJOR;
	return s->slayout == SL_NONE_BOX && s->blayout == (layout ? BL_COL_MAJOR : BL_ROW_MAJOR);
}

static bool
consumer_entries(struct verify *v, struct op o, const struct fixpipe *f)
{
	struct ir *ir = v->ir;
	struct entries e = {.id = fifo_attr(v, o, ir->name.id, 0)};
	struct peer_search s;

	pop_scan(v, op_enclosing(ir, o, OP_FUNC), &e);
	if (!e.n)
		return FAIL(v, o, "expects at least one tpop_from_aic for fixpipe pipe id = %lld to resolve the "
			    "consumer entry type", (long long)e.id);
	const struct type_data *d = type_data(&ir->types, e.first);
	if (d->kind != TY_TILE)
		return FAIL(v, o, "expects fixpipe consumer tpop result to be !pto.tile_buf");
	if (e.odd.i)
		return FAIL(v, o, "expects all tpop_from_aic results for fixpipe pipe id = %lld to use the same tile "
			    "type",
			    (long long)e.id);
	if (!is_elem(v, d->sub[0], isa_quant[f->quant].to))
		return FAIL(v, o, "expects consumer element type to match acc_push_epilogue.quant %s",
			    isa_quant[f->quant].name);
	if (!layout_fits(&d->tile, f->layout))
		return FAIL(v, o, "expects consumer tile layout to match acc_push_epilogue.layout %s",
			    fixpipe_layout(f->layout));
	int64_t need = d->tile.rows * d->tile.cols * type_bytes(&ir->types, d->sub[0]);
	if (fifo_attr(v, o, ir->name.slot_size, 0) < need)
		return FAIL(v, o, "expects consumer-side fixpipe slot_size to be at least %lld bytes for the resolved "
			    "post-fixpipe consumer entry", (long long)need);
	struct op peer = peer_of(v, o, &s);
	if (peer.i && fifo_attr(v, peer, ir->name.slot_size, 0) < need)
		return FAIL(v, o, "expects peer producer fixpipe slot_size to be at least %lld bytes for the resolved "
			    "post-fixpipe consumer entry", (long long)need);
	return true;
}

bool
fixpipe_init(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	const struct attr_data *ns = attr_data(&ir->attrs, op_attr(ir, o, ir->name.nosplit));
	struct fixpipe f;

	if (!op_attr(ir, o, ir->name.acc_push_epilogue).i)
		return true;
	if (!epilogue_of(v, o, &f))
		return FAIL(v, o, "expects 'acc_push_epilogue' to be #pto.acc_push_epilogue<layout = L, quant = Q, "
			    "relu = R>");
	if (fifo_attr(v, o, ir->name.dir_mask, 1) != 1)
		return FAIL(v, o, "expects fixpipe pipe (with 'acc_push_epilogue') to have dir_mask = 1 (C2V only)");
	if (ns->kind != AT_BOOL || !ns->i)
		return FAIL(v, o, "expects fixpipe pipe (with 'acc_push_epilogue') to have nosplit = true");
	if (!ring_op(v, o).i)
		return FAIL(v, o, "expects fixpipe pipe 'c2v_consumer_buf' to trace to reserve_buffer or "
			    "import_reserved_buffer for peer contract verification");
	if (!other_hardware(v, o, &isa_quant[f.quant]) || !peer_agrees(v, o, &f))
		return false;
	return op_id(ir, o) == OP_AIC_INITIALIZE_PIPE || consumer_entries(v, o, &f);
}

/* ---- transfers and state ---- */

/* State set earlier in the same block. */
static bool
state_before(struct verify *v, struct op o, enum op_id want, int64_t id)
{
	struct ir *ir = v->ir;

	for (struct op p = ir_op(ir, o)->prev; p.i; p = ir_op(ir, p)->prev)
		if (op_id(ir, p) == want && fifo_attr(v, p, ir->name.id, 0) == id)
			return true;
	return FAIL(v, o, "expects a preceding %s with id = %lld in the same block", isa_op[want].name, (long long)id);
}

bool
fixpipe_transfer(struct verify *v, struct op o, struct op init, char kind, const struct opnd *x, int64_t split)
{
	static const char *const what[] = {"TALLOC", "TPUSH", "TPOP", "TFREE"};
	const char *name = what[kind == 'a' ? 0 : kind == 'u' ? 1 : kind == 'o' ? 2 : 3];
	struct fixpipe f;

	if (!epilogue_of(v, init, &f))
		return true;
	const struct quant_row *q = &isa_quant[f.quant];
	if (split)
		return FAIL(v, o, "expects fixpipe %s to have split = 0", name);
	if (kind != 'u')
		return true;
	if (!x->s || x->s->space != SP_ACC)
		return FAIL(v, o, "expects fixpipe TPUSH source tile to use loc=acc") || blame(v, x, NULL);
	if (!is_elem(v, x->elem, q->from))
		return FAIL(v, o, "expects fixpipe TPUSH source element type to match acc_push_epilogue.quant mode "
			    "requirements") || blame(v, x, NULL);
	int64_t id = fifo_attr(v, o, v->ir->name.id, 0);
	return q->state == QUANT_NONE ||
	       state_before(v, o, q->state == QUANT_SCALAR ? OP_SET_QUANT_SCALAR : OP_SET_QUANT_VECTOR, id);
}

bool
verify_set_quant(struct verify *v, struct op o)
{
	struct ir *ir = v->ir;
	bool vector = op_id(ir, o) == OP_SET_QUANT_VECTOR;
	struct opnd x = opnd_of(v, o, 0);
	int64_t id = fifo_attr(v, o, ir->name.id, -1);
	struct fixpipe f;
	uint32_t n;

	if (id < 0)
		return FAIL(v, o, "requires attribute 'id'");
	if (!in_core(v, o, CORE_CUBE))
		return false;
	struct op init = fifo_find(v, o, id, (struct op){0}, &n);
	if (!init.i || !epilogue_of(v, init, &f) ||
	    isa_quant[f.quant].state != (vector ? QUANT_VECTOR : QUANT_SCALAR))
		return FAIL(v, o, "expects 'id' = %lld to reference aic_initialize_pipe with a %s "
			    "acc_push_epilogue.quant",
			    (long long)id, vector ? "vector" : "scalar");
	if (!vector)
		return elem_bit(v, x.type) == E_F32 || FAIL(v, o, "expects scale to be f32") || blame(v, &x, NULL);
	if (x.s->space != SP_SCALING)
		return FAIL(v, o, "expects 'scaling_tile' to use loc=scaling") || blame(v, &x, NULL);
	if (!(elem_bit(v, x.elem) & E_B64))
		return FAIL(v, o, "expects 'scaling_tile' element type to be packed i64/ui64 on A3") ||
		       blame(v, &x, NULL);
	return true;
}
