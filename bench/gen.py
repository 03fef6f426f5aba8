#!/usr/bin/env python3
"""Generates .pto inputs of a wanted size and shape, spelled the way front ends print them: verbose tile types, constants
at the top, level-3 addresses. Same arguments, same bytes.

    gen.py FAMILY LINES [DEPTH] > FILE       FAMILY: straight loops nest16 ifs gm whiles slots subviews
                                             extremes: ifloop functions calls longline roots tiles bare pipes scalars
                                             buffers
                                             with DEPTH: depth mixed
    gen.py c BYTES > FILE.c                  C text of about that size, for a comparison with a C compiler

LINES is met to within one unit of the family (8 to 200 lines; nest depth 200 has 2400 lines per nest)."""
import sys

TILE_BYTES = 4096                  # 16 x 64 f32
SLOTS = 24                         # input tiles at slot i, result tiles at slot SLOTS + i: 48 x 4 KiB = all of UB
TILE = ('!pto.tile_buf<loc=vec, dtype=f32, rows=16, cols=64, v_row=16, v_col=64, blayout=row_major, '
        'slayout=none_box, fractal=512, pad=0>')
VIEW = '!pto.tensor_view<?x?xf32>'
PART = '!pto.partition_tensor_view<16x64xf32>'
# Unary elementwise operations that take turns.
OPS = ('texp', 'tabs', 'trelu', 'tsqrt')
INDENT_LIMIT = 3                   # deeper levels are not indented further: lines keep their width at every depth


class Kernel:
    """Collects the lines of one kernel; constants are placed in front of the body when it is printed."""

    def __init__(self, name):
        self.name = name
        self.body = []
        self.constants = {}
        self.level = 2
        self.serial = 0
        self.args = ['%x: !pto.ptr<f32>', '%y: !pto.ptr<f32>', '%n: index', '%rows: index']
        self.views = ['x', 'y']

    def put(self, text):
        self.body.append('  ' * min(self.level, INDENT_LIMIT) + text)

    def op(self, text):
        """An operation with the location that front ends append."""
        self.put('%s loc("kernels/bench/%s.py":%d:9)' % (text, self.name, 20 + len(self.body) // 8))

    def fresh(self):
        self.serial += 1
        return self.serial

    def const(self, value, kind):
        name = '%%c%d_%s' % (value, kind)
        self.constants.setdefault(name, '    %s = arith.constant %d : %s' % (name, value, kind))
        return name

    def tile(self, name, slot):
        self.op('%s = pto.alloc_tile addr = %s : %s' % (name, self.const(slot * TILE_BYTES, 'i64'), TILE))

    def move(self, op, tile, view, row, n):
        """partition_view and tload/tstore of rows row..row+15: two lines."""
        part = '%%%s%d' % (op[1:], n)
        self.op('%s = pto.partition_view %%%s_view, offsets = [%s, %s], sizes = [%s, %s] : %s -> %s'
                % (part, view, row, self.const(0, 'index'), self.const(16, 'index'), self.const(64, 'index'),
                    VIEW, PART))
        if op == 'tload':
            self.op('pto.tload ins(%s : %s) outs(%s : %s)' % (part, PART, tile, TILE))
        else:
            self.op('pto.tstore ins(%s : %s) outs(%s : %s)' % (tile, TILE, part, PART))

    def block(self, row, source='x', source_row=None):
        """Load, one operation, store, on tiles of their own: seven lines."""
        n = self.fresh()
        src, dst = '%%in%d' % n, '%%out%d' % n
        self.tile(src, n % SLOTS)
        self.move('tload', src, source, source_row or row, n)
        self.tile(dst, SLOTS + n % SLOTS)
        self.op('pto.%s ins(%s : %s) outs(%s : %s)' % (OPS[n % len(OPS)], src, TILE, dst, TILE))
        self.move('tstore', dst, 'y', row, n)

    def row_of(self, iv, base):
        """Row of a loop variable: 16 * iv + base, three lines with the constant's."""
        n = self.fresh()
        self.op('%%m%d = arith.muli %s, %s : index' % (n, iv, self.const(16, 'index')))
        self.op('%%r%d = arith.addi %%m%d, %s : index' % (n, n, self.const(base, 'index')))
        return '%%r%d' % n

    def open_for(self, trips):
        iv = '%%i%d' % self.fresh()
        self.put('scf.for %s = %s to %s step %s {' % (iv, self.const(0, 'index'), self.const(trips, 'index'),
                                                      self.const(1, 'index')))
        self.level += 1
        return iv

    def close(self):
        self.level -= 1
        self.put('}')

    def lines(self):
        return len(self.body) + len(self.constants) + 10

    def text(self):
        zero = self.const(0, 'index')
        cols, one = self.const(64, 'index'), self.const(1, 'index')
        assert zero and cols
        head = ['module attributes {pto.target_arch = "a2a3"} {',
                '  func.func @%s(%s) attributes {pto.kernel_kind = #pto.kernel_kind<vector>} {'
                % (self.name, ', '.join(self.args))]
        head += self.constants.values()
        for v in self.views:
            head.append('    %%%s_view = pto.make_tensor_view %%%s, shape = [%%rows, %s], strides = [%s, %s] '
                        '{layout = #pto.layout<nd>} : %s' % (v, v, cols, cols, one, VIEW))
        return '\n'.join(head + self.body + ['    return', '  }', '}', ''])


def straight(k, lines):
    """Blocks of load, operation, store on tiles of their own and on their own rows of GM."""
    n = 0
    while k.lines() < lines:
        k.block(k.const(16 * n, 'index'))
        n += 1


def loops(k, lines):
    """Sibling loops, each with one block."""
    n = 0
    while k.lines() < lines:
        iv = k.open_for(8)
        k.block(k.row_of(iv, 128 * n))
        k.close()
        n += 1


def nest(k, depth, n):
    """One nest: every level has its own block before the next level opens."""
    for level in range(depth):
        iv = k.open_for(4)
        k.block(k.row_of(iv, 64 * (n + level)))
    for level in range(depth):
        # A line per level behind the inner loop keeps the nest from being perfect on the way out too.
        m = k.fresh()
        k.op('%%t%d = arith.addi %s, %s : index' % (m, k.const(16, 'index'), k.const(1, 'index')))
        k.close()
    return n + depth


def depth(k, lines, d):
    n = 0
    while k.lines() < lines:
        n = nest(k, d, n)


def ifs(k, lines):
    """Consecutive ifs; every second one has an else, and all of them work on one shared accumulator tile."""
    k.tile('%acc', 0)
    k.tile('%spare', 1)
    k.move('tload', '%acc', 'x', k.const(0, 'index'), 0)
    n = 0
    while k.lines() < lines:
        m = k.fresh()
        row = k.const(16 * (n % 4096), 'index')
        k.op('%%b%d = arith.cmpi slt, %%n, %s : index' % (m, row))
        k.put('scf.if %%b%d {' % m)
        k.level += 1
        k.tile('%%in%d' % m, 2 + n % (2 * SLOTS - 2))
        k.move('tload', '%%in%d' % m, 'x', row, m)
        k.op('pto.tadd ins(%%acc, %%in%d : %s, %s) outs(%%acc : %s)' % (m, TILE, TILE, TILE))
        k.level -= 1
        if n % 2:
            k.put('} else {')
            k.level += 1
            k.op('pto.tabs ins(%%acc : %s) outs(%%spare : %s)' % (TILE, TILE))
            k.move('tstore', '%spare', 'y', row, m)
            k.level -= 1
        k.put('}')
        n += 1
    k.move('tstore', '%acc', 'y', k.const(0, 'index'), k.fresh())


def gm(k, lines):
    """Straight line in which every block reloads what the one before stored: a fence per block."""
    n = 0
    while k.lines() < lines:
        k.block(k.const(16 * n + 16, 'index'), 'y', k.const(16 * n, 'index'))
        n += 1


def mixed(k, lines, d):
    """As depth, but every second level is an if."""
    n = 0
    while k.lines() < lines:
        iv = '%n'
        for level in range(d):
            if level % 2:
                m = k.fresh()
                k.op('%%b%d = arith.cmpi slt, %s, %s : index' % (m, iv, k.const(3, 'index')))
                k.put('scf.if %%b%d {' % m)
                k.level += 1
            else:
                iv = k.open_for(4)
            k.block(k.row_of(iv, 64 * (n + level)))
        for level in range(d):
            m = k.fresh()
            k.op('%%t%d = arith.addi %s, %s : index' % (m, k.const(16, 'index'), k.const(1, 'index')))
            k.close()
        n += d


def whiles(k, lines):
    """Sibling while loops that count a row, each with one block."""
    n = 0
    while k.lines() < lines:
        m = k.fresh()
        k.put('%%w%d = scf.while (%%a%d = %s) : (index) -> index {' % (m, m, k.const(0, 'index')))
        k.level += 1
        k.op('%%t%d = arith.cmpi slt, %%a%d, %%n : index' % (m, m))
        k.put('scf.condition(%%t%d) %%a%d : index' % (m, m))
        k.level -= 1
        k.put('} do {')
        k.put('^bb0(%%b%d: index):' % m)
        k.level += 1
        k.block(k.row_of('%%b%d' % m, 128 * n))
        k.op('%%s%d = arith.addi %%b%d, %s : index' % (m, m, k.const(1, 'index')))
        k.put('scf.yield %%s%d : index' % m)
        k.close()
        n += 1


def slots(k, lines):
    """Sibling loops that rotate through the two slots of a tile for input and of one for output."""
    multi = '!pto.multi_tile_buf<%s, count=2>' % TILE
    n = 0
    while k.lines() < lines:
        m = k.fresh()
        names = ['%%in%d' % m, '%%out%d' % m]
        for side, name in enumerate(names):
            address = (side * SLOTS + 2 * (n % (SLOTS // 2))) * TILE_BYTES
            k.op('%s_m = pto.alloc_multi_tile addr = %s : %s' % (name, k.const(address, 'i64'), multi))
        iv = k.open_for(8)
        row = k.row_of(iv, 128 * n)
        k.op('%%k%d = arith.remui %s, %s : index' % (m, iv, k.const(2, 'index')))
        for name in names:
            k.op('%s = pto.multi_tile_get %s_m[%%k%d] : %s -> %s' % (name, name, m, multi, TILE))
        k.move('tload', names[0], 'x', row, m)
        k.op('pto.%s ins(%s : %s) outs(%s : %s)' % (OPS[n % len(OPS)], names[0], TILE, names[1], TILE))
        k.move('tstore', names[1], 'y', row, m)
        k.close()
        n += 1


def subviews(k, lines):
    """Blocks that work on both halves of a tile through views of them."""
    half = TILE.replace('rows=16', 'rows=8').replace('v_row=16', 'v_row=8')
    n = 0
    while k.lines() < lines:
        m = k.fresh()
        row = k.const(16 * n, 'index')
        names = ['%%in%d' % m, '%%out%d' % m]
        k.tile(names[0], n % SLOTS)
        k.tile(names[1], SLOTS + n % SLOTS)
        k.move('tload', names[0], 'x', row, m)
        for h in range(2):
            for name in names:
                k.op('%s_%d = pto.subview %s[%s, %s] sizes [8, 64] : %s -> %s'
                     % (name, h, name, k.const(8 * h, 'index'), k.const(0, 'index'), TILE, half))
            k.op('pto.%s ins(%s_%d : %s) outs(%s_%d : %s)'
                 % (OPS[(n + h) % len(OPS)], names[0], h, half, names[1], h, half))
        k.move('tstore', names[1], 'y', row, m)
        n += 1


def ifloop(k, lines):
    """One loop around an if per block: what a branch leaves is met again on the next trip."""
    k.open_for(4)
    ifs(k, lines)
    k.close()


def longline(k, lines):
    """As straight, but the whole body is one line."""
    straight(k, lines)
    k.body = [' '.join(line.strip() for line in k.body)]


def roots(k, lines):
    """Every block loads from one GM argument of its own and stores into another."""
    n = 0
    while k.lines() < lines:
        src, dst = 'x%d' % n, 'y%d' % n
        k.args += ['%%%s: !pto.ptr<f32>' % v for v in (src, dst)]
        k.views += [src, dst]
        row, m = k.const(0, 'index'), k.fresh()
        k.tile('%%in%d' % m, m % SLOTS)
        k.move('tload', '%%in%d' % m, src, row, m)
        k.tile('%%out%d' % m, SLOTS + m % SLOTS)
        k.op('pto.texp ins(%%in%d : %s) outs(%%out%d : %s)' % (m, TILE, m, TILE))
        k.move('tstore', '%%out%d' % m, dst, row, m)
        n += 1


def tiles(k, lines):
    """Many small tiles, none of them at a place of its own: each has 32 bytes, some 6000 fill UB; loaded in a row, then
    worked on in another order."""
    small = TILE.replace('rows=16', 'rows=1').replace('cols=64', 'cols=8').replace('v_row=16', 'v_row=1') \
        .replace('v_col=64', 'v_col=8')
    count = 6144
    n = 0
    while k.lines() < lines:
        m = k.fresh()
        k.op('%%s%d = pto.alloc_tile addr = %s : %s' % (m, k.const(n % count * 32, 'i64'), small))
        k.op('%%d%d = pto.alloc_tile addr = %s : %s' % (m, k.const(n * 2531 % count * 32, 'i64'), small))
        k.op('pto.%s ins(%%s%d : %s) outs(%%d%d : %s)' % (OPS[n % len(OPS)], m, small, m, small))
        if n % 16 == 0:
            part = '!pto.partition_tensor_view<1x8xf32>'
            k.op('%%p%d = pto.partition_view %%y_view, offsets = [%s, %s], sizes = [%s, %s] : %s -> %s'
                 % (m, k.const(n, 'index'), k.const(0, 'index'), k.const(1, 'index'), k.const(8, 'index'), VIEW, part))
            k.op('pto.tstore ins(%%d%d : %s) outs(%%p%d : %s)' % (m, small, m, part))
        n += 1


def buffers(k, lines):
    """Tiles without addresses, of four sizes and with overlapping lives; up to 160000 bytes are live at once: every
    one has to take the bytes of others."""
    room, x, live = 160000, 12345, []
    k.constants['%one'] = '    %one = arith.constant 1.0 : f32'
    while k.lines() < lines:
        x = (x * 1103515245 + 12345) % 2 ** 31
        rows = 2 << (x >> 8) % 4
        kind = TILE.replace('rows=16', 'rows=%d' % rows).replace('v_row=16', 'v_row=%d' % rows)
        while sum(t[0] for t in live) + 256 * rows > room:
            _, name, its = live.pop((x >> 12) % len(live))
            k.op('pto.tabs ins(%s : %s) outs(%s : %s)' % (name, its, name, its))
        name = '%%b%d' % k.fresh()
        k.op('%s = pto.alloc_tile : %s' % (name, kind))
        k.op('pto.texpands ins(%%one : f32) outs(%s : %s)' % (name, kind))
        live.append((256 * rows, name, kind))


def bare(k, lines):
    """One block of nothing but operations on four tiles."""
    for t in range(4):
        k.tile('%%t%d' % t, t)
    n = 0
    while k.lines() < lines:
        k.op('pto.tadd ins(%%t%d, %%t%d : %s, %s) outs(%%t%d : %s)'
             % (n % 4, (n + 1) % 4, TILE, TILE, (n * 7 + 2) % 4, TILE))
        n += 1


def pipes(k, lines):
    """Straight line in which everything conflicts: loads, operations and stores on three tiles in changing roles, so
    that many event ids are wanted at a time."""
    for t in range(3):
        k.tile('%%t%d' % t, t)
    n = 0
    while k.lines() < lines:
        row = k.const(16 * (n % 512), 'index')
        k.move('tload', '%%t%d' % (n % 3), 'x', row, k.fresh())
        k.op('pto.tabs ins(%%t%d : %s) outs(%%t%d : %s)' % (n % 3, TILE, n // 3 % 3, TILE))
        k.move('tstore', '%%t%d' % (n // 2 % 3), 'x', k.const(16 * (n * 37 % 512), 'index'), k.fresh())
        n += 1


def scalars(k, lines):
    """Integer arithmetic of great depth that addresses a row now and then."""
    k.tile('%t', 0)
    last = '%n'
    n = 0
    while k.lines() < lines:
        m = k.fresh()
        k.op('%%v%d = arith.%s %s, %s : index' % (m, ('addi', 'muli')[n % 8 == 7], last, k.const(n % 5 + 1, 'index')))
        last = '%%v%d' % m
        if n % 16 == 0:
            k.move('tload', '%t', 'x', last, m)
        n += 1


def functions(lines, calls=0):
    """One module of many functions with one block each; every one may call the one before it, some times over."""
    text, n = [], 0
    have = 0
    while have < lines:
        k = Kernel('f%d' % n)
        k.block(k.const(16 * n, 'index'))
        for _ in range(calls if n else 0):
            k.op('func.call @f%d(%%x, %%y, %%n, %%rows) : (!pto.ptr<f32>, !pto.ptr<f32>, index, index) -> ()' % (n - 1))
        part = k.text().split('\n')
        text += part[:1] if n == 0 else []
        text += part[1:-2]
        have = len(text)
        n += 1
    return '\n'.join(text + ['}', ''])


# Families whose cost per line is measured by default, and those that stretch one quantity to the extreme.
FAMILIES = ('straight', 'loops', 'nest16', 'ifs', 'gm', 'whiles', 'slots', 'subviews')
EXTREMES = ('ifloop', 'functions', 'calls', 'longline', 'roots', 'tiles', 'bare', 'pipes', 'scalars', 'buffers')
MAKERS = {f.__name__: f for f in (straight, loops, ifs, gm, whiles, slots, subviews, ifloop, longline, roots, tiles, bare,
                                  pipes, scalars, buffers)}


def generate(family, lines, d=16):
    k = Kernel(family)
    if family == 'functions':
        return functions(lines)
    if family == 'calls':
        return functions(lines, 2)
    if family == 'nest16':
        depth(k, lines, 16)
    elif family == 'depth':
        depth(k, lines, d)
    elif family == 'mixed':
        mixed(k, lines, d)
    elif family in MAKERS:
        MAKERS[family](k, lines)
    else:
        raise SystemExit('gen.py: unknown family %r' % family)
    return k.text()


def c_source(size):
    """Plain C of about `size` bytes: small functions with loops, conditionals, calls and structure accesses."""
    out = ['struct item { int kind; unsigned flags; long value; struct item *next; };',
           'extern int observe(const struct item *it, long value);', '']
    have = sum(len(line) + 1 for line in out)
    n = 0
    while have < size:
        call = 'step_%d(it, low + %d)' % (n - 1, n % 7) if n else 'observe(it, low)'
        part = ['static long step_%d(struct item *it, long low)' % n, '{',
                '\tlong total = low * %d + %d;' % (n % 13 + 1, n), '\tint i;', '',
                '\tfor (i = 0; i < %d && it; i++) {' % (n % 29 + 3),
                '\t\tif ((it->flags & 0x%xu) == 0 || it->kind == %d)' % (1 << n % 16, n % 11),
                '\t\t\ttotal += it->value * (long)(i + %d) - (total >> %d);' % (n % 5, n % 7 + 1),
                '\t\telse', '\t\t\tit->value = total ^ (long)(it->flags << %d);' % (n % 9),
                '\t\tif (observe(it, total))', '\t\t\tit = it->next;', '\t}',
                '\treturn it ? total : %s;' % call, '}', '']
        out += part
        have += sum(len(line) + 1 for line in part)
        n += 1
    out.append('long run(struct item *it) { return step_%d(it, 1); }' % (n - 1))
    return '\n'.join(out) + '\n'


def main(argv):
    if len(argv) == 3 and argv[1] == 'c':
        sys.stdout.write(c_source(int(argv[2])))
        return 0
    if len(argv) not in (3, 4):
        sys.stderr.write(__doc__ + '\n')
        return 2
    sys.stdout.write(generate(argv[1], int(argv[2]), int(argv[3]) if len(argv) == 4 else 16))
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
