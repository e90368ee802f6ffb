#!/bin/bash
# Where are the rules?
cat /app/buildorder/CONTRIBUTING.md /app/buildorder/docs/index.yaml

# The rules, and what the program has to do.
cat /app/buildorder/docs/pages/*.md /app/buildorder/docs/reference/*.yaml /app/buildorder/docs/modules/*.md

# The change, on a branch of its own.
git -C /app/buildorder checkout -q -b 'graph@6' origin/main
git -C /app/buildorder apply <<'PATCH'
diff --git a/lib/graph.awk b/lib/graph.awk
--- a/lib/graph.awk
+++ b/lib/graph.awk
@@ -25,4 +25,8 @@ END {
     done++
   }
-  exit 0
+  if (done < total) {
+    for (name in known) if (!out[name]) left++
+    print "buildorder: a circle holds up " left " targets" > "/dev/stderr"
+    exit 1
+  }
 }
PATCH

# What the rules ask for beside it.
sed -i -e '/^## Unreleased$/{n' -e 'a - #6 Circles end in silence' -e '}' /app/buildorder/CHANGELOG

# Does it hold?
sh /app/buildorder/tests/run.sh

# The commit, as the rules want it.
git -C /app/buildorder add -A
git -C /app/buildorder commit -q -m 'graph: Circles end in silence' -m 'Issue: 6
Reviewed-by: Dora Finn <dora@example.org>'
git -C /app/buildorder push -q origin 'graph@6'

# The request.
printf '%s\n' 'Title: Circles end in silence' 'Reviewer: Dora Finn <dora@example.org>' | git -C /app/buildorder tag -a -F - 'pull/graph/6'
git -C /app/buildorder push -q origin 'refs/tags/pull/graph/6'
