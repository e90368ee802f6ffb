#!/bin/sh
# The tests of logturn; ends with 1 when one fails.
cd "${0%/*}/.." || exit 2
W=$(mktemp -d)
trap 'rm -rf "$W"' EXIT
status=0
is() {
  if [ "$2" = "$3" ]; then echo "ok: $1"; else echo "not ok: $1: got '$2', expected '$3'"; status=1; fi
}
echo one > "$W/a.log"; bin/logturn 3 "$W/a.log"
is 'turned over' "$(cat "$W/a.log.1")" 'one'
is 'an empty file in its place' "$(wc -c < "$W/a.log" | tr -d ' ')" '0'
bin/logturn 3 "$W/a.log"
is 'empty files stay' "$(cat "$W/a.log.1")" 'one'
is 'the list' "$(bin/logs "$W/a.log")" "$(printf '%s\n' "$W/a.log" "$W/a.log.1")"
exit $status
