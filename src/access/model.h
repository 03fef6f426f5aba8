/*
 * model: the tables behind access.h. Internal to the folder.
 *
 * From values to bytes: a *place* is what a tile, view or pointer value denotes (alias.c); a *region* is the byte set
 * one operand of one op touches, hash-consed (region.c); an access is a region with read/write (phases.c).
 */
#ifndef PTOC_ACCESS_MODEL_H
#define PTOC_ACCESS_MODEL_H

#include "access/access.h"
#include "access/affine.h"

enum { GM_MAX_RANK = 5, PLACE_MAX = 8 };

enum place_kind {
	PL_NONE,
	PL_CYCLE, /* only while a loop-carried value is being resolved: depends on itself */
	PL_TILE,
	PL_SPACE,   /* somewhere in a local space */
	PL_GM,      /* pointer or view */
	PL_GM_ROOT, /* somewhere behind one pointer argument */
	PL_GM_ANY   /* somewhere in GM */
};

enum tile_layout {
	TL_ROWS,       /* row_major, none_box: lines are rows */
	TL_COLS,       /* col_major, none_box: lines are columns */
	TL_COL_BLOCKS, /* NZ: col_major boxes of rows; lines are blocks of box columns */
	TL_ROW_BLOCKS, /* ZN: row_major boxes of columns; lines are blocks of box rows */
	TL_ROW_BOXES,  /* ZZ: row_major boxes of rows */
	TL_OTHER
};

/* A tile: memory is a sequence of lines `pitch_bytes` apart. Sub-views keep the pitch of the tile they are cut from. */
struct tile_place {
	enum tile_layout layout;
	uint32_t elem_bytes, box_rows, box_cols;
	int64_t base, pitch_bytes;
	int64_t rows, cols; /* physical, or the window of a sub-view */
	int64_t vrow, vcol; /* valid area; an upper bound when !exact */
	uint8_t compact;
	bool pads;  /* a load fills up the last block of each line */
	bool exact; /* valid area and window are known */
};

/* A pointer (rank 0) or a strided box. Offsets and strides in bytes. */
struct gm_place {
	struct val root;
	uint32_t base; /* aff */
	uint32_t rank;
	int64_t count[GM_MAX_RANK];   /* upper bound; AFF_INF: unknown */
	uint32_t stride[GM_MAX_RANK]; /* aff */
	uint32_t elem_bytes;
	uint32_t open;                /* bit k: count[k] is an upper bound only, */
	uint32_t size[GM_MAX_RANK];   /* and this the count as an aff; 0: not known either */
};

struct place {
	enum place_kind kind;
	enum space space;
	struct val root; /* PL_GM_ROOT */
	union {
		struct tile_place tile;
		struct gm_place gm;
	} u;
};

struct place_list {
	uint32_t first, n; /* slice of access.place; n == 0: not resolved yet */
};

enum region_kind {
	RG_LOCAL,   /* count lines of width bytes, pitch apart, from lo */
	RG_SPACE,   /* a whole local space */
	RG_GM,      /* root + base + dims */
	RG_GM_ROOT, /* everything behind one root */
	RG_GM_ANY   /* everything in GM */
};

struct dim {
	int64_t count, stride; /* count 2..AFF_INF, stride > 0 bytes; sorted by stride, largest first */
};

/* Regions are compared as memory: always zero them before filling. */
struct region {
	uint8_t kind, space;
	uint8_t ndim; /* GM; local: 0 or 1 */
	uint8_t pad;
	uint32_t func; /* local: sets of different functions are never compared */
	struct val root;
	uint32_t base;     /* GM: aff */
	int64_t lo, width; /* local: first byte; both: bytes of one run */
	struct dim dim[GM_MAX_RANK];
};

/* A tile variable whose valid shape set_validshape changes, or that tassign moves. */
struct revalid {
	int64_t row, col; /* most that any set_validshape gives */
	uint32_t moved;   /* number of tassign ops */
	bool resized;
};

/* Where the tile of a pop lies: slots first, first + step, ... of a ring. */
struct ring {
	int64_t base, slot_bytes, slots;
	int64_t first, step;
	uint32_t init; /* op id of the fifo */
	bool known;    /* base is a constant */
};

enum { USE_SCALAR = 1, USE_PIPE = 2 }; /* touched by S, by another pipe */

struct func_sets {
	uint32_t first, end;
};

struct near {
	uint32_t first, n; /* slice of access.near_id */
	uint32_t class;
	bool all;
};

struct op_phases {
	uint32_t phase0, hidden0;
	uint16_t nphase, nhidden;
	uint32_t scope; /* loops: index of affines.scope; functions: of access.sets */
};

struct overlap_entry { /* cache of access_overlap */
	uint32_t a, b, scope;
	uint8_t widen;  /* bit 0: a, bit 1: b */
	uint8_t answer; /* 0 free, 1 no, 2 yes */
};

struct slots { /* decoded rows of the op table, on demand */
	struct op_slot at[OP_MAX_SLOT];
	uint32_t n;
	bool known;
};

/* Ids of the flags that a function, and what it calls, uses. */
struct call_sum {
	uint8_t ids[PIPE_COUNT * PIPE_COUNT];
	bool any_sync;
};

struct access {
	struct arena *a;
	const struct ir *ir;
	struct access_opt opt;
	struct affines aff;
	struct slots slots[OP_COUNT];
	struct op func; /* being walked */
	enum core core;
	uint32_t depth, njoin, budget; /* of place_of: nesting, joins being resolved, calls left for them */

	struct place_list *of_val; /* by value id */
	uint32_t nof_val;
	VEC(struct place) place;

	VEC(struct revalid) revalid; /* [0]: no change */
	uint32_t *revalid_of;        /* by value id of the allocation */

	VEC(struct region) region; /* [0] unused */
	VEC(uint8_t) use;          /* by region: USE_* */
	uint32_t *region_slot, nregion_slot;
	VEC(struct func_sets) sets; /* per function that was walked; [0]: none */

	VEC(struct phase) phase;
	VEC(struct acc) acc;
	VEC(struct gm_place) open; /* [0] unused: see acc.open */
	VEC(struct hidden_key) hidden;
	struct op_phases *of_op; /* by op id */
	uint32_t nof_op;
	struct op *func_of_name; /* by symbol: func.func of the module */
	bool *called;            /* by op id of a func.func: a func.call names it */
	bool *busy;              /* by op id of a func.func: it or something it calls does work */
	uint32_t nsym;
	VEC(struct call_sum) sum; /* [0] unused; functions that are done */
	uint32_t *sum_of_name;    /* by symbol, 0 = none; NULL when no function calls another */

	struct near *near; /* by region id */
	VEC(uint32_t) near_id;

	struct overlap_entry *cache;
	uint32_t ncache, ncached;

	VEC(struct ring) ring; /* [0] unused */
	uint32_t *ring_of;     /* by value id of a declare_tile, 0 = not popped */
};

/* ---- alias.c ---- */

/* What a tile, view or pointer value may denote: at least one place, at most PLACE_MAX. */
struct place_list place_of(struct access *ac, struct val v);
static inline const struct place *
place_at(const struct access *ac, struct place_list l, uint32_t k)
{
	return &ac->place.at[l.first + k];
}
/* First byte of element (r, c); exact for box-aligned r and c, and inside a line. */
int64_t tile_offset(const struct tile_place *t, int64_t r, int64_t c);
/* Part [r0, r0+nr) x [c0, c0+nc) of a tile as lines; runs are rounded up to align bytes. */
struct region tile_region(const struct access *ac, const struct tile_place *t, enum space sp, int64_t r0, int64_t c0,
			  int64_t nr, int64_t nc, int64_t align);

/* ---- change.c ---- */

/* Finds the tile variables that change after their allocation; before any place is asked for. */
void alias_scan(struct access *ac);
/* The allocation whose C++ variable a chain of tassign moves. */
struct val tassign_root(const struct access *ac, struct val v);

/* ---- fifo.c ---- */

/* Finds the rings of popped tiles; before any place is asked for. */
void fifo_scan(struct access *ac);
/* The k-th slot a popped tile may lie in; bytes != 0: anywhere in that many bytes from base. False after the last. */
bool fifo_slot(const struct access *ac, struct val tile, uint32_t k, int64_t *base, int64_t *bytes);
/* A view whose address a fifo assigns: memory of its own, with the strides of the view that describes a slot. */
struct place fifo_entry(struct access *ac, struct op o, struct val v);

/* ---- region.c ---- */

uint32_t region_get(struct access *ac, const struct region *r);
/* Byte set of a GM place; whole elements of a pointer when rank is 0. */
uint32_t region_of_gm(struct access *ac, const struct place *p);
uint32_t region_of_space(struct access *ac, enum space sp);
void region_init(struct access *ac);

/* When the two accesses happen, relative to each other. */
enum when {
	WHEN_SAME,  /* same iteration of all common loops */
	WHEN_LATER, /* b in a later iteration of the loop with that scope */
	WHEN_ANY    /* nothing known */
};
/* widen: bit 0: a is compared by whole cache lines, bit 1: b is. */
bool region_overlap(const struct access *ac, uint32_t a, uint32_t b, enum when when, uint32_t scope, unsigned widen);
/* Bytes relative to base (GM) or from 0 (local): [lo, hi); false when open. Ranges of loop-dependent symbols count. */
bool region_hull(const struct access *ac, uint32_t set, int64_t *lo, int64_t *hi);

/* ---- near.c ---- */

void near_build(struct access *ac);

/* ---- phases.c ---- */

void phases_of_op(struct access *ac, struct op o);

/* ---- access.c ---- */

/* The callee is in the module and neither it nor anything it calls does work on a pipe. */
bool callee_idle(const struct access *ac, struct op call);

#endif
