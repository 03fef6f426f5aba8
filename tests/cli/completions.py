#!/usr/bin/env python3
"""Shell completions against --help, and what bash makes of them. Prints TAP.

usage: completions.py PTOC SOURCE_ROOT
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

PTOC, ROOT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
TEXT = {sh: subprocess.run([sys.executable, f'{ROOT}/scripts/completions.py', sh, ROOT], capture_output=True, text=True,
                           check=True).stdout for sh in ('bash', 'zsh', 'fish')}
HELP = subprocess.run([PTOC, '--help'], capture_output=True, text=True, check=True).stdout


def every_option_of_help_is_there():
    shown = HELP.split('Accepted for compatibility')[0]
    names = [n for n in re.findall(r'^  --?([A-Za-z][\w-]*)', shown, re.M) if n not in ('h', 'help-hidden', 'WWORD')]
    assert len(names) > 25, names
    ids = HELP.split('Names of warnings, for -W:\n')[1].split('\n\n')[0].split()
    for sh, text in TEXT.items():
        for n in names:
            assert re.search(rf"(?<![\w-])({'-s |-l |-o ' if sh == 'fish' else '--?'}){re.escape(n)}(?![\w-])", text), (sh, n)
        for i in ids:
            assert f'Wno-{i}' in text, (sh, i)


def parses(shell, flag):
    if not shutil.which(shell):
        return 'SKIP no ' + shell
    with tempfile.NamedTemporaryFile('w') as f:
        f.write(TEXT[shell])
        f.flush()
        p = subprocess.run([shell, flag, f.name], capture_output=True, text=True, check=False)
    assert p.returncode == 0, p.stderr
    return None


def bash_parses():
    return parses('bash', '-n')


def zsh_parses():
    return parses('zsh', '-n')


def fish_parses():
    return parses('fish', '--no-execute')


def complete(*words):
    """What bash offers for the last word; words as bash splits them, at = as well."""
    split = [p for w in words for p in (re.split('(=)', w) if w.startswith('--') else [w])]
    with tempfile.TemporaryDirectory() as d:
        for name in ('a.pto', 'b.cpp', 'c.txt'):
            open(os.path.join(d, name), 'w').close()
        os.mkdir(os.path.join(d, 'sub'))
        script = TEXT['bash'] + f"COMP_WORDS=(ptoc {' '.join(repr(w) for w in split)}); COMP_CWORD={len(split)}\n" + \
            '_ptoc; printf "%s\\n" "${COMPREPLY[@]}"\n'
        p = subprocess.run(['bash', '-c', script], capture_output=True, text=True, cwd=d, check=True)
    return sorted(p.stdout.split())


def bash_offers_what_fits():
    if not shutil.which('bash'):
        return 'SKIP no bash'
    for words, want in ((['--sync', '=', 'a'], None), (['--sync=ba'], ['barrier-all']), (['--sync', 'c'], ['complete']),
                        (['--stats='], ['json', 'text']), (['--stats', ''], ['a.pto', 'b.cpp', 'sub']),
                        (['--pto-lev'], ['--pto-level=']), (['-Wno-sh'], ['-Wno-shared-line']),
                        (['--out-dir', ''], ['sub']), (['--cost-model=c'], ['c.txt']), (['a'], ['a.pto']),
                        (['--che'], ['--check']), (['--diagnostics', 's'], ['sarif'])):
        if want is not None:
            got = complete(*words)
            assert got == want, (words, got, want)
    return None


TESTS = (every_option_of_help_is_there, bash_parses, zsh_parses, fish_parses, bash_offers_what_fits)
print(f'1..{len(TESTS)}')
failed = 0
for i, t in enumerate(TESTS, 1):
    try:
        skip = t()
        print(f'ok {i} - {t.__name__}' + (f' # {skip}' if skip else ''))
    except (AssertionError, OSError, subprocess.SubprocessError) as e:
        failed = 1
        print(f'not ok {i} - {t.__name__}\n# {e}')
sys.exit(failed)
