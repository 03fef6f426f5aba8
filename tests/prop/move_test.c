/*
 * move_test [PATH...]: tiles that leave given addresses. Random kernels with tiles at overlapping addresses, names for
 * each other's bytes by chance, and the kernels of PATH are placed anew; a run must leave in GM what it leaves at the
 * given addresses, and the definitions must be found equal. Then one tile is put where another one lies: the proof
 * refuses that, or the result is the same.
 *
 * PTOC_MOVE_COUNT (default 900) random kernels. Runs that read what nothing wrote are not compared.
 */
#include "driver/move.h"
#include "files.h"
#include "gen.h"
#include "play.h"
#include "shape/shape.h"

#include <stdio.h>
#include <stdlib.h>

struct tally {
	uint32_t kernels, kept, moved, full, unequal;	/* kept: nothing to move; full: no room; unequal: not used */
	uint32_t slots;			/* tiles that got two */
	uint32_t compared, unwritten;	/* runs */
	uint32_t shifted, refused, same;	/* one tile put elsewhere; refused; equal runs */
	uint32_t bad;
	uint32_t inputs;		/* per kernel */
};

static void
blame(struct tally *t, const char *name, const char *what, const struct prog *p)
{
	t->bad++;
	printf("%s: %s%s%.*s\n", name, what, p ? ": " : "", p ? (int)p->text.n : 0, p && p->text.n ? p->text.p : "");
}

/* Do all runs of both leave the same? */
static bool
agree(struct tally *t, struct prog *given, struct prog *now)
{
	struct parts x = {0}, y = {0};
	bool same = true;

	parts_find(&x, given);
	parts_find(&y, now);
	for (uint32_t i = 0; i < x.all.n && i < y.all.n; i++)
		for (uint32_t k = 0; k < t->inputs && same; k++) {
			int64_t unit = 32;
			struct part *g = &x.all.at[i], *n = &y.all.at[i];
			struct run r = play(given, g, given, g, k, &unit, true);
			struct run s = play(now, n, given, g, k, &unit, true);
			if (!r.ok || !s.ok) {
				same = r.ok == s.ok;
				continue;
			}
			r = play(given, g, given, g, k, &unit, false);
			s = play(now, n, given, g, k, &unit, false);
			t->unwritten += r.unwritten;
			t->compared += !r.unwritten;
			same = r.unwritten || r.digest == s.digest;
		}
	return same;
}

static void
set_address(struct prog *p, struct op alloc, int64_t at)
{
	struct op c = ir_val(&p->ir, op_slot(&p->ir, alloc, 0))->def;

	op_attr_set(&p->ir, c, p->ir.name.value,
		    attr_int(&p->ir.attrs, at, val_type(&p->ir, op_res(&p->ir, c, 0))));
}

/* The nth alloc with a constant address, counted around. */
static struct op
some_tile(const struct prog *p, uint32_t nth)
{
	struct op all[512];
	uint32_t n = 0;

	for (uint32_t i = 1; i < p->ir.op.n && n < 512; i++)
		if (p->ir.op.at[i].id == OP_ALLOC_TILE && !(p->ir.op.at[i].flags & OPD_DEAD) &&
		    mem_place(&p->ir, (struct op){i}).known)
			all[n++] = (struct op){i};
	return n ? all[nth % n] : (struct op){0};
}

/* Puts one tile where another one lies, in one space. */
static void
shift(struct tally *t, const char *name, struct move *m, struct prog *given, struct prog *now, uint32_t seed)
{
	struct op x = some_tile(now, seed), y = some_tile(now, seed / 64);

	if (!x.i || mem_place(&now->ir, x).space != mem_place(&now->ir, y).space ||
	    mem_place(&now->ir, x).addr_bytes == mem_place(&now->ir, y).addr_bytes)
		return;
	int64_t was = (int64_t)mem_place(&now->ir, x).addr_bytes;
	set_address(now, x, (int64_t)mem_place(&now->ir, y).addr_bytes);
	now->ac = access_build(&now->a, &now->ir, (struct access_opt){.gm_alias = false});
	t->shifted++;
	if (move_refuted(m, now->ac).i)
		t->refused++;
	else if (agree(t, given, now))
		t->same++;
	else
		blame(t, name, "the proof lets a placement pass that changes the result", NULL);
	set_address(now, x, was);
}

enum way { FREE, IN_PLACE, SLOTS, WAYS };

/* Two slots for every tile that may have them; their number. */
static uint32_t
add_slots(struct prog *p, const struct move *m)
{
	uint32_t sum = 0;

	for (uint32_t k = 0; k < p->func.n; k++) {
		struct slot_tile *t;
		uint32_t n = shape_slots_find(&p->a, &p->ir, p->func.at[k], &t), to = 0;
		for (uint32_t i = 0; i < n; i++)
			if (!move_is_tied(m, t[i].alloc))
				t[to++] = t[i];
		shape_slots(&p->a, &p->ir, t, to);
		sum += to;
	}
	return sum;
}

static void
move(struct tally *t, const char *name, struct prog *given, struct prog *now, enum way way)
{
	struct move *m = move_begin(&now->a, &now->ir, now->func.at, now->func.n, way == IN_PLACE);
	uint32_t slots = m && way == SLOTS ? add_slots(now, m) : 0;

	if (!m || (way == SLOTS && !slots)) {
		t->kept++;
		return;
	}
	t->slots += slots;
	if (!move_place(m, (struct mem_opt){.big_tables = false})) {
		t->full++;
		return;
	}
	t->moved++;
	now->ac = access_build(&now->a, &now->ir, (struct access_opt){.gm_alias = false});
	if (slots && !move_apart(m, now->ac)) {
		blame(t, name, "a placement with slots is not proved", NULL);
		return;
	}
	if (!slots && move_refuted(m, now->ac).i) {
		t->unequal++;
		return;
	}
	if (!agree(t, given, now)) {
		blame(t, name, "another result than at the given addresses", NULL);
		return;
	}
	for (uint32_t k = 0; k < 6 && !slots; k++)
		shift(t, name, m, given, now, (t->moved * 6 + k) * 2654435761u >> 8);
}

static void
kernel(struct tally *t, const char *name, const char *text, size_t n)
{
	struct prog given = {0}, now = {0};

	t->kernels++;
	for (unsigned way = 0; way < WAYS; way++) {
		/* which slot a part is read from is not in the access tables */
		struct prog_opt opt = {.exact = way != SLOTS};
		if (!prog_load_opt(&given, name, text, n, opt))
			blame(t, name, "does not load", &given);
		else if (prog_load_opt(&now, name, text, n, opt))
			move(t, name, &given, &now, (enum way)way);
		prog_free(&now);
		prog_free(&given);
	}
}

static void
random_kernels(struct tally *t)
{
	const char *env = getenv("PTOC_MOVE_COUNT");
	uint32_t count = env ? (uint32_t)strtoul(env, NULL, 10) : 900;

	for (uint32_t seed = 1; seed <= count && t->bad < 10; seed++) {
		struct arena a;
		struct out text;
		char name[32];
		uint32_t bad = t->bad;
		struct gen_opt opt = {.seed = seed, .max_ops = 4 + seed % 24, .max_depth = seed % 4,
				      .cube = seed % 5 == 0, .scalar = seed % 7 == 0, .filled = seed % 5 && seed % 4};
		arena_init(&a, NULL);
		out_init(&text, &a);
		gen_kernel(&text, &opt);
		snprintf(name, sizeof name, "seed %u", seed);
		kernel(t, name, text.p, text.n);
		if (t->bad > bad)
			printf("%.*s\n", (int)text.n, text.p);
		arena_free(&a);
	}
}

static void
visit(const char *path, void *arg)
{
	struct arena a;
	size_t n;

	arena_init(&a, NULL);
	char *text = prog_read(&a, path, &n);
	if (text && strstr(text, " addr = "))
		kernel(arg, path, text, n);
	arena_free(&a);
}

static int
report(const char *what, const struct tally *t)
{
	printf("%s: %u kernels, three ways: %u times moved, %u tiles in two slots, %u not to be looked at, %u without "
	       "room, %u not used; %u runs compared, %u read what nothing wrote; one tile elsewhere %u times: %u "
	       "refused, %u with the same result; %u bad\n", what, t->kernels, t->moved, t->slots, t->kept, t->full,
	       t->unequal, t->compared, t->unwritten, t->shifted, t->refused, t->same, t->bad);
	return t->bad != 0 || (t->shifted && !t->refused);
}

int
main(int argc, char **argv)
{
	struct tally random = {.inputs = PLAY_INPUTS};
	int bad = 0;

	random_kernels(&random);
	bad |= report("random", &random);
	for (int k = 1; k < argc; k++) {
		struct tally given = {.inputs = 2};
		files_each(argv[k], visit, &given);
		bad |= report("given", &given);
	}
	return bad;
}
