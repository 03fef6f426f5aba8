#!/usr/bin/env python3
"""Peak bytes of placement at level 2 against a model of the reference's planner.

usage: refplan.py PTOC [--table] FILE_OR_DIR...

Kernels of the directories (and those below PTOC_SHARED), without the addresses that some give, are placed by a model of
the planner that ptoas has by default, and by ptoc in spaces that end where the model's tiles do. The model: one behind
the other while the sum of the sizes is less than the space, else first fit over segments that remember the intervals of
what they held. Intervals are closed, from the first touch of a family to the end of the op, in the block of the
allocation, behind which nothing of the family is used; at the head of a loop everything is touched that lives across it.
What the model refuses must be placed when the live tiles fit. Then every space is shrunk to the bytes that are live at
its peak, and 5 % more. Reports TAP, with --table the sums per space.
"""
import os
import re
import subprocess
import sys
import tempfile

import level2
import peaks

CAPACITY = {**level2.CAPACITY, "bias": 65536, "scaling": 196608}      # the reference's
MATRIX = ("left", "right", "acc")


class Tile:
    def __init__(self, name, space, size, block, at):
        self.name, self.space, self.size, self.block, self.at = name, space, size, block, at
        self.start = self.end = None


class Model:
    """One function of ptoc's canonical text."""

    def __init__(self, lines):
        self.up, self.tile, self.uses, self.loops = {}, {}, [], []
        self.index = 0
        self.exit = {}              # (block, entry index) -> exit index
        self.walk(iter(lines))
        self.intervals()

    def find(self, name):
        while self.up.setdefault(name, name) != name:
            name = self.up[name]
        return name

    def join(self, a, b):
        self.up[self.find(a)] = self.find(b)

    def walk(self, lines):
        stack = []                  # (kind, entry index, results, carried)
        for line in lines:
            line = level2.strip_comment(line)
            self.index += 1
            if line.startswith("^"):
                raise NotImplementedError("blocks")
            if line.startswith("}"):
                if not stack:
                    return
                if not line.startswith("} else"):
                    _, entry, _, _ = stack.pop()
                    self.exit[entry] = self.index
                continue
            head, _, rest = line.partition(" = ") if line.startswith("%") else ("", "", line)
            kind = rest.split(" ", 1)[0]
            names = level2.NAME.findall(rest)
            path = tuple(s[1] for s in stack)
            if line.endswith("{"):
                pairs = re.findall(r"(%\S+) = (%[^,)\s]+)", rest.partition("iter_args(")[2])
                results = self.results(head)
                for (arg, init), result in zip(pairs, results):
                    self.join(arg, init)
                    self.join(result, init)
                if kind not in ("scf.for", "scf.if") and not kind.startswith("pto.section"):
                    raise NotImplementedError(kind)
                if kind == "scf.for":
                    self.loops.append(self.index)
                stack.append((kind, self.index, results, [a for a, _ in pairs]))
            elif kind == "scf.yield":
                _, _, results, carried = stack[-1]
                for k, name in enumerate(names):
                    for other in (results[k:k + 1] + carried[k:k + 1]):
                        self.join(other, name)
            elif kind in ("pto.alloc_tile", "pto.alloc_multi_tile"):
                self.alloc(head, rest, path)
            elif kind in level2.VIEWS:
                for name in names:
                    if kind != "arith.select" or name != names[0]:
                        self.join(head, name)
            else:
                self.uses += [(self.index, path, name) for name in names]

    @staticmethod
    def results(head):
        names = []
        for r in [x for x in re.split(r",\s*", head) if x]:
            base, _, count = r.partition(":")
            names += [f"{base}#{k}" for k in range(int(count))] if count else [base]
        return names

    def alloc(self, name, rest, path):
        multi = level2.MULTI.search(rest)
        t = multi or level2.TILE.search(rest)
        size = int(t.group(2)) * int(t.group(3)) * level2.BYTES[t.group(4)]
        for k in range(int(multi.group(5)) if multi else 1):
            self.tile[name + f"/{k}" * k] = Tile(name, t.group(1), size, path, self.index)

    def intervals(self):
        used = {}
        for index, path, name in self.uses:
            used.setdefault(self.find(name), []).append((index, path))
        for t in self.tile.values():
            uses = used.get(self.find(t.name), [])
            ends = [i if p == t.block else self.exit[p[len(t.block)]] for i, p in uses if p[:len(t.block)] == t.block]
            if not ends:
                continue            # never touched: gets no address
            t.end = max(ends)
            t.start = min([i for i, _ in uses] + [x for x in self.loops if t.at < x <= t.end])


def gap(segs, entry, forbidden):
    """First run of segments that holds the entry: (index, number, start)."""
    start, end, size = entry
    for k, (lo, _, _) in enumerate(segs):
        n = k
        while n < len(segs) and all(e < start or end < s for s, e in segs[n][2]):
            n += 1
            if segs[n - 1][1] - lo >= size and lo != forbidden:
                return k, n - k, lo
    return None


def occupy(segs, where, entry, split):
    k, n, lo = where
    start, end, size = entry
    run, own = segs[k:k + n], (start, end)
    hi, last = run[-1][1], run[-1][2]
    if split:
        put = [(a, min(b, lo + size), [own] + i) for a, b, i in run]
    else:
        put = [(lo, lo + size, [own] + [x for _, _, i in run for x in i])]
    return segs[:k] + put + ([(lo + size, hi, last)] if lo + size < hi else []) + segs[k + n:]


def first_fit(tiles, cap, split):
    """Placements are taken back, newest first, until one is found that leaves room for what does not fit."""
    segs, done, forbidden, k = [(0, cap, [])], [], (None, None), 0
    for _ in range(100000):
        if k == len(tiles):
            return [(at, at + tiles[i][2]) for i, (_, at) in enumerate(done)]
        where = gap(segs, tiles[k], forbidden[1] if forbidden[0] == k else None)
        if where:
            done.append((segs, where[2]))
            segs = occupy(segs, where, tiles[k], split)
            k += 1
            continue
        size = tiles[k][2]
        while done:
            segs, at = done.pop()
            k -= 1
            if at + size <= cap:
                forbidden = (k, at)
                break
        else:
            return None
    return None


def place(tiles, cap):
    """Bytes that tiles take in one space, None when it overflows; tiles as (start, end, size)."""
    total = sum(t[2] for t in tiles)
    if len(tiles) > 1 and total >= cap:
        return first_fit(tiles, cap, False) or first_fit(tiles, cap, True)
    ends = [sum(t[2] for t in tiles[:k + 1]) for k in range(len(tiles))]
    return [(end - t[2], end) for end, t in zip(ends, tiles)] if total <= cap else None


def reserve(taken, size, cap):
    """A reserved buffer takes the lowest hole that no tile ever uses."""
    at = 0
    for lo, hi in sorted(taken):
        if lo < at + size and hi > at:
            at = -(-hi // 256) * 256
    return taken + [(at, at + size)] if at + size <= cap else None


def by_name(text):
    """Text of every function by its name."""
    parts = re.split(r"^\s*func\.func (?:private |public )?@([\w$.\-]+)", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def reserved(text):
    """(size, space) of every reserve_buffer."""
    for line in re.findall(r"pto\.reserve_buffer.*", text):
        size, space = re.search(r"size = (\d+)", line), re.search(r"address_space<(\w+)>", line)
        yield int(size.group(1)), space.group(1)


def reference(text, source):
    """Peak by space of a module; None for a space that overflows. Every function starts at 0."""
    peak, sources = {}, by_name(source)
    for name, body in by_name(text).items():
        lines = body.splitlines()
        if not level2.strip_comment(lines[0]).endswith("{"):
            continue
        m = Model(lines[1:])
        for space, cap in CAPACITY.items():
            unit = 4096 if space in MATRIX else 256
            tiles = sorted((t.start, n, t.end, -(-t.size // unit) * unit) for n, t in m.tile.items()
                           if t.space == space and t.end)
            taken = place([(s, e, size) for s, _, e, size in tiles], cap)
            for size, where in reserved(sources.get(name, "")):
                taken = reserve(taken, size, cap) if where == space and taken is not None else taken
            if taken is None or peak.get(space, 0) is None:
                peak[space] = None
            elif taken:
                peak[space] = max([peak.get(space, 0)] + [hi for _, hi in taken])
    return peak


def rounded(space, end):
    unit = 4096 if space in MATRIX else 256
    return -(-end // unit) * unit


def run(ptoc, kernel, *args):
    return subprocess.run([ptoc, kernel, "--pto-level=level2", "--emit=pto", *args], capture_output=True, text=True,
                          errors="replace")


def compare(ptoc, path, tmp):
    """(verdict, {space: (reference, placed in that many bytes, placed in the whole space)} or text)"""
    kernel = os.path.join(tmp, "kernel.pto")
    peaks.without_addresses(path, kernel)
    r = run(ptoc, kernel)
    if r.returncode != 0:
        first = next((x for x in r.stderr.splitlines() if "error" in x), "no message")
        if " overflow, requires" not in first:
            return "skip", first
        return ("bad", "live tiles would fit") if level2.overflow_is_right(r.stderr, "") else ("overflow", first)
    if "func.call" in r.stdout:
        return "skip", "not judged: calls"
    with open(kernel, encoding="utf-8") as f:
        source = f.read()
    try:
        theirs, free = reference(r.stdout, source), peaks.end_of(level2.functions(r.stdout))
        known = {s: min(n, level2.CAPACITY[s]) for s, n in theirs.items() if n}
        if known:
            r = run(ptoc, kernel, "--capacity=" + ",".join(f"{s}:{n}" for s, n in known.items()))
        if r.returncode != 0:
            return "bad", next((x for x in r.stderr.splitlines() if "error" in x), "no message")
        functions = list(level2.functions(r.stdout))
    except (NotImplementedError, KeyError) as e:
        return "skip", f"not judged: {e}"
    clash = next((c for c in map(level2.judge, functions) if c), None)
    ours = {s: rounded(s, n) for s, n in peaks.end_of(functions).items()}
    for _, space in reserved(source):
        ours[space] = theirs[space]         # the capacity leaves room for tiles and reserved buffers together
    over = next((s for s in ours if theirs[s] and ours[s] > theirs[s]), None)
    if clash or over:
        return "bad", clash or f"{over}: {ours[over]} bytes, reference {theirs[over]}"
    return "ok", {s: (theirs[s], ours[s], rounded(s, free.get(s, 0))) for s in ours}


def tight(ptoc, path, tmp, spaces):
    """(spaces placed in the bytes that are live at the peak, in 5 % more, in neither)"""
    kernel, count = os.path.join(tmp, "kernel.pto"), [0, 0, 0]
    peaks.without_addresses(path, kernel)
    for space in spaces:
        unit = 512 if space in MATRIX else 32
        live = re.search(r"(\d+) bytes are live at the peak", run(ptoc, kernel, f"--capacity={space}:{unit}").stderr)
        n = int(live.group(1)) if live else unit        # one tile of that size, or none
        steps = [n, n * 105 // 100 // unit * unit]
        fits = (k for k, x in enumerate(steps) if run(ptoc, kernel, f"--capacity={space}:{x}").returncode == 0)
        count[next(fits, 2)] += 1
    return count


def main():
    os.environ.setdefault("PTOC_SHARED", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../shared"))
    ptoc, paths = sys.argv[1], [d for d in sys.argv[2:] if d != "--table"]
    rows, count, bound = [], {"ok": 0, "bad": 0, "skip": 0, "overflow": 0}, [0, 0, 0]
    with tempfile.TemporaryDirectory() as tmp:
        for path in level2.inputs(paths):
            verdict, what = compare(ptoc, path, tmp)
            count[verdict] += 1
            if verdict == "ok":
                rows.append(what)
                with open(path, encoding="utf-8", errors="replace") as f:
                    if "reserve_buffer" not in f.read():
                        near = tight(ptoc, path, tmp, what)
                        bound = [x + y for x, y in zip(bound, near)]
                        if near[2]:
                            print(f"# {os.path.basename(path)}: more than 5 % above what is live")
                if any(a is None for a, _, _ in what.values()):
                    print(f"# {os.path.basename(path)}: the reference refuses it, placed here")
            if verdict != "ok" and (verdict == "bad" or "--table" in sys.argv):
                print(f"# {os.path.basename(path)}: {verdict}: {what}")
    refused = sum(any(a is None for a, _, _ in row.values()) for row in rows)
    print(f"# {count['ok']} fit into the reference's peak or where it refuses ({refused}), {count['bad']} do not; "
          f"{count['overflow']} have more live bytes than the space; {count['skip']} not judged")
    print(f"# {sum(bound)} spaces without reserved buffers shrunk to what is live at the peak: {bound[0]} fit, "
          f"{bound[1]} in 5 % more, {bound[2]} do not")
    if "--table" in sys.argv:
        print("| space | kernels | reference refuses | below | equal | above | bytes of the reference | bytes placed |")
        print("|---|---|---|---|---|---|---|---|")
        for space in CAPACITY:
            pairs = [row[space] for row in rows if space in row]
            known = [p for p in pairs if p[0]]
            if pairs:
                print(f"| {space} | {len(pairs)} | {len(pairs) - len(known)} | {sum(b < a for a, b, _ in known)} | "
                      f"{sum(b == a for a, b, _ in known)} | {sum(b > a for a, b, _ in known)} | "
                      f"{sum(a for a, _, _ in known)} | {sum(b for _, b, _ in known)} |")
        higher = sum(any(a and c > a for a, _, c in row.values()) for row in rows)
        print(f"# with the whole space {higher} reach higher than the reference")
    print("1..3")
    print(f"{'not ' if count['bad'] else ''}ok 1 - no kernel needs more than the reference gives it")
    print(f"{'' if count['ok'] else 'not '}ok 2 - kernels were compared")
    print(f"{'not ' if bound[2] else ''}ok 3 - every space may be as small as what is live, or 5 % larger")


if __name__ == "__main__":
    main()
