#!/bin/sh
# The tests of mdtoc; ends with 1 when one fails.
cd "${0%/*}/.." || exit 2
W=$(mktemp -d)
trap 'rm -rf "$W"' EXIT
status=0
is() {
  if [ "$2" = "$3" ]; then echo "ok: $1"; else echo "not ok: $1: got '$2', expected '$3'"; status=1; fi
}
printf '# Page\n## First steps\n### Set-up, quick\n## Next ##\n' > "$W/a.md"
is 'levels' "$(bin/mdtoc "$W/a.md")" '- [First steps](#first-steps)
  - [Set-up, quick](#set-up-quick)
- [Next](#next)'
bin/mdtoc 2> /dev/null
is 'no file' "$?" '2'
exit $status
