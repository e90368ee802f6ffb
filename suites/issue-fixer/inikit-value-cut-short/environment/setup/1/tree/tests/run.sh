#!/bin/sh
# The tests of inikit; ends with 1 when one fails.
cd "${0%/*}/.." || exit 2
W=$(mktemp -d)
trap 'rm -rf "$W"' EXIT
status=0
is() {
  if [ "$2" = "$3" ]; then echo "ok: $1"; else echo "not ok: $1: got '$2', expected '$3'"; status=1; fi
}
printf '[Net]\nhost = one\nport=8080 ; the default\n[disk]\nhost = two\n' > "$W/a.ini"
is 'a plain value' "$(bin/iniget "$W/a.ini" net HOST)" 'one'
is 'a comment after a value' "$(bin/iniget "$W/a.ini" net port)" '8080'
is 'another section' "$(bin/iniget "$W/a.ini" disk host)" 'two'
bin/iniget "$W/a.ini" disk port > /dev/null
is 'no such key' "$?" '1'
exit $status
