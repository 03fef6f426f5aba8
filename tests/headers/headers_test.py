#!/usr/bin/env python3
"""The phases agree with the library's macros, and scripts/headers.py would notice if they did not.

usage: headers_test.py SOURCE_ROOT

PTO_ISA names a checkout of the public headers; without one it skips. First the comparison itself. Then mutants of
src/access, each without one phase, one list of keys, one key or one drain. Forms of a macro are compared together, so a
mutant may leave the facts of the macro as they were; every other one must be found, and those of SEEN in any case. And
a reason for nothing must be an error.
"""
import os
import re
import sys

SEEN = [
    ("rule_tsels", "phase_begin(ac, o, P_S);"),
    ("rule_tsels", "add_keys(ac, keys_s_v, 1);"),
    ("rule_tgather", "add_keys(ac, keys_v_s_v, 2);"),
    ("rule_transfer", "phase_begin(ac, o, P_MTE2);"),
    ("rule_transfer", "phase_begin(ac, o, P_MTE3);"),
    ("rule_collective", "phase_begin(ac, o, P_MTE3);"),
    ("rule_treduce", "phase_begin(ac, o, P_MTE2);"),
    ("rule_treduce", "phase_begin(ac, o, P_V);"),
    ("rule_mscatter", "phase_begin(ac, o, P_MTE3);"),
    ("rule_tnotify", "phase_cur(ac)->drains = 1;"),
]
STATEMENT = re.compile(r"\b(?:phase_begin|add_keys|key_add)\(ac, [^;]*\);|phase_cur\(ac\)->drains = 1;")
DEFINITION = re.compile(r"^(\w+)\([^;{]*\)\n\{", re.M)
KEY = re.compile(r"\{P_\w+, P_\w+\},?")


def owner(text, at):
    """The function around a position."""
    return [m.group(1) for m in DEFINITION.finditer(text, 0, at)][-1:] or [""]


def mutants(names, texts):
    for k, text in enumerate(texts):
        if not names[k].endswith(".c"):
            continue
        for m in STATEMENT.finditer(text):
            yield k, m, "{}" if text[:m.start()].rstrip().endswith(")") else ""
        for m in KEY.finditer(text):
            yield k, m, ""


def facts(headers, texts):
    ours = headers.Ours(texts)
    return {op: ours.facts(pipe, rule) for _, op, pipe, rule, callee in ours.rows if callee and rule != "none"}


def main():
    root, checkout = sys.argv[1], os.environ.get("PTO_ISA", "")
    if not os.path.isdir(os.path.join(checkout, "include/pto/npu/a2a3")):
        print("1..0 # SKIP PTO_ISA names no checkout of the public headers")
        return 0
    sys.path.insert(0, os.path.join(root, "scripts"))
    import headers
    isa, texts = headers.Headers(os.path.join(checkout, "include")), headers.sources(root)
    _, _, problems = headers.compare(isa, headers.Ours(texts), False)
    count, bad = 1, bool(problems)
    print(f"{'not ok' if problems else 'ok'} 1 - the tables agree with the headers")
    print("".join(f"# {p}\n" for p in problems), end="")
    known, hidden = facts(headers, texts), 0
    wanted = set(SEEN)
    for k, m, replacement in mutants(headers.SOURCES, texts):
        text = texts[k]
        changed = [*texts[:k], text[:m.start()] + replacement + text[m.end():], *texts[k + 1:]]
        name = owner(text, m.start())[0], m.group()
        if facts(headers, changed) == known:
            hidden += 1
            continue
        _, _, problems = headers.compare(isa, headers.Ours(changed), False)
        count += 1
        bad |= not problems
        wanted -= {name} if problems else set()
        print(f"{'ok' if problems else 'not ok'} {count} - {headers.SOURCES[k]} {name[0]}: without {name[1]}")
    count += 1
    bad |= bool(wanted)
    print(f"{'not ok' if wanted else 'ok'} {count} - single forms whose phases must be seen")
    print("".join(f"# not found: {x[0]} without {x[1]}\n" for x in sorted(wanted)), end="")
    print(f"# {hidden} mutants leave the facts as they were")
    headers.LISTED["a reason for nothing"] = {"key M>FIX 7": "TADD"}
    _, _, problems = headers.compare(isa, headers.Ours(texts), False)
    count += 1
    found = problems == ["TADD: the reason for 'key M>FIX 7' matches nothing"]
    print(f"{'ok' if found else 'not ok'} {count} - a reason for nothing is an error")
    print(f"1..{count}")
    return int(bad or not found)


if __name__ == "__main__":
    sys.exit(main())
