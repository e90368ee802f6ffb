#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

R=/app/logbook
if ! git -C "$R" rev-parse --git-dir >/dev/null 2>&1; then fail "$R is not a working repository"; verdict; fi

for ref in refs/heads/main:770b5fa72a24ecae29dc9baad55d8659d5091cb4 refs/heads/harbour:951430d709f028a2fb991a50f29830ff81cebe8d refs/tags/season:6a130484783c8311848d214a2162cf133f4c4886; do
  if [ "$(git -C "$R" rev-parse -q --verify "${ref%:*}" 2>/dev/null)" = "${ref#*:}" ]; then ok "${ref%:*} is right"; else fail "${ref%:*} is not where it was"; fi
done
if [ "$(git -C "$R" for-each-ref 2>&1 | wc -l)" = 3 ]; then ok "there are no other refs"; else fail "git for-each-ref says: $(git -C "$R" for-each-ref 2>&1 | head -n 5)"; fi
if [ "$(git -C "$R" log -g --format=%s main 2>/dev/null | grep -c Entry)" -ge 5 ]; then ok "the reflog of main survives"; else fail "the reflog of main is gone"; fi
if [ "$(git -C "$R" status --porcelain 2>&1)" = ' M log.txt' ]; then ok "the work in progress is the only change"; else fail "git status says: $(git -C "$R" status --porcelain 2>&1 | head -n 5)"; fi
same_bytes $R/log.txt 8d400673291e83eebf4b4d7b750feb639df6b67910c4a198c23ae523cab8f0c4
if [ "$(git -C "$R" fsck --no-progress --no-dangling 2>&1)" = "" ]; then ok "git fsck finds nothing"; else fail "git fsck says: $(git -C "$R" fsck --no-progress --no-dangling 2>&1 | head -n 3)"; fi

if [ "$(git -C "$R" symbolic-ref -q --short HEAD)" = main ]; then ok "main is checked out"; else fail "main is not checked out"; fi

verdict
