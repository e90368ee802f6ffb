#!/bin/bash
# Where are the rules?
cat /app/inikit/CONTRIBUTING.md /app/inikit/docs/index.yaml

# The rules, and what the program has to do.
cat /app/inikit/docs/pages/*.md /app/inikit/docs/reference/*.yaml /app/inikit/docs/modules/*.md

# The change, on a branch of its own.
git -C /app/inikit checkout -q -b 'parser/issue-44' origin/main
git -C /app/inikit apply <<'PATCH'
diff --git a/lib/ini.awk b/lib/ini.awk
--- a/lib/ini.awk
+++ b/lib/ini.awk
@@ -14,6 +14,6 @@ here {
   if (at == 0 || tolower(trim(substr($0, 1, at - 1))) != tolower(key)) next
   value = trim(substr($0, at + 1))
-  sub(/[ \t]+[;#].*$/, "", value)
   if (value ~ /^".*"$/) value = substr(value, 2, length(value) - 2)
+  else sub(/[ \t]+[;#].*$/, "", value)
   found = 1
 }
PATCH

# Does it hold?
sh /app/inikit/tests/run.sh

# The commit, as the rules want it.
git -C /app/inikit add -A
git -C /app/inikit commit -q -m '[#44] A comment sign inside quotes ends the value' -m 'Area: parser
Reviewed-by: Ravi Menon <ravi@example.org>'
git -C /app/inikit push -q origin 'parser/issue-44'

# The request.
printf '%s\n' 'Issue: 44' 'Reviewer: Ravi Menon <ravi@example.org>' | git -C /app/inikit tag -a -F - 'pr/44'
git -C /app/inikit push -q origin 'refs/tags/pr/44'
