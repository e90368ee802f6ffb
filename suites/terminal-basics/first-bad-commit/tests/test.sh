#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

R=/app/calendar
if ! git -C "$R" rev-parse --git-dir >/dev/null 2>&1; then fail "$R is not a working repository"; verdict; fi

echo a406174f09c286a9bc6e962c8738dc784afa2488 > /tmp/want.$$
same_lines /app/bad-commit.txt /tmp/want.$$
if [ -e "$R/.git/BISECT_LOG" ] || [ -e "$R/.git/BISECT_START" ]; then fail "a bisection is still going on"; else ok "no bisection is going on"; fi
if [ "$(git -C "$R" rev-parse main 2>&1)" = 2516805ae203b521768f966a6f168c0055acccb7 ]; then ok "main is where it was"; else fail "main was moved"; fi

if [ "$(git -C "$R" symbolic-ref -q --short HEAD)" = main ]; then ok "main is checked out"; else fail "main is not checked out"; fi

if [ -z "$(git -C "$R" status --porcelain 2>&1)" ]; then ok "the working tree is clean"; else fail "the working tree is not clean: $(git -C "$R" status --porcelain 2>&1 | head -n 3)"; fi

verdict
