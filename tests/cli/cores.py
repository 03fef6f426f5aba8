#!/usr/bin/env python3
"""Warnings about cores that touch the same global memory at the same time: section-race and block-race. Prints TAP.

usage: cores.py PTOC [CORPUS]

Every kernel is read as .pto and, printed by ptoc, as C++: both must warn at the operations that are marked, no others.
CORPUS: folders of .pto files, colon between them, none of which may give one of the two warnings but where KNOWN says so.
"""
import os
import re
import subprocess
import sys
import tempfile

# file name -> warnings that are right: one function, cube stores and vector loads of one tensor, no signal anywhere
KNOWN = {'r64_two_sections_one_function.pto': ['section-race']}

CONSTANTS = ''.join(f'    %c{n} = arith.constant {n} : index\n' for n in (0, 1, 2, 4, 8, 16, 64, 4096)) + \
    ''.join(f'    %a{n} = arith.constant {n} : i64\n' for n in (0, 4096, 8192))
VIEW = '!pto.tensor_view<?x?xf32>'
PART = '!pto.partition_tensor_view<8x64xf32>'
TILE = '!pto.tile_buf<vec, 8x64xf32>'


def view(name, ptr):
    return (f'    %{name} = pto.make_tensor_view %{ptr}, shape = [%c4096, %c64], strides = [%c64, %c1]'
            f' {{layout = #pto.layout<nd>}} : {VIEW}\n')


def part(name, base, row):
    return f'    %{name} = pto.partition_view %{base}, offsets = [%{row}, %c0], sizes = [%c8, %c64] : {VIEW} -> {PART}\n'


def load(base, row, mark=''):
    n = f'l{base}{row}{mark}'
    return part(n, base, row) + f'    pto.tload ins(%{n} : {PART}) outs(%x : {TILE})  // [{mark}]\n'


def store(base, row, mark='', how=''):
    n = f's{base}{row}{mark}'
    return part(n, base, row) + f'    pto.tstore ins(%x : {TILE}) outs(%{n} : {PART}){how}  // [{mark}]\n'


def loop(name, to, body):
    return f'    scf.for %{name} = %c0 to %{to} step %c1 {{\n{body}    }}\n'


BLOCK = '    %bi = pto.get_block_idx\n    %b = arith.index_cast %bi : i64 to index\n'
SUB = '    %si = pto.get_subblock_idx\n    %s = arith.index_cast %si : i64 to index\n'
ATOMIC = ' {atomicType = #pto<atomic_type atomic_add>}'


def row(name, factor, of='b'):
    return f'    %{name} = arith.muli %{of}, %{factor} : index\n'


def add(name, a, b):
    return f'    %{name} = arith.addi %{a}, %{b} : index\n'


def kernel(body, args=''):
    return (f'module attributes {{pto.target_arch = "a2a3"}} {{\n'
            f'  func.func @k(%a: !pto.ptr<f32>, %o: !pto.ptr<f32>, %n: index{args})\n'
            f'      attributes {{pto.kernel_kind = #pto.kernel_kind<vector>}} {{\n{CONSTANTS}{view("av", "a")}{view("ov", "o")}'
            f'    %x = pto.alloc_tile addr = %a0 : {TILE}\n{body}    return\n  }}\n}}\n')


ACC = '!pto.tile_buf<acc, 32x32xf32, blayout=col_major, slayout=row_major, fractal=1024>'
WHOLE = '!pto.partition_tensor_view<32x32xf32>'
UB = '!pto.tile_buf<vec, 16x32xf32>'
SOME = '!pto.partition_tensor_view<16x32xf32>'


def mixed(cube, vector):
    return (f'module attributes {{pto.target_arch = "a2a3"}} {{\n'
            f'  func.func @k(%a: !pto.ptr<f32>, %o: !pto.ptr<f32>, %f: !pto.ptr<i64>, %n: index) {{\n{CONSTANTS}'
            f'    %c32 = arith.constant 32 : index\n    pto.set_ffts %f : !pto.ptr<i64>\n'
            f'    %av = pto.make_tensor_view %a, shape = [%c4096, %c32], strides = [%c32, %c1]'
            f' {{layout = #pto.layout<nd>}} : {VIEW}\n'
            f'    pto.section.cube {{\n      %acc = pto.alloc_tile addr = %a0 : {ACC}\n{cube}    }}\n'
            f'    pto.section.vector {{\n      %y = pto.alloc_tile addr = %a0 : {UB}\n{SUB}{vector}    }}\n    return\n  }}\n}}\n')


def cube_store(r='c0'):
    return (f'      %p = pto.partition_view %av, offsets = [%{r}, %c0], sizes = [%c32, %c32] : {VIEW} -> {WHOLE}\n'
            f'      pto.tstore ins(%acc : {ACC}) outs(%p : {WHOLE})\n')


def vector_load(r):
    return (f'      %q = pto.partition_view %av, offsets = [%{r}, %c0], sizes = [%c16, %c32] : {VIEW} -> {SOME}\n'
            f'      pto.tload ins(%q : {SOME}) outs(%y : {UB})  // [ld]\n')


HALF = row('half', 'c16', 's')
SET = '      pto.sync.set <PIPE_FIX>, 3\n'
WAIT = '      pto.sync.wait <PIPE_MTE2>, 3\n'

# name, kernel, warnings as (name, mark)
CASES = [
    ('one block only', kernel(load('av', 'c0') + store('ov', 'c0')), []),
    ('every block writes the same', kernel(BLOCK + row('r', 'c8') + load('av', 'r') + store('ov', 'c0', 'st')),
     [('block-race', 'st')]),
    ('an argument does not tell blocks apart', kernel(BLOCK + row('r', 'c8') + load('av', 'r') + store('ov', 'n', 'st')),
     [('block-race', 'st')]),
    ('every block its rows', kernel(BLOCK + row('r', 'c8') + load('av', 'r') + store('ov', 'r')), []),
    ('rows of neighbours overlap', kernel(BLOCK + row('r', 'c4') + load('av', 'c0') + store('ov', 'r', 'st')),
     [('block-race', 'st')]),
    ('the next trip is the next block', kernel(
        BLOCK + row('r', 'c8') + loop('i', 'c2', row('q', 'c8', 'i') + add('t', 'r', 'q') + load('av', 't') + store('ov', 't', 'st'))),
     [('block-race', 'st')]),
    ('rows of all trips are apart', kernel(
        BLOCK + row('r', 'c16') + loop('i', 'c2', row('q', 'c8', 'i') + add('t', 'r', 'q') + load('av', 't') + store('ov', 't'))), []),
    ('the number of trips is not known', kernel(
        BLOCK + row('r', 'c16') + loop('i', 'n', row('q', 'c8', 'i') + add('t', 'r', 'q') + load('av', 't') + store('ov', 't'))), []),
    ('written in a loop, at the same rows', kernel(
        BLOCK + row('r', 'c8') + load('av', 'r') + loop('i', 'n', row('q', 'c8', 'i') + store('ov', 'q', 'st'))), [('block-race', 'st')]),
    ('what the next block writes is read', kernel(
        BLOCK + row('r', 'c8') + add('t', 'r', 'c4') + load('av', 't') + store('av', 'r', 'st')), [('block-race', 'st')]),
    ('a barrier of all cores between the two', kernel(
        BLOCK + row('r', 'c8') + add('t', 'r', 'c4') + store('av', 'r') +
        '    pto.set_ffts %f : !pto.ptr<i64>\n    pto.syncall() mode = #pto.sync_all_mode<hard>, core_type = #pto.sync_core_type<aiv_only>\n' + load('av', 't'), ', %f: !pto.ptr<i64>'), []),
    ('sums by atomic additions', kernel(BLOCK + row('r', 'c8') + load('av', 'r') + store('ov', 'c0', '', ATOMIC)), []),
    ('an atomic addition and a store', kernel(
        BLOCK + row('r', 'c8') + load('av', 'r') + store('ov', 'c0', 'sum', ATOMIC) + store('ov', 'c4', 'st')), [('block-race', 'st')]),
    ('one block alone', kernel(
        BLOCK + row('r', 'c8') + load('av', 'r') + '    %first = arith.cmpi eq, %b, %c0 : index\n    scf.if %first {\n' +
        store('ov', 'c0') + '    }\n'), []),
    ('all blocks or none', kernel(
        BLOCK + row('r', 'c8') + load('av', 'r') + '    %some = arith.cmpi eq, %n, %c0 : index\n    scf.if %some {\n' +
        store('ov', 'c0', 'st') + '    }\n'), [('block-race', 'st')]),
    ('the place comes from memory', kernel(
        BLOCK + row('r', 'c8') + load('av', 'r') + '    %w = pto.load_scalar %t[%b] : !pto.ptr<i64> -> i64\n'
        '    %wi = arith.index_cast %w : i64 to index\n' + store('ov', 'wi'), ', %t: !pto.ptr<i64>'), []),
    ('every block its part of a range', kernel(
        BLOCK + row('r', 'c8') + '    %e = arith.addi %r, %c8 : index\n    scf.for %i = %r to %e step %c8 {\n' +
        load('av', 'i') + store('ov', 'i') + '    }\n'), []),
    ('both vector cores write the same', kernel(SUB + row('r', 'c8', 's') + load('av', 'r') + store('ov', 'c0', 'st')),
     [('block-race', 'st')]),
    ('each vector core its rows', kernel(SUB + row('r', 'c8', 's') + load('av', 'r') + store('ov', 'r')), []),
    ('a cube store and a vector load', mixed(cube_store(), HALF + vector_load('half')), [('section-race', 'ld')]),
    ('the signal is before the store', mixed(SET + cube_store(), WAIT + HALF + vector_load('half')), [('section-race', 'ld')]),
    ('store, signal, wait, load', mixed(cube_store() + SET, WAIT + HALF + vector_load('half')), []),
    ('the wait is for another flag', mixed(cube_store() + SET, WAIT.replace('3', '4') + HALF + vector_load('half')),
     [('section-race', 'ld')]),
    ('the wait is behind the load', mixed(cube_store() + SET, HALF + vector_load('half') + WAIT), [('section-race', 'ld')]),
    ('other rows', mixed(cube_store('c64'), HALF + vector_load('half')), []),
]
PYPTO = [
    ('the block index of PyPTO', kernel(
        '    %b = arith.index_cast %__pypto_spmd_block_idx : i32 to index\n' + row('r', 'c8') + load('av', 'r') + store('ov', 'c0', 'st'),
        ', %__pypto_spmd_block_idx: i32'), [('block-race', 'st')]),
    ('one that nothing uses', kernel(load('av', 'c0') + store('ov', 'c0'), ', %__pypto_spmd_block_idx: i32'), []),
]


# two functions that are one kernel; the wait may be in another function than the set
def pair(cube, vector, args='', names=('k_aic', 'k_aiv')):
    head = (f'%a: !pto.ptr<f32>, %o: !pto.ptr<f32>, %f: !pto.ptr<i64>, %n: index, %__pypto_spmd_block_idx: i32')
    common = (f'{CONSTANTS}    %c32 = arith.constant 32 : index\n    pto.set_ffts %f : !pto.ptr<i64>\n'
              f'    %av = pto.make_tensor_view %a, shape = [%c4096, %c32], strides = [%c32, %c1]'
              f' {{layout = #pto.layout<nd>}} : {VIEW}\n')
    return (f'module attributes {{pto.target_arch = "a2a3"}} {{\n'
            f'  func.func @{names[0]}({head}) attributes {{pto.kernel_kind = #pto.kernel_kind<cube>}} {{\n{common}'
            f'      %acc = pto.alloc_tile addr = %a0 : {ACC}\n{cube}    return\n  }}\n'
            f'  func.func @{names[1]}({head}{args}) attributes {{pto.kernel_kind = #pto.kernel_kind<vector>}} {{\n{common}'
            f'      %y = pto.alloc_tile addr = %a0 : {UB}\n{vector}    return\n  }}\n}}\n')


MY = '    %b = arith.index_cast %__pypto_spmd_block_idx : i32 to index\n' + row('r', 'c64')
LANE = ', %__pypto_spmd_subblock_idx: i32'
LANES = '    %s = arith.index_cast %__pypto_spmd_subblock_idx : i32 to index\n'
MINE = add('h', 'r', 'half')
PAIRS = [
    ('two functions, one kernel', pair(cube_store(), LANES + HALF + vector_load('half'), LANE), [('section-race', 'ld')]),
    ('without the lane', pair(cube_store(), vector_load('c16')), [('section-race', 'ld')]),
    ('at an argument', pair(cube_store('n'), vector_load('n')), [('section-race', 'ld')]),
    ('at an argument, other rows', pair(cube_store('n'), add('m', 'n', 'c64') + vector_load('m')), []),
    ('every block its rows, the same ones', pair(MY + cube_store('r'), MY + LANES + HALF + MINE + vector_load('h'), LANE),
     [('section-race', 'ld')]),
    ('one at a block\'s rows', pair(MY + cube_store('r'), vector_load('n')), []),
    ('a trip of a loop', pair(loop('i', 'c4', row('r', 'c64', 'i') + cube_store('r')), vector_load('c64')), [('section-race', 'ld')]),
    ('behind all trips', pair(loop('i', 'c4', row('r', 'c64', 'i') + cube_store('r')), row('r', 'c8', 'c64') + vector_load('r')), []),
    ('a signal between the functions', pair(cube_store() + SET, WAIT + LANES + HALF + vector_load('half'), LANE), []),
    ('two functions that have nothing to do with each other', pair(cube_store(), vector_load('c16'), names=('k_aic', 'h_aiv')), []),
    ('arguments of other types', pair(cube_store(), vector_load('c16')).replace('@k_aic(%a: !pto.ptr<f32>, %o: !pto.ptr<f32>',
                                                                              '@k_aic(%a: !pto.ptr<f32>, %o: !pto.ptr<f16>'), []),
]

# how PyPTO starts a kernel: the arguments of the task are taken apart, the block index is asked for there
WRAPPER = '''
extern "C" __aicore__ __attribute__((always_inline)) void kernel_entry(__gm__ int64_t* args)
{
#if !defined(__CPU_SIM) && !defined(__COSTMODEL)
    set_atomic_none();
#endif
    int32_t block = get_block_idx(args);
    int32_t blocks = get_block_num(args);
    __gm__ Thing* a_thing = reinterpret_cast<__gm__ Thing*>(args[0]);
    __gm__ float* a = reinterpret_cast<__gm__ float*>(a_thing->buffer.addr) + a_thing->start;
    __gm__ Thing* o_thing = reinterpret_cast<__gm__ Thing*>(args[1]);
    int64_t part = static_cast<int64_t>(o_thing->shapes[0]) / static_cast<int64_t>(blocks);
    int64_t offset = static_cast<int64_t>(block) * part;
    __gm__ float* o = reinterpret_cast<__gm__ float*>(o_thing->buffer.addr) + o_thing->start%s;
    union { uint64_t bits; int64_t val; } n_conv;
    n_conv.bits = args[2];
    int64_t n = n_conv.val;
    k(a, o, n, block);
}
'''


def check_wrapped(ptoc, folder):
    """The kernel that every block runs alike, as PyPTO wraps it: its own pointers, the same ones, a part of a buffer each."""
    path = os.path.join(folder, 'k.cpp')
    bad = ''
    for row_, part_, want in (('c0', '', ['block-race']), ('n', '', ['block-race']), ('r', '', []), ('c0', ' + offset', [])):
        check_pto(ptoc, folder, kernel(TAKEN + row('r', 'c8') + load('av', 'r') + store('ov', row_), ', %block: i32'), [])
        with open(path, encoding='utf-8') as f:
            text = re.sub(r'(?:extern "C" |__global__ )*AICORE void', 'static __aicore__ void', f.read())
        for body, options in ((text + WRAPPER % part_, []), (text, ['--block-index=v4'])):
            with open(path, 'w', encoding='utf-8') as f:
                f.write(body)
            p, got = run(ptoc, '--check', *options, path)
            expect = want if not options else ['block-race'] if row_ != 'r' else []
            if p.returncode or [i for _, i in got] != expect:
                bad += f'{row_}{part_} {options}: {p.returncode} {got}, not {expect}\n{p.stderr}'
    return bad


TAKEN = '    %b = arith.index_cast %block : i32 to index\n'


def check_options(ptoc, folder):
    """The number of the vector core by its name in .pto, with and without %."""
    path = os.path.join(folder, 'k.pto')
    text = kernel('    %s = arith.index_cast %lane : i32 to index\n' + row('r', 'c8', 's') + load('av', 'r') + store('ov', 'c0'), ', %lane: i32')
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)
    got = [[i for _, i in run(ptoc, '--emit=none', *o, path)[1]] for o in ([], ['--subblock-index=lane'], ['--subblock-index=%lane'],
                                                                          ['--subblock-index=other'])]
    return '' if got == [[], ['block-race'], ['block-race'], []] else str(got)


def run(ptoc, *args):
    p = subprocess.run([ptoc, '--color=never', *args], capture_output=True, text=True, check=False)
    return p, [(int(m[1]), m[2]) for m in re.finditer(r'^[^:\n]*:(\d+):\d+: warning: .*\[(section-race|block-race)\]', p.stderr, re.M)]


def marks(text):
    return {m[1]: n for n, line in enumerate(text.split('\n'), 1) for m in [re.search(r'// \[(\w+)\]', line)] if m}


def check_pto(ptoc, folder, text, want):
    path = os.path.join(folder, 'k.pto')
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)
    p, got = run(ptoc, path, '-o', os.path.join(folder, 'k.cpp'))
    where = marks(text)
    expected = sorted((where[mark], name) for name, mark in want)
    if p.returncode or sorted(got) != expected:
        return f'{p.returncode}: {sorted(got)} is not {expected}\n{p.stderr}'
    return ''


def check_cpp(ptoc, folder, text, want):
    """At the C++ call that the marked operation became: the only one, or the last one, of its name."""
    path = os.path.join(folder, 'k.cpp')
    p, got = run(ptoc, '--check', path)
    with open(path, encoding='utf-8') as f:
        lines = f.read().split('\n')
    name = {'st': 'TSTORE(', 'ld': 'TLOAD('}
    expected = sorted((max(n for n, line in enumerate(lines, 1) if name[mark] in line), i) for i, mark in want)
    if p.returncode or sorted(got) != expected:
        return f'{p.returncode}: {sorted(got)} is not {expected}\n{p.stderr}'
    return ''


def check_corpus(ptoc, folders):
    bad = ''
    for folder in folders.split(':'):
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            got = run(ptoc, '--emit=none', os.path.join(folder, name))[1] if name.endswith('.pto') else []
            if [i for _, i in got] != KNOWN.get(name, []):
                bad += f'{name}: {got}\n'
    return bad


def main():
    ptoc, n, failed = sys.argv[1], 0, 0
    print(f'1..{2 * len(CASES) + 2 * len(PAIRS) + len(PYPTO) + 3}')
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for name, text, want in CASES + PAIRS:
            results.append((name, check_pto(ptoc, folder, text, want)))
            results.append((name + ', as C++', check_cpp(ptoc, folder, text, want)))
        for name, text, want in PYPTO:
            results.append((name, check_pto(ptoc, folder, text, want)))
        results.append(('wrapped by a client', check_wrapped(ptoc, folder)))
        results.append(('names of parameters', check_options(ptoc, folder)))
    results.append(('kernels of others', check_corpus(ptoc, sys.argv[2] if len(sys.argv) > 2 else '')))
    for name, why in results:
        n += 1
        failed += bool(why)
        print(f'{"not ok" if why else "ok"} {n} {name}')
        for line in why.split('\n') if why else []:
            print('# ' + line)
    return failed != 0


if __name__ == '__main__':
    sys.exit(main())
