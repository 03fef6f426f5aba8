# offers.zsh FOLDER OUT LINE...: writes into OUT what zsh offers, with the functions of FOLDER, for TAB behind each line.
# A second zsh runs on a pseudo-terminal; compadd, through which every offer goes, writes down what it is given.
zmodload zsh/zpty
dir=$1 out=$2
shift 2
zpty shell zsh -f -i
say() { zpty -w shell "$1"; while zpty -r -t shell text; do :; done }
say "fpath=(${(q)dir} \$fpath); autoload -Uz compinit; compinit -u -D; unsetopt beep"
say 'compadd() { if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi; typeset -a hits; builtin compadd -A hits "$@"; print -rl -- $hits >> '${(q)out}'; builtin compadd "$@" }'
say 'leave() { BUFFER=; zle accept-line }; zle -N leave; bindkey "^T" leave'
for line in "$@"; do
	say "print -r -- '== $line' >> ${(q)out}"
	zpty -n -w shell "$line"$'\t\C-t'
	while zpty -r -t shell text; do :; done
done
say "print -r -- '== end' >> ${(q)out}"
for ((i = 0; i < 300; i++)); do
	grep -q '^== end' $out 2> /dev/null && break
	while zpty -r -t shell text; do :; done
	sleep 0.1
done
zpty -d shell
