#!/usr/bin/env python3
"""lists.py TESTS SHARED: what the rules and the bug catalogue say has cases.

  none.txt    every rule X, F, K, E, C of SHARED/spec/sync-model.md has a file here named after it, or a line there
  tables.txt  every row of the tables of sections 3, 6, 7.3, 7.4 and 8 has a line
  bugs.txt    every entry of SHARED/spec/sync-bugs.md, part I (another chip) excepted, has a line

Every case a list names exists; every file of TESTS/rules is named after a rule or in a list; every file of
SHARED/spec/repro has assertions in TESTS/repro. Without SHARED only the lists themselves are checked.
"""
import os
import re
import sys

TESTS, SHARED = sys.argv[1], os.environ.get('PTOC_SHARED', sys.argv[2])
RULES = os.path.join(TESTS, 'rules')
TABLES = ('3', '6.1', '6.2', '6.3', '7.3', '7.4', '8')
files = sorted(f for f in os.listdir(RULES) if f.endswith('.pto'))
bad = []


def lines(name):
    with open(os.path.join(RULES, name)) as f:
        rows = [[c.strip() for c in x.split(' | ')] for x in f if x.strip() and not x.startswith('#')]
    keys = [tuple(r[:-1]) for r in rows]
    bad.extend('%s: twice: %s' % (name, k) for k in keys if keys.count(k) > 1)
    return {tuple(r[:-1]): r[-1] for r in rows}


def cases(name, refs, used):
    if refs.startswith('none: ') and len(refs) > 12:
        return
    if not refs:
        bad.append('%s: a line without a case' % name)
    for ref in refs.split():
        if re.fullmatch(r'r\d\d', ref):
            ok = os.path.exists(os.path.join(TESTS, 'repro', ref + '.expect'))
        elif '/' in ref:
            ok = os.path.exists(os.path.join(TESTS, ref))
        else:
            hit = [f for f in files if f == ref + '.pto' or f.startswith(ref + '_')]
            used.update(hit)
            ok = bool(hit)
        if not ok:
            bad.append('%s: no case %s' % (name, ref))


def text(path):
    with open(os.path.join(SHARED, 'spec', path)) as f:
        return f.read()


def first_cells(part):
    rows = [x.split('|')[1].strip() for x in part.split('\n') if x.startswith('| ')]
    return [r for r in rows if r and not set(r) <= set('-')]


def rules_of(model):
    return sorted(set(re.findall(r'^\| ([XFKEC]\d+)\b', model, re.M)))


def section(model, number):
    m = re.search(r'^##+ %s\.? .*?(?=^##|\Z)' % re.escape(number), model, re.M | re.S)
    return m.group(0) if m else ''


none, tables, bugs = lines('none.txt'), lines('tables.txt'), lines('bugs.txt')
used = {f for f in files if re.match(r'[XFKEC]\d+_', f)}
for name, rows in (('tables.txt', tables), ('bugs.txt', bugs)):
    for refs in rows.values():
        cases(name, refs, used)
bad.extend('%s is in no list' % f for f in files if f not in used)

count = [0, 0, 0]
if os.path.isdir(os.path.join(SHARED, 'spec')):
    model, catalogue = text('sync-model.md'), text('sync-bugs.md').split('\n## I.')[0]
    for rule in rules_of(model):
        count[0] += 1
        has = any(f.startswith(rule + '_') for f in files)
        if has == ((rule,) in none):
            bad.append('rule %s: %s' % (rule, 'has a case and an excuse' if has else 'no case, and not in none.txt'))
    for number in TABLES:
        heads = {'op', 'op (a2a3)', 'pipe', 'event', 'case', 'writer -> reader'}
        for cell in first_cells(section(model, number)):
            count[1] += cell not in heads
            if cell not in heads and (number, cell) not in tables:
                bad.append('section %s: no line for "%s"' % (number, cell))
    for cell in first_cells('\n## A.' + catalogue.split('\n## A.')[1]):
        count[2] += cell != 'id'
        if cell != 'id' and (cell,) not in bugs:
            bad.append('bug %s: no line' % cell)
    for f in sorted(os.listdir(os.path.join(SHARED, 'spec', 'repro'))):
        if f.endswith('.pto') and not os.path.exists(os.path.join(TESTS, 'repro', f[:3] + '.expect')):
            bad.append('%s: no assertions' % f)
print('\n'.join(bad + ['%d files, %d lines; of the model %d rules and %d rows, %d bugs: %d missing'
                       % (len(files), len(tables) + len(bugs) + len(none), count[0], count[1], count[2], len(bad))]))
sys.exit(bool(bad))
