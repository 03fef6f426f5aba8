#!/usr/bin/env python3
"""Shell completions from src/driver/options.def and src/diag/diags.def.

usage: completions.py bash|zsh|fish SOURCE_ROOT > FILE

Options of a5 and those that have no effect are left out. Inputs are .pto files, with --check also printed C++.
"""
import re
import sys


def options(root):
    """(name, kind, argument, help) of every option that is worth completing."""
    with open(f'{root}/src/driver/options.def', encoding='utf-8') as f:
        rows = re.findall(r'^OPTION\(\w+, "([\w-]+)", (\w+), (\w+), "([^"]*)", "((?:[^"\\]|\\.)*)"\)', f.read(), re.M)
    return [(n, k, a, h) for n, k, g, a, h in rows
            if g not in ('A5', 'COMPAT') and n not in ('h', 'help-hidden')]


def warnings(root):
    with open(f'{root}/src/diag/diags.def', encoding='utf-8') as f:
        return re.findall(r'^DIAG\(\w+, "([\w-]+)", DIAG_WARNING\)', f.read(), re.M)


def short(text):
    """The first part of a help text, free of what a shell would read."""
    text = re.sub(r"[\[\]:'\"`$\\]", '', re.split(r'[;:]', text)[0])
    return text if len(text) <= 72 else text[:70].rsplit(' ', 1)[0].rstrip(',') + ' ...'


def dashed(name):
    return ('-' if len(name) == 1 or name == 'MD' else '--') + name


def words(kind, arg):
    return arg.split('|') if kind in ('CHOICE', 'CHOICE_ANY', 'MAYBE') else []


def takes_file(arg):
    return arg in ('FILE', 'DIR')


def warning_words(root):
    ids = warnings(root)
    return [f'-W{p}{i}' for i in ids for p in ('', 'no-', 'error=')] + ['-Werror']


BASH = '''# bash completion for ptoc
_ptoc()
{{
	local cur=${{COMP_WORDS[COMP_CWORD]}} option word
	local IFS=$' \\t\\n'
	# --name=value may come as three words
	if [[ $cur == = ]]; then
		option=${{COMP_WORDS[COMP_CWORD-1]}} word=
	elif [[ ${{COMP_WORDS[COMP_CWORD-1]}} == = && COMP_CWORD -gt 1 ]]; then
		option=${{COMP_WORDS[COMP_CWORD-2]}} word=$cur
	elif [[ $cur == --*=* ]]; then
		option=${{cur%%=*}} word=${{cur#*=}}
	else
		option=${{COMP_WORDS[COMP_CWORD-1]}} word=$cur
	fi
	case $option in
{cases}
	esac
	if [[ $cur == -W* ]]; then
		COMPREPLY=($(compgen -W '{warnings}' -- "$cur"))
	elif [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W '{options}' -- "$cur"))
		[[ ${{COMPREPLY[0]}} == *= && ${{#COMPREPLY[@]}} -eq 1 ]] && compopt -o nospace 2> /dev/null
	else
		compopt -o filenames 2> /dev/null
		COMPREPLY=($(compgen -f -X '!*.@(pto|cpp)' -- "$cur") $(compgen -d -- "$cur"))
	fi
}}
shopt -s extglob 2> /dev/null
complete -F _ptoc ptoc
'''


def bash(root):
    cases, names = [], []
    for name, kind, arg, _ in options(root):
        if kind == 'WORD':
            continue
        values, d = words(kind, arg), dashed(name)
        names.append(d + ('=' if arg and len(name) > 1 and kind != 'MAYBE' else ''))
        if values and kind == 'MAYBE':
            # the value never is the next word
            cases.append(f"\t{d})\n\t\tif [[ $cur == = || $cur == *=* || ${{COMP_WORDS[COMP_CWORD-1]}} == = ]]; then\n"
                         f"\t\t\tCOMPREPLY=($(compgen -W '{' '.join(values)}' -- \"$word\"))\n\t\t\treturn\n\t\tfi ;;")
        elif values:
            cases.append(f"\t{d})\n\t\tCOMPREPLY=($(compgen -W '{' '.join(values)}' -- \"$word\"))\n\t\treturn ;;")
        elif arg == 'DIR':
            cases.append(f'\t{d})\n\t\tcompopt -o filenames 2> /dev/null\n'
                         f'\t\tCOMPREPLY=($(compgen -d -- "$word"))\n\t\treturn ;;')
        elif arg == 'FILE':
            cases.append(f'\t{d})\n\t\tcompopt -o filenames 2> /dev/null\n'
                         f'\t\tCOMPREPLY=($(compgen -f -- "$word"))\n\t\treturn ;;')
        elif arg:
            cases.append(f'\t{d})\n\t\treturn ;;')
    return BASH.format(cases='\n'.join(cases), options=' '.join(names), warnings=' '.join(warning_words(root)))


def zsh(root):
    out = ['#compdef ptoc', '_arguments -s \\']
    for name, kind, arg, text in options(root):
        d, values = dashed(name), words(kind, arg)
        if kind == 'WORD':
            out += [f"  '*{w}[{'make it an error' if 'error' in w else 'hide a warning' if 'no-' in w else 'show a warning'}]' \\"
                    for w in warning_words(root)]
            continue
        what = f":{arg}:({' '.join(values)})" if values else \
            f":{arg}:_files" + (' -/' if arg == 'DIR' else '') if takes_file(arg) else f':{arg}: ' if arg else ''
        if kind == 'MAYBE':
            out.append(f"  '{d}[{short(text)}]' \\")
        spec = d + ('=' if arg and len(name) > 1 else '') if kind != 'MAYBE' else d + '=-'
        out.append(f"  '{spec}[{short(text)}]{what.replace(SPACE, SPACE_ZSH)}' \\")
    out.append("  '*:input:_files -g \"*.(pto|cpp)\"'")
    return '\n'.join(out) + '\n'


SPACE, SPACE_ZSH = 'SPACE:BYTES[,...]', 'capacity'


def fish(root):
    out = ['# fish completion for ptoc',
           "complete -c ptoc -f -a '(__fish_complete_path (commandline -ct) | "
           'string match -er "(/|[.]pto|[.]cpp)(\\t|\\$)")\'']
    for name, kind, arg, text in options(root):
        if kind == 'WORD':
            out += [f"complete -c ptoc -o {w[1:]} -d 'warning'" for w in warning_words(root)]
            continue
        flag = f'-o {name}' if name == 'MD' else f'-s {name}' if len(name) == 1 else f'-l {name}'
        values = words(kind, arg)
        what = f" -x -a '{' '.join(values)}'" if values and kind != 'MAYBE' else f" -a '{' '.join(values)}'" if values else \
            " -x -a '(__fish_complete_directories)'" if arg == 'DIR' else ' -r -F' if takes_file(arg) else ' -x' if arg else ''
        out.append(f"complete -c ptoc {flag}{what} -d '{short(text)}'")
    return '\n'.join(out) + '\n'


if __name__ == '__main__':
    sys.stdout.write({'bash': bash, 'zsh': zsh, 'fish': fish}[sys.argv[1]](sys.argv[2]))
