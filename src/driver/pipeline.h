/*
 * pipeline: one compile, from source text to output text.
 *
 * The passes and their order are driver/passes.def. Every pass reads what the ones before it left in struct pipeline
 * and reports into `diags`; the first one that returns false ends the compile.
 */
#ifndef PTOC_DRIVER_PIPELINE_H
#define PTOC_DRIVER_PIPELINE_H

#include "access/section.h"
#include "check/check.h"
#include "cxxin/cxxin.h"
#include "isa/cost.h"
#include "ptoc/ptoc.h"
#include "sync/sync.h"

/* One section program: what one core executes of one function. */
struct unit {
	struct op func;
	enum core core;
	bool manual;		/* synchronised by hand: left as written, findings are warnings */
	bool complete;		/* --sync=complete: keeps what is written and gets what it lacks */
	bool nothing_missing;	/* complete: proved as written, nothing was added */
	bool conservative;	/* the plan was not proved; replaced by the fallback plan */
	bool checked;
	bool unknown;		/* C++: holds what the reader does not know */
	bool entry;		/* C++: no function of the text calls it, so nobody drains for it */
	struct sync_result sync;
	struct check_result check;
};

/* Two slots for tiles (driver/multi.h): what was tried and found; all 0 when there was nothing to try. */
struct multi_result {
	uint32_t candidates;	/* tiles that could have two slots */
	uint32_t trials;	/* 0 although there are candidates: the text is too long */
	uint32_t chosen;	/* tiles of the best choice */
	int64_t before, after;	/* all sections, COST_UNIT per cycle; before < 0: nothing to compare with */
};

struct slot_tile;
struct trial;
struct move;

/* Tiles at other places than the given ones (driver/move.h). */
enum moves {
	MOVES_NONE,
	MOVES_FREE,
	MOVES_IN_PLACE		/* what an op writes over what it reads stays there: takes less space */
};

struct move_result {
	bool tried;		/* and proved at the given places */
	int64_t before, after;	/* all sections, COST_UNIT per cycle */
};

struct pipeline {
	struct arena *a;
	struct arena scratch;	/* of one unit's plan or check at a time */
	const struct ptoc_options *opt;
	struct source src;
	struct diags diags;
	struct ir ir;
	int level;
	bool cxx;		/* the input is C++: checked as it is */
	struct cxxin cxxin;
	VEC(struct op) func;	/* functions with a body, in order */
	VEC(struct unit) unit;	/* grouped by function, in that order */
	struct access *ac;
	struct out text, explain, stats, timeline, dump;
	struct cost_model cost;
	enum ptoc_verdict verdict;
	bool on_trial;		/* compiled only to see what `slots` and `moves` bring */
	const struct slot_tile *slots;
	uint32_t nslots;
	enum moves moves;	/* how tiles with given addresses are placed anew */
	struct move *move;	/* with moves, where that can be done */
	struct trial *trial;	/* memory of the trial that is being compiled */
	struct multi_result multi;
	struct move_result moved;
	const char *closing;	/* on failure: the reference's last line for the stage, or NULL */
};

/* Initialises *p for one text of at most 1 GiB. pipeline_free is needed also when memory has run out since. */
/* sealed: the text has a NUL behind it and outlives the pipeline; else it is copied. */
void pipeline_init(struct pipeline *p, struct arena *a, const struct ptoc_options *opt, struct strv text, bool sealed);
void pipeline_free(struct pipeline *p);
/* Runs all passes. False when an error was reported; with check_only also when a finding is a violation. */
bool pipeline_run(struct pipeline *p);
/* Checks one unit as it stands now, into u->check; first_only: see check_opt. */
void unit_prove(struct pipeline *p, struct unit *u, bool first_only);
/* The letters of -d with what each dumps, for --help. */
void pipeline_letters(struct out *o);
bool pipeline_has_letter(char c);

#endif
