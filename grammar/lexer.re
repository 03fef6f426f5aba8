/*
 * lexer: bytes -> tokens with spans. No allocation but interning; no line counting. The text ends with one NUL at *end
 * (re2c:eof), embedded NULs are ordinary bytes and reach the error rule. Op names become one token per form, type texts
 * seen before become one TYPE token without being parsed again.
 */
#include "front/build.h"
#include "parser.h"

#include <stdio.h>

/*!re2c
	re2c:define:YYCTYPE = "unsigned char";
	re2c:define:YYCURSOR = p;
	re2c:define:YYMARKER = mark;
	re2c:define:YYLIMIT = end;
	re2c:yyfill:enable = 0;
	re2c:eof = 0;

	digit = [0-9];
	hex = [0-9A-Fa-f];
	suffix = digit+ | [A-Za-z$._-] [A-Za-z0-9$._-]*;
	word = [A-Za-z_] [A-Za-z0-9_$.]*;
	int = digit+ | "0x" hex+;
	float = digit+ "." digit* ([eE] [-+]? digit+)?;
	dims = ((digit+ | "?") ("x" | [ \t]+ "x" [ \t]+))+;
*/

static struct span
span_of(const struct front *fe, const unsigned char *lo, const unsigned char *hi)
{
	return (struct span){(uint32_t)(lo - fe->text), (uint32_t)(hi - fe->text)};
}

static struct strv
text_of(const unsigned char *lo, const unsigned char *hi)
{
	return (struct strv){(const char *)lo, (uint32_t)(hi - lo)};
}

/* Length of the UTF-8 sequence at p, 0 when it is not one. */
static uint32_t
utf8_length(const unsigned char *p, const unsigned char *end)
{
	uint32_t n = *p >= 0xc2 && *p < 0xe0 ? 2 : *p >= 0xe0 && *p < 0xf0 ? 3 : *p >= 0xf0 && *p < 0xf5 ? 4 : 0;

	if (n == 0 || (size_t)(end - p) < n)
		return 0;
	for (uint32_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] > 0x9f) || (*p == 0xf0 && p[1] < 0x90) ||
	    (*p == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

static void
bad_byte(struct front *fe, const unsigned char *p)
{
	uint32_t n = *p >= 0x80 ? utf8_length(p, fe->end) : 1;
	struct span s = span_of(fe, p, p + (n ? n : 1));

	if (*p == '\0')
		fe_error(fe, DIAG_LEX, s, "NUL byte in the source");
	else if (n == 0)
		fe_error(fe, DIAG_LEX, s, "invalid UTF-8 byte 0x%02X", *p);
	else if (n == 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		fe_error(fe, DIAG_LEX, s, "a byte order mark is not allowed");
	else if (n > 1)
		fe_error(fe, DIAG_LEX, s, "'%.*s' is allowed in strings and comments only", (int)n, (const char *)p);
	else if (*p < 0x20 || *p == 0x7f)
		fe_error(fe, DIAG_LEX, s, "control character 0x%02X", *p);
	else
		fe_error(fe, DIAG_LEX, s, "unexpected character '%c'", *p);
	if (*p == ';')
		fe_hint(fe, "nothing stands between operations");
	else if (*p == '/')
		fe_hint(fe, "a comment begins with //");
	else if (*p == '\'')
		fe_hint(fe, "strings stand in double quotes");
}

static bool
is_hex(unsigned char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static bool
is_word_byte(unsigned char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || c == '$';
}

/* Scans a string from its opening quote; returns its end, NULL after an error. */
static const unsigned char *
scan_string(struct front *fe, const unsigned char *lo)
{
	const unsigned char *p = lo + 1;

	for (;; p++) {
		if (p >= fe->end || *p == '\n') {
			fe_error(fe, DIAG_LEX, span_of(fe, lo, p), "unterminated string");
			return NULL;
		}
		if (*p == '"')
			return p + 1;
		if (*p == '\0') {
			fe_error(fe, DIAG_LEX, span_of(fe, p, p + 1), "NUL byte in a string");
			return NULL;
		}
		if (*p != '\\')
			continue;
		p++;
		if (p < fe->end && (*p == '"' || *p == '\\' || *p == 'n' || *p == 't'))
			continue;
		if (p + 1 < fe->end && is_hex(p[0]) && is_hex(p[1])) {
			p++;
			continue;
		}
		bool more = p < fe->end && *p != '\n';
		fe_error(fe, DIAG_LEX, span_of(fe, p - 1, more ? p + 1 : p), "unknown escape in a string");
		fe_hint(fe, "the escapes are \\\" \\\\ \\n \\t and \\XX with two hexadecimal digits");
		return NULL;
	}
}

/*
 * End of the bracketed text at `<`, NULL when it does not end within `limit`. `->` does not close; strings are skipped.
 * Only for texts that are kept as written and for the type memo.
 */
static const unsigned char *
scan_angles(const unsigned char *p, const unsigned char *limit)
{
	uint32_t depth = 0;

	for (; p < limit; p++) {
		if (*p == '<') {
			depth++;
		} else if (*p == '>') {
			if (p[-1] != '-' && --depth == 0)
				return p + 1;
		} else if (*p == '"') {
			for (p++; p < limit && *p != '"' && *p != '\n'; p++)
				if (*p == '\\')
					p++;
		} else if (*p == '\0') {
			return NULL;
		}
	}
	return NULL;
}

/* As scan_angles without a limit, with an error. */
static const unsigned char *
scan_opaque(struct front *fe, const unsigned char *lo, const unsigned char *p)
{
	const unsigned char *e = scan_angles(p, fe->end);

	if (!e)
		fe_error(fe, DIAG_LEX, span_of(fe, lo, p + 1), "'<' without its '>'");
	return e;
}

static bool
skip_metadata(struct front *fe, const unsigned char *lo)
{
	const unsigned char *p = lo + 3;

	for (; p + 2 < fe->end; p++) {
		if (p[0] == '#' && p[1] == '-' && p[2] == '}') {
			fe->cur = p + 3;
			return true;
		}
	}
	fe_error(fe, DIAG_LEX, span_of(fe, lo, lo + 3), "'{-#' without its '#-}'");
	return false;
}

/* Texts longer than this are parsed each time: bounds the work of looking for their end. */
enum { MEMO_MAX = 1024 };

/* A text that starts as a known one goes on like it to the same closing bracket, so the last one needs no scan. */
static struct typ
memo_lookup(struct front *fe, const unsigned char *lo, const unsigned char *angle, const unsigned char **hi)
{
	const unsigned char *limit = fe->end - lo > MEMO_MAX ? lo + MEMO_MAX : fe->end;
	struct memo *last = &fe->recent[(angle - lo) % MEMO_RECENT];

	if (last->n && last->n <= (size_t)(limit - lo) && memcmp(fe->text + last->lo, lo, last->n) == 0) {
		*hi = lo + last->n;
		return last->type;
	}
	*hi = scan_angles(angle, limit);
	if (!*hi)
		return (struct typ){0};
	uint32_t n = (uint32_t)(*hi - lo);
	struct memo m = memo_find(fe, (uint32_t)(lo - fe->text), n, memo_hash(lo, n));
	if (m.n)
		*last = m;
	return m.type;
}

/* Token of a type that starts with `!`; p is behind the name. */
static int
bang(struct front *fe, PTO_STYPE *val, const unsigned char *lo, const unsigned char *p)
{
	struct strv name = text_of(lo + 1, p);
	bool angle = p < fe->end && *p == '<';
	const unsigned char *hi = NULL;

	fe->cur = p;
	if (angle && strv_starts(name, "pto")) {
		struct typ t = memo_lookup(fe, lo, p, &hi);
		if (t.i) {
			fe->cur = hi;
			val->TOK_TYPE = t;
			return TOK_TYPE;
		}
	}
	if (strv_is(name, "pto") && angle) {
		fe->cur = p + 1;
		fe->depth++;
		fe->long_type = true;
		return TOK_PTO_TYPE;
	}
	if (!memchr(name.p, '.', name.n) && !angle) {
		val->TOK_BANG_ALIAS = intern_add(&fe->ir->in, name);
		return TOK_BANG_ALIAS;
	}
	if (!strv_starts(name, "pto.")) {
		fe_error(fe, DIAG_UNKNOWN_TYPE, span_of(fe, lo, p), "unknown type '!%.*s'", (int)name.n, name.p);
		return TOK_PTO_error;
	}
	struct strv kind = {name.p + 4, name.n - 4};
	uint32_t aux;
	int tok = type_name_token(kind, &aux);
	if (!tok) {
		fe_error(fe, DIAG_UNKNOWN_TYPE, span_of(fe, lo, p), "unknown  type `%.*s` in dialect `pto`",
			 (int)kind.n, kind.p);
		type_name_meant(fe, kind);
		return TOK_PTO_error;
	}
	if (tok == TOK_OPAQUE_TYPE && angle) {
		hi = scan_opaque(fe, lo, p);
		if (!hi)
			return TOK_PTO_error;
		fe->cur = hi;
	}
	val->TOK_T_BARE = (struct word){intern_add(&fe->ir->in, kind), aux};
	return tok;
}

/* The type name inside !pto<NAME...>. */
static int
long_type_name(struct front *fe, PTO_STYPE *val, struct strv name)
{
	uint32_t aux;
	int tok = type_name_token(name, &aux);
	const unsigned char *lo = fe->cur - name.n;

	fe->long_type = false;
	if (!tok) {
		fe_error(fe, DIAG_UNKNOWN_TYPE, span_of(fe, lo, fe->cur), "unknown  type `%.*s` in dialect `pto`",
			 (int)name.n, name.p);
		type_name_meant(fe, name);
		return TOK_PTO_error;
	}
	if (tok == TOK_OPAQUE_TYPE && fe->cur < fe->end && *fe->cur == '<') {
		const unsigned char *hi = scan_opaque(fe, lo, fe->cur);
		if (!hi)
			return TOK_PTO_error;
		fe->cur = hi;
	}
	val->TOK_T_BARE = (struct word){intern_add(&fe->ir->in, name), aux};
	return tok;
}

/* Token of an attribute that starts with `#`; p is behind the name. */
static int
hash(struct front *fe, PTO_STYPE *val, const unsigned char *lo, const unsigned char *p)
{
	struct strv name = text_of(lo + 1, p);
	bool angle = p < fe->end && *p == '<';
	enum enum_id id;

	fe->cur = p;
	if (strv_is(name, "pto") && angle) {
		const unsigned char *q = p + 1;
		while (q < fe->end && is_word_byte(*q))
			q++;
		struct strv inner = text_of(p + 1, q);
		if (enum_find(inner, &id) || inner.n == 0) {
			fe->cur = p + 1;
			fe->depth++;
			return TOK_PTO_ATTR;
		}
	}
	if (strv_starts(name, "pto.") && angle) {
		struct strv kind = {name.p + 4, name.n - 4};
		val->TOK_DOTTED_ATTR = (struct word){intern_add(&fe->ir->in, kind), 0};
		if (strv_is(kind, "tile_buf_config"))
			return TOK_W_CONFIG;
		if (enum_find(kind, &id))
			return TOK_DOTTED_ATTR;
	}
	if (angle) {
		const unsigned char *hi = scan_opaque(fe, lo, p);
		if (!hi)
			return TOK_PTO_error;
		fe->cur = hi;
		return TOK_OPAQUE_ATTR;
	}
	if (memchr(name.p, '.', name.n))
		return TOK_OPAQUE_ATTR;
	val->TOK_HASH_ALIAS = intern_add(&fe->ir->in, name);
	return TOK_HASH_ALIAS;
}

/* A number of at most nine digits; NULL when there is none at p. */
static const unsigned char *
short_number(const unsigned char *p, const unsigned char *end, uint32_t *v)
{
	const unsigned char *lo = p;

	for (*v = 0; p < end && *p >= '0' && *p <= '9' && p - lo < 10; p++)
		*v = *v * 10 + (uint32_t)(*p - '0');
	return p == lo || p - lo > 9 ? NULL : p;
}

/*
 * End of ("FILE":LINE:COLUMN) at p, as producers print it behind every op; NULL when it is written in any other way.
 * A third of all tokens are in these, so they are one.
 */
static const unsigned char *
plain_loc(struct front *fe, const unsigned char *p, uint32_t *loc)
{
	const unsigned char *end = fe->end;
	uint32_t line, col;

	if (end - p < 2 || p[0] != '(' || p[1] != '"')
		return NULL;
	const unsigned char *lo = p + 2;
	struct strv last = fe->loc_text;
	bool same = last.n && last.n < (size_t)(end - lo) && lo[last.n] == '"' && memcmp(lo, last.p, last.n) == 0;
	p = same ? lo + last.n : lo;
	while (p < end && *p != '"' && *p != '\\' && *p != '\n' && *p != '\0')
		p++;
	if (end - p < 2 || p[0] != '"' || p[1] != ':')
		return NULL;
	struct strv file = text_of(lo, p);
	p = short_number(p + 2, end, &line);
	if (!p || p == end || *p != ':')
		return NULL;
	p = short_number(p + 1, end, &col);
	if (!p || p == end || *p != ')')
		return NULL;
	*loc = loc_plain(fe, file, line, col);
	return p + 1;
}

static int
word(struct front *fe, PTO_STYPE *val, const unsigned char *lo, const unsigned char *p)
{
	struct strv text = text_of(lo, p);

	fe->cur = p;
	if (fe->long_type)
		return long_type_name(fe, val, text);
	struct sym s = intern_add(&fe->ir->in, text);
	uint32_t aux;
	int tok = word_token(fe, s, &aux);
	if (tok == TOK_W_LOC) {
		const unsigned char *hi = plain_loc(fe, p, &val->TOK_PLAIN_LOC);
		if (hi) {
			fe->cur = hi;
			return TOK_PLAIN_LOC;
		}
	}
	if (tok == TOK_MAP) {
		const unsigned char *q = p;
		while (q < fe->end && (*q == ' ' || *q == '\t' || *q == '\r' || *q == '\n'))
			q++;
		if (q < fe->end && *q == '<') {
			const unsigned char *hi = scan_opaque(fe, lo, q);
			if (!hi)
				return TOK_PTO_error;
			q = memchr(q, '"', (size_t)(hi - q));
			if (q) {
				fe_error(fe, DIAG_LEX, span_of(fe, q, q + 1), "a string in a map");
				return TOK_PTO_error;
			}
			fe->cur = hi;
			return TOK_MAP;
		}
		tok = TOK_WORD;
	}
	val->TOK_WORD = (struct word){s, aux};
	return tok;
}

static int
value(struct front *fe, PTO_STYPE *val, const unsigned char *lo, const unsigned char *p)
{
	const unsigned char *h = p;
	uint32_t num = 0;

	/* The name cannot contain '#', so the first one from the left starts the result number. */
	const unsigned char *q = memchr(lo, '#', (size_t)(p - lo));
	if (q) {
		uint64_t n;
		h = q;
		if (!int_value(text_of(q + 1, p), &n) || n >= UINT16_MAX) {
			fe_error(fe, DIAG_LITERAL, span_of(fe, q, p), "result number is too large");
			return TOK_PTO_error;
		}
		num = (uint32_t)n + 1;
	}
	fe->cur = p;
	val->TOK_VALUE = (struct use){intern_add(&fe->ir->in, text_of(lo + 1, h)), num, {0, 0}};
	return TOK_VALUE;
}

static int
number(struct front *fe, int tok, const unsigned char *lo, const unsigned char *p)
{
	fe->cur = p;
	if (p >= fe->end || !is_word_byte(*p))
		return tok;
	const unsigned char *q = p;
	while (q < fe->end && (is_word_byte(*q) || *q == '.'))
		q++;
	fe_error(fe, DIAG_LEX, span_of(fe, lo, q), "malformed number '%.*s'", (int)(q - lo), (const char *)lo);
	if (tok == TOK_INT && (*p | 0x20) == 'e')
		fe_hint(fe, "a floating-point number needs a dot: '%.*s.%.*s'", (int)(p - lo), (const char *)lo,
			(int)(q - p), (const char *)p);
	return TOK_PTO_error;
}

static int
symbol(struct front *fe, PTO_STYPE *val, const unsigned char *lo, const unsigned char *p)
{
	fe->cur = p;
	if (lo[1] == '"') {
		const unsigned char *hi = scan_string(fe, lo + 1);
		if (!hi)
			return TOK_PTO_error;
		fe->cur = hi;
		val->TOK_SYMBOL = string_sym(fe, span_of(fe, lo + 1, hi));
		return TOK_SYMBOL;
	}
	val->TOK_SYMBOL = intern_add(&fe->ir->in, text_of(lo + 1, p));
	return TOK_SYMBOL;
}

/* Punctuation; counts open brackets for the nesting limit. */
static int
punct(struct front *fe, const unsigned char *lo)
{
	fe->cur = lo + 1;
	switch (*lo) {
	case '(': case '[': case '{': case '<':
		if (++fe->depth - fe->depth0 > NESTING_MAX) {
			fe_error(fe, DIAG_NESTING, span_of(fe, lo, lo + 1), "types or attributes nested deeper than %d",
				 NESTING_MAX);
			return TOK_PTO_error;
		}
		break;
	case ')': case ']': case '}': case '>':
		fe->depth--;
		break;
	default:
		break;
	}
	return *lo;
}

static int
next_token(struct front *fe, PTO_STYPE *val, const unsigned char **start)
{
	const unsigned char *p = fe->cur, *end = fe->end, *mark = p, *lo;

	(void)mark;
	for (;;) {
		lo = p;
		*start = lo;
		/*!re2c
		$ { fe->cur = lo; return TOK_YYEOF; }
		[ \t\r\n]+ { continue; }
		"//" [^\n\x00]* { continue; }
		"{-#" {
			if (!skip_metadata(fe, lo))
				return TOK_PTO_error;
			p = fe->cur;
			continue;
		}
		word { return word(fe, val, lo, p); }
		"%" suffix ("#" digit+)? { return value(fe, val, lo, p); }
		"^" suffix {
			fe->cur = p;
			val->TOK_BLOCK = intern_add(&fe->ir->in, text_of(lo + 1, p));
			return TOK_BLOCK;
		}
		"@" (word | ["]) { return symbol(fe, val, lo, p); }
		"#" suffix { return hash(fe, val, lo, p); }
		"!" suffix { return bang(fe, val, lo, p); }
		int { return number(fe, TOK_INT, lo, p); }
		float { return number(fe, TOK_FLOAT, lo, p); }
		dims { fe->cur = p; return TOK_DIMS; }
		["] {
			const unsigned char *hi = scan_string(fe, lo);
			if (!hi)
				return TOK_PTO_error;
			fe->cur = hi;
			return TOK_STRING;
		}
		"->" { fe->cur = p; return TOK_ARROW; }
		"::" { fe->cur = p; return TOK_COLONS; }
		[[\](){}<>,:=?-] { return punct(fe, lo); }
		[%^@#!] {
			fe_error(fe, DIAG_LEX, span_of(fe, lo, p), "expected a name after '%c'", *lo);
			return TOK_PTO_error;
		}
		* { bad_byte(fe, lo); return TOK_PTO_error; }
		*/
	}
}

int
pto_lex(PTO_STYPE *val, struct span *loc, struct front *fe)
{
	const unsigned char *lo;

	if (fe->failed)
		return TOK_PTO_error;
	int tok = next_token(fe, val, &lo);
	*loc = span_of(fe, lo, fe->cur);
	if (tok > 0)
		fe->last = *loc;
	return tok;
}
