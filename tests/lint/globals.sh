#!/bin/sh
# globals.sh LIBRARY: the library has no writable data: every .data, .bss, .tdata, .tbss section is empty.
# Tables of pointers live in .data.rel.ro, which is read-only after loading.
set -eu
command -v size > /dev/null || { echo "no size(1)"; exit 77; }
size -A "$1" | awk '
	/:$/ || /\(ex / { file = $1 }
	$1 ~ /^\.(data|bss|tdata|tbss)(\.|$)/ && $1 !~ /^\.data\.rel\.ro/ && $2 > 0 {
		print file, $1, $2, "bytes of writable data"
		bad = 1
	}
	{ n++ }
	END { if (!n) { print "no sections found"; bad = 1 } exit bad }'
