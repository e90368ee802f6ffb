#!/bin/bash
# What does it check, and what was agreed?
bash /app/check.sh
cat /app/check.sh /app/port-plan.txt /app/hosts.txt; grep -n . /app/services/*.ini | cat -A

# One after the other.
printf '%s\n' '# batch' name=batch host=fra2 port=9000 user=jobs > /app/services/batch.ini
sed -i 's/^host=fra01$/host=fra1/' /app/services/cache.ini
bash /app/check.sh

# The rest of what differs from the plan.
sed -i 's/^port=9000$/port=9001/' /app/services/events.ini
sed -i 's/^port=21$/port=8021/' /app/services/files.ini
sed -i 's/[[:blank:]]*$//' /app/services/geo.ini
sed -i -e 's/^name=hook$/name=hooks/' -e 's/^port=8o81$/port=8081/' /app/services/hooks.ini

# Content?
bash /app/check.sh
