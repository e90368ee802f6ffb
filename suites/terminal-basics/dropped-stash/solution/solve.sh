#!/bin/bash
# The stash list is empty, but its commits are still among the objects.
git -C /app/pool stash list
git -C /app/pool fsck --no-reflogs --unreachable --no-progress | grep commit

# Which of them is it?
for id in $(git -C /app/pool fsck --no-reflogs --unreachable --no-progress | awk '$2 == "commit" { print $3 }'); do
  if git -C /app/pool log -1 --format=%s "$id" | grep -q 'tariff with seniors$'; then echo "$id"; fi
done > /tmp/stash.txt
git -C /app/pool show --stat "$(cat /tmp/stash.txt)"

# Apply it.
git -C /app/pool stash apply -q "$(cat /tmp/stash.txt)"
git -C /app/pool status --short; cat /app/pool/tariff.txt
