#!/bin/bash
# The rules, and what the program has to do.
cat /app/logturn/CONTRIBUTING.md /app/logturn/docs/logturn.md

# The change, on a branch of its own.
git -C /app/logturn checkout -q -b 'fix-0040' origin/main
git -C /app/logturn apply <<'PATCH'
diff --git a/bin/logturn b/bin/logturn
--- a/bin/logturn
+++ b/bin/logturn
@@ -6,8 +6,9 @@ shift
 for file in "$@"; do
   [ -s "$file" ] || continue
-  n=1
-  while [ "$n" -lt "$keep" ]; do
-    if [ -e "$file.$n" ]; then cp "$file.$n" "$file.$((n + 1))"; fi
-    n=$((n + 1))
+  n=$keep
+  rm -f -- "$file.$n"
+  while [ "$n" -gt 1 ]; do
+    if [ -e "$file.$((n - 1))" ]; then mv -- "$file.$((n - 1))" "$file.$n"; fi
+    n=$((n - 1))
   done
   mv -- "$file" "$file.1"
PATCH

# Does it hold?
sh /app/logturn/tests/run.sh

# The commit, as the rules want it.
git -C /app/logturn add -A
git -C /app/logturn commit -q -m 'turn: All older files end up the same' -m 'Issue: #40
Reviewed-by: Ulla Berg <ulla@example.org>'
git -C /app/logturn push -q origin 'fix-0040'

# The request.
git -C /app/logturn worktree add -q --track -b requests /tmp/requests origin/requests
mkdir -p "$(dirname '/tmp/requests/turn/40')"
printf '%s\n' 'Branch: fix-0040' 'Title: All older files end up the same' > '/tmp/requests/turn/40'
git -C /tmp/requests add -A
git -C /tmp/requests commit -q -m 'Request for #40'
git -C /tmp/requests push -q origin requests
