/*
 * interp_test: the oracle itself on hand-synchronised kernels: what it must accept, what it must call wrong and why;
 * and a race the clocks find must also be hit by some schedule with values.
 */
#include "prog.h"
#include "sched.h"
#include "synced.h"

#include <stdio.h>

#define T "!pto.tile_buf<loc=vec, dtype=f32, rows=4, cols=64, v_row=4, v_col=64, blayout=row_major, "                  \
	  "slayout=none_box, fractal=512, pad=0>"
#define C "!pto.tile_buf<loc=vec, dtype=f32, rows=8, cols=1, v_row=4, v_col=1, blayout=col_major, "                    \
	  "slayout=none_box, fractal=512, pad=0>"
#define P "!pto.partition_tensor_view<4x64xf32>"

#define LOAD(v, t) "pto.tload ins(%" v " : " P ") outs(%" t " : " T ")\n"
#define STORE(t, v) "pto.tstore ins(%" t " : " T ") outs(%" v " : " P ")\n"
#define ATOMIC(t, v)                                                                                                   \
	"pto.tstore ins(%" t " : " T ") outs(%" v " : " P ") {atomicType = #pto<atomic_type atomic_add>}\n"
#define ABS(s, d) "pto.tabs ins(%" s " : " T ") outs(%" d " : " T ")\n"
#define EXPAND(s, d) "pto.trowexpand ins(%" s " : " C ") outs(%" d " : " T ")\n"
#define FLAG(k, p, q, id) "pto." k "_flag[<PIPE_" p ">, <PIPE_" q ">, <EVENT_ID" id ">]\n"
#define SET(p, q, id) FLAG("set", p, q, id)
#define WAIT(p, q, id) FLAG("wait", p, q, id)
#define PAIR(p, q, id) SET(p, q, id) WAIT(p, q, id)
#define BAR(p) "pto.barrier #pto.pipe<PIPE_" p ">\n"
#define DSB "\"ptoc.dsb\"() : () -> ()\n"
#define DCCI "\"ptoc.dcci\"() <{operandSegmentSizes = array<i32: 0, 0>}> : () -> ()\n"
#define LOOP "scf.for %i = %c0 to %n step %c4 {\n"
#define END "}\n"
#define SLOAD "%s = pto.load_scalar %p0[%c0] : !pto.ptr<f32> -> f32\n"
#define SSTORE "pto.store_scalar %f1, %p0[%c0] : !pto.ptr<f32>, f32\n"

static const struct {
	const char *name, *body;
	int kind;			/* enum hb_kind, -1: right */
} cases[] = {
	{"load then V, ordered", LOAD("a0", "t0") PAIR("MTE2", "V", "0") ABS("t0", "t1"), -1},
	{"load then V, nothing", LOAD("a0", "t0") ABS("t0", "t1"), HB_ORDER},
	{"the flag before the load", PAIR("MTE2", "V", "0") LOAD("a0", "t0") ABS("t0", "t1"), HB_ORDER},
	{"V then V, nothing", ABS("t0", "t1") ABS("t1", "t2"), HB_ORDER},
	{"V then V, barrier", ABS("t0", "t1") BAR("V") ABS("t1", "t2"), -1},
	{"V then V, round trip", ABS("t0", "t1") PAIR("V", "MTE2", "0") PAIR("MTE2", "V", "0") ABS("t1", "t2"), -1},
	{"V reads what the next op updates in place", ABS("t0", "t1") ABS("t0", "t0"), HB_ORDER},
	{"V then V, independent", ABS("t0", "t1") ABS("t2", "t3"), -1},
	{"write after read by a store", STORE("t0", "a0") LOAD("b0", "t0"), HB_ORDER},
	{"chain of three pipes", LOAD("a0", "t0") PAIR("MTE2", "V", "0") ABS("t0", "t1") PAIR("V", "MTE3", "0")
	 STORE("t1", "a0"), -1},
	{"stores to one place", STORE("t0", "a0") STORE("t1", "a0"), HB_ORDER},
	{"stores to one place, barrier", STORE("t0", "a0") BAR("MTE3") STORE("t1", "a0"), -1},
	{"stores to two places", STORE("t0", "a0") STORE("t1", "a4"), -1},
	{"reload after a flag", STORE("t0", "a0") PAIR("MTE3", "MTE2", "0") LOAD("a0", "t1"), HB_VISIBLE},
	{"reload after PIPE_ALL", STORE("t0", "a0") BAR("ALL") LOAD("a0", "t1"), HB_VISIBLE},
	{"reload after dsb alone", STORE("t0", "a0") DSB LOAD("a0", "t1"), HB_ORDER},
	{"reload after drain and dsb", STORE("t0", "a0") PAIR("MTE3", "S", "0") DSB LOAD("a0", "t1"), -1},
	{"reload of another row", STORE("t0", "a0") LOAD("a4", "t1"), -1},
	{"reload of half the rows", STORE("t0", "a0") LOAD("a2", "t1"), HB_ORDER},
	{"set twice", SET("MTE2", "V", "0") SET("MTE2", "V", "0") WAIT("MTE2", "V", "0"), HB_DOUBLE_SET},
	{"set again before the wait has run", PAIR("MTE2", "V", "0") PAIR("MTE2", "V", "0"), HB_DOUBLE_SET},
	{"set again after a return flag", PAIR("MTE2", "V", "0") PAIR("V", "MTE2", "0") PAIR("MTE2", "V", "0"), -1},
	{"set again after PIPE_ALL", PAIR("MTE2", "V", "0") BAR("ALL") PAIR("MTE2", "V", "0"), -1},
	{"left set", SET("MTE2", "V", "0"), HB_LEFT_SET},
	{"wait for nothing", WAIT("MTE2", "V", "0"), HB_DEADLOCK},
	{"wait before its set", LOAD("a0", "t0") WAIT("MTE2", "V", "0") SET("MTE2", "V", "0") ABS("t0", "t1"),
	 HB_DEADLOCK},
	{"wait on S before its set", WAIT("V", "S", "0") SET("V", "S", "0"), HB_DEADLOCK},
	{"loop, primed and drained", SET("V", "MTE2", "0") LOOP WAIT("V", "MTE2", "0") LOAD("a0", "t0")
	 PAIR("MTE2", "V", "0") ABS("t0", "t1") SET("V", "MTE2", "0") BAR("V") END WAIT("V", "MTE2", "0"), -1},
	{"loop, not drained", SET("V", "MTE2", "0") LOOP WAIT("V", "MTE2", "0") LOAD("a0", "t0") PAIR("MTE2", "V", "0")
	 ABS("t0", "t1") SET("V", "MTE2", "0") BAR("V") END, HB_LEFT_SET},
	{"loop, nothing carried", LOOP LOAD("a0", "t0") PAIR("MTE2", "V", "0") ABS("t0", "t1") BAR("V") END,
	 HB_ORDER},
	{"wait in a branch only", SET("MTE2", "V", "0") "scf.if %yes {\n" WAIT("MTE2", "V", "0") END, HB_LEFT_SET},
	{"scalar store, load", SSTORE LOAD("a0", "t0"), HB_VISIBLE},
	{"scalar store, dsb, load", SSTORE DSB PAIR("S", "MTE2", "0") LOAD("a0", "t0"), HB_VISIBLE},
	{"scalar store, dsb, dcci, load", SSTORE DSB DCCI PAIR("S", "MTE2", "0") LOAD("a0", "t0"), HB_VISIBLE},
	{"scalar store, dcci, dsb, load", SSTORE DCCI DSB PAIR("S", "MTE2", "0") LOAD("a0", "t0"), -1},
	{"scalar store, load of other lines", SSTORE LOAD("a4", "t0"), -1},
	{"store, scalar load", STORE("t0", "a0") SLOAD, HB_ORDER},
	{"store, flag, scalar load", STORE("t0", "a0") PAIR("MTE3", "S", "0") SLOAD, HB_VISIBLE},
	{"store, flag, dsb, scalar load", STORE("t0", "a0") PAIR("MTE3", "S", "0") DSB SLOAD, HB_VISIBLE},
	{"store, flag, dsb, dcci, scalar load", STORE("t0", "a0") PAIR("MTE3", "S", "0") DSB DCCI SLOAD, -1},
	{"dcci before the store is complete", STORE("t0", "a0") DCCI PAIR("MTE3", "S", "0") DSB SLOAD, HB_VISIBLE},
	{"scalar load, store", SLOAD STORE("t0", "a0"), -1},
	{"load, scalar store", LOAD("a0", "t0") SSTORE DCCI DSB, HB_ORDER},
	{"load, flag, scalar store", LOAD("a0", "t0") PAIR("MTE2", "S", "0") SSTORE DCCI DSB, -1},
	{"macro uses a pending key", ABS("t2", "t3") SET("V", "S", "0") EXPAND("d0", "t0") WAIT("V", "S", "0"),
	 HB_HIDDEN},
	{"macro, other id", ABS("t2", "t3") SET("V", "S", "1") EXPAND("d0", "t0") WAIT("V", "S", "1"), -1},
	{"fence in the source", STORE("t0", "a0") "pto.fence.barrier_all #pto.fence_scope<gm>\n" LOAD("a0", "t1"), -1},
	{"atomics in any order", ATOMIC("t0", "a0") ATOMIC("t1", "a0"), -1},
	{"atomic after a store", STORE("t0", "a0") ATOMIC("t1", "a0"), HB_ORDER},
};

static void
kernel(struct out *o, const char *body)
{
	out_str(o, "module attributes {pto.target_arch = \"a2a3\"} {\nfunc.func @k("
		   "%p0: !pto.ptr<f32>, %p1: !pto.ptr<f32>, %n: index, %yes: i1) "
		   "attributes {pto.kernel_kind = #pto.kernel_kind<vector>} {\n");
	for (int c = 0; c <= 64; c = c ? 2 * c : 1)
		out_f(o, "%%c%d = arith.constant %d : index\n", c, c);
	out_str(o, "%f1 = arith.constant 1.0 : f32\n");
	for (int r = 0; r < 2; r++)
		out_f(o, "%%g%d = pto.make_tensor_view %%p%d, shape = [%%c64, %%c64], strides = [%%c64, %%c1] "
			 "{layout = #pto.layout<nd>} : !pto.tensor_view<?x?xf32>\n", r, r);
	for (int r = 0; r < 6; r++) {
		int row = r < 3 ? r * 2 : (r - 3) * 2;
		out_f(o, "%%%c%d = pto.partition_view %%g%d, offsets = [%%c%d, %%c0], sizes = [%%c4, %%c64] : "
			 "!pto.tensor_view<?x?xf32> -> " P "\n", r < 3 ? 'a' : 'b', row, r / 3, row);
	}
	for (int t = 0; t < 5; t++)
		out_f(o, "%%at%d = arith.constant %d : i64\n%%%c%d = pto.alloc_tile addr = %%at%d : %s\n", t, t * 1024,
		      t < 4 ? 't' : 'd', t < 4 ? t : 0, t, t < 4 ? T : C);
	out_f(o, "%sreturn\n}\n}\n", body);
}

/* Does some schedule run into the race? */
static bool
seen(struct prog *p, struct op func, int64_t *arg)
{
	struct trace t;
	struct hb h;
	struct interp_opt opt = interp_defaults();
	struct trace_input in = {.arg = arg, .narg = 4, .max_inst = 4000, .max_trips = 8};

	opt.hb.need_tail = false;
	trace_run(&t, &p->a, &p->ir, p->ac, func, CORE_VECTOR, &in);
	hb_run(&h, &p->a, &p->ir, p->ac, &t, CORE_VECTOR, &opt.hb);
	for (uint32_t k = 0; k < 400; k++) {
		struct sched_result r;
		sched_run(&r, &p->a, &t, &h, k);
		if (!r.ok)
			return true;
	}
	return false;
}

/* Races that no schedule of values can show: the model is stricter than what bytes reveal. */
static bool
values_hide(int kind, const char *name)
{
	return kind == HB_LEFT_SET || kind == HB_HIDDEN || strcmp(name, "dcci before the store is complete") == 0 ||
	       strcmp(name, "wait before its set") == 0;
}

static int
one(uint32_t i)
{
	struct arena a;
	struct out text;
	struct prog p;
	struct interp_verdict v;
	int bad = 0;
	int64_t arg[4] = {0, 0, 8, 0};

	arena_init(&a, NULL);
	out_init(&text, &a);
	kernel(&text, cases[i].body);
	if (!prog_load(&p, cases[i].name, text.p, text.n)) {
		printf("%s: does not load: %s", cases[i].name, out_text(&p.text).p);
		bad = 1;
	} else {
		struct part s = {p.func.at[0], CORE_VECTOR, true};
		part_interp(&p, &p.a, &s, 20, 20, &v);
		int got = v.kind == INTERP_RIGHT ? -1 : v.kind == INTERP_WRONG ? (int)v.fail.kind : -2;
		bad = got != cases[i].kind || v.oracle;
		if (bad)
			printf("%s: %s\n", cases[i].name, v.text.n ? out_text(&v.text).p : "right");
		if (!bad && cases[i].kind >= 0 && !values_hide(cases[i].kind, cases[i].name) &&
		    !seen(&p, p.func.at[0], arg)) {
			printf("%s: no schedule shows it\n", cases[i].name);
			bad = 1;
		}
	}
	prog_free(&p);
	arena_free(&a);
	return bad;
}

int
main(void)
{
	int bad = 0;

	for (uint32_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		bad += one(i);
	printf("%zu cases, %d bad\n", sizeof cases / sizeof cases[0], bad);
	return bad != 0;
}
