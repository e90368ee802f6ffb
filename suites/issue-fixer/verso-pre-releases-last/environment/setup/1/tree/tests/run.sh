#!/bin/sh
# The tests of verso; ends with 1 when one fails.
cd "${0%/*}/.." || exit 2
W=$(mktemp -d)
trap 'rm -rf "$W"' EXIT
status=0
is() {
  if [ "$2" = "$3" ]; then echo "ok: $1"; else echo "not ok: $1: got '$2', expected '$3'"; status=1; fi
}
is 'numbers' "$(printf '2.0.0\n1.2.0\n1.1.9\n' | bin/verso)" "$(printf '1.1.9\n1.2.0\n2.0.0')"
is 'equal ones' "$(printf '1.0.0+b\n1.0.0+a\n' | bin/verso)" "$(printf '1.0.0+b\n1.0.0+a')"
bin/verso 1.0.0 2> /dev/null < /dev/null
is 'no arguments' "$?" '2'
exit $status
