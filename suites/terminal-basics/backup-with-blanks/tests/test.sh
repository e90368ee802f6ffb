#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
have=$(tree /app/saved)
if [ "$have" = $'-first.txt\ndeep/er/x.md\nplan.txt\nstar*.md\nsummer trip/day 1.txt\nsummer trip/list of things.md' ]; then ok "/app/saved holds the right files"; else fail "/app/saved holds: ${have//$'\n'/, }"; verdict; fi
t=/tmp/b.$$; mkdir -p "$t/in put/a  b/c.md" "$t/in put/d"; echo one > "$t/in put/a  b/1 .txt"; echo two > "$t/in put/d/-n.md"; echo x > "$t/in put/d/x.mdx"; echo three > "$t/in put/a  b/c.md/?.txt"; ln -s d "$t/in put/l.txt"
cd "$t"
out=$(timeout 5 bash /app/backup.sh 'in put' 'out put/deep' 2>/dev/null); code=$?
if [ "${out##*$'\n'}" = 3 ] && ((code == 0)); then ok "relative folders with blanks: 3 files"; else fail "with relative folders it printed '$out' and ended with $code"; fi
if [ "$(cd 'out put/deep' 2>/dev/null && cat 'a  b/1 .txt' 'a  b/c.md/?.txt' d/-n.md 2>/dev/null)" = $'one\nthree\ntwo' ] && [ "$(tree 'out put' | wc -l)" = 3 ]; then ok "they arrived"; else fail "in a relative target the files are: $(tree 'out put' | tr '\n' ' ')"; fi
out=$(timeout 5 bash /app/backup.sh nowhere made 2>/dev/null); code=$?
if ((code == 1)) && [ -z "$out" ] && [ ! -e made ]; then ok "a missing source is refused"; else fail "a missing source: exit code $code, output '$out'"; fi
mkdir -p "$t/empty"; out=$(timeout 5 bash /app/backup.sh "$t/empty" "$t/none" 2>/dev/null); code=$?
if ((code == 0)) && [ "$out" = 0 ]; then ok "an empty source gives 0"; else fail "an empty source: exit code $code, output '$out'"; fi

verdict
