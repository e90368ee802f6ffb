#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

R=/app/kiosk
if ! git -C "$R" rev-parse --git-dir >/dev/null 2>&1; then fail "$R is not a working repository"; verdict; fi

have=$(git -C "$R" log --reverse --format='%s|%an' 290d864bb2f6afbda91ca39ee94c32033c261865..main 2>&1)
if [ "$have" = $'Two tills|Ana Rivers\nThree tills|Ana Rivers' ]; then ok "main holds Ana's commits"; else fail "main holds after release-5: ${have//$'\n'/, }"; fi
have=$(git -C "$R" log --reverse --format='%s|%an' 290d864bb2f6afbda91ca39ee94c32033c261865..labels 2>&1)
if [ "$have" = $'Labels: red|Bo Lind\nLabels: blue|Bo Lind' ]; then ok "labels holds Bo's commits"; else fail "labels holds after release-5: ${have//$'\n'/, }"; fi
if [ "$(git -C "$R" ls-tree -r --name-only main 2>&1)" = $'shop.txt\ntills.txt' ] && [ "$(git -C "$R" show main:tills.txt 2>&1)" = 'three tills' ]; then ok "the files of main are right"; else fail "the files of main are wrong"; fi
if [ "$(git -C "$R" ls-tree -r --name-only labels 2>&1)" = $'labels.txt\nshop.txt' ] && [ "$(git -C "$R" show labels:labels.txt 2>&1)" = $'red\nblue' ]; then ok "the files of labels are right"; else fail "the files of labels are wrong"; fi
if [ "$(git -C "$R" rev-parse release-5 2>&1)" = 290d864bb2f6afbda91ca39ee94c32033c261865 ]; then ok "the tag is where it was"; else fail "the tag was moved"; fi

if [ "$(git -C "$R" symbolic-ref -q --short HEAD)" = main ]; then ok "main is checked out"; else fail "main is not checked out"; fi

if [ -z "$(git -C "$R" status --porcelain 2>&1)" ]; then ok "the working tree is clean"; else fail "the working tree is not clean: $(git -C "$R" status --porcelain 2>&1 | head -n 3)"; fi

verdict
