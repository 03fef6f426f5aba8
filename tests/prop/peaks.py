#!/usr/bin/env python3
"""Peak bytes of placement: kernels with given addresses are placed anew in spaces no larger than those addresses reach.

usage: peaks.py PTOC [--table] DIR...

Of every kernel of level 3 in the directories the highest byte used per space is read. Where the given addresses keep
live tiles apart, the kernel without them is placed in spaces that end there, and what comes out must keep live tiles
apart too. Where they do not, tiles are names for data of others; without addresses such a
kernel has another meaning, and it is only counted. Reports TAP, with --table the sums per space.
"""
import os
import re
import subprocess
import sys
import tempfile

import level2


def end_of(functions):
    end = {}
    for f in functions:
        for space, _, hi, _ in f.tile:
            end[space] = max(end.get(space, 0), hi)
    return end


def compile_at(ptoc, path, *args):
    r = subprocess.run([ptoc, path, "--emit=pto", *args], capture_output=True, text=True, errors="replace")
    return (list(level2.functions(r.stdout)) if r.returncode == 0 else None), r.stderr


def without_addresses(path, to):
    with open(path, encoding="utf-8", errors="replace") as f:
        text = re.sub(r" addr = %[A-Za-z0-9_$.#\-]+", "", f.read())
    text = re.sub(r"auto = false, base = \d+|base = \d+, auto = false", "auto = true", text)
    with open(to, "w", encoding="utf-8") as f:
        f.write(text)


def judge(ptoc, path, tmp):
    """(verdict, given peaks, our peaks or text)"""
    try:
        given, _ = compile_at(ptoc, path, "--pto-level=level3")
    except (NotImplementedError, KeyError) as e:
        return "skip", {}, f"not judged: {e}"
    end = end_of(given or [])
    if not end:
        return "skip", {}, "no addresses"
    if any(level2.judge(f) for f in given):
        return "shared", end, ""
    kernel = os.path.join(tmp, "kernel.pto")
    without_addresses(path, kernel)
    capacity = ",".join(f"{s}:{n}" for s, n in end.items())
    ours, err = compile_at(ptoc, kernel, "--pto-level=level2", f"--capacity={capacity}")
    if ours is None:
        return "bad", end, next((x for x in err.splitlines() if "error" in x), "no message")
    clash = next((c for c in map(level2.judge, ours) if c), None)
    over = [s for s, n in end_of(ours).items() if n > end[s]]
    if clash or over:
        return "bad", end, clash or f"{over[0]}: more than {end[over[0]]} bytes"
    return "ok", end, end_of(ours)


def print_table(rows):
    print("| space | kernels | less | equal | more | bytes given | bytes placed |\n|---|---|---|---|---|---|---|")
    for space in level2.CAPACITY:
        pairs = [(g[space], o.get(space, 0)) for g, o in rows if space in g]
        if pairs:
            print(f"| {space} | {len(pairs)} | {sum(o < g for g, o in pairs)} | {sum(o == g for g, o in pairs)} | "
                  f"{sum(o > g for g, o in pairs)} | {sum(g for g, _ in pairs)} | {sum(o for _, o in pairs)} |")


def main():
    ptoc, dirs = sys.argv[1], [d for d in sys.argv[2:] if d != "--table"]
    paths = [os.path.join(d, n) for d in dirs if os.path.isdir(d) for n in sorted(os.listdir(d)) if n.endswith(".pto")]
    if not paths:
        print("1..0 # SKIP no kernels")
        return
    rows, count = [], {"ok": 0, "bad": 0, "skip": 0, "shared": 0}
    with tempfile.TemporaryDirectory() as tmp:
        for path in paths:
            verdict, given, ours = judge(ptoc, path, tmp)
            count[verdict] += 1
            if verdict == "ok":
                rows.append((given, ours))
            if verdict == "bad":
                print(f"# {os.path.basename(path)}: {ours}")
    print(f"# {count['ok']} fit, {count['bad']} do not, {count['shared']} have addresses that live tiles share, "
          f"{count['skip']} have none or are not judged")
    if "--table" in sys.argv:
        print_table(rows)
    print("1..2")
    print(f"{'not ' if count['bad'] else ''}ok 1 - no kernel needs more than its addresses reach")
    print(f"{'' if count['ok'] else 'not '}ok 2 - kernels were compared")


if __name__ == "__main__":
    main()
