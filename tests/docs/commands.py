#!/usr/bin/env python3
"""Every command of README.md, docs/ and the manual page runs as printed, and prints what is printed. Prints TAP.

usage: commands.py PTOC LIBPTOC SOURCE_ROOT CC...

Commands are indented lines. Behind `$ ` stand commands whose output follows and is compared; an indented block behind a
paragraph that ends in `FILE`: is the text of that file. Other lines are commands when they begin with one of the programs
below; they only have to succeed, in a folder that holds kernel.pto, kernel.cpp and what else they name.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

PTOC, LIBRARY, ROOT = (os.path.abspath(a) for a in sys.argv[1:4])
CC = sys.argv[4:]
KERNEL = f'{ROOT}/tests/golden/cases/driver/manual_check_proved.pto'
RACY = f'{ROOT}/tests/golden/cases/driver/manual_check_race.pto'
# not run here: they build and test everything, or need what a machine may lack
ELSEWHERE = re.compile(r'^(sh scripts/|python3 (scripts|probes)/|meson |for |done|cc |export |\$ |import |result|print)')
COMMAND = re.compile(r'^(ptoc|ptoas|python3|ln|make|\$PTOAS_ROOT/ptoas)\b')


def blocks(text):
    """(the line in front, lines of the block) of every indented block."""
    out, block, last = [], [], ''
    for line in text.split('\n') + ['end']:
        if line.startswith('    ') or (block and not line.strip()):
            block.append(line[4:])
        else:
            if block:
                while not block[-1].strip():
                    block.pop()
                out.append((last, block))
                block = []
            if line.strip():
                last = line
    return out


def kernel():
    """Flags by hand, and a drained end: its printed C++ is proved as well."""
    with open(KERNEL, encoding='utf-8') as f:
        return f.read().rstrip('\n').replace('    return', '    pto.barrier <PIPE_ALL>\n    return').split('\n')


class Place:
    """A folder to run in, with the program on PATH."""

    def __init__(self, tmp):
        self.dir = tmp
        bin_dir = os.path.join(tmp, '.bin')
        os.makedirs(bin_dir)
        os.makedirs(os.path.join(tmp, 'DIR'))
        for name in ('ptoc', 'ptoas'):
            os.symlink(PTOC, os.path.join(bin_dir, name))
        self.env = dict(os.environ, PATH=bin_dir + ':' + os.environ['PATH'], PTOAS_ROOT=bin_dir, LIBPTOC=LIBRARY, DIR=tmp,
                        PYTHONDONTWRITEBYTECODE='1')
        for name in ('kernel.pto', 'k.pto', 'FILE.pto'):
            self.write(name, kernel())
        shutil.copy(RACY, os.path.join(tmp, 'racy.pto'))
        for name in ('kernel.cpp', 'OLD.cpp', 'NEW.cpp', 'OLD-FOLDER/k.cpp', 'NEW-FOLDER/k.cpp'):
            os.makedirs(os.path.dirname(os.path.join(tmp, name)), exist_ok=True)
            subprocess.run([PTOC, f'{ROOT}/examples/softmax.pto', '-o', os.path.join(tmp, name)], check=True)

    def run(self, command, status=0):
        """$? is the status of the command before."""
        p = subprocess.run(['bash', '-c', f'(exit {status}); {command}'], cwd=self.dir, env=self.env, capture_output=True,
                           text=True, timeout=120, check=False)
        return p.returncode, p.stdout + p.stderr

    def write(self, name, lines):
        with open(os.path.join(self.dir, name), 'w', encoding='utf-8') as f:
            f.write('\n'.join(lines) + '\n')


def session(place, lines):
    """Commands behind `$ ` with their outputs."""
    i, status, n = 0, 0, 0
    while i < len(lines):
        command, i, want = lines[i][2:], i + 1, []
        while i < len(lines) and not lines[i].startswith('$ '):
            want.append(lines[i])
            i += 1
        status, got = place.run(command, status)
        assert got.split('\n')[:-1] == want, f'$ {command}\nprints\n{got}instead of\n' + '\n'.join(want)
        n += 1
    return n


def commands(place, lines):
    n = 0
    for line in lines:
        command = re.split(r'\s{2,}#', line)[0].rstrip()
        if not COMMAND.match(command) or ELSEWHERE.match(command) and not command.startswith('$PTOAS'):
            continue
        command = command.replace('ln -s ', 'ln -sf ').replace('python3 ptoc.py', f'python3 {ROOT}/examples/python/ptoc.py')
        if '...' in command:
            continue
        status, text = place.run(command)
        # what is reduced is violated, and says so
        assert status == ('--reduce' in command) and ': error: ' not in text, f'{command}\nstatus {status}\n{text}'
        n += 1
    return n


def document(path):
    n = 0
    with open(path, encoding='utf-8') as f:
        text = f.read()
    with tempfile.TemporaryDirectory() as tmp:
        place = Place(tmp)
        for before, lines in blocks(text):
            name = re.search(r'`([\w.-]+)`:$', before)
            if lines[0].startswith('$ '):
                n += session(place, lines)
            elif name:
                place.write(name[1], lines)
            else:
                n += commands(place, lines)
    return n


def manual():
    """The lines .Dl of the manual page that are commands."""
    with open(f'{ROOT}/man/ptoc.1', encoding='utf-8') as f:
        lines = re.findall(r'^\.Dl (.*)$', f.read(), re.M)
    with tempfile.TemporaryDirectory() as tmp:
        return commands(Place(tmp), lines)


def the_c_of_the_library():
    with open(f'{ROOT}/docs/library.md', encoding='utf-8') as f:
        code = next(b for _, b in blocks(f.read()) if b[0].startswith('#include'))
    with tempfile.TemporaryDirectory() as tmp:
        c = os.path.join(tmp, 'use.c')
        with open(c, 'w', encoding='utf-8') as f:
            f.write('#include <stdio.h>\n' + code[0] + '\nint main(void)\n{\n\tconst char text[] = "module {\\n}\\n";\n'
                    '\tsize_t bytes = sizeof text - 1;\n' + '\n'.join(code[1:]) + '\n\treturn 0;\n}\n')
        p = subprocess.run([*CC, '-Wall', '-Werror', '-fsyntax-only', f'-I{ROOT}/include', c], capture_output=True, text=True,
                           check=False)
    assert p.returncode == 0, p.stderr
    return 1


def options_in_the_documents_exist():
    """Every long option that a document names is one of --help-hidden, or of a program that is named."""
    known = subprocess.run([PTOC, '--help-hidden'], capture_output=True, text=True, check=True).stdout
    known = set(re.findall(r'^  --?([A-Za-z][\w-]*)', known, re.M))
    others = {'destdir', 'prefix', 'cflags', 'libs', 'setup', 'suite', 'room', 'update', 'variable', 'seeds', 'actual', 'table',
              'cce-auto-sync'}
    n = 0
    for name in DOCUMENTS:
        with open(f'{ROOT}/{name}', encoding='utf-8') as f:
            for line in f:
                if re.search(r'scripts/|bench/|probes/|tests/|meson|cpusim', line):
                    continue
                for option in re.findall(r'(?<![\w-])--([a-z][\w-]*)', line):
                    assert option in known or option in others, f'{name}: --{option}'
                    n += 1
    return n


DOCUMENTS = ['README.md', 'CHANGELOG.md'] + sorted('docs/' + f for f in os.listdir(f'{ROOT}/docs') if f.endswith('.md'))
TESTS = [(d, lambda d=d: document(f'{ROOT}/{d}')) for d in DOCUMENTS]
TESTS += [('man/ptoc.1', manual), ('the C of docs/library.md', the_c_of_the_library),
          ('options', options_in_the_documents_exist)]
print(f'1..{len(TESTS)}')
failed, total = 0, 0
for i, (title, t) in enumerate(TESTS, 1):
    try:
        n = t()
        total += n
        print(f'ok {i} - {title}: {n} run')
    except (AssertionError, OSError, StopIteration, subprocess.SubprocessError) as e:
        failed = 1
        print(f'not ok {i} - {title}')
        for line in str(e).split('\n'):
            print('# ' + line)
assert failed or total > 25, total
sys.exit(failed)
