#!/bin/bash
# The rules, and what the program has to do.
cat /app/verso/CONTRIBUTING.md /app/verso/docs/verso.md

# The change, on a branch of its own.
git -C /app/verso checkout -q -b 'for-11-compare' origin/main
git -C /app/verso apply <<'PATCH'
diff --git a/lib/compare.awk b/lib/compare.awk
--- a/lib/compare.awk
+++ b/lib/compare.awk
@@ -10,5 +10,5 @@ function list_order(a, b,   x, y, n, m, i, o) {
   m = split(b, y, ".")
   for (i = 1; i <= n && i <= m; i++) if ((o = part_order(x[i], y[i])) != 0) return o
-  return m - n
+  return n - m
 }
 function order(a, b,   i, j, pre_a, pre_b, o) {
@@ -21,6 +21,6 @@ function order(a, b,   i, j, pre_a, pre_b, o) {
   o = list_order(i ? substr(a, 1, i - 1) : a, j ? substr(b, 1, j - 1) : b)
   if (o != 0) return o
-  if (pre_a == "" || pre_b == "") return (pre_b == "") - (pre_a == "")
-  return -list_order(pre_b, pre_a)
+  if (pre_a == "" || pre_b == "") return (pre_a == "") - (pre_b == "")
+  return list_order(pre_a, pre_b)
 }
 NF {
PATCH

# What the rules ask for beside it.
sed -i -e '/^## Unreleased$/{n' -e 'a - compare: Pre-releases are sorted behind their release' -e '}' /app/verso/CHANGELOG
mkdir -p "$(dirname '/app/verso/merge-requests/11.txt')"
printf '%s\n' 'Title: Pre-releases are sorted behind their release' 'Reviewer: Finn Huber <finn@example.org>' 'Area: compare' > '/app/verso/merge-requests/11.txt'

# Does it hold?
sh /app/verso/tests/run.sh

# The commit, as the rules want it.
git -C /app/verso add -A
git -C /app/verso commit -q -m 'compare: Pre-releases are sorted behind their release' -m 'Issue: #11
Reviewed-by: Finn Huber <finn@example.org>'
git -C /app/verso push -q origin 'for-11-compare'
