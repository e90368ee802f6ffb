#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

R=/app/inn
if ! git -C "$R" rev-parse --git-dir >/dev/null 2>&1; then fail "$R is not a working repository"; verdict; fi

want="Open until six|Ana Rivers
Add the winter prices|Bo Lind
Offer stew in winter|Bo Lind"
have=$(git -C "$R" log --reverse --format='%s|%an' 71ef2b22ca2784296c24077f4855b7d4d5211cb5..main 2>/dev/null)
if [ "$have" = "$want" ]; then ok "main has the three commits in order"; else fail "main has, after 'Offer fish': ${have//$'\n'/, }"; fi
if git -C "$R" merge-base --is-ancestor 16d5646ce2b9b9dd2aee14ccf5985bea5a2ce268 main 2>/dev/null; then ok "what main had is still there"; else fail "main was rewritten"; fi
tree=$(git -C "$R" rev-parse 'main^{tree}' 2>/dev/null)
if [ "$tree" = a0409bef7deec35d36fdc326d83d185c2068fac2 ]; then ok "the files are right"; else fail "the files of main are not what the commits make"; fi

if [ "$(git -C "$R" symbolic-ref -q --short HEAD)" = main ]; then ok "main is checked out"; else fail "main is not checked out"; fi

if [ -z "$(git -C "$R" status --porcelain 2>&1)" ]; then ok "the working tree is clean"; else fail "the working tree is not clean: $(git -C "$R" status --porcelain 2>&1 | head -n 3)"; fi

verdict
