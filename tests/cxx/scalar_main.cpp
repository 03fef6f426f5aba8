/* Runs the C++ printed for scalar.pto (given as SCALAR_CPP) on this machine and compares with known results. */
#include SCALAR_CPP

#include <cmath>
#include <cstdio>

static int n, failed;

static void ok(bool good, const char *what)
{
	printf("%s %d - %s\n", good ? "ok" : "not ok", ++n, what);
	failed += !good;
}

int main()
{
	printf("1..11\n");
	ok(gcd(84, 36) == 12, "cf: block arguments are assigned in parallel");
	ok(fib(10) == 55, "scf.while");
	ok(sw(2) == 20 && sw(5) == 50 && sw(7) == -1, "scf.index_switch");
	ok(rot(0) == -80 && rot(4) == 1099, "rotated loop values");
	ok(pick(true, 1, 2) == 3, "scf.if");
	ok(!std::signbit(pick(false, -0.0f, 0.0f)), "maximumf of zeros");
	ok(std::isnan(pick(false, NAN, 1)) && std::isnan(pick(false, 1, NAN)), "maximumf of NaN");
	ok(sg(3) == 66 && sg(7) == 14 && sg(8) == 16, "cf.switch");
	ok(sd(-7, 2) == -4003 && sd(7, 2) == 3004 && sd(-7, -2) == 3004 && sd(6, 2) == 3003, "rounding divisions");
	ok(u8(static_cast<int8_t>(0x80), 1) == 64, "narrow logical shift");
	ok(er(4) == 11, "scf.execute_region with blocks");
	return failed != 0;
}
