#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

R=/app/book
if ! git -C "$R" rev-parse --git-dir >/dev/null 2>&1; then fail "$R is not a working repository"; verdict; fi

if [ "$(git -C "$R" log --reverse --format='%T|%at|%B' main 2>&1)" = "$(<"$TESTS/commits.txt")" ]; then ok "contents, dates and messages are as they were"; else fail "contents, author dates or messages of the commits changed"; fi
if [ "$(git -C "$R" log --reverse --format='%an <%ae>' main 2>&1)" = "$(<"$TESTS/authors.txt")" ]; then ok "the authors are right"; else fail "the authors are: $(git -C "$R" log --reverse --format='%an <%ae>' main 2>&1 | head -c 300)"; fi
if git -C "$R" log --format='%cn %ce' main 2>/dev/null | grep -q build-7; then fail "the build machine is still a committer"; else ok "the build machine is no committer"; fi
if [ "$(git -C "$R" rev-parse main~3 2>&1)" = 125a00e48a7982e1f4e38524a145de7c95438502 ]; then ok "the first commits keep their ids"; else fail "the first commits were rewritten"; fi

if [ "$(git -C "$R" symbolic-ref -q --short HEAD)" = main ]; then ok "main is checked out"; else fail "main is not checked out"; fi

if [ -z "$(git -C "$R" status --porcelain 2>&1)" ]; then ok "the working tree is clean"; else fail "the working tree is not clean: $(git -C "$R" status --porcelain 2>&1 | head -n 3)"; fi

verdict
