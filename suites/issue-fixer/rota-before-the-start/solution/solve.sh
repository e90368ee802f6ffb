#!/bin/bash
# The rules, and what the program has to do.
cat /app/rota/CONTRIBUTING.md /app/rota/docs/rota.md

# The change, on a branch of its own.
git -C /app/rota checkout -q -b 'fixes/5' origin/stable
git -C /app/rota apply <<'PATCH'
diff --git a/lib/rota.awk b/lib/rota.awk
--- a/lib/rota.awk
+++ b/lib/rota.awk
@@ -8,5 +8,5 @@ function number(date,   part, y, m) {
 }
 function floor(x,   n) { n = int(x); return n > x ? n - 1 : n }
-function week(date) { return int((number(date) - first) / 7) }
+function week(date) { return floor((number(date) - first) / 7) }
 $1 == "start" { first = number($2); next }
 $1 == "person" { name[people++] = $2; next }
@@ -14,5 +14,5 @@ $1 == "swap" { swaps++; day[swaps] = $2; other[swaps] = $3; next }
 END {
   w = week(date)
-  on = name[w % people]
+  on = name[((w % people) + people) % people]
   for (i = 1; i <= swaps; i++) if (week(day[i]) == w) on = other[i]
   print on
PATCH

# Does it hold?
sh /app/rota/tests/run.sh

# The commit, as the rules want it.
git -C /app/rota add -A
git -C /app/rota commit -q -m 'weeks: No name for days before the start' -m 'Issue: 5
Reviewer: Nora Quist <nora@example.org>'
git -C /app/rota push -q origin 'fixes/5'

# The request.
git -C /app/rota worktree add -q --track -b requests /tmp/requests origin/requests
mkdir -p "$(dirname '/tmp/requests/open/5.txt')"
printf '%s\n' 'Branch: fixes/5' 'Reviewer: Nora Quist <nora@example.org>' 'Title: No name for days before the start' > '/tmp/requests/open/5.txt'
git -C /tmp/requests add -A
git -C /tmp/requests commit -q -m 'Request for #5'
git -C /tmp/requests push -q origin requests
