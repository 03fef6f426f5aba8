/* out: a growing text buffer in an arena. The text is always NUL-terminated. */
#ifndef PTOC_BASE_OUT_H
#define PTOC_BASE_OUT_H

#include "base/str.h"

#if defined(__GNUC__)
#define PTOC_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define PTOC_PRINTF(f, a)
#endif

struct out {
	struct arena *a;
	char *p;
	uint32_t n, cap;
};

void out_init(struct out *o, struct arena *a);
void out_str(struct out *o, const char *s);
void out_strv(struct out *o, struct strv s);
void out_char(struct out *o, char c);
void out_i64(struct out *o, int64_t v);
void out_u64(struct out *o, uint64_t v);
void out_pad(struct out *o, char c, uint32_t n);
void out_f(struct out *o, const char *fmt, ...) PTOC_PRINTF(2, 3);
/* The text as a JSON string, with its quotes. */
void out_json(struct out *o, const char *s);
struct strv out_text(const struct out *o);

#endif
