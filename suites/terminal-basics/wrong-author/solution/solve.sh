#!/bin/bash
# Which commits are they?
git -C /app/book log --format='%h %an <%ae> | %cn | %ad %s'

# Rewrite from the commit before the first wrong one on; author dates are kept by this filter.
git -C /app/book log --reverse --format='%H %ae' | awk '$2 == "root@build-7.invalid" { print $1; exit }' > /tmp/first.txt

( cd /app/book && FILTER_BRANCH_SQUELCH_WARNING=1 git filter-branch -f --env-filter '
if [ "$GIT_AUTHOR_EMAIL" = root@build-7.invalid ]; then GIT_AUTHOR_NAME="Ana Rivers"; GIT_AUTHOR_EMAIL=ana@example.org; fi
if [ "$GIT_COMMITTER_EMAIL" = root@build-7.invalid ]; then GIT_COMMITTER_NAME="Ana Rivers"; GIT_COMMITTER_EMAIL=ana@example.org; fi
export GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL' "$(cat /tmp/first.txt)^..main" )

# The result.
git -C /app/book log --format='%h %an <%ae> | %cn | %ad %s'; git -C /app/book status --short
