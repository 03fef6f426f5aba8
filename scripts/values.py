#!/usr/bin/env python3
"""Runs printed kernels on the CPU simulator of the public headers and compares what they write with a reference's.

usage: values.py [--room plain|wide|wrap] [--timeout S] CPUSIM.py ISA_INCLUDE OURS_DIR REF_DIR...

CPUSIM.py is the harness of the shared tools; its driver gives every argument 2^20 elements, which is `plain`. Kernels
of real models reach further: `wide` gives 2^26 elements between guard pages, `wrap` 2^24 elements that are mapped 80
times in a row, so that any offset up to 2^30 elements is memory; both compile with -DNDEBUG. A file is compared with
the first REF_DIR that has it. Prints one line per file that does not match and the counts.
"""
import argparse
import collections
import concurrent.futures
import importlib.util
import os
import re
import subprocess
import tempfile

HASH = """#include <sys/mman.h>
#include <unistd.h>
static uint64_t fnv(const unsigned char *p, size_t n)
{
	uint64_t h = 1469598103934665603ull;
	for (size_t i = 0; i < n / 8; i++)
		h = (h ^ ((const uint64_t *)p)[i]) * 1099511628211ull, h ^= h >> 29;
	return h;
}
"""
WIDE = HASH + """static const size_t NEL = 1u << 26, GUARD = 1u << 24, PERIOD = 1048573;
static void *room(size_t n)
{
	char *p = (char *)mmap(0, n + 2 * GUARD, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	mprotect(p + GUARD, n, PROT_READ | PROT_WRITE);
	return p + GUARD;
}
"""
WRAP = HASH + """static const size_t NEL = 1u << 24, PERIOD = NEL;
static void *room(size_t n)
{
	int fd = memfd_create("room", 0);
	if (ftruncate(fd, (off_t)n))
		abort();
	char *p = (char *)mmap(0, n * 80, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	for (int k = 0; k < 80; k++)
		mmap(p + k * n, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
	return p + 8 * n;
}
"""
FILL = """template <class T> static void fill(T *p, unsigned s)
{
	uint32_t x = s * 2654435761u + 12345u;
	for (size_t i = 0; i < NEL; i++) {
		x ^= x << 13, x ^= x >> 17, x ^= x << 5;
		if (i >= PERIOD)
			memcpy((void *)(p + i), p + i - PERIOD, sizeof(T));
		else if constexpr (std::is_integral_v<T>)
			p[i] = (T)(x % 7u);
		else
			p[i] = (T)(float)(((int)(x % 17u) - 8) * 0.25f);
	}
}
"""


def load(path, room):
    spec = importlib.util.spec_from_file_location("cpusim", path)
    sim = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sim)
    if room == "plain":
        return sim
    plain = sim.driver

    def driver(*args):
        text = plain(*args)
        if text is None:
            return None
        head, rest = text[:text.index("static uint64_t fnv")], text[text.index("int main(){"):]
        rest = re.sub(r"aligned_alloc\(512,(NEL\*sizeof\([^)]*\))\+4096\)", r"room(\1)", rest)
        return head + (WIDE if room == "wide" else WRAP) + FILL + rest

    class Run:      # the harness compiles with assertions of the headers; these rounds go without
        TimeoutExpired = subprocess.TimeoutExpired

        @staticmethod
        def run(command, **more):
            return subprocess.run([*command, *(["-DNDEBUG"] if "clang" in command[0] else [])], **more)

    sim.driver, sim.subprocess = driver, Run
    return sim


def main():
    ap = argparse.ArgumentParser(usage=__doc__)
    ap.add_argument("--room", choices=["plain", "wide", "wrap"], default="plain")
    ap.add_argument("--timeout", type=float, default=30)
    ap.add_argument("paths", nargs="+")
    a = ap.parse_args()
    cpusim, a.isa, ours, *refs = a.paths
    sim, a.blocks = load(cpusim, a.room), 2
    os.environ.setdefault("PTO_CPU_SIM_NUM_CORES", "2")
    count, seeds = collections.Counter(), [1 if a.room == "plain" else 2]
    with tempfile.TemporaryDirectory() as work:
        with open(f"{work}/pch.hpp", "w", encoding="utf-8") as f:
            f.write(sim.PCH)
        flags = ["-std=c++20", "-O1", "-w", "-D__CPU_SIM", "-D__DAV_CUBE__", "-D__DAV_VEC__", "-I", a.isa]
        sim.subprocess.run(["clang++-19", *flags, "-x", "c++-header", f"{work}/pch.hpp", "-o", f"{work}/pch.pch"],
                           check=True)

        def judge(name):
            ref = next((r for r in refs if os.path.exists(f"{r}/{name}")), None)
            x = sim.run_one(a, f"{ours}/{name}", work, seeds)
            if not ref:
                return name, f"no reference, ours {x[0]}", ""
            y = sim.run_one(a, f"{ref}/{name}", work, seeds)
            if x[0] == y[0] == "ok":
                return name, "MATCH" if x[1] == y[1] else "DIFF", ""
            return name, f"ours {x[0]}, reference {y[0]}", x[1] if x[0] != "ok" else ""

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for name, verdict, text in pool.map(judge, sorted(n for n in os.listdir(ours) if n.endswith(".cpp"))):
                count[verdict] += 1
                if verdict != "MATCH":
                    print(f"{name}: {verdict} {text[-120:]}", flush=True)
    print(dict(count))


if __name__ == "__main__":
    main()
