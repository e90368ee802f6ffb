#!/bin/bash
# What is damaged?
git -C /app/logbook status
head -v -n 5 /app/logbook/.git/HEAD /app/logbook/.git/packed-refs /app/logbook/.git/refs/heads/*
tail -n 2 /app/logbook/.git/logs/refs/heads/main

# HEAD and the packed refs.
echo 'ref: refs/heads/main' > /app/logbook/.git/HEAD
grep -E '^(#|[0-9a-f]{40} refs/)' /app/logbook/.git/packed-refs > /tmp/packed && cat /tmp/packed > /app/logbook/.git/packed-refs

# The last id that the reflog of main names.
tail -n 1 /app/logbook/.git/logs/refs/heads/main | cut -d ' ' -f 2 > /tmp/main.txt
cat /tmp/main.txt > /app/logbook/.git/refs/heads/main

# A new index from the commit; the working tree is left alone.
git -C /app/logbook read-tree HEAD
git -C /app/logbook status --short --branch; git -C /app/logbook fsck --no-dangling
