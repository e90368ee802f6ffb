#!/bin/bash
# Where are the rules?
cat /app/csvcut/CONTRIBUTING.md /app/csvcut/docs/index.yaml

# The rules, and what the program has to do.
cat /app/csvcut/docs/pages/*.md /app/csvcut/docs/reference/*.yaml /app/csvcut/docs/modules/*.md

# The change, on a branch of its own.
git -C /app/csvcut checkout -q -b 'bug-0108' origin/stable
git -C /app/csvcut apply <<'PATCH'
diff --git a/lib/csv.awk b/lib/csv.awk
--- a/lib/csv.awk
+++ b/lib/csv.awk
@@ -4,5 +4,6 @@ function split_record(text,   i, c, n, inside, word) {
   for (i = 1; i <= length(text); i++) {
     c = substr(text, i, 1)
-    if (c == "\"") inside = !inside
+    if (inside && c == "\"" && substr(text, i + 1, 1) == "\"") { word = word c; i++ }
+    else if (c == "\"") inside = !inside
     else if (c == "," && !inside) { cell[++n] = word; word = "" }
     else word = word c
PATCH

# What the rules ask for beside it.
mkdir -p "$(dirname '/app/csvcut/changes/108.txt')"
printf '%s\n' 'Doubled quotes vanish.' > '/app/csvcut/changes/108.txt'

# Does it hold?
sh /app/csvcut/tests/run.sh

# The commit, as the rules want it.
git -C /app/csvcut add -A
git -C /app/csvcut commit -q -m 'reader: Doubled quotes vanish' -m 'Fixes: #108'
git -C /app/csvcut push -q origin 'bug-0108'

# The request.
git -C /app/csvcut push -q origin 'HEAD:refs/pulls/108/head'
