#!/bin/bash
# Where are the rules?
cat /app/logturn/CONTRIBUTING.md /app/logturn/docs/index.yaml

# The rules, and what the program has to do.
cat /app/logturn/docs/pages/*.md /app/logturn/docs/reference/*.yaml /app/logturn/docs/modules/*.md

# The change, on a branch of its own.
git -C /app/logturn checkout -q -b 'turn/52/fix' origin/main
git -C /app/logturn apply <<'PATCH'
diff --git a/bin/logturn b/bin/logturn
--- a/bin/logturn
+++ b/bin/logturn
@@ -4,13 +4,13 @@ if [ $# -lt 2 ]; then echo "usage: logturn KEEP FILE..." >&2; exit 2; fi
 keep=$1
 shift
-for file in $*; do
-  [ -s $file ] || continue
+for file in "$@"; do
+  [ -s "$file" ] || continue
   n=$keep
-  rm -f $file.$n
+  rm -f -- "$file.$n"
   while [ "$n" -gt 1 ]; do
-    if [ -e $file.$((n - 1)) ]; then mv $file.$((n - 1)) $file.$n; fi
+    if [ -e "$file.$((n - 1))" ]; then mv -- "$file.$((n - 1))" "$file.$n"; fi
     n=$((n - 1))
   done
-  mv $file $file.1
-  : > $file
+  mv -- "$file" "$file.1"
+  : > "$file"
 done
PATCH

# What the rules ask for beside it.
mkdir -p "$(dirname '/app/logturn/doc-changes/0052.txt')"
printf '%s\n' 'Log files with blanks in their names.' > '/app/logturn/doc-changes/0052.txt'

# Does it hold?
sh /app/logturn/tests/run.sh

# The commit, as the rules want it.
git -C /app/logturn add -A
git -C /app/logturn commit -q -m 'turn: Log files with blanks in their names' -m 'Fixes: 52
Reviewed-by: Ulla Berg <ulla@example.org>'
git -C /app/logturn push -q origin 'turn/52/fix'

# The request.
git -C /app/logturn push -q origin 'HEAD:refs/for/review/52'
