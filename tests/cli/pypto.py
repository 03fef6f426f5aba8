#!/usr/bin/env python3
"""In place of the reference compiler under PyPTO: found through PTOAS_ROOT, called with its command lines, and the text
taken apart as it does. Prints lines `ok N - NAME`; part of install.sh.

usage: pypto.py PTOAS_ROOT EXAMPLES
"""
import os
import re
import subprocess
import sys
import tempfile

os.environ['PTOAS_ROOT'] = sys.argv[1]
EXAMPLES = os.path.abspath(sys.argv[2])


def find():
    root = os.environ['PTOAS_ROOT']
    for name in ('ptoas', 'ptoas.sh', 'bin/ptoas'):
        path = os.path.join(root, name)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    raise FileNotFoundError(root)


def run(pto, cpp, *dump, level='level3', cwd):
    cmd = [find(), pto, '-o', cpp, '--enable-insert-sync', f'--pto-level={level}', *dump, '--pto-arch', 'a3']
    return subprocess.run(cmd, capture_output=True, text=True, timeout=60, cwd=cwd, check=False)


def preprocess(text):
    """The text steps between the compiler's output and the wrapper."""
    lines = []
    for line in text.split('\n'):
        s = line.strip()
        if s.startswith('#include') and any(w in s for w in ('pto-inst', 'cstdint', 'tensor.h')):
            continue
        if s == 'using namespace pto;' or s.startswith('set_ffts_base_addr('):
            continue
        lines.append(line)
    body = re.sub(r'\bTensor\b', 'ChipTensor', '\n'.join(lines))
    body = re.sub(r'(?:extern\s*"C"\s*)?(?:__global__\s+)?AICORE\s+void', 'static __aicore__ void', body)
    return re.sub(r'\bAICORE\b', '__aicore__', body)


def level_of(text):
    return 'level3' if re.search(r'pto\.alloc_tile\b.*\baddr\s*=', text) else 'level2'


def every_example(tmp):
    n = 0
    for name in sorted(os.listdir(EXAMPLES)):
        if not name.endswith('.pto'):
            continue
        with open(os.path.join(EXAMPLES, name), encoding='utf-8') as f:
            text = f.read()
        cpp = os.path.join(tmp, name + '.cpp')
        r = run(os.path.join(EXAMPLES, name), cpp, level=level_of(text), cwd=tmp)
        assert (r.returncode, r.stdout, r.stderr) == (0, '', ''), (name, r)
        with open(cpp, encoding='utf-8') as f:
            made = f.read()
        kernels = re.findall(r'(?:__global__\s+)?AICORE\s+void\s+(\w+)\s*\(', made)
        wanted = re.findall(r'func\.func\s+@(\w+)', text)
        assert kernels, name
        body = preprocess(made)
        assert 'AICORE' not in body and '#include' not in body, name
        assert any(f'static __aicore__ void {k}(' in body for k in wanted), name
        n += 1
    assert n > 5, n


def the_dump_options_are_taken(tmp):
    cpp = os.path.join(tmp, 'd.cpp')
    r = run(os.path.join(EXAMPLES, 'softmax.pto'), cpp, '--mlir-print-ir-after-all', '--mlir-print-ir-module-scope',
            '--mlir-print-ir-tree-dir=' + os.path.join(tmp, 'dump'), level='level3', cwd=tmp)
    assert r.returncode == 0 and os.path.getsize(cpp) > 0, r


def a_failure_has_its_summary_first(tmp):
    bad = os.path.join(tmp, 'bad.pto')
    with open(bad, 'w', encoding='utf-8') as f:
        f.write('module {\n  func.func @k() {\n    pto.tlaod\n    return\n  }\n}\n')
    r = run(bad, os.path.join(tmp, 'bad.cpp'), cwd=tmp)
    assert r.returncode == 1 and not os.path.exists(os.path.join(tmp, 'bad.cpp')), r
    summary = next(s for s in r.stderr.splitlines() if re.search(r'^Error:|\berror:', s, re.I))
    assert summary == f"loc(\"{bad}\":3:5): error: unknown operation 'pto.tlaod'", summary


first = int(os.environ.get('FIRST', '1'))
failed = 0
for i, t in enumerate((every_example, the_dump_options_are_taken, a_failure_has_its_summary_first), first):
    with tempfile.TemporaryDirectory() as d:
        try:
            t(d)
            print(f'ok {i} - PyPTO: {t.__name__}')
        except (AssertionError, OSError, StopIteration, subprocess.SubprocessError) as e:
            failed = 1
            print(f'not ok {i} - PyPTO: {t.__name__}\n# {e!r}')
sys.exit(failed)
