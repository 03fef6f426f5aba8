/*
 * place_test [PATH...]: placement under pressure. Every kernel is placed with every tile on bytes of its own, again in
 * spaces shrunk to parts of that, random ones in as many bytes as are live at the peak, and with two slots for every
 * tile that may have them. Each placement must be proved, its synchronisation too, and a run must leave in GM what the
 * first one leaves. A space may be called too small only when the live tiles need more than 1/1.05 of it. Then one tile
 * is put where another one lies: the proof refuses that, or the result is the same.
 *
 * PTOC_PLACE_COUNT (default 2700) random kernels; then the kernels of PATH without the addresses they give. Of these
 * the ones that read a tile nobody wrote are left out: their tiles are names for the data of others.
 */
#include "check/places.h"
#include "exact.h"
#include "mem/mem.h"
#include "place_gen.h"
#include "play.h"
#include "synced.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

/* Per mille above the bytes that are live at the peak. */
static const uint32_t over[] = {0, 10, 20, 30, 50, 100, 200, 1000};
enum { STEPS = sizeof over / sizeof over[0] };
enum { SEARCH_STEPS = 20000000 };
enum { GIVEN_INPUTS = 2, PATHS_MAX = 16384 };

struct tally {
	uint32_t kernels, placed, reused, full, left_out, bad;
	uint32_t slots;		/* tiles that got two */
	uint32_t tight[STEPS];	/* placements in the smallest space that was tried, by index of over[] */
	uint32_t proved;	/* of those with more than what is live: less is not possible */
	uint32_t moved, refused;	/* placements with one tile moved; of these not proved */
};

static void
blame(struct tally *t, const char *name, const char *what, const struct out *text)
{
	t->bad++;
	printf("%s: %s%s%.*s\n", name, what, text && text->n ? ": " : "", text ? (int)text->n : 0,
	       text && text->n ? text->p : "");
}

/* Bytes the tiles of a program take in every space. */
static void
extents(const struct prog *p, uint64_t end[SPACE_COUNT])
{
	memset(end, 0, SPACE_COUNT * sizeof *end);
	for (uint32_t i = 1; i < p->ir.op.n; i++) {
		if (p->ir.op.at[i].id != OP_ALLOC_TILE && p->ir.op.at[i].id != OP_ALLOC_MULTI_TILE)
			continue;
		struct buf_place b = mem_place(&p->ir, (struct op){i});
		if (b.known && b.addr_bytes + b.size_bytes > end[b.space])
			end[b.space] = b.addr_bytes + b.size_bytes;
	}
}

/* What an overflow says: bytes live at the peak and, unless NULL, bytes of the space; 0 when it is another message. */
static uint64_t
live_at_peak(const struct out *text, uint64_t *has)
{
	const char *at = text->n ? strstr(text->p, " bytes are live at the peak") : NULL;

	if (!at)
		return 0;
	const char *from = at, *word = strstr(at, " has ");
	while (from > text->p && from[-1] >= '0' && from[-1] <= '9')
		from--;
	if (has)
		*has = word ? strtoull(word + 5, NULL, 10) : 0;
	return strtoull(from, NULL, 10);
}

/* With 5 % to spare, what is live at the peak must have been placed. */
static bool
is_full(const struct out *text)
{
	uint64_t has = 0, live = live_at_peak(text, &has);

	return live && live * 105 / 100 > has;
}

struct job {
	const char *name;
	const char *text;
	size_t n;
	struct tally *t;
	struct prog *apart;
	struct parts part;
	uint32_t inputs;
};

static void
compare(struct job *j, struct prog *p, const struct part *s, const struct part *apart)
{
	for (uint32_t k = 0; k < j->inputs; k++) {
		int64_t unit = 32;
		struct run x = play(j->apart, apart, j->apart, apart, k, &unit, true);
		struct run y = play(p, s, j->apart, apart, k, &unit, true);
		if (x.ok != y.ok) {
			blame(j->t, j->name, "runs in one place only", NULL);
			return;
		}
		if (!x.ok)
			continue;
		x = play(j->apart, apart, j->apart, apart, k, &unit, false);
		y = play(p, s, j->apart, apart, k, &unit, false);
		if (!x.unwritten && x.digest != y.digest) {
			blame(j->t, j->name, "another result than with tiles apart", NULL);
			return;
		}
	}
}

/* The plan is proved as it is made; the driver would fall back to the conservative one. */
static void
synchronise(struct job *j, struct prog *p, const struct part *s)
{
	struct sync_opt so = {.same_pipe = part_same_pipe(p), .max_ids = EVENT_ID_COUNT};
	struct sync_result res = {0};
	struct out why;

	out_init(&why, &p->a);
	sync_insert(&p->a, &p->ir, p->ac, s->func, s->core, &so, &res);
	if (part_check(p, &p->a, s, &why) != CHECK_PROVED)
		blame(j->t, j->name, "synchronisation not proved", &why);
}

/* Allocs with a constant address; the n-th of them, counted around. */
static struct op
some_tile(const struct prog *p, uint32_t n, uint32_t *count)
{
	struct op found = {0};
	int64_t at;

	*count = 0;
	for (uint32_t i = 1; i < p->ir.op.n; i++) {
		struct op o = {i};
		if (op_id(&p->ir, o) != OP_ALLOC_TILE || ir_op(&p->ir, o)->flags & OPD_DEAD ||
		    !val_const_int(&p->ir, op_slot(&p->ir, o, 0), &at))
			continue;
		if ((*count)++ == n)
			found = o;
	}
	return found;
}

/* One tile goes where another one lies. What the proof lets pass must still give the result of tiles apart. */
static void
move_a_tile(struct job *j, const uint64_t capacity[SPACE_COUNT], uint32_t seed)
{
	struct prog p;
	struct parts l = {0};
	uint32_t n, ignored;
	int64_t at = 0;

	if (prog_load_opt(&p, j->name, j->text, j->n, (struct prog_opt){.capacity = capacity}) &&
	    (some_tile(&p, UINT32_MAX, &n), n > 1)) {
		struct op o = some_tile(&p, seed % n, &ignored);
		struct op c = ir_val(&p.ir, op_slot(&p.ir, o, 0))->def;
		val_const_int(&p.ir, op_slot(&p.ir, some_tile(&p, seed / n % n, &ignored), 0), &at);
		op_attr_set(&p.ir, c, p.ir.name.value,
			    attr_int(&p.ir.attrs, at, val_type(&p.ir, op_res(&p.ir, c, 0))));
		j->t->moved++;
		p.ac = access_build(&p.a, &p.ir, (struct access_opt){.gm_alias = false});
		if (check_placement(&p.a, &p.ir, p.ac, p.func.at, p.func.n, NULL, 0)) {
			parts_find(&l, &p);
			for (uint32_t k = 0; k < l.all.n && k < j->part.all.n; k++)
				compare(j, &p, &l.all.at[k], &j->part.all.at[k]);
		} else {
			j->t->refused++;
		}
	}
	prog_free(&p);
}

static void
place_and_check(struct job *j, const uint64_t capacity[SPACE_COUNT], bool slots)
{
	struct prog p;
	struct parts l = {0};
	uint64_t end[SPACE_COUNT], all[SPACE_COUNT];

	if (!prog_load_opt(&p, j->name, j->text, j->n, (struct prog_opt){.capacity = capacity, .slots = slots})) {
		if (is_full(&p.text))
			j->t->full++;
		else
			blame(j->t, j->name, "does not load", &p.text);
		prog_free(&p);
		return;
	}
	if (slots && p.nslots == 0) {
		prog_free(&p);
		return;
	}
	j->t->placed++;
	j->t->slots += p.nslots;
	extents(&p, end);
	extents(j->apart, all);
	j->t->reused += memcmp(end, all, sizeof end) != 0;
	if (!check_placement(&p.a, &p.ir, p.ac, p.func.at, p.func.n, NULL, 0))
		blame(j->t, j->name, "not proved", NULL);
	parts_find(&l, &p);
	for (uint32_t k = 0; k < l.all.n && k < j->part.all.n; k++)
		compare(j, &p, &l.all.at[k], &j->part.all.at[k]);
	for (uint32_t k = 0; k < l.all.n; k++)
		if (!l.all.at[k].manual)
			synchronise(j, &p, &l.all.at[k]);
	prog_free(&p);
}

static bool
loads(struct job *j, const uint64_t capacity[SPACE_COUNT], uint64_t *live)
{
	struct prog p;
	bool ok = prog_load_opt(&p, j->name, j->text, j->n, (struct prog_opt){.capacity = capacity});

	if (live)
		*live = ok ? 0 : live_at_peak(&p.text, NULL);
	prog_free(&p);
	return ok;
}

/* More than the bytes that are live: how little would do? Above 5 % it must be certain that less does not. */
static void
explain(struct job *j, uint64_t live, uint32_t k)
{
	static const uint64_t whole[SPACE_COUNT];
	uint64_t nodes = SEARCH_STEPS, cap = live * (over[k] > 50 ? 1050 : 1000 + over[k - 1]) / 1000 / 32 * 32;
	struct prog p;
	enum exact e = EXACT_UNKNOWN;

	if (prog_load_opt(&p, j->name, j->text, j->n, (struct prog_opt){.capacity = whole, .unplaced = true}))
		e = exact_place(&p.a, &p.ir, p.func.at[0], SP_VEC, cap, &nodes);
	j->t->proved += e == EXACT_NEVER;
	if (e != EXACT_NEVER)
		printf("# %s: %llu bytes are live, placed with up to %u.%u %% more, %s in %llu\n", j->name,
		       (unsigned long long)live, over[k] / 10, over[k] % 10,
		       e == EXACT_FITS ? "possible" : "perhaps possible", (unsigned long long)cap);
	if (e != EXACT_NEVER && over[k] > 50)
		blame(j->t, j->name, "needs over 5 % more than what is live, and it is not proved that it must", NULL);
	prog_free(&p);
}

/* UB with no more bytes than what is live at the peak, or as few more as do. */
static void
tightest(struct job *j, uint64_t cap[SPACE_COUNT])
{
	uint64_t live = 0;
	uint32_t k = 0;

	memset(cap, 0, SPACE_COUNT * sizeof *cap);
	cap[SP_VEC] = 32;
	if (loads(j, cap, &live) || !live) {
		blame(j->t, j->name, "needs no space", NULL);
		return;
	}
	for (; k < STEPS; k++) {
		cap[SP_VEC] = (live * (1000 + over[k]) / 1000 + 31) / 32 * 32;
		if (loads(j, cap, NULL))
			break;
	}
	if (k == STEPS)
		blame(j->t, j->name, "fits nowhere near the bytes that are live", NULL);
	else
		j->t->tight[k]++;
	if (k < STEPS && over[k] > 0)
		explain(j, live, k);
}

/* Do the parts read only what something wrote? *runs: some input gives a run that is short enough. */
static bool
is_whole(struct job *j, bool *runs)
{
	*runs = false;

	for (uint32_t i = 0; i < j->part.all.n; i++)
		for (uint32_t k = 0; k < j->inputs; k++) {
			int64_t unit = 32;
			const struct part *s = &j->part.all.at[i];
			struct run r = play(j->apart, s, j->apart, s, k, &unit, true);
			if (!r.ok)
				continue;
			*runs = true;
			if (play(j->apart, s, j->apart, s, k, &unit, false).unwritten)
				return false;
		}
	return true;
}

static void
kernel(struct tally *t, const char *name, const char *text, size_t n, bool generated)
{
	static const uint32_t percent[] = {70, 45, 25};
	uint64_t huge[SPACE_COUNT], all[SPACE_COUNT], cap[SPACE_COUNT];
	struct prog apart;
	struct job j = {.name = name, .text = text, .n = n, .t = t, .apart = &apart,
			.inputs = generated ? PLAY_INPUTS : GIVEN_INPUTS};

	t->kernels++;
	for (uint32_t sp = 0; sp < SPACE_COUNT; sp++)
		huge[sp] = UINT32_MAX;
	if (!prog_load_opt(&apart, name, text, n, (struct prog_opt){.capacity = huge})) {
		if (generated)
			blame(t, name, "does not load", &apart.text);
		t->left_out++;
		prog_free(&apart);
		return;
	}
	parts_find(&j.part, &apart);
	bool runs, whole = is_whole(&j, &runs);
	if (whole && runs) {
		extents(&apart, all);
		memset(cap, 0, sizeof cap);
		if (!generated)
			place_and_check(&j, cap, false);
		place_and_check(&j, huge, true);
		/* with calls every function has a peak of its own */
		if (generated && !strstr(text, "func.call")) {
			tightest(&j, cap);
			place_and_check(&j, cap, false);
			for (uint32_t m = 0; m < 3; m++)
				move_a_tile(&j, cap, 2654435761u * (3 * t->kernels + m) >> 4);
		}
		for (uint32_t k = 0; k < sizeof percent / sizeof percent[0]; k++) {
			for (uint32_t sp = 0; sp < SPACE_COUNT; sp++)
				cap[sp] = (all[sp] * percent[k] / 100 + 511) / 512 * 512;
			if (!generated || k == t->kernels % 4)
				place_and_check(&j, cap, false);
		}
	} else {
		t->left_out++;
		if (generated && !whole)
			blame(t, name, "reads what nothing wrote", NULL);
	}
	prog_free(&apart);
}

/* ---- inputs ---- */

static void
random_kernels(struct tally *t)
{
	const char *env = getenv("PTOC_PLACE_COUNT");
	uint32_t count = env ? (uint32_t)strtoul(env, NULL, 10) : 2700;

	for (uint32_t seed = 1; seed <= count && t->bad < 10; seed++) {
		struct arena a;
		struct out text;
		char name[32];
		uint32_t bad = t->bad;
		arena_init(&a, NULL);
		out_init(&text, &a);
		place_gen_kernel(&text, seed);
		snprintf(name, sizeof name, "seed %u", seed);
		kernel(t, name, text.p, text.n, true);
		if (t->bad > bad)
			printf("%.*s\n", (int)text.n, text.p);
		arena_free(&a);
	}
}

/* Copies a kernel without its " addr = %x". */
static size_t
strip(char *text, size_t n)
{
	size_t to = 0;

	for (size_t i = 0; i < n;) {
		if (n - i > 9 && memcmp(text + i, " addr = %", 9) == 0) {
			for (i += 9; i < n && !strchr(" :,)", text[i]); i++)
				;
			continue;
		}
		text[to++] = text[i++];
	}
	text[to] = 0;
	return to;
}

static void
corpus_file(struct tally *t, const char *path)
{
	struct arena a;
	size_t n;

	arena_init(&a, NULL);
	char *text = prog_read(&a, path, &n);
	const char *slash = strrchr(path, '/');
	if (text)
		kernel(t, slash ? slash + 1 : path, text, strip(text, n), false);
	arena_free(&a);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
corpus(struct tally *t, const char *dir)
{
	DIR *d = opendir(dir);
	char **path = malloc(PATHS_MAX * sizeof *path);
	size_t n = 0;

	for (struct dirent *e; d && path && n < PATHS_MAX && (e = readdir(d));) {
		size_t len = strlen(e->d_name);
		if (len < 5 || strcmp(e->d_name + len - 4, ".pto") != 0)
			continue;
		path[n] = malloc(strlen(dir) + len + 2);
		if (path[n])
			sprintf(path[n++], "%s/%s", dir, e->d_name);
	}
	if (d)
		closedir(d);
	if (n)
		qsort(path, n, sizeof *path, by_name);
	for (size_t k = 0; k < n; k++) {
		corpus_file(t, path[k]);
		free(path[k]);
	}
	free(path);
}

static int
report(const char *what, const struct tally *t)
{
	printf("%s: %u kernels, %u left out, %u placements, %u of them share bytes, %u spaces too small, "
	       "%u tiles in two slots; one tile moved %u times, %u times refused; %u bad\n", what, t->kernels,
	       t->left_out, t->placed, t->reused, t->full, t->slots, t->moved, t->refused, t->bad);
	for (uint32_t k = 0; t->tight[0] && k < STEPS; k++)
		if (t->tight[k])
			printf("  %u fit in %u.%u %% more than the bytes that are live at the peak\n", t->tight[k],
			       over[k] / 10, over[k] % 10);
	if (t->proved)
		printf("  for %u of the others an exhaustive search says that a step less (above 5 %%: 5 %%) "
		       "does not do\n", t->proved);
	return t->bad != 0 || (t->moved && !t->refused);
}

int
main(int argc, char **argv)
{
	struct tally random = {0};
	int bad = 0;

	random_kernels(&random);
	bad |= report("random", &random);
	for (int k = 1; k < argc; k++) {
		struct tally given = {0};
		corpus(&given, argv[k]);
		bad |= report("given", &given);
	}
	return bad;
}
