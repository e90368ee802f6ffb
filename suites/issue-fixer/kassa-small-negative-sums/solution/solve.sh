#!/bin/bash
# Where are the rules?
cat /app/kassa/CONTRIBUTING.md /app/kassa/docs/index.yaml

# The rules, and what the program has to do.
cat /app/kassa/docs/pages/*.md /app/kassa/docs/reference/*.yaml /app/kassa/docs/modules/*.md

# The change, on a branch of its own.
git -C /app/kassa checkout -q -b 'pr/sums-71' origin/main
git -C /app/kassa apply <<'PATCH'
diff --git a/lib/sums.awk b/lib/sums.awk
--- a/lib/sums.awk
+++ b/lib/sums.awk
@@ -3,4 +3,5 @@ function cents(text,   sign, part) {
   sign = 1
   if (text ~ /^\(.*\)$/) { sign = -1; text = substr(text, 2, length(text) - 2) }
+  if (sub(/^-/, "", text)) sign = -sign
   gsub(/[,']/, "", text)
   split(text, part, ".")
@@ -8,5 +9,7 @@ function cents(text,   sign, part) {
 }
 function money(c,   sign) {
-  return sprintf("%d.%02d", int(c / 100), c < 0 ? -c % 100 : c % 100)
+  sign = c < 0 ? "-" : ""
+  if (c < 0) c = -c
+  return sprintf("%s%d.%02d", sign, int(c / 100), c % 100)
 }
 /^[ \t]*(#|$)/ { next }
PATCH

# What the rules ask for beside it.
sed -i -e '/^## Unreleased$/{n' -e 'a - Negative amounts below one lose their sign (#71)' -e '}' /app/kassa/NEWS

# Does it hold?
sh /app/kassa/tests/run.sh

# The commit, as the rules want it.
git -C /app/kassa add -A
git -C /app/kassa commit -q -m 'sums: Negative amounts below one lose their sign' -m 'Closes: #71
Reviewed-by: Sven Aho <sven@example.org>'
git -C /app/kassa push -q origin 'pr/sums-71'

# The request.
printf '%s\n' 'Area: sums' 'Reviewer: Sven Aho <sven@example.org>' 'Title: Negative amounts below one lose their sign' | git -C /app/kassa tag -a -F - 'review/0071'
git -C /app/kassa push -q origin 'refs/tags/review/0071'
