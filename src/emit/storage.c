/*
 * storage: valid shapes, pointers as integers, queries of views, arrays and structs on the stack, prefetch contexts and
 * the small ops of the scalar unit. Spec: emission.md §4 and §5, the `emits` fields of ops-move.json.
 */
#include "emit/emit.h"

static struct val
operand_of(const struct cxx *x, struct op o, uint32_t k)
{
	return op_slot(x->ir, o, k);
}

static void
name_uses(struct cxx *x, struct op o)
{
	x_use_all(x, o, false);
}

/* ---- valid shapes ---- */

static void
set_validshape_stmt(struct cxx *x, struct op o)
{
	x_line(x);
	x_name(x, operand_of(x, o, 0));
	x_str(x, ".SetValidShape(");
	x_name(x, operand_of(x, o, 1));
	x_str(x, ", ");
	x_name(x, operand_of(x, o, 2));
	x_str(x, ");\n");
}

const struct family fam_set_validshape = {.stmt = set_validshape_stmt};

static void
get_validshape_stmt(struct cxx *x, struct op o)
{
	static const char *const method[] = {"GetValidRow", "GetValidCol"};

	for (uint32_t k = 0; k < 2; k++) {
		struct val r = op_res(x->ir, o, k);
		if (!x_val(x, r)->nuse)
			continue;
		x_def(x, r);
		x_name(x, operand_of(x, o, 0));
		x_f(x, ".%s();\n", method[k]);
	}
}

const struct family fam_get_validshape = {.stmt = get_validshape_stmt, .drop = true};

/* ---- pointers ---- */

static void
cast_uses(struct cxx *x, struct op o)
{
	x_use_all(x, o, true);
}

static bool
one_cxx_type(struct cxx *x, struct op o)
{
	return strcmp(x_val_type(x, op_res(x->ir, o, 0)), x_val_type(x, operand_of(x, o, 0))) == 0;
}

static void
castptr_uses(struct cxx *x, struct op o)
{
	x_use_all(x, o, !one_cxx_type(x, o));
}

/* The value itself when both sides have one C++ type. */
static void
castptr_stmt(struct cxx *x, struct op o)
{
	struct val in = operand_of(x, o, 0), r = op_res(x->ir, o, 0);

	if (one_cxx_type(x, o) && !(x_val(x, r)->flags & CV_VAR)) {
		x_val(x, r)->no = x_val(x, in)->no;
		return;
	}
	x_def(x, r);
	if (one_cxx_type(x, o)) {
		x_name(x, in);
	} else {
		x_f(x, "reinterpret_cast<%s>(", x_val_type(x, r));
		x_operand(x, in, PREC_COND);
		x_str(x, ")");
	}
	x_end(x);
}

const struct family fam_castptr = {.uses = castptr_uses, .stmt = castptr_stmt};

/* ---- views ---- */

/* The library numbers the dimensions of its five; ours stand at the right end. */
static enum prec
view_dim_expr(struct cxx *x, struct op o)
{
	struct val view = operand_of(x, o, 0), dim = operand_of(x, o, 1);
	uint32_t pad = 5 - type_data(&x->ir->types, val_type(x->ir, view))->rank;

	x_name(x, view);
	x_f(x, ".%s(static_cast<int>(", op_row(x->ir, o)->callee);
	x_operand(x, dim, pad ? PREC_ADD : PREC_COND);
	if (pad)
		x_f(x, " + %u", pad);
	x_str(x, "))");
	return PREC_POSTFIX;
}

static void
view_dim_uses(struct cxx *x, struct op o)
{
	x_use(x, o, operand_of(x, o, 0), false);
	x_use(x, o, operand_of(x, o, 1), true);
}

static void
view_dim_stmt(struct cxx *x, struct op o)
{
	x_def(x, op_res(x->ir, o, 0));
	view_dim_expr(x, o);
	x_end(x);
}

const struct family fam_view_dim = {.uses = view_dim_uses, .stmt = view_dim_stmt};

static void
declare_stmt(struct cxx *x, struct op o)
{
	x_declare(x, op_res(x->ir, o, 0));
}

/* ---- arrays ---- */

/* A C array: its extents stand behind the name. */
static void
declare_array_stmt(struct cxx *x, struct op o)
{
	struct val r = op_res(x->ir, o, 0);
	const struct type_data *d = type_data(&x->ir->types, val_type(x->ir, r));
	const char *elem = x_type(x, d->sub[0]);

	if (x_val(x, r)->flags & CV_VAR)	/* refused where the variable is declared */
		return;
	x_line(x);
	x_val(x, r)->no = x_fresh(x);
	x_f(x, "%s v%u", elem, x_val(x, r)->no);
	for (uint32_t k = 0; k < d->rank; k++)
		x_f(x, "[%lld]", (long long)d->dim[k]);
	x_end(x);
}

const struct family fam_declare_local_array = {.stmt = declare_array_stmt, .drop = true};

static void
array_element(struct cxx *x, struct op o)
{
	uint32_t n;
	const struct val *i = op_group(x->ir, o, 1, &n);

	x_name(x, operand_of(x, o, 0));
	for (uint32_t k = 0; k < n; k++) {
		x_str(x, "[");
		x_operand(x, i[k], PREC_COND);
		x_str(x, "]");
	}
}

static void
array_uses(struct cxx *x, struct op o)
{
	uint32_t n;
	const struct val *i = op_group(x->ir, o, 1, &n);

	x_use(x, o, operand_of(x, o, 0), false);
	for (uint32_t k = 0; k < n; k++)
		x_use(x, o, i[k], true);
	if (!ir_op(x->ir, o)->nres)
		x_use(x, o, operand_of(x, o, 2), true);
}

/* A snapshot: the element may be written before the value is used. */
static void
array_get_stmt(struct cxx *x, struct op o)
{
	struct val r = op_res(x->ir, o, 0);

	x_declare(x, r);
	x_line(x);
	x_name(x, r);
	x_str(x, " = ");
	array_element(x, o);
	x_end(x);
}

const struct family fam_local_array_get = {.uses = array_uses, .stmt = array_get_stmt, .drop = true, .snapshot = true};

static void
array_set_stmt(struct cxx *x, struct op o)
{
	x_line(x);
	array_element(x, o);
	x_str(x, " = ");
	x_operand(x, operand_of(x, o, 2), PREC_COND);
	x_end(x);
}

const struct family fam_local_array_set = {.uses = array_uses, .stmt = array_set_stmt};

/* ---- structs ---- */

const struct family fam_declare_struct = {.stmt = declare_stmt, .drop = true};

static void
struct_member(struct cxx *x, struct op o)
{
	const struct attr_data *path = attr_data(&x->ir->attrs, op_attr(x->ir, o, x->ir->name.path));

	x_name(x, operand_of(x, o, 0));
	for (uint32_t k = 0; k < path->n; k++)
		x_f(x, ".f%lld", (long long)path->elem[k]);
}

static void
struct_get_stmt(struct cxx *x, struct op o)
{
	struct val r = op_res(x->ir, o, 0);

	x_declare(x, r);
	x_line(x);
	x_name(x, r);
	x_str(x, " = ");
	struct_member(x, o);
	x_end(x);
}

const struct family fam_struct_get = {.uses = name_uses, .stmt = struct_get_stmt, .drop = true, .snapshot = true};

static void
struct_set_stmt(struct cxx *x, struct op o)
{
	x_line(x);
	struct_member(x, o);
	x_str(x, " = ");
	x_operand(x, operand_of(x, o, 1), PREC_COND);
	x_end(x);
}

const struct family fam_struct_set = {.uses = name_uses, .stmt = struct_set_stmt};

/* Definitions of the struct types, nested ones first: a type has a higher number than those it is made of. */
void
x_struct_types(struct cxx *x)
{
	for (uint32_t k = 1; k < x->ir->types.all.n; k++) {
		struct type_data d = x->ir->types.all.at[k];
		const char *name = d.kind == TY_STRUCT ? x_type(x, (struct typ){k}) : NULL;
		if (!name)
			continue;
		x_f(x, "struct %s {\n", name);
		for (uint32_t f = 0; f < d.nsub; f++)
			x_f(x, "  %s f%u;\n", x_type(x, d.sub[f]), f);
		x_str(x, "};\n\n");
	}
}

/* ---- prefetches ---- */

static void
prefetch_context_stmt(struct cxx *x, struct op o)
{
	struct val ws = operand_of(x, o, 0);
	uint32_t no = 0;

	if (strcmp(x_val_type(x, ws), "__gm__ uint8_t*") != 0) {
		no = x_temp(x, "__gm__ uint8_t*");
		x_str(x, "reinterpret_cast<__gm__ uint8_t*>(");
		x_name(x, ws);
		x_str(x, ");\n");
	}
	x_def(x, op_res(x->ir, o, 0));
	x_str(x, "pto::PrefetchAsyncContext(");
	if (no)
		x_no(x, no);
	else
		x_name(x, ws);
	x_str(x, ");\n");
}

const struct family fam_prefetch_context = {.stmt = prefetch_context_stmt, .drop = true};

static void
prefetch_session_stmt(struct cxx *x, struct op o)
{
	x_def(x, op_res(x->ir, o, 0));
	x_name(x, operand_of(x, o, 0));
	x_str(x, ".session;\n");
}

const struct family fam_prefetch_session = {.stmt = prefetch_session_stmt};

static void
prefetch_async_stmt(struct cxx *x, struct op o)
{
	x_def(x, op_res(x->ir, o, 0));
	x_f(x, "%s(", op_row(x->ir, o)->callee);
	x_name(x, operand_of(x, o, 0));
	x_str(x, ", ");
	x_name(x, operand_of(x, o, 1));
	x_str(x, ");\n");
}

const struct family fam_tprefetch_async = {.stmt = prefetch_async_stmt};

/* ---- scalar unit ---- */

static void
quoted(struct cxx *x, struct strv s)
{
	x_str(x, "\"");
	for (uint32_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '"' || c == '\\')
			x_f(x, "\\%c", c);
		else if (c == '\n' || c == '\t')
			x_str(x, c == '\n' ? "\\n" : "\\t");
		else if ((unsigned char)c < ' ')
			x_f(x, "\\%03o", (unsigned)c);
		else
			out_char(x->o, c);
	}
	x_str(x, "\"");
}

static void
print_stmt(struct cxx *x, struct op o)
{
	struct strv f = sym_text(&x->ir->in, attr_data(&x->ir->attrs, op_attr(x->ir, o, x->ir->name.format))->text);

	x_line(x);
	x_f(x, "%s(", op_row(x->ir, o)->callee);
	quoted(x, f.n ? f : STRV("%f"));
	x_str(x, ", ");
	x_operand(x, operand_of(x, o, 0), PREC_COND);
	x_str(x, ");\n");
}

const struct family fam_print = {.uses = cast_uses, .stmt = print_stmt};

static void
trap_stmt(struct cxx *x, struct op o)
{
	x_line(x);
	x_f(x, "%s();\n", op_row(x->ir, o)->callee);
}

const struct family fam_trap = {.stmt = trap_stmt};

static void
set_ffts_stmt(struct cxx *x, struct op o)
{
	struct val v = operand_of(x, o, 0);
	uint32_t no = x_temp(x, "uint64_t");

	if (type_is_int(&x->ir->types, val_type(x->ir, v))) {
		x_str(x, "(uint64_t) ");
		x_name(x, v);
	} else {
		x_str(x, "reinterpret_cast<uint64_t>(");
		x_name(x, v);
		x_str(x, ")");
	}
	x_end(x);
	x_line(x);
	x_f(x, "set_ffts_base_addr(v%u);\n", no);
}

const struct family fam_set_ffts = {.stmt = set_ffts_stmt};
