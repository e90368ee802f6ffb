#!/bin/bash
# How do the backups work?
cat /app/backups/README
ls /app/backups; for f in /app/backups/*.tar.gz; do echo "$f"; tar -tzf "$f"; done

# The last full one.
mkdir -p /app/restored
tar -xzf /app/backups/2026-05-01-full.tar.gz -C /app/restored

# Each increment up to the day: deletions first.
for day in 2026-05-02 2026-05-03; do
  while IFS= read -r gone; do rm -f "/app/restored/$gone"; done < /app/backups/$day-inc.deleted
  tar -xzf /app/backups/$day-inc.tar.gz -C /app/restored
done
ls -R /app/restored
