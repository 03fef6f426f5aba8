#!/usr/bin/env python3
"""Every a2a3 op of the specification has a row, a positive golden, a rejected input, and the effects of the specification.

usage: coverage.py SOURCE_ROOT [SPEC_DIR]

Reads src/isa/ops.def, the golden cases and examples, and ops-*.json of the specification (PTOC_SHARED/spec, default
SOURCE_ROOT/../shared/spec). Reports TAP, one line per op; skipped without the specification. Ops of TODO are
known to be missing: one that is complete must leave the list, so that it only shrinks.
"""
import glob
import json
import os
import re
import sys

# Not done yet, by file of the specification: row, golden, negative case or effects.
TODO = {
    "ops-compute.json": [],
    "ops-move.json": [],
    "ops-sync-comm.json": [],
}

# Old names that are read as another op.
RENAMED = {"pto.tfillpad_inplace": "pto.tfillpad", "pto.tfillpad_expand": "pto.tfillpad",
           "pto.subset": "pto.subview"}

# Ops between the passes of older compilers: no row, but an error of their own.
INTERNAL = ["pto.bind_tile", "pto.pointer_cast", "pto.declare_tile_memref", "pto.materialize_tile"]

# Ops that no overload of the public headers takes: read, but refused when C++ is printed.
REFUSED = ["pto.tsync"]

# op: (effects by operand name as our table has them, why they differ from the specification's declaration)
EFFECTS = {
    "pto.tquant": ({"src": "b"}, "the library scales src in place and writes narrowed data over it"),
    "pto.tdivs": ({"src": "r", "scalar": "r"}, "either operand may be the tile; scalars are no accesses"),
    "pto.tmatmul.acc": ({"dst": "b"}, "the product is added to dst"),
    "pto.tgemv.acc": ({"dst": "b"}, "the product is added to dst"),
    "pto.cmo.cacheinvalid": ({"addr": "-"}, "cache maintenance moves no data of the program"),
    "pto.mgather": ({"dst": "b", "scratch": "w"}, "our order is scratch, dst; S writes scratch, MTE2 reads it"),
    "pto.tprefetch_async": ({"src": "-", "ctx": "-"}, "warms a shared cache beside the pipes: no order is needed"),
    "pto.eventid_array_get": ({"array": "r"}, "declared by the text `the array`"),
    "pto.eventid_array_set": ({"array": "w"}, "declared by the text `the array`"),
    "pto.tpush_to_aiv": ({"aiv_subblockid": "-"}, "read so that the operand gets the specified text"),
    "pto.tpop_from_aiv": ({"aiv_subblockid": "-"}, "read so that the operand gets the specified text"),
    "pto.comm.twait": ({"signal": "r"}, "declared a write so that nothing moves across; that is the phase kind here"),
    "pto.tprint": ({"src": "r", "tmp": "s"}, "TPrint.hpp only reads; the reference declares a write to keep the op alive"),
}

ROW = re.compile(r'^OP\(\w+, "([^"]+)", \w+, "([^"]*)", "([^"]*)"', re.M)
MENTION = re.compile(r"\bpto\.[a-z0-9_]+(?:\.[a-z0-9_]+)*")


def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


def table(root):
    """name -> (letters of the operands, rw letters), both in slot order."""
    return {name: (re.sub(r"[>?*]", "", sig), rw) for name, sig, rw in ROW.findall(read(f"{root}/src/isa/ops.def"))}


def cases(root):
    """Ops in goldens that print C++ or a dump, and ops that some expected diagnostic is about."""
    positive, negative = set(), set()
    for pto in glob.glob(f"{root}/tests/golden/cases/**/*.pto", recursive=True) + glob.glob(f"{root}/examples/*.pto"):
        stem = pto[:-len(".pto")]
        if os.path.exists(stem + ".cpp"):
            positive.update(RENAMED.get(x, x) for x in MENTION.findall(read(pto)))
        if os.path.exists(stem + ".err"):
            text = read(stem + ".err")
            negative.update(re.findall(r"'(pto\.[^']+)' op ", text))
            if "error:" in text:    # a diagnostic without the op's name: the op of the line it shows
                negative.update(m for line in text.splitlines()[1:2] for m in MENTION.findall(line.split("ins(")[0]))
    return positive, negative


def wanted(spec):
    """rw letter per operand name from the declared effects."""
    e, out = spec.get("effects") or {}, {}
    for o in spec.get("operands") or []:
        n = o["name"]
        r, w, s = (n in [x.split(":")[0].split(" ")[0] for x in e.get(k) or []] for k in ("reads", "writes", "scratch"))
        out[n] = "s" if s else "b" if r and w else "r" if r else "w" if w else "-"
    return out


def judge(spec, rows, positive, negative):
    name = RENAMED.get(spec["op"], spec["op"])
    if name in INTERNAL:
        return "" if name in negative else "no negative case"
    if name not in rows:
        return "no row"
    problems = []
    want, (letters, rw) = wanted(spec) if name == spec["op"] else {}, rows[name]
    want.update(EFFECTS.get(name, ({},))[0])
    if want and len(want) == len(rw):
        problems += [f"effect of {n} is {have}, specified {need}"
                     for (n, need), have, letter in zip(want.items(), rw, letters)
                     if have != need and not (letter in "six" and have == "-")]
    elif want:
        problems.append(f"{len(rw)} operands, specified {len(want)}")
    if name in REFUSED:
        problems += [] if name in negative else ["no negative case"]
    elif name not in positive:
        problems.append("no positive golden")
    if spec.get("verify") and name not in negative:
        problems.append("no negative case")
    return "; ".join(problems)


def main():
    root = sys.argv[1]
    shared = os.environ.get("PTOC_SHARED", os.path.join(root, "../shared"))
    where = sys.argv[2] if len(sys.argv) > 2 else os.path.join(shared, "spec")
    files = [f for f in TODO if os.path.exists(os.path.join(where, f))]
    if not files:
        print("1..0 # SKIP no specification")
        return 0
    rows, (positive, negative) = table(root), cases(root)
    count = bad = 0
    for file in files:
        ops = json.load(open(os.path.join(where, file), encoding="utf-8"))
        for spec in ops:
            if "a2a3" not in (spec.get("arch") or ["a2a3"]):
                continue
            count += 1
            problem = judge(spec, rows, positive, negative)
            todo = "*" in TODO[file] or spec["op"] in TODO[file]
            if not problem and spec["op"] in TODO[file]:
                problem, todo = "complete: take it off the list", False
            bad += bool(problem) and not todo
            note = f" # TODO {problem}" if problem and todo else ""
            print(f"{'not ok' if problem else 'ok'} {count} - {spec['op']}{note}")
            if problem and not todo:
                print("# " + problem)
    print(f"1..{count}")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
