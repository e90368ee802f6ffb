#!/bin/bash
# Where is it?
git -C /app/service log --all --oneline --graph --name-status

# Take the file out of every commit of all branches and tags.
( cd /app/service && FILTER_BRANCH_SQUELCH_WARNING=1 git filter-branch -f --index-filter 'git rm -q --cached --ignore-unmatch deploy/token.txt' --tag-name-filter cat -- --branches --tags )

# Git keeps the old history as a backup and in its reflogs: away with both.
for ref in $(git -C /app/service for-each-ref --format='%(refname)' refs/original); do git -C /app/service update-ref -d "$ref"; done
git -C /app/service reflog expire --expire=now --all
rm -f /app/service/.git/ORIG_HEAD /app/service/.git/FETCH_HEAD

# And the objects.
git -C /app/service gc -q --prune=now

# Nothing left?
git -C /app/service log --all --oneline --graph --name-status
git -C /app/service status --short; git -C /app/service grep -c tok-4815 $(git -C /app/service rev-list --all)
