#!/usr/bin/env python3
"""coverage.py BUILD LOWEST: reads gcov's counts of a build (scripts/coverage.sh) and prints them; see there."""
import collections
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile

BUILD, LOWEST = os.path.abspath(sys.argv[1]), float(sys.argv[2])
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MESSAGE = re.compile(r'\b(diag_report|diag_hint|diag_note|\w*_(error|bad|refuse|complain|fail))\(')


def counts():
    """Executions by file and line, the sum over all objects that hold the file."""
    data = []
    for folder, _, names in os.walk(BUILD):
        data += [os.path.join(folder, n) for n in names if n.endswith('.gcda')]
    out = collections.defaultdict(dict)
    with tempfile.TemporaryDirectory() as d:
        for k in range(0, len(data), 40):
            subprocess.run(['gcov', '--json-format', '--preserve-paths', *data[k:k + 40]], cwd=d, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, check=True)
            for name in os.listdir(d):
                with gzip.open(os.path.join(d, name)) as f:
                    doc = json.load(f)
                for one in doc['files']:
                    path = os.path.relpath(os.path.normpath(os.path.join(doc['current_working_directory'], one['file'])), ROOT)
                    if not path.startswith('src/'):
                        continue
                    for line in one['lines']:
                        n = line['line_number']
                        out[path][n] = out[path].get(n, 0) + line['count']
                os.unlink(os.path.join(d, name))
    return out


def main():
    by_file = counts()
    folder = collections.defaultdict(lambda: [0, 0])
    for path, lines in by_file.items():
        f = folder[path.split('/')[1]]
        f[0] += sum(c > 0 for c in lines.values())
        f[1] += len(lines)
    run, total = (sum(f[k] for f in folder.values()) for k in (0, 1))
    for name in sorted(folder):
        a, b = folder[name]
        print(f'{name:8} {a:6} of {b:6} lines  {100 * a / b:5.1f} %')
    print(f'src      {run:6} of {total:6} lines  {100 * run / total:5.1f} %')
    never = []
    for path in sorted(by_file):
        with open(os.path.join(ROOT, path), encoding='utf-8') as f:
            text = f.read().split('\n')
        for n in sorted(by_file[path]):
            if by_file[path][n] == 0 and MESSAGE.search(text[n - 1]):
                never.append(f'{path}:{n}: {text[n - 1].strip()}')
    print(f'{len(never)} lines of messages are reached by no test')
    print('\n'.join(never))
    return 100 * run / total < LOWEST


if __name__ == '__main__':
    sys.exit(main())
