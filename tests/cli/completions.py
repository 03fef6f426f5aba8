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


def in_folder(d):
    """The files that the lines below are completed with."""
    for name in ('a.pto', 'b.cpp', 'c.txt'):
        open(os.path.join(d, name), 'w').close()
    os.mkdir(os.path.join(d, 'sub'))


def complete(*words):
    """What bash offers for the last word; words as bash splits them, at = as well."""
    split = [p for w in words for p in (re.split('(=)', w) if w.startswith('--') else [w])]
    with tempfile.TemporaryDirectory() as d:
        in_folder(d)
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


def fish_offers(d, line):
    p = subprocess.run(['fish', '--no-config', '-c', f"source ptoc.fish; complete -C '{line}'"], capture_output=True,
                       text=True, cwd=d, check=True)
    return {w.split('\t')[0] for w in p.stdout.splitlines()}


# what must be offered for a line, and one word that must not
OFFERS = (('ptoc --che', {'--check'}, '--color'), ('ptoc -Wno-sh', {'-Wno-shared-line'}, '-Wshared-line'),
          ('ptoc -M', {'-MD'}, '-d'), ('ptoc a', {'a.pto'}, 'b.cpp'), ('ptoc ', {'a.pto', 'b.cpp', 'sub'}, 'c.txt'),
          ('ptoc --sync=ba', {'barrier-all'}, 'auto'), ('ptoc --stats=', {'text', 'json'}, 'a.pto'),
          ('ptoc --stats ', {'a.pto'}, 'json'), ('ptoc --diagnostics=s', {'sarif'}, 'json'),
          ('ptoc --out-dir=', {'sub'}, 'a.pto'), ('ptoc --cost-model=c', {'c.txt'}, 'a.pto'))


def fish_offers_what_fits():
    if not shutil.which('fish'):
        return 'SKIP no fish'
    with tempfile.TemporaryDirectory() as d:
        in_folder(d)
        with open(os.path.join(d, 'ptoc.fish'), 'w', encoding='utf-8') as f:
            f.write(TEXT['fish'])
        for line, want, never in OFFERS:
            # fish shows the whole word, folders with a stroke
            got = {w.split('=')[-1].rstrip('/') for w in fish_offers(d, line)}
            assert want <= got and never not in got, (line, got)
    return None


def zsh_offers_what_fits():
    if not shutil.which('zsh'):
        return 'SKIP no zsh'
    with tempfile.TemporaryDirectory() as d, tempfile.TemporaryDirectory() as functions:
        in_folder(d)
        with open(os.path.join(functions, '_ptoc'), 'w', encoding='utf-8') as f:
            f.write(TEXT['zsh'])
        out = os.path.join(functions, 'out')
        p = subprocess.run(['zsh', '-f', os.path.join(os.path.dirname(os.path.abspath(__file__)), 'offers.zsh'), functions,
                            out] + [line for line, _, _ in OFFERS], capture_output=True, text=True, cwd=d, timeout=100,
                           env={**os.environ, 'TERM': 'vt100'})
        if not os.path.exists(out):
            return 'SKIP zsh has no pseudo-terminal here: ' + p.stderr.strip()[-100:].replace('\n', ' ')
        with open(out, encoding='utf-8') as f:
            parts = f.read().split('== ')[1:]
    assert len(parts) == len(OFFERS) + 1, parts
    for (line, want, never), part in zip(OFFERS, parts):
        asked, *got = part.split('\n')
        assert asked == line and want <= set(got) and never not in got, (line, got)
    return None


TESTS = (every_option_of_help_is_there, bash_parses, zsh_parses, fish_parses, bash_offers_what_fits, zsh_offers_what_fits,
         fish_offers_what_fits)
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
