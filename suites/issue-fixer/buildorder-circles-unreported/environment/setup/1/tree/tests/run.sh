#!/bin/sh
# The tests of buildorder; ends with 1 when one fails.
cd "${0%/*}/.." || exit 2
W=$(mktemp -d)
trap 'rm -rf "$W"' EXIT
status=0
is() {
  if [ "$2" = "$3" ]; then echo "ok: $1"; else echo "not ok: $1: got '$2', expected '$3'"; status=1; fi
}
printf 'app: lib util\nlib: util\nutil:\n' > "$W/a"
is 'an order' "$(bin/buildorder "$W/a")" "$(printf 'util\nlib\napp')"
printf 'b:\na:\nc: a\n' > "$W/b"
is 'the alphabet decides' "$(bin/buildorder "$W/b")" "$(printf 'a\nb\nc')"
exit $status
