#!/bin/bash
# The rules, and what the program has to do.
cat /app/mdtoc/CONTRIBUTING.md /app/mdtoc/docs/mdtoc.md

# The change, on a branch of its own.
git -C /app/mdtoc checkout -q -b 'outline-fix-0029' origin/main
git -C /app/mdtoc apply <<'PATCH'
diff --git a/lib/outline.awk b/lib/outline.awk
--- a/lib/outline.awk
+++ b/lib/outline.awk
@@ -4,5 +4,6 @@ function anchor(title,   a, n) {
   gsub(/[^a-z0-9 _-]/, "", a)
   gsub(/ /, "-", a)
-  return a
+  n = seen[a]++
+  return n ? a "-" n : a
 }
 {
PATCH

# What the rules ask for beside it.
mkdir -p "$(dirname '/app/mdtoc/notes/29.md')"
printf '%s\n' 'Headings of one name have one anchor.' > '/app/mdtoc/notes/29.md'

# Does it hold?
sh /app/mdtoc/tests/run.sh

# The commit, as the rules want it.
git -C /app/mdtoc add -A
git -C /app/mdtoc commit -q -m '[outline] Headings of one name have one anchor' -m 'Fixes: #29'
git -C /app/mdtoc push -q origin 'outline-fix-0029'

# The request.
git -C /app/mdtoc push -q origin 'HEAD:refs/pr/29'
