#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
printf '%s\n' 1000 500 250 125 62 31 15 7 3 1 99 > /tmp/want.$$
same_lines /app/halving.out /tmp/want.$$
if [ ! -x /app/calc ]; then fail "/app/calc is not an executable"; verdict; fi
try() { # try PROGRAM CODE OUTPUT
  local out code
  out=$(timeout 2 /app/calc "$TESTS/$1" 2>/dev/null); code=$?
  if [ "$out" = "$3" ] && ((code == $2)); then ok "program ${1%.txt} runs as described"; else fail "program ${1%.txt}: exit code $code, output '${out//$'\n'/ }'"; fi
}
try p1.txt 0 $'1\n-3\n100'
try p2.txt 1 error
try p3.txt 3 'too long'
try p4.txt 1 $'4\nerror'
try p5.txt 1 $'2\nerror'
try p6.txt 0 $'3\n2\n1'
try p7.txt 1 $'7\nerror'

verdict
