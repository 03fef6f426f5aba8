#!/usr/bin/env python3
"""C++ with gotos read back: ifs and loops printed as labels get the verdict they have as ifs and loops. Prints TAP.

usage: jumps.py PTOC

Every body runs on a vector core, once as it stands and once for every line of synchronisation that is taken out. The
verdicts must be those of the same program in structured form.
"""
import os
import re
import subprocess
import sys
import tempfile

HEAD = '''#include "pto/pto-inst.hpp"
using namespace pto;

AICORE void k(__gm__ float* v1, int64_t v2, int64_t v3) {
  const int64_t c0 = 0;
  const int64_t c1 = 1;
  const int64_t c8 = 8;
  bool b1;
  int64_t i;
  int64_t j;
  int64_t n;
  Tile<TileType::Vec, float, 8, 64, BLayout::RowMajor, 8, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> t;
  Tile<TileType::Vec, float, 8, 64, BLayout::RowMajor, 8, 64, SLayout::NoneBox, 512, PadValue::Null, CompactMode::Null> u;
  #if defined(__DAV_VEC__)
  TASSIGN(t, (uint64_t) 0);
  TASSIGN(u, (uint64_t) 4096);
  pto::Shape<1, 1, 1, 8, 64> s = pto::Shape<1, 1, 1, 8, 64>();
  pto::Stride<512, 512, 512, 64, 1> d = pto::Stride<512, 512, 512, 64, 1>();
  GlobalTensor<float, pto::Shape<1, 1, 1, 8, 64>, pto::Stride<512, 512, 512, 64, 1>, pto::Layout::ND> g =
    GlobalTensor<float, pto::Shape<1, 1, 1, 8, 64>, pto::Stride<512, 512, 512, 64, 1>, pto::Layout::ND>(v1, s, d);
'''
TAIL = '''  pipe_barrier(PIPE_ALL);
  #endif
  return;
}
'''
LOAD = '''  TLOAD(t, g);
  set_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
  wait_flag(PIPE_MTE2, PIPE_V, EVENT_ID0);
'''
ADD = '  TADD(u, t, t);\n'
ORDERED = '  pipe_barrier(PIPE_V);\n' + ADD
BACK = '''  set_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
  wait_flag(PIPE_V, PIPE_MTE2, EVENT_ID0);
'''
STEP = LOAD + ORDERED + BACK

# name, body with gotos, the same without
CASES = [
    ('if with two arms', f'''  b1 = false;
  b1 = v2 < v3;
  if (b1) {{
    goto label2;
  }} else {{
    goto label3;
  }}
label2:
{LOAD}  goto label4;
label3:
{LOAD}{ADD}  goto label4;
label4:
{ORDERED}''', f'  if (v2 < v3) {{\n{LOAD}  }} else {{\n{LOAD}{ADD}  }}\n{ORDERED}'),
    ('if with one arm', f'''{LOAD}  if (v2 < v3) {{
    goto label2;
  }} else {{
    goto label3;
  }}
label2:
{ADD}  goto label3;
label3:
{ORDERED}''', f'{LOAD}  if (v2 < v3) {{\n{ADD}  }}\n{ORDERED}'),
    ('the other arm', f'''{LOAD}  if (v2 < v3) goto label3;
{ADD}label3:
{ORDERED}''', f'{LOAD}  if (!(v2 < v3)) {{\n{ADD}  }}\n{ORDERED}'),
    ('while', f'''  i = c0;
  goto label2;
label2:
  b1 = i < v2;
  if (b1) {{
    goto label3;
  }} else {{
    goto label4;
  }}
label3:
{STEP}  i = i + c1;
  goto label2;
label4:
''', f'  i = c0;\n  while (i < v2) {{\n{STEP}    i = i + c1;\n  }}\n'),
    ('while in braces', f'''  i = c0;
  goto label2;
label2: {{
    n = i;
    if (i < v2) {{
      goto label3;
    }} else {{
      goto label4;
    }}
  }}
label3: {{
{STEP}    i = (int64_t) ((uint64_t) n + (uint64_t) c1);
    goto label2;
  }}
label4:;
''', f'  i = c0;\n  while (i < v2) {{\n{STEP}    i = i + c1;\n  }}\n'),
    ('loop with its test at the end', f'''  i = c0;
label2:
{STEP}  i = i + c1;
  if (i < v2) {{
    goto label2;
  }} else {{
    goto label3;
  }}
label3:
''', f'  i = c0;\n  while (true) {{\n{STEP}    i = i + c1;\n    if (i >= v2) break;\n  }}\n'),
    ('loop in a loop, if in it', f'''  i = c0;
label2:
  if (i < v2) {{ goto label3; }} else {{ goto label8; }}
label3:
  j = c0;
  goto label4;
label4:
  if (j < v3) {{ goto label5; }} else {{ goto label7; }}
label5:
  if (j == i) {{ goto label6; }} else {{ goto label9; }}
label6:
{STEP}  goto label9;
label9:
  j = j + c1;
  goto label4;
label7:
  i = i + c1;
  goto label2;
label8:
''', f'''  i = c0;
  while (i < v2) {{
    j = c0;
    while (j < v3) {{
      if (j == i) {{
{STEP}      }}
      j = j + c1;
    }}
    i = i + c1;
  }}
'''),
    ('switch as a chain of tests', f'''{LOAD}  if (v2 == c0) {{ goto label2; }} else {{ goto label3; }}
label3:
  if (v2 == c1) {{ goto label4; }} else {{ goto label5; }}
label2:
{ADD}  goto label6;
label4:
  pipe_barrier(PIPE_V);
  goto label6;
label5:
  goto label6;
label6:
{ORDERED}''', f'''{LOAD}  if (v2 == c0) {{
{ADD}  }} else {{
    if (v2 == c1) {{
      pipe_barrier(PIPE_V);
    }}
  }}
{ORDERED}'''),
    # None: without any of its synchronisation it is wrong
    ('early return', f'''{LOAD}{ADD}  if (v2 < v3) {{
    pipe_barrier(PIPE_ALL);
    return;
  }}
{ORDERED}''', None),
    ('labels in a counted loop', f'''  for (int64_t k = c0; k < c8; k += c1) {{
    if (k < v2) {{ goto label2; }} else {{ goto label3; }}
label2:
{STEP}    goto label3;
label3:;
  }}
''', f'  for (int64_t k = c0; k < c8; k += c1) {{\n    if (k < v2) {{\n{STEP}    }}\n  }}\n'),
    ('continue', f'''  for (int64_t k = c0; k < v2; k += c1) {{
    if (k == v3) continue;
{STEP}  }}
''', f'  for (int64_t k = c0; k < v2; k += c1) {{\n    if (k != v3) {{\n{STEP}    }}\n  }}\n'),
    ('code that nothing reaches', f'''{LOAD}  goto label3;
label2:
{ADD}  goto label3;
label3:
{ORDERED}''', f'{LOAD}{ORDERED}'),
]
# Loops with several ways out: verdicts of the whole; where a way out has synchronisation of its own, a run that takes
# two ways at once may be all that speaks against a proof. Without one of its flags it is not proved.
WAYS = [
    ('loop with two breaks', f'''  for (i = c0; i < v2; i += c1) {{
    if (i == v3) break;
{STEP}    if (i == c8) {{
      break;
    }}
{STEP}  }}
''', (0,)),
    ('do with continue and break', f'''  i = c0;
  do {{
    i = i + c1;
    if (i == v3) continue;
{STEP}    if (i == c8) break;
  }} while (i < v2);
''', (0,)),
    ('break in an inner if, with work of its own', f'''  for (int64_t k = c0; k < v2; k += c1) {{
    if (k == v3) {{
{LOAD}      if (v2 < c8) {{
{ORDERED}        break;
      }}
{BACK}    }}
{STEP}  }}
{ORDERED}''', (0, 3)),
    ('goto out of two loops', f'''  for (int64_t k = c0; k < v2; k += c1) {{
    for (int64_t m = c0; m < v3; m += c1) {{
      if (k == m) goto label9;
{STEP}    }}
  }}
label9:
{ORDERED}''', (0,)),
    ('break and continue of two loops', f'''  for (int64_t k = c0; k < v2; k += c1) {{
    for (int64_t m = c0; m < v3; m += c1) {{
      if (k == m) break;
      if (m == c8) continue;
{STEP}    }}
    if (k == c1) continue;
{STEP}  }}
''', (0,)),
    ('return out of a loop', f'''  for (int64_t k = c0; k < v2; k += c1) {{
{STEP}    if (k == v3) {{
      pipe_barrier(PIPE_ALL);
      return;
    }}
  }}
  pipe_barrier(PIPE_ALL);
''', (0, 3)),
]
# what is not structured keeps the answer it had: a proof where order does not depend on the way, never a violation
OTHERS = [
    ('two ways into a loop', f'''  if (v2 < v3) {{ goto label2; }} else {{ goto label3; }}
label2:
{LOAD}  goto label3;
label3:
  if (v2 < c8) {{ goto label2; }} else {{ goto label4; }}
label4:
''', (0, 3)),
    ('a jump to nowhere', '  goto label9;\n', (2,)),
    ('two labels of one name', '  goto label2;\nlabel2:;\nlabel2:;\n', (2,)),
    ('more loops in loops than can be followed', ''.join(
        f'  i = c0;\nh{k}:\n  if (i < v2) {{ goto b{k}; }} else {{ goto e{k}; }}\nb{k}:\n' for k in range(400)) + ''.join(
            f'  i = i + c1;\n  goto h{k};\ne{k}:\n' for k in reversed(range(400))), (0, 3)),
    ('a jump into a loop', f'''  goto label2;
  for (int64_t k = c0; k < c8; k += c1) {{
{STEP}label2:;
  }}
''', (3,)),
    ('two labels, one in a loop', f'''  for (int64_t k = c0; k < c8; k += c1) {{
{STEP}label2:;
  }}
label2:;
''', (2, 3)),
    ('a jump out of a loop', f'''  for (int64_t k = c0; k < c8; k += c1) {{
{STEP}    if (k == v2) {{ goto label2; }}
  }}
label2:
''', (0,)),
    ('ways out that double what follows, again and again', ''.join(f'  if (v2 == {k}) {{ if (v3 == {k}) {{ break; }} {LOAD} }}\n'
                                                                 for k in range(40)).join(
        ['  for (i = c0; i < v2; i += c1) {\n', '  }\n']), (3,)),
]
SYNC = re.compile(r'^\s*(set_flag|wait_flag|pipe_barrier)\(.*\n', re.M)


def verdict(ptoc, folder, body):
    path = os.path.join(folder, 'k.cpp')
    with open(path, 'w', encoding='utf-8') as f:
        f.write(HEAD + body + TAIL)
    p = subprocess.run([ptoc, '--check', '--color=never', '-Wno-unwritten', path], capture_output=True, text=True, check=False)
    return p.returncode, p.stderr


def cuts(body):
    yield body
    for m in SYNC.finditer(body):
        yield body[:m.start()] + body[m.end():]


def check_case(ptoc, folder, goto, plain):
    bad = ''
    others = list(cuts(plain)) if plain else []
    for n, a in enumerate(cuts(goto)):
        got, why = verdict(ptoc, folder, a)
        want = 0 if n == 0 else verdict(ptoc, folder, others[n])[0] if plain else 1
        if got != want:
            bad += f'{got}, not {want}:\n{a}{why}'
    return bad


def main():
    ptoc, failed = sys.argv[1], 0
    print(f'1..{len(CASES) + len(WAYS) + len(OTHERS)}')
    with tempfile.TemporaryDirectory() as folder:
        results = [(name, check_case(ptoc, folder, a, b)) for name, a, b in CASES]
        for name, body, want in WAYS:
            got = [verdict(ptoc, folder, x) for x in cuts(body) if x == body or x.count('_flag') != body.count('_flag')]
            bad = [g for k, g in enumerate(got) if g[0] not in (want if k == 0 else (1, 3))]
            results.append((name, ''.join(f'{g[0]}\n{g[1]}' for g in bad)))
        for name, body, want in OTHERS:
            got = verdict(ptoc, folder, body)
            results.append((name, '' if got[0] in want else f'{got[0]}\n{got[1]}'))
    for n, (name, why) in enumerate(results, 1):
        failed += bool(why)
        print(f'{"not ok" if why else "ok"} {n} {name}')
        for line in why.split('\n') if why else []:
            print('# ' + line)
    return failed != 0


if __name__ == '__main__':
    sys.exit(main())
