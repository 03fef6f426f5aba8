/*
 * generic: "name"(operands)[successors]<{properties}>(regions) {attributes} : (types) -> types, for every op. The op is
 * made when its types are known, that is after its regions; operandSegmentSizes are turned into slots.
 */
#include "front/build.h"

void
generic_open(struct front *fe, struct span name)
{
	struct strv s = sym_text(&fe->ir->in, string_sym(fe, name));
	struct span at = {name.lo + 1, name.hi - 1};
	uint32_t aux = 0;
	enum op_id id = op_find(s);

	if (id == OP_NONE)
		id = legacy_name(s, &aux);
	if (id == OP_NONE)
		fe_unknown_op(fe, s, at);
	pending_open(fe, id, at);
}

void
generic_operands(struct front *fe, struct slice use, struct slice target, struct attr props)
{
	struct pending *p = &fe->pending.at[fe->pending.n - 1];

	p->use = use;
	p->target = target;
	p->props = props;
}

void
generic_region(struct front *fe)
{
	pending_region(fe, true);
}

/* Removes an attribute that holds integers and returns them; NULL when it is absent. */
static const int64_t *
take_integers(struct front *fe, struct op o, struct sym key, uint32_t *n, struct span at)
{
	const struct attr_data *d = attr_data(&fe->ir->attrs, op_attr(fe->ir, o, key));

	*n = 0;
	if (d->kind == AT_NONE)
		return NULL;
	if (d->kind != AT_DENSE_ARRAY && d->kind != AT_DENSE) {
		fe_error(fe, DIAG_TYPE, at, "'%s' must be an array of integers", fe_str(fe, key));
		return NULL;
	}
	static const int64_t none;
	const int64_t *v = d->n ? d->elem : &none;
	*n = d->n;
	op_attr_set(fe->ir, o, key, (struct attr){0});
	return v;
}

/* Is the split of operands over slots ambiguous without segment sizes? */
static bool
needs_segments(enum op_id id)
{
	struct op_slot slot[OP_MAX_SLOT];
	uint32_t n = op_slots(id, slot), open = 0;

	for (uint32_t k = 0; k < n; k++)
		open += slot[k].optional || slot[k].variadic;
	return open > 1;
}

/* Operands of the successors follow the op's own; segment sizes tell how many each takes, else the last takes all. */
static void
branch_operands(struct front *fe, struct op o, struct slice vals, const int64_t *seg, uint32_t nseg,
		struct slice target, struct span at)
{
	struct op_slot slot[OP_MAX_SLOT];
	uint32_t own = op_slots(op_id(fe->ir, o), slot), next = own, k;

	if (vals.n < own) {
		fe_error(fe, DIAG_ARITY, at, "'%s' expects at least %u operands, got %u", op_row(fe->ir, o)->name, own,
			 vals.n);
		return;
	}
	ir_op_operands(fe->ir, o, VEC_FROM(&fe->val, vals.at), own);
	for (k = 0; k < target.n; k++) {
		uint32_t left = vals.n - next;
		int64_t n = !seg ? (k + 1 == target.n ? left : 0) : own + k < nseg ? seg[own + k] : 0;
		if (n < 0 || n > (int64_t)left) {
			fe_error(fe, DIAG_ARITY, at, "segment size %lld does not fit", (long long)n);
			return;
		}
		ir_op_succ(fe->ir, o, fe->target.at[target.at + k].blk, VEC_FROM(&fe->val, vals.at + next),
			   (uint32_t)n);
		next += (uint32_t)n;
	}
	if (next != vals.n)
		fe_error(fe, DIAG_ARITY, at, "'%s' has %u operands, its successors take %u", op_row(fe->ir, o)->name,
			 vals.n, next - own);
}

/* cf.switch: operandSegmentSizes = flag, default, all cases; case_operand_segments = each case. */
static const int64_t *
switch_segments(struct front *fe, struct op o, const int64_t *seg, uint32_t *nseg, uint32_t ntarget, struct span at)
{
	uint32_t n;
	const int64_t *per = take_integers(fe, o, fe->w.case_segments, &n, at);

	if (!per || !seg || *nseg < 2)
		return seg;
	int64_t *all = ARENA_ARRAY(fe->a, int64_t, 2 + ntarget);
	all[0] = seg[0];
	all[1] = seg[1];
	for (uint32_t k = 0; k < n && k + 1 < ntarget; k++)
		all[2 + k] = per[k];
	*nseg = 2 + ntarget - 1;
	return all;
}

/* Values of a list attribute of the custom form, in the one kind the builders of that form use. */
static void
normalize(struct front *fe, struct op o)
{
	const struct sym key[] = {fe->ir->name.sizes, fe->ir->name.cases, fe->ir->name.case_values};
	struct ir *ir = fe->ir;

	for (uint32_t i = 0; i < 3; i++) {
		const struct attr_data *d = attr_data(&ir->attrs, op_attr(ir, o, key[i]));
		bool ints = d->kind == AT_ARRAY || (d->kind == AT_DENSE && !d->text.i);
		int64_t *v = ARENA_ARRAY(fe->a, int64_t, d->n + 1);
		for (uint32_t k = 0; k < d->n && ints; k++) {
			const struct attr_data *e = d->kind == AT_ARRAY ? attr_data(&ir->attrs, d->sub[k]) : NULL;
			ints = !e || e->kind == AT_INT;
			v[k] = e ? e->i : d->elem[k];
		}
		if (!ints)
			continue;
		struct attr a = attr_get(&ir->attrs, &(struct attr_data){.kind = AT_DENSE_ARRAY,
									 .elem = v,
									 .n = d->n,
									 .type = type_int(&ir->types, 64, SIGNLESS)});
		op_attr_set(ir, o, key[i], a);
	}
	/* A predicate is an i64 in the generic form. */
	const struct attr_data *p = attr_data(&ir->attrs, op_attr(ir, o, ir->name.predicate));
	enum enum_id id = op_row(ir, o)->sig[0] == 's' ? EN_CMPF_PREDICATE : EN_CMPI_PREDICATE;
	if (op_row(ir, o)->form == FORM_CMP && p->kind == AT_INT && enum_case_name(id, (int32_t)p->i) && p->i >= 0 &&
	    p->i < 16)
		op_attr_set(ir, o, ir->name.predicate, attr_enum(&ir->attrs, id, (int32_t)p->i));
}

static void
generic_slots(struct front *fe, struct op o, const struct pending *p, struct slice vals, struct span at)
{
	uint32_t n;
	const int64_t *seg = take_integers(fe, o, fe->ir->name.segments, &n, at);

	if (fe->failed)
		return;
	if (p->target.n) {
		seg = switch_segments(fe, o, seg, &n, p->target.n, at);
		branch_operands(fe, o, vals, seg, n, p->target, at);
		return;
	}
	if (!seg && needs_segments(p->id)) {
		fe_error(fe, DIAG_ARITY, p->span, "'%s' needs 'operandSegmentSizes' in the generic form",
			 isa_op[p->id].name);
		return;
	}
	slots_fill(fe, o, vals, seg, n, at);
}

struct op
generic_close(struct front *fe, struct attr attrs, struct slice in, struct slice out, struct span at)
{
	struct pending p = fe->pending.at[--fe->pending.n];
	const struct op_row *row = &isa_op[p.id];

	if (fe->failed)
		return (struct op){0};
	struct op o = op_new(fe, p.id, p.span);
	ir_op(fe->ir, o)->flags |= OPD_GENERIC;
	op_attrs(fe, o, p.props);
	op_attrs(fe, o, attrs);
	struct slice vals = use_typed(fe, p.use, in, at);
	if (fe->failed || !count_fits(fe, p.target.n, p.span, "successors"))
		return o;
	if (p.target.n && !(row->flags & OPF_TERM))
		fe_error(fe, DIAG_SYNTAX, p.span, "'%s' has no successors", row->name);
	generic_slots(fe, o, &p, vals, at);
	if (fe->failed)
		return o;
	if (row->nres != NRES_ANY && out.n != row->nres)
		fe_error(fe, DIAG_ARITY, at, "'%s' has %u result%s, got %u type%s", row->name, row->nres,
			 row->nres == 1 ? "" : "s", out.n, out.n == 1 ? "" : "s");
	op_results(fe, o, out);
	if (!count_fits(fe, fe->reg.n - p.reg0, p.span, "regions"))
		return o;
	for (uint32_t i = p.reg0; i < fe->reg.n; i++)
		pending_move(fe, o, fe->reg.at[i]);
	fe->reg.n = p.reg0;
	normalize(fe, o);
	return o;
}
