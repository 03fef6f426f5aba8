/* prog: one text, .pto or printed C++, parsed, verified and with access tables, for the tests of synchronisation. */
#ifndef PTOC_TESTS_PROP_PROG_H
#define PTOC_TESTS_PROP_PROG_H

#include "access/section.h"
#include "cxxin/cxxin.h"

struct prog {
	struct arena a;
	struct source src;
	struct diags diags;
	struct ir ir;
	struct access *ac;
	VEC(struct op) func;		/* with a body */
	bool cxx;
	struct cxxin cxxin;		/* what the reader of C++ did not know */
	uint32_t nslots;		/* tiles with two slots, by opt.slots */
	struct out text;		/* diagnostics when loading failed */
	struct prog_opt {
		bool gm_alias, v_never, m_always, load_waw_none, flags_only, gm_dcci;
		/* bytes of every space (0: the hardware's), for a text without addresses; NULL: it has them */
		const uint64_t *capacity;
		bool exact;	/* runs read the part of a tile that the access tables say */
		bool fixed_ids;	/* no id is chosen at run time */
		bool slots;	/* with capacity: two slots for every tile that may have them */
		bool unplaced;	/* with capacity: everything but addresses; no access tables */
	} opt;
};

/* False when the text does not load; diagnostics are in p->text then. Release with prog_free in either case. */
bool prog_load(struct prog *p, const char *name, const char *text, size_t n);
bool prog_load_opt(struct prog *p, const char *name, const char *text, size_t n, struct prog_opt opt);
void prog_free(struct prog *p);
/* Whole file, NUL-terminated, in the arena; NULL when it cannot be read. */
char *prog_read(struct arena *a, const char *path, size_t *n);

#endif
