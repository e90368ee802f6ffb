#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
printf '%s\n' /app/texts/a.txt:2 /app/texts/b.txt:0 /app/texts/c.txt:3 > /tmp/want.$$
same_lines /app/port.txt /tmp/want.$$ || verdict
cd /tmp && mkdir -p "fw.$$/my dir" && cd fw.$$ || exit
printf 'a.c here\nabc there\nA.C up\n' > one; printf -- '-n flag\nnothing\n' > 'my dir/two'
try() { # try CODE OUTPUT ARGUMENTS...
  local code=$1 want=$2 got; shift 2
  got=$(timeout 3 bash /app/find-word.sh "$@" 2>/dev/null); local have=$?
  if ((have == code)) && [ "$got" = "$want" ]; then ok "find-word.sh $*"; else fail "find-word.sh $*: exit code $have, output '${got//$'\n'/|}'"; fi
}
try 0 one:1:'a.c here' a.c one
try 0 $'one:1:a.c here\none:3:A.C up' -i a.c one
try 0 $'one:2\nmy dir/two:0' -ic a.c one 'my dir/two'
try 0 $'one:1\nmy dir/two:0' -c -- a.c one 'my dir/two'
try 0 'my dir/two:1:-n flag' -- -n 'my dir/two'
try 1 '' zebra one 'my dir/two'
try 1 $'one:0' -c zebra one
try 2 '' a.c
try 2 '' -x a.c one
try 0 '' -o 'my dir/out' abc one
if [ "$(cat 'my dir/out' 2>/dev/null)" = 'one:2:abc there' ]; then ok "-o writes the file"; else fail "-o does not write the file"; fi
timeout 3 bash /app/find-word.sh a.c one missing >/dev/null 2>&1
if (($? == 2)); then ok "a missing file gives 2"; else fail "a missing file does not give exit code 2"; fi

verdict
