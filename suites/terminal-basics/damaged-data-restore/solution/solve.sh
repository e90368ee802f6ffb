#!/bin/bash
# Which files are not as they should be?
cat /app/restore
( cd /app/data && sha256sum -c /app/SHA256SUMS 2>/dev/null | grep -v ': OK$' ) | tee /tmp/bad.txt

# Put the damaged ones aside; a missing one has nothing to keep.
mkdir -p /app/damaged
while IFS=: read -r f _; do
  if [ -e "/app/data/$f" ]; then mv "/app/data/$f" "/app/damaged/$f"; fi
done < /tmp/bad.txt

# Restore only what is missing now.
while IFS=: read -r f _; do /app/restore "data/$f"; done < /tmp/bad.txt

# Check.
( cd /app/data && sha256sum -c /app/SHA256SUMS )
