/*
 * expect: the assertion language of tests/repro/rNN.expect. One assertion a line, # starts a comment. Operations are
 * named by the labels `// [name]` at the ends of their lines in the .pto file.
 *
 *   FUNC name              the following lines are about this function only (default: every function with the labels)
 *   ORDER a b              on every path b starts only after the last a before it is complete (same iteration)
 *   ORDER a b BACK         the same for an a of an earlier iteration of a common loop
 *   UNORDERED a b          a and b are not ordered: no needless waiting
 *   VISIBLE a b [BACK]     as ORDER, and what a stored in GM is visible to b
 *   DONE a                 a is complete when the kernel returns
 *   FLUSHED a              the line that the scalar store a dirtied is written back and complete at the return
 *   BALANCE                flags alternate in time, nothing waits for ever, all clear at the return, on every path
 *   NOT tok [where]        no sync op of that kind
 *   COUNT tok [where] op n op is ==, <= or >=
 *   DIAG id a              a diagnostic `id` at the line of a
 *   REFUSED id a           the file is refused with the diagnostic `id` at the line of a, not without that line
 *   VERDICT v              for a section synchronised by hand: v is proved, violated (a run shows it) or unproved
 *   OPTION word            gm-alias=may, v-prune=never, m-barrier=always, load-waw=none, gm-fence=dcci+dsb or
 *                          gm-visibility=flags-only holds for the whole file; the same words as in --help
 *
 *   tok    set P Q | wait P Q | flag P | flags | barrier P | dsb | dcci | tail | fence | sync   (P, Q: V, MTE2, ALL)
 *   where  IN LOOP | IN IF | AT TOP | BETWEEN a b | AFTER a | BEFORE b       (positions in the text)
 *
 * Every function must besides be proved by the checker and found right by the interpreter (CLEAN, implied unless there
 * is a VERDICT). Assertions stand in a file of their own, or in the .pto file as comments `//! ASSERTION`.
 */
#ifndef PTOC_TESTS_REPRO_EXPECT_H
#define PTOC_TESTS_REPRO_EXPECT_H

#include "prop/synced.h"

enum akind { A_CLEAN, A_ORDER, A_UNORDERED, A_VISIBLE, A_DONE, A_FLUSHED, A_BALANCE, A_NOT, A_COUNT, A_DIAG,
	     A_REFUSED, A_VERDICT, A_OPTION };
enum where { W_ANY, W_LOOP, W_IF, W_TOP, W_BETWEEN, W_AFTER, W_BEFORE };
enum token { T_SET, T_WAIT, T_FLAG, T_FLAGS, T_BARRIER, T_DSB, T_DCCI, T_TAIL, T_FENCE, T_SYNC };

enum { WORD_MAX = 32 };

struct assertion {
	enum akind kind;
	enum where where;
	enum token token;
	enum pipe p, q;
	bool back;
	char cmp[3];
	uint32_t n;
	char a[WORD_MAX], b[WORD_MAX], func[WORD_MAX * 2];
	const char *text;
	uint32_t line;
};

struct assertions {
	VEC(struct assertion) all;
	struct prog_opt opt;	/* of the OPTION lines */
	const char *error;	/* NULL: the file is well formed */
	uint32_t error_line;
};

struct label {
	char name[WORD_MAX];
	uint32_t line;
	struct op op;		/* 0 when the line belongs to another function */
};

struct labels {
	VEC(struct label) all;
};

/* One function with the assertions that concern it, and what the last evaluation found. */
struct subject {
	struct prog *p;
	const struct part *part;
	const struct assertions *as;
	struct labels labels;
	bool *about;		/* by assertion */
	bool *holds;
	uint32_t inputs;
};

void expect_parse(struct assertions *as, struct arena *a, const char *text);
void labels_find(struct labels *l, struct prog *p, struct op func);
struct op label_op(const struct labels *l, const char *name);
/* False when no assertion names a label of this function or the labels it names are not all there. */
void subject_init(struct subject *s, struct prog *p, const struct part *part, const struct assertions *as);
/* Fills holds[]; `why` gets a line per violated assertion unless NULL. DIAG is not evaluated here. */
void subject_eval(struct subject *s, struct arena *scratch, struct out *why);
bool token_matches(const struct ir *ir, const struct assertion *as, struct op o);

#endif
