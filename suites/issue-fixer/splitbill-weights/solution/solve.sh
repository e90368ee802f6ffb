#!/bin/bash
# Where are the rules?
cat /app/splitbill/CONTRIBUTING.md /app/splitbill/docs/index.yaml

# The rules, and what the program has to do.
cat /app/splitbill/docs/pages/*.md /app/splitbill/docs/reference/*.yaml /app/splitbill/docs/modules/*.md

# The change, on a branch of its own.
git -C /app/splitbill checkout -q -b 'shares.26' origin/stable
git -C /app/splitbill apply <<'PATCH'
diff --git a/lib/shares.awk b/lib/shares.awk
--- a/lib/shares.awk
+++ b/lib/shares.awk
@@ -6,10 +6,13 @@ function cents(text,   part) {
 NR == 1 { amount = cents($0); next }
 {
+  at = index($0, "=")
   people++
-  name[people] = $0
+  name[people] = at ? substr($0, 1, at - 1) : $0
+  weight[people] = at ? substr($0, at + 1) + 0 : 1
+  all += weight[people]
 }
 END {
-  for (i = 1; i <= people; i++) { share[i] = int(amount / people); given += share[i] }
-  for (i = 1; given < amount; i = i % people + 1) { share[i]++; given++ }
+  for (i = 1; i <= people; i++) { share[i] = int(amount * weight[i] / all); given += share[i] }
+  for (i = 1; given < amount; i = i % people + 1) if (weight[i]) { share[i]++; given++ }
   for (i = 1; i <= people; i++) printf "%s %d.%02d\n", name[i], int(share[i] / 100), share[i] % 100
 }
PATCH

# What the rules ask for beside it.
mkdir -p "$(dirname '/app/splitbill/fragments/shares-26.txt')"
printf '%s\n' 'Weights are not supported.' > '/app/splitbill/fragments/shares-26.txt'

# Does it hold?
sh /app/splitbill/tests/run.sh

# The commit, as the rules want it.
git -C /app/splitbill add -A
git -C /app/splitbill commit -q -m 'shares: Weights are not supported' -m 'Issue: #26
Owner: Pablo Ruiz <pablo@example.org>'
git -C /app/splitbill push -q origin 'shares.26'

# The request.
printf '%s\n' 'Issue: 26' 'Reviewer: Pablo Ruiz <pablo@example.org>' | git -C /app/splitbill notes --ref=refs/notes/requests add -F - HEAD
git -C /app/splitbill push -q origin refs/notes/requests
