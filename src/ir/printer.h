/* printer: what print.c (names, regions, attributes, generic form) and print_op.c (custom forms) share. */
#ifndef PTOC_IR_PRINTER_H
#define PTOC_IR_PRINTER_H

#include "ir/print.h"

struct printer {
	const struct ir *ir;
	struct out *o;
	uint32_t indent;
	const char **name;  /* by value, without %; NULL when none was given */
	const char **label; /* by block, without ^ */
	uint8_t *bound;     /* by symbol: names visible now */
	uint8_t *taken;     /* by symbol: names of any value */
	VEC(struct sym) undo;
	uint32_t next; /* number for the next nameless value */
	bool all_differ;
};

void pr_str(struct printer *p, const char *s);
void pr_char(struct printer *p, char c);
void pr_value(struct printer *p, struct val v);
void pr_values(struct printer *p, const struct val *v, uint32_t n);
void pr_type(struct printer *p, struct typ ty);
void pr_types(struct printer *p, const struct val *v, uint32_t n);
/* One type without parentheses, any other number with them; a function type always with them. */
void pr_result_types(struct printer *p, struct op o);
void pr_attr(struct printer *p, struct attr a);
void pr_symbol(struct printer *p, struct sym s);
void pr_block(struct printer *p, struct blk b);
/* " {k = v, ...}" without the keys in `skip` (n of them); nothing when no key is left. */
void pr_dict(struct printer *p, struct attr dict, const struct sym *skip, uint32_t n);
enum { REGION_ENTRY_ARGS = 1, REGION_DROP_YIELD = 2 }; /* entry arguments stand elsewhere; an empty yield is implied */
void pr_region(struct printer *p, struct reg r, unsigned flags);
void pr_generic(struct printer *p, struct op o);
/* The op in its custom form; false when it has none or cannot be written in it. */
bool pr_custom(struct printer *p, struct op o);

#endif
