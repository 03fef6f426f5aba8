/*
 * options: see options.h. Parsing has two steps: words -> one value per row of options.def, with the errors of the
 * option syntax; then values -> struct cli, with the errors of meaning and combination, in a fixed order.
 */
#include "driver/options.h"

#include "cxxin/cxxin.h"
#include "diag/policy.h"
#include "driver/file.h"
#include "driver/pipeline.h"

#include <errno.h>
#include <stdlib.h>

enum opt_kind { KIND_ACTION, KIND_BOOL, KIND_TEXT, KIND_INT, KIND_CHOICE, KIND_CHOICE_ANY, KIND_MAYBE, KIND_WORD };
enum opt_group { GROUP_GENERAL, GROUP_TARGET, GROUP_SYNC, GROUP_COMPAT, GROUP_A5, GROUP_COUNT };

static const char *const group_title[GROUP_COUNT] = {
	"General", "Target and placement", "Synchronisation", "Accepted for compatibility with ptoas", "For a5 only",
};

enum opt_id {
#define OPTION(ID, name, kind, group, arg, help) OPT_##ID,
#include "driver/options.def"
#undef OPTION
	OPT_COUNT
};

static const struct opt_row {
	const char *name;
	enum opt_kind kind;
	enum opt_group group;
	const char *arg, *help;
} row[OPT_COUNT] = {
#define OPTION(ID, name, kind, group, arg, help) [OPT_##ID] = {name, KIND_##kind, GROUP_##group, arg, help},
#include "driver/options.def"
#undef OPTION
};

struct opt_value {
	bool seen, two_dashes;
	bool on;		/* BOOL */
	int choice;		/* CHOICE: index, -1 when the value is none of them */
	long num;		/* INT */
	const char *text;
};

struct parser {
	struct cli *c;
	struct arena *a;
	struct out *err;
	const char *argv0, *prog;
	VEC(const char *) arg;
	uint32_t at;
	struct opt_value val[OPT_COUNT];
	VEC(const char *) input;
	struct diag_policy policy;
	struct out words;	/* behind -W, separated by commas */
	struct out saved;	/* for --save-repro */
	bool ptoas;
};

const char *
cli_prog(const char *argv0)
{
	const char *slash = argv0 ? strrchr(argv0, '/') : NULL;

	return slash ? slash + 1 : argv0 && *argv0 ? argv0 : "ptoc";
}

bool
cli_is_ptoas(const char *argv0)
{
	return strcmp(cli_prog(argv0), "ptoas") == 0;
}

/* ---- response files ---- */

enum { MARK = sizeof REPRO_MARK - 1, ARGS_MARK = sizeof REPRO_ARGS - 1 };

size_t
cli_repro_end(const char *text, size_t n)
{
	for (size_t at = n; at-- > 0;)
		if ((at == 0 || text[at - 1] == '\n') && n - at >= MARK && memcmp(text + at, REPRO_MARK, MARK) == 0)
			return at;
	return n;
}

/* The options in the comments, in the form of a response file: a slice of text; empty when there are none. */
static struct strv
repro_args(const char *text, size_t n)
{
	size_t at = cli_repro_end(text, n);
	const char *line = at < n ? memchr(text + at, '\n', n - at) : NULL, *end = text + n;

	if (!line || (size_t)(end - ++line) < ARGS_MARK || memcmp(line, REPRO_ARGS, ARGS_MARK) != 0)
		return (struct strv){NULL, 0};
	line += ARGS_MARK;
	const char *stop = memchr(line, '\n', (size_t)(end - line));
	return (struct strv){line, (uint32_t)((stop ? stop : end) - line)};
}

enum { RESPONSE_DEPTH = 10, RESPONSE_ARGS = 1 << 20 };

/* One word of a response file in GNU form: blanks separate, '..' and ".." quote, a backslash takes the next byte. */
static const char *
response_word(struct arena *a, const char **at, const char *end)
{
	const char *p = *at;
	char quote = 0;

	while (p < end && strchr(" \t\r\n", *p) && *p)
		p++;
	if (p == end) {
		*at = p;
		return NULL;
	}
	struct out w;
	out_init(&w, a);
	for (; p < end; p++) {
		if (*p == '\\' && quote != '\'' && p + 1 < end)
			out_char(&w, *++p);
		else if (quote ? *p == quote : *p == '"' || *p == '\'')
			quote = quote ? 0 : *p;
		else if (!quote && *p && strchr(" \t\r\n", *p))
			break;
		else
			out_char(&w, *p);
	}
	*at = p;
	return w.p;
}

/* Recursion is bounded by RESPONSE_DEPTH. A file that cannot be read stays a plain argument, as for compilers. */
static void
add_arg(struct parser *p, const char *arg, int depth)
{
	char *text;
	size_t n;

	if (arg[0] != '@' || !arg[1] || depth >= RESPONSE_DEPTH || p->arg.n >= RESPONSE_ARGS ||
	    file_read(arg + 1, &text, &n) != 0) {
		VEC_PUSH(p->a, &p->arg, arg);
		return;
	}
	bool saved = cli_repro_end(text, n) < n;
	struct strv words = saved ? repro_args(text, n) : (struct strv){text, (uint32_t)n};
	const char *copy = arena_strndup(p->a, words.p ? words.p : "", words.n), *at = copy, *word;
	free(text);
	while (p->arg.n < RESPONSE_ARGS && (word = response_word(p->a, &at, copy + words.n)))
		add_arg(p, word, depth + 1);
	/* a text for a bug report is the input too */
	if (saved)
		VEC_PUSH(p->a, &p->arg, arg + 1);
}

/* ---- words -> values ---- */

static const char *
dashes(enum opt_id id)
{
	return row[id].name[1] && id != OPT_DEPFILES ? "--" : "-";
}

static bool
bad_option(struct parser *p, enum opt_id id, const char *what)
{
	out_f(p->err, "%s: for the %s%s option: %s\n", p->prog, dashes(id), row[id].name, what);
	return false;
}

static bool
find_option(struct strv name, enum opt_id *id)
{
	for (uint32_t i = 0; i < OPT_COUNT; i++) {
		if (strv_is(name, row[i].name)) {
			*id = (enum opt_id)i;
			return true;
		}
	}
	return false;
}

/* -j4: the number of a one-letter option may follow at once. */
static bool
find_attached(const char *arg, enum opt_id *id, const char **value)
{
	if (arg[1] != 'j' || arg[2] < '0' || arg[2] > '9')
		return false;
	*id = OPT_JOBS;
	*value = arg + 2;
	return true;
}

static bool
unknown_option(struct parser *p, const char *arg, struct strv name, const char *value)
{
	struct guess near = guess_for(name);

	out_f(p->err, "%s: Unknown command line argument '%s'.  Try: '%s --help'\n", p->prog, arg, p->argv0);
	for (uint32_t i = 0; i < OPT_COUNT; i++)
		guess_try(&near, row[i].name);
	if (near.best)
		out_f(p->err, "%s: Did you mean '%s%s%s%s'?\n", p->prog, near.best[1] ? "--" : "-", near.best,
		      value ? "=" : "", value ? value : "");
	return false;
}

static bool
word_is(struct strv a, const char *b, bool any_case)
{
	if (strlen(b) != a.n)
		return false;
	for (uint32_t i = 0; i < a.n; i++) {
		char x = a.p[i], y = b[i];
		if (any_case && x >= 'A' && x <= 'Z')
			x = (char)(x + 32);
		if (any_case && y >= 'A' && y <= 'Z')
			y = (char)(y + 32);
		if (x != y)
			return false;
	}
	return true;
}

/* The k-th word of a choice list; n = 0 after the last. */
static struct strv
choice_word(enum opt_id id, uint32_t k)
{
	const char *s = row[id].arg;

	while (k && s) {
		s = strchr(s, '|');
		s = s ? s + 1 : NULL;
		k--;
	}
	return (struct strv){s, s ? (uint32_t)strcspn(s, "|") : 0};
}

static int
choice_find(enum opt_id id, const char *value)
{
	struct strv w;

	for (uint32_t k = 0; (w = choice_word(id, k)).n; k++)
		if (word_is(w, value, row[id].kind == KIND_CHOICE_ANY))
			return (int)k;
	return -1;
}

static bool
set_bool(struct parser *p, enum opt_id id, const char *value)
{
	static const char *const yes[] = {"true", "TRUE", "True", "1"}, *const no[] = {"false", "FALSE", "False", "0"};
	struct opt_value *v = &p->val[id];

	v->on = true;
	if (!value)
		return true;
	for (uint32_t i = 0; i < 4; i++) {
		if (strcmp(value, yes[i]) == 0)
			return true;
		if (strcmp(value, no[i]) == 0) {
			v->on = false;
			return true;
		}
	}
	struct out o;
	out_init(&o, p->a);
	out_f(&o, "'%s' is invalid value for boolean argument! Try 0 or 1", value);
	return bad_option(p, id, o.p);
}

static bool
set_int(struct parser *p, enum opt_id id, const char *value)
{
	char *end;

	errno = 0;
	long v = strtol(value, &end, 0);
	if (end != value && !*end && !errno && v >= INT32_MIN && v <= INT32_MAX) {
		p->val[id].num = v;
		return true;
	}
	struct out o;
	out_init(&o, p->a);
	out_f(&o, "'%s' value invalid for integer argument!", value);
	return bad_option(p, id, o.p);
}

static bool
set_value(struct parser *p, enum opt_id id, const char *value)
{
	struct opt_value *v = &p->val[id];

	v->seen = true;
	v->text = value;
	switch (row[id].kind) {
	case KIND_ACTION:
		return value ? bad_option(p, id, "does not allow a value!") : true;
	case KIND_BOOL:
		return set_bool(p, id, value);
	case KIND_INT:
		return value && set_int(p, id, value);
	case KIND_CHOICE:
	case KIND_CHOICE_ANY:
	case KIND_MAYBE:
		v->choice = value ? choice_find(id, value) : -1;
		return true;
	case KIND_TEXT:
	case KIND_WORD:
		return true;
	}
	return true;
}

static bool
takes_next(enum opt_kind k)
{
	return k == KIND_TEXT || k == KIND_INT || k == KIND_CHOICE || k == KIND_CHOICE_ANY;
}

/* Words for a bug report: not those that say where to write. */
static void
save_words(struct parser *p, enum opt_id id, uint32_t from)
{
	static const enum opt_id outputs[] = {
		OPT_OUTPUT, OPT_OUT_DIR, OPT_JOBS, OPT_DEPFILES, OPT_DEPFILE, OPT_PROGRESS, OPT_TIMELINE, OPT_COLOR,
		OPT_SAVE_REPRO,
	};

	for (uint32_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++)
		if (outputs[i] == id)
			return;
	for (; from < p->at; from++) {
		out_str(&p->saved, " \"");
		for (const char *s = p->arg.at[from]; *s; s++) {
			if (*s == '"' || *s == '\\')
				out_char(&p->saved, '\\');
			out_char(&p->saved, *s == '\n' || *s == '\r' ? ' ' : *s);
		}
		out_char(&p->saved, '"');
	}
}

/* -Wno-shared-line: the word follows at once. */
static bool
parse_warning(struct parser *p, const char *word)
{
	struct out why;

	out_init(&why, p->a);
	if (!*word)
		return bad_option(p, OPT_WARNING, "requires a value!");
	if (!policy_add(&p->policy, (struct strv){word, (uint32_t)strlen(word)}, &why)) {
		out_f(p->err, "%s: for the -W%s option: %s\n", p->prog, word, why.p);
		return false;
	}
	out_f(&p->words, "%s%s", p->words.n ? "," : "", word);
	return true;
}

static bool
parse_option(struct parser *p, const char *arg)
{
	const char *name = arg + (arg[1] == '-' ? 2 : 1);
	uint32_t from = p->at - 1;

	if (*name == 'W') {
		save_words(p, OPT_WARNING, from);
		return parse_warning(p, name + 1);
	}
	const char *eq = strchr(name, '=');
	struct strv n = {name, (uint32_t)(eq ? (size_t)(eq - name) : strlen(name))};
	const char *value = eq ? eq + 1 : NULL;
	enum opt_id id = OPT_COUNT;

	if (!find_option(n, &id) && !find_attached(arg, &id, &value))
		return unknown_option(p, arg, n, value);
	p->val[id].two_dashes = arg[1] == '-';
	if (!value && takes_next(row[id].kind)) {
		if (p->at >= p->arg.n)
			return bad_option(p, id, "requires a value!");
		value = p->arg.at[p->at++];
	}
	save_words(p, id, from);
	return set_value(p, id, value);
}

static bool
parse_words(struct parser *p)
{
	bool options = true;

	while (p->at < p->arg.n) {
		const char *arg = p->arg.at[p->at++];
		if (options && strcmp(arg, "--") == 0)
			options = false;
		else if (!options || arg[0] != '-' || !arg[1])
			VEC_PUSH(p->a, &p->input, arg);
		else if (!parse_option(p, arg))
			return false;
	}
	return true;
}

/* ---- values -> meaning ---- */

static bool
fail_with(struct parser *p, const char *text)
{
	out_f(p->err, "Error: %s\n", text);
	return false;
}

/* "'a', 'b', or 'c'" */
static void
print_choices(struct out *o, enum opt_id id)
{
	uint32_t n = 0;

	while (choice_word(id, n).n)
		n++;
	for (uint32_t k = 0; k < n; k++) {
		struct strv w = choice_word(id, k);
		out_str(o, k == 0 ? "'" : k + 1 < n ? ", '" : n > 2 ? ", or '" : " or '");
		out_strv(o, w);
		out_char(o, '\'');
	}
}

static bool
check_choice(struct parser *p, enum opt_id id)
{
	const struct opt_value *v = &p->val[id];

	if (!v->seen || v->choice >= 0 || (row[id].kind == KIND_MAYBE && !v->text))
		return true;
	/* one spelling of the target is lenient in the reference: a single dash */
	if (id == OPT_ARCH && p->ptoas && !v->two_dashes)
		return true;
	out_f(p->err, "Error: invalid --%s='%s'%s ", row[id].name, v->text,
	      id == OPT_PLAN_IMPL ? ", expected" : ". Expected");
	print_choices(p->err, id);
	out_str(p->err, ".\n");
	return false;
}

static bool
check_choices(struct parser *p)
{
	for (uint32_t i = 0; i < OPT_COUNT; i++) {
		enum opt_kind k = row[i].kind;
		if ((k == KIND_CHOICE || k == KIND_CHOICE_ANY || k == KIND_MAYBE) && !check_choice(p, (enum opt_id)i))
			return false;
	}
	return true;
}

static const char *
digits(const char *s)
{
	const char *e = s + strspn(s, "0123456789");

	return e == s ? NULL : e;
}

/* x.y.z or x.y.z-beta.n */
static bool
is_cann_version(const char *s)
{
	for (int i = 0; i < 3; i++) {
		s = digits(s);
		if (!s || (i < 2 && *s++ != '.'))
			return false;
	}
	if (!*s)
		return true;
	if (strncmp(s, "-beta.", 6) != 0)
		return false;
	s = digits(s + 6);
	return s && !*s;
}

static bool
on(const struct parser *p, enum opt_id id)
{
	return p->val[id].seen && p->val[id].on;
}

static bool
check_target(struct parser *p)
{
	const struct opt_value *arch = &p->val[OPT_ARCH], *cann = &p->val[OPT_CANN_VERSION];

	if (arch->seen && arch->choice == 2)
		return fail_with(p, "--pto-arch=a5 is not supported: this compiler is for a2 and a3.");
	if (p->val[OPT_BACKEND].seen && p->val[OPT_BACKEND].choice == 1)
		return fail_with(p, "--pto-backend=vpto is not supported: this compiler prints C++ (emitc).");
	if (cann->seen && *cann->text && !is_cann_version(cann->text)) {
		out_f(p->err, "Error: invalid --cann-output-version='%s'. Expected forms like '9.0.0' or "
			      "'9.0.0-beta.1'.\n", cann->text);
		return false;
	}
	return true;
}

/* Options of the a5 back ends, with the texts of the reference (cli.md §3). */
static bool
check_a5(struct parser *p)
{
	const struct opt_value *sched = &p->val[OPT_VPTO_SCHEDULER];

	if (on(p, OPT_EMIT_VPTO) || on(p, OPT_EMIT_VPTO_LLVM) || on(p, OPT_PRINT_SEAM) ||
	    (p->val[OPT_SEAM_FILE].seen && *p->val[OPT_SEAM_FILE].text))
		return fail_with(p, "VPTO-specific flags require --pto-backend=vpto or pto.backend = \"vpto\".");
	if (on(p, OPT_BUFID_SYNC))
		return fail_with(p, "--enable-bufid_sync requires --pto-arch=a5.");
	if (sched->seen && sched->choice > 0)
		return fail_with(p, "--vpto-scheduler requires --pto-arch=a5.");
	if (on(p, OPT_OP_FUSION))
		return fail_with(p, "--enable-op-fusion=true requires --pto-arch=a5.");
	if (on(p, OPT_UNROLL_FUSION))
		return fail_with(p, "--enable-unroll-after-loop-fusion requires --pto-arch=a5 and --enable-op-fusion.");
	if (on(p, OPT_VFSIM_COST))
		out_str(p->err, "Warning: --enable-vfsim-costmodel-optimization is ignored because the A5 tile-fusion "
				"pipeline is not enabled; it has no effect on a2 and a3.\n");
	return true;
}

static bool
resolve_sync(struct parser *p)
{
	const struct opt_value *s = &p->val[OPT_SYNC];
	int flags = on(p, OPT_INSERT_SYNC) + on(p, OPT_GRAPH_SOLVER) + on(p, OPT_BARRIER_ALL) + on(p, OPT_BUFID_SYNC);
	struct ptoc_options *o = &p->c->opt;

	if (flags > 1)
		return fail_with(p, "--enable-insert-sync, --enable-bufid_sync, --enable-inject-barrier-all-sync, and "
				    "--enable-graph-sync-solver are mutually exclusive.");
	if (s->seen && flags)
		return fail_with(p, "--sync cannot be combined with --enable-insert-sync, "
				    "--enable-inject-barrier-all-sync, or --enable-graph-sync-solver.");
	if (s->seen)
		o->sync = (enum ptoc_sync)s->choice;
	else if (on(p, OPT_BARRIER_ALL))
		o->sync = PTOC_SYNC_BARRIER_ALL;
	else if (flags)
		o->sync = PTOC_SYNC_AUTO;
	else if (p->ptoas || on(p, OPT_CHECK) || on(p, OPT_SYNC_DIFF) || on(p, OPT_REDUCE))
		o->sync = PTOC_SYNC_NONE;
	return true;
}

static bool
resolve_event_ids(struct parser *p)
{
	const struct opt_value *v = &p->val[OPT_EVENT_ID_MAX];

	if (!v->seen || !on(p, OPT_GRAPH_SOLVER))
		return true;
	if (v->num < 1)
		return fail_with(p, "--graph-sync-solver-event-id-max must be at least 1.");
	/* the hardware has eight per channel; larger values are seen in the wild and mean "all" */
	p->c->opt.max_event_ids = v->num > 8 ? 8 : (int)v->num;
	return true;
}

static bool
resolve_trips(struct parser *p)
{
	const struct opt_value *v = &p->val[OPT_ASSUME_TRIPS];

	if (!v->seen)
		return true;
	if (v->num < 0)
		return fail_with(p, "--assume-trips must not be negative.");
	p->c->opt.assume_trips = (int)v->num;
	return true;
}

static void
resolve_rest(struct parser *p)
{
	struct cli *c = p->c;
	struct ptoc_options *o = &c->opt;
	const struct opt_value *v = p->val;

	o->level = v[OPT_LEVEL].seen ? v[OPT_LEVEL].choice + 1 : p->ptoas ? 2 : 0;
	o->arch_given = v[OPT_ARCH].seen && (v[OPT_ARCH].two_dashes || !p->ptoas);
	if (v[OPT_EMIT].seen)
		o->emit = (enum ptoc_emit)v[OPT_EMIT].choice;
	else if (on(p, OPT_EMIT_PTO_IR))
		o->emit = PTOC_EMIT_PTO;
	if (on(p, OPT_CHECK) || on(p, OPT_SYNC_DIFF) || on(p, OPT_REDUCE)) {
		o->check_only = 1;
		o->emit = PTOC_EMIT_NOTHING;
	}
	o->check = !on(p, OPT_NO_CHECK) || o->check_only;
	o->gm_flags_only = v[OPT_GM_VISIBILITY].choice == 1;
	o->gm_dcci = v[OPT_GM_FENCE].choice == 1;
	o->gm_alias = v[OPT_GM_ALIAS].choice == 1;
	o->v_prune = v[OPT_V_PRUNE].choice != 1;
	o->m_always = v[OPT_M_BARRIER].choice == 1;
	o->load_waw = v[OPT_LOAD_WAW].choice != 1;
	o->strict_lines = v[OPT_LINE_SHARING].choice == 1;
	if (v[OPT_EXPLAIN_SYNC].seen)
		o->explain = v[OPT_EXPLAIN_SYNC].text && v[OPT_EXPLAIN_SYNC].choice == 1 ? 2 : 1;
	o->infer_layout = !on(p, OPT_DISABLE_INFER_LAYOUT);
	o->plan_modern = v[OPT_PLAN_IMPL].choice == 1;
	o->multi_buffer = v[OPT_MULTI_BUFFER].seen && v[OPT_MULTI_BUFFER].choice == 0;
	o->improve_addresses = v[OPT_ADDRESSES].choice == 1;
	o->block_index = v[OPT_BLOCK_INDEX].seen ? v[OPT_BLOCK_INDEX].text : NULL;
	o->subblock_index = v[OPT_SUBBLOCK_INDEX].seen ? v[OPT_SUBBLOCK_INDEX].text : NULL;
	o->capacity = v[OPT_CAPACITY].seen ? v[OPT_CAPACITY].text : NULL;
	if (v[OPT_STATS].seen)
		o->stats = v[OPT_STATS].text && v[OPT_STATS].choice == 1 ? PTOC_STATS_JSON : PTOC_STATS_TEXT;
	c->timeline = v[OPT_TIMELINE].seen ? v[OPT_TIMELINE].text : NULL;
	o->timeline = c->timeline != NULL;
	c->cost_model = o->cost_model_name = v[OPT_COST_MODEL].seen ? v[OPT_COST_MODEL].text : NULL;
	o->warnings = p->words.n ? p->words.p : NULL;
	o->diagnostics = v[OPT_DIAGNOSTICS].seen ? (enum ptoc_diagnostics)v[OPT_DIAGNOSTICS].choice : PTOC_DIAG_TEXT;
	o->dump = v[OPT_DUMP].seen ? v[OPT_DUMP].text : NULL;
	if (v[OPT_COLOR].seen)
		c->color = v[OPT_COLOR].text ? (enum cli_color)v[OPT_COLOR].choice : COLOR_ALWAYS;
}

static bool
too_many_inputs(struct parser *p)
{
	out_f(p->err, "%s: Too many positional arguments specified!\n", p->prog);
	out_f(p->err, "Can specify at most 1 positional arguments: See: %s --help\n", p->argv0);
	if (!p->ptoas)
		out_f(p->err, "%s: several inputs need --out-dir=DIR, --check or --emit=none\n", p->prog);
	return false;
}

/* What only makes sense for one input, or for inputs and outputs that have names. */
static bool
ends_in(const char *s, const char *tail)
{
	size_t n = strlen(s), k = strlen(tail);

	return n > k && strcmp(s + n - k, tail) == 0;
}

static bool
check_files(struct parser *p)
{
	const struct cli *c = p->c;
	bool emits = c->opt.emit != PTOC_EMIT_NOTHING;

	if (p->input.n > 1 && (p->ptoas || (!c->out_dir && emits)))
		return too_many_inputs(p);
	if (c->out_dir && !*c->out_dir)
		return fail_with(p, "--out-dir needs the name of a folder.");
	if (c->output && c->out_dir)
		return fail_with(p, "-o and --out-dir cannot be combined.");
	if (c->output && p->input.n > 1)
		return fail_with(p, "-o takes the output of one input; --out-dir=DIR takes those of several.");
	if (c->timeline && p->input.n > 1)
		return fail_with(p, "--timeline draws one input.");
	if (c->timeline && (ends_in(c->timeline, ".pto") || ends_in(c->timeline, ".cpp")))
		return fail_with(p, "the file of --timeline is a picture, and would not be written over a kernel.");
	for (const char *d = c->opt.dump; d && *d; d++)
		if (!pipeline_has_letter(*d))
			return fail_with(p, "-d takes the letters of passes; --help lists them.");
	if (c->depfile && p->input.n > 1)
		return fail_with(p, "--depfile is for one input; -MD writes one file for each.");
	if (c->save_repro && (p->input.n > 1 || on(p, OPT_REDUCE)))
		return fail_with(p, "--save-repro saves one input, and not with --reduce.");
	for (uint32_t k = 0; k < p->input.n; k++)
		if (strcmp(p->input.at[k], "-") == 0 && (p->input.n > 1 || c->out_dir))
			return fail_with(p, "standard input can only be the only input, without --out-dir.");
	if (c->out_dir && !c->inputs)
		return fail_with(p, "standard input can only be the only input, without --out-dir.");
	if ((c->depfile || c->depfiles) && (!emits || (!c->output && !c->out_dir)))
		return fail_with(p, "-MD and --depfile need an output file: -o FILE or --out-dir=DIR.");
	return true;
}

/* A log for programs has standard error for itself. */
static bool
check_log(struct parser *p)
{
	const struct ptoc_options *o = &p->c->opt;

	if (o->diagnostics == PTOC_DIAG_TEXT)
		return true;
	if (o->explain || o->dump || (o->stats != PTOC_STATS_NONE && o->emit != PTOC_EMIT_NOTHING) ||
	    p->c->progress == COLOR_ALWAYS)
		return fail_with(p, "--diagnostics=json and sarif cannot be combined with what else goes to standard "
				    "error: --explain-sync, -d, --progress, --stats without --emit=none.");
	p->c->progress = COLOR_NEVER;
	return true;
}

static bool
resolve_files(struct parser *p)
{
	struct cli *c = p->c;
	const struct opt_value *v = p->val;

	c->output = v[OPT_OUTPUT].seen && strcmp(v[OPT_OUTPUT].text, "-") != 0 ? v[OPT_OUTPUT].text : NULL;
	c->out_dir = v[OPT_OUT_DIR].seen ? v[OPT_OUT_DIR].text : NULL;
	c->inputs = p->input.n == 1 && strcmp(p->input.at[0], "-") == 0 ? 0 : p->input.n;
	c->input_names = p->input.at;
	if (c->inputs)
		c->opt.name = p->input.at[0];
	c->depfile = v[OPT_DEPFILE].seen ? v[OPT_DEPFILE].text : NULL;
	c->depfiles = on(p, OPT_DEPFILES);
	c->save_repro = v[OPT_SAVE_REPRO].seen ? v[OPT_SAVE_REPRO].text : NULL;
	c->saved_args = p->saved.n ? p->saved.p : "";
	if (v[OPT_PROGRESS].seen)
		c->progress = v[OPT_PROGRESS].text ? (enum cli_color)v[OPT_PROGRESS].choice : COLOR_ALWAYS;
	c->jobs = v[OPT_JOBS].seen ? (int)v[OPT_JOBS].num : 1;
	if (c->jobs < 0)
		return fail_with(p, "-j takes a number of inputs to work on at once, or 0 for one per processor.");
	return check_log(p) && (on(p, OPT_SYNC_DIFF) || check_files(p));
}

static bool
resolve_diff(struct parser *p)
{
	if (p->input.n != 2)
		return fail_with(p, "--sync-diff takes two files or two folders: OLD NEW.");
	if (p->val[OPT_SYNC].seen)
		return fail_with(p, "--sync-diff compares what is written, --sync has no meaning for it.");
	p->c->action = CLI_DIFF;
	return true;
}

static bool
resolve_reduce(struct parser *p)
{
	if (on(p, OPT_SYNC_DIFF) || p->input.n > 1)
		return fail_with(p, "--reduce takes one .pto.");
	if (cxxin_is_cxx(p->c->opt.name, "", 0))
		return fail_with(p, "--reduce takes a .pto, not printed C++.");
	p->c->action = CLI_REDUCE;
	return true;
}

static bool
resolve(struct parser *p)
{
	const struct opt_value *v = p->val;

	if (v[OPT_HELP_HIDDEN].seen || v[OPT_HELP_LIST_HIDDEN].seen)
		p->c->action = CLI_HELP_HIDDEN;
	else if (v[OPT_HELP].seen || v[OPT_HELP_SHORT].seen || v[OPT_HELP_LIST].seen)
		p->c->action = CLI_HELP;
	else if (v[OPT_VERSION].seen)
		p->c->action = CLI_VERSION;
	if (p->c->action != CLI_COMPILE)
		return true;
	if (!check_choices(p) || !check_target(p) || !resolve_sync(p) || !check_a5(p) || !resolve_event_ids(p) ||
	    !resolve_trips(p))
		return false;
	resolve_rest(p);
	if (!resolve_files(p))
		return false;
	if (on(p, OPT_REDUCE))
		return resolve_reduce(p);
	return !on(p, OPT_SYNC_DIFF) || resolve_diff(p);
}

bool
cli_parse(struct cli *c, struct arena *a, int argc, const char *const *argv, struct out *err)
{
	struct parser *p = ARENA_NEW(a, struct parser);

	memset(c, 0, sizeof *c);
	ptoc_options_init(&c->opt);
	p->c = c;
	p->a = a;
	p->err = err;
	p->argv0 = argc > 0 && argv[0][0] ? argv[0] : "ptoc";
	p->prog = cli_prog(p->argv0);
	p->ptoas = cli_is_ptoas(p->argv0);
	out_init(&p->words, a);
	out_init(&p->saved, a);
	c->opt.as_ptoas = p->ptoas;
	for (int i = 1; i < argc; i++)
		add_arg(p, argv[i], 0);
	return parse_words(p) && resolve(p);
}

/* ---- help ---- */

enum { HELP_COLUMN = 32, HELP_WIDTH = 100 };

static void
wrap(struct out *o, const char *text)
{
	uint32_t col = HELP_COLUMN;

	while (*text) {
		uint32_t n = (uint32_t)strcspn(text, " ");
		if (col > HELP_COLUMN && col + 1 + n > HELP_WIDTH) {
			out_char(o, '\n');
			out_pad(o, ' ', HELP_COLUMN);
			col = HELP_COLUMN;
		} else if (col > HELP_COLUMN) {
			out_char(o, ' ');
			col++;
		}
		out_strv(o, (struct strv){text, n});
		col += n;
		text += n;
		text += *text == ' ';
	}
	out_char(o, '\n');
}

static void
help_row(struct out *o, enum opt_id id)
{
	const struct opt_row *r = &row[id];
	uint32_t from = o->n;

	out_f(o, "  %s%s", dashes(id), r->name);
	if (r->kind == KIND_MAYBE)
		out_f(o, "[=%s]", r->arg);
	else if (r->arg[0])
		out_f(o, "%s%s", r->kind == KIND_WORD ? "" : r->name[1] ? "=" : " ", r->arg);
	if (o->n - from + 2 > HELP_COLUMN) {
		out_char(o, '\n');
		from = o->n;
	}
	out_pad(o, ' ', HELP_COLUMN - (o->n - from));
	wrap(o, r->help);
}

void
cli_help(struct out *o, const char *prog, bool hidden)
{
	out_f(o, "usage: %s [options] [input] [-o output]\n", prog);
	out_f(o, "       %s [options] inputs --out-dir=folder\n\n", prog);
	out_str(o, "Compiles .pto text for Ascend a2/a3 to C++ for the pto-isa headers, inserts the synchronisation\n"
		   "it needs and proves it. Without an input, or with -, it reads standard input. @FILE is replaced\n"
		   "by the words of FILE. Options may have one dash or two and may stand anywhere; the last one wins;\n"
		   "-- ends them.\n");
	for (uint32_t g = 0; g < (hidden ? GROUP_COUNT : GROUP_A5); g++) {
		out_f(o, "\n%s:\n", group_title[g]);
		for (uint32_t i = 0; i < OPT_COUNT; i++)
			if (row[i].group == g)
				help_row(o, (enum opt_id)i);
	}
}
