#!/bin/bash
# What does it look like?
head -n 12 /app/words.tsv
cat /app/table.tsv

# Replace bytes, the longest garbled forms first; keep the old file to count.
cp /app/words.tsv /tmp/before.tsv
cat > /tmp/mend.awk <<'AWK'
BEGIN { FS = "\t" }
NR == FNR { bad[++n] = $1; good[n] = $2; if (length($1) > longest) longest = length($1); next }
{
  out = ""; rest = $0
  while (rest != "") {
    hit = 0
    for (l = longest; l > 0 && !hit; l--) for (i = 1; i <= n; i++) if (length(bad[i]) == l && substr(rest, 1, l) == bad[i]) { out = out good[i]; rest = substr(rest, l + 1); hit = 1; break }
    if (!hit) { out = out substr(rest, 1, 1); rest = substr(rest, 2) }
  }
  print out
}
AWK
LC_ALL=C awk -f /tmp/mend.awk /app/table.tsv /tmp/before.tsv > /tmp/after.tsv

# Deliver both.
cat /tmp/after.tsv > /app/words.tsv
paste -d '\n' /tmp/before.tsv /tmp/after.tsv | awk 'NR % 2 { a = $0; next } a != $0 { n++ } END { print n + 0 }' > /app/garbled.txt
cat /app/garbled.txt
