#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

R=/app/hostel
if ! git -C "$R" rev-parse --git-dir >/dev/null 2>&1; then fail "$R is not a working repository"; verdict; fi

if [ "$(git -C "$R" rev-parse main^1 main^2 2>&1)" = $'cc7a8ca82f20c585bc81791ffd8a5f283b30ad38\ne09ca2ee4b292afde5aa878d051381a83a344ed7' ]; then ok "main is a merge of main and annex"; else fail "main is not a merge commit of main and annex"; fi
if [ "$(git -C "$R" rev-parse annex 2>&1)" = e09ca2ee4b292afde5aa878d051381a83a344ed7 ]; then ok "annex is where it was"; else fail "annex was moved"; fi
same_bytes $R/rooms.csv 0f54d15829531e8222e8533e4a6d9ce5ba361359aef510b6f3e8cfa5610419af
same_bytes $R/rules.md c65a684123c52966f8da1927e0fb5ab1905701f5ecab2ad2268078b92b8baa59
same_bytes $R/names.txt e27f4c14895beeda3a9283f0895a53f70863a9f391793786535ffac5549ae4d8
if [ "$(git -C "$R" ls-tree -r --name-only main 2>&1)" = $'names.txt\nrooms.csv\nrules.md' ]; then ok "no other files were committed"; else fail "main holds other files: $(git -C "$R" ls-tree -r --name-only main 2>&1 | head -n 9)"; fi

if [ "$(git -C "$R" symbolic-ref -q --short HEAD)" = main ]; then ok "main is checked out"; else fail "main is not checked out"; fi

if [ -z "$(git -C "$R" status --porcelain 2>&1)" ]; then ok "the working tree is clean"; else fail "the working tree is not clean: $(git -C "$R" status --porcelain 2>&1 | head -n 3)"; fi

verdict
