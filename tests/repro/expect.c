/* expect: parser of the assertion language and labels. */
#include "expect.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINE_WORDS = 10 };

struct words {
	char w[LINE_WORDS][WORD_MAX * 2];
	uint32_t n, at;
};

static void
split(struct words *ws, const char *p, const char *end)
{
	ws->n = ws->at = 0;
	while (p < end && ws->n < LINE_WORDS) {
		while (p < end && (*p == ' ' || *p == '\t'))
			p++;
		const char *from = p;
		while (p < end && *p != ' ' && *p != '\t')
			p++;
		size_t n = (size_t)(p - from);
		if (!n || *from == '#')
			return;
		n = n < sizeof ws->w[0] - 1 ? n : sizeof ws->w[0] - 1;
		memcpy(ws->w[ws->n], from, n);
		ws->w[ws->n++][n] = 0;
	}
}

static const char *
next(struct words *ws)
{
	return ws->at < ws->n ? ws->w[ws->at++] : "";
}

static bool
accept(struct words *ws, const char *word)
{
	if (ws->at >= ws->n || strcmp(ws->w[ws->at], word) != 0)
		return false;
	ws->at++;
	return true;
}

static bool
name(struct words *ws, char out[WORD_MAX])
{
	const char *w = next(ws);

	snprintf(out, WORD_MAX, "%.*s", WORD_MAX - 1, w);
	return w[0] != 0;
}

static bool
pipe_word(struct words *ws, enum pipe *p)
{
	char full[WORD_MAX * 2 + 8];

	snprintf(full, sizeof full, "PIPE_%s", next(ws));
	return pipe_find((struct strv){full, (uint32_t)strlen(full)}, p);
}

static bool
token(struct words *ws, struct assertion *as)
{
	static const struct {
		const char *word;
		uint32_t npipe;
	} row[] = {
		[T_SET] = {"set", 2}, [T_WAIT] = {"wait", 2}, [T_FLAG] = {"flag", 1}, [T_FLAGS] = {"flags", 0},
		[T_BARRIER] = {"barrier", 1}, [T_DSB] = {"dsb", 0}, [T_DCCI] = {"dcci", 0}, [T_TAIL] = {"tail", 0},
		[T_FENCE] = {"fence", 0}, [T_SYNC] = {"sync", 0},
	};
	const char *w = next(ws);

	for (uint32_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		if (strcmp(row[i].word, w) != 0)
			continue;
		as->token = (enum token)i;
		return (row[i].npipe < 1 || pipe_word(ws, &as->p)) && (row[i].npipe < 2 || pipe_word(ws, &as->q));
	}
	return false;
}

static bool
place(struct words *ws, struct assertion *as)
{
	if (accept(ws, "IN")) {
		as->where = accept(ws, "LOOP") ? W_LOOP : accept(ws, "IF") ? W_IF : W_ANY;
		return as->where != W_ANY;
	}
	if (accept(ws, "AT")) {
		as->where = W_TOP;
		return accept(ws, "TOP");
	}
	if (accept(ws, "BETWEEN")) {
		as->where = W_BETWEEN;
		return name(ws, as->a) && name(ws, as->b);
	}
	if (accept(ws, "AFTER")) {
		as->where = W_AFTER;
		return name(ws, as->a);
	}
	if (accept(ws, "BEFORE")) {
		as->where = W_BEFORE;
		return name(ws, as->b);
	}
	return true;
}

static bool
compare(struct words *ws, struct assertion *as)
{
	const char *w = next(ws);

	if (strcmp(w, "==") != 0 && strcmp(w, "<=") != 0 && strcmp(w, ">=") != 0)
		return false;
	strcpy(as->cmp, w);
	w = next(ws);
	as->n = (uint32_t)strtoul(w, NULL, 10);
	return w[0] != 0;
}

static bool
verdict_word(struct assertion *as)
{
	static const char *const word[] = {
		[CHECK_PROVED] = "proved", [CHECK_VIOLATED] = "violated", [CHECK_UNPROVED] = "unproved",
	};

	for (as->n = 0; as->n < sizeof word / sizeof word[0]; as->n++) {
		if (strcmp(as->a, word[as->n]) == 0) {
			as->a[0] = 0;
			return true;
		}
	}
	return false;
}

static bool
option_word(struct prog_opt *o, const char *word)
{
	const struct {
		const char *word;
		bool *flag;
	} row[] = {
		{"gm-alias=may", &o->gm_alias}, {"v-prune=never", &o->v_never}, {"m-barrier=always", &o->m_always},
		{"load-waw=none", &o->load_waw_none}, {"gm-fence=dcci+dsb", &o->gm_dcci},
		{"gm-visibility=flags-only", &o->flags_only},
	};

	for (uint32_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		if (strcmp(row[i].word, word) == 0) {
			*row[i].flag = true;
			return true;
		}
	}
	return false;
}

static bool
assertion(struct words *ws, struct assertion *as)
{
	static const struct {
		const char *word;
		enum akind kind;
		uint32_t names;
	} row[] = {
		{"ORDER", A_ORDER, 2}, {"UNORDERED", A_UNORDERED, 2}, {"VISIBLE", A_VISIBLE, 2}, {"DONE", A_DONE, 1},
		{"FLUSHED", A_FLUSHED, 1}, {"BALANCE", A_BALANCE, 0}, {"NOT", A_NOT, 0}, {"COUNT", A_COUNT, 0},
		{"DIAG", A_DIAG, 2}, {"REFUSED", A_REFUSED, 2}, {"VERDICT", A_VERDICT, 1}, {"OPTION", A_OPTION, 1},
	};
	const char *w = next(ws);
	uint32_t i = 0;

	while (i < sizeof row / sizeof row[0] && strcmp(row[i].word, w) != 0)
		i++;
	if (i == sizeof row / sizeof row[0])
		return false;
	as->kind = row[i].kind;
	if ((row[i].names > 0 && !name(ws, as->a)) || (row[i].names > 1 && !name(ws, as->b)))
		return false;
	as->back = accept(ws, "BACK");
	if (as->kind == A_NOT && !(token(ws, as) && place(ws, as)))
		return false;
	if (as->kind == A_COUNT && !(token(ws, as) && place(ws, as) && compare(ws, as)))
		return false;
	if (as->kind == A_VERDICT && !verdict_word(as))
		return false;
	return ws->at == ws->n;
}

void
expect_parse(struct assertions *l, struct arena *a, const char *text)
{
	char func[WORD_MAX * 2] = "";
	uint32_t line = 0;

	*l = (struct assertions){0};
	VEC_PUSH(a, &l->all, ((struct assertion){.kind = A_CLEAN, .text = "proved and right"}));
	while (*text) {
		const char *end = text + strcspn(text, "\n");
		struct words ws;
		struct assertion as = {.kind = A_CLEAN, .line = ++line};
		split(&ws, text, end);
		if (ws.n && accept(&ws, "FUNC")) {
			strcpy(func, next(&ws));
		} else if (ws.n && !(assertion(&ws, &as) &&
				     (as.kind != A_OPTION || option_word(&l->opt, as.a)))) {
			l->error = arena_strndup(a, text, (size_t)(end - text));
			l->error_line = line;
			return;
		} else if (ws.n) {
			strcpy(as.func, func);
			as.text = arena_strndup(a, text, (size_t)(end - text));
			if (as.kind == A_VERDICT)
				l->all.at[0].kind = A_OPTION;	/* CLEAN is not asked for */
			if (as.kind != A_OPTION)
				VEC_PUSH(a, &l->all, as);
		}
		text = *end ? end + 1 : end;
	}
}

/* ---- labels ---- */

/* The op of the function that starts on that line; depth is bounded by the parser's nesting limit. */
static struct op
op_on_line(const struct prog *p, struct op root, uint32_t line)
{
	for (uint32_t r = 0; r < ir_op(&p->ir, root)->nreg; r++) {
		struct blk b = ir_reg(&p->ir, op_reg(&p->ir, root, r))->first;
		for (; b.i; b = ir_blk(&p->ir, b)->next) {
			for (struct op o = ir_blk(&p->ir, b)->first; o.i; o = ir_op(&p->ir, o)->next) {
				struct span sp = ir_op(&p->ir, o)->span;
				if (!span_none(sp) && source_pos(p->ir.diags->src, sp.lo).line == line &&
				    op_row(&p->ir, o)->form != FORM_DECLARE)
					return o;
				struct op in = op_on_line(p, o, line);
				if (in.i)
					return in;
			}
		}
	}
	return (struct op){0};
}

/* Is the body of `to` part of the paths of `from`? */
static bool
calls(const struct prog *p, struct op from, struct op to)
{
	const struct ir *ir = &p->ir;

	for (uint32_t i = 1; i < ir->op.n; i++) {
		struct op o = {i};
		if (op_id(ir, o) != OP_CALL || op_enclosing(ir, o, OP_FUNC).i != from.i)
			continue;
		if (attr_data(&ir->attrs, op_attr(ir, o, ir->name.callee))->text.i == func_name(ir, to).i)
			return true;
	}
	return false;
}

void
labels_find(struct labels *l, struct prog *p, struct op func)
{
	uint32_t nline = source_pos(&p->src, p->src.n).line;

	for (uint32_t k = 1; k <= nline; k++) {
		struct strv s = source_line(&p->src, k);
		uint32_t n = s.n;
		while (n && (s.p[n - 1] == ' ' || s.p[n - 1] == '\r'))
			n--;
		if (!n || s.p[n - 1] != ']')
			continue;
		uint32_t at = n - 1;
		while (at && s.p[at] != '[')
			at--;
		if (at < 3 || strncmp(&s.p[at - 3], "// ", 3) != 0 || n - at - 2 >= WORD_MAX)
			continue;
		struct label lb = {.line = k, .op = op_on_line(p, func, k)};
		for (uint32_t i = 0; i < p->func.n && !lb.op.i; i++)
			if (calls(p, func, p->func.at[i]))
				lb.op = op_on_line(p, p->func.at[i], k);
		memcpy(lb.name, &s.p[at + 1], n - at - 2);
		VEC_PUSH(&p->a, &l->all, lb);
	}
}

struct op
label_op(const struct labels *l, const char *want)
{
	for (uint32_t i = 0; i < l->all.n; i++) {
		if (l->all.at[i].op.i && strcmp(l->all.at[i].name, want) == 0)
			return l->all.at[i].op;
	}
	return (struct op){0};
}
