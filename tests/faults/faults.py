#!/usr/bin/env python3
"""The program under faults: no memory, full disks, closed pipes, folders without rights, signals, neighbours. Prints TAP.

usage: faults.py PTOC FAILALLOC EXAMPLES [NAME...]

FAILALLOC: the library that makes the n-th allocation fail, or "" when it cannot be loaded (sanitizers, static program).
"""
import os
import signal
import subprocess
import sys
import tempfile
import time

PTOC, FAILALLOC, EXAMPLES = os.path.abspath(sys.argv[1]), sys.argv[2], os.path.abspath(sys.argv[3])
ONLY = sys.argv[4:]
KERNEL = os.path.join(EXAMPLES, 'softmax.pto')
OTHER = os.path.join(EXAMPLES, 'rmsnorm_rope.pto')
TESTS = []


def test(f):
    TESTS.append(f)
    return f


def run(*args, cwd=None, env=None, stdout=subprocess.PIPE, **more):
    return subprocess.run([PTOC, *args], cwd=cwd, env={**os.environ, **(env or {})}, stdout=stdout,
                          stderr=subprocess.PIPE, timeout=300, **more)


def eq(got, want, what=''):
    assert got == want, f'{what}: got {got!r}, want {want!r}'


def fails(p, *parts, status=1):
    eq(p.returncode, status, p.stderr)
    for part in parts:
        assert part.encode() in p.stderr, f'{part!r} is not in {p.stderr!r}'


# ---- memory ----

def without_memory(args, bad_status, product):
    """Every allocation fails once; the run must either say so and write nothing, or do all its work without it."""
    with tempfile.TemporaryDirectory() as d:
        out, log = os.path.join(d, 'out'), os.path.join(d, 'log')
        full = [a.replace('OUT', out) for a in args]
        base = {'LD_PRELOAD': FAILALLOC, 'FAIL_ALLOC_LOG': log}
        good = run(*full, env={**base, 'FAIL_ALLOC': '0'})
        assert good.returncode in (0, 1, 3), good.stderr
        want = open(out, 'rb').read() if product else good.stdout
        total = int(open(log).read())
        assert total > 0, 'no allocation was seen'
        told = 0
        for n in range(1, total + 1):
            if os.path.exists(out):
                os.unlink(out)
            p = run(*full, env={**base, 'FAIL_ALLOC': str(n)})
            left = set(os.listdir(d)) - {'log', 'out'}
            assert not left, f'allocation {n}: left {left}'
            got = (open(out, 'rb').read() if os.path.exists(out) else b'') if product else p.stdout
            if p.returncode == good.returncode and got == want:
                continue        # the C library did without it
            eq(p.returncode, bad_status, f'allocation {n}: {p.stderr[-200:]!r}')
            eq(got, b'', f'allocation {n}: part of the output')
            assert b'error' in p.stderr.lower() and (b'emory' in p.stderr), f'allocation {n}: {p.stderr!r}'
            told += 1
        assert told > 0, f'{told} of {total} failures were reported'
        print(f'# {total} allocations, {told} reported')


@test
def no_memory_for_a_compile():
    without_memory([KERNEL, '-o', 'OUT'], 1, True)


@test
def no_memory_for_reports():
    without_memory([KERNEL, '--explain-sync', '--stats', '-o', 'OUT'], 1, True)


@test
def no_memory_for_figures():
    without_memory([KERNEL, '--stats=json', '--emit=none'], 1, False)


@test
def no_memory_for_a_check():
    without_memory(['--check', KERNEL, '--timeline=OUT'], 2, True)


@test
def no_memory_for_a_depfile():
    without_memory([KERNEL, '-o', 'OUT', '-MD', '--depfile=/dev/null'], 1, True)


@test
def no_memory_for_help():
    without_memory(['--help'], 1, False)


@test
def no_memory_for_a_comparison():
    without_memory(['--sync-diff', KERNEL, OTHER], 2, False)


@test
def no_memory_for_a_comparison_of_folders():
    with tempfile.TemporaryDirectory() as d:
        for side in 'ab':
            os.mkdir(os.path.join(d, side))
            for k in 'xyz':
                os.symlink(KERNEL, os.path.join(d, side, k + '.pto'))
        without_memory(['--sync-diff', os.path.join(d, 'a'), os.path.join(d, 'b')], 2, False)


# ---- files ----

@test
def full_device():
    for args in ([KERNEL], [KERNEL, '-o', '/dev/full'], [KERNEL, '--stats', '--emit=none'], ['--version'], ['--help'],
                 [KERNEL, '--timeline=-', '--emit=none']):
        with open('/dev/full', 'wb') as full:
            fails(run(*args, stdout=full), 'cannot write', 'No space left')
    with open('/dev/full', 'wb') as full:
        fails(run('--sync-diff', KERNEL, OTHER, stdout=full), 'cannot write', 'No space left', status=2)
        fails(run('--check', '--stats', KERNEL, stdout=full), 'cannot write', status=2)


@test
def closed_pipe():
    for ignored in (False, True):
        r, w = os.pipe()
        os.close(r)
        p = run(KERNEL, stdout=w, restore_signals=not ignored,
                preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_IGN if ignored else signal.SIG_DFL))
        os.close(w)
        if ignored:
            fails(p, 'cannot write', 'Broken pipe')
        else:
            eq(p.returncode, -signal.SIGPIPE, p.stderr)


@test
def closed_standard_files():
    for k in range(3):
        with tempfile.TemporaryDirectory() as d:
            p = run(KERNEL, '-o', os.path.join(d, 'out.cpp'), preexec_fn=lambda: os.close(k))
            eq(p.returncode, 0, f'file {k} closed')
            eq(os.listdir(d), ['out.cpp'])
            eq(open(os.path.join(d, 'out.cpp'), 'rb').read(), run(KERNEL).stdout)
    fails(run(KERNEL, preexec_fn=lambda: os.close(1)), 'cannot write')
    fails(run(preexec_fn=lambda: os.close(0)), 'cannot read')


def unprivileged():
    """Rights mean nothing to the superuser: another user runs the program."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)


@test
def folders_without_rights():
    with tempfile.TemporaryDirectory() as d:
        os.chmod(d, 0o755)
        prog, src, old = (os.path.join(d, n) for n in ('ptoc', 'in.pto', 'old.cpp'))
        for a, b in ((PTOC, prog), (KERNEL, src)):
            with open(a, 'rb') as i, open(b, 'wb') as o:
                o.write(i.read())
        os.chmod(prog, 0o755)
        shut = os.path.join(d, 'shut')
        os.mkdir(shut)
        with open(os.path.join(shut, 'k.pto'), 'w') as o, open(old, 'w') as keep:
            o.write('module {\n}\n')
            keep.write('old')
        os.chmod(old, 0o444)
        os.chmod(shut, 0)

        def other(*args):
            return subprocess.run([prog, *args], capture_output=True, timeout=120, preexec_fn=unprivileged)
        try:
            assert other(src).returncode == 0, other(src).stderr
            fails(other(os.path.join(shut, 'k.pto')), 'cannot read', 'Permission denied')
            fails(other(src, '-o', os.path.join(shut, 'out.cpp')), 'cannot write', 'Permission denied')
            fails(other(src, '-o', os.path.join(shut, 'no', 'out.cpp')), 'cannot write')
            fails(other(src, '-o', old), 'cannot write', 'Permission denied')
            fails(other('--sync-diff', shut, shut), 'cannot read', status=2)
            eq(open(old).read(), 'old')
        finally:
            os.chmod(shut, 0o755)
        eq(os.listdir(shut), ['k.pto'])


# ---- interruption and neighbours ----

def large(path, n=20000):
    with open(path, 'w') as o:
        o.write('module {\n  func.func @k(%a: i32) {\n')
        o.writelines(f'    %v{i} = arith.addi %a, %a : i32\n' for i in range(n))
        o.write('    return\n  }\n}\n')


def interrupted(sig, may_leave):
    with tempfile.TemporaryDirectory() as d:
        src, out = os.path.join(d, 'in.pto'), os.path.join(d, 'out.cpp')
        large(src)
        t = time.monotonic()
        eq(run(src, '-o', out).returncode, 0)
        t = time.monotonic() - t
        want = open(out, 'rb').read()
        for k in range(40):
            for old in (None, b'old'):
                for f in os.listdir(d):
                    if f != 'in.pto':
                        os.unlink(os.path.join(d, f))
                if old:
                    with open(out, 'wb') as o:
                        o.write(old)
                p = subprocess.Popen([PTOC, src, '-o', out], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                time.sleep(t * k / 36)
                p.send_signal(sig)
                p.wait()
                got = open(out, 'rb').read() if os.path.exists(out) else None
                assert got in (old, want), f'{len(got)} bytes of {len(want)} after {k}/36 of the time'
                left = set(os.listdir(d)) - {'in.pto', 'out.cpp'}
                assert may_leave or not left, f'left {left}'


@test
def terminated():
    interrupted(signal.SIGTERM, False)


@test
def killed():
    interrupted(signal.SIGKILL, True)


@test
def two_writers_of_one_file():
    with tempfile.TemporaryDirectory() as d:
        out = os.path.join(d, 'out.cpp')
        want = {run(KERNEL).stdout, run(OTHER).stdout}
        for _ in range(15):
            both = [subprocess.Popen([PTOC, k, '-o', out]) for k in (KERNEL, OTHER, KERNEL, OTHER)]
            while any(p.poll() is None for p in both):
                if os.path.exists(out):
                    assert open(out, 'rb').read() in want, 'part of a file, or of two'
            eq([p.returncode for p in both], [0] * 4)
            eq(os.listdir(d), ['out.cpp'])


def main():
    picked = [t for t in TESTS if not ONLY or t.__name__ in ONLY]
    print(f'1..{len(picked)}')
    bad = 0
    for i, t in enumerate(picked, 1):
        if not FAILALLOC and t.__name__.startswith('no_memory'):
            print(f'ok {i} {t.__name__} # SKIP the allocator is not ours')
            continue
        try:
            t()
            print(f'ok {i} {t.__name__}')
        except AssertionError as e:
            bad += 1
            print(f'not ok {i} {t.__name__}\n# ' + str(e).replace('\n', '\n# '))
        sys.stdout.flush()
    return bad != 0


if __name__ == '__main__':
    sys.exit(main())
