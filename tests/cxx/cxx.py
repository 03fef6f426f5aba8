#!/usr/bin/env python3
"""Every C++ file the compiler prints must be well-formed: compile it, syntax only, against the stub header.

usage: cxx.py PTOC STUB_DIR FILE_OR_DIR...

Each .pto file is compiled as its first line asks (`// args: ...`) and its output is read by every C++ compiler at hand,
once as cube and once as vector code. Reports TAP; exit status 77 when there is no C++ compiler. Inputs ptoc refuses are
skipped: what is refused is the business of other suites.
"""
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

COMPILERS = ["g++", "clang++"]
FLAGS = ["-std=c++17", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-Wno-unused", "-Wno-unused-parameter"]


def inputs(paths):
    for path in paths:
        if os.path.isdir(path):
            for base, dirs, names in os.walk(path):
                dirs.sort()
                for name in sorted(names):
                    if name.endswith(".pto"):
                        yield os.path.join(base, name)
        elif os.path.exists(path):
            yield path


def arguments(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        line = f.readline()
    return line[len("// args:"):].split() if line.startswith("// args:") else []


def check(job):
    ptoc, stub, compilers, path, out = job
    run = subprocess.run([ptoc, *arguments(path), path, "-o", out], capture_output=True, text=True)
    if run.returncode != 0 or not os.path.exists(out):
        return path, "skip", run.stderr.splitlines()[:1]
    for cxx in compilers:
        for core in ("__DAV_VEC__", "__DAV_CUBE__"):
            r = subprocess.run([cxx, *FLAGS, "-D" + core, "-I", stub, out], capture_output=True, text=True)
            if r.returncode != 0:
                return path, "bad", [f"{cxx} -D{core}"] + r.stderr.splitlines()[:12]
    return path, "ok", []


def main():
    ptoc, stub, paths = sys.argv[1], sys.argv[2], sys.argv[3:]
    compilers = [c for c in COMPILERS if shutil.which(c)]
    if not compilers:
        print("1..0 # SKIP no C++ compiler")
        return 77
    files = list(inputs(paths))
    print(f"1..{len(files)}")
    bad = 0
    with tempfile.TemporaryDirectory() as tmp, ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        jobs = [(ptoc, stub, compilers, p, os.path.join(tmp, f"{n}.cpp")) for n, p in enumerate(files)]
        for n, (path, verdict, lines) in enumerate(pool.map(check, jobs), 1):
            name = os.path.basename(path)
            print(f"{'not ok' if verdict == 'bad' else 'ok'} {n} - {name}"
                  + (f" # SKIP {' '.join(lines)}" if verdict == "skip" else ""))
            if verdict == "bad":
                bad += 1
                for line in lines:
                    print("# " + line)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
