#!/usr/bin/env python3
"""Compares what our tables say about the library's macros with a checkout of the public headers.

usage: headers.py CHECKOUT [SOURCE_ROOT] [--print]

CHECKOUT is a checkout of pto-isa (the folder with include/pto in it). For every op that is printed as a call, the code
the a2a3 macro reaches is read: flags set and waited for with their ids, barriers, and the pipes its instructions run
on. Each of them must be in our phases (src/isa/ops.def, src/access/) or stand in LISTED below with the reason; and
each hidden key and pipe of ours must be found in the macro. A reason that no longer matches anything is an error too.

The reading is by name: a call reaches all overloads of that name, those of the same file first, so all forms of a
macro count as one: what only some forms do is found missing when our rules for it have it in no form. --print shows
what was read. Exit status 0: all agree; 1: differences; 2: no checkout.
"""
import collections
import os
import re
import sys

# ---- what is not in our phases, and why: reason -> item -> macros ----

ENCLOSED = "the scalar part stands between V->S and S->V: to the outside the macro is pure V (sync-model 6.1)"
STAGED = ("pto::comm::TBROADCAST pto::comm::TGATHER pto::comm::TGET pto::comm::TPUT pto::comm::TREDUCE"
          " pto::comm::TSCATTER")
LISTED = {
    ENCLOSED: {
        "pipe S": "TROWARGMAX TROWARGMIN TROWPROD TSCATTER TSHL TSHR TTRANS",
        "wait S": "TDEQUANT TDIVS TEXTRACT TINSERT TPOW TPOWS TROWEXPAND TROWMAX TROWMIN TROWSUM",
        "our pipe V": "TSHL TSHR",
    },
    "padding bytes are written by S after V->S and stay behind dsb(DSB_UB): to the outside pure V": {
        "pipe S": "TFILLPAD",
    },
    "the exhausted form reads a status register on S after V->S; it touches no operand": {
        "wait S": "TMRGSORT",
    },
    "the overload with a tile as the scalar is never printed: the operand is a scalar": {
        "key MTE1>S 0": "TCMPS TPRELU", "key MTE2>S 0": "TCMPS TPRELU", "key V>S 0": "TCMPS TPRELU",
        "wait S": "TCMPS TPRELU",
    },
    "integers run on S in TDIVS; the element type of trecip is a float (verified)": {
        "key V>S 0": "TRECIP", "key S>V 0": "TRECIP", "wait S": "TRECIP",
    },
    "the scalar is expanded into the scratch by TEXPANDS, whose form for L1 runs on MTE2; the scratch is in UB": {
        "pipe MTE2": "TANDS TORS TXORS",
    },
    "the mask with all bits copies by TMOV, of which tiles in UB take the V form": {
        "pipe FIX": "TSCATTER", "pipe MTE1": "TSCATTER",
    },
    "tiles of five dimensions only, of which the dialect has none": {
        "key MTE3>S 0": "TTRANS", "key MTE3>V 0": "TTRANS", "key S>MTE3 0": "TTRANS", "key V>MTE3 0": "TTRANS",
        "wait MTE3": "TTRANS",
    },
    "control fifos, of which the dialect has none; else S only waits for the peer core": {
        "key V>S 0": "TPUSH", "pipe S": "TPUSH",
    },
    "signals queued on these pipes behind the barrier on all pipes, which the drain of our phase stands for": {
        "pipe FIX": "SYNCALL", "pipe MTE3": "SYNCALL",
    },
    "every 64 polls, while S waits": {
        "barrier ALL": "pto::comm::TWAIT",
    },
    "only between the chunks of a transfer: a transfer of one chunk has none, so nothing may rely on it": {
        "barrier ALL": "pto::comm::TGET pto::comm::TPUT",
    },
    "the stage is in UB: TSTORE takes the MTE3 form": {
        "barrier FIX": STAGED,
        "pipe FIX": STAGED,
    },
    "kept free as the reference does; the library uses the lower ids of these pairs only": {
        "our key MTE2>MTE3 1": "pto::comm::TREDUCE", "our key MTE2>MTE3 2": "pto::comm::TREDUCE",
        "our key MTE3>MTE2 1": "pto::comm::TREDUCE", "our key MTE3>MTE2 2": "pto::comm::TREDUCE",
        "our key V>MTE2 1": "pto::comm::TREDUCE", "our key V>MTE2 2": "pto::comm::TREDUCE",
        "our key V>MTE3 1": "pto::comm::TREDUCE", "our key V>MTE3 2": "pto::comm::TREDUCE",
    },
    "sets the register with the address of the parameters, which FIX reads when it stores": {
        "our pipe FIX": "SET_QUANT_VECTOR",
    },
    "one model for all ops of a session: a poll only fetches records, a start also moves descriptors": {
        **{f"our key MTE3>MTE2 {k}": "Test Wait" for k in range(8)}, "our pipe MTE3": "Test Wait",
    },
    "S reads the indices, which the patterns of this script do not see": {
        "our pipe S": "MSCATTER",
    },
    "S reads the record that MTE2 fetched, behind the barrier on all pipes": {
        "our pipe S": "Test Wait",
    },
}

# Functions behind the callees that are no NAME with a NAME_IMPL.
ENTRY = {"TRECIP": "TDIVS_IMPL", "pto::comm::BuildAsyncSession": "BuildSdmaSession",
         "Test": "SdmaTestEvent", "Wait": "SdmaWaitEvent", "TConcatImpl": "TConcatImpl", "TConcatIdx": "TConcatIdx"}
# Ops that share a callee, by the function behind their overload.
FORMS = {"pto.tconcat": "TConcatImpl", "pto.tconcatidx": "TConcatIdx"}

# ---- reading C and C++ ----

WORDS = {"if", "for", "while", "switch", "return", "sizeof", "decltype", "static_assert", "alignas", "defined"}


def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        text = f.read()
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), text, flags=re.S)
    return re.sub(r"//[^\n]*", "", text)


def closing(text, at, pair):
    """Position of the bracket that closes the one at `at`; the end of the text when there is none."""
    depth = 0
    for k in range(at, len(text)):
        depth += (text[k] == pair[0]) - (text[k] == pair[1])
        if depth == 0:
            return k
    return len(text)


def opening(text, at):
    depth = 0
    for k in range(at, -1, -1):
        depth += (text[k] == ")") - (text[k] == "(")
        if depth == 0:
            return k
    return 0


def functions(text):
    """name -> bodies, of all functions and methods in a file."""
    out, at = collections.defaultdict(list), 0
    while True:
        at = text.find("{", at)
        if at < 0:
            return out
        head = text[:at].rstrip()
        head = re.sub(r"\b(const|noexcept|override)$", "", head).rstrip()
        if head.endswith(")"):
            left = opening(head, len(head) - 1)
            m = re.search(r"(\w+)\s*$", head[:left])
            end = closing(text, at, "{}")
            if m and m.group(1) not in WORDS:
                out[m.group(1)].append(text[at:end + 1])
            at = end
        at += 1


CALL = re.compile(r"(\.|->)?\b((?:\w+::)*)(\w+)\s*(?:<[^;(){}]*>)?\s*\(")


def calls(body):
    for m in CALL.finditer(body):
        if m.group(3) not in WORDS:
            yield m.group(3), bool(m.group(1))


# ---- the headers ----

# Instructions by the pipe they run on: names as the headers spell them.
INSTRUCTIONS = [
    ("MTE2", r"copy_gm_to_(ubuf|cbuf)\w*|create_cbuf_matrix\w*|set_l1_2d"),
    ("MTE3", r"copy_ubuf_to_(gm|cbuf)\w*|copy_cbuf_to_gm\w*"),
    ("FIX", r"copy_matrix_cc_to_\w+|copy_cbuf_to_fbuf"),
    ("MTE1", r"load_cbuf_to_c\w+|img2colv2_\w+|copy_cbuf_to_bt"),
    ("M", r"mad"),
    ("V", r"v(?!f_|alid|oid|alue|olatile|ec\b)[a-z0-9_]+|copy_ubuf_to_ubuf|scatter_vnchwconv_\w+"),
]
PIPE_OF = [(pipe, re.compile(rf"(?<![\w.:])(?:{names})\s*(?:<[^;(){{}}]*>)?\s*\(")) for pipe, names in INSTRUCTIONS]
FLAG = re.compile(r"\b(set_flag|wait_flag)\s*\(\s*PIPE_(\w+)\s*,\s*PIPE_(\w+)\s*,\s*([^;]*?)\)\s*;")
BOTH = re.compile(r"\w*SetWaitFlag\s*<\s*PIPE_(\w+)\s*,\s*PIPE_(\w+)\s*>\s*\(([^)]*)\)")
BARRIER = re.compile(r"\bpipe_barrier\s*\(\s*PIPE_(\w+)\s*\)")
SIGNAL = re.compile(r"\bffts_cross_core_sync\s*\(\s*PIPE_(\w+)")
SCALAR = re.compile(r"\bwait_flag_dev\s*\(|\*\(\s*\w+(?:Ptr|Addr)?\s*\+[^;=()]*\)\s*=[^=]|^\s*\*\w+Ptr = "
                    r"|\b\w+Ptr\[[^\]]*\]\s*=[^=]|\bdcci\s*\(|\bprintf\s*\(", re.M)


class Headers:
    def __init__(self, root):
        self.files, self.known = {}, {}
        for folder in ("npu/a2a3", "common", "comm"):
            for base, dirs, names in os.walk(os.path.join(root, "pto", folder)):
                dirs[:] = sorted(d for d in dirs if d not in ("a5", "register", "urma", "ccu"))
                for name in sorted(names):
                    rel = os.path.relpath(os.path.join(base, name), os.path.join(root, "pto"))
                    if name.endswith(".hpp") and name not in ("cpu_stub.hpp", "event.hpp", "pto_instr.hpp"):
                        self.files[rel] = functions(read(os.path.join(base, name)))

    def find(self, name, near, group):
        """Files that define `name`: the nearest ones."""
        for want in (*near, *group):
            hits = [f for f in self.files if (f == want or f.startswith(want + "/")) and name in self.files[f]]
            if hits:
                return hits
        return []

    def reach(self, macro):
        """All code a macro reaches."""
        comm = macro.startswith("pto::comm::") or macro in ("Test", "Wait")
        group = ["comm", "npu/a2a3", "common"] if comm else ["npu/a2a3", "common"]
        entry = ENTRY.get(macro, macro.split("::")[-1] + "_IMPL")
        todo = [(f, entry) for f in self.find(entry, [], group)]
        first = [f for f, _ in todo]
        seen, out = set(), []
        while todo:
            file, name = todo.pop()
            if (file, name) in seen:
                continue
            seen.add((file, name))
            for body in self.files[file][name]:
                out.append(body)
                for callee, method in calls(body):
                    hits = [file] if callee in self.files[file] else [] if method else \
                        self.find(callee, first, group)
                    if not hits and not method:     # the public name of another macro
                        callee += "_IMPL"
                        hits = self.find(callee, first, group)
                    todo += [(f, callee) for f in hits]
        return out

    def facts(self, macro):
        if macro not in self.known:
            self.known[macro] = self.read_facts(macro)
        return self.known[macro]

    def read_facts(self, macro):
        """Items of a macro: "key V>S 0", "barrier V", "pipe V", "wait V" (no work). None: there is no such macro."""
        code = self.reach(macro)
        if not code:
            return None
        out = set()
        for body in code:
            for _, src, dst, eid in FLAG.findall(body):
                out.add(f"key {src}>{dst} {event(eid)}")
            for src, dst, eid in BOTH.findall(body):
                out.add(f"key {src}>{dst} {event(eid)}")
            out.update(f"barrier {p}" for p in BARRIER.findall(body))
            out.update(f"pipe {p}" for p in SIGNAL.findall(body))
            out.update(f"pipe {p}" for p, pattern in PIPE_OF if pattern.search(body))
            if SCALAR.search(body):
                out.add("pipe S")
        # a set is queued behind the work of its pipe; a waiting pipe is held up
        waits = {x.split()[1].split(">")[1] for x in out if x.startswith("key ")}
        return out | {f"wait {p}" for p in waits if f"pipe {p}" not in out}


def event(text):
    m = re.search(r"EVENT_ID(\d)", text)
    return m.group(1) if m else "0" if not text.strip() else "*"


# ---- our tables ----

ROW = re.compile(r'^OP\((\w+), "([^"]+)", \w+, "[^"]*", "[^"]*", \w+, (\w+), (\w+), \w+, \w+, (?:"([^"]*)"|NULL)', re.M)
KEYS = re.compile(r"static const struct key_row (\w+)\[\]\s*=\s*\{(.*?)\};", re.S)
PAIR = re.compile(r"\{P_(\w+), P_(\w+)\}")


SOURCES = ["src/isa/ops.def", "src/access/phases.c", "src/access/gather.c", "src/access/comm.c"]


def sources(root):
    return [read(os.path.join(root, name)) for name in SOURCES]


class Ours:
    def __init__(self, texts):
        self.rows = ROW.findall(texts[0])
        self.code, self.keys, self.known = {}, {}, {}
        for text in texts[1:]:
            self.keys.update((k, PAIR.findall(v)) for k, v in KEYS.findall(text))
            self.code.update((k, "\n".join(v)) for k, v in functions(text).items())

    def reach(self, rule):
        todo, seen = ["rule_" + rule], set()
        while todo:
            name = todo.pop()
            if name in self.code and name not in seen:
                seen.add(name)
                todo += [c for c, _ in calls(self.code[name])]
        return [self.code[n] for n in sorted(seen)]

    def pipes_of(self, body, arg, fixed):
        """Pipes that an argument of phase_begin may be."""
        text = arg
        for _ in range(3):  # what local variables stand for
            text = re.sub(r"\b[a-z]\w*\b(?!\s*[(.-])",
                          lambda m: " ".join(re.findall(rf"\b{m.group()} = ([^;]*);", body)) or m.group(), text)
        text = re.sub(r"[!=]= P_\w+", "", text)
        found = set(re.findall(r"\bP_([A-Z0-9]+)\b", text)) - {"BY", "COUNT"}
        if "op_row" in text and fixed:
            return {fixed}
        if "move_pipe" in text and not fixed:
            found |= set(re.findall(r"\bP_([A-Z0-9]+)\b", self.code["move_pipe"]))
        return found

    def facts(self, pipe, rule):
        if (pipe, rule) not in self.known:
            self.known[pipe, rule] = self.read_facts(pipe, rule)
        return self.known[pipe, rule]

    def read_facts(self, pipe, rule):
        fixed = pipe[2:] if pipe not in ("P_NONE", "P_BY_SPACE") else None
        out = set()
        for body in self.reach(rule):
            for arg in re.findall(r"\bphase_begin\(ac, o, (.*?)\);", body):
                out.update("pipe " + p for p in self.pipes_of(body, arg.replace("(enum pipe)", ""), fixed))
            for table in re.findall(r"\bkeys_\w+\b", body):
                out.update(f"key {s}>{d} 0" for s, d in self.keys[table])
            for args in re.findall(r"\bkey_add\(ac, (.*?)\);", body):
                out.update(self.added(body, args))
            if re.search(r"\bdrains = 1", body):
                out.add("drains")
        # add_waiting_pipes of phases.c: a pipe that waits has a phase of its own, S excepted
        waits = {x.split()[1].split(">")[1] for x in out if x.startswith("key ")}
        return out | {f"wait {p}" for p in waits - {"S"} if f"pipe {p}" not in out}

    def added(self, body, args):
        """Keys of a call of key_add: literal pipes or a local table, and a mask of ids."""
        local = [PAIR.findall(v) for _, v in KEYS.findall(body)]
        mask = args.rsplit(",", 1)[1].strip()
        if mask == "ids":
            mask = str(max(int(n) for n in re.findall(r"\d+", re.search(r"\bids = [^;]*\?(.*?);", body).group(1))))
        ids = [str(k) for k in range(8)] if not mask.isdigit() else [str(k) for k in range(8) if int(mask) >> k & 1]
        literal = re.findall(r"\bP_(\w+), P_(\w+),", args)
        return {f"key {s}>{d} {k}" for s, d in literal or [p for t in local for p in t] for k in ids}


# ---- the comparison ----


def covered(item, ours):
    """Is what the header does part of our phases?"""
    kind, what = item.split()[:2]
    if kind == "barrier":   # inside one of our pipes nobody else sees it
        return f"pipe {what}" in ours or (what == "ALL" and "drains" in ours)
    if kind == "wait":
        return item in ours or f"pipe {what}" in ours
    if kind == "key" and item.endswith("*"):
        return any(x.startswith(item[:-1]) for x in ours)
    return item in ours


def surplus(item, theirs):
    """Is something of ours missing in the macro?"""
    if item == "drains":
        return "barrier ALL" not in theirs
    if item.startswith("wait "):    # follows from a key, which is compared itself
        return False
    if item.startswith("key ") and any(x.startswith(item[:-1]) and x.endswith("*") for x in theirs):
        return False
    return item not in theirs


def compare(headers, ours, say):
    listed = {(macro, item): reason for reason, items in LISTED.items() for item, macros in items.items()
              for macro in macros.split()}
    used, problems, count = set(), [], 0
    merged, where = collections.defaultdict(set), {}
    for _, op, pipe, rule, callee in ours.rows:
        callee = FORMS.get(op, callee)
        if callee and rule != "none":
            merged[callee] |= ours.facts(pipe, rule)
            where[callee] = op
    for macro in sorted(merged):
        theirs = headers.facts(macro)
        if theirs is None:
            problems.append(f"{macro} ({where[macro]}): no such macro in the headers")
            continue
        count += 1
        if say:
            print(f"{macro}: headers {sorted(theirs)}; ours {sorted(merged[macro])}")
        items = [x for x in sorted(theirs) if not covered(x, merged[macro])]
        items += ["our " + x for x in sorted(merged[macro]) if surplus(x, theirs)]
        for item in items:
            if (macro, item) in listed:
                used.add((macro, item))
            elif item.startswith("our "):
                problems.append(f"{macro} ({where[macro]}): {item[4:]} is in our phases, not in the header")
            else:
                problems.append(f"{macro} ({where[macro]}): {item} is in the header, not in our phases")
    problems += [f"{macro}: the reason for '{item}' matches nothing" for macro, item in sorted(set(listed) - used)]
    return count, len(used), problems


def main():
    args = [a for a in sys.argv[1:] if not a.startswith("--")]
    if not args or not os.path.isdir(os.path.join(args[0], "include/pto/npu/a2a3")):
        print("usage: headers.py CHECKOUT [SOURCE_ROOT] [--print]", file=sys.stderr)
        return 2
    root = args[1] if len(args) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
    headers, ours = Headers(os.path.join(args[0], "include")), Ours(sources(root))
    count, reasons, problems = compare(headers, ours, "--print" in sys.argv)
    for p in problems:
        print(p)
    print(f"{count} macros compared, {reasons} differences with a reason, {len(problems)} without")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
