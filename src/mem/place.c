/*
 * place: where alloc_tile puts its tile, and the address rules of level 3. Source: memory.md §1.5, §2.8; the
 * hardware's capacities from isa/spaces.def (the reference accepts any address; the hardware headers do not).
 */
#include "mem/mem.h"

#include "mem/size.h"

uint64_t
mem_slot_stride(const struct ir *ir, struct op alloc)
{
	const struct type_data *d = type_data(&ir->types, val_type(ir, op_res(ir, alloc, 0)));
	uint32_t align = isa_space[type_data(&ir->types, d->sub[0])->tile.space].align;

	return (mem_tile_bytes(ir, d->sub[0]) + align - 1) / align * align;
}

struct buf_place
mem_place(const struct ir *ir, struct op alloc)
{
	struct val tile = op_res(ir, alloc, 0), addr = op_slot(ir, alloc, 0);
	const struct type_data *d = type_data(&ir->types, val_type(ir, tile));
	struct typ slot = d->kind == TY_MULTI_TILE ? d->sub[0] : val_type(ir, tile);
	struct buf_place p = {.space = SP_ZERO};
	int64_t at;

	if (d->kind != TY_TILE && d->kind != TY_MULTI_TILE)
		return p;
	p.space = type_data(&ir->types, slot)->tile.space;
	p.size_bytes = mem_tile_bytes(ir, slot);
	if (d->kind == TY_MULTI_TILE)
		p.size_bytes += (d->width - 1) * mem_slot_stride(ir, alloc);
	if (addr.i && val_const_int(ir, addr, &at) && at >= 0) {
		p.known = true;
		p.addr_bytes = (uint64_t)at;
	}
	return p;
}

static bool
check_range(struct ir *ir, struct op o, const struct buf_place *p)
{
	const struct space_row *s = &isa_space[p->space];

	if (p->size_bytes <= s->bytes && p->addr_bytes <= s->bytes - p->size_bytes)
		return true;
	op_error(ir, o, DIAG_ADDRESS, "places bytes [%llu, %llu) in %s, which has %u bytes",
		 (unsigned long long)p->addr_bytes, (unsigned long long)(p->addr_bytes + p->size_bytes), s->tile,
		 s->bytes);
	if (p->size_bytes > s->bytes)
		diag_hint(ir->diags, "the tile alone has %llu bytes", (unsigned long long)p->size_bytes);
	return false;
}

static bool
check_alloc(struct ir *ir, struct op o)
{
	struct val addr = op_slot(ir, o, 0);
	struct buf_place p = mem_place(ir, o);
	int64_t at;

	if (!addr.i) {
		op_error(ir, o, DIAG_LEVEL, "requires 'addr' operand when --pto-level=level3");
		return false;
	}
	if (!val_const_int(ir, addr, &at))
		return true;
	if (at < 0) {
		op_error(ir, o, DIAG_ADDRESS, "addr must be non-negative, got %lld", (long long)at);
		return false;
	}
	uint32_t align = isa_space[p.space].align;
	if (at % align) {
		op_error(ir, o, DIAG_ADDRESS, "addr must be aligned to %u bytes for local tile memory space, got %lld",
			 align, (long long)at);
		return false;
	}
	if (check_range(ir, o, &p))
		return true;
	if (ir_val(ir, addr)->name.i)
		diag_note(ir->diags, ir_val(ir, addr)->span, "the address is this constant");
	return false;
}

/* Recursion over nesting only. */
static bool
check_block(struct ir *ir, struct blk b)
{
	bool ok = true;

	for (struct op o = ir_blk(ir, b)->first; o.i; o = ir_op(ir, o)->next) {
		if (op_id(ir, o) == OP_ALLOC_TILE || op_id(ir, o) == OP_ALLOC_MULTI_TILE)
			ok = check_alloc(ir, o) && ok;
		for (uint32_t r = 0; r < ir_op(ir, o)->nreg; r++)
			for (struct blk c = op_body(ir, o, r); c.i; c = ir_blk(ir, c)->next)
				ok = check_block(ir, c) && ok;
	}
	return ok;
}

bool
mem_check_addresses(struct ir *ir, struct op func)
{
	bool ok = true;

	for (struct blk b = op_body(ir, func, 0); b.i; b = ir_blk(ir, b)->next)
		ok = check_block(ir, b) && ok;
	return ok;
}
