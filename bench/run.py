#!/usr/bin/env python3
"""Measures ptoc on generated inputs and prints plain tables. Builds nothing and judges nothing.

    run.py PTOC [--lines N,N,...] [--families F,F,...] [--depths D,D,...] [--depth-lines N] [--kernel FILE]
                [--runs N] [--skip-callgrind] [--mixed] [--passes] [--extremes] [--times] [--tcc] [--mb N]
                [--args 'ARG ...']

Instructions are those of `valgrind --tool=callgrind` minus those of an empty process (`PTOC --version`), so they repeat
to a few per mille on any machine. Rates are bytes per second of processor time (user and system), best of several runs
in turn. See README.md in this folder."""
import argparse
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
import gen  # noqa: E402

GOAL = 1.25


class Bench:
    def __init__(self, ptoc, extra, folder):
        self.ptoc = ptoc
        self.extra = extra
        self.folder = folder
        self.empty = None
        self.warned = False        # the last measured run printed a warning

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, 'w') as f:
            f.write(text)
        return path

    def command(self, path):
        return [self.ptoc] + self.extra + [path, '-o', '-']

    def run(self, argv):
        """Seconds of one run with the output thrown away."""
        start = time.perf_counter()
        p = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        err = p.communicate()[1]
        seconds = time.perf_counter() - start
        self.warned = b': warning:' in err
        if p.returncode != 0:
            sys.stderr.write(err.decode('utf-8', 'replace')[:2000])
            raise SystemExit('run.py: exit %d from %s' % (p.returncode, ' '.join(argv)))
        return seconds

    def cpu(self, argv):
        """Seconds of processor time of one run: other work on the machine counts less than in wall clock."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.run(argv)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    def peak_bytes(self, argv):
        """Peak memory of one run. Linux counts the process that starts another into the peak of the other, so a small
        interpreter does it; its own size, some 9 MB, remains the least that can be seen."""
        script = ('import os,sys\n'
                  'n = os.open("/dev/null", os.O_WRONLY)\n'
                  'pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, '
                  'file_actions=[(os.POSIX_SPAWN_DUP2, n, 1)])\n'
                  'print(os.wait4(pid, 0)[2].ru_maxrss)\n')
        out = subprocess.run([sys.executable, '-S', '-E', '-c', script] + argv, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, check=True)
        return int(out.stdout) * 1024

    def callgrind(self, argv):
        out = os.path.join(self.folder, 'callgrind.out')
        p = subprocess.run(['valgrind', '--tool=callgrind', '--callgrind-out-file=' + out] + argv,
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        text = p.stderr.decode('utf-8', 'replace')
        m = re.search(r'Collected\s*:\s*(\d+)', text)
        if p.returncode != 0 or not m:
            sys.stderr.write(text[:2000])
            raise SystemExit('run.py: callgrind failed on %s' % ' '.join(argv))
        self.warned = ': warning:' in text
        return int(m.group(1))

    def inclusive(self, path):
        """Instructions by function, callees included, of compiling the file."""
        out = os.path.join(self.folder, 'callgrind.out')
        self.callgrind(self.command(path))
        text = subprocess.run(['callgrind_annotate', '--inclusive=yes', '--show-percs=no', '--threshold=100',
                               '--auto=no', out], stdout=subprocess.PIPE, check=True).stdout.decode()
        cost = {}
        for count, name in re.findall(r'^ *([\d,]+) .*?:(\w+)(?:\.\w+)*(?: \[|$)', text, re.M):
            cost[name] = max(cost.get(name, 0), int(count.replace(',', '')))
        return cost

    def instructions(self, path):
        """Instructions of compiling the file, without those of an empty process."""
        if self.empty is None:
            self.empty = self.callgrind([self.ptoc, '--version'])
        return self.callgrind(self.command(path)) - self.empty

    def paired(self, a, b, runs):
        """Medians in milliseconds of two commands run in turn."""
        self.run(a), self.run(b)
        pairs = [(self.run(a), self.run(b)) for _ in range(runs)]
        return [1e3 * statistics.median(column) for column in zip(*pairs)]


NOTE = '*'


def table(title, head, rows):
    cells = [[str(c) for c in row] for row in [head] + rows]
    width = [max(len(row[i]) for row in cells) for i in range(len(head))]
    print('\n' + title)
    for n, row in enumerate(cells):
        first = row[0].ljust(width[0])
        print('  ' + '  '.join([first] + [c.rjust(w) for c, w in zip(row[1:], width[1:])]))
        if n == 0:
            print('  ' + '  '.join('-' * w for w in width))
    if any(c.endswith(NOTE) for row in cells for c in row):
        print('  %s ptoc warned: part of the cost is a plan that was not proved and its replacement' % NOTE)
    sys.stdout.flush()


def measure(bench, name, text):
    """Lines, bytes, instructions per line and per byte of one input, and a mark when ptoc printed a warning."""
    path = bench.write(name, text)
    count = bench.instructions(path)
    lines = max(text.count('\n'), text.count(' loc('))   # one family is on a single line
    os.unlink(path)
    return lines, len(text), count / lines, count / len(text), NOTE if bench.warned else ''


def spread(values):
    return '%.2f' % (max(values) / min(values))


def by_size(bench, families, sizes):
    rows = []
    for family in families:
        got = [measure(bench, '%s_%d.pto' % (family, n), gen.generate(family, n)) for n in sizes]
        per_line = [g[2] for g in got]
        rows.append([family] + ['%.0f%s' % (g[2], g[4]) for g in got]
                    + ['%.1f' % got[-1][3], '%d' % (got[-1][1] / got[-1][0])]
                    + ['%.2f' % (per_line[-1] / per_line[0]), spread(per_line)])
    table('instructions per line, by number of lines (goal: max/min <= %.2f)' % GOAL,
          ['family'] + ['%d' % n for n in sizes] + ['per byte', 'bytes/line', 'last/first', 'max/min'], rows)


def by_depth(bench, family, depths, lines):
    rows, per_line = [], []
    for d in depths:
        n, size, value, per_byte, mark = measure(bench, '%s_%d.pto' % (family, d), gen.generate(family, lines, d))
        per_line.append(value)
        rows.append([d, n, size // n, '%.0f%s' % (value, mark), '%.1f' % per_byte, '%.2f' % (value / per_line[0])])
    rows.append(['max/min', '', '', spread(per_line), '', ''])
    table('instructions per line, by nesting depth: %s, about %d lines (goal: max/min <= %.2f)' % (family, lines, GOAL),
          ['depth', 'lines', 'bytes/line', 'per line', 'per byte', 'to depth %d' % depths[0]], rows)


def kernel(bench, path, runs, callgrind):
    rows = []
    empty = [bench.ptoc, '--version']
    if callgrind:
        whole, none = bench.callgrind(bench.command(path)), bench.callgrind(empty)
        rows.append(['instructions, millions', '%.3f' % (whole / 1e6), '%.3f' % (none / 1e6),
                     '%.3f' % ((whole - none) / 1e6)])
    a, b = bench.paired(bench.command(path), empty, runs)
    rows.append(['milliseconds, median of %d' % runs, '%.3f' % a, '%.3f' % b, '%.3f' % (a - b)])
    size = os.path.getsize(path)
    table('%s (%d bytes)' % (os.path.basename(path), size), ['', 'whole process', 'empty process', 'difference'], rows)


PASSES = (('parse', 'pass_parse'), ('verify', 'pass_verify'), ('shape', 'pass_shape'), ('place', 'pass_place'),
          ('access', 'pass_access'), ('plan', 'sync_insert'), ('trials', 'prune_section'), ('check', 'unit_check'),
          ('emit', 'pass_emit'), ('all', 'pipeline_run'))


def by_pass(bench, families, lines):
    """Instructions per line of the passes; a function that the compiler has inlined is left blank."""
    rows = []
    for family in families:
        text = gen.generate(family, lines)
        path = bench.write('pass_%s.pto' % family, text)
        cost = bench.inclusive(path)
        n = text.count('\n')
        rows.append([family] + ['%.0f' % (cost[f] / n) if f in cost else '' for _, f in PASSES])
        os.unlink(path)
    table('instructions per line by pass, %d lines' % lines, ['family'] + [name for name, _ in PASSES], rows)


def throughput(bench, families, megabytes, with_tcc):
    """MB/s and peak memory on large inputs; with tcc, its MB/s on C text of the same size in the same run."""
    size = int(megabytes * 1e6)
    inputs = []
    if with_tcc:
        c = bench.write('big.c', gen.c_source(size))
        inputs.append(('tcc -c', c, ['tcc', '-c', c, '-o', os.path.join(bench.folder, 'big.o')]))
    for family in families:
        path = bench.write('big_%s.pto' % family, gen.generate(family, size // 200))
        inputs.append((family, path, bench.command(path)))
    best = [min(s) for s in zip(*[[bench.cpu(argv) for _, _, argv in inputs] for _ in range(7)])]
    rows = []
    rates = [os.path.getsize(path) / 1e6 / s for (_, path, _), s in zip(inputs, best)]
    for (name, path, argv), rate in zip(inputs, rates):
        size = os.path.getsize(path)
        mine = not with_tcc or argv[0] != 'tcc'
        peak = '%.1f' % (bench.peak_bytes(argv) / size) if mine else ''
        rows.append([name, '%.1f' % (size / 1e6), '%.1f' % rate, '%.2f' % (rate / rates[0]) if with_tcc else '', peak])
    table('throughput end to end (processor time, best of 7, this run)',
          ['input', 'MB', 'MB/s', 'x tcc', 'peak bytes/input byte'], rows)


def numbers(text):
    return [int(n) for n in text.split(',') if n]


def main():
    ap = argparse.ArgumentParser(description='Measures ptoc on generated inputs.')
    ap.add_argument('ptoc')
    ap.add_argument('--lines', type=numbers, default=[1000, 10000])
    ap.add_argument('--families', type=lambda s: s.split(','), default=list(gen.FAMILIES))
    ap.add_argument('--depths', type=numbers, default=[1, 2, 5, 10, 20, 50, 100, 200])
    ap.add_argument('--depth-lines', type=int, default=10000)
    ap.add_argument('--kernel', default=os.path.join(HERE, '..', 'examples', 'rmsnorm_rope.pto'))
    ap.add_argument('--runs', type=int, default=201)
    ap.add_argument('--args', default='', help='more arguments for ptoc, e.g. --sync=none')
    ap.add_argument('--skip-callgrind', action='store_true')
    ap.add_argument('--mixed', action='store_true', help='also nests that alternate loops and ifs')
    ap.add_argument('--passes', action='store_true', help='also instructions per pass')
    ap.add_argument('--extremes', action='store_true', help='also the families that stretch one quantity')
    ap.add_argument('--times', action='store_true', help='also MB/s and peak memory on large inputs')
    ap.add_argument('--tcc', action='store_true', help='--times, compared with tcc -c on C text of the same size')
    ap.add_argument('--mb', type=float, default=4, help='megabytes of the large inputs')
    o = ap.parse_args()

    ptoc = os.path.abspath(o.ptoc)
    if o.extremes:
        o.families += gen.EXTREMES
    has_tcc = o.tcc and any(os.access(os.path.join(p, 'tcc'), os.X_OK) for p in os.get_exec_path())
    if o.tcc and not has_tcc:
        print('tcc is not installed: its column is left out')
    with tempfile.TemporaryDirectory(prefix='ptoc-bench-') as folder:
        bench = Bench(ptoc, o.args.split(), folder)
        if os.path.exists(o.kernel):
            kernel(bench, os.path.relpath(o.kernel), o.runs, not o.skip_callgrind)
        if not o.skip_callgrind:
            by_size(bench, o.families, o.lines)
            if o.depths:
                by_depth(bench, 'depth', o.depths, o.depth_lines)
                if o.mixed:
                    by_depth(bench, 'mixed', o.depths, o.depth_lines)
            if o.passes:
                by_pass(bench, o.families, max(n for n in o.lines if n <= 10000))
        if o.times or o.tcc:
            throughput(bench, o.families, o.mb, has_tcc)
    return 0


if __name__ == '__main__':
    sys.exit(main())
