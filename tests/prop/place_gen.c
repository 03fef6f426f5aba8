/* place_gen: see place_gen.h. The text depends on the seed only. */
#include "place_gen.h"

enum { SCOPE_MAX = 400, SIZES = 4, DEPTH_MAX = 3 };

struct tile {
	uint32_t id, size;
};

struct place_gen {
	struct out *o;
	uint32_t rng, nval, nops, left, depth;
	struct tile scope[SCOPE_MAX];
	uint32_t n;
	bool calls;
};

static void body(struct place_gen *g);

static uint32_t
rnd(struct place_gen *g, uint32_t n)
{
	g->rng ^= g->rng << 13;
	g->rng ^= g->rng >> 17;
	g->rng ^= g->rng << 5;
	return (g->rng >> 3) % n;
}

static uint32_t
cols(uint32_t size)
{
	return 64u << size;
}

static void
type(struct place_gen *g, uint32_t size)
{
	out_f(g->o, "!pto.tile_buf<vec, 4x%uxf32>", cols(size));
}

static struct tile
allocate(struct place_gen *g, uint32_t size)
{
	struct tile t = {g->nval++, size};

	out_f(g->o, "%%v%u = pto.alloc_tile : ", t.id);
	type(g, size);
	out_char(g->o, '\n');
	return t;
}

static void
keep(struct place_gen *g, struct tile t)
{
	if (g->n < SCOPE_MAX)
		g->scope[g->n++] = t;
}

/* A tile in scope, recent ones more likely; of one size when `size` is one. */
static struct tile
pick(struct place_gen *g, uint32_t size)
{
	for (uint32_t k = 0; k < 40; k++) {
		uint32_t back = rnd(g, rnd(g, 3) ? (g->n < 6 ? g->n : 6) : g->n);
		struct tile t = g->scope[g->n - 1 - back];
		if (size == SIZES || t.size == size)
			return t;
	}
	for (uint32_t k = g->n; k-- > 0;)
		if (g->scope[k].size == size)
			return g->scope[k];
	return g->scope[0];
}

static void
view(struct place_gen *g, uint32_t size)
{
	out_f(g->o, "%%b%u = pto.partition_view %%g%u, offsets = [%%c%u, %%c0], sizes = [%%c4, %%c%u] : "
	      "!pto.tensor_view<?x?xf32> -> !pto.partition_tensor_view<4x%uxf32>\n", g->nval, rnd(g, 2),
	      4 * rnd(g, 3), cols(size), cols(size));
}

static void
define(struct place_gen *g, struct tile t)
{
	if (rnd(g, 2)) {
		out_f(g->o, "pto.texpands ins(%%f%u : f32) outs(%%v%u : ", rnd(g, 2), t.id);
	} else {
		view(g, t.size);
		out_f(g->o, "pto.tload ins(%%b%u : !pto.partition_tensor_view<4x%uxf32>) outs(%%v%u : ", g->nval++,
		      cols(t.size), t.id);
	}
	type(g, t.size);
	out_str(g->o, ")\n");
}

static void
store(struct place_gen *g, struct tile t)
{
	view(g, t.size);
	out_f(g->o, "pto.tstore ins(%%v%u : ", t.id);
	type(g, t.size);
	out_f(g->o, ") outs(%%b%u : !pto.partition_tensor_view<4x%uxf32>)\n", g->nval++, cols(t.size));
}

static void
compute(struct place_gen *g)
{
	static const char *const name[] = {"tadd", "tmul", "tmax", "tabs", "texp"};
	uint32_t k = rnd(g, 5);
	struct tile a = pick(g, SIZES), b = pick(g, a.size), d = a;

	if (rnd(g, 4))
		d = allocate(g, a.size);
	out_f(g->o, "pto.%s ins(%%v%u", name[k], a.id);
	if (k < 3)
		out_f(g->o, ", %%v%u", b.id);
	out_str(g->o, " : ");
	type(g, a.size);
	if (k < 3) {
		out_str(g->o, ", ");
		type(g, a.size);
	}
	out_f(g->o, ") outs(%%v%u : ", d.id);
	type(g, a.size);
	out_str(g->o, ")\n");
	if (d.id != a.id)
		keep(g, d);
}

/* A window of a tile, read or written. */
static void
window(struct place_gen *g)
{
	struct tile t = pick(g, SIZES), w = {g->nval++, 0};

	if (t.size == 0)
		return;
	out_f(g->o, "%%v%u = pto.subview %%v%u[%%c0, %%c64] sizes [4, 64] : ", w.id, t.id);
	type(g, t.size);
	out_str(g->o, " -> !pto.tile_buf<vec, 4x64xf32>\n");
	if (rnd(g, 2)) {
		out_f(g->o, "pto.texpands ins(%%f1 : f32) outs(%%v%u : ", w.id);
		type(g, 0);
	} else {
		struct tile d = allocate(g, 0);
		out_f(g->o, "pto.tabs ins(%%v%u : ", w.id);
		type(g, 0);
		out_f(g->o, ") outs(%%v%u : ", d.id);
		type(g, 0);
		keep(g, d);
	}
	out_str(g->o, ")\n");
}

static void
either(struct place_gen *g)
{
	struct tile a = pick(g, SIZES), b = pick(g, a.size), d = {g->nval++, a.size};

	out_f(g->o, "%%v%u = arith.select %%yes, %%v%u, %%v%u : ", d.id, a.id, b.id);
	type(g, a.size);
	out_char(g->o, '\n');
	keep(g, d);
}

static void
yield(struct place_gen *g, struct tile t)
{
	out_f(g->o, "scf.yield %%v%u : ", t.id);
	type(g, t.size);
	out_char(g->o, '\n');
}

static void
loop(struct place_gen *g)
{
	uint32_t n = g->n, id = g->nval++;
	struct tile init = pick(g, SIZES), arg = {g->nval++, init.size}, res = {g->nval++, init.size};
	bool carries = rnd(g, 2);

	if (carries) {
		out_f(g->o, "%%v%u = scf.for %%i%u = %%c0 to %%n step %%c1 iter_args(%%v%u = %%v%u) -> (", res.id, id,
		      arg.id, init.id);
		type(g, init.size);
		out_str(g->o, ") {\n");
		keep(g, arg);
	} else {
		out_f(g->o, "scf.for %%i%u = %%c%u to %%%s step %%c%u {\n", id, rnd(g, 2), rnd(g, 2) ? "n" : "c4",
		      1 + rnd(g, 2));
	}
	body(g);
	if (carries)
		yield(g, pick(g, init.size));
	out_str(g->o, "}\n");
	g->n = n;
	if (carries)
		keep(g, res);
}

static void
branch(struct place_gen *g)
{
	uint32_t n = g->n, size = pick(g, SIZES).size;
	struct tile res = {g->nval++, size};
	bool gives = rnd(g, 2);

	if (gives) {
		out_f(g->o, "%%v%u = scf.if %%yes -> (", res.id);
		type(g, size);
		out_str(g->o, ") {\n");
	} else {
		out_str(g->o, "scf.if %yes {\n");
	}
	for (uint32_t k = 0; k < 2; k++) {
		body(g);
		if (gives)
			yield(g, pick(g, size));
		g->n = n;
		out_str(g->o, k ? "}\n" : "} else {\n");
	}
	if (gives)
		keep(g, res);
}

/* Functions that use tiles of their own and change the one they get; the second one calls the first. */
static void
helpers(struct place_gen *g)
{
	for (uint32_t h = 0; h < 2; h++) {
		out_f(g->o, "func.func private @h%u(%%x: ", h);
		type(g, h);
		out_str(g->o, ") -> ");
		type(g, h);
		out_str(g->o, " attributes {pto.kernel_kind = #pto.kernel_kind<vector>} {\n"
			      "%f = arith.constant 3.0 : f32\n");
		for (uint32_t k = 0; k < 2; k++) {
			struct tile t = {.id = k, .size = k ? h : 0};
			out_f(g->o, "%%t%u = pto.alloc_tile : ", t.id);
			type(g, t.size);
			out_f(g->o, "\npto.texpands ins(%%f : f32) outs(%%t%u : ", t.id);
			type(g, t.size);
			out_str(g->o, ")\n");
		}
		if (h == 1) {
			out_str(g->o, "%r = func.call @h0(%t0) : (");
			type(g, 0);
			out_str(g->o, ") -> ");
			type(g, 0);
			out_char(g->o, '\n');
		}
		out_str(g->o, "pto.tadd ins(%x, %t1 : ");
		type(g, h);
		out_str(g->o, ", ");
		type(g, h);
		out_str(g->o, ") outs(%x : ");
		type(g, h);
		out_str(g->o, ")\nreturn %x : ");
		type(g, h);
		out_str(g->o, "\n}\n");
	}
}

static void
call(struct place_gen *g)
{
	struct tile a = pick(g, rnd(g, 2)), res = {g->nval++, a.size};

	if (a.size > 1)
		return;
	out_f(g->o, "%%v%u = func.call @h%u(%%v%u) : (", res.id, a.size, a.id);
	type(g, a.size);
	out_str(g->o, ") -> ");
	type(g, a.size);
	out_char(g->o, '\n');
	keep(g, res);
}

static void
body(struct place_gen *g)
{
	uint32_t n = 2 + rnd(g, 7);

	g->depth++;
	for (uint32_t i = 0; i < n && g->left > 0; i++) {
		uint32_t k = rnd(g, g->depth <= DEPTH_MAX ? 20 : 17);
		g->left--;
		if (k < 4) {
			struct tile t = allocate(g, rnd(g, SIZES));
			define(g, t);
			keep(g, t);
		} else if (k == 4) {
			define(g, pick(g, SIZES));
		} else if (k < 10) {
			compute(g);
		} else if (g->calls && k == 10) {
			call(g);
		} else if (k < 13) {
			store(g, pick(g, SIZES));
		} else if (k < 15) {
			window(g);
		} else if (k < 17) {
			either(g);
		} else if (k < 19) {
			loop(g);
		} else {
			branch(g);
		}
	}
	g->depth--;
}

void
place_gen_kernel(struct out *o, uint32_t seed)
{
	struct place_gen g = {.o = o, .rng = seed * 2654435761u + 977, .left = 4 + seed % 60};

	rnd(&g, 2);
	g.calls = seed % 4 == 0;
	out_str(o, "module {\n");
	if (g.calls)
		helpers(&g);
	out_str(o, "func.func @k(%p0: !pto.ptr<f32>, %p1: !pto.ptr<f32>, %n: index, %yes: i1) "
		   "attributes {pto.kernel_kind = #pto.kernel_kind<vector>} {\n");
	for (uint32_t c = 0; c <= 512; c = c ? 2 * c : 1)
		out_f(o, "%%c%u = arith.constant %u : index\n", c, c);
	out_str(o, "%f0 = arith.constant 1.0 : f32\n%f1 = arith.constant 2.0 : f32\n");
	for (uint32_t r = 0; r < 2; r++)
		out_f(o, "%%g%u = pto.make_tensor_view %%p%u, shape = [%%c16, %%c512], strides = [%%c512, %%c1] "
			 "{layout = #pto.layout<nd>} : !pto.tensor_view<?x?xf32>\n", r, r);
	for (uint32_t s = 0; s < SIZES; s++) {
		struct tile t = allocate(&g, s);
		define(&g, t);
		keep(&g, t);
	}
	while (g.left > 0)
		body(&g);
	for (uint32_t s = 0; s < SIZES; s++)
		store(&g, pick(&g, s));
	out_str(o, "return\n}\n}\n");
}
