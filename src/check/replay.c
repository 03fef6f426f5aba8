/*
 * replay: single paths through a section, with all values known and every trip apart. On such a path the checker is
 * exact, so what is wrong there is a violation, and the path is its counter-example.
 */
#include "check/expand.h"

enum { REPLAYS_MAX = 20, RUN_STEPS_MIN = 20000, RUN_STEPS_PER_STMT = 64 };

static bool
is_flag_kind(enum finding_kind k)
{
	return k == CK_DOUBLE_SET || k == CK_WAIT_CLEAR || k == CK_LEFT_SET;
}

static bool
same_key(const struct finding *a, const struct finding *b)
{
	return a->pipe_src == b->pipe_src && a->pipe_dst == b->pipe_dst && a->eid == b->eid;
}

static bool
same_places(const struct finding *a, const struct finding *b)
{
	return a->kind == b->kind && a->src.i == b->src.i && a->dst.i == b->dst.i &&
	       (!is_flag_kind(a->kind) || same_key(a, b));
}

/* Slices of the run's lists, copied into those of the result. */
static uint32_t
path_copy(struct ck_checker *c, const struct check_result *from, uint32_t path)
{
	struct check_path p = from->path.at[path];
	uint32_t input0 = c->res->input.n, trip0 = c->res->trip.n;

	for (uint32_t i = 0; i < p.ninput; i++)
		VEC_PUSH(c->a, &c->res->input, from->input.at[p.input0 + i]);
	for (uint32_t i = 0; i < p.nsrc + p.ndst; i++)
		VEC_PUSH(c->a, &c->res->trip, from->trip.at[p.trip0 + i]);
	p.input0 = input0;
	p.trip0 = trip0;
	if (!c->res->path.n)
		VEC_ADD(c->a, &c->res->path, 1);
	VEC_PUSH(c->a, &c->res->path, p);
	return c->res->path.n - 1;
}

/* What could not be proved about a flag is explained by the violation that was found. */
static void
drop_explained(struct check_result *r, const struct finding *f)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < r->finding.n; i++) {
		const struct finding *o = &r->finding.at[i];
		if (!(o->verdict == CHECK_UNPROVED && is_flag_kind(o->kind) && is_flag_kind(f->kind) && same_key(o, f)))
			r->finding.at[n++] = *o;
	}
	r->finding.n = n;
}

static void
finding_merge(struct ck_checker *c, const struct check_result *run, const struct finding *f)
{
	struct check_result *r = c->res;

	for (uint32_t i = 0; i < r->finding.n; i++) {
		struct finding *o = &r->finding.at[i];
		if (!same_places(o, f))
			continue;
		if (o->verdict != CHECK_VIOLATED) {
			o->verdict = CHECK_VIOLATED;
			o->path = path_copy(c, run, f->path);
			o->set_src = f->set_src;
			o->set_dst = f->set_dst;
		}
		r->verdict = CHECK_VIOLATED;
		return;
	}
	drop_explained(r, f);
	struct finding n = *f;
	n.path = path_copy(c, run, f->path);
	ck_report(c, &n);
}

static bool
all_decided(const struct check_result *r)
{
	for (uint32_t i = 0; i < r->finding.n; i++)
		if (r->finding.at[i].verdict != CHECK_VIOLATED)
			return false;
	return true;
}

void
ck_replay(struct ck_checker *c)
{
	uint64_t steps = RUN_STEPS_MIN + RUN_STEPS_PER_STMT * (uint64_t)c->sec->stmt.n;
	uint64_t budget = 4 * steps;

	for (uint32_t k = 0; k < REPLAYS_MAX && budget && !all_decided(c->res); k++) {
		struct check_result res = {0};
		struct ck_checker *run = ck_again(c, MODE_REPLAY, &res);
		run->steps_max = steps < budget ? steps : budget;
		run->seed = k;
		ck_run(run);
		budget -= run->steps < budget ? run->steps : budget;
		for (uint32_t i = 0; i < res.finding.n; i++)
			if (res.finding.at[i].verdict == CHECK_VIOLATED)
				finding_merge(c, &res, &res.finding.at[i]);
	}
}

/* ---- the path of a finding ---- */

static uint32_t
trips_push(struct ck_checker *c, uint32_t ctx)
{
	uint32_t n = 0;

	for (; ctx; ctx = c->env.ctx.at[ctx].parent) {
		const struct ck_ctx *t = &c->env.ctx.at[ctx];
		if (!t->loop.i)
			continue;
		VEC_PUSH(c->a, &c->res->trip, (struct check_trip){t->loop, t->k});
		n++;
	}
	return n;
}

void
ck_path(struct ck_checker *c, struct finding *f, uint32_t src, uint32_t dst, bool bytes)
{
	struct check_result *r = c->res;
	struct check_path p = {.input0 = r->input.n, .ninput = c->env.input.n, .trip0 = r->trip.n};

	for (uint32_t i = 0; i < c->env.input.n; i++) {
		const struct ck_input *in = &c->env.input.at[i];
		VEC_PUSH(c->a, &r->input, (struct check_input){{in->val}, {in->op}, in->x});
	}
	p.nsrc = trips_push(c, src);
	p.ndst = trips_push(c, dst);
	if (bytes) {
		p.lo = c->meet_lo;
		p.hi = c->meet_hi;
	}
	if (!r->path.n)
		VEC_ADD(c->a, &r->path, 1);
	VEC_PUSH(c->a, &r->path, p);
	f->path = r->path.n - 1;
}
