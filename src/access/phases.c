/*
 * phases: what each op does on which pipe. The op table names a rule per op; this file includes the table and expands
 * that column. Facts that are more than one phase on one pipe stand as data next to their rule.
 * Source: sync-model.md §6, ops-move.md §0 and §5, ops-compute.md §1 and §7, hidden_sync of ops-*.json.
 */
#include "access/phases.h"

#include "mem/mem.h"

/* ---- building blocks ---- */

void
phase_begin(struct access *ac, struct op o, enum pipe pipe)
{
	VEC_PUSH(ac->a, &ac->phase, (struct phase){.op = o, .pipe = (uint8_t)pipe, .acc0 = ac->acc.n});
}

struct phase *
phase_cur(struct access *ac)
{
	return &ac->phase.at[ac->phase.n - 1];
}

void
add_acc(struct access *ac, uint32_t set, unsigned rw, uint32_t slot)
{
	struct phase *p = phase_cur(ac);

	VEC_PUSH(ac->a, &ac->acc, (struct acc){.set = set, .rw = (uint8_t)rw, .slot = (uint8_t)slot});
	ac->use.at[set] |= p->pipe == P_S ? USE_SCALAR : USE_PIPE;
	p->nacc++;
}

/* Keys a library macro sets and waits for itself (sync-model §6.2); all with event id 0. */
static const struct key_row keys_v_s_v[] = {{P_V, P_S}, {P_S, P_V}};
static const struct key_row keys_v_s[] = {{P_V, P_S}};
static const struct key_row keys_s_v[] = {{P_S, P_V}};
static const struct key_row keys_concat[] = {{P_V, P_S}, {P_MTE2, P_S}};
static const struct key_row keys_concat_index[] = {{P_MTE2, P_S}, {P_S, P_V}, {P_V, P_S}, {P_S, P_MTE3}};

void
add_keys(struct access *ac, const struct key_row *k, size_t n)
{
	for (size_t i = 0; i < n; i++)
		VEC_PUSH(ac->a, &ac->hidden, ((struct hidden_key){k[i].src, k[i].dst, 1, false}));
}

/* ---- extents of operands ---- */

static struct region
contiguous(const struct access *ac, const struct place *p, int64_t bytes)
{
	struct region r = {.kind = RG_LOCAL, .space = (uint8_t)p->space, .func = ac->func.i, .lo = p->u.tile.base};

	r.width = bytes;
	return r;
}

/*
 * L0C. The matrix unit lays the product out by the run-time sizes: ceil16(m) * ceil16(n) from the base, where m == 1
 * runs as 16. A store reads whole column blocks of the physical height, or of ceil16(valid rows) when the tile is
 * compact.
 */
static struct region
acc_region(const struct access *ac, const struct place *p, enum pipe pipe, bool *whole)
{
	const struct tile_place *t = &p->u.tile;
	int64_t rows = (t->vrow + 15) / 16 * 16, cols = (t->vcol + 15) / 16 * 16;
	bool packed = pipe == P_M || t->compact;

	*whole = t->exact;
	return contiguous(ac, p, (packed ? rows : t->rows) * cols * t->elem_bytes);
}

/* Bytes of a tile operand; *whole: every one of them is touched. */
static struct region
operand_region(const struct access *ac, const struct place *p, enum pipe pipe, enum extent ext, bool *whole)
{
	const struct tile_place *t = &p->u.tile;
	bool full = t->exact && t->vrow == t->rows && t->vcol == t->cols;

	*whole = full;
	if (p->space == SP_ACC)
		return acc_region(ac, p, pipe, whole);
	if (t->compact && t->layout != TL_ROWS && t->layout != TL_COLS)
		return contiguous(ac, p, t->rows * t->cols * t->elem_bytes);
	if (ext == EXT_FULL) {
		/* The bias table is written in units of 64 bytes, the fixpipe buffer in units of 128. */
		int64_t align = p->space == SP_BIAS ? 64 : p->space == SP_SCALING ? 128 : 1;
		return tile_region(ac, t, p->space, 0, 0, t->rows, t->cols, align);
	}
	*whole = t->exact;
	bool blocks = ext == EXT_BLOCKS || (ext == EXT_LOAD && (t->pads || p->space == SP_MAT));
	return tile_region(ac, t, p->space, 0, 0, t->vrow, t->vcol, blocks ? 32 : 1);
}

void
add_tile(struct access *ac, struct val v, uint32_t slot, unsigned rw, enum extent ext)
{
	struct place_list l = place_of(ac, v);

	for (uint32_t k = 0; k < l.n; k++) {
		struct place p = *place_at(ac, l, k);
		if (p.kind != PL_TILE) {
			add_acc(ac, region_of_space(ac, p.space), rw, slot);
			continue;
		}
		bool whole;
		struct region r = operand_region(ac, &p, (enum pipe)phase_cur(ac)->pipe, ext, &whole);
		add_acc(ac, region_get(ac, &r), rw | (whole && l.n == 1 ? ACC_WHOLE : 0u), slot);
	}
}

/* A transfer moves no more elements than its tile holds: bounds dimensions whose size is known at run time only. */
static void
clip_to_tile(struct place *p, const struct tile_place *t)
{
	struct gm_place *g = &p->u.gm;
	int64_t most = t->rows * t->cols;

	for (uint32_t k = 0; k < g->rank; k++)
		if (!(g->open & 1u << k) && g->count[k] > 0)
			most /= g->count[k];
	for (uint32_t k = 0; k < g->rank; k++)
		if ((g->open & 1u << k) && g->count[k] > most)
			g->count[k] = most;
}

/* Largest tile among the operands of a transfer; 0 when one is unknown. */
static bool
transfer_tile(struct access *ac, struct op o, struct tile_place *t)
{
	for (uint32_t k = 0; k < ir_op(ac->ir, o)->nopnd; k++) {
		struct val v = op_opnd(ac->ir, o, k);
		if (!v.i || type_kind(&ac->ir->types, val_type(ac->ir, v)) != TY_TILE)
			continue;
		struct place_list l = place_of(ac, v);
		*t = place_at(ac, l, 0)->u.tile;
		return l.n == 1 && place_at(ac, l, 0)->kind == PL_TILE;
	}
	return false;
}

/* GM behind a pointer or view; a pointer stands for one element `byte_off` behind it. */
void
add_gm(struct access *ac, struct op o, struct val v, uint32_t slot, unsigned rw, uint32_t byte_off)
{
	struct place_list l = place_of(ac, v);
	struct tile_place t = {.rows = 0};
	bool clip = transfer_tile(ac, o, &t);

	for (uint32_t k = 0; k < l.n; k++) {
		struct place p = *place_at(ac, l, k);
		bool exact = p.kind == PL_GM && !p.u.gm.open && l.n == 1 && !(rw & ACC_ATOMIC);
		if (p.kind == PL_SPACE) {
			add_acc(ac, region_of_space(ac, p.space), rw, slot);
			continue;
		}
		if (p.kind == PL_GM && byte_off)
			p.u.gm.base = aff_add(&ac->aff, p.u.gm.base, byte_off);
		bool open = p.kind == PL_GM && p.u.gm.open && l.n == 1 && !(rw & ACC_ATOMIC);
		if (p.kind == PL_GM && p.u.gm.open && clip)
			clip_to_tile(&p, &t);
		add_acc(ac, region_of_gm(ac, &p), rw | (exact ? ACC_WHOLE : 0u), slot);
		if (open) {
			ac->acc.at[ac->acc.n - 1].open = ac->open.n;
			VEC_PUSH(ac->a, &ac->open, p.u.gm);
		}
	}
}

static const struct slots *
slots_of(struct access *ac, struct op o)
{
	struct slots *s = &ac->slots[op_id(ac->ir, o)];

	if (!s->known)
		s->n = op_slots(op_id(ac->ir, o), s->at);
	s->known = true;
	return s;
}

static unsigned
rw_of(char letter)
{
	switch (letter) {
	case 'r':
		return ACC_READ;
	case 'w':
		return ACC_WRITE;
	case 'b':
		return ACC_READ | ACC_WRITE;
	case 's':
		return ACC_READ | ACC_WRITE | ACC_SCRATCH;
	default:
		return 0;
	}
}

/* Accesses of the slots in the mask, as the table's rw column says. */
void
add_slots(struct access *ac, struct op o, uint32_t mask, enum extent ext)
{
	const struct slots *sl = slots_of(ac, o);

	for (uint32_t s = 0; s < sl->n; s++) {
		unsigned rw = rw_of(sl->at[s].rw);
		if (!rw || !(mask & 1u << s))
			continue;
		uint32_t nv;
		const struct val *v = op_group(ac->ir, o, s, &nv);
		for (uint32_t k = 0; k < nv; k++) {
			enum type_kind kind = type_kind(&ac->ir->types, val_type(ac->ir, v[k]));
			if (kind == TY_TILE || kind == TY_MULTI_TILE)
				add_tile(ac, v[k], s, rw, ext);
			else if (kind == TY_PTR || kind == TY_TVIEW || kind == TY_PVIEW)
				add_gm(ac, o, v[k], s, rw, 0);
		}
	}
}

enum space
slot_space(const struct access *ac, struct op o, uint32_t slot)
{
	struct val v = op_slot(ac->ir, o, slot);
	const struct type_data *d = v.i ? type_data(&ac->ir->types, val_type(ac->ir, v)) : NULL;

	return d && d->kind == TY_TILE ? d->tile.space : SP_ZERO;
}

const struct tile_shape *
slot_shape(const struct access *ac, struct op o, uint32_t slot)
{
	return &type_data(&ac->ir->types, val_type(ac->ir, op_slot(ac->ir, o, slot)))->tile;
}

/* First slot whose operand is written, which is the destination. */
static uint32_t
dst_slot(struct access *ac, struct op o)
{
	const struct slots *sl = slots_of(ac, o);

	for (uint32_t s = 0; s < sl->n; s++)
		if (sl->at[s].out)
			return s;
	return 0;
}

/* Pipe of a move between local spaces (ops-move.md, tmov and textract; isa table). */
static enum pipe
move_pipe(enum space src, enum space dst)
{
	if (src == SP_ACC)
		return P_FIX;
	if (src == SP_MAT)
		return dst == SP_SCALING ? P_FIX : P_MTE1;
	return P_V;
}

/* Which extent an op of that pipe uses: transfers and elementwise ops stop at the valid area; macros that walk rows,
 * sort or gather are taken to touch the whole shape. */
static enum extent
usual_extent(const struct access *ac, struct op o, enum pipe pipe)
{
	if (pipe == P_MTE2)
		return EXT_LOAD;
	if (pipe == P_V && op_row(ac->ir, o)->pipe == P_BY_SPACE)
		return EXT_BLOCKS;
	if (pipe == P_MTE3 || (op_row(ac->ir, o)->flags & OPF_LINEAR))
		return EXT_VALID;
	return EXT_FULL;
}

/* min(255, ceil(m/16) * ceil(n/16)) of a product, 0 when the sizes are not known. */
static uint8_t
fractals(struct access *ac, struct op o)
{
	int64_t m = 0, n = 0;

	for (uint32_t k = 0; k < ir_op(ac->ir, o)->nopnd; k++) {
		struct val v = op_opnd(ac->ir, o, k);
		if (!v.i || type_kind(&ac->ir->types, val_type(ac->ir, v)) != TY_TILE)
			continue;
		struct place_list l = place_of(ac, v);
		const struct place *p = place_at(ac, l, 0);
		if (l.n != 1 || p->kind != PL_TILE || !p->u.tile.exact)
			continue;
		if (p->space == SP_LEFT)
			m = (p->u.tile.vrow + 15) / 16;
		else if (p->space == SP_RIGHT)
			n = (p->u.tile.vcol + 15) / 16;
	}
	return (uint8_t)(m && n && m * n > 255 ? 255 : m * n);
}

/* ---- rules ---- */

static void
rule_none(struct access *ac, struct op o)
{
	(void)ac;
	(void)o;
}

static void
rule_one(struct access *ac, struct op o)
{
	enum pipe pipe = (enum pipe)op_row(ac->ir, o)->pipe;

	if (pipe == P_BY_SPACE)
		pipe = move_pipe(slot_space(ac, o, 0), slot_space(ac, o, dst_slot(ac, o)));
	phase_begin(ac, o, pipe);
	add_slots(ac, o, ALL_SLOTS, usual_extent(ac, o, pipe));
	if (pipe == P_M)
		phase_cur(ac)->m_fractals = fractals(ac, o);
}

/* V with scalar sections inside, fenced on both sides by the library. */
static void
rule_v_with_s(struct access *ac, struct op o)
{
	rule_one(ac, o);
	add_keys(ac, keys_v_s_v, 2);
}

static uint32_t
slot_elem_bytes(const struct access *ac, struct op o, uint32_t slot)
{
	struct val v = op_slot(ac->ir, o, slot);

	return v.i ? type_bytes(&ac->ir->types, type_elem(&ac->ir->types, val_type(ac->ir, v))) : 0;
}

static bool
slot_is_int(const struct access *ac, struct op o, uint32_t slot)
{
	struct val v = op_slot(ac->ir, o, slot);

	return v.i && type_is_int(&ac->ir->types, type_elem(&ac->ir->types, val_type(ac->ir, v)));
}

/* Integers run on the scalar unit, floats on the vector unit. */
static void
rule_v_with_s_int(struct access *ac, struct op o)
{
	rule_one(ac, o);
	if (slot_is_int(ac, o, dst_slot(ac, o)))
		add_keys(ac, keys_v_s_v, 2);
}

static void
rule_scalar(struct access *ac, struct op o)
{
	const struct slots *sl = slots_of(ac, o);

	phase_begin(ac, o, P_S);
	for (uint32_t s = 0; s + 1 < sl->n; s++) {
		if (sl->at[s].letter != 'p')
			continue;
		struct val ptr = op_slot(ac->ir, o, s), index = op_slot(ac->ir, o, s + 1);
		uint32_t es = type_bytes(&ac->ir->types, type_elem(&ac->ir->types, val_type(ac->ir, ptr)));
		uint32_t off = aff_scale(&ac->aff, aff_of(&ac->aff, index), es);
		add_gm(ac, o, ptr, s, rw_of(sl->at[s].rw), off);
	}
}

static void
rule_tstore(struct access *ac, struct op o)
{
	bool atomic = op_enum(ac->ir, o, ac->ir->name.atomic_type, EN_ATOMIC_TYPE, 0) != 0;
	bool acc = slot_space(ac, o, 0) == SP_ACC;

	phase_begin(ac, o, acc ? P_FIX : P_MTE3);
	add_slots(ac, o, 1, EXT_VALID);
	add_gm(ac, o, op_slot(ac->ir, o, 1), 1, ACC_WRITE | (atomic ? ACC_ATOMIC : 0u), 0);
	add_slots(ac, o, 4, EXT_FULL);
}

static void
rule_texpands(struct access *ac, struct op o)
{
	phase_begin(ac, o, slot_space(ac, o, 1) == SP_MAT ? P_MTE2 : P_V);
	add_slots(ac, o, ALL_SLOTS, EXT_VALID);
}

/* With a tmp tile the ramp is vector code, without it a scalar loop. */
static void
rule_tci(struct access *ac, struct op o)
{
	phase_begin(ac, o, op_slot(ac->ir, o, 1).i ? P_V : P_S);
	add_slots(ac, o, ALL_SLOTS, EXT_FULL);
}

/* Fixed library scratch in UB (capacities.json isa_hidden_scratch). */
void
add_fixed_scratch(struct access *ac)
{
	struct region r = {.kind = RG_LOCAL, .space = SP_VEC, .func = ac->func.i, .lo = FIXED_SCRATCH_LO};

	r.width = FIXED_SCRATCH_BYTES;
	add_acc(ac, region_get(ac, &r), ACC_READ | ACC_WRITE | ACC_SCRATCH, 0xff);
}

/* The only tile an operand can be; without rows when there are several or its place is unknown. */
static struct tile_place
slot_tile(struct access *ac, struct op o, uint32_t slot)
{
	struct place_list l = place_of(ac, op_slot(ac->ir, o, slot));
	const struct place *p = place_at(ac, l, 0);

	return l.n == 1 && p->kind == PL_TILE ? p->u.tile : (struct tile_place){.rows = 0};
}

static bool
same_valid(const struct tile_place *a, const struct tile_place *b)
{
	return a->rows && a->exact && b->exact && a->layout == TL_ROWS && a->vrow == b->vrow && a->vcol == b->vcol;
}

/*
 * src0, src1, tmp, dst; one of the sources is a column that meets every column of the other, the matrix, which has
 * dst's valid area. Mode 1: a column-major column; without tmp it is broadcast into the fixed scratch.
 *
 * TRowExpandBinOp.hpp walks dst's valid rows and columns only, of dst and of the matrix alike, in count mode and under
 * masks; above 255 valid rows it works in groups of 240 and may run over the last row. The column is read in groups of
 * eight rows or blocks of 32 bytes: all of it. Which source is the matrix is a matter of valid areas (TRowExpand*.hpp);
 * where both could be it, both are taken whole. Expdif goes on with TEXP on dst. A high-precision division is not in
 * the headers that were read.
 */
static void
rule_row_expand_binary(struct access *ac, struct op o)
{
	enum { SRC = 3, TMP = 4, DST = 8 };
	const struct tile_place a = slot_tile(ac, o, 0), b = slot_tile(ac, o, 1), d = slot_tile(ac, o, 3);
	bool rough = !d.rows || d.vrow > 255 || d.layout != TL_ROWS ||
		     op_enum(ac->ir, o, ac->ir->name.precision_type, EN_DIV_PRECISION, 0) != 0;
	bool like_a = !rough && same_valid(&a, &d), like_b = !rough && same_valid(&b, &d);
	uint32_t matrix = like_a == like_b ? 0 : like_a ? 1 : 2;

	phase_begin(ac, o, P_V);
	add_slots(ac, o, matrix, EXT_VALID);
	add_slots(ac, o, SRC & ~matrix, EXT_FULL);
	add_slots(ac, o, TMP, EXT_FULL);
	add_slots(ac, o, DST, rough ? EXT_FULL : EXT_VALID);
	if (mem_uses_fixed_scratch(ac->ir, o))
		add_fixed_scratch(ac);
}

/* TRowExpand.hpp: of each valid row the first element, on S, then the row's valid columns, on V; bytes in pairs. */
static void
rule_trowexpand(struct access *ac, struct op o)
{
	enum extent ext = slot_elem_bytes(ac, o, 1) > 1 ? EXT_VALID : EXT_FULL;

	phase_begin(ac, o, P_V);
	add_slots(ac, o, ALL_SLOTS, ext);
	add_keys(ac, keys_v_s_v, 2);
}

/* Window of the source that a move with a row and column index reads, in the shape of the destination. */
static void
add_window(struct access *ac, struct op o)
{
	struct place_list l = place_of(ac, op_slot(ac->ir, o, 0));
	const struct tile_shape *d = slot_shape(ac, o, 3);
	struct place p = *place_at(ac, l, 0);
	const struct tile_place *t = &p.u.tile;
	int64_t r0, c0;

	bool exact = l.n == 1 && p.kind == PL_TILE && p.space != SP_ACC && !t->compact &&
		     val_const_int(ac->ir, op_slot(ac->ir, o, 1), &r0) &&
		     val_const_int(ac->ir, op_slot(ac->ir, o, 2), &c0) && r0 >= 0 && c0 >= 0 &&
		     r0 <= t->rows - d->rows && c0 <= t->cols - d->cols && t->layout != TL_OTHER &&
		     r0 % t->box_rows == 0 && c0 % t->box_cols == 0;
	if (!exact) {
		add_slots(ac, o, 1, EXT_FULL);
		return;
	}
	struct region r = tile_region(ac, t, p.space, r0, c0, d->rows, d->cols, 1);
	add_acc(ac, region_get(ac, &r), ACC_READ, 0);
}

/* textract: src, row, column, dst, scalar, fp. A 1x1 window between vec tiles is copied by the scalar unit inside V. */
static void
rule_textract(struct access *ac, struct op o)
{
	const struct tile_shape *s = slot_shape(ac, o, 0), *d = slot_shape(ac, o, 3);
	enum pipe pipe = s->space == SP_MAT ? P_MTE1 : move_pipe(s->space, d->space);

	phase_begin(ac, o, s->space == SP_VEC && d->space == SP_MAT ? P_FIX : pipe);
	add_window(ac, o);
	add_slots(ac, o, ~1u & ALL_SLOTS, EXT_FULL);
	if (pipe != P_V)
		return;
	if (mem_uses_fixed_scratch(ac->ir, o))
		add_fixed_scratch(ac);
	if ((d->vrow == 1 || d->vrow == DIM_DYN) && (d->vcol == 1 || d->vcol == DIM_DYN))
		add_keys(ac, keys_v_s_v, 2);
}

/*
 * tgather: src, dst, cdst, indices, tmp, kValue. The compare form (it has cdst) is S: ramp into tmp; V: compare and
 * reduce; S: counts. Its phases are ordered by its own V<->S events; nothing orders the last one for the outside.
 */
static void
rule_tgather(struct access *ac, struct op o)
{
	enum { SRC = 1, DST = 2, CDST = 4, TMP = 16 };

	if (!op_slot(ac->ir, o, 2).i) {
		rule_one(ac, o);
		return;
	}
	phase_begin(ac, o, P_S);
	add_slots(ac, o, SRC | TMP, EXT_FULL);
	phase_begin(ac, o, P_V);
	add_slots(ac, o, SRC | DST | TMP, EXT_FULL);
	phase_begin(ac, o, P_S);
	add_slots(ac, o, CDST | TMP, EXT_FULL);
	add_keys(ac, keys_v_s_v, 2);
}

/* The exhausted form reads a status register on S at its end. */
static void
rule_tmrgsort(struct access *ac, struct op o)
{
	const struct attr_data *d = attr_data(&ac->ir->attrs, op_attr(ac->ir, o, ac->ir->name.exhausted));

	rule_one(ac, o);
	if ((d->kind == AT_BOOL || d->kind == AT_INT) && d->i)
		add_keys(ac, keys_v_s, 1);
}

/* Rows longer than one repeat are finished on S. */
static void
rule_row_arg(struct access *ac, struct op o)
{
	int64_t cols = slot_shape(ac, o, 0)->vcol;

	rule_one(ac, o);
	if (cols == DIM_DYN || cols * slot_elem_bytes(ac, o, 0) > 256)
		add_keys(ac, keys_v_s_v, 2);
}

/* Whole blocks go through tmp on V; everything else is a scalar loop that leaves tmp alone. */
static void
rule_ttrans(struct access *ac, struct op o)
{
	enum { SRC = 1, TMP = 2, DST = 4 };
	const struct tile_shape *s = slot_shape(ac, o, 0), *d = slot_shape(ac, o, 2);
	int64_t es = slot_elem_bytes(ac, o, 0), block = es ? 32 / es : 0;
	bool blocks = block && d->cols % (es == 1 ? 32 : 16) == 0 && s->cols % block == 0 && s->cols / block <= 255;

	phase_begin(ac, o, P_V);
	add_slots(ac, o, blocks ? SRC | TMP | DST : SRC | DST, EXT_FULL);
	if (!blocks)
		add_keys(ac, keys_v_s_v, 2);
}

/* S stores the scalar into tmp, without waiting for anybody; then V. */
static void
rule_tsels(struct access *ac, struct op o)
{
	enum { TMP = 4 };

	phase_begin(ac, o, P_S);
	add_slots(ac, o, TMP, EXT_FULL);
	phase_begin(ac, o, P_V);
	add_slots(ac, o, ALL_SLOTS, EXT_FULL);
	add_keys(ac, keys_s_v, 1);
}

/* V copies src0; src1 follows on V when it starts at a block, else on S with nothing behind it. */
static void
rule_tconcat(struct access *ac, struct op o)
{
	enum { SRC1 = 2, DST = 4 };
	int64_t cols = slot_shape(ac, o, 0)->vcol;

	rule_one(ac, o);
	if (cols != DIM_DYN && cols * slot_elem_bytes(ac, o, 0) % 32 == 0)
		return;
	phase_begin(ac, o, P_S);
	add_slots(ac, o, SRC1 | DST, EXT_FULL);
	add_keys(ac, keys_concat, 2);
}

/* Row by row: S reads the lengths, V copies whole blocks, S the rest. */
static void
rule_tconcatidx(struct access *ac, struct op o)
{
	enum { SRC0 = 1, SRC1 = 2, INDEX = 12, DST = 16 };

	phase_begin(ac, o, P_S);
	add_slots(ac, o, INDEX, EXT_FULL);
	phase_begin(ac, o, P_V);
	add_slots(ac, o, SRC0 | SRC1 | DST, EXT_FULL);
	phase_begin(ac, o, P_S);
	add_slots(ac, o, INDEX | SRC1 | DST, EXT_FULL);
	add_keys(ac, keys_concat_index, 4);
}

/*
 * trem, trems: src0, src1 or scalar, tmp, dst. Integers are converted in place and back. The scratch is one row of dst
 * and a mask of 256 bytes behind it, which may be more than tmp has (TRem.hpp).
 */
static void
rule_rem(struct access *ac, struct op o)
{
	struct val tmp = op_slot(ac->ir, o, 2), s1 = op_slot(ac->ir, o, 1);

	rule_one(ac, o);
	if (slot_is_int(ac, o, 3)) {
		add_tile(ac, op_slot(ac->ir, o, 0), 0, ACC_WRITE, EXT_FULL);
		if (type_kind(&ac->ir->types, val_type(ac->ir, s1)) == TY_TILE)
			add_tile(ac, s1, 1, ACC_WRITE, EXT_FULL);
	}
	struct place_list l = tmp.i ? place_of(ac, tmp) : (struct place_list){0, 0};
	for (uint32_t k = 0; k < l.n; k++) {
		struct place p = *place_at(ac, l, k);
		if (p.kind != PL_TILE)
			continue;
		struct region r = contiguous(ac, &p, slot_shape(ac, o, 3)->cols * slot_elem_bytes(ac, o, 3) + 256);
		add_acc(ac, region_get(ac, &r), ACC_READ | ACC_WRITE | ACC_SCRATCH, 2);
	}
}

/* L1 is filled by MTE2, which only writes; bytes in UB are padded by S in the middle of V, fenced by the library. */
static void
rule_tfillpad(struct access *ac, struct op o)
{
	enum { DST = 2 };
	bool mat = slot_space(ac, o, 1) == SP_MAT;

	phase_begin(ac, o, mat ? P_MTE2 : P_V);
	add_slots(ac, o, mat ? DST : ALL_SLOTS, EXT_FULL);
	if (!mat && slot_elem_bytes(ac, o, 1) == 1 && slot_shape(ac, o, 0)->pad != slot_shape(ac, o, 1)->pad)
		add_keys(ac, keys_v_s, 1);
}

/*
 * src, tmp view. S reads a UB tile or GM; tiles of L1 and L0C are copied to tmp first, with barriers on all pipes
 * around the copy and behind the print.
 */
static void
rule_tprint(struct access *ac, struct op o)
{
	enum space sp = slot_space(ac, o, 0);
	bool copied = op_slot(ac->ir, o, 1).i && sp != SP_VEC;

	phase_begin(ac, o, !copied ? P_S : sp == SP_ACC ? P_FIX : P_MTE3);
	add_slots(ac, o, 1, EXT_FULL);
	if (!op_slot(ac->ir, o, 1).i)
		return;
	add_gm(ac, o, op_slot(ac->ir, o, 1), 1, ACC_WRITE, 0);
	phase_begin(ac, o, P_S);
	phase_cur(ac)->drains = 1;
}

/* Release: the signal must not overtake earlier work. The macro drains all pipes, but after the store. */
static void
rule_tnotify(struct access *ac, struct op o)
{
	bool add = op_enum(ac->ir, o, ac->ir->name.notify_op, EN_NOTIFY_OP, 1) == 0;

	phase_begin(ac, o, P_S);
	phase_cur(ac)->kind = PH_RELEASE;
	phase_cur(ac)->drains = 1;
	add_gm(ac, o, op_slot(ac->ir, o, 0), 0, ACC_WRITE | (add ? ACC_ATOMIC : 0u), 0);
}

static void
rule_twait(struct access *ac, struct op o)
{
	phase_begin(ac, o, P_S);
	phase_cur(ac)->kind = PH_ACQUIRE;
	add_gm(ac, o, op_slot(ac->ir, o, 0), 0, ACC_READ, 0);
}

/* A called function may touch anything on any pipe of its core. */
static void
rule_call(struct access *ac, struct op o)
{
	enum core core = ac->core;

	if (callee_idle(ac, o))
		return;
	for (int p = 0; p < PIPE_COUNT; p++) {
		if (core != CORE_NONE && !pipe_on_core((enum pipe)p, core))
			continue;
		phase_begin(ac, o, (enum pipe)p);
		for (int sp = SP_GM; sp < SPACE_COUNT; sp++)
			add_acc(ac, region_of_space(ac, (enum space)sp), ACC_READ | ACC_WRITE, 0xff);
	}
}

static void (*const rules[OP_COUNT])(struct access *, struct op) = {
#define OP(ID, name, form, sig, rw, nres, pipe, phase, ...) [OP_##ID] = rule_##phase,
#include "isa/ops.def"
#undef OP
};

/* A pipe that only waits for a key of the library takes part too: its queue holds the wait. */
static void
add_waiting_pipes(struct access *ac, struct op o, uint32_t phase0, uint32_t hidden0)
{
	for (uint32_t k = hidden0; k < ac->hidden.n; k++) {
		uint8_t dst = ac->hidden.at[k].dst;
		bool has = dst == P_S;
		for (uint32_t i = phase0; i < ac->phase.n; i++)
			has = has || ac->phase.at[i].pipe == dst;
		if (!has)
			phase_begin(ac, o, (enum pipe)dst);
	}
}

void
phases_of_op(struct access *ac, struct op o)
{
	struct op_phases *r = &ac->of_op[o.i];

	r->phase0 = ac->phase.n;
	r->hidden0 = ac->hidden.n;
	rules[op_id(ac->ir, o)](ac, o);
	add_waiting_pipes(ac, o, r->phase0, r->hidden0);
	r->nphase = (uint16_t)(ac->phase.n - r->phase0);
	r->nhidden = (uint16_t)(ac->hidden.n - r->hidden0);
}
