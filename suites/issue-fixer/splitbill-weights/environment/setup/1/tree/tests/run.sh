#!/bin/sh
# The tests of splitbill; ends with 1 when one fails.
cd "${0%/*}/.." || exit 2
W=$(mktemp -d)
trap 'rm -rf "$W"' EXIT
status=0
is() {
  if [ "$2" = "$3" ]; then echo "ok: $1"; else echo "not ok: $1: got '$2', expected '$3'"; status=1; fi
}
is 'even shares' "$(bin/splitbill 9.00 ada bo)" "$(printf 'ada 4.50\nbo 4.50')"
is 'one decimal' "$(bin/splitbill 8.4 ada bo)" "$(printf 'ada 4.20\nbo 4.20')"
bin/splitbill 1.234 ada > /dev/null 2>&1
is 'three decimals' "$?" '2'
exit $status
