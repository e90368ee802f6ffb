#!/bin/sh
# The tests of kassa; ends with 1 when one fails.
cd "${0%/*}/.." || exit 2
W=$(mktemp -d)
trap 'rm -rf "$W"' EXIT
status=0
is() {
  if [ "$2" = "$3" ]; then echo "ok: $1"; else echo "not ok: $1: got '$2', expected '$3'"; status=1; fi
}
printf '2025-01-02 rent 1,250.00\n2025-01-03 food 12.5\n2025-01-09 food 7.50\n# done\n' > "$W/a"
is 'sums' "$(bin/kassa "$W/a")" "$(printf 'food 20.00\nrent 1250.00')"
printf '2025-01-02 rent -3.00\n2025-01-03 rent -4\n' > "$W/b"
is 'a negative sum' "$(bin/kassa "$W/b")" 'rent -7.00'
exit $status
