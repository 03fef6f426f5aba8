#!/usr/bin/env python3
"""C++ spelled in other ways has the same verdict: nothing in the reader assumes how ptoc prints. Prints TAP.

usage: spellings.py PTOC [--each N] FILE_OR_DIR...

Every .pto file is printed as C++ (of a folder each N-th one, as the word in front of it says), once whole and once without one line of
synchronisation. Each way of spelling below rewrites both texts by rules that keep the meaning; the exit status must
stay.
"""
import os
import random
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

SYNC = re.compile(r"^\s+(set_flag|wait_flag|pipe_barrier|dsb)\(.*\);$", re.M)
NAMED = r"v\d+"
SCALARS = r"(?:u?int(?:8|16|32|64)_t|bool|float|half|bfloat16_t)"


def body_at(text):
    """Where the functions begin, behind the helpers."""
    m = re.search(r"^(?:extern \"C\" |static )?(?:__global__ )?AICORE (?!inline).*\) \{$", text, re.M)
    return m.start() if m else len(text)


def in_bodies(rule):
    def whole(text, rng):
        at = body_at(text)
        return text[:at] + rule(text[at:], rng)
    whole.__name__ = rule.__name__
    return whole


def functions(rule):
    """Applies a rule to each function by itself: names mean something in one function only."""
    def whole(text, rng):
        return "".join(rule(part, rng) for part in re.split(r"(?m)(?<=^\}\n)", text))
    whole.__name__ = rule.__name__
    return in_bodies(whole)


def closing(text, at, pair="()"):
    """Index behind the bracket that closes the one at `at`."""
    depth = 0
    for k in range(at, len(text)):
        depth += (text[k] == pair[0]) - (text[k] == pair[1])
        if depth == 0:
            return k + 1
    raise ValueError("open bracket")


def operand_end(text, at):
    """Index behind the operand of a cast: casts, a name or literal, calls and indices."""
    while text[at] in "-~!":
        at += 1
    if text[at] == "(":
        end = closing(text, at)
        if re.fullmatch(r"\((?:" + SCALARS + r"|__gm__ \w+\*+)\)", text[at:end]):
            return operand_end(text, end + (text[end] == " "))
    else:
        end = re.compile(r"[\w.:]+").match(text, at).end()
    while end < len(text) and text[end] in "([":
        end = closing(text, end, "()" if text[end] == "(" else "[]")
    return end


def casts(text, form):
    out, at = [], 0
    for m in re.finditer(r"\((" + SCALARS + r"|__gm__ \w+\*)\) (?=[\w(~!-])", text):
        if m.start() >= at:
            end = operand_end(text, m.end())
            out.append(text[at:m.start()] + form(m.group(1), casts(text[m.end():end], form)))
            at = end
    return "".join(out) + text[at:]


# ---- ways of spelling ----

def names(text, rng):
    known = {}
    return re.sub(rf"\b{NAMED}\b", lambda m: known.setdefault(
        m.group(0), f"{rng.choice(['a', '_b', 'Tile', 'set_flag', 'x'])}_{len(known)}"), text)


def tokens(text):
    return re.findall(r"//[^\n]*|\"(?:\\.|[^\"\\])*\"|[A-Za-z_]\w*|\d[\w.]*(?:[eEpP][-+]\d+\w*)?|::|[-+*/%&|^<>=!]=|&&|\|\||<<|>>|->|\+\+|--"
                      r"|\S", text)


def relaid(text, between):
    """Directives keep their lines."""
    out = []
    for part in re.split(r"(?m)(^[ \t]*#[^\n]*\n)", text):
        out.append("\n" + part if part.lstrip().startswith("#") else
                   between.join(t for t in tokens(part) if not t.startswith("//")))
    return "".join(out)


def one_line(text, rng):
    return relaid(text, " ")


def a_token_a_line(text, rng):
    return relaid(text, "\n")


def comments(text, rng):
    text = re.sub(r"//[^\n]*", "", text)
    return re.sub(r"([,;])", lambda m: m.group(1) + rng.choice([" ", " /* ; set_flag( */ ", " // }\n"]), text)


@functions
def constants_inline(text, rng):
    for ty, name, value in re.findall(rf"^ *const ({SCALARS}) ({NAMED}) = ([-\d]+);$", text, re.M):
        text = re.sub(rf"^ *const {ty} {name} = .*\n", "", text, flags=re.M)
        text = re.sub(rf"\b{name}\b", f"({ty}) {value}" if rng.random() < 0.5 else f"{ty}({value})", text)
    return text


@in_bodies
def constants_outside(text, rng):
    """As constants of the file, with other names and forms of the number."""
    out, moved = [], []
    for part in re.split(r"(?m)(?<=^\}\n)", text):
        for ty, name, value in re.findall(rf"^ *const ({SCALARS}) ({NAMED}) = (\d+);$", part, re.M):
            to = f"kOf{len(moved)}"
            number = rng.choice([value, hex(int(value)), value + "L" if "64" in ty else value, f"{ty}{{{value}}}"])
            moved.append(rng.choice(["static constexpr", "constexpr", "const", "static const"]) + f" {ty} {to} = {number};\n")
            part = re.sub(rf"^ *const {ty} {name} = .*\n", "", part, flags=re.M)
            part = re.sub(rf"\b{name}\b", to, part)
        out.append(part)
    return "".join(moved + out)


@in_bodies
def declared_before(text, rng):
    return re.sub(rf"^( *)((?:{SCALARS}|__gm__ \w+\*)) ({NAMED}) = (.*);$",
                  r"\1\2 \3;\n\1\3 = \4;", text, flags=re.M)


@in_bodies
def constructed(text, rng):
    """Tile<...> v = Tile<...>(a, b) as Tile<...> v(a, b) or with braces."""
    def form(m):
        args = m.group(4)
        return m.group(1) + m.group(2) + " " + m.group(3) + (
            f"({args});" if args and rng.random() < 0.5 else f"{{{args}}};" if rng.random() < 0.5 or not args else f" = {{{args}}};")
    return re.sub(rf"^( *)((?:Tile|pto::Shape|pto::Stride|GlobalTensor)<.*>) ({NAMED}) = \2\((.*)\);$", form, text, flags=re.M)


@in_bodies
def deduced(text, rng):
    text = re.sub(rf"^( *)({SCALARS}) ({NAMED}) = (\(\2\) .*);$", r"\1auto \3 = \4;", text, flags=re.M)
    return re.sub(rf"^( *)((?:Tile|pto::Shape|pto::Stride|GlobalTensor)<.*>) ({NAMED}) = (\2\(.*\));$", r"\1auto \3 = \4;",
                  text, flags=re.M)


def aliased(text, rng, form, local):
    out = []
    for part in re.split(r"(?m)(?<=^\}\n)", text):
        types = sorted(set(re.findall(r"(?m)^ *((?:Tile|pto::Shape|pto::Stride|GlobalTensor)<.*>) v\d+(?: =|;)", part)),
                       key=len, reverse=True)
        defs = ""
        for k, ty in enumerate(types):
            name = f"Kind{len(out)}_{k}"
            defs += form(name, ty)
            at = part.index("{\n") if local else 0
            part = part[:at] + re.sub(re.escape(ty) + r"(?=[ ({])", name, part[at:])
        if local and defs:
            part = re.sub(r"(?m)^(.*\) \{\n)", lambda m: m.group(1) + defs, part, count=1)
            defs = ""
        out.append(defs + part)
    return "".join(out)


@in_bodies
def using(text, rng):
    return aliased(text, rng, lambda n, t: f"  using {n} = {t};\n", True)


@in_bodies
def typedefs(text, rng):
    return aliased(text, rng, lambda n, t: f"typedef {t} {n};\n", False)


@in_bodies
def static_casts(text, rng):
    return casts(text, lambda ty, x: (f"reinterpret_cast<{ty}>({x})" if "*" in ty else f"static_cast<{ty}>({x})"))


@in_bodies
def function_casts(text, rng):
    return casts(text, lambda ty, x: f"({ty})({x})" if "*" in ty else f"{ty}({x})")


@in_bodies
def parentheses(text, rng):
    text = re.sub(rf"^( *(?:const )?{SCALARS} {NAMED} = )(.*);$", r"\1((\2));", text, flags=re.M)
    return "\n".join(x if "AICORE" in x else re.sub(rf"(?<=[-+/%<] )({NAMED})(?=[ ;)])", r"(\1)", x) for x in text.split("\n"))


def steps(text, form):
    """Every counted loop's step; `one` when it is known to be 1."""
    ones = set(re.findall(rf"^ *const {SCALARS} ({NAMED}) = 1;$", text, re.M))

    def step(m):
        return m.group(1) + form(m.group(2), m.group(3), m.group(3) in ones) + ") {"
    return re.sub(rf"^( *for \(.*; )({NAMED}) \+= ({NAMED})\) \{{", step, text, flags=re.M)


@functions
def increments(text, rng):
    return steps(text, lambda v, s, one: rng.choice([f"++{v}", f"{v}++"]) if one else f"{v} += {s}")


@functions
def additions(text, rng):
    return steps(text, lambda v, s, one: rng.choice([f"{v} = {v} + {s}", f"{v} = {s} + {v}", f"{v} -= -{s}"]))


@in_bodies
def conditions(text, rng):
    """b > a for a < b, and its negation."""
    def turn(m):
        a, b = m.group(2), m.group(3)
        return m.group(1) + rng.choice([f"{b} > {a}", f"!({a} >= {b})", f"!({b} <= {a})"]) + m.group(4)
    return re.sub(rf"^( *for \(.*; )({NAMED}) < ({NAMED})(; .*\) \{{)$", turn, text, flags=re.M)


def loops(text, form):
    lines = text.split("\n")
    head = re.compile(rf"^( *)for \(({SCALARS}) ({NAMED}) = (.*); (.*); (.*)\) \{{$")
    out, ends = [], []
    for line in lines:
        m = head.match(line)
        if m:
            first, last = form(*m.groups()[1:])
            out += [m.group(1) + x for x in first]
            ends.append((m.group(1) + "}", [m.group(1) + x for x in last]))
        elif ends and line == ends[-1][0]:
            out += ends.pop()[1]
        else:
            out.append(line)
    return "\n".join(out)


@in_bodies
def whiles(text, rng):
    return loops(text, lambda ty, v, a, c, s: ([f"{{ {ty} {v} = {a};", f"while ({c}) {{"], [f"{s};", "} }"]))


@in_bodies
def for_ever(text, rng):
    return loops(text, lambda ty, v, a, c, s: ([f"{{ {ty} {v}({a});", "for (;;) {", f"if (!({c})) {{ break; }}"], [f"{s};", "} }"]))


@in_bodies
def do_whiles(text, rng):
    return loops(text, lambda ty, v, a, c, s: ([f"{{ {ty} {v} = {a};", f"if ({c}) do {{"], [f"{s};", f"}} while ({c}); }}"]))


@in_bodies
def gotos(text, rng):
    k = iter(range(1000000))

    def form(ty, v, a, c, s):
        n = next(k)
        return ([f"{ty} {v}; {v} = {a};", f"head{n}: if (!({c})) goto done{n};", "{"], [f"{s};", "}", f"goto head{n};", f"done{n}:;"])
    return loops(text, form)


@in_bodies
def heads(text, rng):
    """The loop's variable is declared before the loop."""
    return loops(text, lambda ty, v, a, c, s: ([f"{ty} {v};", f"for ({v} = {a}; {c}; {s}) {{"], ["}"]))


def swapped(lines, at, indent):
    """if (c) { A } else { B } as if (!(c)) { B } else { A }; lines of the statement, index behind it."""
    other = next(k for k in range(at, len(lines)) if re.match(rf"{indent}\}} else \{{$|{indent}\}}$", lines[k]))
    if not lines[other].endswith("{"):
        return None
    end = next(k for k in range(other + 1, len(lines)) if lines[k].startswith(indent + "}"))
    return None if lines[end] != indent + "}" else (other, end)


@in_bodies
def arms_swapped(text, rng):
    lines = text.split("\n")
    for k in range(len(lines) - 1, -1, -1):
        m = re.match(r"^( *)if \((.*)\) \{$", lines[k])
        at = m and swapped(lines, k + 1, m.group(1))
        if at:
            a, b = lines[k + 1:at[0]], lines[at[0] + 1:at[1]]
            lines[k:at[1] + 1] = [f"{m.group(1)}if (!({m.group(2)})) {{", *b, m.group(1) + "} else {", *a, m.group(1) + "}"]
    return "\n".join(lines)


@in_bodies
def event_ids(text, rng):
    forms = [lambda n: f"(event_t) {n}", lambda n: f"static_cast<event_t>({n})", lambda n: f"(event_t)({n})",
             lambda n: f"EVENT_ID{n}", lambda n: f"event_t({n})"]
    return re.sub(r"\bEVENT_ID(\d)\b", lambda m: rng.choice(forms)(m.group(1)), text)


@functions
def event_names(text, rng):
    ids = sorted(set(re.findall(r"EVENT_ID\d", text)))
    text = re.sub(r"EVENT_ID(\d)", r"ev\1", text)
    return re.sub(r"(?m)^(.*\) \{\n)", lambda m: m.group(1) + "".join(
        f"  {rng.choice(['constexpr ', 'const ', ''])}{rng.choice(['auto', 'event_t'])} ev{i[-1]} = {i};\n" for i in ids), text, count=1)


def qualified(text, rng):
    """Names of the library are written in full."""
    text = text.replace("using namespace pto;\n", "")
    text = re.sub(r"(?<![\w:])(Tile|GlobalTensor)<", lambda m: rng.choice(["pto::", "::pto::"]) + m.group(0), text)
    text = re.sub(r"(?<![\w:<])(TileType|BLayout|SLayout|PadValue|CompactMode)::", r"pto::\1::", text)
    return re.sub(r"(?m)^( *)(T[A-Z]{3,}[A-Z_0-9]*)(?=[(<])", lambda m: m.group(1) + rng.choice(["pto::", "::pto::"]) + m.group(2), text)


def guards(text, rng):
    def form(m):
        core = m.group(2)
        return m.group(1) + rng.choice([f"#ifdef __DAV_{core}__", f"#if defined __DAV_{core}__", f"#if (defined(__DAV_{core}__))",
                                        f"#if defined(__DAV_C220_{core}__)", f"# if defined( __DAV_{core}__ ) // {core}"])
    return re.sub(r"(?m)^( *)#if defined\(__DAV_(VEC|CUBE)__\)$", form, text)


def wrapped(text, rng):
    """In namespaces, and as the kernel wrapper of a client spells it."""
    at = body_at(text)
    head = text[:at].replace('#include "pto/pto-inst.hpp"\nusing namespace pto;\n', "")
    text = re.sub(r"(?:extern \"C\" )?(?:__global__ )?AICORE void", "static __aicore__ void", head + text[at:]).replace("AICORE", "__aicore__")
    return ("// made by a client\n#include <cstdint>\n#ifndef __gm__\n#define __gm__\n#endif\n#ifndef __aicore__\n"
            "#if defined(__CPU_SIM)\n#define __aicore__\n#else\n#define __aicore__ [aicore]\n#endif\n#endif\n"
            "#include <pto/pto-inst.hpp>\nusing namespace pto;\nnamespace kernels {\nnamespace {\n" + text + "\n}\n}\n")


@in_bodies
def flag_helpers(text, rng):
    """Flags set and awaited by helpers of the text."""
    helpers = ("template <pipe_t A, pipe_t B>\nstatic AICORE inline void signal(event_t e) {\n  set_flag(A, B, e);\n}\n"
               "static AICORE inline void wait_for(pipe_t a, pipe_t b, event_t e) { wait_flag(a, b, e); }\n"
               "template <int N> static AICORE inline void all() { if (N == 3) { pipe_barrier(PIPE_ALL); } }\n")
    text = re.sub(r"(?m)^( *)set_flag\((PIPE_\w+), (PIPE_\w+), (.*)\);$", r"\1signal<\2, \3>(\4);", text)
    text = re.sub(r"(?m)^( *)wait_flag\(", r"\1wait_for(", text)
    return helpers + re.sub(r"(?m)^( *)pipe_barrier\(PIPE_ALL\);$", r"\1all<3>();", text)


@in_bodies
def braces(text, rng):
    """Blocks around statements that declare nothing."""
    return re.sub(r"(?m)^( *)((?:T[A-Z_0-9]+|set_flag|wait_flag|pipe_barrier|dsb|dcci)\(.*\);)$", r"\1{ \2 ; }", text)


@in_bodies
def expressions(text, rng):
    """Sums that change nothing."""
    text = re.sub(rf"^( *TASSIGN\({NAMED}, )({NAMED})\);$", r"\1\2 + 0);", text, flags=re.M)
    return re.sub(rf"^( *int64_t {NAMED} = )(.*);$", rng.choice([r"\1(\2) + 0;", r"\1 1 * (\2);", r"\1(\2) - (3 - 3);"]), text,
                  flags=re.M)


SPELLINGS = [names, one_line, a_token_a_line, comments, constants_inline, constants_outside, declared_before, constructed, deduced,
             using, typedefs, static_casts, function_casts, parentheses, increments, additions, conditions, whiles, for_ever,
             do_whiles, gotos, heads, arms_swapped, event_ids, event_names, qualified, guards, wrapped, flag_helpers, braces,
             expressions]
TOGETHER = [[constants_outside, increments, whiles, static_casts, using, event_ids, guards, names, comments],
            [declared_before, arms_swapped, constants_inline, function_casts, typedefs, event_names, wrapped, one_line],
            [deduced, conditions, heads, parentheses, flag_helpers, qualified, names, a_token_a_line]]


def inputs(paths):
    words, each = iter(paths), 1
    for path in words:
        if path == "--each":
            each = int(next(words))
        elif path.endswith(".pto"):
            yield path
        else:
            yield from sorted(os.path.join(base, n) for base, _, some in os.walk(path) for n in some if n.endswith(".pto"))[::each]


def arguments(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        line = f.readline()
    return line[len("// args:"):].split() if line.startswith("// args:") else []


def verdict(ptoc, path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    r = subprocess.run([ptoc, "--check", "--color=never", path], capture_output=True, text=True, errors="replace",
                       timeout=60, check=False)
    return r.returncode, ": error: " in r.stderr, r.stderr


def texts(ptoc, path, folder, rng):
    out = os.path.join(folder, "out.cpp")
    args = [a for a in arguments(path) if not a.startswith(("--emit", "-o"))]
    r = subprocess.run([ptoc, *args, path, "-o", out], capture_output=True, text=True, errors="replace",
                       timeout=60, check=False)
    if r.returncode != 0 or not os.path.exists(out):
        return
    with open(out, encoding="utf-8", errors="replace") as f:
        text = f.read()
    os.unlink(out)
    if not text.startswith("#include"):
        return
    yield text
    at = body_at(text)
    lines = list(SYNC.finditer(text, at))
    if lines:
        m = rng.choice(lines)
        yield text[:m.start()] + text[m.end():]


def check_file(job):
    ptoc, path, folder = job
    rng = random.Random(os.path.basename(path))
    bad, done = {}, 0
    for text in texts(ptoc, path, folder, rng):
        want = verdict(ptoc, os.path.join(folder, "a.cpp"), text)
        if want[0] == 2:
            bad.setdefault("names", []).append(f"{path}: {want[2][:600]}")
        for ways in [[w] for w in SPELLINGS] + TOGETHER:
            other = text
            for way in ways:
                other = way(other, rng)
            if other == text:
                continue
            got = verdict(ptoc, os.path.join(folder, "b.cpp"), other)
            done += 1
            if got[:2] != want[:2]:
                bad.setdefault("+".join(w.__name__ for w in ways), []).append(
                    f"{path}: {got[:2]}, not {want[:2]}\n{got[2][:600]}")
                if os.environ.get("KEEP"):
                    with open(os.path.join(os.environ["KEEP"], "+".join(w.__name__ for w in ways) + "-" + os.path.basename(path) + ".cpp"), "w") as f:
                        f.write(other)
    return path, done, bad


def main():
    bad, files, done = {}, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        jobs = []
        for k, path in enumerate(inputs(sys.argv[2:])):
            os.mkdir(os.path.join(folder, str(k)))
            jobs.append((sys.argv[1], path, os.path.join(folder, str(k))))
        with ThreadPoolExecutor(2) as pool:
            for _, n, found in pool.map(check_file, jobs):
                files, done = files + (n > 0), done + n
                for way, texts_ in found.items():
                    bad.setdefault(way, []).extend(texts_)
    ways = [w.__name__ for w in SPELLINGS] + ["+".join(w.__name__ for w in t) for t in TOGETHER]
    print(f"1..{len(ways) + 1}")
    for k, way in enumerate(ways, 1):
        print(f"{'not ok' if way in bad else 'ok'} {k} {way}")
        for text in bad.get(way, [])[:int(os.environ.get('SHOW', 4))]:
            print("# " + text.replace("\n", "\n# "))
        if len(bad.get(way, [])) > 4:
            print(f"# {len(bad[way])} in all")
    enough = files and done > 30 * files
    print(f"{'ok' if enough else 'not ok'} {len(ways) + 1} {done} texts of {files} files")
    return bool(bad) or not enough


if __name__ == "__main__":
    sys.exit(main())
