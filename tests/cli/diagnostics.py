#!/usr/bin/env python3
"""Messages: which are shown (-W), their form (JSON, SARIF, colours), the producer's places. Prints TAP.

usage: diagnostics.py PTOC MAN_PAGE SOURCE_ROOT [NAME...]
"""
import json
import os
import re
import sys

ROOT = os.path.abspath(sys.argv.pop(3))

from cli import BAD, DYNAMIC, GOOD, RACY, TESTS, Run, compiles, eq, fails, has, kernel, main  # noqa: E402

TESTS.clear()


def test(f):
    TESTS.append(f)
    return f


def with_locs(text, name='models/k.py'):
    """The location of every tile op, as PyPTO writes it: at the end of the line, here with the line's own number."""
    return '\n'.join(f'{line} loc("{name}":{n}:7)' if re.match(r'\s*pto\.(t\w+|set_flag|wait_flag)\b', line) else line
                     for n, line in enumerate(text.split('\n'), 1))


RACE = kernel(RACY)
LINE = {op: 1 + next(n for n, line in enumerate(RACE.split('\n')) if op in line) for op in ('pto.tload', 'pto.tadd', 'pto.tstore')}
ODD = BAD.replace('pto.tfrob', 'pto.té"\\\x01\udcfff ins(')


def ids():
    with open(os.path.join(ROOT, 'src/diag/diags.def'), encoding='utf-8') as f:
        return dict((a, b) for a, b in re.findall(r'^DIAG\(\w+, "([\w-]+)", DIAG_(\w+)\)', f.read(), re.M))


# ---- -W ----

@test
def every_warning_is_listed_in_help():
    listed = Run('--help').out.split('Names of warnings, for -W:\n')[1].split('\n\n')[0].split()
    eq(listed, [i for i, s in ids().items() if s == 'WARNING'])
    assert 'sync-race' in listed


@test
def every_id_is_in_the_documentation():
    with open(os.path.join(ROOT, 'docs/diagnostics.md'), encoding='utf-8') as f:
        told = re.findall(r'^\| `([\w-]+)` \| (error|warning) \|', f.read(), re.M)
    eq(sorted(told), sorted((i, s.lower()) for i, s in ids().items()))


@test
def every_id_is_reached_by_a_test():
    shown = set()
    for d, _, names in os.walk(os.path.join(ROOT, 'tests/golden/cases')):
        for n in names:
            if n.endswith('.err'):
                with open(os.path.join(d, n), encoding='utf-8', errors='replace') as f:
                    shown |= set(re.findall(r'\[([\w-]+)\]$', f.read(), re.M))
    # what needs files, options or a mistake of ours: (the test that expects it, how it names it)
    others = {'io': ('cli/diagnostics.py', "('io', 'no.pto', None)"),
              'input-limit': ('unit/test_api.c', '[input-limit]'),
              'cost-model': ('unit/test_cost.c', '[cost-model]'), 'section-race': ('cli/cores.py', "'section-race'"),
              'table-size': ('golden/cases/neg-level2/big_table_error.err', 'bias tiles end at byte 2048'),
              'place-failed': ('unit/test_report.c', 'DIAG_PLACE_FAILED'),
              'sync-fallback': ('unit/test_report.c', 'DIAG_SYNC_FALLBACK')}
    eq(sorted(set(ids()) - shown), sorted(others))
    for i, (path, text) in others.items():
        with open(os.path.join(ROOT, 'tests', path), encoding='utf-8') as f:
            assert text in f.read(), f'{path} does not expect {i}'


@test
def a_warning_can_be_hidden_and_raised():
    def run(*args, status=0):
        r = Run('r.pto', '-o', 'out.cpp', *args, files={'r.pto': RACE})
        eq((r.status, 'out.cpp' in r.new()), (status, status == 0))
        return sorted(set(re.findall(r' (warning|error): .*\[([\w-]+)\]', r.err)))
    eq(run(), [('warning', 'sync-race')])
    eq(run('-Wno-sync-race'), [])
    eq(run('-Werror=sync-race', status=1), [('error', 'sync-race')])
    eq(run('-Werror', status=1), [('error', 'sync-race')])
    eq(run('-Werror', '-Wno-error=sync-race'), [('warning', 'sync-race')])
    eq(run('-Wno-error=sync-race', '-Werror'), [('warning', 'sync-race')])
    eq(run('-Werror', '-Wno-sync-race'), [])
    eq(run('-Wno-sync-race', '-Wsync-race'), [('warning', 'sync-race')])
    eq(run('-Werror', '-Wno-error'), [('warning', 'sync-race')])
    eq(run('-Werror=shared-line', '--Wno-shared-line'), [('warning', 'sync-race')])


@test
def check_says_violated_whatever_the_policy():
    eq(Run('r.pto', '--check', '-Wno-sync-race', files={'r.pto': RACE}).status, 1)
    eq(Run('u.pto', '--check', '-Werror', files={'u.pto': kernel(DYNAMIC)}).status, 3)


@test
def bad_words():
    for word, text in (('sync-rce', "unknown warning 'sync-rce'; did you mean 'sync-race'?"),
                       ('no-shard-line', "unknown warning 'shard-line'; did you mean 'shared-line'?"),
                       ('error=zzzzzzzz', "unknown warning 'zzzzzzzz'; --help lists the names"),
                       ('no-verify', "'verify' is an error, not a warning"),
                       ('no-error=syntax', "'syntax' is an error, not a warning")):
        eq(fails(Run('in.pto', '-W' + word)).err, f'ptoc: for the -W{word} option: {text}\n')
    eq(fails(Run('in.pto', '-W')).err, 'ptoc: for the -W option: requires a value!\n')
    fails(Run('in.pto', '--check', '-Wzz'), status=2)


# ---- places of the producer ----

@test
def both_places_of_a_race_name_the_python_line():
    r = compiles(Run('r.pto', files={'r.pto': with_locs(RACE)}))
    eq(re.findall(r'^(\S+:\d+:\d+): (?:warning|note): ', r.err, re.M)[:4],
       [f'r.pto:{LINE["pto.tadd"]}:5', f'models/k.py:{LINE["pto.tadd"]}:7',
        f'r.pto:{LINE["pto.tload"]}:5', f'models/k.py:{LINE["pto.tload"]}:7'])


@test
def a_verification_error_names_the_python_line():
    text = with_locs(GOOD.replace('pto.tadd ins(%t, %t', 'pto.tadd ins(%t, %xp'))
    r = fails(Run('v.pto', files={'v.pto': text}))
    has(r.err, f'\nmodels/k.py:{LINE["pto.tadd"]}:7: note: from here\n')


@test
def so_does_an_error_of_syntax():
    r = fails(Run('s.pto', files={'s.pto': with_locs(GOOD).replace('pto.tadd ins', 'pto.tadd inns')}))
    has(r.err, f's.pto:{LINE["pto.tadd"]}:')
    has(r.err, f'\nmodels/k.py:{LINE["pto.tadd"]}:7: note: from here\n')


@test
def an_op_without_a_location_has_that_around_it():
    text = RACE.replace('  func.func', '  // x\n  func.func').rstrip().rsplit('}', 2)
    r = compiles(Run('r.pto', files={'r.pto': '} loc("f.py":5:1)'.join([text[0], '}'.join(text[1:])])}))
    has(r.err, '\nf.py:5:1: note: from here\n')


# what stands in loc(...), and the place that an error there comes from
LOCATIONS = (('"k.py":16:7', 'k.py:16:7'), ('"name"("k.py":17:7)', 'k.py:17:7'),
             ('callsite("in.py":1:2 at "out.py":3:4)', 'in.py:1:2'), ('fused["f.py":5:1, "g.py":6:1]', 'f.py:5:1'),
             ('fused<"pass">["f.py":7:1, "g.py":6:1]', 'f.py:7:1'), ('#one', 'a.py:8:5'), ('#two', 'a.py:8:5'),
             ('#late', 'z.py:9:1'), ('unknown', None), ('#nowhere', None), ('"no place"', None))


@test
def every_form_of_location_is_followed():
    # once where the text parses and an operation breaks a rule, once where it does not
    for op, wrong in (('scf.for %x = %a to %a step %c {\n    }', 'must be positive'), ('arith.addi %a, %b : i32', 'different type')):
        for loc, place in LOCATIONS:
            if loc == '#nowhere' and 'scf' in op:
                continue
            text = '\n'.join(['#one = loc("a.py":8:5)', '#two = loc(fused[#one, "b.py":9:2])', 'module {',
                              '  func.func @k(%a: index, %b: index) {', '    %c = arith.constant 0 : index',
                              f'    {op} loc({loc})' if 'scf' in op else f'    %d = {op} loc({loc})', '    return', '  }',
                              '}', '#late = loc("z.py":9:1)', ''])
            r = fails(Run('l.pto', files={'l.pto': text}), wrong)
            eq(re.findall(r'^(\S+): note: from here$', r.err, re.M)[:1], [place] if place else [])


# ---- several errors ----

def errors(text, name='e.pto', *args):
    r = fails(Run(name, *args, files={name: text}))
    return re.findall(r'^\S+?:(\d+):\d+: error: .*\[([\w-]+)\]$', r.err, re.M)


def body(*lines):
    return '\n'.join(['module {', '  func.func @k(%a: index) {', *('    ' + s for s in lines), '    return', '  }', '}', ''])


@test
def independent_errors_are_all_reported():
    eq(errors(body('pto.tfrob', '%x = arith.addi %a, %b : index', '%y = arith.addi %a, %a : index',
                   'pto.barrier <PIPE_NO>', '', '%z = arith.adi %a, %a : index', '%v = arith.addi %a, : index')),
       [('3', 'unknown-op'), ('4', 'unknown-name'), ('6', 'unknown-attr'), ('8', 'unknown-op'), ('9', 'syntax')])


@test
def what_follows_from_an_error_is_not():
    eq(errors(body('%x = arith.adi %a, %a : index', '%y = arith.addi %x, %a : index', '%z = arith.addi %y, %x : index',
                   '%w = arith.addi %a, %b : index')), [('3', 'unknown-op'), ('6', 'unknown-name')])


@test
def no_guess_where_an_operation_ends():
    for lines in (['%x = arith.adi %a,', '  %a : index'], ['scf.fr %i = %a to %a step %a {', '}', 'pto.tfrob'],
                  ['%x = arith.addi %a, %a :', 'pto.tfrob'], ['return', 'pto.tfrob']):
        eq(len(errors(body(*lines))), 1)


@test
def errors_are_shown_up_to_a_limit():
    assert len(errors(body(*['pto.tfrob'] * 40))) == 40
    r = fails(Run('e.pto', files={'e.pto': body(*['pto.tfrob'] * 400)}))
    has(r.err, 'more errors not shown')


@test
def as_ptoas_the_first_error_is_the_last():
    r = fails(Run('e.pto', name='ptoas', files={'e.pto': body('pto.tfrob', 'pto.tfrob')}))
    eq(r.err.count('error:'), 1)


# ---- JSON ----

def rows(r):
    return [json.loads(line) for line in r.err.splitlines()]


@test
def json_says_what_text_says():
    d = rows(compiles(Run('r.pto', '--diagnostics=json', files={'r.pto': with_locs(RACE)})))[0]
    eq((d['id'], d['severity'], d['file'], d['line'], d['column']), ('sync-race', 'warning', 'r.pto', LINE['pto.tadd'], 5))
    eq((d['endLine'], d['endColumn']), (d['line'], 5 + len('pto.tadd')))
    eq(d['producer'], {'file': 'models/k.py', 'line': LINE['pto.tadd'], 'column': 7})
    eq([(n['kind'], n['message'], n['line'], n['producer']['line']) for n in d['notes'][:1]],
       [('note', 'the earlier access is here', LINE['pto.tload'], LINE['pto.tload'])])
    has(Run('r.pto', files={'r.pto': RACE}).err, f"r.pto:{d['line']}:{d['column']}: warning: {d['message']} [sync-race]\n")


@test
def json_of_many_inputs_and_of_files_that_are_not_there():
    r = Run('in.pto', 'b.pto', 'no.pto', '--emit=none', '--diagnostics=json', '-j4', files={'b.pto': BAD})
    eq([(d['id'], d['file'], d.get('line')) for d in rows(r)], [('unknown-op', 'b.pto', 3), ('io', 'no.pto', None)])
    eq(rows(r)[0]['notes'][0]['kind'], 'hint')
    eq(compiles(Run('in.pto', '--diagnostics=json', '-o', 'o')).err, '')


@test
def json_is_json_whatever_the_input():
    r = fails(Run('o.pto', '--diagnostics=json', files={'o.pto': ODD.encode('utf-8', 'surrogateescape')}))
    eq(len(rows(r)), 1)


@test
def a_log_has_standard_error_for_itself():
    for args in (['--explain-sync'], ['-d', 'p'], ['--stats'], ['--progress=always']):
        fails(Run('in.pto', '--diagnostics=sarif', *args), 'cannot be combined')
    compiles(Run('in.pto', '--diagnostics=json', '--stats', '--emit=none'))
    fails(Run('in.pto', '--diagnostics=xml'), "Error: invalid --diagnostics='xml'. Expected 'text', 'json', or 'sarif'.")


# ---- SARIF ----

def members(obj, need, may=()):
    assert isinstance(obj, dict), obj
    got = set(obj)
    assert set(need) <= got <= set(need) | set(may), f'members {sorted(got)}, required {sorted(need)}'


def check_region(g):
    members(g, ['startLine'], ['startColumn', 'endLine', 'endColumn'])
    assert all(isinstance(v, int) and v >= 1 for v in g.values()), g
    if 'endLine' in g:
        assert (g['startLine'], g['startColumn']) <= (g['endLine'], g['endColumn']), g


def check_location(loc, message):
    members(loc, ['physicalLocation'] + (['message'] if message else []))
    p = loc['physicalLocation']
    members(p, ['artifactLocation'], ['region'])
    members(p['artifactLocation'], ['uri'])
    assert re.fullmatch(r"([A-Za-z0-9._~/-]|%[0-9A-F]{2})+", p['artifactLocation']['uri']), p
    if 'region' in p:
        check_region(p['region'])
    if message:
        members(loc['message'], ['text'])


def sarif(r):
    """The results of a log, by run, after a look at every object: OASIS SARIF 2.1.0 §3.13 to §3.30."""
    log = json.loads(r.err)
    members(log, ['$schema', 'version', 'runs'])
    eq(log['version'], '2.1.0')
    for run in log['runs']:
        members(run, ['tool', 'columnKind', 'results'])
        driver = run['tool']['driver']
        members(driver, ['name', 'version', 'rules'])
        eq([(x['id'], x['defaultConfiguration']['level']) for x in driver['rules']],
           [(i, s.lower()) for i, s in ids().items()])
        for d in run['results']:
            members(d, ['ruleId', 'level', 'message', 'locations', 'relatedLocations'])
            assert d['ruleId'] in ids() and d['level'] in ('error', 'warning'), d
            members(d['message'], ['text'])
            eq(len(d['locations']), 1)
            check_location(d['locations'][0], False)
            for x in d['relatedLocations']:
                check_location(x, True)
    return [run['results'] for run in log['runs']]


@test
def sarif_says_what_text_says():
    results, = sarif(compiles(Run('r.pto', '--diagnostics=sarif', files={'r.pto': with_locs(RACE)})))
    d = results[0]
    eq((d['ruleId'], d['level']), ('sync-race', 'warning'))
    eq(d['locations'][0]['physicalLocation'], {'artifactLocation': {'uri': 'r.pto'}, 'region': {
        'startLine': LINE['pto.tadd'], 'startColumn': 5, 'endLine': LINE['pto.tadd'], 'endColumn': 5 + len('pto.tadd')}})
    eq([(x['physicalLocation']['artifactLocation']['uri'], x['physicalLocation']['region']['startLine'], x['message']['text'])
        for x in d['relatedLocations'][:3]],
       [('models/k.py', LINE['pto.tadd'], 'from here'), ('r.pto', LINE['pto.tload'], 'the earlier access is here'),
        ('models/k.py', LINE['pto.tload'], 'from here')])


@test
def sarif_of_many_inputs_is_one_log():
    names = ['in.pto', 'b.pto', 'no.pto', 'a b%.pto', 'r.pto']
    r = Run(*names, '--out-dir=o', '--diagnostics=sarif', '-j3',
            files={'b.pto': BAD, 'a b%.pto': BAD, 'r.pto': RACE})
    eq([[d['ruleId'] for d in run][:1] for run in sarif(r)], [[], ['unknown-op'], ['io'], ['unknown-op'], ['sync-race']])
    has(r.err, '"a%20b%25.pto"')
    has(r.err, "\\nhint: did you mean '")
    r = Run('no.pto', 'in.pto', '--out-dir=o', '--diagnostics=sarif')
    eq([len(run) for run in sarif(r)], [1, 0])
    r = Run('in.pto', '-o', 'no/x', '--diagnostics=sarif')
    eq([[d['ruleId'] for d in run] for run in sarif(r)], [[], ['io']])


@test
def sarif_counts_characters_not_bytes():
    bad = BAD.replace('pto.tfrob', '/* */ pto.tfrob').replace('/* */', '"é€𝄞"')
    r = Run('b.pto', '--diagnostics=json', files={'b.pto': bad})
    s = Run('b.pto', '--diagnostics=sarif', files={'b.pto': bad})
    j, (k,) = rows(r)[0], sarif(s)[0]
    region = k['locations'][0]['physicalLocation']['region']
    line = bad.split('\n')[j['line'] - 1].encode()
    eq(region['endColumn'], len(line[:j['endColumn'] - 1].decode()) + 1)
    assert region['endColumn'] < j['endColumn'], (region, j)


@test
def sarif_is_json_whatever_the_input():
    results, = sarif(fails(Run('o.pto', '--diagnostics=sarif', files={'o.pto': ODD.encode('utf-8', 'surrogateescape')})))
    eq(len(results), 1)


# ---- colours ----

@test
def colours_change_nothing_but_colours():
    files = {'r.pto': with_locs(RACE)}
    plain, painted = (Run('r.pto', '--color=' + w, files=files).err for w in ('never', 'always'))
    assert '\x1b' not in plain
    eq(re.sub(r'\x1b\[[\d;]*m', '', painted), plain)
    has(painted, '\x1b[1;35mwarning:\x1b[0m ')
    has(painted, '\x1b[1;32m^~~~~~~~\x1b[0m\n')


if __name__ == '__main__':
    sys.exit(main())
