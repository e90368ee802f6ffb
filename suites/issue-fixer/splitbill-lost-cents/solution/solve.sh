#!/bin/bash
# The rules, and what the program has to do.
cat /app/splitbill/CONTRIBUTING.md /app/splitbill/docs/splitbill.md

# The change, on a branch of its own.
git -C /app/splitbill checkout -q -b 'work/23-shares' origin/main
git -C /app/splitbill apply <<'PATCH'
diff --git a/lib/shares.awk b/lib/shares.awk
--- a/lib/shares.awk
+++ b/lib/shares.awk
@@ -14,4 +14,5 @@ NR == 1 { amount = cents($0); next }
 END {
   for (i = 1; i <= people; i++) { share[i] = int(amount * weight[i] / all); given += share[i] }
+  for (i = 1; given < amount; i = i % people + 1) if (weight[i]) { share[i]++; given++ }
   for (i = 1; i <= people; i++) printf "%s %d.%02d\n", name[i], int(share[i] / 100), share[i] % 100
 }
PATCH

# What the rules ask for beside it.
sed -i -e '/^## Unreleased$/{n' -e 'a - shares: Cents are lost' -e '}' /app/splitbill/HISTORY

# Does it hold?
sh /app/splitbill/tests/run.sh

# The commit, as the rules want it.
git -C /app/splitbill add -A
git -C /app/splitbill commit -q -m '#23: Cents are lost' -m 'Reviewed-by: Pablo Ruiz <pablo@example.org>
Area: shares'
git -C /app/splitbill push -q origin 'work/23-shares'

# The request.
git -C /app/splitbill push -q origin 'HEAD:refs/requests/23'
