#!/bin/bash
# The rules, and what the program has to do.
cat /app/wrapit/CONTRIBUTING.md /app/wrapit/docs/wrapit.md

# The change, on a branch of its own.
git -C /app/wrapit checkout -q -b 'patch/layout/66' origin/main
git -C /app/wrapit apply <<'PATCH'
diff --git a/lib/layout.awk b/lib/layout.awk
--- a/lib/layout.awk
+++ b/lib/layout.awk
@@ -1,6 +1,6 @@
 function flush_line() { if (line != "") print line; line = "" }
 function put(word) {
-  if (line == "" && length(word) <= width) line = indent word
-  else if (length(line) + 1 + length(word) < width) line = line " " word
+  if (line == "") line = indent word
+  else if (length(line) + 1 + length(word) <= width) line = line " " word
   else { print line; line = hang word }
 }
PATCH

# What the rules ask for beside it.
sed -i -e '/^## Unreleased$/{n' -e 'a - Lines are never quite full (#66)' -e '}' /app/wrapit/CHANGES

# Does it hold?
sh /app/wrapit/tests/run.sh

# The commit, as the rules want it.
git -C /app/wrapit add -A
git -C /app/wrapit commit -q -m 'layout: Lines are never quite full' -m 'Issue: 66'
git -C /app/wrapit push -q origin 'patch/layout/66'

# The request.
printf '%s\n' 'Issue: 66' 'Reviewer: Zeno Vidal <zeno@example.org>' | git -C /app/wrapit tag -a -F - 'offer-66'
git -C /app/wrapit push -q origin 'refs/tags/offer-66'
