#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

R=/app/service
if ! git -C "$R" rev-parse --git-dir >/dev/null 2>&1; then fail "$R is not a working repository"; verdict; fi

main=$(git -C "$R" log --reverse --date=raw --format='%an|%ae|%ad|%s' main 2>&1); topic=$(git -C "$R" log --reverse --date=raw --format='%an|%ae|%ad|%s' topic 2>&1)
if [ "$main" = "$(<"$TESTS/main.txt")" ] && [ "$topic" = "$(<"$TESTS/topic.txt")" ]; then ok "the commits of both branches are all there"; else fail "the commits of main or topic are not what they were"; fi
if git -C "$R" cat-file -e 852d1cbc5fa12683a0e27c8536ff65e2b368c1e2 2>/dev/null; then fail "the token is still among the objects"; else ok "the token's object is gone"; fi
if git -C "$R" log --branches --tags --format= --name-only 2>/dev/null | grep -q token; then fail "the history still names the file"; else ok "the history does not have the file"; fi
if [ "$(git -C "$R" rev-parse 'main^{tree}' 2>&1)" = 26c8948b0236973eec0c594b895276d062939456 ]; then ok "the files of main are right"; else fail "the files of main changed"; fi
if [ "$(git -C "$R" rev-parse v1 2>/dev/null)" = "$(git -C "$R" rev-parse main~3 2>/dev/null)" ]; then ok "v1 is on its commit"; else fail "v1 is not on the rewritten commit 'Two' of main"; fi
if [ "$(git -C "$R" show v1:deploy/run.sh 2>/dev/null)" = "echo deploy" ] && [ "$(git -C "$R" show topic:topic.txt topic:deploy/run.sh 2>/dev/null)" = $'t\necho deploy now' ]; then ok "the other files are in the history"; else fail "other files are missing from the history"; fi
if git -C "$R" fsck --no-progress >/dev/null 2>&1; then ok "the repository is sound"; else fail "git fsck complains"; fi

if [ "$(git -C "$R" symbolic-ref -q --short HEAD)" = main ]; then ok "main is checked out"; else fail "main is not checked out"; fi

if [ -z "$(git -C "$R" status --porcelain 2>&1)" ]; then ok "the working tree is clean"; else fail "the working tree is not clean: $(git -C "$R" status --porcelain 2>&1 | head -n 3)"; fi

verdict
