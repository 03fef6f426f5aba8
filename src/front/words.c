/* words: token and meaning of identifiers. Each distinct identifier is classified once; the result is kept by symbol.
 */
#include "front/build.h"
#include "parser.h"

#include <stdio.h>

static const struct {
	const char *text;
	int tok;
} keyword[] = {
	{"ins", TOK_W_INS},
	{"outs", TOK_W_OUTS},
	{"shape", TOK_W_SHAPE},
	{"strides", TOK_W_STRIDES},
	{"offsets", TOK_W_OFFSETS},
	{"sizes", TOK_W_SIZES},
	{"valid", TOK_W_VALID},
	{"addr", TOK_W_ADDR},
	{"valid_row", TOK_W_VALID_ROW},
	{"valid_col", TOK_W_VALID_COL},
	{"to", TOK_W_TO},
	{"step", TOK_W_STEP},
	{"iter_args", TOK_W_ITER_ARGS},
	{"else", TOK_W_ELSE},
	{"do", TOK_W_DO},
	{"case", TOK_W_CASE},
	{"default", TOK_W_DEFAULT},
	{"attributes", TOK_W_ATTRIBUTES},
	{"loc", TOK_W_LOC},
	{"fused", TOK_W_FUSED},
	{"callsite", TOK_W_CALLSITE},
	{"at", TOK_W_AT},
	{"unknown", TOK_W_UNKNOWN},
	{"array", TOK_W_ARRAY},
	{"dense", TOK_W_DENSE},
	{"unit", TOK_W_UNIT},
	{"true", TOK_W_TRUE},
	{"false", TOK_W_FALSE},
	{"memref", TOK_W_MEMREF},
	{"vector", TOK_W_VECTOR},
	{"tensor", TOK_W_TENSOR},
	{"tuple", TOK_W_TUPLE},
	{"complex", TOK_W_COMPLEX},
	{"fp", TOK_W_FP},
	{"pre_quant", TOK_W_PRE_QUANT},
	{"no_tmp", TOK_W_NO_TMP},
	{"overflow", TOK_W_FLAGS},
	{"fastmath", TOK_W_FLAGS},
	{"public", TOK_W_VIS},
	{"private", TOK_W_VIS},
	{"nested", TOK_W_VIS},
	{"inf", TOK_W_INF},
	{"nan", TOK_W_INF},
	{"pad_mode", TOK_W_EXTRA},
	{"pad_value", TOK_W_EXTRA},
	{"left_padding_num", TOK_W_EXTRA},
	{"init_out_buffer", TOK_W_EXTRA},
	{"right_padding_num", TOK_W_EXTRA},
	{"init_condition", TOK_W_EXTRA},
	{"single_cache_line", TOK_W_LINE},
	{"all", TOK_W_ALL},
	{"aiv_subblockid", TOK_W_SUBBLOCK},
	{"affine_map", TOK_MAP},
	{"affine_set", TOK_MAP},
};

/* Op names that may stand without their dialect: directly in a module or a function. */
static const struct {
	const char *text, *full;
} short_name[] = {
	{"module", "builtin.module"},
	{"return", "func.return"},
	{"call", "func.call"},
	{"unrealized_conversion_cast", "builtin.unrealized_conversion_cast"},
};

static const uint16_t form_token[FORM_COUNT] = {
#define FORM(id) [FORM_##id] = TOK_O_##id,
#include "isa/forms.def"
#undef FORM
};

static const struct {
	const char *text;
	int tok;
	uint32_t aux;
} type_name[] = {
	{"tile_buf", TOK_T_TILE, TY_TILE},
	{"multi_tile_buf", TOK_T_MULTI, TY_MULTI_TILE},
	{"ptr", TOK_T_PTR, TY_PTR},
	{"tensor_view", TOK_T_SHAPED, TY_TVIEW},
	{"partition_tensor_view", TOK_T_SHAPED, TY_PVIEW},
	{"tile", TOK_T_SHAPED, TY_TILE_VALUE},
	{"local_array", TOK_T_SHAPED, TY_LOCAL_ARRAY},
	{"struct", TOK_T_STRUCT, TY_STRUCT},
	{"eventid_array", TOK_T_COUNTED, TY_EVENTID_ARRAY},
	{"pipe", TOK_T_BARE, TY_PIPE},
	{"async_session", TOK_T_BARE, TY_ASYNC_SESSION},
	{"async_event", TOK_T_BARE, TY_ASYNC_EVENT},
	{"prefetch_async_context", TOK_T_BARE, TY_PREFETCH_CTX},
	{"hif8", TOK_T_BARE, TY_LOW},
	{"f8E8M0", TOK_T_BARE, TY_LOW},
	{"f4E1M2x2", TOK_T_BARE, TY_LOW},
	{"f4E2M1x2", TOK_T_BARE, TY_LOW},
	{"hif8x2", TOK_T_BARE, TY_LOW},
	{"bf16x2", TOK_T_BARE, TY_LOW},
	{"vreg", TOK_OPAQUE_TYPE, TY_OPAQUE},
	{"mask", TOK_OPAQUE_TYPE, TY_OPAQUE},
	{"align", TOK_OPAQUE_TYPE, TY_OPAQUE},
};

enum {
	NKEYWORD = sizeof keyword / sizeof keyword[0],
	NSHORT = sizeof short_name / sizeof short_name[0],
	NTYPE = sizeof type_name / sizeof type_name[0]
};

int
type_name_token(struct strv name, uint32_t *aux)
{
	*aux = TY_OPAQUE;
	if (strv_starts(name, "vmi."))
		return TOK_OPAQUE_TYPE;
	for (uint32_t i = 0; i < NTYPE; i++) {
		if (strv_is(name, type_name[i].text)) {
			*aux = type_name[i].aux;
			return type_name[i].tok;
		}
	}
	return 0;
}

/* iN, siN, uiN with 1 <= N < 2^24. */
static bool
int_type_word(struct strv s, uint32_t *width, enum sign *sign)
{
	uint64_t n = 0;

	*sign = s.n && s.p[0] == 's' ? SIGNED : s.n && s.p[0] == 'u' ? UNSIGNED : SIGNLESS;
	uint32_t at = *sign == SIGNLESS ? 0 : 1;
	if (s.n < at + 2 || s.n > at + 9 || s.p[at] != 'i')
		return false;
	for (uint32_t i = at + 1; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		n = n * 10 + (uint64_t)(s.p[i] - '0');
	}
	*width = (uint32_t)n;
	return n > 0 && n < 1u << 24;
}

static struct typ
type_word(struct front *fe, struct strv s)
{
	struct types *t = &fe->ir->types;
	enum float_kind k;
	enum sign sign;
	uint32_t width;

	if (int_type_word(s, &width, &sign))
		return type_int(t, width, sign);
	if (float_find(s, &k))
		return type_float(t, k);
	if (strv_is(s, "index"))
		return type_index(t);
	if (strv_is(s, "none"))
		return type_none(t);
	return (struct typ){0};
}

void
type_name_meant(struct front *fe, struct strv name)
{
	struct guess near = guess_for(name);

	for (uint32_t i = 0; i < NTYPE; i++)
		guess_try(&near, type_name[i].text);
	fe_meant(fe, &near, "!pto.");
}

/* Other languages' names for numbers: the first letter and the digits at the end say which is meant. */
void
number_type_meant(struct front *fe, struct strv name)
{
	static const char *const other[][2] = {{"float", "f32"}, {"half", "f16"}, {"double", "f64"}, {"int", "i32"},
					       {"bool", "i1"}, {"bfloat", "bf16"}};
	static const char *const front[] = {"ff", "ii", "uui", "ssi", "bbf"};
	struct guess near = guess_for(name);
	uint32_t k = name.n;
	char text[8];

	while (k && name.p[k - 1] >= '0' && name.p[k - 1] <= '9')
		k--;
	for (uint32_t i = 0; k && name.n - k < 4 && i < sizeof front / sizeof front[0]; i++) {
		int n = snprintf(text, sizeof text, "%s%.*s", front[i] + 1, (int)(name.n - k), name.p + k);
		if (name.p[0] == front[i][0] && type_word(fe, (struct strv){text, (uint32_t)n}).i) {
			fe_hint(fe, "did you mean '%s'?", text);
			return;
		}
	}
	for (uint32_t i = 0; i < sizeof other / sizeof other[0]; i++) {
		guess_try(&near, other[i][0]);
		if (near.best == other[i][0]) {
			fe_hint(fe, "did you mean '%s'?", other[i][1]);
			return;
		}
	}
	fe_hint(fe, "numbers are f16, bf16, f32, i8 to i64, ui8 to ui64, index");
}

static int
op_token(struct strv s, uint32_t *aux)
{
	enum op_id id = op_find(s);

	*aux = 0;
	if (id == OP_NONE)
		id = legacy_name(s, aux);
	if (id == OP_NONE)
		return 0;
	*aux |= (uint32_t)id;
	return form_token[isa_op[id].form];
}

static int
classify(struct front *fe, struct strv s, uint32_t *aux)
{
	int tok = memchr(s.p, '.', s.n) ? op_token(s, aux) : 0;

	if (tok)
		return tok;
	*aux = 0;
	for (uint32_t i = 0; i < NKEYWORD; i++)
		if (strv_is(s, keyword[i].text))
			return keyword[i].tok;
	for (uint32_t i = 0; i < NSHORT; i++)
		if (strv_is(s, short_name[i].text))
			return op_token((struct strv){short_name[i].full, (uint32_t)strlen(short_name[i].full)}, aux);
	*aux = type_word(fe, s).i;
	if (*aux)
		return TOK_TYPE_WORD;
	return memchr(s.p, '.', s.n) ? TOK_NAME_WORD : TOK_WORD;
}

int
word_token(struct front *fe, struct sym s, uint32_t *aux)
{
	if (s.i >= fe->word.n)
		VEC_ADD(fe->a, &fe->word, s.i + 1 - fe->word.n);
	struct word_class *w = &fe->word.at[s.i];
	if (w->tok == 0)
		w->tok = (uint16_t)classify(fe, sym_text(&fe->ir->in, s), &w->aux);
	*aux = w->aux;
	return w->tok;
}

bool
word_is_type(const struct front *fe, struct word w)
{
	return w.sym.i < fe->word.n && fe->word.at[w.sym.i].tok == TOK_TYPE_WORD;
}

void
words_init(struct front *fe)
{
#define WORD(id, text) fe->w.id = intern_add(&fe->ir->in, STRV(text));
#include "front/words.def"
#undef WORD
	fe->nknown = fe->ir->in.text.n;
}
