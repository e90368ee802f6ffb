#!/bin/bash
# The rules, and what the program has to do.
cat /app/dayspan/CONTRIBUTING.md /app/dayspan/docs/dayspan.md

# The change, on a branch of its own.
git -C /app/dayspan checkout -q -b 'calendar-18' origin/main
git -C /app/dayspan apply <<'PATCH'
diff --git a/lib/calendar.awk b/lib/calendar.awk
--- a/lib/calendar.awk
+++ b/lib/calendar.awk
@@ -11,5 +11,7 @@ function number(date,   part, y, m, n) {
 function valid(date,   part) {
   if (date !~ /^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]$/) return 0
-  return 1
+  split(date, part, "-")
+  if (part[2] < 1 || part[2] > 12 || part[3] < 1) return 0
+  return part[3] + 0 <= month_days(part[1] + 0, part[2] + 0)
 }
 function check(date) {
PATCH

# What the rules ask for beside it.
sed -i -e '/^## Unreleased$/{n' -e 'a - #18 Impossible dates are counted' -e '}' /app/dayspan/CHANGES

# Does it hold?
sh /app/dayspan/tests/run.sh

# The commit, as the rules want it.
git -C /app/dayspan add -A
git -C /app/dayspan commit -q -m 'calendar: Impossible dates are counted' -m 'Bug: 18'
git -C /app/dayspan push -q origin 'calendar-18'

# The request.
printf '%s\n' 'Title: Impossible dates are counted' 'Area: calendar' 'Reviewer: Jan Kowal <jan@example.org>' | git -C /app/dayspan tag -a -F - 'request/18'
git -C /app/dayspan push -q origin 'refs/tags/request/18'
