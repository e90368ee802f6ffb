#!/bin/sh
# The tests of wrapit; ends with 1 when one fails.
cd "${0%/*}/.." || exit 2
W=$(mktemp -d)
trap 'rm -rf "$W"' EXIT
status=0
is() {
  if [ "$2" = "$3" ]; then echo "ok: $1"; else echo "not ok: $1: got '$2', expected '$3'"; status=1; fi
}
is 'a paragraph' "$(printf 'one two three four\nfive\n' | bin/wrapit 12)" "$(printf 'one two\nthree four\nfive')"
is 'two paragraphs' "$(printf 'a b\n\nc d\n' | bin/wrapit 20)" "$(printf 'a b\n\nc d')"
is 'short items' "$(printf -- '- a\n- b\n' | bin/wrapit 20)" "$(printf -- '- a\n- b')"
bin/wrapit wide < /dev/null 2> /dev/null
is 'no width' "$?" '2'
exit $status
