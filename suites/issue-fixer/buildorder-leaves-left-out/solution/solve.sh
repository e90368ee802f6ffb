#!/bin/bash
# The rules, and what the program has to do.
cat /app/buildorder/CONTRIBUTING.md /app/buildorder/docs/buildorder.md

# The change, on a branch of its own.
git -C /app/buildorder checkout -q -b 'dev/0003-graph' origin/main
git -C /app/buildorder apply <<'PATCH'
diff --git a/lib/graph.awk b/lib/graph.awk
--- a/lib/graph.awk
+++ b/lib/graph.awk
@@ -13,5 +13,5 @@ function ready(name,   i, part, n) {
   $0 = substr($0, index($0, ":") + 1)
   know(target)
-  for (i = 1; i <= NF; i++) { if (i == 1) needs[target] = ""; needs[target] = needs[target] " " $i }
+  for (i = 1; i <= NF; i++) { know($i); needs[target] = needs[target] " " $i }
 }
 END {
PATCH

# Does it hold?
sh /app/buildorder/tests/run.sh

# The commit, as the rules want it.
git -C /app/buildorder add -A
git -C /app/buildorder commit -q -m 'graph: Needed names without a line of their own are missing' -m 'Closes: #3
Reviewed-by: Dora Finn <dora@example.org>'
git -C /app/buildorder push -q origin 'dev/0003-graph'

# The request.
git -C /app/buildorder worktree add -q --track -b requests /tmp/requests origin/requests
mkdir -p "$(dirname '/tmp/requests/0003')"
printf '%s\n' 'Branch: dev/0003-graph' 'Area: graph' 'Reviewer: Dora Finn <dora@example.org>' > '/tmp/requests/0003'
git -C /tmp/requests add -A
git -C /tmp/requests commit -q -m 'Request for #3'
git -C /tmp/requests push -q origin requests
