#!/usr/bin/env python3
"""Placement at level 2: kernels without addresses compile, are proved, and no two live tiles share bytes.

usage: level2.py PTOC FILE_OR_DIR...      (and the kernels below PTOC_SHARED, where that is)

The addresses of level-3 kernels are taken out; other kernels are used as they are. What ptoc places is read back from
its .pto output and judged by a liveness of its own: forward and backward reachability of uses on the control flow graph.
A tile is live where a use lies behind and a use of what it holds lies ahead, not in front of an op that writes all of it;
values that may be one of several tiles keep all of them alive. Two tiles on exactly the same bytes may meet in one op
that works in place. "overflow" is right only when the live tiles at some point are larger than the space.
Random kernels come in addition. Reports TAP.
"""
import math
import os
import random
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

BYTES = {"i8": 1, "ui8": 1, "si8": 1, "i16": 2, "ui16": 2, "si16": 2, "f16": 2, "bf16": 2, "i32": 4, "ui32": 4, "si32": 4,
         "f32": 4, "i64": 8, "ui64": 8, "si64": 8}
CAPACITY = {"vec": 196608, "mat": 524288, "left": 65536, "right": 65536, "acc": 131072, "bias": 1024, "scaling": 2048}
IN_PLACE = {"pto.t" + x for x in "abs add addrelu adds and div exp log lrelu max maxs min mins mul muls neg not or relu shl "
            "shls shr shrs sqrt sub subs matmul.acc gemv.acc".split()}
FILLS = {"pto.t" + x for x in (
    "abs add addrelu adds and colexpand colexpandadd colexpanddiv colexpandexpdif colexpandmax "
    "colexpandmin colexpandmul colexpandsub colmax colmin colprod colsum cvt div divs exp expands "
    "extract fmod fmods load log lrelu matmul matmul.bias max maxs min mins mov mul muls neg not or "
    "ors recip relu rowexpand rowexpandadd rowexpanddiv rowexpandexpdif rowexpandmax rowexpandmin "
    "rowexpandmul rowexpandsub rowmax rowmin rowprod rowsum rsqrt sel shl shls shr shrs sqrt sub "
    "subs trans").split()}
VIEWS = ("pto.subview", "pto.treshape", "pto.bitcast", "arith.select", "pto.multi_tile_get")
TILE = re.compile(r"!pto\.tile_buf<(\w+), (\d+)x(\d+)x(\w+)")
MULTI = re.compile(r"!pto\.multi_tile_buf<(\w+), (\d+)x(\d+)x(\w+).*?count ?= ?(\d+)")
NAME = re.compile(r"%[A-Za-z0-9_$.\-]+(?:#\d+)?")


def whole(op):
    """Is all of the destination valid, and does a load bring all of it?"""
    outs = op.partition(" outs(")[2]
    dst, src = TILE.search(outs), re.search(r"!pto\.partition_tensor_view<((?:\d+x)+)", op)
    if not dst or "v_row" in outs or "valid" in outs:
        return False
    size = int(dst.group(2)) * int(dst.group(3))
    return not op.startswith("pto.tload ") or bool(src and math.prod(map(int, src.group(1)[:-1].split("x"))) == size)


class Function:
    """Lines of one function as nodes of a graph; tiles with their bytes; values with the tiles they may be."""

    def __init__(self):
        self.succ, self.use, self.kill = [], [], []     # by node: successors, tiles used, tiles allocated
        self.fills, self.fill = [], []                  # by node: tiles written as a whole; what may be one: node, dst, srcs
        self.kind = {}                                  # by node: name of the op
        self.tile = []                                  # (space, lo, hi, name)
        self.value = {}                                 # name -> set of tiles
        self.const = {}

    def node(self, preds):
        n = len(self.succ)
        self.succ.append([])
        self.use.append(set())
        self.kill.append(set())
        self.fills.append(set())
        for p in preds:
            self.succ[p].append(n)
        return n


def strip_comment(line):
    return re.sub(r' loc\(.*$', '', line).strip()


class Parser:
    """The canonical text of ptoc: one op per line, regions open and close at line ends."""

    def __init__(self, lines):
        self.lines, self.at = lines, 0

    def function(self):
        f = Function()
        out = self.block(f, [f.node([])])
        # values joined by control flow may get more tiles from later lines
        changed = True
        while changed:
            changed = False
            for dst, srcs in f.joins:
                have = f.value.setdefault(dst, set())
                add = set().union(*(f.value.get(s, set()) for s in srcs)) - have
                if add:
                    have |= add
                    changed = True
        for n, names in f.refs:
            for name in names:
                f.use[n] |= f.value.get(name, set())
        for n, dst, srcs in f.fill:
            tiles = f.value.get(dst, set())
            read = set().union(*(f.value.get(s, set()) for s in srcs))
            f.fills[n] |= {t for t in tiles - read if len(tiles) == 1 and f.tile[t][3] == dst}
        return f, out

    def block(self, f, preds):
        f.joins = getattr(f, "joins", [])
        f.refs = getattr(f, "refs", [])
        while True:
            line = strip_comment(self.lines[self.at])
            self.at += 1
            if line.startswith("}"):
                self.closing = line
                return preds
            if line.startswith("^"):
                raise NotImplementedError("blocks")
            preds = self.op(f, line, preds)

    def op(self, f, line, preds):
        head, _, rest = line.partition(" = ") if line.startswith("%") else ("", "", line)
        results = [r for r in re.split(r",\s*", head) if r]
        if not line.endswith("{"):
            return [self.plain(f, results, rest, preds)]
        n = f.node(preds)
        f.refs.append((n, NAME.findall(rest)))
        names = []
        for r in results:
            base, _, count = r.partition(":")
            names += [f"{base}#{k}" for k in range(int(count))] if count else [base]
        kind = rest.split(" ", 1)[0]
        if kind == "scf.for":
            return self.loop(f, rest, names, n)
        if kind == "scf.if":
            return self.branch(f, names, n)
        if kind.startswith("pto.section"):
            return self.block(f, [n])
        raise NotImplementedError(kind)

    def loop(self, f, rest, names, n):
        pairs = re.findall(r"(%\S+) = (%[^,)\s]+)", rest.partition("iter_args(")[2])
        f.yielded = []
        out = self.block(f, [n])
        for p in out:
            f.succ[p].append(n)
        for k, (arg, init) in enumerate(pairs):
            srcs = [init] + f.yielded[k:k + 1]
            f.joins += [(arg, srcs), (names[k], srcs + [arg])]
        return [n]      # the head is also where the loop is left

    def branch(self, f, names, n):
        f.yielded = []
        outs = self.block(f, [n])
        yields = [f.yielded]
        if self.closing.startswith("} else"):
            f.yielded = []
            outs = outs + self.block(f, [n])
            yields.append(f.yielded)
        else:
            outs = outs + [n]
        for k, name in enumerate(names):
            f.joins.append((name, [y[k] for y in yields]))
        return outs

    def plain(self, f, results, rest, preds):
        n = f.node(preds)
        kind = f.kind[n] = rest.split(" ", 1)[0]
        names = NAME.findall(rest)
        if kind == "arith.constant":
            m = re.match(r"arith\.constant (-?\d+) : i64", rest)
            if m:
                f.const[results[0]] = int(m.group(1))
        elif kind in ("pto.alloc_tile", "pto.alloc_multi_tile"):
            self.alloc(f, n, results[0], rest)
        elif kind in VIEWS:
            f.joins.append((results[0], names))
        elif kind == "scf.yield":
            f.yielded = names
            f.refs.append((n, names))
        else:
            f.refs.append((n, names))
        if kind in FILLS and whole(rest):
            ins, _, outs = rest.partition(" outs(")
            f.fill.append((n, NAME.findall(outs)[0], NAME.findall(ins)))
        return n

    def alloc(self, f, n, name, rest):
        m = re.search(r"addr = (%\S+)", rest)
        multi = MULTI.search(rest)
        t = multi or TILE.search(rest)
        if not m:
            return      # never used
        size = int(t.group(2)) * int(t.group(3)) * BYTES[t.group(4)]
        if multi:
            align = 512 if t.group(1) in ("left", "right", "acc") else 32
            size = (size + align - 1) // align * align * int(t.group(5))
        lo = f.const[m.group(1)]
        f.value[name] = {len(f.tile)}
        f.kill[n].add(len(f.tile))
        f.tile.append((t.group(1), lo, lo + size, name))


def reach(f, forward):
    """Tiles used behind (or ahead of) each node, the node included; an allocation starts afresh."""
    n = len(f.succ)
    edges = [[] for _ in range(n)]
    for a, bs in enumerate(f.succ):
        for b in bs:
            if forward:
                edges[a].append(b)
            else:
                edges[b].append(a)
    state = [set(u) for u in f.use]
    work = list(range(n))
    while work:
        a = work.pop()
        for b in edges[a]:
            new = state[a] - f.kill[b] - state[b]
            if not forward:
                new -= f.fills[a]
            if new:
                state[b] |= new
                work.append(b)
    return state


def live_sets(f):
    behind, ahead = reach(f, True), reach(f, False)
    return [b & a for b, a in zip(behind, ahead)]


def judge(f):
    """Text of the first clash, or None."""
    seen = set()
    lives = live_sets(f)
    for n, live in enumerate(lives):
        key = frozenset(live)
        if key in seen:
            continue
        seen.add(key)
        order = sorted(live, key=lambda t: f.tile[t])
        tiles = [f.tile[t] for t in order]
        for a, b, i, j in zip(tiles, tiles[1:], order, order[1:]):
            if a[0] == b[0] and b[1] < a[2]:
                if a[1:3] == b[1:3] and f.kind.get(n) in IN_PLACE and sum(i in x and j in x for x in lives) == 1:
                    continue
                return f"{a[3]} [{a[1]}, {a[2]}) and {b[3]} [{b[1]}, {b[2]}) of {a[0]} are live together"
        for t in tiles:
            if t[2] > CAPACITY[t[0]]:
                return f"{t[3]} [{t[1]}, {t[2]}) ends behind {t[0]}"
    return None


def functions(text):
    lines = text.splitlines()
    for i, line in enumerate(lines):
        if re.match(r"\s*func\.func .*\{\s*$", strip_comment(line)):
            yield Parser(lines[i + 1:]).function()[0]


def run(ptoc, path, *args):
    return subprocess.run([ptoc, path, "--pto-level=level2", *args], capture_output=True, text=True, errors="replace")


def check(job):
    ptoc, path, tmp, number = job
    with open(path, encoding="utf-8", errors="replace") as f:
        text = f.read()
    stripped = re.sub(r" addr = %[A-Za-z0-9_$.#\-]+", "", text)
    stripped = re.sub(r"auto = false, base = \d+|base = \d+, auto = false", "auto = true", stripped)
    kernel = os.path.join(tmp, f"{number}.pto")
    with open(kernel, "w", encoding="utf-8") as f:
        f.write(stripped)
    r = run(ptoc, kernel, "--emit=pto")
    if r.returncode != 0:
        first = next((x for x in r.stderr.splitlines() if "error" in x), "no message")
        m = re.search(r"(\w+) overflow, requires", first)
        if not m:
            return path, "skip", first
        return path, "overflow", overflow_is_right(r.stderr, m.group(1))
    if "sync-fallback" in r.stderr or "sync-unproved" in r.stderr:
        return path, "bad", next(x for x in r.stderr.splitlines() if "sync-" in x)
    try:
        for f in functions(r.stdout):
            clash = judge(f)
            if clash:
                return path, "bad", clash
    except NotImplementedError as e:
        return path, "skip", f"not judged: {e}"
    return path, "ok", ""


def overflow_is_right(err, space):
    """The message names what is live at the peak: its sum must exceed the space."""
    m = re.search(r"(\d+) bytes are live at the peak, \w+ has (\d+)", err)
    return "" if m and int(m.group(1)) > int(m.group(2)) else f"{space}: live tiles would fit"


class Random:
    """A random kernel: nested loops and ifs with carried tiles, selections, views, tiles of a few sizes."""

    COLS = (64, 1024, 4096, 8192, 16384)

    def __init__(self, seed):
        self.r = random.Random(seed)
        self.out, self.n, self.left = [], 0, self.r.randint(10, 60)

    def name(self):
        self.n += 1
        return f"%v{self.n}"

    @staticmethod
    def type(cols):
        return f"!pto.tile_buf<vec, 1x{cols}xf32>"

    def use(self, v):
        self.out.append(f"pto.texpands ins(%s : f32) outs({v[0]} : {self.type(v[1])})")

    def statement(self, scope, depth):
        kind = self.r.choice("aaauuuuuvsfi" if depth < 4 else "aaauuuuuvs")
        if kind == "a" or not scope:
            v = (self.name(), self.r.choice(self.COLS))
            self.out.append(f"{v[0]} = pto.alloc_tile : {self.type(v[1])}")
            scope.append(v)
            if self.r.random() < 0.8:
                self.use(v)
            return
        v = self.r.choice(scope[-8:])
        same = [w for w in scope if w[1] == v[1]]
        t = self.type(v[1])
        if kind == "u":
            self.use(v)
        elif kind == "v":
            w = (self.name(), 64)
            self.out.append(f"{w[0]} = pto.subview {v[0]}[%c0, %c0] sizes [1, 64] : {t} -> {self.type(64)}")
            if v[1] != 64:
                scope.append(w)
        elif kind == "s":
            w = (self.name(), v[1])
            self.out.append(f"{w[0]} = arith.select %c, {v[0]}, {self.r.choice(same)[0]} : {t}")
            scope.append(w)
        elif kind == "f":
            self.loop(scope, depth, v, same, t)
        else:
            self.branch(scope, depth, v, same, t)

    def loop(self, scope, depth, v, same, t):
        carried = self.r.random() < 0.5
        res, arg = (self.name(), v[1]), (self.name(), v[1])
        head = f"scf.for {self.name()} = %c0 to %n step %c1"
        if carried:
            self.out.append(f"{res[0]} = {head} iter_args({arg[0]} = {v[0]}) -> ({t}) {{")
        else:
            self.out.append(head + " {")
        inner = scope + [arg] * carried
        self.body(inner, depth + 1)
        if carried:
            end = self.r.choice([w for w in inner if w[1] == v[1]])
            self.out.append(f"scf.yield {end[0]} : {t}")
            scope.append(res)
        self.out.append("}")

    def branch(self, scope, depth, v, same, t):
        result = self.r.random() < 0.4
        res = (self.name(), v[1])
        self.out.append(f"{res[0]} = scf.if %c -> ({t}) {{" if result else "scf.if %c {")
        for k in range(2):
            inner = list(scope)
            self.body(inner, depth + 1)
            if result:
                end = self.r.choice([w for w in inner if w[1] == v[1]])
                self.out.append(f"scf.yield {end[0]} : {t}")
            if k == 0:
                self.out.append("} else {")
        self.out.append("}")
        if result:
            scope.append(res)

    def body(self, scope, depth):
        for _ in range(self.r.randint(1, 8)):
            if self.left > 0:
                self.left -= 1
                self.statement(scope, depth)

    def kernel(self):
        scope = []
        while self.left > 0:
            self.body(scope, 0)
        return "\n".join(["module {", "func.func @k(%s: f32, %n: index, %c: i1) attributes "
                          "{pto.kernel_kind = #pto.kernel_kind<vector>} {",
                          "%c0 = arith.constant 0 : index", "%c1 = arith.constant 1 : index"] + self.out +
                         ["return", "}", "}"]) + "\n"


def generated(tmp, n):
    paths = []
    for seed in range(n):
        paths.append(os.path.join(tmp, f"random_{seed}.pto"))
        with open(paths[-1], "w", encoding="utf-8") as f:
            f.write(Random(seed).kernel())
    return paths


def judge_sees_clashes(ptoc, paths, tmp):
    """Everything at address 0 must be refused for a kernel with several tiles."""
    for path in paths:
        r = run(ptoc, path, "--emit=pto")
        text = re.sub(r"constant \d+ : i64", "constant 0 : i64", r.stdout)
        fs = list(functions(text)) if r.returncode == 0 else []
        if fs and any(len(x) > 1 for x in live_sets(fs[0])):
            return judge(fs[0]) is not None
    return False


def inputs(paths):
    shared = os.environ.get("PTOC_SHARED")
    for path in list(paths) + ([os.path.join(shared, "corpus/pypto")] if shared else []):
        if os.path.isdir(path):
            for base, dirs, names in os.walk(path):
                dirs.sort()
                for name in sorted(names):
                    if name.endswith(".pto"):
                        yield os.path.join(base, name)
        elif os.path.exists(path):
            yield path


def main():
    ptoc = sys.argv[1]
    os.environ.setdefault("PTOC_SHARED", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../shared"))
    paths = list(inputs(sys.argv[2:]))
    with tempfile.TemporaryDirectory() as tmp, ThreadPoolExecutor(2) as pool:
        paths += generated(tmp, 300)
        results = list(pool.map(check, [(ptoc, p, tmp, i) for i, p in enumerate(paths)]))
        stripped = [os.path.join(tmp, f"{i}.pto") for i in range(len(paths))]
        sees = judge_sees_clashes(ptoc, stripped, tmp)
    results.append(("the judge sees a clash", "ok" if sees else "bad", ""))
    print(f"1..{len(results)}")
    bad = 0
    for i, (path, verdict, text) in enumerate(results, 1):
        failed = verdict == "bad" or (verdict == "overflow" and text)
        bad += bool(failed)
        note = "" if verdict == "ok" else f" # SKIP {verdict}: {text}"
        print(f"{'not ok' if failed else 'ok'} {i} - {os.path.basename(path)}{note if not failed else ''}")
        if failed:
            print(f"# {verdict}: {text}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
