#!/usr/bin/env python3
"""Compares the makespan of our plans with that of another compiler's printed C++ under the cost model.

    makespan.py PTOC KERNELS REF [REF ...] [--worst N] [--all] [--keep DIR] [--args 'ARG ...'] [--test [--below R]]

KERNELS is a folder of .pto files, REF a folder of C++ files with the same names. A kernel's C++ prints the same library
calls in the same order and nesting as our module without synchronisation; only its flags, barriers, fences and cache
operations differ. They are transplanted into the .pto text as hand-written synchronisation, and `ptoc --stats` simulates
both. The C++ is also given to ptoc's own reader, and kernels with other figures there are listed. Kernels whose
calls do not match one to one are listed and left out. The reference has no fences in GM, so the comparison of plans is made under --gm-visibility=flags-only; our default (with fences) is shown beside it."""
import argparse
import json
import math
import os
import re
import subprocess
import sys

PTO_OP = re.compile(r'^\s*(?:%[\w:#, %]*=\s*)?"?([a-z]+\.[a-z0-9_.]+)"?')
CPP_CALL = re.compile(r'^\s*(?:pto::comm::|pto::|comm::)?([TM][A-Z][A-Z0-9_]+)(?:<[^;]*>)?\(')
FLAG = re.compile(r'^\s*(set|wait)_flag\((PIPE_\w+), (PIPE_\w+), EVENT_ID(\d)\);')
BARRIER = re.compile(r'^\s*pipe_barrier\((PIPE_\w+)\);')
NO_WORK = {'tassign', 'treshape', 'tsetvalidshape'}
# ops of the module that print no library call, or none that works
SILENT = ('pto.make_', 'pto.partition', 'pto.alloc', 'pto.subview', 'pto.subset', 'pto.addptr', 'pto.get_', 'pto.treshape',
          'pto.bitcast', 'pto.set_validshape', 'pto.castptr', 'pto.reserve', 'pto.import', 'pto.declare', 'pto.tassign',
          'pto.multi_tile', 'pto.slot', 'pto.view', 'pto.tensor', 'pto.dim', 'pto.ptr', 'pto.bind', 'pto.inttoptr',
          'pto.ptrtoint', 'pto.declare_local', 'pto.local_array', 'pto.struct', 'pto.set_ffts', 'pto.initialize', 'pto.aic_init', 'pto.aiv_init')
SYNC_OPS = ('pto.set_flag', 'pto.wait_flag', 'pto.barrier', 'pto.fence', 'pto.cmo', 'ptoc.')


class Mismatch(Exception):
    pass


class Item:
    """kind: op, sync, loop, if, sec; name of an op, or the .pto text of a synchronisation instruction."""
    def __init__(self, kind, name='', line=0):
        self.kind, self.name, self.line = kind, name, line
        self.body, self.other = [], None     # then / else
        self.end = self.other_end = 0        # lines where more can be inserted at the end of body / other
        self.close = 0

    def bodies(self):
        return [self.body] + ([self.other] if self.other is not None else [])


def op_name(name):
    name = re.sub('_(to|from)_ai[cv]$', '', name)
    return name.lower().replace('.', '').replace('_', '').replace('comm', '')


# ---- the module ----

def parse_pto(lines):
    """Functions of a module printed by ptoc: name -> items."""
    funcs, stack = {}, []
    for i, line in enumerate(lines):
        text = re.sub(r'\s*loc\(.*\)\s*$', '', line).rstrip()
        bare = text.strip()
        if bare.startswith('func.func') and bare.endswith('{'):
            f = Item('func', re.search(r'@"?([^"(]+)"?\(', bare).group(1), i)
            funcs[f.name] = f
            stack.append((f, f.body))
            continue
        if not stack:
            continue
        top, body = stack[-1]
        if bare.startswith('}'):
            if top.other is None and body is top.body:
                top.end = top.end or i
            else:
                top.other_end = top.other_end or i
            if bare.startswith('} else {'):
                top.other = []
                top.close = i
                stack[-1] = (top, top.other)
            elif bare.startswith('} do {'):
                raise Mismatch('while loop')
            else:
                top.close = i
                stack.pop()
            continue
        m = PTO_OP.match(text)
        name = m.group(1) if m else ''
        if bare.endswith('{'):
            kind = {'scf.for': 'loop', 'scf.if': 'if', 'scf.while': 'while', 'pto.section.vector': 'sec',
                    'pto.section.cube': 'sec'}.get(name)
            if kind is None or kind == 'while':
                raise Mismatch('region op ' + (name or bare[:30]))
            item = Item(kind, name if kind == 'sec' else '', i)
            body.append(item)
            stack.append((item, item.body))
        elif name in ('scf.yield', 'func.return'):
            if body is top.body:
                top.end = i
            else:
                top.other_end = i
        elif name.startswith(SYNC_OPS):
            body.append(Item('own', name, i))
        elif (name.startswith('pto.') and not name.startswith(SILENT)):
            body.append(Item('op', op_name(name[4:]), i))
    return funcs


# ---- the C++ ----

def cpp_sync(line):
    m = FLAG.match(line)
    if m:
        return 'pto.%s_flag[<%s>, <%s>, <EVENT_ID%s>]' % m.groups()
    m = BARRIER.match(line)
    if m:
        return 'pto.barrier <%s>' % m.group(1)
    bare = line.strip()
    if bare.startswith('dsb('):
        return '"ptoc.dsb"() : () -> ()'
    if bare.startswith(('dcci(', 'PTOAS__DCCI')):
        return '"ptoc.dcci"() <{operandSegmentSizes = array<i32: 0, 0>}> : () -> ()'
    if bare.startswith('ptoas_auto_sync_tail('):
        return '"ptoc.tail"() : () -> ()'
    if re.match(r'(set|wait)_flag\(', bare):
        raise Mismatch('flag with a run-time id')
    return None


def cpp_op(line):
    m = CPP_CALL.match(line)
    if m:
        name = m.group(1).lower().replace('_', '')
        return None if name in NO_WORK else name
    if re.match(r'^\s*[\w:]+ \w+ = \(?\w+\)?\[[^;]*\];', line) or re.match(r'^\s*[\w:]+ \w+ = \(?\w+\.GetValue\(', line):
        return 'loadscalar' if '[' in line else 'tgetval'
    if re.match(r'^\s*\(?\w+\)?\[[^;]*\] = ', line):
        return 'storescalar'
    if re.match(r'^\s*\w+\.SetValue\(', line):
        return 'tsetval'
    return None


def parse_cpp(lines, names):
    funcs, stack = {}, []
    for i, line in enumerate(lines):
        bare = line.strip()
        m = re.match(r'^(?:extern "C" )?(?:__global__ )?(?:static )?AICORE (?:inline )?void (\w+)\(.*\{$', bare)
        if m and not stack and m.group(1) in names:
            f = Item('func', m.group(1), i)
            funcs[f.name] = f
            stack.append(('func', f, f.body))
            continue
        if not stack or bare.startswith('//') or not bare:
            continue
        kind, top, body = stack[-1]
        if bare.startswith('#if defined(__DAV_'):
            item = Item('sec', 'pto.section.' + ('cube' if 'CUBE' in bare else 'vector'), i)
            body.append(item)
            stack.append(('sec', item, item.body))
        elif bare.startswith('#endif'):
            stack.pop()
        elif bare.startswith('#'):
            raise Mismatch('preprocessor line')
        elif bare == '} else {':
            top.other = []
            stack[-1] = (kind, top, top.other)
        elif bare == '}' or bare == '};':
            stack.pop()
        elif bare.startswith('for (') and bare.endswith('{'):
            item = Item('loop', '', i)
            body.append(item)
            stack.append(('loop', item, item.body))
        elif bare.startswith('if (') and bare.endswith('{'):
            item = Item('if', '', i)
            body.append(item)
            stack.append(('if', item, item.body))
        elif bare == '{':
            item = Item('plain', '', i)
            stack.append(('plain', top, body))
        elif bare.endswith('{'):
            raise Mismatch('block: ' + bare[:40])
        else:
            sync = cpp_sync(line)
            if sync:
                body.append(Item('sync', sync, i))
                continue
            op = cpp_op(line)
            if op:
                body.append(Item('op', op, i))
    return funcs


# ---- matching ----

def has_work(item):
    if item.kind in ('op', 'sync', 'own'):
        return True
    return any(has_work(x) for b in item.bodies() for x in b)


def splice_sections(items, drop):
    """Guards around the whole kernel are sections only when the module says so."""
    out = []
    for x in items:
        if x.kind == 'sec' and drop:
            out += splice_sections(x.body, drop)
        else:
            out.append(x)
    return out


def same_op(a, b):
    return a == b or {a, b} in ({'tfillpad', 'tfillpadinplace'}, {'tmatmul', 'tmatmulbias'}, {'tmrgsort', 'tmrgsort4'},
                                {'textract', 'textractfp'}, {'tstore', 'tstorefp'}, {'tinsert', 'tinsertfp'})


def merge(ours, end, theirs, insert):
    """Assigns every synchronisation instruction of `theirs` to a line of the module."""
    ours = [x for x in ours if x.kind != 'own' and has_work(x)]
    theirs = [x for x in theirs if has_work(x)]
    k = 0
    for t in theirs:
        if t.kind == 'sync':
            insert.append((ours[k].line if k < len(ours) else end, t.name))
            continue
        # a loop or branch of theirs with synchronisation only has no counterpart we could attach it to
        if k >= len(ours):
            raise Mismatch('more calls: %s' % (t.name or t.kind))
        o = ours[k]
        k += 1
        if o.kind != t.kind or (o.kind == 'op' and not same_op(o.name, t.name)):
            raise Mismatch('%s against %s' % (o.name or o.kind, t.name or t.kind))
        if o.kind == 'op':
            continue
        merge(o.body, o.end, t.body, insert)
        if t.other is not None and o.other is None and any(has_work(x) for x in t.other):
            if any(x.kind != 'sync' for x in t.other):
                raise Mismatch('else with calls')
            insert.append((o.close, '} else {'))
            insert += [(o.close, x.name) for x in t.other]
        elif o.other is not None:
            merge(o.other, o.other_end, t.other or [], insert)
    if k < len(ours):
        raise Mismatch('fewer calls: %s is missing' % (ours[k].name or ours[k].kind))


def has_sections(f):
    return any(x.kind == 'sec' for x in f.body)


def transplant(module, cpp):
    """The module's text with the synchronisation of the C++ text."""
    lines = module.split('\n')
    ours = parse_pto(lines)
    theirs = parse_cpp(cpp.split('\n'), set(ours))
    insert, own = [], []
    for name, f in ours.items():
        if name not in theirs:
            if has_work(f):
                raise Mismatch('function %s is missing' % name)
            continue
        body = theirs[name].body
        if not has_sections(f):
            body = splice_sections(body, True)
        merge(f.body, f.end, body, insert)
        own += [x.line for x in every(f) if x.kind == 'own']
    out = []
    at = {}
    for line, text in insert:
        at.setdefault(line, []).append(text)
    for i, line in enumerate(lines):
        out += at.get(i, [])
        if i not in own:
            out.append(line)
    return '\n'.join(out), bool(own)


def every(item):
    for b in item.bodies():
        for x in b:
            yield x
            yield from every(x)


# ---- measuring ----

class Ptoc:
    def __init__(self, path, extra):
        self.path, self.extra = path, extra

    def run(self, args, text=None):
        p = subprocess.run([self.path] + self.extra + args, input=text, capture_output=True, text=True)
        if p.returncode:
            raise Mismatch('ptoc: ' + (p.stderr.strip().split('\n') or ['?'])[0][:120])
        return p.stdout

    def read_cpp(self, path):
        """Figures of a C++ file as ptoc's own reader sees it; None when it does not read it."""
        p = subprocess.run([self.path] + self.extra + ['--check', '--stats=json', '--gm-visibility=flags-only', path],
                           capture_output=True, text=True)
        if p.returncode == 2 or not p.stdout.startswith('{'):
            return None
        return {(s['function'], s['core']): s for s in json.loads(p.stdout)['sections']}

    def proves(self, text):
        """Does the checker prove this synchronisation, but for visibility in GM?"""
        p = subprocess.run([self.path] + self.extra + ['--check', '--gm-visibility=flags-only', '-'], input=text,
                           capture_output=True, text=True)
        return p.returncode == 0

    def stats(self, args, text=None):
        out = json.loads(self.run(['--emit=none', '--stats=json'] + args, text))
        return {(s['function'], s['core']): s for s in out['sections']}


def total(stats):
    t = [s['makespan'] for s in stats.values()]
    return None if None in t else max(t)


def bound(stats, which='ideal'):
    return max(s[which] for s in stats.values()) or 1.0


def measure(ptoc, path, refs, keep):
    row = {'name': os.path.basename(path)[:-4]}
    row['fence'] = ptoc.stats([path])
    row['flags'] = ptoc.stats(['--gm-visibility=flags-only', path])
    module = ptoc.run(['--sync=none', '--no-check', '--emit=pto', path])
    row['ref'] = []
    for ref in refs:
        cpp = os.path.join(ref, row['name'] + '.cpp')
        if not os.path.exists(cpp):
            row['ref'].append('no C++')
            continue
        read = ptoc.read_cpp(cpp)
        try:
            text, row['own'] = transplant(module, open(cpp).read())
            if keep:
                with open(os.path.join(keep, row['name'] + '.' + os.path.basename(ref.rstrip('/')) + '.pto'), 'w') as f:
                    f.write(text)
            st = ptoc.stats(['--sync=none', '--no-check', '-'], text)
            if any(s.get('hangs') for s in st.values()):
                row['ref'].append('reference hangs')
            else:
                row['ref'].append(st)
                row.setdefault('proved', {})[len(row['ref']) - 1] = ptoc.proves(text)
                if read and total(read) and abs(total(read) - total(st)) > 0.001 * total(st):
                    row.setdefault('differ', []).append((os.path.basename(ref.rstrip('/')), total(st), total(read)))
        except Mismatch as e:
            row['ref'].append(str(e))
    return row


def geomean(ratios):
    return math.exp(sum(math.log(r) for r in ratios) / len(ratios)) if ratios else float('nan')


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument('ptoc')
    ap.add_argument('kernels')
    ap.add_argument('ref', nargs='+')
    ap.add_argument('--worst', type=int, default=25)
    ap.add_argument('--all', action='store_true', help='every kernel, not only the worst')
    ap.add_argument('--keep', help='write the transplanted modules into this folder')
    ap.add_argument('--args', default='', help='further arguments for ptoc')
    ap.add_argument('--test', action='store_true', help='as a test, in TAP: never slower than a proved plan, near the bound')
    ap.add_argument('--below', type=float, help='with --test: ours/theirs in the geometric mean, instead of the bound')
    a = ap.parse_args()
    if a.test and not all(os.path.isdir(d) for d in [a.kernels] + a.ref):
        print('1..0 # SKIP no kernels to compare')
        return
    ptoc = Ptoc(a.ptoc, a.args.split())
    rows, failed = [], []
    for f in sorted(os.listdir(a.kernels)):
        if not f.endswith('.pto'):
            continue
        try:
            rows.append(measure(ptoc, os.path.join(a.kernels, f), a.ref, a.keep))
        except Mismatch as e:
            failed.append((f, str(e)))
    (test if a.test else report)(rows, failed, a)


def test(rows, failed, a):
    """Never slower than a plan of the other compiler that our checker proves; where only flags and barriers can cost time,
    within 5 % of the bound."""
    count = 0

    def tell(good, text):
        nonlocal count
        count += 1
        print('%s %d - %s' % ('ok' if good else 'not ok', count, text))

    for name, why in failed:
        tell(False, name + ': ' + why)
    for k, ref in enumerate(a.ref):
        ratios = []
        for r in rows:
            if isinstance(r['ref'][k], dict) and total(r['ref'][k]) and r['proved'][k]:
                ours, theirs = total(r['flags']), total(r['ref'][k])
                tell(ours <= theirs, '%s/%s: %d cycles, theirs %d' % (os.path.basename(ref), r['name'], ours, theirs))
                ratios.append(ours / theirs)
        if a.below:
            tell(geomean(ratios) <= a.below, '%s: ours/theirs %.4f' % (os.path.basename(ref), geomean(ratios)))
    plain = [r for r in rows if r.get('own') is False and total(r['flags'])]
    above = geomean([total(r['flags']) / bound(r['flags']) for r in plain])
    if not a.below:
        tell(above <= 1.05, '%d kernels without own fences: %.1f %% above the bound' % (len(plain), 100 * (above - 1)))
    print('1..%d' % count)


def report(rows, failed, a):
    print('%d kernels measured' % len(rows))
    for name, why in failed:
        print('  not compiled: %s: %s' % (name, why))
    ideal = [total(r['flags']) / bound(r['flags']) for r in rows if total(r['flags'])]
    fenced = [total(r['fence']) / bound(r['fence']) for r in rows if total(r['fence'])]
    print('ours above the bound where only true conflicts cost time: flags-only %.1f %%, with fences %.1f %%'
          % (100 * (geomean(ideal) - 1), 100 * (geomean(fenced) - 1)))
    for k, ref in enumerate(a.ref):
        good = [r for r in rows if isinstance(r['ref'][k], dict) and total(r['ref'][k]) and total(r['flags'])]
        pairs = [(total(r['flags']) / total(r['ref'][k]), r) for r in good]
        print('\n%s: %d kernels matched' % (ref, len(good)))
        print('  ours / theirs, same policy (flags-only): geometric mean %.4f; worse on %d, better on %d, equal on %d'
              % (geomean([p for p, _ in pairs]), sum(p > 1 for p, _ in pairs), sum(p < 1 for p, _ in pairs),
                 sum(p == 1 for p, _ in pairs)))
        print('  ours with fences / theirs: geometric mean %.4f'
              % geomean([total(r['fence']) / total(r['ref'][k]) for r in good]))
        sound = [p for p, r in pairs if r['proved'][k]]
        print('  ours / theirs where our checker proves theirs (%d kernels): geometric mean %.4f; worse on %d; no plan is below %.4f'
              % (len(sound), geomean(sound), sum(p > 1 for p in sound),
                 geomean([bound(r['flags'], 'least') / total(r['ref'][k]) for r in good if r['proved'][k]])))
        plain = [r for r in good if not r.get('own')]
        print('  theirs above the bound: %.1f %% (kernels without own fences: %.1f %%, ours there %.1f %%)'
              % (100 * (geomean([total(r['ref'][k]) / bound(r['flags']) for r in good]) - 1),
                 100 * (geomean([total(r['ref'][k]) / bound(r['flags']) for r in plain]) - 1),
                 100 * (geomean([total(r['flags']) / bound(r['flags']) for r in plain]) - 1)))
        print('  above the least that ordering the conflicts costs, kernels without own fences: theirs %.1f %%, ours %.1f %%; '
              'no plan is below %.4f of theirs'
              % (100 * (geomean([total(r['ref'][k]) / bound(r['flags'], 'least') for r in plain]) - 1),
                 100 * (geomean([total(r['flags']) / bound(r['flags'], 'least') for r in plain]) - 1),
                 geomean([bound(r['flags'], 'least') / total(r['ref'][k]) for r in good])))
        pairs.sort(key=lambda p: (-p[0], p[1]['name']))
        print('  %-72s %9s %9s %9s %9s %7s %7s' % ('worst (* theirs is not proved)', 'theirs', 'ours', 'fenced', 'bound',
                                                   'ratio', '/bound'))
        for p, r in pairs if a.all else pairs[:a.worst]:
            print('%s %-72s %9.0f %9.0f %9.0f %9.0f %7.3f %7.3f'
                  % (' ' if r['proved'][k] else '*', r['name'][-72:], total(r['ref'][k]), total(r['flags']), total(r['fence']), bound(r['flags']), p,
                     total(r['flags']) / bound(r['flags'])))
        for r in rows:
            if not isinstance(r['ref'][k], dict) and r['ref'][k] != 'no C++':
                print('  not matched: %s: %s' % (r['name'], r['ref'][k]))
    print('\nother figures when ptoc reads the C++ itself (it knows less about trips, branches and places there):')
    for r in rows:
        for ref, a_, b_ in r.get('differ', []):
            print('  %-60s %-12s transplanted %9.0f, read %9.0f' % (r['name'][-60:], ref, a_, b_))
    worst = sorted(rows, key=lambda r: -(total(r['flags']) or 0) / bound(r['flags']))
    print('\nfurthest above the bound, ours (flags-only)')
    for r in worst[:a.worst]:
        print('  %-72s %9.0f %9.0f %7.3f' % (r['name'][-72:], total(r['flags']), bound(r['flags']),
                                           total(r['flags']) / bound(r['flags'])))


if __name__ == '__main__':
    sys.dont_write_bytecode = True
    main()
