#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
if out=$(sha256sum -c --quiet "$TESTS/public.sha256" 2>&1); then ok "the pages show the present notes"; else fail "pages are not up to date: ${out//$'\n'/; }"; fi
if [ -e /app/public/beta.html.keep ]; then fail "the lifted hold on beta is still there"; else ok "the lifted hold is gone"; fi
if [ -e /app/.publish.lock ]; then fail "the lock is still there"
elif timeout 5 /app/publish >/dev/null 2>&1; then ok "publishing works again"; else fail "the next run of /app/publish fails"; fi

verdict
