/* check_model: parser of the notation, the stand-in for src/access, and the path oracle. See check_model.h. */
#include "check_model.h"

#include <stdio.h>
#include <stdlib.h>

enum { NAME_MAX_ = 64, TRACE_MAX = 600, KEY_SPACE = PIPE_COUNT * PIPE_COUNT * EVENT_ID_COUNT };

struct access {
	struct model *m;
	char name[NAME_MAX_][16];
	uint32_t nname;
	uint32_t near[NAME_MAX_][1];
	struct val ptr[NAME_MAX_];
	VEC(struct item *) by_op;
	VEC(struct phase) phase;
	VEC(struct acc) acc;
	VEC(uint32_t) phase_of;	/* by op index: phase + 1 */
};

/* ---- parser ---- */

struct parser {
	struct model *m;
	const char *p;
	bool bad;
};

static uint32_t
name_id(struct access *ac, const char *s, size_t n)
{
	for (uint32_t i = 1; i <= ac->nname; i++)
		if (strlen(ac->name[i]) == n && memcmp(ac->name[i], s, n) == 0)
			return i;
	ac->nname++;
	memcpy(ac->name[ac->nname], s, n);
	ac->near[ac->nname][0] = ac->nname;
	return ac->nname;
}

static bool
parse_pipe(const char **s, enum pipe *p)
{
	char full[16];
	size_t n = strspn(*s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ123");

	snprintf(full, sizeof full, "PIPE_%.*s", (int)n, *s);
	*s += n;
	return pipe_find((struct strv){full, (uint32_t)strlen(full)}, p);
}

static bool
parse_flag(const char **s, enum pipe *p, enum pipe *q, uint32_t *eid)
{
	if (!parse_pipe(s, p) || *(*s)++ != '>')
		return false;
	/* The id is the last digit: MTE20 is MTE2, id 0. */
	const char *e = *s + strspn(*s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
	char dst[16], full[24];
	snprintf(dst, sizeof dst, "%.*s", (int)(e - *s - 1), *s);
	snprintf(full, sizeof full, "PIPE_%s", dst);
	*eid = (uint32_t)(e[-1] - '0');
	*s = e;
	return pipe_find((struct strv){full, (uint32_t)strlen(full)}, q);
}

static void
parse_work(struct parser *ps, struct item *it, const char *s)
{
	ps->bad |= !parse_pipe(&s, &it->p);
	while (*s == ':') {
		char k = *++s;
		if (k == '!') {
			it->drains = true;
			s++;
			continue;
		}
		s++;
		if (k == 'h') {
			enum pipe p, q;
			uint32_t id;
			ps->bad |= !parse_flag(&s, &p, &q, &id);
			it->hidden[it->nhidden++] = (struct hidden_key){.src = (uint8_t)p, .dst = (uint8_t)q,
								       .ids = (uint8_t)(1u << id)};
			continue;
		}
		size_t n = strcspn(s, ":");
		it->rw[it->nacc] = k == 'r' ? ACC_READ : k == 'w' ? ACC_WRITE : k == 'b' ? ACC_READ | ACC_WRITE
			: ACC_WRITE | ACC_ATOMIC;
		it->set[it->nacc++] = name_id(ps->m->ac, s, n);
		s += n;
	}
	ps->bad |= *s != 0;
}

static bool
word(struct parser *ps, char *to, size_t cap)
{
	ps->p += strspn(ps->p, " \n\t");
	size_t n = strcspn(ps->p, " \n\t");
	if (!n || n >= cap)
		return false;
	memcpy(to, ps->p, n);
	to[n] = 0;
	ps->p += n;
	return true;
}

static bool
peek(struct parser *ps, const char *w)
{
	ps->p += strspn(ps->p, " \n\t");
	if (strncmp(ps->p, w, strlen(w)) != 0)
		return false;
	ps->p += strlen(w);
	return true;
}

static const struct {
	const char *word;
	enum item_kind kind;
} plain_word[] = {{"dsb", IT_DSB}, {"dcci", IT_DCCI}, {"tail", IT_TAIL}, {"ret", IT_RET}};

static struct item *parse_list(struct parser *ps);

static bool
parse_compound(struct parser *ps, struct item *it, const char *w)
{
	if (strcmp(w, "for{") == 0 || strcmp(w, "for1{") == 0) {
		it->kind = IT_FOR;
		it->once = w[3] == '1';
		it->child[0] = parse_list(ps);
	} else if (strcmp(w, "if{") == 0) {
		it->kind = IT_IF;
		it->child[0] = parse_list(ps);
		if (peek(ps, "else{"))
			it->child[1] = parse_list(ps);
	} else if (strcmp(w, "while{") == 0) {
		it->kind = IT_WHILE;
		it->child[0] = parse_list(ps);
		if (peek(ps, "do{"))
			it->child[1] = parse_list(ps);
	} else {
		return false;
	}
	return true;
}

static void
parse_item(struct parser *ps, struct item *it, const char *w)
{
	const char *s = w + 1;

	for (size_t i = 0; i < sizeof plain_word / sizeof plain_word[0]; i++) {
		if (strcmp(w, plain_word[i].word) == 0) {
			it->kind = plain_word[i].kind;
			return;
		}
	}
	if (parse_compound(ps, it, w))
		return;
	if (strncmp(w, "dcci:", 5) == 0) {
		it->kind = IT_DCCI;
		it->line = name_id(ps->m->ac, w + 5, strlen(w + 5));
	} else if (*w == '+' || *w == '-') {
		it->kind = *w == '+' ? IT_SET : IT_WAIT;
		ps->bad |= !parse_flag(&s, &it->p, &it->q, &it->eid);
	} else if (*w == '|') {
		it->kind = IT_BARRIER;
		ps->bad |= !parse_pipe(&s, &it->p);
	} else if (strcmp(w, "rel") == 0 || strcmp(w, "acq") == 0) {
		it->p = P_S;
		it->phase = *w == 'r' ? PH_RELEASE : PH_ACQUIRE;
	} else {
		parse_work(ps, it, w);
	}
}

/* Up to the closing brace or the end. */
static struct item *
parse_list(struct parser *ps)
{
	struct item *first = NULL, **tail = &first;
	char w[80];

	while (!ps->bad && word(ps, w, sizeof w) && strcmp(w, "}") != 0) {
		struct item *it = ARENA_NEW(&ps->m->a, struct item);
		parse_item(ps, it, w);
		*tail = it;
		tail = &it->next;
	}
	return first;
}

/* ---- IR ---- */

static void
note_op(struct model *m, struct item *it)
{
	struct access *ac = m->ac;

	while (ac->by_op.n <= it->op.i)
		VEC_PUSH(&m->a, &ac->by_op, NULL);
	while (ac->phase_of.n <= it->op.i)
		VEC_PUSH(&m->a, &ac->phase_of, 0);
	ac->by_op.at[it->op.i] = it;
	if (it->kind != IT_WORK)
		return;
	struct phase ph = {.op = it->op, .pipe = (uint8_t)it->p, .kind = (uint8_t)it->phase, .drains = it->drains,
			   .acc0 = ac->acc.n, .nacc = it->nacc};
	for (uint32_t i = 0; i < it->nacc; i++)
		VEC_PUSH(&m->a, &ac->acc, (struct acc){.set = it->set[i], .rw = it->rw[i]});
	VEC_PUSH(&m->a, &ac->phase, ph);
	ac->phase_of.at[it->op.i] = ac->phase.n;
}

static const uint16_t item_op[] = {
	[IT_WORK] = OP_TADD, [IT_DSB] = OP_PTOC_DSB, [IT_DCCI] = OP_PTOC_DCCI, [IT_TAIL] = OP_PTOC_TAIL,
	[IT_RET] = OP_RETURN, [IT_FOR] = OP_FOR, [IT_IF] = OP_IF, [IT_WHILE] = OP_WHILE,
};

static void build_list(struct model *m, struct blk b, struct item *it);

static struct op
with_operands(struct ir *ir, enum op_id id, const struct val *v, uint32_t n)
{
	struct op o = ir_op_new(ir, id, (struct span){0, 0});

	ir_op_operands(ir, o, v, n);
	return o;
}

static void
build_item(struct model *m, struct blk b, struct item *it)
{
	struct ir *ir = &m->ir;
	struct blk body[2] = {{0}, {0}};

	if (it->kind == IT_SET || it->kind == IT_WAIT)
		it->op = ir_flag(ir, it->kind == IT_SET ? OP_SET_FLAG : OP_WAIT_FLAG, it->p, it->q, it->eid);
	else if (it->kind == IT_BARRIER)
		it->op = ir_barrier(ir, it->p);
	else if (it->kind == IT_DCCI)
		it->op = with_operands(ir, OP_PTOC_DCCI, (struct val[2]){m->ac->ptr[it->line], {0}}, 2);
	else if (it->kind == IT_WORK && it->p == P_S && it->nacc == 1 && it->rw[0] == ACC_WRITE)
		it->op = with_operands(ir, OP_STORE_SCALAR, (struct val[3]){{0}, m->ac->ptr[it->set[0]], {0}}, 3);
	else if (it->kind == IT_WORK && it->p == P_S && it->nacc == 1)
		it->op = with_operands(ir, OP_LOAD_SCALAR, (struct val[2]){m->ac->ptr[it->set[0]], {0}}, 2);
	else
		it->op = ir_op_new(ir, (enum op_id)item_op[it->kind], (struct span){0, 0});
	uint32_t nreg = it->kind == IT_FOR ? 1 : it->kind == IT_IF || it->kind == IT_WHILE ? 2 : 0;
	for (uint32_t k = 0; k < nreg; k++) {
		struct reg r = ir_op_region(ir, it->op);
		if (k == 0 || it->child[k]) {
			body[k] = ir_blk_new(ir);
			ir_blk_append(ir, r, body[k]);
		}
	}
	ir_append(ir, b, it->op);
	note_op(m, it);
	for (uint32_t k = 0; k < 2; k++)
		if (body[k].i)
			build_list(m, body[k], it->child[k]);
}

static void
build_list(struct model *m, struct blk b, struct item *it)
{
	for (; it; it = it->next)
		build_item(m, b, it);
}

bool
model_init(struct model *m, const char *text)
{
	struct parser ps = {.m = m, .p = text};

	memset(m, 0, sizeof *m);
	arena_init(&m->a, NULL);
	source_init(&m->src, &m->a, "model", text, (uint32_t)strlen(text));
	diags_init(&m->diags, &m->a, &m->src);
	ir_init(&m->ir, &m->a, &m->diags);
	m->ac = ARENA_NEW(&m->a, struct access);
	m->ac->m = m;
	m->first = parse_list(&ps);
	for (uint32_t i = 1; i <= m->ac->nname; i++)
		m->ac->ptr[i] = ir_op_result(&m->ir, ir_op_new(&m->ir, OP_CONV_CAST, (struct span){0, 0}),
					     type_index(&m->ir.types));
	m->func = ir_op_new(&m->ir, OP_FUNC, (struct span){0, 0});
	struct reg r = ir_op_region(&m->ir, m->func);
	struct blk b = ir_blk_new(&m->ir);
	ir_blk_append(&m->ir, r, b);
	build_list(m, b, m->first);
	return !ps.bad;
}

void
model_free(struct model *m)
{
	arena_free(&m->a);
}

enum verdict
model_check(struct model *m, const struct check_opt *opt, struct check_result *res)
{
	memset(res, 0, sizeof *res);
	check_section(&m->a, &m->ir, m->ac, m->func, CORE_VECTOR, opt, res);
	return res->verdict;
}

/* ---- the stand-in for src/access ---- */

const struct phase *
access_phases(const struct access *ac, struct op o, uint32_t *n)
{
	*n = ac->phase_of.at[o.i] ? 1 : 0;
	return *n ? &ac->phase.at[ac->phase_of.at[o.i] - 1] : NULL;
}

const struct acc *
access_accs(const struct access *ac, const struct phase *p, uint32_t *n)
{
	*n = p->nacc;
	return p->nacc ? &ac->acc.at[p->acc0] : NULL;
}

const struct hidden_key *
access_hidden(const struct access *ac, struct op o, uint32_t *n)
{
	*n = ac->by_op.at[o.i]->nhidden;
	return ac->by_op.at[o.i]->hidden;
}

uint32_t
access_sets(const struct access *ac, struct op func, uint32_t *first)
{
	(void)func;
	*first = 1;
	return ac->nname + 1;
}

enum space
access_space(const struct access *ac, uint32_t set)
{
	return ac->name[set][0] == 'g' ? SP_GM : SP_VEC;
}

bool
access_overlap(struct access *ac, uint32_t a, uint32_t b, struct op loop, bool scalar_a, bool scalar_b)
{
	(void)scalar_a;
	(void)scalar_b;
	return a == b && !(loop.i && strchr(ac->name[a], '\''));
}

const uint32_t *
access_near(struct access *ac, uint32_t set, uint32_t *n, bool *all)
{
	*n = 1;
	*all = false;
	return ac->near[set];
}

uint32_t
access_class(const struct access *ac, uint32_t set)
{
	(void)ac;
	return set;
}

bool
access_same_bytes(const struct access *ac, uint32_t a, uint32_t b)
{
	(void)ac;
	return a == b;
}

bool
access_extent(const struct access *ac, uint32_t set, int64_t *lo, int64_t *hi)
{
	(void)ac, (void)set;
	*lo = *hi = 0;
	return false;
}

bool
access_empty(const struct access *ac, uint32_t set)
{
	(void)ac, (void)set;
	return false;
}

bool
access_meet(const struct access *ac, const struct acc *a, const struct acc *b, const struct access_at *x,
	    const struct access_at *y, unsigned lines, int64_t *lo, int64_t *hi)
{
	(void)x, (void)y, (void)lines;
	*lo = 0;
	*hi = 1;
	return a->set == b->set && !strchr(ac->name[a->set], '\'');
}

void
access_print(const struct access *ac, uint32_t set, struct out *o)
{
	out_str(o, ac->name[set]);
}

bool
access_same_pipe_hazard(struct access *ac, const struct phase *prev, const struct acc *pa, const struct phase *next,
			const struct acc *na, bool carried, struct same_pipe_opt opt)
{
	(void)ac, (void)next, (void)carried, (void)opt;
	return prev->pipe != P_S && acc_conflicts(pa->rw, na->rw);
}

/* ---- section ---- */

static const uint8_t item_stmt[] = {
	[IT_WORK] = ST_WORK, [IT_SET] = ST_SYNC, [IT_WAIT] = ST_SYNC, [IT_BARRIER] = ST_SYNC, [IT_DSB] = ST_SYNC,
	[IT_DCCI] = ST_SYNC, [IT_TAIL] = ST_SYNC, [IT_RET] = ST_EXIT, [IT_FOR] = ST_LOOP, [IT_IF] = ST_IF,
	[IT_WHILE] = ST_WHILE,
};

static uint32_t
sec_block(struct model *m, struct section *s, struct item *first, struct blk ir_b, uint32_t parent)
{
	uint32_t b = s->blk.n, n = 0, st0 = s->stmt.n;

	VEC_PUSH(&m->a, &s->blk, (struct sblk){.blk = ir_b, .parent = parent});
	for (struct item *it = first; it; it = it->next, n++)
		VEC_PUSH(&m->a, &s->stmt, (struct stmt){.kind = item_stmt[it->kind], .op = it->op, .blk = b,
							.pos = n + 1, .trips_min = it->once});
	s->blk.at[b].stmt0 = s->order.n;
	s->blk.at[b].nstmt = n;
	for (uint32_t i = 0; i < n; i++)
		VEC_PUSH(&m->a, &s->order, st0 + i);
	uint32_t k = st0;
	for (struct item *it = first; it; it = it->next, k++) {
		uint32_t node0 = s->node.n, child[2] = {0, 0};
		if (it->kind == IT_WORK) {
			uint32_t np;
			const struct phase *ph = access_phases(m->ac, it->op, &np);
			VEC_PUSH(&m->a, &s->node, (struct node){ph, k, b, ++s->npord[it->p]});
		}
		for (uint32_t j = 0; j < 2; j++)
			if ((j == 0 && it->kind >= IT_FOR) || it->child[j])
				child[j] = sec_block(m, s, it->child[j], op_body(&m->ir, it->op, j), k);
		s->stmt.at[k].node0 = node0;
		s->stmt.at[k].nnode = s->node.n - node0;
		s->stmt.at[k].child0 = s->child.n;
		s->stmt.at[k].nchild = it->kind == IT_FOR ? 1 : it->kind >= IT_FOR ? 2 : 0;
		for (uint32_t j = 0; j < s->stmt.at[k].nchild; j++)
			VEC_PUSH(&m->a, &s->child, child[j]);
	}
	return b;
}

struct section *
section_build(struct arena *a, const struct ir *ir, const struct access *ac, struct op func, enum core core)
{
	struct model *m = ac->m;
	struct section *s = ARENA_NEW(a, struct section);

	s->func = func;
	s->core = core;
	VEC_ADD(a, &s->node, 1);
	VEC_ADD(a, &s->stmt, 1);
	VEC_ADD(a, &s->blk, 1);
	sec_block(m, s, m->first, op_body(ir, func, 0), 0);
	return s;
}

/* ---- the oracle: one path, exact happens-before on the unrolled trace ---- */

struct step {
	const struct item *it;
	uint32_t iter;		/* serial of the innermost iteration, for names with ' */
};

struct trace {
	struct step at[TRACE_MAX];
	uint32_t n, iter, rnd;
	bool full;
};

/* know[q][p]: steps of pipe p up to that number are complete for pipe q; rows as in sync-model §7. */
struct oracle {
	uint32_t know[PIPE_COUNT][PIPE_COUNT];
	uint32_t fence[PIPE_COUNT], barrier[PIPE_COUNT];
	struct line {
		uint32_t clean, cleaned, inv[PIPE_COUNT], inv_ext;
	} line[NAME_MAX_];
	uint32_t token[KEY_SPACE][PIPE_COUNT];
	bool set[KEY_SPACE];
	uint32_t waited[KEY_SPACE];
};

static uint32_t
rnd(struct trace *t, uint32_t n)
{
	t->rnd = t->rnd * 1664525u + 1013904223u;
	return (t->rnd >> 8) % n;
}

static void
unroll(struct trace *t, const struct item *it, uint32_t iter)
{
	for (; it && !t->full; it = it->next) {
		if (it->kind == IT_FOR) {
			for (uint32_t n = rnd(t, 4) + it->once; n; n--)
				unroll(t, it->child[0], ++t->iter);
		} else if (it->kind == IT_IF) {
			unroll(t, it->child[rnd(t, 2)], iter);
		} else if (it->kind == IT_WHILE) {
			for (uint32_t n = rnd(t, 3); n; n--) {
				unroll(t, it->child[0], ++t->iter);
				unroll(t, it->child[1], t->iter);
			}
			unroll(t, it->child[0], ++t->iter);
		} else if (t->n + 1 < TRACE_MAX) {
			t->at[++t->n] = (struct step){it, iter};
		} else {
			t->full = true;
		}
	}
}

static uint32_t
key_of(const struct item *it)
{
	return ((uint32_t)it->p * PIPE_COUNT + (uint32_t)it->q) * EVENT_ID_COUNT + it->eid;
}

static uint32_t
max_u32(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static void
learn(uint32_t *to, const uint32_t *from)
{
	for (unsigned p = 0; p < PIPE_COUNT; p++)
		to[p] = max_u32(to[p], from[p]);
}

static const char *
run_flag(struct oracle *o, const struct item *it, uint32_t now)
{
	uint32_t key = key_of(it);

	if (it->kind == IT_SET) {
		if (o->set[key])
			return "set twice";
		if (it->q != P_S && o->know[it->p][it->q] < o->waited[key])
			return "set may fire before the last wait";
		o->set[key] = true;
		memcpy(o->token[key], o->know[it->p], sizeof o->token[key]);
		o->token[key][it->p] = now;
		return NULL;
	}
	if (!o->set[key])
		return "wait for a clear flag";
	o->set[key] = false;
	o->waited[key] = now;
	learn(o->know[it->q], o->token[key]);
	for (unsigned q = 0; it->q == P_S && q < PIPE_COUNT; q++)
		learn(o->know[q], o->know[P_S]);
	return NULL;
}

static void
run_all(struct oracle *o, uint32_t now)
{
	for (unsigned q = 0; q < PIPE_COUNT; q++)
		for (unsigned p = 0; p < PIPE_COUNT; p++)
			o->know[q][p] = now;
}

/* Of the pipes that go to GM the next dsb waits for what was before the barrier. */
static void
run_barrier(struct oracle *o, enum pipe p, uint32_t now)
{
	o->know[p][p] = now;
	if (p == P_MTE2 || p == P_MTE3 || p == P_FIX)
		o->barrier[p] = now;
}

static void
run_cache(struct oracle *o, const struct item *it, uint32_t now)
{
	if (it->kind == IT_DSB) {
		for (unsigned p = 0; p < PIPE_COUNT; p++)
			for (unsigned q = 0; q < PIPE_COUNT; q++)
				o->know[q][p] = max_u32(o->know[q][p], o->barrier[p]);
		for (unsigned p = 0; p < PIPE_COUNT; p++)
			if (p != P_S)
				o->fence[p] = max_u32(o->fence[p], o->know[P_S][p]);
		for (uint32_t i = 0; i < NAME_MAX_; i++)
			o->line[i].cleaned = o->line[i].clean;
	} else {
		for (uint32_t i = 1; i < NAME_MAX_; i++) {
			if (it->line && it->line != i)
				continue;
			o->line[i].clean = now;
			learn(o->line[i].inv, o->know[P_S]);
			o->line[i].inv_ext = now;
		}
	}
}

static bool
conflict_order(const struct oracle *o, const struct step *x, uint8_t rx, uint32_t at, const struct step *y, uint8_t ry,
	       bool gm, const struct line *line)
{
	enum pipe p = x->it->p, q = y->it->p;
	bool done = o->know[q][p] >= at;

	if (p == P_S && (q == P_S || !(rx & ACC_WRITE)))
		return true;
	if (!gm || p == q || !(rx & ACC_WRITE))
		return done;
	if (p == P_S)
		return done && line->cleaned >= at;
	if (q == P_S)
		return o->fence[p] >= at && line->inv[p] >= at;
	return (ry & ACC_READ) ? o->fence[p] >= at : done;
}

static const char *
run_against(const struct oracle *o, const struct access *ac, const struct step *x, uint32_t at, const struct step *y)
{
	if (x->it->phase == PH_ACQUIRE && y->it->p == P_S && y->it->phase == PH_WORK)
		for (uint32_t i = 0; i < y->it->nacc; i++)
			if (ac->name[y->it->set[i]][0] == 'g' && (y->it->rw[i] & ACC_READ) &&
			    o->line[y->it->set[i]].inv_ext < at)
				return "stale line after an acquire";
	for (uint32_t i = 0; i < x->it->nacc; i++) {
		bool gm = ac->name[x->it->set[i]][0] == 'g';
		uint8_t rx = x->it->rw[i];
		if (y->it->phase == PH_RELEASE && gm) {
			bool w = rx & ACC_WRITE;
			uint32_t have = x->it->p == P_S ? o->line[x->it->set[i]].cleaned : o->fence[x->it->p];
			if ((w && have < at) || (!w && x->it->p == P_MTE2 && o->know[P_S][P_MTE2] < at))
				return "released too early";
		}
		for (uint32_t k = 0; k < y->it->nacc; k++) {
			uint8_t ry = y->it->rw[k];
			if (x->it->set[i] != y->it->set[k] || !acc_conflicts(rx, ry))
				continue;
			if (strchr(ac->name[x->it->set[i]], '\'') && x->iter != y->iter)
				continue;
			if (!conflict_order(o, x, rx, at, y, ry, gm, &o->line[x->it->set[i]]))
				return "conflict not ordered or not visible";
		}
	}
	return NULL;
}

static const char *
run_work(struct oracle *o, const struct access *ac, const struct trace *t, uint32_t now)
{
	const struct step *y = &t->at[now];
	const char *bad = NULL;

	for (uint32_t i = 0; i < y->it->nhidden && !bad; i++) {
		const struct hidden_key *h = &y->it->hidden[i];
		uint32_t key = ((uint32_t)h->src * PIPE_COUNT + h->dst) * EVENT_ID_COUNT +
			       (uint32_t)__builtin_ctz(h->ids);
		bool back = i > 0 && y->it->hidden[i - 1].src == h->dst && y->it->hidden[i - 1].dst == h->src;
		if (o->set[key] || (h->dst != P_S && !back && o->know[h->src][h->dst] < o->waited[key]))
			bad = "key used inside a macro";
		o->waited[key] = now;
	}
	for (uint32_t i = 1; i < now && !bad; i++)
		if (t->at[i].it->kind == IT_WORK)
			bad = run_against(o, ac, &t->at[i], i, y);
	if (y->it->drains)
		run_all(o, now);
	return bad;
}

static const char *
run_end(const struct oracle *o, const struct access *ac, const struct trace *t, const struct check_opt *opt)
{
	for (uint32_t k = 0; k < KEY_SPACE; k++)
		if (o->set[k])
			return "flag left set";
	for (uint32_t i = 1; i <= t->n && opt->need_tail; i++) {
		const struct item *it = t->at[i].it;
		if (it->kind != IT_WORK)
			continue;
		if (it->p != P_S && o->know[P_S][it->p] < i)
			return "work in flight at the end";
		for (uint32_t k = 0; it->p == P_S && it->phase != PH_RELEASE && k < it->nacc; k++)
			if (ac->name[it->set[k]][0] == 'g' && (it->rw[k] & ACC_WRITE) &&
			    o->line[it->set[k]].cleaned < i)
				return "dirty line at the end";
	}
	return NULL;
}

const char *
model_run(struct model *m, const struct check_opt *opt, uint32_t seed)
{
	struct trace *t = calloc(1, sizeof *t);
	struct oracle *o = calloc(1, sizeof *o);
	const char *bad = NULL;

	t->rnd = seed;
	unroll(t, m->first, 0);
	for (uint32_t i = 1; i <= t->n && !bad; i++) {
		const struct item *it = t->at[i].it;
		if (it->kind == IT_WORK)
			bad = run_work(o, m->ac, t, i);
		else if (it->kind == IT_SET || it->kind == IT_WAIT)
			bad = run_flag(o, it, i);
		else if (it->kind == IT_BARRIER && it->p != P_ALL)
			run_barrier(o, it->p, i);
		else if (it->kind == IT_BARRIER || it->kind == IT_TAIL)
			run_all(o, i);
		else if (it->kind == IT_DSB || it->kind == IT_DCCI)
			run_cache(o, it, i);
		else
			bad = run_end(o, m->ac, t, opt);
	}
	if (t->full)
		bad = NULL;
	free(t);
	free(o);
	return bad;
}

/* The programs of these tests call nothing. */
struct op
access_callee(const struct access *ac, struct op call)
{
	(void)ac;
	(void)call;
	return (struct op){0};
}

bool
access_func_called(const struct access *ac, struct op func)
{
	(void)ac;
	(void)func;
	return false;
}

bool
access_call_ids(const struct access *ac, struct op call, uint8_t ids[PIPE_COUNT * PIPE_COUNT])
{
	(void)ac;
	(void)call;
	memset(ids, 0, PIPE_COUNT * PIPE_COUNT);
	return false;
}
