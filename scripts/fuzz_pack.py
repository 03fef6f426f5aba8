#!/usr/bin/env python3
"""Many inputs of a fuzzing target in one file, as tests/fuzz/replay.c reads it.

usage: fuzz_pack.py pack FOLDER BYTES FILE    the files of FOLDER of at most BYTES, the shortest first
       fuzz_pack.py unpack FILE FOLDER        each input as a file
"""
import os
import sys

HEAD = b"""#inputs
# What fuzzing kept that was started from our own seeds, the least that covers as much: made by scripts/fuzz.sh -k, never
# by hand. After these lines there is for each input a line with = and its number of bytes, the bytes, and a newline.
"""


def pack(folder, most, path):
    inputs = set()
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), 'rb') as f:
            data = f.read()
        if len(data) <= most:
            inputs.add(data)
    with open(path, 'wb') as f:
        f.write(HEAD)
        for data in sorted(inputs, key=lambda d: (len(d), d)):
            f.write(b'=%d\n%s\n' % (len(data), data))
    print(f'{path}: {len(inputs)} inputs, {os.path.getsize(path)} bytes')


def unpack(path, folder):
    os.makedirs(folder, exist_ok=True)
    with open(path, 'rb') as f:
        lines = iter(f.readline, b'')
        for k, line in enumerate(line for line in lines if not line.startswith(b'#')):
            data = f.read(int(line[1:]))
            if f.read(1) != b'\n':
                sys.exit(f'{path}: input {k + 1} does not end')
            with open(os.path.join(folder, f'{k:05}'), 'wb') as out:
                out.write(data)


if sys.argv[1:2] == ['pack'] and len(sys.argv) == 5:
    pack(sys.argv[2], int(sys.argv[3]), sys.argv[4])
elif sys.argv[1:2] == ['unpack'] and len(sys.argv) == 4:
    unpack(sys.argv[2], sys.argv[3])
else:
    sys.exit(__doc__)
