#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

R=/app/pool
if ! git -C "$R" rev-parse --git-dir >/dev/null 2>&1; then fail "$R is not a working repository"; verdict; fi

if [ "$(git -C "$R" rev-parse main 2>&1)" = 371b436c59c2023a82aafff5ea3d9401501b6aad ]; then ok "main is where it was"; else fail "main was moved"; fi
same_bytes $R/tariff.txt d7388590a4403afec35332af4e67187a540117a0cf9ad81e3c48a577940dccda
same_bytes $R/senior.txt 76911c24d7c17fbc6527917fa7bcf134950c66d4e3ec870043c592f0d9643438
same_bytes $R/notes.txt e05754082e00d82e7aaf7750b556c8e5cfd28a27160382f98d2b31fb4a79b7bf

if [ "$(git -C "$R" symbolic-ref -q --short HEAD)" = main ]; then ok "main is checked out"; else fail "main is not checked out"; fi

verdict
