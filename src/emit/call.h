/*
 * call.h: statements that call the tile library, shared by the families of call.c and compute.c.
 */
#ifndef PTOC_EMIT_CALL_H
#define PTOC_EMIT_CALL_H

#include "emit/emit.h"

/* CALLEE<template>(outs..., ins...); */
void call_plain(struct cxx *x, struct op o, const char *template);
/* CALLEE<template>(v[0], ...); absent operands are left out. */
void call_list(struct cxx *x, struct op o, const char *template, const struct val *v, uint32_t n);
/* CALLEE<template>(v[0], ..., vN); with a local in last place. */
void call_list_local(struct cxx *x, struct op o, const char *template, const struct val *v, uint32_t n, uint32_t no);
/* Appends an argument to a template argument list under construction. */
void call_targ(struct out *t, const char *s);
/* Row or column of a window; by value: not as a variable. */
void call_corner(struct cxx *x, struct val v, bool by_value);
/* Address of a tile that is known at compile time. */
bool tile_address(const struct cxx *x, struct val v, uint64_t *bytes);

#endif
