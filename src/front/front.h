/* front: bytes -> IR. The lexer and grammar live in grammar/. */
#ifndef PTOC_FRONT_FRONT_H
#define PTOC_FRONT_FRONT_H

#include "ir/ir.h"

enum { NESTING_MAX = 200 };

/* Parses the whole source of ir->diags into ir->module. False when an error was reported. */
bool front_parse(struct ir *ir);

#endif
