#!/bin/bash
# Where are the rules?
cat /app/dayspan/CONTRIBUTING.md /app/dayspan/docs/index.yaml

# The rules, and what the program has to do.
cat /app/dayspan/docs/pages/*.md /app/dayspan/docs/reference/*.yaml /app/dayspan/docs/modules/*.md

# The change, on a branch of its own.
git -C /app/dayspan checkout -q -b '12/calendar' origin/main
git -C /app/dayspan apply <<'PATCH'
diff --git a/lib/calendar.awk b/lib/calendar.awk
--- a/lib/calendar.awk
+++ b/lib/calendar.awk
@@ -1,3 +1,3 @@
-function leap(y) { return y % 4 == 0 }
+function leap(y) { return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0) }
 function month_days(y, m) { return m == 2 ? 28 + leap(y) : 30 + (m + (m > 7)) % 2 }
 # Days since 1 January of the year 1.
@@ -5,5 +5,5 @@ function number(date,   part, y, m, n) {
   split(date, part, "-")
   y = part[1] + 0
-  n = (y - 1) * 365 + int((y - 1) / 4)
+  n = (y - 1) * 365 + int((y - 1) / 4) - int((y - 1) / 100) + int((y - 1) / 400)
   for (m = 1; m < part[2] + 0; m++) n += month_days(y, m)
   return n + part[3] - 1
PATCH

# What the rules ask for beside it.
sed -i -e '/^## Unreleased$/{n' -e 'a - calendar: One day too many over the year 1900' -e '}' /app/dayspan/CHANGES
mkdir -p "$(dirname '/app/dayspan/requests/0012.txt')"
printf '%s\n' 'Issue: 12' 'Reviewer: Jan Kowal <jan@example.org>' 'Summary: One day too many over the year 1900' > '/app/dayspan/requests/0012.txt'

# Does it hold?
sh /app/dayspan/tests/run.sh

# The commit, as the rules want it.
git -C /app/dayspan add -A
git -C /app/dayspan commit -q -m 'fix(calendar): One day too many over the year 1900' -m 'Refs: #12
Acked-by: Jan Kowal <jan@example.org>'
git -C /app/dayspan push -q origin '12/calendar'
