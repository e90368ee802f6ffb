#!/bin/bash
# The rules, and what the program has to do.
cat /app/kassa/CONTRIBUTING.md /app/kassa/docs/kassa.md

# The change, on a branch of its own.
git -C /app/kassa checkout -q -b 'sums/fix-64' origin/main
git -C /app/kassa apply <<'PATCH'
diff --git a/lib/sums.awk b/lib/sums.awk
--- a/lib/sums.awk
+++ b/lib/sums.awk
@@ -2,4 +2,5 @@
 function cents(text,   sign, part) {
   sign = 1
+  if (text ~ /^\(.*\)$/) { sign = -1; text = substr(text, 2, length(text) - 2) }
   if (sub(/^-/, "", text)) sign = -sign
   gsub(/[,']/, "", text)
PATCH

# What the rules ask for beside it.
sed -i -e '/^## Unreleased$/{n' -e 'a - sums: Amounts in parentheses count as nothing' -e '}' /app/kassa/NEWS
mkdir -p "$(dirname '/app/kassa/proposals/sums-64.md')"
printf '%s\n' 'Issue: 64' 'Reviewer: Sven Aho <sven@example.org>' 'Title: Amounts in parentheses count as nothing' > '/app/kassa/proposals/sums-64.md'

# Does it hold?
sh /app/kassa/tests/run.sh

# The commit, as the rules want it.
git -C /app/kassa add -A
git -C /app/kassa commit -q -m 'sums: Amounts in parentheses count as nothing' -m 'Issue: 64'
git -C /app/kassa push -q origin 'sums/fix-64'
