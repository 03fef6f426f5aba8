#!/usr/bin/env python3
"""Probes: micro-kernels that ask the hardware what documents leave open (docs/probes.md).

usage: make.py [--ptoc PTOC] [--trips N] FOLDER
       make.py --compare EXPECTED GOT

The first form compiles every kernel of this folder and writes the variants of its C++ into FOLDER, with input, expected
output and index.json, which names for every file the arguments in order. The second one says how many elements of two
files differ.
"""
import argparse
import json
import os
import re
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


class Variant:
    """One text: `options` for ptoc; `pto` and `cpp` are changes (pattern, replacement) that must fit at least once."""

    def __init__(self, name, verdict, options=(), cpp=(), pto=(), size=None):
        self.name, self.verdict, self.options, self.cpp, self.pto, self.size = name, verdict, list(options), cpp, pto, size


class Probe:
    """A kernel, the questions it asks (numbers of the list in docs/probes.md), its arguments and variants."""

    def __init__(self, kernel, questions, arguments, variants):
        self.kernel, self.questions, self.arguments, self.variants = kernel, questions, arguments, variants


FLAGS_ONLY = ['--gm-visibility=flags-only']


def pair(a, b, event=r'\d'):
    """A flag set and waited for in the next line."""
    return rf'( *)set_flag\(PIPE_{a}, PIPE_{b}, EVENT_ID{event}\);\n *wait_flag\(PIPE_{a}, PIPE_{b}, EVENT_ID{event}\);\n'


def flag(a, b, event):
    return [f'set_flag(PIPE_{a}, PIPE_{b}, EVENT_ID{event});', f'wait_flag(PIPE_{a}, PIPE_{b}, EVENT_ID{event});']


def fence_forms(pipe, others):
    """Ways from a store to the load behind it; `others` keep the order of all else, whatever stands between the two."""
    def instead(*lines):
        return [(pair(pipe, 'MTE2'), ''.join(rf'\1{line}\n' for line in [*others, *lines]))]
    return [
        Variant('flag', 'violated', FLAGS_ONLY),
        Variant('drain', 'proved'),
        Variant('barrier', 'proved', FLAGS_ONLY, cpp=instead(f'pipe_barrier(PIPE_{pipe});', 'dsb(DSB_DDR);')),
        Variant('dsb', 'violated', FLAGS_ONLY, cpp=instead('dsb(DSB_DDR);')),
        Variant('all', 'violated', FLAGS_ONLY, cpp=instead('pipe_barrier(PIPE_ALL);')),
    ]


def rows(n):
    return [('8x64', f'{n}x64'), (r'%c8 = arith.constant 8', f'%c8 = arith.constant {n}')]


def square(n):
    return [('16x16', f'{n}x{n}'), (r'%c16 = arith.constant 16', f'%c16 = arith.constant {n}')]


NO_V = [(r' *pipe_barrier\(PIPE_V\);\n', '')]
NO_M = [(r' *pipe_barrier\(PIPE_M\);\n', '')]
SET, WAIT = 'set_flag(PIPE_MTE2, PIPE_V, EVENT_ID{});\n', 'wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID{});\n'
LAST = pair('MTE2', 'V', '1')
# an argument: name, type, in|work|out, content or expected content
A, O = ('a', 'f32', 'in', 'index'), ('o', 'f32', 'out', 'zero')

PROBES = [
    Probe('round_trip', [1, 7, 9], [A, ('g', 'f32', 'work', 'zero'), O],
          fence_forms('MTE3', flag('V', 'MTE2', 7) + flag('MTE3', 'V', 7))),
    Probe('unused_load', [2], [A, ('g', 'f32', 'work', 'zero'), ('o', 'f32', 'out', 'a + n')],
          [Variant('flag', 'violated', FLAGS_ONLY), Variant('drain', 'proved')]),
    Probe('set_twice', [3], [A, ('o', 'f32', 'out', 'a + n')], [
        Variant('once', 'proved'),
        Variant('twice', 'violated', cpp=[(LAST, '  ' + '  '.join([SET.format(1)] * 2 + [WAIT.format(1)] * 2))]),
        Variant('again', 'violated', cpp=[(LAST, '  ' + '  '.join([SET.format(1), WAIT.format(1)] * 2))]),
        Variant('high', 'violated', cpp=[(LAST, '  ' + '  '.join([SET.format(7)] * 2 + [WAIT.format(7)] * 2))]),
    ]),
    Probe('two_loads', [4], [A, ('b', 'f32', 'in', 'index + 64'), O],
          [Variant('barrier', 'proved'), Variant('none', 'violated', ['--load-waw=none'])]),
    Probe('vector_chain', [5], [A, O],
          [v for n in (1, 2, 4, 8, 16, 32) for v in (
              Variant(f'{n}-barriers', 'proved', ['--v-prune=never'], pto=rows(n), size=n * 64),
              Variant(f'{n}-none', 'violated', ['--v-prune=never'], cpp=NO_V, pto=rows(n), size=n * 64))]),
    Probe('products', [5], [('a', 'f16', 'in', 'one'), ('b', 'f16', 'in', 'one'), ('o', 'f32', 'out', 'side * n')],
          [v for n in (16, 32, 48, 64) for v in (
              Variant(f'{n}-barriers', 'proved', ['--m-barrier=always'], pto=square(n), size=n * n),
              Variant(f'{n}-none', 'violated' if n < 64 else 'proved', ['--m-barrier=always'], cpp=NO_M, pto=square(n),
                      size=n * n))]),
    Probe('acc_round_trip', [6], [('a', 'f16', 'in', 'one'), ('b', 'f16', 'in', 'two'), ('e', 'f16', 'in', 'unit'),
                                  ('g', 'f16', 'work', 'zero'), ('o', 'f32', 'out', 'one'), ('p', 'f32', 'out', 'two')],
          fence_forms('FIX', flag('M', 'MTE1', 7) + flag('MTE1', 'MTE2', 7) + flag('FIX', 'M', 7))),
    Probe('move', [8], [A, O], [
        Variant('barrier', 'proved'),
        Variant('none', 'violated', cpp=[(r' *pipe_barrier\(PIPE_V\);\n( *TMOV.*\n) *pipe_barrier\(PIPE_V\);\n', r'\1')]),
        Variant('mte3', 'violated', cpp=[(r'( *)pipe_barrier\(PIPE_V\);\n *(TMOV.*\n) *pipe_barrier\(PIPE_V\);\n', ''.join(
            rf'\1{line}' for line in ('set_flag(PIPE_V, PIPE_MTE3, EVENT_ID7);\n', 'wait_flag(PIPE_V, PIPE_MTE3, EVENT_ID7);\n',
                                      r'\2', 'set_flag(PIPE_MTE3, PIPE_V, EVENT_ID7);\n',
                                      'wait_flag(PIPE_MTE3, PIPE_V, EVENT_ID7);\n')))]),
    ]),
]


# ---- texts ----

def change(text, changes, where):
    for pattern, replacement in changes:
        text, n = re.subn(pattern, replacement, text)
        if n == 0:
            sys.exit(f'{where}: {pattern!r} is nowhere')
    return text


def compile_pto(ptoc, text, options, name):
    p = subprocess.run([ptoc, '-', '-o', '-', *options], input=text, capture_output=True, text=True, check=False)
    if p.returncode:
        sys.exit(f'{name}: {p.stderr}')
    return p.stdout


def text_of(ptoc, probe, variant):
    """The C++ of a variant."""
    name = f'{probe.kernel}.{variant.name}'
    with open(os.path.join(HERE, probe.kernel + '.pto'), encoding='utf-8') as f:
        pto = change(f.read(), variant.pto, name)
    return change(compile_pto(ptoc, pto, variant.options, name), variant.cpp, name)


# ---- data ----

def content(word, n, trips):
    side = int(n ** 0.5)
    return {
        'zero': lambda i: 0, 'one': lambda i: 1, 'two': lambda i: 2, 'index': lambda i: i % 61,
        'index + 64': lambda i: i % 61 + 64, 'unit': lambda i: int(i // side == i % side), 'a + n': lambda i: i % 61 + trips,
        'side * n': lambda i: side * trips,
    }[word], n


def write_data(path, kind, word, n, trips):
    of, count = content(word, n, trips)
    with open(path, 'wb') as f:
        f.write(struct.pack(f'<{count}{"e" if kind == "f16" else "f"}', *map(of, range(count))))


def make(ptoc, folder, trips):
    os.makedirs(folder, exist_ok=True)
    index = []
    for probe in PROBES:
        for variant in probe.variants:
            n = variant.size or (256 if probe.kernel == 'acc_round_trip' else 512)
            stem = f'{probe.kernel}.{variant.name}'
            with open(os.path.join(folder, stem + '.cpp'), 'w', encoding='utf-8') as f:
                f.write(text_of(ptoc, probe, variant))
            arguments = []
            for name, kind, role, word in probe.arguments:
                data = f'{probe.kernel}.{n}.{name}.{"expected" if role == "out" else "in"}.bin'
                write_data(os.path.join(folder, data), kind, word, n, trips)
                arguments.append({'name': name, 'type': kind, 'role': role, 'elements': n, 'file': data})
            arguments.append({'name': 'n', 'type': 'i64', 'role': 'in', 'value': trips})
            index.append({'file': stem + '.cpp', 'kernel': probe.kernel, 'variant': variant.name,
                          'questions': probe.questions, 'verdict': variant.verdict, 'arguments': arguments})
    with open(os.path.join(folder, 'index.json'), 'w', encoding='utf-8') as f:
        json.dump(index, f, indent=1)
        f.write('\n')
    return index


def compare(expected, got):
    with open(expected, 'rb') as f, open(got, 'rb') as g:
        a, b = f.read(), g.read()
    if len(a) != len(b):
        sys.exit(f'{len(b)} bytes, not {len(a)}')
    wrong = sum(a[i:i + 4] != b[i:i + 4] for i in range(0, len(a), 4))
    print(f'{wrong} of {len(a) // 4} elements are wrong')
    return wrong != 0


def main():
    p = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    p.add_argument('--ptoc', default='ptoc')
    p.add_argument('--trips', type=int, default=1000)
    p.add_argument('--compare', nargs=2, metavar=('EXPECTED', 'GOT'))
    p.add_argument('folder', nargs='?')
    args = p.parse_args()
    if args.compare:
        return compare(*args.compare)
    if not args.folder:
        p.error('a folder to write to is needed')
    print(f'{len(make(args.ptoc, args.folder, args.trips))} texts in {args.folder}')
    return 0


if __name__ == '__main__':
    sys.exit(main())
