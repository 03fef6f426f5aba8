#!/usr/bin/env python3
"""The shared library through examples/python/ptoc.py: layout of its structures, results, threads. Prints TAP.

usage: python.py PTOC LIBPTOC SOURCE_ROOT
"""
import ctypes
import os
import re
import subprocess
import sys
import threading

PTOC, LIBRARY, ROOT = (os.path.abspath(a) for a in sys.argv[1:4])
os.environ['LIBPTOC'] = LIBRARY
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, 'examples/python'))
import ptoc  # noqa: E402

KERNELS = {}
for file in ('softmax', 'rmsnorm_rope', 'double_buffered_add', 'push_pop'):
    with open(f'{ROOT}/examples/{file}.pto', encoding='utf-8') as f:
        KERNELS[file] = f.read()


def printed(name, *args):
    return subprocess.run([PTOC, f'{ROOT}/examples/{name}.pto', *args], capture_output=True, text=True, check=True).stdout


def eq(got, want):
    assert got == want, f'got {got!r}, want {want!r}'


def members(header, name):
    """(name, kind) of the members of a structure of the header, in order."""
    body = re.sub(r'/\*.*?\*/', '', re.search(rf'struct {name} {{\n(.*?)\n}};', header, re.S)[1], flags=re.S)
    out = []
    for decl in filter(None, (d.strip() for d in body.split(';'))):
        if '(*' in decl:
            out.append((re.search(r'\(\*(\w+)\)', decl)[1], 'function'))
            continue
        first, *more = (n.strip() for n in decl.split(','))
        kind, first = re.fullmatch(r'(.*[\s*])(\w+(?:\[\d+\])?)', first, re.S).groups()
        for n in [first, *more]:
            out.append((n.split('[')[0], ' '.join(kind.split()) + ('[]' if '[' in n else '')))
    return out


KINDS = {'unsigned': ctypes.c_uint, 'int': ctypes.c_int, 'const char *': ctypes.c_char_p, 'size_t': ctypes.c_size_t,
         'void *': ctypes.c_void_p, 'void *[]': ctypes.c_void_p * 8}


def structures_are_those_of_the_header():
    with open(f'{ROOT}/include/ptoc/ptoc.h', encoding='utf-8') as f:
        header = f.read()
    for name, mine in (('ptoc_diagnostic', ptoc.Diagnostic), ('ptoc_options', ptoc.Options), ('ptoc_result', ptoc.Result)):
        theirs = members(header, name)
        assert len(theirs) > 8, theirs
        eq([f[0] for f in mine._fields_], [m[0] for m in theirs])
        for (field, kind), (_, want) in zip(mine._fields_, theirs):
            if want == 'function':
                assert kind is ptoc.OnDiagnostic, field
            else:
                eq((field, kind), (field, ctypes.c_int if want.startswith('enum') else KINDS[want]))


def version_is_the_programs():
    eq('ptoc ' + ptoc.version(), subprocess.run([PTOC, '--version'], capture_output=True, text=True, check=True).stdout.strip())


def texts_are_the_programs():
    for name, text in KERNELS.items():
        r = ptoc.compile(text, name + '.pto')
        eq((r.ok, r.verdict, r.diagnostics, r.messages), (True, 'proved', '', []))
        eq(r.text, printed(name))
    eq(ptoc.compile(KERNELS['softmax'], v_prune=0).text, printed('softmax', '--v-prune=never'))


def messages_come_with_places():
    r = ptoc.compile('module {\n  func.func @k() {\n    pto.tlaod loc("k.py":3:4)\n    return\n  }\n}\n', 'k.pto')
    eq((r.ok, r.text, r.verdict), (False, '', 'not checked'))
    eq([(m.severity, m.id, m.line, m.column, m.producer) for m in r.messages],
       [('error', 'unknown-op', 3, 5, 'k.py:3:4'), ('hint', 'unknown-op', 0, 0, '')])
    assert r.diagnostics.startswith("k.pto:3:5: error: unknown operation 'pto.tlaod' [unknown-op]\n"), r.diagnostics


def threads_do_not_meet():
    want = {name: printed(name) for name in KERNELS}
    wrong = []

    def often(name):
        for _ in range(5):
            if ptoc.compile(KERNELS[name]).text != want[name]:
                wrong.append(name)
    threads = [threading.Thread(target=often, args=(name,)) for name in [*KERNELS, *KERNELS]]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    eq(wrong, [])


def the_file_is_a_program():
    run = [sys.executable, f'{ROOT}/examples/python/ptoc.py']
    eq(subprocess.run([*run, f'{ROOT}/examples/softmax.pto'], capture_output=True, text=True, check=True).stdout,
       printed('softmax'))
    r = subprocess.run([*run, f'{ROOT}/README.md'], capture_output=True, text=True, check=False)
    assert r.returncode == 1 and ': error: ' in r.stderr and r.stdout == '', r


def only_the_interface_is_exported():
    out = subprocess.run(['nm', '-D', '--defined-only', LIBRARY], capture_output=True, text=True, check=True).stdout
    names = {line.split()[-1] for line in out.splitlines() if ' T ' in line or ' D ' in line}
    eq(sorted(n for n in names if n not in ('_init', '_fini')),
       ['ptoc_compile', 'ptoc_options_init_size', 'ptoc_result_free', 'ptoc_version'])


TESTS = (structures_are_those_of_the_header, version_is_the_programs, texts_are_the_programs, messages_come_with_places,
         threads_do_not_meet, the_file_is_a_program, only_the_interface_is_exported)
print(f'1..{len(TESTS)}')
failed = 0
for i, t in enumerate(TESTS, 1):
    try:
        t()
        print(f'ok {i} - {t.__name__}')
    except (AssertionError, OSError, subprocess.SubprocessError) as e:
        failed = 1
        print(f'not ok {i} - {t.__name__}\n# {e}')
sys.exit(failed)
