#!/usr/bin/env python3
"""Every C++ file the compiler prints must be well-formed: compile it, syntax only, against the stub header.

usage: cxx.py PTOC STUB_DIR FILE_OR_DIR...      (and the kernels below PTOC_SHARED, where that is)

Each .pto file is compiled as its first line asks (`// args: ...`) and its output is read by every C++ compiler at hand,
once as cube and once as vector code. Reports TAP; skipped when there is no C++ compiler. Inputs ptoc refuses are
no tests of this suite: what is refused is the business of others.
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
    run = subprocess.run([ptoc, *arguments(path), path, "-o", out], capture_output=True, text=True,
                         errors="replace")
    if run.returncode != 0 or not os.path.exists(out):
        return path, "skip", []
    with open(out, encoding="utf-8", errors="replace") as f:
        if not f.readline().startswith("#include"):
            return path, "skip", []
    for cxx in compilers:
        for core in ("__DAV_VEC__", "__DAV_CUBE__"):
            r = subprocess.run([cxx, *FLAGS, "-D" + core, "-I", stub, out], capture_output=True, text=True,
                               errors="replace")
            if r.returncode != 0:
                return path, "bad", [f"{cxx} -D{core}"] + r.stderr.splitlines()[:12]
    return path, "ok", []


def main():
    ptoc, stub, paths = sys.argv[1], sys.argv[2], sys.argv[3:]
    compilers = [c for c in COMPILERS if shutil.which(c)]
    if not compilers:
        print("1..0 # SKIP no C++ compiler")
        return 0
    shared = os.environ.get("PTOC_SHARED", os.path.join(os.path.dirname(__file__), "../../../shared"))
    files = list(inputs([*paths, os.path.join(shared, "spec/repro")]))
    bad = good = 0
    with tempfile.TemporaryDirectory() as tmp, ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        jobs = [(ptoc, stub, compilers, p, os.path.join(tmp, f"{n}.cpp")) for n, p in enumerate(files)]
        for path, verdict, lines in pool.map(check, jobs):
            if verdict == "skip":
                continue
            good += verdict == "ok"
            bad += verdict == "bad"
            print(f"{'not ok' if verdict == 'bad' else 'ok'} {good + bad} - {os.path.basename(path)}")
            for line in lines:
                print("# " + line)
    print(f"1..{good + bad}")
    if not good:
        print("# nothing was compiled")
    return 0 if good and not bad else 1


if __name__ == "__main__":
    sys.exit(main())
