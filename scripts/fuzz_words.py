#!/usr/bin/env python3
"""What a fuzzing run of .pto text starts from, made from the tables of src and our own test cases.

usage: fuzz_words.py words SOURCE_ROOT > FILE       a dictionary of libFuzzer and AFL++
       fuzz_words.py ops SOURCE_ROOT BYTES FOLDER   for every op and every case of an enum one kernel of at most BYTES

A kernel is a slice of a golden case, a test kernel or an example: the line of the op, the lines that open and close the
regions it is in, and the lines that define what these use. An op without one gets that of an op written alike, renamed.
Most kernels are accepted; nothing needs that.
"""
import glob
import os
import re
import sys


def read(*path):
    with open(os.path.join(*path), encoding='utf-8') as f:
        return f.read()


def op_names(root):
    return re.findall(r'^OP\(\w+, "([^"]+)"', read(root, 'src/isa/ops.def'), re.M)


def relatives(root):
    """{op: other ops of its form, those of its verifier first}."""
    row = r'^OP\(\w+, "([^"]+)", (\w+), "([^"]*)", "[^"]*", \w+, \w+, \w+, (\w+)'
    rows = re.findall(row, read(root, 'src/isa/ops.def'), re.M)
    return {r[0]: [o[0] for o in sorted(rows, key=lambda o: (o[3] != r[3], o[2] != r[2])) if o[1] == r[1] and o != r]
            for r in rows}


def enums(root):
    """(name, [case, ...]) of every enum."""
    rows = re.findall(r'^(ENUM|CASE)\((\w+), "([^"]+)"', read(root, 'src/isa/enums.def'), re.M)
    names = {i: n for kind, i, n in rows if kind == 'ENUM'}
    return [(n, [c for kind, j, c in rows if kind == 'CASE' and j == i]) for i, n in names.items()]


def keywords(root):
    """Keywords, type names and words of attributes: whatever the front end compares a whole identifier with."""
    found = re.findall(r'^WORD\(\w+, "([^"]+)"\)', read(root, 'src/front/words.def'), re.M)
    found += re.findall(r'^\t\{"(\w+)", ', read(root, 'src/front/words.c'), re.M)
    for space in re.findall(r'^SPACE\((.*)\)', read(root, 'src/isa/spaces.def'), re.M):
        found += re.findall(r'"(\w+)"', space)
    return found


def words(root):
    found = op_names(root) + keywords(root)
    found += re.findall(r'^OP\(.*, "(T[A-Z_]+)", ', read(root, 'src/isa/ops.def'), re.M)
    for name, cases in enums(root):
        found += cases + [f'#pto.{name}<', f'#pto<{name} '] + [f'#pto.{name}<{c}>' for c in cases]
    kinds = re.findall(r'^\t\{"(\w+)", TOK_(?:T|OPAQUE)_', read(root, 'src/front/words.c'), re.M)
    found += [f'!pto.{k}<' for k in kinds]
    found += 'f16 f32 bf16 i1 i8 i16 i32 i64 ui8 ui16 ui32 ui64 si8 si32 index'.split()
    found += 'ins( outs( -> %c0 %c1 iter_args( <{ }> ({ }) ^bb0( dense<[ loc('.split()
    return sorted(set(found))


def used(line):
    return set(re.findall(r'%[\w$.-]+|[!#](?!pto\b)\w+|@\w+', line))


def defined(line):
    """Names a line gives a meaning: results, aliases, functions, block and loop arguments."""
    m = re.match(r'\s*((?:%[\w$.:-]+(?:,\s*)?)+|[!#]\w+)\s*=', line)
    names = {re.sub(r':\d+$', '', n) for n in re.findall(r'[%!#][\w$.:-]+', m.group(1))} if m else set()
    if re.match(r'\s*(func\.func|\^|scf\.for|\} do)', line) or 'iter_args(' in line:
        names |= set(re.findall(r'%[\w$.-]+(?=\s*[:=])|@\w+(?=\()', line))
    return names


# Ops that speak of a declaration by a number, and declarations.
DECLARED = r'pto\.(t(push|pop|alloc|free)_|set_quant|sync\.(set|wait)|(set|wait)_(cross|intra)_block)'
DECLARES = r'initialize_pipe|pto\.set_ffts'


class Kernel:
    """Lines of a module: the line that opens the region each is in, what else belongs to that line, names defined."""

    def __init__(self, lines):
        self.lines, self.parent, self.more, stack = lines, [], {}, []
        for k, line in enumerate(lines):
            net = line.count('{') - line.count('}')
            closes = line.lstrip().startswith('}')
            if closes and stack:
                self.more.setdefault(stack[-1], []).append(k)
                self.parent.append(stack[-1])
            else:
                self.parent.append(stack[-1] if stack else None)
            if net > 0:
                stack.append(k)
            elif net < 0 and stack:
                stack.pop()
        self.where = {}
        for k, line in enumerate(lines):
            for name in defined(line):
                self.where.setdefault((self.scope(k, name), name), []).append(k)

    def scope(self, k, name):
        """Values are known in their function, all else everywhere."""
        while name[0] == '%' and k is not None and not self.lines[k].lstrip().startswith('func.func'):
            k = self.parent[k]
        return k if name[0] == '%' else None

    def needed(self, k):
        """The lines that line k cannot stand without."""
        yield from self.more.get(k, ())
        if self.parent[k] is not None:
            yield self.parent[k]
        if k in self.more:
            yield from (j for j, line in enumerate(self.lines) if self.parent[j] == k and
                        re.match(r'\s*(return|func\.return|scf\.yield|scf\.condition|cf\.|\^)', line))
        if re.search(DECLARED, self.lines[k]):
            inside = self.scope(k, '%')
            yield from (j for j, line in enumerate(self.lines)
                        if re.search(DECLARES, line) and self.scope(j, '%') == inside)
        for name in used(self.lines[k]):
            yield from self.where.get((self.scope(k, name), name), ())

    def cut(self, at):
        keep, work = {at}, [at]
        while work:
            for j in self.needed(work.pop()):
                if j not in keep:
                    keep.add(j)
                    work.append(j)
        return '\n'.join(re.sub(r'^\s+', ' ', self.lines[k]) for k in sorted(keep)) + '\n'


def kernels(root):
    for pattern in ('tests/golden/cases/[!n]*/*.pto', 'tests/prop/kernels/*.pto', 'examples/*.pto'):
        for path in sorted(glob.glob(os.path.join(root, pattern))):
            text = re.sub(r'(?m)^\s*//(?! args).*\n|\s+//.*$', '', read(path))
            text = re.sub(r'([,(])\n\s*|\n\s*(?=attributes\b|outs\(|->|:)', lambda m: (m.group(1) or '') + ' ', text)
            yield [line for line in text.split('\n') if line.strip() and not line.lstrip().startswith('//')]


def ops(root, most, folder):
    wanted = {n: rf'(?<![\w.]){re.escape(n)}(?![\w.])' for n in op_names(root)}
    wanted |= {f'{n}-{c}': rf'{n}(?:<| ){re.escape(c)}\b' for n, cases in enums(root) for c in cases}
    best = {}
    for lines in kernels(root):
        text, kernel = '\n'.join(lines), Kernel(lines)
        for name, pattern in wanted.items():
            if not re.search(pattern, text):
                continue
            for k, line in enumerate(lines):
                if re.search(pattern, line):
                    piece = kernel.cut(k)
                    if len(piece) < len(best.get(name, '.' * (most + 1))):
                        best[name] = piece
    found = len(best)
    for name, others in relatives(root).items():
        for other in others:
            if name not in best and other in best and len(best[other]) < most - 32:
                best[name] = re.sub(wanted[other], name, best[other])
    os.makedirs(folder, exist_ok=True)
    for name, piece in best.items():
        with open(os.path.join(folder, name), 'w', encoding='utf-8') as f:
            f.write(piece)
    print(f'{len(best)} of {len(wanted)} ops and cases of enums have a kernel of at most {most} bytes,'
          f' {len(best) - found} of them made from one of a related op')


if sys.argv[1:2] == ['words'] and len(sys.argv) == 3:
    print('\n'.join('"' + w.replace('\\', '\\\\').replace('"', '\\"') + '"' for w in words(sys.argv[2])))
elif sys.argv[1:2] == ['ops'] and len(sys.argv) == 5:
    ops(sys.argv[2], int(sys.argv[3]), sys.argv[4])
else:
    sys.exit(__doc__)
