#!/usr/bin/env python3
"""docs/reference.md is true: the tests it names exist, and it lists exactly the corpus cases that do not pass.

usage: reference.py PTOC ROOT      (the corpus below PTOC_SHARED or ROOT/../shared; FileCheck on PATH or in LLVM's place)

The first part always runs. Without the corpus or FileCheck the second one is skipped. Prints TAP.
"""
import os
import re
import shutil
import subprocess
import sys

LLVM_BIN = "/usr/lib/llvm-19/bin"
PTOC, ROOT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
SHARED = os.environ.get("PTOC_SHARED", os.path.join(ROOT, "../shared"))


def rows(text):
    """Cells of every table row but heads and rules."""
    out = []
    for line in text.splitlines():
        cells = [c.strip() for c in line.strip().strip("|").split("|")]
        if line.startswith("|") and not set("".join(cells)) <= set("-: "):
            out.append(cells)
    return out


def exists(name):
    if re.fullmatch(r"r\d\d", name):
        return os.path.exists(f"{ROOT}/tests/repro/{name}.expect")
    area, _, case = name.partition("/")
    if area == "cxx":
        return os.path.exists(f"{ROOT}/tests/{name}.pto")
    return os.path.exists(f"{ROOT}/tests/golden/cases/{area}/{case}.pto")


def tests_named(text):
    """Problems of the tables of differences: rows without a test, tests that are not there."""
    bad = []
    for cells in rows(text):
        if cells[-1] == "test":
            continue
        names = re.findall(r"`([^`]+)`", cells[-1])
        if not names:
            bad.append(f"no test: {' | '.join(cells)[:80]}")
        bad += [f"no such test: {n}" for n in names if not exists(n)]
    return bad


def listed(text):
    return {c[0].strip("`") for c in rows(text) if c[0].endswith("`") and "#" in c[0]}


def failing():
    """Corpus cases that do not pass now; None when that cannot be found out here."""
    tool, lit = f"{SHARED}/tools/lit_conformance.py", f"{SHARED}/corpus/lit"
    path = os.environ["PATH"] + os.pathsep + LLVM_BIN
    if not os.path.exists(tool) or not os.path.exists(f"{lit}/EXPECT.txt") or not shutil.which("FileCheck", path=path):
        return None
    run = subprocess.run([sys.executable, tool, "--expect", f"{lit}/EXPECT.txt", "--list", PTOC, lit],
                         capture_output=True, text=True, env=dict(os.environ, PATH=path))
    lines = run.stdout.splitlines()
    return {ln.split()[-1] for ln in lines if ln.startswith("FAIL ")} if len(lines) > 1 else None


def report(number, name, bad):
    print(f"{'not ok' if bad else 'ok'} {number} - {name}")
    for line in bad:
        print("# " + line)
    return not bad


def main():
    with open(f"{ROOT}/docs/reference.md", encoding="utf-8") as f:
        differences, _, cases = f.read().partition("\n## 5. ")
    ok = report(1, "every difference names tests that exist", tests_named(differences))
    have = failing()
    if have is None:
        print("ok 2 - cases listed are those that fail # SKIP no corpus or no FileCheck")
    else:
        known = listed(cases)
        bad = [f"passes now, remove its row from docs/reference.md: {c}" for c in sorted(known - have)]
        bad += [f"fails and is not in docs/reference.md: {c}" for c in sorted(have - known)]
        ok = report(2, "cases listed are those that fail", bad) and ok
    print("1..2")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
