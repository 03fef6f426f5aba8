#!/usr/bin/env python3
"""picture.py PTOC EXAMPLES: draws every example with --timeline and looks at it in a headless Chromium; skips without.

What a picture must show: the colours of its pipes and the hatching of stalls, at the size it has on the screen; and the
zoom key makes it larger (the script inside runs without an error)."""
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

PTOC, EXAMPLES = sys.argv[1:3]
BROWSER = shutil.which('chromium') or shutil.which('chromium-browser') or shutil.which('google-chrome')


def png_pixels(path):
    """Width, height and a set of sampled colours with their counts; 8 bits per channel, as Chromium writes them."""
    with open(path, 'rb') as f:
        data = f.read()
    at, body = 8, b''
    while at < len(data):
        n, kind = struct.unpack('>I4s', data[at:at + 8])
        if kind == b'IHDR':
            w, h, depth, colour = struct.unpack('>IIBB', data[at + 8:at + 18])
        elif kind == b'IDAT':
            body += data[at + 8:at + 8 + n]
        at += 12 + n
    assert depth == 8 and colour in (2, 6), (depth, colour)
    step = 3 if colour == 2 else 4
    raw, line, seen = zlib.decompress(body), bytearray(w * step), {}
    for y in range(h):
        kind, row = raw[y * (w * step + 1)], bytearray(raw[y * (w * step + 1) + 1:(y + 1) * (w * step + 1)])
        for i in range(len(row)):
            a = row[i - step] if i >= step else 0
            b = line[i]
            c = line[i - step] if i >= step else 0
            p = a + b - c
            pick = a if abs(p - a) <= abs(p - b) and abs(p - a) <= abs(p - c) else b if abs(p - b) <= abs(p - c) else c
            row[i] = (row[i] + (0, a, b, (a + b) // 2, pick)[kind]) & 255
        line = row
        for x in range(0, w, 2):
            rgb = tuple(row[x * step:x * step + 3])
            seen[rgb] = seen.get(rgb, 0) + 1
    return w, h, seen


def shoot(folder, svg, png, width, height):
    p = subprocess.run([BROWSER, '--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars',
                        '--force-device-scale-factor=1', '--user-data-dir=' + os.path.join(folder, 'profile'),
                        '--window-size=%d,%d' % (width, height), '--screenshot=' + png, 'file://' + svg],
                       capture_output=True, text=True, timeout=120)
    return os.path.exists(png), p.stderr


def main():
    if not BROWSER:
        print('1..0 # SKIP no Chromium')
        return 0
    names = sorted(f for f in os.listdir(EXAMPLES) if f.endswith('.pto'))[:3] + ['rmsnorm_rope.pto']
    bad = 0
    with tempfile.TemporaryDirectory() as d:
        for k, name in enumerate(names):
            svg, png = os.path.join(d, 't.svg'), os.path.join(d, 't%d.png' % k)
            subprocess.run([PTOC, os.path.join(EXAMPLES, name), '--emit=none', '--timeline=' + svg], check=True,
                           capture_output=True)
            ok, err = shoot(d, svg, png, 1200, 500)
            if not ok and k == 0:
                print('1..0 # SKIP the browser does not run here: ' + err.strip()[-200:].replace('\n', ' '))
                return 0
            if k == 0:
                print('1..%d' % (len(names) + 1))
            w, h, seen = png_pixels(png)
            white = seen.get((255, 255, 255), 0)
            ok = ok and len(seen) > 40 and white < 0.9 * sum(seen.values()) and (w, h) == (1200, 500)
            bad += not ok
            print('%s %d - %s: %d colours' % ('ok' if ok else 'not ok', k + 1, name, len(seen)))
        with open(svg) as f:
            text = f.read()
        key = ("<script>document.dispatchEvent(new KeyboardEvent('keydown',{key:'+'}));"
               "document.documentElement.setAttribute('data-zoom',document.documentElement.viewBox.baseVal.width);</script>")
        with open(svg, 'w') as f:
            f.write(text.replace('</svg>', key + '</svg>'))
        dom = subprocess.run([BROWSER, '--headless', '--no-sandbox', '--disable-gpu', '--dump-dom', '--user-data-dir=' +
                              os.path.join(d, 'profile'), 'file://' + svg], capture_output=True, text=True, timeout=120)
        full = float(re.search(r'viewBox="0 0 ([0-9.]+)', text).group(1))
        m = re.search(r'data-zoom="([0-9.]+)"', dom.stdout)
        ok = m is not None and abs(float(m.group(1)) - full * 0.8) < 1
        bad += not ok
        print('%s %d - the key + zooms in: %s of %s' % ('ok' if ok else 'not ok', len(names) + 1, m and m.group(1), full))
    return bad != 0


sys.exit(main())
