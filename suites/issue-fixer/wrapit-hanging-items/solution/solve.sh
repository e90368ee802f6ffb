#!/bin/bash
# Where are the rules?
cat /app/wrapit/CONTRIBUTING.md /app/wrapit/docs/index.yaml

# The rules, and what the program has to do.
cat /app/wrapit/docs/pages/*.md /app/wrapit/docs/reference/*.yaml /app/wrapit/docs/modules/*.md

# The change, on a branch of its own.
git -C /app/wrapit checkout -q -b 'layout/75' origin/main
git -C /app/wrapit apply <<'PATCH'
diff --git a/lib/layout.awk b/lib/layout.awk
--- a/lib/layout.awk
+++ b/lib/layout.awk
@@ -7,6 +7,10 @@ function put(word) {
 /^[ \t]*$/ { flush_line(); print ""; indent = hang = ""; next }
 /^[-*] / {
-  if (NR == 1 || last == "item") flush_line()
-  last = "item"
+  flush_line()
+  indent = substr($0, 1, 2)
+  hang = "  "
+  $0 = substr($0, 3)
+  for (i = 1; i <= NF; i++) { put($i); if (i == 1) indent = hang }
+  next
 }
 { for (i = 1; i <= NF; i++) put($i) }
PATCH

# What the rules ask for beside it.
sed -i -e '/^## Unreleased$/{n' -e 'a - layout: Items of a list are not indented' -e '}' /app/wrapit/CHANGES
mkdir -p "$(dirname '/app/wrapit/docs/requests/75.md')"
printf '%s\n' 'Reviewer: Zeno Vidal <zeno@example.org>' 'Title: Items of a list are not indented' > '/app/wrapit/docs/requests/75.md'

# Does it hold?
sh /app/wrapit/tests/run.sh

# The commit, as the rules want it.
git -C /app/wrapit add -A
git -C /app/wrapit commit -q -m 'layout: Items of a list are not indented' -m 'Resolves: #75
Area: layout'
git -C /app/wrapit push -q origin 'layout/75'
