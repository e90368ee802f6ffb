#!/bin/bash
# What do the steps take for granted?
cat /app/bin/count /app/bin/summary
ls /app/docs /app/cache

# Counts that were there before cannot be trusted: count everything anew.
rm -f /app/cache/*.count
/app/bin/count
ls /app/cache

# Add up.
/app/bin/summary
head -n 3 /app/summary.txt
