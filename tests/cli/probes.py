#!/usr/bin/env python3
"""Probes: every variant is written, has the verdict it claims, and stays the same. Prints TAP.

usage: probes.py PTOC SOURCE_ROOT [SPEC]

SPEC: sync-model.md, whose open questions must all have a probe; without it the numbers 1 to 9 are taken.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

VERDICT = {0: 'proved', 1: 'violated', 3: 'not provable'}


def files(folder):
    out = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), 'rb') as f:
            out[name] = f.read()
    return out


def questions(spec):
    if not spec or not os.path.exists(spec):
        return set(range(1, 10))
    with open(spec, encoding='utf-8') as f:
        tail = f.read().split('Open questions', 1)[1]
    return {int(n) for n in re.findall(r'^(\d+)\. ', tail, re.M)}


def errors(text):
    return re.findall(r'error: (.*)', text)


def check_entry(ptoc, folder, e):
    p = subprocess.run([ptoc, '--check', '--color=never', os.path.join(folder, e['file'])], capture_output=True, text=True,
                       check=False)
    if VERDICT.get(p.returncode) != e['verdict']:
        return f'{p.returncode}, not {e["verdict"]}\n{p.stderr}'
    # what is in question, and nothing else
    if 'round_trip' in e['kernel'] and [x for x in errors(p.stderr) if not re.match(r"'pto.tload'.*'pto.tstore'", x)]:
        return p.stderr
    for a in e['arguments']:
        if 'file' in a and os.path.getsize(os.path.join(folder, a['file'])) != a['elements'] * (2 if a['type'] == 'f16' else 4):
            return f'{a["file"]}: not {a["elements"]} elements'
    return ''


def main():
    ptoc, root = sys.argv[1], sys.argv[2]
    script = os.path.join(root, 'probes/make.py')
    results = []
    with open(os.path.join(root, 'docs/probes.md'), encoding='utf-8') as f:
        guide = f.read()
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        for folder in (one, two):
            p = subprocess.run([sys.executable, script, '--ptoc', ptoc, '--trips', '10', folder], capture_output=True, text=True,
                               check=False)
            results.append(('written', p.stderr if p.returncode else ''))
        if not results[-1][1]:
            results.append(('the same again', '' if files(one) == files(two) else 'two runs differ'))
            with open(os.path.join(one, 'index.json'), encoding='utf-8') as f:
                index = json.load(f)
            results += [(e['file'], check_entry(ptoc, one, e)) for e in index]
            asked = {q for e in index for q in e['questions']}
            missing = questions(sys.argv[3] if len(sys.argv) > 3 else '') - asked
            results.append(('every question has a probe', f'{sorted(missing)}' if missing else ''))
            untold = [e['file'] for e in index if f'`{e["kernel"]}`' not in guide or
                      (f'`{e["variant"]}`' not in guide and not re.match(r'\d+-', e['variant']))]
            untold += [str(q) for q in asked if f'\n| {q} | ' not in guide]
            results.append(('the guide names all', '\n'.join(untold)))
            kernels = {e['kernel'] + '.pto' for e in index}
            there = {n for n in os.listdir(os.path.join(root, 'probes')) if n.endswith('.pto')}
            results.append(('no kernel is left out', f'{kernels ^ there}' if kernels != there else ''))
            expected = os.path.join(one, 'round_trip.512.o.expected.bin')
            got = os.path.join(one, 'round_trip.512.a.in.bin')
            p = subprocess.run([sys.executable, script, '--compare', expected, got], capture_output=True, text=True, check=False)
            results.append(('compare', '' if p.returncode == 1 and p.stdout == '503 of 512 elements are wrong\n' else p.stdout))
    print(f'1..{len(results)}')
    for n, (name, why) in enumerate(results, 1):
        print(f'{"not ok" if why else "ok"} {n} {name}')
        for line in why.split('\n') if why else []:
            print('# ' + line)
    return any(why for _, why in results)


if __name__ == '__main__':
    sys.exit(main())
