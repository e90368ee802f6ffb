#!/bin/sh
# The tests of rota; ends with 1 when one fails.
cd "${0%/*}/.." || exit 2
W=$(mktemp -d)
trap 'rm -rf "$W"' EXIT
status=0
is() {
  if [ "$2" = "$3" ]; then echo "ok: $1"; else echo "not ok: $1: got '$2', expected '$3'"; status=1; fi
}
printf 'start 2025-01-06\nperson ada\nperson bo\nperson cy\nswap 2025-02-10 cy\n' > "$W/r"
is 'the first day' "$(bin/rota "$W/r" 2025-01-06)" 'ada'
is 'the first Sunday' "$(bin/rota "$W/r" 2025-01-12)" 'ada'
is 'the second week' "$(bin/rota "$W/r" 2025-01-13)" 'bo'
is 'begun anew' "$(bin/rota "$W/r" 2025-01-27)" 'ada'
is 'the day of a swap' "$(bin/rota "$W/r" 2025-02-10)" 'cy'
exit $status
