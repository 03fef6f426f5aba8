/*
 * lines: the scalar data cache against the DMA pipes (sync-model.md §7): 64-byte lines, write-back, not coherent. The
 * cache may hold any line at entry, and may fetch one again right after an invalidate: what counts is what was complete
 * when S invalidated the line. A stale or unfinished line is found at the access that would see or clobber it.
 */
#include "machine.h"

static int
line_cmp(const struct line *l, uint32_t mem, int64_t no)
{
	if (l->mem != mem)
		return l->mem < mem ? -1 : 1;
	return l->no < no ? -1 : l->no > no;
}

/* Index of the first line not before (mem, no). */
static uint32_t
line_seek(const struct machine *m, uint32_t mem, int64_t no)
{
	uint32_t lo = 0, hi = m->line.n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (line_cmp(&m->line.at[mid], mem, no) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static int64_t
line_of(int64_t at)
{
	return at >= 0 ? at / CACHE_LINE_BYTES : -((-at + CACHE_LINE_BYTES - 1) / CACHE_LINE_BYTES);
}

static void
line_add(struct machine *m, uint32_t mem, int64_t no)
{
	uint32_t at = line_seek(m, mem, no);
	struct line l = {.mem = mem, .no = no, .load_at = -1, .store_at = -1, .dcci_at = -1};

	if (at < m->line.n && line_cmp(&m->line.at[at], mem, no) == 0)
		return;
	for (uint32_t p = 0; p < PIPE_COUNT; p++)
		l.dma_read[p] = l.dma_write[p] = -1;
	VEC_PUSH(m->a, &m->line, l);
	memmove(&m->line.at[at + 1], &m->line.at[at], (m->line.n - 1 - at) * sizeof l);
	m->line.at[at] = l;
}

void
lines_init(struct machine *m)
{
	const struct trace *t = m->t;

	m->acquire_at = -1;
	for (uint32_t x = 0; x < t->inst.n; x++) {
		const struct tinst *n = &t->inst.at[x];
		for (uint32_t k = n->acc0; n->kind == TK_WORK && n->pipe == P_S && k < n->acc0 + n->nacc; k++) {
			const struct tacc *a = &t->acc.at[k];
			for (uint32_t i = a->r0; i < a->r0 + a->nr; i++) {
				struct brange r = t->range.at[i];
				for (int64_t no = line_of(r.lo); r.mem >= MEM_GM0 && no <= line_of(r.hi - 1); no++)
					line_add(m, r.mem, no);
			}
		}
	}
}

static struct brange
line_range(const struct line *l)
{
	return (struct brange){l->mem, l->no * CACHE_LINE_BYTES, (l->no + 1) * CACHE_LINE_BYTES};
}

static void
scalar_line(struct machine *m, struct line *l, uint32_t x, bool store, const struct hb_vc *vc)
{
	int32_t *fresh = ARENA_ARRAY(m->a, int32_t, PIPE_COUNT);

	for (uint32_t p = 0; p < PIPE_COUNT; p++) {
		fresh[p] = l->inv_done[p] < vc->vis[p] ? l->inv_done[p] : vc->vis[p];
		int32_t w = l->dma_write[p], r = l->dma_read[p];
		if (w >= 0 && (w > (int32_t)x || vc->done[p] <= w))
			machine_fail(m, HB_ORDER, (uint32_t)w, x, line_range(l));
		else if (w >= 0 && m->opt.visibility && fresh[p] <= w)
			machine_fail(m, HB_VISIBLE, (uint32_t)w, x, line_range(l));
		if (store && r >= 0 && (r > (int32_t)x || vc->done[p] <= r))
			machine_fail(m, HB_ORDER, (uint32_t)r, x, line_range(l));
	}
	if (!store && l->dcci_at < m->acquire_at && m->opt.visibility)
		machine_fail(m, HB_VISIBLE, (uint32_t)m->acquire_at, x, line_range(l));
	m->h->fill[x] = fresh;
	m->store_line[x] = store ? (uint32_t)(l - m->line.at) + 1 : 0;
	if (store) {
		l->store_at = (int32_t)x;
		l->dirty = true;
	} else {
		l->load_at = (int32_t)x;
	}
}

static void
dma_line(struct machine *m, struct line *l, uint32_t x, uint8_t rw, const struct hb_vc *vc)
{
	uint8_t pipe = m->t->inst.at[x].pipe;

	if (l->store_at > (int32_t)x || (rw & ACC_WRITE && l->load_at > (int32_t)x)) {
		int32_t later = l->store_at > l->load_at ? l->store_at : l->load_at;
		machine_fail(m, HB_ORDER, (uint32_t)later, x, line_range(l));
	} else if (l->store_at >= 0 && m->opt.visibility && (l->dirty || vc->s <= l->clean_at)) {
		machine_fail(m, HB_VISIBLE, (uint32_t)l->store_at, x, line_range(l));
	} else if (l->store_at >= 0 && vc->done[P_S] <= l->store_at) {
		machine_fail(m, HB_ORDER, (uint32_t)l->store_at, x, line_range(l));
	}
	if (rw & ACC_WRITE)
		l->dma_write[pipe] = (int32_t)x > l->dma_write[pipe] ? (int32_t)x : l->dma_write[pipe];
	else
		l->dma_read[pipe] = (int32_t)x > l->dma_read[pipe] ? (int32_t)x : l->dma_read[pipe];
}

void
lines_access(struct machine *m, uint32_t x, const struct hb_vc *vc)
{
	const struct tinst *n = &m->t->inst.at[x];

	for (uint32_t k = n->acc0; k < n->acc0 + n->nacc; k++) {
		const struct tacc *a = &m->t->acc.at[k];
		for (uint32_t i = a->r0; i < a->r0 + a->nr; i++) {
			struct brange r = m->t->range.at[i];
			if (r.mem < MEM_GM0)
				continue;
			uint32_t at = line_seek(m, r.mem, line_of(r.lo));
			for (; at < m->line.n && line_cmp(&m->line.at[at], r.mem, line_of(r.hi - 1)) <= 0; at++) {
				if (n->pipe == P_S)
					scalar_line(m, &m->line.at[at], x, a->rw & ACC_WRITE, vc);
				else
					dma_line(m, &m->line.at[at], x, a->rw, vc);
			}
		}
	}
}

void
lines_dcci(struct machine *m, uint32_t x, const struct hb_vc *vc)
{
	const struct tinst *n = &m->t->inst.at[x];

	for (uint32_t k = 0; k < m->line.n; k++) {
		struct line *l = &m->line.at[k];
		bool hit = n->nacc == 0;
		for (uint32_t i = 0; n->nacc && i < m->t->acc.at[n->acc0].nr; i++) {
			struct brange r = m->t->range.at[m->t->acc.at[n->acc0].r0 + i];
			hit |= r.mem == l->mem && line_of(r.lo) <= l->no && l->no <= line_of(r.hi - 1);
		}
		if (hit) {
			l->dcci_at = (int32_t)x;
			memcpy(l->inv_done, vc->done, sizeof l->inv_done);
		}
	}
}

void
lines_dsb(struct machine *m, uint32_t x)
{
	for (uint32_t k = 0; k < m->line.n; k++) {
		struct line *l = &m->line.at[k];
		if (!l->dirty || l->dcci_at < l->store_at)
			continue;
		l->dirty = false;
		l->clean_at = (int32_t)x;
		for (int32_t i = 0; i <= l->store_at; i++) {
			if (m->store_line[i] == k + 1 && !m->h->clean[i])
				m->h->clean[i] = (int32_t)x;
		}
	}
}

void
lines_exit(struct machine *m, uint32_t x, enum hb_kind k)
{
	for (uint32_t i = 0; i < m->line.n; i++) {
		if (m->line.at[i].dirty)
			machine_fail(m, k, (uint32_t)m->line.at[i].store_at, x, line_range(&m->line.at[i]));
	}
}
