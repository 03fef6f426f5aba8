/* policy: see policy.h. */
#include "diag/policy.h"

static struct strv
spelled(uint32_t id)
{
	const char *s = diag_spelling((enum diag_id)id);

	return (struct strv){s, (uint32_t)strlen(s)};
}

static bool
find_id(struct strv name, uint32_t *id)
{
	for (*id = 0; *id < DIAG_COUNT; ++*id)
		if (strv_eq(name, spelled(*id)))
			return true;
	return false;
}

static void
unknown_id(struct strv name, struct out *why)
{
	struct guess near = guess_for(name);

	for (uint32_t i = 0; i < DIAG_COUNT; i++)
		if (diag_default_severity((enum diag_id)i) == DIAG_WARNING)
			guess_try(&near, diag_spelling((enum diag_id)i));
	out_f(why, "unknown warning '%.*s'", (int)name.n, name.p);
	if (near.best)
		out_f(why, "; did you mean '%s'?", near.best);
	else
		out_str(why, "; --help lists the names");
}

static bool
strip(struct strv *s, const char *prefix)
{
	if (!strv_starts(*s, prefix))
		return false;
	s->p += strlen(prefix);
	s->n -= (uint32_t)strlen(prefix);
	return true;
}

bool
policy_add(struct diag_policy *p, struct strv word, struct out *why)
{
	enum diag_choice choice = DIAG_SHOW;
	struct strv name = word;
	uint32_t id;

	if (strv_is(word, "error") || strv_is(word, "no-error")) {
		p->all_errors = strv_is(word, "error");
		return true;
	}
	if (strip(&name, "error="))
		choice = DIAG_RAISE;
	else if (!strip(&name, "no-error=") && strip(&name, "no-"))
		choice = DIAG_HIDE;
	if (!find_id(name, &id)) {
		unknown_id(name, why);
		return false;
	}
	if (diag_default_severity((enum diag_id)id) == DIAG_ERROR) {
		if (choice != DIAG_HIDE && !strv_starts(word, "no-"))
			return true;
		out_f(why, "'%.*s' is an error, not a warning", (int)name.n, name.p);
		return false;
	}
	p->of[id] = (unsigned char)choice;
	return true;
}

bool
policy_add_list(struct diag_policy *p, const char *words, struct out *why)
{
	while (*words) {
		uint32_t n = (uint32_t)strcspn(words, ",");
		if (n && !policy_add(p, (struct strv){words, n}, why))
			return false;
		words += n + (words[n] == ',');
	}
	return true;
}

enum diag_severity
policy_severity(const struct diag_policy *p, enum diag_id id)
{
	if (diag_default_severity(id) == DIAG_ERROR)
		return DIAG_ERROR;
	switch ((enum diag_choice)p->of[id]) {
	case DIAG_AS_IT_IS:
		return p->all_errors ? DIAG_ERROR : DIAG_WARNING;
	case DIAG_SHOW:
		return DIAG_WARNING;
	case DIAG_HIDE:
		return DIAG_HIDDEN;
	case DIAG_RAISE:
		return DIAG_ERROR;
	}
	return DIAG_WARNING;
}

void
policy_ids(struct out *o)
{
	for (uint32_t i = 0; i < DIAG_COUNT; i++)
		if (diag_default_severity((enum diag_id)i) == DIAG_WARNING)
			out_f(o, "  %s\n", diag_spelling((enum diag_id)i));
}
