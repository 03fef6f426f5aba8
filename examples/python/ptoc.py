#!/usr/bin/env python3
"""libptoc from Python: compiles .pto text to C++ in this process, without the program and without files.

    import ptoc
    result = ptoc.compile(text, name='kernel.pto')
    result.ok, result.text, result.messages

Run as a program it compiles a file: python3 ptoc.py kernel.pto > kernel.cpp. The library is found by the system's rules;
the environment variable LIBPTOC names another one. The fields below are those of ptoc/ptoc.h, in its order. Calls from
several threads run in parallel: ctypes lets other threads run meanwhile.
"""
import ctypes
import os
import sys
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_char_p, c_int, c_size_t, c_uint, c_void_p
from typing import NamedTuple


class Diagnostic(Structure):
    _fields_ = [('severity', c_int), ('id', c_char_p), ('text', c_char_p), ('file', c_char_p), ('line', c_uint),
                ('column', c_uint), ('end_line', c_uint), ('end_column', c_uint), ('producer_file', c_char_p),
                ('producer_line', c_uint), ('producer_column', c_uint)]


OnDiagnostic = CFUNCTYPE(None, c_void_p, POINTER(Diagnostic))


class Options(Structure):
    _fields_ = [('size', c_uint), ('name', c_char_p), ('level', c_int), ('sync', c_int), ('emit', c_int),
                ('gm_flags_only', c_int), ('gm_dcci', c_int), ('gm_alias', c_int), ('v_prune', c_int), ('m_always', c_int),
                ('load_waw', c_int), ('strict_lines', c_int), ('check', c_int), ('as_ptoas', c_int), ('explain', c_int),
                ('dump', c_char_p), ('color', c_int), ('check_only', c_int), ('max_event_ids', c_int),
                ('arch_given', c_int), ('infer_layout', c_int), ('plan_modern', c_int), ('capacity', c_char_p),
                ('stats', c_int), ('cost_model', c_char_p), ('cost_model_bytes', c_size_t), ('cost_model_name', c_char_p),
                ('timeline', c_int), ('assume_trips', c_int), ('warnings', c_char_p), ('diagnostics', c_int),
                ('on_diagnostic', OnDiagnostic), ('user', c_void_p), ('multi_buffer', c_int),
                ('block_index', c_char_p), ('subblock_index', c_char_p),
                ('improve_addresses', c_int)]


class Result(Structure):
    _fields_ = [('ok', c_int), ('out_of_memory', c_int), ('text', c_char_p), ('text_bytes', c_size_t),
                ('diagnostics', c_char_p), ('explain', c_char_p), ('dump', c_char_p), ('errors', c_uint),
                ('warnings', c_uint), ('memory', c_void_p), ('verdict', c_int), ('stats', c_char_p),
                ('timeline', c_char_p), ('reserved', c_void_p * 8)]


class Message(NamedTuple):
    severity: str       # error, warning, note, hint; notes and hints follow what they belong to
    id: str
    text: str
    line: int           # 0: no position
    column: int
    producer: str       # FILE:LINE:COLUMN of the program that wrote the input, or ''


class Compiled(NamedTuple):
    ok: bool
    text: str           # '' when not ok
    diagnostics: str    # as the program would print them
    verdict: str        # proved, violated, not checked, not provable
    messages: list


SEVERITY = ('error', 'warning', 'note', 'hint')
VERDICT = ('proved', 'violated', 'not checked', 'not provable')


def load():
    lib = ctypes.CDLL(os.environ.get('LIBPTOC', 'libptoc.so.0'))
    lib.ptoc_options_init_size.argtypes = [POINTER(Options), c_size_t]
    lib.ptoc_options_init_size.restype = None
    lib.ptoc_compile.argtypes = [c_char_p, c_size_t, POINTER(Options), POINTER(Result)]
    lib.ptoc_result_free.argtypes = [POINTER(Result)]
    lib.ptoc_result_free.restype = None
    lib.ptoc_version.restype = c_char_p
    return lib


LIB = load()


def version():
    return LIB.ptoc_version().decode()


def compile(text, name='<stdin>', **options):  # pylint: disable=redefined-builtin
    """Compiles .pto text. Options are the fields of struct ptoc_options: sync=0, level=3, warnings=b'no-unwritten', ..."""
    o, r, messages = Options(), Result(), []
    LIB.ptoc_options_init_size(byref(o), ctypes.sizeof(o))
    o.name = name.encode()
    for field, value in options.items():
        setattr(o, field, value)

    def collect(_user, d):
        d = d.contents
        producer = f'{d.producer_file.decode()}:{d.producer_line}:{d.producer_column}' if d.producer_file else ''
        messages.append(Message(SEVERITY[d.severity], d.id.decode(), d.text.decode(errors='replace'), d.line, d.column,
                                producer))

    o.on_diagnostic = OnDiagnostic(collect)
    data = text.encode()
    LIB.ptoc_compile(data, len(data), byref(o), byref(r))
    try:
        if r.out_of_memory:
            raise MemoryError
        return Compiled(bool(r.ok), (r.text or b'').decode(), r.diagnostics.decode(errors='replace'), VERDICT[r.verdict],
                        messages)
    finally:
        LIB.ptoc_result_free(byref(r))


def main():
    with open(sys.argv[1], encoding='utf-8') as f:
        result = compile(f.read(), sys.argv[1])
    sys.stderr.write(result.diagnostics)
    sys.stdout.write(result.text)
    return not result.ok


if __name__ == '__main__':
    sys.exit(main())
