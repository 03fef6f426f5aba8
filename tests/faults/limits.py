#!/usr/bin/env python3
"""Huge, deep and broken inputs: a result or a precise error in bounded time, never a signal. Prints TAP.

usage: limits.py PTOC FULL [NAME...]

FULL is 1 for the full sizes (10^6 ops, 10^5 functions), 0 for a tenth of them.
"""
import os
import resource
import subprocess
import sys
import tempfile

PTOC, FULL, ONLY = os.path.abspath(sys.argv[1]), sys.argv[2] == '1', sys.argv[3:]
SLOW = b'__asan_init' in open(PTOC, 'rb').read() or b'__tsan_init' in open(PTOC, 'rb').read()
MILLION = 10**6 if FULL else 10**5
TESTS = []
TILE = ('!pto.tile_buf<loc=vec, dtype=f32, rows=16, cols=64, v_row=16, v_col=64, blayout=row_major, '
        'slayout=none_box, fractal=512, pad=0>')


def test(f):
    TESTS.append(f)
    return f


def run(text, *args, seconds=60):
    with tempfile.TemporaryDirectory() as d:
        path = os.path.join(d, 'in.pto')
        with open(path, 'wb') as f:
            f.write(text if isinstance(text, bytes) else text.encode())
        # the stack is held to what every system gives
        p = subprocess.run([PTOC, path, *args], capture_output=True, timeout=seconds * (20 if SLOW else 4),
                           preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_STACK, (8 << 20, 8 << 20)))
    assert p.returncode in (0, 1, 2, 3), f'status {p.returncode}: {p.stderr[-500:]!r}'
    assert b'Sanitizer' not in p.stderr and b'ssertion' not in p.stderr, p.stderr[-2000:]
    assert len(p.stderr) < 1 << 20, f'{len(p.stderr)} bytes of messages'
    return p


def ok(text, *args, **more):
    p = run(text, *args, **more)
    assert p.returncode == 0, p.stderr[-1000:]
    return p


def error(text, *parts, args=(), **more):
    p = run(text, *args, **more)
    assert p.returncode == 1, f'status {p.returncode}'
    assert not p.stdout, p.stdout[:200]
    for part in parts:
        assert part.encode() in p.stderr, f'{part!r} is not in {p.stderr[-1000:]!r}'
    return p


def func(body, args=''):
    return f'module {{\n  func.func @k({args}) {{\n{body}\n    return\n  }}\n}}\n'


def vector(body):
    head = '''    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c16 = arith.constant 16 : index
    %c64 = arith.constant 64 : index
    %a0 = arith.constant 0 : i64
    %a1 = arith.constant 4096 : i64
    %xv = pto.make_tensor_view %x, shape = [%c16, %c64], strides = [%c64, %c1] : !pto.tensor_view<?x?xf32>
    %xp = pto.partition_view %xv, offsets = [%c0, %c0], sizes = [%c16, %c64] : !pto.tensor_view<?x?xf32> -> !pto.partition_tensor_view<16x64xf32>
'''
    head += f'    %t = pto.alloc_tile addr = %a0 : {TILE}\n    %u = pto.alloc_tile addr = %a1 : {TILE}\n'
    return ('module {\n  func.func @k(%x: !pto.ptr<f32>, %b: i1) attributes {pto.kernel_kind = '
            '#pto.kernel_kind<vector>} {\n' + head + body + '\n    return\n  }\n}\n')


LOAD = f'    pto.tload ins(%xp : !pto.partition_tensor_view<16x64xf32>) outs(%t : {TILE})\n'
ADD = f'    pto.tadd ins(%t, %u : {TILE}, {TILE}) outs(%u : {TILE})\n'
STORE = f'    pto.tstore ins(%u : {TILE}) outs(%xp : !pto.partition_tensor_view<16x64xf32>)\n'


# ---- much ----

@test
def a_function_of_a_million_scalar_ops():
    ok(func(''.join(f'    %v{i} = arith.addi %a, %a : i32\n' for i in range(MILLION)), '%a: i32'), seconds=120)


@test
def a_function_of_a_million_tile_ops():
    ok(vector((LOAD + ADD + STORE) * (MILLION // 3)), seconds=300)


@test
def many_functions():
    one = '  func.func @f{}(%a: i32) -> i32 {{\n    %b = arith.addi %a, %a : i32\n    return %b : i32\n  }}\n'
    ok('module {\n' + ''.join(one.format(i) for i in range(MILLION // 10)) + '}\n', seconds=120)


@test
def many_branches():
    ok(vector(('    scf.if %b {\n' + LOAD + '    } else {\n' + ADD + '    }\n' + STORE) * (MILLION // 100)), seconds=120)


@test
def many_loops():
    ok(vector(('    scf.for %i = %c0 to %c16 step %c1 {\n' + LOAD + ADD + STORE + '    }\n') * (MILLION // 100)),
       seconds=120)


@test
def many_errors():
    p = error(func('    %c0 = arith.constant 0 : index\n' + '    pto.tadd ins(%c0, %c0 : index, index) outs(%c0 : index)\n' *
                   (MILLION // 10)))
    assert p.stderr.count(b'error:') < 1000, p.stderr.count(b'error:')


@test
def a_long_line():
    ok(func(' '.join(f'%v{i} = arith.addi %a, %a : i32' for i in range(MILLION // 100)), '%a: i32'))
    p = error(func(' ' * MILLION + 'pto.tfrob' + ' ' * MILLION), 'in.pto:3:', 'unknown-op')
    assert len(p.stderr) < 2000, len(p.stderr)
    ok('// ' + 'x' * MILLION + '\n' + func(''))


@test
def many_operands():
    n = min(MILLION // 10, 65534)   # as many arguments as a function may have
    args = ', '.join(f'%a{i}: i32' for i in range(n))
    ok(func('', args))
    error(func('', args + ''.join(f', %b{i}: i32' for i in range(65535 - n))), 'in.pto:2:', '65534')
    names = ', '.join(f'%a{i}' for i in range(n))
    types = ', '.join('i32' for i in range(n))
    ok(f'module {{\n  func.func private @f({types})\n  func.func @k({args}) {{\n    func.call @f({names}) : ({types}) -> ()\n'
       '    return\n  }\n}\n')


# ---- long names ----

@test
def long_names():
    n = 'x' * (1 << 20)
    ok(func(f'    %{n} = arith.addi %a, %a : i32', '%a: i32'))
    ok(f'module {{\n  func.func @{n}() {{\n    return\n  }}\n}}\n')
    error(func(f'    %{n} = arith.addi %a, %a : i32\n    %{n} = arith.addi %a, %a : i32', '%a: i32'), 'redefinition', '[...]')
    for bad in (f'    %{n} = arith.addi %{n}y, %a : i32', f'    pto.{n}', f'    %b = arith.addi %a, %a : {n}',
                f'    %b = arith.addi %a, %a : !pto.{n}<f32>', f'    {n}', f'    %b = arith.addi %a, %a {{{n} = {n}}} : i32',
                f'    %b = arith.constant {"9" * (1 << 20)} : i32', f'    %b = arith.constant 1.{"9" * (1 << 20)} : f33',
                f'    func.call @{n}() : () -> ()', f'    "{n}"() : () -> ()', f'    #{n}', f'    ^{n}',
                f'    %b = arith.addi %z, %a : i32 loc("{n}":1:1)', f'    "pto.{n}"() {{a = "{n}"}} : ({n}) -> ()'):
        p = run(func(bad, '%a: i32'))
        assert p.returncode == 1 or '{' in bad, bad[:40]
        assert len(p.stderr) < 1 << 15, f'{len(p.stderr)} bytes for {bad[:30]}'


# ---- deep ----

@test
def deep_nesting():
    for n in (199, 200, 201, 1000, MILLION):
        loops = func(''.join(f'scf.for %i{k} = %a to %a step %a {{\n' for k in range(n)) + '}\n' * n, '%a: index')
        p = run(loops)
        assert (p.returncode == 0) == (n < 199) or n < 202, f'{n} loops: {p.returncode}'
        if n > 201:
            assert b'nesting-limit' in p.stderr, p.stderr[-300:]
    for open_, close in (('[', ']'), ('{a = ', '}'), ('<', '>'), ('(', ')'), ('tuple<', '>'), ('vector<4x', '>'),
                         ('!pto.ptr<', '>'), ('loc(fused[', '])'), ('affine_map<(d0) -> (', ')>'), ('dense<[', ']>')):
        for n in (250, MILLION):
            deep = open_ * n + '1' + close * n
            for text in (func(f'%b = arith.constant {deep} : i32'), func(f'%b = arith.addi %a, %a : {deep}', '%a: i32'),
                         func(f'%b = arith.addi %a, %a {{x = {deep}}} : i32', '%a: i32'), func('', f'%a: {deep}'),
                         f'module attributes {{a = {deep}}} {{\n}}\n', f'#m = {deep}\nmodule {{\n}}\n',
                         func(f'%b = arith.addi %a, %a : i32 loc({deep})', '%a: i32'),
                         func(f'%b = "arith.addi"(%a, %a) {deep} : (i32, i32) -> i32', '%a: i32')):
                run(text)
    n = MILLION
    run('module {\n' * n + '}\n' * n)
    run(func('scf.if %a {\n' * n + '}\n' * n, '%a: i1'))
    run(func('scf.while : () -> () {\n' * n, '%a: i1'))
    run(func('"scf.if"(%a) ({\n' * n, '%a: i1'))


@test
def deep_cpp():
    head = '#include "pto/pto-inst.hpp"\nusing namespace pto;\n__global__ AICORE void k(__gm__ float* x, int32_t n) {\n'
    for open_, close in (('{', '}'), ('if (n) {', '}'), ('for (int i = 0; i < n; i++) {', '}'), ('int v = ' + '(' * 1, ''),
                         ('while (n) ', ''), ('if (n) ; else ', ''), ('do ', ''), ('switch (n) { case 0: ', '')):
        for n in (150, 250, MILLION):
            run(head + open_ * n + close * n + '}\n', '--check')
    for unit in ('(', '-', '!', '~', 'f(', 'a[', '*', '&', 'n ? ', '(int)', 'A<', 'n + ('):
        run(head + 'int v = ' + unit * MILLION + 'n;\n}\n', '--check')
        run(head + unit * MILLION, '--check')


# ---- broken ----

@test
def bytes_that_are_no_text():
    good = func('    %b = arith.addi %a, %a : i32', '%a: i32')
    want = ok(good).stdout
    assert ok(good.replace('\n', '\r\n')).stdout == want
    assert ok(good.replace('\n', '\n\n')).stdout == want
    for bad in (b'\0', b'\xff', b'\xc3', b'\x80', b'\xf5\x80\x80\x80', b'\x1b[2J', b'\x7f', b'\xe2\x80\xae'):
        for at in ('module', '%b', 'arith', 'i32', 'return'):
            k = good.encode().index(at.encode())
            p = run(good.encode()[:k] + bad + good.encode()[k:])
            assert p.returncode == 1, f'{bad!r} in front of {at}: {p.returncode}'
            assert b'in.pto:' in p.stderr
            assert not set(p.stderr) & (set(range(32)) - {9, 10}), f'{bad!r}: control bytes in the message'
        run(b'"' + bad + b'"')
        run(b'// ' + bad + b'\n' + good.encode())


@test
def empty_and_nearly_empty():
    for text in ('', '\n', ' ', '//', '// x', '\r', '\r\n', '\t'):
        ok(text)
    for text in ('m', 'module', 'module {', '}', '"', '%', '@', '#', '!', '^', '-', '->', '0x', '1e', '1.', '/', '/*', '\0', '{', ';'):
        p = error(text, 'in.pto:1:')
    assert p.stderr


@test
def every_beginning_of_a_kernel():
    text = vector(LOAD + '    scf.for %i = %c0 to %c16 step %c1 {\n' + ADD + '    }\n' + STORE)
    for n in range(0, len(text) - 2, 7 if FULL else 61):
        p = run(text[:n])
        assert p.returncode == 1 or n == 0, f'{n} bytes: {p.returncode}'


def main():
    picked = [t for t in TESTS if not ONLY or t.__name__ in ONLY]
    print(f'1..{len(picked)}')
    bad = 0
    for i, t in enumerate(picked, 1):
        try:
            t()
            print(f'ok {i} {t.__name__}')
        except (AssertionError, subprocess.TimeoutExpired) as e:
            bad += 1
            print(f'not ok {i} {t.__name__}\n# ' + str(e)[:3000].replace('\n', '\n# '))
        sys.stdout.flush()
    return bad != 0


if __name__ == '__main__':
    sys.exit(main())
