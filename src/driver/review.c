/* review: see review.h. Everything that is compared becomes a list of keys; lists are sorted and merged. */
#include "driver/review.h"

#include "cost/cost.h"
#include "driver/file.h"
#include "driver/pipeline.h"
#include "driver/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* A synchronisation instruction or a finding, by what it is and where: no names, no event ids. */
struct key {
	uint8_t what;		/* 0: instruction, 1: finding */
	uint8_t kind;		/* enum review_kind; enum finding_kind */
	uint8_t src, dst;	/* pipes */
	uint32_t a, b;		/* places: twice the number of a piece of work, plus one for what stands behind it */
	uint32_t deep;		/* instruction: loops around; finding: carried */
	uint32_t index;		/* into the section's ops or findings */
};

struct side {
	struct pipeline *p;
	const struct unit *u;
	struct section *sec;
	uint32_t *place;	/* by op */
	VEC(uint16_t) work;	/* op ids in order */
	VEC(struct op) sync;	/* by key.index */
	VEC(struct key) key;
	int64_t cost;
};

struct compared {
	struct arena *a;
	struct review *r;
	struct out detail;
};

/* ---- one side ---- */

static bool
read_side(struct arena *a, const struct ptoc_options *opt, const char *path, struct pipeline *p, struct out *err)
{
	struct ptoc_options *o = ARENA_NEW(a, struct ptoc_options);
	char *text;
	size_t n;
	int e = file_read(path, &text, &n);

	if (e == ENOMEM)
		arena_exhausted(a);
	if (e) {
		out_f(err, "%s: cannot read: %s\n", path, strerror(e));
		return false;
	}
	*o = *opt;
	o->name = path;
	pipeline_init(p, a, o, (struct strv){text, (uint32_t)n}, false);
	free(text);
	pipeline_run(p);
	if (p->verdict != PTOC_NOT_CHECKED)
		return true;
	diags_render(&p->diags, err, (struct diag_style){.color = false});
	return false;
}

static int
sync_kind(const struct ir *ir, struct op o)
{
	static const int8_t kind[OP_COUNT] = {
		[OP_SET_FLAG] = REVIEW_SET + 1, [OP_SET_FLAG_DYN] = REVIEW_SET + 1,
		[OP_WAIT_FLAG] = REVIEW_WAIT + 1, [OP_WAIT_FLAG_DYN] = REVIEW_WAIT + 1,
		[OP_BARRIER] = REVIEW_BARRIER + 1, [OP_PTOC_TAIL] = REVIEW_BARRIER + 1,
		[OP_PTOC_DSB] = REVIEW_FENCE + 1, [OP_FENCE_BARRIER_ALL] = REVIEW_FENCE + 1,
		[OP_PTOC_DCCI] = REVIEW_CACHE + 1, [OP_CMO_CACHEINVALID] = REVIEW_CACHE + 1,
	};

	return kind[op_id(ir, o)] - 1;
}

static void
add_sync(struct arena *a, struct side *s, struct op o, uint32_t deep)
{
	int kind = sync_kind(&s->p->ir, o);
	enum pipe src = P_NONE, dst = P_NONE;
	uint32_t eid;

	if (kind < 0)
		return;
	if (kind <= REVIEW_BARRIER)
		op_flag(&s->p->ir, o, &src, &dst, &eid);
	VEC_PUSH(a, &s->sync, o);
	VEC_PUSH(a, &s->key, (struct key){.kind = (uint8_t)kind, .src = (uint8_t)src, .dst = (uint8_t)dst,
					  .a = 2 * s->work.n + 1, .deep = deep, .index = s->sync.n - 1});
}

static void
side_init(struct arena *a, struct side *s, struct pipeline *p, const struct unit *u)
{
	struct cost_opt co = {.model = &p->cost, .same_pipe = {.v_prune = p->opt->v_prune != 0, .mte2_waw = true},
			      .trips = (uint32_t)p->opt->assume_trips};
	struct cost_result cost;

	memset(s, 0, sizeof *s);
	s->p = p;
	s->u = u;
	s->sec = section_build(a, &p->ir, p->ac, u->func, u->core);
	s->place = ARENA_ARRAY(a, uint32_t, p->ir.op.n);
	for (uint32_t i = 1; i < s->sec->stmt.n; i++) {
		const struct stmt *t = &s->sec->stmt.at[i];
		if (t->kind == ST_WORK || t->kind == ST_CALL)
			VEC_PUSH(a, &s->work, (uint16_t)op_id(&p->ir, t->op));
		bool work = t->kind == ST_WORK || t->kind == ST_CALL;
		s->place[t->op.i] = 2 * s->work.n + !work;
		if (t->kind == ST_SYNC)
			add_sync(a, s, t->op, s->sec->blk.at[t->blk].depth);
	}
	for (uint32_t i = 0; i < u->check.finding.n; i++) {
		const struct finding *f = &u->check.finding.at[i];
		VEC_PUSH(a, &s->key, (struct key){.what = 1, .kind = (uint8_t)f->kind, .src = f->pipe_src,
						  .dst = f->pipe_dst, .a = s->place[f->src.i],
						  .b = s->place[f->dst.i], .deep = f->loop.i != 0, .index = i});
	}
	memset(&cost, 0, sizeof cost);
	cost_section(a, &p->ir, p->ac, u->func, u->core, &co, &cost);
	s->cost = cost.refused ? -1 : (cost.makespan + COST_UNIT / 2) / COST_UNIT;
}

/* ---- matching ---- */

/* Places of the new side as places of the old one: equal from the front and from the back; others are of no place. */
static void
align(struct side *was, struct side *now)
{
	uint32_t n = was->work.n, m = now->work.n, head = 0, tail = 0;

	while (head < n && head < m && was->work.at[head] == now->work.at[head])
		head++;
	while (tail < n - head && tail < m - head && was->work.at[n - 1 - tail] == now->work.at[m - 1 - tail])
		tail++;
	for (uint32_t i = 0; i < now->key.n; i++) {
		uint32_t *place[2] = {&now->key.at[i].a, &now->key.at[i].b};
		for (uint32_t k = 0; k < 2; k++) {
			uint32_t w = *place[k] / 2;
			if (w > head && m - w < tail + (*place[k] & 1))
				*place[k] = 2 * (n - (m - w)) + (*place[k] & 1);
			else if (w > head)
				*place[k] += UINT32_MAX / 2;
		}
	}
}

static int
key_cmp(const struct key *a, const struct key *b)
{
	const uint32_t x[] = {a->what, a->kind, a->a, a->b, a->src, a->dst, a->deep};
	const uint32_t y[] = {b->what, b->kind, b->a, b->b, b->src, b->dst, b->deep};

	for (size_t k = 0; k < sizeof x / sizeof x[0]; k++)
		if (x[k] != y[k])
			return x[k] < y[k] ? -1 : 1;
	return 0;
}

static int
key_sort(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int c = key_cmp(x, y);

	return c ? c : x->index < y->index ? -1 : x->index > y->index;
}

/* ---- telling ---- */

static uint32_t
line_at(struct pipeline *p, struct op o)
{
	struct span s = o.i ? ir_op(&p->ir, o)->span : (struct span){0, 0};

	return span_none(s) ? 0 : source_pos(&p->src, s.lo).line;
}

static void
tell_sync(struct compared *c, struct side *s, const struct key *k, bool now)
{
	static const char *const word[] = {"set_flag", "wait_flag", "pipe_barrier", "dsb", "dcci"};

	out_f(&c->detail, "    %s %s", now ? "came" : "went", word[k->kind]);
	if (k->kind <= REVIEW_WAIT)
		out_f(&c->detail, "(%s, %s)", pipe_name((enum pipe)k->src), pipe_name((enum pipe)k->dst));
	else if (k->kind == REVIEW_BARRIER)
		out_f(&c->detail, "(%s)", pipe_name((enum pipe)k->src));
	out_f(&c->detail, " at %s:%u\n", now ? "NEW" : "OLD", line_at(s->p, s->sync.at[k->index]));
	(now ? c->r->came : c->r->went)[k->kind]++;
}

static void
tell_finding(struct compared *c, struct side *s, const struct key *k, bool now)
{
	const struct finding *f = &s->u->check.finding.at[k->index];
	struct op at = line_at(s->p, f->dst) ? f->dst : f->src;

	out_f(&c->detail, "    only in %s:%u: ", now ? "NEW" : "OLD", line_at(s->p, at));
	finding_print(&s->p->ir, s->p->ac, f, &c->detail);
	if (c->detail.n && c->detail.p[c->detail.n - 1] != '\n')
		out_char(&c->detail, '\n');
	if (now)
		c->r->lost++;
	else
		c->r->gained++;
}

static void
tell(struct compared *c, struct side *s, const struct key *k, bool now)
{
	if (k->what)
		tell_finding(c, s, k, now);
	else
		tell_sync(c, s, k, now);
}

static const char *
verdict_word(enum verdict v)
{
	static const char *const word[] = {
		[CHECK_PROVED] = "proved", [CHECK_VIOLATED] = "violated", [CHECK_UNPROVED] = "not provable",
	};

	return word[v];
}

static void
sort_keys(struct side *s)
{
	if (s->key.n)
		qsort(s->key.at, s->key.n, sizeof *s->key.at, key_sort);
}

static void
compare_keys(struct compared *c, struct side *was, struct side *now)
{
	uint32_t i = 0, j = 0;

	sort_keys(was);
	sort_keys(now);
	while (i < was->key.n || j < now->key.n) {
		int d = i == was->key.n ? 1 : j == now->key.n ? -1 : key_cmp(&was->key.at[i], &now->key.at[j]);
		if (d < 0)
			tell(c, was, &was->key.at[i++], false);
		else if (d > 0)
			tell(c, now, &now->key.at[j++], true);
		else
			i++, j++;
	}
}

static void
add_cost(struct review *r, uint32_t k, int64_t cost)
{
	if (cost < 0 || r->cost[k] < 0)
		r->cost[k] = -1;
	else
		r->cost[k] += cost;
}

static void
compare_units(struct compared *c, struct pipeline *p, const struct unit *u, struct pipeline *q, const struct unit *v)
{
	struct side was, now;
	uint32_t at = c->detail.n;

	side_init(c->a, &was, p, u);
	side_init(c->a, &now, q, v);
	align(&was, &now);
	out_f(&c->detail, "  @%s (%s): %s -> %s", sym_str(&p->ir.in, func_name(&p->ir, u->func)),
	      u->core == CORE_CUBE ? "cube" : "vector", verdict_word(u->check.verdict),
	      verdict_word(v->check.verdict));
	if (was.cost >= 0 && now.cost >= 0)
		out_f(&c->detail, ", %lld -> %lld cycles", (long long)was.cost, (long long)now.cost);
	if (was.work.n != now.work.n)
		out_f(&c->detail, ", %u -> %u pieces of work", was.work.n, now.work.n);
	out_char(&c->detail, '\n');
	uint32_t head = c->detail.n;
	compare_keys(c, &was, &now);
	add_cost(c->r, 0, was.cost);
	add_cost(c->r, 1, now.cost);
	if (c->detail.n == head && u->check.verdict == v->check.verdict && was.cost == now.cost) {
		c->detail.n = at;
		c->detail.p[at] = '\0';
	}
}

/* ---- files ---- */

static const struct unit *
same_unit(const struct pipeline *p, const struct unit *u, const struct pipeline *q)
{
	struct strv name = sym_text(&p->ir.in, func_name(&p->ir, u->func));

	for (uint32_t k = 0; k < q->unit.n; k++)
		if (q->unit.at[k].core == u->core &&
		    strv_eq(name, sym_text(&q->ir.in, func_name(&q->ir, q->unit.at[k].func))))
			return &q->unit.at[k];
	return NULL;
}

static void
only_in(struct compared *c, const struct pipeline *p, const struct unit *u, const char *which)
{
	out_f(&c->detail, "  @%s (%s): only in %s\n", sym_str(&p->ir.in, func_name(&p->ir, u->func)),
	      u->core == CORE_CUBE ? "cube" : "vector", which);
}

static int
verdict_rank(enum ptoc_verdict v)
{
	return v == PTOC_PROVED ? 0 : v == PTOC_UNPROVED ? 1 : 2;
}

static enum review_state
judge(const struct review *r, bool told)
{
	int was = verdict_rank(r->verdict[0]), now = verdict_rank(r->verdict[1]);

	if (now > was || r->lost)
		return REVIEW_WORSE;
	if (now < was || r->gained)
		return REVIEW_BETTER;
	return told ? REVIEW_OTHER : REVIEW_SAME;
}

static void
compare_modules(struct compared *c, struct pipeline *p, struct pipeline *q)
{
	for (uint32_t k = 0; k < p->unit.n; k++) {
		const struct unit *v = same_unit(p, &p->unit.at[k], q);
		if (v)
			compare_units(c, p, &p->unit.at[k], q, v);
		else
			only_in(c, p, &p->unit.at[k], "OLD");
	}
	for (uint32_t k = 0; k < q->unit.n; k++)
		if (!same_unit(q, &q->unit.at[k], p))
			only_in(c, q, &q->unit.at[k], "NEW");
	c->r->state = judge(c->r, c->detail.n != 0);
}

static void
compare_files(struct compared *c, const struct ptoc_options *opt)
{
	struct pipeline *p = ARENA_NEW(c->a, struct pipeline), *q = ARENA_NEW(c->a, struct pipeline);
	bool old_ok = read_side(c->a, opt, c->r->path[0], p, &c->detail);
	bool new_ok = read_side(c->a, opt, c->r->path[1], q, &c->detail);

	c->r->verdict[0] = old_ok ? p->verdict : PTOC_NOT_CHECKED;
	c->r->verdict[1] = new_ok ? q->verdict : PTOC_NOT_CHECKED;
	c->r->state = REVIEW_UNREADABLE;
	if (old_ok && new_ok)
		compare_modules(c, p, q);
	if (p->a)
		pipeline_free(p);
	if (q->a)
		pipeline_free(q);
}

void
review_run(struct arena *a, struct review *r, const struct ptoc_options *opt)
{
	struct compared c = {.a = a, .r = r};

	out_init(&c.detail, a);
	r->verdict[0] = r->verdict[1] = PTOC_NOT_CHECKED;
	if (!r->path[0])
		r->state = REVIEW_NEW;
	else if (!r->path[1])
		r->state = REVIEW_GONE;
	else
		compare_files(&c, opt);
	r->detail = malloc(c.detail.n + 1);
	if (r->detail)
		memcpy(r->detail, c.detail.n ? c.detail.p : "", c.detail.n + 1);
}

static uint32_t
sum(const uint32_t *n)
{
	uint32_t s = 0;

	for (int k = 0; k < REVIEW_KINDS; k++)
		s += n[k];
	return s;
}

int
review_cmp(const struct review *a, const struct review *b)
{
	static const int rank[REVIEW_STATES] = {
		[REVIEW_WORSE] = 0, [REVIEW_UNREADABLE] = 1, [REVIEW_GONE] = 2, [REVIEW_BETTER] = 3, [REVIEW_OTHER] = 4,
		[REVIEW_NEW] = 5, [REVIEW_SAME] = 6,
	};
	int64_t da = a->cost[1] - a->cost[0], db = b->cost[1] - b->cost[0];
	int va = verdict_rank(a->verdict[1]), vb = verdict_rank(b->verdict[1]);

	if (a->state != b->state)
		return rank[a->state] < rank[b->state] ? -1 : 1;
	if (va != vb)
		return va > vb ? -1 : 1;
	if (a->lost != b->lost)
		return a->lost > b->lost ? -1 : 1;
	if (da != db)
		return da > db ? -1 : 1;
	if (sum(a->went) != sum(b->went))
		return sum(a->went) > sum(b->went) ? -1 : 1;
	return strcmp(a->name, b->name);
}
