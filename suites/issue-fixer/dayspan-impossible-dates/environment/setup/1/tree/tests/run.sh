#!/bin/sh
# The tests of dayspan; ends with 1 when one fails.
cd "${0%/*}/.." || exit 2
W=$(mktemp -d)
trap 'rm -rf "$W"' EXIT
status=0
is() {
  if [ "$2" = "$3" ]; then echo "ok: $1"; else echo "not ok: $1: got '$2', expected '$3'"; status=1; fi
}
is 'a week' "$(bin/dayspan 2025-03-01 2025-03-08)" '7'
is 'over a leap day' "$(bin/dayspan 2024-02-28 2024-03-01)" '2'
is 'backwards' "$(bin/dayspan 2025-03-08 2025-03-01)" '-7'
is 'over new year' "$(bin/dayspan 2024-12-31 2025-01-01)" '1'
bin/dayspan tomorrow 2025-01-01 > /dev/null 2>&1
is 'no date' "$?" '2'
exit $status
