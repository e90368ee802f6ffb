#!/bin/bash
# How long is the history, how does the test go?
git -C /app/calendar log --oneline good..main | wc -l
cat /app/calendar/days /app/calendar/test.sh

# Bisect; what bash cannot parse is skipped.
( cd /app/calendar && git bisect start main good && git bisect run bash -c 'bash -n days 2>/dev/null || exit 125; ./test.sh' ) > /tmp/bisect.txt 2>&1
tail -n 8 /tmp/bisect.txt

# Several suspects are left: the one whose diff touches the thirty-day line.
( cd /app/calendar && git bisect reset ) 2>/dev/null
for id in $(grep -oE '^[0-9a-f]{40}$' /tmp/bisect.txt); do
  if git -C /app/calendar show "$id" -- days | grep -qE '^[+] *4\|6\|9\|11\)'; then echo "$id"; fi
done > /tmp/suspects.txt
cat /tmp/suspects.txt

# Deliver.
head -n 1 /tmp/suspects.txt > /app/bad-commit.txt
git -C /app/calendar status --short --branch
