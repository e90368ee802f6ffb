#!/bin/bash
# Where are the rules?
cat /app/verso/CONTRIBUTING.md /app/verso/docs/index.yaml

# The rules, and what the program has to do.
cat /app/verso/docs/pages/*.md /app/verso/docs/reference/*.yaml /app/verso/docs/modules/*.md

# The change, on a branch of its own.
git -C /app/verso checkout -q -b 'bugfix/compare/0017' origin/main
git -C /app/verso apply <<'PATCH'
diff --git a/lib/compare.awk b/lib/compare.awk
--- a/lib/compare.awk
+++ b/lib/compare.awk
@@ -1,4 +1,7 @@
 # Compares two parts: numbers by value and before words, words by letters.
 function part_order(a, b) {
+  if (a ~ /^[0-9]+$/ && b ~ /^[0-9]+$/) return (a + 0 > b + 0) - (a + 0 < b + 0)
+  if (a ~ /^[0-9]+$/) return -1
+  if (b ~ /^[0-9]+$/) return 1
   return (a "" > b "") - (a "" < b "")
 }
PATCH

# Does it hold?
sh /app/verso/tests/run.sh

# The commit, as the rules want it.
git -C /app/verso add -A
git -C /app/verso commit -q -m 'compare: Version 1.10 is sorted before 1.9' -m 'Reviewed-by: Finn Huber <finn@example.org>'
git -C /app/verso push -q origin 'bugfix/compare/0017'

# The request.
git -C /app/verso worktree add -q --track -b requests /tmp/requests origin/requests
mkdir -p "$(dirname '/tmp/requests/todo/17.md')"
printf '%s\n' 'Branch: bugfix/compare/0017' 'Issue: 17' 'Reviewer: Finn Huber <finn@example.org>' > '/tmp/requests/todo/17.md'
git -C /tmp/requests add -A
git -C /tmp/requests commit -q -m 'Request for #17'
git -C /tmp/requests push -q origin requests
