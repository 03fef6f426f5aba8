#!/usr/bin/env python3
"""Behaviour of the ptoc program: options, exit status, files, the ptoas name. Prints TAP.

usage: cli.py PTOC MAN_PAGE [NAME...]
"""
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import xml.dom.minidom

PTOC, MAN = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
ONLY = sys.argv[3:]

TILE = ('!pto.tile_buf<loc=vec, dtype=f32, rows=16, cols=64, v_row=16, v_col=64, blayout=row_major, '
        'slayout=none_box, fractal=512, pad=0>')


def kernel(manual='', addr=True):
    """Load, add, store through one tile; `manual` holds four lines of synchronisation separated by |."""
    m = (manual + '||||').split('|')
    a = 'addr = %c0_i64 ' if addr else ''
    return f'''module {{
  func.func @k(%x: !pto.ptr<f32>, %y: !pto.ptr<f32>) attributes {{pto.kernel_kind = #pto.kernel_kind<vector>}} {{
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c16 = arith.constant 16 : index
    %c64 = arith.constant 64 : index
    %c0_i64 = arith.constant 0 : i64
    %xv = pto.make_tensor_view %x, shape = [%c16, %c64], strides = [%c64, %c1] : !pto.tensor_view<?x?xf32>
    %yv = pto.make_tensor_view %y, shape = [%c16, %c64], strides = [%c64, %c1] : !pto.tensor_view<?x?xf32>
    %xp = pto.partition_view %xv, offsets = [%c0, %c0], sizes = [%c16, %c64] : !pto.tensor_view<?x?xf32> -> !pto.partition_tensor_view<16x64xf32>
    %yp = pto.partition_view %yv, offsets = [%c0, %c0], sizes = [%c16, %c64] : !pto.tensor_view<?x?xf32> -> !pto.partition_tensor_view<16x64xf32>
    %t = pto.alloc_tile {a}: {TILE}
    pto.tload ins(%xp : !pto.partition_tensor_view<16x64xf32>) outs(%t : {TILE})
    {m[0]}
    {m[1]}
    pto.tadd ins(%t, %t : {TILE}, {TILE}) outs(%t : {TILE})
    {m[2]}
    {m[3]}
    pto.tstore ins(%t : {TILE}) outs(%yp : !pto.partition_tensor_view<16x64xf32>)
    return
  }}
}}
'''


def flag(op, src, dst, eid=0):
    return f'pto.{op}_flag[<PIPE_{src}>, <PIPE_{dst}>, <EVENT_ID{eid}>]'


BY_HAND = '|'.join([flag('set', 'MTE2', 'V'), flag('wait', 'MTE2', 'V'), flag('set', 'V', 'MTE3'), flag('wait', 'V', 'MTE3')])
RACY = '|'.join(['', '', flag('set', 'V', 'MTE3'), flag('wait', 'V', 'MTE3')])
BAD = 'module {\n  func.func @k() {\n    pto.tfrob\n    return\n  }\n}\n'
GOOD = kernel()


class Run:
    """One run in a fresh directory holding in.pto; `name` is argv[0]."""

    def __init__(self, *args, name='ptoc', stdin=b'', files=None, prepare=None, limit=None):
        self.dir = tempfile.TemporaryDirectory()
        self.path = self.dir.name
        os.symlink(PTOC, self.at(name)) if name != 'ptoc' else None
        for f, text in {'in.pto': GOOD, **(files or {})}.items():
            with open(self.at(f), 'wb') as o:
                o.write(text if isinstance(text, bytes) else text.encode())
        if prepare:
            prepare(self.path)
        self.before = set(os.listdir(self.path))
        prog = PTOC if name == 'ptoc' else self.at(name)
        p = subprocess.run([prog, *args], input=stdin if isinstance(stdin, bytes) else stdin.encode(), cwd=self.path,
                           capture_output=True, timeout=120, preexec_fn=limit)
        self.status, self.out, self.err = p.returncode, p.stdout.decode(), p.stderr.decode()

    def at(self, name):
        return os.path.join(self.path, name)

    def text(self, name):
        with open(self.at(name), encoding='utf-8') as f:
            return f.read()

    def new(self):
        return set(os.listdir(self.path)) - self.before


def kernel_of(text):
    """The kernel's own text, without the library functions in front of it."""
    return text[text.index(' void k('):]


TESTS = []


def test(f):
    TESTS.append(f)
    return f


def eq(got, want):
    assert got == want, f'got {got!r}, want {want!r}'


def has(text, part):
    assert part in text, f'{part!r} is not in {text!r}'


def fails(r, *parts, status=1):
    eq(r.status, status)
    eq(r.out, '')
    for p in parts:
        has(r.err, p)
    return r


def compiles(r):
    assert r.status == 0, f'status {r.status}: {r.err}'
    return r


# ---- output ----

@test
def writes_standard_output():
    r = compiles(Run('in.pto'))
    has(r.out, 'TLOAD(')
    eq(r.err, '')


@test
def writes_a_file_and_nothing_else():
    r = compiles(Run('in.pto', '-o', 'out.cpp'))
    eq(r.out, '')
    eq(r.new(), {'out.cpp'})
    has(r.text('out.cpp'), 'TSTORE(')


@test
def dash_is_standard_output_and_input():
    r = compiles(Run('-', '-o', '-', stdin=GOOD))
    has(r.out, 'TLOAD(')
    eq(r.out, Run('in.pto').out)


@test
def no_input_is_standard_input():
    eq(compiles(Run(stdin=GOOD)).out, Run('in.pto').out)


@test
def output_is_the_same_everywhere():
    eq(Run('in.pto', '-o', 'a.cpp').text('a.cpp'), Run('in.pto').out)


@test
def failure_creates_nothing():
    r = fails(Run('bad.pto', '-o', 'out.cpp', files={'bad.pto': BAD}), 'bad.pto:3:5: error:')
    eq(r.new(), set())


@test
def failure_leaves_the_old_file():
    r = fails(Run('bad.pto', '-o', 'old.cpp', files={'bad.pto': BAD, 'old.cpp': 'precious'}))
    eq(r.text('old.cpp'), 'precious')
    eq(r.new(), set())


@test
def replaces_the_file_in_one_step():
    r = Run('in.pto', '-o', 'old.cpp', files={'old.cpp': 'old'},
            prepare=lambda d: os.link(os.path.join(d, 'old.cpp'), os.path.join(d, 'other')))
    compiles(r)
    eq(r.text('other'), 'old')
    has(r.text('old.cpp'), 'TLOAD(')


@test
def keeps_the_mode_of_the_old_file():
    r = compiles(Run('in.pto', '-o', 'old.cpp', files={'old.cpp': 'old'},
                     prepare=lambda d: os.chmod(os.path.join(d, 'old.cpp'), 0o640)))
    eq(os.stat(r.at('old.cpp')).st_mode & 0o777, 0o640)


@test
def a_link_stays_a_link():
    r = compiles(Run('in.pto', '-o', 'link', files={'real.cpp': 'old'},
                     prepare=lambda d: os.symlink('real.cpp', os.path.join(d, 'link'))))
    assert os.path.islink(r.at('link'))
    has(r.text('real.cpp'), 'TLOAD(')


@test
def writes_to_a_device():
    compiles(Run('in.pto', '-o', '/dev/null'))


@test
def unwritable_output():
    r = fails(Run('in.pto', '-o', 'no/such/out.cpp'), "cannot write 'no/such/out.cpp': No such file or directory")
    eq(r.new(), set())


@test
def output_is_a_directory():
    fails(Run('in.pto', '-o', 'd', prepare=lambda d: os.mkdir(os.path.join(d, 'd'))), 'Is a directory')


@test
def a_full_disk_leaves_no_file():
    def limit():
        import signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (16, 16))
    r = fails(Run('in.pto', '-o', 'out.cpp', limit=limit), "cannot write 'out.cpp'")
    eq(r.new(), set())


@test
def closed_standard_output():
    p = subprocess.run([PTOC, '-'], input=GOOD.encode(), stdout=open('/dev/full', 'wb'), stderr=subprocess.PIPE)
    eq(p.returncode, 1)
    has(p.stderr.decode(), 'No space left on device')


# ---- input ----

@test
def missing_input():
    fails(Run('nofile.pto'), "ptoc: error: cannot read 'nofile.pto': No such file or directory")


@test
def directory_as_input():
    fails(Run('.'), "cannot read '.': Is a directory")


@test
def input_over_one_gigabyte():
    def big(d):
        with open(os.path.join(d, 'big.pto'), 'wb') as f:
            f.truncate((1 << 30) + 1)
    fails(Run('big.pto', prepare=big), 'larger than 1 GiB')


@test
def empty_input_is_an_empty_module():
    r = compiles(Run('empty.pto', files={'empty.pto': ''}))
    has(r.out, '#include')


@test
def bytecode_is_refused():
    fails(Run('x.ptobc', files={'x.ptobc': b'PTOBC\0\0\0\0\0\0\0\0\0'}), 'PTOBC')


@test
def out_of_memory_is_an_error():
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (48 << 20, 48 << 20))
    body = '    %c = arith.constant 0 : index\n'.replace('%c', '%c{}')
    text = 'module {\n  func.func @k() {\n' + ''.join(body.format(i) for i in range(200000)) + '    return\n  }\n}\n'
    if b'__asan_init' in open(PTOC, 'rb').read():
        return 'address sanitizer needs its address space'
    fails(Run('long.pto', files={'long.pto': text}, limit=limit), 'out of memory')
    return None


# ---- options ----

@test
def one_dash_or_two():
    eq(compiles(Run('-pto-level=level3', 'in.pto')).out, Run('--pto-level', 'level3', 'in.pto').out)


@test
def options_may_follow_the_input():
    compiles(Run('in.pto', '--pto-arch=A3', '--pto-level=LEVEL3'))


@test
def the_last_one_wins():
    compiles(Run('in.pto', '--pto-level=level2', '--pto-level=level3'))


@test
def unknown_option():
    fails(Run('in.pto', '--bogus-option'), "ptoc: Unknown command line argument '--bogus-option'.  Try: '")


@test
def unknown_option_with_suggestion():
    fails(Run('in.pto', '--pto-levl=level3'), "ptoc: Did you mean '--pto-level=level3'?")


@test
def bad_boolean():
    fails(Run('in.pto', '--enable-insert-sync=maybe'),
          "ptoc: for the --enable-insert-sync option: 'maybe' is invalid value for boolean argument! Try 0 or 1")


@test
def boolean_words():
    for w in ('true', 'TRUE', 'True', '1', 'false', 'FALSE', 'False', '0'):
        compiles(Run('in.pto', f'--enable-insert-sync={w}'))


@test
def boolean_takes_no_separate_value():
    fails(Run('in.pto', '--enable-insert-sync', 'false'), 'Too many positional arguments specified!',
          'Can specify at most 1 positional arguments: See: ')


@test
def missing_value():
    fails(Run('in.pto', '--pto-arch'), 'ptoc: for the --pto-arch option: requires a value!')
    fails(Run('in.pto', '-o'), 'ptoc: for the -o option: requires a value!')


@test
def attached_value_of_o_is_unknown():
    fails(Run('in.pto', '-oout.cpp'), "Unknown command line argument '-oout.cpp'")


@test
def nothing_is_written_over_the_input():
    def link(d):
        os.link(os.path.join(d, 'in.pto'), os.path.join(d, 'in.svg'))

    for args in (['-o', 'in.pto'], ['--timeline=./in.svg'], ['-o', 'x.cpp', '--depfile=in.pto'], ['--save-repro=in.pto']):
        r = fails(Run('in.pto', *args, prepare=link), 'would be written over its own input')
        eq(r.text('in.pto'), GOOD)
    fails(Run('--timeline', 'in.pto'), 'Error: the file of --timeline is a picture')
    compiles(Run('in.pto', '--emit=pto', '-o', 'in.pto'))


@test
def dump_letters_are_those_of_passes():
    fails(Run('in.pto', '-d', 'pZ'), 'Error: -d takes the letters of passes')


@test
def bad_integer():
    fails(Run('in.pto', '--graph-sync-solver-event-id-max=abc'),
          "ptoc: for the --graph-sync-solver-event-id-max option: 'abc' value invalid for integer argument!")


@test
def bad_values():
    for arg, text in (
            ('--pto-arch=zz', "Error: invalid --pto-arch='zz'. Expected 'a2', 'a3', or 'a5'.\n"),
            ('--pto-level=4', "Error: invalid --pto-level='4'. Expected 'level1', 'level2', or 'level3'.\n"),
            ('--pto-backend=x', "Error: invalid --pto-backend='x'. Expected 'emitc' or 'vpto'.\n"),
            ('--plan-memory-impl=typo', "Error: invalid --plan-memory-impl='typo', expected 'legacy' or 'modern'.\n"),
            ('--cann-output-version=9', "Error: invalid --cann-output-version='9'. Expected forms like '9.0.0' or '9.0.0-beta.1'.\n"),
            ('--sync=some', "Error: invalid --sync='some'. Expected 'none', 'auto', 'complete', or 'barrier-all'.\n")):
        eq(fails(Run('in.pto', arg)).err, text)
    compiles(Run('in.pto', '--cann-output-version=9.0.0-beta.1'))


@test
def exclusive_sync_modes():
    eq(fails(Run('in.pto', '--enable-insert-sync', '--enable-graph-sync-solver')).err,
       'Error: --enable-insert-sync, --enable-bufid_sync, --enable-inject-barrier-all-sync, and '
       '--enable-graph-sync-solver are mutually exclusive.\n')


@test
def a5_options():
    for arg, text in (
            ('--enable-bufid_sync', '--enable-bufid_sync requires --pto-arch=a5.'),
            ('--emit-vpto', 'VPTO-specific flags require --pto-backend=vpto or pto.backend = "vpto".'),
            ('--vpto-scheduler=on', '--vpto-scheduler requires --pto-arch=a5.'),
            ('--enable-op-fusion=true', '--enable-op-fusion=true requires --pto-arch=a5.'),
            ('--enable-unroll-after-loop-fusion',
             '--enable-unroll-after-loop-fusion requires --pto-arch=a5 and --enable-op-fusion.')):
        eq(fails(Run('in.pto', arg)).err, f'Error: {text}\n')
    fails(Run('in.pto', '--pto-arch=a5'), 'a5 is not supported')
    fails(Run('in.pto', '--pto-backend=vpto'), 'vpto is not supported')
    compiles(Run('in.pto', '--enable-op-fusion=false', '--vpto-scheduler=off', '--enable-vexpdif-fusion'))


@test
def double_dash_ends_options():
    compiles(Run('--', '--odd.pto', files={'--odd.pto': GOOD}))


@test
def response_file():
    r = compiles(Run('@args', files={'args': "--pto-level=level3 -o 'a b.cpp'\n\"in.pto\"\n"}))
    eq(r.new(), {'a b.cpp'})


@test
def response_file_that_is_not_there():
    fails(Run('@nofile'), "cannot read '@nofile'")


@test
def response_file_that_names_itself():
    eq(Run('@args', files={'args': '@args'}).status, 1)


@test
def version():
    r = compiles(Run('--version'))
    assert re.fullmatch(r'ptoc \d+\.\d+\.\d+\n', r.out), r.out


@test
def help_lists_every_option_of_the_manual_and_back():
    shown = set(re.findall(r'^  --?([A-Za-z][\w-]*)', compiles(Run('--help-hidden')).out.split('Names of warnings')[0], re.M))
    shown = {'W' if s == 'WWORD' else s for s in shown}
    with open(MAN, encoding='utf-8') as f:
        man = {m.replace('\\-', '-').lstrip('-') for m in re.findall(r'^\.It Fl (\S+)', f.read(), re.M)}
    assert shown and shown == man, f'only in --help: {sorted(shown - man)}, only in the manual: {sorted(man - shown)}'


@test
def help_hides_a5_options():
    r = compiles(Run('--help'))
    assert 'vpto-scheduler' not in r.out and 'pto-level' in r.out


# ---- figures ----

@test
def stats_stand_beside_the_output():
    r = Run('in.pto', '--stats')
    eq(r.status, 0)
    has(r.err, '@k (vector): ')
    has(r.err, ' cycles; ')
    has(r.err, 'PIPE_MTE2')
    eq(r.out, compiles(Run('in.pto')).out)


@test
def stats_json_is_the_output_when_nothing_else_is():
    r = Run('in.pto', '--stats=json', '--emit=none')
    eq((r.status, r.err), (0, ''))
    s = json.loads(r.out)['sections'][0]
    eq((s['function'], s['core'], s['hangs'], s['estimated']), ('k', 'vector', False, False))
    assert s['makespan'] > s['ideal'] > 0 and s['sync']['set'] == s['sync']['wait'], s
    assert s['peak_bytes']['vec'] > 0 and len(s['stalls']) > 0, s


@test
def stats_say_what_two_slots_would_save():
    body = """module {
  func.func @k(%a: !pto.ptr<f32>, %n: index) attributes {pto.kernel_kind = #pto.kernel_kind<vector>} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c16 = arith.constant 16 : index
    %c64 = arith.constant 64 : index
    %v = pto.make_tensor_view %a, shape = [%n, %c64], strides = [%c64, %c1] : !pto.tensor_view<?x?xf32>
    scf.for %i = %c0 to %n step %c16 {
      %x = pto.alloc_tile : !pto.tile_buf<vec, 16x64xf32>
      %p = pto.partition_view %v, offsets = [%i, %c0], sizes = [%c16, %c64] : !pto.tensor_view<?x?xf32> -> !pto.partition_tensor_view<16x64xf32>
      pto.tload ins(%p : !pto.partition_tensor_view<16x64xf32>) outs(%x : !pto.tile_buf<vec, 16x64xf32>)
      pto.tabs ins(%x : !pto.tile_buf<vec, 16x64xf32>) outs(%x : !pto.tile_buf<vec, 16x64xf32>)
    }
    return
  }
}
"""
    args = ['two.pto', '--stats=json', '--emit=none']
    off = json.loads(Run(*args, files={'two.pto': body}).out)
    auto = json.loads(Run(*args, '--multi-buffer=auto', files={'two.pto': body}).out)
    m = off['multi_buffer']
    eq((m['applied'], m['candidates'], m['tiles'], m['before']), (False, 1, 1, off['sections'][0]['makespan']))
    assert m['after'] < m['before'], m
    eq(auto['multi_buffer'], dict(m, applied=True))
    eq(auto['sections'][0]['makespan'], m['after'])
    eq(auto['sections'][0]['peak_bytes']['vec'], 2 * off['sections'][0]['peak_bytes']['vec'])
    has(Run('two.pto', '--stats', files={'two.pto': body}).err, '--multi-buffer=auto would save ')
    has(Run('two.pto', '--stats', '--multi-buffer=auto', files={'two.pto': body}).err, '--multi-buffer=auto saves ')


@test
def a_slower_model_makes_slower_kernels():
    plain = json.loads(Run('in.pto', '--stats=json', '--emit=none').out)['sections'][0]
    r = Run('in.pto', '--stats=json', '--emit=none', '--cost-model=m.json',
            files={'m.json': '{"latency": {"MTE2": 1000, "MTE3": 900.5}}'})
    s = json.loads(r.out)['sections'][0]
    assert s['makespan'] > plain['makespan'] + 600, (s['makespan'], plain['makespan'])
    eq(s['sync'], plain['sync'])


@test
def a_bad_model_is_refused():
    fails(Run('in.pto', '--cost-model=m.json', files={'m.json': '{\n "dbs": 1}'}),
          'm.json:2:3: error: unknown member of a cost model [cost-model]')
    fails(Run('in.pto', '--cost-model=none.json'), "cannot read 'none.json'")
    fails(Run('in.pto', '--assume-trips=-1'), '--assume-trips must not be negative.')


@test
def explanation_as_json_says_what_the_text_says():
    text = compiles(Run('in.pto', '--explain-sync')).err
    r = Run('in.pto', '--explain-sync=json', '--emit=none')
    eq((r.status, r.err), (0, ''))
    s = json.loads(r.out)['sections'][0]
    eq((s['function'], s['core'], s['manual']), ('k', 'vector', False))
    eq([i['what'] for i in s['instructions']], re.findall(r'^  (\S.*)$', text, re.M))
    why = [w for i in s['instructions'] for w in i['why']]
    eq(len(why), len(re.findall(r'^      \S', text, re.M)))
    assert any(w['kind'] == 'RAW' and w['source']['op'] == 'pto.tload' and 'vec[' in w['bytes'] for w in why), why


@test
def timeline_is_a_picture_of_its_own():
    r = Run('in.pto', '--timeline=t.svg', '--emit=none')
    eq((r.status, r.out, r.err, r.new()), (0, '', '', {'t.svg'}))
    root = xml.dom.minidom.parseString(r.text('t.svg')).documentElement
    eq(root.tagName, 'svg')
    texts = [t.firstChild.data for t in root.getElementsByTagName('text')]
    for want in ('@k (vector)', 'PIPE_MTE2', 'PIPE_V', 'PIPE_MTE3', 'stall: held by a wait'):
        assert want in texts, texts
    classes = {x.getAttribute('class') for x in root.getElementsByTagName('*')}
    assert {'w', 'lat', 'st', 'f', 'all'} <= classes, classes
    assert 'http' not in r.text('t.svg').replace('http://www.w3.org/2000/svg', '')


@test
def a_failing_run_draws_nothing():
    r = Run('in.pto', '--timeline=t.svg', files={'in.pto': 'module {'})
    eq((r.status, r.new()), (1, set()))
    fails(Run('in.pto', '--timeline=none/t.svg', '--emit=none'), "cannot write 'none/t.svg'")


# ---- what is compiled ----

@test
def sync_none_inserts_nothing():
    r = compiles(Run('in.pto', '--sync=none'))
    body = kernel_of(r.out)
    assert 'set_flag(' not in body and 'pipe_barrier(' not in body, body


@test
def sync_auto_is_the_default():
    has(kernel_of(compiles(Run('in.pto')).out), 'set_flag(PIPE_MTE2, PIPE_V')
    eq(Run('in.pto').out, Run('in.pto', '--enable-insert-sync').out)
    eq(Run('in.pto').out, Run('in.pto', '--sync=auto').out)


@test
def barrier_all():
    has(kernel_of(compiles(Run('in.pto', '--sync=barrier-all')).out), 'pipe_barrier(PIPE_ALL)')


@test
def emit_none_writes_nothing():
    r = compiles(Run('in.pto', '--emit=none', '-o', 'out.cpp'))
    eq((r.out, r.new()), ('', set()))


@test
def emit_pto_round_trip():
    one = compiles(Run('in.pto', '--emit=pto', '--sync=none')).out
    eq(compiles(Run('-', '--emit=pto', '--sync=none', stdin=one)).out, one)


@test
def tiles_without_address_are_placed():
    r = compiles(Run('x.pto', files={'x.pto': kernel(addr=False)}))
    has(r.out, 'TASSIGN(')
    fails(Run('x.pto', '--pto-level=level3', files={'x.pto': kernel(addr=False)}), "requires 'addr' operand")


@test
def explain_goes_to_standard_error():
    r = compiles(Run('in.pto', '--explain-sync'))
    has(r.err, 'set_flag(PIPE_MTE2, PIPE_V')
    eq(r.out, Run('in.pto').out)


@test
def dumps():
    r = compiles(Run('in.pto', '-d', 'pa'))
    has(r.err, '== p:')
    has(r.err, '== a:')


@test
def colour():
    bad = {'bad.pto': BAD}
    assert '\033[' not in Run('bad.pto', files=bad).err
    has(Run('bad.pto', '--color=always', files=bad).err, '\033[')
    has(Run('bad.pto', '--color', files=bad).err, '\033[')


# ---- hand-written synchronisation and --check ----

@test
def hand_written_is_left_alone():
    r = compiles(Run('h.pto', files={'h.pto': kernel(BY_HAND)}))
    eq(kernel_of(r.out).count('set_flag('), 2)
    eq(r.err, '')


@test
def hand_written_race_is_a_warning():
    r = compiles(Run('h.pto', files={'h.pto': kernel(RACY)}))
    has(r.err, 'warning:')
    has(r.err, '[sync-race]')


@test
def check_proved():
    r = Run('h.pto', '--check', files={'h.pto': kernel(BY_HAND)})
    eq((r.status, r.out, r.err), (0, '', ''))


@test
def check_violated():
    fails(Run('h.pto', '--check', files={'h.pto': kernel(RACY)}), 'error:', '[sync-race]', status=1)


@test
def check_finds_missing_synchronisation():
    fails(Run('in.pto', '--check'), 'error:', status=1)


@test
def check_of_what_would_be_inserted():
    eq(Run('in.pto', '--check', '--sync=auto').status, 0)


# An id that is always 0, which is more than the checker can tell.
DYNAMIC = BY_HAND.replace('pto.set_flag[<PIPE_MTE2>, <PIPE_V>, <EVENT_ID0>]', '''%b = pto.get_block_idx
    %bi = arith.index_cast %b : i64 to index
    %bb = arith.muli %bi, %bi : index
    %bc = arith.muli %bi, %bi : index
    %zero = arith.subi %bb, %bc : index
    pto.set_flag_dyn[<PIPE_MTE2>, <PIPE_V>, %zero]''')

DRAINED = kernel(BY_HAND).replace('    return', '    pto.barrier <PIPE_ALL>\n    return')


@test
def a_saved_text_runs_again_the_same():
    for args, name, text in ((['--check', '-Werror=shared-line', '--gm-visibility', 'flags-only'], 'k.pto', kernel(RACY)),
                             (['--sync=none', '--capacity=vec:65536'], 'k.pto', kernel(BY_HAND)),
                             (['--pto-level=level3'], 'k.pto', BAD.rstrip('\n')), (['--check'], 'k.pto', kernel(DYNAMIC))):
        r = Run(name, *args, '--save-repro=saved.pto', '-o', 'a.out', files={name: text})
        with open(r.at('saved.pto'), encoding='utf-8') as f:
            saved = f.read()
        assert saved.startswith(text), saved
        has(saved, '// ptoc-repro: ptoc ')
        has(saved, f'exit status {r.status}, ')
        for line in r.err.splitlines():
            has(saved, f'// | {line}'.rstrip())
        again = Run('@saved.pto', '-o', 'a.out', files={'saved.pto': saved})
        eq((again.status, again.err.replace('saved.pto', name)), (r.status, r.err))
        twice = Run('@saved.pto', '--save-repro=twice.pto', '-o', 'a.out', files={'saved.pto': saved})
        with open(twice.at('twice.pto'), encoding='utf-8') as f:
            eq(f.read().replace('saved.pto', name), saved)


@test
def a_text_is_saved_whole_or_not():
    fails(Run('in.pto', '--save-repro=no/such/x'), "cannot write 'no/such/x'")
    fails(Run('in.pto', 'in.pto', '--emit=none', '--save-repro=x'), '--save-repro saves one input')
    r = compiles(Run('--save-repro=x', stdin=GOOD.encode()))
    assert 'x' in r.new()


def reduced(text, *args):
    r = Run('v.pto', '--reduce', *args, '-o', 'small.pto', files={'v.pto': text})
    if not os.path.exists(r.at('small.pto')):
        return r, ''
    with open(r.at('small.pto'), encoding='utf-8') as f:
        return r, f.read()


@test
def a_race_is_reduced_to_the_two_that_race():
    big = kernel(RACY)
    at = big.index('    pto.tload')
    noise = ''.join(f'    %n{k} = arith.addi %c1, %c16 : index\n    scf.for %i{k} = %c0 to %n{k} step %c1 {{\n'
                    f'      %m{k} = arith.muli %i{k}, %c64 : index\n    }}\n' for k in range(40))
    r, small = reduced(big[:at] + noise + big[at:])
    eq(r.status, 1)
    has(r.err, 'lines are left after')
    assert 'pto.tload' in small and 'pto.tadd' in small, small
    assert 'pto.tstore' not in small and 'scf.for' not in small and 'flag' not in small, small
    again = Run('s.pto', '--check', files={'s.pto': small})
    eq(again.status, 1)
    first = Run('v.pto', '--check', files={'v.pto': big}).err
    eq([re.sub(r'\d', '', x) for x in re.findall(r'error: (.*)', again.err)][:1],
       [re.sub(r'\d', '', x) for x in re.findall(r'error: (.*)', first)][:1])
    eq(reduced(small)[1], small)
    eq(reduced(big[:at] + noise + big[at:])[1], small)


@test
def what_is_not_provable_stays_so():
    r, small = reduced(kernel(DYNAMIC))
    eq(r.status, 3)
    eq(Run('s.pto', '--check', files={'s.pto': small}).status, 3)


@test
def nothing_to_reduce():
    for text, why in ((DRAINED, "cannot reduce 'v.pto': it is proved"), (BAD, 'unknown-op')):
        r, small = reduced(text)
        eq((r.status, small), (2, ''))
        has(r.err, why)
    eq(Run('k.cpp', '--reduce', files={'k.cpp': '#include <a>'}).status, 2)
    eq(Run('in.pto', 'in.pto', '--reduce').status, 2)
    eq(Run('none.pto', '--reduce').status, 2)


@test
def check_not_provable():
    assert 'set_flag_dyn' in DYNAMIC
    r = Run('h.pto', '--check', files={'h.pto': kernel(DYNAMIC)})
    has(r.err, '[sync-unproved]')
    eq((r.status, r.out), (3, ''))


@test
def complete_adds_nothing_to_what_is_proved():
    r = compiles(Run('h.pto', '--sync=complete', '--explain-sync', files={'h.pto': DRAINED}))
    eq(kernel_of(r.out), kernel_of(Run('h.pto', files={'h.pto': DRAINED}).out))
    has(r.err, 'nothing is missing')
    lacks = Run('h.pto', '--sync=complete', files={'h.pto': kernel(BY_HAND)})
    eq(kernel_of(compiles(lacks).out).count('ptoas_auto_sync_tail('), 1)


@test
def complete_repairs_what_auto_warns_about():
    r = compiles(Run('h.pto', '--sync=complete', files={'h.pto': kernel(RACY)}))
    eq(r.err, '')
    assert kernel_of(r.out) != kernel_of(Run('h.pto', files={'h.pto': kernel(RACY)}).out)


@test
def complete_leaves_dynamic_ids_alone():
    r = Run('h.pto', '--sync=complete', files={'h.pto': kernel(DYNAMIC)})
    has(r.err, '[sync-unproved]')
    eq(kernel_of(r.out), kernel_of(Run('h.pto', files={'h.pto': kernel(DYNAMIC)}).out))


@test
def check_without_verdict():
    fails(Run('bad.pto', '--check', files={'bad.pto': BAD}), status=2)
    fails(Run('nofile.pto', '--check'), status=2)
    fails(Run('in.pto', '--check', '--bogus'), status=2)


# ---- the name ptoas ----

@test
def ptoas_inserts_nothing_by_default():
    r = compiles(Run('in.pto', '--pto-level=level3', name='ptoas'))
    assert 'set_flag(' not in kernel_of(r.out)
    has(kernel_of(compiles(Run('in.pto', '--pto-level=level3', '--enable-insert-sync', name='ptoas')).out), 'set_flag(')


@test
def ptoas_level_is_two():
    fails(Run('in.pto', name='ptoas'), "unexpected 'addr' operand: only supported when --pto-level=level3")


@test
def ptoas_messages():
    r = fails(Run('bad.pto', name='ptoas', files={'bad.pto': BAD}), 'Error: Failed to parse MLIR.\n')
    assert r.err.startswith('loc("bad.pto":3:5): error: '), r.err
    fails(Run('-', name='ptoas', stdin=BAD), 'loc("<stdin>":3:5): error: ')


@test
def ptoas_file_messages():
    eq(fails(Run('nofile', name='ptoas')).err, 'Error: Could not open input file: No such file or directory\n')
    eq(fails(Run('in.pto', '--pto-level=level3', '-o', 'no/x', name='ptoas')).err, 'No such file or directory\n')


@test
def ptoas_option_messages():
    has(Run('in.pto', '--bogus', name='ptoas').err, "ptoas: Unknown command line argument '--bogus'.  Try: '")


@test
def ptoas_prints_no_warnings():
    eq(compiles(Run('h.pto', '--pto-level=level3', '--enable-insert-sync', name='ptoas',
                    files={'h.pto': kernel(RACY)})).err, '')


@test
def ptoas_lenient_one_dash_arch():
    compiles(Run('in.pto', '-pto-arch=zz', '--pto-level=level3', name='ptoas'))
    fails(Run('in.pto', '-pto-arch=zz'), "invalid --pto-arch='zz'")


def main():
    tests = [t for t in TESTS if not ONLY or t.__name__ in ONLY]
    print(f'1..{len(tests)}')
    failed = 0
    for i, t in enumerate(tests, 1):
        try:
            skip = t()
            print(f'ok {i} - {t.__name__}' + (f' # SKIP {skip}' if skip else ''))
        except (AssertionError, OSError, subprocess.TimeoutExpired) as e:
            failed += 1
            print(f'not ok {i} - {t.__name__}')
            for line in (str(e) or repr(e)).splitlines():
                print(f'# {line}')
        sys.stdout.flush()
    return failed != 0


if __name__ == '__main__':
    sys.exit(main())
