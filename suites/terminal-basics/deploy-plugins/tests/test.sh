#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
for f in index.txt:8 prices.txt:13; do
  if [ -f "/app/public/${f%:*}" ]; then ok "/app/public has ${f%:*}"; else fail "/app/public/${f%:*} is missing"; fi
done
printf '8 index.txt\n13 prices.txt\n' > /tmp/stamp.$$
printf 'STAMP\nindex.txt\nprices.txt\n' > /tmp/list.$$
same_lines /app/public/STAMP /tmp/stamp.$$
same_lines /app/public/LIST /tmp/list.$$
mkdir -p /tmp/s.$$/empty && echo hello > /tmp/s.$$/index.txt && echo x > /tmp/s.$$/note.txt
out=$(PATH=/app/bin:$PATH timeout 5 /app/bin/deploy /tmp/s.$$ /tmp/t.$$ 2>&1)
if [[ $out == *'deploy: done' && $out != *'left out'* ]] && [ "$(cat /tmp/t.$$/STAMP /tmp/t.$$/LIST 2>&1)" = $'6 index.txt\n2 note.txt\nSTAMP\nindex.txt\nnote.txt' ]; then ok "another folder is deployed with all the steps"; else fail "deploying another folder: ${out:0:300}"; fi
if PATH=/app/bin:$PATH timeout 5 /app/bin/deploy /tmp/s.$$/empty /tmp/u.$$ >/dev/null 2>&1; then fail "a folder without index.txt is deployed: the check does not work"; else ok "the check refuses a folder without an index"; fi

verdict
