#!/bin/bash
# The rules, and what the program has to do.
cat /app/inikit/CONTRIBUTING.md /app/inikit/docs/iniget.md

# The change, on a branch of its own.
git -C /app/inikit checkout -q -b 'fix/31-parser' origin/main
git -C /app/inikit apply <<'PATCH'
diff --git a/lib/ini.awk b/lib/ini.awk
--- a/lib/ini.awk
+++ b/lib/ini.awk
@@ -13,5 +13,5 @@ here {
   at = index($0, "=")
   if (at == 0 || tolower(trim(substr($0, 1, at - 1))) != tolower(key)) next
-  split($0, part, "="); value = trim(part[2])
+  value = trim(substr($0, at + 1))
   if (value ~ /^".*"$/) value = substr(value, 2, length(value) - 2)
   else sub(/[ \t]+[;#].*$/, "", value)
PATCH

# What the rules ask for beside it.
mkdir -p "$(dirname '/app/inikit/pull-requests/31.md')"
printf '%s\n' 'Title: Values with an equals sign are cut short' 'Issue: #31' 'Reviewer: Ravi Menon <ravi@example.org>' > '/app/inikit/pull-requests/31.md'

# Does it hold?
sh /app/inikit/tests/run.sh

# The commit, as the rules want it.
git -C /app/inikit add -A
git -C /app/inikit commit -q -m 'parser: Values with an equals sign are cut short' -m 'Issue: #31
Reviewed-by: Ravi Menon <ravi@example.org>'
git -C /app/inikit push -q origin 'fix/31-parser'
