/*
 * attr: hash-consed attributes and dictionaries. Equal attribute <=> equal id; 0 is "absent" (and the empty
 * dictionary).
 */
#ifndef PTOC_IR_ATTR_H
#define PTOC_IR_ATTR_H

#include "ir/type.h"

struct attr {
	uint32_t i;
};

enum attr_kind {
	AT_NONE,
	AT_UNIT,
	AT_BOOL,		/* i = 0 or 1 */
	AT_INT,			/* i, type (int or index) */
	AT_FLOAT,		/* f = value, bits = pattern in the width of type */
	AT_STRING,		/* text */
	AT_TYPE,		/* type */
	AT_SYMBOL,		/* text = @a, or a::b with `::` kept */
	AT_ARRAY,		/* sub */
	AT_DICT,		/* key[k] = sub[k], sorted by key text */
	AT_DENSE_ARRAY,		/* array<T: ...>: type = T, elem = values (bit patterns for floats) */
	AT_DENSE,		/* dense<...> : type: type, elem; text = source text when not a list of integers */
	AT_ENUM,		/* id = enum_id, i = value */
	AT_MAP,			/* affine_map<...>: text as written, canonical spacing */
	AT_LOC,			/* loc(...): text; file/line/col when of that form */
	AT_TILE_CONFIG,		/* #pto.tile_buf_config<...>: sub dictionary in sub[0] */
	AT_OPAQUE		/* other dialect attribute: text as written */
};

struct attr_data {
	enum attr_kind kind;
	int64_t i;
	uint64_t bits;
	double f;
	struct typ type;
	uint32_t id;
	struct sym text;
	const struct attr *sub;
	const struct sym *key;
	const int64_t *elem;
	uint32_t n;		/* of sub/key or elem */
};

struct attrs {
	struct arena *a;
	const struct intern *in;
	VEC(struct attr_data) all;
	uint32_t *slot, nslot;
};

void attrs_init(struct attrs *t, struct arena *a, const struct intern *in);
struct attr attr_get(struct attrs *t, const struct attr_data *d);
const struct attr_data *attr_data(const struct attrs *t, struct attr a);

struct attr attr_unit(struct attrs *t);
struct attr attr_bool(struct attrs *t, bool v);
struct attr attr_int(struct attrs *t, int64_t v, struct typ ty);
struct attr attr_float(struct attrs *t, double f, uint64_t bits, struct typ ty);
struct attr attr_string(struct attrs *t, struct sym s);
struct attr attr_symbol(struct attrs *t, struct sym s);
struct attr attr_type(struct attrs *t, struct typ ty);
struct attr attr_enum(struct attrs *t, enum enum_id id, int32_t value);

/* Dictionaries. attr_dict sorts; a duplicate key must have been diagnosed before. */
struct attr attr_dict(struct attrs *t, struct sym *key, struct attr *val, uint32_t n);
struct attr attr_dict_set(struct attrs *t, struct attr dict, struct sym key, struct attr val);	/* val 0 removes */
struct attr attr_dict_find(const struct attrs *t, struct attr dict, struct sym key);

/* How many dimensions (n[0]) and symbols (n[1]) the text of a map "affine_map<(d0, d1)[s0] -> ...>" names. */
void attr_map_names(struct strv text, uint32_t n[2]);

#endif
