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
void pr_symbol(struct printer *p, struct sym s);	/* a reference: names with :: between them */
void pr_symbol_name(struct printer *p, struct sym s);	/* of a definition: one name, whatever stands in it */
void pr_block(struct printer *p, struct blk b);
/* " {k = v, ...}" without the keys in `skip` (n of them); nothing when no key is left. */
void pr_dict(struct printer *p, struct attr dict, const struct sym *skip, uint32_t n);
enum { REGION_ENTRY_ARGS = 1, REGION_DROP_YIELD = 2 }; /* entry arguments stand elsewhere; an empty yield is implied */
void pr_region(struct printer *p, struct reg r, unsigned flags);
void pr_generic(struct printer *p, struct op o);
/* The op in its custom form; false when it has none or cannot be written in it. */
bool pr_custom(struct printer *p, struct op o);

/* What the custom forms ask of an op. */
struct sym pr_no_sym(void);
void pr_name(struct printer *p, struct op o);
struct typ pr_opnd_type(struct printer *p, struct op o, uint32_t k);
struct typ pr_res_type(struct printer *p, struct op o);
enum type_kind pr_kind(struct printer *p, struct typ ty);
void pr_dict_but(struct printer *p, struct op o, struct sym a, struct sym b, struct sym c);
void pr_all_dict(struct printer *p, struct op o);
const struct attr_data *pr_attr_of(struct printer *p, struct op o, struct sym key);
bool pr_signless(struct printer *p, struct typ ty, uint32_t width);

/* Forms of print_flow.c. */
bool pr_module(struct printer *p, struct op o);
bool pr_func(struct printer *p, struct op o);
bool pr_call(struct printer *p, struct op o);
bool pr_terminator(struct printer *p, struct op o);
bool pr_for_op(struct printer *p, struct op o);
bool pr_if_op(struct printer *p, struct op o);
bool pr_while_op(struct printer *p, struct op o);
bool pr_index_switch(struct printer *p, struct op o);
bool pr_execute_region(struct printer *p, struct op o);
bool pr_branch(struct printer *p, struct op o);
bool pr_switch_op(struct printer *p, struct op o);


/* Forms of print_storage.c. */
bool pr_declare(struct printer *p, struct op o);
bool pr_operand(struct printer *p, struct op o);
bool pr_rebind(struct printer *p, struct op o);
bool pr_view_dim(struct printer *p, struct op o);
bool pr_elem_get(struct printer *p, struct op o);
bool pr_elem_set(struct printer *p, struct op o);
bool pr_path_get(struct printer *p, struct op o);
bool pr_path_set(struct printer *p, struct op o);
bool pr_print(struct printer *p, struct op o);
/* Forms of print_comm.c. */
bool pr_event_pair(struct printer *p, struct op o);
bool pr_barrier_sync(struct printer *p, struct op o);
bool pr_cross(struct printer *p, struct op o);
bool pr_sync_all(struct printer *p, struct op o);
bool pr_event_elem(struct printer *p, struct op o);
bool pr_fifo(struct printer *p, struct op o);
bool pr_fifo_init(struct printer *p, struct op o);
bool pr_transfer(struct printer *p, struct op o);

#endif
