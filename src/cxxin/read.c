/* read: the entry of the reader; see cxxin.h. */
#include "cxxin/model.h"

bool
cxxin_read(struct ir *ir, struct cxxin *out)
{
	struct reader *r = ARENA_NEW(ir->a, struct reader);

	r->a = ir->a;
	r->ir = ir;
	r->out = out;
	VEC_ADD(r->a, &r->ctype, 1);
	VEC_ADD(r->a, &r->expr, 1);
	VEC_ADD(r->a, &r->stmt, 1);
	VEC_ADD(r->a, &r->var, 1);
	VEC_ADD(r->a, &r->cfunc, 1);
	VEC_ADD(r->a, &r->cur, 1);
	VEC_ADD(r->a, &r->known, 1);
	cx_callees(r);
	return cx_lex(r) && cx_parse(r) && cx_build(r);
}

static bool
ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n > m && strcmp(name + n - m, end) == 0;
}

bool
cxxin_is_cxx(const char *name, const char *text, uint32_t n)
{
	static const char *const cxx[] = {".cpp", ".cc", ".cxx", ".cce", ".hpp", ".h"};
	uint32_t k = 0;

	for (size_t i = 0; i < sizeof cxx / sizeof cxx[0]; i++)
		if (ends_in(name, cxx[i]))
			return true;
	if (ends_in(name, ".pto"))
		return false;
	while (k < n && (text[k] == ' ' || text[k] == '\t' || text[k] == '\r' || text[k] == '\n'))
		k++;
	return n - k > 8 && memcmp(text + k, "#include", 8) == 0;
}
