/*
 * number: numbers as written to values, independent of the locale. Decimal floats are converted exactly: digits * 10^e
 * as a ratio of big integers, its quotient rounded once to 53 bits (nearest even).
 */
#include "front/build.h"

#include <math.h>

bool
int_value(struct strv s, uint64_t *v)
{
	bool hex = s.n > 2 && s.p[0] == '0' && s.p[1] == 'x';
	uint64_t r = 0;

	for (uint32_t i = hex ? 2 : 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		uint64_t d = c <= '9' ? (uint64_t)(c - '0') : (uint64_t)((c | 0x20) - 'a' + 10);
		uint64_t base = hex ? 16 : 10;
		if (r > (UINT64_MAX - d) / base)
			return false;
		r = r * base + d;
	}
	*v = r;
	return true;
}

/* ---- big integers, little endian ---- */

enum {
	DIGITS_MAX = 800, /* further digits cannot change the rounding, except from an exact tie: see sticky */
	LIMB_MAX = 160    /* 10^800 and 2^1100 fit with room to spare */
};

struct big {
	uint32_t limb[LIMB_MAX], n;
};

static void
big_mul_add(struct big *b, uint32_t m, uint32_t add)
{
	uint64_t c = add;

	for (uint32_t i = 0; i < b->n; i++) {
		c += (uint64_t)b->limb[i] * m;
		b->limb[i] = (uint32_t)c;
		c >>= 32;
	}
	if (c && b->n < LIMB_MAX)
		b->limb[b->n++] = (uint32_t)c;
}

static void
big_pow10(struct big *b, uint32_t e)
{
	for (; e >= 9; e -= 9)
		big_mul_add(b, 1000000000u, 0);
	for (; e > 0; e--)
		big_mul_add(b, 10, 0);
}

static uint32_t
big_bits(const struct big *b)
{
	uint32_t n = b->n ? (b->n - 1) * 32 : 0;

	for (uint32_t top = b->n ? b->limb[b->n - 1] : 0; top; top >>= 1)
		n++;
	return n;
}

static void
big_shift(struct big *b, uint32_t k)
{
	uint32_t limbs = k / 32, bits = k % 32;

	if (b->n == 0 || b->n + limbs + 1 > LIMB_MAX)
		return;
	for (uint32_t i = b->n; i-- > 0;)
		b->limb[i + limbs] = b->limb[i];
	memset(b->limb, 0, limbs * sizeof b->limb[0]);
	b->n += limbs;
	if (bits)
		big_mul_add(b, 1u << bits, 0);
}

static int
big_cmp(const struct big *a, const struct big *b)
{
	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	for (uint32_t i = a->n; i-- > 0;)
		if (a->limb[i] != b->limb[i])
			return a->limb[i] < b->limb[i] ? -1 : 1;
	return 0;
}

static void
big_sub(struct big *a, const struct big *b)
{
	uint64_t borrow = 0;

	for (uint32_t i = 0; i < a->n; i++) {
		uint64_t d = (uint64_t)a->limb[i] - (i < b->n ? b->limb[i] : 0) - borrow;
		a->limb[i] = (uint32_t)d;
		borrow = d >> 63;
	}
	while (a->n && a->limb[a->n - 1] == 0)
		a->n--;
}

/* num / den as a double, rounded once; sticky: num is a little larger than given. */
static double
big_ratio(struct big *num, struct big *den, bool sticky)
{
	/* Scale so that the quotient q has 64 or 65 bits: num/den = q * 2^-shift. */
	int shift = 64 - ((int)big_bits(num) - (int)big_bits(den));
	uint64_t q = 0;

	big_shift(shift > 0 ? num : den, (uint32_t)(shift > 0 ? shift : -shift));
	int exp = -shift;
	big_shift(den, 64);
	bool top = big_cmp(num, den) >= 0;
	if (top)
		big_sub(num, den);
	for (int i = 0; i < 64; i++) {
		big_mul_add(num, 2, 0);
		q <<= 1;
		if (big_cmp(num, den) >= 0) {
			big_sub(num, den);
			q |= 1;
		}
	}
	if (num->n)
		sticky = true;
	if (top) {
		sticky = sticky || (q & 1);
		q = q >> 1 | UINT64_C(1) << 63;
		exp++;
	}
	while (!(q >> 63)) {
		q <<= 1;
		exp--;
	}
	/* Value = q * 2^exp with 64 significant bits; keep 53, fewer for subnormal results. */
	int drop = 11, low = -1074 - exp;
	if (low > drop)
		drop = low;
	if (drop > 64)
		return 0.0;
	uint64_t half = UINT64_C(1) << (drop - 1), rest = drop == 64 ? q : q & (half * 2 - 1);
	uint64_t keep = drop == 64 ? 0 : q >> drop;
	if (rest > half || (rest == half && (sticky || (keep & 1))))
		keep++;
	return ldexp((double)keep, exp + drop);
}

/* Digits of the text into *num; *exp10 such that value = num * 10^exp10. */
static void
read_decimal(struct strv s, struct big *num, int64_t *exp10, bool *sticky)
{
	uint32_t i = 0, digits = 0;
	bool point = false;

	for (; i < s.n && (s.p[i] == '.' || (s.p[i] >= '0' && s.p[i] <= '9')); i++) {
		if (s.p[i] == '.') {
			point = true;
			continue;
		}
		if (digits < DIGITS_MAX) {
			big_mul_add(num, 10, (uint32_t)(s.p[i] - '0'));
			digits += digits || s.p[i] != '0';
			*exp10 -= point;
		} else {
			*sticky = *sticky || s.p[i] != '0';
			*exp10 += !point;
		}
	}
	if (i + 1 < s.n) {
		bool minus = s.p[i + 1] == '-';
		int64_t e = 0;
		for (i += minus || s.p[i + 1] == '+' ? 2u : 1u; i < s.n; i++)
			e = e < 100000 ? e * 10 + (s.p[i] - '0') : e;
		*exp10 += minus ? -e : e;
	}
}

/* Up to 15 digits and a power of ten up to 22 are exact doubles, so one operation rounds once. */
static bool
float_quick(struct strv s, double *v)
{
	static const double pow10[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
				       1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
	uint64_t m = 0;
	int exp = 0, zeros = 0;
	uint32_t i = 0;
	bool point = false;

	for (; i < s.n && (s.p[i] == '.' || (s.p[i] >= '0' && s.p[i] <= '9')); i++) {
		if (s.p[i] == '.') {
			point = true;
		} else if (s.p[i] == '0' && point) {
			zeros++; /* counts only when a digit follows */
		} else {
			for (; zeros > 0; zeros--, exp--)
				m = m < UINT64_C(1000000000000000) ? m * 10 : UINT64_MAX / 2;
			m = m < UINT64_C(100000000000000) ? m * 10 + (uint64_t)(s.p[i] - '0') : UINT64_MAX / 2;
			exp -= point;
		}
	}
	if (m > UINT64_C(999999999999999))
		return false;
	int e = 0;
	bool minus = i + 1 < s.n && s.p[i + 1] == '-';
	if (i + 1 < s.n)
		for (i += minus || s.p[i + 1] == '+' ? 2u : 1u; i < s.n; i++)
			e = e < 10000 ? e * 10 + (s.p[i] - '0') : e;
	exp += minus ? -e : e;
	if (m != 0 && (exp > 22 || exp < -22))
		return false;
	*v = m == 0 ? 0.0 : exp < 0 ? (double)m / pow10[-exp] : (double)m * pow10[exp];
	return true;
}

double
float_value(struct strv text)
{
	struct big num = {{0}, 0}, den = {{1}, 1};
	int64_t e = 0;
	bool sticky = false;
	double v;

	if (float_quick(text, &v))
		return v;
	read_decimal(text, &num, &e, &sticky);
	if (num.n == 0)
		return 0.0;
	/* The largest finite double has 309 digits, the smallest is 5e-324; num has at most 800. */
	if (e > 400)
		return HUGE_VAL;
	if (e < -1300)
		return 0.0;
	if (e > 0)
		big_pow10(&num, (uint32_t)e);
	else
		big_pow10(&den, (uint32_t)-e);
	return big_ratio(&num, &den, sticky);
}

/* ---- bit patterns ---- */

/* Exponent and fraction widths of the formats with a C++ name. */
static bool
float_format(enum float_kind k, uint32_t *ebits, uint32_t *fbits)
{
	static const uint8_t fmt[][2] = {[F_F16] = {5, 10}, [F_BF16] = {8, 7}, [F_F32] = {8, 23}, [F_F64] = {11, 52}};

	if (k > F_F64)
		return false;
	*ebits = fmt[k][0];
	*fbits = fmt[k][1];
	return true;
}

bool
float_bits(enum float_kind k, double f, uint64_t *bits)
{
	uint32_t eb, fb;

	if (!float_format(k, &eb, &fb))
		return false;
	uint64_t sign = signbit(f) ? UINT64_C(1) << (eb + fb) : 0, inf = ((UINT64_C(1) << eb) - 1) << fb;
	if (isnan(f)) {
		*bits = inf | UINT64_C(1) << (fb - 1);
		return true;
	}
	if (isinf(f)) {
		*bits = sign | inf;
		return true;
	}
	int bias = (1 << (eb - 1)) - 1, e;
	double m = frexp(fabs(f), &e); /* |f| = m * 2^e, 0.5 <= m < 1 */
	if (m == 0) {
		*bits = sign;
		return true;
	}
	/* Scale to an integer with fb+1 bits, fewer for subnormals, and round to nearest even. */
	int exp = e - 1 + bias, keep = (int)fb + 1;
	if (exp < 1)
		keep -= 1 - exp;
	uint64_t frac = 0;
	if (keep >= 0) {
		double x = ldexp(m, keep);
		frac = (uint64_t)x;
		double rest = x - (double)frac;
		frac += rest > 0.5 || (rest == 0.5 && (frac & 1));
	}
	/* A carry out of the fraction adds one to the exponent by itself. */
	*bits = exp < 1 ? frac : ((uint64_t)exp << fb) + (frac - (UINT64_C(1) << fb));
	*bits = sign | (*bits > inf ? inf : *bits);
	return true;
}

double
float_from_bits(enum float_kind k, uint64_t bits)
{
	uint32_t eb, fb;

	if (!float_format(k, &eb, &fb))
		return 0.0;
	uint64_t frac = bits & ((UINT64_C(1) << fb) - 1), exp = bits >> fb & ((UINT64_C(1) << eb) - 1);
	int bias = (1 << (eb - 1)) - 1;
	double v;
	if (exp == (UINT64_C(1) << eb) - 1)
		v = frac ? (double)NAN : HUGE_VAL;
	else if (exp == 0)
		v = ldexp((double)frac, 1 - bias - (int)fb);
	else
		v = ldexp((double)(frac | UINT64_C(1) << fb), (int)exp - bias - (int)fb);
	return bits >> (eb + fb) & 1 ? -v : v;
}
