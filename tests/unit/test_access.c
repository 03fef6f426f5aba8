/*
 * test_access: byte sets of operands worked out by hand, overlap truth tables, and random boxes in loops against
 * enumeration: "no" must be right always, "yes" may be wrong seldom.
 */
#include "access/access.h"
#include "kernel.h"
#include "mem/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct op no_loop = {0};

static struct access *
build(struct kernel *k)
{
	k_return(k);
	return access_build(&k->a, &k->ir, (struct access_opt){false});
}

static const struct acc *
accs_of(struct access *ac, struct op o, uint32_t *n)
{
	uint32_t np;
	const struct phase *p = access_phases(ac, o, &np);

	assert_int_equal(np, 1);
	return access_accs(ac, p, n);
}

/* The set of the k-th access of an op with one phase. */
static uint32_t
set_of(struct access *ac, struct op o, uint32_t k)
{
	uint32_t n;
	const struct acc *a = accs_of(ac, o, &n);

	assert_true(k < n);
	return a[k].set;
}

static enum pipe
pipe_of(struct access *ac, struct op o)
{
	uint32_t n;
	const struct phase *p = access_phases(ac, o, &n);

	return n ? (enum pipe)p->pipe : P_NONE;
}

static void
check_set(struct kernel *k, struct access *ac, uint32_t set, const char *want)
{
	struct out o;

	out_init(&o, &k->a);
	access_print(ac, set, &o);
	assert_string_equal(o.p, want);
}

static struct val
name(struct kernel *k, struct val v, const char *text)
{
	ir_val(&k->ir, v)->name = intern_str(&k->ir.in, text);
	return v;
}

/* ---- tiles ---- */

static struct typ
boxed(struct kernel *k, enum space sp, enum float_kind elem, int64_t rows, int64_t cols, enum blayout bl,
      enum slayout sl, uint16_t fractal)
{
	struct tile_shape s = {.space = sp,
			       .rows = rows,
			       .cols = cols,
			       .vrow = rows,
			       .vcol = cols,
			       .fractal = fractal,
			       .blayout = (uint8_t)bl,
			       .slayout = (uint8_t)sl};

	return type_tile(&k->ir.types, type_float(&k->ir.types, elem), &s);
}

static void
test_tile_rows(void **state)
{
	struct kernel k;
	(void)state;
	k_init(&k);
	k_func(&k, "f");
	struct val t = k_tile(&k, 4096, 16, 64), u = k_tile(&k, 8192, 16, 64);
	struct val c0 = k_const(&k, 0), c32 = k_const(&k, 32), c8 = k_const(&k, 8);
	struct val right = k_subview(&k, t, c8, c32, 8, 32);
	struct val inner = k_subview(&k, right, k_const(&k, 2), c0, 2, 32);
	struct op abs = K_WORK(&k, OP_TABS, t, u), sub = K_WORK(&k, OP_TABS, right, u);
	struct op sub2 = K_WORK(&k, OP_TABS, inner, u);
	struct access *ac = build(&k);
	check_set(&k, ac, set_of(ac, abs, 0), "vec[4096, 8192)");
	check_set(&k, ac, set_of(ac, abs, 1), "vec[8192, 12288)");
	check_set(&k, ac, set_of(ac, sub, 0), "vec[6272, 8 x 128 step 256]");
	check_set(&k, ac, set_of(ac, sub2, 0), "vec[6784, 2 x 128 step 256]");
	assert_int_equal(access_bytes(ac, set_of(ac, sub, 0)), 7 * 256 + 128);
	k_free(&k);
}

static void
test_tile_valid(void **state)
{
	struct kernel k;
	(void)state;
	k_init(&k);
	k_func(&k, "f");
	struct val n = k_arg(&k);
	struct tile_shape s = {
		.space = SP_VEC, .rows = 8, .cols = 64, .vrow = DIM_DYN, .vcol = DIM_DYN, .fractal = 512};
	struct typ ty = type_tile(&k.ir.types, k_f32(&k), &s);
	struct val c5 = k_const(&k, 5), c20 = k_const(&k, 20);
	struct val t = k_alloc_at(&k, ty, k_const(&k, 0), c5, c20);
	struct val u = k_alloc_at(&k, ty, k_const(&k, 2048), c5, n);
	struct op abs = K_WORK(&k, OP_TABS, t, u);
	struct access *ac = build(&k);
	uint32_t na;
	const struct acc *a = accs_of(ac, abs, &na);
	check_set(&k, ac, a[0].set, "vec[0, 5 x 80 step 256]");
	check_set(&k, ac, a[1].set, "vec[2048, 3328)");
	assert_true(a[0].rw & ACC_WHOLE);
	assert_false(a[1].rw & ACC_WHOLE);
	k_free(&k);
}

static void
test_tile_boxed(void **state)
{
	struct kernel k;
	(void)state;
	k_init(&k);
	k_func(&k, "f");
	struct val p = name(&k, k_ptr(&k), "p"), c0 = k_const(&k, 0), c16 = k_const(&k, 16);
	/* f16 NZ 64x64 in L1: boxes 16x16, column blocks of 64 * 32 bytes */
	struct val nz = k_alloc(&k, boxed(&k, SP_MAT, F_F16, 64, 64, BL_COL_MAJOR, SL_ROW_MAJOR, 512), 0);
	struct val left = k_alloc(&k, boxed(&k, SP_LEFT, F_F16, 32, 32, BL_ROW_MAJOR, SL_ROW_MAJOR, 512), 0);
	struct val zn = k_alloc(&k, boxed(&k, SP_MAT, F_F16, 64, 64, BL_ROW_MAJOR, SL_COL_MAJOR, 512), 8192);
	struct val part = k_subview(&k, nz, c16, c16, 32, 32);
	struct val v = k_box(&k, k_view(&k, p, 64, 64, k_const(&k, 64)), c0, c0, 32, 32);
	struct op load = K_WORK(&k, OP_TLOAD, v, part);
	struct op ex = K_WORK(&k, OP_TEXTRACT, nz, c16, k_const(&k, 32), left);
	struct op ex2 = K_WORK(&k, OP_TEXTRACT, zn, c16, k_const(&k, 32), left);
	struct access *ac = build(&k);
	check_set(&k, ac, set_of(ac, load, 1), "mat[2560, 2 x 1024 step 2048]");
	assert_int_equal(pipe_of(ac, ex), P_MTE1);
	check_set(&k, ac, set_of(ac, ex, 0), "mat[4608, 2 x 1024 step 2048]");
	check_set(&k, ac, set_of(ac, ex, 1), "left[0, 2048)");
	/* ZN: row blocks of 64 * 32 bytes; row 16 is block 1, column 32 lies 32 * 32 bytes into it */
	check_set(&k, ac, set_of(ac, ex2, 0), "mat[11264, 2 x 1024 step 2048]");
	k_free(&k);
}

static void
test_tile_cols(void **state)
{
	struct kernel k;
	(void)state;
	k_init(&k);
	k_func(&k, "f");
	struct tile_shape s = {
		.space = SP_VEC, .rows = 16, .cols = 4, .vrow = 8, .vcol = 4, .fractal = 512, .blayout = BL_COL_MAJOR};
	struct val t = k_alloc(&k, type_tile(&k.ir.types, k_f32(&k), &s), 1024);
	struct op abs = K_WORK(&k, OP_TABS, t, t);
	struct access *ac = build(&k);
	check_set(&k, ac, set_of(ac, abs, 0), "vec[1024, 4 x 32 step 64]");
	k_free(&k);
}

static void
test_acc(void **state)
{
	struct kernel k;
	(void)state;
	k_init(&k);
	k_func(&k, "f");
	struct val p = name(&k, k_ptr(&k), "p"), c0 = k_const(&k, 0);
	struct tile_shape ls = {.space = SP_LEFT,
				.rows = 16,
				.cols = 64,
				.vrow = 1,
				.vcol = 64,
				.fractal = 512,
				.slayout = SL_ROW_MAJOR};
	struct tile_shape rs = {.space = SP_RIGHT,
				.rows = 64,
				.cols = 48,
				.vrow = 64,
				.vcol = 40,
				.fractal = 512,
				.slayout = SL_COL_MAJOR};
	struct tile_shape cs = {.space = SP_ACC,
				.rows = 16,
				.cols = 48,
				.vrow = 1,
				.vcol = 40,
				.fractal = 1024,
				.blayout = BL_COL_MAJOR,
				.slayout = SL_ROW_MAJOR};
	struct typ f16 = type_float(&k.ir.types, F_F16);
	struct val l = k_alloc(&k, type_tile(&k.ir.types, f16, &ls), 0);
	struct val r = k_alloc(&k, type_tile(&k.ir.types, f16, &rs), 0);
	struct val c = k_alloc(&k, type_tile(&k.ir.types, k_f32(&k), &cs), 0);
	struct val v = k_box(&k, k_view(&k, p, 1, 40, k_const(&k, 40)), c0, c0, 1, 40);
	struct op mm = K_WORK(&k, OP_TMATMUL, l, r, c), acc = K_WORK(&k, OP_TMATMUL_ACC, c, l, r, c);
	struct op st = K_WORK(&k, OP_TSTORE, c, v);
	struct access *ac = build(&k);
	uint32_t n;
	const struct phase *ph = access_phases(ac, mm, &n);
	assert_int_equal(ph->pipe, P_M);
	assert_int_equal(ph->m_fractals, 3);
	check_set(&k, ac, set_of(ac, mm, 2), "acc[0, 3072)");
	const struct acc *a = accs_of(ac, acc, &n);
	assert_int_equal(n, 4);
	assert_int_equal(a[3].rw & (ACC_READ | ACC_WRITE), ACC_READ | ACC_WRITE);
	assert_int_equal(pipe_of(ac, st), P_FIX);
	check_set(&k, ac, set_of(ac, st, 0), "acc[0, 3072)");
	check_set(&k, ac, set_of(ac, st, 1), "%p[0, 160]");
	k_free(&k);
}

/* ---- GM ---- */

static void
test_gm_sets(void **state)
{
	struct kernel k;
	(void)state;
	k_init(&k);
	k_func(&k, "f");
	struct val p = name(&k, k_ptr(&k), "p"), n = name(&k, k_arg(&k), "n"), c0 = k_const(&k, 0);
	struct val t = k_tile(&k, 0, 8, 64), c8 = k_const(&k, 8);
	struct val v = k_view(&k, p, 32, 64, k_const(&k, 64));
	struct op ld = K_WORK(&k, OP_TLOAD, k_box(&k, v, c8, c0, 8, 64), t);
	struct op ld2 = K_WORK(&k, OP_TLOAD, k_box(&k, v, n, c8, 8, 32), t);
	struct op ld3 = K_WORK(&k, OP_TLOAD, k_part(&k, v, c0, c0, n, k_const(&k, 32)), t);
	struct op ld5 = K_WORK(&k, OP_TLOAD, k_part(&k, v, c0, c0, n, n), t);
	struct op ld4 = K_WORK(&k, OP_TLOAD, k_box(&k, k_view(&k, p, 8, 8, n), c0, c0, 8, 8), t);
	struct op ls = k_op(&k, OP_LOAD_SCALAR);
	ir_op_operands(&k.ir, ls, (struct val[]){k_bin(&k, OP_ADDPTR, p, c8), n}, 2);
	ir_op_result(&k.ir, ls, k_f32(&k));
	struct access *ac = build(&k);
	check_set(&k, ac, set_of(ac, ld, 0), "%p[2048, 2048]");
	check_set(&k, ac, set_of(ac, ld2, 0), "%p[%n*256 + 32, 8 x 128 step 256]");
	/* run-time sizes move no more elements than the tile has */
	check_set(&k, ac, set_of(ac, ld3, 0), "%p[0, 16 x 128 step 256]");
	check_set(&k, ac, set_of(ac, ld5, 0), "%p[0, 512 x 2048 step 256]");
	check_set(&k, ac, set_of(ac, ld4, 0), "%p[anywhere]");
	check_set(&k, ac, set_of(ac, ls, 0), "%p[%n*4 + 32, 4]");
	assert_int_equal(access_root(ac, set_of(ac, ld, 0)).i, p.i);
	k_free(&k);
}

static void
test_value_numbers(void **state)
{
	struct kernel k;
	(void)state;
	k_init(&k);
	k_func(&k, "f");
	struct val p = k_ptr(&k), n = k_arg(&k), c0 = k_const(&k, 0), t = k_tile(&k, 0, 1, 64);
	struct val v = k_view(&k, p, 64, 64, k_const(&k, 64)), c1 = k_const(&k, 1);
	struct val m1 = k_bin(&k, OP_ARITH_MAXSI, n, c0), m2 = k_bin(&k, OP_ARITH_MAXSI, k_add(&k, n, c0), c0);
	struct op a = K_WORK(&k, OP_TLOAD, k_box(&k, v, m1, c0, 1, 64), t);
	struct op b = K_WORK(&k, OP_TSTORE, t, k_box(&k, v, m2, c0, 1, 64));
	struct op c = K_WORK(&k, OP_TSTORE, t, k_box(&k, v, k_add(&k, m2, c1), c0, 1, 64));
	struct op d = K_WORK(&k, OP_TSTORE, t, k_box(&k, v, n, c0, 1, 64));
	struct op sel[2], e[2];
	for (int i = 0; i < 2; i++) {
		struct val less = k_bin(&k, OP_ARITH_CMPI, n, c1);
		sel[i] = k_op(&k, OP_ARITH_SELECT);
		ir_op_operands(&k.ir, sel[i], (struct val[]){less, c0, c1}, 3);
		ir_op_result(&k.ir, sel[i], val_type(&k.ir, c1));
		e[i] = K_WORK(&k, OP_TLOAD, k_box(&k, v, op_res(&k.ir, sel[i], 0), c0, 1, 64), t);
	}
	struct op f = K_WORK(&k, OP_TLOAD, k_box(&k, v, k_const(&k, 2), c0, 1, 64), t);
	struct access *ac = build(&k);
	assert_int_equal(set_of(ac, e[0], 0), set_of(ac, e[1], 0));
	assert_false(access_overlap(ac, set_of(ac, e[0], 0), set_of(ac, f, 0), no_loop, false, false));
	assert_int_equal(set_of(ac, a, 0), set_of(ac, b, 1));
	assert_false(access_overlap(ac, set_of(ac, a, 0), set_of(ac, c, 1), no_loop, false, false));
	assert_true(access_overlap(ac, set_of(ac, a, 0), set_of(ac, d, 1), no_loop, false, false));
	k_free(&k);
}

static void
test_gm_loop(void **state)
{
	struct kernel k;
	(void)state;
	k_init(&k);
	k_func(&k, "f");
	struct val p = k_ptr(&k), n = k_arg(&k), c0 = k_const(&k, 0), c64 = k_const(&k, 64), c512 = k_const(&k, 512);
	struct val v = k_view(&k, p, 64, 512, c512), t = k_tile(&k, 0, 16, 64);
	struct op chunks = k_for(&k, c0, c512, c64);
	struct val i = k_body_arg(&k, 0);
	struct op st = K_WORK(&k, OP_TSTORE, t, k_box(&k, v, n, i, 16, 64));
	struct op wide = K_WORK(&k, OP_TSTORE, t, k_box(&k, v, n, i, 16, 65));
	struct op row = K_WORK(&k, OP_TSTORE, t, k_box(&k, v, i, c0, 16, 64));
	k_end(&k);
	struct op tail = K_WORK(&k, OP_TLOAD, k_box(&k, v, n, k_const(&k, 448), 16, 64), t);
	struct op below = K_WORK(&k, OP_TLOAD, k_box(&k, v, k_add(&k, n, k_const(&k, 16)), c0, 16, 64), t);
	struct access *ac = build(&k);
	uint32_t s = set_of(ac, st, 1);
	assert_false(access_overlap(ac, s, s, chunks, false, false));
	assert_true(access_overlap(ac, s, s, no_loop, false, false));
	assert_true(access_overlap(ac, set_of(ac, wide, 1), set_of(ac, wide, 1), chunks, false, false));
	assert_false(access_overlap(ac, set_of(ac, row, 1), set_of(ac, row, 1), chunks, false, false));
	assert_true(access_overlap(ac, s, set_of(ac, tail, 0), no_loop, false, false));
	assert_false(access_overlap(ac, s, set_of(ac, below, 0), no_loop, false, false));
	/* whole lines of a scalar neighbour: the chunk ends on a line, so the next one is another line */
	assert_false(access_overlap(ac, s, s, chunks, true, false));
	k_free(&k);
}

static void
test_cache_lines(void **state)
{
	struct kernel k;
	(void)state;
	k_init(&k);
	k_func(&k, "f");
	struct val p = k_ptr(&k), n = k_arg(&k), c0 = k_const(&k, 0), t = k_tile(&k, 0, 1, 8), c8 = k_const(&k, 8);
	struct val v = k_view(&k, p, 64, 64, k_const(&k, 64)), c16 = k_const(&k, 16);
	struct op st = K_WORK(&k, OP_TSTORE, t, k_box(&k, v, c0, c0, 1, 8));
	struct op other = K_WORK(&k, OP_TSTORE, t, k_box(&k, v, c0, c16, 1, 8));
	struct op row = K_WORK(&k, OP_TSTORE, t, k_box(&k, v, n, c0, 1, 8));
	struct op s8 = k_op(&k, OP_STORE_SCALAR);
	struct val x = ir_op_result(&k.ir, k_op(&k, OP_MATH_ABSF), k_f32(&k));
	ir_op_operands(&k.ir, s8, (struct val[]){x, p, c8}, 3);
	struct access *ac = build(&k);
	uint32_t s = set_of(ac, s8, 0), a = set_of(ac, st, 1);
	assert_int_equal(pipe_of(ac, s8), P_S);
	assert_false(access_overlap(ac, s, a, no_loop, true, true));
	assert_true(access_overlap(ac, s, a, no_loop, true, false));
	assert_true(access_overlap(ac, a, s, no_loop, false, true));
	assert_false(access_overlap(ac, s, set_of(ac, other, 1), no_loop, true, false));
	assert_true(access_overlap(ac, s, set_of(ac, row, 1), no_loop, true, false));
	k_free(&k);
}

/* ---- values that may be one of several ---- */

static void
test_select_and_swap(void **state)
{
	struct kernel k;
	(void)state;
	k_init(&k);
	k_func(&k, "f");
	struct val n = k_arg(&k), c0 = k_const(&k, 0), c1 = k_const(&k, 1);
	struct val x = k_tile(&k, 0, 8, 64), y = k_tile(&k, 2048, 8, 64), z = k_tile(&k, 4096, 8, 64);
	struct op sel = k_op(&k, OP_ARITH_SELECT);
	ir_op_operands(&k.ir, sel, (struct val[]){n, x, y}, 3);
	struct val s = ir_op_result(&k.ir, sel, val_type(&k.ir, x));
	struct op one = K_WORK(&k, OP_TABS, s, z);
	struct op loop = k_for_args(&k, c0, n, c1, (struct val[]){x, y}, 2);
	struct val cur = k_body_arg(&k, 1), nxt = k_body_arg(&k, 2);
	struct op two = K_WORK(&k, OP_TABS, cur, z);
	k_yield(&k, (struct val[]){nxt, cur}, 2);
	struct op after = K_WORK(&k, OP_TABS, op_res(&k.ir, loop, 1), z);
	struct access *ac = build(&k);
	struct op all[] = {one, two, after};
	for (uint32_t i = 0; i < 3; i++) {
		uint32_t na;
		const struct acc *a = accs_of(ac, all[i], &na);
		assert_int_equal(na, 3);
		assert_int_equal(a[0].slot, 0);
		assert_int_equal(a[1].slot, 0);
		assert_int_not_equal(a[0].set, a[1].set);
		assert_false(a[0].rw & ACC_WHOLE);
		assert_true(a[2].rw & ACC_WHOLE);
	}
	k_free(&k);
}

static void
test_pointer_loops(void **state)
{
	struct kernel k;
	(void)state;
	k_init(&k);
	k_func(&k, "f");
	struct val p = name(&k, k_ptr(&k), "p"), q = name(&k, k_ptr(&k), "q"), n = k_arg(&k), c0 = k_const(&k, 0);
	struct val c1 = k_const(&k, 1), c64 = k_const(&k, 64), t = k_tile(&k, 0, 1, 64);
	struct op loop = k_for_args(&k, c0, n, c1, (struct val[]){p, q, q}, 3);
	struct val i = name(&k, k_body_arg(&k, 0), "i"), a = k_body_arg(&k, 1), b = k_body_arg(&k, 2),
		   c = k_body_arg(&k, 3);
	struct op st = K_WORK(&k, OP_TSTORE, t, k_box(&k, k_view(&k, a, 1, 64, c64), c0, c0, 1, 64));
	struct op sb = K_WORK(&k, OP_TSTORE, t, k_box(&k, k_view(&k, b, 1, 64, c64), c0, c0, 1, 64));
	struct op sc = K_WORK(&k, OP_TSTORE, t, k_box(&k, k_view(&k, c, 1, 64, c64), c0, c0, 1, 64));
	k_yield(&k, (struct val[]){k_bin(&k, OP_ADDPTR, a, c64), k_bin(&k, OP_ADDPTR, b, i), c}, 3);
	struct op end =
		K_WORK(&k, OP_TSTORE, t, k_box(&k, k_view(&k, op_res(&k.ir, loop, 0), 1, 64, c64), c0, c0, 1, 64));
	struct access *ac = build(&k);
	check_set(&k, ac, set_of(ac, st, 1), "%p[trip(%i)*256, 256]");
	assert_false(access_overlap(ac, set_of(ac, st, 1), set_of(ac, st, 1), loop, false, false));
	check_set(&k, ac, set_of(ac, sb, 1), "%q[anywhere]");
	check_set(&k, ac, set_of(ac, sc, 1), "%q[0, 256]");
	assert_int_equal(access_root(ac, set_of(ac, end, 1)).i, p.i);
	assert_true(access_overlap(ac, set_of(ac, end, 1), set_of(ac, st, 1), no_loop, false, false));
	k_free(&k);
}

/* ---- phases ---- */

static void
test_rules(void **state)
{
	struct kernel k;
	(void)state;
	k_init(&k);
	k_func(&k, "f");
	struct val p = k_ptr(&k), c0 = k_const(&k, 0), c64 = k_const(&k, 64);
	struct val v = k_tile(&k, 0, 16, 64), w = k_tile(&k, 4096, 16, 64), none = {0};
	struct tile_shape s = {
		.space = SP_VEC, .rows = 16, .cols = 1, .vrow = 16, .vcol = 1, .fractal = 512, .blayout = BL_COL_MAJOR};
	struct val col = k_alloc(&k, type_tile(&k.ir.types, k_f32(&k), &s), 8192);
	struct val mat = k_alloc(&k, k_tile_type(&k, SP_MAT, k_f32(&k), 16, 64), 0);
	struct val box = k_box(&k, k_view(&k, p, 16, 64, c64), c0, c0, 16, 64);
	struct op fill = K_WORK(&k, OP_TEXPANDS, c0, mat), fill_v = K_WORK(&k, OP_TEXPANDS, c0, v);
	struct op mov = K_WORK(&k, OP_TMOV, v, w), ci = K_WORK(&k, OP_TCI, c0, none, w),
		  ci_tmp = K_WORK(&k, OP_TCI, c0, v, w);
	struct op red = K_WORK(&k, OP_TROWPROD, v, w, col), sub = K_WORK(&k, OP_TROWEXPANDSUB, v, col, none, w);
	struct op sub_tmp = K_WORK(&k, OP_TROWEXPANDSUB, v, col, mat, w);
	struct op cmp = K_WORK(&k, OP_TGATHER, v, w, col, none, mat, c0);
	struct op add = K_WORK(&k, OP_TSTORE, v, box);
	op_attr_set(&k.ir, add, k.ir.name.atomic_type, attr_enum(&k.ir.attrs, EN_ATOMIC_TYPE, 1));
	struct op notify = k_op(&k, OP_COMM_TNOTIFY);
	ir_op_operands(&k.ir, notify, (struct val[]){box, c0}, 2);
	struct access *ac = build(&k);
	uint32_t n;
	assert_int_equal(pipe_of(ac, fill), P_MTE2);
	assert_int_equal(pipe_of(ac, fill_v), P_V);
	assert_int_equal(pipe_of(ac, mov), P_V);
	assert_int_equal(pipe_of(ac, ci), P_S);
	assert_int_equal(pipe_of(ac, ci_tmp), P_V);
	access_hidden(ac, red, &n);
	assert_int_equal(n, 2);
	const struct acc *a = accs_of(ac, sub, &n);
	assert_int_equal(n, 4);
	assert_int_equal(a[3].slot, 0xff);
	check_set(&k, ac, a[3].set, "vec[188416, 196608)");
	accs_of(ac, sub_tmp, &n);
	assert_int_equal(n, 4);
	const struct phase *ph = access_phases(ac, cmp, &n);
	assert_int_equal(n, 3);
	assert_int_equal(ph[0].pipe, P_S);
	assert_int_equal(ph[1].pipe, P_V);
	a = accs_of(ac, add, &n);
	assert_int_equal(pipe_of(ac, add), P_MTE3);
	assert_int_equal(a[1].rw, ACC_WRITE | ACC_ATOMIC);
	assert_false(acc_conflicts(a[1].rw, a[1].rw));
	ph = access_phases(ac, notify, &n);
	assert_int_equal(ph->kind, PH_RELEASE);
	assert_int_equal(ph->drains, 1);
	k_free(&k);
}

static void
test_same_pipe(void **state)
{
	struct kernel k;
	(void)state;
	k_init(&k);
	k_func(&k, "f");
	struct val a = k_tile(&k, 0, 16, 64), b = k_tile(&k, 4096, 16, 64), c = k_tile(&k, 8192, 16, 64);
	struct val s1 = k_tile(&k, 16384, 15, 64), s2 = k_tile(&k, 24576, 15, 64);
	struct op p = K_WORK(&k, OP_TABS, a, b), q = K_WORK(&k, OP_TABS, b, c), r = K_WORK(&k, OP_TABS, c, b);
	struct op u = K_WORK(&k, OP_TABS, s1, s2), w = K_WORK(&k, OP_TABS, s2, s1);
	struct op red = K_WORK(&k, OP_TRECIP, b, a);
	struct access *ac = build(&k);
	struct same_pipe_opt on = {.v_prune = true, .mte2_waw = true}, off = {.mte2_waw = true};
	uint32_t n;
	const struct phase *pp = access_phases(ac, p, &n), *pq = access_phases(ac, q, &n),
			   *pr = access_phases(ac, r, &n);
	const struct acc *ap = accs_of(ac, p, &n), *aq = accs_of(ac, q, &n), *ar = accs_of(ac, r, &n);
	assert_false(access_same_pipe_hazard(ac, pp, &ap[1], pq, &aq[0], false, on));
	assert_true(access_same_pipe_hazard(ac, pp, &ap[1], pq, &aq[0], true, on));
	assert_true(access_same_pipe_hazard(ac, pp, &ap[1], pq, &aq[0], false, off));
	assert_true(access_same_pipe_hazard(ac, pp, &ap[1], pr, &ar[1], false, on)); /* WAW */
	const struct phase *pu = access_phases(ac, u, &n), *pw = access_phases(ac, w, &n),
			   *pred = access_phases(ac, red, &n);
	assert_true(access_same_pipe_hazard(ac, pu, &accs_of(ac, u, &n)[1], pw, &accs_of(ac, w, &n)[0], false, on));
	assert_true(access_same_pipe_hazard(ac, pp, &ap[1], pred, &accs_of(ac, red, &n)[0], false, on));
	k_free(&k);
}

/* ---- calls and branches ---- */

static struct op
add_call(struct kernel *k, const char *callee)
{
	struct op o = k_op(k, OP_CALL);

	ir_op_groups(&k->ir, o, NULL, (uint32_t[]){0}, 1);
	op_attr_set(&k->ir, o, k->ir.name.callee, attr_symbol(&k->ir.attrs, intern_str(&k->ir.in, callee)));
	return o;
}

static void
test_calls(void **state)
{
	struct kernel k;
	(void)state;
	k_init(&k);
	k_func(&k, "idle");
	k_return(&k);
	k_func(&k, "idle_too");
	add_call(&k, "idle");
	k_return(&k);
	k_func(&k, "busy");
	struct val t = k_tile(&k, 0, 8, 64);
	K_WORK(&k, OP_TABS, t, t);
	k_return(&k);
	k_func(&k, "busy_too");
	add_call(&k, "busy");
	k_return(&k);
	k_func(&k, "f");
	struct op quiet = add_call(&k, "idle_too"), loud = add_call(&k, "busy_too"), unknown = add_call(&k, "nowhere");
	struct val u = k_tile(&k, 0, 8, 64);
	struct op work = K_WORK(&k, OP_TABS, u, u);
	op_attr_set(&k.ir, k.func, k.ir.name.kernel_kind, attr_enum(&k.ir.attrs, EN_KERNEL_KIND, 2));
	struct access *ac = build(&k);
	uint32_t n, na;
	access_phases(ac, quiet, &n);
	assert_int_equal(n, 0);
	access_phases(ac, unknown, &n);
	assert_int_equal(n, 4);
	const struct phase *p = access_phases(ac, loud, &n);
	assert_int_equal(n, 4); /* S, V, MTE2, MTE3 */
	const struct acc *a = access_accs(ac, p, &na);
	bool hit = false;
	for (uint32_t i = 0; i < na; i++)
		hit = hit || access_overlap(ac, a[i].set, set_of(ac, work, 0), no_loop, false, false);
	assert_true(hit);
	k_free(&k);
}

/* In blocks that branches may repeat, the same value is another one each time. */
static void
test_branches(void **state)
{
	struct kernel k;
	(void)state;
	k_init(&k);
	k_func(&k, "f");
	struct val p = k_ptr(&k), n = k_arg(&k), c0 = k_const(&k, 0), c64 = k_const(&k, 64), t = k_tile(&k, 0, 1, 64);
	struct val v = k_view(&k, p, 64, 64, c64), c1 = k_const(&k, 1);
	struct blk again = ir_blk_new(&k.ir);
	ir_blk_append(&k.ir, op_reg(&k.ir, k.func, 0), again);
	ir_op_succ(&k.ir, k_op(&k, OP_BR), again, NULL, 0);
	k.blk = again;
	struct op read = k_op(&k, OP_LOAD_SCALAR);
	ir_op_operands(&k.ir, read, (struct val[]){p, n}, 2);
	struct val x = ir_op_result(&k.ir, read, type_index(&k.ir.types));
	struct op a = K_WORK(&k, OP_TLOAD, k_box(&k, v, x, c0, 1, 64), t);
	struct op b = K_WORK(&k, OP_TSTORE, t, k_box(&k, v, k_add(&k, x, c1), c0, 1, 64));
	struct op c = K_WORK(&k, OP_TLOAD, k_box(&k, v, n, c0, 1, 64), t);
	struct op d = K_WORK(&k, OP_TSTORE, t, k_box(&k, v, k_add(&k, n, c1), c0, 1, 64));
	struct access *ac = build(&k);
	assert_true(access_overlap(ac, set_of(ac, a, 0), set_of(ac, b, 1), no_loop, false, false));
	assert_false(access_overlap(ac, set_of(ac, c, 0), set_of(ac, d, 1), no_loop, false, false));
	k_free(&k);
}

/* ---- neighbours ---- */

static bool
is_near(struct access *ac, uint32_t a, uint32_t b)
{
	uint32_t n;
	bool all;
	const uint32_t *l = access_near(ac, a, &n, &all);

	if (all)
		return access_class(ac, a) == access_class(ac, b);
	for (uint32_t i = 0; i < n; i++)
		if (l[i] == b)
			return true;
	return false;
}

static void
test_near(void **state)
{
	struct kernel k;
	(void)state;
	k_init(&k);
	k_func(&k, "f");
	struct val p = k_ptr(&k), c0 = k_const(&k, 0), c64 = k_const(&k, 64), big = k_tile(&k, 0, 128, 64);
	struct val v = k_view(&k, p, 4096, 64, c64);
	struct op st[200];
	struct op cover = K_WORK(&k, OP_TABS, big, big);
	for (uint32_t i = 0; i < 200; i++) {
		struct val t = k_tile(&k, (int64_t)i * 512, 2, 64);
		st[i] = K_WORK(&k, OP_TSTORE, t, k_box(&k, v, k_const(&k, (int64_t)i * 2), c0, 2, 64));
	}
	struct access *ac = build(&k);
	uint32_t n;
	bool all;
	access_near(ac, set_of(ac, st[5], 1), &n, &all);
	assert_false(all);
	assert_true(n <= 3); /* itself and at most its neighbours within a cache line */
	access_near(ac, set_of(ac, st[5], 0), &n, &all);
	assert_int_equal(n, 2);
	access_near(ac, set_of(ac, cover, 0), &n, &all);
	assert_true(all);
	for (uint32_t i = 0; i < 200; i++) {
		uint32_t a = set_of(ac, st[i], 0), b = set_of(ac, cover, 0);
		bool want = i < 64;
		assert_int_equal(access_overlap(ac, a, b, no_loop, false, false), want);
		if (want)
			assert_true(is_near(ac, a, b) && is_near(ac, b, a));
	}
	k_free(&k);
}

/* ---- random boxes in loops against enumeration ---- */

enum { NBOX = 6, TRIPS = 4, PTR_ELEMS = 4096 };

struct box {
	int64_t r[4], c[4]; /* row and column = x[0] + x[1] * i + x[2] * j + x[3] * n */
	int64_t rows, cols;
	struct op st;
};

struct world {
	int64_t stride, lb[2], step[2], trips[2];
	struct box box[NBOX];
	struct op loop[2];
};

static uint64_t
rnd(uint64_t *s, uint64_t n)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return (*s >> 11) % n;
}

static struct val
linear(struct kernel *k, const int64_t *x, struct val i, struct val j, struct val n)
{
	struct val v = k_const(k, x[0]);

	v = k_add(k, v, k_mul(k, i, k_const(k, x[1])));
	v = k_add(k, v, k_mul(k, j, k_const(k, x[2])));
	return k_add(k, v, k_mul(k, k_const(k, x[3]), n));
}

static void
random_world(uint64_t *s, struct world *w)
{
	static const int64_t strides[] = {8, 12, 16, 32};
	static const int64_t coefs[] = {0, 0, 1, 2, 4, 8, -1, 3};

	w->stride = strides[rnd(s, 4)];
	for (int l = 0; l < 2; l++) {
		w->lb[l] = (int64_t)rnd(s, 3);
		w->step[l] = 1 + (int64_t)rnd(s, 3);
		w->trips[l] = 1 + (int64_t)rnd(s, TRIPS);
	}
	for (int b = 0; b < NBOX; b++) {
		struct box *x = &w->box[b];
		for (int t = 0; t < 4; t++) {
			x->r[t] = t == 0 ? (int64_t)rnd(s, 12) : t == 3 ? (int64_t)rnd(s, 2) : coefs[rnd(s, 8)];
			x->c[t] = t == 0 ? (int64_t)rnd(s, 8) : t == 3 ? (int64_t)(rnd(s, 4) == 0) : coefs[rnd(s, 8)];
		}
		x->rows = 1 + (int64_t)rnd(s, 3);
		x->cols = 1 + (int64_t)rnd(s, 6);
	}
}

static void
build_world(struct kernel *k, struct world *w)
{
	k_func(k, "f");
	struct val p = k_ptr(k), n = k_arg(k), t = k_tile(k, 0, 4, 8);
	struct val v = k_view(k, p, 4096, w->stride, k_const(k, w->stride));
	for (int l = 0; l < 2; l++)
		w->loop[l] = k_for(k, k_const(k, w->lb[l]), k_const(k, w->lb[l] + w->step[l] * w->trips[l]),
				   k_const(k, w->step[l]));
	struct val j = k_body_arg(k, 0), i = {ir_blk(&k->ir, k->nest[1])->arg0};
	for (int b = 0; b < NBOX; b++) {
		struct box *x = &w->box[b];
		struct val r = linear(k, x->r, i, j, n), c = linear(k, x->c, i, j, n);
		x->st = K_WORK(k, OP_TSTORE, t, k_box(k, v, r, c, x->rows, x->cols));
	}
	k_end(k);
	k_end(k);
}

static int64_t
value(const int64_t *x, int64_t i, int64_t j, int64_t n)
{
	return x[0] + x[1] * i + x[2] * j + x[3] * n;
}

static bool
share(const struct world *w, const struct box *a, const struct box *b, const int64_t ia[2], const int64_t ib[2],
      int64_t n)
{
	int64_t pa = value(a->r, ia[0], ia[1], n) * w->stride + value(a->c, ia[0], ia[1], n);
	int64_t pb = value(b->r, ib[0], ib[1], n) * w->stride + value(b->c, ib[0], ib[1], n);

	for (int64_t x = 0; x < a->rows; x++)
		for (int64_t y = 0; y < b->rows; y++) {
			int64_t lo = pa + x * w->stride, lo2 = pb + y * w->stride;
			if (lo < lo2 + b->cols && lo2 < lo + a->cols)
				return true;
		}
	return false;
}

/* mode 0: same iteration; 1: later trip of the outer loop; 2: later trip of the inner one. */
static bool
truth(const struct world *w, const struct box *a, const struct box *b, int mode)
{
	for (int64_t n = -6; n <= 6; n++)
		for (int64_t e = 0; e < w->trips[0] * w->trips[0] * w->trips[1] * w->trips[1]; e++) {
			int64_t t = e, k[4];
			for (int d = 0; d < 4; d++) {
				k[d] = t % w->trips[d & 1];
				t /= w->trips[d & 1];
			}
			bool ok = mode == 0   ? k[0] == k[2] && k[1] == k[3]
				  : mode == 1 ? k[0] < k[2]
					      : k[0] == k[2] && k[1] < k[3];
			int64_t ia[2] = {w->lb[0] + k[0] * w->step[0], w->lb[1] + k[1] * w->step[1]};
			int64_t ib[2] = {w->lb[0] + k[2] * w->step[0], w->lb[1] + k[3] * w->step[1]};
			if (ok && share(w, a, b, ia, ib, n))
				return true;
		}
	return false;
}

static void
test_random(void **state)
{
	uint64_t s = 88172645463325252u;
	uint32_t asked = 0, needless = 0, no = 0;
	(void)state;

	for (int round = 0; round < 150; round++) {
		struct kernel k;
		struct world w;
		k_init(&k);
		random_world(&s, &w);
		build_world(&k, &w);
		struct access *ac = build(&k);
		for (int a = 0; a < NBOX; a++)
			for (int b = 0; b < NBOX; b++)
				for (int mode = 0; mode < 3; mode++) {
					uint32_t sa = set_of(ac, w.box[a].st, 1), sb = set_of(ac, w.box[b].st, 1);
					struct op loop = mode ? w.loop[mode - 1] : no_loop;
					bool got = access_overlap(ac, sa, sb, loop, false, false);
					bool want = truth(&w, &w.box[a], &w.box[b], mode);
					/* n is any integer: with different coefficients enumeration proves nothing */
					bool closed = w.box[a].r[3] == w.box[b].r[3] && w.box[a].c[3] == w.box[b].c[3];
					asked++;
					no += closed && !want;
					needless += closed && got && !want;
					if (want && !got)
						print_error("round %d boxes %d %d mode %d\n", round, a, b, mode);
					assert_true(got || !want);
					if (want)
						assert_true(is_near(ac, sa, sb));
				}
		k_free(&k);
	}
	print_message("# %u questions, %u disjoint, %u of them answered \"may overlap\"\n", asked, no, needless);
	assert_true(needless * 20 < no);
}

/* ---- placement ---- */

static void
test_mem(void **state)
{
	struct kernel k;
	struct out o;
	(void)state;
	k_init(&k);
	k_func(&k, "f");
	struct val n = k_arg(&k);
	struct typ ty = k_tile_type(&k, SP_VEC, k_f32(&k), 16, 64);
	struct val ok = k_alloc(&k, ty, 192512), dyn = k_alloc_at(&k, ty, n, (struct val){0}, (struct val){0});
	struct buf_place p = mem_place(&k.ir, ir_val(&k.ir, ok)->def);
	assert_true(p.known);
	assert_int_equal(p.size_bytes, 4096);
	assert_false(mem_place(&k.ir, ir_val(&k.ir, dyn)->def).known);
	assert_true(mem_check_addresses(&k.ir, k.func));
	k_alloc(&k, ty, 192544);
	k_alloc(&k, ty, 4100);
	k_alloc(&k, ty, -32);
	k_alloc_at(&k, ty, (struct val){0}, (struct val){0}, (struct val){0});
	assert_false(mem_check_addresses(&k.ir, k.func));
	assert_int_equal(k.d.nerror, 4);
	out_init(&o, &k.a);
	diags_render(&k.d, &o, (struct diag_style){0});
	assert_non_null(strstr(o.p, "places bytes [192544, 196640) in vec, which has 196608 bytes"));
	assert_non_null(strstr(o.p, "addr must be aligned to 32 bytes for local tile memory space, got 4100"));
	assert_non_null(strstr(o.p, "addr must be non-negative, got -32"));
	assert_non_null(strstr(o.p, "requires 'addr' operand when --pto-level=level3"));
	k_free(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tile_rows),     cmocka_unit_test(test_tile_valid),
		cmocka_unit_test(test_tile_boxed),    cmocka_unit_test(test_tile_cols),
		cmocka_unit_test(test_acc),           cmocka_unit_test(test_gm_sets),
		cmocka_unit_test(test_value_numbers), cmocka_unit_test(test_gm_loop),
		cmocka_unit_test(test_cache_lines),   cmocka_unit_test(test_select_and_swap),
		cmocka_unit_test(test_pointer_loops), cmocka_unit_test(test_rules),
		cmocka_unit_test(test_same_pipe),     cmocka_unit_test(test_near),
		cmocka_unit_test(test_calls),         cmocka_unit_test(test_branches),
		cmocka_unit_test(test_random),        cmocka_unit_test(test_mem),
	};

	return cmocka_run_group_tests_name("access", tests, NULL, NULL) != 0;
}
