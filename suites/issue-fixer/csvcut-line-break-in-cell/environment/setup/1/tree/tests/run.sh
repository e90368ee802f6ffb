#!/bin/sh
# The tests of csvcut; ends with 1 when one fails.
cd "${0%/*}/.." || exit 2
W=$(mktemp -d)
trap 'rm -rf "$W"' EXIT
status=0
is() {
  if [ "$2" = "$3" ]; then echo "ok: $1"; else echo "not ok: $1: got '$2', expected '$3'"; status=1; fi
}
printf 'name,town,"zip code"\nAda,"Rome, Italy",100\nBo,Bern\n' > "$W/a.csv"
is 'a plain column' "$(bin/csvcut "$W/a.csv" name)" "$(printf 'Ada\nBo')"
is 'a comma inside quotes' "$(bin/csvcut "$W/a.csv" town)" "$(printf 'Rome, Italy\nBern')"
is 'a quoted header' "$(bin/csvcut "$W/a.csv" 'zip code')" '100'
bin/csvcut "$W/a.csv" street > /dev/null 2>&1
is 'no such column' "$?" '1'
exit $status
