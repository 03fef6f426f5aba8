/* out: see out.h. */
#include "base/out.h"

#include <stdarg.h>
#include <stdio.h>

void
out_init(struct out *o, struct arena *a)
{
	memset(o, 0, sizeof *o);
	o->a = a;
	o->p = arena_grow(a, NULL, 0, &o->cap, 64, 1);
	o->p[0] = '\0';
}

static char *
room(struct out *o, uint32_t n)
{
	if (o->cap - o->n <= n)
		o->p = arena_grow(o->a, o->p, o->n + 1, &o->cap, o->n + n + 1, 1);
	return o->p + o->n;
}

void
out_strv(struct out *o, struct strv s)
{
	char *d = room(o, s.n);

	if (s.n)
		memcpy(d, s.p, s.n);
	o->n += s.n;
	o->p[o->n] = '\0';
}

void
out_str(struct out *o, const char *s)
{
	out_strv(o, (struct strv){s, (uint32_t)strlen(s)});
}

void
out_char(struct out *o, char c)
{
	char *d = room(o, 1);

	d[0] = c;
	d[1] = '\0';
	o->n++;
}

void
out_pad(struct out *o, char c, uint32_t n)
{
	memset(room(o, n), c, n);
	o->n += n;
	o->p[o->n] = '\0';
}

void
out_u64(struct out *o, uint64_t v)
{
	char buf[20];
	uint32_t n = 0;

	do
		buf[sizeof buf - ++n] = (char)('0' + v % 10);
	while (v /= 10);
	out_strv(o, (struct strv){buf + sizeof buf - n, n});
}

void
out_i64(struct out *o, int64_t v)
{
	if (v < 0)
		out_char(o, '-');
	out_u64(o, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

/* The conversions the compiler prints millions of; returns the format behind them, or NULL for any other. */
static const char *
convert(struct out *o, const char *f, va_list *ap)
{
	if (*f == 's') {
		out_str(o, va_arg(*ap, const char *));
	} else if (*f == 'u') {
		out_u64(o, va_arg(*ap, unsigned));
	} else if (*f == 'd') {
		out_i64(o, va_arg(*ap, int));
	} else if (*f == 'c') {
		out_char(o, (char)va_arg(*ap, int));
	} else if (*f == '%') {
		out_char(o, '%');
	} else if (strncmp(f, "lld", 3) == 0) {
		out_i64(o, va_arg(*ap, long long));
		return f + 3;
	} else if (strncmp(f, "llu", 3) == 0) {
		out_u64(o, va_arg(*ap, unsigned long long));
		return f + 3;
	} else {
		return NULL;
	}
	return f + 1;
}

/* False, with o->n where it was, when the format has another conversion. */
static bool
convert_all(struct out *o, const char *f, va_list *ap)
{
	uint32_t at = o->n;

	while (f && *f) {
		uint32_t n = 0;
		while (f[n] && f[n] != '%')
			n++;
		if (n)
			out_strv(o, (struct strv){f, n});
		f = f[n] ? convert(o, f + n + 1, ap) : f + n;
	}
	if (!f)
		o->n = at;
	return f != NULL;
}

void
out_f(struct out *o, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	bool done = convert_all(o, fmt, &ap);
	va_end(ap);
	if (done)
		return;
	va_start(ap, fmt);
	int n = vsnprintf(o->p + o->n, o->cap - o->n, fmt, ap);
	va_end(ap);
	if (n >= 0 && (uint32_t)n >= o->cap - o->n) {
		va_start(ap, fmt);
		char *d = room(o, (uint32_t)n);
		vsnprintf(d, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	if (n > 0)
		o->n += (uint32_t)n;
}

struct strv
out_text(const struct out *o)
{
	return (struct strv){o->p, o->n};
}

void
out_json(struct out *o, const char *s)
{
	out_char(o, '"');
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		if (c == '"' || c == '\\')
			out_char(o, '\\');
		if (c < 0x20)
			out_f(o, "\\u%04x", c);
		else
			out_char(o, *s);
	}
	out_char(o, '"');
}
