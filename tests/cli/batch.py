#!/usr/bin/env python3
"""Many inputs in one run: outputs, order of messages, exit status, dependency files, progress. Prints TAP.

usage: batch.py PTOC MAN_PAGE [NAME...]
"""
import os
import pty
import select
import subprocess
import sys

from cli import BAD, BY_HAND, DYNAMIC, GOOD, PTOC, RACY, TESTS, Run, compiles, eq, fails, has, kernel, main

TESTS.clear()
MANY = {f'k{i:02}.pto': GOOD.replace('@k(', f'@k{i}(') for i in range(30)}
NAMES = sorted(MANY)


def test(f):
    TESTS.append(f)
    return f


def outputs(r, folder):
    return sorted(os.listdir(r.at(folder)))


@test
def one_output_per_input():
    r = compiles(Run(*NAMES, '--out-dir=o', files=MANY))
    eq((r.out, r.err), ('', ''))
    eq(r.new(), {'o'})
    eq(outputs(r, 'o'), [n.replace('.pto', '.cpp') for n in NAMES])
    eq(r.text('o/k07.cpp'), Run('k07.pto', files=MANY).out)


@test
def folders_are_made_and_names_cut():
    r = compiles(Run('in.pto', 's/b.v2.pto', 'plain', '--out-dir', 'x/y/z/', files={'plain': GOOD},
                     prepare=lambda p: (os.mkdir(p + '/s'), open(p + '/s/b.v2.pto', 'w').write(GOOD))))
    eq(outputs(r, 'x/y/z'), ['b.v2.cpp', 'in.cpp', 'plain.cpp'])


@test
def every_number_of_threads_is_the_same():
    files = dict(MANY, **{'k05.pto': BAD, 'k11.pto': kernel(RACY), 'k12.pto': 'module {', 'k29.pto': kernel(RACY)})
    runs = [fails(Run(*NAMES, '--out-dir=o', *j, files=files))
            for j in ([], ['-j', '4'], ['-j3'], ['-j=64'], ['-j', '0'])]
    text = [{f: r.text('o/' + f) for f in outputs(r, 'o')} for r in runs]
    for r, t in zip(runs[1:], text[1:]):
        eq(r.err, runs[0].err)
        eq(t, text[0])
    eq(len(text[0]), 28)
    order = [line.split(':')[0] for line in runs[0].err.splitlines() if 'error:' in line or 'warning:' in line]
    eq(order, sorted(order))
    eq(set(order), {'k05.pto', 'k11.pto', 'k12.pto', 'k29.pto'})


@test
def the_status_is_that_of_the_worst():
    files = {'p.pto': kernel(BY_HAND), 'v.pto': kernel(RACY), 'u.pto': kernel(DYNAMIC), 'b.pto': BAD}
    for names, status in (('p', 0), ('pp', 0), ('pu', 3), ('up', 3), ('ub', 2), ('bup', 2), ('bvu', 1), ('uvbp', 1)):
        for j in ('1', '4'):
            eq(Run(*(n + '.pto' for n in names), '--check', '-j', j, files=files).status, status)
    eq(Run('p.pto', 'nofile.pto', '--check', files=files).status, 2)
    eq(Run('p.pto', 'b.pto', 'p.pto', '--emit=none', files=files).status, 1)


@test
def a_bad_input_does_not_stop_the_others():
    r = fails(Run('bad.pto', 'no.pto', 'in.pto', '--out-dir=o', '-j2', files={'bad.pto': BAD}), 'bad.pto:3:5: error:',
              "cannot read 'no.pto': No such file")
    eq(outputs(r, 'o'), ['in.cpp'])


@test
def names_that_meet_are_refused():
    two = lambda p: (os.mkdir(p + '/s'), open(p + '/s/in.pto', 'w').write(GOOD))
    r = fails(Run('in.pto', 's/in.pto', '--out-dir=o', prepare=two),
              "'in.pto' and 's/in.pto' would both be written to 'o/in.cpp'")
    eq(r.new(), set())
    r = fails(Run('in.pto', '--out-dir=.', '--emit=pto'), "'./in.pto' would be written over its own input")
    eq(r.text('in.pto'), GOOD)


@test
def what_needs_one_input():
    for args in (['-o', 'x'], ['--out-dir=o', '-o', 'x'], ['--out-dir=o', '--timeline=t.svg'],
                 ['--out-dir=o', '--depfile=d'], ['--out-dir='], ['--out-dir=o', '-j', '-1'], ['--emit=none', '-MD']):
        r = fails(Run('in.pto', 'b.pto', *args, files={'b.pto': GOOD}), 'Error: ' if '-o' not in args else '')
        eq(r.new(), set())
    fails(Run('in.pto', 'in.pto'), 'several inputs need --out-dir=DIR, --check or --emit=none')
    fails(Run('in.pto', 'in.pto', '--out-dir=o', name='ptoas'), 'Too many positional arguments specified!')
    fails(Run('in.pto', '-', '--check', stdin=GOOD), 'standard input', status=2)
    fails(Run('--out-dir=o', stdin=GOOD), 'standard input')


@test
def an_output_folder_that_cannot_be():
    fails(Run('in.pto', '--out-dir=in.pto'), "cannot make the folder 'in.pto'")
    fails(Run('in.pto', '--out-dir=in.pto/x'), "cannot make the folder 'in.pto/x'")


@test
def dependency_files():
    r = compiles(Run('in.pto', '-o', 'out.cpp', '-MD'))
    eq(r.text('out.d'), 'out.cpp: in.pto\n')
    r = compiles(Run('in.pto', 'a b#$.pto', '--out-dir=o', '-MD', '--cost-model=m.json',
                     files={'a b#$.pto': GOOD, 'm.json': '{}'}))
    eq(outputs(r, 'o'), ['a b#$.cpp', 'a b#$.d', 'in.cpp', 'in.d'])
    eq(r.text('o/a b#$.d'), 'o/a\\ b\\#$$.cpp: a\\ b\\#$$.pto m.json\n')
    eq(compiles(Run('in.pto', '-o', 'out.cpp', '--depfile=x/../dep', prepare=lambda p: os.mkdir(p + '/x'))).text('dep'),
       'out.cpp: in.pto\n')
    eq(fails(Run('bad.pto', '-o', 'out.cpp', '-MD', files={'bad.pto': BAD})).new(), set())
    fails(Run('in.pto', '-MD'), '-MD and --depfile need an output file')
    fails(Run('in.pto', '-o', 'out.cpp', '--depfile=no/d'), "cannot write 'no/d'")


@test
def progress_when_asked_for():
    r = compiles(Run('in.pto', 'b.pto', '--out-dir=o', '--progress', files={'b.pto': GOOD}))
    eq(r.err, '[1/2] in.pto\n[2/2] b.pto\n')
    eq(compiles(Run('in.pto', '--out-dir=o', '--progress=always')).err, '')
    eq(compiles(Run('in.pto', 'b.pto', '--out-dir=o', files={'b.pto': GOOD})).err, '')


def on_a_terminal(*args, cwd):
    """What a run writes to a terminal on standard error."""
    main_end, end = pty.openpty()
    p = subprocess.Popen([PTOC, *args], cwd=cwd, stderr=end, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    os.close(end)
    text = b''
    while True:
        if select.select([main_end], [], [], 60)[0]:
            try:
                part = os.read(main_end, 4096)
            except OSError:
                part = b''
            if not part:
                break
            text += part
    os.close(main_end)
    return p.wait(60), text.decode()


@test
def progress_on_a_terminal_is_one_line_that_goes_away():
    r = Run('in.pto', files=MANY)
    status, text = on_a_terminal(*NAMES, '--out-dir=o', '--progress=always', '-j2', cwd=r.path)
    eq(status, 0)
    has(text, '[1/30] k00.pto\r\x1b[K[2/30] k01.pto')
    assert text.endswith('[30/30] k29.pto\r\x1b[K'), repr(text[-60:])
    assert '\n' not in text
    eq(on_a_terminal(*NAMES, '--out-dir=o', '--progress=never', cwd=r.path), (0, ''))


@test
def messages_and_progress_do_not_mix():
    r = Run('in.pto', files={'bad.pto': BAD})
    status, text = on_a_terminal('in.pto', 'bad.pto', '--out-dir=o', '--progress=always', '--color=never', cwd=r.path)
    eq(status, 1)
    has(text, '[1/2] in.pto\r\x1b[Kbad.pto:3:5: error:')


if __name__ == '__main__':
    sys.exit(main())
