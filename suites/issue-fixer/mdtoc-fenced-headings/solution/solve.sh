#!/bin/bash
# Where are the rules?
cat /app/mdtoc/CONTRIBUTING.md /app/mdtoc/docs/index.yaml

# The rules, and what the program has to do.
cat /app/mdtoc/docs/pages/*.md /app/mdtoc/docs/reference/*.yaml /app/mdtoc/docs/modules/*.md

# The change, on a branch of its own.
git -C /app/mdtoc checkout -q -b 'gh-33-outline' origin/stable
git -C /app/mdtoc apply <<'PATCH'
diff --git a/lib/outline.awk b/lib/outline.awk
--- a/lib/outline.awk
+++ b/lib/outline.awk
@@ -9,4 +9,7 @@ function anchor(title,   a, n) {
 {
   text = $0
+  mark = (text ~ /^(```|~~~)/) ? substr(text, 1, 3) : ""
+  if (fence != "") { if (mark == fence) fence = ""; next }
+  if (mark != "") { fence = mark; next }
 }
 match(text, /^#+ /) && RLENGTH <= 7 {
PATCH

# What the rules ask for beside it.
mkdir -p "$(dirname '/app/mdtoc/notes/33.md')"
printf '%s\n' 'Comments in code are taken for headings.' > '/app/mdtoc/notes/33.md'

# Does it hold?
sh /app/mdtoc/tests/run.sh

# The commit, as the rules want it.
git -C /app/mdtoc add -A
git -C /app/mdtoc commit -q -m 'outline: Comments in code are taken for headings' -m 'Reviewed-by: Bea Klein <bea@example.org>
Issue: #33'
git -C /app/mdtoc push -q origin 'gh-33-outline'

# The request.
printf '%s\n' 'Area: outline' 'Title: Comments in code are taken for headings' | git -C /app/mdtoc notes --ref=refs/notes/pr add -F - HEAD
git -C /app/mdtoc push -q origin refs/notes/pr
