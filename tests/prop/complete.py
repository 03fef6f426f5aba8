#!/usr/bin/env python3
"""complete.py PTOC DIR...: the program's --sync=complete on texts.

Every kernel in the directories is compiled to .pto with its synchronisation. Completing that text changes nothing. With
some of its synchronisation lines deleted at random, the completed text is proved by --check, and the lines that were
left stand in it in the same order.
"""
import os
import random
import re
import subprocess
import sys
import tempfile

SYNC = re.compile(r'^\s*("ptoc\.(dcci|dsb|tail)"|pto\.(set_flag|wait_flag|barrier )|pto\.fence)')
ROUNDS = 3


def ptoc(path, *args):
    return subprocess.run([sys.argv[1], path, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def is_part(part, whole):
    rest = iter(whole)
    return all(line in rest for line in part)


def complete(text, path):
    with open(path, 'w') as f:
        f.write(text)
    return ptoc(path, '--sync=complete', '--emit=pto')


def trouble(text, path, rng):
    r = complete(text, path)
    if r.returncode or r.stdout != text:
        return 'a complete text is changed: ' + r.stderr
    if '_flag_dyn' in text:
        return None     # ids of run time are left as they are
    lines = text.splitlines()
    sync = [i for i, line in enumerate(lines) if SYNC.match(line)]
    for _ in range(ROUNDS):
        gone = set(rng.sample(sync, min(len(sync), rng.randint(1, 4))))
        left = [line for i, line in enumerate(lines) if i not in gone]
        r = complete('\n'.join(left) + '\n', path)
        if r.returncode:
            return 'not completed without lines %s: %s' % (sorted(i + 1 for i in gone), r.stderr)
        with open(path, 'w') as f:
            f.write(r.stdout)
        names = lambda ls: [re.sub(r'%\w+', '%', line) for line in ls if SYNC.match(line)]
        if not is_part(names(left), names(r.stdout.splitlines())):
            return 'a written line is gone without lines %s' % sorted(i + 1 for i in gone)
        c = ptoc(path, '--check')
        if c.returncode:
            return 'not proved without lines %s: %s' % (sorted(i + 1 for i in gone), c.stderr)
    return None


def main():
    files = sorted(os.path.join(d, f) for d in sys.argv[2:] for f in os.listdir(d) if f.endswith('.pto'))
    rng = random.Random(1)
    failed = 0
    print('1..%d' % len(files))
    with tempfile.TemporaryDirectory() as tmp:
        for n, f in enumerate(files, 1):
            r = ptoc(f, '--emit=pto')
            why = None
            if r.returncode == 0 and SYNC.search('\n'.join(x for x in r.stdout.splitlines() if SYNC.match(x))):
                why = trouble(r.stdout, os.path.join(tmp, 'k.pto'), rng)
            failed += why is not None
            print('%s %d - %s' % ('not ok' if why else 'ok', n, os.path.basename(f)))
            if why:
                print('# ' + why.strip().replace('\n', '\n# '))
    return failed != 0


if __name__ == '__main__':
    sys.exit(main())
