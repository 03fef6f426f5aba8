#!/usr/bin/env python3
"""linear.py PTOC BENCH-FOLDER [--full]: cost per line must not grow with the number of lines, nor with their nesting.

Instructions (valgrind --tool=callgrind, minus those of an empty process) of 1000 and 4000 lines (--full: 10000) of every
family that bench/gen.py makes. The cost per line may grow by a quarter, with the checker and its trials and without: the
work of the trials per function is bounded, so what they cost small inputs would hide what grows. The bounds catch a
quadratic pass, not a slow one. Nests of depth 200 may cost a quarter more per line than those of depth 1, also both
ways. Output is TAP. Skips when there is no valgrind."""
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
SMALL, LARGE, FULL = 1000, 4000, 10000
GROWTH = 1.25
MODES = ([], ['--no-check'])
NESTED, DEPTH_LINES, DEPTHS = ('depth', 'mixed'), 5000, (1, 200)


def instructions(argv):
    p = subprocess.run(['valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null'] + argv,
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    m = re.search(rb'Collected\s*:\s*(\d+)', p.stderr)
    if p.returncode or not m:
        raise RuntimeError('%s: %s' % (' '.join(argv), p.stderr.decode('utf-8', 'replace')[-500:]))
    return int(m.group(1))


def by_depth(gen, ptoc, folder, family, empty, extra):
    """Instructions per line: flat, nested."""
    cost = []
    for depth in DEPTHS:
        path = os.path.join(folder, '%s_%d%s.pto' % (family, depth, ''.join(extra)))
        text = gen.generate(family, DEPTH_LINES, depth)
        with open(path, 'w') as f:
            f.write(text)
        cost.append((instructions([ptoc] + extra + [path, '-o', os.devnull]) - empty) / text.count('\n'))
    return cost


def measure(gen, ptoc, folder, family, empty, sizes):
    """Instructions per line of each size, for each mode."""
    paths = []
    for lines in sizes:
        path = os.path.join(folder, '%s_%d.pto' % (family, lines))
        text = gen.generate(family, lines)
        with open(path, 'w') as f:
            f.write(text)
        # a family may put all of its text on one line
        paths.append((path, text.count('loc(')))
    return [[(instructions([ptoc] + extra + [path, '-o', os.devnull]) - empty) / units for path, units in paths]
            for extra in MODES]


def main():
    ptoc, full = sys.argv[1], '--full' in sys.argv
    sys.path.insert(0, sys.argv[2])
    import gen
    if not shutil.which('valgrind'):
        print('1..0 # SKIP no valgrind')
        return 0
    sizes = (SMALL, FULL if full else LARGE)
    families = gen.FAMILIES + gen.EXTREMES
    nests = [(family, extra) for family in NESTED for extra in MODES]
    print('1..%d' % (len(families) + len(nests)))
    bad = 0
    with tempfile.TemporaryDirectory(prefix='ptoc-linear-') as folder:
        if shutil.which('strip'):
            # valgrind reads debug information although counting needs none, and not every version knows clang's
            stripped = os.path.join(folder, 'ptoc')
            subprocess.run(['strip', '-o', stripped, ptoc], check=True)
            ptoc = stripped
        empty = instructions([ptoc, '--version'])
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            results = pool.map(lambda f: measure(gen, ptoc, folder, f, empty, sizes), families)
            for n, (family, modes) in enumerate(zip(families, results), 1):
                ok = all(large <= GROWTH * small for small, large in modes)
                bad += not ok
                print('%s %d - %s # instructions per line:%s' % ('ok' if ok else 'not ok', n, family, ','.join(
                    ' %.0f %.0f (x %.2f)%s' % (small, large, large / small, ''.join(' ' + e for e in extra))
                    for (small, large), extra in zip(modes, MODES))), flush=True)
            results = pool.map(lambda c: by_depth(gen, ptoc, folder, c[0], empty, c[1]), nests)
            for n, ((family, extra), (flat, nested)) in enumerate(zip(nests, results), len(families) + 1):
                ok = nested <= GROWTH * flat
                bad += not ok
                print('%s %d - %s # instructions per line at depth 1 and 200: %.0f %.0f (x %.2f)'
                      % ('ok' if ok else 'not ok', n, ' '.join([family] + extra), flat, nested, nested / flat),
                      flush=True)
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
