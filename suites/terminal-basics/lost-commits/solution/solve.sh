#!/bin/bash
# What does main have, and what did it have?
git -C /app/inn log --oneline
git -C /app/inn reflog

# The two commits, by their subjects.
git -C /app/inn reflog --format='%H %s' | awk '/ Add the winter prices$/ { a = $1 } / Offer stew in winter$/ { b = $1 } END { print a; print b }' > /tmp/lost.txt
git -C /app/inn show --stat $(cat /tmp/lost.txt)

# Put them on top, oldest first; the author is kept.
git -C /app/inn cherry-pick $(cat /tmp/lost.txt)
git -C /app/inn log --format='%h %an %s'; git -C /app/inn status --short
