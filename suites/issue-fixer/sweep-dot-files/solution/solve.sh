#!/bin/bash
# The rules, and what the program has to do.
cat /app/sweep/CONTRIBUTING.md /app/sweep/docs/sweep.md

# The change, on a branch of its own.
git -C /app/sweep checkout -q -b 'name_8' origin/stable
git -C /app/sweep apply <<'PATCH'
diff --git a/lib/folder.sh b/lib/folder.sh
--- a/lib/folder.sh
+++ b/lib/folder.sh
@@ -1,7 +1,8 @@
 # Prints the folder that a file belongs in.
 folder_of() {
-  name=$1
+  name=${1#.}
   case $name in
-    *.*) printf '%s\n' "${name##*.}" | tr 'A-Z' 'a-z' ;;
+    *.) echo other ;;
+    ?*.*) printf '%s\n' "${name##*.}" | tr 'A-Z' 'a-z' ;;
     *) echo other ;;
   esac
PATCH

# What the rules ask for beside it.
mkdir -p "$(dirname '/app/sweep/pending/8')"
printf '%s\n' 'Dot files land in folders of their own.' > '/app/sweep/pending/8'

# Does it hold?
sh /app/sweep/tests/run.sh

# The commit, as the rules want it.
git -C /app/sweep add -A
git -C /app/sweep commit -q -m 'name: Dot files land in folders of their own' -m 'Issue: 8
Reviewed-by: Xaver Roth <xaver@example.org>'
git -C /app/sweep push -q origin 'name_8'

# The request.
printf '%s\n' 'Issue: 8' 'Title: Dot files land in folders of their own' | git -C /app/sweep notes --ref=refs/notes/review add -F - HEAD
git -C /app/sweep push -q origin refs/notes/review
