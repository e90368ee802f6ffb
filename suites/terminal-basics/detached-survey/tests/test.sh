#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

R=/app/chart
if ! git -C "$R" rev-parse --git-dir >/dev/null 2>&1; then fail "$R is not a working repository"; verdict; fi

if [ "$(git -C "$R" rev-parse -q --verify refs/heads/survey 2>&1)" = 3b00852c2081ff902b46150d11b8968da0e52479 ]; then ok "survey holds the two commits"; else fail "the branch survey is not at the second sounding"; fi
if [ "$(git -C "$R" symbolic-ref -q --short HEAD)" = survey ]; then ok "survey is checked out"; else fail "survey is not checked out"; fi
if [ "$(git -C "$R" rev-parse main 2>&1)" = ea63db892e1d1c2061d4f93103db218b6e839902 ]; then ok "main is where it was"; else fail "main was moved"; fi
if [ "$(git -C "$R" status --porcelain 2>&1)" = $' M survey.txt\n?? draft.txt' ]; then ok "the changes are uncommitted as before"; else fail "the state of the changes is: $(git -C "$R" status --porcelain 2>&1 | head -n 5)"; fi
same_bytes $R/survey.txt 128d4579be9fafe541432b8224c55be0c7cf2c71e31d3536d4f6d686435daa07
same_bytes $R/draft.txt 38f4c7cea8c73d0008aa81b6414d0cb495546be3a8d0dc881130b4e48619e8e8

verdict
