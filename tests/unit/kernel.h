/*
 * kernel: builds small kernels in the IR for the tests of the analyses. Every function appends to the current block.
 */
#ifndef PTOC_TESTS_KERNEL_H
#define PTOC_TESTS_KERNEL_H

#include "ir/ir.h"

enum { KERNEL_MAX_NEST = 16 };

struct kernel {
	struct arena a;
	struct source src;
	struct diags d;
	struct ir ir;
	struct blk top, blk; /* of the module, being filled */
	struct op func;
	struct blk nest[KERNEL_MAX_NEST];
	uint32_t depth;
};

static inline struct op
k_op(struct kernel *k, enum op_id id)
{
	struct op o = ir_op_new(&k->ir, id, (struct span){0, 0});

	ir_append(&k->ir, k->blk, o);
	return o;
}

static inline void
k_init(struct kernel *k)
{
	memset(k, 0, sizeof *k);
	arena_init(&k->a, NULL);
	source_init(&k->src, &k->a, "t", "", 0);
	diags_init(&k->d, &k->a, &k->src);
	ir_init(&k->ir, &k->a, &k->d);
	k->ir.module = ir_op_new(&k->ir, OP_MODULE, (struct span){0, 0});
	struct reg r = ir_op_region(&k->ir, k->ir.module);
	k->top = ir_blk_new(&k->ir);
	ir_blk_append(&k->ir, r, k->top);
}

static inline void
k_free(struct kernel *k)
{
	arena_free(&k->a);
}

static inline struct typ
k_f32(struct kernel *k)
{
	return type_float(&k->ir.types, F_F32);
}

static inline void
k_func(struct kernel *k, const char *name)
{
	struct ir *ir = &k->ir;

	k->func = ir_op_new(ir, OP_FUNC, (struct span){0, 0});
	struct reg r = ir_op_region(ir, k->func);
	k->blk = ir_blk_new(ir);
	ir_blk_append(ir, r, k->blk);
	op_attr_set(ir, k->func, ir->name.sym_name, attr_string(&ir->attrs, intern_str(&ir->in, name)));
	op_attr_set(ir, k->func, ir->name.function_type,
		    attr_type(&ir->attrs, type_func(&ir->types, NULL, 0, NULL, 0)));
	ir_append(ir, k->top, k->func);
}

/* Arguments must be made before any other value of the function. */
static inline struct val
k_ptr(struct kernel *k)
{
	return ir_blk_arg(&k->ir, k->blk, type_ptr(&k->ir.types, k_f32(k), SP_GM));
}

static inline struct val
k_arg(struct kernel *k)
{
	return ir_blk_arg(&k->ir, k->blk, type_index(&k->ir.types));
}

static inline struct val
k_const(struct kernel *k, int64_t c)
{
	struct op o = k_op(k, OP_ARITH_CONSTANT);
	struct typ ty = type_index(&k->ir.types);
	struct val v = ir_op_result(&k->ir, o, ty);

	op_attr_set(&k->ir, o, k->ir.name.value, attr_int(&k->ir.attrs, c, ty));
	return v;
}

static inline struct val
k_bin(struct kernel *k, enum op_id id, struct val a, struct val b)
{
	struct op o = k_op(k, id);

	ir_op_operands(&k->ir, o, (struct val[]){a, b}, 2);
	return ir_op_result(&k->ir, o, val_type(&k->ir, a));
}

static inline struct val
k_add(struct kernel *k, struct val a, struct val b)
{
	return k_bin(k, OP_ARITH_ADDI, a, b);
}

static inline struct val
k_mul(struct kernel *k, struct val a, struct val b)
{
	return k_bin(k, OP_ARITH_MULI, a, b);
}

/* ---- tiles ---- */

static inline struct typ
k_tile_type(struct kernel *k, enum space sp, struct typ elem, int64_t rows, int64_t cols)
{
	struct tile_shape s = {.space = sp, .rows = rows, .cols = cols, .vrow = rows, .vcol = cols, .fractal = 512};

	return type_tile(&k->ir.types, elem, &s);
}

static inline struct val
k_alloc_at(struct kernel *k, struct typ ty, struct val addr, struct val vrow, struct val vcol)
{
	struct op o = k_op(k, OP_ALLOC_TILE);

	ir_op_operands(&k->ir, o, (struct val[]){addr, vrow, vcol}, 3);
	return ir_op_result(&k->ir, o, ty);
}

static inline struct val
k_alloc(struct kernel *k, struct typ ty, int64_t addr)
{
	return k_alloc_at(k, ty, k_const(k, addr), (struct val){0}, (struct val){0});
}

/* f32 vec tile. */
static inline struct val
k_tile(struct kernel *k, int64_t addr, int64_t rows, int64_t cols)
{
	return k_alloc(k, k_tile_type(k, SP_VEC, k_f32(k), rows, cols), addr);
}

static inline struct val
k_subview(struct kernel *k, struct val src, struct val r, struct val c, int64_t rows, int64_t cols)
{
	struct tile_shape s = type_data(&k->ir.types, val_type(&k->ir, src))->tile;
	struct typ elem = type_data(&k->ir.types, val_type(&k->ir, src))->sub[0];
	struct op o = k_op(k, OP_SUBVIEW);

	ir_op_groups(&k->ir, o, (struct val[]){src, r, c}, (uint32_t[]){1, 2, 0, 0}, 4);
	s.rows = s.vrow = rows;
	s.cols = s.vcol = cols;
	return ir_op_result(&k->ir, o, type_tile(&k->ir.types, elem, &s));
}

/* ---- views ---- */

static inline struct val
k_view(struct kernel *k, struct val ptr, int64_t rows, int64_t cols, struct val stride)
{
	struct val v[] = {ptr, k_const(k, rows), k_const(k, cols), stride, k_const(k, 1)};
	struct op o = k_op(k, OP_MAKE_TENSOR_VIEW);

	ir_op_groups(&k->ir, o, v, (uint32_t[]){1, 2, 2}, 3);
	return ir_op_result(&k->ir, o, type_shaped(&k->ir.types, TY_TVIEW, k_f32(k), (int64_t[]){-1, -1}, 2));
}

static inline struct val
k_part(struct kernel *k, struct val view, struct val r, struct val c, struct val rows, struct val cols)
{
	struct op o = k_op(k, OP_PARTITION_VIEW);

	ir_op_groups(&k->ir, o, (struct val[]){view, r, c, rows, cols}, (uint32_t[]){1, 2, 2}, 3);
	return ir_op_result(&k->ir, o, type_shaped(&k->ir.types, TY_PVIEW, k_f32(k), (int64_t[]){-1, -1}, 2));
}

static inline struct val
k_box(struct kernel *k, struct val view, struct val r, struct val c, int64_t rows, int64_t cols)
{
	return k_part(k, view, r, c, k_const(k, rows), k_const(k, cols));
}

/* ---- work ---- */

static inline struct op
k_work(struct kernel *k, enum op_id id, const struct val *v, uint32_t n)
{
	struct val all[OP_MAX_SLOT] = {{0}};
	struct op_slot sl[OP_MAX_SLOT];
	struct op o = k_op(k, id);

	for (uint32_t i = 0; i < n; i++)
		all[i] = v[i];
	ir_op_operands(&k->ir, o, all, op_slots(id, sl));
	return o;
}
#define K_WORK(k, id, ...)                                                                                             \
	k_work((k), (id), (const struct val[]){__VA_ARGS__},                                                           \
	       (uint32_t)(sizeof((const struct val[]){__VA_ARGS__}) / sizeof(struct val)))

/* ---- control flow: k_for ... k_end ---- */

/* Fills region r of the op from now on; the op's regions must exist. */
static inline void
k_enter(struct kernel *k, struct op o, uint32_t r)
{
	struct blk b = ir_blk_new(&k->ir);

	ir_blk_append(&k->ir, op_reg(&k->ir, o, r), b);
	k->nest[k->depth++] = k->blk;
	k->blk = b;
}

static inline void
k_yield(struct kernel *k, const struct val *v, uint32_t n)
{
	struct op y = k_op(k, OP_YIELD);

	ir_op_groups(&k->ir, y, v, &n, 1);
	k->blk = k->nest[--k->depth];
}

static inline void
k_end(struct kernel *k)
{
	k_yield(k, NULL, 0);
}

/* Result types are those of the initial values. */
static inline struct op
k_for_args(struct kernel *k, struct val lb, struct val ub, struct val step, const struct val *init, uint32_t n)
{
	struct op o = k_op(k, OP_FOR);
	struct val v[3 + 8] = {lb, ub, step};

	for (uint32_t i = 0; i < n; i++)
		v[3 + i] = init[i];
	ir_op_groups(&k->ir, o, v, (uint32_t[]){1, 1, 1, n}, 4);
	for (uint32_t i = 0; i < n; i++)
		ir_op_result(&k->ir, o, val_type(&k->ir, init[i]));
	ir_op_region(&k->ir, o);
	k_enter(k, o, 0);
	ir_blk_arg(&k->ir, k->blk, val_type(&k->ir, lb));
	for (uint32_t i = 0; i < n; i++)
		ir_blk_arg(&k->ir, k->blk, val_type(&k->ir, init[i]));
	return o;
}

static inline struct op
k_for(struct kernel *k, struct val lb, struct val ub, struct val step)
{
	return k_for_args(k, lb, ub, step, NULL, 0);
}

/* Argument of the loop body being filled: 0 is the induction variable. */
static inline struct val
k_body_arg(struct kernel *k, uint32_t i)
{
	return (struct val){ir_blk(&k->ir, k->blk)->arg0 + i};
}

static inline struct op
k_if(struct kernel *k, struct val cond)
{
	struct op o = k_op(k, OP_IF);

	ir_op_operands(&k->ir, o, &cond, 1);
	ir_op_region(&k->ir, o);
	ir_op_region(&k->ir, o);
	k_enter(k, o, 0);
	return o;
}

/* Ends the then branch of o and begins its else branch. */
static inline void
k_else(struct kernel *k, struct op o)
{
	k_end(k);
	k_enter(k, o, 1);
}

static inline void
k_return(struct kernel *k)
{
	struct op o = k_op(k, OP_RETURN);

	ir_op_groups(&k->ir, o, NULL, (uint32_t[]){0}, 1);
}

#endif
