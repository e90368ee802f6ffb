#!/bin/sh
# The tests of sweep; ends with 1 when one fails.
cd "${0%/*}/.." || exit 2
W=$(mktemp -d)
trap 'rm -rf "$W"' EXIT
status=0
is() {
  if [ "$2" = "$3" ]; then echo "ok: $1"; else echo "not ok: $1: got '$2', expected '$3'"; status=1; fi
}
mkdir "$W/d"; echo a > "$W/d/Plan.PDF"; echo b > "$W/d/a.tar.gz"; echo c > "$W/d/README"
bin/sweep "$W/d"
is 'endings' "$(cat "$W/d/pdf/Plan.PDF" "$W/d/gz/a.tar.gz")" "$(printf 'a\nb')"
is 'no ending' "$(cat "$W/d/other/README")" 'c'
exit $status
