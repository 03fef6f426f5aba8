/*
 * test_section: the statement tree of hand-built functions: nesting, ordinals, masks, cores.
 */
#include "access/section.h"
#include "kernel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static struct section *
build(struct kernel *k, enum core core)
{
	struct access *ac = access_build(&k->a, &k->ir, (struct access_opt){false});

	return section_build(&k->a, &k->ir, ac, k->func, core);
}

/* Every invariant of section.h that holds for any tree. */
static void
check_tree(const struct section *s)
{
	uint32_t pord[PIPE_COUNT] = {0};

	for (uint32_t n = 1; n < s->node.n; n++) {
		const struct node *d = &s->node.at[n];
		const struct stmt *t = &s->stmt.at[d->stmt];
		assert_int_equal(d->pord, ++pord[d->ph->pipe]);
		assert_true(n >= t->node0 && n < t->node0 + t->nnode);
		assert_int_equal(d->blk, t->blk);
	}
	for (int p = 0; p < PIPE_COUNT; p++)
		assert_int_equal(pord[p], s->npord[p]);
	for (uint32_t b = 1; b < s->blk.n; b++) {
		const struct sblk *q = &s->blk.at[b];
		uint32_t at = q->node0;
		for (uint32_t i = 0; i < q->nstmt; i++) {
			const struct stmt *t = &s->stmt.at[s->order.at[q->stmt0 + i]];
			assert_int_equal(t->blk, b);
			assert_int_equal(t->pos, i + 1);
			assert_int_equal(t->node0, at);
			at += t->nnode;
		}
		assert_int_equal(at, q->node0 + q->nnode);
	}
	for (uint32_t i = 1; i < s->stmt.n; i++)
		for (uint32_t c = 0; c < s->stmt.at[i].nchild; c++) {
			uint32_t b = s->child.at[s->stmt.at[i].child0 + c];
			if (b)
				assert_int_equal(s->blk.at[b].parent, i);
		}
}

static void
test_nest(void **state)
{
	struct kernel k;
	(void)state;
	k_init(&k);
	k_func(&k, "f");
	struct val p = k_ptr(&k), n = k_arg(&k), c0 = k_const(&k, 0), c4 = k_const(&k, 4), c1 = k_const(&k, 1);
	struct val x = k_tile(&k, 0, 8, 64), y = k_tile(&k, 2048, 8, 64);
	struct val v = k_view(&k, p, 64, 64, k_const(&k, 64));
	struct op ld = K_WORK(&k, OP_TLOAD, k_box(&k, v, c0, c0, 8, 64), x);
	struct op outer = k_for(&k, c0, c4, c1);
	struct op inner = k_for(&k, c0, n, c1);
	struct op abs = K_WORK(&k, OP_TABS, x, y);
	struct op cond = k_if(&k, n);
	K_WORK(&k, OP_TABS, y, x);
	k_else(&k, cond);
	K_WORK(&k, OP_TSTORE, y, k_box(&k, v, c0, c0, 8, 64));
	k_end(&k);
	k_end(&k);
	struct op lone = k_if(&k, n);
	K_WORK(&k, OP_TABS, y, x);
	k_end(&k);
	k_end(&k);
	struct op st = K_WORK(&k, OP_TSTORE, y, k_box(&k, v, c0, c0, 8, 64));
	k_return(&k);
	struct section *s = build(&k, CORE_VECTOR);
	check_tree(s);
	assert_false(s->manual || s->unstructured);
	const struct sblk *root = &s->blk.at[1];
	assert_int_equal(root->nstmt, 4);
	const struct stmt *t[4];
	for (uint32_t i = 0; i < 4; i++)
		t[i] = &s->stmt.at[s->order.at[root->stmt0 + i]];
	assert_int_equal(t[0]->op.i, ld.i);
	assert_int_equal(t[1]->op.i, outer.i);
	assert_int_equal(t[1]->kind, ST_LOOP);
	assert_int_equal(t[1]->trips_min, 1);
	assert_int_equal(t[1]->nnode, 4);
	assert_int_equal(t[1]->pipes, 1u << P_V | 1u << P_MTE3);
	assert_int_equal(t[2]->op.i, st.i);
	assert_int_equal(t[3]->kind, ST_EXIT);
	const struct sblk *body = &s->blk.at[s->child.at[t[1]->child0]];
	assert_int_equal(body->depth, 1);
	const struct stmt *in = &s->stmt.at[s->order.at[body->stmt0]];
	assert_int_equal(in->op.i, inner.i);
	assert_int_equal(in->trips_min, 0);
	const struct sblk *ib = &s->blk.at[s->child.at[in->child0]];
	assert_int_equal(ib->depth, 2);
	assert_int_equal(s->stmt.at[ib->loop].op.i, inner.i);
	assert_int_equal(s->stmt.at[s->order.at[ib->stmt0]].op.i, abs.i);
	const struct stmt *br = &s->stmt.at[s->order.at[ib->stmt0 + 1]];
	assert_int_equal(br->kind, ST_IF);
	const struct sblk *els = &s->blk.at[s->child.at[br->child0 + 1]];
	assert_int_equal(els->loop, ib->loop);
	assert_int_equal(els->nnode, 1);
	const struct stmt *no_else = &s->stmt.at[s->order.at[body->stmt0 + 1]];
	assert_int_equal(no_else->op.i, lone.i);
	assert_int_equal(s->child.at[no_else->child0 + 1], 0);
	k_free(&k);
}

static void
test_sync_ops(void **state)
{
	struct kernel k;
	(void)state;
	k_init(&k);
	k_func(&k, "f");
	struct op set = ir_flag(&k.ir, OP_SET_FLAG, P_V, P_MTE3, 0),
		  wait = ir_flag(&k.ir, OP_WAIT_FLAG, P_V, P_MTE3, 0);
	ir_append(&k.ir, k.blk, set);
	ir_append(&k.ir, k.blk, wait);
	ir_op(&k.ir, set)->flags |= OPD_SYNC;
	ir_op(&k.ir, wait)->flags |= OPD_SYNC;
	k_return(&k);
	struct section *s = build(&k, CORE_VECTOR);
	assert_false(s->manual);
	assert_int_equal(s->stmt.n, 4);
	assert_int_equal(s->stmt.at[1].kind, ST_SYNC);
	ir_op(&k.ir, wait)->flags = 0;
	assert_true(build(&k, CORE_VECTOR)->manual);
	k_free(&k);
}

static void
test_cores(void **state)
{
	struct kernel k;
	enum core core[2];
	(void)state;
	k_init(&k);
	k_func(&k, "scalar");
	k_return(&k);
	assert_int_equal(section_count(&k.ir, k.func, core), 1);
	assert_int_equal(core[0], CORE_VECTOR);
	k_func(&k, "cube");
	struct val p = k_ptr(&k), c0 = k_const(&k, 0);
	struct val m = k_alloc(&k, k_tile_type(&k, SP_MAT, k_f32(&k), 16, 64), 0);
	struct val box = k_box(&k, k_view(&k, p, 16, 64, k_const(&k, 64)), c0, c0, 16, 64);
	K_WORK(&k, OP_TLOAD, box, m);
	assert_int_equal(section_count(&k.ir, k.func, core), 1);
	assert_int_equal(core[0], CORE_CUBE);
	struct val v = k_tile(&k, 0, 16, 64);
	K_WORK(&k, OP_TLOAD, box, v);
	k_return(&k);
	assert_int_equal(section_count(&k.ir, k.func, core), 2);
	assert_int_equal(core[0], CORE_CUBE);
	assert_int_equal(core[1], CORE_VECTOR);
	assert_int_equal(build(&k, CORE_CUBE)->node.n, 2);
	op_attr_set(&k.ir, k.func, k.ir.name.kernel_kind, attr_enum(&k.ir.attrs, EN_KERNEL_KIND, 2));
	assert_int_equal(section_count(&k.ir, k.func, core), 1);
	k_free(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nest),
		cmocka_unit_test(test_sync_ops),
		cmocka_unit_test(test_cores),
	};

	return cmocka_run_group_tests_name("section", tests, NULL, NULL) != 0;
}
