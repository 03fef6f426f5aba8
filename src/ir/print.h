/* print: canonical .pto text of a module or op. print(parse(x)) is a fixed point after one step. */
#ifndef PTOC_IR_PRINT_H
#define PTOC_IR_PRINT_H

#include "ir/ir.h"

void print_module(const struct ir *ir, struct out *o);
void print_op(const struct ir *ir, struct op op, struct out *o);	/* with its regions */
void print_attr(const struct ir *ir, struct attr a, struct out *o);

#endif
