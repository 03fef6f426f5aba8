/* gen: see gen.h. The text depends on the options only. */
#include "gen.h"

#include <stdio.h>

struct gen {
	struct out *o;
	const struct gen_opt *opt;
	uint32_t rng;
	size_t at;		/* in opt->bytes */
	uint32_t depth, nval, nops;
	char iv[8][16];		/* induction variables in scope */
	uint32_t niv;
	uint32_t nloop;
	bool cube;		/* what the code written now runs on */
};

static void body(struct gen *g, uint32_t n);

/* The next decision of opt->bytes; behind their end there is no more work to add. */
static uint32_t
byte(struct gen *g, uint32_t n)
{
	if (g->at < g->opt->nbytes)
		return g->opt->bytes[g->at++] % n;
	g->nops = g->opt->max_ops;
	return 0;
}

static uint32_t
rnd(struct gen *g, uint32_t n)
{
	if (g->opt->bytes)
		return byte(g, n);
	g->rng ^= g->rng << 13;
	g->rng ^= g->rng >> 17;
	g->rng ^= g->rng << 5;
	return (g->rng >> 3) % n;
}

static void
indent(struct gen *g)
{
	out_pad(g->o, ' ', 4 + 2 * g->depth);
}

/* ---- vector kernels: f32 tiles of 4x64 (1 KiB) at multiples of 512 bytes, some narrower ---- */

enum { VTILES = 6, ROOTS = 3 };

#define VT "!pto.tile_buf<loc=vec, dtype=f32, rows=4, cols=64, v_row=4, v_col=64, blayout=row_major, "                 \
	   "slayout=none_box, fractal=512, pad=0>"
#define ST "!pto.tile_buf<loc=vec, dtype=f32, rows=4, cols=32, v_row=4, v_col=32, blayout=row_major, "                 \
	   "slayout=none_box, fractal=512, pad=0>"

#define DT "!pto.tile_buf<loc=vec, dtype=f32, rows=8, cols=1, v_row=4, v_col=1, blayout=col_major, "                   \
	   "slayout=none_box, fractal=512, pad=0>"
#define IT "!pto.tile_buf<loc=vec, dtype=i32, rows=1, cols=64, v_row=1, v_col=64, blayout=row_major, "                 \
	   "slayout=none_box, fractal=512, pad=0>"
#define GV "!pto.partition_tensor_view<4x64xf32>"
#define GH "!pto.partition_tensor_view<4x32xf32>"

static void
row_offset(struct gen *g, char *buf, size_t n)
{
	uint32_t k = rnd(g, 10);

	if (g->niv && k < 2) {
		/* one iteration ahead: what this trip touches the next one touches again */
		uint32_t v = g->nval++;
		indent(g);
		out_f(g->o, "%%v%u = arith.addi %s, %%c4 : index\n", v, g->iv[rnd(g, g->niv)]);
		snprintf(buf, n, "%%v%u", v);
		return;
	}
	if (g->niv && k < 5)
		strncpy(buf, g->iv[rnd(g, g->niv)], n - 1);
	else if (k < 7)
		strncpy(buf, k == 5 ? "%x0" : "%x1", n - 1);
	else
		strncpy(buf, k == 7 ? "%c0" : k == 8 ? "%c4" : "%c8", n - 1);
	buf[n - 1] = 0;
}

/* A buffer of the element type of the core. */
static uint32_t
root(struct gen *g)
{
	if (g->opt->mixed)
		return g->cube ? 2 : rnd(g, 2);
	return rnd(g, ROOTS);
}

static uint32_t
box(struct gen *g)
{
	char off[16];
	uint32_t v = g->nval++;

	row_offset(g, off, sizeof off);
	indent(g);
	out_f(g->o, "%%v%u = pto.partition_view %%g%u, offsets = [%s, %%c0], sizes = [%%c4, %%c64] : ", v,
	      root(g), off);
	out_str(g->o, "!pto.tensor_view<?x?xf32> -> !pto.partition_tensor_view<4x64xf32>\n");
	return v;
}

static void
vec_load(struct gen *g)
{
	uint32_t v = box(g);

	indent(g);
	out_f(g->o, "pto.tload ins(%%v%u : !pto.partition_tensor_view<4x64xf32>) outs(%%t%u : " VT ")\n", v,
	      rnd(g, VTILES));
}

static void
vec_store(struct gen *g)
{
	uint32_t v = box(g), atomic = rnd(g, 8) == 0;

	indent(g);
	out_f(g->o, "pto.tstore ins(%%t%u : " VT ") outs(%%v%u : !pto.partition_tensor_view<4x64xf32>)%s\n",
	      rnd(g, VTILES), v, atomic ? " {atomicType = #pto<atomic_type atomic_add>}" : "");
}

static void
vec_op(struct gen *g)
{
	static const char *const bin[] = {"tadd", "tmul", "tmax", "tsub"}, *const un[] = {"tabs", "texp", "tneg"};
	uint32_t a = rnd(g, VTILES), b = rnd(g, VTILES), c = rnd(g, VTILES), k = rnd(g, 10);

	indent(g);
	if (k < 4)
		out_f(g->o, "pto.%s ins(%%t%u, %%t%u : " VT ", " VT ") outs(%%t%u : " VT ")\n", bin[k], a, b, c);
	else if (k < 7)
		out_f(g->o, "pto.%s ins(%%t%u : " VT ") outs(%%t%u : " VT ")\n", un[k - 4], a, c);
	else if (k == 7)
		out_f(g->o, "pto.texpands ins(%%f1 : f32) outs(%%t%u : " VT ")\n", c);
	else
		out_f(g->o, "pto.tneg ins(%%h%u : " ST ") outs(%%h%u : " ST ")\n", a & 3, b & 3);
}

enum { SLOTS = 3 };
#define SLOT_TYPE "!pto.multi_tile_buf<vec, 4x64xf32, count=3>"

/* A slot by a constant, by the remainder of a counter that may be some trips ahead, or by an argument. */
static uint32_t
slot(struct gen *g)
{
	uint32_t v = g->nval++, k = rnd(g, 6);

	if (g->niv && k < 4) {
		const char *iv = g->iv[rnd(g, g->niv)];
		indent(g);
		out_f(g->o, "%%sa%u = arith.divui %s, %%c4 : index\n", v, iv);
		indent(g);
		out_f(g->o, "%%sb%u = arith.addi %%sa%u, %%c%u : index\n", v, v, k < 2 ? 0 : k == 2 ? 1 : 2);
		indent(g);
		out_f(g->o, "%%sc%u = arith.remui %%sb%u, %%c3 : index\n", v, v);
	} else if (k == 4) {
		indent(g);
		out_f(g->o, "%%sc%u = arith.remui %%x%u, %%c3 : index\n", v, rnd(g, 2));
	} else {
		indent(g);
		out_f(g->o, "%%sc%u = arith.constant %u : index\n", v, rnd(g, SLOTS));
	}
	indent(g);
	out_f(g->o, "%%sl%u = pto.multi_tile_get %%ms%u[%%sc%u] : " SLOT_TYPE " -> !pto.tile_buf<vec, 4x64xf32>\n", v,
	      rnd(g, 2), v);
	return v;
}

static void
slot_op(struct gen *g)
{
	uint32_t s = slot(g), k = rnd(g, 3), v;

	if (k == 2) {
		indent(g);
		out_f(g->o, "pto.tneg ins(%%sl%u : !pto.tile_buf<vec, 4x64xf32>) outs(%%t%u : " VT ")\n", s,
		      rnd(g, VTILES));
		return;
	}
	v = box(g);
	indent(g);
	if (k)
		out_f(g->o, "pto.tload ins(%%v%u : " GV ") outs(%%sl%u : !pto.tile_buf<vec, 4x64xf32>)\n", v, s);
	else
		out_f(g->o, "pto.tstore ins(%%sl%u : !pto.tile_buf<vec, 4x64xf32>) outs(%%v%u : " GV ")\n", s, v);
}

/* A function with work of its own, and a macro that sets and waits for flags inside. */
static void
call_op(struct gen *g)
{
	indent(g);
	if (g->opt->calls && rnd(g, 2))
		out_f(g->o, "func.call @part(%%p%u, %%x%u) : (!pto.ptr<f32>, index) -> ()\n", rnd(g, 2), rnd(g, 2));
	else
		out_f(g->o, "pto.trowexpand ins(%%d%u : " DT ") outs(%%t%u : " VT ")\n", rnd(g, 2), rnd(g, VTILES));
}

/* Half the columns of a box and half a tile. */
static void
half_transfer(struct gen *g)
{
	char off[16];
	uint32_t v = g->nval++, right = rnd(g, 2), t = rnd(g, 4);

	row_offset(g, off, sizeof off);
	indent(g);
	out_f(g->o, "%%v%u = pto.partition_view %%g%u, offsets = [%s, %%c%u], sizes = [%%c4, %%c32] : "
		    "!pto.tensor_view<?x?xf32> -> " GH "\n", v, root(g), off, right * 32);
	indent(g);
	if (rnd(g, 2))
		out_f(g->o, "pto.tload ins(%%v%u : " GH ") outs(%%h%u : " ST ")\n", v, t);
	else
		out_f(g->o, "pto.tstore ins(%%h%u : " ST ") outs(%%v%u : " GH ")\n", t, v);
}

/* Macros that are more than one instruction of one pipe. */
static void
macro_op(struct gen *g)
{
	uint32_t a = rnd(g, VTILES), b = rnd(g, VTILES), c = rnd(g, VTILES), d = rnd(g, 2);

	indent(g);
	switch (rnd(g, 4)) {
	case 0:
		out_f(g->o, "pto.trowsum ins(%%t%u, %%t%u : " VT ", " VT ") outs(%%d%u : " DT ")\n", a, b, d);
		break;
	case 1:
		out_f(g->o, "pto.tci ins(%%j1 : i32) outs(%%u%u : " IT ")\n", d);
		break;
	case 2:
		out_f(g->o, "%%v%u = arith.select %%b%u, %%t%u, %%t%u : " VT "\n", g->nval, d, a, b);
		indent(g);
		out_f(g->o, "pto.tneg ins(%%v%u : " VT ") outs(%%t%u : " VT ")\n", g->nval++, c);
		break;
	default:
		out_f(g->o, "%%v%u = pto.subview %%t%u[%%c0, %%c%u] sizes [4, 32] : " VT " -> " ST "\n", g->nval, a,
		      32 * d);
		indent(g);
		out_f(g->o, "pto.tneg ins(%%h%u : " ST ") outs(%%v%u : " ST ")\n", b & 3, g->nval++);
		break;
	}
}

static void
source_sync(struct gen *g)
{
	indent(g);
	out_str(g->o, rnd(g, 2) ? "pto.fence.barrier_all #pto.fence_scope<gm>\n" : "pto.barrier #pto.pipe<PIPE_ALL>\n");
}

static void
signal_op(struct gen *g)
{
	indent(g);
	if (rnd(g, 2))
		out_str(g->o, "pto.comm.tnotify(%sp, %j1 : !pto.partition_tensor_view<1x1xi32>, i32) "
			      "{notifyOp = #pto<notify_op set>}\n");
	else
		out_str(g->o, "pto.comm.twait(%sp, %j1 : !pto.partition_tensor_view<1x1xi32>, i32) "
			      "{cmp = #pto<wait_cmp ge>}\n");
}

/* ---- fifos ---- */

enum { FIFO_AT = 65536 };
#define QT "!pto.tile_buf<vec, 4x64xf32>"

/* The core at the other end: only its buffers matter here. */
static void
fifo_peer(struct out *o)
{
	out_str(o, "  func.func @peer(%ff: !pto.ptr<f32>) attributes {pto.kernel_kind = #pto.kernel_kind<cube>} {\n"
		   "    %c2v = pto.import_reserved_buffer {name = \"c2v\", peer_func = @k} -> i32\n"
		   "    %v2c = pto.reserve_buffer {name = \"v2c\", size = 4096, location = #pto.address_space<mat>, "
		   "auto = false, base = 8192} -> i32\n"
		   "    pto.aic_initialize_pipe {id = 0, dir_mask = 3, slot_size = 1024, local_slot_num = 2} "
		   "(gm_slot_buffer = %ff : !pto.ptr<f32>, c2v_consumer_buf = %c2v : i32, v2c_consumer_buf = %v2c : "
		   "i32)\n    return\n  }\n");
}

static void
fifo_ends(struct out *o)
{
	out_f(o, "    %%c2v = pto.reserve_buffer {name = \"c2v\", size = 8192, location = #pto.address_space<vec>, "
		 "auto = false, base = %u} -> i32\n", FIFO_AT);
	out_str(o, "    %v2c = pto.import_reserved_buffer {name = \"v2c\", peer_func = @peer} -> i32\n"
		   "    pto.aiv_initialize_pipe {id = 0, dir_mask = 3, slot_size = 1024, local_slot_num = 2} "
		   "(gm_slot_buffer = %ff : !pto.ptr<f32>, c2v_consumer_buf = %c2v : i32, v2c_consumer_buf = %v2c : "
		   "i32)\n");
}

/* A tile for the cube core; or one or two entries from it, used and given back. */
static void
fifo_op(struct gen *g)
{
	uint32_t v = g->nval, n = 1 + rnd(g, 2);

	if (rnd(g, 3) == 0) {
		indent(g);
		out_f(g->o, "pto.tpush_to_aic(%%t%u : " VT ") {id = 0, split = 0}\n", rnd(g, VTILES));
		return;
	}
	g->nval += n;
	for (uint32_t i = 0; i < n; i++) {
		indent(g);
		out_f(g->o, "%%v%u = pto.tpop_from_aic {id = 0, split = 0} -> " QT "\n", v + i);
	}
	for (uint32_t i = 0; i < n; i++) {
		uint32_t k = rnd(g, 3), at = k ? 0 : box(g);
		indent(g);
		if (k == 0)
			out_f(g->o, "pto.tstore ins(%%v%u : " QT ") outs(%%v%u : " GV ")\n", v + i, at);
		else if (k == 1)
			out_f(g->o, "pto.tneg ins(%%v%u : " QT ") outs(%%t%u : " VT ")\n", v + i, rnd(g, VTILES));
		else
			out_f(g->o, "pto.tabs ins(%%t%u : " VT ") outs(%%v%u : " QT ")\n", rnd(g, VTILES), v + i);
	}
	for (uint32_t i = 0; i < n; i++) {
		indent(g);
		out_str(g->o, "pto.tfree_from_aic {id = 0, split = 0}\n");
	}
}

static void
scalar_op(struct gen *g)
{
	uint32_t root = rnd(g, 2), at = rnd(g, 3), v = g->nval++;
	static const char *const idx[] = {"%c0", "%c4", "%c64"};

	indent(g);
	if (rnd(g, 2))
		out_f(g->o, "%%v%u = pto.load_scalar %%p%u[%s] : !pto.ptr<f32> -> f32\n", v, root, idx[at]);
	else
		out_f(g->o, "pto.store_scalar %%f1, %%p%u[%s] : !pto.ptr<f32>, f32\n", root, idx[at]);
}

static void
vec_leaf(struct gen *g)
{
	uint32_t k = rnd(g, 20);

	g->nops++;
	if (g->opt->fifos && rnd(g, 5) == 0)
		fifo_op(g);
	else if (g->opt->wide && k > 15)
		rnd(g, 4) ? slot_op(g) : call_op(g);
	else if (k < 5)
		vec_load(g);
	else if (k < 9)
		vec_store(g);
	else if (k == 9 && g->opt->scalar)
		scalar_op(g);
	else if (k == 10 && g->opt->rich)
		rnd(g, 4) ? signal_op(g) : source_sync(g);
	else if (k < 13 && g->opt->rich)
		half_transfer(g);
	else if (k < 15 && g->opt->rich)
		macro_op(g);
	else
		vec_op(g);
}

/* ---- cube kernels: f16 16x16 products ---- */

#define MT "!pto.tile_buf<loc=mat, dtype=f16, rows=16, cols=16, v_row=16, v_col=16, blayout=col_major, "               \
	   "slayout=row_major, fractal=512, pad=0>"
#define LT "!pto.tile_buf<loc=left, dtype=f16, rows=16, cols=16, v_row=16, v_col=16, blayout=row_major, "              \
	   "slayout=row_major, fractal=512, pad=0>"
#define RT "!pto.tile_buf<loc=right, dtype=f16, rows=16, cols=16, v_row=16, v_col=16, blayout=row_major, "             \
	   "slayout=col_major, fractal=512, pad=0>"
#define AT "!pto.tile_buf<loc=acc, dtype=f32, rows=16, cols=16, v_row=16, v_col=16, blayout=col_major, "               \
	   "slayout=row_major, fractal=1024, pad=0>"

static uint32_t
cube_box(struct gen *g)
{
	char off[16];
	uint32_t v = g->nval++;

	row_offset(g, off, sizeof off);
	indent(g);
	out_f(g->o, "%%v%u = pto.partition_view %%g%u, offsets = [%s, %%c0], sizes = [%%c16, %%c16] : ", v,
	      root(g), off);
	out_str(g->o, "!pto.tensor_view<?x?xf16> -> !pto.partition_tensor_view<16x16xf16>\n");
	return v;
}

static void
cube_leaf(struct gen *g)
{
	uint32_t k = rnd(g, 12), v;

	g->nops++;
	if (k < 3) {
		v = cube_box(g);
		indent(g);
		out_f(g->o, "pto.tload ins(%%v%u : !pto.partition_tensor_view<16x16xf16>) outs(%%m%u : " MT ")\n", v,
		      rnd(g, 3));
	} else if (k < 5) {
		v = cube_box(g);
		indent(g);
		out_f(g->o, "pto.tstore ins(%%a%u : " AT ") outs(%%v%u : !pto.partition_tensor_view<16x16xf16>)\n",
		      rnd(g, 2), v);
	} else if (k < 9) {
		bool left = k < 7;
		indent(g);
		out_f(g->o, "pto.tmov ins(%%m%u : " MT ") outs(%%%c%u : %s)\n", rnd(g, 3), left ? 'l' : 'r', rnd(g, 2),
		      left ? LT : RT);
	} else {
		uint32_t l = rnd(g, 2), r = rnd(g, 2), a = rnd(g, 2);
		indent(g);
		if (k == 9)
			out_f(g->o, "pto.tmatmul ins(%%l%u, %%r%u : " LT ", " RT ") outs(%%a%u : " AT ")\n", l, r, a);
		else
			out_f(g->o, "pto.tmatmul.acc ins(%%a%u, %%l%u, %%r%u : " AT ", " LT ", " RT ") outs(%%a%u : "
				    AT ")\n", a, l, r, a);
	}
}

/* ---- control flow ---- */

static void
loop(struct gen *g, uint32_t n)
{
	static const char *const ub[] = {"%n", "%m", "%c8", "%c4"};
	uint32_t id = g->nloop++;

	indent(g);
	out_f(g->o, "scf.for %%i%u = %%c0 to %s step %%c4 {\n", id, ub[rnd(g, 4)]);
	g->depth++;
	snprintf(g->iv[g->niv++], sizeof g->iv[0], "%%i%u", id);
	body(g, n);
	g->niv--;
	g->depth--;
	indent(g);
	out_str(g->o, "}\n");
}

static void
while_loop(struct gen *g, uint32_t n)
{
	uint32_t id = g->nloop++;

	indent(g);
	out_f(g->o, "%%w%u = scf.while (%%k%u = %%c0) : (index) -> index {\n", id, id);
	indent(g);
	out_f(g->o, "  %%q%u = arith.cmpi slt, %%k%u, %%n : index\n", id, id);
	g->depth++;
	if (rnd(g, 2))
		body(g, 1);
	g->depth--;
	indent(g);
	out_f(g->o, "  scf.condition(%%q%u) %%k%u : index\n", id, id);
	indent(g);
	out_f(g->o, "} do {\n");
	indent(g);
	out_f(g->o, "^bb0(%%i%u: index):\n", id);
	g->depth++;
	snprintf(g->iv[g->niv++], sizeof g->iv[0], "%%i%u", id);
	body(g, n);
	indent(g);
	out_f(g->o, "%%z%u = arith.addi %%i%u, %%c4 : index\n", id, id);
	indent(g);
	out_f(g->o, "scf.yield %%z%u : index\n", id);
	g->niv--;
	g->depth--;
	indent(g);
	out_str(g->o, "}\n");
}

/* Two tiles that change places every trip. */
static void
swap_loop(struct gen *g, uint32_t n)
{
	uint32_t id = g->nloop++;

	indent(g);
	out_f(g->o, "%%w%u:2 = scf.for %%i%u = %%c0 to %%n step %%c4 iter_args(%%y%u = %%t0, %%z%u = %%t1) -> "
		    "(" VT ", " VT ") {\n", id, id, id, id);
	g->depth++;
	snprintf(g->iv[g->niv++], sizeof g->iv[0], "%%i%u", id);
	uint32_t v = box(g);
	indent(g);
	out_f(g->o, "pto.tload ins(%%v%u : " GV ") outs(%%z%u : " VT ")\n", v, id);
	body(g, n);
	indent(g);
	out_f(g->o, "pto.tneg ins(%%y%u : " VT ") outs(%%t%u : " VT ")\n", id, rnd(g, VTILES));
	indent(g);
	out_f(g->o, "scf.yield %%z%u, %%y%u : " VT ", " VT "\n", id, id);
	g->niv--;
	g->depth--;
	indent(g);
	out_str(g->o, "}\n");
}

/* Load, use and perhaps store of one slot: what a ring is for. */
static void
ring_loop(struct gen *g, uint32_t n)
{
	uint32_t id = g->nloop++, ring = rnd(g, 2), t = rnd(g, VTILES);

	indent(g);
	out_f(g->o, "scf.for %%i%u = %%c0 to %s step %%c4 {\n", id, rnd(g, 2) ? "%n" : "%m");
	g->depth++;
	snprintf(g->iv[g->niv++], sizeof g->iv[0], "%%i%u", id);
	indent(g);
	out_f(g->o, "%%ra%u = arith.divui %%i%u, %%c4 : index\n", id, id);
	indent(g);
	out_f(g->o, "%%rs%u = arith.remui %%ra%u, %%c3 : index\n", id, id);
	indent(g);
	out_f(g->o, "%%rt%u = pto.multi_tile_get %%ms%u[%%rs%u] : " SLOT_TYPE " -> " QT "\n", id, ring, id);
	uint32_t v = box(g);
	indent(g);
	out_f(g->o, "pto.tload ins(%%v%u : " GV ") outs(%%rt%u : " QT ")\n", v, id);
	if (rnd(g, 2))
		body(g, 1);
	indent(g);
	if (rnd(g, 2))
		out_f(g->o, "pto.tadd ins(%%t%u, %%rt%u : " VT ", " QT ") outs(%%t%u : " VT ")\n", t, id, t);
	else
		out_f(g->o, "pto.tneg ins(%%rt%u : " QT ") outs(%%rt%u : " QT ")\n", id, id);
	if (rnd(g, 2)) {
		v = box(g);
		indent(g);
		out_f(g->o, "pto.tstore ins(%%rt%u : " QT ") outs(%%v%u : " GV ")\n", id, v);
	}
	if (rnd(g, 2))
		body(g, n);
	g->nops += 3;
	g->niv--;
	g->depth--;
	indent(g);
	out_str(g->o, "}\n");
}

static void
choice(struct gen *g, uint32_t n)
{
	indent(g);
	out_f(g->o, "scf.index_switch %%x%u\n", rnd(g, 2));
	for (uint32_t k = 0; k < 3; k++) {
		indent(g);
		if (k < 2)
			out_f(g->o, "case %u {\n", k);
		else
			out_str(g->o, "default {\n");
		g->depth++;
		body(g, n / 3 + 1);
		indent(g);
		out_str(g->o, "scf.yield\n");
		g->depth--;
		indent(g);
		out_str(g->o, "}\n");
	}
}

static void
compound(struct gen *g, uint32_t n)
{
	uint32_t k = g->opt->rich ? rnd(g, 8) : 7;

	if (g->opt->wide && !g->cube && rnd(g, 3) == 0)
		ring_loop(g, n);
	else if (k == 0)
		while_loop(g, n);
	else if (k == 1 && !g->cube)
		swap_loop(g, n);
	else if (k == 2)
		choice(g, n);
	else
		loop(g, n);
}

/* First trip, last trip, every other trip. */
static void
guard(struct gen *g, uint32_t v)
{
	const char *iv = g->iv[rnd(g, g->niv)];
	uint32_t k = rnd(g, 3);

	indent(g);
	if (k == 0) {
		out_f(g->o, "%%v%u = arith.cmpi %s, %s, %%c0 : index\n", v, rnd(g, 2) ? "eq" : "sgt", iv);
		return;
	}
	if (k == 1) {
		out_f(g->o, "%%ga%u = arith.addi %s, %%c4 : index\n", v, iv);
		indent(g);
		out_f(g->o, "%%v%u = arith.cmpi slt, %%ga%u, %%n : index\n", v, v);
		return;
	}
	out_f(g->o, "%%ga%u = arith.divui %s, %%c4 : index\n", v, iv);
	indent(g);
	out_f(g->o, "%%gb%u = arith.remui %%ga%u, %%c2 : index\n", v, v);
	indent(g);
	out_f(g->o, "%%v%u = arith.cmpi eq, %%gb%u, %%c0 : index\n", v, v);
}

static void
branch(struct gen *g, uint32_t n)
{
	uint32_t v = g->nval++;
	bool dynamic = g->niv && rnd(g, 2);

	if (dynamic && g->opt->wide && rnd(g, 2)) {
		guard(g, v);
	} else if (dynamic) {
		indent(g);
		out_f(g->o, "%%v%u = arith.cmpi slt, %s, %%x0 : index\n", v, g->iv[rnd(g, g->niv)]);
	}
	indent(g);
	if (dynamic)
		out_f(g->o, "scf.if %%v%u {\n", v);
	else
		out_f(g->o, "scf.if %%b%u {\n", rnd(g, 2));
	g->depth++;
	body(g, n / 2 + 1);
	if (rnd(g, 2)) {
		g->depth--;
		indent(g);
		out_str(g->o, "} else {\n");
		g->depth++;
		body(g, n / 2 + 1);
	}
	g->depth--;
	indent(g);
	out_str(g->o, "}\n");
}

static void
body(struct gen *g, uint32_t n)
{
	while (n > 0 && g->nops < g->opt->max_ops) {
		uint32_t k = rnd(g, 8), part = n > 1 ? 1 + rnd(g, n) : 1;
		if (k == 0 && g->depth < g->opt->max_depth && g->niv < 8) {
			compound(g, part);
		} else if (k == 1 && g->depth < g->opt->max_depth) {
			branch(g, part);
		} else if (g->cube) {
			cube_leaf(g);
			part = 1;
		} else {
			vec_leaf(g);
			part = 1;
		}
		n -= part;
	}
}

/* A tile at an address, or wherever it is placed. */
static void
tile(struct gen *g, char letter, uint32_t t, uint32_t at, const char *type)
{
	if (g->opt->placed) {
		out_f(g->o, "    %%%c%u = pto.alloc_tile : %s\n", letter, t, type);
		return;
	}
	out_f(g->o, "    %%a%c%u = arith.constant %u : i64\n", letter, t, at);
	out_f(g->o, "    %%%c%u = pto.alloc_tile addr = %%a%c%u : %s\n", letter, t, letter, t, type);
}

static void
vec_tiles(struct gen *g)
{
	for (uint32_t t = 0; t < VTILES; t++) {
		uint32_t at = rnd(g, 4) ? t * 1024 : rnd(g, 12) * 512;
		tile(g, 't', t, at, VT);
	}
	for (uint32_t t = 0; t < 4; t++)
		tile(g, 'h', t, rnd(g, 16) * 512, ST);
	for (uint32_t t = 0; t < 2; t++) {
		tile(g, 'd', t, rnd(g, 64) * 128, DT);
		tile(g, 'u', t, rnd(g, 32) * 256, IT);
	}
	for (uint32_t t = 0; t < 2 && g->opt->wide; t++) {
		out_f(g->o, "    %%as%u = arith.constant %u : i64\n", t,
		      rnd(g, 3) ? 16384 + t * 4096 : rnd(g, 16) * 512);
		out_f(g->o, "    %%ms%u = pto.alloc_multi_tile addr = %%as%u : " SLOT_TYPE "\n", t, t);
	}
}

static void
cube_tiles(struct gen *g)
{
	static const char *const type[] = {MT, LT, RT, AT}, letter[] = "mlra";

	for (uint32_t k = 0; k < 4; k++) {
		for (uint32_t t = 0; t < (k ? 2 : 3); t++) {
			uint32_t at = (rnd(g, 4) ? t : 0) * (k == 3 ? 1024 : 512);
			tile(g, letter[k], t, at, type[k]);
		}
	}
}

static void
fill_tiles(struct gen *g)
{
	for (uint32_t t = 0; t < VTILES; t++)
		out_f(g->o, "    pto.texpands ins(%%f1 : f32) outs(%%t%u : " VT ")\n", t);
	for (uint32_t t = 0; t < 4; t++)
		out_f(g->o, "    pto.texpands ins(%%f1 : f32) outs(%%h%u : " ST ")\n", t);
	for (uint32_t t = 0; t < 2; t++)
		out_f(g->o, "    pto.texpands ins(%%j1 : i32) outs(%%u%u : " IT ")\n", t);
}

/* Loads and stores one block of its pointer. */
static void
callee(struct out *o)
{
	out_str(o, "  func.func private @part(%p: !pto.ptr<f32>, %x: index) attributes {pto.kernel_kind = "
		   "#pto.kernel_kind<vector>} {\n    %c0 = arith.constant 0 : index\n"
		   "    %c1 = arith.constant 1 : index\n    %c4 = arith.constant 4 : index\n"
		   "    %c64 = arith.constant 64 : index\n    %at = arith.constant 32768 : i64\n"
		   "    %t = pto.alloc_tile addr = %at : " VT "\n"
		   "    %g = pto.make_tensor_view %p, shape = [%c64, %c64], strides = [%c64, %c1] "
		   "{layout = #pto.layout<nd>} : !pto.tensor_view<?x?xf32>\n"
		   "    %v = pto.partition_view %g, offsets = [%x, %c0], sizes = [%c4, %c64] : "
		   "!pto.tensor_view<?x?xf32> -> " GV "\n"
		   "    pto.tload ins(%v : " GV ") outs(%t : " VT ")\n"
		   "    pto.tneg ins(%t : " VT ") outs(%t : " VT ")\n"
		   "    pto.tstore ins(%t : " VT ") outs(%v : " GV ")\n    return\n  }\n");
}

static const char *
root_type(const struct gen *g, uint32_t root)
{
	if (g->opt->mixed)
		return root == 2 ? "f16" : "f32";
	return g->cube ? "f16" : "f32";
}

static void
head(struct gen *g)
{
	struct out *o = g->o;

	out_str(o, "module attributes {pto.target_arch = \"a2a3\"} {\n");
	if (g->opt->calls && !g->cube)
		callee(o);
	if (g->opt->fifos)
		fifo_peer(o);
	out_f(o, "  func.func @k(%%p0: !pto.ptr<%s>, %%p1: !pto.ptr<%s>, %%p2: !pto.ptr<%s>, ", root_type(g, 0),
	      root_type(g, 1), root_type(g, 2));
	out_str(o, "%n: index, %m: index, %x0: index, %x1: index, %b0: i1, %b1: i1, %sig: !pto.ptr<i32>");
	out_str(o, g->opt->fifos ? ", %ff: !pto.ptr<f32>)\n" : ")\n");
	if (g->opt->mixed)
		out_str(o, "{\n");
	else
		out_f(o, "      attributes {pto.kernel_kind = #pto.kernel_kind<%s>} {\n", g->cube ? "cube" : "vector");
	if (g->opt->fifos)
		fifo_ends(o);
	for (uint32_t c = 0; c <= 64; c = c ? c * 2 : 1)
		out_f(o, "    %%c%u = arith.constant %u : index\n", c, c);
	out_str(o, "    %c3 = arith.constant 3 : index\n");
	out_str(o, "    %f1 = arith.constant 1.0 : f32\n    %j1 = arith.constant 1 : i32\n");
	out_str(o, "    %sv = pto.make_tensor_view %sig, shape = [%c1, %c16], strides = [%c16, %c1] "
		   "{layout = #pto.layout<nd>} : !pto.tensor_view<?x?xi32>\n");
	out_str(o, "    %sp = pto.partition_view %sv, offsets = [%c0, %c0], sizes = [%c1, %c1] : "
		   "!pto.tensor_view<?x?xi32> -> !pto.partition_tensor_view<1x1xi32>\n");
	for (uint32_t r = 0; r < ROOTS; r++)
		out_f(o, "    %%g%u = pto.make_tensor_view %%p%u, shape = [%%c64, %%c64], strides = [%%c64, %%c1] "
			 "{layout = #pto.layout<nd>} : !pto.tensor_view<?x?x%s>\n", r, r, root_type(g, r));
}

/* Blocks in a row, some of which are left out, and the last of which may go back to the first. */
static void
blocks(struct gen *g, uint32_t n)
{
	uint32_t id = g->nloop++;

	out_f(g->o, "    cf.cond_br %%b0, ^l%u, ^r%u\n  ^l%u:\n", id, id, id);
	body(g, n / 3 + 1);
	out_f(g->o, "    cf.br ^j%u(%%c0 : index)\n  ^r%u:\n", id, id);
	body(g, n / 3 + 1);
	out_f(g->o, "    cf.br ^j%u(%%c4 : index)\n  ^j%u(%%k%u: index):\n", id, id, id);
	snprintf(g->iv[g->niv++], sizeof g->iv[0], "%%k%u", id);
	body(g, n / 3 + 1);
	g->niv--;
	out_f(g->o, "    %%kn%u = arith.addi %%k%u, %%c4 : index\n", id, id);
	out_f(g->o, "    %%kc%u = arith.cmpi slt, %%kn%u, %%n : index\n", id, id);
	out_f(g->o, "    cf.cond_br %%kc%u, ^j%u(%%kn%u : index), ^e%u\n  ^e%u:\n", id, id, id, id, id);
}

static void
sections(struct gen *g)
{
	static const char *const name[] = {"vector", "cube"};

	for (uint32_t k = 0; k < 3 && g->nops < g->opt->max_ops; k++) {
		g->cube = (k + g->opt->seed) & 1;
		out_f(g->o, "    pto.section.%s {\n", name[g->cube]);
		g->depth++;
		body(g, g->opt->max_ops / 2 + 1);
		g->depth--;
		out_str(g->o, "    }\n");
	}
	g->cube = false;
}

void
gen_kernel(struct out *o, const struct gen_opt *opt)
{
	struct gen g = {.o = o, .opt = opt, .rng = opt->seed * 2654435761u + 97, .cube = opt->cube && !opt->mixed};

	for (uint32_t i = 0; i < 8; i++)
		rnd(&g, 2);
	head(&g);
	if (g.cube || opt->mixed)
		cube_tiles(&g);
	if (!g.cube)
		vec_tiles(&g);
	if (opt->filled)
		fill_tiles(&g);
	if (opt->mixed)
		sections(&g);
	while (!opt->mixed && g.nops < opt->max_ops) {
		if (opt->blocks && g.nloop == 0)
			blocks(&g, opt->max_ops - g.nops);
		body(&g, opt->max_ops - g.nops);
	}
	out_str(o, "    return\n  }\n}\n");
}
