/* bytes: see bytes.h. Tile layouts: memory.md §1 (none_box row and column major; boxed tiles count as one block). */
#include "bytes.h"

enum { ROWS_MAX = 1 << 16 };

static struct cval
boxed(struct arena *a, uint32_t mem, int64_t base, const struct cbox *b)
{
	struct cbox *copy = ARENA_NEW(a, struct cbox);

	*copy = *b;
	return (struct cval){.kind = CV_BOX, .mem = mem, .i = base, .box = copy};
}

struct cval
box_tile(struct arena *a, const struct ir *ir, struct typ ty, int64_t base, int64_t vrow, int64_t vcol)
{
	const struct type_data *t = type_data(&ir->types, ty);
	const struct tile_shape *s = &t->tile;
	int64_t eb = type_bytes(&ir->types, type_elem(&ir->types, ty));
	struct cbox b = {.rank = 2, .eb = eb};

	if (s->slayout != SL_NONE_BOX) {
		b.rank = 1;
		b.size[0] = (int64_t)tile_bytes(s, (uint32_t)eb) / eb;
		b.stride[0] = eb;
		return boxed(a, s->space, base, &b);
	}
	b.size[0] = s->vrow != DIM_DYN ? s->vrow : vrow >= 0 && vrow <= s->rows ? vrow : s->rows;
	b.size[1] = s->vcol != DIM_DYN ? s->vcol : vcol >= 0 && vcol <= s->cols ? vcol : s->cols;
	bool plus = s->compact == COMPACT_ROW_PLUS_ONE;
	b.stride[0] = s->blayout == BL_COL_MAJOR ? eb : (s->cols + plus) * eb;
	b.stride[1] = s->blayout == BL_COL_MAJOR ? (s->rows + plus) * eb : eb;
	return boxed(a, s->space, base, &b);
}

struct cval
box_subview(struct arena *a, const struct ir *ir, struct cval src, struct typ ty, int64_t r, int64_t c, int64_t vrow,
	    int64_t vcol)
{
	const struct tile_shape *s = &type_data(&ir->types, ty)->tile;

	if (src.box->rank != 2)
		return src;
	struct cbox b = *src.box;
	b.size[0] = s->vrow != DIM_DYN ? s->vrow : vrow >= 0 ? vrow : s->rows;
	b.size[1] = s->vcol != DIM_DYN ? s->vcol : vcol >= 0 ? vcol : s->cols;
	return boxed(a, src.mem, src.i + r * b.stride[0] + c * b.stride[1], &b);
}

struct cval
box_view(struct arena *a, struct cval ptr, int64_t eb, const int64_t *size, const int64_t *stride, uint32_t rank)
{
	struct cbox b = {.rank = rank, .eb = eb};

	for (uint32_t i = 0; i < rank; i++) {
		b.size[i] = size[i];
		b.stride[i] = stride[i] * eb;
	}
	return boxed(a, ptr.mem, ptr.i, &b);
}

struct cval
box_part(struct arena *a, struct cval view, const int64_t *off, const int64_t *size, uint32_t rank)
{
	struct cbox b = *view.box;
	int64_t at = view.i;

	for (uint32_t i = 0; i < rank && i < b.rank; i++) {
		at += off[i] * b.stride[i];
		b.size[i] = size[i];
	}
	return boxed(a, view.mem, at, &b);
}

static void
range_add(struct trace *t, uint32_t from, uint32_t mem, int64_t lo, int64_t hi)
{
	struct brange *last = t->range.n > from ? &t->range.at[t->range.n - 1] : NULL;

	if (last && last->mem == mem && last->hi == lo)
		last->hi = hi;
	else
		VEC_PUSH(t->a, &t->range, ((struct brange){mem, lo, hi}));
}

bool
box_ranges(struct trace *t, struct cval v)
{
	const struct cbox *b = v.box;
	int64_t idx[BOX_RANK] = {0}, total = 1;
	uint32_t from = t->range.n, row = b->rank;

	for (uint32_t i = 0; i < b->rank; i++) {
		if (b->size[i] <= 0)
			return true;
	}
	if (row && b->stride[row - 1] == b->eb)
		row--;
	int64_t len = row < b->rank ? b->size[row] * b->eb : b->eb;
	for (uint32_t i = 0; i < row; i++)
		total *= b->size[i];
	if (total > ROWS_MAX)
		return false;
	for (int64_t n = 0; n < total; n++) {
		int64_t at = v.i;
		for (uint32_t i = 0; i < row; i++)
			at += idx[i] * b->stride[i];
		range_add(t, from, v.mem, at, at + len);
		for (uint32_t i = row; i-- > 0;) {
			if (++idx[i] < b->size[i])
				break;
			idx[i] = 0;
		}
	}
	return true;
}
