/* fixpipe: see fixpipe.h. */
#include "isa/fixpipe.h"

const struct quant_row isa_quant[] = {
	{"no_convert", "NoQuant", "f32 i32", "f32 i32", QUANT_NONE},
	{"f32_f16", "F322F16", "f32", "f16", QUANT_NONE},
	{"f32_bf16", "F322BF16", "f32", "bf16", QUANT_NONE},
	{"req8_scalar", "REQ8", "i32", "si8 ui8", QUANT_SCALAR},
	{"req8_vec", "VREQ8", "i32", "si8", QUANT_VECTOR},
	{"deqf16_scalar", "DEQF16", "i32", "f16", QUANT_SCALAR},
	{"deqf16_vec", "VDEQF16", "i32", "f16", QUANT_VECTOR},
	{"qf322b8_pre_scalar", "QF322B8_PRE", "f32", "si8 ui8", QUANT_SCALAR},
	{"qf322b8_pre_vec", "VQF322B8_PRE", "f32", "si8", QUANT_VECTOR},
	{"qf322f16_pre_scalar", "QF322F16_PRE", "f32", "f16", QUANT_SCALAR},
	{"qf322bf16_pre_scalar", "QF322BF16_PRE", "f32", "bf16", QUANT_SCALAR},
	{"qs322bf16_pre_scalar", "", NULL, NULL, QUANT_SCALAR},
	{"qs322bf16_pre_vec", "", NULL, NULL, QUANT_VECTOR},
	{"qf322hif8_pre_scalar", "", NULL, NULL, QUANT_SCALAR},
	{"qf322fp8_pre_scalar", "", NULL, NULL, QUANT_SCALAR},
};

static const char *const layout_name[][2] = {{"nz2nd", "NZ2ND"}, {"nz2dn", "NZ2DN"}, {"nz2nz", "NZ2NZ"}};
static const char *const relu_name[][2] = {{"no_relu", "NoRelu"}, {"normal_relu", "NormalRelu"}};

const char *
fixpipe_layout(uint32_t layout)
{
	return layout_name[layout][0];
}

const char *
fixpipe_layout_cxx(uint32_t layout)
{
	return layout_name[layout][1];
}

const char *
fixpipe_relu(uint32_t relu)
{
	return relu_name[relu][0];
}

const char *
fixpipe_relu_cxx(uint32_t relu)
{
	return relu_name[relu][1];
}

/* The word after `key` and its `=`; n = 0 when it is missing. */
static struct strv
value_of(struct strv s, const char *key)
{
	uint32_t nk = (uint32_t)strlen(key);

	for (uint32_t i = 0; i + nk < s.n; i++) {
		if (memcmp(s.p + i, key, nk) != 0 || (i && s.p[i - 1] != '<' && s.p[i - 1] != ' ' && s.p[i - 1] != ','))
			continue;
		uint32_t j = i + nk;
		while (j < s.n && (s.p[j] == ' ' || s.p[j] == '=' || s.p[j] == '\n' || s.p[j] == '\t'))
			j++;
		uint32_t e = j;
		while (e < s.n && s.p[e] != ',' && s.p[e] != '>' && s.p[e] != ' ')
			e++;
		return (struct strv){s.p + j, e - j};
	}
	return (struct strv){s.p, 0};
}

bool
fixpipe_parse(struct strv text, struct fixpipe *f)
{
	struct strv layout = value_of(text, "layout"), quant = value_of(text, "quant"), relu = value_of(text, "relu");
	uint32_t nquant = sizeof isa_quant / sizeof isa_quant[0];

	if (!strv_starts(text, "#pto.acc_push_epilogue<"))
		return false;
	for (f->layout = 0; f->layout < 3 && !strv_is(layout, layout_name[f->layout][0]);)
		f->layout++;
	for (f->quant = 0; f->quant < nquant && !strv_is(quant, isa_quant[f->quant].name);)
		f->quant++;
	for (f->relu = 0; f->relu < 2 && !strv_is(relu, relu_name[f->relu][0]);)
		f->relu++;
	return f->layout < 3 && f->quant < nquant && f->relu < 2;
}
