#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
printf '%s\n' 'wind 3' 'boat 2' 'man 1' 'oar 1' 'sea 1' > /tmp/want.$$
same_lines /app/letters.tally /tmp/want.$$
if [ ! -x /app/bin/tally ]; then fail "/app/bin/tally is not an executable"; verdict; fi
mkdir -p "/tmp/tally.$$/far away" && cd "/tmp/tally.$$" || exit
echo 'Of salt, a Rope and SALT' > 'far away/my note.txt'
echo 'the rope' > plain
clean="env -i PATH=/usr/bin:/bin"
if [ "$($clean timeout 3 /app/bin/tally 'far away/my note.txt' plain 2>/dev/null)" = $'rope 2\nsalt 2' ]; then ok "relative names, from another folder, work"; else fail "from another folder with relative names the launcher printed: $($clean timeout 3 /app/bin/tally 'far away/my note.txt' plain 2>&1 | head -c 300)"; fi
if [ "$(cd / && $clean timeout 3 /app/bin/tally "/tmp/tally.$$/far away/my note.txt" 2>/dev/null)" = $'salt 2\nrope 1' ]; then ok "an absolute name works"; else fail "with an absolute name the tally is wrong"; fi
printf 'oar\n' > rules.txt
if [ "$($clean timeout 3 /app/bin/tally plain 2>/dev/null)" = 'rope 1' ]; then ok "the tool's own rules are used"; else fail "the rules in the caller's folder were used"; fi
$clean timeout 3 /app/bin/tally no-such-file >/dev/null 2>&1
if (($? == 4)); then ok "a failure is handed on"; else fail "the launcher hides the tool's exit code"; fi

verdict
